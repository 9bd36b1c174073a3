/* routes_webhooks - /webhooks, and the replay that the API does not have.
 *
 * Beside the API's four members a webhook shows how its delivery stands: is_disabled (after five
 * days without an event taken; /webhooks/update switches it on again, and it goes on where it
 * stopped), failing_since, next_attempt_at, last_failure, and undelivered_event_count, the events
 * since the last one that is done with.
 *
 * A new webhook gets what happens from then on. /keyrackd/webhooks/replay goes back: from there on
 * everything is delivered again, with the ids that it had the first time. */
#include "config.h"

#include "server/device.h"
#include "server/event_types.h"
#include "server/webhook.h"

#include <string.h>

#define URL_MAX	      2000
#define OVERLAP_H     24 /* both secrets sign for so long, if it is not said */
#define OVERLAP_H_MAX 720

static bool both_sign(const struct server *s, const struct store_webhook *w)
{
	return w->secret_before && instant_before(clock_now(s->clock), w->before_until);
}

static void show_webhook(struct server *s, GString *out, const char *key,
			 const struct store_webhook *w)
{
	jsonout_object(out, key);
	jsonout_string(out, "webhook_id", w->webhook_id);
	jsonout_string(out, "url", w->url);
	jsonout_raw(out, "event_types", w->event_types);
	jsonout_string(out, "secret", w->secret);
	jsonout_instant(out, "previous_secret_until", both_sign(s, w) ? w->before_until : INSTANT_NONE);
	jsonout_bool(out, "is_disabled", w->disabled);
	jsonout_instant(out, "failing_since", w->failing_since);
	jsonout_instant(out, "next_attempt_at", w->next_try_at);
	jsonout_string(out, "last_failure", webhooks_trouble(s->webhooks, w->webhook_id));
	jsonout_int(out, "undelivered_event_count", store_last_seq(s->store) - w->delivered_seq);
	jsonout_object_end(out);
}

/* The row as it truly stands. NULL: refused. */
static struct store_list *find(struct call *c)
{
	const char *id = params_text(c->params, "webhook_id");
	struct store_list *rows;

	webhooks_settle(c->server->webhooks, id);
	rows = store_webhooks(c->server->store, id, NULL);
	if (rows && rows->rows->len)
		return rows;
	if (rows)
		call_refuse(c, 404, "webhook_not_found", "There is no webhook of this id.");
	else
		refuse_no_store(c);
	store_list_free(rows);
	return NULL;
}

static enum call_end put(struct call *c, const struct store_webhook *w)
{
	if (!store_put_webhook(c->server->store, w, NULL))
		return refuse_no_store(c);
	webhooks_changed(c->server->webhooks, w->webhook_id);
	return CALL_DONE;
}

/* ---- what may be asked for ---- */

/* http or https, a host, and no password: it would be shown to whoever lists the webhooks. */
static void check_url(struct call *c, const char *text)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL, *user = NULL;

	if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0) ||
	    curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK || !*host)
		call_invalid(c, "url", "Must be a URL with http or https and a host");
	else if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK ||
		 curl_url_get(url, CURLUPART_PASSWORD, &user, 0) == CURLUE_OK)
		call_invalid(c, "url", "Must not hold a user or a password");
	curl_free(user);
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
}

/* Not given: all. NULL: refused. */
static char *take_types(struct call *c)
{
	size_t n = 0;
	const char *const *types = params_texts(c->params, "event_types", &n);
	bool given = params_given(c->params, "event_types");
	GString *json;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(types[i], "*") == 0 || event_type_known(types[i]))
			continue;
		call_refuse(c, 400, "invalid_event_types", "'%s' is no event type.", types[i]);
		return NULL;
	}
	json = g_string_new(NULL);
	jsonout_array(json, NULL);
	if (!given)
		jsonout_string(json, NULL, "*");
	for (size_t i = 0; i < n; i++)
		jsonout_string(json, NULL, types[i]);
	jsonout_array_end(json);
	return g_string_free(json, FALSE);
}

