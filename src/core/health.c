/* health - how a lock is; see the header. */
#include "core/health.h"

#include <string.h>

#include "core/i18n.h"
#include "core/jsonin.h"

static const struct {
	const char *problem;
	enum health_part part;
} parts[] = {
	{ "device_disconnected", HEALTH_CONNECTION },
	{ "device_offline", HEALTH_CONNECTION },
	{ "hub_disconnected", HEALTH_CONNECTION },
	{ "bridge_disconnected", HEALTH_CONNECTION },
	{ "august_lock_missing_bridge", HEALTH_CONNECTION },
	{ "august_lock_temporarily_offline", HEALTH_CONNECTION },
	{ "igloohome_bridge_offline", HEALTH_CONNECTION },
	{ "lockly_missing_wifi_bridge", HEALTH_CONNECTION },
	{ "ttlock_lock_not_paired_to_gateway", HEALTH_CONNECTION },
	{ "wyze_device_missing_gateway", HEALTH_CONNECTION },
	{ "account_disconnected", HEALTH_ACCOUNT },
	{ "account_reauthorization_requested", HEALTH_ACCOUNT },
	{ "august_lock_not_authorized", HEALTH_ACCOUNT },
	{ "device_removed", HEALTH_ACCOUNT },
	{ "dormakaba_sites_disconnected", HEALTH_ACCOUNT },
	{ "dormakaba_sites_unapproved", HEALTH_ACCOUNT },
	{ "invalid_credentials", HEALTH_ACCOUNT },
	{ "missing_device_credentials", HEALTH_ACCOUNT },
	{ "provider_service_unavailable", HEALTH_ACCOUNT },
	{ "salto_ks_subscription_limit_exceeded", HEALTH_ACCOUNT },
	{ "setup_required", HEALTH_ACCOUNT },
	{ "subscription_required", HEALTH_ACCOUNT },
	{ "unknown_issue_with_connected_account", HEALTH_ACCOUNT },
	{ "lockly_time_zone_not_configured", HEALTH_CLOCK },
	{ "time_zone_mismatch", HEALTH_CLOCK },
	{ "time_zone_unknown", HEALTH_CLOCK },
	{ "two_n_device_missing_timezone", HEALTH_CLOCK },
	{ "ultraloq_time_zone_unknown", HEALTH_CLOCK },
	{ "accessory_keypad_low_battery", HEALTH_BATTERY },
	{ "max_access_codes_reached", HEALTH_MEMORY },
};

enum health_part health_part_of(const char *problem, bool of_account)
{
	for (size_t i = 0; problem && i < G_N_ELEMENTS(parts); i++)
		if (strcmp(parts[i].problem, problem) == 0)
			return parts[i].part;
	return of_account ? HEALTH_ACCOUNT : HEALTH_NONE;
}

bool battery_is_low(int pct, const char *status)
{
	return (pct >= 0 && pct < BATTERY_LOW_PCT) || g_strcmp0(status, "low") == 0 ||
	       g_strcmp0(status, "critical") == 0;
}

int health_level(const struct lock_health *h, struct instant now)
{
	bool full = instant_known(h->full_at);

	if (h->offline || h->account)
		return 3;
	if (h->battery_low || (full && !instant_before(now, h->full_at)))
		return MAX(h->severity, 2);
	if (h->clock || (full && instant_diff_ms(h->full_at, now) < FULL_SOON_MS))
		return MAX(h->severity, 1);
	return h->severity;
}

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* What is not known comes after all that is. */
static int64_t or_last(struct instant t)
{
	return instant_known(t) ? t.ms : INT64_MAX;
}

/* Low without a number is as bad as empty. */
static int64_t battery_key(const struct lock_health *h)
{
	return h->battery_pct >= 0 ? h->battery_pct : h->battery_low ? 0 : INT64_MAX;
}

int health_compare_battery(const struct lock_health *a, const struct lock_health *b)
{
	return compare(battery_key(a), battery_key(b));
}

int health_compare_worst(const struct lock_health *a, const struct lock_health *b, struct instant now)
{
	int d = health_level(b, now) - health_level(a, now);

	d = d ? d : b->offline - a->offline;
	d = d ? d : compare(or_last(a->offline_since), or_last(b->offline_since));
	d = d ? d : b->account - a->account;
	d = d ? d : b->battery_low - a->battery_low;
	d = d || !a->battery_low ? d : health_compare_battery(a, b);
	d = d ? d : compare(or_last(a->full_at), or_last(b->full_at));
	d = d ? d : b->clock - a->clock;
	return d ? d : compare(b->strays, a->strays);
}

bool health_needs_hands(const struct lock_health *h)
{
	return h->offline || h->battery_low;
}

/* ---- the lock's clock ---- */

struct told {
	char *zone;         /* of the maker's own part */
	bool has_offset;
	int64_t offset_ms;  /* from UTC, without summer time */
};

static bool begins_and_ends(const char *path, const char *begins, const char *middle,
			    const char *const *ends)
{
	if (!g_str_has_prefix(path, begins) || !strstr(path, middle))
		return false;
	for (; *ends; ends++)
		if (g_str_has_suffix(path, *ends))
			return true;
	return false;
}

static void keep_clock(const char *path, const char *text, void *ctx)
{
	static const char *const zones[] = { ".time_zone", ".timezone", ".iana_timezone", NULL };
	static const char *const offsets[] = { ".timezone_raw_offset_ms", NULL };
	struct told *told = ctx;

	if (!text || !*text)
		return;
	if (!told->zone && begins_and_ends(path, "properties.", "_metadata.", zones)) {
		told->zone = g_strdup(text);
	} else if (begins_and_ends(path, "properties.", "_metadata.", offsets)) {
		told->has_offset = true;
		told->offset_ms = g_ascii_strtoll(text, NULL, 10);
	}
}

/* The smaller of two offsets half a year apart: that without summer time. */
static int64_t standard_offset_ms(const struct zone *z, struct instant now)
{
	struct instant later = instant_add_ms(now, 182 * DAY_MS);

	return MIN(civil_at(z, now).offset_s, civil_at(z, later).offset_s) * SECOND_MS;
}

char *health_clock_words(const struct lock *lock, struct instant now)
{
	struct told told = { 0 };
	char *words = NULL;
	const struct zone *z;

	if (!lock->zone || !*lock->zone)
		return NULL;
	z = zone_get(lock->zone);
	jsonin_walk(lock->object, keep_clock, &told);
	if (told.zone && zone_is_known(zone_get(told.zone)) &&
	    (civil_at(zone_get(told.zone), now).offset_s != civil_at(z, now).offset_s ||
	     standard_offset_ms(zone_get(told.zone), now) != standard_offset_ms(z, now)))
		words = g_strdup_printf(_("keeps the time of %s"), told.zone);
	else if (!told.zone && told.has_offset && told.offset_ms != standard_offset_ms(z, now))
		words = g_strdup_printf("is %+" G_GINT64_FORMAT " min off the time of %s",
					(told.offset_ms - standard_offset_ms(z, now)) / MINUTE_MS,
					lock->zone);
	g_free(told.zone);
	return words;
}
