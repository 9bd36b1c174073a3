/* reconcile - one turn: what was answered, what is due, what may be sent to the locks.
 *
 * All of a turn is one transaction, committed before the first lock is asked anything; the beliefs
 * in it are those of a program that may die in the next moment. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

#define FORGET_EVERY_MS HOUR_MS

/* ---- the name that the lock is to show ---- */

struct others {
	struct engine *engine;
	const struct store_code *code;
	struct store_list *list; /* asked for when the first name is in question */
	const char *only;	 /* not NULL: the one name that is free */
	int asked;
};

static bool name_is_taken(const char *shown, const void *data)
{
	struct others *o = *(struct others *const *)data;

	/* Is the name that it has one of those it may have? Then it keeps it. */
	if (o->only)
		return strcmp(shown, o->only) != 0 && ++o->asked < 100;
	if (!o->list)
		o->list = codes_of(o->engine, o->code->device_id, -1);
	for (guint i = 0; i < o->list->rows->len; i++) {
		const struct store_code *c = store_at(o->list, struct store_code, i);
		const char *has = c->managed ? c->shown_name : c->name;

		if (has && strcmp(c->access_code_id, o->code->access_code_id) != 0 &&
		    strcmp(has, shown) == 0)
			return true;
	}
	return false;
}

static struct appearance shown_by(struct engine *e, const struct lock_system *ls,
				  const struct store_code *c)
{
	struct others o = { .engine = e, .code = c, .only = c->shown_name }, *of = &o;
	const char *name = c->name ? c->name : "Code";
	struct appearance a;

	if (!(ls->name_rules & NAME_UNIQUE))
		return appearance_of(ls, name, NULL, NULL);
	a = appearance_of(ls, name, name_is_taken, &of);
	if (!o.only || strcmp(a.name, o.only) == 0)
		goto done;
	appearance_clear(&a);
	o.only = NULL;
	a = appearance_of(ls, name, name_is_taken, &of);
done:
	if (o.list)
		store_list_free(o.list);
	return a;
}

/* ---- planning one code ---- */

/* While an answer about it is settled, the store still has what was intended with it: counted as one
 * that is there, it would wait for the place that it does not take. */
static bool counts_itself(struct engine *e, const struct store_code *c)
{
	OWN(store_list) struct store_list *rows = store_code(e->store, c->access_code_id, NULL);

	return rows_in(rows) && is_on_lock(&first_code(rows)->done);
}

/* Only who is not on the lock yet needs room there. */
static bool lacks_room(struct engine *e, struct lane *l, const struct store_code *c,
		       const struct attempt_record *done)
{
	int slots = l->system.slots;

	if (is_on_lock(done))
		return false;
	return l->full ||
	       (slots > 0 && held_on(e, l) >= slots && held_on(e, l) - counts_itself(e, c) >= slots);
}

void ask(struct engine *e, struct lane *l, const struct store_code *c,
	 const struct attempt_record *done, struct question *q)
{
	*q = (struct question){ .shown = shown_by(e, &l->system, c),
				.system = &l->system,
				.done = done,
				.lock = { .reachable = lane_reachable(l), .account_lost = l->lost } };
	q->want = (struct declared){
		.pin = c->pin,
		.name = q->shown.name,
		.starts_at = c->starts_at,
		.ends_at = c->ends_at,
		.prefer_native = c->prefer_native,
		.external_ok = c->external_ok,
		.offline = c->offline,
		.one_time = c->one_time,
		.removal_asked = instant_known(c->removal_asked_at),
		.asked_at = c->created_at,
		.removal_asked_at = c->removal_asked_at,
	};
	if (c->offline || is_ending(e, c) ||
	    instant_before(engine_now(e), plan_due(&q->want, q->system)))
		return;
	q->lock.full = lacks_room(e, l, c, done); /* once it is to be written */
	/* One that is there with another PIN is to be given one that must be free too. */
	if (!is_on_lock(done) || g_strcmp0(done->last.pin, c->pin) != 0)
		q->lock.pin_held_by_other =
			g_hash_table_contains(l->rivalled, c->access_code_id) ||
			(c->pin && stranger_holds(e, l, c->pin));
}

