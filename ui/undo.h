/* undo - revocations that have been decided and have not left: the line that says so, and taking the
 * last of them back.
 *
 * They lie in the outbox with their hour (cache/outbox.h) and leave whatever becomes of this console;
 * here is only what was done together, and how many seconds are left. */
#ifndef KEYRACK_UI_UNDO_H
#define KEYRACK_UI_UNDO_H

#include "ui/screens/screen.h"

struct undo;
struct undo *undo_new(struct app *app);
void undo_free(struct undo *u);
/* What has just been put into the outbox as one act: those of it that are held can be taken back. True: there are. */
bool undo_note(struct undo *u, const int64_t *intents, size_t n);
/* "Revoking Mueller, J. on 102 Garden in 10 s: Z undoes"; NULL: nothing can be taken back. */
char *undo_words(const struct undo *u);
/* How many there were since the start: who reads the line out says each once. */
unsigned undo_made(const struct undo *u);
/* The last act; then the one before it. */
void undo_last(struct undo *u);
/* A second has passed. The console's own timer, for as long as there is something to count down. */
void undo_tick(struct undo *u);

#endif
