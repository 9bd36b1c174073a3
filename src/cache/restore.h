/* restore - an export compared with what is there now: a batch. */
#ifndef KEYRACK_CACHE_RESTORE_H
#define KEYRACK_CACHE_RESTORE_H

#include "cache/batch.h"
#include "core/codes_file.h"

/* property: the profile's id; an export of another is KEYRACK_ERROR_USAGE. What is there and not in the
 * export is left alone, and batch.about says how many that are. */
struct batch *restore_batch(struct cache *c, const struct codes_file *e, const char *property, const struct zone *zone,
			    struct instant now, GError **err);

#endif
