/* code_rows - reading code_row, and the state it is shown in. */
#include "cache/code_rows.h"

#include <string.h>

#include "cache/alike.h"

/* A change of ours on its way is nearer to what will be than what the server last said. */
static enum code_state state_of(const struct code_row *row, struct instant now)
{
	bool under_way = row->intent_no != 0 && (row->intent_state == INTENT_QUEUED ||
						 row->intent_state == INTENT_SENDING);

	if (instant_known(row->deleted_at))
		return CODE_ENDED;
	if (under_way && (strcmp(row->intent_kind, "delete") == 0 ||
			  strcmp(row->intent_kind, "delete_unmanaged") == 0))
		return CODE_REMOVING;
	return access_code_state(&row->code, row->errors_own > 0, now);
}

/* 1 read, 0 gone, -1 failed */
static int read_code(struct cache *c, int64_t code_no, struct code_row *row, GStringChunk *chunk,
		     struct instant now, GError **err)
{
	QUERY q = db_query(c, STATEMENT_CODE_ROW, err);
	int found;

	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, code_no);
	found = db_next(c, q, err);
	if (found <= 0)
		return found;
	row->code_no = sqlite3_column_int64(q, 0);
	row->code.access_code_id = column_text(q, 1, chunk);
	row->lock_no = sqlite3_column_int64(q, 2);
	row->code.device_id = column_text(q, 3, chunk);
	row->deleted_at = column_when(q, 4);
	row->errors_own = sqlite3_column_int(q, 5);
	row->lock_name = column_text(q, 6, chunk);
	row->zone = column_text(q, 7, chunk);
	row->intent_no = sqlite3_column_int64(q, 8);
	row->intent_kind = column_text(q, 9, chunk);
	row->intent_state = sqlite3_column_int(q, 10);
	columns_read(q, 11, code_columns, CODE_FIELD_COUNT, &row->code, chunk);
	row->code.alike = cache_alike_code(c, row->code.name, chunk);
	row->state = state_of(row, now);
	return 1;
}

static enum tri column_tri(sqlite3_stmt *q, int i)
{
	if (sqlite3_column_type(q, i) == SQLITE_NULL)
		return TRI_UNKNOWN;
	return sqlite3_column_int(q, i) ? TRI_YES : TRI_NO;
}

static const enum code_state create_states[INTENT_STATE_COUNT] = {
	[INTENT_QUEUED] = CODE_QUEUED,	    [INTENT_SENDING] = CODE_QUEUED,
	[INTENT_ACCEPTED] = CODE_SETTING,   [INTENT_REFUSED] = CODE_TROUBLE,
	[INTENT_WITHDRAWN] = CODE_ENDED,
};

static struct instant span_column(sqlite3_stmt *q, int i, struct instant open)
{
	int64_t ms = sqlite3_column_int64(q, i);

	return ms == open.ms ? INSTANT_NONE : (struct instant){ ms };
}

static int read_create(struct cache *c, int64_t intent_no, struct code_row *row,
		       GStringChunk *chunk, GError **err)
{
	struct access_code *ac = &row->code;
	QUERY q = db_query(c, STATEMENT_CREATE_ROW, err);
	int found;

	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, intent_no);
	found = db_next(c, q, err);
	if (found <= 0)
		return found;
	row->intent_no = sqlite3_column_int64(q, 0);
	row->intent_kind = "create";
	row->intent_state = sqlite3_column_int(q, 1);
	row->lock_no = sqlite3_column_int64(q, 2);
	row->lock_name = column_text(q, 3, chunk);
	row->zone = column_text(q, 4, chunk);
	row->state = create_states[row->intent_state];
	row->deleted_at = INSTANT_NONE;
	ac->device_id = column_text(q, 5, chunk);
	ac->access_code_id = column_text(q, 6, chunk);
	ac->name = column_text(q, 7, chunk);
	ac->alike = cache_alike_code(c, ac->name, chunk);
	ac->code = column_text(q, 8, chunk);
	ac->starts_at = span_column(q, 9, INSTANT_MIN);
	ac->ends_at = span_column(q, 10, INSTANT_MAX);
	ac->created_at = column_when(q, 11);
	ac->common_code_key = column_text(q, 12, chunk);
	ac->managed = true;
	ac->time_bound = instant_known(ac->ends_at);
	ac->type = ac->time_bound ? "time_bound" : "ongoing";
	ac->is_scheduled_on_device = TRI_UNKNOWN;
	ac->is_waiting_for_code_assignment = TRI_UNKNOWN;
	ac->is_offline_access_code = column_tri(q, 13);
	ac->is_one_time_use = column_tri(q, 14);
	ac->is_external_modification_allowed = column_tri(q, 15);
	ac->is_backup = TRI_UNKNOWN;
	ac->is_backup_access_code_available = TRI_UNKNOWN;
	ac->cannot_be_managed = TRI_UNKNOWN;
	ac->cannot_delete = TRI_UNKNOWN;
	return 1;
}

struct cache_list *code_rows_read(struct cache *c, const GArray *chosen, struct instant now,
				  GError **err)
{
	struct cache_list *list = list_new(sizeof(struct code_row));

	for (guint i = 0; i < chosen->len; i++) {
		const struct chosen *one = &g_array_index(chosen, struct chosen, i);
		struct code_row row = { 0 };
		int got = one->code_no != 0 ?
				  read_code(c, one->code_no, &row, list->chunk, now, err) :
				  read_create(c, one->intent_no, &row, list->chunk, err);

		if (got < 0) {
			cache_list_free(list);
			return NULL;
		}
		if (got > 0)
			g_array_append_val(list->rows, row);
	}
	return list;
}
