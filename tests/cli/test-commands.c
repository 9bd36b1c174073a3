/* Commands against a small house in a cache, without a server: what people and programs read. What they write is
 * test-commands-write. */
#include "config.h"

#include "tests/cli/desk.h"
#include "tests/cli/lines.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* ---- reading ---- */

static const struct {
	const char *line;
	const char *shows[6], *hides[3];
} table_row[] = {
	{ "locks", { "LOCK", "101 Garden", "102 Garden", "offline", "Gym", "80%" }, { NULL } },
	{ "locks --find Berg", { "101 Garden", NULL }, { "Gym", NULL } },
	{ "locks --trouble", { "102 Garden", NULL }, { "Gym", "101 Garden", NULL } },
	{ "codes",
	  { "Anna Berg", "ongoing", "Ito", "unmanaged", NULL },
	  { PIN_ANNA, PIN_ITO, NULL } },
	{ "codes --pins", { PIN_ANNA, PIN_ITO, NULL }, { NULL } },
	{ "codes --lock Gym", { "Plumber", NULL }, { "Anna", NULL } },
	{ "codes --trouble", { "Dubois", NULL }, { "Anna", "Ito", NULL } },
	{ "codes --ids --lock 101", { "code-anna", "code-ito", NULL }, { NULL } },
	{ "events", { "Anna Berg", "101 Garden", "102 Garden", NULL }, { PIN_ANNA, NULL } },
	{ "events --kind unlock", { "Anna Berg", NULL }, { "102 Garden", NULL } },
	{ "events --lock 102", { "102 Garden", NULL }, { "101 Garden", NULL } },
	{ "events --code 'Anna Berg'", { "101 Garden", NULL }, { "102 Garden", NULL } },
	{ "events --since 'today 21:00'", { "102 Garden", NULL }, { "101 Garden", NULL } },
	{ "events --until 'today 21:00'", { "101 Garden", NULL }, { "102 Garden", NULL } },
	{ "events --find anna", { "Anna Berg", NULL }, { "102 Garden", NULL } },
	{ "events --find '!lock:102'", { "101 Garden", NULL }, { "102 Garden", NULL } },
	{ "events --find lock:102 --csv", { "time_utc", "\"102 Garden\"", NULL }, { "101 Garden", NULL } },
	{ "who Gym", { "VERDICT", "Plumber", NULL }, { "Anna", PIN_ANNA, NULL } },
	{ "who 101", { "would have opened", "Anna Berg", "proven by a use", NULL }, { PIN_ANNA, PIN_ITO, NULL } },
	{ "who 101 --json", { "\"verdict\":\"would_have_opened\"", "Anna Berg", NULL }, { PIN_ANNA, NULL } },
	{ "doors 'anna berg'", { "101 Garden", NULL }, { "Gym", PIN_ANNA, NULL } },
	{ "doors Anna --json", { NULL }, { "Anna Berg", NULL } },
	{ "events --limit 1", { "102 Garden", NULL }, { "101 Garden", NULL } },
	{ "code show 'Anna Berg'",
	  { "Anna Berg", "101 Garden", "code-anna", "ongoing", NULL },
	  { PIN_ANNA, NULL } },
	{ "code show code-anna --pins", { PIN_ANNA, NULL }, { NULL } },
	{ "code show Dubois", { "Dubois", "!", "full", NULL }, { NULL } },
};

static void tables_show_what_was_asked_for_and_no_pin_unasked(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table_row); i++) {
		const struct outcome *o = desk_run_line(table_row[i].line);
		if (o->code != EXIT_OK)
			fail_msg("%s: exit %d: %s", table_row[i].line, o->code, o->err);
		for (size_t j = 0; j < 6 && table_row[i].shows[j]; j++)
			assert_says(o->out, table_row[i].shows[j]);
		for (size_t j = 0; j < 3 && table_row[i].hides[j]; j++)
			assert_silent_about(o->out, table_row[i].hides[j]);
	}
}

