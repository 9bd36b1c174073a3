/* read_locks - the rack's order, and one lock with its counts. */
#include <string.h>

#include "cache/alike.h"
#include "cache/db.h"
#include "core/text.h"
#include "core/traits.h"

static const enum statement orders[] = {
	[LOCKS_BY_NAME] = STATEMENT_LOCKS_BY_NAME,
	[LOCKS_BY_PLACE] = STATEMENT_LOCKS_BY_PLACE,
	[LOCKS_BY_TROUBLE] = STATEMENT_LOCKS_BY_TROUBLE,
	[LOCKS_BY_BATTERY] = STATEMENT_LOCKS_BY_BATTERY,
	[LOCKS_BY_NEXT] = STATEMENT_LOCKS_BY_NEXT,
};
static const enum statement backwards[] = {
	[LOCKS_BY_NAME] = STATEMENT_LOCKS_BY_NAME_BACK,
	[LOCKS_BY_PLACE] = STATEMENT_LOCKS_BY_PLACE_BACK,
	[LOCKS_BY_TROUBLE] = STATEMENT_LOCKS_BY_TROUBLE_BACK,
	[LOCKS_BY_BATTERY] = STATEMENT_LOCKS_BY_BATTERY_BACK,
	[LOCKS_BY_NEXT] = STATEMENT_LOCKS_BY_NEXT_BACK,
};

/* A PIN is digits: other words need not be hashed for each search. */
static bool may_be_pin(const char *words)
{
	return *words && strspn(words, "0123456789") == strlen(words);
}

static void note(GByteArray *set, int64_t lock_no)
{
	guint at = (guint)lock_no;

	if (lock_no < 0 || lock_no > INT32_MAX)
		return;
	if (at >= set->len) {
		guint was = set->len;

		g_byte_array_set_size(set, MAX(at + 1, was * 2));
		memset(set->data + was, 0, set->len - was);
	}
	set->data[at] = 1;
}

static bool is_noted(const GByteArray *set, int64_t lock_no)
{
	return lock_no >= 0 && lock_no < set->len && set->data[lock_no];
}

static int64_t count_beside(struct cache *c, const char *words, const char *folded, const char *respelt,
			    struct instant now)
{
	QUERY q = db_query(c, STATEMENT_COUNT_BESIDE, NULL);

	if (!q)
		return 0;
	bind_text(q, 1, words);
	sqlite3_bind_int64(q, 2, now.ms);
	bind_text(q, 3, folded);
	bind_text(q, 4, respelt);
	return db_int(c, q, 0);
}

/* A byte a lock number: a word that half of the codes have would make as many entries of a table. */
static GByteArray *locks_found(struct cache *c, const char *words, struct instant now, int64_t *codes, GError **err)
{
	g_autofree char *folded = text_fold(words), *respelt = text_respell(words);
	g_autoptr(GByteArray) set = g_byte_array_new();
	QUERY locks = db_query(c, STATEMENT_LOCKS_FOUND, err);
	QUERY called = locks ? db_query(c, STATEMENT_CODES_SOUGHT, err) : NULL;
	int more = -1;

	if (!called)
		return NULL;
	bind_text(locks, 1, folded);
	bind_text(locks, 2, words);
	bind_text(locks, 3, respelt);
	while ((more = db_next(c, locks, err)) > 0)
		note(set, sqlite3_column_int64(locks, 0));
	if (more < 0)
		return NULL;
	bind_text(called, 1, folded);
	bind_text(called, 2, may_be_pin(words) ? words : NULL);
	bind_text(called, 3, strcmp(folded, respelt) != 0 ? respelt : NULL);
	*codes = 0;
	while ((more = db_next(c, called, err)) > 0) {
		note(set, sqlite3_column_int64(called, 0));
		++*codes;
	}
	*codes += count_beside(c, words, folded, respelt, now);
	return more == 0 ? g_steal_pointer(&set) : NULL;
}

