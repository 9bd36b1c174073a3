/* What each answer to an intent leads to: one function per step of settle.h. Those that must look
 * before they decide (is the code there? is it gone? did the door move?) ask here too. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "sync/push.h"

#define HISTORY    "/keyrackd/access_codes/history"
#define POLL_MS    1000
#define POLLS_MAX  10

static struct instant after_ms(int64_t ms)
{
	return instant_add_ms(instant_now(), ms);
}

static struct instant after_backoff(const struct shot *shot)
{
	return after_ms(pace_backoff(shot->tries, g_random_int()));
}

static const char *message_of(const struct wire_answer *a, const char *otherwise)
{
	return a && a->message ? a->message : otherwise;
}

/* What the server's log calls it, for whoever has to ask about it. */
static void hear(struct shot *shot, const struct wire_answer *a)
{
	if (!a || !a->request_id)
		return;
	g_free(shot->request_id);
	shot->request_id = g_strdup(a->request_id);
}

/* Keeps what a refusal said, for the desk's form. */
static void keep_refusal(struct shot *shot, const struct wire_answer *a)
{
	char *tree;

	if (!a)
		return;
	shot->status = a->status;
	g_free(shot->error_type);
	shot->error_type = g_strdup(a->error_type);
	g_free(shot->message);
	shot->message = g_strdup(a->message);
	g_clear_pointer(&shot->validation_errors, g_free);
	if (!a->validation_errors)
		return;
	tree = json_dumps(a->validation_errors, JSON_COMPACT);
	shot->validation_errors = g_strdup(tree);
	free(tree);
}

static const char *id_of(const json_t *code)
{
	return json_string_value(json_object_get(code, "access_code_id"));
}

/* ---- yes ---- */

/* A create's answer holds the code; a pull's the backup, under one of two names. */
static const json_t *code_in(const struct shot *shot, const json_t *body)
{
	const json_t *code = json_object_get(body, "access_code");
	const json_t *backup = json_object_get(body, "backup_access_code");

	if (shot->kind == INTENT_CREATE)
		return code;
	if (shot->kind != INTENT_PULL_BACKUP)
		return NULL;
	if (json_is_true(json_object_get(code, "is_backup")))
		return code;
	return backup ? backup : code;
}

/* The code comes first, so that the screen goes from 'queued' to it without a gap. */
static void accept_with(struct shot *shot, const json_t *code, int status)
{
	struct sync *s = shot->s;
	const char *id = code ? id_of(code) : NULL;

	if (id && store_begin(s) && store_code(s, code, NULL, true, 0) != STORE_FAILED)
		store_commit(s);
	if (shot->kind == INTENT_LOCK || shot->kind == INTENT_UNLOCK)
		refetch_device(s, shot->device_id);
	else if (shot->access_code_id)
		refetch_code(s, shot->access_code_id, shot->device_id);
	push_accept(shot, id ? id : shot->access_code_id, status);
	refetch_soon(s);
}

static void read_back(struct shot *shot, const struct wire_answer *a);
static void answer_came_late(const struct wire_answer *a, void *ctx);

static void accept(struct shot *shot, const struct wire_answer *a)
{
	const json_t *code = a ? code_in(shot, a->body) : NULL;

	if (shot->kind == INTENT_CREATE && (!code || !id_of(code))) {
		shot->said_yes = true; /* and not to what */
		read_back(shot, NULL);
	} else {
		accept_with(shot, code, a ? a->status : 0);
	}
}

/* ---- no ---- */

static void refuse(struct shot *shot, const struct wire_answer *a)
{
	keep_refusal(shot, a);
	push_refuse(shot, message_of(a, "the server refused it"));
}

static void lost_door(struct shot *shot, const struct wire_answer *a)
{
	keep_refusal(shot, a);
	g_free(shot->error_type);
	shot->error_type = g_strdup("answer_lost");
	refetch_device(shot->s, shot->device_id);
	push_refuse(shot, "the answer was lost: look at the door and its events");
}

/* ---- later ---- */

