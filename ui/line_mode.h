/* line_mode - the console as lines that are written once and never drawn over: for a screen reader, a
 * terminal that cannot move its cursor, a pipe.
 *
 * It is the same console: every command by its name or its key, on the same screens, with the same
 * questions and checks. What a screen shows is read out as rows with numbers; what happens meanwhile
 * comes as single lines. It ends with its input. */
#ifndef KEYRACK_UI_LINE_MODE_H
#define KEYRACK_UI_LINE_MODE_H

#include "ui/app.h"
#include "cache/cache.h"

/* Input or output is no terminal, or one without a cursor to move (TERM is dumb, or not set). */
bool line_mode_is_due(void);
int line_mode_run(struct profile *profile, struct cache *cache, const struct app_options *opt, GError **err);

#endif
