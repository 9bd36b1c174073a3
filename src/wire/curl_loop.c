/* One GSource stands for the whole multi handle: libcurl's timer is its ready time, and each
 * socket that libcurl watches is a file descriptor of it. The source outlives curl_loop_free for
 * as long as the main context is within its dispatch, so a callback may free the loop it was
 * called from. */
#include "wire/curl_loop.h"

struct watch {
	curl_socket_t fd;
	gpointer tag;
};

struct curl_loop {
	GSource source; /* first: the two share their address */
	CURLM *multi;   /* NULL: freed, waiting for the last unref */
	GPtrArray *watches;
	curl_loop_ended *ended;
	void *ctx;
};

static GIOCondition condition_of(int what)
{
	return (GIOCondition)((what & CURL_POLL_IN ? G_IO_IN : 0) |
			      (what & CURL_POLL_OUT ? G_IO_OUT : 0) | G_IO_ERR | G_IO_HUP);
}

static int events_of(GIOCondition c)
{
	return (c & (G_IO_IN | G_IO_HUP) ? CURL_CSELECT_IN : 0) |
	       (c & G_IO_OUT ? CURL_CSELECT_OUT : 0) | (c & G_IO_ERR ? CURL_CSELECT_ERR : 0);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
	struct curl_loop *loop = ctx;
	struct watch *w = socket_ctx;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w) {
			g_source_remove_unix_fd(&loop->source, w->tag);
			g_ptr_array_remove_fast(loop->watches, w);
			curl_multi_assign(loop->multi, fd, NULL);
		}
	} else if (w) {
		g_source_modify_unix_fd(&loop->source, w->tag, condition_of(what));
	} else {
		w = g_new(struct watch, 1);
		w->fd = fd;
		w->tag = g_source_add_unix_fd(&loop->source, fd, condition_of(what));
		g_ptr_array_add(loop->watches, w);
		curl_multi_assign(loop->multi, fd, w);
	}
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	struct curl_loop *loop = ctx;

	(void)multi;
	/* 0 means at once, and still not from here: libcurl is on the stack. */
	g_source_set_ready_time(&loop->source, timeout_ms < 0 ? -1 :
				g_get_monotonic_time() + (gint64)timeout_ms * 1000);
	return 0;
}

static void act(struct curl_loop *loop, curl_socket_t fd, int events)
{
	int running;

	if (loop->multi)
		curl_multi_socket_action(loop->multi, fd, events, &running);
}

static void report_ended(struct curl_loop *loop)
{
	CURLMsg *message;
	int left;

	while (loop->multi && (message = curl_multi_info_read(loop->multi, &left))) {
		CURL *easy = message->easy_handle;
		CURLcode result = message->data.result; /* message is gone after the removal */

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_multi_remove_handle(loop->multi, easy);
		loop->ended(easy, result, loop->ctx);
	}
}

static gboolean dispatch(GSource *source, GSourceFunc func, gpointer data)
{
	struct curl_loop *loop = (struct curl_loop *)source;
	gint64 due = g_source_get_ready_time(source);
	struct ready { curl_socket_t fd; int events; };
	g_autoptr(GArray) ready = g_array_new(FALSE, FALSE, sizeof(struct ready));

	(void)func;
	(void)data;
	/* Collected first: libcurl adds and removes watches while it works. A socket that is gone
	 * by its turn is one that libcurl does not know, which it passes over. */
	for (guint i = 0; i < loop->watches->len; i++) {
		const struct watch *w = loop->watches->pdata[i];
		struct ready r = { w->fd, events_of(g_source_query_unix_fd(source, w->tag)) };

		if (r.events)
			g_array_append_val(ready, r);
	}
	for (guint i = 0; i < ready->len; i++) {
		const struct ready *r = &g_array_index(ready, struct ready, i);

		act(loop, r->fd, r->events);
	}
	if (due >= 0 && due <= g_source_get_time(source)) {
		if (g_source_get_ready_time(source) == due)
			g_source_set_ready_time(source, -1);
		act(loop, CURL_SOCKET_TIMEOUT, 0);
	}
	report_ended(loop);
	return G_SOURCE_CONTINUE;
}

static void finalize(GSource *source)
{
	struct curl_loop *loop = (struct curl_loop *)source;

	g_ptr_array_unref(loop->watches);
}

static GSourceFuncs FUNCS = { .dispatch = dispatch, .finalize = finalize };

struct curl_loop *curl_loop_new(GMainContext *context, curl_loop_ended *ended, void *ctx)
{
	struct curl_loop *loop = (struct curl_loop *)g_source_new(&FUNCS, sizeof *loop);

	loop->multi = curl_multi_init();
	loop->watches = g_ptr_array_new_with_free_func(g_free);
	loop->ended = ended;
	loop->ctx = ctx;
	curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
	curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
	g_source_set_static_name(&loop->source, "curl");
	g_source_attach(&loop->source, context);
	return loop;
}

void curl_loop_free(struct curl_loop *loop)
{
	CURLM *multi;

	if (!loop)
		return;
	multi = loop->multi;
	curl_multi_cleanup(multi); /* closes sockets, which still calls on_socket */
	loop->multi = NULL;
	g_source_destroy(&loop->source);
	g_source_unref(&loop->source);
}

bool curl_loop_add(struct curl_loop *loop, CURL *easy)
{
	return curl_multi_add_handle(loop->multi, easy) == CURLM_OK;
}

void curl_loop_remove(struct curl_loop *loop, CURL *easy)
{
	curl_multi_remove_handle(loop->multi, easy);
}
