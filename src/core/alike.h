/* alike - names that are written with other letters than they seem to be.
 *
 * A Cyrillic 'А' in Anna, a wide 'Ａ', a letter that has no width: two names read the same and are two people. This says
 * what such a name is read as; whether somebody else is really called so is for the cache to know (cache/alike.h). */
#ifndef KEYRACK_CORE_ALIKE_H
#define KEYRACK_CORE_ALIKE_H

#include <stdbool.h>

/* What there is in a name that is read as something else; bits. */
enum alike {
	ALIKE_CYRILLIC = 1 << 0,
	ALIKE_GREEK = 1 << 1,
	ALIKE_OTHER = 1 << 2,  /* Armenian, Cherokee, rare Latin letters */
	ALIKE_STYLED = 1 << 3, /* wide, mathematical, in circles */
	ALIKE_UNSEEN = 1 << 4, /* takes no room and shows nothing */
};

/* 0: nothing, as in nearly every name, and *read_as is NULL. Else *read_as is the name as it is read, folded
 * (text_fold). read_as may be NULL. NULL name: 0. */
unsigned text_alike(const char *name, char **read_as);
/* "Cyrillic letters, letters that cannot be seen": in the operator's language, newly allocated. */
char *alike_words(unsigned alike);

#endif
