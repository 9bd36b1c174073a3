/* keymap - the table of keys in force; see keymap.h. */
#include "ui/keymap.h"

#include <string.h>

#include "ui/views.h"

struct entry {
	struct binding binding;
	struct key key[2]; /* the second only in a sequence */
	bool two;
};
static GArray *entries;  /* of struct entry */
static GArray *bindings; /* of struct binding, the same as a table for others */

/* Whatever a file says, these go on doing what they do: nobody is locked in, or out of the arrows. */
static const char *const kept[] = { "Up", "Down", "Left", "Right", "Enter", "Esc", "Ctrl-C" };

static bool parse(const char *name, struct entry *e)
{
	g_auto(GStrv) parts = g_strsplit(name, " ", 3);
	guint n = g_strv_length(parts);

	e->two = n == 2;
	return (n == 1 || n == 2) && key_parse(parts[0], &e->key[0]) && (n == 1 || key_parse(parts[1], &e->key[1]));
}

static bool is_kept(const struct key *k)
{
	struct key one;

	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
		if (key_parse(kept[i], &one) && key_same(&one, k))
			return true;
	return false;
}

static bool same_keys(const struct entry *a, const struct entry *b)
{
	return a->two == b->two && key_same(&a->key[0], &b->key[0]) && (!a->two || key_same(&a->key[1], &b->key[1]));
}

static struct entry *entry_at(size_t i)
{
	return &g_array_index(entries, struct entry, i);
}

static void fill(void)
{
	if (entries)
		return;
	entries = g_array_new(FALSE, TRUE, sizeof(struct entry));
	for (enum view v = VIEW_ANY; v < VIEW_COUNT; v++) {
		const struct view_info *info = view_info(v);

		for (size_t i = 0; i < info->n_keys; i++) {
			g_auto(GStrv) names = g_strsplit(info->keys[i].keys, " ", -1);

			for (char **p = names; *p; p++) {
				struct entry e = { .binding = { v, g_intern_string(*p), info->keys[i].command } };

				if (parse(*p, &e))
					g_array_append_val(entries, e);
			}
		}
	}
}

const struct binding *keymap(size_t *n)
{
	fill();
	if (!bindings) {
		bindings = g_array_new(FALSE, FALSE, sizeof(struct binding));
		for (size_t i = 0; i < entries->len; i++)
			g_array_append_val(bindings, entry_at(i)->binding);
	}
	*n = bindings->len;
	return (const struct binding *)(void *)bindings->data;
}

void keymap_reset(void)
{
	g_clear_pointer(&entries, g_array_unref);
	g_clear_pointer(&bindings, g_array_unref);
}

/* ---- finding ---- */

/* What begins a sequence in a view is no command there, nor what it is elsewhere. */
static bool begins(enum view view, const struct key *k)
{
	for (size_t i = 0; i < entries->len; i++)
		if (entry_at(i)->binding.view == view && entry_at(i)->two && key_same(&entry_at(i)->key[0], k))
			return true;
	return false;
}

static enum command find_in(enum view view, const struct key *k, const struct key *second)
{
	for (size_t i = 0; i < entries->len; i++) {
		const struct entry *e = entry_at(i);

		if (e->binding.view == view && e->two == (second != NULL) && key_same(&e->key[0], k) &&
		    (!second || key_same(&e->key[1], second)))
			return e->binding.command;
	}
	return COMMAND_NONE;
}

enum command keymap_find(enum view view, const struct key *k)
{
	enum command c;

	fill();
	c = find_in(view, k, NULL);
	if (c == COMMAND_NONE && !begins(view, k))
		c = find_in(VIEW_ANY, k, NULL);
	return c;
}

bool keymap_is_prefix(enum view view, const struct key *k)
{
	fill();
	return begins(view, k) || (begins(VIEW_ANY, k) && find_in(view, k, NULL) == COMMAND_NONE);
}

enum command keymap_find_after(enum view view, const struct key *first, const struct key *k)
{
	enum command c;

	fill();
	c = find_in(view, first, k);
	return c == COMMAND_NONE ? find_in(VIEW_ANY, first, k) : c;
}

GArray *keymap_after(enum view view, const struct key *first)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct binding));

	fill();
	for (int pass = 0; pass < (view == VIEW_ANY ? 1 : 2); pass++)
		for (size_t i = 0; i < entries->len; i++) {
			const struct entry *e = entry_at(i);
			struct binding b = e->binding;

			if (!e->two || b.view != (pass ? VIEW_ANY : view) || !key_same(&e->key[0], first) ||
			    keymap_find_after(view, first, &e->key[1]) != b.command)
				continue;
			b.key = strchr(b.key, ' ') + 1;
			g_array_append_val(out, b);
		}
	return out;
}

static bool in_force(enum view view, const struct entry *e)
{
	return (e->two ? keymap_find_after(view, &e->key[0], &e->key[1]) : keymap_find(view, &e->key[0])) ==
	       e->binding.command;
}

size_t keymap_keys(enum view view, enum command c, const char **out, size_t max)
{
	size_t n = 0;

	fill();
	/* A key that the view gives to something else is not a key of this command here. */
	for (int pass = 0; pass < (view == VIEW_ANY ? 1 : 2); pass++)
		for (size_t i = 0; i < entries->len; i++) {
			const struct entry *e = entry_at(i);

			if (e->binding.view == (pass ? VIEW_ANY : view) && e->binding.command == c && n < max &&
			    in_force(view, e))
				out[n++] = e->binding.key;
		}
	if (n < max)
		out[n] = NULL;
	return n;
}

/* ---- changing ---- */

static void remove_at(size_t i)
{
	g_array_remove_index(entries, (guint)i);
	g_clear_pointer(&bindings, g_array_unref);
}

void keymap_clear(enum view view, enum command c)
{
	fill();
	for (size_t i = entries->len; i-- > 0;) {
		const struct entry *e = entry_at(i);

		if (e->binding.view == view && e->binding.command == c && (e->two || !is_kept(&e->key[0])))
			remove_at(i);
	}
}

/* One key and a sequence that begins with it cannot both be. */
static bool in_the_way(const struct entry *a, const struct entry *b)
{
	if (a->two == b->two)
		return same_keys(a, b);
	return key_same(&a->key[0], &b->key[0]);
}

bool keymap_add(enum view view, enum command c, const char *key, enum command *taken_from)
{
	struct entry e = { .binding = { .view = view, .command = c } };
	size_t at;

	fill();
	*taken_from = COMMAND_NONE;
	if (!parse(key, &e))
		return false;
	if (is_kept(&e.key[0]) && (e.two || find_in(view, &e.key[0], NULL) != c))
		return false;
	for (size_t i = entries->len; i-- > 0;)
		if (entry_at(i)->binding.view == view && in_the_way(entry_at(i), &e)) {
			if (entry_at(i)->binding.command != c)
				*taken_from = entry_at(i)->binding.command;
			remove_at(i);
		}
	e.binding.key = g_intern_string(key);
	/* Before what was kept of it: the operator's own key is the one that hints show. */
	for (at = 0; at < entries->len; at++)
		if (entry_at(at)->binding.view == view && entry_at(at)->binding.command == c && !entry_at(at)->two &&
		    is_kept(&entry_at(at)->key[0]))
			break;
	g_array_insert_val(entries, (guint)at, e);
	g_clear_pointer(&bindings, g_array_unref);
	return true;
}
