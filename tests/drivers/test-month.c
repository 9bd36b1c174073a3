/* A month at Harbour House: people, faults, somebody with the maker's app, and a desk that creates,
 * edits, deletes, pulls and adopts, all by a seed on a clock that stands. At each full hour and
 * after each start and end the locks themselves are asked: who does not open that should, and who
 * opens that should not?
 *
 *   KEYRACK_MONTH_SEED=1 KEYRACK_MONTH_SEEDS=20 KEYRACK_MONTH_DAYS=30 tests/drivers/test-month
 *
 * runs twenty seeds from the first; without them it is a short one. */
#include "tests/drivers/house.h"

#include <stdarg.h>
#include <stdlib.h>

#include "daemon/first.h"
#include "drivers/sim.h"
#include "engine/engine.h"

#define CALM_MS	 (50 * MINUTE_MS) /* by then a retry was due, and each lock has been read */
#define GRACE_MS (45 * SECOND_MS) /* after an edge: several codes of a lock, one after the other */

struct month {
	struct clock *clock;
	struct driver *driver;
	struct store *store;
	struct engine *engine;
	char *folder, *url;
	GRand *dice;
	GHashTable *troubled; /* device_id -> int64_t *: something was last done to it */
	guint seed;
	int looks, refused, done, opened;
};

G_GNUC_PRINTF(2, 3)
static void broken(struct month *m, const char *format, ...)
{
	char now[INSTANT_TEXT_MAX];
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	fail_msg("seed %u at %s: %s\nagain: KEYRACK_MONTH_SEED=%u KEYRACK_MONTH_SEEDS=1 "
		 "KEYRACK_MONTH_DAYS=30 tests/drivers/test-month",
		 m->seed, instant_format(clock_now(m->clock), now), what, m->seed);
}

static int below(struct month *m, int n)
{
	return g_rand_int_range(m->dice, 0, n);
}

static struct sim_lock *any_lock(struct month *m)
{
	GPtrArray *locks = sim_of(m->driver)->locks;

	return locks->pdata[below(m, (int)locks->len)];
}

static void disturb(struct month *m, const char *device_id)
{
	struct instant now = clock_now(m->clock);
	int64_t *at = g_new(int64_t, 1);

	*at = now.ms;
	g_hash_table_replace(m->troubled, g_strdup(device_id), at);
}

static bool is_calm(struct month *m, const struct sim_lock *lock)
{
	const int64_t *at = g_hash_table_lookup(m->troubled, lock->device_id);

	return !at || clock_now(m->clock).ms - *at > CALM_MS;
}

/* ---- the house ---- */

static void declare(struct month *m)
{
	struct store_code_filter filter = { .managed = 1 };
	size_t n;

	simulated_property_codes(m->driver, &n);
	if (!first_property_codes(m->engine, m->store, m->driver, NULL))
		broken(m, "the property's codes were not stored");
	OWN(store_list) struct store_list *l = store_codes(m->store, &filter, NULL, NULL);
	if (l->rows->len != n)
		broken(m, "of %zu codes %u were taken", n, l->rows->len);
}

static void month_open(struct month *m, guint seed)
{
	struct simulated_options opt = { .property = TOP "/data/properties/harbour-house.ini",
					 .people = true,
					 .seed = seed };
	struct engine_options how = { .workspace_id = "w", .workspace_name = "H", .seed = seed };

	*m = (struct month){ .seed = seed, .dice = g_rand_new_with_seed(seed) };
	m->folder = g_strdup("/dev/shm/keyrack-month-XXXXXX");
	if (!g_mkdtemp(m->folder)) {
		g_free(m->folder);
		m->folder = g_dir_make_tmp("keyrack-month-XXXXXX", NULL);
	}
	m->url = g_strdup_printf("sqlite:%s/store", m->folder);
	m->troubled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	m->clock = clock_new_standing(at(NOON));
	m->driver = simulated_new(m->clock, &opt, NULL);
	m->store = store_open(m->url, NULL);
	m->engine = engine_new(m->store, m->clock, m->driver, &how, NULL);
	assert_non_null(m->engine);
	clock_advance(m->clock, MINUTE_MS);
	declare(m);
	for (guint i = 0; i < sim_of(m->driver)->locks->len; i++)
		disturb(m, ((struct sim_lock *)sim_of(m->driver)->locks->pdata[i])->device_id);
}

