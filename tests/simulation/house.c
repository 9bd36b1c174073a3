/* house - see house.h: building it, its deaths and returns, requests, and what ends later. */
#include "config.h"

#include "tests/simulation/house.h"
#include "tests/simulation/hook.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORKSPACE  "7f9d3a52-0000-4000-8000-000000000001"
#define RETRY_MS   (10 * MINUTE_MS)          /* a keyrackd that could not start is started again */
#define DOWN_CALM_MS (50 * MINUTE_MS) /* after it: a retry was due, each lock has been read */

struct later {
	int64_t at_ms;
	house_later_fn *fn;
	char *device_id;
	int64_t value;
};

static void later_free(void *p)
{
	struct later *l = p;

	g_free(l->device_id);
	g_free(l);
}

static void promise_free(void *p)
{
	struct promise *is = p;

	g_free(is->access_code_id);
	g_free(is->device_id);
	g_free(is->pin);
	g_free(is);
}

/* ---- the building ---- */

/* Some doors of the fourteen kinds, some old, small, badly read or with a clock that is off. */
static char *property_text(uint64_t seed, const struct density *density)
{
	static const char *const zones[] = { "Europe/Berlin", "America/New_York",
					     "Australia/Lord_Howe", "Asia/Kolkata" };
	static const char *const reads[] = { "all", "masked" };
	uint64_t dice = dice_of(seed, 3);
	GString *text = g_string_new(NULL);
	size_t n_kinds;
	const struct traits *kinds = traits_table(&n_kinds);
	int n = density->locks_least +
		dice_below(&dice, density->locks_most - density->locks_least + 1);

	g_string_append_printf(text, "[property]\nname = House %u\nzone = %s\n", (unsigned)seed,
			       zones[dice_below(&dice, (int)G_N_ELEMENTS(zones))]);
	for (int i = 0; i < n; i++) {
		const struct traits *kind = &kinds[dice_below(&dice, (int)n_kinds)];

		g_string_append_printf(text, "[lock Door %d]\ntype = %s\n", i + 1,
				       kind->device_type);
		if (dice_hits(&dice, 25))
			g_string_append_printf(text, "slots = %d\n", 3 + dice_below(&dice, 8));
		/* One that chooses the PIN and hides it is nobody's product: its lost answer would
		 * be a code that no one can ever tell a guest. */
		if (dice_hits(&dice, 15) && kind->online_codes && !kind->chooses_pin)
			g_string_append_printf(text, "read-back = %s\n",
					       reads[dice_below(&dice, 2)]);
		if (dice_hits(&dice, 10))
			g_string_append_printf(text, "clock-late = %d\n", dice_below(&dice, 240) - 120);
	}
	return g_string_free(text, FALSE);
}

static void on_death(struct disk *d)
{
	(void)d;
	world_halt();
}

static void note_events(int64_t seq, void *ctx)
{
	(void)ctx;
	trace("events up to %d", (int)seq);
}

static int64_t poll_of(const struct house *h)
{
	uint64_t dice = dice_of(h->seed, 21);

	return dice_hits(&dice, h->density->often_percent) ? 0 : h->density->poll_ms;
}

static int checkpoint_pages(uint64_t seed)
{
	static const int pages[] = { 40, 150, 150, 1000 };
	uint64_t dice = dice_of(seed, 22);

	return pages[dice_below(&dice, (int)G_N_ELEMENTS(pages))];
}

static bool open_parts(struct house *h, GError **err)
{
	struct engine_options engine = { .workspace_id = WORKSPACE,
					 .workspace_name = "Simulation",
					 .rate_limits = true,
					 .history_ms = 20 * DAY_MS,
					 .poll_ms = poll_of(h),
					 .seed = h->seed };
	struct server_options server = { .workspace_id = WORKSPACE,
					 .workspace_name = "Simulation",
					 .version = "0",
					 .sandbox = true };

	h->store = store_open(h->url, err);
	if (!h->store)
		return false;
	if (!h->key) {
		h->key = store_key_create(h->store, KEY_ADMIN, "simulation", err);
		if (!h->key)
			return false;
	}
	h->engine = engine_new(h->store, h->clock, gate_driver(h->gate), &engine, err);
	if (!h->engine)
		return false;
	engine_on_events(h->engine, note_events, h);
	h->server = server_new(h->engine, h->store, h->clock, &server, err);
	return h->server != NULL;
}

static void close_parts(struct house *h)
{
	h->locks->events = (struct driver_events){ 0 };
	g_clear_pointer(&h->server, server_free);
	g_clear_pointer(&h->engine, engine_free);
	g_clear_pointer(&h->store, store_close);
}

