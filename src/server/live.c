/* live - calls that wait for events: from lock to screen without polling.
 *
 *   POST /keyrackd/live {"after": 1234, "wait_s": 25, "mark": 7, "journal": "…"}
 *     {"seq": 1236, "events": […], "changed": ["…"], "mark": 9, "more": false, "journal": "…"}
 *
 * 'seq' counts events in the journal, without gap; whoever goes on after the last one it got misses
 * none and gets none twice. 'journal' says whose numbers they are: a number of another store's is
 * refused, where it would not be noticed by being too large. after null answers at once with where
 * the journal is now.
 *
 * 'changed' are codes of which something shows that no event tells (why they wait, until when).
 * They are counted too, by 'mark', in memory only: of those before a restart nothing is told, and
 * whoever compares from time to time finds them all the same.
 *
 * Waiting is about connections, not about locks: it is real time, also where the clock stands. */
#include "config.h"

#include "server/inside.h"

#define EVENTS_MAX     1000
#define CHANGED_MAX    1000
#define CHANGED_GAP_MS 250 /* between two answers that have nothing but changed codes */
#define WAIT_S_MAX     30
#define WAIT_S	       25
#define JOURNAL_FACT   "live.journal"

/* A code that changed, at its place in the order of changes. */
struct changed {
	char *access_code_id;
	int64_t mark;
};

struct live {
	struct server *server;
	char *journal;
	GList *waits;       /* struct wait */
	GQueue changed;     /* struct changed, the last one last */
	GHashTable *places; /* access_code_id -> GList of changed */
	int64_t mark;       /* of the last */
	int64_t told_us;    /* monotonic: when changed codes were last reason enough for an answer */
	guint due, gap;     /* sources: answers as soon as the loop is reached, or later */
};

struct wait {
	struct live *live;
	struct call *call;
	int64_t after, mark;
	guint timer;
};

/* ---- answers ---- */

static void write_changed(struct live *l, GString *out, int64_t mark)
{
	jsonout_array(out, "changed");
	/* The newest stand last: from there back to what is known already, then forth. */
	GList *first = NULL;

	for (GList *at = l->changed.tail; at && ((struct changed *)at->data)->mark > mark;
	     at = at->prev)
		first = at;
	for (; first; first = first->next)
		jsonout_string(out, NULL, ((struct changed *)first->data)->access_code_id);
	jsonout_array_end(out);
	jsonout_int(out, "mark", l->mark);
}

/* Everything after 'after' that fits; NULL events are none. */
static void write_answer(struct live *l, struct call *c, int64_t after, int64_t mark,
			 struct store_list *events)
{
	int64_t seq = after;

	jsonout_array(c->out, "events");
	for (guint i = 0; events && i < events->rows->len; i++) {
		const struct store_event *e = store_at(events, struct store_event, i);

		jsonout_raw(c->out, NULL, e->body);
		seq = e->seq;
	}
	jsonout_array_end(c->out);
	jsonout_int(c->out, "seq", seq);
	jsonout_bool(c->out, "more", seq < store_last_seq(l->server->store));
	write_changed(l, c->out, mark);
	jsonout_string(c->out, "journal", l->journal);
}

static struct store_list *events_after(struct live *l, int64_t after)
{
	struct store_event_filter filter = { .since = INSTANT_NONE,
					     .until = INSTANT_NONE,
					     .after_seq = after,
					     .limit = EVENTS_MAX,
					     .oldest_first = true };

	return store_events(l->server->store, &filter, NULL);
}

static bool has_news(const struct live *l, int64_t after, int64_t mark)
{
	return store_last_seq(l->server->store) > after || l->mark > mark;
}

static enum call_end answer(struct live *l, struct call *c, int64_t after, int64_t mark)
{
	OWN(store_list) struct store_list *events = NULL;

	if (store_last_seq(l->server->store) > after) {
		events = events_after(l, after);
		if (!events)
			return call_refuse(c, 500, "internal_server_error",
					   "The store cannot be read.");
	}
	write_answer(l, c, after, mark, events);
	return CALL_DONE;
}

/* ---- waiting ---- */

static void wait_free(struct wait *w)
{
	w->live->waits = g_list_remove(w->live->waits, w);
	g_clear_handle_id(&w->timer, g_source_remove);
	g_free(w);
}

static void on_cancelled(struct call *c)
{
	wait_free(c->waiting);
}

static void wait_over(struct wait *w)
{
	struct call *c = w->call;
	enum call_end end = answer(w->live, c, w->after, w->mark);

	wait_free(w);
	call_finish(c, end);
}

static gboolean on_waited(gpointer data)
{
	struct wait *w = data;

	w->timer = 0;
	wait_over(w);
	return G_SOURCE_REMOVE;
}

/* Whoever is answered may call again at once, so that the list changes under way. */
static void answer_all(struct live *l, bool only_news)
{
	g_autoptr(GList) now = g_list_copy(l->waits);

	for (GList *at = now; at; at = at->next) {
		struct wait *w = at->data;

		if (g_list_find(l->waits, w) && (!only_news || has_news(l, w->after, w->mark)))
			wait_over(w);
	}
}

static gboolean on_due(gpointer data)
{
	struct live *l = data;

	l->due = 0;
	g_clear_handle_id(&l->gap, g_source_remove);
	l->told_us = g_get_monotonic_time();
	answer_all(l, true);
	return G_SOURCE_REMOVE;
}