static void month_close(struct month *m)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	engine_free(m->engine);
	m->driver->ops->free(m->driver);
	store_close(m->store);
	clock_free(m->clock);
	dir = g_dir_open(m->folder, 0, NULL);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *file = g_build_filename(m->folder, name, NULL);

		g_unlink(file);
	}
	g_rmdir(m->folder);
	g_free(m->folder);
	g_free(m->url);
	g_hash_table_unref(m->troubled);
	g_rand_free(m->dice);
}

static struct store_list *codes_on(struct month *m, const char *device_id, int managed, bool pool)
{
	struct store_code_filter f = { .device_id = device_id,
				       .managed = managed,
				       .with_pool = pool };
	struct store_list *l = store_codes(m->store, &f, NULL, NULL);

	assert_non_null(l);
	return l;
}

static const struct store_code *any_code(struct month *m, struct store_list *l)
{
	return l->rows->len ? store_at(l, struct store_code, (guint)below(m, (int)l->rows->len)) :
			      NULL;
}

/* ---- what is done ---- */

static struct code_request neutral(void)
{
	return (struct code_request){ .starts_at = INSTANT_NONE,
				      .ends_at = INSTANT_NONE,
				      .external_ok = TRI_UNKNOWN,
				      .prefer_native = TRI_UNKNOWN,
				      .use_backup_pool = TRI_UNKNOWN,
				      .offline = TRI_UNKNOWN,
				      .one_time = TRI_UNKNOWN,
				      .managed = TRI_UNKNOWN,
				      .attempt_for_offline_device = true };
}

static void answered(struct month *m, bool ok, struct refusal *no)
{
	if (!ok && no->status >= 500)
		broken(m, "%s", no->message);
	m->done += ok;
	m->refused += !ok;
	refusal_clear(no);
}

static struct instant some_time(struct month *m, struct instant from, int minutes)
{
	return instant_add_ms(from, below(m, minutes) * MINUTE_MS);
}

static void create(struct month *m, struct sim_lock *lock)
{
	struct code_request r = neutral();
	struct refusal no = { 0 };
	g_autofree char *id = NULL;
	g_autofree char *name = g_strdup_printf("Guest %d", below(m, 10000));

	r.device_id = lock->device_id;
	r.name = name;
	r.has_name = true;
	if (below(m, 8)) {
		r.starts_at = some_time(m, clock_now(m->clock), 100 * 60);
		r.ends_at = some_time(m, instant_add_ms(r.starts_at, HOUR_MS), 72 * 60);
		r.use_backup_pool = below(m, 3) ? TRI_UNKNOWN : TRI_YES;
	}
	r.prefer_native = below(m, 6) ? TRI_UNKNOWN : TRI_NO;
	answered(m, engine_create(m->engine, &r, &id, &no), &no);
}

static void edit(struct month *m, struct sim_lock *lock)
{
	OWN(store_list) struct store_list *l = codes_on(m, lock->device_id, 1, false);
	const struct store_code *c = any_code(m, l);
	struct code_request r = neutral();
	struct refusal no = { 0 };
	char pin[PIN_MAX + 1];
	bool changed;

	if (!c)
		return;
	r.access_code_id = c->access_code_id;
	switch (below(m, 3)) {
	case 0:
		if (!engine_generate_code(m->engine, c->device_id, pin, &no)) {
			refusal_clear(&no);
			return;
		}
		r.code = pin;
		break;
	case 1:
		r.name = "Renamed";
		r.has_name = true;
		break;
	default:
		if (!instant_known(c->ends_at))
			return;
		r.ends_at = some_time(m, instant_add_ms(clock_now(m->clock), MINUTE_MS), 72 * 60);
	}
	answered(m, engine_update(m->engine, &r, &changed, &no), &no);
}

