/* acts - see acts.h. */
#include "config.h"

#include "tests/simulation/acts.h"

#include <string.h>

#include "core/pin.h"
#include "tests/simulation/desk.h"
#include "tests/simulation/hook.h"

#define CHANGE_CALM_MS (6 * MINUTE_MS)  /* after a change that nothing hindered */
#define FAULT_CALM_MS  (50 * MINUTE_MS) /* after a fault: a retry was due, the lock has been read */

/* ---- a desk, by the API itself ---- */

static json_t *when(struct instant t)
{
	char text[INSTANT_TEXT_MAX];

	return instant_known(t) ? json_string(instant_format(t, text)) : json_null();
}

static struct instant read_time(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	struct instant t;

	return text && instant_parse(text, -1, &t) ? t : INSTANT_NONE;
}

static struct instant after(uint64_t *dice, struct instant from, int minutes)
{
	struct instant t = instant_add_ms(from, (int64_t)dice_below(dice, minutes) * MINUTE_MS);

	/* People say full quarters of an hour, mostly. */
	return dice_hits(dice, 70) ? (struct instant){ t.ms - t.ms % (15 * MINUTE_MS) + 15 * MINUTE_MS } : t;
}

static void keep(struct house *h, const json_t *code, bool native)
{
	struct promise *p = g_new0(struct promise, 1);

	p->access_code_id = g_strdup(json_string_value(json_object_get(code, "access_code_id")));
	p->device_id = g_strdup(json_string_value(json_object_get(code, "device_id")));
	p->pin = g_strdup(json_string_value(json_object_get(code, "code")));
	p->starts_at = read_time(code, "starts_at");
	p->ends_at = read_time(code, "ends_at");
	p->native = native;
	p->offline = json_is_true(json_object_get(code, "is_offline_access_code"));
	if (!p->access_code_id || !p->device_id)
		broken("a code was made that has no id");
	g_hash_table_replace(h->promises, p->access_code_id, p);
}

static json_t *wish(const struct house *h, uint64_t *dice, bool *native)
{
	json_t *body = json_pack("{s:o}", "name",
				 json_sprintf("Guest %d", dice_below(dice, 10000)));
	char pin[PIN_MAX + 1];
	struct instant from;
	int stay = h->density->stay;

	*native = !dice_hits(dice, 15);
	if (!*native)
		json_object_set_new(body, "prefer_native_scheduling", json_false());
	if (dice_hits(dice, 85)) {
		from = dice_hits(dice, 25) ? world_now() : after(dice, world_now(), stay * 100 * 60);
		json_object_set_new(body, "starts_at", when(from));
		json_object_set_new(body, "ends_at",
				    when(after(dice, instant_add_ms(from, HOUR_MS), stay * 96 * 60)));
		if (dice_hits(dice, 30))
			json_object_set_new(body, "use_backup_access_code_pool", json_true());
	}
	if (dice_hits(dice, 30)) {
		g_snprintf(pin, sizeof pin, "%d", 1000 + dice_below(dice, 999000));
		json_object_set_new(body, "code", json_string(pin));
	}
	return body;
}

static void create(struct house *h, uint64_t *dice)
{
	struct sim_lock *lock = house_lock(h, dice);
	bool native;
	json_t *body = wish(h, dice, &native), *answer;
	int status;

	json_object_set_new(body, "device_id", json_string(lock->device_id));
	house_disturb(h, lock->device_id, CHANGE_CALM_MS);
	answer = house_call(h, "/access_codes/create", body, &status);
	if (status == 200)
		keep(h, json_object_get(answer, "access_code"), native);
	json_decref(answer);
}

