/* clock - timers in a heap, and three ways in which the moment moves on.
 *
 * The heap orders by (due, number), so timers of one moment run in the order in which they were
 * asked for. The system's clock and the rated one keep one GLib timeout for the earliest timer;
 * the standing one is moved by hand. Not for several threads. */
#include "engine/clock.h"

/* The wall clock may be set while we sleep: not longer than this without looking. */
#define SLEEP_MOST_MS (30 * SECOND_MS)

/* Due timers run for so long at a time, and one at least. */
#define RUN_MAX_US 10000

enum kind { KIND_SYSTEM, KIND_RATED, KIND_STANDING };

struct timer {
	struct instant due;
	uint64_t number; /* counts up: order among equals, and the caller's handle */
	clock_fn *fn;
	void *ctx;
	guint at; /* its place in the heap */
};

struct clock {
	enum kind kind;
	struct instant start; /* RATED: where it began; STANDING: where it stands */
	int64_t began_us;     /* RATED: monotonic */
	int rate;
	GPtrArray *heap;       /* struct timer */
	GHashTable *by_number; /* the same, for cancelling */
	uint64_t last_number;
	GMainContext *loop;
	GSource *wake;   /* NULL for STANDING, and when nothing waits */
	int64_t wake_us; /* monotonic: when */
	int64_t sleep_most_ms;
	bool running;
	bool halted;                         /* the advance under way goes no further */
	const volatile sig_atomic_t *ending; /* nor does it once this is not 0; NULL */
};

static struct timer *timer_at(const struct clock *c, guint i)
{
	return g_ptr_array_index(c->heap, i);
}

static bool timer_before(const struct timer *a, const struct timer *b)
{
	if (!instant_eq(a->due, b->due))
		return instant_before(a->due, b->due);
	return a->number < b->number;
}

static void heap_place(struct clock *c, struct timer *t, guint i)
{
	c->heap->pdata[i] = t;
	t->at = i;
}

static void heap_up(struct clock *c, struct timer *t)
{
	guint i = t->at;

	while (i > 0 && timer_before(t, timer_at(c, (i - 1) / 2))) {
		heap_place(c, timer_at(c, (i - 1) / 2), i);
		i = (i - 1) / 2;
	}
	heap_place(c, t, i);
}

static void heap_down(struct clock *c, struct timer *t)
{
	guint i = t->at;

	for (;;) {
		guint child = 2 * i + 1;

		if (child >= c->heap->len)
			break;
		if (child + 1 < c->heap->len &&
		    timer_before(timer_at(c, child + 1), timer_at(c, child)))
			child++;
		if (!timer_before(timer_at(c, child), t))
			break;
		heap_place(c, timer_at(c, child), i);
		i = child;
	}
	heap_place(c, t, i);
}

/* Out of heap and table; the caller frees it. */
static void heap_take(struct clock *c, struct timer *t)
{
	struct timer *last = timer_at(c, c->heap->len - 1);
	guint hole = t->at;

	g_ptr_array_set_size(c->heap, (int)c->heap->len - 1);
	if (last != t) {
		heap_place(c, last, hole);
		heap_up(c, last);
		heap_down(c, last);
	}
	g_hash_table_remove(c->by_number, &t->number);
}

static void run_first(struct clock *c)
{
	struct timer *t = timer_at(c, 0);
	clock_fn *fn = t->fn;
	void *ctx = t->ctx;

	heap_take(c, t);
	g_free(t);
	fn(ctx);
}

static void sleep_until_first(struct clock *c);

static gboolean on_wake(gpointer data)
{
	struct clock *c = data;
	struct instant now = clock_now(c);
	uint64_t limit = c->last_number;
	int64_t until_us = g_get_monotonic_time() + RUN_MAX_US;

	/* What these ask for waits its turn, and so do those beyond what one may take: the loop's
	 * other sources come in between. */
	g_clear_pointer(&c->wake, g_source_unref);
	c->running = true;
	do {
		if (c->heap->len == 0 || instant_before(now, timer_at(c, 0)->due) ||
		    timer_at(c, 0)->number > limit)
			break;
		run_first(c);
	} while (g_get_monotonic_time() < until_us);
	c->running = false;
	sleep_until_first(c);
	return G_SOURCE_REMOVE;
}

static void stop_sleeping(struct clock *c)
{
	if (!c->wake)
		return;
	g_source_destroy(c->wake);
	g_source_unref(c->wake);
	c->wake = NULL;
}

