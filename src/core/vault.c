/* vault - sealing, opening and marking; the keys and their file are in vault_keys.c. See the header. */
#include "config.h"

#include "core/vault.h"

#include <sodium.h>
#include <string.h>

#include "core/base64url.h"
#include "core/error.h"
#include "core/vault_keys.h"

enum {
	NUMBER = 4,
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	OVERHEAD = NUMBER + NONCE + TAG,
	SHORT = 512, /* bytes of a sealed value that needs no memory of its own */
};

static const struct vault_key *key_numbered(const struct vault *v, uint32_t number)
{
	for (int i = 0; i < v->keys->n; i++)
		if (number == 0 || v->keys->key[i].number == number)
			return &v->keys->key[i];
	return NULL;
}

int vault_count(const struct vault *v)
{
	return v->keys->n;
}

uint32_t vault_newest(const struct vault *v)
{
	return v->keys->key[0].number;
}

bool vault_has(const struct vault *v, uint32_t key)
{
	return key != 0 && key_numbered(v, key);
}

const char *vault_path(const struct vault *v)
{
	return v->path;
}

static const unsigned char *bytes_of(const char *s)
{
	return (const unsigned char *)s;
}

char *vault_seal(const struct vault *v, uint32_t key, const char *context, const char *secret)
{
	const struct vault_key *k = key_numbered(v, key);
	size_t len = secret ? strlen(secret) : 0;
	unsigned char room[SHORT], *raw = room;
	uint32_t number;
	char *sealed;

	g_return_val_if_fail(k && len <= VAULT_SECRET_MAX, NULL);
	if (!secret)
		return NULL;
	if (len + OVERHEAD > SHORT)
		raw = g_malloc(len + OVERHEAD);
	number = GUINT32_TO_BE(k->number);
	memcpy(raw, &number, NUMBER);
	randombytes_buf(raw + NUMBER, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(raw + NUMBER + NONCE, NULL, bytes_of(secret), len, bytes_of(context),
						   strlen(context), NULL, raw + NUMBER, k->seal);
	sealed = g_malloc(1 + BASE64URL_LETTERS(len + OVERHEAD) + 1);
	*sealed = '~';
	base64url_write(sealed + 1, raw, len + OVERHEAD);
	if (raw != room)
		g_free(raw);
	return sealed;
}

bool vault_is_sealed(const char *text)
{
	return text && *text == '~';
}

uint32_t vault_key_of(const char *sealed)
{
	unsigned char raw[BASE64URL_BYTES(8)];
	uint32_t number;
	size_t len;

	if (!vault_is_sealed(sealed) || strlen(sealed + 1) < 8 || !base64url_read(raw, &len, sealed + 1, 8))
		return 0;
	memcpy(&number, raw, NUMBER);
	return GUINT32_FROM_BE(number);
}

static char *no_secret(GError **err, enum keyrack_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);
static char *no_secret(GError **err, enum keyrack_error code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (err)
		*err = g_error_new_valist(KEYRACK_ERROR, (int)code, format, args);
	va_end(args);
	return NULL;
}

#define DAMAGED "a sealed value does not open: it was altered, cut, or belongs to another row"

/* raw: what the word says, len bytes. */
static char *open_raw(const struct vault *v, const char *context, const unsigned char *raw, size_t len, GError **err)
{
	const struct vault_key *k;
	uint32_t number;
	char *secret;

	memcpy(&number, raw, NUMBER);
	number = GUINT32_FROM_BE(number);
	k = number ? key_numbered(v, number) : NULL;
	if (!k)
		return no_secret(err, KEYRACK_ERROR_NOT_FOUND,
				 "what is sealed here needs the key %08x, which is not in %s: put the right key file "
				 "back from its backup",
				 number, v->path);
	secret = g_malloc(len - OVERHEAD + 1);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)secret, NULL, NULL, raw + NUMBER + NONCE,
						       len - NUMBER - NONCE, bytes_of(context), strlen(context),
						       raw + NUMBER, k->seal) != 0) {
		g_free(secret);
		return no_secret(err, KEYRACK_ERROR_CORRUPT, DAMAGED);
	}
	secret[len - OVERHEAD] = '\0';
	return secret;
}

char *vault_unseal(const struct vault *v, const char *context, const char *sealed, GError **err)
{
	const char *word = vault_is_sealed(sealed) ? sealed + 1 : "";
	size_t text = strlen(word), max = BASE64URL_BYTES(text), len;
	unsigned char room[SHORT], *raw = max > SHORT ? g_malloc(max) : room;
	char *secret;

	if (!base64url_read(raw, &len, word, text) || len < OVERHEAD)
		secret = no_secret(err, KEYRACK_ERROR_CORRUPT, DAMAGED);
	else
		secret = open_raw(v, context, raw, len, err);
	if (raw != room)
		g_free(raw);
	return secret;
}

void vault_forget(void *secret)
{
	if (secret)
		sodium_memzero(secret, strlen(secret));
	g_free(secret);
}

void vault_mark(const struct vault *v, uint32_t key, const char *scope, const char *secret,
		unsigned char mark[static VAULT_MARK_BYTES])
{
	const struct vault_key *k = key_numbered(v, key);
	crypto_generichash_state state;

	g_return_if_fail(k);
	crypto_generichash_init(&state, k->mark, sizeof k->mark, VAULT_MARK_BYTES);
	/* With its end, so that no scope runs on into a secret. */
	crypto_generichash_update(&state, bytes_of(scope), strlen(scope) + 1);
	crypto_generichash_update(&state, bytes_of(secret), strlen(secret));
	crypto_generichash_final(&state, mark, VAULT_MARK_BYTES);
	sodium_memzero(&state, sizeof state);
}
