/* view_state - how the rack was left: its order, its columns, its zoom, kept from one day to the next.
 *
 * $XDG_STATE_HOME/keyrack/<profile>/view.conf, written by the program alone and whole or not at all. What a
 * person wrote into keyrack.conf is never touched; what is chosen on the screen comes before it. */
#ifndef KEYRACK_UI_VIEW_STATE_H
#define KEYRACK_UI_VIEW_STATE_H

#include "core/profile.h"
#include "ui/screens/columns.h"
#include "ui/widgets/lane.h"

struct view_state {
	enum lock_sort sort;
	bool reversed;
	enum lock_group group;
	enum zoom zoom;
	struct columns columns;
};
/* What is not said, or makes no sense, is as in a new installation. */
void view_state_load(const struct profile *p, struct view_state *out);
/* False where it cannot be written: nothing is lost but the habit. */
bool view_state_save(const struct profile *p, const struct view_state *v);

#endif
