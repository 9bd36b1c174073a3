/* vault - short secrets sealed for a file that others may come to read, and found again by a keyed hash.
 *
 * A sealed secret is a word of text, so that it fits where the secret itself was:
 *
 *   "~" base64url(key's number (4 bytes) nonce (24) XChaCha20-Poly1305(secret) tag (16))
 *
 * Its context (table, column, row) is sealed along: a word that is put into another row does not open.
 * A mark is a keyed BLAKE2b of the secret, the same wherever the secret is the same: for looking up, and
 * for nothing else. Both keys are derived from one (crypto_kdf), which lies in a file apart from the data:
 *
 *   keyrack vault 1
 *   <64 hex>          the newest first; older ones open what is not resealed yet
 *
 * A key's number is derived from the key, so that a wrong file is told from a damaged value. What is held
 * here lies in memory that is locked and wiped. May be used by several threads at once but for
 * vault_reload. */
#ifndef KEYRACK_CORE_VAULT_H
#define KEYRACK_CORE_VAULT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/own.h"

enum {
	VAULT_MARK_BYTES = 16,
	VAULT_KEYS_MAX = 64,
	VAULT_SECRET_MAX = 1 << 20, /* bytes */
};

struct vault;

enum vault_make {
	VAULT_FIND = 0,       /* a key that is not there is NOT_FOUND */
	VAULT_MAKE = 1 << 0,  /* ... or is made, with its folder: only where nothing is sealed yet */
	VAULT_GROUP = 1 << 1, /* the file's group may read it, whoever's it is: several users share the data */
};

/* Where the key is: $CREDENTIALS_DIRECTORY/credential where systemd brings one, else path. Newly allocated. */
char *vault_place(const char *credential, const char *path);

/* how: enum vault_make. NOT_FOUND: no key there. CONFIG: others can read it, it is a folder, somebody else's link,
 * too short, or no key. IO: it cannot be read or made (a full disk, a folder that cannot be written); nothing is
 * left. */
struct vault *vault_open(const char *path, int how, GError **err);
/* The file once more: who comes upon a key that it has not got, since another process made one. */
bool vault_reload(struct vault *v, GError **err);
void vault_free(struct vault *v);
DEFINE_OWN(struct vault, vault, vault_free)

const char *vault_path(const struct vault *v);
int vault_count(const struct vault *v);       /* of keys, at least 1 */
uint32_t vault_newest(const struct vault *v); /* its number, never 0 */
bool vault_has(const struct vault *v, uint32_t key);

/* A new key at the head of the file, durably; its number, 0 with err. What is sealed already stays as it is:
 * reseal it (vault_key_of tells which) once the number is known to all who write. */
uint32_t vault_rotate(struct vault *v, GError **err);

/* key: whose number; 0 the newest. NULL stays NULL. Newly allocated; vault_has(key) must hold. */
char *vault_seal(const struct vault *v, uint32_t key, const char *context, const char *secret);
/* Newly allocated: give it to vault_forget. NOT_FOUND: the file has not got the key that it was sealed with.
 * CORRUPT: it was altered, cut, or put into another place. Messages name the key, never a secret. */
char *vault_unseal(const struct vault *v, const char *context, const char *sealed, GError **err);
/* Wipes and frees; NULL is nothing. Fits GDestroyNotify and SQLite's destructors. */
void vault_forget(void *secret);

/* Looks sealed: a secret that begins with '~' must not be handed to a reader that takes either. */
bool vault_is_sealed(const char *text);
/* The number of the key that it names; 0: it is none of ours. */
uint32_t vault_key_of(const char *sealed);

/* scope: what is compared with each other, "pin". The same secret has the same mark within key and scope. */
void vault_mark(const struct vault *v, uint32_t key, const char *scope, const char *secret,
		unsigned char mark[static VAULT_MARK_BYTES]);

#endif
