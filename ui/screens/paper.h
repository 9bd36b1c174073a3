/* paper - plain text for a person, to a file that the operator names or to the printer.
 *
 * Every screen that puts something on paper goes this way: the kinds are rows of a table in paper.c, the
 * desk's journal is told before anything leaves, and a printer is never waited for. On a kiosk there are no
 * files, and print only where the profile says 'kiosk-print'. */
#ifndef KEYRACK_UI_PAPER_H
#define KEYRACK_UI_PAPER_H

#include "ui/screens/screen.h"

enum paper_kind { PAPER_WALK_LIST, PAPER_EVENTS, PAPER_SLIP, PAPER_SHEET, PAPER_KIND_COUNT };

/* Each takes text, and wipes it when it is gone. about: what the journal says of it, without a PIN; NULL. */
/* To a file, whose name is asked for; 'lp' instead of a name prints it. On a kiosk it is printed. */
void paper_ask(struct app *app, enum paper_kind kind, char *text, const char *about);
/* Straight to the printer; where this computer has no lp a file is asked for. */
void paper_print(struct app *app, enum paper_kind kind, char *text, const char *about);
/* A file's name as typed: ~ and what is relative are of the operator's home. Newly allocated. */
char *paper_path(const char *typed);

#endif
