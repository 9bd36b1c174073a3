/* dossier - all that the cache knows about one code: what the why and triage screens judge by.
 *
 * Read in one go and owned here; the judging (why_chain.c, why_facts.c) is pure and takes nothing
 * else, so that a test can write a dossier down. */
#ifndef KEYRACK_UI_DOSSIER_H
#define KEYRACK_UI_DOSSIER_H

#include "cache/doubles.h"
#include "ui/screens/screen.h"

/* The rows of a list, or of a test's table. */
#define ROWS_OF(type)                                                                              \
	struct {                                                                                   \
		const type *at;                                                                    \
		size_t n;                                                                          \
	}

struct dossier {
	struct instant now;
	const struct zone *zone;         /* of the lock */
	const struct code_row *code;     /* NULL: it is gone */
	const struct lock_row *lock;     /* NULL: not known */
	ROWS_OF(struct issue_row) issues, lock_issues;
	ROWS_OF(struct event_row) events;      /* that name the code, newest first */
	ROWS_OF(struct event_row) door_events; /* of the lock, what trouble it had; newest first */
	ROWS_OF(struct intent) intents;        /* about the code, newest first */
	const struct explanation *explained;   /* NULL: nobody has asked */
	ROWS_OF(struct code_row) here;      /* on this lock, in force and to come */
	ROWS_OF(struct code_row) elsewhere; /* of the same name, at other doors or here again */
	const struct double_row *twice;     /* somebody else has the room in the code's time; NULL */
	bool more_coming;                      /* the server has been asked, and may say more */
	struct cache_list *kept[16];           /* what owns all of it */
	size_t kept_n;
};

void dossier_read(struct dossier *d, struct world *w, int64_t code_no);
/* Of a lock, while it is not known who stands before it: code is NULL. */
void dossier_read_lock(struct dossier *d, struct world *w, int64_t lock_no);
/* And who else has a code here, and where else this guest has one. */
void dossier_read_around(struct dossier *d, struct world *w, int64_t lock_no);
void dossier_done(struct dossier *d);

/* The lock has been out of reach since then; NONE: not known, or it is not. */
struct instant dossier_offline_since(const struct dossier *d);
/* keyrackd's own words of the code: "proven"; newly allocated, NULL: not said. */
char *dossier_keyrackd(const struct dossier *d, const char *member);
/* The lock's memory has no place for it: nothing that would have to be written helps. */
bool dossier_finds_no_room(const struct dossier *d);
/* The last entry by this code that is no conclusion; NULL: none. */
const struct event_row *dossier_proof_of_use(const struct dossier *d);

#endif
