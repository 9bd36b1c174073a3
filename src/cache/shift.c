/* shift - notes, handovers and the desk's own journal; see the header. */
#include "cache/shift.h"

#include "cache/db.h"
#include "cache/outbox_moves.h"

bool shift_note_add(struct cache *c, const char *text, struct instant due_at, const char *by,
		    struct instant now, GError **err)
{
	QUERY q = !desk_may(c, err) ? NULL : db_query(c, STATEMENT_NOTE_ADD, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, now.ms);
	bind_text(q, 2, by);
	bind_when(q, 3, due_at);
	bind_text(q, 4, text);
	return db_run(c, q, err);
}

bool shift_note_done(struct cache *c, int64_t note_no, const char *by, struct instant now, GError **err)
{
	QUERY q = !desk_may(c, err) ? NULL : db_query(c, STATEMENT_NOTE_DONE, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, note_no);
	sqlite3_bind_int64(q, 2, now.ms);
	bind_text(q, 3, by);
	if (!db_run(c, q, err))
		return false;
	if (sqlite3_changes(c->db) > 0)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "somebody has done that already");
	return false;
}

/* All rows of q, each filled in by read. */
static struct cache_list *rows_of(struct cache *c, sqlite3_stmt *q, size_t size,
				  void (*read)(sqlite3_stmt *q, void *row, GStringChunk *chunk), GError **err)
{
	struct cache_list *list = list_new(size);
	int more = -1;

	while (q && (more = db_next(c, q, err)) > 0) {
		g_array_set_size(list->rows, list->rows->len + 1);
		read(q, list->rows->data + (list->rows->len - 1) * size, list->chunk);
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}

static void read_note(sqlite3_stmt *q, void *row, GStringChunk *chunk)
{
	*(struct shift_note *)row = (struct shift_note){
		.note_no = sqlite3_column_int64(q, 0),
		.text = column_text(q, 1, chunk),
		.made_by = column_text(q, 2, chunk),
		.made_at = column_when(q, 3),
		.due_at = column_when(q, 4),
	};
}

struct cache_list *shift_notes(struct cache *c, GError **err)
{
	QUERY q = db_query(c, STATEMENT_NOTES, err);

	return rows_of(c, q, sizeof(struct shift_note), read_note, err);
}

bool shift_take(struct cache *c, const char *taken_by, const char *list, struct instant now, GError **err)
{
	QUERY q = !desk_may(c, err) ? NULL : db_query(c, STATEMENT_SHIFT_TAKE, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, now.ms);
	bind_text(q, 2, taken_by);
	bind_text(q, 3, list);
	return db_run(c, q, err);
}

static void read_shift(sqlite3_stmt *q, void *row, GStringChunk *chunk)
{
	*(struct shift *)row = (struct shift){
		.shift_no = sqlite3_column_int64(q, 0),
		.since = column_when(q, 1),
		.at = column_when(q, 2),
		.handed_by = column_text(q, 3, chunk),
		.taken_by = column_text(q, 4, chunk),
		.list = column_text(q, 5, chunk),
	};
}

struct cache_list *shift_past(struct cache *c, int back, GError **err)
{
	QUERY q = db_query(c, STATEMENT_SHIFT_PAST, err);

	if (q)
		sqlite3_bind_int(q, 1, back);
	return rows_of(c, q, sizeof(struct shift), read_shift, err);
}

static void read_act(sqlite3_stmt *q, void *row, GStringChunk *chunk)
{
	*(struct desk_act *)row = (struct desk_act){
		.at = column_when(q, 0),
		.by = column_text(q, 1, chunk),
		.act = column_text(q, 2, chunk),
		.about = column_text(q, 3, chunk),
	};
}

struct cache_list *desk_acts(struct cache *c, int limit, GError **err)
{
	QUERY q = db_query(c, STATEMENT_ACTS, err);

	if (q)
		sqlite3_bind_int(q, 1, limit);
	return rows_of(c, q, sizeof(struct desk_act), read_act, err);
}
