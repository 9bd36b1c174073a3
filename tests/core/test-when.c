/* when: what people type at a desk, and what they mean by it. */
#include "tests/core/rows.h"

#include "core/error.h"
#include "core/when.h"

/* A moment on a zone's wall, as text, is what these rows are about. */
static struct when_context context(const char *zone, const char *now, const char *base, bool is_end)
{
	struct when_context ctx = {
		.zone = zone_get(zone),
		.now = at(now),
		.base = at(base ? base : now),
		.default_minutes = is_end ? 11 * 60 : 15 * 60,
		.is_end = is_end,
	};

	return ctx;
}

static void check(const char *text, const struct when_context *ctx, const char *want)
{
	g_autoptr(GError) err = NULL;
	struct instant t = INSTANT_NONE;
	char buf[CIVIL_TEXT_MAX];

	if (!when_parse(text, ctx, &t, NULL, &err))
		fail_msg("'%s': %s", text, err->message);
	ROW_TEXT(text, civil_full(ctx->zone, t, buf), want);
}

struct row {
	const char *text, *want;
};

/* Sunday, 22 November 2026, 21:18 in Berlin. */
#define NOW "2026-11-22T20:18:00Z"

static void starts_are_understood(void **state)
{
	static const struct row row[] = {
		{ "now", "Sun 22 Nov 2026 21:18 CET" },
		{ "NOW ", "Sun 22 Nov 2026 21:18 CET" },
		/* A time alone is today's. */
		{ "15:00", "Sun 22 Nov 2026 15:00 CET" },
		{ "9:05", "Sun 22 Nov 2026 09:05 CET" },
		{ "15:00:30", "Sun 22 Nov 2026 15:00 CET" },
		{ "3pm", "Sun 22 Nov 2026 15:00 CET" },
		{ "3 PM", "Sun 22 Nov 2026 15:00 CET" },
		{ "11am", "Sun 22 Nov 2026 11:00 CET" },
		{ "11:30pm", "Sun 22 Nov 2026 23:30 CET" },
		{ "12am", "Sun 22 Nov 2026 00:00 CET" },
		{ "12pm", "Sun 22 Nov 2026 12:00 CET" },
		{ "12:30am", "Sun 22 Nov 2026 00:30 CET" },
		{ "1500", "Sun 22 Nov 2026 15:00 CET" },
		{ "0930", "Sun 22 Nov 2026 09:30 CET" },
		{ "15h", "Sun 22 Nov 2026 15:00 CET" },
		{ "15h30", "Sun 22 Nov 2026 15:30 CET" },
		{ "noon", "Sun 22 Nov 2026 12:00 CET" },
		{ "midday", "Sun 22 Nov 2026 12:00 CET" },
		{ "midnight", "Mon 23 Nov 2026 00:00 CET" },
		{ "24:00", "Mon 23 Nov 2026 00:00 CET" },
		{ "0:00", "Sun 22 Nov 2026 00:00 CET" },
		{ "at 22:00", "Sun 22 Nov 2026 22:00 CET" },
		/* Days by name. */
		{ "today", "Sun 22 Nov 2026 15:00 CET" },
		{ "today 22:00", "Sun 22 Nov 2026 22:00 CET" },
		{ "tomorrow", "Mon 23 Nov 2026 15:00 CET" },
		{ "tomorrow 15:00", "Mon 23 Nov 2026 15:00 CET" },
		{ "Tomorrow, 3pm", "Mon 23 Nov 2026 15:00 CET" },
		{ "3pm tomorrow", "Mon 23 Nov 2026 15:00 CET" },
		{ "tomorrow at noon", "Mon 23 Nov 2026 12:00 CET" },
		{ "tomorrow midnight", "Tue 24 Nov 2026 00:00 CET" },
		{ "tomorrow 9h", "Mon 23 Nov 2026 09:00 CET" },
		{ "yesterday 10:00", "Sat 21 Nov 2026 10:00 CET" },
		{ "tonight", "Sun 22 Nov 2026 18:00 CET" },
		{ "tonight 22:00", "Sun 22 Nov 2026 22:00 CET" },
		{ "tonight 10pm", "Sun 22 Nov 2026 22:00 CET" },
		{ "tonight 2:00", "Mon 23 Nov 2026 02:00 CET" },
		{ "tonight midnight", "Mon 23 Nov 2026 00:00 CET" },
		/* Weekdays: it is Sunday evening. */
		{ "mon", "Mon 23 Nov 2026 15:00 CET" },
		{ "fri 11am", "Fri 27 Nov 2026 11:00 CET" },
		{ "11am fri", "Fri 27 Nov 2026 11:00 CET" },
		{ "Friday at 11:00", "Fri 27 Nov 2026 11:00 CET" },
		{ "fri midnight", "Sat 28 Nov 2026 00:00 CET" },
		{ "sat", "Sat 28 Nov 2026 15:00 CET" },
		{ "sun 22:00", "Sun 22 Nov 2026 22:00 CET" },
		{ "sun 21:18", "Sun 29 Nov 2026 21:18 CET" },
		{ "sun", "Sun 29 Nov 2026 15:00 CET" },
		/* Dates. */
		{ "24 dec", "Thu 24 Dec 2026 15:00 CET" },
		{ "24dec", "Thu 24 Dec 2026 15:00 CET" },
		{ "24th december", "Thu 24 Dec 2026 15:00 CET" },
		{ "24. dec. 18:00", "Thu 24 Dec 2026 18:00 CET" },
		{ "24 dec 2027", "Fri 24 Dec 2027 15:00 CET" },
		{ "24 dec 2027 18:00", "Fri 24 Dec 2027 18:00 CET" },
		{ "24 dec 1800", "Thu 24 Dec 2026 18:00 CET" },
		{ "24 dec 20:26", "Thu 24 Dec 2026 20:26 CET" },
		{ "dec 24", "Thu 24 Dec 2026 15:00 CET" },
		{ "Dec 24, 2027, 6pm", "Fri 24 Dec 2027 18:00 CET" },
		{ "18:00 24 dec", "Thu 24 Dec 2026 18:00 CET" },
		{ "24.12.", "Thu 24 Dec 2026 15:00 CET" },
		{ "24.12", "Thu 24 Dec 2026 15:00 CET" },
		{ "24.12. 18:00", "Thu 24 Dec 2026 18:00 CET" },
		{ "24.12.2027", "Fri 24 Dec 2027 15:00 CET" },
		{ "24.12.27 18:00", "Fri 24 Dec 2027 18:00 CET" },
		{ "4.1.", "Mon 4 Jan 2027 15:00 CET" },
		{ "2026-12-24", "Thu 24 Dec 2026 15:00 CET" },
		{ "2026-12-24 18:00", "Thu 24 Dec 2026 18:00 CET" },
		{ "2026-12-24T18:00", "Thu 24 Dec 2026 18:00 CET" },
		{ "1 jan", "Fri 1 Jan 2027 15:00 CET" },
		{ "20 nov", "Fri 20 Nov 2026 15:00 CET" },  /* just been */
		{ "23 oct", "Fri 23 Oct 2026 15:00 CEST" }, /* thirty days ago */
		{ "22 oct", "Fri 22 Oct 2027 15:00 CEST" },
		{ "29 feb", "Tue 29 Feb 2028 15:00 CET" },
		/* Lengths. */
		{ "+3h", "Mon 23 Nov 2026 00:18 CET" },
		{ "3h", "Mon 23 Nov 2026 00:18 CET" },
		{ "3 hours", "Mon 23 Nov 2026 00:18 CET" },
		{ "in 3 hours", "Mon 23 Nov 2026 00:18 CET" },
		{ "+15h", "Mon 23 Nov 2026 12:18 CET" },
		{ "12h", "Mon 23 Nov 2026 09:18 CET" },
		{ "24h", "Mon 23 Nov 2026 21:18 CET" },
		{ "90m", "Sun 22 Nov 2026 22:48 CET" },
		{ "90 min", "Sun 22 Nov 2026 22:48 CET" },
		{ "1h30", "Sun 22 Nov 2026 22:48 CET" },
		{ "1h30m", "Sun 22 Nov 2026 22:48 CET" },
		{ "1 hour 30 minutes", "Sun 22 Nov 2026 22:48 CET" },
		{ "2d", "Tue 24 Nov 2026 21:18 CET" },
		{ "+1d", "Mon 23 Nov 2026 21:18 CET" },
		{ "+1d 11:00", "Mon 23 Nov 2026 11:00 CET" },
		{ "2d 4h", "Wed 25 Nov 2026 01:18 CET" },
		{ "1w", "Sun 29 Nov 2026 21:18 CET" },
		{ "1 week and 2 days", "Tue 1 Dec 2026 21:18 CET" },
		{ "+2n", "Tue 24 Nov 2026 15:00 CET" },
		{ "2 nights", "Tue 24 Nov 2026 15:00 CET" },
		{ "+3n 11:00", "Wed 25 Nov 2026 11:00 CET" },
		{ "3h ago", "Sun 22 Nov 2026 18:18 CET" },
		{ "2 days ago", "Fri 20 Nov 2026 21:18 CET" },
		/* Instants. */
		{ "2026-12-24T17:00:00Z", "Thu 24 Dec 2026 18:00 CET" },
		{ "2026-12-24T18:00:00.000+01:00", "Thu 24 Dec 2026 18:00 CET" },
		{ " 2026-12-24 12:00:00-05:00 ", "Thu 24 Dec 2026 18:00 CET" },
	};
	struct when_context ctx = context("Europe/Berlin", NOW, NULL, false);

	(void)state;
	FOR_ROWS(i, row)
	check(row[i].text, &ctx, row[i].want);
}

