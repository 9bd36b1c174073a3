/* test-locks - the round of the locks, the strays, and codes that are easily confused: keys pressed,
 * words looked for. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk.h"

/* ---- helpers ---- */

struct put {
	const char *id, *lock, *name, *pin;
	bool managed;
	enum tri cannot_be_managed, cannot_delete;
};

static void put_code(struct desk *d, const struct put *p)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct access_code ac = {
		.access_code_id = p->id, .device_id = p->lock, .managed = p->managed, .type = "ongoing",
		.status = "set", .name = p->name, .code = p->pin, .starts_at = INSTANT_NONE,
		.ends_at = INSTANT_NONE, .created_at = { HOUSE_NOW.ms - DAY_MS },
		.is_offline_access_code = TRI_NO, .cannot_be_managed = p->cannot_be_managed,
		.cannot_delete = p->cannot_delete,
	};

	assert_int_equal(cache_put_code(sync, &ac, 0, NULL), CACHE_PUT_NEW);
	app_changed(d->app, POKE_CODES);
	app_draw(d->app, &d->grid);
}

static int row_with(struct desk *d, const char *words)
{
	g_autofree char *text = screen_text(d);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (int i = 2; lines[i]; i++)
		if (strstr(lines[i], words))
			return i;
	fail_msg("\"%s\" is not in:\n%s", words, text);
	return -1;
}

/* ---- the round ---- */

static void the_round_begins_with_what_cannot_wait(void **state)
{
	struct desk *d = *state;

	press(d, "F4");
	assert_true(row_with(d, "201 Sea") < row_with(d, "Gym "));
	assert_true(row_with(d, "Gym ") < row_with(d, "101 Garden"));
	assert_true(row_with(d, "Laundry") < row_with(d, "101 Garden"));
	assert_true(shows(d, "201 Sea · Sea wing · SmartThings · offline since 19:20 (1 h 58 m)"));
	assert_true(shows(d, "Check its batteries and Wi-Fi"));
}

static void both_keys_lead_to_each_screen(void **state)
{
	static const struct {
		const char *key, *words;
	} rows[] = { { "F4", "Rack › Locks" }, { "R", "Rack › Locks" }, { "F5", "Rack › Strays" },
		     { "U", "Rack › Strays" } };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].key);
		assert_true(shows(d, rows[i].words));
		press(d, "Esc");
	}
}

/* Laundry has two places: staff for ever, and a guest of Thursday that is stored three days before. */
static void memory_says_the_day_on_which_it_is_full(void **state)
{
	struct desk *d = *state;

	press(d, "F4");
	assert_true(shows(d, "1/2"));
	assert_true(shows(d, "Tue 24 Nov"));
	press(d, "Down Down Down Down Down Down Down Down Up");
	while (row_with(d, "Laundry") != d->grid.cursor_row)
		press(d, d->grid.cursor_row < row_with(d, "Laundry") ? "Down" : "Up");
	assert_true(shows(d, "1 of 2 codes on it; full on Tue 24 Nov"));
	assert_true(shows(d, "Its battery is at 17 %: change it."));
}

static void each_column_can_lead(void **state)
{
	static const struct {
		const char *said, *first;
	} rows[] = {
		{ "battery, the lowest first", "Laundry" },
		{ "how long it has been offline", "201 Sea" },
		{ "trouble with the account", "Gym" }, /* nobody has any: floor order */
		{ "trouble with its clock", "Gym" },
		{ "the day its memory is full", "Gym" },
		{ "stray codes", "Veranstaltungssaal" },
		{ "the longest silence", "104 Sea" },
		{ "place", "Gym" },
		{ "name", "101 Garden" },
		{ "trouble, the worst first", "201 Sea" },
	};
	struct desk *d = *state;

	press(d, "F4");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "s");
		assert_true(shows(d, rows[i].said));
		press(d, "Home");
		assert_int_equal(row_with(d, rows[i].first), 2);
	}
}

static void grouped_the_cursor_is_never_on_a_place(void **state)
{
	struct desk *d = *state;

	press(d, "F4 P");
	assert_true(row_with(d, "Basement") < row_with(d, "Garden wing"));
	for (int i = 0; i < 10; i++) {
		int row = d->grid.cursor_row;

		assert_int_not_equal(row, row_with(d, "Garden wing"));
		press(d, i < 6 ? "Down" : "Up");
		assert_true(i >= 6 || d->grid.cursor_row > row || i == 5 || d->grid.cursor_row >= row);
	}
	press(d, "Home");
	assert_int_equal(d->grid.cursor_row, 3); /* under the first place */
	press(d, "P");
	assert_true(hides(d, "\n Basement\n"));
}

