/* The feed's screen: what is looked for, what is folded, following and standing still. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "cache/export.h"
#include "desk.h"

/* An event that sync stores now; seconds before the house's moment. */
static void comes(struct desk *d, const char *id, const char *type, const char *lock, const char *code, int seconds,
		  int told_later_s)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct instant t = { HOUSE_NOW.ms - seconds * SECOND_MS };
	struct event e = { .event_id = id,
			   .event_type = type,
			   .device_id = lock,
			   .access_code_id = code,
			   .method = "keycode",
			   .occurred_at = t,
			   .created_at = instant_add_ms(t, told_later_s * SECOND_MS),
			   .object = "{}" };

	assert_int_equal(cache_put_event(sync, &e, NULL), CACHE_PUT_NEW);
}

static void tell(struct desk *d)
{
	app_changed(d->app, POKE_EVENTS);
	app_draw(d->app, &d->grid);
}

#define REFUSED "lock.access_denied"

static void who_opened_103_last_night_is_two_keys(void **state)
{
	struct desk *d = *state;

	press(d, "1 0 3 Enter"); /* the room: a field, and found */
	press(d, "v");
	assert_true(shows(d, "21:17:58"));
	assert_true(shows(d, "Rossi family"));
	assert_true(shows(d, "today, Sun 22 Nov"));
}

static const struct {
	const char *line, *shows, *hides;
} looked_for[] = {
	{ "lock:gym", "Gym", "Rossi" },
	{ "rossi", "Rossi", "Laundry" },
	{ "kind:unlock", "Rossi", "offline" },
	{ "kind:device-trouble", "offline", "Rossi" },
	{ "since:yesterday until:yesterday", "yesterday", "today" },
	{ "!rossi !gym !laundry", "offline", "Rossi" },
	{ "kind:denyed", "There is no kind 'denyed'", NULL },
	{ "room:204", "There is no 'room:'", NULL },
	{ "nobody", "0 events fit", "Rossi" },
	{ "lock:gym", "1 event", NULL },
};

static void the_list_narrows_while_one_types_and_says_what_it_does_not_understand(void **state)
{
	struct desk *d = *state;

	press(d, "v v"); /* every lock */
	for (size_t i = 0; i < G_N_ELEMENTS(looked_for); i++) {
		g_autofree char *keys = g_strdup_printf("/ =%s", looked_for[i].line);

		for (char *p = strchr(keys, '=') ; *p; p++)
			*p = *p == ' ' ? '_' : *p;
		press(d, keys);
		if (!shows(d, looked_for[i].shows) || (looked_for[i].hides && !hides(d, looked_for[i].hides)))
			fail_msg("while typing '%s'", looked_for[i].line);
		press(d, "Esc");
	}
}

static void the_filter_stays_visible_and_esc_clears_it_before_it_leaves(void **state)
{
	struct desk *d = *state;

	press(d, "v v / =rossi Enter");
	assert_true(shows(d, "/ rossi"));
	assert_true(hides(d, "Laundry"));
	press(d, "Esc");
	assert_true(shows(d, "Every lock"));
	assert_true(shows(d, "Laundry"));
	press(d, "Tab Tab Esc"); /* a kind too */
	assert_true(shows(d, "[everything]"));
	press(d, "Esc");
	assert_true(hides(d, "Every lock"));
}

static void three_tries_in_two_minutes_are_one_row_that_unfolds(void **state)
{
	struct desk *d = *state;

	for (int i = 0; i < 5; i++) {
		g_autofree char *id = g_strdup_printf("try-%d", i);

		comes(d, id, REFUSED, "lock-laundry", NULL, 100 + 10 * i, 0);
	}
	comes(d, "alone", REFUSED, "lock-103", NULL, 5, 0);
	press(d, "v v Tab Tab");
	assert_true(shows(d, "entry refused ×5 in 40 s"));
	assert_true(shows(d, "▸"));
	assert_true(shows(d, "21:16:20"));
	assert_true(hides(d, "21:16:30"));
	assert_true(shows(d, "21:17:55")); /* one try alone is itself */
	press(d, "Down Right");
	assert_true(shows(d, "▾"));
	assert_true(shows(d, "21:15:40"));
	press(d, "Down Down Left"); /* from within */
	assert_true(hides(d, "21:15:40"));
	assert_true(shows(d, "×5"));
}

