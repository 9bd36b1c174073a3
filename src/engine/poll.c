/* poll - locks are read every now and then, for those that do not tell when somebody changed them.
 *
 * Each has its own second of the period, by its id: so the reads are spread out, and a start of the
 * program moves none of them. A lock that shows what it showed the last time, with nothing changed
 * on our side since, costs the reading and no more (observe.c). */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

#define SOON_MS MINUTE_MS

static int by_time(gconstpointer one, gconstpointer other, gpointer unused)
{
	const struct lane *a = one, *b = other;

	(void)unused;
	if (a->poll_at.ms != b->poll_at.ms)
		return a->poll_at.ms < b->poll_at.ms ? -1 : 1;
	return strcmp(a->device_id, b->device_id);
}

static bool can_be_read(const struct lane *l)
{
	return l->managed && !l->removed && !l->unreadable && l->system.online_codes &&
	       l->system.read_back != READ_NOTHING;
}

/* Its next turn after now. */
static struct instant next_turn(const struct engine *e, const struct lane *l)
{
	struct instant now = engine_now(e);
	int64_t seconds = MAX(e->poll_ms / SECOND_MS, 1);
	int64_t own = (int64_t)g_str_hash(l->device_id) % seconds * SECOND_MS;
	int64_t since = (now.ms - own) % e->poll_ms;

	return instant_add_ms(now, e->poll_ms - (since < 0 ? since + e->poll_ms : since));
}

void poll_plan(struct engine *e, struct lane *l)
{
	bool wanted = e->poll_ms > 0 && can_be_read(l);

	if (l->poll && !wanted) {
		g_sequence_remove(l->poll);
		l->poll = NULL;
	} else if (!l->poll && wanted) {
		l->poll_at = next_turn(e, l);
		l->poll = g_sequence_insert_sorted(e->polls, l, by_time, NULL);
	}
}

void poll_soon(struct engine *e, struct lane *l)
{
	struct instant soon = instant_add_ms(engine_now(e), SOON_MS);

	if (!l->poll || !instant_before(soon, l->poll_at))
		return;
	l->poll_at = soon;
	g_sequence_sort_changed(l->poll, by_time, NULL);
}

struct instant poll_next(struct engine *e)
{
	GSequenceIter *first = g_sequence_get_begin_iter(e->polls);

	return g_sequence_iter_is_end(first) ? INSTANT_NONE :
					       ((struct lane *)g_sequence_get(first))->poll_at;
}

void poll_due(struct engine *e)
{
	struct instant now = engine_now(e);

	while (instant_known(poll_next(e)) && !instant_before(now, poll_next(e))) {
		GSequenceIter *first = g_sequence_get_begin_iter(e->polls);
		struct lane *l = g_sequence_get(first);
		bool under_way = l->flight && l->flight->kind == FLIGHT_READ;

		g_sequence_remove(first);
		l->poll = NULL;
		poll_plan(e, l);
		if (!under_way && lane_reachable(l))
			lane_read(e, l);
	}
}
