/* test-screens - what the screens besides the form say: keys pressed, words looked for. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "desk.h"
#include "ui/screens/words.h"

static void the_search_line_counts_as_people_do(void **state)
{
	static const struct {
		const char *keys, *words;
	} rows[] = {
		{ "/ =dubois", "1 lock, 1 code " },
		{ "/ =garden", "2 locks, 0 codes " },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].words));
		press(d, "Esc");
	}
}

/* Dubois: not set on a lock that is offline, to come in two hours, no spare PIN. */
static void what_stands_in_the_way_begins_with_the_hour(void **state)
{
	struct desk *d = *state;

	press(d, "/ =dubois Enter Enter");
	assert_true(shows(d, "Its window opens 23:15, in 1 h 57 m"));
	assert_true(shows(d, "The lock is offline: what is not on it"));
	assert_true(shows(d, "Bring the lock back before its window begins"));
	assert_true(hides(d, "unlock from here"));
}

static void a_code_that_is_not_ours_is_told_apart(void **state)
{
	struct desk *d = *state;

	press(d, "/ =left_over Enter");
	assert_true(shows(d, "unmanaged"));
	assert_true(shows(d, "on the lock, not managed from here"));
}

/* A name in letters that an ASCII terminal has not must still be one name, not four marks. */
static void in_ascii_every_code_has_a_name(void **state)
{
	struct desk *d = *state;

	d->grid.ascii = true;
	press(d, "/ =77120 Enter");
	assert_true(shows(d, "code ..-ito"));
	assert_true(hides(d, "????"));
}

static void without_its_column_a_low_battery_still_shows(void **state)
{
	struct desk *d = *state;

	press(d, "/ =laundry Enter");
	grid_resize(&d->grid, 24, 80);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "locked bat"));
	grid_resize(&d->grid, 24, 120);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "17!"));
	assert_true(hides(d, "locked bat"));
}

static void put_event(struct desk *d, const char *type)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct event e = { .event_id = type, .event_type = type, .device_id = "lock-gym",
			   .description = "raw words of the server", .created_at = HOUSE_NOW,
			   .occurred_at = HOUSE_NOW, .object = "{}" };

	assert_int_equal(cache_put_event(sync, &e, NULL), CACHE_PUT_NEW);
	app_changed(d->app, POKE_EVENTS);
	app_draw(d->app, &d->grid);
}

/* Whether it failed is the news. */
static void the_live_feed_says_how_it_ended(void **state)
{
	static const struct {
		const char *type, *words;
	} rows[] = {
		{ "action_attempt.unlock_door.failed", "unlocking from here failed" },
		{ "access_code.failed_to_expire", "code still works after its end" },
		{ "access_code.backup_access_code_pulled", "backup code given" },
	};
	static const int widths[] = { 80, 100, 120, 160 };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		put_event(d, rows[i].type);
		for (size_t w = 0; w < G_N_ELEMENTS(widths); w++) {
			grid_resize(&d->grid, 40, widths[w]);
			app_draw(d->app, &d->grid);
			assert_true(shows(d, rows[i].words));
			assert_true(hides(d, "raw words"));
		}
	}
}

/* Put in the cache as the server would have answered it. */
static void put_ongoing(struct desk *d, const char *id, const char *name, struct instant made,
			const char *pulled)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct access_code ac = { .access_code_id = id, .device_id = "lock-101", .managed = true,
				  .type = "ongoing", .status = "set", .name = name, .code = "8461",
				  .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE, .created_at = made,
				  .pulled_backup_access_code_id = pulled };

	assert_int_equal(cache_put_code(sync, &ac, 0, NULL), CACHE_PUT_NEW);
	app_changed(d->app, POKE_CODES);
	app_draw(d->app, &d->grid);
}

static int bar_begins(struct desk *d, const char *name)
{
	for (int row = 2; row < d->grid.rows; row++) {
		GString *s = g_string_new(NULL);
		int begins = -1;

		for (int col = 0; col < d->grid.cols; col++) {
			const struct cell *c = &d->grid.cell[row * d->grid.cols + col];

			if (col < 40)
				g_string_append_c(s, c->glyph.ch[0] < 128 ? (char)c->glyph.ch[0] : '?');
			else if (begins < 0 && c->role == ROLE_GOOD)
				begins = col;
		}
		bool found = strstr(s->str, name) != NULL;

		g_string_free(s, TRUE);
		if (found)
			return begins;
	}
	fail_msg("no row of %s", name);
	return -1;
}

