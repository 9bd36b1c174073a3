/* Carries out the outbox: what is due is marked as being sent, with a full fsync, before it leaves;
 * what came of it is recorded the same way. Four intents are on their way at a time, one per lock.
 * Whoever finds one in 'sending' that is not its own settles it. */
#include "config.h"

#include <string.h>

#include "core/jsonout.h"
#include "sync/push.h"

#define AT_ONCE      4
#define KICK_MIN_MS  50
#define KICK_MAX_MS  60000
#define DISK_AGAIN_S 30
#define CLOCK_SET_MS (2 * SECOND_MS) /* so far from the clock that cannot be set it goes by itself */

struct push {
	struct sync *s;
	GHashTable *shots; /* set of struct shot */
	GHashTable *looks; /* intent_no -> how often its code was looked for in vain */
	guint timer, idle;
	int64_t ahead_ms; /* of the monotonic clock, when last looked at; 0: not yet */
};

static void shot_free(void *data)
{
	struct shot *shot = data;

	g_clear_handle_id(&shot->timer, g_source_remove);
	if (shot->codes)
		g_ptr_array_free(shot->codes, TRUE);
	json_decref(shot->params); /* jansson wipes nothing: core files are off, see main */
	g_free(shot->device_id);
	g_free(shot->access_code_id);
	g_free(shot->name);
	g_free(shot->made_by);
	g_free(shot->common_code_key);
	g_free(shot->error_type);
	g_free(shot->message);
	g_free(shot->validation_errors);
	g_free(shot->attempt_id);
	g_free(shot->given_id);
	g_free(shot->request_id);
	g_free(shot);
}

static struct shot *shot_new(struct sync *s, const struct intent *in)
{
	struct shot *shot = g_new0(struct shot, 1);

	shot->s = s;
	shot->intent_no = in->intent_no;
	shot->kind = in->kind;
	shot->device_id = g_strdup(in->device_id);
	shot->access_code_id = g_strdup(in->access_code_id);
	shot->name = g_strdup(in->name);
	shot->made_by = g_strdup(in->made_by);
	shot->common_code_key = g_strdup(in->common_code_key);
	shot->params = in->params ? json_loads(in->params, 0, NULL) : NULL;
	shot->made_at = in->made_at;
	shot->sent_at = in->sent_at;
	shot->tries = in->tries;
	shot->next_try_at = INSTANT_NONE;
	return shot;
}

/* ---- when ---- */

static void send_due(struct push *p);

static gboolean on_idle(gpointer data)
{
	struct push *p = data;

	p->idle = 0;
	send_due(p);
	return G_SOURCE_REMOVE;
}

/* Never at once: a disk that is full cancels the pull and the turn, and whoever says that it is
 * time is often in the middle of the two. */
void push_kick(struct sync *s)
{
	if (s->push && !s->push->idle)
		s->push->idle = g_idle_add_full(G_PRIORITY_DEFAULT, on_idle, s->push, NULL);
}

static gboolean on_timer(gpointer data)
{
	struct push *p = data;

	p->timer = 0;
	send_due(p);
	return G_SOURCE_REMOVE;
}

static void wait_for_next(struct push *p, struct instant now)
{
	struct instant next = outbox_next_due(p->s->cache, now);

	g_clear_handle_id(&p->timer, g_source_remove);
	if (instant_known(next))
		p->timer = g_timeout_add((guint)CLAMP(instant_diff_ms(next, now), KICK_MIN_MS,
						      KICK_MAX_MS),
					 on_timer, p);
}

/* ---- fates ---- */

static void shot_over(struct shot *shot)
{
	struct push *p = shot->s->push;

	g_hash_table_remove(p->shots, shot);
	store_tell(p->s, POKE_OUTBOX);
	push_kick(p->s);
	if (g_hash_table_size(p->shots) == 0)
		sync_push_idle(p->s);
}

static void take(char **at, char *instead)
{
	if (!instead)
		return;
	g_free(*at);
	*at = instead;
}

/* A refusal may repeat the PIN that was asked for, which lies sealed in the outbox. */
static void strike_pin(struct shot *shot)
{
	const char *pin = json_string_value(json_object_get(shot->params, "code"));

	take(&shot->message, pin_struck(shot->message, pin));
	take(&shot->validation_errors, json_pin_struck(shot->validation_errors, NULL, pin));
}

