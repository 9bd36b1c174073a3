/* locks - the round of a night over every lock, as its own files share it.
 *
 * locks.c has the list and the commands, locks_draw.c the columns and the words below, walk.c the
 * list on paper. Of each lock a few numbers are held; what a row says is read when it is shown. */
#ifndef KEYRACK_UI_LOCKS_H
#define KEYRACK_UI_LOCKS_H

#include "ui/screens/screen.h"

enum locks_column {
	LOCKS_NAME,
	LOCKS_SIGN,
	LOCKS_BATTERY,
	LOCKS_OFFLINE,
	LOCKS_ACCOUNT,
	LOCKS_CLOCK,
	LOCKS_CODES,
	LOCKS_FULL,
	LOCKS_STRAYS,
	LOCKS_SEEN,
	LOCKS_PLACE,
	LOCKS_EVENT,
	LOCKS_BRAND,
	LOCKS_COLUMN_COUNT,
};

/* What a row says, while it is shown. */
struct locks_seen {
	int64_t lock_no;
	struct cache_list *list;     /* one struct lock_row */
	const struct lock_row *row;  /* NULL: gone meanwhile */
	struct cache_list *events;   /* the newest, if any */
	struct forecast memory;
};

struct locks_line {
	int lock; /* index in round */
	bool head; /* the name of the place, over its locks */
};

struct locks {
	struct screen base;
	GArray *round;           /* struct round_row, in floor order; NULL: to be read */
	GArray *lines;           /* struct locks_line, as shown */
	GHashTable *seen;        /* lock_no -> struct locks_seen */
	enum locks_column sort;  /* LOCKS_SIGN: the worst first */
	bool grouped;
	int64_t lock_no;         /* the cursor */
	int at, top, rows, cols; /* the last two of the last frame */
};

static inline struct locks *locks_of(struct screen *s)
{
	return (struct locks *)s;
}

/* locks.c */
void locks_load(struct locks *l);
const struct round_row *locks_row(const struct locks *l, int line); /* NULL past the ends */
struct locks_seen *locks_see(struct locks *l, int64_t lock_no);
/* Locks under one heading have the same: those of a place, or of a room where all are at one place. */
int locks_group(const struct locks *l, const struct round_row *r);
const char *locks_group_name(const struct locks *l, const struct lock *lock);
/* locks_draw.c */
void locks_draw(struct screen *s, struct grid *g, struct rect area);
char *locks_twin(struct screen *s);
/* Shown at this width? Sorting by what nobody sees would be a riddle. */
bool locks_column_shown(enum locks_column c, int cols, bool said);
extern const char *const locks_sort_names[LOCKS_COLUMN_COUNT + 1]; /* as typed; "": not sorted by */
const char *locks_sort_words(enum locks_column c); /* NULL: not to be sorted by */
/* What is wrong with a lock and what helps, the worst first; NULL: nothing. */
char *locks_trouble(struct world *w, const struct round_row *r, const struct lock *lock, bool *loud);
/* walk.c */
char *walk_list(struct locks *l, int *n);

#endif
