/* json_pins - PINs taken out of JSON that came from outside; see jsonout.h. */
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
static bool is_pin(const char *begin, const char *end)
{
	size_t quoted = *begin == '"' ? 1 : 0;
	size_t len = (size_t)(end - begin) - 2 * quoted;

	return len > 0 && strspn(begin + quoted, "0123456789") == len;
}

static const char *value_end(const char *p)
{
	return *p == '"' ? string_end(p) : p + strcspn(p, ",]} \t\r\n");
}

char *json_without_pins(const char *json)
{
	if (!json)
		return NULL;
	GString *out = g_string_sized_new(strlen(json));

	for (const char *p = json; *p;) {
		if (*p != '"') {
			g_string_append_c(out, *p++);
			continue;
		}
		const char *begin = p, *end = string_end(p);
		g_string_append_len(out, begin, end - begin);
		p = end + strspn(end, " \t\r\n");
		if (*p != ':')
			continue;
		p = p + 1 + strspn(p + 1, " \t\r\n");
		g_string_append_c(out, ':');
		const char *after = value_end(p);
		if ((is_key(begin, end, "code") || is_key(begin, end, "from") ||
		     is_key(begin, end, "to")) &&
		    is_pin(p, after)) {
			g_string_append(out, "null");
			p = after;
		}
	}
	return g_string_free(out, FALSE);
}
