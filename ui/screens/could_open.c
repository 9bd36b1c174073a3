/* could_open - who could open this door at a moment that has passed; or which doors this person could.
 *
 * By certainty, with the reason beside each: what would have opened, what cannot be said, what would
 * not. Below lies what happened there around then. The judging is core/could's. */
#include "cache/history.h"
#include "cache/alike.h"
#include "core/event_filter.h"
#include "core/i18n.h"
#include "core/text.h"
#include "ui/screens/feed.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

#define AROUND_MS HOUR_MS
enum { AROUND_MAX = 40 };

struct line {
	int row;               /* -1: a heading */
	enum could_verdict of;
};
struct could_screen {
	struct screen base;
	int64_t lock_no, code_no; /* one of them, the other 0: whose question it is */
	char *about, *name_folded;
	const struct zone *zone;
	struct instant when;
	struct cache_list *list;  /* NULL: to be read */
	struct cache_list *around;
	bool more;
	GArray *lines;
	int count[COULD_VERDICT_COUNT];
	int64_t at_no;            /* the code under the cursor */
	int at, top, shown;
};

static const struct could_row *row_at(const struct could_screen *s, int line)
{
	int row = line >= 0 && line < (int)s->lines->len ? g_array_index(s->lines, struct line, line).row : -1;

	return row < 0 ? NULL : cache_list_at(s->list, struct could_row, (guint)row);
}

/* ---- reading ---- */

static void forget(struct could_screen *s)
{
	g_clear_pointer(&s->list, cache_list_free);
	g_clear_pointer(&s->around, cache_list_free);
}

static int64_t lock_meant(const struct could_screen *s)
{
	const struct could_row *r = s->list ? row_at(s, s->at) : NULL;

	return s->lock_no ? s->lock_no : r ? r->lock_no : 0;
}

static void read_around(struct could_screen *s)
{
	struct event_query q = { .lock_no = lock_meant(s), .from = instant_add_ms(s->when, -AROUND_MS),
				 .until = instant_add_ms(s->when, AROUND_MS), .limit = AROUND_MAX };

	g_clear_pointer(&s->around, cache_list_free);
	if (q.lock_no)
		s->around = cache_events(s->base.world->cache, &q, NULL);
}

static void make_lines(struct could_screen *s)
{
	guint n = s->list->rows->len;

	g_array_set_size(s->lines, 0);
	memset(s->count, 0, sizeof s->count);
	for (guint i = 0; i < n; i++)
		s->count[cache_list_at(s->list, struct could_row, i)->could.verdict]++;
	for (guint i = 0; i < n; i++) {
		const struct could_row *r = cache_list_at(s->list, struct could_row, i);
		struct line line = { -1, r->could.verdict };

		if (!i || r[-1].could.verdict != r->could.verdict)
			g_array_append_val(s->lines, line);
		line.row = (int)i;
		if (r->code_no == s->at_no)
			s->at = (int)s->lines->len;
		g_array_append_val(s->lines, line);
	}
	s->at = CLAMP(s->at, 0, MAX((int)s->lines->len - 1, 0));
	if (!row_at(s, s->at))
		s->at = MIN(s->at + 1, MAX((int)s->lines->len - 1, 0));
}

static void load(struct could_screen *s)
{
	struct could_query q = { .lock_no = s->lock_no, .code_no = s->code_no, .name_folded = s->name_folded, .at = s->when };
	g_autoptr(GError) err = NULL;

	if (s->list)
		return;
	s->list = cache_could(s->base.world->cache, &q, &s->more, &err);
	if (!s->list) {
		app_message(s->base.app, true, _("The history cannot be read: %s"), err ? err->message : "?");
		s->list = g_new0(struct cache_list, 1);
		s->list->rows = g_array_new(FALSE, FALSE, sizeof(struct could_row));
		s->list->chunk = g_string_chunk_new(64);
	}
	make_lines(s);
	read_around(s);
}

/* ---- drawing ---- */

static const struct {
	const char *words;
	uint32_t sign, ascii;
	enum role role;
} verdicts[COULD_VERDICT_COUNT] = {
	[COULD_YES] = { N_("Would have opened it"), 0x2713, '+', ROLE_GOOD },
	[COULD_UNSURE] = { N_("Cannot be said"), '?', '?', ROLE_WARN },
	[COULD_NO] = { N_("Would not"), 0xb7, '-', ROLE_DIM },
};

