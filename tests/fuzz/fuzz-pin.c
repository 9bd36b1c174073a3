/* fuzz-pin: rules read from any text are rules: lengths that the API has, and a PIN made by them
 * fits them. The text before the first line feed is the lengths, after it the constraints. */
#include <string.h>

#include "core/pin.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *lengths = g_strndup((const char *)data, size);
	char *constraints = strchr(lengths, '\n');
	struct lock lock = { .device_type = "nuki_lock", .code_lengths = lengths };
	char pin[PIN_MAX + 1];

	if (constraints) {
		*constraints = '\0';
		lock.code_constraints = constraints + 1;
	}

	struct pin_rules rules = pin_rules_of(&lock);
	g_autofree char *words = pin_rules_words(&rules);

	g_assert_cmpuint(strlen(words), >, 0);
	g_assert_cmpuint(rules.lengths & ~UINT32_C(0x1ff0), ==, 0);
	g_assert_cmpint(rules.name_min, >=, 0);
	g_assert_cmpint(rules.name_max, >=, 0);
	if (pin_generate(&rules, 0, NULL, NULL, pin))
		g_assert_null(pin_check(pin, &rules));
	pin_check(lengths, &rules);
	return 0;
}
