/* test-seal - a desk that was left alone shows nothing, keeps everything, and knows who comes back. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/operators.h"
#include "desk.h"
#include "ui/seal.h"

enum { SOON_MS = 10000 };

static void make_operators(void)
{
	static const struct operators_cost cheap = { crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN };
	g_autofree char *path = operators_path();
	OWN(operators) struct operators *o = operators_load(path, NULL);

	assert_non_null(o);
	assert_true(operators_note_right(o, NULL));
	assert_true(operators_add(o, "Anna", "4802", &cheap, NULL));
	assert_true(operators_add(o, "Bo", "7777", &cheap, NULL));
}

static void look(struct desk *d)
{
	app_turn_done(d->app);
	app_draw(d->app, &d->grid);
}

static gboolean wake(gpointer p)
{
	(void)p;
	return G_SOURCE_CONTINUE;
}

/* Until the thread that judges the PIN has said what it is. */
static void wait_judged(struct desk *d)
{
	gint64 deadline = g_get_monotonic_time() + SOON_MS * 1000;
	unsigned source = g_timeout_add(20, wake, NULL);
	bool waits = true;

	while (waits && g_get_monotonic_time() < deadline) {
		char *text;

		g_main_context_iteration(NULL, TRUE);
		look(d);
		text = screen_text(d);
		waits = strstr(text, "One moment") != NULL;
		free(text);
	}
	g_source_remove(source);
	assert_false(waits);
}

static void without_operators_nothing_is_locked(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = operators_path();

	remove(path);
	press(d, "Q");
	assert_null(d->app->seal);
	assert_true(shows(d, "keyrack operator add"));
}

/* No name of a guest or a lock, on any screen, in any size; not by a message that comes meanwhile. */
static void nothing_is_shown_while_it_is_locked(void **state)
{
	static const char *const screens[] = {
		"Esc", "A", "n =Hilda", "Down Down Enter", "v", "o", "?", "R", "U", "x"
	};
	static const char *const names[] = { "101",  "Garden", "Anna Berg", "Rossi",  "Hilda",
					     "4821", "Gym",    "Dubois",    "Tonight" };
	struct desk *d = *state;

	make_operators();
	for (size_t i = 0; i < G_N_ELEMENTS(screens); i++) {
		guint depth;

		press(d, screens[i]);
		depth = d->app->stack->len;
		app_run_command(d->app, COMMAND_SEAL);
		assert_non_null(d->app->seal);
		app_message(d->app, true, "Refused: unlock Rossi");
		app_changed(d->app, POKE_ALL);
		look(d);
		for (size_t n = 0; n < G_N_ELEMENTS(names); n++)
			assert_true(hides(d, names[n]));
		assert_true(shows(d, "This desk is locked"));
		/* No key and no command reaches what lies under it. */
		press(d, "Down Enter x y F2 : Ctrl-P q Esc");
		app_run_command(d->app, COMMAND_TONIGHT);
		app_run_command(d->app, COMMAND_QUIT);
		look(d);
		assert_int_equal(d->app->stack->len, depth);
		assert_false(d->app->quit);
		press(d, "Up =4802 Enter");
		wait_judged(d);
		if (d->app->seal) /* the keys pressed above chose another operator */
			fail_msg("not unlocked on screen %zu", i);
		press(d, "Esc Esc y Esc");
	}
	cache_list_free(outbox(d, 0));
}

