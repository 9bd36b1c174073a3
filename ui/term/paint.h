/* paint - what a cell's role and marks come to on a terminal with so many colours.
 *
 * Pure: term.c turns the answer into curses attributes, the tests check it for contrast. */
#ifndef KEYRACK_UI_PAINT_H
#define KEYRACK_UI_PAINT_H

#include "ui/term/grid.h"

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256, DEPTH_DIRECT };

struct paint {
	int32_t fg, bg; /* as curses numbers them at this depth; -1: the terminal's own */
	uint8_t attr;   /* ATTR_ bits */
};
struct paint paint_of(const struct theme *theme, enum depth depth, enum role role, unsigned mark);

#endif
