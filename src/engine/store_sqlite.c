/* store_sqlite - the store in one SQLite file: made, locked, checked and closed.
 *
 * WAL with synchronous=FULL: a commit is on the disk when it returns. One keyrackd per file, by a
 * lock of the kernel on PATH.lock, which ends with the process however that ends; the database's
 * own locks stay as they are, so that a command can add a key meanwhile. */
#include "config.h" /* O_CLOEXEC and kin are system extensions */

#include "engine/store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file_lock.h"
#include "core/text.h"

enum { FILE_MODE = 0600, FOLDER_MODE = 0700 };
enum { SEALED_SINCE = 10 }; /* the version: what is older holds PINs, and needs their key */

static const char in_memory[] = ":memory:"; /* for tests: ends with the process */

static bool io_error(GError **err, const char *path, const char *what)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s cannot be %s: %s", path, what,
		    g_strerror(errno));
	return false;
}

/* Makes the file with its final rights: SQLite gives -wal and -shm the same. */
static bool make_file(const char *path, GError **err)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd;

	if (g_mkdir_with_parents(folder, FOLDER_MODE) != 0)
		return io_error(err, folder, "made");
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return errno == EEXIST || io_error(err, path, "made");
	close(fd);
	return true;
}

/* The lock's file; -1. A command that migrates holds it for a moment: half a second is tried. */
static int take_lock(const char *path, GError **err)
{
	enum { TRIES = 10, PAUSE_US = 50000 };
	/* Links lead to the same lock. */
	char *real = realpath(path, NULL);
	g_autofree char *name = g_strconcat(real ? real : path, ".lock", NULL);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);

	free(real);
	if (fd < 0) {
		io_error(err, name, "opened");
		return -1;
	}
	for (int i = 0; i < TRIES; i++) {
		if (file_lock(fd))
			return fd;
		if (errno != EAGAIN && errno != EACCES && errno != EINTR) {
			io_error(err, name, "locked");
			close(fd);
			return -1;
		}
		g_usleep(PAUSE_US);
	}
	close(fd);
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY,
		    "another keyrackd is running on %s: stop it, or choose another file", path);
	return -1;
}

/* What SQLite writes beside a file goes by its name: through two names it would have two journals,
 * and neither would know of the other. */
static bool has_one_name(const char *path, GError **err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return io_error(err, path, "looked at");
	if (st.st_nlink <= 1)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
		    "%s has %u names (hard links), and would be damaged by using more than one: "
		    "remove the others, or copy the file instead",
		    path, (unsigned)st.st_nlink);
	return false;
}

bool sq_is_there(struct sq *s, GError **err)
{
	int64_t now_us = g_get_monotonic_time();
	struct stat st;

	if (!s->path || now_us < s->looked_us + G_USEC_PER_SEC)
		return true;
	if (stat(s->path, &st) == 0 && st.st_dev == s->device && st.st_ino == s->inode) {
		s->looked_us = now_us;
		return true;
	}
	s->failing = true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
		    "%s is no longer the file that was opened: put it back, or start keyrackd anew",
		    s->path);
	return false;
}

/* The open file cannot lose its number to another one. */
static void note_identity(struct sq *s, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return;
	s->path = g_strdup(path);
	s->device = st.st_dev;
	s->inode = st.st_ino;
}

/* Changing the journal mode does not wait for others by itself. */
static bool use_wal(sqlite3 *db, GError **err)
{
	for (int tries = 0;; tries++) {
		int result = sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);

		if (result == SQLITE_OK)
			return true;
		if ((result & 0xff) != SQLITE_BUSY || tries == 100) {
			sq_error(db, err);
			return false;
		}
		sqlite3_sleep(20);
	}
}

/* Reads one row at each end of every table: finds a file that is no store or that is torn at its
 * roots, in a time that does not grow with it. */
