/* night - what arrives and departs within a span of time, for the readiness board and its alarms. */
#include <string.h>

#include "cache/alike.h"
#include "cache/db.h"
#include "cache/doubles.h"
#include "core/traits.h"

/* As the statements give them. */
enum {
	COL_CODE_NO,
	COL_INTENT_OF_CREATE,
	COL_LOCK_NO,
	COL_LOCK_NAME,
	COL_LOCK_KEY,
	COL_ZONE,
	COL_DEVICE_TYPE,
	COL_DEVICE_ID,
	COL_ONLINE,
	COL_OFFLINE_SINCE,
	COL_LOCK_SEVERITY,
	COL_LOCK_WORST,
	COL_ID,
	COL_NAME,
	COL_NAME_FOLDED,
	COL_KEY,
	COL_STATUS,
	COL_STARTS,
	COL_ENDS,
	COL_CREATED,
	COL_DELETED,
	COL_SCHEDULED,
	COL_OFFLINE_CODE,
	COL_WAITS_FOR_PIN,
	COL_HAS_PIN,
	COL_ERRORS_OWN,
	COL_SEVERITY,
	COL_WORST,
	COL_ERROR_AT,
	COL_KEYRACKD,
	COL_PROOF,
	COL_INTENT_NO,
	COL_INTENT_KIND,
	COL_INTENT_STATE,
	COL_BACKUP_STATUS,
	COL_USED,
	COL_USED_INFERRED,
	COL_LAST_USED,
};

static struct instant span_at(sqlite3_stmt *q, int i, struct instant open)
{
	int64_t ms = sqlite3_column_int64(q, i);

	return ms == open.ms ? INSTANT_NONE : (struct instant){ ms };
}

static enum ready_proof proof_of(sqlite3_stmt *q)
{
	const char *proof = (const char *)sqlite3_column_text(q, COL_PROOF);

	if (!sqlite3_column_int(q, COL_KEYRACKD))
		return PROOF_NOT_SAID;
	if (g_strcmp0(proof, "proven") == 0)
		return PROOF_PROVEN;
	return g_strcmp0(proof, "acknowledged") == 0 ? PROOF_ACKNOWLEDGED : PROOF_NONE;
}

static enum ready_declared declared_of(sqlite3_stmt *q)
{
	static const enum ready_declared of[INTENT_STATE_COUNT] = {
		[INTENT_QUEUED] = DECLARED_QUEUED,   [INTENT_SENDING] = DECLARED_SENDING,
		[INTENT_ACCEPTED] = DECLARED_YES,    [INTENT_REFUSED] = DECLARED_REFUSED,
		[INTENT_WITHDRAWN] = DECLARED_REFUSED,
	};

	return sqlite3_column_int64(q, COL_CODE_NO) ? DECLARED_YES
						    : of[sqlite3_column_int(q, COL_INTENT_STATE)];
}

/* A change that was refused leaves what was; a revocation under way is nearer to what will be. */
static enum ready_change change_of(sqlite3_stmt *q)
{
	const char *kind = (const char *)sqlite3_column_text(q, COL_INTENT_KIND);
	int state = sqlite3_column_int(q, COL_INTENT_STATE);

	if (!kind || !sqlite3_column_int64(q, COL_CODE_NO))
		return CHANGE_NONE;
	if (state == INTENT_REFUSED)
		return strcmp(kind, "update") == 0 ? CHANGE_REFUSED : CHANGE_NONE;
	if (strcmp(kind, "delete") == 0)
		return CHANGE_REVOKE;
	return strcmp(kind, "update") == 0 ? CHANGE_UNDER_WAY : CHANGE_NONE;
}

static enum ready_backup backup_of(sqlite3_stmt *q)
{
	const char *status = (const char *)sqlite3_column_text(q, COL_BACKUP_STATUS);

	return !status ? BACKUP_NONE : strcmp(status, "set") == 0 ? BACKUP_SET : BACKUP_PULLED;
}

