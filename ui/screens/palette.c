/* palette - one line to type, and under it what it may mean; Enter does it on the screen below. */
#include "ui/screens/palette.h"

#include <string.h>

#include "ui/app_core.h"
#include "ui/widgets/field.h"

#define COLS_MAX    100
#define NAME_CELLS  16
#define HISTORY_MAX 50

struct palette {
	struct screen base;
	struct field typed;
	GPtrArray *rows;
	int at, top, list_row, list_rows;
	bool chosen;   /* the cursor was moved: its row is meant, not what was typed */
	int history;   /* lines back; 0: none */
};

static struct palette *palette_of(struct screen *s)
{
	return (struct palette *)s;
}

static const char *text_of(const struct palette *p)
{
	return p->typed.text->str;
}

static void fill(struct palette *p)
{
	if (p->rows)
		g_ptr_array_unref(p->rows);
	p->rows = palette_rows(p->base.app, text_of(p));
	p->at = p->top = 0;
	p->chosen = false;
}

static const struct palette_row *row_at(const struct palette *p)
{
	return p->at < (int)p->rows->len ? p->rows->pdata[p->at] : NULL;
}

/* ---- doing it ---- */

static void remember(struct app *app, const char *line)
{
	GPtrArray *past = app->past_lines;

	if (past->len && strcmp(past->pdata[past->len - 1], line) == 0)
		return;
	g_ptr_array_add(past, g_strdup(line));
	if (past->len > HISTORY_MAX)
		g_ptr_array_remove_index(past, 0);
}

static void say_unknown(struct palette *p)
{
	const char *near = palette_nearest(text_of(p));

	if (near)
		app_message(p->base.app, true, _("Nothing is called '%1$s'. Is '%2$s' meant?"), text_of(p), near);
	else
		app_message(p->base.app, true, _("Nothing is called '%s': ? lists all that can be done."), text_of(p));
}

static void run(struct palette *p, enum command c, const char *argument, const char *line)
{
	struct app *app = p->base.app;
	g_autofree char *word = g_strdup(argument), *said = g_strdup(line);

	remember(app, said);
	app_pop(app);
	app_run_command_with(app, c, word);
}

static void enter(struct palette *p)
{
	const struct palette_row *r = row_at(p);
	const char *rest;
	const struct palette_argument *a = palette_taken(p->base.app, text_of(p), &rest);
	g_autofree char *word = a ? g_strstrip(g_strdup(rest)) : NULL, *line = NULL;

	if (!a && !r) {
		say_unknown(p);
		return;
	}
	if (!a) {
		run(p, r->command, NULL, r->name);
		return;
	}
	/* Typed words are meant as they stand; a few letters of a list's word mean the row they found. */
	if (r && (p->chosen || (!a->any && *word))) {
		g_free(word);
		word = g_strdup(r->name);
	}
	line = g_strdup_printf("%s%s%s", command_info(a->command)->name, *word ? " " : "", word);
	run(p, a->command, *word ? word : NULL, line);
}

/* The chosen row into the line; where a word may follow, with the blank before it. */
static void complete(struct palette *p)
{
	const struct palette_row *r = row_at(p);
	g_autofree char *line = NULL;

	if (!r)
		return;
	if (r->argument)
		line = g_strdup_printf("%s %s", command_info(r->command)->name, r->name);
	else
		line = g_strdup_printf("%s%s", r->name,
				       palette_argument(r->command, app_below(p->base.app)->ops->view) ? " " : "");
	field_set(&p->typed, line);
	fill(p);
}

/* ---- moving ---- */

static void move(struct palette *p, int n)
{
	p->at = CLAMP(p->at + n, 0, MAX((int)p->rows->len - 1, 0));
	p->chosen = true;
}

/* Up in an empty line, or in one that came from here, goes back in what was done before. */
static bool recall(struct palette *p, int by)
{
	GPtrArray *past = p->base.app->past_lines;
	int to = p->history + by;

	if (p->chosen || (p->typed.text->len && !p->history) || to < 0 || to > (int)past->len || (!to && !p->history))
		return false;
	field_set(&p->typed, to ? past->pdata[past->len - (guint)to] : "");
	fill(p);
	p->history = to;
	return true;
}

static bool click(struct palette *p, const struct key *k)
{
	int at = p->top + k->row - p->list_row;

	if (k->row < p->list_row || k->row >= p->list_row + p->list_rows || at >= (int)p->rows->len)
		return true;
	p->at = at;
	p->chosen = true;
	enter(p);
	return true;
}

static bool typed_key(struct palette *p, const struct key *k)
{
	bool changed = false, used = field_key(&p->typed, k, &changed);

	if (changed) {
		p->history = 0;
		fill(p);
	}
	/* Only Ctrl-L and its like are the app's. */
	return used || k->code != KEYCODE_CHAR || !k->ctrl;
}

static bool is_ctrl(const struct key *k, uint32_t ch)
{
	return k->code == KEYCODE_CHAR && k->ctrl && k->ch == ch;
}

static bool palette_key(struct screen *s, const struct key *k)
{
	struct palette *p = palette_of(s);

	if (is_ctrl(k, 'c') || is_ctrl(k, 'p') || (k->code == KEYCODE_BACKSPACE && !p->typed.text->len)) {
		app_pop(s->app);
		return true;
	}
	switch ((int)k->code) {
	case KEYCODE_ESC:
		app_pop(s->app);
		return true;
	case KEYCODE_ENTER:
		enter(p);
		return true;
	case KEYCODE_TAB:
		complete(p);
		return true;
	case KEYCODE_UP:
		if (!recall(p, 1))
			move(p, -1);
		return true;
	case KEYCODE_DOWN:
		if (!p->history || !recall(p, -1))
			move(p, 1);
		return true;
	case KEYCODE_PAGE_UP:
	case KEYCODE_PAGE_DOWN:
		move(p, (k->code == KEYCODE_PAGE_UP ? -1 : 1) * MAX(p->list_rows - 1, 1));
		return true;
	case KEYCODE_MOUSE_WHEEL_UP:
	case KEYCODE_MOUSE_WHEEL_DOWN:
		move(p, k->code == KEYCODE_MOUSE_WHEEL_UP ? -3 : 3);
		return true;
	case KEYCODE_MOUSE_PRESS:
		return click(p, k);
	default:
		return typed_key(p, k);
	}
}

