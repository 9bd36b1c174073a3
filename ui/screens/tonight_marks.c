/* tonight_marks - marking guests and doors of the board. */
#include "ui/screens/tonight.h"

static struct marked mark_of(const struct night_row *row)
{
	return (struct marked){ row->lock_no, row->code_no, row->code_no ? 0 : row->intent_no };
}

static const struct night_row *row_of(const struct tonight *t, guint door)
{
	return g_array_index(t->board.doors, struct board_door, door).row;
}

/* The doors that a line stands for. */
static bool doors_of(const struct tonight *t, int line, guint *first, guint *n)
{
	const struct board_line *l = board_line(&t->board, line);
	const struct board_guest *guest = l ? board_guest(&t->board, l->guest) : NULL;

	if (!guest)
		return false;
	*first = l->door >= 0 ? (guint)l->door : guest->first;
	*n = l->door >= 0 ? 1 : guest->n;
	return true;
}

bool tonight_is_marked(const struct tonight *t, int line)
{
	guint first, n;

	if (!marks_count(t->marks) || !doors_of(t, line, &first, &n))
		return false;
	for (guint i = first; i < first + n; i++)
		if (!marks_has(t->marks, mark_of(row_of(t, i))))
			return false;
	return true;
}

static void put(struct tonight *t, int line, bool marked)
{
	guint first, n;

	if (!doors_of(t, line, &first, &n))
		return;
	for (guint i = first; i < first + n; i++)
		if (!marked)
			marks_remove(t->marks, mark_of(row_of(t, i)));
		else if (marks_count(t->marks) < MARKS_MAX)
			marks_add(t->marks, mark_of(row_of(t, i)));
}

void tonight_mark(struct tonight *t, int n)
{
	for (; n > 0; n--) {
		int before = t->at;

		put(t, t->at, !tonight_is_marked(t, t->at));
		tonight_go(t, t->at + 1, 1);
		if (t->at == before)
			return;
	}
}

void tonight_mark_all(struct tonight *t)
{
	const struct board_line *here = board_line(&t->board, t->at);
	const struct board_guest *guest = here ? board_guest(&t->board, here->guest) : NULL;

	for (int i = 0; guest && i < board_lines(&t->board); i++) {
		const struct board_line *l = board_line(&t->board, i);
		const struct board_guest *one = board_guest(&t->board, l->guest);

		if (one && one->departs == guest->departs)
			put(t, i, true);
	}
}
