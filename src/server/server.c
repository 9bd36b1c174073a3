/* server - its beginning and end, and what it serves. */
#include "config.h"

#include "server/front.h"

static const struct route_table *const tables[] = {
	&routes_access_codes, &routes_unmanaged, &routes_devices,  &routes_locks,
	&routes_accounts,     &routes_events,	 &routes_webhooks, &routes_simulate,
	&routes_keyrackd,     &routes_live,
};

const struct route_table *const *route_tables(size_t *n)
{
	*n = G_N_ELEMENTS(tables);
	return tables;
}

/* Keys are the rows' own paths. */
static GHashTable *index_routes(void)
{
	GHashTable *routes = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		for (size_t k = 0; k < tables[i]->n; k++) {
			const struct route *r = &tables[i]->routes[k];

			if (!g_hash_table_insert(routes, (char *)(uintptr_t)r->path,
						 (void *)(uintptr_t)r))
				g_error("two routes have the path %s", r->path);
		}
	}
	return routes;
}

struct server *server_new(struct engine *engine, struct store *store, struct clock *clock,
			  const struct server_options *opt, GError **err)
{
	struct server *s = g_new0(struct server, 1);

	s->engine = engine;
	s->store = store;
	s->clock = clock;
	s->simulated = opt->simulated;
	s->workspace_id = g_strdup(opt->workspace_id);
	s->workspace_name = g_strdup(opt->workspace_name);
	s->version = g_strdup(opt->version);
	s->sandbox = opt->sandbox;
	s->routes = index_routes();
	s->guesses = guesses_new();
	s->keys_used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->waiting = g_hash_table_new(NULL, NULL);
	s->live_path = routes_live.n ? routes_live.routes[0].path : NULL;
	s->started_at = clock_now(clock);
	s->answers = answers_new();
	s->live = live_new(s);
	s->webhooks = webhooks_new(s, err);
	if (!s->webhooks)
		g_clear_pointer(&s, server_free);
	return s;
}

/* Calls that wait and that nobody else has ended. */
static void answer_waiting(struct server *s)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, s->waiting);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		struct call *c = key;

		if (c->cancelled)
			c->cancelled(c);
		call_refuse(c, 503, "service_unavailable", "The server is stopping");
		call_finish(c, CALL_REFUSED);
		g_hash_table_iter_init(&iter, s->waiting);
	}
}

void server_free(struct server *s)
{
	if (!s)
		return;
	s->draining = true;
	answer_waiting(s);
	live_free(s->live);
	webhooks_free(s->webhooks);
	g_hash_table_destroy(s->waiting);
	g_hash_table_destroy(s->routes);
	g_hash_table_destroy(s->guesses);
	g_hash_table_destroy(s->keys_used);
	show_trouble_forget(s);
	answers_free(s->answers);
	g_free(s->workspace_id);
	g_free(s->workspace_name);
	g_free(s->version);
	g_free(s);
}

void server_drain(struct server *s)
{
	s->draining = true;
	live_drain(s->live);
}

bool server_quiet(const struct server *s)
{
	return webhooks_quiet(s->webhooks);
}
