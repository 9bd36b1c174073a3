/* plan: whole lives, on a lock that is played here: from every state to its end, through failures,
 * lost answers and people with the maker's app, and over the nights when the clocks change. */
#include "tests/engine/plan-fixture.h"

#include "core/zone.h"

/* ---- a lock of one place ---- */

struct played {
	enum lock_kind kind;
	bool holds;
	struct on_lock code;
	int writes_over; /* writes of a new code where one was: doubles */
};

/* Would it open the door? */
static bool is_open(const struct played *lock, struct instant now)
{
	const struct on_lock *c = &lock->code;

	return lock->holds && c->enabled &&
	       (!instant_known(c->starts_at) || !instant_before(now, c->starts_at)) &&
	       (!instant_known(c->ends_at) || instant_before(now, c->ends_at));
}

static void do_write(struct played *lock, const struct attempt_record *done,
		     const struct on_lock *write)
{
	if (lock->holds &&
	    (done->belief == BELIEF_ABSENT || done->belief == BELIEF_GONE))
		lock->writes_over++;
	lock->holds = true;
	lock->code = *write;
}

static void do_step(struct played *lock, const struct attempt_record *done, const struct plan *p)
{
	if (p->step == STEP_WRITE)
		do_write(lock, done, &p->write);
	if (p->step == STEP_ENABLE && lock->holds)
		lock->code.enabled = true;
	if (p->step == STEP_REMOVE)
		lock->holds = false;
}

static void note_step(struct played *lock, struct attempt_record *done, const struct plan *p,
		      struct instant now)
{
	struct on_lock found = lock->code;

	if (locks[lock->kind].read_back == READ_MASKED)
		found.pin = NULL;
	if (p->step == STEP_WRITE)
		plan_note_wrote(done, &p->write, now);
	if (p->step == STEP_ENABLE)
		plan_note_enabled(done, now);
	if (p->step == STEP_REMOVE)
		plan_note_removed(done, now);
	if (p->step == STEP_READ)
		plan_note_saw(done, lock->holds ? &found : NULL, &locks[lock->kind], now);
}

/* ---- every state, to its end ---- */

struct combination {
	enum lock_kind lock;
	enum code_kind code;
	enum belief belief;
	int last;    /* 0 as it should be, 1 another PIN, 2 another window, 3 turned */
	int world;   /* bits: 1 cut off, 2 account lost, 4 full, 8 PIN held */
	int wish;    /* bits: 1 outside allowed, 2 deleted, 4 refused, 8 fought, 16 tried thrice */
	int64_t now;
};

static const int64_t begins[] = { L72 - 1,	 L72,	  L72 + 1,   L60 - 1, L60, ST - 1, ST,
				  ST + MINUTE_MS, EN - 1, EN + DAY_MS };

static void same_until(const char *name, const struct declared *want, const struct lock_system *ls,
		       const struct attempt_record *done, const struct lock_facts *lock,
		       const struct plan *p, struct instant t)
{
	struct plan q = plan_code(want, ls, done, lock, t);

	ROW_INT(name, q.step, STEP_WAIT);
	ROW_INT(name, q.reason, p->reason);
	ROW_TEXT(name, q.status, p->status);
	ROW_INT(name, q.problems, p->problems);
	ROW_INT(name, q.scheduled_on_device, p->scheduled_on_device);
	ROW_INT(name, q.next_look.ms, p->next_look.ms);
}

static void check_step(const char *name, const struct declared *want, const struct lock_system *ls,
		       const struct plan *p, struct instant now)
{
	bool bound = instant_known(want->starts_at);

	if (p->step == STEP_WRITE || p->step == STEP_ENABLE) {
		ROW_INT(name, want->removal_asked, false);
		ROW_INT(name, bound && !instant_before(now, want->ends_at), false);
		ROW_INT(name, instant_before(now, plan_due(want, ls)), false);
	}
	if (p->step == STEP_WRITE && ls->schedule == SCHEDULE_NATIVE && bound &&
	    want->prefer_native) {
		ROW_INT(name, p->write.starts_at.ms, want->starts_at.ms);
		ROW_INT(name, p->write.ends_at.ms, want->ends_at.ms);
	}
	if (p->step == STEP_WRITE && ls->schedule == SCHEDULE_DISABLED && bound)
		ROW_INT(name, p->write.enabled, !instant_before(now, want->starts_at));
}