static void create_several(struct house *h, uint64_t *dice)
{
	bool native;
	json_t *body = wish(h, dice, &native), *doors = json_array(), *answer, *code;
	guint n = 1 + (guint)dice_below(dice, (int)house_locks(h));
	size_t i;
	int status;

	for (guint k = 0; k < n; k++)
		json_array_append_new(doors, json_string(house_lock_at(h, k)->device_id));
	json_object_set_new(body, "device_ids", doors);
	if (dice_hits(dice, 50))
		json_object_set_new(body, "behavior_when_code_cannot_be_shared",
				    json_string("create_random_code"));
	house_disturb(h, NULL, CHANGE_CALM_MS);
	answer = house_call(h, "/access_codes/create_multiple", body, &status);
	if (status == 200)
		json_array_foreach(json_object_get(answer, "access_codes"), i, code)
			keep(h, code, native);
	json_decref(answer);
}

/* What a desk does with a code that it knows. wanted is what it will be once that is acknowledged. */
static void change(struct house *h, struct promise *p, json_t *body, const struct promise *wanted)
{
	int status;
	json_t *answer;

	json_object_set_new(body, "access_code_id", json_string(p->access_code_id));
	/* A new PIN of one is that of all that share it, on their doors too. */
	house_disturb(h, json_object_get(body, "code") ? NULL : p->device_id, CHANGE_CALM_MS);
	answer = house_call(h, "/access_codes/update", body, &status);
	if (status == 200) {
		p->starts_at = wanted->starts_at;
		p->ends_at = wanted->ends_at;
		if (wanted->pin) {
			g_free(p->pin);
			p->pin = g_strdup(wanted->pin);
		}
		p->edited = true;
	}
	p->unsure |= status == -1;
	p->edited |= status == -1;
	json_decref(answer);
}

static struct promise *known(struct house *h, uint64_t *dice)
{
	return house_promise(h, dice, house_lock(h, dice)->device_id);
}

static void extend(struct house *h, uint64_t *dice)
{
	struct promise *p = known(h, dice), wanted;

	if (!p || p->unsure || !instant_known(p->ends_at))
		return;
	wanted = *p;
	wanted.pin = NULL;
	wanted.ends_at = after(dice, instant_add_ms(world_now(), MINUTE_MS),
				h->density->stay * 96 * 60);
	if (dice_hits(dice, 30))
		wanted.starts_at = after(dice, world_now(), 48 * 60);
	change(h, p,
	       json_pack("{s:o,s:o}", "starts_at", when(wanted.starts_at), "ends_at",
			 when(wanted.ends_at)),
	       &wanted);
}

static void change_type(struct house *h, uint64_t *dice)
{
	struct promise *p = known(h, dice), wanted;

	if (!p || p->unsure)
		return;
	wanted = *p;
	wanted.pin = NULL;
	if (instant_known(p->ends_at)) {
		wanted.starts_at = wanted.ends_at = INSTANT_NONE;
		change(h, p, json_pack("{s:s}", "type", "ongoing"), &wanted);
		return;
	}
	wanted.starts_at = after(dice, world_now(), 48 * 60);
	wanted.ends_at = after(dice, instant_add_ms(wanted.starts_at, HOUR_MS), 48 * 60);
	change(h, p,
	       json_pack("{s:s,s:o,s:o}", "type", "time_bound", "starts_at",
			 when(wanted.starts_at), "ends_at", when(wanted.ends_at)),
	       &wanted);
}

static void new_pin(struct house *h, uint64_t *dice)
{
	struct promise *p = known(h, dice), wanted;
	char pin[PIN_MAX + 1];

	if (!p || p->unsure)
		return;
	wanted = *p;
	g_snprintf(pin, sizeof pin, "%d", 1000 + dice_below(dice, 999000));
	wanted.pin = pin;
	change(h, p, json_pack("{s:s}", "code", pin), &wanted);
}

static void rename_it(struct house *h, uint64_t *dice)
{
	struct promise *p = known(h, dice), wanted;

	if (!p || p->unsure)
		return;
	wanted = *p;
	wanted.pin = NULL;
	change(h, p, json_pack("{s:o}", "name", json_sprintf("Other %d", dice_below(dice, 99))),
	       &wanted);
}

