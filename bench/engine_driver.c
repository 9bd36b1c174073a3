/* engine_driver - the locks of bench/engine and bench/answers: the simplest that can be. Each holds its codes, answers
 * after 0.4 s of its clock's time, and never fails. */
#include "config.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/engine_house.h"

#define LATENCY_MS 400

struct instant check_out(void)
{
	return instant_add_ms(NOON, 2 * HOUR_MS);
}

/* On the hour, for locks that know no seconds; in no order of the numbers. */
struct instant starts_at(int code)
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
	g_printerr("%s: %s\n", g_get_prgname() ? g_get_prgname() : "bench", err ? err->message : "failed");
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

void house_init(struct house *h, int codes, int locks)
{
	must(codes > 0 && codes <= 1000000 && locks > 0, NULL);
	*h = (struct house){ .driver = { .ops = &ops },
			     .codes = codes,
			     .locks = locks,
			     .checkouts = MIN(CHECKOUTS_MAX, codes / 2),
			     .held = g_new(bool, codes),
			     .order = g_array_new(FALSE, FALSE, sizeof(int)) };
	memset(h->held, true, (size_t)codes * sizeof(bool));
}

void house_clear(struct house *h)
{
	g_free(h->held);
	g_array_unref(h->order);
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

char *house_store(const struct house *h)
{
	g_autofree char *in = g_build_filename(g_get_tmp_dir(), "keyrack-bench-XXXXXX", NULL);
	char *folder = g_mkdtemp(in);
	g_autofree char *path = g_build_filename(in, "store.db", NULL);

	must(folder, NULL);
	fill_elsewhere(path, h);
	return g_steal_pointer(&in);
}

void house_remove_store(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
}
