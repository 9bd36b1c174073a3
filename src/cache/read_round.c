/* read_round - the health round: what of each lock decides its place in the list.
 *
 * A few numbers a lock, read by indexes; the words of a row are read when it is shown. A lock's
 * codes are looked through only where there are as many as it has places. */
#include <string.h>

#include "cache/db.h"
#include "core/traits.h"

struct instant cache_offline_since(struct cache *c, int64_t lock_no)
{
	OWN(cache_list) struct cache_list *issues = cache_issues_of_lock(c, lock_no, NULL);
	struct instant since = INSTANT_NONE;

	for (guint i = 0; issues && i < issues->rows->len; i++) {
		const struct issue_row *one = cache_list_at(issues, struct issue_row, i);

		if (!one->code || !instant_known(one->created_at))
			continue;
		if (strstr(one->code, "disconnected") || strstr(one->code, "offline"))
			since = one->created_at;
	}
	return since;
}

/* ---- memory ---- */

static bool read_held(struct cache *c, int64_t lock_no, bool native, struct instant now, GArray *held,
		      GError **err)
{
	QUERY q = db_query(c, STATEMENT_LOCK_HELD, err);
	int more;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, lock_no);
	sqlite3_bind_int64(q, 2, now.ms);
	while ((more = db_next(c, q, err)) > 0) {
		int64_t from = sqlite3_column_int64(q, 0), until = sqlite3_column_int64(q, 1);
		struct access_code ac = {
			.starts_at = from == INSTANT_MIN.ms ? INSTANT_NONE : (struct instant){ from },
			.ends_at = until == INSTANT_MAX.ms ? INSTANT_NONE : (struct instant){ until },
			.managed = sqlite3_column_int(q, 2) != 0,
			.status = (const char *)sqlite3_column_text(q, 3),
			.is_scheduled_on_device = (enum tri)sqlite3_column_int(q, 4),
			.is_offline_access_code = (enum tri)sqlite3_column_int(q, 5),
		};
		struct held one;

		if (held_by_code(&ac, native, now, &one))
			g_array_append_val(held, one);
	}
	return more == 0;
}

static struct forecast memory_of(struct cache *c, int64_t lock_no, const char *device_type, int places,
				 struct instant now)
{
	const struct traits *t = traits_of(device_type);
	g_autoptr(GArray) held = g_array_new(FALSE, FALSE, sizeof(struct held));

	read_held(c, lock_no, t && t->native_schedule, now, held, NULL);
	return forecast_memory((const struct held *)(const void *)held->data, held->len, places, now);
}

struct forecast cache_memory(struct cache *c, int64_t lock_no, const struct lock *lock,
			     struct instant now)
{
	return memory_of(c, lock_no, lock->device_type,
			 lock->max_active_codes >= 0 ? lock->max_active_codes : G_MAXINT, now);
}

/* ---- the round ---- */

static void add_issue(struct lock_health *h, const struct issue_row *one)
{
	switch (health_part_of(one->code, one->of_account)) {
	case HEALTH_CONNECTION:
		h->offline_since = instant_known(one->created_at) ? one->created_at : h->offline_since;
		break;
	case HEALTH_ACCOUNT: h->account = true; break;
	case HEALTH_CLOCK: h->clock = true; break;
	case HEALTH_BATTERY: h->battery_low = true; break;
	case HEALTH_MEMORY:
	case HEALTH_NONE: break;
	}
}

static void add_issues(struct cache *c, struct round_row *row, struct instant now)
{
	OWN(cache_list) struct cache_list *issues = cache_issues_of_lock(c, row->lock_no, NULL);

	for (guint i = 0; issues && i < issues->rows->len; i++) {
		const struct issue_row *one = cache_list_at(issues, struct issue_row, i);

		add_issue(&row->health, one);
		/* The server has counted, whatever is known here of the codes. */
		if (health_part_of(one->code, false) == HEALTH_MEMORY)
			row->health.full_at = now;
	}
	if (!row->health.offline)
		row->health.offline_since = INSTANT_NONE;
}

enum round_column {
	ROUND_LOCK, ROUND_NAME_NO, ROUND_PLACE, ROUND_ROOM, ROUND_ONLINE, ROUND_BATTERY, ROUND_BATTERY_STATUS,
	ROUND_SEVERITY, ROUND_TROUBLED, ROUND_PLACES, ROUND_TYPE, ROUND_STRAYS, ROUND_HELD, ROUND_SEEN,
	ROUND_ZONE, ROUND_OBJECT,
};

/* Only what a maker's own part says of a clock is worth walking the object for. */
static bool clock_is_off(sqlite3_stmt *q, struct instant now)
{
	const struct lock lock = {
		.zone = (const char *)sqlite3_column_text(q, ROUND_ZONE),
		.object = (const char *)sqlite3_column_text(q, ROUND_OBJECT),
	};
	g_autofree char *words = lock.object ? health_clock_words(&lock, now) : NULL;

	return words != NULL;
}

static struct round_row read_row(struct cache *c, sqlite3_stmt *q, struct instant now)
{
	int pct = sqlite3_column_int(q, ROUND_BATTERY), places = sqlite3_column_int(q, ROUND_PLACES);
	int known = sqlite3_column_int(q, ROUND_HELD);
	struct round_row row = {
		.lock_no = sqlite3_column_int64(q, ROUND_LOCK),
		.name_no = sqlite3_column_int(q, ROUND_NAME_NO),
		.last_seen = column_when(q, ROUND_SEEN),
		.health = {
			.offline = sqlite3_column_int(q, ROUND_ONLINE) == TRI_NO,
			.offline_since = INSTANT_NONE,
			.clock = clock_is_off(q, now),
			.battery_pct = pct,
			.battery_low = battery_is_low(pct, (const char *)sqlite3_column_text(q, ROUND_BATTERY_STATUS)),
			.severity = sqlite3_column_int(q, ROUND_SEVERITY),
			.strays = sqlite3_column_int(q, ROUND_STRAYS),
			.places = places,
			.full_at = INSTANT_NONE,
		},
	};

	/* Fewer codes than places can never fill it. */
	if (places >= 0 && known >= places)
		row.health.full_at = memory_of(c, row.lock_no, (const char *)sqlite3_column_text(q, ROUND_TYPE),
					       places, now).full_at;
	if (sqlite3_column_int(q, ROUND_TROUBLED))
		add_issues(c, &row, now);
	return row;
}

/* Another than the one before, which it becomes. */
static bool differs(const char *here, char **before)
{
	bool other = g_strcmp0(here, *before) != 0;

	g_free(*before);
	*before = g_strdup(here);
	return other;
}

GArray *cache_round(struct cache *c, struct instant now, GError **err)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct round_row));
	g_autofree char *place = NULL, *room = NULL;
	QUERY q = db_query(c, STATEMENT_ROUND, err);
	int more = -1, place_no = 0, room_no = 0;

	if (q)
		sqlite3_bind_int64(q, 1, now.ms);
	while (q && (more = db_next(c, q, err)) > 0) {
		const char *here = (const char *)sqlite3_column_text(q, ROUND_PLACE);
		struct round_row row = read_row(c, q, now);

		bool moved = differs(here, &place) && rows->len;

		place_no += moved;
		room_no += differs((const char *)sqlite3_column_text(q, ROUND_ROOM), &room) || moved;
		row.floor_no = (int)rows->len;
		row.place_no = place_no;
		row.room_no = room_no;
		g_array_append_val(rows, row);
	}
	if (more == 0)
		return rows;
	g_array_unref(rows);
	return NULL;
}
