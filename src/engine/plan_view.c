/* plan_view - what the planner's rules look at, reckoned once: due when, to be held how, still as
 * it was written? */
#include "engine/plan_view.h"

#include <string.h>

static bool is_native(const struct declared *want, const struct lock_system *ls)
{
	return ls->schedule == SCHEDULE_NATIVE && want->prefer_native && given(want->starts_at);
}

struct instant plan_due(const struct declared *want, const struct lock_system *ls)
{
	if (!given(want->starts_at))
		return INSTANT_MIN;
	return instant_add_ms(want->starts_at,
			      is_native(want, ls) ? -PRELOAD_LEAD_MS : -JUST_IN_TIME_LEAD_MS);
}

static struct instant round_to(struct instant t, int64_t granularity_ms, bool up)
{
	int64_t over = granularity_ms > 1 && given(t) ? t.ms % granularity_ms : 0;

	if (over == 0)
		return t;
	return instant_add_ms(t, up ? granularity_ms - over : -over);
}

/* A lock that takes no start in the past gets the earliest that it does take. Once written, that
 * one stays: the same reckoning a minute later is no change. */
static struct instant start_that_is_taken(const struct view *v, struct instant start,
					  struct instant end)
{
	struct instant earliest, held = v->done->last.starts_at;

	if (v->ls->start_lead_ms <= 0)
		return start;
	earliest = round_to(instant_add_ms(v->now, v->ls->start_lead_ms), v->ls->granularity_ms,
			    true);
	if (!instant_before(start, earliest))
		return start;
	if (v->there && given(held) && !instant_before(held, start) && reached(earliest, held))
		return held;
	return given(end) && reached(earliest, end) ? start : earliest;
}

static struct on_lock on_lock_wanted(const struct view *v)
{
	const struct declared *want = v->want;
	struct on_lock w = { .pin = want->pin,
			     .name = want->name,
			     .starts_at = INSTANT_NONE,
			     .ends_at = INSTANT_NONE,
			     .enabled = true };

	if (v->native) {
		w.ends_at = round_to(want->ends_at, v->ls->granularity_ms, true);
		w.starts_at = start_that_is_taken(
			v, round_to(want->starts_at, v->ls->granularity_ms, false), w.ends_at);
	} else if (v->held_back) {
		w.enabled = reached(v->now, want->starts_at);
	}
	return w;
}

static bool text_same(const char *a, const char *b)
{
	return !a || !b || strcmp(a, b) == 0; /* what is not known is no difference */
}

static bool moment_same(struct instant a, struct instant b)
{
	return given(a) == given(b) && (!given(a) || instant_eq(a, b));
}

/* A declared change of an hour is a change, whatever the clocks do: exactly. */
bool view_as_written(const struct view *v, bool mind_enabled)
{
	const struct on_lock *should = &v->should, *last = &v->done->last;

	return text_same(should->pin, last->pin) && text_same(should->name, last->name) &&
	       moment_same(should->starts_at, last->starts_at) &&
	       moment_same(should->ends_at, last->ends_at) &&
	       (!mind_enabled || should->enabled == last->enabled);
}

void view_init(struct view *v, const struct declared *want, const struct lock_system *ls,
	       const struct attempt_record *done, const struct lock_facts *lock,
	       struct instant now)
{
	enum belief b = done->belief;

	*v = (struct view){ .want = want, .ls = ls, .done = done, .lock = lock, .now = now };
	v->native = is_native(want, ls);
	v->held_back = v->native || (ls->schedule == SCHEDULE_DISABLED && given(want->starts_at));
	v->there = b != BELIEF_ABSENT && b != BELIEF_GONE;
	v->over = want->removal_asked || (given(want->ends_at) && reached(now, want->ends_at));
	v->due_at = plan_due(want, ls);
	v->due = reached(now, v->due_at);
	v->should = on_lock_wanted(v);
	v->opens_at = later(want->starts_at, v->should.starts_at);
	if (b == BELIEF_WRITTEN || b == BELIEF_PROVEN)
		v->matches = view_as_written(v, true);
	else if (b == BELIEF_DIFFERENT)
		v->matches = plan_compare(&v->should, &done->last, ls) != DIFFERENT;
	v->outside = b == BELIEF_GONE || (b == BELIEF_DIFFERENT && !v->matches);
	if (!v->due && !v->native)
		v->matches = false; /* open before its time: nothing should be there */
}
