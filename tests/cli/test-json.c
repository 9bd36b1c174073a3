/* PINs inside stored JSON: every one becomes null, everything else stays byte for byte. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cli/json.h"

static const struct {
	const char *json, *without;
} pin_row[] = {
	{ "{}", "{}" },
	{ "{\"code\":\"1234\"}", "{\"code\":null}" },
	{ "{\"code\":1234}", "{\"code\":null}" },
	{ "{\"code\":null}", "{\"code\":null}" },
	{ "{ \"code\" : \"1234\" , \"x\" : 1 }", "{ \"code\" : null , \"x\" : 1 }" },
	{ "{\"a\":[{\"code\":\"1234\"}]}", "{\"a\":[{\"code\":null}]}" },
	{ "{\"from\":{\"code\":\"1\"},\"to\":{\"code\":\"2\"}}",
	  "{\"from\":{\"code\":null},\"to\":{\"code\":null}}" },
	{ "{\"field\":\"code\",\"from\":\"1234\",\"to\":\"5678\"}",
	  "{\"field\":\"code\",\"from\":null,\"to\":null}" },
	{ "{\"field\":\"ends_at\",\"from\":\"2026-01-01T00:00:00Z\"}",
	  "{\"field\":\"ends_at\",\"from\":\"2026-01-01T00:00:00Z\"}" },
	{ "{\"error_code\":\"1234\",\"name\":\"code\"}",
	  "{\"error_code\":\"1234\",\"name\":\"code\"}" },
	{ "{\"name\":\"\\\"code\\\":\\\"1234\\\"\"}", "{\"name\":\"\\\"code\\\":\\\"1234\\\"\"}" },
	{ "{\"code\":\"\"}", "{\"code\":\"\"}" },
	{ "{\"code\":\"12", "{\"code\":\"12" },
	{ "{\"code\"", "{\"code\"" },
	{ "\"", "\"" },
};

static void pins_become_null_and_the_rest_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(pin_row); i++) {
		g_autofree char *json = g_strdup(pin_row[i].json);
		g_autofree char *without = json_without_pins(json);
		assert_string_equal(without, pin_row[i].without);
	}
	assert_null(json_without_pins(NULL));
}

int main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(pins_become_null_and_the_rest_stays),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
