/* store_sqlite_seal - the key of the PINs in the file: found or made, proven, changed for another.
 *
 * The table 'sealing' has one row once anything may be sealed: a proof that opens with the right key only,
 * and whether what was there before (PINs as they were typed, or under an older key) is gone from free pages
 * and the WAL. A key at the head of the key file that is not the proof's begins a rotation: all is sealed
 * anew in pieces, the proof last. Whatever interrupts it, the next start ends it before anything is looked
 * up, so that marks of two keys are never in use at once. */
#include "engine/store_sqlite.h"

#include <string.h>

#include "engine/store_seal.h"

#define PROOF "keyrackd"

/* ---- what SQL may say ---- */

static const char *text_of(sqlite3_value *v)
{
	return (const char *)sqlite3_value_text(v);
}

typedef char *seal_function(const struct seal_place *at, const char *text, GError **err);

struct sql_function {
	const char *name;
	seal_function *run;
	bool gives_secret;
};
static const struct sql_function functions[] = {
	{ "pin_sealed", seal_pin, false },
	{ "pin_opened", unseal_pin, true },
	{ "pins_sealed", seal_pins_in, false },
	{ "pins_opened", unseal_pins_in, true },
};

static void sql_failed(sqlite3_context *to, GError *err)
{
	sqlite3_result_error(to, err->message, -1);
	g_error_free(err);
}

/* name(kind, id, column, text); NULL stays NULL. */
static void sql_seal(sqlite3_context *to, sqlite3_value **args, const struct sql_function *f)
{
	const struct sq *s = sqlite3_user_data(to);
	struct seal_place at = { s->vault, text_of(args[0]), text_of(args[1]), text_of(args[2]) };
	GError *err = NULL;
	char *out;

	if (!text_of(args[3]))
		return;
	out = f->run(&at, text_of(args[3]), &err);
	if (err)
		sql_failed(to, err);
	else
		sqlite3_result_text(to, out, -1, f->gives_secret ? vault_forget : g_free);
}

#define SQL_FUNCTION(n)                                                                            \
	static void sql_seal_##n(sqlite3_context *to, int count, sqlite3_value **args)             \
	{                                                                                          \
		(void)count;                                                                       \
		sql_seal(to, args, &functions[n]);                                                 \
	}
SQL_FUNCTION(0)
SQL_FUNCTION(1)
SQL_FUNCTION(2)
SQL_FUNCTION(3)
static void (*const bodies[])(sqlite3_context *, int, sqlite3_value **) = { sql_seal_0, sql_seal_1, sql_seal_2,
									    sql_seal_3 };
G_STATIC_ASSERT(G_N_ELEMENTS(bodies) == G_N_ELEMENTS(functions));

/* pin_mark_of(device_id, pin) */
static void sql_mark(sqlite3_context *to, int n, sqlite3_value **args)
{
	const struct sq *s = sqlite3_user_data(to);
	unsigned char mark[VAULT_MARK_BYTES];
	GError *err = NULL;

	(void)n;
	if (!text_of(args[1]))
		return;
	if (seal_mark(s->vault, text_of(args[0]), text_of(args[1]), mark, &err))
		sqlite3_result_blob(to, mark, sizeof mark, SQLITE_TRANSIENT);
	else
		sql_failed(to, err);
}

static bool know_functions(struct sq *s, GError **err)
{
	bool ok = sqlite3_create_function(s->db, "pin_mark_of", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, s, sql_mark,
					  NULL, NULL) == SQLITE_OK;

	for (size_t i = 0; ok && i < G_N_ELEMENTS(functions); i++)
		ok = sqlite3_create_function(s->db, functions[i].name, 4, SQLITE_UTF8, s, bodies[i], NULL, NULL) ==
		     SQLITE_OK;
	if (!ok)
		sq_error(s->db, err);
	return ok;
}

/* ---- the key ---- */

static struct seal_place proof_place(const struct sq *s)
{
	return (struct seal_place){ s->vault, "store", "store", "proof" };
}