static bool record(struct shot *shot, GError **err)
{
	struct cache *c = shot->s->cache;

	strike_pin(shot);
	if (shot->request_id || shot->how != INTENT_BY_ANSWER)
		outbox_heard(c, shot->intent_no, shot->request_id, shot->how, NULL); /* only words */
	switch (shot->fate) {
	case FATE_ACCEPTED:
		if (!outbox_accepted(c, shot->intent_no, shot->given_id, shot->status, err))
			return false;
		if (shot->note)
			outbox_note(c, shot->intent_no, shot->note, NULL); /* only words */
		return true;
	case FATE_REFUSED:
		return outbox_refused(c, shot->intent_no, shot->status, shot->error_type,
				      shot->message, shot->validation_errors, err);
	case FATE_AGAIN:
		return outbox_again(c, shot->intent_no, shot->next_try_at, shot->message, err);
	case FATE_DOUBT:
		break;
	}
	return outbox_doubt(c, shot->intent_no, shot->next_try_at, shot->message, err);
}

static gboolean on_record_timer(gpointer data);

/* What the server said is kept in memory until the disk takes it. */
static void settle(struct shot *shot)
{
	static const char *const words[] = { "accepted", "refused", "to be sent again",
					     "in doubt" };
	GError *err = NULL;
	bool gone;

	if (record(shot, &err)) {
		g_info("intent %" G_GINT64_FORMAT " (%s): %s", shot->intent_no,
		       intent_kind_info(shot->kind)->name, words[shot->fate]);
		shot_over(shot);
		return;
	}
	gone = g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND) ||
	       g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY);
	if (gone) {
		g_warning("intent %" G_GINT64_FORMAT ": %s", shot->intent_no, err->message);
		g_clear_error(&err);
		shot_over(shot);
		return;
	}
	shot->timer = g_timeout_add_seconds(DISK_AGAIN_S, on_record_timer, shot);
	turn_cache_failed(shot->s, err);
}

static gboolean on_record_timer(gpointer data)
{
	struct shot *shot = data;

	shot->timer = 0;
	shot->next_try_at = INSTANT_NONE; /* it has waited, and its clock may have been set meanwhile */
	settle(shot);
	return G_SOURCE_REMOVE;
}

static void say(struct shot *shot, const char *message)
{
	char *copy = g_strdup(message);

	g_free(shot->message);
	shot->message = copy;
}

void push_accept(struct shot *shot, const char *access_code_id, int status)
{
	shot->fate = FATE_ACCEPTED;
	shot->status = status;
	shot->given_id = g_strdup(access_code_id);
	g_hash_table_remove(shot->s->push->looks, &shot->intent_no);
	settle(shot);
}

void push_refuse(struct shot *shot, const char *message)
{
	shot->fate = FATE_REFUSED;
	say(shot, message);
	settle(shot);
}

void push_again(struct shot *shot, struct instant next_try_at, const char *why)
{
	shot->fate = FATE_AGAIN;
	shot->next_try_at = next_try_at;
	say(shot, why);
	g_hash_table_remove(shot->s->push->looks, &shot->intent_no);
	settle(shot);
}

void push_doubt(struct shot *shot, struct instant next_try_at, const char *why)
{
	shot->fate = FATE_DOUBT;
	shot->next_try_at = next_try_at;
	say(shot, why);
	settle(shot);
}

void push_leave(struct shot *shot)
{
	if (shot->s->push)
		g_hash_table_remove(shot->s->push->shots, shot);
	else
		shot_free(shot);
}

int push_look(struct shot *shot)
{
	GHashTable *looks = shot->s->push->looks;
	int n = GPOINTER_TO_INT(g_hash_table_lookup(looks, &shot->intent_no)) + 1;
	gint64 *key = g_new(gint64, 1);

	*key = shot->intent_no;
	g_hash_table_replace(looks, key, GINT_TO_POINTER(n));
	return n;
}

/* ---- sending ---- */

void push_send(struct shot *shot, const char *path, const json_t *params)
{
	unsigned call = wire_call(shot->s->client, WIRE_CHANGE, path, params, answer_came, shot);

	/* A person's name is for the house's own server. */
	if (live_is_offered(shot->s->live))
		wire_call_for(shot->s->client, call, shot->made_by);
}

