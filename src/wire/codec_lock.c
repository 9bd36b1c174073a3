/* codec_lock - the API's device as struct lock, and which devices are locks. */
#include "wire/codec.h"

#include <stddef.h>
#include <string.h>

#include "wire/json_get.h"

#define ROW(name, kind) { #name, kind, offsetof(struct lock, name) }
#define ROW_AS(json, name, kind) { json, kind, offsetof(struct lock, name) }

static const struct field DEVICE[] = {
	ROW_AS("can_program_offline_access_codes", can_program_offline, FIELD_TRI),
	ROW_AS("can_program_online_access_codes", can_program_online, FIELD_TRI),
	ROW_AS("can_remotely_lock", can_lock, FIELD_TRI),
	ROW_AS("can_remotely_unlock", can_unlock, FIELD_TRI),
	ROW(connected_account_id, FIELD_TEXT),
	ROW(created_at, FIELD_INSTANT),
	ROW(device_id, FIELD_TEXT),
	ROW(device_type, FIELD_TEXT),
	ROW(errors, FIELD_ARRAY),
	ROW_AS("is_managed", managed, FIELD_TRI),
	ROW(warnings, FIELD_ARRAY),
	ROW(workspace_id, FIELD_TEXT),
};

static const struct field PROPERTIES[] = {
	ROW(code_constraints, FIELD_ARRAY),
	ROW(door_open, FIELD_TRI),
	ROW(locked, FIELD_TRI),
	ROW(online, FIELD_TRI),
	ROW_AS("supported_code_lengths", code_lengths, FIELD_ARRAY),
	ROW_AS("supports_backup_access_code_pool", supports_backup_pool, FIELD_TRI),
};

static const struct lock NOTHING = {
	.created_at = { INT64_MIN },
	.managed = TRI_UNKNOWN,
	.online = TRI_UNKNOWN,
	.locked = TRI_UNKNOWN,
	.door_open = TRI_UNKNOWN,
	.battery_pct = -1,
	.can_lock = TRI_UNKNOWN,
	.can_unlock = TRI_UNKNOWN,
	.can_program_online = TRI_UNKNOWN,
	.can_program_offline = TRI_UNKNOWN,
	.supports_backup_pool = TRI_UNKNOWN,
	.max_active_codes = -1,
};

/* The first of these that says something. */
static const char *first(const char *a, const char *b, const char *c)
{
	return a ? a : b ? b : c;
}

static const char *name_of(const json_t *device, const json_t *properties, struct wire_scratch *s)
{
	return first(json_to_label(json_get_word(device, "display_name"), s),
		     json_to_label(json_get_word(json_object_get(properties, "appearance"), "name"), s),
		     json_to_label(json_get_word(properties, "name"), s));
}

static void decode_make(const json_t *device, const json_t *properties, struct lock *out)
{
	const json_t *maker = json_object_get(device, "device_manufacturer");
	const json_t *model = json_object_get(properties, "model");

	out->manufacturer = first(json_get_word(maker, "display_name"),
				  json_get_word(model, "manufacturer_display_name"),
				  json_get_word(properties, "manufacturer"));
	/* Payloads of old have the model as a plain word. */
	out->model = first(json_get_word(model, "display_name"),
			   json_get_word(properties, "model"), NULL);
}

static void decode_place(const json_t *device, struct wire_scratch *s, struct lock *out)
{
	const json_t *location = json_object_get(device, "location");

	out->place = json_to_label(json_get_word(location, "location_name"), s);
	out->room = json_to_label(json_get_word(location, "room_name"), s);
	out->zone = first(json_get_word(location, "time_zone"),
			  json_get_word(location, "timezone"), NULL);
}

static void decode_battery(const json_t *properties, struct lock *out)
{
	const json_t *battery = json_object_get(properties, "battery");
	double level;

	out->battery_status = json_get_word(battery, "status");
	if (!json_get_number(battery, "level", &level) &&
	    !json_get_number(properties, "battery_level", &level))
		return;
	if (level >= 0 && level <= 1)
		out->battery_pct = (int)(level * 100 + 0.5);
}

bool wire_decode_lock(const json_t *object, struct wire_scratch *s, struct lock *out)
{
	const json_t *properties = json_object_get(object, "properties");
	double most;

	*out = NOTHING;
	if (!json_is_object(object))
		return false;
	json_decode(object, DEVICE, G_N_ELEMENTS(DEVICE), s, out, NULL);
	if (!out->device_id || !*out->device_id)
		return false;

	if (json_is_object(properties))
		json_decode(properties, PROPERTIES, G_N_ELEMENTS(PROPERTIES), s, out, NULL);
	out->name = name_of(object, properties, s);
	decode_make(object, properties, out);
	decode_place(object, s, out);
	decode_battery(properties, out);
	if (json_get_number(properties, "max_active_codes_supported", &most) && most >= 0 &&
	    most <= G_MAXINT)
		out->max_active_codes = (int)most;
	out->object = json_to_text(object, s);
	return true;
}

/* ---- which devices are locks ---- */

static bool ends_in_any(const char *type, const char *const *suffixes)
{
	for (; *suffixes; suffixes++)
		if (g_str_has_suffix(type, *suffixes))
			return true;
	return false;
}

static bool says_lock(const json_t *device)
{
	static const char *const FLAGS[] = {
		"can_remotely_lock", "can_remotely_unlock", "can_program_online_access_codes",
		"can_program_offline_access_codes", "can_unlock_with_code", NULL,
	};
	const json_t *capabilities = json_object_get(device, "capabilities_supported");

	/* A flag that is false still says that the device is of the kind: see core/lock.h. */
	for (const char *const *flag = FLAGS; *flag; flag++)
		if (json_get_tri(device, *flag) != TRI_UNKNOWN)
			return true;

	for (size_t i = 0; i < json_array_size(capabilities); i++) {
		const char *word = json_string_value(json_array_get(capabilities, i));

		if (g_strcmp0(word, "lock") == 0 || g_strcmp0(word, "access_code") == 0)
			return true;
	}
	return false;
}

bool wire_is_lock(const json_t *device)
{
	static const char *const LOCKS[] = {
		"_lock", "_door", "_access_point", "_panel", "_entry", "_intercom", NULL,
	};
	static const char *const OTHERS[] = {
		"_thermostat", "_sensor", "_phone", "_camera", "_activity_zone", "_hub",
		"_bridge", NULL,
	};
	const char *type = json_get_text(device, "device_type");

	/* The type goes first: servers are known that give every device the same flags. */
	if (type && ends_in_any(type, OTHERS))
		return false;
	if (type && ends_in_any(type, LOCKS))
		return true;
	return says_lock(device);
}
