/* health - is keyrackd well? One look at the store, and at how late the engine is. For whoever
 * restarts it or takes it out of service: no key, nothing that is worth one. */
#include "config.h"

#include "server/device.h"
#include "server/keyrackd.h"

/* A clock that runs faster makes the same lateness look larger than it is; one that stands is
 * never late. */
int64_t keyrackd_lag_s(struct server *s)
{
	struct instant due = store_next_look(s->store), now = clock_now(s->clock);
	int rate = clock_rate(s->clock);

	if (rate == 0 || !instant_known(due) || !instant_before(due, now))
		return 0;
	return instant_diff_ms(now, due) / rate / SECOND_MS;
}

enum call_end keyrackd_health(struct call *c)
{
	struct server *s = c->server;
	struct store_sizes sizes;
	int64_t lag_s;

	if (!store_sizes(s->store, &sizes, NULL) || store_fails(s->store))
		return refuse_no_store(c);
	lag_s = keyrackd_lag_s(s);
	if (lag_s >= BEHIND_MAX_S)
		return call_refuse(c, 503, "engine_behind",
				   "The engine is %" G_GINT64_FORMAT " s behind.", lag_s);
	jsonout_instant(c->out, "now", clock_now(s->clock));
	jsonout_instant(c->out, "started_at", s->started_at);
	jsonout_string(c->out, "version", s->version);
	jsonout_string(c->out, "store", "ok");
	jsonout_int(c->out, "devices", sizes.devices);
	jsonout_int(c->out, "offline", sizes.devices_away);
	jsonout_int(c->out, "lag_s", lag_s);
	return CALL_DONE;
}
