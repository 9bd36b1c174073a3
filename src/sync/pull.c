/* Locks and codes by their lists. The first pull and every later comparison are this same code:
 * what the lists show is put, what they do not show is swept. Locks come first, so that a screen
 * has something at once; then the codes of several locks at a time. A comparison goes slowly, a
 * few locks per poll; a first pull as fast as it is answered, and it remembers how far it is. */
#include "config.h"

#include <string.h>

#include "sync/machine.h"

#define COMPARE_RETRY_MS MINUTE_MS
#define LOCKS_AT_ONCE 4 /* the client sends four requests at a time; the rest wait their turn */

struct pull {
	struct sync *s;
	unsigned serial;
	bool first;
	int allowed;         /* locks that may still be begun; -1: all */
	int64_t gen;
	struct instant started;
	struct instant mark; /* watermark-to-be, of before the pull */
	GPtrArray *devices;  /* of char *: the locks in the server's order */
	GHashTable *finished;/* those done out of order; the prefix is what resuming counts on */
	guint next, prefix;
	int under_way;
	bool listed;
	bool odd;            /* as of part_read */
};

/* One lock's two lists. */
struct lock_read {
	struct sync *s;
	char *device_id;
	int64_t gen;
	struct instant asked;
	int64_t asked_us;
	int under_way;
	bool ok;
	lock_codes_done *done;
	void *ctx;
};
struct part_read {
	struct lock_read *lock;
	bool managed;
	bool stored; /* every page so far */
	bool odd;    /* something listed had no id: who knows what it was */
};

/* ---- the codes of one lock ---- */

static void put_listed(struct part_read *part, const json_t *object)
{
	struct lock_read *r = part->lock;
	const char *id = json_string_value(json_object_get(object, "access_code_id"));
	enum newer newer = id ? refetch_newer(r->s->refetch, id, r->asked_us) : NEWER_NONE;
	enum store how;

	if (!id || !json_is_string(json_object_get(object, "device_id")))
		part->odd = true;
	if (newer == NEWER_DELETED)
		return;
	how = store_code(r->s, object, r->device_id, part->managed, r->gen);
	if (how == STORE_FAILED)
		part->stored = false;
	else if (how == STORE_DONE && newer == NEWER_EXISTS)
		refetch_code(r->s, id, r->device_id); /* this page is the older answer */
}

static void on_code_page(json_t *array, const struct wire_answer *a, void *ctx)
{
	struct part_read *part = ctx;
	json_t *object;
	size_t i;

	(void)a;
	if (!part->stored)
		return;
	part->stored = store_begin(part->lock->s);
	json_array_foreach(array, i, object) {
		if (!part->stored)
			return; /* rolled back */
		put_listed(part, object);
	}
	if (part->stored)
		part->stored = store_commit_soon(part->lock->s);
}

static bool part_is_absent(struct part_read *part, const struct wire_answer *a)
{
	if (a->outcome != WIRE_REFUSED || a->status != 404 || (part->managed && wire_no_route(a)))
		return false;
	if (wire_no_route(a)) {
		if (!part->lock->s->lacks_unmanaged)
			g_info("this server has no list of unmanaged codes");
		part->lock->s->lacks_unmanaged = true;
	}
	return true;
}

static bool sweep(struct part_read *part)
{
	struct lock_read *r = part->lock;

	if (part->odd) {
		g_info("what is listed of %s has objects without an id: what is not listed is kept", r->device_id);
		return true;
	}
	return store_begin(r->s) &&
	       store_sweep_codes(r->s, r->device_id, part->managed, r->gen, r->asked) &&
	       store_commit_soon(r->s);
}

static void on_codes_end(const struct wire_answer *a, void *ctx)
{
	struct part_read *part = ctx;
	struct lock_read *r = part->lock;

	if (a->outcome == WIRE_OK)
		r->ok = part->stored && sweep(part) && r->ok;
	else if (a->outcome == WIRE_CANCELLED || !part_is_absent(part, a))
		r->ok = false;
	g_free(part);
	if (--r->under_way > 0)
		return;
	r->done(a, r->ok, r->ctx);
	g_free(r->device_id);
	g_free(r);
}

