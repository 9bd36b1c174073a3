/* Turns: one after the other the server is asked what is new, and the answer decides when next.
 * A turn is the first pull, or a poll of events with the refetch that follows from it. Here are
 * also the phases and words that the consoles show. */
#include "config.h"

#include <string.h>

#include "core/notify.h"
#include "core/zone.h"
#include "sync/announce.h"
#include "sync/feeds.h"
#include "sync/machine.h"

#define SAY_OK_MS       (30 * SECOND_MS) /* 'still well', where nothing else changed */
#define SAY_PROGRESS_MS 100
#define ONCE_LIMITED_MAX 4 /* a run that is to end does not wait for a limit for ever */

/* ---- what is said ---- */

static bool same_status(const struct poke_status *a, const struct poke_status *b)
{
	return a->phase == b->phase && a->interval_ms == b->interval_ms && a->live == b->live &&
	       a->explains == b->explains && instant_eq(a->next_at, b->next_at) && g_strcmp0(a->text, b->text) == 0;
}

void turn_status(struct sync *s)
{
	int64_t now_us = g_get_monotonic_time();
	int64_t silent_ms = s->said_us ? (now_us - s->said_us) / 1000 : DAY_MS;
	bool progress = s->status.done != s->said.done || s->status.total != s->said.total;

	s->status.interval_ms = s->pace.interval_ms;
	s->status.live = s->live && live_is_up(s->live);
	s->status.explains = s->live && live_is_offered(s->live);
	if (same_status(&s->status, &s->said) && silent_ms < SAY_OK_MS &&
	    !(progress && silent_ms >= SAY_PROGRESS_MS))
		return;
	s->said_us = now_us;
	g_free(s->said.text);
	s->said = s->status;
	s->said.text = g_strdup(s->status.text);
	announce_status(s->announce, &s->status);
	if (s->opt.on_status)
		s->opt.on_status(&s->status, s->opt.ctx);
}

void turn_phase(struct sync *s, enum sync_phase phase, const char *text)
{
	bool other = s->status.phase != phase || g_strcmp0(s->said.text, text) != 0;

	s->status.phase = phase;
	g_free(s->status.text);
	if (s->note && text)
		s->status.text = g_strdup_printf("%s; %s", text, s->note);
	else
		s->status.text = g_strdup(text ? text : s->note);
	if (phase != SYNC_WAITING && phase != SYNC_NO_ACCESS && phase != SYNC_STOPPED)
		s->status.next_at = INSTANT_NONE;
	if (other) {
		g_autofree char *state =
			g_strdup_printf("STATUS=%s%s%s", sync_phase_word(phase), text ? ": " : "",
					text ? text : "");

		notify_systemd(state);
	}
	turn_status(s);
}

/* ---- when ---- */

static void turn(struct sync *s);

static gboolean on_turn_timer(gpointer data)
{
	struct sync *s = data;

	s->turn_timer = 0;
	turn(s);
	return G_SOURCE_REMOVE;
}

void turn_schedule(struct sync *s, int wait_ms)
{
	g_clear_handle_id(&s->turn_timer, g_source_remove);
	if (!s->ending)
		s->turn_timer = g_timeout_add((guint)MAX(wait_ms, 0), on_turn_timer, s);
}

void turn_now(struct sync *s)
{
	int64_t pause_ms = MAX((s->not_before_us - g_get_monotonic_time()) / 1000, 0);

	s->turn_wanted = true; /* also where the server's own news begins a turn before it */
	if (s->in_turn)
		return;
	turn_schedule(s, (int)MIN(pause_ms, PACE_LIMIT_MAX_MS));
}

static int next_wait(struct sync *s, enum pace_outcome outcome, int64_t retry_after_ms)
{
	struct pace_input in = {
		.outcome = outcome,
		.retry_after_ms = retry_after_ms,
		.watched = announce_consoles(s->announce) > 0,
		.dice = g_random_int(),
	};
	int wait_ms = pace_next(&s->pace, &in);

	s->not_before_us = outcome == PACE_LIMITED ? g_get_monotonic_time() + wait_ms * INT64_C(1000) : 0;
	return wait_ms;
}

