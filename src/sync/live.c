/* live - one call is kept open at a server that offers it, and answered when something happens.
 *
 *   poll (offers it) ─► where is the journal now? ─► poll ─► wait after seq ─► events ─► turn ─┐
 *                                                            ▲                                │
 *                                                            └────────────────────────────────┘
 *
 * The journal's numbers have no gap, so nothing is read twice and nothing is missed, whatever the
 * clocks say. Before the first wait one poll is made, begun after the number was known: it has all
 * that came before. What a wait brings is a turn like any other (follow.c stores it, refetch.c
 * reads what it names), and only once that is over, the number is kept and the next wait begun:
 * what happens meanwhile comes with it, all at once. While it lasts, polls are a safety net.
 *
 * Where it fails, polling goes on as if it had never been; the number stays, and is gone on from. */
#include "config.h"

#include <string.h>

#include "sync/machine.h"

#define WAIT_S     25
#define NET_MS     30000 /* between two polls while it is up */
#define GAP_MS     15    /* a steady stream of events is taken so many at a time */
#define SOON_MS    1000  /* an empty answer before that: the server is ending, or odd */
#define UNKNOWN    (-1)
#define SELDOM     5     /* failures at once, where it is offered and refused */

struct live {
	struct sync *s;
	char *path;       /* as the last poll offered it; NULL: not offered */
	char *journal;    /* whose numbers these are; NULL: not known */
	int64_t seq;      /* as the cache has it: all up to it, with what it named */
	int64_t reached;  /* all up to it is stored; what it named may still be on its way */
	int64_t mark;     /* of changes without an event, as it last said; UNKNOWN */
	int64_t first;    /* the journal's number before a poll that is still to come */
	unsigned call;    /* 0: none */
	guint timer;      /* until the next call; 0: none */
	json_t *held;     /* an answer that came within a turn */
	bool up;          /* it is what brings the news */
	bool took_turn;   /* the turn under way began with its answer */
	int failures;     /* in a row */
	int64_t not_before_us, answered_us, polled_us; /* monotonic */
};

static int64_t now_us(void)
{
	return g_get_monotonic_time();
}

static void hang_up(struct live *l)
{
	unsigned call = l->call;

	l->call = 0;
	l->up = false;
	g_clear_handle_id(&l->timer, g_source_remove);
	json_decref(l->held);
	l->held = NULL;
	if (call && l->s->client)
		wire_cancel(l->s->client, call);
}

/* Polling brings the news again. at_once: is the server there at all? */
static void fall_back(struct live *l, bool at_once)
{
	struct sync *s = l->s;
	bool was_up = l->up;

	hang_up(l);
	l->failures++;
	l->not_before_us = now_us() + pace_backoff(l->failures, g_random_int()) * INT64_C(1000);
	if (at_once)
		turn_now(s);
	else if (was_up && !s->in_turn)
		turn_schedule(s, s->pace.interval_ms);
	turn_status(s);
}

/* ---- the number ---- */

/* "1234 JOURNAL" */
static void read_fact(struct live *l)
{
	g_autofree char *fact = cache_fact_get(l->s->cache, FACT_LIVE);
	char *end = NULL;
	gint64 seq = fact ? g_ascii_strtoll(fact, &end, 10) : UNKNOWN;

	if (!fact || seq < 0 || end == fact || *end != ' ')
		return;
	l->seq = l->reached = seq;
	l->journal = g_strdup(end + 1);
}

static void forget_number(struct live *l)
{
	l->seq = l->first = l->reached = l->mark = UNKNOWN;
	g_clear_pointer(&l->journal, g_free);
}

bool live_commit(struct sync *s, GError **err)
{
	struct live *l = s->live;
	g_autofree char *fact = NULL;

	if (l->reached == l->seq)
		return true;
	fact = g_strdup_printf("%" G_GINT64_FORMAT " %s", l->reached, l->journal ? l->journal : "");
	if (!cache_fact_set(s->cache, FACT_LIVE, fact, err))
		return false;
	l->seq = l->reached;
	return true;
}

/* ---- asking ---- */

static void on_answer(const struct wire_answer *a, void *ctx);

static void ask(struct live *l)
{
	bool where = l->reached == UNKNOWN;
	json_t *params = json_object();

	json_object_set_new(params, "after", where ? json_null() : json_integer(l->reached));
	json_object_set_new(params, "wait_s", json_integer(where ? 0 : WAIT_S));
	if (!where && l->mark != UNKNOWN)
		json_object_set_new(params, "mark", json_integer(l->mark));
	if (!where && l->journal && *l->journal)
		json_object_set_new(params, "journal", json_string(l->journal));
	l->up = !where;
	l->call = wire_call(l->s->client, WIRE_WAIT, l->path, params, on_answer, l->s);
	json_decref(params);
}

static gboolean on_gap_over(gpointer data)
{
	struct live *l = data;

	l->timer = 0;
	ask(l);
	return G_SOURCE_REMOVE;
}

/* ---- what it answers ---- */

static void note_mark(struct live *l, const json_t *body)
{
	const json_t *mark = json_object_get(body, "mark");

	if (json_is_integer(mark))
		l->mark = json_integer_value(mark);
}