static void german_is_understood_where_it_is_spoken(void **state)
{
	static const struct row row[] = {
		{ "jetzt", "Sun 22 Nov 2026 21:18 CET" },
		{ "heute", "Sun 22 Nov 2026 15:00 CET" },
		{ "morgen 15 Uhr", "Mon 23 Nov 2026 15:00 CET" },
		{ "morgen um 9 Uhr 30", "Mon 23 Nov 2026 09:30 CET" },
		{ "15:30 Uhr morgen", "Mon 23 Nov 2026 15:30 CET" },
		{ "9 Uhr", "Sun 22 Nov 2026 09:00 CET" },
		{ "15 Uhr 24. Dez", "Thu 24 Dec 2026 15:00 CET" },
		{ "\u00dcbermorgen", "Tue 24 Nov 2026 15:00 CET" },
		{ "uebermorgen mittags", "Tue 24 Nov 2026 12:00 CET" },
		{ "gestern 10:00", "Sat 21 Nov 2026 10:00 CET" },
		{ "vorgestern", "Fri 20 Nov 2026 15:00 CET" },
		{ "heute Abend", "Sun 22 Nov 2026 18:00 CET" },
		{ "heute Nacht 2 Uhr", "Mon 23 Nov 2026 02:00 CET" },
		{ "Fr 11 Uhr", "Fri 27 Nov 2026 11:00 CET" },
		{ "Fr. 11:00", "Fri 27 Nov 2026 11:00 CET" },
		{ "am Freitag um 11 Uhr", "Fri 27 Nov 2026 11:00 CET" },
		{ "Do", "Thu 26 Nov 2026 15:00 CET" },
		{ "24. Dez", "Thu 24 Dec 2026 15:00 CET" },
		{ "24. Dez. 18:00", "Thu 24 Dec 2026 18:00 CET" },
		{ "24. Dezember 2027", "Fri 24 Dec 2027 15:00 CET" },
		{ "5. M\u00e4rz", "Fri 5 Mar 2027 15:00 CET" },
		{ "+2 N\u00e4chte", "Tue 24 Nov 2026 15:00 CET" },
		{ "1 Nacht", "Mon 23 Nov 2026 15:00 CET" },
		{ "3 Std", "Mon 23 Nov 2026 00:18 CET" },
		{ "3 Std. 10 Min.", "Mon 23 Nov 2026 00:28 CET" },
		{ "2 Tage", "Tue 24 Nov 2026 21:18 CET" },
		{ "1 Woche", "Sun 29 Nov 2026 21:18 CET" },
		{ "vor 3 Stunden", "Sun 22 Nov 2026 18:18 CET" },
		{ "vor 2 Tagen", "Fri 20 Nov 2026 21:18 CET" },
		/* And English as before. */
		{ "tomorrow 3pm", "Mon 23 Nov 2026 15:00 CET" },
		{ "+2n", "Tue 24 Nov 2026 15:00 CET" },
	};
	struct when_context ctx = context("Europe/Berlin", NOW, NULL, false);
	struct instant t;

	(void)state;
	ctx.language = "de";
	FOR_ROWS(i, row)
	check(row[i].text, &ctx, row[i].want);
	assert_false(when_parse("vor Freitag", &ctx, &t, NULL, NULL));
	assert_false(when_parse("gestern Abend", &ctx, &t, NULL, NULL));
	/* Not where another language is spoken: the catalogue's here is English. */
	ctx.language = NULL;
	assert_false(when_parse("morgen", &ctx, &t, NULL, NULL));
}

