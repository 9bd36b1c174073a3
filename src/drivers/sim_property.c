/* sim_property - the property file's locks: [property], [lock NAME], [unmanaged NAME].
 *
 * Every key of a group is known or an error that says where: a word misspelt in a file made by
 * hand must not become a lock that quietly behaves otherwise. The codes to be declared are read
 * in sim_stays.c. */
#include "drivers/sim.h"

#include <string.h>

#include "core/error.h"
#include "core/jsonout.h"

#define COUNT_MAX 100000

bool sim_property_wrong(GError **err, const char *path, const char *group, const char *key,
			const char *must)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "%s, [%s]: %s %s", path, group, key,
		    must);
	return false;
}

char **sim_property_groups(GKeyFile *file, const char *prefix)
{
	g_autoptr(GStrvBuilder) found = g_strv_builder_new();
	g_auto(GStrv) all = g_key_file_get_groups(file, NULL);

	for (char **group = all; *group; group++) {
		if (g_str_has_prefix(*group, prefix))
			g_strv_builder_add(found, *group);
	}
	return g_strv_builder_end(found);
}

bool sim_property_known(GKeyFile *file, const char *path, const char *group,
			const char *const *keys, GError **err)
{
	g_auto(GStrv) all = g_key_file_get_keys(file, group, NULL, NULL);

	for (char **key = all; key && *key; key++) {
		if (!g_strv_contains(keys, *key))
			return sim_property_wrong(err, path, group, *key,
						  "is not a key of this group");
	}
	return true;
}

/* ---- the values of a lock ---- */

struct reading {
	struct sim_lock *lock;
	const char *why;
};

static bool refuse(struct reading *r, const char *why)
{
	r->why = why;
	return false;
}

static bool read_number(const char *value, int64_t low, int64_t high, int64_t *out)
{
	gint64 n;

	if (!g_ascii_string_to_signed(value, 10, low, high, &n, NULL))
		return false;
	*out = n;
	return true;
}

static bool read_yes(const char *value, bool *out)
{
	*out = strcmp(value, "yes") == 0;
	return *out || strcmp(value, "no") == 0;
}

static bool set_room(struct reading *r, const char *value)
{
	r->lock->room = g_strdup(value);
	return true;
}

static bool set_model(struct reading *r, const char *value)
{
	r->lock->model = g_strdup(value);
	return true;
}

static bool set_zone(struct reading *r, const char *value)
{
	r->lock->zone = zone_get(value);
	return zone_is_known(r->lock->zone) || refuse(r, "is no time zone, like Europe/Berlin");
}

static bool set_battery(struct reading *r, const char *value)
{
	int64_t n = -1;

	if (!read_number(value, 0, 100, &n))
		return refuse(r, "must be 0 to 100 percent");
	r->lock->battery_pct = (int)n;
	return true;
}

/* "6", "4-8" */
static bool set_lengths(struct reading *r, const char *value)
{
	g_auto(GStrv) ends = g_strsplit(value, "-", 2);
	int64_t low = 0, high = 0;

	if (!ends[0] || !read_number(ends[0], PIN_MIN, PIN_MAX, &low) ||
	    !read_number(ends[1] ? ends[1] : ends[0], low, PIN_MAX, &high))
		return refuse(r, "must be a number of digits, like 6 or 4-8");
	r->lock->system.pins.lengths = (UINT32_C(2) << high) - (UINT32_C(1) << low);
	return true;
}

/* The API's words for what a PIN must be: "cannot_contain_089;no_zeros" */
static bool set_constraints(struct reading *r, const char *value)
{
	g_auto(GStrv) words = g_strsplit(value, ";", -1);
	g_autoptr(GString) json = g_string_new(NULL);

	jsonout_array(json, NULL);
	for (char **word = words; *word; word++) {
		if (!g_strstrip(*word)[0])
			continue;
		jsonout_object(json, NULL);
		jsonout_string(json, "constraint_type", *word);
		jsonout_object_end(json);
	}
	jsonout_array_end(json);

	struct lock like = { .code_lengths = "[6]", .code_constraints = json->str };
	struct pin_rules rules = pin_rules_of(&like);

	r->lock->system.pins.rules |= rules.rules;
	return rules.unknown == 0 || refuse(r, "has a constraint that nobody knows");
}

static bool set_slots(struct reading *r, const char *value)
{
	int64_t n = 0;

	if (!read_number(value, 1, 10000, &n))
		return refuse(r, "must be 1 to 10000 codes");
	r->lock->system.slots = (int)n;
	return true;
}

static bool set_read_back(struct reading *r, const char *value)
{
	static const char *const words[] = {
		[READ_NOTHING] = "nothing", [READ_MASKED] = "masked", [READ_ALL] = "all"
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i], value) == 0) {
			r->lock->system.read_back = (enum read_back)i;
			return true;
		}
	}
	return refuse(r, "must be all, masked or nothing");
}

