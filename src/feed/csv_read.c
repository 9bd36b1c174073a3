/* csv_read - records and fields, as RFC 4180 has them and spreadsheets write them.
 *
 * The separator is the one of , ; and tab that the first line has most of outside quotes, or the one a
 * line 'sep=' names. A quote that never closes is a file that was cut off: all of it is refused. */
#include "feed/parse_parts.h"

#include <string.h>

#define FIELDS_MAX 512

struct reader {
	const char *at, *end;
	int line;
	char separator;
	GStringChunk *chunk;
	GError **err;
};

static char find_separator(const char *at, const char *end)
{
	static const char known[] = ",;\t";
	int count[3] = { 0 }, best = 0;
	bool quoted = false;

	for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
		const char *is = *at ? strchr(known, *at) : NULL;

		if (*at == '"')
			quoted = !quoted;
		else if (is && !quoted)
			count[is - known]++;
	}
	for (int i = 1; i < 3; i++)
		if (count[i] > count[best])
			best = i;
	return known[best];
}

static void skip_line_end(struct reader *r)
{
	if (r->at < r->end && *r->at == '\r')
		r->at++;
	if (r->at < r->end && *r->at == '\n')
		r->at++;
	r->line++;
}

static bool is_line_end(const struct reader *r)
{
	return *r->at == '\n' || *r->at == '\r';
}

/* The text between quotes, at behind the closing one. */
static bool take_quoted(struct reader *r, GString *field)
{
	int opened = r->line;

	for (r->at++; r->at < r->end; r->at++) {
		if (field->len > FEED_LINE_MAX)
			return parse_fail(r->err, "The field that opens with a quote in line %d has no end", opened);
		if (*r->at != '"') {
			r->line += *r->at == '\n';
			g_string_append_c(field, *r->at);
		} else if (r->at + 1 < r->end && r->at[1] == '"') {
			g_string_append_c(field, *r->at++);
		} else {
			r->at++;
			return true;
		}
	}
	return parse_fail(r->err, "The quote that opens in line %d is never closed: the file is cut off or broken",
			  opened);
}

static bool take_field(struct reader *r, struct csv_record *record)
{
	g_autoptr(GString) field = g_string_new(NULL);
	bool quoted = r->at < r->end && *r->at == '"';

	if (quoted && !take_quoted(r, field))
		return false;
	while (r->at < r->end && *r->at != r->separator && !is_line_end(r)) {
		if (quoted && *r->at != ' ')
			record->broken = "Text stands behind a closing quote";
		if (!quoted)
			g_string_append_c(field, *r->at);
		if (field->len > FEED_LINE_MAX)
			return parse_fail(r->err, "Line %d is longer than any row could be", record->line);
		r->at++;
	}
	g_strstrip(field->str);
	if (record->fields->len < FIELDS_MAX)
		g_ptr_array_add(record->fields, g_string_chunk_insert(r->chunk, field->str));
	else
		record->broken = "It has more than 512 columns";
	return true;
}

static bool take_record(struct reader *r, struct csv_record *record)
{
	for (;;) {
		if (!take_field(r, record))
			return false;
		if (r->at >= r->end)
			return true;
		if (is_line_end(r)) {
			skip_line_end(r);
			return true;
		}
		r->at++; /* the separator */
	}
}

static bool is_blank(const struct csv_record *record)
{
	for (guint i = 0; i < record->fields->len; i++)
		if (*(const char *)record->fields->pdata[i])
			return false;
	return true;
}

static void record_clear(void *p)
{
	struct csv_record *record = p;

	g_ptr_array_unref(record->fields);
}

/* "sep=;", which spreadsheets write for each other. */
static void take_separator_line(struct reader *r)
{
	if (r->end - r->at < 5 || g_ascii_strncasecmp(r->at, "sep=", 4) != 0 ||
	    (r->end - r->at > 5 && r->at[5] != '\n' && r->at[5] != '\r'))
		return;
	r->separator = r->at[4];
	r->at += 5;
	skip_line_end(r);
}

GArray *csv_read(const char *data, size_t len, GStringChunk *chunk, GError **err)
{
	struct reader r = { .at = data, .end = data + len, .line = 1, .chunk = chunk, .err = err };
	GArray *records = g_array_new(FALSE, FALSE, sizeof(struct csv_record));

	g_array_set_clear_func(records, record_clear);
	while (r.at < r.end && is_line_end(&r))
		skip_line_end(&r);
	take_separator_line(&r);
	if (!r.separator)
		r.separator = find_separator(r.at, r.end);
	while (r.at < r.end) {
		struct csv_record record = { .fields = g_ptr_array_new(), .line = r.line };
		bool taken = take_record(&r, &record);

		if (taken && records->len <= FEED_ROWS_MAX && !is_blank(&record)) {
			g_array_append_val(records, record);
			continue;
		}
		taken = taken && is_blank(&record);
		record_clear(&record);
		if (taken)
			continue;
		if (err && !*err)
			parse_fail(err, "It has more than %d rows", FEED_ROWS_MAX);
		g_array_unref(records);
		return NULL;
	}
	return records;
}