static void an_ongoing_code_has_no_bar_before_it_was_made(void **state)
{
	struct desk *d = *state;

	put_ongoing(d, "code-old", "Oldcomer", (struct instant){ HOUSE_NOW.ms - 30 * DAY_MS }, NULL);
	put_ongoing(d, "code-new", "Newcomer", HOUSE_NOW, NULL);
	press(d, "/ =comer Enter");
	assert_true(bar_begins(d, "Newcomer") > bar_begins(d, "Oldcomer") + 5);
}

static void a_code_with_a_backup_is_not_said_to_open_the_door(void **state)
{
	struct desk *d = *state;

	put_ongoing(d, "code-x", "Replaced", HOUSE_NOW, "code-backup");
	press(d, "/ =replaced Enter");
	assert_true(shows(d, "its backup stands in"));
	assert_true(hides(d, "opens the door"));
}

/* By what the server reckoned; by its moment alone from a server that is older. */
static void what_comes_next_is_the_servers_word(void **state)
{
#define NEXT(step, words, at) \
	"{\"keyrackd\":{\"next_at\":" at ",\"next\":{\"step\":\"" step "\",\"words\":\"" words "\",\"at\":" at "}}}"
#define AT "\"2026-11-22T21:30:00Z\""
	static const struct {
		const char *rest, *said; /* NULL: nothing */
	} row[] = {
		{ NEXT("wait", "It goes on as soon as a code leaves 306 Loft.", "null"),
		  "goes on as soon as a code leaves 306 Loft" },
		{ NEXT("wait", "It goes on as soon as 201 Sea is back.", "null"),
		  "goes on as soon as 201 Sea is back" },
		{ NEXT("wait", "Nothing, until somebody changes or deletes it.", "null"), NULL },
		{ NEXT("wait", "Nothing, until its PIN, its name or its times are changed.", "null"),
		  "Nothing, until its PIN, its name or its times are changed" },
		{ NEXT("read", "Gym is read at 22:30.", AT), "read back from the lock 22:30" },
		{ NEXT("enable", "It is switched on at Gym at 22:30.", AT), "switched on 22:30" },
		{ NEXT("remove", "It goes on as soon as Gym is back. It is taken off Gym at 22:30.", AT),
		  "goes on as soon as Gym is back, written to the lock anew 22:30" },
		{ NEXT("remove", "It is taken off Gym now, to be written anew.", "\"2026-11-22T20:18:00Z\""),
		  "written to the lock anew now" },
		{ "{\"keyrackd\":{\"next_at\":" AT "}}", "written 22:30" },
		{ "{}", NULL },
	};
	const struct zone *z = zone_get("Europe/Berlin");

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		struct access_code ac = { .rest = row[i].rest, .starts_at = INSTANT_NONE,
					  .ends_at = INSTANT_NONE };
		g_autofree char *said = words_next(&ac, z, HOUSE_NOW);

		if (g_strcmp0(said, row[i].said) != 0)
			fail_msg("row %zu: %s", i, said ? said : "nothing");
	}
}