struct thought think(struct engine *e, struct lane *l, const struct store_code *c,
		     const struct attempt_record *done)
{
	struct question q;

	ask(e, l, c, done, &q);
	return (struct thought){
		.plan = plan_code(&q.want, q.system, done, &q.lock, engine_now(e)),
		.shown = q.shown,
	};
}

static void close_code(struct engine *e, struct lane *l, struct store_code *c,
		       enum plan_reason reason)
{
	bool pool = c->backup == BACKUP_POOL;

	if (!instant_known(c->removal_asked_at))
		journal_code(e, "access_code.deleted", c);
	decide(e, c->access_code_id, reason, STEP_CLOSE, NULL);
	lane_leave(l, c->access_code_id);
	close_row(e, c, c->ever_set ? "removed" : "unset", reason);
	if (pool)
		pool_fill(e, l);
}

static bool consider_unmanaged(struct engine *e, struct lane *l, struct store_code *c)
{
	bool remove = instant_known(c->removal_asked_at);

	c->next_look = INSTANT_NONE;
	if (remove) {
		c->next_look = instant_add_ms(
			engine_now(e),
			c->done.tries ? plan_backoff_ms(c->done.tries, c->done.dice) : PARKED_MS);
		if (!lane_flies(l, c->access_code_id) && lane_reachable(l) &&
		    (c->done.tries == 0 || instant_diff_ms(engine_now(e), c->done.last_try_at) >=
						   plan_backoff_ms(c->done.tries, c->done.dice)))
			lane_wait(e, l, c);
	}
	put_code(e, c);
	return true;
}

static struct instant look_again(const struct engine *e, const struct plan *p, bool flies)
{
	struct instant now = engine_now(e);

	if (flies || p->step != STEP_WAIT)
		return instant_add_ms(now, PARKED_MS);
	/* A plan that asks for the present moment again would stop a standing clock for good. */
	if (instant_known(p->next_look) && !instant_before(now, p->next_look))
		return instant_add_ms(now, SECOND_MS);
	return p->next_look;
}

/* may_hold: the row lasts as long as the turn, which may carry the step out at once: it is then put
 * with that, or when the turn finds that it cannot. */
static bool consider_row(struct engine *e, struct store_code *c, bool may_hold)
{
	struct lane *l = lane_of(e, c->device_id);
	bool flies = lane_flies(l, c->access_code_id);

	if (!c->managed)
		return consider_unmanaged(e, l, c);
	struct thought t = think(e, l, c, flies ? &l->flight->before : &c->done);
	struct plan *p = &t.plan;

	appearance_clear(&t.shown); /* what is written is planned again when its turn comes */
	if (p->step == STEP_CLOSE) {
		if (!flies) {
			close_code(e, l, c, p->reason);
			return false;
		}
		p->status = "removing"; /* once the answer is there */
	}
	if (p->problems & (PROBLEM_DUPLICATE | PROBLEM_NO_SPACE))
		l->blocked = true;
	if (p->problems & PROBLEM_DUPLICATE)
		c->rival_id = keep(e, unmanaged_rival(e, l->device_id, c->pin));
	tell(e, c, p);
	if (!flies) {
		attempts_look(e, c, p);
		if (c->changing && plan_holds(p))
			mutation_end(e, c);
	}
	c->next_look = look_again(e, p, flies);
	c->next_try_text = p->next_look; /* what 'explain' says: a parked look is our own affair */
	if (may_hold && !l->flight && p->step != STEP_WAIT && p->step != STEP_READ)
		g_hash_table_insert(e->held, (char *)(uintptr_t)c->access_code_id, c);
	else
		put_code(e, c);
	if (flies || p->step == STEP_WAIT || p->step == STEP_CLOSE)
		lane_leave(l, c->access_code_id);
	else if (p->step == STEP_READ)
		lane_read(e, l);
	else
		lane_wait(e, l, c);
	return true;
}

bool consider(struct engine *e, struct store_code *c)
{
	return consider_row(e, c, false);
}

