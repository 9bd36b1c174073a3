#include "wire/judge.h"

struct judge {
	GSource source; /* first: the two share their address. Ready when something was heard */
	GThreadPool *thread;
	GAsyncQueue *heard;
	void (*ended)(struct hearing *h, void *ctx);
	void *ctx;
};

void hearing_free(struct hearing *h)
{
	transfer_free(h->transfer);
	verdict_done(&h->verdict);
	g_free(h);
}

/* On the thread. */
static void work(gpointer data, gpointer ctx)
{
	struct hearing *h = data;
	struct judge *j = ctx;

	if (h->heard) {
		hearing_free(h);
		return;
	}
	verdict_init(&h->verdict, &h->reply);
	h->heard = true;
	g_async_queue_push(j->heard, h);
	g_source_set_ready_time(&j->source, 0);
}

/* One a turn: what is stored of it takes a while, and others wait in the main loop too. */
static gboolean dispatch(GSource *source, GSourceFunc func, gpointer data)
{
	struct judge *j = (struct judge *)source;
	struct hearing *h;

	(void)func;
	(void)data;
	g_source_set_ready_time(source, -1);
	h = g_async_queue_try_pop(j->heard);
	if (g_async_queue_length(j->heard) > 0)
		g_source_set_ready_time(source, 0);
	if (h)
		j->ended(h, j->ctx);
	return G_SOURCE_CONTINUE;
}

static void finalize(GSource *source)
{
	struct judge *j = (struct judge *)source;

	g_async_queue_unref(j->heard);
}

static GSourceFuncs FUNCS = { .dispatch = dispatch, .finalize = finalize };

struct judge *judge_new(GMainContext *context, void (*ended)(struct hearing *h, void *ctx), void *ctx)
{
	struct judge *j = (struct judge *)g_source_new(&FUNCS, sizeof *j);

	j->thread = g_thread_pool_new(work, j, 1, FALSE, NULL);
	j->heard = g_async_queue_new();
	j->ended = ended;
	j->ctx = ctx;
	g_source_set_static_name(&j->source, "judge");
	g_source_attach(&j->source, context);
	return j;
}

void judge_free(struct judge *j)
{
	struct hearing *h;

	if (!j)
		return;
	g_thread_pool_free(j->thread, FALSE, TRUE);
	while ((h = g_async_queue_try_pop(j->heard)))
		hearing_free(h);
	g_source_destroy(&j->source);
	g_source_unref(&j->source);
}

struct hearing *judge_hear(struct judge *j, void *owner, struct transfer *transfer, const struct reply *reply)
{
	struct hearing *h = g_new0(struct hearing, 1);

	h->owner = owner;
	h->transfer = transfer;
	h->reply = *reply;
	g_thread_pool_push(j->thread, h, NULL);
	return h;
}

void judge_forget(struct judge *j, struct hearing *h)
{
	g_clear_pointer(&h->transfer, transfer_free);
	g_thread_pool_push(j->thread, h, NULL);
}
