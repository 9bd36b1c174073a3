/* test-escape - a guest's name in the window's title and in a notification is only words: it ends no
 * sequence, turns nothing round, and is not longer than anybody reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "ui/term/escape.h"

enum { HUGE_BYTES = 10 * 1000 * 1000, LONGEST = 2000 };

static const struct {
	const char *what, *name;
} hostile[] = {
	{ "escape sequences", "x\033[2Jy" },
	{ "OSC that ends ours", "x\033]0;owned\007y\033\\z" },
	{ "C1 terminators", "x\xc2\x9cy\xc2\x9dz" },
	{ "bidi overrides", "x\xe2\x80\xaey\xe2\x81\xa6z" },
	{ "zero width", "x\xe2\x80\x8by\xef\xbb\xbfz" },
	{ "bytes that are no UTF-8", "x\xff\xfey" },
	{ "fields of its own", "x;y;z" },
	{ "lines", "x\ny\r\tz" },
	{ "ten million letters", NULL },
};

/* Between what opens and what closes the sequence stands nothing that a terminal obeys. */
static void assert_tame(const char *what, const char *sequence, const char *open)
{
	size_t n = strlen(sequence);
	g_autofree char *inside = NULL;

	assert_non_null(sequence);
	assert_true(g_str_has_prefix(sequence, open));
	assert_true(g_str_has_suffix(sequence, "\033\\"));
	assert_true(n < LONGEST);
	inside = g_strndup(sequence + strlen(open), n - strlen(open) - 2);
	if (!g_utf8_validate(inside, -1, NULL))
		fail_msg("%s: no UTF-8", what);
	for (char *p = inside; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT)
			fail_msg("%s: U+%04X is left", what, c);
	}
}

static void names_are_only_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autofree char *name = hostile[i].name ? g_strdup(hostile[i].name) : g_strnfill(HUGE_BYTES, 'x');
		g_autofree char *title = escape_title(name), *note = escape_notice("foot", NULL, "keyrack", name);

		assert_tame(hostile[i].what, title, "\033]2;");
		assert_tame(hostile[i].what, note, "\033]777;notify;keyrack;");
		assert_null(strchr(note + strlen("\033]777;notify;keyrack;"), ';'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names_are_only_words) };

	g_unsetenv("TMUX");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