static void what_was_typed_is_still_there(void **state)
{
	struct desk *d = *state;

	make_operators();
	press(d, "n =Hilda Tab =fri_11am");
	app_run_command(d->app, COMMAND_SEAL);
	look(d);
	assert_true(hides(d, "Hilda"));
	press(d, "=4802 Enter");
	wait_judged(d);
	assert_true(shows(d, "Hilda"));
	press(d, "Tab =+2n Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "name", "Hilda");
	assert_string_equal(cache_list_at(list, struct intent, 0)->made_by, "Anna");
}

/* A name is found by its beginning; what cannot be one is a PIN, of whoever stood there before. */
static void a_name_can_be_typed_and_is_not_shown(void **state)
{
	static const struct {
		const char *keys, *who; /* "": still locked */
	} rows[] = {
		{ "=4802 Enter", "Anna" },
		{ "=bo Enter =7777 Enter", "Bo" },
		{ "=b Enter =7777 Enter", "Bo" },
		{ "=berg Enter =7777 Enter", "" },         /* nobody: a wrong PIN of the first */
		{ "=bo Backspace Backspace =4802 Enter", "Anna" },
		{ "Down =4802 Enter", "" },
		{ "Down Up =anna Enter", "" },             /* chosen: now it is a PIN */
		{ "=bo Esc =4802 Enter", "Anna" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		make_operators();
		g_free(d->app->world.operator_name);
		d->app->world.operator_name = g_strdup("Anna");
		press(d, "Q");
		assert_true(shows(d, "its beginning and Enter"));
		press(d, rows[i].keys);
		assert_true(hides(d, "berg"));
		wait_judged(d);
		if (*rows[i].who ? d->app->seal || g_strcmp0(d->app->world.operator_name, rows[i].who) != 0
				 : !d->app->seal)
			fail_msg("row %zu", i);
		g_clear_pointer(&d->app->seal, seal_free);
		look(d);
	}
}

static void an_operator_may_what_their_role_says(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = operators_path();
	OWN(operators) struct operators *o = NULL;

	make_operators();
	seal_begin_by_role(d->app);
	assert_null(d->app->seal); /* nobody has a role yet */
	o = operators_load(path, NULL);
	assert_true(operators_set_role(o, "Bo", OPERATOR_READ, NULL));
	seal_begin_by_role(d->app);
	assert_non_null(d->app->seal);
	look(d);
	press(d, "Up Up Down =7777 Enter");
	wait_judged(d);
	assert_null(d->app->seal);
	assert_string_equal(d->app->world.operator_name, "Bo");
	assert_true(d->app->world.read_only);
	press(d, "u");
	assert_true(shows(d, "'unlock' is off: Bo may only look here (role read); the roles desk and admin may do it"));
	cache_list_free(outbox(d, 0));
	press(d, "Q Up =4802 Enter"); /* Anna has no role, and so is admin */
	wait_judged(d);
	assert_null(d->app->seal);
	assert_string_equal(d->app->world.operator_name, "Anna");
	assert_false(d->app->world.read_only);
	assert_int_equal(d->app->world.role, OPERATOR_ADMIN);
	press(d, "u y");
	cache_list_free(outbox(d, 1));
	remove(path);
}

static void who_unlocks_is_the_operator(void **state)
{
	struct desk *d = *state;

	make_operators();
	press(d, "Q Down =7777 Enter");
	wait_judged(d);
	assert_null(d->app->seal);
	assert_string_equal(d->app->world.operator_name, "Bo");
	assert_true(shows(d, "Bo has the desk"));
	press(d, "Q"); /* and is offered first the next time */
	press(d, "=7777");
	assert_true(hides(d, "7777"));
	press(d, "Enter");
	d->app->world.now = instant_add_ms(d->app->world.now, 2000);
	wait_judged(d);
	assert_null(d->app->seal);
}

static void a_wrong_pin_waits(void **state)
{
	struct desk *d = *state;

	make_operators();
	press(d, "Q =1234 Enter");
	wait_judged(d);
	assert_non_null(d->app->seal);
	assert_true(shows(d, "The next try counts in 1 second."));
	press(d, "=4802 Enter");
	assert_true(shows(d, "Too soon"));
	d->app->world.now = instant_add_ms(d->app->world.now, 1000);
	press(d, "Enter");
	wait_judged(d);
	assert_null(d->app->seal);
}

/* Bo's PIN is not Anna's. */
static void a_pin_is_one_operators(void **state)
{
	struct desk *d = *state;

	make_operators();
	press(d, "Q =7777 Enter");
	wait_judged(d);
	assert_non_null(d->app->seal);
}

static void it_ends_while_a_pin_is_judged(void **state)
{
	struct desk *d = *state;

	make_operators();
	press(d, "Q =4802 Enter"); /* and down it goes */
}

static void it_is_left_only_where_the_desk_may_be(void **state)
{
	struct desk *d = *state;

	make_operators();
	d->app->world.kiosk = true;
	press(d, "Q Ctrl-C Ctrl-Z");
	assert_false(d->app->quit);
	d->app->world.kiosk = false;
	press(d, "Ctrl-C");
	assert_true(d->app->quit);
}

static void every_size_is_drawn(void **state)
{
	struct desk *d = *state;

	make_operators();
	press(d, "Q");
	for (int rows = 1; rows < 60; rows += rows < 20 ? 1 : 13)
		for (int cols = 1; cols < 200; cols += cols < 70 ? 1 : 17) {
			grid_resize(&d->grid, rows, cols);
			app_draw(d->app, &d->grid);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(without_operators_nothing_is_locked),
		on_a_desk(nothing_is_shown_while_it_is_locked),
		on_a_desk(what_was_typed_is_still_there),
		on_a_desk(who_unlocks_is_the_operator),
		on_a_desk(a_wrong_pin_waits),
		on_a_desk(a_pin_is_one_operators),
		on_a_desk(it_ends_while_a_pin_is_judged),
		on_a_desk(it_is_left_only_where_the_desk_may_be),
		on_a_desk(a_name_can_be_typed_and_is_not_shown),
		on_a_desk(an_operator_may_what_their_role_says),
		on_a_desk(every_size_is_drawn),
	};
	g_autofree char *config = g_dir_make_tmp("config-XXXXXX", NULL), *path = NULL, *folder = NULL;
	int failed;

	setlocale(LC_ALL, "C.UTF-8");
	g_setenv("XDG_CONFIG_HOME", config, TRUE);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	path = operators_path();
	remove(path);
	folder = g_path_get_dirname(path);
	remove(folder);
	remove(config);
	return failed;
}
