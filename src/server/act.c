/* act - what a caller wanted to change, for the audit: who, what, with which parameters.
 *
 * A request that changes something is noted in the transaction that carries it out, a refused one
 * with what it was refused for. Not kept: PINs, and names and metadata of guests, which a chain
 * cannot forget; that they were given is. */
#include "config.h"

#include "server/front.h"

#include <string.h>

#include "core/text.h"

#define OPERATOR_BYTES_MAX 600 /* as it came, %XX for each byte */
#define OPERATOR_CHARS_MAX 40

static const char *const personal[] = { "name", "custom_metadata" };

static bool is_kept(const struct param *row)
{
	for (size_t i = 0; i < G_N_ELEMENTS(personal); i++) {
		if (strcmp(row->name, personal[i]) == 0)
			return false;
	}
	return row->kind != PARAM_DIGITS;
}

static void add_asked(GString *out, const struct params *p)
{
	jsonout_object(out, "asked");
	for (size_t i = 0; p && i < p->route->n_params; i++) {
		const struct param *row = &p->route->params[i];
		const json_t *given = p->values[i].json;
		char *text;

		if (!given || row->same_as)
			continue;
		if (!is_kept(row)) {
			jsonout_string(out, row->name, "(not kept)");
			continue;
		}
		text = json_dumps(given, JSON_COMPACT | JSON_ENCODE_ANY);
		jsonout_raw(out, row->name, text);
		free(text);
	}
	jsonout_object_end(out);
}

static bool changes_something(const struct route *r)
{
	return r && !(r->methods & METHOD_GET) && !(r->flags & ROUTE_SIMULATED);
}

/* The desk's own word for who stands there: whoever has the key could say anything, so it is kept beside the key and
 * never instead. Bounded, and without what a terminal would obey. */
static void add_operator(GString *what, const char *given)
{
	g_autofree char *name =
		given && strlen(given) <= OPERATOR_BYTES_MAX ? g_uri_unescape_string(given, NULL) : NULL;
	g_autofree char *safe = name && g_utf8_validate(name, -1, NULL) ? text_safe(name) : NULL;
	g_autofree char *cut =
		safe ? g_utf8_substring(safe, 0, MIN(g_utf8_strlen(safe, -1), OPERATOR_CHARS_MAX)) : NULL;

	if (cut && *cut)
		jsonout_string(what, "operator", cut);
}

void act_begin(struct call *c)
{
	g_autoptr(GString) what = g_string_new(NULL);

	if (!changes_something(c->route) || !*c->key_id)
		return;
	jsonout_object(what, NULL);
	jsonout_string(what, "path", c->route->path);
	jsonout_string(what, "request_id", c->request_id);
	jsonout_string(what, "from", c->rq->peer);
	if (c->rq->user)
		jsonout_string(what, "user", c->rq->user);
	add_operator(what, c->rq->operator_name);
	add_asked(what, c->params);
	jsonout_object_end(what);
	engine_act_begin(c->server->engine, c->key_id, what->str);
}

bool act_ahead(struct call *c)
{
	if (!(c->route->flags & ROUTE_OWN_ROWS) || engine_act_note(c->server->engine))
		return true;
	call_refuse(c, 503, "store_failed", "The store could not be written to");
	c->no.retry_after_s = STORE_RETRY_AFTER_S;
	return false;
}

void act_end(struct call *c, enum call_end end)
{
	engine_act_end(c->server->engine, end != CALL_REFUSED ? NULL
					  : c->no.type	      ? c->no.type
							      : "invalid_input");
}
