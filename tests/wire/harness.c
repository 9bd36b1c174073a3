#include "tests/wire/harness.h"

#include <stdlib.h>
#include <string.h>

#define DEADLINE_S 10

void seen_clear(struct seen *seen)
{
	g_free(seen->type);
	g_free(seen->message);
	g_free(seen->request_id);
	g_free(seen->field_text);
	free(seen->body);
	if (seen->items)
		g_string_free(seen->items, TRUE);
	*seen = (struct seen){ 0 };
}

void seen_done(const struct wire_answer *a, void *ctx)
{
	struct seen *seen = ctx;

	seen->times++;
	seen->outcome = a->outcome;
	seen->status = a->status;
	seen->auth = a->auth;
	seen->tls = a->tls;
	seen->retry_after_ms = a->retry_after_ms;
	seen->bytes = a->bytes;
	seen->server_date = a->server_date;
	seen->type = g_strdup(a->error_type);
	seen->message = g_strdup(a->message);
	seen->request_id = g_strdup(a->request_id);
	seen->field_text = g_strdup(wire_validation_text(a->validation_errors, "code"));
	seen->body = a->body ? json_dumps(a->body, JSON_COMPACT) : NULL;
	assert_true(a->outcome == WIRE_OK || a->message);
}

void seen_page(json_t *list, const struct wire_answer *a, void *ctx)
{
	struct seen *seen = ctx;

	(void)a;
	seen->pages++;
	if (!seen->items)
		seen->items = g_string_new(NULL);
	for (size_t i = 0; i < json_array_size(list); i++)
		g_string_append(seen->items, json_string_value(json_array_get(list, i)));
}

static gboolean on_deadline(gpointer late)
{
	*(bool *)late = true;
	return G_SOURCE_REMOVE;
}

void await(const int *value, int wanted)
{
	bool late = false;
	guint timer = g_timeout_add_seconds(DEADLINE_S, on_deadline, &late);

	while (*value < wanted && !late)
		g_main_context_iteration(NULL, TRUE);
	if (late)
		fail_msg("waited in vain: %d of %d", *value, wanted);
	g_source_remove(timer);
}

void settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

struct wire_client *client_of(const struct server *server, const struct wire_config *config)
{
	struct wire_config c = config ? *config : (struct wire_config){ 0 };
	GError *err = NULL;
	struct wire_client *client;

	c.endpoint = server_endpoint(server);
	client = wire_client_new(&c, &err);
	if (!client)
		fail_msg("%s", err->message);
	return client;
}

void ask(const struct server *server, struct wire_config config, enum wire_kind kind,
	 struct seen *seen)
{
	struct wire_client *client = client_of(server, &config);

	wire_call(client, kind, "/access_codes/create", NULL, seen_done, seen);
	await(&seen->times, 1);
	wire_client_free(client);
	assert_int_equal(seen->times, 1);
}
