/* locale - see the header. */
#include "core/locale.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include <stdbool.h>

#include <glib.h>

static char *missing; /* the name that was asked for and is not installed; NULL: none */

/* By the order that setlocale has. */
static const char *asked_for(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = g_getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "";
}

static bool names_utf8(const char *locale)
{
	g_autofree char *folded = g_ascii_strdown(locale, -1);

	return strstr(folded, "utf-8") || strstr(folded, "utf8");
}

void locale_take(void)
{
	const char *name = asked_for();

	g_clear_pointer(&missing, g_free);
	if (setlocale(LC_ALL, ""))
		return;
	missing = g_strdup(name);
	if (names_utf8(name))
		setlocale(LC_ALL, "C.UTF-8");
}

char *locale_complaint(void)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

	if (!missing)
		return NULL;
	return g_strdup_printf(
		utf8 ? "The locale %.40s is not installed, so C.UTF-8 stands in, in English: install it, or "
		       "set LANG=C.UTF-8"
		     : "The locale %.40s is not installed, so ASCII is used: set LANG=C.UTF-8, or install it",
		missing);
}
