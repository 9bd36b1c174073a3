/* rotas - see the header. */
#include "cache/rotas.h"

#include <string.h>

#include "cache/db.h"
#include "cache/outbox_moves.h"
#include "core/text.h"

#define MARK_PREFIX "rota-"
#define ID_LENGTH   13 /* of a random uuid: 48 bits and a dash */

char *rota_mark(const struct rota *r)
{
	return g_strconcat(MARK_PREFIX, r->rota_id, NULL);
}

/* ---- reading ---- */

static void read_rota(sqlite3_stmt *q, void *row, GStringChunk *chunk)
{
	*(struct rota *)row = (struct rota){
		.rota_no = sqlite3_column_int64(q, 0),
		.rota_id = column_text(q, 1, chunk),
		.name = column_text(q, 2, chunk),
		.name_folded = column_text(q, 3, chunk),
		.pin = column_text(q, 4, chunk),
		.hours = { (unsigned)sqlite3_column_int(q, 5), sqlite3_column_int(q, 6), sqlite3_column_int(q, 7) },
		.first_day = sqlite3_column_int64(q, 8),
		.last_day = sqlite3_column_type(q, 9) == SQLITE_NULL ? ROTA_NO_END : sqlite3_column_int64(q, 9),
		.made_by = column_text(q, 10, chunk),
		.made_at = column_when(q, 11),
		.held_by = column_text(q, 12, chunk),
		.held_at = column_when(q, 13),
		.ended_by = column_text(q, 14, chunk),
		.ended_at = column_when(q, 15),
	};
}

static void read_door(sqlite3_stmt *q, void *row, GStringChunk *chunk)
{
	*(struct rota_door *)row = (struct rota_door){
		.device_id = column_text(q, 0, chunk),
		.pin = column_text(q, 1, chunk),
		.lock_no = sqlite3_column_int64(q, 2),
		.lock_name = column_text(q, 3, chunk),
		.zone = column_text(q, 4, chunk),
	};
}

struct cache_list *cache_rotas(struct cache *c, struct instant since, GError **err)
{
	QUERY q = db_query(c, STATEMENT_ROTAS, err);

	if (q)
		sqlite3_bind_int64(q, 1, since.ms);
	return list_read(c, q, sizeof(struct rota), read_rota, err);
}

struct cache_list *cache_rota(struct cache *c, int64_t rota_no, GError **err)
{
	QUERY q = db_query(c, STATEMENT_ROTA_GET, err);

	if (q)
		sqlite3_bind_int64(q, 1, rota_no);
	return list_read(c, q, sizeof(struct rota), read_rota, err);
}

struct cache_list *cache_rota_of_key(struct cache *c, const char *common_code_key, GError **err)
{
	bool ours = common_code_key && g_str_has_prefix(common_code_key, MARK_PREFIX);
	const char *id = ours ? common_code_key + strlen(MARK_PREFIX) : "";
	g_autofree char *whole = g_strndup(id, strcspn(id, "."));
	QUERY q = db_query(c, STATEMENT_ROTA_OF_ID, err);

	if (q)
		bind_text(q, 1, whole);
	return list_read(c, q, sizeof(struct rota), read_rota, err);
}

struct cache_list *cache_rota_doors(struct cache *c, int64_t rota_no, GError **err)
{
	QUERY q = db_query(c, STATEMENT_ROTA_DOORS, err);

	if (q)
		sqlite3_bind_int64(q, 1, rota_no);
	return list_read(c, q, sizeof(struct rota_door), read_door, err);
}

/* ---- writing ---- */

static bool put_doors(struct cache *c, int64_t rota_no, const GArray *lock_nos, GError **err)
{
	bool ok = true;

	for (guint i = 0; ok && i < lock_nos->len; i++) {
		QUERY q = db_query(c, STATEMENT_ROTA_DOOR_ADD, err);

		if (q) {
			sqlite3_bind_int64(q, 1, rota_no);
			sqlite3_bind_int64(q, 2, g_array_index(lock_nos, int64_t, i));
		}
		ok = q && db_run(c, q, err);
	}
	return ok;
}

/* From ?first on: name, folded name, pin, hours, days, by whom, when. */
static void bind_rota(sqlite3_stmt *q, const struct rota *r, const char *folded, const char *by, struct instant now)
{
	bind_text(q, 2, r->name);
	bind_text(q, 3, folded);
	bind_text(q, 4, r->pin);
	sqlite3_bind_int(q, 5, (int)r->hours.days);
	sqlite3_bind_int(q, 6, r->hours.begins_min);
	sqlite3_bind_int(q, 7, r->hours.ends_min);
	sqlite3_bind_int64(q, 8, r->first_day);
	if (r->last_day == ROTA_NO_END)
		sqlite3_bind_null(q, 9);
	else
		sqlite3_bind_int64(q, 9, r->last_day);
	bind_text(q, 10, by);
	sqlite3_bind_int64(q, 11, now.ms);
}

