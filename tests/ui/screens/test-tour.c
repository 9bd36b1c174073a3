/* test-tour - the tour: each step waits for what it says and for nothing else, says the way back, and makes
 * nothing of a real property. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "desk.h"
#include "ui/tour_own.h"
#include "ui/undo.h"

static struct desk *toured(void **state)
{
	struct desk *d = *state;

	d->app->world.demo = true;
	press(d, ": =tour Enter");
	assert_non_null(d->app->tour);
	return d;
}

static const char *step_of(struct desk *d)
{
	const struct tour_step *step = d->app->tour ? tour_now(d->app->tour) : NULL;

	return step ? step->id : d->app->tour ? "over" : "none";
}

static void go_to_step(struct desk *d, const char *id)
{
	for (int i = 0; i < TOUR_STEPS_MAX && strcmp(step_of(d), id) != 0; i++)
		press(d, "Ctrl-T");
	assert_string_equal(step_of(d), id);
}

/* What does not finish a step, and then what does. Each begins where the one before has left it. */
static void each_step_waits_until_it_is_done(void **state)
{
	static const struct {
		const char *id, *not_yet, *done;
	} rows[] = {
		{ "find", "Down Down / =mueller", "Enter" },
		{ "unfold", "Left Esc", "Right" },
		{ "why", "Tab", "w" },
		{ "tonight", "F4 Esc ?", "Esc A" },
		{ "at-risk", "Down", "n" },
		{ "check-in", "Down", "i" },
		{ "later", "Esc F3 / =mueller Enter } Enter ]", "Enter" },
		{ "new", "n =Berger Enter 4 h", "Enter" },
		{ "revoke", "/ =mueller Enter x n x", "y" },
		{ "undo", "Down", "Z" },
		{ "unlock", "u n u", "y" },
		{ "who-could", "? Esc", "O" },
		{ "palette", "F3 : =zo", "=om_week Enter" },
		{ "help", "F4", "?" },
	};
	struct desk *d = toured(state);
	char number[32];

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_snprintf(number, sizeof number, "Tour %zu of %zu", i + 1, G_N_ELEMENTS(rows));
		assert_string_equal(step_of(d), rows[i].id);
		assert_true(shows(d, number));
		press(d, rows[i].not_yet);
		if (strcmp(step_of(d), rows[i].id) != 0)
			fail_msg("%s: done by %s", rows[i].id, rows[i].not_yet);
		press(d, rows[i].done);
		if (strcmp(step_of(d), rows[i].id) == 0)
			fail_msg("%s: not done by %s", rows[i].id, rows[i].done);
	}
	assert_true(shows(d, "Tour: that was it"));
	press(d, "Ctrl-T");
	assert_null(d->app->tour);
	assert_true(shows(d, "The tour has ended"));
}

static void astray_it_says_the_way_back(void **state)
{
	static const struct {
		const char *step, *keys, *says, *back;
	} rows[] = {
		{ "find", "F4", "goes on at the rack: F3", "F3" },
		{ "find", "n", "Esc leaves it", "Esc" },
		{ "later", "A", "goes on at the rack: F3", "F3" },
		{ "at-risk", "o", "goes on in Tonight: A", "A" },
		{ "new", "x", "Esc leaves it", "Esc" },
		{ "unlock", "n", "Esc leaves it", "Esc" },
	};
	struct desk *d = *state;

	d->app->world.demo = true;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "F3 Esc Home : =tour Enter");
		if (i >= 2)
			press(d, "/ =mueller Enter");
		go_to_step(d, rows[i].step);
		press(d, rows[i].keys);
		if (!shows(d, rows[i].says))
			fail_msg("%s, %s: does not say '%s'", rows[i].step, rows[i].keys, rows[i].says);
		press(d, rows[i].back);
		assert_true(hides(d, rows[i].says));
		press(d, ": =tour Enter");
		assert_null(d->app->tour);
	}
}

