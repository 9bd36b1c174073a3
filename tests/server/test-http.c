/* The HTTP side over real sockets: keep-alive, slow and broken-off senders, limits, waiting calls, the end. */
#include "config.h"

#include "tests/server/site.h"

/* ---- requests ---- */

static void an_answer_is_dated_by_the_clock_that_stands(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	client_ask(c, &s, "POST /health", "{}");
	assert_int_equal(client_hear(c), 200);
	assert_non_null(strstr(c->headers, "\r\nDate: Mon, 05 Jan 2026 12:00:00 GMT\r\n"));
}

static void a_connection_is_kept_for_the_next_request(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	for (int i = 0; i < 3; i++) {
		client_ask(c, &s, "POST /t/echo", "{'say':'%d'}", i);
		assert_int_equal(client_hear(c), 200);
		assert_int_equal(c->body[8], '0' + i);
		assert_non_null(strstr(c->headers, "seam-request-id: "));
		assert_non_null(strstr(c->headers, "Cache-Control: no-store"));
		assert_non_null(strstr(c->headers, "Content-Type: application/json"));
	}
	assert_int_equal(http_counts(s.http).requests, 3);
	assert_int_equal(http_counts(s.http).connections_now, 1);
	assert_true(http_idle(s.http));
}

static void the_query_comes_as_it_was_sent(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	client_ask(c, &s, "GET /t/echo?say=a%26b%3Dc+d%C3%A4&_strict=true", "%s", "");
	assert_int_equal(client_hear(c), 200);
	assert_text(c->body, "{\"say\":\"a&b=c dä\",\"ok\":true}");
	client_ask(c, &s, "DELETE http://keyrackd/t/echo?say=x", "%s", "");
	assert_int_equal(client_hear(c), 200);
	assert_text(c->body, "{\"say\":\"x\",\"ok\":true}");
}

static void head_has_no_body_and_a_wrong_method_says_which_are_right(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	client_ask(c, &s, "HEAD /t/echo", "%s", "");
	assert_int_equal(client_hear_some(c, true), 200);
	client_ask(c, &s, "PUT /t/echo", "{}");
	assert_int_equal(client_hear(c), 405);
	assert_non_null(strstr(c->headers, "Allow: GET, HEAD, POST, DELETE\r\n"));
}

static void requests_sent_ahead_are_answered_in_order(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);
	g_autoptr(GString) all = g_string_new(NULL);

	(void)state;
	for (int i = 0; i < 20; i++)
		g_string_append_printf(all,
				       "GET /t/echo?say=%d HTTP/1.1\r\nHost: x\r\n"
				       "Authorization: Bearer %s\r\n\r\n",
				       i, s.rig->key);
	client_say(c, all->str);
	for (int i = 0; i < 20; i++) {
		g_autofree char *want = g_strdup_printf("{\"say\":\"%d\",\"ok\":true}", i);

		assert_int_equal(client_hear(c), 200);
		assert_text(c->body, want);
	}
}

static void a_sender_of_single_bytes_is_understood(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);
	g_autofree char *all = g_strdup_printf(
		"POST /t/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
		"5\r\n{\"say\r\n5\r\n\":\"x\"\r\n1\r\n}\r\n0\r\n\r\n",
		s.rig->key);

	(void)state;
	for (const char *p = all; *p; p++)
		client_say_bytes(c, p, 1);
	assert_int_equal(client_hear(c), 200);
	assert_text(c->body, "{\"say\":\"x\",\"ok\":true}");
}