/* The stay begins on Wednesday, 25 November, 15:00. */
static void ends_count_from_the_start(void **state)
{
	static const struct row row[] = {
		{ "+2n", "Fri 27 Nov 2026 11:00 CET" },
		{ "1n", "Thu 26 Nov 2026 11:00 CET" },
		{ "2", "Fri 27 Nov 2026 11:00 CET" }, /* nights, as a desk counts */
		{ "31", "Sat 26 Dec 2026 11:00 CET" },
		{ "+3n 10:00", "Sat 28 Nov 2026 10:00 CET" },
		{ "3h", "Wed 25 Nov 2026 18:00 CET" },
		{ "2d", "Fri 27 Nov 2026 15:00 CET" },
		{ "1w", "Wed 2 Dec 2026 15:00 CET" },
		{ "18:00", "Wed 25 Nov 2026 18:00 CET" },
		{ "11:00", "Thu 26 Nov 2026 11:00 CET" }, /* the next such time */
		{ "15:00", "Thu 26 Nov 2026 15:00 CET" }, /* an end is later than its start */
		{ "midnight", "Thu 26 Nov 2026 00:00 CET" },
		{ "fri", "Fri 27 Nov 2026 11:00 CET" },
		{ "mon 10am", "Mon 30 Nov 2026 10:00 CET" },
		{ "wed 18:00", "Wed 25 Nov 2026 18:00 CET" },
		{ "wed", "Wed 2 Dec 2026 11:00 CET" },
		{ "28 nov", "Sat 28 Nov 2026 11:00 CET" },
		{ "24 nov", "Wed 24 Nov 2027 11:00 CET" },   /* not before the start */
		{ "tomorrow", "Mon 23 Nov 2026 11:00 CET" }, /* of today, whatever the start */
	};
	struct when_context ctx = context("Europe/Berlin", NOW, "2026-11-25T14:00:00Z", true);

	(void)state;
	FOR_ROWS(i, row)
	check(row[i].text, &ctx, row[i].want);
}

