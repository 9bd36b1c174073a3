/* pin_struck - a known PIN taken out of words that a server or somebody else has written; see jsonout.h. */
#include <string.h>

#include "core/jsonout.h"

#define DOTS "••••"
#define DIGITS "0123456789"

/* Appends words up to end; whether the PIN was in them. */
static bool strike(GString *out, const char *words, const char *end, const char *pin, size_t len)
{
	bool struck = false;

	for (const char *p = words; p < end;) {
		size_t run = strspn(p, DIGITS), other;

		run = MIN(run, (size_t)(end - p));
		if (run == len && strncmp(p, pin, len) == 0) {
			g_string_append(out, DOTS);
			struck = true;
		} else {
			g_string_append_len(out, p, (gssize)run);
		}
		p += run;
		other = MIN(strcspn(p, DIGITS), (size_t)(end - p));
		g_string_append_len(out, p, (gssize)other);
		p += other;
	}
	return struck;
}

char *pin_struck(const char *words, const char *pin)
{
	size_t len = pin ? strlen(pin) : 0;
	GString *out;
	bool struck;

	if (!words || len == 0 || strspn(pin, DIGITS) != len || !strstr(words, pin))
		return NULL;
	out = g_string_sized_new(strlen(words) + 16);
	struck = strike(out, words, words + strlen(words), pin, len);
	return g_string_free(out, !struck);
}

/* One past the closing quote of the string that begins at p. */
static const char *string_over(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		p += *p == '\\' && p[1];
	return *p ? p + 1 : p;
}

char *json_pin_struck(const char *json, const char *key, const char *pin)
{
	size_t len = pin ? strlen(pin) : 0, key_len = key ? strlen(key) : 0;
	bool struck = false, wanted = !key;
	GString *out;

	if (!json || len == 0 || strspn(pin, DIGITS) != len || !strstr(json, pin))
		return NULL;
	out = g_string_sized_new(strlen(json) + 16);
	for (const char *p = json; *p;) {
		const char *end = *p == '"' ? string_over(p) : p + strcspn(p, "\""),
			   *after = end + strspn(end, " \t\r\n");
		bool text = *p == '"', name = text && *after == ':';

		if (text && !name && wanted)
			struck |= strike(out, p, end, pin, len);
		else
			g_string_append_len(out, p, end - p);
		if (key && text)
			wanted = name && (size_t)(end - p) == key_len + 2 && strncmp(p + 1, key, key_len) == 0;
		p = end;
	}
	return g_string_free(out, !struck);
}