static void revoke_it(struct house *h, uint64_t *dice)
{
	struct promise *p = known(h, dice);
	int status;

	if (!p)
		return;
	house_disturb(h, p->device_id, CHANGE_CALM_MS);
	json_decref(house_call(h, "/access_codes/delete",
			       json_pack("{s:s}", "access_code_id", p->access_code_id), &status));
	if (status == 200) {
		p->deleted = true;
		p->deleted_ms = world_mono_ms();
	}
	p->unsure |= status == -1;
}

static void pull(struct house *h, uint64_t *dice)
{
	struct promise *p = known(h, dice);
	json_t *answer;
	int status;

	if (!p)
		return;
	house_disturb(h, p->device_id, CHANGE_CALM_MS);
	answer = house_call(h, "/access_codes/pull_backup_access_code",
			    json_pack("{s:s}", "access_code_id", p->access_code_id), &status);
	json_decref(answer);
}

static void adopt_or_evict(struct house *h, uint64_t *dice)
{
	struct sim_lock *lock = house_lock(h, dice);
	json_t *found, *list;
	const char *id;
	bool adopt = dice_hits(dice, 60);
	int status;

	found = house_call(h, "/access_codes/unmanaged/list",
			   json_pack("{s:s}", "device_id", lock->device_id), &status);
	list = json_object_get(found, "access_codes");
	if (json_array_size(list) > 0) {
		id = json_string_value(json_object_get(
			json_array_get(list, (size_t)dice_below(dice, (int)json_array_size(list))),
			"access_code_id"));
		house_disturb(h, lock->device_id, CHANGE_CALM_MS);
		json_decref(house_call(h,
				       adopt ? "/access_codes/unmanaged/convert_to_managed"
					     : "/access_codes/unmanaged/delete",
				       json_pack("{s:s}", "access_code_id", id), &status));
	}
	json_decref(found);
}

static void turn_door(struct house *h, uint64_t *dice)
{
	bool unlock = dice_hits(dice, 50); /* before the lock is drawn: arguments have no order */
	const char *device_id = house_lock(h, dice)->device_id;
	int status;

	json_decref(house_call(h, unlock ? "/locks/unlock_door" : "/locks/lock_door",
			       json_pack("{s:s}", "device_id", device_id), &status));
}

static void sit_at_desk(struct house *h, uint64_t *dice)
{
	int n = dice_below(dice, DESKS);

	if (!h->desk[n])
		h->desk[n] = desk_new(h, h->seed, n);
	house_disturb(h, NULL, CHANGE_CALM_MS);
	desk_session(h->desk[n], dice);
	house_disturb(h, NULL, CHANGE_CALM_MS);
}

/* ---- at the door, and with the maker's app ---- */

static void come_in(struct house *h, uint64_t *dice)
{
	struct promise *p = known(h, dice);
	bool opened;

	if (!p || !p->pin)
		return;
	h->entered++;
	simulated_enter(h->locks, p->device_id, p->pin, &opened, NULL);
}

static void use_app(struct house *h, uint64_t *dice)
{
	struct sim_lock *lock = house_lock(h, dice);
	const struct sim_code *code =
		lock->codes->len ? lock->codes->pdata[dice_below(dice, (int)lock->codes->len)]
				 : NULL;
	struct simulated_change change = { .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE };
	char pin[PIN_MAX + 1], handle[16];
	bool ok;

	if (lock->system.read_back == READ_NOTHING)
		return; /* nobody could ever know of it */
	house_disturb(h, lock->device_id, FAULT_CALM_MS);
	g_snprintf(pin, sizeof pin, "%d", 100000 + dice_below(dice, 899999));
	if (!code || dice_hits(dice, 30)) {
		const struct on_lock made = { .pin = pin,
					      .name = "By hand",
					      .starts_at = INSTANT_NONE,
					      .ends_at = INSTANT_NONE,
					      .enabled = true };

		ok = simulated_app_add(h->locks, lock->device_id, &made, NULL);
		trace("app: add on %s: %d", lock->name, ok);
		return;
	}
	g_snprintf(handle, sizeof handle, "%u", code->handle);
	change.remove = dice_hits(dice, 50);
	/* A PIN that nobody can read may be anything after that: there it is a name. */
	if (!change.remove && lock->system.read_back == READ_ALL)
		change.code = pin;
	else if (!change.remove)
		change.name = "Somebody";
	ok = simulated_app(h->locks, lock->device_id, handle, NULL, &change, NULL);
	trace("app: %s on %s: %d", change.remove ? "remove" : "change", lock->name, ok);
}

