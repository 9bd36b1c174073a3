/* twin - a row of a screen as one line of words, for whoever cannot look at it: copied text, and the
 * line mode. */
#ifndef KEYRACK_UI_TWIN_H
#define KEYRACK_UI_TWIN_H

#include "ui/screens/screen.h"

/* What is drawn there: columns apart by two blanks, bars, rules and frames left out. "" where nothing
 * else is. Newly allocated. */
char *twin_of_row(const struct grid *g, int row);
/* The first row that is marked as the cursor's; -1: none is. */
int twin_cursor_row(const struct grid *g);

#endif