/* What is taken off before its end comes again. */
static void taken_off_is_only_said_of_what_ends(void **state)
{
	static const struct {
		const char *status;
		int ends_in_min; /* 0: never */
		const char *said;
	} rows[] = {
		{ "set", 72, "taken off the lock 22:30" },
		{ "set", 73, "written to the lock anew 22:30" },
		{ "setting", 0, "written to the lock anew 22:30" },
		{ "removing", 0, "taken off the lock 22:30" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct instant end = rows[i].ends_in_min ? instant_add_ms(HOUSE_NOW, rows[i].ends_in_min * MINUTE_MS)
							 : INSTANT_NONE;
		struct access_code ac = { .rest = NEXT("remove", "", AT),
					  .status = rows[i].status,
					  .starts_at = INSTANT_NONE,
					  .ends_at = end };
		g_autofree char *said = words_next(&ac, zone_get("Europe/Berlin"), HOUSE_NOW);

		assert_string_equal(said, rows[i].said);
	}
}

/* ---- finding ---- */

static void type_text(struct desk *d, const char *text)
{
	g_autofree gunichar *u = g_utf8_to_ucs4_fast(text, -1, NULL);

	for (const gunichar *p = u; *p; p++)
		app_key(d->app, &(struct key){ .code = KEYCODE_CHAR, .ch = *p });
	app_turn_done(d->app);
	app_draw(d->app, &d->grid);
}

/* Guests are written in one way and looked for in another; locks also by what they are. */
static void finding_knows_other_spellings_and_states(void **state)
{
	static const struct {
		const char *typed, *found, *not_found;
	} rows[] = {
		{ "m\xc3\xbcller", "Mueller, J.", "101 Garden               locked" },
		{ "mueller", "Zoe", "101 Garden               locked" }, /* Zoe\u0308 Mu\u0308ller */
		{ "gro\xc3\x9f", "Gro\xc3\x9f" "er", "101 Garden               locked" },
		{ "gross", "Gro\xc3\x9f" "er", "101 Garden               locked" },
		{ "offline", "201 Sea  ", "101 Garden               locked" },
		{ "unlocked", "103 Sea  ", "101 Garden               locked" },
		{ "unmanaged", "left over", "101 Garden               locked" },
		{ "trouble", "Dubois", "101 Garden               locked" },
		{ "nuki", "Gym  ", "101 Garden               locked" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "/");
		type_text(d, rows[i].typed);
		if (!shows(d, rows[i].found) || !hides(d, rows[i].not_found))
			fail_msg("searching for %s", rows[i].typed);
		press(d, "Esc");
	}
}

/* ---- a lock ---- */

static void enter_on_a_lock_tells_everything_about_it(void **state)
{
	static const struct {
		const char *keys, *words[6];
	} rows[] = {
		{ "/ =laundry Enter Left Enter",
		  { "17 %", "can be locked and unlocked", "August", "Europe/Berlin", "staff, ongoing",
		    "4 to 6 digits" } },
		{ "/ =201_sea Enter Left Enter",
		  { "The lock is offline, since 19:20", "Check its batteries", "Dubois, from 23:15",
		    "a code is written to the lock up to an hour before its start" } },
		{ "/ =104_sea Enter Left Enter", { "offline codes", "6 or 7 digits" } },
	};
	struct desk *d = *state;

	grid_resize(&d->grid, 60, 120);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		assert_true(shows(d, "Lock"));
		for (size_t k = 0; k < 6 && rows[i].words[k]; k++)
			assert_true(shows(d, rows[i].words[k]));
		press(d, "Esc Esc Esc");
	}
	/* On to a code of it, and to a new one. */
	press(d, "/ =laundry Enter Left Enter Enter");
	assert_true(shows(d, "staff on Laundry"));
	press(d, "Esc n");
	assert_true(shows(d, "New code"));
}

static void right_unfolds_and_left_folds(void **state)
{
	struct desk *d = *state;

	press(d, "Home Left");
	assert_true(shows(d, "▸ 101 Garden"));
	press(d, "Right");
	assert_true(shows(d, "▾ 101 Garden"));
	press(d, "Left l");
	assert_true(shows(d, "▾ 101 Garden"));
}

/* ---- the bottom line ---- */

static bool bottom(struct desk *d, const char *words, bool wanted)
{
	GString *s = g_string_new(NULL);
	bool found;

	/* As when a message has had its time. */
	g_clear_pointer(&d->app->message, g_free);
	app_draw(d->app, &d->grid);
	for (int col = 0; col < d->grid.cols; col++)
		g_string_append_unichar(s, d->grid.cell[(d->grid.rows - 1) * d->grid.cols + col].glyph.ch[0]);
	found = strstr(s->str, words) != NULL;
	if (found != wanted)
		print_message("\"%s\" %s: %s\n", words, wanted ? "is not in" : "is in", s->str);
	g_string_free(s, TRUE);
	return found == wanted;
}

