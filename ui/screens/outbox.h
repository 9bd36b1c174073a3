/* outbox - what the desk has asked for: what the files of its two screens share.
 *
 * outbox.c takes commands, outbox_rows.c holds a window of the intents around the cursor, however many there
 * are, outbox_draw.c draws it, outbox_acts.c does something to one or several, intent.c is one in full. */
#ifndef KEYRACK_UI_OUTBOX_H
#define KEYRACK_UI_OUTBOX_H

#include "ui/screens/marks.h"
#include "ui/screens/screen.h"
#include "ui/widgets/field.h"

struct outbox_screen {
	struct screen base;

	/* what is shown */
	enum outbox_show show;
	struct field find;
	bool typing;
	char *access_code_id;  /* only about this code; NULL: any */
	int64_t about_no;      /* only about this create; 0: any */
	int64_t lock_no;       /* only about this lock; 0: any */
	char *about;           /* whose they are; NULL: everybody's */
	bool wide;             /* opened for one code, and showing all */

	/* the window, as shown */
	GArray *rows;          /* of struct intent, lent by the lists; NULL: to be read */
	GPtrArray *lists;      /* of struct cache_list * */
	struct outbox_place up, down; /* where reading goes on */
	bool at_start, at_end;
	int64_t count[OUTBOX_SHOW_COUNT]; /* -1: nobody has counted */
	unsigned search_timer; /* looking further, between keys */

	int64_t intent_no;     /* the cursor; 0: the first, whichever that is */
	struct outbox_place place; /* its own: where it was, when it is no longer shown */
	int at, top, shown;    /* rows: under the cursor, first shown, how many fit */
	struct marks *marks;   /* by intent_no */
};

/* outbox_rows.c */
void outbox_read(struct outbox_screen *o);      /* as much as the cursor's surroundings need */
void outbox_forget(struct outbox_screen *o);    /* to be read anew; the cursor stays */
void outbox_move(struct outbox_screen *o, int rows);
void outbox_first(struct outbox_screen *o);
void outbox_last(struct outbox_screen *o);
const struct intent *outbox_row(const struct outbox_screen *o, int row);
#define outbox_chosen(o) outbox_row((o), (o)->at)
/* All that fit what is shown and found, at most max: their numbers. */
GArray *outbox_all(struct outbox_screen *o, int max);

/* outbox_draw.c */
void outbox_draw(struct screen *screen, struct grid *g, struct rect area);
/* Where a click falls: a row, -1 none. */
int outbox_row_at(const struct outbox_screen *o, int screen_row);

/* ---- what is said of an intent; outbox_words.c ---- */

bool intent_is_door(const struct intent *in);
bool intent_has_form(const struct intent *in); /* it can be opened in the form again */
/* "queued", "put aside". Borrowed. */
const char *intent_state_said(const struct intent *in);
enum role intent_role(const struct intent *in);
/* "new code Anna Berg". Newly allocated. */
char *intent_what(const struct world *w, const struct intent *in, bool ascii);
/* What came of it, in a line: the server's words, or why it waits. Newly allocated. */
char *intent_outcome(const struct world *w, const struct intent *in);
/* What can be done about it now: a sentence. Borrowed. */
const char *intent_advice(const struct intent *in);
/* What a command would do to it, for the bottom line; "" nothing, NULL what its own word says. */
const char *intent_hint(const struct intent *in, enum command c);

/* ---- what is done to them; outbox_acts.c ---- */

/* REVOKE: withdraws what is queued, puts aside what was refused. RESEND: asks again for what was refused.
 * EDIT: opens the form with it. True when c is one of these; says why where nothing is done. */
bool intent_act(struct app *app, struct world *w, enum command c, const struct intent *in);
/* REVOKE and RESEND on all that is marked, asked about first. The marks are cleared once it was done, and must
 * outlive the question. */
bool intents_act(struct app *app, struct world *w, enum command c, struct marks *marks);

#endif
