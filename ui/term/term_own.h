/* term_own - the terminal as its own files share it: term.c has its life, term_cells.c what is shown,
 * term_probe.c what it was asked. These alone know curses. */
#ifndef KEYRACK_UI_TERM_OWN_H
#define KEYRACK_UI_TERM_OWN_H

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include "config.h"

#include <curses.h>
#define term terminal_description /* terminfo has a struct of that name too */
#include <term.h>
#undef term
#undef bell
#undef lines
#undef columns

#include "ui/term/term.h"

#include "ui/term/escape.h"
#include "ui/term/input.h"
#include "ui/term/paint.h"
#include "ui/term/restore.h"

enum { TERM_PAIRS_MAX = 4096 };

struct term {
	SCREEN *screen;
	int in, out;
	char *name;          /* of the description in use */
	char *note;
	bool ascii, mouse, gone;
	bool modern;         /* xterm's private modes and titles are understood */
	bool titled;
	bool default_colours;
	bool whole;          /* the next frame starts from nothing */
	enum depth depth;
	const struct theme *theme;
	struct grid shown;   /* the last frame */
	int cursor_shown;    /* -1 not known */
	struct input input;
	GQueue early;        /* of struct key *: read before anybody asked for keys, or held back */
	gint64 asked_us, read_us; /* when it was asked; when it sent something last; 0: not yet */
	bool paste_on, focus_on;
	cchar_t *line;
	int line_cells;
	struct {
		int32_t fg, bg;
	} pair[TERM_PAIRS_MAX];
	int pairs;           /* pair 0 is the terminal's own colours */
	GHashTable *pair_of;
};

/* Straight to the terminal: modes, which curses knows nothing of. Gives up on one that is gone. */
void term_send(const struct term *t, const char *s);

#endif
