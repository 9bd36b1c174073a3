/* sim_tell - what a lock tells of itself, and when: at once while it has a connection, later when
 * it has none. A lock keeps the last hundred things that happened at its door; a service that
 * has lost its account is told them when it is back. */
#include "drivers/sim.h"

#define UNSAID_MAX  100
#define LOW_BATTERY 4

struct sim_said {
	bool denied, unlocked;
	const char *method, *reason; /* static */
	char *handle, *pin;
	struct instant at;
};

static void said_free(struct sim_said *said)
{
	g_free(said->handle);
	g_free(said->pin);
	g_free(said);
}

void sim_tell_drop(struct sim_lock *lock)
{
	struct sim_said *said;

	while ((said = g_queue_pop_head(&lock->unsaid)))
		said_free(said);
}

bool sim_has(const struct sim_lock *lock, enum sim_fault fault)
{
	return lock->faults & SIM_BIT(fault);
}

bool sim_reachable(const struct sim_lock *lock)
{
	return !(lock->faults &
		 (SIM_BIT(SIM_OFFLINE) | SIM_BIT(SIM_ACCOUNT) | SIM_BIT(SIM_REMOVED)));
}

void sim_tell_device(struct sim_lock *lock)
{
	const struct driver *d = &lock->sim->driver;
	bool low = sim_has(lock, SIM_LOW_BATTERY) && lock->battery_pct >= 0;
	struct driver_device device = {
		.device_id = lock->device_id,
		.device_type = lock->system.device_type,
		.name = lock->name,
		.place = lock->sim->property_name,
		.room = lock->room,
		.zone = zone_name(lock->zone),
		.model = lock->model,
		.serial = lock->serial,
		.account_id = lock->account->account_id,
		.account_name = lock->account->name,
		.online = !sim_has(lock, SIM_OFFLINE),
		.locked = lock->locked,
		.has_keypad = lock->has_keypad,
		.battery_pct = low ? LOW_BATTERY : lock->battery_pct,
		.can_lock = lock->nature->can_lock,
		.can_unlock = true,
		.auto_lock = !lock->nature->can_lock ? TRI_UNKNOWN
			     : lock->relocks	     ? TRI_YES
						     : TRI_NO,
		.auto_lock_delay_s = lock->relock_ms / 1000,
		.system = &lock->system,
	};

	if (lock->sim->started && !sim_has(lock, SIM_REMOVED) && d->events.device)
		d->events.device(&device, d->events_ctx);
}

static void say(const struct sim_lock *lock, const struct sim_said *said)
{
	const struct driver *d = &lock->sim->driver;

	if (said->denied && d->events.denied)
		d->events.denied(lock->device_id, said->reason, said->at, d->events_ctx);
	else if (!said->denied && d->events.door)
		d->events.door(lock->device_id, said->unlocked, said->method, said->handle,
			       said->pin, said->at, d->events_ctx);
}

/* Takes said over. */
static void say_or_keep(struct sim_lock *lock, struct sim_said *said)
{
	if (lock->sim->started && sim_reachable(lock)) {
		say(lock, said);
		said_free(said);
		return;
	}
	g_queue_push_tail(&lock->unsaid, said);
	if (g_queue_get_length(&lock->unsaid) > UNSAID_MAX)
		said_free(g_queue_pop_head(&lock->unsaid));
}

void sim_tell_door(struct sim_lock *lock, bool unlocked, const char *method,
		   const struct sim_code *code)
{
	struct sim_said *said = g_new0(struct sim_said, 1);

	said->unlocked = unlocked;
	said->method = method;
	said->at = sim_lock_clock(lock);
	if (code && lock->system.names_code_in_unlock) {
		said->handle = g_strdup_printf("%u", code->handle);
		if (lock->system.read_back == READ_ALL)
			said->pin = g_strdup(code->pin);
	}
	say_or_keep(lock, said);
}

void sim_tell_denied(struct sim_lock *lock, const char *reason_code)
{
	struct sim_said *said = g_new0(struct sim_said, 1);

	said->denied = true;
	said->reason = reason_code;
	said->at = sim_lock_clock(lock);
	say_or_keep(lock, said);
}

void sim_tell_codes_changed(struct sim_lock *lock)
{
	const struct driver *d = &lock->sim->driver;

	if (lock->system.read_back == READ_NOTHING)
		return; /* such a lock would not know whom to tell */
	lock->codes_changed_unsaid = !lock->sim->started || !sim_reachable(lock);
	if (!lock->codes_changed_unsaid && d->events.codes_changed)
		d->events.codes_changed(lock->device_id, d->events_ctx);
}

/* Everything that was kept back, in its order. Telling may bring a fault on again. */
static void catch_up(struct sim_lock *lock)
{
	struct sim_said *said;

	while (sim_reachable(lock) && (said = g_queue_pop_head(&lock->unsaid))) {
		say(lock, said);
		said_free(said);
	}
	if (lock->codes_changed_unsaid)
		sim_tell_codes_changed(lock);
}

void sim_tell_account(struct sim_lock *lock, bool connected)
{
	const struct driver *d = &lock->sim->driver;

	if (lock->sim->started && d->events.account)
		d->events.account(lock->account->account_id, connected, d->events_ctx);
}

void sim_tell_fault(struct sim_lock *lock, enum sim_fault fault, bool on)
{
	const struct driver *d = &lock->sim->driver;

	if (fault == SIM_REMOVED && on) {
		if (lock->sim->started && d->events.removed)
			d->events.removed(lock->device_id, d->events_ctx);
		return;
	}
	if (fault == SIM_OFFLINE || fault == SIM_LOW_BATTERY || fault == SIM_REMOVED)
		sim_tell_device(lock);
	if (!on)
		catch_up(lock);
}