static int64_t insert(struct cache *c, const struct rota *r, const char *by, struct instant now, GError **err)
{
	g_autofree char *uuid = g_uuid_string_random(), *folded = text_fold(r->name);
	QUERY q = db_query(c, STATEMENT_ROTA_ADD, err);

	if (!q)
		return 0;
	uuid[ID_LENGTH] = '\0';
	bind_text(q, 1, uuid);
	bind_rota(q, r, folded, by, now);
	return db_run(c, q, err) ? sqlite3_last_insert_rowid(c->db) : 0;
}

int64_t cache_rota_add(struct cache *c, const struct rota *r, const GArray *lock_nos, const char *by,
		       struct instant now, GError **err)
{
	int64_t rota_no;
	bool ok;

	if (!durable_begin(c, err))
		return 0;
	rota_no = insert(c, r, by, now, err);
	ok = rota_no && put_doors(c, rota_no, lock_nos, err);
	return durable_end(c, ok, err) ? rota_no : 0;
}

static const char *const ended = "this rota has ended already";

static bool update(struct cache *c, const struct rota *r, const char *by, struct instant now, GError **err)
{
	g_autofree char *folded = text_fold(r->name);
	QUERY q = db_query(c, STATEMENT_ROTA_CHANGE, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, r->rota_no);
	bind_rota(q, r, folded, by, now);
	return db_run_one(c, q, ended, err);
}

static bool run_on(struct cache *c, enum statement s, int64_t rota_no, GError **err)
{
	QUERY q = db_query(c, s, err);

	if (q)
		sqlite3_bind_int64(q, 1, rota_no);
	return q && db_run(c, q, err);
}

/* A door that stays keeps the PIN that it has instead of the rota's, unless that is given anew. */
static bool put_doors_again(struct cache *c, const struct rota *r, const GArray *lock_nos, GError **err)
{
	OWN(cache_list) struct cache_list *before = cache_rota_doors(c, r->rota_no, err);
	bool ok = before && run_on(c, STATEMENT_ROTA_DOORS_CLEAR, r->rota_no, err) &&
		  put_doors(c, r->rota_no, lock_nos, err);

	for (guint i = 0; ok && !r->pin && i < before->rows->len; i++) {
		const struct rota_door *d = cache_list_at(before, struct rota_door, i);

		ok = !d->pin || cache_rota_pin(c, r->rota_no, d->device_id, d->pin, err);
	}
	return ok;
}

bool cache_rota_change(struct cache *c, const struct rota *r, const GArray *lock_nos, const char *by,
		       struct instant now, GError **err)
{
	if (!durable_begin(c, err))
		return false;
	bool ok = update(c, r, by, now, err) && put_doors_again(c, r, lock_nos, err);

	return durable_end(c, ok, err);
}

static bool stamp(struct cache *c, enum statement s, int64_t rota_no, const char *by, struct instant at, GError **err)
{
	QUERY q = !desk_may(c, err) ? NULL : db_query(c, s, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, rota_no);
	bind_text(q, 2, by);
	bind_when(q, 3, at);
	return db_run_one(c, q, ended, err);
}

bool cache_rota_hold(struct cache *c, int64_t rota_no, bool held, const char *by, struct instant now, GError **err)
{
	return stamp(c, STATEMENT_ROTA_HOLD, rota_no, held ? by : NULL, held ? now : INSTANT_NONE, err);
}

bool cache_rota_end(struct cache *c, int64_t rota_no, const char *by, struct instant now, GError **err)
{
	return stamp(c, STATEMENT_ROTA_END, rota_no, by, now, err);
}

bool cache_rota_pin(struct cache *c, int64_t rota_no, const char *device_id, const char *pin, GError **err)
{
	QUERY q = db_query(c, device_id ? STATEMENT_ROTA_DOOR_PIN : STATEMENT_ROTA_PIN, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, rota_no);
	bind_text(q, 2, device_id ? device_id : pin);
	if (device_id)
		bind_text(q, 3, pin);
	return db_run(c, q, err);
}

bool cache_rota_pin_seen(struct cache *c, const char *pin, GError **err)
{
	static const enum statement both[] = { STATEMENT_ROTA_PIN_SEEN, STATEMENT_ROTA_DOOR_PIN_SEEN };
	bool ok = true;

	for (size_t i = 0; ok && i < G_N_ELEMENTS(both); i++) {
		QUERY q = db_query(c, both[i], err);

		if (q)
			bind_text(q, 1, pin);
		ok = q && db_run(c, q, err);
	}
	return ok;
}