static void again(struct shot *shot, const struct wire_answer *a)
{
	struct sync *s = shot->s;
	struct instant next = after_backoff(shot);
	g_autofree char *words = turn_words(a, shot->tries);

	if (a && a->outcome == WIRE_LIMITED)
		next = after_ms(MAX(pace_rest(a->retry_after_ms, shot->tries), SECOND_MS));
	if (a && a->outcome != WIRE_LIMITED) {
		/* Not reached, or the key is refused: the turn finds out what is the matter, and
		 * nothing else leaves until it went well. */
		s->well = false;
		next = INSTANT_NONE;
		turn_now(s);
	}
	push_again(shot, next, words);
}

static void repeat(struct shot *shot, const struct wire_answer *a)
{
	push_doubt(shot, after_backoff(shot), message_of(a, "no answer came: it is sent again"));
}

static void leave(struct shot *shot, const struct wire_answer *a)
{
	(void)a;
	push_leave(shot);
}

/* ---- is the code of a create there? ---- */

static bool is_claimed(const char *access_code_id, void *ctx)
{
	const struct shot *shot = ctx;
	OWN(cache_list) struct cache_list *others =
		outbox_list(shot->s->cache, 1u << INTENT_ACCEPTED, 500, NULL);

	for (guint i = 0; others && i < others->rows->len; i++) {
		const struct intent *in = cache_list_at(others, struct intent, i);

		if (in->intent_no != shot->intent_no && in->kind == INTENT_CREATE &&
		    g_strcmp0(in->access_code_id, access_code_id) == 0)
			return true;
	}
	return false;
}

/* By the server's clock, which 'sent' always was; this desk's may have been set since, or be of another hour. */
static struct instant made_there(const struct shot *shot)
{
	int64_t ago_ms = instant_diff_ms(instant_now(), shot->made_at);
	struct instant made = instant_add_ms(turn_server_clock(shot->s), -ago_ms);

	return instant_known(shot->sent_at) && instant_before(shot->sent_at, made) ? shot->sent_at : made;
}

static struct settle_want want_of(const struct shot *shot)
{
	struct settle_want want = {
		.device_id = shot->device_id,
		.common_code_key =
			json_string_value(json_object_get(shot->params, "common_code_key")),
		.name = json_string_value(json_object_get(shot->params, "name")),
		.pin = json_string_value(json_object_get(shot->params, "code")),
		.offline = json_is_true(json_object_get(shot->params, "is_offline_access_code")),
		.starts_at = INSTANT_NONE,
		.ends_at = INSTANT_NONE,
		.made_at = made_there(shot),
		.sent_at = shot->sent_at,
	};
	const char *from = json_string_value(json_object_get(shot->params, "starts_at"));
	const char *until = json_string_value(json_object_get(shot->params, "ends_at"));

	if (from)
		instant_parse(from, -1, &want.starts_at);
	if (until)
		instant_parse(until, -1, &want.ends_at);
	if (!want.common_code_key)
		want.common_code_key = shot->common_code_key;
	return want;
}

static void refuse_taken(struct shot *shot, const char *holder)
{
	g_autofree char *words =
		holder && *holder
			? g_strdup_printf("this PIN is already used on the lock by '%s'", holder)
			: g_strdup("this PIN is already used on the lock by another code");

	push_refuse(shot, words);
}

static void look_in_history(struct shot *shot);

static void send_again(struct shot *shot)
{
	push_again(shot, shot->tries > 1 ? after_backoff(shot) : INSTANT_NONE,
		   "it did not arrive: it is sent again");
}

static void not_there(struct shot *shot, const char *holder)
{
	if (shot->said_yes)
		push_accept(shot, NULL, 200);
	else if (shot->status == 409)
		refuse_taken(shot, holder);
	else if (push_look(shot) < SETTLE_LOOKS)
		push_doubt(shot, after_ms(SETTLE_AGAIN_MS),
			   "no answer came; looking whether the code is there");
	else if (live_is_offered(shot->s->live))
		look_in_history(shot);
	else
		send_again(shot);
}

static void on_back_page(json_t *array, const struct wire_answer *a, void *ctx);

