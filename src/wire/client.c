/* client - the queue of calls and their lives.
 *
 *   wire_call ─► queued ─► under way ─► (judged beside) ─► answered
 *                  ▲                          │
 *                  └───────── waiting ────────┘   a read that is tried again
 *
 * All calls are in 'calls' by number until the moment before their answer is delivered, so that
 * whatever the callback does (new calls, cancelling, freeing the client) meets a client that
 * knows nothing of the call any more. Transfers begin in the main loop only ('pump'), never
 * within wire_call. */
#include "config.h"

#include "wire/client.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/answer.h"
#include "wire/call.h"
#include "wire/curl_loop.h"
#include "wire/judge.h"
#include "wire/transfer.h"

#define CONNECT_TIMEOUT_MS 10000
#define TIMEOUT_MS 30000
#define PARALLEL 4
#define ANSWER_BYTES_MAX ((size_t)64 << 20)
#define ANSWER_BYTES_LIMIT ((size_t)1 << 30) /* what a GByteArray grows to safely */

struct wire_client {
	int refs; /* the owner's, and one for every delivery on the stack */
	struct transfer_config config;
	GMainContext *context;
	struct curl_loop *loop; /* NULL: freed */
	struct judge *judge;    /* NULL: no answer was long yet */
	GSource *pump;
	GHashTable *calls; /* number -> struct call, owned */
	GHashTable *walks; /* number -> struct walk */
	GQueue changes, reads, waits; /* of struct call, waiting for their turn */
	int aside;             /* of those under way: calls that wait */
	unsigned last_number;
	int parallel;
	struct wire_stats stats;
};

struct call {
	struct wire_client *client;
	unsigned number;
	enum wire_kind kind;
	char *path, *body;
	char *header;              /* beside those of all calls; NULL */
	wire_done *done;
	void *ctx;
	int tries;
	GQueue *queue;             /* it waits in; NULL: none */
	struct transfer *transfer; /* NULL: not under way */
	struct hearing *hearing;   /* NULL: not being judged beside the main loop */
	GSource *retry;            /* NULL: not waiting to be tried again */
};

const struct wire_answer WIRE_ANSWER_CANCELLED = {
	.outcome = WIRE_CANCELLED,
	.message = "taken back before the answer came",
	.server_date = { INT64_MIN },
};

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	g_free(text);
}

static struct wire_client *client_ref(struct wire_client *c)
{
	c->refs++;
	return c;
}

