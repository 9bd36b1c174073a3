/* tonight - who arrives and who leaves, and whether their codes are on the locks; see the header. */
#include "ui/screens/tonight.h"

#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/when.h"
#include "ui/screens/actions.h"
#include "ui/screens/bulk.h"
#include "ui/screens/words.h"

#define SPAN_MOVES_MS (5 * MINUTE_MS)

static struct tonight *tonight_of(struct screen *s)
{
	return (struct tonight *)s;
}

/* ---- the cursor ---- */

static bool can_stand(const struct tonight *t, int i)
{
	const struct board_line *line = board_line(&t->board, i);

	return line && line->guest >= 0;
}

void tonight_note_place(struct tonight *t)
{
	const struct board_line *line = board_line(&t->board, t->at);
	const struct board_door *door = board_door(&t->board, t->at);
	const struct board_guest *guest = line ? board_guest(&t->board, line->guest) : NULL;

	g_free(t->key);
	t->key = guest ? g_strdup(guest->key) : NULL;
	t->code_no = line && line->door >= 0 ? door->row->code_no : 0;
	t->intent_no = line && line->door >= 0 && !t->code_no ? door->row->intent_no : 0;
}

void tonight_go(struct tonight *t, int to, int direction)
{
	int last = board_lines(&t->board) - 1;

	to = CLAMP(to, 0, MAX(last, 0));
	while (to > 0 && to < last && !can_stand(t, to))
		to += direction < 0 ? -1 : 1;
	if (!can_stand(t, to) && can_stand(t, to + 1))
		to++;
	t->at = to;
	tonight_note_place(t);
}

/* Who is at risk first, else who comes next. */
static void go_first_news(struct tonight *t)
{
	int to = board_next_risk(&t->board, -1);

	for (int i = 0; to < 0 && i < board_lines(&t->board); i++) {
		const struct board_line *line = board_line(&t->board, i);

		if (line->guest >= 0 && !instant_before(board_guest(&t->board, line->guest)->at, t->base.world->now))
			to = i;
	}
	t->top = 0;
	tonight_go(t, MAX(to, 0), 1);
}

/* Back to what the cursor was on, wherever that is now. */
static void find_place(struct tonight *t)
{
	int guest_line = -1;

	for (int i = 0; t->key && i < board_lines(&t->board); i++) {
		const struct board_line *line = board_line(&t->board, i);
		const struct board_door *door = board_door(&t->board, i);

		if (line->guest < 0 || g_strcmp0(board_guest(&t->board, line->guest)->key, t->key) != 0)
			continue;
		if (line->door < 0)
			guest_line = i;
		if (line->door >= 0 && (t->code_no || t->intent_no) && door->row->code_no == t->code_no &&
		    (t->code_no || door->row->intent_no == t->intent_no)) {
			tonight_go(t, i, 1);
			return;
		}
	}
	tonight_go(t, guest_line >= 0 ? guest_line : t->at, 1);
}

void tonight_load(struct tonight *t)
{
	struct world *w = t->base.world;

	if (!t->stale)
		return;
	t->stale = false;
	if (!board_load(&t->board, w, instant_known(t->day) ? t->day : w->now, 0))
		app_message(t->base.app, true, _("The day cannot be read from the cache."));
	if (t->key)
		find_place(t);
	else
		go_first_news(t);
}

static void show_day(struct tonight *t, struct instant day)
{
	struct instant from, until;
	struct world *w = t->base.world;

	ready_day(w->zone, day, 0, &from, &until);
	/* Today goes on being today when the morning comes. */
	t->day = !instant_before(w->now, from) && instant_before(w->now, until) ? INSTANT_NONE : from;
	t->stale = true;
	g_clear_pointer(&t->key, g_free);
	tonight_load(t);
}

/* ---- commands ---- */

static void do_up(struct tonight *t, int n)
{
	tonight_go(t, t->at - n, -1);
}

static void do_down(struct tonight *t, int n)
{
	tonight_go(t, t->at + n, 1);
}

static void do_page_up(struct tonight *t, int n)
{
	tonight_go(t, t->at - n * MAX(t->list_rows - 1, 1), -1);
}

static void do_page_down(struct tonight *t, int n)
{
	tonight_go(t, t->at + n * MAX(t->list_rows - 1, 1), 1);
}

static void do_first(struct tonight *t, int n)
{
	(void)n;
	tonight_go(t, 0, 1);
}

