/* events - the feed's screen: what its files share.
 *
 * A window of the events that fit is held, page by page, however many there are: newest first, from
 * the cursor a few hundred either way. What is shown are lines made of it: days, events, and events of
 * one lock that are one thing. The cursor is an event's number, so nothing that comes moves it. */
#ifndef KEYRACK_UI_EVENTS_H
#define KEYRACK_UI_EVENTS_H

#include "core/event_fold.h"
#include "ui/screens/screen.h"
#include "ui/widgets/field.h"

struct events_line {
	int row;      /* of the window; -1: the heading of a day, that of the line below */
	int count;    /* folded into it; 1: alone */
	int64_t span_ms;
	bool unfolded, member;
};
struct events_page {
	struct cache_list *list;
	bool newer;   /* read upwards: oldest first */
};

struct events_screen {
	struct screen base;
	int64_t lock_no, code_no;         /* 0: of every lock */
	int64_t own_lock_no, own_code_no; /* that it was opened for */
	char *about;

	/* what is looked for */
	int chip;
	struct field find;
	bool typing;
	struct event_filter *filter;

	/* the window, newest first */
	GPtrArray *pages;    /* of struct events_page * */
	GPtrArray *rows;     /* of const struct event_row *, lent by the pages */
	bool at_newest, at_oldest;
	struct event_key newer_from, older_from; /* where reading goes on */
	bool repeats;
	GHashTable *unfolded; /* int64_t event_no of heads */
	GArray *lines;       /* of struct events_line */

	int64_t at_no;       /* the event under the cursor; 0: the newest */
	int at, top, shown;  /* lines: under the cursor, first shown, how many fit */

	/* following */
	int64_t seen_no;     /* the number of the event stored last when the newest were read */
	int unseen;
	int64_t all;         /* events in the cache, then */
	int64_t fresh_no;    /* events with a larger number are marked as new for a moment */
	unsigned fresh_timer, search_timer;

	struct events_export *export; /* that is under way; NULL */
};

/* events_rows.c: the window */
void events_read_anew(struct events_screen *s); /* from the newest on */
void events_look_further(struct events_screen *s); /* as far as the cursor's surroundings need it */
void events_make_lines(struct events_screen *s);
const struct event_row *events_row(const struct events_screen *s, int line); /* NULL: a heading */
void events_move(struct events_screen *s, int lines);
void events_go(struct events_screen *s, bool newest);
bool events_paused(const struct events_screen *s);
struct event_find events_what(const struct events_screen *s);
void events_window_clear(struct events_screen *s);
const struct zone *events_zone(const struct events_screen *s, const struct event_row *e);

/* events_draw.c */
void events_draw(struct screen *screen, struct grid *g, struct rect area);
#define EVENTS_CHIPS 5
const char *events_chip_word(int chip);
unsigned events_chip_kinds(int chip);

/* events_paper.c: the same as a page of text, to a file or the printer */
void events_paper_ask(struct events_screen *s);

/* events_export.c: asks for a file and writes into it what the filter shows */
void events_export_ask(struct events_screen *s);
void events_export_end(struct events_screen *s); /* also of one that is not whole: nothing is left of it */

#endif
