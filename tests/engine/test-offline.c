/* offline: which windows a lock takes, and that it accepts exactly the PINs of those that are open. */
#include "tests/core/rows.h"

#include "engine/offline.h"

#define IGLOO  "igloohome_lock"
#define ORACODE "dormakaba_oracode_door"
#define LOCKLY "lockly_lock"
#define BERLIN "Europe/Berlin"
#define TOKEN  "token-of-lock-7"

struct row {
	const char *name, *type, *zone, *now, *starts, *ends; /* ends NULL: left out */
	bool one_time;
	int64_t rounding_ms;
	int kind; /* -1: refused */
	const char *got_start, *got_end, *activate_by;
	int per_slot;
};

#define NOW "2026-01-05T12:00:00Z"
static const struct row rows[] = {
	/* igloohome, by the hour */
	{ "an hour", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", "2026-01-05T16:00:00Z", false, 0,
	  OFFLINE_HOURLY, "2026-01-05T15:00:00Z", "2026-01-05T16:00:00Z", NULL, 3 },
	{ "a second less than an hour", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-01-05T15:59:59Z", false, 0, -1, 0, 0, 0, 0 },
	{ "rounded outwards", IGLOO, "UTC", NOW, "2026-01-05T15:10:00Z", "2026-01-05T17:20:00Z",
	  false, 0, OFFLINE_HOURLY, "2026-01-05T15:00:00Z", "2026-01-05T18:00:00Z", NULL, 3 },
	{ "rounded by more than is allowed", IGLOO, "UTC", NOW, "2026-01-05T15:10:00Z",
	  "2026-01-05T17:20:00Z", false, 15 * MINUTE_MS, -1, 0, 0, 0, 0 },
	{ "a day needs no activation", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-01-06T15:00:00Z", false, 0, OFFLINE_HOURLY, "2026-01-05T15:00:00Z",
	  "2026-01-06T15:00:00Z", NULL, 3 },
	{ "an hour more does", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", "2026-01-06T16:00:00Z",
	  false, 0, OFFLINE_HOURLY, "2026-01-05T15:00:00Z", "2026-01-06T16:00:00Z",
	  "2026-01-06T15:00:00Z", 3 },
	{ "672 hours", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", "2026-02-02T15:00:00Z", false, 0,
	  OFFLINE_HOURLY, "2026-01-05T15:00:00Z", "2026-02-02T15:00:00Z", "2026-01-06T15:00:00Z",
	  3 },
	{ "672 hours and a second", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-02-02T15:00:01Z", false, 0, -1, 0, 0, 0, 0 },
	{ "the gap, rounded by a day", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-02-02T16:00:00Z", false, DAY_MS, OFFLINE_DAILY, "2026-01-05T15:00:00Z",
	  "2026-02-03T15:00:00Z", "2026-01-06T15:00:00Z", 3 },
	/* igloohome, by the day */
	{ "29 days", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", "2026-02-03T15:00:00Z", false, 0,
	  OFFLINE_DAILY, "2026-01-05T15:00:00Z", "2026-02-03T15:00:00Z", "2026-01-06T15:00:00Z",
	  3 },
	{ "another time of day", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", "2026-02-05T11:00:00Z",
	  false, 0, -1, 0, 0, 0, 0 },
	{ "another time of day, rounded by a day", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-02-05T11:00:00Z", false, DAY_MS, OFFLINE_DAILY, "2026-01-05T15:00:00Z",
	  "2026-02-05T15:00:00Z", "2026-01-06T15:00:00Z", 3 },
	{ "40 minutes away, rounded by an hour", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-02-05T14:20:00Z", false, 0, OFFLINE_DAILY, "2026-01-05T15:00:00Z",
	  "2026-02-05T15:00:00Z", "2026-01-06T15:00:00Z", 3 },
	{ "both ends at twenty past", IGLOO, "UTC", NOW, "2026-01-05T15:20:00Z",
	  "2026-02-05T15:20:00Z", false, 0, OFFLINE_DAILY, "2026-01-05T15:00:00Z",
	  "2026-02-05T15:00:00Z", "2026-01-06T15:00:00Z", 3 },
	{ "367 days", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", "2027-01-07T15:00:00Z", false, 0,
	  OFFLINE_DAILY, "2026-01-05T15:00:00Z", "2027-01-07T15:00:00Z", "2026-01-06T15:00:00Z",
	  3 },
	{ "368 days", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", "2027-01-08T15:00:00Z", false,
	  DAY_MS, -1, 0, 0, 0, 0 },
	{ "over the night that is an hour short", IGLOO, BERLIN, NOW, "2026-03-10T14:00:00Z",
	  "2026-04-15T13:00:00Z", false, 0, OFFLINE_DAILY, "2026-03-10T14:00:00Z",
	  "2026-04-15T13:00:00Z", "2026-03-11T14:00:00Z", 3 },
	{ "the same in UTC is another time of day there", IGLOO, BERLIN, NOW,
	  "2026-03-10T14:00:00Z", "2026-04-15T14:00:00Z", false, 0, -1, 0, 0, 0, 0 },
	{ "28 days over the long night are 673 hours", IGLOO, BERLIN, NOW, "2026-10-10T13:00:00Z",
	  "2026-11-07T14:00:00Z", false, 0, -1, 0, 0, 0, 0 },
	/* igloohome, once */
	{ "once", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", NULL, true, 0, OFFLINE_ONE_TIME,
	  "2026-01-05T15:00:00Z", "2026-01-06T15:00:00Z", NULL, 5 },
	{ "once, its end is the lock's", IGLOO, "UTC", NOW, "2026-01-05T15:30:00Z",
	  "2026-01-09T15:00:00Z", true, 0, OFFLINE_ONE_TIME, "2026-01-05T15:00:00Z",
	  "2026-01-06T15:00:00Z", NULL, 5 },
	/* starts */
	{ "this hour", IGLOO, "UTC", "2026-01-05T12:59:59Z", "2026-01-05T12:00:00Z",
	  "2026-01-05T15:00:00Z", false, 0, OFFLINE_HOURLY, "2026-01-05T12:00:00Z",
	  "2026-01-05T15:00:00Z", NULL, 3 },
	{ "the hour that has passed", IGLOO, "UTC", "2026-01-05T13:00:00Z", "2026-01-05T12:00:00Z",
	  "2026-01-05T15:00:00Z", false, 0, -1, 0, 0, 0, 0 },
	{ "hours of a zone with a half", IGLOO, "Asia/Kolkata", NOW, "2026-01-05T15:40:00Z",
	  "2026-01-05T17:30:00Z", false, 0, OFFLINE_HOURLY, "2026-01-05T15:30:00Z",
	  "2026-01-05T17:30:00Z", NULL, 3 },
	{ "no end", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", NULL, false, 0, -1, 0, 0, 0, 0 },
	{ "end before start", IGLOO, "UTC", NOW, "2026-01-05T15:00:00Z", "2026-01-05T14:00:00Z",
	  false, 0, -1, 0, 0, 0, 0 },
	/* Oracode */
	{ "a slot", ORACODE, "UTC", NOW, "2026-01-05T16:00:00Z", "2026-01-07T10:00:00Z", false, 0,
	  OFFLINE_SLOT, "2026-01-05T16:00:00Z", "2026-01-07T10:00:00Z", NULL, 4 },
	{ "near a slot", ORACODE, "UTC", NOW, "2026-01-05T16:20:00Z", "2026-01-07T10:15:00Z", false,
	  0, OFFLINE_SLOT, "2026-01-05T16:00:00Z", "2026-01-07T10:00:00Z", NULL, 4 },
	{ "an hour away at both ends", ORACODE, "UTC", NOW, "2026-01-05T17:00:00Z",
	  "2026-01-07T09:00:00Z", false, 0, OFFLINE_SLOT, "2026-01-05T16:00:00Z",
	  "2026-01-07T10:00:00Z", NULL, 4 },
	{ "an hour and a second away", ORACODE, "UTC", NOW, "2026-01-05T17:00:01Z",
	  "2026-01-07T09:00:00Z", false, 0, -1, 0, 0, 0, 0 },
	{ "strictly", ORACODE, "UTC", NOW, "2026-01-05T16:00:01Z", "2026-01-07T10:00:00Z", false, 1,
	  -1, 0, 0, 0, 0 },
	{ "by the day", ORACODE, "UTC", NOW, "2026-01-05T12:00:00Z", "2026-01-09T12:00:00Z", false,
	  0, OFFLINE_SLOT, "2026-01-05T12:00:00Z", "2026-01-09T12:00:00Z", NULL, 4 },
	{ "far from noon, rounded by a day", ORACODE, "UTC", NOW, "2026-01-05T20:00:00Z",
	  "2026-01-09T20:00:00Z", false, DAY_MS, OFFLINE_SLOT, "2026-01-05T12:00:00Z",
	  "2026-01-09T12:00:00Z", NULL, 4 },
	{ "31 days", ORACODE, "UTC", NOW, "2026-01-05T12:00:00Z", "2026-02-05T12:00:00Z", false, 0,
	  OFFLINE_SLOT, "2026-01-05T12:00:00Z", "2026-02-05T12:00:00Z", NULL, 4 },
	{ "32 days", ORACODE, "UTC", NOW, "2026-01-05T12:00:00Z", "2026-02-06T12:00:00Z", false, 0,
	  -1, 0, 0, 0, 0 },
	{ "slots are the wall's", ORACODE, BERLIN, NOW, "2026-03-28T15:00:00Z",
	  "2026-03-29T08:00:00Z", false, 0, OFFLINE_SLOT, "2026-03-28T15:00:00Z",
	  "2026-03-29T08:00:00Z", NULL, 4 },
	{ "never once", ORACODE, "UTC", NOW, "2026-01-05T16:00:00Z", "2026-01-07T10:00:00Z", true, 0,
	  -1, 0, 0, 0, 0 },
	/* Lockly */
	{ "any window", LOCKLY, "UTC", NOW, "2026-01-05T15:00:00Z", "2026-02-05T11:00:00Z", false, 0,
	  OFFLINE_PLAIN, "2026-01-05T15:00:00Z", "2026-02-05T11:00:00Z", NULL, 5 },
	{ "once within a window", LOCKLY, "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-01-08T11:00:00Z", true, 0, OFFLINE_ONE_TIME, "2026-01-05T15:00:00Z",
	  "2026-01-08T11:00:00Z", NULL, 5 },
	{ "once needs an end", LOCKLY, "UTC", NOW, "2026-01-05T15:00:00Z", NULL, true, 0, -1, 0, 0,
	  0, 0 },
	{ "92 days", LOCKLY, "UTC", NOW, "2026-01-05T15:00:00Z", "2026-04-07T15:00:00Z", false, 0,
	  OFFLINE_PLAIN, "2026-01-05T15:00:00Z", "2026-04-07T15:00:00Z", NULL, 5 },
	{ "92 days and a second", LOCKLY, "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-04-07T15:00:01Z", false, 0, -1, 0, 0, 0, 0 },
	/* the others */
	{ "a lock that is always connected", "yale_lock", "UTC", NOW, "2026-01-05T15:00:00Z",
	  "2026-01-05T16:00:00Z", false, 0, -1, 0, 0, 0, 0 },
};

static struct instant maybe(const char *iso)
{
	return iso ? at(iso) : INSTANT_NONE;
}

static void windows_fit_or_are_refused(void **state)
{
	(void)state;
	FOR_ROWS(i, rows)
	{
		const struct row *r = &rows[i];
		struct offline_request q = { .device_type = r->type,
					     .zone = zone_get(r->zone),
					     .starts_at = at(r->starts),
					     .ends_at = maybe(r->ends),
					     .one_time = r->one_time,
					     .max_rounding_ms = r->rounding_ms,
					     .now = at(r->now) };
		struct offline_code c, again;
		const char *why = NULL;
		bool fits = offline_fit(&q, &c, &why);

		if (fits != (r->kind >= 0))
			fail_msg("%s: %s", r->name, fits ? "fits" : why);
		if (!fits)
			continue;
		ROW_INT(r->name, c.kind, r->kind);
		ROW_INT(r->name, c.starts_at.ms, at(r->got_start).ms);
		ROW_INT(r->name, c.ends_at.ms, at(r->got_end).ms);
		ROW_INT(r->name, c.activate_by.ms, maybe(r->activate_by).ms);
		ROW_INT(r->name, c.per_slot, r->per_slot);

		/* What is true after rounding fits as it is: quotas are counted that way. */
		q.starts_at = c.starts_at;
		q.ends_at = c.ends_at;
		assert_true(offline_fit(&q, &again, &why));
		ROW_INT(r->name, again.kind, c.kind);
		ROW_INT(r->name, again.slot.ms, c.slot.ms);
		ROW_INT(r->name, again.starts_at.ms, c.starts_at.ms);
		ROW_INT(r->name, again.ends_at.ms, c.ends_at.ms);
	}
}

static bool opens(const struct offline_code *c, const char *pin, int64_t ms)
{
	struct offline_code found;

	return offline_verify(TOKEN, c->device_type, c->zone, pin, (struct instant){ ms }, &found) &&
	       found.kind == c->kind && instant_eq(found.starts_at, c->starts_at) &&
	       instant_eq(found.ends_at, c->ends_at);
}

/* Every row's code, in all its variants, at both ends and far away from them. */
static void pins_open_in_their_window_alone(void **state)
{
	(void)state;
	FOR_ROWS(i, rows)
	{
		const struct row *r = &rows[i];
		struct offline_request q = { .device_type = r->type,
					     .zone = zone_get(r->zone),
					     .starts_at = at(r->starts),
					     .ends_at = maybe(r->ends),
					     .one_time = r->one_time,
					     .max_rounding_ms = r->rounding_ms,
					     .now = at(r->now) };
		struct offline_code c, found;
		const char *why;

		if (!offline_fit(&q, &c, &why))
			continue;
		for (int v = 0; v < c.per_slot; v++) {
			char pin[PIN_MAX + 1];

			offline_pin(TOKEN, &c, v, 0, pin);
			ROW_INT(r->name, strlen(pin), offline_digits(r->type));
			ROW_INT(r->name, opens(&c, pin, c.starts_at.ms - 1), false);
			ROW_INT(r->name, opens(&c, pin, c.starts_at.ms), true);
			ROW_INT(r->name, opens(&c, pin, c.ends_at.ms - 1), true);
			ROW_INT(r->name, opens(&c, pin, c.ends_at.ms), false);
			/* before it, and for long after it, it is no PIN at all */
			ROW_INT(r->name,
				offline_verify(TOKEN, r->type, c.zone, pin,
					       instant_add_ms(c.starts_at, -1), &found),
				false);
			ROW_INT(r->name,
				offline_verify(TOKEN, r->type, c.zone, pin, c.ends_at, &found),
				false);
			ROW_INT(r->name,
				offline_verify("another lock", r->type, c.zone, pin, c.starts_at,
					       &found) &&
					instant_eq(found.starts_at, c.starts_at) &&
					instant_eq(found.ends_at, c.ends_at),
				false);
		}
	}
}

/* An Oracode door at one moment: the PINs that open are those, and only those, that offline_fit and
 * offline_pin give for a window that holds the moment. One in eleven of all PINs is tried. */
static void a_door_accepts_exactly_its_codes(void **state)
{
	const struct zone *z = zone_get(BERLIN);
	struct instant now = at("2026-03-29T09:30:00Z"); /* the day the clocks go forward */
	g_autoptr(GHashTable) given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	(void)state;
	/* Every window on whole hours of the last 32 days that is a slot. */
	for (int back = 0; back <= 32 * 24; back++) {
		struct instant from = instant_add_ms(at("2026-03-29T09:00:00Z"), -back * HOUR_MS);
		int hour = civil_at(z, from).hour;

		if (hour != 8 && hour != 12 && hour != 15 && hour != 16)
			continue;
		for (int ahead = 0; ahead <= 32 * 24 - back; ahead++) {
			struct offline_request q = { .device_type = ORACODE, .zone = z,
						     .max_rounding_ms = 1 };
			struct offline_code c;
			const char *why;
			struct instant until =
				instant_add_ms(at("2026-03-29T10:00:00Z"), ahead * HOUR_MS);

			hour = civil_at(z, until).hour;
			if (hour != 10 && hour != 11 && hour != 12 && hour != 18)
				continue;
			q.starts_at = from;
			q.ends_at = until;
			q.now = q.starts_at;
			if (!offline_fit(&q, &c, &why))
				continue;
			for (int v = 0; v < c.per_slot; v++) {
				char pin[PIN_MAX + 1];

				offline_pin(TOKEN, &c, v, 0, pin);
				assert_true(g_hash_table_add(given, g_strdup(pin)));
			}
		}
	}
	assert_in_range(g_hash_table_size(given), 1000, 10000);

	GHashTableIter iter;
	gpointer pin;

	g_hash_table_iter_init(&iter, given);
	while (g_hash_table_iter_next(&iter, &pin, NULL)) {
		struct offline_code c;

		if (!offline_verify(TOKEN, ORACODE, z, pin, now, &c))
			fail_msg("%s was given and does not open", (char *)pin);
	}
	for (int n = 0; n < 1000000; n += 11) {
		struct offline_code c;
		char guess[16];

		g_snprintf(guess, sizeof guess, "%06d", n);
		if (offline_verify(TOKEN, ORACODE, z, guess, now, &c) &&
		    !g_hash_table_contains(given, guess))
			fail_msg("%s opens and was never given", guess);
	}
}

/* No two codes of a lock have the same PIN, and none comes back within years. */
static void pins_are_all_different(void **state)
{
	static const struct {
		const char *type;
		bool one_time;
		int hours;
	} kinds[] = { { IGLOO, false, 5 }, { IGLOO, true, 24 }, { LOCKLY, false, 5 }, { LOCKLY, true, 5 } };
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	(void)state;
	FOR_ROWS(k, kinds)
	{
		for (int h = 0; h < 700; h++) {
			struct offline_request q = { .device_type = kinds[k].type,
						     .zone = zone_get("UTC"),
						     .one_time = kinds[k].one_time };
			struct offline_code c;
			const char *why;

			q.starts_at = q.now = instant_add_ms(at(NOW), h * HOUR_MS);
			q.ends_at = instant_add_ms(q.starts_at, kinds[k].hours * HOUR_MS);
			assert_true(offline_fit(&q, &c, &why));
			for (int v = 0; v < c.per_slot; v++) {
				char pin[PIN_MAX + 1];

				offline_pin(TOKEN, &c, v, 0, pin);
				assert_true(g_hash_table_add(seen, g_strdup(pin)));
			}
		}
	}
}

static void what_is_no_pin_is_refused(void **state)
{
	static const char *const pins[] = { "", "1", "12345678a", "1234567890123", "-12345678",
					    "12345 789" };
	struct offline_code c;

	(void)state;
	FOR_ROWS(i, pins)
	{
		ROW_INT(pins[i], offline_verify(TOKEN, IGLOO, zone_get("UTC"), pins[i], at(NOW), &c),
			false);
		ROW_INT(pins[i], offline_verify(TOKEN, "yale_lock", zone_get("UTC"), pins[i], at(NOW), &c),
			false);
	}
	assert_false(offline_verify(NULL, IGLOO, zone_get("UTC"), "123456789", at(NOW), &c));
	assert_int_equal(offline_digits("yale_lock"), 0);
	assert_int_equal(offline_digits("igloo_lock"), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_fit_or_are_refused),
		cmocka_unit_test(pins_open_in_their_window_alone),
		cmocka_unit_test(a_door_accepts_exactly_its_codes),
		cmocka_unit_test(pins_are_all_different),
		cmocka_unit_test(what_is_no_pin_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
