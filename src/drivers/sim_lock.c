/* sim_lock - one lock by itself: what it remembers, what its clock shows, and whether a PIN opens
 * it. Nothing here knows of the engine, of the network or of anybody's intentions. */
#include "drivers/sim.h"

#include <string.h>

#include "engine/offline.h"

#define PIN_DRAWS_MAX 1000
#define ANY_LENGTH    ((UINT32_C(2) << PIN_MAX) - (UINT32_C(1) << PIN_MIN))

static void code_free(void *p)
{
	struct sim_code *code = p;

	g_free(code->pin);
	g_free(code->name);
	g_free(code);
}

struct sim_lock *sim_lock_new(struct sim *sim, const char *name)
{
	struct sim_lock *lock = g_new0(struct sim_lock, 1);

	lock->sim = sim;
	lock->name = g_strdup(name);
	lock->codes = g_ptr_array_new_with_free_func(code_free);
	lock->entered = g_array_new(FALSE, FALSE, sizeof(struct sim_entered));
	lock->assigned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	lock->next_handle = 1;
	lock->battery_pct = -1;
	lock->locked = true;
	lock->relocks = true;
	lock->has_keypad = true;
	lock->blocked_until = INSTANT_NONE;
	g_queue_init(&lock->jobs);
	g_queue_init(&lock->unsaid);
	return lock;
}

void sim_lock_free(struct sim_lock *lock)
{
	clock_cancel(lock->sim->driver.clock, lock->relock_timer);
	sim_radio_drop(lock);
	sim_tell_drop(lock);
	g_ptr_array_unref(lock->codes);
	g_array_unref(lock->entered);
	g_hash_table_unref(lock->assigned);
	g_free(lock->device_id);
	g_free(lock->name);
	g_free(lock->room);
	g_free(lock->model);
	g_free(lock->serial);
	g_free(lock->token);
	g_free(lock);
}

struct instant sim_lock_clock(const struct sim_lock *lock)
{
	int64_t late_ms = lock->late_ms + (sim_has(lock, SIM_DRIFT) ? 10 * MINUTE_MS : 0);

	return instant_add_ms(clock_now(lock->sim->driver.clock), -late_ms);
}

static struct sim_code *code_of_handle(const struct sim_lock *lock, unsigned handle)
{
	for (guint i = 0; i < lock->codes->len; i++) {
		struct sim_code *code = lock->codes->pdata[i];

		if (code->handle == handle)
			return code;
	}
	return NULL;
}

struct sim_code *sim_lock_code(const struct sim_lock *lock, const char *handle)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(handle, 10, 1, G_MAXUINT, &number, NULL))
		return NULL;
	return code_of_handle(lock, (unsigned)number);
}

struct sim_code *sim_lock_code_of_pin(const struct sim_lock *lock, const char *pin)
{
	for (guint i = 0; i < lock->codes->len; i++) {
		struct sim_code *code = lock->codes->pdata[i];

		if (strcmp(code->pin, pin) == 0)
			return code;
	}
	return NULL;
}

bool sim_lock_opens(const struct sim_lock *lock, const struct sim_code *code)
{
	struct instant now = sim_lock_clock(lock);

	return code->enabled &&
	       !(instant_known(code->starts_at) && instant_before(now, code->starts_at)) &&
	       !(instant_known(code->ends_at) && !instant_before(now, code->ends_at));
}

/* ---- writing ---- */

/* Whole steps of the lock's own schedule: a start earlier, an end later, never the reverse. */
static struct instant step_down(struct instant t, int64_t step_ms)
{
	if (!instant_known(t) || step_ms <= 1)
		return t;

	int64_t rest = t.ms % step_ms;

	return instant_add_ms(t, rest < 0 ? -rest - step_ms : -rest);
}

static struct instant step_up(struct instant t, int64_t step_ms)
{
	struct instant down = step_down(t, step_ms);

	return !instant_known(t) || instant_eq(down, t) ? t : instant_add_ms(down, step_ms);
}

static bool is_ascii(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text >= 0x80)
			return false;
	}
	return true;
}

