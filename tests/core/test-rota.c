/* rota: days and hours as people type them, and the windows that they mean, also in the nights when clocks change. */
#include "tests/core/rows.h"

#include "core/rota.h"

static void days_and_hours_are_typed_as_people_say_them(void **state)
{
	static const struct {
		const char *typed, *means; /* means: "! " and the reason */
	} rows[] = {
		{ "mon-fri 8-14", "Mon-Fri 08:00-14:00" },
		{ "tue sat 22:00-06:00", "Tue Sat 22:00-06:00" },
		{ "8-14 mon-fri", "Mon-Fri 08:00-14:00" },
		{ "  Mon , Wed,FRI  8.30 - 12 ", "Mon Wed Fri 08:30-12:00" },
		{ "mon – fri 8–14", "Mon-Fri 08:00-14:00" },
		{ "sat-mon 9am-1pm", "Mon Sat Sun 09:00-13:00" },
		{ "weekend 9-12", "Sat Sun 09:00-12:00" },
		{ "weekdays 12am-6am", "Mon-Fri 00:00-06:00" },
		{ "daily 6-7", "Mon-Sun 06:00-07:00" },
		{ "sat 0-24", "Sat 00:00-24:00" },
		{ "sun 20-24", "Sun 20:00-24:00" },
		{ "fri 8-8", "Fri 08:00-08:00" },
		{ "Mo-Fr 8-14 Uhr", "! 'uhr' is no day of the week and no hours: mon-fri 8-14" },
		{ "mo-fr 8-14uhr", "Mon-Fri 08:00-14:00" },
		{ "di do 22-6", "Tue Thu 22:00-06:00" },
		{ "we 8-9", "Wed 08:00-09:00" },
		{ "täglich 6-7", "Mon-Sun 06:00-07:00" },
		{ "", "! On which days? mon-fri 8-14" },
		/* From a terminal in Latin-1. */
		{ "mo\xe9 8-14\xe2", "! 'mo\xef\xbf\xbd' is no day of the week and no hours: mon-fri 8-14" },
		{ "8-14", "! On which days? mon-fri 8-14" },
		{ "mon", "! From when until when? mon-fri 8-14" },
		{ "mon 8-14 16-18", "! '16-18' is no day of the week and no hours: mon-fri 8-14" },
		{ "mon 8-25", "! '8-25' is no day of the week and no hours: mon-fri 8-14" },
		{ "mon 24-3", "! '24-3' is no day of the week and no hours: mon-fri 8-14" },
		{ "m 8-9", "! 'm' is no day of the week and no hours: mon-fri 8-14" },
		{ "mon-tue-wed 8-9", "! 'mon-tue-wed' is no day of the week and no hours: mon-fri 8-14" },
		{ "mox 8-9", "! 'mox' is no day of the week and no hours: mon-fri 8-14" },
		{ "daily 0-24", "! Every hour of every day: that is a code without an end" },
		{ "mon -1-3", "! 'mon-1-3' is no day of the week and no hours: mon-fri 8-14" },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		struct rota_hours h;
		g_autoptr(GError) err = NULL;
		bool ok = rota_hours_parse(rows[i].typed, &h, &err);
		g_autofree char *got = ok ? rota_hours_text(&h) : g_strdup_printf("! %s", err->message);

		ROW_TEXT(rows[i].typed, got, rows[i].means);
	}
}

