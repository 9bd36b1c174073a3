/* Events are found by what a person types, page by page in both directions, whichever index leads there. */
#include "tests/cache/fixture.h"

#include <string.h>

#include "cache/db.h"

static const struct {
	const char *type, *lock, *code, *method;
	int minutes; /* before NOW */
} happened[] = {
	{ "lock.unlocked", "lock-101", "code-anna", "keycode", 1 },
	{ "lock.locked", "lock-101", NULL, "automatic", 2 },
	{ "lock.access_denied", "lock-102", NULL, "keycode", 10 },
	{ "lock.access_denied", "lock-102", NULL, "keycode", 11 },
	{ "device.disconnected", "lock-gym", NULL, NULL, 30 },
	{ "lock.unlocked", "lock-gym", "code-ito", "keycode", 60 },
	{ "access_code.created", "lock-102", "code-gone", NULL, 61 },
	{ "lock.unlocked", "lock-102", "code-gone", "keycode", 62 },
	{ "lock.unlocked", "lock-101", "code-anna", "manual", 24 * 60 },
	{ "lock.unlocked", "lock-gym", "code-anna-gym", "keycode", 48 * 60 },
};

static void fill(struct cache *c)
{
	static const struct {
		const char *id, *lock, *name;
	} codes[] = {
		{ "code-anna", "lock-101", "Anna Berg" },      { "code-ito", "lock-gym", "伊藤 さくら" },
		{ "code-gone", "lock-102", "Zoë Müller" }, { "code-anna-gym", "lock-gym", "Anna Berg" },
	};

	put_lock(c, a_lock("lock-101", "101 Garden"));
	put_lock(c, a_lock("lock-102", "102 Garden"));
	put_lock(c, a_lock("lock-gym", "Gym"));
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		put_code(c, a_code(codes[i].id, codes[i].lock, codes[i].name, "482910"));
	/* The oldest comes last, as a late one does. */
	for (size_t i = 0; i < G_N_ELEMENTS(happened); i++) {
		g_autofree char *id = g_strdup_printf("event-%zu", i);
		struct event e = an_event(id, happened[i].type, happened[i].lock,
					  AFTER(-happened[i].minutes * MINUTE_MS));

		e.access_code_id = happened[i].code;
		e.method = happened[i].method;
		assert_int_equal(cache_put_event(c, &e, NULL), CACHE_PUT_NEW);
	}
	assert_true(cache_delete_code(c, "code-gone", NOW, NULL));
}

/* The events found, by their minutes: "1 2 10 ". */
static char *minutes(const struct cache_list *list)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < list->rows->len; i++)
		g_string_append_printf(
			s, "%d ",
			(int)((NOW.ms - cache_list_at(list, struct event_row, i)->event.occurred_at.ms) / MINUTE_MS));
	return g_string_free(s, FALSE);
}

static const struct {
	const char *line, *found;
} searches[] = {
	{ "", "1 2 10 11 30 60 61 62 1440 2880 " },
	{ "anna", "1 1440 2880 " },
	{ "code:anna lock:gym", "2880 " },
	{ "garden", "1 2 10 11 61 62 1440 " },
	{ "lock:101", "1 2 1440 " },
	{ "kind:denied", "10 11 " },
	{ "kind:trouble", "10 11 30 " },
	{ "kind:unlock since:today", "1 60 62 " },
	{ "until:yesterday", "1440 2880 " },
	{ "since:yesterday until:yesterday", "1440 " },
	{ "offline", "30 " },
	{ "gym !offline", "60 2880 " },
	{ "muller", "61 62 " },
	{ "code:mueller kind:unlock", "62 " },
	{ "how:hand", "1440 " },
	{ "code:伊藤", "60 " },
	{ "nobody", "" },
	{ "kind:lock kind:denied", "" },
	{ "kind:denyed lock:gym", "30 60 2880 " },
	{ "since:2027-01-01T00:00:00Z", "" },
};

static void what_is_typed_is_found(void **state)
{
	struct fixture *f = *state;

	fill(f->sync);
	for (size_t i = 0; i < G_N_ELEMENTS(searches); i++) {
		OWN(event_filter) struct event_filter *filter =
			event_filter_parse(searches[i].line, zone_get("Europe/Berlin"), NOW);
		struct event_find find = { .filter = filter, .from = { INSTANT_NONE, 0 } };
		struct event_found found;
		OWN(cache_list) struct cache_list *list = cache_find_events(f->sync, &find, &found, NULL);
		g_autofree char *got = minutes(list);

		if (strcmp(got, searches[i].found) != 0 || !found.end)
			fail_msg("'%s' finds %s, not %s", searches[i].line, got, searches[i].found);
	}
}

