/* outbox - what the desk has decided and the server has not yet answered.
 *
 * An intent is committed with a full fsync before anybody is told 'queued'. sync carries it out
 * once. States and who moves them:
 *
 *   queued ──sync──► sending ──sync──► accepted     the server said yes
 *     │                 │ └────sync──► refused      the server said no, or it became too late
 *     │                 └──sync──► queued           it provably never arrived; tried again later
 *     └──desk──► withdrawn                          taken back before it left
 *
 * An intent found in 'sending' by a sync that did not send it is a lost answer: it is settled by
 * reading back, never by sending again. Per lock, intents go in the order they were made; only a
 * lock or unlock does not wait for changes to codes that are still queued. */
#ifndef KEYRACK_CACHE_OUTBOX_H
#define KEYRACK_CACHE_OUTBOX_H

#include "cache/cache.h"

enum intent_state {
	INTENT_QUEUED,
	INTENT_SENDING,
	INTENT_ACCEPTED,
	INTENT_REFUSED,
	INTENT_WITHDRAWN,
	INTENT_STATE_COUNT,
};
const char *intent_state_word(enum intent_state s);

/* The kinds, one row each in outbox.c: name, endpoint, whether a repeat is harmless. */
enum intent_kind {
	INTENT_CREATE,          /* /access_codes/create */
	INTENT_UPDATE,          /* /access_codes/update */
	INTENT_DELETE,          /* /access_codes/delete */
	INTENT_PULL_BACKUP,     /* /access_codes/pull_backup_access_code */
	INTENT_ADOPT,           /* /access_codes/unmanaged/convert_to_managed */
	INTENT_DELETE_UNMANAGED,/* /access_codes/unmanaged/delete */
	INTENT_LOCK,            /* /locks/lock_door */
	INTENT_UNLOCK,          /* /locks/unlock_door */
	INTENT_KIND_COUNT,
};
struct intent_kind_info {
	const char *name;   /* "create", as stored */
	const char *path;
	const char *words;  /* "new code", "revoke", ... */
	bool repeatable;    /* doing it twice has the effect of once: update, delete, pull, adopt */
	bool expires;       /* a door must not open an hour later */
};
const struct intent_kind_info *intent_kind_info(enum intent_kind k);

/* How long a revocation waits before it leaves, so that it can be taken back. */
#define INTENT_UNDO_MS (10 * SECOND_MS)
#define INTENT_DOOR_LIFE_MS (60 * SECOND_MS) /* after which lock and unlock are too late */

enum intent_settled { INTENT_BY_ANSWER, INTENT_BY_READING_BACK };

struct intent {
	int64_t intent_no;
	enum intent_kind kind;
	enum intent_state state;
	int64_t lock_no;
	int64_t code_no;          /* 0 for a create until it is accepted */
	const char *device_id;
	const char *access_code_id; /* NULL for create */
	const char *params;       /* JSON object: exactly what the endpoint takes */
	const char *name;         /* of the code, for lists */
	const char *made_by;      /* user of the host */
	const char *common_code_key; /* settles a create's lost answer; NULL otherwise */
	struct instant made_at;
	struct instant expires_at; /* NONE: never */
	struct instant next_try_at;/* NONE: as soon as possible */
	struct instant sent_at;    /* of the latest attempt, by the server's clock */
	int tries;
	int status;               /* HTTP status of the last answer; 0 */
	const char *error_type;
	const char *message;      /* of the last answer, or why it waits */
	const char *validation_errors; /* JSON tree of a refusal; NULL */
	const char *request_id;   /* of the last answer, as the server calls it; NULL */
	int settled_how;          /* enum intent_settled */
	const char *lock_name, *zone; /* of its lock; filled on reading */
	struct instant settled_at; /* accepted, refused or withdrawn; NONE */
	bool dismissed;           /* REFUSED: read by a person and put aside. A create: its code has come */
	/* What must be accepted before this is sent: its intent_no; 0: nothing. Refused or withdrawn, it
	 * takes this along. A change to a code that is itself still an unsent create has access_code_id
	 * NULL: the id (also in params) is filled in when the create is accepted. A revoke that waits
	 * for its replacement, at any door, has its own id; meanwhile its lock's others pass it. */
	int64_t after_no;
	/* The refused one that this asks for anew, as it was or corrected; 0: none. */
	int64_t again_no;
	/* Only for adding: INTENT_UNDO_MS, or 0, at once: what must not wait, a PIN that leaked. */
	int64_t undo_ms;
};

/* Where what is asked for has its hour from; never called: the system's clock. A test's stands still. */
void cache_clock(struct cache *c, struct instant (*clock)(void));
/* Desk: commits with a full fsync. Returns intent_no, 0 with err. made_at, state are set here. */
int64_t outbox_add(struct cache *c, const struct intent *in, GError **err);
/* Several that belong together (one code on three doors): all or none. */
bool outbox_add_all(struct cache *c, struct intent *in, size_t n, GError **err);
/* Desk: only from queued (never sent). NOT_FOUND or BUSY (it has left). */
bool outbox_withdraw(struct cache *c, int64_t intent_no, GError **err);
/* Desk: a refused one that was read and dealt with leaves the list (state stays refused). */
bool outbox_dismiss(struct cache *c, int64_t intent_no, GError **err);

/* ---- looking: outbox_find.c ---- */

