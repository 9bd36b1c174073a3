/* plan_view - one code, one lock, one moment, as the planner's rules look at them.
 *
 * For plan.c and its own files alone: everything that more than one rule asks, reckoned once. */
#ifndef KEYRACK_ENGINE_PLAN_VIEW_H
#define KEYRACK_ENGINE_PLAN_VIEW_H

#include "engine/plan.h"

/* Nothing that keyrackd deals with is older than 1970: a zeroed instant is one that is not given. */
static inline bool given(struct instant t)
{
	return t.ms > 0;
}

static inline bool reached(struct instant now, struct instant line)
{
	return !instant_before(now, line);
}

static inline struct instant later(struct instant a, struct instant b)
{
	return instant_before(a, b) ? b : a;
}

struct view {
	const struct declared *want;
	const struct lock_system *ls;
	const struct attempt_record *done;
	const struct lock_facts *lock;
	struct instant now;
	bool native;            /* the lock keeps this code's window itself */
	bool held_back;         /* on the lock before its start, and not open: native or disabled */
	bool there;             /* it is, or may be, in the lock's memory */
	bool over;              /* deleted, or its end has come */
	bool due;               /* its time to be loaded has come */
	bool outside;           /* somebody has changed or removed it */
	bool matches;           /* what is there is what should be */
	struct on_lock should;  /* what the lock is to hold now */
	struct instant due_at, opens_at;
};

void view_init(struct view *v, const struct declared *want, const struct lock_system *ls,
	       const struct attempt_record *done, const struct lock_facts *lock,
	       struct instant now);

/* Is what was written exactly what should be there? enabled counts if mind_enabled. */
bool view_as_written(const struct view *v, bool mind_enabled);

#endif
