/* test-unseen - keys that come faster than frames, keys in a window that shows nothing, and what a full title and a
 * long message leave to be seen. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

/* As they come out of one read: no frame between them. */
static void at_once(struct desk *d, const char *keys)
{
	g_auto(GStrv) all = g_strsplit(keys, " ", -1);

	for (char **p = all; *p; p++) {
		struct key k;

		if (!key_parse(*p, &k))
			fail_msg("no key is called %s", *p);
		app_key(d->app, &k);
		app_turn_done(d->app);
	}
}

static const char *const OPENING[] = { "v", "R", "w", "t", "D", "M", "O", "n", "e", "N", "H", "?", "T", "S",
				       "F2", "F3", "F4", "F5", "F6", "F7", "F8", ":", "Ctrl-P", "/" };
static const char *const NEXT[] = { "k", "j", "s", "G", "g g", "PageDown", "PageUp", "Home", "End", "Down", "Up",
				    "Left", "Right", "Tab", "Enter", "n", "/", "Space", "a", "f" };

/* What is seen after keys that came at once is what is seen after the same keys one by one. */
static void a_key_after_the_one_that_opens_a_screen_is_the_screens(void **state)
{
	desk_down(state);
	for (size_t i = 0; i < G_N_ELEMENTS(OPENING); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(NEXT); k++) {
			g_autofree char *keys = g_strdup_printf("%s %s", OPENING[i], NEXT[k]);
			char *slow, *fast;

			desk_up(state);
			press(*state, keys);
			slow = screen_text(*state);
			desk_down(state);
			desk_up(state);
			at_once(*state, keys);
			app_draw(((struct desk *)*state)->app, &((struct desk *)*state)->grid);
			fast = screen_text(*state);
			desk_down(state);
			if (g_strcmp0(slow, fast) != 0)
				fail_msg("%s: one by one\n%s\nat once\n%s", keys, slow, fast);
			free(slow);
			free(fast);
		}
	desk_up(state);
}

static void a_window_that_shows_nothing_takes_no_key_but_quit(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 5, 20);
	app_draw(d->app, &d->grid);
	for (size_t i = 0; i < G_N_ELEMENTS(OPENING); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(NEXT); k++)
			press(d, NEXT[k]);
	press(d, "x y v s R s");
	assert_int_equal(d->app->stack->len, 1);
	OWN(cache_list) struct cache_list *none = outbox(d, 0);

	assert_non_null(none);
	assert_false(d->app->quit);
	grid_resize(&d->grid, 24, 80);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "101 Garden"));
	grid_resize(&d->grid, 5, 20);
	app_draw(d->app, &d->grid);
	press(d, "q");
	assert_true(d->app->quit);
}

static void what_was_refused_is_read_to_its_end_and_the_screen_keeps_its_name(void **state)
{
	static const char *const screens[][2] = { { "F2", "Tonight" }, { "F4", "Locks" }, { "F8", "Outbox" }, { "H", "Handover" } };
	struct desk *d = *state;

	grid_resize(&d->grid, 24, 80);
	d->app->counts.outbox_refused = 3;
	d->app->at_risk = 2;
	for (size_t i = 0; i < G_N_ELEMENTS(screens); i++) {
		press(d, screens[i][0]);
		assert_true(shows(d, screens[i][1]));
		assert_true(shows(d, "21:18"));
	}
	app_message(d->app, true, "Refused: new code Anna Berg on Pool gate: This device takes offline access codes only, "
				  "so make it there");
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Refused: new code"));
	assert_true(shows(d, "so make it there"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(a_key_after_the_one_that_opens_a_screen_is_the_screens),
		on_a_desk(a_window_that_shows_nothing_takes_no_key_but_quit),
		on_a_desk(what_was_refused_is_read_to_its_end_and_the_screen_keeps_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
