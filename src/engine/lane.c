/* lane - one device: the step in flight on it, and the codes that wait for it by their start. */
#include "config.h"

#include "core/jsonin.h"
#include "engine/inside.h"

#include <stdlib.h>
#include <string.h>

/* A type that no table knows: an online lock that shows its codes and keeps no schedule. */
static const struct lock_system unknown_system = {
	.device_type = "unknown",
	.provider = "unknown",
	.schedule = SCHEDULE_NONE,
	.read_back = READ_ALL,
	.edit_in_place = true,
	.online_codes = true,
	.backup_pool = true,
	.unmanaged_listable = true,
	.unmanaged_convertible = true,
	.pins = { .lengths = 0x1f0 }, /* 4 to 8 */
};

static void waiting_free(void *data)
{
	struct waiting *w = data;

	g_free(w->access_code_id);
	g_free(w);
}

static int by_start(gconstpointer one, gconstpointer other, gpointer unused)
{
	const struct waiting *a = one, *b = other;

	(void)unused;
	if (a->starts_at.ms != b->starts_at.ms)
		return a->starts_at.ms < b->starts_at.ms ? -1 : 1;
	if (a->since.ms != b->since.ms)
		return a->since.ms < b->since.ms ? -1 : 1;
	return strcmp(a->access_code_id, b->access_code_id);
}

static void add_length(const char *path, const char *text, void *ctx)
{
	int n = text ? atoi(text) : 0;

	(void)path;
	if (n > 0 && n <= PIN_MAX)
		*(uint32_t *)ctx |= UINT32_C(1) << n;
}

void lane_system(struct lane *l, const struct lock_system *ls, const char *device_type,
		 const char *code_lengths)
{
	uint32_t lengths = 0;

	l->version++;
	if (!ls && device_type && g_strcmp0(l->base.device_type, device_type) != 0)
		ls = lock_system_of(device_type);
	if (ls)
		l->base = *ls;
	else if (!l->base.device_type)
		l->base = unknown_system;
	/* The driver lends its strings for the call only. */
	l->base.device_type = g_intern_string(device_type ? device_type : l->base.device_type);
	l->base.provider = g_intern_string(l->base.provider);
	l->system = l->base;
	if (code_lengths && jsonin_walk(code_lengths, add_length, &lengths) && lengths)
		l->system.pins.lengths = lengths;
}

void lane_take(struct lane *l, const struct store_device *d)
{
	if (g_strcmp0(l->account_id, d->account_id) != 0) {
		g_free(l->account_id);
		l->account_id = g_strdup(d->account_id);
	}
	if (g_strcmp0(l->metadata, d->metadata) != 0) {
		g_free(l->metadata);
		l->metadata = g_strdup(d->metadata);
	}
	l->managed = d->managed;
	l->online = d->online;
	l->lost = d->account_lost;
	l->removed = d->removed;
	l->first_read_done = d->first_read_done;
	l->backup_pool = d->backup_pool;
	lane_system(l, NULL, d->device_type, d->code_lengths);
	if (!l->base.zone && d->zone)
		l->base.zone = l->system.zone = zone_get(d->zone);
	if (d->zone_reported)
		l->system.zone = zone_get(d->zone_reported);
}

struct lane *lane_of(struct engine *e, const char *device_id)
{
	struct lane *l = g_hash_table_lookup(e->lanes, device_id);

	if (l)
		return l;
	l = g_new0(struct lane, 1);
	l->device_id = g_strdup(device_id);
	l->line = g_sequence_new(waiting_free);
	l->in_line = g_hash_table_new(g_str_hash, g_str_equal);
	l->blocked = true; /* whether some code waits is in the store: the first look finds out */
	l->rivalled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	l->not_before = INSTANT_MIN;
	l->pool_ready = -1;
	l->held = -1;
	l->dirty = true;
	l->turned_at = INSTANT_NONE;
	g_queue_init(&l->turns);
	OWN(store_list) struct store_list *rows = store_device(e->store, device_id, NULL);
	if (rows_in(rows))
		lane_take(l, first_device(rows));
	else
		lane_system(l, &unknown_system, NULL, NULL);
	g_hash_table_insert(e->lanes, l->device_id, l);
	return l;
}

void lane_moved(struct engine *e, const char *device_id)
{
	struct lane *l = g_hash_table_lookup(e->lanes, device_id);

	if (l)
		l->version++;
}

uint64_t engine_version_of(struct engine *e, const char *device_id)
{
	const struct lane *l = g_hash_table_lookup(e->lanes, device_id);

	return l ? l->version : 0;
}

static void free_turn(void *flight)
{
	flight_free(flight);
}

void lane_free(struct lane *l)
{
	g_hash_table_destroy(l->in_line);
	g_sequence_free(l->line);
	g_hash_table_destroy(l->rivalled);
	g_clear_pointer(&l->strangers, g_hash_table_destroy);
	g_queue_clear_full(&l->turns, free_turn);
	g_free(l->turned_by);
	g_free(l->account_id);
	g_free(l->metadata);
	g_free(l->device_id);
	g_free(l);
}

bool lane_flies(const struct lane *l, const char *access_code_id)
{
	return l->flight && g_strcmp0(l->flight->access_code_id, access_code_id) == 0;
}

/* Until its codes have been read for the first time a lock is not written to: as if it were away.
 */
bool lane_reachable(const struct lane *l)
{
	return l->online && !l->lost && !l->removed && l->first_read_done;
}

void lane_wait(struct engine *e, struct lane *l, const struct store_code *c)
{
	struct waiting *w;

	if (!g_hash_table_contains(l->in_line, c->access_code_id)) {
		w = g_new0(struct waiting, 1);
		w->starts_at = instant_known(c->starts_at) ? c->starts_at : INSTANT_MIN;
		w->since = c->created_at;
		w->asked_at = engine_now(e);
		w->access_code_id = g_strdup(c->access_code_id);
		g_hash_table_insert(l->in_line, w->access_code_id,
				    g_sequence_insert_sorted(l->line, w, by_start, NULL));
	}
	ready_add(e, l);
	if (!l->flight)
		arm_now(e);
}

void lane_leave(struct lane *l, const char *access_code_id)
{
	GSequenceIter *at = g_hash_table_lookup(l->in_line, access_code_id);

	if (!at)
		return;
	g_hash_table_remove(l->in_line, access_code_id);
	g_sequence_remove(at);
}

void lane_read(struct engine *e, struct lane *l)
{
	l->read_wanted = true;
	ready_add(e, l);
	if (!l->flight)
		arm_now(e);
}
