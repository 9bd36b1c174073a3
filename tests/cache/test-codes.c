/* Codes as lists: order, windows on them, and what the outbox adds. */
#include "tests/cache/fixture.h"

#include <string.h>

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)

static char *names_of(struct cache *c, struct code_query q)
{
	g_autoptr(GError) err = NULL;
	OWN(cache_list) struct cache_list *list = cache_codes(c, &q, NOW, &err);
	GString *names = g_string_new(NULL);

	assert_no_error(err);
	for (guint i = 0; i < list->rows->len; i++)
		g_string_append_printf(names, "%s%s", i ? " " : "",
				       cache_list_at(list, struct code_row, i)->code.name);
	return g_string_free(names, FALSE);
}

static void put_window(struct cache *c, const char *id, int64_t from, int64_t until)
{
	struct access_code ac = a_code(id, "d1", id, NULL);

	if (from)
		ac.starts_at = AFTER(from);
	if (until)
		ac.ends_at = AFTER(until);
	put_code(c, ac);
}

static struct intent create(const char *params)
{
	return (struct intent){ .kind = INTENT_CREATE, .device_id = "d1", .params = params };
}

/* The lock of most tests: two of each stretch, and a create in two of them. NOW is 20:18Z. */
static int64_t full_lock(struct cache *c)
{
	int64_t lock_no = put_lock(c, a_lock("d1", "Garden"));

	put_window(c, "later2", 9 * HOUR_MS, 12 * HOUR_MS);
	put_window(c, "later1", 5 * HOUR_MS, 80 * HOUR_MS);
	put_window(c, "ended1", -9 * HOUR_MS, -1 * HOUR_MS);
	put_window(c, "ended2", -9 * HOUR_MS, -2 * HOUR_MS);
	put_window(c, "until2", -2 * HOUR_MS, 8 * HOUR_MS);
	put_window(c, "until1", -1 * HOUR_MS, 4 * HOUR_MS);
	put_window(c, "ongoing2", -3 * HOUR_MS, 0);
	put_window(c, "ongoing1", 0, 0);
	put_window(c, "gone", -1 * HOUR_MS, 4 * HOUR_MS);
	assert_true(cache_delete_code(c, "gone", NOW, NULL));
	add_intent(c, create("{\"name\":\"new-now\",\"code\":\"4711\","
			     "\"starts_at\":\"2026-11-22T20:00:00Z\","
			     "\"ends_at\":\"2026-11-23T02:00:00Z\"}"));
	add_intent(c, create("{\"name\":\"new-later\","
			     "\"starts_at\":\"2026-11-23T03:00:00Z\","
			     "\"ends_at\":\"2026-11-23T09:00:00Z\"}"));
	return lock_no;
}

#define SHOWN "ongoing1 ongoing2 until1 new-now until2 later1 new-later later2"

