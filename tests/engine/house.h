/* house - an engine with locks that do as they are told, a store on disk and a clock that stands.
 */
#ifndef KEYRACK_TESTS_HOUSE_H
#define KEYRACK_TESTS_HOUSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "engine/engine.h"
#include "fakelock.h"

struct house {
	char *folder, *url;
	struct clock *clock;
	struct fake *fake;
	struct store *store;
	struct engine *engine;
	struct engine_options options;
	struct refusal no;
};

/* Monday 2026-01-05T12:00:00Z. */
#define NOON   INT64_C(1767614400000)
#define AT(ms) ((struct instant){ NOON + (ms) })

int house_up(void **state); /* without locks and engine: fake_add first, then house_open */
int house_down(void **state);
void house_open(struct house *h);
void house_kill(struct house *h); /* as kill -9: what is in flight is never answered to us */
void house_run(struct house *h, int64_t ms);

/* A code with a window relative to noon; 0, 0: ongoing. The id is freed with the test's pool. */
const char *house_code(struct house *h, const char *device_id, const char *pin, int64_t from_ms,
		       int64_t until_ms);
bool house_make(struct house *h, struct code_request r, const char **id);
struct code_request house_request(const char *device_id);
/* "created set_on_device": the types of the code's events in order, 'access_code.' cut. Lent. */
const char *house_events(struct house *h, const char *access_code_id);
const char *house_device_events(struct house *h, const char *device_id);
const char *house_status(struct house *h, const char *access_code_id); /* "404" once closed */
unsigned house_problems(struct house *h, const char *access_code_id);
struct store_code house_row(struct house *h, const char *access_code_id); /* strings interned */

#define assert_events(h, id, text) assert_string_equal(house_events(h, id), text)
#define assert_status(h, id, text) assert_string_equal(house_status(h, id), text)

#endif
