/* store-fixture - a store in a folder of its own, and rows to put into it. */
#ifndef KEYRACK_TESTS_ENGINE_STORE_FIXTURE_H
#define KEYRACK_TESTS_ENGINE_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store.h"

struct fixture {
	char *folder, *path, *url;
	struct store *s;
};
int fixture_up(void **state);
int fixture_down(void **state);
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)

#define assert_no_error(err)                                                                       \
	do {                                                                                       \
		if (err)                                                                           \
			fail_msg("%s", (err)->message);                                            \
	} while (0)

#define same_text(a, b) check_text(#a, a, b)
#define same_time(a, b) assert_int_equal((a).ms, (b).ms)
void check_text(const char *what, const char *a, const char *b);

/* 2026-01-05T12:00:00Z and so many seconds. */
#define NOON INT64_C(1767614400000)
#define AT(seconds) ((struct instant){ NOON + (seconds) * SECOND_MS })

/* Nothing known of its times. */
struct store_code a_code(const char *id, const char *device_id);
struct store_event an_event(const char *id, const char *type, struct instant at);
void put_code(struct store *s, struct store_code c);
int64_t add_event(struct store *s, struct store_event e);

#endif
