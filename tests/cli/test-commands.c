/* Commands against a small house in a cache, without a server: what people and programs read, and
 * what lies in the outbox afterwards. */
#include "config.h"

#include "tests/cli/desk.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* ---- reading ---- */

/* The lines of the last output as JSON objects; the caller drops them. */
static json_t *lines_of(const struct outcome *o)
{
	g_auto(GStrv) line = g_strsplit(o->out, "\n", -1);
	json_t *all = json_array();

	for (char **l = line; *l && **l; l++) {
		json_error_t e;
		json_t *v = json_loads(*l, 0, &e);
		if (!v || !json_is_object(v))
			fail_msg("%s in: %s", e.text, *l);
		json_array_append_new(all, v);
	}
	return all;
}

static const char *text_at(json_t *lines, size_t i, const char *key)
{
	return json_string_value(json_object_get(json_array_get(lines, i), key));
}

/* The line whose member key has this text. */
static json_t *line_with(json_t *lines, const char *key, const char *text)
{
	size_t i;
	json_t *v;

	json_array_foreach(lines, i, v) {
		const char *s = json_string_value(json_object_get(v, key));
		if (s && strcmp(s, text) == 0)
			return v;
	}
	fail_msg("no line has %s %s", key, text);
	return NULL;
}

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
		{ "rota add --name Ines --hours 'mon-fri 8-14' --lock Gym --last 2027-01-29", EXIT_OK, "Ines, Mon-Fri 08:00-14:00", NULL },
		{ "rota add --name 1 --hours 'mon-fri 8-14' --lock Gym", EXIT_OK, "Rota 2", NULL },
		{ "rota end 1 --yes", EXIT_NOT_FOUND, "or one has that number", NULL },
		{ "rota end 2 --yes", EXIT_OK, "has ended", NULL },
		{ "rota add --name Rui --hours 'mon-fri 8-14' --lock Gym --lock Gym", EXIT_USAGE, "that door is given twice", NULL },
		{ "rota add --name Rui --hours 'mon-fri 8-14' --lock Gym --last 2020-01-01", EXIT_USAGE, "that day is over", NULL },
		{ "rota add --name Rui --hours 'mon-fri 8-14' --lock Gym --first 2026-12-24 --last 2026-12-01", EXIT_USAGE,
		  "must not come before", NULL },
		{ "rota add --name Rui --hours 'mon-fri 8-14' --lock Gym --first 9999-01-01", EXIT_USAGE, "more than ten years", NULL },
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
	assert_says(o->err, "./bootstrap demo");
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

/* ---- writing ---- */

/* The only intent that waits, as --json prints it with its PIN. */
static json_t *the_intent(void)
{
	json_t *lines = lines_of(desk_run("outbox", "--json", "--pins", NULL));

	assert_int_equal(json_array_size(lines), 1);
	json_t *in = json_incref(json_array_get(lines, 0));
	json_decref(lines);
	return in;
}

static json_t *param(json_t *intent, const char *key)
{
	return json_object_get(json_object_get(intent, "params"), key);
}

static const char *param_text(json_t *intent, const char *key)
{
	return json_string_value(param(intent, key));
}

