/* term_cells - the difference between two grids, by way of curses; see term.h. */
#include "ui/term/term_own.h"

#include <string.h>

/* Colours to a pair, made when first used. When no more can be had, the terminal's own. */
static int pair_for(struct term *t, int32_t fg, int32_t bg)
{
	gint64 id = (gint64)((guint64)(guint32)fg << 32 | (guint32)bg);
	int number;

	if (fg < 0 && bg < 0)
		return 0;
	number = GPOINTER_TO_INT(g_hash_table_lookup(t->pair_of, &id));
	if (number)
		return number;
	if (t->pairs >= MIN(COLOR_PAIRS, TERM_PAIRS_MAX))
		return 0;
	if (!t->default_colours) {
		fg = fg < 0 ? COLOR_WHITE : fg;
		bg = bg < 0 ? COLOR_BLACK : bg;
	}
	if (init_extended_pair(t->pairs, fg, bg) == ERR)
		return 0;
	g_hash_table_insert(t->pair_of, g_memdup2(&id, sizeof id), GINT_TO_POINTER(t->pairs));
	return t->pairs++;
}

static attr_t attributes_of(uint8_t attr)
{
	attr_t a = A_NORMAL;

	if (attr & ATTR_BOLD)
		a |= A_BOLD;
	if (attr & ATTR_DIM)
		a |= A_DIM;
	if (attr & ATTR_UNDERLINE)
		a |= A_UNDERLINE;
	if (attr & ATTR_REVERSE)
		a |= A_REVERSE;
	if (attr & ATTR_ITALIC)
		a |= A_ITALIC;
	return a;
}

/* One cell of the grid, as one or two cells of curses. Returns how many were written to to. */
static int convert(struct term *t, const struct cell *c, cchar_t *to)
{
	struct paint p = paint_of(t->theme, t->depth, c->role, c->mark);
	wchar_t text[CCHARW_MAX + 1];
	int pair = pair_for(t, p.fg, p.bg), cells = paint_text(&c->glyph, text, G_N_ELEMENTS(text));

	setcchar(to, text, attributes_of(p.attr), (short)MIN(pair, SHRT_MAX), &pair);
	if (cells == c->glyph.width)
		return 1;
	setcchar(to + 1, L" ", attributes_of(p.attr), (short)MIN(pair, SHRT_MAX), &pair);
	return 2;
}

static void draw_row(struct term *t, const struct grid *g, int row, int cols)
{
	const struct cell *cell = g->cell + (size_t)row * (size_t)g->cols;
	int n = 0;

	for (int col = 0; col < cols; col++) {
		if (cell[col].glyph.width == 0)
			continue;
		if (cell[col].glyph.width == 2 && col + 1 >= cols)
			break;
		n += convert(t, &cell[col], &t->line[n]);
	}
	mvwadd_wchnstr(stdscr, row, 0, t->line, n);
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->mark == b->mark && a->glyph.width == b->glyph.width &&
	       memcmp(a->glyph.ch, b->glyph.ch, sizeof a->glyph.ch) == 0;
}

static bool same_row(const struct grid *a, const struct grid *b, int row)
{
	size_t at = (size_t)row * (size_t)a->cols;

	for (int col = 0; col < a->cols; col++)
		if (!same_cell(&a->cell[at + (size_t)col], &b->cell[at + (size_t)col]))
			return false;
	return true;
}

/* Draws the rows that differ; returns how many. Remembers them. */
static int draw_rows(struct term *t, const struct grid *g, int rows, int cols)
{
	bool all = t->whole || t->shown.rows != g->rows || t->shown.cols != g->cols;
	int drawn = 0;

	if (t->line_cells < cols) {
		t->line = g_renew(cchar_t, t->line, (gsize)cols + 2);
		t->line_cells = cols;
	}
	for (int row = 0; row < rows; row++) {
		if (!all && same_row(g, &t->shown, row))
			continue;
		draw_row(t, g, row, cols);
		drawn++;
	}
	if (t->shown.rows != g->rows || t->shown.cols != g->cols)
		grid_resize(&t->shown, g->rows, g->cols);
	if (drawn > 0)
		memcpy(t->shown.cell, g->cell,
		       (size_t)g->rows * (size_t)g->cols * sizeof *g->cell);
	return drawn;
}

static void show_cursor(struct term *t, const struct grid *g, bool visible)
{
	if (t->cursor_shown != visible)
		curs_set(visible);
	t->cursor_shown = visible;
	leaveok(stdscr, !visible);
	if (visible)
		wmove(stdscr, g->cursor_row, g->cursor_col);
}

void term_show(struct term *t, const struct grid *g, bool whole)
{
	int rows = MIN(g->rows, LINES), cols = MIN(g->cols, COLS);
	bool visible = g->cursor_row >= 0 && g->cursor_row < rows && g->cursor_col >= 0 &&
		       g->cursor_col < cols;
	bool moved = t->cursor_shown != visible || g->cursor_row != t->shown.cursor_row ||
		     g->cursor_col != t->shown.cursor_col;

	if (t->gone)
		return;
	t->whole |= whole;
	if (t->whole) {
		werase(stdscr);
		clearok(curscr, TRUE);
	}
	if (draw_rows(t, g, rows, cols) == 0 && !moved && !t->whole)
		return;
	t->whole = false;
	t->shown.cursor_row = g->cursor_row;
	t->shown.cursor_col = g->cursor_col;
	if (t->input.said.sync == ANSWER_YES)
		term_send(t, SYNC_BEGIN);
	show_cursor(t, g, visible);
	wnoutrefresh(stdscr);
	doupdate();
	if (t->input.said.sync == ANSWER_YES)
		term_send(t, SYNC_END);
}