static void draw_head(const struct could_screen *s, struct grid *g, struct rect area)
{
	struct instant now = s->base.world->now;
	char full[CIVIL_TEXT_MAX], span[CIVIL_TEXT_MAX];
	g_autofree char *ago = instant_diff_ms(now, s->when) < MINUTE_MS
				       ? g_strdup(_("now")) : g_strdup_printf(_("%s ago"), duration_text(instant_diff_ms(now, s->when), span));
	g_autofree char *said = s->lock_no ? g_strdup_printf(_("Who could open %1$s: %2$s, %3$s"), s->about,
							     civil_full(s->zone, s->when, full), ago)
					   : g_strdup_printf(_("Doors of %1$s: %2$s, %3$s"), s->about,
							     civil_full(s->zone, s->when, full), ago);

	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	grid_put(g, area.row, 1, area.cols - 2, said, ROLE_HEADER);
}

struct widths {
	int name, window;
};

static struct widths widths(int cells)
{
	if (cells >= 150)
		return (struct widths){ 32, 36 };
	if (cells >= 110)
		return (struct widths){ 22, 36 };
	return cells >= 76 ? (struct widths){ 16, 0 } : (struct widths){ 14, 0 };
}

static void draw_row(const struct could_screen *s, const struct could_row *r, struct grid *g, int row)
{
	struct widths w = widths(g->cols);
	const struct zone *z = zone_of(r->zone, s->zone);
	g_autofree char *why = could_words(&r->could, z, s->when), *window = could_window(&r->could, z);
	g_autofree char *alike = cache_alike_code(s->base.world->cache, r->name, NULL);
	char shown[NAME_SHOWN_MAX], used[CIVIL_TEXT_MAX];
	const char *name = s->lock_no ? name_shown(r->name, r->access_code_id, alike, g->ascii, shown) : r->lock_name;
	enum could_verdict v = r->could.verdict;
	int col = 1;

	grid_put_char(g, row, col, g->ascii ? verdicts[v].ascii : verdicts[v].sign, verdicts[v].role, MARK_BOLD);
	col += 2;
	grid_put_field(g, row, col, w.name, -1, CUT_END, name ? name : "", v == COULD_NO ? ROLE_DIM : ROLE_NAME);
	col += w.name + 1;
	if (w.window) {
		grid_put_field(g, row, col, w.window, -1, CUT_END, window, ROLE_TEXT);
		col += w.window + 1;
	}
	if (instant_known(r->could.used_at) && r->could.reason != COULD_USED)
		col += grid_putf(g, row, col, g->cols - col - 1, r->could.used_perhaps ? ROLE_INFERRED : ROLE_GOOD,
				 r->could.used_perhaps ? _("~used %s") : _("used %s"), civil_clock(z, r->could.used_at, used)) + 1;
	if (col < g->cols - 1)
		grid_put(g, row, col, g->cols - 1 - col, why, v == COULD_UNSURE ? ROLE_WARN : v == COULD_NO ? ROLE_DIM : ROLE_TEXT);
}

static void draw_lines(struct could_screen *s, struct grid *g, struct rect r)
{
	int n = (int)s->lines->len;

	s->top = page_top(s->at, s->top, r.rows, n);
	if (!n)
		grid_put(g, r.row, 1, r.cols - 2, _("No code is known that was good for this door about then."), ROLE_DIM);
	for (int i = 0; i < r.rows && s->top + i < n; i++) {
		const struct line *l = &g_array_index(s->lines, struct line, s->top + i);
		int row = r.row + i;

		if (l->row < 0) {
			int cells = grid_putf(g, row, 1, r.cols - 2, verdicts[l->of].role, "%s (%d%s)", _(verdicts[l->of].words),
					      s->count[l->of], s->more ? "+" : "");

			grid_mark(g, (struct rect){ row, 1, 1, cells }, MARK_BOLD);
			continue;
		}
		draw_row(s, row_at(s, s->top + i), g, row);
		if (s->top + i != s->at)
			continue;
		grid_mark(g, (struct rect){ row, 0, 1, r.cols }, MARK_CURSOR);
		g->cursor_row = row;
		g->cursor_col = 1;
	}
}

/* The chosen one in full: its window and why, as wide as it is. */
static int draw_chosen(const struct could_screen *s, struct grid *g, struct rect r)
{
	const struct could_row *row = row_at(s, s->at);

	if (!row)
		return 0;
	const struct zone *z = zone_of(row->zone, s->zone);
	g_autofree char *why = could_words(&row->could, z, s->when), *window = could_window(&row->could, z);
	g_autofree char *said = g_strdup_printf("%s, %s, %s: %s", row->name, row->lock_name ? row->lock_name : "", window, why);

	return page_wrap(g, (struct rect){ r.row, 1, MIN(2, r.rows), r.cols - 2 }, said, ROLE_TEXT);
}