static void do_last(struct tonight *t, int n)
{
	(void)n;
	tonight_go(t, board_lines(&t->board) - 1, -1);
}

static void do_next_risk(struct tonight *t, int n)
{
	int to = t->at;

	for (int i = 0; i < n && to >= 0; i++)
		to = board_next_risk(&t->board, to);
	if (to >= 0)
		tonight_go(t, to, 1);
	else
		app_message(t->base.app, false, _("Nobody is at risk%s."),
			    t->board.counts.of[0][READY_UNPROVEN] ? _(", as far as is known: some are unproven") : "");
}

/* Between those who arrive and those who leave. */
static void do_next_pane(struct tonight *t, int n)
{
	const struct board_line *here = board_line(&t->board, t->at);
	bool departs = here && here->guest >= 0 && board_guest(&t->board, here->guest)->departs;

	(void)n;
	for (int i = 0; i < board_lines(&t->board); i++) {
		const struct board_line *line = board_line(&t->board, i);

		if (line->guest < 0 || board_guest(&t->board, line->guest)->departs == departs)
			continue;
		tonight_go(t, i, 1);
		return;
	}
}

static void fold(struct tonight *t, bool unfolded)
{
	const struct board_line *line = board_line(&t->board, t->at);

	if (!line || line->guest < 0)
		return;
	if (!unfolded)
		t->code_no = t->intent_no = 0;
	board_set_unfolded(&t->board, line->guest, unfolded);
	find_place(t);
}

static void do_unfold(struct tonight *t, int n)
{
	(void)n;
	fold(t, true);
}

static void do_fold(struct tonight *t, int n)
{
	(void)n;
	fold(t, false);
}

static void do_unfold_all(struct tonight *t, int n)
{
	(void)n;
	t->board.all_unfolded = !t->board.all_unfolded;
	g_hash_table_remove_all(t->board.unfolded);
	board_lay(&t->board);
	find_place(t);
}

static void open_code(struct tonight *t, const struct night_row *row)
{
	struct app *app = t->base.app;

	if (row->code_no)
		app_push(app, code_new(app, t->base.world, row->code_no));
	else if (row->facts.declared == DECLARED_REFUSED)
		app_push(app, code_form_again(app, t->base.world, row->intent_no));
	else
		app_push(app, outbox_new(app, t->base.world));
}

/* A guest of several doors is unfolded first: which door is meant is for a person to say. */
static void do_open(struct tonight *t, int n)
{
	const struct board_line *line = board_line(&t->board, t->at);
	const struct board_door *door = board_door(&t->board, t->at);

	(void)n;
	if (!door)
		return;
	if (line->door < 0 && board_guest(&t->board, line->guest)->n > 1)
		fold(t, !board_is_unfolded(&t->board, line->guest));
	else
		open_code(t, door->row);
}

static void move_day(struct tonight *t, int days)
{
	struct instant from, until;

	ready_day(t->base.world->zone, instant_known(t->day) ? t->day : t->base.world->now, days, &from,
		  &until);
	show_day(t, from);
}

static void do_day_before(struct tonight *t, int n)
{
	move_day(t, -n);
}

static void do_day_after(struct tonight *t, int n)
{
	move_day(t, n);
}

static void do_today(struct tonight *t, int n)
{
	(void)n;
	show_day(t, t->base.world->now);
}

static void do_day(struct tonight *t, int n)
{
	g_autoptr(GError) err = NULL;
	const char *asked = app_argument(t->base.app);
	struct instant day;

	(void)n;
	if (asked && tonight_parse_day(asked, t->base.world, &day, &err)) {
		show_day(t, day);
	} else if (asked) {
		app_message(t->base.app, true, "%s", err->message);
	} else {
		t->typing = true;
		field_set(&t->typed, "");
	}
}

static void hide_pin(void *ctx)
{
	struct tonight *t = ctx;

	t->shown_code_no = t->shown_intent_no = 0;
	t->shown_timer = 0;
	app_redraw(t->base.app);
}

static void do_reveal(struct tonight *t, int n)
{
	OWN(cache_list) struct cache_list *list = NULL;
	struct code_row own;
	const struct code_row *row;

	(void)n;
	if (!tonight_code(t, &list, &own, &row) || (!row->code.code && row->code_no)) {
		app_message(t->base.app, false, _("This PIN is not known here."));
		return;
	}
	app_cancel_after(t->base.app, t->shown_timer);
	t->shown_code_no = row->code_no;
	t->shown_intent_no = row->code_no ? 0 : row->intent_no;
	action_pin_shown(t->base.world, code_name(&row->code), row->lock_name);
	t->shown_timer = app_after(t->base.app, PIN_SHOWN_MS, hide_pin, t);
}