static bool quick_check(sqlite3 *db, GError **err)
{
	return sq_exec(db,
		       "SELECT count(*) FROM sqlite_schema;"
		       "SELECT * FROM fact; SELECT * FROM api_key; SELECT * FROM webhook;"
		       "SELECT min(device_id), max(device_id) FROM device;"
		       "SELECT * FROM device ORDER BY device_no LIMIT 1;"
		       "SELECT * FROM access_code ORDER BY code_no LIMIT 1;"
		       "SELECT * FROM access_code ORDER BY code_no DESC LIMIT 1;"
		       "SELECT * FROM access_code WHERE next_look < 0 ORDER BY next_look LIMIT 1;"
		       "SELECT * FROM history ORDER BY history_no DESC LIMIT 1;"
		       "SELECT * FROM decision ORDER BY decision_no DESC LIMIT 1;"
		       "SELECT * FROM event ORDER BY seq LIMIT 1;"
		       "SELECT * FROM event ORDER BY seq DESC LIMIT 1;"
		       "SELECT * FROM action_attempt ORDER BY attempt_no DESC LIMIT 1",
		       err);
}

/* folded(text): for finding names. */
static void sql_folded(sqlite3_context *to, int n, sqlite3_value **args)
{
	const char *text = (const char *)sqlite3_value_text(args[0]);

	(void)n;
	if (text)
		sqlite3_result_text(to, text_fold(text), -1, g_free);
}

static bool set_up(struct sq *s, GError **err)
{
	if (sqlite3_create_function(s->db, "folded", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
				    sql_folded, NULL, NULL) != SQLITE_OK ||
	    !sq_know_sets(s->db)) {
		sq_error(s->db, err);
		return false;
	}
	return use_wal(s->db, err) &&
	       sq_exec(s->db,
		       "PRAGMA synchronous = FULL; PRAGMA fullfsync = 1;"
		       "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;"
		       "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864",
		       err) &&
	       quick_check(s->db, err);
}

/* An older file is not changed under a keyrackd that is running on it. */
static bool migrate(struct sq *s, const char *path, GError **err)
{
	int version, lock = -1;
	bool ok;

	if (!schema_version(s->db, path, &version, err))
		return false;
	if (version == STORE_VERSION)
		return true;
	if (version > 0 && version < SEALED_SINCE && !s->vault) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY,
			    "%s is of an older keyrackd: start keyrackd on it once, which seals the PINs in it", path);
		return false;
	}
	if (s->lock_fd < 0 && strcmp(path, in_memory) != 0) {
		lock = take_lock(path, err);
		if (lock < 0)
			return false;
	}
	ok = schema_bring_up(s->db, path, err);
	if (lock >= 0)
		close(lock);
	return ok;
}

#define STORE_OP_FILLED(result, name, parameters, arguments) .name = sqlite_##name,
static const struct store_ops ops = { STORE_OPS(STORE_OP_FILLED) STORE_INNER_OPS(STORE_OP_FILLED) };

struct store *store_sqlite_open(const char *path, const char *seal_key, bool alone, GError **err)
{
	bool has_file = strcmp(path, in_memory) != 0;
	struct sq *s;

	if (has_file && (!make_file(path, err) || !has_one_name(path, err)))
		return NULL;
	s = g_new0(struct sq, 1);
	s->base.ops = &ops;
	s->lock_fd = -1;
	if (has_file && alone) {
		s->lock_fd = take_lock(path, err);
		if (s->lock_fd < 0)
			goto failed;
	}
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK) {
		sq_error(s->db, err);
		goto failed;
	}
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, 5000);
	if (has_file)
		note_identity(s, path);
	if (seal_open(s, seal_key, alone, err) && migrate(s, path, err) && set_up(s, err) && seal_settle(s, err)) {
		s->looked_us = 0; /* what was written here is nobody's yet */
		return &s->base;
	}
failed:
	sqlite_close(&s->base);
	return NULL;
}

void sqlite_close(struct store *store)
{
	struct sq *s = sq_of(store);

	if (!s)
		return;
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(s->statements[i]);
	sqlite3_close(s->db);
	vault_free(s->vault);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	g_free(s->path);
	g_free(s);
}
