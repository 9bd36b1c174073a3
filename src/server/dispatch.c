/* dispatch - one request: its route, who asks, its parameters, its handler, its answer. */
#include "config.h"

#include "server/front.h"

#include <string.h>

static const struct {
	const char *name;
	enum method method;
} methods[] = {
	{ "GET", METHOD_GET }, { "HEAD", METHOD_GET },	   { "POST", METHOD_POST },
	{ "PUT", METHOD_PUT }, { "PATCH", METHOD_PATCH }, { "DELETE", METHOD_DELETE },
};

static unsigned method_of(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	}
	return 0;
}

static char *allowed(unsigned mask)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (methods[i].method & mask)
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", methods[i].name);
	}
	return g_string_free(g_steal_pointer(&all), FALSE);
}

static bool is_json(const char *content_type)
{
	static const char json[] = "application/json";
	size_t len = strlen(json);

	if (!content_type || g_ascii_strncasecmp(content_type, json, len) != 0)
		return false;
	content_type += len;
	content_type += strspn(content_type, " \t");
	return *content_type == '\0' || *content_type == ';';
}

/* NULL and true: no body. A name given twice is refused: it could be read either way. */
static bool body_read(struct call *c, const struct http_request *rq, json_t **body)
{
	json_error_t why;

	*body = NULL;
	if (rq->body_len == 0)
		return true;
	if (!is_json(rq->content_type)) {
		call_refuse(c, 400, "invalid_content_type",
			    "The body must be of content type application/json");
		return false;
	}
	*body = json_loadb(rq->body, rq->body_len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!*body)
		call_invalid(c, NULL, "The body is no JSON (line %d, column %d)", why.line,
			     why.column);
	else if (!json_is_object(*body))
		call_invalid(c, NULL, "The body must be a JSON object");
	return !c->invalid;
}

static bool parameters(struct call *c, const struct http_request *rq)
{
	struct query q;
	json_t *body;

	if (!query_parse(rq->query, &q))
		call_refuse(c, 400, "invalid_query_params",
			    "The query string cannot be read: escapes, UTF-8, or too many names");
	else if (body_read(c, rq, &body)) {
		params_read(c, body, &q);
		json_decref(body);
	} else {
		json_decref(body);
	}
	query_clear(&q);
	return !c->invalid && !c->no.status;
}

static enum call_end run(struct call *c, const struct http_request *rq, char **allow)
{
	struct server *s = c->server;

	c->route = g_hash_table_lookup(s->routes, rq->path);
	if (!c->route || ((c->route->flags & ROUTE_SIMULATED) && !s->simulated))
		return call_refuse(c, 404, "not_found", "There is no such endpoint here");
	if (!(c->route->methods & method_of(rq->method))) {
		*allow = allowed(c->route->methods);
		return call_refuse(c, 405, "method_not_allowed", "This endpoint takes %s", *allow);
	}
	if (!auth_check(c, rq)) {
		act_begin(c);
		return CALL_REFUSED;
	}
	if (answers_find(c))
		return CALL_DONE;
	if (!parameters(c, rq)) {
		act_begin(c);
		return CALL_REFUSED;
	}
	act_begin(c);
	if (!act_ahead(c))
		return CALL_REFUSED;
	if (!(c->route->flags & ROUTE_PLAIN))
		jsonout_object(c->out, NULL);
	return c->route->handle(c);
}

struct call *server_handle(struct server *s, const struct http_request *rq, http_reply_fn *reply,
			   void *ctx)
{
	struct call *c = call_new(s, reply, ctx);
	int64_t began_us = g_get_monotonic_time();
	g_autofree char *allow = NULL;
	enum call_end end;

	show_trouble_forget(s);
	c->rq = rq;
	store_read_begin(s->store);
	end = run(c, rq, &allow);
	store_read_end(s->store);
	act_end(c, end);
	c->rq = NULL;

	/* What the request made due is done before the answer leaves: who stands still sees it. */
	if (end == CALL_LATER)
		g_hash_table_add(s->waiting, c);
	if (clock_is_standing(s->clock))
		clock_advance(s->clock, 0);
	s->busy_us += g_get_monotonic_time() - began_us;
	if (end == CALL_LATER)
		return g_hash_table_contains(s->waiting, c) ? c : NULL;
	call_answer(c, end, allow);
	return NULL;
}

void call_finish(struct call *c, enum call_end end)
{
	if (end == CALL_DONE && !auth_still(c))
		end = CALL_REFUSED;
	call_answer(c, end, NULL);
}

void server_cancel(struct call *c)
{
	if (c->cancelled)
		c->cancelled(c);
	call_free(c);
}
