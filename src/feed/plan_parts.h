/* plan_parts - what the plan's files share. */
#ifndef KEYRACK_FEED_PLAN_PARTS_H
#define KEYRACK_FEED_PLAN_PARTS_H

#include "core/draft.h"
#include "core/pin.h"
#include "feed/doors.h"
#include "feed/plan.h"

/* What was made at one door for a reservation, as the outbox and the cache tell it. */
enum held_is {
	HELD_NOTHING,
	HELD_QUEUED,     /* its create has not been answered, or not been pulled */
	HELD_LIVE,
	HELD_CHANGING,   /* somebody's change is on its way */
	HELD_LEAVING,    /* being revoked */
	HELD_GONE,       /* revoked or deleted, and not by its feed */
	HELD_TAKEN_BACK, /* the create was withdrawn here */
	HELD_REFUSED,    /* what was asked for last was refused, and nobody has put that aside */
};
struct issued {
	const char *device_id;
	int64_t lock_no;
	enum held_is is;
	struct instant starts_at, ends_at; /* as it was imported last */
	const char *name, *pin;            /* the same; pin NULL: not said */
	int64_t intent_no;                 /* its create, while it has not been answered; 0 */
	const char *message;               /* of a refusal */
	const char *key;                   /* of its create */
	int64_t made_no;                   /* the intent of its create */
	struct cache_list *list;           /* one struct code_row, where there is a code */
};
#define held_code(h) ((h)->list ? cache_list_at((h)->list, struct code_row, 0) : NULL)

/* GArray of struct issued, one for each door ever; owns their lists. */
GArray *held_read(struct cache *c, const char *mark, struct instant now, GError **err);
bool held_has_code(const struct issued *h); /* one that is there or on its way */
/* What was made at another door because its guest moved there from this one; NULL: nobody moved away. */
const struct issued *held_moved_to(const GArray *all, const char *device_id);

/* A lock and its codes as they will be once the plan is applied. */
struct plan_door {
	const struct feed_lock *lock;
	struct cache_list *row;    /* one struct lock_row */
	struct cache_list *codes;  /* struct code_row: revoked ones taken out, changed ones moved, new ones in */
	GPtrArray *near;           /* PINs at this door: what a slip of the finger must not open */
};
#define plan_door_lock(d) (&cache_list_at((d)->row, struct lock_row, 0)->lock)

struct planner {
	struct cache *cache;
	const struct plan_rule *rule;
	struct plan *plan;
	struct cache_list *locks;  /* struct feed_lock */
	struct door_book *book;
	GHashTable *doors;         /* lock_no -> struct plan_door */
	GHashTable *pins;          /* all in use, and those of this plan */
	GPtrArray *extra;          /* struct feed_lock *: the rule's own doors */
	char *extra_wrong;         /* why they cannot be; NULL */
};
bool planner_open(struct planner *p, GError **err);
void planner_close(struct planner *p); /* also one that could not be opened */
struct plan_door *planner_door(struct planner *p, const struct feed_lock *lock, GError **err);
const struct feed_lock *planner_lock(const struct planner *p, int64_t lock_no);

/* ---- plan_held.c ---- */

/* One row while it is decided. */
struct deciding {
	struct planner *p;
	const struct feed_row *row;
	struct plan_row *out;
	char *mark;
	GArray *held;
	GPtrArray *doors;   /* const struct feed_lock *: those it opens, its room first */
	guint rooms;        /* so many of them are its room, the others the rule's */
	const char *guest, *phone;
	bool stands;        /* somebody comes, and the row is whole */
	GPtrArray *issue;   /* struct plan_door *: where a code is missing */
};

/* A row of the batch; the reservation says the same, unless it has said something that weighs more. */
/* Of the reservation, whatever its doors. */
void plan_block(struct deciding *d, enum feed_fix fix, const char *words);
void plan_at_code(struct deciding *d, enum batch_sign sign, const struct code_row *code, const char *words);
void plan_at_door(struct deciding *d, enum batch_sign sign, int64_t lock_no, const char *words);
/* A start that has passed is past, whichever it was. */
bool plan_same_window(const struct deciding *d, struct instant from, struct instant until, struct instant other_from,
			struct instant other_until);
bool plan_opens(const struct deciding *d, int64_t lock_no);
/* Every door where something was made before; gone_why: of a stay that does not stand. */
void plan_decide_held(struct deciding *d, const char *gone_why);

/* ---- plan_pin.c ---- */
/* One PIN for all of these doors. *why: what is to be said of it, newly allocated; false: there is none. */
bool plan_choose_pin(struct planner *p, const GPtrArray *doors, const char *phone, const char *same_as,
		     char pin[static PIN_MAX + 1], char **why);

#endif
