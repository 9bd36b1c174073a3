/* text - clusters of characters as a terminal can show them, cutting, and the folded form.
 *
 * A terminal cell holds a base character and marks of no width; every other joining (emoji
 * families, skin tones, presentation selectors) is drawn differently by different terminals. So
 * the base alone is shown, with the width that all of them agree on. */
#include "config.h"

#include "core/text.h"

#include <limits.h>
#include <string.h>

#define REPLACEMENT   0xFFFDu
#define DOTTED_CIRCLE 0x25CCu
#define ELLIPSIS      0x2026u
#define JOINER	      0x200Du
#define NON_JOINER    0x200Cu

/* A cluster ends after this many code points, whatever follows: no name needs more, and a
 * megabyte of accents must not be read to draw one cell. */
#define CLUSTER_MAX   32
#define CLUSTER_BYTES (CLUSTER_MAX * 8) /* each may be a joiner and what it joins */

struct range {
	uint32_t from, to;
};

static bool in_ranges(uint32_t ch, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (ch >= r[i].from && ch <= r[i].to)
			return true;
	}
	return false;
}

static bool is_regional(uint32_t ch)
{
	return ch >= 0x1F1E6 && ch <= 0x1F1FF;
}

static bool is_skin_tone(uint32_t ch)
{
	return ch >= 0x1F3FB && ch <= 0x1F3FF;
}

/* What an emoji sequence may be built from; a little wider than Unicode's own list. */
static bool is_pictograph(uint32_t ch)
{
	static const struct range ranges[] = {
		{ 0x203C, 0x203C },   { 0x2049, 0x2049 },   { 0x2122, 0x2122 },
		{ 0x2139, 0x2139 },   { 0x2190, 0x21FF },   { 0x2300, 0x23FF },
		{ 0x2460, 0x24FF },   { 0x25A0, 0x27BF },   { 0x2900, 0x297F },
		{ 0x2B00, 0x2BFF },   { 0x1F000, 0x1F1E5 }, { 0x1F200, 0x1F3FA },
		{ 0x1F400, 0x1FAFF },
	};

	return in_ranges(ch, ranges, G_N_ELEMENTS(ranges));
}

static bool is_selector(uint32_t ch)
{
	static const struct range ranges[] = {
		{ 0xFE00, 0xFE0F },
		{ 0xE0100, 0xE01EF },
		{ 0x180B, 0x180D },
		{ 0x180F, 0x180F },
	};

	return in_ranges(ch, ranges, G_N_ELEMENTS(ranges));
}

/* Letters without ink: they would hide in a name. */
static bool is_blank_letter(uint32_t ch)
{
	return ch == 0x115F || ch == 0x1160 || ch == 0x3164 || ch == 0xFFA0 || ch == 0x034F;
}

static bool is_mark(uint32_t ch)
{
	GUnicodeType type = g_unichar_type(ch);

	/* Vowels and final consonants of Korean are letters that stand in their syllable's cell. */
	return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK ||
	       (ch >= 0x1161 && ch <= 0x11FF) || (ch >= 0xD7B0 && ch <= 0xD7FB);
}

/* What is shown in the place of ch: itself, or a mark that says something unfit was here. */
static uint32_t shown_as(uint32_t ch)
{
	if (ch < 0x20)
		return 0x2400 + ch;
	if (ch == 0x7F)
		return 0x2421;
	if (is_blank_letter(ch) || is_regional(ch) || is_skin_tone(ch))
		return REPLACEMENT;
	switch (g_unichar_type(ch)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return REPLACEMENT;
	case G_UNICODE_SPACE_SEPARATOR:
		return g_unichar_iswide(ch) ? ch : ' ';
	default:
		/* Whatever else has no width could not be seen. */
		return g_unichar_iszerowidth(ch) && !is_mark(ch) ? REPLACEMENT : ch;
	}
}

/* Takes one code point; invalid bytes come one by one. Returns the bytes used, 0 at the end. */
static size_t decode(const char *s, const char *end, uint32_t *ch)
{
	if (s == end)
		return 0;
	if ((guchar)*s < 0x80) {
		*ch = (guchar)*s;
		return 1;
	}

	gunichar got = g_utf8_get_char_validated(s, end - s);

	if (got == (gunichar)-1 || got == (gunichar)-2) {
		*ch = UINT32_MAX;
		return 1;
	}
	*ch = got;
	return (size_t)g_utf8_skip[(guchar)*s];
}

/* Adds a mark while there is room; the last place of ch stays 0 only when it is not needed. */
static void glyph_add(struct glyph *g, uint32_t mark)
{
	for (size_t i = 1; i < G_N_ELEMENTS(g->ch); i++) {
		if (g->ch[i] == 0) {
			g->ch[i] = mark;
			return;
		}
	}
}

/* ZWJ and ZWNJ belong to the spelling of the scripts that join letters, and to emoji. After
 * anything else they only make two names look alike. */
