/* Long answers are parsed beside the main loop: what they say, and that nobody is answered twice, or never, whatever is
 * done meanwhile. */
#include "tests/wire/harness.h"

#include <string.h>

#include "wire/judge.h"

#define LONG "{\"x\":[\"%s\"],\"error\":{\"type\":\"t\",\"message\":\"%s\"}}"

static char *long_answer(int status, const char *message)
{
	g_autofree char *filling = g_strnfill(2 * JUDGE_BYTES, 'a');
	g_autofree char *body = g_strdup_printf(LONG, filling, message);

	return http_answer(status, NULL, body);
}

/* Until the answer is whole and nobody has been told: it lies with the judge. Its end is a turn of the main loop of
 * its own, so it cannot be missed. */
static void await_hearing(const struct wire_client *client)
{
	gint64 late = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

	while (wire_client_stats(client).bytes < (int64_t)JUDGE_BYTES && g_get_monotonic_time() < late)
		g_main_context_iteration(NULL, TRUE);
}

static void a_long_answer_says_what_a_short_one_does(void **state)
{
	static const struct {
		int status;
		enum wire_outcome outcome;
		const char *message;
	} rows[] = {
		{ 200, WIRE_OK, NULL },
		{ 400, WIRE_REFUSED, "no such door" },
		{ 500, WIRE_LOST, "no such door" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *answer = long_answer(rows[i].status, "no such door");
		struct step say = { STEP_SAY, answer, 0 };
		struct server *server = server_new(&say, 1, NULL);
		struct seen seen = { 0 };

		ask(server, (struct wire_config){ 0 }, WIRE_CHANGE, &seen);
		assert_int_equal(seen.outcome, rows[i].outcome);
		assert_int_equal(seen.status, rows[i].status);
		assert_true(seen.bytes > (int64_t)(2 * JUDGE_BYTES));
		assert_true(strlen(seen.body) > 2 * JUDGE_BYTES);
		if (rows[i].message)
			assert_non_null(strstr(seen.message, rows[i].message));
		seen_clear(&seen);
		server_free(server);
	}
}

enum meanwhile { CANCELLED, FREED, FREED_BY_THE_ANSWER, NOTHING };

struct party {
	struct wire_client *client;
	struct seen seen;
	bool frees;
};

static void party_done(const struct wire_answer *a, void *ctx)
{
	struct party *p = ctx;

	if (p->frees)
		wire_client_free(p->client);
	seen_done(a, &p->seen); /* the answer outlives the client */
}

static void what_is_judged_is_answered_once(void **state)
{
	static const struct {
		enum meanwhile meanwhile;
		enum wire_outcome outcome;
	} rows[] = {
		{ NOTHING, WIRE_OK },
		{ CANCELLED, WIRE_CANCELLED },
		{ FREED, WIRE_CANCELLED },
		{ FREED_BY_THE_ANSWER, WIRE_OK },
	};
	g_autofree char *answer = long_answer(200, "");
	struct step say = { STEP_SAY, answer, 0 };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct server *server = server_new(&say, 1, NULL);
		struct party p = { .client = client_of(server, NULL) };
		unsigned number = wire_call(p.client, WIRE_READ, "/x", NULL, party_done, &p);

		print_message("  %d\n", (int)rows[i].meanwhile);
		await_hearing(p.client);
		assert_int_equal(p.seen.times, 0);
		assert_int_equal(wire_client_stats(p.client).under_way, 0);
		p.frees = rows[i].meanwhile == FREED_BY_THE_ANSWER;
		if (rows[i].meanwhile == CANCELLED)
			wire_cancel(p.client, number);
		else if (rows[i].meanwhile == FREED)
			wire_client_free(p.client);
		await(&p.seen.times, 1);
		settle();
		if (rows[i].meanwhile == NOTHING || rows[i].meanwhile == CANCELLED) {
			/* It goes on as if nothing had been. */
			struct seen next = { 0 };

			wire_call(p.client, WIRE_READ, "/y", NULL, seen_done, &next);
			await(&next.times, 1);
			assert_int_equal(next.outcome, WIRE_OK);
			seen_clear(&next);
			wire_client_free(p.client);
		}
		assert_int_equal(p.seen.times, 1);
		assert_int_equal(p.seen.outcome, rows[i].outcome);
		seen_clear(&p.seen);
		server_free(server);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_answer_says_what_a_short_one_does),
		cmocka_unit_test(what_is_judged_is_answered_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
