/* plan: what is done, why, what the API says meanwhile, and when to look again - row by row, at
 * each line a second before, at it, and a second after. */
#include "tests/engine/plan-fixture.h"

#define S SECOND_MS

enum flag {
	CUT_OFF = 1 << 0, /* the lock cannot be reached */
	ACCOUNT = 1 << 1,
	FULL = 1 << 2,
	HELD = 1 << 3,    /* another code holds the PIN */
	REFUSED = 1 << 4,
	DELETED = 1 << 5,
	ALLOWED = 1 << 6, /* outside changes are */
	LOOKED = 1 << 7,
	NO_PIN = 1 << 8,
	FOUGHT4 = 1 << 9,
	FOUGHT5 = 1 << 10,
	TRIED72 = 1 << 11, /* last touched at its preload */
	FAILED1 = 1 << 12, /* failed once, a second ago: next try in 4 s */
	FAILED3 = 1 << 13, /* three times: in 19 s */
	FAILED3_AGO = 1 << 14, /* three times, the last 20 s ago */
	/* what the lock holds instead */
	OTHER_PIN = 1 << 15,
	OTHER_NAME = 1 << 16,
	HOUR_OFF = 1 << 17,  /* the window, by an hour at both ends */
	NO_WINDOW = 1 << 18,
	WINDOW = 1 << 19,
	TURNED = 1 << 20,    /* enabled where it should not be, or the other way */
	UNSEEN1 = 1 << 21,   /* taken before, once or three times, and not shown by a read */
	UNSEEN3 = 1 << 22,
};

struct row {
	const char *name;
	enum lock_kind lock;
	enum code_kind code;
	enum belief belief;
	unsigned flags;
	int64_t now;
	enum step_kind step;
	enum plan_reason reason;
	const char *status;
	bool scheduled;
	unsigned problems;
	int64_t next; /* of WAIT */
};

/* clang-format off */
#define ABSENT BELIEF_ABSENT
#define WRITTEN BELIEF_WRITTEN
#define PROVEN BELIEF_PROVEN
#define DIFF BELIEF_DIFFERENT
#define GONE BELIEF_GONE
#define UNSURE BELIEF_UNCERTAIN
#define P_DELAY PROBLEM_DELAY_IN_SETTING
#define P_SET PROBLEM_FAILED_TO_SET
#define P_REMOVE PROBLEM_FAILED_TO_REMOVE
#define P_MOD PROBLEM_MODIFIED_ERROR
#define P_WARN PROBLEM_MODIFIED_WARNING
#define P_DEL PROBLEM_BEING_DELETED
#define P_RULES PROBLEM_CONSTRAINTS
#define W(r, status, sched, problems, next) STEP_WAIT, REASON_##r, status, sched, problems, next
#define DO(step, r, status, sched, problems) STEP_##step, REASON_##r, status, sched, problems, 0

