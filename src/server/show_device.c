/* show_device - a lock as the API's device, managed or not.
 *
 * Only what keyrackd knows is said. A capability flag has three values: true, false for what this
 * unit could do and cannot now (its keypad is missing), and absent for what it cannot do at all. */
#include "config.h"

#include "server/device.h"
#include "server/simulate.h"

const char *device_name(const struct store_device *d)
{
	return d->nickname ? d->nickname : d->name;
}

bool device_online(const struct store_device *d)
{
	return d->online && !d->account_lost && !d->removed;
}

/* ---- capability flags ---- */

enum flag {
	FLAG_ABSENT = TRI_UNKNOWN,
	FLAG_FALSE = TRI_NO,
	FLAG_TRUE = TRI_YES,
};

static enum flag can(bool at_all)
{
	return at_all ? FLAG_TRUE : FLAG_ABSENT;
}

static enum flag can_with_keypad(bool at_all, const struct store_device *d)
{
	return !at_all ? FLAG_ABSENT : d->has_keypad ? FLAG_TRUE : FLAG_FALSE;
}

static void show_flags(GString *out, const struct store_device *d, const struct lock_system *ls)
{
	const struct {
		const char *name;
		enum flag is;
	} flags[] = {
		{ "can_remotely_lock", can(d->can_lock) },
		{ "can_remotely_unlock", can(d->can_unlock) },
		{ "can_program_online_access_codes", can_with_keypad(ls->online_codes, d) },
		{ "can_program_offline_access_codes", can_with_keypad(ls->offline_codes, d) },
		{ "can_unlock_with_code",
		  can_with_keypad(ls->online_codes || ls->offline_codes, d) },
		{ "can_configure_auto_lock", can(d->auto_lock != TRI_UNKNOWN) },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (flags[i].is != FLAG_ABSENT)
			jsonout_bool(out, flags[i].name, flags[i].is == FLAG_TRUE);
	}
}

static void show_simulate_flags(struct server *s, GString *out, const struct store_device *d)
{
	bool hub = simulate_has_hub(d->device_type);
	const struct {
		const char *name;
		bool can;
	} flags[] = {
		{ "can_simulate_connection", true },
		{ "can_simulate_disconnection", true },
		{ "can_simulate_removal", true },
		{ "can_simulate_hub_connection", hub },
		{ "can_simulate_hub_disconnection", hub },
		{ "can_simulate_paid_subscription", g_strcmp0(d->device_type, "nuki_lock") == 0 },
	};

	for (size_t i = 0; s->simulated && i < G_N_ELEMENTS(flags); i++) {
		if (flags[i].can)
			jsonout_bool(out, flags[i].name, true);
	}
}

/* The list of old, by which some clients still tell what a device is. */
static void show_capabilities(GString *out, const struct store_device *d,
			      const struct lock_system *ls)
{
	jsonout_array(out, "capabilities_supported");
	if (ls->online_codes || ls->offline_codes)
		jsonout_string(out, NULL, "access_code");
	if (d->can_lock || d->can_unlock)
		jsonout_string(out, NULL, "lock");
	if (d->battery_pct >= 0)
		jsonout_string(out, NULL, "battery");
	jsonout_array_end(out);
}

/* ---- the object ---- */

static void show_location(GString *out, const struct store_device *d)
{
	if (!d->place && !d->room && !d->zone) {
		jsonout_null(out, "location");
		return;
	}
	jsonout_object(out, "location");
	if (d->place)
		jsonout_string(out, "location_name", d->place);
	if (d->room)
		jsonout_string(out, "room_name", d->room);
	if (d->zone) {
		jsonout_string(out, "time_zone", d->zone);
		jsonout_string(out, "timezone", d->zone);
	}
	jsonout_object_end(out);
}

/* What managed and unmanaged devices have in common. */
static void show_common(struct server *s, GString *out, const struct store_device *d,
			const struct lock_system *ls)
{
	jsonout_string(out, "device_id", d->device_id);
	jsonout_string(out, "workspace_id", s->workspace_id);
	if (d->account_id)
		jsonout_string(out, "connected_account_id", d->account_id);
	jsonout_string(out, "device_type", d->device_type);
	jsonout_string(out, "display_name", device_name(d));
	jsonout_bool(out, "is_managed", d->managed);
	jsonout_instant(out, "created_at", d->created_at);
	jsonout_raw(out, "custom_metadata", d->metadata ? d->metadata : "{}");
	show_capabilities(out, d, ls);
	show_location(out, d);
	show_flags(out, d, ls);
	jsonout_array(out, "errors");
	show_device_errors(s, out, d);
	jsonout_array_end(out);
	jsonout_array(out, "warnings");
	show_device_warnings(s, out, d);
	jsonout_array_end(out);
}

void show_device(struct server *s, GString *out, const char *key, const struct store_device *d)
{
	const struct lock_system *ls = engine_system_of(s->engine, d);

	jsonout_object(out, key);
	show_common(s, out, d, ls);
	if (d->nickname)
		jsonout_string(out, "nickname", d->nickname);
	jsonout_array(out, "space_ids");
	jsonout_array_end(out);
	show_simulate_flags(s, out, d);
	show_provider(out, "device_provider", ls);
	show_maker(out, "device_manufacturer", d);
	show_properties(s, out, d, ls);
	jsonout_object_end(out);
}

void show_unmanaged_device(struct server *s, GString *out, const char *key,
			   const struct store_device *d)
{
	const struct lock_system *ls = engine_system_of(s->engine, d);

	jsonout_object(out, key);
	show_common(s, out, d, ls);
	show_unmanaged_properties(s, out, d, ls);
	jsonout_object_end(out);
}
