/* feeds - reservations from outside: see the header. */
#include "cache/feeds.h"

#include <string.h>

#include "cache/db.h"
#include "cache/outbox_moves.h"
#include "core/text.h"

#define KEPT_MS  (7 * DAY_MS) /* after the end of a stay that is gone */
#define MARK_HEX 24

char *feed_mark(const char *source, const struct reservation *r)
{
	g_autofree char *door = text_fold(r->door ? r->door : "");
	g_autofree char *whole = g_strjoin("\n", source, r->key ? r->key : "", door, NULL);
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, whole, -1);

	return g_strdup_printf("feed-%.*s", MARK_HEX, digest);
}

/* "feed-....moved-" and the door that was left, hashed, "-" and something unique. */
#define MOVED	  ".moved-"
#define DOOR_HEX  8
#define UNIQUE_HEX 13

static char *door_mark(const char *device_id)
{
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, device_id, -1);

	return g_strndup(digest, DOOR_HEX);
}

bool feed_moved_from(const char *key, const char *device_id)
{
	const char *at = key ? strstr(key, MOVED) : NULL;
	g_autofree char *door = device_id ? door_mark(device_id) : NULL;

	return at && (!device_id || strncmp(at + strlen(MOVED), door, DOOR_HEX) == 0);
}

char *cache_feed_moved_key(struct cache *c, const char *access_code_id, const char *from_device_id)
{
	QUERY q = access_code_id && from_device_id ? db_query(c, STATEMENT_KEY_OF_CODE, NULL) : NULL;
	g_autofree char *unique = g_uuid_string_random(), *door = NULL;
	const char *key, *dot;

	if (!q)
		return NULL;
	bind_text(q, 1, access_code_id);
	key = db_next(c, q, NULL) > 0 ? (const char *)sqlite3_column_text(q, 0) : NULL;
	dot = key && g_str_has_prefix(key, "feed-") ? strchr(key, '.') : NULL;
	if (!dot)
		return NULL;
	door = door_mark(from_device_id);
	return g_strdup_printf("%.*s%s%s-%.*s", (int)(dot - key), key, MOVED, door, UNIQUE_HEX, unique);
}

/* ---- reading ---- */

static struct cache_list *read_states(struct cache *c, const char *source, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct feed_state));
	QUERY q = db_query(c, source ? STATEMENT_FEED_GET : STATEMENT_FEEDS, err);
	int more = -1;

	if (q && source)
		bind_text(q, 1, source);
	while (q && (more = db_next(c, q, err)) > 0) {
		struct feed_state s = {
			.source = column_text(q, 0, list->chunk),
			.tried_at = column_when(q, 1),
			.ok_at = column_when(q, 2),
			.error = column_text(q, 3, list->chunk),
			.etag = column_text(q, 4, list->chunk),
			.last_modified = column_text(q, 5, list->chunk),
			.rows = sqlite3_column_int64(q, 6),
		};

		g_array_append_val(list->rows, s);
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}

struct cache_list *cache_feeds(struct cache *c, GError **err)
{
	return read_states(c, NULL, err);
}

struct cache_list *cache_feed(struct cache *c, const char *source, GError **err)
{
	return read_states(c, source, err);
}

static struct feed_row read_row(sqlite3_stmt *q, GStringChunk *chunk)
{
	return (struct feed_row){
		.row_no = sqlite3_column_int64(q, 0),
		.is = {
			.key = column_text(q, 1, chunk),
			.guest = column_text(q, 2, chunk),
			.door = column_text(q, 3, chunk),
			.phone = column_text(q, 4, chunk),
			.starts_at = column_when(q, 5),
			.ends_at = column_when(q, 6),
			.status = (enum reservation_status)sqlite3_column_int(q, 7),
			.line = sqlite3_column_int(q, 8),
			.refused = column_text(q, 9, chunk),
			.note = column_text(q, 10, chunk),
		},
		.gone = sqlite3_column_int(q, 11) != 0,
		.fix = { column_text(q, 12, chunk), column_text(q, 13, chunk), column_text(q, 14, chunk) },
		.fix_by = column_text(q, 15, chunk),
		.fix_at = column_when(q, 16),
	};
}

struct cache_list *cache_feed_rows(struct cache *c, const char *source, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct feed_row));
	QUERY q = db_query(c, STATEMENT_FEED_ROWS, err);
	int more = -1;

	if (q)
		bind_text(q, 1, source);
	while (q && (more = db_next(c, q, err)) > 0) {
		struct feed_row row = read_row(q, list->chunk);

		g_array_append_val(list->rows, row);
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}

struct cache_list *cache_feed_acts(struct cache *c, const char *mark, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct feed_act));
	QUERY q = db_query(c, STATEMENT_FEED_CODES, err);
	int more = -1;

	if (q)
		bind_text(q, 1, mark);
	while (q && (more = db_next(c, q, err)) > 0) {
		struct feed_act act = {
			.intent_no = sqlite3_column_int64(q, 0),
			.kind = intent_kind_of((const char *)sqlite3_column_text(q, 1)),
			.state = (enum intent_state)sqlite3_column_int(q, 2),
			.dismissed = sqlite3_column_int(q, 3) != 0,
			.device_id = column_text(q, 4, list->chunk),
			.access_code_id = column_text(q, 5, list->chunk),
			.starts_at = { sqlite3_column_int64(q, 6) },
			.ends_at = { sqlite3_column_int64(q, 7) },
			.name = column_text(q, 8, list->chunk),
			.message = column_text(q, 9, list->chunk),
			.code_no = sqlite3_column_int64(q, 10),
			.lock_no = sqlite3_column_int64(q, 11),
			.key = column_text(q, 12, list->chunk),
			.pin = column_text(q, 13, list->chunk),
		};

		g_array_append_val(list->rows, act);
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}