/* Not from within the engine's commit: several of them in one turn of the loop are one answer. */
static void due_soon(struct live *l)
{
	if (!l->due)
		l->due = g_idle_add_full(G_PRIORITY_DEFAULT, on_due, l, NULL);
}

static gboolean on_gap_over(gpointer data)
{
	struct live *l = data;

	l->gap = 0;
	due_soon(l);
	return G_SOURCE_REMOVE;
}

static void on_events(int64_t seq, void *ctx)
{
	struct live *l = ctx;

	(void)seq;
	if (l->waits)
		due_soon(l);
}

/* ---- changed codes ---- */

static void changed_free(void *data)
{
	struct changed *one = data;

	g_free(one->access_code_id);
	g_free(one);
}

static void forget_oldest(struct live *l)
{
	struct changed *one = g_queue_pop_head(&l->changed);

	g_hash_table_remove(l->places, one->access_code_id);
	changed_free(one);
}

static void on_code(const char *access_code_id, void *ctx)
{
	struct live *l = ctx;
	GList *place = g_hash_table_lookup(l->places, access_code_id);
	struct changed *one;
	int64_t since_ms = (g_get_monotonic_time() - l->told_us) / 1000;

	if (place) {
		one = place->data;
		g_queue_unlink(&l->changed, place);
		g_queue_push_tail_link(&l->changed, place);
	} else {
		if (g_queue_get_length(&l->changed) >= CHANGED_MAX)
			forget_oldest(l);
		one = g_new0(struct changed, 1);
		one->access_code_id = g_strdup(access_code_id);
		g_queue_push_tail(&l->changed, one);
		g_hash_table_insert(l->places, one->access_code_id, l->changed.tail);
	}
	one->mark = ++l->mark;
	if (!l->waits || l->due || l->gap)
		return;
	if (since_ms >= CHANGED_GAP_MS)
		due_soon(l);
	else
		l->gap = g_timeout_add((guint)(CHANGED_GAP_MS - since_ms), on_gap_over, l);
}

/* ---- the route ---- */

static enum call_end live_handle(struct call *c)
{
	struct live *l = c->server->live;
	int64_t last = store_last_seq(c->server->store);
	int64_t after = params_int(c->params, "after", last);
	int64_t mark = params_int(c->params, "mark", l->mark);
	int64_t wait_s = params_int(c->params, "wait_s", WAIT_S);
	const char *journal = params_text(c->params, "journal");
	bool where = !params_given(c->params, "after") || params_is_null(c->params, "after");
	struct wait *w;

	if (after > last || (!where && journal && g_strcmp0(journal, l->journal) != 0))
		return call_refuse(c, 400, "unknown_seq",
				   "The journal has no event with this number: begin anew with "
				   "\"after\": null");
	if (mark > l->mark) /* of an earlier life, and the clock was set back since */
		mark = 0;
	if (where || wait_s == 0 || c->server->draining || has_news(l, after, mark))
		return answer(l, c, after, mark);
	w = g_new0(struct wait, 1);
	*w = (struct wait){ .live = l, .call = c, .after = after, .mark = mark };
	w->timer = g_timeout_add_seconds((guint)wait_s, on_waited, w);
	l->waits = g_list_prepend(l->waits, w);
	c->waiting = w;
	c->cancelled = on_cancelled;
	return CALL_LATER;
}

static const struct route routes[] = {
	{ "/keyrackd/live", METHODS_READ, KEY_READ,
	  PARAMS({ .name = "after", .kind = PARAM_INT, .flags = PARAM_NULLABLE, .max = INT64_MAX },
		 { .name = "wait_s", .kind = PARAM_INT, .max = WAIT_S_MAX },
		 { .name = "mark", .kind = PARAM_INT, .flags = PARAM_NULLABLE, .max = INT64_MAX },
		 { .name = "journal", .kind = PARAM_TEXT }),
	  live_handle, 0 },
};
const struct route_table routes_live = { routes, G_N_ELEMENTS(routes) };

/* ---- life ---- */

static char *journal_of(struct store *store)
{
	char *journal = store_fact_get(store, JOURNAL_FACT);
	GError *err = NULL;

	if (journal)
		return journal;
	journal = g_uuid_string_random(); /* also where ids are of a seed: two stores are two */
	if (!store_fact_set(store, JOURNAL_FACT, journal, &err))
		g_warning("the journal's name: %s", err ? err->message : "not stored");
	g_clear_error(&err);
	return journal;
}

struct live *live_new(struct server *s)
{
	struct live *l = g_new0(struct live, 1);

	l->server = s;
	l->journal = journal_of(s->store);
	l->mark = g_get_real_time() / 1000; /* more than any of an earlier life */
	l->places = g_hash_table_new(g_str_hash, g_str_equal);
	g_queue_init(&l->changed);
	engine_on_events(s->engine, on_events, l);
	engine_on_codes(s->engine, on_code, l);
	return l;
}

void live_drain(struct live *l)
{
	answer_all(l, false);
}

void live_free(struct live *l)
{
	if (!l)
		return;
	engine_on_events(l->server->engine, NULL, l);
	engine_on_codes(l->server->engine, NULL, l);
	g_clear_handle_id(&l->due, g_source_remove);
	g_clear_handle_id(&l->gap, g_source_remove);
	while (l->waits)
		wait_free(l->waits->data);
	g_hash_table_destroy(l->places);
	g_queue_clear_full(&l->changed, changed_free);
	g_free(l->journal);
	g_free(l);
}