static char *pin_file(void **state, const char *text)
{
	char *path = g_build_filename(desk_house(state)->folder, "pin", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static void a_new_code_waits_in_the_outbox_with_what_the_server_takes(void **state)
{
	g_autofree char *path = pin_file(state, "  739182 \n");
	const struct outcome *o =
		desk_run("code", "create", "--lock", "Gym", "--name", "Haddad, Leila", "--from",
			 "tomorrow 15:00", "--until", "+3n 11:00", "--pin-file", path,
			 "--just-in-time", "--external-ok", NULL);

	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->out, "Mon 23 Nov 2026 15:00 CET");
	assert_says(o->out, "Thu 26 Nov 2026 11:00 CET");
	assert_says(o->out, "queued");
	assert_silent_about(o->out, "739182");
	assert_silent_about(o->err, "739182");
	json_t *in = the_intent();
	assert_string_equal(json_string_value(json_object_get(in, "kind")), "create");
	assert_string_equal(json_string_value(json_object_get(in, "state")), "queued");
	assert_string_equal(param_text(in, "device_id"), "dev-gym");
	assert_string_equal(param_text(in, "name"), "Haddad, Leila");
	assert_string_equal(param_text(in, "code"), "739182");
	assert_string_equal(param_text(in, "starts_at"), "2026-11-23T14:00:00.000Z");
	assert_string_equal(param_text(in, "ends_at"), "2026-11-26T10:00:00.000Z");
	assert_true(json_is_false(param(in, "prefer_native_scheduling")));
	assert_true(json_is_true(param(in, "is_external_modification_allowed")));
	assert_non_null(param_text(in, "common_code_key"));
	assert_null(param(in, "is_offline_access_code"));
	json_decref(in);
}

static void a_pin_is_made_that_fits_every_door_and_is_the_same(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("code", "create", "--lock", "Gym", "--lock",
					   "101 Garden", "--lock", "Gym", "--name", "Both", NULL);

	assert_int_equal(o->code, EXIT_OK);
	json_t *lines = lines_of(desk_run("outbox", "--json", "--pins", NULL));
	assert_int_equal(json_array_size(lines), 2);
	const char *a = param_text(json_array_get(lines, 0), "code");
	const char *b = param_text(json_array_get(lines, 1), "code");
	assert_int_equal(strlen(a), 6);
	assert_string_equal(a, b);
	assert_null(param(json_array_get(lines, 0), "starts_at"));
	json_decref(lines);
}

static void a_pin_in_use_is_refused_with_the_holder_and_nothing_is_queued(void **state)
{
	g_autofree char *path = pin_file(state, PIN_ANNA "\n");
	const struct outcome *o = desk_run("code", "create", "--lock", "101", "--name", "New",
					   "--pin-file", path, NULL);

	assert_int_equal(o->code, EXIT_USAGE);
	assert_says(o->err, "Anna Berg");
	assert_silent_about(o->err, PIN_ANNA);
	o = desk_run("code", "edit", "Ito", "--pin-file", path, NULL);
	assert_int_equal(o->code, EXIT_USAGE);
	assert_says(o->err, "Anna Berg");
	assert_string_equal(desk_run("outbox", "--json", NULL)->out, "");
}

/* Ito has 101 from tomorrow 21:18 for two days. */
static void a_double_booking_is_warned_of_and_made_all_the_same(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("code", "create", "--lock", "101", "--name", "New", "--from",
					   "+2n 15:00", "--until", "+1n 11:00", NULL);

	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->err, "Ito has 101 Garden from tomorrow 21:18 until Wed 21:18");
	o = desk_run("code", "create", "--lock", "Gym", "--name", "New", "--until", "+1n", NULL);
	assert_silent_about(o->err, " has ");
}

static void a_pin_that_breaks_the_locks_rules_is_refused(void **state)
{
	g_autofree char *path = pin_file(state, "73918\n");
	const struct outcome *o = desk_run("code", "create", "--lock", "101", "--name", "New",
					   "--pin-file", path, NULL);

	assert_int_equal(o->code, EXIT_USAGE);
	assert_says(o->err, "101 Garden: ");
	assert_silent_about(o->err, "73918");
	assert_string_equal(desk_run("outbox", "--json", NULL)->out, "");
}

static const struct {
	const char *line;
	const char *key[3], *text[3];
	size_t members; /* of the parameters, access_code_id among them */
} edit_row[] = {
	{ "code edit 'Anna Berg' --name Anna", { "name" }, { "Anna" }, 2 },
	{ "code edit Ito --until +5d", { "starts_at", "ends_at" },
	  { "2026-11-23T20:18:00.000Z", "2026-11-30T20:18:00.000Z" }, 3 },
	{ "code edit Ito --ongoing", { "type" }, { "ongoing" }, 2 },
	{ "code edit 'Anna Berg' --until +2h", { "starts_at", "ends_at" },
	  { "2026-11-22T20:18:00.000Z", "2026-11-22T22:18:00.000Z" }, 3 },
};