/* The stay is from Wednesday, 25 November, 15:00, until Friday, 13:00:20. */
static void a_changed_end_counts_from_the_present_one(void **state)
{
	static const struct row row[] = {
		{ "+1n", "Sat 28 Nov 2026 13:00 CET" },
		{ "+1n 10:00", "Sat 28 Nov 2026 10:00 CET" },
		{ "+2h", "Fri 27 Nov 2026 15:00 CET" },
		{ "+1d", "Sat 28 Nov 2026 13:00 CET" },
		{ "14:00", "Fri 27 Nov 2026 14:00 CET" },
		{ "11:00", "Fri 27 Nov 2026 11:00 CET" },
		{ "fri", "Fri 27 Nov 2026 11:00 CET" },
		{ "tomorrow", "Mon 23 Nov 2026 11:00 CET" },
	};
	struct when_context ctx = context("Europe/Berlin", NOW, "2026-11-25T14:00:00Z", true);
	struct instant present = at("2026-11-27T12:00:20Z"), t;

	(void)state;
	ctx.present = &present;
	FOR_ROWS(i, row)
	check(row[i].text, &ctx, row[i].want);
	assert_true(when_parse("+1n", &ctx, &t, NULL, NULL));
	assert_int_equal(t.ms, present.ms + 86400000);
}

/* The stay began on the Wednesday before: what is called Friday is to come. */
static void a_day_for_the_end_of_a_stay_that_has_begun_is_to_come(void **state)
{
	struct when_context ctx = context("Europe/Berlin", NOW, "2026-11-18T14:00:00Z", true);

	(void)state;
	check("fri", &ctx, "Fri 27 Nov 2026 11:00 CET");
	check("25 nov", &ctx, "Wed 25 Nov 2026 11:00 CET");
}