/* false: refused. */
static bool has_room(struct call *c)
{
	OWN(store_list) struct store_list *all = store_webhooks(c->server->store, NULL, NULL);

	if (!all)
		refuse_no_store(c);
	else if (all->rows->len >= WEBHOOKS_MAX)
		call_refuse(c, 400, "too_many_webhooks",
			    "There are %d webhooks already: delete one first.", WEBHOOKS_MAX);
	return all && all->rows->len < WEBHOOKS_MAX;
}

/* ---- the API's own ---- */

static enum call_end create(struct call *c)
{
	struct server *s = c->server;
	char secret[WEBHOOK_SECRET_MAX];
	g_autofree char *types = NULL, *id = NULL;
	enum call_end end;

	check_url(c, params_text(c->params, "url"));
	if (c->invalid || !(types = take_types(c)) || !has_room(c))
		return CALL_REFUSED;
	id = engine_new_id(s->engine);
	webhook_secret_new(secret);
	const struct store_webhook w = {
		.webhook_id = id,
		.url = params_text(c->params, "url"),
		.secret = secret,
		.event_types = types,
		.delivered_seq = store_last_seq(s->store),
		.next_try_at = INSTANT_NONE,
		.failing_since = INSTANT_NONE,
		.before_until = INSTANT_NONE,
	};
	end = put(c, &w);
	if (end == CALL_DONE)
		show_webhook(s, c->out, "webhook", &w);
	explicit_bzero(secret, sizeof secret);
	return end;
}

static enum call_end get(struct call *c)
{
	OWN(store_list) struct store_list *rows = find(c);

	if (!rows)
		return CALL_REFUSED;
	show_webhook(c->server, c->out, "webhook", store_at(rows, struct store_webhook, 0));
	return CALL_DONE;
}

static enum call_end list(struct call *c)
{
	struct server *s = c->server;
	OWN(store_list) struct store_list *before = store_webhooks(s->store, NULL, NULL);
	OWN(store_list) struct store_list *rows = NULL;

	for (guint i = 0; before && i < before->rows->len; i++)
		webhooks_settle(s->webhooks, store_at(before, struct store_webhook, i)->webhook_id);
	rows = store_webhooks(s->store, NULL, NULL);
	if (!rows)
		return refuse_no_store(c);
	jsonout_array(c->out, "webhooks");
	for (guint i = 0; i < rows->rows->len; i++)
		show_webhook(s, c->out, NULL, store_at(rows, struct store_webhook, i));
	jsonout_array_end(c->out);
	return CALL_DONE;
}

/* The URL stays as it is, whatever is said of it. What waits is tried again at once. */
static enum call_end update(struct call *c)
{
	OWN(store_list) struct store_list *rows = NULL;
	g_autofree char *types = take_types(c);

	if (!types || !(rows = find(c)))
		return CALL_REFUSED;

	struct store_webhook w = *store_at(rows, struct store_webhook, 0);
	w.event_types = types;
	w.disabled = false;
	w.tries = 0;
	w.next_try_at = INSTANT_NONE;
	w.failing_since = INSTANT_NONE;
	return put(c, &w);
}

static enum call_end delete_one(struct call *c)
{
	OWN(store_list) struct store_list *rows = find(c);

	if (!rows)
		return CALL_REFUSED;
	if (!store_delete_webhook(c->server->store, params_text(c->params, "webhook_id"), NULL))
		return refuse_no_store(c);
	webhooks_changed(c->server->webhooks, params_text(c->params, "webhook_id"));
	return CALL_DONE;
}

/* ---- replay ---- */

/* The number of the event after which it begins again; -1: refused. */
static int64_t replay_after(struct call *c)
{
	const char *event_id = params_text(c->params, "after_event_id");
	const char *ids[] = { event_id, NULL };
	const struct store_event_filter f = {
		.event_ids = event_id ? ids : NULL,
		.since = event_id ? INSTANT_NONE : params_instant(c->params, "since"),
		.oldest_first = !event_id,
		.limit = 1,
	};
	OWN(store_list) struct store_list *found = store_events(c->server->store, &f, NULL);

	if (!found) {
		refuse_no_store(c);
		return -1;
	}
	if (found->rows->len)
		return store_at(found, struct store_event, 0)->seq - (event_id ? 0 : 1);
	if (!event_id)
		return store_last_seq(c->server->store);
	call_refuse(c, 404, "event_not_found", "There is no such event.");
	return -1;
}

