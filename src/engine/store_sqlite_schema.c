/* store_sqlite_schema - what the tables are, and how older files become today's.
 *
 * Never edit a migration that has been released: append one and raise STORE_VERSION. Columns have
 * the names of store_sqlite_fields.h. Rows are numbered inside, so that indexes stay small and new
 * rows stand together; the ids of the API are unique texts. */
#include "engine/store_sqlite.h"

#define CODE_COLUMNS                                                                               \
	" access_code_id TEXT NOT NULL UNIQUE,"                                                    \
	" device_id TEXT NOT NULL, pin TEXT, created_at INTEGER NOT NULL, common_code_key TEXT,"   \
	" name TEXT, managed INTEGER NOT NULL, starts_at INTEGER, ends_at INTEGER,"                \
	" external_ok INTEGER NOT NULL, prefer_native INTEGER NOT NULL,"                           \
	" offline INTEGER NOT NULL, one_time INTEGER NOT NULL, backup INTEGER NOT NULL,"           \
	" pulled_backup_id TEXT, removal_asked_at INTEGER, asked_at INTEGER,"                      \
	" belief INTEGER NOT NULL, last_pin TEXT, last_name TEXT, last_starts_at INTEGER,"         \
	" last_ends_at INTEGER, last_enabled INTEGER NOT NULL, tries INTEGER NOT NULL,"            \
	" last_try_at INTEGER, first_try_at INTEGER, fights INTEGER NOT NULL,"                     \
	" refused INTEGER NOT NULL, dice INTEGER NOT NULL,"                                        \
	" looked INTEGER NOT NULL, tried INTEGER NOT NULL, handle TEXT,"                           \
	" shown_name TEXT, shown_first TEXT, shown_last TEXT, status TEXT,"                        \
	" scheduled_on_device INTEGER NOT NULL, problems INTEGER NOT NULL, problem_since TEXT,"    \
	" rival_id TEXT, reason TEXT, next_look INTEGER, next_try_text INTEGER,"                   \
	" ever_set INTEGER NOT NULL"

#define TALLY_IN                                                                                   \
	"INSERT INTO tally VALUES(NEW.managed, coalesce(NEW.status, ''), NEW.problems, 1)"         \
	" ON CONFLICT DO UPDATE SET codes = codes + 1;"
#define TALLY_OUT                                                                                  \
	"UPDATE tally SET codes = codes - 1 WHERE managed = OLD.managed"                           \
	" AND status = coalesce(OLD.status, '') AND problems = OLD.problems;"
/* As in the statement that counts them. */
#define DEVICE_AWAY "online = 0 OR account_lost = 1 OR removed = 1"

/* The words are those of store_sqlite_fields.h and of PIN_AGAIN; see store_seal.h. */
#define SEAL_CODES(table)                                                                          \
	"UPDATE " table " SET pin = pin_sealed('access code', access_code_id, 'pin', pin),"        \
	" last_pin = iif(last_pin = pin, '~',"                                                     \
	" pin_sealed('access code', access_code_id, 'last_pin', last_pin)),"                       \
	" changing = pins_sealed('access code', access_code_id, 'changing', changing),"            \
	" pin_mark = pin_mark_of(device_id, pin)"                                                  \
	" WHERE coalesce(pin, last_pin, changing) IS NOT NULL;"

