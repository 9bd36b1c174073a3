/* free - rooms for whoever walks in: those that nobody sleeps in for the nights asked, with what is wrong with their
 * locks; Enter makes a code for one.
 *
 * A room is a door with a number in its name; where no door has one, every door. */
#include <string.h>

#include "core/health.h"
#include "core/i18n.h"
#include "core/ready.h"
#include "core/text.h"
#include "core/when.h"
#include "ui/screens/lock_names.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

#define NIGHTS_MAX  99
#define CODES_MAX   400
#define LABEL_CELLS 24

struct free_rooms {
	struct screen base;
	struct page page;
	int day;    /* after today: the first night */
	int nights;
	bool stale;
	char *head;
};

static struct free_rooms *free_of(struct screen *s)
{
	return (struct free_rooms *)s;
}

/* Whoever comes tonight comes now; in the small hours that is still the night of the day before. */
static void span_of(const struct free_rooms *f, const struct zone *z, struct instant *from, struct instant *until)
{
	const struct world *w = f->base.world;
	struct instant day, end;
	struct civil c;

	ready_day(z, w->now, f->day, &day, &end);
	c = civil_at(z, day);
	civil_resolve(
		z, (struct civil){ .year = c.year, .month = c.month, .day = c.day, .minute = w->profile->check_in },
		from);
	civil_resolve(
		z,
		(struct civil){
			.year = c.year, .month = c.month, .day = c.day + f->nights, .minute = w->profile->check_out },
		until);
	if (f->day == 0)
		*from = w->now;
}

/* ---- reading ---- */

static bool has_number(const struct lock_name *n)
{
	return strpbrk(n->name, "0123456789") != NULL;
}

/* Of whoever has it next. */
static struct instant next_stay(const struct cache_list *codes, const struct zone *z, struct instant until)
{
	struct instant next = INSTANT_NONE;

	for (guint i = 0; i < codes->rows->len; i++) {
		const struct code_row *c = cache_list_at(codes, struct code_row, i);

		if (!c->code.time_bound || !instant_known(c->code.starts_at) ||
		    instant_before(c->code.starts_at, until) ||
		    when_nights(z, c->code.starts_at, c->code.ends_at) < 1)
			continue;
		if (!instant_known(next) || instant_before(c->code.starts_at, next))
			next = c->code.starts_at;
	}
	return next;
}

/* "free until Thu 15:00 · locked · battery 88 %": an offline lock takes no new code until it is back. */
static void add_room(struct free_rooms *f, const struct lock_row *row, struct instant next)
{
	struct world *w = f->base.world;
	const struct lock *l = &row->lock;
	const struct zone *z = zone_of(l->zone, w->zone);
	struct instant since = l->online == TRI_NO ? cache_offline_since(w->cache, row->lock_no) : INSTANT_NONE;
	bool low = battery_is_low(l->battery_pct, l->battery_status);
	enum role role;
	g_autofree char *state = words_lock_state(l, since, w->now, &role);
	g_autofree char *battery =
		l->battery_pct < 0
			? low ? g_strdup(_("battery low")) : NULL
			: g_strdup_printf(low ? _("battery low, %d %%") : _("battery %d %%"), l->battery_pct);
	const char *dot = w->ascii ? " - " : " · ";
	char at[CIVIL_TEXT_MAX];
	g_autofree char *free_until = instant_known(next)
					      ? g_strdup_printf(_("free until %s"), civil_near(z, next, w->now, at))
					      : g_strdup(_("free"));

	page_add(&f->page, l->name ? l->name : _("(no name)"),
		 g_strdup_printf("%s%s%s%s%s", free_until, dot, state, battery ? dot : "", battery ? battery : ""),
		 l->online == TRI_NO ? ROLE_ALARM : low ? ROLE_WARN : ROLE_TEXT, row->lock_no);
}

/* True: it is free. */
static bool look_at(struct free_rooms *f, int64_t lock_no)
{
	struct world *w = f->base.world;
	struct code_query all = { .lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = CODES_MAX };
	OWN(cache_list) struct cache_list *codes = cache_codes(w->cache, &all, w->now, NULL);
	OWN(cache_list) struct cache_list *lock = cache_lock(w->cache, lock_no, w->now, NULL);
	const struct lock_row *row = lock && lock->rows->len ? cache_list_at(lock, struct lock_row, 0) : NULL;
	struct occupied_query q = { .now = w->now };

	if (!row || !codes)
		return false;
	q.zone = zone_of(row->lock.zone, w->zone);
	span_of(f, q.zone, &q.from, &q.until);
	if (!cache_is_free(codes, &q))
		return false;
	add_room(f, row, next_stay(codes, q.zone, q.until));
	return true;
}

