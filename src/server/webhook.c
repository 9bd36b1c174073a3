/* webhook - the journal, told to whoever asked for it: in order, each event until it is taken.
 *
 * An endpoint is at one event at a time; it goes on when that one is taken, or given up after the
 * last try. Endpoints know nothing of each other. The store has one number for each, written when
 * an event is done with and before the next one leaves: who is killed tells at worst that one
 * event again, with the same id.
 *
 * When to try again is for the engine's clock to say. That a receiver is slow is real, on any
 * clock: a standing one may be moved by a week, and the answers of the receivers come when they
 * come. Moving it does not wait for them. */
#include "config.h"

#include "core/jsonin.h"
#include "core/vault.h"
#include "server/webhook.h"
#include "wire/curl_loop.h"

#include <string.h>

/* Each counted from the failure before it. */
static const int64_t retry_after_ms[] = {
	0,	     5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS,
	2 * HOUR_MS, 5 * HOUR_MS,   10 * HOUR_MS,  10 * HOUR_MS,
};
#define TRIES_MAX  ((int)G_N_ELEMENTS(retry_after_ms))
#define PASS_MAX   1024 /* events passed over in one turn of the loop */
#define NOTE_AFTER 4096 /* events passed over are noted when there are so many */

struct webhooks {
	struct server *server;
	struct curl_loop *loop;
	struct journal *journal;
	GHashTable *endpoints; /* webhook_id -> struct endpoint */
	GSource *pump;	       /* NULL: nothing to look for */
	int timeout_ms, flying;
};

struct endpoint {
	struct webhooks *all;
	char *webhook_id, *secret;
	char *secret_before; /* signs as well until before_until; NULL */
	struct instant before_until;
	GHashTable *types; /* interned; NULL: every type */
	int64_t done_seq;  /* everything up to it is done with */
	int64_t noted_seq; /* what of it the row has */
	int64_t flying;	   /* the event on its way; 0 */
	int tries;	   /* of the one after done_seq */
	struct instant next_try_at, failing_since;
	bool disabled;
	uint64_t timer;
	struct post post;
	char *trouble;
};

/* ---- the row ---- */

static void note(struct endpoint *ep)
{
	const struct store_webhook row = {
		.webhook_id = ep->webhook_id,
		.delivered_seq = ep->done_seq,
		.tries = ep->tries,
		.next_try_at = ep->next_try_at,
		.failing_since = ep->failing_since,
		.disabled = ep->disabled,
	};
	g_autoptr(GError) err = NULL;

	if (store_note_webhook(ep->all->server->store, &row, &err))
		ep->noted_seq = ep->done_seq;
	else
		g_warning("webhook %s: %s", ep->webhook_id, err->message);
}

/* ---- turns of the loop ---- */

static void go(struct endpoint *ep);

static gboolean on_pump(gpointer data)
{
	struct webhooks *w = data;
	GHashTableIter it;
	void *ep;

	g_source_unref(g_steal_pointer(&w->pump));
	g_hash_table_iter_init(&it, w->endpoints);
	while (g_hash_table_iter_next(&it, NULL, &ep))
		go(ep);
	return G_SOURCE_REMOVE;
}

static void pump_soon(struct webhooks *w)
{
	if (w->pump || g_hash_table_size(w->endpoints) == 0)
		return;
	w->pump = g_timeout_source_new(0);
	g_source_set_callback(w->pump, on_pump, w, NULL);
	g_source_attach(w->pump, NULL);
}

static void on_events(int64_t seq, void *ctx)
{
	struct webhooks *w = ctx;

	journal_grown(w->journal, seq);
	pump_soon(w);
}

static void on_time(void *ctx)
{
	struct endpoint *ep = ctx;

	ep->timer = 0;
	pump_soon(ep->all);
}

/* ---- one endpoint ---- */