static bool set_locked(struct reading *r, const char *value)
{
	return read_yes(value, &r->lock->locked) || refuse(r, "must be yes or no");
}

static bool set_relocks(struct reading *r, const char *value)
{
	return read_yes(value, &r->lock->relocks) || refuse(r, "must be yes or no");
}

static bool set_keypad(struct reading *r, const char *value)
{
	return read_yes(value, &r->lock->has_keypad) || refuse(r, "must be yes or no");
}

static bool set_late(struct reading *r, const char *value)
{
	int64_t n = 0;

	if (!read_number(value, -86400, 86400, &n))
		return refuse(r, "must be seconds that its clock is behind");
	r->lock->late_ms = n * SECOND_MS;
	return true;
}

static bool set_opens(struct reading *r, const char *value)
{
	char *end;
	double n = g_ascii_strtod(value, &end);

	if (end == value || *end || !(n >= 0 && n <= 3600))
		return refuse(r, "must be a number of times an hour");
	r->lock->opens_per_hour = n;
	return true;
}

static bool set_faults(struct reading *r, const char *value)
{
	g_auto(GStrv) words = g_strsplit(value, ";", -1);

	for (char **word = words; *word; word++) {
		int fault = sim_fault_of(g_strstrip(*word));

		if (!(*word)[0])
			continue;
		if (fault < 0)
			return refuse(r, "names a fault that there is not");
		r->lock->faults |= SIM_BIT(fault);
	}
	return true;
}

/* type, count and id are read before there is a lock. */
static const struct {
	const char *name;
	bool (*set)(struct reading *r, const char *value);
} lock_keys[] = {
	{ "room", set_room },	    { "model", set_model },
	{ "zone", set_zone },	    { "battery", set_battery },
	{ "lengths", set_lengths }, { "constraints", set_constraints },
	{ "slots", set_slots },	    { "read-back", set_read_back },
	{ "locked", set_locked },   { "auto-lock", set_relocks },
	{ "clock-late", set_late }, { "opens-per-hour", set_opens },
	{ "faults", set_faults },   { "keypad", set_keypad },
};
static const char *const lock_names[] = { "type",	"count",	  "room",    "model",
					  "zone",	"battery",	  "lengths", "constraints",
					  "slots",	"read-back",	  "locked",  "auto-lock",
					  "clock-late", "opens-per-hour", "faults",  "keypad",
					  NULL };

/* ---- building ---- */

/* The same for the same names, on every machine: a device's id is part of the property. */
static char *id_from(const char *property, const char *kind, const char *name)
{
	g_autofree char *whole = g_strdup_printf("keyrack/%s/%s/%s", property, kind, name);
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, whole, -1);

	return g_strdup_printf("%.8s-%.4s-5%.3s-a%.3s-%.12s", hash, hash + 8, hash + 13, hash + 17,
			       hash + 20);
}

static const struct sim_account *account_for(struct sim *sim, const struct lock_system *system)
{
	for (guint i = 0; i < sim->accounts->len; i++) {
		const struct sim_account *account = sim->accounts->pdata[i];

		if (strcmp(account->device_type, system->device_type) == 0)
			return account;
	}

	struct sim_account *account = g_new0(struct sim_account, 1);

	account->account_id = id_from(sim->property_name, "account", system->provider);
	account->name = g_strdup_printf("%s at %s", brand_of(system->device_type, NULL),
					sim->property_name);
	account->device_type = g_strdup(system->device_type);
	g_ptr_array_add(sim->accounts, account);
	return account;
}

static struct sim_lock *lock_build(struct sim *sim, const char *name,
				   const struct lock_system *system,
				   const struct sim_nature *nature, const struct zone *zone)
{
	struct sim_lock *lock = sim_lock_new(sim, name);
	g_autofree char *serial = NULL;

	lock->system = *system;
	lock->nature = nature;
	lock->relock_ms = nature->relock_ms;
	lock->zone = zone;
	lock->account = account_for(sim, system);
	lock->device_id = id_from(sim->property_name, "lock", name);
	serial = id_from(sim->property_name, "serial", name);
	lock->serial = g_ascii_strup(serial + strlen(serial) - 10, 10);
	lock->token = id_from(sim->property_name, "token", name);
	lock->dice = sim_dice_seed(sim->seed, lock->device_id);
	g_ptr_array_add(sim->locks, lock);
	g_hash_table_insert(sim->by_id, lock->device_id, lock);
	return lock;
}

