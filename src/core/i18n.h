/* i18n - words in the operator's language.
 *
 * _("...") where words are used; N_("...") marks them where they stand in a table, and the user of
 * the table says _() around the field; P_(one, many, n) where a number decides. Whole sentences with
 * numbered places ("%1$s on %2$s") where their order may change, never glued pieces. What is a name of
 * the API, of a file, of an option, or is written for a program (--json) is not translated.
 *
 * Widths are measured, never counted on: German is longer, and KEYRACK_PSEUDO=long, wide or rtl in the
 * environment turns every word into one that is longer, wider or written from the right, so that a
 * test can see what is cut. */
#ifndef KEYRACK_CORE_I18N_H
#define KEYRACK_CORE_I18N_H

#include <glib.h>

#define N_(words) words
#define _(words)  i18n_get(words)
#define P_(one, many, n) i18n_get_many(one, many, (unsigned long)(n))

/* Once, before the first screen, after setlocale: finds the catalogue. The console calls it; commands and
 * keyrackd speak English, as scripts and manuals read them.
 * KEYRACK_LOCALEDIR in the environment comes before the place of installation. Before it, all words are
 * English. */
void i18n_init(void);

/* Never NULL; static for as long as the program runs. "" stays "", NULL becomes "". */
const char *i18n_get(const char *words) G_GNUC_FORMAT(1);
const char *i18n_get_many(const char *one, const char *many, unsigned long n) G_GNUC_FORMAT(1) G_GNUC_FORMAT(2);

#endif
