/* keymap - the keys of views.c as a table; see keymap.h. */
#include "ui/keymap.h"

#include <glib.h>
#include <string.h>

#include "ui/views.h"

static struct {
	GArray *bindings; /* of struct binding */
	GArray *keys;     /* of struct key, beside them */
} map;

static void add(enum view v, const char *name, enum command c)
{
	struct binding b = { v, g_intern_string(name), c };
	struct key k = { 0 };

	if (!key_parse(name, &k))
		return;
	g_array_append_val(map.bindings, b);
	g_array_append_val(map.keys, k);
}

static void fill(void)
{
	if (map.bindings)
		return;
	map.bindings = g_array_new(FALSE, FALSE, sizeof(struct binding));
	map.keys = g_array_new(FALSE, FALSE, sizeof(struct key));
	for (enum view v = VIEW_ANY; v < VIEW_COUNT; v++) {
		const struct view_info *info = view_info(v);

		for (size_t i = 0; i < info->n_keys; i++) {
			g_auto(GStrv) names = g_strsplit(info->keys[i].keys, " ", -1);

			for (char **p = names; *p; p++)
				add(v, *p, info->keys[i].command);
		}
	}
}

const struct binding *keymap(size_t *n)
{
	fill();
	*n = map.bindings->len;
	return (const struct binding *)(void *)map.bindings->data;
}

static enum command find_in(enum view view, const struct key *k)
{
	size_t n;
	const struct binding *b = keymap(&n);

	for (size_t i = 0; i < n; i++)
		if (b[i].view == view && key_same(&g_array_index(map.keys, struct key, i), k))
			return b[i].command;
	return COMMAND_NONE;
}

enum command keymap_find(enum view view, const struct key *k)
{
	enum command c = find_in(view, k);

	return c == COMMAND_NONE ? find_in(VIEW_ANY, k) : c;
}

size_t keymap_keys(enum view view, enum command c, const char **out, size_t max)
{
	size_t n = 0, all;
	const struct binding *b = keymap(&all);

	/* A key that the view gives to something else is not a key of this command here. */
	for (int pass = 0; pass < (view == VIEW_ANY ? 1 : 2); pass++)
		for (size_t i = 0; i < all; i++)
			if (b[i].view == (pass == 0 ? view : VIEW_ANY) && b[i].command == c && n < max &&
			    keymap_find(view, &g_array_index(map.keys, struct key, i)) == c)
				out[n++] = b[i].key;
	if (n < max)
		out[n] = NULL;
	return n;
}