static void read_part(struct lock_read *r, bool managed)
{
	struct part_read *part = g_new0(struct part_read, 1);
	json_t *params = json_pack("{s:s, s:i}", "device_id", r->device_id, "limit", CODES_PAGE);

	part->lock = r;
	part->managed = managed;
	part->stored = true;
	r->under_way++;
	wire_walk(r->s->client, managed ? "/access_codes/list" : "/access_codes/unmanaged/list",
		  params, "access_codes", on_code_page, on_codes_end, part);
	json_decref(params);
}

void lock_codes_read(struct sync *s, const char *device_id, unsigned parts, int64_t gen,
		     lock_codes_done *done, void *ctx)
{
	struct lock_read *r = g_new0(struct lock_read, 1);

	if (s->lacks_unmanaged && parts != PART_UNMANAGED)
		parts &= ~(unsigned)PART_UNMANAGED;
	r->s = s;
	r->device_id = g_strdup(device_id);
	r->gen = gen;
	r->asked = instant_now();
	r->asked_us = g_get_monotonic_time();
	r->ok = true;
	r->done = done;
	r->ctx = ctx;
	if (parts & PART_MANAGED)
		read_part(r, true);
	if (parts & PART_UNMANAGED)
		read_part(r, false);
}

/* ---- all locks ---- */

static void pull_free(struct pull *p)
{
	g_ptr_array_free(p->devices, TRUE);
	g_hash_table_destroy(p->finished);
	g_free(p);
}

/* Calls under way find that s->pull is another one (or none) and go by. */
struct pull_call {
	struct sync *s;
	unsigned serial;
	char *device_id;
};

static struct pull *still_ours(const struct pull_call *call)
{
	struct pull *p = call->s->ending ? NULL : call->s->pull;

	return p && p->serial == call->serial ? p : NULL;
}

static struct pull_call *call_new(struct pull *p, const char *device_id)
{
	struct pull_call *call = g_new0(struct pull_call, 1);

	call->s = p->s;
	call->serial = p->serial;
	call->device_id = g_strdup(device_id);
	return call;
}

static void call_free(struct pull_call *call)
{
	g_free(call->device_id);
	g_free(call);
}

void pull_cancel(struct sync *s)
{
	if (s->pull)
		pull_free(s->pull);
	s->pull = NULL;
}

/* A first pull is the turn, and fails with it. A comparison is beside it: it starts again later,
 * and whether the server is away is for the polls to find out. */
static void pull_failed(struct pull *p, const struct wire_answer *a)
{
	struct sync *s = p->s;

	if (p->first) {
		turn_failed(s, a);
		return;
	}
	g_info("the comparison was interrupted: %s", a->message ? a->message : "no answer");
	pull_cancel(s);
	s->compare_after_us = g_get_monotonic_time() + COMPARE_RETRY_MS * INT64_C(1000);
	turn_phase(s, SYNC_FOLLOWING, NULL);
	if (s->opt.once)
		turn_failed(s, a);
}

static bool fact_int(struct sync *s, const char *key, int64_t value, GError **err)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

	return cache_fact_set(s->cache, key, text, err);
}

static void pull_complete(struct pull *p)
{
	struct sync *s = p->s;
	GError *err = NULL;
	bool first = p->first;
	struct instant mark = p->mark;

	if (!store_flush(s))
		return;
	s->compared_at = instant_now();
	s->compared_us = g_get_monotonic_time();
	if (!fact_int(s, FACT_COMPARED, s->compared_at.ms, &err)) {
		turn_cache_failed(s, err);
		return;
	}
	g_info("%s complete: %u locks", first ? "first pull" : "comparison", p->devices->len);
	pull_cancel(s);
	cache_in_bulk(s->cache, false);
	if (first) {
		follow_mark(s, mark);
		follow_history(s, instant_add_ms(mark, -s->opt.history_ms));
		return;
	}
	s->compare_wanted = false;
	turn_phase(s, SYNC_FOLLOWING, NULL);
	sync_maybe_done(s);
}

