/* clock: timers run when due, in order, once; a standing clock moves only by hand. */
#include "tests/core/rows.h"

#include "engine/clock.h"

#define T0 1767614400000 /* 2026-01-05T12:00:00Z */

static struct instant after(int64_t ms)
{
	return (struct instant){ T0 + ms };
}

/* What has run: "name@ms after T0 ..." */
struct log {
	struct clock *clock;
	GString *text;
};
struct entry {
	struct log *log;
	const char *name;
	int64_t again_ms; /* asks for itself again so much later; -1: not */
	int left;
	uint64_t victim;  /* cancels this one */
};

static void note(void *ctx)
{
	struct entry *e = ctx;

	g_string_append_printf(e->log->text, "%s@%" PRId64 " ", e->name,
			       clock_now(e->log->clock).ms - T0);
	clock_cancel(e->log->clock, e->victim);
	if (e->again_ms >= 0 && e->left-- > 0)
		clock_at(e->log->clock,
			 instant_add_ms(clock_now(e->log->clock), e->again_ms), note, e);
}

#define ENTRY(name_) { .log = &log, .name = name_, .again_ms = -1 }
#define STANDING                                                                                   \
	OWN(clock) struct clock *c = clock_new_standing(after(0));                                 \
	g_autoptr(GString) text = g_string_new(NULL);                                              \
	struct log log = { c, text }

static void timers_run_in_the_order_of_their_moments(void **state)
{
	STANDING;
	struct entry a = ENTRY("a"), b = ENTRY("b"), d = ENTRY("d"), e = ENTRY("e");

	(void)state;
	clock_at(c, after(3000), note, &a);
	clock_at(c, after(1000), note, &b);
	clock_at(c, after(2000), note, &d);
	clock_at(c, after(1000), note, &e); /* equals: as asked for */
	assert_string_equal(text->str, "");
	clock_advance(c, 999);
	assert_string_equal(text->str, "");
	clock_advance(c, 1);
	assert_string_equal(text->str, "b@1000 e@1000 ");
	clock_advance(c, 10000);
	assert_string_equal(text->str, "b@1000 e@1000 d@2000 a@3000 ");
	assert_int_equal(clock_now(c).ms, T0 + 11000);
	assert_true(clock_is_standing(c));
}

static void what_is_overdue_is_due_now(void **state)
{
	STANDING;
	struct entry a = ENTRY("a"), b = ENTRY("b");

	(void)state;
	clock_at(c, after(0), note, &a);
	clock_at(c, after(-5000), note, &b);
	assert_string_equal(text->str, "");
	clock_advance(c, 0);
	assert_string_equal(text->str, "a@0 b@0 ");
	clock_advance(c, -5);
	assert_int_equal(clock_now(c).ms, T0);
}

static void what_timers_ask_for_runs_on_the_way(void **state)
{
	STANDING;
	struct entry tick = ENTRY("t"), once = ENTRY("x");

	(void)state;
	tick.again_ms = 400;
	tick.left = 100;
	clock_at(c, after(100), note, &tick);
	clock_at(c, after(600), note, &once);
	clock_advance(c, 1000);
	assert_string_equal(text->str, "t@100 t@500 x@600 t@900 ");
	assert_int_equal(clock_now(c).ms, T0 + 1000);
}

static void a_cancelled_timer_never_runs(void **state)
{
	STANDING;
	struct entry a = ENTRY("a"), b = ENTRY("b"), d = ENTRY("d");
	uint64_t first;

	(void)state;
	first = clock_at(c, after(100), note, &a);
	clock_at(c, after(200), note, &b);
	b.victim = clock_at(c, after(200), note, &d); /* due at the same moment */
	assert_int_not_equal(first, 0);
	clock_cancel(c, first);
	clock_cancel(c, first);
	clock_cancel(c, 0);
	clock_cancel(c, 12345);
	clock_advance(c, 1000);
	assert_string_equal(text->str, "b@200 ");
}

/* Against a list that is searched: thousands of timers, some cancelled. */
static gint64 last_due;
static guint ran;
static void in_order(void *ctx)
{
	gint64 due = *(gint64 *)ctx;

	assert_true(due >= last_due);
	last_due = due;
	ran++;
}

