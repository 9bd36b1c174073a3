/* Webhooks: what is delivered, to whom, how it is signed, and in which order. */
#include "config.h"

#include "tests/server/receiver.h"

#include "server/inside.h"
#include "server/webhook.h"

static const char ONE_LOCK[] = "[lock Door]\ntype = august_lock\n";
static const char TWO_LOCKS[] = "[lock Door]\ntype = august_lock\n[lock Gate]\ntype = yale_lock\n";

static const char *make(struct rig *r, const struct receiver *rc, const char *types)
{
	return g_intern_string(
		rig_text(rig_ok(r, "POST /webhooks/create", "{'url':'%s','event_types':%s}",
				receiver_url(rc), types),
			 "webhook.webhook_id"));
}

static void assert_names(struct rig *r, const struct receiver *rc, int from, int n, int first)
{
	for (int i = 0; i < n; i++) {
		g_autofree char *want = g_strdup_printf("Door %d", first + i);

		assert_text(receiver_text(rc, r, from + i, "device_name"), want);
	}
}

/* ---- the scheme ---- */

static void the_signature_is_that_of_the_published_example(void **state)
{
	static const char body[] = "{\"event_type\":\"access_code.set_on_device\","
				   "\"access_code_id\":\"0b7c3f0e-5f5e-4b57-9d3e-1f2a3b4c5d6e\"}";
	static const struct {
		const char *name, *secret, *id;
		int64_t timestamp;
		const char *body;
		bool same;
	} rows[] = {
		{ "as published", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", "msg_test_0001",
		  1760000000, body, true },
		{ "without the prefix", "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", "msg_test_0001",
		  1760000000, body, true },
		{ "another secret", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcZ", "msg_test_0001",
		  1760000000, body, false },
		{ "another id", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", "msg_test_0002",
		  1760000000, body, false },
		{ "a second later", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", "msg_test_0001",
		  1760000001, body, false },
		{ "a byte less", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", "msg_test_0001",
		  1760000000, body + 1, false },
	};

	(void)state;
	FOR_ROWS(i, rows)
	{
		g_autofree char *got = webhook_sign(rows[i].secret, rows[i].id, rows[i].timestamp,
						    rows[i].body, strlen(rows[i].body));
		bool same = strcmp(got, "v1,tM1eGUV63km/S9yaZs+YKkcM9U/VDI1YD6+h0dz17fE=") == 0;

		ROW_INT(rows[i].name, same, rows[i].same);
	}
	assert_null(webhook_sign("whsec_?", "i", 1, "", 0));
}

static void a_secret_is_24_random_bytes(void **state)
{
	char one[WEBHOOK_SECRET_MAX], other[WEBHOOK_SECRET_MAX];
	gsize len;

	(void)state;
	webhook_secret_new(one);
	webhook_secret_new(other);
	assert_true(g_str_has_prefix(one, "whsec_"));
	g_free(g_base64_decode(one + 6, &len));
	assert_int_equal(len, 24);
	assert_string_not_equal(one, other);
}

/* ---- delivery ---- */

static void an_event_is_delivered_as_the_journal_has_it_and_signed(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const json_t *w = rig_ok(r, "POST /webhooks/create", "{'url':'%s'}", receiver_url(rc));
	g_autofree char *id = NULL, *signature = NULL, *timestamp = NULL, *again = NULL;
	g_autofree char *twin = NULL, *type = NULL, *want_id = NULL;
	const json_t *events;
	int64_t age;

	(void)state;
	assert_text(rig_text(w, "webhook.event_types"), "[\"*\"]");
	assert_true(g_str_has_prefix(rig_text(w, "webhook.secret"), "whsec_"));
	rename_to(r, 1);
	receiver_await(rc, 1);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), 1);

	events = rig_ok(r, "POST /events/list",
			"{'since':'2026-01-01T00:00:00Z','event_type':'device.name_changed'}");
	assert_non_null(strstr(r->text, receiver_got(rc, 0)->body));
	want_id = g_strconcat("msg_", rig_text(events, "events.0.event_id"), NULL);
	id = receiver_header(rc, 0, "svix-id");
	twin = receiver_header(rc, 0, "webhook-id");
	assert_text(id, want_id);
	assert_text(twin, id);
	type = receiver_header(rc, 0, "content-type");
	assert_text(type, "application/json");
	assert_true(g_str_has_prefix(receiver_got(rc, 0)->head, "POST /hook?token=7 HTTP/1.1\r\n"));

	/* The receiver's clock is the true one, however the engine's stands. */
	timestamp = receiver_header(rc, 0, "svix-timestamp");
	age = instant_now().ms / 1000 - g_ascii_strtoll(timestamp, NULL, 10);
	assert_in_range(age, 0, 20);
	signature = receiver_header(rc, 0, "svix-signature");
	again = webhook_sign(rig_text(w, "webhook.secret"), id,
			     g_ascii_strtoll(timestamp, NULL, 10), receiver_got(rc, 0)->body,
			     strlen(receiver_got(rc, 0)->body));
	assert_text(signature, again);
}

