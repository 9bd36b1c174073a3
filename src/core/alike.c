/* alike - see the header. */
#include "core/alike.h"

#include <glib.h>

#include "core/i18n.h"
#include "core/text.h"

/* Letters whose shape is a Latin one's in the fonts of terminals, capital and small apart: a small Greek nu is read as v,
 * a capital one as N. */
static const struct {
	enum alike kind;
	const char *letters, *read_as; /* one for one */
} shapes[] = {
	{ ALIKE_CYRILLIC, "АВЕКМНОРСТХУЅІЈԌԚԜҮӀЬаеорсухѕіјһԁԛԝѵкмнтвгьӏ",
			  "ABEKMHOPCTXYSIJGQWYIbaeopcyxsijhdqwvkmhtbrbl" },
	{ ALIKE_GREEK, "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳαβεικνορτυχγω", "ABEZHIKMNOPTYXCjabeikvoptuxyw" },
	{ ALIKE_OTHER, "օսհոցզյՕՏՍᎪᎫᎬᎷᎻᎠᎡᎢᏀᏃᏚᏢᏙᏟᏞᏦᏴᎳɑɡɩʏʀʟᴄᴏ", "ouhngqjOSUAJEMHDRTGZSPVCLKBWagiyrlco" },
};

static char shape_of(gunichar ch, unsigned *kinds)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
		const char *as = shapes[i].read_as;

		for (const char *p = shapes[i].letters; *p; p += g_utf8_skip[(guchar)*p], as++) {
			if (g_utf8_get_char(p) != ch)
				continue;
			*kinds |= shapes[i].kind;
			return *as;
		}
	}
	return '\0';
}

static bool is_styled(gunichar ch)
{
	return (ch >= 0xFF01 && ch <= 0xFF5E) || (ch >= 0x1D400 && ch <= 0x1D7FF) || (ch >= 0x2460 && ch <= 0x24EA) ||
	       (ch >= 0x2100 && ch <= 0x214F && ch != 0x2116 && ch != 0x2122) || (ch >= 0x2160 && ch <= 0x217F) ||
	       (ch >= 0x1F100 && ch <= 0x1F189);
}

static bool is_unseen(gunichar ch)
{
	return g_unichar_type(ch) == G_UNICODE_FORMAT || (ch >= 0xFE00 && ch <= 0xFE0F) || (ch >= 0xE0100 && ch <= 0xE01EF) ||
	       ch == 0x034F || ch == 0x115F || ch == 0x1160 || ch == 0x3164 || ch == 0xFFA0 || (ch >= 0x180B && ch <= 0x180F);
}

unsigned text_alike(const char *name, char **read_as)
{
	g_autofree char *valid = NULL, *apart = NULL;
	g_autoptr(GString) plain = NULL;
	unsigned kinds = 0;

	if (read_as)
		*read_as = NULL;
	if (!name || g_str_is_ascii(name))
		return 0;
	valid = g_utf8_make_valid(name, -1);
	for (const char *p = valid; *p; p += g_utf8_skip[(guchar)*p])
		kinds |= is_styled(g_utf8_get_char(p)) ? ALIKE_STYLED : is_unseen(g_utf8_get_char(p)) ? ALIKE_UNSEEN : 0;
	/* 'ё' is an 'е' with two points, whatever it is read as without them. */
	apart = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
	plain = g_string_new(NULL);
	for (const char *p = apart; *p; p += g_utf8_skip[(guchar)*p]) {
		gunichar ch = g_utf8_get_char(p);
		char shape = ch < 0x80 ? '\0' : shape_of(ch, &kinds);

		if (shape)
			g_string_append_c(plain, shape);
		else if (!is_unseen(ch))
			g_string_append_unichar(plain, ch);
	}
	if (kinds && read_as)
		*read_as = text_fold(plain->str);
	return kinds;
}

char *alike_words(unsigned alike)
{
	static const struct {
		enum alike kind;
		const char *words;
	} rows[] = {
		{ ALIKE_CYRILLIC, N_("Cyrillic letters") },
		{ ALIKE_GREEK, N_("Greek letters") },
		{ ALIKE_OTHER, N_("letters of another script") },
		{ ALIKE_STYLED, N_("wide or ornamental letters") },
		{ ALIKE_UNSEEN, N_("signs that cannot be seen") },
	};
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (alike & rows[i].kind)
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", _(rows[i].words));
	return g_string_free(s, FALSE);
}
