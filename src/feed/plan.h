/* plan - what a source's reservations mean for the locks: issue, change, revoke, leave, or a reason.
 *
 * It is made of the rows, the outbox's memory of what was made from each, and the codes as they are now;
 * nothing is written. What it says is a batch: applied as shown, or not at all. The rules:
 *
 *   a stay that is new gets a code at each of its doors, one PIN for all of them where they take one
 *   one that moved keeps its PIN; a window that somebody changed here by hand is left as it is
 *   one that was cancelled or is gone is revoked only before it begins, never inside the stay
 *   a code that was revoked by hand is not made again
 *   so many that go at once that the list itself is in doubt are held until somebody has looked */
#ifndef KEYRACK_FEED_PLAN_H
#define KEYRACK_FEED_PLAN_H

#include "cache/batch.h"
#include "cache/feeds.h"
#include "core/profile_feed.h"
#include "core/zone.h"

struct plan_rule {
	const char *source;
	const char *room, *doors;  /* as of struct feed_profile; NULL */
	bool pin_from_phone;
	const struct zone *zone;
	struct instant now;
};

enum plan_answer { PLAN_ACCEPTED, PLAN_UNCHANGED, PLAN_REFUSED, PLAN_ANSWER_COUNT };
const char *plan_answer_word(enum plan_answer a); /* "accepted": for programs */

struct plan_row {
	const struct feed_row *row;
	enum plan_answer answer;
	enum batch_sign sign;
	enum feed_fix fix;      /* what Enter asks for; FEED_FIX_NONE */
	char *guest, *doors;    /* as they are meant: the desk's word before the source's */
	char *words;            /* what is done and how, or why not */
};
struct plan {
	struct batch *batch;
	GPtrArray *rows;        /* of struct plan_row *, by start, as the feed's rows are */
	int answers[PLAN_ANSWER_COUNT]; /* of what the source has now: they add up to it */
	int known, vanished;    /* stays to come that have a code; those of them that are to lose it */
};

/* rows: list of struct feed_row, which must outlive the plan. */
struct plan *plan_make(struct cache *c, const struct cache_list *rows, const struct plan_rule *rule, GError **err);
void plan_free(struct plan *p);
struct batch *plan_take_batch(struct plan *p); /* the rest of it is freed */
DEFINE_OWN(struct plan, plan, plan_free)

/* What the source has now over what it had before: a list of struct feed_row for plan_make, of strings
 * lent by both. stored NULL: nothing. partial: what is missing now is not gone. */
struct cache_list *plan_merge(const GArray *reservations, const struct cache_list *stored, bool partial);

/* The rule of a source: its feed's, where the profile has one of that name. */
struct plan_rule plan_rule_of(const char *source, const struct feed_profile *feed, const struct zone *zone,
			      struct instant now);
/* From now on the plan's batch is applied only while the source, as it is stored, still means the same for the
 * locks. The rule's words are copied; now is asked each time, and outlives the batch. */
void plan_hold(struct plan *p, struct cache *c, const struct plan_rule *rule, const struct instant *now);
/* Takes out what is not to be done without asking. False: nothing is left. */
bool plan_keep_auto(struct batch *b, enum feed_auto what);

#endif
