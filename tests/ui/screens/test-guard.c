/* test-guard - what the console keeps to itself: pastes that are no keys, PINs that are not copied, and
 * what is off on a console that may only read or may not be left. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"

static void paste(struct desk *d, const char *text)
{
	struct key k = { .code = KEYCODE_PASTE, .text = (char *)(uintptr_t)text };

	app_key(d->app, &k);
	app_turn_done(d->app);
	app_draw(d->app, &d->grid);
}

static void a_paste_goes_into_a_field_or_nowhere(void **state)
{
	struct desk *d = *state;

	paste(d, "nxqy\n");
	assert_true(shows(d, "What was pasted was not taken"));
	assert_int_equal(d->app->stack->len, 1);
	assert_false(d->app->quit);
	press(d, "/ =berg Enter x");
	assert_true(shows(d, "Revoke"));
	paste(d, "yyy"); /* the answer of a question is not pasted */
	assert_true(shows(d, "Revoke"));
	cache_list_free(outbox(d, 0));
	press(d, "Esc Esc /");
	paste(d, "rossi");
	assert_true(shows(d, "Rossi family"));
	assert_true(hides(d, "104 Sea"));
}

/* ---- copying ---- */

static struct {
	char *text;
	bool secret;
} copied;

static void take_copy(const char *text, bool secret, void *ctx)
{
	(void)ctx;
	g_free(copied.text);
	copied.text = g_strdup(text);
	copied.secret = secret;
}

static void the_row_is_copied_as_words(void **state)
{
	struct desk *d = *state;

	d->app->host.copy = take_copy;
	press(d, "Y");
	assert_non_null(copied.text);
	assert_true(g_str_has_prefix(copied.text, "101 Garden"));
	assert_null(strstr(copied.text, "\xe2\x94")); /* nothing of the bars */
	assert_null(strchr(copied.text, '\n'));
	assert_false(copied.secret);
	press(d, "A Y");
	assert_non_null(strstr(copied.text, "AT RISK"));
}

static void a_pin_is_copied_only_where_that_is_allowed(void **state)
{
	struct desk *d = *state;

	d->app->host.copy = take_copy;
	g_clear_pointer(&copied.text, g_free);
	assert_false(app_copy(d->app, "4821", true));
	app_draw(d->app, &d->grid);
	assert_null(copied.text);
	assert_true(shows(d, "copy-pins"));
	assert_true(hides(d, "4821"));
	d->profile->copy_pins = true;
	assert_true(app_copy(d->app, "4821", true));
	assert_string_equal(copied.text, "4821");
	assert_true(copied.secret);
	/* A card has lines; what would be a sequence has none. */
	assert_true(app_copy(d->app, "one\ntwo\033]52;c;eA==\007\n", false));
	assert_non_null(strstr(copied.text, "one\ntwo"));
	assert_null(strpbrk(copied.text, "\033\007"));
}

/* ---- what is off ---- */

/* The commands that a run of one flag turns off, whatever screen they are asked for on. */
static void assert_all_refused(struct desk *d, unsigned flag, const char *words)
{
	for (int c = 0; c < COMMAND_COUNT; c++) {
		guint screens = d->app->stack->len;

		if (!(command_info((enum command)c)->flags & flag))
			continue;
		app_run_command(d->app, (enum command)c);
		app_turn_done(d->app);
		app_draw(d->app, &d->grid);
		if (!shows(d, words) || d->app->stack->len != screens || d->app->quit)
			fail_msg("'%s' was not refused", command_info((enum command)c)->name);
		press(d, "Ctrl-L");
	}
	cache_list_free(outbox(d, 0));
}

static void read_only_refuses_all_that_writes(void **state)
{
	struct desk *d = *state;

	d->app->world.read_only = true;
	assert_all_refused(d, COMMAND_WRITES, "Read-only: ");
}

static void a_kiosk_refuses_all_that_leaves_the_screen(void **state)
{
	struct desk *d = *state;

	d->app->world.kiosk = true;
	assert_all_refused(d, COMMAND_OUTSIDE, "is off on this desk");
	assert_all_refused(d, COMMAND_PRINTS, "is off on this desk");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(a_paste_goes_into_a_field_or_nowhere),
		on_a_desk(the_row_is_copied_as_words),
		on_a_desk(a_pin_is_copied_only_where_that_is_allowed),
		on_a_desk(read_only_refuses_all_that_writes),
		on_a_desk(a_kiosk_refuses_all_that_leaves_the_screen),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