static bool lock_fill(struct sim_lock *lock, GKeyFile *file, const char *path, const char *group,
		      GError **err)
{
	struct reading r = { .lock = lock };

	for (size_t i = 0; i < G_N_ELEMENTS(lock_keys); i++) {
		g_autofree char *value =
			g_key_file_get_string(file, group, lock_keys[i].name, NULL);

		if (value && !lock_keys[i].set(&r, g_strstrip(value)))
			return sim_property_wrong(err, path, group, lock_keys[i].name, r.why);
	}
	if (!lock->model)
		lock->model = g_strdup(lock->nature->model);
	return true;
}

/* [lock NAME] with count = N is N locks, "NAME 0001" on: for measuring. */
static bool read_lock(struct sim *sim, GKeyFile *file, const char *path, const char *group,
		      const struct zone *zone, GError **err)
{
	g_autofree char *type = g_key_file_get_string(file, group, "type", NULL);
	g_autofree char *count = g_key_file_get_string(file, group, "count", NULL);
	g_autofree char *base = g_strstrip(g_strdup(group + strlen("lock ")));
	const struct lock_system *system = type ? lock_system_of(type) : NULL;
	const struct sim_nature *nature = system ? sim_nature_of(system->device_type) : NULL;
	int64_t n = 1;

	if (!sim_property_known(file, path, group, lock_names, err))
		return false;
	if (!nature)
		return sim_property_wrong(
			err, path, group, "type",
			"must be one of the fourteen lock systems, like yale_lock");
	if (count && !read_number(count, 1, COUNT_MAX, &n))
		return sim_property_wrong(err, path, group, "count", "must be 1 to 100000");
	for (int64_t i = 1; i <= n; i++) {
		g_autofree char *name =
			count ? g_strdup_printf("%s %04d", base, (int)i) : g_strdup(base);

		struct sim_lock *lock = lock_build(sim, name, system, nature, zone);

		if (!lock_fill(lock, file, path, group, err))
			return false;
		lock->system.zone = lock->zone;
	}
	return true;
}

bool sim_property_locks(struct sim *sim, GKeyFile *file, const char *path, GError **err)
{
	static const char *const keys[] = { "name", "zone", NULL };
	g_auto(GStrv) groups = sim_property_groups(file, "lock ");
	g_autofree char *zone_text = g_key_file_get_string(file, "property", "zone", NULL);
	const struct zone *zone = zone_get(zone_text);

	if (!g_key_file_has_group(file, "property"))
		return sim_property_wrong(err, path, "property", "name", "is missing");
	if (!sim_property_known(file, path, "property", keys, err))
		return false;
	sim->property_name = g_key_file_get_string(file, "property", "name", NULL);
	if (!sim->property_name)
		return sim_property_wrong(err, path, "property", "name", "is missing");
	if (!zone_text || !zone_is_known(zone))
		return sim_property_wrong(err, path, "property", "zone",
					  "must be a time zone, like Europe/Berlin");
	for (char **group = groups; *group; group++) {
		if (!read_lock(sim, file, path, *group, zone, err))
			return false;
	}
	return groups[0] ||
	       sim_property_wrong(err, path, "lock ...", "type", "is missing: no lock");
}

struct sim_lock *sim_property_door(struct sim *sim, const char *name)
{
	for (guint i = 0; name && i < sim->locks->len; i++) {
		struct sim_lock *lock = sim->locks->pdata[i];

		if (strcmp(lock->name, name) == 0)
			return lock;
	}
	return NULL;
}

static bool read_unmanaged(struct sim *sim, GKeyFile *file, const char *path, const char *group,
			   GError **err)
{
	static const char *const keys[] = { "door", "name", "pin", NULL };
	g_autofree char *door = g_key_file_get_string(file, group, "door", NULL);
	g_autofree char *name = g_key_file_get_string(file, group, "name", NULL);
	g_autofree char *pin = g_key_file_get_string(file, group, "pin", NULL);
	struct sim_lock *lock = sim_property_door(sim, door);
	struct on_lock code = { .pin = pin,
				.name = name,
				.starts_at = INSTANT_NONE,
				.ends_at = INSTANT_NONE,
				.enabled = true };

	if (!sim_property_known(file, path, group, keys, err))
		return false;
	if (!lock)
		return sim_property_wrong(err, path, group, "door",
					  "must name a lock of this file");
	if (lock->remembered)
		return true;

	struct sim_outcome said = sim_lock_set(lock, NULL, &code, true);

	return said.result == DRIVER_OK || sim_property_wrong(err, path, group, "pin", said.text);
}

bool sim_property_contents(struct sim *sim, GKeyFile *file, const char *path, GError **err)
{
	g_auto(GStrv) groups = sim_property_groups(file, "unmanaged ");

	for (char **group = groups; *group; group++) {
		if (!read_unmanaged(sim, file, path, *group, err))
			return false;
	}
	return true;
}
