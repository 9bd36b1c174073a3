/* The rack under the hand of a desk: few keys from a room's number to what is to be done there. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"
#include "ui/screens/rack.h"

static struct rack *the_rack(struct desk *d)
{
	return rack_of(g_ptr_array_index(d->app->stack, 0));
}

/* Of the code under the cursor; "lock" where there is none. */
static const char *chosen(struct desk *d)
{
	const struct code_row *c = rack_code(the_rack(d));

	return c ? c->code.access_code_id : "lock";
}

static const char *on_lock(struct desk *d)
{
	struct rack_lock *l = rack_lock(the_rack(d));

	return l && l->row ? l->row->lock.device_id : "none";
}

/* ---- by number ---- */

static void a_number_finds_the_lock_and_the_guest_who_matters(void **state)
{
	static const struct {
		const char *keys, *lock, *code;
	} rows[] = {
		{ "=101 Enter", "lock-101", "code-berg" },
		{ "=102 Enter", "lock-102", "code-mueller" }, /* in the house, not who comes next */
		{ "=104 Enter", "lock-104", "code-haddad" },  /* next to arrive */
		{ "=0104 Enter", "lock-104", "code-haddad" },
		{ "=20 Enter", "lock-201", "code-dubois" },   /* nobody has the whole number */
		{ "=1 Enter", "lock-101", "code-berg" },
		{ "=1 Enter f", "lock-102", "code-mueller" },
		{ "=1 Enter f f F", "lock-102", "code-mueller" },
		{ "=1 Enter F", "lock-104", "code-haddad" },  /* round */
		{ "A =103 Enter", "lock-103", "code-rossi" }, /* from another screen */
		{ "=102 Enter Enter =201 Enter", "lock-201", "code-dubois" },
		{ "/ =gym Enter =101 Enter", "lock-101", "code-berg" },
		{ "=1029 Backspace Enter", "lock-102", "code-mueller" },
	};
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 } }; /* folded, and a row for each code */
	struct desk *d = *state;

	for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
		grid_resize(&d->grid, sizes[s][0], sizes[s][1]);
		press(d, "z");
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			press(d, "Home");
			press(d, rows[i].keys);
			if (g_strcmp0(on_lock(d), rows[i].lock) != 0 || g_strcmp0(chosen(d), rows[i].code) != 0)
				fail_msg("%s goes to %s, %s", rows[i].keys, on_lock(d), chosen(d));
			assert_int_equal(d->app->stack->len, 1);
		}
	}
}

/* Also while the server has not been told of whoever comes tonight. */
static void who_comes_tonight_is_before_who_comes_tomorrow(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct lock lock = { .device_id = "lock-206",
			     .name = "206 Sea",
			     .managed = TRI_YES,
			     .online = TRI_YES,
			     .battery_pct = -1,
			     .max_active_codes = -1,
			     .device_type = "august_lock",
			     .object = "{}",
			     .can_program_online = TRI_YES,
			     .zone = "Europe/Berlin" };
	struct access_code ac = { .access_code_id = "code-tomorrow",
				  .device_id = "lock-206",
				  .workspace_id = "w1",
				  .managed = true,
				  .time_bound = true,
				  .status = "unset",
				  .name = "Tomorrow",
				  .created_at = HOUSE_NOW,
				  .starts_at = instant_add_ms(HOUSE_NOW, 18 * HOUR_MS),
				  .ends_at = instant_add_ms(HOUSE_NOW, 60 * HOUR_MS) };

	assert_true(cache_put_lock(sync, &lock, 0, NULL) >= 0);
	assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
	app_changed(d->app, POKE_LOCKS | POKE_CODES);
	press(d, "2 0 6 Enter");
	assert_true(shows(d, "206 Sea · Tomorrow"));
	press(d, "n =Walk_In Tab =15_min Enter");
	press(d, "F3 Home 2 0 6 Enter");
	assert_true(shows(d, "206 Sea · Walk In"));
}

