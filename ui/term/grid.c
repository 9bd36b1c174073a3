/* grid - a screen as cells; see grid.h.
 *
 * Three rules keep it sound whatever is drawn: every write is clipped here, a wide glyph is never
 * left with half of itself, and in an ASCII grid no cell holds anything but ASCII. */
#include "ui/term/grid.h"

#include <string.h>

static const struct cell blank = { .glyph = { .ch = { ' ' }, .width = 1 } };

static bool inside(const struct grid *g, int row, int col)
{
	return row >= 0 && row < g->rows && col >= 0 && col < g->cols;
}

static struct cell *cell_at(const struct grid *g, int row, int col)
{
	return &g->cell[(size_t)row * (size_t)g->cols + (size_t)col];
}

void grid_init(struct grid *g)
{
	*g = (struct grid){ .cursor_row = -1, .cursor_col = -1 };
}

void grid_done(struct grid *g)
{
	g_free(g->cell);
	g->cell = NULL;
	g->rows = g->cols = 0;
}

void grid_clear(struct grid *g)
{
	size_t n = (size_t)g->rows * (size_t)g->cols;

	for (size_t i = 0; i < n; i++)
		g->cell[i] = blank;
	g->cursor_row = g->cursor_col = -1;
}

void grid_resize(struct grid *g, int rows, int cols)
{
	g->rows = MAX(rows, 0);
	g->cols = MAX(cols, 0);
	g->cell = g_renew(struct cell, g->cell, (gsize)g->rows * (gsize)g->cols);
	grid_clear(g);
}

/* What stands for a character where there is only ASCII. Letters lose their accents instead. */
static const struct ascii_for {
	uint32_t first, last;
	char ch;
} ascii_for[] = {
	{ 0x00a0, 0x00a0, ' ' },  { 0x00b7, 0x00b7, '.' },  { 0x2010, 0x2015, '-' },
	{ 0x2018, 0x201b, '\'' }, { 0x201c, 0x201f, '"' },  { 0x2022, 0x2022, '*' },
	{ 0x2026, 0x2026, '~' },  { 0x2039, 0x2039, '<' },  { 0x203a, 0x203a, '>' },
	{ 0x2190, 0x2190, '<' },  { 0x2191, 0x2191, '^' },  { 0x2192, 0x2192, '>' },
	{ 0x2193, 0x2193, 'v' },  { 0x2212, 0x2212, '-' },  { 0x2500, 0x2501, '-' },
	{ 0x2502, 0x2503, '|' },  { 0x2504, 0x2505, '-' },  { 0x2506, 0x2507, '|' },
	{ 0x250c, 0x254b, '+' },  { 0x254c, 0x254d, '-' },  { 0x2550, 0x2550, '=' },
	{ 0x2551, 0x2551, '|' },  { 0x2552, 0x256c, '+' },  { 0x2580, 0x2590, '#' },
	{ 0x2591, 0x2592, '.' },  { 0x2593, 0x2593, '#' },  { 0x25b6, 0x25b6, '>' },
	{ 0x25b8, 0x25b8, '>' },  { 0x25be, 0x25be, 'v' },  { 0x25c0, 0x25c0, '<' },
	{ 0x25cb, 0x25cb, 'o' },  { 0x25cf, 0x25cf, '*' },
};

