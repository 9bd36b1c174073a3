/* bench/engine - the engine over many codes that are already there; prints, judges nothing.
 *
 *   bench/engine [codes [locks [running]]]     100000 1000
 *
 * 'running': the clock runs, from the moment of the check-out on; how long it takes, and how long
 * the loop's other sources have to wait at most, is what a caller of the API would feel.
 *
 * Time stands still and is moved, as in simulation; the locks are the simplest that can be: each
 * holds its codes, answers after 0.4 s, never fails. What is measured: starting, the first reading
 * of all locks, a quiet minute, and a check-out: half of the codes (50,000 at most) end at one
 * moment, and all of them must be removed, in the order of their starts. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/engine_house.h"
#include "engine/store_ops.h"

/* ---- measuring ---- */

/* Its share of what is resident. */
static double memory_mb(void)
{
	char line[128];
	long kib = 0;
	FILE *rollup = fopen("/proc/self/smaps_rollup", "r");

	while (rollup && fgets(line, sizeof line, rollup)) {
		if (sscanf(line, "Pss: %ld", &kib) == 1)
			break;
	}
	if (rollup)
		fclose(rollup);
	return (double)kib / 1024;
}

static double load(void)
{
	double average = 0;

	return getloadavg(&average, 1) == 1 ? average : 0;
}

/* ---- how often the store is asked: its functions, counted ---- */

static const struct store_ops *asked;
static uint64_t times_asked;

#define COUNTED(result, name, parameters, arguments)                                               \
	static result counted_##name parameters                                                    \
	{                                                                                          \
		times_asked++;                                                                     \
		return asked->name arguments;                                                      \
	}
#define COUNTED_OP(result, name, parameters, arguments) .name = counted_##name,
STORE_OPS(COUNTED)
STORE_INNER_OPS(COUNTED)
static const struct store_ops counting = { STORE_OPS(COUNTED_OP) STORE_INNER_OPS(COUNTED_OP) };

static struct store *open_counted(const char *url)
{
	GError *err = NULL;
	struct store *s = store_open(url, &err);

	must(s, err);
	asked = s->ops;
	s->ops = &counting;
	return s;
}

/* ---- */

static double seconds_since(gint64 begun)
{
	return (double)(g_get_monotonic_time() - begun) / 1e6;
}

static void report(const char *what, gint64 begun, const struct house *h)
{
	static clock_t worked;
	clock_t now = clock();

	printf("%-27s %8.3f s, %8.3f of work  %6d reads %6d removals %8" G_GUINT64_FORMAT
	       " store calls  %5.0f MB, load %.1f\n",
	       what, seconds_since(begun), (double)(now - worked) / CLOCKS_PER_SEC, h->reads,
	       h->removals, times_asked, memory_mb(), load());
	worked = now;
	times_asked = 0;
	fflush(stdout);
}

/* Of each lock's removals, how many came before one with an earlier start; and when the first and
 * the last lock was done. */
static void report_order(const struct house *h)
{
	g_autofree struct instant *last = g_new0(struct instant, h->locks);
	g_autofree int *done = g_new0(int, h->locks);
	int wrong_on_lock = 0, wrong_over_all = 0, least = INT_MAX, most = 0;

	for (guint i = 0; i < h->order->len; i++) {
		int code = g_array_index(h->order, int, i), lock = code % h->locks;
		struct instant start = starts_at(code);

		if (i > 0 && i < (guint)h->locks &&
		    instant_before(start, starts_at(g_array_index(h->order, int, i - 1))))
			wrong_over_all++;
		if (done[lock]++ > 0 && instant_before(start, last[lock]))
			wrong_on_lock++;
		last[lock] = start;
	}
	for (int i = 0; i < h->locks; i++) {
		least = MIN(least, done[i]);
		most = MAX(most, done[i]);
	}
	printf("  in start order but for %d on their lock, %d among the first of all locks\n",
	       wrong_on_lock, wrong_over_all);
	printf("  %d to %d removals a lock; the last was asked for %.1f s after the check-out\n",
	       least, most, (double)instant_diff_ms(h->last_removal, check_out()) / 1e3);
}

