/* fuzz-text: whatever the bytes are, what comes out can be shown: no control, no direction
 * control, nothing without width but on a base, and never more cells than there are. */
#include <string.h>

#include "core/text.h"
#include "tests/fuzz/fuzz.h"

static gboolean is_flag(const struct glyph *g)
{
	return g->ch[0] >= 0x1F1E6 && g->ch[0] <= 0x1F1FF && g->ch[1] >= 0x1F1E6 &&
	       g->ch[1] <= 0x1F1FF && g->ch[2] == 0;
}

static void check_glyph(const struct glyph *g)
{
	int width = g_unichar_iswide(g->ch[0]) || is_flag(g) ? 2 : 1;

	g_assert_cmpint(g->width, ==, width);
	g_assert_false(g_unichar_iszerowidth(g->ch[0]));
	for (size_t i = 0; i < G_N_ELEMENTS(g->ch) && g->ch[i]; i++) {
		GUnicodeType type = g_unichar_type(g->ch[i]);

		g_assert_true(g_unichar_validate(g->ch[i]));
		g_assert_cmpint(type, !=, G_UNICODE_CONTROL);
		g_assert_cmpint(type, !=, G_UNICODE_FORMAT);
		g_assert_cmpint(type, !=, G_UNICODE_LINE_SEPARATOR);
		g_assert_cmpint(type, !=, G_UNICODE_PARAGRAPH_SEPARATOR);
		g_assert_cmpint(type, !=, G_UNICODE_PRIVATE_USE);
		if (i > 0 && !is_flag(g))
			g_assert_true(g_unichar_iszerowidth(g->ch[i]) ||
				      (g->ch[i] >= 0xD7B0 && g->ch[i] <= 0xD7FB));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data;
	size_t left = size, used;
	struct glyph g;

	while ((used = glyph_next(at, (gssize)left, &g)) > 0) {
		g_assert_cmpuint(used, <=, left);
		check_glyph(&g);
		at += used;
		left -= used;
	}
	g_assert_cmpuint(left, ==, 0);

	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *safe = text_safe(text);
	g_autofree char *again = text_safe(safe);
	g_autofree char *folded = text_fold(text);

	g_assert_true(g_utf8_validate(safe, -1, NULL));
	g_assert_true(g_utf8_validate(folded, -1, NULL));
	g_assert_cmpstr(safe, ==, again);
	g_assert_cmpint(text_width(text), ==, text_width(safe));
	for (int cells = 0; cells < 12; cells++) {
		g_autofree char *end = text_fit(text, cells, CUT_END, false);
		g_autofree char *middle = text_fit(text, cells, CUT_MIDDLE, true);

		g_assert_cmpint(text_width(end), <=, cells);
		g_assert_cmpint(text_width(middle), <=, cells);
		if (cells >= text_width(text)) {
			g_assert_cmpstr(end, ==, safe);
			g_assert_cmpstr(middle, ==, safe);
		}
	}
	return 0;
}