static char to_ascii(uint32_t ch)
{
	gunichar letters[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

	if (ch >= 0x20 && ch < 0x7f)
		return (char)ch;
	for (size_t i = 0; i < G_N_ELEMENTS(ascii_for); i++)
		if (ch >= ascii_for[i].first && ch <= ascii_for[i].last)
			return ascii_for[i].ch;
	if (g_unichar_fully_decompose(ch, TRUE, letters, G_N_ELEMENTS(letters)) &&
	    letters[0] > 0x20 && letters[0] < 0x7f)
		return (char)letters[0];
	return '?';
}

/* The other half of a wide glyph that is about to be overwritten becomes a blank. */
static void mend(struct grid *g, int row, int col)
{
	struct cell *c = cell_at(g, row, col);

	if (c->glyph.width == 0 && col > 0)
		cell_at(g, row, col - 1)->glyph = blank.glyph;
	if (c->glyph.width == 2 && col + 1 < g->cols)
		cell_at(g, row, col + 1)->glyph = blank.glyph;
}

static void set_cell(struct grid *g, int row, int col, struct glyph glyph, enum role role,
		     unsigned mark)
{
	if (!inside(g, row, col))
		return;
	mend(g, row, col);
	*cell_at(g, row, col) =
		(struct cell){ .glyph = glyph, .role = (uint8_t)role, .mark = (uint8_t)mark };
}

static void set_char(struct grid *g, int row, int col, uint32_t ch, enum role role, unsigned mark)
{
	if (g->ascii || ch < 0x20 || (ch >= 0x7f && ch < 0xa0))
		ch = (uint32_t)(unsigned char)to_ascii(ch);
	set_cell(g, row, col, (struct glyph){ .ch = { ch }, .width = 1 }, role, mark);
}

static void set_glyph(struct grid *g, int row, int col, const struct glyph *glyph, enum role role)
{
	if (g->ascii) {
		for (int i = 0; i < glyph->width; i++)
			set_char(g, row, col + i, glyph->ch[0], role, 0);
	} else if (glyph->width == 2 && !(inside(g, row, col) && inside(g, row, col + 1))) {
		set_char(g, row, col, ' ', role, 0);
		set_char(g, row, col + 1, ' ', role, 0);
	} else {
		set_cell(g, row, col, *glyph, role, 0);
		if (glyph->width == 2)
			set_cell(g, row, col + 1, (struct glyph){ .width = 0 }, role, 0);
	}
}

/* How much of s goes into cells cells: bytes before the end or the ellipsis. Looks at no more of
 * s than is shown, so the length of a name costs nothing. */
struct extent {
	size_t bytes;
	int cells;
	bool cut;
};

static struct extent measure(const char *s, int cells)
{
	struct extent whole = { 0 }, short_of = { 0 };
	struct glyph glyph;
	size_t n;

	while ((n = glyph_next(s + whole.bytes, -1, &glyph)) > 0) {
		if (whole.cells + glyph.width > cells) {
			short_of.cut = true;
			return short_of;
		}
		whole.bytes += n;
		whole.cells += glyph.width;
		if (whole.cells < cells)
			short_of = whole;
	}
	return whole;
}

int grid_put(struct grid *g, int row, int col, int cells, const char *s, enum role role)
{
	struct extent e;
	struct glyph glyph;
	size_t at = 0;
	int x = 0;

	if (!s || row < 0 || row >= g->rows || col >= g->cols || cells <= 0)
		return 0;
	cells = (int)MIN((int64_t)cells, (int64_t)g->cols - col);
	e = measure(s, cells);
	while (at < e.bytes) {
		at += glyph_next(s + at, -1, &glyph);
		set_glyph(g, row, col + x, &glyph, role);
		x += glyph.width;
	}
	if (e.cut)
		set_char(g, row, col + x++, 0x2026, role, 0);
	return x;
}

int grid_putf(struct grid *g, int row, int col, int cells, enum role role, const char *fmt, ...)
{
	g_autofree char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	s = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	return grid_put(g, row, col, cells, s, role);
}

void grid_put_field(struct grid *g, int row, int col, int cells, int align, enum cut cut,
		    const char *s, enum role role)
{
	g_autofree char *fitted = NULL;
	int free_cells, left;

	if (row < 0 || row >= g->rows || col >= g->cols || cells <= 0)
		return;
	if (cut == CUT_MIDDLE && s && measure(s, cells).cut)
		s = fitted = text_fit(s, cells, cut, g->ascii);
	grid_fill(g, (struct rect){ row, col, 1, cells }, ' ', role);
	free_cells = cells - (s ? measure(s, cells).cells : 0);
	left = align < 0 || (s && measure(s, cells).cut) ? 0 : align == 0 ? free_cells / 2 : free_cells;
	grid_put(g, row, col + left, cells - left, s, role);
}

void grid_put_char(struct grid *g, int row, int col, uint32_t ch, enum role role, unsigned mark)
{
	set_char(g, row, col, ch, role, mark);
}

/* Runs fn over the part of r that is on the grid. */
static struct rect clip(const struct grid *g, struct rect r)
{
	int64_t bottom = MIN((int64_t)r.row + r.rows, (int64_t)g->rows);
	int64_t right = MIN((int64_t)r.col + r.cols, (int64_t)g->cols);

	r.row = MAX(r.row, 0);
	r.col = MAX(r.col, 0);
	r.rows = (int)MAX(bottom - r.row, 0);
	r.cols = (int)MAX(right - r.col, 0);
	return r;
}

void grid_fill(struct grid *g, struct rect r, uint32_t ch, enum role role)
{
	r = clip(g, r);
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++)
			set_char(g, row, col, ch, role, 0);
}

