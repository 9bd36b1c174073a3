/* params_check - a parameter against its row: one small function for each kind.
 *
 * What is said never repeats the value: it may be a PIN. */
#include "config.h"

#include "server/front.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *type_name(const json_t *v)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "object",  [JSON_ARRAY] = "array",   [JSON_STRING] = "string",
		[JSON_INTEGER] = "number", [JSON_REAL] = "number",   [JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean",  [JSON_NULL] = "null",
	};

	return names[json_typeof(v)];
}

static bool expected(struct call *c, const char *path, const char *what, const json_t *v)
{
	call_invalid(c, path, "Expected %s, received %s", what, type_name(v));
	return false;
}

static bool bounded(const struct param *row)
{
	return row->min != 0 || row->max != 0;
}

static bool check_length(struct call *c, const char *path, const struct param *row, int64_t n,
			 const char *what, const char *unit)
{
	if (bounded(row) && n < row->min) {
		call_invalid(c, path, "%s must contain at least %" PRId64 " %s", what, row->min, unit);
		return false;
	}
	if (bounded(row) && n > row->max) {
		call_invalid(c, path, "%s must contain at most %" PRId64 " %s", what, row->max, unit);
		return false;
	}
	return true;
}

/* A text without a bound of its own: a name, words to search for, a cursor. */
#define TEXT_MAX 1000

static bool check_text(struct call *c, const char *path, const struct param *row, const json_t *v)
{
	struct param own = *row;

	if (!json_is_string(v))
		return expected(c, path, "string", v);
	if (!bounded(row))
		own.max = TEXT_MAX;
	return check_length(c, path, &own, g_utf8_strlen(json_string_value(v), -1), "String",
			    "character(s)");
}

static bool check_uuid(struct call *c, const char *path, const struct param *row, const json_t *v)
{
	(void)row;
	if (!json_is_string(v))
		return expected(c, path, "string", v);
	if (json_string_length(v) > 0)
		return true;
	call_invalid(c, path, "Invalid uuid");
	return false;
}

static bool check_digits(struct call *c, const char *path, const struct param *row, const json_t *v)
{
	const char *text = json_string_value(v);

	if (!text)
		return expected(c, path, "string", v);
	if (!*text || strspn(text, "0123456789") != strlen(text)) {
		call_invalid(c, path, "Must be digits only");
		return false;
	}
	return check_length(c, path, row, (int64_t)strlen(text), "String", "digit(s)");
}

static bool check_bool(struct call *c, const char *path, const struct param *row, const json_t *v)
{
	(void)row;
	return json_is_boolean(v) || expected(c, path, "boolean", v);
}

static bool check_int(struct call *c, const char *path, const struct param *row, const json_t *v)
{
	int64_t n = json_integer_value(v);

	if (json_is_real(v)) {
		call_invalid(c, path, "Expected integer, received float");
		return false;
	}
	if (!json_is_integer(v))
		return expected(c, path, "number", v);
	if (bounded(row) && n < row->min) {
		call_invalid(c, path, "Number must be greater than or equal to %" PRId64, row->min);
		return false;
	}
	if (bounded(row) && n > row->max) {
		call_invalid(c, path, "Number must be less than or equal to %" PRId64, row->max);
		return false;
	}
	return true;
}

static bool check_instant(struct call *c, const char *path, const struct param *row, const json_t *v)
{
	struct instant t;

	(void)row;
	if (!json_is_string(v))
		return expected(c, path, "string", v);
	if (instant_parse(json_string_value(v), (gssize)json_string_length(v), &t))
		return true;
	call_invalid(c, path, "Invalid datetime: ISO 8601 with an offset is expected");
	return false;
}

static bool check_word(struct call *c, const char *path, const struct param *row, const json_t *v)
{
	const char *text = json_string_value(v);
	g_autoptr(GString) all = NULL;

	if (!text)
		return expected(c, path, "string", v);
	for (size_t i = 0; row->words[i]; i++) {
		if (strcmp(row->words[i], text) == 0)
			return true;
	}
	all = g_string_new(NULL);
	for (size_t i = 0; row->words[i]; i++)
		g_string_append_printf(all, "%s'%s'", i ? " | " : "", row->words[i]);
	call_invalid(c, path, "Invalid enum value. Expected %s", all->str);
	return false;
}

static bool check_object(struct call *c, const char *path, const struct param *row, const json_t *v)
{
	(void)row;
	return json_is_object(v) || expected(c, path, "object", v);
}

typedef bool check_fn(struct call *c, const char *path, const struct param *row, const json_t *v);

/* one: of each element; count: min and max are of elements, not of the values. */
static const struct kind {
	check_fn *one;
	bool array, count;
} kinds[] = {
	[PARAM_TEXT] = { check_text, false, false },
	[PARAM_UUID] = { check_uuid, false, false },
	[PARAM_DIGITS] = { check_digits, false, false },
	[PARAM_BOOL] = { check_bool, false, false },
	[PARAM_INT] = { check_int, false, false },
	[PARAM_INSTANT] = { check_instant, false, false },
	[PARAM_WORD] = { check_word, false, false },
	[PARAM_TEXTS] = { check_text, true, true },
	[PARAM_INTS] = { check_int, true, false },
	[PARAM_INSTANTS] = { check_instant, true, true },
	[PARAM_OBJECT] = { check_object, false, false },
	[PARAM_OBJECTS] = { check_object, true, true },
};

