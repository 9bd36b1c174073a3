/* desk_acts - what a person did at this desk that no server hears of: see cache.h. */
#include "cache/db.h"

bool cache_note_act(struct cache *c, const char *act, const char *about, const char *by, struct instant now,
		    GError **err)
{
	QUERY q = db_query(c, STATEMENT_ACT_ADD, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, now.ms);
	bind_text(q, 2, by);
	bind_text(q, 3, act);
	bind_text(q, 4, about);
	return db_run(c, q, err);
}