static void nights_before_five_began_yesterday(void **state)
{
	static const struct {
		const char *from, *until;
		int nights;
	} row[] = {
		{ "2026-11-23T14:00:00Z", "2026-11-24T10:00:00Z", 1 },
		{ "2026-11-23T01:46:00Z", "2026-11-24T10:00:00Z", 2 },
		{ "2026-11-23T01:46:00Z", "2026-11-23T10:00:00Z", 1 },
		{ "2026-11-23T04:00:00Z", "2026-11-23T10:00:00Z", 0 },
		{ "2026-11-23T20:00:00Z", "2026-11-24T01:00:00Z", 0 },
		{ "2026-11-23T02:00:00Z", "2026-11-23T06:59:00Z", 0 }, /* a repair */
		{ "2026-11-23T02:00:00Z", "2026-11-23T07:00:00Z", 1 },
	};
	/* 02:46 on Monday; the second is at five. */
	struct when_context ctx = context("Europe/Berlin", "2026-11-23T01:46:00Z", NULL, true);
	struct when_context five = context("Europe/Berlin", "2026-11-23T04:00:00Z", NULL, true);

	(void)state;
	check("+1n", &ctx, "Mon 23 Nov 2026 11:00 CET");
	check("+2n", &ctx, "Tue 24 Nov 2026 11:00 CET");
	check("+1d", &ctx, "Tue 24 Nov 2026 02:46 CET");
	check("+1n", &five, "Tue 24 Nov 2026 11:00 CET");
	FOR_ROWS(i, row)
	ROW_INT(row[i].from, when_nights(ctx.zone, at(row[i].from), at(row[i].until)),
		row[i].nights);
}

static void the_small_hours_still_belong_to_tonight(void **state)
{
	/* 01:30 on Monday. */
	struct when_context ctx = context("Europe/Berlin", "2026-11-23T00:30:00Z", NULL, false);
	const char *note = NULL;
	struct instant t;

	(void)state;
	assert_true(when_parse("tonight", &ctx, &t, &note, NULL));
	assert_int_equal(t.ms, ctx.now.ms);
	assert_non_null(note);
	ctx.is_end = true;
	check("tonight", &ctx, "Mon 23 Nov 2026 18:00 CET");
	ctx.is_end = false;
	check("tonight 3:00", &ctx, "Mon 23 Nov 2026 03:00 CET");
	check("tonight 1:00", &ctx, "Tue 24 Nov 2026 01:00 CET");
	check("tonight 22:00", &ctx, "Mon 23 Nov 2026 22:00 CET");
}

