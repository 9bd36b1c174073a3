/* plan - one code, one lock, one moment: what is to be done?
 *
 * Two tables, read from top to bottom. 'rules': what should happen, the first that applies.
 * 'obstacles': what keeps that step from being taken now. And one search: when is the answer
 * another? All moments at which it can be are few and known ('lines'), so the next look is the
 * first of them at which the same tables answer differently. */
#include "engine/plan_view.h"

#include <string.h>

/* ---- rules: what should happen ---- */

static bool outside_stands(const struct view *v)
{
	return v->outside && v->want->external_ok;
}

static bool is_finished(const struct view *v)
{
	return v->over && !v->there;
}

static void close_it(const struct view *v, struct plan *p)
{
	bool tried = given(v->done->last_try_at) && v->done->tries == 0;

	p->step = STEP_CLOSE;
	p->reason = REASON_MISSED;
	if (v->want->removal_asked)
		p->reason = REASON_REVOKED;
	else if (v->want->offline)
		p->reason = REASON_ENDED;
	else if (tried || v->done->belief == BELIEF_GONE)
		p->reason = REASON_GONE;
}

static bool is_offline_code(const struct view *v)
{
	return v->want->offline;
}

static void say_offline_code(const struct view *v, struct plan *p)
{
	p->reason = v->want->pin ? REASON_OFFLINE_CODE : REASON_NO_PIN;
}

static bool is_account_lost(const struct view *v)
{
	return v->lock->account_lost;
}

static void say_account_lost(const struct view *v, struct plan *p)
{
	(void)v;
	p->reason = REASON_ACCOUNT_LOST;
}

static bool is_uncertain_readable(const struct view *v)
{
	return v->done->belief == BELIEF_UNCERTAIN && v->ls->read_back != READ_NOTHING;
}

static void read_first(const struct view *v, struct plan *p)
{
	(void)v;
	p->step = STEP_READ;
	p->reason = REASON_UNCERTAIN;
}

static bool is_over(const struct view *v)
{
	return v->over;
}

static void remove_it(const struct view *v, struct plan *p)
{
	p->step = STEP_REMOVE;
	p->reason = v->want->removal_asked ? REASON_REVOKED : REASON_ENDED;
}

/* An outside change stands; but a code that we hold disabled is ours to enable, once. */
static bool is_outside_to_enable(const struct view *v)
{
	return outside_stands(v) && v->there && v->held_back && !v->native && v->should.enabled &&
	       !v->done->last.enabled && instant_before(v->done->last_try_at, v->want->starts_at);
}

static void enable_it(const struct view *v, struct plan *p)
{
	(void)v;
	p->step = STEP_ENABLE;
	p->reason = REASON_ENABLE;
}

static void let_outside_stand(const struct view *v, struct plan *p)
{
	(void)v;
	p->reason = REASON_OUTSIDE_OK;
}

static bool is_not_due(const struct view *v)
{
	return !v->due && !v->there;
}

static void wait_for_due(const struct view *v, struct plan *p)
{
	(void)v;
	p->reason = REASON_NOT_DUE;
}

/* Its window was moved away: what is there would open in the old one. */
static bool is_loaded_too_early(const struct view *v)
{
	return !v->due && !v->matches;
}

static void withdraw(const struct view *v, struct plan *p)
{
	(void)v;
	p->step = STEP_REMOVE;
	p->reason = REASON_CHANGED;
}

static bool is_uncertain(const struct view *v)
{
	return v->done->belief == BELIEF_UNCERTAIN;
}

/* Unknowable: never a second write. Its end, an edit or a person brings it on. */
static void stay_uncertain(const struct view *v, struct plan *p)
{
	(void)v;
	p->reason = REASON_UNCERTAIN;
	p->problems |= PROBLEM_FAILED_TO_SET;
}

static bool is_refused(const struct view *v)
{
	return v->done->refused && !v->matches;
}

/* The lock will not have the new window, and the old one opens when nobody may come in. */
static bool is_refused_and_open(const struct view *v)
{
	const struct on_lock *is = &v->done->last, *should = &v->should;

	return is_refused(v) && v->there && !v->outside &&
	       ((is->enabled && !should->enabled) ||
		(given(should->starts_at) &&
		 (!given(is->starts_at) || instant_before(is->starts_at, should->starts_at))) ||
		(given(should->ends_at) &&
		 (!given(is->ends_at) || instant_before(should->ends_at, is->ends_at))));
}

