/* page_rows - the lines that several pages say alike of a code and of a lock.
 *
 * A page is put together of these, so that the code, lock and why screens and the pane beside a list never
 * tell the same thing in two ways. All of them append to p. */
#ifndef KEYRACK_UI_PAGE_ROWS_H
#define KEYRACK_UI_PAGE_ROWS_H

#include "ui/screens/page.h"
#include "ui/screens/why.h"

/* Row area.row: before, whose code, on which lock, and at the right how it stands. */
void rows_draw_head(struct grid *g, struct rect area, const char *before, const struct code_row *c);

/* ---- of a code ---- */

/* The other doors of the stay. */
void rows_doors(struct page *p, struct world *w, const struct code_row *c);
/* The last max of lines (struct why_line), and why they are; takes lines. */
void rows_why(struct page *p, const struct dossier *d, GArray *lines, guint max);
/* Under a heading, nothing without any. The ref of such a line is minus the intent's number. */
void rows_intents(struct page *p, const struct world *w, const struct intent *at, size_t n);

/* ---- of a lock ---- */

void rows_lock_issues(struct page *p, struct world *w, int64_t lock_no, const struct zone *z);
void rows_lock_power(struct page *p, struct world *w, const struct lock *lock); /* state, battery */
/* How many, and the first max; ref is the code's number. */
void rows_lock_codes(struct page *p, struct world *w, const struct lock_row *row, const struct zone *z, int max);
void rows_lock_events(struct page *p, struct world *w, int64_t lock_no, const struct zone *z, int max);

#endif