/* It may die at its start too, or find a disk that will not have it. */
static void come_up(struct house *h)
{
	g_autoptr(GError) err = NULL;

	h->disk.dead = false;
	if (open_parts(h, &err) && !h->disk.dead) {
		trace("keyrackd is up");
		house_disturb(h, NULL, DOWN_CALM_MS);
		return;
	}
	if (!h->disk.dead && h->disk.mood == DISK_WELL)
		broken("keyrackd does not come up: %s", err ? err->message : "no reason given");
	trace("keyrackd could not start: %d", err ? err->code : 0);
	house_kill(h);
	h->up_at_ms = world_mono_ms() + RETRY_MS;
}

struct house *house_new(uint64_t seed, const struct density *density)
{
	struct house *h = g_new0(struct house, 1);
	g_autofree char *text = property_text(seed, density);
	struct simulated_options locks = { .seed = seed };
	GError *err = NULL;

	h->seed = seed;
	h->density = density;
	h->dice = dice_of(seed, 4);
	h->folder = g_strdup("/dev/shm/keyrack-simulation-XXXXXX");
	if (!g_mkdtemp(h->folder)) {
		g_free(h->folder);
		h->folder = g_dir_make_tmp("keyrack-simulation-XXXXXX", NULL);
	}
	h->property = g_build_filename(h->folder, "property.ini", NULL);
	h->url = g_strdup_printf("sqlite:%s/store", h->folder);
	g_file_set_contents(h->property, text, -1, NULL);
	h->promises = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, promise_free);
	h->troubled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	h->pending = g_ptr_array_new_with_free_func(later_free);
	h->disk.on_death = on_death;
	disk_install(checkpoint_pages(seed));
	disk_mount(&h->disk, h->folder);
	h->clock = clock_new_system();
	clock_sleep_at_most(h->clock, DAY_MS); /* who sets it says so: acts.c */
	locks.property = h->property;
	h->locks = simulated_new(h->clock, &locks, &err);
	if (!h->locks)
		broken("the locks: %s", err->message);
	h->gate = gate_new(h->locks, &h->disk.dead, seed);
	come_up(h);
	house_run(h, MINUTE_MS);
	return h;
}

static void remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			remove_folder(path);
		else
			g_unlink(path);
	}
	g_rmdir(folder);
}

void house_free(struct house *h)
{
	close_parts(h);
	h->locks->ops->free(h->locks);
	gate_free(h->gate);
	clock_free(h->clock);
	disk_unmount(&h->disk);
	remove_folder(h->folder);
	g_hash_table_unref(h->promises);
	g_hash_table_unref(h->troubled);
	g_ptr_array_unref(h->pending);
	g_free(h->folder);
	g_free(h->property);
	g_free(h->url);
	g_free(h->key);
	g_free(h);
}

/* ---- dying, and time ---- */

bool house_is_up(const struct house *h)
{
	return h->server != NULL;
}

