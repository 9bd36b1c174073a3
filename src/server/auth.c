/* auth - who asks: an API key of this store, and what its role may.
 *
 * Wrong keys are counted by peer; whoever has given many within a minute is told to wait before
 * the next wrong one is looked at. A right key is never held up by others' wrong ones. */
#include "config.h"

#include "server/front.h"

#include <gio/gio.h>
#include <string.h>

#define KEY_OVER    "The time of this API key is over"
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

/* Whose guesses are counted together: a user of this machine, an address, of IPv6 the network, in which one guest has
 * as many addresses as they like. */
static char *guesser(const struct http_request *rq)
{
	const char *peer = rq->peer ? rq->peer : "";
	g_autoptr(GInetAddress) a = strchr(peer, ':') ? g_inet_address_new_from_string(peer) : NULL;
	static const guint8 v4_in_v6[12] = { [10] = 0xff, [11] = 0xff };
	const guint8 *b = a ? g_inet_address_to_bytes(a) : NULL;

	if (rq->user)
		return g_strdup(rq->user);
	if (!b || g_inet_address_get_family(a) != G_SOCKET_FAMILY_IPV6 || memcmp(b, v4_in_v6, sizeof v4_in_v6) == 0)
		return g_strdup(peer);
	return g_strdup_printf("%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", b[0], b[1], b[2], b[3], b[4], b[5], b[6],
			       b[7]);
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

static bool is_wrong(struct call *c, const struct http_request *rq)
{
	g_autofree char *who = guesser(rq);
	int wait_s = guess(c->server, who);

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

static bool is_over(const struct call *c, struct instant expires_at)
{
	return instant_known(expires_at) && !instant_before(clock_now(c->server->clock), expires_at);
}

/* To the hour: a row that is written for each request would cost more than the request. */
static void note_use(struct call *c)
{
	struct instant now = clock_now(c->server->clock);
	int64_t hour = now.ms / HOUR_MS + 1; /* 0 is none */
	gpointer noted = g_hash_table_lookup(c->server->keys_used, c->key_id);

	if (GPOINTER_TO_SIZE(noted) == (gsize)hour)
		return;
	g_hash_table_replace(c->server->keys_used, g_strdup(c->key_id), GSIZE_TO_POINTER((gsize)hour));
	store_note_key(c->server->store, c->key_id, now, NULL); /* that it cannot be, is no reason to refuse */
}

bool auth_still(struct call *c)
{
	struct instant expires_at = INSTANT_NONE;

	if (!*c->key_id)
		return true;
	c->role = store_key_role_still(c->server->store, c->key_id, &expires_at);
	if (c->role == KEY_NONE)
		return refuse(c, "This API key was revoked");
	return !is_over(c, expires_at) || refuse(c, KEY_OVER);
}

bool auth_check(struct call *c, const struct http_request *rq)
{
	const char *key = rq->authorization;
	struct instant expires_at = INSTANT_NONE;
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
	c->role = store_key_role(c->server->store, key, &expires_at);
	for (size_t i = 0; c->role == KEY_NONE && i < G_N_ELEMENTS(foreign); i++) {
		if (g_str_has_prefix(key, foreign[i].prefix))
			return refuse(c, foreign[i].message);
	}
	if (c->role == KEY_NONE)
		return is_wrong(c, rq);
	memcpy(c->key_id, key + strlen("seam_"), sizeof c->key_id - 1);
	if (is_over(c, expires_at))
		return refuse(c, KEY_OVER);
	if (!is_of_this_workspace(c, rq->workspace))
		return false;
	if (c->role >= least) {
		note_use(c);
		return true;
	}
	call_refuse(c, 403, "insufficient_permissions",
		    "This API key has the role %s; the role %s is needed", role_names[c->role],
		    role_names[least]);
	return false;
}
