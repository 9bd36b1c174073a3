/* Tables for people: columns stand under each other whatever the names hold. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "core/text.h"

static const struct table_column columns[] = {
	{ "NAME", false, 6 }, { "N", true, 0 }, { "STATE", false, 0 }, { NULL, false, 0 },
};

static char *print(const char *const *names, size_t n, int cells, bool ascii, bool heads)
{
	OWN(table) struct table *t = table_new(columns);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; i < n; i++) {
		table_add(t, names[i]);
		table_addf(t, "%zu", i * 50);
		table_add(t, "set");
	}
	table_print(t, out, cells, ascii, heads);
	fclose(out);
	char *copy = g_strdup(text);
	free(text);
	return copy;
}

static void columns_stand_under_each_other(void **state)
{
	static const char *const names[] = { "Anna", "Bo", "Christina" };

	(void)state;
	g_autofree char *text = print(names, 3, 0, false, true);
	assert_string_equal(text, "NAME         N  STATE\n"
				  "Anna         0  set\n"
				  "Bo          50  set\n"
				  "Christina  100  set\n");
}

static void a_narrow_terminal_cuts_what_may_be_cut(void **state)
{
	static const char *const names[] = { "Anna", "A very long name indeed" };

	(void)state;
	g_autofree char *text = print(names, 2, 20, false, false);
	assert_string_equal(text, "Anna          0  set\nA very lon…  50  set\n");
	g_autofree char *ascii = print(names, 2, 20, true, false);
	assert_string_equal(ascii, "Anna          0  set\nA very lon~  50  set\n");
	g_autofree char *whole = print(names, 2, 0, false, false);
	assert_non_null(strstr(whole, "A very long name indeed"));
}

/* Wide, combining, right to left, hostile: one row each, whose next column is where it must be. */
static const char *const odd_name[] = {
	"東京タワー",
	"a\xcc\x81\xcc\x82\xcc\x83",
	"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
	"\x1b[2J\x1b]0;owned\x07",
	"line\nbreak\ttab\r",
	"\xe2\x80\xae" "evil\xe2\x80\xac",
	"bad \xff\xfe bytes",
	"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
	"\xc2\x9b" "31m",
	"",
	NULL,
};

static void hostile_and_wide_names_keep_the_columns(void **state)
{
	(void)state;
	for (int cells = 0; cells <= 24; cells += 24) {
		g_autofree char *text =
			print(odd_name, G_N_ELEMENTS(odd_name), cells, false, false);
		g_auto(GStrv) line = g_strsplit(text, "\n", -1);
		assert_int_equal(g_strv_length(line), G_N_ELEMENTS(odd_name) + 1);
		int at = -1;
		for (size_t i = 0; i < G_N_ELEMENTS(odd_name); i++) {
			assert_true(g_utf8_validate(line[i], -1, NULL));
			for (const char *p = line[i]; *p; p++)
				assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
			char *state_column = g_strrstr(line[i], "  set");
			assert_non_null(state_column);
			g_autofree char *before =
				g_strndup(line[i], (gsize)(state_column - line[i]));
			if (at < 0)
				at = text_width(before);
			assert_int_equal(text_width(before), at);
			assert_true(!cells || text_width(line[i]) <= cells);
		}
	}
}

static void rows_added_later_stand_under_the_first(void **state)
{
	OWN(table) struct table *t = table_new(columns);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	static const char *const row[2][3] = { { "Christina", "1", "set" }, { "Bo", "2", "set" } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		for (int j = 0; j < 3; j++)
			table_add(t, row[i][j]);
		table_print(t, out, 0, false, i == 0);
		table_clear(t);
	}
	fclose(out);
	assert_string_equal(text, "NAME       N  STATE\nChristina  1  set\nBo         2  set\n");
	free(text);
}

static void an_endless_name_does_not_make_every_line_endless(void **state)
{
	g_autofree char *endless = g_strnfill(100000, 'x');
	const char *const names[] = { "Anna", endless };

	(void)state;
	g_autofree char *text = print(names, 2, 0, false, true);
	assert_true(strlen(text) < 3 * 80);
	assert_non_null(strstr(text, "set\n"));
}

int main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(columns_stand_under_each_other),
		cmocka_unit_test(a_narrow_terminal_cuts_what_may_be_cut),
		cmocka_unit_test(hostile_and_wide_names_keep_the_columns),
		cmocka_unit_test(an_endless_name_does_not_make_every_line_endless),
		cmocka_unit_test(rows_added_later_stand_under_the_first),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
