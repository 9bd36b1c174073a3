/* text - words from outside, made safe and measured.
 *
 * Names of locks, codes and guests come from servers, calendars and people. Nothing of them may
 * reach a terminal, a title or a notification but through here: control characters, escape
 * sequences, C1, bidirectional controls, zero-width and invalid bytes become visible marks. */
#ifndef KEYRACK_CORE_TEXT_H
#define KEYRACK_CORE_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One thing that stands in one or two cells: a base character and what combines with it. */
struct glyph {
	uint32_t ch[5]; /* Unicode, base first, 0 ends */
	uint8_t width;  /* 1 or 2 cells */
};

/* Takes the next glyph from s (at most len bytes, len -1: to the NUL); returns the bytes used,
 * 0 at the end. What is unsafe or invalid comes out as U+FFFD or a visible mark; never a control
 * character, never a bidirectional control, never width 0. */
size_t glyph_next(const char *s, gssize len, struct glyph *out);

/* Cells that s takes when shown. */
int text_width(const char *s);

enum cut { CUT_END, CUT_MIDDLE };
/* s made safe and cut to at most cells cells, with an ellipsis ("…", or "~" when ascii) where
 * something is missing. Newly allocated UTF-8. */
char *text_fit(const char *s, int cells, enum cut how, bool ascii);

/* Nothing in it could be seen: empty, blanks of any width, fillers. NULL too. */
bool text_is_blank(const char *s);

/* s made safe, whole. Newly allocated. NULL gives "". */
char *text_safe(const char *s);

/* The form in which names are compared and searched: case folded, accents dropped, spaces
 * collapsed ("Muñoz" and "munoz" are the same). Newly allocated. */
char *text_fold(const char *s);

/* The same name as others spell it, folded: "Müller" gives "mueller", "Mueller" gives "muller"
 * (which is what "Müller" folds to). Where there is nothing to spell otherwise, as text_fold. */
char *text_respell(const char *s);

#endif
