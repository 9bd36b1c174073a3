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

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/engine_house.h"
#include "engine/store_ops.h"

#define LATENCY_MS 400
enum { CHECKOUTS_MAX = 50000 };

static struct instant check_out(void)
{
	return instant_add_ms(NOON, 2 * HOUR_MS);
}

/* On the hour, for locks that know no seconds; in no order of the numbers. */
static struct instant starts_at(int code)
{
	return instant_add_ms(NOON, -DAY_MS - (int64_t)code * 7919 % 1009 * HOUR_MS);
}

static struct instant ends_at(const struct house *h, int code)
{
	return code < h->checkouts ? check_out() :
				     instant_add_ms(NOON, 30 * DAY_MS + code % 1000 * HOUR_MS);
}

char *device_id(int lock)
{
	return g_strdup_printf("00000000-0000-4000-8000-d%011d", lock);
}

static int lock_of(const char *id)
{
	return atoi(strrchr(id, 'd') + 1);
}

struct on_lock on_lock(const struct house *h, int code, char pin[static 8], char name[static 32])
{
	g_snprintf(pin, 8, "%06d", code); /* a million at most */
	g_snprintf(name, 32, "Guest %d", code);
	return (struct on_lock){ pin, name, starts_at(code), ends_at(h, code), true };
}

void must(bool ok, GError *err)
{
	if (ok)
		return;
	g_printerr("bench/engine: %s\n", err ? err->message : "failed");
	exit(1);
}

/* ---- the driver ---- */

struct request {
	struct house *house;
	int lock; /* -1: not a read */
	int code; /* set: the one written */
	driver_done *done;
	void *ctx;
};

static void answer_read(struct request *r)
{
	struct house *h = r->house;
	g_autoptr(GArray) codes = g_array_new(FALSE, FALSE, sizeof(struct driver_code));
	GStringChunk *words = g_string_chunk_new(4096);
	struct driver_answer a = { .result = DRIVER_OK };

	for (int i = r->lock; i < h->codes; i += h->locks) {
		char pin[8], name[32], handle[16];
		struct driver_code c;

		if (!h->held[i])
			continue;
		c.is = on_lock(h, i, pin, name);
		c.is.pin = g_string_chunk_insert(words, pin);
		c.is.name = g_string_chunk_insert(words, name);
		g_snprintf(handle, sizeof(handle), "%d", i);
		c.handle = g_string_chunk_insert(words, handle);
		g_array_append_val(codes, c);
	}
	a.codes = (struct driver_code *)(void *)codes->data;
	a.n_codes = codes->len;
	r->done(&a, r->ctx);
	g_string_chunk_free(words);
}

static void answer(void *ctx)
{
	struct request *r = ctx;
	char handle[16];
	struct driver_answer ok = { .result = DRIVER_OK, .handle = handle };

	g_snprintf(handle, sizeof(handle), "%d", r->code);
	if (r->lock >= 0)
		answer_read(r);
	else
		r->done(&ok, r->ctx);
	g_free(r);
}

static void later(struct house *h, int lock, int code, driver_done *done, void *ctx)
{
	struct request *r = g_new(struct request, 1);

	*r = (struct request){ h, lock, code, done, ctx };
	clock_at(h->driver.clock, instant_add_ms(clock_now(h->driver.clock), LATENCY_MS), answer, r);
}

static void house_start(struct driver *d)
{
	struct house *h = (struct house *)d;

	for (int i = 0; i < h->locks; i++) {
		g_autofree char *id = device_id(i);
		struct driver_device device = {
			.device_id = id, .device_type = SYSTEM, .name = id, .zone = "Europe/Berlin",
			.account_id = "account", .account_name = "House", .online = true,
			.locked = true, .has_keypad = true, .battery_pct = 80, .can_lock = true,
			.can_unlock = true, .system = lock_system_of(SYSTEM),
		};

		d->events.device(&device, d->events_ctx);
	}
}

static void house_read(struct driver *d, const char *id, driver_done *done, void *ctx)
{
	((struct house *)d)->reads++;
	later((struct house *)d, lock_of(id), -1, done, ctx);
}

static void house_set(struct driver *d, const char *id, const char *handle,
		      const struct on_lock *code, driver_done *done, void *ctx)
{
	struct house *h = (struct house *)d;
	int i = atoi(code->pin);

	(void)id;
	(void)handle;
	h->held[i] = true;
	h->sets++;
	later(h, -1, i, done, ctx);
}

static void house_remove(struct driver *d, const char *id, const char *handle, driver_done *done,
			 void *ctx)
{
	struct house *h = (struct house *)d;
	int code = atoi(handle);

	(void)id;
	h->held[code] = false;
	h->removals++;
	h->last_removal = clock_now(d->clock);
	g_array_append_val(h->order, code);
	later(h, -1, code, done, ctx);
}

static void house_turn(struct driver *d, const char *id, bool unlock, driver_done *done, void *ctx)
{
	(void)id;
	(void)unlock;
	later((struct house *)d, -1, -1, done, ctx);
}

static const char *house_token(struct driver *d, const char *id)
{
	(void)d;
	(void)id;
	return NULL;
}

static void house_free(struct driver *d)
{
	(void)d;
}

static const struct driver_ops ops = {
	.name = "bench",
	.start = house_start,
	.read = house_read,
	.set = house_set,
	.remove = house_remove,
	.turn = house_turn,
	.offline_token = house_token,
	.free = house_free,
};

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

/* In a process of its own, whose memory is not ours. */
static void fill_elsewhere(const char *path, const struct house *h)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		fill(path, h);
		_exit(0);
	}
	must(child > 0 && waitpid(child, &status, 0) == child && status == 0, NULL);
}

int main(int argc, char **argv)
{
	struct house h = {
		.driver = { .ops = &ops },
		.codes = argc > 1 ? atoi(argv[1]) : 100000,
		.locks = argc > 2 ? atoi(argv[2]) : 1000,
		.order = g_array_new(FALSE, FALSE, sizeof(int)),
	};
	g_autofree char *in = g_build_filename(g_get_tmp_dir(), "keyrack-bench-XXXXXX", NULL);
	char *folder = g_mkdtemp(in);
	g_autofree char *path = g_build_filename(folder, "store.db", NULL);
	g_autofree char *bare = g_build_filename(folder, "bare.db", NULL);
	g_autofree char *url = g_strconcat("sqlite:", path, NULL);
	static const char *const files[] = { "store.db", "store.db-wal", "store.db-shm",
					     "store.db.lock", "bare.db", "bare.db-wal",
					     "bare.db-shm" };
	double bare_s, bare_work;
	gint64 begun = g_get_monotonic_time();

	must(folder && h.codes > 0 && h.codes <= 1000000 && h.locks > 0, NULL);
	h.checkouts = MIN(CHECKOUTS_MAX, h.codes / 2);
	h.held = g_new(bool, h.codes);
	memset(h.held, true, (size_t)h.codes * sizeof(bool));
	fill_elsewhere(path, &h);
	report("loaded", begun, &h);
	(argc > 3 && strcmp(argv[3], "running") == 0 ? run_running : run)(&h, url);
	bare_s = bare_moves(bare, h.checkouts, &bare_work);
	printf("SQLite alone moves %d rows in %.1f s, %.1f of work, load %.1f\n", h.checkouts,
	       bare_s, bare_work, load());
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file = g_build_filename(folder, files[i], NULL);

		g_unlink(file);
	}
	g_rmdir(folder);
	g_free(h.held);
	g_array_unref(h.order);
	return 0;
}
