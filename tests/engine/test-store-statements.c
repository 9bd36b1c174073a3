/* Every statement of the store can be prepared, and none that is used all the time reads all codes
 * or all events, or sorts them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "engine/store_sqlite.h"

static int up(void **state)
{
	*state = store_open("sqlite::memory:", NULL);
	return *state ? 0 : -1;
}

static int down(void **state)
{
	store_close(*state);
	return 0;
}

static void every_statement_can_be_prepared(void **state)
{
	for (int n = 0; n < STATEMENT_COUNT; n++) {
		g_autoptr(GError) err = NULL;
		QUERY q = sq_query(sq_of(*state), (enum statement)n, &err);

		if (!q)
			fail_msg("%s: %s", statement_name((enum statement)n), err->message);
	}
}

/* Tables that grow without a bound; webhook, key and the like may be read whole. */
static bool costs_too_much(const char *plan)
{
	static const char *const bad[] = { "SCAN access_code", "SCAN event", "SCAN history",
					   "SCAN decision", "SCAN action_attempt", "SCAN device",
					   "USE TEMP B-TREE FOR ORDER BY" };

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		if (g_str_has_prefix(plan, bad[i]))
			return true;
	return false;
}

static void no_hot_statement_scans_or_sorts(void **state)
{
	int explained = 0;

	for (int n = 0; n < STATEMENT_COUNT; n++) {
		g_autofree char *sql =
			g_strconcat("EXPLAIN QUERY PLAN ", statement_sql((enum statement)n), NULL);
		sqlite3_stmt *q;

		if (statement_use((enum statement)n) != USE_HOT)
			continue;
		assert_int_equal(sqlite3_prepare_v2(sq_of(*state)->db, sql, -1, &q, NULL),
				 SQLITE_OK);
		while (sqlite3_step(q) == SQLITE_ROW) {
			const char *plan = (const char *)sqlite3_column_text(q, 3);

			if (costs_too_much(plan))
				fail_msg("%s: %s", statement_name((enum statement)n), plan);
		}
		sqlite3_finalize(q);
		explained++;
	}
	assert_true(explained > 40);
}

/* A row of a table and the struct of store.h have the same columns, in any order. */
static void tables_have_the_columns_of_the_structs(void **state)
{
	static const struct {
		const char *table;
		int own; /* columns that no struct has: the row's number, closed_at, hash... */
		const struct row_type *type;
	} rows[] = {
		{ "device", 1, &device_rows },	       { "access_code", 1, &code_rows },
		{ "history", 2, &code_rows },	       { "event", 1, &event_rows },
		{ "action_attempt", 1, &attempt_rows }, { "api_key", 1, &key_rows },
		{ "webhook", 1, &webhook_rows },
		{ "decision", 2, &decision_rows },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", rows[i].table);
		sqlite3_stmt *q;

		assert_int_equal(sqlite3_prepare_v2(sq_of(*state)->db, sql, -1, &q, NULL),
				 SQLITE_OK);
		if (sqlite3_column_count(q) != rows[i].own + rows[i].type->n_columns)
			fail_msg("%s has %d columns", rows[i].table, sqlite3_column_count(q));
		sqlite3_finalize(q);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_statement_can_be_prepared, up, down),
		cmocka_unit_test_setup_teardown(no_hot_statement_scans_or_sorts, up, down),
		cmocka_unit_test_setup_teardown(tables_have_the_columns_of_the_structs, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