struct instant turn_server_clock(const struct sync *s)
{
	if (!instant_known(s->server_at))
		return instant_now();
	return instant_add_ms(s->server_at, (g_get_monotonic_time() - s->server_us) / 1000);
}

struct instant turn_server_now(struct sync *s, const struct wire_answer *a)
{
	if (instant_known(a->server_date)) {
		s->server_at = a->server_date;
		s->server_us = g_get_monotonic_time();
	}
	return turn_server_clock(s);
}

/* ---- how it went ---- */

/* Not at each poll: the disk of an idle house stays idle. */
#define NOTE_OK_EVERY_MS MINUTE_MS

void turn_note_ok(struct sync *s)
{
	char text_ms[24];

	if (!s->cache || instant_eq(s->status.ok_at, s->ok_noted))
		return;
	s->ok_noted = s->status.ok_at;
	g_snprintf(text_ms, sizeof text_ms, "%" G_GINT64_FORMAT, s->ok_noted.ms);
	cache_fact_set(s->cache, FACT_OK, text_ms, NULL);
}

/* At most so long after it, and not before: a clock that was set back is no reason to wait for it. */
static bool within(struct instant now, struct instant then, int64_t ms)
{
	int64_t since_ms = instant_known(then) ? instant_diff_ms(now, then) : ms;

	return since_ms >= 0 && since_ms < ms;
}

void turn_alive(struct sync *s)
{
	bool was = s->well;

	s->well = true;
	s->status.ok_at = instant_now();
	if (!within(s->status.ok_at, s->ok_noted, NOTE_OK_EVERY_MS))
		turn_note_ok(s);
	if (!was)
		push_kick(s);
}

/* By either clock: the one that cannot be set stands still while the machine sleeps. */
static bool compare_is_due(const struct sync *s)
{
	int64_t now_us = g_get_monotonic_time();

	if (s->pull || now_us < s->compare_after_us)
		return false;
	return s->compare_wanted || !within(instant_now(), s->compared_at, s->opt.compare_ms) ||
	       (s->compared_us && (now_us - s->compared_us) / 1000 >= s->opt.compare_ms);
}

/* A poll's turn sets the pace, of comparing too. */
static int poll_done(struct sync *s)
{
	int wait_ms = next_wait(s, PACE_OK, 0);

	if (compare_is_due(s))
		pull_start(s, !s->compare_wanted);
	else if (s->pull && s->compare_wanted)
		pull_hurry(s);
	if (s->pull)
		pull_allow(s, live_poll_in_ms(s, s->pace.interval_ms));
	return wait_ms;
}

void turn_done(struct sync *s)
{
	bool polled = !live_turn_over(s);
	int wait_ms = s->pace.interval_ms;

	s->in_turn = false;
	turn_alive(s);
	if (polled)
		wait_ms = poll_done(s);
	if (s->well && live_go_on(s))
		return; /* the next turn is under way */
	if (!s->well)
		return; /* the disk failed: said already, and the next try is set */
	turn_phase(s, s->pull ? SYNC_COMPARING : SYNC_FOLLOWING, NULL);
	turn_schedule(s, s->turn_wanted ? 0 : live_poll_in_ms(s, wait_ms));
	rotas_keep(s);
	push_kick(s);
	sync_maybe_done(s);
}

static enum pace_outcome outcome_of(const struct wire_answer *a)
{
	if (a->auth)
		return PACE_NO_ACCESS;
	return a->outcome == WIRE_LIMITED ? PACE_LIMITED : PACE_AWAY;
}