/* Two at a time, down to the end and up again: the same, and none twice. */
static void pages_join_without_a_gap_both_ways(void **state)
{
	struct fixture *f = *state;

	fill(f->sync);
	for (size_t i = 0; i < G_N_ELEMENTS(searches); i++) {
		OWN(event_filter) struct event_filter *filter =
			event_filter_parse(searches[i].line, zone_get("Europe/Berlin"), NOW);
		struct event_find find = { .filter = filter, .from = { INSTANT_NONE, 0 }, .limit = 2 };
		struct event_found found = { .end = false };
		g_autoptr(GString) down = g_string_new(NULL);
		g_autoptr(GString) up = g_string_new(NULL);

		while (!found.end) {
			OWN(cache_list) struct cache_list *list = cache_find_events(f->sync, &find, &found, NULL);
			g_autofree char *got = minutes(list);

			g_string_append(down, got);
			find.from = found.next;
		}
		find.from = (struct event_key){ INSTANT_NONE, 0 };
		find.newer = true;
		for (found.end = false; !found.end;) {
			OWN(cache_list) struct cache_list *list = cache_find_events(f->sync, &find, &found, NULL);

			for (guint k = 0; k < list->rows->len; k++) {
				g_autofree char *n = g_strdup_printf(
					"%d ",
					(int)((NOW.ms -
					       cache_list_at(list, struct event_row, k)->event.occurred_at.ms) /
					      MINUTE_MS));

				g_string_prepend(up, n);
			}
			find.from = found.next;
		}
		if (strcmp(down->str, searches[i].found) != 0 || strcmp(up->str, searches[i].found) != 0)
			fail_msg("'%s' gives %s down and %s up", searches[i].line, down->str, up->str);
	}
}

static void who_is_looked_for_by_an_earlier_name_is_found(void **state)
{
	struct fixture *f = *state;
	struct event_found found;
	struct access_code renamed = a_code("code-anna", "lock-101", "Anna Hansen", "482910");
	OWN(event_filter) struct event_filter *filter = event_filter_parse("code:berg", zone_get("Europe/Berlin"), NOW);
	struct event_find find = { .filter = filter, .from = { INSTANT_NONE, 0 } };

	fill(f->sync);
	put_code(f->sync, renamed);
	OWN(cache_list) struct cache_list *list = cache_find_events(f->sync, &find, &found, NULL);
	g_autofree char *got = minutes(list);

	assert_string_equal(got, "1 1440 2880 ");
}

static void what_came_since_is_counted_whatever_its_time(void **state)
{
	static const struct {
		const char *line;
		int new;
	} rows[] = { { "", 2 }, { "lock:gym", 1 }, { "anna", 1 }, { "since:today", 1 }, { "kind:denied", 0 } };
	struct fixture *f = *state;
	struct event late, fresh;
	int64_t last;

	fill(f->sync);
	last = cache_last_event_no(f->sync);
	late = an_event("late", "lock.unlocked", "lock-101", AFTER(-3 * DAY_MS));
	late.access_code_id = "code-anna";
	fresh = an_event("fresh", "lock.locked", "lock-gym", NOW);
	assert_int_equal(cache_put_event(f->sync, &late, NULL), CACHE_PUT_NEW);
	assert_int_equal(cache_put_event(f->sync, &fresh, NULL), CACHE_PUT_NEW);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		OWN(event_filter) struct event_filter *filter =
			event_filter_parse(rows[i].line, zone_get("Europe/Berlin"), NOW);
		struct event_find find = { .filter = filter, .from = { INSTANT_NONE, 0 } };
		int n = cache_count_events_after(f->sync, &find, last, 100);

		if (n != rows[i].new)
			fail_msg("'%s': %d new, not %d", rows[i].line, n, rows[i].new);
	}
}

/* One call looks at a bounded number and says where to go on. */
static void a_search_that_finds_nothing_gives_up_and_goes_on(void **state)
{
	struct fixture *f = *state;
	OWN(event_filter) struct event_filter *filter =
		event_filter_parse("what:unlocked", zone_get("Europe/Berlin"), NOW);
	struct event_find find = { .filter = filter, .from = { INSTANT_NONE, 0 }, .look = 1000 };
	struct event_found found = { .end = false };
	int calls = 0;

	put_lock(f->sync, a_lock("lock-101", "101 Garden"));
	assert_true(cache_begin(f->sync, NULL));
	for (int i = 0; i < 10000; i++) {
		g_autofree char *id = g_strdup_printf("event-%d", i);
		struct event e =
			an_event(id, i ? "lock.locked" : "lock.unlocked", "lock-101", AFTER((i - 10000) * SECOND_MS));

		assert_int_equal(cache_put_event(f->sync, &e, NULL), CACHE_PUT_NEW);
	}
	assert_true(cache_commit(f->sync, NULL));
	for (guint rows = 0; !rows; calls++) {
		OWN(cache_list) struct cache_list *list = cache_find_events(f->sync, &find, &found, NULL);

		assert_true(list->rows->len || !found.end);
		rows = list->rows->len;
		find.from = found.next;
	}
	assert_in_range(calls, 2, 10);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)
	static const struct CMUnitTest tests[] = {
		WITH(what_is_typed_is_found),
		WITH(pages_join_without_a_gap_both_ways),
		WITH(who_is_looked_for_by_an_earlier_name_is_found),
		WITH(what_came_since_is_counted_whatever_its_time),
		WITH(a_search_that_finds_nothing_gives_up_and_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
