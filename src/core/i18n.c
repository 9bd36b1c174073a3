/* i18n - gettext, behind one door; see the header. */
#include "config.h"

#include "core/i18n.h"

#include <libintl.h>

#define DOMAIN "keyrack"

void i18n_init(void)
{
	const char *folder = g_getenv("KEYRACK_LOCALEDIR");

	bindtextdomain(DOMAIN, folder && *folder ? folder : KEYRACK_LOCALEDIR);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
}

const char *i18n_get(const char *words)
{
	/* gettext("") is the catalogue's own head. */
	return words && *words ? dgettext(DOMAIN, words) : "";
}

const char *i18n_get_many(const char *one, const char *many, unsigned long n)
{
	return dngettext(DOMAIN, one, many, n);
}
