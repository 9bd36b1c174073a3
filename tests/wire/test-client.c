/* The client against a server that does what servers and networks do. */
#include "tests/wire/harness.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define KEY "seam_testkey_ABCDEFGH"
#define OK_BODY "{\"ok\":true}"
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" OK_BODY
#define ONE_OF(outcome) (1u << (outcome))

/* ---- one answer, judged ---- */

#define ERROR_BODY(type, message) "{\"error\":{\"type\":\"" type "\",\"message\":\"" message "\"}}"

/* "{"ok":true}" as gzip -n writes it. */
static const char GZIPPED[] =
	"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 31\r\n\r\n"
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\xca\xcf\x56\xb2\x2a\x29\x2a\x4d\xad\x05"
	"\x00\x90\x5f\xd4\xa7\x0b\x00\x00\x00";

static const struct judged {
	const char *name;
	const char *head;       /* status line's number and more headers */
	const char *body;
	enum wire_outcome outcome;
	int status;
	const char *type;
	const char *message;    /* somewhere in it */
	int64_t retry_after_ms;
	bool auth;
} JUDGED[] = {
	{ "success", "200 OK\r\n", OK_BODY, WIRE_OK, 200, NULL, NULL, 0, false },
	{ "success without ok", "201 x\r\n", "{\"a\":1}", WIRE_OK, 201, NULL, NULL, 0, false },
	{ "refusal with a reason", "400 x\r\n", ERROR_BODY("invalid_input", "ends_at must be in the future"),
	  WIRE_REFUSED, 400, "invalid_input", "ends_at must be in the future", 0, false },
	{ "a PIN in the reason is not shown", "409 x\r\n",
	  ERROR_BODY("duplicate_access_code", "Cannot set duplicate access code 1234"), WIRE_REFUSED, 409,
	  "duplicate_access_code", "Cannot set duplicate access code ••••", 0, false },
	{ "the key in the reason is not shown", "403 x\r\n", ERROR_BODY("x", "key " KEY " is no good"), WIRE_REFUSED,
	  403, "x", "key •••• is no good", 0, false },
	{ "wrong key", "401 x\r\n", ERROR_BODY("unauthorized", "API Key not found"), WIRE_REFUSED, 401,
	  "unauthorized", "does not accept the API key (401): API Key not found", 0, true },
	{ "wrong key, no words", "401 x\r\n", "", WIRE_REFUSED, 401, NULL,
	  "127.0.0.1 does not accept the API key (401)", 0, true },
	{ "no such route", "404 x\r\n", "404", WIRE_REFUSED, 404, NULL, "is the endpoint right?", 0, false },
	{ "a bare word is not an answer", "404 x\r\n", "nope", WIRE_REFUSED, 404, NULL,
	  "is the endpoint right? (404): nope", 0, false },
	{ "a bare word of a broken one", "500 x\r\n", "sorry", WIRE_LOST, 500, NULL, "(500): sorry", 0, false },
	{ "plain words", "400 x\r\n", "Invalid JSON", WIRE_REFUSED, 400, NULL, "Invalid JSON", 0, false },
	{ "a page for browsers", "403 x\r\n", "<html>forbidden</html>", WIRE_REFUSED, 403, NULL,
	  "does not allow this", 0, false },
	{ "redirect elsewhere", "301 x\r\nLocation: https://other.example/x\r\n", "", WIRE_LOST, 301, NULL,
	  "sends us on to other.example", 0, false },
	{ "redirect within", "302 x\r\nLocation: /login\r\n", "", WIRE_LOST, 302, NULL, "another address of its own",
	  0, false },
	{ "too often, seconds", "429 x\r\nRetry-After: 7\r\n", "", WIRE_LIMITED, 429, NULL, "asks for fewer requests",
	  7000, false },
	{ "too often, a date",
	  "429 x\r\nDate: Sun, 22 Nov 2026 20:00:00 GMT\r\n"
	  "Retry-After: Sun, 22 Nov 2026 20:01:30 GMT\r\n",
	  "", WIRE_LIMITED, 429, NULL, NULL, 90000, false },
	{ "outage", "503 x\r\n", "", WIRE_LOST, 503, NULL, "out of service", 0, false },
	{ "outage with an end", "503 x\r\nRetry-After: 30\r\n", "", WIRE_LOST, 503, NULL, NULL, 30000, false },
	{ "exception", "500 x\r\n",
	  "{\"error\":{\"type\":\"internal_server_error\",\"message\":\"oops\","
	  "\"stack\":\"at secret.js:1\"}}",
	  WIRE_LOST, 500, "internal_server_error", "oops", 0, false },
	{ "words that a terminal obeys", "500 x\r\n",
	  "{\"error\":{\"type\":\"x\",\"message\":\"a\\u001b]0;b\\u0007\\u202ec\"}}", WIRE_LOST, 500, "x",
	  "a\xe2\x90\x9b]0;b\xe2\x90\x87\xef\xbf\xbd"
	  "c",
	  0, false },
	{ "success that is an array", "200 x\r\n", "[]", WIRE_LOST, 200, NULL, "no JSON object", 0, false },
	{ "success that is no JSON", "200 x\r\n", "<html>", WIRE_LOST, 200, NULL, "no JSON object", 0, false },
	{ "success that is cut", "200 x\r\n", "{\"ok\":tr", WIRE_LOST, 200, NULL, "no JSON object", 0, false },
	{ "success that is empty", "204 x\r\n", "", WIRE_LOST, 204, NULL, "no JSON object", 0, false },
	{ "the proxy refuses", "407 x\r\n", "", WIRE_UNSENT, 407, NULL, "proxy", 0, false },
	{ "the server waited too long", "408 x\r\n", "", WIRE_LOST, 408, NULL, NULL, 0, false },
};

