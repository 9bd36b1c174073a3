/* outbox - what the desk has asked for, and what came of it, newest first.
 *
 * Accepted never reads as done: the words say how far each got. What was refused can be opened
 * in its form again, with the server's reason beside the fields. */
#include "ui/screens/actions.h"
#include "ui/screens/words.h"

#define OUTBOX_MAX 500

struct outbox_screen {
	struct screen base;
	struct cache_list *list; /* struct intent; NULL: to be read */
	int64_t intent_no;       /* the cursor */
	int top, at, rows;
};

static const enum role state_roles[INTENT_STATE_COUNT] = {
	[INTENT_QUEUED] = ROLE_PENDING,
	[INTENT_SENDING] = ROLE_PENDING,
	[INTENT_ACCEPTED] = ROLE_GOOD,
	[INTENT_REFUSED] = ROLE_ALARM,
	[INTENT_WITHDRAWN] = ROLE_ENDED,
};

static int count(const struct outbox_screen *o)
{
	return o->list ? (int)o->list->rows->len : 0;
}

static const struct intent *chosen(const struct outbox_screen *o)
{
	return o->at < count(o) ? cache_list_at(o->list, struct intent, (guint)o->at) : NULL;
}

static void load(struct outbox_screen *o)
{
	g_autoptr(GError) err = NULL;

	if (o->list)
		return;
	o->list = outbox_list(o->base.world->cache, 0, OUTBOX_MAX, &err);
	if (!o->list)
		app_message(o->base.app, true, "The outbox cannot be read: %s", err->message);
	for (int i = 0; o->intent_no && i < count(o); i++)
		if (cache_list_at(o->list, struct intent, (guint)i)->intent_no == o->intent_no)
			o->at = i;
	o->at = CLAMP(o->at, 0, MAX(count(o) - 1, 0));
}

/* What came of it, in words: the server's, or why it waits. */
static char *outcome(const struct world *w, const struct intent *in)
{
	char at[CIVIL_TEXT_MAX];

	if (in->state == INTENT_QUEUED && instant_known(in->next_try_at) &&
	    instant_before(w->now, in->next_try_at))
		return g_strdup_printf("%s; tried %d times, next %s", in->message ? in->message : "not sent yet",
				       in->tries, civil_near(w->zone, in->next_try_at, w->now, at));
	if (in->message && *in->message)
		return g_strdup(in->message);
	if (in->state == INTENT_QUEUED)
		return g_strdup(w->sync_connected ? "" : "waits for sync");
	return g_strdup("");
}

static void draw_row(struct outbox_screen *o, const struct intent *in, struct grid *g, struct rect r)
{
	const struct world *w = o->base.world;
	g_autofree char *what = g_strdup_printf("%s %s", intent_kind_info(in->kind)->words,
						in->name && in->code_no + (in->kind == INTENT_CREATE) ? in->name : "");
	g_autofree char *said = outcome(w, in);
	bool wide = r.cols >= 100;
	char at[CIVIL_TEXT_MAX];
	int col = r.col + 1, end = r.col + r.cols;

	grid_put_field(g, r.row, col, 14, -1, CUT_END, civil_near(w->zone, in->made_at, w->now, at), ROLE_DIM);
	col += 15;
	grid_put_field(g, r.row, col, 9, -1, CUT_END, intent_state_word(in->state), state_roles[in->state]);
	col += 10;
	grid_put_field(g, r.row, col, wide ? 34 : 24, -1, CUT_END, what, ROLE_TEXT);
	col += wide ? 35 : 25;
	grid_put_field(g, r.row, col, wide ? 18 : 12, -1, CUT_END, in->lock_name ? in->lock_name : "", ROLE_TEXT);
	col += wide ? 19 : 13;
	if (wide) {
		grid_put_field(g, r.row, col, 10, -1, CUT_END, in->made_by ? in->made_by : "", ROLE_DIM);
		col += 11;
	}
	if (col < end)
		grid_put(g, r.row, col, end - col, said, in->state == INTENT_REFUSED ? ROLE_ALARM : ROLE_DIM);
}

static void draw_detail(struct outbox_screen *o, struct grid *g, int row)
{
	const struct intent *in = chosen(o);
	bool formed;

	if (!in)
		return;
	formed = in->kind == INTENT_CREATE || in->kind == INTENT_UPDATE;
	if (in->message)
		grid_put(g, row, 1, g->cols - 2, in->message, in->state == INTENT_REFUSED ? ROLE_ALARM : ROLE_TEXT);
	grid_put(g, row + 1, 1, g->cols - 2,
		 in->state == INTENT_QUEUED ? "Not sent yet: x withdraws it."
		 : in->state == INTENT_SENDING ? "On its way: if the answer is lost, sync reads back before it does anything."
		 : in->state == INTENT_REFUSED && formed ? "Enter opens it in the form to be corrected; x puts it aside."
		 : in->state == INTENT_REFUSED ? "x puts it aside."
		 : in->state == INTENT_ACCEPTED ? "The server has taken it. Whether the lock has it is on the code's own row."
						: "Taken back before it was sent.", ROLE_DIM);
}