/* The form and the question of a step itself are no way astray, and Ctrl-T goes on from there. */
static void what_a_step_opens_belongs_to_it(void **state)
{
	static const struct {
		const char *step, *keys, *says;
	} rows[] = {
		{ "new", "n", "n makes a code for this door" },
		{ "revoke", "x", "x revokes it, y says yes" },
		{ "unlock", "u", "u unlocks the door" },
		{ "palette", ":", ": does all there is" },
	};
	struct desk *d = toured(state);

	press(d, "/ =mueller Enter");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		go_to_step(d, rows[i].step);
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].says));
		press(d, "Ctrl-T");
		assert_string_not_equal(step_of(d), rows[i].step);
		press(d, "Esc");
	}
}

static void ten_seconds_later_it_says_what_helps(void **state)
{
	struct desk *d = toured(state);

	press(d, "/ =mueller Enter");
	go_to_step(d, "revoke");
	press(d, "x y");
	assert_string_equal(step_of(d), "undo");
	assert_true(shows(d, "counts the ten seconds down"));
	for (int i = 0; i < 10; i++)
		undo_tick(d->app->undo);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Nothing waits to be taken back"));
	press(d, "Z");
	assert_string_equal(step_of(d), "undo");
}

static void a_real_property_is_left_alone(void **state)
{
	struct desk *d = *state;

	press(d, ": =tour Enter");
	assert_null(d->app->tour);
	assert_true(shows(d, "keyrack demo --tour"));
	press(d, "Esc Ctrl-T");
	assert_true(shows(d, "The tour is not under way"));
}

static void a_console_that_only_reads_is_shown_what_it_can(void **state)
{
	struct desk *d = *state;

	d->app->world.read_only = true;
	toured(state);
	assert_true(shows(d, "Tour 1 of 9"));
	for (int i = 0; i < 9; i++) {
		assert_false(tour_now(d->app->tour)->writes);
		press(d, "Ctrl-T");
	}
	assert_string_equal(step_of(d), "over");
}

/* Nothing is drawn on what is under it, whatever the window; and it comes back with the window. */
static void it_takes_its_rows_from_the_screens(void **state)
{
	static const int sizes[][2] = { { 24, 80 },  { 12, 60 }, { 13, 60 }, { 14, 200 },
					{ 60, 200 }, { 5, 20 },	 { 24, 80 } };
	struct desk *d = toured(state);

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		int rows = sizes[i][0], cols = sizes[i][1], taken = tour_rows(d->app, rows, cols);

		assert_in_range(taken, 2, 4);
		grid_resize(&d->grid, rows, cols);
		app_draw(d->app, &d->grid);
		if (rows < APP_ROWS_MIN)
			continue;
		assert_true(shows(d, "Tour 1 of 14"));
		assert_true(shows(d, "/ finds"));
		assert_true(shows(d, "open")); /* the last line has its keys */
		press(d, "n");
		assert_true(shows(d, "Tour 1 of 14"));
		press(d, "Esc A");
		assert_true(shows(d, "Tour 1 of 14"));
		press(d, "Esc");
	}
}

static void it_names_the_keys_that_are_in_force(void **state)
{
	struct desk *d = toured(state);
	enum command whose;

	keymap_clear(VIEW_RACK, COMMAND_FIND);
	assert_true(keymap_add(VIEW_RACK, COMMAND_FIND, "F9", &whose));
	keymap_clear(VIEW_ANY, COMMAND_TOUR_NEXT);
	assert_true(keymap_add(VIEW_ANY, COMMAND_TOUR_NEXT, "F12", &whose));
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "F9 finds a guest"));
	assert_true(shows(d, "F12 next step"));
	press(d, "F12");
	assert_string_equal(step_of(d), "unfold");
	keymap_reset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(each_step_waits_until_it_is_done),
		on_a_desk(astray_it_says_the_way_back),
		on_a_desk(what_a_step_opens_belongs_to_it),
		on_a_desk(ten_seconds_later_it_says_what_helps),
		on_a_desk(a_real_property_is_left_alone),
		on_a_desk(a_console_that_only_reads_is_shown_what_it_can),
		on_a_desk(it_takes_its_rows_from_the_screens),
		on_a_desk(it_names_the_keys_that_are_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
