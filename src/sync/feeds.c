/* feeds - see the header.
 *
 * A feed that cannot be read, or not whole, leaves what was read before as it is, with its age. What is
 * done without asking goes through the same plan and the same batch as at the desk; where so much goes at
 * once that the feed itself is in doubt, nothing is done. */
#include "config.h"

#include "sync/feeds.h"

#include <string.h>

#include "cache/feeds.h"
#include "feed/parse.h"
#include "feed/plan.h"
#include "feed/source.h"
#include "sync/machine.h"
#include "wire/fetch.h"

#define FIRST_MS   1500          /* after the start: the locks come first */
#define LATELY_MS  MINUTE_MS
#define DEADLINE_MS 60000

struct feed {
	struct feeds *all;
	const struct feed_profile *profile;
	guint timer;
	bool busy, done; /* being read; read at least once in this run */
};
struct feeds {
	struct sync *s;
	struct fetcher *fetcher;
	GPtrArray *feeds; /* of struct feed *, owned */
};

static gboolean on_due(gpointer data);

static void schedule(struct feed *f, int64_t wait_ms)
{
	g_clear_handle_id(&f->timer, g_source_remove);
	f->timer = g_timeout_add((guint)CLAMP(wait_ms, 0, DAY_MS), on_due, f);
}

/* Many desks, one channel: not all of them at the same second. */
static int64_t jittered(const struct feed *f)
{
	return f->profile->interval_ms + g_random_int_range(0, f->profile->interval_ms / 10 + 1);
}

static void over(struct feed *f)
{
	f->busy = false;
	f->done = true;
	schedule(f, jittered(f));
	store_tell(f->all->s, POKE_FEEDS);
	sync_maybe_done(f->all->s);
}

static void failed(struct feed *f, const char *why)
{
	g_autoptr(GError) err = NULL;

	g_info("feed %s: %s", f->profile->name, why);
	if (!cache_feed_tried(f->all->s->cache, f->profile->name, why, instant_now(), &err))
		g_warning("feed %s: %s", f->profile->name, err->message);
	over(f);
}

static void note(struct sync *s, const struct feed *f, const struct batch *b, struct instant now)
{
	g_autofree char *by = g_strdup_printf("feed %s", f->profile->name);
	int n[BATCH_SIGN_COUNT] = { 0 };
	g_autofree char *about = NULL;

	for (guint i = 0; i < b->rows->len; i++)
		n[((const struct batch_row *)b->rows->pdata[i])->sign] += batch_applies(b, i);
	about = g_strdup_printf("%s: %d issued, %d changed, %d revoked", f->profile->name, n[BATCH_ISSUE],
				n[BATCH_CHANGE], n[BATCH_REVOKE]);
	cache_note_act(s->cache, "import", about, by, now, NULL);
	g_info("feed %s", about);
}

static void apply(struct feed *f, const struct zone *zone, struct instant now)
{
	struct sync *s = f->all->s;
	struct plan_rule rule = plan_rule_of(f->profile->name, f->profile, zone, now);
	g_autofree char *by = g_strdup_printf("feed %s", f->profile->name);
	OWN(cache_list) struct cache_list *rows = NULL;
	OWN(plan) struct plan *plan = NULL;
	g_autoptr(GError) err = NULL;

	if (f->profile->auto_apply == FEED_AUTO_NO || !s->pulled)
		return;
	rows = cache_feed_rows(s->cache, f->profile->name, &err);
	plan = rows ? plan_make(s->cache, rows, &rule, &err) : NULL;
	if (plan)
		plan_hold(plan, s->cache, &rule, &now);
	if (plan && plan->batch->guard)
		g_info("feed %s: held: %s", f->profile->name, plan->batch->guard);
	else if (plan && plan_keep_auto(plan->batch, f->profile->auto_apply) &&
		 batch_apply(s->cache, plan->batch, by, now, NULL, &err)) {
		note(s, f, plan->batch, now);
		store_tell(s, POKE_OUTBOX);
		push_kick(s);
	}
	if (err)
		g_warning("feed %s: %s", f->profile->name, err->message);
}

static bool is_of_kind(const struct feed *f, const char *text, size_t len)
{
	return f->profile->kind == FEED_ANY || (f->profile->kind == FEED_ICAL) == feed_is_ical(text, len);
}

