/* test-doctor - what doctor says of files that people write by hand: each fault with its file and its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "desk.h"

static void write_below(const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(g_getenv("XDG_CONFIG_HOME"), "keyrack", name, NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void each_fault_is_told_with_its_line(void **state)
{
	static const struct {
		const char *file, *text, *level, *says;
	} rows[] = {
		{ "keys.conf", "[rack]\nfind = /\nbanana = x\n", "warn  keys",
		  "keys.conf: line 3: nothing is called 'banana'" },
		{ "keys.conf", "[rack]\nfind = F9\n", "ok    keys", "as /" },
		{ "themes/mine.theme", "[theme]\nname = mine\ninherits = dark\n[roles]\nalarm = purpel\n",
		  "warn  themes", "mine.theme:5: 'purpel' is no colour" },
		{ "themes/mine.theme", "[theme]\nname = mine\n[roles]\n\nfoo = red\n", "warn  themes",
		  "mine.theme:5: there is no role 'foo'" },
		{ "themes/mine.theme", "[theme]\nname = mine\ninherits = nothing\n", "warn  themes", "nothing" },
		{ "keyrack.conf", "[screen]\ntheme = nowhere\n", "warn  themes", "nowhere" },
		{ "keyrack.conf", "[screen]\ntheme = auto\n", "ok    themes", "auto is" },
		{ "keyrack.conf", "# mine\n\n[rack]\ncolumns = state, batery\n", "warn  columns",
		  "keyrack.conf, line 4: 'batery' is no column" },
		{ "keyrack.conf", "[rack]\ncolumns = state, battery\n", "ok    columns", "state, battery" },
		{ "keyrack.conf", "[feed list]\nurl = LIST\n", "warn  feeds",
		  "list.csv, line 3: There is no month 13" },
		{ "keyrack.conf", "[feed list]\n# here\nurl = NOWHERE\n", "bad   feeds", "keyrack.conf, line 3" },
		{ "keyrack.conf", "[feed list]\nurl = EMPTY\n", "bad   feeds", "empty.csv" },
		{ "keyrack.conf", "[feed web]\nurl = https://example.org/a.ics?s=SECRET\n", "ok    feeds",
		  "web: https://example.org/" },
		{ "keyrack.conf", "", "ok    feeds", "by hand" },
	};
	static const char *const made[] = { "list.csv", "empty.csv", "themes", "" };
	const char *config = g_getenv("XDG_CONFIG_HOME");

	(void)state;
	write_below(
		"list.csv",
		"id,room,name,arrival,departure\n1,101,Anna,2026-12-01,2026-12-03\n2,102,Bo,2026-13-01,2026-12-03\n");
	write_below("empty.csv", "");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) text = g_string_new(rows[i].text);
		g_autofree char *folder = g_build_filename(config, "keyrack", NULL);
		g_autofree char *path = g_build_filename(folder, rows[i].file, NULL);
		g_autofree char *list = g_build_filename(folder, "list.csv", NULL);
		g_autofree char *empty = g_build_filename(folder, "empty.csv", NULL);
		g_autofree char *nowhere = g_build_filename(folder, "nowhere.csv", NULL);
		const struct outcome *o;

		g_string_replace(text, "LIST", list, 0);
		g_string_replace(text, "EMPTY", empty, 0);
		g_string_replace(text, "NOWHERE", nowhere, 0);
		write_below(rows[i].file, text->str);
		o = desk_run("doctor", NULL);
		g_unlink(path);
		g_auto(GStrv) lines = g_strsplit(o->out, "\n", -1);
		bool said = false;

		for (char **line = lines; *line; line++)
			said = said || (g_str_has_prefix(*line, rows[i].level) && strstr(*line, rows[i].says));
		if (!said)
			fail_msg("row %zu: no '%s ... %s' in\n%s", i, rows[i].level, rows[i].says, o->out);
		assert_silent_about(o->out, "SECRET");
	}
	for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
		g_autofree char *path = g_build_filename(config, "keyrack", made[i], NULL);

		assert_int_equal(g_remove(path), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_fault_is_told_with_its_line, desk_up, desk_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
