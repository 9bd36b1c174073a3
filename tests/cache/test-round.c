/* The health round and the strays, as the cache gives them. */
#include "tests/cache/fixture.h"

#include <string.h>

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)

static const struct round_row *row_of(GArray *rows, int64_t lock_no)
{
	for (guint i = 0; i < rows->len; i++)
		if (g_array_index(rows, struct round_row, i).lock_no == lock_no)
			return &g_array_index(rows, struct round_row, i);
	fail_msg("lock %d is not in the round", (int)lock_no);
	return NULL;
}

static GArray *walk(struct fixture *f)
{
	g_autoptr(GError) err = NULL;
	GArray *rows = cache_round(f->sync, NOW, &err);

	assert_no_error(err);
	return rows;
}

static void a_round_goes_by_place_and_number(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *id, *name, *place, *room;
	} doors[] = { { "d1", "Room 10", "North", "west" }, { "d2", "Room 2", "North", "east" },
		      { "d3", "Room 1", "Attic", "west" } };
	static const char *const order[] = { "d3", "d2", "d1" };
	int64_t no[3];

	for (int i = 0; i < 3; i++) {
		struct lock l = a_lock(doors[i].id, doors[i].name);

		l.place = doors[i].place;
		l.room = doors[i].room;
		no[i] = put_lock(f->sync, l);
	}
	g_autoptr(GArray) rows = walk(f);

	assert_int_equal(rows->len, 3);
	for (guint i = 0; i < 3; i++) {
		const struct round_row *r = &g_array_index(rows, struct round_row, i);

		assert_int_equal(r->lock_no, cache_lock_no(f->sync, order[i]));
		assert_int_equal(r->floor_no, i);
	}
	assert_int_equal(row_of(rows, no[0])->place_no, row_of(rows, no[1])->place_no);
	assert_int_not_equal(row_of(rows, no[0])->place_no, row_of(rows, no[2])->place_no);
	assert_int_not_equal(row_of(rows, no[0])->room_no, row_of(rows, no[1])->room_no);
	assert_int_not_equal(row_of(rows, no[2])->room_no, row_of(rows, no[1])->room_no);
	assert_true(row_of(rows, no[2])->name_no < row_of(rows, no[1])->name_no);
}

#define AWAY                                                                                       \
	"[{\"error_code\":\"device_disconnected\",\"message\":\"x\",\"is_device_error\":true,"        \
	"\"created_at\":\"2026-11-22T18:20:00Z\"}]"
#define LOGIN "[{\"error_code\":\"brand_new\",\"message\":\"x\",\"is_connected_account_error\":true}]"
#define ZONE  "[{\"warning_code\":\"time_zone_mismatch\",\"message\":\"x\"}]"
#define FULL  "[{\"warning_code\":\"max_access_codes_reached\",\"message\":\"x\"}]"

static void what_a_lock_complains_of_is_in_its_row(void **state)
{
	struct fixture *f = *state;
	struct lock locks[4] = { a_lock("d1", "a"), a_lock("d2", "b"), a_lock("d3", "c"), a_lock("d4", "d") };
	int64_t no[4];

	locks[0].online = TRI_NO;
	locks[0].errors = AWAY;
	locks[1].errors = LOGIN;
	locks[1].battery_pct = 12;
	locks[2].warnings = ZONE;
	locks[3].warnings = FULL;
	locks[3].battery_pct = -1;
	for (int i = 0; i < 4; i++)
		no[i] = put_lock(f->sync, locks[i]);
	g_autoptr(GArray) rows = walk(f);

	assert_true(row_of(rows, no[0])->health.offline);
	assert_int_equal(row_of(rows, no[0])->health.offline_since.ms, INT64_C(1795371600000));
	assert_int_equal(cache_offline_since(f->sync, no[0]).ms, INT64_C(1795371600000));
	assert_true(row_of(rows, no[1])->health.account);
	assert_true(row_of(rows, no[1])->health.battery_low);
	assert_false(row_of(rows, no[1])->health.offline);
	assert_true(row_of(rows, no[2])->health.clock);
	assert_false(row_of(rows, no[2])->health.account);
	assert_int_equal(row_of(rows, no[3])->health.full_at.ms, NOW.ms);
	assert_int_equal(row_of(rows, no[3])->health.battery_pct, -1);
}

static void put_stay(struct fixture *f, const char *id, int from_h, int until_h, const char *status, bool managed)
{
	struct access_code ac = a_code(id, "d1", id, NULL);

	ac.managed = managed;
	ac.status = status;
	ac.time_bound = true;
	ac.type = "time_bound";
	ac.starts_at = AFTER(from_h * HOUR_MS);
	ac.ends_at = AFTER(until_h * HOUR_MS);
	put_code(f->sync, ac);
}

/* Three places: a stay that is on, a stray, and one that is written an hour before it begins. The
 * create in the outbox would be a fourth. */
