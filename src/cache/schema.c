/* schema - what the tables are, and how older files become today's.
 *
 * Never edit a migration that has been released: append one, raise CACHE_VERSION, and keep a dump
 * of the version before it under tests/cache.
 *
 * Numbers inside (lock_no, code_no, event_no) keep indexes small; the API's ids are unique texts.
 * A span's open ends are stored as the smallest and largest instant, so that 'in force now' is a
 * range of an index. Indexes hold only what is not deleted: history costs nothing on a screen. */
#include "cache/schema.h"

#include "cache/db.h"
#include "cache/reseal.h"

static const char *const migrations[CACHE_VERSION] = {
	/* The outbox comes first: its root is page 2 of every file, by which cache_rescue finds
	 * it even when the list of tables is lost. */
	"CREATE TABLE intent("
	" intent_no INTEGER PRIMARY KEY AUTOINCREMENT,"
	" kind TEXT NOT NULL,"
	" state INTEGER NOT NULL,"
	" device_id TEXT NOT NULL,"
	" access_code_id TEXT,"
	" params TEXT NOT NULL,"
	" name TEXT,"
	" made_by TEXT,"
	" common_code_key TEXT,"
	" made_at INTEGER NOT NULL,"
	" expires_at INTEGER,"
	" next_try_at INTEGER,"
	" sent_at INTEGER,"
	" tries INTEGER NOT NULL,"
	" status INTEGER NOT NULL,"
	" error_type TEXT,"
	" message TEXT,"
	" validation_errors TEXT,"
	" after_no INTEGER,"		/* what must be accepted first */
	" starts_at INTEGER NOT NULL,"	/* of a create: from params, for its place in a list */
	" ends_at INTEGER NOT NULL,"
	" name_folded TEXT,"
	" settled_at INTEGER,"
	" dismissed INTEGER NOT NULL DEFAULT 0" /* read by a person; its code has arrived */
	") STRICT;"
	"CREATE INDEX intent_open ON intent(device_id, intent_no) WHERE state < 2;"
	"CREATE INDEX intent_refused ON intent(intent_no) WHERE state = 3 AND dismissed = 0;"
	"CREATE INDEX intent_create ON intent(device_id, intent_no)"
	" WHERE kind = 'create' AND dismissed = 0 AND state <> 4;"
	"CREATE INDEX intent_by_code ON intent(access_code_id) WHERE access_code_id IS NOT NULL;"
	"CREATE INDEX intent_after ON intent(after_no) WHERE after_no IS NOT NULL;"

	"CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

	"CREATE TABLE lock("
	" lock_no INTEGER PRIMARY KEY,"
	" device_id TEXT NOT NULL UNIQUE,"
	" workspace_id TEXT, connected_account_id TEXT, device_type TEXT,"
	" name TEXT, place TEXT, room TEXT, zone TEXT, manufacturer TEXT, model TEXT,"
	" created_at INTEGER,"
	" managed INTEGER NOT NULL, online INTEGER NOT NULL, locked INTEGER NOT NULL,"
	" door_open INTEGER NOT NULL, battery_pct INTEGER NOT NULL, battery_status TEXT,"
	" can_lock INTEGER NOT NULL, can_unlock INTEGER NOT NULL,"
	" can_program_online INTEGER NOT NULL, can_program_offline INTEGER NOT NULL,"
	" supports_backup_pool INTEGER NOT NULL,"
	" code_lengths TEXT, code_constraints TEXT, max_active_codes INTEGER NOT NULL,"
	" errors TEXT, warnings TEXT, object TEXT,"
	" name_folded TEXT NOT NULL,"	/* for finding */
	" place_folded TEXT NOT NULL,"	/* place and room */
	" name_key TEXT NOT NULL,"	/* for sorting: 'room 2' before 'room 10' */
	" place_key TEXT NOT NULL,"
	" worst TEXT,"			/* its own most severe problem */
	" severity INTEGER NOT NULL,"
	" first_seen INTEGER NOT NULL,"
	" deleted_at INTEGER"
	") STRICT;"
	"CREATE INDEX lock_by_name ON lock(name_key) WHERE deleted_at IS NULL;"

	"CREATE TABLE access_code("
	" code_no INTEGER PRIMARY KEY,"
	" access_code_id TEXT NOT NULL UNIQUE,"
	" lock_no INTEGER NOT NULL,"
	" workspace_id TEXT,"
	" managed INTEGER NOT NULL, time_bound INTEGER NOT NULL, type TEXT, status TEXT,"
	" name TEXT, code TEXT, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,"
	" created_at INTEGER, common_code_key TEXT, pulled_backup_access_code_id TEXT,"
	" is_scheduled_on_device INTEGER NOT NULL,"
	" is_waiting_for_code_assignment INTEGER NOT NULL,"
	" is_external_modification_allowed INTEGER NOT NULL,"
	" is_offline_access_code INTEGER NOT NULL,"
	" is_one_time_use INTEGER NOT NULL,"
	" is_backup INTEGER NOT NULL,"
	" is_backup_access_code_available INTEGER NOT NULL,"
	" cannot_be_managed INTEGER NOT NULL,"
	" cannot_delete INTEGER NOT NULL,"
	" errors TEXT, warnings TEXT, pending_mutations TEXT, appearance TEXT, rest TEXT,"
	" name_folded TEXT NOT NULL,"
	" errors_own INTEGER NOT NULL,"	/* errors that are not the device's or account's */
	" worst TEXT,"
	" severity INTEGER NOT NULL,"	/* of worst; 0: no problem */
	" first_seen INTEGER NOT NULL,"
	" deleted_at INTEGER"
	") STRICT;"
	"CREATE INDEX code_by_end"
	" ON access_code(lock_no, ends_at, starts_at, managed, code) WHERE deleted_at IS NULL;"
	"CREATE INDEX code_by_start"
	" ON access_code(lock_no, starts_at, ends_at, managed) WHERE deleted_at IS NULL;"
	"CREATE INDEX code_gone ON access_code(lock_no, deleted_at)"
	" WHERE deleted_at IS NOT NULL;"
	"CREATE INDEX code_trouble ON access_code(lock_no, severity, errors_own)"
	" WHERE deleted_at IS NULL AND severity > 0;"
	"CREATE INDEX code_by_name ON access_code(name_folded, code, lock_no)"
	" WHERE deleted_at IS NULL;"

	"CREATE TABLE event("
	" event_no INTEGER PRIMARY KEY AUTOINCREMENT,"
	" event_id TEXT NOT NULL UNIQUE,"
	" event_type TEXT, workspace_id TEXT, device_id TEXT, access_code_id TEXT,"
	" connected_account_id TEXT, action_attempt_id TEXT, method TEXT, code TEXT,"
	" description TEXT, backup_access_code_id TEXT,"
	" created_at INTEGER, occurred_at INTEGER NOT NULL, object TEXT,"
	" kind INTEGER NOT NULL,"	/* enum event_kind */
	" lock_no INTEGER, code_no INTEGER,"
	" who TEXT, how INTEGER NOT NULL, why TEXT"
	") STRICT;"
	"CREATE INDEX event_by_time ON event(occurred_at, event_no, kind);"
	"CREATE INDEX event_by_lock ON event(lock_no, occurred_at, event_no, kind)"
	" WHERE lock_no IS NOT NULL;"
	"CREATE INDEX event_by_code ON event(code_no, occurred_at, event_no, kind)"
	" WHERE code_no IS NOT NULL;"
	"CREATE INDEX event_unnamed ON event(access_code_id)"
	" WHERE access_code_id IS NOT NULL AND code_no IS NULL;"
	"CREATE INDEX event_homeless ON event(device_id)"
	" WHERE device_id IS NOT NULL AND lock_no IS NULL;"

	/* Counting millions for a title line would read them all. Kept by db.c and not by
	 * triggers: with those SQLite keeps a copy of every page an insert touches. */
	"CREATE TABLE tally(what TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"INSERT INTO tally VALUES('codes', 0), ('unmanaged', 0), ('events', 0);",

	/* 2: why a code is as it is, in the server's words */
	"CREATE TABLE explanation("
	" code_no INTEGER PRIMARY KEY,"
	" at INTEGER NOT NULL, body TEXT, refused TEXT"
	") STRICT;",

	/* 3: strays. What is ignored goes by the code's id: numbers are another cache's tomorrow. */
	"CREATE INDEX code_stray ON access_code(lock_no, ends_at, starts_at, access_code_id)"
	" WHERE deleted_at IS NULL AND managed = 0;"
	"CREATE TABLE ignored("
	" access_code_id TEXT PRIMARY KEY,"
	" reason TEXT NOT NULL,"
	" made_by TEXT,"
	" made_at INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;",

	/* 4: what the desk keeps for itself. What a person did here that is no intent: printed a list
	 * with PINs, exported, took the shift over. Never a PIN in it. */
	"CREATE TABLE desk_act("
	" act_no INTEGER PRIMARY KEY AUTOINCREMENT,"
	" made_at INTEGER NOT NULL, made_by TEXT, act TEXT NOT NULL, about TEXT"
	") STRICT;"
	/* What one shift leaves to the next: notes, and the lists as they were taken. */
	"CREATE TABLE shift_note("
	" note_no INTEGER PRIMARY KEY AUTOINCREMENT,"
	" made_at INTEGER NOT NULL, made_by TEXT, due_at INTEGER, text TEXT NOT NULL,"
	" done_at INTEGER, done_by TEXT"
	") STRICT;"
	"CREATE INDEX note_open ON shift_note(note_no) WHERE done_at IS NULL;"
	"CREATE TABLE shift("
	" shift_no INTEGER PRIMARY KEY AUTOINCREMENT,"
	" since INTEGER, at INTEGER NOT NULL, handed_by TEXT, taken_by TEXT, list TEXT"
	") STRICT;"
	/* Reservations that came from a feed or a file. The codes made from one are the outbox's to
	 * know: by the row's mark in common_code_key. */
	"CREATE TABLE feed("
	" source TEXT PRIMARY KEY,"
	" tried_at INTEGER, ok_at INTEGER, error TEXT, etag TEXT, last_modified TEXT"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE feed_row("
	" row_no INTEGER PRIMARY KEY,"
	" source TEXT NOT NULL, key TEXT NOT NULL, door_key TEXT NOT NULL,"
	" guest TEXT, door TEXT, phone TEXT, starts_at INTEGER, ends_at INTEGER,"
	" status INTEGER NOT NULL, line INTEGER NOT NULL, refused TEXT, note TEXT,"
	" gone INTEGER NOT NULL,"	/* no longer in what was read last */
	" fix_guest TEXT, fix_phone TEXT, fix_door TEXT, fix_by TEXT, fix_at INTEGER,"
	" UNIQUE(source, key, door_key)"
	") STRICT;"
	"CREATE INDEX feed_row_by_start ON feed_row(source, starts_at);"
	"CREATE INDEX intent_mark ON intent(common_code_key) WHERE common_code_key IS NOT NULL;"
	/* Staff whose codes were revoked for a while, and what to make them again of. */
	"CREATE TABLE suspended("
	" device_id TEXT NOT NULL, name_folded TEXT NOT NULL,"
	" name TEXT, pin TEXT, access_code_id TEXT NOT NULL,"
	" made_by TEXT, made_at INTEGER NOT NULL,"
	" PRIMARY KEY(device_id, name_folded)"
	") STRICT, WITHOUT ROWID;"
	/* What a code was before it was changed, so that last night can be asked about. No PIN, only
	 * whether it was another. */
	"CREATE TABLE code_was("
	" was_no INTEGER PRIMARY KEY AUTOINCREMENT,"
	" code_no INTEGER NOT NULL, lock_no INTEGER NOT NULL,"
	" until_known_at INTEGER NOT NULL,"	/* when the change was seen here */
	" gone_at INTEGER,"			/* it had been deleted then, and came back */
	" starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,"
	" name TEXT, name_folded TEXT NOT NULL, pin_changed INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX code_was_of_code ON code_was(code_no, until_known_at);"
	"CREATE INDEX code_was_on_lock ON code_was(lock_no, until_known_at);"
	"CREATE INDEX code_was_by_name ON code_was(name_folded, code_no);"
	"CREATE INDEX code_gone_by_name ON access_code(name_folded) WHERE deleted_at IS NOT NULL;"
	/* What is looked for among millions of unlocks: refused entries and trouble. */
	"CREATE INDEX event_rare ON event(occurred_at, event_no, kind) WHERE kind IN (3, 5, 8, 9);"
	,

	/* 5: how an intent came to its end; rotas: who works when, behind which doors. */
	"ALTER TABLE intent ADD COLUMN request_id TEXT;"
	"ALTER TABLE intent ADD COLUMN settled_how INTEGER NOT NULL DEFAULT 0;"
	/* Hours are those of each lock's wall: minutes of the day, an end past 1440 lies on the next
	 * one. Days are counted from 1970-01-01, whatever the zone. */
	"CREATE TABLE rota("
	" rota_no INTEGER PRIMARY KEY AUTOINCREMENT,"
	" rota_id TEXT NOT NULL UNIQUE,"	/* what its codes are known by: a number is another cache's tomorrow */
	" name TEXT NOT NULL, name_folded TEXT NOT NULL, pin TEXT,"
	" days INTEGER NOT NULL,"	/* bits: 1 Monday .. 64 Sunday */
	" begins_min INTEGER NOT NULL, ends_min INTEGER NOT NULL,"
	" first_day INTEGER NOT NULL, last_day INTEGER,"
	" made_by TEXT, made_at INTEGER NOT NULL,"
	" changed_by TEXT, changed_at INTEGER,"
	" held_by TEXT, held_at INTEGER,"	/* suspended: it makes no code until it is let in again */
	" ended_by TEXT, ended_at INTEGER"
	") STRICT;"
	"CREATE INDEX rota_by_name ON rota(name_folded) WHERE ended_at IS NULL;"
	"CREATE TABLE rota_door("
	" rota_no INTEGER NOT NULL, device_id TEXT NOT NULL,"
	" pin TEXT,"			/* where its own was taken: what it has at this door instead */
	" PRIMARY KEY(rota_no, device_id)"
	") STRICT, WITHOUT ROWID;"
	,

	/* 6: the outbox by its states, and what asks anew for what was refused. */
	"ALTER TABLE intent ADD COLUMN again_no INTEGER;"
	"CREATE INDEX intent_by_state ON intent(state);"
	"CREATE INDEX intent_again ON intent(again_no) WHERE again_no IS NOT NULL;"
	,

	/* 7: PINs are sealed, and looked up by a mark. What this leaves of them in free pages and in the log is
	 * swept away by the first who opens the file (reseal.c). */
	"DROP INDEX code_by_end;"
	"DROP INDEX code_by_name;"
	"ALTER TABLE access_code ADD COLUMN code_mark BLOB;"
	SQL_RESEAL
	"CREATE INDEX code_by_end"
	/* Marks come last: they have no order that means anything, and another one with each key. */
	" ON access_code(lock_no, ends_at, starts_at, managed, code_no, code_mark) WHERE deleted_at IS NULL;"
	"CREATE INDEX code_by_name ON access_code(name_folded, lock_no, code_mark)"
	" WHERE deleted_at IS NULL;"
	"INSERT INTO fact VALUES('vault.key', vault_key());"
	"INSERT INTO fact SELECT 'vault.sweep', 'due' WHERE EXISTS(SELECT 1 FROM access_code)"
	" OR EXISTS(SELECT 1 FROM intent) OR EXISTS(SELECT 1 FROM event) OR EXISTS(SELECT 1 FROM rota)"
	" OR EXISTS(SELECT 1 FROM suspended);"
	,
};

const char *schema_migration(int n)
{
	g_return_val_if_fail(n >= 0 && n < CACHE_VERSION, NULL);
	return migrations[n];
}

static bool read_pragma(sqlite3 *db, const char *sql, int *out, GError **err)
{
	sqlite3_stmt *q = NULL;
	bool ok = sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK &&
		  sqlite3_step(q) == SQLITE_ROW;

	if (ok)
		*out = sqlite3_column_int(q, 0);
	else
		db_error(db, err);
	sqlite3_finalize(q);
	return ok;
}

/* version, id and objects come from one snapshot: another process may be making the file just now. */
static bool check_owner(sqlite3 *db, const char *path, int version, GError **err)
{
	int id, objects;

	if (!read_pragma(db, "PRAGMA application_id", &id, err) ||
	    !read_pragma(db, "SELECT count(*) FROM sqlite_schema", &objects, err))
		return false;
	if (id != CACHE_APPLICATION_ID && (id != 0 || version != 0 || objects != 0)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			    "%s is a database of another program: choose another folder", path);
		return false;
	}
	if (id == CACHE_APPLICATION_ID && version == 0 && objects != 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT,
			    "the cache %s has lost its version: keyrack sync sets it aside and builds "
			    "a new one",
			    path);
		return false;
	}
	if (version > CACHE_VERSION) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_TOO_NEW,
			    "%s was written by a newer keyrack (its version is %d, this program "
			    "knows %d): update keyrack, or choose another folder",
			    path, version, CACHE_VERSION);
		return false;
	}
	return true;
}

