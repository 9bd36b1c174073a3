/* planner - what a plan looks at: locks by their words, the codes and PINs at each door; and what is
 * little beside the plan itself. See plan_parts.h. */
#include "feed/plan_parts.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"

#define CODES_MAX 10000

static void door_free(void *data)
{
	struct plan_door *d = data;

	if (d->row)
		cache_list_free(d->row);
	if (d->codes)
		cache_list_free(d->codes);
	if (d->near)
		g_ptr_array_unref(d->near);
	g_free(d);
}

bool planner_open(struct planner *p, GError **err)
{
	g_autofree char *why = NULL;

	p->doors = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, door_free);
	p->extra = g_ptr_array_new();
	p->locks = cache_feed_locks(p->cache, err);
	p->pins = p->locks ? cache_all_pins(p->cache, err) : NULL;
	if (!p->pins)
		return false;
	p->book = door_book_new(p->locks);
	if (p->rule->doors && !door_book_find(p->book, p->rule->doors, p->extra, &why))
		p->extra_wrong = g_strdup_printf(_("'doors' of [feed %1$s]: %2$s"), p->rule->source, why);
	return true;
}

void planner_close(struct planner *p)
{
	g_hash_table_unref(p->doors);
	g_ptr_array_unref(p->extra);
	if (p->book)
		door_book_free(p->book);
	if (p->pins)
		g_hash_table_unref(p->pins);
	if (p->locks)
		cache_list_free(p->locks);
	g_free(p->extra_wrong);
}

const struct feed_lock *planner_lock(const struct planner *p, int64_t lock_no)
{
	for (guint i = 0; i < p->locks->rows->len; i++) {
		const struct feed_lock *lock = cache_list_at(p->locks, struct feed_lock, i);

		if (lock->lock_no == lock_no)
			return lock;
	}
	return NULL;
}

struct plan_door *planner_door(struct planner *p, const struct feed_lock *lock, GError **err)
{
	struct plan_door *d = g_hash_table_lookup(p->doors, &lock->lock_no);
	struct code_query q = {
		.lock_no = lock->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = CODES_MAX
	};

	if (d)
		return d;
	d = g_new0(struct plan_door, 1);
	d->lock = lock;
	d->row = cache_lock(p->cache, lock->lock_no, p->rule->now, err);
	d->codes = d->row ? cache_codes(p->cache, &q, p->rule->now, err) : NULL;
	d->near = d->codes ? cache_pins(p->cache, lock->lock_no, err) : NULL;
	if (!d->near) {
		door_free(d);
		return NULL;
	}
	g_hash_table_insert(p->doors, (gpointer)(uintptr_t)&lock->lock_no, d);
	return d;
}

/* ---- beside the plan ---- */

const char *plan_answer_word(enum plan_answer a)
{
	static const char *const words[] = { "accepted", "unchanged", "refused" };

	return words[a];
}

struct plan_rule plan_rule_of(const char *source, const struct feed_profile *feed, const struct zone *zone,
			      struct instant now)
{
	return (struct plan_rule){ .source = source,
				   .room = feed ? feed->room : NULL,
				   .doors = feed ? feed->doors : NULL,
				   .pin_from_phone = feed && feed->pin_from_phone,
				   .zone = zone,
				   .now = now };
}

bool plan_keep_auto(struct batch *b, enum feed_auto what)
{
	bool some = false;

	for (guint i = 0; i < b->rows->len; i++) {
		struct batch_row *r = b->rows->pdata[i];

		r->left_out = what == FEED_AUTO_NO || (what == FEED_AUTO_NEW && r->sign != BATCH_ISSUE);
	}
	for (guint i = 0; i < b->rows->len; i++)
		some = some || batch_applies(b, i);
	return some;
}

static char *identity(const struct reservation *r)
{
	g_autofree char *door = text_fold(r->door ? r->door : "");

	return r->refused ? NULL : g_strconcat(r->key, "\n", door, NULL);
}

static int by_start(gconstpointer a, gconstpointer b)
{
	const struct feed_row *x = a, *y = b;

	if (x->is.starts_at.ms != y->is.starts_at.ms)
		return x->is.starts_at.ms < y->is.starts_at.ms ? -1 : 1;
	return x->is.line - y->is.line;
}

struct cache_list *plan_merge(const GArray *reservations, const struct cache_list *stored, bool partial)
{
	struct cache_list *list = g_new0(struct cache_list, 1);
	g_autoptr(GHashTable) had = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer left;

	list->rows = g_array_new(FALSE, FALSE, sizeof(struct feed_row));
	list->chunk = g_string_chunk_new(16);
	for (guint i = 0; stored && i < stored->rows->len; i++) {
		struct feed_row *row = cache_list_at(stored, struct feed_row, i);
		char *id = identity(&row->is);

		if (id)
			g_hash_table_insert(had, id, row);
	}
	for (guint i = 0; i < reservations->len; i++) {
		struct feed_row row = { .is = g_array_index(reservations, struct reservation, i),
					.fix_at = INSTANT_NONE };
		g_autofree char *id = identity(&row.is);
		struct feed_row *before = id ? g_hash_table_lookup(had, id) : NULL;

		if (before) {
			struct reservation is = row.is;

			row = *before;
			row.is = is;
			row.gone = false;
			g_hash_table_remove(had, id);
		}
		g_array_append_val(list->rows, row);
	}
	g_hash_table_iter_init(&iter, had);
	while (g_hash_table_iter_next(&iter, NULL, &left)) {
		struct feed_row row = *(const struct feed_row *)left;

		row.gone = row.gone || !partial;
		g_array_append_val(list->rows, row);
	}
	g_array_sort(list->rows, by_start);
	return list;
}
