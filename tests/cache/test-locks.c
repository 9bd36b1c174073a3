/* The rack's order, finding by words, and events by lock, code, kind and number. */
#include "tests/cache/fixture.h"

#include <string.h>

#include "cache/yield.h"
#include "core/vocab.h"

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)

static char *order(struct cache *c, enum lock_sort sort, const char *find)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GArray) nos = cache_lock_order(c, sort, find, NOW, &err);
	GString *names = g_string_new(NULL);

	assert_no_error(err);
	for (guint i = 0; i < nos->len; i++) {
		OWN(cache_list) struct cache_list *l =
			cache_lock(c, g_array_index(nos, int64_t, i), NOW, &err);

		assert_no_error(err);
		g_string_append_printf(names, "%s%s", i ? " " : "",
				       cache_list_at(l, struct lock_row, 0)->lock.name);
	}
	return g_string_free(names, FALSE);
}

static void a_rack(struct cache *c)
{
	struct lock two = a_lock("d2", "R2"), ten = a_lock("d10", "R10"), gym = a_lock("dg", "Gym");
	struct access_code bad = a_code("c-bad", "d10", "Muñoz", "1111");
	struct access_code soon = a_code("c-soon", "dg", "Ito", "2222");

	two.place = "Zoo";
	two.battery_pct = 50;
	ten.place = "Annex";
	ten.battery_pct = -1;
	gym.place = "Annex";
	gym.battery_pct = 9;
	put_lock(c, ten);
	put_lock(c, two);
	put_lock(c, gym);
	bad.errors = "[{\"error_code\":\"something_new\",\"is_access_code_error\":true}]";
	put_code(c, bad);
	soon.starts_at = AFTER(HOUR_MS);
	put_code(c, soon);
	add_intent(c, (struct intent){ .kind = INTENT_CREATE, .device_id = "d2",
				       .params = "{\"name\":\"Haddad, Leila\",\"code\":\"9876\"}" });
}

static void locks_are_ordered_and_found_as_people_do(void **state)
{
	struct fixture *f = *state;
	static const struct {
		enum lock_sort sort;
		const char *find;
		const char *names;
	} rows[] = {
		{ LOCKS_BY_NAME, NULL, "Gym R2 R10" },
		{ LOCKS_BY_PLACE, "", "Gym R10 R2" },
		{ LOCKS_BY_BATTERY, NULL, "Gym R2 R10" },
		{ LOCKS_BY_TROUBLE, NULL, "R10 Gym R2" },
		{ LOCKS_BY_NEXT, NULL, "Gym R2 R10" },
		{ LOCKS_BY_NAME | LOCKS_BACKWARDS, NULL, "R10 R2 Gym" },
		{ LOCKS_BY_TROUBLE | LOCKS_BACKWARDS, NULL, "Gym R2 R10" },
		{ LOCKS_BY_NAME, "annex", "Gym R10" },
		{ LOCKS_BY_NAME, "munoz", "R10" },
		{ LOCKS_BY_NAME, "2222", "Gym" },
		{ LOCKS_BY_NAME, "222", "" },
		{ LOCKS_BY_NAME, "haddad", "R2" },
		{ LOCKS_BY_NAME, "9876", "R2" },
		{ LOCKS_BY_NAME, "c-soon", "Gym" },
	};

	a_rack(f->sync);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *names = order(f->sync, rows[i].sort, rows[i].find);

		if (strcmp(names, rows[i].names) != 0)
			fail_msg("%d %s: %s, not %s", rows[i].sort,
				 rows[i].find ? rows[i].find : "-", names, rows[i].names);
	}
}

static void a_lock_carries_the_worst_of_its_codes(void **state)
{
	struct fixture *f = *state;
	OWN(cache_list) struct cache_list *l = NULL;

	a_rack(f->sync);
	l = cache_lock(f->sync, cache_lock_no(f->sync, "d10"), NOW, NULL);
	assert_string_equal(cache_list_at(l, struct lock_row, 0)->worst, "something_new");
	assert_int_equal(cache_list_at(l, struct lock_row, 0)->codes_trouble, 1);
}

