/* app_check - what the operator's own files say and the console cannot do: for keyrack doctor. */
#include "ui/app.h"

#include <string.h>

#include "ui/keymap.h"
#include "ui/screens/columns.h"
#include "ui/term/theme.h"

GPtrArray *app_check_keys(char **path)
{
	GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);

	*path = keymap_path();
	keymap_reset();
	keymap_load(*path, warnings);
	return warnings;
}

static void add_warnings(GPtrArray *all, const char *name)
{
	struct theme *t = theme_load(name);

	for (guint i = 0; i < t->warnings->len; i++) {
		const char *said = t->warnings->pdata[i];

		/* What one theme inherits from another is told once. */
		if (!g_ptr_array_find_with_equal_func(all, said, g_str_equal, NULL))
			g_ptr_array_add(all, g_strdup(said));
	}
	theme_free(t);
}

GPtrArray *app_check_themes(const char *wanted, unsigned *n)
{
	GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) names = theme_names();

	*n = g_strv_length(names);
	for (char **name = names; *name; name++)
		add_warnings(warnings, *name);
	if (wanted && strcmp(wanted, "auto") != 0 && !g_strv_contains((const char *const *)names, wanted))
		add_warnings(warnings, wanted);
	return warnings;
}

char *app_check_columns(const char *written, char **known)
{
	struct columns c;
	char *unknown = NULL;

	*known = columns_names();
	columns_parse(written, &c, &unknown);
	return unknown;
}
