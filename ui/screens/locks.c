/* locks - the round of a night: every lock, the worst first, and what each one needs. */
#include "ui/screens/locks.h"

#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/palette.h"
#include "ui/screens/paper.h"

#define SEEN_MAX 256

static void seen_free(void *p)
{
	struct locks_seen *s = p;

	if (s->list)
		cache_list_free(s->list);
	if (s->events)
		cache_list_free(s->events);
	g_free(s);
}

struct locks_seen *locks_see(struct locks *l, int64_t lock_no)
{
	struct world *w = l->base.world;
	struct event_query q = { .lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 1 };
	struct locks_seen *s = g_hash_table_lookup(l->seen, &lock_no);

	if (s)
		return s;
	if (g_hash_table_size(l->seen) >= SEEN_MAX)
		g_hash_table_remove_all(l->seen);
	s = g_new0(struct locks_seen, 1);
	s->lock_no = lock_no;
	s->list = cache_lock(w->cache, lock_no, w->now, NULL);
	if (s->list && s->list->rows->len)
		s->row = cache_list_at(s->list, struct lock_row, 0);
	if (s->row)
		s->memory = cache_memory(w->cache, lock_no, &s->row->lock, w->now);
	s->events = cache_events(w->cache, &q, NULL);
	g_hash_table_insert(l->seen, &s->lock_no, s);
	return s;
}

/* ---- the order ---- */

static bool at_one_place(const struct locks *l)
{
	return l->round->len && g_array_index(l->round, struct round_row, l->round->len - 1).place_no == 0;
}

int locks_group(const struct locks *l, const struct round_row *r)
{
	return at_one_place(l) ? r->room_no : r->place_no;
}

const char *locks_group_name(const struct locks *l, const struct lock *lock)
{
	const char *name = at_one_place(l) ? lock->room : lock->place;

	return name && *name ? name : at_one_place(l) ? _("(no room)") : _("(no place)");
}

