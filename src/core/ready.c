/* ready - from four facts to one verdict; see the header. */
#include "core/ready.h"

#include "core/traits.h"

static bool passed(struct instant t, struct instant now)
{
	return instant_known(t) && !instant_before(now, t);
}

static bool starts_within(const struct ready_facts *f, struct instant now, int64_t ms)
{
	return passed(instant_add_ms(f->code.starts_at, -ms), now);
}

struct instant ready_load_at(const struct ready_facts *f)
{
	return instant_add_ms(f->code.starts_at, f->native ? -PRELOAD_LEAD_MS : -JUST_IN_TIME_LEAD_MS);
}

static struct instant later_of(struct instant a, struct instant b)
{
	return instant_before(a, b) ? b : a;
}

/* A write that could begin then is given its grace. */
static struct instant with_grace(const struct ready_facts *f, struct instant t)
{
	return instant_add_ms(later_of(t, f->code.created_at), READY_GRACE_MS);
}

/* ---- the four facts ---- */

static enum ready_window window_of(const struct ready_facts *f, struct instant now)
{
	if (passed(f->code.ends_at, now))
		return WINDOW_OVER;
	if (!instant_known(f->code.starts_at) || passed(f->code.starts_at, now))
		return WINDOW_OPEN;
	return starts_within(f, now, READY_SOON_MS) ? WINDOW_SOON : WINDOW_LATER;
}

static enum ready_provider provider_of(const struct ready_facts *f, enum code_state state)
{
	static const enum ready_provider of[CODE_STATE_COUNT] = {
		[CODE_TROUBLE] = PROVIDER_FAILED,  [CODE_REMOVING] = PROVIDER_REMOVING,
		[CODE_QUEUED] = PROVIDER_NOTHING,  [CODE_SETTING] = PROVIDER_SETTING,
		[CODE_SET] = PROVIDER_SET,	   [CODE_STORED] = PROVIDER_STORED,
		[CODE_WAITING] = PROVIDER_TO_COME, [CODE_UNKNOWN] = PROVIDER_UNKNOWN,
		[CODE_ENDED] = PROVIDER_GONE,
	};

	if (f->declared != DECLARED_YES)
		return PROVIDER_NOTHING;
	return instant_known(f->deleted_at) ? PROVIDER_GONE : of[state];
}

static bool has_error(const struct ready_facts *f)
{
	return f->errors_own > 0;
}

/* What has opened the door since it went wrong works. */
static bool works(const struct ready_facts *f)
{
	return instant_known(f->used_at) && !f->used_inferred &&
	       (!has_error(f) ||
		(instant_known(f->error_at) && instant_before(f->error_at, f->last_used_at)));
}

static enum ready_lock not_on_lock(const struct ready_facts *f, enum ready_lock otherwise)
{
	return f->online == TRI_NO ? ON_LOCK_OFFLINE : otherwise;
}

/* At the hour itself the word is still "unset" for a while: what lay in the lock's memory still does. */
static bool is_stored(const struct ready_facts *f, enum code_state state)
{
	return f->proof == PROOF_NOT_SAID &&
	       (state == CODE_STORED ||
		(state == CODE_SETTING && f->code.is_scheduled_on_device == TRI_YES &&
		 g_strcmp0(f->code.status, "unset") == 0));
}

static enum ready_lock lock_of(const struct ready_facts *f, enum code_state state)
{
	if (instant_known(f->deleted_at))
		return ON_LOCK_REMOVED;
	if (works(f))
		return ON_LOCK_USED;
	if (f->proof == PROOF_PROVEN)
		return ON_LOCK_PROVEN;
	if (f->proof == PROOF_ACKNOWLEDGED)
		return ON_LOCK_ACKNOWLEDGED;
	if (f->declared == DECLARED_YES && f->code.is_offline_access_code == TRI_YES && f->has_pin)
		return ON_LOCK_COMPUTED;
	if (is_stored(f, state))
		return ON_LOCK_STORED;
	if (f->proof == PROOF_NOT_SAID && state == CODE_SET)
		return ON_LOCK_ACCEPTED;
	if (f->declared != DECLARED_YES || state == CODE_WAITING || state == CODE_TROUBLE)
		return not_on_lock(f, ON_LOCK_NOT_THERE);
	return not_on_lock(f, ON_LOCK_UNKNOWN);
}

static bool is_on_lock(enum ready_lock l)
{
	return l <= ON_LOCK_ACCEPTED;
}

/* ---- arrivals ---- */