static void an_edit_sends_what_is_to_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(edit_row); i++) {
		const struct outcome *o = desk_run_line(edit_row[i].line);
		if (o->code != EXIT_OK)
			fail_msg("%s: %d %s", edit_row[i].line, o->code, o->err);
		json_t *in = the_intent();
		assert_string_equal(json_string_value(json_object_get(in, "kind")), "update");
		assert_int_equal(json_object_size(json_object_get(in, "params")),
				 edit_row[i].members);
		for (size_t j = 0; j < 3 && edit_row[i].key[j]; j++)
			assert_string_equal(param_text(in, edit_row[i].key[j]),
					    edit_row[i].text[j]);
		g_autofree char *withdraw = g_strdup_printf(
			"outbox withdraw %d",
			(int)json_integer_value(json_object_get(in, "intent_no")));
		json_decref(in);
		assert_int_equal(desk_run_line(withdraw)->code, EXIT_OK);
	}
}

static const struct {
	const char *line, *kind, *key, *text;
} other_row[] = {
	{ "code delete Ito --yes", "delete", "access_code_id", "code-ito" },
	{ "code delete Plumber --yes", "delete_unmanaged", "access_code_id", "code-stray" },
	{ "lock Gym", "lock", "device_id", "dev-gym" },
	{ "unlock Gym --yes", "unlock", "device_id", "dev-gym" },
};

static void other_wishes_are_queued_too_and_can_be_taken_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(other_row); i++) {
		const struct outcome *o = desk_run_line(other_row[i].line);
		if (o->code != EXIT_OK)
			fail_msg("%s: %d %s", other_row[i].line, o->code, o->err);
		json_t *in = the_intent();
		assert_string_equal(json_string_value(json_object_get(in, "kind")),
				    other_row[i].kind);
		assert_string_equal(param_text(in, other_row[i].key), other_row[i].text);
		g_autofree char *withdraw = g_strdup_printf(
			"outbox withdraw %d",
			(int)json_integer_value(json_object_get(in, "intent_no")));
		json_decref(in);
		assert_int_equal(desk_run_line(withdraw)->code, EXIT_OK);
		assert_string_equal(desk_run("outbox", "--json", NULL)->out, "");
	}
	assert_int_equal(desk_run("outbox", "withdraw", "999", NULL)->code, EXIT_NOT_FOUND);
}

static void a_delete_says_that_the_backup_goes_on(void **state)
{
	const struct outcome *o;

	(void)state;
	o = desk_run("code", "delete", "Dubois", "--yes", NULL);
	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->err, "Its backup code goes on opening until ");
	assert_says(o->err, "revoke that too");
	json_t *in = the_intent();
	g_autofree char *withdraw =
		g_strdup_printf("outbox withdraw %d",
				(int)json_integer_value(json_object_get(in, "intent_no")));
	json_decref(in);
	assert_int_equal(desk_run_line(withdraw)->code, EXIT_OK);
}

static void waiting_without_sync_ends_and_the_wish_stays_queued(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("code", "create", "--lock", "Gym", "--name", "Late",
					   "--wait", "--timeout", "1", NULL);

	assert_int_equal(o->code, EXIT_TIMEOUT);
	assert_says(o->err, "stays queued");
	json_t *in = the_intent();
	assert_string_equal(json_string_value(json_object_get(in, "state")), "queued");
	json_decref(in);
}