GArray *cache_lock_order(struct cache *c, enum lock_sort sort, const char *find, struct instant now,
			 GError **err)
{
	return cache_lock_order_found(c, sort, find, now, NULL, err);
}

GArray *cache_lock_order_found(struct cache *c, enum lock_sort sort, const char *find, struct instant now,
			       int64_t *codes, GError **err)
{
	g_autoptr(GByteArray) found = NULL;
	int64_t counted = 0;
	GArray *order;
	QUERY q = NULL;
	int more;

	bool back = sort & LOCKS_BACKWARDS;
	size_t by = (size_t)sort & ~(size_t)LOCKS_BACKWARDS;

	g_return_val_if_fail(by < G_N_ELEMENTS(orders), NULL);
	if (find && *find) {
		g_autofree char *words = g_strstrip(g_strdup(find));

		found = locks_found(c, words, now, &counted, err);
		if (!found)
			return NULL;
	}
	if (codes)
		*codes = counted;
	q = db_query(c, back ? backwards[by] : orders[by], err);
	if (!q)
		return NULL;
	if (sqlite3_bind_parameter_count(q) > 0)
		sqlite3_bind_int64(q, 1, now.ms);
	order = g_array_new(FALSE, FALSE, sizeof(int64_t));
	while ((more = db_next(c, q, err)) > 0) {
		int64_t no = sqlite3_column_int64(q, 0);

		if (!found || is_noted(found, no))
			g_array_append_val(order, no);
	}
	if (more == 0)
		return order;
	g_array_unref(order);
	return NULL;
}

static bool read_lock(struct cache *c, int64_t lock_no, struct lock_row *row, GStringChunk *chunk,
		      GError **err)
{
	QUERY q = db_query(c, STATEMENT_LOCK_ROW, err);
	int found;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, lock_no);
	found = db_next(c, q, err);
	if (found == 0)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "there is no such lock");
	if (found <= 0)
		return false;
	row->lock_no = sqlite3_column_int64(q, 0);
	row->lock.device_id = column_text(q, 1, chunk);
	row->deleted_at = column_when(q, 2);
	row->worst = column_text(q, 3, chunk);
	row->worst_severity = sqlite3_column_int(q, 4);
	columns_read(q, 5, lock_columns, LOCK_FIELD_COUNT, &row->lock, chunk);
	row->lock.alike = cache_alike_lock(c, row->lock.name, chunk);
	return true;
}

static sqlite3_stmt *about(struct cache *c, enum statement s, int64_t lock_no, struct instant now,
			   GError **err)
{
	sqlite3_stmt *q = db_query(c, s, err);

	if (q)
		sqlite3_bind_int64(q, 1, lock_no);
	if (q && sqlite3_bind_parameter_count(q) > 1)
		sqlite3_bind_int64(q, 2, now.ms);
	return q;
}

static bool count_codes(struct cache *c, struct lock_row *row, struct instant now, GError **err)
{
	QUERY counts = about(c, STATEMENT_LOCK_COUNTS, row->lock_no, now, err);
	QUERY creates = about(c, STATEMENT_LOCK_CREATES, row->lock_no, now, err);
	QUERY next = about(c, STATEMENT_LOCK_NEXT, row->lock_no, now, err);

	if (!counts || !creates || !next || db_next(c, counts, err) <= 0 ||
	    db_next(c, creates, err) <= 0 || db_next(c, next, err) <= 0)
		return false;
	row->codes_all = sqlite3_column_int(counts, 0) + sqlite3_column_int(creates, 0);
	row->codes_now = sqlite3_column_int(counts, 1);
	row->codes_to_come = sqlite3_column_int(counts, 0) - row->codes_now;
	row->codes_unmanaged = sqlite3_column_int(counts, 2);
	row->next_start = column_when(next, 0);
	return true;
}

