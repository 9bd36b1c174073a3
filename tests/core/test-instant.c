/* instant: what is read, what is refused, and arithmetic at its ends. */
#include "tests/core/rows.h"

#include "core/civil_math.h"

static void reads_iso_8601_with_an_offset(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} row[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1969-12-31T23:59:59.999Z", -1 },
		{ "2025-01-01T16:00:00Z", 1735747200000 },
		{ "2025-01-01T16:00:00.000Z", 1735747200000 },
		{ "2025-01-01 16:00:00Z", 1735747200000 },
		{ "2025-01-01t16:00:00z", 1735747200000 },
		{ "2025-01-01T16:00Z", 1735747200000 },
		{ "2025-01-01T16:00:00.1Z", 1735747200100 },
		{ "2025-01-01T16:00:00.12Z", 1735747200120 },
		{ "2025-01-01T16:00:00,123Z", 1735747200123 },
		{ "2025-01-01T16:00:00.946242Z", 1735747200946 },
		{ "2025-01-01T16:00:00.123999999Z", 1735747200123 },
		{ "2025-01-01T18:00:00+02:00", 1735747200000 },
		{ "2025-01-01T09:00:00-0700", 1735747200000 },
		{ "2025-01-01T09:00:00-07", 1735747200000 },
		{ "2025-01-01T21:45:00+05:45", 1735747200000 },
		{ "2025-01-01T16:00:00-00:00", 1735747200000 },
		{ "2024-12-31T23:30:00-16:30", 1735747200000 },
		{ "2000-02-29T00:00:00Z", 951782400000 },
		{ "2016-12-31T23:59:60Z", 1483228800000 }, /* a leap second */
		{ "0000-01-01T00:00:00Z", -62167219200000 },
		{ "9999-12-31T23:59:59.999Z", 253402300799999 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct instant t = INSTANT_NONE;

		ROW_INT(row[i].text, instant_parse(row[i].text, -1, &t), true);
		ROW_INT(row[i].text, t.ms, row[i].ms);
		/* The exact length, in memory that ends there: the sanitizer sees a byte too many.
		 */
		size_t len = strlen(row[i].text);
		char *exact = g_memdup2(row[i].text, len);

		ROW_INT(row[i].text, instant_parse(exact, (gssize)len, &t), true);
		g_free(exact);
	}
}

static void refuses_everything_else_and_leaves_out_alone(void **state)
{
	static const char *const row[] = {
		"",
		"now",
		"2025",
		"2025-01-01",
		"2025-01-01T16:00:00",
		"2025-01-01T16Z",
		"2025-1-01T16:00:00Z",
		"2025-01-01T16:00:00ZZ",
		" 2025-01-01T16:00:00Z",
		"2025-01-01T16:00:00Z ",
		"2025-01-01T16:00:00.Z",
		"2025-01-01T16:00:00.1234567890Z",
		"2025-13-01T16:00:00Z",
		"2025-00-01T16:00:00Z",
		"2025-01-00T16:00:00Z",
		"2025-04-31T16:00:00Z",
		"2025-02-29T16:00:00Z",
		"2100-02-29T16:00:00Z",
		"2025-01-01T24:00:00Z",
		"2025-01-01T16:60:00Z",
		"2025-01-01T16:00:61Z",
		"2025-01-01T16:00:00+24:00",
		"2025-01-01T16:00:00+02:60",
		"2025-01-01T16:00:00+2",
		"2025-01-01T16:00:00+02:",
		"2025-01-01T16:00:00+020",
		"+2025-01-01T16:00:00Z",
		"-025-01-01T16:00:00Z",
		"2025-01-01X16:00:00Z",
		"0000-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
		"20250101T160000Z",
		"2025-01-01T16:00:00\xc2\xa0Z",
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct instant t = { 42 };

		ROW_INT(row[i], instant_parse(row[i], -1, &t), false);
		ROW_INT(row[i], t.ms, 42);
	}
	assert_false(instant_parse(NULL, -1, &(struct instant){ 0 }));
	assert_false(instant_parse("2025-01-01T16:00:00Z", 19, &(struct instant){ 0 }));
	assert_false(instant_parse("2025-01-01T16:00:00Z\0", 21, &(struct instant){ 0 }));
}

static void writes_utc_with_milliseconds(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} row[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ 1735747200946, "2025-01-01T16:00:00.946Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ -62167219200000, "0000-01-01T00:00:00.000Z" },
		{ -62167219200001, "-0001-12-31T23:59:59.999Z" },
		{ 253402300800000, "+10000-01-01T00:00:00.000Z" },
		{ INT64_MIN, "" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		char buf[INSTANT_TEXT_MAX];

		ROW_TEXT(row[i].text, instant_format((struct instant){ row[i].ms }, buf),
			 row[i].text);
	}

	char min[INSTANT_TEXT_MAX], max[INSTANT_TEXT_MAX];

	assert_true(strlen(instant_format(INSTANT_MIN, min)) > 20);
	assert_true(strlen(instant_format(INSTANT_MAX, max)) > 20);
}

/* GLib's own calendar as the judge. */
static void knows_every_day_of_ten_thousand_years(void **state)
{
	const int64_t julian_of_1970 = 719163;

	(void)state;
	for (int64_t n = 1 - julian_of_1970; n < 2932897; n++) {
		int year, month, day;
		GDate d;

		g_date_clear(&d, 1);
		g_date_set_julian(&d, (guint32)(n + julian_of_1970));
		day_split(n, &year, &month, &day);
		if (year != g_date_get_year(&d) || month != (int)g_date_get_month(&d) ||
		    day != g_date_get_day(&d) || day_number(year, month, day) != n)
			fail_msg("day %" PRId64 " is not %d-%d-%d", n, year, month, day);
	}
}

static void arithmetic_saturates(void **state)
{
	static const struct {
		const char *name;
		int64_t ms, add, sum;
	} row[] = {
		{ "plain", 1000, 500, 1500 },
		{ "back", 1000, -2500, -1500 },
		{ "over the end", INT64_MAX - 1, 2, INT64_MAX },
		{ "under the beginning", INT64_MIN + 2, -5, INT64_MIN + 1 },
		{ "never to NONE", INT64_MIN + 2, -2, INT64_MIN + 1 },
		{ "NONE stays", INT64_MIN, 5, INT64_MIN },
		{ "NONE stays, back", INT64_MIN, -5, INT64_MIN },
	};

	(void)state;
	FOR_ROWS(i, row)
	ROW_INT(row[i].name, instant_add_ms((struct instant){ row[i].ms }, row[i].add).ms,
		row[i].sum);

	struct instant day = { DAY_MS }, zero = { 0 };

	assert_int_equal(instant_diff_ms(day, zero), DAY_MS);
	assert_int_equal(instant_diff_ms(zero, day), -DAY_MS);
	assert_true(instant_diff_ms(INSTANT_MAX, INSTANT_MIN) == INT64_MAX);
	assert_true(instant_diff_ms(INSTANT_MIN, INSTANT_MAX) == INT64_MIN);
}

static void now_is_between_two_looks_at_the_clock(void **state)
{
	int64_t before = g_get_real_time() / 1000;
	struct instant now = instant_now();

	(void)state;
	assert_true(now.ms >= before && now.ms <= g_get_real_time() / 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_iso_8601_with_an_offset),
		cmocka_unit_test(refuses_everything_else_and_leaves_out_alone),
		cmocka_unit_test(writes_utc_with_milliseconds),
		cmocka_unit_test(knows_every_day_of_ten_thousand_years),
		cmocka_unit_test(arithmetic_saturates),
		cmocka_unit_test(now_is_between_two_looks_at_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
