/* rows - for tests that are tables: a failing row says its name. */
#ifndef KEYRACK_TESTS_CORE_ROWS_H
#define KEYRACK_TESTS_CORE_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <string.h>

#include "core/instant.h"

#define FOR_ROWS(i, table) for (size_t i = 0; i < G_N_ELEMENTS(table); i++)

#define ROW_INT(name, got, want)                                                                   \
	do {                                                                                       \
		int64_t got_ = (int64_t)(got), want_ = (int64_t)(want);                            \
		if (got_ != want_)                                                                 \
			fail_msg("%s: %s is %" PRId64 ", not %" PRId64, name, #got, got_, want_);  \
	} while (0)

#define ROW_TEXT(name, got, want)                                                                  \
	do {                                                                                       \
		const char *got_ = (got), *want_ = (want);                                         \
		if (!got_ || strcmp(got_, want_) != 0)                                             \
			fail_msg("%s: %s is '%s', not '%s'", name, #got, got_ ? got_ : "(null)",   \
				 want_);                                                           \
	} while (0)

static inline struct instant at(const char *iso)
{
	struct instant t = INSTANT_NONE;

	if (!instant_parse(iso, -1, &t))
		fail_msg("%s is no instant", iso);
	return t;
}

#endif
