/* put_code - what the server says of an access code, stored when it is news. */
#include <string.h>

#include "cache/db.h"
#include "core/text.h"

static int64_t lock_of(struct cache *c, const struct access_code *ac, GError **err)
{
	QUERY q = NULL;
	int found;

	/* A list has one lock's codes one after the other, and a lock's row is never deleted. */
	if (c->device_id && strcmp(c->device_id, ac->device_id) == 0)
		return c->lock_no;
	q = db_query(c, STATEMENT_LOCK_NO, err);
	if (!q)
		return 0;
	bind_text(q, 1, ac->device_id);
	found = db_next(c, q, err);
	if (found > 0) {
		g_free(c->device_id);
		c->device_id = g_strdup(ac->device_id);
		return c->lock_no = sqlite3_column_int64(q, 0);
	}
	if (found == 0)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
			    "the access code %s is on a lock that is not known here",
			    ac->access_code_id);
	return 0;
}

/* What is stored of a code, as far as it matters to what is stored next. */
struct stored {
	int64_t code_no;
	bool managed, alive;
};

static enum cache_put compare(struct cache *c, const struct access_code *ac, int64_t lock_no,
			      struct stored *old, GError **err)
{
	enum { MANAGED = 4 }; /* the second of CODE_FIELDS, which begin at column 3 */
	QUERY q = db_query(c, STATEMENT_CODE_STORED, err);
	int found;

	if (!q)
		return CACHE_PUT_FAILED;
	bind_text(q, 1, ac->access_code_id);
	found = db_next(c, q, err);
	if (found <= 0)
		return found < 0 ? CACHE_PUT_FAILED : CACHE_PUT_NEW;
	old->code_no = sqlite3_column_int64(q, 0);
	old->alive = sqlite3_column_type(q, 2) == SQLITE_NULL;
	old->managed = sqlite3_column_int(q, MANAGED) != 0;
	if (sqlite3_column_int64(q, 1) == lock_no && old->alive &&
	    columns_same(q, 3, code_columns, CODE_FIELD_COUNT, ac))
		return CACHE_PUT_SAME;
	return CACHE_PUT_CHANGED;
}

static bool store(struct cache *c, const struct access_code *ac, int64_t lock_no,
		  enum statement how, GError **err)
{
	g_autofree char *folded = text_fold(ac->name ? ac->name : "");
	struct judgement j;
	QUERY q = NULL;

	if (!judge(c, ac->errors, ac->warnings, false, &j, err))
		return false;
	q = db_query(c, how, err);
	if (!q)
		return false;
	bind_text(q, 1, ac->access_code_id);
	sqlite3_bind_int64(q, 2, lock_no);
	bind_text(q, 3, folded);
	sqlite3_bind_int(q, 4, j.errors_own);
	bind_text(q, 5, *j.worst ? j.worst : NULL);
	sqlite3_bind_int(q, 6, j.severity);
	sqlite3_bind_int64(q, 7, instant_now().ms);
	bind_text(q, 8, ac->code);
	columns_bind(q, 9, code_columns, CODE_FIELD_COUNT, ac);
	return db_run(c, q, err);
}

/* So much of a code's past is kept: who moves a stay more often than that has a calendar at odds. */
enum { VERSIONS_KEPT = 32 };

/* What it was until now, where that is something another day will be asked about. */
static bool keep_version(struct cache *c, const struct access_code *ac, int64_t code_no, GError **err)
{
	QUERY q = db_query(c, STATEMENT_CODE_WAS, err);

	if (!q)
		return false;
	bind_text(q, 1, ac->access_code_id);
	sqlite3_bind_int64(q, 2, instant_now().ms);
	sqlite3_bind_int64(q, 3, instant_known(ac->starts_at) ? ac->starts_at.ms : INSTANT_MIN.ms);
	sqlite3_bind_int64(q, 4, instant_known(ac->ends_at) ? ac->ends_at.ms : INSTANT_MAX.ms);
	bind_text(q, 5, ac->name);
	bind_text(q, 6, ac->code);
	if (!db_run(c, q, err))
		return false;
	if (!sqlite3_changes(c->db))
		return true;
	QUERY trim = db_query(c, STATEMENT_CODE_WAS_TRIM, err);

	if (!trim)
		return false;
	sqlite3_bind_int64(trim, 1, code_no);
	sqlite3_bind_int(trim, 2, VERSIONS_KEPT);
	return db_run(c, trim, err);
}

/* Events that named the id before the code was known get its name now. */
static bool name_events(struct cache *c, const struct access_code *ac, int64_t code_no,
			int64_t lock_no, GError **err)
{
	QUERY q = db_query(c, STATEMENT_CODE_NAMES_EVENTS, err);

	if (!q)
		return false;
	bind_text(q, 1, ac->access_code_id);
	sqlite3_bind_int64(q, 2, code_no);
	sqlite3_bind_int64(q, 3, lock_no);
	bind_text(q, 4, ac->name && *ac->name ? ac->name : "unnamed code");
	sqlite3_bind_int(q, 5, WHO_REPORTED);
	return db_run(c, q, err);
}

