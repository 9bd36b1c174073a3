/* db - statements prepared once, stepped with errors in words; transactions; lists. */
#include "cache/db.h"

#include <string.h>

#include "core/text.h"

#define STATEMENT_ROW(name, use, sql) { #name, use, sql },
static const struct {
	const char *name;
	enum statement_use use;
	const char *sql;
} table[STATEMENT_COUNT] = { STATEMENTS(STATEMENT_ROW) };

const char *statement_name(enum statement s)
{
	return table[s].name;
}

const char *statement_sql(enum statement s)
{
	return table[s].sql;
}

enum statement_use statement_use(enum statement s)
{
	return table[s].use;
}

static const struct {
	int result; /* primary result code */
	enum keyrack_error code;
	const char *words;
} failures[] = {
	{ SQLITE_FULL, KEYRACK_ERROR_IO, "the disk is full: make room, then try again" },
	{ SQLITE_IOERR, KEYRACK_ERROR_IO,
	  "the disk could not be read or written: see whether it is full or failing" },
	{ SQLITE_CANTOPEN, KEYRACK_ERROR_IO, "the cache cannot be opened: check that its folder "
					     "exists and that you may write there" },
	{ SQLITE_READONLY, KEYRACK_ERROR_IO,
	  "the cache cannot be written: check the rights of its file and folder" },
	{ SQLITE_PERM, KEYRACK_ERROR_IO, "the cache may not be opened: check its file's rights" },
	{ SQLITE_CORRUPT, KEYRACK_ERROR_CORRUPT, "the cache is damaged: sync sets it aside and "
						 "builds a new one" },
	{ SQLITE_NOTADB, KEYRACK_ERROR_CORRUPT, "the cache is damaged: sync sets it aside and "
						"builds a new one" },
	{ SQLITE_BUSY, KEYRACK_ERROR_BUSY, "the cache is in use by another process: try again" },
	{ SQLITE_LOCKED, KEYRACK_ERROR_BUSY, "the cache is in use: try again" },
	{ SQLITE_NOMEM, KEYRACK_ERROR_FAILED, "there is not enough memory" },
};

/* Through SQLite's own descriptor: closing another one would let go of its locks. */
static bool file_is_read(sqlite3 *db, int which)
{
	enum { BLOCK = 1 << 16 };
	g_autofree char *block = g_malloc(BLOCK);
	sqlite3_file *file = NULL;
	sqlite3_int64 size = 0;

	if (sqlite3_file_control(db, "main", which, (void *)&file) != SQLITE_OK || !file || !file->pMethods)
		return true;
	if (file->pMethods->xFileSize(file, &size) != SQLITE_OK)
		return false;
	for (sqlite3_int64 at = 0; at < size; at += BLOCK) {
		int n = (int)MIN(size - at, BLOCK);
		int result = file->pMethods->xRead(file, block, n, at);

		if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ)
			return false;
	}
	return true;
}

/* SQLite takes a disk that cannot be read for a damaged file. That is not one to be set aside: what is in it
 * will be there again when the disk is. */
static bool disk_fails(sqlite3 *db)
{
	return !file_is_read(db, SQLITE_FCNTL_FILE_POINTER) || !file_is_read(db, SQLITE_FCNTL_JOURNAL_POINTER);
}

void db_error(sqlite3 *db, GError **err)
{
	int extended = db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM, result = extended & 0xff;

	if (result == SQLITE_CORRUPT && disk_fails(db))
		extended = result = SQLITE_IOERR;
	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		if (failures[i].result != result)
			continue;
		g_set_error(err, KEYRACK_ERROR, failures[i].code, "%s (%s)", failures[i].words,
			    sqlite3_errstr(extended));
		return;
	}
	/* errmsg may quote SQL, never a bound value. */
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "the cache failed: %s",
		    sqlite3_errmsg(db));
}

bool db_exec(sqlite3 *db, const char *sql, GError **err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	db_error(db, err);
	return false;
}

sqlite3_stmt *db_query(struct cache *c, enum statement s, GError **err)
{
	if (!c->statements[s] &&
	    sqlite3_prepare_v3(c->db, table[s].sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &c->statements[s], NULL) != SQLITE_OK) {
		db_error(c->db, err);
		return NULL;
	}
	return c->statements[s];
}

void db_release(sqlite3_stmt **q)
{
	if (!*q)
		return;
	sqlite3_reset(*q);
	sqlite3_clear_bindings(*q);
}

int db_next(struct cache *c, sqlite3_stmt *q, GError **err)
{
	switch (sqlite3_step(q)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		db_error(c->db, err);
		return -1;
	}
}

bool db_run(struct cache *c, sqlite3_stmt *q, GError **err)
{
	return db_next(c, q, err) >= 0;
}

bool db_run_one(struct cache *c, sqlite3_stmt *q, const char *not_there, GError **err)
{
	if (!db_run(c, q, err))
		return false;
	if (sqlite3_changes(c->db) > 0)
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, not_there);
	return false;
}

