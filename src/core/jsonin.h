/* jsonin - walks JSON text that is stored in the cache: validation errors, details of an issue.
 *
 * Not for what comes from a server (src/wire parses that): only for reading again, where jansson
 * may not be included, what was once written. Every value that is no object or array is told
 * with its path: {"ends_at":{"_errors":["Required"]}} gives "ends_at._errors.0" = "Required". */
#ifndef KEYRACK_CORE_JSONIN_H
#define KEYRACK_CORE_JSONIN_H

#include <glib.h>
#include <stdbool.h>

/* text: a string's own text, "true", "false", a number as it stands; NULL for null. */
typedef void jsonin_value(const char *path, const char *text, void *ctx);

/* Returns false where the text is no JSON; what came before has been told. NULL is fine. */
bool jsonin_walk(const char *json, jsonin_value *value, void *ctx);

/* The text at exactly this path, newly allocated; NULL: absent or null. */
char *jsonin_text(const char *json, const char *path);

/* validation_errors as lines for people, "ends_at: Required", or with field only that field's
 * first message, bare. NULL: none. Newly allocated. */
char *jsonin_validation_lines(const char *tree);
char *jsonin_validation_of(const char *tree, const char *field);

#endif
