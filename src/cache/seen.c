/* seen - which codes a comparison has seen: a number for each, in memory, asked for by the sweep in SQL.
 *
 * It is this process's alone and dies with it: a property in which nothing changes writes nothing. A code's
 * number inside is dense, so that four bytes a code are all. A rollback takes nothing back: what failed is
 * compared anew, with a higher number. */
#include "cache/db.h"

void seen_mark(struct cache *c, int64_t code_no, int64_t gen)
{
	if (!c->seen || gen <= 0 || code_no <= 0 || code_no >= G_MAXINT32)
		return;
	if (c->seen->len <= (guint)code_no)
		g_array_set_size(c->seen, (guint)code_no + 1);
	g_array_index(c->seen, uint32_t, code_no) = (uint32_t)gen;
}

static void sql_seen(sqlite3_context *q, int n, sqlite3_value **arg)
{
	const GArray *seen = sqlite3_user_data(q);
	int64_t code_no = sqlite3_value_int64(arg[0]);
	bool in = code_no > 0 && code_no < (int64_t)seen->len;

	(void)n;
	sqlite3_result_int64(q, in ? g_array_index(seen, uint32_t, code_no) : 0);
}

bool seen_init(struct cache *c, GError **err)
{
	c->seen = g_array_new(FALSE, TRUE, sizeof(uint32_t));
	if (sqlite3_create_function_v2(c->db, "seen_gen", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, c->seen, sql_seen, NULL,
				       NULL, NULL) == SQLITE_OK)
		return true;
	db_error(c->db, err);
	return false;
}
