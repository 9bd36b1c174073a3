/* Reads again what events (or an accepted intent) named: codes and devices by id in batches, a
 * lock's codes by its lists. Wishes are collected in sets, so what twenty events name is asked for
 * once. A round takes all there is; what failed for want of an answer goes back into the set. */
#include "config.h"

#include "sync/refetch.h"

#define TRIES_MAX    5   /* then it is left to the comparison */
#define ANSWERED_MAX 4096

static void wanted_free(void *data)
{
	struct wanted_code *w = data;

	g_free(w->id);
	g_free(w->device_id);
	g_free(w);
}

static GHashTable *code_table(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, wanted_free);
}

struct batch *refetch_batch_new(struct refetcher *r)
{
	struct batch *b = g_new0(struct batch, 1);

	b->r = r;
	b->asked_us = g_get_monotonic_time();
	b->asked = instant_now();
	b->stored = true;
	r->under_way++;
	return b;
}

static void round_over(struct refetcher *r);

void refetch_batch_end(struct batch *b)
{
	struct refetcher *r = b->r;

	if (b->codes)
		g_hash_table_destroy(b->codes);
	if (b->ids)
		g_ptr_array_free(b->ids, TRUE);
	if (b->one)
		wanted_free(b->one);
	g_free(b);
	if (--r->under_way == 0)
		round_over(r);
}

/* ---- wishes ---- */

static void want(struct refetcher *r, struct wanted_code *w)
{
	struct wanted_code *had = g_hash_table_lookup(r->codes, w->id);

	if (!had) {
		g_hash_table_insert(r->codes, w->id, w);
		return;
	}
	if (!had->device_id)
		had->device_id = g_steal_pointer(&w->device_id);
	if (instant_known(w->at) && (!instant_known(had->at) || instant_before(had->at, w->at)))
		had->at = w->at;
	wanted_free(w);
}

void refetch_code_at(struct sync *s, const char *access_code_id, const char *device_id,
		     struct instant at)
{
	struct wanted_code *w = g_new0(struct wanted_code, 1);

	w->id = g_strdup(access_code_id);
	w->device_id = g_strdup(device_id);
	w->at = at;
	want(s->refetch, w);
}

void refetch_code(struct sync *s, const char *access_code_id, const char *device_id)
{
	refetch_code_at(s, access_code_id, device_id, INSTANT_NONE);
}

void refetch_device(struct sync *s, const char *device_id)
{
	g_hash_table_add(s->refetch->devices, g_strdup(device_id));
}

void refetch_devices(struct sync *s)
{
	s->refetch->all_devices = true;
}

void refetch_lock_codes(struct sync *s, const char *device_id, unsigned parts)
{
	GHashTable *t = s->refetch->parts;
	unsigned had = GPOINTER_TO_UINT(g_hash_table_lookup(t, device_id));

	g_hash_table_insert(t, g_strdup(device_id), GUINT_TO_POINTER(had | parts));
}

bool refetch_is_empty(const struct refetcher *r)
{
	return r->under_way == 0 && !r->all_devices && g_hash_table_size(r->codes) == 0 &&
	       g_hash_table_size(r->devices) == 0 && g_hash_table_size(r->parts) == 0;
}

/* ---- how calls go ---- */

static void fail(struct refetcher *r, const struct wire_answer *a)
{
	if (r->failed)
		return;
	r->failed = true;
	r->failure = (struct wire_answer){
		.outcome = a->outcome,
		.status = a->status,
		.retry_after_ms = a->retry_after_ms,
		.auth = a->auth,
		.tls = a->tls,
	};
	g_free(r->failure_message);
	r->failure_message = g_strdup(a->message);
}

/* True: nothing came that may be believed, and the wish must be kept. */
bool refetch_must_keep(struct refetcher *r, const struct wire_answer *a)
{
	if (a->outcome == WIRE_OK || (a->outcome == WIRE_REFUSED && !a->auth))
		return false;
	fail(r, a);
	return true;
}

static void remember_answer(struct refetcher *r, const char *id, int64_t asked_us, bool deleted)
{
	struct answered *was = g_new(struct answered, 1);

	*was = (struct answered){ asked_us, deleted };
	if (g_hash_table_size(r->answered) > ANSWERED_MAX)
		g_hash_table_remove_all(r->answered);
	g_hash_table_replace(r->answered, g_strdup(id), was);
}

enum newer refetch_newer(const struct refetcher *r, const char *access_code_id, int64_t asked_us)
{
	const struct answered *a = g_hash_table_lookup(r->answered, access_code_id);

