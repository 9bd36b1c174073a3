/* input - bytes from a terminal, made keys.
 *
 * Knows the sequences that terminals send for keys (xterm, VT, rxvt, Linux), pastes, mouse reports
 * and focus changes, and swallows everything else of their kind: an answer of the terminal is
 * noted, and one that comes late or that nobody asked for is never taken for typing. Pure: no file,
 * no clock. */
#ifndef KEYRACK_UI_INPUT_H
#define KEYRACK_UI_INPUT_H

#include <glib.h>

#include "ui/term/key.h"

enum answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES };
/* What the terminal has said of itself so far. */
struct answers {
	enum answer sync, paste, focus; /* whether it has the mode */
	int32_t background;             /* 0xrrggbb; -1: not said */
	char version[64];               /* "foot(1.16.2)"; "": not said. Printable ASCII alone */
	bool fence;                     /* the last question is answered: nothing more comes */
};

struct input {
	GByteArray *bytes;
	GString *paste;    /* NULL: not inside a paste */
	struct answers said;
};

void input_init(struct input *in);
void input_done(struct input *in);
void input_add(struct input *in, const void *bytes, size_t n);

enum input_result {
	INPUT_KEY,   /* *out is one */
	INPUT_EMPTY, /* nothing is left */
	INPUT_ESC,   /* an Esc, or what has only begun: ask again when more came or with 'final' */
	INPUT_PART,  /* part of a sequence: wait for the rest as long as it takes */
};
/* What has begun as an answer and was never ended is forgotten: a long time has passed. */
void input_break(struct input *in);
/* final: nothing has followed for long enough, so an ESC is the Esc key. */
enum input_result input_next(struct input *in, bool final, struct key *out);

#endif
