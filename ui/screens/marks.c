/* marks - what the operator has marked; see the header. */
#include "ui/screens/marks.h"

#include "core/i18n.h"

struct marks {
	GHashTable *set;  /* struct marked * of order: itself */
	GPtrArray *order; /* struct marked *, owned */
	int locks;
};

static bool is_lock(const struct marked *k)
{
	return !k->code_no && !k->intent_no;
}

static guint mark_hash(gconstpointer p)
{
	const struct marked *k = p;
	int64_t no = k->code_no ? k->code_no : k->intent_no ? ~k->intent_no : k->lock_no * INT64_C(2654435761);

	return g_int64_hash(&no);
}

static gboolean mark_equal(gconstpointer a, gconstpointer b)
{
	const struct marked *x = a, *y = b;

	return x->code_no == y->code_no && x->intent_no == y->intent_no && (!is_lock(x) || x->lock_no == y->lock_no);
}

struct marks *marks_new(void)
{
	struct marks *m = g_new0(struct marks, 1);

	m->set = g_hash_table_new(mark_hash, mark_equal);
	m->order = g_ptr_array_new_with_free_func(g_free);
	return m;
}

void marks_free(struct marks *m)
{
	g_hash_table_destroy(m->set);
	g_ptr_array_free(m->order, TRUE);
	g_free(m);
}

bool marks_add(struct marks *m, struct marked what)
{
	struct marked *own;

	if (g_hash_table_contains(m->set, &what))
		return false;
	own = g_memdup2(&what, sizeof what);
	g_hash_table_add(m->set, own);
	g_ptr_array_add(m->order, own);
	m->locks += is_lock(own);
	return true;
}

bool marks_remove(struct marks *m, struct marked what)
{
	struct marked *own = g_hash_table_lookup(m->set, &what);

	if (!own)
		return false;
	m->locks -= is_lock(own);
	g_hash_table_remove(m->set, own);
	g_ptr_array_remove(m->order, own);
	return true;
}

void marks_clear(struct marks *m)
{
	g_hash_table_remove_all(m->set);
	g_ptr_array_set_size(m->order, 0);
	m->locks = 0;
}

bool marks_has(const struct marks *m, struct marked what)
{
	return m->order->len && g_hash_table_contains(m->set, &what);
}

int marks_count(const struct marks *m)
{
	return (int)m->order->len;
}

int marks_locks(const struct marks *m)
{
	return m->locks;
}

void marks_each(const struct marks *m, void (*fn)(const struct marked *what, void *ctx), void *ctx)
{
	for (guint i = 0; i < m->order->len; i++)
		fn(g_ptr_array_index(m->order, i), ctx);
}

/* What it has become; all 0: it is gone. */
static struct marked as_it_is(struct cache *cache, struct marked k)
{
	static const struct marked gone;
	OWN(cache_list) struct cache_list *list = k.intent_no ? outbox_get(cache, k.intent_no, NULL) : NULL;
	const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;

	if (is_lock(&k))
		return cache_has_lock(cache, k.lock_no) ? k : gone;
	if (in && in->state == INTENT_ACCEPTED && in->access_code_id) {
		k.code_no = cache_code_no(cache, in->access_code_id);
		k.intent_no = k.code_no ? 0 : k.intent_no; /* its answer may be ahead of the code */
	}
	if (k.code_no)
		return cache_has_code(cache, k.code_no) ? k : gone;
	return in && in->state != INTENT_WITHDRAWN ? k : gone;
}

int marks_refresh(struct marks *m, struct cache *cache)
{
	g_autoptr(GPtrArray) before = NULL;
	int dropped;

	if (!m->order->len)
		return 0;
	before = g_steal_pointer(&m->order);
	m->order = g_ptr_array_new_with_free_func(g_free);
	g_hash_table_remove_all(m->set);
	m->locks = 0;
	dropped = (int)before->len;
	for (guint i = 0; i < before->len; i++) {
		struct marked now = as_it_is(cache, *(struct marked *)g_ptr_array_index(before, i));

		if (now.lock_no && marks_add(m, now))
			dropped--;
	}
	return dropped;
}

char *marks_words(const struct marks *m)
{
	int locks = m->locks, codes = marks_count(m) - locks;
	g_autofree char *doors = g_strdup_printf(P_("%d lock", "%d locks", locks), locks);

	if (codes && locks)
		return g_strdup_printf(P_("%1$d code and %2$s marked", "%1$d codes and %2$s marked", codes), codes,
				       doors);
	if (codes)
		return g_strdup_printf(P_("%d code marked", "%d codes marked", codes), codes);
	return locks ? g_strdup_printf(P_("%d lock marked", "%d locks marked", locks), locks) : NULL;
}
