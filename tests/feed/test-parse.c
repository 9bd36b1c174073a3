/* parse: files as channels and people write them, and what is made of each row.
 *
 * Beside each file of tests/feed/data lies FILE.want: a line a row, or the refusal of the whole. */
#include "config.h"

#include "tests/core/rows.h"

#include <glib.h>

#include "core/error.h"
#include "feed/parse.h"

/* Sunday, 22 November 2026, 21:18 in Berlin. */
static struct parse_context context(void)
{
	return (struct parse_context){ zone_get("Europe/Berlin"), at("2026-11-22T20:18:00Z"), 15 * 60, 11 * 60 };
}

static const char *const status_words[] = { "stay", "cancelled", "block" };

static void print_one(GString *out, const struct reservation *r, const struct zone *z)
{
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];

	g_string_append_printf(out, "%d ", r->line);
	if (r->refused) {
		g_string_append_printf(out, "refused: %s\n", r->refused);
		return;
	}
	g_string_append_printf(out, "%s | %s | %s | %s | %s | %s | %s%s%s\n", status_words[r->status], r->key,
			       r->guest ? r->guest : "-", r->door ? r->door : "-", r->phone ? r->phone : "-",
			       civil_full(z, r->starts_at, from), civil_full(z, r->ends_at, until),
			       r->note ? " | " : "", r->note ? r->note : "");
}

static char *parse(const char *data, size_t len)
{
	struct parse_context ctx = context();
	g_autoptr(GError) err = NULL;
	OWN(reservations) struct reservations *all = feed_parse(data, len, &ctx, &err);
	GString *out = g_string_new(NULL);

	if (!all) {
		g_string_append_printf(out, "refused whole: %s\n", err->message);
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE));
	}
	for (guint i = 0; all && i < all->rows->len; i++)
		print_one(out, reservations_at(all, i), ctx.zone);
	return g_string_free(out, FALSE);
}

static void files_are_read_as_they_are_meant(void **state)
{
	g_autoptr(GDir) dir = g_dir_open(FEED_DATA, 0, NULL);
	const char *name;
	int files = 0;

	(void)state;
	assert_non_null(dir);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(FEED_DATA, name, NULL);
		g_autofree char *wanted = g_strconcat(path, ".want", NULL);
		g_autofree char *data = NULL, *want = NULL, *got = NULL;
		gsize len;

		if (g_str_has_suffix(name, ".want") || (g_str_has_suffix(name, ".ics") && !feed_knows_ical()))
			continue;
		assert_true(g_file_get_contents(path, &data, &len, NULL));
		got = parse(data, len);
		if (g_getenv("KEYRACK_GOLDEN_WRITE"))
			g_file_set_contents(wanted, got, -1, NULL);
		if (!g_file_get_contents(wanted, &want, NULL, NULL))
			fail_msg("%s: there is no .want", name);
		if (strcmp(got, want) != 0)
			fail_msg("%s gives:\n%s\nnot:\n%s", name, got, want);
		files++;
	}
	assert_true(files >= 10);
}

