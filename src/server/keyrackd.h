/* keyrackd - what the files behind routes_keyrackd.c share. */
#ifndef KEYRACK_SERVER_KEYRACKD_H
#define KEYRACK_SERVER_KEYRACKD_H

#include "core/zone.h"
#include "server/inside.h"

route_handler keyrackd_explain, keyrackd_history, keyrackd_health, keyrackd_metrics;

/* How long the engine may be late before it counts as ill; in seconds of the system's clock. */
#define BEHIND_MAX_S 180
/* How late the code is that has been due for longest, in seconds of the system's clock. */
int64_t keyrackd_lag_s(struct server *s);

/* ---- explain_words.c: one code as somebody at a desk asks about it ---- */
struct matter {
	const struct store_code *code;
	const char *door;         /* as people call it */
	const struct zone *zone;  /* of the door */
	bool closed;
	struct outlook outlook;   /* not of a closed one */
	const char *lock_said;    /* the lock's own words, when it last failed; NULL */
	struct instant now;
};
/* Why it is so, and what comes next: sentences with the door's name and its own time of day. */
char *explain_words(const struct matter *m);
char *explain_next(const struct matter *m);

/* ---- explain.c: what an answer to 'explain' and the object of a code have in common ---- */
/* The member "next"; null of a closed code. */
void keyrackd_put_next(GString *out, const struct matter *m);
/* The door's name and zone from the rows of its device, which may be none. */
void keyrackd_find_door(struct matter *m, const struct store_list *devices);

#endif
