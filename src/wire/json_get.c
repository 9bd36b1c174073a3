#include "wire/json_get.h"

#include <string.h>

#include "core/text.h"
#include "wire/scratch.h"

#define LABEL_BYTES_MAX 1024

const char *json_get_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *json_get_word(const json_t *object, const char *key)
{
	const char *text = json_get_text(object, key);

	return text && *text ? text : NULL;
}

enum tri json_to_tri(const json_t *value)
{
	if (!json_is_boolean(value))
		return TRI_UNKNOWN;
	return json_is_true(value) ? TRI_YES : TRI_NO;
}

enum tri json_get_tri(const json_t *object, const char *key)
{
	return json_to_tri(json_object_get(object, key));
}

bool json_get_number(const json_t *object, const char *key, double *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_number(value))
		return false;
	*out = json_number_value(value);
	return true;
}

struct instant json_to_instant(const json_t *value)
{
	struct instant t = INSTANT_NONE;

	if (json_is_string(value))
		instant_parse(json_string_value(value), (gssize)json_string_length(value), &t);
	return t;
}

static int append(const char *bytes, size_t len, void *text)
{
	g_string_append_len(text, bytes, (gssize)len);
	return 0;
}

/* Fifteen digits are what a double keeps of a text: 0.82 stays 0.82. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

const char *json_to_text(const json_t *value, struct wire_scratch *s)
{
	if (!value || json_is_null(value))
		return NULL;
	if (json_is_array(value) && json_array_size(value) == 0)
		return NULL;
	if (json_is_object(value) && json_object_size(value) == 0)
		return NULL;

	GString *text = scratch_text(s);

	if (json_dump_callback(value, append, text, DUMP_FLAGS) != 0)
		return NULL;
	return scratch_keep(s, text->str, text->len);
}

const char *json_to_label(const char *text, struct wire_scratch *s)
{
	if (!text || strlen(text) <= LABEL_BYTES_MAX)
		return text_is_blank(text) ? NULL : text;

	const char *end = g_utf8_find_prev_char(text, text + LABEL_BYTES_MAX);
	GString *cut = scratch_text(s);

	g_string_append_len(cut, text, end - text);
	if (text_is_blank(cut->str))
		return NULL;
	g_string_append(cut, "…");
	return scratch_keep(s, cut->str, cut->len);
}

/* ---- objects by table ---- */

static const struct field *field_find(const struct field *fields, size_t n, const char *name)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = low + (n - low) / 2;
		int order = strcmp(name, fields[mid].name);

		if (order == 0)
			return &fields[mid];
		if (order < 0)
			n = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static void field_set(const struct field *f, const json_t *value, struct wire_scratch *s, void *out)
{
	void *at = (char *)out + f->at;

	switch (f->kind) {
	case FIELD_TEXT:
		*(const char **)at = json_string_value(value);
		break;
	case FIELD_TRI:
		*(enum tri *)at = json_to_tri(value);
		break;
	case FIELD_BOOL:
		if (json_is_boolean(value))
			*(bool *)at = json_is_true(value);
		break;
	case FIELD_INSTANT:
		*(struct instant *)at = json_to_instant(value);
		break;
	case FIELD_ARRAY:
		*(const char **)at = json_is_array(value) ? json_to_text(value, s) : NULL;
		break;
	case FIELD_OBJECT:
		*(const char **)at = json_is_object(value) ? json_to_text(value, s) : NULL;
		break;
	}
}

static void append_key(GString *text, const char *key)
{
	for (const char *c = key; *c; c++) {
		if (!g_ascii_isalnum(*c) && *c != '_') { /* rare: let jansson escape it */
			json_t *name = json_string(key);

			json_dump_callback(name, append, text, DUMP_FLAGS);
			json_decref(name);
			return;
		}
	}
	g_string_append_c(text, '"');
	g_string_append(text, key);
	g_string_append_c(text, '"');
}

/* The objects of one list have their members in one order: where each was found the last time is looked at
 * first. Members beyond SEATS are found as ever. */
enum { SEATS = 64 };
static _Thread_local struct {
	const struct field *fields;
	const struct field *at[SEATS];
} last;

static const struct field *field_at(const struct field *fields, size_t n, const char *name, size_t seat)
{
	const struct field *f;

	if (seat >= SEATS)
		return field_find(fields, n, name);
	if (last.fields != fields) {
		memset(&last, 0, sizeof last);
		last.fields = fields;
	}
	f = last.at[seat];
	if (f && strcmp(f->name, name) == 0)
		return f;
	return last.at[seat] = field_find(fields, n, name);
}

/* The fields without a row in the table, as one JSON object. The values are dumped one by one: a
 * temporary object of them would cost as much as the decoding. known: bits of the seats that have one. */
static const char *rest_text(const json_t *object, const struct field *fields, size_t n, uint64_t known,
			     struct wire_scratch *s)
{
	GString *text = scratch_text(s);
	const char *key;
	const json_t *value;
	size_t seat = 0;

	/* jansson's iterators take no const; nothing is changed. */
	union { const json_t *in; json_t *out; } o = { object };

	json_object_foreach(o.out, key, value) {
		bool has_row = seat < SEATS ? known >> seat & 1 : field_find(fields, n, key) != NULL;

		seat++;
		if (has_row)
			continue;
		g_string_append_c(text, text->len == 0 ? '{' : ',');
		append_key(text, key);
		g_string_append_c(text, ':');
		json_dump_callback(value, append, text, DUMP_FLAGS);
	}
	if (text->len == 0)
		return NULL;
	g_string_append_c(text, '}');
	return scratch_keep(s, text->str, text->len);
}

void json_decode(const json_t *object, const struct field *fields, size_t n,
		 struct wire_scratch *s, void *out, const char **rest)
{
	union { const json_t *in; json_t *out; } o = { object };
	const char *key;
	const json_t *value;
	uint64_t known = 0;
	size_t seat = 0;
	bool more = false;

	json_object_foreach(o.out, key, value) {
		const struct field *f = field_at(fields, n, key, seat);

		if (f && seat < SEATS)
			known |= UINT64_C(1) << seat;
		seat++;
		if (f)
			field_set(f, value, s, out);
		else
			more = true;
	}
	if (rest)
		*rest = more ? rest_text(object, fields, n, known, s) : NULL;
}
