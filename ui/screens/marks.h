/* marks - what the operator has marked, for one command on all of it: codes and locks, by number.
 *
 * A mark names a thing, never a row: it stays through a sync, another order, a search. A code that is only
 * in the outbox goes by its intent until the server has taken it. */
#ifndef KEYRACK_UI_MARKS_H
#define KEYRACK_UI_MARKS_H

#include "cache/outbox.h"
#include "ui/command.h"

#define MARKS_MAX 5000 /* more is no choice that anybody has read */
#define MARK_SIGN(ascii) ((ascii) ? "*" : "◆")

/* A lock: only lock_no. A code: code_no, or intent_no where it has no number yet; lock_no is its door. */
struct marked {
	int64_t lock_no, code_no, intent_no;
};
struct marks;

struct marks *marks_new(void);
void marks_free(struct marks *m);
/* False when it is so already. */
bool marks_add(struct marks *m, struct marked what);
bool marks_remove(struct marks *m, struct marked what);
void marks_clear(struct marks *m);
bool marks_has(const struct marks *m, struct marked what);
int marks_count(const struct marks *m);
int marks_locks(const struct marks *m); /* of them, locks */
/* In the order in which they were marked. fn must not change the marks. */
void marks_each(const struct marks *m, void (*fn)(const struct marked *what, void *ctx), void *ctx);
/* Drops what is no longer there; a new code that the server has taken goes by its own number from then
 * on. Returns how many were dropped. */
int marks_refresh(struct marks *m, struct cache *cache);
/* "3 codes and 1 lock marked". Newly allocated; NULL: nothing is. */
char *marks_words(const struct marks *m);

static inline struct marked mark_of_code(const struct code_row *c)
{
	return (struct marked){ c->lock_no, c->code_no, c->code_no ? 0 : c->intent_no };
}

#endif
