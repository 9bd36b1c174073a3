/* forecast - when a lock's memory will be full; see the header. */
#include "core/forecast.h"

#include "core/traits.h"

/* On the lock, or on its way there. */
static bool is_written(const struct access_code *ac)
{
	return !ac->managed || g_strcmp0(ac->status, "set") == 0 ||
	       g_strcmp0(ac->status, "setting") == 0 || g_strcmp0(ac->status, "removing") == 0 ||
	       ac->is_scheduled_on_device == TRI_YES;
}

bool held_by_code(const struct access_code *ac, bool native, struct instant now, struct held *out)
{
	int64_t lead = native ? PRELOAD_LEAD_MS : JUST_IN_TIME_LEAD_MS;

	if (ac->is_offline_access_code == TRI_YES ||
	    (instant_known(ac->ends_at) && !instant_before(now, ac->ends_at)))
		return false;
	*out = (struct held){ ac->starts_at, ac->ends_at };
	if (is_written(ac))
		out->from = INSTANT_NONE;
	else if (instant_known(out->from))
		out->from = instant_add_ms(out->from, -lead);
	return true;
}

struct edge {
	struct instant at;
	int step;
};

/* What ends makes room for what begins at the same moment. */
static int compare_edges(gconstpointer a, gconstpointer b)
{
	const struct edge *x = a, *y = b;

	if (x->at.ms != y->at.ms)
		return x->at.ms < y->at.ms ? -1 : 1;
	return x->step - y->step;
}

struct forecast forecast_memory(const struct held *held, size_t n, int places, struct instant now)
{
	struct forecast f = { .full_at = INSTANT_NONE, .short_at = INSTANT_NONE };
	g_autoptr(GArray) edges = g_array_sized_new(FALSE, FALSE, sizeof(struct edge), (guint)(2 * n));
	int taken = 0;

	for (size_t i = 0; i < n; i++) {
		struct edge begin = { held[i].from, 1 }, end = { held[i].until, -1 };

		if (instant_known(end.at) && !instant_before(now, end.at))
			continue;
		if (!instant_known(begin.at) || instant_before(begin.at, now))
			begin.at = now;
		if (instant_known(end.at) && !instant_before(begin.at, end.at))
			continue; /* nothing between them */
		g_array_append_val(edges, begin);
		if (instant_known(end.at))
			g_array_append_val(edges, end);
	}
	g_array_sort(edges, compare_edges);
	for (guint i = 0; i < edges->len; i++) {
		const struct edge *e = &g_array_index(edges, struct edge, i);

		taken += e->step;
		if (instant_eq(e->at, now))
			f.now = taken;
		f.most = MAX(f.most, taken);
		if (taken >= places && e->step > 0 && !instant_known(f.full_at))
			f.full_at = e->at;
		if (taken > places && !instant_known(f.short_at))
			f.short_at = e->at;
	}
	if (places <= 0)
		f.full_at = now; /* a lock that holds none is full from the beginning */
	return f;
}
