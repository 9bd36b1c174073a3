/* show_device_maker - who made a lock, through whose service it is reached, and what the API says
 * of it in the brand's own words.
 *
 * No pictures: keyrackd has none of them, so no image_url is said. */
#include "config.h"

#include "engine/offline_layout.h"
#include "server/device.h"

#include <string.h>

const char *device_maker(const char *device_type)
{
	static const char *const ends[] = { "_lock", "_intercom", "_door" };

	for (size_t i = 0; device_type && i < G_N_ELEMENTS(ends); i++) {
		if (g_str_has_suffix(device_type, ends[i])) {
			g_autofree char *stem =
				g_strndup(device_type, strlen(device_type) - strlen(ends[i]));

			return g_intern_string(stem);
		}
	}
	return device_type ? g_intern_string(device_type) : "unknown";
}

void show_provider(GString *out, const char *key, const struct lock_system *ls)
{
	jsonout_object(out, key);
	jsonout_string(out, "device_provider_name", ls->provider);
	jsonout_string(out, "display_name", brand_of(ls->device_type, NULL));
	jsonout_string(out, "provider_category", "stable");
	jsonout_object_end(out);
}

void show_maker(GString *out, const char *key, const struct store_device *d)
{
	jsonout_object(out, key);
	jsonout_string(out, "manufacturer", device_maker(d->device_type));
	jsonout_string(out, "display_name", brand_of(d->device_type, NULL));
	jsonout_object_end(out);
}

/* ---- brand metadata ---- */

