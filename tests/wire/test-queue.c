/* The queue: order, bounds, taking back, walks, and callbacks that do surprising things. */
#include "tests/wire/harness.h"

#include <string.h>

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\":true}"

#define HOLD_STEP { STEP_HOLD, OK, 0 }
#define SAY_STEP { STEP_SAY, OK, 0 }
#define BUSY_STEP { STEP_SAY, "HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n", 0 }
static const struct step HOLD = HOLD_STEP, SAY = SAY_STEP, BUSY = BUSY_STEP;

/* Runs the main loop until the server has got that many requests. */
static void await_requests(const struct server *server, int wanted)
{
	gint64 late = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

	while (server_requests(server) < wanted && g_get_monotonic_time() < late)
		g_main_context_iteration(NULL, FALSE);
	assert_int_equal(server_requests(server), wanted);
}

static void no_more_than_parallel_are_under_way_and_changes_go_first(void **state)
{
	struct server *server = server_new(&HOLD, 1, NULL);
	struct wire_config config = { .parallel = 2 };
	struct wire_client *client = client_of(server, &config);
	struct seen reads[4] = { 0 }, change = { 0 };
	struct wire_stats stats;

	(void)state;
	for (int i = 0; i < 4; i++)
		wire_call(client, WIRE_READ, "/read", NULL, seen_done, &reads[i]);
	await_requests(server, 2);
	wire_call(client, WIRE_CHANGE, "/change", NULL, seen_done, &change);
	settle();
	stats = wire_client_stats(client);
	assert_int_equal(server_holding(server), 2);
	assert_int_equal(stats.under_way, 2);
	assert_int_equal(stats.waiting, 3);

	server_release(server);
	await_requests(server, 4);
	assert_true(strstr(server_request(server, 2), "/change") ||
		    strstr(server_request(server, 3), "/change"));
	server_release(server);
	await_requests(server, 5);
	server_release(server);
	await(&reads[3].times, 1);
	stats = wire_client_stats(client);
	assert_int_equal(stats.under_way + stats.waiting, 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(reads[i].times, 1);
		seen_clear(&reads[i]);
	}
	assert_int_equal(change.times, 1);
	seen_clear(&change);
	wire_client_free(client);
	server_free(server);
}

static void a_call_that_waits_takes_no_turn_and_may_be_silent(void **state)
{
	static const struct step STEPS[] = { HOLD_STEP, SAY_STEP, { STEP_SILENT, NULL, 0 } };
	struct server *server = server_new(STEPS, 3, NULL);
	struct wire_config config = { .parallel = 1, .timeout_ms = 40 };
	struct wire_client *client = client_of(server, &config);
	struct seen wait = { 0 }, beside = { 0 }, silent = { 0 };

	(void)state;
	wire_call(client, WIRE_WAIT, "/wait", NULL, seen_done, &wait);
	await_requests(server, 1);
	wire_call(client, WIRE_READ, "/beside", NULL, seen_done, &beside);
	await(&beside.times, 1);
	assert_int_equal(beside.outcome, WIRE_OK);
	wire_call(client, WIRE_READ, "/silent", NULL, seen_done, &silent);
	await(&silent.times, 1); /* three times-out of the client's later */
	assert_int_equal(silent.outcome, WIRE_LOST);
	assert_int_equal(wait.times, 0);
	server_release(server);
	await(&wait.times, 1);
	assert_int_equal(wait.outcome, WIRE_OK);
	assert_int_equal(wire_client_stats(client).under_way, 0);
	seen_clear(&wait);
	seen_clear(&beside);
	seen_clear(&silent);
	wire_client_free(client);
	server_free(server);
}

