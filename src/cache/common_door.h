/* common_door - does a door belong to nobody: a gym's, a gate, a dormitory's?
 *
 * Three who have a door at one moment do not make it a common one: a room that is given to a third guest stays given
 * twice. It is one where so many have met on it, now, later or before, as no room was ever given to, or where nearly all
 * who meet there have a room elsewhere. */
#ifndef KEYRACK_CACHE_COMMON_DOOR_H
#define KEYRACK_CACHE_COMMON_DOOR_H

#include "cache/cache.h"

/* stays: const struct code_row *, all of one door's that have not ended (double_is_stay). c NULL: judged by them alone. */
bool common_door(struct cache *c, const GPtrArray *stays, struct instant now);

/* One name, one PIN or one key of the desk's: one guest. */
bool one_guest(const struct code_row *a, const struct code_row *b);

#endif
