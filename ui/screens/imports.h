/* imports - parts of the Imports screen: feeds and files above, the chosen one's rows below. */
#ifndef KEYRACK_UI_IMPORTS_H
#define KEYRACK_UI_IMPORTS_H

#include "feed/plan.h"
#include "ui/screens/screen.h"

/* A feed of the profile, or a file that was imported. */
struct import_source {
	char *name;
	const struct feed_profile *feed; /* NULL: a file */
	struct feed_state state;         /* source NULL: never read */
	int signs[BATCH_SIGN_COUNT];     /* of its rows */
	int fixable;
	char *guard;
};
struct imports {
	struct screen base;
	GPtrArray *sources;         /* of struct import_source * */
	struct cache_list *states;  /* what the sources' states are lent by */
	struct cache_list *rows;    /* of the chosen source; what the plan is lent by */
	struct plan *plan;          /* NULL: to be made */
	GArray *order;              /* of guint: the plan's rows as they are listed */
	char *chosen;               /* name of the source */
	int64_t row_no;             /* the cursor's row */
	int source_at, source_top, at, top, rows_shown, first; /* first: of the list, on the grid */
	bool broken;                /* the chosen one cannot be read: not tried again at each frame */
	bool on_sources;            /* the keys move among the sources */
};

const struct import_source *imports_source(const struct imports *m); /* the chosen one; NULL: none */
const struct plan_row *imports_row(const struct imports *m, int i);  /* as listed */
void imports_draw(struct screen *s, struct grid *g, struct rect area);

#endif
