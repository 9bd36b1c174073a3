/* zone - civil time through GLib's zone database, and its texts in plain English.
 *
 * GTimeZone is asked one thing only: the offset at a moment. Gaps and repeated hours are worked
 * out here from that, so that the rules of the header hold whatever the library does. */
#include "core/zone.h"

#include <string.h>

#include "core/civil_math.h"
#include "core/i18n.h"

#define DAY_S INT64_C(86400)

struct zone {
	char *name;
	GTimeZone *tz;
	bool known;
};

static const char *const weekday_names[] = { "", N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
						N_("Fri"), N_("Sat"), N_("Sun") };
static const char *const month_names[] = { "",	      N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"),
					   N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"),
					   N_("Oct"), N_("Nov"), N_("Dec") };

/* The zones of the database with a digit in their name and no region before it. */
static const char *const numbered_zones[] = { "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT",
					      "GMT0",	 "GMT+0",   "GMT-0",   NULL };

/* The name comes from a server and becomes part of a file name: only what zones are made of. */
static bool name_is_plain(const char *name)
{
	if (!g_ascii_isalpha(name[0]) || strlen(name) > 64 || strstr(name, ".."))
		return false;
	for (const char *p = name; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr("_+-/", *p))
			return false;
	}
	/* GLib would take "abc5" for a rule of POSIX: a zone nobody is in. */
	return strchr(name, '/') || !strpbrk(name, "0123456789") ||
	       g_strv_contains(numbered_zones, name);
}

static struct zone *zone_new(const char *name)
{
	struct zone *z = g_new0(struct zone, 1);

	if (name[0] == '\0')
		z->tz = g_time_zone_new_local();
	else if (name_is_plain(name))
		z->tz = g_time_zone_new_identifier(name);
	z->known = z->tz != NULL;
	if (!z->tz)
		z->tz = g_time_zone_new_utc();
	z->name = g_strdup(name[0] ? name : g_time_zone_get_identifier(z->tz));
	return z;
}

const struct zone *zone_get(const char *iana)
{
	G_LOCK_DEFINE_STATIC(zones);
	static GHashTable *zones;
	const char *name = iana ? iana : "";

	G_LOCK(zones);
	if (!zones)
		zones = g_hash_table_new(g_str_hash, g_str_equal);

	struct zone *z = g_hash_table_lookup(zones, name);

	if (!z) {
		z = zone_new(name);
		g_hash_table_insert(zones, g_strdup(name), z);
	}
	G_UNLOCK(zones);
	return z;
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

bool zone_is_known(const struct zone *z)
{
	return z->known;
}

static int interval_at(const struct zone *z, int64_t utc_s)
{
	return g_time_zone_find_interval(z->tz, G_TIME_TYPE_UNIVERSAL, utc_s);
}

static int64_t offset_at(const struct zone *z, int64_t utc_s)
{
	return g_time_zone_get_offset(z->tz, interval_at(z, utc_s));
}

struct civil civil_at(const struct zone *z, struct instant t)
{
	struct civil c = { 0 };

	if (!instant_known(t))
		return c;

	int64_t utc_s = floor_div(t.ms, 1000);
	int interval = interval_at(z, utc_s);

	c.offset_s = g_time_zone_get_offset(z->tz, interval);
	g_strlcpy(c.abbrev, g_time_zone_get_abbreviation(z->tz, interval), sizeof c.abbrev);

	int64_t day = floor_div(utc_s + c.offset_s, DAY_S);
	int second = (int)floor_mod(utc_s + c.offset_s, DAY_S);

	day_split(day, &c.year, &c.month, &c.day);
	c.hour = second / 3600;
	c.minute = second / 60 % 60;
	c.second = second % 60;
	c.weekday = (int)floor_mod(day + 3, 7) + 1; /* day 0 was a Thursday */
	return c;
}

/* The first second in (from, to] that has another offset than 'from' has. */
static int64_t change_between(const struct zone *z, int64_t from, int64_t to)
{
	int64_t before = offset_at(z, from);

	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (offset_at(z, middle) == before)
			from = middle;
		else
			to = middle;
	}
	return to;
}

static struct instant from_seconds(int64_t utc_s)
{
	int64_t ms;

	if (__builtin_mul_overflow(utc_s, INT64_C(1000), &ms))
		return utc_s < 0 ? INSTANT_MIN : INSTANT_MAX;
	return (struct instant){ ms };
}

enum civil_fit civil_resolve(const struct zone *z, struct civil c, struct instant *out)
{
	int64_t wall = day_number(c.year, c.month, c.day) * DAY_S + c.hour * INT64_C(3600) +
		       c.minute * INT64_C(60) + c.second;
	/* No zone is a whole day off, so these two lie on either side of any change nearby. */
	int64_t early = offset_at(z, wall - DAY_S);
	int64_t late = offset_at(z, wall + DAY_S);
	bool early_fits = offset_at(z, wall - early) == early;
	bool late_fits = offset_at(z, wall - late) == late;

	if (!early_fits && !late_fits) {
		*out = from_seconds(change_between(z, wall - DAY_S, wall + DAY_S));
		return CIVIL_NEVER;
	}
	if (early_fits && late_fits && early != late) {
		*out = from_seconds(wall - MAX(early, late));
		return CIVIL_TWICE;
	}
	*out = from_seconds(wall - (early_fits ? early : late));
	return CIVIL_ONCE;
}

