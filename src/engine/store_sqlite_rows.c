/* store_sqlite_rows - the smaller tables: devices, action attempts, keys, webhooks, facts. */
#include "engine/store_sqlite.h"

#include <string.h>

/* A commit that is in the file and not yet on the disk: only the machine can lose it, and then it
 * loses the last few. A commit that waits for the disk after it takes it along. */
struct unhurried {
	struct sq *s; /* NULL: within a transaction, which decides */
};

static struct unhurried unhurried_begin(struct sq *s)
{
	if (!sq_alone(s))
		return (struct unhurried){ NULL };
	sqlite3_exec(s->db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
	return (struct unhurried){ s };
}

static void unhurried_end(struct unhurried *u)
{
	if (u->s)
		sqlite3_exec(u->s->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
}

bool sqlite_put_device(struct store *s, const struct store_device *d, GError **err)
{
	return sq_put(sq_of(s), STATEMENT_DEVICE_PUT, &device_rows, d, err);
}

struct store_list *sqlite_device(struct store *s, const char *id, GError **err)
{
	return sq_row(sq_of(s), STATEMENT_DEVICE, &device_rows, id, err);
}

struct store_list *sqlite_devices(struct store *s, struct store_page *page, GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_DEVICES, err);

	if (!q)
		return NULL;
	sq_bind_page(q, page);
	return sq_rows(sq_of(s), q, &device_rows, page, err);
}

bool sqlite_delete_device(struct store *s, const char *id, GError **err)
{
	return sq_run_on(sq_of(s), STATEMENT_DEVICE_DROP, id, device_rows.what, err);
}

bool sqlite_put_attempt(struct store *s, const struct store_attempt *a, GError **err)
{
	return sq_put(sq_of(s), STATEMENT_ATTEMPT_PUT, &attempt_rows, a, err);
}

struct store_list *sqlite_attempts(struct store *s, const char *const *ids, const char *device_id,
				   struct store_page *page, GError **err)
{
	enum statement best = ids	  ? STATEMENT_ATTEMPTS_OF_IDS
			      : device_id ? STATEMENT_ATTEMPTS_OF_DEVICE
					  : STATEMENT_ATTEMPTS_ALL;
	QUERY q = sq_query(sq_of(s), best, err);

	if (!q)
		return NULL;
	sq_bind_page(q, page);
	bind_words(q, 4, device_id);
	sq_bind_array(q, 5, ids);
	return sq_rows(sq_of(s), q, &attempt_rows, page, err);
}

struct store_list *sqlite_attempts_pending(struct store *s, GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_ATTEMPTS_PENDING, err);

	return q ? sq_rows(sq_of(s), q, &attempt_rows, NULL, err) : NULL;
}

bool sqlite_key_add(struct store *s, const struct store_key *k,
		    const unsigned char hash[static STORE_KEY_HASH_BYTES], GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_KEY_ADD, err);

	if (!q)
		return false;
	columns_put(NULL, q, 1, &key_rows, k, NULL); /* no PIN in it */
	sqlite3_bind_blob(q, key_rows.n_columns + 1, hash, STORE_KEY_HASH_BYTES, SQLITE_STATIC);
	return sq_run(sq_of(s), q, err);
}

enum key_role sqlite_key_find(struct store *s, const char *short_id,
			      unsigned char hash[static STORE_KEY_HASH_BYTES], struct instant *expires_at)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_KEY_FIND, NULL);

	if (!q)
		return KEY_NONE;
	bind_words(q, 1, short_id);
	if (sq_next(sq_of(s), q, NULL) <= 0 || sqlite3_column_bytes(q, 1) != STORE_KEY_HASH_BYTES)
		return KEY_NONE;
	memcpy(hash, sqlite3_column_blob(q, 1), STORE_KEY_HASH_BYTES);
	*expires_at = sqlite3_column_type(q, 2) == SQLITE_NULL ? INSTANT_NONE
							       : (struct instant){ sqlite3_column_int64(q, 2) };
	return (enum key_role)sqlite3_column_int(q, 0);
}

bool sqlite_note_key(struct store *s, const char *short_id, struct instant used_at, GError **err)
{
	struct unhurried u = unhurried_begin(sq_of(s));
	QUERY q = sq_query(sq_of(s), STATEMENT_KEY_NOTE, err);
	bool ok = false;

	if (q) {
		bind_words(q, 1, short_id);
		bind_instant(q, 2, used_at);
		ok = sq_run(sq_of(s), q, err);
	}
	unhurried_end(&u);
	return ok;
}

struct store_list *sqlite_keys(struct store *s, GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_KEYS, err);

	return q ? sq_rows(sq_of(s), q, &key_rows, NULL, err) : NULL;
}

bool sqlite_key_revoke(struct store *s, const char *short_id, GError **err)
{
	return sq_run_on(sq_of(s), STATEMENT_KEY_DROP, short_id, key_rows.what, err);
}

bool sqlite_put_webhook(struct store *s, const struct store_webhook *w, GError **err)
{
	return sq_put(sq_of(s), STATEMENT_WEBHOOK_PUT, &webhook_rows, w, err);
}

bool sqlite_note_webhook(struct store *s, const struct store_webhook *w, GError **err)
{
	struct unhurried u = unhurried_begin(sq_of(s));
	bool ok = sq_put(sq_of(s), STATEMENT_WEBHOOK_NOTE, &webhook_note_rows, w, err);

	unhurried_end(&u);
	return ok;
}

bool sqlite_delete_webhook(struct store *s, const char *id, GError **err)
{
	return sq_run_on(sq_of(s), STATEMENT_WEBHOOK_DROP, id, webhook_rows.what, err);
}

struct store_list *sqlite_webhooks(struct store *s, const char *id, GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_WEBHOOKS, err);

	if (!q)
		return NULL;
	bind_words(q, 1, id);
	return sq_rows(sq_of(s), q, &webhook_rows, NULL, err);
}

char *sqlite_fact_get(struct store *s, const char *key)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_FACT_GET, NULL);

	if (!q)
		return NULL;
	bind_words(q, 1, key);
	if (sq_next(sq_of(s), q, NULL) <= 0)
		return NULL;
	return g_strdup((const char *)sqlite3_column_text(q, 0));
}

bool sqlite_fact_set(struct store *s, const char *key, const char *value, GError **err)
{
	QUERY q = sq_query(sq_of(s), value ? STATEMENT_FACT_SET : STATEMENT_FACT_DROP, err);

	if (!q)
		return false;
	bind_words(q, 1, key);
	if (value)
		bind_words(q, 2, value);
	return sq_run(sq_of(s), q, err);
}
