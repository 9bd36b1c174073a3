/* shipped - files that come with the program; see the header. */
#include "core/shipped.h"

#include <glib.h>

char *shipped_property(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
	g_autofree char *file = g_strconcat(name, ".ini", NULL);
	char *built = folder ? g_build_filename(folder, "..", "data", "properties", file, NULL) : NULL;

	if (built && g_file_test(built, G_FILE_TEST_EXISTS))
		return built;
	g_free(built);
	return g_build_filename(DATADIR, "properties", file, NULL);
}