/* In none of the server's lists: was it made, and has ended or been revoked by somebody since? Then
 * that is how it stays. Only keyrackd can say so. *id is newly allocated. */
static bool was_there(struct shot *shot, char **id)
{
	size_t n = shot->codes->len, decoded = 0;
	g_autofree struct access_code *codes = g_new0(struct access_code, n + 1);
	struct wire_scratch *scratch = wire_scratch_new();
	struct settle_want want = want_of(shot);
	int found;

	/* A history has no PINs: the key says it, and only who sent none goes by name and window. */
	want.pin = NULL;
	for (size_t i = 0; i < n; i++) {
		struct access_code *ac = &codes[decoded];

		if (wire_decode_code(shot->codes->pdata[i], scratch, ac) &&
		    (!want.common_code_key ||
		     g_strcmp0(want.common_code_key, ac->common_code_key) == 0))
			decoded++;
	}
	found = settle_find(&want, codes, decoded, is_claimed, shot, NULL);
	*id = found >= 0 ? g_strdup(codes[found].access_code_id) : NULL;
	wire_scratch_free(scratch);
	return found >= 0;
}

static void on_history(const struct wire_answer *a, void *ctx)
{
	struct shot *shot = ctx;
	g_autofree char *id = NULL;

	hear(shot, a);
	if (a->outcome == WIRE_CANCELLED) {
		push_leave(shot);
	} else if (a->outcome == WIRE_OK && was_there(shot, &id)) {
		shot->how = INTENT_BY_READING_BACK;
		shot->note = "it was made, and is no longer there";
		push_accept(shot, id, 0);
	} else if (a->outcome == WIRE_OK || (a->outcome == WIRE_REFUSED && !a->auth)) {
		send_again(shot);
	} else {
		push_doubt(shot, after_backoff(shot), message_of(a, NULL));
	}
}

/* A key says whose it is whatever any clock says. Without one only what is younger can be ours. */
static void look_in_history(struct shot *shot)
{
	struct settle_want want = want_of(shot);
	struct instant since = instant_add_ms(want.made_at, -SETTLE_SKEW_MS);
	json_t *params = json_pack("{s:s, s:i}", "device_id", shot->device_id, "limit", CODES_PAGE);
	char text[INSTANT_TEXT_MAX];

	if (!want.common_code_key)
		json_object_set_new(params, "created_after", json_string(instant_format(since, text)));
	g_ptr_array_set_size(shot->codes, 0);
	wire_walk(shot->s->client, HISTORY, params, "access_codes", on_back_page, on_history, shot);
	json_decref(params);
}

static void judge_codes(struct shot *shot)
{
	size_t n = shot->codes->len;
	g_autofree struct access_code *codes = g_new0(struct access_code, n + 1);
	g_autofree json_t **objects = g_new0(json_t *, n + 1);
	struct wire_scratch *scratch = wire_scratch_new();
	struct settle_want want = want_of(shot);
	g_autofree char *holder_name = NULL;
	size_t decoded = 0;
	int found, holder;

	for (size_t i = 0; i < n; i++) {
		objects[decoded] = shot->codes->pdata[i];
		if (wire_decode_code(objects[decoded], scratch, &codes[decoded]))
			decoded++;
	}
	found = settle_find(&want, codes, decoded, is_claimed, shot, &holder);
	shot->how = found >= 0 ? INTENT_BY_READING_BACK : shot->how;
	if (found < 0 && holder >= 0)
		holder_name = g_strdup(codes[holder].name);
	if (found >= 0)
		accept_with(shot, objects[found], shot->status == 409 ? 0 : shot->status);
	else
		not_there(shot, holder_name);
	wire_scratch_free(scratch);
}

static void on_back_page(json_t *array, const struct wire_answer *a, void *ctx)
{
	struct shot *shot = ctx;
	json_t *object;
	size_t i;

	(void)a;
	json_array_foreach(array, i, object)
		g_ptr_array_add(shot->codes, json_incref(object));
}

