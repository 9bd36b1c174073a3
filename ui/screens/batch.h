/* batch - the screen of a batch: what would be done, row by row, before any of it is. */
#ifndef KEYRACK_UI_BATCH_H
#define KEYRACK_UI_BATCH_H

#include "cache/batch.h"
#include "ui/screens/screen.h"

/* Takes b. */
struct screen *batch_screen_new(struct app *app, struct world *w, struct batch *b);

/* Asks for an export's name, and shows what restoring it would do. */
void batch_restore_ask(struct app *app, struct world *w);

/* "+3 issue  -1 revoke  !1 blocked": those that there are. Newly allocated. */
char *batch_words(const struct batch *b);
char batch_sign(enum batch_sign s); /* '+' '~' '-' '!' '=' */

#endif
