/* outbox - what the desk has asked for, and what came of it: what was refused first, for a person
 * must see to it, then the newest. Tab chooses what is shown of it, / finds, Enter tells all about one.
 *
 * Accepted never reads as done: the words say how far each got. What was refused is asked for again as it is, or
 * opened in its form with the server's reason beside the fields. */
#include "ui/screens/outbox.h"

#include "core/i18n.h"
#include "ui/screens/words.h"

#define FIND_BYTES 120

/* ---- what is shown ---- */

static void show(struct outbox_screen *o, enum outbox_show what)
{
	o->show = what;
	o->intent_no = 0;
	o->top = 0;
	outbox_forget(o);
}

static void all_again(struct outbox_screen *o)
{
	o->typing = false;
	field_set(&o->find, "");
	show(o, OUTBOX_ALL);
}

/* From one code to everything, and back to it. */
static void widen(struct outbox_screen *o)
{
	if (!o->about)
		return; /* here already */
	o->wide = !o->wide;
	marks_clear(o->marks);
	show(o, OUTBOX_ALL);
}

static bool type_key(struct outbox_screen *o, const struct key *k)
{
	bool changed = false;

	switch ((int)k->code) {
	case KEYCODE_ESC:
		o->typing = false;
		field_set(&o->find, "");
		show(o, o->show);
		return true;
	case KEYCODE_ENTER:
		o->typing = false;
		return true;
	case KEYCODE_UP:
	case KEYCODE_DOWN:
		outbox_move(o, k->code == KEYCODE_UP ? -1 : 1);
		return true;
	default:
		if (!field_key(&o->find, k, &changed))
			return k->code == KEYCODE_CHAR && k->ch >= ' ';
		if (changed)
			show(o, o->show);
		return true;
	}
}

static void find(struct outbox_screen *o)
{
	const char *words = app_argument(o->base.app);

	o->typing = !words;
	if (!words)
		return;
	field_set(&o->find, words);
	show(o, o->show);
}

/* ---- marks ---- */

static struct marked mark_of(const struct intent *in)
{
	return (struct marked){ .lock_no = in->lock_no, .intent_no = in->intent_no };
}

static void mark(struct outbox_screen *o, int n)
{
	while (n-- > 0) {
		const struct intent *in = outbox_chosen(o);
		int at = o->at;

		if (!in)
			return;
		if (!marks_remove(o->marks, mark_of(in)))
			marks_add(o->marks, mark_of(in));
		outbox_move(o, 1);
		if (o->at == at)
			return; /* the last row */
	}
}

static void mark_all(struct outbox_screen *o)
{
	g_autoptr(GArray) all = outbox_all(o, MARKS_MAX);

	for (guint i = 0; i < all->len; i++)
		marks_add(o->marks, (struct marked){ .intent_no = g_array_index(all, int64_t, i) });
	if (all->len >= MARKS_MAX)
		app_message(o->base.app, true, _("Marked as many as can be: %d."), MARKS_MAX);
}

/* On all that is marked, else on what the cursor is on. */
static bool act(struct outbox_screen *o, enum command c)
{
	if (marks_count(o->marks) && c != COMMAND_EDIT)
		return intents_act(o->base.app, o->base.world, c, o->marks);
	return intent_act(o->base.app, o->base.world, c, outbox_chosen(o));
}

/* ---- commands ---- */

static void open_chosen(struct outbox_screen *o)
{
	const struct intent *in = outbox_chosen(o);

	if (in)
		app_push(o->base.app, intent_new(o->base.app, o->base.world, in->intent_no));
	else
		app_message(o->base.app, false, _("Nothing stands here."));
}

static bool outbox_command(struct screen *s, enum command c, int n)
{
	struct outbox_screen *o = (struct outbox_screen *)s;
	int page = MAX(o->shown - 1, 1);

	outbox_read(o);
	switch ((int)c) {
	case COMMAND_UP: outbox_move(o, -n); return true;
	case COMMAND_DOWN: outbox_move(o, n); return true;
	case COMMAND_PAGE_UP: outbox_move(o, -n * page); return true;
	case COMMAND_PAGE_DOWN: outbox_move(o, n * page); return true;
	case COMMAND_FIRST: outbox_first(o); return true;
	case COMMAND_LAST: outbox_last(o); return true;
	case COMMAND_OPEN: open_chosen(o); return true;
	case COMMAND_FIND: find(o); return true;
	case COMMAND_NEXT_PANE: show(o, (enum outbox_show)((o->show + 1) % OUTBOX_SHOW_COUNT)); return true;
	case COMMAND_MARK: mark(o, n); return true;
	case COMMAND_MARK_ALL: mark_all(o); return true;
	case COMMAND_OUTBOX: widen(o); return true;
	default: return act(o, c);
	}
}

