/* issues - errors, warnings and pending mutations of a lock or a code, one row each. */
#include <string.h>

#include "cache/db.h"

static bool add_issues(struct cache *c, char kind, const char *json, struct cache_list *list,
		       GError **err)
{
	QUERY q = NULL;
	int more;

	if (!json)
		return true;
	q = db_query(c, STATEMENT_ISSUES, err);
	if (!q)
		return false;
	bind_text(q, 1, json);
	while ((more = db_next(c, q, err)) > 0) {
		struct issue_row row = { .kind = kind };
		const char *detail = (const char *)sqlite3_column_text(q, 6);

		row.code = column_text(q, 0, list->chunk);
		row.message = column_text(q, 1, list->chunk);
		row.created_at = column_when_said(q, 2);
		row.scheduled_at = column_when_said(q, 3);
		row.of_device = sqlite3_column_int(q, 4) != 0;
		row.of_account = sqlite3_column_int(q, 5) != 0;
		if (detail && strcmp(detail, "{}") != 0)
			row.detail = g_string_chunk_insert(list->chunk, detail);
		g_array_append_val(list->rows, row);
	}
	return more == 0;
}

static struct cache_list *issues_of(struct cache *c, enum statement of, int64_t no,
				    const char *missing, GError **err)
{
	static const char kinds[] = { 'e', 'w', 'p' };
	struct cache_list *list;
	QUERY q = db_query(c, of, err);
	int found;

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, no);
	found = db_next(c, q, err);
	if (found == 0)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "there is no such %s",
			    missing);
	if (found <= 0)
		return NULL;
	list = list_new(sizeof(struct issue_row));
	for (int i = 0; i < (int)G_N_ELEMENTS(kinds); i++) {
		if (add_issues(c, kinds[i], (const char *)sqlite3_column_text(q, i), list, err))
			continue;
		cache_list_free(list);
		return NULL;
	}
	return list;
}

struct cache_list *cache_issues_of_code(struct cache *c, int64_t code_no, GError **err)
{
	return issues_of(c, STATEMENT_ISSUES_OF_CODE, code_no, "access code", err);
}

struct cache_list *cache_issues_of_lock(struct cache *c, int64_t lock_no, GError **err)
{
	return issues_of(c, STATEMENT_ISSUES_OF_LOCK, lock_no, "lock", err);
}