static bool has_punctuation(const char *text)
{
	for (; *text; text++) {
		if (g_ascii_ispunct(*text))
			return true;
	}
	return false;
}

static const char *name_refusal(const struct sim_lock *lock, const char *name,
				const struct sim_code *old)
{
	const struct lock_system *system = &lock->system;
	glong length = g_utf8_strlen(name, -1);

	if (lock->nature->refuses_long_names && system->name_max > 0 && length > system->name_max)
		return "the name is too long for this lock";
	if (length < system->pins.name_min)
		return "the name is too short for this lock";
	if ((system->name_rules & NAME_ASCII) && !is_ascii(name))
		return "the name has letters that this lock does not know";
	if ((system->name_rules & NAME_NO_PUNCTUATION) && has_punctuation(name))
		return "the name has signs that this lock does not take";
	for (guint i = 0; (system->name_rules & NAME_UNIQUE) && i < lock->codes->len; i++) {
		const struct sim_code *other = lock->codes->pdata[i];

		if (other != old && strcmp(other->name, name) == 0)
			return "another code on this lock has the name";
	}
	return NULL;
}

static const char *pin_refusal(const struct sim_lock *lock, const char *pin)
{
	struct pin_rules rules = lock->system.pins;

	/* About who chooses the PIN and about the window: judged elsewhere. */
	rules.rules &= ~(unsigned)(PIN_CHOSEN_BY_PROVIDER | PIN_FROM_EXISTING_SET |
				   PIN_START_IN_FUTURE | PIN_NAME_UNIQUE);
	if (rules.lengths == 0)
		rules.lengths = ANY_LENGTH;
	return pin_check(pin, &rules);
}

/* What the provider's own service would choose. false: every PIN is taken. */
static bool provider_pin(struct sim_lock *lock, char pin[static PIN_MAX + 1])
{
	uint32_t lengths = lock->system.pins.lengths;
	int digits = lengths ? __builtin_ctz(lengths) : 6;

	for (int draw = 0; draw < PIN_DRAWS_MAX; draw++) {
		for (int i = 0; i < digits; i++)
			pin[i] = (char)('0' + sim_dice_between(&lock->dice, 0, 9));
		pin[digits] = '\0';
		if (!pin_is_weak(pin) && !pin_refusal(lock, pin) &&
		    !sim_lock_code_of_pin(lock, pin) && !g_hash_table_contains(lock->assigned, pin))
			return true;
	}
	return false;
}

/* The PIN that the code is to have, into pin. NULL, or why not. A provider that chooses knows
 * those that it has chosen before: putting such a code back is no choice of the caller's. */
static const char *settle_pin(struct sim_lock *lock, const struct on_lock *asked,
			      const struct sim_code *old, bool foreign,
			      char pin[static PIN_MAX + 1])
{
	const char *given = asked->pin ? asked->pin : old ? old->pin : NULL;
	bool chooses = lock->system.provider_chooses_pin && !foreign;

	if (!given && !chooses)
		return "no PIN was given";
	if (!given) {
		if (!provider_pin(lock, pin))
			return "the provider has no PIN left for this lock";
		g_hash_table_add(lock->assigned, g_strdup(pin));
		sim_memory_assigned(lock, pin);
		return NULL;
	}
	if (chooses && !(old && strcmp(old->pin, given) == 0) &&
	    !g_hash_table_contains(lock->assigned, given))
		return "the provider chooses the PINs of this lock";
	g_strlcpy(pin, given, PIN_MAX + 1);
	return strlen(given) > PIN_MAX ? "the PIN is too long" : pin_refusal(lock, pin);
}

static char *name_cut(const struct sim_lock *lock, const char *name)
{
	glong length = g_utf8_strlen(name, -1);

	if (lock->nature->refuses_long_names || lock->system.name_max <= 0 ||
	    length <= lock->system.name_max)
		return g_strdup(name);
	return g_utf8_substring(name, 0, lock->system.name_max);
}

struct sim_code *sim_lock_put(struct sim_lock *lock, const struct sim_code *as)
{
	struct sim_code *code = code_of_handle(lock, as->handle);
	char *pin = g_strdup(as->pin), *name = g_strdup(as->name);

