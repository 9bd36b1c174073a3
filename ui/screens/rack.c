/* rack - the opening screen: every lock, its codes as bars in time, and what happens as it comes.
 *
 * This file has its commands; rack.h says where the rest is. */
#include "ui/screens/rack.h"
#include "ui/screens/words.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/palette.h"
#include "ui/screens/bulk.h"

/* ---- moving ---- */

static void do_up(struct rack *r, int n)
{
	if (r->feed_focus)
		r->feed_at = MAX(r->feed_at - n, 0);
	else
		rack_move(r, -n);
}

static void do_down(struct rack *r, int n)
{
	if (r->feed_focus)
		r->feed_at += n; /* the drawing knows how far down there is */
	else
		rack_move(r, n);
}

static void do_page_up(struct rack *r, int n)
{
	rack_move(r, -n * MAX(r->list_rows - 2, 1));
}

static void do_page_down(struct rack *r, int n)
{
	rack_move(r, n * MAX(r->list_rows - 2, 1));
}

static void do_first(struct rack *r, int n)
{
	(void)n;
	rack_go(r, (struct place){ 0, rack_rows_heading(&r->rows, 0) ? PLACE_HEAD : -1 });
}

static void do_last(struct rack *r, int n)
{
	(void)n;
	rack_go(r, rack_rows_last(&r->rows));
}

static void do_next_bar(struct rack *r, int n)
{
	while (n-- > 0)
		rack_next_bar(r, 1);
}

static void do_previous_bar(struct rack *r, int n)
{
	while (n-- > 0)
		rack_next_bar(r, -1);
}

static void do_next_pane(struct rack *r, int n)
{
	(void)n;
	r->feed_focus = !r->feed_focus;
	r->feed_at = 0;
}

/* ---- folding ---- */

static void fold(struct rack *r, bool unfold)
{
	struct rack_lock *l = rack_lock(r);
	int bar = r->bar;

	if (r->at.code == PLACE_HEAD) {
		rack_rows_fold_group(&r->rows, r->at.lock, !unfold);
		return;
	}

	if (!l)
		return;
	if (unfold && !rack_lock_has_codes(l)) {
		app_message(r->base.app, false, _("No codes on this lock. n makes one."));
		return;
	}
	rack_rows_set_unfolded(&r->rows, r->at.lock, unfold);
	/* A chosen bar becomes the row under the cursor. */
	if (unfold && bar >= 0)
		rack_go(r, (struct place){ r->at.lock, bar });
	if (!unfold)
		rack_go(r, (struct place){ r->at.lock, -1 });
}

static void do_unfold(struct rack *r, int n)
{
	(void)n;
	if (r->at.code == -1 && rack_rows_is_unfolded(&r->rows, r->at.lock))
		rack_move(r, 1);
	else if (r->at.code < 0)
		fold(r, true);
}

static void do_fold(struct rack *r, int n)
{
	(void)n;
	/* Out of a lock that is folded: to its heading. */
	if (r->at.code == -1 && !rack_rows_is_unfolded(&r->rows, r->at.lock) && rack_rows_heading(&r->rows, r->at.lock))
		rack_go(r, (struct place){ rack_rows_heading(&r->rows, r->at.lock)->first, PLACE_HEAD });
	else
		fold(r, false);
}

static void do_unfold_all(struct rack *r, int n)
{
	(void)n;
	rack_rows_unfold_all(&r->rows, !rack_rows_is_unfolded(&r->rows, r->at.lock));
	rack_go(r, (struct place){ r->at.lock, -1 });
	r->top = r->at;
	rack_rows_move(&r->rows, &r->top, -r->list_rows / 2);
}

/* ---- time ---- */

static void do_zoom_in(struct rack *r, int n)
{
	rack_zoom(r, -n);
}

static void do_zoom_out(struct rack *r, int n)
{
	rack_zoom(r, n);
}

static void do_pan_left(struct rack *r, int n)
{
	rack_pan(r, -n);
}

static void do_pan_right(struct rack *r, int n)
{
	rack_pan(r, n);
}

static void do_now(struct rack *r, int n)
{
	(void)n;
	rack_now(r);
}

static void day_typed(struct app *app, const char *text, void *ctx)
{
	(void)app;
	rack_show_day(ctx, text);
}

static void do_day(struct rack *r, int n)
{
	(void)n;
	if (app_argument(r->base.app))
		rack_show_day(r, app_argument(r->base.app));
	else
		app_ask_line(r->base.app, _("Which day?"), _("tomorrow, fri, 24 dec, 24.12., +3d"), "", day_typed, r,
			     NULL);
}

/* ---- finding ---- */

static void do_find(struct rack *r, int n)
{
	const char *words = app_argument(r->base.app);

	(void)n;
	if (words) {
		field_set(&r->find, words);
		rack_find(r, words);
		return;
	}
	r->finding = true;
	r->find_old = r->find.text->len > 0;
	r->feed_focus = false;
}