static bool outbox_key(struct screen *s, const struct key *k)
{
	struct outbox_screen *o = (struct outbox_screen *)s;

	if (k->code == KEYCODE_MOUSE_PRESS) {
		int row = outbox_row_at(o, k->row);

		if (row < 0)
			return false;
		if (row == o->at)
			open_chosen(o);
		else
			outbox_move(o, row - o->at);
		return true;
	}
	if (o->typing && k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c')
		return type_key(o, &(struct key){ .code = KEYCODE_ESC });
	if (o->typing)
		return type_key(o, k);
	if (k->code != KEYCODE_ESC)
		return false;
	/* Esc first drops the marks, then shows all again; q leaves. */
	if (marks_count(o->marks)) {
		marks_clear(o->marks);
		return true;
	}
	if (!o->find.text->len && o->show == OUTBOX_ALL)
		return false;
	all_again(o);
	return true;
}

static const char *const *outbox_hints(struct screen *s)
{
	static const char *hints[7];

	if (!((struct outbox_screen *)s)->typing)
		return NULL;
	hints[0] = "Enter", hints[1] = _("keep"), hints[2] = "Esc", hints[3] = _("all again");
	hints[4] = "Up Down", hints[5] = _("choose"), hints[6] = NULL;
	return hints;
}

static const char *outbox_hint(struct screen *s, enum command c)
{
	struct outbox_screen *o = (struct outbox_screen *)s;

	if (c == COMMAND_OUTBOX)
		return !o->about ? "" : !o->wide ? _("all") : o->lock_no ? _("this door's") : _("this code's");
	if (marks_count(o->marks) && (c == COMMAND_RESEND || c == COMMAND_REVOKE))
		return c == COMMAND_RESEND ? NULL : _("withdraw, put aside");
	return intent_hint(outbox_chosen(o), c);
}

static bool outbox_changed(struct screen *s, unsigned mask)
{
	if (!mask || mask & (POKE_OUTBOX | POKE_CODES))
		outbox_forget((struct outbox_screen *)s);
	return true;
}

/* ---- its life ---- */

static void outbox_free(struct screen *s)
{
	struct outbox_screen *o = (struct outbox_screen *)s;

	outbox_forget(o);
	marks_free(o->marks);
	field_done(&o->find);
	g_free(o->access_code_id);
	g_free(o->about);
	g_free(o);
}

static const struct screen_ops outbox_ops = {
	.name = N_("Outbox"),
	.view = VIEW_OUTBOX,
	.draw = outbox_draw,
	.command = outbox_command,
	.key = outbox_key,
	.changed = outbox_changed,
	.hints = outbox_hints,
	.hint = outbox_hint,
	.free = outbox_free,
};

struct screen *outbox_new(struct app *app, struct world *w)
{
	struct outbox_screen *o = g_new0(struct outbox_screen, 1);

	o->base = (struct screen){ .ops = &outbox_ops, .app = app, .world = w };
	o->marks = marks_new();
	field_init(&o->find, "", FIND_BYTES);
	return &o->base;
}

struct screen *outbox_about(struct app *app, struct world *w, const struct code_row *c)
{
	struct outbox_screen *o = (struct outbox_screen *)outbox_new(app, w);

	o->access_code_id = g_strdup(c->code_no ? c->code.access_code_id : NULL);
	o->about_no = c->code_no ? 0 : c->intent_no;
	o->about = g_strdup_printf(_("%s on %s"), code_name(&c->code), c->lock_name ? c->lock_name : _("this lock"));
	return &o->base;
}

struct screen *outbox_at(struct app *app, struct world *w, int64_t lock_no)
{
	struct outbox_screen *o = (struct outbox_screen *)outbox_new(app, w);
	OWN(cache_list) struct cache_list *list = cache_lock(w->cache, lock_no, w->now, NULL);
	const char *name = list && list->rows->len ? cache_list_at(list, struct lock_row, 0)->lock.name : NULL;

	o->lock_no = lock_no;
	o->about = g_strdup(name && *name ? name : _("this lock"));
	return &o->base;
}
