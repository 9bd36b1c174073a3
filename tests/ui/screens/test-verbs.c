/* test-verbs - the tasks of a day at the desk: what each does, and how many keys it costs.
 *
 * Counted from the rack with the guest chosen; what is typed (a name, a room) is a field. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/jsonin.h"
#include "core/pin.h"
#include "desk.h"
#include "ui/screens/slip.h"
#include "ui/screens/stay.h"

#define ROSSI  "/ =rossi Enter"
#define BERG   "/ =berg Enter"
#define HADDAD "/ =551203 Enter"

static int keys_of(const char *keys)
{
	g_auto(GStrv) all = g_strsplit(keys, " ", -1);
	int n = 0;

	for (char **k = all; *k; k++)
		n += **k && (**k != '=' || !(*k)[1]);
	return n;
}

/* At three in the morning one room is free, and it is not the first by name. */
static void rooms_that_are_free_are_offered_first(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL), *text = NULL;
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct lock loft = { .device_id = "lock-305", .name = "305 Loft", .managed = TRI_YES, .online = TRI_YES,
			     .battery_pct = -1, .max_active_codes = -1, .device_type = "august_lock", .object = "{}",
			     .can_program_online = TRI_YES, .zone = "Europe/Berlin" };

	assert_true(cache_put_lock(sync, &loft, 0, NULL) >= 0);
	app_changed(d->app, POKE_LOCKS);
	press(d, BERG " M");
	assert_true(shows(d, "305 Loft             free"));
	assert_true(shows(d, "Rossi family has the room until Wed 11:00"));
	text = screen_text(d);
	const char *list = strstr(text, "to which room?"), *free_room = strstr(list, "free"), *taken = strstr(list, "has the");

	assert_non_null(free_room);
	assert_true(free_room < taken);
}

/* What leaves at once is not taken back by Z, which says what was done and what puts it right. */
static void undo_says_what_puts_the_last_change_right(void **state)
{
	static const struct {
		const char *keys, *words;
	} rows[] = {
		{ ROSSI, "Nothing to undo" },
		{ ROSSI " E 2 Enter", "only. change Rossi family on 103 Sea: e changes it back" },
		{ BERG " D l Enter", "only. new code Anna Berg on Laundry: x revokes it" },
		{ "/ =101 Enter u y", "only. unlock 101 Garden: L locks it" },
		{ "/ =Mueller Enter x y", "Undone: Mueller, J. on 102 Garden stays as it was." },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		press(d, "Z");
		if (!shows(d, rows[i].words))
			fail_msg("%s Z", rows[i].keys);
		press(d, "Esc");
	}
}

/* The tasks that need no batch: what is pressed once the guest (or, for a new one, the room) is chosen. */
static void each_task_costs_no_more_keys_than_it_may(void **state)
{
	static const struct {
		const char *task, *choose, *keys;
		int most; /* peers' target without the jump */
		const char *words;
	} rows[] = {
		{ "check-in", ROSSI, "i", 1, "33 16" },
		{ "re-print", ROSSI, "i P", 2, "Write it to which file? (slip)" },
		{ "one more door", BERG, "D l Enter", 3, "Queued: new code Anna Berg" },
		{ "contractor for four hours", "/ =101 Enter", "n =Ana Enter 4 h Enter", 5, "Queued: new code Ana" },
		{ "second guest", ROSSI, "c =Ana Enter", 2, "Queued: new code Ana" },
		{ "backup", ROSSI, "b y", 3, "Queued: backup code" },
		{ "another PIN", ROSSI, "r y", 2, "Queued: change Rossi family" },
		{ "two nights longer", ROSSI, "E 2 Enter", 3, "Queued: change Rossi family" },
		{ "by a count", ROSSI, "2 E Enter", 3, "Queued: change Rossi family" },
		/* The fourth is the question about a room that is taken: here they all are. */
		{ "another room", BERG, "M =103 Enter y a", 4, "Queued: " },
	};
	struct desk *d = *state;

	g_setenv("PATH", d->folder, TRUE); /* no printer here */
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (keys_of(rows[i].keys) > rows[i].most)
			fail_msg("%s takes %d keys", rows[i].task, keys_of(rows[i].keys));
		press(d, rows[i].choose);
		press(d, rows[i].keys);
		if (!shows(d, rows[i].words))
			fail_msg("%s", rows[i].task);
		press(d, "Esc Esc Esc Esc");
	}
}

