/* engine_fill - a store as it is when a million codes have been set, made in seconds.
 *
 * The first code is put through the store. The others are copies of its row with their own ids,
 * PINs, names and times, written by SQLite without indexes and without waiting for the disk: how
 * long that takes is nobody's measure. */
#include "config.h"

#include <sqlite3.h>
#include <string.h>
#include <time.h>

#include "bench/engine_house.h"
#include "engine/store.h"
#include "engine/store_seal.h"

static char *code_id(int code)
{
	return g_strdup_printf("%08x-0000-4000-8000-c%011d", (unsigned)code * 2654435761u, code);
}

static void put_lock(struct store *s, int lock)
{
	g_autofree char *id = device_id(lock);
	struct store_device d = {
		.device_id = id, .device_type = SYSTEM, .name = id, .zone = "Europe/Berlin",
		.account_id = "account", .account_name = "House", .created_at = NOON,
		.managed = true, .online = true, .locked = true, .battery_pct = 80,
		.can_lock = true, .can_unlock = true, .read_at = NOON, .first_read_done = true,
	};
	GError *err = NULL;

	must(store_put_device(s, &d, &err), err);
}

static void put_code(struct store *s, const struct house *h, int code)
{
	g_autofree char *id = code_id(code);
	g_autofree char *device = device_id(code % h->locks);
	char pin[8], name[32], handle[16];
	struct on_lock is = on_lock(h, code, pin, name);
	struct store_code c = {
		.access_code_id = id, .device_id = device, .name = name, .pin = pin,
		.managed = true, .starts_at = is.starts_at, .ends_at = is.ends_at,
		.created_at = is.starts_at, .prefer_native = true,
		.removal_asked_at = INSTANT_NONE, .asked_at = INSTANT_NONE,
		.done = { .belief = BELIEF_PROVEN, .last = is, .last_try_at = is.starts_at,
			  .first_try_at = INSTANT_NONE },
		.handle = handle, .shown_name = name, .status = "set", .reason = REASON_PROVEN,
		.next_look = is.ends_at, .next_try_text = INSTANT_NONE, .ever_set = true,
	};
	GError *err = NULL;

	g_snprintf(handle, sizeof(handle), "%d", code);
	must(store_put_code(s, &c, &err), err);
}


static void sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK)
		return;
	must(false, g_error_new(KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s: %s", text, sqlite3_errmsg(db)));
}

static sqlite3 *open_raw(const char *path)
{
	sqlite3 *db = NULL;

	must(sqlite3_open(path, &db) == SQLITE_OK, NULL);
	sql(db, "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000");
	return db;
}

/* The indexes of the codes that can be made again, dropped; the statements that make them. */
static GPtrArray *drop_indexes(sqlite3 *db)
{
	GPtrArray *made = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) drops = g_ptr_array_new_with_free_func(g_free);
	sqlite3_stmt *q = NULL;

	sqlite3_prepare_v2(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'index'"
			       " AND tbl_name = 'access_code' AND sql IS NOT NULL", -1, &q, NULL);
	while (sqlite3_step(q) == SQLITE_ROW) {
		g_ptr_array_add(drops, g_strdup_printf("DROP INDEX %s", sqlite3_column_text(q, 0)));
		g_ptr_array_add(made, g_strdup((const char *)sqlite3_column_text(q, 1)));
	}
	sqlite3_finalize(q);
	for (guint i = 0; i < drops->len; i++)
		sql(db, g_ptr_array_index(drops, i));
	return made;
}

