/* zone: civil time on both nights of daylight saving, and the texts. */
#include "tests/core/rows.h"

#include "core/zone.h"

static void civil_time_shows_what_the_wall_shows(void **state)
{
	static const struct {
		const char *zone, *utc, *full;
	} row[] = {
		{ "UTC", "2026-11-22T20:18:00Z", "Sun 22 Nov 2026 20:18 UTC" },
		{ "Europe/Berlin", "2026-11-22T20:18:00Z", "Sun 22 Nov 2026 21:18 CET" },
		{ "Europe/Berlin", "2026-03-29T00:59:59Z", "Sun 29 Mar 2026 01:59 CET" },
		{ "Europe/Berlin", "2026-03-29T01:00:00Z", "Sun 29 Mar 2026 03:00 CEST" },
		{ "Europe/Berlin", "2026-10-25T00:59:59Z", "Sun 25 Oct 2026 02:59 CEST" },
		{ "Europe/Berlin", "2026-10-25T01:00:00Z", "Sun 25 Oct 2026 02:00 CET" },
		{ "America/New_York", "2026-03-08T06:59:59Z", "Sun 8 Mar 2026 01:59 EST" },
		{ "America/New_York", "2026-03-08T07:00:00Z", "Sun 8 Mar 2026 03:00 EDT" },
		{ "America/New_York", "2026-11-01T05:59:59Z", "Sun 1 Nov 2026 01:59 EDT" },
		{ "America/New_York", "2026-11-01T06:00:00Z", "Sun 1 Nov 2026 01:00 EST" },
		{ "Australia/Sydney", "2026-04-04T15:59:59Z", "Sun 5 Apr 2026 02:59 AEDT" },
		{ "Australia/Sydney", "2026-04-04T16:00:00Z", "Sun 5 Apr 2026 02:00 AEST" },
		{ "Australia/Sydney", "2026-10-03T16:00:00Z", "Sun 4 Oct 2026 03:00 AEDT" },
		{ "Australia/Lord_Howe", "2026-04-04T14:59:59Z", "Sun 5 Apr 2026 01:59 +11" },
		{ "Australia/Lord_Howe", "2026-04-04T15:00:00Z", "Sun 5 Apr 2026 01:30 +1030" },
		{ "Australia/Lord_Howe", "2026-10-03T15:30:00Z", "Sun 4 Oct 2026 02:30 +11" },
		{ "Asia/Kathmandu", "2026-01-01T00:00:00Z", "Thu 1 Jan 2026 05:45 +0545" },
		{ "Pacific/Apia", "2011-12-30T09:59:00Z", "Thu 29 Dec 2011 23:59 -10" },
		{ "Pacific/Apia", "2011-12-30T10:00:00Z", "Sat 31 Dec 2011 00:00 +14" },
		{ "UTC", "1969-12-31T23:59:59Z", "Wed 31 Dec 1969 23:59 UTC" },
		{ "UTC", "2024-02-29T12:00:00Z", "Thu 29 Feb 2024 12:00 UTC" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		const struct zone *z = zone_get(row[i].zone);
		char buf[CIVIL_TEXT_MAX];

		ROW_INT(row[i].zone, zone_is_known(z), true);
		ROW_TEXT(row[i].utc, civil_full(z, at(row[i].utc), buf), row[i].full);
	}
}

static void civil_time_is_found_once_twice_or_never(void **state)
{
	static const struct {
		const char *zone;
		int y, mo, d, h, mi;
		enum civil_fit fit;
		const char *utc;
	} row[] = {
		{ "Europe/Berlin", 2026, 11, 22, 21, 18, CIVIL_ONCE, "2026-11-22T20:18:00Z" },
		{ "Europe/Berlin", 2026, 3, 29, 1, 59, CIVIL_ONCE, "2026-03-29T00:59:00Z" },
		{ "Europe/Berlin", 2026, 3, 29, 2, 0, CIVIL_NEVER, "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", 2026, 3, 29, 2, 59, CIVIL_NEVER, "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", 2026, 3, 29, 3, 0, CIVIL_ONCE, "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", 2026, 10, 25, 1, 59, CIVIL_ONCE, "2026-10-24T23:59:00Z" },
		{ "Europe/Berlin", 2026, 10, 25, 2, 0, CIVIL_TWICE, "2026-10-25T00:00:00Z" },
		{ "Europe/Berlin", 2026, 10, 25, 2, 59, CIVIL_TWICE, "2026-10-25T00:59:00Z" },
		{ "Europe/Berlin", 2026, 10, 25, 3, 0, CIVIL_ONCE, "2026-10-25T02:00:00Z" },
		{ "America/New_York", 2026, 3, 8, 1, 59, CIVIL_ONCE, "2026-03-08T06:59:00Z" },
		{ "America/New_York", 2026, 3, 8, 2, 30, CIVIL_NEVER, "2026-03-08T07:00:00Z" },
		{ "America/New_York", 2026, 3, 8, 3, 0, CIVIL_ONCE, "2026-03-08T07:00:00Z" },
		{ "America/New_York", 2026, 11, 1, 0, 59, CIVIL_ONCE, "2026-11-01T04:59:00Z" },
		{ "America/New_York", 2026, 11, 1, 1, 30, CIVIL_TWICE, "2026-11-01T05:30:00Z" },
		{ "America/New_York", 2026, 11, 1, 2, 0, CIVIL_ONCE, "2026-11-01T07:00:00Z" },
		{ "Australia/Sydney", 2026, 4, 5, 1, 59, CIVIL_ONCE, "2026-04-04T14:59:00Z" },
		{ "Australia/Sydney", 2026, 4, 5, 2, 30, CIVIL_TWICE, "2026-04-04T15:30:00Z" },
		{ "Australia/Sydney", 2026, 4, 5, 3, 0, CIVIL_ONCE, "2026-04-04T17:00:00Z" },
		{ "Australia/Sydney", 2026, 10, 4, 2, 30, CIVIL_NEVER, "2026-10-03T16:00:00Z" },
		{ "Australia/Sydney", 2026, 10, 4, 3, 0, CIVIL_ONCE, "2026-10-03T16:00:00Z" },
		{ "Australia/Lord_Howe", 2026, 4, 5, 1, 29, CIVIL_ONCE, "2026-04-04T14:29:00Z" },
		{ "Australia/Lord_Howe", 2026, 4, 5, 1, 45, CIVIL_TWICE, "2026-04-04T14:45:00Z" },
		{ "Australia/Lord_Howe", 2026, 4, 5, 2, 0, CIVIL_ONCE, "2026-04-04T15:30:00Z" },
		{ "Australia/Lord_Howe", 2026, 10, 4, 2, 15, CIVIL_NEVER, "2026-10-03T15:30:00Z" },
		{ "Australia/Lord_Howe", 2026, 10, 4, 2, 30, CIVIL_ONCE, "2026-10-03T15:30:00Z" },
		{ "Pacific/Apia", 2011, 12, 30, 12, 0, CIVIL_NEVER, "2011-12-30T10:00:00Z" },
		/* Fields out of range are carried over. */
		{ "UTC", 2026, 1, 32, 0, 0, CIVIL_ONCE, "2026-02-01T00:00:00Z" },
		{ "UTC", 2026, 13, 1, 0, 0, CIVIL_ONCE, "2027-01-01T00:00:00Z" },
		{ "UTC", 2026, 0, 1, 0, 0, CIVIL_ONCE, "2025-12-01T00:00:00Z" },
		{ "UTC", 2026, -11, 1, 0, 0, CIVIL_ONCE, "2025-01-01T00:00:00Z" },
		{ "UTC", 2026, 3, 0, 0, 0, CIVIL_ONCE, "2026-02-28T00:00:00Z" },
		{ "UTC", 2026, 1, 1, 24, 0, CIVIL_ONCE, "2026-01-02T00:00:00Z" },
		{ "UTC", 2026, 1, 1, 0, -1, CIVIL_ONCE, "2025-12-31T23:59:00Z" },
		{ "Europe/Berlin", 2026, 3, 28 + 1, 24, 0, CIVIL_ONCE, "2026-03-29T22:00:00Z" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct civil c = { .year = row[i].y,
				   .month = row[i].mo,
				   .day = row[i].d,
				   .hour = row[i].h,
				   .minute = row[i].mi };
		struct instant t = INSTANT_NONE;
		char buf[INSTANT_TEXT_MAX], want[INSTANT_TEXT_MAX];
		enum civil_fit fit = civil_resolve(zone_get(row[i].zone), c, &t);

		g_autofree char *name = g_strdup_printf("%s %d-%d-%d %d:%d", row[i].zone, row[i].y,
							row[i].mo, row[i].d, row[i].h, row[i].mi);

		ROW_TEXT(name, instant_format(t, buf), instant_format(at(row[i].utc), want));
		ROW_INT(name, fit, row[i].fit);
	}
}

/* Every quarter of an hour of a year: what the wall shows leads back to the moment, or to the
 * earlier one of two. A year that is over: no government changes its clocks any more. */
static void the_way_back_from_civil_time_agrees(void **state)
{
	static const char *const zones[] = { "UTC",
					     "Europe/Berlin",
					     "America/New_York",
					     "Australia/Sydney",
					     "Australia/Lord_Howe",
					     "America/Havana",
					     "Asia/Kathmandu" };

	(void)state;
	FOR_ROWS(i, zones)
	{
		const struct zone *z = zone_get(zones[i]);
		int twice = 0;

		for (struct instant t = at("2024-01-01T00:00:00Z"), back = t;
		     instant_before(t, at("2025-01-01T00:00:00Z")); t.ms += 15 * MINUTE_MS) {
			enum civil_fit fit = civil_resolve(z, civil_at(z, t), &back);

			ROW_INT(zones[i], fit != CIVIL_NEVER, true);
			if (fit == CIVIL_TWICE) {
				twice++;
				assert_true(t.ms - back.ms <= HOUR_MS && back.ms <= t.ms);
			} else {
				ROW_INT(zones[i], back.ms, t.ms);
			}
		}
		/* Two passes of four quarters; Lord Howe goes back half an hour only. */
		ROW_INT(zones[i], twice,
			i == 0 || i == 6			       ? 0
			: strcmp(zones[i], "Australia/Lord_Howe") == 0 ? 4
								       : 8);
	}
}

static void a_day_has_the_hours_its_zone_gives_it(void **state)
{
	static const struct {
		const char *zone, *noon_utc, *start_utc;
		int days;
		int minutes; /* of the day that noon_utc falls in */
	} row[] = {
		{ "Europe/Berlin", "2026-11-22T11:00:00Z", "2026-11-21T23:00:00Z", 0, 24 * 60 },
		{ "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z", 0, 23 * 60 },
		{ "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-29T22:00:00Z", 1, 23 * 60 },
		{ "Europe/Berlin", "2026-10-25T11:00:00Z", "2026-10-24T22:00:00Z", 0, 25 * 60 },
		{ "Europe/Berlin", "2026-10-25T11:00:00Z", "2026-10-31T23:00:00Z", 7, 25 * 60 },
		{ "America/New_York", "2026-03-08T16:00:00Z", "2026-03-08T05:00:00Z", 0, 23 * 60 },
		{ "America/New_York", "2026-11-01T16:00:00Z", "2026-11-01T04:00:00Z", 0, 25 * 60 },
		{ "Australia/Lord_Howe", "2026-10-04T01:00:00Z", "2026-10-03T13:30:00Z", 0, 1410 },
		{ "Australia/Lord_Howe", "2026-04-05T01:30:00Z", "2026-04-04T13:00:00Z", 0, 1470 },
		/* Midnight itself is skipped, or comes twice. */
		{ "America/Sao_Paulo", "2018-11-04T15:00:00Z", "2018-11-04T03:00:00Z", 0, 23 * 60 },
		{ "America/Havana", "2024-11-03T17:00:00Z", "2024-11-03T04:00:00Z", 0, 25 * 60 },
		{ "UTC", "2026-01-01T12:00:00Z", "2025-12-31T00:00:00Z", -1, 24 * 60 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		const struct zone *z = zone_get(row[i].zone);
		char buf[INSTANT_TEXT_MAX], want[INSTANT_TEXT_MAX];

		ROW_TEXT(row[i].noon_utc,
			 instant_format(zone_day_start(z, at(row[i].noon_utc), row[i].days), buf),
			 instant_format(at(row[i].start_utc), want));
		ROW_INT(row[i].noon_utc, zone_day_length_ms(z, at(row[i].noon_utc)) / MINUTE_MS,
			row[i].minutes);
	}
}

static void an_unknown_zone_is_utc_and_says_so(void **state)
{
	static const struct {
		const char *name;
		bool known;
	} row[] = {
		{ "Europe/Berlin", true },
		{ "UTC", true },
		{ "Etc/GMT+5", true },
		{ "EST5EDT", true },
		{ "America/Argentina/Buenos_Aires", true },
		{ "Europe/Berln", false },
		{ "Europe", false },
		{ "abc5", false },
		{ "../../../../etc/passwd", false },
		{ "/etc/localtime", false },
		{ "Europe/../Europe/Berlin", false },
		{ ":Europe/Berlin", false },
		{ "Europe/Berlin\n", false },
		{ "\xff\xfe", false },
		{ " ", false },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		const struct zone *z = zone_get(row[i].name);

		ROW_INT(row[i].name, zone_is_known(z), row[i].known);
		ROW_TEXT(row[i].name, zone_name(z), row[i].name);
		if (!row[i].known)
			ROW_INT(row[i].name, civil_at(z, at("2026-07-01T12:00:00Z")).hour, 12);
	}
	assert_ptr_equal(zone_get("Europe/Berlin"), zone_get("Europe/Berlin"));
	assert_ptr_equal(zone_get(NULL), zone_get(""));
	assert_true(zone_is_known(zone_get(NULL)));
	assert_true(strlen(zone_name(zone_get(NULL))) > 0);
}

static void near_times_say_no_more_than_is_needed(void **state)
{
	/* Now is Sunday, 22 November 2026, 21:18 in Berlin. */
	static const struct {
		const char *utc, *near;
	} row[] = {
		{ "2026-11-22T20:18:00Z", "21:18" },
		{ "2026-11-21T23:00:00Z", "00:00" },
		{ "2026-11-22T22:59:59Z", "23:59" },
		{ "2026-11-22T23:00:00Z", "tomorrow 00:00" },
		{ "2026-11-23T08:00:00Z", "tomorrow 09:00" },
		{ "2026-11-21T22:59:59Z", "yesterday 23:59" },
		{ "2026-11-24T10:00:00Z", "Tue 11:00" },
		{ "2026-11-28T10:00:00Z", "Sat 11:00" },
		{ "2026-11-29T10:00:00Z", "29 Nov 11:00" }, /* also a Sunday: no weekday */
		{ "2026-11-20T20:18:00Z", "20 Nov 21:18" },
		{ "2027-01-03T08:00:00Z", "3 Jan 09:00" },
		{ "2027-11-22T20:18:00Z", "22 Nov 2027" },
		{ "2025-11-22T20:18:00Z", "22 Nov 2025" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		char buf[CIVIL_TEXT_MAX];

		ROW_TEXT(row[i].utc,
			 civil_near(zone_get("Europe/Berlin"), at(row[i].utc),
				    at("2026-11-22T20:18:00Z"), buf),
			 row[i].near);
	}
}

static void short_texts(void **state)
{
	const struct zone *z = zone_get("Europe/Berlin");
	struct instant t = at("2026-11-22T20:18:04Z");
	char buf[CIVIL_TEXT_MAX];

	(void)state;
	assert_string_equal(civil_clock(z, t, buf), "21:18");
	assert_string_equal(civil_seconds(z, t, buf), "21:18:04");
	assert_string_equal(civil_day(z, t, buf), "Sun 22 Nov");
	/* What is not known is no time. */
	assert_string_equal(civil_clock(z, INSTANT_NONE, buf), "");
	assert_string_equal(civil_seconds(z, INSTANT_NONE, buf), "");
	assert_string_equal(civil_day(z, INSTANT_NONE, buf), "");
	assert_string_equal(civil_full(z, INSTANT_NONE, buf), "");
	assert_string_equal(civil_near(z, INSTANT_NONE, t, buf), "");
	/* The ends of time do not overflow. */
	civil_full(z, INSTANT_MIN, buf);
	civil_full(z, INSTANT_MAX, buf);
	zone_day_start(z, INSTANT_MAX, 1);
	zone_day_start(z, INSTANT_MIN, -1);
}

static void durations_have_two_units_at_most(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} row[] = {
		{ 0, "0 s" },
		{ 999, "0 s" },
		{ 1000, "1 s" },
		{ 45 * SECOND_MS, "45 s" },
		{ -45 * SECOND_MS, "45 s" },
		{ 59 * SECOND_MS + 999, "59 s" },
		{ MINUTE_MS, "1 m" },
		{ 90 * SECOND_MS, "1 m 30 s" },
		{ 6 * HOUR_MS + 42 * MINUTE_MS, "6 h 42 m" },
		{ 6 * HOUR_MS + 42 * MINUTE_MS + 59 * SECOND_MS, "6 h 42 m" },
		{ HOUR_MS + 59 * SECOND_MS, "1 h" },
		{ 3 * DAY_MS + 2 * HOUR_MS + 5 * MINUTE_MS, "3 d 2 h" },
		{ 3 * DAY_MS, "3 d" },
		{ 400 * DAY_MS, "400 d" },
		{ INT64_MIN, "106751991167 d 7 h" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		char buf[CIVIL_TEXT_MAX];

		ROW_TEXT(row[i].text, duration_text(row[i].ms, buf), row[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(civil_time_shows_what_the_wall_shows),
		cmocka_unit_test(civil_time_is_found_once_twice_or_never),
		cmocka_unit_test(the_way_back_from_civil_time_agrees),
		cmocka_unit_test(a_day_has_the_hours_its_zone_gives_it),
		cmocka_unit_test(an_unknown_zone_is_utc_and_says_so),
		cmocka_unit_test(near_times_say_no_more_than_is_needed),
		cmocka_unit_test(short_texts),
		cmocka_unit_test(durations_have_two_units_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