/* What is shown of it. */
enum outbox_show {
	OUTBOX_ALL,      /* what was refused and not put aside first, then the newest */
	OUTBOX_WAITING,  /* on its way, then queued */
	OUTBOX_REFUSED,  /* and not put aside */
	OUTBOX_ACCEPTED,
	OUTBOX_ASIDE,    /* withdrawn; refused and put aside */
	OUTBOX_SHOW_COUNT,
};
/* A place in that order, between two intents; {0} is the beginning. */
struct outbox_place {
	int part;          /* of those that a show consists of */
	int64_t intent_no; /* smaller ones come after it; 0: where the part begins, -1: where it ends */
};
struct outbox_query {
	enum outbox_show show;
	const char *find;           /* words as typed, all of which must fit: whose, where, what, who asked, how it
				       stands, its number; NULL: anything */
	const char *access_code_id; /* only about this code; NULL: any */
	int64_t lock_no;            /* only about this lock, row by row as words are; 0: any */
	int64_t intent_no;          /* only this one, and what comes directly after it; 0: any */
	struct outbox_place from;
	bool up;                    /* towards the beginning: rows come the other way round */
	int limit;                  /* 0: 100 */
	int look;                   /* at so many at least before giving up; 0: until the end */
};
struct outbox_found {
	struct outbox_place next;   /* where to go on */
	bool end;                   /* there are no more this way */
};
/* struct intent. What it costs does not depend on how many there are, only on limit and look. */
struct cache_list *outbox_find(struct cache *c, const struct outbox_query *q, struct outbox_found *found,
			       GError **err);
/* The end of that order, to look up from. */
struct outbox_place outbox_end(enum outbox_show show);
/* The place before this intent. False: it is not in what is shown. */
bool outbox_place_of(const struct outbox_query *q, const struct intent *in, struct outbox_place *place);
bool outbox_fits(const struct outbox_query *q, const struct intent *in);
/* How many there are of each: enum outbox_show. */
bool outbox_count(struct cache *c, int64_t n[OUTBOX_SHOW_COUNT], GError **err);
/* What waits, or waited, for this one to be accepted. Oldest first. struct intent. */
struct cache_list *outbox_after(struct cache *c, int64_t intent_no, int limit, GError **err);

/* From now on nothing that somebody at the desk wishes is written, neither to the outbox nor to what the desk keeps for
 * itself: REFUSED. What is only noted of them still is. */
void cache_shut(struct cache *c, bool shut);

/* ---- asking again: outbox_again.c ---- */

/* Why this one cannot be asked for anew as it is; borrowed, NULL: it can. */
const char *outbox_why_not_resend(const struct intent *in, struct instant now);
/* The desk: a refused one is asked for anew, as it was, with the same key, so that whoever made it knows it
 * again; the refused one is dismissed. What was to come first comes first again, and must have been asked for
 * anew before. Returns the new intent_no, 0 with err (USAGE: why not). */
int64_t outbox_resend(struct cache *c, int64_t intent_no, const char *made_by, struct instant now, GError **err);
/* The number of the latest that asks anew for this refused one; 0: none does. */
int64_t outbox_again_as(struct cache *c, int64_t intent_no);

/* The PIN that it asks for; NULL: none, or the server chooses. Newly allocated. */
char *intent_pin(const struct intent *in);
/* Waits only so that it can be taken back: it was never sent, and next_try_at is its hour. */
bool intent_is_held(const struct intent *in);
/* When the last of those leaves; NONE: there are none. */
struct instant outbox_held_until(struct cache *c, struct instant now);

struct cache_list *outbox_get(struct cache *c, int64_t intent_no, GError **err); /* struct intent */
/* states: bits 1 << enum intent_state, 0: all. Newest first. struct intent. */
struct cache_list *outbox_list(struct cache *c, unsigned states, int limit, GError **err);

/* What was asked for about this code, refused and dismissed ones too. Newest first. struct intent. */
struct cache_list *outbox_of_code(struct cache *c, const char *access_code_id, int limit, GError **err);

/* sync: those that may be sent now: the oldest unfinished of each lock, due, and not being sent
 * or settled by this process. Intents in 'sending' come too: they must be settled, and are claimed
 * by outbox_settling. What is too late is refused first. struct intent. */
struct cache_list *outbox_due(struct cache *c, struct instant now, int limit, GError **err);
/* The next moment at which outbox_due may give more than it does now; NONE: no such. */
struct instant outbox_next_due(struct cache *c, struct instant now);

/* The clock was set, or nobody has watched it: until when somebody waits to try again says nothing any more, and
 * they are due. */
bool outbox_hurry(struct cache *c, GError **err);

/* Moves are transactions of their own, with a full fsync: within cache_begin they fail. Each fails
 * with BUSY, nothing changed, when the intent is not in the state that the move starts from. */
/* there: by the server's clock, as far as it is known. */
bool outbox_sending(struct cache *c, int64_t intent_no, struct instant now, struct instant there, GError **err);
/* This process settles an intent it found in 'sending': outbox_due leaves it out until a move. */
void outbox_settling(struct cache *c, int64_t intent_no);
bool outbox_accepted(struct cache *c, int64_t intent_no, const char *access_code_id, int status,
		     GError **err);
/* What an answer is called by the server, and whether it was the intent's own: said before the move that it leads
 * to, whose fsync it shares. Only for an intent in 'sending'. */
bool outbox_heard(struct cache *c, int64_t intent_no, const char *request_id, enum intent_settled how,
		  GError **err);
/* Beside an acceptance: 'not confirmed by the device'. */
bool outbox_note(struct cache *c, int64_t intent_no, const char *message, GError **err);
bool outbox_refused(struct cache *c, int64_t intent_no, int status, const char *error_type,
		    const char *message, const char *validation_errors, GError **err);
/* Back to queued: it provably did not arrive. why is shown. */
bool outbox_again(struct cache *c, int64_t intent_no, struct instant next_try_at, const char *why,
		  GError **err);
/* Still in doubt: stays 'sending', settled again at next_try_at. */
bool outbox_doubt(struct cache *c, int64_t intent_no, struct instant next_try_at, const char *why,
		  GError **err);

#endif