static void somebody_works_by_a_rota(void **state)
{
	static const struct {
		const char *line;
		int code;
		const char *says, *hides; /* in out and err together */
	} rows[] = {
		{ "rota list", EXIT_OK, "Nobody works by a rota", NULL },
		{ "rota add --name Ines --lock Gym", EXIT_USAGE, "--hours is needed", NULL },
		{ "rota add --name Ines --hours 'mon 8-25' --lock Gym", EXIT_USAGE, "'8-25' is no day", NULL },
		{ "rota add --name Ines --hours 'mon-fri 8-14'", EXIT_USAGE, "--lock or --doors is needed", NULL },
		{ "rota add --name Ines --hours 'mon-fri 8-14' --doors x", EXIT_USAGE, "no [doors x]", NULL },
		{ "rota add --name Ines --hours 'mon-fri 8-14' --lock Gym --last 2027-01-29", EXIT_OK,
		  "Ines, Mon-Fri 08:00-14:00", NULL },
		{ "rota add --name 1 --hours 'mon-fri 8-14' --lock Gym", EXIT_OK, "Rota 2", NULL },
		{ "rota end 1 --yes", EXIT_NOT_FOUND, "or one has that number", NULL },
		{ "rota end 2 --yes", EXIT_OK, "has ended", NULL },
		{ "rota add --name Rui --hours 'mon-fri 8-14' --lock Gym --lock Gym", EXIT_USAGE,
		  "that door is given twice", NULL },
		{ "rota add --name Rui --hours 'mon-fri 8-14' --lock Gym --last 2020-01-01", EXIT_USAGE,
		  "that day is over", NULL },
		{ "rota add --name Rui --hours 'mon-fri 8-14' --lock Gym --first 2026-12-24 --last 2026-12-01",
		  EXIT_USAGE, "must not come before", NULL },
		{ "rota add --name Rui --hours 'mon-fri 8-14' --lock Gym --first 9999-01-01", EXIT_USAGE,
		  "more than ten years", NULL },
		{ "rota list", EXIT_OK, "Mon-Fri 08:00-14:00", NULL },
		{ "rota list --json", EXIT_OK, "\"starts_at\":\"2026-11-23T07:00:00.000Z\"", NULL },
		{ "outbox", EXIT_OK, "Ines", NULL },
		{ "--read-only rota end Ines --yes", EXIT_USAGE, "read-only", NULL },
		{ "rota end Ines", EXIT_USAGE, "--yes", NULL },
		{ "rota end Ines --yes", EXIT_OK, "has ended", NULL },
		{ "rota end Ines --yes", EXIT_NOT_FOUND, "No rota is called that", NULL },
		{ "outbox", EXIT_OK, "", "Ines" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct outcome *o = desk_run_line(rows[i].line);
		g_autofree char *all = g_strconcat(o->out, o->err, NULL);

		if (o->code != rows[i].code)
			fail_msg("%s: exit %d: %s", rows[i].line, o->code, all);
		assert_says(all, rows[i].says);
		if (rows[i].hides)
			assert_silent_about(all, rows[i].hides);
	}
}

static void locks_in_json_are_the_servers_objects(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("locks", "--json", NULL);
	json_t *lines = lines_of(o);

	assert_int_equal(json_array_size(lines), 3);
	json_t *garden = line_with(lines, "device_id", "dev-101");
	assert_string_equal(json_string_value(json_object_get(garden, "display_name")),
			    "101 Garden");
	json_t *own = json_object_get(garden, "keyrack");
	assert_int_equal(json_integer_value(json_object_get(own, "codes_now")), 1);
	assert_int_equal(json_integer_value(json_object_get(own, "codes_to_come")), 1);
	json_decref(lines);
}

static void codes_in_json_have_the_apis_names_and_no_pin_unasked(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("codes", "--json", NULL);

	assert_silent_about(o->out, PIN_ANNA);
	assert_silent_about(o->out, PIN_ITO);
	assert_silent_about(o->out, "119933");
	json_t *lines = lines_of(o);
	assert_int_equal(json_array_size(lines), 6);
	json_t *ito = line_with(lines, "access_code_id", "code-ito");
	assert_true(json_is_null(json_object_get(ito, "code")));
	assert_string_equal(json_string_value(json_object_get(ito, "type")), "time_bound");
	assert_string_equal(json_string_value(json_object_get(ito, "starts_at")),
			    "2026-11-23T20:18:00.000Z");
	assert_true(json_is_true(json_object_get(ito, "is_managed")));
	assert_true(json_is_false(json_object_get(ito, "is_one_time_use")));
	assert_true(json_is_array(json_object_get(ito, "errors")));
	assert_true(json_is_object(json_object_get(ito, "dormakaba_oracode_metadata")));
	json_t *stray = line_with(lines, "access_code_id", "code-stray");
	assert_true(json_is_false(json_object_get(stray, "is_managed")));
	json_decref(lines);

	o = desk_run("codes", "--json", "--pins", NULL);
	lines = lines_of(o);
	json_t *anna = line_with(lines, "access_code_id", "code-anna");
	assert_string_equal(json_string_value(json_object_get(anna, "code")), PIN_ANNA);
	json_decref(lines);
}

static void events_in_json_say_who_and_hide_the_pin(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("events", "--json", NULL);

	assert_silent_about(o->out, PIN_ANNA);
	json_t *lines = lines_of(o);
	assert_int_equal(json_array_size(lines), 2);
	assert_string_equal(text_at(lines, 0, "event_id"), "ev-1");
	assert_string_equal(text_at(lines, 1, "event_id"), "ev-2");
	json_t *own = json_object_get(json_array_get(lines, 0), "keyrack");
	assert_string_equal(json_string_value(json_object_get(own, "who")), "Anna Berg");
	assert_string_equal(json_string_value(json_object_get(own, "how")), "reported");
	json_decref(lines);
}

static void an_ambiguous_name_lists_the_candidates(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("code", "show", "Twin", NULL);

	assert_int_equal(o->code, EXIT_NOT_FOUND);
	assert_says(o->err, "102 Garden");
	assert_says(o->err, "Gym");
	o = desk_run("code", "show", "Twin", "--lock", "Gym", "--json", NULL);
	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->out, "code-twin-2");
	assert_int_equal(desk_run("codes", "--lock", "Garden", NULL)->code, EXIT_NOT_FOUND);
	assert_int_equal(desk_run("code", "show", "Nobody", NULL)->code, EXIT_NOT_FOUND);
}

