/* store_seal - PINs on their way into a store and out of it: the one place where they are sealed.
 *
 * Each is bound to what it is of: the row's kind and id, and the column; a row that is closed keeps its
 * kind, so that it goes to history as it stands. Of JSON (what happened, what is being changed) only the
 * PINs in it are sealed, where they stand: most of it holds none, and the journal can be read without a key. */
#ifndef KEYRACK_ENGINE_STORE_SEAL_H
#define KEYRACK_ENGINE_STORE_SEAL_H

#include "core/vault.h"

struct seal_place {
	const struct vault *vault;     /* NULL: opened without its key, so that every PIN is an error */
	const char *kind, *id, *column;
};

/* NULL stays NULL; NULL with err too. FAILED: there is no key. All newly allocated. */
char *seal_pin(const struct seal_place *at, const char *pin, GError **err);
/* Give it to vault_forget. CORRUPT, NOT_FOUND: as vault_unseal. */
char *unseal_pin(const struct seal_place *at, const char *sealed, GError **err);

/* The same of the PINs in JSON. */
char *seal_pins_in(const struct seal_place *at, const char *json, GError **err);
char *unseal_pins_in(const struct seal_place *at, const char *json, GError **err);
bool seal_pins_found(const char *json); /* sealed ones: false costs nothing */

/* By it the codes of a lock that have this PIN are found. That two locks have the same PIN does not show. */
bool seal_mark(const struct vault *v, const char *device_id, const char *pin,
	       unsigned char mark[static VAULT_MARK_BYTES], GError **err);

#endif