/* The create that made it need not stand in for it any more. */
static bool end_create(struct cache *c, const char *access_code_id, GError **err)
{
	QUERY q = db_query(c, STATEMENT_CODE_ENDS_CREATE, err);

	if (!q)
		return false;
	bind_text(q, 1, access_code_id);
	return db_run(c, q, err);
}

/* Whether anybody waits for any code; found out once a transaction. */
static bool any_awaited(struct cache *c)
{
	QUERY q = NULL;

	if (c->awaited != AWAITED_UNKNOWN)
		return c->awaited == AWAITED_SOME;
	q = db_query(c, STATEMENT_CODES_AWAITED, NULL);
	c->awaited = db_int(c, q, 1) ? AWAITED_SOME : AWAITED_NONE;
	return c->awaited == AWAITED_SOME;
}

/* Those who knew of a code before it was here: events that named it, the create that made it. */
static bool tell_awaiting(struct cache *c, const struct access_code *ac, int64_t code_no,
			  int64_t lock_no, GError **err)
{
	QUERY q = NULL;

	if (!any_awaited(c))
		return true;
	q = db_query(c, STATEMENT_CODE_AWAITED, err);
	if (!q)
		return false;
	bind_text(q, 1, ac->access_code_id);
	if (db_next(c, q, err) < 0)
		return false;
	return (!sqlite3_column_int(q, 0) || name_events(c, ac, code_no, lock_no, err)) &&
	       (!sqlite3_column_int(q, 1) || end_create(c, ac->access_code_id, err));
}

static enum cache_put put_new(struct cache *c, const struct access_code *ac, int64_t lock_no, struct stored *old,
			      GError **err)
{
	if (!store(c, ac, lock_no, STATEMENT_CODE_INSERT, err))
		return CACHE_PUT_FAILED;
	if (sqlite3_changes(c->db) == 0)
		return CACHE_PUT_SAME; /* it is there, the same or not */
	old->code_no = sqlite3_last_insert_rowid(c->db);
	return tell_awaiting(c, ac, old->code_no, lock_no, err) ? CACHE_PUT_NEW : CACHE_PUT_FAILED;
}

static enum cache_put put(struct cache *c, const struct access_code *ac, int64_t lock_no, struct stored *old,
			  GError **err)
{
	enum cache_put how = CACHE_PUT_SAME;

	/* Where one was new the next one mostly is: in a first pull nothing is read before it is written. */
	if (c->all_new)
		how = put_new(c, ac, lock_no, old, err);
	if (how == CACHE_PUT_SAME) {
		how = compare(c, ac, lock_no, old, err);
		if (how == CACHE_PUT_NEW)
			how = put_new(c, ac, lock_no, old, err);
	}
	c->all_new = how == CACHE_PUT_NEW;
	if (how == CACHE_PUT_CHANGED && !(keep_version(c, ac, old->code_no, err) &&
					  store(c, ac, lock_no, STATEMENT_CODE_UPDATE, err)))
		return CACHE_PUT_FAILED;
	return how;
}

enum cache_put cache_put_code(struct cache *c, const struct access_code *ac, int64_t gen,
			      GError **err)
{
	struct stored old = { 0 };
	int64_t lock_no;
	enum cache_put how = CACHE_PUT_FAILED;
	struct scope scope;

	g_return_val_if_fail(ac->access_code_id && ac->device_id, CACHE_PUT_FAILED);
	if (!scope_begin(c, &scope, err))
		return CACHE_PUT_FAILED;
	lock_no = lock_of(c, ac, err);
	if (lock_no != 0)
		how = put(c, ac, lock_no, &old, err);
	if (how == CACHE_PUT_NEW || how == CACHE_PUT_CHANGED) {
		c->tally.codes += 1 - old.alive;
		c->tally.unmanaged += !ac->managed - (old.alive && !old.managed);
	}
	seen_mark(c, old.code_no, gen);
	return scope_end(c, &scope, how != CACHE_PUT_FAILED, err) ? how : CACHE_PUT_FAILED;
}

/* Runs a statement that deletes codes, as one with the tally. */
static int delete_codes(struct cache *c, sqlite3_stmt *q, GError **err)
{
	struct scope scope;
	int n;

	if (!scope_begin(c, &scope, err))
		return -1;
	n = db_run_deletes(c, q, err);
	sqlite3_reset(q);
	return scope_end(c, &scope, n >= 0, err) ? n : -1;
}

int cache_sweep_codes(struct cache *c, const char *device_id, bool managed, int64_t gen,
		      struct instant started, GError **err)
{
	int64_t lock_no = cache_lock_no(c, device_id);
	QUERY q = db_query(c, STATEMENT_CODE_SWEEP, err);

	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, lock_no);
	sqlite3_bind_int(q, 2, managed);
	sqlite3_bind_int64(q, 3, gen);
	sqlite3_bind_int64(q, 4, started.ms);
	sqlite3_bind_int64(q, 5, instant_now().ms);
	return delete_codes(c, q, err);
}

bool cache_delete_code(struct cache *c, const char *access_code_id, struct instant at, GError **err)
{
	QUERY q = db_query(c, STATEMENT_CODE_DELETE, err);

	if (!q)
		return false;
	bind_text(q, 1, access_code_id);
	sqlite3_bind_int64(q, 2, at.ms);
	return delete_codes(c, q, err) >= 0;
}