static void an_ambiguous_name_shows_ids_and_the_way_out(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("code", "show", "Twin", NULL);

	assert_says(o->err, "Twin (102 Garden)  code-twin-1\n");
	assert_says(o->err, "Twin (Gym)  code-twin-2\n");
	assert_says(o->err, "--lock");
	assert_int_equal(desk_run("code", "show", "code-twin-2", NULL)->code, EXIT_OK);
}

/* The computer is somewhere else: what is typed and what is printed go by the locks' clock. The
 * fixture's now is 21:18 in Berlin; ev-2 came a minute before, ev-1 an hour. */
static void times_are_read_on_the_clock_that_prints_them(void **state)
{
	static const char *const zones[] = { "UTC", "Asia/Tokyo", "America/New_York" };
	const char *before = g_getenv("TZ");
	g_autofree char *kept = g_strdup(before);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		g_setenv("TZ", zones[i], TRUE);
		const struct outcome *o = desk_run("events", "--since", "today 21:00", NULL);
		assert_says(o->out, "21:17");
		assert_silent_about(o->out, "20:18");
	}
	g_setenv("TZ", kept, TRUE);
}

static void an_empty_list_of_events_says_so(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("events", "--kind", "denied", NULL);

	assert_int_equal(o->code, EXIT_OK);
	assert_string_equal(o->out, "");
	assert_says(o->err, "No event fits");
	assert_string_equal(desk_run("events", "--kind", "denied", "--json", NULL)->err, "");
}

static void old_data_is_shown_and_its_age_is_said(void **state)
{
	desk_fact(state, "ok_at", NOW.ms - 3 * HOUR_MS);
	const struct outcome *o = desk_run("locks", NULL);

	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->out, "Gym");
	assert_says(o->err, "as of 18:18, 3 h ago; sync is not running");
	desk_fact(state, "ok_at", NOW.ms - 3 * SECOND_MS);
	assert_string_equal(desk_run("locks", NULL)->err, "");
}

static void without_a_cache_the_way_to_one_is_said(void **state)
{
	g_autofree char *nowhere = g_build_filename(desk_house(state)->folder, "nowhere", NULL);
	static const char *const line[] = { "locks", "codes --json", "events",
					    "code create --lock a --name b" };

	g_setenv("KEYRACK_CACHE", nowhere, TRUE);
	for (size_t i = 0; i < G_N_ELEMENTS(line); i++) {
		const struct outcome *o = desk_run_line(line[i]);
		assert_int_equal(o->code, EXIT_FAILED);
		assert_says(o->err, "keyrack sync --once");
	}
	assert_false(g_file_test(nowhere, G_FILE_TEST_EXISTS));
}