/* A folded row reads no further than its lane; whoever goes on from bar to bar, unfolds it, or is sent to a
 * code finds all of them. */
static void bookings_beyond_the_lane_are_read_when_somebody_goes_there(void **state)
{
	enum { BOOKINGS = 5 };
	static const struct {
		const char *keys, *code;
	} rows[] = {
		{ "=206 Enter", "booking-0" },
		{ "=206 Enter Tab Tab Tab Tab", "booking-4" },
		{ "=206 Enter Esc Right Down Down Down Down Down", "booking-4" },
		{ "=206 Enter Esc : =go_Booking_4 Enter", "booking-4" },
	};
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct lock lock = { .device_id = "lock-206",
			     .name = "206 Sea",
			     .managed = TRI_YES,
			     .online = TRI_YES,
			     .battery_pct = -1,
			     .max_active_codes = -1,
			     .device_type = "august_lock",
			     .object = "{}",
			     .can_program_online = TRI_YES,
			     .zone = "Europe/Berlin" };

	assert_true(cache_put_lock(sync, &lock, 0, NULL) >= 0);
	for (int i = 0; i < BOOKINGS; i++) {
		g_autofree char *id = g_strdup_printf("booking-%d", i), *name = g_strdup_printf("Booking %d", i);
		struct access_code ac = { .access_code_id = id,
					  .device_id = "lock-206",
					  .workspace_id = "w1",
					  .managed = true,
					  .time_bound = true,
					  .status = "unset",
					  .name = name,
					  .created_at = HOUSE_NOW,
					  .starts_at = instant_add_ms(HOUSE_NOW, (1 + i * 60) * DAY_MS) };

		ac.ends_at = instant_add_ms(ac.starts_at, 2 * DAY_MS);
		assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rack *r = the_rack(d);
		int lock_at;

		app_changed(d->app, POKE_LOCKS | POKE_CODES);
		rack_rows_unfold_all(&r->rows, false);
		press(d, "Home .");
		rack_rows_forget(&r->rows, HOUSE_NOW); /* what was read while it was chosen or stood open */
		lock_at = rack_rows_find_lock(&r->rows, cache_lock_no(d->cache, "lock-206"));
		assert_int_equal(rack_lock_codes(rack_rows_look(&r->rows, lock_at)), 1);
		press(d, rows[i].keys);
		assert_string_equal(chosen(d), rows[i].code);
		assert_int_equal(rack_lock_codes(rack_rows_look(&r->rows, lock_at)), BOOKINGS);
		press(d, "Esc");
	}
}

static void a_number_that_no_lock_has_moves_nothing(void **state)
{
	struct desk *d = *state;

	press(d, "=102 Enter A =999 Enter");
	assert_true(shows(d, "No lock has the number 999"));
	assert_int_equal(d->app->stack->len, 2);
	press(d, "Esc");
	assert_string_equal(chosen(d), "code-mueller");
}

static void digits_before_another_key_are_a_count(void **state)
{
	struct desk *d = *state;

	press(d, "z Home =2 Down");
	assert_string_equal(on_lock(d), "lock-103");
	press(d, "=1 Esc Down");
	assert_string_equal(on_lock(d), "lock-104");
	press(d, "=102 Esc Enter");
	assert_true(shows(d, "Lock"));
}

static void what_was_done_last_is_repeated(void **state)
{
	static const struct {
		const char *keys, *said;
	} rows[] = {
		{ "&", "Nothing was changed or moved yet" },
		{ "=101 Enter =3 ]", "ends 1 h 30 m later" },
		{ "&", "ends 3 h later" },	/* with its count */
		{ "=2 &", "ends 4 h later" },	/* with another, */
		{ "&", "ends 5 h later" },	/* which it keeps */
		{ "Esc Tab Tab", "Rack" },	/* a step is not what is repeated */
		{ "&", "ends 1 h later" },
		{ "Esc : =sort_battery Enter =102 Enter E Esc &", "How many nights longer" },
		{ "Esc : =sort_name Enter x n &", "Revoke Mueller, J." },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].said));
	}
}

