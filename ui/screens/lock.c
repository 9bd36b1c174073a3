/* lock - everything about one lock: what is wrong and what to do, how it is, the rules of its
 * codes in words, its codes, and what happened at it. */
#include "core/i18n.h"
#include "core/traits.h"
#include "ui/screens/actions.h"
#include "ui/screens/lock_rules.h"
#include "ui/screens/page_rows.h"
#include "ui/screens/words.h"

#define CODES_SHOWN 200
#define EVENTS_SHOWN 20

struct lock_screen {
	struct screen base;
	int64_t lock_no;
	struct cache_list *list;  /* one struct lock_row */
	struct page page;
	bool stale;
};

static const struct lock_row *row_of(const struct lock_screen *s)
{
	return s->list && s->list->rows->len ? cache_list_at(s->list, struct lock_row, 0) : NULL;
}

/* ---- how it is ---- */

static void add_fact(struct page *p, const char *label, const char *text)
{
	if (text && *text)
		page_add(p, label, g_strdup(text), ROLE_TEXT, 0);
}

static const char *from_here(const struct lock *lock)
{
	bool locks = lock->can_lock != TRI_NO, unlocks = lock->can_unlock != TRI_NO;

	return locks && unlocks ? _("can be locked and unlocked")
	       : unlocks ? _("can be unlocked, not locked")
	       : locks ? _("can be locked, not unlocked") : _("can be neither locked nor unlocked");
}

static void add_state(struct lock_screen *s, const struct lock_row *row, const struct zone *z)
{
	const struct lock *lock = &row->lock;
	struct world *w = s->base.world;
	struct page *p = &s->page;

	page_heading(p, _("The lock"));
	rows_lock_power(p, w, lock);
	add_fact(p, _("from here"), from_here(lock));
	add_fact(p, _("place"), lock->place);
	add_fact(p, _("room"), lock->room);
	add_fact(p, _("brand"), brand_of(lock->device_type, lock->manufacturer));
	add_fact(p, _("model"), lock->model);
	page_add(p, _("time zone"), g_strdup_printf("%s%s", zone_name(z), zone_is_known(z) ? "" : _(" (not known: shown as UTC)")),
		 zone_is_known(z) ? ROLE_TEXT : ROLE_WARN, 0);
	page_add(p, _("id"), g_strdup(lock->device_id), ROLE_DIM, 0);
}

/* ---- the screen ---- */

static void fill(struct lock_screen *s)
{
	struct world *w = s->base.world;
	const struct lock_row *row;
	const struct zone *z;
	char *alike;

	g_clear_pointer(&s->list, cache_list_free);
	s->list = cache_lock(w->cache, s->lock_no, w->now, NULL);
	s->stale = false;
	page_clear(&s->page);
	row = row_of(s);
	if (!row) {
		page_add(&s->page, NULL, g_strdup(_("This lock is not in the cache any more. Esc goes back.")), ROLE_WARN, 0);
		return;
	}
	z = zone_of(row->lock.zone, w->zone);
	alike = words_lock_alike(&row->lock);
	if (alike)
		page_add(&s->page, NULL, alike, ROLE_WARN, 0);
	rows_lock_issues(&s->page, w, s->lock_no, z);
	add_state(s, row, z);
	lock_rules_add(&s->page, w, row, z);
	rows_lock_codes(&s->page, w, row, z, CODES_SHOWN);
	rows_lock_events(&s->page, w, s->lock_no, z, EVENTS_SHOWN);
}

static void lock_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct lock_screen *s = (struct lock_screen *)screen;
	const struct lock_row *row;

	if (s->stale)
		fill(s);
	row = row_of(s);
	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	if (row)
		grid_put(g, area.row, area.col + 1, area.cols - 2,
			 row->lock.name ? row->lock.name : _("(no name)"), ROLE_NAME);
	page_draw(&s->page, g, (struct rect){ area.row + 1, area.col, area.rows - 1, area.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = area.row;
		g->cursor_col = 1;
	}
}

static bool run_on_chosen(struct lock_screen *s, enum command c)
{
	const struct page_line *l = page_chosen(&s->page);
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *list = l && l->ref ? cache_code(w->cache, l->ref, w->now, NULL) : NULL;

	return action_run(s->base.app, w, c, s->lock_no, list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL);
}

static bool lock_command(struct screen *screen, enum command c, int count)
{
	struct lock_screen *s = (struct lock_screen *)screen;
	const struct page_line *l = page_chosen(&s->page);
	struct app *app = screen->app;

	if (page_command(&s->page, c, count))
		return true;
	switch ((int)c) {
	case COMMAND_OPEN:
		if (l)
			app_push(app, code_new(app, screen->world, l->ref));
		return true;
	case COMMAND_TRIAGE:
		app_push(app, triage_new(app, screen->world, s->lock_no, l ? l->ref : 0));
		return true;
	case COMMAND_WHY:
		if (l)
			app_push(app, why_new(app, screen->world, l->ref));
		else
			app_message(app, false, _("Choose a code first."));
		return true;
	case COMMAND_EVENTS:
		app_push(app, events_new(app, screen->world, s->lock_no, 0));
		return true;
	case COMMAND_COULD:
		app_push(app, could_new(app, screen->world, s->lock_no, 0, INSTANT_NONE));
		return true;
	case COMMAND_STRAYS:
		app_push(app, strays_new(app, screen->world, s->lock_no));
		return true;
	case COMMAND_NEW:
		app_push(app, code_form_new(app, screen->world, s->lock_no));
		return true;
	default:
		return run_on_chosen(s, c);
	}
}

static const char *lock_hint(struct screen *screen, enum command c)
{
	struct lock_screen *s = (struct lock_screen *)screen;
	const struct lock_row *row = row_of(s);

	if (c == COMMAND_STRAYS)
		return row && row->codes_unmanaged ? NULL : "";
	if (c == COMMAND_OPEN)
		return page_chosen(&s->page) ? _("open code") : "";
	if (c == COMMAND_UNLOCK || c == COMMAND_LOCK) {
		enum tri can = !row ? TRI_NO : c == COMMAND_LOCK ? row->lock.can_lock : row->lock.can_unlock;

		return can == TRI_NO ? "" : c == COMMAND_LOCK ? _("lock") : NULL;
	}
	return NULL;
}

static bool lock_changed(struct screen *screen, unsigned mask)
{
	(void)mask;
	((struct lock_screen *)screen)->stale = true;
	return true;
}

static void lock_free(struct screen *screen)
{
	struct lock_screen *s = (struct lock_screen *)screen;

	if (s->list)
		cache_list_free(s->list);
	page_done(&s->page);
	g_free(s);
}

static const struct screen_ops lock_ops = {
	.name = N_("Lock"),
	.view = VIEW_LOCK,
	.draw = lock_draw,
	.command = lock_command,
	.changed = lock_changed,
	.hint = lock_hint,
	.free = lock_free,
};

struct screen *lock_new(struct app *app, struct world *w, int64_t lock_no)
{
	struct lock_screen *s = g_new0(struct lock_screen, 1);

	s->base = (struct screen){ .ops = &lock_ops, .app = app, .world = w };
	s->lock_no = lock_no;
	page_init(&s->page, 20);
	fill(s);
	return &s->base;
}
