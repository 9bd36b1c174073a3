/* db - what the files of this folder share: the open cache, its statements, its errors. */
#ifndef KEYRACK_CACHE_DB_H
#define KEYRACK_CACHE_DB_H

#include <sqlite3.h>
#include <sys/types.h>

#include "cache/fields.h"
#include "cache/sealed.h"
#include "cache/statements.h"

struct cache {
	sqlite3 *db;
	struct sealing *sealing; /* what opens and seals PINs */
	enum cache_mode mode;
	char *path;
	dev_t dev;              /* the file that is open, whatever the path names now */
	ino_t ino;
	int64_t gen;            /* the latest comparison */
	GArray *seen;           /* of uint32_t, the gen in which each code was seen: see seen.c. NULL: a desk */
	char *device_id;        /* of the lock that the last code was put on; NULL: none */
	int64_t lock_no;        /* its number */
	enum { AWAITED_UNKNOWN, AWAITED_NONE, AWAITED_SOME } awaited; /* in this transaction: see put_code.c */
	bool all_new;           /* the last code that was put was new, so the next one may well be */
	struct tally {
		int64_t codes, unmanaged, events;
	} tally;                /* what this transaction adds to the table tally */
	bool lingering;         /* a transaction is open, and whoever begins joins it */
	struct instant (*clock)(void); /* NULL: the system's */
	bool begun_anew;        /* see rekey.h */
	bool shut;              /* who stands at the desk may only look: nothing that is wished is written */
	bool looking;           /* cache_look_begin has opened one that only reads */
	int lookers;
	GHashTable *under_way;  /* int64_t intent_no: this process is sending or settling it */
	sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* Also where the key of its PINs is gone: for rekey.h alone. */
struct cache *cache_open_lost(const char *path, bool group, GError **err);

/* Fills err from the latest failure of db. Never holds a bound value. */
void db_error(sqlite3 *db, GError **err);
bool db_exec(sqlite3 *db, const char *sql, GError **err);

const char *statement_name(enum statement s);
const char *statement_sql(enum statement s);
enum statement_use statement_use(enum statement s);

/* The statement, ready to be bound: prepared when first used, kept until the cache closes.
 * NULL with err. Put it into a QUERY variable, which resets it at the end of the scope. */
sqlite3_stmt *db_query(struct cache *c, enum statement s, GError **err);
void db_release(sqlite3_stmt **q);
#define QUERY __attribute__((cleanup(db_release))) sqlite3_stmt *

/* 1: a row, 0: no more, -1: failed. */
int db_next(struct cache *c, sqlite3_stmt *q, GError **err);
/* For statements without rows. */
bool db_run(struct cache *c, sqlite3_stmt *q, GError **err);
/* For statements that change the one row that was asked for: NOT_FOUND with the words where it is not there. */
bool db_run_one(struct cache *c, sqlite3_stmt *q, const char *not_there, GError **err);
/* For statements that delete codes, RETURNING managed: keeps the tally. How many; -1 failed. */
int db_run_deletes(struct cache *c, sqlite3_stmt *q, GError **err);
/* First column of the first row; otherwise when there is none or on failure. */
int64_t db_int(struct cache *c, sqlite3_stmt *q, int64_t otherwise);

/* Several statements as one: a transaction unless the caller has one open. */
struct scope {
	bool own;
};
bool scope_begin(struct cache *c, struct scope *s, GError **err);
/* Commits when ok, else rolls back; returns whether all went well. */
bool scope_end(struct cache *c, struct scope *s, bool ok, GError **err);

/* The best of rows (number, name, where, rank): its number; 0 with NOT_FOUND, or with AMBIGUOUS and
 * the names when several rank alike. */
int64_t db_one_named(struct cache *c, sqlite3_stmt *q, const char *what, const char *words,
		     GError **err);

/* A new list of rows of that size. */
struct cache_list *list_new(size_t row_size);
/* All rows of q, each filled in by read; NULL with err, also where q is NULL (err is set already). */
struct cache_list *list_read(struct cache *c, sqlite3_stmt *q, size_t row_size,
			     void (*read)(sqlite3_stmt *q, void *row, GStringChunk *chunk), GError **err);

/* seen.c: what a comparison has seen, for those who sweep. */
bool seen_init(struct cache *c, GError **err);
void seen_mark(struct cache *c, int64_t code_no, int64_t gen);

/* One event as read by EVENTS_* and EVENT_ROW. */
void event_row_read(sqlite3_stmt *q, struct event_row *row, GStringChunk *chunk);

/* The most severe problem in two JSON arrays. */
enum { PROBLEM_CODE_MAX = 80 };
struct judgement {
	int errors_own;
	char worst[PROBLEM_CODE_MAX]; /* "": none, or longer than any problem is called */
	int severity;
};
bool judge(struct cache *c, const char *errors, const char *warnings, bool of_lock,
	   struct judgement *out, GError **err);

/* Folded; digits padded, so that 'room 2' sorts before 'room 10'. */
char *sort_key(const char *name);

/* Parameters ?5 and ?6 of the statements of a night: which locks. */
struct night_query;
void bind_locks(sqlite3_stmt *q, const struct night_query *query);

#endif
