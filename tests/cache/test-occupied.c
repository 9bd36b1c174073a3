/* Whose stay a new code would be a double booking with, among all codes of a door. */
#include "tests/cache/fixture.h"

#define MONDAY ((struct instant){ INT64_C(1795388400000) }) /* 23 November 2026, 00:00 in Berlin */

static struct instant hours(int n)
{
	return instant_add_ms(MONDAY, n * HOUR_MS);
}

/* Hours after Monday began. The new code is for 20 to 35: Monday evening until Tuesday 11:00. */
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
					.code = { .name = b->name,
						  .managed = true,
						  .time_bound = true,
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
		{ { { "A", -33, 40 }, { "B", -20, 40 }, { "C", -9, 49 } }, NULL },
		{ { { "Cleaner", 9, 13 }, { "Cleaner", 33, 37 } }, NULL },
		{ { { "Plumber", 33, 37 } }, "Plumber has 101 from tomorrow 09:00 until tomorrow 13:00" },
		{ { { "Left", -33, 20 }, { "Comes", 35, 90 } }, NULL },
	};
	struct occupied_query q = { .from = hours(20), .until = hours(35), .now = hours(20),
				    .zone = zone_get("Europe/Berlin"), .door = "101" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		OWN(cache_list) struct cache_list *codes = codes_of(row[i].code);
		g_autofree char *said = cache_occupied(codes, &q);

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
	assert_null(cache_occupied(codes, &q));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_stay_is_found_among_whoever_else_has_the_door),
		cmocka_unit_test(a_code_is_no_double_booking_with_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