static void draw_around(const struct could_screen *s, struct grid *g, struct rect r)
{
	struct instant since = cache_known_since(s->base.world->cache);
	guint n = s->around ? s->around->rows->len : 0, from = 0;
	struct feed_columns c = feed_columns(r.cols - 2, false);
	char at[CIVIL_TEXT_MAX];
	int row = r.row, end = r.row + r.rows;

	/* A clock that runs behind the one by which sync looked says nothing of that. */
	if (instant_known(since) && instant_before(s->when, since) && instant_before(since, s->base.world->now) && row < end)
		grid_putf(g, row++, 1, r.cols - 2, ROLE_WARN, _("This desk has looked since %s: what was changed before is not known."),
			  civil_full(s->zone, since, at));
	if (row < end && !n)
		grid_put(g, row++, 1, r.cols - 2, _("Nothing happened there within an hour of it."), ROLE_DIM);
	/* Those nearest to the moment, newest first. */
	while (from + (guint)MAX(end - row, 0) < n &&
	       instant_before(s->when, cache_list_at(s->around, struct event_row, from + (guint)MAX(end - row, 1) / 2)->event.occurred_at))
		from++;
	for (guint i = from; i < n && row < end; i++)
		feed_draw_row(s->base.world, &c, cache_list_at(s->around, struct event_row, i), g,
			      (struct rect){ row++, 1, 1, r.cols - 2 });
}

static void could_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct could_screen *s = (struct could_screen *)screen;
	int below = area.rows >= 18 ? MIN(area.rows / 3, 12) : 4;
	struct rect foot = { area.row + area.rows - below, area.col, below, area.cols };
	int used;

	load(s);
	s->shown = MAX(area.rows - 2 - below, 1);
	draw_head(s, g, area);
	draw_lines(s, g, (struct rect){ area.row + 1, area.col, s->shown, area.cols });
	grid_rule(g, area.row + 1 + s->shown, _("around then"), ROLE_RULE);
	used = draw_chosen(s, g, foot);
	foot.row += used;
	foot.rows -= used;
	draw_around(s, g, foot);
}

/* ---- commands ---- */

static void move(struct could_screen *s, int n)
{
	int at = s->at;

	for (; n; n += n < 0 ? 1 : -1) {
		int to = at + (n < 0 ? -1 : 1);

		if (!row_at(s, to))
			to += n < 0 ? -1 : 1;
		if (!row_at(s, to))
			break;
		at = to;
	}
	/* Above the first of all stands its heading. */
	s->at = at;
	s->at_no = row_at(s, at) ? row_at(s, at)->code_no : 0;
	if (!s->lock_no)
		read_around(s);
}

static void go_to(struct could_screen *s, struct instant t)
{
	struct instant now = s->base.world->now;

	if (instant_before(now, t)) {
		app_message(s->base.app, false, _("That is still to come: the rack shows what is declared for then."));
		t = now;
	}
	s->when = t;
	forget(s);
}

static void typed(struct app *app, const char *text, void *ctx)
{
	struct could_screen *s = ctx;
	g_autoptr(GError) err = NULL;
	struct instant t;

	if (when_past(text, s->zone, s->base.world->now, false, &t, &err))
		go_to(s, t);
	else
		app_message(app, true, "%s", err->message);
}

static void ask_moment(struct could_screen *s)
{
	app_ask_line(s->base.app, _("At which moment?"), _("On the clock beside the lock: yesterday 23:00, fri 18:00, 3h ago"), "", typed, s,
		     NULL);
}

static void to_unlock(struct could_screen *s, int n, bool after)
{
	struct instant t = s->when, next;

	for (; n > 0; n--) {
		next = cache_unlock_near(s->base.world->cache, lock_meant(s), t, after);
		if (!instant_known(next))
			break;
		t = next;
	}
	if (instant_eq(t, s->when))
		app_message(s->base.app, false, after ? _("No unlock there after this.") : _("No unlock there before this."));
	else
		go_to(s, t);
}

