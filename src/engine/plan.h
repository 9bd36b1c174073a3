/* plan - what has to be done about one code on one lock, and when to look again.
 *
 * Pure: (declared, traits of the lock, what is believed to be on it, now) in, one step out. No
 * clock, no disk, no network, no allocation. Every rule of the founding document about a code's
 * life is a rule here: 72 h preload, 60 min just in time, removal at ends_at, external
 * modification put back, retries, what the API's status says meanwhile. */
#ifndef KEYRACK_ENGINE_PLAN_H
#define KEYRACK_ENGINE_PLAN_H

#include "engine/lock_system.h"

/* What the caller of the API wants. */
struct declared {
	const char *pin;          /* NULL: not chosen yet by the provider */
	const char *name;         /* as the lock is to show it (appearance), not as on the API */
	struct instant starts_at; /* NONE: ongoing */
	struct instant ends_at;
	bool prefer_native;
	bool external_ok;         /* allow_external_modification */
	bool offline;             /* computed, never written */
	bool one_time;
	bool removal_asked;       /* deleted on the API */
	struct instant asked_at;  /* created or last edited; NONE: not known */
	struct instant removal_asked_at;
};

/* One code as it is, or is believed to be, in a lock's memory. */
struct on_lock {
	const char *pin;          /* NULL: masked */
	const char *name;
	struct instant starts_at, ends_at; /* NONE: always */
	bool enabled;
};

/* What is known of this code on the lock. */
enum belief {
	BELIEF_ABSENT,       /* never written, or seen to be gone */
	BELIEF_WRITTEN,      /* the lock acknowledged the write */
	BELIEF_PROVEN,       /* read back and equal */
	BELIEF_DIFFERENT,    /* read back, and somebody has changed it */
	BELIEF_GONE,         /* was there, and somebody has removed it */
	BELIEF_UNCERTAIN,    /* a write or a removal was not answered: read before anything else */
};

struct attempt_record {
	enum belief belief;
	struct on_lock last;         /* what was last written; after DIFFERENT, what was read. Stays
					as written when a read finds it the same (plan_note_saw) */
	bool looked;                 /* WRITTEN: was read back, and the lock did not say enough */
	int tries;                   /* failed in a row, of the step in hand */
	int tried;                   /* enum step_kind of that step; STEP_WAIT (0): of any */
	struct instant last_try_at;  /* NONE */
	struct instant first_try_at; /* of this row of tries: how late it is */
	int fights;                  /* times that it was put back after an outside change */
	int unseen;                  /* writes in a row that it took, and that no read found */
	bool refused;                /* the lock said it never will: constraints, no room */
	uint32_t dice;               /* for jitter: from the caller's randomness, fixed per try */
};

struct lock_facts {
	bool reachable;              /* online, account connected */
	bool account_lost;
	bool full;                   /* no slot is free for one more */
	bool pin_held_by_other;      /* an unmanaged code holds the PIN */
};

enum step_kind {
	STEP_WAIT,     /* nothing now; look again at next_look */
	STEP_WRITE,    /* set 'write' on the lock (create or replace) */
	STEP_ENABLE,   /* a code held disabled: its time has come */
	STEP_REMOVE,   /* reason CHANGED or OUTSIDE: on the way to a write, its life goes on */
	STEP_READ,     /* read back: what is there? */
	STEP_CLOSE,    /* the life has ended: keep its history, drop it from the API */
};

/* Why, in one word; plan_reason_words has the sentence. In the explain extension and journal. */
#define PLAN_REASONS(X)                                                                            \
	X(NOT_DUE, "not-due", "its time to be loaded has not come")                                \
	X(PRELOAD, "preload", "72 hours before its start: loaded with its schedule")               \
	X(JUST_IN_TIME, "just-in-time", "60 minutes before its start: the lock has no schedule")   \
	X(ONGOING, "ongoing", "an ongoing code is written at once")                                \
	X(LATE, "late", "its start has passed and it is not on the lock")                          \
	X(CHANGED, "changed", "the declared code differs from what is on the lock")                \
	X(ENABLE, "enable", "its start has come: the code held disabled is enabled")               \
	X(STARTED, "started", "proven before its start: the lock has switched it on itself")       \
	X(VERIFY, "verify", "written: now read back")                                              \
	X(PROVEN, "proven", "read back and equal")                                                 \
	X(ACKNOWLEDGED, "acknowledged", "the lock took it; it cannot be read back")                \
	X(UNCERTAIN, "uncertain", "the answer was lost: read before anything else")                \
	X(OUTSIDE, "outside", "changed from outside: put back")                                    \
	X(OUTSIDE_OK, "outside-ok", "changed from outside, which is allowed")                      \
	X(FIGHT, "fight", "changed from outside again and again: stopped, a person must look")     \
	X(UNREACHABLE, "unreachable", "the lock cannot be reached")                                \
	X(BACKOFF, "backoff", "failed before: waiting before the next try")                        \
	X(FULL, "full", "the lock's memory is full")                                               \
	X(DUPLICATE, "duplicate", "another code on the lock has this PIN")                         \
	X(REFUSED, "refused", "the lock refuses this code")                                        \
	X(NO_PIN, "no-pin", "the provider has not assigned the PIN yet")                           \
	X(OFFLINE_CODE, "offline-code", "an offline code is computed, not written")                \
	X(ENDED, "ended", "its end has come: removed")                                             \
	X(MISSED, "missed", "its window passed before it could be written: never written")         \
	X(REVOKED, "revoked", "deleted: removed from the lock")                                    \
	X(GONE, "gone", "it is no longer on the lock")                                             \
	X(ACCOUNT_LOST, "account-lost", "the account is disconnected: nothing can be known")
