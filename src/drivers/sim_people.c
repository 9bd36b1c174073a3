/* sim_people - those who use the doors: they come by as often as the property file says, less at
 * night, and type what they were told.
 *
 * A person knows the PIN of a code that is in the lock, or was told one that is computed. Some
 * mistype once or twice; now and then a stranger tries a few; and those inside go out by hand. */
#include "config.h"

#include "drivers/sim.h"

#include <math.h>
#include <string.h>

#include "engine/offline.h"

#define TYPING_MS	 4000 /* between two tries at the keypad */
#define PERCENT_OUT	 20   /* leave by hand */
#define PERCENT_STRANGER 4
#define PERCENT_TYPO	 10

/* Of the opens per hour that the file says, how many percent come at this hour of the day. */
static const unsigned char of_day[24] = { 25, 20, 20, 20,  20,	30,  50,  80, 100, 100, 100, 90,
					  90, 90, 90, 100, 100, 100, 100, 90, 80,  70,	50,  35 };

/* One for each door that is used; who is at it, if anybody, types this and that. */
struct sim_visit {
	struct sim_lock *lock;
	uint64_t dice; /* people's own: what they do must not change how the lock behaves */
	uint64_t timer;
	int wrong_left;
	char pin[PIN_MAX + 1]; /* "": does not know any */
};

static void next_visit(struct sim_visit *visit);

static void later(struct sim_visit *visit, int64_t ms, clock_fn *fn)
{
	struct clock *clock = visit->lock->sim->driver.clock;

	visit->timer = clock_at(clock, instant_add_ms(clock_now(clock), ms), fn, visit);
}

/* ---- what is typed ---- */

static bool pick_stored(struct sim_visit *visit)
{
	const struct sim_lock *lock = visit->lock;
	const struct sim_code *chosen = NULL;
	int seen = 0;

	for (guint i = 0; i < lock->codes->len; i++) {
		const struct sim_code *code = lock->codes->pdata[i];

		if (sim_lock_opens(lock, code) && !g_str_has_prefix(code->name, "Backup") &&
		    sim_dice_between(&visit->dice, 0, seen++) == 0)
			chosen = code;
	}
	if (chosen)
		g_strlcpy(visit->pin, chosen->pin, sizeof visit->pin);
	return chosen;
}

/* A guest with an offline code was told the first of its slot. */
static bool pick_computed(struct sim_visit *visit)
{
	struct sim_lock *lock = visit->lock;
	const struct sim *sim = lock->sim;
	struct instant now = clock_now(sim->driver.clock);

	for (guint i = 0; i < sim->stays->len; i++) {
		const struct simulated_code *stay =
			&g_array_index(sim->stays, struct simulated_code, i);
		struct offline_request request = {
			.device_type = lock->system.device_type,
			.zone = lock->zone,
			.starts_at = stay->starts_at,
			.ends_at = stay->ends_at,
			.one_time = stay->one_time,
			.max_rounding_ms = stay->max_rounding_ms ? stay->max_rounding_ms : HOUR_MS,
			.now = sim->born
		};
		struct offline_code code;
		const char *why;

		if (!stay->offline || stay->one_time ||
		    strcmp(stay->device_id, lock->device_id) != 0 ||
		    !offline_fit(&request, &code, &why))
			continue;
		if (instant_before(now, code.starts_at) || !instant_before(now, code.ends_at))
			continue;
		offline_pin(lock->token, &code, 0, offline_digits(lock->system.device_type),
			    visit->pin);
		return true;
	}
	return false;
}

static void any_digits(struct sim_visit *visit, char pin[static PIN_MAX + 1])
{
	size_t digits = visit->pin[0] ? strlen(visit->pin) : 4;

	for (size_t i = 0; i < digits; i++)
		pin[i] = (char)('0' + sim_dice_between(&visit->dice, 0, 9));
	pin[digits] = '\0';
}

/* ---- at the door ---- */

static void at_keypad(void *ctx)
{
	struct sim_visit *visit = ctx;

	visit->timer = 0;
	if (visit->wrong_left > 0) {
		char pin[PIN_MAX + 1];

		visit->wrong_left--;
		any_digits(visit, pin);
		sim_door_type(visit->lock, pin);
		if (visit->wrong_left > 0 || visit->pin[0]) {
			later(visit, TYPING_MS, at_keypad);
			return;
		}
	} else {
		sim_door_type(visit->lock, visit->pin);
	}
	sim_memory_sync(visit->lock->sim, sim_memory_mark(visit->lock->sim));
	next_visit(visit);
}

static void somebody_comes(void *ctx)
{
	struct sim_visit *visit = ctx;
	struct sim_lock *lock = visit->lock;
	struct civil c = civil_at(lock->zone, clock_now(lock->sim->driver.clock));

	visit->timer = 0;
	visit->pin[0] = '\0';
	visit->wrong_left = 0;
	if (lock->sim->people_times == 1 && !sim_dice_hits(&visit->dice, of_day[c.hour])) {
		next_visit(visit);
	} else if (sim_dice_hits(&visit->dice, PERCENT_OUT)) {
		sim_door_turn(lock, true, "manual", NULL);
		next_visit(visit);
	} else if (sim_dice_hits(&visit->dice, PERCENT_STRANGER)) {
		visit->wrong_left = (int)sim_dice_between(&visit->dice, 3, 5);
		at_keypad(visit);
	} else if (pick_stored(visit) || pick_computed(visit)) {
		if (sim_dice_hits(&visit->dice, PERCENT_TYPO))
			visit->wrong_left = (int)sim_dice_between(&visit->dice, 1, 2);
		at_keypad(visit);
	} else {
		next_visit(visit);
	}
}

/* Independent of what was before, so the times between have an exponential distribution. */
static void next_visit(struct sim_visit *visit)
{
	double u = ((double)(sim_dice(&visit->dice) >> 11) + 1) / (double)(UINT64_C(1) << 53);
	double hours = -log(u) / (visit->lock->opens_per_hour * visit->lock->sim->people_times);

	later(visit, (int64_t)(hours * (double)HOUR_MS) + SECOND_MS, somebody_comes);
}

void sim_people_start(struct sim *sim)
{
	for (guint i = 0; i < sim->locks->len; i++) {
		struct sim_lock *lock = sim->locks->pdata[i];
		struct sim_visit *visit;

		if (!(lock->opens_per_hour > 0))
			continue;
		visit = g_new0(struct sim_visit, 1);
		visit->lock = lock;
		visit->dice = sim_dice_seed(~sim->seed, lock->device_id);
		g_ptr_array_add(sim->visits, visit);
		next_visit(visit);
	}
}

void sim_people_stop(struct sim *sim)
{
	for (guint i = 0; i < sim->visits->len; i++) {
		struct sim_visit *visit = sim->visits->pdata[i];

		clock_cancel(sim->driver.clock, visit->timer);
	}
	g_ptr_array_unref(sim->visits);
}
