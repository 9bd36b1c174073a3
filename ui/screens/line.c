/* line - one line of text asked for: a file's name, a reason. */
#include "ui/screens/page.h"
#include "core/i18n.h"
#include "ui/widgets/field.h"

struct line {
	struct screen base;
	char *question, *detail;
	struct field field;
	void (*done)(struct app *app, const char *text, void *ctx);
	void *ctx;
	GDestroyNotify free_ctx;
};

static void enter(struct line *l)
{
	g_autofree char *text = g_strstrip(g_strdup(l->field.text->str));

	if (!*text) {
		app_message(l->base.app, true, _("Nothing is written there yet. Esc leaves it."));
		return;
	}
	app_pop(l->base.app);
	l->done(l->base.app, text, l->ctx);
}

static bool line_key(struct screen *s, const struct key *k)
{
	struct line *l = (struct line *)s;
	bool out = k->code == KEYCODE_ESC || (k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c');

	if (out) {
		app_pop(s->app);
		app_message(s->app, false, _("Nothing was changed."));
		return true;
	}
	if (k->code == KEYCODE_ENTER) {
		enter(l);
		return true;
	}
	/* What the field has no use for is nobody else's here, but Ctrl-L and its like. */
	return field_key(&l->field, k, NULL) || !k->ctrl;
}

static void line_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct line *l = (struct line *)s;
	int cols = MIN(area.cols - 4, 66), rows = 8;
	struct rect box = { area.row + MAX((area.rows - rows) / 3, 0), area.col + (area.cols - cols) / 2,
			    MIN(rows, area.rows), cols };
	int row = box.row + 1;

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, NULL, ROLE_RULE);
	page_wrap(g, (struct rect){ row, box.col + 2, 2, cols - 4 }, l->question, ROLE_TEXT);
	page_wrap(g, (struct rect){ row + 2, box.col + 2, 2, cols - 4 }, l->detail, ROLE_DIM);
	field_draw(&l->field, g, box.row + box.rows - 2, box.col + 2, cols - 4, true);
}

static const char *const *line_hints(struct screen *s)
{
	static const char *const hints[] = { "Enter", N_("do it"), "Esc", N_("leave it"), NULL };

	(void)s;
	return hints;
}

static void line_free(struct screen *s)
{
	struct line *l = (struct line *)s;

	if (l->free_ctx)
		l->free_ctx(l->ctx);
	field_done(&l->field);
	g_free(l->question);
	g_free(l->detail);
	g_free(l);
}

static const struct screen_ops line_ops = {
	.name = N_("Question"),
	.view = VIEW_ANY,
	.draw = line_draw,
	.key = line_key,
	.hints = line_hints,
	.free = line_free,
};

void app_ask_line(struct app *app, const char *question, const char *detail, const char *initial,
		  void (*done)(struct app *app, const char *text, void *ctx), void *ctx,
		  GDestroyNotify free_ctx)
{
	struct line *l = g_new0(struct line, 1);

	l->base = (struct screen){ .ops = &line_ops, .app = app, .popup = true, .asks = ASKS_LINE };
	l->question = g_strdup(question);
	l->detail = g_strdup(detail ? detail : "");
	l->done = done;
	l->ctx = ctx;
	l->free_ctx = free_ctx;
	field_init(&l->field, initial ? initial : "", 1000);
	app_push(app, &l->base);
}
