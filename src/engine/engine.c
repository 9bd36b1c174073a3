/* engine - its beginning and end, its transactions, its one timer. */
#include "config.h"

#include "engine/inside.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FORGET_EVERY_MS HOUR_MS
#define BOOTS_FACT	"engine.boots"

struct instant engine_now(const struct engine *e)
{
	return clock_now(e->clock);
}

/* ---- rows ---- */

guint rows_in(const struct store_list *l)
{
	return l ? l->rows->len : 0;
}

struct store_code *first_code(struct store_list *l)
{
	return rows_in(l) ? store_at(l, struct store_code, 0) : NULL;
}

struct store_device *first_device(struct store_list *l)
{
	return rows_in(l) ? store_at(l, struct store_device, 0) : NULL;
}

struct store_list *codes_of(struct engine *e, const char *device_id, int managed)
{
	struct store_code_filter filter = { .device_id = device_id,
					    .managed = managed,
					    .with_pool = true };
	struct store_list *l = store_codes(e->store, &filter, NULL, NULL);

	if (!l) { /* what reads the list needs no case of its own */
		l = g_new0(struct store_list, 1);
		l->rows = g_array_new(false, false, sizeof(struct store_code));
		l->chunk = g_string_chunk_new(16);
	}
	return l;
}

/* ---- transactions ---- */

void work_failed(struct engine *e, GError *err)
{
	if (!e->failed)
		e->failed = err ? err
				: g_error_new(KEYRACK_ERROR, KEYRACK_ERROR_IO, "the store failed");
	else
		g_clear_error(&err);
}

const char *keep(struct engine *e, const char *text)
{
	return text ? g_string_chunk_insert(e->scratch, text) : NULL;
}

/* A request in a group can be refused without the others. */
static bool begin_part(struct engine *e)
{
	GError *err = NULL;

	if (!e->grouped || e->transaction != 2 || store_mark(e->store, &err))
		return true;
	e->transaction--;
	work_failed(e, err);
	return false;
}

/* What is kept in memory of rows that were put and are not there after all. */
static void take_back(struct engine *e)
{
	GHashTableIter it;
	void *lane;

	e->puts++;
	g_hash_table_iter_init(&it, e->touched);
	while (g_hash_table_iter_next(&it, &lane, NULL)) {
		OWN(store_list)
		struct store_list *rows =
			store_device(e->store, ((struct lane *)lane)->device_id, NULL);

		if (rows_in(rows))
			lane_take(lane, first_device(rows));
		((struct lane *)lane)->pool_ready = -1;
		((struct lane *)lane)->version++;
	}
	if (e->attempts_moved)
		attempts_load(e);
	audit_load(e);
}

static bool end_part(struct engine *e, bool keep)
{
	GError *err = NULL;

	if (!e->grouped || e->transaction != 1) { /* kept or dropped with what it is inside of */
		if (!keep)
			work_failed(e, NULL);
	} else if (!e->failed) {
		if (!store_unmark(e->store, keep, &err))
			work_failed(e, err);
		else if (!keep)
			take_back(e);
	}
	return keep && !e->failed;
}

bool work_begin(struct engine *e)
{
	GError *err = NULL;

	if (e->transaction++ > 0)
		return begin_part(e);
	g_clear_error(&e->failed);
	g_string_chunk_clear(e->scratch);
	if (store_begin(e->store, &err))
		return true;
	e->transaction = 0;
	g_warning("store: %s", err ? err->message : "cannot begin");
	g_clear_error(&err);
	return false;
}

static void tell_of_events(struct engine *e)
{
	int64_t seq = store_last_seq(e->store);

	if (seq == e->seq_told)
		return;
	e->seq_told = seq;
	for (guint i = 0; i < e->listeners->len; i++) {
		struct listener l = g_array_index(e->listeners, struct listener, i);

		l.fn(seq, l.ctx);
	}
}

static void tell_of_codes(struct engine *e)
{
	g_autoptr(GHashTable) quiet = NULL;
	GHashTableIter it;
	void *id;

	if (g_hash_table_size(e->quiet) == 0)
		return;
	quiet = e->quiet;
	e->quiet = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < e->code_listeners->len; i++) {
		struct code_listener l = g_array_index(e->code_listeners, struct code_listener, i);

		g_hash_table_iter_init(&it, quiet);
		while (g_hash_table_iter_next(&it, &id, NULL))
			l.fn(id, l.ctx);
	}
}

bool work_end(struct engine *e, bool keep)
{
	GError *err = NULL;

	if (--e->transaction > 0)
		return end_part(e, keep);
	if (keep && !e->failed)
		audit_before_commit(e);
	if (keep && !e->failed && store_commit(e->store, &err)) {
		audit_committed(e);
		g_hash_table_remove_all(e->touched);
		e->attempts_moved = false;
		tell_of_codes(e);
		tell_of_events(e);
		return true;
	}
	store_rollback(e->store);
	e->look_at = INSTANT_MIN;
	take_back(e);
	g_hash_table_remove_all(e->touched);
	g_hash_table_remove_all(e->quiet);
	if (keep)
		g_warning("store: %s", err	   ? err->message
				       : e->failed ? e->failed->message
						   : "failed");
	g_clear_error(&err);
	g_clear_error(&e->failed);
	return false;
}

