/* tame - the names of tests/hostile/names, and whether words in which one stands are still only words. */
#ifndef KEYRACK_TESTS_HOSTILE_TAME_H
#define KEYRACK_TESTS_HOSTILE_TAME_H

#include <glib.h>
#include <stdbool.h>

/* UTF-8, and nothing in it that a terminal obeys, that turns a line round or that cannot be seen. lines: several. */
bool is_tame(const char *text, bool lines);

struct hostile_name {
	char *file, *bytes; /* up to the first NUL */
};
/* All of them, sorted; at least sixty, or it ends the test. Free with g_ptr_array_unref. */
GPtrArray *hostile_names(void);

#endif
