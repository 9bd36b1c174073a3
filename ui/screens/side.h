/* side - the pane beside a list, where the terminal is wide: all about what the cursor is on.
 *
 * It shows what the code, why and lock pages would say, in short, so that going down a list reads one guest
 * after the other. It is read anew when the cursor stands elsewhere or something has changed, when it is
 * drawn, hence once a frame at most. In a terminal that is not wide it does not exist and costs nothing.
 * How a wide or a tall screen is divided is said here, for both lists that do so. */
#ifndef KEYRACK_UI_SIDE_H
#define KEYRACK_UI_SIDE_H

#include "ui/screens/page.h"

/* Rows and columns of the screen's own area. */
bool side_is_tall(int rows);   /* the words under a list, and the feed, get more rows */
int side_cols(int cols);       /* of the pane, with its line at the left; 0: there is none */

/* What the pane is about. */
struct side_of {
	int64_t lock_no;
	int64_t code_no, intent_no; /* both 0: the lock; intent_no where the code is in the outbox alone */
	const struct access_code *unsent; /* how that one was asked for; NULL otherwise */
	const char *verdict;        /* how it stands, where the list has a judgement of its own; NULL */
	enum role role;             /* of the verdict */
};

struct side {
	struct page page;
	int64_t lock_no, code_no, intent_no; /* what the page is about */
	bool stale;
};
void side_init(struct side *s);
void side_done(struct side *s);
/* The cache has changed, or the clock: to be read before it is drawn again. */
void side_forget(struct side *s);
/* of NULL: nothing, as on a heading. */
void side_draw(struct side *s, struct world *w, const struct side_of *of, struct grid *g, struct rect r);

#endif
