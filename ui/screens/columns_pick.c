/* columns_pick - which columns the rack shows, chosen on the screen; seen behind it at once. */
#include "ui/screens/columns.h"

#include "core/i18n.h"
#include "ui/screens/screen.h"

#define COLUMNS_OFFERED (COLUMN_COUNT - 2)

struct pick {
	struct screen base;
	struct columns *columns;
	struct columns own;        /* what the list here shows */
	void (*changed)(void *ctx);
	void *ctx;
	int at;
};

/* True: what is shown is another. */
static bool change(struct pick *p, uint32_t ch)
{
	struct columns *c = &p->own;

	switch (ch) {
	case ' ': columns_toggle(c, p->at); break;
	case 'J': p->at = columns_shift(c, p->at, 1); break;
	case 'K': p->at = columns_shift(c, p->at, -1); break;
	case '>': columns_widen(c, p->at, 1); break;
	case '<': columns_widen(c, p->at, -1); break;
	case '0': columns_standard(c); break;
	default: return false;
	}
	*p->columns = *c;
	return true;
}

static bool pick_key(struct screen *s, const struct key *k)
{
	struct pick *p = (struct pick *)s;
	bool plain = k->code == KEYCODE_CHAR && !k->ctrl && !k->alt;

	if (k->code == KEYCODE_ESC || k->code == KEYCODE_ENTER || (plain && (k->ch == 'q' || k->ch == '|')) ||
	    (k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c'))
		app_pop(s->app);
	else if (k->code == KEYCODE_UP || (plain && k->ch == 'k'))
		p->at = MAX(p->at - 1, 0);
	else if (k->code == KEYCODE_DOWN || (plain && k->ch == 'j'))
		p->at = MIN(p->at + 1, COLUMNS_OFFERED - 1);
	else if (k->code == KEYCODE_HOME)
		p->at = 0;
	else if (k->code == KEYCODE_END)
		p->at = COLUMNS_OFFERED - 1;
	else if (plain && change(p, k->ch))
		p->changed(p->ctx);
	else
		return k->code != KEYCODE_CHAR || !k->ctrl;
	return true;
}

static void pick_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct pick *p = (struct pick *)s;
	int cols = MIN(area.cols - 4, 62), rows = MIN(COLUMNS_OFFERED + 2, area.rows), top;
	/* To the right and low: the list's own columns stay in sight. */
	struct rect box = { area.row + area.rows - rows, area.col + area.cols - cols, rows, cols };

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, _("Columns"), ROLE_RULE);
	top = CLAMP(p->at - (rows - 3), 0, COLUMNS_OFFERED - 1);
	for (int i = 0; i < rows - 2; i++) {
		int at = top + i, row = box.row + 1 + i;
		const struct column_info *info = column_info(p->own.order[at]);
		bool shown = at < p->own.n;

		grid_put(g, row, box.col + 2, 3, shown ? "[x]" : "[ ]", shown ? ROLE_TEXT : ROLE_DIM);
		grid_put(g, row, box.col + 6, 9, info->name, ROLE_TEXT);
		grid_put(g, row, box.col + 16, cols - 18, _(info->help), ROLE_DIM);
		if (at != p->at)
			continue;
		grid_mark(g, (struct rect){ row, box.col + 1, 1, cols - 2 }, MARK_CURSOR);
		g->cursor_row = row;
		g->cursor_col = box.col + 3;
	}
}

static const char *const *pick_hints(struct screen *s)
{
	static const char *const hints[] = { "Space", N_("show, hide"), "J K", N_("move"), "< >", N_("width"), "0",
					     N_("as usual"), "Esc", N_("done"), NULL };

	(void)s;
	return hints;
}

static void pick_free(struct screen *s)
{
	g_free(s);
}

static const struct screen_ops pick_ops = {
	.name = "Columns",
	.view = VIEW_ANY,
	.draw = pick_draw,
	.key = pick_key,
	.hints = pick_hints,
	.free = pick_free,
};

struct screen *columns_pick_new(struct app *app, struct world *w, struct columns *columns,
				const struct columns_layout *lay, void (*changed)(void *ctx), void *ctx)
{
	struct pick *p = g_new0(struct pick, 1);

	p->base = (struct screen){ .ops = &pick_ops, .app = app, .world = w, .popup = true };
	p->columns = columns;
	p->own = *columns;
	columns_settle(&p->own, lay);
	p->changed = changed;
	p->ctx = ctx;
	return &p->base;
}
