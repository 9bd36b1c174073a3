/* pin_rival - which codes of one lock a guest at its keypad may take for another.
 *
 * Two PINs are like each other as core/pin.h says; it matters where both are in force at the same
 * time. Pure, and it names PINs to nobody. */
#ifndef KEYRACK_CORE_PIN_RIVAL_H
#define KEYRACK_CORE_PIN_RIVAL_H

#include <stddef.h>

#include "core/pin.h"

/* A code of the lock: its PIN (NULL: not known) and its window, NONE where it is open. */
struct pin_use {
	const char *pin;
	struct instant from, until;
};

/* How like the two are while both are in force; PIN_UNLIKE where they never are at once. */
enum pin_likeness pin_use_likeness(const struct pin_use *a, const struct pin_use *b);
/* The one that uses[i] is most like, of those in force at some moment that it is too; -1: none. */
int pin_rival(const struct pin_use *uses, size_t n, size_t i, enum pin_likeness *how);

#endif
