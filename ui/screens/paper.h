/* paper - plain text for a person, to a file that the operator names or to the printer. */
#ifndef KEYRACK_UI_PAPER_H
#define KEYRACK_UI_PAPER_H

#include "ui/screens/screen.h"

/* what: "walk list"; name: the file that is offered, in the operator's home. Takes text. */
void paper_ask(struct app *app, const char *what, const char *name, char *text);
/* Straight to the printer; where this computer has none the file is asked for. Takes text. True: it is
 * being printed. */
bool paper_print(struct app *app, const char *what, const char *name, char *text);
/* A file's name as typed: ~ and what is relative are of the operator's home. Newly allocated. */
char *paper_path(const char *typed);

#endif
