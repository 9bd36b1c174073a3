/* page - lines of words under headings, scrolled; see the header. */
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

	*l = (struct page_line){ g_strdup(label), text, role, false, ref };
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
	p->top = CLAMP(to, 0, MAX((int)p->lines->len - p->rows, 0));
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
	/* At the last choice what lies beyond it can still be read. */
	if (p->at == before || p->at < p->top || p->at >= p->top + p->rows)
		scroll(p, p->top + n);
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
		scroll(p, p->top + (c == COMMAND_PAGE_UP ? -1 : 1) * count * MAX(p->rows - 2, 1));
		p->at = choice_from(p, CLAMP(p->at, p->top, p->top + p->rows - 1),
				    c == COMMAND_PAGE_UP ? -1 : 1);
		return true;
	case COMMAND_FIRST:
	case COMMAND_LAST:
		scroll(p, c == COMMAND_FIRST ? 0 : n);
		p->at = choice_from(p, c == COMMAND_FIRST ? 0 : n - 1, c == COMMAND_FIRST ? 1 : -1);
		return true;
	default:
		return false;
	}
}

static void draw_line(const struct page *p, const struct page_line *l, struct grid *g, struct rect r)
{
	int label = l->heading ? 0 : p->label_cells, col = r.col + 1;

	if (l->label && label)
		grid_put_field(g, r.row, col + 1, label - 2, -1, CUT_END, l->label, ROLE_DIM);
	if (!l->text)
		return;
	grid_put(g, r.row, col + (l->heading ? 0 : label), r.cols - label - 2, l->text, l->role);
	if (l->heading)
		grid_mark(g, (struct rect){ r.row, col, 1, r.cols - 2 }, MARK_BOLD);
}

void page_draw(struct page *p, struct grid *g, struct rect r)
{
	p->rows = r.rows;
	scroll(p, p->top);
	if (p->at < 0 || !line(p, p->at) || !line(p, p->at)->ref)
		p->at = p->lines->len ? choice_from(p, MAX(p->at, 0), 1) : -1;
	for (int i = 0; i < r.rows && line(p, p->top + i); i++) {
		struct rect at = { r.row + i, r.col, 1, r.cols };

		draw_line(p, line(p, p->top + i), g, at);
		if (p->top + i != p->at)
			continue;
		grid_mark(g, at, MARK_CURSOR);
		g->cursor_row = at.row;
		g->cursor_col = at.col + 1;
	}
	if (p->top + r.rows < (int)p->lines->len)
		grid_putf(g, r.row + r.rows - 1, r.col + r.cols - 8, 8, ROLE_DIM, "%6d%%",
			  100 * (p->top + r.rows) / (int)p->lines->len);
}
