/* batch_watch - a batch that is applied from this console, and what became of it.
 *
 * 'queued' is not yet an answer: when the last of its changes is accepted or refused, one sentence says
 * how many of each. Until then the title line counts them. */
#ifndef KEYRACK_UI_BATCH_WATCH_H
#define KEYRACK_UI_BATCH_WATCH_H

#include "ui/app_core.h"

/* The outbox has changed. */
void batch_watch_tell(struct app *app);
void batch_watch_free(struct app *app);

#endif