/* Of what is typed before a key nothing is hidden by, and nothing hides: it stands in the title. */
static void a_count_hides_no_hint(void **state)
{
	struct desk *d = *state;
	g_autofree char *before = screen_text(d), *after = NULL;

	press(d, "=17");
	after = screen_text(d);
	assert_string_equal(strrchr(g_strchomp(before), '\n'), strrchr(g_strchomp(after), '\n'));
	assert_true(shows(d, " 17 "));
}

static void several_locks_with_a_number_are_said(void **state)
{
	struct desk *d = *state;

	press(d, "=10 Enter");
	assert_true(shows(d, "3 more locks with 10: f goes on, F back."));
}

/* The verb after a jump or a search is about the guest. */
static void the_next_key_acts_on_the_guest(void **state)
{
	static const struct {
		const char *keys, *said;
	} rows[] = {
		{ "=102 Enter x", "Revoke Mueller, J. on 102 Garden?" },
		{ "=101 Enter e", "Anna Berg" },
		{ "/ =muelle Enter x", "Revoke Mueller, J. on 102 Garden?" },
		{ "/ =sakura Esc =102 Enter w", "Why" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "Esc Esc Home");
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].said));
		while (d->app->stack->len > 1) {
			app_pop(d->app);
			app_turn_done(d->app);
		}
	}
}

/* At a room's row the door comes first, its guest a key later; at a code's row the other way round. */
static void a_question_at_a_rooms_row_is_about_the_door(void **state)
{
	static const struct {
		const char *keys, *said;
	} rows[] = {
		{ "=103 Enter O", "Who could open 103 Sea" },
		{ "=103 Enter O O", "Doors of Rossi family" }, /* the guest that was jumped to */
		{ "=103 Enter v", " 103 Sea  [everything]" },
		{ "/ =rossi Enter O", "Doors of Rossi family" },
		{ "/ =rossi Enter O O", "Who could open 103 Sea" },
	};
	struct desk *d = *state;

	press(d, "z");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "Esc Esc Home");
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].said));
		while (d->app->stack->len > 1) {
			app_pop(d->app);
			app_turn_done(d->app);
		}
	}
}

static void what_a_key_was_answered_with_goes_with_the_next(void **state)
{
	struct desk *d = *state;

	press(d, "Esc Esc");
	assert_true(shows(d, "This is the first screen"));
	press(d, "Down");
	assert_true(hides(d, "This is the first screen"));
	/* What came by itself stays its time. */
	app_message(d->app, false, "%s", "The server has taken it.");
	press(d, "Down");
	assert_true(shows(d, "The server has taken it."));
}

static void a_search_that_is_kept_no_longer_offers_to_keep_it(void **state)
{
	struct desk *d = *state;

	press(d, "/ =rossi");
	assert_true(shows(d, "Enter keep"));
	press(d, "Enter");
	assert_true(hides(d, "Enter keep"));
	assert_true(shows(d, "1 lock, 1 code   / another   Esc all"));
}

/* ---- marks ---- */

static int marked(struct desk *d)
{
	return marks_count(the_rack(d)->marks);
}

static void space_marks_and_goes_on(void **state)
{
	static const struct {
		const char *keys;
		int count, locks;
	} rows[] = {
		{ "Space Space", 2, 2 },
		{ "Space Up Space", 0, 0 },
		{ "=3 Space", 3, 3 },
		{ "=102 Enter Space", 1, 0 },
		{ "=102 Enter Space Space", 2, 0 }, /* from bar to bar */
		{ "=102 Enter Space Home Space", 2, 1 },
		{ "*", 8, 8 },
		{ "=102 Enter *", 2, 0 },	/* the codes of this lock: the others have no rows */
		{ "/ =haddad Enter Esc / =left Enter *", 1, 0 },
		{ "/ =mueller Enter *", 2, 0 }, /* all that was found, on every door */
		{ "* Esc", 0, 0 },
		{ "/ =mueller Enter * Esc", 2, 0 }, /* they outlive the search */
		{ "/ =mueller Enter * Esc Esc", 0, 0 },
	};
	struct desk *d = *state;

	grid_resize(&d->grid, 24, 80);
	press(d, "z");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "Esc Esc Esc Home");
		press(d, rows[i].keys);
		if (marked(d) != rows[i].count || marks_locks(the_rack(d)->marks) != rows[i].locks)
			fail_msg("%s marks %d, of them %d locks", rows[i].keys, marked(d),
				 marks_locks(the_rack(d)->marks));
	}
}

