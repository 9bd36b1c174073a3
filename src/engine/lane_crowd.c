/* lane_crowd - who else is on a lock: how many codes it holds, and whose PINs are not ours.
 *
 * A list asks this for each of its codes, and nothing is put meanwhile: then one answer serves
 * all. Where rows are put between two questions, each is a look through an index. */
#include "config.h"

#include "engine/inside.h"

/* False: something was put since it was last asked. */
static bool still_so(struct engine *e, struct lane *l)
{
	if (l->crowd_as_of == e->puts)
		return true;
	l->crowd_as_of = e->puts;
	l->held = -1;
	l->strangers_asked = 0;
	g_clear_pointer(&l->strangers, g_hash_table_destroy);
	return false;
}

int held_on(struct engine *e, struct lane *l)
{
	if (!still_so(e, l) || l->held < 0)
		l->held = store_count_on_lock(e->store, l->device_id);
	return l->held;
}

static GHashTable *pins_of_strangers(struct engine *e, struct lane *l)
{
	GHashTable *pins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, 0);

	for (guint i = 0; i < rows_in(codes); i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);

		if (c->pin)
			g_hash_table_add(pins, g_strdup(c->pin));
	}
	return pins;
}

bool stranger_holds(struct engine *e, struct lane *l, const char *pin)
{
	enum { ONE_BY_ONE = 3 };

	if (still_so(e, l) && l->strangers)
		return g_hash_table_contains(l->strangers, pin);
	if (l->strangers_asked++ < ONE_BY_ONE)
		return unmanaged_rival(e, l->device_id, pin) != NULL;
	l->strangers = pins_of_strangers(e, l);
	return g_hash_table_contains(l->strangers, pin);
}