/* A server may call a problem by another word each time: none of them stays in memory. */
static void what_a_problem_is_called_is_kept_with_its_row_alone(void **state)
{
	struct fixture *f = *state;
	g_autofree char *name = g_strnfill(500, 'x');
	g_autofree char *errors =
		g_strdup_printf("[{\"error_code\":\"%s\",\"is_access_code_error\":true}]", name);
	struct access_code endless = a_code("c-endless", "d2", "Sato", "3333");
	OWN(cache_list) struct cache_list *l = NULL;

	a_rack(f->sync);
	assert_int_equal(g_quark_try_string("something_new"), 0);
	endless.errors = errors;
	put_code(f->sync, endless);
	l = cache_lock(f->sync, cache_lock_no(f->sync, "d2"), NOW, NULL);
	assert_null(cache_list_at(l, struct lock_row, 0)->worst);
	assert_int_equal(cache_list_at(l, struct lock_row, 0)->codes_trouble, 1);
}

static void a_name_finds_one_or_says_which_there_are(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *words, *device_id;
		int code;
	} rows[] = {
		{ "d10", "d10", 0 },	     { "R2", "d2", 0 },
		{ "gym", "dg", 0 },	     { "r1", "d10", 0 },
		{ "R", NULL, KEYRACK_ERROR_AMBIGUOUS }, { "cellar", NULL, KEYRACK_ERROR_NOT_FOUND },
	};

	a_rack(f->sync);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;
		int64_t no = cache_lock_find(f->sync, rows[i].words, &err);

		assert_int_equal(no, cache_lock_no(f->sync, rows[i].device_id));
		if (!rows[i].device_id)
			assert_true(g_error_matches(err, KEYRACK_ERROR, rows[i].code));
	}
	assert_int_equal(cache_code_find(f->sync, 0, "munoz", NULL),
			 cache_code_no(f->sync, "c-bad"));
}

/* The line under a search counts what the list under it shows: the one is read from indexes, the other asks
 * each code. And what is found on one lock is what of it is found among all. */
static void a_search_counts_the_codes_that_it_shows(void **state)
{
	struct fixture *f = *state;
	static const char *const words[] = { "mu\u00f1oz", "munoz",	"MU",	  "ito",   "1111",
					     "2222",	   "22",	"c-soon", "c-bad", "trouble",
					     "troub",	   "unmanaged", "o",	  "gym",   "nobody" };

	a_rack(f->sync);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		struct code_query all = { .find = words[i] };
		int64_t codes = -1, on_locks = 0;
		g_autoptr(GArray) nos = cache_lock_order_found(f->sync, LOCKS_BY_NAME, words[i], NOW, &codes, NULL);

		for (guint k = 0; k < nos->len; k++) {
			struct code_query own = { .find = words[i], .lock_no = g_array_index(nos, int64_t, k) };
			OWN(cache_list) struct cache_list *list = cache_codes(f->sync, &own, NOW, NULL);

			on_locks += list->rows->len;
		}
		if (codes != cache_count_codes(f->sync, &all, NOW) || codes != on_locks)
			fail_msg("'%s' counts %d, shows %d, and has %d", words[i], (int)codes, (int)on_locks,
				 (int)cache_count_codes(f->sync, &all, NOW));
	}
}

static bool as_told(void *told)
{
	return *(bool *)told;
}

static void a_search_is_given_up_for_whoever_waits(void **state)
{
	enum { CODES = 3000 };
	struct fixture *f = *state;
	bool somebody = true;
	struct cache_yield yield = { .waiting = as_told, .ctx = &somebody };
	g_autoptr(GArray) given_up = NULL, whole = NULL, after = NULL;

	a_rack(f->sync);
	assert_true(cache_begin(f->sync, NULL));
	for (int i = 0; i < CODES; i++) {
		g_autofree char *id = g_strdup_printf("many-%d", i), *name = g_strdup_printf("Guest %d", i);

		put_code(f->sync, a_code(id, "d2", name, "3333"));
	}
	assert_true(cache_commit(f->sync, NULL));
	cache_yield_begin(f->sync, &yield);
	given_up = cache_lock_order(f->sync, LOCKS_BY_NAME, "guest", NOW, NULL);
	assert_null(given_up);
	assert_true(yield.gave_way);
	somebody = false;
	cache_yield_begin(f->sync, &yield);
	whole = cache_lock_order(f->sync, LOCKS_BY_NAME, "guest", NOW, NULL);
	assert_int_equal(whole->len, 1);
	assert_false(yield.gave_way);
	cache_yield_end(f->sync);
	somebody = true;
	after = cache_lock_order(f->sync, LOCKS_BY_NAME, "guest", NOW, NULL);
	assert_int_equal(after->len, 1);
}

