/* ask - a question before something that a person might regret.
 *
 * It names the object and the effect. Esc changes nothing, and neither does Enter where somebody could be harmed:
 * then the answer needs its own key, y, far from those that move. What is harmless is only offered: Enter does it. */
#include "core/i18n.h"
#include "core/text.h"
#include "ui/screens/page.h"

struct ask {
	struct screen base;
	char *question, *detail, *yes_word;
	bool on_yes;      /* the button that Enter presses */
	void (*yes)(struct app *app, void *ctx);
	void *ctx;
	GDestroyNotify free_ctx;
};

static void answer(struct ask *a, bool yes)
{
	app_pop(a->base.app);
	if (yes)
		a->yes(a->base.app, a->ctx);
	else if (a->ctx) /* else no thing was asked about, only whether to leave */
		app_message(a->base.app, false, _("Nothing was changed."));
}

static bool ask_key(struct screen *s, const struct key *k)
{
	struct ask *a = (struct ask *)s;

	switch ((int)k->code) {
	case KEYCODE_CHAR:
		if ((k->ch == 'y' || k->ch == 'Y') && !k->ctrl && !k->alt)
			answer(a, true);
		else if (k->ch == 'n' || k->ch == 'N' || k->ch == 'q' || (k->ctrl && k->ch == 'c'))
			answer(a, false);
		else if (k->ch == 'h' || k->ch == 'l')
			a->on_yes = !a->on_yes;
		else
			return !k->ctrl; /* Ctrl-L and its like stay the app's */
		return true;
	case KEYCODE_LEFT:
	case KEYCODE_RIGHT:
	case KEYCODE_TAB:
	case KEYCODE_SHIFT_TAB:
		a->on_yes = !a->on_yes;
		return true;
	case KEYCODE_ENTER:
		answer(a, a->on_yes);
		return true;
	case KEYCODE_ESC:
		answer(a, false);
		return true;
	default:
		return true;
	}
}

static void button(struct grid *g, int row, int *col, const char *key, const char *word, bool on)
{
	g_autofree char *text = g_strdup_printf(" %s  %s ", key, word);
	int n = grid_put(g, row, *col, 30, text, on ? ROLE_FIELD_FOCUS : ROLE_FIELD);

	if (on) {
		/* Colour alone would not show which is chosen. */
		grid_put_char(g, row, *col, '[', ROLE_FIELD_FOCUS, MARK_BOLD);
		grid_put_char(g, row, *col + n - 1, ']', ROLE_FIELD_FOCUS, MARK_BOLD);
		g->cursor_row = row;
		g->cursor_col = *col + 1;
	}
	*col += n + 2;
}

static void ask_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct ask *a = (struct ask *)s;
	int cols = MIN(area.cols - 4, 66), said = 1 + (int)g_utf8_strlen(a->detail ? a->detail : "", -1) / MAX(cols - 12, 1);
	int rows = 6 + CLAMP(said, 3, MAX(area.rows - 8, 3));
	struct rect box = { area.row + MAX((area.rows - rows) / 3, 0), area.col + (area.cols - cols) / 2,
			    MIN(rows, area.rows), cols };
	int col, row;

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, NULL, ROLE_RULE);
	row = box.row + 1;
	row += page_wrap(g, (struct rect){ row, box.col + 2, 2, cols - 4 }, a->question, ROLE_WARN);
	page_wrap(g, (struct rect){ row + 1, box.col + 2, MAX(box.rows - 6, 3), cols - 4 }, a->detail, ROLE_TEXT);
	col = box.col + 2;
	row = box.row + box.rows - 2;
	button(g, row, &col, "n", _("No"), !a->on_yes);
	button(g, row, &col, "y", a->yes_word, a->on_yes);
}

static const char *const *ask_hints(struct screen *s)
{
	static const char *const hints[] = { "y",   N_("yes"), "n", N_("no"), "Enter", N_("the one marked"),
					     "Esc", N_("no"),  NULL };
	(void)s;
	return hints;
}

static void ask_free(struct screen *s)
{
	struct ask *a = (struct ask *)s;

	if (a->free_ctx)
		a->free_ctx(a->ctx);
	g_free(a->question);
	g_free(a->detail);
	g_free(a->yes_word);
	g_free(a);
}

static const struct screen_ops ask_ops = {
	.name = N_("Question"),
	.view = VIEW_ANY,
	.draw = ask_draw,
	.key = ask_key,
	.hints = ask_hints,
	.free = ask_free,
};

static void ask_push(struct app *app, bool on_yes, const char *question, const char *detail, const char *yes_word,
		     void (*yes)(struct app *app, void *ctx), void *ctx, GDestroyNotify free_ctx)
{
	struct ask *a = g_new0(struct ask, 1);

	a->base = (struct screen){ .ops = &ask_ops, .app = app, .popup = true, .asks = ASKS_YES };
	a->question = g_strdup(question);
	a->detail = g_strdup(detail ? detail : "");
	a->yes_word = g_strdup(yes_word);
	a->on_yes = on_yes;
	a->yes = yes;
	a->ctx = ctx;
	a->free_ctx = free_ctx;
	app_push(app, &a->base);
}

void app_ask(struct app *app, const char *question, const char *detail, const char *yes_word,
	     void (*yes)(struct app *app, void *ctx), void *ctx, GDestroyNotify free_ctx)
{
	ask_push(app, false, question, detail, yes_word, yes, ctx, free_ctx);
}

void app_offer(struct app *app, const char *question, const char *detail, const char *yes_word,
	       void (*yes)(struct app *app, void *ctx), void *ctx, GDestroyNotify free_ctx)
{
	ask_push(app, true, question, detail, yes_word, yes, ctx, free_ctx);
}