/* One row of a table with these columns. */
static void one_row_says_one_thing(void **state)
{
	static const struct {
		const char *head, *row, *want;
	} rows[] = {
		{ "guest,room,arrival,departure", "Anna,101,2026-11-24,2026-11-26",
		  "2 stay | 101 2026-11-24 | Anna | 101 | - | Tue 24 Nov 2026 15:00 CET | Thu 26 Nov 2026 "
		  "11:00 CET\n" },
		{ "Gast;Zimmer;Anreise;Abreise", "\"Müller; J.\";101;24.11.2026;26.11.26",
		  "2 stay | 101 2026-11-24 | Müller; J. | 101 | - | Tue 24 Nov 2026 15:00 CET | Thu 26 Nov "
		  "2026 11:00 CET\n" },
		{ "Name\tRoom\tCheck-in\tNights", "Anna\t101\t24 Nov 2026 17:30\t2",
		  "2 stay | 101 2026-11-24 | Anna | 101 | - | Tue 24 Nov 2026 17:30 CET | Thu 26 Nov 2026 "
		  "11:00 CET\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,24/11/2026,26/11/2026",
		  "2 stay | 7 | Anna | 101 | - | Tue 24 Nov 2026 15:00 CET | Thu 26 Nov 2026 11:00 CET\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,3/4/2027,5/4/2027",
		  "2 refused: '3/4/2027' could be two days, and no row of the file shows which is meant: "
		  "write 2026-12-24\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,fri,sun",
		  "2 refused: 'fri' is no whole date: write 2026-12-24\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,2026-02-30,2026-03-02",
		  "2 refused: That month has no day 30\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,2026-11-26,2026-11-24",
		  "2 refused: The departure is not after the arrival\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,2026-11-26,2062-11-28",
		  "2 refused: The stay is longer than three years: is the year right?\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,,2026-11-24",
		  "2 refused: The arrival is missing\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,2026-11-24,2026-11-26,x,y",
		  "2 refused: It has 7 columns, the first line names 5: is a quote missing?\n" },
		{ "id,guest,room,arrival,departure", "7,\"Anna\"x,101,2026-11-24,2026-11-26",
		  "2 refused: Text stands behind a closing quote\n" },
		{ "id,guest,room,arrival,departure,status", "7,Anna,101,2026-11-24,2026-11-26,Pending approval",
		  "2 refused: It is not settled yet: 'Pending approval'\n" },
		{ "id,guest,room,arrival,departure,status", "7,Anna,101,2026-11-24,2026-11-26,cancelled_by_guest",
		  "2 cancelled | 7 | Anna | 101 | - | Tue 24 Nov 2026 15:00 CET | Thu 26 Nov 2026 11:00 CET\n" },
		{ "id,guest,room,arrival,departure,status", "7,,101,2026-11-24,2026-11-26,Eigenbelegung",
		  "2 block | 7 | - | 101 | - | Tue 24 Nov 2026 15:00 CET | Thu 26 Nov 2026 11:00 CET\n" },
		{ "id,vorname,nachname,zimmer,von,bis,handy",
		  "7,Zoë,Müller,101,24. Dezember 2026,26. Dez. 2026,+49 151 2345678",
		  "2 stay | 7 | Zoë Müller | 101 | 491512345678 | Thu 24 Dec 2026 15:00 CET | Sat 26 Dec "
		  "2026 11:00 CET\n" },
		{ "id,guest,room,arrival,arrival time,departure,departure time",
		  "7,Anna,101,2026-11-24,18:30,2026-11-26,9am",
		  "2 stay | 7 | Anna | 101 | - | Tue 24 Nov 2026 18:30 CET | Thu 26 Nov 2026 09:00 CET\n" },
		{ "id,guest,room,arrival,departure", "7,Anna,101,2026-11-24T14:00:00Z,2026-11-26T09:00:00Z",
		  "2 stay | 7 | Anna | 101 | - | Tue 24 Nov 2026 15:00 CET | Thu 26 Nov 2026 10:00 CET\n" },
		{ "what,when", "7,Anna",
		  "refused whole: Line 1 must name the columns, and none is the arrival. Write for example: "
		  "booking,guest,room,arrival,departure,phone. There is: what, when\n" },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		g_autofree char *text = g_strdup_printf("%s\r\n%s\r\n", rows[i].head, rows[i].row);
		g_autofree char *got = parse(text, strlen(text));

		ROW_TEXT(rows[i].row, got, rows[i].want);
	}
}

static void the_whole_is_refused_with_words(void **state)
{
	static const struct {
		const char *data;
		size_t len;
		const char *want;
	} rows[] = {
		{ "", 0, "refused whole: It is empty\n" },
		{ " \r\n\t\n", 5, "refused whole: It is empty\n" },
		{ "\xff\xfe"
		  "a\0",
		  4, "refused whole: It is UTF-16: save it as 'CSV UTF-8'\n" },
		{ "PK\x03\x04....", 8, "refused whole: It is a spreadsheet, not CSV: save it as 'CSV UTF-8'\n" },
		{ "guest\nAn\0na", 11, "refused whole: Line 2 has a byte 0 in it: it is no text file\n" },
		{ "guest\nM\xfcller", 13,
		  "refused whole: Line 2 is not UTF-8 but perhaps Latin-1 or Windows-1252, and names would "
		  "come out wrong: save "
		  "it as 'CSV UTF-8'\n" },
		{ "guest,room,arrival,departure\n\"An,1,2026", 38,
		  "refused whole: The quote that opens in line 2 is never closed: the file is cut off or broken\n" },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		g_autofree char *got = parse(rows[i].data, rows[i].len);

		ROW_TEXT(rows[i].want, got, rows[i].want);
	}
}