/* The next event that it asked for, past those it did not; NULL: none yet, or *more to look at. */
static const struct journal_entry *next_for(struct endpoint *ep, bool *more)
{
	const struct journal_entry *e;

	*more = false;
	for (int passed = 0; passed < PASS_MAX; passed++) {
		e = journal_at(ep->all->journal, ep->done_seq + 1);
		if (!e || !ep->types || g_hash_table_contains(ep->types, e->event_type))
			return e;
		ep->done_seq++;
	}
	*more = true;
	return NULL;
}

static void failed(struct endpoint *ep)
{
	struct clock *clock = ep->all->server->clock;
	struct instant now = clock_now(clock);

	if (!instant_known(ep->failing_since))
		ep->failing_since = now;
	ep->next_try_at = INSTANT_NONE;
	if (instant_diff_ms(now, ep->failing_since) >= WEBHOOK_GIVE_UP_MS) {
		g_warning("webhook %s: nothing was taken for five days; it is switched off",
			  ep->webhook_id);
		ep->disabled = true; /* at this event: it is the first one when it is on again */
		return;
	}
	if (++ep->tries == TRIES_MAX) {
		g_warning("webhook %s: an event was not taken in %d tries and is given up",
			  ep->webhook_id, ep->tries);
		ep->done_seq++;
		ep->tries = 0;
		pump_soon(ep->all);
		return;
	}
	ep->next_try_at = instant_add_ms(now, retry_after_ms[ep->tries]);
	ep->timer = clock_at(clock, ep->next_try_at, on_time, ep);
}

static void taken(struct endpoint *ep)
{
	ep->done_seq++;
	ep->tries = 0;
	ep->next_try_at = INSTANT_NONE;
	ep->failing_since = INSTANT_NONE;
}

static void settle(struct endpoint *ep, bool is_taken, char *trouble)
{
	g_free(ep->trouble);
	ep->trouble = trouble;
	if (is_taken)
		taken(ep);
	else
		failed(ep);
	note(ep);
}

static void send_to(struct endpoint *ep, const struct journal_entry *e)
{
	struct webhooks *w = ep->all;

	bool both = ep->secret_before && instant_before(clock_now(w->server->clock), ep->before_until);

	if (!post_prepare(&ep->post, ep->secret, both ? ep->secret_before : NULL, e->event_id, e->body,
			  w->timeout_ms) ||
	    !curl_loop_add(w->loop, ep->post.easy)) {
		settle(ep, false, g_strdup("the request could not be made"));
		return;
	}
	ep->flying = e->seq;
	w->flying++;
}

static void go(struct endpoint *ep)
{
	const struct journal_entry *e;
	bool more;

	if (ep->flying || ep->timer || ep->disabled || ep->all->server->draining)
		return;
	e = next_for(ep, &more);
	if (e)
		send_to(ep, e);
	else if (more)
		pump_soon(ep->all);
	if (ep->done_seq - ep->noted_seq >= NOTE_AFTER)
		note(ep);
}

static void on_ended(CURL *easy, CURLcode result, void *ctx)
{
	struct endpoint *ep = post_owner(easy);
	char *why = NULL;
	bool ok = post_taken(&ep->post, result, &why);

	(void)ctx;
	ep->flying = 0;
	ep->all->flying--;
	settle(ep, ok, why);
	go(ep);
}

/* ---- endpoints come and go ---- */

static void add_type(const char *path, const char *text, void *ctx)
{
	struct endpoint *ep = ctx;

	(void)path;
	if (text)
		g_hash_table_add(ep->types, (char *)(uintptr_t)g_intern_string(text));
}

static void take_types(struct endpoint *ep, const char *event_types)
{
	ep->types = g_hash_table_new(g_str_hash, g_str_equal);
	jsonin_walk(event_types, add_type, ep);
	if (g_hash_table_contains(ep->types, "*"))
		g_clear_pointer(&ep->types, g_hash_table_unref);
}

