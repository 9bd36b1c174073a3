/* query - a query string as clients write it: repeated names, a[]=1, + and %20. */
#include "config.h"

#include "server/front.h"

#include <string.h>

#define NAMES_MAX 200 /* each new one is compared with all before it */

static void value_free(gpointer data)
{
	struct query_value *v = data;

	g_free(v->name);
	g_ptr_array_free(v->texts, TRUE);
	g_free(v);
}

/* '+' is a space only here, so GLib's decoding alone will not do. NULL: no escape, NUL, no UTF-8. */
static char *decode(const char *from, size_t len)
{
	g_autofree char *text = g_strndup(from, len);
	g_autofree char *plain = NULL;

	for (char *p = text; *p; p++) {
		if (*p == '+')
			*p = ' ';
	}
	plain = g_uri_unescape_string(text, NULL); /* refuses %00 as well */
	if (!plain || !g_utf8_validate(plain, -1, NULL))
		return NULL;
	return g_steal_pointer(&plain);
}

struct query_value *query_find(const struct query *q, const char *name)
{
	for (guint i = 0; i < q->values->len; i++) {
		struct query_value *v = q->values->pdata[i];

		if (strcmp(v->name, name) == 0)
			return v;
	}
	return NULL;
}

static bool add(struct query *q, const char *from, size_t len)
{
	const char *equals = memchr(from, '=', len);
	size_t name_len = equals ? (size_t)(equals - from) : len;
	g_autofree char *name = decode(from, name_len);
	g_autofree char *text = equals ? decode(equals + 1, len - name_len - 1) : g_strdup("");
	struct query_value *v;
	bool brackets;

	if (!name || !text)
		return false;
	brackets = g_str_has_suffix(name, "[]");
	if (brackets)
		name[strlen(name) - 2] = '\0';
	v = query_find(q, name);
	if (!v && q->values->len >= NAMES_MAX)
		return false;
	if (!v) {
		v = g_new0(struct query_value, 1);
		v->name = g_steal_pointer(&name);
		v->texts = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(q->values, v);
	}
	v->brackets |= brackets;
	g_ptr_array_add(v->texts, g_steal_pointer(&text));
	return true;
}

bool query_parse(const char *text, struct query *q)
{
	q->values = g_ptr_array_new_with_free_func(value_free);
	while (text && *text) {
		size_t len = strcspn(text, "&");

		if (len > 0 && !add(q, text, len)) {
			g_ptr_array_set_size(q->values, 0);
			return false;
		}
		text += len + (text[len] == '&');
	}
	return true;
}

void query_clear(struct query *q)
{
	g_clear_pointer(&q->values, g_ptr_array_unref);
}

void query_encode(GString *out, const char *name, const char *value)
{
	g_string_append_c(out, '&');
	g_string_append_uri_escaped(out, name, NULL, false);
	g_string_append_c(out, '=');
	g_string_append_uri_escaped(out, value, NULL, false);
}
