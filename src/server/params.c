/* params - a request's parameters, typed, by name; and their digest. */
#include "config.h"

#include "server/front.h"

#include <string.h>

static const struct param_value absent = { .at = { INT64_MIN } };

static const struct param_value *value_of(const struct params *p, const char *name)
{
	for (size_t i = 0; p && i < p->route->n_params; i++) {
		if (strcmp(p->route->params[i].name, name) == 0)
			return &p->values[i];
	}
	return &absent;
}

const char *params_text(const struct params *p, const char *name)
{
	return json_string_value(value_of(p, name)->json);
}

struct instant params_instant(const struct params *p, const char *name)
{
	return value_of(p, name)->at;
}

enum tri params_tri(const struct params *p, const char *name)
{
	const json_t *v = value_of(p, name)->json;

	return json_is_boolean(v) ? (enum tri)json_is_true(v) : TRI_UNKNOWN;
}

bool params_is_true(const struct params *p, const char *name)
{
	return json_is_true(value_of(p, name)->json);
}

int64_t params_int(const struct params *p, const char *name, int64_t fallback)
{
	const json_t *v = value_of(p, name)->json;

	return json_is_integer(v) ? json_integer_value(v) : fallback;
}

const char *const *params_texts(const struct params *p, const char *name, size_t *n)
{
	const struct param_value *v = value_of(p, name);

	if (n)
		*n = v->n;
	return v->texts;
}

const json_t *params_json(const struct params *p, const char *name)
{
	const json_t *v = value_of(p, name)->json;

	return json_is_null(v) ? NULL : v;
}

bool params_given(const struct params *p, const char *name)
{
	return value_of(p, name)->json != NULL;
}

bool params_is_null(const struct params *p, const char *name)
{
	return json_is_null(value_of(p, name)->json);
}

static bool is_of_page(const char *name)
{
	return strcmp(name, "limit") == 0 || strcmp(name, "page_cursor") == 0;
}

/* jansson sorts the names; the path keeps the cursor of one list out of another. */
void params_digest(const struct params *p, char hex[static 65])
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	json_t *all = json_object();
	char *text;

	for (size_t i = 0; p && i < p->route->n_params; i++) {
		const struct param *row = &p->route->params[i];

		if (p->values[i].json && !row->same_as && !is_of_page(row->name))
			json_object_set(all, row->name, p->values[i].json);
	}
	text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
	if (p)
		g_checksum_update(sum, (const guchar *)p->route->path, -1);
	if (text)
		g_checksum_update(sum, (const guchar *)text, -1);
	g_strlcpy(hex, g_checksum_get_string(sum), 65);
	free(text);
	json_decref(all);
}

/* ---- reading ---- */

static size_t row_of(const struct route *r, const char *name)
{
	for (size_t i = 0; i < r->n_params; i++) {
		if (strcmp(r->params[i].name, name) == 0)
			return i;
	}
	return r->n_params;
}

/* What was given under another name goes to where it is looked for. */
static void take_other_names(struct call *c, bool *wrong)
{
	const struct route *r = c->route;

	for (size_t i = 0; i < r->n_params; i++) {
		struct param_value *other = &c->params->values[i], *own;
		size_t at = r->params[i].same_as ? row_of(r, r->params[i].same_as) : r->n_params;

		if (at == r->n_params)
			continue;
		wrong[at] |= wrong[i];
		if (!other->json)
			continue;
		own = &c->params->values[at];
		if (!own->json) {
			*own = *other;
			*other = absent;
		} else if (!json_equal(own->json, other->json)) {
			call_invalid(c, r->params[i].name, "Is not the same as %s",
				     r->params[at].name);
		}
	}
}

void params_read(struct call *c, const json_t *body, const struct query *q)
{
	const struct route *r = c->route;
	bool *wrong = g_new0(bool, r->n_params + 1);

	c->params = g_new0(struct params, 1);
	c->params->route = r;
	c->params->values = g_new0(struct param_value, r->n_params + 1);
	for (size_t i = 0; i < r->n_params; i++) {
		const struct param *row = &r->params[i];
		json_t *given = json_incref(json_object_get(body, row->name));

		if (!given)
			given = param_of_query(row, q);
		c->params->values[i].at = INSTANT_NONE;
		if (given)
			wrong[i] = !param_check(c, row, given, &c->params->values[i]);
		json_decref(given);
	}
	take_other_names(c, wrong);
	for (size_t i = 0; i < r->n_params; i++) {
		if ((r->params[i].flags & PARAM_REQUIRED) && !c->params->values[i].json && !wrong[i])
			call_invalid(c, r->params[i].name, "Required");
	}
	g_free(wrong);
}

void params_free(struct params *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->route->n_params; i++) {
		json_decref(p->values[i].json);
		g_free(p->values[i].texts);
	}
	g_free(p->values);
	g_free(p);
}
