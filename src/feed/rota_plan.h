/* rota_plan - what a rota asks for now: one code a door at a time, that of its next window.
 *
 * PINs are unique on a lock whatever the windows, and a server forgets a code after its end. So the next
 * code of a rota is made as soon as the one before has gone, with the same PIN; never two. What was made is
 * the outbox's to know, by the rota's mark in common_code_key, so the same moment twice makes nothing
 * twice, whoever asks: the console when a rota is made, sync ever after.
 *
 * Somebody who changes or removes one of its codes by hand is right until that window is over. */
#ifndef KEYRACK_FEED_ROTA_PLAN_H
#define KEYRACK_FEED_ROTA_PLAN_H

#include "cache/batch.h"
#include "cache/rotas.h"
#include "feed/plan_parts.h"

/* ---- rota_decide.c: pure ---- */

enum rota_do {
	ROTA_REST,     /* all is as it should be, or somebody else is at it */
	ROTA_MAKE,
	ROTA_CHANGE,   /* window, name or PIN of the code that is there */
	ROTA_REMOVE,
	ROTA_WITHDRAW, /* its create, which has not left: it is for another window */
	ROTA_DO_COUNT,
};
/* What there is at one door. Instants as asked for last, and as the code has them now. */
struct rota_seen {
	enum held_is is;
	bool open;              /* its create has not been answered */
	struct rota_window asked, has; /* has.until NONE: there is no code in the cache */
	const char *asked_pin, *has_pin, *asked_name, *has_name;
};
struct rota_step {
	enum rota_do act;
	struct rota_window window; /* for MAKE and CHANGE: to be; for REST: the one that is next; from NONE: none */
	const char *why;           /* static: N_() words for a person */
	const char *learn_pin;     /* somebody gave the code another PIN: it is the rota's at this door now */
};
/* pin: what it is to be there; NULL: not chosen. wanted: the door is the rota's. */
struct rota_step rota_decide(const struct rota *r, bool wanted, const char *pin, const struct zone *z,
			     const struct rota_seen *seen, struct instant now);

/* ---- rota_plan.c ---- */

struct rota_at { /* one door of it */
	int64_t lock_no;         /* 0: the lock is gone */
	char *door;
	const struct zone *zone;
	enum batch_sign sign;
	char *words;             /* what is done, why not, or how it is */
	struct rota_window next; /* from NONE: none */
	int64_t code_no, intent_no; /* the one that is there; its create, while it is on its way; 0 */
};
struct rota_plan {
	GPtrArray *at;           /* of struct rota_at *, by door */
	struct batch *batch;
	GArray *withdraw;        /* int64_t intent_no */
	struct instant again;    /* when there will be something to do by itself; NONE */
};
void rota_plan_free(struct rota_plan *p);
DEFINE_OWN(struct rota_plan, rota_plan, rota_plan_free)

/* Writes nothing, but for the PIN that it has chosen for the rota. here: the zone of doors that say none. */
struct rota_plan *rota_plan_make(struct cache *c, const struct rota *r, const struct zone *here, struct instant now,
				 GError **err);
/* What the plan says, in the outbox. How many intents were made or withdrawn; -1 with err. */
int rota_plan_apply(struct cache *c, const struct rota_plan *p, const struct rota *r, struct instant now, GError **err);
/* The same of one rota by its number, read, planned and applied; what sync is at just now, it does. */
bool rota_carry_out(struct cache *c, int64_t rota_no, const struct zone *here, struct instant now, GError **err);
/* Every rota, and those that ended lately. *again as above. How many intents; -1 with err. */
int rota_keep_all(struct cache *c, const struct zone *here, struct instant now, struct instant *again, GError **err);

/* Why no rota can be kept on that lock, in words; NULL: it can. */
const char *rota_why_not(const struct lock *lock);
/* One that all these locks take and nobody there has. False: none fits all of them. */
bool rota_choose_pin(struct cache *c, const GArray *lock_nos, struct instant now, char pin[static PIN_MAX + 1]);

#endif
