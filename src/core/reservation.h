/* reservation - a stay as a booking channel or a property's own list tells it.
 *
 * Its identity is where it comes from, its key and its door words: a guest's name is a label that may be
 * absent, wrong, or the same twice. Strings are borrowed (see core/lock.h). */
#ifndef KEYRACK_CORE_RESERVATION_H
#define KEYRACK_CORE_RESERVATION_H

#include "core/instant.h"

enum reservation_status {
	RESERVATION_CONFIRMED,
	RESERVATION_CANCELLED,
	RESERVATION_BLOCK, /* the owner keeps the room free: nobody comes */
};

struct reservation {
	const char *key;     /* booking number, UID; where there is none, door and day of arrival */
	const char *guest;   /* NULL: not said */
	const char *door;    /* as the source names it, "204"; NULL: not said */
	const char *phone;   /* digits alone, maybe only the last four; NULL */
	struct instant starts_at, ends_at;
	enum reservation_status status;
	int line;            /* where it begins in the source, from 1 */
	const char *refused; /* why it cannot be taken; NULL: it can */
	const char *note;    /* what was understood, but not followed: "repeats ..." ; NULL */
};

#endif
