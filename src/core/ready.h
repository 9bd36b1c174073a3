/* ready - will this guest's code open this door in time? And has it gone from the lock afterwards?
 *
 * Four facts stand side by side, because each can be true without the next: it was asked for, its
 * window is open, the provider says something, the lock is known to have it. Only the last makes a
 * code ready. Pure: the time is a parameter. */
#ifndef KEYRACK_CORE_READY_H
#define KEYRACK_CORE_READY_H

#include "core/access_code.h"
#include "core/zone.h"

#define READY_GRACE_MS	 (5 * MINUTE_MS)  /* what a write may take before somebody worries */
#define READY_HOUR_MS	 (60 * MINUTE_MS)
#define READY_QUARTER_MS (15 * MINUTE_MS)
#define READY_SOON_MS	 (3 * HOUR_MS)
#define READY_DAY_BEGINS 5 /* o'clock: until then it is still the night of the evening before */

enum ready_declared { DECLARED_QUEUED, DECLARED_SENDING, DECLARED_YES, DECLARED_REFUSED, DECLARED_COUNT };
enum ready_change { CHANGE_NONE, CHANGE_UNDER_WAY, CHANGE_REFUSED, CHANGE_REVOKE };
/* What keyrackd says of the lock; NOT_SAID: the server is another. */
enum ready_proof { PROOF_NOT_SAID, PROOF_NONE, PROOF_ACKNOWLEDGED, PROOF_PROVEN };
enum ready_backup { BACKUP_NONE, BACKUP_PULLED, BACKUP_SET };

struct ready_facts {
	bool departs;             /* it is its end that matters */
	struct access_code code;  /* what access_code_state and the window need; no PIN */
	struct instant deleted_at;
	enum ready_declared declared;
	enum ready_change change;
	enum ready_proof proof;
	enum ready_backup backup;
	bool has_pin;
	bool native;              /* the lock keeps starts_at and ends_at itself */
	enum tri online;
	struct instant offline_since;
	int lock_severity;        /* of lock_worst; 0: nothing wrong with the lock */
	const char *lock_worst;
	int errors_own, severity; /* of the code; severity is that of worst */
	const char *worst;
	struct instant error_at;  /* of its newest error; NONE: not said */
	struct instant used_at, last_used_at; /* within its window; NONE: never */
	const char *moved_to;     /* departures: the door that the guest has moved to; NULL: none */
	const char *other;        /* another guest has the room in that time, until other_until; NULL: nobody */
	struct instant other_until;
	bool used_inferred;       /* a conclusion, since the brand names no code: no proof */
};

enum ready_window { WINDOW_LATER, WINDOW_SOON, WINDOW_OPEN, WINDOW_OVER, WINDOW_COUNT };
enum ready_provider {
	PROVIDER_NOTHING, /* it has not been told */
	PROVIDER_TO_COME,
	PROVIDER_SETTING,
	PROVIDER_SET,
	PROVIDER_STORED,
	PROVIDER_FAILED,
	PROVIDER_REMOVING,
	PROVIDER_UNKNOWN,
	PROVIDER_GONE,
	PROVIDER_COUNT,
};
enum ready_lock {
	ON_LOCK_PROVEN,
	ON_LOCK_ACKNOWLEDGED,
	ON_LOCK_USED,     /* it has opened the door */
	ON_LOCK_COMPUTED, /* the lock knows it by arithmetic */
	ON_LOCK_STORED,   /* in its memory until the hour, says the provider */
	ON_LOCK_ACCEPTED, /* set, says the provider: its word is all there is */
	ON_LOCK_UNKNOWN,
	ON_LOCK_NOT_THERE,
	ON_LOCK_OFFLINE,
	ON_LOCK_REMOVED,
	ON_LOCK_COUNT,
};
/* The worst last. */
enum ready_verdict {
	READY_REMOVED,  /* it opens nothing any more, as it should be */
	READY_REVOKED,  /* arrivals: taken back, nobody waits for it */
	READY_STAYING,  /* departures: its end is still to come */
	READY_YES,
	READY_WAITING,  /* not due yet */
	READY_LEAVING,  /* departures: has just ended, being erased */
	READY_UNPROVEN, /* due, on its way or not known, and there is still time */
	READY_DOUBLE,   /* arrivals: it would open, and somebody else sleeps there */
	READY_AT_RISK,
	READY_COUNT,
};
enum ready_reason {
	BECAUSE_PROVEN,
	BECAUSE_ACKNOWLEDGED,
	BECAUSE_USED,
	BECAUSE_COMPUTED,
	BECAUSE_STORED,
	BECAUSE_ACCEPTED,
	BECAUSE_BACKUP,
	BECAUSE_NOT_DUE,      /* at: when it will be loaded */
	BECAUSE_QUEUED,
	BECAUSE_CHANGE,
	BECAUSE_SETTING,
	BECAUSE_SILENT,       /* set, and the lock has not been heard of */
	BECAUSE_UNKNOWN,
	BECAUSE_NO_PIN,
	BECAUSE_REFUSED,
	BECAUSE_CHANGE_REFUSED,
	BECAUSE_PROBLEM,      /* problem */
	BECAUSE_OFFLINE,      /* at: since when; NONE */
	BECAUSE_LOCK_PROBLEM, /* problem */
	BECAUSE_LATE,         /* not on the lock, and its hour is here */
	BECAUSE_REVOKED,
	BECAUSE_OVER,
	BECAUSE_NOT_BEGUN,    /* comes and goes: at is its start */
	BECAUSE_STAYING,
	BECAUSE_REMOVED,      /* at */
	BECAUSE_EXPIRED,      /* ends by itself: computed, or never was on the lock */
	BECAUSE_LEAVING,
	BECAUSE_STILL_THERE,  /* at: its end */
	BECAUSE_DOUBLE,       /* at: until when they share it */
	BECAUSE_MOVED,        /* departures: it goes on at another door */
	BECAUSE_COUNT,
};