static void memory_counts_all_that_will_be_on_the_lock(void **state)
{
	struct fixture *f = *state;
	struct lock l = a_lock("d1", "Garden");
	struct forecast m;
	int64_t no;

	l.device_type = "smartthings_lock"; /* no schedule of its own */
	l.max_active_codes = 3;
	no = put_lock(f->sync, l);
	put_stay(f, "on", -5, 100, "set", true);
	put_stay(f, "stray", -5, 200, "set", false);
	m = cache_memory(f->sync, no, &l, NOW);
	assert_int_equal(m.now, 2);
	assert_false(instant_known(m.full_at));

	put_stay(f, "coming", 48, 90, "unset", true);
	m = cache_memory(f->sync, no, &l, NOW);
	assert_int_equal(m.full_at.ms, AFTER(47 * HOUR_MS).ms);
	assert_false(instant_known(m.short_at));

	g_autoptr(GArray) rows = walk(f);
	assert_int_equal(row_of(rows, no)->health.full_at.ms, AFTER(47 * HOUR_MS).ms);
	assert_int_equal(row_of(rows, no)->health.strays, 1);

	add_intent(
		f->sync,
		(struct intent){
			.kind = INTENT_CREATE,
			.device_id = "d1",
			.params =
				"{\"name\":\"x\",\"starts_at\":\"2026-11-25T20:18:00Z\","
				"\"ends_at\":\"2026-11-26T10:00:00Z\"}" });
	m = cache_memory(f->sync, no, &l, NOW);
	assert_int_equal(m.short_at.ms, AFTER(71 * HOUR_MS).ms);
}

static int64_t stray_at(GArray *order, guint i)
{
	assert_true(i < order->len);
	return g_array_index(order, int64_t, i);
}

static void strays_are_those_nobody_manages(void **state)
{
	struct fixture *f = *state;
	int64_t garden = put_lock(f->sync, a_lock("d1", "Garden")), attic;
	g_autoptr(GError) err = NULL;

	put_lock(f->sync, a_lock("d2", "Attic"));
	attic = cache_lock_no(f->sync, "d2");
	put_stay(f, "old", -9, -1, "set", false); /* has ended */
	put_stay(f, "guest", -9, 9, "set", true);
	put_stay(f, "first", -9, 9, "set", false);
	put_stay(f, "second", -8, 9, "set", false);
	struct access_code ac = a_code("upstairs", "d2", "upstairs", "4711");

	ac.managed = false;
	put_code(f->sync, ac);
	g_autoptr(GArray) all = cache_strays(f->sync, 0, NOW, &err), one = NULL, after = NULL;

	assert_no_error(err);
	assert_int_equal(all->len, 3); /* by lock, then by start */
	assert_int_equal(stray_at(all, 0), cache_code_no(f->sync, "upstairs"));
	assert_int_equal(stray_at(all, 1), cache_code_no(f->sync, "first"));
	one = cache_strays(f->sync, garden, NOW, &err);
	assert_int_equal(one->len, 2);

	/* Ignored: last of all, out of the count, and with a reason. */
	OWN(cache) struct cache *desk = cache_open(f->path, CACHE_DESK, false, &err);

	assert_no_error(err);
	assert_true(cache_ignore(desk, stray_at(all, 0), "the plumber's", "mk", NOW, &err));
	after = cache_strays(f->sync, 0, NOW, &err);
	assert_int_equal(stray_at(after, 2), cache_code_no(f->sync, "upstairs"));
	{
		OWN(cache_list) struct cache_list *list = cache_stray(desk, stray_at(after, 2), &err);
		const struct stray_row *row = cache_list_at(list, struct stray_row, 0);
		g_autoptr(GArray) rows = walk(f);

		assert_string_equal(row->reason, "the plumber's");
		assert_string_equal(row->ignored_by, "mk");
		assert_int_equal(row->ignored_at.ms, NOW.ms);
		assert_true(instant_known(row->first_seen));
		assert_int_equal(row_of(rows, attic)->health.strays, 0);
		assert_int_equal(row_of(rows, garden)->health.strays, 2);
	}

	/* Taken back. */
	assert_true(cache_ignore(desk, stray_at(after, 2), NULL, NULL, NOW, &err));
	{
		OWN(cache_list) struct cache_list *list = cache_stray(desk, stray_at(after, 2), &err);

		assert_null(cache_list_at(list, struct stray_row, 0)->reason);
	}
	assert_false(cache_ignore(desk, 999, "gone", "mk", NOW, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_CACHE(a_round_goes_by_place_and_number),
		WITH_CACHE(what_a_lock_complains_of_is_in_its_row),
		WITH_CACHE(memory_counts_all_that_will_be_on_the_lock),
		WITH_CACHE(strays_are_those_nobody_manages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
