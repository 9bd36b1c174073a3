/* The HTTP side over real sockets: keep-alive, slow and broken-off senders, limits, waiting calls,
 * unix sockets, TLS, the end. Client and server share one thread and one main loop. */
#include "config.h"

#include "tests/server/rig.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/http.h"
#include "server/inside.h"

#define DEADLINE_US (10 * G_USEC_PER_SEC)
#define BODY_MAX    4096

/* ---- the server ---- */

static struct call *waiting;
static int unhooked;

static void on_cancelled(struct call *c)
{
	assert_ptr_equal(c, waiting);
	waiting = NULL;
	unhooked++;
}

static enum call_end waits(struct call *c)
{
	waiting = c;
	c->cancelled = on_cancelled;
	return CALL_LATER;
}

static enum call_end echo(struct call *c)
{
	jsonout_string(c->out, "say", params_text(c->params, "say"));
	return CALL_DONE;
}

static enum call_end large(struct call *c)
{
	for (int i = 0; i < 100000; i++)
		jsonout_int(c->out, i % 2 ? "odd" : "even", i);
	return CALL_DONE;
}

static const struct route own[] = {
	{ .path = "/t/echo", .methods = METHODS_READ | METHODS_DELETE, .role = KEY_READ,
	  .handle = echo, PARAMS({ .name = "say", .kind = PARAM_TEXT }) },
	{ .path = "/t/wait", .methods = METHODS_READ, .role = KEY_READ, .handle = waits },
	{ .path = "/t/large", .methods = METHODS_READ, .role = KEY_READ, .handle = large },
	{ .path = "/t/open", .methods = METHOD_GET, .handle = echo, .flags = ROUTE_OPEN },
};

struct site {
	struct rig *rig;
	struct http *http;
	char *path;
};

static struct site site_of(struct http_options opt)
{
	struct site s = { .rig = rig_new("[lock Door]\ntype = august_lock\n") };
	g_autoptr(GError) err = NULL;
	g_autofree char *listen = NULL;

	FOR_ROWS (i, own)
		g_hash_table_insert(s.rig->server->routes, (char *)(uintptr_t)own[i].path,
				    (void *)(uintptr_t)&own[i]);
	s.path = g_build_filename(s.rig->folder, "d.sock", NULL);
	if (!opt.listen)
		opt.listen = listen = g_strconcat("unix:", s.path, NULL);
	opt.body_bytes_max = BODY_MAX;
	s.http = http_new(s.rig->server, &opt, &err);
	if (!s.http)
		fail_msg("%s", err->message);
	unhooked = 0;
	waiting = NULL;
	return s;
}

static void site_done(struct site *s)
{
	http_free(s->http);
	rig_free(s->rig);
	g_free(s->path);
}
#define SITE __attribute__((cleanup(site_done))) struct site

/* ---- a client ---- */

struct client {
	GSocket *socket;
	GString *in;    /* come, not taken yet */
	char *headers, *body; /* of the last answer */
	int status;
	bool closed;
};

static void turn_once(void)
{
	for (int i = 0; i < 50 && g_main_context_iteration(NULL, FALSE); i++)
		;
}

static GSocketAddress *address_of(const struct site *s)
{
	const char *at = http_endpoint(s->http);
	const char *colon = strrchr(at, ':');

	if (g_str_has_prefix(at, "unix:"))
		return g_unix_socket_address_new(s->path);
	return g_inet_socket_address_new_from_string("127.0.0.1", (guint)atoi(colon + 1));
}

static struct client *client_new(const struct site *s)
{
	struct client *c = g_new0(struct client, 1);
	g_autoptr(GSocketAddress) to = address_of(s);
	g_autoptr(GError) err = NULL;

	c->in = g_string_new(NULL);
	c->socket = g_socket_new(g_socket_address_get_family(to), G_SOCKET_TYPE_STREAM, 0, NULL);
	if (!g_socket_connect(c->socket, to, NULL, &err))
		fail_msg("%s", err->message);
	g_socket_set_blocking(c->socket, FALSE);
	return c;
}

static void client_free(struct client *c)
{
	g_socket_close(c->socket, NULL);
	g_object_unref(c->socket);
	g_string_free(c->in, TRUE);
	g_free(c->headers);
	g_free(c->body);
	g_free(c);
	turn_once();
}
DEFINE_OWN(struct client, client, client_free)

