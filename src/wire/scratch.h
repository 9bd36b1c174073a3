/* scratch - the inside of struct wire_scratch, for the decoders. */
#ifndef KEYRACK_WIRE_SCRATCH_H
#define KEYRACK_WIRE_SCRATCH_H

#include "wire/codec.h"

/* A copy with a NUL behind it, living until the reset. */
const char *scratch_keep(struct wire_scratch *s, const char *text, size_t len);

/* The one buffer for building a text, emptied. Valid until the next call. */
GString *scratch_text(struct wire_scratch *s);

#endif