static int compare_int(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int64_t or_last(struct instant t)
{
	return instant_known(t) ? t.ms : INT64_MAX;
}

struct order {
	const struct locks *l;
	struct instant now;
};

static int by_name(const struct round_row *a, const struct round_row *b, struct instant now)
{
	(void)now;
	return a->name_no - b->name_no;
}

static int by_worst(const struct round_row *a, const struct round_row *b, struct instant now)
{
	return health_compare_worst(&a->health, &b->health, now);
}

static int by_battery(const struct round_row *a, const struct round_row *b, struct instant now)
{
	(void)now;
	return health_compare_battery(&a->health, &b->health);
}

static int by_offline(const struct round_row *a, const struct round_row *b, struct instant now)
{
	int d = b->health.offline - a->health.offline;

	(void)now;
	return d ? d : compare_int(or_last(a->health.offline_since), or_last(b->health.offline_since));
}

static int by_account(const struct round_row *a, const struct round_row *b, struct instant now)
{
	(void)now;
	return b->health.account - a->health.account;
}

static int by_clock(const struct round_row *a, const struct round_row *b, struct instant now)
{
	(void)now;
	return b->health.clock - a->health.clock;
}

static int by_full(const struct round_row *a, const struct round_row *b, struct instant now)
{
	(void)now;
	return compare_int(or_last(a->health.full_at), or_last(b->health.full_at));
}

static int by_strays(const struct round_row *a, const struct round_row *b, struct instant now)
{
	(void)now;
	return b->health.strays - a->health.strays;
}

/* Longest silence first; those never heard of before all. */
static int by_seen(const struct round_row *a, const struct round_row *b, struct instant now)
{
	(void)now;
	return compare_int(a->last_seen.ms, b->last_seen.ms);
}

static int by_floor(const struct round_row *a, const struct round_row *b, struct instant now)
{
	(void)now;
	return a->floor_no - b->floor_no;
}

static int (*const orders[LOCKS_COLUMN_COUNT])(const struct round_row *, const struct round_row *,
					       struct instant) = {
	[LOCKS_NAME] = by_name,	      [LOCKS_SIGN] = by_worst,	   [LOCKS_BATTERY] = by_battery,
	[LOCKS_OFFLINE] = by_offline, [LOCKS_ACCOUNT] = by_account, [LOCKS_CLOCK] = by_clock,
	[LOCKS_FULL] = by_full,	      [LOCKS_STRAYS] = by_strays,  [LOCKS_SEEN] = by_seen,
	[LOCKS_PLACE] = by_floor,
};

static int compare_lines(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct order *o = data;
	const struct locks_line *x = a, *y = b;
	const struct round_row *p = &g_array_index(o->l->round, struct round_row, x->lock);
	const struct round_row *q = &g_array_index(o->l->round, struct round_row, y->lock);
	int d = o->l->grouped ? locks_group(o->l, p) - locks_group(o->l, q) : 0;

	d = d ? d : orders[o->l->sort](p, q, o->now);
	return d ? d : p->floor_no - q->floor_no;
}

const struct round_row *locks_row(const struct locks *l, int line)
{
	if (line < 0 || line >= (int)l->lines->len)
		return NULL;
	return &g_array_index(l->round, struct round_row, g_array_index(l->lines, struct locks_line, line).lock);
}

static bool is_head(const struct locks *l, int line)
{
	return line >= 0 && line < (int)l->lines->len && g_array_index(l->lines, struct locks_line, line).head;
}

static void add_heads(struct locks *l)
{
	int place = -1;

	for (guint i = 0; i < l->lines->len; i++) {
		struct locks_line head = { g_array_index(l->lines, struct locks_line, i).lock, true };
		int here = locks_group(l, &g_array_index(l->round, struct round_row, head.lock));

		if (here == place)
			continue;
		place = here;
		g_array_insert_val(l->lines, i, head);
		i++;
	}
}

/* The cursor stays on its lock, wherever that goes; where it has gone, near its place. */
static void find_cursor(struct locks *l)
{
	const struct round_row *r;

	for (guint i = 0; l->lock_no && i < l->lines->len; i++)
		if (!is_head(l, (int)i) && locks_row(l, (int)i)->lock_no == l->lock_no)
			l->at = (int)i;
	l->at = CLAMP(l->at, 0, MAX((int)l->lines->len - 1, 0));
	if (is_head(l, l->at))
		l->at++;
	r = locks_row(l, l->at);
	l->lock_no = r ? r->lock_no : 0;
}

static void arrange(struct locks *l)
{
	struct order o = { l, l->base.world->now };

	g_array_set_size(l->lines, 0);
	for (int i = 0; i < (int)l->round->len; i++)
		g_array_append_val(l->lines, ((struct locks_line){ i, false }));
	g_array_sort_with_data(l->lines, compare_lines, &o);
	if (l->grouped)
		add_heads(l);
	find_cursor(l);
}

void locks_load(struct locks *l)
{
	g_autoptr(GError) err = NULL;

	if (l->round)
		return;
	l->round = cache_round(l->base.world->cache, l->base.world->now, &err);
	if (!l->round) {
		app_message(l->base.app, true, _("The locks cannot be read: %s"), err->message);
		l->round = g_array_new(FALSE, FALSE, sizeof(struct round_row));
	}
	arrange(l);
}

/* ---- commands ---- */

static void move(struct locks *l, int n)
{
	int step = n < 0 ? -1 : 1, to = l->at + n, last = MAX((int)l->lines->len - 1, 0);
	const struct round_row *r;

	to = CLAMP(to, 0, last);
	if (is_head(l, to) && to + step >= 0 && to + step <= last)
		to += step;
	if (is_head(l, to)) /* the first line of all: its lock is below */
		to++;
	l->at = CLAMP(to, 0, last);
	r = locks_row(l, l->at);
	l->lock_no = r ? r->lock_no : 0;
}

static bool locks_jump(struct screen *s, const char *digits)
{
	struct locks *l = locks_of(s);
	g_autoptr(GArray) numbered = cache_locks_numbered(s->world->cache, digits, NULL);
	int64_t wanted = numbered && numbered->len ? g_array_index(numbered, int64_t, 0) : 0;

	for (int i = 0; wanted && i < (int)l->lines->len; i++)
		if (!is_head(l, i) && locks_row(l, i)->lock_no == wanted) {
			move(l, i - l->at);
			return true;
		}
	app_message(s->app, true, _("No lock has the number %s, in its name or its room."), digits);
	return false;
}

static bool can_sort(const struct locks *l, int column)
{
	bool said = l->grouped || l->base.world->property.place != NULL;

	return orders[column] && locks_column_shown((enum locks_column)column, l->cols, said);
}

/* By the column that was named, else the next; false: not by that. */
static bool sort_by(struct locks *l, const char *asked)
{
	int to = asked ? palette_pick(l->base.app, asked, locks_sort_names) : (int)l->sort;

	if (to < 0)
		return false;
	if (asked && !can_sort(l, to)) {
		app_message(l->base.app, true, _("There is no room for that column here."));
		return false;
	}
	if (!asked)
		do
			to = (to + 1) % LOCKS_COLUMN_COUNT;
		while (!can_sort(l, to));
	l->sort = (enum locks_column)to;
	return true;
}

static void sort(struct locks *l)
{
	if (!sort_by(l, app_argument(l->base.app)))
		return;
	arrange(l);
	l->top = 0;
	app_message(l->base.app, false, _("Sorted by %s."), locks_sort_words(l->sort));
}

static void write_walk_list(struct locks *l)
{
	int n = 0;
	char *text = walk_list(l, &n);
	g_autofree char *about = g_strdup_printf("%d locks", n);

	if (n) {
		paper_ask(l->base.app, PAPER_WALK_LIST, text, about);
		return;
	}
	app_message(l->base.app, false, _("No lock needs hands: every battery is good and every lock is reached."));
	g_free(text);
}

static bool locks_command(struct screen *s, enum command c, int n)
{
	struct locks *l = locks_of(s);

	locks_load(l);
	switch ((int)c) {
	case COMMAND_UP: move(l, -n); return true;
	case COMMAND_DOWN: move(l, n); return true;
	case COMMAND_PAGE_UP: move(l, -n * MAX(l->rows - 1, 1)); return true;
	case COMMAND_PAGE_DOWN: move(l, n * MAX(l->rows - 1, 1)); return true;
	case COMMAND_FIRST: move(l, -(int)l->lines->len); return true;
	case COMMAND_LAST: move(l, (int)l->lines->len); return true;
	case COMMAND_SORT: sort(l); return true;
	case COMMAND_GROUP:
		l->grouped = !l->grouped;
		arrange(l);
		return true;
	case COMMAND_WALK_LIST: write_walk_list(l); return true;
	case COMMAND_OPEN:
		if (l->lock_no)
			app_push(s->app, lock_new(s->app, s->world, l->lock_no));
		return true;
	case COMMAND_EVENTS:
		app_push(s->app, events_new(s->app, s->world, l->lock_no, 0));
		return true;
	case COMMAND_COULD:
		app_push(s->app, could_new(s->app, s->world, l->lock_no, 0, INSTANT_NONE));
		return true;
	case COMMAND_TRIAGE:
		if (l->lock_no)
			app_push(s->app, triage_new(s->app, s->world, l->lock_no, 0));
		return true;
	case COMMAND_LOCK:
	case COMMAND_UNLOCK:
		return action_run(s->app, s->world, c, l->lock_no, NULL);
	case COMMAND_LOCKS: return true; /* here already */
	default: return false;
	}
}

static bool locks_key(struct screen *s, const struct key *k)
{
	struct locks *l = locks_of(s);
	int line = l->top + k->row - 2; /* the title and the head are above */

	if (k->code != KEYCODE_MOUSE_PRESS || k->row < 2 || k->row >= 2 + l->rows)
		return false;
	if (line < 0 || line >= (int)l->lines->len || is_head(l, line))
		return true;
	if (line == l->at)
		return locks_command(s, COMMAND_OPEN, 1);
	move(l, line - l->at);
	return true;
}

static const char *locks_hint(struct screen *s, enum command c)
{
	struct locks *l = locks_of(s);
	const struct locks_seen *seen = l->lock_no ? locks_see(l, l->lock_no) : NULL;

	if (!seen || !seen->row)
		return c == COMMAND_OPEN || c == COMMAND_UNLOCK || c == COMMAND_EVENTS ? "" : NULL;
	if (c == COMMAND_UNLOCK && seen->row->lock.can_unlock == TRI_NO)
		return "";
	return c == COMMAND_GROUP && l->grouped ? _("ungroup") : NULL;
}

static bool locks_changed(struct screen *s, unsigned mask)
{
	struct locks *l = locks_of(s);

	g_hash_table_remove_all(l->seen);
	if (!mask || mask & (POKE_LOCKS | POKE_CODES | POKE_OUTBOX) || (mask & POKE_EVENTS && l->sort == LOCKS_SEEN))
		g_clear_pointer(&l->round, g_array_unref);
	return true;
}

static void locks_free(struct screen *s)
{
	struct locks *l = locks_of(s);

	g_clear_pointer(&l->round, g_array_unref);
	g_array_unref(l->lines);
	g_hash_table_destroy(l->seen);
	g_free(l);
}

static const struct screen_ops locks_ops = {
	.name = N_("Locks"),
	.view = VIEW_LOCKS,
	.draw = locks_draw,
	.command = locks_command,
	.jump = locks_jump,
	.key = locks_key,
	.changed = locks_changed,
	.hint = locks_hint,
	.twin = locks_twin,
	.free = locks_free,
};

struct screen *locks_new(struct app *app, struct world *w)
{
	struct locks *l = g_new0(struct locks, 1);

	l->base = (struct screen){ .ops = &locks_ops, .app = app, .world = w };
	l->lines = g_array_new(FALSE, FALSE, sizeof(struct locks_line));
	l->seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, seen_free);
	l->sort = LOCKS_SIGN;
	return &l->base;
}