struct instant zone_day_start(const struct zone *z, struct instant t, int days)
{
	struct civil c = civil_at(z, t);
	struct instant start;

	if (!instant_known(t))
		return INSTANT_NONE;
	c.day += days;
	c.hour = c.minute = c.second = 0;
	civil_resolve(z, c, &start);
	return start;
}

int64_t zone_day_length_ms(const struct zone *z, struct instant t)
{
	return instant_diff_ms(zone_day_start(z, t, 1), zone_day_start(z, t, 0));
}

const char *weekday_name(int weekday)
{
	return weekday >= 1 && weekday <= 7 ? _(weekday_names[weekday]) : "";
}

const char *civil_clock(const struct zone *z, struct instant t, char buf[static CIVIL_TEXT_MAX])
{
	struct civil c = civil_at(z, t);

	buf[0] = '\0';
	if (instant_known(t))
		g_snprintf(buf, CIVIL_TEXT_MAX, "%02d:%02d", c.hour, c.minute);
	return buf;
}

const char *civil_seconds(const struct zone *z, struct instant t, char buf[static CIVIL_TEXT_MAX])
{
	struct civil c = civil_at(z, t);

	buf[0] = '\0';
	if (instant_known(t))
		g_snprintf(buf, CIVIL_TEXT_MAX, "%02d:%02d:%02d", c.hour, c.minute, c.second);
	return buf;
}

const char *civil_day(const struct zone *z, struct instant t, char buf[static CIVIL_TEXT_MAX])
{
	struct civil c = civil_at(z, t);

	buf[0] = '\0';
	if (instant_known(t))
		/* A weekday, a day, a month: "Sun 22 Nov". */
		g_snprintf(buf, CIVIL_TEXT_MAX, _("%1$s %2$d %3$s"), _(weekday_names[c.weekday]), c.day,
			   _(month_names[c.month]));
	return buf;
}

const char *civil_full(const struct zone *z, struct instant t, char buf[static CIVIL_TEXT_MAX])
{
	struct civil c = civil_at(z, t);

	buf[0] = '\0';
	if (instant_known(t))
		/* "Sun 22 Nov 2026 21:18 CET" */
		g_snprintf(buf, CIVIL_TEXT_MAX, _("%1$s %2$d %3$s %4$d %5$02d:%6$02d %7$s"),
			   _(weekday_names[c.weekday]), c.day, _(month_names[c.month]), c.year, c.hour,
			   c.minute, c.abbrev);
	return buf;
}

/* A weekday's name alone means the one to come, so the past is dated from the day before
 * yesterday on. Beyond half a year the year matters more than the hour. */
const char *civil_near(const struct zone *z, struct instant t, struct instant now,
		       char buf[static CIVIL_TEXT_MAX])
{
	struct civil c = civil_at(z, t), today = civil_at(z, now);
	int64_t days =
		day_number(c.year, c.month, c.day) - day_number(today.year, today.month, today.day);

	buf[0] = '\0';
	if (!instant_known(t))
		return buf;
	if (days == 0)
		g_snprintf(buf, CIVIL_TEXT_MAX, "%02d:%02d", c.hour, c.minute);
	else if (days == 1 || days == -1)
		g_snprintf(buf, CIVIL_TEXT_MAX, "%s %02d:%02d", days > 0 ? _("tomorrow") : _("yesterday"),
			   c.hour, c.minute);
	else if (days > 1 && days < 7)
		g_snprintf(buf, CIVIL_TEXT_MAX, "%s %02d:%02d", _(weekday_names[c.weekday]), c.hour,
			   c.minute);
	else if (days > -183 && days < 183)
		/* "22 Nov 21:18" */
		g_snprintf(buf, CIVIL_TEXT_MAX, _("%1$d %2$s %3$02d:%4$02d"), c.day, _(month_names[c.month]),
			   c.hour, c.minute);
	else
		/* "22 Nov 2027" */
		g_snprintf(buf, CIVIL_TEXT_MAX, _("%1$d %2$s %3$d"), c.day, _(month_names[c.month]), c.year);
	return buf;
}

static const uint64_t unit_ms[] = { 86400000, 3600000, 60000, 1000 };

static void put_unit(char *buf, size_t size, size_t unit, uint64_t n)
{
	g_snprintf(buf, size,
		   unit == 0   ? _("%ld d")
		   : unit == 1 ? _("%ld h")
		   : unit == 2 ? _("%ld m")
			       : _("%ld s"),
		   (long)n);
}

const char *duration_text(int64_t ms, char buf[static CIVIL_TEXT_MAX])
{
	uint64_t left = ms < 0 ? UINT64_C(0) - (uint64_t)ms : (uint64_t)ms;
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(unit_ms) && left < unit_ms[i])
		i++;
	put_unit(buf, CIVIL_TEXT_MAX, i, left / unit_ms[i]);
	if (i + 1 < G_N_ELEMENTS(unit_ms)) {
		uint64_t rest = left % unit_ms[i] / unit_ms[i + 1];
		size_t used = strlen(buf);

		if (rest > 0 && used + 1 < CIVIL_TEXT_MAX) {
			buf[used++] = ' ';
			put_unit(buf + used, CIVIL_TEXT_MAX - used, i + 1, rest);
		}
	}
	return buf;
}
