/* hostile - a house whose every word from outside is one of tests/hostile/names, and what a frame of it must
 * not hold. */
#ifndef KEYRACK_TESTS_SCREENS_HOSTILE_H
#define KEYRACK_TESTS_SCREENS_HOSTILE_H

#include "ui/term/grid.h"

/* Puts them into the cache at path; pass: which row gets which. Aborts with the reason when it cannot. */
void hostile_make(const char *path, unsigned pass);
/* Tells on stderr what is wrong with the frame; how many cells are. */
int hostile_complaints(const struct grid *g);

#endif
