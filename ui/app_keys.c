/* app_keys - what others than the console want to know of its keys. */
#include "ui/app.h"
#include "ui/keymap.h"

void app_print_keys(FILE *out)
{
	keymap_print(out);
}

GPtrArray *app_check_keys(char **path)
{
	GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);

	*path = keymap_path();
	keymap_reset();
	keymap_load(*path, warnings);
	return warnings;
}
