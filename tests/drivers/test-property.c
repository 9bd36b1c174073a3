/* Property files: what Harbour House holds, what a wrong file says, and that people are the same
 * people each time. */
#include "tests/drivers/house.h"

#include "core/error.h"
#include "core/traits.h"
#include "engine/offline.h"

#define HARBOUR TOP "/data/properties/harbour-house.ini"

struct count {
	int locks, online_codes, offline_codes, offline;
	GHashTable *types;
};

static void count_device(const struct driver_device *d, void *ctx)
{
	struct count *c = ctx;

	c->locks++;
	c->offline += !d->online;
	c->online_codes += d->online && d->system->online_codes;
	c->offline_codes += d->system->offline_codes;
	assert_string_equal(d->place, "Harbour House");
	assert_string_equal(d->zone, "Europe/Berlin");
	g_hash_table_add(c->types, (gpointer)(uintptr_t)d->device_type);
}

static struct driver *harbour(struct clock *clock)
{
	g_autoptr(GError) why = NULL;
	struct simulated_options opt = { .property = HARBOUR, .seed = 1 };
	struct driver *d = simulated_new(clock, &opt, &why);

	if (!d)
		fail_msg("%s", why->message);
	return d;
}

static void harbour_house_has_locks_of_all_fourteen_systems(void **state)
{
	struct clock *clock = clock_new_standing(at(NOON));
	struct driver *d = harbour(clock);
	struct count c = { .types = g_hash_table_new(g_str_hash, g_str_equal) };

	(void)state;
	d->events = (struct driver_events){ .device = count_device };
	d->events_ctx = &c;
	d->ops->start(d);
	assert_int_equal(c.locks, 24);
	assert_int_equal(g_hash_table_size(c.types), 14);
	assert_true(c.online_codes >= 6);
	assert_int_equal(c.offline_codes, 4);
	assert_int_equal(c.offline, 1);
	g_hash_table_unref(c.types);
	d->ops->free(d);
	clock_free(clock);
}

/* At any hour of the day somebody is in the house, somebody is to come, and nothing is over. */
static void harbour_house_is_lived_in_at_every_hour(void **state)
{
	(void)state;
	for (int hour = 0; hour < 24; hour++) {
		struct clock *clock = clock_new_standing(
			instant_add_ms(at("2026-03-28T00:30:00Z"), hour * HOUR_MS));
		struct instant now = clock_now(clock);
		struct driver *d = harbour(clock);
		int in_house = 0, tonight = 0, ongoing = 0, offline = 0;
		size_t n;
		const struct simulated_code *codes = simulated_property_codes(d, &n);

		for (size_t i = 0; i < n; i++) {
			const struct simulated_code *c = &codes[i];
			bool started =
				!instant_known(c->starts_at) ||
				!instant_before(instant_add_ms(now, 2 * MINUTE_MS), c->starts_at);

			assert_true(!instant_known(c->ends_at) || instant_before(now, c->ends_at));
			ongoing += !instant_known(c->starts_at);
			offline += c->offline;
			in_house += started;
			tonight += !started && instant_diff_ms(c->starts_at, now) < 3 * HOUR_MS;
		}
		assert_true(n >= 40);
		assert_true(in_house - ongoing >= 10);
		assert_true(tonight >= 3);
		assert_int_equal(ongoing, 15);
		assert_true(offline >= 3);
		d->ops->free(d);
		clock_free(clock);
	}
}

/* The guests' own PINs are within the locks' rules, whatever the hour. */
static void the_offline_codes_of_harbour_house_can_be_made(void **state)
{
	(void)state;
	for (int hour = 0; hour < 24; hour++) {
		struct clock *clock = clock_new_standing(
			instant_add_ms(at("2026-06-01T00:10:00Z"), hour * HOUR_MS));
		OWN(house) struct house *h = house_on(HARBOUR, 1, false);
		struct driver *d = harbour(clock);
		size_t n;
		const struct simulated_code *codes = simulated_property_codes(d, &n);

		for (size_t i = 0; i < n; i++) {
			struct offline_request r = { .zone = zone_get("Europe/Berlin"),
						     .starts_at = codes[i].starts_at,
						     .ends_at = codes[i].ends_at,
						     .one_time = codes[i].one_time,
						     .max_rounding_ms =
							     codes[i].max_rounding_ms
								     ? codes[i].max_rounding_ms
								     : HOUR_MS,
						     .now = clock_now(clock) };
			struct offline_code out;
			const char *why = "";

			if (!codes[i].offline)
				continue;
			r.device_type = strcmp(codes[i].device_id, house_id(h, "Pool gate")) == 0
						? "dormakaba_oracode_door"
					: strcmp(codes[i].device_id, house_id(h, "205 Sea")) == 0
						? "lockly_lock"
						: "igloohome_lock";
			if (!offline_fit(&r, &out, &why))
				fail_msg("%s at %d h: %s", codes[i].name, hour, why);
		}
		d->ops->free(d);
		clock_free(clock);
	}
}

static void a_device_has_the_same_id_each_time(void **state)
{
	OWN(house) struct house *a = house_on(HARBOUR, 1, false);
	OWN(house) struct house *b = house_on(HARBOUR, 2, false);

	(void)state;
	assert_string_equal(house_id(a, "Gym"), house_id(b, "Gym"));
	assert_string_not_equal(house_id(a, "Gym"), house_id(a, "Garage"));
	assert_int_equal(strlen(house_id(a, "Gym")), 36);
}

