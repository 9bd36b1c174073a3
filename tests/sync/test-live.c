/* Following a server that says by itself what happens: nothing missed, nothing doubled, and no more
 * asked than that. */
#include "config.h"

#include <string.h>

#include "rig.h"

#define LIVE "/keyrackd/live"
#define POLL "/events/list"

static void start_live(void)
{
	server_live(t.server, true);
	start_sync();
	wait_for(t.status_known && t.status.live && server_asked_after(t.server) >= 0);
}

static bool all_there(void)
{
	return cached_events() == server_events(t.server);
}

static void a_server_that_offers_nothing_is_asked_nothing_more(void **state)
{
	(void)state;
	start_and_follow();
	g_free(server_add_code(t.server, "lock-1", "Anna", "1234", true, true));
	wait_for(cached_named("Anna") == 1);
	assert_int_equal(server_requests(t.server, LIVE), 0);
	assert_false(t.status.live);
	stop_sync();
}

static void what_happens_is_told_and_not_asked_for(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);
	int polls;

	(void)state;
	start_live();
	polls = server_requests(t.server, POLL);
	server_rename_code(t.server, id, "Anna Berg", true);
	wait_for(cached_named("Anna Berg") == 1);
	server_add_event(t.server, "lock.unlocked", "lock-1", id);
	wait_for(unlocked_by("Anna Berg"));
	server_delete_code(t.server, id, true);
	wait_for(is_deleted(id) && all_there());
	assert_int_equal(server_requests(t.server, POLL), polls);
	assert_int_equal(server_asked_where(t.server), 1);
	stop_sync();
}

static void an_unlock_by_a_code_not_known_yet_has_its_name(void **state)
{
	g_autofree char *id = NULL;

	(void)state;
	start_live();
	id = server_add_code(t.server, "lock-1", "Late", "1234", true, false);
	server_add_event(t.server, "lock.unlocked", "lock-1", id);
	wait_for(cached_events() == 1);
	assert_true(unlocked_by("Late"));
	stop_sync();
}

static void a_code_that_changed_without_an_event_is_read_again(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);
	int polls;

	(void)state;
	start_live();
	polls = server_requests(t.server, POLL);
	server_rename_code(t.server, id, "Quietly", false);
	server_changed(t.server, id);
	wait_for(cached_named("Quietly") == 1);
	assert_int_equal(server_requests(t.server, POLL), polls);
	stop_sync();
}

static void a_sync_that_was_away_goes_on_after_its_number(void **state)
{
	int n = 0;

	(void)state;
	start_live();
	for (; n < 5; n++)
		server_add_event(t.server, "lock.unlocked", "lock-1", NULL);
	wait_for(all_there() && server_asked_after(t.server) == n);
	stop_sync();
	for (; n < 9; n++)
		server_add_event(t.server, "lock.locked", "lock-2", NULL);
	start_sync();
	wait_for(all_there() && server_asked_after(t.server) == n);
	assert_int_equal(server_asked_where(t.server), 1);
	stop_sync();
}

static void a_server_that_was_away_is_gone_on_with(void **state)
{
	(void)state;
	start_live();
	server_add_event(t.server, "lock.unlocked", "lock-1", NULL);
	wait_for(all_there());
	server_stop(t.server);
	wait_for(t.status.phase == SYNC_WAITING && !t.status.live);
	/* Its clock may have been set back meanwhile: a poll would not see this. */
	server_add_events_at(t.server, "lock-1", "2026-01-05T12:00:00Z", 3);
	server_start(t.server);
	wait_for(t.status.live && all_there());
	assert_int_equal(server_asked_where(t.server), 1);
	stop_sync();
}

static void many_at_once_come_in_few_answers(void **state)
{
	int waits;

	(void)state;
	start_live();
	waits = server_requests(t.server, LIVE);
	server_add_events_at(t.server, "lock-1", "2026-01-05T12:00:00Z", 2500);
	wait_for(all_there() && server_asked_after(t.server) == 2500);
	assert_in_range(server_requests(t.server, LIVE) - waits, 3, 12);
	stop_sync();
}

static void a_stream_of_events_is_taken_in_turns(void **state)
{
	int before, n = 0;
	gint64 began;

	(void)state;
	start_live();
	before = server_requests(t.server, NULL);
	began = g_get_monotonic_time();
	while (n < 200 || g_get_monotonic_time() - began < G_USEC_PER_SEC) {
		server_add_event(t.server, "lock.unlocked", "lock-1", NULL);
		n++;
		listen_a_moment();
	}
	wait_for(all_there());
	/* A wait and a look at the door, seventy times a second at most. */
	assert_true(server_requests(t.server, NULL) - before <
		    10 + 3 * 70 * (g_get_monotonic_time() - began) / G_USEC_PER_SEC);
	stop_sync();
}

static void another_journal_is_compared_with_and_followed(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);

	(void)state;
	start_live();
	server_delete_code(t.server, id, false);
	server_journal(t.server, "journal-2");
	server_add_event(t.server, "lock.unlocked", "lock-2", NULL); /* ends the call that waits */
	wait_for(is_deleted(id));
	wait_for(t.status.live && server_asked_where(t.server) == 2);
	server_add_event(t.server, "lock.unlocked", "lock-2", NULL);
	wait_for(all_there());
	stop_sync();
}

