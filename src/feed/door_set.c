/* door_set - see the header. What fits no lock is said and does not keep the others out: a set outlives a
 * lock that is renamed. */
#include "feed/door_set.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "feed/doors.h"

static bool fits(const char *pattern, const char *text)
{
	g_autofree char *folded = text_fold(text ? text : "");

	return g_pattern_match_simple(pattern, folded);
}

static bool is_pattern(const char *word)
{
	return strpbrk(word, "*?") != NULL;
}

static void miss(GString *missing, const char *word)
{
	g_string_append_printf(missing, "%s%s", missing->len ? ", " : "", word);
}

/* Marks what one word means. */
static void take_word(const struct cache_list *locks, const struct door_book *book, const char *word, bool by_place,
		      bool *taken, GString *missing)
{
	g_autofree char *pattern = text_fold(word);
	g_autoptr(GPtrArray) named = g_ptr_array_new();
	bool some = false;

	if (!by_place && !is_pattern(word)) {
		g_autofree char *why = NULL;

		some = door_book_find(book, word, named, &why);
	}
	for (guint i = 0; i < locks->rows->len; i++) {
		const struct feed_lock *lock = cache_list_at(locks, struct feed_lock, i);
		bool fit = by_place		? fits(pattern, lock->place) || fits(pattern, lock->room)
			   : is_pattern(word) ? fits(pattern, lock->name)
					      : g_ptr_array_find(named, lock, NULL);

		taken[i] = taken[i] || fit;
		some = some || fit;
	}
	if (!some)
		miss(missing, word);
}

static void take_list(const struct cache_list *locks, const struct door_book *book, const char *list, bool by_place,
		      bool *taken, GString *missing)
{
	g_auto(GStrv) words = g_strsplit_set(list ? list : "", ",;", -1);

	for (char **word = words; *word; word++)
		if (*g_strstrip(*word))
			take_word(locks, book, *word, by_place, taken, missing);
}

bool door_set_find(struct cache *c, const struct door_set *set, GArray *lock_nos, char **missing, GError **err)
{
	OWN(cache_list) struct cache_list *locks = cache_feed_locks(c, err);
	OWN(door_book) struct door_book *book = locks ? door_book_new(locks) : NULL;
	g_autoptr(GString) absent = g_string_new(NULL);
	g_autofree bool *taken = g_new0(bool, locks ? locks->rows->len + 1 : 1);

	*missing = NULL;
	if (!locks)
		return false;
	take_list(locks, book, set->locks, false, taken, absent);
	take_list(locks, book, set->place, true, taken, absent);
	for (guint i = 0; i < locks->rows->len; i++) {
		int64_t lock_no = cache_list_at(locks, struct feed_lock, i)->lock_no;

		for (guint k = 0; taken[i] && k < lock_nos->len; k++)
			taken[i] = g_array_index(lock_nos, int64_t, k) != lock_no;
		if (taken[i])
			g_array_append_val(lock_nos, lock_no);
	}
	if (absent->len)
		*missing = g_strdup_printf(_("[doors %1$s] names what is no lock here: %2$s"), set->name, absent->str);
	return true;
}