	if (!code) {
		code = g_new0(struct sim_code, 1);
		g_ptr_array_add(lock->codes, code);
	}
	g_free(code->pin);
	g_free(code->name);
	*code = *as;
	code->pin = pin;
	code->name = name;
	lock->next_handle = MAX(lock->next_handle, code->handle + 1);
	return code;
}

void sim_lock_drop(struct sim_lock *lock, unsigned handle)
{
	struct sim_code *code = code_of_handle(lock, handle);

	if (code)
		g_ptr_array_remove(lock->codes, code);
}

static struct sim_outcome refuse(enum driver_result result, const char *text)
{
	return (struct sim_outcome){ .result = result, .text = text };
}

/* Some makers take no start that has passed, unless it is the one that the code has already. */
static bool is_past_start(const struct sim_lock *lock, struct instant starts_at,
			  const struct sim_code *old)
{
	return (lock->system.pins.rules & PIN_START_IN_FUTURE) && instant_known(starts_at) &&
	       !instant_before(sim_lock_clock(lock), starts_at) &&
	       !(old && instant_eq(old->starts_at, starts_at));
}

/* All that a lock asks before it takes a code. */
static struct sim_outcome judge(struct sim_lock *lock, const struct on_lock *asked,
				const struct sim_code *old, const char *pin, const char *name)
{
	const struct sim_code *holder = sim_lock_code_of_pin(lock, pin);
	const char *why = name_refusal(lock, name, old);

	if (why)
		return refuse(DRIVER_REFUSED, why);
	if (holder && holder != old)
		return refuse(DRIVER_DUPLICATE, "another code on this lock has the PIN");
	if (!old && (sim_has(lock, SIM_FULL) ||
		     (lock->system.slots > 0 && (int)lock->codes->len >= lock->system.slots)))
		return refuse(DRIVER_FULL, "the lock's memory is full");
	if (is_past_start(lock, asked->starts_at, old))
		return refuse(DRIVER_REFUSED, "the code's start must lie ahead");
	if (instant_known(asked->starts_at) && instant_known(asked->ends_at) &&
	    !instant_before(asked->starts_at, asked->ends_at))
		return refuse(DRIVER_REFUSED, "the code ends before it starts");
	return refuse(DRIVER_OK, NULL);
}

struct sim_outcome sim_lock_set(struct sim_lock *lock, const char *handle,
				const struct on_lock *asked, bool foreign)
{
	const struct lock_system *system = &lock->system;
	struct sim_code *old = handle ? sim_lock_code(lock, handle) : NULL;
	g_autofree char *name = name_cut(lock, asked->name ? asked->name : "");
	bool timed = system->schedule == SCHEDULE_NATIVE;
	char pin[PIN_MAX + 1];
	struct sim_code code = { .pin = pin, .name = name, .foreign = foreign };

	if (handle && !old)
		return refuse(DRIVER_NOT_THERE, "the lock holds no such code");
	if (!system->online_codes)
		return refuse(DRIVER_REFUSED, "this lock takes only codes that are computed");
	if (!lock->has_keypad)
		return refuse(DRIVER_REFUSED, "this lock has no keypad");
	if (sim_has(lock, SIM_REFUSED) && !foreign)
		return refuse(DRIVER_REFUSED, "the lock refuses the code");

	const char *why = settle_pin(lock, asked, old, foreign, pin);

	if (why)
		return refuse(DRIVER_REFUSED, why);

	struct sim_outcome said = judge(lock, asked, old, pin, name);

	if (said.result != DRIVER_OK)
		return said;
	/* Where a change is made by removing and writing anew, the code gets another handle; the
	 * maker's app can do better. */
	code.handle = old && (system->edit_in_place || foreign) ? old->handle : lock->next_handle;
	code.starts_at = timed ? step_down(asked->starts_at, system->granularity_ms) : INSTANT_NONE;
	code.ends_at = timed ? step_up(asked->ends_at, system->granularity_ms) : INSTANT_NONE;
	/* A lock that knows neither a schedule nor 'disabled' opens from the moment of writing. */
	code.enabled = asked->enabled || system->schedule == SCHEDULE_NONE;
	if (old && code.handle != old->handle) {
		sim_memory_gone(lock, old->handle);
		sim_lock_drop(lock, old->handle);
	}
	said.code = sim_lock_put(lock, &code);
	sim_memory_code(lock, said.code);
	return said;
}