	if (!a || a->asked_us < asked_us)
		return NEWER_NONE;
	return a->deleted ? NEWER_DELETED : NEWER_EXISTS;
}

/* Takes w back into the set, unless it was tried too often. */
static void keep(struct refetcher *r, struct wanted_code *w)
{
	if (++w->tries < TRIES_MAX) {
		want(r, w);
		return;
	}
	g_info("code %s could not be read again: left to the next comparison", w->id);
	wanted_free(w);
}

static void keep_all(struct refetcher *r, GHashTable *codes)
{
	GHashTableIter it;
	void *w;

	g_hash_table_iter_init(&it, codes);
	while (g_hash_table_iter_next(&it, NULL, &w)) {
		g_hash_table_iter_steal(&it);
		keep(r, w);
	}
}

/* ---- one code ---- */

static void gone(struct refetcher *r, const struct wanted_code *w, int64_t asked_us)
{
	GError *err = NULL;
	struct instant at = instant_known(w->at) ? w->at : instant_now();

	remember_answer(r, w->id, asked_us, true);
	if (cache_code_no(r->s->cache, w->id) == 0)
		return;
	if (cache_delete_code(r->s->cache, w->id, at, &err)) {
		store_tell(r->s, POKE_CODES | POKE_LOCKS);
		return;
	}
	if (g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND))
		g_clear_error(&err);
	else
		turn_cache_failed(r->s, err);
}

/* Puts one object; takes w. Its lock may be unknown yet: then that comes first. */
static bool put_one(struct refetcher *r, const json_t *object, struct wanted_code *w, bool managed,
		    int64_t asked_us)
{
	const char *device_id = json_string_value(json_object_get(object, "device_id"));
	enum store how = store_code(r->s, object, NULL, managed, 0);

	if (how == STORE_NO_LOCK && device_id) {
		refetch_device(r->s, device_id);
		keep(r, w);
		return true;
	}
	if (how == STORE_DONE)
		remember_answer(r, w->id, asked_us, false);
	wanted_free(w);
	return how != STORE_FAILED;
}

static bool cached_as_unmanaged(struct refetcher *r, const char *id)
{
	int64_t code_no = cache_code_no(r->s->cache, id);
	OWN(cache_list) struct cache_list *list = NULL;

	if (code_no == 0)
		return false;
	list = cache_code(r->s->cache, code_no, instant_now(), NULL);
	return list && list->rows->len > 0 &&
	       !cache_list_at(list, struct code_row, 0)->code.managed;
}

/* A server without /access_codes/unmanaged/get: only that lock's list can tell. */
static void look_in_list(struct refetcher *r, const struct wanted_code *w, int64_t asked_us)
{
	bool known = cache_code_no(r->s->cache, w->id) != 0;

	if (!r->s->lacks_unmanaged && w->device_id && (!known || cached_as_unmanaged(r, w->id)))
		refetch_lock_codes(r->s, w->device_id, PART_UNMANAGED);
	else
		gone(r, w, asked_us);
}

static void get_code(struct refetcher *r, struct wanted_code *w, bool managed);

static void on_got(const struct wire_answer *a, struct batch *b, bool managed)
{
	struct refetcher *r = b->r;
	struct wanted_code *w = g_steal_pointer(&b->one);
	json_t *object = a->body ? json_object_get(a->body, "access_code") : NULL;

	if (a->outcome == WIRE_CANCELLED || r->s->ending) {
		wanted_free(w);
	} else if (refetch_must_keep(r, a)) {
		keep(r, w);
	} else if (managed && wire_no_route(a)) {
		fail(r, a);
		keep(r, w);
	} else if (a->outcome == WIRE_OK && json_is_object(object)) {
		if (!store_begin(r->s))
			keep(r, w);
		else if (put_one(r, object, w, managed, b->asked_us))
			store_commit(r->s);
	} else if (a->status != 404) {
		g_info("code %s: %s", w->id, a->message ? a->message : "no code in the answer");
		wanted_free(w);
	} else if (managed && !r->lacks_unmanaged_get) {
		get_code(r, w, false);
	} else {
		if (wire_no_route(a))
			r->lacks_unmanaged_get = true;
		if (!managed && !wire_no_route(a))
			gone(r, w, b->asked_us);
		else
			look_in_list(r, w, b->asked_us);
		wanted_free(w);
	}
	refetch_batch_end(b);
}

static void on_got_managed(const struct wire_answer *a, void *ctx)
{
	on_got(a, ctx, true);
}

static void on_got_unmanaged(const struct wire_answer *a, void *ctx)
{
	on_got(a, ctx, false);
}

