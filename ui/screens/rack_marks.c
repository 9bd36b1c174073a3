/* rack_marks - marking rows and bars of the rack. */
#include "ui/screens/rack.h"

#include "core/i18n.h"
#include "ui/screens/bulk.h"
#include "ui/screens/words.h"

bool rack_is_marked(const struct rack *r, int64_t lock_no, const struct code_row *c)
{
	return marks_has(r->marks, c ? mark_of_code(c) : (struct marked){ .lock_no = lock_no });
}

static void toggle(struct rack *r, struct marked what)
{
	if (!marks_remove(r->marks, what))
		marks_add(r->marks, what);
}

/* A room stands for its door and for whoever it is about: which of them, the command decides. */
static void say_room(struct rack *r, struct rack_lock *l)
{
	const struct world *w = r->base.world;
	const struct code_row *guest = rack_lock_code(l, rack_guest(l, w->zone, w->now));
	char shown[NAME_SHOWN_MAX];

	if (!l->row || !rack_is_marked(r, l->lock_no, NULL))
		return;
	if (guest)
		app_message(r->base.app, false, _("%1$s is marked: u and L mean its door, the other verbs %2$s."),
			    l->row->lock.name ? l->row->lock.name : _("The room"),
			    code_name_shown(&guest->code, w->ascii, shown));
	else
		app_message(r->base.app, false, _("%s is marked, its door: nobody stays there, and nobody is to come."),
			    l->row->lock.name ? l->row->lock.name : _("The room"));
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
		if (!c)
			say_room(r, rack_rows_at(&r->rows, r->at.lock));
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
	bulk_check_marks(r->base.app, r->base.world, r->marks, &r->batches_applied);
}
