/* app_core - the console without a terminal: screens, keys, messages, the lines around them.
 *
 * app.c gives it a terminal, signals and sync; tests give it keys and read its grid. All that it
 * needs from outside is in struct app_host. */
#ifndef KEYRACK_UI_APP_CORE_H
#define KEYRACK_UI_APP_CORE_H

#include <gio/gio.h>

#include "ui/screens/screen.h"

struct app_host {
	void (*redraw)(void *ctx);                     /* a frame is wanted */
	void (*tell_sync)(const char *line, void *ctx); /* "outbox", "compare" */
	/* Commands that are the terminal's own: suspend, redraw, theme, mouse. True: done. */
	bool (*command)(enum command c, void *ctx);
	void *ctx;
	void (*copy)(const char *text, bool secret, void *ctx); /* NULL: there is no clipboard */
	bool (*waiting)(void *ctx);                    /* a key has been typed and not taken; NULL: not known */
};

/* What was said on the bottom line: 'messages' shows it again. */
struct said {
	struct instant at;
	char *text;
	bool bad;
};
#define SAID_MAX 500

enum { APP_HINTS_MAX = 24 };
struct hint_place {
	int from, until; /* columns of the bottom row */
	enum command command;
};

struct seal;
struct tour;

struct app {
	struct world world;
	struct app_host host;
	bool line_mode;       /* no seal can be drawn */
	bool desk_taken;
	bool begun_read_only; /* whoever takes the desk: it was started so */
	GPtrArray *stack;     /* of struct screen *, the opening screen first */
	GPtrArray *leaving;   /* popped in this turn: freed at its end */
	char *message;
	bool message_bad;
	unsigned message_timer;
	unsigned message_turn; /* the turn in which it was said */
	bool message_answers;  /* a key: the next one is about something else */
	bool in_key;           /* one is being taken */
	GArray *said;         /* of struct said, oldest first, at most SAID_MAX */
	unsigned said_count;  /* since the start */
	unsigned turn;        /* keys taken so far */
	struct undo *undo;
	GCancellable *ending; /* cancelled when it ends: what runs beside it tells nobody then */
	GArray *watched;      /* of int64_t: intents made here whose outcome has not been told */
	GPtrArray *batches;   /* what batch_watch.c waits for; NULL: nothing */
	int count;            /* of the command that runs */
	bool counted;         /* it was typed */
	struct {
		enum command command; /* NONE: nothing yet */
		int count;
		char *word;   /* that it was given; NULL: none */
	} last;               /* changed or moved something: what 'repeat' does */
	char digits[8];       /* typed before a command: a count, or before Enter: a room's number */
	struct key prefix;    /* the first key of two, while prefixed */
	bool prefixed;
	int prefix_count;     /* typed before it */
	const char *argument; /* of the command that runs; NULL: none */
	GPtrArray *past_lines; /* of char *: what was done from the palette, oldest first */
	bool quit;
	struct seal *seal;    /* ui/seal.h: the desk is locked, and everything covered; NULL: it is not */
	struct tour *tour;    /* ui/tour.h; NULL: none is under way */
	struct cache_counts counts; /* as of the last change: a frame counts nothing */
	int at_risk;          /* guests of tonight, as of the last look ahead */
	int doubles;          /* rooms that two guests have tonight, as of then */
	int rows, cols;       /* of the last frame; 0: none yet, or lines instead of frames */
	bool unseen;          /* a screen was put on top after the last frame: it does not know its place yet */
	struct hint_place hint[APP_HINTS_MAX];
	int hints;
};

#define APP_ROWS_MIN 12
#define APP_COLS_MIN 60

/* Takes neither cache nor profile; both must outlive it. The rack is opened by the caller. */
struct app *app_new(struct cache *cache, const struct profile *profile, struct instant now,
		    const struct app_host *host);
void app_free(struct app *app);
DEFINE_OWN(struct app, app, app_free)

void app_key(struct app *app, const struct key *k);
void app_changed(struct app *app, unsigned mask);
/* Counts again who is at risk tonight, for the title line: by the clock, and when codes or locks
 * changed (mask). Not on the path of a key. */
void app_look_ahead(struct app *app, unsigned mask);
/* The same in steps (ui/night_watch.h); NULL: that changed nothing which is looked at. mask 0, the clock: also
 * the alarms. */
struct night_look;
struct night_look *app_look_begin(struct app *app, unsigned mask);
void app_look_end(struct app *app, struct night_look *look); /* once it is done; the caller frees it */
void app_draw(struct app *app, struct grid *g);
struct screen *app_top(struct app *app);
/* The screen that a palette over it is about. */
struct screen *app_below(struct app *app);
/* Ends a turn: screens that were popped go. */
void app_turn_done(struct app *app);

/* app_number.c: digits come before a command, as a count, or before Enter, as a room. True: the key was
 * used; else *count is what was typed, 1 at least. */
bool app_take_number(struct app *app, const struct key *k, int *count);
/* app_copy.c: the row that the cursor is on, as words; newly allocated, NULL: there is none. */
char *app_row_twin(struct app *app);
bool app_copy_row(struct app *app);
/* To the lock of that number, as digits and Enter do. */
void app_jump(struct app *app, const char *digits);

/* app_commands.c: false when the command is no screen's and not the app's. */
bool app_own_command(struct app *app, enum command c);
void app_message_clear(struct app *app);

/* app_intents.c: those made here that have been answered meanwhile. */
void app_tell_outcomes(struct app *app);
/* "unlock Pool gate", "new code Haddad on 101 Garden". Newly allocated. */
char *app_intent_words(const struct intent *in);

/* which_key.c: true when the key was the first of two (*c NONE), or the second. */
bool app_take_prefix(struct app *app, const struct key *k, enum command *c);
void app_draw_which_key(struct app *app, struct grid *g);

/* rights.c: why a command with these flags (ui/command.h) is off here, as the end of a sentence; newly allocated, NULL:
 * it is not. */
char *app_why_off(const struct app *app, unsigned flags);

/* app_frame.c */
/* Lays out what was opened since the last frame, on a grid that nobody sees: two keys that come at once are
 * two keys, and the second is the new screen's, which counts in rows that it was given. */
void app_see(struct app *app);
bool app_fits(int rows, int cols);
void app_draw_title(struct app *app, struct grid *g);
void app_draw_bottom(struct app *app, struct grid *g);
/* "keyrack: Harbour House, 2 at risk". Newly allocated. */
char *app_window_title(const struct app *app);
/* "live 2 s", "pulling 1,240 of 5,000 codes": what the title says of sync. Newly allocated. */
char *app_freshness(const struct world *w, bool ascii, enum role *role);

#endif
