/* store_sqlite_db - statements prepared once, stepped with errors in words; rows; transactions. */
#include "engine/store_sqlite.h"

#include "core/jsonout.h"

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

#define DAMAGED "the store is damaged: stop keyrackd and put the latest copy of the file back"
static const struct {
	int result; /* primary result code */
	enum keyrack_error code;
	const char *words;
} failures[] = {
	{ SQLITE_FULL, KEYRACK_ERROR_IO, "the disk is full: make room, then try again" },
	{ SQLITE_IOERR, KEYRACK_ERROR_IO,
	  "the disk could not be read or written: see whether it is full or failing" },
	{ SQLITE_CANTOPEN, KEYRACK_ERROR_IO,
	  "the store cannot be opened: check that its folder "
	  "exists and that keyrackd may write there" },
	{ SQLITE_READONLY, KEYRACK_ERROR_IO,
	  "the store cannot be written: check the rights of its file and folder" },
	{ SQLITE_PERM, KEYRACK_ERROR_IO, "the store may not be opened: check its file's rights" },
	{ SQLITE_CORRUPT, KEYRACK_ERROR_CORRUPT, DAMAGED },
	{ SQLITE_NOTADB, KEYRACK_ERROR_CORRUPT, DAMAGED },
	{ SQLITE_BUSY, KEYRACK_ERROR_BUSY, "the store is in use by another process: try again" },
	{ SQLITE_LOCKED, KEYRACK_ERROR_BUSY, "the store is in use: try again" },
	{ SQLITE_NOMEM, KEYRACK_ERROR_FAILED, "there is not enough memory" },
};

void sq_error(sqlite3 *db, GError **err)
{
	int result = db ? sqlite3_errcode(db) & 0xff : SQLITE_NOMEM;

	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		if (failures[i].result != result)
			continue;
		g_set_error(err, KEYRACK_ERROR, failures[i].code, "%s (%s)", failures[i].words,
			    sqlite3_errstr(db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM));
		return;
	}
	/* errmsg may quote SQL and name columns, never a bound value. */
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "the store failed: %s",
		    sqlite3_errmsg(db));
}

bool sq_exec(sqlite3 *db, const char *sql, GError **err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	sq_error(db, err);
	return false;
}

/* Nothing was written: whether it ends well makes no difference. */
static void stop_reading(struct sq *s)
{
	if (!s->reading)
		return;
	s->reading = false;
	if (sqlite3_step(s->statements[STATEMENT_COMMIT]) != SQLITE_DONE)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_reset(s->statements[STATEMENT_COMMIT]);
}

sqlite3_stmt *sq_query(struct sq *s, enum statement n, GError **err)
{
	if (!s->statements[n] &&
	    sqlite3_prepare_v3(s->db, table[n].sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &s->statements[n], NULL) != SQLITE_OK) {
		sq_error(s->db, err);
		return NULL;
	}
	if (s->reading && !sqlite3_stmt_readonly(s->statements[n]))
		stop_reading(s);
	return s->statements[n];
}

void sq_release(sqlite3_stmt **q)
{
	if (!*q)
		return;
	sqlite3_reset(*q);
	sqlite3_clear_bindings(*q);
}

/* A full disk, a file that may not be written, one that is torn: not a row that does not fit. */
static bool is_trouble(sqlite3 *db)
{
	int result = sqlite3_errcode(db) & 0xff;

	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		if (failures[i].result == result)
			return failures[i].code != KEYRACK_ERROR_BUSY;
	}
	return false;
}

int sq_next(struct sq *s, sqlite3_stmt *q, GError **err)
{
	switch (sqlite3_step(q)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		s->failing |= is_trouble(s->db);
		sq_error(s->db, err);
		return -1;
	}
}

bool sq_run(struct sq *s, sqlite3_stmt *q, GError **err)
{
	/* BEGIN IMMEDIATE is one that writes, too. */
	if (!sqlite3_stmt_readonly(q) && sqlite3_get_autocommit(s->db) && !sq_is_there(s, err))
		return false;
	if (sq_next(s, q, err) < 0)
		return false;
	/* By itself, and so in the file. */
	if (s->failing && !sqlite3_stmt_readonly(q) && sqlite3_get_autocommit(s->db) &&
	    sqlite3_changes(s->db) > 0)
		s->failing = false;
	return true;
}

static void not_found(const char *what, const char *id, GError **err)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "there is no %s %s", what, id);
}

bool sq_run_on(struct sq *s, enum statement n, const char *id, const char *what, GError **err)
{
	QUERY q = sq_query(s, n, err);

	if (!q)
		return false;
	bind_words(q, 1, id);
	if (!sq_run(s, q, err))
		return false;
	if (sqlite3_changes(s->db) > 0)
		return true;
	not_found(what, id, err);
	return false;
}

int64_t sq_number(struct sq *s, sqlite3_stmt *q, int64_t otherwise)
{
	if (!q || sq_next(s, q, NULL) <= 0 || sqlite3_column_type(q, 0) == SQLITE_NULL)
		return otherwise;
	return sqlite3_column_int64(q, 0);
}

bool sq_put(struct sq *s, enum statement n, const struct row_type *type, const void *row,
	    GError **err)
{
	QUERY q = sq_query(s, n, err);

	if (!q)
		return false;
	return columns_put(s->vault, q, 1, type, row, err) && sq_run(s, q, err);
}

