/* rack_cells - what each column of the rack says of a lock. */
#include "ui/screens/rack.h"

#include "core/health.h"
#include "core/i18n.h"
#include "core/traits.h"
#include "core/vocab.h"
#include "ui/screens/words.h"

struct cell_words {
	struct rack *r;
	struct rack_lock *l;
	bool ascii;
	enum role role;
};

static char *read_name(struct cell_words *c)
{
	const struct lock *lock = &c->l->row->lock;
	char shown[NAME_SHOWN_MAX];

	return g_strdup(lock->name ? name_shown(lock->name, NULL, lock->alike, c->ascii, shown) : _("(no name)"));
}

static char *read_sign(struct cell_words *c)
{
	int severity = c->l->row->worst ? c->l->row->worst_severity : 0;

	c->role = severity >= 2 ? ROLE_ALARM : ROLE_WARN;
	if (severity < 2 && rack_double(c->r, c->l, NULL)) {
		c->role = ROLE_ALARM;
		return g_strdup(DOUBLE_SIGN(c->ascii));
	}
	return severity > 0 ? g_strdup("!") : NULL;
}

static char *read_state(struct cell_words *c)
{
	return words_lock_state(&c->l->row->lock, c->l->offline_since, c->r->base.world->now, &c->role);
}

static char *read_place(struct cell_words *c)
{
	c->role = ROLE_DIM;
	return g_strdup(c->l->row->lock.place);
}

static char *read_room(struct cell_words *c)
{
	c->role = ROLE_DIM;
	return g_strdup(c->l->row->lock.room);
}

static char *read_brand(struct cell_words *c)
{
	c->role = ROLE_DIM;
	return g_strdup(brand_of(c->l->row->lock.device_type, c->l->row->lock.manufacturer));
}

static char *read_battery(struct cell_words *c)
{
	int pct = c->l->row->lock.battery_pct;
	bool low = pct >= 0 && pct < BATTERY_LOW_PCT;

	c->role = pct < 0 ? ROLE_DIM : low ? ROLE_WARN : ROLE_TEXT;
	return pct < 0 ? g_strdup("-- ") : g_strdup_printf("%d%s", pct, low ? "!" : " ");
}

static char *count(struct cell_words *c, int n)
{
	c->role = n ? ROLE_TEXT : ROLE_DIM;
	return n ? g_strdup_printf("%d", n) : g_strdup(c->ascii ? "." : "·");
}

static char *read_now(struct cell_words *c)
{
	return count(c, c->l->row->codes_now);
}

static char *read_next(struct cell_words *c)
{
	return count(c, c->l->row->codes_to_come);
}

static const struct forecast *memory(struct cell_words *c)
{
	struct rack_lock *l = c->l;

	if (!l->has_memory)
		l->memory = cache_memory(c->r->base.world->cache, l->lock_no, &l->row->lock, c->r->base.world->now);
	l->has_memory = true;
	return &l->memory;
}

static char *read_codes(struct cell_words *c)
{
	int places = c->l->row->lock.max_active_codes, held;

	if (places <= 0)
		return count(c, c->l->row->codes_all);
	held = memory(c)->now;
	c->role = held >= places ? ROLE_ALARM : ROLE_TEXT;
	return g_strdup_printf("%d/%d", held, places);
}

static char *read_full(struct cell_words *c)
{
	struct world *w = c->r->base.world;
	char at[CIVIL_TEXT_MAX];

	c->role = ROLE_WARN;
	if (c->l->row->lock.max_active_codes <= 0 || !instant_known(memory(c)->full_at))
		return NULL;
	if (!instant_before(w->now, memory(c)->full_at))
		return g_strdup(_("now"));
	return g_strdup(civil_day(zone_of(c->l->row->lock.zone, w->zone), memory(c)->full_at, at));
}

/* The name before the hour: that is what one looks for. */
static char *read_opened(struct cell_words *c)
{
	struct world *w = c->r->base.world;
	struct event_query q = { .lock_no = c->l->lock_no, .kinds = 1u << EVENT_UNLOCK, .from = INSTANT_NONE,
				 .until = INSTANT_NONE, .limit = 1 };
	const struct event_row *e;
	char ago[CIVIL_TEXT_MAX];

	if (!c->l->opened)
		c->l->opened = cache_events(w->cache, &q, NULL);
	if (!c->l->opened || !c->l->opened->rows->len)
		return NULL;
	e = cache_list_at(c->l->opened, struct event_row, 0);
	c->role = ROLE_DIM;
	return g_strdup_printf("%s %s", duration_short(instant_diff_ms(w->now, e->event.occurred_at), ago),
			       e->who ? e->who : method_words(e->event.method));
}

static char *read_problem(struct cell_words *c)
{
	const struct lock_row *row = c->l->row;

	c->role = row->worst_severity >= 2 ? ROLE_ALARM : ROLE_WARN;
	return row->worst && row->worst_severity > 0 ? words_issue(row->worst, NULL) : NULL;
}

static char *(*const readers[COLUMN_COUNT])(struct cell_words *) = {
#define AS_READER(id, name, title, help, align, sort, read, ...) [COLUMN_##id] = read_##read,
	RACK_COLUMNS(AS_READER)
#undef AS_READER
};

/* Without a column of their own, batteries that must be changed still show. */
static void draw_low_battery(const struct lock *lock, const char *state, struct grid *g, int row,
			     const struct columns_layout *l)
{
	int at = text_width(state) + 1;
	bool low = lock->battery_pct >= 0 && lock->battery_pct < BATTERY_LOW_PCT;

	if (low && at + 3 <= l->width[COLUMN_STATE])
		grid_put(g, row, l->col[COLUMN_STATE] + at, 3, _("bat"), ROLE_WARN);
}

void rack_draw_cells(struct rack *r, struct rack_lock *l, struct grid *g, int row, const struct columns_layout *lay)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		struct cell_words c = { .r = r, .l = l, .ascii = g->ascii, .role = ROLE_TEXT };
		g_autofree char *words = lay->width[i] ? readers[i](&c) : NULL;

		if (!words)
			continue;
		grid_put_field(g, row, lay->col[i], lay->width[i], column_info((enum column)i)->align, CUT_END, words,
			       c.role);
		if (i == COLUMN_STATE && !lay->width[COLUMN_BATTERY])
			draw_low_battery(&l->row->lock, words, g, row, lay);
	}
	grid_mark(g, (struct rect){ row, lay->col[COLUMN_NAME], 1, lay->width[COLUMN_NAME] }, MARK_BOLD);
}
