/* go - what is meant by a number or a name; see go.h. */
#include "ui/screens/go.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"

#define LOOKED_AT_MAX 400 /* locks: of more, the words are too few to mean one */

static bool word_edge(const char *at, const char *begin)
{
	return at == begin || !g_unichar_isalnum(g_utf8_get_char(g_utf8_prev_char(at)));
}

enum go_rank go_rank(const char *name, const char *words)
{
	size_t n = strlen(words);
	enum go_rank best = GO_NOT;

	if (!n)
		return GO_NOT;
	if (strcmp(name, words) == 0)
		return GO_WHOLE;
	for (const char *p = strstr(name, words); p; p = strstr(p + 1, words)) {
		bool ends = !g_unichar_isalnum(g_utf8_get_char(p + n)), begins = word_edge(p, name);
		enum go_rank rank = begins && ends ? GO_WORD
				    : p == name	   ? GO_BEGINS
				    : begins	   ? GO_WORD_BEGINS
						   : GO_PART;

		best = MAX(best, rank);
	}
	return best;
}

static enum go_rank rank_of(const struct lock *l, const char *folded)
{
	g_autofree char *name = text_fold(l->name), *room = text_fold(l->room);

	return MAX(go_rank(name, folded), go_rank(room, folded));
}

static bool find_lock(struct cache *c, const char *words, struct instant now, struct go_place *out)
{
	g_autofree char *folded = text_fold(words);
	g_autoptr(GArray) locks = cache_lock_order(c, LOCKS_BY_NAME, words, now, NULL);
	enum go_rank best = GO_NOT;

	for (guint i = 0; locks && i < MIN(locks->len, LOOKED_AT_MAX); i++) {
		int64_t no = g_array_index(locks, int64_t, i);
		OWN(cache_list) struct cache_list *list = cache_lock(c, no, now, NULL);
		enum go_rank rank = list && list->rows->len
					    ? rank_of(&cache_list_at(list, struct lock_row, 0)->lock, folded) : GO_NOT;

		if (rank > best)
			*out = (struct go_place){ no, 0, 0 };
		else if (rank && rank == best)
			out->others++;
		best = MAX(best, rank);
	}
	return best != GO_NOT;
}

static bool find_guest(struct cache *c, const char *words, struct instant now, struct go_place *out)
{
	const struct code_query q = { .find = words, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 20 };
	OWN(cache_list) struct cache_list *list = cache_codes(c, &q, now, NULL);

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct code_row *row = cache_list_at(list, struct code_row, i);

		if (!row->code_no)
			continue;
		*out = (struct go_place){ row->lock_no, row->code_no, (int)(list->rows->len - i) - 1 };
		return true;
	}
	return false;
}

bool go_find(struct cache *c, const char *words, struct instant now, struct go_place *out, GError **err)
{
	*out = (struct go_place){ 0, 0, 0 };
	if (find_lock(c, words, now, out) || find_guest(c, words, now, out))
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
		    _("No room, lock or guest is called '%s' here."), words);
	return false;
}