static void client_unref(struct wire_client *c)
{
	if (--c->refs > 0)
		return;
	for (struct curl_slist *h = c->config.headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(c->config.headers);
	wipe(c->config.api_key);
	g_free(c->config.ca_file);
	endpoint_done(&c->config.endpoint);
	g_hash_table_unref(c->calls);
	g_hash_table_unref(c->walks);
	g_main_context_unref(c->context);
	g_free(c);
}

/* ---- calls ---- */

static void pump_soon(struct wire_client *c)
{
	if (c->pump)
		g_source_set_ready_time(c->pump, 0);
}

static GQueue *queue_of(struct wire_client *c, enum wire_kind kind)
{
	if (kind == WIRE_WAIT)
		return &c->waits;
	return kind == WIRE_CHANGE ? &c->changes : &c->reads;
}

static void call_enqueue(struct call *call, bool first)
{
	call->queue = queue_of(call->client, call->kind);
	if (first)
		g_queue_push_head(call->queue, call);
	else
		g_queue_push_tail(call->queue, call);
	call->client->stats.waiting++;
	pump_soon(call->client);
}

static void count_under_way(struct call *call, int by)
{
	call->client->stats.under_way += by;
	if (call->kind == WIRE_WAIT)
		call->client->aside += by;
}

/* Takes the call out of wherever it is: queue, timer or wire. */
static void call_halt(struct call *call)
{
	struct wire_client *c = call->client;

	if (call->queue) {
		g_queue_remove(call->queue, call);
		call->queue = NULL;
		c->stats.waiting--;
	}
	if (call->retry) {
		g_source_destroy(call->retry);
		g_clear_pointer(&call->retry, g_source_unref);
		c->stats.waiting--;
	}
	if (call->transfer) {
		curl_loop_remove(c->loop, transfer_easy(call->transfer));
		g_clear_pointer(&call->transfer, transfer_free);
		count_under_way(call, -1);
	}
	if (call->hearing) {
		call->hearing->owner = NULL;
		call->hearing = NULL;
	}
}

static void call_free(struct call *call)
{
	g_free(call->path);
	wipe(call->body); /* it may hold a PIN */
	g_free(call->header);
	g_free(call);
}

/* The last of a call. It must be halted, but for a transfer that the answer borrows from. */
static void call_deliver(struct call *call, const struct wire_answer *answer)
{
	g_hash_table_steal(call->client->calls, GUINT_TO_POINTER(call->number));
	call->done(answer, call->ctx);
	call_free(call);
}

static void call_cancel(struct call *call)
{
	call_halt(call);
	pump_soon(call->client);
	call_deliver(call, &WIRE_ANSWER_CANCELLED);
}

static gboolean on_retry(gpointer data)
{
	struct call *call = data;

	g_clear_pointer(&call->retry, g_source_unref);
	call->client->stats.waiting--;
	call_enqueue(call, true); /* it has waited longest */
	return G_SOURCE_REMOVE;
}

static void call_retry_in(struct call *call, int64_t delay_ms)
{
	struct wire_client *c = call->client;

	call->retry = g_timeout_source_new((guint)delay_ms);
	g_source_set_callback(call->retry, on_retry, call, NULL);
	g_source_attach(call->retry, c->context);
	c->stats.retries++;
	c->stats.waiting++;
}

/* Tried again or delivered. */
static void call_judged(struct call *call, const struct reply *reply, const struct verdict *verdict)
{
	int64_t delay = -1;

	if (call->kind == WIRE_READ)
		delay = retry_delay_ms(call->tries, &verdict->answer, reply->too_large,
				       g_random_double());
	if (delay >= 0)
		call_retry_in(call, delay);
	else
		call_deliver(call, &verdict->answer);
}

static void on_heard(struct hearing *h, void *ctx)
{
	struct wire_client *c = client_ref(ctx);
	struct call *call = h->owner;

	if (call) {
		call->hearing = NULL;
		call_judged(call, &h->reply, &h->verdict);
	}
	if (c->judge)
		judge_forget(c->judge, h);
	else
		hearing_free(h); /* the answer was the end of the client */
	client_unref(c);
}

/* A transfer has ended: it is judged, at once where that is quick. */
static void call_ended(struct call *call, CURLcode result)
{
	struct wire_client *c = call->client;
	struct transfer *transfer = g_steal_pointer(&call->transfer);
	struct reply reply;
	struct verdict verdict;

	count_under_way(call, -1);
	transfer_reply(transfer, result, &reply);
	c->stats.bytes += (int64_t)reply.body_len;
	pump_soon(c);
	if (reply.end == REPLY_WHOLE && reply.body_len >= JUDGE_BYTES) {
		if (!c->judge)
			c->judge = judge_new(c->context, on_heard, c);
		call->hearing = judge_hear(c->judge, call, transfer, &reply);
		return;
	}
	verdict_init(&verdict, &reply);
	call_judged(call, &reply, &verdict);
	verdict_done(&verdict);
	transfer_free(transfer);
}

static void on_transfer_ended(CURL *easy, CURLcode result, void *ctx)
{
	struct wire_client *c = client_ref(ctx);

	call_ended(transfer_owner(easy), result);
	client_unref(c);
}

static void on_transfer_silent(void *owner)
{
	struct call *call = owner;
	struct wire_client *c = client_ref(call->client);

	curl_loop_remove(c->loop, transfer_easy(call->transfer));
	call_ended(call, CURLE_OPERATION_TIMEDOUT);
	client_unref(c);
}

static void call_start(struct call *call)
{
	struct wire_client *c = call->client;

	c->stats.waiting--;
	count_under_way(call, 1);
	c->stats.requests++;
	call->queue = NULL;
	call->tries++;
	call->transfer = transfer_new(&c->config, call->kind, call->path, call->body, c->context,
				      on_transfer_silent, call);
	transfer_say(call->transfer, call->header);
	if (!curl_loop_add(c->loop, transfer_easy(call->transfer)))
		call_ended(call, CURLE_FAILED_INIT);
}

static gboolean on_pump(gpointer data)
{
	struct wire_client *c = client_ref(data);
	struct call *call;

	g_source_set_ready_time(c->pump, -1);
	while (c->loop && (call = g_queue_pop_head(&c->waits)))
		call_start(call);
	while (c->loop && c->stats.under_way - c->aside < c->parallel) {
		call = g_queue_pop_head(&c->changes);
		if (!call)
			call = g_queue_pop_head(&c->reads);
		if (!call)
			break;
		call_start(call);
	}
	client_unref(c);
	return G_SOURCE_CONTINUE;
}

static gboolean pump_dispatch(GSource *source, GSourceFunc func, gpointer data)
{
	(void)source;
	return func(data);
}

static GSourceFuncs PUMP_FUNCS = { .dispatch = pump_dispatch };

unsigned client_number(struct wire_client *c)
{
	do
		c->last_number++;
	while (c->last_number == 0 ||
	       g_hash_table_contains(c->calls, GUINT_TO_POINTER(c->last_number)) ||
	       g_hash_table_contains(c->walks, GUINT_TO_POINTER(c->last_number)));
	return c->last_number;
}

GHashTable *client_walks(struct wire_client *c)
{
	return c->walks;
}

void client_queue(struct wire_client *c, unsigned number, enum wire_kind kind, const char *path,
		  const json_t *params, wire_done *done, void *ctx)
{
	struct call *call = g_new0(struct call, 1);
	char *body = params ? json_dumps(params, JSON_COMPACT) : NULL;

	call->client = c;
	call->number = number;
	call->kind = kind;
	call->path = g_strdup(path);
	call->body = g_strdup(body ? body : "{}");
	call->done = done;
	call->ctx = ctx;
	if (body) {
		explicit_bzero(body, strlen(body));
		free(body);
	}
	g_hash_table_insert(c->calls, GUINT_TO_POINTER(number), call);
	call_enqueue(call, false);
}

unsigned wire_call(struct wire_client *c, enum wire_kind kind, const char *path,
		   const json_t *params, wire_done *done, void *ctx)
{
	unsigned number = client_number(c);

	client_queue(c, number, kind, path, params, done, ctx);
	return number;
}

void wire_call_for(struct wire_client *c, unsigned number, const char *operator_name)
{
	struct call *call = g_hash_table_lookup(c->calls, GUINT_TO_POINTER(number));
	g_autofree char *name =
		operator_name && *operator_name ? g_uri_escape_string(operator_name, NULL, FALSE) : NULL;

	if (call && name)
		call->header = g_strconcat("keyrack-operator: ", name, NULL);
}

void wire_cancel(struct wire_client *c, unsigned number)
{
	struct call *call = g_hash_table_lookup(c->calls, GUINT_TO_POINTER(number));

	client_ref(c);
	if (call)
		call_cancel(call);
	else
		walk_cancel(c, number);
	client_unref(c);
}

struct wire_stats wire_client_stats(const struct wire_client *c)
{
	return c->stats;
}

/* ---- the client itself ---- */

static bool header_add(struct wire_client *c, const char *name, const char *value, GError **err)
{
	for (const char *p = value; *p; p++) {
		if (g_ascii_iscntrl(*p) || *p == ' ') {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
				    "The %s has a blank or a control character in it.", name);
			return false;
		}
	}

	bool key = strcmp(name, "API key") == 0;
	char *line = g_strconcat(key ? "Authorization: Bearer " : "seam-workspace: ", value, NULL);

	c->config.headers = curl_slist_append(c->config.headers, line);
	wipe(line);
	return true;
}

