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
	return db_run_one(c, q, "somebody has done that already", err);
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

	return list_read(c, q, sizeof(struct shift_note), read_note, err);
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
	return list_read(c, q, sizeof(struct shift), read_shift, err);
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
	return list_read(c, q, sizeof(struct desk_act), read_act, err);
}
