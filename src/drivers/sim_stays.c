/* sim_stays - the property file's codes: who lives there, who comes and goes, and when.
 *
 * [code NAME] is one code on one door or on several; its times count from the first start, so
 * that a demo always has guests in the house and an arrival tonight. */
#include "drivers/sim.h"

#include <string.h>

#define REPEAT_MAX    31
#define QUARTER_MS    (15 * MINUTE_MS)
#define START_LEAD_MS MINUTE_MS

/* ---- times ---- */

static bool skip(const char **p, const char *word)
{
	while (**p == ' ')
		(*p)++;
	if (!g_str_has_prefix(*p, word))
		return false;
	*p += strlen(word);
	return true;
}

static bool take_int(const char **p, int64_t low, int64_t high, int64_t *out)
{
	char *end;

	while (**p == ' ')
		(*p)++;
	*out = g_ascii_strtoll(*p, &end, 10);
	if (end == *p || *out < low || *out > high)
		return false;
	*p = end;
	return true;
}

static bool at_end(const char *p)
{
	return p[strspn(p, " ")] == '\0';
}

/* "-2 15:00": the civil day of born and so many after, at that time on the wall. */
static bool parse_day(const char *p, const struct zone *zone, struct instant born,
		      struct instant *out)
{
	struct civil c = civil_at(zone, born);
	int64_t days, hour, minute;

	if (!take_int(&p, -400, 400, &days) || !take_int(&p, 0, 23, &hour) || !skip(&p, ":") ||
	    !take_int(&p, 0, 59, &minute) || !at_end(p))
		return false;
	c.day += (int)days;
	c.hour = (int)hour;
	c.minute = (int)minute;
	c.second = 0;
	civil_resolve(zone, c, out);
	return true;
}

/* "in 45 min + 3 d": the next full quarter of an hour by then, and days of 24 hours more. */
static bool parse_in(const char *p, struct instant born, struct instant *out)
{
	int64_t minutes, days = 0;

	if (!take_int(&p, 0, 100000, &minutes) || !skip(&p, "min"))
		return false;
	if (skip(&p, "+") && (!take_int(&p, 0, 400, &days) || !skip(&p, "d")))
		return false;
	if (!at_end(p))
		return false;

	int64_t ms = born.ms + minutes * MINUTE_MS + QUARTER_MS - 1;

	out->ms = ms - ms % QUARTER_MS + days * DAY_MS;
	return true;
}

bool sim_time_parse(const char *text, const struct zone *zone, struct instant born,
		    struct instant *out)
{
	const char *p = text;

	return skip(&p, "in ") ? parse_in(p, born, out) : parse_day(text, zone, born, out);
}

/* ---- codes ---- */

static const char *const code_names[] = { "door",   "name",	  "from",	 "until",
					  "pin",    "common-key", "offline",	 "one-time",
					  "backup", "rounding",	  "repeat-days", NULL };

struct stay_reading {
	struct sim *sim;
	GKeyFile *file;
	const char *path, *group;
	GError **err;
};

/* The value with no blanks around it, kept by the driver; NULL: not there. */
static const char *text_of(const struct stay_reading *r, const char *key)
{
	g_autofree char *value = g_key_file_get_string(r->file, r->group, key, NULL);

	return value ? g_string_chunk_insert(r->sim->chunk, g_strstrip(value)) : NULL;
}

static bool wrong(const struct stay_reading *r, const char *key, const char *must)
{
	return sim_property_wrong(r->err, r->path, r->group, key, must);
}

static bool flag_of(const struct stay_reading *r, const char *key, bool *out)
{
	const char *value = text_of(r, key);

	*out = g_strcmp0(value, "yes") == 0;
	return !value || *out || strcmp(value, "no") == 0 || wrong(r, key, "must be yes or no");
}

static bool time_of(const struct stay_reading *r, const char *key, const struct zone *zone,
		    struct instant *out)
{
	const char *value = text_of(r, key);

	*out = INSTANT_NONE;
	return !value || sim_time_parse(value, zone, r->sim->born, out) ||
	       wrong(r, key, "must be a day and a time, like -2 15:00 or in 45 min + 3 d");
}