static void an_answer_is_judged_by_its_status_and_body(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(JUDGED); i++) {
		const struct judged *row = &JUDGED[i];
		g_autofree char *bytes = g_strdup_printf(
			"HTTP/1.1 %sContent-Length: %zu\r\n\r\n%s", row->head, strlen(row->body), row->body);
		struct step step = { STEP_SAY, bytes, 0 };
		struct server *server = server_new(&step, 1, NULL);
		struct seen seen = { 0 };

		print_message("  %s\n", row->name);
		ask(server, (struct wire_config){ .api_key = KEY }, WIRE_CHANGE, &seen);
		assert_int_equal(seen.outcome, row->outcome);
		assert_int_equal(seen.status, row->status);
		assert_int_equal(seen.auth, row->auth);
		assert_int_equal(seen.retry_after_ms, row->retry_after_ms);
		assert_int_equal(server_requests(server), 1);
		assert_int_equal(!!seen.type, !!row->type);
		if (row->type)
			assert_string_equal(seen.type, row->type);
		if (row->message && !strstr(seen.message, row->message))
			fail_msg("%s: '%s'", row->name, seen.message);
		if (seen.message) {
			assert_null(strstr(seen.message, KEY));
			assert_null(strstr(seen.message, "secret.js"));
		}
		seen_clear(&seen);
		server_free(server);
	}
}

/* ---- bytes on the way ---- */

static const struct carried {
	const char *name;
	struct step step;
	int64_t bytes;
} CARRIED[] = {
	{ "at once", { STEP_SAY, OK, 0 }, 11 },
	{ "byte by byte", { STEP_DRIP, OK, 0 }, 11 },
	{ "until the end of the connection",
	  { STEP_SAY_CLOSE, "HTTP/1.1 200 OK\r\n\r\n" OK_BODY, 0 }, 11 },
	{ "chunked", { STEP_SAY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "4\r\n{\"ok\r\n7\r\n\":true}\r\n0\r\n\r\n", 0 }, 11 },
	{ "compressed", { STEP_SAY, GZIPPED, sizeof GZIPPED - 1 }, 11 },
	{ "after '100 Continue'", { STEP_SAY, "HTTP/1.1 100 Continue\r\n\r\n" OK, 0 }, 11 },
};

