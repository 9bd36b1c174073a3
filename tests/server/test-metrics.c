/* /health and /metrics: every line of the text format read by a strict little parser, the numbers
 * that of what happened, nothing in them that is worth a key. */
#include "tests/server/made.h"

#include <stdlib.h>

#define DOORS                                                                                      \
	"[lock Native]\ntype = august_lock\n"                                                      \
	"[lock Second]\ntype = august_lock\n"                                                      \
	"[lock Nuki]\ntype = nuki_lock\n"

/* ---- a strict reader of Prometheus' text format ---- */

struct scrape {
	GHashTable *types;   /* family -> type */
	GHashTable *samples; /* "name{labels}" -> double */
};

static void scrape_done(struct scrape *s)
{
	g_hash_table_destroy(s->types);
	g_hash_table_destroy(s->samples);
}

static size_t name_length(const char *p)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:";

	return strchr(first, *p) && *p ? strspn(p, "abcdefghijklmnopqrstuvwxyz"
						   "ABCDEFGHIJKLMNOPQRSTUVWXYZ_:0123456789")
				       : 0;
}

/* "{a="b",c="d"}"; the place behind it. */
static const char *read_labels(const char *line, const char *p)
{
	if (*p != '{')
		return p;
	do {
		size_t n = name_length(++p);

		if (n == 0 || strncmp(p + n, "=\"", 2) != 0)
			fail_msg("a label has no name or value: %s", line);
		p += n + 2;
		while (*p && *p != '"') {
			if (*p == '\\' && !strchr("\\\"n", *++p))
				fail_msg("a broken escape: %s", line);
			p++;
		}
		if (*p++ != '"')
			fail_msg("a label without its end: %s", line);
	} while (*p == ',');
	if (*p != '}')
		fail_msg("labels without an end: %s", line);
	return p + 1;
}

static void read_sample(struct scrape *s, const char *family, const char *line)
{
	size_t n = name_length(line);
	const char *p = read_labels(line, line + n);
	g_autofree char *name = g_strndup(line, n), *key = g_strndup(line, (gsize)(p - line));
	double value;
	char *end;

	if (n == 0 || *p != ' ')
		fail_msg("no sample: %s", line);
	ROW_TEXT(line, name, family); /* the samples of a family stand together, after its TYPE */
	value = g_ascii_strtod(p + 1, &end);
	if (end == p + 1 || *end)
		fail_msg("no number: %s", line);
	if (g_hash_table_contains(s->samples, key))
		fail_msg("twice: %s", line);
	g_hash_table_insert(s->samples, g_steal_pointer(&key), g_memdup2(&value, sizeof value));
}

/* HELP, TYPE, samples; HELP, TYPE, samples; and a line end after the last. */
static struct scrape scrape_read(const char *text)
{
	struct scrape s = { g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
			    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *family = NULL;
	size_t n = g_strv_length(lines);

