/* app_frame - the lines around every screen: where one is, how fresh it is, which keys matter.
 *
 * What is shown says how old it is: the right half of the title is about sync and the outbox,
 * and nothing that is stale looks live. The bottom line gives way to a message for its time. */
#include <string.h>

#include "ui/app_core.h"
#include "core/i18n.h"
#include "ui/keymap.h"
#include "ui/screens/page.h"
#include "ui/seal.h"
#include "ui/tour.h"
#include "ui/views.h"
#include "ui/undo.h"

/* Thousands apart, as people read them: 1,240. */
static char *grouped(int64_t n)
{
	GString *s = g_string_new(NULL);

	g_string_printf(s, "%" G_GINT64_FORMAT, n);
	for (gssize at = (gssize)s->len - 3; at > (n < 0 ? 1 : 0); at -= 3)
		g_string_insert_c(s, at, ',');
	return g_string_free(s, FALSE);
}

static char *seconds_text(int ms)
{
	if (ms % 1000 == 0)
		return g_strdup_printf("%d s", ms / 1000);
	return g_strdup_printf("%d.%d s", ms / 1000, ms % 1000 / 100);
}

static char *freshness_pulling(const struct poke_status *st, const char *sign)
{
	g_autofree char *done = grouped(st->done), *total = grouped(st->total);

	if (st->total > 0)
		return g_strdup_printf(_("%s pulling %s of %s codes"), sign, done, total);
	return g_strdup_printf(_("%s pulling, %s so far"), sign, done);
}

static char *freshness_waiting(const struct world *w, const char *sign)
{
	char at[CIVIL_TEXT_MAX] = "", next[CIVIL_TEXT_MAX];
	const struct poke_status *st = w->sync;
	GString *s = g_string_new(sign);

	if (instant_known(st->ok_at))
		g_string_append_printf(s, _(" offline since %s"), civil_near(w->zone, st->ok_at, w->now, at));
	else
		g_string_append(s, _(" offline"));
	if (instant_known(st->next_at) && instant_before(w->now, st->next_at))
		g_string_append_printf(s, _(" %s retry %s"), w->ascii ? "-" : "·",
				       civil_seconds(w->zone, st->next_at, next));
	return g_string_free(s, FALSE);
}

/* How old the screen may be: where the server tells of itself, the way here; else a poll. */
static char *freshness_live(const struct poke_status *st, const char *sign)
{
	g_autofree char *age = st->live && st->lag_ms < 1000
				       ? g_strdup_printf(_("%d ms"), MAX(st->lag_ms, 1))
				       : seconds_text(st->live ? st->lag_ms : st->interval_ms);
	const char *comparing = st->phase == SYNC_COMPARING ? _(", comparing") : "";

	return g_strdup_printf(_("%s live %s%s"), sign, age, comparing);
}

char *app_freshness(const struct world *w, bool ascii, enum role *role)
{
	const struct poke_status *st = w->sync;

	if (!w->sync_connected) {
		*role = ROLE_WARN;
		return g_strdup(ascii ? _("o sync not running") : _("○ sync not running"));
	}
	switch (st->phase) {
	case SYNC_STARTING:
		*role = ROLE_PENDING;
		return g_strdup(ascii ? _("o starting") : _("◌ starting"));
	case SYNC_PULLING:
		*role = ROLE_PENDING;
		return freshness_pulling(st, ascii ? "%" : "◐");
	case SYNC_FOLLOWING:
	case SYNC_COMPARING:
		*role = ROLE_GOOD;
		return freshness_live(st, ascii ? "*" : "●");
	case SYNC_WAITING:
		*role = ROLE_ALARM;
		return freshness_waiting(w, ascii ? "o" : "○");
	case SYNC_NO_ACCESS:
		*role = ROLE_ALARM;
		return g_strdup(ascii ? _("x key refused") : _("✗ key refused"));
	case SYNC_STOPPED:
		*role = ROLE_ALARM;
		return g_strdup_printf(_("%s stopped: %s"), ascii ? "x" : "✗",
				       st->text ? st->text : _("see keyrack doctor"));
	}
	*role = ROLE_WARN;
	return g_strdup("?");
}