struct sim_outcome sim_lock_remove(struct sim_lock *lock, const char *handle)
{
	struct sim_code *code = sim_lock_code(lock, handle);

	if (!code)
		return refuse(DRIVER_NOT_THERE, "the lock holds no such code");
	sim_memory_gone(lock, code->handle);
	sim_lock_drop(lock, code->handle);
	return refuse(DRIVER_OK, NULL);
}

/* ---- keypad ---- */

bool sim_lock_has_entered(const struct sim_lock *lock, const char *pin, struct instant starts_at)
{
	for (guint i = 0; i < lock->entered->len; i++) {
		const struct sim_entered *e = &g_array_index(lock->entered, struct sim_entered, i);

		if (strcmp(e->pin, pin) == 0 && instant_eq(e->starts_at, starts_at))
			return true;
	}
	return false;
}

void sim_lock_note_entered(struct sim_lock *lock, const struct sim_entered *e)
{
	if (!sim_lock_has_entered(lock, e->pin, e->starts_at))
		g_array_append_val(lock->entered, *e);
}

/* From the token and the lock's own clock; what the lock adds is whether it has seen the PIN
 * before. */
static bool offline_opens(struct sim_lock *lock, const char *pin, const char **reason)
{
	struct instant now = sim_lock_clock(lock);
	struct offline_code code;

	if (!lock->system.offline_codes || strlen(pin) > PIN_MAX ||
	    !offline_verify(lock->token, lock->system.device_type, lock->zone, pin, now, &code))
		return false;

	bool seen = sim_lock_has_entered(lock, pin, code.starts_at);
	bool once = code.kind == OFFLINE_ONE_TIME;
	bool too_late = instant_known(code.activate_by) && instant_before(code.activate_by, now);

	if (once ? seen : too_late && !seen) {
		*reason = "expired_code";
		return false;
	}
	if (!seen && (once || instant_known(code.activate_by))) {
		struct sim_entered e = { .starts_at = code.starts_at, .ends_at = code.ends_at };

		g_strlcpy(e.pin, pin, sizeof e.pin);
		sim_lock_note_entered(lock, &e);
		sim_memory_entered(lock, &e);
	}
	return true;
}

/* The code that what has been typed opens with: exactly it, or, on a lock that looks after each
 * digit, one that it begins with. */
static struct sim_code *code_typed(const struct sim_lock *lock, const char *pin,
				   const char **reason)
{
	for (guint i = 0; i < lock->codes->len; i++) {
		struct sim_code *code = lock->codes->pdata[i];

		if (lock->system.matches_early ? !g_str_has_prefix(pin, code->pin)
					       : strcmp(pin, code->pin) != 0)
			continue;
		if (sim_lock_opens(lock, code))
			return code;
		if (instant_known(code->ends_at) &&
		    !instant_before(sim_lock_clock(lock), code->ends_at))
			*reason = "expired_code";
	}
	return NULL;
}

bool sim_lock_type(struct sim_lock *lock, const char *pin, struct sim_code **code,
		   const char **reason)
{
	struct instant now = sim_lock_clock(lock);

	*reason = "unknown_code";
	*code = NULL;
	if (instant_known(lock->blocked_until) && instant_before(now, lock->blocked_until)) {
		*reason = "too_many_attempts";
		return false;
	}
	*code = code_typed(lock, pin, reason);
	if (*code || offline_opens(lock, pin, reason)) {
		lock->wrong_in_row = 0;
		return true;
	}
	lock->wrong_in_row++;
	if (lock->nature->block_after > 0 && lock->wrong_in_row % lock->nature->block_after == 0)
		lock->blocked_until = instant_add_ms(now, lock->nature->block_ms);
	return false;
}
