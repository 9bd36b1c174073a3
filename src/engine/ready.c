/* ready - the lanes that may have something to do, the earliest start first; and those that pause.
 *
 * Each stands in its row by the moment that it had when it was put there, so that a turn takes the
 * first ones and never looks at the rest: a check-out makes ten thousand lanes ready at once. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

static int by_rank(gconstpointer one, gconstpointer other, gpointer unused)
{
	const struct lane *a = one, *b = other;

	(void)unused;
	if (a->rank.ms != b->rank.ms)
		return a->rank.ms < b->rank.ms ? -1 : 1;
	return strcmp(a->device_id, b->device_id);
}

/* What somebody asked for at a door, and reads, are before everything. */
static struct instant head_start(const struct lane *l)
{
	GSequenceIter *first;

	if (l->turns.length > 0 || l->read_wanted)
		return INSTANT_MIN;
	first = g_sequence_get_begin_iter(l->line);
	return g_sequence_iter_is_end(first) ?
		       INSTANT_MIN :
		       ((struct waiting *)g_sequence_get(first))->starts_at;
}

static void leave_row(struct lane *l)
{
	g_clear_pointer(&l->place, g_sequence_remove);
}

static void enter_row(GSequence *row, struct lane *l, struct instant rank)
{
	leave_row(l);
	l->rank = rank;
	l->place = g_sequence_insert_sorted(row, l, by_rank, NULL);
}

static struct lane *first_of(GSequence *row)
{
	GSequenceIter *first = g_sequence_get_begin_iter(row);

	return g_sequence_iter_is_end(first) ? NULL : g_sequence_get(first);
}

void ready_add(struct engine *e, struct lane *l)
{
	struct instant rank = head_start(l);

	/* One in flight comes back with its answer. */
	if (l->flight)
		return;
	if (!l->place || l->rank.ms != rank.ms || g_sequence_iter_get_sequence(l->place) != e->ready)
		enter_row(e->ready, l, rank);
}

struct lane *ready_take(struct engine *e)
{
	struct lane *l;

	while ((l = first_of(e->ready))) {
		leave_row(l);
		if (l->flight)
			continue;
		/* What was first in its line has left it: others may be before it now. */
		if (!instant_before(l->rank, head_start(l)))
			return l;
		enter_row(e->ready, l, head_start(l));
	}
	return NULL;
}

void ready_pause(struct engine *e, struct lane *l)
{
	if (instant_before(engine_now(e), l->not_before))
		enter_row(e->paused, l, l->not_before);
}

struct instant ready_next(struct engine *e)
{
	const struct lane *l = first_of(e->paused);

	return l ? l->rank : INSTANT_NONE;
}

void ready_resume(struct engine *e)
{
	struct lane *l;

	while ((l = first_of(e->paused)) && !instant_before(engine_now(e), l->rank))
		enter_row(e->ready, l, head_start(l));
}