static void open_chosen(struct could_screen *s, enum command c)
{
	const struct could_row *r = row_at(s, s->at);
	struct app *app = s->base.app;
	struct world *w = s->base.world;

	if (c == COMMAND_EVENTS && lock_meant(s))
		app_push(app, events_new(app, w, lock_meant(s), 0));
	else if (!r)
		app_message(app, false, _("No code is chosen."));
	else if (c == COMMAND_OPEN)
		app_push(app, code_new(app, w, r->code_no));
	else if (c == COMMAND_WHY)
		app_push(app, why_new(app, w, r->code_no));
	else if (c == COMMAND_COULD)
		app_push(app, s->lock_no ? could_new(app, w, 0, r->code_no, s->when) : could_new(app, w, r->lock_no, 0, s->when));
}

static bool could_command(struct screen *screen, enum command c, int n)
{
	struct could_screen *s = (struct could_screen *)screen;

	load(s);
	switch ((int)c) {
	case COMMAND_UP: move(s, -n); return true;
	case COMMAND_DOWN: move(s, n); return true;
	case COMMAND_PAGE_UP: move(s, -n * MAX(s->shown - 1, 1)); return true;
	case COMMAND_PAGE_DOWN: move(s, n * MAX(s->shown - 1, 1)); return true;
	case COMMAND_FIRST: move(s, -(int)s->lines->len); return true;
	case COMMAND_LAST: move(s, (int)s->lines->len); return true;
	case COMMAND_MOMENT: ask_moment(s); return true;
	case COMMAND_PAN_LEFT: go_to(s, instant_add_ms(s->when, -n * HOUR_MS)); return true;
	case COMMAND_PAN_RIGHT: go_to(s, instant_add_ms(s->when, n * HOUR_MS)); return true;
	case COMMAND_GO_NOW: go_to(s, screen->world->now); return true;
	case COMMAND_NEXT_UNLOCK: to_unlock(s, n, true); return true;
	case COMMAND_PREVIOUS_UNLOCK: to_unlock(s, n, false); return true;
	case COMMAND_OPEN:
	case COMMAND_WHY:
	case COMMAND_EVENTS:
	case COMMAND_COULD: open_chosen(s, c); return true;
	default: return false;
	}
}

static bool could_key(struct screen *screen, const struct key *k)
{
	struct could_screen *s = (struct could_screen *)screen;
	int line = s->top + k->row - 2;

	if (k->code != KEYCODE_MOUSE_PRESS || k->row < 2 || k->row >= 2 + s->shown || !s->list || !row_at(s, line))
		return false;
	s->at = line;
	s->at_no = row_at(s, line)->code_no;
	return true;
}

static bool could_changed(struct screen *screen, unsigned mask)
{
	struct could_screen *s = (struct could_screen *)screen;

	if (!(mask & (POKE_CODES | POKE_EVENTS | POKE_LOCKS)))
		return !mask;
	forget(s);
	return true;
}

/* ---- its life ---- */

static void could_free(struct screen *screen)
{
	struct could_screen *s = (struct could_screen *)screen;

	forget(s);
	g_array_unref(s->lines);
	g_free(s->about);
	g_free(s->name_folded);
	g_free(s);
}

static const struct screen_ops could_ops = {
	.name = N_("Who could open"),
	.view = VIEW_COULD,
	.draw = could_draw,
	.command = could_command,
	.key = could_key,
	.changed = could_changed,
	.free = could_free,
};

/* Whose question it is, and the clock that it is asked by. */
static void meet(struct could_screen *s)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *list = s->lock_no ? cache_lock(w->cache, s->lock_no, w->now, NULL)
							     : cache_code(w->cache, s->code_no, w->now, NULL);
	const struct code_row *code = list && list->rows->len && !s->lock_no ? cache_list_at(list, struct code_row, 0) : NULL;
	const struct lock_row *lock = list && list->rows->len && s->lock_no ? cache_list_at(list, struct lock_row, 0) : NULL;
	const char *name = lock ? lock->lock.name : code ? access_code_called(&code->code) : NULL;

	s->zone = zone_of(lock ? lock->lock.zone : code ? code->zone : NULL, w->zone);
	s->about = g_strdup(name ? name : _("(no name)"));
	/* A code without a name is nobody else's too. */
	if (code && code->code.name && *code->code.name)
		s->name_folded = text_fold(code->code.name);
}

struct screen *could_new(struct app *app, struct world *w, int64_t lock_no, int64_t code_no, struct instant at)
{
	struct could_screen *s = g_new0(struct could_screen, 1);

	s->base = (struct screen){ .ops = &could_ops, .app = app, .world = w };
	s->lock_no = lock_no;
	s->code_no = lock_no ? 0 : code_no;
	s->at_no = lock_no ? code_no : 0;
	s->when = instant_known(at) ? at : w->now;
	s->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	meet(s);
	return &s->base;
}
