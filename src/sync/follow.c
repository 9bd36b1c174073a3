/* Follows the server by its events. Each poll asks for everything since the watermark, less a few
 * seconds of overlap: created_at is given before an event can be listed, so one may turn up a
 * little late. What is new is stored, and says what has changed; refetch.c reads exactly that.
 *
 * The watermark is committed only when everything that its events named has been read again, so a
 * sync that dies in between asks for them once more. */
#include "config.h"

#include <string.h>

#include "core/vocab.h"
#include "sync/machine.h"

#define SEEN_MAX     8192
#define DUE_EVERY_MS (2 * SECOND_MS)
#define HISTORY_MAX  20000 /* events of a first pull */
#define CATCHUP_MAX  200000 /* events after an absence */

struct follow {
	struct sync *s;
	struct instant mark;      /* everything created before it was seen */
	struct instant committed; /* as the cache has it */
	struct instant due_seen;  /* codes whose moment came before it were looked at */
	GHashTable *seen;         /* event_id -> created_at (gint64 *), of about the overlap */
	GPtrArray *held;          /* of json_t *: they name a code that is still to be fetched */
	GHashTable *unknown_at;   /* device_id: locks with a code still to be fetched */
	struct instant since;     /* of the history that was asked for */
	bool busy;
	bool stored;              /* every page of this poll so far */
};

static const char *text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s && *s ? s : NULL;
}

static struct instant moment(const json_t *object, const char *key)
{
	struct instant t = INSTANT_NONE;
	const char *s = text(object, key);

	if (s)
		instant_parse(s, -1, &t);
	return t;
}

static struct instant occurred_at(const json_t *event)
{
	struct instant t = moment(event, "occurred_at");

	return instant_known(t) ? t : moment(event, "created_at");
}

/* ---- what an event says has changed ---- */

static void want_code(struct follow *f, const json_t *event, const char *key)
{
	const char *id = text(event, key);
	const char *device_id = text(event, "device_id");

	if (!id)
		return;
	refetch_code_at(f->s, id, device_id, occurred_at(event));
	if (device_id && cache_code_no(f->s->cache, id) == 0)
		g_hash_table_add(f->unknown_at, g_strdup(device_id));
}

static void want_refetch(struct follow *f, const json_t *event)
{
	const char *type = text(event, "event_type");
	const char *device_id = text(event, "device_id");
	const char *code_id = text(event, "access_code_id");
	const struct event_info *info = event_lookup(type ? type : "");
	unsigned what = info->refetch;

	/* A door that moved has a new state; one that was opened with a code we do not have yet
	 * needs its name. */
	if (info->kind == EVENT_LOCK || info->kind == EVENT_UNLOCK)
		what |= REFETCH_DEVICE;
	if (code_id && cache_code_no(f->s->cache, code_id) == 0)
		what |= REFETCH_CODE;
	if (what & REFETCH_CODE) {
		want_code(f, event, "access_code_id");
		want_code(f, event, "backup_access_code_id");
	}
	if (what & REFETCH_DEVICES)
		refetch_devices(f->s);
	if (!device_id)
		return;
	if (what & REFETCH_DEVICE)
		refetch_device(f->s, device_id);
	if (what & REFETCH_CODES)
		refetch_lock_codes(f->s, device_id, PART_MANAGED | PART_UNMANAGED);
	else if (what & REFETCH_UNMANAGED)
		refetch_lock_codes(f->s, device_id, PART_UNMANAGED);
}

/* ---- storing ---- */

static int older_first(gconstpointer a, gconstpointer b)
{
	const json_t *const *x = a, *const *y = b;
	struct instant s = moment(*x, "created_at"), t = moment(*y, "created_at");

	return s.ms < t.ms ? -1 : s.ms > t.ms;
}

static bool store_events(struct sync *s, GPtrArray *events)
{
	if (events->len == 0)
		return true;
	g_ptr_array_sort(events, older_first);
	if (!store_begin(s))
		return false;
	for (guint i = 0; i < events->len; i++) {
		if (store_event(s, events->pdata[i]) == STORE_FAILED)
			return false;
	}
	return store_commit(s);
}

/* The events that waited for the names of their codes. */
static void release(struct follow *f)
{
	g_autoptr(GPtrArray) held = f->held;

	f->held = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
	g_hash_table_remove_all(f->unknown_at);
	store_events(f->s, held);
}

void follow_release(struct sync *s)
{
	release(s->follow);
}

