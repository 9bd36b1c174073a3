/* Puts the objects of an answer into the cache, inside a transaction that the caller opened, and
 * remembers what really changed for the consoles. A cache that fails ends the turn. */
#include "config.h"

#include <string.h>

#include "core/jsonout.h"
#include "sync/announce.h"
#include "sync/machine.h"
#include "wire/scratch.h"

/* How long a first pull gathers pages before it commits them. The indexes by id and by name are
 * touched at random, so that a page's commit of its own writes nearly as much as that of a hundred.
 * Longer would keep consoles, which write the outbox, waiting; a command that writes meanwhile waits
 * for two seconds rather (of the five that it has patience for). */
#define GATHER_MS         2000
#define GATHER_WATCHED_MS 100

bool store_begin(struct sync *s)
{
	GError *err = NULL;

	if (cache_begin(s->cache, &err))
		return true;
	turn_cache_failed(s, err);
	return false;
}

bool store_commit(struct sync *s)
{
	GError *err = NULL;

	wire_scratch_reset(s->scratch);
	g_clear_handle_id(&s->flush_timer, g_source_remove);
	if (!cache_commit(s->cache, &err)) {
		cache_rollback(s->cache);
		s->changed = 0;
		turn_cache_failed(s, err);
		return false;
	}
	if (s->changed)
		announce_changed(s->announce, s->changed);
	s->changed = 0;
	return true;
}

bool store_flush(struct sync *s)
{
	/* None: it is committed, by this or by a move of the outbox, or was taken back. */
	if (s->flush_timer == 0 || !s->cache)
		return true;
	return store_begin(s) && store_commit(s);
}

static gboolean on_flush(gpointer data)
{
	struct sync *s = data;

	s->flush_timer = 0;
	if (store_begin(s))
		store_commit(s);
	return G_SOURCE_REMOVE;
}

bool store_commit_soon(struct sync *s)
{
	if (s->pulled)
		return store_commit(s);
	wire_scratch_reset(s->scratch);
	cache_linger(s->cache);
	if (s->flush_timer == 0)
		s->flush_timer = g_timeout_add(
			announce_consoles(s->announce) > 0 ? GATHER_WATCHED_MS : GATHER_MS, on_flush, s);
	return true;
}

void store_tell(struct sync *s, unsigned mask)
{
	announce_changed(s->announce, mask);
}

static enum store failed(struct sync *s, GError *err)
{
	wire_scratch_reset(s->scratch);
	g_clear_handle_id(&s->flush_timer, g_source_remove);
	cache_rollback(s->cache);
	s->changed = 0;
	turn_cache_failed(s, err);
	return STORE_FAILED;
}

static enum store stored(struct sync *s, enum cache_put put, unsigned mask)
{
	if (put != CACHE_PUT_SAME)
		s->changed |= mask;
	return STORE_DONE;
}

enum store store_lock(struct sync *s, const json_t *object, int64_t gen)
{
	GError *err = NULL;
	struct lock lock;
	enum cache_put put;

	if (!wire_is_lock(object) || !wire_decode_lock(object, s->scratch, &lock))
		return STORE_SKIPPED;
	put = cache_put_lock(s->cache, &lock, gen, &err);
	return put == CACHE_PUT_FAILED ? failed(s, err) : stored(s, put, POKE_LOCKS | POKE_CODES);
}

/* A server's sentence about a code may repeat its PIN, which lies sealed in the cache. */
static const char *without_pin(struct sync *s, const char *json, const char *pin)
{
	g_autofree char *struck = json && pin ? json_pin_struck(json, "message", pin) : NULL;

	return struck ? scratch_keep(s->scratch, struck, strlen(struck)) : json;
}

enum store store_code(struct sync *s, const json_t *object, const char *device_id, bool managed,
		      int64_t gen)
{
	GError *err = NULL;
	struct access_code ac;
	enum cache_put put;

	if (!wire_decode_code(object, s->scratch, &ac))
		return STORE_SKIPPED;
	/* A server may ignore the filter and answer with every code it has. */
	if (device_id && g_strcmp0(ac.device_id, device_id) != 0)
		return STORE_SKIPPED;
	if (!json_is_boolean(json_object_get(object, "is_managed")))
		ac.managed = managed;
	ac.errors = without_pin(s, ac.errors, ac.code);
	ac.warnings = without_pin(s, ac.warnings, ac.code);
	ac.pending_mutations = without_pin(s, ac.pending_mutations, ac.code);
	put = cache_put_code(s->cache, &ac, gen, &err);
	if (put != CACHE_PUT_FAILED)
		return stored(s, put, POKE_CODES | POKE_LOCKS);
	if (g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND)) {
		g_clear_error(&err);
		return STORE_NO_LOCK;
	}
	return failed(s, err);
}

bool store_may_sweep(struct instant asked)
{
	return !instant_before(instant_now(), asked);
}

bool store_sweep_codes(struct sync *s, const char *device_id, bool managed, int64_t gen,
		       struct instant started)
{
	GError *err = NULL;
	int gone = store_may_sweep(started) ? cache_sweep_codes(s->cache, device_id, managed, gen, started, &err) : 0;

	if (gone < 0)
		failed(s, err);
	else if (gone > 0)
		s->changed |= POKE_CODES | POKE_LOCKS;
	return gone >= 0;
}

enum store store_event(struct sync *s, const json_t *object)
{
	GError *err = NULL;
	struct event ev;
	enum cache_put put;

	if (!wire_decode_event(object, s->scratch, &ev))
		return STORE_SKIPPED;
	if (ev.code) {
		g_autofree char *struck = pin_struck(ev.description, ev.code);

		if (struck)
			ev.description = scratch_keep(s->scratch, struck, strlen(struck));
		ev.object = without_pin(s, ev.object, ev.code);
	}
	put = cache_put_event(s->cache, &ev, &err);
	return put == CACHE_PUT_FAILED ? failed(s, err) : stored(s, put, POKE_EVENTS);
}
