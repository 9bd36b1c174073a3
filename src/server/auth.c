/* auth - who asks: an API key of this store, and what its role may.
 *
 * Wrong keys are counted by peer; whoever has given many within a minute is told to wait before
 * the next wrong one is looked at. A right key is never held up by others' wrong ones. */
#include "config.h"

#include "server/front.h"

#include <string.h>

#define BEARER	    "Bearer "
#define GUESSES_MAX 20 /* wrong keys of one peer within GUESSES_MS */
#define GUESSES_MS  MINUTE_MS
#define PEERS_MAX   4096

/* Credentials of the vendor's that exist elsewhere only. */
static const struct {
	const char *prefix, *message;
} foreign[] = {
	{ "seam_at", "Personal access tokens are not known here: use an API key" },
	{ "seam_cst", "Client session tokens are not known here: use an API key" },
	{ "seam_pk", "Publishable keys are not known here: use an API key" },
	{ "ey", "Console sessions are not known here: use an API key" },
};

static const char *const role_names[] = {
	[KEY_NONE] = "none",
	[KEY_READ] = "read",
	[KEY_DESK] = "desk",
	[KEY_ADMIN] = "admin",
};

/* ---- guesses ---- */

struct guesses {
	struct instant since; /* the first of this minute */
	int n;
};

GHashTable *guesses_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static bool is_past(const struct guesses *g, struct instant now)
{
	int64_t age_ms = instant_diff_ms(now, g->since);

	return age_ms < 0 || age_ms >= GUESSES_MS;
}

static gboolean peer_is_past(gpointer peer, gpointer guesses, gpointer now)
{
	(void)peer;
	return is_past(guesses, *(struct instant *)now);
}

/* Seconds to wait before another wrong key of this peer is looked at; 0: none. */
static int guess(struct server *s, const char *peer)
{
	struct instant now = clock_now(s->clock);
	struct guesses *g = g_hash_table_lookup(s->guesses, peer);

	if (!g || is_past(g, now)) {
		if (!g && g_hash_table_size(s->guesses) >= PEERS_MAX)
			g_hash_table_foreach_remove(s->guesses, peer_is_past, &now);
		if (!g && g_hash_table_size(s->guesses) >= PEERS_MAX)
			return 1;
		g = g_new0(struct guesses, 1);
		g->since = now;
		g_hash_table_replace(s->guesses, g_strdup(peer), g);
	}
	if (g->n < GUESSES_MAX) {
		g->n++;
		return 0;
	}
	return (int)((GUESSES_MS - instant_diff_ms(now, g->since) + 999) / 1000);
}

/* ---- the check ---- */

static bool refuse(struct call *c, const char *message)
{
	call_refuse(c, 401, "unauthorized", "%s", message);
	return false;
}

static bool is_wrong(struct call *c, const char *peer)
{
	int wait_s = guess(c->server, peer ? peer : "");

	if (wait_s == 0)
		return refuse(c, "API Key not found");
	call_refuse(c, 429, "too_many_requests", "Too many unknown API keys; wait %d s", wait_s);
	c->no.retry_after_s = wait_s;
	return false;
}

static bool is_of_this_workspace(struct call *c, const char *workspace)
{
	if (!workspace || !*workspace || strcmp(workspace, c->server->workspace_id) == 0)
		return true;
	call_refuse(c, 401, "workspace_not_found", "This API key is of another workspace");
	return false;
}

bool auth_check(struct call *c, const struct http_request *rq)
{
	const char *key = rq->authorization;
	enum key_role least = MAX(c->route->role, KEY_READ);

	if (c->route->flags & ROUTE_OPEN)
		return true;
	if ((c->route->flags & ROUTE_OPEN_UNIX) && !key && g_strcmp0(rq->peer, "unix") == 0)
		return true;
	if (!key && rq->client_session)
		return refuse(c, "Client session tokens are not known here: use an API key");
	if (!key)
		return refuse(c, "No API key: send the header 'Authorization: Bearer seam_…'");
	if (g_ascii_strncasecmp(key, BEARER, strlen(BEARER)) != 0)
		return refuse(c, "The header must be 'Authorization: Bearer seam_…'");
	key += strlen(BEARER);
	key += strspn(key, " ");
	c->role = store_key_role(c->server->store, key);
	for (size_t i = 0; c->role == KEY_NONE && i < G_N_ELEMENTS(foreign); i++) {
		if (g_str_has_prefix(key, foreign[i].prefix))
			return refuse(c, foreign[i].message);
	}
	if (c->role == KEY_NONE)
		return is_wrong(c, rq->peer);
	memcpy(c->key_id, key + strlen("seam_"), sizeof c->key_id - 1);
	if (!is_of_this_workspace(c, rq->workspace))
		return false;
	if (c->role >= least)
		return true;
	call_refuse(c, 403, "insufficient_permissions",
		    "This API key has the role %s; the role %s is needed", role_names[c->role],
		    role_names[least]);
	return false;
}
