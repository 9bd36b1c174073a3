/* open - a cache file made, checked and closed. */
#include "config.h" /* O_CLOEXEC and kin are system extensions */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/anew.h"
#include "cache/db.h"
#include "cache/rekey.h"
#include "cache/rescue.h"
#include "cache/reseal.h"
#include "cache/schema.h"
#include "core/i18n.h"

enum {
	MODE_OWN = 0600,
	MODE_GROUP = 0660,
	FOLDER_OWN = 0700,
	FOLDER_GROUP = 02770, /* what is made inside belongs to the folder's group */
};

/* Makes the file with its final rights: SQLite gives -wal and -shm the same. */
static bool make_file(const char *path, bool group, GError **err)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd;

	if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		if (g_mkdir_with_parents(folder, FOLDER_OWN) != 0)
			goto failed;
		if (group && g_chmod(folder, FOLDER_GROUP) != 0)
			goto failed;
	}
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE_OWN);
	if (fd < 0) {
		if (errno == EEXIST)
			return true;
		goto failed;
	}
	if (group && fchmod(fd, MODE_GROUP) != 0) {
		close(fd);
		goto failed;
	}
	close(fd);
	return true;
failed:
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "the cache %s cannot be made: %s", path,
		    g_strerror(errno));
	return false;
}

/* Changing the journal mode does not wait for others by itself. */
static bool use_wal(sqlite3 *db, GError **err)
{
	for (int tries = 0;; tries++) {
		int result = sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);

		if (result == SQLITE_OK)
			return true;
		if ((result & 0xff) != SQLITE_BUSY || tries == 100) {
			db_error(db, err);
			return false;
		}
		sqlite3_sleep(20);
	}
}

static const char *const settings[] = {
	/* A screen touches some hundred pages; more of them would only be memory that a search has filled. */
	[CACHE_DESK] = "PRAGMA synchronous = FULL; PRAGMA cache_size = -4096;"
		       "PRAGMA fullfsync = 1; PRAGMA temp_store = MEMORY;",
	/* What a comparison has seen is this process's alone and dies with it: a property in
	 * which nothing changes writes nothing. */
	[CACHE_SYNC] = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768;"
		       "PRAGMA fullfsync = 1; PRAGMA temp_store = MEMORY;"
		       "PRAGMA journal_size_limit = 67108864;"
		       "CREATE TEMP TABLE seen_lock(lock_no INTEGER PRIMARY KEY, gen INTEGER);",
};

/* Pages of the log before it is copied into the file. Those of the indexes by id and by name are met at random,
 * so that in a first pull each copy writes nearly all of them once more. */
enum { CHECKPOINT_PAGES = 4000, CHECKPOINT_PAGES_BULK = 64000 };

void cache_in_bulk(struct cache *c, bool bulk)
{
	sqlite3_wal_autocheckpoint(c->db, bulk ? CHECKPOINT_PAGES_BULK : CHECKPOINT_PAGES);
}

/* A sweep binds other numbers for each lock, and would be planned anew each time. */
static bool steady_plans(sqlite3 *db)
{
	return sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL) == SQLITE_OK;
}

/* Reads one row at each end of every table: finds a file that is no cache or that is torn at its
 * roots, in a time that does not grow with it. */
static bool quick_check(sqlite3 *db, GError **err)
{
	return db_exec(db,
		       "SELECT count(*) FROM sqlite_schema;"
		       "SELECT min(intent_no), max(intent_no) FROM intent;"
		       "SELECT min(lock_no), max(name) FROM lock;"
		       "SELECT * FROM access_code ORDER BY code_no LIMIT 1;"
		       "SELECT * FROM access_code ORDER BY code_no DESC LIMIT 1;"
		       "SELECT * FROM event ORDER BY event_no LIMIT 1;"
		       "SELECT * FROM event ORDER BY event_no DESC LIMIT 1;"
		       "SELECT * FROM event ORDER BY occurred_at DESC LIMIT 1;"
		       "SELECT * FROM intent WHERE state < 2;"
		       "SELECT * FROM fact; SELECT * FROM tally; SELECT * FROM ignored",
		       err);
}

