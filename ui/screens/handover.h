/* handover - what the next shift must know, made from data, and what people add to it.
 *
 * handover_list.c makes the lines, handover.c is the screen. */
#ifndef KEYRACK_UI_HANDOVER_H
#define KEYRACK_UI_HANDOVER_H

#include "cache/shift.h"
#include "ui/screens/page.h"

/* What a line is about: for opening it, or for saying that a note is dealt with. */
struct handover_target {
	int64_t lock_no, code_no, note_no;
	bool outbox;
};
/* Fills the page; targets (struct handover_target) by ref - 1. since: the last handover; NONE. Returns how
 * many things are open. */
int handover_list(const struct world *w, struct instant since, struct page *page, GArray *targets);
/* The same as plain text, for keeping. Newly allocated. */
char *handover_text(const struct page *page);
/* "told 204 we extend to 13:00 @ 13:00": the words, and when it is due, or NONE. False with err where what
 * follows the last '@' is no time. */
bool handover_parse_note(const char *typed, const struct world *w, char **text, struct instant *due, GError **err);

#endif
