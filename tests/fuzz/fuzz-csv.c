/* fuzz-csv: any bytes become reservations or a reason, and each that is taken has a window that ends
 * after it begins, a key, and names that are one line of text. fuzz-ical is the same with calendars. */
#include <string.h>

#include "feed/parse.h"
#include "tests/fuzz/fuzz.h"

static void look(const char *text)
{
	if (!text)
		return;
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p += g_utf8_skip[(guchar)*p])
		g_assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parse_context ctx = { zone_get("Europe/Berlin"), { INT64_C(1795378680000) }, 15 * 60, 11 * 60 };
	g_autoptr(GError) err = NULL;
	OWN(reservations) struct reservations *all = feed_parse((const char *)data, size, &ctx, &err);

	g_assert_true((all != NULL) != (err != NULL));
	if (err)
		g_assert_true(g_utf8_validate(err->message, -1, NULL));
	for (guint i = 0; all && i < all->rows->len; i++) {
		const struct reservation *r = reservations_at(all, i);

		look(r->key);
		look(r->guest);
		look(r->door);
		g_assert_true(r->refused || (r->key && *r->key && instant_before(r->starts_at, r->ends_at)));
		g_assert_cmpint(r->line, >, 0);
		g_assert_true(!r->phone || strspn(r->phone, "0123456789") == strlen(r->phone));
	}
	return 0;
}