/* Oracode: the slots that the installer gave the door, with the zone in which they are meant. */
static void show_slots(GString *out, const struct store_device *d)
{
	const char *zone = d->zone ? d->zone : "Etc/UTC";

	jsonout_string(out, "door_name", d->name);
	if (d->account_name)
		jsonout_string(out, "site_name", d->account_name);
	if (d->zone)
		jsonout_string(out, "iana_timezone", d->zone);
	jsonout_array(out, "predefined_time_slots");
	for (size_t i = 0; i < OFFLINE_SLOTS; i++) {
		const struct offline_slot *slot = &offline_slots[i];
		g_autofree char *from = g_strdup_printf("%02d:00:00[%s]", slot->from_hour, zone);
		g_autofree char *until = g_strdup_printf("%02d:00:00[%s]", slot->until_hour, zone);
		g_autofree char *name =
			g_strdup_printf("%02d:00 to %02d:00", slot->from_hour, slot->until_hour);

		jsonout_object(out, NULL);
		jsonout_string(out, "name", name);
		jsonout_string(out, "check_in_time", from);
		jsonout_string(out, "check_out_time", until);
		jsonout_bool(out, "is_24_hour", slot->from_hour == slot->until_hour);
		jsonout_bool(out, "is_biweekly_mode", false);
		jsonout_bool(out, "is_one_shot", false);
		jsonout_bool(out, "is_master", false);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}

static void show_keypad(GString *out, const struct store_device *d)
{
	jsonout_bool(out, "has_keypad", d->has_keypad);
}

static void show_nuki_keypad(GString *out, const struct store_device *d)
{
	jsonout_bool(out, "keypad_paired", d->has_keypad);
}

/* What each brand calls a lock's id, name, model, serial number and site. An id is the driver's
 * own name for the lock, which is a text: where the brand's are numbers none is said. */
static const struct brand {
	const char *device_type, *metadata;
	const char *id, *name, *model, *serial, *site;
	void (*more)(GString *out, const struct store_device *d);
} brands[] = {
	{ "two_n_intercom", "two_n_metadata", .name = "device_name" },
	{ "august_lock", "august_metadata", .id = "lock_id", .name = "lock_name", .model = "model",
	  .site = "house_name", .more = show_keypad },
	{ "yale_lock", "august_metadata", .id = "lock_id", .name = "lock_name", .model = "model",
	  .site = "house_name", .more = show_keypad },
	{ "dormakaba_oracode_door", "dormakaba_oracode_metadata", .more = show_slots },
	{ "igloohome_lock", "igloohome_metadata", .id = "device_id", .name = "device_name" },
	{ "kwikset_lock", "kwikset_metadata", .id = "device_id", .name = "device_name",
	  .model = "model_number" },
	{ "lockly_lock", "lockly_metadata", .id = "device_id", .name = "device_name",
	  .model = "model" },
	{ "nuki_lock", "nuki_metadata", .id = "device_id", .name = "device_name",
	  .more = show_nuki_keypad },
	{ "salto_lock", "salto_ks_metadata", .id = "lock_id", .model = "model",
	  .site = "site_name" },
	{ "schlage_lock", "schlage_metadata", .id = "device_id", .name = "device_name",
	  .model = "model" },
	{ "smartthings_lock", "smartthings_metadata", .id = "device_id", .name = "device_name",
	  .model = "model" },
	{ "tedee_lock", "tedee_metadata", .name = "device_name", .model = "device_model",
	  .serial = "serial_number" },
	{ "ttlock_lock", "ttlock_metadata", .name = "lock_alias" },
	{ "wyze_lock", "wyze_metadata", .id = "device_id", .name = "device_name",
	  .model = "product_model" },
};

static void show_fact(GString *out, const char *key, const char *text)
{
	if (key && text)
		jsonout_string(out, key, text);
}

void show_brand_metadata(GString *out, const struct store_device *d, const struct lock_system *ls)
{
	const struct brand *b = NULL;

	for (size_t i = 0; !b && i < G_N_ELEMENTS(brands); i++)
		b = g_strcmp0(brands[i].device_type, ls->device_type) == 0 ? &brands[i] : NULL;
	if (!b)
		return;
	jsonout_object(out, b->metadata);
	show_fact(out, b->id, d->device_id);
	show_fact(out, b->name, d->name);
	show_fact(out, b->model, d->model);
	show_fact(out, b->serial, d->serial);
	show_fact(out, b->site, d->place);
	if (b->more)
		b->more(out, d);
	jsonout_object_end(out);
}

/* ---- offline_time_frame_options ---- */

static void show_span(GString *out, const char *before, const char *unit,
		      const struct offline_layout *l)
{
	g_autofree char *from = g_strdup_printf("%s%d%s", before, l->length_min, unit);
	g_autofree char *until = g_strdup_printf("%s%d%s", before, l->length_max, unit);

	jsonout_string(out, "min_duration", from);
	jsonout_string(out, "max_duration", until);
}

static void show_hours(GString *out, const struct offline_layout *l, const struct zone *zone)
{
	(void)zone;
	show_span(out, "PT", "H", l);
}

static void show_days(GString *out, const struct offline_layout *l, const struct zone *zone)
{
	(void)zone;
	show_span(out, "P", "D", l);
	jsonout_bool(out, "matching_start_end_time", true);
}

static void show_pairs(GString *out, const struct offline_layout *l, const struct zone *zone)
{
	g_autofree char *most = g_strdup_printf("P%dD", OFFLINE_NIGHTS_MAX);

	(void)l;
	jsonout_string(out, "max_duration", most);
	if (zone)
		jsonout_string(out, "time_zone", zone_name(zone));
	jsonout_array(out, "time_pairs");
	for (size_t i = 0; i < OFFLINE_SLOTS; i++) {
		g_autofree char *from = g_strdup_printf("%02d:00", offline_slots[i].from_hour);
		g_autofree char *until = g_strdup_printf("%02d:00", offline_slots[i].until_hour);
		g_autofree char *name = g_strdup_printf("%s to %s", from, until);

		jsonout_object(out, NULL);
		jsonout_string(out, "display_name", name);
		jsonout_string(out, "start_time", from);
		jsonout_string(out, "end_time", until);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}

/* One-time codes are no option of their own: is_one_time_use asks for them. */
static const struct {
	const char *name;
	void (*show)(GString *out, const struct offline_layout *l, const struct zone *zone);
} kinds[] = {
	[OFFLINE_HOURLY] = { "Hourly-bound", show_hours },
	[OFFLINE_DAILY] = { "Daily-bound", show_days },
	[OFFLINE_ONE_TIME] = { NULL, NULL },
	[OFFLINE_SLOT] = { "Time slots", show_pairs },
	[OFFLINE_PLAIN] = { "Whole hours", show_hours },
};

void show_offline_options(GString *out, const struct lock_system *ls)
{
	if (!ls->offline_codes)
		return;
	jsonout_array(out, "offline_time_frame_options");
	for (size_t i = 0; i < OFFLINE_LAYOUTS; i++) {
		const struct offline_layout *l = &offline_layouts[i];

		if (strcmp(l->device_type, ls->device_type) != 0 || !kinds[l->kind].name)
			continue;
		jsonout_object(out, NULL);
		jsonout_string(out, "display_name", kinds[l->kind].name);
		kinds[l->kind].show(out, l, ls->zone);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}
