/* door_set - from a set of doors, as the configuration names it, to today's locks. */
#ifndef KEYRACK_FEED_DOOR_SET_H
#define KEYRACK_FEED_DOOR_SET_H

#include "cache/feeds.h"
#include "core/profile_named.h"

/* Adds the numbers of its locks to lock_nos (GArray of int64_t), each once, by their names. *missing gets a
 * sentence about what fits no lock, newly allocated; NULL: everything does. False with err: the cache. */
bool door_set_find(struct cache *c, const struct door_set *set, GArray *lock_nos, char **missing, GError **err);

#endif
