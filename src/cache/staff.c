/* staff - see the header. */
#include "cache/staff.h"

#include "cache/db.h"
#include "cache/outbox_moves.h"

struct cache_list *cache_staff(struct cache *c, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct staff_row));
	QUERY q = db_query(c, STATEMENT_STAFF, err);
	int more = -1;

	if (q)
		sqlite3_bind_int(q, 1, STAFF_MAX);
	while (q && (more = db_next(c, q, err)) > 0) {
		struct staff_row row = {
			.name = column_text(q, 0, list->chunk),
			.name_folded = column_text(q, 1, list->chunk),
			.lock_no = sqlite3_column_int64(q, 2),
			.code_no = sqlite3_column_int64(q, 3),
			.lock_name = column_text(q, 4, list->chunk),
			.zone = column_text(q, 5, list->chunk),
			.has_pin = sqlite3_column_int(q, 6) != 0,
			.last_used = column_when(q, 7),
			.suspended_by = column_text(q, 8, list->chunk),
			.suspended_at = column_when(q, 9),
			.intent_no = sqlite3_column_int64(q, 10),
			.intent_state = sqlite3_column_int(q, 11),
		};

		g_array_append_val(list->rows, row);
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}

bool cache_staff_keep(struct cache *c, int64_t code_no, const char *by, struct instant now, GError **err)
{
	QUERY q = !desk_may(c, err) ? NULL : db_query(c, STATEMENT_STAFF_KEEP, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, code_no);
	bind_text(q, 2, by);
	sqlite3_bind_int64(q, 3, now.ms);
	return db_run_one(c, q, "the code is not there any more", err);
}

bool cache_staff_forget(struct cache *c, int64_t lock_no, const char *name_folded, GError **err)
{
	QUERY q = !desk_may(c, err) ? NULL : db_query(c, STATEMENT_STAFF_FORGET, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, lock_no);
	bind_text(q, 2, name_folded);
	return db_run(c, q, err);
}

char *cache_staff_pin(struct cache *c, int64_t lock_no, const char *name_folded)
{
	QUERY q = db_query(c, STATEMENT_STAFF_PIN, NULL);

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, lock_no);
	bind_text(q, 2, name_folded);
	return db_next(c, q, NULL) > 0 ? g_strdup((const char *)sqlite3_column_text(q, 0)) : NULL;
}