static void enter_opens_the_lock_and_its_rules_are_words(void **state)
{
	static const char *const words[] = {
		"4 to 6 digits", "1 of 2 codes on it; full on Tue 24 Nov", "the lock keeps them itself",
		"A guest comes in from the very minute", "it names the code that was used", "read back",
	};
	struct desk *d = *state;

	press(d, "F4");
	while (row_with(d, "Laundry") != d->grid.cursor_row)
		press(d, "Down");
	press(d, "Enter");
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		assert_true(shows(d, words[i]));
	press(d, "Esc / =201 Enter Enter");
	assert_true(shows(d, "Locks"));
}

static void a_lock_without_a_schedule_says_what_that_means(void **state)
{
	struct desk *d = *state;

	press(d, "F4 Enter"); /* 201 Sea: SmartThings */
	assert_true(shows(d, "up to an hour before its start"));
	assert_true(shows(d, "the code goes on opening until the lock is back"));
}

/* ---- the walk list ---- */

static char *read_file(const char *path)
{
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("%s was not written", path);
	return text;
}

/* Whatever is offered is wiped and replaced by a name in the test's own folder. */
static void name_it(struct desk *d, const char *path)
{
	g_autofree char *keys = g_strdup_printf("Ctrl-U =%s Enter", path);

	press(d, keys);
}

static void the_walk_list_goes_floor_by_floor(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "walk.txt", NULL), *text = NULL, *again = NULL;
	struct stat st;

	press(d, "F4 p");
	assert_true(shows(d, "walk-list-2026-11-22.txt"));
	name_it(d, path);
	assert_true(shows(d, "Written for you alone: "));
	text = read_file(path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_non_null(strstr(text, "2 of 8 locks, floor by floor"));
	assert_true(strstr(text, "[ ] Laundry") < strstr(text, "[ ] 201 Sea"));
	assert_non_null(strstr(text, "offline since Sun 22 Nov 2026 19:20 CET"));
	assert_non_null(strstr(text, "17 %"));
	assert_null(strstr(text, "101 Garden"));

	/* What is there is not written over unasked. */
	assert_true(g_file_set_contents(path, "mine", -1, NULL));
	press(d, "p");
	name_it(d, path);
	assert_true(shows(d, "There is a file of this name already"));
	press(d, "Enter");
	again = read_file(path);
	assert_string_equal(again, "mine");
}

static bool said(struct desk *d, const char *words, int64_t deadline_us)
{
	while (g_get_monotonic_time() < deadline_us) {
		if (d->app->message && strstr(d->app->message, words))
			return true;
		g_main_context_iteration(NULL, FALSE);
		g_usleep(1000);
	}
	return false;
}

