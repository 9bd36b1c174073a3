/* sim_app - somebody with the maker's app, standing at the lock: codes changed and made behind
 * the engine's back. The app reaches the lock by itself, whether or not that is online; the lock
 * tells of it as soon as it can. */
#include "drivers/sim.h"

#include <string.h>

#include "core/error.h"

static bool say_why(const struct sim_outcome *said, GError **err)
{
	if (said->result == DRIVER_OK)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_REFUSED, "The lock refuses: %s.", said->text);
	return false;
}

static bool changed(struct sim_lock *lock, GError **err)
{
	sim_tell_codes_changed(lock);
	if (sim_memory_sync(lock->sim, sim_memory_mark(lock->sim)))
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "The simulated locks' memory could not be written.");
	return false;
}

/* A change keeps who made the code: the engine's own stays the engine's own. */
static bool change_code(struct sim_lock *lock, struct sim_code *code,
			const struct simulated_change *change, GError **err)
{
	bool timed = instant_known(change->starts_at) || instant_known(change->ends_at);
	char handle[16];
	struct on_lock wanted = {
		.pin = change->code ? change->code : code->pin,
		.name = change->name ? change->name : code->name,
		.starts_at = instant_known(change->starts_at) ? change->starts_at : code->starts_at,
		.ends_at = instant_known(change->ends_at) ? change->ends_at : code->ends_at,
		.enabled = code->enabled,
	};
	bool foreign = code->foreign;

	if (timed && lock->system.schedule != SCHEDULE_NATIVE) {
		g_set_error_literal(
			err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			"This lock keeps no schedule: its codes have no start and no end.");
		return false;
	}
	g_snprintf(handle, sizeof handle, "%u", code->handle);

	struct sim_outcome said = sim_lock_set(lock, handle, &wanted, true);

	if (!say_why(&said, err))
		return false;
	said.code->foreign = foreign;
	sim_memory_code(lock, said.code);
	return changed(lock, err);
}

bool simulated_app(struct driver *d, const char *device_id, const char *handle,
		   const char *pin, const struct simulated_change *change, GError **err)
{
	struct sim_lock *lock = sim_find(sim_of(d), device_id, err);

	if (!lock)
		return false;

	struct sim_code *code = pin ? sim_lock_code_of_pin(lock, pin) : sim_lock_code(lock, handle);

	if (!code) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
				    "The lock holds no such code.");
		return false;
	}
	if (!change->remove)
		return change_code(lock, code, change, err);
	sim_memory_gone(lock, code->handle);
	sim_lock_drop(lock, code->handle);
	return changed(lock, err);
}

bool simulated_app_add(struct driver *d, const char *device_id, const struct on_lock *code,
		       GError **err)
{
	struct sim_lock *lock = sim_find(sim_of(d), device_id, err);

	if (!lock)
		return false;

	struct sim_outcome said = sim_lock_set(lock, NULL, code, true);

	return say_why(&said, err) && changed(lock, err);
}