/* Takes w. */
static void get_code(struct refetcher *r, struct wanted_code *w, bool managed)
{
	struct batch *b = refetch_batch_new(r);
	json_t *params = json_pack("{s:s}", "access_code_id", w->id);

	b->one = w;
	wire_call(r->s->client, WIRE_READ,
		  managed ? "/access_codes/get" : "/access_codes/unmanaged/get", params,
		  managed ? on_got_managed : on_got_unmanaged, b);
	json_decref(params);
}

/* ---- codes by id ---- */

/* A server may answer with more than was asked for. */
static void put_asked(struct batch *b, const json_t *array)
{
	json_t *object;
	size_t i;

	if (!store_begin(b->r->s))
		return;
	json_array_foreach(array, i, object) {
		const char *id = json_string_value(json_object_get(object, "access_code_id"));
		struct wanted_code *w = id ? g_hash_table_lookup(b->codes, id) : NULL;

		if (!w)
			continue;
		g_hash_table_steal(b->codes, id);
		if (!put_one(b->r, object, w, true, b->asked_us))
			return;
	}
	store_commit(b->r->s);
}

static void on_codes(const struct wire_answer *a, void *ctx)
{
	struct batch *b = ctx;
	GHashTableIter it;
	void *w;

	if (a->outcome == WIRE_CANCELLED || b->r->s->ending) {
		refetch_batch_end(b);
		return;
	}
	if (refetch_must_keep(b->r, a)) {
		keep_all(b->r, b->codes);
		refetch_batch_end(b);
		return;
	}
	if (a->outcome == WIRE_OK)
		put_asked(b, json_object_get(a->body, "access_codes"));
	/* Not in the list: a backup code, an unmanaged one, or none any more. */
	g_hash_table_iter_init(&it, b->codes);
	while (g_hash_table_iter_next(&it, NULL, &w)) {
		g_hash_table_iter_steal(&it);
		get_code(b->r, w, true);
	}
	refetch_batch_end(b);
}

static void ask_codes(struct refetcher *r)
{
	GHashTableIter it;
	void *w;

	while (g_hash_table_size(r->codes) > 0) {
		struct batch *b = refetch_batch_new(r);
		json_t *ids = json_array(), *params;

		b->codes = code_table();
		g_hash_table_iter_init(&it, r->codes);
		while (json_array_size(ids) < REFETCH_BATCH &&
		       g_hash_table_iter_next(&it, NULL, &w)) {
			g_hash_table_iter_steal(&it);
			g_hash_table_insert(b->codes, ((struct wanted_code *)w)->id, w);
			json_array_append_new(ids, json_string(((struct wanted_code *)w)->id));
		}
		params = json_pack("{s:o}", "access_code_ids", ids);
		wire_call(r->s->client, WIRE_READ, "/access_codes/list", params, on_codes, b);
		json_decref(params);
	}
}

/* ---- rounds ---- */

static void begin_round(struct refetcher *r)
{
	r->failed = false;
	r->under_way = 1; /* so that the round cannot be over before all is asked */
	ask_codes(r);
	refetch_ask_devices(r);
	refetch_ask_lists(r);
	r->under_way--;
}

static void round_over(struct refetcher *r)
{
	if (r->s->ending)
		return;
	if (!r->failed && !refetch_is_empty(r)) {
		begin_round(r);
		if (r->under_way > 0)
			return;
	}
	if (!r->ends_turn)
		return;
	r->ends_turn = false;
	if (r->failed) {
		follow_release(r->s);
		r->failure.message = r->failure_message;
		turn_failed(r->s, &r->failure);
	} else {
		follow_refetched(r->s);
	}
}

void refetch_run(struct sync *s)
{
	struct refetcher *r = s->refetch;

	r->ends_turn = true;
	if (r->under_way > 0)
		return;
	begin_round(r);
	if (r->under_way == 0)
		round_over(r);
}

void refetch_soon(struct sync *s)
{
	struct refetcher *r = s->refetch;

	if (r->under_way > 0 || s->ending)
		return;
	begin_round(r);
	if (r->under_way == 0)
		round_over(r);
}

bool refetch_is_running(const struct refetcher *r)
{
	return r->under_way > 0;
}

struct refetcher *refetch_new(struct sync *s)
{
	struct refetcher *r = g_new0(struct refetcher, 1);

	r->s = s;
	r->codes = code_table();
	r->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r->parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r->answered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return r;
}

void refetch_free(struct refetcher *r)
{
	if (!r)
		return;
	g_hash_table_destroy(r->codes);
	g_hash_table_destroy(r->devices);
	g_hash_table_destroy(r->parts);
	g_hash_table_destroy(r->answered);
	g_free(r->failure_message);
	g_free(r);
}