static void what_the_server_refused_is_shown_with_its_reasons(void **state)
{
	struct cache *c = desk_house(state)->sync;
	g_autoptr(GError) err = NULL;

	assert_int_equal(desk_run("code", "edit", "Ito", "--name", "I", NULL)->code, EXIT_OK);
	json_t *in = the_intent();
	int64_t no = json_integer_value(json_object_get(in, "intent_no"));
	json_decref(in);
	outbox_sending(c, no, NOW, &err);
	assert_no_error(err);
	outbox_refused(c, no, 400, "invalid_input", "name is too short",
		       "{\"_errors\":[],\"name\":{\"_errors\":[\"two letters at least\"]}}", &err);
	assert_no_error(err);
	const struct outcome *o = desk_run("outbox", NULL);
	assert_says(o->out, "refused");
	assert_says(o->out, "name is too short");
	assert_says(o->out, "name: two letters at least");
	json_t *lines = lines_of(desk_run("outbox", "--json", NULL));
	json_t *error = json_object_get(json_array_get(lines, 0), "error");
	assert_string_equal(json_string_value(json_object_get(error, "type")), "invalid_input");
	assert_true(json_is_object(json_object_get(error, "validation_errors")));
	json_decref(lines);
	/* It cannot be taken back any more; it can be put aside. */
	/* Asked for again it is another entry; the refused one is put aside, and not asked for a third time. */
	g_autofree char *retry = g_strdup_printf("outbox retry %d", (int)no);
	g_autofree char *second = g_strdup_printf("outbox withdraw %d", (int)no + 1);
	assert_int_equal(desk_run_line(second)->code, EXIT_NOT_FOUND);
	assert_int_equal(desk_run("outbox", "--state", "refused", "--json", NULL)->code, EXIT_OK);
	assert_int_equal(desk_run("outbox", "--state", "lost", NULL)->code, EXIT_USAGE);
	assert_int_equal(desk_run("outbox", "retry", "999", NULL)->code, EXIT_NOT_FOUND);
	assert_int_equal(desk_run_line(retry)->code, EXIT_OK);
	assert_says(desk_run("outbox", "--state", "waiting", NULL)->out, "queued");
	assert_string_equal(desk_run("outbox", "--state", "refused", "--json", NULL)->out, "");
	assert_says(desk_run("outbox", "--state", "aside", NULL)->out, "refused");
	o = desk_run_line(retry);
	assert_int_equal(o->code, EXIT_REFUSED);
	assert_says(o->err, "asked for again already");
	assert_int_equal(desk_run_line(second)->code, EXIT_OK);
	g_autofree char *withdraw = g_strdup_printf("outbox withdraw %d", (int)no);
	g_autofree char *dismiss = g_strdup_printf("outbox dismiss %d", (int)no);
	o = desk_run_line(withdraw);
	assert_int_equal(o->code, EXIT_REFUSED);
	assert_says(o->err, "keyrack outbox dismiss");
	assert_int_equal(desk_run_line(dismiss)->code, EXIT_OK);
	assert_string_equal(desk_run("outbox", "--json", NULL)->out, "");
	assert_int_equal(desk_run("outbox", "dismiss", "999", NULL)->code, EXIT_NOT_FOUND);
}

static void a_door_is_named_once(void **state)
{
	(void)state;
	assert_int_equal(desk_run("unlock", "Gym", "--yes", NULL)->code, EXIT_OK);
	const struct outcome *o = desk_run("outbox", NULL);
	assert_says(o->out, "unlock Gym");
	assert_silent_about(o->out, "on Gym");
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
		DESK(a_door_is_named_once),
		DESK(old_data_is_shown_and_its_age_is_said),
		DESK(without_a_cache_the_way_to_one_is_said),
		DESK(without_a_configuration_it_is_said_what_to_write),
		DESK(output_that_does_not_fit_is_a_failure),
		DESK(a_new_code_waits_in_the_outbox_with_what_the_server_takes),
		DESK(a_pin_is_made_that_fits_every_door_and_is_the_same),
		DESK(a_pin_in_use_is_refused_with_the_holder_and_nothing_is_queued),
		DESK(a_double_booking_is_warned_of_and_made_all_the_same),
		DESK(a_pin_that_breaks_the_locks_rules_is_refused),
		DESK(an_edit_sends_what_is_to_change),
		DESK(other_wishes_are_queued_too_and_can_be_taken_back),
		DESK(a_delete_says_that_the_backup_goes_on),
		DESK(waiting_without_sync_ends_and_the_wish_stays_queued),
		DESK(what_the_server_refused_is_shown_with_its_reasons),
		DESK(doctor_names_the_first_thing_that_is_wrong),
		DESK(doctor_goes_on_behind_a_server_that_is_away),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