#define WHERE_CELLS 12 /* of a screen's name, kept free of the clock */

/* Puts s so that it ends before *right, and moves *right to its left. Nothing when no room. What
 * is as it should be is part of the title; what is not stands out of it as a block. */
static void put_right(struct grid *g, int *right, int left_bound, const char *s, enum role role)
{
	bool loud = role == ROLE_WARN || role == ROLE_ALARM;
	int width = text_width(s) + (loud ? 2 : 0);

	if (*right - width < left_bound)
		return;
	*right -= width;
	if (loud) {
		struct rect block = { 0, *right, 1, width };

		grid_fill(g, block, ' ', role);
		grid_put(g, 0, *right + 1, width - 2, s, role);
		grid_mark(g, block, MARK_REVERSE);
	} else {
		grid_put(g, 0, *right, width, s, ROLE_TITLE);
	}
	*right -= 2;
}

/* "Rack › 102 Garden": every screen under the top one is one Esc away. */
static char *trail(const struct app *app, bool ascii)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < app->stack->len; i++) {
		const struct screen *one = g_ptr_array_index(app->stack, i);

		if (one->popup)
			continue;
		if (s->len)
			g_string_append(s, ascii ? " > " : " › ");
		g_string_append(s, _(one->ops->name));
	}
	return g_string_free(s, FALSE);
}

/* The screen whose name the title ends with: no question or form over it. */
static const char *name_of_screen(const struct app *app)
{
	for (guint at = app->stack->len; at-- > 0;) {
		const struct screen *s = g_ptr_array_index(app->stack, at);

		if (!s->popup)
			return _(s->ops->name);
	}
	return "";
}

/* Where one is: the way there where there is room for it, else its end. */
static void put_trail(const struct app *app, struct grid *g, int left, int right)
{
	g_autofree char *whole = trail(app, g->ascii);

	if (right > left)
		grid_put(g, 0, left, right - left, text_width(whole) <= right - left ? whole : name_of_screen(app), ROLE_TITLE);
}

/* The day and the hour, or the hour alone. */
static void put_clock(const struct world *w, struct grid *g, int *right, int left)
{
	char day[CIVIL_TEXT_MAX], clock[CIVIL_TEXT_MAX];
	struct civil c = civil_at(w->zone, w->now);
	g_autofree char *whole = g_strdup_printf("%s %s %s", civil_day(w->zone, w->now, day), civil_clock(w->zone, w->now, clock),
						 c.abbrev);

	put_right(g, right, left, *right - text_width(whole) >= left ? whole : clock, ROLE_TITLE);
}

static void put_outbox(struct app *app, struct grid *g, int *right, int left)
{
	struct cache_counts n = app->counts;

	if (n.outbox_refused) {
		g_autofree char *s = g_strdup_printf(_("%s%d refused"), g->ascii ? "!" : "✗ ",
						     (int)n.outbox_refused);
		put_right(g, right, left, s, ROLE_ALARM);
	}
	if (n.outbox_waiting) {
		g_autofree char *s = g_strdup_printf("%s %" G_GINT64_FORMAT, g->ascii ? "^v" : "⇅",
						     n.outbox_waiting);
		put_right(g, right, left, s, ROLE_PENDING);
	}
}

static void put_at_risk(struct app *app, struct grid *g, int *right, int left)
{
	g_autofree char *s = NULL;

	if (app->doubles) {
		g_autofree char *twice = g_strdup_printf(_("!%d double"), app->doubles);

		put_right(g, right, left, twice, ROLE_ALARM);
	}
	if (!app->at_risk)
		return;
	s = g_strdup_printf(_("!%d at risk"), app->at_risk);
	put_right(g, right, left, s, ROLE_ALARM);
}

