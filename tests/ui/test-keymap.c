/* The operator's keys over the built-in ones: what they change, what they cannot, what is said of it. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ui/keymap.h"

static struct key key_of(const char *name)
{
	struct key k;

	if (!key_parse(name, &k))
		fail_msg("no key is called %s", name);
	return k;
}

static enum command on(enum view v, const char *name)
{
	struct key k = key_of(name);

	return keymap_find(v, &k);
}

/* The warnings, one to a line. */
static char *load(const char *text)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *folder = g_dir_make_tmp("keyrack-keys-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "keys.conf", NULL);

	keymap_reset();
	assert_true(g_file_set_contents(path, text, -1, NULL));
	keymap_load(path, warnings);
	g_unlink(path);
	g_rmdir(folder);
	g_ptr_array_add(warnings, NULL);
	return g_strjoinv("\n", (char **)warnings->pdata);
}

static void a_file_changes_what_it_names_and_nothing_else(void **state)
{
	static const struct {
		const char *file;
		enum view view;
		const char *key;
		enum command command;
	} rows[] = {
		{ "", VIEW_RACK, "x", COMMAND_REVOKE },
		{ "[rack]\nrevoke = X\n", VIEW_RACK, "X", COMMAND_REVOKE },
		{ "[rack]\nrevoke = X\n", VIEW_RACK, "x", COMMAND_NONE },
		{ "[rack]\nrevoke = X\n", VIEW_CODE, "x", COMMAND_REVOKE },
		{ "[rack]\nrevoke =\n", VIEW_RACK, "x", COMMAND_NONE },
		{ "[any]\ndown = Down n\n", VIEW_EVENTS, "n", COMMAND_DOWN },
		{ "[any]\ndown = Down n\n", VIEW_EVENTS, "j", COMMAND_NONE },
		{ "[any]\ndown = Down n\n", VIEW_RACK, "n", COMMAND_NEW }, /* the view's own comes first */
		{ "[any]\ndown = n\n", VIEW_RACK, "Down", COMMAND_DOWN }, /* cannot be lost */
		{ "[any]\nquit =\nback =\nopen =\n", VIEW_RACK, "Ctrl-C", COMMAND_QUIT },
		{ "[any]\nquit =\nback =\nopen =\n", VIEW_RACK, "q", COMMAND_NONE },
		{ "[any]\nquit =\nback =\nopen =\n", VIEW_RACK, "Esc", COMMAND_BACK },
		{ "[any]\nquit =\nback =\nopen =\n", VIEW_RACK, "Enter", COMMAND_OPEN },
		{ "[rack]\nrevoke = Enter\n", VIEW_RACK, "Enter", COMMAND_OPEN },
		{ "[rack]\nrevoke = \"Esc x\"\n", VIEW_RACK, "Esc", COMMAND_BACK },
		{ "[rack]\nwhy = x\n", VIEW_RACK, "x", COMMAND_WHY },
		{ "[any]\nfirst = Home \"g g\"\n", VIEW_RACK, "g", COMMAND_NONE }, /* waits for the second */
		{ "  # note\n\n[rack]\n  new   =  N  \t Insert \n", VIEW_RACK, "Ins", COMMAND_NEW },
		{ "[rack]\nnew = é\n", VIEW_RACK, "é", COMMAND_NEW },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *said = load(rows[i].file);

		assert_non_null(said);
		if (on(rows[i].view, rows[i].key) != rows[i].command)
			fail_msg("with '%s', %s is %d", rows[i].file, rows[i].key, (int)on(rows[i].view, rows[i].key));
	}
	keymap_reset();
}