struct cache_list *cache_feed_locks(struct cache *c, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct feed_lock));
	QUERY q = db_query(c, STATEMENT_FEED_LOCKS, err);
	int more = -1;

	while (q && (more = db_next(c, q, err)) > 0) {
		struct feed_lock lock = { sqlite3_column_int64(q, 0), column_text(q, 1, list->chunk),
					  column_text(q, 2, list->chunk), column_text(q, 3, list->chunk),
					  column_text(q, 4, list->chunk) };

		g_array_append_val(list->rows, lock);
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}

GHashTable *cache_all_pins(struct cache *c, GError **err)
{
	GHashTable *pins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	QUERY q = db_query(c, STATEMENT_FEED_PINS, err);
	int more = -1;

	/* One that does not open is nobody's to compare with. */
	while (q && (more = db_next(c, q, err)) > 0)
		if (sqlite3_column_type(q, 0) != SQLITE_NULL)
			g_hash_table_add(pins, g_strdup((const char *)sqlite3_column_text(q, 0)));
	if (more == 0)
		return pins;
	g_hash_table_unref(pins);
	return NULL;
}

/* ---- writing ---- */

static bool run_for(struct cache *c, enum statement s, const char *source, struct instant at, GError **err)
{
	QUERY q = db_query(c, s, err);

	if (!q)
		return false;
	bind_text(q, 1, source);
	if (sqlite3_bind_parameter_count(q) > 1)
		sqlite3_bind_int64(q, 2, at.ms);
	return db_run(c, q, err);
}

static bool put_row(struct cache *c, const char *source, const struct reservation *r, GError **err)
{
	QUERY q = db_query(c, STATEMENT_FEED_ROW_PUT, err);
	g_autofree char *door = text_fold(r->door ? r->door : "");
	g_autofree char *line = g_strdup_printf("line %d", r->line);

	if (!q)
		return false;
	bind_text(q, 1, source);
	/* What was refused may have the key of another row, or none. */
	bind_text(q, 2, r->refused ? line : r->key);
	bind_text(q, 3, r->refused ? "\x1f" : door);
	bind_text(q, 4, r->guest);
	bind_text(q, 5, r->door);
	bind_text(q, 6, r->phone);
	bind_when(q, 7, r->starts_at);
	bind_when(q, 8, r->ends_at);
	sqlite3_bind_int(q, 9, (int)r->status);
	sqlite3_bind_int(q, 10, r->line);
	bind_text(q, 11, r->refused);
	bind_text(q, 12, r->note);
	return db_run(c, q, err);
}

static bool note_good(struct cache *c, const char *source, const char *etag, const char *last_modified,
		      struct instant now, GError **err)
{
	QUERY q = db_query(c, STATEMENT_FEED_GOOD, err);

	if (!q)
		return false;
	bind_text(q, 1, source);
	sqlite3_bind_int64(q, 2, now.ms);
	bind_text(q, 3, etag);
	bind_text(q, 4, last_modified);
	return db_run(c, q, err);
}

bool cache_feed_store(struct cache *c, const char *source, const GArray *rows, bool partial, const char *etag,
		      const char *last_modified, struct instant now, GError **err)
{
	struct scope scope;
	bool ok;

	if (!scope_begin(c, &scope, err))
		return false;
	ok = (partial || run_for(c, STATEMENT_FEED_ROWS_GONE, source, now, err)) &&
	     run_for(c, STATEMENT_FEED_ROWS_REFUSED, source, now, err);
	for (guint i = 0; ok && i < rows->len; i++)
		ok = put_row(c, source, &g_array_index(rows, struct reservation, i), err);
	ok = ok && run_for(c, STATEMENT_FEED_ROWS_OLD, source, instant_add_ms(now, -KEPT_MS), err) &&
	     note_good(c, source, etag, last_modified, now, err);
	return scope_end(c, &scope, ok, err);
}

bool cache_feed_tried(struct cache *c, const char *source, const char *error, struct instant now, GError **err)
{
	OWN(cache_list) struct cache_list *known = error ? NULL : cache_feed(c, source, NULL);
	QUERY q = NULL;

	if (known && known->rows->len) {
		const struct feed_state *s = cache_list_at(known, struct feed_state, 0);

		return note_good(c, source, s->etag, s->last_modified, now, err);
	}
	q = db_query(c, STATEMENT_FEED_TRIED, err);
	if (!q)
		return false;
	bind_text(q, 1, source);
	sqlite3_bind_int64(q, 2, now.ms);
	bind_text(q, 3, error);
	return db_run(c, q, err);
}

bool cache_feed_fix(struct cache *c, int64_t row_no, enum feed_fix fix, const char *text, const char *by,
		    struct instant now, GError **err)
{
	QUERY q = !desk_may(c, err) ? NULL : db_query(c, STATEMENT_FEED_FIX, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, row_no);
	sqlite3_bind_int(q, 2, (int)fix);
	bind_text(q, 3, text);
	bind_text(q, 4, by);
	sqlite3_bind_int64(q, 5, now.ms);
	return db_run_one(c, q, "this row is not there any more", err);
}
