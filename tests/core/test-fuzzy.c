/* What a few letters find, and which of two it finds first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "core/fuzzy.h"

static void letters_find_what_has_them_in_order(void **state)
{
	static const struct {
		const char *hay, *needle;
		bool found;
	} rows[] = {
		{ "walk-list", "walk", true },
		{ "walk-list", "wl", true },
		{ "walk-list", "lw", false },
		{ "walk-list", "list walk", true }, /* words in any order */
		{ "walk-list", "walk walkz", false },
		{ "walk-list", "", true },
		{ "walk-list", "   ", true },
		{ "", "a", false },
		{ "New access code", "nac", true },
		{ "Müller, Jörg", "muller", true },
		{ "Müller, Jörg", "MÜLLER", true },
		{ "Łódź", "łódź", true },
		{ "aa", "aaa", false },
		{ "a\xff" "b", "ab", true }, /* what is no UTF-8 hurts nobody */
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fuzzy f = { 0 };

		if (fuzzy_match(rows[i].hay, rows[i].needle, &f) != rows[i].found)
			fail_msg("'%s' in '%s' should be %d", rows[i].needle, rows[i].hay, rows[i].found);
	}
}

static void the_nearer_one_comes_first(void **state)
{
	static const struct {
		const char *needle, *first, *second, *why;
	} rows[] = {
		{ "so", "sort", "also", "the beginning of a word" },
		{ "wl", "walk-list", "owl", "beginnings of words before a run within one" },
		{ "out", "outbox", "go until", "a run before strewn letters" },
		{ "lock", "lock", "l-o-c-k", "a run before beginnings of four words" },
		{ "lock", "lock", "unlock", "a whole word" },
		{ "ab", "ab", "a b", "no gap" },
		{ "ab", "a b", "axxxxb", "a short gap" },
		{ "ab", "axb", "axxxb", "a shorter gap" },
		{ "nb", "next-bar", "number", "two words' beginnings" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fuzzy a, b = { .score = -1 };

		assert_true(fuzzy_match(rows[i].first, rows[i].needle, &a));
		fuzzy_match(rows[i].second, rows[i].needle, &b);
		if (a.score <= b.score)
			fail_msg("%s: '%s' has %d points in '%s', %d in '%s'", rows[i].why, rows[i].needle,
				 a.score, rows[i].first, b.score, rows[i].second);
	}
}

static void the_points_are_those_of_the_rules(void **state)
{
	static const struct {
		const char *hay, *needle;
		int score;
		uint64_t at;
	} rows[] = {
		{ "sort", "s", FUZZY_MATCH + FUZZY_START, 0x1 },
		{ "sort", "so", 2 * (FUZZY_MATCH + FUZZY_START), 0x3 },
		{ "also", "so", 2 * FUZZY_MATCH + FUZZY_RUN, 0xc },
		{ "axb", "ab", 2 * FUZZY_MATCH + FUZZY_START - FUZZY_GAP, 0x5 },
		{ "axxxb", "ab", 2 * FUZZY_MATCH + FUZZY_START - FUZZY_GAP - 2 * FUZZY_GAP_MORE, 0x11 },
		/* the second 'list' is the word, though the letters come earlier */
		{ "lxixsxt list", "list", 4 * (FUZZY_MATCH + FUZZY_START), 0xf00 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fuzzy f;

		assert_true(fuzzy_match(rows[i].hay, rows[i].needle, &f));
		if (f.score != rows[i].score || f.at != rows[i].at)
			fail_msg("'%s' in '%s': %d at %x", rows[i].needle, rows[i].hay, f.score, (unsigned)f.at);
	}
}

static void what_is_long_is_cut_not_overrun(void **state)
{
	g_autofree char *hay = g_strnfill(5000, 'a'), *needle = g_strnfill(500, 'a');
	struct fuzzy f;

	(void)state;
	assert_true(fuzzy_match(hay, needle, &f));
	assert_int_equal(f.letters, FUZZY_NEEDLE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_find_what_has_them_in_order),
		cmocka_unit_test(the_nearer_one_comes_first),
		cmocka_unit_test(the_points_are_those_of_the_rules),
		cmocka_unit_test(what_is_long_is_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
