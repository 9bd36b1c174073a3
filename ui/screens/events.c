/* events - what happened, newest first: everywhere, at one lock, or with one code.
 *
 * On the newest event it follows; away from it what is read stays where it is, and the head says
 * how much has come meanwhile. */
#include "ui/screens/events.h"

#include "core/i18n.h"
#include "core/vocab.h"

#define FRESH_MS 5000 /* so long what is new is marked */

/* ---- what is looked for ---- */

static void look_for(struct events_screen *s)
{
	struct world *w = s->base.world;

	event_filter_free(s->filter);
	s->filter = event_filter_parse(s->find.text->str, w->zone, w->now);
	events_go(s, true);
}

static void all_again(struct events_screen *s)
{
	s->typing = false;
	s->chip = 0;
	field_set(&s->find, "");
	look_for(s);
}

static void find(struct events_screen *s)
{
	const char *asked = app_argument(s->base.app);

	s->typing = !asked;
	if (!asked)
		return;
	field_set(&s->find, asked);
	look_for(s);
	if (s->filter->wrong)
		app_message(s->base.app, true, "%s", s->filter->wrong);
}

static bool type_key(struct events_screen *s, const struct key *k)
{
	bool changed = false;

	switch ((int)k->code) {
	case KEYCODE_ESC:
		s->typing = false;
		field_set(&s->find, "");
		look_for(s);
		return true;
	case KEYCODE_ENTER:
		s->typing = false;
		return true;
	case KEYCODE_UP:
	case KEYCODE_DOWN:
		events_move(s, k->code == KEYCODE_UP ? -1 : 1);
		return true;
	default:
		if (!field_key(&s->find, k, &changed))
			return k->code == KEYCODE_CHAR && k->ch >= ' ';
		if (changed)
			look_for(s);
		return true;
	}
}

/* Where a click falls: a line of the list. */
static bool click(struct events_screen *s, const struct key *k)
{
	int line = s->top + k->row - 3; /* under the title, the head and what is looked for */

	if (k->row < 3 || k->row >= 3 + s->shown || !events_row(s, line))
		return false;
	events_move(s, line - s->at < 0 ? -1 : line - s->at ? 1 : 0);
	while (s->at != line && events_row(s, s->at)) {
		int before = s->at;

		events_move(s, line < s->at ? -1 : 1);
		if (s->at == before || (before < line) != (s->at < line))
			break;
	}
	return true;
}

