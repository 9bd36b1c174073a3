/* rack_marks - marking rows and bars of the rack. */
#include "ui/screens/rack.h"

#include "core/i18n.h"

#define MARKS_MAX 5000 /* more is no choice that anybody has read */

bool rack_is_marked(const struct rack *r, int64_t lock_no, const struct code_row *c)
{
	return marks_has(r->marks, c ? mark_of_code(c) : (struct marked){ .lock_no = lock_no });
}

static void toggle(struct rack *r, struct marked what)
{
	if (!marks_remove(r->marks, what))
		marks_add(r->marks, what);
}

/* From a bar on to the next bar, from a row to the row below: to the next thing of the kind. */
void rack_mark(struct rack *r, int n)
{
	while (n-- > 0) {
		struct rack_lock *l = rack_lock(r);
		const struct code_row *c = rack_code(r);
		struct place before = r->at;

		if (!l)
			return;
		toggle(r, c ? mark_of_code(c) : (struct marked){ .lock_no = l->lock_no });
		if (r->bar >= 0)
			rack_next_bar(r, 1);
		else
			rack_move(r, 1);
		if (r->bar < 0 && r->at.lock == before.lock && r->at.code == before.code)
			return; /* the last row */
	}
}

static void mark_codes(struct rack *r, struct rack_lock *l)
{
	for (int i = 0; i < rack_lock_codes(l) && marks_count(r->marks) < MARKS_MAX; i++)
		marks_add(r->marks, mark_of_code(rack_lock_code(l, i)));
}

/* All that was found; else all of the kind that the cursor is on: every lock, or every code that has a row
 * (of folded locks those of this one). */
void rack_mark_all(struct rack *r)
{
	struct rack_rows *rows = &r->rows;
	bool codes = rack_code(r) != NULL;

	for (int i = 0; i < (int)rows->order->len && marks_count(r->marks) < MARKS_MAX; i++) {
		int64_t no = g_array_index(rows->order, int64_t, i);
		struct rack_lock *l = rows->find || codes ? rack_rows_at(rows, i) : NULL;

		if (rows->find ? l->found : codes && (rack_rows_is_unfolded(rows, i) || i == r->at.lock))
			mark_codes(r, l);
		else if (rows->find || !codes)
			marks_add(r->marks, (struct marked){ .lock_no = no });
	}
	if (marks_count(r->marks) >= MARKS_MAX)
		app_message(r->base.app, true, _("Marked as many as can be: %d."), MARKS_MAX);
}

void rack_marks_check(struct rack *r)
{
	int gone = 0;

	if (r->batches_applied != r->base.world->batches_applied)
		marks_clear(r->marks);
	else
		gone = marks_refresh(r->marks, r->base.world->cache);
	r->batches_applied = r->base.world->batches_applied;
	if (gone)
		app_message(r->base.app, false,
			    P_("%d that was marked is gone, and no longer marked.",
			       "%d that were marked are gone, and no longer marked.", gone), gone);
}