/* ---- locks that fail ---- */

static void fault_over(struct house *h, const char *device_id, int64_t fault)
{
	trace("%s is over", sim_fault_name((unsigned)fault));
	simulated_fault(h->locks, device_id, sim_fault_name((unsigned)fault), false, NULL);
	house_disturb(h, device_id, FAULT_CALM_MS);
	if (fault == SIM_ACCOUNT)
		house_disturb(h, NULL, FAULT_CALM_MS);
}

static int64_t some_time(uint64_t *dice, int64_t at_most)
{
	static const int64_t most[] = { 10 * MINUTE_MS, 3 * HOUR_MS, 12 * HOUR_MS, 5 * DAY_MS };
	int64_t ms = 1000 + (int64_t)(dice_next(dice) % (uint64_t)most[dice_below(dice, 4)]);

	return MIN(ms, at_most);
}

static void fault(struct house *h, uint64_t *dice)
{
	static const enum sim_fault faults[] = { SIM_OFFLINE, SIM_OFFLINE, SIM_SLOW,  SIM_LOST,
						 SIM_REFUSED, SIM_JAMMED,  SIM_FULL,  SIM_DRIFT,
						 SIM_ACCOUNT, SIM_LOW_BATTERY };
	struct sim_lock *lock = house_lock(h, dice);
	enum sim_fault which = faults[dice_below(dice, (int)G_N_ELEMENTS(faults))];
	int64_t ms = some_time(dice, 5 * DAY_MS);

	if (sim_has(lock, which))
		return;
	trace("%s on %s for %d s", sim_fault_name(which), lock->name, (int)(ms / 1000));
	simulated_fault(h->locks, lock->device_id, sim_fault_name(which), true, NULL);
	house_disturb(h, which == SIM_ACCOUNT ? NULL : lock->device_id, ms + FAULT_CALM_MS);
	house_later(h, ms, fault_over, lock->device_id, which);
}

static void lock_is_back(struct house *h, const char *device_id, int64_t value)
{
	(void)value;
	trace("a lock is back in its account: %s", device_id);
	simulated_fault(h->locks, device_id, sim_fault_name(SIM_REMOVED), false, NULL);
	house_disturb(h, device_id, FAULT_CALM_MS);
}

static void check_gone(struct house *h, const char *device_id, int64_t value)
{
	OWN(store_list) struct store_list *d = NULL;

	(void)value;
	if (!house_is_up(h) || h->disk.dead || h->disk.mood != DISK_WELL ||
	    world_mono_ms() - h->disk_well_ms < MINUTE_MS)
		return;
	d = store_device(h->store, device_id, NULL);
	if (d && d->rows->len && !store_at(d, struct store_device, 0)->removed &&
	    !store_at(d, struct store_device, 0)->account_lost)
		broken("a lock that is out of its account is not known to be gone: %s", device_id);
}

/* Somebody takes it out of the account, and puts it back; keyrackd listens, or not. */
static void take_out(struct house *h, uint64_t *dice)
{
	struct sim_lock *lock = house_lock(h, dice);
	int64_t ms = some_time(dice, 5 * DAY_MS);

	if (sim_has(lock, SIM_REMOVED))
		return;
	if (dice_hits(dice, 50) && house_is_up(h))
		house_kill(h);
	trace("%s is out of its account for %d s", lock->name, (int)(ms / 1000));
	simulated_fault(h->locks, lock->device_id, sim_fault_name(SIM_REMOVED), true, NULL);
	house_disturb(h, lock->device_id, ms + FAULT_CALM_MS);
	house_later(h, ms, lock_is_back, lock->device_id, 0);
	if (ms > 10 * MINUTE_MS)
		house_later(h, dice_below(dice, (int)(ms - MINUTE_MS)), check_gone, lock->device_id, 0);
}