static void a_walk_in_for_two_nights_costs_four_keys(void **state)
{
	struct desk *d = *state;

	press(d, "/ =laundry Enter n =Ana Enter 2 Enter");
	assert_true(shows(d, "Queued: new code Ana"));
}

/* ---- a room that is taken ---- */

/* Anna Berg sleeps in 101 until Tuesday 11:00; Mueller in 102 until tomorrow 04:00, and Ito from 15:00. */
static void nobody_is_put_to_bed_in_a_taken_room_by_enter_alone(void **state)
{
	static const struct {
		const char *what, *choose, *keys, *says; /* says NULL: nothing is asked */
	} rows[] = {
		{ "a night in a taken room", "/ =101 Enter", "n =Ana Enter Enter",
		  "Anna Berg has 101 Garden until Tue 11:00" },
		{ "a cleaner's hours there", "/ =101 Enter", "n =Ana Enter 4 h Enter", NULL },
		{ "adjoining", "/ =101 Enter", "n =Ana Tab =24_nov_11:00 Enter", NULL },
		{ "by minutes", "/ =101 Enter", "n =Ana Tab =24_nov_10:50 Enter",
		  "Anna Berg has 101 Garden until Tue" },
		{ "without an end", "/ =101 Enter", "n =Ana Enter =ongoing Enter",
		  "Anna Berg has 101 Garden until Tue 11:00" },
		{ "without an end, where three have one", "/ =gym Enter", "n =Ana Enter =ongoing Enter", NULL },
		{ "one of two doors", "/ =laundry Enter", "n =Ana Shift-Tab =101 Enter Tab Enter Enter",
		  "Anna Berg has 101 Garden" },
		{ "two of three doors", "/ =laundry Enter", "n =Ana Shift-Tab =101 Enter =103 Enter Tab Enter Enter",
		  "Rossi family has" },
		{ "a free room", "/ =laundry Enter", "n =Ana Enter Enter", NULL },
		{ "the same guest again", "/ =101 Enter", "n =Anna_Berg Enter Enter", NULL },
		{ "a second guest on purpose", ROSSI, "c =Ana Enter", NULL },
		{ "longer into the next stay", "/ =mueller Enter", "2 E Enter", "さくら has 102 Garden from" },
		{ "longer, nobody comes", ROSSI, "E Enter", NULL },
		{ "edited into it", "/ =mueller Enter", "e Tab Tab =25_nov_11:00 Enter",
		  "さくら has 102 Garden from" },
		{ "edited, but not its times", "/ =mueller Enter", "e =x Enter", NULL },
	};
	struct desk *d = *state;
	guint asked = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].choose);
		press(d, rows[i].keys);
		if (rows[i].says ? !shows(d, "is taken. All the same?") || !shows(d, rows[i].says)
				 : !hides(d, "is taken. All the same?"))
			fail_msg("%s", rows[i].what);
		/* Enter says No; what was typed is still there to be changed. */
		press(d, rows[i].says ? "Enter Esc y Esc Esc" : "Esc Esc");
		asked += rows[i].says == NULL;
		cache_list_free(outbox(d, asked));
	}
}

/* ---- the card ---- */

static int line_with(struct desk *d, const char *words)
{
	g_autofree char *text = screen_text(d);
	const char *at = strstr(text, words);
	int row = 0;

	if (!at)
		fail_msg("\"%s\" is not in:\n%s", words, text);
	for (const char *p = text; p < at; p++)
		row += *p == '\n';
	return row;
}

static void the_card_says_whether_the_lock_has_it_and_shows_the_pin_for_a_while(void **state)
{
	struct desk *d = *state;

	press(d, ROSSI " i");
	assert_true(shows(d, "Proven by use: it opened this door at 21:17"));
	assert_true(shows(d, "Sun 22 Nov 2026 15:00 CET to Wed 25 Nov 2026 11:00"));
	assert_int_not_equal(line_with(d, "door     103 Sea"), line_with(d, "guest    Rossi family"));
	assert_int_not_equal(line_with(d, "door     103 Sea"), line_with(d, "33 16"));
	press(d, "i");
	assert_true(hides(d, "33 16"));
}