static void do_events(struct tonight *t, int n)
{
	const struct board_door *door = board_door(&t->board, t->at);

	(void)n;
	if (door)
		app_push(t->base.app, events_new(t->base.app, t->base.world, door->row->lock_no, door->row->code_no));
}

static void do_could(struct tonight *t, int n)
{
	const struct board_door *door = board_door(&t->board, t->at);

	(void)n;
	if (door)
		app_push(t->base.app, could_new(t->base.app, t->base.world, door->row->code_no ? 0 : door->row->lock_no,
						door->row->code_no, INSTANT_NONE));
}

static void do_why(struct tonight *t, int n)
{
	const struct board_door *door = board_door(&t->board, t->at);

	(void)n;
	if (door && door->row->code_no)
		app_push(t->base.app, why_new(t->base.app, t->base.world, door->row->code_no));
	else
		app_message(t->base.app, false, _("The server has not been told of it: o opens the outbox."));
}

static void do_triage(struct tonight *t, int n)
{
	const struct board_door *door = board_door(&t->board, t->at);

	(void)n;
	if (door)
		app_push(t->base.app, triage_new(t->base.app, t->base.world, door->row->lock_no, door->row->code_no));
}

static void do_mark_all(struct tonight *t, int n)
{
	(void)n;
	tonight_mark_all(t);
}

static const struct {
	enum command command;
	void (*run)(struct tonight *t, int count);
} tonight_commands[] = {
	{ COMMAND_MARK, tonight_mark },
	{ COMMAND_MARK_ALL, do_mark_all },
	{ COMMAND_UP, do_up },
	{ COMMAND_DOWN, do_down },
	{ COMMAND_PAGE_UP, do_page_up },
	{ COMMAND_PAGE_DOWN, do_page_down },
	{ COMMAND_FIRST, do_first },
	{ COMMAND_LAST, do_last },
	{ COMMAND_NEXT_RISK, do_next_risk },
	{ COMMAND_NEXT_PANE, do_next_pane },
	{ COMMAND_OPEN, do_open },
	{ COMMAND_UNFOLD, do_unfold },
	{ COMMAND_FOLD, do_fold },
	{ COMMAND_UNFOLD_ALL, do_unfold_all },
	{ COMMAND_DAY_BEFORE, do_day_before },
	{ COMMAND_DAY_AFTER, do_day_after },
	{ COMMAND_GO_NOW, do_today },
	{ COMMAND_DAY, do_day },
	{ COMMAND_REVEAL, do_reveal },
	{ COMMAND_EVENTS, do_events },
	{ COMMAND_COULD, do_could },
	{ COMMAND_WHY, do_why },
	{ COMMAND_TRIAGE, do_triage },
};

static bool tonight_command(struct screen *s, enum command c, int count)
{
	struct tonight *t = tonight_of(s);
	OWN(cache_list) struct cache_list *list = NULL;
	const struct board_door *door;
	const struct code_row *row = NULL;
	struct code_row own;

	tonight_load(t);
	if (marks_count(t->marks) && bulk_run(s->app, s->world, t->marks, c))
		return true;
	if (c == COMMAND_BACK && marks_count(t->marks)) {
		marks_clear(t->marks);
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(tonight_commands); i++) {
		if (tonight_commands[i].command != c)
			continue;
		tonight_commands[i].run(t, count);
		return true;
	}
	door = board_door(&t->board, t->at);
	if (!door)
		return false;
	tonight_code(t, &list, &own, &row);
	return action_run(s->app, s->world, c, door->row->lock_no, row);
}

/* ---- keys that are text, the mouse ---- */

static bool type_key(struct tonight *t, const struct key *k)
{
	g_autoptr(GError) err = NULL;
	struct instant day;

	switch ((int)k->code) {
	case KEYCODE_ESC:
		t->typing = false;
		return true;
	case KEYCODE_ENTER:
		t->typing = false;
		if (!t->typed.text->len)
			return true;
		if (tonight_parse_day(t->typed.text->str, t->base.world, &day, &err))
			show_day(t, day);
		else
			app_message(t->base.app, true, "%s", err->message);
		return true;
	default:
		return field_key(&t->typed, k, NULL) || (k->code == KEYCODE_CHAR && !k->ctrl);
	}
}

