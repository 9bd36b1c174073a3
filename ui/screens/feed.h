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
/* The same of count events within span_ms that are shown as this one; 1: alone. */
void feed_draw_folded(const struct world *w, const struct feed_columns *c, const struct event_row *e, int count,
		      int64_t span_ms, struct grid *g, struct rect r);
/* It was stored so long after it happened that its place in a list is no news; 0: it was not late. */
int64_t feed_late_ms(const struct event *e);

#endif