static void way_good(struct house *h, const char *device_id, int64_t value)
{
	(void)value;
	gate_bad(h->gate, device_id, false);
	house_disturb(h, device_id, FAULT_CALM_MS);
}

static void bad_way(struct house *h, uint64_t *dice)
{
	struct sim_lock *lock = house_lock(h, dice);
	int64_t ms = some_time(dice, 5 * DAY_MS);

	if (gate_is_bad(h->gate, lock->device_id))
		return;
	trace("the way to %s is bad for %d s", lock->name, (int)(ms / 1000));
	gate_bad(h->gate, lock->device_id, true);
	house_disturb(h, lock->device_id, ms + FAULT_CALM_MS);
	house_later(h, ms, way_good, lock->device_id, 0);
}

/* ---- who is told ---- */

static void hook_back(struct house *h, const char *device_id, int64_t value)
{
	(void)h;
	(void)device_id;
	(void)value;
	trace("the webhook's receiver is back");
	hook_mood(HOOK_WELL);
}

/* Not so long, and not twice, that keyrackd rightly switches it off: that is after five days. */
static void hook_away(struct house *h, uint64_t *dice)
{
	enum hook_mood mood = HOOK_GONE + dice_below(dice, HOOK_SILENT);
	int64_t ms = some_time(dice, 4 * DAY_MS);

	if (hook_is_behind())
		return;
	trace("the webhook's receiver is away for %d s", (int)(ms / 1000));
	hook_mood(mood);
	house_later(h, ms, hook_back, NULL, 0);
}

/* ---- keyrackd's machine ---- */

static void die_at_write(struct house *h, uint64_t *dice)
{
	h->power = dice_hits(dice, 50);
	h->disk.stop_at = h->disk.writes + 1 + dice_below(dice, dice_hits(dice, 50) ? 12 : 300);
	trace("will die at a write");
}

static void die_now(struct house *h, uint64_t *dice)
{
	h->power = dice_hits(dice, 30);
	if (house_is_up(h))
		house_kill(h);
}

static void disk_well(struct house *h, const char *device_id, int64_t value)
{
	(void)device_id;
	(void)value;
	trace("the disk is well");
	h->disk.mood = DISK_WELL;
	h->disk_well_ms = world_mono_ms();
	house_disturb(h, NULL, FAULT_CALM_MS);
}

static void disk_trouble(struct house *h, uint64_t *dice)
{
	int64_t ms = 1000 + dice_below(dice, dice_hits(dice, 80) ? 20 * MINUTE_MS : 2 * HOUR_MS);

	if (h->disk.mood != DISK_WELL)
		return;
	h->disk.mood = dice_hits(dice, 50) ? DISK_FULL : DISK_FAILING;
	trace("the disk is %s for %d s", h->disk.mood == DISK_FULL ? "full" : "failing",
	      (int)(ms / 1000));
	house_disturb(h, NULL, ms + FAULT_CALM_MS);
	house_later(h, ms, disk_well, NULL, 0);
}

static bool anything_under_way(struct house *h)
{
	for (guint i = 0; i < house_locks(h); i++) {
		if (!g_queue_is_empty(&house_lock_at(h, i)->jobs))
			return true;
	}
	return false;
}

static void notice_clock(struct house *h, const char *device_id, int64_t value)
{
	(void)device_id;
	(void)value;
	clock_was_set(h->clock);
}

