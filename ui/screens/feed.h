/* feed - events as rows: time, lock, what, who, how. Used by the rack, code and events screens. */
#ifndef KEYRACK_UI_FEED_H
#define KEYRACK_UI_FEED_H

#include "ui/screens/screen.h"

struct feed_columns {
	int time, lock, what, who; /* widths; what is left is for 'how' */
};
/* with_lock false: the lock is known from around it. */
struct feed_columns feed_columns(int cells, bool with_lock);
void feed_draw_row(const struct world *w, const struct feed_columns *c, const struct event_row *e,
		   struct grid *g, struct rect r);

#endif