static void live(const struct combination *c)
{
	const struct lock_system *ls = &locks[c->lock];
	struct declared want = declared_of(c->code);
	struct lock_facts facts = { .reachable = !(c->world & 3),
				    .account_lost = c->world & 2,
				    .full = c->world & 4,
				    .pin_held_by_other = c->world & 8 };
	struct played lock = { .kind = c->lock,
			       .holds = c->belief != BELIEF_ABSENT && c->belief != BELIEF_GONE,
			       .code = held_by(c->lock, c->code, c->now) };
	struct attempt_record done = { .belief = c->belief,
				       .last_try_at = INSTANT_NONE,
				       .first_try_at = INSTANT_NONE,
				       .refused = c->wish & 4,
				       .fights = c->wish & 8 ? PLAN_FIGHTS_MAX : 0,
				       .dice = 200 };
	struct instant now = moment(c->now);
	struct plan p = { 0 };
	char name[96];

	want.external_ok = c->wish & 1;
	want.removal_asked = c->wish & 2;
	if (c->wish & 16) {
		done.tries = 3;
		done.last_try_at = done.first_try_at = now;
	}
	if (c->last == 1)
		lock.code.pin = "9999";
	if (c->last == 2)
		lock.code.starts_at = lock.code.ends_at = INSTANT_NONE;
	if (c->last == 3)
		lock.code.enabled = !lock.code.enabled;
	done.last = lock.code;
	g_snprintf(name, sizeof name, "lock %d code %d belief %d last %d world %d wish %d now %" PRId64,
		   c->lock, c->code, c->belief, c->last, c->world, c->wish, c->now);

	for (int steps = 0;; steps++) {
		if (steps > 60)
			fail_msg("%s: does not come to rest", name);
		p = plan_code(&want, ls, &done, &facts, now);
		check_step(name, &want, ls, &p, now);
		if (p.step == STEP_CLOSE)
			break;
		if (p.step != STEP_WAIT) {
			ROW_INT(name, facts.reachable && !facts.account_lost, true);
			do_step(&lock, &done, &p);
			note_step(&lock, &done, &p, now);
			continue;
		}
		if (!instant_known(p.next_look))
			break;
		ROW_INT(name, instant_before(now, p.next_look), true);
		same_until(name, &want, ls, &done, &facts, &p, instant_add_ms(p.next_look, -1));
		same_until(name, &want, ls, &done, &facts, &p,
			   (struct instant){ now.ms + (p.next_look.ms - now.ms) / 2 });
		now = p.next_look;
	}
	ROW_INT(name, lock.writes_over, 0);
	/* A life that can end has ended, and left nothing behind. */
	if (facts.reachable && (c->code != ONGOING || want.removal_asked)) {
		ROW_INT(name, p.step, STEP_CLOSE);
		ROW_INT(name, lock.holds, false);
	}
}

static void every_state_has_an_exit(void **state)
{
	struct combination c;

	(void)state;
	for (c.lock = 0; c.lock < LOCK_KINDS; c.lock++)
		for (c.code = 0; c.code < OFFLINE; c.code++)
			for (c.belief = 0; c.belief <= BELIEF_UNCERTAIN; c.belief++)
				for (c.last = 0; c.last < 4; c.last++)
					for (c.world = 0; c.world < 16; c.world++)
						for (c.wish = 0; c.wish < 32; c.wish++)
							FOR_ROWS(i, begins)
							{
								c.now = begins[i];
								live(&c);
							}
}

/* ---- through trouble ---- */

