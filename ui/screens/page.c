/* page - lines of words under headings, scrolled; see the header. */
#include "core/text.h"
#include "ui/screens/page.h"

static void line_free(void *p)
{
	struct page_line *l = p;

	g_free(l->label);
	g_free(l->text);
	g_free(l);
}

void page_init(struct page *p, int label_cells)
{
	*p = (struct page){ .at = -1, .label_cells = label_cells };
	p->lines = g_ptr_array_new_with_free_func(line_free);
}

void page_done(struct page *p)
{
	g_ptr_array_free(p->lines, TRUE);
}

void page_clear(struct page *p)
{
	g_ptr_array_set_size(p->lines, 0);
}

static struct page_line *line(const struct page *p, int i)
{
	return i >= 0 && i < (int)p->lines->len ? g_ptr_array_index(p->lines, i) : NULL;
}

void page_heading(struct page *p, const char *text)
{
	struct page_line *l = g_new0(struct page_line, 1);

	if (p->lines->len)
		page_add(p, NULL, NULL, ROLE_TEXT, 0);
	l->text = g_strdup(text);
	l->role = ROLE_HEADER;
	l->heading = true;
	g_ptr_array_add(p->lines, l);
}

void page_add(struct page *p, const char *label, char *text, enum role role, int64_t ref)
{
	struct page_line *l = g_new0(struct page_line, 1);

	*l = (struct page_line){ g_strdup(label), text, role, false, ref, 0 };
	g_ptr_array_add(p->lines, l);
}

const struct page_line *page_chosen(const struct page *p)
{
	const struct page_line *l = line(p, p->at);

	return l && l->ref ? l : NULL;
}

static bool any_choice(const struct page *p)
{
	for (int i = 0; i < (int)p->lines->len; i++)
		if (line(p, i)->ref)
			return true;
	return false;
}

/* The nearest line that can be chosen, looking in that direction, then in the other. */
static int choice_from(const struct page *p, int i, int direction)
{
	int n = (int)p->lines->len;

	for (int turn = 0; turn < 2; turn++, direction = -direction)
		for (int at = CLAMP(i, 0, n - 1); at >= 0 && at < n; at += direction)
			if (line(p, at)->ref)
				return at;
	return -1;
}

static void scroll(struct page *p, int to)
{
	p->top = CLAMP(to, 0, MAX(p->rows_in_all - p->rows, 0));
}

/* Where there is nothing to choose the keys scroll. */
static void move(struct page *p, int n)
{
	int direction = n < 0 ? -1 : 1, before = p->at;

	if (!any_choice(p)) {
		scroll(p, p->top + n);
		return;
	}
	for (int left = n * direction; left > 0; left--) {
		int at = p->at + direction;

		while (line(p, at) && !line(p, at)->ref)
			at += direction;
		if (!line(p, at))
			break;
		p->at = at;
	}
	/* Past the last choice what lies beyond it can still be read. */
	if (p->at == before)
		scroll(p, p->top + n);
	else
		p->follow = true;
}

/* A screen further; the cursor goes along to what is in view then. */
static void page_by(struct page *p, int rows)
{
	int before = p->top, n = (int)p->lines->len, at = -1;

	scroll(p, p->top + rows);
	if (!any_choice(p))
		return;
	for (int i = 0; i < n; i++) {
		const struct page_line *l = line(p, i);
		bool in_view = l->row >= p->top && l->row < p->top + p->rows;

		if (l->ref && in_view && (at < 0 || (rows > 0 && p->top == before)))
			at = i; /* the first in view; at the very end the last */
	}
	if (at >= 0)
		p->at = at;
}

bool page_command(struct page *p, enum command c, int count)
{
	int n = (int)p->lines->len;

	switch ((int)c) {
	case COMMAND_UP:
		move(p, -count);
		return true;
	case COMMAND_DOWN:
		move(p, count);
		return true;
	case COMMAND_PAGE_UP:
	case COMMAND_PAGE_DOWN:
		page_by(p, (c == COMMAND_PAGE_UP ? -1 : 1) * count * MAX(p->rows - 2, 1));
		return true;
	case COMMAND_FIRST:
	case COMMAND_LAST:
		scroll(p, c == COMMAND_FIRST ? 0 : p->rows_in_all);
		p->at = choice_from(p, c == COMMAND_FIRST ? 0 : n - 1, c == COMMAND_FIRST ? 1 : -1);
		return true;
	default:
		return false;
	}
}

/* Where the next row of text ends, in bytes, when it may take cells. */
static size_t row_end(const char *text, int cells)
{
	size_t at = 0, space = 0;
	int width = 0;
	struct glyph gl;

	while (text[at]) {
		size_t n = glyph_next(text + at, -1, &gl);

		if (!n || width + gl.width > cells)
			return !n || !space ? MAX(at, n) : space;
		if (text[at] == ' ')
			space = at;
		width += gl.width;
		at += n;
	}
	return at;
}