static bool is_new(struct follow *f, const json_t *event)
{
	const char *id = text(event, "event_id");
	gint64 *created;

	if (!id || g_hash_table_contains(f->seen, id))
		return false;
	created = g_new(gint64, 1);
	*created = moment(event, "created_at").ms;
	g_hash_table_insert(f->seen, g_strdup(id), created);
	return true;
}

/* Held: what cannot be named rightly before the codes of this lock have been fetched. */
static bool must_wait(struct follow *f, const json_t *event)
{
	const char *device_id = text(event, "device_id");

	return device_id && g_hash_table_contains(f->unknown_at, device_id);
}

static void on_page(json_t *events, void *ctx)
{
	struct follow *f = ctx;
	g_autoptr(GPtrArray) fresh = g_ptr_array_new();
	g_autoptr(GPtrArray) now = g_ptr_array_new();
	json_t *event;
	size_t i;

	if (!f->stored)
		return;
	json_array_foreach(events, i, event) {
		if (!is_new(f, event))
			continue;
		want_refetch(f, event);
		g_ptr_array_add(fresh, event);
	}
	for (guint k = 0; k < fresh->len; k++) {
		if (must_wait(f, fresh->pdata[k]))
			g_ptr_array_add(f->held, json_incref(fresh->pdata[k]));
		else
			g_ptr_array_add(now, fresh->pdata[k]);
	}
	f->stored = store_events(f->s, now);
}

/* ---- polling ---- */

static gboolean is_old(gpointer id, gpointer created, gpointer data)
{
	const struct instant *before = data;

	(void)id;
	return *(const gint64 *)created < before->ms;
}

/* Codes whose window begins or ends change no object at the server at that moment; what it makes
 * of them shows a little later. */
static void want_due_codes(struct follow *f, struct instant now)
{
	static const int64_t later_ms[] = { 4 * SECOND_MS, MINUTE_MS };

	if (instant_before(now, f->due_seen))
		f->due_seen = now;
	if (instant_known(f->due_seen) && instant_diff_ms(now, f->due_seen) < DUE_EVERY_MS)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(later_ms) && instant_known(f->due_seen); i++) {
		g_autoptr(GPtrArray) due =
			cache_codes_due(f->s->cache, instant_add_ms(f->due_seen, -later_ms[i]),
					instant_add_ms(now, -later_ms[i]), NULL);

		for (guint k = 0; due && k < due->len; k++)
			refetch_code(f->s, due->pdata[k], NULL);
	}
	f->due_seen = now;
}

static void move_mark(struct follow *f, struct instant newest)
{
	struct instant before;

	if (instant_known(newest) && instant_before(f->mark, newest))
		f->mark = newest;
	before = instant_add_ms(f->mark, -2 * EVENTS_OVERLAP_MS);
	if (g_hash_table_size(f->seen) > SEEN_MAX)
		g_hash_table_foreach_remove(f->seen, is_old, &before);
}

/* The cache failed while this answer was on its way. Has a turn begun since, it waits for it and can
 * read now; else that failure has set when the next one does. */
static void begin_again(struct follow *f)
{
	if (!f->s->in_turn)
		return;
	if (f->s->pulled)
		follow_poll(f->s);
	else
		follow_history(f->s, f->since);
}

static void on_polled(const struct wire_answer *a, struct instant newest, void *ctx)
{
	struct follow *f = ctx;
	struct sync *s = f->s;
	struct instant server_now;

	f->busy = false;
	if (a->outcome == WIRE_CANCELLED || s->ending)
		return;
	if (!f->stored) {
		begin_again(f);
		return;
	}
	if (a->outcome != WIRE_OK) {
		release(f);
		turn_failed(s, a);
		return;
	}
	server_now = turn_server_now(s, a);
	s->status.lag_ms = (int)MIN(a->took_ms, G_MAXINT);
	if (instant_known(newest) && instant_before(server_now, newest))
		newest = server_now;
	move_mark(f, newest);
	live_offer(s, a->live);
	want_due_codes(f, server_now);
	refetch_run(s);
}

void follow_poll(struct sync *s)
{
	struct follow *f = s->follow;

	if (f->busy)
		return; /* an answer of before a failure is still to come: it ends the turn, or begins it again */
	f->busy = true;
	f->stored = true;
	live_poll_begins(s);
	events_read(s, instant_add_ms(f->mark, -EVENTS_OVERLAP_MS), CATCHUP_MAX, on_page, on_polled,
		    f);
}

