/* Calls that wait: answered when something happens, with all of it, and never for ever. */
#include "config.h"

#include "tests/server/rig.h"

#include <stdlib.h>

#define LIVE  "POST /keyrackd/live"
#define DOORS "[lock Door]\ntype = august_lock\n[lock Simple]\ntype = smartthings_lock\n"
#define DEADLINE_US (10 * G_USEC_PER_SEC)

/* The answer of the call that waits, whenever it comes. */
static const json_t *awaited(struct rig *r)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_US;

	while (!r->answered && g_get_monotonic_time() < until)
		g_main_context_iteration(NULL, FALSE);
	if (!r->answered)
		fail_msg("it still waits");
	assert_int_equal(r->status, 200);
	return rig_later(r);
}

/* Runs what is ready, and no more. */
static void settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		continue;
}

static void unlock(struct rig *r)
{
	assert_true(simulated_turn_by_hand(r->driver, rig_device(r, "Door"), true, NULL));
	rig_advance(r, 1);
}

static long long number(const json_t *answer, const char *path)
{
	const char *text = rig_text(answer, path);

	assert_non_null(text);
	return strtoll(text, NULL, 10);
}

static void without_a_number_it_says_where_the_journal_is(void **state)
{
	static const char *const bodies[] = { NULL, "{}", "{'after':null}",
					      "{'after':null,'wait_s':30}",
					      "{'after':null,'journal':'another'}" };
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	r->as = r->read_key;
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		const json_t *a = bodies[i] ? rig_ok(r, LIVE, "%s", bodies[i]) : rig_ok(r, LIVE, NULL);

		assert_int_equal(number(a, "seq"), store_last_seq(r->store));
		assert_int_equal(rig_count(a, "events"), 0);
		assert_int_equal(rig_count(a, "changed"), 0);
		assert_text(rig_text(a, "more"), "false");
		assert_int_equal(strlen(rig_text(a, "journal")), 36);
	}
}

static void what_has_happened_is_told_at_once_and_in_order(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	long long from, seq;
	const json_t *a;

	(void)state;
	from = number(rig_ok(r, LIVE, NULL), "seq");
	for (int i = 0; i < 1100; i++)
		unlock(r);
	a = rig_ok(r, LIVE, "{'after':%lld}", from);
	assert_int_equal(rig_count(a, "events"), 1000);
	assert_int_equal(number(a, "seq"), from + 1000);
	assert_text(rig_text(a, "more"), "true");
	seq = number(a, "seq");
	a = rig_ok(r, LIVE, "{'after':%lld}", seq);
	assert_int_equal(rig_count(a, "events"), 100);
	assert_int_equal(number(a, "seq"), store_last_seq(r->store));
	assert_text(rig_text(a, "more"), "false");
	for (int i = 1; i < 100; i++) {
		g_autofree char *was = g_strdup_printf("events.%d.created_at", i - 1);
		g_autofree char *is = g_strdup_printf("events.%d.created_at", i);

		assert_true(strcmp(rig_text(a, was), rig_text(a, is)) < 0);
	}
	assert_text(rig_text(a, "events.0.event_type"), "lock.unlocked");
	assert_text(rig_text(a, "events.0.device_id"), rig_device(r, "Door"));
}

static void a_call_that_waits_is_answered_by_what_happens(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	long long from = number(rig_ok(r, LIVE, NULL), "seq");
	const json_t *a;

	(void)state;
	assert_null(rig_call(r, LIVE, "{'after':%lld}", from));
	settle();
	assert_false(r->answered);
	unlock(r);
	unlock(r); /* what comes in one go is one answer */
	a = awaited(r);
	assert_int_equal(rig_count(a, "events"), 2);
	assert_int_equal(number(a, "seq"), from + 2);
	assert_null(rig_call(r, LIVE, "{'after':%lld}", from + 2));
}

static void with_nothing_to_tell_it_ends_in_time(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	long long from = number(rig_ok(r, LIVE, NULL), "seq");
	gint64 began = g_get_monotonic_time();
	const json_t *a;

	(void)state;
	a = rig_ok(r, LIVE, "{'after':%lld,'wait_s':0}", from);
	assert_int_equal(number(a, "seq"), from);
	assert_null(rig_call(r, LIVE, "{'after':%lld,'wait_s':1}", from));
	a = awaited(r);
	/* GLib keeps timers of whole seconds together: one may fire a little before its second. */
	assert_in_range(g_get_monotonic_time() - began, 500000, 5000000);
	assert_int_equal(number(a, "seq"), from);
	assert_int_equal(rig_count(a, "events"), 0);
}

