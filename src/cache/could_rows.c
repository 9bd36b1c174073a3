/* could_rows - who could have opened a door at a moment that has passed, from what the cache remembers.
 *
 * The candidates are the codes whose window, now or before a change, touches the moment, and those of
 * which something was changed since. What is known of each is read by the indexes of its own events;
 * the judgement is core's. */
#include <string.h>

#include "cache/db.h"
#include "cache/history.h"
#include "core/jsonin.h"
#include "core/traits.h"

enum { CODES_MAX = 1000, EVENTS_MAX = 64, VERSIONS_MAX = 40, TOLD_MAX = 40 };

/* What is known of one code, and the room for it. */
struct known {
	struct could_row row;
	struct could_facts facts;
	struct could_event event[EVENTS_MAX];
	struct could_version was[VERSIONS_MAX];
	struct could_told told[TOLD_MAX];
};

/* ---- candidates ---- */

static GArray *candidates(struct cache *c, const struct could_query *q, GError **err)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));
	QUERY s = db_query(c, q->lock_no ? STATEMENT_COULD_AT_LOCK : STATEMENT_COULD_OF_NAME, err);
	int more = -1;

	if (s && q->lock_no) {
		sqlite3_bind_int64(s, 1, q->lock_no);
		sqlite3_bind_int64(s, 2, q->at.ms);
		sqlite3_bind_int(s, 3, CODES_MAX + 1);
	} else if (s) {
		sqlite3_bind_int64(s, 1, q->code_no);
		bind_text(s, 2, q->name_folded);
		sqlite3_bind_int(s, 3, CODES_MAX + 1);
	}
	while (s && (more = db_next(c, s, err)) > 0) {
		int64_t no = sqlite3_column_int64(s, 0);

		g_array_append_val(out, no);
	}
	if (more == 0)
		return out;
	g_array_unref(out);
	return NULL;
}

/* ---- what is known of one ---- */

static bool read_code(struct cache *c, int64_t code_no, struct known *k, GStringChunk *chunk, GError **err)
{
	QUERY q = db_query(c, STATEMENT_COULD_CODE, err);
	struct access_code *ac = &k->facts.code;
	const struct traits *traits;
	g_autofree char *early = NULL;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, code_no);
	if (db_next(c, q, err) <= 0)
		return false;
	k->row.code_no = code_no;
	k->row.lock_no = sqlite3_column_int64(q, 0);
	k->row.lock_name = column_text(q, 1, chunk);
	k->row.zone = column_text(q, 2, chunk);
	k->row.lock_key = column_text(q, 4, chunk);
	traits = traits_of((const char *)sqlite3_column_text(q, 3));
	k->facts.native = traits && traits->native_schedule;
	k->row.access_code_id = column_text(q, 5, chunk);
	k->facts.deleted_at = column_when(q, 6);
	k->facts.first_seen = column_when(q, 7);
	columns_read(q, 8, code_columns, CODE_FIELD_COUNT, ac, chunk);
	ac->access_code_id = k->row.access_code_id;
	ac->code = NULL;
	early = jsonin_text(ac->rest, "keyrackd.early_from");
	k->facts.early_from = INSTANT_NONE;
	if (early)
		instant_parse(early, -1, &k->facts.early_from);
	k->row.name = access_code_called(ac);
	k->row.managed = ac->managed;
	return true;
}

static bool read_versions(struct cache *c, struct known *k, GError **err)
{
	QUERY q = db_query(c, STATEMENT_COULD_WAS, err);
	int more = -1;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, k->row.code_no);
	sqlite3_bind_int(q, 2, VERSIONS_MAX);
	while ((more = db_next(c, q, err)) > 0) {
		int64_t from = sqlite3_column_int64(q, 2), until = sqlite3_column_int64(q, 3);

		k->was[k->facts.n_was++] = (struct could_version){
			.until = column_when(q, 0),
			.gone_at = column_when(q, 1),
			.starts_at = from == INSTANT_MIN.ms ? INSTANT_NONE : (struct instant){ from },
			.ends_at = until == INSTANT_MAX.ms ? INSTANT_NONE : (struct instant){ until },
		};
	}
	k->facts.was = k->was;
	return more == 0;
}

/* What an update does not name stays as the request before it had it; where there is none, it says
 * nothing of the whole window. */
static bool read_told(struct cache *c, struct known *k, GError **err)
{
	QUERY q = db_query(c, STATEMENT_COULD_TOLD, err);
	struct could_told last = { INSTANT_NONE, INSTANT_NONE, INSTANT_NONE };
	bool whole = false;
	int more = -1;

	if (!q)
		return false;
	bind_text(q, 1, k->row.access_code_id);
	sqlite3_bind_int(q, 2, TOLD_MAX);
	while ((more = db_next(c, q, err)) > 0) {
		const char *from = (const char *)sqlite3_column_text(q, 2),
			   *until = (const char *)sqlite3_column_text(q, 3);

		whole = whole || sqlite3_column_int(q, 1) || (from && until);
		if (from && !instant_parse(from, -1, &last.starts_at))
			last.starts_at = INSTANT_NONE;
		if (until && !instant_parse(until, -1, &last.ends_at))
			last.ends_at = INSTANT_NONE;
		last.at = column_when(q, 0);
		if (whole && (from || until || sqlite3_column_int(q, 1)))
			k->told[k->facts.n_told++] = last;
	}
	k->facts.told = k->told;
	return more == 0;
}

