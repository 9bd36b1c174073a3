/* sim_door - the bolt: what typing, the radio and a hand do to it, and that it locks itself. */
#include "drivers/sim.h"

static void relock(void *ctx)
{
	struct sim_lock *lock = ctx;

	lock->relock_timer = 0;
	if (!lock->locked)
		sim_door_turn(lock, false, "automatic", NULL);
}

static void relock_soon(struct sim_lock *lock)
{
	struct clock *clock = lock->sim->driver.clock;

	clock_cancel(clock, lock->relock_timer);
	lock->relock_timer = 0;
	if (!lock->locked && lock->relocks && lock->relock_ms > 0)
		lock->relock_timer =
			clock_at(clock, instant_add_ms(clock_now(clock), lock->relock_ms),
				 relock, lock);
}

void sim_door_start(struct sim_lock *lock)
{
	relock_soon(lock);
}

/* An event for every use, even where the bolt is already there: somebody has used the lock. */
enum driver_result sim_door_turn(struct sim_lock *lock, bool unlock, const char *method,
				 const struct sim_code *code)
{
	if (sim_has(lock, SIM_JAMMED))
		return DRIVER_JAMMED;
	lock->locked = !unlock;
	sim_memory_state(lock);
	relock_soon(lock);
	sim_tell_door(lock, unlock, method, code);
	return DRIVER_OK;
}

bool sim_door_type(struct sim_lock *lock, const char *pin)
{
	struct sim_code *code;
	const char *reason;
	int blocked_before = lock->wrong_in_row;

	if (!lock->has_keypad)
		return false;
	if (sim_lock_type(lock, pin, &code, &reason))
		return sim_door_turn(lock, true, "keycode", code) == DRIVER_OK;
	/* A blocked keypad counts nothing, and reports nothing. */
	if (lock->wrong_in_row != blocked_before && lock->nature->deny_after > 0 &&
	    lock->wrong_in_row % lock->nature->deny_after == 0)
		sim_tell_denied(lock, reason);
	return false;
}