static void a_lock_lists_what_is_in_force_then_to_come_then_ended(void **state)
{
	struct fixture *f = *state;
	int64_t lock_no = full_lock(f->sync);
	const struct {
		const char *what;
		struct code_query q;
		const char *names;
	} rows[] = {
		{ "as a rack shows it", { .lock_no = lock_no }, SHOWN },
		{ "ended", { .lock_no = lock_no, .with_ended = true }, SHOWN " ended1 ended2" },
		{ "all", { .lock_no = lock_no, .with_ended = true, .with_deleted = true },
		  SHOWN " ended1 ended2 gone" },
		{ "first two", { .lock_no = lock_no, .limit = 2 }, "ongoing1 ongoing2" },
		{ "across a seam", { .lock_no = lock_no, .limit = 3, .offset = 1 },
		  "ongoing2 until1 new-now" },
		{ "past whole stretches", { .lock_no = lock_no, .limit = 2, .offset = 6 },
		  "new-later later2" },
		{ "beyond the end", { .lock_no = lock_no, .limit = 2, .offset = 60 }, "" },
		{ "touching a window",
		  { .lock_no = lock_no, .from = AFTER(8 * HOUR_MS), .until = AFTER(9 * HOUR_MS) },
		  "ongoing1 ongoing2 later1 new-later" },
		{ "unmanaged only", { .lock_no = lock_no, .only_unmanaged = true }, "" },
		{ "every lock", { .with_ended = true }, SHOWN " ended1 ended2" },
		{ "by name", { .find = "LATER" }, "later1 new-later later2" },
		{ "by PIN of a create", { .find = "4711" }, "new-now" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *names = names_of(f->sync, rows[i].q);

		if (strcmp(names, rows[i].names) != 0)
			fail_msg("%s: %s, not %s", rows[i].what, names, rows[i].names);
	}
}

static void counts_agree_with_lists(void **state)
{
	struct fixture *f = *state;
	int64_t lock_no = full_lock(f->sync);
	OWN(cache_list) struct cache_list *list = cache_lock(f->sync, lock_no, NOW, NULL);
	struct lock_row *row = cache_list_at(list, struct lock_row, 0);

	assert_int_equal(row->codes_all, 8);
	assert_int_equal(row->codes_now, 4);
	assert_int_equal(row->codes_to_come, 2);
	assert_int_equal(row->next_start.ms, AFTER(5 * HOUR_MS).ms);
	for (int i = 0; i < 8; i++) {
		struct code_query q = { .lock_no = i & 1 ? lock_no : 0,
					.with_ended = i & 2,
					.with_deleted = i & 4 };
		OWN(cache_list) struct cache_list *codes = cache_codes(f->sync, &q, NOW, NULL);

		assert_int_equal(cache_count_codes(f->sync, &q, NOW), codes->rows->len);
	}
	assert_int_equal(cache_counts(f->sync, NOW).codes, 8);
}

static struct code_row only_row(struct cache *c, const char *find, struct cache_list **list)
{
	g_autoptr(GError) err = NULL;

	*list = cache_codes(c, &(struct code_query){ .find = find, .with_ended = true }, NOW, &err);
	assert_no_error(err);
	assert_int_equal((*list)->rows->len, 1);
	return *cache_list_at(*list, struct code_row, 0);
}

static void a_create_stands_in_until_its_code_is_there(void **state)
{
	struct fixture *f = *state;
	int64_t no;
	struct code_row row;
	OWN(cache_list) struct cache_list *a = NULL, *b = NULL, *c = NULL;

	put_lock(f->sync, a_lock("d1", "Garden"));
	no = add_intent(f->sync, create("{\"name\":\"Ito\",\"code\":\"4711\"}"));
	row = only_row(f->sync, "ito", &a);
	assert_int_equal(row.code_no, 0);
	assert_int_equal(row.state, CODE_QUEUED);
	assert_string_equal(row.code.code, "4711");
	assert_false(instant_known(row.code.ends_at));
	outbox_sending(f->sync, no, instant_now(), instant_now(), NULL);
	outbox_accepted(f->sync, no, "c9", 200, NULL);
	{
		/* Accepted at this computer's time, not at the test's. */
		OWN(cache_list) struct cache_list *list = cache_codes(
			f->sync, &(struct code_query){ .lock_no = 1 }, instant_now(), NULL);

		assert_int_equal(list->rows->len, 1);
	}
	{
		struct instant later = instant_add_ms(instant_now(), HOUR_MS + SECOND_MS);
		OWN(cache_list) struct cache_list *list = cache_codes(
			f->sync, &(struct code_query){ .lock_no = 1 }, later, NULL);

		assert_int_equal(list->rows->len, 0);
	}
	put_code(f->sync, a_code("c9", "d1", "Ito", "4711"));
	row = only_row(f->sync, "ito", &b);
	assert_true(row.code_no != 0);
	assert_int_equal(row.intent_no, 0);
	no = add_intent(f->sync, create("{\"name\":\"Haddad\"}"));
	outbox_sending(f->sync, no, instant_now(), instant_now(), NULL);
	outbox_refused(f->sync, no, 400, "invalid_input", "full", NULL, NULL);
	assert_int_equal(only_row(f->sync, "haddad", &c).state, CODE_TROUBLE);
	assert_true(outbox_dismiss(f->sync, no, NULL));
	assert_int_equal(cache_count_codes(f->sync, &(struct code_query){ .find = "haddad" }, NOW), 0);
}

static void a_queued_delete_shows_on_its_code(void **state)
{
	struct fixture *f = *state;
	struct intent in = { .kind = INTENT_DELETE, .device_id = "d1", .access_code_id = "c1",
			     .params = "{\"access_code_id\":\"c1\"}" };
	OWN(cache_list) struct cache_list *a = NULL, *b = NULL;
	struct code_row row;
	int64_t no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	put_code(f->sync, a_code("c1", "d1", "Ito", "4711"));
	no = add_intent(f->sync, in);
	row = only_row(f->sync, "ito", &a);
	assert_int_equal(row.state, CODE_REMOVING);
	assert_int_equal(row.intent_no, no);
	assert_string_equal(row.intent_kind, "delete");
	assert_true(outbox_withdraw(f->sync, no, NULL));
	row = only_row(f->sync, "ito", &b);
	assert_int_equal(row.state, CODE_SET);
	assert_int_equal(row.intent_no, 0);
}

static void a_put_says_what_it_did(void **state)
{
	struct fixture *f = *state;
	struct access_code ac = a_code("c1", "d1", "Ito", "4711");
	g_autoptr(GError) err = NULL;

	assert_int_equal(cache_put_code(f->sync, &ac, 0, &err), CACHE_PUT_FAILED);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND));
	put_lock(f->sync, a_lock("d1", "Garden"));
	assert_int_equal(cache_put_code(f->sync, &ac, 0, NULL), CACHE_PUT_NEW);
	assert_int_equal(cache_put_code(f->sync, &ac, 0, NULL), CACHE_PUT_SAME);
	ac.managed = false;
	assert_int_equal(cache_put_code(f->sync, &ac, 0, NULL), CACHE_PUT_CHANGED);
	assert_int_equal(cache_counts(f->sync, NOW).codes_unmanaged, 1);
	cache_delete_code(f->sync, "c1", NOW, NULL);
	assert_int_equal(cache_counts(f->sync, NOW).codes, 0);
	assert_int_equal(cache_counts(f->sync, NOW).codes_unmanaged, 0);
	assert_int_equal(cache_put_code(f->sync, &ac, 0, NULL), CACHE_PUT_CHANGED);
	assert_int_equal(cache_counts(f->sync, NOW).codes, 1);
}

