/* journal - who did what at this desk, newest first: the desk's own acts, and between them what was asked of the
 * server and what came of it.
 *
 * Read in pages from either number down, so that a page costs what it shows however long the desk has been
 * in use. */
#ifndef KEYRACK_CACHE_JOURNAL_H
#define KEYRACK_CACHE_JOURNAL_H

#include "cache/outbox.h"

/* Where a page begins: below these numbers. */
struct journal_key {
	int64_t act_no, intent_no;
};
#define JOURNAL_NEWEST ((struct journal_key){ INT64_MAX, INT64_MAX })

struct journal_row {
	struct instant at;
	const char *by;
	int64_t act_no;      /* 0: an intent */
	const char *act, *about;
	int64_t intent_no;   /* 0: an act */
	enum intent_kind kind;
	enum intent_state state;
	const char *name, *lock_name, *message;
};
/* At most limit struct journal_row from *from on, which moves behind them; fewer: there are no more. */
struct cache_list *journal_page(struct cache *c, struct journal_key *from, int limit, GError **err);

/* What was done, and about what, in the operator's language: "slip printed: Anna Berg, 101 Garden, 1 PIN".
 * Newly allocated. */
char *journal_words(const struct journal_row *r);
/* Does each of the words (folded, parted by blanks) stand in who or what? "" fits all. */
bool journal_fits(const struct journal_row *r, const char *folded);

#endif
