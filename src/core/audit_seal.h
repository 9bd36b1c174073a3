/* audit_seal - what signing and verifying a seal have in common; not for others. */
#ifndef KEYRACK_CORE_AUDIT_SEAL_H
#define KEYRACK_CORE_AUDIT_SEAL_H

#include <sodium.h>

#include "core/audit.h"

enum { AUDIT_SIGNATURE_HEX = 2 * crypto_sign_BYTES + 1 };

G_STATIC_ASSERT(crypto_sign_PUBLICKEYBYTES == AUDIT_HASH_BYTES);

/* What is signed, by kind of record ("seal", "cut"); newly allocated. */
char *audit_seal_text(const char *kind, int64_t no, const char *hex);

#endif