/* An array without a bound of its own: enough for any house, and no more than is quickly done. */
#define ELEMENTS_MAX 10000
/* So many wrong elements are told one by one. */
#define WRONG_MAX 10

static bool check_array(struct call *c, const struct param *row, const json_t *v)
{
	const struct kind *kind = &kinds[row->kind];
	struct param one = *row;
	struct param all = *row;
	size_t i, wrong = 0;
	json_t *element;

	if (!json_is_array(v))
		return expected(c, row->name, "array", v);
	if (kind->count)
		one.min = one.max = 0;
	if (!kind->count || !bounded(row)) {
		all.min = 0;
		all.max = ELEMENTS_MAX;
	}
	if (!check_length(c, row->name, &all, (int64_t)json_array_size(v), "Array", "element(s)"))
		return false;
	json_array_foreach (v, i, element) {
		g_autofree char *path = g_strdup_printf("%s.%zu", row->name, i);

		if (!kind->one(c, path, &one, element) && ++wrong == WRONG_MAX)
			break;
	}
	if (wrong == WRONG_MAX && i + 1 < json_array_size(v))
		call_invalid(c, row->name, "%zu more element(s) were not looked at",
			     json_array_size(v) - i - 1);
	return wrong == 0;
}

bool param_check(struct call *c, const struct param *row, json_t *given, struct param_value *out)
{
	const struct kind *kind = &kinds[row->kind];
	size_t i;
	json_t *element;

	if (json_is_null(given) && (row->flags & PARAM_NULLABLE)) {
		out->json = json_incref(given);
		return true;
	}
	if (kind->array ? !check_array(c, row, given) : !kind->one(c, row->name, row, given))
		return false;
	out->json = json_incref(given);
	if (row->kind == PARAM_INSTANT)
		instant_parse(json_string_value(given), -1, &out->at);
	if (row->kind != PARAM_TEXTS)
		return true;
	out->n = json_array_size(given);
	out->texts = g_new0(const char *, out->n + 1);
	json_array_foreach (given, i, element)
		out->texts[i] = json_string_value(element);
	return true;
}

/* ---- queries ---- */

/* Text that does not mean what the kind asks for stays text, and is refused as such. */
static json_t *meaning(const struct param *row, const char *text)
{
	char *end;
	gint64 n;

	if (row->kind == PARAM_BOOL && strcmp(text, "true") == 0)
		return json_true();
	if (row->kind == PARAM_BOOL && strcmp(text, "false") == 0)
		return json_false();
	if (row->kind == PARAM_INT || row->kind == PARAM_INTS) {
		n = g_ascii_strtoll(text, &end, 10);
		if (*text && !*end && !g_ascii_isspace(*text) && n != G_MAXINT64 && n != G_MININT64)
			return json_integer(n);
	}
	return json_string(text);
}

/* a=1&a=2, a[]=1, a=1,2; and a= for none. */
static json_t *array_of(const struct param *row, const struct query_value *v)
{
	json_t *array = json_array();
	bool alone = v->texts->len == 1;
	const char *first = v->texts->pdata[0];

	if (alone && !*first)
		return array;
	if (alone && !v->brackets) {
		g_auto(GStrv) parts = g_strsplit(first, ",", -1);

		for (size_t i = 0; parts[i]; i++)
			json_array_append_new(array, meaning(row, parts[i]));
		return array;
	}
	for (guint i = 0; i < v->texts->len; i++)
		json_array_append_new(array, meaning(row, v->texts->pdata[i]));
	return array;
}

/* k.a=1&k.b.c=2 */
static json_t *object_of(const struct param *row, const struct query *q)
{
	g_autofree char *prefix = g_strconcat(row->name, ".", NULL);
	json_t *object = NULL;

	for (guint i = 0; i < q->values->len; i++) {
		const struct query_value *v = q->values->pdata[i];
		g_auto(GStrv) path = NULL;
		json_t *at;
		size_t k = 0;

		if (!g_str_has_prefix(v->name, prefix))
			continue;
		path = g_strsplit(v->name + strlen(prefix), ".", 16);
		at = object = object ? object : json_object();
		for (; path[k] && path[k + 1]; k++) {
			json_t *next = json_object_get(at, path[k]);

			if (!json_is_object(next))
				json_object_set_new(at, path[k], next = json_object());
			at = next;
		}
		if (path[k])
			json_object_set_new(at, path[k], json_string(v->texts->pdata[0]));
	}
	return object;
}

json_t *param_of_query(const struct param *row, const struct query *q)
{
	const struct query_value *v = query_find(q, row->name);

	if (!v)
		return row->kind == PARAM_OBJECT ? object_of(row, q) : NULL;
	if (kinds[row->kind].array)
		return array_of(row, v);
	/* Clients leave an empty text out: what is empty is null. */
	if (v->texts->len == 1 && !*(const char *)v->texts->pdata[0])
		return json_null();
	if (v->texts->len > 1 || v->brackets)
		return array_of(row, v);
	return meaning(row, v->texts->pdata[0]);
}