static void delete_or_pull(struct month *m, struct sim_lock *lock)
{
	OWN(store_list) struct store_list *l = codes_on(m, lock->device_id, 1, false);
	const struct store_code *c = any_code(m, l);
	struct refusal no = { 0 };
	g_autofree char *id = NULL;

	if (!c)
		return;
	if (below(m, 2))
		answered(m, engine_delete(m->engine, c->access_code_id, &no), &no);
	else
		answered(m, engine_pull_backup(m->engine, c->access_code_id, &id, &no), &no);
}

static void adopt(struct month *m, struct sim_lock *lock)
{
	OWN(store_list) struct store_list *l = codes_on(m, lock->device_id, 0, false);
	const struct store_code *c = any_code(m, l);
	struct refusal no = { 0 };

	if (c)
		answered(m, engine_convert(m->engine, c->access_code_id, TRI_UNKNOWN, &no), &no);
}

static void fault(struct month *m, struct sim_lock *lock)
{
	static const char *const names[] = { "offline", "slow",	       "lost_answer", "refused",
					     "offline", "full_memory", "clock_drift",
					     "account_lost" };

	simulated_fault(m->driver, lock->device_id, names[below(m, G_N_ELEMENTS(names))], true,
			NULL);
}

static void use_app(struct month *m, struct sim_lock *lock)
{
	const struct sim_code *code =
		lock->codes->len ? lock->codes->pdata[below(m, (int)lock->codes->len)] : NULL;
	struct simulated_change change = { .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE };
	struct refusal no = { 0 };
	char pin[PIN_MAX + 1], handle[16];

	if (!engine_generate_code(m->engine, lock->device_id, pin, &no)) {
		refusal_clear(&no);
		return;
	}
	if (!code || !below(m, 3)) {
		const struct on_lock made = { .pin = pin,
					      .name = "By hand",
					      .starts_at = INSTANT_NONE,
					      .ends_at = INSTANT_NONE,
					      .enabled = true };

		simulated_app_add(m->driver, lock->device_id, &made, NULL);
		return;
	}
	g_snprintf(handle, sizeof handle, "%u", code->handle);
	change.remove = below(m, 2);
	/* A PIN that nobody can read may be anything after that: there it is a name. */
	if (!change.remove && lock->system.read_back == READ_ALL)
		change.code = pin;
	else if (!change.remove)
		change.name = "Somebody";
	simulated_app(m->driver, lock->device_id, handle, NULL, &change, NULL);
}

/* What is done in an hour. Faults last some hours. */
static void live(struct month *m)
{
	static void (*const acts[])(struct month *m, struct sim_lock *lock) = {
		create,		create, create, edit,  edit, delete_or_pull,
		delete_or_pull, adopt,	fault,	use_app,
	};
	GPtrArray *locks = sim_of(m->driver)->locks;

	for (guint i = 0; i < locks->len; i++) {
		struct sim_lock *lock = locks->pdata[i];

		for (unsigned f = 0; f < SIM_FAULT_COUNT; f++) {
			if (lock->faults & SIM_BIT(f) && !below(m, 5))
				simulated_fault(m->driver, lock->device_id, sim_fault_name(f),
						false, NULL);
		}
	}
	for (int i = below(m, 4); i > 0; i--) {
		struct sim_lock *lock = any_lock(m);

		disturb(m, lock->device_id);
		acts[below(m, G_N_ELEMENTS(acts))](m, lock);
	}
	clock_advance(m->clock, 0);
}

/* ---- what must be so ---- */

#define STANDS                                                                      \
	(1u << REASON_PROVEN | 1u << REASON_ACKNOWLEDGED | 1u << REASON_STARTED |   \
	 1u << REASON_OUTSIDE_OK | 1u << REASON_FIGHT | 1u << REASON_UNREACHABLE |  \
	 1u << REASON_FULL | 1u << REASON_DUPLICATE | 1u << REASON_REFUSED |        \
	 1u << REASON_NO_PIN | 1u << REASON_ACCOUNT_LOST | 1u << REASON_UNCERTAIN)

