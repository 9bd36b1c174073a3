/* The palette: what a few letters find, what runs, what is said where nothing does. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "ui/screens/go.h"
#include "ui/screens/palette.h"
#include "ui/keymap.h"
#include "ui/screens/rack.h"

static struct rack *rack_on(struct desk *d)
{
	return rack_of(d->app->stack->pdata[0]);
}

static void a_few_letters_find_the_command_that_is_meant(void **state)
{
	static const struct {
		const char *typed, *first;
	} rows[] = {
		{ "sort", "sort" },     { "so", "sort" },
		{ "SORT", "sort" },     { "lo", "lock" },
		{ "locks", "locks" },   { "wl", "walk-list" },
		{ "round of", "locks" },   { "outb", "outbox" },
		{ "tonight", "tonight" }, { "why", "why" },
		{ "quit", "quit" },     { "leave keyrack", "quit" },
		{ "new access", "new" }, { "battery", "locks" },
		{ "arrives", "tonight" }, { "unman adopt", "adopt" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) found = palette_rows(d->app, rows[i].typed);
		const struct palette_row *r = found->len ? found->pdata[0] : NULL;

		if (!r || strcmp(r->name, rows[i].first) != 0)
			fail_msg("'%s' finds '%s' first, not '%s'", rows[i].typed, r ? r->name : "nothing",
				 rows[i].first);
	}
}

static void every_command_can_be_named(void **state)
{
	struct desk *d = *state;

	for (int c = 0; c < COMMAND_COUNT; c++) {
		const char *name = command_info((enum command)c)->name;
		g_autoptr(GPtrArray) found = palette_rows(d->app, name);

		if (c == COMMAND_PALETTE)
			continue;
		assert_true(found->len > 0);
		assert_string_equal(((const struct palette_row *)found->pdata[0])->name, name);
	}
}

static void enter_does_it_on_the_screen_below(void **state)
{
	static const struct {
		const char *keys, *shown;
	} rows[] = {
		{ ": =tonight Enter", "Rack › Tonight" },
		{ "F3 Ctrl-P =locks Enter", "Rack › Locks" },
		{ ": =sort_name Enter", "Sorted by" },
		{ "F3 : =sort_battery Enter", "Sorted by battery" },
		{ ": =sort_bat Enter", "Sorted by battery" },
		{ ": =sort_xyz Enter", "'xyz' is none of: name, place, trouble, battery, next, state, problem, room" },
		{ ": =sort_state Enter", "Sorted by trouble first" },
		{ ": =sort_room Enter", "Sorted by place" },
		{ ": =columns_room Enter", "Columns: state, place, battery, now, next, room" },
		{ ": =columns_room Enter", "Columns: state, place, battery, now, next" },
		{ ": =columns_brand,battery:6 Enter", "Columns: brand, battery:6" },
		{ ": =columns_brand,shoes Enter", "There is no column 'shoes'" },
		{ ": =columns_xyz Enter", "'xyz' is none of: state, place, brand" },
		{ ": =columns_standard Enter", "Columns: " },
		{ "v : =find_kind:denied Enter", "kind:denied" },
		{ ": =find_kind:nothing Enter", "There is no kind 'nothing'" },
		{ "Esc Esc : =zoom_month Enter", "Dec 2026" },
		{ ": =zoom_w Enter", "27    28" },
		{ "F2 : =day_tomorrow Enter", "Mon 23 Nov" },
		{ "F3 : =qqqq Enter", "Nothing is called 'qqqq'" },
		{ "Esc : =tonihgt Enter", "Is 'tonight' meant?" },
		{ "Esc : =next-risk Enter", "next-risk: only on: Tonight" },
		{ "Esc : =10 Enter", "Nothing is called '10'" },
		{ "Esc : =check-out", "Let this stay last longer" },
		{ "Esc : =late_arrival", "start-later" },
		{ "Esc ? / =checkout", "Search checkout" },
		{ "", "Let this stay last longer" },
		{ "Ctrl-U =late_arrival", "This stay starts half an hour later" },
		{ "Esc Esc : =find_rossi Enter", "Rossi" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		if (!shows(d, rows[i].shown))
			fail_msg("after %s", rows[i].keys);
	}
}

static void a_room_a_lock_and_a_guest_are_gone_to(void **state)
{
	static const struct {
		const char *keys, *lock, *guest;
	} rows[] = {
		{ ": =go_104 Enter", "104 Sea", NULL },
		{ ": =go_102 Enter", "102 Garden", NULL },
		{ ": =go_gym Enter", "Gym", NULL },
		{ "o : =go_101 Enter", "101 Garden", NULL },       /* from anywhere */
		{ "/ =rossi Enter : =go_104 Enter", "104 Sea", NULL }, /* what a search hides, too */
		{ ": =go_dubois Enter", NULL, "Dubois" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rack_lock *l;

		press(d, rows[i].keys);
		assert_int_equal(d->app->stack->len, 1);
		l = rack_lock(rack_on(d));
		assert_non_null(l);
		if (rows[i].lock)
			assert_string_equal(l->row->lock.name, rows[i].lock);
		if (rows[i].guest)
			assert_non_null(strstr(rack_code(rack_on(d))->code.name, rows[i].guest));
	}
	press(d, ": =go_777 Enter");
	assert_true(shows(d, "No lock has the number 777"));
	press(d, ": =go_nobody_at_all Enter");
	assert_true(shows(d, "No room, lock or guest is called 'nobody at all' here."));
}

