/* store_sqlite - what its files share: the open database, its statements, its errors. */
#ifndef KEYRACK_ENGINE_STORE_SQLITE_H
#define KEYRACK_ENGINE_STORE_SQLITE_H

#include <sqlite3.h>
#include <sys/types.h>

#include "engine/store_ops.h"
#include "engine/store_sqlite_statements.h"

#define STORE_VERSION 11 /* the number of migrations */
#define STORE_APPLICATION_ID 0x6b657964 /* "keyd": file(1) and we know the file by it */

struct sq {
	struct store base; /* first: a struct store * is one of these */
	sqlite3 *db;
	struct vault *vault; /* of the PINs; NULL: in memory, or opened beside keyrackd */
	int lock_fd;       /* -1: opened beside keyrackd, or in memory */
	char *path;        /* NULL: in memory */
	dev_t device;      /* of the file that was opened */
	ino_t inode;
	int64_t looked_us; /* when it was last seen to be there */
	bool failing;      /* the last thing that was to be written could not be */
	int changes;       /* of the connection when the transaction began */
	struct audit_head head; /* of the audit, as far as this transaction has it */
	bool head_known;   /* never outside of one: another process may add to it */
	bool reading;      /* between read_begin and whatever is written first */
	sqlite3_stmt *statements[STATEMENT_COUNT];
};

static inline struct sq *sq_of(struct store *s)
{
	return (struct sq *)s;
}

STORE_OPS(STORE_OP_DECLARED_sqlite)
STORE_INNER_OPS(STORE_OP_DECLARED_sqlite)

/* The SQL that leads from version n to n + 1; n < STORE_VERSION. */
const char *schema_of_store(int n);
/* FAILED: another program's; TOO_NEW. Both leave the file untouched. */
bool schema_version(sqlite3 *db, const char *path, int *version, GError **err);
/* To STORE_VERSION, each step in a transaction of its own. */
bool schema_bring_up(sqlite3 *db, const char *path, GError **err);

/* Finds the key of the PINs, or makes it where nothing is sealed yet; key_path NULL: beside the store. Before
 * the schema is brought up, which needs it. CONFIG: it is lost, another one, or others can read it. */
bool seal_open(struct sq *s, const char *key_path, bool alone, GError **err);
/* After it: is it the right key? What is sealed with an older one is sealed anew. */
bool seal_settle(struct sq *s, GError **err);

/* Fills err from the latest failure of db. Never holds a bound value. */
void sq_error(sqlite3 *db, GError **err);
/* Is the file at the store's path still the one that is open? Looked at once a second at most; what
 * is written into one without a name is lost. */
bool sq_is_there(struct sq *s, GError **err);
bool sq_exec(sqlite3 *db, const char *sql, GError **err);

const char *statement_name(enum statement s);
const char *statement_sql(enum statement s);
enum statement_use statement_use(enum statement s);

/* The statement, ready to be bound: prepared when first used, kept until the store closes. NULL
 * with err. Put it into a QUERY variable, which resets it at the end of the scope. */
sqlite3_stmt *sq_query(struct sq *s, enum statement n, GError **err);
void sq_release(sqlite3_stmt **q);
#define QUERY __attribute__((cleanup(sq_release))) sqlite3_stmt *

/* 1: a row, 0: no more, -1: failed. */
int sq_next(struct sq *s, sqlite3_stmt *q, GError **err);
/* For statements without rows. */
bool sq_run(struct sq *s, sqlite3_stmt *q, GError **err);
/* For one that drops or closes the row with this id: NOT_FOUND when there was none. */
bool sq_run_on(struct sq *s, enum statement n, const char *id, const char *what, GError **err);
/* First column of the first row; otherwise when there is none or on failure. */
int64_t sq_number(struct sq *s, sqlite3_stmt *q, int64_t otherwise);

/* Inserts or updates the row; type's columns are the statement's parameters. */
bool sq_put(struct sq *s, enum statement n, const struct row_type *type, const void *row,
	    GError **err);
/* All rows of a bound statement whose columns are type's. page may be NULL. NULL: failed. */
struct store_list *sq_rows(struct sq *s, sqlite3_stmt *q, const struct row_type *type,
			   struct store_page *page, GError **err);
/* The row with this id; NULL with NOT_FOUND. */
struct store_list *sq_row(struct sq *s, enum statement n, const struct row_type *type,
			  const char *id, GError **err);
/* ?1, ?2, ?3 of a statement that ends in SQL_PAGE. */
void sq_bind_page(sqlite3_stmt *q, const struct store_page *page);
/* A JSON array of these texts, freed by SQLite; NULL: null. */
void sq_bind_array(sqlite3_stmt *q, int i, const char *const *texts);
/* For among(?, text): a set of texts, which stays the caller's; NULL: anything is among it. */
void sq_bind_set(sqlite3_stmt *q, int i, GHashTable *texts);
/* Makes among() known to the database. */
bool sq_know_sets(sqlite3 *db);

/* Several statements as one: a transaction unless the caller has one open. */
struct scope {
	bool own;
};
/* Is no transaction open in which something is written? */
bool sq_alone(struct sq *s);
bool scope_open(struct sq *s, struct scope *scope, GError **err);
/* Commits when ok, else rolls back; returns whether all went well. */
bool scope_close(struct sq *s, struct scope *scope, bool ok, GError **err);

#endif
