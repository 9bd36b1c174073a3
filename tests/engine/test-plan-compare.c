/* plan_compare: equal, different, unknowable - and what no modification is. */
#include "tests/engine/plan-fixture.h"

#define BERLIN "Europe/Berlin"
#define NEW_YORK "America/New_York"
#define SYDNEY "Australia/Sydney"

/* Windows: in winter, over the short night (29 March), over the long one (25 October). */
static const struct {
	const char *name, *zone;
	const char *starts, *ends, *found_starts, *found_ends; /* NULL: none */
	int64_t granularity_ms;
	enum same want;
} windows[] = {
	{ "the same", BERLIN, "2026-01-10T14:00:00Z", "2026-01-12T10:00:00Z",
	  "2026-01-10T14:00:00Z", "2026-01-12T10:00:00Z", 0, SAME },
	{ "a second later", BERLIN, "2026-01-10T14:00:00Z", "2026-01-12T10:00:00Z",
	  "2026-01-10T14:00:01Z", "2026-01-12T10:00:00Z", 0, DIFFERENT },
	{ "within the granularity", BERLIN, "2026-01-10T14:00:00Z", "2026-01-12T10:00:00Z",
	  "2026-01-10T14:00:59Z", "2026-01-12T09:59:01Z", MINUTE_MS, SAME },
	{ "a whole granularity", BERLIN, "2026-01-10T14:00:00Z", "2026-01-12T10:00:00Z",
	  "2026-01-10T14:01:00Z", "2026-01-12T10:00:00Z", MINUTE_MS, DIFFERENT },
	{ "no window", BERLIN, "2026-01-10T14:00:00Z", "2026-01-12T10:00:00Z", NULL, NULL, 0,
	  DIFFERENT },
	{ "a window from outside", BERLIN, NULL, NULL, "2026-01-10T14:00:00Z",
	  "2026-01-12T10:00:00Z", 0, DIFFERENT },
	{ "both none", BERLIN, NULL, NULL, NULL, NULL, 0, SAME },
	/* an hour at both ends */
	{ "in winter somebody did it", BERLIN, "2026-01-10T14:00:00Z", "2026-01-12T10:00:00Z",
	  "2026-01-10T15:00:00Z", "2026-01-12T11:00:00Z", 0, DIFFERENT },
	{ "zone unknown: it may be the clocks", NULL, "2026-01-10T14:00:00Z",
	  "2026-01-12T10:00:00Z", "2026-01-10T15:00:00Z", "2026-01-12T11:00:00Z", 0, SAME },
	{ "short night, Berlin", BERLIN, "2026-03-29T13:00:00Z", "2026-03-31T09:00:00Z",
	  "2026-03-29T14:00:00Z", "2026-03-31T10:00:00Z", 0, SAME },
	{ "short night, the other way", BERLIN, "2026-03-29T13:00:00Z", "2026-03-31T09:00:00Z",
	  "2026-03-29T12:00:00Z", "2026-03-31T08:00:00Z", 0, SAME },
	{ "long night, Berlin", BERLIN, "2026-10-25T14:00:00Z", "2026-10-27T10:00:00Z",
	  "2026-10-25T13:00:00Z", "2026-10-27T09:00:00Z", 0, SAME },
	{ "short night, New York", NEW_YORK, "2026-03-08T19:00:00Z", "2026-03-10T15:00:00Z",
	  "2026-03-08T20:00:00Z", "2026-03-10T16:00:00Z", 0, SAME },
	{ "long night, New York", NEW_YORK, "2026-11-01T20:00:00Z", "2026-11-03T16:00:00Z",
	  "2026-11-01T19:00:00Z", "2026-11-03T15:00:00Z", 0, SAME },
	{ "short night, Sydney", SYDNEY, "2026-10-04T04:00:00Z", "2026-10-06T00:00:00Z",
	  "2026-10-04T05:00:00Z", "2026-10-06T01:00:00Z", 0, SAME },
	{ "long night, Sydney", SYDNEY, "2026-04-05T05:00:00Z", "2026-04-07T01:00:00Z",
	  "2026-04-05T04:00:00Z", "2026-04-07T00:00:00Z", 0, SAME },
	{ "March in Berlin is no short night in Sydney", SYDNEY, "2026-03-20T13:00:00Z",
	  "2026-03-22T09:00:00Z", "2026-03-20T14:00:00Z", "2026-03-22T10:00:00Z", 0, DIFFERENT },
	/* an hour at one end */
	{ "the night lies within", BERLIN, "2026-03-28T14:00:00Z", "2026-03-30T09:00:00Z",
	  "2026-03-28T14:00:00Z", "2026-03-30T10:00:00Z", 0, SAME },
	{ "the night lies within, at the start", BERLIN, "2026-10-24T13:00:00Z",
	  "2026-10-26T10:00:00Z", "2026-10-24T12:00:00Z", "2026-10-26T10:00:00Z", 0, SAME },
	{ "no night within", BERLIN, "2026-01-10T14:00:00Z", "2026-01-12T10:00:00Z",
	  "2026-01-10T14:00:00Z", "2026-01-12T11:00:00Z", 0, DIFFERENT },
	{ "one end, zone unknown", NULL, "2026-03-28T14:00:00Z", "2026-03-30T09:00:00Z",
	  "2026-03-28T14:00:00Z", "2026-03-30T10:00:00Z", 0, DIFFERENT },
	/* no clock does that */
	{ "two hours", BERLIN, "2026-03-29T13:00:00Z", "2026-03-31T09:00:00Z",
	  "2026-03-29T15:00:00Z", "2026-03-31T11:00:00Z", 0, DIFFERENT },
	{ "an hour each way", BERLIN, "2026-03-29T13:00:00Z", "2026-03-31T09:00:00Z",
	  "2026-03-29T12:00:00Z", "2026-03-31T10:00:00Z", 0, DIFFERENT },
	{ "half an hour", BERLIN, "2026-03-29T13:00:00Z", "2026-03-31T09:00:00Z",
	  "2026-03-29T13:30:00Z", "2026-03-31T09:30:00Z", 0, DIFFERENT },
};

