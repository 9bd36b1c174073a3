/* tonight_rows - a day's guests and their doors, judged and in order; see tonight.h. */
#include <string.h>

#include "ui/screens/tonight.h"

#define OVERDUE_MS (30 * DAY_MS) /* how far back a code that should be gone is looked for */
#define SHIFT_MS   (6 * HOUR_MS) /* what comes so soon is of this shift, whichever day it belongs to */

void board_init(struct board *b)
{
	*b = (struct board){ .from = INSTANT_NONE, .until = INSTANT_NONE };
	b->doors = g_array_new(FALSE, FALSE, sizeof(struct board_door));
	b->guests = g_array_new(FALSE, FALSE, sizeof(struct board_guest));
	b->lines = g_array_new(FALSE, FALSE, sizeof(struct board_line));
	b->unfolded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	b->keys = g_string_chunk_new(1024);
	b->lists = g_ptr_array_new_with_free_func((GDestroyNotify)cache_list_free);
	b->rows = g_ptr_array_new();
}

void board_done(struct board *b)
{
	g_ptr_array_unref(b->lists);
	g_ptr_array_unref(b->rows);
	g_array_unref(b->doors);
	g_array_unref(b->guests);
	g_array_unref(b->lines);
	g_hash_table_destroy(b->unfolded);
	g_string_chunk_free(b->keys);
}

static struct instant moment_of(const struct night_row *row)
{
	return row->facts.departs ? row->facts.code.ends_at : row->facts.code.starts_at;
}

/* One guest's doors share a key that the desk gave them; else a name within one window. Without
 * either a code stands for itself. */
static char *key_of(const struct night_row *row)
{
	const struct access_code *ac = &row->facts.code;
	char side = row->facts.departs ? 'd' : 'a';

	if (ac->common_code_key && *ac->common_code_key)
		return g_strdup_printf("%c key %s", side, ac->common_code_key);
	if (row->name_folded && *row->name_folded)
		return g_strdup_printf("%c name %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", side,
				       ac->starts_at.ms, ac->ends_at.ms, row->name_folded);
	return g_strdup_printf("%c code %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, side, row->code_no,
			       row->intent_no);
}

/* A door and whose it is, while they are being sorted. */
struct sorted {
	const struct night_row *row;
	struct instant at; /* of the guest */
	const char *key;
};

static int compare_instants(struct instant a, struct instant b)
{
	return (a.ms > b.ms) - (a.ms < b.ms);
}

static int compare_sorted(gconstpointer pa, gconstpointer pb)
{
	const struct sorted *a = pa, *b = pb;
	int by = a->row->facts.departs - b->row->facts.departs;

	if (!by)
		by = compare_instants(a->at, b->at);
	if (!by && a->key != b->key)
		by = g_strcmp0(a->row->name_folded, b->row->name_folded);
	if (!by && a->key != b->key)
		by = strcmp(a->key, b->key);
	if (!by)
		by = g_strcmp0(a->row->lock_key, b->row->lock_key);
	return by ? by : (a->row->code_no > b->row->code_no) - (a->row->code_no < b->row->code_no);
}

static GArray *sort_doors(struct board *b)
{
	g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal); /* key -> index */
	GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(struct sorted), b->rows->len);

	for (guint i = 0; i < b->rows->len; i++) {
		const struct night_row *row = g_ptr_array_index(b->rows, i);
		g_autofree char *key = key_of(row);
		struct sorted one = { row, moment_of(row), g_string_chunk_insert_const(b->keys, key) };
		gpointer at;

		if (g_hash_table_lookup_extended(first, one.key, NULL, &at)) {
			struct sorted *head = &g_array_index(all, struct sorted, GPOINTER_TO_UINT(at));

			if (instant_before(one.at, head->at))
				head->at = one.at;
		} else {
			g_hash_table_insert(first, (gpointer)(uintptr_t)one.key,
					    GUINT_TO_POINTER(i));
		}
		g_array_append_val(all, one);
	}
	for (guint i = 0; i < all->len; i++) {
		struct sorted *one = &g_array_index(all, struct sorted, i);
		guint head = GPOINTER_TO_UINT(g_hash_table_lookup(first, one->key));

		one->at = g_array_index(all, struct sorted, head).at;
	}
	g_array_sort(all, compare_sorted);
	return all;
}

/* What ended before this day and is gone as it should be is no news of it. */
static bool is_news(const struct board *b, const struct board_door *d)
{
	return !d->row->facts.departs || !instant_before(d->row->facts.code.ends_at, b->from) ||
	       d->ready.verdict == READY_AT_RISK;
}

static void judge_guest(struct board *b, struct board_guest *guest)
{
	guest->worst = guest->first;
	for (guint i = guest->first; i < guest->first + guest->n; i++)
		if (g_array_index(b->doors, struct board_door, i).ready.verdict >
		    g_array_index(b->doors, struct board_door, guest->worst).ready.verdict)
			guest->worst = i;
}

static void count(struct board *b)
{
	b->counts = (struct board_counts){ 0 };
	for (guint i = 0; i < b->guests->len; i++) {
		const struct board_guest *guest = board_guest(b, (int)i);
		enum ready_verdict v = g_array_index(b->doors, struct board_door, guest->worst).ready.verdict;

		b->counts.of[guest->departs][v]++;
		if (guest->departs)
			b->counts.departures++;
		else if (v != READY_REVOKED)
			b->counts.arrivals++;
	}
}

void board_judge(struct board *b, struct instant now)
{
	for (guint i = 0; i < b->doors->len; i++) {
		struct board_door *d = &g_array_index(b->doors, struct board_door, i);

		d->ready = ready_judge(&d->row->facts, now);
	}
	for (guint i = 0; i < b->guests->len; i++)
		judge_guest(b, &g_array_index(b->guests, struct board_guest, i));
	count(b);
}