static void what_repeats_is_folded_when_asked(void **state)
{
	struct desk *d = *state;

	for (int i = 0; i < 4; i++) {
		g_autofree char *id = g_strdup_printf("again-%d", i);

		comes(d, id, "lock.locked", "lock-gym", NULL, 10 + i, 0);
	}
	press(d, "v v");
	assert_true(hides(d, "×4"));
	press(d, "z");
	assert_true(shows(d, "locked ×4 in 3 s"));
	press(d, "z");
	assert_true(hides(d, "×4"));
}

static void it_follows_until_one_scrolls_and_then_counts(void **state)
{
	struct desk *d = *state;

	press(d, "v v");
	assert_true(shows(d, "following"));
	comes(d, "new-1", "lock.locked", "lock-gym", NULL, 1, 0);
	tell(d);
	assert_true(shows(d, "21:17:59"));
	assert_true(shows(d, "•")); /* marked as new for a moment */
	press(d, "Down Down");
	assert_true(shows(d, "paused"));
	comes(d, "new-2", "lock.unlocked", "lock-103", "code-rossi", 0, 0);
	comes(d, "new-3", "lock.locked", "lock-103", NULL, 0, 0);
	tell(d);
	assert_true(shows(d, "paused, 2 new: Home"));
	assert_true(hides(d, "21:18:00"));
	press(d, "Home");
	assert_true(shows(d, "following"));
	assert_true(shows(d, "21:18:00"));
}

static void what_does_not_fit_is_not_counted_as_new(void **state)
{
	struct desk *d = *state;

	press(d, "v v / =kind:unlock Enter Down");
	comes(d, "new-1", "lock.locked", "lock-gym", NULL, 1, 0);
	tell(d);
	assert_true(hides(d, "new:"));
	comes(d, "new-2", "lock.unlocked", "lock-103", "code-rossi", 0, 0);
	tell(d);
	assert_true(shows(d, "1 new"));
}

static void the_cursor_stays_on_its_event_when_others_come(void **state)
{
	struct desk *d = *state;

	press(d, "v v Down Down");
	assert_true(shows(d, "event-7")); /* its id, in the detail */
	comes(d, "new-1", "lock.locked", "lock-gym", NULL, 1, 0);
	tell(d);
	assert_true(shows(d, "event-7"));
	press(d, "Tab");
	assert_true(shows(d, "[doors]"));
}

static void a_late_event_goes_to_its_time_with_a_mark(void **state)
{
	struct desk *d = *state;

	comes(d, "late", "lock.unlocked", "lock-201", "code-dubois", 30 * 3600, 29 * 3600);
	press(d, "v v / =dubois_kind:unlock");
	assert_true(shows(d, "late 1d"));
	assert_true(shows(d, "Sat 21 Nov"));
	assert_true(shows(d, "after it happened"));
}

static void the_detail_says_how_the_name_came_there(void **state)
{
	static const struct {
		const char *line, *shows;
	} rows[] = {
		{ "rossi", "Rossi family: the lock named the code; keypad" },
		{ "how:remote", "no code was used" },
		{ "lock:gym", "unknown: this brand does not report the code; 3 were valid" },
		{ "rossi", "Sun 22 Nov 2026 21:17 CET" },
		{ "rossi", "Europe/Berlin" },
		{ "rossi", "(lock.unlocked)" },
		{ "mueller", "Mueller, J.: the event is about this code" },
	};
	struct desk *d = *state;

	press(d, "v v");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *keys = g_strdup_printf("/ =%s", rows[i].line);

		press(d, keys);
		assert_true(shows(d, rows[i].shows));
		press(d, "Esc");
	}
}