static bool joiner_belongs(uint32_t base)
{
	return is_pictograph(base) ||
	       (base > 0x2FF && g_unichar_type(base) == G_UNICODE_OTHER_LETTER) ||
	       g_unichar_type(base) == G_UNICODE_SPACING_MARK;
}

/* Takes what follows base into its cell; returns the new position. */
static const char *take_followers(const char *at, const char *end, uint32_t base, struct glyph *out)
{
	uint32_t ch, next;
	size_t used;

	for (int count = 1; count < CLUSTER_MAX; count++) {
		used = decode(at, end, &ch);
		if (used == 0 || ch < 0x300 || ch == UINT32_MAX)
			break;
		if (is_selector(ch) || (is_skin_tone(ch) && is_pictograph(base))) {
			at += used;
		} else if ((ch == JOINER || ch == NON_JOINER) && joiner_belongs(base)) {
			at += used;
			used = decode(at, end, &next);
			if (ch == JOINER && used > 0 && is_pictograph(base) && is_pictograph(next))
				at += used;
		} else if (is_mark(ch) && shown_as(ch) == ch) {
			glyph_add(out, ch);
			at += used;
		} else {
			break;
		}
	}
	return at;
}

size_t glyph_next(const char *s, gssize len, struct glyph *out)
{
	uint32_t ch = 0, next;

	memset(out, 0, sizeof *out);
	out->width = 1;
	if (!s || len == 0 || (len < 0 && *s == '\0'))
		return 0;

	/* Nearly all text is ASCII followed by ASCII: nothing to ask anybody about. */
	if (*s >= ' ' && *s <= '~' && (len == 1 || (guchar)s[1] < 0x80)) {
		out->ch[0] = (guchar)*s;
		return 1;
	}

	const char *end = s + (len < 0 ? strnlen(s, CLUSTER_BYTES) : (size_t)len);
	const char *at = s + decode(s, end, &ch);

	if (is_regional(ch)) {
		size_t used = decode(at, end, &next);

		if (used > 0 && is_regional(next)) {
			out->ch[0] = ch;
			out->ch[1] = next;
			out->width = 2;
			return (size_t)(at + used - s);
		}
	}
	out->ch[0] = ch == UINT32_MAX ? REPLACEMENT : shown_as(ch);
	if (out->ch[0] != ch && out->ch[0] != ' ')
		return (size_t)(at - s);
	if (is_mark(ch)) {
		out->ch[0] = DOTTED_CIRCLE;
		out->ch[1] = ch;
		if (is_selector(ch))
			out->ch[1] = 0;
	}
	if (g_unichar_iswide(out->ch[0]))
		out->width = 2;
	at = take_followers(at, end, out->ch[0], out);
	return (size_t)(at - s);
}

static void glyph_append(GString *to, const struct glyph *g)
{
	for (size_t i = 0; i < G_N_ELEMENTS(g->ch) && g->ch[i]; i++)
		g_string_append_unichar(to, g->ch[i]);
}

int text_width(const char *s)
{
	struct glyph g;
	int width = 0;
	size_t used;

	for (; (used = glyph_next(s, -1, &g)) > 0; s += used) {
		if (width > INT_MAX - g.width)
			return INT_MAX;
		width += g.width;
	}
	return width;
}

bool text_is_blank(const char *s)
{
	struct glyph g;
	size_t used;

	for (; (used = glyph_next(s, -1, &g)) > 0; s += used) {
		uint32_t ch = g_utf8_get_char_validated(s, -1);

		if (g.ch[0] != ' ' && g.ch[0] != 0x3000 && g.ch[0] != 0x2800 && !is_blank_letter(ch))
			return false;
	}
	return true;
}

char *text_safe(const char *s)
{
	GString *safe = g_string_new(NULL);
	struct glyph g;
	size_t used;

	for (; (used = glyph_next(s, -1, &g)) > 0; s += used)
		glyph_append(safe, &g);
	return g_string_free(safe, FALSE);
}

/* Appends glyphs of s to 'to' while they fit into cells; returns where it stopped. */
static const char *append_head(GString *to, const char *s, int cells)
{
	struct glyph g;
	size_t used;

	for (; (used = glyph_next(s, -1, &g)) > 0 && g.width <= cells; s += used) {
		glyph_append(to, &g);
		cells -= g.width;
	}
	return s;
}

/* Appends the last glyphs of s that fit into cells. Only the end of a long text is read. */
static void append_tail(GString *to, const char *s, int cells)
{
	size_t len = strlen(s);
	size_t window = ((size_t)cells + 1) * CLUSTER_BYTES;
	int width = 0, skip;
	struct glyph g;
	size_t used;

	if (len > window) {
		s += len - window;
		while (((guchar)*s & 0xC0) == 0x80) /* not from the middle of a character */
			s++;
		s += glyph_next(s, -1, &g); /* may be the rest of a cluster */
	}
	width = text_width(s);
	for (skip = width - cells; skip > 0 && (used = glyph_next(s, -1, &g)) > 0; s += used)
		skip -= g.width;
	append_head(to, s, cells);
}

static void trim_end(GString *s, size_t from)
{
	while (s->len > from && s->str[s->len - 1] == ' ')
		g_string_truncate(s, s->len - 1);
}

