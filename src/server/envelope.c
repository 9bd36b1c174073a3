/* envelope - how a call is answered: {…,"ok":true}, or the error envelope with its tree of what is
 * wrong with each parameter. */
#include "config.h"

#include "core/vault.h"
#include "server/front.h"

#include <string.h>

#define JSON_TYPE "application/json; charset=utf-8"

/* ---- refusals ---- */

void refusal_set(struct refusal *no, int status, const char *type, char *message)
{
	refusal_clear(no);
	*no = (struct refusal){ .status = status, .type = type, .message = message };
}

enum call_end call_refuse(struct call *c, int status, const char *type, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refusal_set(&c->no, status, type, g_strdup_vprintf(format, args));
	va_end(args);
	return CALL_REFUSED;
}

static json_t *tree_node(void)
{
	return json_pack("{s:[]}", "_errors");
}

/* The node of "ends_at" or "device_ids.0", made where it is missing. */
static json_t *tree_at(json_t *tree, const char *path)
{
	g_auto(GStrv) names = g_strsplit(path ? path : "", ".", -1);

	for (size_t i = 0; names[i]; i++) {
		json_t *next = json_object_get(tree, names[i]);

		if (!next)
			json_object_set_new(tree, names[i], next = tree_node());
		tree = next;
	}
	return tree;
}

static void tree_add(json_t **tree, const char *path, const char *message)
{
	if (!*tree)
		*tree = tree_node();
	json_array_append_new(json_object_get(tree_at(*tree, path), "_errors"),
			      json_string(message));
}

enum call_end call_invalid(struct call *c, const char *param, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	tree_add(&c->invalid, param, message);
	return CALL_REFUSED;
}

/* Every message of the tree as the vendor words it: 'Required' for device_id is "device_id is
 * required". */
static int tree_words(const json_t *tree, const char *path, GString *out)
{
	json_t *errors = json_object_get(tree, "_errors"), *node;
	const char *name;
	size_t i;
	int n = 0;

	json_array_foreach (errors, i, node) {
		const char *text = json_string_value(node);

		if (out->len > 0)
			g_string_append(out, ", ");
		if (!*path)
			g_string_append(out, text);
		else if (strcmp(text, "Required") == 0)
			g_string_append_printf(out, "%s is required", path);
		else
			g_string_append_printf(out, "%s for \"%s\"", text, path);
		n++;
	}
	json_object_foreach ((json_t *)(uintptr_t)tree, name, node) {
		g_autofree char *below = *path ? g_strconcat(path, ".", name, NULL) : g_strdup(name);

		if (json_is_object(node))
			n += tree_words(node, below, out);
	}
	return n;
}

static char *tree_message(const json_t *tree)
{
	g_autoptr(GString) words = g_string_new(NULL);
	int n = tree_words(tree, "", words);

	return n == 1 ? g_strdup(words->str) : g_strdup_printf("%d Input Errors: %s", n, words->str);
}

static void write_error(GString *out, const struct refusal *no, const json_t *tree)
{
	jsonout_object(out, NULL);
	jsonout_object(out, "error");
	jsonout_string(out, "type", no->type);
	jsonout_string(out, "message", no->message);
	if (tree) {
		char *text = json_dumps(tree, JSON_COMPACT);

		jsonout_raw(out, "validation_errors", text);
		free(text);
	}
	jsonout_object_end(out);
	jsonout_bool(out, "ok", false);
	jsonout_object_end(out);
}

/* An engine's refusal of its input gets a tree too: clients look for it there. */
static void refuse(struct call *c)
{
	if (c->invalid)
		refusal_set(&c->no, 400, "invalid_input", tree_message(c->invalid));
	else if (!c->no.status)
		refusal_set(&c->no, 500, "internal_server_error", g_strdup("The request failed"));
	else if (c->no.status == 400 && strcmp(c->no.type, "invalid_input") == 0)
		tree_add(&c->invalid, c->no.param, c->no.message);
	g_string_truncate(c->out, 0);
	write_error(c->out, &c->no, c->invalid);
}

/* ---- answers ---- */

/* Takes bytes. */
static void send(struct server *s, struct http_reply *r, GBytes *body, http_reply_fn *reply, void *ctx)
{
	gsize len;
	g_autoptr(GBytes) bytes = body;

	r->body = g_bytes_get_data(bytes, &len);
	r->body_len = len;
	r->bytes = bytes;
	r->live = s->live_path;
	r->date = clock_now(s->clock);
	s->answered[CLAMP(r->status / 100, 0, 5)]++;
	if (reply)
		reply(r, ctx);
}

struct call *call_new(struct server *s, http_reply_fn *reply, void *ctx)
{
	struct call *c = g_new0(struct call, 1);
	g_autofree char *id = g_uuid_string_random();

	c->server = s;
	c->reply = reply;
	c->reply_ctx = ctx;
	c->out = g_string_sized_new(1024);
	g_strlcpy(c->request_id, id, sizeof c->request_id);
	return c;
}

void call_free(struct call *c)
{
	g_hash_table_remove(c->server->waiting, c);
	params_free(c->params);
	if (c->out)
		g_string_free(c->out, TRUE);
	refusal_clear(&c->no);
	json_decref(c->invalid);
	g_clear_pointer(&c->kept, g_bytes_unref);
	vault_forget(c->keep_as);
	g_free(c->keep_of);
	g_free(c->page_id);
	g_free(c);
}

void call_answer(struct call *c, enum call_end end, const char *allow)
{
	struct http_reply r = { .status = 200, .request_id = c->request_id, .allow = allow };

	if (end != CALL_DONE) {
		refuse(c);
		r.status = c->no.status;
		r.retry_after_s = c->no.retry_after_s;
		r.content_type = JSON_TYPE;
	} else if (c->kept) {
		r.content_type = JSON_TYPE;
	} else if (c->route->flags & ROUTE_PLAIN) {
		r.content_type = c->content_type ? c->content_type : "text/plain; charset=utf-8";
	} else {
		jsonout_bool(c->out, "ok", true);
		jsonout_object_end(c->out);
		r.content_type = JSON_TYPE;
	}
	send(c->server, &r, c->kept ? g_bytes_ref(c->kept) : answers_keep(c, g_steal_pointer(&c->out)), c->reply,
	     c->reply_ctx);
	call_free(c);
}

/* Before a request is whole there is no call. */
static const struct away {
	int status;
	const char *type, *message;
	int retry_after_s;
} aways[] = {
	{ 400, "invalid_request", "The request cannot be read", 0 },
	{ 408, "request_timeout", "The request did not come whole in time", 0 },
	{ 413, "payload_too_large", "The body is larger than this server takes", 0 },
	{ 431, "request_header_fields_too_large", "The headers are larger than this server takes",
	  0 },
	{ 503, "service_unavailable", "The server has no room for another request now", 1 },
	{ 500, "internal_server_error", "The request failed", 0 }, /* last: any other status */
};

void server_turn_away(struct server *s, int status, http_reply_fn *reply, void *ctx)
{
	g_autofree char *id = g_uuid_string_random();
	const struct away *a = aways;
	struct http_reply r = { .status = status, .content_type = JSON_TYPE, .request_id = id };
	struct refusal no = { 0 };
	GString *text = g_string_new(NULL);

	while (a->status != status && a->status != 500)
		a++;
	refusal_set(&no, status, a->type, g_strdup(a->message));
	r.retry_after_s = a->retry_after_s;
	write_error(text, &no, NULL);
	send(s, &r, g_string_free_to_bytes(text), reply, ctx);
	refusal_clear(&no);
}
