/* input - bytes from a terminal, made keys.
 *
 * Knows the sequences that terminals send for keys (xterm, VT, rxvt, Linux), pastes, mouse reports
 * and focus changes, and swallows everything else of their kind: an answer of the terminal that
 * comes late or that nobody asked for is never taken for typing. Pure: no file, no clock. */
#ifndef KEYRACK_UI_INPUT_H
#define KEYRACK_UI_INPUT_H

#include <glib.h>

#include "ui/term/key.h"

struct input {
	GByteArray *bytes;
	GString *paste;    /* NULL: not inside a paste */
	bool sync_known;   /* the terminal said that it has synchronized output */
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
/* final: nothing has followed for long enough, so an ESC is the Esc key. */
enum input_result input_next(struct input *in, bool final, struct key *out);

#endif
