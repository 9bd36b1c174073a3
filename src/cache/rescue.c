/* rescue - a damaged cache set aside, and the outbox saved from it.
 *
 * What the server knows can be pulled again; what the desk has decided cannot. Rows are read one
 * by one, from the front until the damage and from the back until the damage, then each number
 * between by itself, so that one bad page costs the rows on it and no others. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cache/db.h"
#include "cache/schema.h"

#define INTENT_COLUMNS_OF_1                                                                        \
	"intent_no, kind, state, after_no, starts_at, ends_at, name_folded, settled_at, dismissed" \
	INTENT_FIELDS_OF_1(FIELD_NAME)
#define INTENT_COLUMNS_OF_5 INTENT_COLUMNS_OF_1 INTENT_FIELDS_SINCE_5(FIELD_NAME)
#define INTENT_COLUMNS      INTENT_COLUMNS_OF_5 ", again_no"
/* The same of a file that has not been brought to version 6 yet, and of one before version 5, that has no
 * request_id and no settled_how either. */
#define INTENT_COLUMNS_BEFORE_6 INTENT_COLUMNS_OF_5 ", NULL"
#define INTENT_COLUMNS_BEFORE_5 INTENT_COLUMNS_OF_1 ", NULL, 0, NULL"
#define FROM_OUTBOX(columns) "SELECT " columns " FROM intent NOT INDEXED "
enum {
	PARAMS = 9 + 2, /* the third of the fields; it may hold a PIN that an older version left plain */
	COPIED_COLUMNS = 9 + INTENT_FIELD_COUNT + 1,
};

static const char *const companions[] = { "", "-wal", "-shm" };

static bool set_aside(const char *path, const char *aside, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(companions); i++) {
		g_autofree char *from = g_strconcat(path, companions[i], NULL);
		g_autofree char *to = g_strconcat(aside, companions[i], NULL);

		if (g_rename(from, to) == 0 || errno == ENOENT)
			continue;
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "the damaged cache %s cannot be renamed: %s", from, g_strerror(errno));
		return false;
	}
	return true;
}

/* path.damaged-20261122T211804Z, and a number where that is taken. */
static char *name_aside(const char *path)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(instant_now().ms / SECOND_MS);
	g_autofree char *when = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
	char *name = g_strdup_printf("%s.damaged-%s", path, when);

	for (int i = 2; g_file_test(name, G_FILE_TEST_EXISTS); i++) {
		g_free(name);
		name = g_strdup_printf("%s.damaged-%s-%d", path, when, i);
	}
	return name;
}

/* They hold PINs, and nobody needs more than the newest. */
static void remove_older(const char *path, const char *newest)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *kept = g_path_get_basename(newest);
	g_autofree char *prefix = g_strconcat(name, ".damaged-", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *entry;

	while (dir && (entry = g_dir_read_name(dir))) {
		g_autofree char *whole = g_build_filename(folder, entry, NULL);
		const char *rest = g_str_has_prefix(entry, kept) ? entry + strlen(kept) : NULL;
		bool of_kept = rest && (*rest == '\0' || strcmp(rest, "-wal") == 0 ||
					strcmp(rest, "-shm") == 0);

		if (g_str_has_prefix(entry, prefix) && !of_kept)
			g_unlink(whole);
	}
}

struct rescue {
	sqlite3 *from;
	struct cache *to;
	sqlite3_stmt *insert;
	int64_t first_lost, last_lost; /* numbers that the two walks did not reach */
	int saved;
};

static bool copy_row(struct rescue *r, sqlite3_stmt *row)
{
	for (int i = 0; i < COPIED_COLUMNS; i++)
		sqlite3_bind_value(r->insert, i + 1, sqlite3_column_value(row, i));
	if (sqlite3_step(r->insert) == SQLITE_DONE)
		r->saved += sqlite3_changes(r->to->db);
	return sqlite3_reset(r->insert) == SQLITE_OK;
}