static void a_complete_list_sweeps_what_it_did_not_show(void **state)
{
	struct fixture *f = *state;
	struct access_code shown = a_code("shown", "d1", "shown", NULL);
	struct access_code hidden = a_code("hidden", "d1", "hidden", NULL);
	struct access_code backup = a_code("backup", "d1", "backup", NULL);
	struct access_code other = a_code("other", "d1", "other", NULL);
	struct instant later;
	int64_t gen;

	put_lock(f->sync, a_lock("d1", "Garden"));
	backup.is_backup = TRI_YES;
	other.managed = false;
	put_code(f->sync, shown);
	put_code(f->sync, hidden);
	put_code(f->sync, backup);
	put_code(f->sync, other);
	gen = cache_next_gen(f->sync, NULL);
	assert_int_equal(cache_put_code(f->sync, &shown, gen, NULL), CACHE_PUT_SAME);
	/* A list asked for before a code was stored cannot say that it has gone. */
	assert_int_equal(cache_sweep_codes(f->sync, "d1", true, gen, AFTER(-400 * DAY_MS), NULL), 0);
	later = instant_add_ms(instant_now(), SECOND_MS);
	assert_int_equal(cache_sweep_codes(f->sync, "d1", true, gen, later, NULL), 1);
	{
		g_autofree char *names = names_of(f->sync, (struct code_query){ .lock_no = 1 });

		assert_null(strstr(names, "hidden"));
		assert_non_null(strstr(names, "shown"));
		assert_non_null(strstr(names, "backup"));
		assert_non_null(strstr(names, "other"));
	}
	assert_int_equal(cache_sweep_locks(f->sync, cache_next_gen(f->sync, NULL), later, NULL), 1);
	assert_int_equal(cache_counts(f->sync, NOW).codes, 0);
}

