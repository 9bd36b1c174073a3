/* verb_pin - PINs for codes that are moved, renewed, added to: none that the lock refuses, none that
 * somebody has, and none that is easily taken for another while both are in force. */
#include <string.h>

#include "core/draft.h"
#include "core/i18n.h"
#include "ui/screens/verbs.h"

struct span {
	GPtrArray *uses; /* of struct cache_list *, of struct pin_holder */
	struct instant from, until;
	bool unlike;     /* also none that is like another */
};

static void list_free(void *p)
{
	cache_list_free(p);
}

static enum pin_likeness likest(const struct span *s, const char *pin)
{
	enum pin_likeness most = PIN_UNLIKE;

	for (guint i = 0; i < s->uses->len; i++) {
		const struct cache_list *list = g_ptr_array_index(s->uses, i);

		for (guint k = 0; k < list->rows->len; k++) {
			const struct pin_holder *h = cache_list_at(list, struct pin_holder, k);
			struct pin_use own = { pin, s->from, s->until };
			/* One PIN is one code's on a lock, whatever the windows. */
			enum pin_likeness how = g_strcmp0(h->use.pin, pin) == 0 ? PIN_EQUAL
									       : pin_use_likeness(&own, &h->use);

			most = MAX(most, how);
		}
	}
	return most;
}

static bool is_taken(const char *pin, const void *data)
{
	const struct span *s = data;
	enum pin_likeness how = likest(s, pin);

	return s->unlike ? how != PIN_UNLIKE : how == PIN_EQUAL;
}

static struct span span_of(struct world *w, const int64_t *locks, size_t n, struct instant from, struct instant until)
{
	struct span s = { g_ptr_array_new_with_free_func(list_free), from, until, true };

	for (size_t i = 0; i < n; i++) {
		struct cache_list *list = cache_pin_uses(w->cache, locks[i], w->now, NULL);

		if (list)
			g_ptr_array_add(s.uses, list);
	}
	return s;
}

const char *verb_pin_why_not(struct world *w, const struct lock_row *lock, const char *pin, struct instant from,
			     struct instant until)
{
	struct pin_rules rules = pin_rules_of(&lock->lock);
	const char *problem = pin ? pin_check(pin, &rules) : _("its PIN is not known here");
	enum pin_likeness how;

	if (problem)
		return strcmp(problem, PIN_INCOMPLETE) == 0 ? _("that lock wants more digits") : problem;
	struct span s = span_of(w, &lock->lock_no, 1, from, until);

	how = likest(&s, pin);
	g_ptr_array_unref(s.uses);
	return how == PIN_EQUAL	 ? _("somebody there has its PIN")
	       : how != PIN_UNLIKE ? _("somebody there has one that is easily taken for it") : NULL;
}

bool verb_pin_new(struct world *w, const int64_t *locks, size_t n, int length, struct instant from,
		  struct instant until, char out[static PIN_MAX + 1])
{
	struct span s = span_of(w, locks, n, from, until);
	struct pin_rules rules = { 0 };
	bool found = n > 0;

	for (size_t i = 0; i < n && found; i++) {
		OWN(cache_list) struct cache_list *list = cache_lock(w->cache, locks[i], w->now, NULL);

		found = list && list->rows->len;
		if (!found)
			break;
		struct pin_rules one = pin_rules_of(&cache_list_at(list, struct lock_row, 0)->lock);

		rules = i ? pin_rules_join(rules, one) : one;
	}
	if (length && !(rules.lengths & 1u << length))
		length = 0;
	found = found && pin_generate(&rules, length, is_taken, &s, out);
	if (!found && n) {
		s.unlike = false;
		found = pin_generate(&rules, length, is_taken, &s, out);
	}
	g_ptr_array_unref(s.uses);
	return found;
}