static void a_call_that_waits_is_sent_once_and_can_be_taken_back(void **state)
{
	static const struct step STEPS[] = { BUSY_STEP, HOLD_STEP };
	struct server *server = server_new(STEPS, 2, NULL);
	struct wire_client *client = client_of(server, NULL);
	struct seen lost = { 0 }, back = { 0 };
	unsigned number;

	(void)state;
	wire_call(client, WIRE_WAIT, "/wait", NULL, seen_done, &lost);
	await(&lost.times, 1);
	assert_int_equal(lost.outcome, WIRE_LOST);
	assert_int_equal(wire_client_stats(client).waiting, 0);
	number = wire_call(client, WIRE_WAIT, "/wait", NULL, seen_done, &back);
	await_requests(server, 2);
	wire_cancel(client, number);
	assert_int_equal(back.times, 1);
	assert_int_equal(back.outcome, WIRE_CANCELLED);
	assert_int_equal(wire_client_stats(client).under_way, 0);
	seen_clear(&lost);
	seen_clear(&back);
	wire_client_free(client);
	server_free(server);
}

static void what_is_taken_back_is_answered_once(void **state)
{
	static const struct step STEPS[] = {
		{ STEP_SAY, "HTTP/1.1 429 x\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n", 0 },
		{ STEP_HOLD, OK, 0 },
	};
	struct server *server = server_new(STEPS, 2, NULL);
	struct wire_config config = { .parallel = 1 };
	struct wire_client *client = client_of(server, &config);
	struct seen retried = { 0 }, under_way = { 0 }, queued = { 0 };
	unsigned numbers[3];

	(void)state;
	numbers[0] = wire_call(client, WIRE_READ, "/1", NULL, seen_done, &retried);
	numbers[1] = wire_call(client, WIRE_CHANGE, "/2", NULL, seen_done, &under_way);
	wire_cancel(client, numbers[1]);
	assert_int_equal(under_way.times, 1);
	seen_clear(&under_way);
	await_requests(server, 1);
	numbers[1] = wire_call(client, WIRE_READ, "/2", NULL, seen_done, &under_way);
	await_requests(server, 2);
	numbers[2] = wire_call(client, WIRE_READ, "/3", NULL, seen_done, &queued);
	settle();
	assert_int_equal(wire_client_stats(client).waiting, 2);
	for (int i = 0; i < 3; i++) {
		wire_cancel(client, numbers[i]);
		wire_cancel(client, numbers[i]);
	}
	settle();
	assert_int_equal(retried.times + under_way.times + queued.times, 3);
	assert_int_equal(retried.outcome, WIRE_CANCELLED);
	assert_int_equal(under_way.outcome, WIRE_CANCELLED);
	assert_int_equal(queued.outcome, WIRE_CANCELLED);
	assert_int_equal(wire_client_stats(client).waiting, 0);
	assert_int_equal(wire_client_stats(client).under_way, 0);
	wire_cancel(client, 12345);
	wire_client_free(client);
	seen_clear(&retried);
	seen_clear(&under_way);
	seen_clear(&queued);
	server_free(server);
}

static void freeing_answers_all(void **state)
{
	struct server *server = server_new(&HOLD, 1, NULL);
	struct wire_config config = { .parallel = 1 };
	struct wire_client *client = client_of(server, &config);
	struct seen seen[3] = { 0 };

	(void)state;
	wire_call(client, WIRE_READ, "/1", NULL, seen_done, &seen[0]);
	wire_call(client, WIRE_CHANGE, "/2", NULL, seen_done, &seen[1]);
	wire_walk(client, "/3", NULL, "x", seen_page, seen_done, &seen[2]);
	await_requests(server, 1);
	wire_client_free(client);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(seen[i].times, 1);
		assert_int_equal(seen[i].outcome, WIRE_CANCELLED);
		seen_clear(&seen[i]);
	}
	server_free(server);
	wire_client_free(NULL);
}

/* ---- callbacks that do what they like ---- */

struct meddler {
	struct wire_client *client;
	unsigned other;
	bool free, cancel;
	int answers;
	int pages;
	enum wire_outcome outcome;
	struct seen seen;
};

static void meddle(struct meddler *m)
{
	bool cancel = m->cancel, free = m->free;

	m->cancel = m->free = false; /* once: either answers others, who come here too */
	if (cancel)
		wire_cancel(m->client, m->other);
	if (free)
		wire_client_free(m->client);
}

