/* shipped - files that come with the program; see the header. */
#include "core/shipped.h"

#include <glib.h>

/* Where the program lies in a build folder of the source tree, or in one of its own below that. */
static const char *const BUILT[] = { "..", "../.." };

char *shipped_property(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
	g_autofree char *file = g_strconcat(name, ".ini", NULL);

	for (size_t i = 0; folder && i < G_N_ELEMENTS(BUILT); i++) {
		g_autofree char *built =
			g_build_filename(folder, BUILT[i], "data", "properties", file, NULL);

		if (g_file_test(built, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&built);
	}
	return g_build_filename(DATADIR, "properties", file, NULL);
}
