/* strays - unmanaged codes of the property, and those of them that somebody said to leave.
 *
 * What is ignored is kept by the code's id, with who said so, when and why: it is the desk's own
 * word, which no server can tell again. */
#include <string.h>

#include "cache/db.h"
#include "cache/outbox_moves.h"

GArray *cache_strays(struct cache *c, int64_t lock_no, struct instant now, GError **err)
{
	GArray *order = g_array_new(FALSE, FALSE, sizeof(int64_t));
	QUERY q = db_query(c, lock_no ? STATEMENT_STRAYS_OF_LOCK : STATEMENT_STRAYS, err);
	int more = -1;

	if (q) {
		sqlite3_bind_int64(q, 1, now.ms);
		if (lock_no)
			sqlite3_bind_int64(q, 2, lock_no);
	}
	while (q && (more = db_next(c, q, err)) > 0) {
		int64_t no = sqlite3_column_int64(q, 0);

		g_array_append_val(order, no);
	}
	if (more == 0)
		return order;
	g_array_unref(order);
	return NULL;
}

struct cache_list *cache_stray(struct cache *c, int64_t code_no, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct stray_row));
	struct stray_row row = { .code_no = code_no };
	QUERY q = db_query(c, STATEMENT_STRAY_ROW, err);
	int found = -1;

	if (q) {
		sqlite3_bind_int64(q, 1, code_no);
		found = db_next(c, q, err);
	}
	if (found > 0) {
		row.first_seen = column_when(q, 0);
		row.reason = column_text(q, 1, list->chunk);
		row.ignored_by = column_text(q, 2, list->chunk);
		row.ignored_at = column_when(q, 3);
		g_array_append_val(list->rows, row);
		return list;
	}
	if (found == 0)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "there is no such access code");
	cache_list_free(list);
	return NULL;
}

bool cache_ignore(struct cache *c, int64_t code_no, const char *reason, const char *by, struct instant now,
		  GError **err)
{
	QUERY q = !desk_may(c, err) ? NULL : db_query(c, reason ? STATEMENT_IGNORE : STATEMENT_IGNORE_NO_MORE, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, code_no);
	if (reason) {
		bind_text(q, 2, reason);
		bind_text(q, 3, by);
		sqlite3_bind_int64(q, 4, now.ms);
	}
	return db_run_one(c, q, "the code is not there any more", err);
}

static struct instant span_column(sqlite3_stmt *q, int i, struct instant open)
{
	int64_t ms = sqlite3_column_int64(q, i);

	return ms == open.ms ? INSTANT_NONE : (struct instant){ ms };
}

struct cache_list *cache_pin_uses(struct cache *c, int64_t lock_no, struct instant now, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct pin_holder));
	QUERY q = db_query(c, STATEMENT_PIN_USES, err);
	int more = -1;

	if (q) {
		sqlite3_bind_int64(q, 1, lock_no);
		sqlite3_bind_int64(q, 2, now.ms);
	}
	while (q && (more = db_next(c, q, err)) > 0) {
		struct pin_holder h = {
			.code_no = sqlite3_column_int64(q, 0),
			.intent_no = sqlite3_column_int64(q, 1),
			.managed = sqlite3_column_int(q, 2) != 0,
			.use = { column_text(q, 3, list->chunk), span_column(q, 4, INSTANT_MIN),
				 span_column(q, 5, INSTANT_MAX) },
		};

		if (h.use.pin)
			g_array_append_val(list->rows, h);
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}
