/* lock_names - locks as they are typed for: read once, searched at each letter. */
#ifndef KEYRACK_UI_LOCK_NAMES_H
#define KEYRACK_UI_LOCK_NAMES_H

#include "cache/cache.h"

struct lock_name {
	int64_t lock_no;
	char *name, *folded; /* folded: with its place */
	int codes_now;
};

GPtrArray *lock_names_read(struct cache *c, struct instant now); /* of struct lock_name *, owning */
/* Fills matches with the indexes of those that fit, the best first: at the beginning, as it stands, letter
 * by letter. "" fits all. */
void lock_names_match(const GPtrArray *names, const char *typed, GArray *matches);
/* 0: no such. */
int64_t lock_names_at(const GPtrArray *names, const GArray *matches, int i);

#endif
