/* words - rows of the cache in words, where a table and a detail view say the same. */
#ifndef KEYRACK_CLI_WORDS_H
#define KEYRACK_CLI_WORDS_H

#include "cache/outbox.h"
#include "cli/cli.h"

/* "set", "to come", "trouble: The lock's memory is full", "queued change". Newly allocated. */
char *words_of_code(struct cli *cli, const struct code_row *row);
/* A problem's words, its message where it is not known. Borrowed. */
const char *words_of_issue(const struct issue_row *issue);

/* "Anna Berg", "~Anna Berg" for a conclusion, "unknown"; as on the screen. Newly allocated. */
char *words_of_who(const struct event_row *row);
/* "keypad", "keypad, inferred", or why nobody is known. Newly allocated. */
char *words_of_how(const struct event_row *row);
/* "unlocked", the event's type where it has no words. Borrowed. */
const char *words_of_event(const struct event_row *row);

/* "new code 'Anna Berg' on 101 Garden". Newly allocated. */
char *words_of_intent(const struct intent *in);
/* What came of an intent: the server's message, and each validation error on a line. */
char *words_of_answer(const struct intent *in);

#endif
