/* See pace.h. The interval is remembered, the wait is what comes of it and the outcome. */
#include "config.h"

#include <glib.h>

#include "sync/pace.h"

void pace_init(struct pace *p, int base_ms)
{
	p->base_ms = base_ms > 0 ? MAX(base_ms, PACE_BASE_MIN_MS) : PACE_BASE_MS;
	p->interval_ms = p->base_ms;
	p->failures = 0;
}

void pace_wake(struct pace *p)
{
	if (p->interval_ms <= MAX(PACE_IDLE_MAX_MS, p->base_ms))
		p->interval_ms = p->base_ms;
}

int pace_rest(int64_t asked_ms, int times)
{
	int most = MIN(PACE_REST_MS << (CLAMP(times, 1, 5) - 1), PACE_REST_MAX_MS);

	return (int)CLAMP(asked_ms, 0, most);
}

int pace_backoff(int tries, uint32_t dice)
{
	int step = CLAMP(tries, 1, 7) - 1;
	int wait = MIN(1000 << step, PACE_ERROR_MAX_MS);
	int fifth = wait / 5;

	return wait - fifth + (int)(dice % (uint32_t)(2 * fifth + 1));
}

/* Three tenths of the way at each poll: about twenty polls from a minute to two seconds. */
static int slowly_towards(int from, int to)
{
	int next = to + (from - to) * 7 / 10;

	return next - to < 100 ? to : next;
}

static int after_ok(struct pace *p, bool watched)
{
	int idle_max = MAX(PACE_IDLE_MAX_MS, p->base_ms);

	p->failures = 0;
	if (p->interval_ms > idle_max || (watched && p->interval_ms > p->base_ms))
		p->interval_ms = slowly_towards(p->interval_ms, p->base_ms);
	else if (!watched)
		p->interval_ms = MIN(p->interval_ms + p->interval_ms / 4, idle_max);
	return p->interval_ms;
}

/* Whoever looks at 'offline' looks at the clock too. */
static int while_away(int failures, const struct pace_input *in)
{
	int spread = (int)(in->dice % (PACE_WATCHED_MAX_MS / 5 + 1));
	int wait = pace_backoff(failures, in->dice);

	return in->watched ? MIN(wait, PACE_WATCHED_MAX_MS - spread) : wait;
}

int pace_next(struct pace *p, const struct pace_input *in)
{
	int asked = pace_rest(in->retry_after_ms, p->failures + 1);

	switch (in->outcome) {
	case PACE_OK:
		return after_ok(p, in->watched);
	case PACE_LIMITED:
		p->failures++;
		p->interval_ms = MIN(p->interval_ms * 2, MAX(PACE_LIMIT_MAX_MS, p->base_ms));
		return MAX(p->interval_ms, asked);
	case PACE_AWAY:
		p->failures++;
		return MAX(while_away(p->failures, in), asked);
	case PACE_NO_ACCESS:
		return PACE_NO_ACCESS_MS;
	case PACE_DISK:
	case PACE_OUTCOME_COUNT:
		break;
	}
	return PACE_DISK_MS;
}
