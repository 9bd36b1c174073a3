/* counts - what was asked of the locks since the start, by provider; and what waits to be asked. */
#include "config.h"

#include "engine/inside.h"

/* By enum flight_kind; an enable is a write to the lock as any other. */
static const char *const step_names[] = {
	[FLIGHT_READ] = "read",
	[FLIGHT_SET] = "write",
	[FLIGHT_REMOVE] = "remove",
	[FLIGHT_TURN] = "turn",
	[FLIGHT_AUTO_LOCK] = "auto_lock",
};

static const char *const result_names[] = {
	[DRIVER_OK] = "ok",
	[DRIVER_UNREACHABLE] = "unreachable",
	[DRIVER_LOST] = "lost",
	[DRIVER_REFUSED] = "refused",
	[DRIVER_FULL] = "full",
	[DRIVER_DUPLICATE] = "duplicate",
	[DRIVER_NOT_THERE] = "not_there",
	[DRIVER_JAMMED] = "jammed",
	[DRIVER_BUSY] = "busy",
};

#define STEPS	G_N_ELEMENTS(step_names)
#define RESULTS G_N_ELEMENTS(result_names)

struct answers {
	const char *provider; /* interned */
	uint64_t by[STEPS][RESULTS];
	uint64_t retries;
};

void count_answer(struct engine *e, const struct flight *f)
{
	const char *known = f->lane->system.provider, *provider = known ? known : "unknown";
	struct answers *a = g_hash_table_lookup(e->counts, provider);
	bool read_again = f->kind == FLIGHT_READ && f->lane->read_tries > 0;

	if (!a) {
		a = g_new0(struct answers, 1);
		a->provider = provider;
		g_hash_table_insert(e->counts, (char *)(uintptr_t)provider, a);
	}
	a->by[f->kind][f->answer.result]++;
	if (f->before.tries > 0 || read_again)
		a->retries++;
}

GArray *engine_counts(struct engine *e)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct engine_count));
	GHashTableIter it;
	void *value;

	g_hash_table_iter_init(&it, e->counts);
	while (g_hash_table_iter_next(&it, NULL, &value)) {
		const struct answers *a = value;

		for (size_t i = 0; i < STEPS * RESULTS; i++) {
			struct engine_count c = { .provider = a->provider,
						  .step = step_names[i / RESULTS],
						  .result = result_names[i % RESULTS],
						  .n = a->by[i / RESULTS][i % RESULTS] };

			if (c.n > 0)
				g_array_append_val(all, c);
		}
		struct engine_count retries = { .provider = a->provider, .n = a->retries };

		g_array_append_val(all, retries);
	}
	return all;
}

static void look_at_lane(struct lane *l, struct engine_queue *q)
{
	GSequenceIter *at = g_sequence_get_begin_iter(l->line);

	q->in_flight += l->flight ? 1 : 0;
	q->waiting += g_hash_table_size(l->in_line) + g_queue_get_length(&l->turns) +
		      (l->read_wanted ? 1u : 0u);
	for (; !g_sequence_iter_is_end(at); at = g_sequence_iter_next(at)) {
		const struct waiting *w = g_sequence_get(at);

		if (!instant_known(q->oldest) || instant_before(w->asked_at, q->oldest))
			q->oldest = w->asked_at;
	}
}

struct engine_queue engine_queue(struct engine *e)
{
	struct engine_queue q = { .oldest = INSTANT_NONE };
	GHashTableIter it;
	void *lane;

	g_hash_table_iter_init(&it, e->lanes);
	while (g_hash_table_iter_next(&it, NULL, &lane))
		look_at_lane(lane, &q);
	return q;
}
