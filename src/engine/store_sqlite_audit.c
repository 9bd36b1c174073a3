/* store_sqlite_audit - the lines of the audit, which are only ever added. */
#include "engine/store_sqlite.h"

#include <string.h>

static bool take_hash(sqlite3_stmt *q, int column, unsigned char hash[static AUDIT_HASH_BYTES])
{
	if (sqlite3_column_bytes(q, column) != AUDIT_HASH_BYTES)
		return false;
	memcpy(hash, sqlite3_column_blob(q, column), AUDIT_HASH_BYTES);
	return true;
}

static bool damaged(GError **err)
{
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT,
			    "the audit's last record has no hash: somebody wrote to the store");
	return false;
}

/* Until the transaction ends, in which nobody else can add one. */
static void keep_head(struct sq *s, const struct audit_head *head)
{
	s->head = *head;
	s->head_known = !sqlite3_get_autocommit(s->db) && !s->reading;
}

bool sqlite_audit_head(struct store *store, struct audit_head *head, GError **err)
{
	struct sq *s = sq_of(store);
	int more;

	/* A full disk has rolled back by itself already. */
	if (s->head_known && !sqlite3_get_autocommit(s->db)) {
		*head = s->head;
		return true;
	}

	QUERY q = sq_query(s, STATEMENT_AUDIT_HEAD, err);

	more = q ? sq_next(s, q, err) : -1;
	*head = (struct audit_head){ 0 };
	if (more > 0) {
		head->no = sqlite3_column_int64(q, 0);
		if (!take_hash(q, 1, head->hash))
			return damaged(err);
	}
	if (more >= 0)
		keep_head(s, head);
	return more >= 0;
}

bool sqlite_audit_put(struct store *store, const struct audit_head *head, const char *line, GError **err)
{
	struct sq *s = sq_of(store);
	QUERY q = sq_query(s, STATEMENT_AUDIT_PUT, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, head->no);
	sqlite3_bind_text(q, 2, line, -1, SQLITE_STATIC);
	sqlite3_bind_blob(q, 3, head->hash, AUDIT_HASH_BYTES, SQLITE_STATIC);
	if (!sq_run(s, q, err))
		return s->head_known = false;
	keep_head(s, head);
	return true;
}

struct store_list *sqlite_audit_lines(struct store *store, int64_t after_no, int limit, GError **err)
{
	struct sq *s = sq_of(store);
	QUERY q = sq_query(s, STATEMENT_AUDIT_LINES, err);
	OWN(store_list) struct store_list *list = store_list_new(sizeof(struct store_audit));
	int more = -1;

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, after_no);
	sqlite3_bind_int(q, 2, limit > 0 ? limit : -1);
	while ((more = sq_next(s, q, err)) > 0) {
		struct store_audit a = {
			.no = sqlite3_column_int64(q, 0),
			.line = g_string_chunk_insert(list->chunk, (const char *)sqlite3_column_text(q, 1)),
		};

		take_hash(q, 2, a.hash); /* one that has none verifies as altered */
		g_array_append_val(list->rows, a);
	}
	return more == 0 ? g_steal_pointer(&list) : NULL;
}

/* Once in months: it looks through all of them. */
int64_t sqlite_audit_sealed_before(struct store *store, struct instant t)
{
	struct sq *s = sq_of(store);
	char text[INSTANT_TEXT_MAX];
	QUERY q = sq_query(s, STATEMENT_AUDIT_SEALED, NULL);

	if (q)
		bind_words(q, 1, instant_format(t, text));
	return sq_number(s, q, 0);
}

/* The trigger lets go what lies before the fact, which is written in the same transaction. */
bool sqlite_audit_cut(struct store *store, int64_t first, GError **err)
{
	struct sq *s = sq_of(store);
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, first);
	QUERY q = NULL;

	if (!sqlite_fact_set(store, "audit.begins", text, err))
		return false;
	q = sq_query(s, STATEMENT_AUDIT_CUT, err);
	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, first);
	return sq_run(s, q, err);
}
