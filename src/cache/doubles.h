/* doubles - rooms that are given twice: two guests whose stays on one door share some of their time.
 *
 * cache_occupied warns before that is done; this finds what came about all the same, by two desks, a feed,
 * a change in the maker's app. A stay lasts a night at least. Whoever shares name, PIN or the desk's key is
 * one guest, a second guest was put there on purpose, two with rooms of their own share this door, and on a common
 * one (cache/common_door.h) nobody sleeps. */
#ifndef KEYRACK_CACHE_DOUBLES_H
#define KEYRACK_CACHE_DOUBLES_H

#include "cache/cache.h"

struct double_stay {
	int64_t code_no, intent_no; /* code_no 0: it is only in the outbox */
	const char *name;
};
struct double_row {
	int64_t lock_no;
	const char *lock_name, *zone;
	struct double_stay stay[2]; /* who comes first is first */
	struct instant from, until; /* of what they share */
};

/* Does somebody sleep there by that code: a guest's, of a night at least, that is or will be on the lock? */
bool double_is_stay(const struct code_row *c, const struct zone *property);
/* Those of one lock's codes, by start: const struct code_row *, which the list keeps. */
GPtrArray *double_stays(const struct cache_list *codes, const struct zone *property);
/* Of one lock; codes: struct code_row, all of it that have not ended. List of struct double_row, by time. */
struct cache_list *cache_doubles_among(struct cache *c, const struct cache_list *codes, const struct zone *property,
				       struct instant now);
/* May two of its codes with an end be there at once? Read from an index: where none are, there is no double. */
bool cache_lock_spans_meet(struct cache *c, int64_t lock_no, struct instant now);
/* Of every lock, what is shared between from and until. The same. */
struct cache_list *cache_doubles(struct cache *c, struct instant from, struct instant until, const struct zone *property,
				 struct instant now, GError **err);
/* The same of the span and the locks of q. */
struct cache_list *cache_doubles_of(struct cache *c, const struct night_query *q, const struct zone *property,
				    struct instant now, GError **err);
/* What a night's rows (cache_night of q) do not say of themselves, put into their facts: who else has the room
 * (other), to which door a guest has moved on who still opens this one (moved_to). The double bookings of that
 * span, of which the rows borrow; NULL: not read. */
struct cache_list *cache_look_around(struct cache *c, struct cache_list *night, const struct night_query *q,
				     const struct zone *property, struct instant now);
/* moved_to alone, whatever night is looked at: of the rows of cache_night_of. */
void cache_look_moved(struct cache *c, struct cache_list *night, struct instant now);
/* The other guest of a code (or of a create); NULL: it has its room alone. */
const struct double_stay *double_other(const struct double_row *row, int64_t code_no, int64_t intent_no);
/* The first of the list that is about it; NULL. */
const struct double_row *double_of(const struct cache_list *doubles, int64_t code_no, int64_t intent_no);

/* What the code of a second guest is marked with in its common_code_key. */
#define DOUBLE_BESIDE "beside-"

#endif