/* How far a first pull is: every lock of the list up to this one. */
static bool keep_prefix(struct pull *p, const char *done_id)
{
	GError *err = NULL;
	guint was = p->prefix;

	g_hash_table_add(p->finished, g_strdup(done_id));
	while (p->prefix < p->devices->len &&
	       g_hash_table_contains(p->finished, p->devices->pdata[p->prefix]))
		p->prefix++;
	if (!p->first || p->prefix == was ||
	    cache_fact_set(p->s->cache, FACT_AFTER, p->devices->pdata[p->prefix - 1], &err))
		return true;
	turn_cache_failed(p->s, err);
	return false;
}

static void pull_more(struct pull *p);

static void on_lock_done(const struct wire_answer *a, bool ok, void *ctx)
{
	struct pull_call *call = ctx;
	struct pull *p = still_ours(call);

	if (p) {
		p->under_way--;
		if (!ok) {
			pull_failed(p, a);
		} else if (keep_prefix(p, call->device_id)) {
			p->s->limited = 0; /* slow, and getting on */
			p->s->status.done = g_hash_table_size(p->finished);
			turn_status(p->s);
			pull_more(p);
		}
	}
	call_free(call);
}

static void pull_more(struct pull *p)
{
	while (p->under_way < LOCKS_AT_ONCE && p->next < p->devices->len && p->allowed != 0) {
		const char *id = p->devices->pdata[p->next++];

		if (p->allowed > 0)
			p->allowed--;
		p->under_way++;
		lock_codes_read(p->s, id, PART_MANAGED | PART_UNMANAGED, p->gen, on_lock_done,
				call_new(p, id));
	}
	if (p->under_way == 0 && p->next == p->devices->len)
		pull_complete(p);
}

/* ---- the list of locks ---- */

static void on_device_page(json_t *array, const struct wire_answer *a, void *ctx)
{
	struct pull *p = still_ours(ctx);
	json_t *object;
	size_t i;

	(void)a;
	if (!p || !store_begin(p->s))
		return;
	json_array_foreach(array, i, object) {
		const char *id = json_string_value(json_object_get(object, "device_id"));
		enum store how = store_lock(p->s, object, p->gen);

		if (how == STORE_FAILED)
			return; /* rolled back; the pull is cancelled */
		p->odd = p->odd || !id;
		if (how == STORE_DONE && id)
			g_ptr_array_add(p->devices, g_strdup(id));
	}
	if (!store_commit(p->s))
		return;
	p->s->status.total = p->devices->len;
	turn_alive(p->s);
	turn_status(p->s);
}

/* A first pull that was interrupted goes on after the last lock of its finished beginning. */
static void resume(struct pull *p)
{
	g_autofree char *after = cache_fact_get(p->s->cache, FACT_AFTER);

	for (guint i = 0; after && i < p->devices->len; i++) {
		if (strcmp(p->devices->pdata[i], after) != 0)
			continue;
		for (guint k = 0; k <= i; k++)
			g_hash_table_add(p->finished, g_strdup(p->devices->pdata[k]));
		p->next = p->prefix = i + 1;
		g_info("the first pull goes on after %u of %u locks", p->next, p->devices->len);
		return;
	}
}

static void on_devices_end(const struct wire_answer *a, void *ctx)
{
	struct pull_call *call = ctx;
	struct pull *p = still_ours(call);
	GError *err = NULL;
	int gone;

	call_free(call);
	if (!p)
		return;
	if (a->outcome != WIRE_OK) {
		pull_failed(p, a);
		return;
	}
	gone = p->odd || !store_may_sweep(p->started) ? 0 : cache_sweep_locks(p->s->cache, p->gen, p->started, &err);
	if (gone < 0) {
		turn_cache_failed(p->s, err);
		return;
	}
	if (gone > 0)
		store_tell(p->s, POKE_LOCKS | POKE_CODES);
	p->listed = true;
	if (p->first)
		resume(p);
	p->s->status.done = p->next;
	p->s->status.total = p->devices->len;
	turn_status(p->s);
	pull_more(p);
}

