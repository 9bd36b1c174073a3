/* store_sqlite_events - the journal: numbered rows that are only ever added.
 *
 * A list is made in two steps. First the keys (time, number) of what fits, from the index that
 * suits the filter best, once for each value asked for; these are merged, ordered and cut. Then the
 * rows themselves. So a page costs what it shows, however many events there are. */
#include "engine/store_sqlite.h"

bool sqlite_add_event(struct store *s, struct store_event *e, GError **err)
{
	if (!sq_put(sq_of(s), STATEMENT_EVENT_ADD, &event_rows, e, err))
		return false;
	e->seq = sqlite3_last_insert_rowid(sq_of(s)->db);
	return true;
}

int64_t sqlite_last_seq(struct store *s)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_LAST_SEQ, NULL);

	return sq_number(sq_of(s), q, 0);
}

/* ---- sets ---- */

/* SQLite takes a pointer back only under the same name. */
static const char set_name[] = "texts";

void sq_bind_set(sqlite3_stmt *q, int i, GHashTable *texts)
{
	sqlite3_bind_pointer(q, i, texts, set_name, NULL);
}

/* among(set, text): a look into a table of ours. A list in the statement's own words would be read
 * again for each value that the statement is asked for. */
static void sql_among(sqlite3_context *to, int n, sqlite3_value **args)
{
	GHashTable *texts = sqlite3_value_pointer(args[0], set_name);
	const char *text = texts ? (const char *)sqlite3_value_text(args[1]) : NULL;

	(void)n;
	sqlite3_result_int(to, !texts || (text && g_hash_table_contains(texts, text)));
}

bool sq_know_sets(sqlite3 *db)
{
	return sqlite3_create_function(db, "among", 2, SQLITE_UTF8, NULL, sql_among, NULL, NULL) ==
	       SQLITE_OK;
}

/* What the filter narrows by, in the order of ?5 and on. */
static const size_t narrowing[] = {
	offsetof(struct store_event_filter, types),
	offsetof(struct store_event_filter, device_ids),
	offsetof(struct store_event_filter, access_code_ids),
	offsetof(struct store_event_filter, account_ids),
	offsetof(struct store_event_filter, event_ids),
};

struct sets {
	GHashTable *of[G_N_ELEMENTS(narrowing)];
};

static const char *const *list_of(const struct store_event_filter *f, size_t offset)
{
	return *(const char *const *const *)((const char *)f + offset);
}

/* The texts stay the filter's. */
static void sets_fill(struct sets *sets, const struct store_event_filter *f)
{
	for (size_t i = 0; i < G_N_ELEMENTS(narrowing); i++) {
		const char *const *text = list_of(f, narrowing[i]);

		sets->of[i] = text ? g_hash_table_new(g_str_hash, g_str_equal) : NULL;
		for (; text && *text; text++)
			g_hash_table_add(sets->of[i], (char *)(uintptr_t)*text);
	}
}

static void sets_clear(struct sets *sets)
{
	for (size_t i = 0; i < G_N_ELEMENTS(narrowing); i++)
		g_clear_pointer(&sets->of[i], g_hash_table_destroy);
}

/* ---- keys ---- */

struct key {
	int64_t ms, seq;
};

static int by_time(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->ms != y->ms)
		return x->ms < y->ms ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

static int by_time_newest(const void *a, const void *b)
{
	return by_time(b, a);
}

