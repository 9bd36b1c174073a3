/* yield - see the header. */
#include "cache/yield.h"

#include "cache/db.h"

#define STEPS 10000 /* of SQLite's machine: about a millisecond */

static int on_progress(void *p)
{
	struct cache_yield *y = p;

	y->gave_way = y->gave_way || y->waiting(y->ctx);
	return y->gave_way;
}

void cache_yield_begin(struct cache *c, struct cache_yield *y)
{
	y->gave_way = false;
	if (y->waiting)
		sqlite3_progress_handler(c->db, STEPS, on_progress, y);
}

void cache_yield_end(struct cache *c)
{
	sqlite3_progress_handler(c->db, 0, NULL, NULL);
}
