#include "wire/mask.h"

#include <glib.h>
#include <string.h>

#include "core/pin.h"

#define MASK "••••"
#define KEY_MIN 6 /* shorter ones are no keys; they would mask every other word */
#define DEPTH_MAX 64

/* A word as ids and dates are written; everything else is between words. */
static size_t word_length(const char *s)
{
	size_t n = 0;

	while (g_ascii_isalnum(s[n]) || s[n] == '_' || s[n] == '-')
		n++;
	return n;
}

/* x hexadecimal digit, d decimal digit, anything else itself. */
static bool fits(const char *s, size_t len, const char *pattern)
{
	if (len < strlen(pattern))
		return false;
	for (; *pattern; pattern++, s++) {
		if (*pattern == 'x' ? !g_ascii_isxdigit(*s) :
		    *pattern == 'd' ? !g_ascii_isdigit(*s) : *s != *pattern)
			return false;
	}
	return true;
}

#define UUID "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
#define DATE "dddd-dd-dd"

static bool is_uuid(const char *s, size_t len)
{
	return len == strlen(UUID) && fits(s, len, UUID);
}

static bool is_date(const char *s, size_t len)
{
	return fits(s, len, DATE) && (len == strlen(DATE) || s[strlen(DATE)] == 'T');
}

static bool is_id(const char *s, size_t len)
{
	return g_ascii_isalpha(*s) && memchr(s, '_', len);
}

/* "T16:00:00.123456Z", "+0200": the fraction and the offset of a date's time, not in its word. */
static size_t time_length(const char *s)
{
	return strspn(s, "0123456789:.+-TZ");
}

static size_t digits_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && g_ascii_isdigit(s[n]))
		n++;
	return n;
}

/* "Must have at most 1000 characters": a number that something is counted by is nobody's PIN. */
static bool counts_something(const char *after)
{
	static const char *const units[] = { " characters", " digits", " letters", " codes", " seconds", " bytes" };

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (g_str_has_prefix(after, units[i]))
			return true;
	return false;
}

static void append_masked(GString *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t digits = digits_length(s + i, len - i);

		if (digits >= PIN_MIN && digits <= PIN_MAX)
			g_string_append(out, MASK);
		else
			g_string_append_len(out, s + i, (gssize)MAX(digits, 1));
		i += MAX(digits, 1);
	}
}

/* Wherever it stands, also within a word: what is kept of words must not keep it. NULL: nowhere. */
static const char *find_key(const char *text, const char *key)
{
	return key && strlen(key) >= KEY_MIN ? strstr(text, key) : NULL;
}

/* Appends what may be seen of the word, and returns how much of text that is. */
static size_t append_word(GString *out, const char *text, size_t len)
{
	if (is_date(text, len)) {
		if (text[strlen(DATE)] == 'T')
			len = strlen(DATE) + time_length(text + strlen(DATE));
		g_string_append_len(out, text, (gssize)len);
	} else if (is_uuid(text, len) || is_id(text, len) ||
		   (digits_length(text, len) == len && counts_something(text + len))) {
		g_string_append_len(out, text, (gssize)len);
	} else {
		append_masked(out, text, len);
	}
	return len;
}

static void append_text(GString *out, const char *text)
{
	while (*text) {
		size_t len = word_length(text);

		if (len == 0)
			g_string_append_c(out, *text++);
		else
			text += append_word(out, text, len);
	}
}

char *mask_text(const char *text, const char *key)
{
	GString *out = g_string_new(NULL);
	const char *at;

	while ((at = find_key(text, key))) {
		g_autofree char *before = g_strndup(text, (gsize)(at - text));

		append_text(out, before);
		g_string_append(out, MASK);
		text = at + strlen(key);
	}
	append_text(out, text);
	return g_string_free(out, FALSE);
}

static void mask_string(json_t *string, const char *key)
{
	char *masked = mask_text(json_string_value(string), key);

	json_string_set(string, masked);
	g_free(masked);
}

static void mask_to(json_t *tree, const char *key, int depth)
{
	const char *name;
	json_t *value;
	size_t i;

	if (depth > DEPTH_MAX)
		return;
	json_object_foreach(tree, name, value)
		mask_to(value, key, depth + 1);
	json_array_foreach(tree, i, value)
		mask_to(value, key, depth + 1);
	if (json_is_string(tree))
		mask_string(tree, key);
}

void mask_tree(json_t *tree, const char *key)
{
	mask_to(tree, key, 0);
}
