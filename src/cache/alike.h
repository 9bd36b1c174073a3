/* alike - is somebody else here called as this name only seems to be? See core/alike.h.
 *
 * Asked of the few names that are not written as they are read, by an index; of all others it costs a look at their
 * bytes. The other way round nothing is found: Anna does not know of an Аnna, who bears the mark. */
#ifndef KEYRACK_CACHE_ALIKE_H
#define KEYRACK_CACHE_ALIKE_H

#include "cache/cache.h"

/* The other's name, in chunk (NULL: newly allocated); NULL: nobody's. */
char *cache_alike_code(struct cache *c, const char *name, GStringChunk *chunk); /* a code that has not gone */
char *cache_alike_lock(struct cache *c, const char *name, GStringChunk *chunk);

#endif
