/* tour - five minutes of what can be done, with the real keys, on the demo's house.
 *
 * It lies under every screen and covers none: it takes its rows from them. Each step says what to do
 * next and waits until that was done, whichever way it was done. What the steps are is a table
 * (tour_steps.c); since they make codes and open doors, it runs on the demo alone. */
#ifndef KEYRACK_UI_TOUR_H
#define KEYRACK_UI_TOUR_H

#include "ui/app_core.h"

/* Begins it, or ends it where it is under way. Where it cannot run it says so in a message. */
void tour_toggle(struct app *app);
/* Why it does not run here; borrowed, NULL: it does. */
const char *tour_why_not(const struct app *app);
/* Leaves a step out; after the last one it ends. */
void tour_next(struct app *app);
void tour_free(struct tour *t);

/* Ctrl-T, also while something is typed or asked. True: the key was the tour's. */
bool tour_key(struct app *app, const struct key *k);
/* What the operator has done: a command that did something, intents that are in the outbox. */
void tour_ran(struct app *app, enum command c);
void tour_made(struct app *app, const int64_t *intents, size_t n);
/* After a key or a change: is the step done? */
void tour_look(struct app *app);

/* How many rows of a window so high and wide it takes; 0: there is none. */
int tour_rows(const struct app *app, int rows, int cols);
void tour_draw(struct app *app, struct grid *g, struct rect area);

#endif
