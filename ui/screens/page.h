/* page - lines of words under headings, scrolled: what the code and help screens are made of. */
#ifndef KEYRACK_UI_PAGE_H
#define KEYRACK_UI_PAGE_H

#include "ui/screens/screen.h"

struct page_line {
	char *label;      /* left, dim; NULL: none */
	char *text;
	enum role role;
	bool heading;
	int64_t ref;      /* what Enter on it is about; 0: nothing */
	int row;          /* of the whole page, in the last frame */
};
struct page {
	GPtrArray *lines; /* of struct page_line * */
	int at;            /* a line; -1 when nothing can be chosen */
	int top;           /* first row shown: a long line takes several */
	int rows, rows_in_all; /* of the last frame */
	bool still;        /* nothing in it is chosen, and it does not scroll: what has no room is left out */
	bool follow;       /* the next frame brings the chosen line into view */
	int label_cells;
	int labels;        /* cells that they take in this frame */
};

void page_init(struct page *p, int label_cells);
void page_done(struct page *p);
void page_clear(struct page *p); /* the place is kept */
void page_heading(struct page *p, const char *text);
/* Takes text. */
void page_add(struct page *p, const char *label, char *text, enum role role, int64_t ref);
void page_draw(struct page *p, struct grid *g, struct rect r);
/* UP, DOWN, PAGE_*, FIRST, LAST. */
bool page_command(struct page *p, enum command c, int count);
/* Of a list of so many lines, whose first is a heading: the first that is shown, so that line at is in view, and the
 * heading with the line below it. top: what was the first until now. */
int page_top(int at, int top, int rows, int lines);
/* Words wrapped into the rows and columns of r; gives the rows used. What there is no room for
 * an ellipsis stands for. */
int page_wrap(struct grid *g, struct rect r, const char *text, enum role role);
/* One line of words in the first row of *area, which begins below it afterwards; what is longer takes a second
 * row out of *spare. "" and NULL take none. */
void page_put(struct grid *g, struct rect *area, int *spare, const char *text, enum role role);
/* How far down one is, in the corner; words that reach into it say that they go on. */
void page_draw_share(int seen, int all, struct grid *g, struct rect r);
const struct page_line *page_chosen(const struct page *p);

#endif
