/* rack - the opening screen, as its own files share it: what it holds, how it is laid out.
 *
 * rack.c has the commands, rack_view.c the cursor and the window on time, rack_draw.c the list,
 * rack_detail.c the words about what the cursor is on. */
#ifndef KEYRACK_UI_RACK_H
#define KEYRACK_UI_RACK_H

#include "ui/screens/columns.h"
#include "ui/screens/marks.h"
#include "ui/screens/nudge.h"
#include "ui/screens/rack_rows.h"
#include "ui/screens/screen.h"
#include "ui/screens/side.h"
#include "ui/widgets/field.h"
#include "ui/widgets/lane.h"

struct rack {
	struct screen base;
	struct rack_rows rows;
	struct place top, at;       /* first row shown; the cursor */
	/* What the cursor is on, by number: it stays there whatever is sorted in above. */
	int64_t lock_no, code_no, intent_no;
	const char *heading;        /* or this one, by its name (interned) */
	int bar;                    /* the code chosen within a folded lock, -1 */
	int list_row, list_rows, list_cols; /* of the last frame */
	struct side side;           /* right of it, where that is narrower than the screen */
	int64_t rows_in_all;        /* with every lock unfolded */
	bool settled;               /* what is unfolded is the operator's now, not the size's */

	/* The window on time: anchor stands at share of the lane. follow: anchor is now. */
	enum zoom zoom;
	bool follow;
	struct instant anchor;
	double share;
	struct axis axis;           /* of the last frame */
	struct columns columns;
	struct columns_layout lay;  /* of the last frame */

	struct field find;
	bool finding;               /* being typed */
	bool find_old;              /* what stands there is of the search before: typing replaces it */
	bool find_stale;            /* typed since the list was last searched */
	char *number;               /* jumped to last: f goes on to the next lock with it */

	struct marks *marks;
	int batches_applied;        /* when the marks were looked at last */
	struct nudge nudge;         /* of the chosen bar; code_no 0: none is under way */

	struct cache_list *feed;    /* struct event_row; NULL: to be read */
	int feed_rows;
	bool feed_focus;
	int feed_at;

	/* Whose PIN is readable now; a code that is only in the outbox goes by its intent. */
	int64_t shown_code_no, shown_intent_no;
	unsigned shown_timer;
};

static inline struct rack *rack_of(struct screen *s)
{
	return (struct rack *)s;
}

/* rack_view.c */
void rack_note_place(struct rack *r);           /* remembers what the cursor is on */
void rack_reload(struct rack *r);               /* order and rows again, the cursor where it was */
void rack_go_to_made(struct rack *r);           /* to the code that was made last */
void rack_move(struct rack *r, int n);
void rack_go(struct rack *r, struct place p);
void rack_next_bar(struct rack *r, int direction);
void rack_choose(struct rack *r, int lock, int code); /* a code of it; -1: its own row */
void rack_scroll(struct rack *r);               /* so that the cursor is within list_rows */
struct axis rack_axis(const struct rack *r, int cells);
void rack_pan(struct rack *r, int eighths);
void rack_zoom(struct rack *r, int by);
void rack_zoom_to(struct rack *r, int n);        /* as the word with the command says */
void rack_now(struct rack *r);
void rack_show_day(struct rack *r, const char *typed);
struct rack_lock *rack_lock(struct rack *r);    /* under the cursor; NULL: empty list */
const struct code_row *rack_code(struct rack *r); /* chosen: a row's or a bar's; NULL */

/* rack_find.c */
void rack_find(struct rack *r, const char *words); /* NULL: everything */
void rack_find_now(struct rack *r);             /* searches for what was typed meanwhile */
void rack_find_unless_typing(struct rack *r);   /* the same, unless a key waits */
void rack_find_end(struct rack *r);             /* shows everything again */
/* rack.c */
/* rack_open.c: other screens, about what the cursor is on */
void rack_open(struct rack *r, int n);
void rack_open_events(struct rack *r, int n);
void rack_open_asked(struct rack *r, int n);
void rack_open_could(struct rack *r, int n);
void rack_open_why(struct rack *r, int n);
void rack_open_triage(struct rack *r, int n);
/* rack_keys.c */
bool rack_key(struct screen *s, const struct key *k);
const char *const *rack_hints(struct screen *s);
/* rack_jump.c */
bool rack_jump(struct screen *s, const char *digits);
void rack_go_named(struct rack *r, const char *words); /* a number, a lock or a guest */
bool rack_jump_on(struct rack *r, int n);       /* to the n-th next lock with that number; false: none */
/* Of a lock's codes the guest who is in the house, else the next to arrive; -1: there is none. */
int rack_guest(const struct rack_lock *l, const struct zone *property, struct instant now);
/* rack_order.c */
extern const char *const rack_sorts[]; /* words of enum lock_sort */
extern const char *const rack_zooms[]; /* words of enum zoom */
#define RACK_COLUMNS_STANDARD "standard"
/* Both those and the names of columns. GPtrArray of const char *, NULL at its end. */
GPtrArray *rack_sort_words(void);
void rack_sort_named(struct rack *r, const char *word);
void rack_columns_named(struct rack *r, const char *words);
void rack_sort(struct rack *r, enum lock_sort by, bool reversed);
void rack_pick_columns(struct rack *r);
void rack_group_next(struct rack *r);
bool rack_click_head(struct rack *r, int col);
void rack_restore(struct rack *r);              /* as it was left */
void rack_keep(const struct rack *r);           /* for the next time */
/* rack_cells.c */
void rack_draw_cells(struct rack *r, struct rack_lock *l, struct grid *g, int row, const struct columns_layout *lay);
/* rack_marks.c */
void rack_mark(struct rack *r, int n);          /* the row or bar, and on to the next */
void rack_mark_all(struct rack *r);
void rack_marks_check(struct rack *r);          /* what is gone is dropped, and said */
bool rack_is_marked(const struct rack *r, int64_t lock_no, const struct code_row *c); /* c NULL: the lock */
/* rack_doubles.c */
#define DOUBLE_SIGN(ascii) ((ascii) ? "&" : "╪") /* two guests have the room at once; as in its lane */
/* The first double booking of that code (NULL: of the lock); NULL: there is none. */
const struct double_row *rack_double(struct rack *r, struct rack_lock *l, const struct code_row *c);
char *rack_double_words(struct rack *r, struct rack_lock *l, const struct code_row *c, bool ascii);
/* rack_nudge.c */
void rack_nudge(struct rack *r, bool start, int steps);
void rack_nudge_send(struct rack *r);
bool rack_nudge_all(struct rack *r);            /* of every door of the stay, as a batch; false: no */
void rack_nudge_drop(struct rack *r);
void rack_nudge_check(struct rack *r);          /* dropped where the code has changed meanwhile */
bool rack_nudging(const struct rack *r, const struct code_row *c);
void rack_draw_nudge(struct rack *r, const struct code_row *c, struct grid *g, struct rect area);
/* rack_draw.c */
void rack_draw(struct screen *s, struct grid *g, struct rect area);
const char *rack_hint(struct screen *s, enum command c);
/* rack_detail.c */
void rack_draw_detail(struct rack *r, struct grid *g, struct rect area);

#endif