static void a_number_means_the_room_of_that_number(void **state)
{
	static const struct {
		const char *name, *words;
		enum go_rank rank;
	} rows[] = {
		{ "204", "204", GO_WHOLE },	 { "204 sea", "204", GO_WORD },
		{ "room 204", "204", GO_WORD },	 { "2041", "204", GO_BEGINS },
		{ "room 2041", "204", GO_WORD_BEGINS }, { "1204", "204", GO_PART },
		{ "1204 and 204", "204", GO_WORD }, { "10", "204", GO_NOT },
		{ "204", "", GO_NOT },		 { "zimmer a-204", "204", GO_WORD },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (go_rank(rows[i].name, rows[i].words) != rows[i].rank)
			fail_msg("'%s' in '%s'", rows[i].words, rows[i].name);
}

static void what_was_done_comes_back(void **state)
{
	struct desk *d = *state;

	press(d, ": =sort_name Enter : =zoom_week Enter");
	press(d, ": Up");
	assert_true(shows(d, ": zoom week"));
	press(d, "Up");
	assert_true(shows(d, ": sort name"));
	press(d, "Down");
	assert_true(shows(d, ": zoom week"));
	press(d, "Up Enter");
	assert_true(shows(d, "Sorted by name"));
	/* in a line that is being typed the arrows choose */
	press(d, ": =lock Down Up Esc");
	assert_int_equal(d->app->stack->len, 1);
}

static void what_cannot_be_done_says_why(void **state)
{
	struct desk *d = *state;
	g_autofree char *here = app_why_not(d->app, COMMAND_NEXT_RISK), *fine = app_why_not(d->app, COMMAND_SORT);

	assert_string_equal(here, "only on: Tonight");
	assert_null(fine);
	press(d, ": =backup");
	assert_true(shows(d, "choose a code whose lock keeps backup codes"));
	press(d, "Esc");
	d->app->world.read_only = true;
	press(d, ": =revoke");
	assert_true(shows(d, "read-only"));
	press(d, "Enter");
	assert_true(shows(d, "'revoke' is off: this console is read-only"));
	cache_list_free(outbox(d, 0));
}

static void a_word_for_a_command_that_takes_none_is_refused(void **state)
{
	struct desk *d = *state;

	app_run_command_with(d->app, COMMAND_QUIT, "now");
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "'quit' takes no word here."));
	assert_false(d->app->quit);
}

static void after_the_first_of_two_keys_a_box_says_what_may_follow(void **state)
{
	struct desk *d = *state;
	enum command before;

	keymap_clear(VIEW_ANY, COMMAND_FIRST);
	assert_true(keymap_add(VIEW_ANY, COMMAND_FIRST, "g g", &before));
	assert_true(keymap_add(VIEW_RACK, COMMAND_TONIGHT, "g t", &before));
	press(d, "End g");
	assert_true(shows(d, "t tonight"));
	press(d, "t");
	assert_true(shows(d, "Rack › Tonight"));
	press(d, "F3 g x");
	assert_true(shows(d, "g x stands for nothing here."));
	press(d, "g Esc");
	assert_true(hides(d, "t tonight"));
	press(d, "End g g");
	assert_int_equal(rack_on(d)->at.lock, 0);
	keymap_reset();
}

static void what_was_said_can_be_read_again(void **state)
{
	struct desk *d = *state;

	press(d, ": =go_777 Enter : =sort_name Enter V");
	assert_true(shows(d, "Rack › Messages"));
	assert_true(shows(d, "21:18:00  Sorted by name"));
	assert_true(shows(d, "! 21:18:00"));
	assert_true(shows(d, "No lock has the number 777"));
	app_message(d->app, true, "Something else");
	app_draw(d->app, &d->grid);
	press(d, "Down");
	assert_true(shows(d, "Something else"));
	for (int i = 0; i < 2 * SAID_MAX; i++)
		app_message(d->app, false, "again %d", i);
	assert_int_equal(d->app->said->len, SAID_MAX);
}

static void tab_completes_and_backspace_leaves(void **state)
{
	struct desk *d = *state;

	press(d, ": =so Tab");
	assert_true(shows(d, ": sort "));
	press(d, "=bat Tab");
	assert_true(shows(d, ": sort battery"));
	press(d, "Ctrl-U Backspace");
	assert_int_equal(d->app->stack->len, 1);
}

static void what_is_being_written_is_not_covered(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Ctrl-P");
	assert_true(shows(d, "Something is being written"));
	press(d, "Esc n");
	assert_true(shows(d, "Ana"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(a_few_letters_find_the_command_that_is_meant),
		on_a_desk(every_command_can_be_named),
		on_a_desk(enter_does_it_on_the_screen_below),
		on_a_desk(a_room_a_lock_and_a_guest_are_gone_to),
		cmocka_unit_test(a_number_means_the_room_of_that_number),
		on_a_desk(what_was_done_comes_back),
		on_a_desk(what_cannot_be_done_says_why),
		on_a_desk(a_word_for_a_command_that_takes_none_is_refused),
		on_a_desk(after_the_first_of_two_keys_a_box_says_what_may_follow),
		on_a_desk(what_was_said_can_be_read_again),
		on_a_desk(tab_completes_and_backspace_leaves),
		on_a_desk(what_is_being_written_is_not_covered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