struct ready {
	enum ready_declared declared;
	enum ready_window window;
	enum ready_provider provider;
	enum ready_lock lock;
	enum ready_verdict verdict;
	enum ready_reason reason;
	struct instant at;
	const char *problem; /* borrowed from the facts */
};
struct ready ready_judge(const struct ready_facts *f, struct instant now);
/* The same where a page is about the code itself, whether it comes or goes: whoever has moved on is about to leave,
 * and is judged so (f->departs is set then). */
struct ready ready_judge_moved(struct ready_facts *f, struct instant now);

/* When it is, or was, to be loaded into the lock; NONE: at once. */
struct instant ready_load_at(const struct ready_facts *f);

/* ---- words, for columns; borrowed ---- */
const char *ready_declared_word(enum ready_declared d);
const char *ready_window_word(enum ready_window w);
const char *ready_provider_word(enum ready_provider p);
const char *ready_verdict_word(enum ready_verdict v); /* "READY", "AT RISK" */
/* "proven", "offline 2h", "used 16:07"; newly allocated, as below. brief: for ten cells. */
char *ready_lock_word(const struct ready_facts *f, const struct ready *r, bool brief,
		      const struct zone *z, struct instant now);
/* "arrived 16:07", "READY"; brief: "arrived". */
char *ready_verdict_text(const struct ready_facts *f, const struct ready *r, bool brief,
			 const struct zone *z, struct instant now);
/* The reason, a sentence without its full stop. */
char *ready_words(const struct ready_facts *f, const struct ready *r, const struct zone *z,
		  struct instant now);

/* ---- the day of the board ---- */

/* The board's day that t lies in, moved by days: [05:00, 05:00 of the next). */
void ready_day(const struct zone *z, struct instant t, int days, struct instant *from,
	       struct instant *until);

/* ---- alarms: an arrival that is not ready at its preload moment, an hour and a quarter of one
 * before its start. Each is due once a write has had its grace. ---- */
enum ready_stage { STAGE_NONE, STAGE_LOAD, STAGE_HOUR, STAGE_QUARTER, STAGE_COUNT };
/* The last stage that now has reached for it, whether it is ready or not. */
enum ready_stage ready_stage(const struct ready_facts *f, struct instant now);
/* When that stage is reached; NONE: it has no such stage. */
struct instant ready_stage_at(const struct ready_facts *f, enum ready_stage stage);
/* The stage to tell of now: reached, not ready, and later than what was told last. */
enum ready_stage ready_alarm(const struct ready_facts *f, struct instant now, enum ready_stage told);
/* The same for guests of several doors: codes[i] belongs to guest[i]. told[g] is moved on, and
 * alarms[g] gets what to tell of guest g, STAGE_NONE for nothing. */
void ready_alarms(const struct ready_facts *const *codes, const size_t *guest, size_t n,
		  struct instant now, enum ready_stage *told, enum ready_stage *alarms, size_t guests);

#endif
