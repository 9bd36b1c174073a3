/* paint - see paint.h. */
#include "config.h"
#include "ui/term/paint.h"

#include <wchar.h>

/* Below this a state's own colour is given up on the cursor's row: its sign and word remain. */
#define CONTRAST_MIN 3.0

static int32_t rgb_of(struct colour c, enum depth depth)
{
	if (depth >= DEPTH_DIRECT && c.rgb >= 0)
		return c.rgb;
	return colour_rgb_of(depth >= DEPTH_256 ? c.index : c.basic);
}

static int32_t number_of(struct colour c, enum depth depth)
{
	if (depth == DEPTH_DIRECT && c.rgb >= 0)
		return c.rgb;
	if (depth == DEPTH_DIRECT) /* such terminals number only the first eight */
		return c.index < 8 ? c.index : colour_rgb_of(c.index);
	return depth == DEPTH_256 ? c.index : c.basic;
}

static struct style over_cursor(const struct style *own, const struct style *cursor,
				enum depth depth)
{
	struct style s = { .fg = own->fg, .bg = cursor->bg };
	int32_t fg = rgb_of(own->fg, depth), bg = rgb_of(cursor->bg, depth);

	if (fg < 0 || (bg >= 0 && colour_contrast(fg, bg) < CONTRAST_MIN))
		s.fg = cursor->fg;
	s.attr = (own->attr | cursor->attr) & (uint8_t)~ATTR_REVERSE;
	s.attr |= (own->attr ^ cursor->attr) & ATTR_REVERSE;
	s.mono_attr = (own->mono_attr | cursor->mono_attr) & (uint8_t)~ATTR_REVERSE;
	s.mono_attr |= (own->mono_attr ^ cursor->mono_attr) & ATTR_REVERSE;
	return s;
}

struct paint paint_of(const struct theme *theme, enum depth depth, enum role role, unsigned mark)
{
	struct style s = theme->style[role < ROLE_COUNT ? role : ROLE_TEXT];
	struct paint p = { .fg = -1, .bg = -1 };

	if (mark & MARK_CURSOR && role != ROLE_CURSOR)
		s = over_cursor(&s, &theme->style[ROLE_CURSOR], depth);
	p.attr = depth == DEPTH_MONO ? s.mono_attr : s.attr;
	if (mark & MARK_REVERSE)
		p.attr ^= ATTR_REVERSE;
	if (mark & MARK_BOLD)
		p.attr |= ATTR_BOLD;
	if (mark & MARK_UNDERLINE)
		p.attr |= ATTR_UNDERLINE;
	if (depth == DEPTH_MONO)
		return p;
	p.fg = number_of(s.fg, depth);
	p.bg = number_of(s.bg, depth);
	if (depth == DEPTH_8) {
		if (p.fg >= 8) {
			p.fg -= 8;
			p.attr |= ATTR_BOLD;
		}
		if (p.bg >= 8)
			p.bg -= 8;
		/* Bold makes a colour lighter there, which on a light ground is harder to read. */
		if (p.fg >= 0 && p.bg >= 0 &&
		    colour_contrast(colour_rgb_of(p.fg + 8), colour_rgb_of(p.bg)) <
			    colour_contrast(colour_rgb_of(p.fg), colour_rgb_of(p.bg)))
			p.attr &= (uint8_t)~ATTR_BOLD;
	}
	if (p.fg >= 0 && p.fg == p.bg) { /* what poverty made the same must still be seen */
		p.fg = p.bg = -1;
		p.attr ^= ATTR_REVERSE;
	}
	return p;
}

int paint_text(const struct glyph *glyph, wchar_t *out, size_t max)
{
	int width = wcwidth((wchar_t)glyph->ch[0]);
	size_t n = 0;

	if (width < 1 || width > glyph->width) {
		wcscpy(out, L"?");
		return 1;
	}
	out[n++] = (wchar_t)glyph->ch[0];
	for (size_t i = 1; i < G_N_ELEMENTS(glyph->ch) && glyph->ch[i]; i++) {
		uint32_t ch = glyph->ch[i];

		if (n + 1 < max && ch != 0x200d && (ch < 0xfe00 || ch > 0xfe0f) &&
		    wcwidth((wchar_t)ch) == 0)
			out[n++] = (wchar_t)ch;
	}
	out[n] = L'\0';
	return width;
}
