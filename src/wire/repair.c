#include "wire/repair.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define ESCAPE_LEN 6 /* \uXXXX */

/* The UTF-16 unit that an escape at s stands for; -1 when there is none. */
static int unit_at(const char *s, const char *end)
{
	int unit = 0;

	if (end - s < ESCAPE_LEN || s[0] != '\\' || s[1] != 'u')
		return -1;
	for (int i = 2; i < ESCAPE_LEN; i++) {
		int digit = g_ascii_xdigit_value(s[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static bool is_high(int unit)
{
	return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(int unit)
{
	return unit >= 0xDC00 && unit < 0xE000;
}

/* In place: the replacement is as long as what it replaces. A backslash stands only in strings, and
 * what follows one is never the beginning of an escape, so no more of JSON needs to be known. */
static void mend_escapes(char *s, const char *end)
{
	while ((s = memchr(s, '\\', (size_t)(end - s)))) {
		int unit = unit_at(s, end);

		if (is_high(unit) && is_low(unit_at(s + ESCAPE_LEN, end))) {
			s += 2 * (ptrdiff_t)ESCAPE_LEN;
		} else if (is_high(unit) || is_low(unit)) {
			memcpy(s, "\\ufffd", ESCAPE_LEN);
			s += ESCAPE_LEN;
		} else {
			s += MIN(2, end - s);
		}
	}
}

char *repair_text(const char *json, size_t len, size_t *out_len)
{
	char *text = g_utf8_make_valid(json, (gssize)len);

	*out_len = strlen(text); /* make_valid has made NULs U+FFFD too */
	mend_escapes(text, text + *out_len);
	return text;
}
