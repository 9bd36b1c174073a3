/* test-escape - a guest's name in the window's title and in a notification is only words: it ends no
 * sequence, turns nothing round, and is not longer than anybody reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "tests/hostile/tame.h"
#include "ui/notify.h"
#include "ui/screens/slip.h"
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

/* ---- every name of tests/hostile/names ---- */

static bool title_is_tame(const char *name)
{
	g_autofree char *got = escape_title(name);
	g_autofree char *inside = g_strndup(got + 4, strlen(got) - 6);

	return g_str_has_prefix(got, "\033]2;") && g_str_has_suffix(got, "\033\\") && is_tame(inside, false);
}

/* Of each kind of terminal: what stands between the openings and the ends of its sequences. */
static bool notices_are_tame(const char *name)
{
	static const struct {
		const char *terminal;
		int sequences;
	} rows[] = { { "xterm-kitty", 2 }, { "foot", 1 }, { "iterm", 1 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = escape_notice(rows[i].terminal, NULL, name, name);
		g_auto(GStrv) parts = g_strsplit(got, "\033\\", -1);

		if ((int)g_strv_length(parts) != rows[i].sequences + 1 || *parts[rows[i].sequences])
			return false;
		for (int k = 0; k < rows[i].sequences; k++)
			if (!g_str_has_prefix(parts[k], "\033]") || !is_tame(parts[k] + 2, false))
				return false;
	}
	return true;
}

static bool copy_is_tame(const char *name)
{
	g_autofree char *got = escape_copy(name);

	/* NULL: longer than terminals take. */
	return !got || (g_str_has_prefix(got, "\033]52;c;") && g_str_has_suffix(got, "\033\\") &&
			strspn(got + 7, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == strlen(got) - 9);
}

/* A printer obeys escapes as well, and a name with lines would write a card of its own. */
static bool slips_are_tame(const char *name)
{
	struct slip slip = { .property = name, .name = name, .window = "x", .doors = name, .pin = "738291" };
	struct slip plain = { .property = "x", .name = "x", .window = "x", .doors = "x", .pin = "738291" };
	g_autofree char *text = slip_text(&slip), *message = slip_message(&slip), *usual = slip_text(&plain);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1), as_many = g_strsplit(usual, "\n", -1);

	return is_tame(text, true) && is_tame(message, true) && g_strv_length(lines) == g_strv_length(as_many);
}

static void no_element(GMarkupParseContext *ctx, const char *name, const char **keys, const char **values, gpointer data,
		       GError **err)
{
	(void)ctx;
	(void)keys;
	(void)values;
	(void)data;
	if (strcmp(name, "body") != 0)
		g_set_error(err, G_MARKUP_ERROR, G_MARKUP_ERROR_UNKNOWN_ELEMENT, "%s", name);
}

/* As a desktop that takes it for markup reads it: whole, and without an element. */
static bool body_is_tame(const char *name)
{
	static const GMarkupParser words_alone = { .start_element = no_element };
	g_autofree char *body = notify_body(name), *whole = g_strconcat("<body>", body, "</body>", NULL);
	g_autoptr(GMarkupParseContext) ctx = g_markup_parse_context_new(&words_alone, 0, NULL, NULL);

	return is_tame(body, false) && g_markup_parse_context_parse(ctx, whole, -1, NULL) &&
	       g_markup_parse_context_end_parse(ctx, NULL);
}

static const struct {
	const char *where;
	bool (*tame)(const char *name);
} places[] = {
	{ "the window's title", title_is_tame },
	{ "notifications", notices_are_tame },
	{ "the desktop", body_is_tame },
	{ "the clipboard", copy_is_tame },
	{ "a slip", slips_are_tame },
};

static void no_name_gets_out_of_its_place(void **state)
{
	g_autoptr(GPtrArray) names = hostile_names();

	(void)state;
	for (guint n = 0; n < names->len; n++) {
		const struct hostile_name *name = names->pdata[n];

		for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
			if (!places[i].tame(name->bytes))
				fail_msg("%s in %s", name->file, places[i].where);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_only_words),
		cmocka_unit_test(no_name_gets_out_of_its_place),
	};

	g_unsetenv("TMUX");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