struct store_list *sq_rows(struct sq *s, sqlite3_stmt *q, const struct row_type *type,
			   struct store_page *page, GError **err)
{
	struct store_list *list = store_list_new(type->size);
	guint n = 0;
	int more;

	if (page)
		page->has_more = false;
	while ((more = sq_next(s, q, err)) > 0) {
		if (page && page->limit > 0 && n == (guint)page->limit) {
			page->has_more = true;
			return list;
		}
		g_array_set_size(list->rows, ++n);
		if (!columns_get(s->vault, q, 0, type, list->rows->data + (n - 1) * type->size, list->chunk, err)) {
			more = -1;
			break;
		}
	}
	if (more == 0)
		return list;
	store_list_free(list);
	return NULL;
}

struct store_list *sq_row(struct sq *s, enum statement n, const struct row_type *type,
			  const char *id, GError **err)
{
	QUERY q = sq_query(s, n, err);
	struct store_list *list;

	if (!q)
		return NULL;
	bind_words(q, 1, id);
	list = sq_rows(s, q, type, NULL, err);
	if (list && list->rows->len == 0) {
		not_found(type->what, id, err);
		g_clear_pointer(&list, store_list_free);
	}
	return list;
}

void sq_bind_page(sqlite3_stmt *q, const struct store_page *page)
{
	bool goes_on = page && page->after_id;

	/* One more than asked for tells whether there are others. */
	sqlite3_bind_int64(q, 1, goes_on ? page->after_created_at.ms : INSTANT_NONE.ms);
	bind_words(q, 2, goes_on ? page->after_id : "");
	sqlite3_bind_int64(q, 3, page && page->limit > 0 ? (int64_t)page->limit + 1 : -1);
}

void sq_bind_array(sqlite3_stmt *q, int i, const char *const *texts)
{
	GString *json;

	if (!texts) {
		sqlite3_bind_null(q, i);
		return;
	}
	json = g_string_new(NULL);
	jsonout_array(json, NULL);
	for (; *texts; texts++)
		jsonout_string(json, NULL, *texts);
	jsonout_array_end(json);
	sqlite3_bind_text(q, i, g_string_free(json, FALSE), -1, g_free);
}

static bool run_alone(struct store *s, enum statement n, GError **err)
{
	QUERY q = sq_query(sq_of(s), n, err);

	return q && sq_run(sq_of(s), q, err);
}

bool sqlite_begin(struct store *s, GError **err)
{
	sq_of(s)->changes = sqlite3_total_changes(sq_of(s)->db);
	sq_of(s)->head_known = false;
	return run_alone(s, STATEMENT_BEGIN, err);
}

bool sqlite_commit(struct store *s, GError **err)
{
	bool wrote = sqlite3_total_changes(sq_of(s)->db) != sq_of(s)->changes;

	sq_of(s)->head_known = false;
	if (run_alone(s, STATEMENT_COMMIT, err)) {
		/* One that wrote nothing says nothing of the disk. */
		if (wrote)
			sq_of(s)->failing = false;
		return true;
	}
	sqlite_rollback(s);
	return false;
}

/* Without a try, who is taken out of service for it would never be asked to write again. */
bool sqlite_fails(struct store *s)
{
	if (sq_of(s)->failing && sq_alone(sq_of(s)))
		sqlite_fact_set(s, "written_again", "yes", NULL);
	return sq_of(s)->failing;
}

void sqlite_rollback(struct store *s)
{
	sq_of(s)->head_known = false;
	/* A full disk has rolled back by itself already. */
	if (!sqlite3_get_autocommit(sq_of(s)->db))
		sqlite3_exec(sq_of(s)->db, "ROLLBACK", NULL, NULL, NULL);
}

void sqlite_read_begin(struct store *s)
{
	struct sq *is = sq_of(s);

	/* A read that cannot begin here fails in the statements themselves, which say so. */
	if (sq_alone(is) && sq_query(is, STATEMENT_COMMIT, NULL))
		is->reading = run_alone(s, STATEMENT_BEGIN_READING, NULL);
}

void sqlite_read_end(struct store *s)
{
	stop_reading(sq_of(s));
}

bool sqlite_mark(struct store *s, GError **err)
{
	return run_alone(s, STATEMENT_MARK, err);
}

bool sqlite_unmark(struct store *s, bool keep, GError **err)
{
	sq_of(s)->head_known = sq_of(s)->head_known && keep;
	return (keep || run_alone(s, STATEMENT_BACK_TO_MARK, err)) &&
	       run_alone(s, STATEMENT_UNMARK, err);
}

bool sq_alone(struct sq *s)
{
	stop_reading(s);
	return sqlite3_get_autocommit(s->db) != 0;
}

bool scope_open(struct sq *s, struct scope *scope, GError **err)
{
	scope->own = sq_alone(s);
	return !scope->own || sqlite_begin(&s->base, err);
}

bool scope_close(struct sq *s, struct scope *scope, bool ok, GError **err)
{
	if (!scope->own)
		return ok;
	if (ok)
		return sqlite_commit(&s->base, err);
	sqlite_rollback(&s->base);
	return false;
}