static void wake(struct engine *e, const char *device_id, unsigned with_problems)
{
	OWN(store_list) struct store_list *l = codes_of(e, device_id, -1);

	for (guint i = 0; i < rows_in(l); i++) {
		struct store_code *c = store_at(l, struct store_code, i);

		if (with_problems ? c->problems & with_problems
				  : c->managed || instant_known(c->removal_asked_at)) {
			c->next_look = engine_now(e);
			put_code(e, c);
		}
	}
}

void wake_device(struct engine *e, const char *device_id)
{
	wake(e, device_id, 0);
}

/* Its lock is there again. What did not wait for that goes on as before. */
void wake_cut_off(struct engine *e, const char *device_id)
{
	struct store_code_filter f = { .device_id = device_id,
				       .managed = -1,
				       .with_pool = true,
				       .cut_off = true };
	OWN(store_list) struct store_list *l = store_codes(e->store, &f, NULL, NULL);

	for (guint i = 0; i < rows_in(l); i++) {
		struct store_code *c = store_at(l, struct store_code, i);

		c->next_look = engine_now(e);
		put_code(e, c);
	}
}

/* Something left the lock: room, or a PIN, may be free. */
void wake_blocked(struct engine *e, struct lane *l)
{
	l->full = false;
	l->version++;
	if (!l->blocked)
		return;
	l->blocked = false;
	wake(e, l->device_id, PROBLEM_DUPLICATE | PROBLEM_NO_SPACE);
}

/* ---- the turn ---- */

/* A turn is short, so that the loop's other sources are served in between; each of its parts has a
 * share. Time that stands is cut by numbers alone: what happens in it must not hang on how fast the
 * machine is. */
#define SETTLE_US   4000
#define LOOK_US	    7000
#define PREPARE_US  10000

static bool is_spent(const struct engine *e, int64_t share_us)
{
	return !clock_is_standing(e->clock) &&
	       g_get_monotonic_time() - e->turn_began_us > share_us;
}

/* True when there are more than fit into one turn. */
static bool settle_answers(struct engine *e)
{
	struct flight *f;

	while ((f = g_queue_pop_head(&e->answered))) {
		carry_settle(e, f);
		if (is_spent(e, SETTLE_US))
			break;
	}
	return !g_queue_is_empty(&e->answered);
}

/* The same. */
static bool look_at_due(struct engine *e, struct store_list *due)
{
	for (guint i = 0; i < rows_in(due); i++) {
		consider_row(e, store_at(due, struct store_code, i), true);
		if (i + 1 < rows_in(due) && is_spent(e, LOOK_US))
			return true;
	}
	return rows_in(due) == TURN_BATCH;
}

/* What could not be carried out in this turn waits for its own. */
static void put_held(struct engine *e)
{
	GHashTableIter it;
	void *code;

	g_hash_table_iter_init(&it, e->held);
	while (g_hash_table_iter_next(&it, NULL, &code))
		put_code(e, code);
	g_hash_table_remove_all(e->held);
}

/* One step for each lane that has one and is free, the earliest start first. True when not all of
 * them had their turn. */
static bool prepare_flights(struct engine *e, GPtrArray *flights)
{
	struct lane *l;

	ready_resume(e);
	while ((l = ready_take(e))) {
		struct flight *f = carry_prepare(e, l);

		if (f)
			g_ptr_array_add(flights, f);
		else
			ready_pause(e, l);
		if (is_spent(e, PREPARE_US))
			return g_sequence_get_length(e->ready) > 0;
	}
	return false;
}

static void forget_history(struct engine *e)
{
	struct instant now = engine_now(e);

	if (instant_before(now, e->forget_at))
		return;
	e->forget_at = instant_add_ms(now, FORGET_EVERY_MS);
	store_forget_history(e->store, instant_add_ms(now, -e->history_ms), NULL);
}

static void arm_next(struct engine *e, bool more)
{
	struct instant next = more ? engine_now(e) : e->look_at;

	if (!instant_eq(next, INSTANT_MAX))
		arm(e, next);
	if (instant_known(poll_next(e)))
		arm(e, poll_next(e));
	if (instant_known(ready_next(e)))
		arm(e, ready_next(e));
	if (instant_known(audit_next(e)))
		arm(e, audit_next(e));
}

/* Moving a standing clock over it would only fail as often as it is tried again. Not before then,
 * though lanes whose step was dropped have asked for a turn at once. */
