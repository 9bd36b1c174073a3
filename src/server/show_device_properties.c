/* show_device_properties - the properties of a lock: its state, and what it takes as a code. */
#include "config.h"

#include "server/device.h"

static void show_model(GString *out, const struct store_device *d, const struct lock_system *ls)
{
	jsonout_object(out, "model");
	jsonout_string(out, "display_name", d->model ? d->model : brand_of(d->device_type, NULL));
	jsonout_string(out, "manufacturer_display_name", brand_of(d->device_type, NULL));
	jsonout_bool(out, "online_access_codes_supported", ls->online_codes);
	jsonout_bool(out, "offline_access_codes_supported", ls->offline_codes);
	jsonout_object_end(out);
}

/* As old as its last word: not said while it does not answer. */
static void show_battery(GString *out, const struct store_device *d)
{
	char level[16];

	if (!device_online(d) || d->battery_pct < 0)
		return;
	g_snprintf(level, sizeof level, "%d.%02d", d->battery_pct / 100, d->battery_pct % 100);
	jsonout_object(out, "battery");
	jsonout_raw(out, "level", level);
	jsonout_string(out, "status", engine_battery_word(d->battery_pct));
	jsonout_object_end(out);
	jsonout_raw(out, "battery_level", level);
}

/* Twins of flags, that older clients read. */
static void show_twins(GString *out, const struct store_device *d, const struct lock_system *ls)
{
	if (ls->online_codes)
		jsonout_bool(out, "online_access_codes_enabled", d->has_keypad);
	if (ls->offline_codes)
		jsonout_bool(out, "offline_access_codes_enabled", d->has_keypad);
}

static void show_both(GString *out, const struct store_device *d, const struct lock_system *ls)
{
	jsonout_string(out, "name", device_name(d));
	jsonout_bool(out, "online", device_online(d));
	jsonout_string(out, "manufacturer", device_maker(d->device_type));
	show_model(out, d, ls);
	show_battery(out, d);
	show_twins(out, d, ls);
}

void show_unmanaged_properties(struct server *s, GString *out, const struct store_device *d,
			       const struct lock_system *ls)
{
	(void)s;
	jsonout_object(out, "properties");
	show_both(out, d, ls);
	jsonout_object_end(out);
}

/* ---- managed ---- */

static void show_codes(GString *out, const struct store_device *d, const struct lock_system *ls)
{
	if (ls->pins.lengths)
		pin_lengths_json(out, "supported_code_lengths", ls->pins.lengths);
	if (ls->slots > 0)
		jsonout_int(out, "max_active_codes_supported", ls->slots);
	pin_constraints_json(out, "code_constraints", &ls->pins);
	show_offline_options(out, ls);
	jsonout_bool(out, "supports_backup_access_code_pool", ls->backup_pool);
	if (ls->backup_pool)
		jsonout_bool(out, "backup_access_code_pool_enabled", d->backup_pool);
	if (ls->offline_codes)
		jsonout_bool(out, "supports_offline_access_codes", true);
	/* Whoever types a PIN at a lock that is connected makes it tell of that by itself. */
	if (ls->online_codes)
		jsonout_bool(out, "has_native_entry_events", true);
}

static void show_auto_lock(GString *out, const struct store_device *d)
{
	if (d->auto_lock == TRI_UNKNOWN)
		return;
	jsonout_bool(out, "auto_lock_enabled", d->auto_lock == TRI_YES);
	if (d->auto_lock_delay_s > 0)
		jsonout_int(out, "auto_lock_delay_seconds", d->auto_lock_delay_s);
}

void show_properties(struct server *s, GString *out, const struct store_device *d,
		     const struct lock_system *ls)
{
	(void)s;
	jsonout_object(out, "properties");
	show_both(out, d, ls);
	jsonout_object(out, "appearance");
	jsonout_string(out, "name", d->name);
	jsonout_object_end(out);
	if (d->serial)
		jsonout_string(out, "serial_number", d->serial);
	if (device_online(d))
		jsonout_bool(out, "locked", d->locked);
	show_auto_lock(out, d);
	show_codes(out, d, ls);
	show_brand_metadata(out, d, ls);
	jsonout_object_end(out);
}