static void a_mark_is_seen_without_colour_and_counted(void **state)
{
	struct desk *d = *state;

	press(d, "z Home Space =103 Enter Space");
	assert_true(shows(d, "▸◆101 Garden"));
	assert_true(shows(d, "◆ Rossi"));
	assert_true(shows(d, "1 code and 1 lock marked"));
	d->grid.ascii = true;
	press(d, "z");
	assert_true(shows(d, "-*101 Garden"));
	assert_true(shows(d, " * Rossi family"));
}

static void marks_stay_on_their_things(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);

	press(d, "/ =mueller Enter * Esc s s");
	assert_int_equal(marked(d), 2);
	assert_true(cache_delete_code(sync, "code-mueller", HOUSE_NOW, NULL));
	app_changed(d->app, POKE_CODES);
	app_draw(d->app, &d->grid);
	assert_int_equal(marked(d), 1);
	assert_true(shows(d, "1 that was marked is gone"));
}

/* ---- the ends of a stay ---- */

static void an_end_is_moved_in_half_hours_and_sent_by_enter(void **state)
{
	/* Keys as the desk presses them, and how many beyond the room and its Enter may be needed. */
	static const struct {
		const char *keys, *path, *value, *other, *stays;
	} rows[] = {
		{ "=201 Enter [ [ Enter", "starts_at", "2026-11-22T21:15:00.000Z", "ends_at",
		  "2026-11-26T10:00:00.000Z" },
		{ "=102 Enter ] ] Enter", "ends_at", "2026-11-23T04:00:00.000Z", "starts_at",
		  "2026-11-21T14:00:00.000Z" },
		{ "=102 Enter =4 ] } Enter", "ends_at", "2026-11-23T04:30:00.000Z", "starts_at",
		  "2026-11-21T14:00:00.000Z" },
		{ "=201 Enter { Enter", "starts_at", "2026-11-22T22:45:00.000Z", "ends_at",
		  "2026-11-26T10:00:00.000Z" },
		{ "=104 Enter =9 [ Enter", "starts_at", "2026-11-22T20:18:00.000Z", "ends_at",
		  "2026-11-25T10:00:00.000Z" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		OWN(cache_list) struct cache_list *list = outbox(d, (guint)i + 1);
		const struct intent *in = cache_list_at(list, struct intent, 0);

		assert_int_equal(in->kind, INTENT_UPDATE);
		assert_param(in, rows[i].path, rows[i].value);
		assert_param(in, rows[i].other, rows[i].stays);
	}
}

static void what_it_would_mean_is_said_before(void **state)
{
	static const struct {
		const char *keys, *words[4];
	} rows[] = {
		{ "=102 Enter ] ]",
		  { "ends 1 h later", "Sat 21 Nov 15:00 to Mon 23 Nov 05:00 CET", "free for 10 h until",
		    "the PIN stays" } },
		{ "=102 Enter =24 ]", { "ends 12 h later", "! ", "has 102 Garden from tomorrow 15:00" } },
		{ "=201 Enter [ [", { "starts 1 h earlier" } },
		{ "=104 Enter [", { "also at Gym: A takes that along" } },
		{ "=104 Enter =9 [", { "starts 42 m earlier" } }, /* not before now */
		{ "=102 Enter [", { "It cannot start earlier: it has begun." } },
		/* It began yesterday: no start in the past is offered, however far. */
		{ "=102 Enter {", { "It has begun: a start that is past is not moved." } },
		{ "=102 Enter =9 {", { "It has begun: a start that is past is not moved." } },
		{ "=201 Enter =99 [ [", { "It cannot start earlier than now." } },
		{ "=201 Enter =999 {", { "No further: the start comes before the end." } },
		{ "=102 Enter =99 }", { "No further: the end comes after the start, and after now." } },
		{ "/ =staff Enter ]", { "An ongoing code has neither start nor end" } },
		{ "/ =left_over Enter ]", { "Not managed from here" } },
		{ "Home ]", { "Choose a code first" } },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "Esc Esc Esc");
		press(d, rows[i].keys);
		for (size_t k = 0; k < 4 && rows[i].words[k]; k++)
			assert_true(shows(d, rows[i].words[k]));
	}
	press(d, "=102 Enter ]");
	assert_true(shows(d, "Enter send   Esc drop"));
	cache_list_free(outbox(d, 0));
}