static void read_code(sqlite3_stmt *q, struct access_code *ac, GStringChunk *chunk)
{
	ac->access_code_id = column_text(q, COL_ID, chunk);
	ac->device_id = column_text(q, COL_DEVICE_ID, chunk);
	ac->name = column_text(q, COL_NAME, chunk);
	ac->common_code_key = column_text(q, COL_KEY, chunk);
	ac->status = column_text(q, COL_STATUS, chunk);
	ac->managed = true;
	ac->starts_at = span_at(q, COL_STARTS, INSTANT_MIN);
	ac->ends_at = span_at(q, COL_ENDS, INSTANT_MAX);
	ac->time_bound = instant_known(ac->ends_at);
	ac->created_at = column_when(q, COL_CREATED);
	ac->is_scheduled_on_device = (enum tri)sqlite3_column_int(q, COL_SCHEDULED);
	ac->is_offline_access_code = (enum tri)sqlite3_column_int(q, COL_OFFLINE_CODE);
	ac->is_waiting_for_code_assignment = (enum tri)sqlite3_column_int(q, COL_WAITS_FOR_PIN);
	/* That there is one is all that is asked here: the PIN itself stays in the cache. */
	ac->code = sqlite3_column_int(q, COL_HAS_PIN) ? "" : NULL;
}

static void read_uses(sqlite3_stmt *q, struct ready_facts *f)
{
	f->used_at = column_when(q, COL_USED);
	f->last_used_at = column_when(q, COL_LAST_USED);
	f->used_inferred = !instant_known(f->used_at);
	if (f->used_inferred)
		f->used_at = column_when(q, COL_USED_INFERRED);
	f->used_inferred = f->used_inferred && instant_known(f->used_at);
}

static void read_row(sqlite3_stmt *q, bool departs, struct night_row *row, GStringChunk *chunk)
{
	struct ready_facts *f = &row->facts;
	const struct traits *traits;

	row->code_no = sqlite3_column_int64(q, COL_CODE_NO);
	row->intent_no = sqlite3_column_int64(q, COL_INTENT_NO);
	row->lock_no = sqlite3_column_int64(q, COL_LOCK_NO);
	row->lock_name = column_text(q, COL_LOCK_NAME, chunk);
	row->lock_key = column_text(q, COL_LOCK_KEY, chunk);
	row->zone = column_text(q, COL_ZONE, chunk);
	row->name_folded = column_text(q, COL_NAME_FOLDED, chunk);
	read_code(q, &f->code, chunk);
	traits = traits_of((const char *)sqlite3_column_text(q, COL_DEVICE_TYPE));
	f->departs = departs;
	f->native = traits && traits->native_schedule;
	f->has_pin = f->code.code != NULL;
	f->deleted_at = column_when(q, COL_DELETED);
	f->declared = declared_of(q);
	f->change = change_of(q);
	f->proof = proof_of(q);
	f->backup = backup_of(q);
	f->online = (enum tri)sqlite3_column_int(q, COL_ONLINE);
	f->offline_since = column_when_said(q, COL_OFFLINE_SINCE);
	f->lock_severity = sqlite3_column_int(q, COL_LOCK_SEVERITY);
	f->lock_worst = column_text(q, COL_LOCK_WORST, chunk);
	f->errors_own = sqlite3_column_int(q, COL_ERRORS_OWN);
	f->severity = sqlite3_column_int(q, COL_SEVERITY);
	f->worst = column_text(q, COL_WORST, chunk);
	f->error_at = column_when_said(q, COL_ERROR_AT);
	read_uses(q, f);
}

static bool read_all(struct cache *c, enum statement s, const struct night_query *query, struct instant from,
		     struct instant until, int limit, struct instant now, struct cache_list *list, GError **err)
{
	QUERY q = db_query(c, s, err);
	bool departs = s == STATEMENT_NIGHT_DEPARTURES || s == STATEMENT_NIGHT_REMOVED;
	int more = -1;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, from.ms);
	sqlite3_bind_int64(q, 2, until.ms);
	sqlite3_bind_int(q, 3, limit);
	sqlite3_bind_int64(q, 4, now.ms);
	bind_locks(q, query);
	while ((more = db_next(c, q, err)) > 0) {
		struct night_row row = { 0 };

		read_row(q, departs, &row, list->chunk);
		row.facts.code.alike = cache_alike_code(c, row.facts.code.name, list->chunk);
		g_array_append_val(list->rows, row);
	}
	return more == 0;
}