/* A thousand of them, to the end and back, and no gap at the joints of pages. */
static void a_long_list_is_walked_to_its_end_and_back(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);

	assert_true(cache_begin(sync, NULL));
	for (int i = 0; i < 3000; i++) {
		g_autofree char *id = g_strdup_printf("long-%d", i);
		struct instant t = { HOUSE_NOW.ms - (200000 + i * 7) * SECOND_MS };
		struct event e = { .event_id = id, .event_type = "lock.locked", .device_id = "lock-gym",
				   .occurred_at = t, .created_at = t, .object = "{}" };

		assert_int_equal(cache_put_event(sync, &e, NULL), CACHE_PUT_NEW);
	}
	assert_true(cache_commit(sync, NULL));
	press(d, "v v / =kind:lock_lock:gym Enter");
	assert_true(shows(d, "long-0\n"));
	for (int i = 1; i < 3000; i += 499) {
		for (int k = 0; k < 499 && i + k < 3000; k++)
			press(d, "Down");
		g_autofree char *want = g_strdup_printf("long-%d\n", MIN(i + 498, 2999));

		assert_true(shows(d, want));
	}
	press(d, "End");
	assert_true(shows(d, "long-2999\n"));
	for (int i = 0; i < 2999; i++)
		press(d, "Up");
	assert_true(shows(d, "long-0\n"));
	assert_true(shows(d, "following"));
	press(d, "End");
	assert_true(shows(d, "long-2999\n"));
	press(d, "g");
	assert_true(shows(d, "long-0\n"));
}

/* ---- export ---- */

static void until_done(struct desk *d, const char *words)
{
	for (int i = 0; i < 5000; i++) {
		g_autofree char *text = NULL;

		app_draw(d->app, &d->grid);
		text = screen_text(d);
		if (strstr(text, words))
			return;
		g_main_context_iteration(NULL, TRUE);
	}
	assert_true(shows(d, words));
}

static void export_as(struct desk *d, const char *name, const char *until)
{
	g_autofree char *keys = g_strdup_printf("X Ctrl-U =%s/%s Enter", d->folder, name);

	press(d, keys);
	until_done(d, until);
}

static char *file_text(struct desk *d, const char *name)
{
	g_autofree char *path = g_build_filename(d->folder, name, NULL);
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

static bool act_noted(struct desk *d, const char *words)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	g_autofree char *wal = g_strconcat(path, "-wal", NULL), *bytes = NULL;
	gsize n = 0;

	return g_file_get_contents(wal, &bytes, &n, NULL) && memmem(bytes, n, words, strlen(words)) != NULL;
}

static void what_is_shown_is_exported_with_its_digest(void **state)
{
	struct desk *d = *state;

	comes(d, "evil", "lock.unlocked", "lock-laundry", "code-evil", 50, 0);
	press(d, "v v / =kind:unlock Enter");
	export_as(d, "out.csv", "are in");
	g_autofree char *csv = file_text(d, "out.csv"), *sum = file_text(d, "out.csv.sha256");
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, csv, -1);
	g_autofree char *line = g_strdup_printf("%s  out.csv\n", digest);

	assert_string_equal(sum, line);
	assert_non_null(strstr(csv, "\"Rossi family\""));
	assert_null(strstr(csv, "offline"));
	assert_null(strchr(csv, '\x1b'));
	/* oldest first, whole rows */
	assert_true(strstr(csv, "Anna Berg") < strstr(csv, "Rossi family"));
	assert_true(act_noted(d, "events exported"));
	assert_true(act_noted(d, digest));
}

static void nothing_is_exported_as_no_file(void **state)
{
	struct desk *d = *state;
	g_autofree char *csv = NULL;

	press(d, "v v / =nobody-at-all Enter");
	export_as(d, "none.csv", "no file was written");
	csv = file_text(d, "none.csv");
	assert_null(csv);
	assert_false(act_noted(d, "events exported"));
}

static void json_lines_are_objects_without_pins(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct event e = { .event_id = "typed",
			   .event_type = "lock.unlocked",
			   .device_id = "lock-gym",
			   .code = "118264",
			   .method = "keycode",
			   .occurred_at = HOUSE_NOW,
			   .created_at = HOUSE_NOW,
			   .object = "{\"event_id\":\"typed\",\"code\":\"118264\"}" };

	assert_int_equal(cache_put_event(sync, &e, NULL), CACHE_PUT_NEW);
	press(d, "v v");
	export_as(d, "out.jsonl", "are in");
	g_autofree char *text = file_text(d, "out.jsonl");

	assert_non_null(strstr(text, "\"code\":null"));
	assert_non_null(strstr(text, "\"who\":\"Priya N.\""));
	assert_null(strstr(text, "118264"));
}