static const struct {
	const char *name;
	enum fault fault;
	bool drain;
	int most; /* live calls until three polls are over */
} hindrances[] = {
	{ "offered, and missing", FAULT_404, false, 2 },
	{ "offered, and failing", FAULT_500, false, 4 },
	{ "reset each time", FAULT_RESET_BEFORE, false, 4 },
	{ "answered at once with nothing", FAULT_NONE, true, 4 },
};

static void where_waiting_fails_polling_goes_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hindrances); i++) {
		int polls, waits;

		print_message("  %s\n", hindrances[i].name);
		start_live();
		if (hindrances[i].drain)
			server_drain(t.server, true);
		else
			server_fault(t.server, LIVE, hindrances[i].fault, -1);
		server_add_event(t.server, "lock.unlocked", "lock-1", NULL);
		wait_for(all_there());
		wait_for(!t.status.live);
		polls = server_requests(t.server, POLL);
		waits = server_requests(t.server, LIVE);
		wait_for(server_requests(t.server, POLL) >= polls + 3);
		assert_true(server_requests(t.server, LIVE) - waits <= hindrances[i].most);
		server_add_event(t.server, "lock.unlocked", "lock-1", NULL);
		wait_for(all_there());
		assert_int_equal(t.status.phase, SYNC_FOLLOWING);
		stop_sync();
		server_drain(t.server, false);
		server_fault(t.server, LIVE, FAULT_NONE, 0);
	}
}

static void polls_between_waits_lose_and_double_nothing(void **state)
{
	(void)state;
	start_live();
	for (int i = 0; i < 100; i++) {
		int polls = server_requests(t.server, POLL);

		say("hello\n");
		wait_for(server_requests(t.server, POLL) > polls);
		/* Within the poll's turn, and too old for any poll to see. */
		server_add_events_at(t.server, "lock-1", "2026-01-05T12:00:00Z", 1);
	}
	wait_for(all_there() && t.status.live);
	stop_sync();
}

static void a_refetch_that_fails_is_made_up_for(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);

	(void)state;
	start_live();
	server_fault(t.server, "/access_codes/list", FAULT_503, 4);
	server_rename_code(t.server, id, "Anna Berg", true);
	wait_for(t.status.phase == SYNC_WAITING);
	wait_for(cached_named("Anna Berg") == 1 && t.status.live && all_there());
	stop_sync();
}

static void killed_at_random_it_misses_nothing(void **state)
{
	GRand *rand = g_rand_new_with_seed(20261123);

	(void)state;
	server_live(t.server, true);
	for (int i = 0; i < 12; i++) {
		gint64 until;

		start_sync();
		until = g_get_monotonic_time() + g_rand_int_range(rand, 5, 250) * 1000;
		while (g_get_monotonic_time() < until) {
			server_add_event(t.server, "lock.unlocked", "lock-1", NULL);
			listen_a_moment();
		}
		kill_sync();
	}
	start_sync();
	wait_for(t.status_known && t.status.live && all_there());
	stop_sync();
	g_rand_free(rand);
}

/* The name of a person is for keyrackd's audit, and for no other server. */
static void only_keyrackd_is_told_who_stands_at_the_desk(void **state)
{
	struct intent in = { .kind = INTENT_UNLOCK, .device_id = "lock-1", .params = "{\"device_id\":\"lock-1\"}",
			     .made_by = "clerk", .expires_at = instant_add_ms(instant_now(), INTENT_DOOR_LIFE_MS) };
	static const char path[] = "/locks/unlock_door";

	(void)state;
	server_add_lock(t.server, "lock-1");
	start_and_follow();
	assert_true(outbox_add(t.desk, &in, NULL) > 0);
	say("outbox");
	wait_for(server_carried_out(t.server, path) == 1);
	assert_int_equal(server_operators(t.server), 0);
	stop_sync();
	start_live();
	assert_true(outbox_add(t.desk, &in, NULL) > 0);
	say("outbox");
	wait_for(server_carried_out(t.server, path) == 2);
	assert_int_equal(server_operators(t.server), 1);
	stop_sync();
}

static void one_run_does_not_wait(void **state)
{
	(void)state;
	server_live(t.server, true);
	server_add_event(t.server, "lock.unlocked", "lock-1", NULL);
	start_sync_with("once", NULL);
	assert_int_equal(wait_sync(), 0);
	assert_int_equal(server_requests(t.server, LIVE), 0);
	assert_true(all_there());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(a_server_that_offers_nothing_is_asked_nothing_more),
		TEST(what_happens_is_told_and_not_asked_for),
		TEST(an_unlock_by_a_code_not_known_yet_has_its_name),
		TEST(a_code_that_changed_without_an_event_is_read_again),
		TEST(a_sync_that_was_away_goes_on_after_its_number),
		TEST(a_server_that_was_away_is_gone_on_with),
		TEST(many_at_once_come_in_few_answers),
		TEST(a_stream_of_events_is_taken_in_turns),
		TEST(another_journal_is_compared_with_and_followed),
		TEST(where_waiting_fails_polling_goes_on),
		TEST(polls_between_waits_lose_and_double_nothing),
		TEST(a_refetch_that_fails_is_made_up_for),
		TEST(killed_at_random_it_misses_nothing),
		TEST(only_keyrackd_is_told_who_stands_at_the_desk),
		TEST(one_run_does_not_wait),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
