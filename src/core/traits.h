/* traits - facts about the lock systems, in one table.
 *
 * Source: the founding document (native scheduling, which systems name the code in an unlock,
 * which take offline codes) and the vendors' guides. What a device says of itself
 * (supported_code_lengths, code_constraints, capability flags) overrides the table. */
#ifndef KEYRACK_CORE_TRAITS_H
#define KEYRACK_CORE_TRAITS_H

#include "core/instant.h"

/* Lead times before starts_at: founding document, "How Seam Programs Codes onto the Lock". */
#define PRELOAD_LEAD_MS      (72 * HOUR_MS)
#define JUST_IN_TIME_LEAD_MS (60 * MINUTE_MS)

struct traits {
	const char *device_type; /* "august_lock" */
	const char *provider;    /* "august" */
	const char *brand;       /* "August" */
	bool native_schedule;    /* the lock keeps starts_at and ends_at itself */
	bool names_code_in_unlock;
	bool online_codes;
	bool offline_codes;
	bool chooses_pin;        /* the caller may not choose the PIN (Salto KS, Oracode) */
	bool backup_pool;
	uint32_t pin_lengths;    /* bit n: n digits are taken; 0: ask the device */
	int name_max;            /* characters on the lock; 0: not known */
};

/* NULL for a type that the table does not know: show it by its own name, assume nothing. */
const struct traits *traits_of(const char *device_type);
const struct traits *traits_table(size_t *n);

/* "August", or the device_type itself without "_lock" for an unknown one. Never NULL. */
const char *brand_of(const char *device_type, const char *manufacturer);

#endif