static void say_refused(const struct view *v, struct plan *p)
{
	(void)v;
	p->reason = REASON_REFUSED;
	p->problems |= PROBLEM_CONSTRAINTS;
}

static bool is_without_pin(const struct view *v)
{
	return !v->want->pin && !v->ls->provider_chooses_pin && !v->matches;
}

static void say_no_pin(const struct view *v, struct plan *p)
{
	(void)v;
	p->reason = REASON_NO_PIN;
}

static bool is_fight(const struct view *v)
{
	return v->outside && v->done->fights >= PLAN_FIGHTS_MAX;
}

static void stop_fighting(const struct view *v, struct plan *p)
{
	(void)v;
	p->reason = REASON_FIGHT;
	p->problems |= PROBLEM_FAILED_TO_SET;
}

/* A lock that cannot change a code has it removed; with nothing there the write comes next. */
static void write_or_make_room(const struct view *v, struct plan *p, enum plan_reason reason)
{
	p->step = v->there && !v->ls->edit_in_place ? STEP_REMOVE : STEP_WRITE;
	p->reason = reason;
}

static bool is_outside(const struct view *v)
{
	return v->outside;
}

static void put_back(const struct view *v, struct plan *p)
{
	write_or_make_room(v, p, REASON_OUTSIDE);
}

static bool is_absent(const struct view *v)
{
	return !v->there;
}

static void write_it(const struct view *v, struct plan *p)
{
	p->step = STEP_WRITE;
	if (!given(v->want->starts_at))
		p->reason = REASON_ONGOING;
	else if (reached(v->now, v->want->starts_at))
		p->reason = REASON_LATE;
	else
		p->reason = v->native ? REASON_PRELOAD : REASON_JUST_IN_TIME;
}

static bool is_to_enable(const struct view *v)
{
	return v->done->belief != BELIEF_DIFFERENT && v->should.enabled && !v->done->last.enabled &&
	       view_as_written(v, false);
}

static bool is_changed(const struct view *v)
{
	return !v->matches;
}

static void change_it(const struct view *v, struct plan *p)
{
	write_or_make_room(v, p, REASON_CHANGED);
}

static bool is_to_verify(const struct view *v)
{
	return v->done->belief == BELIEF_WRITTEN && !v->done->looked &&
	       v->ls->read_back != READ_NOTHING;
}

static void verify_it(const struct view *v, struct plan *p)
{
	(void)v;
	p->step = STEP_READ;
	p->reason = REASON_VERIFY;
}

static bool always(const struct view *v)
{
	(void)v;
	return true;
}

static void let_stand(const struct view *v, struct plan *p)
{
	if (v->done->belief == BELIEF_WRITTEN)
		p->reason = REASON_ACKNOWLEDGED;
	else if (v->native && reached(v->now, v->opens_at) && given(v->done->last_try_at) &&
		 instant_before(v->done->last_try_at, v->opens_at))
		p->reason = REASON_STARTED;
	else
		p->reason = REASON_PROVEN;
}

/* In order of priority. Below is_over the life goes on; below is_uncertain what is there is
 * known; below is_absent it is there. */
static const struct rule {
	bool (*applies)(const struct view *v);
	void (*fill)(const struct view *v, struct plan *p); /* step is WAIT before it */
} rules[] = {
	{ is_finished, close_it },
	{ is_offline_code, say_offline_code },
	{ is_account_lost, say_account_lost },
	{ is_uncertain_readable, read_first },
	{ is_over, remove_it },
	{ is_outside_to_enable, enable_it },
	{ outside_stands, let_outside_stand },
	{ is_not_due, wait_for_due },
	{ is_loaded_too_early, withdraw },
	{ is_uncertain, stay_uncertain },
	{ is_refused_and_open, withdraw },
	{ is_refused, say_refused },
	{ is_without_pin, say_no_pin },
	{ is_fight, stop_fighting },
	{ is_outside, put_back },
	{ is_absent, write_it },
	{ is_to_enable, enable_it },
	{ is_changed, change_it },
	{ is_to_verify, verify_it },
	{ always, let_stand },
};

/* ---- obstacles: what keeps the step from being taken now ---- */

#define STEPS_ON_LOCK \
	(1u << STEP_WRITE | 1u << STEP_ENABLE | 1u << STEP_REMOVE | 1u << STEP_READ)

static bool is_pin_held(const struct view *v, const struct plan *p)
{
	(void)p;
	return v->lock->pin_held_by_other;
}

static bool is_full(const struct view *v, const struct plan *p)
{
	(void)p;
	return v->lock->full && !v->there;
}

