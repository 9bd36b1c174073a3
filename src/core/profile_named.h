/* profile_named - door sets and weekly patterns, as the configuration names them.
 *
 *   [doors housekeeping]
 *   # Names or numbers of locks; * stands for any letters.
 *   locks = 101 Garden, 2*, Gym
 *   # All locks of a place or room, as well.
 *   place = Sea
 *   # The key that takes it in a form; else the first letter of its name that is free.
 *   letter = h
 *   # Only where there are several profiles.
 *   profile = harbour
 *
 *   [pattern early]
 *   # Days and hours, on the clock beside each lock.
 *   hours = mon-fri 8-14
 *   letter = e
 *
 * A pattern's letter is none that a day of the week begins with (m t d w f s), since days can be typed
 * in its place. */
#ifndef KEYRACK_CORE_PROFILE_NAMED_H
#define KEYRACK_CORE_PROFILE_NAMED_H

#include <glib.h>
#include <stdbool.h>

#include "core/rota.h"

struct door_set {
	char *name;
	char letter;         /* a to z; 0: none was free */
	char *locks, *place; /* as written; NULL: not said */
};
struct named_pattern {
	char *name;
	char letter;
	struct rota_hours hours;
};

#define DOORS_GROUP_PREFIX   "doors "
#define PATTERN_GROUP_PREFIX "pattern "
bool profile_is_named_group(const char *group);

struct profile;
const struct door_set *profile_door_set(const struct profile *p, const char *name);     /* NULL: none is called so */
const struct named_pattern *profile_pattern(const struct profile *p, const char *name);

/* For profile.c: fills in p->door_sets and p->patterns in the file's order; others: groups that name no profile
 * are meant too. Unknown keys are warnings. */
bool profile_named_read(struct profile *p, GKeyFile *file, const char *path, bool others, GError **err);

#endif
