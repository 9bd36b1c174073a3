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
		const char *const *values =
			*(const char *const *const *)((const char *)f + ways[i].values);

		if (values)
			return (struct walk){ f->oldest_first ? ways[i].oldest : ways[i].newest,
					      values, f->oldest_first ? by_time : by_time_newest };
	}
	return (struct walk){ f->oldest_first ? STATEMENT_EVENTS_OLDEST : STATEMENT_EVENTS_NEWEST,
			      once, f->oldest_first ? by_time : by_time_newest };
}

static bool collect(struct sq *s, enum statement n, const char *value,
		    const struct store_event_filter *f, GArray *keys, GError **err)
{
	QUERY q = sq_query(s, n, err);
	int more;

	if (!q)
		return false;
	bind_words(q, 1, *value ? value : NULL);
	sqlite3_bind_int64(q, 2, bounds(f->since) ? f->since.ms : INSTANT_NONE.ms);
	sqlite3_bind_int64(q, 3, bounds(f->until) ? f->until.ms : INSTANT_MAX.ms);
	sqlite3_bind_int64(q, 4, f->after_seq);
	sq_bind_array(q, 5, f->types);
	sq_bind_array(q, 6, f->device_ids);
	sq_bind_array(q, 7, f->access_code_ids);
	sq_bind_array(q, 8, f->account_ids);
	sq_bind_array(q, 9, f->event_ids);
	sqlite3_bind_int64(q, 10, f->limit > 0 ? (int64_t)f->limit + f->offset : -1);
	while ((more = sq_next(s, q, err)) > 0) {
		struct key k = { sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1) };

		g_array_append_val(keys, k);
	}
	return more == 0;
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
	columns_get(q, 1, &event_rows, &e, to->chunk);
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
	int64_t last = 0, skip = f->offset;

	for (const char *const *v = walk.values; *v; v++)
		if (!collect(s, walk.statement, *v, f, keys, err))
			return NULL;
	g_array_sort(keys, walk.order);
	list = store_list_new(event_rows.size);
	for (guint i = 0; i < keys->len; i++) {
		int64_t seq = g_array_index(keys, struct key, i).seq;

		if (seq == last) /* a value that was asked for twice */
			continue;
		last = seq;
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