static bool key_error(GError **err, const struct sq *s, const char *what, const char *key)
{
	g_set_error(
		err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
		"%s %s, with which the PINs in %s are sealed: put that key file back from its backup, or name it with "
		"--seal-key. Nothing else opens them",
		what, key, s->path);
	return false;
}

/* 1: something is sealed, 0: nothing yet, -1: failed. */
static int is_sealed(struct sq *s, GError **err)
{
	sqlite3_stmt *q = NULL;
	int n = -1;

	if (sqlite3_prepare_v2(s->db, "SELECT count(*) FROM sqlite_schema WHERE name = 'sealing'", -1, &q, NULL) ==
		    SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	q = NULL;
	if (n > 0) {
		n = -1;
		if (sqlite3_prepare_v2(s->db, "SELECT count(*) FROM sealing", -1, &q, NULL) == SQLITE_OK &&
		    sqlite3_step(q) == SQLITE_ROW)
			n = sqlite3_column_int(q, 0);
		sqlite3_finalize(q);
	}
	if (n < 0)
		sq_error(s->db, err);
	return n;
}

bool seal_open(struct sq *s, const char *key_path, bool alone, GError **err)
{
	g_autofree char *beside = s->path ? g_strconcat(s->path, ".seal.key", NULL) : NULL;
	const char *path = key_path ? key_path : beside;
	GError *why = NULL;
	int version, sealed;

	if (!know_functions(s, err))
		return false;
	if (!s->path || !alone)
		return true;
	/* No key is made for another program's file. */
	if (!schema_version(s->db, s->path, &version, err) || (sealed = is_sealed(s, err)) < 0)
		return false;
	s->vault = vault_open(path, sealed ? VAULT_FIND : VAULT_MAKE, &why);
	if (s->vault)
		return true;
	if (sealed && g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND)) {
		g_error_free(why);
		return key_error(err, s, "there is no key", path);
	}
	g_propagate_error(err, why);
	return false;
}

struct proof {
	char *sealed; /* NULL: none yet */
	bool clean;
};

static bool read_proof(struct sq *s, struct proof *p, GError **err)
{
	QUERY q = sq_query(s, STATEMENT_PROOF, err);
	int more = q ? sq_next(s, q, err) : -1;

	*p = (struct proof){ 0 };
	if (more > 0) {
		p->sealed = g_strdup((const char *)sqlite3_column_text(q, 0));
		p->clean = sqlite3_column_int(q, 1);
	}
	return more >= 0;
}

static bool put_proof(struct sq *s, bool clean, GError **err)
{
	struct seal_place at = proof_place(s);
	g_autofree char *sealed = seal_pin(&at, PROOF, err);
	QUERY q = sealed ? sq_query(s, STATEMENT_PROOF_PUT, err) : NULL;

	if (!q)
		return false;
	bind_words(q, 1, sealed);
	sqlite3_bind_int(q, 2, clean);
	return sq_run(s, q, err);
}

static bool check_proof(struct sq *s, const char *sealed, GError **err)
{
	struct seal_place at = proof_place(s);
	g_autoptr(GError) why = NULL;
	char *opened = unseal_pin(&at, sealed, &why);
	bool ok = g_strcmp0(opened, PROOF) == 0;

	vault_forget(opened);
	if (ok)
		return true;
	if (g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND))
		return key_error(err, s, "another key is needed than the one at", vault_path(s->vault));
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT,
		    "the proof of the key in %s was altered: put the latest copy of the store back", s->path);
	return false;
}

/* ---- all of it sealed anew ---- */

#define RESEALED(column)                                                                           \
	column " = pin_sealed('access code', access_code_id, '" column "', pin_opened('access code'," \
	       " access_code_id, '" column "', " column "))"
#define RESEALED_PINS(kind, id, column)                                                                              \
	column " = pins_sealed('" kind "', " id ", '" column "', pins_opened('" kind "', " id ", '" column           \
	       "', " column "))"