static void a_thousand_timers_keep_their_order(void **state)
{
	OWN(clock) struct clock *c = clock_new_standing(after(0));
	gint64 due[3000];
	uint64_t number[3000];
	uint32_t seed = 1;
	guint cancelled = 0;

	(void)state;
	last_due = INT64_MIN;
	ran = 0;
	for (int i = 0; i < 3000; i++) {
		seed = seed * 1664525u + 1013904223u;
		due[i] = T0 + (seed >> 8) % 1000;
		number[i] = clock_at(c, (struct instant){ due[i] }, in_order, &due[i]);
	}
	for (int i = 0; i < 3000; i += 3, cancelled++)
		clock_cancel(c, number[i]);
	clock_advance(c, 500);
	clock_advance(c, 500);
	assert_int_equal(ran, 3000 - cancelled);
}

/* ---- clocks that run: the loop is turned until it has happened ---- */

struct waiting {
	GMainLoop *loop;
	struct clock *clock;
	struct instant ran_at;
	int runs;
};

static void stop(void *ctx)
{
	struct waiting *w = ctx;

	w->ran_at = clock_now(w->clock);
	w->runs++;
	g_main_loop_quit(w->loop);
}

static gboolean too_late(gpointer ctx)
{
	(void)ctx;
	fail_msg("the timer did not run within 20 s");
	return G_SOURCE_REMOVE;
}

static void wait_for(struct clock *c, int64_t ms)
{
	struct waiting w = { g_main_loop_new(NULL, FALSE), c, INSTANT_NONE, 0 };
	struct instant due = instant_add_ms(clock_now(c), ms);
	guint guard = g_timeout_add_seconds(20, too_late, NULL);
	uint64_t far = clock_at(c, instant_add_ms(due, 10000 * DAY_MS), stop, &w);

	clock_at(c, due, stop, &w);
	assert_int_equal(w.runs, 0);
	g_main_loop_run(w.loop);
	assert_int_equal(w.runs, 1);
	assert_false(instant_before(w.ran_at, due));
	clock_cancel(c, far);
	g_source_remove(guard);
	g_main_loop_unref(w.loop);
}

static void the_systems_clock_is_the_systems(void **state)
{
	OWN(clock) struct clock *c = clock_new_system();
	struct instant before = instant_now();

	(void)state;
	assert_false(instant_before(clock_now(c), before));
	assert_true(clock_now(c).ms - before.ms < MINUTE_MS);
	assert_false(clock_is_standing(c));
	wait_for(c, 20);
	wait_for(c, -1000);
}

static void a_rated_clock_runs_faster(void **state)
{
	OWN(clock) struct clock *c = clock_new_rated(after(0), 86400);

	(void)state;
	assert_true(clock_now(c).ms >= T0);
	wait_for(c, HOUR_MS); /* 42 ms */
	assert_true(clock_now(c).ms >= T0 + HOUR_MS);
}

static void what_has_not_run_is_dropped(void **state)
{
	struct clock *c = clock_new_system();
	struct waiting w = { 0 };

	(void)state;
	clock_at(c, instant_now(), stop, &w);
	clock_at(c, instant_now(), stop, &w);
	clock_free(c);
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_int_equal(w.runs, 0);
}

struct burden {
	int runs, runs_when_served;
};

/* A millisecond of work. */
static void toil(void *ctx)
{
	int64_t until = g_get_monotonic_time() + 1000;

	while (g_get_monotonic_time() < until)
		;
	((struct burden *)ctx)->runs++;
}

static gboolean be_served(void *ctx)
{
	struct burden *b = ctx;

	b->runs_when_served = b->runs;
	return G_SOURCE_REMOVE;
}

static void much_that_is_due_leaves_room_for_others(void **state)
{
	OWN(clock) struct clock *c = clock_new_system();
	struct burden b = { .runs_when_served = -1 };

	(void)state;
	for (int i = 0; i < 200; i++)
		clock_at(c, instant_now(), toil, &b);
	while (b.runs == 0) /* only once they are on their way */
		g_main_context_iteration(NULL, TRUE);
	g_idle_add_full(G_PRIORITY_DEFAULT, be_served, &b, NULL);
	while (b.runs < 200)
		g_main_context_iteration(NULL, TRUE);
	assert_in_range(b.runs_when_served, 1, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_run_in_the_order_of_their_moments),
		cmocka_unit_test(what_is_overdue_is_due_now),
		cmocka_unit_test(what_timers_ask_for_runs_on_the_way),
		cmocka_unit_test(a_cancelled_timer_never_runs),
		cmocka_unit_test(a_thousand_timers_keep_their_order),
		cmocka_unit_test(the_systems_clock_is_the_systems),
		cmocka_unit_test(a_rated_clock_runs_faster),
		cmocka_unit_test(much_that_is_due_leaves_room_for_others),
		cmocka_unit_test(what_has_not_run_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
