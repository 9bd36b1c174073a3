/* ratelimit - so many creates, updates and deletes a minute and device, as the API documents. */
#include "config.h"

#include "engine/inside.h"

static const struct {
	const char *word;
	guint a_minute;
} limits[] = {
	[LIMIT_CREATE] = { "create", 10 },
	[LIMIT_UPDATE] = { "update", 10 },
	[LIMIT_DELETE] = { "delete", 20 },
};

bool within_limit(struct engine *e, const char *device_id, enum limited what, struct refusal *no)
{
	g_autofree char *key = g_strdup_printf("%s %s", limits[what].word, device_id);
	struct instant now = engine_now(e);
	GArray *last;
	guint old = 0;

	if (!e->rate_limits)
		return true;
	last = g_hash_table_lookup(e->limits, key);
	if (!last) {
		last = g_array_new(FALSE, FALSE, sizeof(struct instant));
		g_hash_table_insert(e->limits, g_steal_pointer(&key), last);
	}
	while (old < last->len &&
	       instant_diff_ms(now, g_array_index(last, struct instant, old)) >= MINUTE_MS)
		old++;
	g_array_remove_range(last, 0, old);
	if (last->len < limits[what].a_minute) {
		g_array_append_val(last, now);
		return true;
	}
	no->retry_after_s =
		(int)((MINUTE_MS - instant_diff_ms(now, g_array_index(last, struct instant, 0)) +
		       999) /
		      SECOND_MS);
	return refuse(no, 429, "rate_limit_exceeded", NULL,
		      "At most %u requests to %s access codes a minute are taken for one device",
		      limits[what].a_minute, limits[what].word);
}