/* ---- drawing ---- */

/* The letters that were meant stand out, also without colour. */
static void mark_meant(struct grid *g, int row, int col, const struct palette_row *r, int cells)
{
	for (int i = 0; i < MIN(64, cells); i++)
		if (r->at & (UINT64_C(1) << i))
			grid_mark(g, (struct rect){ row, col + i, 1, 1 }, MARK_BOLD | MARK_UNDERLINE);
}

static void draw_row(const struct palette_row *r, struct grid *g, struct rect at, bool on)
{
	enum role role = r->why_not ? ROLE_DIM : ROLE_TEXT;
	int name = r->argument ? MIN(at.cols / 2, 40) : NAME_CELLS, key = r->why_not ? 0 : text_width(r->key);
	int words = at.col + name + 1, cells = at.cols - name - 1 - (key ? key + 2 : 0);
	g_autofree char *said = r->why_not ? g_strdup_printf("%s: %s", r->words, r->why_not) : NULL;

	grid_put(g, at.row, at.col, name, r->name, role);
	if (text_width(r->name) == (int)strlen(r->name))
		mark_meant(g, at.row, at.col, r, name);
	/* Why not comes before what it would do, where there is no room for both. */
	if (said && text_width(said) > cells)
		grid_put(g, at.row, words, cells, r->why_not, role);
	else
		grid_put(g, at.row, words, cells, said ? said : r->words, role);
	if (key)
		grid_put(g, at.row, at.col + at.cols - key, key, r->key, ROLE_HINT_KEY);
	if (on)
		grid_mark(g, (struct rect){ at.row, at.col - 1, 1, at.cols + 2 }, MARK_CURSOR);
}

static void draw_nothing(struct palette *p, struct grid *g, struct rect at)
{
	const char *rest, *near = palette_nearest(text_of(p));
	const struct palette_argument *a = palette_taken(p->base.app, text_of(p), &rest);
	g_autofree char *said = a ? g_strdup_printf(a->any ? _("Enter takes it as it stands: %s") : _("It takes %s."),
						    _(a->takes))
				: near ? g_strdup_printf(_("Nothing is called so. Is '%s' meant?"), near)
				       : g_strdup(_("Nothing does that. Backspace widens the search."));

	grid_put(g, at.row, at.col, at.cols, said, ROLE_DIM);
}

static void palette_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct palette *p = palette_of(s);
	int cols = MIN(area.cols - 4, COLS_MAX), rows = 3 + CLAMP((int)p->rows->len, 1, CLAMP(area.rows - 7, 3, 13));
	struct rect box = { area.row + 1, area.col + (area.cols - cols) / 2, MIN(rows, area.rows), cols };
	struct rect line = { box.row + 1, box.col + 2, 1, cols - 4 };

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, NULL, ROLE_RULE);
	grid_put(g, line.row, line.col, 2, ":", ROLE_HINT_KEY);
	field_draw(&p->typed, g, line.row, line.col + 2, line.cols - 2, true);
	p->list_row = box.row + 2;
	p->list_rows = box.rows - 3;
	p->top = CLAMP(p->top, MAX(p->at - p->list_rows + 1, 0), p->at);
	for (int i = 0; i < p->list_rows && p->top + i < (int)p->rows->len; i++) {
		struct rect at = { p->list_row + i, line.col, 1, line.cols };

		draw_row(p->rows->pdata[p->top + i], g, at, p->top + i == p->at);
	}
	if (!p->rows->len)
		draw_nothing(p, g, (struct rect){ p->list_row, line.col, 1, line.cols });
}

static const char *const *palette_hints(struct screen *s)
{
	static const char *hints[11];

	(void)s;
	memcpy(hints, (const char *[]){ N_("type"), N_("a few letters"), "Enter", N_("do it"), "Tab", N_("complete"),
					"Up", N_("before"), "Esc", N_("back"), NULL }, sizeof hints);
	for (size_t i = 0; hints[i]; i++)
		hints[i] = _(hints[i]);
	return hints;
}

static bool palette_changed(struct screen *s, unsigned mask)
{
	struct palette *p = palette_of(s);
	int at = p->at;
	bool chosen = p->chosen;

	(void)mask;
	fill(p);
	p->at = MIN(at, MAX((int)p->rows->len - 1, 0));
	p->chosen = chosen;
	return true;
}

static void palette_free(struct screen *s)
{
	struct palette *p = palette_of(s);

	g_ptr_array_unref(p->rows);
	field_done(&p->typed);
	g_free(p);
}

static const struct screen_ops palette_ops = {
	.name = "Commands",
	.view = VIEW_PALETTE,
	.draw = palette_draw,
	.key = palette_key,
	.changed = palette_changed,
	.hints = palette_hints,
	.free = palette_free,
};

struct screen *palette_new(struct app *app, struct world *w, const char *typed)
{
	struct palette *p = g_new0(struct palette, 1);

	p->base = (struct screen){ .ops = &palette_ops, .app = app, .world = w, .popup = true };
	field_init(&p->typed, typed ? typed : "", 200);
	fill(p);
	return &p->base;
}
