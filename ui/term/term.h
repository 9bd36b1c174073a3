/* term - the terminal: the only file that knows ncurses.
 *
 * Takes a grid and shows the difference; gives keys. Asks the terminal only for what it has.
 * However the program ends, restore.c puts the terminal back. */
#ifndef KEYRACK_UI_TERM_H
#define KEYRACK_UI_TERM_H

#include "core/error.h"
#include "ui/term/grid.h"
#include "ui/term/key.h"
#include "ui/term/theme.h"

struct term;

struct term_options {
	const struct theme *theme;
	bool no_color;   /* also from NO_COLOR */
	bool ascii;      /* also where the locale is not UTF-8 */
	bool mouse;
};

/* Fails with KEYRACK_ERROR_USAGE when stdin or stdout is no terminal, or TERM is dumb or unknown
 * and no fallback fits. Installs the crash and signal handling of restore.h. */
struct term *term_open(const struct term_options *opt, GError **err);
void term_close(struct term *t); /* the shell's screen is back */
/* A line for the operator when TERM was not known and another description is used; else NULL. */
const char *term_note(const struct term *t);

void term_size(const struct term *t, int *rows, int *cols);
bool term_is_ascii(const struct term *t);
bool term_has_colour(const struct term *t);
/* Takes in what the terminal has said of itself so far and waits for nothing; keys that came with it
 * are kept. term_key does so too. */
void term_heed(struct term *t);
int32_t term_background(const struct term *t); /* 0xrrggbb as the terminal has said; -1: it has not */
void term_set_theme(struct term *t, const struct theme *theme);
void term_set_mouse(struct term *t, bool on);

/* Shows g: only what differs from the last frame, at once, inside synchronized output where the
 * terminal has it. whole: clear and draw everything (Ctrl-L, fg). */
void term_show(struct term *t, const struct grid *g, bool whole);

/* Reads what has been typed. Returns false when nothing is left. KEYCODE_EOF: the terminal is gone.
 * Where the terminal marks no pastes, text that comes faster than anybody types is one all the same. */
bool term_key(struct term *t, struct key *out);

/* Leaves the screen, stops the process as ^Z does, and comes back with everything redrawn. */
void term_suspend(struct term *t);

/* Called by the main loop on SIGWINCH: takes the new size. True when it changed, or when the
 * process was stopped and continued by somebody else: draw. */
bool term_resized(struct term *t);
/* Bytes of the last frame are still on their way: a slow line. Skip a frame, never a key. */
bool term_busy(const struct term *t);

/* The terminal's own attention: OSC 9 / 777 / 99 notification where it is known to be one that shows
 * them, else the bell. text is made safe. */
void term_notify(struct term *t, const char *title, const char *text, bool bell);
void term_title(struct term *t, const char *text);
/* Hands text to the terminal's clipboard. False: it is known to have none, or it is too long. */
bool term_copy(struct term *t, const char *text);

#endif
