/* lines - what a command wrote with --json, a line an object. */
#ifndef KEYRACK_TESTS_CLI_LINES_H
#define KEYRACK_TESTS_CLI_LINES_H

#include <jansson.h>

#include "tests/cli/desk.h"

/* An array of them; the caller drops it. Fails where a line is none. */
json_t *lines_of(const struct outcome *o);
/* Both borrowed; the second is the line whose member key has this text, or the test fails. */
const char *text_at(json_t *lines, size_t i, const char *key);
json_t *line_with(json_t *lines, const char *key, const char *text);

#endif
