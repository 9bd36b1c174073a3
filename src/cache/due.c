/* due - the codes whose moment has come, for sync. One seek per lock in either index. */
#include "cache/db.h"

GPtrArray *cache_codes_due(struct cache *c, struct instant after, struct instant until, GError **err)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	QUERY q = db_query(c, STATEMENT_CODES_DUE, err);
	int more = -1;

	if (q) {
		sqlite3_bind_int64(q, 1, after.ms);
		sqlite3_bind_int64(q, 2, until.ms);
		while ((more = db_next(c, q, err)) > 0)
			g_ptr_array_add(ids, g_strdup((const char *)sqlite3_column_text(q, 0)));
	}
	if (more == 0)
		return ids;
	g_ptr_array_unref(ids);
	return NULL;
}