/* Durable first: from here on it may have arrived. */
static bool mark_and_send(struct shot *shot, struct instant now)
{
	struct instant there = turn_server_clock(shot->s);
	GError *err = NULL;

	if (!outbox_sending(shot->s->cache, shot->intent_no, now, there, &err)) {
		if (g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY) ||
		    g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND))
			g_clear_error(&err); /* taken back at the last moment */
		else
			turn_cache_failed(shot->s, err);
		return false;
	}
	shot->sent_at = there;
	shot->tries++;
	store_tell(shot->s, POKE_OUTBOX);
	push_send(shot, intent_kind_info(shot->kind)->path, shot->params);
	return true;
}

/* One whose answer nobody waits for: of a sync that died, or looked for before. */
static bool take_up(struct shot *shot, struct instant now)
{
	enum settle_step step = settle_step_of_lost(shot->kind);
	GError *err = NULL;

	if (step == SETTLE_REPEAT) {
		if (outbox_again(shot->s->cache, shot->intent_no, INSTANT_NONE, NULL, &err))
			return mark_and_send(shot, now);
		turn_cache_failed(shot->s, err);
		return false;
	}
	outbox_settling(shot->s->cache, shot->intent_no);
	answer_step(shot, step, NULL);
	return true;
}

static void begin(struct push *p, const struct intent *in, struct instant now)
{
	struct shot *shot = shot_new(p->s, in);

	g_hash_table_add(p->shots, shot);
	if (!shot->params && in->state == INTENT_QUEUED) {
		push_refuse(shot, "this entry of the outbox is damaged: enter it again");
		return;
	}
	if (!(in->state == INTENT_SENDING ? take_up(shot, now) : mark_and_send(shot, now)))
		g_hash_table_remove(p->shots, shot);
}

/* One at a time per lock: what is due beside it goes when that is over. */
static bool is_busy(const struct push *p, const char *device_id)
{
	GHashTableIter iter;
	gpointer shot;

	g_hash_table_iter_init(&iter, p->shots);
	while (g_hash_table_iter_next(&iter, &shot, NULL))
		if (g_strcmp0(((const struct shot *)shot)->device_id, device_id) == 0)
			return true;
	return false;
}

/* What waits, waits until an hour of this clock. */
static bool look_at_clock(struct push *p, struct instant now, GError **err)
{
	int64_t ahead_ms = now.ms - g_get_monotonic_time() / 1000;
	bool was_set = !p->ahead_ms || ABS(ahead_ms - p->ahead_ms) > CLOCK_SET_MS;

	if (was_set && !outbox_hurry(p->s->cache, err))
		return false;
	p->ahead_ms = ahead_ms;
	return true;
}

static void send_due(struct push *p)
{
	struct sync *s = p->s;
	OWN(cache_list) struct cache_list *due = NULL;
	struct instant now = instant_now();
	GError *err = NULL;
	int room = AT_ONCE - (int)g_hash_table_size(p->shots);

	if (s->ending || s->quitting || !s->well || !s->client || room <= 0)
		return;
	if (look_at_clock(p, now, &err))
		due = outbox_due(s->cache, now, room, &err);
	if (!due) {
		turn_cache_failed(s, err);
		return;
	}
	for (guint i = 0; i < due->rows->len && s->well; i++) {
		const struct intent *in = cache_list_at(due, struct intent, i);

		if (!is_busy(p, in->device_id))
			begin(p, in, now);
	}
	wait_for_next(p, now);
}

int push_under_way(const struct push *p)
{
	return (int)g_hash_table_size(p->shots);
}

struct push *push_new(struct sync *s)
{
	struct push *p = g_new0(struct push, 1);

	p->s = s;
	p->shots = g_hash_table_new_full(NULL, NULL, shot_free, NULL);
	p->looks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	return p;
}

void push_free(struct push *p)
{
	if (!p)
		return;
	g_clear_handle_id(&p->timer, g_source_remove);
	g_clear_handle_id(&p->idle, g_source_remove);
	g_hash_table_destroy(p->shots);
	g_hash_table_destroy(p->looks);
	g_free(p);
}
