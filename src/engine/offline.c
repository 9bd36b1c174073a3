/* offline - which windows an offline code can have, and what is made of the one asked for.
 *
 * Rounding never takes time from the guest, but for two cases: windows with the same time of day
 * at both ends keep that (both ends move together), and the slots of an Oracode door are what they
 * are. */
#include "engine/offline.h"

#include <string.h>

#include "core/civil_math.h"
#include "engine/offline_layout.h"

#define DIGITS_IGLOOHOME 9  /* the most that the lock takes */
#define DIGITS_ORACODE   6
#define DIGITS_LOCKLY    10 /* own choice: not typed like the 6 to 8 of online codes */
#define LOCKLY_HOURS     (92 * 24) /* own choice */
/* Until the same window has the same PIN again: seven years, and for Oracode's few digits five. */
#define START_HOURS      65536
#define START_DAYS       1800
#define NIGHTS_MAX       OFFLINE_NIGHTS_MAX
#define NIGHTS           (NIGHTS_MAX + 1)

/* Oracode's user levels are the installer's. Own choice: those of a hotel, and a day's work. */
const struct offline_slot offline_slots[OFFLINE_SLOTS] = {
	{ 12, 12 },
	{ 15, 11 },
	{ 16, 10 },
	{ 8, 18 },
};

const struct offline_layout offline_layouts[OFFLINE_LAYOUTS] = {
	{ "igloohome_lock", OFFLINE_HOURLY, DIGITS_IGLOOHOME, 3, START_HOURS, 1, 672 },
	{ "igloohome_lock", OFFLINE_DAILY, DIGITS_IGLOOHOME, 3, START_HOURS, 29, 367 },
	{ "igloohome_lock", OFFLINE_ONE_TIME, DIGITS_IGLOOHOME, 5, START_HOURS, 24, 24 },
	/* Own choice: four codes to a slot and day. */
	{ "dormakaba_oracode_door", OFFLINE_SLOT, DIGITS_ORACODE, 4, START_DAYS, 0,
	  OFFLINE_SLOTS * NIGHTS - 1 },
	/* Own choice: five codes to a start hour. */
	{ "lockly_lock", OFFLINE_PLAIN, DIGITS_LOCKLY, 5, START_HOURS, 1, LOCKLY_HOURS },
	{ "lockly_lock", OFFLINE_ONE_TIME, DIGITS_LOCKLY, 5, START_HOURS, 1, LOCKLY_HOURS },
};

const struct offline_layout *offline_layout_of(const char *device_type, enum offline_kind kind)
{
	const struct traits *t = traits_of(device_type);

	for (size_t i = 0; t && i < G_N_ELEMENTS(offline_layouts); i++) {
		if (offline_layouts[i].kind == kind &&
		    strcmp(offline_layouts[i].device_type, t->device_type) == 0)
			return &offline_layouts[i];
	}
	return NULL;
}

/* ---- hours and days on the lock's wall ---- */

struct instant offline_hour_start(const struct zone *z, int64_t hour)
{
	struct instant t = { hour * HOUR_MS };
	struct civil wall = civil_at(z, t);
	int into_s = wall.minute * 60 + wall.second;

	return into_s ? instant_add_ms(t, HOUR_MS - into_s * SECOND_MS) : t;
}

int64_t offline_hour_of(const struct zone *z, struct instant t)
{
	int64_t hour = floor_div(t.ms, HOUR_MS);

	return instant_before(t, offline_hour_start(z, hour)) ? hour - 1 : hour;
}

int64_t offline_day_of(const struct zone *z, struct instant t)
{
	struct civil c = civil_at(z, t);

	return day_number(c.year, c.month, c.day);
}

static struct instant at_hour(const struct zone *z, int64_t day, int hour)
{
	struct civil c = { .hour = hour };
	struct instant t;

	day_split(day, &c.year, &c.month, &c.day);
	civil_resolve(z, c, &t);
	return t;
}

static struct instant days_later(const struct zone *z, struct instant t, int days)
{
	struct civil c = civil_at(z, t);
	struct instant out;

	c.day += days;
	civil_resolve(z, c, &out);
	return out;
}

/* ---- windows and their measures ---- */

void offline_window(const struct offline_layout *l, const struct zone *z, int64_t start, int length,
		    struct offline_code *out)
{
	struct instant from = l->kind == OFFLINE_SLOT ?
				      at_hour(z, start, offline_slots[length / NIGHTS].from_hour) :
				      offline_hour_start(z, start);
	struct instant until;

