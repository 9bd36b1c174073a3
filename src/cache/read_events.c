/* read_events - the feed, a lock's or a code's history, and what is new since a number. */
#include "cache/alike.h"
#include "cache/db.h"

enum { LIMIT_DEFAULT = 100 };

static bool given(struct instant t)
{
	return instant_known(t) && t.ms != 0;
}

static enum statement statement_for(const struct event_query *query)
{
	if (query->after_no > 0)
		return STATEMENT_EVENTS_AFTER;
	if (query->lock_no != 0)
		return STATEMENT_EVENTS_OF_LOCK;
	return query->code_no != 0 ? STATEMENT_EVENTS_OF_CODE : STATEMENT_EVENTS_ALL;
}

void event_row_read(sqlite3_stmt *q, struct event_row *row, GStringChunk *chunk)
{
	row->event_no = sqlite3_column_int64(q, 0);
	row->event.event_id = column_text(q, 1, chunk);
	row->lock_no = sqlite3_column_int64(q, 2);
	row->code_no = sqlite3_column_int64(q, 3);
	row->lock_name = column_text(q, 4, chunk);
	row->zone = column_text(q, 5, chunk);
	row->who = column_text(q, 6, chunk);
	row->how = (enum attribution)sqlite3_column_int(q, 7);
	row->why = column_text(q, 8, chunk);
	columns_read(q, 9, event_columns, EVENT_FIELD_COUNT, &row->event, chunk);
}

struct cache_list *cache_events(struct cache *c, const struct event_query *query, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct event_row));
	QUERY q = db_query(c, statement_for(query), err);
	int more = -1;

	if (q) {
		sqlite3_bind_int64(q, 1, query->lock_no);
		sqlite3_bind_int64(q, 2, query->code_no);
		sqlite3_bind_int64(q, 3, query->kinds);
		bind_text(q, 4, query->type);
		sqlite3_bind_int64(q, 5, given(query->from) ? query->from.ms : INT64_MIN);
		sqlite3_bind_int64(q, 6, given(query->until) ? query->until.ms : INT64_MAX);
		sqlite3_bind_int64(q, 7, query->after_no);
		sqlite3_bind_int(q, 8, query->limit > 0 ? query->limit : LIMIT_DEFAULT);
		sqlite3_bind_int(q, 9, query->offset);
		while ((more = db_next(c, q, err)) > 0) {
			struct event_row row = { 0 };

			event_row_read(q, &row, list->chunk);
			row.alike = cache_alike_code(c, row.who, list->chunk);
			g_array_append_val(list->rows, row);
		}
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}

int64_t cache_last_event_no(struct cache *c)
{
	QUERY q = db_query(c, STATEMENT_LAST_EVENT_NO, NULL);

	return q ? db_int(c, q, 0) : 0;
}