static void on_back(const struct wire_answer *a, void *ctx)
{
	struct shot *shot = ctx;

	hear(shot, a);
	if (a->outcome == WIRE_CANCELLED) {
		push_leave(shot);
	} else if (a->outcome == WIRE_OK) {
		judge_codes(shot);
	} else if (a->outcome == WIRE_REFUSED && a->status == 404 && !wire_no_route(a)) {
		shot->how = INTENT_BY_READING_BACK;
		push_refuse(shot, "the server no longer knows this lock, so the code is not there");
	} else {
		push_doubt(shot, after_backoff(shot), message_of(a, NULL));
	}
}

static void read_back(struct shot *shot, const struct wire_answer *a)
{
	json_t *params = json_pack("{s:s, s:i}", "device_id", shot->device_id, "limit", CODES_PAGE);

	if (a && a->outcome == WIRE_REFUSED)
		keep_refusal(shot, a);
	shot->codes = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
	wire_walk(shot->s->client, "/access_codes/list", params, "access_codes", on_back_page,
		  on_back, shot);
	json_decref(params);
}

/* ---- 'no such code', says the answer to a delete ---- */

static void on_other_collection(const struct wire_answer *a, void *ctx)
{
	struct shot *shot = ctx;

	hear(shot, a);
	shot->how = INTENT_BY_READING_BACK;
	if (a->outcome == WIRE_CANCELLED)
		push_leave(shot);
	else if (a->outcome == WIRE_OK)
		push_refuse(shot, shot->message); /* it lives, in the other one */
	else if (a->outcome == WIRE_REFUSED && a->status == 404 &&
		 (shot->kind == INTENT_DELETE || !wire_no_route(a))) /* not each server has one of unmanaged codes */
		accept_with(shot, NULL, shot->status);
	else
		push_doubt(shot, after_backoff(shot), message_of(a, NULL));
}

static void check_gone(struct shot *shot, const struct wire_answer *a)
{
	json_t *params = json_pack("{s:s?}", "access_code_id", shot->access_code_id);

	keep_refusal(shot, a);
	wire_call(shot->s->client, WIRE_READ,
		  shot->kind == INTENT_DELETE ? "/access_codes/unmanaged/get" : "/access_codes/get",
		  params, on_other_collection, shot);
	json_decref(params);
}

/* ---- an adoption that was sent twice ---- */

static void on_managed(const struct wire_answer *a, void *ctx)
{
	struct shot *shot = ctx;
	const json_t *code = a->body ? json_object_get(a->body, "access_code") : NULL;

	hear(shot, a);
	shot->how = INTENT_BY_READING_BACK;
	if (a->outcome == WIRE_CANCELLED)
		push_leave(shot);
	else if (a->outcome == WIRE_OK && json_is_true(json_object_get(code, "is_managed")))
		accept_with(shot, code, a->status);
	else if (a->outcome == WIRE_OK || a->outcome == WIRE_REFUSED)
		push_refuse(shot, shot->message);
	else
		push_doubt(shot, after_backoff(shot), message_of(a, NULL));
}

static void check_managed(struct shot *shot, const struct wire_answer *a)
{
	json_t *params = json_pack("{s:s?}", "access_code_id", shot->access_code_id);

	keep_refusal(shot, a);
	wire_call(shot->s->client, WIRE_READ, "/access_codes/get", params, on_managed, shot);
	json_decref(params);
}

static void fallback(struct shot *shot, const struct wire_answer *a)
{
	json_t *params = json_deep_copy(shot->params);

	(void)a;
	json_object_set_new(params, "is_managed", json_true());
	wire_call(shot->s->client, WIRE_CHANGE, settle_fallback_path(shot->kind), params,
		  answer_came_late, shot);
	json_decref(params);
}

/* ---- did the door move? ---- */

static void on_attempt(const struct wire_answer *a, void *ctx);

static gboolean on_poll(gpointer data)
{
	struct shot *shot = data;
	json_t *params = json_pack("{s:s}", "action_attempt_id", shot->attempt_id);

	shot->timer = 0;
	shot->polls++;
	wire_call(shot->s->client, WIRE_READ, "/action_attempts/get", params, on_attempt, shot);
	json_decref(params);
	return G_SOURCE_REMOVE;
}