static void take(struct live *l, json_t *body)
{
	struct sync *s = l->s;
	json_t *changed = json_object_get(body, "changed"), *id;
	size_t i;

	s->in_turn = true;
	l->took_turn = true;
	l->reached = json_integer_value(json_object_get(body, "seq"));
	note_mark(l, body);
	json_array_foreach(changed, i, id) {
		if (json_string_length(id) > 0)
			refetch_code(s, json_string_value(id), NULL);
	}
	follow_take(s, json_object_get(body, "events"));
}

static bool has_news(const json_t *body)
{
	return json_array_size(json_object_get(body, "events")) > 0 ||
	       json_array_size(json_object_get(body, "changed")) > 0;
}

/* It said where its journal is: now a poll, which has all that came before, and then the wait. */
static void take_place(struct live *l, const json_t *body)
{
	const char *journal = json_string_value(json_object_get(body, "journal"));

	g_free(l->journal);
	l->journal = g_strdup(journal);
	l->first = json_integer_value(json_object_get(body, "seq"));
	note_mark(l, body);
	turn_now(l->s);
}

static void answered(struct live *l, const struct wire_answer *a)
{
	const json_t *seq = json_object_get(a->body, "seq");

	turn_server_now(l->s, a);
	turn_alive(l->s);
	if (!json_is_integer(seq) || json_integer_value(seq) < MAX(l->reached, 0) ||
	    (l->reached != UNKNOWN && !has_news(a->body) && a->took_ms < SOON_MS)) {
		fall_back(l, false);
		return;
	}
	if (l->reached == UNKNOWN) {
		take_place(l, a->body);
		return;
	}
	l->failures = 0;
	l->answered_us = now_us();
	if (!has_news(a->body))
		ask(l);
	else if (l->s->in_turn)
		l->held = json_incref(a->body);
	else
		take(l, a->body);
}

/* 400: the number is not of its journal. What the cache has may be of another time, or world. */
static void refused(struct live *l, const struct wire_answer *a)
{
	bool had = l->reached != UNKNOWN;

	if (a->status == 400 && had) {
		g_info("the server's journal is another one: everything is compared");
		forget_number(l);
		cache_fact_set(l->s->cache, FACT_LIVE, NULL, NULL);
		hang_up(l);
		turn_compare(l->s);
		return;
	}
	l->failures = MAX(l->failures, SELDOM);
	fall_back(l, false);
}

static void on_answer(const struct wire_answer *a, void *ctx)
{
	struct sync *s = ctx;
	struct live *l = s->live;

	if (a->outcome == WIRE_CANCELLED || s->ending)
		return;
	l->call = 0;
	if (s->quitting)
		return;
	if (a->outcome == WIRE_OK)
		answered(l, a);
	else if (a->outcome == WIRE_REFUSED && !a->auth)
		refused(l, a);
	else
		fall_back(l, true);
}

/* ---- turns ---- */

void live_offer(struct sync *s, const char *path)
{
	struct live *l = s->live;

	if (g_strcmp0(path, l->path) == 0)
		return;
	hang_up(l);
	g_free(l->path);
	l->path = g_strdup(path);
	l->failures = 0;
	l->not_before_us = 0;
}

void live_poll_begins(struct sync *s)
{
	struct live *l = s->live;

	l->polled_us = now_us();
	if (l->reached == UNKNOWN)
		l->reached = l->first;
	l->first = UNKNOWN;
}

bool live_turn_over(struct sync *s)
{
	struct live *l = s->live;
	bool took_turn = l->took_turn;

	l->took_turn = false;
	return took_turn;
}

bool live_go_on(struct sync *s)
{
	struct live *l = s->live;
	json_t *held = s->turn_wanted ? NULL : g_steal_pointer(&l->held);
	int64_t now = now_us(), since_ms = (now - l->answered_us) / 1000;

	if (held) {
		take(l, held);
		json_decref(held);
		return true;
	}
	if (!l->path || s->opt.once || s->quitting || l->call || l->timer || l->held ||
	    l->first != UNKNOWN || now < l->not_before_us)
		return false;
	if (l->reached == UNKNOWN || since_ms >= GAP_MS) {
		ask(l);
	} else {
		l->up = true;
		l->timer = g_timeout_add((guint)(GAP_MS - since_ms), on_gap_over, l);
	}
	return false;
}

int live_poll_in_ms(struct sync *s, int wait_ms)
{
	struct live *l = s->live;

	if (!l->up)
		return wait_ms;
	return (int)CLAMP(NET_MS - (now_us() - l->polled_us) / 1000, 0, NET_MS);
}

bool live_is_up(const struct live *l)
{
	return l->up;
}

bool live_is_offered(const struct live *l)
{
	return l->path != NULL;
}

void live_stop(struct sync *s)
{
	if (!s->live)
		return;
	hang_up(s->live);
	s->live->took_turn = false;
}

void live_forget(struct sync *s)
{
	live_stop(s);
	s->live->reached = s->live->seq;
	s->live->first = UNKNOWN;
}

/* ---- life ---- */

struct live *live_new(struct sync *s)
{
	struct live *l = g_new0(struct live, 1);

	l->s = s;
	forget_number(l);
	read_fact(l);
	return l;
}

void live_free(struct live *l)
{
	if (!l)
		return;
	hang_up(l);
	g_free(l->path);
	g_free(l->journal);
	g_free(l);
}