static void without_a_configuration_it_is_said_what_to_write(void **state)
{
	(void)state;
	g_unsetenv("KEYRACK_ENDPOINT");
	g_unsetenv("KEYRACK_API_KEY");
	const struct outcome *o = desk_run("locks", NULL);

	assert_int_equal(o->code, EXIT_CONFIG);
	assert_says(o->err, "keyrack.conf");
	assert_says(o->err, "--print-config");
	assert_says(o->err, "'keyrack setup'");
	assert_says(o->err, "'keyrack demo'");
}

static void output_that_does_not_fit_is_a_failure(void **state)
{
	struct cli cli = { .now = NOW, .err = tmpfile() };
	char *argv[] = { (char *)(uintptr_t) "locks", NULL };

	(void)state;
	cli.out = fopen("/dev/full", "w");
	if (!cli.out)
		skip();
	assert_int_equal(cli_run(&cli, argv), EXIT_FAILED);
	assert_true(ftell(cli.err) > 0);
	cli_done(&cli);
	fclose(cli.out);
	fclose(cli.err);
}

/* "keyrack locks --json | head -1": the reader has what it wanted. */
static void a_reader_that_has_gone_is_no_failure(void **state)
{
	struct cli cli = { .now = NOW, .err = tmpfile() };
	char *argv[] = { (char *)(uintptr_t) "locks", (char *)(uintptr_t) "--json", NULL };
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	cli.out = fdopen(ends[1], "w");
	/* Each write fails by itself, long before the last flush. */
	setvbuf(cli.out, NULL, _IONBF, 0);
	assert_int_equal(cli_run(&cli, argv), EXIT_OK);
	assert_int_equal(ftell(cli.err), 0);
	cli_done(&cli);
	fclose(cli.out);
	fclose(cli.err);
}

/* ---- doctor ---- */

static void doctor_names_the_first_thing_that_is_wrong(void **state)
{
	(void)state;
	g_unsetenv("KEYRACK_ENDPOINT");
	g_unsetenv("KEYRACK_API_KEY");
	const struct outcome *o = desk_run("doctor", "--json", NULL);
	assert_int_equal(o->code, EXIT_FAILED);
	json_t *lines = lines_of(o);
	assert_string_equal(text_at(lines, 0, "check"), "configuration");
	assert_string_equal(text_at(lines, 0, "level"), "bad");
	assert_says(text_at(lines, 0, "remedy"), "--print-config");
	json_decref(lines);
}

static void doctor_goes_on_behind_a_server_that_is_away(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("doctor", "--json", NULL);
	json_t *lines = lines_of(o);

	assert_int_equal(o->code, EXIT_FAILED);
	assert_string_equal(json_string_value(json_object_get(
				    line_with(lines, "check", "configuration"), "level")),
			    "ok");
	assert_string_equal(json_string_value(json_object_get(
				    line_with(lines, "check", "credentials"), "level")),
			    "ok");
	assert_string_equal(
		json_string_value(json_object_get(line_with(lines, "check", "server"), "level")),
		"bad");
	assert_string_equal(
		json_string_value(json_object_get(line_with(lines, "check", "cache"), "level")),
		"ok");
	assert_silent_about(o->out, "seam_test_key");
	json_decref(lines);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest test[] = {
		DESK(tables_show_what_was_asked_for_and_no_pin_unasked),
		DESK(somebody_works_by_a_rota),
		DESK(locks_in_json_are_the_servers_objects),
		DESK(codes_in_json_have_the_apis_names_and_no_pin_unasked),
		DESK(events_in_json_say_who_and_hide_the_pin),
		DESK(an_ambiguous_name_lists_the_candidates),
		DESK(an_ambiguous_name_shows_ids_and_the_way_out),
		DESK(times_are_read_on_the_clock_that_prints_them),
		DESK(an_empty_list_of_events_says_so),
		DESK(a_reader_that_has_gone_is_no_failure),
		DESK(old_data_is_shown_and_its_age_is_said),
		DESK(without_a_cache_the_way_to_one_is_said),
		DESK(without_a_configuration_it_is_said_what_to_write),
		DESK(output_that_does_not_fit_is_a_failure),
		DESK(doctor_names_the_first_thing_that_is_wrong),
		DESK(doctor_goes_on_behind_a_server_that_is_away),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