struct cache_list *cache_night(struct cache *c, const struct night_query *query, struct instant now,
			       GError **err)
{
	struct cache_list *list = list_new(sizeof(struct night_row));
	struct instant from = query->from, until = query->until;
	bool ok = true;
	const struct {
		bool wanted;
		enum statement s;
	} kinds[] = {
		{ query->arrivals, STATEMENT_NIGHT_ARRIVALS },     { query->arrivals, STATEMENT_NIGHT_CREATES },
		{ query->departures, STATEMENT_NIGHT_DEPARTURES }, { query->departures, STATEMENT_NIGHT_REMOVED },
		{ query->inside, STATEMENT_NIGHT_INSIDE },	   { query->inside, STATEMENT_NIGHT_CREATES_INSIDE },
	};

	for (size_t i = 0; ok && i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].wanted)
			ok = read_all(c, kinds[i].s, query, from, until, NIGHT_MAX, now, list, err);
	if (ok && instant_known(query->overdue_from))
		ok = read_all(c, STATEMENT_NIGHT_DEPARTURES, query, query->overdue_from, from, NIGHT_OVERDUE_MAX,
			      now, list, err);
	if (ok)
		return list;
	cache_list_free(list);
	return NULL;
}

struct cache_list *cache_night_of(struct cache *c, int64_t code_no, int64_t intent_no, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct night_row));
	QUERY q = db_query(c, code_no ? STATEMENT_NIGHT_OF_CODE : STATEMENT_NIGHT_OF_CREATE, err);
	struct night_row row = { 0 };
	int found = -1;

	if (q) {
		sqlite3_bind_int64(q, 1, code_no ? code_no : intent_no);
		found = db_next(c, q, err);
	}
	if (found > 0) {
		read_row(q, false, &row, list->chunk);
		row.facts.code.alike = cache_alike_code(c, row.facts.code.name, list->chunk);
		g_array_append_val(list->rows, row);
	}
	if (found >= 0)
		return list;
	cache_list_free(list);
	return NULL;
}

/* ---- what a row's own code does not say ---- */

#define MOVE_MS (6 * HOUR_MS) /* the longest that anybody lets the old room open */

/* Where the guest went on before this code's end: another door that began while this one still opened, a
 * little before it ends, and lasts longer. That is how a move leaves them. */
static const char *moved_to(struct cache *c, GStringChunk *chunk, const struct night_row *row, struct instant now)
{
	OWN(cache_list) struct cache_list *others = row->code_no ? cache_codes_of_guest(c, row->code_no, now, NULL) : NULL;
	const struct access_code *own = &row->facts.code;

	for (guint i = 0; others && i < others->rows->len; i++) {
		const struct code_row *r = cache_list_at(others, struct code_row, i);
		const struct access_code *ac = &r->code;

		if (r->lock_no == row->lock_no || !ac->managed || r->state == CODE_ENDED || r->state == CODE_REMOVING || !r->lock_name ||
		    !instant_known(ac->starts_at) || !instant_before(own->starts_at, ac->starts_at) ||
		    !instant_before(ac->starts_at, own->ends_at) || instant_diff_ms(own->ends_at, ac->starts_at) > MOVE_MS ||
		    (instant_known(ac->ends_at) && !instant_before(own->ends_at, ac->ends_at)))
			continue;
		return g_string_chunk_insert(chunk, r->lock_name);
	}
	return NULL;
}

void cache_look_moved(struct cache *c, struct cache_list *night, struct instant now)
{
	for (guint i = 0; i < night->rows->len; i++) {
		struct night_row *row = cache_list_at(night, struct night_row, i);
		const struct access_code *ac = &row->facts.code;

		if (instant_known(ac->ends_at) && instant_before(now, ac->ends_at))
			row->facts.moved_to = moved_to(c, night->chunk, row, now);
	}
}

struct cache_list *cache_look_around(struct cache *c, struct cache_list *night, const struct night_query *q,
				     const struct zone *property, struct instant now)
{
	struct cache_list *doubles = cache_doubles_of(c, q, property, now, NULL);

	for (guint i = 0; i < night->rows->len; i++) {
		struct night_row *row = cache_list_at(night, struct night_row, i);
		struct ready_facts *f = &row->facts;
		const struct double_row *twice = f->departs ? NULL : double_of(doubles, row->code_no, row->intent_no);
		bool ends = f->departs || (q->inside && instant_known(f->code.ends_at) && instant_before(f->code.ends_at, q->until));

		if (twice) {
			f->other = double_other(twice, row->code_no, row->intent_no)->name;
			f->other_until = twice->until;
		}
		if (ends && instant_before(now, f->code.ends_at))
			f->moved_to = moved_to(c, night->chunk, row, now);
	}
	return doubles;
}