/* The locks' clocks go on as they did. keyrackd sees it when it looks next. */
static void set_clock(struct house *h, const char *device_id, int64_t by_ms)
{
	(void)device_id;
	for (int i = 0; i < 30 && anything_under_way(h); i++)
		world_run(SECOND_MS);
	trace("the clock is set by %d s", (int)(by_ms / 1000));
	world_set_wall(by_ms);
	for (guint i = 0; i < house_locks(h); i++)
		house_lock_at(h, i)->late_ms += by_ms;
	h->clock_wrong_ms += by_ms;
	house_later(h, dice_below(&h->dice, 30000), notice_clock, NULL, 0);
	h->wrong_until_ms = world_mono_ms() + 2 * DAY_MS + ABS(by_ms);
	house_disturb(h, NULL, FAULT_CALM_MS + ABS(by_ms));
}

static void wrong_clock(struct house *h, uint64_t *dice)
{
	int64_t by_ms = (1 + dice_below(dice, 180)) * MINUTE_MS * (dice_hits(dice, 60) ? -1 : 1);
	int64_t ms = some_time(dice, 6 * HOUR_MS);

	if (h->clock_wrong_ms)
		return;
	set_clock(h, NULL, by_ms);
	house_disturb(h, NULL, ms + FAULT_CALM_MS + ABS(by_ms));
	house_later(h, ms, set_clock, NULL, -by_ms);
}

/* ---- the table ---- */

static const struct {
	const char *name;
	int weight;
	bool is_fault;
	void (*run)(struct house *h, uint64_t *dice);
} table[] = {
	{ "create", 24, false, create },
	{ "create-several", 3, false, create_several },
	{ "extend", 10, false, extend },
	{ "change-type", 2, false, change_type },
	{ "new-pin", 4, false, new_pin },
	{ "rename", 3, false, rename_it },
	{ "revoke", 10, false, revoke_it },
	{ "pull", 4, false, pull },
	{ "adopt", 4, false, adopt_or_evict },
	{ "turn", 4, false, turn_door },
	{ "desk", 3, false, sit_at_desk },
	{ "come-in", 12, false, come_in },
	{ "app", 5, true, use_app },
	{ "fault", 8, true, fault },
	{ "bad-way", 4, true, bad_way },
	{ "take-out", 1, true, take_out },
	{ "die-at-write", 4, true, die_at_write },
	{ "die", 1, true, die_now },
	{ "disk", 1, true, disk_trouble },
	{ "clock", 1, true, wrong_clock },
	{ "hook", 2, true, hook_away },
};

int acts_kinds(void)
{
	return (int)G_N_ELEMENTS(table);
}

const char *act_name(int kind)
{
	return table[kind].name;
}

bool act_is_fault(int kind)
{
	return table[kind].is_fault;
}

static int drawn_kind(uint64_t *dice)
{
	int all = 0, at;

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		all += table[i].weight;
	at = dice_below(dice, all);
	for (size_t i = 0;; i++) {
		at -= table[i].weight;
		if (at < 0)
			return (int)i;
	}
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct act *x = a, *y = b;

	return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

GArray *acts_plan(uint64_t seed, const struct density *density, int days)
{
	GArray *plan = g_array_new(FALSE, FALSE, sizeof(struct act));
	uint64_t whole = dice_of(seed, 5);
	int busy = density->acts_least + /* acts in thirty days */
		   dice_below(&whole, density->acts_most - density->acts_least + 1);

	/* Each day has a stream of its own: fewer days leave those before as they are. */
	for (int day = 0; day < days; day++) {
		uint64_t dice = dice_of(seed, 100 + (uint64_t)day);
		int some = dice_below(&dice, 2 * busy + 1);
		int n = some / 30 + (dice_below(&dice, 30) < some % 30);

		for (int i = 0; i < n; i++) {
			struct act a = { .at_ms = day * DAY_MS + 2 * MINUTE_MS +
						  dice_below(&dice, (int)(DAY_MS - HOUR_MS)),
					 .kind = drawn_kind(&dice) };

			a.dice = dice_next(&dice);
			g_array_append_val(plan, a);
		}
	}
	g_array_sort(plan, by_time);
	return plan;
}

void act_run(struct house *h, const struct act *a)
{
	uint64_t dice = a->dice;

	trace("-- %s", table[a->kind].name);
	table[a->kind].run(h, &dice);
}