static void a_pin_is_taken_by_codes_and_by_what_is_queued(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GPtrArray) pins = NULL;
	static const struct {
		const char *pin;
		guint holders;
	} rows[] = { { "1111", 1 }, { "2222", 1 }, { "3333", 1 }, { "4444", 0 }, { "5555", 0 } };
	struct access_code ended = a_code("c2", "d1", "ended", "4444");
	struct intent update = { .kind = INTENT_UPDATE, .device_id = "d1", .access_code_id = "c1",
				 .params = "{\"access_code_id\":\"c1\",\"code\":\"3333\"}" };

	put_lock(f->sync, a_lock("d1", "Garden"));
	put_code(f->sync, a_code("c1", "d1", "Ito", "1111"));
	ended.ends_at = AFTER(-HOUR_MS);
	put_code(f->sync, ended);
	add_intent(f->sync, create("{\"code\":\"2222\"}"));
	add_intent(f->sync, update);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		OWN(cache_list) struct cache_list *list =
			cache_pin_holders(f->sync, 1, rows[i].pin, NOW, NULL);

		assert_int_equal(list->rows->len, rows[i].holders);
	}
	pins = cache_pins(f->sync, 1, NULL);
	assert_true(pins->len >= 3);
}

static void problems_of_a_code_are_its_own_or_the_devices(void **state)
{
	struct fixture *f = *state;
	struct access_code ac = a_code("c1", "d1", "Ito", "1111");
	OWN(cache_list) struct cache_list *list = NULL, *code = NULL, *trouble = NULL;
	int64_t no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	ac.errors = "[{\"error_code\":\"no_space_for_access_code_on_device\",\"message\":\"full\","
		    "\"is_access_code_error\":true,\"created_at\":\"2026-11-22T20:00:00Z\"},"
		    "{\"error_code\":\"device_disconnected\",\"is_device_error\":true},"
		    "{\"error_code\":\"account_disconnected\",\"is_connected_account_error\":true,"
		    "\"is_device_error\":false}, \"not an object\"]";
	ac.warnings = "not JSON";
	ac.pending_mutations = "[{\"mutation_code\":\"updating_code\",\"from\":{\"code\":\"1\"}}]";
	no = put_code(f->sync, ac);
	code = cache_code(f->sync, no, NOW, NULL);
	assert_int_equal(cache_list_at(code, struct code_row, 0)->errors_own, 1);
	assert_int_equal(cache_list_at(code, struct code_row, 0)->state, CODE_TROUBLE);
	list = cache_issues_of_code(f->sync, no, NULL);
	assert_int_equal(list->rows->len, 4);
	assert_string_equal(cache_list_at(list, struct issue_row, 0)->message, "full");
	assert_true(instant_known(cache_list_at(list, struct issue_row, 0)->created_at));
	assert_null(cache_list_at(list, struct issue_row, 0)->detail);
	assert_true(cache_list_at(list, struct issue_row, 1)->of_device);
	assert_true(cache_list_at(list, struct issue_row, 2)->of_account);
	assert_int_equal(cache_list_at(list, struct issue_row, 3)->kind, 'p');
	assert_string_equal(cache_list_at(list, struct issue_row, 3)->detail,
			    "{\"from\":{\"code\":\"1\"}}");
	trouble = cache_codes(f->sync, &(struct code_query){ .only_trouble = true }, NOW, NULL);
	assert_int_equal(trouble->rows->len, 1);
	assert_int_equal(cache_counts(f->sync, NOW).codes_trouble, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_CACHE(a_lock_lists_what_is_in_force_then_to_come_then_ended),
		WITH_CACHE(counts_agree_with_lists),
		WITH_CACHE(a_create_stands_in_until_its_code_is_there),
		WITH_CACHE(a_queued_delete_shows_on_its_code),
		WITH_CACHE(a_put_says_what_it_did),
		WITH_CACHE(a_complete_list_sweeps_what_it_did_not_show),
		WITH_CACHE(a_pin_is_taken_by_codes_and_by_what_is_queued),
		WITH_CACHE(problems_of_a_code_are_its_own_or_the_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