static void an_answer_arrives_whole_however_it_is_carried(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(CARRIED); i++) {
		struct server *server = server_new(&CARRIED[i].step, 1, NULL);
		struct seen seen = { 0 };

		print_message("  %s\n", CARRIED[i].name);
		ask(server, (struct wire_config){ 0 }, WIRE_READ, &seen);
		assert_int_equal(seen.outcome, WIRE_OK);
		assert_string_equal(seen.body, OK_BODY);
		assert_int_equal(seen.bytes, CARRIED[i].bytes);
		seen_clear(&seen);
		server_free(server);
	}
}

/* ---- what goes wrong with a change ---- */

#define CUT "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ok\":"

static const struct failing {
	const char *name;
	struct step step;
	unsigned outcomes; /* any of these */
	int requests;
} FAILING[] = {
	/* Nobody can say whether the request was still on its way: both are right, twice is not. */
	{ "reset before it is read", { STEP_RESET_UNREAD, NULL, 0 },
	  ONE_OF(WIRE_LOST) | ONE_OF(WIRE_UNSENT), 0 },
	{ "closed after it is read", { STEP_SAY_CLOSE, "", 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "reset after it is read", { STEP_SAY_RESET, "", 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "no answer", { STEP_SILENT, NULL, 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "closed within the head", { STEP_SAY_CLOSE, "HTTP/1.1 200 OK\r\nConte", 0 },
	  ONE_OF(WIRE_LOST), 1 },
	{ "closed within the body", { STEP_SAY_CLOSE, CUT, 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "reset within the body", { STEP_SAY_RESET, CUT, 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "stalled within the body", { STEP_SAY, CUT, 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "not HTTP", { STEP_SAY_CLOSE, "220 mail.example ESMTP\r\n", 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "an endless body", { STEP_ENDLESS, "HTTP/1.1 200 OK\r\n\r\n{", 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "service unavailable",
	  { STEP_SAY, "HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n", 0 }, ONE_OF(WIRE_LOST), 1 },
	{ "too many requests",
	  { STEP_SAY, "HTTP/1.1 429 x\r\nContent-Length: 0\r\n\r\n", 0 }, ONE_OF(WIRE_LIMITED), 1 },
};

static const struct wire_config HASTY = {
	.timeout_ms = 150, .connect_timeout_ms = 150, .answer_bytes_max = 20000,
};

static void a_change_reaches_the_server_at_most_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(FAILING); i++) {
		const struct failing *row = &FAILING[i];
		struct server *server = server_new(&row->step, 1, NULL);
		struct seen seen = { 0 };

		print_message("  %s\n", row->name);
		ask(server, HASTY, WIRE_CHANGE, &seen);
		assert_true(row->outcomes & ONE_OF(seen.outcome));
		assert_int_equal(server_requests(server), row->requests);
		assert_int_equal(server_connections(server), 1);
		seen_clear(&seen);
		server_free(server);
	}
}

/* A kept connection that the server gives up just as the next request comes: libcurl sends it again
 * by itself on a new one. */
static void a_connection_that_dies_is_replaced_for_a_read_only(void **state)
{
	static const struct step STEPS[] = {
		{ STEP_SAY, OK, 0 }, { STEP_SAY_CLOSE, "", 0 }, { STEP_SAY, OK, 0 },
	};
	static const struct { enum wire_kind kind; enum wire_outcome outcome; int requests; } ROWS[] = {
		{ WIRE_READ, WIRE_OK, 3 },
		{ WIRE_CHANGE, WIRE_LOST, 2 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		struct server *server = server_new(STEPS, G_N_ELEMENTS(STEPS), NULL);
		struct wire_client *client = client_of(server, NULL);
		struct seen first = { 0 }, second = { 0 };

		wire_call(client, WIRE_READ, "/a", NULL, seen_done, &first);
		await(&first.times, 1);
		wire_call(client, ROWS[i].kind, "/b", NULL, seen_done, &second);
		await(&second.times, 1);
		assert_int_equal(second.outcome, ROWS[i].outcome);
		assert_int_equal(server_requests(server), ROWS[i].requests);
		wire_client_free(client);
		seen_clear(&first);
		seen_clear(&second);
		server_free(server);
	}
}

static void reads_share_a_connection(void **state)
{
	static const struct step STEP = { STEP_SAY, OK, 0 };
	struct server *server = server_new(&STEP, 1, NULL);
	struct wire_client *client = client_of(server, NULL);
	struct seen seen = { 0 };

	(void)state;
	for (int i = 1; i <= 5; i++) {
		seen_clear(&seen);
		wire_call(client, WIRE_READ, "/a", NULL, seen_done, &seen);
		await(&seen.times, 1);
	}
	assert_int_equal(server_connections(server), 1);
	assert_int_equal(server_requests(server), 5);
	assert_int_equal(wire_client_stats(client).requests, 5);
	assert_int_equal(wire_client_stats(client).bytes, 5 * 11);
	wire_client_free(client);
	seen_clear(&seen);
	server_free(server);
}

static void a_server_that_is_not_there_is_unsent(void **state)
{
	static const struct step STEP = { STEP_SAY, OK, 0 };
	struct server *server = server_new(&STEP, 1, NULL);
	g_autofree char *gone = g_strdup(server_endpoint(server));
	const char *const ENDPOINTS[] = { gone, "unix:/nonexistent/keyrack.sock" };

	(void)state;
	server_free(server);
	for (size_t i = 0; i < G_N_ELEMENTS(ENDPOINTS); i++) {
		struct wire_config config = { .endpoint = ENDPOINTS[i] };
		struct wire_client *client = wire_client_new(&config, NULL);
		struct seen seen = { 0 };

		wire_call(client, WIRE_CHANGE, "/x", NULL, seen_done, &seen);
		await(&seen.times, 1);
		assert_int_equal(seen.outcome, WIRE_UNSENT);
		assert_int_equal(seen.status, 0);
		assert_false(seen.tls);
		assert_non_null(strstr(seen.message, "cannot be reached"));
		wire_client_free(client);
		seen_clear(&seen);
	}
}

static void a_connection_that_never_stands_is_unsent(void **state)
{
	struct wire_config config = HASTY;
	struct seen seen = { 0 };
	struct wire_client *client;

	(void)state;
	/* TEST-NET-1 leads nowhere; some hosts refuse it at once, which is unsent as well. */
	config.endpoint = "http://192.0.2.1:9";
	client = wire_client_new(&config, NULL);
	g_setenv("no_proxy", "*", TRUE);
	wire_call(client, WIRE_CHANGE, "/x", NULL, seen_done, &seen);
	await(&seen.times, 1);
	assert_int_equal(seen.outcome, WIRE_UNSENT);
	wire_client_free(client);
	seen_clear(&seen);
}

/* ---- reads are tried again ---- */

#define BUSY "HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n"
#define NO "HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n"

static const struct retried {
	const char *name;
	struct step steps[4];
	enum wire_outcome outcome;
	int requests;
} RETRIED[] = {
	{ "a short outage", { { STEP_SAY, BUSY, 0 }, { STEP_SAY_RESET, "", 0 }, { STEP_SAY, OK, 0 } },
	  WIRE_OK, 3 },
	{ "a long outage", { { STEP_SAY, BUSY, 0 }, { STEP_SAY, BUSY, 0 }, { STEP_SAY, BUSY, 0 },
	  { STEP_SAY, OK, 0 } }, WIRE_LOST, 3 },
	{ "a refusal", { { STEP_SAY, NO, 0 }, { STEP_SAY, OK, 0 } }, WIRE_REFUSED, 1 },
	{ "an answer that is too large", { { STEP_ENDLESS, "HTTP/1.1 200 OK\r\n\r\n{", 0 },
	  { STEP_SAY, OK, 0 } }, WIRE_LOST, 1 },
	{ "a stall", { { STEP_SILENT, NULL, 0 }, { STEP_SAY, OK, 0 } }, WIRE_OK, 2 },
};

static void a_read_is_tried_three_times_when_that_may_help(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(RETRIED); i++) {
		const struct retried *row = &RETRIED[i];
		struct server *server = server_new(row->steps, G_N_ELEMENTS(row->steps), NULL);
		struct seen seen = { 0 };

		print_message("  %s\n", row->name);
		ask(server, HASTY, WIRE_READ, &seen);
		assert_int_equal(seen.outcome, row->outcome);
		assert_int_equal(server_requests(server), row->requests);
		seen_clear(&seen);
		server_free(server);
	}
}

/* Two hundred bytes at 3 ms each take longer than the time-out. */
static void a_slow_read_is_no_silent_one(void **state)
{
	g_autofree char *blank = g_strnfill(150, ' ');
	g_autofree char *body = g_strconcat(blank, OK_BODY, NULL);
	g_autofree char *bytes = http_answer(200, NULL, body);
	struct step step = { STEP_DRIP, bytes, 0 };
	struct server *server = server_new(&step, 1, NULL);
	struct seen seen = { 0 };

	(void)state;
	ask(server, (struct wire_config){ .timeout_ms = 250 }, WIRE_READ, &seen);
	assert_int_equal(seen.outcome, WIRE_OK);
	assert_int_equal(server_requests(server), 1);
	seen_clear(&seen);
	server_free(server);
}

/* ---- what is sent ---- */

static void a_request_has_the_key_and_the_parameters(void **state)
{
	static const struct step STEP = { STEP_SAY, OK, 0 };
	struct server *server = server_new(&STEP, 1, NULL);
	struct wire_config config = { .api_key = KEY, .workspace = "w-1" };
	struct wire_client *client = client_of(server, &config);
	json_t *params = json_pack("{s:s, s:n}", "name", "Zoë", "code");
	struct seen seen = { 0 };
	const char *request;

	(void)state;
	wire_call_for(client, wire_call(client, WIRE_CHANGE, "/access_codes/create", params, seen_done, &seen),
		      "In\303\251s\r\nx: y");
	json_object_set_new(params, "name", json_string("changed since"));
	json_decref(params);
	assert_int_equal(seen.times, 0);
	await(&seen.times, 1);
	request = server_request(server, 0);
	assert_true(g_str_has_prefix(request, "POST /access_codes/create HTTP/1.1\r\n"));
	assert_non_null(strstr(request, "\r\nAuthorization: Bearer " KEY "\r\n"));
	assert_non_null(strstr(request, "\r\nseam-workspace: w-1\r\n"));
	assert_non_null(strstr(request, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(request, "\r\nUser-Agent: keyrack/"));
	assert_non_null(strstr(request, "\r\nkeyrack-operator: In%C3%A9s%0D%0Ax%3A%20y\r\n"));
	assert_null(strstr(request, "Expect:"));
	assert_true(g_str_has_suffix(request, "\r\n\r\n{\"name\":\"Zoë\",\"code\":null}"));
	wire_client_free(client);
	seen_clear(&seen);
	server_free(server);
}

static void a_socket_and_a_prefix_are_endpoints_too(void **state)
{
	static const struct step STEP = { STEP_SAY, OK, 0 };
	g_autofree char *folder = g_dir_make_tmp("keyrack-wire-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "s.sock", NULL);
	struct server *local = server_new(&STEP, 1, path);
	struct server *server = server_new(&STEP, 1, NULL);
	g_autofree char *deep = g_strconcat(server_endpoint(server), "/seam/", NULL);
	struct wire_config config = { .endpoint = deep };
	struct wire_client *client = wire_client_new(&config, NULL);
	struct seen seen = { 0 };

	(void)state;
	ask(local, (struct wire_config){ 0 }, WIRE_READ, &seen);
	assert_int_equal(seen.outcome, WIRE_OK);
	seen_clear(&seen);
	wire_call(client, WIRE_READ, "/x", NULL, seen_done, &seen);
	await(&seen.times, 1);
	assert_true(g_str_has_prefix(server_request(server, 0), "POST /seam/x HTTP/1.1\r\n"));
	wire_client_free(client);
	seen_clear(&seen);
	server_free(local);
	server_free(server);
	g_rmdir(folder);
}

static void no_proxy_is_asked_for_this_computer(void **state)
{
	static const struct step STEP = { STEP_SAY, OK, 0 };
	struct server *server = server_new(&STEP, 1, NULL);
	struct seen seen = { 0 };

	(void)state;
	g_setenv("http_proxy", "http://127.0.0.1:1", TRUE);
	g_unsetenv("no_proxy");
	ask(server, (struct wire_config){ 0 }, WIRE_CHANGE, &seen);
	g_unsetenv("http_proxy");
	assert_int_equal(seen.outcome, WIRE_OK);
	seen_clear(&seen);
	server_free(server);
}

static void ids_dates_and_fields_of_an_answer_are_handed_over(void **state)
{
	static const char BODY[] =
		"{\"error\":{\"type\":\"invalid_input\",\"message\":\"bad\",\"validation_errors\":"
		"{\"_errors\":[],\"code\":{\"_errors\":[\"1234 is taken\"]}}},\"ok\":false}";
	g_autofree char *bytes = http_answer(400, "Seam-Request-Id:  r-9 \r\n"
					     "Date: Sun, 22 Nov 2026 20:00:00 GMT\r\n", BODY);
	struct step step = { STEP_SAY, bytes, 0 };
	struct server *server = server_new(&step, 1, NULL);
	struct seen seen = { 0 };

	(void)state;
	ask(server, (struct wire_config){ 0 }, WIRE_READ, &seen);
	assert_string_equal(seen.request_id, "r-9");
	assert_int_equal(seen.server_date.ms, INT64_C(1795377600000));
	assert_string_equal(seen.field_text, "•••• is taken");
	seen_clear(&seen);
	server_free(server);
}

static void an_endpoint_that_cannot_be_is_refused_with_a_reason(void **state)
{
	static const struct { struct wire_config config; const char *words; } ROWS[] = {
		{ { .endpoint = NULL }, "No endpoint" },
		{ { .endpoint = "" }, "No endpoint" },
		{ { .endpoint = "connect.getseam.com" }, "begin with https://" },
		{ { .endpoint = "ftp://x" }, "begin with https://" },
		{ { .endpoint = "file:///etc/passwd" }, "begin with https://" },
		{ { .endpoint = "https://x/?a=b" }, "query" },
		{ { .endpoint = "https://x/#a" }, "fragment" },
		{ { .endpoint = "https://me:secret@x/" }, "user name" },
		{ { .endpoint = "https://" }, "address" },
		{ { .endpoint = "http://x y" }, "spaces" },
		{ { .endpoint = "http://x:99999" }, "address" },
		{ { .endpoint = "unix:relative.sock" }, "absolute path" },
		{ { .endpoint = "unix:" }, "absolute path" },
		{ { .endpoint = "http://x", .api_key = "a\r\nb: c" }, "API key has a blank" },
		{ { .endpoint = "http://x", .workspace = "a b" }, "workspace has a blank" },
		{ { .endpoint = "https://x", .ca_file = "/nonexistent.pem" }, "/nonexistent.pem" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		g_autoptr(GError) err = NULL;

		assert_null(wire_client_new(&ROWS[i].config, &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
		if (!strstr(err->message, ROWS[i].words))
			fail_msg("row %zu: %s", i, err->message);
		assert_null(strstr(err->message, "secret"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_judged_by_its_status_and_body),
		cmocka_unit_test(an_answer_arrives_whole_however_it_is_carried),
		cmocka_unit_test(a_change_reaches_the_server_at_most_once),
		cmocka_unit_test(a_connection_that_dies_is_replaced_for_a_read_only),
		cmocka_unit_test(reads_share_a_connection),
		cmocka_unit_test(a_server_that_is_not_there_is_unsent),
		cmocka_unit_test(a_connection_that_never_stands_is_unsent),
		cmocka_unit_test(a_read_is_tried_three_times_when_that_may_help),
		cmocka_unit_test(a_slow_read_is_no_silent_one),
		cmocka_unit_test(a_request_has_the_key_and_the_parameters),
		cmocka_unit_test(a_socket_and_a_prefix_are_endpoints_too),
		cmocka_unit_test(no_proxy_is_asked_for_this_computer),
		cmocka_unit_test(ids_dates_and_fields_of_an_answer_are_handed_over),
		cmocka_unit_test(an_endpoint_that_cannot_be_is_refused_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
