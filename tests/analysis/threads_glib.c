/* threads_glib - tells the thread sanitizer what GLib hands from thread to thread. GLib's locks are futexes of its own
 * that the sanitizer does not see, so that every block handed over would look like a race. Linked only into builds with
 * --enable-sanitizers=thread, by the linker's --wrap (configure.ac). */
#include <glib.h>

void __tsan_acquire(void *at);
void __tsan_release(void *at);

void __real_g_async_queue_push(GAsyncQueue *queue, gpointer data);
gpointer __real_g_async_queue_try_pop(GAsyncQueue *queue);
GThreadPool *__real_g_thread_pool_new(GFunc fn, gpointer ctx, gint max, gboolean exclusive, GError **err);
gboolean __real_g_thread_pool_push(GThreadPool *pool, gpointer data, GError **err);
void __real_g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait);

void __wrap_g_async_queue_push(GAsyncQueue *queue, gpointer data);
gpointer __wrap_g_async_queue_try_pop(GAsyncQueue *queue);
GThreadPool *__wrap_g_thread_pool_new(GFunc fn, gpointer ctx, gint max, gboolean exclusive, GError **err);
gboolean __wrap_g_thread_pool_push(GThreadPool *pool, gpointer data, GError **err);
void __wrap_g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait);

void __wrap_g_async_queue_push(GAsyncQueue *queue, gpointer data)
{
	__tsan_release(data);
	__real_g_async_queue_push(queue, data);
}

gpointer __wrap_g_async_queue_try_pop(GAsyncQueue *queue)
{
	gpointer data = __real_g_async_queue_try_pop(queue);

	if (data)
		__tsan_acquire(data);
	return data;
}

/* What a pool's thread runs, and for whom. */
struct worker {
	GFunc fn;
	gpointer ctx;
};

static void work(gpointer data, gpointer worker)
{
	struct worker *w = worker;

	__tsan_acquire(w);
	__tsan_acquire(data);
	w->fn(data, w->ctx);
	__tsan_release(w); /* for who waits for the pool's end */
}

/* Never freed: a pool lives as long as its client, and a sanitizer's build is no product. */
GThreadPool *__wrap_g_thread_pool_new(GFunc fn, gpointer ctx, gint max, gboolean exclusive, GError **err)
{
	struct worker *w = g_new0(struct worker, 1);

	w->fn = fn;
	w->ctx = ctx;
	return __real_g_thread_pool_new(work, w, max, exclusive, err);
}

gboolean __wrap_g_thread_pool_push(GThreadPool *pool, gpointer data, GError **err)
{
	__tsan_release(pool->user_data);
	__tsan_release(data);
	return __real_g_thread_pool_push(pool, data, err);
}

void __wrap_g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait)
{
	gpointer worker = pool->user_data;

	__real_g_thread_pool_free(pool, immediate, wait);
	if (wait)
		__tsan_acquire(worker);
}