/* As a move leaves it: the old room opens for half an hour more, to fetch what is left. */
static void the_card_of_the_old_room_says_where_the_guest_has_gone(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct access_code ac = { .device_id = "lock-101", .workspace_id = "w1", .managed = true, .time_bound = true,
				  .status = "set", .name = "Moved", .access_code_id = "code-old", .code = "4471",
				  .created_at = HOUSE_NOW, .starts_at = instant_add_ms(HOUSE_NOW, -5 * HOUR_MS),
				  .ends_at = instant_add_ms(HOUSE_NOW, 30 * MINUTE_MS) };

	assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
	ac.device_id = "lock-102";
	ac.access_code_id = "code-new";
	ac.starts_at = HOUSE_NOW;
	ac.ends_at = instant_add_ms(HOUSE_NOW, 50 * HOUR_MS);
	assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
	app_changed(d->app, POKE_CODES);
	press(d, "/ =moved Enter i");
	assert_true(shows(d, "door     101 Garden"));
	assert_true(shows(d, "moved to 102 Garden"));
	assert_true(shows(d, "Moved to 102 Garden; this door still"));
}

static void a_guest_of_two_doors_reads_of_both(void **state)
{
	struct desk *d = *state;

	press(d, HADDAD " i");
	assert_true(shows(d, "door     104 Sea"));
	assert_true(shows(d, "also     Gym: "));
	assert_true(shows(d, "551 203"));
}

static void what_was_just_queued_has_a_card_too(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Enter 2 Enter y i");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	g_autofree char *pin = jsonin_text(cache_list_at(list, struct intent, 0)->params, "code"),
			*spaced = pin_grouped(pin);

	assert_true(shows(d, "Queued here: the server has not been told"));
	assert_true(shows(d, spaced));
}

static void an_unmanaged_code_has_no_card(void **state)
{
	struct desk *d = *state;

	press(d, "/ =left_over Enter i");
	assert_true(shows(d, "Not managed from here: a adopts it first."));
}

static void a_pin_is_read_in_small_groups(void **state)
{
	static const struct {
		const char *pin, *spaced;
	} rows[] = { { "4821", "48 21" }, { "77120", "77 120" }, { "118264", "118 264" }, { "1234567", "12 34 567" },
		     { "12345678", "12 34 56 78" } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *spaced = pin_grouped(rows[i].pin);

		assert_string_equal(spaced, rows[i].spaced);
	}
}

/* Who finds the upper half does not get in. */
static void the_slip_folds_between_who_and_pin(void **state)
{
	g_autofree char *text = slip_text(&(struct slip){ .property = "Harbour House",
							  .name = "Ana",
							  .window = "until Mon",
							  .doors = "101 Garden, Gym",
							  .pin = "4821" });
	const char *fold = strstr(text, "- - -");

	(void)state;
	assert_non_null(fold);
	assert_true(strstr(text, "101 Garden") < fold);
	assert_true(strstr(text, "48 21") > fold);
	assert_null(strstr(fold, "101"));
}

/* ---- stays ---- */

