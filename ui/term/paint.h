/* paint - what a cell's role and marks come to on a terminal with so many colours.
 *
 * Pure: term.c turns the answer into curses attributes, the tests check it for contrast. */
#ifndef KEYRACK_UI_PAINT_H
#define KEYRACK_UI_PAINT_H

#include <wchar.h>

#include "ui/term/grid.h"

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256, DEPTH_DIRECT };

struct paint {
	int32_t fg, bg; /* as curses numbers them at this depth; -1: the terminal's own */
	uint8_t attr;   /* ATTR_ bits */
};
struct paint paint_of(const struct theme *theme, enum depth depth, enum role role, unsigned mark);

/* The characters of a glyph that this machine's tables and every terminal agree on. Where they
 * would not (emoji made of several, widths that differ), the base alone, and blanks: a name may
 * look poorer, but no row is ever out of line. Returns the cells that the result takes. */
int paint_text(const struct glyph *glyph, wchar_t *out, size_t max);

#endif
