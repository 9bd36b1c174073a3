/* answers - what was asked for again in the same words is not made again while nothing has happened to it.
 *
 * A console, a screen in a lobby, a script: most ask for the codes of one lock again and again, and most of the time
 * none of them has changed. Kept is the answer as it was sent, with the lock's version (engine_version_of) and the
 * moment until which it holds if nothing happens; either says when it does not hold any more, so nothing has to be
 * thrown away when something is written. Who asks, and whether they may, is looked at each time all the same.
 *
 * There are PINs in these answers. So they are few (BYTES_MAX), are wiped as they go, and go at the second look around
 * (LOOK_S) after they were last asked for; a keyrackd that nobody asks keeps none, and has no timer. */
#include "config.h"

#include "core/vault.h"
#include "server/front.h"

#include <string.h>

#define BYTES_MAX    ((gsize)32 << 20) /* of all together */
#define ANSWER_MAX   (BYTES_MAX / 8)
#define REQUEST_MAX  512 /* bytes of what was asked */
#define LOOK_S	     60

struct answer {
	char *asked, *device_id; /* asked: also its key */
	uint64_t version;
	struct instant made_at, until;
	GBytes *bytes;
	bool wanted; /* since the last look around */
	GList *place;
};

struct answers {
	GHashTable *by_words; /* what was asked -> struct answer */
	GQueue recent;	      /* the same, the latest asked for first */
	gsize bytes;
	guint timer; /* 0: nothing is kept */
};

struct answers *answers_new(void)
{
	struct answers *a = g_new0(struct answers, 1);

	a->by_words = g_hash_table_new(g_str_hash, g_str_equal);
	g_queue_init(&a->recent);
	return a;
}

static void drop(struct answers *a, struct answer *one)
{
	g_hash_table_remove(a->by_words, one->asked);
	g_queue_delete_link(&a->recent, one->place);
	a->bytes -= g_bytes_get_size(one->bytes);
	g_bytes_unref(one->bytes); /* wiped when its last reader has it */
	vault_forget(one->asked); /* a PIN may be what was asked for */
	g_free(one->device_id);
	g_free(one);
}

void answers_free(struct answers *a)
{
	if (!a)
		return;
	while (a->recent.head)
		drop(a, a->recent.head->data);
	if (a->timer)
		g_source_remove(a->timer);
	g_hash_table_destroy(a->by_words);
	g_free(a);
}

static gboolean look_around(void *ctx)
{
	struct answers *a = ctx;

	for (GList *l = a->recent.head, *next; l; l = next) {
		struct answer *one = l->data;

		next = l->next;
		if (!one->wanted)
			drop(a, one);
		else
			one->wanted = false;
	}
	if (a->recent.head)
		return G_SOURCE_CONTINUE;
	a->timer = 0;
	return G_SOURCE_REMOVE;
}

/* All that the parameters are read from. What has a NUL in it is nobody's usual request. */
static char *words_of(const struct http_request *rq)
{
	const char *query = rq->query ? rq->query : "", *type = rq->content_type ? rq->content_type : "";

	if (strlen(query) + strlen(type) + rq->body_len > REQUEST_MAX ||
	    (rq->body_len > 0 && memchr(rq->body, '\0', rq->body_len)))
		return NULL;
	return g_strdup_printf("%s\n%s\n%s\n%s\n%.*s", rq->method, rq->path, query, type, (int)rq->body_len,
			       rq->body_len ? rq->body : "");
}

static bool still_holds(const struct server *s, const struct answer *one)
{
	struct instant now = clock_now(s->clock);

	return one->version == engine_version_of(s->engine, one->device_id) && instant_before(now, one->until) &&
	       !instant_before(now, one->made_at); /* a clock may be set back */
}

bool answers_find(struct call *c)
{
	struct answers *a = c->server->answers;
	struct answer *one;

	if (!(c->route->flags & ROUTE_KEEPS))
		return false;
	c->keep_as = words_of(c->rq);
	one = c->keep_as ? g_hash_table_lookup(a->by_words, c->keep_as) : NULL;
	if (!one)
		return false;
	if (!still_holds(c->server, one)) {
		drop(a, one);
		return false;
	}
	one->wanted = true;
	g_queue_unlink(&a->recent, one->place);
	g_queue_push_head_link(&a->recent, one->place);
	c->kept = g_bytes_ref(one->bytes);
	return true;
}

void call_keep(struct call *c, const char *device_id, struct instant until)
{
	if (!c->keep_as || !instant_before(clock_now(c->server->clock), until))
		return;
	g_free(c->keep_of);
	c->keep_of = g_strdup(device_id);
	c->keep_until = until;
	c->keep_version = engine_version_of(c->server->engine, device_id);
}

static GBytes *wiped_bytes(GString *text)
{
	gsize len = text->len;
	char *raw = g_string_free(text, FALSE);

	return g_bytes_new_with_free_func(raw, len, vault_forget, raw);
}

GBytes *answers_keep(struct call *c, GString *text)
{
	struct answers *a = c->server->answers;
	struct answer *one;

	if (!c->keep_of || c->keep_version == 0 || text->len > ANSWER_MAX)
		return g_string_free_to_bytes(text);
	one = g_hash_table_lookup(a->by_words, c->keep_as);
	if (one)
		drop(a, one);
	while (a->recent.tail && a->bytes + text->len > BYTES_MAX)
		drop(a, a->recent.tail->data);
	one = g_new(struct answer, 1);
	*one = (struct answer){ .asked = g_steal_pointer(&c->keep_as),
				.device_id = g_steal_pointer(&c->keep_of),
				.version = c->keep_version,
				.made_at = clock_now(c->server->clock),
				.until = c->keep_until,
				.bytes = wiped_bytes(text),
				.wanted = true };
	g_queue_push_head(&a->recent, one);
	one->place = a->recent.head;
	g_hash_table_insert(a->by_words, one->asked, one);
	a->bytes += g_bytes_get_size(one->bytes);
	if (!a->timer)
		a->timer = g_timeout_add_seconds(LOOK_S, look_around, a);
	return g_bytes_ref(one->bytes);
}