#define RESEAL_CODES(table, number)                                                                \
	"UPDATE " table " SET " RESEALED("pin") ","                                                \
	" last_pin = iif(last_pin = '~', '~', pin_sealed('access code', access_code_id, 'last_pin'," \
	" pin_opened('access code', access_code_id, 'last_pin', last_pin))),"                      \
	" pin_mark = pin_mark_of(device_id, pin_opened('access code', access_code_id, 'pin', pin)),"\
	" " RESEALED_PINS("access code", "access_code_id", "changing")                             \
	" WHERE " number " > ?1 AND " number " <= ?2 AND coalesce(pin, last_pin, changing) IS NOT NULL"
static const struct {
	const char *last, *reseal;
} walks[] = {
	{ "SELECT max(code_no) FROM access_code", RESEAL_CODES("access_code", "code_no") },
	{ "SELECT max(history_no) FROM history", RESEAL_CODES("history", "history_no") },
	{ "SELECT max(seq) FROM event",
	  "UPDATE event SET " RESEALED_PINS("event", "event_id", "body")
	  " WHERE seq > ?1 AND seq <= ?2 AND instr(body, '\"~')" },
};

static int64_t last_row(struct sq *s, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t last = 0;

	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
		last = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return last;
}

static bool walk(struct sq *s, const char *last_sql, const char *reseal, GError **err)
{
	enum { AT_ONCE = 5000 };
	int64_t last = last_row(s, last_sql);
	sqlite3_stmt *q = NULL;
	bool ok = sqlite3_prepare_v2(s->db, reseal, -1, &q, NULL) == SQLITE_OK;

	if (!ok)
		sq_error(s->db, err);
	for (int64_t from = 0; ok && from < last; from += AT_ONCE) {
		sqlite3_bind_int64(q, 1, from);
		sqlite3_bind_int64(q, 2, from + AT_ONCE);
		ok = sq_run(s, q, err);
		sqlite3_reset(q);
	}
	sqlite3_finalize(q);
	return ok;
}

static bool reseal(struct sq *s, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(walks); i++)
		if (!walk(s, walks[i].last, walks[i].reseal, err))
			return false;
	return put_proof(s, false, err);
}

/* ---- nothing left behind ---- */

/* False too when somebody else reads the file just now. */
static bool empty_wal(struct sq *s)
{
	sqlite3_stmt *q = NULL;
	bool ok = sqlite3_prepare_v2(s->db, "PRAGMA wal_checkpoint(TRUNCATE)", -1, &q, NULL) == SQLITE_OK &&
		  sqlite3_step(q) == SQLITE_ROW && sqlite3_column_int(q, 0) == 0;

	sqlite3_finalize(q);
	return ok;
}

/* A disk too full for it is no reason to stay away: it is tried again at the next start. The copy that SQLite
 * makes on the way is as large as the store, too large for memory. */
static bool clean_up(struct sq *s, GError **err)
{
	bool ok = empty_wal(s) && sq_exec(s->db, "PRAGMA temp_store = FILE; VACUUM", NULL) && empty_wal(s);

	sq_exec(s->db, "PRAGMA temp_store = MEMORY", NULL);
	if (ok)
		return put_proof(s, true, err);
	g_warning("what the store held before it was sealed may still be in unused parts of %s: this is tried again at "
		  "the next start (is the disk full, or does another program read the store?)", s->path);
	return true;
}

bool seal_settle(struct sq *s, GError **err)
{
	struct proof p;
	bool ok;

	if (!s->vault)
		return true;
	ok = read_proof(s, &p, err);
	if (ok && !p.sealed)
		ok = put_proof(s, true, err);
	else if (ok)
		ok = check_proof(s, p.sealed, err);
	if (ok && p.sealed && vault_key_of(p.sealed) != vault_newest(s->vault)) {
		ok = reseal(s, err);
		p.clean = false;
	}
	if (ok && p.sealed && !p.clean)
		ok = clean_up(s, err);
	g_free(p.sealed);
	return ok;
}

bool sqlite_rekey(struct store *store, GError **err)
{
	struct sq *s = sq_of(store);

	if (!s->vault) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "this store has no key");
		return false;
	}
	return sq_alone(s) && vault_rotate(s->vault, err) && seal_settle(s, err);
}
