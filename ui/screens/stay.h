/* stay - the codes that belong to one guest's stay: what is done to one door says what becomes of the
 * others. */
#ifndef KEYRACK_UI_STAY_H
#define KEYRACK_UI_STAY_H

#include "ui/screens/screen.h"

enum { STAY_DOORS_MAX = 21 };

struct stay {
	const struct code_row *at[STAY_DOORS_MAX]; /* the one that was asked for first */
	size_t n;                                  /* 0: it is gone */
	struct cache_list *own, *others;
};

/* Whoever has the same name and shares the PIN, the desk's key or the window; managed ones that have
 * not ended. */
void stay_read(struct stay *s, struct world *w, int64_t code_no);
void stay_done(struct stay *s);
/* Pure: two codes of one name, of one stay? */
bool stay_same(const struct access_code *a, const struct access_code *b);
/* "Gym, Pool gate": the doors but the first. Newly allocated; NULL: there is one. */
char *stay_other_doors(const struct stay *s);

#endif