static const struct row rows[] = {
	/* native, not written: 72 hours */
	{ "native, 72 h + 1 s", NAT, STAY, ABSENT, 0, L72 - S, W(NOT_DUE, "unset", 0, 0, L72) },
	{ "native, 72 h", NAT, STAY, ABSENT, 0, L72, DO(WRITE, PRELOAD, "unset", 0, 0) },
	{ "native, 72 h - 1 s", NAT, STAY, ABSENT, 0, L72 + S, DO(WRITE, PRELOAD, "unset", 0, 0) },
	{ "native, a year before", NAT, STAY, ABSENT, 0, -365 * DAY_MS, W(NOT_DUE, "unset", 0, 0, L72) },
	{ "native, 60 min + 1 s", NAT, STAY, ABSENT, 0, L60 - S, DO(WRITE, PRELOAD, "unset", 0, 0) },
	{ "native, 60 min", NAT, STAY, ABSENT, 0, L60, DO(WRITE, PRELOAD, "unset", 0, 0) },
	{ "native, 60 min - 1 s", NAT, STAY, ABSENT, 0, L60 + S, DO(WRITE, PRELOAD, "unset", 0, 0) },
	{ "native, start - 1 s", NAT, STAY, ABSENT, 0, ST - S, DO(WRITE, PRELOAD, "unset", 0, 0) },
	{ "native, late at start", NAT, STAY, ABSENT, 0, ST, DO(WRITE, LATE, "setting", 0, 0) },
	{ "native, late by 1 s", NAT, STAY, ABSENT, 0, ST + S, DO(WRITE, LATE, "setting", 0, 0) },
	{ "native, late, no delay yet", NAT, STAY, ABSENT, 0, ST + DELAY - S, DO(WRITE, LATE, "setting", 0, 0) },
	{ "native, late, delay", NAT, STAY, ABSENT, 0, ST + DELAY, DO(WRITE, LATE, "setting", 0, P_DELAY) },
	{ "native, late, end - 1 s", NAT, STAY, ABSENT, 0, EN - S, DO(WRITE, LATE, "setting", 0, P_DELAY) },
	{ "native, missed at end", NAT, STAY, ABSENT, 0, EN, DO(CLOSE, MISSED, "removing", 0, 0) },
	{ "native, missed, end + 1 s", NAT, STAY, ABSENT, 0, EN + S, DO(CLOSE, MISSED, "removing", 0, 0) },
	/* native, written, not read back */
	{ "verify at 72 h", NAT, STAY, WRITTEN, 0, L72, DO(READ, VERIFY, "unset", 1, 0) },
	{ "verify, start - 1 s", NAT, STAY, WRITTEN, 0, ST - S, DO(READ, VERIFY, "unset", 1, 0) },
	{ "verify at start: set", NAT, STAY, WRITTEN, 0, ST, DO(READ, VERIFY, "set", 0, 0) },
	{ "verify, end - 1 s", NAT, STAY, WRITTEN, 0, EN - S, DO(READ, VERIFY, "set", 0, 0) },
	{ "no verify at end", NAT, STAY, WRITTEN, 0, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	{ "masked lock is looked at too", MASK, STAY, WRITTEN, 0, L72, DO(READ, VERIFY, "unset", 1, 0) },
	{ "unknowable is no second write", MASK, STAY, WRITTEN, LOOKED, L72 + S, W(ACKNOWLEDGED, "unset", 1, 0, ST) },
	{ "unknowable, start - 1 s", MASK, STAY, WRITTEN, LOOKED, ST - S, W(ACKNOWLEDGED, "unset", 1, 0, ST) },
	{ "unknowable, start", MASK, STAY, WRITTEN, LOOKED, ST, W(ACKNOWLEDGED, "set", 0, 0, EN) },
	{ "unknowable, end - 1 s", MASK, STAY, WRITTEN, LOOKED, EN - S, W(ACKNOWLEDGED, "set", 0, 0, EN) },
	{ "unknowable, end", MASK, STAY, WRITTEN, LOOKED, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	/* taken before, and never seen */
	{ "doubted until it is seen", NAT, ONGOING, WRITTEN, UNSEEN1, 0, DO(READ, VERIFY, "setting", 0, 0) },
	{ "doubted before its start", NAT, STAY, WRITTEN, UNSEEN1, ST - S, DO(READ, VERIFY, "unset", 0, 0) },
	{ "taken three times, never seen", NAT, ONGOING, WRITTEN, UNSEEN3, 0, DO(READ, VERIFY, "setting", 0, P_SET) },
	{ "unknowable is no doubt", MASK, ONGOING, WRITTEN, UNSEEN3 | LOOKED, 0, W(ACKNOWLEDGED, "set", 0, 0, NEVER) },
	{ "nor is what cannot be read", BLIND, ONGOING, WRITTEN, UNSEEN3, 0, W(ACKNOWLEDGED, "set", 0, 0, NEVER) },
	{ "nothing to read", BLIND, STAY, WRITTEN, 0, L72, W(ACKNOWLEDGED, "unset", 1, 0, ST) },
	{ "nothing to read, start", BLIND, STAY, WRITTEN, 0, ST, W(ACKNOWLEDGED, "set", 0, 0, EN) },
	/* native, proven */
	{ "loaded", NAT, STAY, PROVEN, TRIED72, L72 + S, W(PROVEN, "unset", 1, 0, ST) },
	{ "loaded, 60 min", NAT, STAY, PROVEN, TRIED72, L60, W(PROVEN, "unset", 1, 0, ST) },
	{ "loaded, start - 1 s", NAT, STAY, PROVEN, TRIED72, ST - S, W(PROVEN, "unset", 1, 0, ST) },
	{ "started", NAT, STAY, PROVEN, TRIED72, ST, W(STARTED, "set", 0, 0, EN) },
	{ "started, 1 s", NAT, STAY, PROVEN, TRIED72, ST + S, W(STARTED, "set", 0, 0, EN) },
	{ "written after its start", NAT, STAY, PROVEN, 0, ST + S, W(PROVEN, "set", 0, 0, EN) },
	{ "end - 1 s", NAT, STAY, PROVEN, TRIED72, EN - S, W(STARTED, "set", 0, 0, EN) },
	{ "end", NAT, STAY, PROVEN, TRIED72, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	{ "end + 1 s", NAT, STAY, PROVEN, TRIED72, EN + S, DO(REMOVE, ENDED, "removing", 0, 0) },
	{ "removed", NAT, STAY, ABSENT, TRIED72, EN + S, DO(CLOSE, GONE, "removing", 0, 0) },
	/* just in time, no schedule */
	{ "in time, 72 h + 1 s", NON, STAY, ABSENT, 0, L72 - S, W(NOT_DUE, "unset", 0, 0, L60) },
	{ "in time, 72 h", NON, STAY, ABSENT, 0, L72, W(NOT_DUE, "unset", 0, 0, L60) },
	{ "in time, 60 min + 1 s", NON, STAY, ABSENT, 0, L60 - S, W(NOT_DUE, "unset", 0, 0, L60) },
	{ "in time, 60 min", NON, STAY, ABSENT, 0, L60, DO(WRITE, JUST_IN_TIME, "setting", 0, 0) },
	{ "in time, 60 min - 1 s", NON, STAY, ABSENT, 0, L60 + S, DO(WRITE, JUST_IN_TIME, "setting", 0, 0) },
	{ "in time, delay", NON, STAY, ABSENT, 0, L60 + DELAY, DO(WRITE, JUST_IN_TIME, "setting", 0, P_DELAY) },
	{ "in time, start - 1 s", NON, STAY, ABSENT, 0, ST - S, DO(WRITE, JUST_IN_TIME, "setting", 0, P_DELAY) },
	{ "in time, late", NON, STAY, ABSENT, 0, ST, DO(WRITE, LATE, "setting", 0, P_DELAY) },
	{ "in time, end - 1 s", NON, STAY, ABSENT, 0, EN - S, DO(WRITE, LATE, "setting", 0, P_DELAY) },
	{ "in time, missed", NON, STAY, ABSENT, 0, EN, DO(CLOSE, MISSED, "removing", 0, 0) },
	{ "works from the moment it is written", NON, STAY, PROVEN, 0, L60, W(PROVEN, "set", 0, 0, EN) },
	{ "in time, set before start", NON, STAY, PROVEN, 0, ST - S, W(PROVEN, "set", 0, 0, EN) },
	{ "in time, set at start", NON, STAY, PROVEN, 0, ST, W(PROVEN, "set", 0, 0, EN) },
	{ "in time, set after start", NON, STAY, PROVEN, 0, ST + S, W(PROVEN, "set", 0, 0, EN) },
	{ "in time, end", NON, STAY, PROVEN, 0, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	/* just in time on a lock that could do more */
	{ "forced, 72 h", NAT, FORCED, ABSENT, 0, L72, W(NOT_DUE, "unset", 0, 0, L60) },
	{ "forced, 60 min + 1 s", NAT, FORCED, ABSENT, 0, L60 - S, W(NOT_DUE, "unset", 0, 0, L60) },
	{ "forced, 60 min", NAT, FORCED, ABSENT, 0, L60, DO(WRITE, JUST_IN_TIME, "setting", 0, 0) },
	{ "forced, late", NAT, FORCED, ABSENT, 0, ST + S, DO(WRITE, LATE, "setting", 0, P_DELAY) },
	{ "forced, set", NAT, FORCED, PROVEN, 0, ST - S, W(PROVEN, "set", 0, 0, EN) },
	{ "forced, holds a window", NAT, FORCED, PROVEN, WINDOW, L60, DO(WRITE, CHANGED, "setting", 0, 0) },
	/* just in time, held disabled */
	{ "held, 60 min + 1 s", DIS, STAY, ABSENT, 0, L60 - S, W(NOT_DUE, "unset", 0, 0, L60) },
	{ "held, 60 min", DIS, STAY, ABSENT, 0, L60, DO(WRITE, JUST_IN_TIME, "unset", 0, 0) },
	{ "held, start - 1 s", DIS, STAY, ABSENT, 0, ST - S, DO(WRITE, JUST_IN_TIME, "unset", 0, 0) },
	{ "held, late", DIS, STAY, ABSENT, 0, ST, DO(WRITE, LATE, "setting", 0, 0) },
	{ "held, delay", DIS, STAY, ABSENT, 0, ST + DELAY, DO(WRITE, LATE, "setting", 0, P_DELAY) },
	{ "held disabled", DIS, STAY, PROVEN, 0, L60 + S, W(PROVEN, "unset", 0, 0, ST) },
	{ "held disabled, start - 1 s", DIS, STAY, PROVEN, 0, ST - S, W(PROVEN, "unset", 0, 0, ST) },
	{ "enabled at start", DIS, STAY, PROVEN, TURNED, ST, DO(ENABLE, ENABLE, "setting", 0, 0) },
	{ "enabled after start", DIS, STAY, PROVEN, TURNED, ST + S, DO(ENABLE, ENABLE, "setting", 0, 0) },
	{ "is enabled", DIS, STAY, PROVEN, 0, ST, W(PROVEN, "set", 0, 0, EN) },
	{ "is enabled, end - 1 s", DIS, STAY, PROVEN, 0, EN - S, W(PROVEN, "set", 0, 0, EN) },
	{ "is enabled, end", DIS, STAY, PROVEN, 0, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	{ "start moved an hour later: disabled again", DIS, STAY, PROVEN, TURNED, L60, DO(WRITE, CHANGED, "unset", 0, 0) },
	{ "cut off at start", DIS, STAY, PROVEN, TURNED | CUT_OFF, ST, W(UNREACHABLE, "setting", 0, 0, EN) },
	/* ongoing */
	{ "ongoing", NAT, ONGOING, ABSENT, 0, 0, DO(WRITE, ONGOING, "setting", 0, 0) },
	{ "ongoing, no schedule", NON, ONGOING, ABSENT, 0, 0, DO(WRITE, ONGOING, "setting", 0, 0) },
	{ "ongoing, held", DIS, ONGOING, ABSENT, 0, 0, DO(WRITE, ONGOING, "setting", 0, 0) },
	{ "ongoing, written", NAT, ONGOING, WRITTEN, 0, 0, DO(READ, VERIFY, "set", 0, 0) },
	{ "ongoing, set", NAT, ONGOING, PROVEN, 0, 0, W(PROVEN, "set", 0, 0, NEVER) },
	{ "ongoing, acknowledged", BLIND, ONGOING, WRITTEN, 0, 0, W(ACKNOWLEDGED, "set", 0, 0, NEVER) },
	{ "ongoing, deleted", NAT, ONGOING, PROVEN, DELETED, 0, DO(REMOVE, REVOKED, "removing", 0, P_DEL) },
	{ "ongoing, deleted, gone", NAT, ONGOING, ABSENT, DELETED, 0, DO(CLOSE, REVOKED, "removing", 0, 0) },
	{ "deleted before it was due", NAT, STAY, ABSENT, DELETED, L72 - S, DO(CLOSE, REVOKED, "removing", 0, 0) },
	{ "deleted while loaded", NAT, STAY, PROVEN, DELETED, L72 + S, DO(REMOVE, REVOKED, "removing", 0, P_DEL) },
	{ "deleted, answer lost", NAT, STAY, UNSURE, DELETED, ST, DO(READ, UNCERTAIN, "removing", 0, P_DEL) },
	/* edits */
	{ "moved beyond 72 h: withdrawn", NAT, STAY, PROVEN, HOUR_OFF, L72 - S, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "moved to 72 h: changed in place", NAT, STAY, PROVEN, HOUR_OFF, L72, DO(WRITE, CHANGED, "unset", 0, 0) },
	{ "moved within 72 h", NAT, STAY, PROVEN, HOUR_OFF, L72 + S, DO(WRITE, CHANGED, "unset", 0, 0) },
	{ "moved, start - 1 s", NAT, STAY, PROVEN, HOUR_OFF, ST - S, DO(WRITE, CHANGED, "unset", 0, 0) },
	{ "moved, start", NAT, STAY, PROVEN, HOUR_OFF, ST, DO(WRITE, CHANGED, "setting", 0, 0) },
	{ "moved, end - 1 s", NAT, STAY, PROVEN, HOUR_OFF, EN - S, DO(WRITE, CHANGED, "setting", 0, 0) },
	{ "end moved to now", NAT, STAY, PROVEN, HOUR_OFF, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	{ "another PIN, beyond 72 h", NAT, STAY, PROVEN, OTHER_PIN, L72 - S, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "another PIN", NAT, STAY, PROVEN, OTHER_PIN, ST, DO(WRITE, CHANGED, "setting", 0, 0) },
	{ "another name", NAT, STAY, PROVEN, OTHER_NAME, ST, DO(WRITE, CHANGED, "setting", 0, 0) },
	{ "no change in place", AUG, STAY, PROVEN, OTHER_PIN, ST, DO(REMOVE, CHANGED, "setting", 0, 0) },
	{ "no change in place, loaded", AUG, STAY, PROVEN, HOUR_OFF, L72, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "ongoing becomes a stay, far off", NAT, STAY, PROVEN, NO_WINDOW, L72 - S, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "ongoing becomes a stay", NAT, STAY, PROVEN, NO_WINDOW, L72, DO(WRITE, CHANGED, "unset", 0, 0) },
	{ "a stay becomes ongoing", NAT, ONGOING, PROVEN, WINDOW, 0, DO(WRITE, CHANGED, "setting", 0, 0) },
	{ "in time, moved beyond 60 min", NON, STAY, PROVEN, 0, L60 - S, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "in time, moved by days", NON, STAY, PROVEN, 0, L72 - S, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "forced, moved beyond 60 min", NAT, FORCED, PROVEN, 0, L60 - S, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "held, moved beyond 60 min", DIS, STAY, PROVEN, 0, L60 - S, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "changed, cut off", NAT, STAY, PROVEN, OTHER_PIN | CUT_OFF, ST, W(UNREACHABLE, "setting", 0, 0, EN) },
	{ "changed, lock full", NAT, STAY, PROVEN, OTHER_PIN | FULL, ST, DO(WRITE, CHANGED, "setting", 0, 0) },
	/* cut off */
	{ "cut off, not due", NAT, STAY, ABSENT, CUT_OFF, L72 - S, W(NOT_DUE, "unset", 0, 0, L72) },
	{ "cut off, due", NAT, STAY, ABSENT, CUT_OFF, L72, W(UNREACHABLE, "unset", 0, 0, ST) },
	{ "cut off, start - 1 s", NAT, STAY, ABSENT, CUT_OFF, ST - S, W(UNREACHABLE, "unset", 0, 0, ST) },
	{ "cut off, start", NAT, STAY, ABSENT, CUT_OFF, ST, W(UNREACHABLE, "setting", 0, 0, ST + DELAY) },
	{ "cut off, delay - 1 s", NAT, STAY, ABSENT, CUT_OFF, ST + DELAY - S, W(UNREACHABLE, "setting", 0, 0, ST + DELAY) },
	{ "cut off, delay", NAT, STAY, ABSENT, CUT_OFF, ST + DELAY, W(UNREACHABLE, "setting", 0, P_DELAY, EN) },
	{ "cut off, window passed", NAT, STAY, ABSENT, CUT_OFF, EN, DO(CLOSE, MISSED, "removing", 0, 0) },
	{ "cut off, in time", NON, STAY, ABSENT, CUT_OFF, L60, W(UNREACHABLE, "setting", 0, 0, L60 + DELAY) },
	{ "cut off, ongoing", NAT, ONGOING, ABSENT, CUT_OFF, 0, W(UNREACHABLE, "setting", 0, 0, NEVER) },
	{ "cut off, all is well", NAT, STAY, PROVEN, CUT_OFF, ST, W(PROVEN, "set", 0, 0, EN) },
	{ "cut off, not yet read back", NAT, STAY, WRITTEN, CUT_OFF, ST, W(UNREACHABLE, "set", 0, 0, EN) },
	{ "cut off, uncertain", NAT, STAY, UNSURE, CUT_OFF, ST, W(UNREACHABLE, "setting", 0, 0, EN) },
	{ "cut off, end", NAT, STAY, PROVEN, CUT_OFF, EN, W(UNREACHABLE, "removing", 0, 0, EN + DELAY) },
	{ "cut off, red after the end", NAT, STAY, PROVEN, CUT_OFF, EN + DELAY, W(UNREACHABLE, "removing", 0, P_REMOVE, NEVER) },
	{ "cut off, deleted", NAT, STAY, PROVEN, CUT_OFF | DELETED, ST, W(UNREACHABLE, "removing", 0, P_DEL | P_REMOVE, NEVER) },
	{ "cut off, removed from outside", NAT, STAY, GONE, CUT_OFF, ST, W(UNREACHABLE, "setting", 0, P_MOD, EN) },
	/* the account is lost */
	{ "account lost, not due", NAT, STAY, ABSENT, ACCOUNT | CUT_OFF, L72 - S, W(ACCOUNT_LOST, "unknown", 0, 0, EN) },
	{ "account lost, loaded", NAT, STAY, PROVEN, ACCOUNT | CUT_OFF, ST - S, W(ACCOUNT_LOST, "unknown", 1, 0, ST) },
	{ "account lost, set", NAT, STAY, PROVEN, ACCOUNT | CUT_OFF, ST, W(ACCOUNT_LOST, "unknown", 0, 0, NEVER) },
	{ "account lost, end", NAT, STAY, PROVEN, ACCOUNT | CUT_OFF, EN, W(ACCOUNT_LOST, "unknown", 0, 0, NEVER) },
	{ "account lost, never written, end", NAT, STAY, ABSENT, ACCOUNT | CUT_OFF, EN, DO(CLOSE, MISSED, "removing", 0, 0) },
	{ "account lost, deleted", NAT, STAY, PROVEN, ACCOUNT | CUT_OFF | DELETED, ST, W(ACCOUNT_LOST, "unknown", 0, P_DEL, NEVER) },
	{ "account lost, ongoing", NON, ONGOING, PROVEN, ACCOUNT, 0, W(ACCOUNT_LOST, "unknown", 0, 0, NEVER) },
	/* a lost answer */
	{ "uncertain, not due", NAT, STAY, UNSURE, 0, L72 - S, DO(READ, UNCERTAIN, "unset", 0, 0) },
	{ "uncertain, due", NAT, STAY, UNSURE, 0, L72, DO(READ, UNCERTAIN, "unset", 0, 0) },
	{ "uncertain, start", NAT, STAY, UNSURE, 0, ST, DO(READ, UNCERTAIN, "setting", 0, 0) },
	{ "uncertain, end", NAT, STAY, UNSURE, 0, EN, DO(READ, UNCERTAIN, "removing", 0, 0) },
	{ "uncertain, masked", MASK, STAY, UNSURE, 0, ST, DO(READ, UNCERTAIN, "setting", 0, 0) },
	{ "uncertain, a moment ago", NAT, STAY, UNSURE, FAILED1, ST, W(BACKOFF, "setting", 0, 0, ST + 4 * S) },
	{ "uncertain for ever: never a second write", BLIND, STAY, UNSURE, 0, ST, W(UNCERTAIN, "setting", 0, P_SET, EN) },
	{ "uncertain for ever, before start", BLIND, STAY, UNSURE, 0, L72, W(UNCERTAIN, "unset", 0, P_SET, ST) },
	{ "uncertain for ever, not due", BLIND, STAY, UNSURE, 0, L72 - S, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "uncertain for ever, end", BLIND, STAY, UNSURE, 0, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	/* from outside */
	{ "another PIN from outside", NAT, STAY, DIFF, OTHER_PIN, ST, DO(WRITE, OUTSIDE, "setting", 0, P_MOD) },
	{ "another window from outside", NAT, STAY, DIFF, NO_WINDOW, ST - S, DO(WRITE, OUTSIDE, "unset", 0, P_MOD) },
	{ "changed outside, end - 1 s", NAT, STAY, DIFF, OTHER_PIN, EN - S, DO(WRITE, OUTSIDE, "setting", 0, P_MOD) },
	{ "changed outside, end", NAT, STAY, DIFF, OTHER_PIN, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	{ "changed outside, rewritten", AUG, STAY, DIFF, OTHER_PIN, ST, DO(REMOVE, OUTSIDE, "setting", 0, P_MOD) },
	{ "changed outside and back", NAT, STAY, DIFF, 0, ST, W(PROVEN, "set", 0, 0, EN) },
	{ "an hour at both ends, zone unknown", NAT, STAY, DIFF, HOUR_OFF, ST, W(PROVEN, "set", 0, 0, EN) },
	{ "removed outside", NAT, STAY, GONE, 0, ST, DO(WRITE, OUTSIDE, "setting", 0, P_MOD) },
	{ "removed outside, loaded", NAT, STAY, GONE, 0, L72, DO(WRITE, OUTSIDE, "unset", 0, P_MOD) },
	{ "removed outside, moved away", NAT, STAY, GONE, 0, L72 - S, W(NOT_DUE, "unset", 0, 0, L72) },
	{ "removed outside, end", NAT, STAY, GONE, 0, EN, DO(CLOSE, GONE, "removing", 0, 0) },
	{ "removed outside, ongoing", NON, ONGOING, GONE, 0, 0, DO(WRITE, OUTSIDE, "setting", 0, P_MOD) },
	{ "allowed", NAT, STAY, DIFF, OTHER_PIN | ALLOWED, ST, W(OUTSIDE_OK, "set", 0, P_WARN, EN) },
	{ "allowed, start - 1 s", NAT, STAY, DIFF, OTHER_PIN | ALLOWED, ST - S, W(OUTSIDE_OK, "unset", 1, P_WARN, ST) },
	{ "allowed, end", NAT, STAY, DIFF, OTHER_PIN | ALLOWED, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	{ "allowed removal", NAT, STAY, GONE, ALLOWED, ST, W(OUTSIDE_OK, "unset", 0, P_WARN, EN) },
	{ "allowed removal, end", NAT, STAY, GONE, ALLOWED, EN, DO(CLOSE, GONE, "removing", 0, 0) },
	{ "allowed, held disabled", DIS, STAY, DIFF, OTHER_PIN | ALLOWED, ST - S, W(OUTSIDE_OK, "unset", 0, P_WARN, ST) },
	{ "allowed, still ours to enable", DIS, STAY, DIFF, OTHER_PIN | ALLOWED | TURNED | TRIED72, ST, DO(ENABLE, ENABLE, "set", 0, P_WARN) },
	{ "fought four times", NAT, STAY, DIFF, OTHER_PIN | FOUGHT4, ST, DO(WRITE, OUTSIDE, "setting", 0, P_MOD) },
	{ "fought five times", NAT, STAY, DIFF, OTHER_PIN | FOUGHT5, ST, W(FIGHT, "setting", 0, P_MOD | P_SET, EN) },
	{ "fought five times, removed", NAT, STAY, GONE, FOUGHT5, ST - S, W(FIGHT, "unset", 0, P_MOD | P_SET, ST) },
	{ "a fight ends with its window", NAT, STAY, DIFF, OTHER_PIN | FOUGHT5, EN, DO(REMOVE, ENDED, "removing", 0, 0) },
	/* obstacles */
	{ "full, not due", NAT, STAY, ABSENT, FULL, L72 - S, W(NOT_DUE, "unset", 0, 0, L72) },
	{ "full", NAT, STAY, ABSENT, FULL, L72, W(FULL, "unset", 0, PROBLEM_NO_SPACE, ST) },
	{ "full, start", NAT, STAY, ABSENT, FULL, ST, W(FULL, "setting", 0, PROBLEM_NO_SPACE, ST + DELAY) },
	{ "full, end", NAT, STAY, ABSENT, FULL, EN, DO(CLOSE, MISSED, "removing", 0, 0) },
	{ "PIN held by another, not due", NAT, STAY, ABSENT, HELD, L72 - S, W(NOT_DUE, "unset", 0, 0, L72) },
	{ "PIN held by another", NAT, STAY, ABSENT, HELD, L72, W(DUPLICATE, "unset", 0, PROBLEM_DUPLICATE, ST) },
	{ "PIN held by another, ongoing", NON, ONGOING, ABSENT, HELD, 0, W(DUPLICATE, "setting", 0, PROBLEM_DUPLICATE, NEVER) },
	{ "refused", NAT, STAY, ABSENT, REFUSED, L72, W(REFUSED, "unset", 0, P_RULES, ST) },
	{ "refused, start", NAT, STAY, ABSENT, REFUSED, ST, W(REFUSED, "setting", 0, P_RULES, EN) },
	{ "refused, end", NAT, STAY, ABSENT, REFUSED, EN, DO(CLOSE, MISSED, "removing", 0, 0) },
	{ "an edit refused", NAT, STAY, PROVEN, REFUSED | OTHER_PIN, ST, W(REFUSED, "setting", 0, P_RULES, EN) },
	{ "an edit refused, open before it", NAT, STAY, PROVEN, REFUSED | NO_WINDOW, L60, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "an edit refused, open instead of disabled", DIS, STAY, PROVEN, REFUSED | TURNED, L60, DO(REMOVE, CHANGED, "unset", 0, 0) },
	{ "no PIN yet", NAT, STAY, ABSENT, NO_PIN, L72, W(NO_PIN, "unset", 0, 0, ST) },
	/* tries */
	{ "failed once", NAT, STAY, ABSENT, FAILED1, L72 + S, W(BACKOFF, "unset", 0, 0, L72 + 5 * S) },
	{ "failed three times", NAT, STAY, ABSENT, FAILED3, L72 + S, W(BACKOFF, "unset", 0, P_SET, L72 + 20 * S) },
	{ "failed three times, tried again", NAT, STAY, ABSENT, FAILED3_AGO, ST, DO(WRITE, LATE, "setting", 0, P_SET) },
	{ "its start comes while waiting", NAT, STAY, ABSENT, FAILED3, ST - S, W(BACKOFF, "unset", 0, P_SET, ST) },
	{ "its end comes while waiting", NAT, STAY, ABSENT, FAILED3, EN - S, W(BACKOFF, "setting", 0, P_SET, EN) },
	{ "removal failed", NAT, STAY, PROVEN, FAILED1, EN + S, W(BACKOFF, "removing", 0, 0, EN + 5 * S) },
	{ "removal failed three times", NAT, STAY, PROVEN, FAILED3, EN + S, W(BACKOFF, "removing", 0, P_REMOVE, EN + 20 * S) },
	{ "removal tried again", NAT, STAY, PROVEN, FAILED3_AGO, EN + MINUTE_MS, DO(REMOVE, ENDED, "removing", 0, P_REMOVE) },
	/* offline codes */
	{ "offline, start - 1 s", NON, OFFLINE, ABSENT, 0, ST - S, W(OFFLINE_CODE, "unset", 0, 0, ST) },
	{ "offline, start", NON, OFFLINE, ABSENT, CUT_OFF | ACCOUNT, ST, W(OFFLINE_CODE, "set", 0, 0, EN) },
	{ "offline, end - 1 s", NON, OFFLINE, ABSENT, 0, EN - S, W(OFFLINE_CODE, "set", 0, 0, EN) },
	{ "offline, end", NON, OFFLINE, ABSENT, 0, EN, DO(CLOSE, ENDED, "unset", 0, 0) },
	{ "offline, no PIN yet", NON, OFFLINE, ABSENT, NO_PIN, ST, W(NO_PIN, "setting", 0, 0, EN) },
};
/* clang-format on */

static struct on_lock last_of(const struct row *r)
{
	struct on_lock last = held_by(r->lock, r->code, r->now);

	if (r->flags & OTHER_PIN)
		last.pin = "9999";
	if (r->flags & OTHER_NAME)
		last.name = "Bob Jones";
	if (r->flags & (HOUR_OFF | WINDOW)) {
		last.starts_at = moment(ST - (r->flags & HOUR_OFF ? HOUR_MS : 0));
		last.ends_at = moment(EN - (r->flags & HOUR_OFF ? HOUR_MS : 0));
	}
	if (r->flags & NO_WINDOW)
		last.starts_at = last.ends_at = INSTANT_NONE;
	if (r->flags & TURNED)
		last.enabled = !last.enabled;
	return last;
}

static struct attempt_record record_of(const struct row *r)
{
	struct attempt_record done = { .belief = r->belief,
				       .last = last_of(r),
				       .looked = r->flags & LOOKED,
				       .refused = r->flags & REFUSED,
				       .last_try_at = INSTANT_NONE,
				       .first_try_at = INSTANT_NONE,
				       .dice = 200 }; /* no jitter */

	if (r->flags & TRIED72)
		done.last_try_at = moment(L72);
	if (r->flags & (FAILED1 | FAILED3 | FAILED3_AGO)) {
		done.tries = r->flags & FAILED1 ? 1 : 3;
		done.last_try_at = moment(r->now - (r->flags & FAILED3_AGO ? 20 : 1) * S);
	}
	done.unseen = r->flags & UNSEEN3 ? 3 : r->flags & UNSEEN1 ? 1 : 0;
	done.fights = r->flags & FOUGHT5 ? 5 : r->flags & FOUGHT4 ? 4 : 0;
	return done;
}

static struct plan plan_row(const struct row *r, int64_t now)
{
	struct declared want = declared_of(r->code);
	struct attempt_record done = record_of(r);
	struct lock_facts lock = { .reachable = !(r->flags & CUT_OFF),
				   .account_lost = r->flags & ACCOUNT,
				   .full = r->flags & FULL,
				   .pin_held_by_other = r->flags & HELD };

	want.removal_asked = r->flags & DELETED;
	want.external_ok = r->flags & ALLOWED;
	if (r->flags & NO_PIN)
		want.pin = NULL;
	return plan_code(&want, &locks[r->lock], &done, &lock, moment(now));
}

static void rows_are_planned(void **state)
{
	(void)state;
	FOR_ROWS(i, rows)
	{
		const struct row *r = &rows[i];
		struct plan p = plan_row(r, r->now);

		ROW_TEXT(r->name, plan_reason_name(p.reason), plan_reason_name(r->reason));
		ROW_INT(r->name, p.step, r->step);
		ROW_TEXT(r->name, p.status, r->status);
		ROW_INT(r->name, p.scheduled_on_device, r->scheduled);
		ROW_INT(r->name, p.problems, r->problems);
		ROW_INT(r->name, p.next_look.ms,
			moment(r->step == STEP_WAIT ? r->next : r->now).ms);
	}
	assert_in_range(G_N_ELEMENTS(rows), 150, 1000);
}

/* What is written is the declared code, in the way that the lock keeps it. */
static void writes_are_as_the_lock_keeps_them(void **state)
{
	(void)state;
	FOR_ROWS(i, rows)
	{
		const struct row *r = &rows[i];
		struct plan p = plan_row(r, r->now);
		struct on_lock w = held_by(r->lock, r->code, r->now);

		if (p.step != STEP_WRITE)
			continue;
		ROW_TEXT(r->name, p.write.pin, w.pin);
		ROW_TEXT(r->name, p.write.name, w.name);
		ROW_INT(r->name, p.write.starts_at.ms, w.starts_at.ms);
		ROW_INT(r->name, p.write.ends_at.ms, w.ends_at.ms);
		ROW_INT(r->name, p.write.enabled, w.enabled);
	}
}

/* Nothing is different a millisecond before the next look; at it something is. */
static void the_next_look_is_exact(void **state)
{
	(void)state;
	FOR_ROWS(i, rows)
	{
		const struct row *r = &rows[i];
		struct plan p = plan_row(r, r->now), q;
		int64_t next = p.next_look.ms - START;

		if (p.step != STEP_WAIT || !instant_known(p.next_look) ||
		    r->flags & (FAILED1 | FAILED3 | TURNED) || r->lock == DIS)
			continue; /* what is held or was tried is told relative to now */
		q = plan_row(r, next - 1);
		ROW_INT(r->name, q.step, STEP_WAIT);
		ROW_INT(r->name, q.reason, p.reason);
		ROW_TEXT(r->name, q.status, p.status);
		ROW_INT(r->name, q.problems, p.problems);
		ROW_INT(r->name, q.next_look.ms, p.next_look.ms);
		q = plan_row(r, next);
		if (q.step == p.step && q.reason == p.reason && q.problems == p.problems &&
		    q.scheduled_on_device == p.scheduled_on_device &&
		    strcmp(q.status, p.status) == 0)
			fail_msg("%s: looked again for nothing", r->name);
	}
}

static void waiting_grows_to_half_an_hour(void **state)
{
	static const struct {
		const char *name;
		int tries;
		uint32_t dice;
		int64_t ms;
	} row[] = {
		{ "none", 0, 200, 0 },
		{ "first", 1, 200, 5 * S },
		{ "first, shortest", 1, 0, 4 * S },
		{ "first, longest", 1, 400, 6 * S },
		{ "dice go round", 1, 401, 4 * S },
		{ "second", 2, 200, 10 * S },
		{ "ninth", 9, 200, 1280 * S },
		{ "tenth", 10, 200, 1800 * S },
		{ "thousandth", 1000, 200, 1800 * S },
		{ "thousandth, longest", 1000, 400, 2160 * S },
		{ "all there are", G_MAXINT, 4294967295u, 0 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		int64_t ms = plan_backoff_ms(row[i].tries, row[i].dice);

		if (row[i].tries != G_MAXINT)
			ROW_INT(row[i].name, ms, row[i].ms);
		assert_in_range(ms, 0, 2160 * S);
	}
}

/* On a lock that cannot change a code: removed, then written, and late only from then on. */
static void a_change_by_removal_is_not_late_at_once(void **state)
{
	const struct row r = { .lock = AUG, .code = STAY, .belief = BELIEF_PROVEN,
			       .flags = OTHER_PIN, .now = ST + HOUR_MS };
	struct declared want = declared_of(STAY);
	struct attempt_record done = record_of(&r);
	struct lock_facts lock = { .reachable = true };
	struct instant now = moment(r.now);
	struct plan p;

	(void)state;
	want.asked_at = moment(L72 - DAY_MS); /* created long ago */
	done.first_try_at = now;              /* edited now */
	p = plan_code(&want, &locks[AUG], &done, &lock, now);
	assert_int_equal(p.step, STEP_REMOVE);
	assert_int_equal(p.problems, 0);
	plan_note_removed(&done, now);
	p = plan_code(&want, &locks[AUG], &done, &lock, now);
	assert_int_equal(p.step, STEP_WRITE);
	assert_int_equal(p.problems, 0);
	p = plan_code(&want, &locks[AUG], &done, &lock, instant_add_ms(now, DELAY));
	assert_int_equal(p.problems, PROBLEM_DELAY_IN_SETTING);
}

static void reasons_have_words(void **state)
{
	(void)state;
	for (int r = 0; r < REASON_COUNT; r++) {
		assert_int_not_equal(plan_reason_name((enum plan_reason)r)[0], 0);
		assert_int_not_equal(plan_reason_words((enum plan_reason)r)[0], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_planned),
		cmocka_unit_test(writes_are_as_the_lock_keeps_them),
		cmocka_unit_test(the_next_look_is_exact),
		cmocka_unit_test(waiting_grows_to_half_an_hour),
		cmocka_unit_test(a_change_by_removal_is_not_late_at_once),
		cmocka_unit_test(reasons_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
