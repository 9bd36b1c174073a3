/* read_codes - codes as rows, with what the outbox wants of them.
 *
 * A list is chosen first (numbers of codes, and of creates that stand in for codes still to be
 * made), then each row is read. One lock's list is stretches of two indexes laid end to end, so a
 * window on it costs what it shows; a list of every lock, for words or for trouble, is sorted. */
#include "cache/code_rows.h"

#include "core/text.h"

enum { LIMIT_DEFAULT = 1000 };

struct stretch {
	enum statement page, count;
};
static const struct stretch stretches[] = {
	{ STATEMENT_CODES_ONGOING, STATEMENT_COUNT_ONGOING },
	{ STATEMENT_CODES_IN_FORCE, STATEMENT_COUNT_IN_FORCE },
	{ STATEMENT_CODES_TO_COME, STATEMENT_COUNT_TO_COME },
	{ STATEMENT_CODES_ENDED, STATEMENT_COUNT_ENDED },
	{ STATEMENT_CODES_GONE, STATEMENT_COUNT_GONE },
};
enum { STRETCH_ENDED = 3, STRETCH_GONE = 4 };

static bool wanted(const struct code_query *query, size_t stretch)
{
	if (stretch == STRETCH_ENDED)
		return query->with_ended;
	return stretch != STRETCH_GONE || query->with_deleted;
}

/* {0} from a designated initializer means 'any' as NONE does. */
static bool given(struct instant t)
{
	return instant_known(t) && t.ms != 0;
}

static bool is_sorted(const struct code_query *query)
{
	return query->lock_no == 0 || query->only_trouble || (query->find && *query->find);
}

struct words {
	char *typed, *folded, *respelt; /* the last as others spell it */
};

static struct words words_of(const struct code_query *query)
{
	struct words w = { 0 };

	if (query->find && *query->find) {
		w.typed = g_strstrip(g_strdup(query->find));
		w.folded = text_fold(w.typed);
		w.respelt = text_respell(w.typed);
	}
	return w;
}

static void words_clear(struct words *w)
{
	g_free(w->typed);
	g_free(w->folded);
	g_free(w->respelt);
}

static sqlite3_stmt *ask(struct cache *c, enum statement s, const struct code_query *query,
			 const struct words *words, struct instant now, GError **err)
{
	sqlite3_stmt *q = db_query(c, s, err);

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, query->lock_no);
	sqlite3_bind_int64(q, 2, now.ms);
	sqlite3_bind_int64(q, 3, given(query->from) ? query->from.ms : INT64_MIN);
	sqlite3_bind_int64(q, 4, given(query->until) ? query->until.ms : INT64_MAX);
	sqlite3_bind_int(q, 5, query->only_managed ? 1 : query->only_unmanaged ? 0 : -1);
	if (sqlite3_bind_parameter_count(q) < 12)
		return q;
	sqlite3_bind_int(q, 8, query->with_deleted);
	sqlite3_bind_int(q, 9, query->with_ended);
	sqlite3_bind_int(q, 10, query->only_trouble);
	bind_text(q, 11, words->folded);
	bind_text(q, 12, words->typed);
	bind_text(q, 13, words->respelt);
	return q;
}

/* Appends what the statement gives, at most limit after leaving out skip. */
static bool choose(struct cache *c, sqlite3_stmt *q, int limit, int64_t skip, GArray *chosen,
		   GError **err)
{
	int more;

	sqlite3_bind_int(q, 6, limit);
	sqlite3_bind_int64(q, 7, skip);
	while ((more = db_next(c, q, err)) > 0) {
		struct chosen row = { sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1) };

		g_array_append_val(chosen, row);
	}
	return more == 0;
}

static bool choose_stretches(struct cache *c, const struct code_query *query, int limit,
			     struct instant now, GArray *chosen, GError **err)
{
	int64_t skip = query->offset;

	for (size_t i = 0; i < G_N_ELEMENTS(stretches) && (int)chosen->len < limit; i++) {
		guint before = chosen->len;

		if (!wanted(query, i))
			continue;
		{
			QUERY q = ask(c, stretches[i].page, query, NULL, now, err);

			if (!q || !choose(c, q, limit - (int)before, skip, chosen, err))
				return false;
		}
		if (skip > 0 && chosen->len == before) {
			QUERY q = ask(c, stretches[i].count, query, NULL, now, err);

			skip -= db_int(c, q, 0);
		} else {
			skip = 0;
		}
	}
	return true;
}

static bool choose_all(struct cache *c, const struct code_query *query, int limit,
		       struct instant now, GArray *chosen, GError **err)
{
	struct words words = words_of(query);
	bool ok;

	{
		QUERY q = ask(c,
			      query->only_trouble ? STATEMENT_CODES_TROUBLE :
			      query->lock_no && !query->with_deleted ? STATEMENT_CODES_ON_LOCK : STATEMENT_CODES_ALL,
			      query, &words, now, err);

		ok = q && choose(c, q, limit, query->offset, chosen, err);
	}
	words_clear(&words);
	return ok;
}

