/* explanation - why a code is as it is, in the words of a server that can say so.
 *
 * Sync asks when a screen wants to know; here lies the last answer of each of the codes asked about
 * lately. Nothing else hangs on it: it may be dropped at any time. */
#include <string.h>

#include "cache/db.h"

bool cache_put_explanation(struct cache *c, const char *access_code_id, const struct explanation *e,
			   GError **err)
{
	bool fits = !e->body || strlen(e->body) <= EXPLANATION_BYTES_MAX;
	struct scope scope;
	QUERY set = NULL;
	QUERY trim = NULL;
	bool ok;

	if (!scope_begin(c, &scope, err))
		return false;
	set = db_query(c, STATEMENT_EXPLANATION_SET, err);
	trim = set ? db_query(c, STATEMENT_EXPLANATIONS_TRIM, err) : NULL;
	ok = trim != NULL;
	if (ok) {
		bind_text(set, 1, access_code_id);
		sqlite3_bind_int64(set, 2, e->at.ms);
		bind_text(set, 3, fits ? e->body : NULL);
		bind_text(set, 4, fits ? e->refused : "its answer is too long to be read");
		sqlite3_bind_int(trim, 1, EXPLANATIONS_KEPT);
		ok = db_run(c, set, err) && db_run(c, trim, err);
	}
	return scope_end(c, &scope, ok, err);
}

struct cache_list *cache_explanation(struct cache *c, int64_t code_no, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct explanation));
	QUERY q = db_query(c, STATEMENT_EXPLANATION, err);
	int more = -1;

	if (q) {
		sqlite3_bind_int64(q, 1, code_no);
		while ((more = db_next(c, q, err)) > 0) {
			struct explanation e = {
				.at = { sqlite3_column_int64(q, 0) },
				.body = column_text(q, 1, list->chunk),
				.refused = column_text(q, 2, list->chunk),
			};

			g_array_append_val(list->rows, e);
		}
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}
