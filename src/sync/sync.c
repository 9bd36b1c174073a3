/* The life of a sync: what it takes at the start, how it ends. */
#include "config.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cache/rekey.h"
#include "core/exit.h"
#include "core/notify.h"
#include "sync/announce.h"
#include "sync/feeds.h"
#include "sync/machine.h"

#define IDLE_MS        10000
#define COMPARE_MS     900000
#define HISTORY_MS     (7 * DAY_MS)
#define QUIT_IDLE_MS   15000 /* for an intent that is being sent when the last console goes */
#define QUIT_SIGNAL_MS 5000
#define HELD_GRACE_MS  500   /* after a revocation's hour, for it to be begun */
#define DOUBT_MS       20000

/* ---- ending ---- */

void sync_end(struct sync *s, GError *why)
{
	if (why && !s->failure)
		s->failure = why;
	else
		g_clear_error(&why);
	if (s->loop)
		g_main_loop_quit(s->loop);
}

static gboolean on_quit_timer(gpointer data)
{
	struct sync *s = data;

	s->quit_timer = 0;
	sync_end(s, NULL);
	return G_SOURCE_REMOVE;
}

/* Sends nothing new, and ends when what is being sent has been answered. */
static void quit_soon(struct sync *s, guint limit_ms)
{
	s->quitting = true;
	g_clear_handle_id(&s->turn_timer, g_source_remove);
	g_clear_handle_id(&s->quit_timer, g_source_remove);
	if (push_under_way(s->push) == 0)
		sync_end(s, NULL);
	else
		s->quit_timer = g_timeout_add(limit_ms, on_quit_timer, s);
}

void sync_push_idle(struct sync *s)
{
	if (s->quitting)
		sync_end(s, NULL);
	else
		sync_maybe_done(s);
}

static gboolean on_signal(gpointer data)
{
	struct sync *s = data;

	g_info("asked to end");
	s->by_signal = true;
	if (s->opt.once && !s->failure)
		s->failure = g_error_new_literal(KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
						 "interrupted: not everything was done");
	quit_soon(s, QUIT_SIGNAL_MS);
	return G_SOURCE_CONTINUE;
}

static gboolean on_idle_timer(gpointer data)
{
	struct sync *s = data;
	struct instant held;

	s->idle_timer = 0;
	held = outbox_held_until(s->cache, instant_now());
	if (instant_known(held)) {
		/* Nobody can take it back any more, and it must leave all the same. */
		int64_t left = instant_diff_ms(held, instant_now());

		s->idle_timer = g_timeout_add((guint)(MAX(left, 0) + HELD_GRACE_MS), on_idle_timer, s);
		return G_SOURCE_REMOVE;
	}
	g_info("no console is left: ending");
	quit_soon(s, QUIT_IDLE_MS);
	return G_SOURCE_REMOVE;
}

static gboolean on_doubt_timer(gpointer data)
{
	struct sync *s = data;

	s->doubt_timer = 0;
	s->in_doubt = true;
	sync_end(s, g_error_new_literal(
			    KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			    "something in the outbox is still in doubt: the server has not said "
			    "whether it arrived. Look with: keyrack outbox"));
	return G_SOURCE_REMOVE;
}

static bool some(struct cache_list *list)
{
	return list && list->rows->len > 0;
}

/* Nothing queued that could go now. What is in doubt is waited for, but not for ever. */
static bool outbox_is_done(struct sync *s)
{
	OWN(cache_list) struct cache_list *due = outbox_due(s->cache, instant_now(), 1, NULL);
	OWN(cache_list) struct cache_list *doubt =
		outbox_list(s->cache, 1u << INTENT_SENDING, 1, NULL);

	if (some(doubt) && !s->doubt_timer)
		s->doubt_timer = g_timeout_add((guint)s->opt.doubt_ms, on_doubt_timer, s);
	return !some(due) && !some(doubt) && !instant_known(outbox_held_until(s->cache, instant_now()));
}

void sync_maybe_done(struct sync *s)
{
	if (s->opt.once && s->pulled && !s->compare_wanted && !s->pull && !s->in_turn &&
	    refetch_is_empty(s->refetch) && push_under_way(s->push) == 0 && !feeds_busy(s->feeds) &&
	    outbox_is_done(s))
		sync_end(s, NULL);
}

/* ---- consoles ---- */

static void on_hello(void *ctx)
{
	struct sync *s = ctx;

	pace_wake(&s->pace);
	turn_now(s);
}

static void on_outbox(void *ctx)
{
	struct sync *s = ctx;

	pace_wake(&s->pace);
	store_tell(s, POKE_OUTBOX); /* the other consoles show it too */
	if (s->well)
		push_kick(s);
	else
		turn_now(s); /* is the server back? then the outbox follows */
}

static void on_compare(void *ctx)
{
	turn_compare(ctx);
}

static void on_explain(const char *access_code_id, void *ctx)
{
	explain_want(ctx, access_code_id);
}

