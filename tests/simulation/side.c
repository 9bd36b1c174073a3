/* side - see side.h. */
#include "config.h"

#include "tests/simulation/side.h"

#include "tests/simulation/house.h"

const char *side_key(const struct house *h)
{
	return h->key;
}

const char *side_folder(const struct house *h)
{
	return h->folder;
}

void side_run_until(struct house *h, int64_t ms, const bool *over)
{
	house_run_until(h, ms, over);
}

bool side_is_well(const struct house *h, int64_t *troubles)
{
	*troubles = h->deaths + h->disk.refused;
	return house_is_up(h) && h->disk.mood == DISK_WELL && !h->clock_wrong_ms;
}

struct side_lock side_lock(struct house *h, uint64_t *dice)
{
	struct sim_lock *lock = house_lock(h, dice);

	return (struct side_lock){ lock->name, lock->device_id,
				   lock->system.provider_chooses_pin };
}

int side_made_with(struct house *h, const char *key, int *n_alive)
{
	struct store_code_filter f = { .common_code_key = key, .managed = -1 };
	OWN(store_list) struct store_list *alive = store_codes(h->store, &f, NULL, NULL);
	OWN(store_list) struct store_list *gone = store_history(h->store, NULL, NULL, NULL, NULL);
	int n = *n_alive = alive ? (int)alive->rows->len : 0;

	for (guint i = 0; gone && i < gone->rows->len; i++)
		n += g_strcmp0(store_at(gone, struct store_code, i)->common_code_key, key) == 0;
	return n;
}

void side_codes(struct house *h, void (*fn)(const struct side_code *c, void *ctx), void *ctx)
{
	struct store_code_filter f = { .managed = -1, .with_pool = true };
	OWN(store_list) struct store_list *rows = store_codes(h->store, &f, NULL, NULL);

	for (guint i = 0; rows && i < rows->rows->len; i++) {
		const struct store_code *c = store_at(rows, struct store_code, i);
		struct side_code is = { c->access_code_id, c->name,	c->managed,
					c->backup == BACKUP_POOL, c->starts_at, c->ends_at };

		fn(&is, ctx);
	}
}
