/* Whose stay a new code would be a double booking with, among all codes of a door. */
#include "tests/cache/fixture.h"

#define MONDAY ((struct instant){ INT64_C(1795388400000) }) /* 23 November 2026, 00:00 in Berlin */

static struct instant hours(int n)
{
	return instant_add_ms(MONDAY, n * HOUR_MS);
}

/* Hours after Monday began; until 0: ongoing. The new code is for 20 to 35: Monday evening until Tuesday 11:00. */
struct booking {
	const char *name;
	int from, until;
};

static struct cache_list *codes_of(const struct booking *b)
{
	struct cache_list *list = g_new0(struct cache_list, 1);

	list->rows = g_array_new(FALSE, TRUE, sizeof(struct code_row));
	list->chunk = g_string_chunk_new(64);
	for (; b->name; b++) {
		struct code_row row = { .code_no = 1 + list->rows->len,
					.state = CODE_SET,
					.deleted_at = INSTANT_NONE,
					.code = { .name = b->name,
						  .managed = true,
						  .time_bound = b->until != 0,
						  .starts_at = hours(b->from),
						  .ends_at = hours(b->until) } };

		g_array_append_val(list->rows, row);
	}
	return list;
}

static void the_stay_is_found_among_whoever_else_has_the_door(void **state)
{
	static const struct {
		struct booking code[8];
		const char *said; /* NULL: nothing */
	} row[] = {
		{ { { "Berg", -33, 35 } }, "Berg has 101 until tomorrow 11:00" },
		{ { { "Berg", -33, 35 }, { "Cleaner", 9, 13 }, { "Cleaner", 33, 37 }, { "Cleaner", 57, 61 } },
		  "Berg has 101 until tomorrow 11:00" },
		{ { { "Berg", -33, 25 }, { "Cleaner", 33, 37 }, { "Plumber", 21, 22 }, { "Ito", 26, 90 } },
		  "Berg and Ito have 101 until Thu 18:00" },
		{ { { "A", -33, 21 }, { "B", 21, 34 }, { "C", 34, 60 } }, "A, B and 1 more have 101 until Wed 12:00" },
		{ { { "A", -33, 40 }, { "B", -20, 40 }, { "C", -9, 49 } }, "A, B and 1 more have 101 until Wed 01:00" },
		{ { { "A", -33, 40 }, { "B", -20, 40 }, { "C", -9, 49 }, { "D", 0, 49 }, { "E", 0, 49 }, { "F", 0, 49 } }, NULL },
		{ { { "Cleaner", 9, 13 }, { "Cleaner", 33, 37 } }, NULL },
		{ { { "Plumber", 33, 37 } }, "Plumber has 101 from tomorrow 09:00 until tomorrow 13:00" },
		{ { { "Left", -33, 20 }, { "Comes", 35, 90 } }, NULL },
	};
	struct occupied_query q = { .from = hours(20), .until = hours(35), .now = hours(20),
				    .zone = zone_get("Europe/Berlin"), .door = "101" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		OWN(cache_list) struct cache_list *codes = codes_of(row[i].code);
		g_autofree char *said = cache_occupied(NULL, codes, &q);

		if (g_strcmp0(said, row[i].said) != 0)
			fail_msg("row %zu: “%s”, not “%s”", i, said, row[i].said);
	}
}

static void a_code_is_no_double_booking_with_itself(void **state)
{
	static const struct booking berg[] = { { "Berg", -33, 35 }, { NULL, 0, 0 } };
	struct occupied_query q = { .from = hours(20), .until = hours(59), .now = hours(20),
				    .zone = zone_get("Europe/Berlin"), .door = "101", .but_code_no = 1 };
	OWN(cache_list) struct cache_list *codes = codes_of(berg);

	(void)state;
	assert_null(cache_occupied(NULL, codes, &q));
}