static void meddling_done(const struct wire_answer *a, void *ctx)
{
	struct meddler *m = ctx;
	char *message = g_strdup(a->message);
	enum wire_outcome outcome = a->outcome;

	m->answers++;
	m->outcome = outcome;
	meddle(m);
	assert_int_equal(a->outcome, outcome); /* the answer outlives the client */
	if (message)
		assert_string_equal(a->message, message);
	g_free(message);
}

static void meddling_page(json_t *list, const struct wire_answer *a, void *ctx)
{
	struct meddler *m = ctx;

	m->pages++;
	meddle(m);
	assert_int_equal(json_array_size(list), json_array_size(json_object_get(a->body, "x")));
}

static void a_callback_may_free_the_client(void **state)
{
	static const struct step *const FIRST[] = { &SAY, &BUSY };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(FIRST); i++) {
		struct server *server = server_new(FIRST[i], 1, NULL);
		struct meddler m = { .client = client_of(server, NULL), .free = true };

		wire_call(m.client, WIRE_CHANGE, "/1", NULL, meddling_done, &m);
		wire_call(m.client, WIRE_CHANGE, "/2", NULL, meddling_done, &m);
		wire_call(m.client, WIRE_READ, "/3", NULL, meddling_done, &m);
		await(&m.answers, 3);
		settle();
		assert_int_equal(m.answers, 3);
		server_free(server);
	}
}

static void a_callback_may_call_again(void **state)
{
	struct server *server = server_new(&SAY, 1, NULL);
	struct meddler m = { .client = client_of(server, NULL) };

	(void)state;
	for (int i = 1; i <= 3; i++) {
		wire_call(m.client, WIRE_CHANGE, "/1", NULL, meddling_done, &m);
		await(&m.answers, i);
	}
	m.other = wire_call(m.client, WIRE_READ, "/2", NULL, seen_done, &m.seen);
	m.cancel = true;
	wire_call(m.client, WIRE_CHANGE, "/1", NULL, meddling_done, &m);
	await(&m.answers, 4);
	assert_int_equal(m.seen.times, 1);
	wire_client_free(m.client);
	seen_clear(&m.seen);
	server_free(server);
}

/* ---- walks ---- */

#define PAGE(list, cursor) "{\"x\":" list ",\"pagination\":{\"next_page_cursor\":" cursor "}}"

static const struct walked {
	const char *name;
	const char *bodies[4];
	enum wire_outcome outcome;
	const char *items;
	int requests;
	const char *last_request; /* the end of it */
} WALKED[] = {
	{ "three pages",
	  { PAGE("[\"a\",\"b\"]", "\"p2\""), PAGE("[\"c\"]", "\"p3\""), PAGE("[\"d\"]", "null") },
	  WIRE_OK,
	  "abcd",
	  3,
	  "{\"limit\":2,\"page_cursor\":\"p3\"}" },
	{ "an empty list", { PAGE("[]", "null") }, WIRE_OK, "", 1, "{\"limit\":2}" },
	{ "no pagination", { "{\"x\":[\"a\"]}" }, WIRE_OK, "a", 1, NULL },
	{ "pagination is null", { "{\"x\":[\"a\"],\"pagination\":null}" }, WIRE_OK, "a", 1, NULL },
	{ "the cursor is no text", { PAGE("[\"a\"]", "7") }, WIRE_OK, "a", 1, NULL },
	{ "a cursor, and no next page",
	  { "{\"x\":[\"a\"],\"pagination\":{\"next_page_cursor\":\"p\","
	    "\"has_next_page\":false}}" },
	  WIRE_OK,
	  "a",
	  1,
	  NULL },
	{ "the same cursor again", { PAGE("[\"a\"]", "\"p\""), PAGE("[\"b\"]", "\"p\"") }, WIRE_OK, "ab", 2, NULL },
	{ "cursors in a circle",
	  { PAGE("[\"a\"]", "\"p\""), PAGE("[\"b\"]", "\"q\""), PAGE("[\"c\"]", "\"p\"") },
	  WIRE_OK,
	  "abc",
	  3,
	  NULL },
	{ "the same page again",
	  { PAGE("[\"a\"]", "\"p\""), PAGE("[\"a\"]", "\"q\""), PAGE("[\"b\"]", "null") },
	  WIRE_LOST,
	  "a",
	  2,
	  NULL },
	{ "pages of nothing",
	  { PAGE("[]", "\"p\""), PAGE("[]", "\"q\""), PAGE("[\"b\"]", "null") },
	  WIRE_OK,
	  "b",
	  3,
	  NULL },
	{ "the list is missing", { "{\"ok\":true}" }, WIRE_LOST, NULL, 1, NULL },
	{ "the list is none", { "{\"x\":{}}" }, WIRE_LOST, NULL, 1, NULL },
	{ "the second page fails", { PAGE("[\"a\"]", "\"p\""), NULL }, WIRE_REFUSED, "a", 2, NULL },
};

