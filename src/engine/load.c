/* load - how full a lock is, and how its backup pool stands. */
#include "config.h"

#include "engine/inside.h"

/* A place in the pool is empty from the moment in which its next member was asked for. */
static void count(struct engine_load *load, const struct store_code *c)
{
	if (c->backup == BACKUP_PULLED) {
		load->pool_pulled++;
		if (load->pulled_last.ms < c->starts_at.ms)
			load->pulled_last = c->starts_at;
	} else if (c->backup == BACKUP_POOL && g_strcmp0(c->status, "set") == 0) {
		load->pool_ready++;
	} else if (c->backup == BACKUP_POOL) {
		if (!instant_known(load->short_first) || c->created_at.ms < load->short_first.ms)
			load->short_first = c->created_at;
		if (load->short_last.ms < c->created_at.ms)
			load->short_last = c->created_at;
	}
}

struct engine_load engine_load_of(struct engine *e, const struct store_device *d)
{
	const struct lane *l = lane_of(e, d->device_id);
	struct engine_load load = { .pool_size = e->pool_size,
				    .short_first = INSTANT_NONE,
				    .short_last = INSTANT_NONE,
				    .pulled_last = INSTANT_NONE };

	load.held = store_count_on_lock(e->store, d->device_id);
	load.full = l->full || (l->system.slots > 0 && load.held >= l->system.slots);
	if (!l->backup_pool)
		return load;
	OWN(store_list) struct store_list *codes = codes_of(e, d->device_id, 1);
	for (guint i = 0; i < rows_in(codes); i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);
		if (!instant_known(c->removal_asked_at))
			count(&load, c);
	}
	return load;
}
