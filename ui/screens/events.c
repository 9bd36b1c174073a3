/* events - what happened, newest first: everywhere, at one lock, or with one code.
 *
 * At the newest end it follows; away from it what is read stays where it is, and the head says
 * how much has come meanwhile. */
#include "core/vocab.h"
#include "ui/screens/feed.h"

/* What to look at; the first row is all. */
static const struct {
	const char *words;
	unsigned kinds;
} filters[] = {
	{ "everything", 0 },
	{ "doors", 1u << EVENT_UNLOCK | 1u << EVENT_LOCK | 1u << EVENT_DENIED },
	{ "codes", 1u << EVENT_CODE_GOOD | 1u << EVENT_CODE_TROUBLE | 1u << EVENT_CODE_CHANGE },
	{ "trouble", 1u << EVENT_CODE_TROUBLE | 1u << EVENT_DEVICE_TROUBLE | 1u << EVENT_DENIED | 1u << EVENT_ACCOUNT },
};

struct events_screen {
	struct screen base;
	int64_t lock_no, code_no;
	char *about;
	int filter;
	struct cache_list *list;  /* those shown; NULL: to be read */
	int offset;               /* of the first row shown, from the newest */
	int at, rows;             /* cursor within what is shown */
	int64_t newest_no;        /* event_no of the newest that was there when the list was read */
	int unseen;
};

static int count(const struct events_screen *s)
{
	return s->list ? (int)s->list->rows->len : 0;
}

static const struct event_row *row_at(const struct events_screen *s, int i)
{
	return i >= 0 && i < count(s) ? cache_list_at(s->list, struct event_row, (guint)i) : NULL;
}

static struct event_query query(const struct events_screen *s)
{
	return (struct event_query){
		.lock_no = s->code_no ? 0 : s->lock_no,
		.code_no = s->code_no,
		.kinds = filters[s->filter].kinds,
		.from = INSTANT_NONE,
		.until = INSTANT_NONE,
	};
}

static void load(struct events_screen *s, int rows)
{
	struct event_query q = query(s);

	if (s->list && s->rows == rows)
		return;
	g_clear_pointer(&s->list, cache_list_free);
	q.limit = rows;
	q.offset = s->offset;
	s->list = cache_events(s->base.world->cache, &q, NULL);
	/* Fewer than a screen below: the last full one. */
	if (count(s) < rows && s->offset > 0) {
		g_clear_pointer(&s->list, cache_list_free);
		q.offset = s->offset = MAX(s->offset - (rows - count(s)), 0);
		s->list = cache_events(s->base.world->cache, &q, NULL);
	}
	s->rows = rows;
	s->at = CLAMP(s->at, 0, MAX(count(s) - 1, 0));
	if (!s->offset) {
		s->unseen = 0;
		for (int i = 0; i < count(s); i++)
			s->newest_no = MAX(s->newest_no, row_at(s, i)->event_no);
	}
}

static void draw_detail(struct events_screen *s, struct grid *g, int row)
{
	const struct event_row *e = row_at(s, s->at);
	char full[CIVIL_TEXT_MAX];

	if (!e)
		return;
	const struct zone *z = e->zone && *e->zone ? zone_get(e->zone) : s->base.world->zone;
	g_autofree char *said = g_strdup_printf("%s   %s%s%s%s%s", civil_full(z, e->event.occurred_at, full),
						e->event.event_type ? e->event.event_type : "?",
						e->who ? "   " : "", e->who ? e->who : "",
						e->why ? ": " : "", e->why ? e->why : "");

	grid_put(g, row, 1, g->cols - 2, said, ROLE_TEXT);
	if (e->event.description)
		grid_put(g, row + 1, 1, g->cols - 2, e->event.description, ROLE_DIM);
}

static void events_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct events_screen *s = (struct events_screen *)screen;
	int rows = MAX(area.rows - 4, 1);
	struct feed_columns c = feed_columns(area.cols - 2, !s->lock_no);
	g_autofree char *fresh = NULL;

	load(s, rows);
	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	grid_putf(g, area.row, 1, area.cols - 24, ROLE_HEADER, "%s, %s", s->about, filters[s->filter].words);
	fresh = s->unseen ? g_strdup_printf("%d new: g shows", s->unseen)
		: s->offset ? g_strdup("g: the newest") : g_strdup("following");
	grid_put_field(g, area.row, area.cols - 21, 20, 1, CUT_END, fresh, s->unseen ? ROLE_WARN : ROLE_HEADER);
	if (!count(s))
		grid_put(g, area.row + 1, 1, area.cols - 2, "Nothing of this kind has happened.", ROLE_DIM);
	for (int i = 0; i < rows && i < count(s); i++) {
		struct rect r = { area.row + 1 + i, 1, 1, area.cols - 2 };

		feed_draw_row(screen->world, &c, row_at(s, i), g, r);
		if (i != s->at)
			continue;
		grid_mark(g, (struct rect){ r.row, 0, 1, area.cols }, MARK_CURSOR);
		g->cursor_row = r.row;
		g->cursor_col = 1;
	}
	grid_rule(g, area.row + 1 + rows, NULL, ROLE_RULE);
	draw_detail(s, g, area.row + 2 + rows);
}