static bool look_at_file(const char *path, dev_t *dev, ino_t *ino)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*dev = st.st_dev;
	*ino = st.st_ino;
	return true;
}

bool cache_is_in_place(const struct cache *c)
{
	dev_t dev;
	ino_t ino;

	/* Of a file that is no file of the system nobody can tell. */
	return !c->ino || (look_at_file(c->path, &dev, &ino) && dev == c->dev && ino == c->ino);
}

/* SQLite's account of its memory, which nobody reads, takes a lock at every allocation. */
static void spare_accounts(void)
{
	static gsize done;

	if (!g_once_init_enter(&done))
		return;
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused, and no harm, once it is in use */
	g_once_init_leave(&done, 1);
}

static bool migrate(struct cache *c, GError **err)
{
	bool ok;

	sealing_begin(c->sealing, sealing_key(c->sealing));
	ok = schema_migrate(c->db, c->path, err);
	sealing_end(c->sealing);
	return ok;
}

/* A key that is gone stops all where something would go with it, and then that is said. True: nothing would. */
static bool refuse_lost(struct cache *c, GError **why)
{
	g_autofree char *what = NULL;
	bool told = g_error_matches(*why, KEYRACK_ERROR, KEYRACK_ERROR_KEY_LOST) && anew_would_lose(c->db, &what);

	if (what)
		g_prefix_error(why, "%s would be lost. ", what);
	return told && !what && !g_getenv("CREDENTIALS_DIRECTORY");
}

/* lost: also where the key of its PINs is gone; see rekey.h. */
static struct cache *open_cache(const char *path, enum cache_mode mode, bool group, bool lost, bool *may_begin_anew,
				GError **err)
{
	GError *why = NULL;
	struct cache *c;

	if (mode == CACHE_SYNC && rescue_is_open(path)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT, "the rescue of the damaged cache %s was interrupted",
			    path);
		return NULL;
	}
	if (!make_file(path, group, err))
		return NULL;
	spare_accounts();
	c = g_new0(struct cache, 1);
	c->mode = mode;
	c->path = g_strdup(path);
	c->under_way = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	if (sqlite3_open_v2(path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK) {
		db_error(c->db, err);
		goto failed;
	}
	look_at_file(path, &c->dev, &c->ino);
	sqlite3_extended_result_codes(c->db, 1);
	sqlite3_busy_timeout(c->db, 5000);
	c->sealing = sealing_open(c->db, path, group, lost, &why);
	if (!c->sealing) {
		if (may_begin_anew)
			*may_begin_anew = refuse_lost(c, &why);
		g_propagate_error(err, why);
		goto failed;
	}
	if (!migrate(c, err) || !use_wal(c->db, err))
		goto failed;
	reseal_sweep(c->db);
	if (!db_exec(c->db, settings[mode], err) || !quick_check(c->db, err))
		goto failed;
	if (mode == CACHE_SYNC)
		cache_in_bulk(c, false);
	if (mode == CACHE_SYNC && !(steady_plans(c->db) && seen_init(c, err)))
		goto failed;
	return c;
failed:
	cache_close(c);
	return NULL;
}

/* Of two processes that come to it at once one finds the key there: so much the better. A credential that systemd did
 * not hand over is somebody's mistake, and comes again. */
struct cache *cache_open(const char *path, enum cache_mode mode, bool group, GError **err)
{
	bool may_begin_anew = false;
	struct cache *c = open_cache(path, mode, group, false, &may_begin_anew, err);
	struct cache_lost none;

	if (c || !may_begin_anew)
		return c;
	g_clear_error(err);
	cache_forget_key(path, group, &none, NULL);
	c = open_cache(path, mode, group, false, NULL, err);
	if (c)
		c->begun_anew = cache_note_act(c, N_("began with a new key for PINs"), path, "keyrack", instant_now(), NULL);
	return c;
}

bool cache_begun_anew(const struct cache *c)
{
	return c->begun_anew;
}

