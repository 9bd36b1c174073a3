/* health - how a lock is, as the round of a night sees it: power, connection, account, clock,
 * memory, strangers; and which of them somebody must walk to. Pure. */
#ifndef KEYRACK_CORE_HEALTH_H
#define KEYRACK_CORE_HEALTH_H

#include "core/lock.h"
#include "core/zone.h"

#define BATTERY_LOW_PCT 20
#define FULL_SOON_MS    (7 * DAY_MS)

enum health_part {
	HEALTH_NONE,       /* of something else: a code, a mode of the door */
	HEALTH_CONNECTION, /* the lock or its bridge is away */
	HEALTH_ACCOUNT,
	HEALTH_CLOCK,
	HEALTH_BATTERY,
	HEALTH_MEMORY,
};
/* What a problem of the API is about. of_account: it says so itself. */
enum health_part health_part_of(const char *problem, bool of_account);

struct lock_health {
	bool offline, account, clock;
	struct instant offline_since; /* NONE: not said */
	int battery_pct;              /* -1 unknown */
	bool battery_low;             /* by its number, or its word, or a problem of the lock */
	int severity;                 /* of its own worst problem */
	int strays;                   /* unmanaged codes that nobody has said to leave */
	int places, held;             /* of its memory, now; places -1: not known */
	struct instant full_at;       /* NONE: never, as far as is known */
};
bool battery_is_low(int pct, const char *status);

/* 3: a person must act now; 2: tonight; 1: in the coming days; 0: well. */
int health_level(const struct lock_health *h, struct instant now);
/* Locks in the order of a round, the worst first: < 0 when a comes before b, 0 when alike. */
int health_compare_worst(const struct lock_health *a, const struct lock_health *b, struct instant now);
int health_compare_battery(const struct lock_health *a, const struct lock_health *b);
/* Not to be mended from the desk: a battery, a lock or a bridge that is away. */
bool health_needs_hands(const struct lock_health *h);

/* What the maker's part of the device object says of the lock's clock where it disagrees with the
 * property's: "keeps the time of America/New_York". Newly allocated; NULL: nothing. */
char *health_clock_words(const struct lock *lock, struct instant now);

#endif