static bool set_headers(struct wire_client *c, const struct wire_config *config, GError **err)
{
	static const char *const ALWAYS[] = {
		"Content-Type: application/json",
		"Accept: application/json",
		"Expect:", /* no asking before sending: it only costs a round trip */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(ALWAYS); i++)
		c->config.headers = curl_slist_append(c->config.headers, ALWAYS[i]);
	if (config->api_key && *config->api_key &&
	    !header_add(c, "API key", config->api_key, err))
		return false;
	return !config->workspace || !*config->workspace ||
	       header_add(c, "workspace", config->workspace, err);
}

static bool check_ca_file(const char *path, GError **err)
{
	if (!path || access(path, R_OK) == 0)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "The ca-file %s cannot be read.",
		    path);
	return false;
}

static void global_init(void)
{
	static gsize done;
	struct sigaction pipe;

	if (!g_once_init_enter(&done))
		return;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	/* With NOSIGNAL libcurl leaves SIGPIPE alone, and OpenSSL writes without MSG_NOSIGNAL: a
	 * server that closes must not end the program. A handler of the program's is kept. */
	if (sigaction(SIGPIPE, NULL, &pipe) == 0 && pipe.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
	g_once_init_leave(&done, 1);
}

static int or_default(int value, int otherwise)
{
	return value > 0 ? value : otherwise;
}

struct wire_client *wire_client_new(const struct wire_config *config, GError **err)
{
	struct wire_client *c = g_new0(struct wire_client, 1);
	size_t most = config->answer_bytes_max ? config->answer_bytes_max : ANSWER_BYTES_MAX;

	global_init();
	c->refs = 1;
	c->context = g_main_context_ref_thread_default();
	c->calls = g_hash_table_new(NULL, NULL);
	c->walks = g_hash_table_new(NULL, NULL);
	g_queue_init(&c->changes);
	g_queue_init(&c->reads);
	g_queue_init(&c->waits);
	c->parallel = or_default(config->parallel, PARALLEL);
	c->config.connect_timeout_ms = or_default(config->connect_timeout_ms, CONNECT_TIMEOUT_MS);
	c->config.timeout_ms = or_default(config->timeout_ms, TIMEOUT_MS);
	c->config.answer_bytes_max = MIN(most, ANSWER_BYTES_LIMIT);
	c->config.api_key = g_strdup(config->api_key);
	c->config.ca_file = g_strdup(config->ca_file);
	if (!endpoint_parse(config->endpoint, &c->config.endpoint, err) ||
	    !check_ca_file(config->ca_file, err) || !set_headers(c, config, err)) {
		client_unref(c);
		return NULL;
	}
	c->loop = curl_loop_new(c->context, on_transfer_ended, c);
	c->pump = g_source_new(&PUMP_FUNCS, sizeof *c->pump);
	g_source_set_static_name(c->pump, "wire");
	g_source_set_callback(c->pump, on_pump, c, NULL);
	g_source_attach(c->pump, c->context);
	return c;
}

/* Some key of the table; 0 when it is empty. */
static unsigned any_number(GHashTable *table)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, table);
	return g_hash_table_iter_next(&iter, &key, NULL) ? GPOINTER_TO_UINT(key) : 0;
}

void wire_client_free(struct wire_client *c)
{
	unsigned number;

	if (!c || !c->loop)
		return;
	/* One at a time: an answer may cancel others, or call anew, which is cancelled too. */
	while ((number = any_number(c->calls)) || (number = any_number(c->walks)))
		wire_cancel(c, number);
	g_source_destroy(c->pump);
	g_clear_pointer(&c->pump, g_source_unref);
	g_clear_pointer(&c->judge, judge_free);
	g_clear_pointer(&c->loop, curl_loop_free);
	client_unref(c);
}