int db_run_deletes(struct cache *c, sqlite3_stmt *q, GError **err)
{
	int n = 0, more;

	while ((more = db_next(c, q, err)) > 0) {
		n++;
		c->tally.codes--;
		c->tally.unmanaged -= !sqlite3_column_int(q, 0);
	}
	return more == 0 ? n : -1;
}

int64_t db_int(struct cache *c, sqlite3_stmt *q, int64_t otherwise)
{
	if (!q || db_next(c, q, NULL) <= 0 || sqlite3_column_type(q, 0) == SQLITE_NULL)
		return otherwise;
	return sqlite3_column_int64(q, 0);
}

void cache_look_begin(struct cache *c)
{
	if (c->lookers++ == 0 && sqlite3_get_autocommit(c->db))
		c->looking = db_exec(c->db, "BEGIN", NULL);
}

static void look_away(struct cache *c)
{
	if (c->looking && !sqlite3_get_autocommit(c->db))
		sqlite3_exec(c->db, "COMMIT", NULL, NULL, NULL);
	c->looking = false;
}

void cache_look_end(struct cache *c)
{
	if (--c->lookers == 0)
		look_away(c);
}

bool cache_begin(struct cache *c, GError **err)
{
	look_away(c);
	c->awaited = AWAITED_UNKNOWN;
	if (c->lingering) {
		c->lingering = false;
		if (!sqlite3_get_autocommit(c->db))
			return true;
		/* A full disk took it back; whoever counts on it must know. */
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "what was stored could not be kept: see whether the disk is full");
		return false;
	}
	if (!db_exec(c->db, "BEGIN IMMEDIATE", err))
		return false;
	sealing_begin(c->sealing, 0);
	return true;
}

static bool write_tally(struct cache *c, GError **err)
{
	QUERY q = NULL;
	const struct tally *t = &c->tally;

	if (t->codes == 0 && t->unmanaged == 0 && t->events == 0)
		return true;
	q = db_query(c, STATEMENT_TALLY_ADD, err);
	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, t->codes);
	sqlite3_bind_int64(q, 2, t->unmanaged);
	sqlite3_bind_int64(q, 3, t->events);
	return db_run(c, q, err);
}

bool cache_commit(struct cache *c, GError **err)
{
	if (write_tally(c, err) && db_exec(c->db, "COMMIT", err)) {
		sealing_end(c->sealing);
		c->tally = (struct tally){ 0 };
		return true;
	}
	cache_rollback(c);
	return false;
}

void cache_linger(struct cache *c)
{
	c->lingering = true;
}

bool cache_flush(struct cache *c, GError **err)
{
	return !c->lingering || (cache_begin(c, err) && cache_commit(c, err));
}

void cache_rollback(struct cache *c)
{
	c->lingering = false;
	c->tally = (struct tally){ 0 };
	g_clear_pointer(&c->device_id, g_free); /* the lock may have been taken back along */
	sealing_end(c->sealing);
	/* A full disk has rolled back by itself already. */
	if (!sqlite3_get_autocommit(c->db))
		sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
}

bool scope_begin(struct cache *c, struct scope *s, GError **err)
{
	look_away(c);
	s->own = c->lingering || sqlite3_get_autocommit(c->db);
	return !s->own || cache_begin(c, err);
}

bool scope_end(struct cache *c, struct scope *s, bool ok, GError **err)
{
	if (!s->own)
		return ok;
	if (ok)
		return cache_commit(c, err);
	cache_rollback(c);
	return false;
}

struct cache_list *list_new(size_t row_size)
{
	struct cache_list *list = g_new(struct cache_list, 1);

	list->rows = g_array_new(FALSE, TRUE, (guint)row_size);
	list->chunk = g_string_chunk_new(4096);
	return list;
}

struct cache_list *list_read(struct cache *c, sqlite3_stmt *q, size_t row_size,
			     void (*read)(sqlite3_stmt *q, void *row, GStringChunk *chunk), GError **err)
{
	struct cache_list *list = list_new(row_size);
	int more = -1;

	while (q && (more = db_next(c, q, err)) > 0) {
		g_array_set_size(list->rows, list->rows->len + 1);
		read(q, list->rows->data + (list->rows->len - 1) * row_size, list->chunk);
	}
	if (more == 0)
		return list;
	cache_list_free(list);
	return NULL;
}

void cache_list_free(struct cache_list *list)
{
	if (!list)
		return;
	g_array_unref(list->rows);
	g_string_chunk_free(list->chunk);
	g_free(list);
}

char *sort_key(const char *name)
{
	g_autofree char *folded = text_fold(name ? name : "");
	GString *key = g_string_new(NULL);

	for (const char *p = folded; *p;) {
		size_t digits = strspn(p, "0123456789");

		if (digits == 0) {
			g_string_append_c(key, *p++);
			continue;
		}
		for (size_t pad = digits; pad < 10; pad++)
			g_string_append_c(key, '0');
		g_string_append_len(key, p, (gssize)digits);
		p += digits;
	}
	return g_string_free(key, FALSE);
}
