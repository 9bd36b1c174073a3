/* Tests of core/jsonin: values with their paths, in order; broken text is refused, never read
 * behind its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/jsonin.h"

static void note(const char *path, const char *text, void *ctx)
{
	g_string_append_printf(ctx, "[%s=%s]", path, text ? text : "(null)");
}

static const struct {
	const char *json, *told;
	bool ok;
} walk_row[] = {
	{ "{}", "", true },
	{ "[]", "", true },
	{ "\"a\"", "[=a]", true },
	{ "{\"a\":1,\"b\":[true,null,-2.5e3]}", "[a=1][b.0=true][b.1=(null)][b.2=-2.5e3]", true },
	{ " { \"a\" : { \"b\" : [ { \"c\" : \"d\" } ] } } ", "[a.b.0.c=d]", true },
	{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "[=\"\\/\b\f\n\r\t]", true },
	{ "\"\\u00fc\\ud83d\\udd11\"", "[=\xc3\xbc\xf0\x9f\x94\x91]", true },
	{ "\"\\ud83d x \\u0000\"", "[=\xef\xbf\xbd x \xef\xbf\xbd]", true },
	{ "", "", false },
	{ "{", "", false },
	{ "{\"a\"", "", false },
	{ "{\"a\":", "", false },
	{ "{\"a\":1", "[a=1]", false },
	{ "{\"a\":1,}", "[a=1]", false },
	{ "[1,2", "[0=1][1=2]", false },
	{ "\"abc", "", false },
	{ "\"abc\\", "", false },
	{ "\"\\u12", "", false },
	{ "\"\\x\"", "", false },
	{ "{} {}", "", false },
};

static void values_are_told_with_their_paths_and_broken_text_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(walk_row); i++) {
		g_autoptr(GString) told = g_string_new(NULL);
		/* A copy without room behind it, so that the sanitizer sees a read too far. */
		g_autofree char *json = g_memdup2(walk_row[i].json, strlen(walk_row[i].json) + 1);
		assert_int_equal(jsonin_walk(json, note, told), walk_row[i].ok);
		assert_string_equal(told->str, walk_row[i].told);
	}
}

static void every_beginning_of_a_text_is_refused_safely(void **state)
{
	static const char whole[] = "{\"k\\u00e9\":[\"\\ud83d\\udd11\",{\"b\":\"\\\\\"}],\"c\":12}";

	(void)state;
	for (size_t len = 0; len < strlen(whole); len++) {
		g_autoptr(GString) told = g_string_new(NULL);
		g_autofree char *json = g_strndup(whole, len);
		assert_false(jsonin_walk(json, note, told));
	}
}

static void depth_is_bounded(void **state)
{
	(void)state;
	g_autofree char *deep = g_strnfill(100000, '[');
	g_autoptr(GString) told = g_string_new(NULL);
	assert_false(jsonin_walk(deep, note, told));
}

static void validation_errors_become_lines(void **state)
{
	static const char tree[] = "{\"_errors\":[\"both or neither\"],\"ends_at\":{\"_errors\":"
				   "[\"Required\",\"late\"]},\"a\":{\"b\":{\"_errors\":[\"x\"]}}}";

	(void)state;
	g_autofree char *lines = jsonin_validation_lines(tree);
	assert_string_equal(lines, "both or neither\nends_at: Required\nends_at: late\na.b: x");
	g_autofree char *one = jsonin_validation_of(tree, "ends_at");
	assert_string_equal(one, "Required");
	assert_null(jsonin_validation_of(tree, "name"));
	assert_null(jsonin_validation_lines("{\"_errors\":[]}"));
	assert_null(jsonin_validation_lines(NULL));
}

int main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(values_are_told_with_their_paths_and_broken_text_is_refused),
		cmocka_unit_test(every_beginning_of_a_text_is_refused_safely),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(validation_errors_become_lines),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
