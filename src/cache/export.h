/* export - events into a file for whoever asks later: CSV or JSON Lines, with a digest beside it.
 *
 * Step by step, so that a screen that exports millions still answers keys. Nothing stands under the
 * file's name before all of it is on disk. Oldest first, no PINs. */
#ifndef KEYRACK_CACHE_EXPORT_H
#define KEYRACK_CACHE_EXPORT_H

#include <stdio.h>

#include "cache/cache.h"

enum export_form { EXPORT_CSV, EXPORT_JSONL };
/* By the ending of a file's name; false with err: it says neither. */
bool export_form_of(const char *path, enum export_form *form, GError **err);

/* One event as a line, and the line above all. A cell that a spreadsheet would take for a formula is
 * made text. */
void export_csv_head(GString *out);
void export_csv_row(GString *out, const struct event_row *row, const struct zone *zone);

struct export;
/* What find asks for is shown by now: its filter must live as long. zone: of the property. */
struct export *export_new(struct cache *c, const struct event_find *find, const struct zone *zone,
			  const char *path, enum export_form form, bool replace, GError **err);
/* At most that many more; *done when there are no more. */
bool export_step(struct export *x, int rows, bool *done, GError **err);
/* The file under its name, NAME.sha256 beside it (sha256sum -c reads it). EXISTS: somebody made a file
 * of that name meanwhile. */
bool export_finish(struct export *x, GError **err);
int64_t export_count(const struct export *x);
const char *export_digest(const struct export *x); /* after export_finish */
/* Of one that is not finished nothing is left. */
void export_free(struct export *x);
DEFINE_OWN(struct export, export, export_free)

#endif
