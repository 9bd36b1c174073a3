/* vault_keys - what vault.c and vault_keys.c share; not for others. */
#ifndef KEYRACK_CORE_VAULT_KEYS_H
#define KEYRACK_CORE_VAULT_KEYS_H

#include <sodium.h>

#include "core/vault.h"

struct vault_key {
	uint32_t number;
	unsigned char master[crypto_kdf_KEYBYTES];
	unsigned char seal[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
	unsigned char mark[crypto_generichash_KEYBYTES];
};
struct vault_keys {
	int n;
	struct vault_key key[VAULT_KEYS_MAX];
};
struct vault {
	char *path;
	bool group;
	struct vault_keys *keys; /* sodium_malloc */
};

#endif
