/* fuzz - what a target offers: it looks at any bytes and aborts when a property does not hold. */
#ifndef KEYRACK_TESTS_FUZZ_H
#define KEYRACK_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
