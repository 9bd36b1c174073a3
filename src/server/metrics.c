/* metrics - numbers for Prometheus, in its text format.
 *
 * Nothing is counted here that grows with the number of codes: codes are tallied by the store as
 * they change, devices through indexes, the rest is kept in memory. No name, no PIN, no id and no
 * key is in a label: providers, steps, states and kinds of problems are all there is. */
#include "config.h"

#include "server/keyrackd.h"

#include <string.h>

static void family(GString *out, const char *name, const char *type, const char *help)
{
	g_string_append_printf(out, "# HELP keyrackd_%s %s\n# TYPE keyrackd_%s %s\n", name, help,
			       name, type);
}

/* One sample; labels: "a=\"x\"", or NULL. */
static void sample(GString *out, const char *name, const char *labels, int64_t n)
{
	g_string_append_printf(out, "keyrackd_%s%s%s%s %" G_GINT64_FORMAT "\n", name,
			       labels ? "{" : "", labels ? labels : "", labels ? "}" : "", n);
}

/* Milliseconds as seconds with their fraction. */
static void sample_ms(GString *out, const char *name, int64_t ms)
{
	g_string_append_printf(out, "keyrackd_%s %" G_GINT64_FORMAT ".%03d\n", name,
			       ms / SECOND_MS, (int)(ms % SECOND_MS));
}

static void gauge(GString *out, const char *name, const char *help, int64_t n)
{
	family(out, name, "gauge", help);
	sample(out, name, NULL, n);
}

static void counter(GString *out, const char *name, const char *help, int64_t n)
{
	family(out, name, "counter", help);
	sample(out, name, NULL, n);
}

/* ---- codes ---- */

static const char *const statuses[] = { "unset", "setting", "set", "removing", "unknown" };

static int64_t sum(const struct store_list *tally, bool managed, const char *status, unsigned problem)
{
	int64_t n = 0;

	for (guint i = 0; i < tally->rows->len; i++) {
		const struct store_tally *t = store_at(tally, struct store_tally, i);

		if (t->managed == managed && (!status || strcmp(t->status, status) == 0) &&
		    (!problem || (t->problems & problem)))
			n += t->codes;
	}
	return n;
}

static void put_codes(GString *out, const struct store_list *tally)
{
	size_t n;
	const struct engine_problem *problems = engine_problem_table(&n);
	char labels[128];

	family(out, "access_codes", "gauge", "Managed access codes, backup codes too, by status.");
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		g_snprintf(labels, sizeof labels, "status=\"%s\"", statuses[i]);
		sample(out, "access_codes", labels, sum(tally, true, statuses[i], 0));
	}
	gauge(out, "unmanaged_access_codes", "Access codes on locks that keyrackd did not make.",
	      sum(tally, false, NULL, 0));
	family(out, "access_code_problems", "gauge", "Managed access codes that have this problem.");
	for (size_t i = 0; i < n; i++) {
		g_snprintf(labels, sizeof labels, "kind=\"%s\",severity=\"%s\"", problems[i].code,
			   problems[i].is_error ? "error" : "warning");
		sample(out, "access_code_problems", labels, sum(tally, true, NULL, problems[i].bit));
	}
}

static void put_devices(GString *out, const struct store_sizes *sizes)
{
	family(out, "devices", "gauge",
	       "Devices; offline: out of reach, removed, or of a lost account.");
	sample(out, "devices", "state=\"online\"", sizes->devices - sizes->devices_away);
	sample(out, "devices", "state=\"offline\"", sizes->devices_away);
}

/* ---- steps ---- */

static int by_name(const void *one, const void *other)
{
	const struct engine_count *a = one, *b = other;
	int order = strcmp(a->provider, b->provider);

	if (order == 0)
		order = g_strcmp0(a->step, b->step);
	return order ? order : g_strcmp0(a->result, b->result);
}

static void put_steps(GString *out, struct server *s)
{
	g_autoptr(GArray) counts = engine_counts(s->engine);
	char labels[160];

	g_array_sort(counts, by_name);
	family(out, "steps_total", "counter",
	       "Steps that a lock was asked for, by what came of them; a failed one is any not ok.");
	for (guint i = 0; i < counts->len; i++) {
		const struct engine_count *c = &g_array_index(counts, struct engine_count, i);

		if (!c->step)
			continue;
		g_snprintf(labels, sizeof labels, "provider=\"%s\",step=\"%s\",result=\"%s\"",
			   c->provider, c->step, c->result);
		sample(out, "steps_total", labels, (int64_t)c->n);
	}
	family(out, "step_retries_total", "counter", "Steps asked for again after one that failed.");
	for (guint i = 0; i < counts->len; i++) {
		const struct engine_count *c = &g_array_index(counts, struct engine_count, i);

		if (c->step)
			continue;
		g_snprintf(labels, sizeof labels, "provider=\"%s\"", c->provider);
		sample(out, "step_retries_total", labels, (int64_t)c->n);
	}
}