static void who_says_nothing_is_hung_up_on(void **state)
{
	SITE s = site_of((struct http_options){ .silence_s_max = 1 });
	OWN(client) struct client *mute = client_new(&s);
	OWN(client) struct client *half = client_new(&s);

	(void)state;
	client_say(half, "POST /t/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
	assert_true(client_hears_the_end(mute));
	assert_true(client_hears_the_end(half));
	assert_true(http_idle(s.http));
}

static void a_request_broken_off_leaves_nothing(void **state)
{
	static const char *const halves[] = {
		"POST",
		"POST /t/echo HTTP/1.1\r\n",
		"POST /t/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
		"POST /t/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{\"say",
		"POST /t/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
	};
	SITE s = site_of((struct http_options){ 0 });

	(void)state;
	FOR_ROWS (i, halves) {
		struct client *c = client_new(&s);

		client_say(c, halves[i]);
		client_free(c);
		for (int k = 0; k < 1000 && http_counts(s.http).connections_now > 0; k++)
			site_turn();
		ROW_INT(halves[i], http_counts(s.http).connections_now, 0);
		ROW_INT(halves[i], http_idle(s.http), true);
	}
}

static void what_is_not_http_is_refused(void **state)
{
	static const char *const bad[] = { "\x16\x03\x01 tls?\r\n\r\n", "GET\r\n\r\n",
					   "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n" };
	SITE s = site_of((struct http_options){ 0 });

	(void)state;
	FOR_ROWS (i, bad) {
		OWN(client) struct client *c = client_new(&s);
		int status;

		client_say(c, bad[i]);
		status = client_hear(c);
		if (status != 400 && !c->closed)
			fail_msg("%s: %d", bad[i], status);
	}
}

static void a_body_has_one_length(void **state)
{
	static const char *const lengths[] = {
		"Content-Length: 2\r\nContent-Length: 3\r\n",
		"Content-Length: 2\r\nContent-Length: 2\r\n",
		"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
	};
	SITE s = site_of((struct http_options){ 0 });

	(void)state;
	FOR_ROWS (i, lengths) {
		OWN(client) struct client *c = client_new(&s);
		g_autofree char *all = g_strconcat("POST /t/echo HTTP/1.1\r\nHost: x\r\n",
						   lengths[i], "\r\n{}", NULL);

		client_say(c, all);
		ROW_INT(lengths[i], client_hear(c), 400);
	}
}

static void a_large_answer_comes_whole(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	client_ask(c, &s, "POST /t/large", "{}");
	assert_int_equal(client_hear(c), 200);
	assert_true(strlen(c->body) > 1000000);
	assert_true(g_str_has_suffix(c->body, "\"odd\":99999,\"ok\":true}"));
}

/* ---- limits ---- */

static void is_turned_away(struct client *c, int status, const char *type)
{
	g_autofree char *want = g_strdup_printf("\"type\":\"%s\"", type);

	assert_int_equal(client_hear(c), status);
	if (!strstr(c->body, want) || !strstr(c->body, "\"ok\":false"))
		fail_msg("%s", c->body);
	assert_non_null(strstr(c->headers, "seam-request-id: "));
	assert_true(client_hears_the_end(c));
}

static void a_body_too_large_is_turned_away(void **state)
{
	static const struct {
		const char *headers;
		int chunks; /* of 1,000 bytes */
		bool chunked;
	} rows[] = {
		{ "Content-Length: 5000\r\n", 5, false },
		{ "Transfer-Encoding: chunked\r\n", 6, true },
		{ "Content-Length: 99999999\r\n", 0, false },
		{ "Content-Length: 5000\r\nExpect: 100-continue\r\n", 0, false },
	};
	SITE s = site_of((struct http_options){ 0 });
	g_autofree char *kilo = g_strnfill(1000, ' ');

	(void)state;
	FOR_ROWS (i, rows) {
		OWN(client) struct client *c = client_new(&s);
		g_autofree char *head = g_strdup_printf("POST /t/echo HTTP/1.1\r\nHost: x\r\n%s\r\n",
							rows[i].headers);

		client_say(c, head);
		for (int k = 0; k < rows[i].chunks; k++) {
			client_say(c, rows[i].chunked ? "3e8\r\n" : "");
			client_say(c, kilo);
			client_say(c, rows[i].chunked ? "\r\n" : "");
		}
		client_say(c, rows[i].chunked ? "0\r\n\r\n" : "");
		is_turned_away(c, 413, "payload_too_large");
	}
	assert_int_equal(http_counts(s.http).turned_away, G_N_ELEMENTS(rows));
}

static void a_body_of_the_limit_is_taken(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);
	g_autofree char *spaces = g_strnfill(SITE_BODY_MAX - 2, ' ');

	(void)state;
	client_ask(c, &s, "POST /t/echo", "{%s}", spaces);
	assert_int_equal(client_hear(c), 200);
	client_ask(c, &s, "POST /t/echo", "{ %s}", spaces);
	is_turned_away(c, 413, "payload_too_large");
}

static void headers_too_large_are_turned_away(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);
	g_autofree char *long_one = g_strnfill(33 * 1024, 'a');
	g_autofree char *head = g_strdup_printf("GET /t/open HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n",
						long_one);

	(void)state;
	client_say(c, head);
	is_turned_away(c, 431, "request_header_fields_too_large");
}

static void one_connection_too_many_is_told_so(void **state)
{
	static const struct http_options rows[] = {
		{ .connections_max = 3 },
		{ .listen = "127.0.0.1:0", .per_address_max = 3 },
	};

	(void)state;
	FOR_ROWS (i, rows) {
		SITE s = site_of(rows[i]);
		struct client *c[4];

		for (int k = 0; k < 4; k++) {
			c[k] = client_new(&s);
			client_ask(c[k], &s, "POST /t/echo", "{}");
			if (k < 3)
				assert_int_equal(client_hear(c[k]), 200);
		}
		is_turned_away(c[3], 503, "service_unavailable");
		client_free(c[3]);
		client_free(c[0]);
		while (http_counts(s.http).connections_now > 2)
			site_turn();
		c[0] = client_new(&s);
		client_ask(c[0], &s, "POST /t/echo", "{}");
		assert_int_equal(client_hear(c[0]), 200);
		for (int k = 0; k < 3; k++)
			client_free(c[k]);
	}
}

static void many_connections_are_served_at_once(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	struct client *c[300];

	(void)state;
	FOR_ROWS (i, c) {
		c[i] = client_new(&s);
		site_turn();
	}
	for (int round = 0; round < 2; round++) {
		FOR_ROWS (i, c)
			client_ask(c[i], &s, "POST /t/echo", "{'say':'%zu'}", i);
		FOR_ROWS (i, c) {
			g_autofree char *want = g_strdup_printf("{\"say\":\"%zu\",\"ok\":true}", i);

			assert_int_equal(client_hear(c[i]), 200);
			assert_text(c[i]->body, want);
		}
	}
	FOR_ROWS (i, c)
		client_free(c[i]);
}