/* Draws a line's rows from 'row' of the page on that lie within r; gives how many it has. */
static int draw_line(const struct page *p, const struct page_line *l, struct grid *g, struct rect r, int row)
{
	int label = l->heading || (!l->label && !p->label_cells) ? 0 : p->labels;
	int col = r.col + 1 + label, cells = MAX(r.cols - label - 2, 8), used = 0;
	const char *text = l->text ? l->text : "";

	do {
		size_t n = row_end(text, cells);
		g_autofree char *part = g_strndup(text, n);
		int at = r.row + row + used;

		if (row + used >= 0 && row + used < r.rows) {
			if (l->label && label && !used)
				grid_put_field(g, at, r.col + 2, label - 2, -1, CUT_END, l->label, ROLE_DIM);
			grid_put(g, at, col, cells, part, l->role);
			if (l->heading)
				grid_mark(g, (struct rect){ at, col, 1, r.cols - 2 }, MARK_BOLD);
		}
		used++;
		text += n;
		while (*text == ' ')
			text++;
	} while (*text);
	return used;
}

/* Rows that a line takes, without drawing. */
static int rows_of(const struct page *p, const struct page_line *l, struct grid *g, int cols)
{
	return draw_line(p, l, g, (struct rect){ 0, 0, 0, cols }, 0);
}

/* As wide as asked for, or as the words of another language need, up to a third of the page. */
static int label_width(const struct page *p, int cols)
{
	int cells = p->label_cells;

	for (int i = 0; cells && line(p, i); i++)
		if (line(p, i)->label && !line(p, i)->heading)
			cells = MAX(cells, MIN(text_width(line(p, i)->label) + 2, cols / 3));
	return cells;
}

void page_draw_share(int seen, int all, struct grid *g, struct rect r)
{
	int row = r.row + r.rows - 1, col = r.col + r.cols - 6;

	if (g->cell[row * g->cols + col].glyph.ch[0] != ' ')
		grid_put(g, row, col - 1, 1, g->ascii ? "~" : "…", ROLE_DIM);
	grid_putf(g, row, col, 6, ROLE_DIM, "%4d%%", 100 * seen / all);
}

void page_draw(struct page *p, struct grid *g, struct rect r)
{
	int row = 0, at_row = 0, at_rows = 1;

	p->labels = label_width(p, r.cols);
	if (p->still)
		p->at = -1;
	else if (p->at < 0 || !line(p, p->at) || !line(p, p->at)->ref)
		p->at = p->lines->len ? choice_from(p, MAX(p->at, 0), 1) : -1;
	for (int i = 0; line(p, i); i++) {
		struct page_line *l = g_ptr_array_index(p->lines, (guint)i);
		int n = rows_of(p, l, g, r.cols);

		l->row = row;
		if (i == p->at) {
			at_row = row;
			at_rows = n;
		}
		row += n;
	}
	p->rows = r.rows;
	p->rows_in_all = row;
	scroll(p, p->top);
	if (p->at >= 0 && p->follow) {
		if (at_row < p->top)
			scroll(p, at_row <= 2 ? 0 : at_row);
		else if (at_row + at_rows > p->top + r.rows)
			scroll(p, at_row + at_rows - r.rows);
	}
	p->follow = false;
	row = -p->top;
	for (int i = 0; line(p, i) && row < r.rows; i++) {
		int n = draw_line(p, line(p, i), g, r, row);

		if (i == p->at && row >= 0) {
			grid_mark(g, (struct rect){ r.row + row, r.col, 1, r.cols }, MARK_CURSOR);
			g->cursor_row = r.row + row;
			g->cursor_col = r.col + 1;
		}
		row += n;
	}
	if (p->still && r.rows < p->rows_in_all)
		grid_put(g, r.row + r.rows - 1, r.col + r.cols - 2, 1, g->ascii ? "~" : "…", ROLE_DIM);
	else if (p->top + r.rows < p->rows_in_all)
		page_draw_share(p->top + r.rows, p->rows_in_all, g, r);
}

int page_wrap(struct grid *g, struct rect r, const char *text, enum role role)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	int row = 0, col = 0, end = 0;

	for (char **p = words; *p && row < r.rows; p++) {
		int n = text_width(*p);

		if (col && col + 1 + n > r.cols) {
			row++;
			col = 0;
		}
		if (row >= r.rows) {
			grid_put_char(g, r.row + r.rows - 1, r.col + MIN(end, r.cols - 1), 0x2026, role, 0);
			break;
		}
		col += col ? 1 : 0;
		col += grid_put(g, r.row + row, r.col + col, r.cols - col, *p, role);
		end = col;
	}
	return MIN(row + 1, r.rows);
}

void page_put(struct grid *g, struct rect *area, int *spare, const char *text, enum role role)
{
	struct rect r = { area->row, area->col + 1, MIN(area->rows, 1 + *spare), area->cols - 2 };
	int used = 1;

	if (area->rows < 1 || !text || !*text)
		return;
	if (r.rows > 1 && text_width(text) > r.cols)
		used = page_wrap(g, r, text, role);
	else
		grid_put(g, r.row, r.col, r.cols, text, role);
	*spare -= used - 1;
	area->row += used;
	area->rows -= used;
}

int page_top(int at, int top, int rows, int lines)
{
	if (at < top || (at == top + 1 && at == 1))
		top = at <= 1 ? 0 : at;
	if (at >= top + rows)
		top = at - rows + 1;
	return CLAMP(top, 0, MAX(lines - rows, 0));
}