static void do_find_next(struct rack *r, int n)
{
	if (r->rows.find)
		do_next_bar(r, n);
	else if (!rack_jump_on(r, n))
		app_message(r->base.app, false, _("Nothing is searched for: / begins."));
}

static void do_find_previous(struct rack *r, int n)
{
	if (r->rows.find)
		do_previous_bar(r, n);
	else
		rack_jump_on(r, -n);
}

static void do_sort(struct rack *r, int n)
{
	const char *asked = app_argument(r->base.app);

	(void)n;
	if (asked)
		rack_sort_named(r, asked);
	else
		rack_sort(r, (enum lock_sort)(((int)r->rows.sort + 1) % (LOCKS_BY_NEXT + 1)), false);
}

static void do_reverse(struct rack *r, int n)
{
	(void)n;
	rack_sort(r, r->rows.sort, !r->rows.reversed);
}

static void do_group(struct rack *r, int n)
{
	(void)n;
	rack_group_next(r);
}

static void do_columns(struct rack *r, int n)
{
	(void)n;
	if (app_argument(r->base.app))
		rack_columns_named(r, app_argument(r->base.app));
	else
		rack_pick_columns(r);
}

static void do_go(struct rack *r, int n)
{
	(void)n;
	if (app_argument(r->base.app))
		rack_go_named(r, app_argument(r->base.app));
	else
		app_push(r->base.app, palette_new(r->base.app, r->base.world, "go "));
}

/* ---- PINs, other screens ---- */

static void hide_pin(void *ctx)
{
	struct rack *r = ctx;

	r->shown_code_no = r->shown_intent_no = 0;
	r->shown_timer = 0;
	app_redraw(r->base.app);
}

static void do_reveal(struct rack *r, int n)
{
	const struct code_row *c = rack_code(r);

	(void)n;
	if (!c || !c->code.code) {
		app_message(r->base.app, false, c ? _("This PIN is not known here.") : _("Choose a code first."));
		return;
	}
	app_cancel_after(r->base.app, r->shown_timer);
	r->shown_code_no = c->code_no;
	r->shown_intent_no = c->code_no ? 0 : c->intent_no;
	action_pin_shown(r->base.world, code_name(&c->code), c->lock_name);
	r->shown_timer = app_after(r->base.app, PIN_SHOWN_MS, hide_pin, r);
}

static void do_new(struct rack *r, int n)
{
	struct rack_lock *l = rack_lock(r);

	(void)n;
	if (l)
		app_push(r->base.app, code_form_new(r->base.app, r->base.world, l->lock_no));
	else
		app_message(r->base.app, true, _("There is no lock here to make a code for."));
}

/* ---- marks, ends of a stay ---- */

static void do_mark(struct rack *r, int n)
{
	rack_mark(r, n);
}

static void do_mark_all(struct rack *r, int n)
{
	(void)n;
	rack_mark_all(r);
}

static void do_start_earlier(struct rack *r, int n)
{
	rack_nudge(r, true, -n);
}

static void do_start_later(struct rack *r, int n)
{
	rack_nudge(r, true, n);
}

static void do_end_later(struct rack *r, int n)
{
	rack_nudge(r, false, n);
}

static void do_end_earlier(struct rack *r, int n)
{
	rack_nudge(r, false, -n);
}

static const struct {
	enum command command;
	void (*run)(struct rack *r, int count);
} rack_commands[] = {
	{ COMMAND_MARK, do_mark },
	{ COMMAND_MARK_ALL, do_mark_all },
	{ COMMAND_UP, do_up },
	{ COMMAND_DOWN, do_down },
	{ COMMAND_PAGE_UP, do_page_up },
	{ COMMAND_PAGE_DOWN, do_page_down },
	{ COMMAND_FIRST, do_first },
	{ COMMAND_LAST, do_last },
	{ COMMAND_NEXT_BAR, do_next_bar },
	{ COMMAND_PREVIOUS_BAR, do_previous_bar },
	{ COMMAND_NEXT_PANE, do_next_pane },
	{ COMMAND_OPEN, rack_open },
	{ COMMAND_UNFOLD, do_unfold },
	{ COMMAND_FOLD, do_fold },
	{ COMMAND_UNFOLD_ALL, do_unfold_all },
	{ COMMAND_ZOOM, rack_zoom_to },
	{ COMMAND_GO_NOW, do_now },
	{ COMMAND_DAY, do_day },
	{ COMMAND_GROUP, do_group },
	{ COMMAND_FIND, do_find },
	{ COMMAND_FIND_NEXT, do_find_next },
	{ COMMAND_FIND_PREVIOUS, do_find_previous },
	{ COMMAND_GO, do_go },
	{ COMMAND_SORT, do_sort },
	{ COMMAND_REVERSE, do_reverse },
	{ COMMAND_COLUMNS, do_columns },
	{ COMMAND_REVEAL, do_reveal },
	{ COMMAND_NEW, do_new },
	{ COMMAND_EVENTS, rack_open_events },
	{ COMMAND_ASKED, rack_open_asked },
	{ COMMAND_COULD, rack_open_could },
	{ COMMAND_WHY, rack_open_why },
	{ COMMAND_TRIAGE, rack_open_triage },
};
/* These leave the end of a stay that is being moved as it is; any other key is a change of mind. */
static const struct {
	enum command command;
	void (*run)(struct rack *r, int count);
} nudge_commands[] = {
	{ COMMAND_START_EARLIER, do_start_earlier },
	{ COMMAND_START_LATER, do_start_later },
	{ COMMAND_END_LATER, do_end_later },
	{ COMMAND_END_EARLIER, do_end_earlier },
	{ COMMAND_ZOOM_IN, do_zoom_in },
	{ COMMAND_ZOOM_OUT, do_zoom_out },
	{ COMMAND_PAN_LEFT, do_pan_left },
	{ COMMAND_PAN_RIGHT, do_pan_right },
};