	assert_true(n > 1);
	assert_string_equal(lines[n - 1], "");
	for (size_t i = 0; i + 1 < n; i++) {
		g_auto(GStrv) w = g_strsplit(lines[i], " ", 4);

		if (lines[i][0] != '#') {
			assert_non_null(family);
			read_sample(&s, family, lines[i]);
			continue;
		}
		if (g_strv_length(w) != 4 || strcmp(w[1], "HELP") != 0 || !*w[3])
			fail_msg("no HELP: %s", lines[i]);
		g_auto(GStrv) t = g_strsplit(lines[++i], " ", -1);
		if (g_strv_length(t) != 4 || strcmp(t[1], "TYPE") != 0 || strcmp(t[2], w[2]) != 0 ||
		    (strcmp(t[3], "gauge") != 0 && strcmp(t[3], "counter") != 0))
			fail_msg("no TYPE: %s", lines[i]);
		if (g_hash_table_contains(s.types, w[2]))
			fail_msg("a family twice: %s", w[2]);
		if ((strcmp(t[3], "counter") == 0) != g_str_has_suffix(w[2], "_total"))
			fail_msg("_total is the end of counters' names: %s", w[2]);
		g_free(family);
		family = g_strdup(w[2]);
		g_hash_table_insert(s.types, g_strdup(w[2]), g_strdup(t[3]));
	}
	return s;
}

static double value_of(const struct scrape *s, const char *key)
{
	g_autofree char *whole = g_strconcat("keyrackd_", key, NULL);
	const double *v = g_hash_table_lookup(s->samples, whole);

	if (!v)
		fail_msg("there is no %s", whole);
	return *v;
}

#define assert_value(s, key, want)                                                                 \
	do {                                                                                       \
		double got_ = value_of(s, key);                                                    \
		if (got_ < (want) || got_ > (want))                                                \
			fail_msg("%s is %g, not %g", key, got_, (double)(want));                   \
	} while (0)

static struct scrape scraped(struct rig *r)
{
	rig_call(r, "GET /metrics", NULL);
	assert_int_equal(r->status, 200);
	assert_text(r->content_type, "text/plain; version=0.0.4; charset=utf-8");
	return scrape_read(r->text);
}

/* ---- metrics ---- */

static void the_numbers_are_those_of_what_happened(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	struct scrape s;

	(void)state;
	made(r, "Native", "482193", NULL, NULL);
	made(r, "Nuki", "482193", "2026-02-01T15:00:00Z", "2026-02-03T11:00:00Z");
	fault(r, "Second", "full_memory", true);
	made(r, "Second", "482193", NULL, NULL);
	rig_advance(r, MINUTE_MS);
	fault(r, "Nuki", "offline", true);
	rig_refused(r, 404, "not_found", "POST /nowhere", "{}");
	s = scraped(r);
	assert_value(&s, "access_codes{status=\"set\"}", 1);
	assert_value(&s, "access_codes{status=\"setting\"}", 1);
	assert_value(&s, "access_codes{status=\"unset\"}", 1);
	assert_value(&s, "access_codes{status=\"removing\"}", 0);
	assert_value(&s,
		     "access_code_problems{kind=\"no_space_for_access_code_on_device\","
		     "severity=\"error\"}",
		     1);
	assert_value(&s, "access_code_problems{kind=\"being_deleted\",severity=\"warning\"}", 0);
	assert_value(&s, "devices{state=\"online\"}", 2);
	assert_value(&s, "devices{state=\"offline\"}", 1);
	assert_value(&s, "steps_total{provider=\"august\",step=\"write\",result=\"ok\"}", 1);
	assert_value(&s, "steps_total{provider=\"august\",step=\"write\",result=\"full\"}", 1);
	assert_value(&s, "steps_waiting", 0);
	assert_value(&s, "steps_oldest_seconds", 0);
	assert_value(&s, "lag_seconds", 0);
	assert_value(&s, "http_requests_total{class=\"4xx\"}", 1);
	assert_value(&s, "http_requests_total{class=\"2xx\"}", 2);
	assert_value(&s, "http_requests_total{class=\"5xx\"}", 0);
	assert_value(&s, "live_waiters", 0);
	assert_value(&s, "events_total", (double)store_last_seq(r->store));
	assert_value(&s, "info{version=\"0.0.0\"}", 1);
	assert_value(&s, "time_seconds", (double)clock_now(r->clock).ms / 1000.0);
	assert_true(value_of(&s, "store_bytes") > 4096);
	scrape_done(&s);
}

static void steps_that_wait_are_counted_with_their_age(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	struct scrape s;

	(void)state;
	/* One step at a time: the second and third wait for the first, which takes 20 s. */
	fault(r, "Native", "slow", true);
	made(r, "Native", "482193", NULL, NULL);
	made(r, "Native", "730491", NULL, NULL);
	made(r, "Native", "917304", NULL, NULL);
	rig_advance(r, 10 * SECOND_MS);
	s = scraped(r);
	assert_value(&s, "steps_in_flight", 1);
	assert_value(&s, "steps_waiting", 2);
	assert_value(&s, "steps_oldest_seconds", 10);
	scrape_done(&s);
	rig_advance(r, 10 * MINUTE_MS);
	s = scraped(r);
	assert_value(&s, "steps_waiting", 0);
	assert_value(&s, "access_codes{status=\"set\"}", 3);
	scrape_done(&s);
}

static void tries_after_a_failed_one_are_retries(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	struct scrape s;

	(void)state;
	made(r, "Native", "482193", NULL, NULL);
	rig_advance(r, 0);
	s = scraped(r);
	assert_value(&s, "steps_in_flight", 1);
	scrape_done(&s);
	fault(r, "Native", "offline", true); /* while it is on its way */
	rig_advance(r, MINUTE_MS);
	s = scraped(r);
	assert_value(&s, "steps_total{provider=\"august\",step=\"write\",result=\"unreachable\"}", 1);
	assert_value(&s, "step_retries_total{provider=\"august\"}", 0);
	scrape_done(&s);
	fault(r, "Native", "offline", false);
	rig_advance(r, MINUTE_MS);
	s = scraped(r);
	assert_value(&s, "steps_total{provider=\"august\",step=\"write\",result=\"ok\"}", 1);
	assert_value(&s, "step_retries_total{provider=\"august\"}", 1);
	assert_value(&s, "step_retries_total{provider=\"nuki\"}", 0);
	scrape_done(&s);
}

static void webhooks_that_wait_are_counted(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	int64_t last = store_last_seq(r->store);
	struct store_webhook rows[] = {
		{ .webhook_id = "a", .url = "http://x/", .event_types = "[\"*\"]",
		  .delivered_seq = last, .next_try_at = INSTANT_NONE, .failing_since = INSTANT_NONE },
		{ .webhook_id = "b", .url = "http://x/", .event_types = "[\"*\"]",
		  .delivered_seq = last - 3, .tries = 1, .next_try_at = INSTANT_NONE,
		  .failing_since = INSTANT_NONE },
		{ .webhook_id = "c", .url = "http://x/", .event_types = "[\"*\"]",
		  .delivered_seq = 0, .disabled = true, .next_try_at = INSTANT_NONE,
		  .failing_since = INSTANT_NONE },
	};
	struct scrape s;

	(void)state;
	assert_true(last > 3);
	FOR_ROWS(i, rows)
		assert_true(store_put_webhook(r->store, &rows[i], NULL));
	s = scraped(r);
	assert_value(&s, "webhook_events_waiting", 3);
	assert_value(&s, "webhooks{state=\"ok\"}", 1);
	assert_value(&s, "webhooks{state=\"failing\"}", 1);
	assert_value(&s, "webhooks{state=\"disabled\"}", 1);
	scrape_done(&s);
}

static void nothing_in_it_is_worth_a_key(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	struct code_request q = asked("482193");
	const char *id;

	(void)state;
	q.name = "Ada Lovelace";
	id = made_with(r, q, "Native", NULL, NULL);
	rig_advance(r, MINUTE_MS);
	rig_call(r, "GET /metrics", NULL);
	assert_non_null(strstr(r->text, "keyrackd_"));
	assert_null(strstr(r->text, "482193"));
	assert_null(strstr(r->text, "Lovelace"));
	assert_null(strstr(r->text, id));
	assert_null(strstr(r->text, rig_device(r, "Native")));
	assert_null(strstr(r->text, "seam_"));
	rig_call(r, "GET /health", NULL);
	assert_null(strstr(r->text, "Lovelace"));
}

/* Open where only this machine can ask; over the network a key of any role. */
static void who_may_scrape(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const struct {
		const char *peer, *key;
		int status;
	} rows[] = {
		{ "unix", NULL, 200 },	      { "unix", r->read_key, 200 },
		{ "127.0.0.1", NULL, 401 },   { "127.0.0.1", r->read_key, 200 },
		{ "192.0.2.7", NULL, 401 },   { "192.0.2.7", r->read_key, 200 },
		{ "unix", "seam_wrong", 401 }, { NULL, NULL, 401 },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		r->peer = rows[i].peer;
		r->as = rows[i].key;
		rig_call(r, "GET /metrics", NULL);
		ROW_INT(rows[i].peer ? rows[i].peer : "nobody", r->status, rows[i].status);
		r->as = NULL;
		rig_call(r, "GET /health", NULL);
		ROW_INT("health", r->status, 200);
	}
}

/* ---- health ---- */

static void health_says_how_it_is(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a;

	(void)state;
	fault(r, "Nuki", "offline", true);
	a = rig_ok(r, "GET /health", NULL);
	assert_text(rig_text(a, "ok"), "true");
	assert_text(rig_text(a, "now"), "2026-01-05T12:00:00.000Z");
	assert_text(rig_text(a, "started_at"), "2026-01-05T11:59:00.000Z");
	assert_text(rig_text(a, "version"), "0.0.0");
	assert_text(rig_text(a, "store"), "ok");
	assert_text(rig_text(a, "devices"), "3");
	assert_text(rig_text(a, "offline"), "1");
	assert_text(rig_text(a, "lag_s"), "0");
}

/* A server with a clock of its own, by which the engine's next look is long past. */
static void an_engine_that_is_behind_is_not_well(void **state)
{
	static const struct {
		int late_s, rate, status;
	} rows[] = {
		{ -60, 1, 200 }, { 60, 1, 200 }, { 179, 1, 200 }, { 190, 1, 503 },
		{ 190, 60, 200 }, { 190 * 60, 60, 503 },
	};
	OWN(rig) struct rig *r = rig_new(DOORS);
	struct server *own = r->server;

	(void)state;
	made(r, "Native", "482193", "2026-01-10T15:00:00Z", "2026-01-12T11:00:00Z");
	struct instant due = store_next_look(r->store);
	assert_true(instant_known(due));
	FOR_ROWS(i, rows) {
		OWN(clock)
		struct clock *clock = clock_new_rated(
			instant_add_ms(due, rows[i].late_s * SECOND_MS), rows[i].rate);
		struct server_options opt = { .workspace_id = RIG_WORKSPACE, .version = "0" };

		r->server = server_new(r->engine, r->store, clock, &opt, NULL);
		rig_call(r, "GET /health", NULL);
		ROW_INT("late", r->status, rows[i].status);
		server_free(r->server);
	}
	r->server = own;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_numbers_are_those_of_what_happened),
		cmocka_unit_test(steps_that_wait_are_counted_with_their_age),
		cmocka_unit_test(tries_after_a_failed_one_are_retries),
		cmocka_unit_test(webhooks_that_wait_are_counted),
		cmocka_unit_test(nothing_in_it_is_worth_a_key),
		cmocka_unit_test(who_may_scrape),
		cmocka_unit_test(health_says_how_it_is),
		cmocka_unit_test(an_engine_that_is_behind_is_not_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
