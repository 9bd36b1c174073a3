/* rack_groups - the rack's locks under headings: those of a place or a brand together.
 *
 * Within a group they keep the order that was asked for. A group is known by its name, so that it stays
 * folded whatever a sync brings into it. */
#include <string.h>

#include "core/text.h"
#include "ui/screens/rack_rows.h"

struct member {
	int64_t lock_no;
	int at;           /* before */
	const char *key;  /* interned, as name */
	const char *name;
};

static int compare_members(gconstpointer a, gconstpointer b)
{
	const struct member *x = a, *y = b;
	int d;

	/* What is not said comes last. */
	if (!*x->name != !*y->name)
		return !*x->name - !*y->name;
	d = strcmp(x->key, y->key);
	d = d ? d : strcmp(x->name, y->name);
	return d ? d : x->at - y->at;
}

static GArray *members(struct rack_rows *r, GHashTable *names)
{
	GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(struct member), r->order->len);

	for (guint i = 0; i < r->order->len; i++) {
		struct member m = { .lock_no = g_array_index(r->order, int64_t, i), .at = (int)i };
		const char *name = g_hash_table_lookup(names, &m.lock_no);
		g_autofree char *folded = text_fold(name ? name : "");

		m.name = g_intern_string(name ? name : "");
		m.key = g_intern_string(folded);
		g_array_append_val(all, m);
	}
	g_array_sort(all, compare_members);
	return all;
}

bool rack_rows_arrange(struct rack_rows *r, GError **err)
{
	g_autoptr(GHashTable) names = NULL;
	g_autoptr(GArray) all = NULL;

	g_array_set_size(r->headings, 0);
	if (r->group == GROUP_NONE || !r->order->len)
		return true;
	names = cache_lock_groups(r->cache, r->group, err);
	if (!names)
		return false;
	all = members(r, names);
	for (guint i = 0; i < all->len; i++) {
		const struct member *m = &g_array_index(all, struct member, i);
		struct rack_heading *last = r->headings->len ? &g_array_index(r->headings, struct rack_heading,
									      r->headings->len - 1) : NULL;

		g_array_index(r->order, int64_t, i) = m->lock_no;
		if (last && last->name == m->name) {
			last->n++;
			continue;
		}
		g_array_append_val(r->headings, ((struct rack_heading){ m->name, (int)i, 1,
						 g_hash_table_contains(r->folded, m->name) }));
	}
	return true;
}

static struct rack_heading *heading(const struct rack_rows *r, int lock)
{
	guint from = 0, until = r->headings->len;

	while (until - from > 1) {
		guint middle = from + (until - from) / 2;

		if (g_array_index(r->headings, struct rack_heading, middle).first <= lock)
			from = middle;
		else
			until = middle;
	}
	return r->headings->len ? &g_array_index(r->headings, struct rack_heading, from) : NULL;
}

const struct rack_heading *rack_rows_heading(const struct rack_rows *r, int lock)
{
	return heading(r, lock);
}

void rack_rows_fold_group(struct rack_rows *r, int lock, bool folded)
{
	struct rack_heading *h = heading(r, lock);

	if (!h)
		return;
	h->folded = folded;
	if (folded)
		g_hash_table_add(r->folded, g_strdup(h->name));
	else
		g_hash_table_remove(r->folded, h->name);
}
