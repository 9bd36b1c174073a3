/* verbs - what is done to a guest's stay from any screen: another PIN, more nights, another room, one
 * more door. Each says why it cannot be done. What touches one code goes to the outbox at once; what
 * touches several is a batch, which is looked at first. */
#ifndef KEYRACK_UI_VERBS_H
#define KEYRACK_UI_VERBS_H

#include "cache/batch.h"
#include "ui/screens/screen.h"

void verb_renew(struct app *app, struct world *w, const struct code_row *c);
void verb_extend(struct app *app, struct world *w, const struct code_row *c);
void verb_move(struct app *app, struct world *w, const struct code_row *c);
void verb_add_door(struct app *app, struct world *w, const struct code_row *c);

/* Takes b: one row goes to the outbox, a blocked one is told, several are shown. */
void verb_submit(struct app *app, struct world *w, struct batch *b);
/* A row that asks for a code on that lock, or is blocked with the reason. words: taken. */
struct batch_row *verb_issue(struct batch *b, const struct world *w, const struct lock_row *lock, const char *name,
			     const char *pin, const char *key, struct instant from, struct instant until, char *words);
/* A row that takes a code off its lock. words: taken, NULL: none. */
struct batch_row *verb_revoke(struct batch *b, const struct code_row *c, char *words);
/* A row that changes a code. words: taken. */
struct batch_row *verb_change(struct batch *b, const struct code_row *c, struct instant until, const char *pin,
			      char *words);
/* Who sleeps at that door from then until the end of c: a sentence, newly allocated; NULL: nobody. with: the doors
 * that c's guest keeps beside it; NULL: none. */
struct stay;
char *verb_occupant(struct world *w, const struct code_row *c, const struct lock_row *to, struct instant from,
		    const struct stay *with);
/* With whom c's guest would have to share the room were the stay from then until then, who has not shared it so far. */
char *verb_clash(struct world *w, const struct code_row *c, struct instant from, struct instant until);
/* The question that comes of either. */
void verb_ask_taken(struct app *app, const char *door, const char *taken, const char *yes_word,
		    void (*yes)(struct app *app, void *ctx), void *ctx, GDestroyNotify free_ctx);

/* ---- PINs (verb_pin.c) ---- */

/* NULL: this PIN may be used on that lock in that span, else why not. The lock's own rules, who has it
 * already, and who has one so like it that a guest would take the one for the other. */
const char *verb_pin_why_not(struct world *w, const struct lock_row *lock, const char *pin, struct instant from,
			     struct instant until);
/* One for all these locks; length 0: the shortest that fits. False: there is none. */
bool verb_pin_new(struct world *w, const int64_t *locks, size_t n, int length, struct instant from,
		  struct instant until, char out[static PIN_MAX + 1]);

/* ---- choosing a door (door_pick.c) ---- */

struct door_pick {
	const char *title, *detail;
	const int64_t *without; /* doors that are not offered */
	size_t n_without;
	bool shared_first;      /* those that many have at once stand first */
	/* Who has it in the nights that are meant; newly allocated, NULL: nobody. Free rooms then stand first. May be
	 * NULL: it does not matter. */
	char *(*taken)(int64_t lock_no, void *ctx);
	void (*done)(struct app *app, int64_t lock_no, void *ctx);
	void *ctx;
	GDestroyNotify free_ctx;
};
struct screen *door_pick_new(struct app *app, struct world *w, const struct door_pick *p);

#endif