/* Each signature of the last message, as one of the two secrets makes it. */
static bool is_signed(struct receiver *rc, int n, const char *first, const char *second)
{
	g_autofree char *id = receiver_header(rc, n, "svix-id"), *stamp = receiver_header(rc, n, "svix-timestamp");
	g_autofree char *got = receiver_header(rc, n, "svix-signature"),
			*twin = receiver_header(rc, n, "webhook-signature");
	const char *body = receiver_got(rc, n)->body;
	int64_t at = g_ascii_strtoll(stamp, NULL, 10);
	g_autofree char *one = webhook_sign(first, id, at, body, strlen(body));
	g_autofree char *other = second ? webhook_sign(second, id, at, body, strlen(body)) : NULL;
	g_autofree char *want = other ? g_strconcat(one, " ", other, NULL) : g_strdup(one);

	assert_text(twin, got);
	return strcmp(got, want) == 0;
}

static void a_secret_that_is_changed_signs_on_for_a_time(void **state)
{
	static const char rotate[] = "POST /keyrackd/webhooks/rotate_secret";
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const json_t *w = rig_ok(r, "POST /webhooks/create", "{'url':'%s'}", receiver_url(rc)), *got;
	const char *id = rig_text(w, "webhook.webhook_id"), *old = rig_text(w, "webhook.secret"), *new, *third;

	(void)state;
	assert_text(rig_text(w, "webhook.previous_secret_until"), "null");
	got = rig_ok(r, rotate, "{'webhook_id':'%s','overlap_h':2}", id);
	new = rig_text(got, "webhook.secret");
	assert_string_not_equal(old, new);
	assert_text(rig_text(got, "webhook.previous_secret_until"), "2026-01-05T14:00:00.000Z");
	rename_to(r, 1);
	receiver_await(rc, 1);
	assert_true(is_signed(rc, 0, new, old));

	rig_kill(r);
	rig_reopen(r);
	rename_to(r, 2);
	receiver_await(rc, 2);
	assert_true(is_signed(rc, 1, new, old));

	rig_advance(r, 2 * HOUR_MS);
	got = rig_ok(r, "POST /webhooks/get", "{'webhook_id':'%s'}", id);
	assert_text(rig_text(got, "webhook.previous_secret_until"), "null");
	rename_to(r, 3);
	receiver_await(rc, 3);
	assert_true(is_signed(rc, receiver_count(rc) - 1, new, NULL));

	got = rig_ok(r, rotate, "{'webhook_id':'%s','overlap_h':0}", id);
	third = rig_text(got, "webhook.secret");
	rename_to(r, 4);
	receiver_await(rc, receiver_count(rc) + 1);
	assert_true(is_signed(rc, receiver_count(rc) - 1, third, NULL));
	rig_refused(r, 400, "invalid_input", rotate, "{'webhook_id':'%s','overlap_h':721}", id);
	rig_refused(r, 404, "webhook_not_found", rotate, "{'webhook_id':'x'}");
}

static void only_what_happens_from_then_on_is_delivered(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();

	(void)state;
	rename_to(r, 1);
	make(r, rc, "['*']");
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), 0);
	rename_to(r, 2);
	receiver_await(rc, 1);
	assert_names(r, rc, 0, 1, 2);
}

static void only_the_types_asked_for_are_delivered(void **state)
{
	OWN(rig) struct rig *r = rig_new(TWO_LOCKS);
	OWN(receiver) struct receiver *rc = receiver_new();

	(void)state;
	make(r, rc, "['lock.unlocked','device.disconnected']");
	rename_to(r, 1);
	simulated_fault(r->driver, rig_device(r, "Gate"), "offline", true, NULL);
	rig_advance(r, MINUTE_MS);
	rename_to(r, 2);
	receiver_await(rc, 1);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), 1);
	assert_text(receiver_text(rc, r, 0, "event_type"), "device.disconnected");
}