/* Berg sleeps there until Tuesday 12:00. What is asked about is only a guest who would walk in on another. */
static void who_would_walk_in_on_a_sleeper_is_asked_about(void **state)
{
	static const struct {
		const char *what;
		struct booking code[7];
		int from_min, until_min; /* until 0: ongoing */
		const char *name, *said; /* said NULL: nothing */
	} rows[] = {
		{ "free room", { { NULL, 0, 0 } }, 20 * 60, 35 * 60, "Lee", NULL },
		{ "taken room",
		  { { "Berg", -33, 36 } },
		  20 * 60,
		  35 * 60,
		  "Lee",
		  "Berg has 101 until tomorrow 12:00" },
		{ "taken later",
		  { { "Berg", 30, 60 } },
		  20 * 60,
		  35 * 60,
		  "Lee",
		  "Berg has 101 from tomorrow 06:00 until Wed 12:00" },
		{ "a cleaner's hours in a taken room", { { "Berg", -33, 36 } }, 33 * 60, 35 * 60, "Cleaner", NULL },
		{ "a cleaner's hours there, from three to seven in the night",
		  { { "Berg", -33, 36 } },
		  27 * 60,
		  31 * 60,
		  "Cleaner",
		  NULL },
		{ "a night while the cleaner comes", { { "Cleaner", 33, 36 } }, 20 * 60, 35 * 60, "Lee", NULL },
		{ "adjoining", { { "Berg", -33, 36 } }, 36 * 60, 59 * 60, "Lee", NULL },
		{ "12:00 out, 15:00 in", { { "Berg", -33, 36 } }, 39 * 60, 59 * 60, "Lee", NULL },
		{ "by minutes",
		  { { "Berg", -33, 36 } },
		  36 * 60 - 5,
		  59 * 60,
		  "Lee",
		  "Berg has 101 until tomorrow 12:00" },
		{ "the guest's own second code", { { "Berg", -33, 36 } }, 20 * 60, 35 * 60, "Berg", NULL },
		{ "a lodger has it beside its guests", { { "Works", -33, 2000 } }, 20 * 60, 35 * 60, "Lee", NULL },
		{ "a common door",
		  { { "A", -33, 40 }, { "B", -20, 40 }, { "C", -9, 49 }, { "D", 0, 49 }, { "E", 0, 49 }, { "F", 0, 49 } },
		  20 * 60,
		  35 * 60,
		  "Lee",
		  NULL },
		{ "three in the room",
		  { { "A", -33, 40 }, { "B", -20, 40 }, { "C", -9, 49 } },
		  20 * 60,
		  35 * 60,
		  "Lee",
		  "A, B and 1 more have 101 until Wed 01:00" },
		{ "an ongoing code", { { "Berg", -33, 36 } }, 20 * 60, 0, "Porter", "Berg has 101 until tomorrow 12:00" },
		{ "an ongoing code where somebody comes next week", { { "Berg", 200, 230 } }, 20 * 60, 0, "Porter", NULL },
		{ "an ongoing code where three have one",
		  { { "Berg", -33, 36 }, { "Staff A", -33, 0 }, { "Staff B", -33, 0 }, { "Staff C", -33, 0 } },
		  20 * 60,
		  0,
		  "Porter",
		  NULL },
		{ "an ongoing code on a common door",
		  { { "A", -33, 40 }, { "B", -20, 40 }, { "C", -9, 49 }, { "D", 0, 49 }, { "E", 0, 49 }, { "F", 0, 49 } },
		  20 * 60,
		  0,
		  "Porter",
		  NULL },
		{ "two in the room",
		  { { "A", -33, 40 }, { "B", -20, 40 } },
		  20 * 60,
		  35 * 60,
		  "Lee",
		  "A and B have 101 until tomorrow 16:00" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		OWN(cache_list) struct cache_list *codes = codes_of(rows[i].code);
		struct occupied_query q = { .from = instant_add_ms(MONDAY, rows[i].from_min * MINUTE_MS),
					    .until = rows[i].until_min ? instant_add_ms(MONDAY, rows[i].until_min * MINUTE_MS)
								       : INSTANT_MAX,
					    .now = hours(20),
					    .zone = zone_get("Europe/Berlin"),
					    .door = "101",
					    .name = rows[i].name };
		g_autofree char *said = cache_taken(NULL, codes, &q);

		if (g_strcmp0(said, rows[i].said) != 0)
			fail_msg("%s: “%s”, not “%s”", rows[i].what, said, rows[i].said);
	}
}

/* Whoever shares the room already knows of it: only who comes in by the change is news. */
static void a_longer_stay_is_asked_about_only_where_it_meets_somebody_new(void **state)
{
	static const struct booking room[] = {
		{ "Berg", -33, 36 }, { "Second", -33, 60 }, { "Ito", 60, 90 }, { NULL, 0, 0 }
	};
	static const struct {
		int until;
		const char *said;
	} rows[] = { { 48, NULL }, { 60, NULL }, { 61, "Ito has 101 from Wed 12:00 until Thu 18:00" } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		OWN(cache_list) struct cache_list *codes = codes_of(room);
		struct occupied_query q = { .from = hours(-33), .until = hours(rows[i].until), .was_from = hours(-33),
					    .was_until = hours(36), .now = hours(20), .zone = zone_get("Europe/Berlin"),
					    .door = "101", .but_code_no = 1, .name = "Berg" };
		g_autofree char *said = cache_taken(NULL, codes, &q);

		if (g_strcmp0(said, rows[i].said) != 0)
			fail_msg("row %zu: “%s”, not “%s”", i, said, rows[i].said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_stay_is_found_among_whoever_else_has_the_door),
		cmocka_unit_test(who_would_walk_in_on_a_sleeper_is_asked_about),
		cmocka_unit_test(a_longer_stay_is_asked_about_only_where_it_meets_somebody_new),
		cmocka_unit_test(a_code_is_no_double_booking_with_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
