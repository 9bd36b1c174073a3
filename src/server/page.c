/* page - cursors: which row was shown last, and of which request. */
#include "config.h"

#include "server/front.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MARK "1" /* of this form of cursor */

/* "1 <ms> <digest> <id>" in base64. */
static char *cursor_write(struct call *c, struct instant at, const char *id)
{
	char digest[65];
	g_autofree char *plain = NULL;

	params_digest(c->params, digest);
	plain = g_strdup_printf(MARK " %" PRId64 " %s %s", at.ms, digest, id);
	return g_base64_encode((const guchar *)plain, strlen(plain));
}

static bool cursor_read(struct call *c, const char *cursor, struct store_page *page)
{
	gsize len;
	g_autofree char *plain = (char *)g_base64_decode(cursor, &len);
	g_autofree char *text = g_strndup(plain ? plain : "", len);
	g_auto(GStrv) part = g_strsplit(text, " ", 4);
	char digest[65], *end;

	if (g_strv_length(part) != 4 || strcmp(part[0], MARK) != 0 || !*part[3]) {
		call_invalid(c, "page_cursor", "Is no cursor of this server");
		return false;
	}
	params_digest(c->params, digest);
	if (strcmp(part[2], digest) != 0) {
		call_refuse(c, 400, "mismatched_page_parameters",
			    "A later page must be asked for with the same parameters as the first");
		return false;
	}
	page->after_created_at.ms = g_ascii_strtoll(part[1], &end, 10);
	if (*end || !*part[1] || !instant_known(page->after_created_at)) {
		call_invalid(c, "page_cursor", "Is no cursor of this server");
		return false;
	}
	c->page_id = g_steal_pointer(&part[3]);
	page->after_id = c->page_id;
	return true;
}

bool page_begin(struct call *c, struct store_page *page, int fallback)
{
	const char *cursor = params_text(c->params, "page_cursor");
	int64_t limit = params_int(c->params, "limit", fallback);

	*page = (struct store_page){ .after_created_at = INSTANT_NONE,
				     .limit = (int)CLAMP(limit, 1, G_MAXINT - 1) };
	return !cursor || cursor_read(c, cursor, page);
}

/* ---- next_page_url: the same request as a GET ---- */

static void add_scalar(GString *url, const char *name, const json_t *v)
{
	g_autofree char *number = NULL;

	if (json_is_string(v))
		query_encode(url, name, json_string_value(v));
	else if (json_is_boolean(v))
		query_encode(url, name, json_is_true(v) ? "true" : "false");
	else if (json_is_integer(v))
		query_encode(url, name, number = g_strdup_printf("%" PRId64,
								 (int64_t)json_integer_value(v)));
	else
		query_encode(url, name, "");
}

static void add_value(GString *url, const char *name, json_t *v)
{
	const char *below;
	json_t *part;
	size_t i;

	if (json_is_object(v)) {
		json_object_foreach (v, below, part) {
			g_autofree char *path = g_strconcat(name, ".", below, NULL);

			add_scalar(url, path, part);
		}
	} else if (json_is_array(v) && json_array_size(v) > 0) {
		json_array_foreach (v, i, part)
			add_scalar(url, name, part);
	} else {
		add_scalar(url, name, v);
	}
}

/* Only what a Host header may hold is repeated. */
static bool is_host(const char *host)
{
	static const char may[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "-._:[]";

	return host && *host && strspn(host, may) == strlen(host);
}

/* NULL: it is not known what we are called. */
static char *next_url(struct call *c, const char *cursor)
{
	const struct route *route = c->route;
	GString *url;

	if (!c->rq || !is_host(c->rq->host))
		return NULL;
	url = g_string_new(NULL);
	for (size_t i = 0; i < route->n_params; i++) {
		const char *name = route->params[i].name;

		if (c->params->values[i].json && strcmp(name, "page_cursor") != 0)
			add_value(url, name, c->params->values[i].json);
	}
	query_encode(url, "page_cursor", cursor);
	url->str[0] = '?'; /* of the first '&' */
	g_string_prepend(url, route->path);
	g_string_prepend(url, c->rq->host);
	g_string_prepend(url, c->rq->tls ? "https://" : "http://");
	return g_string_free(url, FALSE);
}

void page_end(struct call *c, const struct store_page *page, struct instant last_created_at,
	      const char *last_id)
{
	bool more = page->has_more && last_id;
	g_autofree char *cursor = more ? cursor_write(c, last_created_at, last_id) : NULL;
	g_autofree char *url = cursor ? next_url(c, cursor) : NULL;

	jsonout_object(c->out, "pagination");
	jsonout_string(c->out, "next_page_cursor", cursor);
	jsonout_bool(c->out, "has_next_page", more);
	jsonout_string(c->out, "next_page_url", url);
	jsonout_object_end(c->out);
}
