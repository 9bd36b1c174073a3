/* seal - the desk was left alone: everything is covered until an operator's PIN.
 *
 * What lies under it goes on as it was: half-typed forms, the cursor, the copy that sync keeps. Who
 * unlocks it is from then on the operator of whatever is asked for. */
#ifndef KEYRACK_UI_SEAL_H
#define KEYRACK_UI_SEAL_H

#include "ui/app_core.h"

/* False, with what to do in a message: nobody could unlock it. */
bool seal_begin(struct app *app);
/* At the start: where operators have roles, the desk begins locked, since nobody has said yet who they are. In the line
 * mode, where nobody can, it is only looked at. A file that cannot be read may have roles in it. */
void seal_begin_by_role(struct app *app);
/* Asks for an operator's PIN before yes(ctx) is done, over the same cover; Esc leaves it undone. False: nobody
 * has one here, and nothing is asked. A desk that is locked meanwhile forgets the question. */
bool seal_ask(struct app *app, const char *question, void (*yes)(struct app *app, void *ctx), void *ctx);
bool seal_is_locked(const struct app *app); /* and not only asked */
void seal_ask_no_more(struct app *app, const void *ctx); /* ctx goes */
void seal_free(struct seal *seal);
/* Every key is its own; what would leave the program is only where the desk may be left. */
void seal_key(struct app *app, const struct key *k);
void seal_draw(struct app *app, struct grid *g, struct rect area);

#endif