char *turn_words(const struct wire_answer *a, int times)
{
	char rest[CIVIL_TEXT_MAX];

	if (!a || !a->message || a->retry_after_ms <= pace_rest(a->retry_after_ms, times))
		return g_strdup(a ? a->message : NULL);
	return g_strdup_printf("%s; it wants %s%s without a request, and is asked again sooner", a->message,
			       a->retry_after_ms >= DAY_MS ? "at least " : "", duration_text(a->retry_after_ms, rest));
}

void turn_failed(struct sync *s, const struct wire_answer *a)
{
	static const enum sync_phase phases[PACE_OUTCOME_COUNT] = {
		[PACE_LIMITED] = SYNC_WAITING,
		[PACE_AWAY] = SYNC_WAITING,
		[PACE_NO_ACCESS] = SYNC_NO_ACCESS,
	};
	enum pace_outcome outcome = outcome_of(a);
	g_autofree char *words = NULL;
	int wait_ms;

	if (a->outcome == WIRE_CANCELLED || s->ending)
		return;
	live_stop(s);
	s->in_turn = false;
	s->turn_wanted = false;
	s->well = outcome == PACE_LIMITED; /* it is there, and answers */
	if (!s->pulled)
		pull_cancel(s);
	wait_ms = next_wait(s, outcome, a->retry_after_ms);
	words = turn_words(a, s->pace.failures);
	s->status.next_at = instant_add_ms(instant_now(), wait_ms);
	g_info("%s: next try in %d ms", a->message ? a->message : "no answer", wait_ms);
	turn_phase(s, phases[outcome], words);
	turn_schedule(s, wait_ms);
	s->limited = outcome == PACE_LIMITED ? s->limited + 1 : 0;
	if (s->opt.once && (outcome != PACE_LIMITED || s->limited >= ONCE_LIMITED_MAX)) {
		GError *why = NULL;

		if (outcome == PACE_LIMITED)
			g_set_error(&why, KEYRACK_ERROR, KEYRACK_ERROR_SERVER,
				    "the server says each time that it is asked too much (%s): "
				    "try again later",
				    a->message ? a->message : "429");
		else
			wire_answer_to_error(a, &why);
		sync_end(s, why);
	}
}

void turn_cache_failed(struct sync *s, GError *err)
{
	int wait_ms = PACE_DISK_MS;

	if (s->ending) {
		g_clear_error(&err);
		return;
	}
	g_warning("the cache: %s", err ? err->message : "failed");
	s->in_turn = false;
	s->turn_wanted = false;
	s->well = false;
	pull_cancel(s);
	follow_forget(s);
	if (g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT)) {
		s->damaged = true;
		wait_ms = 0;
	}
	s->status.next_at = instant_add_ms(instant_now(), wait_ms);
	turn_phase(s, SYNC_STOPPED, err ? err->message : NULL);
	turn_schedule(s, wait_ms);
	if (s->opt.once)
		sync_end(s, err);
	else
		g_clear_error(&err);
}

void turn_compare(struct sync *s)
{
	s->compare_wanted = true;
	s->compare_after_us = 0;
	feeds_hurry(s->feeds);
	if (s->pull && s->pulled)
		pull_hurry(s);
	turn_now(s);
}

static void turn(struct sync *s)
{
	GError *err = NULL;

	if (s->in_turn || s->ending || s->quitting)
		return;
	if (!s->damaged && s->cache && !cache_is_in_place(s->cache)) {
		g_warning("%s was deleted or replaced: it is opened anew", s->cache_path);
		s->damaged = true;
	}
	if (s->damaged && !sync_reopen(s, &err)) {
		s->damaged = false; /* tried: now it is said, and tried again later */
		turn_cache_failed(s, err);
		s->damaged = true;
		turn_schedule(s, PACE_DISK_MS);
		return;
	}
	s->damaged = false;
	s->in_turn = true;
	s->turn_wanted = false;
	if (s->pulled)
		follow_poll(s);
	else
		pull_start(s, false);
}
