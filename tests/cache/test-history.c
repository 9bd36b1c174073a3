/* What a code was before it changed is kept, and of whom the door could be opened then. */
#include "tests/cache/fixture.h"

#include <string.h>

#include "cache/db.h"

static int64_t number(struct fixture *f, const char *sql)
{
	sqlite3_stmt *q;
	int64_t n = -1;

	assert_int_equal(sqlite3_prepare_v2(f->sync->db, sql, -1, &q, NULL), SQLITE_OK);
	if (sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

static struct access_code a_stay(void)
{
	struct access_code ac = a_code("code-1", "lock-1", "Anna Berg", "482913");

	ac.time_bound = true;
	ac.starts_at = AFTER(-DAY_MS);
	ac.ends_at = AFTER(DAY_MS);
	return ac;
}

static void only_what_another_day_is_asked_about_is_kept(void **state)
{
	static const struct {
		const char *what, *name, *pin, *status;
		int64_t longer_ms;
		bool deleted;
		int kept, pin_changed;
	} rows[] = {
		{ "nothing", "Anna Berg", "482913", "set", 0, false, 0, 0 },
		{ "its status", "Anna Berg", "482913", "removing", 0, false, 0, 0 },
		{ "its end", "Anna Berg", "482913", "set", HOUR_MS, false, 1, 0 },
		{ "its name", "Anna Bergmann", "482913", "set", 0, false, 1, 0 },
		{ "its PIN", "Anna Berg", "550055", "set", 0, false, 1, 1 },
		{ "it came back", "Anna Berg", "482913", "set", 0, true, 1, 0 },
	};
	struct fixture *f = *state;

	put_lock(f->sync, a_lock("lock-1", "101 Garden"));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct access_code ac = a_stay();
		g_autofree char *id = g_strdup_printf("code-%zu", i);
		g_autofree char *count = NULL, *pin = NULL, *end = NULL;
		int64_t no;

		ac.access_code_id = id;
		no = put_code(f->sync, ac);
		if (rows[i].deleted)
			assert_true(cache_delete_code(f->sync, id, NOW, NULL));
		ac.name = rows[i].name;
		ac.code = rows[i].pin;
		ac.status = rows[i].status;
		ac.ends_at = AFTER(DAY_MS + rows[i].longer_ms);
		put_code(f->sync, ac);
		count = g_strdup_printf("SELECT count(*) FROM code_was WHERE code_no = %d", (int)no);
		pin = g_strdup_printf("SELECT coalesce(max(pin_changed), 0) FROM code_was WHERE code_no = %d", (int)no);
		end = g_strdup_printf("SELECT ends_at FROM code_was WHERE code_no = %d", (int)no);
		if (number(f, count) != rows[i].kept || number(f, pin) != rows[i].pin_changed)
			fail_msg("%s: %d kept, PIN %d", rows[i].what, (int)number(f, count), (int)number(f, pin));
		if (rows[i].kept)
			assert_int_equal(number(f, end), AFTER(DAY_MS).ms);
	}
}

static void a_past_is_bounded_and_holds_no_pin(void **state)
{
	struct fixture *f = *state;
	struct access_code ac = a_stay();

	put_lock(f->sync, a_lock("lock-1", "101 Garden"));
	put_code(f->sync, ac);
	for (int i = 1; i <= 100; i++) {
		ac.ends_at = AFTER(DAY_MS + i * HOUR_MS);
		put_code(f->sync, ac);
	}
	assert_int_equal(number(f, "SELECT count(*) FROM code_was"), 32);
	/* the newest are those that stay */
	assert_int_equal(number(f, "SELECT max(ends_at) FROM code_was"), AFTER(DAY_MS + 99 * HOUR_MS).ms);
	assert_int_equal(number(f, "SELECT count(*) FROM code_was WHERE name LIKE '%482913%'"), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_what_another_day_is_asked_about_is_kept, fixture_up, fixture_down),
		cmocka_unit_test_setup_teardown(a_past_is_bounded_and_holds_no_pin, fixture_up, fixture_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