void house_kill(struct house *h)
{
	bool power = h->power;

	h->deaths += house_is_up(h);
	hook_died(power);
	h->disk.dead = true; /* closing a database would tidy it */
	close_parts(h);
	h->disk.dead = false;
	if (power)
		disk_cut_power(&h->disk, &h->dice);
	else
		disk_forget(&h->disk);
	h->up_at_ms = world_mono_ms() +
		      (dice_hits(&h->dice, 80) ? dice_below(&h->dice, 20000)
					       : dice_below(&h->dice, 3 * HOUR_MS));
	trace("keyrackd died%s", power ? " with the power" : "");
	house_disturb(h, NULL, h->up_at_ms - world_mono_ms() + DOWN_CALM_MS);
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct later *x = *(struct later *const *)a, *y = *(struct later *const *)b;

	return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

void house_later(struct house *h, int64_t ms, house_later_fn *fn, const char *device_id,
		 int64_t value)
{
	struct later *l = g_new(struct later, 1);

	*l = (struct later){ world_mono_ms() + ms, fn, g_strdup(device_id), value };
	g_ptr_array_add(h->pending, l);
	g_ptr_array_sort(h->pending, by_time);
}

static void run_later(struct house *h)
{
	while (h->pending->len > 0) {
		struct later *l = h->pending->pdata[0];

		if (l->at_ms > world_mono_ms())
			return;
		g_ptr_array_steal_index(h->pending, 0);
		l->fn(h, l->device_id, l->value);
		later_free(l);
	}
}

void house_run(struct house *h, int64_t ms)
{
	static const bool never;

	house_run_until(h, ms, &never);
}

void house_run_until(struct house *h, int64_t ms, const bool *over)
{
	int64_t end = world_mono_ms() + ms;

	while (world_mono_ms() < end && !*over) {
		int64_t to = end;

		run_later(h);
		if (h->pending->len > 0)
			to = MIN(to, ((struct later *)h->pending->pdata[0])->at_ms);
		if (!house_is_up(h))
			to = MIN(to, MAX(h->up_at_ms, world_mono_ms()));
		if (to > world_mono_ms())
			world_run(to - world_mono_ms());
		if (h->disk.dead)
			house_kill(h);
		else if (!house_is_up(h) && world_mono_ms() >= h->up_at_ms)
			come_up(h);
	}
	run_later(h);
}

/* ---- requests ---- */

struct asking {
	int status;
	char *text;
};

static void on_reply(const struct http_reply *a, void *ctx)
{
	struct asking *is = ctx;

	if (is->text)
		broken("a request is answered twice");
	is->status = a->status;
	is->text = g_strndup(a->body, a->body_len);
}

json_t *house_call(struct house *h, const char *path, json_t *body, int *status)
{
	char *text = json_dumps(body, JSON_COMPACT);
	g_autofree char *key = g_strconcat("Bearer ", h->key, NULL);
	struct http_request rq = { .method = "POST",
				   .path = path,
				   .content_type = "application/json",
				   .authorization = key,
				   .body = text,
				   .body_len = strlen(text),
				   .peer = "unix",
				   .host = "keyrackd",
				   .tls = true };
	struct asking is = { 0 };
	json_t *answer = NULL;

	*status = 0;
	h->calls++;
	if (house_is_up(h)) {
		server_handle(h->server, &rq, on_reply, &is);
		*status = h->disk.dead ? -1 : is.status;
	}
	if (*status > 0)
		answer = json_loads(is.text, 0, NULL);
	if (*status > 0 && !answer)
		broken("%s: %d and no JSON: %s", path, is.status, is.text);
	h->refused += *status >= 400;
	h->unanswered += *status <= 0;
	trace("%s: %d", path, *status);
	if (h->disk.dead)
		house_kill(h);
	json_decref(body);
	free(text);
	g_free(is.text);
	return answer;
}

/* ---- calm ---- */

static void disturb(struct house *h, const char *device_id, int64_t ms)
{
	const int64_t *was = g_hash_table_lookup(h->troubled, device_id);
	int64_t *until = g_new(int64_t, 1);

	*until = MAX(world_mono_ms() + ms, was ? *was : 0);
	g_hash_table_replace(h->troubled, g_strdup(device_id), until);
}

void house_disturb(struct house *h, const char *device_id, int64_t ms)
{
	if (device_id) {
		disturb(h, device_id, ms);
		return;
	}
	for (guint i = 0; i < house_locks(h); i++)
		disturb(h, house_lock_at(h, i)->device_id, ms);
}

int64_t house_calm_ms(struct house *h, const char *device_id)
{
	const int64_t *until = g_hash_table_lookup(h->troubled, device_id);

	return world_mono_ms() - (until ? *until : 0);
}

/* ---- what there is ---- */

guint house_locks(const struct house *h)
{
	return sim_of(h->locks)->locks->len;
}

struct sim_lock *house_lock_at(const struct house *h, guint i)
{
	return sim_of(h->locks)->locks->pdata[i];
}

struct sim_lock *house_lock(struct house *h, uint64_t *dice)
{
	return house_lock_at(h, (guint)dice_below(dice, (int)house_locks(h)));
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	return strcmp((*(struct promise *const *)a)->access_code_id,
		      (*(struct promise *const *)b)->access_code_id);
}

struct promise *house_promise(struct house *h, uint64_t *dice, const char *device_id)
{
	g_autoptr(GPtrArray) alive = g_ptr_array_new();
	GHashTableIter it;
	void *p;

	g_hash_table_iter_init(&it, h->promises);
	while (g_hash_table_iter_next(&it, NULL, &p)) {
		struct promise *is = p;

		if (!is->deleted && strcmp(is->device_id, device_id) == 0 &&
		    (!instant_known(is->ends_at) || instant_before(world_now(), is->ends_at)))
			g_ptr_array_add(alive, is);
	}
	if (alive->len == 0)
		return NULL;
	g_ptr_array_sort(alive, by_id);
	return alive->pdata[dice_below(dice, (int)alive->len)];
}
