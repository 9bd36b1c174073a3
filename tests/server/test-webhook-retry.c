/* Webhooks whose receivers are not well: tried again, given up, switched off, taken up again, and
 * what a kill does to all of it. */
#include "config.h"

#include "tests/server/receiver.h"

#include "server/inside.h"
#include "server/webhook.h"

static const char ONE_LOCK[] = "[lock Door]\ntype = august_lock\n";

static const char *make(struct rig *r, const struct receiver *rc)
{
	return g_intern_string(
		rig_text(rig_ok(r, "POST /webhooks/create", "{'url':'%s'}", receiver_url(rc)),
			 "webhook.webhook_id"));
}

static const char *shown(struct rig *r, const char *id, const char *member)
{
	g_autofree char *path = g_strconcat("webhook.", member, NULL);

	return rig_text(rig_ok(r, "POST /webhooks/get", "{'webhook_id':'%s'}", id), path);
}

static void assert_got(struct rig *r, const struct receiver *rc, const char *numbers)
{
	g_autoptr(GString) got = g_string_new(NULL);

	for (int i = 0; i < receiver_count(rc); i++)
		g_string_append_printf(got, "%s%s", i ? " " : "",
				       receiver_text(rc, r, i, "device_name") + strlen("Door "));
	assert_text(got->str, numbers);
}

/* One second before it is due nothing comes, at the moment itself it does. */
static void assert_tried_after(struct rig *r, struct receiver *rc, int64_t ms)
{
	int before = receiver_count(rc);

	rig_advance(r, ms - SECOND_MS);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), before);
	rig_advance(r, SECOND_MS);
	receiver_await(rc, before + 1);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), before + 1);
}

/* ---- what counts as taken ---- */

static void what_is_a_success_and_what_is_not(void **state)
{
	static const struct {
		const char *name;
		int way;
		const char *trouble; /* NULL: taken */
	} rows[] = {
		{ "200", 200, NULL },
		{ "204", 204, NULL },
		{ "299", 299, NULL },
		{ "a body that is endless", RECEIVER_ENDLESS, NULL },
		{ "a body that is cut", RECEIVER_CUT, NULL },
		{ "300", 300, "HTTP status 300" },
		{ "a redirect", RECEIVER_REDIRECT, "HTTP status 302" },
		{ "404", 404, "HTTP status 404" },
		{ "410", 410, "HTTP status 410" },
		{ "500", 500, "HTTP status 500" },
		{ "closed", RECEIVER_CLOSE, "Server returned nothing (no headers, no data)" },
		{ "no answer in time", RECEIVER_SILENT, "Timeout was reached" },
	};

	(void)state;
	FOR_ROWS(i, rows)
	{
		OWN(rig) struct rig *r = rig_new(ONE_LOCK);
		OWN(receiver) struct receiver *rc = receiver_new();
		const char *id = make(r, rc);

		webhooks_set_timeout(r->server->webhooks, 300);
		receiver_says(rc, rows[i].way, 200);
		rename_to(r, 1);
		loop_quiet(r);
		ROW_INT(rows[i].name, receiver_count(rc), 1);
		ROW_TEXT(rows[i].name, shown(r, id, "last_failure"),
			 rows[i].trouble ? rows[i].trouble : "null");
		ROW_TEXT(rows[i].name, shown(r, id, "failing_since"),
			 rows[i].trouble ? "2026-01-05T12:00:00.000Z" : "null");
		ROW_TEXT(rows[i].name, shown(r, id, "undelivered_event_count"),
			 rows[i].trouble ? "1" : "0");
	}
}

static void a_receiver_has_fifteen_seconds(void **state)
{
	(void)state;
	assert_int_equal(WEBHOOK_TIMEOUT_MS, 15000);
}

/* ---- trying again ---- */

static void the_schedule_is_the_documented_one_and_then_the_next_event_follows(void **state)
{
	static const int64_t after_ms[] = { 5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS,
					    2 * HOUR_MS,   5 * HOUR_MS,	  10 * HOUR_MS,
					    10 * HOUR_MS };
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const char *id = make(r, rc);

	(void)state;
	receiver_says(rc, 500, 500, 500, 500, 500, 500, 500, 500, 200);
	rename_to(r, 1);
	rename_to(r, 2);
	receiver_await(rc, 1);
	loop_quiet(r);
	assert_text(shown(r, id, "next_attempt_at"), "2026-01-05T12:00:05.000Z");
	for (size_t i = 0; i + 1 < G_N_ELEMENTS(after_ms); i++)
		assert_tried_after(r, rc, after_ms[i]);
	rig_advance(r, after_ms[6] - SECOND_MS);
	loop_quiet(r);
	assert_got(r, rc, "1 1 1 1 1 1 1");
	rig_advance(r, SECOND_MS);
	receiver_await(rc, 9);
	loop_quiet(r);
	assert_got(r, rc, "1 1 1 1 1 1 1 1 2");
	assert_text(shown(r, id, "failing_since"), "null");
	assert_text(shown(r, id, "undelivered_event_count"), "0");
}

