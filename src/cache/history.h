/* history - what the cache remembers of who could open which door, and when.
 *
 * Deleted codes stay as rows; a code whose window, name or PIN changed leaves behind what it was
 * (table code_was, written by put_code.c); what happened lies among the events. */
#ifndef KEYRACK_CACHE_HISTORY_H
#define KEYRACK_CACHE_HISTORY_H

#include "cache/cache.h"
#include "core/could.h"

struct could_query {
	int64_t lock_no;         /* who could open this door ... */
	int64_t code_no;         /* ... or: which doors could whoever has this code open, */
	const char *name_folded; /* or has, or had, this name (text_fold); NULL: the code alone */
	struct instant at;
};
struct could_row {
	int64_t code_no, lock_no;
	const char *access_code_id, *name, *lock_name, *lock_key, *zone;
	bool managed;
	struct could could;
};
/* struct could_row, the certain first, those that were used then before all. *more: not all of them
 * are there. Codes that were far from open then are left out. */
struct cache_list *cache_could(struct cache *c, const struct could_query *q, bool *more, GError **err);

/* At that moment the lock had been away since then; NONE: it was there, or nobody says. */
struct instant cache_offline_at(struct cache *c, int64_t lock_no, struct instant t);
/* Since when this cache has looked: what changed before is not known to it. NONE: it holds nothing. */
struct instant cache_known_since(struct cache *c);
/* The next unlock there after t, or the last before it; NONE. */
struct instant cache_unlock_near(struct cache *c, int64_t lock_no, struct instant t, bool after);

#endif
