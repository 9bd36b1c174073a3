/* put_lock - what the server says of a lock, stored when it is news. */
#include "cache/db.h"
#include "core/text.h"

static bool mark_seen(struct cache *c, int64_t lock_no, int64_t gen, GError **err)
{
	QUERY q = NULL;

	if (gen == 0)
		return true;
	q = db_query(c, STATEMENT_LOCK_SEEN, err);
	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, lock_no);
	sqlite3_bind_int64(q, 2, gen);
	return db_run(c, q, err);
}

static enum cache_put compare(struct cache *c, const struct lock *lock, int64_t *lock_no,
			      GError **err)
{
	QUERY q = db_query(c, STATEMENT_LOCK_STORED, err);
	int found;

	if (!q)
		return CACHE_PUT_FAILED;
	bind_text(q, 1, lock->device_id);
	found = db_next(c, q, err);
	if (found <= 0)
		return found < 0 ? CACHE_PUT_FAILED : CACHE_PUT_NEW;
	*lock_no = sqlite3_column_int64(q, 0);
	if (sqlite3_column_type(q, 1) == SQLITE_NULL &&
	    columns_same(q, 2, lock_columns, LOCK_FIELD_COUNT, lock))
		return CACHE_PUT_SAME;
	return CACHE_PUT_CHANGED;
}

static bool store(struct cache *c, const struct lock *lock, enum statement how, GError **err)
{
	g_autofree char *where = g_strdup_printf("%s\n%s", lock->place ? lock->place : "",
						 lock->room ? lock->room : "");
	g_autofree char *name_folded = text_fold(lock->name ? lock->name : "");
	g_autofree char *place_folded = text_fold(where);
	g_autofree char *name_key = sort_key(lock->name);
	g_autofree char *place_key = sort_key(where);
	struct judgement j;
	QUERY q = NULL;

	if (!judge(c, lock->errors, lock->warnings, true, &j, err))
		return false;
	q = db_query(c, how, err);
	if (!q)
		return false;
	bind_text(q, 1, lock->device_id);
	bind_text(q, 2, name_folded);
	bind_text(q, 3, place_folded);
	bind_text(q, 4, name_key);
	bind_text(q, 5, place_key);
	bind_text(q, 6, *j.worst ? j.worst : NULL);
	sqlite3_bind_int(q, 7, j.severity);
	sqlite3_bind_int64(q, 8, instant_now().ms);
	columns_bind(q, 9, lock_columns, LOCK_FIELD_COUNT, lock);
	return db_run(c, q, err);
}

/* Events may have come before their lock. */
static bool house_events(struct cache *c, const char *device_id, int64_t lock_no, GError **err)
{
	QUERY q = db_query(c, STATEMENT_LOCK_HOUSES_EVENTS, err);

	if (!q)
		return false;
	bind_text(q, 1, device_id);
	sqlite3_bind_int64(q, 2, lock_no);
	return db_run(c, q, err);
}

enum cache_put cache_put_lock(struct cache *c, const struct lock *lock, int64_t gen, GError **err)
{
	int64_t lock_no = 0;
	enum cache_put put;
	struct scope scope;
	bool ok;

	g_return_val_if_fail(lock->device_id != NULL, CACHE_PUT_FAILED);
	if (!scope_begin(c, &scope, err))
		return CACHE_PUT_FAILED;
	put = compare(c, lock, &lock_no, err);
	ok = put != CACHE_PUT_FAILED;
	if (put == CACHE_PUT_NEW) {
		ok = store(c, lock, STATEMENT_LOCK_INSERT, err);
		lock_no = sqlite3_last_insert_rowid(c->db);
		ok = ok && house_events(c, lock->device_id, lock_no, err);
	} else if (put == CACHE_PUT_CHANGED) {
		ok = store(c, lock, STATEMENT_LOCK_UPDATE, err);
	}
	ok = ok && mark_seen(c, lock_no, gen, err);
	return scope_end(c, &scope, ok, err) ? put : CACHE_PUT_FAILED;
}

int cache_sweep_locks(struct cache *c, int64_t gen, struct instant started, GError **err)
{
	int64_t now = instant_now().ms;
	struct scope scope;
	int swept = 0;
	bool ok;

	if (!scope_begin(c, &scope, err))
		return -1;
	{
		QUERY locks = db_query(c, STATEMENT_LOCK_SWEEP, err);
		QUERY codes = locks ? db_query(c, STATEMENT_LOCK_SWEEP_CODES, err) : NULL;

		ok = codes != NULL;
		if (ok) {
			sqlite3_bind_int64(locks, 1, gen);
			sqlite3_bind_int64(locks, 2, started.ms);
			sqlite3_bind_int64(locks, 3, now);
			ok = db_run(c, locks, err);
			swept = sqlite3_changes(c->db);
		}
		/* A lock that has gone takes its codes along; their names stay. */
		if (ok && swept > 0) {
			sqlite3_bind_int64(codes, 1, now);
			ok = db_run_deletes(c, codes, err) >= 0;
		}
	}
	return scope_end(c, &scope, ok, err) ? swept : -1;
}
