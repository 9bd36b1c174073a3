/* lock_names - see the header. */
#include "ui/screens/lock_names.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "ui/screens/words.h"

#define NAMES_MAX 10000

static void name_free(void *p)
{
	struct lock_name *n = p;

	g_free(n->name);
	g_free(n->folded);
	g_free(n);
}

GPtrArray *lock_names_read(struct cache *c, struct instant now)
{
	g_autoptr(GArray) order = cache_lock_order(c, LOCKS_BY_NAME, NULL, now, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(name_free);

	for (guint i = 0; order && i < order->len && i < NAMES_MAX; i++) {
		int64_t no = g_array_index(order, int64_t, i);
		OWN(cache_list) struct cache_list *one = cache_lock(c, no, now, NULL);
		struct lock_name *n;

		if (!one || !one->rows->len)
			continue;
		const struct lock_row *row = cache_list_at(one, struct lock_row, 0);
		g_autofree char *all = g_strdup_printf("%s %s", row->lock.name ? row->lock.name : "",
						       row->lock.place ? row->lock.place : "");

		n = g_new0(struct lock_name, 1);
		n->lock_no = no;
		n->name = g_strconcat(row->lock.alike ? ALIKE_SIGN(false) : "",
				      row->lock.name ? row->lock.name : _("(no name)"), NULL);
		n->folded = text_fold(all);
		n->codes_now = row->codes_now;
		g_ptr_array_add(names, n);
	}
	return names;
}

/* 0: no match; the higher the better: at the beginning, as it stands, letter by letter. */
static int score(const char *hay, const char *needle)
{
	g_autofree gunichar *h = NULL, *n = NULL;
	const gunichar *want;

	if (!*needle || g_str_has_prefix(hay, needle))
		return 3;
	if (strstr(hay, needle))
		return 2;
	h = g_utf8_to_ucs4_fast(hay, -1, NULL);
	n = g_utf8_to_ucs4_fast(needle, -1, NULL);
	want = n;
	for (const gunichar *p = h; *p && *want; p++)
		want += *p == *want;
	return !*want;
}

void lock_names_match(const GPtrArray *names, const char *typed, GArray *matches)
{
	g_autofree char *needle = text_fold(typed);

	g_array_set_size(matches, 0);
	for (int wanted = 3; wanted > 0; wanted--)
		for (guint i = 0; i < names->len; i++) {
			const struct lock_name *n = g_ptr_array_index(names, i);

			if (score(n->folded, needle) == wanted)
				g_array_append_val(matches, i);
		}
}

int64_t lock_names_at(const GPtrArray *names, const GArray *matches, int i)
{
	if (!names || i < 0 || i >= (int)matches->len)
		return 0;
	return ((const struct lock_name *)g_ptr_array_index(names, g_array_index(matches, guint, i)))->lock_no;
}