/* The attempt's own words, where there are any. */
static void attempt_failed(struct shot *shot, const json_t *attempt)
{
	const json_t *error = json_object_get(attempt, "error");
	const char *message = json_string_value(json_object_get(error, "message"));

	g_free(shot->error_type);
	shot->error_type = g_strdup(json_string_value(json_object_get(error, "type")));
	refetch_device(shot->s, shot->device_id);
	push_refuse(shot, message ? message : "the lock did not do it");
}

/* The request was taken; whether the bolt moved is another matter. */
static void accept_door(struct shot *shot, const json_t *attempt, int status)
{
	const json_t *result = json_object_get(attempt, "result");

	if (g_strcmp0(json_string_value(json_object_get(attempt, "status")), "success") != 0)
		shot->note = "the server took it and has not said yet that the lock did it";
	else if (json_is_false(json_object_get(result, "was_confirmed_by_device")))
		shot->note = "not confirmed by the device";
	accept_with(shot, NULL, status);
}

static void judge_attempt(struct shot *shot, const struct wire_answer *a)
{
	const json_t *attempt = a->body ? json_object_get(a->body, "action_attempt") : NULL;
	const char *status = json_string_value(json_object_get(attempt, "status"));
	const char *id = json_string_value(json_object_get(attempt, "action_attempt_id"));

	if (id && !shot->attempt_id)
		shot->attempt_id = g_strdup(id);
	if (g_strcmp0(status, "error") == 0)
		attempt_failed(shot, attempt);
	else if (g_strcmp0(status, "pending") != 0 || !shot->attempt_id || shot->polls >= POLLS_MAX)
		accept_door(shot, attempt, a->status);
	else
		shot->timer = g_timeout_add(POLL_MS, on_poll, shot);
}

/* A poll that fails says nothing about the door: the server had accepted the request. */
static void on_attempt(const struct wire_answer *a, void *ctx)
{
	struct shot *shot = ctx;

	if (a->outcome == WIRE_CANCELLED)
		push_leave(shot);
	else if (a->outcome == WIRE_OK || shot->polls >= POLLS_MAX)
		judge_attempt(shot, a);
	else
		shot->timer = g_timeout_add(POLL_MS, on_poll, shot);
}

/* ---- the table ---- */

typedef void step_fn(struct shot *shot, const struct wire_answer *a);

static step_fn *const steps[] = {
	[SETTLE_ACCEPT] = accept,
	[SETTLE_ATTEMPT] = judge_attempt,
	[SETTLE_REFUSE] = refuse,
	[SETTLE_AGAIN] = again,
	[SETTLE_READ_BACK] = read_back,
	[SETTLE_REPEAT] = repeat,
	[SETTLE_CHECK_GONE] = check_gone,
	[SETTLE_CHECK_MANAGED] = check_managed,
	[SETTLE_FALLBACK] = fallback,
	[SETTLE_LOST_DOOR] = lost_door,
	[SETTLE_LEAVE] = leave,
};

void answer_step(struct shot *shot, enum settle_step step, const struct wire_answer *a)
{
	steps[step](shot, a);
}

static enum settle_step step_of(const struct shot *shot, const struct wire_answer *a)
{
	struct settle_answer answer = {
		.outcome = a->outcome,
		.status = a->status,
		.has_type = a->error_type != NULL,
		.auth = a->auth,
	};

	return settle_step_of(shot->kind, &answer, shot->tries);
}

void answer_came(const struct wire_answer *a, void *ctx)
{
	struct shot *shot = ctx;

	hear(shot, a);
	answer_step(shot, step_of(shot, a), a);
}

/* Of the older route: where that is missing too, it is a refusal. */
static void answer_came_late(const struct wire_answer *a, void *ctx)
{
	struct shot *shot = ctx;
	enum settle_step step = step_of(shot, a);

	hear(shot, a);
	answer_step(shot, step == SETTLE_FALLBACK ? SETTLE_REFUSE : step, a);
}
