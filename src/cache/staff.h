/* staff - who has a code without an end, on which doors; and who had one and is suspended.
 *
 * A server knows no suspension: the code is revoked, and what it was is kept here, PIN and all, as the
 * cache keeps the PINs of codes that are there. A rescue of a damaged cache does not bring it along. */
#ifndef KEYRACK_CACHE_STAFF_H
#define KEYRACK_CACHE_STAFF_H

#include "cache/cache.h"

#define STAFF_MAX 500 /* doors of people: more is no list that anybody reads */

struct staff_row {
	const char *name, *name_folded; /* the second groups and sorts */
	int64_t lock_no, code_no;
	int64_t intent_no;              /* a create of the outbox; neither: suspended */
	int intent_state;
	const char *lock_name, *zone;
	bool has_pin;
	struct instant last_used;       /* NONE: never, as far as is known */
	const char *suspended_by;
	struct instant suspended_at;
};
/* struct staff_row, by name, then by door. */
struct cache_list *cache_staff(struct cache *c, GError **err);
/* Before its code is revoked. Suspended is who was kept and whose code is gone. */
bool cache_staff_keep(struct cache *c, int64_t code_no, const char *by, struct instant now, GError **err);
bool cache_staff_forget(struct cache *c, int64_t lock_no, const char *name_folded, GError **err);
/* The PIN that was kept; NULL: none was known. Newly allocated. */
char *cache_staff_pin(struct cache *c, int64_t lock_no, const char *name_folded);

#endif