bool engine_group_begin(struct engine *e, struct refusal *no)
{
	g_return_val_if_fail(!e->grouped && e->transaction == 0, refuse_store(no));
	if (!work_begin(e))
		return refuse_store(no);
	e->grouped = true;
	return true;
}

bool engine_group_end(struct engine *e, bool keep, struct refusal *no)
{
	struct flight *f;
	bool kept;

	g_return_val_if_fail(e->grouped, refuse_store(no));
	e->grouped = false;
	kept = work_end(e, keep);
	while ((f = g_queue_pop_head(&e->held_turns))) {
		if (kept)
			let_turn(e, f);
		else
			flight_free(f);
	}
	return kept || !keep ? true : refuse_store(no);
}

void put_code(struct engine *e, const struct store_code *c)
{
	GError *err = NULL;
	struct lane *l = g_hash_table_lookup(e->lanes, c->device_id);

	e->puts++;
	if (l) {
		l->dirty = true;
		l->version++;
		l->pool_ready = c->backup != BACKUP_NO ? -1 : l->pool_ready;
	}
	if (!store_put_code(e->store, c, &err))
		work_failed(e, err);
	if (!instant_known(c->next_look))
		return;
	if (instant_before(c->next_look, e->look_at))
		e->look_at = c->next_look;
	arm(e, c->next_look);
}

void put_device(struct engine *e, const struct store_device *d)
{
	GError *err = NULL;

	if (!store_put_device(e->store, d, &err))
		work_failed(e, err);
	lane_take(lane_of(e, d->device_id), d);
	g_hash_table_add(e->touched, lane_of(e, d->device_id));
	poll_plan(e, lane_of(e, d->device_id));
}

/* ---- the timer ---- */

static void on_timer(void *ctx)
{
	struct engine *e = ctx;

	e->timer = 0;
	e->timer_due = INSTANT_MAX;
	turn(e);
}

void arm(struct engine *e, struct instant t)
{
	struct instant now = engine_now(e);

	if (instant_before(t, now))
		t = now;
	if (e->timer && !instant_before(t, e->timer_due))
		return;
	clock_cancel(e->clock, e->timer);
	e->timer_due = t;
	e->timer = clock_at(e->clock, t, on_timer, e);
}

void arm_now(struct engine *e)
{
	arm(e, engine_now(e));
}

/* ---- beginning and end ---- */

/* A seed's sequence begins anew with each start: an id must not come twice. */
static void take_seed(struct engine *e, uint64_t seed)
{
	g_autofree char *was = store_fact_get(e->store, BOOTS_FACT);
	uint64_t boots = was ? g_ascii_strtoull(was, NULL, 10) + 1 : 1;
	g_autofree char *is = g_strdup_printf("%" G_GUINT64_FORMAT, boots);
	GError *err = NULL;

	if (!store_fact_set(e->store, BOOTS_FACT, is, &err))
		work_failed(e, err);
	if (seed == 0)
		return;
	e->random[0] = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	e->random[1] = boots * UINT64_C(0xd1b54a32d192ed03);
	for (int i = 0; i < 16; i++)
		chance_bits(e);
}

/* Locks and unlocks that were in flight when the program ended: nobody will answer them. */
static void expire_turns(struct engine *e)
{
	g_autofree char *ids = store_fact_get(e->store, TURNS_FACT);
	g_auto(GStrv) id = ids && *ids ? g_strsplit(ids, ",", -1) : NULL;
	GError *err = NULL;

	for (int i = 0; id && id[i]; i++) {
		const char *one[] = { id[i], NULL };
		struct store_page page = { .after_created_at = INSTANT_NONE, .limit = 1 };
		OWN(store_list)
		struct store_list *l = store_attempts(e->store, one, NULL, &page, NULL);

		if (!rows_in(l) ||
		    strcmp(store_at(l, struct store_attempt, 0)->status, "pending") != 0)
			continue;
		struct store_attempt a = *store_at(l, struct store_attempt, 0);
		a.status = "error";
		a.error = "{\"type\":\"action_attempt_expired\",\"message\":\"keyrackd was "
			  "restarted before the lock answered\"}";
		if (!store_put_attempt(e->store, &a, &err))
			work_failed(e, err);
		journal_attempt(e, &a);
	}
	if (ids && *ids && !store_fact_set(e->store, TURNS_FACT, "", &err))
		work_failed(e, err);
}

