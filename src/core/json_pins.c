/* json_pins - PINs in JSON: taken out of what came from outside, or replaced by whoever asks; see jsonout.h. */
#include <string.h>

#include "core/jsonout.h"

static const char *string_end(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		if (*p == '\\' && p[1])
			p++;
	return *p ? p + 1 : p;
}

static bool is_key(const char *begin, const char *end, const char *key)
{
	size_t len = strlen(key);

	return (size_t)(end - begin) == len + 2 && strncmp(begin + 1, key, len) == 0;
}

/* Digits alone, as many as a PIN has: an instant or a name in "from" and "to" is none. */
bool json_is_pin(const char *begin, const char *end)
{
	size_t quoted = *begin == '"' ? 1 : 0;
	size_t len = (size_t)(end - begin) - 2 * quoted;

	return len > 0 && strspn(begin + quoted, "0123456789") == len;
}

static const char *value_end(const char *p)
{
	return *p == '"' ? string_end(p) : p + strcspn(p, ",]} \t\r\n");
}

static bool may_be_pin(const char *begin, const char *end)
{
	static const char *const keys[] = { "code", "from", "to" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (is_key(begin, end, keys[i]))
			return true;
	return false;
}

char *json_map_pins(const char *json, json_pin_map *map, void *ctx)
{
	if (!json)
		return NULL;
	GString *out = g_string_sized_new(strlen(json) + 128);

	for (const char *p = json; *p;) {
		if (*p != '"') {
			size_t run = strcspn(p, "\"");

			g_string_append_len(out, p, (gssize)run);
			p += run;
			continue;
		}
		const char *begin = p, *end = string_end(p);
		g_string_append_len(out, begin, end - begin);
		/* With its blanks: the same text comes back when what was replaced is put back. */
		p = end + strspn(end, " \t\r\n");
		if (*p == ':')
			p += 1 + strspn(p + 1, " \t\r\n");
		g_string_append_len(out, end, p - end);
		if (!memchr(end, ':', (size_t)(p - end)))
			continue;
		const char *after = value_end(p);
		if (after > p && may_be_pin(begin, end) && map(out, p, after, ctx))
			p = after;
	}
	return g_string_free(out, FALSE);
}

static bool to_null(GString *out, const char *begin, const char *end, void *ctx)
{
	(void)ctx;
	if (!json_is_pin(begin, end))
		return false;
	g_string_append(out, "null");
	return true;
}

char *json_without_pins(const char *json)
{
	return json_map_pins(json, to_null, NULL);
}
