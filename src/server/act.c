/* act - what a caller wanted to change, for the audit: who, what, with which parameters.
 *
 * A request that changes something is noted in the transaction that carries it out, a refused one
 * with what it was refused for. Not kept: PINs, and names and metadata of guests, which a chain
 * cannot forget; that they were given is. */
#include "config.h"

#include "server/front.h"

#include <string.h>

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

void act_begin(struct call *c)
{
	g_autoptr(GString) what = g_string_new(NULL);

	if (!changes_something(c->route) || !*c->key_id)
		return;
	jsonout_object(what, NULL);
	jsonout_string(what, "path", c->route->path);
	jsonout_string(what, "request_id", c->request_id);
	jsonout_string(what, "from", c->rq->peer);
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
