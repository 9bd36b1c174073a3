/* events - how to walk /events/list. Pure: what the next request must ask for, given what the last
 * one answered.
 *
 * There is no cursor: only bounds on created_at (exclusive), a limit, and an unstable offset. The
 * API answers newest first and cuts off the oldest; another server may answer oldest first, and
 * the published fake ignores the limit. So: while pages come back full, walk towards the older
 * end by shrinking the upper bound; where a page did not come newest first, towards the newer end
 * too; and where a whole page has one instant, which no bound can divide, use the offset. */
#ifndef KEYRACK_SYNC_EVENTS_H
#define KEYRACK_SYNC_EVENTS_H

#include "core/instant.h"

struct events_walk {
	struct instant since;  /* lower bound, exclusive */
	struct instant until;  /* upper bound, exclusive; NONE: 'since' is asked, no upper bound */
	int offset;            /* unstable_offset */
	int limit;
	struct instant newest; /* of all that was seen; NONE: nothing yet */
	bool forward;          /* now walking towards the newer end */
	bool forward_wanted;   /* to be done when the older end is reached */
	struct instant restart;/* where walking forward begins */
};

/* What a page showed: how many, and created_at of its oldest, newest, first and last. */
struct events_seen {
	int n;
	struct instant oldest, newest, first, last;
};

void events_walk_init(struct events_walk *w, struct instant since, int limit);
/* True: ask again with the walk's new bounds. */
bool events_walk_next(struct events_walk *w, const struct events_seen *seen);

#endif
