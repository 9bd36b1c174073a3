/* line - see line.h. */
#include "config.h"

#include "tests/simulation/line.h"

#include <string.h>

#include "wire/curl_loop.h"
#include "wire/transfer.h"
#include "tests/simulation/hook.h"
#include "tests/simulation/house.h"

enum fate { FATE_WELL, FATE_UNSENT, FATE_LOST_BEFORE, FATE_LOST_AFTER, FATE_LATE };

struct transfer {
	const struct transfer_config *config;
	enum wire_kind kind;
	char *path;
	const char *body;
	void *owner;
	struct curl_loop *loop;
	enum fate fate;
	guint timer;
	struct call *waiting;
	bool over, sent, answered;
	int64_t began_ms;
	int status;
	char *text, *date, *request_id, *live, *retry_after;
};

struct curl_loop {
	curl_loop_ended *ended;
	void *ctx;
};

static struct {
	struct house *house;
	uint64_t dice;
	bool bad;
	struct line_count count;
} line;

void line_to(struct house *h, uint64_t seed)
{
	line.house = h;
	line.dice = dice_of(seed, 7);
}

void line_bad(bool bad)
{
	line.bad = bad;
}

struct line_count line_counts(void)
{
	return line.count;
}

/* ---- one request ---- */

static void later(struct transfer *t, int ms, GSourceFunc fn)
{
	t->timer = g_timeout_add((guint)ms, fn, t);
}

static gboolean deliver(gpointer data)
{
	struct transfer *t = data;

	t->timer = 0;
	t->over = true;
	t->loop->ended((CURL *)t, t->answered ? CURLE_OK : CURLE_RECV_ERROR, t->loop->ctx);
	return G_SOURCE_REMOVE;
}

static char *date_text(struct instant t)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(t.ms / 1000);

	return g_date_time_format(when, "%a, %d %b %Y %H:%M:%S GMT");
}

static void on_reply(const struct http_reply *a, void *ctx)
{
	struct transfer *t = ctx;

	t->waiting = NULL;
	/* A process that is dead says nothing. */
	t->answered = t->fate != FATE_LOST_AFTER && !line.house->disk.dead;
	if (t->answered) {
		t->status = a->status;
		t->text = g_strndup(a->body, a->body_len);
		t->date = date_text(a->date);
		t->request_id = g_strdup(a->request_id);
		t->live = g_strdup(a->live);
		if (a->retry_after_s)
			t->retry_after = g_strdup_printf("%d", a->retry_after_s);
	}
	later(t,
	      t->fate == FATE_LATE	  ? 1 + dice_below(&line.dice, 25000)
	      : t->fate == FATE_LOST_AFTER ? t->config->timeout_ms
					  : 20,
	      deliver);
}

static gboolean arrive(gpointer data)
{
	struct transfer *t = data;
	g_autofree char *key = g_strconcat("Bearer ", t->config->api_key, NULL);
	struct http_request rq = { .method = "POST",
				   .path = t->path,
				   .content_type = "application/json",
				   .authorization = key,
				   .body = t->body,
				   .body_len = strlen(t->body),
				   .peer = "unix",
				   .host = "keyrackd",
				   .tls = true };
	char *query = strchr(t->path, '?');
	struct call *waiting;

	t->timer = 0;
	if (t->fate == FATE_UNSENT || !house_is_up(line.house) || line.house->disk.dead)
		return deliver(t);
	t->sent = true;
	if (t->fate == FATE_LOST_BEFORE) {
		later(t, t->config->timeout_ms, deliver);
		return G_SOURCE_REMOVE;
	}
	if (query) {
		*query = '\0';
		rq.query = query + 1;
	}
	waiting = server_handle(line.house->server, &rq, on_reply, t);
	if (!t->timer)
		t->waiting = waiting;
	trace("line %s: %d", t->path, t->status);
	return G_SOURCE_REMOVE;
}

static enum fate fate_of(const struct transfer *t)
{
	int n;

	if (!line.bad || t->kind == WIRE_WAIT)
		return FATE_WELL;
	n = dice_below(&line.dice, 12);
	line.count.unsent += n == FATE_UNSENT;
	line.count.lost += n == FATE_LOST_BEFORE || n == FATE_LOST_AFTER;
	line.count.late += n == FATE_LATE;
	return n <= FATE_LATE ? (enum fate)n : FATE_WELL;
}

/* ---- wire/curl_loop.h ---- */

struct curl_loop *curl_loop_new(GMainContext *context, curl_loop_ended *ended, void *ctx)
{
	struct curl_loop *loop = g_new(struct curl_loop, 1);

	(void)context;
	*loop = (struct curl_loop){ ended, ctx };
	return loop;
}

void curl_loop_free(struct curl_loop *loop)
{
	g_free(loop);
}

bool curl_loop_add(struct curl_loop *loop, CURL *easy)
{
	struct transfer *t = (struct transfer *)easy;

	if (hook_owns(easy)) {
		hook_add(easy, loop->ended, loop->ctx);
		return true;
	}
	line.count.requests++;
	t->loop = loop;
	t->fate = fate_of(t);
	later(t, 5 + dice_below(&line.dice, 60), arrive);
	return true;
}

void curl_loop_remove(struct curl_loop *loop, CURL *easy)
{
	struct transfer *t = (struct transfer *)easy;

	(void)loop;
	if (hook_owns(easy)) {
		hook_remove(easy);
		return;
	}
	g_clear_handle_id(&t->timer, g_source_remove);
	if (t->waiting)
		server_cancel(t->waiting);
	t->waiting = NULL;
}

/* ---- wire/transfer.h ---- */

struct transfer *transfer_new(const struct transfer_config *config, enum wire_kind kind,
			      const char *path, const char *body, GMainContext *context,
			      void (*silent)(void *owner), void *owner)
{
	struct transfer *t = g_new0(struct transfer, 1);

	(void)context;
	(void)silent; /* here a transfer that is lost ends by itself, when that is due */
	t->config = config;
	t->began_ms = world_mono_ms();
	t->kind = kind;
	t->path = g_strdup(path);
	t->body = body;
	t->owner = owner;
	return t;
}

void transfer_free(struct transfer *t)
{
	if (!t)
		return;
	g_clear_handle_id(&t->timer, g_source_remove);
	g_free(t->path);
	g_free(t->text);
	g_free(t->date);
	g_free(t->request_id);
	g_free(t->live);
	g_free(t->retry_after);
	g_free(t);
}

/* Who stands at the desk is nobody's concern here. */
void transfer_say(struct transfer *t, const char *header)
{
	(void)t;
	(void)header;
}

CURL *transfer_easy(struct transfer *t)
{
	return (CURL *)t;
}

void *transfer_owner(CURL *easy)
{
	return ((struct transfer *)easy)->owner;
}

void transfer_reply(struct transfer *t, CURLcode result, struct reply *out)
{
	*out = (struct reply){ .status = t->status,
			       .retry_after = t->retry_after,
			       .date = t->date,
			       .request_id = t->request_id,
			       .live = t->live,
			       .body = t->text,
			       .body_len = t->text ? strlen(t->text) : 0,
			       .host = "keyrackd",
			       .api_key = t->config->api_key,
			       .now = world_now(),
			       .took_ms = world_mono_ms() - t->began_ms,
			       .trouble = "simulated",
			       .end = t->sent ? REPLY_LOST : REPLY_UNSENT };
	if (result == CURLE_OK) {
		out->end = REPLY_WHOLE;
		out->trouble = NULL;
	}
}