static enum call_end replay(struct call *c)
{
	OWN(store_list) struct store_list *rows = NULL;
	int64_t after;

	if (params_given(c->params, "since") == params_given(c->params, "after_event_id"))
		return call_invalid(c, NULL, "Give either since or after_event_id");
	if (!(rows = find(c)) || (after = replay_after(c)) < 0)
		return CALL_REFUSED;

	struct store_webhook w = *store_at(rows, struct store_webhook, 0);
	w.delivered_seq = MIN(w.delivered_seq, after); /* never past what is still owed */
	w.tries = 0;
	w.next_try_at = INSTANT_NONE;
	if (put(c, &w) != CALL_DONE)
		return CALL_REFUSED;
	show_webhook(c->server, c->out, "webhook", &w);
	return CALL_DONE;
}

/* ---- another secret ---- */

/* A third does not sign: whoever asks for one within the time wants the one before gone. */
static enum call_end rotate(struct call *c)
{
	OWN(store_list) struct store_list *rows = find(c);
	int64_t overlap_ms = params_int(c->params, "overlap_h", OVERLAP_H) * HOUR_MS;
	char secret[WEBHOOK_SECRET_MAX];
	enum call_end end;

	if (!rows)
		return CALL_REFUSED;
	struct store_webhook w = *store_at(rows, struct store_webhook, 0);
	webhook_secret_new(secret);
	w.secret_before = overlap_ms ? w.secret : NULL;
	w.before_until = overlap_ms ? instant_add_ms(clock_now(c->server->clock), overlap_ms) : INSTANT_NONE;
	w.secret = secret;
	end = put(c, &w);
	if (end == CALL_DONE)
		show_webhook(c->server, c->out, "webhook", &w);
	explicit_bzero(secret, sizeof secret);
	return end;
}

static const struct route routes[] = {
	{ .path = "/webhooks/create",
	  .methods = METHOD_POST,
	  .role = KEY_ADMIN,
	  PARAMS({ .name = "url",
		   .kind = PARAM_TEXT,
		   .flags = PARAM_REQUIRED,
		   .min = 1,
		   .max = URL_MAX },
		 { .name = "event_types", .kind = PARAM_TEXTS }),
	  .handle = create,
	  .flags = ROUTE_OWN_ROWS },
	{ .path = "/webhooks/get",
	  .methods = METHODS_READ,
	  .role = KEY_ADMIN,
	  PARAMS({ .name = "webhook_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED }),
	  .handle = get },
	{ .path = "/webhooks/list", .methods = METHODS_READ, .role = KEY_ADMIN, .handle = list },
	{ .path = "/webhooks/update",
	  .methods = METHOD_POST | METHOD_PUT,
	  .role = KEY_ADMIN,
	  PARAMS({ .name = "webhook_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "event_types", .kind = PARAM_TEXTS, .flags = PARAM_REQUIRED }),
	  .handle = update,
	  .flags = ROUTE_OWN_ROWS },
	{ .path = "/webhooks/delete",
	  .methods = METHODS_DELETE,
	  .role = KEY_ADMIN,
	  PARAMS({ .name = "webhook_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED }),
	  .handle = delete_one,
	  .flags = ROUTE_OWN_ROWS },
	{ .path = "/keyrackd/webhooks/replay",
	  .methods = METHOD_POST,
	  .role = KEY_ADMIN,
	  PARAMS({ .name = "webhook_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "since", .kind = PARAM_INSTANT },
		 { .name = "after_event_id", .kind = PARAM_UUID }),
	  .handle = replay,
	  .flags = ROUTE_OWN_ROWS },
	{ .path = "/keyrackd/webhooks/rotate_secret",
	  .methods = METHOD_POST,
	  .role = KEY_ADMIN,
	  PARAMS({ .name = "webhook_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "overlap_h", .kind = PARAM_INT, .min = 0, .max = OVERLAP_H_MAX }),
	  .handle = rotate,
	  .flags = ROUTE_OWN_ROWS },
};
const struct route_table routes_webhooks = { routes, G_N_ELEMENTS(routes) };