struct cache_list *cache_codes(struct cache *c, const struct code_query *query, struct instant now,
			       GError **err)
{
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(struct chosen));
	int limit = query->limit > 0 ? query->limit : LIMIT_DEFAULT;
	bool ok = is_sorted(query) ? choose_all(c, query, limit, now, chosen, err) :
				     choose_stretches(c, query, limit, now, chosen, err);

	return ok ? code_rows_read(c, chosen, now, err) : NULL;
}

int64_t cache_count_codes(struct cache *c, const struct code_query *query, struct instant now)
{
	struct words words = words_of(query);
	int64_t n = 0;

	if (!is_sorted(query)) {
		for (size_t i = 0; i < G_N_ELEMENTS(stretches); i++) {
			QUERY q = wanted(query, i) ?
					  ask(c, stretches[i].count, query, NULL, now, NULL) :
					  NULL;

			n += db_int(c, q, 0);
		}
		return n;
	}
	{
		QUERY q = ask(c,
			      query->only_trouble ? STATEMENT_COUNT_TROUBLE : STATEMENT_COUNT_ALL,
			      query, &words, now, NULL);

		n = db_int(c, q, 0);
	}
	words_clear(&words);
	return n;
}

struct cache_list *cache_code(struct cache *c, int64_t code_no, struct instant now, GError **err)
{
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(struct chosen));
	struct chosen one = { code_no, 0 };
	struct cache_list *list;

	g_array_append_val(chosen, one);
	list = code_rows_read(c, chosen, now, err);
	if (list && list->rows->len == 0) {
		cache_list_free(list);
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
			    "there is no such access code");
		return NULL;
	}
	return list;
}

int64_t cache_code_no(struct cache *c, const char *access_code_id)
{
	QUERY q = db_query(c, STATEMENT_CODE_NO, NULL);

	if (!q || !access_code_id)
		return 0;
	bind_text(q, 1, access_code_id);
	return db_int(c, q, 0);
}

bool cache_has_code(struct cache *c, int64_t code_no)
{
	QUERY q = db_query(c, STATEMENT_HAS_CODE, NULL);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, code_no);
	return db_int(c, q, 0) != 0;
}

int64_t cache_code_find(struct cache *c, int64_t lock_no, const char *words, GError **err)
{
	g_autofree char *folded = text_fold(words);
	QUERY q = db_query(c, STATEMENT_CODE_NAMED, err);

	if (!q)
		return 0;
	bind_text(q, 1, words);
	bind_text(q, 2, folded);
	sqlite3_bind_int64(q, 3, lock_no);
	return db_one_named(c, q, "access code", words, err);
}

struct cache_list *cache_pin_holders(struct cache *c, int64_t lock_no, const char *pin,
				     struct instant now, GError **err)
{
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(struct chosen));
	int more;
	{
		QUERY q = db_query(c, STATEMENT_CODES_WITH_PIN, err);

		if (!q)
			return NULL;
		sqlite3_bind_int64(q, 1, lock_no);
		sqlite3_bind_int64(q, 2, now.ms);
		bind_text(q, 3, pin);
		while ((more = db_next(c, q, err)) > 0) {
			struct chosen row = { sqlite3_column_int64(q, 0),
					      sqlite3_column_int64(q, 1) };

			g_array_append_val(chosen, row);
		}
	}
	return more == 0 ? code_rows_read(c, chosen, now, err) : NULL;
}

struct cache_list *cache_codes_of_guest(struct cache *c, int64_t code_no, struct instant now,
					GError **err)
{
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(struct chosen));
	int more;
	{
		QUERY q = db_query(c, STATEMENT_CODES_OF_GUEST, err);

		if (!q)
			return NULL;
		sqlite3_bind_int64(q, 1, code_no);
		sqlite3_bind_int64(q, 2, now.ms);
		while ((more = db_next(c, q, err)) > 0) {
			struct chosen row = { sqlite3_column_int64(q, 0), 0 };

			g_array_append_val(chosen, row);
		}
	}
	return more == 0 ? code_rows_read(c, chosen, now, err) : NULL;
}

char *cache_other_doors(struct cache *c, int64_t code_no, struct instant now)
{
	QUERY q = db_query(c, STATEMENT_CODE_OTHER_DOORS, NULL);

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, code_no);
	sqlite3_bind_int64(q, 2, now.ms);
	return db_next(c, q, NULL) > 0 ? g_strdup((const char *)sqlite3_column_text(q, 0)) : NULL;
}

GPtrArray *cache_pins(struct cache *c, int64_t lock_no, GError **err)
{
	GPtrArray *pins = g_ptr_array_new_with_free_func(g_free);
	QUERY q = db_query(c, STATEMENT_PINS, err);
	int more = -1;

	if (q) {
		sqlite3_bind_int64(q, 1, lock_no);
		sqlite3_bind_int64(q, 2, instant_now().ms);
		while ((more = db_next(c, q, err)) > 0)
			if (sqlite3_column_type(q, 0) != SQLITE_NULL)
				g_ptr_array_add(pins, g_strdup((const char *)sqlite3_column_text(q, 0)));
	}
	if (more == 0)
		return pins;
	g_ptr_array_unref(pins);
	return NULL;
}