static void lp_prints_it_and_what_became_of_it_is_said(void **state)
{
	static const struct {
		const char *script, *words;
	} rows[] = {
		{ "#!/bin/sh\ncat >\"$KEYRACK_TEST_PAPER\"\n", "With the printer: walk list" },
		{ "#!/bin/sh\nexit 1\n", "Not printed (walk list)" },
	};
	struct desk *d = *state;
	g_autofree char *lp = g_build_filename(d->folder, "lp", NULL);
	g_autofree char *paper = g_build_filename(d->folder, "paper", NULL), *text = NULL;
	g_autofree char *path = g_strdup(g_getenv("PATH"));
	g_autofree char *first = g_strdup_printf("%s:%s", d->folder, path);

	g_setenv("PATH", first, TRUE);
	g_setenv("KEYRACK_TEST_PAPER", paper, TRUE);
	press(d, "F4");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_true(g_file_set_contents_full(lp, rows[i].script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
		press(d, "p");
		name_it(d, "lp");
		assert_true(said(d, rows[i].words, g_get_monotonic_time() + 20 * G_USEC_PER_SEC));
	}
	g_setenv("PATH", path, TRUE);
	text = read_file(paper);
	assert_non_null(strstr(text, "[ ] Laundry"));
}

/* ---- strays ---- */

static void a_stray_tells_who_it_might_be_and_hides_its_pin(void **state)
{
	static const struct put strays[] = {
		{ "s1", "lock-101", "by hand", "4821", false, TRI_UNKNOWN, TRI_UNKNOWN },
		{ "s2", "lock-102", "nearly", "9035", false, TRI_UNKNOWN, TRI_UNKNOWN },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(strays); i++)
		put_code(d, &strays[i]);
	press(d, "F5 Home");
	assert_true(shows(d, "same PIN: Anna Berg"));
	assert_true(shows(d, "near: Mueller, J."));
	assert_true(hides(d, "4821"));
	assert_true(hides(d, "9035"));
	assert_true(shows(d, "Beside Anna Berg, a managed code of this lock, the PIN is the same"));
	press(d, "p");
	assert_true(shows(d, "4821"));
	assert_true(hides(d, "9035"));
}

static void strays_are_marked_and_dealt_with_together(void **state)
{
	static const struct put strays[] = {
		{ "s1", "lock-101", "by hand", "4821", false, TRI_UNKNOWN, TRI_UNKNOWN },
		{ "s2", "lock-102", "nearly", "9035", false, TRI_UNKNOWN, TRI_UNKNOWN },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(strays); i++)
		put_code(d, &strays[i]);
	press(d, "F5 Home Space Space");
	assert_true(shows(d, "2 codes marked"));
	assert_true(shows(d, "◆101 Garden"));
	press(d, "a");
	assert_true(shows(d, "Adopt what is marked"));
	press(d, "a");
	cache_list_free(outbox(d, 2));
	assert_true(hides(d, "codes marked"));
	assert_true(hides(d, "◆"));
}

/* Three keys each: the screen, the verb, yes. */
static void adopt_and_evict_cost_three_keys(void **state)
{
	static const struct {
		const char *keys, *question;
		enum intent_kind kind;
	} rows[] = {
		{ "F5 a", "Manage left over on", INTENT_ADOPT },
		{ "F5 e", "Evict left over from", INTENT_DELETE_UNMANAGED },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].question));
		press(d, "y");
		OWN(cache_list) struct cache_list *list = outbox(d, (guint)i + 1);
		const struct intent *in = cache_list_at(list, struct intent, 0);

		assert_int_equal(in->kind, rows[i].kind);
		assert_param(in, "access_code_id", "code-stray");
		press(d, "Esc");
	}
}

/* F4 is the round, and p on it the list: what a night costs. */
static void the_round_costs_one_key_and_the_list_one_more(void **state)
{
	struct desk *d = *state;

	press(d, "F4");
	assert_true(shows(d, "BATT"));
	assert_true(shows(d, "OFFLINE"));
	press(d, "p");
	assert_true(shows(d, "Write it to which file? (walk list)"));
}

static void enter_evicts_nobody(void **state)
{
	struct desk *d = *state;

	press(d, "F5 e Enter");
	cache_list_free(outbox(d, 0));
}

static void what_its_maker_forbids_is_said(void **state)
{
	static const struct {
		struct put code;
		const char *advice, *key, *refusal;
	} rows[] = {
		{ { "s1", "lock-101", "aaa", "7312", false, TRI_YES, TRI_UNKNOWN },
		  "its maker lets nobody else manage it", "a", "does not let anybody else manage" },
		{ { "s2", "lock-101", "bbb", "7312", false, TRI_UNKNOWN, TRI_YES },
		  "it can be deleted in its maker's own app only", "e", "can only be deleted in the lock maker's" },
		{ { "s3", "lock-101", "ccc", "7312", false, TRI_YES, TRI_YES },
		  "It can be managed and deleted in its maker's own app only", "e", "can only be deleted" },
	};
	struct desk *d = *state;

	press(d, "F5");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		put_code(d, &rows[i].code);
		press(d, "Home");
		for (size_t down = 0; down < i; down++)
			press(d, "Down");
		assert_true(shows(d, rows[i].advice));
		press(d, rows[i].key);
		assert_true(shows(d, rows[i].refusal));
		cache_list_free(outbox(d, 0));
	}
}

static void what_is_left_alone_has_a_reason_and_can_be_taken_back(void **state)
{
	static const struct put stray = { "s1", "lock-101", "plumber", "7312", false, TRI_UNKNOWN, TRI_UNKNOWN };
	struct desk *d = *state;

	put_code(d, &stray);
	press(d, "F5 Home i");
	assert_true(shows(d, "Why is plumber on 101 Garden left alone?"));
	press(d, "Enter");
	assert_true(shows(d, "Nothing is written there yet"));
	press(d, "=comes_on_Tuesdays Enter");
	assert_true(shows(d, "plumber is left alone"));
	assert_true(row_with(d, "left: comes on Tuesdays") > row_with(d, "left over"));
	assert_true(shows(d, "on Sun 22 Nov 2026 21:18 CET: comes on Tuesdays")); /* by whom, when, why */
	press(d, "Esc F4");
	assert_true(hides(d, "2 codes that nobody"));
	press(d, "Esc F5 End i");
	assert_true(shows(d, "plumber is a stray again"));
	assert_true(hides(d, "comes on Tuesdays"));
}

