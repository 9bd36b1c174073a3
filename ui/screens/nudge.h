/* nudge - what moving one end of a stay would mean, before it is asked for; pure.
 *
 * Who else has the door in the time that is gained, how long it stays free beside it, what becomes of the
 * PIN, and why it cannot be done. */
#ifndef KEYRACK_UI_NUDGE_H
#define KEYRACK_UI_NUDGE_H

#include "cache/outbox.h"

#define NUDGE_MS (30 * MINUTE_MS)

struct nudge {
	int64_t code_no;               /* 0: nothing is being moved */
	struct instant was_from, was_until;
	struct instant from, until;    /* as it would be */
};
struct nudge_ask {
	const struct nudge *nudge;
	const struct code_row *code;
	const struct lock *lock;
	const struct cache_list *codes; /* of that door: struct code_row */
	const struct zone *zone;        /* the lock's */
	struct instant now;
};

/* Moves the start (else the end) by so many steps. A start does not go before now, nor one that is past to
 * another moment that is; an end not before the start or now. False: nothing moved. */
bool nudge_move(struct nudge *n, bool start, int steps, struct instant now);
/* Why a move of that end by so many steps went no further. Borrowed. */
const char *nudge_limit(const struct nudge *n, bool start, int steps, struct instant now);
bool nudge_is_change(const struct nudge *n);
/* Borrowed; NULL: nothing is against it. */
const char *nudge_refused(const struct nudge_ask *a);
/* "Cleaner has 102 Garden from 12:00 until 14:00": in the time that is gained. Newly allocated, as below;
 * NULL: nobody. */
char *nudge_clash(const struct nudge_ask *a);
/* "free for 1 h 30 m until Cleaner, tomorrow 13:30"; NULL: nobody is near. */
char *nudge_gap(const struct nudge_ask *a);
/* "the PIN stays". Borrowed. */
const char *nudge_pin(const struct nudge_ask *a);
/* "starts 1 h earlier, ends 30 m later". */
char *nudge_by(const struct nudge *n);

#endif
