/* vt - a program on a terminal of its own, looked at as a person would.
 *
 * The program runs on a pseudo-terminal under a small stand-in for a shell (so that ^Z can stop
 * it); what it sends goes through libvterm, an emulator nobody here wrote. All waiting is for an
 * event with a deadline. Used by test-term and by the frames of the whole console. */
#ifndef KEYRACK_TESTS_UI_VT_H
#define KEYRACK_TESTS_UI_VT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct vt;

struct vt_options {
	const char *const *argv; /* NULL-terminated; argv[0] a path */
	const char *const *env;  /* "NAME=VALUE", or "NAME" to unset it; on top of ours. May be NULL */
	int rows, cols;
	bool silent;             /* never answers the program's questions */
	/* Pairs: what the program sends, and what this terminal then says, instead of all else it would
	 * say to questions. NULL-terminated; an answer of "" is none. */
	const char *const *script;
	bool sync;               /* answers that it has synchronized output */
	bool ignore_hup;         /* the program starts with SIGHUP ignored, as under nohup */
};
struct vt *vt_start(const struct vt_options *opt);
void vt_free(struct vt *vt); /* ends the program if it still runs */
pid_t vt_pid(const struct vt *vt); /* the program's, once it has started */

void vt_send(struct vt *vt, const char *bytes);
void vt_resize(struct vt *vt, int rows, int cols);
void vt_hang_up(struct vt *vt); /* the terminal is gone */
void vt_continue(struct vt *vt); /* 'fg' */

/* Runs until test(vt, ctx) holds; false when ms have passed. */
bool vt_wait(struct vt *vt, bool (*test)(struct vt *vt, const void *ctx), const void *ctx, int ms);
bool vt_wait_text(struct vt *vt, const char *text, int ms); /* is on the screen */
bool vt_wait_gone(struct vt *vt, const char *text, int ms); /* is not */
bool vt_wait_mode(struct vt *vt, int mode, bool on, int ms);
bool vt_wait_stopped(struct vt *vt, int ms);
/* Its wait status, or -1 when it still runs. */
int vt_wait_end(struct vt *vt, int ms);

/* What is on the screen: rows of UTF-8, trailing blanks cut, each ended by a newline. */
char *vt_text(struct vt *vt);
bool vt_has(struct vt *vt, const char *text);

struct vt_cell {
	uint32_t ch[6];  /* 0 ends; a blank cell has none */
	int width;       /* 0: the right half of a wide one */
	bool bold, underline, italic, reverse;
	int fg, bg;      /* index; -1 default; -2 an rgb colour */
};
struct vt_cell vt_cell(struct vt *vt, int row, int col);
void vt_cursor(struct vt *vt, int *row, int *col);
bool vt_any_colour(struct vt *vt);
bool vt_any_attribute(struct vt *vt);

/* Private modes as last set: 25 the cursor, 1049 the other screen, 1000 and 1006 the mouse, 2004
 * bracketed paste, 2026 synchronized output. */
bool vt_mode(const struct vt *vt, int mode);
bool vt_cooked(const struct vt *vt); /* the line discipline echoes and makes lines */
const char *vt_title(const struct vt *vt); /* "" none */

/* What the program has sent since it began. */
const GString *vt_output(const struct vt *vt);

#endif