static void gather(struct board *b, struct instant now)
{
	g_autoptr(GArray) all = sort_doors(b);
	const char *key = NULL;

	for (guint i = 0; i < all->len; i++) {
		const struct sorted *one = &g_array_index(all, struct sorted, i);
		struct board_door door = { one->row, ready_judge(&one->row->facts, now) };

		if (!is_news(b, &door))
			continue;
		if (one->key != key) {
			struct board_guest guest = {
				.departs = one->row->facts.departs,
				.at = one->at,
				.name = one->row->facts.code.name,
				.key = one->key,
				.first = b->doors->len,
			};

			g_array_append_val(b->guests, guest);
		}
		key = one->key;
		g_array_append_val(b->doors, door);
		g_array_index(b->guests, struct board_guest, b->guests->len - 1).n++;
	}
}

void board_begin(struct board *b, const struct world *w, const struct night_query *q)
{
	b->from = q->from;
	b->until = q->until;
	b->today = !instant_before(w->now, b->from) && instant_before(w->now, b->until);
	g_array_set_size(b->doors, 0);
	g_array_set_size(b->guests, 0);
	g_string_chunk_clear(b->keys);
	g_ptr_array_set_size(b->rows, 0);
	g_ptr_array_set_size(b->lists, 0);
}

bool board_add(struct board *b, const struct world *w, const struct night_query *q)
{
	struct cache_list *list = cache_night(w->cache, q, w->now, NULL);
	struct cache_list *doubles = list ? cache_look_around(w->cache, list, q, w->zone, w->now) : NULL;

	if (!list)
		return false;
	g_ptr_array_add(b->lists, list);
	if (doubles)
		g_ptr_array_add(b->lists, doubles);
	for (guint i = 0; i < list->rows->len; i++)
		g_ptr_array_add(b->rows, cache_list_at(list, struct night_row, i));
	return true;
}

void board_end(struct board *b, const struct world *w)
{
	gather(b, w->now);
	board_judge(b, w->now);
	board_lay(b);
}

bool board_load_span(struct board *b, const struct world *w, const struct night_query *q)
{
	bool ok;

	board_begin(b, w, q);
	ok = board_add(b, w, q);
	board_end(b, w);
	return ok;
}

struct night_query board_day(const struct world *w, struct instant t, int days)
{
	struct night_query q = { .arrivals = true, .departures = true, .overdue_from = INSTANT_NONE };

	ready_day(w->zone, t, days, &q.from, &q.until);
	if (instant_before(w->now, q.from) || !instant_before(w->now, q.until))
		return q;
	q.overdue_from = instant_add_ms(q.from, -OVERDUE_MS);
	if (instant_before(q.until, instant_add_ms(w->now, SHIFT_MS)))
		q.until = instant_add_ms(w->now, SHIFT_MS);
	return q;
}

bool board_load(struct board *b, const struct world *w, struct instant t, int days)
{
	struct night_query q = board_day(w, t, days);

	return board_load_span(b, w, &q);
}

/* ---- lines ---- */

bool board_is_unfolded(const struct board *b, int guest)
{
	const struct board_guest *g = board_guest(b, guest);

	return g && g->n > 1 && b->all_unfolded != g_hash_table_contains(b->unfolded, g->key);
}

void board_set_unfolded(struct board *b, int guest, bool unfolded)
{
	const struct board_guest *g = board_guest(b, guest);

	if (!g || g->n < 2)
		return;
	if (unfolded == b->all_unfolded)
		g_hash_table_remove(b->unfolded, g->key);
	else
		g_hash_table_add(b->unfolded, g_strdup(g->key));
	board_lay(b);
}

void board_lay(struct board *b)
{
	bool headed = false;

	g_array_set_size(b->lines, 0);
	for (guint i = 0; i < b->guests->len; i++) {
		const struct board_guest *guest = board_guest(b, (int)i);
		struct board_line line = { (int)i, -1 }, head = { -1, -1 };

		if (guest->departs && !headed)
			g_array_append_val(b->lines, head);
		headed = headed || guest->departs;
		g_array_append_val(b->lines, line);
		for (guint d = 0; board_is_unfolded(b, (int)i) && d < guest->n; d++) {
			line.door = (int)(guest->first + d);
			g_array_append_val(b->lines, line);
		}
	}
}

int board_lines(const struct board *b)
{
	return (int)b->lines->len;
}

const struct board_line *board_line(const struct board *b, int i)
{
	return i >= 0 && i < board_lines(b) ? &g_array_index(b->lines, struct board_line, i) : NULL;
}

const struct board_guest *board_guest(const struct board *b, int i)
{
	return i >= 0 && i < (int)b->guests->len ? &g_array_index(b->guests, struct board_guest, i) : NULL;
}

const struct board_door *board_door(const struct board *b, int i)
{
	const struct board_line *line = board_line(b, i);

	if (!line || line->guest < 0)
		return NULL;
	return &g_array_index(b->doors, struct board_door,
			      line->door >= 0 ? (guint)line->door : board_guest(b, line->guest)->worst);
}

int board_next_risk(const struct board *b, int line)
{
	int n = board_lines(b);

	for (int step = 1; step <= n; step++) {
		int i = (MAX(line, -1) + step) % n;
		const struct board_line *l = board_line(b, i);
		const struct board_door *d = board_door(b, i);
		/* Unfolded, the doors themselves are what to go to. */
		bool head = l->guest < 0 || (l->door < 0 && board_is_unfolded(b, l->guest));

		if (!head && d->ready.verdict >= READY_DOUBLE)
			return i;
	}
	return -1;
}