/* As configured; else where all the locks are; else the profile. */
static const char *property_name(const struct world *w)
{
	const struct profile *p = w->profile;

	if (p->name && g_strcmp0(p->name, p->id) != 0)
		return p->name;
	return w->property.place ? w->property.place : p->id;
}

char *app_window_title(const struct app *app)
{
	const char *name = property_name(&app->world);

	if (app->at_risk)
		return g_strdup_printf(_("keyrack: %s, %d at risk"), name, app->at_risk);
	return g_strdup_printf(_("keyrack: %s"), name);
}

void app_draw_title(struct app *app, struct grid *g)
{
	const struct world *w = &app->world;
	const char *name = property_name(w);
	enum role role = ROLE_TITLE;
	g_autofree char *fresh = app_freshness(w, g->ascii, &role);
	int left, where, right = g->cols - 1, name_room = MIN(g->cols / 3, 28);

	grid_fill(g, (struct rect){ 0, 0, 1, g->cols }, ' ', ROLE_TITLE);
	left = 1 + grid_put(g, 0, 1, name_room, name, ROLE_TITLE);
	grid_mark(g, (struct rect){ 0, 1, 1, left - 1 }, MARK_BOLD);
	where = left + 2 + (app->seal ? 0 : MIN(text_width(name_of_screen(app)), WHERE_CELLS) + 1);
	/* What must not be lost stands outermost: alarms first, then freshness, then the clock; but which screen this
	 * is comes before the clock. */
	put_outbox(app, g, &right, left + 2);
	put_at_risk(app, g, &right, left + 2);
	put_right(g, &right, left + 2, fresh, role);
	if (w->read_only)
		put_right(g, &right, left + 2, _("read-only"), ROLE_WARN);
	/* A count, or a room's number, before the clock: the bottom line has no place that is always free. */
	if (app->digits[0])
		put_right(g, &right, left + 2, app->digits, ROLE_WARN);
	put_clock(w, g, &right, where);
	if (!app->seal)
		put_trail(app, g, left + 2, right);
}

/* ---- the bottom line ---- */

static const char *hint_word(struct screen *s, const struct view_hint *h)
{
	const char *own = s->ops->hint ? s->ops->hint(s, h->command) : NULL;

	return own ? own : h->words ? _(h->words) : command_info(h->command)->hint;
}

/* One hint at *col; false when it does not fit whole. */
static bool put_hint(struct app *app, struct grid *g, int *col, const char *key, const char *words,
		     enum command c)
{
	int need = text_width(key) + 1 + text_width(words), row = g->rows - 1;

	if (*col + need >= g->cols || app->hints >= APP_HINTS_MAX)
		return false;
	app->hint[app->hints++] = (struct hint_place){ *col, *col + need, c };
	*col += grid_put(g, row, *col, g->cols - *col, key, ROLE_HINT_KEY) + 1;
	*col += grid_put(g, row, *col, g->cols - *col, words, ROLE_HINT) + 3;
	return true;
}

static void draw_hints(struct app *app, struct grid *g)
{
	struct screen *s = g_ptr_array_index(app->stack, app->stack->len - 1);
	const char *const *pairs = s->ops->hints ? s->ops->hints(s) : NULL;
	enum view v = s->ops->view;
	const struct view_info *view = view_info(v);
	int col = 1;

	for (; pairs && pairs[0]; pairs += 2)
		put_hint(app, g, &col, _(pairs[0]), _(pairs[1]), COMMAND_NONE);
	if (pairs)
		return;
	for (size_t i = 0; i < view->n_hints; i++) {
		enum command c = view->hints[i].command;
		const char *key, *words;

		if (world_hides(&app->world, command_info(c)->flags))
			continue;
		if (!keymap_keys(v, c, &key, 1))
			continue;
		/* Of the ways back the one that is the same everywhere. */
		if (c == COMMAND_BACK && keymap_find(v, &(struct key){ .code = KEYCODE_ESC }) == c)
			key = "Esc";
		words = hint_word(s, &view->hints[i]);
		if (*words && !put_hint(app, g, &col, key, words, c))
			break;
	}
}

