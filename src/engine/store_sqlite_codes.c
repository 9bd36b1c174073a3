/* store_sqlite_codes - access codes: put, found, due; closed into history; decisions about them. */
#include "engine/store_sqlite.h"

#include "core/text.h"

bool sqlite_put_code(struct store *s, const struct store_code *c, GError **err)
{
	/* Most puts move a code along its life. */
	if (!sq_put(sq_of(s), STATEMENT_CODE_MOVE, &code_move_rows, c, err))
		return false;
	return sqlite3_changes(sq_of(s)->db) > 0 ||
	       sq_put(sq_of(s), STATEMENT_CODE_PUT, &code_rows, c, err);
}

/* Codes that are not closed have no closed_at; the array was cleared to 1970. */
static struct store_list *live(struct store_list *list)
{
	for (guint i = 0; list && i < list->rows->len; i++)
		store_at(list, struct store_code, i)->closed_at = INSTANT_NONE;
	return list;
}

struct store_list *sqlite_code(struct store *s, const char *id, GError **err)
{
	return live(sq_row(sq_of(s), STATEMENT_CODE, &code_rows, id, err));
}

struct store_list *sqlite_code_by_pin(struct store *s, const char *device_id, const char *pin,
				      GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_CODE_BY_PIN, err);

	if (!q)
		return NULL;
	bind_words(q, 1, device_id);
	if (!bind_pin_mark(sq_of(s)->vault, q, 2, device_id, pin, err))
		return NULL;
	return live(sq_rows(sq_of(s), q, &code_rows, NULL, err));
}

static enum statement best_for(const struct store_code_filter *f)
{
	if (f->cut_off)
		return STATEMENT_CODES_CUT_OFF;
	if (f->ids)
		return STATEMENT_CODES_OF_IDS;
	if (f->common_code_key)
		return STATEMENT_CODES_OF_KEY;
	if (f->device_id)
		return STATEMENT_CODES_OF_DEVICE;
	return STATEMENT_CODES_ALL;
}

struct store_list *sqlite_codes(struct store *s, const struct store_code_filter *f,
				struct store_page *page, GError **err)
{
	g_autofree char *folded = f->search && *f->search ? text_fold(f->search) : NULL;
	QUERY q = sq_query(sq_of(s), best_for(f), err);

	if (!q)
		return NULL;
	sq_bind_page(q, page);
	bind_words(q, 4, f->device_id);
	sq_bind_array(q, 5, f->ids);
	bind_words(q, 6, f->common_code_key);
	sqlite3_bind_int(q, 7, f->managed);
	sqlite3_bind_int(q, 8, f->with_pool);
	bind_words(q, 9, folded);
	bind_words(q, 10, f->search);
	return live(sq_rows(sq_of(s), q, &code_rows, page, err));
}

struct store_list *sqlite_codes_due(struct store *s, struct instant now, int limit, GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_CODES_DUE, err);

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, now.ms);
	sqlite3_bind_int(q, 2, limit > 0 ? limit : -1);
	return live(sq_rows(sq_of(s), q, &code_rows, NULL, err));
}

struct instant sqlite_next_look(struct store *s)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_NEXT_LOOK, NULL);

	return (struct instant){ sq_number(sq_of(s), q, INSTANT_NONE.ms) };
}

int sqlite_count_on_lock(struct store *s, const char *device_id)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_HELD, NULL);

	if (q)
		bind_words(q, 1, device_id);
	return (int)sq_number(sq_of(s), q, 0);
}

static bool to_history(struct sq *s, const char *id, struct instant at, GError **err)
{
	QUERY q = sq_query(s, STATEMENT_CODE_TO_HISTORY, err);

	if (!q)
		return false;
	bind_words(q, 1, id);
	sqlite3_bind_int64(q, 2, at.ms);
	return sq_run(s, q, err);
}

static bool make_final(struct sq *s, const char *id, const char *status, enum plan_reason why,
		       GError **err)
{
	QUERY q = sq_query(s, STATEMENT_HISTORY_FINAL, err);

	if (!q)
		return false;
	bind_words(q, 1, id);
	bind_words(q, 2, status);
	bind_reason(q, 3, why);
	return sq_run(s, q, err);
}

bool sqlite_close_code(struct store *store, const char *id, const char *final_status,
		       enum plan_reason why, struct instant at, GError **err)
{
	struct sq *s = sq_of(store);
	struct scope scope;
	bool ok;

	if (!scope_open(s, &scope, err))
		return false;
	ok = to_history(s, id, at, err) &&
	     sq_run_on(s, STATEMENT_CODE_DROP, id, code_rows.what, err) &&
	     make_final(s, id, final_status, why, err);
	return scope_close(s, &scope, ok, err);
}

/* As sq_rows, with the column after the code's. */
static struct store_list *closed_rows(struct sq *s, sqlite3_stmt *q, struct store_page *page,
				      GError **err)
{
	struct store_list *list = store_list_new(sizeof(struct store_code));
	int more;

	if (page)
		page->has_more = false;
	while ((more = sq_next(s, q, err)) > 0) {
		struct store_code c = { 0 };

		if (page && page->limit > 0 && list->rows->len == (guint)page->limit) {
			page->has_more = true;
			return list;
		}
		if (!columns_get(s->vault, q, 0, &code_rows, &c, list->chunk, err)) {
			more = -1;
			break;
		}
		c.closed_at = (struct instant){ sqlite3_column_int64(q, code_rows.n_columns) };
		g_array_append_val(list->rows, c);
	}
	if (more == 0)
		return list;
	store_list_free(list);
	return NULL;
}

struct store_list *sqlite_history(struct store *s, const char *device_id,
				  const char *access_code_id, struct store_page *page, GError **err)
{
	enum statement best = access_code_id ? STATEMENT_HISTORY_OF_CODE
			      : device_id    ? STATEMENT_HISTORY_OF_DEVICE
					     : STATEMENT_HISTORY_ALL;
	QUERY q = sq_query(sq_of(s), best, err);

	if (!q)
		return NULL;
	sq_bind_page(q, page);
	bind_words(q, 4, device_id);
	bind_words(q, 5, access_code_id);
	return closed_rows(sq_of(s), q, page, err);
}

static bool forget(struct sq *s, enum statement n, struct instant before, GError **err)
{
	QUERY q = sq_query(s, n, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, before.ms);
	return sq_run(s, q, err);
}

int sqlite_forget_history(struct store *store, struct instant before, GError **err)
{
	struct sq *s = sq_of(store);
	struct scope scope;
	bool ok;
	int n;

	if (!scope_open(s, &scope, err))
		return -1;
	ok = forget(s, STATEMENT_DECISIONS_FORGET, before, err) &&
	     forget(s, STATEMENT_HISTORY_FORGET, before, err);
	n = sqlite3_changes(s->db);
	return scope_close(s, &scope, ok, err) ? n : -1;
}

bool sqlite_add_decision(struct store *s, const char *id, const struct store_decision *d,
			 GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_DECISION_ADD, err);

	if (!q)
		return false;
	bind_words(q, 1, id);
	columns_put(NULL, q, 2, &decision_rows, d, NULL); /* no PIN in it */
	return sq_run(sq_of(s), q, err);
}

struct store_list *sqlite_decisions(struct store *s, const char *id, GError **err)
{
	QUERY q = sq_query(sq_of(s), STATEMENT_DECISIONS, err);

	if (!q)
		return NULL;
	bind_words(q, 1, id);
	return sq_rows(sq_of(s), q, &decision_rows, NULL, err);
}
