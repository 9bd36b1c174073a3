/* plan_note - what an answer of the lock does to what is believed of it.
 *
 * The other half of plan.c: together they are a closed loop, which the tests run to its end from
 * every state. */
#include "engine/plan.h"

static void end_row(struct attempt_record *done)
{
	done->tries = 0;
	done->tried = STEP_WAIT;
	done->first_try_at = INSTANT_NONE;
}

/* A row of tries has ended well. */
static void succeeded(struct attempt_record *done, struct instant now)
{
	end_row(done);
	done->last_try_at = now;
	done->refused = false;
}

/* A read ends no row but its own: what failed before is still to be done. */
static void read_well(struct attempt_record *done)
{
	if (done->tried == STEP_READ)
		end_row(done);
}

static bool was_outside(const struct attempt_record *done)
{
	return done->belief == BELIEF_DIFFERENT || done->belief == BELIEF_GONE;
}

void plan_note_wrote(struct attempt_record *done, const struct on_lock *written, struct instant now)
{
	if (was_outside(done))
		done->fights++;
	done->belief = BELIEF_WRITTEN;
	done->last = *written;
	done->looked = false;
	succeeded(done, now);
}

void plan_note_enabled(struct attempt_record *done, struct instant now)
{
	done->last.enabled = true;
	done->looked = false;
	if (done->belief == BELIEF_PROVEN) /* proven was that it is there and disabled */
		done->belief = BELIEF_WRITTEN;
	succeeded(done, now);
}

void plan_note_removed(struct attempt_record *done, struct instant now)
{
	if (was_outside(done))
		done->fights++;
	done->belief = BELIEF_ABSENT;
	done->looked = false;
	done->unseen = 0;

	/* Where it was taken away to be written anew, it is late from when that began. */
	struct instant began = done->first_try_at.ms > 0 ? done->first_try_at : now;

	succeeded(done, now);
	done->first_try_at = began;
}

void plan_note_failed(struct attempt_record *done, enum step_kind step, bool uncertain,
		      bool refused, uint32_t dice, struct instant now)
{
	/* Reading belongs to the step that it is for: it does not begin a new row. */
	if (done->tries == 0 || (done->tried != (int)step && step != STEP_READ)) {
		done->tries = 0;
		done->tried = (int)step;
		done->first_try_at = now;
	}
	if (done->tries < G_MAXINT)
		done->tries++;
	done->last_try_at = now;
	done->dice = dice;
	if (refused && step != STEP_READ)
		done->refused = true;
	if (uncertain && step != STEP_READ)
		done->belief = BELIEF_UNCERTAIN;
}

/* Not there. A write that was acknowledged and never seen did not take: a failed try, and nobody
 * from outside. A lock that takes every write and shows none has failed as often. */
static void saw_nothing(struct attempt_record *done, struct instant now)
{
	enum belief was = done->belief;
	bool seen = done->looked;

	done->looked = false;
	switch (was) {
	case BELIEF_WRITTEN:
		if (seen) { /* it was seen there, if not its PIN */
			done->belief = BELIEF_GONE;
			break;
		}
		done->belief = BELIEF_ABSENT;
		plan_note_failed(done, STEP_WRITE, false, false, done->dice, now);
		if (done->unseen < G_MAXINT)
			done->unseen++;
		done->tries = MAX(done->tries, done->unseen);
		break;
	case BELIEF_UNCERTAIN:
		done->belief = BELIEF_ABSENT; /* the row of tries goes on */
		break;
	case BELIEF_PROVEN:
	case BELIEF_DIFFERENT:
		done->belief = BELIEF_GONE;
		break;
	case BELIEF_ABSENT:
	case BELIEF_GONE:
		break;
	}
}

/* What was read. A PIN that is hidden is believed to be the one that was last given to it. */
static void take_found(struct attempt_record *done, const struct on_lock *found)
{
	const char *pin = found->pin ? found->pin : done->last.pin;

	done->last = *found;
	done->last.pin = pin;
}

void plan_note_saw(struct attempt_record *done, const struct on_lock *found,
		   const struct lock_system *ls, struct instant now)
{
	if (!found) {
		saw_nothing(done, now);
		return;
	}
	done->unseen = 0;
	if (done->belief == BELIEF_UNCERTAIN || done->belief == BELIEF_ABSENT ||
	    done->belief == BELIEF_GONE) {
		/* What is there is what is there; plan_code compares it with what should be. */
		take_found(done, found);
		done->belief = found->pin ? BELIEF_PROVEN : BELIEF_WRITTEN;
		done->looked = true;
		read_well(done);
		return;
	}
	enum same same = plan_compare(&done->last, found, ls);

	if (same == SAME && !found->pin)
		same = UNKNOWABLE; /* nothing proves a PIN that nobody can read */
	switch (same) {
	case SAME:
		done->belief = done->belief == BELIEF_DIFFERENT ? BELIEF_DIFFERENT : BELIEF_PROVEN;
		read_well(done);
		break;
	case UNKNOWABLE:
		if (done->belief == BELIEF_PROVEN)
			done->belief = BELIEF_WRITTEN;
		done->looked = true;
		read_well(done);
		break;
	case DIFFERENT:
		done->belief = BELIEF_DIFFERENT;
		take_found(done, found);
		read_well(done);
		break;
	}
}

void plan_note_edited(struct attempt_record *done)
{
	if (done->belief == BELIEF_DIFFERENT)
		done->belief = BELIEF_PROVEN;
	if (done->belief == BELIEF_GONE)
		done->belief = BELIEF_ABSENT;
	done->refused = false;
	done->fights = 0;
	done->unseen = 0;
	end_row(done);
}
