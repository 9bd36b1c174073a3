/* Tests of core/jsonout: what is written must be read back by another library (jansson) as what
 * was meant, whatever the bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "core/jsonout.h"

static json_t *parse(const GString *out)
{
	json_error_t e;
	json_t *v = json_loads(out->str, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);

	if (!v)
		fail_msg("%s at %d in: %s", e.text, e.position, out->str);
	return v;
}

static const struct {
	const char *text, *read_back;
} string_row[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "a \"quoted\" \\ word", "a \"quoted\" \\ word" },
	{ "line\nbreak\ttab\rreturn\b\f", "line\nbreak\ttab\rreturn\b\f" },
	{ "\x01\x1b[31m\x7f", "\x01\x1b[31m\x7f" },
	{ "Mu\xc3\xb1oz \xe6\x9d\xb1 \xf0\x9f\x94\x91",
	  "Mu\xc3\xb1oz \xe6\x9d\xb1 \xf0\x9f\x94\x91" },
	{ "bad \xff byte", "bad \xef\xbf\xbd byte" },
	{ "cut \xe6\x9d", "cut \xef\xbf\xbd\xef\xbf\xbd" },
	{ "overlong \xc0\xaf", "overlong \xef\xbf\xbd\xef\xbf\xbd" },
	{ "surrogate \xed\xa0\x80", "surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
};

static void a_string_is_read_back_as_it_was_or_with_marks_for_bad_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(string_row); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		jsonout_string(out, NULL, string_row[i].text);
		json_t *v = parse(out);
		assert_string_equal(json_string_value(v), string_row[i].read_back);
		json_decref(v);
	}
}

static void no_control_byte_is_in_the_text(void **state)
{
	(void)state;
	char all[256];
	for (int i = 0; i < 255; i++)
		all[i] = (char)(i + 1);
	all[255] = '\0';
	g_autoptr(GString) out = g_string_new(NULL);
	jsonout_string(out, NULL, all);
	for (size_t i = 0; i < out->len; i++)
		assert_true((unsigned char)out->str[i] >= 0x20 && out->str[i] != 0x7f);
	assert_true(g_utf8_validate(out->str, -1, NULL));
	json_decref(parse(out));
}

static void commas_stand_between_members_and_nowhere_else(void **state)
{
	(void)state;
	g_autoptr(GString) out = g_string_new(NULL);

	jsonout_object(out, NULL);
	jsonout_array(out, "empty");
	jsonout_array_end(out);
	jsonout_object(out, "none");
	jsonout_object_end(out);
	jsonout_array(out, "mixed");
	jsonout_int(out, NULL, INT64_MIN);
	jsonout_bool(out, NULL, true);
	jsonout_null(out, NULL);
	jsonout_string(out, NULL, "ends in {");
	jsonout_object(out, NULL);
	jsonout_string(out, "ends in :", "[");
	jsonout_bool(out, "b", false);
	jsonout_object_end(out);
	jsonout_array_end(out);
	jsonout_object_end(out);
	assert_string_equal(out->str,
			    "{\"empty\":[],\"none\":{},\"mixed\":[-9223372036854775808,true,"
			    "null,\"ends in {\",{\"ends in :\":\"[\",\"b\":false}]}");
	json_decref(parse(out));
}

static void unknown_is_null(void **state)
{
	(void)state;
	g_autoptr(GString) out = g_string_new(NULL);

	jsonout_object(out, NULL);
	jsonout_string(out, "name", NULL);
	jsonout_tri(out, "online", TRI_UNKNOWN);
	jsonout_tri(out, "locked", TRI_YES);
	jsonout_tri(out, "open", TRI_NO);
	jsonout_instant(out, "starts_at", INSTANT_NONE);
	jsonout_instant(out, "ends_at", (struct instant){ 0 });
	jsonout_raw(out, "errors", NULL);
	jsonout_object_end(out);
	assert_string_equal(out->str,
			    "{\"name\":null,\"online\":null,\"locked\":true,\"open\":false,"
			    "\"starts_at\":null,\"ends_at\":\"1970-01-01T00:00:00.000Z\","
			    "\"errors\":null}");
}

static const struct {
	const char *object, *whole;
} members_row[] = {
	{ NULL, "{\"a\":1,\"z\":2}" },
	{ "", "{\"a\":1,\"z\":2}" },
	{ "{}", "{\"a\":1,\"z\":2}" },
	{ " { \n } ", "{\"a\":1,\"z\":2}" },
	{ "[1]", "{\"a\":1,\"z\":2}" },
	{ "{\"b\":{\"c\":[]}}", "{\"a\":1,\"b\":{\"c\":[]},\"z\":2}" },
	{ " {\"b\":\"}\" } ", "{\"a\":1,\"b\":\"}\",\"z\":2}" },
};

static void members_of_a_stored_object_join_the_one_being_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(members_row); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		jsonout_object(out, NULL);
		jsonout_int(out, "a", 1);
		jsonout_members(out, members_row[i].object);
		jsonout_int(out, "z", 2);
		jsonout_object_end(out);
		assert_string_equal(out->str, members_row[i].whole);
	}
}

static void lines_are_values_of_their_own(void **state)
{
	(void)state;
	g_autoptr(GString) out = g_string_new(NULL);

	for (int i = 0; i < 2; i++) {
		jsonout_object(out, NULL);
		jsonout_int(out, "n", i);
		jsonout_object_end(out);
		g_string_append_c(out, '\n');
	}
	assert_string_equal(out->str, "{\"n\":0}\n{\"n\":1}\n");
}

/* Raw in a server's text, these would be obeyed by the terminal or turn the line around. */
static void nothing_unseen_is_written_raw(void **state)
{
	static const struct {
		const char *raw, *escaped;
	} row[] = {
		{ "\xc2\x9b", "\\u009b" },     { "\xe2\x80\x8b", "\\u200b" },
		{ "\xe2\x80\xae", "\\u202e" }, { "\xe2\x81\xa6", "\\u2066" },
		{ "\xef\xbb\xbf", "\\ufeff" }, { "\x7f", "\\u007f" },
		{ "\xd8\x9c", "\\u061c" },     { "\xf3\xa0\x81\x81", "\\udb40\\udc41" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autofree char *json = g_strdup_printf("{\"%s\":\"a%sb\"}", row[i].raw, row[i].raw);
		g_autofree char *text = g_strdup_printf("a%sb", row[i].raw);

		jsonout_object(out, NULL);
		jsonout_string(out, "own", text);
		jsonout_raw(out, "raw", json);
		jsonout_members(out, json);
		jsonout_object_end(out);
		assert_null(strstr(out->str, row[i].raw));
		assert_non_null(strstr(out->str, row[i].escaped));
		json_t *v = parse(out);
		assert_string_equal(json_string_value(json_object_get(v, "own")), text);
		assert_string_equal(json_string_value(json_object_get(v, row[i].raw)), text);
		json_decref(v);
	}
}

int main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(a_string_is_read_back_as_it_was_or_with_marks_for_bad_bytes),
		cmocka_unit_test(nothing_unseen_is_written_raw),
		cmocka_unit_test(no_control_byte_is_in_the_text),
		cmocka_unit_test(commas_stand_between_members_and_nowhere_else),
		cmocka_unit_test(unknown_is_null),
		cmocka_unit_test(members_of_a_stored_object_join_the_one_being_written),
		cmocka_unit_test(lines_are_values_of_their_own),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
