/* parse - what is looked at before any parser looks, and what every reservation is held to. */
#include "feed/parse_parts.h"

#include <string.h>

#include "core/error.h"
#include "core/text.h"

#define LABEL_MAX  200
#define YEARS_MAX  3

struct reservations *reservations_new(void)
{
	struct reservations *r = g_new0(struct reservations, 1);

	r->rows = g_array_new(FALSE, FALSE, sizeof(struct reservation));
	r->chunk = g_string_chunk_new(4096);
	return r;
}

void reservations_free(struct reservations *r)
{
	if (!r)
		return;
	g_array_unref(r->rows);
	g_string_chunk_free(r->chunk);
	g_free(r);
}

const char *reservations_keep(struct reservations *r, const char *text)
{
	return text ? g_string_chunk_insert(r->chunk, text) : NULL;
}

const char *reservations_keepf(struct reservations *r, const char *form, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, form);
	text = g_strdup_vprintf(form, args);
	va_end(args);
	return reservations_keep(r, text);
}

bool parse_fail(GError **err, const char *form, ...)
{
	va_list args;

	va_start(args, form);
	if (err)
		*err = g_error_new_valist(KEYRACK_ERROR, KEYRACK_ERROR_USAGE, form, args);
	va_end(args);
	return false;
}

/* Marks that turn or hide what stands around them have no place in a name that goes to a lock. */
static bool is_unwanted(gunichar ch)
{
	return (ch >= 0x200b && ch <= 0x200f && ch != 0x200c && ch != 0x200d) || (ch >= 0x202a && ch <= 0x202e) ||
	       (ch >= 0x2060 && ch <= 0x206f) || ch == 0xfeff || ch == 0xfffd || ch == 0x061c;
}

char *parse_label(const char *text)
{
	GString *s = g_string_new(NULL);
	int left = LABEL_MAX;
	bool gap = false;

	for (const char *p = text ? text : ""; *p && left > 0; p += g_utf8_skip[(guchar)*p]) {
		gunichar ch = g_utf8_get_char(p);

		if (is_unwanted(ch))
			continue;
		if (g_unichar_isspace(ch) || g_unichar_iscntrl(ch)) {
			gap = s->len > 0;
			continue;
		}
		if (gap)
			g_string_append_c(s, ' ');
		gap = false;
		g_string_append_unichar(s, ch);
		left--;
	}
	return g_string_free(s, s->len == 0);
}

GHashTable *reservations_seen_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static const char *why_not(const struct reservation *one)
{
	if (!instant_before(one->starts_at, one->ends_at))
		return "The departure is not after the arrival";
	if (instant_diff_ms(one->ends_at, one->starts_at) > YEARS_MAX * 366 * DAY_MS)
		return "The stay is longer than three years: is the year right?";
	return NULL;
}

void reservations_add(struct reservations *r, GHashTable *seen, struct reservation *one)
{
	if (!one->refused) {
		g_autofree char *door = text_fold(one->door ? one->door : "");
		char *identity = g_strconcat(one->key, "\n", door, NULL);
		int before = GPOINTER_TO_INT(g_hash_table_lookup(seen, identity));

		one->refused = why_not(one);
		if (!one->refused && before)
			one->refused = reservations_keepf(r, "The same reservation stands in line %d already", before);
		if (one->refused)
			g_free(identity);
		else
			g_hash_table_insert(seen, identity, GINT_TO_POINTER(one->line));
	}
	g_array_append_val(r->rows, *one);
}

/* ---- the whole of it ---- */

static int line_of(const char *data, const char *at)
{
	int line = 1;

	for (const char *p = data; p < at; p++)
		line += *p == '\n';
	return line;
}

static bool check_bytes(const char *data, size_t len, GError **err)
{
	const char *bad = NULL, *nul = NULL;

	if (len > FEED_BYTES_MAX)
		return parse_fail(err, "It is larger than 10 MB: no list of reservations is");
	if (len >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
		return parse_fail(err, "It is UTF-16: save it as 'CSV UTF-8'");
	if (len >= 4 && memcmp(data, "PK\x03\x04", 4) == 0)
		return parse_fail(err, "It is a spreadsheet, not CSV: save it as 'CSV UTF-8'");
	if (!g_utf8_validate_len(data, len, &bad)) {
		nul = memchr(data, '\0', len);
		if (nul && nul <= bad)
			return parse_fail(err, "Line %d has a byte 0 in it: it is no text file", line_of(data, nul));
		return parse_fail(
			err,
			"Line %d is not UTF-8 but perhaps Latin-1 or Windows-1252, and names would come out "
			"wrong: save it as 'CSV UTF-8'",
			line_of(data, bad));
	}
	if (strspn(data, " \t\r\n") >= len)
		return parse_fail(err, "It is empty");
	return true;
}

static size_t mark_of(const char *data, size_t len)
{
	return len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

bool feed_is_ical(const char *data, size_t len)
{
	size_t at = mark_of(data, len);

	while (at < len && g_ascii_isspace(data[at]))
		at++;
	return len - at >= 15 && g_ascii_strncasecmp(data + at, "BEGIN:VCALENDAR", 15) == 0;
}

struct reservations *feed_parse(const char *data, size_t len, const struct parse_context *ctx, GError **err)
{
	size_t mark = mark_of(data, len);
	g_autofree char *text = NULL; /* ends with a NUL, whatever the caller's block does */

	if (len > FEED_BYTES_MAX) {
		parse_fail(err, "It is larger than 10 MB: no list of reservations is");
		return NULL;
	}
	text = g_malloc(len - mark + 1);
	memcpy(text, data + mark, len - mark);
	text[len - mark] = '\0';
	if (!check_bytes(text, len - mark, err))
		return NULL;
	return (feed_is_ical(text, len - mark) ? ical_parse : csv_parse)(text, len - mark, ctx, err);
}