static void a_stay_of_several_doors_is_moved_as_one(void **state)
{
	struct desk *d = *state;

	press(d, "=104 Enter ] ] A");
	assert_true(shows(d, "104 Sea"));
	assert_true(shows(d, "ends 1 h later"));
	press(d, "a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);

	for (guint i = 0; i < 2; i++)
		assert_param(cache_list_at(list, struct intent, i), "ends_at", "2026-11-25T11:00:00.000Z");
	assert_int_equal(the_rack(d)->nudge.code_no, 0);
	press(d, "Esc =101 Enter ] A");
	assert_true(shows(d, "This stay has no other door."));
}

static void a_change_of_mind_sends_nothing(void **state)
{
	static const char *const keys[] = { "=102 Enter ] Esc", "=102 Enter ] }", "=102 Enter ] Down Enter",
					    "=102 Enter ] =101 Enter" };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		press(d, keys[i]);
		assert_int_equal(the_rack(d)->nudge.code_no, 0);
		cache_list_free(outbox(d, 0));
		while (d->app->stack->len > 1) {
			app_pop(d->app);
			app_turn_done(d->app);
		}
	}
}

/* Somebody else was quicker: what was shown is no longer what would be asked for. */
static void a_code_that_changed_meanwhile_is_not_moved(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);

	press(d, "=102 Enter ]");
	assert_true(cache_delete_code(sync, "code-mueller", HOUSE_NOW, NULL));
	app_changed(d->app, POKE_CODES);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Not moved: the code was changed meanwhile."));
	assert_int_equal(the_rack(d)->nudge.code_no, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(a_number_finds_the_lock_and_the_guest_who_matters),
		on_a_desk(who_comes_tonight_is_before_who_comes_tomorrow),
		on_a_desk(bookings_beyond_the_lane_are_read_when_somebody_goes_there),
		on_a_desk(a_number_that_no_lock_has_moves_nothing),
		on_a_desk(digits_before_another_key_are_a_count),
		on_a_desk(what_was_done_last_is_repeated),
		on_a_desk(a_count_hides_no_hint),
		on_a_desk(several_locks_with_a_number_are_said),
		on_a_desk(the_next_key_acts_on_the_guest),
		on_a_desk(a_question_at_a_rooms_row_is_about_the_door),
		on_a_desk(what_a_key_was_answered_with_goes_with_the_next),
		on_a_desk(a_search_that_is_kept_no_longer_offers_to_keep_it),
		on_a_desk(space_marks_and_goes_on),
		on_a_desk(a_mark_is_seen_without_colour_and_counted),
		on_a_desk(marks_stay_on_their_things),
		on_a_desk(an_end_is_moved_in_half_hours_and_sent_by_enter),
		on_a_desk(what_it_would_mean_is_said_before),
		on_a_desk(a_stay_of_several_doors_is_moved_as_one),
		on_a_desk(a_change_of_mind_sends_nothing),
		on_a_desk(a_code_that_changed_meanwhile_is_not_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
