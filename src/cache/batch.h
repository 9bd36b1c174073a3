/* batch - changes to more than one code or more than one door: seen first, then made, all of them.
 *
 * A maker (several marked at once, a leaked PIN, a room move, an import, a restored export) fills a batch
 * from the cache; a screen or a command shows it: + issue, ~ change, - revoke, ! blocked, = nothing to
 * do; batch_apply puts exactly what was shown into the outbox, in one transaction, or refuses because
 * something it was made from has changed. Nothing else in the program makes several intents at once
 * that were not typed as one (a new code on three doors is one).
 *
 * A batch owns all its words. It makes no decisions: what a row means was decided by its maker. */
#ifndef KEYRACK_CACHE_BATCH_H
#define KEYRACK_CACHE_BATCH_H

#include "cache/outbox.h"

enum batch_sign {
	BATCH_ISSUE,   /* + */
	BATCH_CHANGE,  /* ~ */
	BATCH_REVOKE,  /* - */
	BATCH_BLOCKED, /* ! cannot be done: words say why */
	BATCH_SAME,    /* = is so already */
	BATCH_SIGN_COUNT,
};

/* Why a batch is not applied without being looked at row by row. */
#define BATCH_VANISH_SHARE 0.2 /* of a feed's stays to come; more that vanish at once is no everyday change */
#define BATCH_VANISH_MIN   3   /* below that many a share says nothing */

struct batch_row {
	enum batch_sign sign;
	bool left_out;       /* taken out by the operator: not applied */
	int64_t lock_no, code_no; /* 0: none */
	char *name, *door;   /* whose, where: for the list */
	char *words;         /* what happens, or why not: "until Tue 11:00 (was Mon 11:00)" */
	struct instant starts_at, ends_at; /* as they will be; INSTANT_NONE where open or not said */
	/* What is put into the outbox; not used for BLOCKED and SAME. Texts are the batch's. */
	enum intent_kind kind;
	char *access_code_id, *params, *common_code_key;
	/* The code as it was when the batch was made (batch_fingerprint); NULL: there was none. */
	char *seen;
	/* Index of the row that must be accepted first (a revoke after its replacement); -1. */
	int after;
};

struct batch {
	char *title;         /* "Revoke 4 codes", "PIN seen outside" */
	char *source;        /* a feed, a file: what a clerk would look for; NULL */
	GPtrArray *rows;     /* of struct batch_row *, owned */
	/* A security matter: its revocations leave now. Else those that wait for no replacement can be
	 * undone for ten seconds. */
	bool at_once;
	/* An intent with the common_code_key of one of its rows is there already: BUSY, somebody made it at the
	 * same moment. */
	bool once;
	/* Applied only while 'again' makes the same rows: else BUSY. For what no code's fingerprint shows: a code more,
	 * a list that was read anew, the same list at the same moment. */
	bool strict;
	char *about;         /* what somebody should know of the whole; NULL */
	char *act;           /* what the desk's journal calls it once it is applied; NULL: the outbox says enough */
	bool show_made;      /* the rack goes on to what its first row makes: a guest who has moved */
	char *pin_seen;      /* once it is applied no rota uses this PIN again; NULL */
	char *guard;         /* why it needs a typed word before it is applied; NULL: a is enough */
	/* Makes the same batch of today's cache, when the world has moved; NULL: it cannot be. */
	struct batch *(*again)(void *ctx);
	void *again_ctx;
	GDestroyNotify again_free;
};

struct batch *batch_new(const char *title, const char *source);
void batch_free(struct batch *b);
DEFINE_OWN(struct batch, batch, batch_free)

/* A row with its sign, nothing else set; the batch's. */
struct batch_row *batch_add(struct batch *b, enum batch_sign sign);
/* A row about a code as the cache has it: lock, name, door, id and fingerprint filled in. */
struct batch_row *batch_add_code(struct batch *b, enum batch_sign sign, const struct code_row *c);
/* {"access_code_id": ...}: all that delete, adopt and their like take. Newly allocated. */
char *batch_code_params(const char *access_code_id);
int batch_count(const struct batch *b, enum batch_sign sign); /* without those left out */
/* Is it put into the outbox by batch_apply? Not when it is left out, BLOCKED or SAME, nor when what it
 * is to come after is left out or blocked: nothing is revoked whose replacement is not asked for. */
bool batch_applies(const struct batch *b, guint row);
int batch_doors(const struct batch *b); /* how many doors are written to */
/* The number that somebody types who has read the guard: of the codes revoked, else of all changes. */
int batch_guard_number(const struct batch *b);
/* A new one by again, which moves over; what was left out in b is left out in it. NULL: there is none. */
struct batch *batch_make_again(struct batch *b);
/* Of a strict one, within the transaction that applies it. False: *moved is the first row that is not made again as
 * it was shown, or that gives away a PIN that is taken by now; or err. */
bool batch_still_so(const struct batch *b, struct cache *c, struct instant now, const struct batch_row **moved,
		    GError **err);

/* Why what a feed or file makes vanish at once is no everyday change; NULL: it is one. known: the stays
 * to come that it had. Newly allocated. */
char *batch_guard(const char *source, int known, int vanished);

/* What of a code must not have changed: window, PIN, name, state of management, whether it is there, what
 * the outbox is about to do to it. Not its errors. Newly allocated; no PIN can be read from it, and it
 * means something to this process only. */
char *batch_fingerprint(const struct code_row *c);

/* Commits all rows that are not left out, BLOCKED or SAME, with one fsync. KEYRACK_ERROR_BUSY, nothing
 * committed, when a code is no longer as 'seen' (the message names the first); KEYRACK_ERROR_USAGE when
 * there is nothing to apply. intents: the intent_no of each (GArray of int64_t), may be NULL. */
bool batch_apply(struct cache *c, struct batch *b, const char *made_by, struct instant now, GArray *intents,
		 GError **err);

#endif
