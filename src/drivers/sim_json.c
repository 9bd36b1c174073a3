/* sim_json - what a lock holds, to be looked at: for tests, and for whoever wonders. */
#include "drivers/sim.h"

#include "core/jsonout.h"

static void put_codes(GString *out, const struct sim_lock *lock)
{
	jsonout_array(out, "codes");
	for (guint i = 0; i < lock->codes->len; i++) {
		const struct sim_code *code = lock->codes->pdata[i];
		char handle[16];

		g_snprintf(handle, sizeof handle, "%u", code->handle);
		jsonout_object(out, NULL);
		jsonout_string(out, "handle", handle);
		jsonout_string(out, "code", code->pin);
		jsonout_string(out, "name", code->name);
		jsonout_instant(out, "starts_at", code->starts_at);
		jsonout_instant(out, "ends_at", code->ends_at);
		jsonout_bool(out, "enabled", code->enabled);
		jsonout_bool(out, "opens_now", sim_lock_opens(lock, code));
		jsonout_bool(out, "made_in_app", code->foreign);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}

static void put_entered(GString *out, const struct sim_lock *lock)
{
	jsonout_array(out, "offline_codes_entered");
	for (guint i = 0; i < lock->entered->len; i++) {
		const struct sim_entered *e = &g_array_index(lock->entered, struct sim_entered, i);

		jsonout_object(out, NULL);
		jsonout_string(out, "code", e->pin);
		jsonout_instant(out, "starts_at", e->starts_at);
		jsonout_instant(out, "ends_at", e->ends_at);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}

static void put_faults(GString *out, const struct sim_lock *lock)
{
	jsonout_array(out, "faults");
	for (unsigned i = 0; i < SIM_FAULT_COUNT; i++) {
		if (lock->faults & SIM_BIT(i))
			jsonout_string(out, NULL, sim_fault_name(i));
	}
	jsonout_array_end(out);
}

char *simulated_lock_json(struct driver *d, const char *device_id, GError **err)
{
	struct sim_lock *lock = sim_find(sim_of(d), device_id, err);

	if (!lock)
		return NULL;

	GString *out = g_string_new(NULL);

	jsonout_object(out, NULL);
	jsonout_string(out, "device_id", lock->device_id);
	jsonout_string(out, "device_type", lock->system.device_type);
	jsonout_string(out, "name", lock->name);
	jsonout_bool(out, "online", sim_reachable(lock));
	jsonout_bool(out, "locked", lock->locked);
	jsonout_instant(out, "clock", sim_lock_clock(lock));
	jsonout_object(out, "slots");
	jsonout_int(out, "used", lock->codes->len);
	jsonout_int(out, "max", lock->system.slots);
	jsonout_object_end(out);
	put_codes(out, lock);
	put_entered(out, lock);
	jsonout_instant(out, "keypad_blocked_until", lock->blocked_until);
	put_faults(out, lock);
	jsonout_object_end(out);
	return g_string_free(out, FALSE);
}
