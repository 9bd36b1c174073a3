/* desk - a small house in a cache, and command lines run against it in this process. */
#ifndef KEYRACK_TESTS_CLI_DESK_H
#define KEYRACK_TESTS_CLI_DESK_H

#include "cli/cli.h"
#include "tests/cache/fixture.h"

/* Numbers that must never be seen unasked. */
#define PIN_ANNA "738291"
#define PIN_ITO  "604417"

/* For cmocka: 101 Garden, 102 Garden and Gym, with codes and events; no server, no sync. */
int desk_up(void **state);
int desk_down(void **state);
struct fixture *desk_house(void **state);

struct outcome {
	int code;
	char *out, *err;
};
/* Words of a command line, NULL-terminated. Freed at the next run and at desk_down. */
const struct outcome *desk_run(const char *first, ...) G_GNUC_NULL_TERMINATED;
/* The same, with stdin holding text. */
const struct outcome *desk_run_line(const char *line);

/* Sets a fact of the sync: "ok_at". */
void desk_fact(void **state, const char *key, int64_t n);

#define assert_says(text, part)                                                                    \
	do {                                                                                       \
		if (!strstr(text, part))                                                           \
			fail_msg("no “%s” in: %s", part, text);                                    \
	} while (0)
#define assert_silent_about(text, part)                                                            \
	do {                                                                                       \
		if (strstr(text, part))                                                            \
			fail_msg("“%s” is in: %s", part, text);                                    \
	} while (0)

#endif