/* Some locks take no code that has started. Whoever came earlier has had another one. */
static struct instant start_taken(const struct sim *sim, const struct sim_lock *lock,
				  struct instant starts_at)
{
	const struct lock_system *system = &lock->system;
	bool ahead = system->start_lead_ms > 0 || (system->pins.rules & PIN_START_IN_FUTURE);
	struct instant earliest = instant_add_ms(sim->born, system->start_lead_ms + START_LEAD_MS);

	return instant_known(starts_at) && ahead && instant_before(starts_at, earliest) ? earliest
											: starts_at;
}

static struct instant days_later(const struct zone *zone, struct instant t, int days)
{
	struct civil c = civil_at(zone, t);
	struct instant later = t;

	c.day += days;
	if (days != 0)
		civil_resolve(zone, c, &later);
	return later;
}

static void add_days(const struct stay_reading *r, const struct sim_lock *lock,
		     struct simulated_code code, int days)
{
	struct sim *sim = r->sim;
	struct instant starts_at = code.starts_at, ends_at = code.ends_at;

	code.device_id = lock->device_id;
	for (int day = 0; day < days; day++) {
		if (instant_known(starts_at))
			code.starts_at = days_later(lock->zone, starts_at, day);
		if (instant_known(ends_at))
			code.ends_at = days_later(lock->zone, ends_at, day);
		if (instant_known(code.ends_at) && !instant_before(sim->born, code.ends_at))
			continue;
		code.starts_at = start_taken(sim, lock, code.starts_at);
		g_array_append_val(sim->stays, code);
	}
}

static bool read_rounding(const struct stay_reading *r, int64_t *out)
{
	const char *value = text_of(r, "rounding");

	*out = g_strcmp0(value, "1d") == 0 ? DAY_MS : g_strcmp0(value, "1h") == 0 ? HOUR_MS : 0;
	return !value || *out || wrong(r, "rounding", "must be 1h or 1d");
}

static bool read_repeat(const struct stay_reading *r, int *out)
{
	const char *value = text_of(r, "repeat-days");
	gint64 n = 1;

	if (value && !g_ascii_string_to_signed(value, 10, 1, REPEAT_MAX, &n, NULL))
		return wrong(r, "repeat-days", "must be 1 to 31");
	*out = (int)n;
	return true;
}

static bool read_code(const struct stay_reading *r)
{
	struct simulated_code code = { .name = text_of(r, "name"),
				       .pin = text_of(r, "pin"),
				       .common_code_key = text_of(r, "common-key") };
	const char *door = text_of(r, "door");
	g_auto(GStrv) doors = g_strsplit(door ? door : "", ";", -1);
	int days = 1;

	if (!sim_property_known(r->file, r->path, r->group, code_names, r->err) ||
	    !flag_of(r, "offline", &code.offline) || !flag_of(r, "one-time", &code.one_time) ||
	    !flag_of(r, "backup", &code.backup_pool) || !read_repeat(r, &days) ||
	    !read_rounding(r, &code.max_rounding_ms))
		return false;
	if (!code.name)
		return wrong(r, "name", "is missing");
	for (char **name = doors; *name; name++) {
		struct sim_lock *lock = sim_property_door(r->sim, g_strstrip(*name));

		if (!lock)
			return wrong(r, "door", "must name a lock of this file");
		if (!time_of(r, "from", lock->zone, &code.starts_at) ||
		    !time_of(r, "until", lock->zone, &code.ends_at))
			return false;
		if (instant_known(code.starts_at) && instant_known(code.ends_at) &&
		    !instant_before(code.starts_at, code.ends_at))
			return wrong(r, "until", "must be after from");
		add_days(r, lock, code, days);
	}
	return doors[0] || wrong(r, "door", "is missing");
}

bool sim_property_stays(struct sim *sim, GKeyFile *file, const char *path, GError **err)
{
	g_auto(GStrv) groups = sim_property_groups(file, "code ");

	for (char **group = groups; *group; group++) {
		struct stay_reading r = { sim, file, path, *group, err };

		if (!read_code(&r))
			return false;
	}
	return true;
}