static struct instant maybe(const char *iso)
{
	return iso ? at(iso) : INSTANT_NONE;
}

static void windows_are_instants(void **state)
{
	(void)state;
	FOR_ROWS(i, windows)
	{
		struct lock_system ls = { .schedule = SCHEDULE_NATIVE,
					  .granularity_ms = windows[i].granularity_ms,
					  .zone = windows[i].zone ? zone_get(windows[i].zone) : NULL };
		struct on_lock wanted = { .pin = "4821", .name = "Anna",
					  .starts_at = maybe(windows[i].starts),
					  .ends_at = maybe(windows[i].ends), .enabled = true };
		struct on_lock found = wanted;

		found.starts_at = maybe(windows[i].found_starts);
		found.ends_at = maybe(windows[i].found_ends);
		ROW_INT(windows[i].name, plan_compare(&wanted, &found, &ls), windows[i].want);
	}
}

static const struct {
	const char *name, *wanted, *found;
	int name_max;
	enum same want;
} names[] = {
	{ "the same", "Anna Smith", "Anna Smith", 0, SAME },
	{ "not told", "Anna Smith", NULL, 0, SAME },
	{ "letters in capitals", "Anna Smith", "ANNA SMITH", 0, SAME },
	{ "blanks", "Anna Smith", " Anna  Smith ", 0, SAME },
	{ "cut at the limit", "Anna Smith, Room 7", "Anna Smith, Ro", 14, SAME },
	{ "cut at a blank before it", "Anna Smith x", "Anna Smith", 11, SAME },
	{ "cut below the limit", "Anna Smith, Room 7", "Anna Smith", 14, DIFFERENT },
	{ "cut where no limit is known", "Anna Smith, Room 7", "Anna Smith", 0, SAME },
	{ "too short for a cut", "Anna Smith", "Anna", 0, DIFFERENT },
	{ "longer", "Anna", "Anna Smith", 0, DIFFERENT },
	{ "another", "Anna Smith", "Anna Smyth", 0, DIFFERENT },
	{ "empty", "Anna Smith", "", 0, DIFFERENT },
	{ "accents", "Zo\xc3\xab", "ZO\xc3\x8b", 0, SAME },
	{ "no UTF-8", "Anna", "Ann\xff", 0, DIFFERENT },
	{ "half a character", "Ann\xc3", "Ann\xc3", 0, SAME },
};

static void names_are_what_the_vendor_makes_of_them(void **state)
{
	(void)state;
	FOR_ROWS(i, names)
	{
		struct lock_system ls = { .name_max = names[i].name_max };
		struct on_lock wanted = { .pin = "4821", .name = names[i].wanted, .enabled = true };
		struct on_lock found = { .pin = "4821", .name = names[i].found, .enabled = true };

		ROW_INT(names[i].name, plan_compare(&wanted, &found, &ls), names[i].want);
	}
}

static void a_masked_pin_is_unknowable(void **state)
{
	struct lock_system ls = { 0 };
	struct on_lock wanted = { .pin = "4821", .name = "Anna", .enabled = true };
	struct on_lock found = wanted;

	(void)state;
	found.pin = "4822";
	assert_int_equal(plan_compare(&wanted, &found, &ls), DIFFERENT);
	found.pin = NULL;
	assert_int_equal(plan_compare(&wanted, &found, &ls), UNKNOWABLE);
	found.enabled = false; /* this much is known */
	assert_int_equal(plan_compare(&wanted, &found, &ls), DIFFERENT);
	wanted.pin = NULL; /* the provider is to choose it: any is right */
	found = wanted;
	found.pin = "4821";
	assert_int_equal(plan_compare(&wanted, &found, &ls), SAME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_are_instants),
		cmocka_unit_test(names_are_what_the_vendor_makes_of_them),
		cmocka_unit_test(a_masked_pin_is_unknowable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
