/* credential - where the API key comes from. It is in no message, log or argument. */
#ifndef KEYRACK_SYNC_CREDENTIAL_H
#define KEYRACK_SYNC_CREDENTIAL_H

#include "core/profile.h"

/* The API key, from the first of these that there is: KEYRACK_API_KEY, api-key-file (CONFIG when
 * others can read it), the systemd credential keyrack-api-key-<profile> or keyrack-api-key, the
 * keyring (org.keyrack.ApiKey, attribute profile). *where (may be NULL) says in words which; free
 * it. KEYRACK_ERROR_CONFIG with what to do where there is none. Free the key with
 * credential_wipe. */
char *credential_load(const struct profile *p, char **where, GError **err);
void credential_wipe(char *key);

#endif
