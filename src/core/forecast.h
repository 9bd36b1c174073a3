/* forecast - when a lock's memory will be full, from the codes that are known today.
 *
 * Pure: an interval sweep. A code takes a place from when it is written to the lock (its lead
 * before its start, or now where it is there already) until its end. */
#ifndef KEYRACK_CORE_FORECAST_H
#define KEYRACK_CORE_FORECAST_H

#include <stddef.h>

#include "core/access_code.h"

/* A place in the memory, taken in [from, until); NONE: from always, for ever. */
struct held {
	struct instant from, until;
};
/* What a code takes. False: nothing, as an offline code, or one that has ended. native: the lock
 * keeps times itself, and is written to days ahead. */
bool held_by_code(const struct access_code *ac, bool native, struct instant now, struct held *out);

struct forecast {
	int now;                 /* places taken now */
	int most;                /* taken at once, from now on */
	struct instant full_at;  /* the first moment from now on at which none is free; NONE: never */
	struct instant short_at; /* ... at which a code finds no place; NONE: never */
};
struct forecast forecast_memory(const struct held *held, size_t n, int places, struct instant now);

#endif
