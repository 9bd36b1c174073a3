/* store_sqlite_counts - how many there are of what, for those who ask every few seconds.
 *
 * Codes are counted by triggers as they change, in the transaction that changes them: a million
 * of them cost no more than ten to ask for, and a rollback takes the count back with the row. */
#include "engine/store_sqlite.h"

struct store_list *sqlite_tally(struct store *s, GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_TALLY, err);
	struct store_list *list;
	int more;

	if (!q)
		return NULL;
	list = store_list_new(sizeof(struct store_tally));
	while ((more = sq_next(sq_of(s), q, err)) > 0) {
		struct store_tally t = {
			.managed = sqlite3_column_int(q, 0) != 0,
			.status = g_string_chunk_insert(list->chunk,
							(const char *)sqlite3_column_text(q, 1)),
			.problems = (unsigned)sqlite3_column_int64(q, 2),
			.codes = sqlite3_column_int64(q, 3),
		};

		g_array_append_val(list->rows, t);
	}
	if (more == 0)
		return list;
	store_list_free(list);
	return NULL;
}

static bool count(struct sq *s, enum statement n, int64_t *out, GError **err)
{
	QUERY q = sq_query(s, n, err);

	if (!q || sq_next(s, q, err) <= 0)
		return false;
	*out = sqlite3_column_int64(q, 0);
	return true;
}

bool sqlite_sizes(struct store *store, struct store_sizes *out, GError **err)
{
	struct sq *s = sq_of(store);

	return count(s, STATEMENT_DEVICE_COUNT, &out->devices, err) &&
	       count(s, STATEMENT_DEVICES_AWAY, &out->devices_away, err) &&
	       count(s, STATEMENT_BYTES, &out->bytes, err);
}
