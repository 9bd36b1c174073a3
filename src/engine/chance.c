/* chance - the engine's dice: ids, PINs, jitter.
 *
 * The system's randomness, unless a seed was given: then a simulation repeats itself to the letter.
 * With a seed each start of the program begins another sequence, as ids must never come twice. */
#include "config.h"

#include "engine/inside.h"

#include <sodium.h>

static uint64_t rotated(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

/* xoroshiro128+, by its authors in the public domain; not for secrets. */
static uint64_t seeded_bits(uint64_t s[static 2])
{
	uint64_t a = s[0], b = s[1], sum = a + b;

	b ^= a;
	s[0] = rotated(a, 24) ^ b ^ b << 16;
	s[1] = rotated(b, 37);
	return sum;
}

uint64_t chance_bits(struct engine *e)
{
	uint64_t bits;

	if (e->random[0] || e->random[1])
		return seeded_bits(e->random);
	randombytes_buf(&bits, sizeof bits);
	return bits;
}

/* 0..n-1, each equally likely: what does not fill a whole n at the top is thrown away. */
unsigned chance_below(unsigned n, void *engine)
{
	uint64_t limit = UINT64_MAX - UINT64_MAX % n, bits;

	do {
		bits = chance_bits(engine);
	} while (bits >= limit);
	return (unsigned)(bits % n);
}

char *chance_id(struct engine *e)
{
	uint64_t high = chance_bits(e), low = chance_bits(e);

	high = (high & ~UINT64_C(0xf000)) | 0x4000;		/* version 4 */
	low = (low & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62; /* its variant */
	return g_strdup_printf("%08x-%04x-%04x-%04x-%012" G_GINT64_MODIFIER "x",
			       (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
			       (unsigned)(high & 0xffff), (unsigned)(low >> 48),
			       low & UINT64_C(0xffffffffffff));
}