static void a_wrong_file_says_where(void **state)
{
	static const struct {
		const char *text, *says;
	} row[] = {
		{ "", "property" },
		{ "[property]\nname = A\nzone = Europe/Berlin\n", "no lock" },
		{ "[property]\nname = A\nzone = Atlantis\n[lock A]\ntype = yale_lock\n", "zone" },
		{ "[property]\nname = A\nzone = UTC\n[lock A]\ntype = y\n", "[lock A]: type" },
		{ "[property]\nname = A\nzone = UTC\n[lock A]\ntype = yale_lock\nbattry = 3\n",
		  "battry is not a key" },
		{ "[property]\nname = A\nzone = UTC\n[lock A]\ntype = yale_lock\nbattery = 300\n",
		  "0 to 100" },
		{ "[property]\nname = A\nzone = UTC\n[lock A]\ntype = yale_lock\nconstraints = "
		  "odd\n",
		  "constraint that nobody knows" },
		{ "[property]\nname = A\nzone = UTC\n[lock A]\ntype = yale_lock\n"
		  "[code B]\nname = B\ndoor = C\n",
		  "[code B]: door" },
		{ "[property]\nname = A\nzone = UTC\n[lock A]\ntype = yale_lock\n"
		  "[code B]\nname = B\ndoor = A\nfrom = soon\n",
		  "[code B]: from" },
		{ "[property]\nname = A\nzone = UTC\n[lock A]\ntype = yale_lock\n"
		  "[code B]\nname = B\ndoor = A\nfrom = 2 11:00\nuntil = 1 11:00\n",
		  "[code B]: until" },
		{ "[property]\nname = A\nzone = UTC\n[lock A]\ntype = nuki_lock\n"
		  "[unmanaged B]\nname = B\ndoor = A\npin = 4711\n",
		  "[unmanaged B]: pin" },
	};
	struct clock *clock = clock_new_standing(at(NOON));
	g_autofree char *folder = g_dir_make_tmp("keyrack-property-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "p.ini", NULL);
	struct simulated_options opt = { .property = path };

	(void)state;
	FOR_ROWS(i, row)
	{
		g_autoptr(GError) why = NULL;

		assert_true(g_file_set_contents(path, row[i].text, -1, NULL));
		assert_null(simulated_new(clock, &opt, &why));
		assert_true(g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
		if (!strstr(why->message, row[i].says))
			fail_msg("'%s' does not say '%s'", why->message, row[i].says);
	}
	g_unlink(path);
	g_rmdir(folder);
	clock_free(clock);
}

static void count_makes_that_many_locks(void **state)
{
	OWN(house) struct house *h = house_new("[lock Door]\ntype = yale_lock\ncount = 1000\n", 1);

	(void)state;
	assert_string_not_equal(house_id(h, "Door 0001"), house_id(h, "Door 1000"));
}

/* ---- people ---- */

static char *a_day_of_people(uint64_t seed)
{
	OWN(house) struct house *h = house_on(HARBOUR, seed, true);
	static const char *const doors[] = { "103 Garden", "Staff door", "202 Sea", "Gym" };
	static const char *const pins[] = { "582614", "48261537", "482615", "546321" };

	FOR_ROWS(i, doors)
	{
		struct on_lock code = { .pin = pins[i],
					.name = "Somebody",
					.starts_at = INSTANT_NONE,
					.ends_at = INSTANT_NONE,
					.enabled = true };
		struct house_answer a = house_set(h, doors[i], NULL, &code);

		assert_int_equal(a.result, DRIVER_OK);
		house_answer_clear(&a);
	}
	clock_advance(h->clock, DAY_MS);
	return g_strdup(h->told->str);
}

static int times(const char *text, const char *part)
{
	int n = 0;

	for (const char *p = text; (p = strstr(p, part)); p++)
		n++;
	return n;
}

static void the_same_seed_gives_the_same_day(void **state)
{
	g_autofree char *first = a_day_of_people(1), *again = a_day_of_people(1),
			*other = a_day_of_people(2);

	(void)state;
	assert_string_equal(first, again);
	assert_string_not_equal(first, other);
}

static void a_day_has_openings_strangers_and_doors_that_lock_again(void **state)
{
	g_autofree char *day = a_day_of_people(3);
	int at_staff_door = times(day, "unlocked Staff door keycode");

	(void)state;
	/* Eight an hour by day, less at night, some by hand: about a hundred. */
	assert_in_range(at_staff_door, 50, 160);
	assert_true(times(day, "unlocked 202 Sea manual") > 2);
	assert_true(times(day, "locked Gym automatic") > 20);
	assert_true(times(day, "denied") > 0);
	assert_true(times(day, "unlocked 201 Sea") == 0);
	assert_true(times(day, "unlocked Bike shed keycode") > 0); /* the old owner's code */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(harbour_house_has_locks_of_all_fourteen_systems),
		cmocka_unit_test(harbour_house_is_lived_in_at_every_hour),
		cmocka_unit_test(the_offline_codes_of_harbour_house_can_be_made),
		cmocka_unit_test(a_device_has_the_same_id_each_time),
		cmocka_unit_test(a_wrong_file_says_where),
		cmocka_unit_test(count_makes_that_many_locks),
		cmocka_unit_test(the_same_seed_gives_the_same_day),
		cmocka_unit_test(a_day_has_openings_strangers_and_doors_that_lock_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
