/* settle - what an answer (or its absence) means for an intent. Pure functions over tables.
 *
 * A lost answer leaves two possibilities, and only the server knows which: it was carried out, or
 * it was not. A create is settled by looking for the code; a kind that may be repeated is sent
 * again; a door is never moved twice. */
#ifndef KEYRACK_SYNC_SETTLE_H
#define KEYRACK_SYNC_SETTLE_H

#include "cache/outbox.h"
#include "core/access_code.h"
#include "wire/client.h"

#define SETTLE_SKEW_MS    (2 * MINUTE_MS) /* between the server's clock and ours */
#define SETTLE_AGAIN_MS   (3 * SECOND_MS) /* between two looks for a code that is not there */
#define SETTLE_LOOKS      2               /* so often not seen: it is provably not there */
#define SETTLE_500_MAX    8               /* a server that breaks on it so often never takes it */

enum settle_step {
	SETTLE_ACCEPT,    /* the server said yes */
	SETTLE_ATTEMPT,   /* it said 'soon': watch the action attempt */
	SETTLE_REFUSE,    /* it said no: the desk decides */
	SETTLE_AGAIN,     /* it provably did nothing: back to queued */
	SETTLE_READ_BACK, /* look for the code of a create */
	SETTLE_REPEAT,    /* in doubt, and sending it again does no harm */
	SETTLE_CHECK_GONE,/* 'no such code' to a delete: see that it is in no list */
	SETTLE_CHECK_MANAGED, /* a repeated adoption was refused: the first may have worked */
	SETTLE_FALLBACK,  /* the server lacks this route and has an older one */
	SETTLE_LOST_DOOR, /* nobody knows whether the door moved */
	SETTLE_LEAVE,     /* we are ending: the next sync settles it */
};

/* The answer's part that decides. */
struct settle_answer {
	enum wire_outcome outcome;
	int status;
	bool has_type; /* an error envelope came: the route exists */
	bool auth;
};

/* tries: how often it was sent, this time included. */
enum settle_step settle_step_of(enum intent_kind kind, const struct settle_answer *a, int tries);
/* What to do with an intent found in 'sending' whose answer nobody waits for. */
enum settle_step settle_step_of_lost(enum intent_kind kind);
/* The older route of a kind; NULL: none. */
const char *settle_fallback_path(enum intent_kind kind);

/* What a create wanted, from its params. */
struct settle_want {
	const char *device_id;
	const char *common_code_key; /* NULL: none was sent */
	const char *name;            /* NULL: none was given */
	const char *pin;             /* NULL: the server was to choose */
	bool offline;                /* such windows are rounded by the maker, by a day at most */
	struct instant starts_at, ends_at; /* NONE: ongoing */
	/* By the server's clock: */
	struct instant made_at;      /* of the intent; not later than the next */
	struct instant sent_at;      /* of the first attempt that may have arrived */
};

/* True when another intent has already been given this code. */
typedef bool settle_claimed(const char *access_code_id, void *ctx);

/* The code among codes that the create made; -1: none of them. *holder (may be NULL) gets the one
 * that holds the wanted PIN and is not ours, -1 for none. */
int settle_find(const struct settle_want *want, const struct access_code *codes, size_t n,
		settle_claimed *claimed, void *ctx, int *holder);

#endif
