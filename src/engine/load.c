/* load - how full a lock is, and how its backup pool stands. */
#include "config.h"

#include "engine/inside.h"

struct engine_load engine_load_of(struct engine *e, const struct store_device *d)
{
	const struct lane *l = lane_of(e, d->device_id);
	struct engine_load load = { .pool_size = e->pool_size };

	load.held = store_count_on_lock(e->store, d->device_id);
	load.full = l->full || (l->system.slots > 0 && load.held >= l->system.slots);
	if (!l->backup_pool)
		return load;
	OWN(store_list) struct store_list *codes = codes_of(e, d->device_id, 1);
	for (guint i = 0; i < rows_in(codes); i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);
		bool is_set = g_strcmp0(c->status, "set") == 0;

		if (instant_known(c->removal_asked_at))
			continue;
		load.pool_ready += c->backup == BACKUP_POOL && is_set;
		load.pool_pulled += c->backup == BACKUP_PULLED;
	}
	return load;
}
