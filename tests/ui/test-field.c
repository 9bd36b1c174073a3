/* test-field - the line editor, key by key. A script is keys by name; '|' in the picture is the
 * caret. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/widgets/field.h"

/* Types names of keys, separated by blanks; "'abc" types abc. */
static void type(struct field *f, const char *script)
{
	g_auto(GStrv) words = g_strsplit(script, " ", -1);

	for (char **w = words; *w; w++) {
		struct key k;

		if (**w == '\'') {
			for (const char *p = *w + 1; *p; p += g_utf8_skip[(guint8)*p]) {
				k = (struct key){ .ch = g_utf8_get_char(p) };
				field_key(f, &k, NULL);
			}
		} else if (**w) {
			assert_true(key_parse(*w, &k));
			field_key(f, &k, NULL);
		}
	}
}

static void assert_is(const struct field *f, const char *want)
{
	g_autofree char *got = g_strdup_printf("%.*s|%s", (int)f->caret, f->text->str,
					       f->text->str + f->caret);

	assert_string_equal(got, want);
}

static void keys_edit(void **state)
{
	static const struct {
		const char *before, *script, *after;
	} rows[] = {
		{ "", "'abc", "abc|" },
		{ "abc", "Left 'x", "abx|c" },
		{ "abc", "Home 'x", "x|abc" },
		{ "abc", "Ctrl-A Right Ctrl-F Ctrl-B 'x", "ax|bc" },
		{ "abc", "Home Ctrl-E 'x", "abcx|" },
		{ "abc", "Left Left Left Left Left", "|abc" },
		{ "abc", "Right Right", "abc|" },
		{ "abc", "Backspace", "ab|" },
		{ "abc", "Ctrl-H Ctrl-H", "a|" },
		{ "abc", "Home Backspace", "|abc" },
		{ "abc", "Home Del", "|bc" },
		{ "abc", "Home Ctrl-D Ctrl-D", "|c" },
		{ "abc", "Del", "abc|" },
		{ "one two three", "Ctrl-W", "one two |" },
		{ "one two  ", "Ctrl-W Ctrl-W", "|" },
		{ "a.b-c d", "Left Left Ctrl-W", "| d" },
		{ "one two", "Left Ctrl-U", "|o" },
		{ "one two", "Home Alt-f Ctrl-K", "one|" },
		{ "one two", "Alt-b 'x", "one x|two" },
		{ "one, two", "Alt-b Alt-b", "|one, two" },
		{ "one, two", "Home Alt-f Alt-f", "one, two|" },
		{ "one two", "Home Alt-d", "| two" },
		{ "one two", "Alt-Backspace", "one |" },
		/* clusters: a base and its marks are one, wide ones too */
		{ "e\xcc\x81x", "Home Right 'y", "e\xcc\x81y|x" },
		{ "ae\xcc\x81", "Backspace", "a|" },
		{ "\xe4\xbc\x8a\xe8\x97\xa4", "Left Backspace", "|\xe8\x97\xa4" },
		{ "e", "'\xcc\x81", "e\xcc\x81|" },
		{ "ex", "Left '\xcc\x81", "e\xcc\x81|x" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct field f;

		field_init(&f, rows[i].before, 100);
		type(&f, rows[i].script);
		print_message("%s\n", rows[i].script);
		assert_is(&f, rows[i].after);
		field_done(&f);
	}
}

static void keys_that_are_not_its_own_are_left(void **state)
{
	static const char *const others[] = { "Enter", "Esc", "Tab", "Shift-Tab", "Up", "Down", "F1",
					      "Ctrl-C", "Ctrl-Z", "Ctrl-L", "PgUp", "Alt-x", "Ins" };
	struct field f;

	(void)state;
	field_init(&f, "abc", 100);
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		bool changed = true;
		struct key k;

		assert_true(key_parse(others[i], &k));
		assert_false(field_key(&f, &k, &changed));
		assert_false(changed);
	}
	assert_is(&f, "abc|");
	field_done(&f);
}

static void change_is_told(void **state)
{
	static const struct {
		const char *key;
		bool changed;
	} rows[] = { { "x", true },      { "Left", false },  { "Backspace", true }, { "Home", false },
		     { "Ctrl-K", true }, { "Ctrl-K", false }, { "Backspace", false } };
	struct field f;

	(void)state;
	field_init(&f, "abc", 100);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool changed;
		struct key k;

		assert_true(key_parse(rows[i].key, &k));
		assert_true(field_key(&f, &k, &changed));
		assert_int_equal(changed, rows[i].changed);
	}
	field_done(&f);
}