	if (l->kind == OFFLINE_SLOT)
		until = at_hour(z, start + length % NIGHTS, offline_slots[length / NIGHTS].until_hour);
	else if (l->kind == OFFLINE_DAILY)
		until = days_later(z, from, length);
	else
		until = instant_add_ms(from, length * HOUR_MS);
	*out = (struct offline_code){
		.device_type = l->device_type,
		.zone = z,
		.kind = l->kind,
		.starts_at = from,
		.ends_at = until,
		.activate_by = INSTANT_NONE,
		.per_slot = l->per_slot,
		.slot = l->kind == OFFLINE_DAILY ? zone_day_start(z, from, 0) : from,
	};
	if ((l->kind == OFFLINE_HOURLY || l->kind == OFFLINE_DAILY) &&
	    instant_diff_ms(until, from) > DAY_MS)
		out->activate_by = instant_add_ms(from, DAY_MS);
}

int64_t offline_measure(const struct offline_layout *l, const struct zone *z,
			const struct offline_code *c, int *length)
{
	int64_t start = l->kind == OFFLINE_SLOT ? offline_day_of(z, c->starts_at) :
						  offline_hour_of(z, c->starts_at);
	int64_t apart_ms = instant_diff_ms(c->ends_at, c->starts_at);
	int64_t guess = l->kind == OFFLINE_DAILY ? (apart_ms + DAY_MS / 2) / DAY_MS :
						   apart_ms / HOUR_MS;
	struct offline_code again;

	if (l->kind != OFFLINE_SLOT) {
		*length = guess < l->length_min || guess > l->length_max ? -1 : (int)guess;
		return start;
	}
	for (int i = 0; i <= l->length_max; i++) {
		offline_window(l, z, start, i, &again);
		if (instant_eq(again.starts_at, c->starts_at) &&
		    instant_eq(again.ends_at, c->ends_at)) {
			*length = i;
			return start;
		}
	}
	*length = -1;
	return start;
}

/* ---- fitting ---- */

#define NEEDS_MORE_ROUNDING                                                                        \
	"the lock cannot keep these times: they would have to be rounded by more than "            \
	"max_time_rounding allows"

/* Hours that hold the window from start to end, rounded up; the end moves by so much. */
static int64_t hours_to(struct instant start, struct instant end, int64_t *moved_ms)
{
	int64_t apart_ms = instant_diff_ms(end, start);
	int64_t hours = floor_div(apart_ms + HOUR_MS - 1, HOUR_MS);

	*moved_ms = hours * HOUR_MS - apart_ms;
	return hours;
}

/* Daily-bound codes are asked for in this way. */
static bool same_clock(const struct offline_request *r)
{
	struct civil from = civil_at(r->zone, r->starts_at), until = civil_at(r->zone, r->ends_at);

	return from.hour == until.hour && from.minute == until.minute && from.second == until.second;
}

/* Days with the same time of day at both ends that hold the window, at least 'least'. */
static int64_t days_to(const struct offline_request *r, struct instant start, int least,
		       int64_t *moved_ms)
{
	int64_t days = offline_day_of(r->zone, r->ends_at) - offline_day_of(r->zone, r->starts_at);

	if (days > 400)
		return days;
	days = MAX(days, least);
	if (!same_clock(r) && instant_before(days_later(r->zone, start, (int)days), r->ends_at))
		days++;
	*moved_ms = instant_diff_ms(days_later(r->zone, start, (int)days), r->ends_at);
	*moved_ms = ABS(*moved_ms);
	return days;
}

static const char *fit_igloohome(const struct offline_request *r, int64_t most_ms,
				 struct offline_code *out)
{
	const char *type = "igloohome_lock";
	int64_t hour = offline_hour_of(r->zone, r->starts_at), n, moved_ms = 0;
	struct instant start = offline_hour_start(r->zone, hour);
	const struct offline_layout *hourly = offline_layout_of(type, OFFLINE_HOURLY);
	const struct offline_layout *daily = offline_layout_of(type, OFFLINE_DAILY);

	if (instant_diff_ms(r->starts_at, start) > most_ms)
		return NEEDS_MORE_ROUNDING;
	if (!instant_before(r->now, instant_add_ms(start, HOUR_MS)))
		return "starts_at must not lie in the past";
	if (r->one_time) {
		offline_window(offline_layout_of(type, OFFLINE_ONE_TIME), r->zone, hour, 24, out);
		return NULL;
	}
	n = hours_to(start, r->ends_at, &moved_ms);
	if (n <= hourly->length_max) {
		if (instant_diff_ms(r->ends_at, r->starts_at) < HOUR_MS)
			return "an offline access code of this lock lasts at least one hour";
		if (moved_ms > most_ms)
			return NEEDS_MORE_ROUNDING;
		offline_window(hourly, r->zone, hour, (int)n, out);
		return NULL;
	}
	n = days_to(r, start, daily->length_min, &moved_ms);
	if (n > daily->length_max)
		return "an offline access code of this lock lasts at most 367 days";
	if (moved_ms > most_ms)
		return "an offline access code of this lock lasts 1 to 672 hours, or 29 to 367 "
		       "days with the same time of day at both ends (max_time_rounding 1d "
		       "rounds to them)";
	offline_window(daily, r->zone, hour, (int)n, out);
	return NULL;
}