static int by_time(const void *a, const void *b)
{
	const struct could_event *x = a, *y = b;

	return x->at.ms < y->at.ms ? -1 : x->at.ms > y->at.ms;
}

/* Uses apart from the rest: a staff code has so many that nothing else would be seen. */
static bool read_events(struct cache *c, struct instant at, struct known *k, GError **err)
{
	static const enum statement sides[] = { STATEMENT_COULD_USES_BEFORE, STATEMENT_COULD_USES_AFTER,
						STATEMENT_COULD_CHANGES_BEFORE, STATEMENT_COULD_CHANGES_AFTER };

	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		QUERY q = db_query(c, sides[i], err);
		int more = -1;

		if (!q)
			return false;
		sqlite3_bind_int64(q, 1, k->row.code_no);
		sqlite3_bind_int64(q, 2, at.ms);
		sqlite3_bind_int(q, 3, EVENTS_MAX / (int)G_N_ELEMENTS(sides));
		while ((more = db_next(c, q, err)) > 0) {
			struct could_event e = {
				could_trace_of((const char *)sqlite3_column_text(q, 1),
					       (enum attribution)sqlite3_column_int(q, 2)),
				column_when(q, 0),
			};

			if (e.what != TRACE_NONE)
				k->event[k->facts.n_events++] = e;
		}
		if (more < 0)
			return false;
	}
	qsort(k->event, k->facts.n_events, sizeof k->event[0], by_time);
	k->facts.event = k->event;
	return true;
}

struct instant cache_offline_at(struct cache *c, int64_t lock_no, struct instant t)
{
	QUERY q = db_query(c, STATEMENT_COULD_OFFLINE, NULL);

	if (!q)
		return INSTANT_NONE;
	sqlite3_bind_int64(q, 1, lock_no);
	sqlite3_bind_int64(q, 2, t.ms);
	if (db_next(c, q, NULL) <= 0 || !sqlite3_column_int(q, 1))
		return INSTANT_NONE;
	return column_when(q, 0);
}

/* ---- the list ---- */

static bool is_asked_about(const struct could_row *row, const struct could_query *q)
{
	const struct could *c = &row->could;
	struct instant from = instant_add_ms(q->at, -DAY_MS), until = instant_add_ms(q->at, DAY_MS);

	if (c->verdict != COULD_NO)
		return true;
	/* One that was over long before, or comes long after, is no answer to anybody. */
	return (!instant_known(c->starts_at) || instant_before(c->starts_at, until)) &&
	       (!instant_known(c->ends_at) || instant_before(from, c->ends_at));
}

static int by_certainty(const void *a, const void *b)
{
	const struct could_row *x = a, *y = b;
	bool ux = instant_known(x->could.used_at), uy = instant_known(y->could.used_at);
	int names;

	if (x->could.verdict != y->could.verdict)
		return x->could.verdict < y->could.verdict ? -1 : 1;
	if (ux != uy)
		return ux ? -1 : 1;
	names = g_strcmp0(x->lock_key, y->lock_key);
	if (names)
		return names;
	names = g_strcmp0(x->name, y->name);
	return names ? names : x->code_no < y->code_no ? -1 : 1;
}

static bool add_row(struct cache *c, const struct could_query *q, int64_t code_no, struct cache_list *list,
		    GError **err)
{
	struct known k = { 0 };

	if (!read_code(c, code_no, &k, list->chunk, err) || !read_versions(c, &k, err) || !read_told(c, &k, err) ||
	    !read_events(c, q->at, &k, err))
		return false;
	k.facts.offline_from = cache_offline_at(c, k.row.lock_no, q->at);
	k.row.could = could_judge(&k.facts, q->at);
	if (is_asked_about(&k.row, q))
		g_array_append_val(list->rows, k.row);
	return true;
}

struct cache_list *cache_could(struct cache *c, const struct could_query *q, bool *more, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct could_row));
	GArray *codes = candidates(c, q, err);
	bool ok = codes != NULL;

	*more = codes && codes->len > CODES_MAX;
	for (guint i = 0; ok && i < MIN(codes->len, (guint)CODES_MAX); i++)
		ok = add_row(c, q, g_array_index(codes, int64_t, i), list, err);
	if (codes)
		g_array_unref(codes);
	if (ok) {
		g_array_sort(list->rows, by_certainty);
		return list;
	}
	cache_list_free(list);
	return NULL;
}

struct instant cache_known_since(struct cache *c)
{
	QUERY q = db_query(c, STATEMENT_KNOWN_SINCE, NULL);

	return q && db_next(c, q, NULL) > 0 ? column_when(q, 0) : INSTANT_NONE;
}

struct instant cache_unlock_near(struct cache *c, int64_t lock_no, struct instant t, bool after)
{
	QUERY q = db_query(c, after ? STATEMENT_UNLOCK_AFTER : STATEMENT_UNLOCK_BEFORE, NULL);

	if (!q)
		return INSTANT_NONE;
	sqlite3_bind_int64(q, 1, lock_no);
	sqlite3_bind_int64(q, 2, t.ms);
	return db_next(c, q, NULL) > 0 ? column_when(q, 0) : INSTANT_NONE;
}