static bool events_key(struct screen *screen, const struct key *k)
{
	struct events_screen *s = (struct events_screen *)screen;

	if (k->code == KEYCODE_MOUSE_PRESS)
		return click(s, k);
	if (s->typing && k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c')
		return type_key(s, &(struct key){ .code = KEYCODE_ESC });
	if (s->typing)
		return type_key(s, k);
	if (k->code == KEYCODE_PASTE)
		return true; /* a paste never runs keys */
	/* Esc first shows all again; q leaves. */
	if (k->code != KEYCODE_ESC || (!s->find.text->len && !s->chip))
		return false;
	all_again(s);
	return true;
}

static const char *const *events_hints(struct screen *screen)
{
	static const char *hints[9];

	if (!((struct events_screen *)screen)->typing)
		return NULL;
	hints[0] = "Enter", hints[1] = _("keep"), hints[2] = "Esc", hints[3] = _("all again");
	hints[4] = "Up Down", hints[5] = _("choose"), hints[6] = NULL;
	return hints;
}

/* ---- commands ---- */

static const struct event_row *chosen(const struct events_screen *s)
{
	return events_row(s, s->at);
}

static void open_why(struct events_screen *s)
{
	const struct event_row *e = chosen(s);
	struct app *app = s->base.app;

	if (e && e->code_no)
		app_push(app, why_new(app, s->base.world, e->code_no));
	else
		app_message(app, false, _("This event names no code."));
}

static void open_triage(struct events_screen *s)
{
	const struct event_row *e = chosen(s);

	if (e && e->lock_no)
		app_push(s->base.app, triage_new(s->base.app, s->base.world, e->lock_no, e->code_no));
	else
		app_message(s->base.app, false, _("This event is about no lock."));
}

/* Who could open it when that happened. */
static void open_could(struct events_screen *s)
{
	const struct event_row *e = chosen(s);

	if (e && e->lock_no)
		app_push(s->base.app, could_new(s->base.app, s->base.world, e->lock_no, 0, e->event.occurred_at));
	else
		app_message(s->base.app, false, _("This event is about no lock."));
}

static bool unfold(struct events_screen *s, bool open)
{
	const struct event_row *e = chosen(s);
	struct events_line line =
		e ? g_array_index(s->lines, struct events_line, (guint)s->at) : (struct events_line){ 0 };
	int head = s->at;

	while (line.member && head > 0 && g_array_index(s->lines, struct events_line, (guint)head).count < 2)
		head--;
	e = events_row(s, head);
	if (!e || (!line.member && line.count < 2))
		return false;
	s->at_no = e->event_no;
	if (open)
		g_hash_table_add(s->unfolded, g_memdup2(&e->event_no, sizeof e->event_no));
	else
		g_hash_table_remove(s->unfolded, &e->event_no);
	events_make_lines(s);
	return true;
}

static void open_chosen(struct events_screen *s)
{
	const struct event_row *e = chosen(s);
	struct app *app = s->base.app;
	struct events_line line =
		e ? g_array_index(s->lines, struct events_line, (guint)s->at) : (struct events_line){ 0 };

	if (line.count > 1 && !line.unfolded)
		unfold(s, true);
	else if (e && e->code_no && e->code_no != s->code_no)
		app_push(app, code_new(app, s->base.world, e->code_no));
	else
		app_message(app, false, _("This event names no other code."));
}

static void fold_repeats(struct events_screen *s)
{
	s->repeats = !s->repeats;
	events_make_lines(s);
	app_message(s->base.app, false,
		    s->repeats ? _("What repeats at one lock is one row.") : _("Every event is a row."));
}

static char *about_text(struct world *w, int64_t lock_no, int64_t code_no);

/* From one lock or code to everywhere, and back to it. */
static void widen(struct events_screen *s)
{
	if (!s->own_lock_no && !s->own_code_no) {
		app_message(s->base.app, false, _("These are the events of every lock already."));
		return;
	}
	bool wide = !s->lock_no && !s->code_no;

	s->lock_no = wide ? s->own_lock_no : 0;
	s->code_no = wide ? s->own_code_no : 0;
	g_free(s->about);
	s->about = about_text(s->base.world, s->lock_no, s->code_no);
	events_go(s, true);
}

static bool events_command(struct screen *screen, enum command c, int n)
{
	struct events_screen *s = (struct events_screen *)screen;
	int page = MAX(s->shown - 1, 1);

	switch ((int)c) {
	case COMMAND_UP: events_move(s, -n); return true;
	case COMMAND_DOWN: events_move(s, n); return true;
	case COMMAND_PAGE_UP: events_move(s, -n * page); return true;
	case COMMAND_PAGE_DOWN: events_move(s, n * page); return true;
	case COMMAND_FIRST: events_go(s, true); return true;
	case COMMAND_LAST: events_go(s, false); return true;
	case COMMAND_OPEN: open_chosen(s); return true;
	case COMMAND_EVENTS: widen(s); return true;
	case COMMAND_WHY: open_why(s); return true;
	case COMMAND_TRIAGE: open_triage(s); return true;
	case COMMAND_COULD: open_could(s); return true;
	case COMMAND_FIND: find(s); return true;
	case COMMAND_PRINT_EVENTS: events_paper_ask(s); return true;
	case COMMAND_EXPORT_EVENTS: events_export_ask(s); return true;
	case COMMAND_FOLD_REPEATS: fold_repeats(s); return true;
	case COMMAND_UNFOLD:
	case COMMAND_FOLD:
		if (!unfold(s, c == COMMAND_UNFOLD))
			app_message(screen->app, false, _("Nothing is folded here. z folds what repeats."));
		return true;
	case COMMAND_SORT:
	case COMMAND_NEXT_PANE:
		s->chip = (s->chip + 1) % EVENTS_CHIPS;
		events_go(s, true);
		return true;
	default: return false;
	}
}

/* ---- following ---- */

static void no_longer_fresh(void *ctx)
{
	struct events_screen *s = ctx;

	s->fresh_timer = 0;
	app_redraw(s->base.app);
}

static void follow(struct events_screen *s)
{
	int64_t before = s->seen_no;

	events_read_anew(s);
	if (s->seen_no == before)
		return;
	s->fresh_no = before;
	app_cancel_after(s->base.app, s->fresh_timer);
	s->fresh_timer = app_after(s->base.app, FRESH_MS, no_longer_fresh, s);
}

static bool events_changed(struct screen *screen, unsigned mask)
{
	struct events_screen *s = (struct events_screen *)screen;
	struct event_find find = events_what(s);

	if (!(mask & POKE_EVENTS) || !s->lines)
		return !mask;
	if (events_paused(s))
		s->unseen = cache_count_events_after(screen->world->cache, &find, s->seen_no, 1000);
	else
		follow(s);
	return true;
}

/* ---- its life ---- */

static void events_free(struct screen *screen)
{
	struct events_screen *s = (struct events_screen *)screen;

	if (s->export)
		app_message(screen->app, true, _("The export was left before it was whole: there is no file."));
	events_export_end(s);
	events_window_clear(s);
	app_cancel_after(screen->app, s->fresh_timer);
	event_filter_free(s->filter);
	g_hash_table_unref(s->unfolded);
	field_done(&s->find);
	g_free(s->about);
	g_free(s);
}

static const struct screen_ops events_ops = {
	.name = N_("Events"),
	.view = VIEW_EVENTS,
	.draw = events_draw,
	.command = events_command,
	.key = events_key,
	.changed = events_changed,
	.hints = events_hints,
	.free = events_free,
};

static char *about_text(struct world *w, int64_t lock_no, int64_t code_no)
{
	OWN(cache_list) struct cache_list *list =
		code_no ? cache_code(w->cache, code_no, w->now, NULL)
		: lock_no ? cache_lock(w->cache, lock_no, w->now, NULL) : NULL;
	const char *name = NULL;

	if (!list || !list->rows->len)
		return g_strdup(_("Every lock"));
	name = code_no ? cache_list_at(list, struct code_row, 0)->code.name
		       : cache_list_at(list, struct lock_row, 0)->lock.name;
	return g_strdup(name ? name : _("(no name)"));
}

struct screen *events_new(struct app *app, struct world *w, int64_t lock_no, int64_t code_no)
{
	struct events_screen *s = g_new0(struct events_screen, 1);

	s->base = (struct screen){ .ops = &events_ops, .app = app, .world = w };
	s->lock_no = s->own_lock_no = lock_no;
	s->code_no = s->own_code_no = code_no;
	s->about = about_text(w, lock_no, code_no);
	s->filter = event_filter_parse("", w->zone, w->now);
	s->unfolded = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	field_init(&s->find, "", 400);
	return &s->base;
}