static const char *fit_lockly(const struct offline_request *r, int64_t most_ms,
			      struct offline_code *out)
{
	const struct offline_layout *l =
		offline_layout_of("lockly_lock", r->one_time ? OFFLINE_ONE_TIME : OFFLINE_PLAIN);
	int64_t hour = offline_hour_of(r->zone, r->starts_at), moved_ms = 0;
	struct instant start = offline_hour_start(r->zone, hour);
	int64_t n = hours_to(start, r->ends_at, &moved_ms);

	if (n > l->length_max)
		return "an offline access code of this lock lasts at most 92 days";
	if (moved_ms > most_ms || instant_diff_ms(r->starts_at, start) > most_ms)
		return NEEDS_MORE_ROUNDING;
	offline_window(l, r->zone, hour, (int)n, out);
	return NULL;
}

/* The nearest window of the door's slots, each end within most_ms of what was asked for. */
static const char *fit_oracode(const struct offline_request *r, int64_t most_ms,
			       struct offline_code *out)
{
	const struct offline_layout *l = offline_layout_of("dormakaba_oracode_door", OFFLINE_SLOT);
	int64_t first = offline_day_of(r->zone, r->starts_at);
	int64_t last = offline_day_of(r->zone, r->ends_at);
	int64_t best_ms = INT64_MAX;
	bool daily = same_clock(r);

	if (r->one_time)
		return "one-time-use codes are not possible on this lock";
	if (instant_diff_ms(r->ends_at, r->starts_at) > NIGHTS_MAX * DAY_MS + 2 * HOUR_MS)
		return "an offline access code of this lock lasts at most 31 days";
	for (int slot = 0; slot < OFFLINE_SLOTS; slot++) {
		if (daily && offline_slots[slot].from_hour != offline_slots[slot].until_hour)
			continue;
		/* nine pairs: the days asked for and their neighbours */
		for (int pair = 0; pair < 9; pair++) {
			int64_t day = first - 1 + pair / 3, nights = last - 1 + pair % 3 - day;
			struct offline_code c;

			if (nights < 0 || nights > NIGHTS_MAX)
				continue;
			offline_window(l, r->zone, day, slot * NIGHTS + (int)nights, &c);

			int64_t start_ms = ABS(instant_diff_ms(c.starts_at, r->starts_at));
			int64_t end_ms = ABS(instant_diff_ms(c.ends_at, r->ends_at));

			if (start_ms > most_ms || end_ms > most_ms ||
			    start_ms + end_ms >= best_ms ||
			    !instant_before(c.starts_at, c.ends_at) ||
			    instant_before(days_later(r->zone, c.starts_at, NIGHTS_MAX), c.ends_at))
				continue;
			best_ms = start_ms + end_ms;
			*out = c;
		}
	}
	if (best_ms == INT64_MAX)
		return "no time slots found: none of the lock's predefined time slots is within "
		       "max_time_rounding of these times";
	return instant_before(r->now, out->ends_at) ? NULL : "ends_at must lie in the future";
}

static const struct {
	const char *device_type;
	const char *(*fit)(const struct offline_request *r, int64_t most_ms,
			   struct offline_code *out);
	bool end_from_start; /* one-time: ends_at may be left out */
} systems[] = {
	{ "igloohome_lock", fit_igloohome, true },
	{ "dormakaba_oracode_door", fit_oracode, false },
	{ "lockly_lock", fit_lockly, false },
};

static const char *fit(const struct offline_request *r, struct offline_code *out)
{
	const struct traits *t = traits_of(r->device_type);
	size_t i = 0;

	while (i < G_N_ELEMENTS(systems) &&
	       (!t || strcmp(systems[i].device_type, t->device_type) != 0))
		i++;
	if (i == G_N_ELEMENTS(systems))
		return "this lock takes no offline access codes";
	if (!instant_known(r->starts_at))
		return "an offline access code needs starts_at";
	if (!(r->one_time && systems[i].end_from_start)) {
		if (!instant_known(r->ends_at))
			return "an offline access code needs ends_at";
		if (!instant_before(r->starts_at, r->ends_at))
			return "ends_at must be later than starts_at";
		if (!instant_before(r->now, r->ends_at))
			return "ends_at must lie in the future";
	}
	return systems[i].fit(r, r->max_rounding_ms > 0 ? r->max_rounding_ms : HOUR_MS, out);
}

bool offline_fit(const struct offline_request *r, struct offline_code *out, const char **why)
{
	struct offline_code c = { 0 };

	*why = fit(r, &c);
	if (*why)
		return false;
	*out = c;
	return true;
}