/* Keys of the bottom line do something to what the cursor is on. */
static void hints_fit_what_the_cursor_is_on(void **state)
{
	static const struct {
		const char *keys, *has[4], *has_not[4];
	} rows[] = {
		{ "Home", { "n new", "u unlock", "v events", "? help" }, { "e edit", "x revoke", "a adopt" } },
		{ "/ =mueller Enter", { "e edit", "w why", "i check-in", "? help" }, { "a adopt" } },
		{ "/ =mueller Enter Enter", { "e edit", "b backup" }, { "a adopt" } },
		{ "/ =left_over Enter", { "x delete", "a adopt" }, { "e edit", "b backup" } },
		{ "/ =staff Enter Enter", { "e edit" }, { "b backup", "a adopt" } },
	};
	static const int widths[] = { 80, 120 };
	struct desk *d = *state;

	for (size_t w = 0; w < G_N_ELEMENTS(widths); w++) {
		grid_resize(&d->grid, 24, widths[w]);
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			press(d, rows[i].keys);
			for (size_t k = 0; k < 4 && rows[i].has[k]; k++)
				assert_true(bottom(d, rows[i].has[k], true));
			for (size_t k = 0; k < 4 && rows[i].has_not[k]; k++)
				assert_true(bottom(d, rows[i].has_not[k], false));
			while (d->app->stack->len > 1) {
				app_pop(d->app);
				app_turn_done(d->app);
			}
			press(d, "Esc Esc");
		}
	}
}

/* ---- the outbox ---- */

static void refuse(struct desk *d, int64_t no, const char *message)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);

	assert_true(outbox_sending(sync, no, HOUSE_NOW, HOUSE_NOW, NULL));
	assert_true(outbox_refused(sync, no, 400, "invalid_input", message, NULL, NULL));
	app_changed(d->app, POKE_OUTBOX);
	app_draw(d->app, &d->grid);
}

static void the_outbox_begins_with_what_was_refused(void **state)
{
	struct desk *d = *state;

	press(d, "u y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	int64_t no = cache_list_at(list, struct intent, 0)->intent_no;

	press(d, "/ =mueller Enter x y");
	grid_resize(&d->grid, 24, 100);
	refuse(d, no, "This device cannot be unlocked remotely");
	press(d, "F8");
	/* The newer one waits below; the cursor is on the refusal, whose reason can be read. */
	assert_true(shows(d, "refused   unlock"));
	assert_true(shows(d, "r sends it again as it is, x puts it aside."));
	assert_true(shows(d, "This device cannot be unlock"));
	assert_true(bottom(d, "r ask again", true));
	assert_true(bottom(d, "x put aside", true));
	press(d, "Down");
	assert_true(bottom(d, "x withdraw", true));
	assert_true(bottom(d, "r ask again", false));
	press(d, "Up r");
	assert_true(shows(d, "Ask again now: unlock on 101 Garden?"));
	press(d, "Esc x");
	assert_int_equal(cache_counts(d->cache, HOUSE_NOW).outbox_refused, 0);
}

/* ---- help ---- */

/* What no key does anywhere is listed as it is called; what a key does elsewhere is listed there. */
static void help_lists_what_has_no_key(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 160, 120);
	press(d, "?");
	assert_true(shows(d, " :go  "));
	assert_true(shows(d, " :restore  "));
	assert_true(hides(d, ":evict"));
	assert_true(hides(d, ":find"));
	press(d, "=evict");
	assert_true(shows(d, " :evict  "));
}

static void help_pages_by_the_screen_and_ends_with_the_signs(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 24, 80);
	press(d, "?");
	assert_true(shows(d, "A screen down"));
	press(d, "PgDn");
	assert_true(hides(d, "A screen down"));
	assert_true(shows(d, "New access code"));
	press(d, "End");
	assert_true(shows(d, "when it will be written to the lock"));
	press(d, "Home");
	assert_true(shows(d, "A screen down"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(the_search_line_counts_as_people_do),
		on_a_desk(what_stands_in_the_way_begins_with_the_hour),
		on_a_desk(a_code_that_is_not_ours_is_told_apart),
		on_a_desk(in_ascii_every_code_has_a_name),
		on_a_desk(without_its_column_a_low_battery_still_shows),
		on_a_desk(the_live_feed_says_how_it_ended),
		on_a_desk(an_ongoing_code_has_no_bar_before_it_was_made),
		on_a_desk(a_code_with_a_backup_is_not_said_to_open_the_door),
		cmocka_unit_test(what_comes_next_is_the_servers_word),
		cmocka_unit_test(taken_off_is_only_said_of_what_ends),
		on_a_desk(finding_knows_other_spellings_and_states),
		on_a_desk(enter_on_a_lock_tells_everything_about_it),
		on_a_desk(right_unfolds_and_left_folds),
		on_a_desk(hints_fit_what_the_cursor_is_on),
		on_a_desk(the_outbox_begins_with_what_was_refused),
		on_a_desk(help_lists_what_has_no_key),
		on_a_desk(help_pages_by_the_screen_and_ends_with_the_signs),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
