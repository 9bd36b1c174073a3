/* outlook - why a code is in its state, and what happens next, when.
 *
 * The planner is asked for now and, where it waits, for each moment at which it would answer
 * otherwise, until it wants to do something. */
#include "config.h"

#include "engine/inside.h"

#define LOOKS_MAX 16 /* a code's life has fewer lines than that to cross */

/* *until is no later than t, if that is still to come. */
static void first_of(struct instant *until, struct instant t, struct instant now)
{
	if (instant_known(t) && instant_before(now, t) && instant_before(t, *until))
		*until = t;
}

static void foresee(struct outlook *o, struct question *q, struct instant now)
{
	struct plan p = plan_code(&q->want, q->system, q->done, &q->lock, now);

	o->reason = p.reason;
	o->next_reason = p.reason;
	/* A step that is due now is due now again in the next moment. */
	if (p.step != STEP_WAIT)
		o->holds_until = now;
	else if (instant_known(p.next_look))
		first_of(&o->holds_until, p.next_look, now);
	for (int i = 0; i < LOOKS_MAX && p.step == STEP_WAIT; i++) {
		struct instant t = p.next_look;

		if (!instant_known(t) || !instant_before(now, t))
			return;
		now = t;
		p = plan_code(&q->want, q->system, q->done, &q->lock, now);
	}
	if (p.step == STEP_WAIT)
		return;
	o->next_step = p.step;
	o->next_reason = p.reason;
	o->next_at = now;
}

/* A lock that can neither keep a window nor hold a code disabled opens as soon as it is written. */
static struct instant opens_early_from(const struct question *q, const struct outlook *o)
{
	const struct declared *want = &q->want;
	bool keeps = q->system->schedule == SCHEDULE_NATIVE && want->prefer_native;
	struct instant from = o->due_at;

	if (want->offline || !instant_known(want->starts_at) || keeps ||
	    q->system->schedule == SCHEDULE_DISABLED)
		return INSTANT_NONE;
	if (instant_known(want->asked_at) && instant_before(from, want->asked_at))
		from = want->asked_at;
	return instant_before(from, want->starts_at) ? from : INSTANT_NONE;
}

const struct attempt_record *engine_known(struct engine *e, const struct store_code *c)
{
	struct lane *l = lane_of(e, c->device_id);

	return lane_flies(l, c->access_code_id) ? &l->flight->before : &c->done;
}

struct outlook engine_outlook(struct engine *e, const struct store_code *c)
{
	struct lane *l = lane_of(e, c->device_id);
	bool flies = lane_flies(l, c->access_code_id);
	struct outlook o = { .reason = c->reason,
			     .belief = c->done.belief,
			     .next_reason = c->reason,
			     .next_at = INSTANT_NONE,
			     .due_at = INSTANT_NONE,
			     .early_from = INSTANT_NONE,
			     .holds_until = INSTANT_MAX };
	struct question q;

	if (!c->managed || instant_known(c->closed_at))
		return o;
	ask(e, l, c, flies ? &l->flight->before : &c->done, &q);
	o.belief = q.done->belief;
	if (!c->offline) {
		o.due_at = instant_known(c->starts_at) ? plan_due(&q.want, &l->system) :
							 c->created_at;
		o.early_from = opens_early_from(&q, &o);
	}
	/* What ask() goes by, beside the plan. */
	first_of(&o.holds_until, c->ends_at, engine_now(e));
	first_of(&o.holds_until, o.due_at, engine_now(e));
	foresee(&o, &q, engine_now(e));
	if (flies) { /* under way is what is next */
		o.next_step = l->flight->step;
		o.reason = o.next_reason = l->flight->reason;
		o.next_at = o.holds_until = engine_now(e);
	}
	appearance_clear(&q.shown);
	return o;
}
