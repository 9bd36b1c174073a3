/* A lock's memory: who takes a place, and when none is left. */
#include "rows.h"

#include "core/forecast.h"

#define DAY(n) { INT64_C(86400000) * (n) }
#define OPEN   { INT64_MIN }
#define NOW_DAY 10

static void the_sweep_finds_the_first_day_without_room(void **state)
{
	static const struct {
		const char *name;
		int places;
		struct held held[4];
		int n, now, most;
		int64_t full, none_left; /* days; -1: never */
	} table[] = {
		{ "nothing on it", 2, { { OPEN, OPEN } }, 0, 0, 0, -1, -1 },
		{ "one place left for ever", 2, { { OPEN, OPEN } }, 1, 1, 1, -1, -1 },
		{ "full now", 1, { { OPEN, OPEN } }, 1, 1, 1, NOW_DAY, -1 },
		{ "two ends meet", 1, { { DAY(11), DAY(12) }, { DAY(12), DAY(13) } }, 2, 0, 1, 11, -1 },
		{ "one guest too many", 1, { { DAY(11), DAY(13) }, { DAY(12), DAY(14) } }, 2, 0, 2, 11, 12 },
		{ "full on the day that the last one comes", 3,
		  { { OPEN, OPEN }, { DAY(5), DAY(20) }, { DAY(15), DAY(18) } }, 3, 2, 3, 15, -1 },
		{ "what has ended is gone", 1, { { DAY(1), DAY(10) }, { DAY(2), DAY(9) } }, 2, 0, 0, -1, -1 },
		{ "one leaves before the next comes", 2,
		  { { OPEN, DAY(12) }, { DAY(11), DAY(13) }, { DAY(12), OPEN } }, 3, 1, 2, 11, -1 },
		{ "a window that is none takes nothing", 1, { { DAY(12), DAY(12) } }, 1, 0, 0, -1, -1 },
		{ "a lock without places", 0, { { OPEN, OPEN } }, 0, 0, 0, NOW_DAY, -1 },
	};
	const struct instant now = DAY(NOW_DAY);

	(void)state;
	FOR_ROWS(i, table)
	{
		struct forecast f = forecast_memory(table[i].held, (size_t)table[i].n, table[i].places, now);

		ROW_INT(table[i].name, f.now, table[i].now);
		ROW_INT(table[i].name, f.most, table[i].most);
		ROW_INT(table[i].name, instant_known(f.full_at) ? f.full_at.ms / DAY_MS : -1, table[i].full);
		ROW_INT(table[i].name, instant_known(f.short_at) ? f.short_at.ms / DAY_MS : -1,
			table[i].none_left);
	}
}

static void a_code_takes_its_place_when_it_is_written(void **state)
{
	static const struct {
		const char *name;
		struct access_code ac;
		bool native, takes;
		int64_t from_h; /* hours from day 0; INT64_MIN: already there */
	} table[] = {
		{ "a lock with a schedule, three days ahead",
		  { .managed = true, .status = "unset", .starts_at = DAY(20), .ends_at = DAY(22),
		    .is_scheduled_on_device = TRI_NO }, true, true, 17 * 24 },
		{ "one without, an hour ahead",
		  { .managed = true, .status = "unset", .starts_at = DAY(20), .ends_at = DAY(22),
		    .is_scheduled_on_device = TRI_NO }, false, true, 20 * 24 - 1 },
		{ "stored already",
		  { .managed = true, .status = "unset", .starts_at = DAY(12), .ends_at = DAY(22),
		    .is_scheduled_on_device = TRI_YES }, true, true, INT64_MIN },
		{ "set", { .managed = true, .status = "set", .starts_at = DAY(9), .ends_at = DAY(12) },
		  false, true, INT64_MIN },
		{ "a stray is there, whatever it says of its start",
		  { .status = "unset", .starts_at = DAY(20), .ends_at = DAY(22) }, true, true, INT64_MIN },
		{ "for ever", { .managed = true, .status = "unset", .starts_at = OPEN, .ends_at = OPEN },
		  true, true, INT64_MIN },
		{ "ended", { .managed = true, .status = "set", .starts_at = DAY(8), .ends_at = DAY(10) },
		  true, false, 0 },
		{ "an offline code is computed, not stored",
		  { .managed = true, .status = "set", .starts_at = DAY(9), .ends_at = DAY(12),
		    .is_offline_access_code = TRI_YES }, true, false, 0 },
	};
	const struct instant now = DAY(NOW_DAY);

	(void)state;
	FOR_ROWS(i, table)
	{
		struct held h;
		bool takes = held_by_code(&table[i].ac, table[i].native, now, &h);

		ROW_INT(table[i].name, takes, table[i].takes);
		if (takes)
			ROW_INT(table[i].name, instant_known(h.from) ? h.from.ms / HOUR_MS : INT64_MIN,
				table[i].from_h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sweep_finds_the_first_day_without_room),
		cmocka_unit_test(a_code_takes_its_place_when_it_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
