/* text: hostile and difficult names, made safe, measured and cut. */
#include "tests/core/rows.h"

#include <time.h>

#include "core/text.h"

#define MARK "\xef\xbf\xbd" /* U+FFFD */

static const struct {
	const char *name, *text, *safe;
	int width;
	int glyphs;
} safe_rows[] = {
	{ "nothing", "", "", 0, 0 },
	{ "ASCII", "Anna Berg", "Anna Berg", 9, 9 },
	{ "composed accent", "Mu\u00f1oz", "Mu\u00f1oz", 5, 5 },
	{ "combining accent", "Mun\u0303oz", "Mun\u0303oz", 5, 5 },
	{ "a mark without a base", "\u0301x", "\u25cc\u0301x", 2, 2 },
	{ "seven marks: four are kept", "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307b",
	  "a\u0301\u0302\u0303\u0304b", 2, 2 },
	{ "wide", "\u65e5\u672c", "\u65e5\u672c", 4, 2 },
	{ "half-width katakana", "\uff71", "\uff71", 1, 1 },
	{ "full-width letter", "\uff21", "\uff21", 2, 1 },
	{ "Korean syllable", "\ud55c", "\ud55c", 2, 1 },
	{ "Korean in parts", "\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 2, 1 },
	{ "ambiguous is narrow", "\u00b1\u2026", "\u00b1\u2026", 2, 2 },
	{ "right to left stays in order", "\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd", 4,
	  4 },
	{ "Devanagari", "\u0928\u092e\u0938\u094d\u0924\u0947",
	  "\u0928\u092e\u0938\u094d\u0924\u0947", 4, 4 },
	{ "Persian with ZWNJ", "\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u062e\u0648", 4, 4 },
	{ "emoji", "\U0001F600", "\U0001F600", 2, 1 },
	{ "skin tone", "\U0001F44D\U0001F3FD!", "\U0001F44D!", 3, 2 },
	{ "family of three", "\U0001F468\u200d\U0001F469\u200d\U0001F467x", "\U0001F468x", 3, 2 },
	{ "heart as emoji", "\u2764\ufe0fx", "\u2764x", 2, 2 },
	{ "keycap", "1\ufe0f\u20e3", "1\u20e3", 1, 1 },
	{ "flag", "\U0001F1E9\U0001F1EA", "\U0001F1E9\U0001F1EA", 2, 1 },
	{ "half a flag", "\U0001F1E9x", MARK "x", 2, 2 },
	{ "two flags and a half", "\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7\U0001F1E9",
	  "\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7" MARK, 5, 3 },
	{ "wide space", "a\u3000b", "a\u3000b", 4, 3 },
	{ "no-break space", "a\u00a0b", "a b", 3, 3 },
	/* Hostile. */
	{ "escape sequence", "a\x1b[31mb", "a\u241b[31mb", 7, 7 },
	{ "line feed, tab, return", "a\n\t\rb", "a\u240a\u2409\u240db", 5, 5 },
	{ "delete", "a\x7f", "a\u2421", 2, 2 },
	{ "C1 in UTF-8",
	  "a\xc2\x9b"
	  "31m",
	  "a" MARK "31m", 5, 5 },
	{ "C1 as a byte",
	  "a\x9b"
	  "31m",
	  "a" MARK "31m", 5, 5 },
	{ "right-to-left override", "a\u202eb", "a" MARK "b", 3, 3 },
	{ "isolates", "\u2066a\u2069", MARK "a" MARK, 3, 3 },
	{ "direction marks", "\u200e\u200f\u061c", MARK MARK MARK, 3, 3 },
	{ "zero-width space", "pay\u200bpal", "pay" MARK "pal", 7, 7 },
	{ "word joiner, byte order mark", "\u2060\ufeff", MARK MARK, 2, 2 },
	{ "joiner between Latin letters", "a\u200db\u200cc", "a" MARK "b" MARK "c", 5, 5 },
	{ "line and paragraph separator", "\u2028\u2029", MARK MARK, 2, 2 },
	{ "tag characters", "a\U000E0061\U000E007F", "a" MARK MARK, 3, 3 },
	{ "private use", "\ue000\U000F0000", MARK MARK, 2, 2 },
	{ "unassigned, no character", "\U000E0FFF\uffff", MARK MARK, 2, 2 },
	{ "letters without ink", "\u3164\uffa0\u115f", MARK MARK MARK, 3, 3 },
	{ "invalid bytes", "\xff\xfe", MARK MARK, 2, 2 },
	{ "overlong slash", "\xc0\xaf", MARK MARK, 2, 2 },
	{ "surrogate", "\xed\xa0\x80", MARK MARK MARK, 3, 3 },
	{ "cut off in the middle", "a\xe2\x82", "a" MARK MARK, 3, 3 },
	{ "a mark after a control has no base", "\n\u0301", "\u240a\u25cc\u0301", 2, 2 },
};

static void texts_from_outside_are_made_safe(void **state)
{
	(void)state;
	FOR_ROWS(i, safe_rows)
	{
		g_autofree char *safe = text_safe(safe_rows[i].text);
		g_autofree char *again = text_safe(safe);
		struct glyph g;
		size_t used;
		int glyphs = 0;

		ROW_TEXT(safe_rows[i].name, safe, safe_rows[i].safe);
		ROW_TEXT(safe_rows[i].name, again, safe); /* safe once is safe */
		ROW_INT(safe_rows[i].name, text_width(safe_rows[i].text), safe_rows[i].width);
		ROW_INT(safe_rows[i].name, text_width(safe), safe_rows[i].width);
		for (const char *p = safe_rows[i].text; (used = glyph_next(p, -1, &g)) > 0;
		     p += used)
			glyphs++;
		ROW_INT(safe_rows[i].name, glyphs, safe_rows[i].glyphs);
	}
	g_autofree char *null = text_safe(NULL);

	assert_string_equal(null, "");
}

static void a_length_ends_the_text_where_a_nul_does_not(void **state)
{
	struct glyph g;

	(void)state;
	assert_int_equal(glyph_next("", -1, &g), 0);
	assert_int_equal(glyph_next("abc", 0, &g), 0);
	assert_int_equal(glyph_next(NULL, -1, &g), 0);
	/* A NUL inside a length is shown like any control. */
	assert_int_equal(glyph_next("\0x", 2, &g), 1);
	assert_int_equal(g.ch[0], 0x2400);
	/* The accent lies behind the end. */
	assert_int_equal(glyph_next("a\u0301", 1, &g), 1);
	assert_int_equal(g.ch[1], 0);
	assert_int_equal(glyph_next("a\u0301", 3, &g), 3);
	assert_int_equal(g.ch[1], 0x301);
	/* Half of a character. */
	assert_int_equal(glyph_next("\u65e5", 2, &g), 1);
	assert_int_equal(g.ch[0], 0xFFFD);
}

static void fitting_cuts_with_an_ellipsis(void **state)
{
	static const struct {
		const char *text;
		int cells;
		enum cut cut;
		bool ascii;
		const char *fit;
	} row[] = {
		{ "Anna", 4, CUT_END, false, "Anna" },
		{ "Anna Berg", 9, CUT_END, false, "Anna Berg" },
		{ "Anna Berg", 8, CUT_END, false, "Anna Be\u2026" },
		{ "Anna Berg", 8, CUT_END, true, "Anna Be~" },
		{ "Anna Berg", 6, CUT_END, false, "Anna\u2026" }, /* no blank before the ellipsis */
		{ "Anna Berg", 1, CUT_END, false, "\u2026" },
		{ "Anna Berg", 0, CUT_END, false, "" },
		{ "Anna Berg", -3, CUT_END, false, "" },
		{ "", 5, CUT_END, false, "" },
		{ "abcdefghij", 7, CUT_MIDDLE, false, "abc\u2026hij" },
		{ "abcdefghij", 6, CUT_MIDDLE, false, "abc\u2026ij" },
		{ "abcdefghij", 2, CUT_MIDDLE, false, "a\u2026" },
		{ "abcdefghij", 1, CUT_MIDDLE, true, "~" },
		{ "abcdefghij", 10, CUT_MIDDLE, false, "abcdefghij" },
		/* A wide character is never halved: a cell stays empty. */
		{ "\u65e5\u672c\u8a9e", 5, CUT_END, false, "\u65e5\u672c\u2026" },
		{ "\u65e5\u672c\u8a9e", 4, CUT_END, false, "\u65e5\u2026" },
		{ "\u65e5\u672c\u8a9e\u6587", 6, CUT_MIDDLE, false, "\u65e5\u2026\u6587" },
		/* An accent goes with its letter. */
		{ "e\u0301e\u0301e\u0301", 2, CUT_END, false, "e\u0301\u2026" },
		{ "e\u0301e\u0301e\u0301e\u0301", 3, CUT_MIDDLE, false, "e\u0301\u2026e\u0301" },
		{ "a\x1b[2Jb", 3, CUT_END, false, "a\u241b\u2026" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		g_autofree char *fit =
			text_fit(row[i].text, row[i].cells, row[i].cut, row[i].ascii);

		ROW_TEXT(row[i].fit, fit, row[i].fit);
		ROW_INT(row[i].fit, text_width(fit) <= MAX(row[i].cells, 0), true);
	}
	g_autofree char *null = text_fit(NULL, 5, CUT_END, false);

	assert_string_equal(null, "");
}

/* Ten million bytes must cost no more than what is shown of them. The bound, in time of the processor, is a
 * thousand times what is needed, so that it holds under valgrind; reading all of it each time would take ten
 * times as long. */
static void a_name_of_ten_megabytes_is_cut_as_fast_as_a_short_one(void **state)
{
	static const char *const unit[] = { "a",     "\u0301",		 "\u65e5",
					    "\xff",  "\U0001F468\u200d", "\U0001F1E9",
					    "\u1161" };

	(void)state;
	FOR_ROWS(i, unit)
	{
		GString *s = g_string_new("x");
		clock_t start;

		while (s->len < 10000000)
			g_string_append(s, unit[i]);
		start = clock();
		for (int n = 0; n < 100; n++) {
			g_autofree char *end = text_fit(s->str, 40, CUT_END, false);
			g_autofree char *middle = text_fit(s->str, 40, CUT_MIDDLE, false);

			ROW_INT(unit[i], text_width(end) <= 40 && text_width(middle) <= 40, true);
		}
		ROW_INT(unit[i], (clock() - start) / CLOCKS_PER_SEC < 50, true);
		g_string_free(s, TRUE);
	}
}

static void names_are_folded_to_what_people_type(void **state)
{
	static const struct {
		const char *text, *folded;
	} row[] = {
		{ "", "" },
		{ "Mu\u00f1oz", "munoz" },
		{ "Mun\u0303oz", "munoz" },
		{ "M\u00dcLLER", "muller" },
		{ "Stra\u00dfe", "strasse" },
		{ "\u00d8rsted \u0141ukasz", "orsted lukasz" },
		{ "\u00c6sir", "aesir" },
		{ "\u0130stanbul", "istanbul" },
		{ "Nguy\u1ec5n", "nguyen" },
		{ "\u0110\u1ee9c", "duc" },
		{ "  Anna \t  Berg  ", "anna berg" },
		{ "Anna\u00a0Berg", "anna berg" },
		{ "An\u200bna\u202e", "anna" },
		{ "\uff21nna", "anna" },
		{ "\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c3" }, /* final sigma too */
		{ "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd" },
		{ "\u0e01\u0e34", "\u0e01\u0e34" }, /* a Thai vowel is no accent */
		{ "a\xff"
		  "b",
		  "a" MARK "b" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		g_autofree char *folded = text_fold(row[i].text);
		g_autofree char *again = text_fold(folded);

		ROW_TEXT(row[i].text, folded, row[i].folded);
		ROW_TEXT(row[i].text, again, folded);
	}
	g_autofree char *null = text_fold(NULL);

	assert_string_equal(null, "");
}

static void names_are_respelt_both_ways(void **state)
{
	static const struct {
		const char *text, *respelt;
	} row[] = {
		{ "M\xc3\xbcller", "mueller" }, { "Mu\xcc\x88ller", "mueller" },
		{ "Mueller", "muller" },	  { "\xc3\x96zdemir", "oezdemir" },
		{ "Goethe", "gothe" },		  { "Berg", "berg" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		g_autofree char *respelt = text_respell(row[i].text);

		ROW_TEXT(row[i].text, respelt, row[i].respelt);
	}
	g_autofree char *null = text_respell(NULL);
	assert_string_equal(null, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_from_outside_are_made_safe),
		cmocka_unit_test(a_length_ends_the_text_where_a_nul_does_not),
		cmocka_unit_test(fitting_cuts_with_an_ellipsis),
		cmocka_unit_test(a_name_of_ten_megabytes_is_cut_as_fast_as_a_short_one),
		cmocka_unit_test(names_are_folded_to_what_people_type),
		cmocka_unit_test(names_are_respelt_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
