/* yield - a read that is given up when somebody waits: a search over a million codes, while more of its word is
 * typed. */
#ifndef KEYRACK_CACHE_YIELD_H
#define KEYRACK_CACHE_YIELD_H

#include "cache/cache.h"

struct cache_yield {
	bool (*waiting)(void *ctx); /* asked about every millisecond of reading; NULL: nobody ever does */
	void *ctx;
	bool gave_way; /* what was being read has failed for this reason alone */
};
/* Between the two whatever is read of c may be given up. */
void cache_yield_begin(struct cache *c, struct cache_yield *y);
void cache_yield_end(struct cache *c);

#endif
