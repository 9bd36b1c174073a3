/* doubles - rooms that are given twice; see the header. */
#include "cache/doubles.h"

#include <string.h>

#include "cache/common_door.h"
#include "cache/db.h"
#include "core/when.h"

#define NIGHTS_MAX	 60 /* longer is a lodger or a contractor, who has the door beside its guests */
#define CODES_MAX	 400

bool double_is_stay(const struct code_row *c, const struct zone *property)
{
	const struct access_code *ac = &c->code;
	int64_t ms = instant_known(ac->starts_at) && instant_known(ac->ends_at) ? instant_diff_ms(ac->ends_at, ac->starts_at) : 0;

	if (!ac->time_bound || ms <= 0 || ms > (NIGHTS_MAX + 1) * DAY_MS || ac->is_backup == TRI_YES ||
	    (c->code_no && !ac->managed) || instant_known(c->deleted_at) || c->state == CODE_ENDED || c->state == CODE_REMOVING ||
	    (!c->code_no && c->intent_state >= INTENT_REFUSED))
		return false;
	return ms >= DAY_MS || when_nights(c->zone && *c->zone ? zone_get(c->zone) : property, ac->starts_at, ac->ends_at) > 0;
}

static int by_start(gconstpointer a, gconstpointer b)
{
	const struct code_row *x = *(const struct code_row *const *)a, *y = *(const struct code_row *const *)b;

	return (x->code.starts_at.ms > y->code.starts_at.ms) - (x->code.starts_at.ms < y->code.starts_at.ms);
}

/* ---- what is asked of the cache only where two meet ---- */

static bool is_beside(struct cache *c, const struct code_row *row)
{
	QUERY q = NULL;
	const char *key = row->code.common_code_key;

	if (!key && row->code.access_code_id && (q = db_query(c, STATEMENT_KEY_OF_CODE, NULL))) {
		bind_text(q, 1, row->code.access_code_id);
		key = db_next(c, q, NULL) > 0 ? (const char *)sqlite3_column_text(q, 0) : NULL;
	}
	return key && g_str_has_prefix(key, DOUBLE_BESIDE);
}

/* Has the guest of a a door in that time that the guest of b has not? */
static bool has_own_door(const struct cache_list *of_a, const struct code_row *a, const struct cache_list *of_b)
{
	for (guint i = 0; of_a && i < of_a->rows->len; i++) {
		const struct code_row *c = cache_list_at(of_a, struct code_row, i);
		bool meets = instant_known(c->code.starts_at) && instant_known(c->code.ends_at) &&
			     instant_before(c->code.starts_at, a->code.ends_at) && instant_before(a->code.starts_at, c->code.ends_at);
		bool shared = c->lock_no == a->lock_no || !meets;

		for (guint k = 0; !shared && of_b && k < of_b->rows->len; k++)
			shared = cache_list_at(of_b, struct code_row, k)->lock_no == c->lock_no;
		if (!shared)
			return true;
	}
	return false;
}

static bool have_rooms_of_their_own(struct cache *c, const struct code_row *a, const struct code_row *b, struct instant now)
{
	OWN(cache_list) struct cache_list *of_a = a->code_no ? cache_codes_of_guest(c, a->code_no, now, NULL) : NULL;
	OWN(cache_list) struct cache_list *of_b = b->code_no ? cache_codes_of_guest(c, b->code_no, now, NULL) : NULL;

	return has_own_door(of_a, a, of_b) && has_own_door(of_b, b, of_a);
}

/* ---- pairs ---- */

static const char *kept(struct cache_list *list, const char *s)
{
	return s ? g_string_chunk_insert_const(list->chunk, s) : NULL;
}

static void add(struct cache_list *list, const struct code_row *a, const struct code_row *b)
{
	struct double_row row = {
		.lock_no = a->lock_no,
		.lock_name = kept(list, a->lock_name),
		.zone = kept(list, a->zone),
		.stay = { { a->code_no, a->code_no ? 0 : a->intent_no, kept(list, access_code_called(&a->code)) },
			  { b->code_no, b->code_no ? 0 : b->intent_no, kept(list, access_code_called(&b->code)) } },
		.from = b->code.starts_at,
		.until = instant_before(a->code.ends_at, b->code.ends_at) ? a->code.ends_at : b->code.ends_at,
	};

	g_array_append_val(list->rows, row);
}