static void a_paste_is_text(void **state)
{
	static const struct {
		const char *pasted;
		bool digits;
		size_t max;
		const char *after;
	} rows[] = {
		{ "two\nlines\r\n\tmore", false, 100, "two lines more|" },
		{ "esc \033[2J here", false, 100, "esc [2J here|" },
		{ "broken \xff end", false, 100, "broken \xef\xbf\xbd end|" },
		{ "12-34 56x", true, 100, "123456|" },
		{ "1234567890", true, 6, "123456|" },
		{ "\xe4\xbc\x8a\xe8\x97\xa4", false, 4, "\xe4\xbc\x8a|" },
		/* Digits of other scripts are those that a keypad has. */
		{ "\u0661\u06f2\u096b\uff14\U0001d7d3", true, 100, "12545|" },
		{ "\u00b2\u2461\u4e09", true, 100, "|" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup(rows[i].pasted);
		struct key k = { .code = KEYCODE_PASTE, .text = text };
		struct field f;

		field_init(&f, NULL, rows[i].max);
		f.digits_only = rows[i].digits;
		assert_true(field_key(&f, &k, NULL));
		assert_is(&f, rows[i].after);
		field_done(&f);
	}
}

static void it_shows_where_the_caret_is(void **state)
{
	static const struct {
		const char *text, *script;
		bool masked, ascii;
		const char *shown;
		int caret;
	} rows[] = {
		{ "abc", "", false, false, "abc\n", 3 },
		{ "123456789", "", false, false, "123456789\n", 9 },
		{ "1234567890", "", false, false, "\xe2\x80\xb9" "7890\n", 5 },
		{ "1234567890", "Left", false, false, "1234567890\n", 9 },
		{ "12345678901", "Home", false, false, "123456789\xe2\x80\xba\n", 0 },
		{ "abcdefghijklmnopqrst", "Home Alt-f Left Left Left Left Left Left Left Left Left Left",
		  false, false, "\xe2\x80\xb9ghijklmn\xe2\x80\xba\n", 5 },
		{ "abcdefghijk", "Left Left", false, false, "abcdefghij\n", 9 }, /* the mark gives way */
		{ "1234567890", "", false, true, "<7890\n", 5 },
		{ "123456", "", true, false,
		  "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\n", 6 },
		{ "1234", "Left", true, true, "****\n", 3 },
		{ "\xe4\xbc\x8a\xe8\x97\xa4", "Left", false, false, "\xe4\xbc\x8a\xe8\x97\xa4\n", 2 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = NULL;
		size_t n;
		FILE *out = open_memstream(&text, &n);
		struct field f;
		struct grid g;

		grid_init(&g);
		grid_resize(&g, 1, 14);
		g.ascii = rows[i].ascii;
		field_init(&f, rows[i].text, 100);
		f.masked = rows[i].masked;
		type(&f, rows[i].script);
		field_draw(&f, &g, 0, 0, 10, true);
		grid_print(&g, out);
		fclose(out);
		assert_string_equal(text, rows[i].shown);
		assert_int_equal(g.cursor_row, 0);
		assert_int_equal(g.cursor_col, rows[i].caret);
		assert_int_equal(g.cell[9].role, ROLE_FIELD_FOCUS);
		assert_int_equal(g.cell[10].role, ROLE_TEXT);
		free(text);
		field_done(&f);
		grid_done(&g);
	}
}

static void the_caret_is_inside_at_every_width(void **state)
{
	struct field f;

	(void)state;
	field_init(&f, "Anna \xe4\xbc\x8a\xe8\x97\xa4 e\xcc\x81 and a name that goes on and on", 200);
	for (int cells = 1; cells < 60; cells++) {
		type(&f, "Home");
		for (int i = 0; i < 50; i++) {
			struct grid g;

			grid_init(&g);
			grid_resize(&g, 1, 80);
			field_draw(&f, &g, 0, 3, cells, true);
			assert_in_range(g.cursor_col, 3, 3 + cells - 1);
			assert_int_equal(g.cell[2].role, ROLE_TEXT);
			assert_int_equal(g.cell[3 + cells].role, ROLE_TEXT);
			grid_done(&g);
			type(&f, "Right");
		}
	}
	field_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_edit),
		cmocka_unit_test(keys_that_are_not_its_own_are_left),
		cmocka_unit_test(change_is_told),
		cmocka_unit_test(a_paste_is_text),
		cmocka_unit_test(it_shows_where_the_caret_is),
		cmocka_unit_test(the_caret_is_inside_at_every_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
