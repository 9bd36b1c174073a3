/* explain - asks a server that can say so why a code is as it is, when a console wants to know.
 *
 * Only a server that says of itself that it is keyrackd (live.c) is asked, one code at a time, and
 * of what is wanted only the last few: nobody looks at more. The answer goes into the cache and the
 * consoles are told; so they are when there will be none. */
#include "config.h"

#include <string.h>

#include "sync/machine.h"

#define PATH       "/keyrackd/access_codes/explain"
#define WANTED_MAX 8

struct explain {
	struct sync *s;
	GQueue wanted;  /* of char *: ids, the newest first */
	char *asked;    /* the one that is being asked about */
	unsigned call;  /* 0: none */
};

static void ask_next(struct explain *e);

/* A cache that cannot be written is the turn's to find out: this can be asked again. */
static void keep(struct explain *e, const struct explanation *x)
{
	g_autoptr(GError) err = NULL;

	if (!cache_put_explanation(e->s->cache, e->asked, x, &err))
		g_info("an explanation was not kept: %s", err ? err->message : "the cache failed");
}

static void take(struct explain *e, const struct wire_answer *a)
{
	const json_t *body = json_object_get(a->body, "explanation");
	char *text = json_is_object(body) ? json_dumps(body, JSON_COMPACT) : NULL;
	struct explanation x = {
		.at = instant_now(),
		.body = text,
		.refused = text ? NULL : a->message ? a->message : "it gave no reason",
	};

	keep(e, &x);
	free(text);
}

static void on_answer(const struct wire_answer *a, void *ctx)
{
	struct explain *e = ctx;

	if (a->outcome == WIRE_CANCELLED || e->s->ending)
		return;
	e->call = 0;
	if (a->outcome == WIRE_OK || (a->outcome == WIRE_REFUSED && !a->auth))
		take(e, a);
	g_clear_pointer(&e->asked, g_free);
	store_tell(e->s, POKE_EXPLAINED);
	ask_next(e);
}

static void ask_next(struct explain *e)
{
	struct sync *s = e->s;
	json_t *params;

	if (e->call || s->quitting || s->ending)
		return;
	e->asked = g_queue_pop_head(&e->wanted);
	if (!e->asked)
		return;
	params = json_pack("{s:s}", "access_code_id", e->asked);
	e->call = wire_call(s->client, WIRE_READ, PATH, params, on_answer, e);
	json_decref(params);
}

void explain_want(struct sync *s, const char *access_code_id)
{
	struct explain *e = s->explain;
	GList *same;

	/* While a first pull gathers, a write that fails would take its pages along. */
	if (!e || !s->client || !s->pulled || !live_is_offered(s->live) ||
	    !g_utf8_validate(access_code_id, -1, NULL))
		return;
	same = g_queue_find_custom(&e->wanted, access_code_id, (GCompareFunc)strcmp);
	if (same) {
		g_free(same->data);
		g_queue_delete_link(&e->wanted, same);
	}
	g_queue_push_head(&e->wanted, g_strdup(access_code_id));
	if (e->wanted.length > WANTED_MAX)
		g_free(g_queue_pop_tail(&e->wanted));
	ask_next(e);
}

struct explain *explain_new(struct sync *s)
{
	struct explain *e = g_new0(struct explain, 1);

	e->s = s;
	g_queue_init(&e->wanted);
	return e;
}

/* By then the client is gone, or goes with the rest: the call's own answer frees nothing. */
void explain_free(struct explain *e)
{
	if (!e)
		return;
	if (e->call && e->s->client)
		wire_cancel(e->s->client, e->call);
	g_queue_clear_full(&e->wanted, g_free);
	g_free(e->asked);
	g_free(e);
}
