/* rota_decide - one door of a rota, one moment: what is to be done. Pure; see rota_plan.h. */
#include "feed/rota_plan.h"

#include <string.h>

#include "core/draft.h"
#include "core/i18n.h"

#define SAME_MS MINUTE_MS /* providers cut seconds off */
/* A code that should have gone by itself, and has not: from then on another PIN is better than none. */
#define STUCK_MS (2 * HOUR_MS)

struct asking {
	const struct rota *r;
	const struct rota_seen *seen;
	const struct zone *zone;
	const char *pin;
	struct instant now;
	bool active;
	struct rota_window next; /* from NONE: none */
};

static bool near_enough(struct instant a, struct instant b)
{
	return ABS(instant_diff_ms(a, b)) < SAME_MS;
}

/* A start that has passed is past, whichever it was; and what begins as soon as a lock takes it that
 * wants its starts in the future, begins at once. */
static bool has_begun(const struct asking *a, struct instant from)
{
	return !instant_before(instant_add_ms(a->now, SOONEST_START_MS), from);
}

/* x: of a code; y: that the rota wants. */
static bool is_same(const struct asking *a, const struct rota_window *x, const struct rota_window *y)
{
	bool both_begun = has_begun(a, x->from) && !instant_before(a->now, y->from);

	return instant_known(x->from) && instant_known(y->from) && instant_known(x->until) && instant_known(y->until) &&
	       (both_begun || near_enough(x->from, y->from)) && near_enough(x->until, y->until);
}

static bool has_passed(const struct asking *a, struct instant until)
{
	return instant_known(until) && !instant_before(a->now, until);
}

static struct rota_step step(const struct asking *a, enum rota_do act, const char *why)
{
	return (struct rota_step){ .act = act, .window = a->next, .why = why };
}

static struct rota_step make(const struct asking *a)
{
	return instant_known(a->next.from) ? step(a, ROTA_MAKE, N_("new code"))
					   : step(a, ROTA_REST, N_("no window is left"));
}

/* The one after the window that was asked for: that one is done with, whoever ended it. */
static struct rota_step make_after(const struct asking *a, struct rota_window done)
{
	struct asking later = *a;

	if (!is_same(a, &done, &a->next))
		return make(a);
	if (!rota_window_after(&a->r->hours, a->r->first_day, a->r->last_day, a->zone, a->next.until, &later.next))
		later.next.from = INSTANT_NONE;
	return make(&later);
}

static struct rota_step queued(const struct asking *a)
{
	bool right = a->active && is_same(a, &a->seen->asked, &a->next) &&
		     (!a->pin || !a->seen->asked_pin || strcmp(a->pin, a->seen->asked_pin) == 0);

	if (a->seen->open)
		return right ? step(a, ROTA_REST, N_("its code is on its way"))
			     : step(a, ROTA_WITHDRAW, N_("what was asked for is taken back"));
	/* Accepted, and never seen: after its window nobody will see it. */
	if (has_passed(a, a->seen->asked.until) && a->active)
		return make(a);
	return step(a, ROTA_REST, N_("its code is on its way"));
}

static bool differs(const char *x, const char *y)
{
	return x && y && strcmp(x, y) != 0;
}

/* There is a code, and nobody is changing it. */
static struct rota_step live(const struct asking *a)
{
	const struct rota_seen *s = a->seen;
	bool by_hand = !is_same(a, &s->asked, &s->has), begun = !instant_before(a->now, s->has.from);
	struct rota_step rest = step(a, ROTA_REST, N_("has its code"));

	if (has_passed(a, s->has.until)) {
		bool stuck = instant_known(a->next.from) &&
			     !instant_before(a->now, instant_add_ms(a->next.from, -STUCK_MS));

		return a->active && stuck ? make(a)
					  : step(a, ROTA_REST,
						 N_("the code before is still on the lock: the next one follows it"));
	}
	if (!a->active || !instant_known(a->next.from))
		return step(a, ROTA_REMOVE, a->active ? N_("no window is left") : N_("not at this door any more"));
	if (differs(s->has_pin, s->asked_pin))
		rest.learn_pin = s->has_pin;
	if (by_hand) {
		rest.why = N_("window changed here by hand: left as it is until it is over");
		return rest;
	}
	if (!is_same(a, &s->has, &a->next)) {
		/* One that opens now is not moved to tomorrow: not every lock lets go of it then. */
		if (begun && instant_before(a->now, a->next.from))
			return step(a, ROTA_REMOVE, N_("not in its hours any more"));
		return step(a, ROTA_CHANGE, N_("other hours, the same code"));
	}
	if (!rest.learn_pin && differs(a->pin, s->has_pin))
		return step(a, ROTA_CHANGE, N_("another PIN"));
	if (differs(a->r->name, s->asked_name) && g_strcmp0(s->asked_name, s->has_name) == 0)
		return step(a, ROTA_CHANGE, N_("another name"));
	return rest;
}

static struct rota_step refused(const struct asking *a)
{
	if (instant_known(a->seen->has.until))
		return live(a);
	if (!a->active)
		return step(a, ROTA_REST, N_("no code"));
	if (is_same(a, &a->seen->asked, &a->next))
		return step(a, ROTA_REST, N_("the server refused it: o shows why"));
	return make(a);
}

struct rota_step rota_decide(const struct rota *r, bool wanted, const char *pin, const struct zone *z,
			     const struct rota_seen *seen, struct instant now)
{
	struct asking a = {
		.r = r, .seen = seen, .zone = z, .pin = pin, .now = now, .next = { INSTANT_NONE, INSTANT_NONE }
	};

	a.active = wanted && !instant_known(r->ended_at) && !instant_known(r->held_at);
	if (!rota_window_after(&r->hours, r->first_day, r->last_day, z, now, &a.next))
		a.next.from = INSTANT_NONE;
	switch (seen->is) {
	case HELD_QUEUED:
		return queued(&a);
	case HELD_LIVE:
		return live(&a);
	case HELD_CHANGING:
		return step(&a, ROTA_REST, N_("a change of its code is on its way"));
	case HELD_LEAVING:
		return step(&a, ROTA_REST, N_("its code is being revoked"));
	case HELD_REFUSED:
		return refused(&a);
	case HELD_GONE:
	case HELD_TAKEN_BACK:
		return a.active ? make_after(&a, seen->asked) : step(&a, ROTA_REST, N_("no code"));
	case HELD_NOTHING:
		break;
	}
	return a.active ? make(&a) : step(&a, ROTA_REST, N_("no code"));
}