static int by_seq(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* No event is older than 1970: a bound that was left zero is none. */
static bool bounds(struct instant t)
{
	return t.ms > 0;
}

/* How a list is walked: the statement, the values it is asked for one by one, the order. */
struct walk {
	enum statement statement;
	const char *const *values;
	int (*order)(const void *a, const void *b);
};

static struct walk choose(const struct store_event_filter *f)
{
	static const char *const once[] = { "", NULL };
	static const struct {
		size_t values;
		enum statement oldest, newest;
	} ways[] = {
		/* From the fewest events for a value to the most. */
		{ offsetof(struct store_event_filter, event_ids), STATEMENT_EVENTS_BY_ID,
		  STATEMENT_EVENTS_BY_ID },
		{ offsetof(struct store_event_filter, access_code_ids),
		  STATEMENT_EVENTS_OF_CODE_OLDEST, STATEMENT_EVENTS_OF_CODE_NEWEST },
		{ offsetof(struct store_event_filter, device_ids),
		  STATEMENT_EVENTS_OF_DEVICE_OLDEST, STATEMENT_EVENTS_OF_DEVICE_NEWEST },
		{ offsetof(struct store_event_filter, types), STATEMENT_EVENTS_OF_TYPE_OLDEST,
		  STATEMENT_EVENTS_OF_TYPE_NEWEST },
		{ offsetof(struct store_event_filter, account_ids),
		  STATEMENT_EVENTS_OF_ACCOUNT_OLDEST, STATEMENT_EVENTS_OF_ACCOUNT_NEWEST },
	};
	bool timeless = !bounds(f->since) && !bounds(f->until);

	if (f->oldest_first && (f->after_seq > 0 || timeless))
		return (struct walk){ STATEMENT_EVENTS_JOURNAL, once, by_seq };
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		const char *const *values = list_of(f, ways[i].values);

		if (values)
			return (struct walk){ f->oldest_first ? ways[i].oldest : ways[i].newest,
					      values, f->oldest_first ? by_time : by_time_newest };
	}
	return (struct walk){ f->oldest_first ? STATEMENT_EVENTS_OLDEST : STATEMENT_EVENTS_NEWEST,
			      once, f->oldest_first ? by_time : by_time_newest };
}

static bool collect(struct sq *s, sqlite3_stmt *q, const char *value, GArray *keys, GError **err)
{
	int more;

	sqlite3_reset(q);
	bind_words(q, 1, *value ? value : NULL);
	while ((more = sq_next(s, q, err)) > 0) {
		struct key k = { sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1) };

		g_array_append_val(keys, k);
	}
	return more == 0;
}

/* Everything but the value is bound once; a value that is asked for twice is looked for once. */
static bool collect_all(struct sq *s, const struct walk *walk, const struct store_event_filter *f,
			GArray *keys, GError **err)
{
	__attribute__((cleanup(sets_clear))) struct sets sets = { 0 };
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	QUERY q = sq_query(s, walk->statement, err);
	bool ok = true;
	int counting = 0;

	if (!q)
		return false;
	sets_fill(&sets, f);
	sqlite3_bind_int64(q, 2, bounds(f->since) ? f->since.ms : INSTANT_NONE.ms);
	sqlite3_bind_int64(q, 3, bounds(f->until) ? f->until.ms : INSTANT_MAX.ms);
	sqlite3_bind_int64(q, 4, f->after_seq);
	for (size_t i = 0; i < G_N_ELEMENTS(narrowing); i++) {
		sq_bind_set(q, 5 + (int)i, sets.of[i]);
		/* What is found by a value has it. */
		if (sets.of[i] && list_of(f, narrowing[i]) != walk->values)
			counting |= 1 << i;
	}
	sqlite3_bind_int64(q, 10, f->limit > 0 ? (int64_t)f->limit + f->offset : -1);
	sqlite3_bind_int(q, 11, counting);
	for (const char *const *v = walk->values; ok && *v; v++) {
		if (g_hash_table_add(seen, (char *)(uintptr_t)*v))
			ok = collect(s, q, *v, keys, err);
	}
	return ok;
}

static bool read_event(struct sq *s, int64_t seq, struct store_list *to, GError **err)
{
	QUERY q = sq_query(s, STATEMENT_EVENT, err);
	struct store_event e = { .seq = seq };

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, seq);
	if (sq_next(s, q, err) <= 0)
		return false;
	if (!columns_get(s->vault, q, 1, &event_rows, &e, to->chunk, err))
		return false;
	g_array_append_val(to->rows, e);
	return true;
}

struct store_list *sqlite_events(struct store *store, const struct store_event_filter *f,
				 GError **err)
{
	struct sq *s = sq_of(store);
	struct walk walk = choose(f);
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(struct key));
	OWN(store_list) struct store_list *list = NULL;
	struct store_list *result;
	int64_t skip = f->offset;

	if (!collect_all(s, &walk, f, keys, err))
		return NULL;
	g_array_sort(keys, walk.order);
	list = store_list_new(event_rows.size);
	for (guint i = 0; i < keys->len; i++) {
		int64_t seq = g_array_index(keys, struct key, i).seq;

		if (skip-- > 0)
			continue;
		if (f->limit > 0 && list->rows->len == (guint)f->limit)
			break;
		if (!read_event(s, seq, list, err))
			return NULL;
	}
	result = list;
	list = NULL;
	return result;
}
