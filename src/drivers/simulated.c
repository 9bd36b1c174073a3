/* simulated - the driver itself: putting its parts together, and what can be asked of it beside
 * driver.h. */
#include "drivers/sim.h"

#include "core/error.h"
#include "core/plain_file.h"

struct sim_lock *sim_find(struct sim *sim, const char *device_id, GError **err)
{
	struct sim_lock *lock = device_id ? g_hash_table_lookup(sim->by_id, device_id) : NULL;

	if (!lock)
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
				    "There is no such lock in the simulation.");
	return lock;
}

/* ---- driver.h ---- */

static void sim_start(struct driver *d)
{
	struct sim *sim = sim_of(d);

	sim->started = true;
	for (guint i = 0; i < sim->locks->len; i++) {
		struct sim_lock *lock = sim->locks->pdata[i];

		sim_tell_device(lock);
		sim_door_start(lock);
	}
	/* After all devices: an account that is lost says so of locks that are known by now. */
	for (guint i = 0; i < sim->locks->len; i++) {
		struct sim_lock *lock = sim->locks->pdata[i];

		if (sim_has(lock, SIM_ACCOUNT))
			sim_tell_account(lock, false);
	}
	if (sim->people && sim->visits->len == 0)
		sim_people_start(sim);
}

static const char *sim_offline_token(struct driver *d, const char *device_id)
{
	const struct sim_lock *lock = sim_find(sim_of(d), device_id, NULL);

	return lock && lock->system.offline_codes ? lock->token : NULL;
}

static void account_free(void *p)
{
	struct sim_account *account = p;

	g_free(account->account_id);
	g_free(account->name);
	g_free(account->device_type);
	g_free(account);
}

static void lock_free(void *p)
{
	sim_lock_free(p);
}

static void sim_free(struct driver *d)
{
	struct sim *sim = sim_of(d);

	sim_people_stop(sim);
	sim_radio_drop_refusals(sim);
	sim_memory_close(sim->memory);
	g_hash_table_unref(sim->by_id);
	g_ptr_array_unref(sim->locks);
	g_ptr_array_unref(sim->accounts);
	g_array_unref(sim->stays);
	g_string_chunk_free(sim->chunk);
	g_free(sim->property_name);
	g_free(sim);
}

static const struct driver_ops ops = {
	.name = "simulated",
	.start = sim_start,
	.read = sim_radio_read,
	.set = sim_radio_set,
	.remove = sim_radio_remove,
	.turn = sim_radio_turn,
	.auto_lock = sim_radio_auto_lock,
	.offline_token = sim_offline_token,
	.free = sim_free,
};

static bool sim_load(struct sim *sim, const struct simulated_options *opt, GError **err)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) why = NULL;
	struct sim_memory *memory = NULL;

	if (!plain_file_keys(file, opt->property, &why)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "The property file %s%s%s",
			    why->domain == G_FILE_ERROR ? "" : opt->property,
			    why->domain == G_FILE_ERROR ? "" : " cannot be read: ", why->message);
		return false;
	}
	if (!sim_property_locks(sim, file, opt->property, err))
		return false;
	if (opt->memory) {
		memory = sim_memory_open(sim, opt->memory, err);
		if (!memory)
			return false;
	}
	if (!sim_property_contents(sim, file, opt->property, err) ||
	    !sim_property_stays(sim, file, opt->property, err) ||
	    (memory && !sim_memory_rewrite(memory, err))) {
		sim_memory_close(memory);
		return false;
	}
	sim->memory = memory;
	return true;
}

struct driver *simulated_new(struct clock *clock, const struct simulated_options *opt, GError **err)
{
	struct sim *sim = g_new0(struct sim, 1);

	sim->driver = (struct driver){ .ops = &ops, .clock = clock };
	sim->seed = opt->seed;
	sim->people = opt->people;
	sim->people_times = MAX(opt->people_times, 1);
	sim->locks = g_ptr_array_new_with_free_func(lock_free);
	sim->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	sim->accounts = g_ptr_array_new_with_free_func(account_free);
	sim->chunk = g_string_chunk_new(1024);
	sim->born = clock_now(clock);
	sim->stays = g_array_new(FALSE, FALSE, sizeof(struct simulated_code));
	sim->visits = g_ptr_array_new_with_free_func(g_free);
	g_queue_init(&sim->refusals);
	if (sim_load(sim, opt, err))
		return &sim->driver;
	sim_free(&sim->driver);
	return NULL;
}

/* ---- beside it ---- */

const struct simulated_code *simulated_property_codes(struct driver *d, size_t *n)
{
	struct sim *sim = sim_of(d);

	*n = sim->stays->len;
	return (const struct simulated_code *)(void *)sim->stays->data;
}

const char *simulated_property_name(struct driver *d)
{
	return sim_of(d)->property_name;
}

static void set_fault(struct sim_lock *lock, enum sim_fault fault, bool on)
{
	if (sim_has(lock, fault) == on)
		return;
	lock->faults ^= SIM_BIT(fault);
	sim_memory_state(lock);
	sim_tell_fault(lock, fault, on);
}

/* The account is told before its locks: they come back to an account that is there. */
static void set_account_fault(struct sim_lock *of, bool on)
{
	struct sim *sim = of->sim;

	if (sim_has(of, SIM_ACCOUNT) == on)
		return;
	sim_tell_account(of, !on);
	for (guint i = 0; i < sim->locks->len; i++) {
		struct sim_lock *lock = sim->locks->pdata[i];

		if (lock->account == of->account)
			set_fault(lock, SIM_ACCOUNT, on);
	}
}

bool simulated_fault(struct driver *d, const char *device_id, const char *fault, bool on,
		     GError **err)
{
	struct sim_lock *lock = sim_find(sim_of(d), device_id, err);
	int which = sim_fault_of(fault);

	if (!lock)
		return false;
	if (which < 0) {
		g_autoptr(GString) known = g_string_new(NULL);

		for (unsigned i = 0; i < SIM_FAULT_COUNT; i++)
			g_string_append_printf(known, "%s%s", i ? ", " : "", sim_fault_name(i));
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "There is no such fault. Those that can be asked for: %s.", known->str);
		return false;
	}
	if (which == SIM_ACCOUNT)
		set_account_fault(lock, on);
	else
		set_fault(lock, (enum sim_fault)which, on);
	sim_memory_sync(lock->sim, sim_memory_mark(lock->sim));
	return true;
}

bool simulated_enter(struct driver *d, const char *device_id, const char *pin, bool *opened,
		     GError **err)
{
	struct sim_lock *lock = sim_find(sim_of(d), device_id, err);

	if (!lock)
		return false;
	*opened = sim_door_type(lock, pin);
	sim_memory_sync(lock->sim,
			sim_memory_mark(lock->sim)); /* a code for one use must stay used */
	return true;
}

bool simulated_turn_by_hand(struct driver *d, const char *device_id, bool unlock, GError **err)
{
	struct sim_lock *lock = sim_find(sim_of(d), device_id, err);

	if (!lock)
		return false;
	if (sim_door_turn(lock, unlock, "manual", NULL) == DRIVER_OK)
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_REFUSED, "The bolt does not move.");
	return false;
}