static bool is_unreachable(const struct view *v, const struct plan *p)
{
	(void)p;
	return !v->lock->reachable;
}

static struct instant try_again_at(const struct attempt_record *done)
{
	if (done->tries <= 0 || !given(done->last_try_at))
		return INSTANT_MIN;
	return instant_add_ms(done->last_try_at, plan_backoff_ms(done->tries, done->dice));
}

/* The tries of one step do not hold up another; but a lock that just failed is not asked at once
 * what it holds. */
static bool is_backing_off(const struct view *v, const struct plan *p)
{
	bool same_row = v->done->tried == STEP_WAIT || v->done->tried == (int)p->step;

	return (same_row || p->step == STEP_READ) && instant_before(v->now, try_again_at(v->done));
}

static const struct obstacle {
	unsigned steps; /* bits of enum step_kind */
	bool (*applies)(const struct view *v, const struct plan *p);
	enum plan_reason reason;
	unsigned problem;
} obstacles[] = {
	{ 1u << STEP_WRITE, is_pin_held, REASON_DUPLICATE, PROBLEM_DUPLICATE },
	{ 1u << STEP_WRITE, is_full, REASON_FULL, PROBLEM_NO_SPACE },
	{ STEPS_ON_LOCK, is_unreachable, REASON_UNREACHABLE, 0 },
	{ STEPS_ON_LOCK, is_backing_off, REASON_BACKOFF, 0 },
};

static void take_obstacles(const struct view *v, struct plan *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(obstacles); i++) {
		const struct obstacle *o = &obstacles[i];

		if (!(o->steps & 1u << p->step) || !o->applies(v, p))
			continue;
		p->step = STEP_WAIT;
		p->reason = o->reason;
		p->problems |= o->problem;
		return;
	}
}

/* ---- what the API says meanwhile ---- */

/* It took the write, as it took the last one that it then did not show. */
static bool is_doubtful(const struct view *v)
{
	return v->done->unseen > 0 && is_to_verify(v);
}

/* Nothing is to be done to it: as it should be, or as somebody wants it. */
static bool is_satisfied(const struct view *v)
{
	return v->there && (v->matches || outside_stands(v)) && !is_doubtful(v);
}

static const char *offline_status(const struct view *v)
{
	if (!reached(v->now, v->want->starts_at))
		return "unset";
	return v->want->pin ? "set" : "setting";
}

static const char *status_of(const struct view *v)
{
	if (v->want->offline)
		return v->over ? "unset" : offline_status(v);
	if (v->lock->account_lost && !is_finished(v))
		return "unknown";
	if (v->over)
		return "removing";
	if (is_satisfied(v))
		return v->held_back && !reached(v->now, v->opens_at) ? "unset" : "set";
	if (!v->due || outside_stands(v))
		return "unset";
	return v->held_back && !reached(v->now, v->want->starts_at) ? "unset" : "setting";
}

/* Since when it has been 'setting'; NONE: not known. */
static struct instant setting_since(const struct view *v)
{
	struct instant line = v->held_back ? v->want->starts_at : v->due_at;
	struct instant since = INSTANT_NONE;

	if (given(v->done->first_try_at))
		since = v->done->first_try_at;
	else if (!v->outside && given(v->want->asked_at))
		since = v->want->asked_at;
	else if (v->done->belief == BELIEF_ABSENT && given(line))
		since = line;
	return given(since) ? later(since, line) : INSTANT_NONE;
}

static struct instant over_since(const struct view *v)
{
	return v->want->removal_asked ? v->want->removal_asked_at : v->want->ends_at;
}

static struct instant after_delay(struct instant since)
{
	return given(since) ? instant_add_ms(since, PLAN_DELAY_WARNING_MS) : INSTANT_NONE;
}

static unsigned problems_of_removal(const struct view *v)
{
	bool failed = v->done->tries >= PLAN_FAILED_TRIES &&
		      v->done->tried != STEP_WRITE && v->done->tried != STEP_ENABLE;
	bool cut_off = !v->lock->reachable && reached(v->now, after_delay(over_since(v)));

	return (v->want->removal_asked ? (unsigned)PROBLEM_BEING_DELETED : 0) |
	       (failed || cut_off ? (unsigned)PROBLEM_FAILED_TO_REMOVE : 0);
}