static const char *const migrations[STORE_VERSION] = {
	"CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

	"CREATE TABLE device("
	" device_no INTEGER PRIMARY KEY,"
	" device_id TEXT NOT NULL UNIQUE,"
	" device_type TEXT, name TEXT, nickname TEXT, place TEXT, room TEXT, zone TEXT,"
	" model TEXT, serial TEXT, account_id TEXT, account_name TEXT,"
	" created_at INTEGER NOT NULL, managed INTEGER NOT NULL, online INTEGER NOT NULL,"
	" locked INTEGER NOT NULL, account_lost INTEGER NOT NULL, removed INTEGER NOT NULL,"
	" battery_pct INTEGER NOT NULL, can_lock INTEGER NOT NULL, can_unlock INTEGER NOT NULL,"
	" backup_pool INTEGER NOT NULL, code_lengths TEXT, metadata TEXT, read_at INTEGER,"
	" first_read_done INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX device_page ON device(created_at, device_id);"

	"CREATE TABLE access_code("
	" code_no INTEGER PRIMARY KEY," CODE_COLUMNS ") STRICT;"
	"CREATE INDEX code_due ON access_code(next_look, starts_at) WHERE next_look IS NOT NULL;"
	"CREATE INDEX code_page ON access_code(created_at, access_code_id);"
	"CREATE INDEX code_by_device ON access_code(device_id, created_at, access_code_id);"
	"CREATE INDEX code_by_pin ON access_code(device_id, pin) WHERE pin IS NOT NULL;"
	"CREATE INDEX code_by_key ON access_code(common_code_key, created_at, access_code_id)"
	" WHERE common_code_key IS NOT NULL;"
	/* Counted before each write: how full is the lock? Neither ABSENT nor GONE. */
	"CREATE INDEX code_held ON access_code(device_id) WHERE belief NOT IN (0, 4);"

	"CREATE TABLE history("
	" history_no INTEGER PRIMARY KEY, closed_at INTEGER NOT NULL," CODE_COLUMNS ") STRICT;"
	"CREATE INDEX history_page ON history(created_at, access_code_id);"
	"CREATE INDEX history_by_device ON history(device_id, created_at, access_code_id);"
	"CREATE INDEX history_by_end ON history(closed_at);"

	"CREATE TABLE decision("
	" decision_no INTEGER PRIMARY KEY,"
	" access_code_id TEXT NOT NULL,"
	" at INTEGER, reason TEXT, step INTEGER NOT NULL, text TEXT"
	") STRICT;"
	"CREATE INDEX decision_by_code ON decision(access_code_id);"

	/* The journal. seq is the row's number: the next is the last plus one. */
	"CREATE TABLE event("
	" seq INTEGER PRIMARY KEY,"
	" event_id TEXT NOT NULL UNIQUE,"
	" event_type TEXT NOT NULL, device_id TEXT, access_code_id TEXT, account_id TEXT,"
	" created_at INTEGER NOT NULL, occurred_at INTEGER, body TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX event_by_time ON event(created_at);"
	"CREATE INDEX event_by_type ON event(event_type, created_at);"
	"CREATE INDEX event_by_device ON event(device_id, created_at)"
	" WHERE device_id IS NOT NULL;"
	"CREATE INDEX event_by_code ON event(access_code_id, created_at)"
	" WHERE access_code_id IS NOT NULL;"
	"CREATE INDEX event_by_account ON event(account_id, created_at)"
	" WHERE account_id IS NOT NULL;"
	"CREATE TRIGGER event_is_fixed BEFORE UPDATE ON event BEGIN"
	" SELECT raise(ABORT, 'the journal is append-only'); END;"
	"CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN"
	" SELECT raise(ABORT, 'the journal is append-only'); END;"

	"CREATE TABLE action_attempt("
	" attempt_no INTEGER PRIMARY KEY,"
	" action_attempt_id TEXT NOT NULL UNIQUE,"
	" action_type TEXT, status TEXT, device_id TEXT, result TEXT, error TEXT,"
	" created_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX attempt_page ON action_attempt(created_at, action_attempt_id);"
	"CREATE INDEX attempt_by_device ON action_attempt(device_id, created_at,"
	" action_attempt_id);"

	"CREATE TABLE api_key("
	" short_id TEXT PRIMARY KEY, hash BLOB NOT NULL, name TEXT, role INTEGER NOT NULL,"
	" created_at INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE webhook("
	" webhook_no INTEGER PRIMARY KEY,"
	" webhook_id TEXT NOT NULL UNIQUE,"
	" url TEXT, secret TEXT, event_types TEXT, delivered_seq INTEGER NOT NULL,"
	" tries INTEGER NOT NULL, next_try_at INTEGER, failing_since INTEGER,"
	" disabled INTEGER NOT NULL"
	") STRICT;",

	"ALTER TABLE device ADD COLUMN has_keypad INTEGER NOT NULL DEFAULT 1;"
	"ALTER TABLE device ADD COLUMN auto_lock INTEGER NOT NULL DEFAULT -1;"
	"ALTER TABLE device ADD COLUMN auto_lock_delay_s INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN zone_reported TEXT;",

	/* How many codes there are of each kind, kept by what changes them. */
	"CREATE TABLE tally("
	" managed INTEGER NOT NULL, status TEXT NOT NULL, problems INTEGER NOT NULL,"
	" codes INTEGER NOT NULL, PRIMARY KEY(managed, status, problems)"
	") STRICT, WITHOUT ROWID;"
	"INSERT INTO tally SELECT managed, coalesce(status, ''), problems, count(*)"
	" FROM access_code GROUP BY 1, 2, 3;"
	"CREATE TRIGGER code_comes AFTER INSERT ON access_code BEGIN " TALLY_IN " END;"
	"CREATE TRIGGER code_goes AFTER DELETE ON access_code BEGIN " TALLY_OUT " END;"
	"CREATE TRIGGER code_changes AFTER UPDATE OF managed, status, problems ON access_code"
	" WHEN OLD.status IS NOT NEW.status OR OLD.problems <> NEW.problems"
	" OR OLD.managed <> NEW.managed"
	" BEGIN " TALLY_OUT TALLY_IN " END;"
	"CREATE INDEX device_away ON device(device_no) WHERE " DEVICE_AWAY ";",

	/* Attempts about codes, and those of them that have not ended. */
	"ALTER TABLE action_attempt ADD COLUMN access_code_id TEXT;"
	"CREATE INDEX attempt_pending ON action_attempt(access_code_id)"
	" WHERE status = 'pending' AND access_code_id IS NOT NULL;",

	/* What the lock had of a code before the edit that is under way. */
	"ALTER TABLE access_code ADD COLUMN changing TEXT;"
	"ALTER TABLE history ADD COLUMN changing TEXT;",

	"ALTER TABLE access_code ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE history ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;",

	"CREATE INDEX code_cut_off ON access_code(device_id)"
	" WHERE reason IN ('unreachable', 'account-lost');",

	/* The chain of core/audit.h: the line as it was made, and the hash after it. */
	"CREATE TABLE audit(no INTEGER PRIMARY KEY, line TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
	"CREATE TRIGGER audit_is_fixed BEFORE UPDATE ON audit BEGIN"
	" SELECT raise(ABORT, 'the audit is append-only'); END;"
	"CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN"
	" SELECT raise(ABORT, 'the audit is append-only'); END;",

	/* When keys end and were used; and what lies before a cut of the audit may go. */
	"ALTER TABLE api_key ADD COLUMN expires_at INTEGER;"
	"ALTER TABLE api_key ADD COLUMN used_at INTEGER;"
	"DROP TRIGGER audit_stays;"
	"CREATE TRIGGER audit_stays BEFORE DELETE ON audit WHEN OLD.no >="
	" coalesce((SELECT CAST(value AS INTEGER) FROM fact WHERE key = 'audit.begins'), 0) BEGIN"
	" SELECT raise(ABORT, 'the audit is append-only'); END;",

	/* PINs are sealed, and found by a mark of them. What the journal says stays fixed; how it is sealed may
	 * change. clean: nothing unsealed is left in unused parts of the file. */
	"CREATE TABLE sealing("
	" no INTEGER PRIMARY KEY CHECK (no = 1), proof TEXT NOT NULL, clean INTEGER NOT NULL"
	") STRICT;"
	"INSERT INTO sealing SELECT 1, pin_sealed('store', 'store', 'proof', 'keyrackd'), 0"
	" WHERE EXISTS (SELECT 1 FROM event) OR EXISTS (SELECT 1 FROM access_code)"
	" OR EXISTS (SELECT 1 FROM history);"
	"DROP INDEX code_by_pin;"
	"ALTER TABLE access_code ADD COLUMN pin_mark BLOB;"
	"ALTER TABLE history ADD COLUMN pin_mark BLOB;"
	SEAL_CODES("access_code") SEAL_CODES("history")
	"CREATE INDEX code_by_pin ON access_code(device_id, pin_mark) WHERE pin_mark IS NOT NULL;"
	"DROP TRIGGER event_is_fixed;"
	"CREATE TRIGGER event_is_fixed BEFORE UPDATE ON event"
	" WHEN OLD.seq IS NOT NEW.seq OR OLD.event_id IS NOT NEW.event_id"
	" OR OLD.event_type IS NOT NEW.event_type OR OLD.device_id IS NOT NEW.device_id"
	" OR OLD.access_code_id IS NOT NEW.access_code_id OR OLD.account_id IS NOT NEW.account_id"
	" OR OLD.created_at IS NOT NEW.created_at OR OLD.occurred_at IS NOT NEW.occurred_at"
	" OR pins_opened('event', OLD.event_id, 'body', OLD.body)"
	" IS NOT pins_opened('event', NEW.event_id, 'body', NEW.body)"
	" BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;"
	"UPDATE event SET body = pins_sealed('event', event_id, 'body', body)"
	" WHERE instr(body, '\"code\"') OR instr(body, '\"from\"');",

	/* The secret of a webhook that was changed signs for a time beside the new one. */
	"ALTER TABLE webhook ADD COLUMN secret_before TEXT;"
	"ALTER TABLE webhook ADD COLUMN before_until INTEGER;",
};

