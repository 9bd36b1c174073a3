/* fetch: a file from an address, bounded, and with a sentence that never has more of it than the host. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "server.h"
#include "wire/fetch.h"

struct outcome {
	bool done, same;
	char *body, *etag, *trouble;
};

static void on_done(const struct fetch_answer *a, void *ctx)
{
	struct outcome *o = ctx;

	assert_false(o->done);
	o->done = true;
	o->same = a->same;
	o->body = a->body ? g_strndup(a->body, a->len) : NULL;
	o->etag = g_strdup(a->etag);
	o->trouble = g_strdup(a->trouble);
}

static void outcome_clear(struct outcome *o)
{
	g_free(o->body);
	g_free(o->etag);
	g_free(o->trouble);
	*o = (struct outcome){ 0 };
}

static void get(const struct server *s, const char *etag, size_t bytes_max, int deadline_ms, struct outcome *o)
{
	g_autofree char *url = g_strdup_printf("%s/cal.ics?s=SECRET", server_endpoint(s));
	struct fetch_request r = { .url = url, .etag = etag, .bytes_max = bytes_max, .deadline_ms = deadline_ms };
	struct fetcher *f = fetcher_new(g_main_context_default());
	gint64 until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;

	fetcher_get(f, &r, on_done, o);
	while (!o->done && g_get_monotonic_time() < until)
		g_main_context_iteration(NULL, TRUE);
	assert_true(o->done);
	fetcher_free(f);
}

static void each_answer_is_told(void **state)
{
	static const struct {
		enum step_kind kind;
		int status;
		const char *headers, *said, *body, *trouble;
		bool same;
	} rows[] = {
		{ STEP_SAY, 200, "ETag: \"a1\"\r\n", "BEGIN", "BEGIN", NULL, false },
		{ STEP_SAY, 304, NULL, "", NULL, NULL, true },
		{ STEP_SAY, 403, NULL, "no", NULL, "127.0.0.1 refuses the address (403): is its secret still valid?",
		  false },
		{ STEP_SAY, 404, NULL, "no", NULL,
		  "127.0.0.1 has nothing at the address any more (404): make a new one there.", false },
		{ STEP_SAY, 500, NULL, "no", NULL, "127.0.0.1 answers 500.", false },
		{ STEP_SAY, 302, "Location: ftp://127.0.0.1/x?SECRET\r\n", "", NULL,
		  "127.0.0.1 sends to an address without https.", false },
		{ STEP_SAY, 200, NULL, "0123456789012345678901234567890123456789", NULL,
		  "The answer of 127.0.0.1 is larger than any list of reservations.", false },
		{ STEP_SILENT, 200, NULL, "", NULL, "127.0.0.1: no whole answer within 1 s.", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *said = http_answer(rows[i].status, rows[i].headers, rows[i].said);
		struct step step = { rows[i].kind, said, 0 };
		struct server *s = server_new(&step, 1, NULL);
		struct outcome o = { 0 };

		get(s, "\"a0\"", 20, 1000, &o);
		assert_int_equal(o.same, rows[i].same);
		if (g_strcmp0(o.body, rows[i].body) != 0 || g_strcmp0(o.trouble, rows[i].trouble) != 0)
			fail_msg("row %zu: '%s', '%s'", i, o.body ? o.body : "-", o.trouble ? o.trouble : "-");
		if (rows[i].kind == STEP_SAY)
			assert_non_null(strstr(server_request(s, 0), "If-None-Match: \"a0\""));
		outcome_clear(&o);
		server_free(s);
	}
}

static void what_is_under_way_ends_without_a_word(void **state)
{
	struct step step = { STEP_SILENT, "", 0 };
	struct server *s = server_new(&step, 1, NULL);
	g_autofree char *url = g_strdup_printf("%s/x", server_endpoint(s));
	struct fetcher *f = fetcher_new(g_main_context_default());
	struct outcome o = { 0 };

	(void)state;
	fetcher_get(f, &(struct fetch_request){ .url = url, .bytes_max = 10 }, on_done, &o);
	while (!server_requests(s) && !server_connections(s))
		g_main_context_iteration(NULL, TRUE);
	fetcher_free(f);
	assert_false(o.done);
	server_free(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_is_told),
		cmocka_unit_test(what_is_under_way_ends_without_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