/* The cursor within the screen, then the screen over the list. */
static void move(struct events_screen *s, int n)
{
	int to = s->at + n, last = MAX(count(s) - 1, 0);

	s->at = CLAMP(to, 0, last);
	if (to == s->at || (to < 0 && !s->offset))
		return;
	s->offset = MAX(s->offset + (to < 0 ? to : to - last), 0);
	g_clear_pointer(&s->list, cache_list_free);
}

static void go_newest(struct events_screen *s)
{
	s->offset = s->at = 0;
	g_clear_pointer(&s->list, cache_list_free);
}

static void open_why(struct events_screen *s)
{
	const struct event_row *e = row_at(s, s->at);
	struct app *app = s->base.app;

	if (e && e->code_no)
		app_push(app, why_new(app, s->base.world, e->code_no));
	else
		app_message(app, false, "This event names no code.");
}

static void open_triage(struct events_screen *s)
{
	const struct event_row *e = row_at(s, s->at);

	if (e && e->lock_no)
		app_push(s->base.app, triage_new(s->base.app, s->base.world, e->lock_no, e->code_no));
	else
		app_message(s->base.app, false, "This event is about no lock.");
}

static void open_chosen(struct events_screen *s)
{
	const struct event_row *e = row_at(s, s->at);
	struct app *app = s->base.app;

	if (e && e->code_no && e->code_no != s->code_no)
		app_push(app, code_new(app, s->base.world, e->code_no));
	else
		app_message(app, false, "This event names no other code.");
}

static bool events_command(struct screen *screen, enum command c, int n)
{
	struct events_screen *s = (struct events_screen *)screen;

	switch ((int)c) {
	case COMMAND_UP: move(s, -n); return true;
	case COMMAND_DOWN: move(s, n); return true;
	case COMMAND_PAGE_UP: move(s, -n * MAX(s->rows, 1)); return true;
	case COMMAND_PAGE_DOWN: move(s, n * MAX(s->rows, 1)); return true;
	case COMMAND_FIRST: go_newest(s); return true;
	case COMMAND_LAST: move(s, 1000000); return true;
	case COMMAND_OPEN: open_chosen(s); return true;
	case COMMAND_EVENTS: return true;
	case COMMAND_WHY: open_why(s); return true;
	case COMMAND_TRIAGE: open_triage(s); return true;
	case COMMAND_SORT:
	case COMMAND_NEXT_PANE:
		s->filter = (s->filter + 1) % (int)G_N_ELEMENTS(filters);
		go_newest(s);
		return true;
	default: return false;
	}
}

/* How many came since: only those are counted, and the place moves by as many. */
static bool events_changed(struct screen *screen, unsigned mask)
{
	struct events_screen *s = (struct events_screen *)screen;
	struct event_query q = query(s);

	if (!(mask & POKE_EVENTS))
		return !mask;
	if (s->offset || s->at) {
		q.after_no = s->newest_no;
		q.limit = 1000;
		OWN(cache_list) struct cache_list *fresh = cache_events(screen->world->cache, &q, NULL);
		int n = fresh ? (int)fresh->rows->len : 0;

		if (n) {
			s->newest_no = cache_list_at(fresh, struct event_row, (guint)n - 1)->event_no;
			s->offset += n;
			s->unseen += n;
		}
	}
	g_clear_pointer(&s->list, cache_list_free);
	return true;
}

static void events_free(struct screen *screen)
{
	struct events_screen *s = (struct events_screen *)screen;

	if (s->list)
		cache_list_free(s->list);
	g_free(s->about);
	g_free(s);
}

static const struct screen_ops events_ops = {
	.name = "Events",
	.view = VIEW_EVENTS,
	.draw = events_draw,
	.command = events_command,
	.changed = events_changed,
	.free = events_free,
};

static char *about_text(struct world *w, int64_t lock_no, int64_t code_no)
{
	OWN(cache_list) struct cache_list *list =
		code_no ? cache_code(w->cache, code_no, w->now, NULL)
		: lock_no ? cache_lock(w->cache, lock_no, w->now, NULL) : NULL;
	const char *name = NULL;

	if (!list || !list->rows->len)
		return g_strdup("Every lock");
	name = code_no ? cache_list_at(list, struct code_row, 0)->code.name
		       : cache_list_at(list, struct lock_row, 0)->lock.name;
	return g_strdup(name ? name : "(no name)");
}

struct screen *events_new(struct app *app, struct world *w, int64_t lock_no, int64_t code_no)
{
	struct events_screen *s = g_new0(struct events_screen, 1);

	s->base = (struct screen){ .ops = &events_ops, .app = app, .world = w };
	s->lock_no = lock_no;
	s->code_no = code_no;
	s->about = about_text(w, lock_no, code_no);
	return &s->base;
}
