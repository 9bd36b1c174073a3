/* carry - what a lane does next, and what the answers mean.
 *
 * Before the driver is asked, the store says 'uncertain': whoever finds that after a crash reads
 * the lock before anything else. The answer makes it certain again. An answer is only noted when it
 * comes; the next turn takes all that have come in one transaction. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

/* ---- what a lane does next ---- */

/* last is what is meant to be there: a write whose answer is lost is found again by it. */
static void intend(struct engine *e, struct store_code *c, struct flight *f)
{
	f->access_code_id = flight_word(f, c->access_code_id);
	f->handle = flight_word(f, c->handle);
	f->before = c->done;
	f->before.last = flight_code(f, &c->done.last);
	c->done.belief = BELIEF_UNCERTAIN;
	if (f->kind == FLIGHT_SET)
		c->done.last = f->write;
	c->next_look = instant_add_ms(engine_now(e), PARKED_MS);
	put_code(e, c);
}

static struct flight *prepare_step(struct engine *e, struct lane *l, struct store_code *c)
{
	struct thought t = think(e, l, c, &c->done);
	bool writes = t.plan.step == STEP_WRITE, enables = t.plan.step == STEP_ENABLE;
	struct flight *f;

	if (!writes && !enables && t.plan.step != STEP_REMOVE) {
		appearance_clear(&t.shown);
		consider(e, c);
		return NULL;
	}
	f = flight_new(e, l, t.plan.step == STEP_REMOVE ? FLIGHT_REMOVE : FLIGHT_SET);
	f->step = t.plan.step;
	f->reason = t.plan.reason;
	f->write = flight_code(f, writes ? &t.plan.write : &c->done.last);
	if (enables)
		f->write.enabled = true;
	f->shown = t.shown;
	decide(e, c->access_code_id, f->reason, f->step, NULL);
	intend(e, c, f);
	return f;
}

/* The row, out of this turn's hand or the store. */
static bool take_row(struct engine *e, const char *access_code_id, struct store_list **rows,
		     struct store_code *out)
{
	const struct store_code *held = g_hash_table_lookup(e->held, access_code_id);

	if (held) {
		*out = *held;
		g_hash_table_remove(e->held, access_code_id);
		return true;
	}
	*rows = store_code(e->store, access_code_id, NULL);
	if (rows_in(*rows))
		*out = *first_code(*rows);
	return rows_in(*rows) > 0;
}

static struct flight *prepare_code(struct engine *e, struct lane *l)
{
	struct flight *f = NULL;

	while (!f && !g_sequence_is_empty(l->line)) {
		GSequenceIter *first = g_sequence_get_begin_iter(l->line);
		struct waiting *w = g_sequence_get(first);
		OWN(store_list) struct store_list *rows = NULL;
		struct store_code c;
		bool there = take_row(e, w->access_code_id, &rows, &c);

		g_hash_table_remove(l->in_line, w->access_code_id);
		g_sequence_remove(first);
		if (!there)
			continue;
		if (c.managed) {
			f = prepare_step(e, l, &c);
		} else if (instant_known(c.removal_asked_at) && lane_reachable(l)) {
			f = flight_new(e, l, FLIGHT_REMOVE);
			f->step = STEP_REMOVE;
			intend(e, &c, f);
		}
	}
	return f;
}

struct flight *carry_prepare(struct engine *e, struct lane *l)
{
	struct flight *f = g_queue_pop_head(&l->turns);

	if (!f && instant_before(engine_now(e), l->not_before))
		return NULL;
	if (f && f->kind == FLIGHT_TURN) {
		g_free(l->turned_by);
		l->turned_by = g_strdup(f->attempt_id);
		l->turned_unlock = f->unlock;
		l->turned_at = INSTANT_NONE;
	}
	/* A read answers what the writes behind it have to ask. */
	if (!f && l->read_wanted && l->online && !l->lost && !l->removed) {
		l->read_wanted = false;
		f = flight_new(e, l, FLIGHT_READ);
	}
	if (!f)
		f = prepare_code(e, l);
	l->flight = f;
	if (f && f->access_code_id)
		l->version++;
	return f;
}

/* ---- answers ---- */

/* What an answer other than OK means for a code. */
static const struct outcome {
	bool fails;	/* a try that counts */
	bool uncertain; /* it may have been done */
	bool refused, full, rival, gone;
} outcomes[] = {
	[DRIVER_OK] = { 0 },
	[DRIVER_UNREACHABLE] = { .fails = true },
	[DRIVER_LOST] = { .fails = true, .uncertain = true },
	[DRIVER_REFUSED] = { .fails = true, .refused = true },
	[DRIVER_FULL] = { .full = true }, /* no failed try: it waits until something leaves */
	[DRIVER_DUPLICATE] = { .fails = true, .rival = true },
	[DRIVER_NOT_THERE] = { .gone = true },
	[DRIVER_JAMMED] = { .fails = true },
	[DRIVER_BUSY] = { .fails = false },
};

static void settle_written(struct engine *e, struct store_code *c, struct flight *f)
{
	const struct driver_answer *a = &f->answer;
	struct on_lock written = f->write;

	if (a->pin && !written.pin) {
		take_assigned_pin(e, c, a->pin);
		written.pin = a->pin;
	}
	if (f->step == STEP_ENABLE)
		plan_note_enabled(&c->done, engine_now(e));
	else
		plan_note_wrote(&c->done, &written, engine_now(e));
	c->shown_name = f->shown.name;
	c->shown_first = f->shown.first;
	c->shown_last = f->shown.last;
	if (a->handle)
		c->handle = a->handle;
}

