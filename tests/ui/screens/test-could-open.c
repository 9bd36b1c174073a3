/* Who could open this door then, and which doors this person could: a moment, a list, and why. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"

static struct cache *sync_of(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	return cache_open(path, CACHE_SYNC, false, NULL);
}

static void happens(struct cache *sync, const char *id, const char *type, const char *lock, const char *code,
		    int minutes)
{
	struct instant t = { HOUSE_NOW.ms + minutes * MINUTE_MS };
	struct event e = { .event_id = id, .event_type = type, .device_id = lock, .access_code_id = code,
			   .method = "keycode", .occurred_at = t, .created_at = t, .object = "{}" };

	assert_int_equal(cache_put_event(sync, &e, NULL), CACHE_PUT_NEW);
}

/* A stay of 103, in hours from now. */
static void stays(struct cache *sync, const char *id, const char *name, int from, int until)
{
	struct access_code ac = { .access_code_id = id,
				  .device_id = "lock-103",
				  .managed = true,
				  .time_bound = true,
				  .type = "time_bound",
				  .status = "unset",
				  .name = name,
				  .code = "592817",
				  .starts_at = { HOUSE_NOW.ms + from * HOUR_MS },
				  .ends_at = { HOUSE_NOW.ms + until * HOUR_MS },
				  .created_at = { HOUSE_NOW.ms - 100 * HOUR_MS } };

	assert_int_not_equal(cache_put_code(sync, &ac, 0, NULL), CACHE_PUT_FAILED);
}

static void last_night_is_a_few_keys_away(void **state)
{
	struct desk *d = *state;

	press(d, "/ =101 Enter Left O d =yesterday_23:00 Enter");
	assert_true(shows(d, "Who could open 101 Garden: Sat 21 Nov 2026 23:00 CET, 22 h"));
	assert_true(shows(d, "Would have opened it (1)"));
	assert_true(shows(d, "Anna Berg"));
	/* It came upon the lock at 15:28, was used at 20:18, and nothing took it away since. */
	assert_true(shows(d, "proven by a use at 20:18"));
}

static void a_moment_is_moved_by_the_hour_and_by_unlocks(void **state)
{
	static const struct {
		const char *keys, *shows;
	} rows[] = {
		{ "[", "20:18 CET, 1 h" },	 { "2 [", "18:18 CET, 3 h" }, { "]", "19:18 CET, 2 h" },
		{ "n", "21:17 CET, now" },	 { "N", "No unlock there before this." }, { ".", "21:18 CET, now" },
		{ "]", "That is still to come" }, { "d =someday Enter", "someday" },
		{ "T =2026-11-20T12:00:00Z Enter", "Fri 20 Nov 2026 13:00 CET" },
	};
	struct desk *d = *state;

	press(d, "/ =103 Enter Left O");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		if (!shows(d, rows[i].shows))
			fail_msg("after %s", rows[i].keys);
	}
}

static void each_is_said_with_its_reason(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = sync_of(d);

	stays(sync, "code-gone", "Gone Guest", -30, 30);
	happens(sync, "e1", "access_code.set_on_device", "lock-103", "code-gone", -1700);
	assert_true(cache_delete_code(sync, "code-gone", (struct instant){ HOUSE_NOW.ms - 120 * MINUTE_MS }, NULL));
	stays(sync, "code-later", "Later Guest", 2, 30);
	stays(sync, "code-changed", "Changed Guest", -30, 30);
	happens(sync, "e2", "access_code.time_frame_changed", "lock-103", "code-changed", -20);
	stays(sync, "code-moved", "Moved Guest", -30, 30);
	happens(sync, "e3", "access_code.set_on_device", "lock-103", "code-moved", -1700);
	stays(sync, "code-moved", "Moved Guest", 48, 60); /* the cache has seen what it was */
	press(d, "/ =103 Enter Left O d =19:00 Enter");
	assert_true(shows(d, "Would have opened it (3)")); /* Rossi, the gone one, the moved one */
	assert_true(shows(d, "Gone Guest"));
	assert_true(shows(d, "Moved Guest"));
	assert_true(shows(d, "its times before that are not known"));
	assert_true(shows(d, "starts only 23:18"));
	press(d, "d =20:00 Enter");
	assert_true(shows(d, "deleted 19:18"));
	assert_true(shows(d, "Cannot be said (1)"));
}

static void of_a_code_it_asks_for_the_doors_of_its_holder(void **state)
{
	struct desk *d = *state;

	press(d, "/ =rossi Enter Down O");
	assert_true(shows(d, "Doors of Rossi family"));
	assert_true(shows(d, "103 Sea"));
	/* all codes of that name, at every door */
	press(d, "q / =551203 Enter End O");
	assert_true(shows(d, "104 Sea"));
	assert_true(shows(d, "Gym"));
	/* and the other question about the door under the cursor */
	press(d, "O");
	assert_true(shows(d, "Who could open"));
}

static void an_event_asks_about_its_own_moment(void **state)
{
	struct desk *d = *state;

	press(d, "/ =101 Enter Left v / =kind:unlock Enter O");
	assert_true(shows(d, "Who could open 101 Garden: Sat 21 Nov 2026 20:18 CET"));
	assert_true(shows(d, "around then"));
	assert_true(shows(d, "unlocked"));
	press(d, "Enter");
	assert_true(shows(d, "Anna Berg"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(last_night_is_a_few_keys_away),
		on_a_desk(a_moment_is_moved_by_the_hour_and_by_unlocks),
		on_a_desk(each_is_said_with_its_reason),
		on_a_desk(of_a_code_it_asks_for_the_doors_of_its_holder),
		on_a_desk(an_event_asks_about_its_own_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
