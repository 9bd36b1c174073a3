/* term-frame - the picture that term-demo shows and test-term expects. */
#ifndef KEYRACK_TESTS_UI_TERM_FRAME_H
#define KEYRACK_TESTS_UI_TERM_FRAME_H

#include "ui/term/grid.h"

/* A title, a list of numbered rows from 'top' on, all roles and marks, names in many scripts, and
 * the last key's name on the bottom line with the hardware cursor behind it. */
void frame_draw(struct grid *g, int top, const char *last_key);

#endif
