/* fuzz-wire: any JSON of a server becomes a lock, a code and an event, or none; every text that comes
 * out is UTF-8, and what was decoded goes into a cache. */
#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include "cache/cache.h"
#include "tests/fuzz/fuzz.h"
#include "wire/codec.h"

static struct cache *cache;
static char *folder;

static void at_exit(void)
{
	static const char *const files[] = { "c.db", "c.db-wal", "c.db-shm" };

	cache_close(cache);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(folder, files[i], NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
	g_free(folder);
}

static struct cache *the_cache(void)
{
	if (!cache) {
		g_autofree char *path = NULL;
		g_autoptr(GError) err = NULL;

		folder = g_dir_make_tmp("fuzz-XXXXXX", NULL);
		path = g_build_filename(folder, "c.db", NULL);
		cache = cache_open(path, CACHE_SYNC, false, &err);
		if (!cache)
			g_error("%s", err->message);
		atexit(at_exit);
	}
	return cache;
}

static void check_texts(const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (texts[i] && !g_utf8_validate(texts[i], -1, NULL))
			g_error("a text is no UTF-8");
	}
}

static void keep_lock(const json_t *o, struct wire_scratch *s)
{
	struct lock l;

	if (!wire_decode_lock(o, s, &l))
		return;
	check_texts((const char *const[]){ l.device_id, l.name, l.place, l.room, l.zone }, 5);
	cache_put_lock(the_cache(), &l, 0, NULL);
}

static void keep_code(const json_t *o, struct wire_scratch *s)
{
	struct access_code c;

	if (!wire_decode_code(o, s, &c))
		return;
	check_texts((const char *const[]){ c.access_code_id, c.name, c.code, c.status }, 4);
	cache_put_code(the_cache(), &c, 0, NULL);
}

static void keep_event(const json_t *o, struct wire_scratch *s)
{
	struct event e;

	if (!wire_decode_event(o, s, &e))
		return;
	check_texts((const char *const[]){ e.event_id, e.event_type, e.description }, 3);
	cache_put_event(the_cache(), &e, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_scratch *s;
	json_t *o = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);

	if (!o)
		return 0;
	s = wire_scratch_new();
	if (!cache_begin(the_cache(), NULL))
		g_error("the cache does not begin");
	(void)wire_is_lock(o);
	keep_lock(o, s);
	keep_code(o, s);
	keep_event(o, s);
	if (!cache_commit(cache, NULL))
		g_error("the cache does not commit");
	wire_scratch_free(s);
	json_decref(o);
	return 0;
}