static uint32_t draw(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

/* A step that may fail in each way there is; true: answered as it should be. */
static void stumble(struct played *lock, struct attempt_record *done, const struct plan *p,
		    struct instant now, uint32_t *seed)
{
	uint32_t dice = draw(seed, 1000);

	switch (draw(seed, 5)) {
	case 0: /* did not reach the lock */
		plan_note_failed(done, p->step, false, false, dice, now);
		return;
	case 1: /* done, and the answer lost */
		do_step(lock, done, p);
		plan_note_failed(done, p->step, true, false, dice, now);
		return;
	case 2: /* lost on the way there */
		plan_note_failed(done, p->step, true, false, dice, now);
		return;
	default:
		do_step(lock, done, p);
		note_step(lock, done, p, now);
	}
}

static void interfere(struct played *lock, struct attempt_record *done, uint32_t *seed,
		      struct instant now)
{
	const struct lock_system *ls = &locks[lock->kind];
	bool known = done->belief == BELIEF_PROVEN;

	if (!lock->holds || !known || draw(seed, 4) != 0)
		return;
	if (draw(seed, 2) == 0)
		lock->holds = false;
	else
		lock->code.pin = "7777";
	if (ls->read_back == READ_ALL)
		plan_note_saw(done, lock->holds ? &lock->code : NULL, ls, now);
}

static void struggle(enum lock_kind kind, enum code_kind code, uint32_t seed)
{
	struct declared want = declared_of(code);
	struct lock_facts facts = { .reachable = true };
	struct played lock = { .kind = kind };
	struct attempt_record done = { .last_try_at = INSTANT_NONE, .first_try_at = INSTANT_NONE };
	struct instant now = moment(L72 - HOUR_MS);
	uint32_t at_first = seed;
	char name[64];

	g_snprintf(name, sizeof name, "lock %d code %d seed %u", kind, code, at_first);
	for (int steps = 0;; steps++) {
		struct plan p = plan_code(&want, &locks[kind], &done, &facts, now);
		bool native = locks[kind].schedule == SCHEDULE_NATIVE && code == STAY;

		if (steps > 2000)
			fail_msg("%s: does not come to rest", name);
		check_step(name, &want, &locks[kind], &p, now);
		/* Early only where the lock has no schedule, and then by an hour at most. */
		if (is_open(&lock, now) && code != ONGOING)
			ROW_INT(name, instant_before(now, moment(native || kind == DIS ? ST : L60)),
				false);
		if (p.step == STEP_CLOSE)
			break;
		if (p.step == STEP_WAIT) {
			if (!instant_known(p.next_look)) {
				/* An ongoing code at rest; one never resolved is deleted by a person. */
				want.removal_asked = true;
				continue;
			}
			interfere(&lock, &done, &seed, now);
			now = p.next_look;
			continue;
		}
		stumble(&lock, &done, &p, now, &seed);
		now = instant_add_ms(now, draw(&seed, 3000));
	}
	ROW_INT(name, lock.writes_over, 0);
	ROW_INT(name, lock.holds, false);
}

static void trouble_passes(void **state)
{
	(void)state;
	for (enum lock_kind lock = 0; lock < LOCK_KINDS; lock++) {
		if (lock == BLIND)
			continue; /* what is lost there nobody can know */
		for (enum code_kind code = 0; code < OFFLINE; code++)
			for (uint32_t seed = 1; seed <= 300; seed++)
				struggle(lock, code, seed);
	}
}

/* ---- the nights when the clocks change ---- */

static const struct {
	const char *zone, *from, *until; /* on the wall; as instants below */
	const char *starts_at, *ends_at;
} nights[] = {
	{ "Europe/Berlin", "28 Mar 15:00", "29 Mar 11:00", "2026-03-28T14:00:00Z",
	  "2026-03-29T09:00:00Z" },
	{ "Europe/Berlin", "29 Mar 01:30", "29 Mar 03:30", "2026-03-29T00:30:00Z",
	  "2026-03-29T01:30:00Z" },
	{ "Europe/Berlin", "24 Oct 15:00", "25 Oct 11:00", "2026-10-24T13:00:00Z",
	  "2026-10-25T10:00:00Z" },
	{ "America/New_York", "7 Mar 15:00", "8 Mar 11:00", "2026-03-07T20:00:00Z",
	  "2026-03-08T15:00:00Z" },
	{ "America/New_York", "31 Oct 15:00", "1 Nov 11:00", "2026-10-31T19:00:00Z",
	  "2026-11-01T16:00:00Z" },
	{ "Australia/Sydney", "3 Oct 15:00", "4 Oct 11:00", "2026-10-03T05:00:00Z",
	  "2026-10-04T00:00:00Z" },
	{ "Australia/Sydney", "4 Apr 15:00", "5 Apr 11:00", "2026-04-04T04:00:00Z",
	  "2026-04-05T01:00:00Z" },
};

static const struct {
	bool end;
	int64_t lead;
	enum lock_kind lock;
	enum belief belief;
	enum step_kind before, at;
	const char *status_before, *status_at;
} lines[] = {
	{ false, L72, NAT, BELIEF_ABSENT, STEP_WAIT, STEP_WRITE, "unset", "unset" },
	{ false, L60, NON, BELIEF_ABSENT, STEP_WAIT, STEP_WRITE, "unset", "setting" },
	{ false, ST, NAT, BELIEF_PROVEN, STEP_WAIT, STEP_WAIT, "unset", "set" },
	{ true, ST, NAT, BELIEF_PROVEN, STEP_WAIT, STEP_REMOVE, "set", "removing" },
};

static void clock_changes_move_no_line(void **state)
{
	(void)state;
	FOR_ROWS(n, nights)
	{
		const struct zone *z = zone_get(nights[n].zone);
		struct declared want = declared_of(STAY);
		struct civil wall;

		want.starts_at = at(nights[n].starts_at);
		want.ends_at = at(nights[n].ends_at);
		/* the instants are what the walls say, so both mean the same */
		wall = civil_at(z, want.starts_at);
		ROW_INT(nights[n].zone, wall.hour, n == 1 ? 1 : 15);
		wall = civil_at(z, want.ends_at);
		ROW_INT(nights[n].zone, wall.hour, n == 1 ? 3 : 11);
		FOR_ROWS(i, lines)
		{
			struct instant line = instant_add_ms(
				lines[i].end ? want.ends_at : want.starts_at, lines[i].lead);
			struct lock_facts facts = { .reachable = true };
			struct attempt_record done = {
				.belief = lines[i].belief,
				.last = { .pin = want.pin, .name = want.name,
					  .starts_at = want.starts_at, .ends_at = want.ends_at,
					  .enabled = true },
				.last_try_at = INSTANT_NONE,
				.first_try_at = INSTANT_NONE,
			};

			for (int s = -1; s <= 1; s++) {
				struct plan p = plan_code(&want, &locks[lines[i].lock], &done, &facts,
							  instant_add_ms(line, s * SECOND_MS));

				ROW_INT(nights[n].from, p.step,
					s < 0 ? lines[i].before : lines[i].at);
				ROW_TEXT(nights[n].from, p.status,
					 s < 0 ? lines[i].status_before : lines[i].status_at);
				if (s < 0)
					ROW_INT(nights[n].from, p.next_look.ms, line.ms);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_an_exit),
		cmocka_unit_test(trouble_passes),
		cmocka_unit_test(clock_changes_move_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