static void outbox_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct outbox_screen *o = (struct outbox_screen *)s;
	int list = MAX(area.rows - 4, 1);

	load(o);
	o->rows = list;
	o->top = CLAMP(o->top, MAX(o->at - list + 1, 0), o->at);
	grid_fill(g, (struct rect){ area.row, 0, 1, g->cols }, ' ', ROLE_HEADER);
	grid_put(g, area.row, 1, g->cols - 1, "MADE           STATE     WHAT", ROLE_HEADER);
	if (!count(o))
		grid_put(g, area.row + 1, 1, g->cols - 2, "Nothing has been asked for from this desk.", ROLE_DIM);
	for (int i = 0; i < list && o->top + i < count(o); i++) {
		struct rect r = { area.row + 1 + i, area.col, 1, area.cols };

		draw_row(o, cache_list_at(o->list, struct intent, (guint)(o->top + i)), g, r);
		if (o->top + i != o->at)
			continue;
		grid_mark(g, r, MARK_CURSOR);
		g->cursor_row = r.row;
		g->cursor_col = 1;
	}
	grid_rule(g, area.row + 1 + list, NULL, ROLE_RULE);
	draw_detail(o, g, area.row + 2 + list);
}

static void open_chosen(struct outbox_screen *o)
{
	const struct intent *in = chosen(o);
	struct app *app = o->base.app;

	if (!in)
		return;
	if (in->state == INTENT_REFUSED && (in->kind == INTENT_CREATE || in->kind == INTENT_UPDATE))
		app_push(app, code_form_again(app, o->base.world, in->intent_no));
	else if (in->code_no)
		app_push(app, code_new(app, o->base.world, in->code_no));
	else
		app_message(app, false, "There is nothing to open: %s.", intent_state_word(in->state));
}

static void put_aside(struct outbox_screen *o)
{
	const struct intent *in = chosen(o);
	g_autoptr(GError) err = NULL;

	if (!in)
		return;
	if (in->state == INTENT_QUEUED) {
		action_withdraw(o->base.app, o->base.world, in);
	} else if (in->state != INTENT_REFUSED) {
		app_message(o->base.app, true, "It has been sent: revoke the code itself if it should not be.");
	} else if (outbox_dismiss(o->base.world->cache, in->intent_no, &err)) {
		app_message(o->base.app, false, "Put aside.");
		g_clear_pointer(&o->list, cache_list_free);
	} else {
		app_message(o->base.app, true, "%s", err->message);
	}
}

static bool outbox_command(struct screen *s, enum command c, int n)
{
	struct outbox_screen *o = (struct outbox_screen *)s;
	int to = o->at, last = MAX(count(o) - 1, 0);

	switch ((int)c) {
	case COMMAND_UP: to -= n; break;
	case COMMAND_DOWN: to += n; break;
	case COMMAND_PAGE_UP: to -= n * MAX(o->rows - 1, 1); break;
	case COMMAND_PAGE_DOWN: to += n * MAX(o->rows - 1, 1); break;
	case COMMAND_FIRST: to = 0; break;
	case COMMAND_LAST: to = last; break;
	case COMMAND_OPEN:
	case COMMAND_EDIT: open_chosen(o); return true;
	case COMMAND_REVOKE: put_aside(o); return true;
	case COMMAND_OUTBOX: return true; /* here already */
	default: return false;
	}
	o->at = CLAMP(to, 0, last);
	o->intent_no = chosen(o) ? chosen(o)->intent_no : 0;
	return true;
}

static bool outbox_changed(struct screen *s, unsigned mask)
{
	struct outbox_screen *o = (struct outbox_screen *)s;

	if (mask & POKE_OUTBOX)
		g_clear_pointer(&o->list, cache_list_free);
	return true;
}

static void outbox_free(struct screen *s)
{
	struct outbox_screen *o = (struct outbox_screen *)s;

	if (o->list)
		cache_list_free(o->list);
	g_free(o);
}

static const struct screen_ops outbox_ops = {
	.name = "Outbox",
	.view = VIEW_OUTBOX,
	.draw = outbox_draw,
	.command = outbox_command,
	.changed = outbox_changed,
	.free = outbox_free,
};

struct screen *outbox_new(struct app *app, struct world *w)
{
	struct outbox_screen *o = g_new0(struct outbox_screen, 1);

	o->base = (struct screen){ .ops = &outbox_ops, .app = app, .world = w };
	return &o->base;
}
