/* Reads devices again, by id or all of them, and whole lists of a lock's codes. See refetch.c. */
#include "config.h"

#include "sync/refetch.h"

/* ---- devices ---- */

static void on_device_page(json_t *array, const struct wire_answer *a, void *ctx)
{
	struct batch *b = ctx;
	json_t *object;
	size_t i;

	(void)a;
	if (!b->stored || b->r->s->ending)
		return;
	b->stored = store_begin(b->r->s);
	json_array_foreach(array, i, object) {
		if (!b->stored)
			return;
		b->stored = store_lock(b->r->s, object, b->gen) != STORE_FAILED;
	}
	if (b->stored)
		b->stored = store_commit(b->r->s);
}

static void on_devices(const struct wire_answer *a, void *ctx)
{
	struct batch *b = ctx;
	struct sync *s = b->r->s;
	GError *err = NULL;
	int swept = 0;

	if (a->outcome == WIRE_CANCELLED || s->ending) {
		refetch_batch_end(b);
		return;
	}
	if (refetch_must_keep(b->r, a)) {
		if (b->gen)
			b->r->all_devices = true;
		for (guint i = 0; b->ids && i < b->ids->len; i++)
			refetch_device(s, b->ids->pdata[i]);
	} else if (a->outcome == WIRE_OK && b->gen && b->stored) {
		swept = store_may_sweep(b->asked) ? cache_sweep_locks(s->cache, b->gen, b->asked, &err) : 0;
		if (swept < 0)
			turn_cache_failed(s, err);
		else if (swept > 0)
			store_tell(s, POKE_LOCKS | POKE_CODES);
	} else if (a->outcome == WIRE_OK && b->stored) {
		json_t *array = json_object_get(a->body, "devices");

		/* One that is no longer listed has gone: the whole list shows which. */
		if (json_array_size(array) < b->ids->len)
			b->r->all_devices = true;
	}
	refetch_batch_end(b);
}

static void on_some_devices(const struct wire_answer *a, void *ctx)
{
	if (a->outcome == WIRE_OK)
		on_device_page(json_object_get(a->body, "devices"), a, ctx);
	on_devices(a, ctx);
}

static void ask_some_devices(struct refetcher *r)
{
	GHashTableIter it;
	void *id;

	if (r->all_devices)
		g_hash_table_remove_all(r->devices);
	while (g_hash_table_size(r->devices) > 0) {
		struct batch *b = refetch_batch_new(r);
		json_t *ids = json_array(), *params;

		b->ids = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_iter_init(&it, r->devices);
		while (b->ids->len < REFETCH_BATCH && g_hash_table_iter_next(&it, &id, NULL)) {
			g_hash_table_iter_steal(&it);
			g_ptr_array_add(b->ids, id);
			json_array_append_new(ids, json_string(id));
		}
		params = json_pack("{s:o}", "device_ids", ids);
		wire_call(r->s->client, WIRE_READ, "/devices/list", params, on_some_devices, b);
		json_decref(params);
	}
}

static void ask_all_devices(struct refetcher *r)
{
	GError *err = NULL;
	int64_t gen = cache_next_gen(r->s->cache, &err);
	struct batch *b;
	json_t *params;

	r->all_devices = false;
	if (gen <= 0) {
		turn_cache_failed(r->s, err);
		return;
	}
	b = refetch_batch_new(r);
	b->gen = gen;
	params = json_pack("{s:i}", "limit", DEVICES_PAGE);
	wire_walk(r->s->client, "/devices/list", params, "devices", on_device_page, on_devices, b);
	json_decref(params);
}

void refetch_ask_devices(struct refetcher *r)
{
	ask_some_devices(r);
	if (r->all_devices)
		ask_all_devices(r);
}

/* ---- a lock's lists ---- */

static void on_lock_codes(const struct wire_answer *a, bool ok, void *ctx)
{
	struct batch *b = ctx;

	if (!ok && a->outcome != WIRE_CANCELLED && refetch_must_keep(b->r, a))
		refetch_lock_codes(b->r->s, b->ids->pdata[0], b->parts);
	refetch_batch_end(b);
}

void refetch_ask_lists(struct refetcher *r)
{
	GHashTableIter it;
	void *id, *parts;
	GError *err = NULL;
	int64_t gen;

	if (g_hash_table_size(r->parts) == 0)
		return;
	gen = cache_next_gen(r->s->cache, &err);
	if (gen <= 0) {
		turn_cache_failed(r->s, err);
		return;
	}
	g_hash_table_iter_init(&it, r->parts);
	while (g_hash_table_iter_next(&it, &id, &parts)) {
		struct batch *b = refetch_batch_new(r);

		b->ids = g_ptr_array_new_with_free_func(g_free);
		b->parts = GPOINTER_TO_UINT(parts);
		g_hash_table_iter_steal(&it);
		g_ptr_array_add(b->ids, id);
		lock_codes_read(r->s, id, b->parts, gen, on_lock_codes, b);
	}
}