static void on_consoles(int count, void *ctx)
{
	struct sync *s = ctx;

	g_clear_handle_id(&s->idle_timer, g_source_remove);
	if (s->opt.once || s->opt.service)
		return;
	if (count == 0) {
		s->idle_timer = g_timeout_add((guint)s->opt.idle_ms, on_idle_timer, s);
	} else if (s->quitting && !s->by_signal) {
		s->quitting = false;
		g_clear_handle_id(&s->quit_timer, g_source_remove);
		turn_schedule(s, 0);
	}
}

/* ---- the cache ---- */

static bool open_cache(struct sync *s, GError **err)
{
	struct cache_rescued rescued;
	GError *wrong = NULL;

	s->cache = cache_open(s->cache_path, CACHE_SYNC, s->profile->group, &wrong);
	if (s->cache && cache_begun_anew(s->cache)) {
		g_free(s->note);
		s->note = g_strdup("the key of the cache's PINs was gone: there is a new one, and they are pulled again");
		g_warning("%s", s->note);
	}
	if (s->cache)
		return true;
	if (!g_error_matches(wrong, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT)) {
		g_propagate_error(err, wrong);
		return false;
	}
	g_warning("%s", wrong->message);
	g_clear_error(&wrong);
	if (!cache_rescue(s->cache_path, s->profile->group, &rescued, err)) {
		cache_rescued_clear(&rescued);
		return false;
	}
	g_free(s->note);
	s->note = cache_rescued_words(&rescued);
	cache_rescued_clear(&rescued);
	g_warning("%s", s->note);
	s->cache = cache_open(s->cache_path, CACHE_SYNC, s->profile->group, err);
	return s->cache != NULL;
}

/* What was entered for one server must not be carried out at another, where the same lock may hang
 * on another door. */
static bool refuse_of_other_server(struct sync *s, const char *server, GError **err)
{
	const unsigned unsettled = 1u << INTENT_QUEUED | 1u << INTENT_SENDING;
	OWN(cache_list) struct cache_list *open = outbox_list(s->cache, unsettled, 0, err);
	g_autofree char *why = g_strdup_printf("entered for another server (%s): enter it again "
					       "if it is wanted here",
					       server);

	for (guint i = 0; open && i < open->rows->len; i++) {
		int64_t no = cache_list_at(open, struct intent, i)->intent_no;
		g_autoptr(GError) wrong = NULL;

		/* BUSY: refused already, with the create it follows. */
		if (outbox_refused(s->cache, no, 0, "other_server", why, NULL, &wrong) ||
		    g_error_matches(wrong, KEYRACK_ERROR, KEYRACK_ERROR_BUSY))
			continue;
		g_propagate_error(err, g_steal_pointer(&wrong));
		return false;
	}
	return open != NULL;
}

/* A cache of another server is pulled anew: what that one does not show will be swept. */
static bool look_at_facts(struct sync *s, GError **err)
{
	const struct profile *p = s->profile;
	g_autofree char *now =
		g_strdup_printf("%s %s", p->endpoint, p->workspace ? p->workspace : "");
	g_autofree char *was = cache_fact_get(s->cache, FACT_SERVER);

	if (was && strcmp(was, now) != 0) {
		g_info("the cache is from another server (%s)", was);
		if (!refuse_of_other_server(s, was, err) ||
		    !cache_fact_set(s->cache, FACT_PULLED, "0", err) ||
		    !cache_fact_set(s->cache, FACT_LIVE, NULL, err) ||
		    !cache_fact_set(s->cache, FACT_GEN, "0", err))
			return false;
	}
	if (g_strcmp0(was, now) != 0 && !cache_fact_set(s->cache, FACT_SERVER, now, err))
		return false;
	s->pulled = cache_fact_get_int(s->cache, FACT_PULLED, 0) > 0;
	s->compared_at.ms = cache_fact_get_int(s->cache, FACT_COMPARED, INT64_MIN);
	s->compare_wanted = s->opt.once && s->pulled;
	return true;
}

static void close_parts(struct sync *s)
{
	pull_cancel(s);
	g_clear_pointer(&s->rotas, rotas_free);
	g_clear_pointer(&s->feeds, feeds_free);
	g_clear_pointer(&s->push, push_free);
	g_clear_pointer(&s->explain, explain_free);
	g_clear_pointer(&s->live, live_free);
	g_clear_pointer(&s->follow, follow_free);
	g_clear_pointer(&s->refetch, refetch_free);
	turn_note_ok(s);
	g_clear_handle_id(&s->flush_timer, g_source_remove);
	g_clear_pointer(&s->cache, cache_close);
}

static struct wire_client *make_client(struct sync *s, GError **err)
{
	const struct profile *p = s->profile;
	g_autofree char *where = NULL;
	char *key = credential_load(p, &where, err);
	struct wire_config config = {
		.endpoint = p->endpoint,
		.api_key = key,
		.workspace = p->workspace,
		.ca_file = p->ca_file,
		.timeout_ms = p->answer_timeout_ms,
	};
	struct wire_client *client;

