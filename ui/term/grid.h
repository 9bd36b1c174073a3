/* grid - a screen as cells, before any terminal.
 *
 * Screens draw here; term.c sends the difference to the terminal; tests print it or replay it. A
 * cell names a role ("alarm"), never a colour. Every text that goes in passes core/text.h, so no
 * control character can ever be in a grid. Writes outside are cut off, never an error. */
#ifndef KEYRACK_UI_GRID_H
#define KEYRACK_UI_GRID_H

#include <stdbool.h>
#include <stdio.h>

#include "core/text.h"
#include "ui/term/theme.h"

struct cell {
	struct glyph glyph; /* width 0: right half of the wide one before it */
	uint8_t role;       /* enum role */
	uint8_t mark;       /* enum mark bits, on top of the role's style */
};
enum mark {
	MARK_REVERSE = 1 << 0, /* also how right-aligned eighth blocks are drawn */
	MARK_BOLD = 1 << 1,
	MARK_UNDERLINE = 1 << 2,
	MARK_CURSOR = 1 << 3,  /* the row the cursor is on: role's style over ROLE_CURSOR's background */
};

struct grid {
	int rows, cols;
	struct cell *cell;     /* rows * cols */
	int cursor_row, cursor_col; /* the hardware cursor; -1: hidden. Always on the focus */
	bool ascii;            /* draw with ASCII alone: set by the caller, read by all who draw */
};

void grid_init(struct grid *g);
void grid_done(struct grid *g);
void grid_resize(struct grid *g, int rows, int cols); /* blank afterwards */
void grid_clear(struct grid *g);

struct rect {
	int row, col, rows, cols;
};

/* Puts s, made safe, into at most cells cells; the rest of them is left alone. Returns the cells
 * used. Cut at the end with an ellipsis when too long. */
int grid_put(struct grid *g, int row, int col, int cells, const char *s, enum role role);
int grid_putf(struct grid *g, int row, int col, int cells, enum role role, const char *fmt, ...)
	G_GNUC_PRINTF(6, 7);
/* The same, padded with blanks to cells; align: <0 left, 0 centre, >0 right; cut as told. */
void grid_put_field(struct grid *g, int row, int col, int cells, int align, enum cut cut,
		    const char *s, enum role role);
/* One glyph given by its code point (width 1). */
void grid_put_char(struct grid *g, int row, int col, uint32_t ch, enum role role, unsigned mark);
void grid_fill(struct grid *g, struct rect r, uint32_t ch, enum role role);
/* Adds marks to what stands there, or a role with grid_paint. */
void grid_mark(struct grid *g, struct rect r, unsigned mark);
void grid_paint(struct grid *g, struct rect r, enum role role);
void grid_frame(struct grid *g, struct rect r, const char *title, enum role role);
void grid_rule(struct grid *g, int row, const char *title, enum role role); /* a line across */

/* For tests and --print: UTF-8 text, trailing blanks cut; and roles as letters, one per cell. */
void grid_print(const struct grid *g, FILE *out);
void grid_print_roles(const struct grid *g, FILE *out);

#endif
