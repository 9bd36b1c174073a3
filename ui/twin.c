/* twin - what is drawn, as words; see the header. */
#include "ui/twin.h"

/* What is a drawing, not a word: boxes and blocks, arrows and dots that stand for states whose word
 * is beside them. */
static bool is_drawing(uint32_t ch)
{
	return (ch >= 0x2500 && ch <= 0x259f) || (ch >= 0x25a0 && ch <= 0x25ff) || ch == 0x2022;
}

/* In ASCII a bar is made of letters of the keyboard: a run of them is none of a name's. */
static bool is_run(const struct cell *c, int left)
{
	uint32_t ch = c->glyph.ch[0];

	return left > 2 && ch < 0x80 && ch > ' ' && !g_ascii_isalnum((char)ch) && ch != '*' && ch != '.' &&
	       c[1].glyph.ch[0] == ch && c[2].glyph.ch[0] == ch;
}

char *twin_of_row(const struct grid *g, int row)
{
	const struct cell *cell = g->cell + (size_t)row * (size_t)g->cols;
	GString *s = g_string_new(NULL);
	int blanks = 0;

	for (int col = 0; col < g->cols; col++) {
		const struct glyph *glyph = &cell[col].glyph;

		if (glyph->width == 0)
			continue;
		if (is_run(&cell[col], g->cols - col)) {
			uint32_t ch = glyph->ch[0];

			while (col + 1 < g->cols && cell[col + 1].glyph.ch[0] == ch)
				col++;
			blanks += 2;
			continue;
		}
		if (glyph->ch[0] == 0 || glyph->ch[0] == ' ' || is_drawing(glyph->ch[0])) {
			blanks++;
			continue;
		}
		if (s->len)
			g_string_append(s, blanks > 1 ? "  " : blanks ? " " : "");
		blanks = 0;
		for (size_t i = 0; i < G_N_ELEMENTS(glyph->ch) && glyph->ch[i]; i++)
			g_string_append_unichar(s, glyph->ch[i]);
	}
	return g_string_free(s, FALSE);
}

int twin_cursor_row(const struct grid *g)
{
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			if (g->cell[(size_t)row * (size_t)g->cols + (size_t)col].mark & MARK_CURSOR)
				return row;
	return -1;
}