static void load(struct free_rooms *f)
{
	struct world *w = f->base.world;
	g_autoptr(GPtrArray) names = NULL;
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];
	struct instant begins, ends;
	bool numbered = false;
	int n = 0;

	if (!f->stale)
		return;
	f->stale = false;
	names = lock_names_read(w->cache, w->now);
	for (guint i = 0; i < names->len && !numbered; i++)
		numbered = has_number(g_ptr_array_index(names, i));
	page_clear(&f->page);
	for (guint i = 0; i < names->len; i++) {
		const struct lock_name *name = g_ptr_array_index(names, i);

		if (!numbered || has_number(name))
			n += look_at(f, name->lock_no);
	}
	if (!n)
		page_add(&f->page, NULL,
			 g_strdup(_(
				 "No room is free for all of these nights. - asks for fewer, ] for the day after.")),
			 ROLE_WARN, 0);
	span_of(f, w->zone, &begins, &ends);
	g_free(f->head);
	f->head = g_strdup_printf(
		P_("%1$d room free for %2$s: %3$s to %4$s", "%1$d rooms free for %2$s: %3$s to %4$s", n), n,
		f->nights == 1 ? _("one night") : _("these nights"), civil_near(w->zone, begins, w->now, from),
		civil_near(w->zone, ends, w->now, until));
}

static void draw(struct screen *s, struct grid *g, struct rect r)
{
	struct free_rooms *f = free_of(s);
	g_autofree char *nights = NULL;
	int cells;

	load(f);
	nights = g_strdup_printf(P_("%d night", "%d nights", f->nights), f->nights);
	cells = text_width(nights);
	grid_fill(g, (struct rect){ r.row, r.col, 1, r.cols }, ' ', ROLE_HEADER);
	grid_put(g, r.row, r.col + 1, r.cols - cells - 4, f->head, ROLE_HEADER);
	grid_put(g, r.row, r.col + r.cols - cells - 1, cells, nights, ROLE_HEADER);
	page_draw(&f->page, g, (struct rect){ r.row + 1, r.col, r.rows - 1, r.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = r.row;
		g->cursor_col = 1;
	}
}

/* ---- what it does ---- */

static bool ask_for(struct free_rooms *f, int day, int nights)
{
	f->day = CLAMP(day, 0, 365);
	f->nights = CLAMP(nights, 1, NIGHTS_MAX);
	f->stale = true;
	return true;
}

static bool open_form(struct free_rooms *f)
{
	const struct page_line *line = page_chosen(&f->page);
	struct world *w = f->base.world;
	struct instant from, until;

	if (!line || !line->ref)
		return true;
	if (!app_may_write(f->base.app))
		return true;
	span_of(f, w->zone, &from, &until);
	app_push(f->base.app, code_form_for(f->base.app, w, line->ref, f->day ? from : INSTANT_NONE, until));
	return true;
}

static bool command(struct screen *s, enum command c, int count)
{
	struct free_rooms *f = free_of(s);

	load(f);
	switch ((int)c) {
	case COMMAND_NIGHT_MORE: return ask_for(f, f->day, f->nights + count);
	case COMMAND_NIGHT_FEWER: return ask_for(f, f->day, f->nights - count);
	case COMMAND_EXTEND: return ask_for(f, f->day, count); /* as E elsewhere: a number says how many */
	case COMMAND_DAY_BEFORE: return ask_for(f, f->day - count, f->nights);
	case COMMAND_DAY_AFTER: return ask_for(f, f->day + count, f->nights);
	case COMMAND_GO_NOW: return ask_for(f, 0, f->nights);
	case COMMAND_OPEN:
	case COMMAND_NEW: return open_form(f);
	default: return page_command(&f->page, c, count);
	}
}

static bool changed(struct screen *s, unsigned mask)
{
	(void)mask;
	free_of(s)->stale = true;
	return true;
}

static void free_free(struct screen *s)
{
	struct free_rooms *f = free_of(s);

	page_done(&f->page);
	g_free(f->head);
	g_free(f);
}

static const struct screen_ops ops = {
	.name = N_("Free rooms"),
	.view = VIEW_FREE,
	.draw = draw,
	.command = command,
	.changed = changed,
	.free = free_free,
};

struct screen *free_rooms_new(struct app *app, struct world *w)
{
	struct free_rooms *f = g_new0(struct free_rooms, 1);

	f->base = (struct screen){ .ops = &ops, .app = app, .world = w };
	page_init(&f->page, LABEL_CELLS);
	ask_for(f, 0, 1);
	return &f->base;
}
