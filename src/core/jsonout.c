/* jsonout - see the header. Every writer goes through begin(), which puts comma and key. */
#include "core/jsonout.h"

#include <string.h>

/* What a terminal obeys, or what turns the order of what it shows, without being seen itself. In
 * JSON these can stand within strings only, where an escape means the same. */
static const struct {
	gunichar first, last;
} unseen[] = {
	{ 0x7f, 0x9f },	      { 0xad, 0xad },	      { 0x061c, 0x061c },     { 0x180e, 0x180e },
	{ 0x200b, 0x200f },   { 0x2028, 0x202e },     { 0x2060, 0x206f },
	{ 0xfeff, 0xfeff },   { 0xfff9, 0xfffb },     { 0xe0000, 0xe007f },
};

static bool is_unseen(gunichar ch)
{
	for (size_t i = 0; i < G_N_ELEMENTS(unseen); i++) {
		if (ch >= unseen[i].first && ch <= unseen[i].last)
			return true;
	}
	return false;
}

/* What is written as it stands, in strings and between them: nearly all there is. */
static bool is_plain(char ch)
{
	return ch >= ' ' && ch < 0x7f && ch != '"' && ch != '\\';
}

/* Room for n more bytes: where to write them. The caller adds to len what it wrote. */
static char *room(GString *out, gsize n)
{
	gsize len = out->len;

	if (out->allocated_len - len <= n) {
		g_string_set_size(out, len + n);
		g_string_truncate(out, len);
	}
	return out->str + len;
}

static void append_code(GString *out, gunichar ch)
{
	if (ch > 0xffff) { /* as the two halves of UTF-16 */
		append_code(out, 0xd800 + ((ch - 0x10000) >> 10));
		ch = 0xdc00 + ((ch - 0x10000) & 0x3ff);
	}

	static const char hex[] = "0123456789abcdef";
	char six[] = { '\\', 'u', hex[ch >> 12 & 15], hex[ch >> 8 & 15], hex[ch >> 4 & 15],
		       hex[ch & 15] };

	g_string_append_len(out, six, sizeof six);
}

/* What is not plain, up to the end of text, which is valid UTF-8. in_string: it has to be escaped
 * to stand within one; otherwise it is JSON already. */
static void append_rest(GString *out, const char *text, bool in_string)
{
	const char *run = text;

	for (const char *p = text, *next; *p; p = next) {
		gunichar ch = g_utf8_get_char(p);
		bool quote = in_string && (ch == '"' || ch == '\\');

		next = p + g_utf8_skip[(guchar)*p];
		if (!quote && !(in_string && ch < ' ') && !(ch >= 0x7f && is_unseen(ch)))
			continue;
		g_string_append_len(out, run, p - run);
		run = next;
		if (quote) {
			g_string_append_c(out, '\\');
			run = p;
		} else {
			append_code(out, ch);
		}
	}
	g_string_append(out, run);
}

/* From the first byte on that is not ASCII, text may be no UTF-8. */
static void append_checked(GString *out, const char *text, bool in_string)
{
	g_autofree char *valid = NULL;

	if (!g_utf8_validate(text, -1, NULL))
		valid = g_utf8_make_valid(text, -1);
	append_rest(out, valid ? valid : text, in_string);
}

/* How many bytes at the beginning of text, which has n, are plain: eight are looked at at once.
 * Where one of them is not, or may be not, they are looked at one by one. */
static gsize plain_bytes(const char *text, gsize n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	gsize at = 0;

	for (; at + 8 <= n; at += 8) {
		uint64_t w, quote, slash, del;

		memcpy(&w, text + at, 8);
		quote = w ^ ones * '"';
		slash = w ^ ones * '\\';
		del = w ^ ones * 0x7f;
		if ((w | (w - ones * ' ') | (quote - ones) | (slash - ones) | (del - ones)) & high)
			break;
	}
	while (at < n && is_plain(text[at]))
		at++;
	return at;
}

/* Between quotes, with what stands before and after: a comma, a colon; 0: nothing. */
static void append_quoted(GString *out, const char *text, char before, char after)
{
	gsize n = strlen(text), plain = plain_bytes(text, n);
	char *start = room(out, plain + 5), *to = start;

	if (before)
		*to++ = before;
	*to++ = '"';
	memcpy(to, text, plain);
	to += plain;
	if (plain == n) {
		*to++ = '"';
		if (after)
			*to++ = after;
	}
	*to = '\0';
	out->len += (gsize)(to - start);
	if (plain == n)
		return;
	append_checked(out, text + plain, true);
	g_string_append_c(out, '"');
	if (after)
		g_string_append_c(out, after);
}

static void append_escaped(GString *out, const char *text)
{
	append_quoted(out, text, 0, 0);
}

/* JSON as a server sent it, in which anything may stand raw within strings. */
static void append_json(GString *out, const char *json)
{
	append_checked(out, json, false);
}

/* Strings end in '"' and numbers in a digit, so these bytes can only be structure. */
static bool is_first(const GString *out)
{
	char last = out->len ? out->str[out->len - 1] : '\n';

	return last == '{' || last == '[' || last == ':' || last == '\n' || last == '\0';
}

static void begin(GString *out, const char *key)
{
	char comma = is_first(out) ? 0 : ',';

	if (key)
		append_quoted(out, key, comma, ':');
	else if (comma)
		g_string_append_c(out, comma);
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
	char digits[24], *first = digits + sizeof digits;
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do
		*--first = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (n < 0)
		*--first = '-';
	begin(out, key);
	g_string_append_len(out, first, digits + sizeof digits - first);
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
