/* app_keys - what others than the console want to know of its keys. */
#include "ui/app.h"
#include "ui/keymap.h"

void app_print_keys(FILE *out)
{
	keymap_print(out);
}
