/* doors - see the header. */
#include "feed/doors.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"

#define NAMED_MAX 3

struct door_book {
	GHashTable *by_name;   /* folded name or device_id -> GPtrArray of struct feed_lock * */
	GHashTable *by_number; /* "204" -> the same */
};

static void note(GHashTable *table, const char *key, const struct feed_lock *lock)
{
	GPtrArray *at = g_hash_table_lookup(table, key);

	if (!at) {
		at = g_ptr_array_new();
		g_hash_table_insert(table, g_strdup(key), at);
	}
	if (!at->len || at->pdata[at->len - 1] != lock)
		g_ptr_array_add(at, (gpointer)(uintptr_t)lock);
}

/* "204", "2A": a word that begins with a digit, without the noughts before it. The next one from *p on;
 * NULL: none. Newly allocated. */
static char *next_number(const char **p)
{
	while (**p) {
		size_t n = 0;

		while (g_ascii_isalnum((*p)[n]) || (guchar)(*p)[n] >= 0x80)
			n++;
		const char *word = *p;

		*p += MAX(n, 1);
		if (!n || !g_ascii_isdigit(*word))
			continue;
		while (n > 1 && *word == '0') {
			word++;
			n--;
		}
		return g_strndup(word, n);
	}
	return NULL;
}

struct door_book *door_book_new(const struct cache_list *locks)
{
	struct door_book *b = g_new0(struct door_book, 1);

	b->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	b->by_number = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < locks->rows->len; i++) {
		const struct feed_lock *lock = cache_list_at(locks, struct feed_lock, i);
		g_autofree char *name = text_fold(lock->name ? lock->name : ""), *number = NULL;
		const char *p = name;

		note(b->by_name, name, lock);
		note(b->by_name, lock->device_id, lock);
		number = next_number(&p);
		if (number)
			note(b->by_number, number, lock);
	}
	return b;
}

void door_book_free(struct door_book *b)
{
	g_hash_table_unref(b->by_name);
	g_hash_table_unref(b->by_number);
	g_free(b);
}

static char *several(const char *words, const GPtrArray *fit)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < fit->len && i < NAMED_MAX; i++)
		g_string_append_printf(names, "%s%s", i ? ", " : "", ((const struct feed_lock *)fit->pdata[i])->name);
	if (fit->len > NAMED_MAX)
		g_string_append(names, ", ...");
	return g_strdup_printf(_("'%1$s' fits %2$s: write the lock's whole name"), words, names->str);
}

static bool find_one(const struct door_book *b, const char *words, bool by_number, const struct feed_lock **lock,
		     char **why)
{
	g_autofree char *folded = text_fold(words), *number = NULL, *second = NULL;
	const char *p = folded;
	GPtrArray *fit = g_hash_table_lookup(b->by_name, folded);

	if (!fit)
		fit = g_hash_table_lookup(b->by_name, words);
	if (!fit && by_number && (number = next_number(&p)) && !(second = next_number(&p)))
		fit = g_hash_table_lookup(b->by_number, number);
	if (fit && fit->len == 1) {
		*lock = fit->pdata[0];
		return true;
	}
	*why = fit ? several(words, fit)
		   : g_strdup_printf(_("No lock here is called '%s': write the lock's name instead"), words);
	return false;
}

static void add(GPtrArray *doors, const struct feed_lock *lock)
{
	for (guint i = 0; i < doors->len; i++)
		if (((const struct feed_lock *)doors->pdata[i])->lock_no == lock->lock_no)
			return;
	g_ptr_array_add(doors, (gpointer)(uintptr_t)lock);
}

bool door_book_find(const struct door_book *b, const char *words, GPtrArray *doors, char **why)
{
	g_autofree char *safe = text_fit(words, 60, CUT_END, true), *ignored = NULL;
	g_auto(GStrv) parts = NULL;
	const struct feed_lock *lock;

	/* A name may have a comma of its own. */
	if (find_one(b, safe, false, &lock, &ignored)) {
		add(doors, lock);
		return true;
	}
	parts = g_strsplit_set(safe, ",;+&/", -1);
	for (char **part = parts; *part; part++) {
		const char *one = g_strstrip(*part);

		if (!*one)
			continue;
		if (!find_one(b, one, true, &lock, why))
			return false;
		add(doors, lock);
	}
	if (doors->len)
		return true;
	*why = g_strdup(_("No door is named"));
	return false;
}