static const enum ready_reason by_lock[] = {
	[ON_LOCK_PROVEN] = BECAUSE_PROVEN,     [ON_LOCK_ACKNOWLEDGED] = BECAUSE_ACKNOWLEDGED,
	[ON_LOCK_USED] = BECAUSE_USED,	       [ON_LOCK_COMPUTED] = BECAUSE_COMPUTED,
	[ON_LOCK_STORED] = BECAUSE_STORED,     [ON_LOCK_ACCEPTED] = BECAUSE_ACCEPTED,
};

static void say(struct ready *r, enum ready_verdict v, enum ready_reason why, struct instant at,
		const char *problem)
{
	r->verdict = v;
	r->reason = why;
	r->at = at;
	r->problem = problem;
}

/* An error keeps the guest out until somebody sees to it, whatever the time. */
static bool stands_in_the_way(const struct ready_facts *f, struct ready *r)
{
	if (f->declared == DECLARED_REFUSED)
		say(r, READY_AT_RISK, BECAUSE_REFUSED, INSTANT_NONE, NULL);
	else if (has_error(f) && r->lock != ON_LOCK_USED)
		say(r, READY_AT_RISK, BECAUSE_PROBLEM, f->error_at, f->worst);
	else if (f->change == CHANGE_REFUSED)
		say(r, READY_AT_RISK, BECAUSE_CHANGE_REFUSED, INSTANT_NONE, NULL);
	else
		return false;
	return true;
}

/* Not on the lock, its loading is due: is there still time? */
static bool is_late(const struct ready_facts *f, struct instant now)
{
	struct instant worry = instant_add_ms(f->code.starts_at,
					      f->native ? -READY_HOUR_MS : -READY_QUARTER_MS);

	return passed(later_of(worry, with_grace(f, ready_load_at(f))), now);
}

static enum ready_reason on_its_way(const struct ready_facts *f, const struct ready *r)
{
	if (f->declared != DECLARED_YES)
		return BECAUSE_QUEUED;
	if (f->code.is_waiting_for_code_assignment == TRI_YES)
		return BECAUSE_NO_PIN;
	if (r->provider == PROVIDER_SET || r->provider == PROVIDER_STORED)
		return BECAUSE_SILENT;
	return r->provider == PROVIDER_UNKNOWN ? BECAUSE_UNKNOWN : BECAUSE_SETTING;
}

static void judge_due(const struct ready_facts *f, struct instant now, struct ready *r)
{
	enum ready_reason why = on_its_way(f, r);

	/* With its lock away nothing can be written: that is not a matter of waiting. */
	if (f->online == TRI_NO)
		say(r, READY_AT_RISK, BECAUSE_OFFLINE, f->offline_since, NULL);
	else if (f->lock_severity >= 2)
		say(r, READY_AT_RISK, BECAUSE_LOCK_PROBLEM, INSTANT_NONE, f->lock_worst);
	else if (!is_late(f, now))
		say(r, READY_UNPROVEN, why, INSTANT_NONE, NULL);
	else
		say(r, READY_AT_RISK, why == BECAUSE_SETTING ? BECAUSE_LATE : why, INSTANT_NONE, NULL);
}

static void judge_arrival(const struct ready_facts *f, struct instant now, struct ready *r)
{
	struct instant due = ready_load_at(f);

	if (r->window == WINDOW_OVER)
		say(r, READY_REMOVED, BECAUSE_OVER, f->code.ends_at, NULL);
	else if (f->change == CHANGE_REVOKE || r->provider == PROVIDER_REMOVING ||
	    r->lock == ON_LOCK_REMOVED)
		say(r, READY_REVOKED, BECAUSE_REVOKED, f->deleted_at, NULL);
	else if (f->backup == BACKUP_SET)
		say(r, READY_YES, BECAUSE_BACKUP, INSTANT_NONE, NULL);
	else if (stands_in_the_way(f, r))
		return;
	else if (is_on_lock(r->lock) && f->change == CHANGE_UNDER_WAY)
		say(r, READY_UNPROVEN, BECAUSE_CHANGE, INSTANT_NONE, NULL);
	else if (is_on_lock(r->lock))
		say(r, READY_YES, by_lock[r->lock], f->used_at, NULL);
	else if (!passed(due, now))
		say(r, READY_WAITING, f->declared == DECLARED_YES ? BECAUSE_NOT_DUE : BECAUSE_QUEUED,
		    due, NULL);
	else
		judge_due(f, now, r);
	/* Of no use to anybody where another has the bed, however well the lock knows it. */
	if (f->other && r->verdict >= READY_YES && r->verdict < READY_DOUBLE)
		say(r, READY_DOUBLE, BECAUSE_DOUBLE, f->other_until, NULL);
}

/* ---- departures ---- */

