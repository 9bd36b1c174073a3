/* offline_pin - an offline code's PIN, and the code out of the PIN again.
 *
 * What there is to say about a code (kind, start, length, variant) is one number, smaller by far
 * than all PINs of that length. The lock's token shuffles all numbers of so many digits, as a
 * cipher does; shuffled back, a PIN gives the number. So two codes never have the same PIN, the
 * lock needs no list, and a PIN tells nothing of another. A guess has the chance of the space:
 * fewer than one PIN in two hundred means a window that is open now. */
#include "engine/offline.h"

#include <sodium.h>
#include <string.h>

#include "core/civil_math.h"
#include "engine/offline_layout.h"

#define ROUNDS 10 /* even */

static uint64_t power10(int n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* ---- the shuffle: a Feistel network over decimal halves, keyed by the token ---- */

struct shuffle {
	unsigned char key[crypto_generichash_KEYBYTES];
	int digits;
	uint64_t left, right; /* how many values each half has */
};

static void shuffle_init(struct shuffle *s, const char *token, int digits)
{
	crypto_generichash(s->key, sizeof s->key, (const unsigned char *)token, strlen(token),
			   (const unsigned char *)"keyrack offline", 15);
	s->digits = digits;
	s->left = power10(digits / 2);
	s->right = power10(digits - digits / 2);
}

static uint64_t mixed(const struct shuffle *s, int round, uint64_t half)
{
	unsigned char in[10] = { (unsigned char)s->digits, (unsigned char)round };
	unsigned char out[crypto_generichash_BYTES_MIN];
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		in[2 + i] = (unsigned char)(half >> (8 * i));
	crypto_generichash(out, sizeof out, in, sizeof in, s->key, sizeof s->key);
	for (int i = 0; i < 8; i++)
		n = n << 8 | out[i];
	return n;
}

static uint64_t shuffled(const struct shuffle *s, uint64_t n)
{
	uint64_t a = n / s->right, b = n % s->right;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t size = round % 2 == 0 ? s->left : s->right;
		uint64_t c = (a + mixed(s, round, b) % size) % size;

		a = b;
		b = c;
	}
	return a * s->right + b;
}

static uint64_t unshuffled(const struct shuffle *s, uint64_t n)
{
	uint64_t a = n / s->right, b = n % s->right;

	for (int round = ROUNDS - 1; round >= 0; round--) {
		uint64_t size = round % 2 == 0 ? s->left : s->right;
		uint64_t c = b;

		b = a;
		a = (c + size - mixed(s, round, b) % size) % size;
	}
	return a * s->right + b;
}

/* ---- codes as numbers: kinds one after the other, in each (start, length, variant) ---- */

static uint64_t lengths_of(const struct offline_layout *l)
{
	return (uint64_t)l->length_max - (uint64_t)l->length_min + 1;
}

static uint64_t size_of(const struct offline_layout *l)
{
	return (uint64_t)l->starts * lengths_of(l) * (uint64_t)l->per_slot;
}

/* The numbers of the kinds before it, of the same lock system. */
static uint64_t base_of(const struct offline_layout *l)
{
	uint64_t base = 0;

	for (const struct offline_layout *other = offline_layouts; other < l; other++) {
		if (strcmp(other->device_type, l->device_type) == 0)
			base += size_of(other);
	}
	return base;
}

int offline_digits(const char *device_type)
{
	const struct traits *t = traits_of(device_type);

	for (int i = 0; t && i < OFFLINE_LAYOUTS; i++) {
		if (strcmp(offline_layouts[i].device_type, t->device_type) == 0)
			return offline_layouts[i].digits;
	}
	return 0;
}

void offline_pin(const char *token, const struct offline_code *c, int variant, int digits,
		 char out[static PIN_MAX + 1])
{
	const struct offline_layout *l = offline_layout_of(c->device_type, c->kind);
	struct shuffle s;
	int length = -1;
	int64_t start;
	uint64_t n;

	(void)digits;
	out[0] = '\0';
	g_return_if_fail(l && variant >= 0 && variant < l->per_slot);
	start = floor_mod(offline_measure(l, c->zone, c, &length), l->starts);
	g_return_if_fail(length >= 0);
	n = (uint64_t)start * lengths_of(l) + (uint64_t)(length - l->length_min);
	n = base_of(l) + n * (uint64_t)l->per_slot + (uint64_t)variant;
	shuffle_init(&s, token, l->digits);
	n = shuffled(&s, n);
	sodium_memzero(&s, sizeof s);
	for (int i = l->digits - 1; i >= 0; i--, n /= 10)
		out[i] = (char)('0' + n % 10);
	out[l->digits] = '\0';
}

/* ---- what the lock does ---- */

static bool read_pin(const char *pin, int digits, uint64_t *n)
{
	if (digits == 0 || strlen(pin) != (size_t)digits)
		return false;
	for (*n = 0; *pin; pin++) {
		if (!g_ascii_isdigit(*pin))
			return false;
		*n = *n * 10 + (uint64_t)(*pin - '0');
	}
	return true;
}

/* The latest start with this remainder that is not to come; is its window open? */
static bool is_open(const struct offline_layout *l, const struct zone *z, uint64_t n,
		    struct instant now, struct offline_code *out)
{
	int length = l->length_min + (int)(n / (uint64_t)l->per_slot % lengths_of(l));
	int64_t remainder = (int64_t)(n / (uint64_t)l->per_slot / lengths_of(l));
	int64_t start = l->kind == OFFLINE_SLOT ? offline_day_of(z, now) : offline_hour_of(z, now);

	if (l->kind == OFFLINE_SLOT) {
		/* Its slot may begin later today. */
		offline_window(l, z, start, length, out);
		if (instant_before(now, out->starts_at))
			start--;
	}
	start -= floor_mod(start - remainder, l->starts);
	offline_window(l, z, start, length, out);
	return !instant_before(now, out->starts_at) && instant_before(now, out->ends_at);
}

/* A window that offline_fit would never give, though there is a number for it. */
static bool is_never_given(const struct offline_layout *l, const struct zone *z,
			   const struct offline_code *c)
{
	struct offline_request r = {
		.device_type = l->device_type,
		.zone = z,
		.starts_at = c->starts_at,
		.ends_at = c->ends_at,
		.one_time = l->kind == OFFLINE_ONE_TIME,
		.max_rounding_ms = 1,
		.now = c->starts_at,
	};
	struct offline_code again;
	const char *why;

	return !offline_fit(&r, &again, &why) || again.kind != c->kind ||
	       !instant_eq(again.starts_at, c->starts_at) || !instant_eq(again.ends_at, c->ends_at);
}

bool offline_verify(const char *token, const char *device_type, const struct zone *zone,
		    const char *pin, struct instant now, struct offline_code *out)
{
	const struct traits *t = traits_of(device_type);
	struct offline_code c;
	struct shuffle s;
	uint64_t n;

	if (!token || !read_pin(pin, offline_digits(device_type), &n))
		return false;
	shuffle_init(&s, token, (int)strlen(pin));
	n = unshuffled(&s, n);
	sodium_memzero(&s, sizeof s);
	for (int i = 0; i < OFFLINE_LAYOUTS; i++) {
		const struct offline_layout *l = &offline_layouts[i];

		if (strcmp(l->device_type, t->device_type) != 0)
			continue;
		if (n < size_of(l)) {
			if (!is_open(l, zone, n, now, &c) || is_never_given(l, zone, &c))
				return false;
			*out = c;
			return true;
		}
		n -= size_of(l);
	}
	return false;
}
