/* bench/store - how fast the store is with many codes and events; prints, judges nothing.
 *
 *   bench/store [codes [events [folder]]]     100000 1000000, a folder below TMPDIR
 *
 * The times are those of this program's own turns: one row of a table each, with how often it was
 * done, the median and the 99th of 100. Loading is done in large transactions; what a caller of the
 * API waits for (a 'create') is one transaction and one fsync. */
#include "config.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/store.h"

enum { LOCKS = 1000, AT_ONCE = 10000, CHECKOUTS = 50000, TURN = 500 };
#define NOON INT64_C(1767614400000)

struct bench {
	struct store *s;
	int codes, events;
	GArray *us; /* of the measurement in hand: gint64 */
};

static void must(bool ok, GError *err)
{
	if (ok)
		return;
	g_printerr("bench/store: %s\n", err ? err->message : "failed");
	exit(1);
}

static int by_number(const void *a, const void *b)
{
	const gint64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void report(struct bench *b, const char *what)
{
	guint n = b->us->len;
	gint64 sum = 0;

	g_array_sort(b->us, by_number);
	for (guint i = 0; i < n; i++)
		sum += g_array_index(b->us, gint64, i);
	printf("%-44s %7u times  median %9.3f ms  99%% %9.3f ms  %10.0f/s\n", what, n,
	       (double)g_array_index(b->us, gint64, n / 2) / 1e3,
	       (double)g_array_index(b->us, gint64, n * 99 / 100) / 1e3,
	       sum ? n * 1e6 / (double)sum : 0.0);
	g_array_set_size(b->us, 0);
}

#define MEASURED(b, ...)                                                                           \
	do {                                                                                       \
		gint64 from_ = g_get_monotonic_time(), took_;                                      \
		__VA_ARGS__;                                                                       \
		took_ = g_get_monotonic_time() - from_;                                            \
		g_array_append_val((b)->us, took_);                                                \
	} while (0)

static double resident_mb(void)
{
	long pages = 0;
	FILE *statm = fopen("/proc/self/statm", "r");

	if (statm) {
		if (fscanf(statm, "%*s %ld", &pages) != 1)
			pages = 0;
		fclose(statm);
	}
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* Ids as they are in life: in no order. */
static char *id_of(char kind, int i)
{
	uint64_t x = (uint64_t)i * 0x9e3779b97f4a7c15u + 1;

	return g_strdup_printf("%08x-%04x-4%03x-8000-%c%011d", (unsigned)(x >> 32),
			       (unsigned)(x >> 16) & 0xffff, (unsigned)x & 0xfff, kind, i);
}

static void put_code(struct bench *b, int i, struct instant next_look)
{
	g_autofree char *id = id_of('c', i);
	g_autofree char *device = id_of('d', i % LOCKS);
	g_autofree char *key = id_of('k', i / 2);
	g_autofree char *name = g_strdup_printf("Guest %d", i);
	g_autofree char *pin = g_strdup_printf("%06d", (int)((int64_t)i * 7919 % 1000000));
	GError *err = NULL;
	struct store_code c = {
		.access_code_id = id, .device_id = device, .name = name, .pin = pin,
		.managed = true, .starts_at = { NOON + i }, .ends_at = { NOON + DAY_MS + i },
		.created_at = { NOON + i / 4 }, .common_code_key = key,
		.removal_asked_at = INSTANT_NONE,
		.done = { .belief = BELIEF_PROVEN,
			  .last = { pin, name, { NOON + i }, { NOON + DAY_MS + i }, true },
			  .last_try_at = { NOON }, .first_try_at = INSTANT_NONE },
		.handle = "12", .shown_name = name, .status = "set", .reason = REASON_PROVEN,
		.next_look = next_look, .next_try_text = INSTANT_NONE, .ever_set = true,
	};

	must(store_put_code(b->s, &c, &err), err);
}

static void add_event(struct bench *b, int i)
{
	static const char *const types[] = { "lock.unlocked", "lock.locked", "access_code.created",
					     "access_code.set_on_device" };
	g_autofree char *id = id_of('e', i);
	g_autofree char *device = id_of('d', i % LOCKS);
	g_autofree char *code = id_of('c', (int)((int64_t)i * 31 % b->codes));
	g_autofree char *account = id_of('a', i % 14);
	g_autofree char *body = g_strdup_printf(
		"{\"event_id\":\"%s\",\"event_type\":\"%s\",\"device_id\":\"%s\","
		"\"access_code_id\":\"%s\",\"connected_account_id\":\"%s\",\"workspace_id\":"
		"\"00000000-0000-4000-8000-000000000000\",\"occurred_at\":"
		"\"2026-01-05T12:00:00.000Z\",\"created_at\":\"2026-01-05T12:00:00.000Z\"}",
		id, types[i % 4], device, code, account);
	GError *err = NULL;
	struct store_event e = { 0, id, types[i % 4], device, code, account, { NOON + i },
				 { NOON + i }, body };

	must(store_add_event(b->s, &e, &err), err);
}

static void load(struct bench *b)
{
	gint64 begun = g_get_monotonic_time();
	GError *err = NULL;

	for (int i = 0; i < b->codes; i++) {
		if (i % AT_ONCE == 0)
			must(store_begin(b->s, &err), err);
		/* The first CHECKOUTS end within one hour; all others later. */
		put_code(b, i, (struct instant){ NOON + DAY_MS +
						 (i < CHECKOUTS ? (int64_t)i * HOUR_MS / CHECKOUTS :
								  2 * HOUR_MS + i) });
		if (i % AT_ONCE == AT_ONCE - 1 || i == b->codes - 1)
			must(store_commit(b->s, &err), err);
	}
	printf("%d codes loaded in %.1f s\n", b->codes,
	       (double)(g_get_monotonic_time() - begun) / 1e6);
	begun = g_get_monotonic_time();
	for (int i = 0; i < b->events; i++) {
		if (i % AT_ONCE == 0)
			must(store_begin(b->s, &err), err);
		add_event(b, i);
		if (i % AT_ONCE == AT_ONCE - 1 || i == b->events - 1)
			must(store_commit(b->s, &err), err);
	}
	printf("%d events loaded in %.1f s\n", b->events,
	       (double)(g_get_monotonic_time() - begun) / 1e6);
}

static void creates(struct bench *b)
{
	GError *err = NULL;

	for (int i = 0; i < 500; i++) {
		g_autofree char *id = id_of('c', b->codes + i);
		struct store_decision d = { { NOON }, REASON_ONGOING, STEP_WRITE, NULL };

		MEASURED(b, must(store_begin(b->s, &err), err);
			 put_code(b, b->codes + i, (struct instant){ NOON + 3 * DAY_MS });
			 must(store_add_decision(b->s, id, &d, &err), err);
			 add_event(b, b->events + i); must(store_commit(b->s, &err), err));
	}
	report(b, "create: code, decision, event, fsync");
}

static void lookups(struct bench *b)
{
	enum { TIMES = 2000 };
	g_autoptr(GRand) dice = g_rand_new_with_seed(1);

#define EACH(what, call)                                                                           \
	for (int i = 0; i < TIMES; i++) {                                                          \
		int n = g_rand_int_range(dice, 0, b->codes);                                       \
		g_autofree char *code = id_of('c', n);                                             \
		g_autofree char *device = id_of('d', n % LOCKS);                                   \
		g_autofree char *key = id_of('k', n / 2);                                          \
		g_autofree char *pin = g_strdup_printf("%06d", (int)((int64_t)n * 7919 % 1000000));\
		struct store_page page = { .limit = 100 };                                         \
		struct store_code_filter of_device = { .device_id = device, .managed = 1 };        \
		struct store_code_filter of_key = { .common_code_key = key, .managed = 1 };        \
		(void)code;                                                                        \
		(void)pin;                                                                         \
		(void)page;                                                                        \
		(void)of_device;                                                                   \
		(void)of_key;                                                                      \
		MEASURED(b, call);                                                                 \
	}                                                                                          \
	report(b, what)
	EACH("get a code", store_list_free(store_code(b->s, code, NULL)));
	EACH("holders of a PIN on a lock",
	     store_list_free(store_code_by_pin(b->s, device, pin, NULL)));
	EACH("codes of a lock, a page of 100",
	     store_list_free(store_codes(b->s, &of_device, &page, NULL)));
	EACH("codes by common_code_key",
	     store_list_free(store_codes(b->s, &of_key, NULL, NULL)));
	EACH("slots taken on a lock", store_count_on_lock(b->s, device));
	EACH("the next look", store_next_look(b->s));
}

static void walk_pages(struct bench *b)
{
	struct store_code_filter all = { .managed = -1 };
	struct store_page page = { .limit = 1000 };
	g_autofree char *after = NULL;

	do {
		struct store_list *list;
		const struct store_code *last;

		MEASURED(b, list = store_codes(b->s, &all, &page, NULL));
		last = store_at(list, struct store_code, list->rows->len - 1);
		g_free(after);
		after = g_strdup(last->access_code_id);
		page.after_id = after;
		page.after_created_at = last->created_at;
		store_list_free(list);
	} while (page.has_more);
	report(b, "all codes, a page of 1,000");
}

static void lists_of_events(struct bench *b)
{
	g_autofree char *device = id_of('d', 7);
	g_autofree char *code = id_of('c', 31);
	const char *const devices[] = { device, NULL }, *const codes[] = { code, NULL };
	const char *const types[] = { "lock.unlocked", "lock.locked", NULL };
	const struct {
		const char *what;
		struct store_event_filter f;
	} rows[] = {
		{ "events: newest 500", { .limit = 500 } },
		{ "events: newest 500 of two types", { .types = types, .limit = 500 } },
		{ "events: newest 500 of a lock", { .device_ids = devices, .limit = 500 } },
		{ "events: newest 500 of a code", { .access_code_ids = codes, .limit = 500 } },
		{ "events: 500 after a number",
		  { .after_seq = b->events / 2, .limit = 500, .oldest_first = true } },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct store_event_filter f = rows[i].f;

		f.since = (struct instant){ NOON - 1 };
		f.until = INSTANT_NONE;
		for (int n = 0; n < 200; n++)
			MEASURED(b, store_list_free(store_events(b->s, &f, NULL)));
		report(b, rows[i].what);
	}
}

/* As the engine does it: some due codes, one transaction that moves them, and again. */
static void check_out_hour(struct bench *b)
{
	struct instant now = { NOON + DAY_MS + HOUR_MS };
	gint64 begun = g_get_monotonic_time();
	int done = 0;
	GError *err = NULL;

	for (;;) {
		struct store_list *due = store_codes_due(b->s, now, TURN, &err);
		guint n = due->rows->len;

		MEASURED(b, must(store_begin(b->s, &err), err);
			 for (guint i = 0; i < n; i++) {
				 struct store_code *c = store_at(due, struct store_code, i);

				 c->status = "removing";
				 c->reason = REASON_ENDED;
				 c->done.tries = 1;
				 c->next_look = (struct instant){ now.ms + MINUTE_MS };
				 must(store_put_code(b->s, c, &err), err);
			 } must(store_commit(b->s, &err), err));
		store_list_free(due);
		if (n == 0)
			break;
		done += (int)n;
	}
	report(b, "check-out: 500 due codes moved, fsync");
	printf("%d check-outs moved in %.1f s\n", done,
	       (double)(g_get_monotonic_time() - begun) / 1e6);
}

static void remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
}

int main(int argc, char **argv)
{
	struct bench b = {
		.codes = argc > 1 ? atoi(argv[1]) : 100000,
		.events = argc > 2 ? atoi(argv[2]) : 1000000,
		.us = g_array_new(FALSE, FALSE, sizeof(gint64)),
	};
	g_autofree char *in = g_build_filename(argc > 3 ? argv[3] : g_get_tmp_dir(),
					       "keyrack-bench-XXXXXX", NULL);
	char *folder = g_mkdtemp(in);
	g_autofree char *path = g_strconcat(folder ? folder : "", "/store.db", NULL);
	g_autofree char *url = g_strconcat("sqlite:", path, NULL);
	GError *err = NULL;
	struct stat st = { 0 };

	must(folder && b.codes > 0 && b.events > 0, NULL);
	b.s = store_open(url, &err);
	must(b.s, err);
	load(&b);
	store_close(b.s);
	MEASURED(&b, b.s = store_open(url, &err));
	must(b.s, err);
	report(&b, "open");
	stat(path, &st);
	printf("the file has %.0f MB; %.0f MB of memory are resident\n", (double)st.st_size / 1e6,
	       resident_mb());
	creates(&b);
	lookups(&b);
	walk_pages(&b);
	lists_of_events(&b);
	check_out_hour(&b);
	printf("%.0f MB of memory are resident at the end\n", resident_mb());
	store_close(b.s);
	remove_folder(folder);
	g_array_unref(b.us);
	return 0;
}
