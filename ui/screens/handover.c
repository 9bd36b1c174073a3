/* handover - one shift's list for the next: Enter takes it over, and it is kept as it was. */
#include "ui/screens/handover.h"

#include <string.h>

#include "core/i18n.h"

struct handover {
	struct screen base;
	struct page page;
	GArray *targets; /* struct handover_target */
	bool stale;
	int open;
	int back;        /* 0: the list of now; 1: the last that was taken, ... */
	char *head;
};

static struct handover *handover_of(struct screen *s)
{
	return (struct handover *)s;
}

static const struct shift *past(struct handover *h, int back, struct cache_list **list)
{
	*list = shift_past(h->base.world->cache, back, NULL);
	return *list && (*list)->rows->len ? cache_list_at(*list, struct shift, 0) : NULL;
}

static void load_past(struct handover *h)
{
	const struct world *w = h->base.world;
	OWN(cache_list) struct cache_list *list = NULL;
	const struct shift *s = past(h, h->back - 1, &list);
	g_auto(GStrv) lines = s ? g_strsplit(s->list ? s->list : "", "\n", -1) : NULL;
	char at[CIVIL_TEXT_MAX];

	page_clear(&h->page);
	g_array_set_size(h->targets, 0);
	h->head = !s ? g_strdup(_("There is no handover before this one."))
		     : g_strdup_printf(_("As handed by %1$s to %2$s, %3$s"), s->handed_by ? s->handed_by : "?",
				       s->taken_by ? s->taken_by : "?", civil_full(w->zone, s->at, at));
	for (char **l = lines; l && *l; l++) {
		bool heading = **l && **l != ' ';

		page_add(&h->page, NULL, g_strdup(*l), heading ? ROLE_HEADER : ROLE_TEXT, 0);
	}
}

static void load(struct handover *h)
{
	const struct world *w = h->base.world;
	OWN(cache_list) struct cache_list *list = NULL;
	const struct shift *last;
	char at[CIVIL_TEXT_MAX];

	if (!h->stale)
		return;
	h->stale = false;
	g_clear_pointer(&h->head, g_free);
	if (h->back) {
		load_past(h);
		return;
	}
	last = past(h, 0, &list);
	h->open = handover_list(w, last ? last->at : INSTANT_NONE, &h->page, h->targets);
	h->head = last ? g_strdup_printf(P_("%1$d thing is open; since %2$s, taken by %3$s",
					    "%1$d things are open; since %2$s, taken by %3$s", h->open),
					 h->open, civil_near(w->zone, last->at, w->now, at),
					 last->taken_by ? last->taken_by : "?")
		       : g_strdup_printf(P_("%d thing is open; no shift was handed over yet",
					    "%d things are open; no shift was handed over yet", h->open),
					 h->open);
}

