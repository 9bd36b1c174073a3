/* actions - what can be done to a code or a door from any screen: revoke, backup, adopt, lock,
 * unlock, withdraw. Each says why when it cannot be done, asks where a person might regret it,
 * and puts an intent into the outbox. */
#ifndef KEYRACK_UI_ACTIONS_H
#define KEYRACK_UI_ACTIONS_H

#include "ui/screens/screen.h"

#define PIN_SHOWN_MS 10000
/* Into the desk's journal: who looked; door NULL: at many. Not in read-only mode. */
void action_pin_shown(const struct world *w, const char *whose, const char *door);

/* Runs c on that code (NULL: nothing chosen) or its lock. True when c is one of these actions. */
bool action_run(struct app *app, struct world *w, enum command c, int64_t lock_no,
		const struct code_row *code);
/* The spare that was pulled for this code: a list of one struct code_row; NULL: none was, or it has not been
 * heard of yet. */
struct cache_list *action_spare(struct world *w, const struct access_code *ac);
/* The PIN to give: the spare's where one was pulled, else own. *spare says which. Newly allocated; NULL: not
 * known. */
char *action_pin(struct world *w, const struct access_code *ac, const char *own, bool *spare);
/* The spare that was pulled for this code, its window and how it stands: "from ... to ..., set".
 * Newly allocated; NULL: none was pulled, or it has not been heard of yet. */
char *action_backup_words(struct world *w, const struct code_row *code);
/* "PIN 4821". Where a spare was pulled its PIN is the one to give: "backup 1369". own: the code's PIN,
 * NULL not known. Newly allocated. */
char *action_pin_words(struct world *w, const struct code_row *code, const char *own, bool shown, bool ascii);
/* Why this code cannot be changed from here; borrowed, NULL: it can. */
const char *action_why_not_edit(const struct code_row *c);
void action_withdraw(struct app *app, struct world *w, const struct intent *in);

#endif