static void each_try_has_the_same_id_and_a_signature_of_its_own_moment(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	g_autofree char *first = NULL;

	(void)state;
	make(r, rc);
	receiver_says(rc, 500, 500, 200);
	rename_to(r, 1);
	loop_quiet(r);
	assert_tried_after(r, rc, 5 * SECOND_MS);
	assert_tried_after(r, rc, 5 * MINUTE_MS);
	first = receiver_header(rc, 0, "svix-id");
	for (int i = 1; i < 3; i++) {
		g_autofree char *id = receiver_header(rc, i, "svix-id");
		g_autofree char *time = receiver_header(rc, i, "svix-timestamp");

		assert_text(id, first);
		assert_in_range(instant_now().ms / 1000 - g_ascii_strtoll(time, NULL, 10), 0, 20);
		assert_string_equal(receiver_got(rc, i)->body, receiver_got(rc, 0)->body);
	}
}

static void nobody_there_is_tried_again_and_order_is_kept(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const char *id = make(r, rc);

	(void)state;
	receiver_shut(rc);
	for (int i = 1; i <= 4; i++)
		rename_to(r, i);
	loop_quiet(r);
	assert_text(shown(r, id, "last_failure"), "Couldn't connect to server");
	receiver_open(rc);
	rig_advance(r, 5 * SECOND_MS);
	receiver_await(rc, 4);
	loop_quiet(r);
	assert_got(r, rc, "1 2 3 4");
	assert_text(shown(r, id, "last_failure"), "null");
}

static void a_redirect_is_not_followed(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();

	(void)state;
	make(r, rc);
	receiver_says(rc, RECEIVER_REDIRECT, 200);
	rename_to(r, 1);
	loop_quiet(r);
	assert_tried_after(r, rc, 5 * SECOND_MS);
	assert_true(g_str_has_prefix(receiver_got(rc, 1)->head, "POST /hook?token=7 "));
}

static void after_five_days_without_a_success_it_is_off_until_it_is_updated(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const char *id = make(r, rc);
	int tries;

	(void)state;
	receiver_says(rc, 500);
	for (int i = 1; i <= 9; i++)
		rename_to(r, i);
	loop_quiet(r);
	for (int hours = 0; hours < 24 * 5 - 1; hours++) {
		rig_advance(r, HOUR_MS);
		loop_quiet(r);
	}
	assert_text(shown(r, id, "is_disabled"), "false");
	for (int hours = 0; hours < 24; hours++) {
		rig_advance(r, HOUR_MS);
		loop_quiet(r);
	}
	assert_text(shown(r, id, "is_disabled"), "true");
	assert_text(shown(r, id, "next_attempt_at"), "null");
	assert_text(shown(r, id, "failing_since"), "2026-01-05T12:00:00.000Z");
	tries = receiver_count(rc);
	assert_true(tries > 30);
	rename_to(r, 10);
	rig_advance(r, 10 * DAY_MS);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), tries);

	/* Also after a restart; and then it goes on with the event that it stopped at. */
	rig_kill(r);
	rig_reopen(r);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), tries);
	receiver_says(rc, 200);
	rig_ok(r, "POST /webhooks/update", "{'webhook_id':'%s','event_types':['*']}", id);
	loop_quiet(r);
	assert_text(shown(r, id, "is_disabled"), "false");
	assert_text(shown(r, id, "undelivered_event_count"), "0");
	assert_text(receiver_text(rc, r, tries, "device_name"),
		    receiver_text(rc, r, tries - 1, "device_name"));
	assert_text(receiver_text(rc, r, receiver_count(rc) - 1, "device_name"), "Door 10");
}

/* ---- kills ---- */