static void handover_draw(struct screen *s, struct grid *g, struct rect r)
{
	struct handover *h = handover_of(s);

	load(h);
	grid_fill(g, (struct rect){ r.row, r.col, 1, r.cols }, ' ', ROLE_HEADER);
	grid_put(g, r.row, r.col + 1, r.cols - 2, h->head, ROLE_HEADER);
	page_draw(&h->page, g, (struct rect){ r.row + 1, r.col, r.rows - 1, r.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = r.row;
		g->cursor_col = 1;
	}
}

static const struct handover_target *chosen(struct handover *h)
{
	const struct page_line *l = page_chosen(&h->page);

	return l && l->ref <= (int64_t)h->targets->len
		       ? &g_array_index(h->targets, struct handover_target, l->ref - 1) : NULL;
}

static void take_over(struct handover *h)
{
	struct world *w = h->base.world;
	g_autofree char *text = NULL;
	g_autoptr(GError) err = NULL;
	int open;

	if (h->back) {
		app_message(h->base.app, true, _("This one was taken over already: ] goes to the list of now."));
		return;
	}
	h->stale = true;
	load(h);
	open = h->open;
	text = handover_text(&h->page);
	if (!shift_take(w->cache, w->operator_name, text, w->now, &err)) {
		app_message(h->base.app, true, _("Not recorded: %s"), err->message);
		return;
	}
	h->stale = true;
	app_message(h->base.app, false, P_("Taken over by %1$s, with %2$d thing open.",
					   "Taken over by %1$s, with %2$d things open.", open), w->operator_name, open);
}

static void noted(struct app *app, const char *typed, void *ctx)
{
	struct handover *h = ctx;
	struct world *w = h->base.world;
	g_autofree char *text = NULL;
	g_autoptr(GError) err = NULL;
	struct instant due;

	if (!handover_parse_note(typed, w, &text, &due, &err) ||
	    !shift_note_add(w->cache, text, due, w->operator_name, w->now, &err)) {
		app_message(app, true, _("Not noted: %s"), err->message);
		return;
	}
	h->stale = true;
	app_message(app, false, _("Noted."));
}

static void done(struct handover *h)
{
	const struct handover_target *t = chosen(h);
	struct world *w = h->base.world;
	g_autoptr(GError) err = NULL;

	if (!t || !t->note_no)
		app_message(h->base.app, false,
			    _("Only a note is done by hand: the rest goes when it is no longer so."));
	else if (!shift_note_done(w->cache, t->note_no, w->operator_name, w->now, &err))
		app_message(h->base.app, true, "%s", err->message);
	else
		app_message(h->base.app, false, _("Done."));
	h->stale = true;
}

static void look_at(struct handover *h)
{
	const struct handover_target *t = chosen(h);
	struct app *app = h->base.app;
	struct world *w = h->base.world;

	if (t && t->outbox)
		app_push(app, outbox_new(app, w));
	else if (t && t->code_no)
		app_push(app, code_new(app, w, t->code_no));
	else if (t && t->lock_no)
		app_push(app, lock_new(app, w, t->lock_no));
}

static void turn_back(struct handover *h, int by)
{
	OWN(cache_list) struct cache_list *list = NULL;
	int to = h->back + by;

	if (to < 0 || (to > 0 && !past(h, to - 1, &list))) {
		app_message(h->base.app, false,
			    to < 0 ? _("This is the list of now.") : _("There is no handover before this one."));
		return;
	}
	h->back = to;
	h->page.top = 0;
	h->page.at = -1;
	h->stale = true;
}

static bool handover_command(struct screen *s, enum command c, int count)
{
	struct handover *h = handover_of(s);

	load(h);
	if (page_command(&h->page, c, count))
		return true;
	switch ((int)c) {
	case COMMAND_OPEN:
	case COMMAND_ACKNOWLEDGE: take_over(h); return true;
	case COMMAND_LOOK: look_at(h); return true;
	case COMMAND_NOTE:
		app_ask_line(s->app, _("Note for the next shift:"),
			     _("With '@ 13:00' at its end it is told of at that hour."), "", noted, h, NULL);
		return true;
	case COMMAND_DONE: done(h); return true;
	case COMMAND_DAY_BEFORE: turn_back(h, count); return true;
	case COMMAND_DAY_AFTER: turn_back(h, -count); return true;
	default: return false;
	}
}

static const char *handover_hint(struct screen *s, enum command c)
{
	struct handover *h = handover_of(s);
	const struct handover_target *t = chosen(h);

	if (c == COMMAND_ACKNOWLEDGE || c == COMMAND_NOTE)
		return h->back ? "" : NULL;
	if (c == COMMAND_DONE)
		return t && t->note_no ? NULL : "";
	if (c == COMMAND_LOOK)
		return t && !t->note_no ? NULL : "";
	return NULL;
}

static bool handover_changed(struct screen *s, unsigned mask)
{
	(void)mask;
	handover_of(s)->stale = true;
	return true;
}

static void handover_free(struct screen *s)
{
	struct handover *h = handover_of(s);

	page_done(&h->page);
	g_array_unref(h->targets);
	g_free(h->head);
	g_free(h);
}

static const struct screen_ops handover_ops = {
	.name = N_("Handover"),
	.view = VIEW_HANDOVER,
	.draw = handover_draw,
	.command = handover_command,
	.hint = handover_hint,
	.changed = handover_changed,
	.free = handover_free,
};

struct screen *handover_new(struct app *app, struct world *w)
{
	struct handover *h = g_new0(struct handover, 1);

	h->base = (struct screen){ .ops = &handover_ops, .app = app, .world = w };
	page_init(&h->page, 18);
	h->targets = g_array_new(FALSE, FALSE, sizeof(struct handover_target));
	h->stale = true;
	return &h->base;
}
