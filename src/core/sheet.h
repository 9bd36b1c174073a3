/* sheet - the night sheet: a plain page for the hours in which there is no power, from rows to text.
 *
 * Pure. Who is in which room tonight and whether the lock has the code, staff, and the locks that need hands,
 * on pages that a printer has (form feeds between them), each with the hour until which it is good. A stay
 * is never parted by the end of a page. PINs only where the rows have them. */
#ifndef KEYRACK_CORE_SHEET_H
#define KEYRACK_CORE_SHEET_H

#include "core/own.h"
#include "core/zone.h"

#define SHEET_COLS 76 /* of A4 at ten letters an inch, between lp's margins */
#define SHEET_ROWS 58 /* of letter paper at six lines an inch */

/* Texts belong to the sheet's chunk. Times are as written. */
struct sheet_stay {
	const char *door, *door_key; /* the second sorts */
	const char *name, *window, *verdict;
	const char *other;           /* who else has the room, in words; NULL: nobody */
	const char *why;             /* where it is not ready; NULL */
	const char *pin;             /* NULL: not asked for, or not known */
	const char *spare;           /* of its backup code, in words; NULL: there is none */
	struct instant starts_at;    /* sorts */
};
struct sheet_person {
	const char *name, *doors, *pin;
};
struct sheet_trouble {
	const char *door, *words;
};

struct sheet {
	GStringChunk *chunk;
	GArray *stays;    /* struct sheet_stay, in the order of the doors */
	GArray *staff;    /* struct sheet_person */
	GArray *troubles; /* struct sheet_trouble */
	const struct zone *zone;
	const char *property, *made_by;
	struct instant made_at, good_until;
	struct instant as_of; /* when the server was heard last; NONE: never */
	bool pins;        /* asked for */
	int n_pins;       /* that stand on it */
};
struct sheet *sheet_new(void);
void sheet_free(struct sheet *s);
DEFINE_OWN(struct sheet, sheet, sheet_free)

/* Newly allocated; whoever gets it wipes it. Ends with a line feed; pages are parted by a form feed. */
char *sheet_text(const struct sheet *s);

#endif