static void a_walk_ends_after_the_last_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(WALKED); i++) {
		const struct walked *row = &WALKED[i];
		struct step steps[4];
		struct server *server;
		struct wire_client *client;
		struct seen seen = { 0 };
		json_t *params = json_pack("{s:i}", "limit", 2);

		print_message("  %s\n", row->name);
		for (size_t j = 0; j < G_N_ELEMENTS(steps); j++)
			steps[j] = (struct step){ .kind = STEP_SAY, .bytes = row->bodies[j] ?
				http_answer(200, NULL, row->bodies[j]) : http_answer(400, NULL, "") };
		server = server_new(steps, G_N_ELEMENTS(steps), NULL);
		client = client_of(server, NULL);
		wire_walk(client, "/list", params, "x", seen_page, seen_done, &seen);
		json_object_clear(params);
		json_decref(params);
		await(&seen.times, 1);
		settle();
		assert_int_equal(seen.outcome, row->outcome);
		assert_int_equal(server_requests(server), row->requests);
		assert_int_equal(!!seen.items, !!row->items);
		if (row->items)
			assert_string_equal(seen.items->str, row->items);
		if (row->last_request)
			assert_true(g_str_has_suffix(server_request(server, row->requests - 1),
						     row->last_request));
		wire_client_free(client);
		seen_clear(&seen);
		server_free(server);
		for (size_t j = 0; j < G_N_ELEMENTS(steps); j++)
			g_free((void *)(uintptr_t)steps[j].bytes);
	}
}

static void a_walk_may_be_ended_from_its_page(void **state)
{
	static const struct { bool cancel, free; int end_after; } ROWS[] = {
		{ true, false, 1 }, { false, true, 1 }, /* the next page is on its way */
		{ true, false, 2 }, { false, true, 2 }, /* there is none */
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		char *first = http_answer(200, NULL, PAGE("[\"a\"]", "\"p\""));
		char *last = http_answer(200, NULL, PAGE("[\"b\"]", "null"));
		const struct step steps[] = { { STEP_SAY, first, 0 }, { STEP_SAY, last, 0 } };
		struct server *server = server_new(steps, 2, NULL);
		struct meddler m = { .client = client_of(server, NULL) };

		m.other = wire_walk(m.client, "/list", NULL, "x", meddling_page, meddling_done, &m);
		await(&m.pages, ROWS[i].end_after - 1);
		m.cancel = ROWS[i].cancel;
		m.free = ROWS[i].free;
		await(&m.answers, 1);
		settle();
		assert_int_equal(m.pages, ROWS[i].end_after);
		assert_int_equal(m.answers, 1);
		assert_int_equal(m.outcome, WIRE_CANCELLED);
		if (!ROWS[i].free)
			wire_client_free(m.client);
		server_free(server);
		g_free(first);
		g_free(last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_parallel_are_under_way_and_changes_go_first),
		cmocka_unit_test(a_call_that_waits_takes_no_turn_and_may_be_silent),
		cmocka_unit_test(a_call_that_waits_is_sent_once_and_can_be_taken_back),
		cmocka_unit_test(what_is_taken_back_is_answered_once),
		cmocka_unit_test(freeing_answers_all),
		cmocka_unit_test(a_callback_may_free_the_client),
		cmocka_unit_test(a_callback_may_call_again),
		cmocka_unit_test(a_walk_ends_after_the_last_page),
		cmocka_unit_test(a_walk_may_be_ended_from_its_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
