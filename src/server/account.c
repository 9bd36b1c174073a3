/* account - connected accounts, as the locks name them. They have no rows of their own. */
#include "config.h"

#include "server/device.h"

#include <string.h>

static int by_age(const void *one, const void *other)
{
	const struct account *a = one, *b = other;

	if (a->created_at.ms != b->created_at.ms)
		return a->created_at.ms < b->created_at.ms ? -1 : 1;
	return strcmp(a->account_id, b->account_id);
}

/* Locks come oldest first, so the first of an account gives its age. */
static void add_device(GArray *rows, GHashTable *seen, const struct store_device *d)
{
	void *at;

	if (!d->account_id)
		return;
	if (g_hash_table_lookup_extended(seen, d->account_id, NULL, &at)) {
		struct account *a = &g_array_index(rows, struct account, GPOINTER_TO_UINT(at));

		a->lost = a->lost || d->account_lost;
		return;
	}
	struct account a = { .account_id = d->account_id,
			     .device_type = d->device_type,
			     .name = d->account_name,
			     .created_at = d->created_at,
			     .lost = d->account_lost };

	g_hash_table_insert(seen, (void *)(uintptr_t)d->account_id, GUINT_TO_POINTER(rows->len));
	g_array_append_val(rows, a);
}

bool accounts_read(struct server *s, struct accounts *a)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	a->rows = g_array_new(FALSE, FALSE, sizeof(struct account));
	a->devices = store_devices(s->store, NULL, NULL);
	if (!a->devices)
		return false;
	for (guint i = 0; i < a->devices->rows->len; i++)
		add_device(a->rows, seen, store_at(a->devices, struct store_device, i));
	g_array_sort(a->rows, by_age);
	return true;
}

void accounts_clear(struct accounts *a)
{
	g_clear_pointer(&a->rows, g_array_unref);
	g_clear_pointer(&a->devices, store_list_free);
}

const struct account *accounts_find(const struct accounts *a, const char *account_id)
{
	for (guint i = 0; account_id && i < a->rows->len; i++) {
		const struct account *row = &g_array_index(a->rows, struct account, i);

		if (strcmp(row->account_id, account_id) == 0)
			return row;
	}
	return NULL;
}
