/* fuzz-instant: what is read can be written, and read again as the same moment. */
#include "core/instant.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct instant first = { 42 }, second;
	char text[INSTANT_TEXT_MAX];

	if (!instant_parse((const char *)data, (gssize)size, &first)) {
		g_assert_cmpint(first.ms, ==, 42);
		return 0;
	}
	instant_format(first, text);
	g_assert_true(instant_parse(text, -1, &second));
	g_assert_cmpint(first.ms, ==, second.ms);
	return 0;
}
