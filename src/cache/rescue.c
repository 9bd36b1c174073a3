/* rescue - a damaged cache set aside, and the outbox saved from it.
 *
 * What the server knows can be pulled again; what the desk has decided cannot. Rows are read one
 * by one, from the front until the damage and from the back until the damage, then each number
 * between by itself, so that one bad page costs the rows on it and no others. Where the list of tables is lost, a
 * copy of the file is given one that knows the outbox alone. What had not been sent and cannot be read is counted by
 * its index, and told.
 *
 * The new file is whole before the damaged one leaves its place: whoever is stopped in between begins again. */
#include <glib/gstdio.h>
#include <string.h>

#include "cache/db.h"
#include "cache/rescue.h"
#include "cache/schema.h"
#include "core/i18n.h"

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

struct rescue {
	sqlite3 *from;
	struct cache *to;
	sqlite3_stmt *insert;
	int64_t first_lost, last_lost; /* numbers that the two walks did not reach */
	bool whole;                    /* nothing of the outbox is lost */
	struct cache_rescued *out;
};

static bool copy_row(struct rescue *r, sqlite3_stmt *row)
{
	for (int i = 0; i < COPIED_COLUMNS; i++)
		sqlite3_bind_value(r->insert, i + 1, sqlite3_column_value(row, i));
	if (sqlite3_step(r->insert) == SQLITE_DONE)
		r->out->saved += sqlite3_changes(r->to->db);
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

enum walked { WALK_NONE, WALK_PART, WALK_WHOLE };

/* *reached: the last number seen. WALK_NONE: no table of this name can be asked at all. */
static enum walked walk(struct rescue *r, const char *order, int64_t *reached)
{
	sqlite3_stmt *q;
	int result = prepare_read(r, order, &q);
	enum walked how = result == SQLITE_OK ? WALK_PART : WALK_NONE;

	while (result == SQLITE_OK || result == SQLITE_ROW) {
		result = sqlite3_step(q);
		if (result != SQLITE_ROW)
			break;
		*reached = sqlite3_column_int64(q, 0);
		copy_row(r, q);
	}
	sqlite3_finalize(q);
	return result == SQLITE_DONE ? WALK_WHOLE : how;
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

/* False: nothing of it can be asked. */
static bool copy_outbox(struct rescue *r)
{
	enum { PROBED_MAX = 1000000 };
	enum walked how;

	r->first_lost = 0;
	r->last_lost = INT64_MAX;
	how = walk(r, "ORDER BY intent_no", &r->first_lost);
	r->whole = how == WALK_WHOLE;
	if (how != WALK_PART)
		return how != WALK_NONE;
	walk(r, "ORDER BY intent_no DESC", &r->last_lost);
	if (r->last_lost - r->first_lost <= PROBED_MAX)
		probe_between(r);
	return true;
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

/* ---- what is lost ---- */

static bool is_saved(struct rescue *r, int64_t intent_no)
{
	QUERY q = db_query(r->to, STATEMENT_INTENT_STATE, NULL);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, intent_no);
	return db_next(r->to, q, NULL) > 0;
}

/* The door's name, where the damaged file can still say it. */
static void add_door(struct rescue *r, GHashTable *doors, const char *device_id)
{
	sqlite3_stmt *q = NULL;
	const char *name = NULL;

	if (sqlite3_prepare_v2(r->from, "SELECT name FROM lock WHERE device_id = ?1", -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(q, 1, device_id, -1, SQLITE_TRANSIENT) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
		name = (const char *)sqlite3_column_text(q, 0);
	g_hash_table_add(doors, g_strdup(name ? name : device_id));
	sqlite3_finalize(q);
}

/* The index of what is not sent yet has number and door of each, whatever has become of the rows. */
static void count_lost(struct rescue *r)
{
	g_autoptr(GHashTable) doors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char **names = NULL;
	sqlite3_stmt *q = NULL;
	int lost = 0, result;

	result = sqlite3_prepare_v2(
		r->from, "SELECT intent_no, device_id FROM intent INDEXED BY intent_open WHERE state < 2", -1, &q, NULL);
	while (result == SQLITE_OK || result == SQLITE_ROW) {
		result = sqlite3_step(q);
		if (result != SQLITE_ROW || is_saved(r, sqlite3_column_int64(q, 0)))
			continue;
		lost++;
		add_door(r, doors, (const char *)sqlite3_column_text(q, 1));
	}
	sqlite3_finalize(q);
	r->out->waiting_lost = result == SQLITE_DONE ? lost : -1;
	names = (char **)g_hash_table_get_keys_as_array(doors, NULL);
	if (*names)
		r->out->doors = g_strjoinv(", ", names);
}

char *cache_rescued_words(const struct cache_rescued *r)
{
	g_autofree char *lost = NULL;

	if (r->waiting_lost < 0)
		lost = g_strdup("what else was queued in it could not be read: see whether each door has the codes that "
				"it should have");
	else if (r->waiting_lost)
		lost = g_strdup_printf("%d that were queued are LOST%s%s: enter them again", r->waiting_lost,
				       r->doors ? ", at " : "", r->doors ? r->doors : "");
	else
		lost = g_strdup("nothing that was queued is lost");
	return g_strdup_printf("the cache was damaged and is made anew; %d changes of the outbox were saved; %s; the old file "
			       "is %s",
			       r->saved, lost, r->aside);
}

void cache_rescued_clear(struct cache_rescued *r)
{
	g_clear_pointer(&r->doors, g_free);
	g_clear_pointer(&r->aside, g_free);
}

/* ---- from one file to the other ---- */

static sqlite3 *open_damaged(const char *path)
{
	sqlite3 *db = NULL;

	/* Read-write: what lies in the WAL was committed too. The file itself stays as it was found. */
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		return db;
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

/* With a list of tables of its own. */
static bool copy_from_patched(struct rescue *r, const char *path)
{
	g_autofree char *patched = rescue_patch(path, r->to->db);
	sqlite3 *damaged = r->from;
	bool read;

	if (!patched)
		return false;
	r->from = open_damaged(patched);
	read = copy_outbox(r);
	sqlite3_close(r->from);
	r->from = damaged;
	rescue_unlink(patched);
	return read;
}

static bool copy_from(struct rescue *r, const char *path, GError **err)
{
	bool ok;

	if (!prepare_insert(r, err) || !cache_begin(r->to, err))
		return false;
	/* Nobody queues anything more in what is about to go; see durable_begin. */
	sqlite3_exec(r->from, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	r->out->waiting_lost = -1;
	if (!copy_outbox(r) && !copy_from_patched(r, path))
		r->whole = false;
	if (r->whole)
		r->out->waiting_lost = 0;
	else
		count_lost(r);
	ok = refuse_orphans(r->to, err) && cache_commit(r->to, err);
	sqlite3_finalize(r->insert);
	return ok;
}

/* In the desk's journal too: the words of a state are gone with the next one. */
static bool fill(struct rescue *r, const char *path, GError **err)
{
	g_autofree char *words = NULL;

	if (!db_exec(r->to->db, "PRAGMA synchronous = FULL", err) || !copy_from(r, path, err))
		return false;
	r->out->aside = rescue_name(path, r->out->waiting_lost != 0);
	words = cache_rescued_words(r->out);
	return cache_note_act(r->to, N_("made a damaged cache anew"), words, "keyrack", instant_now(), err);
}

bool cache_rescue(const char *path, bool group, struct cache_rescued *out, GError **err)
{
	g_autofree char *fresh = rescue_begin(path);
	struct rescue r = { .out = out };
	bool ok;

	*out = (struct cache_rescued){ 0 };
	r.to = cache_open(fresh, CACHE_SYNC, group, err);
	if (!r.to)
		return false;
	r.from = open_damaged(path);
	ok = fill(&r, path, err);
	cache_close(r.to);
	ok = ok && rescue_end(path, out->aside, err);
	sqlite3_close(r.from);
	if (ok && !out->waiting_lost)
		rescue_remove_older(path, out->aside);
	return ok;
}