static void a_filter_that_changes_does_not_bring_back_what_was_passed_over(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const char *id = make(r, rc, "['lock.unlocked']");

	(void)state;
	rename_to(r, 1);
	rig_ok(r, "PUT /webhooks/update", "{'webhook_id':'%s','event_types':['*']}", id);
	rename_to(r, 2);
	receiver_await(rc, 1);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), 1);
	assert_names(r, rc, 0, 1, 2);
}

static void many_events_arrive_in_order_and_the_journal_is_read_once_for_all(void **state)
{
	enum { ENDPOINTS = 10, EVENTS = 600 };
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	struct receiver *rc[ENDPOINTS];
	struct refusal no = { 0 };
	uint64_t reads;

	(void)state;
	for (int i = 0; i < ENDPOINTS; i++) {
		rc[i] = receiver_new();
		make(r, rc[i], "['*']");
	}
	reads = webhooks_journal_reads(r->server->webhooks);
	assert_true(engine_group_begin(r->engine, &no));
	for (int i = 0; i < EVENTS; i++)
		rename_to(r, i);
	assert_true(engine_group_end(r->engine, true, &no));
	for (int i = 0; i < ENDPOINTS; i++)
		receiver_await(rc[i], EVENTS);
	loop_quiet(r);
	/* Blocks of 256, each of them once. */
	assert_in_range(webhooks_journal_reads(r->server->webhooks) - reads, 1, 4);
	for (int i = 0; i < ENDPOINTS; i++) {
		assert_int_equal(receiver_count(rc[i]), EVENTS);
		assert_names(r, rc[i], 0, EVENTS, 0);
		receiver_free(rc[i]);
	}
}

static void endpoints_do_not_wait_for_each_other(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *slow = receiver_new();
	OWN(receiver) struct receiver *quick = receiver_new();

	(void)state;
	receiver_says(slow, RECEIVER_SILENT);
	make(r, slow, "['*']");
	make(r, quick, "['*']");
	for (int i = 0; i < 5; i++)
		rename_to(r, i);
	receiver_await(quick, 5);
	assert_names(r, quick, 0, 5, 0);
	receiver_await(slow, 1);
	assert_int_equal(receiver_count(slow), 1);
	assert_false(server_quiet(r->server));
}

static void what_is_on_its_way_at_the_end_is_waited_for_and_nothing_else_begins(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();

	(void)state;
	make(r, rc, "['*']");
	rename_to(r, 1);
	rename_to(r, 2);
	receiver_await(rc, 1);
	server_drain(r->server);
	assert_false(server_quiet(r->server));
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), 1);
}

static void a_deleted_webhook_gets_nothing_more(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	OWN(receiver) struct receiver *rc = receiver_new();
	const char *id = make(r, rc, "['*']");

	(void)state;
	receiver_says(rc, RECEIVER_SILENT);
	rename_to(r, 1);
	rename_to(r, 2);
	receiver_await(rc, 1);
	g_autofree char *what =
		g_strconcat("DELETE /webhooks/delete?_strict=true&webhook_id=", id, NULL);
	rig_ok(r, what, NULL);
	assert_true(server_quiet(r->server));
	rename_to(r, 3);
	loop_quiet(r);
	assert_int_equal(receiver_count(rc), 1);
	rig_refused(r, 404, "webhook_not_found", "POST /webhooks/get", "{'webhook_id':'%s'}", id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signature_is_that_of_the_published_example),
		cmocka_unit_test(a_secret_is_24_random_bytes),
		cmocka_unit_test(an_event_is_delivered_as_the_journal_has_it_and_signed),
		cmocka_unit_test(a_secret_that_is_changed_signs_on_for_a_time),
		cmocka_unit_test(only_what_happens_from_then_on_is_delivered),
		cmocka_unit_test(only_the_types_asked_for_are_delivered),
		cmocka_unit_test(a_filter_that_changes_does_not_bring_back_what_was_passed_over),
		cmocka_unit_test(many_events_arrive_in_order_and_the_journal_is_read_once_for_all),
		cmocka_unit_test(endpoints_do_not_wait_for_each_other),
		cmocka_unit_test(
			what_is_on_its_way_at_the_end_is_waited_for_and_nothing_else_begins),
		cmocka_unit_test(a_deleted_webhook_gets_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
