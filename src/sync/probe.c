/* probe - see the header. The smallest read that needs a valid key: one device. */
#include "sync/probe.h"

#include "wire/client.h"

enum { CONNECT_MS = 5000, ANSWER_MS = 8000 };

struct question {
	GMainLoop *loop;
	struct probe *out;
	GError *err;
	bool ok;
};

static void on_answer(const struct wire_answer *a, void *ctx)
{
	struct question *q = ctx;

	q->ok = a->outcome == WIRE_OK;
	q->out->took_ms = a->took_ms;
	q->out->has_clock = instant_known(a->server_date);
	if (q->out->has_clock) {
		/* Said with whole seconds, somewhere between question and answer. */
		struct instant then = instant_add_ms(instant_now(), -a->took_ms / 2);
		struct instant said = instant_add_ms(a->server_date, SECOND_MS / 2);
		q->out->clock_offset_ms = instant_diff_ms(said, then);
	}
	if (!q->ok)
		wire_answer_to_error(a, &q->err);
	g_main_loop_quit(q->loop);
}

bool probe_server(const struct profile *p, const char *api_key, struct probe *out, GError **err)
{
	struct wire_config config = {
		.endpoint = p->endpoint,
		.api_key = api_key,
		.workspace = p->workspace,
		.ca_file = p->ca_file,
		.connect_timeout_ms = CONNECT_MS,
		.timeout_ms = p->answer_timeout_ms > 0 ? MIN(ANSWER_MS, p->answer_timeout_ms) : ANSWER_MS,
	};
	struct question q = { .out = out };
	struct wire_client *client = wire_client_new(&config, err);

	*out = (struct probe){ 0 };
	if (!client)
		return false;
	q.loop = g_main_loop_new(NULL, FALSE);
	json_t *params = json_pack("{s:i}", "limit", 1);
	wire_call(client, WIRE_READ, "/devices/list", params, on_answer, &q);
	g_main_loop_run(q.loop);
	json_decref(params);
	wire_client_free(client);
	g_main_loop_unref(q.loop);
	if (q.err)
		g_propagate_error(err, q.err);
	return q.ok;
}