static void say_bytes(struct client *c, const char *text, size_t len)
{
	int64_t until = g_get_monotonic_time() + DEADLINE_US;

	while (len > 0 && g_get_monotonic_time() < until) {
		g_autoptr(GError) err = NULL;
		gssize n = g_socket_send(c->socket, text, len, NULL, &err);

		if (n < 0 && !g_error_matches(err, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
			return; /* hung up: what it said first will be heard */
		text += MAX(n, 0);
		len -= (size_t)MAX(n, 0);
		turn_once();
	}
}

static void say(struct client *c, const char *text)
{
	say_bytes(c, text, strlen(text));
}

G_GNUC_PRINTF(4, 5)
static void ask(struct client *c, const struct site *s, const char *what, const char *body, ...)
{
	va_list args;
	g_autofree char *text = NULL, *all = NULL;

	va_start(args, body);
	text = g_strdup_vprintf(body, args);
	va_end(args);
	for (char *p = text; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	all = g_strdup_printf("%s HTTP/1.1\r\nHost: keyrackd\r\nAuthorization: Bearer %s\r\n"
			      "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			      what, s->rig->key, strlen(text), text);
	say(c, all);
}

static void take_in(struct client *c)
{
	char buf[65536];
	g_autoptr(GError) err = NULL;
	gssize n;

	turn_once();
	n = g_socket_receive(c->socket, buf, sizeof buf, NULL, &err);
	if (n > 0)
		g_string_append_len(c->in, buf, n);
	else if (n == 0 || !g_error_matches(err, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
		c->closed = true;
}

/* Takes one whole answer out of what has come. */
static bool whole(struct client *c, bool no_body)
{
	char *end = strstr(c->in->str, "\r\n\r\n"), *length;
	size_t len = 0, head = end ? (size_t)(end - c->in->str) + 4 : 0;

	if (!end)
		return false;
	g_free(c->headers);
	c->headers = g_strndup(c->in->str, head);
	length = strstr(c->headers, "Content-Length: ");
	if (length && !no_body)
		len = (size_t)atoi(length + strlen("Content-Length: "));
	if (c->in->len < head + len)
		return false;
	g_free(c->body);
	c->body = g_strndup(c->in->str + head, len);
	c->status = atoi(c->headers + strlen("HTTP/1.1 "));
	g_string_erase(c->in, 0, (gssize)(head + len));
	return true;
}

static int hear_some(struct client *c, bool no_body)
{
	int64_t until = g_get_monotonic_time() + DEADLINE_US;

	c->status = 0;
	while (!whole(c, no_body) && !c->closed && g_get_monotonic_time() < until)
		take_in(c);
	return c->status;
}

/* The status of the next answer; 0: the connection ended, or nothing came. */
static int hear(struct client *c)
{
	return hear_some(c, false);
}

static bool hears_the_end(struct client *c)
{
	int64_t until = g_get_monotonic_time() + DEADLINE_US;

	while (!c->closed && g_get_monotonic_time() < until)
		take_in(c);
	return c->closed;
}

static void until_true(const bool *flag)
{
	int64_t until = g_get_monotonic_time() + DEADLINE_US;

	while (!*flag && g_get_monotonic_time() < until)
		turn_once();
	assert_true(*flag);
}

/* ---- requests ---- */

static void an_answer_is_dated_by_the_clock_that_stands(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	ask(c, &s, "POST /health", "{}");
	assert_int_equal(hear(c), 200);
	assert_non_null(strstr(c->headers, "\r\nDate: Mon, 05 Jan 2026 12:00:00 GMT\r\n"));
}

static void a_connection_is_kept_for_the_next_request(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	for (int i = 0; i < 3; i++) {
		ask(c, &s, "POST /t/echo", "{'say':'%d'}", i);
		assert_int_equal(hear(c), 200);
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
	ask(c, &s, "GET /t/echo?say=a%26b%3Dc+d%C3%A4&_strict=true", "%s", "");
	assert_int_equal(hear(c), 200);
	assert_text(c->body, "{\"say\":\"a&b=c dä\",\"ok\":true}");
	ask(c, &s, "DELETE http://keyrackd/t/echo?say=x", "%s", "");
	assert_int_equal(hear(c), 200);
	assert_text(c->body, "{\"say\":\"x\",\"ok\":true}");
}

static void head_has_no_body_and_a_wrong_method_says_which_are_right(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	ask(c, &s, "HEAD /t/echo", "%s", "");
	assert_int_equal(hear_some(c, true), 200);
	ask(c, &s, "PUT /t/echo", "{}");
	assert_int_equal(hear(c), 405);
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
	say(c, all->str);
	for (int i = 0; i < 20; i++) {
		g_autofree char *want = g_strdup_printf("{\"say\":\"%d\",\"ok\":true}", i);

		assert_int_equal(hear(c), 200);
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
		say_bytes(c, p, 1);
	assert_int_equal(hear(c), 200);
	assert_text(c->body, "{\"say\":\"x\",\"ok\":true}");
}

static void who_says_nothing_is_hung_up_on(void **state)
{
	SITE s = site_of((struct http_options){ .silence_s_max = 1 });
	OWN(client) struct client *mute = client_new(&s);
	OWN(client) struct client *half = client_new(&s);

	(void)state;
	say(half, "POST /t/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
	assert_true(hears_the_end(mute));
	assert_true(hears_the_end(half));
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

		say(c, halves[i]);
		client_free(c);
		for (int k = 0; k < 1000 && http_counts(s.http).connections_now > 0; k++)
			turn_once();
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

		say(c, bad[i]);
		status = hear(c);
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

		say(c, all);
		ROW_INT(lengths[i], hear(c), 400);
	}
}

static void a_large_answer_comes_whole(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	ask(c, &s, "POST /t/large", "{}");
	assert_int_equal(hear(c), 200);
	assert_true(strlen(c->body) > 1000000);
	assert_true(g_str_has_suffix(c->body, "\"odd\":99999,\"ok\":true}"));
}

/* ---- limits ---- */

static void is_turned_away(struct client *c, int status, const char *type)
{
	g_autofree char *want = g_strdup_printf("\"type\":\"%s\"", type);

	assert_int_equal(hear(c), status);
	if (!strstr(c->body, want) || !strstr(c->body, "\"ok\":false"))
		fail_msg("%s", c->body);
	assert_non_null(strstr(c->headers, "seam-request-id: "));
	assert_true(hears_the_end(c));
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

		say(c, head);
		for (int k = 0; k < rows[i].chunks; k++) {
			say(c, rows[i].chunked ? "3e8\r\n" : "");
			say(c, kilo);
			say(c, rows[i].chunked ? "\r\n" : "");
		}
		say(c, rows[i].chunked ? "0\r\n\r\n" : "");
		is_turned_away(c, 413, "payload_too_large");
	}
	assert_int_equal(http_counts(s.http).turned_away, G_N_ELEMENTS(rows));
}

static void a_body_of_the_limit_is_taken(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);
	g_autofree char *spaces = g_strnfill(BODY_MAX - 2, ' ');

	(void)state;
	ask(c, &s, "POST /t/echo", "{%s}", spaces);
	assert_int_equal(hear(c), 200);
	ask(c, &s, "POST /t/echo", "{ %s}", spaces);
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
	say(c, head);
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
			ask(c[k], &s, "POST /t/echo", "{}");
			if (k < 3)
				assert_int_equal(hear(c[k]), 200);
		}
		is_turned_away(c[3], 503, "service_unavailable");
		client_free(c[3]);
		client_free(c[0]);
		while (http_counts(s.http).connections_now > 2)
			turn_once();
		c[0] = client_new(&s);
		ask(c[0], &s, "POST /t/echo", "{}");
		assert_int_equal(hear(c[0]), 200);
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
		turn_once();
	}
	for (int round = 0; round < 2; round++) {
		FOR_ROWS (i, c)
			ask(c[i], &s, "POST /t/echo", "{'say':'%zu'}", i);
		FOR_ROWS (i, c) {
			g_autofree char *want = g_strdup_printf("{\"say\":\"%zu\",\"ok\":true}", i);

			assert_int_equal(hear(c[i]), 200);
			assert_text(c[i]->body, want);
		}
	}
	FOR_ROWS (i, c)
		client_free(c[i]);
}

/* ---- calls that wait ---- */

static void wait_until_it_waits(void)
{
	int64_t until = g_get_monotonic_time() + DEADLINE_US;

	while (!waiting && g_get_monotonic_time() < until)
		turn_once();
	assert_non_null(waiting);
}

static void a_call_that_waits_holds_nobody_up(void **state)
{
	SITE s = site_of((struct http_options){ .silence_s_max = 1 });
	OWN(client) struct client *patient = client_new(&s);
	OWN(client) struct client *other = client_new(&s);

	(void)state;
	ask(patient, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	assert_false(http_idle(s.http));
	assert_true(hears_the_end(other)); /* a second of silence, which the one that waits may have */
	call_finish(waiting, CALL_DONE);
	assert_int_equal(hear(patient), 200);
	assert_true(http_idle(s.http));
	ask(patient, &s, "POST /t/echo", "{}");
	assert_int_equal(hear(patient), 200);
}

static void a_client_that_goes_cancels_its_call(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	struct client *c = client_new(&s);

	(void)state;
	ask(c, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	client_free(c);
	for (int i = 0; i < 1000 && !http_idle(s.http); i++)
		turn_once();
	assert_int_equal(unhooked, 1);
	assert_true(http_idle(s.http));
	assert_int_equal(http_counts(s.http).connections_now, 0);
}

static void what_is_sent_ahead_of_a_waiting_answer_is_answered_after_it(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *c = client_new(&s);

	(void)state;
	ask(c, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	ask(c, &s, "POST /t/echo", "{'say':'next'}");
	turn_once();
	call_finish(waiting, CALL_DONE);
	assert_int_equal(hear(c), 200);
	assert_int_equal(hear(c), 200);
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
	ask(patient, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	say(half, "POST /t/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
	ask(reader, &s, "POST /t/large", "{}");
	turn_once();
	http_free(s.http);
	s.http = NULL;
	assert_int_equal(unhooked, 1);
	assert_true(hears_the_end(patient));
	assert_true(hears_the_end(half));
	assert_false(g_file_test(s.path, G_FILE_TEST_EXISTS));
}

static void who_no_longer_listens_still_answers(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	OWN(client) struct client *patient = client_new(&s);
	OWN(client) struct client *idle = client_new(&s);
	g_autoptr(GSocketAddress) at = address_of(&s);
	g_autoptr(GSocket) late = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);

	(void)state;
	ask(patient, &s, "POST /t/wait", "{}");
	wait_until_it_waits();
	http_stop_listening(s.http);
	assert_false(g_socket_connect(late, at, NULL, NULL));
	call_finish(waiting, CALL_DONE);
	assert_int_equal(hear(patient), 200);
	assert_non_null(strstr(patient->headers, "Connection: close"));
	assert_true(hears_the_end(patient));
	ask(idle, &s, "POST /t/echo", "{}");
	assert_int_equal(hear(idle), 200);
	assert_true(hears_the_end(idle));
}

/* ---- where it listens ---- */

static void a_unix_socket_is_for_owner_and_group(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	struct stat st;

	(void)state;
	assert_int_equal(stat(s.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_true(g_str_has_prefix(http_endpoint(s.http), "unix:/"));
}

static void a_socket_left_behind_is_taken_over_and_a_living_one_is_not(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	g_autofree char *listen = g_strconcat("unix:", s.path, NULL);
	struct http_options opt = { .listen = listen };
	g_autoptr(GError) err = NULL;
	g_autoptr(GSocketAddress) at = address_of(&s);
	g_autoptr(GSocket) dead = NULL;

	(void)state;
	assert_null(http_new(s.rig->server, &opt, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
	http_free(s.http);
	dead = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
	assert_true(g_socket_bind(dead, at, FALSE, NULL));
	g_socket_close(dead, NULL);
	assert_true(g_file_test(s.path, G_FILE_TEST_EXISTS));
	s.http = http_new(s.rig->server, &opt, NULL);
	assert_non_null(s.http);
}

static const struct listen_row {
	const char *listen, *cert, *key;
	int code;
} refused[] = {
	{ "0.0.0.0:0", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "[::]:0", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "192.0.2.1:7171", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "7171", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:70000", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:-1", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "::1:7171", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "unix:", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "unix:relative", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "unix:/no/such/folder/s", NULL, NULL, KEYRACK_ERROR_IO },
	{ "unix:/dev/null", NULL, NULL, KEYRACK_ERROR_IO },
	{ "", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ NULL, NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:0", "/dev/null", NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:0", "/no/such/file", "/no/such/file", KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:0", "/dev/null", "/dev/null", KEYRACK_ERROR_CONFIG },
	{ "unix:/tmp/never-made", "/dev/null", "/dev/null", KEYRACK_ERROR_CONFIG },
};

static void what_makes_no_sense_is_said_at_the_start(void **state)
{
	OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = august_lock\n");

	(void)state;
	FOR_ROWS (i, refused) {
		struct http_options opt = { .listen = refused[i].listen,
					    .tls_cert = refused[i].cert,
					    .tls_key = refused[i].key };
		g_autoptr(GError) err = NULL;
		const char *name = refused[i].listen ? refused[i].listen : "(none)";

		ROW_INT(name, http_new(r->server, &opt, &err) == NULL, true);
		ROW_INT(name, err->code, refused[i].code);
	}
}

static void a_port_in_use_is_said(void **state)
{
	SITE s = site_of((struct http_options){ .listen = "127.0.0.1:0" });
	g_autofree char *same = g_strdup(http_endpoint(s.http) + strlen("http://"));
	struct http_options opt = { .listen = same };
	g_autoptr(GError) err = NULL;

	(void)state;
	assert_false(g_str_has_suffix(same, ":0"));
	assert_null(http_new(s.rig->server, &opt, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
}

/* ---- TLS ---- */

static void on_exit_of(GObject *process, GAsyncResult *result, gpointer done)
{
	g_subprocess_wait_finish(G_SUBPROCESS(process), result, NULL);
	*(bool *)done = true;
}

static void tls_is_spoken_with_certificate_files(void **state)
{
	g_autofree char *openssl = g_find_program_in_path("openssl");
	g_autofree char *curl = g_find_program_in_path("curl");
	g_autofree char *folder = g_dir_make_tmp("keyrack-tls-XXXXXX", NULL);
	g_autofree char *cert = g_build_filename(folder, "cert.pem", NULL);
	g_autofree char *key = g_build_filename(folder, "key.pem", NULL);
	g_autofree char *at = NULL;
	const char *out;
	gsize len;

	(void)state;
	if (!openssl || !curl) {
		print_message("no %s: TLS is not tried\n", openssl ? "curl" : "openssl");
		g_rmdir(folder);
		skip();
	}
	g_autoptr(GSubprocess) make = g_subprocess_new(
		G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, openssl, "req", "-x509", "-newkey", "ec",
		"-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
		"/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
		cert, NULL);
	assert_true(g_subprocess_wait_check(make, NULL, NULL));
	{
		SITE s = site_of((struct http_options){
			.listen = "127.0.0.1:0", .tls_cert = cert, .tls_key = key });
		bool done = false;

		assert_true(g_str_has_prefix(http_endpoint(s.http), "https://127.0.0.1:"));
		at = g_strconcat(http_endpoint(s.http), "/t/open", NULL);
		g_autoptr(GSubprocess) client =
			g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, curl, "-sS",
					 "--noproxy", "*", "--cacert", cert, at, at, NULL);
		g_subprocess_wait_async(client, NULL, on_exit_of, &done);
		until_true(&done);
		g_autoptr(GBytes) got = g_input_stream_read_bytes(
			g_subprocess_get_stdout_pipe(client), 4096, NULL, NULL);
		out = g_bytes_get_data(got, &len);
		assert_int_equal(len, 2 * strlen("{\"say\":null,\"ok\":true}"));
		assert_memory_equal(out, "{\"say\":null,\"ok\":true}", len / 2);
	}
	g_unlink(cert);
	g_unlink(key);
	g_rmdir(folder);
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
		cmocka_unit_test(a_unix_socket_is_for_owner_and_group),
		cmocka_unit_test(a_socket_left_behind_is_taken_over_and_a_living_one_is_not),
		cmocka_unit_test(what_makes_no_sense_is_said_at_the_start),
		cmocka_unit_test(a_port_in_use_is_said),
		cmocka_unit_test(tls_is_spoken_with_certificate_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