/* What was never sent need not be erased, and an offline code ends by the lock's own clock. */
static bool ends_by_itself(const struct ready_facts *f)
{
	return f->declared != DECLARED_YES || f->code.is_offline_access_code == TRI_YES;
}

/* The API's word after the end: only "unset" says that nothing is there. */
static bool was_never_there(const struct ready_facts *f)
{
	return g_strcmp0(f->code.status, "unset") == 0 && f->proof <= PROOF_NONE &&
	       !instant_known(f->used_at);
}

static void judge_departure(const struct ready_facts *f, struct instant now, struct ready *r)
{
	struct instant end = f->code.ends_at;

	if (instant_known(f->deleted_at))
		say(r, READY_REMOVED, BECAUSE_REMOVED, f->deleted_at, NULL);
	else if (r->window == WINDOW_LATER || r->window == WINDOW_SOON)
		say(r, READY_STAYING, BECAUSE_NOT_BEGUN, f->code.starts_at, NULL);
	else if (!passed(end, now))
		say(r, READY_STAYING, f->moved_to ? BECAUSE_MOVED : BECAUSE_STAYING, end, NULL);
	else if (ends_by_itself(f) || was_never_there(f))
		say(r, READY_REMOVED, BECAUSE_EXPIRED, end, NULL);
	else if (!passed(instant_add_ms(end, READY_GRACE_MS), now))
		say(r, READY_LEAVING, BECAUSE_LEAVING, end, NULL);
	else
		say(r, READY_AT_RISK, BECAUSE_STILL_THERE, end, has_error(f) ? f->worst : NULL);
}

struct ready ready_judge(const struct ready_facts *f, struct instant now)
{
	enum code_state state = access_code_state(&f->code, has_error(f), now);
	struct ready r = {
		.declared = f->declared,
		.window = window_of(f, now),
		.provider = provider_of(f, state),
		.lock = lock_of(f, state),
		.at = INSTANT_NONE,
	};

	if (f->departs)
		judge_departure(f, now, &r);
	else
		judge_arrival(f, now, &r);
	return r;
}

/* ---- alarms ---- */

struct instant ready_stage_at(const struct ready_facts *f, enum ready_stage stage)
{
	struct instant start = f->code.starts_at;

	if (f->departs || !instant_known(start) || stage == STAGE_NONE)
		return INSTANT_NONE;
	if (stage == STAGE_LOAD)
		return with_grace(f, ready_load_at(f));
	if (stage == STAGE_QUARTER)
		return later_of(instant_add_ms(start, -READY_QUARTER_MS), with_grace(f, ready_load_at(f)));
	/* Where a code is loaded an hour ahead, that hour is the stage before. */
	return f->native ? later_of(instant_add_ms(start, -READY_HOUR_MS), with_grace(f, ready_load_at(f)))
			 : INSTANT_NONE;
}

enum ready_stage ready_stage(const struct ready_facts *f, struct instant now)
{
	for (int s = STAGE_COUNT - 1; s > STAGE_NONE; s--)
		if (passed(ready_stage_at(f, (enum ready_stage)s), now))
			return (enum ready_stage)s;
	return STAGE_NONE;
}

static bool is_open_question(const struct ready_facts *f, struct instant now)
{
	struct ready r = ready_judge(f, now);

	return !f->departs && !passed(f->code.ends_at, now) &&
	       (r.verdict == READY_AT_RISK || r.verdict == READY_DOUBLE || r.verdict == READY_UNPROVEN ||
		r.verdict == READY_WAITING);
}

enum ready_stage ready_alarm(const struct ready_facts *f, struct instant now, enum ready_stage told)
{
	enum ready_stage reached = ready_stage(f, now);

	return reached > told && is_open_question(f, now) ? reached : STAGE_NONE;
}

void ready_alarms(const struct ready_facts *const *codes, const size_t *guest, size_t n,
		  struct instant now, enum ready_stage *told, enum ready_stage *alarms, size_t guests)
{
	for (size_t g = 0; g < guests; g++)
		alarms[g] = STAGE_NONE;
	for (size_t i = 0; i < n; i++) {
		size_t g = guest[i];

		alarms[g] = MAX(alarms[g], ready_alarm(codes[i], now, told[g]));
	}
	for (size_t g = 0; g < guests; g++)
		told[g] = MAX(told[g], alarms[g]);
}

struct ready ready_judge_moved(struct ready_facts *f, struct instant now)
{
	struct ready_facts leaving = *f;
	struct ready r;

	leaving.departs = true;
	r = f->moved_to ? ready_judge(&leaving, now) : (struct ready){ .reason = BECAUSE_COUNT };
	f->departs = r.reason == BECAUSE_MOVED;
	return f->departs ? r : ready_judge(f, now);
}