static void a_night_is_printed_as_a_page(void **state)
{
	struct desk *d = *state;
	g_autofree char *keys = g_strdup_printf("v v / =kind:unlock Enter p Ctrl-U =%s/page.txt Enter", d->folder);

	press(d, keys);
	g_autofree char *text = file_text(d, "page.txt");

	assert_non_null(text);
	assert_non_null(strstr(text, "Harbour House: what happened, Every lock"));
	assert_non_null(strstr(text, "  21:17:58  103 Sea: unlocked, Rossi family, keypad"));
	assert_null(strstr(text, "offline"));
	assert_true(strstr(text, "Anna Berg") < strstr(text, "Rossi family"));
	press(d, "Esc / =nobody Enter p");
	assert_true(shows(d, "There is nothing to print."));
}

static void a_name_that_a_spreadsheet_would_compute_is_text(void **state)
{
	static const struct {
		const char *who, *cell;
	} rows[] = {
		{ "=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"" },
		{ "+1", "\"'+1\"" },
		{ "-1", "\"'-1\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "Anna, B.", "\"Anna, B.\"" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct event_row row = { .who = rows[i].who, .event = { .event_type = "lock.unlocked",
					 .occurred_at = HOUSE_NOW, .created_at = HOUSE_NOW } };
		g_autoptr(GString) out = g_string_new(NULL);

		export_csv_row(out, &row, zone_get("Europe/Berlin"));
		if (!strstr(out->str, rows[i].cell))
			fail_msg("%s is written %s", rows[i].who, out->str);
	}
}

static void a_file_that_is_there_is_asked_about(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "old.csv", NULL);

	assert_true(g_file_set_contents(path, "precious", -1, NULL));
	press(d, "v v");
	export_as(d, "old.csv", "Replace");
	press(d, "Esc");
	g_autofree char *kept = file_text(d, "old.csv");

	assert_string_equal(kept, "precious");
	export_as(d, "old.csv", "Replace");
	press(d, "y");
	until_done(d, "are in");
	g_autofree char *now = file_text(d, "old.csv");

	assert_non_null(strstr(now, "Rossi"));
}

static void what_cannot_be_written_is_said_and_leaves_nothing(void **state)
{
	static const struct {
		const char *name, *said;
		bool full;
	} rows[] = {
		{ "out.xls", "ends in .csv or .jsonl", false },
		{ "no/such/folder/out.csv", "No such file or directory", false },
		{ "full.csv", "File too large", true },
	};
	struct desk *d = *state;
	struct rlimit before, little = { 100, RLIM_INFINITY };
	g_autofree char *text = NULL;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	little.rlim_max = before.rlim_max;
	press(d, "v v");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].full)
			setrlimit(RLIMIT_FSIZE, &little);
		export_as(d, rows[i].name, rows[i].said);
		setrlimit(RLIMIT_FSIZE, &before);
		press(d, "Down");
	}
	text = file_text(d, "full.csv");
	assert_null(text);
	GDir *dir = g_dir_open(d->folder, 0, NULL);

	for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
		assert_null(strstr(name, ".part-"));
	g_dir_close(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(who_opened_103_last_night_is_two_keys),
		on_a_desk(the_list_narrows_while_one_types_and_says_what_it_does_not_understand),
		on_a_desk(the_filter_stays_visible_and_esc_clears_it_before_it_leaves),
		on_a_desk(three_tries_in_two_minutes_are_one_row_that_unfolds),
		on_a_desk(what_repeats_is_folded_when_asked),
		on_a_desk(it_follows_until_one_scrolls_and_then_counts),
		on_a_desk(what_does_not_fit_is_not_counted_as_new),
		on_a_desk(the_cursor_stays_on_its_event_when_others_come),
		on_a_desk(a_late_event_goes_to_its_time_with_a_mark),
		on_a_desk(the_detail_says_how_the_name_came_there),
		on_a_desk(what_is_shown_is_exported_with_its_digest),
		on_a_desk(nothing_is_exported_as_no_file),
		on_a_desk(json_lines_are_objects_without_pins),
		on_a_desk(a_night_is_printed_as_a_page),
		on_a_desk(a_name_that_a_spreadsheet_would_compute_is_text),
		on_a_desk(a_file_that_is_there_is_asked_about),
		on_a_desk(what_cannot_be_written_is_said_and_leaves_nothing),
		on_a_desk(a_long_list_is_walked_to_its_end_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
