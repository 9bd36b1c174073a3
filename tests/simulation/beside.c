/* beside - wire/judge.h without its thread: when another thread is done would be the machine's to
 * say, and time would not wait for it here. What is handed over is heard in a later turn of the
 * loop all the same. */
#include "config.h"

#include "wire/judge.h"

struct judge {
	GQueue heard;
	guint timer;
	void (*ended)(struct hearing *h, void *ctx);
	void *ctx;
};

void hearing_free(struct hearing *h)
{
	transfer_free(h->transfer);
	verdict_done(&h->verdict);
	g_free(h);
}

struct judge *judge_new(GMainContext *context, void (*ended)(struct hearing *h, void *ctx), void *ctx)
{
	struct judge *j = g_new0(struct judge, 1);

	(void)context;
	g_queue_init(&j->heard);
	j->ended = ended;
	j->ctx = ctx;
	return j;
}

void judge_free(struct judge *j)
{
	struct hearing *h;

	if (!j)
		return;
	g_clear_handle_id(&j->timer, g_source_remove);
	while ((h = g_queue_pop_head(&j->heard)))
		hearing_free(h);
	g_free(j);
}

static gboolean on_heard(gpointer data)
{
	struct judge *j = data;
	struct hearing *h = g_queue_pop_head(&j->heard);

	j->timer = g_queue_is_empty(&j->heard) ? 0 : g_timeout_add(1, on_heard, j);
	j->ended(h, j->ctx);
	return G_SOURCE_REMOVE;
}

struct hearing *judge_hear(struct judge *j, void *owner, struct transfer *transfer,
			   const struct reply *reply)
{
	struct hearing *h = g_new0(struct hearing, 1);

	h->owner = owner;
	h->transfer = transfer;
	h->reply = *reply;
	verdict_init(&h->verdict, &h->reply);
	h->heard = true;
	g_queue_push_tail(&j->heard, h);
	if (!j->timer)
		j->timer = g_timeout_add(1, on_heard, j);
	return h;
}

void judge_forget(struct judge *j, struct hearing *h)
{
	(void)j;
	hearing_free(h);
}