static void put_queue(GString *out, struct server *s)
{
	struct engine_queue q = engine_queue(s->engine);
	struct instant now = clock_now(s->clock);

	gauge(out, "steps_waiting", "Steps that wait for their turn at a lock.",
	      (int64_t)q.waiting);
	gauge(out, "steps_in_flight", "Steps that a lock is asked for at this moment.",
	      (int64_t)q.in_flight);
	family(out, "steps_oldest_seconds", "gauge", "How long the oldest of the waiting ones waits.");
	sample_ms(out, "steps_oldest_seconds",
		  instant_known(q.oldest) ? MAX(instant_diff_ms(now, q.oldest), 0) : 0);
	gauge(out, "lag_seconds", "How late the code is that has been due for longest.",
	      keyrackd_lag_s(s));
}

/* ---- requests, events, webhooks ---- */

static void put_requests(GString *out, struct server *s)
{
	char labels[32];

	family(out, "http_requests_total", "counter", "Requests answered, by hundreds of the status.");
	for (int i = 2; i < 6; i++) {
		g_snprintf(labels, sizeof labels, "class=\"%dxx\"", i);
		sample(out, "http_requests_total", labels, (int64_t)s->answered[i]);
	}
	family(out, "http_request_seconds_total", "counter", "Time spent in answering them.");
	g_string_append_printf(out, "keyrackd_http_request_seconds_total %" G_GINT64_FORMAT ".%06d\n",
			       s->busy_us / G_USEC_PER_SEC, (int)(s->busy_us % G_USEC_PER_SEC));
	gauge(out, "live_waiters", "Calls of the live path that wait for an event.",
	      g_hash_table_size(s->waiting));
}

static bool put_webhooks(GString *out, struct server *s, int64_t last_seq)
{
	OWN(store_list) struct store_list *l = store_webhooks(s->store, NULL, NULL);
	int64_t waiting = 0, failing = 0, disabled = 0;

	if (!l)
		return false;
	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_webhook *w = store_at(l, struct store_webhook, i);

		disabled += w->disabled;
		if (w->disabled)
			continue;
		waiting += MAX(last_seq - w->delivered_seq, 0);
		failing += w->tries > 0;
	}
	gauge(out, "webhook_events_waiting", "Events that a webhook has not been told yet, all webhooks.",
	      waiting);
	family(out, "webhooks", "gauge", "Webhook endpoints.");
	sample(out, "webhooks", "state=\"ok\"", (int64_t)l->rows->len - failing - disabled);
	sample(out, "webhooks", "state=\"failing\"", failing);
	sample(out, "webhooks", "state=\"disabled\"", disabled);
	return true;
}

/* A version is ours, but a label is a label: no quote, backslash or line end in it. */
static void put_info(GString *out, struct server *s)
{
	g_autofree char *version = g_strdup(s->version ? s->version : "");
	g_autofree char *labels = NULL;

	g_strdelimit(version, "\"\\\n", '_');
	labels = g_strdup_printf("version=\"%s\"", version);
	family(out, "info", "gauge", "What runs here.");
	sample(out, "info", labels, 1);
	family(out, "start_time_seconds", "gauge", "When it started, by its clock.");
	sample_ms(out, "start_time_seconds", s->started_at.ms);
	family(out, "time_seconds", "gauge", "The time by its clock.");
	sample_ms(out, "time_seconds", clock_now(s->clock).ms);
}

enum call_end keyrackd_metrics(struct call *c)
{
	struct server *s = c->server;
	struct store_sizes sizes;
	OWN(store_list) struct store_list *tally = store_tally(s->store, NULL);
	int64_t last_seq;

	if (!tally || !store_sizes(s->store, &sizes, NULL))
		return call_refuse(c, 503, "store_failed", "The store does not answer.");
	last_seq = store_last_seq(s->store);
	c->content_type = "text/plain; version=0.0.4; charset=utf-8";
	put_info(c->out, s);
	put_codes(c->out, tally);
	put_devices(c->out, &sizes);
	put_steps(c->out, s);
	put_queue(c->out, s);
	put_requests(c->out, s);
	counter(c->out, "events_total", "Events in the journal.", last_seq);
	if (!put_webhooks(c->out, s, last_seq))
		return call_refuse(c, 503, "store_failed", "The store does not answer.");
	gauge(c->out, "store_bytes", "Size of the database.", sizes.bytes);
	return CALL_DONE;
}