static void a_question_that_is_left_changes_nothing(void **state)
{
	struct desk *d = *state;

	press(d, "F5 i =because Esc");
	assert_true(hides(d, "left: because"));
	press(d, "i =because Ctrl-C");
	assert_true(hides(d, "left: because"));
	assert_true(shows(d, "Rack › Strays"));
}

static void read_only_leaves_strays_as_they_are(void **state)
{
	static const char *const keys[] = { "a", "e", "i" };
	struct desk *d = *state;

	d->app->world.read_only = true;
	press(d, "F5");
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		press(d, keys[i]);
		assert_true(shows(d, "this console is read-only"));
	}
}

static void from_a_locks_page_only_its_own_strays_are_shown(void **state)
{
	static const struct put stray = { "s1", "lock-101", "plumber", "7312", false, TRI_UNKNOWN, TRI_UNKNOWN };
	struct desk *d = *state;

	put_code(d, &stray);
	press(d, "/ =101 Enter Left Enter U");
	assert_true(shows(d, "Strays"));
	assert_true(shows(d, "plumber"));
	assert_true(hides(d, "left over"));
}

static void a_house_without_strays_says_so(void **state)
{
	struct desk *d = *state;

	press(d, "/ =104 Enter Left Enter U");
	assert_true(shows(d, "Every code on this lock is managed from here."));
	press(d, "a e i p Enter"); /* nothing to do it to, and no fault */
	cache_list_free(outbox(d, 0));
}

/* ---- codes that are easily confused ---- */

static void codes_easily_confused_are_marked_and_said(void **state)
{
	static const struct {
		const char *name, *pin, *words;
	} rows[] = {
		{ "same", "4821", "same and Anna Berg are easily confused: the PIN is the same" },
		{ "digit", "4822", "digit and Anna Berg are easily confused: one digit differs" },
		{ "swap", "4812", "swap and Anna Berg are easily confused: two digits are swapped" },
		{ "longer", "482166", "longer and Anna Berg are easily confused: one is the beginning of the other" },
		{ "far", "9370", NULL },
	};
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct put one = {
			rows[i].name, "lock-101", rows[i].name, rows[i].pin, true, TRI_UNKNOWN, TRI_UNKNOWN
		};
		g_autofree char *find = g_strdup_printf("/ =%s Enter", rows[i].name);
		struct desk *d;

		desk_up((void **)&d);
		put_code(d, &one);
		press(d, find);
		/* The search shows one of the two; the other counts all the same. */
		assert_true(rows[i].words ? shows(d, rows[i].words) : hides(d, "easily confused"));
		assert_true(rows[i].words ? shows(d, "≈") : hides(d, "≈"));
		assert_true(hides(d, rows[i].pin));
		desk_down((void **)&d);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_a_desk(the_round_begins_with_what_cannot_wait),
		on_a_desk(both_keys_lead_to_each_screen),
		on_a_desk(memory_says_the_day_on_which_it_is_full),
		on_a_desk(each_column_can_lead),
		on_a_desk(grouped_the_cursor_is_never_on_a_place),
		on_a_desk(enter_opens_the_lock_and_its_rules_are_words),
		on_a_desk(a_lock_without_a_schedule_says_what_that_means),
		on_a_desk(the_walk_list_goes_floor_by_floor),
		on_a_desk(lp_prints_it_and_what_became_of_it_is_said),
		on_a_desk(the_round_costs_one_key_and_the_list_one_more),
		on_a_desk(a_stray_tells_who_it_might_be_and_hides_its_pin),
		on_a_desk(strays_are_marked_and_dealt_with_together),
		on_a_desk(adopt_and_evict_cost_three_keys),
		on_a_desk(enter_evicts_nobody),
		on_a_desk(what_its_maker_forbids_is_said),
		on_a_desk(what_is_left_alone_has_a_reason_and_can_be_taken_back),
		on_a_desk(a_question_that_is_left_changes_nothing),
		on_a_desk(read_only_leaves_strays_as_they_are),
		on_a_desk(from_a_locks_page_only_its_own_strays_are_shown),
		on_a_desk(a_house_without_strays_says_so),
		cmocka_unit_test(codes_easily_confused_are_marked_and_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
