/* tame - see the header. */
#include "tests/hostile/tame.h"

#include <string.h>

bool is_tame(const char *text, bool lines)
{
	if (!g_utf8_validate(text, -1, NULL))
		return false;
	for (const char *p = text; *p; p += g_utf8_skip[(guchar)*p]) {
		gunichar c = g_utf8_get_char(p);

		if ((g_unichar_iscntrl(c) && !(lines && c == '\n')) || g_unichar_type(c) == G_UNICODE_FORMAT)
			return false;
	}
	return true;
}

static void name_free(gpointer p)
{
	struct hostile_name *n = p;

	g_free(n->file);
	g_free(n->bytes);
	g_free(n);
}

static gint by_file(gconstpointer a, gconstpointer b)
{
	const struct hostile_name *const *x = a, *const *y = b;

	return strcmp((*x)->file, (*y)->file);
}

GPtrArray *hostile_names(void)
{
	const char *source = g_getenv("srcdir");
	g_autofree char *folder = g_build_filename(source ? source : ".", "tests/hostile/names", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	GPtrArray *all = g_ptr_array_new_with_free_func(name_free);
	const char *file;

	while (dir && (file = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, file, NULL);
		struct hostile_name *n = g_new0(struct hostile_name, 1);

		n->file = g_strdup(file);
		if (!g_file_get_contents(path, &n->bytes, NULL, NULL))
			g_error("%s cannot be read", path);
		g_ptr_array_add(all, n);
	}
	if (all->len < 60)
		g_error("%u names in %s", all->len, folder);
	g_ptr_array_sort(all, by_file);
	return all;
}