static void a_lock_is_written_only_when_it_is_news(void **state)
{
	struct fixture *f = *state;
	struct lock lock = a_lock("d1", "Garden");

	assert_int_equal(cache_put_lock(f->sync, &lock, 1, NULL), CACHE_PUT_NEW);
	assert_int_equal(cache_put_lock(f->sync, &lock, 2, NULL), CACHE_PUT_SAME);
	lock.locked = TRI_NO;
	assert_int_equal(cache_put_lock(f->sync, &lock, 2, NULL), CACHE_PUT_CHANGED);
}

static void events_come_by_lock_kind_time_and_number(void **state)
{
	struct fixture *f = *state;
	static const char *const types[] = { "lock.unlocked", "lock.locked", "lock.unlocked",
					     "device.disconnected" };
	int64_t lock_no;

	/* The first has a lock that comes later. */
	for (int i = 0; i < 4; i++) {
		g_autofree char *id = g_strdup_printf("e%d", i);
		struct event ev = an_event(id, types[i], i < 3 ? "d1" : "d2", AFTER(i * SECOND_MS));

		if (i == 1)
			put_lock(f->sync, a_lock("d1", "Garden"));
		assert_int_equal(cache_put_event(f->sync, &ev, NULL), CACHE_PUT_NEW);
	}
	lock_no = cache_lock_no(f->sync, "d1");
	{
		const struct {
			struct event_query q;
			const char *ids;
		} rows[] = {
			{ { 0 }, "e3e2e1e0" },
			{ { .lock_no = lock_no }, "e2e1e0" },
			{ { .kinds = 1U << EVENT_UNLOCK }, "e2e0" },
			{ { .type = "lock.locked" }, "e1" },
			{ { .from = AFTER(SECOND_MS), .until = AFTER(3 * SECOND_MS) }, "e2e1" },
			{ { .after_no = 2 }, "e2e3" },
			{ { .after_no = 2, .lock_no = lock_no }, "e2" },
			{ { .limit = 2, .offset = 1 }, "e2e1" },
		};

		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			OWN(cache_list) struct cache_list *list =
				cache_events(f->sync, &rows[i].q, NULL);
			g_autoptr(GString) ids = g_string_new(NULL);

			for (guint k = 0; k < list->rows->len; k++)
				g_string_append(ids, cache_list_at(list, struct event_row, k)
							     ->event.event_id);
			assert_string_equal(ids->str, rows[i].ids);
		}
	}
	assert_int_equal(cache_forget_events(f->sync, AFTER(2 * SECOND_MS), 1, NULL), 1);
	assert_int_equal(cache_forget_events(f->sync, AFTER(2 * SECOND_MS), 9, NULL), 1);
	assert_int_equal(cache_counts(f->sync, NOW).events, 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_CACHE(locks_are_ordered_and_found_as_people_do),
		WITH_CACHE(a_lock_carries_the_worst_of_its_codes),
		WITH_CACHE(what_a_problem_is_called_is_kept_with_its_row_alone),
		WITH_CACHE(a_name_finds_one_or_says_which_there_are),
		WITH_CACHE(a_search_counts_the_codes_that_it_shows),
		WITH_CACHE(a_search_is_given_up_for_whoever_waits),
		WITH_CACHE(a_lock_is_written_only_when_it_is_news),
		WITH_CACHE(events_come_by_lock_kind_time_and_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