static void list_devices(struct pull *p)
{
	json_t *params = json_pack("{s:i}", "limit", DEVICES_PAGE);

	wire_walk(p->s->client, "/devices/list", params, "devices", on_device_page,
		  on_devices_end, call_new(p, NULL));
	json_decref(params);
}

/* ---- beginning ---- */

static bool begin_first(struct pull *p, GError **err)
{
	struct cache *c = p->s->cache;

	p->gen = cache_fact_get_int(c, FACT_GEN, 0);
	p->mark.ms = cache_fact_get_int(c, FACT_MARK, INT64_MIN);
	if (p->gen > 0 && instant_known(p->mark))
		return true;
	p->mark = INSTANT_NONE;
	p->gen = cache_next_gen(c, err);
	return p->gen > 0 && fact_int(p->s, FACT_GEN, p->gen, err) &&
	       cache_fact_set(c, FACT_AFTER, "", err);
}

/* The server's clock, asked before anything is listed: what happens during the pull has a later
 * created_at, so that following from here misses nothing. */
static void on_mark(const struct wire_answer *a, void *ctx)
{
	struct pull_call *call = ctx;
	struct pull *p = still_ours(call);
	GError *err = NULL;

	call_free(call);
	if (!p)
		return;
	if (a->outcome != WIRE_OK) {
		turn_failed(p->s, a);
		return;
	}
	p->mark = instant_add_ms(turn_server_now(p->s, a), -a->took_ms);
	if (!fact_int(p->s, FACT_MARK, p->mark.ms, &err)) {
		turn_cache_failed(p->s, err);
		return;
	}
	list_devices(p);
}

static void ask_mark(struct pull *p)
{
	json_t *params = json_pack("{s:i}", "limit", 1);

	wire_call(p->s->client, WIRE_READ, "/devices/list", params, on_mark, call_new(p, NULL));
	json_decref(params);
}

void pull_start(struct sync *s, bool slow)
{
	static unsigned serial;
	struct pull *p = g_new0(struct pull, 1);
	GError *err = NULL;
	bool ok = true;

	p->s = s;
	p->serial = ++serial;
	p->first = !s->pulled;
	p->allowed = slow ? 0 : -1;
	p->started = instant_now();
	p->mark = INSTANT_NONE;
	p->devices = g_ptr_array_new_with_free_func(g_free);
	p->finished = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	pull_cancel(s);
	s->pull = p;
	s->status.done = s->status.total = 0;
	turn_phase(s, p->first ? SYNC_PULLING : SYNC_COMPARING, NULL);
	cache_in_bulk(s->cache, p->first);
	if (p->first)
		ok = begin_first(p, &err);
	else
		ok = (p->gen = cache_next_gen(s->cache, &err)) > 0;
	if (!ok) {
		turn_cache_failed(s, err);
		return;
	}
	if (p->first && !instant_known(p->mark))
		ask_mark(p);
	else
		list_devices(p);
}

/* A comparison takes about a third of the time between two: so many locks for this poll. */
void pull_allow(struct sync *s, int interval_ms)
{
	struct pull *p = s->pull;

	if (!p || p->allowed < 0 || !p->listed)
		return;
	p->allowed = (int)MIN((gint64)p->devices->len * interval_ms * 3 / s->opt.compare_ms + 2,
			      G_MAXINT);
	pull_more(p);
}

void pull_hurry(struct sync *s)
{
	struct pull *p = s->pull;

	if (!p)
		return;
	p->allowed = -1;
	if (p->listed)
		pull_more(p);
}
