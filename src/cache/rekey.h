/* rekey - the key that a cache's PINs are sealed with: its state, a new one, and what to do when it is gone. */
#ifndef KEYRACK_CACHE_REKEY_H
#define KEYRACK_CACHE_REKEY_H

#include "cache/cache.h"

struct cache_key {
	char *path;         /* of the key file */
	int keys;           /* in it */
	uint32_t in_use;    /* the number of the one that this cache is sealed with */
	bool is_newest;     /* false: a change of the key was interrupted; cache_rekey ends it */
	bool sweep_due;     /* what was there before PINs were sealed may still be in free pages */
	int64_t closed;     /* PINs that do not open: altered, or sealed with a key that is gone */
};
/* Opens every PIN once: about a quarter of a second for 100,000. */
bool cache_key(struct cache *c, struct cache_key *out, GError **err);
void cache_key_clear(struct cache_key *k);

/* A new key at the head of the file, and everything sealed with it in one transaction: whoever is stopped in between
 * leaves a whole cache, and the next call goes on. Others may read and write meanwhile; they wait for the end. */
bool cache_rekey(struct cache *c, GError **err);

/* What cannot be pulled again. */
struct cache_lost {
	int intents;   /* not yet sent, whose PIN is gone: refused with words, to be entered anew */
	int staff;     /* PINs of rotas and of the suspended: new ones are drawn */
	int64_t codes; /* whose PINs the next pull brings again */
};
/* Its key was gone, and cache_open has begun with a new one by itself, since nothing would be lost that the server does not
 * say again: the next pull brings the PINs. */
bool cache_begun_anew(const struct cache *c);

/* For a cache that cannot be opened since its key is gone for good (KEYRACK_ERROR_KEY_LOST): begins with a new one.
 * FAILED where the key is there. */
bool cache_forget_key(const char *path, bool group, struct cache_lost *out, GError **err);

#endif
