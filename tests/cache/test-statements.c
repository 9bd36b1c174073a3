/* Every statement can be prepared, and none that a screen uses reads all codes or all events. */
#include "tests/cache/fixture.h"

#include <string.h>

#include "cache/db.h"

static void every_statement_can_be_prepared(void **state)
{
	struct fixture *f = *state;

	for (int s = 0; s < STATEMENT_COUNT; s++) {
		g_autoptr(GError) err = NULL;
		QUERY q = db_query(f->sync, (enum statement)s, &err);

		if (!q)
			fail_msg("%s: %s", statement_name((enum statement)s), err->message);
	}
}

/* "SCAN event", "SCAN access_code AS c" and the aliases used here; a scan of an index is one too. */
static bool scans_what_grows(const char *plan)
{
	static const char *const grows[] = { "SCAN access_code", "SCAN event", "SCAN t", "SCAN c" };

	for (size_t i = 0; i < G_N_ELEMENTS(grows); i++) {
		size_t len = strlen(grows[i]);

		if (strncmp(plan, grows[i], len) == 0 && (plan[len] == '\0' || plan[len] == ' '))
			return true;
	}
	return false;
}

static void no_screen_scans_codes_or_events(void **state)
{
	struct fixture *f = *state;
	int explained = 0;

	for (int s = 0; s < STATEMENT_COUNT; s++) {
		g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ",
						   statement_sql((enum statement)s), NULL);
		/* The outbox is small; its whole list may be read. */
		bool small = s == STATEMENT_INTENT_LIST;
		sqlite3_stmt *q;

		if (statement_use((enum statement)s) != USE_SCREEN || small)
			continue;
		assert_int_equal(sqlite3_prepare_v2(f->sync->db, sql, -1, &q, NULL), SQLITE_OK);
		while (sqlite3_step(q) == SQLITE_ROW) {
			const char *plan = (const char *)sqlite3_column_text(q, 3);

			if (scans_what_grows(plan))
				fail_msg("%s: %s", statement_name((enum statement)s), plan);
		}
		sqlite3_finalize(q);
		explained++;
	}
	assert_true(explained > 30);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_statement_can_be_prepared, fixture_up,
						fixture_down),
		cmocka_unit_test_setup_teardown(no_screen_scans_codes_or_events, fixture_up,
						fixture_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