struct cache *cache_open_lost(const char *path, bool group, GError **err)
{
	return open_cache(path, CACHE_DESK, group, true, NULL, err);
}

void cache_close(struct cache *c)
{
	if (!c)
		return;
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(c->statements[i]);
	sealing_free(c->sealing);
	sqlite3_close(c->db);
	g_hash_table_unref(c->under_way);
	if (c->seen)
		g_array_unref(c->seen);
	g_free(c->device_id);
	g_free(c->path);
	g_free(c);
}

bool cache_reopen(struct cache *c, bool group, GError **err)
{
	struct cache *anew = cache_open(c->path, c->mode, group, err);
	struct cache was = *c;

	if (!anew)
		return false;
	*c = *anew;
	*anew = was;
	cache_close(anew);
	return true;
}

int64_t cache_next_gen(struct cache *c, GError **err)
{
	if (c->mode != CACHE_SYNC) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			    "only sync compares (a fault of this program)");
		return 0;
	}
	return ++c->gen;
}

char *cache_fact_get(struct cache *c, const char *key)
{
	QUERY q = db_query(c, STATEMENT_FACT_GET, NULL);

	if (!q)
		return NULL;
	bind_text(q, 1, key);
	if (db_next(c, q, NULL) <= 0)
		return NULL;
	return g_strdup((const char *)sqlite3_column_text(q, 0));
}

bool cache_fact_set(struct cache *c, const char *key, const char *value, GError **err)
{
	QUERY q = db_query(c, value ? STATEMENT_FACT_SET : STATEMENT_FACT_DROP, err);

	if (!q)
		return false;
	bind_text(q, 1, key);
	if (value)
		bind_text(q, 2, value);
	return db_run(c, q, err);
}

int64_t cache_fact_get_int(struct cache *c, const char *key, int64_t otherwise)
{
	g_autofree char *value = cache_fact_get(c, key);
	gint64 n;

	if (!value || !g_ascii_string_to_signed(value, 10, G_MININT64, G_MAXINT64, &n, NULL))
		return otherwise;
	return n;
}

bool cache_check(struct cache *c, GError **err)
{
	QUERY q = db_query(c, STATEMENT_CHECK, err);

	if (!q || db_next(c, q, err) < 0)
		return false;
	const char *said = (const char *)sqlite3_column_text(q, 0);
	if (said && strcmp(said, "ok") == 0)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT, "%s is damaged: %s", c->path,
		    said ? said : "unreadable");
	return false;
}

struct cache_counts cache_counts(struct cache *c, struct instant now)
{
	struct cache_counts counts = { 0 };
	QUERY q = db_query(c, STATEMENT_COUNTS, NULL);
	QUERY trouble = db_query(c, STATEMENT_COUNT_CODE_TROUBLE, NULL);

	(void)now;
	if (!q || db_next(c, q, NULL) <= 0)
		return counts;
	counts.locks = sqlite3_column_int64(q, 0);
	counts.locks_offline = sqlite3_column_int64(q, 1);
	counts.codes = sqlite3_column_int64(q, 2);
	counts.codes_unmanaged = sqlite3_column_int64(q, 3);
	counts.events = sqlite3_column_int64(q, 4);
	counts.outbox_waiting = sqlite3_column_int64(q, 5);
	counts.outbox_refused = sqlite3_column_int64(q, 6);
	counts.codes_trouble = db_int(c, trouble, 0);
	return counts;
}

struct cache_property cache_property(struct cache *c)
{
	struct cache_property p = { 0 };
	QUERY q = db_query(c, STATEMENT_PROPERTY, NULL);

	if (!q || db_next(c, q, NULL) <= 0)
		return p;
	p.place = g_strdup((const char *)sqlite3_column_text(q, 0));
	p.zone = g_strdup((const char *)sqlite3_column_text(q, 1));
	return p;
}

void cache_property_clear(struct cache_property *p)
{
	g_clear_pointer(&p->place, g_free);
	g_clear_pointer(&p->zone, g_free);
}
