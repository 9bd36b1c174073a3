/* view_state - how the rack was left; see the header. */
#include "ui/screens/view_state.h"
#include "core/plain_file.h"

#include <string.h>

#include "ui/screens/rack.h"

#define GROUP "rack"

static const char *const groups[GROUP_COUNT] = { "none", "place", "brand" };

static int word_at(GKeyFile *f, const char *key, const char *const *words, int n, int otherwise)
{
	g_autofree char *word = g_key_file_get_string(f, GROUP, key, NULL);

	for (int i = 0; word && i < n; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return otherwise;
}

static char *path_of(const struct profile *p)
{
	return p->state_folder ? g_build_filename(p->state_folder, "view.conf", NULL) : NULL;
}

void view_state_load(const struct profile *p, struct view_state *out)
{
	g_autofree char *path = path_of(p), *columns = NULL;
	g_autoptr(GKeyFile) f = g_key_file_new();

	if (path)
		plain_file_keys(f, path, NULL);
	*out = (struct view_state){ 0 };
	columns_standard(&out->columns);
	if (p->rack_columns)
		columns_parse(p->rack_columns, &out->columns, NULL);
	columns = g_key_file_get_string(f, GROUP, "columns", NULL);
	if (columns)
		columns_parse(columns, &out->columns, NULL);
	out->sort = (enum lock_sort)word_at(f, "sort", rack_sorts, LOCKS_BY_NEXT + 1, LOCKS_BY_NAME);
	out->reversed = g_key_file_get_boolean(f, GROUP, "reversed", NULL);
	out->group = (enum lock_group)word_at(f, "group", groups, GROUP_COUNT, GROUP_NONE);
	out->zoom = (enum zoom)word_at(f, "zoom", rack_zooms, ZOOM_COUNT, ZOOM_DAY);
}

bool view_state_save(const struct profile *p, const struct view_state *v)
{
	g_autofree char *path = path_of(p), *columns = columns_format(&v->columns), *text = NULL;
	g_autoptr(GKeyFile) f = g_key_file_new();
	gsize len;

	if (!path)
		return false;
	g_key_file_set_string(f, GROUP, "sort", rack_sorts[v->sort]);
	g_key_file_set_boolean(f, GROUP, "reversed", v->reversed);
	g_key_file_set_string(f, GROUP, "group", groups[v->group]);
	g_key_file_set_string(f, GROUP, "zoom", rack_zooms[v->zoom]);
	if (v->columns.chosen)
		g_key_file_set_string(f, GROUP, "columns", columns);
	text = g_key_file_to_data(f, &len, NULL);
	return g_mkdir_with_parents(p->state_folder, 0700) == 0 &&
	       g_file_set_contents_full(path, text, (gssize)len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}
