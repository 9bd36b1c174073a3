/* Every event is seen once the walk is over, whatever order and size a server answers in. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include <glib.h>

#include "sync/events.h"

#define EVENTS_MAX 5000

enum order { NEWEST_FIRST, OLDEST_FIRST, IGNORES_LIMIT };

static const struct row {
	const char *what;
	enum order order;
	int limit;
	int n;         /* events in all */
	int per_ms;    /* so many share an instant */
	int requests_max;
} rows[] = {
	{ "nothing", NEWEST_FIRST, 10, 0, 1, 1 },
	{ "less than a page", NEWEST_FIRST, 10, 9, 1, 1 },
	{ "exactly a page", NEWEST_FIRST, 10, 10, 1, 2 },
	{ "several pages", NEWEST_FIRST, 10, 95, 1, 13 },
	{ "pairs at one instant", NEWEST_FIRST, 10, 95, 2, 16 },
	{ "a page at one instant", NEWEST_FIRST, 10, 50, 10, 16 },
	{ "more than a page at one instant", NEWEST_FIRST, 10, 100, 25, 32 },
	{ "all at one instant", NEWEST_FIRST, 10, 100, 100, 24 },
	{ "oldest first, several pages", OLDEST_FIRST, 10, 95, 1, 28 },
	{ "oldest first, many at one instant", OLDEST_FIRST, 10, 100, 25, 40 },
	{ "a server that ignores the limit", IGNORES_LIMIT, 10, 95, 1, 1 },
};

/* What a server shows of events 0..n-1, event i created at 1000 + i / per_ms. */
static struct events_seen ask(const struct row *r, const struct events_walk *w, bool *seen)
{
	struct events_seen s = { 0, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE };
	int offset = w->offset;

	for (int k = 0; k < r->n; k++) {
		int i = r->order == NEWEST_FIRST ? r->n - 1 - k : k;
		struct instant t = { 1000 + i / r->per_ms };

		if (t.ms <= w->since.ms || (instant_known(w->until) && t.ms >= w->until.ms))
			continue;
		if (r->order != IGNORES_LIMIT) {
			if (offset > 0) {
				offset--;
				continue;
			}
			if (s.n == w->limit)
				break;
		}
		s.n++;
		seen[i] = true;
		if (!instant_known(s.first))
			s.first = s.oldest = s.newest = t;
		s.last = t;
		if (t.ms < s.oldest.ms)
			s.oldest = t;
		if (t.ms > s.newest.ms)
			s.newest = t;
	}
	return s;
}

static void every_event_is_seen(void **state)
{
	static bool seen[EVENTS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct events_walk w;
		int requests = 0;
		bool more = true;

		memset(seen, 0, sizeof seen);
		events_walk_init(&w, (struct instant){ 999 }, r->limit);
		while (more && requests < 1000) {
			struct events_seen s = ask(r, &w, seen);

			requests++;
			more = events_walk_next(&w, &s);
		}
		for (int k = 0; k < r->n; k++) {
			if (!seen[k])
				fail_msg("%s: event %d of %d was not seen", r->what, k, r->n);
		}
		if (requests > r->requests_max)
			fail_msg("%s: %d requests", r->what, requests);
		if (r->n > 0)
			assert_int_equal(w.newest.ms, 1000 + (r->n - 1) / r->per_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_event_is_seen) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