static void take(struct feed *f, const char *text, size_t len, const char *etag, const char *last_modified)
{
	struct sync *s = f->all->s;
	struct instant now = instant_now();
	struct parse_context ctx = { sync_zone(s), now, s->profile->check_in, s->profile->check_out };
	OWN(reservations) struct reservations *read = NULL;
	g_autoptr(GError) err = NULL;

	if (!is_of_kind(f, text, len)) {
		failed(f, f->profile->kind == FEED_ICAL ? "What came is no calendar."
							: "What came is a calendar, not CSV.");
		return;
	}
	read = feed_parse(text, len, &ctx, &err);
	if (!read || !cache_feed_store(s->cache, f->profile->name, read->rows, false, etag, last_modified, now, &err)) {
		failed(f, err->message);
		return;
	}
	apply(f, ctx.zone, now);
	over(f);
}

static void on_fetched(const struct fetch_answer *a, void *ctx)
{
	struct feed *f = ctx;
	struct sync *s = f->all->s;

	if (a->trouble) {
		failed(f, a->trouble);
	} else if (a->same) {
		cache_feed_tried(s->cache, f->profile->name, NULL, instant_now(), NULL);
		apply(f, sync_zone(s), instant_now());
		over(f);
	} else {
		take(f, a->body, a->len, a->etag, a->last_modified);
	}
}

static void read_file(struct feed *f)
{
	g_autoptr(GError) err = NULL;
	size_t len = 0;
	g_autofree char *text = source_read_file(f->profile->url, &len, &err);

	if (text)
		take(f, text, len, NULL, NULL);
	else
		failed(f, err->message);
}

static void begin(struct feed *f)
{
	struct sync *s = f->all->s;
	OWN(cache_list) struct cache_list *known = NULL;
	const struct feed_state *state;
	struct fetch_request request = { .url = f->profile->url,
					 .bytes_max = FEED_BYTES_MAX,
					 .deadline_ms = DEADLINE_MS };

	if (f->busy || s->quitting || s->ending)
		return;
	g_clear_handle_id(&f->timer, g_source_remove);
	f->busy = true;
	if (!strstr(f->profile->url, "://")) {
		read_file(f);
		return;
	}
	known = cache_feed(s->cache, f->profile->name, NULL);
	state = known && known->rows->len ? cache_list_at(known, struct feed_state, 0) : NULL;
	if (state && !state->error) {
		request.etag = state->etag;
		request.last_modified = state->last_modified;
	}
	fetcher_get(f->all->fetcher, &request, on_fetched, f);
}

static gboolean on_due(gpointer data)
{
	struct feed *f = data;

	f->timer = 0;
	begin(f);
	return G_SOURCE_REMOVE;
}

/* ---- all of them ---- */

static struct instant tried_at(struct sync *s, const char *name)
{
	OWN(cache_list) struct cache_list *known = cache_feed(s->cache, name, NULL);

	return known && known->rows->len ? cache_list_at(known, struct feed_state, 0)->tried_at : INSTANT_NONE;
}

static void feed_free(void *p)
{
	struct feed *f = p;

	g_clear_handle_id(&f->timer, g_source_remove);
	g_free(f);
}

struct feeds *feeds_new(struct sync *s)
{
	struct feeds *all = g_new0(struct feeds, 1);

	all->s = s;
	all->feeds = g_ptr_array_new_with_free_func(feed_free);
	for (guint i = 0; s->profile->feeds && i < s->profile->feeds->len; i++) {
		struct feed *f = g_new0(struct feed, 1);
		struct instant tried;
		int64_t since;

		f->all = all;
		f->profile = s->profile->feeds->pdata[i];
		g_ptr_array_add(all->feeds, f);
		tried = tried_at(s, f->profile->name);
		since = instant_known(tried) ? instant_diff_ms(instant_now(), tried) : DAY_MS;
		/* A clock that was set back is no reason to wait for ever. */
		schedule(f, s->opt.once || since < 0 ? FIRST_MS : MAX(f->profile->interval_ms - since, FIRST_MS));
	}
	if (all->feeds->len)
		all->fetcher = fetcher_new(g_main_context_default());
	return all;
}

void feeds_free(struct feeds *all)
{
	if (!all)
		return;
	fetcher_free(all->fetcher);
	g_ptr_array_unref(all->feeds);
	g_free(all);
}

bool feeds_busy(const struct feeds *all)
{
	for (guint i = 0; all && i < all->feeds->len; i++) {
		const struct feed *f = all->feeds->pdata[i];

		if (f->busy || (all->s->opt.once && !f->done))
			return true;
	}
	return false;
}

void feeds_hurry(struct feeds *all)
{
	for (guint i = 0; all && i < all->feeds->len; i++) {
		struct feed *f = all->feeds->pdata[i];
		struct instant tried = tried_at(all->s, f->profile->name);

		if (!f->busy && (!instant_known(tried) || ABS(instant_diff_ms(instant_now(), tried)) > LATELY_MS))
			schedule(f, 0);
	}
}
