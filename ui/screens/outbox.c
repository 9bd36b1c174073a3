/* outbox - what the desk has asked for, and what came of it: what was refused first, for a person
 * must see to it, then the newest.
 *
 * Accepted never reads as done: the words say how far each got. What was refused can be opened
 * in its form again, with the server's reason beside the fields. */
#include "ui/screens/actions.h"
#include "core/i18n.h"
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

static int compare_refused_first(gconstpointer a, gconstpointer b)
{
	const struct intent *x = a, *y = b;
	bool rx = x->state == INTENT_REFUSED, ry = y->state == INTENT_REFUSED;

	if (rx != ry)
		return rx ? -1 : 1;
	return (x->intent_no < y->intent_no) - (x->intent_no > y->intent_no);
}

static void load(struct outbox_screen *o)
{
	g_autoptr(GError) err = NULL;

	if (o->list)
		return;
	o->list = outbox_list(o->base.world->cache, 0, OUTBOX_MAX, &err);
	if (!o->list)
		app_message(o->base.app, true, _("The outbox cannot be read: %s"), err->message);
	else
		g_array_sort(o->list->rows, compare_refused_first);
	for (int i = 0; o->intent_no && i < count(o); i++)
		if (cache_list_at(o->list, struct intent, (guint)i)->intent_no == o->intent_no)
			o->at = i;
	o->at = CLAMP(o->at, 0, MAX(count(o) - 1, 0));
}

/* What came of it, in words: the server's, or why it waits. */
static char *outcome(const struct world *w, const struct intent *in)
{
	char at[CIVIL_TEXT_MAX];

	/* Held, not tried: a revocation that can still be taken back. */
	if (in->state == INTENT_QUEUED && !in->tries && instant_before(w->now, in->next_try_at))
		return g_strdup(_("leaves in a moment: Z takes it back"));
	if (in->state == INTENT_QUEUED && instant_known(in->next_try_at) &&
	    instant_before(w->now, in->next_try_at))
		return g_strdup_printf(_("%s; tried %d times, next %s"), in->message ? in->message : _("not sent yet"),
				       in->tries, civil_near(w->zone, in->next_try_at, w->now, at));
	if (in->message && *in->message)
		return g_strdup(in->message);
	if (in->state == INTENT_QUEUED)
		return g_strdup(w->sync_connected ? "" : _("waits for sync"));
	return g_strdup("");
}

/* The widths of a row; 0: left out. Why something was refused needs the most room. */
struct columns {
	int made, state, what, lock, by;
};

static struct columns columns_of(int cols)
{
	if (cols >= 140)
		return (struct columns){ 14, 9, 34, 20, 10 };
	if (cols >= 96)
		return (struct columns){ 13, 9, 24, 16, 0 };
	return (struct columns){ 12, 9, 20, 11, 0 };
}

static void put_cell(struct grid *g, int row, int *col, int cells, const char *s, enum role role)
{
	if (!cells)
		return;
	grid_put_field(g, row, *col, cells, -1, CUT_END, s ? s : "", role);
	*col += cells + 1;
}

static bool is_door(const struct intent *in)
{
	return in->kind == INTENT_LOCK || in->kind == INTENT_UNLOCK;
}

static bool is_formed(const struct intent *in)
{
	return in->kind == INTENT_CREATE || in->kind == INTENT_UPDATE;
}