static struct engine *allocate(struct store *store, struct clock *clock, struct driver *driver,
			       const struct engine_options *opt)
{
	struct engine *e = g_new0(struct engine, 1);

	e->store = store;
	e->clock = clock;
	e->driver = driver;
	e->workspace_id = g_strdup(opt->workspace_id ? opt->workspace_id : "");
	e->workspace_name = g_strdup(opt->workspace_name ? opt->workspace_name : "");
	engine_set_limits(e, opt->rate_limits, opt->account_share, opt->history_ms);
	e->pool_size = opt->backup_pool_size ? opt->backup_pool_size : DEFAULT_POOL;
	e->lanes = g_hash_table_new(g_str_hash, g_str_equal);
	e->ready = g_sequence_new(NULL);
	e->paused = g_sequence_new(NULL);
	e->limits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					  (GDestroyNotify)g_array_unref);
	e->first_syncs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	e->scratch = g_string_chunk_new(4096);
	e->listeners = g_array_new(FALSE, FALSE, sizeof(struct listener));
	e->code_listeners = g_array_new(FALSE, FALSE, sizeof(struct code_listener));
	e->quiet = g_hash_table_new(g_str_hash, g_str_equal);
	e->lost_at_start = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	e->told_at_start = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	e->counts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	e->touched = g_hash_table_new(NULL, NULL);
	e->held = g_hash_table_new(g_str_hash, g_str_equal);
	e->polls = g_sequence_new(NULL);
	e->poll_ms = opt->poll_ms ? opt->poll_ms : DEFAULT_POLL;
	g_queue_init(&e->answered);
	g_queue_init(&e->held_turns);
	e->timer_due = INSTANT_MAX;
	e->look_at = INSTANT_MIN;
	e->forget_at = instant_add_ms(engine_now(e), FORGET_EVERY_MS);
	e->seq_told = store_last_seq(store);
	e->signer = opt->signer;
	audit_load(e);
	attempts_load(e);
	return e;
}

struct engine *engine_new(struct store *store, struct clock *clock, struct driver *driver,
			  const struct engine_options *opt, GError **err)
{
	struct engine *e = allocate(store, clock, driver, opt);

	if (sodium_init() < 0 || !work_begin(e)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "the store cannot be written to");
		engine_free(e);
		return NULL;
	}
	audit_start(e);
	take_seed(e, opt->seed);
	expire_turns(e);
	driver->clock = clock;
	driver->events = engine_driver_events;
	driver->events_ctx = e;
	e->starting = true;
	driver->ops->start(driver);
	e->starting = false;
	accounts_started(e);
	if (!work_end(e, true)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "the store cannot be written to");
		engine_free(e);
		return NULL;
	}
	arm_now(e);
	return e;
}

void engine_free(struct engine *e)
{
	GHashTableIter it;
	void *lane;

	if (!e)
		return;
	clock_cancel(e->clock, e->timer);
	flight_forget_all(e);
	/* The driver may outlive us, and must not call what is gone. */
	if (e->driver->events_ctx == e)
		e->driver->events = (struct driver_events){ 0 };
	g_hash_table_iter_init(&it, e->lanes);
	while (g_hash_table_iter_next(&it, NULL, &lane))
		lane_free(lane);
	g_hash_table_destroy(e->lanes);
	g_sequence_free(e->ready);
	g_sequence_free(e->paused);
	g_hash_table_destroy(e->limits);
	g_hash_table_destroy(e->first_syncs);
	g_hash_table_destroy(e->counts);
	g_clear_error(&e->failed);
	g_string_chunk_free(e->scratch);
	g_array_unref(e->listeners);
	g_array_unref(e->code_listeners);
	g_hash_table_destroy(e->quiet);
	g_hash_table_destroy(e->lost_at_start);
	g_hash_table_destroy(e->told_at_start);
	g_hash_table_destroy(e->touched);
	g_hash_table_destroy(e->held);
	g_sequence_free(e->polls);
	g_hash_table_destroy(e->attempts);
	g_free(e->unchanged);
	g_free(e->workspace_id);
	g_free(e->workspace_name);
	g_free(e);
}

void engine_set_limits(struct engine *e, bool rate_limits, int account_share, int64_t history_ms)
{
	e->rate_limits = rate_limits;
	e->account_share = account_share ? account_share : DEFAULT_SHARE;
	e->history_ms = history_ms ? history_ms : DEFAULT_KEEP;
}

bool engine_drain(struct engine *e)
{
	e->draining = true;
	return e->flying == 0 && g_queue_is_empty(&e->answered);
}

void engine_on_events(struct engine *e, void (*fn)(int64_t seq, void *ctx), void *ctx)
{
	struct listener l = { fn, ctx };

	if (fn) {
		g_array_append_val(e->listeners, l);
		return;
	}
	for (guint i = e->listeners->len; i-- > 0;) {
		if (g_array_index(e->listeners, struct listener, i).ctx == ctx)
			g_array_remove_index(e->listeners, i);
	}
}

void engine_on_codes(struct engine *e, void (*fn)(const char *access_code_id, void *ctx), void *ctx)
{
	struct code_listener l = { fn, ctx };

	if (fn) {
		g_array_append_val(e->code_listeners, l);
		return;
	}
	for (guint i = e->code_listeners->len; i-- > 0;) {
		if (g_array_index(e->code_listeners, struct code_listener, i).ctx == ctx)
			g_array_remove_index(e->code_listeners, i);
	}
}

char *engine_new_id(struct engine *e)
{
	return chance_id(e);
}

struct lock_system *engine_system_of(struct engine *e, const struct store_device *d)
{
	return &lane_of(e, d->device_id)->system;
}