enum plan_reason {
#define AS_ENUM(id, name, words) REASON_##id,
	PLAN_REASONS(AS_ENUM)
#undef AS_ENUM
	REASON_COUNT
};
const char *plan_reason_name(enum plan_reason r);
const char *plan_step_name(enum step_kind k); /* "write" */
const char *plan_reason_words(enum plan_reason r);

/* What the API's object says meanwhile. */
enum plan_problem {
	PROBLEM_DELAY_IN_SETTING = 1 << 0,      /* warning delay_in_setting_on_device */
	PROBLEM_FAILED_TO_SET = 1 << 1,         /* error failed_to_set_on_device */
	PROBLEM_FAILED_TO_REMOVE = 1 << 2,      /* error failed_to_remove_from_device */
	PROBLEM_DUPLICATE = 1 << 3,             /* error duplicate_code_on_device */
	PROBLEM_NO_SPACE = 1 << 4,              /* error no_space_for_access_code_on_device */
	PROBLEM_MODIFIED_ERROR = 1 << 5,        /* error code_modified_external_to_seam */
	PROBLEM_MODIFIED_WARNING = 1 << 6,      /* the same as a warning, where allowed */
	PROBLEM_CONSTRAINTS = 1 << 7,           /* error code_constraints_violated */
	PROBLEM_BEING_DELETED = 1 << 8,         /* warning being_deleted */
};

struct plan {
	enum step_kind step;
	struct on_lock write;        /* for WRITE: pin, name, window as the lock is to hold them */
	enum plan_reason reason;
	struct instant next_look;    /* WAIT: the first moment at which the answer is another; NONE:
					only when something else changes. Other steps: now */
	const char *status;          /* "unset" "setting" "set" "removing" "unknown" */
	bool scheduled_on_device;
	unsigned problems;           /* enum plan_problem */
};

struct plan plan_code(const struct declared *want, const struct lock_system *ls,
		      const struct attempt_record *done, const struct lock_facts *lock,
		      struct instant now);

/* What an answer of the lock does to the record; each begins from the record as it was when the
 * step was planned. Strings stay borrowed. */
/* The lock acknowledged the write; p->write with the PIN that the provider chose, if it did. */
void plan_note_wrote(struct attempt_record *done, const struct on_lock *written, struct instant now);
void plan_note_enabled(struct attempt_record *done, struct instant now);
/* Removed, or the lock says that there is no such code. */
void plan_note_removed(struct attempt_record *done, struct instant now);
/* The step failed. uncertain: no answer, it may have been done. refused: the lock never will. */
void plan_note_failed(struct attempt_record *done, enum step_kind step, bool uncertain,
		      bool refused, uint32_t dice, struct instant now);
/* A read answered: this code as it is there, NULL when it is not. */
void plan_note_saw(struct attempt_record *done, const struct on_lock *found,
		   const struct lock_system *ls, struct instant now);
/* The declared code was edited on the API: refusals and fights are forgotten, and what came from
 * outside no longer stands, even where it was allowed. */
void plan_note_edited(struct attempt_record *done);

/* Used by plan_code, tested by themselves. */
struct instant plan_due(const struct declared *want, const struct lock_system *ls); /* first write */
int64_t plan_backoff_ms(int tries, uint32_t dice); /* 5 s, doubling, to 30 min, +-20 % */
/* equal, different, unknowable: three answers. A shift by a whole hour at both ends that daylight
 * saving explains, a vendor's cut of the name, rounding to the granularity: equal. */
enum same { SAME, DIFFERENT, UNKNOWABLE };
enum same plan_compare(const struct on_lock *wanted, const struct on_lock *found,
		       const struct lock_system *ls);

#define PLAN_DELAY_WARNING_MS (2 * MINUTE_MS)  /* setting for longer: delay_in_setting_on_device */
#define PLAN_FAILED_TRIES     3                /* failed_to_set, failed_to_remove after so many */
#define PLAN_FIGHTS_MAX       5                /* then stop and raise one alarm */

#endif