static void put_pairs(struct cache *c, const GPtrArray *stays, struct cache_list *out)
{
	for (guint i = 0; i < stays->len; i++) {
		const struct code_row *a = g_ptr_array_index(stays, i);

		for (guint k = i + 1; k < stays->len; k++) {
			const struct code_row *b = g_ptr_array_index(stays, k);

			if (!instant_before(b->code.starts_at, a->code.ends_at))
				break;
			if (!one_guest(a, b) && !is_beside(c, a) && !is_beside(c, b) &&
			    !have_rooms_of_their_own(c, a, b, a->code.starts_at))
				add(out, a, b);
		}
	}
}

GPtrArray *double_stays(const struct cache_list *codes, const struct zone *property)
{
	GPtrArray *stays = g_ptr_array_new();

	for (guint i = 0; i < codes->rows->len; i++)
		if (double_is_stay(cache_list_at(codes, struct code_row, i), property))
			g_ptr_array_add(stays, cache_list_at(codes, struct code_row, i));
	g_ptr_array_sort(stays, by_start);
	return stays;
}

struct cache_list *cache_doubles_among(struct cache *c, const struct cache_list *codes, const struct zone *property,
				       struct instant now)
{
	struct cache_list *out = list_new(sizeof(struct double_row));
	g_autoptr(GPtrArray) stays = double_stays(codes, property);

	if (!common_door(c, stays, now))
		put_pairs(c, stays, out);
	return out;
}

bool cache_lock_spans_meet(struct cache *c, int64_t lock_no, struct instant now)
{
	QUERY q = db_query(c, STATEMENT_LOCK_SPANS, NULL);
	int64_t before = INT64_MIN;

	if (!q)
		return true;
	sqlite3_bind_int64(q, 1, lock_no);
	sqlite3_bind_int64(q, 2, now.ms);
	/* They come by their end: whoever begins before the last one has left meets them. */
	while (db_next(c, q, NULL) > 0) {
		if (sqlite3_column_int64(q, 0) < before)
			return true;
		before = sqlite3_column_int64(q, 1);
	}
	return false;
}

/* ---- every lock ---- */

/* Of the stays of one lock so far: who stays longest, and how long anybody else does. */
struct longest {
	int64_t lock_no, end, end_of_others;
	char *name;
};

/* Does it begin before somebody else has left? Stays come by lock, then by start. */
static bool meets_another(struct longest *l, int64_t lock_no, int64_t start, int64_t end, const char *name)
{
	bool same = l->lock_no == lock_no && g_strcmp0(l->name, name) == 0, meets;

	if (l->lock_no != lock_no) {
		g_free(l->name);
		*l = (struct longest){ .lock_no = lock_no, .end = INT64_MIN, .end_of_others = INT64_MIN };
	}
	meets = start < (same ? l->end_of_others : l->end);
	if (same) {
		l->end = MAX(l->end, end);
	} else if (end > l->end) {
		l->end_of_others = l->end;
		l->end = end;
		g_free(l->name);
		l->name = g_strdup(name);
	} else {
		l->end_of_others = MAX(l->end_of_others, end);
	}
	return meets;
}

void bind_locks(sqlite3_stmt *q, const struct night_query *query)
{
	sqlite3_bind_int64(q, 5, query->lock_until ? query->lock_from : 0);
	sqlite3_bind_int64(q, 6, query->lock_until ? query->lock_until : INT64_MAX);
}

int64_t cache_lock_end(struct cache *c)
{
	QUERY q = db_query(c, STATEMENT_LOCK_END, NULL);

	return db_int(c, q, 0);
}

static sqlite3_stmt *ask(struct cache *c, enum statement s, const struct night_query *query, GError **err)
{
	sqlite3_stmt *q = db_query(c, s, err);

	if (q) {
		sqlite3_bind_int64(q, 1, query->from.ms);
		sqlite3_bind_int64(q, 2, query->until.ms);
		bind_locks(q, query);
	}
	return q;
}

