/* lock_system - what a lock can do, as far as planning needs it.
 *
 * Made from core/traits.h (the lock system's row) and from what the driver says of this unit. The
 * planner knows nothing else of a lock; there is no brand name in its rules. */
#ifndef KEYRACK_ENGINE_LOCK_SYSTEM_H
#define KEYRACK_ENGINE_LOCK_SYSTEM_H

#include "core/pin.h"
#include "core/traits.h"
#include "core/zone.h"

enum read_back {
	READ_NOTHING,  /* the lock's codes cannot be read: acknowledged is the best there is */
	READ_MASKED,   /* that a code is there, its name and window, but not its PIN */
	READ_ALL,
};

enum schedule_kind {
	SCHEDULE_NONE,     /* a code works as soon as it is written: just in time */
	SCHEDULE_DISABLED, /* no schedule, but a code can be held disabled and enabled later */
	SCHEDULE_NATIVE,   /* the lock keeps starts_at and ends_at itself: loaded 72 h ahead */
};

enum name_rule {
	NAME_FREE,
	NAME_UNIQUE = 1 << 0,       /* no two codes of a lock may show the same */
	NAME_ASCII = 1 << 1,        /* letters outside ASCII are replaced by their nearest */
	NAME_FIRST_LAST = 1 << 2,   /* split into first_name and last_name */
	NAME_NO_PUNCTUATION = 1 << 3,
};

struct lock_system {
	const char *device_type;
	const char *provider;
	enum schedule_kind schedule;
	enum read_back read_back;
	bool edit_in_place;        /* else a change is remove and write */
	bool online_codes, offline_codes;
	bool provider_chooses_pin;
	bool names_code_in_unlock;
	bool backup_pool;
	bool unmanaged_listable, unmanaged_convertible;
	bool matches_early;        /* a shorter PIN that begins a longer one opens */
	struct pin_rules pins;
	unsigned name_rules;       /* enum name_rule */
	int name_max;              /* characters; 0: no bound */
	int slots;                 /* codes at once, future native ones too; 0: not known */
	int64_t granularity_ms;    /* of a native schedule; instants are rounded outwards to it */
	int start_lead_ms;         /* a start must lie at least this far ahead; 0 */
	const struct zone *zone;   /* where this unit hangs; NULL: not known */
};

/* The fourteen of core/traits.h with what providers' guides add. NULL for an unknown type. */
const struct lock_system *lock_system_of(const char *device_type);
const struct lock_system *lock_system_table(size_t *n);

/* The name as this lock will show it: cut, stripped, made unique against 'taken' (may be NULL),
 * split. first and last are NULL unless NAME_FIRST_LAST. */
struct appearance {
	char *name, *first, *last;
};
struct appearance appearance_of(const struct lock_system *ls, const char *name,
				bool (*taken)(const char *shown, const void *data), const void *data);
void appearance_clear(struct appearance *a);

#endif
