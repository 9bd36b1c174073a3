/* roff - the parts of a manual page that come from a program's own tables. */
#ifndef KEYRACK_CORE_ROFF_H
#define KEYRACK_CORE_ROFF_H

#include <stdio.h>

#include "core/args.h"

/* Text with what roff would take for its own made plain, and all beyond ASCII by number. */
void roff_text(FILE *out, const char *text);
/* before and after are roff. */
void roff_line(FILE *out, const char *before, const char *text, const char *after);
void roff_options(FILE *out, const struct option_row *row);

#endif