static bool commit(struct follow *f, GError **err)
{
	char text_ms[24];

	if (!instant_eq(f->mark, f->committed)) {
		g_snprintf(text_ms, sizeof text_ms, "%" G_GINT64_FORMAT, f->mark.ms);
		if (!cache_fact_set(f->s->cache, FACT_WATERMARK, text_ms, err))
			return false;
		f->committed = f->mark;
	}
	return live_commit(f->s, err);
}

void follow_take(struct sync *s, json_t *events)
{
	struct follow *f = s->follow;
	struct instant newest = INSTANT_NONE, now = turn_server_clock(s);
	json_t *event;
	size_t i;

	f->stored = true;
	on_page(events, f);
	if (!f->stored)
		return; /* the cache failed, and has ended the turn */
	json_array_foreach(events, i, event) {
		struct instant t = moment(event, "created_at");

		if (instant_known(t) && instant_before(newest, t))
			newest = t;
	}
	move_mark(f, instant_known(newest) && instant_before(now, newest) ? now : newest);
	refetch_run(s);
}

void follow_refetched(struct sync *s)
{
	struct follow *f = s->follow;
	GError *err = NULL;

	release(f);
	if (s->ending || !s->in_turn)
		return;
	if (refetch_is_empty(s->refetch) && !commit(f, &err)) {
		turn_cache_failed(s, err);
		return;
	}
	turn_done(s);
}

/* ---- the first pull's last step ---- */

static void on_history_page(json_t *events, void *ctx)
{
	struct follow *f = ctx;
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	json_t *event;
	size_t i;

	json_array_foreach(events, i, event)
		g_ptr_array_add(list, event);
	if (f->stored)
		f->stored = store_events(f->s, list);
}

static void on_history(const struct wire_answer *a, struct instant newest, void *ctx)
{
	struct follow *f = ctx;
	struct sync *s = f->s;
	GError *err = NULL;
	char text_ms[24];

	(void)newest;
	f->busy = false;
	if (a->outcome == WIRE_CANCELLED || s->ending)
		return;
	if (!f->stored) {
		begin_again(f);
		return;
	}
	if (a->outcome != WIRE_OK) {
		turn_failed(s, a);
		return;
	}
	g_snprintf(text_ms, sizeof text_ms, "%" G_GINT64_FORMAT, f->mark.ms);
	if (!cache_fact_set(s->cache, FACT_WATERMARK, text_ms, &err) ||
	    !cache_fact_set(s->cache, FACT_PULLED, text_ms, &err) ||
	    !cache_fact_set(s->cache, FACT_GEN, "0", &err)) {
		turn_cache_failed(s, err);
		return;
	}
	f->committed = f->mark;
	s->pulled = true;
	g_clear_pointer(&s->note, g_free);
	/* Not the end of the turn: what happened during the pull is followed at once. */
	follow_poll(s);
}

void follow_history(struct sync *s, struct instant since)
{
	struct follow *f = s->follow;

	f->since = since;
	if (f->busy)
		return; /* as in follow_poll */
	f->busy = true;
	f->stored = true;
	events_read(s, since, HISTORY_MAX, on_history_page, on_history, f);
}

/* ---- life ---- */

void follow_mark(struct sync *s, struct instant mark)
{
	s->follow->mark = mark;
}

struct instant follow_mark_get(const struct follow *f)
{
	return f->mark;
}

void follow_forget(struct sync *s)
{
	struct follow *f = s->follow;

	if (!f)
		return; /* the cache could not be opened anew */
	g_hash_table_remove_all(f->seen);
	g_hash_table_remove_all(f->unknown_at);
	g_ptr_array_set_size(f->held, 0);
	f->stored = false;
	live_forget(s);
	if (s->pulled && instant_known(f->committed))
		f->mark = f->committed;
}

struct follow *follow_new(struct sync *s)
{
	struct follow *f = g_new0(struct follow, 1);

	f->s = s;
	f->mark.ms = cache_fact_get_int(s->cache, FACT_WATERMARK, INT64_MIN);
	f->committed = f->mark;
	f->due_seen = f->mark; /* what became due while nobody followed is looked at too */
	f->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	f->held = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
	f->unknown_at = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return f;
}

void follow_free(struct follow *f)
{
	if (!f)
		return;
	g_hash_table_destroy(f->seen);
	g_hash_table_destroy(f->unknown_at);
	g_ptr_array_free(f->held, TRUE);
	g_free(f);
}
