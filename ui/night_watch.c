/* night_watch - the arrivals that a person must be told of; see the header. */
#include "ui/night_watch.h"

#include "core/i18n.h"
#include "core/traits.h"
#include "ui/screens/tonight.h"
#include "ui/screens/words.h"

/* A console that was closed at the last stage still tells of whoever stands at the door. */
#define AFTER_START_MS (2 * HOUR_MS)
#define AHEAD_MS       (7 * DAY_MS) /* in which a room given twice can be put right without haste */

static void alarm_free(void *p)
{
	struct night_alarm *a = p;

	g_free(a->key);
	g_free(a->text);
	g_free(a);
}

static char *text_of(const struct world *w, const struct board *b, const struct board_guest *guest)
{
	const struct board_door *d = &g_array_index(b->doors, struct board_door, guest->worst);
	const struct zone *z = zone_of(d->row->zone, w->zone);
	g_autofree char *why = ready_words(&d->row->facts, &d->ready, z, w->now), *more = NULL;
	char at[CIVIL_TEXT_MAX];

	if (guest->n > 1)
		more = g_strdup_printf(_(" and %u more"), guest->n - 1);
	return g_strdup_printf(_("%s on %s%s, %s: %s"), code_name(&d->row->facts.code),
			       d->row->lock_name ? d->row->lock_name : _("a lock"), more ? more : "",
			       civil_near(z, guest->at, w->now, at), why);
}

/* By ids: what was told is remembered in a file, and a name need not stand in it. */
static char *key_of(const struct board *b, const struct board_guest *guest, enum ready_stage stage)
{
	const struct night_row *row = g_array_index(b->doors, struct board_door, guest->first).row;

	return g_strdup_printf("arrival %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d",
			       row->facts.code.access_code_id ? row->facts.code.access_code_id : "unsent",
			       row->code_no ? 0 : row->intent_no, guest->at.ms, (int)stage);
}

static GPtrArray *alarms_of(const struct world *w, const struct board *b)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(alarm_free);
	size_t n = b->doors->len, guests = b->guests->len;
	g_autofree const struct ready_facts **codes = g_new0(const struct ready_facts *, n + 1);
	g_autofree size_t *of = g_new0(size_t, n + 1);
	g_autofree enum ready_stage *told = g_new0(enum ready_stage, guests + 1);
	g_autofree enum ready_stage *reached = g_new0(enum ready_stage, guests + 1);

	for (size_t i = 0; i < guests; i++) {
		const struct board_guest *guest = board_guest(b, (int)i);

		for (guint d = guest->first; d < guest->first + guest->n; d++) {
			codes[d] = &g_array_index(b->doors, struct board_door, d).row->facts;
			of[d] = i;
		}
	}
	/* Whether it was told before is for the caller to know, by the key. */
	ready_alarms(codes, of, n, w->now, told, reached, guests);
	for (size_t i = 0; i < guests; i++) {
		const struct board_guest *guest = board_guest(b, (int)i);
		struct night_alarm *a;

		if (reached[i] == STAGE_NONE)
			continue;
		a = g_new0(struct night_alarm, 1);
		a->stage = reached[i];
		a->key = key_of(b, guest, reached[i]);
		a->text = text_of(w, b, guest);
		g_ptr_array_add(all, a);
	}
	return all;
}

static struct night_query alarm_span(const struct world *w)
{
	return (struct night_query){
		.from = instant_add_ms(w->now, -AFTER_START_MS),
		.until = instant_add_ms(w->now, PRELOAD_LEAD_MS),
		.arrivals = true,
		.overdue_from = INSTANT_NONE,
	};
}

GPtrArray *night_watch(const struct world *w)
{
	struct night_query q = alarm_span(w);
	GPtrArray *all;
	struct board b;

	board_init(&b);
	board_load_span(&b, w, &q);
	all = alarms_of(w, &b);
	board_done(&b);
	return all;
}

/* ---- in slices ---- */

#define LOCKS_AT_ONCE 16 /* some tenths of a millisecond */

enum { TONIGHT, ALARMS, BOARDS };

struct night_look {
	const struct world *w;
	struct board board[BOARDS];
	struct night_query query[BOARDS], ahead;
	int boards;
	int64_t next, end; /* numbers of locks */
	int doubles;
};

static struct night_query ahead_span(const struct world *w)
{
	struct night_query q = { .overdue_from = INSTANT_NONE };

	ready_day(w->zone, w->now, 0, &q.from, &q.until);
	q.until = instant_add_ms(w->now, AHEAD_MS);
	return q;
}

struct night_look *night_look_new(const struct world *w, bool alarms)
{
	struct night_look *l = g_new0(struct night_look, 1);

	l->w = w;
	l->boards = alarms ? BOARDS : ALARMS;
	l->query[TONIGHT] = board_day(w, w->now, 0);
	l->query[ALARMS] = alarm_span(w);
	l->ahead = ahead_span(w);
	l->end = cache_lock_end(w->cache);
	for (int i = 0; i < BOARDS; i++) {
		board_init(&l->board[i]);
		board_begin(&l->board[i], w, &l->query[i]);
	}
	return l;
}

static void look_at_some(struct night_look *l)
{
	struct cache_list *twice;

	for (int i = 0; i < l->boards; i++) {
		l->query[i].lock_from = l->next;
		l->query[i].lock_until = l->next + LOCKS_AT_ONCE;
		board_add(&l->board[i], l->w, &l->query[i]);
	}
	l->ahead.lock_from = l->next;
	l->ahead.lock_until = l->next + LOCKS_AT_ONCE;
	twice = cache_doubles_of(l->w->cache, &l->ahead, l->w->zone, l->w->now, NULL);
	l->doubles += twice ? (int)twice->rows->len : 0;
	cache_list_free(twice);
	l->next += LOCKS_AT_ONCE;
}

bool night_look_step(struct night_look *l, int budget_us)
{
	gint64 until = g_get_monotonic_time() + budget_us;

	cache_look_begin(l->w->cache);
	do {
		look_at_some(l);
	} while (l->next < l->end && g_get_monotonic_time() < until);
	cache_look_end(l->w->cache);
	if (l->next < l->end)
		return false;
	for (int i = 0; i < l->boards; i++)
		board_end(&l->board[i], l->w);
	return true;
}

int night_look_at_risk(const struct night_look *l, int *doubles)
{
	const struct board_counts *counts = &l->board[TONIGHT].counts;

	*doubles = l->doubles;
	return counts->of[0][READY_AT_RISK] + counts->of[1][READY_AT_RISK];
}

GPtrArray *night_look_alarms(const struct night_look *l)
{
	return l->boards > ALARMS ? alarms_of(l->w, &l->board[ALARMS]) : NULL;
}

void night_look_free(struct night_look *l)
{
	if (!l)
		return;
	for (int i = 0; i < BOARDS; i++)
		board_done(&l->board[i]);
	g_free(l);
}

struct cache_list *doubles_ahead(const struct world *w)
{
	struct night_query q = ahead_span(w);

	return cache_doubles_of(w->cache, &q, w->zone, w->now, NULL);
}