static void endpoint_new(struct webhooks *w, const struct store_webhook *row)
{
	struct endpoint *ep = g_new0(struct endpoint, 1);

	ep->all = w;
	ep->webhook_id = g_strdup(row->webhook_id);
	ep->secret = g_strdup(row->secret);
	ep->secret_before = g_strdup(row->secret_before);
	ep->before_until = row->before_until;
	take_types(ep, row->event_types);
	ep->done_seq = ep->noted_seq = row->delivered_seq;
	ep->tries = CLAMP(row->tries, 0, TRIES_MAX - 1);
	ep->next_try_at = row->next_try_at;
	ep->failing_since = row->failing_since;
	ep->disabled = row->disabled;
	post_init(&ep->post, row->url, ep);
	if (instant_known(ep->next_try_at) && !ep->disabled)
		ep->timer = clock_at(w->server->clock, ep->next_try_at, on_time, ep);
	g_hash_table_insert(w->endpoints, ep->webhook_id, ep);
}

static void endpoint_free(void *data)
{
	struct endpoint *ep = data;

	if (ep->flying) {
		curl_loop_remove(ep->all->loop, ep->post.easy);
		ep->all->flying--;
	}
	clock_cancel(ep->all->server->clock, ep->timer);
	post_clear(&ep->post);
	g_clear_pointer(&ep->types, g_hash_table_unref);
	vault_forget(ep->secret);
	vault_forget(ep->secret_before);
	g_free(ep->webhook_id);
	g_free(ep->trouble);
	g_free(ep);
}

struct webhooks *webhooks_new(struct server *s, GError **err)
{
	OWN(store_list) struct store_list *rows = store_webhooks(s->store, NULL, err);
	struct webhooks *w;

	if (!rows)
		return NULL;
	w = g_new0(struct webhooks, 1);
	w->server = s;
	w->timeout_ms = WEBHOOK_TIMEOUT_MS;
	w->loop = curl_loop_new(NULL, on_ended, w);
	w->journal = journal_new(s->store);
	w->endpoints = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, endpoint_free);
	for (guint i = 0; i < rows->rows->len; i++)
		endpoint_new(w, store_at(rows, struct store_webhook, i));
	engine_on_events(s->engine, on_events, w);
	pump_soon(w);
	return w;
}

/* Whatever was on its way is begun anew, as the row now says. */
void webhooks_changed(struct webhooks *w, const char *webhook_id)
{
	OWN(store_list)
	struct store_list *rows = store_webhooks(w->server->store, webhook_id, NULL);

	g_hash_table_remove(w->endpoints, webhook_id);
	if (rows && rows->rows->len)
		endpoint_new(w, store_at(rows, struct store_webhook, 0));
	pump_soon(w);
}

void webhooks_settle(struct webhooks *w, const char *webhook_id)
{
	struct endpoint *ep = g_hash_table_lookup(w->endpoints, webhook_id);
	bool more;

	if (!ep || ep->flying)
		return;
	next_for(ep, &more);
	if (ep->done_seq != ep->noted_seq)
		note(ep);
}

const char *webhooks_trouble(const struct webhooks *w, const char *webhook_id)
{
	const struct endpoint *ep = g_hash_table_lookup(w->endpoints, webhook_id);

	return ep ? ep->trouble : NULL;
}

bool webhooks_quiet(const struct webhooks *w)
{
	return w->flying == 0;
}

void webhooks_set_timeout(struct webhooks *w, int ms)
{
	w->timeout_ms = ms;
}

uint64_t webhooks_journal_reads(const struct webhooks *w)
{
	return journal_reads(w->journal);
}

void webhooks_free(struct webhooks *w)
{
	GHashTableIter it;
	void *ep;

	if (!w)
		return;
	engine_on_events(w->server->engine, NULL, w);
	g_hash_table_iter_init(&it, w->endpoints);
	while (g_hash_table_iter_next(&it, NULL, &ep)) {
		if (((struct endpoint *)ep)->done_seq != ((struct endpoint *)ep)->noted_seq)
			note(ep);
	}
	g_hash_table_destroy(w->endpoints);
	curl_loop_free(w->loop);
	journal_free(w->journal);
	if (w->pump) {
		g_source_destroy(w->pump);
		g_source_unref(w->pump);
	}
	g_free(w);
}