static void daylight_saving_is_told_in_a_note(void **state)
{
	static const struct {
		const char *zone, *now, *text, *want;
		const char *note; /* a word of it */
	} row[] = {
		{ "Europe/Berlin", "2026-03-28T11:00:00Z", "tomorrow 2:30",
		  "Sun 29 Mar 2026 03:00 CEST", "forward" },
		{ "Europe/Berlin", "2026-03-28T11:00:00Z", "tomorrow 3:00",
		  "Sun 29 Mar 2026 03:00 CEST", NULL },
		{ "Europe/Berlin", "2026-10-24T10:00:00Z", "tomorrow 2:30",
		  "Sun 25 Oct 2026 02:30 CEST", "twice" },
		{ "Europe/Berlin", "2026-10-24T10:00:00Z", "tomorrow 3:00",
		  "Sun 25 Oct 2026 03:00 CET", NULL },
		/* Days keep the hour on the wall, hours are counted. */
		{ "Europe/Berlin", "2026-03-28T14:00:00Z", "1d", "Sun 29 Mar 2026 15:00 CEST",
		  NULL },
		{ "Europe/Berlin", "2026-03-28T14:00:00Z", "24h", "Sun 29 Mar 2026 16:00 CEST",
		  NULL },
		{ "Europe/Berlin", "2026-10-24T13:00:00Z", "1d", "Sun 25 Oct 2026 15:00 CET",
		  NULL },
		{ "Europe/Berlin", "2026-10-24T13:00:00Z", "24h", "Sun 25 Oct 2026 14:00 CET",
		  NULL },
		{ "Europe/Berlin", "2026-10-24T13:00:00Z", "1n", "Sun 25 Oct 2026 15:00 CET",
		  NULL },
		{ "Europe/Berlin", "2026-03-28T01:30:00Z", "1d", "Sun 29 Mar 2026 03:00 CEST",
		  "forward" },
		{ "America/New_York", "2026-03-07T17:00:00Z", "sun 2:15",
		  "Sun 8 Mar 2026 03:00 EDT", "forward" },
		{ "America/New_York", "2026-10-31T17:00:00Z", "sun 1:15",
		  "Sun 1 Nov 2026 01:15 EDT", "twice" },
		{ "Australia/Sydney", "2026-10-03T02:00:00Z", "2026-10-04 2:59",
		  "Sun 4 Oct 2026 03:00 AEDT", "forward" },
		{ "Australia/Sydney", "2026-04-04T02:00:00Z", "5 apr 2:30",
		  "Sun 5 Apr 2026 02:30 AEDT", "twice" },
		{ "Australia/Lord_Howe", "2026-10-03T02:00:00Z", "tomorrow 2:15",
		  "Sun 4 Oct 2026 02:30 +11", "forward" },
		{ "Australia/Lord_Howe", "2026-04-04T02:00:00Z", "tomorrow 1:45",
		  "Sun 5 Apr 2026 01:45 +11", "twice" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct when_context ctx = context(row[i].zone, row[i].now, NULL, false);
		g_autofree char *name = g_strdup_printf("%s, %s", row[i].zone, row[i].text);
		const char *note = "stale";
		struct instant t;
		char buf[CIVIL_TEXT_MAX];

		ROW_INT(name, when_parse(row[i].text, &ctx, &t, &note, NULL), true);
		ROW_TEXT(name, civil_full(ctx.zone, t, buf), row[i].want);
		if (row[i].note && !(note && strstr(note, row[i].note)))
			fail_msg("%s: the note says '%s'", name, note ? note : "nothing");
		if (!row[i].note && note)
			fail_msg("%s: the note says '%s'", name, note);
	}
}

static void what_is_not_understood_is_named(void **state)
{
	static const struct {
		const char *text;
		const char *says; /* a part of the message */
	} row[] = {
		{ "", "missing" },
		{ "  ", "missing" },
		{ "blub", "'blub'" },
		{ "tomorrow blub", "'blub'" },
		{ "tomorow", "'tomorow'" },
		{ "15", "15:00" },
		{ "fri 9", "9:00" },
		{ "45", "'45'" },
		{ "25:00", "25:00" },
		{ "24:30", "24:30" },
		{ "12:60", "12:60" },
		{ "9:5", "'9:5'" },
		{ "13pm", "13 pm" },
		{ "0am", "0 am" },
		{ "15.30", "15:30" },
		{ "12/24", "'/'" },
		{ "24/12/2026", "'/'" },
		{ "30 feb", "day 30" },
		{ "31 apr", "day 31" },
		{ "29 feb 2027", "day 29" },
		{ "2026-13-01", "month 13" },
		{ "1066-10-14", "1066" },
		{ "24.0.", "month 0" },
		{ "tomorrow fri", "Two days" },
		{ "15:00 16:00", "Two times" },
		{ "now 15:00", "alone" },
		{ "tomorrow 2 hours", "not both" },
		{ "+2n 3h", "Nights and hours" },
		{ "3h 11:00", "Only days" },
		{ "2n 2n2n ago ago", "'ago'" },
		{ "ago", "'ago'" },
		{ "at", "'at'" },
		{ "tonight 9:00", "9pm" },
		{ "99999d", "hundred years" },
		{ "9999999d", "not understood" },
		{ "1h75", "75" },
		{ "+", "'+'" },
		{ "+1", "+1n (nights)" },
		{ "-3h", "'-'" },
		{ "1.5h", "'h'" },
		{ "next fri", "'next'" },
		{ "\x1b[31m", "\u241b" },
		{ "2026-12-24T15:00:00+99:00", "'+'" },
		{ "\u0661\u0665:\u0660\u0660", "not understood" },
		{ "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "not understood" },
	};
	struct when_context ctx = context("Europe/Berlin", NOW, NULL, false);

	(void)state;
	FOR_ROWS(i, row)
	{
		g_autoptr(GError) err = NULL;
		struct instant t = { 42 };

		ROW_INT(row[i].text, when_parse(row[i].text, &ctx, &t, NULL, &err), false);
		ROW_INT(row[i].text, t.ms, 42);
		ROW_INT(row[i].text, g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE),
			true);
		if (!strstr(err->message, row[i].says))
			fail_msg("'%s': the message says '%s'", row[i].text, err->message);
		ROW_INT(row[i].text, strpbrk(err->message, "\x1b\n") != NULL, false);
		/* Nobody need ask for the reason. */
		ROW_INT(row[i].text, when_parse(row[i].text, &ctx, &t, NULL, NULL), false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_are_understood),
		cmocka_unit_test(german_is_understood_where_it_is_spoken),
		cmocka_unit_test(ends_count_from_the_start),
		cmocka_unit_test(a_changed_end_counts_from_the_present_one),
		cmocka_unit_test(a_day_for_the_end_of_a_stay_that_has_begun_is_to_come),
		cmocka_unit_test(nights_before_five_began_yesterday),
		cmocka_unit_test(the_small_hours_still_belong_to_tonight),
		cmocka_unit_test(daylight_saving_is_told_in_a_note),
		cmocka_unit_test(what_is_not_understood_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