	if (!key)
		return NULL;
	g_info("the API key comes from %s", where);
	client = wire_client_new(&config, err);
	credential_wipe(key);
	return client;
}

const struct zone *sync_zone(struct sync *s)
{
	struct cache_property property = cache_property(s->cache);
	const char *name = s->profile->zone && *s->profile->zone ? s->profile->zone : property.zone;
	const struct zone *zone = zone_get(name);

	cache_property_clear(&property);
	return zone;
}

static bool open_parts(struct sync *s, GError **err)
{
	if (!open_cache(s, err) || !look_at_facts(s, err))
		return false;
	s->refetch = refetch_new(s);
	s->follow = follow_new(s);
	s->live = live_new(s);
	s->explain = explain_new(s);
	s->push = push_new(s);
	s->feeds = feeds_new(s);
	s->rotas = rotas_new(s);
	return true;
}

/* Found damaged while running. The calls under way belong to the parts that go, so the client goes
 * first; the lock and the socket stay. */
bool sync_reopen(struct sync *s, GError **err)
{
	s->ending = true;
	g_clear_pointer(&s->client, wire_client_free);
	close_parts(s);
	s->ending = false;
	if (!open_parts(s, err))
		return false;
	s->client = make_client(s, err);
	return s->client != NULL;
}

/* ---- life ---- */

static void take_options(struct sync *s, const struct sync_options *opt)
{
	if (opt)
		s->opt = *opt;
	if (s->opt.idle_ms <= 0)
		s->opt.idle_ms = IDLE_MS;
	if (s->opt.doubt_ms <= 0)
		s->opt.doubt_ms = DOUBT_MS;
	if (s->opt.compare_ms <= 0)
		s->opt.compare_ms = COMPARE_MS;
	if (s->opt.history_ms <= 0)
		s->opt.history_ms = (int)HISTORY_MS;
}

struct sync *sync_new(const struct profile *profile, const struct sync_options *opt, GError **err)
{
	static const struct announce_callbacks cb = { on_hello, on_outbox, on_compare,
						      on_explain, on_consoles };
	struct sync *s = g_new0(struct sync, 1);

	s->profile = profile;
	take_options(s, opt);
	s->lock_fd = -1;
	s->compared_at = s->server_at = s->ok_noted = INSTANT_NONE;
	s->status.phase = SYNC_STARTING;
	s->status.ok_at = s->status.next_at = INSTANT_NONE;
	s->said = s->status;
	pace_init(&s->pace, profile->poll_interval_ms);
	s->scratch = wire_scratch_new();
	s->cache_path = profile_file(profile, "cache.db");
	if (!profile_make_folder(profile, err))
		goto failed;
	s->lock_fd = sync_lock_take(profile->folder, profile->group, err);
	if (s->lock_fd < 0)
		goto failed;
	s->client = make_client(s, err);
	if (!s->client || !open_parts(s, err))
		goto failed;
	s->announce = announce_new(profile->folder, profile->group, &cb, s, err);
	if (!s->announce)
		goto failed;
	return s;
failed:
	sync_free(s);
	return NULL;
}

int sync_run(struct sync *s, GError **err)
{
	int code;

	s->loop = g_main_loop_new(NULL, FALSE);
	s->signal_term = g_unix_signal_add(SIGTERM, on_signal, s);
	s->signal_int = g_unix_signal_add(SIGINT, on_signal, s);
	if (announce_consoles(s->announce) == 0)
		on_consoles(0, s);
	turn_phase(s, SYNC_STARTING, NULL);
	notify_systemd("READY=1");
	turn_schedule(s, 0);
	g_main_loop_run(s->loop);
	store_flush(s);
	notify_systemd("STOPPING=1");
	g_clear_handle_id(&s->signal_term, g_source_remove);
	g_clear_handle_id(&s->signal_int, g_source_remove);
	g_clear_pointer(&s->loop, g_main_loop_unref);
	code = !s->failure ? EXIT_OK : (int)(s->in_doubt ? EXIT_TIMEOUT : exit_code_of(s->failure));
	if (s->failure)
		g_propagate_error(err, g_steal_pointer(&s->failure));
	return code;
}

void sync_free(struct sync *s)
{
	if (!s)
		return;
	s->ending = true;
	g_clear_handle_id(&s->turn_timer, g_source_remove);
	g_clear_handle_id(&s->idle_timer, g_source_remove);
	g_clear_handle_id(&s->quit_timer, g_source_remove);
	g_clear_handle_id(&s->doubt_timer, g_source_remove);
	g_clear_pointer(&s->client, wire_client_free);
	close_parts(s);
	g_clear_pointer(&s->announce, announce_free);
	g_clear_pointer(&s->scratch, wire_scratch_free);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	g_clear_error(&s->failure);
	poke_status_clear(&s->status);
	poke_status_clear(&s->said);
	g_free(s->note);
	g_free(s->cache_path);
	g_free(s);
}