static void sleep_until_first(struct clock *c)
{
	int64_t ms, wake_us;

	if (c->kind == KIND_STANDING || c->running || c->heap->len == 0)
		return;
	ms = instant_diff_ms(timer_at(c, 0)->due, clock_now(c));
	ms = ms <= 0 ? 0 : MIN((ms - 1) / c->rate + 1, c->sleep_most_ms);
	wake_us = g_get_monotonic_time() + ms * 1000;
	/* Awake too early it sleeps again; that is cheaper than another source with each timer. */
	if (c->wake && c->wake_us <= wake_us)
		return;
	stop_sleeping(c);
	c->wake_us = wake_us;
	c->wake = g_timeout_source_new((guint)ms);
	g_source_set_callback(c->wake, on_wake, c, NULL);
	g_source_attach(c->wake, c->loop);
}

static struct clock *clock_new(enum kind kind, struct instant start, int rate)
{
	struct clock *c = g_new0(struct clock, 1);

	c->kind = kind;
	c->start = start;
	c->began_us = g_get_monotonic_time();
	c->rate = rate;
	c->sleep_most_ms = SLEEP_MOST_MS;
	c->heap = g_ptr_array_new();
	c->by_number = g_hash_table_new(g_int64_hash, g_int64_equal);
	c->loop = g_main_context_ref_thread_default();
	return c;
}

struct clock *clock_new_system(void)
{
	return clock_new(KIND_SYSTEM, INSTANT_NONE, 1);
}

struct clock *clock_new_rated(struct instant start, int rate)
{
	return clock_new(KIND_RATED, start, CLAMP(rate, 1, 86400));
}

struct clock *clock_new_standing(struct instant start)
{
	return clock_new(KIND_STANDING, start, 1);
}

void clock_free(struct clock *c)
{
	if (!c)
		return;
	stop_sleeping(c);
	for (guint i = 0; i < c->heap->len; i++)
		g_free(timer_at(c, i));
	g_ptr_array_free(c->heap, TRUE);
	g_hash_table_destroy(c->by_number);
	g_main_context_unref(c->loop);
	g_free(c);
}

struct instant clock_now(const struct clock *c)
{
	switch (c->kind) {
	case KIND_SYSTEM:
		return instant_now();
	case KIND_RATED:
		return instant_add_ms(c->start,
				      (g_get_monotonic_time() - c->began_us) * c->rate / 1000);
	case KIND_STANDING:
		break;
	}
	return c->start;
}

bool clock_is_standing(const struct clock *c)
{
	return c->kind == KIND_STANDING;
}

int clock_rate(const struct clock *c)
{
	return clock_is_standing(c) ? 0 : c->rate;
}

uint64_t clock_at(struct clock *c, struct instant due, clock_fn *fn, void *ctx)
{
	struct timer *t = g_new(struct timer, 1);
	struct instant now = clock_now(c);

	/* What is overdue is due now: it does not overtake what was asked for before it. */
	*t = (struct timer){ .due = instant_before(due, now) ? now : due,
			     .number = ++c->last_number,
			     .fn = fn,
			     .ctx = ctx,
			     .at = c->heap->len };
	g_ptr_array_add(c->heap, t);
	heap_up(c, t);
	g_hash_table_insert(c->by_number, &t->number, t);
	if (t->at == 0)
		sleep_until_first(c);
	return t->number;
}

void clock_cancel(struct clock *c, uint64_t timer)
{
	struct timer *t = g_hash_table_lookup(c->by_number, &timer);

	if (!t)
		return;
	heap_take(c, t);
	g_free(t);
	if (c->heap->len == 0)
		stop_sleeping(c);
}

void clock_sleep_at_most(struct clock *c, int64_t ms)
{
	c->sleep_most_ms = ms;
	clock_was_set(c);
}

void clock_was_set(struct clock *c)
{
	stop_sleeping(c);
	sleep_until_first(c);
}

void clock_halt(struct clock *c)
{
	c->halted = true;
}

void clock_halt_when(struct clock *c, const volatile sig_atomic_t *ending)
{
	c->ending = ending;
}

bool clock_advance(struct clock *c, int64_t ms)
{
	struct instant target = instant_add_ms(c->start, MAX(ms, 0));

	g_return_val_if_fail(c->kind == KIND_STANDING && !c->running, false);
	c->running = true;
	c->halted = false;
	while (c->heap->len > 0 && !instant_before(target, timer_at(c, 0)->due)) {
		if (c->halted || (c->ending && *c->ending)) {
			c->running = false;
			return false;
		}
		if (instant_before(c->start, timer_at(c, 0)->due))
			c->start = timer_at(c, 0)->due;
		run_first(c);
	}
	c->running = false;
	if (!c->halted)
		c->start = target;
	return !c->halted;
}
