/* field - one line of text being edited, with the keys of readline.
 *
 * Used by the search line and every form field. Left, Right, Home, End, Ctrl-A E B F W U K D H,
 * Alt-B F, Backspace, Delete, paste (newlines become spaces). Knows clusters and cells. */
#ifndef KEYRACK_UI_FIELD_H
#define KEYRACK_UI_FIELD_H

#include "ui/term/grid.h"
#include "ui/term/key.h"

struct field {
	GString *text;   /* UTF-8 as typed */
	size_t caret;    /* byte offset, on a cluster boundary */
	size_t bytes_max;
	bool masked;     /* shown as dots */
	bool digits_only;
};

void field_init(struct field *f, const char *text, size_t bytes_max);
void field_done(struct field *f);
void field_set(struct field *f, const char *text);
/* True when the key was the field's own; *changed (may be NULL) when the text differs now. */
/* Does this key write or delete? Then what was only offered, or is from before, goes whole. */
bool field_replaces(const struct key *k);
bool field_key(struct field *f, const struct key *k, bool *changed);
/* Draws into cells cells, scrolled so that the caret shows; focused: the hardware cursor is put. */
void field_draw(const struct field *f, struct grid *g, int row, int col, int cells, bool focused);

#endif