static bool click(struct tonight *t, const struct key *k)
{
	int line = t->top + k->row - t->list_row;

	if (k->col >= t->list_cols || k->row < t->list_row || k->row >= t->list_row + t->list_rows)
		return false;
	if (!can_stand(t, line))
		return true;
	if (line == t->at)
		do_open(t, 1);
	else
		tonight_go(t, line, 1);
	return true;
}

static bool tonight_key(struct screen *s, const struct key *k)
{
	struct tonight *t = tonight_of(s);

	if (k->code == KEYCODE_MOUSE_PRESS)
		return click(t, k);
	if (t->typing && k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c')
		return type_key(t, &(struct key){ .code = KEYCODE_ESC });
	return t->typing && type_key(t, k);
}

static const char *const *tonight_hints(struct screen *s)
{
	static const char *const typing[] = { "Enter", N_("that day"), "Esc", N_("leave it"), NULL };

	return tonight_of(s)->typing ? typing : NULL;
}

static const char *tonight_hint(struct screen *s, enum command c)
{
	struct tonight *t = tonight_of(s);
	const struct board_line *line = board_line(&t->board, t->at);
	const struct board_guest *guest = line ? board_guest(&t->board, line->guest) : NULL;
	bool group = guest && guest->n > 1 && line->door < 0;
	OWN(cache_list) struct cache_list *list = NULL;
	const struct code_row *row = NULL;
	struct code_row own;

	if (c == COMMAND_UNFOLD)
		return group && !board_is_unfolded(&t->board, line->guest) ? _("unfold") : "";
	if (c == COMMAND_OPEN)
		return !guest					   ? ""
		       : !group					   ? NULL
		       : board_is_unfolded(&t->board, line->guest) ? _("fold")
								   : _("unfold");
	if (c == COMMAND_NEXT_RISK)
		return board_next_risk(&t->board, -1) >= 0 ? NULL : "";
	if (c == COMMAND_GO_NOW)
		return instant_known(t->day) ? _("today") : "";
	if (!tonight_code(t, &list, &own, &row))
		return command_info(c)->flags & COMMAND_WRITES ? "" : NULL;
	return code_hint(row, c);
}

/* ---- its life ---- */

/* The morning has come, and today is another day; or the hours ahead reach further than what was read. */
static bool is_another_span(const struct tonight *t)
{
	struct night_query q = board_day(t->base.world, t->base.world->now, 0);

	return q.from.ms != t->board.from.ms || instant_diff_ms(q.until, t->board.until) >= SPAN_MOVES_MS;
}

static bool tonight_changed(struct screen *s, unsigned mask)
{
	struct tonight *t = tonight_of(s);
	struct world *w = s->world;

	side_forget(&t->side);
	if (mask & (POKE_LOCKS | POKE_CODES | POKE_OUTBOX))
		bulk_check_marks(s->app, w, t->marks, &t->batches_applied);
	if (mask & (POKE_LOCKS | POKE_CODES | POKE_OUTBOX | POKE_EVENTS))
		t->stale = true;
	else if (!mask && !instant_known(t->day) && is_another_span(t))
		t->stale = true;
	else if (!mask)
		board_judge(&t->board, w->now);
	return true;
}

static void tonight_free(struct screen *s)
{
	struct tonight *t = tonight_of(s);

	app_cancel_after(s->app, t->shown_timer);
	field_done(&t->typed);
	board_done(&t->board);
	side_done(&t->side);
	marks_free(t->marks);
	g_free(t->key);
	g_free(t);
}

static const struct screen_ops tonight_ops = {
	.name = N_("Tonight"),
	.view = VIEW_TONIGHT,
	.draw = tonight_draw,
	.command = tonight_command,
	.key = tonight_key,
	.changed = tonight_changed,
	.hints = tonight_hints,
	.hint = tonight_hint,
	.free = tonight_free,
};

struct screen *tonight_new(struct app *app, struct world *w)
{
	struct tonight *t = g_new0(struct tonight, 1);

	t->base = (struct screen){ .ops = &tonight_ops, .app = app, .world = w };
	board_init(&t->board);
	side_init(&t->side);
	field_init(&t->typed, "", 100);
	t->marks = marks_new();
	t->batches_applied = w->batches_applied;
	t->day = INSTANT_NONE;
	t->stale = true;
	tonight_load(t);
	return &t->base;
}
