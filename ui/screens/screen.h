/* screen - what every screen is: a drawing of the cache, and what it does with commands.
 *
 * One file per screen, and a maker at the end of this header. A screen reads through the
 * cache, writes only intents, never waits, and draws the whole of its rectangle each time. */
#ifndef KEYRACK_UI_SCREEN_H
#define KEYRACK_UI_SCREEN_H

#include "cache/batch.h"
#include "cache/cache.h"
#include "cache/outbox.h"
#include "cache/poke.h"
#include "core/operators.h"
#include "core/profile.h"
#include "core/zone.h"
#include "ui/keymap.h"
#include "ui/term/grid.h"

struct app;

/* What every screen may look at. Owned by the app. */
struct world {
	struct cache *cache;
	const struct profile *profile;
	const struct zone *zone;        /* the property's */
	struct cache_property property; /* what its locks have in common */
	struct instant now;             /* read once per turn of the loop */
	const struct poke_status *sync; /* never NULL */
	bool sync_connected;
	bool read_only;
	bool ascii;
	bool kiosk;                     /* nothing leaves the screen: no file, no program, no way out */
	bool demo;                      /* a house that is not there: nothing here is anybody's */
	enum operator_role role;        /* what that operator may here */
	char *operator_name;            /* who unlocked the desk, else the user of the host: goes into intents */
	/* The new code made here last, until the rack has put its cursor on it; 0: none. */
	int64_t made_intent_no, made_lock_no;
	int batches_applied;            /* here, since the start: marks go when what is marked was dealt with */
};
/* rights.c: a command with these flags (ui/command.h) is off for whoever stands here, and is not offered. */
bool world_hides(const struct world *w, unsigned flags);

struct screen;
struct screen_ops {
	const char *name;   /* "Rack": on the title line */
	enum view view;
	/* Draws into r of g, all of it. */
	void (*draw)(struct screen *s, struct grid *g, struct rect r);
	/* True when the command was this screen's. count >= 1. */
	bool (*command)(struct screen *s, enum command c, int count);
	/* Before the keymap: text being typed, the mouse. True when the key was used. May be NULL. */
	bool (*key)(struct screen *s, const struct key *k);
	/* Digits and Enter: to the lock with that number. False: there is none, which was said. May be NULL. */
	bool (*jump)(struct screen *s, const char *digits);
	/* Something in the cache changed (enum poke_changed), or the clock moved (0). True: draw. */
	bool (*changed)(struct screen *s, unsigned mask);
	/* The bottom line while the keys are not the keymap's: pairs "Tab", "next", ... NULL.
	 * May be NULL, or give NULL: the hints of the view. */
	const char *const *(*hints)(struct screen *s);
	/* What that command would do to what the cursor is on, for the bottom line: "" nothing, NULL
	 * what its own word says. May be NULL. */
	const char *(*hint)(struct screen *s, enum command c);
	/* The row that the cursor is on as one line of words, for copying and the line mode; newly
	 * allocated. May be NULL, or give NULL: what is drawn there. */
	char *(*twin)(struct screen *s);
	void (*free)(struct screen *s);
};
struct screen {
	const struct screen_ops *ops;
	struct app *app;
	struct world *world;
	bool popup;         /* drawn over the screen below it */
	/* What answers a popup, where there is no screen. CHOICE: what is typed changes what it shows (Ctrl-U and
	 * a paste take what was typed before away), and Enter does it. */
	enum { ASKS_NOTHING, ASKS_YES, ASKS_LINE, ASKS_CHOICE } asks;
};

/* What screens may ask of the app. */
void app_push(struct app *app, struct screen *s);    /* takes it */
void app_pop(struct app *app);                       /* frees the top one (at the end of the turn) */
/* Does what the key of that command would do, on the screen that is on top by then. */
void app_run_command(struct app *app, enum command c);
int app_count(const struct app *app); /* typed before the command that runs; 1: none was */
/* The same with a word for it, as the palette does ("sort battery"); NULL: without. */
void app_run_command_with(struct app *app, enum command c, const char *word);
/* While a command runs: the word that was given with it; NULL: none. */
const char *app_argument(const struct app *app);
/* Why that command would do nothing now, and what helps: "only on: Rack, Tonight". NULL: it can be done.
 * Newly allocated. */
char *app_why_not(struct app *app, enum command c);
void app_message(struct app *app, bool bad, const char *fmt, ...) G_GNUC_PRINTF(3, 4);
/* A question that names object and effect. yes(ctx) when answered so. What might harm somebody (a room opened, a code
 * or what was typed lost, a PIN seen) is asked with app_ask, where Enter says No; what is wanted and harms nobody with
 * app_offer, where Enter does it. tests/ui/screens/test-questions has all of them in a table. */
void app_offer(struct app *app, const char *question, const char *detail, const char *yes_word,
	       void (*yes)(struct app *app, void *ctx), void *ctx, GDestroyNotify free_ctx);
void app_ask(struct app *app, const char *question, const char *detail, const char *yes_word,
	     void (*yes)(struct app *app, void *ctx), void *ctx, GDestroyNotify free_ctx);