/* It has a reason, and a next look or a wait that something else ends. */
static void check_told(struct month *m, const struct store_code *c)
{
	struct instant now = clock_now(m->clock);

	if (!c->status || !plan_reason_words(c->reason))
		broken(m, "%s: no status or reason", c->name);
	if (!instant_known(c->next_look)) {
		if (!(STANDS & 1u << c->reason))
			broken(m, "%s: %s, and nothing is next", c->name,
			       plan_reason_name(c->reason));
	} else if (instant_diff_ms(now, c->next_look) > 2 * MINUTE_MS) {
		broken(m, "%s: %s, and its look is %d s overdue", c->name,
		       plan_reason_name(c->reason),
		       (int)(instant_diff_ms(now, c->next_look) / SECOND_MS));
	}
}

static bool is_open_on(const struct sim_lock *lock, const char *pin)
{
	const struct sim_code *code = pin ? sim_lock_code_of_pin(lock, pin) : NULL;

	return code && sim_lock_opens(lock, code);
}

static void check_opens(struct month *m, const struct sim_lock *lock, const struct store_code *c)
{
	struct instant now = clock_now(m->clock);
	bool begun = !instant_known(c->starts_at) ||
		     instant_diff_ms(now, c->starts_at) >= GRACE_MS;
	bool over = instant_known(c->removal_asked_at) ||
		    (instant_known(c->ends_at) && !instant_before(now, c->ends_at));

	if (!begun || over || c->problems)
		return;
	m->opened++;
	if (!is_open_on(lock, c->pin))
		broken(m, "%s on %s (%s) does not open: %s %s", c->name, lock->name,
		       lock->system.device_type, c->status, plan_reason_name(c->reason));
}

static bool may_open(struct month *m, const struct sim_lock *lock, const struct store_code *c)
{
	struct instant now = clock_now(m->clock);
	int64_t step = lock->system.granularity_ms + GRACE_MS;
	int64_t early = lock->system.schedule == SCHEDULE_NATIVE && c->prefer_native ? step :
										       HOUR_MS;

	if (!c->managed)
		return true;
	if (instant_known(c->removal_asked_at))
		return instant_diff_ms(now, c->removal_asked_at) < GRACE_MS;
	return !instant_known(c->starts_at) ||
	       (instant_diff_ms(c->starts_at, now) <= early &&
		instant_diff_ms(now, c->ends_at) <= step);
}

static const struct store_code *owner_of(struct store_list *codes, const struct sim_code *code)
{
	char handle[16];

	g_snprintf(handle, sizeof handle, "%u", code->handle);
	for (guint i = 0; i < codes->rows->len; i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);

		if (g_strcmp0(c->handle, handle) == 0)
			return c;
	}
	return NULL;
}

static void check_memory(struct month *m, const struct sim_lock *lock, struct store_list *codes)
{
	for (guint i = 0; i < lock->codes->len; i++) {
		const struct sim_code *code = lock->codes->pdata[i];
		const struct store_code *c = owner_of(codes, code);

		for (guint j = 0; j < i; j++) {
			if (strcmp(((struct sim_code *)lock->codes->pdata[j])->pin, code->pin) == 0)
				broken(m, "%s holds a PIN twice", lock->name);
		}
		if (!sim_lock_opens(lock, code) || (!c && code->foreign))
			continue;
		if (!c || !may_open(m, lock, c))
			broken(m, "%s on %s (%s) opens and should not: %s", code->name, lock->name,
			       lock->system.device_type,
			       c ? plan_reason_name(c->reason) : "nobody's");
	}
}