static void what_is_too_large_is_refused(void **state)
{
	GString *s = g_string_new("id,guest,room,arrival,departure\n");
	g_autofree char *rows = NULL, *line = NULL, *bytes = NULL;

	(void)state;
	for (int i = 0; i <= FEED_ROWS_MAX; i++)
		g_string_append_printf(s, "%d,A,1,2026-11-24,2026-11-26\n", i);
	rows = parse(s->str, s->len);
	ROW_TEXT("rows", rows, "refused whole: It has more than 50000 rows\n");
	g_string_truncate(s, 32);
	for (int i = 0; i < FEED_LINE_MAX + 2; i++)
		g_string_append_c(s, 'x');
	line = parse(s->str, s->len);
	ROW_TEXT("line", line, "refused whole: Line 2 is longer than any row could be\n");
	g_string_set_size(s, FEED_BYTES_MAX + 1);
	bytes = parse(s->str, s->len);
	ROW_TEXT("bytes", bytes, "refused whole: It is larger than 10 MB: no list of reservations is\n");
	g_string_free(s, TRUE);
}

static void fifty_thousand_rows_are_read(void **state)
{
	GString *s = g_string_new("id,guest,room,arrival,departure\n");
	struct parse_context ctx = context();

	(void)state;
	for (int i = 0; i < FEED_ROWS_MAX; i++)
		g_string_append_printf(s, "%d,A,1,2026-11-24,2026-11-26\n", i);
	OWN(reservations) struct reservations *all = feed_parse(s->str, s->len, &ctx, NULL);
	assert_non_null(all);
	ROW_INT("rows", all->rows->len, FEED_ROWS_MAX);
	g_string_free(s, TRUE);
}

#define EVENT(body)                                                                                                  \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u1\r\n" body "END:VEVENT\r\nEND:VCALENDAR\r\n"
#define DAYS "DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261126\r\n"
#define DAYS_WANT "Tue 24 Nov 2026 15:00 CET | Thu 26 Nov 2026 11:00 CET\n"

static void one_event_says_one_thing(void **state)
{
	static const struct {
		const char *data, *want;
	} rows[] = {
		{ EVENT(DAYS "SUMMARY:Anna Berg\r\n"), "3 stay | u1 | Anna Berg | - | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Reserved\r\n"), "3 block | u1 | - | - | - | " DAYS_WANT },
		{ EVENT(DAYS
			"SUMMARY:Reserved\r\nDESCRIPTION:Reservation URL: https://x/1\\nPhone Number (Last 4 Digits): "
			"4711\r\n"),
		  "3 stay | u1 | - | - | 4711 | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Airbnb (Not available)\r\n"), "3 block | u1 | - | - | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:CLOSED - Not available\r\n"), "3 block | u1 | - | - | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Reserved - Jane Smith\r\n"), "3 stay | u1 | Jane Smith | - | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Owner\r\n"), "3 block | u1 | - | - | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Owens\\, Clive\r\n"), "3 stay | u1 | Owens, Clive | - | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Storniert: Anna Berg\r\n"),
		  "3 cancelled | u1 | Anna Berg | - | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Anna\r\nSTATUS:CANCELLED\r\n"),
		  "3 cancelled | u1 | Anna | - | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Anna\r\nSTATUS:TENTATIVE\r\n"),
		  "3 refused: It is not settled yet: STATUS:TENTATIVE\n" },
		{ EVENT(DAYS "SUMMARY:Anna\r\nLOCATION:204 Sea\r\n"),
		  "3 stay | u1 | Anna | 204 Sea | - | " DAYS_WANT },
		{ EVENT(DAYS "SUMMARY:Anna\r\nDESCRIPTION:Zimmer: 204\\nTel.: 0151/2345678\r\n"),
		  "3 stay | u1 | Anna | 204 | 01512345678 | " DAYS_WANT },
		{ EVENT("SUMMARY:Anna\r\nDTSTART;VALUE=DATE:20261124\r\n"),
		  "3 stay | u1 | Anna | - | - | Tue 24 Nov 2026 15:00 CET | Wed 25 Nov 2026 11:00 CET\n" },
		{ EVENT("SUMMARY:Anna\r\nDTSTART:20261124T140000Z\r\nDTEND:20261126T090000Z\r\n"),
		  "3 stay | u1 | Anna | - | - | Tue 24 Nov 2026 15:00 CET | Thu 26 Nov 2026 10:00 CET\n" },
		{ EVENT("SUMMARY:Anna\r\nDTSTART;TZID=America/New_York:20261124T100000\r\nDURATION:P1D\r\n"),
		  "3 stay | u1 | Anna | - | - | Tue 24 Nov 2026 16:00 CET | Wed 25 Nov 2026 16:00 CET\n" },