/* The outbox of the damaged file, whichever version it is of. */
static int prepare_read(struct rescue *r, const char *rest, sqlite3_stmt **q)
{
	static const char *const reads[] = { FROM_OUTBOX(INTENT_COLUMNS), FROM_OUTBOX(INTENT_COLUMNS_BEFORE_6),
					     FROM_OUTBOX(INTENT_COLUMNS_BEFORE_5) };
	int result = SQLITE_ERROR;

	*q = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(reads) && result == SQLITE_ERROR; i++) {
		g_autofree char *sql = g_strconcat(reads[i], rest, NULL);

		result = sqlite3_prepare_v2(r->from, sql, -1, q, NULL);
	}
	return result;
}

/* True when the walk came to its end; *reached: the last number seen. */
static bool walk(struct rescue *r, const char *order, int64_t *reached)
{
	sqlite3_stmt *q;
	int result = prepare_read(r, order, &q);

	while (result == SQLITE_OK || result == SQLITE_ROW) {
		result = sqlite3_step(q);
		if (result != SQLITE_ROW)
			break;
		*reached = sqlite3_column_int64(q, 0);
		copy_row(r, q);
	}
	sqlite3_finalize(q);
	return result == SQLITE_DONE;
}

static void probe_between(struct rescue *r)
{
	sqlite3_stmt *q;

	if (prepare_read(r, "WHERE intent_no = ?1", &q) != SQLITE_OK)
		return;
	for (int64_t no = r->first_lost + 1; no < r->last_lost; no++) {
		sqlite3_bind_int64(q, 1, no);
		if (sqlite3_step(q) == SQLITE_ROW)
			copy_row(r, q);
		sqlite3_reset(q);
	}
	sqlite3_finalize(q);
}

static void copy_outbox(struct rescue *r)
{
	enum { PROBED_MAX = 1000000 };

	if (walk(r, "ORDER BY intent_no", &r->first_lost))
		return;
	walk(r, "ORDER BY intent_no DESC", &r->last_lost);
	if (r->last_lost - r->first_lost <= PROBED_MAX)
		probe_between(r);
}

static bool prepare_insert(struct rescue *r, GError **err)
{
	g_autoptr(GString) sql = g_string_new("INSERT OR IGNORE INTO intent(" INTENT_COLUMNS
					      ") VALUES(?1");

	for (int i = 1; i < COPIED_COLUMNS; i++)
		g_string_append(sql, i == PARAMS ? ", reseal_json(?, 'intent.params', ?1)" : ", ?");
	g_string_append_c(sql, ')');
	if (sqlite3_prepare_v2(r->to->db, sql->str, -1, &r->insert, NULL) == SQLITE_OK)
		return true;
	db_error(r->to->db, err);
	return false;
}

/* What was to come after something that is lost: nobody knows whether it may. */
static bool refuse_orphans(struct cache *c, GError **err)
{
	QUERY q = db_query(c, STATEMENT_AFTER_LOST, err);

	if (!q)
		return false;
	bind_when(q, 1, instant_now());
	bind_text(q, 2, "what it was to come after was lost with the damaged cache: see whether it is still "
			"to be done");
	return db_run(c, q, err);
}

static bool copy_from(struct rescue *r, const char *aside, GError **err)
{
	/* Read-write: what lies in the WAL was committed too. */
	bool open = sqlite3_open_v2(aside, &r->from, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
	bool ok = prepare_insert(r, err) && cache_begin(r->to, err);

	if (ok) {
		if (open)
			copy_outbox(r);
		ok = refuse_orphans(r->to, err) && cache_commit(r->to, err);
	}
	sqlite3_finalize(r->insert);
	sqlite3_close(r->from);
	return ok;
}

bool cache_rescue(const char *path, bool group, int *saved, char **aside, GError **err)
{
	struct rescue r = { .first_lost = 0, .last_lost = INT64_MAX };
	g_autofree char *name = name_aside(path);
	bool ok;

	*saved = 0;
	*aside = NULL;
	if (!set_aside(path, name, err))
		return false;
	r.to = cache_open(path, CACHE_SYNC, group, err);
	if (!r.to)
		return false;
	ok = db_exec(r.to->db, "PRAGMA synchronous = FULL", err) && copy_from(&r, name, err);
	cache_close(r.to);
	if (ok)
		remove_older(path, name);
	*saved = r.saved;
	*aside = g_steal_pointer(&name);
	return ok;
}