static void a_number_of_another_journal_is_refused(void **state)
{
	static const struct { const char *body, *type; } rows[] = {
		{ "{'after':99999999}", "unknown_seq" },
		{ "{'after':1,'journal':'another'}", "unknown_seq" },
		{ "{'after':-1}", "invalid_input" },
		{ "{'after':'1'}", "invalid_input" },
		{ "{'after':1,'wait_s':31}", "invalid_input" },
	};
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		rig_refused(r, 400, rows[i].type, LIVE, "%s", rows[i].body);
	r->as = NULL;
	rig_refused(r, 401, "unauthorized", LIVE, NULL);
}

static void a_restart_leaves_no_gap(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, LIVE, NULL);
	long long from = number(a, "seq");
	const char *journal = rig_text(a, "journal");

	(void)state;
	unlock(r);
	rig_kill(r);
	rig_reopen(r);
	unlock(r);
	a = rig_ok(r, LIVE, "{'after':%lld,'journal':'%s','mark':1}", from, journal);
	assert_int_equal(number(a, "seq"), store_last_seq(r->store));
	assert_int_equal(rig_count(a, "events"), number(a, "seq") - from);
	assert_true(rig_count(a, "events") >= 2);
}

static void an_end_answers_what_waits_and_makes_nothing_wait(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	long long from = number(rig_ok(r, LIVE, NULL), "seq");

	(void)state;
	assert_null(rig_call(r, LIVE, "{'after':%lld}", from));
	server_drain(r->server);
	assert_true(r->answered);
	assert_int_equal(number(rig_later(r), "seq"), from);
	assert_int_equal(number(rig_ok(r, LIVE, "{'after':%lld}", from), "seq"), from);
}

static void who_has_gone_is_not_answered(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	long long from = number(rig_ok(r, LIVE, NULL), "seq");

	(void)state;
	assert_null(rig_call(r, LIVE, "{'after':%lld}", from));
	unlock(r); /* about to be answered */
	server_cancel(r->call);
	settle();
	assert_false(r->answered);
	unlock(r);
	settle();
	assert_false(r->answered);
}

/* Two calls at once: each with a rig's eyes of its own. */
static void count_reply(const struct http_reply *a, void *ctx)
{
	*(int *)ctx += a->status == 200;
}

static void all_that_wait_are_answered(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	g_autofree char *body =
		g_strdup_printf("{\"after\":%" PRId64 "}", store_last_seq(r->store));
	g_autofree char *key = g_strconcat("Bearer ", r->read_key, NULL);
	const struct http_request rq = { .method = "POST", .path = "/keyrackd/live",
					 .content_type = "application/json", .body = body,
					 .body_len = strlen(body), .authorization = key,
					 .peer = "unix" };
	int answered = 0;

	(void)state;
	for (int i = 0; i < 50; i++)
		assert_non_null(server_handle(r->server, &rq, count_reply, &answered));
	unlock(r);
	settle();
	assert_int_equal(answered, 50);
}

static bool is_named(const json_t *a, const char *id)
{
	bool named = false;

	for (int i = 0; i < rig_count(a, "changed"); i++) {
		g_autofree char *path = g_strdup_printf("changed.%d", i);

		named = named || strcmp(rig_text(a, path), id) == 0;
	}
	return named;
}

/* Nobody knew whether the lock had it. That it is deleted was told when that was asked for, and showed
 * 'being removed'; that the lock does not have it, and it is no more, is told by no event. */
static void a_code_that_goes_quietly_is_named(void **state)
{
	static const struct simulated_change removed = { .remove = true };
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *door = rig_device(r, "Door");
	g_autofree char *id = NULL;
	const json_t *a;

	(void)state;
	assert_true(simulated_fault(r->driver, door, "lost_answer", true, NULL));
	a = rig_ok(r, "POST /access_codes/create", "{'device_id':'%s','code':'4821'}", door);
	id = g_strdup(rig_text(a, "access_code.access_code_id"));
	rig_advance(r, 20 * SECOND_MS);
	assert_true(simulated_app(r->driver, door, "1", NULL, &removed, NULL));
	assert_true(simulated_fault(r->driver, door, "offline", true, NULL));
	rig_advance(r, MINUTE_MS);
	rig_ok(r, "POST /access_codes/delete", "{'access_code_id':'%s'}", id);
	assert_true(simulated_fault(r->driver, door, "lost_answer", false, NULL));
	assert_true(simulated_fault(r->driver, door, "offline", false, NULL));
	a = rig_ok(r, LIVE, NULL);
	for (int s = 0; s < 600; s++) {
		long long seq = number(a, "seq"), mark = number(a, "mark");

		rig_advance(r, SECOND_MS);
		rig_call(r, "POST /access_codes/get", "{'access_code_id':'%s'}", id);
		bool gone = r->status == 404;
		a = rig_ok(r, LIVE, "{'after':%lld,'mark':%lld,'wait_s':0}", seq, mark);
		if (gone) {
			assert_true(is_named(a, id));
			return;
		}
	}
	fail_msg("it is still there");
}