static void draw_head(struct grid *g, struct rect r)
{
	struct columns c = columns_of(r.cols);
	int col = r.col + 1;

	grid_fill(g, r, ' ', ROLE_HEADER);
	put_cell(g, r.row, &col, c.made, _("MADE"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.state, _("STATE"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.what, _("WHAT"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.lock, _("LOCK"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.by, _("BY"), ROLE_HEADER);
	put_cell(g, r.row, &col, MIN(10, r.col + r.cols - col), _("WHY"), ROLE_HEADER);
}

static void draw_row(struct outbox_screen *o, const struct intent *in, struct grid *g, struct rect r)
{
	const struct world *w = o->base.world;
	struct columns c = columns_of(r.cols);
	char at[CIVIL_TEXT_MAX], shown[NAME_SHOWN_MAX];
	/* Of a door the name is that of the lock. */
	const char *name = in->name && !is_door(in)
		? name_shown(in->name, in->access_code_id, g->ascii, shown) : "";
	g_autofree char *what = g_strdup_printf("%s %s", _(intent_kind_info(in->kind)->words), name);
	g_autofree char *said = outcome(w, in);
	int col = r.col + 1, end = r.col + r.cols;

	put_cell(g, r.row, &col, c.made, civil_near(w->zone, in->made_at, w->now, at), ROLE_DIM);
	put_cell(g, r.row, &col, c.state, _(intent_state_word(in->state)), state_roles[in->state]);
	put_cell(g, r.row, &col, c.what, what, ROLE_TEXT);
	put_cell(g, r.row, &col, c.lock, in->lock_name, ROLE_TEXT);
	put_cell(g, r.row, &col, c.by, in->made_by, ROLE_DIM);
	if (col < end)
		grid_put(g, r.row, col, end - col, said, in->state == INTENT_REFUSED ? ROLE_ALARM : ROLE_DIM);
}

static const char *advice(const struct intent *in)
{
	switch (in->state) {
	case INTENT_QUEUED:
		return _("Not sent yet: x withdraws it.");
	case INTENT_SENDING:
		return _("On its way: if the answer is lost, sync reads back before it does anything.");
	case INTENT_ACCEPTED:
		return _("The server has taken it. Whether the lock has it is on the code's own row.");
	case INTENT_WITHDRAWN:
		return _("Taken back before it was sent.");
	case INTENT_REFUSED:
		return is_formed(in) ? _("Enter opens it in the form to be corrected; x puts it aside.")
		       : is_door(in) ? _("Enter tries it again; x puts it aside.")
		       : in->code_no ? _("Enter opens the code; x puts this aside.") : _("x puts it aside.");
	case INTENT_STATE_COUNT:
		break;
	}
	return "";
}

static void draw_detail(struct outbox_screen *o, struct grid *g, int row)
{
	const struct intent *in = chosen(o);

	if (!in)
		return;
	if (in->message)
		grid_put(g, row, 1, g->cols - 2, in->message, in->state == INTENT_REFUSED ? ROLE_ALARM : ROLE_TEXT);
	grid_put(g, row + 1, 1, g->cols - 2, advice(in), ROLE_DIM);
}

static void outbox_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct outbox_screen *o = (struct outbox_screen *)s;
	int list = MAX(area.rows - 4, 1);

	load(o);
	o->rows = list;
	o->top = CLAMP(o->top, MAX(o->at - list + 1, 0), o->at);
	draw_head(g, (struct rect){ area.row, area.col, 1, area.cols });
	if (!count(o))
		grid_put(g, area.row + 1, 1, g->cols - 2, _("Nothing has been asked for from this desk."), ROLE_DIM);
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
	if (in->state == INTENT_REFUSED && is_formed(in))
		app_push(app, code_form_again(app, o->base.world, in->intent_no));
	else if (in->state == INTENT_REFUSED && is_door(in))
		action_run(app, o->base.world, in->kind == INTENT_LOCK ? COMMAND_LOCK : COMMAND_UNLOCK,
			   in->lock_no, NULL);
	else if (in->code_no)
		app_push(app, code_new(app, o->base.world, in->code_no));
	else
		app_message(app, false, _("There is nothing to open: %s."), _(intent_state_word(in->state)));
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
		app_message(o->base.app, true, _("It has been sent: revoke the code itself if it should not be."));
	} else if (outbox_dismiss(o->base.world->cache, in->intent_no, &err)) {
		app_message(o->base.app, false, _("Put aside."));
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

static const char *outbox_hint(struct screen *s, enum command c)
{
	const struct intent *in = chosen((struct outbox_screen *)s);

	if (c == COMMAND_REVOKE)
		return !in ? "" : in->state == INTENT_QUEUED ? _("withdraw")
		       : in->state == INTENT_REFUSED ? _("put aside") : "";
	if (c == COMMAND_OPEN && in && in->state == INTENT_REFUSED && (is_formed(in) || is_door(in)))
		return is_formed(in) ? _("correct") : _("try again");
	if (c == COMMAND_OPEN)
		return in && in->code_no ? _("open") : "";
	return NULL;
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
	.name = N_("Outbox"),
	.view = VIEW_OUTBOX,
	.draw = outbox_draw,
	.command = outbox_command,
	.changed = outbox_changed,
	.hint = outbox_hint,
	.free = outbox_free,
};

struct screen *outbox_new(struct app *app, struct world *w)
{
	struct outbox_screen *o = g_new0(struct outbox_screen, 1);

	o->base = (struct screen){ .ops = &outbox_ops, .app = app, .world = w };
	return &o->base;
}