/* True: the command was about the end that is being moved. */
static bool nudge_command(struct rack *r, enum command c, int count)
{
	bool moving = rack_nudging(r, rack_code(r));

	for (size_t i = 0; i < G_N_ELEMENTS(nudge_commands); i++) {
		if (nudge_commands[i].command != c)
			continue;
		nudge_commands[i].run(r, count);
		return true;
	}
	if (moving && c == COMMAND_OPEN) {
		rack_nudge_send(r);
		return true;
	}
	rack_nudge_drop(r);
	return moving && c == COMMAND_BACK;
}

static bool rack_command(struct screen *s, enum command c, int count)
{
	struct rack *r = rack_of(s);
	struct rack_lock *l;

	if (nudge_command(r, c, count)) {
		r->settled = true;
		return true;
	}
	if (marks_count(r->marks) && bulk_run(s->app, s->world, r->marks, c))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(rack_commands); i++) {
		if (rack_commands[i].command != c)
			continue;
		r->settled = true;
		rack_commands[i].run(r, count);
		return true;
	}
	if (c == COMMAND_BACK && r->feed_focus) {
		r->feed_focus = false;
		return true;
	}
	if (c == COMMAND_BACK && !r->rows.find && marks_count(r->marks)) {
		marks_clear(r->marks);
		return true;
	}
	if (c == COMMAND_BACK && (r->rows.find || r->bar >= 0)) {
		if (!r->rows.find)
			r->bar = -1;
		rack_find_end(r);
		rack_note_place(r);
		return true;
	}
	l = rack_lock(r);
	return action_run(s->app, s->world, c, l ? l->lock_no : 0, rack_code(r));
}

/* ---- its life ---- */

static bool rack_changed(struct screen *s, unsigned mask)
{
	struct rack *r = rack_of(s);

	side_forget(&r->side);
	if (mask & POKE_EVENTS)
		g_clear_pointer(&r->feed, cache_list_free);
	if (mask & POKE_EVENTS && r->lay.width[COLUMN_OPENED])
		rack_rows_forget(&r->rows, s->world->now);
	if (mask & (POKE_LOCKS | POKE_CODES | POKE_OUTBOX))
		rack_reload(r);
	if (mask & (POKE_LOCKS | POKE_CODES | POKE_OUTBOX)) {
		rack_marks_check(r);
		rack_nudge_check(r);
	}
	if (s->world->made_intent_no)
		rack_go_to_made(r);
	else if (!mask)
		rack_rows_forget(&r->rows, s->world->now); /* what is 'now' has moved on */
	return true;
}

static void rack_free(struct screen *s)
{
	struct rack *r = rack_of(s);

	app_cancel_after(s->app, r->shown_timer);
	rack_keep(r);
	if (r->feed)
		cache_list_free(r->feed);
	field_done(&r->find);
	g_free(r->number);
	marks_free(r->marks);
	rack_rows_done(&r->rows);
	side_done(&r->side);
	g_free(r);
}

static const struct screen_ops rack_ops = {
	.name = N_("Rack"),
	.view = VIEW_RACK,
	.draw = rack_draw,
	.command = rack_command,
	.key = rack_key,
	.jump = rack_jump,
	.changed = rack_changed,
	.hints = rack_hints,
	.hint = rack_hint,
	.twin = rack_twin,
	.free = rack_free,
};

struct screen *rack_new(struct app *app, struct world *w)
{
	struct rack *r = g_new0(struct rack, 1);

	r->base = (struct screen){ .ops = &rack_ops, .app = app, .world = w };
	rack_rows_init(&r->rows, w->cache);
	side_init(&r->side);
	field_init(&r->find, "", 200);
	r->marks = marks_new();
	r->at = r->top = (struct place){ 0, -1 };
	r->bar = -1;
	rack_restore(r);
	rack_now(r);
	rack_reload(r);
	rack_note_place(r);
	return &r->base;
}
