/* line_read - what stands on a screen, read out as lines. */
#ifndef KEYRACK_UI_LINE_READ_H
#define KEYRACK_UI_LINE_READ_H

#include <stdio.h>

#include "ui/app_core.h"

/* High enough that nothing scrolls which anybody would listen to. */
#define LINE_ROWS 400
#define LINE_COLS 240
#define LINE_PAGE 20
#define LINE_HELD 23 /* lines to listen to at once: a page of rows and the words around it */

struct reader {
	struct app *app;
	FILE *out;
	bool ascii;
	struct grid grid;
	int next; /* the number of the row that 'more' goes on with; 0: all was read */
	bool paged;      /* somebody listens: what is long waits for 'more' */
	int said;        /* lines since the last question */
	GPtrArray *held; /* of char *: lines that wait */
};

void reader_init(struct reader *r, struct app *app, FILE *out, bool ascii);
void reader_done(struct reader *r);

/* Something else was typed: what waits is not said. */
void reader_turn(struct reader *r);
/* The next page of what waits. False: nothing does. */
bool reader_more(struct reader *r);
bool reader_holds(const struct reader *r);
/* What was typed means yes, or no, in English or in the operator's language. */
bool reader_yes(const char *line);
bool reader_no(const char *line);

/* One line, made safe. */
void reader_say(struct reader *r, const char *text);
void reader_sayf(struct reader *r, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/* The rows that the cursor can stand on, from a number on, a page of them; a page of words whole. */
void reader_list(struct reader *r, int from);
/* All that is drawn. */
void reader_show(struct reader *r);
/* A popup alone: its words, without what lies under it. */
void reader_popup(struct reader *r, struct screen *s);
/* Puts the cursor there. False: there are not so many. */
bool reader_go(struct reader *r, int number);
/* The row of the cursor; newly allocated, NULL: there is none. */
char *reader_row(struct reader *r, int *row);
void reader_event(struct reader *r, const struct event_row *e);

#endif