static void try_later(struct engine *e)
{
	clock_halt(e->clock);
	clock_cancel(e->clock, e->timer);
	e->timer = 0;
	e->timer_due = INSTANT_MAX;
	arm(e, instant_add_ms(engine_now(e), RETRY_STORE_MS));
}

/* What was read in it was not written down. */
static void not_kept(struct engine *e)
{
	GHashTableIter it;
	void *lane;

	g_hash_table_iter_init(&it, e->lanes);
	while (g_hash_table_iter_next(&it, NULL, &lane)) {
		((struct lane *)lane)->dirty = true;
		/* Nor who was woken: the next read counts as one that shows something new. */
		((struct lane *)lane)->blocked = true;
		memset(((struct lane *)lane)->shown, 0, sizeof ((struct lane *)lane)->shown);
		if (((struct lane *)lane)->read_in_turn == e->turns)
			poll_soon(e, lane);
	}
	try_later(e);
}

/* ---- turns that need no store ---- */

static bool lane_is_quiet(const struct engine *e, const struct lane *l)
{
	bool reads = l->read_wanted && l->online && !l->lost && !l->removed;

	return l->turns.length == 0 && (reads || g_sequence_is_empty(l->line) ||
					       instant_before(engine_now(e), l->not_before));
}

/* All that there is to do is to read locks, and to see that they show what they showed. That is
 * most of the turns of a quiet day: they cost no transaction. */
static bool is_quiet(struct engine *e)
{
	struct instant now = engine_now(e);
	GSequenceIter *at;

	if (e->draining || !instant_before(now, e->look_at) || !instant_before(now, e->forget_at))
		return false;
	for (const GList *i = e->answered.head; i; i = i->next) {
		const struct flight *f = i->data;

		if (f->kind != FLIGHT_READ || f->answer.result != DRIVER_OK || !is_old_news(f) ||
		    !lane_is_quiet(e, f->lane))
			return false;
	}
	ready_resume(e);
	for (at = g_sequence_get_begin_iter(e->ready); !g_sequence_iter_is_end(at);
	     at = g_sequence_iter_next(at)) {
		if (!lane_is_quiet(e, g_sequence_get(at)))
			return false;
	}
	return true;
}

static bool work_quietly(struct engine *e, GPtrArray *flights)
{
	bool more;

	e->turn_began_us = g_get_monotonic_time();
	more = settle_answers(e);
	poll_due(e);
	return prepare_flights(e, flights) || more;
}

/* ---- one turn ---- */

/* Everything of the turn that is in its transaction. True when there is more to do at once. */
static bool work_through(struct engine *e, GPtrArray *flights)
{
	GError *err = NULL;
	bool more;

	e->turn_began_us = g_get_monotonic_time();
	more = settle_answers(e);
	if (e->draining)
		return more;
	poll_due(e);
	OWN(store_list)
	struct store_list *due = store_codes_due(e->store, engine_now(e), TURN_BATCH, &err);
	if (!due)
		work_failed(e, err); /* or they would be asked for again at once, without end */
	more |= look_at_due(e, due);
	more |= prepare_flights(e, flights);
	put_held(e);
	forget_history(e);

	struct instant next = store_next_look(e->store);
	e->look_at = instant_known(next) ? next : INSTANT_MAX;
	return more;
}

void turn(void *ctx)
{
	struct engine *e = ctx;
	g_autoptr(GPtrArray) flights = g_ptr_array_new();
	bool more, kept = true;

	e->turns++;
	if (!listen_again(e)) {
		try_later(e);
		return;
	}
	audit_turn(e);
	if (is_quiet(e)) {
		more = work_quietly(e, flights);
	} else if (work_begin(e)) {
		more = work_through(e, flights);
		kept = work_end(e, true);
	} else {
		try_later(e);
		return;
	}
	for (guint i = 0; i < flights->len; i++) {
		if (kept)
			flight_launch(e, g_ptr_array_index(flights, i));
		else
			flight_drop(e, g_ptr_array_index(flights, i));
	}
	if (!kept)
		not_kept(e);
	else if (!e->draining)
		arm_next(e, more);
	else if (more)
		arm_now(e);
}
