/* pace - how long to wait before the server is asked again. Pure: no clock, no randomness.
 *
 * Two seconds while somebody looks on, up to ten when nobody does; twice as long whenever the
 * server says that it is too much, coming back slowly; and 1, 2, 4 .. 60 seconds while it is
 * away (at most 15 with a console), spread a little so that many syncs do not return as one. */
#ifndef KEYRACK_SYNC_PACE_H
#define KEYRACK_SYNC_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_BASE_MS      2000  /* where the profile says nothing */
#define PACE_BASE_MIN_MS  250   /* nobody may ask more often */
#define PACE_IDLE_MAX_MS  10000 /* nobody looks on */
#define PACE_LIMIT_MAX_MS 60000
#define PACE_ERROR_MAX_MS 60000
#define PACE_WATCHED_MAX_MS 15000 /* away, and somebody waits before a console */
#define PACE_NO_ACCESS_MS 60000 /* only a person can mend it */
#define PACE_DISK_MS      30000
#define PACE_REST_MS      60000  /* so long a rest that a server asks for is kept at first */
#define PACE_REST_MAX_MS  900000 /* and so long in the end: a year in Retry-After is no year */

enum pace_outcome {
	PACE_OK,        /* answered well */
	PACE_LIMITED,   /* 429 */
	PACE_AWAY,      /* not reached, or no sense in the answer */
	PACE_NO_ACCESS, /* 401 */
	PACE_DISK,      /* our own disk */
	PACE_OUTCOME_COUNT,
};

struct pace {
	int base_ms;
	int interval_ms; /* of polls while all is well: what the status shows */
	int failures;    /* in a row: away, or limited */
};

struct pace_input {
	enum pace_outcome outcome;
	int64_t retry_after_ms; /* 0: not said */
	bool watched;           /* a console is connected */
	uint32_t dice;          /* any number: the spread of a back-off */
};

void pace_init(struct pace *p, int base_ms);
/* The wait in ms until the next try; updates p. */
int pace_next(struct pace *p, const struct pace_input *in);
/* Somebody came to look: back to the base (but not while the server limits us). */
void pace_wake(struct pace *p);
/* How much of the rest that a server asks for is kept, the 'times'th time in a row: 1, 2, 4 .. 15 minutes. What
 * somebody asked for would wait along, and they cannot see whether the server meant it. */
int pace_rest(int64_t asked_ms, int times);
/* The wait after something failed for the 'tries'th time: 1, 2, 4 .. 60 s, give or take 20 %. */
int pace_backoff(int tries, uint32_t dice);

#endif
