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

#include "cache/journal.h"
#include "cache/rotas.h"
#include "cache/shift.h"
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
	assert_all_refused(d, COMMAND_WRITES, "is off: this console is read-only.");
}

static void a_kiosk_refuses_all_that_leaves_the_screen(void **state)
{
	struct desk *d = *state;

	d->app->world.kiosk = true;
	assert_all_refused(d, COMMAND_OUTSIDE, "is off: this desk is a kiosk");
	assert_all_refused(d, COMMAND_PRINTS, "is off: this desk is a kiosk");
}

/* Every command that does more than look, once more: a change of what it may is one that is meant. */
enum {
	CHANGES = COMMAND_WRITES,
	LEAVES = COMMAND_OUTSIDE,
	PRINTS = COMMAND_PRINTS,
	BY_A_FILE = COMMAND_ADMIN,
	SHOWS = COMMAND_PINS,
};
static const struct {
	const char *name;
	unsigned does;
} rights[] = {
	{ "start-earlier", CHANGES },
	{ "start-later", CHANGES },
	{ "end-later", CHANGES },
	{ "end-earlier", CHANGES },
	{ "new", CHANGES },
	{ "edit", CHANGES },
	{ "revoke", CHANGES },
	{ "resend", CHANGES },
	{ "undo", CHANGES },
	{ "backup", CHANGES },
	{ "adopt", CHANGES },
	{ "evict", CHANGES },
	{ "ignore", CHANGES },
	{ "renew", CHANGES },
	{ "extend", CHANGES },
	{ "move", CHANGES },
	{ "add-door", CHANGES },
	{ "second-guest", CHANGES },
	{ "slip", PRINTS | SHOWS },
	{ "reveal", SHOWS },
	{ "check-in", SHOWS },
	{ "sheet-pins", SHOWS },
	{ "lock", CHANGES },
	{ "unlock", CHANGES },
	{ "print-events", PRINTS },
	{ "export-events", LEAVES },
	{ "import-file", CHANGES | LEAVES | BY_A_FILE },
	{ "fix-guest", CHANGES },
	{ "fix-door", CHANGES },
	{ "fix-phone", CHANGES },
	{ "hold", CHANGES },
	{ "walk-list", PRINTS },
	{ "restore", CHANGES | LEAVES | BY_A_FILE },
	{ "apply", CHANGES },
	{ "acknowledge", CHANGES },
	{ "print-sheet", PRINTS },
	{ "write-sheet", LEAVES },
	{ "note", CHANGES },
	{ "done", CHANGES },
	{ "copy", LEAVES },
	{ "suspend", LEAVES },
	{ "quit", LEAVES },
};

static unsigned does(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rights); i++)
		if (strcmp(rights[i].name, name) == 0)
			return rights[i].does;
	return 0;
}

static void every_command_that_does_more_than_look_has_its_row(void **state)
{
	const unsigned all = CHANGES | LEAVES | PRINTS | BY_A_FILE | SHOWS;

	(void)state;
	for (int c = 0; c < COMMAND_COUNT; c++) {
		const struct command_info *info = command_info((enum command)c);

		if ((info->flags & all) != does(info->name))
			fail_msg("%s: what it may has changed; if that is meant, write it into the table", info->name);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(rights); i++)
		if (command_by_name(rights[i].name) == COMMAND_NONE)
			fail_msg("%s is no command", rights[i].name);
}

static const struct mode {
	const char *name;
	bool read_only, kiosk;
	enum operator_role role;
	unsigned refused;  /* what it does that is off */
	const char *words; /* why, of what changes something, else of all of it */
} modes[] = {
	{ "nobody has a role", false, false, OPERATOR_ADMIN, 0, "" },
	{ "read-only", true, false, OPERATOR_ADMIN, CHANGES, "this console is read-only" },
	{ "a kiosk", false, true, OPERATOR_ADMIN, LEAVES | PRINTS, "a kiosk" },
	{ "an operator who looks", true, false, OPERATOR_READ, CHANGES | BY_A_FILE | SHOWS,
	  "anna may only look here (role read)" },
	{ "an operator of the desk", false, false, OPERATOR_DESK, BY_A_FILE,
	  "anna has the role desk here; it takes the role admin" },
	{ "an operator who looks, on a kiosk", true, true, OPERATOR_READ, CHANGES | LEAVES | PRINTS | BY_A_FILE | SHOWS,
	  "anna may only look here (role read)" },
	{ "an operator who is admin, on a kiosk", false, true, OPERATOR_ADMIN, LEAVES | PRINTS, "a kiosk" },
};

/* Not only that it does nothing: it says so, in the palette as well. */
static void each_is_refused_with_words_where_it_is_off(void **state)
{
	struct desk *d = *state;

	g_free(d->app->world.operator_name);
	d->app->world.operator_name = g_strdup("anna");
	for (size_t m = 0; m < G_N_ELEMENTS(modes); m++) {
		d->app->world.read_only = modes[m].read_only;
		d->app->world.kiosk = modes[m].kiosk;
		d->app->world.role = modes[m].role;
		for (size_t i = 0; i < G_N_ELEMENTS(rights); i++) {
			enum command c = command_by_name(rights[i].name);
			g_autofree char *why = app_why_not(d->app, c);
			bool off = (rights[i].does & modes[m].refused) != 0;
			bool other = !(rights[i].does & (CHANGES | SHOWS)) && (modes[m].refused & CHANGES);
			const char *words =
				other ? (rights[i].does & BY_A_FILE ? "role admin" : "a kiosk") : modes[m].words;
			bool said = why && *words && strstr(why, words);

			if (said != off)
				fail_msg("%s, '%s': %s", modes[m].name, rights[i].name, why ? why : "it may");
			if (!off)
				continue;
			app_run_command(d->app, c);
			app_turn_done(d->app);
			app_draw(d->app, &d->grid);
			if (d->app->quit || d->app->stack->len != 1 || !shows(d, "' is off: ") || !shows(d, words))
				fail_msg("%s: '%s' was not refused", modes[m].name, rights[i].name);
			press(d, "Ctrl-L");
		}
	}
	cache_list_free(outbox(d, 0));
}

/* Whatever a screen forgets to ask: what is wished does not get past the cache. */
static void the_door_of_the_outbox_is_shut_to_who_may_only_look(void **state)
{
	struct desk *d = *state;
	struct cache *c = d->app->world.cache;
	struct instant now = d->app->world.now;

	cache_shut(c, true);
	press(d, "u y");
	assert_true(shows(d, "may only look"));
	cache_list_free(outbox(d, 0));
	assert_false(shift_note_add(c, "x", INSTANT_NONE, "Bo", now, NULL));
	assert_false(shift_take(c, "Bo", "x", now, NULL));
	assert_false(cache_ignore(c, 1, "x", "Bo", now, NULL));
	assert_false(cache_rota_end(c, 1, "Bo", now, NULL));
	assert_true(cache_note_act(c, "looked", "x", "Bo", now, NULL)); /* what is noted of them */
	cache_shut(c, false);
	press(d, "u y");
	cache_list_free(outbox(d, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(a_paste_goes_into_a_field_or_nowhere),
		on_a_desk(the_row_is_copied_as_words),
		on_a_desk(a_pin_is_copied_only_where_that_is_allowed),
		on_a_desk(read_only_refuses_all_that_writes),
		on_a_desk(every_command_that_does_more_than_look_has_its_row),
		on_a_desk(each_is_refused_with_words_where_it_is_off),
		on_a_desk(the_door_of_the_outbox_is_shut_to_who_may_only_look),
		on_a_desk(a_kiosk_refuses_all_that_leaves_the_screen),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
