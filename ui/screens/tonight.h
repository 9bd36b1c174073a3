/* tonight - the readiness board, as its own files share it: who arrives and leaves on a day, door by
 * door, and whether each door's lock has the code.
 *
 * tonight_rows.c reads and judges the day, tonight.c has the commands, tonight_draw.c the list and
 * tonight_detail.c the words about what the cursor is on. What is held grows with the day's guests,
 * not with the property. */
#ifndef KEYRACK_UI_TONIGHT_H
#define KEYRACK_UI_TONIGHT_H

#include "cache/doubles.h"
#include "ui/screens/marks.h"
#include "ui/screens/screen.h"
#include "ui/screens/side.h"
#include "ui/widgets/field.h"

struct board_door {
	const struct night_row *row;
	struct ready ready;
};
/* One guest: the doors that one common_code_key, or one name in one window, opens. */
struct board_guest {
	bool departs;
	struct instant at;    /* the earliest start, or end */
	const char *name, *key;
	guint first, n, worst; /* in doors */
};
/* What a line of the list is: a guest (door -1; with one door it is that door), one of several doors,
 * or the head of the departures (guest -1). */
struct board_line {
	int guest, door;
};
struct board_counts {
	int arrivals, departures;
	int of[2][READY_COUNT]; /* guests by their worst door; [1]: departures */
};

struct board {
	struct instant from, until;
	bool today;
	GPtrArray *lists;        /* of struct cache_list *: struct night_row, and the double_row that these borrow of */
	GPtrArray *rows;         /* of struct night_row *, in them */
	GArray *doors;           /* struct board_door, guest by guest */
	GArray *guests;          /* struct board_guest, in the order shown */
	GArray *lines;           /* struct board_line */
	GHashTable *unfolded;    /* keys of guests; owns them */
	bool all_unfolded;
	GStringChunk *keys;
	struct board_counts counts;
};

void board_init(struct board *b);
void board_done(struct board *b);
/* The day that t lies in, moved by days. False: it could not be read, and is empty. */
bool board_load(struct board *b, const struct world *w, struct instant t, int days);
/* Any other span. */
bool board_load_span(struct board *b, const struct world *w, const struct night_query *q);
/* The same in parts: begun, then some locks after the others (by q), then judged. */
void board_begin(struct board *b, const struct world *w, const struct night_query *q);
bool board_add(struct board *b, const struct world *w, const struct night_query *q);
void board_end(struct board *b, const struct world *w);
/* What board_load asks. Of the day that it is now never less than the next six hours: at three in the morning whoever
 * comes at half past five is of this night, and of its title, its alarms and its handover. */
struct night_query board_day(const struct world *w, struct instant t, int days);
/* Time has passed: the same facts, judged anew. */
void board_judge(struct board *b, struct instant now);
void board_set_unfolded(struct board *b, int guest, bool unfolded);
bool board_is_unfolded(const struct board *b, int guest);
void board_lay(struct board *b); /* the lines again */

int board_lines(const struct board *b);
const struct board_line *board_line(const struct board *b, int i);
const struct board_guest *board_guest(const struct board *b, int i);
/* The door of a line: its own, or the guest's worst; NULL: the head. */
const struct board_door *board_door(const struct board *b, int line);
/* The next line at risk after 'line', going round; -1: none. */
int board_next_risk(const struct board *b, int line);

struct tonight {
	struct screen base;
	struct board board;
	bool stale;           /* to be read before it is drawn */
	struct instant day;   /* what lies in the day shown; NONE: today, whatever day that is */
	int top, at;          /* lines */
	int list_row, list_rows, list_cols; /* of the last frame */
	struct side side;     /* right of it, where that is narrower than the screen */
	/* What the cursor is on, whatever is sorted in above: a guest, and a door of it or 0. */
	char *key;
	int64_t code_no, intent_no;
	struct marks *marks;
	int batches_applied;  /* when the marks were looked at last */
	bool typing;          /* a day */
	struct field typed;
	int64_t shown_code_no, shown_intent_no; /* whose PIN is readable now */
	unsigned shown_timer;
};

void tonight_load(struct tonight *t); /* when it is stale */
void tonight_note_place(struct tonight *t);
void tonight_go(struct tonight *t, int line, int direction); /* or the next in that direction that is a guest's */
/* tonight_marks.c: a guest's line stands for all its doors */
void tonight_mark(struct tonight *t, int n);
void tonight_mark_all(struct tonight *t); /* of those who arrive, or who leave: as the cursor is */
bool tonight_is_marked(const struct tonight *t, int line);
/* tonight_draw.c */
void tonight_draw(struct screen *s, struct grid *g, struct rect area);
enum role tonight_role(enum ready_verdict v);
/* What was typed as a day; NULL with err in words. Pure. */
bool tonight_parse_day(const char *text, const struct world *w, struct instant *out, GError **err);
/* tonight_detail.c */
void tonight_draw_detail(struct tonight *t, struct grid *g, struct rect area);
/* The row of the code that the cursor is on, read from the cache or made of the outbox's create: a
 * list of one struct code_row, or NULL with *own filled in its stead; false: there is none. */
bool tonight_code(struct tonight *t, struct cache_list **list, struct code_row *own,
		  const struct code_row **row);

#endif