#define DAY_AND(end) EVENT("SUMMARY:Anna\r\nDTSTART;VALUE=DATE:20261124\r\n" end "\r\n")
#define NO_STAY "3 refused: Its length (DURATION) is no stay's\n"
		{ DAY_AND("DURATION:P2D"), "3 stay | u1 | Anna | - | - | " DAYS_WANT },
		{ DAY_AND("DURATION:P999999999D"), NO_STAY },
		{ DAY_AND("DURATION:P4294967297D"), NO_STAY },
		{ DAY_AND("DURATION:P99999999999999999999D"), NO_STAY },
		{ DAY_AND("DURATION:PT9999999H"), NO_STAY },
		{ DAY_AND("DURATION:PT999999999M"), NO_STAY },
		{ DAY_AND("DURATION:P2000D"), "3 refused: The stay is longer than three years: is the year right?\n" },
		{ DAY_AND("DTEND;VALUE=DATE:99991301"), "3 refused: It has no end (DTEND) that can be read\n" },
		{ EVENT("SUMMARY:Anna\r\nDTSTART;TZID=Mars/Base:20261124T100000\r\n"
			"DTEND;TZID=Mars/Base:20261125T100000\r\n"),
		  "3 refused: Its time zone 'Mars/Base' is not known\n" },
		{ EVENT("SUMMARY:Anna\r\nDTSTART:20261124T160000\r\nDTEND:20261126T100000\r\n"),
		  "3 stay | u1 | Anna | - | - | Tue 24 Nov 2026 16:00 CET | Thu 26 Nov 2026 10:00 CET\n" },
		{ EVENT(DAYS "SUMMARY:Anna\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n"),
		  "3 stay | u1 | Anna | - | - | Tue 24 Nov 2026 15:00 CET | Thu 26 Nov 2026 11:00 CET | It "
		  "repeats in the "
		  "calendar: only the first time is taken\n" },
		{ EVENT("SUMMARY:Anna\r\n"), "3 refused: It has no start (DTSTART) that can be read\n" },
		{ "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u1\r\n" DAYS "SUMMARY:Anna\r\nEND:VEVENT\r\n",
		  "refused whole: It is cut off: its end (END:VCALENDAR) is missing, so stays may be missing too\n" },
		{ "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		  "refused whole: Line 3 opens a VEVENT where none can be: it is no calendar\n" },
		{ "BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		  "refused whole: Line 2 closes a VEVENT that is not open: the calendar is broken\n" },
		{ "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "" },
	};

	(void)state;
	if (!feed_knows_ical())
		skip();
	FOR_ROWS(i, rows) {
		g_autofree char *got = parse(rows[i].data, strlen(rows[i].data));

		ROW_TEXT(rows[i].data, got, rows[i].want);
	}
}

/* libical keeps its own clock of this computer's zone: it must not show. */
int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_as_they_are_meant),
		cmocka_unit_test(one_row_says_one_thing),
		cmocka_unit_test(the_whole_is_refused_with_words),
		cmocka_unit_test(what_is_too_large_is_refused),
		cmocka_unit_test(fifty_thousand_rows_are_read),
		cmocka_unit_test(one_event_says_one_thing),
	};

	g_setenv("TZ", "Pacific/Auckland", TRUE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
