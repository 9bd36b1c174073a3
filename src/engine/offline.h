/* offline - codes computed from a lock's token, which the lock accepts without any connection.
 *
 * Rules of providers' guides: igloohome hourly 1..672 h (3 per start hour), daily 29..367 d at the
 * same time of day (3 per day), one-time for 24 h (5 per start slot), to be used once within 24 h of
 * the start when longer; Oracode: predefined slots, within an hour rounded to them, 31 days; Lockly:
 * any window of whole hours up to 92 days, and one-time. The PIN is kind, start, length and variant,
 * enciphered under the lock's token, so the simulated lock verifies it from its token and clock
 * alone, and no two codes have the same. */
#ifndef KEYRACK_ENGINE_OFFLINE_H
#define KEYRACK_ENGINE_OFFLINE_H

#include "core/zone.h"
#include "engine/lock_system.h"

enum offline_kind { OFFLINE_HOURLY, OFFLINE_DAILY, OFFLINE_ONE_TIME, OFFLINE_SLOT, OFFLINE_PLAIN };

struct offline_request {
	const char *device_type;
	const struct zone *zone;
	struct instant starts_at, ends_at; /* ends_at may be NONE for igloohome's one-time */
	bool one_time;
	int64_t max_rounding_ms;       /* 1 h, or 1 d */
	struct instant now;
};
struct offline_code {
	const char *device_type;       /* static */
	const struct zone *zone;
	enum offline_kind kind;
	struct instant starts_at, ends_at; /* after rounding: what is true */
	struct instant activate_by;    /* must be used once before; NONE */
	int per_slot;                  /* quota of the slot that starts_at falls in */
	struct instant slot;           /* the slot's beginning: counts are per (kind, slot) */
};
/* false: *why is a sentence for the caller of the API. */
bool offline_fit(const struct offline_request *r, struct offline_code *out, const char **why);

/* How many digits the offline PINs of a lock system have; 0: it takes none. */
int offline_digits(const char *device_type);
/* variant 0..per_slot-1. c as offline_fit filled it. The PIN has offline_digits of its lock system,
 * whatever 'digits' says. */
void offline_pin(const char *token, const struct offline_code *c, int variant, int digits,
		 char out[static PIN_MAX + 1]);
/* What the lock does: finds the code, if any, whose window is open now. That a code was entered
 * before activate_by, or (one-time) never, is for the lock to remember. */
bool offline_verify(const char *token, const char *device_type, const struct zone *zone,
		    const char *pin, struct instant now, struct offline_code *out);

#endif