static void add_once(GArray *locks, GHashTable *in, int64_t no)
{
	if (g_hash_table_contains(in, &no))
		return;
	g_hash_table_add(in, g_memdup2(&no, sizeof no));
	g_array_append_val(locks, no);
}

/* The locks on which two may meet, by what an index holds; the whole rows are read of these alone. */
static GArray *candidates(struct cache *c, const struct night_query *query, GError **err)
{
	g_autoptr(GArray) locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(GHashTable) in = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct longest l = { .lock_no = 0 };
	QUERY stays = ask(c, STATEMENT_DOUBLE_STAYS, query, err);
	QUERY creates = stays ? ask(c, STATEMENT_DOUBLE_CREATES, query, err) : NULL;
	int more = -1;

	if (stays)
		sqlite3_bind_int64(stays, 3, instant_add_ms(query->from, -(NIGHTS_MAX + 1) * DAY_MS).ms);
	while (creates && (more = db_next(c, stays, err)) > 0) {
		int64_t no = sqlite3_column_int64(stays, 0);

		if (meets_another(&l, no, sqlite3_column_int64(stays, 1), sqlite3_column_int64(stays, 2),
				  (const char *)sqlite3_column_text(stays, 3)))
			add_once(locks, in, no);
	}
	g_free(l.name);
	if (more == 0)
		while ((more = db_next(c, creates, err)) > 0)
			add_once(locks, in, sqlite3_column_int64(creates, 0));
	return more == 0 ? g_steal_pointer(&locks) : NULL;
}

struct cache_list *cache_doubles(struct cache *c, struct instant from, struct instant until, const struct zone *property,
				 struct instant now, GError **err)
{
	return cache_doubles_of(c, &(struct night_query){ .from = from, .until = until }, property, now, err);
}

struct cache_list *cache_doubles_of(struct cache *c, const struct night_query *query, const struct zone *property,
				    struct instant now, GError **err)
{
	struct instant from = query->from, until = query->until;
	g_autoptr(GArray) locks = candidates(c, query, err);
	struct cache_list *all = locks ? list_new(sizeof(struct double_row)) : NULL;

	for (guint i = 0; all && i < locks->len; i++) {
		/* All of its codes, as whoever looks at the one lock reads them: a door that many have next week is a common
		 * one tonight too. */
		struct code_query q = { .lock_no = g_array_index(locks, int64_t, i), .from = INSTANT_NONE, .until = INSTANT_NONE,
					.limit = CODES_MAX };
		OWN(cache_list) struct cache_list *codes = cache_codes(c, &q, now, NULL), *own = NULL;

		own = codes ? cache_doubles_among(c, codes, property, now) : NULL;
		for (guint k = 0; own && k < own->rows->len; k++) {
			struct double_row row = *cache_list_at(own, struct double_row, k);

			if (!instant_before(row.from, until) || !instant_before(from, row.until))
				continue;
			row.lock_name = kept(all, row.lock_name);
			row.zone = kept(all, row.zone);
			row.stay[0].name = kept(all, row.stay[0].name);
			row.stay[1].name = kept(all, row.stay[1].name);
			g_array_append_val(all->rows, row);
		}
	}
	return all;
}

static bool is_it(const struct double_stay *s, int64_t code_no, int64_t intent_no)
{
	return code_no ? s->code_no == code_no : intent_no && !s->code_no && s->intent_no == intent_no;
}

const struct double_stay *double_other(const struct double_row *row, int64_t code_no, int64_t intent_no)
{
	for (int i = 0; i < 2; i++)
		if (is_it(&row->stay[i], code_no, intent_no))
			return &row->stay[!i];
	return NULL;
}

const struct double_row *double_of(const struct cache_list *doubles, int64_t code_no, int64_t intent_no)
{
	for (guint i = 0; doubles && i < doubles->rows->len; i++)
		if (double_other(cache_list_at(doubles, struct double_row, i), code_no, intent_no))
			return cache_list_at(doubles, struct double_row, i);
	return NULL;
}