void grid_mark(struct grid *g, struct rect r, unsigned mark)
{
	r = clip(g, r);
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++)
			cell_at(g, row, col)->mark |= (uint8_t)mark;
}

void grid_paint(struct grid *g, struct rect r, enum role role)
{
	r = clip(g, r);
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++)
			cell_at(g, row, col)->role = (uint8_t)role;
}

static void put_heading(struct grid *g, int row, int col, int cells, const char *title,
			enum role role)
{
	int used;

	if (!title || !*title || cells < 4)
		return;
	set_char(g, row, col, ' ', role, 0);
	used = grid_put(g, row, col + 1, cells - 2, title, role);
	set_char(g, row, col + 1 + used, ' ', role, 0);
}

void grid_frame(struct grid *g, struct rect r, const char *title, enum role role)
{
	int bottom = r.row + r.rows - 1, right = r.col + r.cols - 1;

	if (r.rows < 2 || r.cols < 2)
		return;
	grid_fill(g, (struct rect){ r.row, r.col + 1, 1, r.cols - 2 }, 0x2500, role);
	grid_fill(g, (struct rect){ bottom, r.col + 1, 1, r.cols - 2 }, 0x2500, role);
	grid_fill(g, (struct rect){ r.row + 1, r.col, r.rows - 2, 1 }, 0x2502, role);
	grid_fill(g, (struct rect){ r.row + 1, right, r.rows - 2, 1 }, 0x2502, role);
	set_char(g, r.row, r.col, 0x250c, role, 0);
	set_char(g, r.row, right, 0x2510, role, 0);
	set_char(g, bottom, r.col, 0x2514, role, 0);
	set_char(g, bottom, right, 0x2518, role, 0);
	put_heading(g, r.row, r.col + 1, r.cols - 2, title, role);
}

void grid_rule(struct grid *g, int row, const char *title, enum role role)
{
	grid_fill(g, (struct rect){ row, 0, 1, g->cols }, 0x2500, role);
	put_heading(g, row, 1, g->cols - 2, title, role);
}

static bool is_blank(const struct cell *c)
{
	return c->glyph.ch[0] == ' ' && !c->glyph.ch[1];
}

void grid_print(const struct grid *g, FILE *out)
{
	for (int row = 0; row < g->rows; row++) {
		int end = g->cols;

		while (end > 0 && is_blank(cell_at(g, row, end - 1)))
			end--;
		for (int col = 0; col < end; col++) {
			const struct cell *c = cell_at(g, row, col);

			for (size_t i = 0; i < G_N_ELEMENTS(c->glyph.ch) && c->glyph.ch[i]; i++) {
				char utf8[6];
				int n = g_unichar_to_utf8(c->glyph.ch[i], utf8);

				fwrite(utf8, 1, (size_t)n, out);
			}
		}
		fputc('\n', out);
	}
}

/* '.' is text, then a letter a role in the order of ROLES; a capital where a mark is set. */
void grid_print_roles(const struct grid *g, FILE *out)
{
	for (int row = 0; row < g->rows; row++) {
		for (int col = 0; col < g->cols; col++) {
			const struct cell *c = cell_at(g, row, col);
			int letter = c->role == ROLE_TEXT ? '.' : 'a' + c->role - 1;

			if (c->mark)
				letter = c->role == ROLE_TEXT ? ':' : letter - 'a' + 'A';
			fputc(letter, out);
		}
		fputc('\n', out);
	}
}
