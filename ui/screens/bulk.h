/* bulk - one command on all that is marked: a batch is made of it and shown before it is done. */
#ifndef KEYRACK_UI_BULK_H
#define KEYRACK_UI_BULK_H

#include "ui/screens/marks.h"
#include "ui/screens/screen.h"

/* True when c is done to several: revoke, evict, adopt, a new PIN, more nights, another end, lock,
 * unlock. Where something is to be typed first, it is asked for. The marks are copied. */
bool bulk_run(struct app *app, struct world *w, const struct marks *marks, enum command c);

/* What is gone is no longer marked, and that is said; nothing is once a batch was applied. *applied: the
 * caller's own, of when it looked last. */
void bulk_check_marks(struct app *app, const struct world *w, struct marks *marks, int *applied);

#endif
