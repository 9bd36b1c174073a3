/* The round of a night: which lock comes first, and what a lock says of its clock. */
#include "rows.h"

#include "core/health.h"
#include "core/vocab.h"

static const struct instant now = { INT64_C(1795378680000) };
#define IN(h) { INT64_C(1795378680000) + (h) * INT64_C(3600000) }
#define NEVER { INT64_MIN }
#define WELL .battery_pct = 80, .places = -1, .offline_since = NEVER, .full_at = NEVER

static void the_worst_come_first(void **state)
{
	/* In the order in which a round should see them. */
	static const struct {
		const char *name;
		struct lock_health h;
		int level;
	} table[] = {
		{ "offline for a day", { .offline = true, .battery_pct = -1, .offline_since = IN(-24),
					 .full_at = NEVER }, 3 },
		{ "offline for an hour", { .offline = true, .battery_pct = -1, .offline_since = IN(-1),
					   .full_at = NEVER }, 3 },
		{ "offline, nobody says since when", { .offline = true, .battery_pct = -1,
						       .offline_since = NEVER, .full_at = NEVER }, 3 },
		{ "the account is lost", { .account = true, WELL }, 3 },
		{ "nearly empty", { .battery_low = true, .battery_pct = 4, .offline_since = NEVER,
				    .full_at = NEVER }, 2 },
		{ "low", { .battery_low = true, .battery_pct = 17, .offline_since = NEVER, .full_at = NEVER }, 2 },
		{ "full", { .battery_pct = 80, .places = 30, .offline_since = NEVER, .full_at = IN(0) }, 2 },
		{ "full tomorrow", { .battery_pct = 80, .places = 30, .offline_since = NEVER, .full_at = IN(24) }, 1 },
		{ "a wrong clock", { .clock = true, WELL }, 1 },
		{ "full in a month", { .battery_pct = 80, .places = 30, .offline_since = NEVER,
				       .full_at = IN(720) }, 0 },
		{ "a stray", { .strays = 1, WELL }, 0 },
		{ "well", { WELL }, 0 },
	};

	(void)state;
	FOR_ROWS(i, table)
	{
		ROW_INT(table[i].name, health_level(&table[i].h, now), table[i].level);
		ROW_INT(table[i].name, health_compare_worst(&table[i].h, &table[i].h, now), 0);
		if (i && health_compare_worst(&table[i - 1].h, &table[i].h, now) >= 0)
			fail_msg("%s should come before %s", table[i - 1].name, table[i].name);
	}
}

static void batteries_that_are_not_known_stand_apart(void **state)
{
	static const struct lock_health low = { .battery_pct = 9 }, full = { .battery_pct = 100 },
					unknown = { .battery_pct = -1 },
					word = { .battery_pct = -1, .battery_low = true };

	(void)state;
	assert_true(health_compare_battery(&low, &full) < 0);
	assert_true(health_compare_battery(&full, &unknown) < 0);
	assert_true(health_compare_battery(&word, &low) < 0);
}

static void low_is_a_number_or_a_word(void **state)
{
	static const struct {
		const char *name;
		int pct;
		const char *status;
		bool low;
	} table[] = {
		{ "just enough", 20, NULL, false }, { "just low", 19, NULL, true }, { "empty", 0, NULL, true },
		{ "unknown", -1, NULL, false },	    { "said low", 60, "low", true }, { "said", -1, "critical", true },
		{ "said good", 60, "full", false },
	};

	(void)state;
	FOR_ROWS(i, table)
	ROW_INT(table[i].name, battery_is_low(table[i].pct, table[i].status), table[i].low);
}

static void a_clock_is_told_by_the_makers_own_part(void **state)
{
	static const struct {
		const char *name, *zone, *object, *words;
	} table[] = {
		{ "nothing said", "Europe/Berlin", "{\"properties\":{\"august_metadata\":{\"lock_id\":\"1\"}}}", NULL },
		{ "the same zone", "Europe/Berlin",
		  "{\"properties\":{\"omnitec_metadata\":{\"time_zone\":\"Europe/Paris\"}}}", NULL },
		{ "another zone", "Europe/Berlin",
		  "{\"properties\":{\"schlage_metadata\":{\"timezone\":\"America/New_York\"}}}",
		  "keeps the time of America/New_York" },
		{ "the location is no maker's part", "Europe/Berlin",
		  "{\"location\":{\"timezone\":\"America/New_York\"},\"properties\":{}}", NULL },
		{ "the right offset, though it is summer somewhere", "Europe/Berlin",
		  "{\"properties\":{\"ttlock_metadata\":{\"timezone_raw_offset_ms\":3600000}}}", NULL },
		{ "an hour off", "Europe/Berlin",
		  "{\"properties\":{\"ttlock_metadata\":{\"timezone_raw_offset_ms\":7200000}}}",
		  "is +60 min off the time of Europe/Berlin" },
		{ "where the lock is, nobody knows", NULL,
		  "{\"properties\":{\"schlage_metadata\":{\"timezone\":\"America/New_York\"}}}", NULL },
		{ "no JSON", "Europe/Berlin", "zone", NULL },
	};

	(void)state;
	FOR_ROWS(i, table)
	{
		const struct lock lock = { .zone = table[i].zone, .object = table[i].object };
		g_autofree char *words = health_clock_words(&lock, now);

		if (g_strcmp0(words, table[i].words) != 0)
			fail_msg("%s: %s, not %s", table[i].name, words ? words : "(null)",
				 table[i].words ? table[i].words : "(null)");
	}
}

static void every_problem_named_is_one_of_the_vocabulary(void **state)
{
	static const struct {
		const char *name;
		bool of_account;
		enum health_part part;
	} table[] = {
		{ "device_disconnected", false, HEALTH_CONNECTION }, { "invalid_credentials", false, HEALTH_ACCOUNT },
		{ "time_zone_mismatch", false, HEALTH_CLOCK },	      { "privacy_mode", false, HEALTH_NONE },
		{ "max_access_codes_reached", false, HEALTH_MEMORY }, { "brand_new_word", true, HEALTH_ACCOUNT },
		{ "brand_new_word", false, HEALTH_NONE },
	};

	(void)state;
	FOR_ROWS(i, table)
	ROW_INT(table[i].name, health_part_of(table[i].name, table[i].of_account), table[i].part);
	assert_int_equal(health_part_of(NULL, false), HEALTH_NONE);
	assert_non_null(problem_lookup("time_zone_mismatch"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_come_first),
		cmocka_unit_test(batteries_that_are_not_known_stand_apart),
		cmocka_unit_test(low_is_a_number_or_a_word),
		cmocka_unit_test(a_clock_is_told_by_the_makers_own_part),
		cmocka_unit_test(every_problem_named_is_one_of_the_vocabulary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