/* ---- calls that wait ---- */

static void wait_until_it_waits(void)
{
	int64_t until = g_get_monotonic_time() + SITE_DEADLINE_US;

	while (!site_waiting && g_get_monotonic_time() < until)
		site_turn();
	assert_non_null(site_waiting);
}

static void a_call_that_waits_holds_nobody_up(void **state)
{
	SITE s = site_of((struct http_options){ .silence_s_max = 1 });
	OWN(client) struct client *patient = client_new(&s);
	OWN(client) struct client *other = client_new(&s);

	(void)state;
	client_ask(patient, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	assert_false(http_idle(s.http));
	assert_true(client_hears_the_end(other)); /* a second of silence, which the one that waits may have */
	call_finish(site_waiting, CALL_DONE);
	assert_int_equal(client_hear(patient), 200);
	assert_true(http_idle(s.http));
	client_ask(patient, &s, "POST /t/echo", "{}");
	assert_int_equal(client_hear(patient), 200);
}

static void a_client_that_goes_cancels_its_call(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	struct client *c = client_new(&s);

	(void)state;
	client_ask(c, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	client_free(c);
	for (int i = 0; i < 1000 && !http_idle(s.http); i++)
		site_turn();
	assert_int_equal(site_unhooked, 1);
	assert_true(http_idle(s.http));
	assert_int_equal(http_counts(s.http).connections_now, 0);
}

static void what_is_sent_ahead_of_a_waiting_answer_is_answered_after_it(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	client_ask(c, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	client_ask(c, &s, "POST /t/echo", "{'say':'next'}");
	site_turn();
	call_finish(site_waiting, CALL_DONE);
	assert_int_equal(client_hear(c), 200);
	assert_int_equal(client_hear(c), 200);
	assert_non_null(strstr(c->body, "next"));
}

/* ---- the end ---- */

static void the_end_cuts_what_is_under_way_and_leaves_nothing(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *patient = client_new(&s);
	OWN(client) struct client *half = client_new(&s);
	OWN(client) struct client *reader = client_new(&s);

	(void)state;
	client_ask(patient, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	client_say(half, "POST /t/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
	client_ask(reader, &s, "POST /t/large", "{}");
	site_turn();
	http_free(s.http);
	s.http = NULL;
	assert_int_equal(site_unhooked, 1);
	assert_true(client_hears_the_end(patient));
	assert_true(client_hears_the_end(half));
	assert_false(g_file_test(s.path, G_FILE_TEST_EXISTS));
}

static void who_no_longer_listens_still_answers(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *patient = client_new(&s);
	OWN(client) struct client *idle = client_new(&s);
	g_autoptr(GSocketAddress) at = site_address(&s);
	g_autoptr(GSocket) late = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);

	(void)state;
	client_ask(patient, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	http_stop_listening(s.http);
	assert_false(g_socket_connect(late, at, NULL, NULL));
	call_finish(site_waiting, CALL_DONE);
	assert_int_equal(client_hear(patient), 200);
	assert_non_null(strstr(patient->headers, "Connection: close"));
	assert_true(client_hears_the_end(patient));
	client_ask(idle, &s, "POST /t/echo", "{}");
	assert_int_equal(client_hear(idle), 200);
	assert_true(client_hears_the_end(idle));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_dated_by_the_clock_that_stands),
		cmocka_unit_test(a_connection_is_kept_for_the_next_request),
		cmocka_unit_test(the_query_comes_as_it_was_sent),
		cmocka_unit_test(head_has_no_body_and_a_wrong_method_says_which_are_right),
		cmocka_unit_test(requests_sent_ahead_are_answered_in_order),
		cmocka_unit_test(a_sender_of_single_bytes_is_understood),
		cmocka_unit_test(who_says_nothing_is_hung_up_on),
		cmocka_unit_test(a_request_broken_off_leaves_nothing),
		cmocka_unit_test(what_is_not_http_is_refused),
		cmocka_unit_test(a_body_has_one_length),
		cmocka_unit_test(a_large_answer_comes_whole),
		cmocka_unit_test(a_body_too_large_is_turned_away),
		cmocka_unit_test(a_body_of_the_limit_is_taken),
		cmocka_unit_test(headers_too_large_are_turned_away),
		cmocka_unit_test(one_connection_too_many_is_told_so),
		cmocka_unit_test(many_connections_are_served_at_once),
		cmocka_unit_test(a_call_that_waits_holds_nobody_up),
		cmocka_unit_test(a_client_that_goes_cancels_its_call),
		cmocka_unit_test(what_is_sent_ahead_of_a_waiting_answer_is_answered_after_it),
		cmocka_unit_test(the_end_cuts_what_is_under_way_and_leaves_nothing),
		cmocka_unit_test(who_no_longer_listens_still_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