/* One step, if nobody else has taken it meanwhile. */
static bool step(sqlite3 *db, int from, GError **err)
{
	g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d;"
						"PRAGMA user_version = %d;"
						"COMMIT",
						CACHE_APPLICATION_ID, from + 1);
	int version;

	if (!db_exec(db, "BEGIN IMMEDIATE", err))
		return false;
	if (!read_pragma(db, "PRAGMA user_version", &version, err))
		goto undo;
	if (version != from)
		return db_exec(db, "ROLLBACK", err);
	if (db_exec(db, migrations[from], err) && db_exec(db, mark, err))
		return true;
undo:
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

/* What the file is; nothing of it is changed. */
static bool look(sqlite3 *db, const char *path, int *version, GError **err)
{
	bool ok;

	if (!db_exec(db, "BEGIN", err))
		return false;
	ok = read_pragma(db, "PRAGMA user_version", version, err) && check_owner(db, path, *version, err);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return ok;
}

bool schema_migrate(sqlite3 *db, const char *path, GError **err)
{
	for (;;) {
		int version;

		if (!look(db, path, &version, err))
			return false;
		if (version == CACHE_VERSION)
			return true;
		/* Zeros over what was there before it was sealed. */
		if (!db_exec(db, "PRAGMA secure_delete = ON", err))
			return false;
		if (!step(db, version, err))
			return false;
	}
}