const char *schema_of_store(int n)
{
	g_return_val_if_fail(n >= 0 && n < STORE_VERSION, NULL);
	return migrations[n];
}

static bool read_number(sqlite3 *db, const char *sql, int *out, GError **err)
{
	sqlite3_stmt *q = NULL;
	bool ok = sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK &&
		  sqlite3_step(q) == SQLITE_ROW;

	if (ok)
		*out = sqlite3_column_int(q, 0);
	else
		sq_error(db, err);
	sqlite3_finalize(q);
	return ok;
}

bool schema_version(sqlite3 *db, const char *path, int *version, GError **err)
{
	int id, objects;

	if (!read_number(db, "PRAGMA user_version", version, err) ||
	    !read_number(db, "PRAGMA application_id", &id, err) ||
	    !read_number(db, "SELECT count(*) FROM sqlite_schema", &objects, err))
		return false;
	if (id != STORE_APPLICATION_ID && (id != 0 || *version != 0 || objects != 0)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			    "%s is a database of another program: choose another file", path);
		return false;
	}
	if (*version > STORE_VERSION) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_TOO_NEW,
			    "%s was written by a newer keyrackd (its version is %d, this program "
			    "knows %d): update keyrackd, or choose another file",
			    path, *version, STORE_VERSION);
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
						STORE_APPLICATION_ID, from + 1);
	int version;

	if (!sq_exec(db, "BEGIN IMMEDIATE", err))
		return false;
	if (!read_number(db, "PRAGMA user_version", &version, err))
		goto undo;
	if (version != from)
		return sq_exec(db, "ROLLBACK", err);
	if (sq_exec(db, migrations[from], err) && sq_exec(db, mark, err))
		return true;
undo:
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool schema_bring_up(sqlite3 *db, const char *path, GError **err)
{
	for (;;) {
		int version;

		if (!schema_version(db, path, &version, err))
			return false;
		if (version == STORE_VERSION)
			return true;
		if (!step(db, version, err))
			return false;
	}
}