static void run(struct house *h, const char *url)
{
	static const struct engine_options opt = { .workspace_id = "w", .workspace_name = "Bench",
						   .seed = 1 };
	gint64 begun = g_get_monotonic_time();
	GError *err = NULL;
	OWN(store) struct store *s = open_counted(url);
	OWN(clock) struct clock *clock = clock_new_standing(NOON);
	struct engine *e;

	e = engine_new(s, clock, &h->driver, &opt, &err);
	must(e, err);
	report("start", begun, h);
	begun = g_get_monotonic_time();
	clock_advance(clock, 30 * MINUTE_MS);
	report("settled: half an hour", begun, h);
	begun = g_get_monotonic_time();
	clock_advance(clock, MINUTE_MS);
	report("a quiet minute", begun, h);
	clock_advance(clock, instant_diff_ms(check_out(), clock_now(clock)) - 1);
	report("until the check-out", begun, h);
	begun = g_get_monotonic_time();
	clock_advance(clock, 1);
	report("the moment of the check-out", begun, h);
	begun = g_get_monotonic_time();
	clock_advance(clock, MINUTE_MS);
	report("and the minute after it", begun, h);
	report_order(h);
	engine_free(e);
}

/* ---- with a clock that runs ---- */

/* Somebody asks every 5 ms, and waits until the loop comes to it. */
#define ASKED_EVERY_US 5000
struct waits {
	int64_t asked_us; /* the next one does then */
	GArray *us;       /* int64_t */
};

static gboolean on_turn_of_others(void *ctx)
{
	struct waits *w = ctx;
	int64_t now = g_get_monotonic_time();

	for (; w->asked_us <= now; w->asked_us += ASKED_EVERY_US) {
		int64_t waited = now - w->asked_us;

		g_array_append_val(w->us, waited);
	}
	return G_SOURCE_CONTINUE;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double wait_ms(const struct waits *w, int in_thousand)
{
	return w->us->len == 0 ? 0 : (double)g_array_index(w->us, int64_t,
					(w->us->len - 1) * (guint64)in_thousand / 1000) / 1e3;
}

static void run_running(struct house *h, const char *url)
{
	static const struct engine_options opt = { .workspace_id = "w", .workspace_name = "Bench" };
	GError *err = NULL;
	OWN(store) struct store *s = open_counted(url);
	OWN(clock) struct clock *clock = clock_new_rated(check_out(), 1);
	struct waits w = { .us = g_array_new(FALSE, FALSE, sizeof(int64_t)) };
	gint64 begun = g_get_monotonic_time();
	struct engine *e;
	guint others;

	e = engine_new(s, clock, &h->driver, &opt, &err);
	must(e, err);
	report("start", begun, h);
	begun = w.asked_us = g_get_monotonic_time();
	others = g_timeout_add(1, on_turn_of_others, &w);
	while (h->removals < h->checkouts)
		g_main_context_iteration(NULL, TRUE);
	report("all removals handed over", begun, h);
	report_order(h);
	g_array_sort(w.us, by_size);
	printf("  others waited %.1f ms (median), %.1f ms (p99), %.1f ms at most\n",
	       wait_ms(&w, 500), wait_ms(&w, 990), wait_ms(&w, 1000));
	g_array_unref(w.us);
	g_source_remove(others);
	engine_free(e);
}

int main(int argc, char **argv)
{
	struct house h;
	g_autofree char *folder = NULL, *bare = NULL, *url = NULL;
	double bare_s, bare_work;
	gint64 begun = g_get_monotonic_time();

	house_init(&h, argc > 1 ? atoi(argv[1]) : 100000, argc > 2 ? atoi(argv[2]) : 1000);
	folder = house_store(&h);
	bare = g_build_filename(folder, "bare.db", NULL);
	url = g_strdup_printf("sqlite:%s/store.db", folder);
	report("loaded", begun, &h);
	(argc > 3 && strcmp(argv[3], "running") == 0 ? run_running : run)(&h, url);
	bare_s = bare_moves(bare, h.checkouts, &bare_work);
	printf("SQLite alone moves %d rows in %.1f s, %.1f of work, load %.1f\n", h.checkouts,
	       bare_s, bare_work, load());
	printf("(goals: a quiet minute costs the same at any number of codes; 50,000 ends on 10,000 locks are handed over\n"
	       "within the minute, in order)\n");
	house_remove_store(folder);
	house_clear(&h);
	return 0;
}