static void settle_removed(struct engine *e, struct store_code *c, const struct flight *f)
{
	plan_note_removed(&c->done, engine_now(e));
	c->handle = NULL;
	c->shown_name = c->shown_first = c->shown_last = NULL;
	if (c->managed && is_ending(e, c))
		journal_code(e, "access_code.removed_from_device", c);
	wake_blocked(e, f->lane);
}

static void settle_failed(struct engine *e, struct store_code *c, const struct flight *f)
{
	const struct outcome *o = &outcomes[f->answer.result];

	if (o->fails) {
		plan_note_failed(&c->done, f->step, o->uncertain, o->refused,
				 (uint32_t)chance_bits(e), engine_now(e));
		/* Its first try was when it was first due, if that is known. */
		if (instant_known(f->before.first_try_at))
			c->done.first_try_at = f->before.first_try_at;
	}
	if (o->uncertain && f->kind == FLIGHT_SET)
		c->done.last = f->write;
	if (o->full)
		f->lane->full = f->lane->blocked = true;
	if (o->rival) {
		g_hash_table_add(f->lane->rivalled, g_strdup(c->access_code_id));
		f->lane->blocked = true;
		lane_read(e, f->lane); /* who holds it? */
	}
	if (o->gone)
		saw_code(e, f->lane, c, NULL);
	decide(e, c->access_code_id, f->reason, f->step, f->answer.text);
}

static void close_unmanaged(struct engine *e, struct store_code *c)
{
	journal_code(e, "access_code.unmanaged.removed", c);
	close_row(e, c, "removed", REASON_REVOKED);
}

static bool is_pin_refused(enum driver_result result)
{
	return outcomes[result].refused || outcomes[result].rival;
}

static void settle_code(struct engine *e, struct flight *f)
{
	OWN(store_list) struct store_list *rows = store_code(e->store, f->access_code_id, NULL);
	enum driver_result result = f->answer.result;

	/* Its account or its device was deleted meanwhile. */
	if (!rows_in(rows))
		return;
	struct store_code c = *first_code(rows);
	c.done = f->before; /* certain again: each outcome begins from what was planned from */
	if (f->kind == FLIGHT_SET && result == DRIVER_OK) {
		settle_written(e, &c, f);
	} else if (f->kind == FLIGHT_REMOVE &&
		   (result == DRIVER_OK || result == DRIVER_NOT_THERE)) {
		settle_removed(e, &c, f);
		if (!c.managed) {
			close_unmanaged(e, &c);
			return;
		}
	} else {
		settle_failed(e, &c, f);
	}
	/* Another PIN may do where this one did not. */
	if (f->kind == FLIGHT_SET && pool_replaces(e, f->lane, &c, is_pin_refused(result)))
		return;
	if (f->kind == FLIGHT_SET && result == DRIVER_OK && c.backup != BACKUP_POOL)
		pool_renew(e, f->lane);
	consider(e, &c);
}

/* Those whose state hangs on the read: it failed, or it cannot be had at all. */
static void no_read(struct engine *e, struct lane *l, bool never)
{
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, 1);

	for (guint i = 0; i < rows_in(codes); i++) {
		struct store_code c = *store_at(codes, struct store_code, i);
		bool hangs = c.done.belief == BELIEF_UNCERTAIN ||
			     (c.done.belief == BELIEF_WRITTEN && !c.done.looked);

		if (!hangs || c.offline)
			continue;
		if (never) {
			c.done.looked = true;
			if (c.done.belief == BELIEF_UNCERTAIN)
				c.done.belief = BELIEF_WRITTEN;
		} else {
			plan_note_failed(&c.done, STEP_READ, false, false, (uint32_t)chance_bits(e),
					 engine_now(e));
		}
		consider(e, &c);
	}
}

static void settle_read(struct engine *e, struct flight *f)
{
	struct lane *l = f->lane;
	enum driver_result result = f->answer.result;

	if (result == DRIVER_OK) {
		l->read_tries = 0;
		observe(e, f);
		return;
	}
	if (result == DRIVER_REFUSED) { /* it shows nothing: what was acknowledged is all we know */
		l->unreadable = true;
		no_read(e, l, true);
		first_read_over(e, l);
		return;
	}
	lane_read(e, l);
	if (result == DRIVER_BUSY)
		return;
	no_read(e, l, false);
	l->not_before = instant_add_ms(engine_now(e),
				       plan_backoff_ms(++l->read_tries, (uint32_t)chance_bits(e)));
}

/* ---- lock and unlock ---- */

static void settle_turn(struct engine *e, struct flight *f)
{
	if (!attempt_end(e, f->attempt_id, &f->answer, "{\"was_confirmed_by_device\":true}"))
		return;
	journal_attempt(e, &(struct store_attempt){
				   .action_attempt_id = f->attempt_id,
				   .action_type = f->unlock ? "UNLOCK_DOOR" : "LOCK_DOOR",
				   .device_id = f->lane->device_id,
				   .status = f->answer.result == DRIVER_OK ? "success" : "error" });
	f->lane->turned_at = engine_now(e);
}

void carry_settle(struct engine *e, struct flight *f)
{
	struct lane *l = f->lane;

	l->flight = NULL;
	l->version++;
	count_answer(e, f);
	if (f->answer.result == DRIVER_BUSY)
		l->not_before =
			instant_add_ms(engine_now(e), MAX(f->answer.retry_after_ms, SECOND_MS));
	ready_add(e, l);
	if (f->kind == FLIGHT_READ)
		l->read_in_turn = e->turns;
	if (f->kind == FLIGHT_READ)
		settle_read(e, f);
	else if (f->kind == FLIGHT_TURN)
		settle_turn(e, f);
	else if (f->kind == FLIGHT_AUTO_LOCK)
		settle_auto_lock(e, f);
	else
		settle_code(e, f);
	flight_free(f);
}