char *text_fit(const char *s, int cells, enum cut how, bool ascii)
{
	GString *fit = g_string_new(NULL);
	const char *rest;

	if (!s || cells <= 0)
		return g_string_free(fit, FALSE);

	rest = append_head(fit, s, cells);
	if (*rest == '\0')
		return g_string_free(fit, FALSE);

	int tail = how == CUT_MIDDLE ? (cells - 1) / 2 : 0;

	g_string_truncate(fit, 0);
	append_head(fit, s, cells - 1 - tail);
	trim_end(fit, 0);
	g_string_append_unichar(fit, ascii ? '~' : ELLIPSIS);
	if (tail > 0)
		append_tail(fit, s, tail);
	return g_string_free(fit, FALSE);
}

/* Letters that a person without the keyboard for them types as these; they have no
 * decomposition in Unicode. After case folding, so only small ones. */
static const struct {
	uint32_t letter;
	const char *plain;
} plain_letters[] = {
	{ 0x00E6, "ae" }, { 0x00F0, "d" }, { 0x00F8, "o" }, { 0x00FE, "th" }, { 0x0111, "d" },
	{ 0x0127, "h" },  { 0x0131, "i" }, { 0x0142, "l" }, { 0x0153, "oe" }, { 0x0167, "t" },
};

static const char *plain_letter(uint32_t ch)
{
	for (size_t i = 0; i < G_N_ELEMENTS(plain_letters); i++) {
		if (plain_letters[i].letter == ch)
			return plain_letters[i].plain;
	}
	return NULL;
}

/* Accents and points that writers leave out. Marks that spell another word (vowels of Thai and
 * of the Indian scripts, the voicing of kana) stay. */
static bool is_optional_mark(uint32_t ch)
{
	static const struct range ranges[] = {
		{ 0x0300, 0x036F }, { 0x0483, 0x0487 }, { 0x0591, 0x05C7 }, { 0x0610, 0x061A },
		{ 0x064B, 0x065F }, { 0x0670, 0x0670 }, { 0x06D6, 0x06ED }, { 0x1AB0, 0x1AFF },
		{ 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
	};

	return in_ranges(ch, ranges, G_N_ELEMENTS(ranges)) && is_mark(ch);
}

static bool is_gap(uint32_t ch)
{
	GUnicodeType type = g_unichar_type(ch);

	return type == G_UNICODE_SPACE_SEPARATOR || type == G_UNICODE_CONTROL ||
	       type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

static void append_folded(GString *to, const char *decomposed)
{
	bool gap = false;

	for (const char *p = decomposed; *p; p += g_utf8_skip[(guchar)*p]) {
		uint32_t ch = g_utf8_get_char(p);
		const char *plain = ch < 0x80 ? NULL : plain_letter(ch);

		if (is_gap(ch)) {
			gap = to->len > 0;
			continue;
		}
		if (is_optional_mark(ch) || g_unichar_type(ch) == G_UNICODE_FORMAT)
			continue;
		if (gap)
			g_string_append_c(to, ' ');
		gap = false;
		if (plain)
			g_string_append(to, plain);
		else
			g_string_append_unichar(to, ch);
	}
}

char *text_fold(const char *s)
{
	g_autofree char *valid = g_utf8_make_valid(s ? s : "", -1);
	GString *folded = g_string_sized_new(strlen(valid));

	if (g_str_is_ascii(valid)) {
		g_autofree char *lower = g_ascii_strdown(valid, -1);

		append_folded(folded, lower);
	} else {
		/* Decomposed twice: folding may bring composed letters back. */
		g_autofree char *apart = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
		g_autofree char *lower = g_utf8_casefold(apart, -1);
		g_autofree char *again = g_utf8_normalize(lower, -1, G_NORMALIZE_ALL);

		append_folded(folded, again);
	}
	return g_string_free(folded, FALSE);
}

/* Umlauts written out, composed letters only; NULL when there are none. */
static char *spell_out(const char *s)
{
	static const struct {
		const char *letter, *written;
	} rows[] = { { "ä", "ae" }, { "ö", "oe" }, { "ü", "ue" } };
	g_autofree char *valid = g_utf8_make_valid(s, -1), *lower = g_utf8_strdown(valid, -1);
	g_autofree char *composed = g_utf8_normalize(lower, -1, G_NORMALIZE_DEFAULT_COMPOSE);
	GString *out = g_string_new(composed);
	guint changed = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		changed += g_string_replace(out, rows[i].letter, rows[i].written, 0);
	return g_string_free(out, changed == 0);
}

char *text_respell(const char *s)
{
	static const char *const pairs[] = { "ae", "oe", "ue" };
	g_autofree char *out = spell_out(s ? s : "");
	char *folded = text_fold(out ? out : s);

	for (char *p = folded; !out && *p; p++)
		for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
			if (strncmp(p, pairs[i], 2) == 0)
				memmove(p + 1, p + 2, strlen(p + 2) + 1);
	return folded;
}