static void a_stay_is_one_name_with_one_pin_key_or_window(void **state)
{
	static const struct instant t[] = { { 1000 }, { 2000 }, { 3000 }, { INT64_MIN } };
	const struct {
		const char *name;
		struct access_code a, b;
		bool same;
	} rows[] = {
		{ "one PIN",
		  { .code = "1", .starts_at = t[0], .ends_at = t[1] },
		  { .code = "1", .starts_at = t[1], .ends_at = t[2] },
		  true },
		{ "one key",
		  { .code = "1", .common_code_key = "k", .ends_at = t[1] },
		  { .code = "2", .common_code_key = "k", .ends_at = t[2] },
		  true },
		{ "one window",
		  { .code = "1", .starts_at = t[0], .ends_at = t[1] },
		  { .code = "2", .starts_at = t[0], .ends_at = t[1] },
		  true },
		{ "another stay",
		  { .code = "1", .starts_at = t[0], .ends_at = t[1] },
		  { .code = "2", .starts_at = t[1], .ends_at = t[2] },
		  false },
		{ "no key is no common one",
		  { .code = "1", .common_code_key = "", .ends_at = t[1] },
		  { .code = "2", .common_code_key = "", .ends_at = t[2] },
		  false },
		{ "ongoing is no window",
		  { .code = "1", .starts_at = t[3], .ends_at = t[3] },
		  { .code = "2", .starts_at = t[3], .ends_at = t[3] },
		  false },
		{ "not known is no PIN",
		  { .starts_at = t[0], .ends_at = t[1] },
		  { .starts_at = t[0], .ends_at = t[2] },
		  false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (stay_same(&rows[i].a, &rows[i].b) != rows[i].same)
			fail_msg("%s", rows[i].name);
}

/* ---- the form ---- */

static void after_the_name_the_end_is_asked_for_once(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Enter 2");
	assert_true(shows(d, "Tue 24 Nov 2026 11:00 CET  2 nights"));
	press(d, "Up Up Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "ends_at", "2026-11-24T10:00:00.000Z");
}

static void a_second_guest_has_room_and_end_of_the_first_and_an_own_pin(void **state)
{
	struct desk *d = *state;

	press(d, ROSSI " c =Ana");
	assert_true(hides(d, "Rossi family is"));
	press(d, "Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);
	g_autofree char *pin = jsonin_text(in->params, "code");

	assert_string_equal(in->device_id, "lock-103");
	assert_param(in, "ends_at", "2026-11-25T10:00:00.000Z");
	assert_param(in, "starts_at", "2026-11-22T20:18:00.000Z");
	assert_string_not_equal(pin, "3316");
}

static void the_second_guest_of_a_stay_to_come_comes_with_it(void **state)
{
	struct desk *d = *state;

	press(d, "/ =dubois Enter c =Ana Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "starts_at", "2026-11-22T22:15:00.000Z");
}

static void what_is_edited_of_one_door_names_the_others(void **state)
{
	struct desk *d = *state;

	press(d, HADDAD " e");
	assert_true(shows(d, "Only 104 Sea is changed: Gym stays as it is"));
}

/* Less than an hour before its start the lead time is over already. */
static void the_early_hour_is_said_when_it_has_begun(void **state)
{
	struct desk *d = *state;

	press(d, "/ =201 Enter n =Ana Tab =22:00");
	assert_true(shows(d, "has no schedule of its own: the code works as soon as it is set, before 22:00"));
}

/* ---- longer ---- */

static void nights_are_until_the_check_out_of_the_later_day(void **state)
{
	struct desk *d = *state;

	press(d, ROSSI " E");
	assert_true(shows(d, "until Thu 26 Nov 2026 11:00 CET (was Wed 11:00)"));
	press(d, "2");
	assert_true(shows(d, "until Fri 27 Nov 2026 11:00 CET"));
	press(d, "Backspace 1 2");
	assert_true(shows(d, "until Mon 7 Dec 2026 11:00 CET"));
	press(d, "Backspace 3 Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_int_equal(in->kind, INTENT_UPDATE);
	assert_param(in, "starts_at", "2026-11-22T14:00:00.000Z");
	assert_param(in, "ends_at", "2026-11-28T10:00:00.000Z");
	assert_param(in, "code", NULL);
}

static void who_comes_next_into_the_room_is_told_of(void **state)
{
	struct desk *d = *state;

	/* Mueller leaves 102 in the morning, Ito comes in the afternoon and stays. */
	press(d, "/ =mueller Enter E 2");
	assert_true(shows(d, "伊藤 さくら"));
	press(d, "Esc");
	assert_true(shows(d, "Nothing was changed."));
	cache_list_free(outbox(d, 0));
}

static void a_stay_of_two_doors_is_seen_before_it_is_longer(void **state)
{
	struct desk *d = *state;

	press(d, HADDAD " E");
	assert_true(shows(d, "With it: Gym."));
	press(d, "Enter");
	cache_list_free(outbox(d, 0));

	press(d, "a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);

	for (guint i = 0; i < 2; i++)
		assert_param(cache_list_at(list, struct intent, i), "ends_at", "2026-11-26T10:00:00.000Z");
}

/* ---- another PIN ---- */

static void another_pin_is_one_on_all_doors_of_the_stay(void **state)
{
	struct desk *d = *state;

	press(d, HADDAD " r a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);
	g_autofree char *pin = jsonin_text(cache_list_at(list, struct intent, 0)->params, "code");

	assert_int_equal(strlen(pin), 6);
	assert_string_not_equal(pin, "551203");
	assert_param(cache_list_at(list, struct intent, 1), "code", pin);
	assert_true(hides(d, pin));
}

static void what_cannot_be_changed_says_why(void **state)
{
	static const char *const keys[] = { "r", "E", "M", "D" };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		press(d, "/ =left_over Enter");
		press(d, keys[i]);
		assert_true(shows(d, "Not managed from here: a adopts it first."));
		press(d, "Esc");
	}
	press(d, "/ =staff Enter E");
	assert_true(shows(d, "It has no end"));
}

/* ---- another room ---- */

static const struct intent *of_kind(const struct cache_list *list, enum intent_kind kind)
{
	for (guint i = 0; i < list->rows->len; i++)
		if (cache_list_at(list, struct intent, i)->kind == kind)
			return cache_list_at(list, struct intent, i);
	fail_msg("there is none of that kind");
	return NULL;
}

static void who_is_in_the_house_keeps_the_pin_and_half_an_hour(void **state)
{
	struct desk *d = *state;

	press(d, BERG " M =103 Enter y");
	assert_true(shows(d, "the same PIN"));
	assert_true(shows(d, "Rossi family")); /* sleeps there */
	assert_true(shows(d, "opens until 21:48"));
	press(d, "a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);
	const struct intent *there = of_kind(list, INTENT_CREATE), *here = of_kind(list, INTENT_UPDATE);

	assert_param(there, "code", "4821");
	assert_param(there, "starts_at", "2026-11-22T20:18:00.000Z");
	assert_param(there, "ends_at", "2026-11-24T10:00:00.000Z");
	assert_string_equal(there->device_id, "lock-103");
	assert_param(here, "ends_at", "2026-11-22T20:48:00.000Z");
	assert_int_equal(here->after_no, there->intent_no);
}

static void who_has_not_come_yet_is_revoked_here_after_the_other_is_accepted(void **state)
{
	struct desk *d = *state;

	press(d, "/ =dubois Enter M =101 Enter y a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);
	const struct intent *there = of_kind(list, INTENT_CREATE), *here = of_kind(list, INTENT_DELETE);

	assert_param(there, "starts_at", "2026-11-22T22:15:00.000Z");
	assert_param(here, "access_code_id", "code-dubois");
	assert_int_equal(here->after_no, there->intent_no);
}

static void a_pin_that_lock_does_not_take_is_another_one_and_said(void **state)
{
	struct desk *d = *state;

	/* 104 takes six or seven digits. */
	press(d, BERG " M =104 Enter y");
	assert_true(shows(d, "another PIN: that lock wants more digits"));
	press(d, "a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);
	g_autofree char *pin = jsonin_text(of_kind(list, INTENT_CREATE)->params, "code");

	assert_int_equal(strlen(pin), 6);
}

static void a_move_leaves_the_other_doors_and_says_so(void **state)
{
	struct desk *d = *state;

	press(d, HADDAD " M =101 Enter y");
	assert_true(shows(d, "Gym"));
	assert_true(shows(d, "stays as it is"));
}

/* ---- one more door ---- */

static void doors_that_many_have_are_offered_first(void **state)
{
	struct desk *d = *state;

	press(d, BERG " D");
	assert_true(line_with(d, "│ Gym") < line_with(d, "│ 102 Garden"));
	assert_true(hides(d, "│ 101 Garden"));
}

static void another_door_has_the_same_pin_and_window(void **state)
{
	struct desk *d = *state;

	press(d, BERG " D =laundry Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_string_equal(in->device_id, "lock-laundry");
	assert_param(in, "code", "4821");
	assert_param(in, "ends_at", "2026-11-24T10:00:00.000Z");
	assert_non_null(in->common_code_key);
}

static void a_room_that_somebody_sleeps_in_is_asked_about(void **state)
{
	struct desk *d = *state;

	/* What merely stands first is nobody's choice. */
	press(d, BERG " D Enter");
	assert_true(shows(d, "Type a part of its name or its number, or choose with Down."));
	press(d, "=103 Enter");
	assert_true(shows(d, "103 Sea for Anna Berg too?"));
	assert_true(shows(d, "Rossi family has 103 Sea"));
	press(d, "n");
	cache_list_free(outbox(d, 0));
}

static void a_door_that_does_not_take_the_pin_is_asked_about(void **state)
{
	struct desk *d = *state;

	press(d, BERG " D g Enter");
	assert_true(shows(d, "Gym for Anna Berg, with another PIN?"));
	press(d, "y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	g_autofree char *pin = jsonin_text(cache_list_at(list, struct intent, 0)->params, "code");

	assert_int_equal(strlen(pin), 6);
}

/* ---- what night clerks stumbled over ---- */

static void when_a_code_is_written_is_no_news_of_one_that_is_there(void **state)
{
	static const struct {
		const char *keys;
		bool said;
	} rows[] = { { "/ =dubois Enter Enter", true }, { "/ =staff Enter Enter", false }, { ROSSI " Enter", false } };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		assert_true(rows[i].said ? shows(d, "stored ahead") : hides(d, "stored ahead"));
		press(d, "F3 Esc");
	}
}

static void a_stay_of_two_doors_names_the_other_on_its_page(void **state)
{
	struct desk *d = *state;

	press(d, HADDAD " Enter");
	assert_true(shows(d, "same stay"));
	press(d, "F3 " ROSSI " Enter");
	assert_true(hides(d, "same stay"));
	assert_true(hides(d, "shared"));
}

static void a_search_begun_again_replaces_the_words_before(void **state)
{
	struct desk *d = *state;

	press(d, "/ =berg Enter / =rossi");
	assert_true(shows(d, "Rossi family"));
	assert_true(hides(d, "bergrossi"));
	/* Who moves in it keeps it. */
	press(d, "Enter / Left =x");
	assert_true(shows(d, "rossxi"));
}

/* ---- on every screen ---- */

static void the_verbs_are_the_same_wherever_the_guest_is(void **state)
{
	static const char *const ways[] = { ROSSI, ROSSI " Enter", ROSSI " t", "/ =103 Enter Left Enter Down" };
	static const struct {
		const char *key, *words;
	} verbs[] = { { "i", "Check-in" }, { "r", "A new PIN for Rossi" }, { "E", "How many nights longer" },
		      { "M", "to which room?" }, { "D", "Which door is Rossi family to open" } };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(verbs); k++) {
			press(d, ways[i]);
			press(d, verbs[k].key);
			if (!shows(d, verbs[k].words))
				fail_msg("%s after %s", verbs[k].key, ways[i]);
			press(d, "Esc F3 Esc Esc");
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(rooms_that_are_free_are_offered_first),
		on_a_desk(undo_says_what_puts_the_last_change_right),
		on_a_desk(each_task_costs_no_more_keys_than_it_may),
		on_a_desk(a_walk_in_for_two_nights_costs_four_keys),
		on_a_desk(nobody_is_put_to_bed_in_a_taken_room_by_enter_alone),
		on_a_desk(the_card_says_whether_the_lock_has_it_and_shows_the_pin_for_a_while),
		on_a_desk(the_card_of_the_old_room_says_where_the_guest_has_gone),
		on_a_desk(a_guest_of_two_doors_reads_of_both),
		on_a_desk(what_was_just_queued_has_a_card_too),
		on_a_desk(an_unmanaged_code_has_no_card),
		cmocka_unit_test(a_pin_is_read_in_small_groups),
		cmocka_unit_test(the_slip_folds_between_who_and_pin),
		cmocka_unit_test(a_stay_is_one_name_with_one_pin_key_or_window),
		on_a_desk(after_the_name_the_end_is_asked_for_once),
		on_a_desk(a_second_guest_has_room_and_end_of_the_first_and_an_own_pin),
		on_a_desk(the_second_guest_of_a_stay_to_come_comes_with_it),
		on_a_desk(what_is_edited_of_one_door_names_the_others),
		on_a_desk(the_early_hour_is_said_when_it_has_begun),
		on_a_desk(nights_are_until_the_check_out_of_the_later_day),
		on_a_desk(who_comes_next_into_the_room_is_told_of),
		on_a_desk(a_stay_of_two_doors_is_seen_before_it_is_longer),
		on_a_desk(another_pin_is_one_on_all_doors_of_the_stay),
		on_a_desk(what_cannot_be_changed_says_why),
		on_a_desk(who_is_in_the_house_keeps_the_pin_and_half_an_hour),
		on_a_desk(who_has_not_come_yet_is_revoked_here_after_the_other_is_accepted),
		on_a_desk(a_pin_that_lock_does_not_take_is_another_one_and_said),
		on_a_desk(a_move_leaves_the_other_doors_and_says_so),
		on_a_desk(doors_that_many_have_are_offered_first),
		on_a_desk(another_door_has_the_same_pin_and_window),
		on_a_desk(a_room_that_somebody_sleeps_in_is_asked_about),
		on_a_desk(a_door_that_does_not_take_the_pin_is_asked_about),
		on_a_desk(when_a_code_is_written_is_no_news_of_one_that_is_there),
		on_a_desk(a_stay_of_two_doors_names_the_other_on_its_page),
		on_a_desk(a_search_begun_again_replaces_the_words_before),
		on_a_desk(the_verbs_are_the_same_wherever_the_guest_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