/* Not over the keys of a question or a form, where they are not the keymap's; the outbox says it in
 * its rows. */
static bool draw_undo(struct app *app, struct grid *g, struct rect line)
{
	struct screen *s = app->stack->len ? g_ptr_array_index(app->stack, app->stack->len - 1) : NULL;
	g_autofree char *words = undo_words(app->undo);

	if (!words || !s || s->popup || s->ops->view == VIEW_OUTBOX || (s->ops->hints && s->ops->hints(s)))
		return false;
	grid_fill(g, line, ' ', ROLE_MESSAGE);
	grid_put_field(g, line.row, 1, g->cols - 2, -1, CUT_MIDDLE, words, ROLE_MESSAGE);
	return true;
}

void app_draw_bottom(struct app *app, struct grid *g)
{
	int row = g->rows - 1;
	struct rect line = { row, 0, 1, g->cols };

	app->hints = 0;
	if (app->message) {
		enum role role = app->message_bad ? ROLE_MESSAGE_BAD : ROLE_MESSAGE;

		if (text_width(app->message) > g->cols - 2)
			line = (struct rect){ row - 1, 0, 2, g->cols }; /* a reason is read to its end */
		grid_fill(g, line, ' ', role);
		page_wrap(g, (struct rect){ line.row, 1, line.rows, g->cols - 2 }, app->message, role);
		return;
	}
	if (draw_undo(app, g, line))
		return;
	grid_fill(g, line, ' ', ROLE_HINT);
	if (app->stack->len)
		draw_hints(app, g);
}

/* ---- drawing ---- */

static void draw_too_small(struct app *app, struct grid *g)
{
	g_autofree char *said = g_strdup_printf(_("keyrack needs %d by %d cells; this window has %d by %d."),
						APP_COLS_MIN, APP_ROWS_MIN, g->cols, g->rows);

	(void)app;
	/* Even ten columns should say it. */
	page_wrap(g, (struct rect){ 0, 0, g->rows, g->cols }, said, ROLE_TEXT);
}

bool app_fits(int rows, int cols)
{
	return rows >= APP_ROWS_MIN && cols >= APP_COLS_MIN;
}

void app_see(struct app *app)
{
	struct grid g;

	if (!app->unseen || !app->rows)
		return;
	grid_init(&g);
	grid_resize(&g, app->rows, app->cols);
	g.ascii = app->world.ascii;
	app_draw(app, &g);
	grid_done(&g);
}

void app_draw(struct app *app, struct grid *g)
{
	int tour = tour_rows(app, g->rows, g->cols);
	struct rect r = { 1, 0, g->rows - 2 - tour, g->cols };
	guint base = app->stack->len;

	app->rows = g->rows;
	app->cols = g->cols;
	app->unseen = false;
	app->world.ascii = g->ascii;
	grid_clear(g);
	g->cursor_row = g->cursor_col = -1;
	if (!app_fits(g->rows, g->cols)) {
		draw_too_small(app, g);
		return;
	}
	app_draw_title(app, g);
	if (app->seal) {
		seal_draw(app, g, (struct rect){ 1, 0, g->rows - 1, g->cols });
		app->hints = 0;
		return;
	}
	while (base > 0) {
		struct screen *s = g_ptr_array_index(app->stack, --base);

		if (!s->popup)
			break;
	}
	for (guint i = base; i < app->stack->len; i++) {
		struct screen *s = g_ptr_array_index(app->stack, i);

		s->ops->draw(s, g, r);
	}
	if (tour)
		tour_draw(app, g, (struct rect){ g->rows - 1 - tour, 0, tour, g->cols });
	app_draw_which_key(app, g);
	app_draw_bottom(app, g);
}