static void what_cannot_be_done_is_said_with_its_line(void **state)
{
	static const struct {
		const char *file, *said;
	} rows[] = {
		{ "[rack]\nrevoke = X\n", "" },
		{ "[rak]\nrevoke = X\n", "line 1: nothing is called 'rak'; is 'rack' meant?" },
		{ "[rack]\nrevok = X\n", "line 2: nothing is called 'revok'; is 'revoke' meant?" },
		{ "[rack]\nzzzzzz = X\n", "line 2: nothing is called 'zzzzzz'" },
		{ "[rack]\n\nrevoke = Xx\n", "line 3: 'Xx' is no key that can be given away" },
		{ "[rack]\nrevoke = Enter\n", "line 2: 'Enter' is no key that can be given away" },
		{ "[rack]\nrevoke\n", "line 2: this is no 'command = keys'" },
		{ "[rack]\nrevoke = X\nwhy = X\n",
		  "line 3: 'X' stands for something else already, further up in this file" },
		{ "[rack]\nwhy = x\n", "line 2: 'x' was the only key of 'revoke' here: it is in the palette (:) now" },
		{ "[rack]\nrevoke = Q\nwhy = x\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *said = load(rows[i].file);

		assert_string_equal(said, rows[i].said);
	}
	keymap_reset();
}

static void two_keys_are_one_command(void **state)
{
	g_autofree char *said = load("[any]\nfirst = Home \"g g\"\nlast = End \"g e\"\n[rack]\nwhy = \"g w\"\n");
	struct key g = key_of("g"), e = key_of("e"), w = key_of("w"), x = key_of("x");
	const char *keys[3];
	g_autoptr(GArray) in_rack = NULL, in_code = NULL;

	(void)state;
	assert_string_equal(said, "");
	assert_true(keymap_is_prefix(VIEW_RACK, &g));
	assert_true(keymap_is_prefix(VIEW_CODE, &g));
	assert_false(keymap_is_prefix(VIEW_RACK, &e));
	assert_int_equal(keymap_find_after(VIEW_RACK, &g, &g), COMMAND_FIRST);
	assert_int_equal(keymap_find_after(VIEW_RACK, &g, &e), COMMAND_LAST);
	assert_int_equal(keymap_find_after(VIEW_RACK, &g, &w), COMMAND_WHY);
	assert_int_equal(keymap_find_after(VIEW_CODE, &g, &w), COMMAND_NONE);
	assert_int_equal(keymap_find_after(VIEW_RACK, &g, &x), COMMAND_NONE);
	in_rack = keymap_after(VIEW_RACK, &g);
	in_code = keymap_after(VIEW_CODE, &g);
	assert_int_equal(in_rack->len, 3);
	assert_int_equal(in_code->len, 2);
	assert_int_equal(keymap_keys(VIEW_RACK, COMMAND_FIRST, keys, 3), 2);
	assert_string_equal(keys[1], "g g");
	keymap_reset();
}

static void nobody_is_locked_in_whatever_the_file_says(void **state)
{
	g_autoptr(GString) file = g_string_new(NULL);

	(void)state;
	for (enum view v = VIEW_ANY; v < VIEW_COUNT; v++) {
		static const char *const names[] = { "any", "rack", "lock", "code", "help", "tonight" };

		if (v >= G_N_ELEMENTS(names))
			break;
		g_string_append_printf(file, "[%s]\n", names[v]);
		for (int c = 0; c < COMMAND_COUNT; c++)
			g_string_append_printf(file, "%s =\n", command_info((enum command)c)->name);
	}
	g_autofree char *said = load(file->str);
	assert_string_equal(said, "");
	assert_int_equal(on(VIEW_RACK, "Ctrl-C"), COMMAND_QUIT);
	assert_int_equal(on(VIEW_RACK, "Esc"), COMMAND_BACK);
	assert_int_equal(on(VIEW_RACK, "Enter"), COMMAND_OPEN);
	assert_int_equal(on(VIEW_RACK, "Up"), COMMAND_UP);
	assert_int_equal(on(VIEW_RACK, "Right"), COMMAND_UNFOLD);
	keymap_reset();
}

static void the_examples_are_good_and_do_what_they_say(void **state)
{
	static const struct {
		const char *file;
		enum view view;
		const char *key;
		enum command command;
	} rows[] = {
		{ "colemak", VIEW_RACK, "n", COMMAND_DOWN },   { "colemak", VIEW_RACK, "e", COMMAND_UP },
		{ "colemak", VIEW_RACK, "i", COMMAND_UNFOLD }, { "colemak", VIEW_CODE, "n", COMMAND_DOWN },
		{ "colemak", VIEW_TONIGHT, "n", COMMAND_DOWN }, { "colemak", VIEW_TRIAGE, "e", COMMAND_UP },
		{ "colemak", VIEW_STRAYS, "e", COMMAND_UP },   { "colemak", VIEW_RACK, "k", COMMAND_NEW },
		{ "azerty", VIEW_RACK, ";", COMMAND_GO_NOW },  { "azerty", VIEW_RACK, ".", COMMAND_GO_NOW },
		{ "azerty", VIEW_TONIGHT, ")", COMMAND_DAY_AFTER },
	};
	const char *src = g_getenv("srcdir");

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("%s/data/keys/%s.conf", src ? src : ".", rows[i].file);
		g_autofree char *text = NULL;

		assert_true(g_file_get_contents(path, &text, NULL, NULL));
		g_autofree char *said = load(text);
		assert_string_equal(said, "");
		if (on(rows[i].view, rows[i].key) != rows[i].command)
			fail_msg("%s: '%s' in view %d", rows[i].file, rows[i].key, (int)rows[i].view);
	}
	keymap_reset();
}

/* What is printed, with its comments taken away, is what is built in. */
static void the_printed_file_changes_nothing(void **state)
{
	char *text = NULL;
	size_t len, before, after;
	FILE *f = open_memstream(&text, &len);
	g_autoptr(GString) all = g_string_new(NULL);

	(void)state;
	keymap_reset();
	keymap(&before);
	keymap_print(f);
	fclose(f);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **p = lines; *p; p++)
		if (**p == '[' || ((*p)[0] == '#' && (*p)[1] != ' ' && (*p)[1]))
			g_string_append_printf(all, "%s\n", **p == '#' ? *p + 1 : *p);
	free(text);
	g_autofree char *said = load(all->str);
	assert_string_equal(said, "");
	keymap(&after);
	assert_int_equal(before, after);
	keymap_reset();
}

/* The start waits for nobody. */
static void a_pipe_in_the_place_of_the_file_is_warned_of(void **state)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *folder = g_dir_make_tmp("keyrack-keys-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "keys.conf", NULL);

	(void)state;
	keymap_reset();
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(30);
	keymap_load(path, warnings);
	alarm(0);
	assert_int_equal(warnings->len, 1);
	assert_non_null(strstr(warnings->pdata[0], "it is no ordinary file"));
	g_unlink(path);
	g_rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_changes_what_it_names_and_nothing_else),
		cmocka_unit_test(what_cannot_be_done_is_said_with_its_line),
		cmocka_unit_test(two_keys_are_one_command),
		cmocka_unit_test(nobody_is_locked_in_whatever_the_file_says),
		cmocka_unit_test(the_examples_are_good_and_do_what_they_say),
		cmocka_unit_test(the_printed_file_changes_nothing),
		cmocka_unit_test(a_pipe_in_the_place_of_the_file_is_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