/* A line of text: done gets it when Enter is pressed on one that is not blank; Esc changes nothing. */
void app_ask_line(struct app *app, const char *question, const char *detail, const char *initial,
		  void (*done)(struct app *app, const char *text, void *ctx), void *ctx,
		  GDestroyNotify free_ctx);
/* False, with a message that says why: nothing is changed from this console, or by whoever stands at it. */
bool app_may_write(struct app *app);
/* Commits an intent and tells sync; says 'queued' only then. 0 when it failed (message shown). */
int64_t app_intend(struct app *app, struct intent *in);
bool app_intend_all(struct app *app, struct intent *in, size_t n);
/* The same with a batch: all that applies. What becomes of it is told when it is known. */
bool app_intend_batch(struct app *app, struct batch *b, GError **err);
/* The outbox was changed otherwise, something withdrawn. intents: new ones, as one act; their outcome is
 * told, and its revocations can be undone. */
void app_made(struct app *app, const int64_t *intents, size_t n);
/* Calls fn once after ms (a PIN is masked again); returns an id for app_cancel_after. */
unsigned app_after(struct app *app, int ms, void (*fn)(void *ctx), void *ctx);
void app_cancel_after(struct app *app, unsigned id);
/* Asks the server, through sync, why this code is as it is; POKE_EXPLAINED says that the answer is
 * in the cache. False: nobody there who could say. */
bool app_ask_why(struct app *app, const char *access_code_id);
/* Text to the clipboard, by a program, tmux or the terminal; what came of it is told in a message.
 * secret: a PIN, which the profile must allow, and which is taken back after half a minute. False:
 * it was refused, in words. */
bool app_copy(struct app *app, const char *text, bool secret);
/* Draw again at the end of this turn. */
void app_redraw(struct app *app);

/* Makers, one per screen file. */
char *rack_twin(struct screen *s);
struct screen *rack_new(struct app *app, struct world *w);
struct columns;
struct columns_layout;
/* changed(ctx) after each change. */
struct screen *columns_pick_new(struct app *app, struct world *w, struct columns *columns,
				const struct columns_layout *lay, void (*changed)(void *ctx), void *ctx);
struct screen *lock_new(struct app *app, struct world *w, int64_t lock_no);
struct screen *code_new(struct app *app, struct world *w, int64_t code_no);
struct screen *code_form_new(struct app *app, struct world *w, int64_t lock_no);      /* New code */
/* For that span; from NONE: from now on. */
struct screen *code_form_for(struct app *app, struct world *w, int64_t lock_no, struct instant from,
			     struct instant until);
struct screen *code_form_edit(struct app *app, struct world *w, int64_t code_no);
/* For staff: no end is offered, and the doors come first. */
struct screen *code_form_ongoing(struct app *app, struct world *w, const char *name);
/* Somebody else in the same room for the same time as that code. */
struct screen *code_form_second(struct app *app, struct world *w, int64_t code_no);
/* A refused create or update comes back, with the server's words beside its fields. */
struct screen *code_form_again(struct app *app, struct world *w, int64_t intent_no);
struct screen *events_new(struct app *app, struct world *w, int64_t lock_no, int64_t code_no);
/* Who could open the lock at that moment (NONE: now), the cursor on code_no; without a lock: which doors the
 * holder of that code could. Either is one key from the other. */
struct screen *could_new(struct app *app, struct world *w, int64_t lock_no, int64_t code_no, struct instant at);
struct screen *outbox_new(struct app *app, struct world *w);
/* Only what was asked for about this code. */
struct screen *outbox_about(struct app *app, struct world *w, const struct code_row *c);
/* Only what was asked for at this lock. */
struct screen *outbox_at(struct app *app, struct world *w, int64_t lock_no);
/* All about one that was asked for. */
struct screen *intent_new(struct app *app, struct world *w, int64_t intent_no);
/* code_no 0: of the lock, while it is not known who stands there. */
struct screen *triage_new(struct app *app, struct world *w, int64_t lock_no, int64_t code_no);
/* The card of a check-in: of a code, or of a create that is not sent yet (code_no 0). */
struct screen *checkin_new(struct app *app, struct world *w, int64_t code_no, int64_t intent_no);
struct screen *staff_new(struct app *app, struct world *w);
struct screen *why_new(struct app *app, struct world *w, int64_t code_no);
struct screen *tonight_new(struct app *app, struct world *w);
struct screen *free_rooms_new(struct app *app, struct world *w); /* for the nights asked */
struct screen *locks_new(struct app *app, struct world *w);
struct screen *strays_new(struct app *app, struct world *w, int64_t lock_no); /* 0: of every lock */
struct screen *messages_new(struct app *app, struct world *w);
struct screen *palette_new(struct app *app, struct world *w, const char *typed);
struct screen *imports_new(struct app *app, struct world *w);
struct screen *sheet_screen_new(struct app *app, struct world *w); /* the night sheet */
struct screen *journal_new(struct app *app, struct world *w); /* who did what here */
struct screen *handover_new(struct app *app, struct world *w);
struct screen *leaked_new(struct app *app, struct world *w); /* asks for a PIN that was seen */
struct screen *help_new(struct app *app, struct world *w, enum view about);

#endif
