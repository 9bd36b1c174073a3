/* fixture - a fresh cache in a folder of its own, and things to put into it. */
#ifndef KEYRACK_TESTS_CACHE_FIXTURE_H
#define KEYRACK_TESTS_CACHE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cache/cache.h"
#include "cache/outbox.h"

/* The middle of the test's time: 2026-11-22T20:18:00Z. */
#define NOW ((struct instant){ INT64_C(1795378680000) })
#define AFTER(ms_) ((struct instant){ NOW.ms + (ms_) })

struct fixture {
	char *folder;
	char *path;
	struct cache *sync;
};

/* For cmocka: *state is a struct fixture. */
int fixture_up(void **state);
int fixture_down(void **state);

struct lock a_lock(const char *device_id, const char *name);
struct access_code a_code(const char *id, const char *device_id, const char *name, const char *pin);
struct event an_event(const char *id, const char *type, const char *device_id, struct instant at);

/* Stores, and fails the test where that fails. Returns the number. */
int64_t put_lock(struct cache *c, struct lock lock);
int64_t put_code(struct cache *c, struct access_code ac);
int64_t add_intent(struct cache *c, struct intent in);

/* The test fails with the error's words. */
#define assert_no_error(err)                                                                       \
	do {                                                                                       \
		if (err)                                                                           \
			fail_msg("%s", (err)->message);                                            \
	} while (0)

#endif
