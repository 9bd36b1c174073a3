/* webhook_sign - the Svix scheme: who has the secret can tell that a message is ours, and new. */
#include "config.h"

#include "server/webhook.h"

#include <sodium.h>
#include <string.h>

#define PREFIX	     "whsec_"
#define SECRET_BYTES 24

void webhook_secret_new(char secret[static WEBHOOK_SECRET_MAX])
{
	unsigned char bytes[SECRET_BYTES];

	randombytes_buf(bytes, sizeof bytes);
	memcpy(secret, PREFIX, sizeof PREFIX);
	sodium_bin2base64(secret + strlen(PREFIX), WEBHOOK_SECRET_MAX - strlen(PREFIX), bytes,
			  sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(bytes, sizeof bytes);
}

char *webhook_sign(const char *secret, const char *id, int64_t timestamp, const char *body,
		   size_t len)
{
	unsigned char key[WEBHOOK_SECRET_MAX], mac[crypto_auth_hmacsha256_BYTES];
	char text[sodium_base64_ENCODED_LEN(sizeof mac, sodium_base64_VARIANT_ORIGINAL)];
	crypto_auth_hmacsha256_state state;
	g_autofree char *head = g_strdup_printf("%s.%" G_GINT64_FORMAT ".", id, timestamp);
	size_t key_len;

	if (g_str_has_prefix(secret, PREFIX))
		secret += strlen(PREFIX);
	if (sodium_base642bin(key, sizeof key, secret, strlen(secret), NULL, &key_len, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return NULL;
	crypto_auth_hmacsha256_init(&state, key, key_len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, len);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(key, sizeof key);
	sodium_memzero(&state, sizeof state);
	sodium_bin2base64(text, sizeof text, mac, sizeof mac, sodium_base64_VARIANT_ORIGINAL);
	return g_strconcat("v1,", text, NULL);
}
