/* base64url - see the header. */
#include "core/base64url.h"

#include <stdint.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

enum { NONE = 0xff };

/* By letter: its six bits, or NONE. */
#define ROW_NONE NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE
static const uint8_t bits_of[256] = {
	ROW_NONE, ROW_NONE,
	NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 62, NONE, NONE,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NONE, NONE, NONE, NONE, NONE, NONE,
	NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NONE, NONE, NONE, NONE, 63,
	NONE, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NONE, NONE, NONE, NONE, NONE,
	ROW_NONE, ROW_NONE, ROW_NONE, ROW_NONE, ROW_NONE, ROW_NONE, ROW_NONE, ROW_NONE,
};

void base64url_write(char *to, const unsigned char *from, size_t n)
{
	for (; n >= 3; n -= 3, from += 3) {
		uint32_t w = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];

		*to++ = letters[w >> 18];
		*to++ = letters[w >> 12 & 63];
		*to++ = letters[w >> 6 & 63];
		*to++ = letters[w & 63];
	}
	if (n > 0) {
		uint32_t w = (uint32_t)from[0] << 16 | (n > 1 ? (uint32_t)from[1] << 8 : 0);

		*to++ = letters[w >> 18];
		*to++ = letters[w >> 12 & 63];
		if (n > 1)
			*to++ = letters[w >> 6 & 63];
	}
	*to = '\0';
}

/* One to three letters that are left: one alone says nothing, and what is over must be no bits. */
static bool read_rest(unsigned char *to, size_t *len, const unsigned char *from, size_t n)
{
	uint32_t w = 0;

	if (n == 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		if (bits_of[from[i]] == NONE)
			return false;
		w = w << 6 | bits_of[from[i]];
	}
	if (n == 1 || (w & (n == 2 ? 15 : 3)) != 0)
		return false;
	w >>= n == 2 ? 4 : 2;
	if (n == 3)
		to[(*len)++] = (unsigned char)(w >> 8);
	to[(*len)++] = (unsigned char)w;
	return true;
}

bool base64url_read(unsigned char *to, size_t *len, const char *word, size_t n)
{
	const unsigned char *from = (const unsigned char *)word;

	*len = 0;
	for (; n >= 4; n -= 4, from += 4) {
		uint8_t a = bits_of[from[0]], b = bits_of[from[1]], c = bits_of[from[2]], d = bits_of[from[3]];
		uint32_t w = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;

		if ((a | b | c | d) > 63)
			return false;
		to[(*len)++] = (unsigned char)(w >> 16);
		to[(*len)++] = (unsigned char)(w >> 8);
		to[(*len)++] = (unsigned char)w;
	}
	return read_rest(to, len, from, n);
}