/* Out of reach at the time for loading: an event tells of the lock, and none of the code. */
static void a_code_that_changes_quietly_is_named(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, "POST /access_codes/create",
				 "{'device_id':'%s','code':'4821','starts_at':"
				 "'2026-01-05T14:00:00Z','ends_at':'2026-01-05T18:00:00Z'}",
				 rig_device(r, "Simple"));
	const char *id = rig_text(a, "access_code.access_code_id");
	long long mark;

	(void)state;
	rig_until(r, "2026-01-05T12:59:00Z");
	assert_true(simulated_fault(r->driver, rig_device(r, "Simple"), "offline", true, NULL));
	rig_advance(r, 1000);
	a = rig_ok(r, LIVE, NULL);
	mark = number(a, "mark");
	assert_null(rig_call(r, LIVE, "{'after':%lld,'mark':%lld}", number(a, "seq"), mark));
	rig_advance(r, 2 * MINUTE_MS); /* due at 13:00 */
	a = awaited(r);
	assert_true(number(a, "mark") > mark);
	assert_true(is_named(a, id));
	/* And once: what was told is not told again. */
	assert_int_equal(rig_count(rig_ok(r, LIVE, "{'after':%lld,'mark':%lld,'wait_s':0}",
					  number(a, "seq"), number(a, "mark")), "changed"), 0);
}

/* A quiet hour of many codes asks for nothing: what nobody can see is not told. */
static void nothing_is_told_while_nothing_changes(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a;

	(void)state;
	for (int i = 0; i < 20; i++)
		rig_ok(r, "POST /access_codes/create", "{'device_id':'%s','code':'%d'}",
		       rig_device(r, i % 2 ? "Door" : "Simple"), 4821 + 137 * i);
	rig_advance(r, 10 * MINUTE_MS);
	assert_true(simulated_fault(r->driver, rig_device(r, "Simple"), "offline", true, NULL));
	rig_ok(r, "POST /access_codes/create", "{'device_id':'%s','code':'9753'}",
	       rig_device(r, "Simple")); /* waits for the lock */
	rig_advance(r, 10 * MINUTE_MS);
	a = rig_ok(r, LIVE, NULL);
	assert_null(rig_call(r, LIVE, "{'after':%lld,'mark':%lld}", number(a, "seq"),
			     number(a, "mark")));
	rig_advance(r, HOUR_MS);
	settle();
	if (r->answered)
		fail_msg("told: %s", r->text);
}

static void a_key_that_is_revoked_hears_nothing_more(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	g_autofree char *key = store_key_create(r->store, KEY_READ, NULL, NULL);
	g_autofree char *short_id = g_strndup(key + strlen("seam_"), 8);
	long long from;

	(void)state;
	r->as = key;
	from = number(rig_ok(r, LIVE, NULL), "seq");
	assert_null(rig_call(r, LIVE, "{'after':%lld}", from));
	assert_true(store_key_revoke(r->store, short_id, NULL));
	unlock(r);
	while (!r->answered)
		g_main_context_iteration(NULL, TRUE);
	assert_int_equal(r->status, 401);
	assert_text(rig_text(rig_later(r), "error.message"), "This API key was revoked");
	assert_null(strstr(r->text, "lock.unlocked"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_number_it_says_where_the_journal_is),
		cmocka_unit_test(what_has_happened_is_told_at_once_and_in_order),
		cmocka_unit_test(a_call_that_waits_is_answered_by_what_happens),
		cmocka_unit_test(with_nothing_to_tell_it_ends_in_time),
		cmocka_unit_test(a_number_of_another_journal_is_refused),
		cmocka_unit_test(a_restart_leaves_no_gap),
		cmocka_unit_test(an_end_answers_what_waits_and_makes_nothing_wait),
		cmocka_unit_test(who_has_gone_is_not_answered),
		cmocka_unit_test(all_that_wait_are_answered),
		cmocka_unit_test(a_code_that_changes_quietly_is_named),
		cmocka_unit_test(a_code_that_goes_quietly_is_named),
		cmocka_unit_test(nothing_is_told_while_nothing_changes),
		cmocka_unit_test(a_key_that_is_revoked_hears_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
