/* ratelimit - so many creates, updates, deletes, locks and unlocks a minute and device, as the API
 * documents, and so many times that for all devices of an account. */
#include "config.h"

#include "engine/inside.h"

static const struct {
	const char *what;
	guint a_minute; /* and device */
} limits[] = {
	[LIMIT_CREATE] = { "create access codes", 10 },
	[LIMIT_UPDATE] = { "update access codes", 10 },
	[LIMIT_DELETE] = { "delete access codes", 20 },
	[LIMIT_LOCK] = { "lock", 15 },
	[LIMIT_UNLOCK] = { "unlock", 15 },
};

/* When it was asked for in the last minute. */
static GArray *recent(struct engine *e, const char *what, const char *whose, const char *id)
{
	g_autofree char *key = g_strdup_printf("%s %s %s", what, whose, id);
	GArray *last = g_hash_table_lookup(e->limits, key);
	guint old = 0;

	if (!last) {
		last = g_array_new(FALSE, FALSE, sizeof(struct instant));
		g_hash_table_insert(e->limits, g_steal_pointer(&key), last);
	}
	while (old < last->len && instant_diff_ms(engine_now(e),
						  g_array_index(last, struct instant, old)) >=
					  MINUTE_MS)
		old++;
	g_array_remove_range(last, 0, old);
	return last;
}

static bool too_many(struct engine *e, const GArray *last, guint most, const char *what,
		     const char *whose, struct refusal *no)
{
	int64_t ago;

	if (last->len < most)
		return false;
	ago = instant_diff_ms(engine_now(e), g_array_index(last, struct instant, last->len - most));
	no->retry_after_s = (int)((MINUTE_MS - ago + 999) / SECOND_MS);
	refuse(no, 429, "rate_limit_exceeded", NULL,
	       "At most %u requests to %s are taken for one %s in a minute", most, what, whose);
	return true;
}

bool within_limit(struct engine *e, const char *device_id, enum limited what, struct refusal *no)
{
	const char *account = lane_of(e, device_id)->account_id, *text = limits[what].what;
	guint most = limits[what].a_minute;
	bool bound = account && e->account_share > 0;
	struct instant now = engine_now(e);
	GArray *of_device, *of_account = NULL;

	if (!e->rate_limits)
		return true;
	of_device = recent(e, text, "device", device_id);
	if (bound)
		of_account = recent(e, text, "account", account);
	if (too_many(e, of_device, most, text, "device", no) ||
	    (bound &&
	     too_many(e, of_account, most * (guint)e->account_share, text, "account", no)))
		return false;
	/* Only what is taken counts, and it counts for both. */
	g_array_append_val(of_device, now);
	if (bound)
		g_array_append_val(of_account, now);
	return true;
}
