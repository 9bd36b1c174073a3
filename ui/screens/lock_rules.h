/* lock_rules - what one lock makes of codes, in words: for its page. */
#ifndef KEYRACK_UI_LOCK_RULES_H
#define KEYRACK_UI_LOCK_RULES_H

#include "ui/screens/page.h"

/* How full its memory is, and when it will be. */
void lock_rules_memory(struct page *p, struct world *w, const struct lock_row *row, const struct zone *z);
void lock_rules_add(struct page *p, struct world *w, const struct lock_row *row, const struct zone *z);

#endif