static void copy_code(sqlite3 *db, sqlite3_stmt *change, sqlite3_stmt *copy, const struct house *h,
		      const struct vault *v, int code)
{
	g_autofree char *id = code_id(code);
	g_autofree char *device = device_id(code % h->locks);
	char pin[8], name[32], handle[16];
	struct on_lock is = on_lock(h, code, pin, name);
	const struct seal_place at = { v, "access code", id, "pin" };
	g_autofree char *sealed = seal_pin(&at, pin, NULL);
	const char *texts[] = { id, device, sealed, name, handle };
	unsigned char mark[VAULT_MARK_BYTES];

	seal_mark(v, device, pin, mark, NULL);
	g_snprintf(handle, sizeof(handle), "%d", code);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		sqlite3_bind_text(change, (int)i + 1, texts[i], -1, SQLITE_STATIC);
	sqlite3_bind_int64(change, 6, is.starts_at.ms);
	sqlite3_bind_int64(change, 7, is.ends_at.ms);
	sqlite3_bind_int(change, 8, code + 1);
	sqlite3_bind_blob(change, 9, mark, sizeof mark, SQLITE_TRANSIENT);
	must(sqlite3_step(change) == SQLITE_DONE && sqlite3_step(copy) == SQLITE_DONE,
	     g_error_new(KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s", sqlite3_errmsg(db)));
	sqlite3_reset(change);
	sqlite3_reset(copy);
}

static void copy_codes(const char *path, const struct house *h)
{
	sqlite3 *db = open_raw(path);
	g_autoptr(GPtrArray) indexes = drop_indexes(db);
	g_autofree char *key = g_strconcat(path, ".seal.key", NULL);
	OWN(vault) struct vault *v = vault_open(key, VAULT_FIND, NULL);
	sqlite3_stmt *change = NULL, *copy = NULL;

	must(v, NULL);
	sql(db, "BEGIN; CREATE TEMP TABLE one AS SELECT * FROM access_code");
	must(sqlite3_prepare_v2(db,
				"UPDATE one SET access_code_id = ?1, device_id = ?2, pin = ?3,"
				" pin_mark = ?9, name = ?4, last_name = ?4, shown_name = ?4,"
				" handle = ?5, starts_at = ?6, last_starts_at = ?6, created_at = ?6,"
				" last_try_at = ?6, ends_at = ?7, last_ends_at = ?7, next_look = ?7,"
				" code_no = ?8", -1, &change, NULL) == SQLITE_OK &&
	     sqlite3_prepare_v2(db, "INSERT INTO access_code SELECT * FROM one", -1, &copy, NULL) ==
		     SQLITE_OK, NULL);
	for (int i = 1; i < h->codes; i++)
		copy_code(db, change, copy, h, v, i);
	sqlite3_finalize(change);
	sqlite3_finalize(copy);
	sql(db, "COMMIT");
	for (guint i = 0; i < indexes->len; i++)
		sql(db, g_ptr_array_index(indexes, i));
	sql(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_close(db);
}

void fill(const char *path, const struct house *h)
{
	g_autofree char *url = g_strconcat("sqlite:", path, NULL);
	GError *err = NULL;
	struct store *s = store_open(url, &err);

	must(s, err);
	must(store_begin(s, &err), err);
	for (int i = 0; i < h->locks; i++)
		put_lock(s, i);
	put_code(s, h, 0);
	must(store_commit(s, &err), err);
	store_close(s);
	copy_codes(path, h);
}

double bare_moves(const char *path, int rows, double *work)
{
	enum { AT_ONCE = 32 };
	gint64 begun;
	clock_t worked;
	sqlite3 *db = open_raw(path);
	sqlite3_stmt *to = NULL, *out = NULL;

	sql(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"CREATE TABLE live(id TEXT NOT NULL UNIQUE, rest TEXT);"
		"CREATE TABLE past(id TEXT NOT NULL UNIQUE, rest TEXT);");
	sql(db, "BEGIN");
	for (int i = 0; i < rows; i++) {
		g_autofree char *id = code_id(i);
		g_autofree char *row = g_strdup_printf("INSERT INTO live VALUES('%s',"
						       " printf('%%400s', '%d'))", id, i);
		sql(db, row);
	}
	sql(db, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	begun = g_get_monotonic_time();
	worked = clock();
	sqlite3_prepare_v2(db, "INSERT INTO past SELECT * FROM live WHERE id = ?1", -1, &to, NULL);
	sqlite3_prepare_v2(db, "DELETE FROM live WHERE id = ?1", -1, &out, NULL);
	for (int i = 0; i < rows; i++) {
		g_autofree char *id = code_id(i);

		if (i % AT_ONCE == 0)
			sql(db, "BEGIN");
		sqlite3_bind_text(to, 1, id, -1, SQLITE_STATIC);
		sqlite3_bind_text(out, 1, id, -1, SQLITE_STATIC);
		must(sqlite3_step(to) == SQLITE_DONE && sqlite3_step(out) == SQLITE_DONE, NULL);
		sqlite3_reset(to);
		sqlite3_reset(out);
		if (i % AT_ONCE == AT_ONCE - 1 || i == rows - 1)
			sql(db, "COMMIT");
	}
	*work = (double)(clock() - worked) / CLOCKS_PER_SEC;
	sqlite3_finalize(to);
	sqlite3_finalize(out);
	sqlite3_close(db);
	return (double)(g_get_monotonic_time() - begun) / 1e6;
}
