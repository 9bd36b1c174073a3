/* rack_rows - the rack's list: locks in order, those unfolded with a row for each of their codes.
 *
 * Of a property with any number of locks only the order is held (a number each). What a visible
 * row needs is fetched when it is drawn and kept for a short while. A place in the list is a lock
 * and a code on it, never a row number: nothing has to be counted, and a sync that re-sorts the
 * list cannot move what a key acts on. */
#ifndef KEYRACK_UI_RACK_ROWS_H
#define KEYRACK_UI_RACK_ROWS_H

#include "cache/doubles.h"
#include "cache/outbox.h"
#include "cache/yield.h"

#define RACK_KEPT_LOCKS 256
#define RACK_CODES_MAX 400 /* of one lock; more are reached by searching */

/* What is known of one lock while it is on the screen. */
struct rack_lock {
	int64_t lock_no;
	struct cache_list *lock_list;
	struct cache_list *codes;     /* struct code_row */
	struct instant until;         /* those that begin later have not been read; INSTANT_MAX: all have */
	GSList *before;               /* codes as they were read before: rows of them may be in use */
	const struct lock_row *row;   /* NULL: gone meanwhile */
	struct instant offline_since;
	struct cache_list *pins;      /* struct pin_holder; NULL: nobody has asked */
	struct cache_list *doubles;   /* struct double_row; as pins */
	bool has_doubles;             /* somebody has asked */
	struct cache_list *opened;    /* its newest unlocking, as pins */
	struct forecast memory;
	bool has_memory;              /* somebody has asked */
	bool found;                   /* a search found it by its codes: only those are here */
	GList *age;                   /* its place in the order of use */
};

struct rack_rows {
	struct cache *cache;
	struct instant now;       /* of the latest load or forget */
	struct instant look;      /* what begins later is out of the picture: see rack_rows_look */
	enum lock_sort sort;
	bool reversed;
	char *find;               /* NULL: all */
	GArray *order;            /* of int64_t lock_no */
	int64_t found;            /* codes, by the search */
	struct cache_yield yield; /* to whoever types on while it searches */
	bool all_unfolded;
	GHashTable *other_way;    /* lock_no: unfolded where the rest is folded, and the reverse */
	enum lock_group group;
	GArray *headings;         /* of struct rack_heading, in order; empty: no groups */
	GHashTable *folded;       /* names of groups that are folded away */
	GHashTable *kept;         /* lock_no -> struct rack_lock */
	GQueue ages;              /* oldest use first */
};

/* A row: code -1 is the lock's own row, PLACE_HEAD the heading over it, the first of its group. */
#define PLACE_HEAD (-2)
struct place {
	int lock;  /* index in order */
	int code;  /* index in its codes, -1, PLACE_HEAD */
};
struct rack_heading {
	const char *name;
	int first, n; /* of order */
	bool folded;
};

void rack_rows_init(struct rack_rows *r, struct cache *cache);
void rack_rows_done(struct rack_rows *r);
/* Reads the order again; what is kept goes. */
bool rack_rows_load(struct rack_rows *r, struct instant now, GError **err);
/* Only what is kept goes: codes changed, not the order. */
void rack_rows_forget(struct rack_rows *r, struct instant now);

/* NULL past either end. Valid until the next but 255 calls for other locks, or a forget. */
struct rack_lock *rack_rows_at(struct rack_rows *r, int lock);
/* The same, of a folded row: of its codes those are there that begin until 'look', the first of the list.
 * Bookings of a year would be read for a lane of a week. */
struct rack_lock *rack_rows_look(struct rack_rows *r, int lock);
bool rack_lock_has_codes(const struct rack_lock *l);
bool rack_rows_is_unfolded(struct rack_rows *r, int lock);
void rack_rows_set_unfolded(struct rack_rows *r, int lock, bool unfolded);
/* As a search ends, the lock of the code that the cursor is on stays open. */
void rack_rows_keep_open(struct rack_rows *r, int64_t lock_no);
void rack_rows_unfold_all(struct rack_rows *r, bool unfolded);

/* Of the group that this lock is in; NULL: there are none. */
const struct rack_heading *rack_rows_heading(const struct rack_rows *r, int lock);
/* Puts the locks of the order under headings (rack_groups.c). */
bool rack_rows_arrange(struct rack_rows *r, GError **err);
void rack_rows_fold_group(struct rack_rows *r, int lock, bool folded);

/* Moves p by n rows, stopping at the ends; gives how far it came. */
int rack_rows_move(struct rack_rows *r, struct place *p, int n);
struct place rack_rows_last(struct rack_rows *r);
/* Rows from a to b, counted no further than max; negative when b lies before a. */
int rack_rows_distance(struct rack_rows *r, struct place a, struct place b, int max);
int rack_rows_find_lock(const struct rack_rows *r, int64_t lock_no); /* -1 */
/* By code_no, or by intent_no for one that is only in the outbox. -1. */
int rack_lock_find_code(const struct rack_lock *l, int64_t code_no, int64_t intent_no);
int rack_lock_codes(const struct rack_lock *l);
const struct code_row *rack_lock_code(const struct rack_lock *l, int i);
/* The code that this one is most easily taken for at its keypad, by number; NULL: none. */
const struct pin_holder *rack_lock_rival(struct rack_rows *r, struct rack_lock *l, const struct code_row *c,
					 enum pin_likeness *how);

#endif
