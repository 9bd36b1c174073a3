/* fuzz-when: a typed time gives a moment that can be written and typed back, or a message that
 * can be shown. The first byte chooses the zone, and whether a start or an end is meant. */
#include "core/text.h"
#include "core/when.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const zones[] = { "UTC", "Europe/Berlin", "America/New_York",
					     "Australia/Lord_Howe" };
	uint8_t choice = size > 0 ? data[0] : 0;
	struct when_context ctx = {
		.zone = zone_get(zones[choice % 4]),
		.now = { 1774742400000 + (choice >> 3) * 31 * DAY_MS }, /* 29 March 2026 and on */
		.base = { 1774742400000 + (choice >> 3) * 31 * DAY_MS + 6 * HOUR_MS },
		.default_minutes = 15 * 60,
		.is_end = choice & 4,
	};
	g_autofree char *text = g_strndup((const char *)data + (size > 0), size - (size > 0));
	g_autoptr(GError) err = NULL;
	struct instant first, second;
	char iso[INSTANT_TEXT_MAX];

	if (!when_parse(text, &ctx, &first, NULL, &err)) {
		g_autofree char *safe = text_safe(err->message);

		g_assert_cmpstr(err->message, ==, safe);
		return 0;
	}
	g_assert_true(instant_known(first));
	instant_format(first, iso);
	/* A length can lead beyond the years that ISO 8601 has four digits for. */
	if (iso[0] == '+' || iso[0] == '-')
		return 0;
	g_assert_true(when_parse(iso, &ctx, &second, NULL, NULL));
	g_assert_cmpint(first.ms, ==, second.ms);
	return 0;
}
