/* rotas - the next code of everybody who works on some days of the week, as soon as the one before has gone.
 *
 * feed/rota_plan.h decides; here is only when it is asked: after a turn, since only then is it known
 * which codes are gone, and at the end of a window, where no turn need be due. */
#include "config.h"

#include "feed/rota_plan.h"
#include "sync/machine.h"

#define REST_MS 5000           /* turns may follow each other closely */
#define LATER_MS (60 * 1000)   /* after a failure */

struct rotas {
	struct sync *s;
	guint timer;
	gint64 kept_us; /* monotonic; 0: not yet */
};

static void keep(struct rotas *r);

static gboolean on_due(gpointer data)
{
	struct rotas *r = data;

	r->timer = 0;
	keep(r);
	push_kick(r->s);
	return G_SOURCE_REMOVE;
}

static void schedule(struct rotas *r, int64_t wait_ms)
{
	g_clear_handle_id(&r->timer, g_source_remove);
	r->timer = g_timeout_add((guint)CLAMP(wait_ms, REST_MS, DAY_MS), on_due, r);
}

static void keep(struct rotas *r)
{
	struct sync *s = r->s;
	struct instant now = instant_now(), again;
	g_autoptr(GError) err = NULL;
	int n;

	if (!s->pulled || s->ending || s->quitting || !s->cache)
		return;
	r->kept_us = g_get_monotonic_time();
	n = rota_keep_all(s->cache, sync_zone(s), now, &again, &err);
	if (n < 0) {
		g_warning("rotas: %s", err ? err->message : "failed");
		schedule(r, LATER_MS);
		return;
	}
	if (n) {
		g_info("rotas: %d asked for", n);
		store_tell(s, POKE_OUTBOX | POKE_CODES);
	}
	if (instant_known(again))
		schedule(r, instant_diff_ms(again, now) + SECOND_MS);
}

void rotas_keep(struct sync *s)
{
	struct rotas *r = s->rotas;
	gint64 since_ms = r && r->kept_us ? (g_get_monotonic_time() - r->kept_us) / 1000 : REST_MS;

	if (!r)
		return;
	if (since_ms >= REST_MS || s->opt.once)
		keep(r);
	else
		schedule(r, REST_MS - since_ms);
}

struct rotas *rotas_new(struct sync *s)
{
	struct rotas *r = g_new0(struct rotas, 1);

	r->s = s;
	return r;
}

void rotas_free(struct rotas *r)
{
	g_clear_handle_id(&r->timer, g_source_remove);
	g_free(r);
}
