/* jsonout - see the header. Every writer goes through begin(), which puts comma and key. */
#include "core/jsonout.h"

#include <string.h>

/* What a terminal obeys, or what turns the order of what it shows, without being seen itself. In
 * JSON these can stand within strings only, where an escape means the same. */
static const struct {
	gunichar first, last;
} unseen[] = {
	{ 0x7f, 0x9f },     { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f }, { 0xfeff, 0xfeff },
};

static bool is_unseen(gunichar ch)
{
	for (size_t i = 0; i < G_N_ELEMENTS(unseen); i++) {
		if (ch >= unseen[i].first && ch <= unseen[i].last)
			return true;
	}
	return false;
}

/* text is valid UTF-8. */
static void append_visible(GString *out, const char *text)
{
	for (const char *p = text, *next; *p; p = next) {
		gunichar ch = g_utf8_get_char(p);

		next = p + g_utf8_skip[(guchar)*p];
		if (is_unseen(ch))
			g_string_append_printf(out, "\\u%04x", ch);
		else
			g_string_append_len(out, p, next - p);
	}
}

static void append_escaped(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autoptr(GString) inside = g_string_sized_new(strlen(valid) + 16);

	for (const char *p = valid; *p; p++) {
		unsigned char ch = (unsigned char)*p;
		if (ch == '"' || ch == '\\')
			g_string_append_c(inside, '\\');
		if (ch < 0x20)
			g_string_append_printf(inside, "\\u%04x", (unsigned)ch);
		else
			g_string_append_c(inside, *p);
	}
	g_string_append_c(out, '"');
	append_visible(out, inside->str);
	g_string_append_c(out, '"');
}

/* JSON as a server sent it, in which anything may stand raw within strings. */
static void append_json(GString *out, const char *json)
{
	g_autofree char *valid = g_utf8_make_valid(json, -1);

	append_visible(out, valid);
}

/* Strings end in '"' and numbers in a digit, so these bytes can only be structure. */
static bool is_first(const GString *out)
{
	return out->len == 0 || strchr("{[:\n", out->str[out->len - 1]);
}

static void begin(GString *out, const char *key)
{
	if (!is_first(out))
		g_string_append_c(out, ',');
	if (!key)
		return;
	append_escaped(out, key);
	g_string_append_c(out, ':');
}

void jsonout_object(GString *out, const char *key)
{
	begin(out, key);
	g_string_append_c(out, '{');
}

void jsonout_object_end(GString *out)
{
	g_string_append_c(out, '}');
}

void jsonout_array(GString *out, const char *key)
{
	begin(out, key);
	g_string_append_c(out, '[');
}

void jsonout_array_end(GString *out)
{
	g_string_append_c(out, ']');
}

void jsonout_string(GString *out, const char *key, const char *text)
{
	if (!text) {
		jsonout_null(out, key);
		return;
	}
	begin(out, key);
	append_escaped(out, text);
}

void jsonout_int(GString *out, const char *key, int64_t n)
{
	begin(out, key);
	g_string_append_printf(out, "%" G_GINT64_FORMAT, n);
}

void jsonout_bool(GString *out, const char *key, bool b)
{
	begin(out, key);
	g_string_append(out, b ? "true" : "false");
}

void jsonout_tri(GString *out, const char *key, enum tri t)
{
	if (t == TRI_UNKNOWN)
		jsonout_null(out, key);
	else
		jsonout_bool(out, key, t == TRI_YES);
}

void jsonout_instant(GString *out, const char *key, struct instant t)
{
	char buf[INSTANT_TEXT_MAX];

	jsonout_string(out, key, instant_known(t) ? instant_format(t, buf) : NULL);
}

void jsonout_null(GString *out, const char *key)
{
	begin(out, key);
	g_string_append(out, "null");
}

void jsonout_raw(GString *out, const char *key, const char *json)
{
	if (!json || !*json) {
		jsonout_null(out, key);
		return;
	}
	begin(out, key);
	append_json(out, json);
}

void jsonout_members(GString *out, const char *object)
{
	g_autofree char *text = g_strstrip(g_strdup(object ? object : ""));
	size_t len = strlen(text);

	if (len < 2 || text[0] != '{' || text[len - 1] != '}')
		return;
	text[len - 1] = '\0';
	g_strstrip(text + 1);
	if (!text[1])
		return;
	begin(out, NULL);
	append_json(out, text + 1);
}
