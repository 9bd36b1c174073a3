/* reseal - see reseal.h and rekey.h. */
#include "cache/reseal.h"

#include <string.h>

#include "cache/db.h"
#include "cache/outbox_moves.h"
#include "cache/rekey.h"
#include "cache/schema.h"

/* ---- after the migration ---- */

static bool one(sqlite3 *db, const char *sql, int column, int64_t *out)
{
	sqlite3_stmt *q = NULL;
	bool ok = sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW;

	if (ok)
		*out = sqlite3_column_int64(q, column);
	sqlite3_finalize(q);
	return ok;
}

static bool is_due(sqlite3 *db)
{
	int64_t n = 0;

	return one(db, "SELECT count(*) FROM fact WHERE key = 'vault.sweep'", 0, &n) && n > 0;
}

void reseal_sweep(sqlite3 *db)
{
	int64_t busy = 1;

	if (!is_due(db) || !db_exec(db, "VACUUM", NULL) ||
	    !one(db, "PRAGMA wal_checkpoint(TRUNCATE)", 0, &busy) || busy)
		return;
	db_exec(db, "DELETE FROM fact WHERE key = 'vault.sweep'", NULL);
}

/* ---- its state ---- */

bool cache_key(struct cache *c, struct cache_key *out, GError **err)
{
	QUERY q = db_query(c, STATEMENT_SEALED_CLOSED, err);
	struct vault *v = sealing_vault(c->sealing);

	*out = (struct cache_key){ .in_use = sealing_key(c->sealing) };
	if (!q || db_next(c, q, err) <= 0)
		return false;
	out->closed = sqlite3_column_int64(q, 0);
	out->sweep_due = is_due(c->db);
	out->path = g_strdup(vault_path(v));
	out->keys = vault_count(v);
	out->is_newest = out->in_use == vault_newest(v);
	return true;
}

void cache_key_clear(struct cache_key *k)
{
	g_clear_pointer(&k->path, g_free);
}

/* ---- another key ---- */

static bool record(struct cache *c, uint32_t key, GError **err)
{
	char text[9];

	g_snprintf(text, sizeof text, "%08x", key);
	return cache_fact_set(c, "vault.key", text, err);
}

bool cache_rekey(struct cache *c, GError **err)
{
	struct vault *v = sealing_vault(c->sealing);
	uint32_t key;
	bool ok;

	if (!vault_reload(v, err))
		return false;
	/* A newer one than that in use: an earlier call was stopped, or another cache of this user's has it already. */
	key = vault_newest(v) == sealing_key(c->sealing) ? vault_rotate(v, err) : vault_newest(v);
	if (key == 0 || !durable_begin(c, err))
		return false;
	sealing_begin(c->sealing, key);
	ok = db_exec(c->db, SQL_RESEAL, err) && record(c, key, err);
	if (!durable_end(c, ok, err))
		return false;
	/* Not needed for what it says now: old words should not wait in the log for somebody with the old key. */
	db_exec(c->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
	return true;
}

/* ---- a key that is gone ---- */

/* What came from the server comes again: a code without a PIN is news to the next comparison. */
#define SQL_FORGET                                                                                 \
	"UPDATE access_code SET code = NULL, code_mark = NULL WHERE code IS NOT NULL;"             \
	"UPDATE event SET code = NULL WHERE code IS NOT NULL;"                                     \
	"UPDATE rota SET pin = NULL WHERE pin IS NOT NULL;"                                        \
	"UPDATE rota_door SET pin = NULL WHERE pin IS NOT NULL;"                                   \
	"UPDATE suspended SET pin = NULL WHERE pin IS NOT NULL;"                                   \
	"DELETE FROM explanation;"                                                                 \
	"DELETE FROM fact WHERE key = 'compared';"

static bool count_lost(struct cache *c, struct cache_lost *out)
{
	int64_t staff = 0;

	*out = (struct cache_lost){ 0 };
	if (!one(c->db, "SELECT count(*) FROM access_code WHERE code IS NOT NULL AND deleted_at IS NULL", 0,
		 &out->codes) ||
	    !one(c->db,
		 "SELECT (SELECT count(*) FROM rota WHERE pin IS NOT NULL AND ended_at IS NULL)"
		 " + (SELECT count(*) FROM suspended WHERE pin IS NOT NULL)",
		 0, &staff))
		return false;
	out->staff = (int)staff;
	return true;
}

bool cache_forget_key(const char *path, bool group, struct cache_lost *out, GError **err)
{
	OWN(cache) struct cache *c = cache_open_lost(path, group, err);
	uint32_t key;
	bool ok;

	if (!c)
		return false;
	if (!sealing_is_lost(c->sealing)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "the key of %s is there: nothing is lost", path);
		return false;
	}
	if (!count_lost(c, out)) {
		db_error(c->db, err);
		return false;
	}
	OWN(cache_list) struct cache_list *open = outbox_list(c, 1u << INTENT_QUEUED, 0, err);

	out->intents = open ? outbox_refuse_closed(c, open, err) : -1;
	if (out->intents < 0 || !durable_begin(c, err))
		return false;
	key = vault_newest(sealing_vault(c->sealing));
	sealing_begin(c->sealing, key);
	ok = db_exec(c->db, SQL_FORGET, err) && record(c, key, err);
	return durable_end(c, ok, err);
}
