/* test-free - rooms for whoever walks in: which are free for the nights asked, and what Enter makes of one. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

/* Sunday 21:18. Berg has 101 until Tuesday, Mueller 102 until tomorrow 04:00, Ito from tomorrow 15:00; Rossi 103 and
 * Haddad 104 until Wednesday 11:00, Dubois comes to 201 tonight and stays until Thursday 11:00. */
static void rooms_that_nobody_sleeps_in_for_these_nights(void **state)
{
	static const struct {
		const char *keys, *says, *has, *has_not;
	} rows[] = {
		{ "F", "No room is free for all of these nights", "1 night", "101 Garden" },
		{ "] ]", "1 room free", "101 Garden", "103 Sea" },
		{ "]", "4 rooms free", "104 Sea", "201 Sea" },
		{ "]", "5 rooms free", "201 Sea", "Gym" },
		{ "[ +", "4 rooms free", "2 nights", "201 Sea" },
		{ "[", "1 room free", "101 Garden", "103 Sea" },
		{ ". -", "No room is free", "1 night", "101 Garden" },
		{ "3 E", "No room is free", "3 nights", "101 Garden" },
	};
	struct desk *d = *state;

	press(d, "A");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		if (!shows(d, rows[i].says) || !shows(d, rows[i].has) || !hides(d, rows[i].has_not))
			fail_msg("row %zu: %s", i, rows[i].keys);
	}
}

static void enter_makes_a_code_for_those_nights(void **state)
{
	struct desk *d = *state;

	press(d, "A F ] ] ] + Enter");
	assert_true(shows(d, "New code"));
	press(d, "=Walk_In Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_param(in, "name", "Walk In");
	assert_param(in, "starts_at", "2026-11-25T14:00:00.000Z");
	assert_param(in, "ends_at", "2026-11-27T10:00:00.000Z");
	/* Who has it now is no longer offered it. */
	assert_true(shows(d, "3 rooms free"));
	assert_true(hides(d, "101 Garden   "));
}

static void who_comes_tonight_comes_now(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct lock lock = { .device_id = "lock-301",
			     .name = "301 Loft",
			     .managed = TRI_YES,
			     .online = TRI_NO,
			     .battery_pct = 12,
			     .max_active_codes = -1,
			     .device_type = "august_lock",
			     .object = "{}",
			     .can_program_online = TRI_YES,
			     .zone = "Europe/Berlin" };

	assert_true(cache_put_lock(sync, &lock, 0, NULL) >= 0);
	app_changed(d->app, POKE_LOCKS);
	press(d, ": =free_rooms Enter");
	assert_true(shows(d, "1 room free for one night: 21:18 to tomorrow 11:00"));
	assert_true(shows(d, "offline"));
	assert_true(shows(d, "battery low, 12 %"));
	press(d, "Enter =Walk_In Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "starts_at", "2026-11-22T20:18:00.000Z");
	assert_param(cache_list_at(list, struct intent, 0), "ends_at", "2026-11-23T10:00:00.000Z");
}

static void who_only_reads_makes_none(void **state)
{
	struct desk *d = *state;

	d->app->world.read_only = true;
	press(d, "A F ] ] Enter");
	assert_true(shows(d, "this console is read-only"));
	assert_true(hides(d, "New code"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(rooms_that_nobody_sleeps_in_for_these_nights),
		on_a_desk(enter_makes_a_code_for_those_nights),
		on_a_desk(who_comes_tonight_comes_now),
		on_a_desk(who_only_reads_makes_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