static unsigned problems_of_setting(const struct view *v, const struct plan *p)
{
	unsigned problems = p->problems;
	struct instant delayed = after_delay(setting_since(v));

	if (outside_stands(v))
		return problems | PROBLEM_MODIFIED_WARNING;
	if (!v->due || (v->matches && !is_doubtful(v)))
		return problems;
	if (v->outside)
		problems |= PROBLEM_MODIFIED_ERROR;
	if ((v->done->tries >= PLAN_FAILED_TRIES && v->done->tried != STEP_REMOVE) ||
	    v->done->unseen >= PLAN_FAILED_TRIES)
		problems |= PROBLEM_FAILED_TO_SET;
	if (!(problems & (PROBLEM_FAILED_TO_SET | PROBLEM_CONSTRAINTS)) && given(delayed) &&
	    reached(v->now, delayed) && strcmp(p->status, "setting") == 0)
		problems |= PROBLEM_DELAY_IN_SETTING;
	return problems;
}

static unsigned problems_of(const struct view *v, const struct plan *p)
{
	if (v->want->offline || p->step == STEP_CLOSE)
		return 0;
	if (v->lock->account_lost)
		return v->want->removal_asked ? PROBLEM_BEING_DELETED : 0;
	return v->over ? problems_of_removal(v) : problems_of_setting(v, p);
}

/* ---- the answer ---- */

static struct plan decide(const struct view *v)
{
	struct plan p = { .step = STEP_WAIT, .next_look = INSTANT_NONE };
	size_t i = 0;

	while (!rules[i].applies(v))
		i++;
	rules[i].fill(v, &p);
	take_obstacles(v, &p);
	if (p.step == STEP_WRITE)
		p.write = v->should;
	p.status = status_of(v);
	/* Held disabled is no schedule: only a lock that keeps the window itself has one. */
	p.scheduled_on_device = v->native && !v->over && !v->want->offline && is_satisfied(v) &&
				v->held_back && !reached(v->now, v->opens_at);
	p.problems = problems_of(v, &p);
	return p;
}

static bool same_answer(const struct plan *a, const struct plan *b)
{
	return a->step == b->step && a->reason == b->reason && a->problems == b->problems &&
	       a->scheduled_on_device == b->scheduled_on_device && strcmp(a->status, b->status) == 0;
}

/* Every moment that a rule above compares 'now' with. */
#define LINES 9
static void lines_of(const struct view *v, struct instant line[static LINES])
{
	struct instant held = v->done->last.starts_at;
	int64_t before_held = v->ls->start_lead_ms + MAX(v->ls->granularity_ms, 1) - 1;

	line[0] = v->due_at;
	line[1] = v->want->starts_at;
	line[2] = v->opens_at;
	line[3] = v->want->ends_at;
	line[4] = try_again_at(v->done);
	line[5] = after_delay(setting_since(v));
	line[6] = after_delay(over_since(v));
	line[7] = given(held) ? held : INSTANT_NONE;
	line[8] = given(held) ? instant_add_ms(held, -before_held) : INSTANT_NONE;
}

static struct instant next_line(const struct instant line[static LINES], struct instant after)
{
	struct instant next = INSTANT_MAX;

	for (size_t i = 0; i < LINES; i++) {
		if (given(line[i]) && instant_before(after, line[i]) && instant_before(line[i], next))
			next = line[i];
	}
	return next;
}

static struct instant next_look(const struct view *v, const struct plan *p)
{
	struct instant line[LINES], t;

	lines_of(v, line);
	for (t = next_line(line, v->now); !instant_eq(t, INSTANT_MAX); t = next_line(line, t)) {
		struct view then;
		struct plan other;

		view_init(&then, v->want, v->ls, v->done, v->lock, t);
		other = decide(&then);
		if (!same_answer(p, &other))
			return t;
	}
	return INSTANT_NONE;
}

struct plan plan_code(const struct declared *want, const struct lock_system *ls,
		      const struct attempt_record *done, const struct lock_facts *lock,
		      struct instant now)
{
	struct view v;
	struct plan p;

	view_init(&v, want, ls, done, lock, now);
	p = decide(&v);
	p.next_look = p.step == STEP_WAIT ? next_look(&v, &p) : now;
	return p;
}

int64_t plan_backoff_ms(int tries, uint32_t dice)
{
	int64_t ms = 5 * SECOND_MS;

	if (tries <= 0)
		return 0;
	while (--tries > 0 && ms < 30 * MINUTE_MS)
		ms *= 2;
	return MIN(ms, 30 * MINUTE_MS) * (800 + (int64_t)(dice % 401)) / 1000;
}