static void a_kill_repeats_at_worst_the_one_on_its_way_with_the_same_id(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	g_autofree char *before = NULL, *after = NULL;

	(void)state;
	make(r, rc);
	receiver_says(rc, 200, 200, RECEIVER_SILENT);
	for (int i = 1; i <= 4; i++)
		rename_to(r, i);
	receiver_await(rc, 3);
	rig_kill(r);
	receiver_says(rc, 200);
	rig_reopen(r);
	receiver_await(rc, 5);
	loop_quiet(r);
	assert_got(r, rc, "1 2 3 3 4");
	before = receiver_header(rc, 2, "svix-id");
	after = receiver_header(rc, 3, "svix-id");
	assert_text(after, before);
}

static void a_kill_does_not_shorten_the_wait_for_the_next_try(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();

	(void)state;
	make(r, rc);
	receiver_says(rc, 500);
	rename_to(r, 1);
	loop_quiet(r);
	assert_tried_after(r, rc, 5 * SECOND_MS);
	rig_kill(r);
	rig_reopen(r);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), 2);
	assert_tried_after(r, rc, 5 * MINUTE_MS);
	assert_tried_after(r, rc, 30 * MINUTE_MS);
}

/* ---- replay ---- */

static void a_replay_delivers_again_from_there_with_the_same_ids(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const char *id = make(r, rc), *event_id;

	(void)state;
	rename_to(r, 1);
	rig_advance(r, MINUTE_MS);
	rename_to(r, 2);
	rename_to(r, 3);
	loop_quiet(r);
	assert_got(r, rc, "1 2 3");
	event_id = receiver_text(rc, r, 1, "event_id");
	rig_ok(r, "POST /keyrackd/webhooks/replay", "{'webhook_id':'%s','after_event_id':'%s'}", id,
	       event_id);
	loop_quiet(r);
	assert_got(r, rc, "1 2 3 3");
	/* As /events/list has it: what happened at that very moment is not after it. */
	rig_ok(r, "POST /keyrackd/webhooks/replay",
	       "{'webhook_id':'%s','since':'2026-01-05T12:00:00Z'}", id);
	loop_quiet(r);
	assert_got(r, rc, "1 2 3 3 2 3");
	for (int i = 4; i < 6; i++) {
		g_autofree char *was = receiver_header(rc, i - 3, "svix-id");
		g_autofree char *is = receiver_header(rc, i, "svix-id");

		assert_text(is, was);
	}
}

static void a_replay_never_leaves_out_what_is_still_owed(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const char *id = make(r, rc);

	(void)state;
	receiver_says(rc, 500, 200);
	rename_to(r, 1);
	loop_quiet(r);
	rig_ok(r, "POST /keyrackd/webhooks/replay",
	       "{'webhook_id':'%s','since':'2026-02-01T00:00:00Z'}", id);
	loop_quiet(r);
	assert_got(r, rc, "1 1");
}

static void a_replay_says_what_it_cannot_do(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const char *id = make(r, rc);

	(void)state;
	rig_refused(r, 400, "invalid_input", "POST /keyrackd/webhooks/replay",
		    "{'webhook_id':'%s'}", id);
	rig_refused(r, 400, "invalid_input", "POST /keyrackd/webhooks/replay",
		    "{'webhook_id':'%s','since':'2026-01-01T00:00:00Z','after_event_id':'x'}", id);
	rig_refused(r, 404, "event_not_found", "POST /keyrackd/webhooks/replay",
		    "{'webhook_id':'%s','after_event_id':'x'}", id);
	rig_refused(r, 404, "webhook_not_found", "POST /keyrackd/webhooks/replay",
		    "{'webhook_id':'x','after_event_id':'x'}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_a_success_and_what_is_not),
		cmocka_unit_test(a_receiver_has_fifteen_seconds),
		cmocka_unit_test(
			the_schedule_is_the_documented_one_and_then_the_next_event_follows),
		cmocka_unit_test(each_try_has_the_same_id_and_a_signature_of_its_own_moment),
		cmocka_unit_test(nobody_there_is_tried_again_and_order_is_kept),
		cmocka_unit_test(a_redirect_is_not_followed),
		cmocka_unit_test(after_five_days_without_a_success_it_is_off_until_it_is_updated),
		cmocka_unit_test(a_kill_repeats_at_worst_the_one_on_its_way_with_the_same_id),
		cmocka_unit_test(a_kill_does_not_shorten_the_wait_for_the_next_try),
		cmocka_unit_test(a_replay_delivers_again_from_there_with_the_same_ids),
		cmocka_unit_test(a_replay_never_leaves_out_what_is_still_owed),
		cmocka_unit_test(a_replay_says_what_it_cannot_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
