/* desk_acts - what a person did at this desk that no server hears of: see cache.h. */
#include "cache/db.h"
#include "cache/shift.h"

bool cache_note_act(struct cache *c, const char *act, const char *about, const char *by, struct instant now,
		    GError **err)
{
	QUERY q = db_query(c, STATEMENT_ACT_ADD, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, now.ms);
	bind_text(q, 2, by);
	bind_text(q, 3, act);
	bind_text(q, 4, about);
	return db_run(c, q, err);
}

#define PIN_SHOWN      "PIN shown"
#define SHOWN_AGAIN_MS (10 * MINUTE_MS)
#define ACTS_LOOKED_AT 100 /* more than that in ten minutes is noted twice */

bool cache_note_pin_shown(struct cache *c, const char *whose, const char *door, const char *by, struct instant now,
			  GError **err)
{
	OWN(cache_list) struct cache_list *acts = desk_acts(c, ACTS_LOOKED_AT, NULL);
	g_autofree char *about = door ? g_strdup_printf("%s, %s", whose ? whose : "?", door) : g_strdup(whose);

	for (guint i = 0; acts && i < acts->rows->len; i++) {
		const struct desk_act *a = cache_list_at(acts, struct desk_act, i);

		if (instant_diff_ms(now, a->at) < SHOWN_AGAIN_MS && g_strcmp0(a->act, PIN_SHOWN) == 0 &&
		    g_strcmp0(a->about, about) == 0 && g_strcmp0(a->by, by) == 0)
			return true;
	}
	return cache_note_act(c, PIN_SHOWN, about, by, now, err);
}