static void windows_are_those_of_the_wall(void **state)
{
	static const struct {
		const char *name, *hours, *zone, *now, *from, *until; /* from NULL: none */
		const char *first, *last; /* NULL: any */
	} rows[] = {
		{ "to come", "mon-fri 8-14", "Europe/Berlin", "2026-11-22T20:00:00Z", "2026-11-23T07:00:00.000Z",
		  "2026-11-23T13:00:00.000Z", NULL, NULL },
		{ "under way", "mon-fri 8-14", "Europe/Berlin", "2026-11-23T08:00:00Z", "2026-11-23T07:00:00.000Z",
		  "2026-11-23T13:00:00.000Z", NULL, NULL },
		{ "the end is not in it", "mon-fri 8-14", "Europe/Berlin", "2026-11-23T13:00:00Z",
		  "2026-11-24T07:00:00.000Z", "2026-11-24T13:00:00.000Z", NULL, NULL },
		{ "over the weekend", "mon-fri 8-14", "Europe/Berlin", "2026-11-27T13:00:00Z",
		  "2026-11-30T07:00:00.000Z", "2026-11-30T13:00:00.000Z", NULL, NULL },
		{ "Monday night at Tuesday 05:59", "mon 22-6", "Europe/Berlin", "2026-11-24T04:59:59Z",
		  "2026-11-23T21:00:00.000Z", "2026-11-24T05:00:00.000Z", NULL, NULL },
		{ "Monday night is over at 06:00", "mon 22-6", "Europe/Berlin", "2026-11-24T05:00:00Z",
		  "2026-11-30T21:00:00.000Z", "2026-12-01T05:00:00.000Z", NULL, NULL },
		{ "Monday at five is not Monday night", "mon 22-6", "Europe/Berlin", "2026-11-23T04:00:00Z",
		  "2026-11-23T21:00:00.000Z", "2026-11-24T05:00:00.000Z", NULL, NULL },
		{ "another zone, another instant", "mon-fri 8-14", "America/New_York", "2026-11-23T08:00:00Z",
		  "2026-11-23T13:00:00.000Z", "2026-11-23T19:00:00.000Z", NULL, NULL },
		/* 25 October 2026: 03:00 CEST is 02:00 CET. */
		{ "a night of nine hours", "sat 22-6", "Europe/Berlin", "2026-10-24T12:00:00Z",
		  "2026-10-24T20:00:00.000Z", "2026-10-25T05:00:00.000Z", NULL, NULL },
		{ "ends with the second 02:30", "sun 1-2:30", "Europe/Berlin", "2026-10-24T12:00:00Z",
		  "2026-10-24T23:00:00.000Z", "2026-10-25T01:30:00.000Z", NULL, NULL },
		{ "begins with the first 02:30", "sun 2:30-4", "Europe/Berlin", "2026-10-24T12:00:00Z",
		  "2026-10-25T00:30:00.000Z", "2026-10-25T03:00:00.000Z", NULL, NULL },
		/* 28 March 2027: 02:00 CET is 03:00 CEST. */
		{ "a night of seven hours", "sat 22-6", "Europe/Berlin", "2027-03-27T12:00:00Z",
		  "2027-03-27T21:00:00.000Z", "2027-03-28T04:00:00.000Z", NULL, NULL },
		{ "begins where there is no such hour", "sun 2:30-4", "Europe/Berlin", "2027-03-27T12:00:00Z",
		  "2027-03-28T01:00:00.000Z", "2027-03-28T02:00:00.000Z", NULL, NULL },
		{ "a gap that is all of it", "sun 2:15-2:45", "Europe/Berlin", "2027-03-27T12:00:00Z",
		  "2027-04-04T00:15:00.000Z", "2027-04-04T00:45:00.000Z", NULL, NULL },
		{ "half an hour's change", "sun 1-1:45", "Australia/Lord_Howe", "2026-04-03T12:00:00Z",
		  "2026-04-04T14:00:00.000Z", "2026-04-04T15:15:00.000Z", NULL, NULL },
		{ "whole days that touch are one", "sat sun 0-24", "Europe/Berlin", "2026-11-28T12:00:00Z",
		  "2026-11-27T23:00:00.000Z", "2026-11-29T23:00:00.000Z", NULL, NULL },
		{ "whole days over the week's end", "sun mon 0-24", "Europe/Berlin", "2026-11-30T12:00:00Z",
		  "2026-11-28T23:00:00.000Z", "2026-11-30T23:00:00.000Z", NULL, NULL },
		{ "not before the first day", "mon-fri 8-14", "Europe/Berlin", "2026-11-22T20:00:00Z",
		  "2026-12-01T07:00:00.000Z", "2026-12-01T13:00:00.000Z", "2026-12-01", NULL },
		{ "a first day far away", "mon-fri 8-14", "Europe/Berlin", "2026-11-22T20:00:00Z",
		  "2027-06-01T06:00:00.000Z", "2027-06-01T12:00:00.000Z", "2027-06-01", NULL },
		{ "the last day's night ends after it", "mon 22-6", "Europe/Berlin", "2026-11-24T04:00:00Z",
		  "2026-11-23T21:00:00.000Z", "2026-11-24T05:00:00.000Z", NULL, "2026-11-23" },
		{ "over after the last day", "mon 22-6", "Europe/Berlin", "2026-11-24T05:00:00Z", NULL, NULL, NULL,
		  "2026-11-23" },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		const struct zone *z = zone_get(rows[i].zone);
		g_autofree char *first = g_strconcat(rows[i].first ? rows[i].first : "2020-01-01", "T12:00:00Z", NULL);
		g_autofree char *last = g_strconcat(rows[i].last ? rows[i].last : "2040-01-01", "T12:00:00Z", NULL);
		char from[INSTANT_TEXT_MAX], until[INSTANT_TEXT_MAX];
		struct rota_hours h;
		struct rota_window w;
		bool some;

		assert_true(rota_hours_parse(rows[i].hours, &h, NULL));
		some = rota_window_after(&h, rota_day(z, at(first)),
					 rows[i].last ? rota_day(z, at(last)) : ROTA_NO_END, z, at(rows[i].now), &w);
		ROW_INT(rows[i].name, some, rows[i].from != NULL);
		if (!some)
			continue;
		ROW_TEXT(rows[i].name, instant_format(w.from, from), rows[i].from);
		ROW_TEXT(rows[i].name, instant_format(w.until, until), rows[i].until);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_and_hours_are_typed_as_people_say_them),
		cmocka_unit_test(windows_are_those_of_the_wall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
