/* store_keys - API keys: made from the system's randomness, known again by their hash.
 *
 * "seam_" + 8 + "_" + 24 characters of base58. The 8 are no secret: by them the row is found, and a
 * person tells keys apart. The 24 hold 140 bits, so a plain hash of them cannot be searched and no
 * slow one is needed. */
#include "engine/store_ops.h"

#include <sodium.h>
#include <string.h>

#define PREFIX "seam_"
enum { SHORT = 8, SECRET = 24, PREFIX_LEN = sizeof(PREFIX) - 1 };
enum { SECRET_AT = PREFIX_LEN + SHORT + 1, KEY_LEN = SECRET_AT + SECRET };

/* No 0, O, I and l: a key is sometimes typed. */
static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

static void draw(char *out, int n)
{
	for (int i = 0; i < n; i++)
		out[i] = base58[randombytes_uniform(sizeof(base58) - 1)];
}

static void hash_secret(const char *secret, unsigned char out[static STORE_KEY_HASH_BYTES])
{
	crypto_generichash(out, STORE_KEY_HASH_BYTES, (const unsigned char *)secret, SECRET, NULL,
			   0);
}

char *store_key_create_until(struct store *s, enum key_role role, const char *name, struct instant expires_at,
			     GError **err)
{
	unsigned char hash[STORE_KEY_HASH_BYTES];
	char short_id[SHORT + 1] = "";
	struct store_key row = {
		.short_id = short_id,
		.name = name,
		.role = role,
		.created_at = instant_now(),
		.expires_at = expires_at,
		.used_at = INSTANT_NONE,
	};
	char *key;

	if (role <= KEY_NONE || role > KEY_ADMIN || sodium_init() < 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "no key can be made: %s",
			    role <= KEY_NONE || role > KEY_ADMIN
				    ? "its role is not read, desk or admin"
				    : "the system gives no randomness");
		return NULL;
	}
	key = g_malloc0(KEY_LEN + 1);
	draw(short_id, SHORT);
	memcpy(key, PREFIX, PREFIX_LEN);
	memcpy(key + PREFIX_LEN, short_id, SHORT);
	key[PREFIX_LEN + SHORT] = '_';
	draw(key + SECRET_AT, SECRET);
	hash_secret(key + SECRET_AT, hash);
	if (s->ops->key_add(s, &row, hash, err))
		return key;
	sodium_memzero(key, KEY_LEN);
	g_free(key);
	return NULL;
}

char *store_key_create(struct store *s, enum key_role role, const char *name, GError **err)
{
	return store_key_create_until(s, role, name, INSTANT_NONE, err);
}

static bool looks_like_key(const char *key)
{
	return key && strlen(key) == KEY_LEN && memcmp(key, PREFIX, PREFIX_LEN) == 0 &&
	       key[PREFIX_LEN + SHORT] == '_' && strspn(key + PREFIX_LEN, base58) == SHORT &&
	       strspn(key + SECRET_AT, base58) == SECRET;
}

enum key_role store_key_role(struct store *s, const char *key, struct instant *expires_at)
{
	unsigned char stored[STORE_KEY_HASH_BYTES] = { 0 }, given[STORE_KEY_HASH_BYTES];
	char short_id[SHORT + 1] = "";
	struct instant ends = INSTANT_NONE;
	enum key_role role;

	if (!looks_like_key(key) || sodium_init() < 0)
		return KEY_NONE;
	memcpy(short_id, key + PREFIX_LEN, SHORT);
	hash_secret(key + SECRET_AT, given);
	role = s->ops->key_find(s, short_id, stored, &ends);
	if (sodium_memcmp(stored, given, sizeof(given)) != 0)
		return KEY_NONE;
	if (expires_at)
		*expires_at = ends;
	return role;
}

enum key_role store_key_role_still(struct store *s, const char *short_id, struct instant *expires_at)
{
	unsigned char hash[STORE_KEY_HASH_BYTES];

	return s->ops->key_find(s, short_id, hash, expires_at);
}
