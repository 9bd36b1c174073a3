/* How long to wait before the server is asked again. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "sync/pace.h"

struct row {
	const char *what;
	int base_ms, interval_ms, failures; /* before */
	struct pace_input in;
	int wait_from, wait_to; /* inclusive */
	int interval_after;
};

static const struct row rows[] = {
	{ "watched and well: the base", 2000, 2000, 0, { PACE_OK, 0, true, 0 }, 2000, 2000, 2000 },
	{ "nobody looks on: longer", 2000, 2000, 0, { PACE_OK, 0, false, 0 }, 2500, 2500, 2500 },
	{ "nobody looks on: not beyond ten", 2000, 9900, 0, { PACE_OK, 0, false, 0 }, 10000, 10000,
	  10000 },
	{ "a slow profile stays slow", 20000, 20000, 0, { PACE_OK, 0, false, 0 }, 20000, 20000,
	  20000 },
	{ "limited: doubled", 2000, 2000, 0, { PACE_LIMITED, 0, true, 0 }, 4000, 4000, 4000 },
	{ "limited: at least what was asked", 2000, 2000, 0, { PACE_LIMITED, 30000, true, 0 },
	  30000, 30000, 4000 },
	{ "limited: not beyond a minute", 2000, 40000, 0, { PACE_LIMITED, 0, true, 0 }, 60000,
	  60000, 60000 },
	{ "after a limit: back slowly", 2000, 32000, 0, { PACE_OK, 0, true, 0 }, 20000, 25000,
	  23000 },
	{ "away, first time: about a second", 2000, 2000, 0, { PACE_AWAY, 0, true, 0 }, 800, 800,
	  2000 },
	{ "away, first time: spread", 2000, 2000, 0, { PACE_AWAY, 0, true, 400 }, 1200, 1200,
	  2000 },
	{ "away, fourth time: about eight", 2000, 2000, 3, { PACE_AWAY, 0, true, 1234567 }, 6400,
	  9600, 2000 },
	{ "away for long: about a minute", 2000, 2000, 500, { PACE_AWAY, 0, false, 99 }, 48000,
	  72000, 2000 },
	{ "away for long, somebody waits: a quarter", 2000, 2000, 500,
	  { PACE_AWAY, 0, true, 1234567 }, 12000, 15000, 2000 },
	{ "away, somebody waits, but asked for more", 2000, 2000, 500,
	  { PACE_AWAY, 40000, true, 99 }, 40000, 40000, 2000 },
	{ "away, with Retry-After", 2000, 2000, 0, { PACE_AWAY, 9000, true, 0 }, 9000, 9000, 2000 },
	{ "no access: each minute", 2000, 2000, 0, { PACE_NO_ACCESS, 0, true, 0 }, 60000, 60000,
	  2000 },
	{ "disk full: half a minute", 2000, 2000, 0, { PACE_DISK, 0, true, 0 }, 30000, 30000,
	  2000 },
	{ "a senseless Retry-After is bounded", 2000, 2000, 0,
	  { PACE_LIMITED, INT64_MAX, true, 0 }, 60000, 60000, 4000 },
	{ "a senseless Retry-After, the third time", 2000, 2000, 2,
	  { PACE_LIMITED, INT64_MAX, true, 0 }, 240000, 240000, 4000 },
	{ "a senseless Retry-After, for ever", 2000, 2000, 5000,
	  { PACE_LIMITED, INT64_MAX, true, 0 }, 900000, 900000, 4000 },
	{ "away, with a senseless Retry-After", 2000, 2000, 0, { PACE_AWAY, INT64_MAX, true, 0 }, 60000,
	  60000, 2000 },
	{ "a Retry-After below nought is none", 2000, 2000, 0, { PACE_LIMITED, -5, true, 0 }, 4000, 4000,
	  4000 },
};

static void each_wait_is_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct pace p = { r->base_ms, r->interval_ms, r->failures };
		int wait = pace_next(&p, &r->in);

		if (wait < r->wait_from || wait > r->wait_to ||
		    p.interval_ms != r->interval_after)
			fail_msg("%s: wait %d, interval %d", r->what, wait, p.interval_ms);
	}
}

static void backoff_doubles_up_to_a_minute(void **state)
{
	static const int seconds[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };

	(void)state;
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
		int wait = seconds[i] * 1000;

		assert_int_equal(pace_backoff((int)i + 1, 0), wait - wait / 5);
		assert_int_equal(pace_backoff((int)i + 1, (uint32_t)(wait / 5)), wait);
	}
	assert_int_equal(pace_backoff(0, 200), 1000);
}

static void success_forgets_the_failures(void **state)
{
	struct pace p;
	struct pace_input away = { PACE_AWAY, 0, true, 0 }, ok = { PACE_OK, 0, true, 0 };

	(void)state;
	pace_init(&p, 2000);
	for (int i = 0; i < 10; i++)
		pace_next(&p, &away);
	assert_int_equal(pace_next(&p, &ok), 2000);
	assert_in_range(pace_next(&p, &away), 800, 1200);
}

static void a_limit_is_forgotten_within_thirty_polls(void **state)
{
	struct pace p;
	struct pace_input ok = { PACE_OK, 0, true, 0 };
	int polls = 0;

	(void)state;
	pace_init(&p, 2000);
	p.interval_ms = 60000;
	while (p.interval_ms > 2000 && polls < 100) {
		pace_next(&p, &ok);
		polls++;
	}
	assert_in_range(polls, 5, 30);
}

static void a_console_wakes_the_idle_but_not_the_limited(void **state)
{
	struct pace p = { 2000, 9000, 0 };

	(void)state;
	pace_wake(&p);
	assert_int_equal(p.interval_ms, 2000);
	p.interval_ms = 32000;
	pace_wake(&p);
	assert_int_equal(p.interval_ms, 32000);
}

static void a_base_of_nothing_is_two_seconds_and_never_below_a_quarter(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 0);
	assert_int_equal(p.base_ms, 2000);
	pace_init(&p, 1);
	assert_int_equal(p.base_ms, 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_wait_is_as_the_table_says),
		cmocka_unit_test(backoff_doubles_up_to_a_minute),
		cmocka_unit_test(success_forgets_the_failures),
		cmocka_unit_test(a_limit_is_forgotten_within_thirty_polls),
		cmocka_unit_test(a_console_wakes_the_idle_but_not_the_limited),
		cmocka_unit_test(a_base_of_nothing_is_two_seconds_and_never_below_a_quarter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
