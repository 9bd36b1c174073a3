/* simulated - locks that are not there: fourteen systems with their own rules, people who open
 * doors, and every fault that can be asked for.
 *
 * A lock has a memory of its own (slots, PINs, windows, names), a clock of its own and a radio; it
 * opens or does not by those alone, never by the engine's tables. Everything happens through the
 * clock given, in an order that a seed decides. The property file (data/properties/) says which
 * locks there are and who lives there. The locks' memories are kept in a file of their own beside
 * the store, so that a kill of keyrackd does not wipe the doors. */
#ifndef KEYRACK_DRIVERS_SIMULATED_H
#define KEYRACK_DRIVERS_SIMULATED_H

#include <gio/gio.h>

#include "engine/driver.h"

struct simulated_options {
	const char *property;   /* path of the property file */
	const char *memory;     /* path of the locks' memories; NULL: not kept */
	uint64_t seed;
	bool people;            /* they open doors as the property file says */
	int people_times;       /* more than 1: so many times as often, at any hour of the day */
};
/* NULL with CONFIG (property file), IO, CORRUPT, TOO_NEW (memory). Free with driver->ops->free. */
struct driver *simulated_new(struct clock *clock, const struct simulated_options *opt,
			     GError **err);

/* The codes that the property file declares (stays, residents, staff, cleaners), for whoever
 * starts keyrackd to ask engine_create for, once in the life of a store. Their times count from
 * the first start of these locks, which their memory keeps: the same rows at every start. Lent by
 * the driver. What has ended by that first start is not among them. */
struct simulated_code {
	const char *device_id, *name;
	const char *pin;                   /* NULL: to be generated */
	struct instant starts_at, ends_at; /* NONE: ongoing */
	const char *common_code_key;       /* NULL */
	bool offline, one_time, backup_pool;
	int64_t max_rounding_ms;           /* 0: the default */
};
const struct simulated_code *simulated_property_codes(struct driver *d, size_t *n);

/* "Harbour House": of the property file. Lent by the driver. */
const char *simulated_property_name(struct driver *d);

#define SIMULATED_FAULTS(X)                                                                        \
	X(OFFLINE, "offline")           /* does not answer */                                      \
	X(SLOW, "slow")                 /* answers after 20 s */                                   \
	X(LOST, "lost_answer")          /* does it, and the answer is lost */                      \
	X(REFUSED, "refused")           /* refuses every code */                                   \
	X(JAMMED, "jammed")             /* the bolt does not move */                               \
	X(FULL, "full_memory")                                                                     \
	X(DRIFT, "clock_drift")         /* its clock is 10 minutes late */                         \
	X(LOW_BATTERY, "low_battery")                                                              \
	X(ACCOUNT, "account_lost")      /* of its account: every lock of it */                     \
	X(REMOVED, "removed")           /* gone from the account */
/* false with NOT_FOUND (device) or USAGE (fault). */
bool simulated_fault(struct driver *d, const char *device_id, const char *fault, bool on,
		     GError **err);

/* Somebody with the maker's app: change one thing of a code in the lock, or remove it. Which is
 * meant, is said by handle or by pin; the other is NULL: both are digits. */
struct simulated_change {
	const char *code, *name;
	struct instant starts_at, ends_at; /* NONE: leave */
	bool remove;
};
bool simulated_app(struct driver *d, const char *device_id, const char *handle,
		   const char *pin, const struct simulated_change *change, GError **err);
/* A code made in the maker's app. */
bool simulated_app_add(struct driver *d, const char *device_id, const struct on_lock *code,
		       GError **err);

/* A PIN typed at the keypad: *opened from the lock's own memory and clock. */
bool simulated_enter(struct driver *d, const char *device_id, const char *pin, bool *opened,
		     GError **err);
bool simulated_turn_by_hand(struct driver *d, const char *device_id, bool unlock, GError **err);

/* What the lock holds, as a JSON object: slots, PINs, windows, names, clock, faults. g_free. */
char *simulated_lock_json(struct driver *d, const char *device_id, GError **err);

#endif