static bool add_trouble(struct cache *c, struct lock_row *row, GStringChunk *chunk,
			struct instant now, GError **err)
{
	QUERY q = about(c, STATEMENT_LOCK_TROUBLE, row->lock_no, now, err);
	int found;

	if (!q)
		return false;
	found = db_next(c, q, err);
	if (found <= 0)
		return found == 0;
	row->codes_trouble = sqlite3_column_int(q, 2);
	if (sqlite3_column_int(q, 1) > row->worst_severity) {
		row->worst = column_text(q, 0, chunk);
		row->worst_severity = sqlite3_column_int(q, 1);
	}
	return true;
}

struct cache_list *cache_lock(struct cache *c, int64_t lock_no, struct instant now, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct lock_row));
	struct lock_row row = { 0 };

	if (read_lock(c, lock_no, &row, list->chunk, err) && count_codes(c, &row, now, err) &&
	    add_trouble(c, &row, list->chunk, now, err)) {
		g_array_append_val(list->rows, row);
		return list;
	}
	cache_list_free(list);
	return NULL;
}

GHashTable *cache_lock_groups(struct cache *c, enum lock_group by, GError **err)
{
	GHashTable *names = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	QUERY q = db_query(c, STATEMENT_LOCK_GROUPS, err);
	int more = -1;

	while (q && (more = db_next(c, q, err)) > 0) {
		int64_t no = sqlite3_column_int64(q, 0);
		const char *name = by == GROUP_BRAND ? brand_of((const char *)sqlite3_column_text(q, 2),
								(const char *)sqlite3_column_text(q, 3))
						     : (const char *)sqlite3_column_text(q, 1);

		g_hash_table_insert(names, g_memdup2(&no, sizeof no), g_strdup(name ? name : ""));
	}
	if (more == 0)
		return names;
	g_hash_table_unref(names);
	return NULL;
}

bool cache_has_lock(struct cache *c, int64_t lock_no)
{
	QUERY q = db_query(c, STATEMENT_HAS_LOCK, NULL);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, lock_no);
	return db_int(c, q, 0) != 0;
}

int64_t cache_lock_no(struct cache *c, const char *device_id)
{
	QUERY q = db_query(c, STATEMENT_LOCK_NO, NULL);

	if (!q || !device_id)
		return 0;
	bind_text(q, 1, device_id);
	return db_int(c, q, 0);
}

int64_t db_one_named(struct cache *c, sqlite3_stmt *q, const char *what, const char *words,
		     GError **err)
{
	g_autoptr(GString) names = g_string_new(NULL);
	int64_t no = 0;
	int n = 0, best = 0, more;

	while ((more = db_next(c, q, err)) > 0) {
		const char *name = (const char *)sqlite3_column_text(q, 1);
		const char *where = (const char *)sqlite3_column_text(q, 2);

		if (n == 0)
			best = sqlite3_column_int(q, 3);
		if (sqlite3_column_int(q, 3) != best)
			break;
		if (n++ == 0)
			no = sqlite3_column_int64(q, 0);
		g_string_append_printf(names, "\n  %s%s%s%s  %s", name && *name ? name : "(no name)",
				       where ? " (" : "", where ? where : "", where ? ")" : "",
				       (const char *)sqlite3_column_text(q, 4));
	}
	if (more < 0 || n == 1)
		return more < 0 ? 0 : no;
	if (n == 0)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "no %s is called \"%s\"",
			    what, words);
	else
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_AMBIGUOUS,
			    "\"%s\" may be one of several:%s%s\nType more of the name, or the id",
			    words, names->str, n == 6 ? "\n  ..." : "");
	return 0;
}

int64_t cache_lock_find(struct cache *c, const char *words, GError **err)
{
	g_autofree char *folded = text_fold(words);
	QUERY q = db_query(c, STATEMENT_LOCK_NAMED, err);

	if (!q)
		return 0;
	bind_text(q, 1, words);
	bind_text(q, 2, folded);
	return db_one_named(c, q, "lock", words, err);
}