static void check_pool(struct month *m, const struct sim_lock *lock, struct store_list *codes)
{
	OWN(store_list) struct store_list *d = store_device(m->store, lock->device_id, NULL);
	struct engine_load load = engine_load_of(m->engine, store_at(d, struct store_device, 0));
	bool cramped = load.full;

	/* Refused, a member waits until the lock has taken some other code. */
	for (guint i = 0; i < codes->rows->len; i++)
		cramped |= store_at(codes, struct store_code, i)->problems &
			   (PROBLEM_NO_SPACE | PROBLEM_CONSTRAINTS);
	if (store_at(d, struct store_device, 0)->backup_pool && !cramped &&
	    load.pool_ready < load.pool_size)
		broken(m, "%s has %d backup codes", lock->name, load.pool_ready);
}

static void check_all(struct month *m)
{
	GPtrArray *locks = sim_of(m->driver)->locks;

	m->looks++;
	for (guint i = 0; i < locks->len; i++) {
		struct sim_lock *lock = locks->pdata[i];
		OWN(store_list) struct store_list *codes = codes_on(m, lock->device_id, -1, true);

		if (lock->faults || lock->late_ms || !sim_reachable(lock))
			disturb(m, lock->device_id);
		for (guint j = 0; j < codes->rows->len; j++) {
			const struct store_code *c = store_at(codes, struct store_code, j);

			if (!c->managed)
				continue;
			check_told(m, c);
			if (is_calm(m, lock) && !c->offline && !c->external_ok)
				check_opens(m, lock, c);
		}
		if (!is_calm(m, lock))
			continue;
		check_memory(m, lock, codes);
		check_pool(m, lock, codes);
	}
}

static void check_events(struct month *m)
{
	struct store_event_filter f = { .since = INSTANT_NONE,
					.until = INSTANT_NONE,
					.oldest_first = true };
	OWN(store_list) struct store_list *l = store_events(m->store, &f, NULL);
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_event *e = store_at(l, struct store_event, i);

		if (e->seq != (int64_t)i + 1)
			broken(m, "event %u has number %d", i + 1, (int)e->seq);
		if (!g_hash_table_add(ids, (char *)(uintptr_t)e->event_id))
			broken(m, "event %u comes twice", i + 1);
	}
	assert_true(l->rows->len > 100);
}

/* The first start or end after now, with the time to carry it out. */
static struct instant next_edge(struct month *m, struct instant hour)
{
	OWN(store_list) struct store_list *l = codes_on(m, NULL, 1, false);
	struct instant now = clock_now(m->clock), next = hour;

	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_code *c = store_at(l, struct store_code, i);
		const struct instant edges[] = { c->starts_at, c->ends_at };

		FOR_ROWS(j, edges)
		{
			struct instant t = instant_known(edges[j]) ?
						   instant_add_ms(edges[j], GRACE_MS) :
						   INSTANT_NONE;

			if (instant_known(t) && instant_before(now, t) && instant_before(t, next))
				next = t;
		}
	}
	return next;
}

static int setting(const char *name, int usual)
{
	const char *text = g_getenv(name);

	return text ? atoi(text) : usual;
}

static void every_lock_opens_for_whom_it_should_and_for_nobody_else(void **state)
{
	int first = setting("KEYRACK_MONTH_SEED", 1), n = setting("KEYRACK_MONTH_SEEDS", 1);
	int days = setting("KEYRACK_MONTH_DAYS", 3);

	(void)state;
	for (int seed = first; seed < first + n; seed++) {
		struct month m;

		month_open(&m, (guint)seed);
		for (int hour = 0; hour < 24 * days; hour++) {
			struct instant end = instant_add_ms(clock_now(m.clock), HOUR_MS);

			while (instant_before(clock_now(m.clock), end)) {
				struct instant t = next_edge(&m, end);

				clock_advance(m.clock, instant_diff_ms(t, clock_now(m.clock)));
				check_all(&m);
			}
			live(&m);
		}
		check_events(&m);
		print_message("seed %d: %d looks, %d openings, %d done, %d refused\n", seed,
			      m.looks, m.opened, m.done, m.refused);
		assert_true(m.opened > 100);
		month_close(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_lock_opens_for_whom_it_should_and_for_nobody_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
