/* jsonout: what is escaped, what is mended, and that neither depends on where in a text it stands. */
#include "tests/core/rows.h"

#include "core/jsonout.h"

static void writes_texts_that_any_reader_and_any_terminal_can_take(void **state)
{
	static const struct {
		const char *text, *json;
	} row[] = {
		{ "", "\"\"" },
		{ "plain, with $%&'()*+,-./:;<=>?@[]^_`{|}~ and !", NULL },
		{ "\"", "\"\\\"\"" },
		{ "\\", "\"\\\\\"" },
		{ "a\tb\nc", "\"a\\u0009b\\u000ac\"" },
		{ "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
		{ "M\xc3\xbcller \xe6\x97\xa5 \xf0\x9f\x98\x80", NULL },
		{ "\xc2\x80", "\"\\u0080\"" },
		{ "\xe2\x80\x8b\xe2\x80\xae\xef\xbb\xbf", "\"\\u200b\\u202e\\ufeff\"" },
		{ "\xff", "\"\xef\xbf\xbd\"" },
		{ "\xc3", "\"\xef\xbf\xbd\"" },
		{ "\xe2\x82\"", "\"\xef\xbf\xbd\xef\xbf\xbd\\\"\"" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		g_autofree char *as_it_is = g_strdup_printf("\"%s\"", row[i].text);
		const char *want = row[i].json ? row[i].json : as_it_is;

		/* Behind, before and between so many plain bytes. */
		for (int before = 0; before < 20; before++) {
			for (int after = 0; after < 10; after += 9) {
				g_autofree char *left = g_strnfill((gsize)before, '!');
				g_autofree char *right = g_strnfill((gsize)after, '~');
				g_autofree char *text =
					g_strconcat(left, row[i].text, right, NULL);
				g_autofree char *json = g_strdup_printf(
					"[\"%s%.*s%s\"", left, (int)strlen(want) - 2, want + 1,
					right);
				g_autoptr(GString) out = g_string_new("[");

				jsonout_string(out, NULL, text);
				ROW_TEXT(row[i].text, out->str, json);
				ROW_INT(row[i].text, out->len, strlen(json));
			}
		}
	}
}

static void escapes_every_byte_that_must_not_stand_raw(void **state)
{
	(void)state;
	for (int ch = 1; ch < 0x80; ch++) {
		char text[] = { 'a', 'b', 'c', (char)ch, 'd', 'e', 'f', 'g', 'h', '\0' };
		bool raw = ch >= ' ' && ch < 0x7f && ch != '"' && ch != '\\';
		g_autoptr(GString) out = g_string_new(NULL);

		jsonout_string(out, NULL, text);
		ROW_INT(text, out->len, raw ? 11 : ch == '"' || ch == '\\' ? 12 : 16);
		ROW_INT(text, out->str[4], raw ? ch : '\\');
	}
}

static void puts_commas_between_members_and_nowhere_else(void **state)
{
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	jsonout_object(out, NULL);
	jsonout_string(out, "a\"", "x,");
	jsonout_null(out, "b");
	jsonout_array(out, "c");
	jsonout_int(out, NULL, 0);
	jsonout_int(out, NULL, -7);
	jsonout_int(out, NULL, INT64_MIN);
	jsonout_int(out, NULL, INT64_MAX);
	jsonout_array_end(out);
	jsonout_members(out, " { \"d\" : 1 } ");
	jsonout_raw(out, "e", "{\"f\":\"\xe2\x80\xae\xff\"}");
	jsonout_instant(out, "g", (struct instant){ INT64_C(1767614400007) });
	jsonout_bool(out, "h", true);
	jsonout_object_end(out);
	assert_string_equal(out->str,
			    "{\"a\\\"\":\"x,\",\"b\":null,\"c\":[0,-7,-9223372036854775808,"
			    "9223372036854775807],\"d\" : 1,\"e\":{\"f\":\"\\u202e\xef\xbf\xbd\"},"
			    "\"g\":\"2026-01-05T12:00:00.007Z\",\"h\":true}");
}

static void a_pin_is_struck_out_of_words_and_of_json(void **state)
{
	static const struct {
		const char *words, *key, *pin, *struck; /* key "-": plain words */
	} ROWS[] = {
		{ "PIN 1234 is taken", "-", "1234", "PIN •••• is taken" },
		{ "1234", "-", "1234", "••••" },
		{ "1234,1234", "-", "1234", "••••,••••" },
		{ "12345 and 01234 are others", "-", "1234", NULL },
		{ "nothing", "-", "1234", NULL },
		{ "1234", "-", "", NULL },
		{ "1234", "-", NULL, NULL },
		{ NULL, "-", "1234", NULL },
		{ "[{\"message\":\"1234 is weak\",\"created_at\":\"1234-01-01\"}]", "message", "1234",
		  "[{\"message\":\"•••• is weak\",\"created_at\":\"1234-01-01\"}]" },
		{ "[{\"message\" : \"a \\\"1234\\\"\", \"n\": 1234}]", "message", "1234",
		  "[{\"message\" : \"a \\\"••••\\\"\", \"n\": 1234}]" },
		{ "[\"message\", \"1234\"]", "message", "1234", NULL },
		{ "{\"messages\":\"1234\"}", "message", "1234", NULL },
		{ "{\"code\":{\"_errors\":[\"1234 is weak\"]},\"n\":1234}", NULL, "1234",
		  "{\"code\":{\"_errors\":[\"•••• is weak\"]},\"n\":1234}" },
		{ "{\"1234\":\"x\"}", NULL, "1234", NULL },
		{ "{\"message\":\"1234", "message", "1234", "{\"message\":\"••••" },
		{ "{\"message\":\"1234\\", "message", "1234", "{\"message\":\"••••\\" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		bool plain = g_strcmp0(ROWS[i].key, "-") == 0;
		g_autofree char *struck = plain ? pin_struck(ROWS[i].words, ROWS[i].pin) :
						  json_pin_struck(ROWS[i].words, ROWS[i].key, ROWS[i].pin);

		if (g_strcmp0(struck, ROWS[i].struck) != 0)
			fail_msg("row %zu: %s", i, struck ? struck : "(none)");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_texts_that_any_reader_and_any_terminal_can_take),
		cmocka_unit_test(escapes_every_byte_that_must_not_stand_raw),
		cmocka_unit_test(puts_commas_between_members_and_nowhere_else),
		cmocka_unit_test(a_pin_is_struck_out_of_words_and_of_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
