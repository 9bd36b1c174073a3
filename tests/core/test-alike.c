/* alike: which names are not written as they are read, and as what they are read. */
#include "tests/core/rows.h"

#include "core/alike.h"

static const struct {
	const char *name, *written, *read_as; /* NULL: as it is written */
	unsigned alike;
} rows[] = {
	{ "nothing", NULL, NULL, 0 },
	{ "plain", "Anna Berg", NULL, 0 },
	{ "accents are how they are written", "Müller, Zoë", NULL, 0 },
	{ "another script that looks like none", "伊藤 花子", NULL, 0 },
	{ "Arabic", "حداد، ليلى", NULL, 0 },
	{ "a Cyrillic capital", "\u0410nna", "anna", ALIKE_CYRILLIC },
	{ "Cyrillic throughout", "\u0412\u0435\u0440\u0430", "bepa", ALIKE_CYRILLIC },
	{ "Cyrillic, and it has letters of its own", "\u0410\u043d\u043d\u0430 \u0414", "ahha \u0434", ALIKE_CYRILLIC },
	{ "with points that are left out", "\u0451va", "eva", ALIKE_CYRILLIC },
	{ "Greek: the capital is an N, the small one a v", "\u039di\u03bdo", "nivo", ALIKE_GREEK },
	{ "Armenian", "R\u0585ssi", "rossi", ALIKE_OTHER },
	{ "wide", "\uff21\uff4e\uff4e\uff41", "anna", ALIKE_STYLED },
	{ "mathematical", "\U0001d400nna", "anna", ALIKE_STYLED },
	{ "in a circle", "\u24b6nna", "anna", ALIKE_STYLED },
	{ "a space without width", "An\u200bna", "anna", ALIKE_UNSEEN },
	{ "a soft hyphen", "An\u00adna", "anna", ALIKE_UNSEEN },
	{ "a filler", "Anna\u3164", "anna", ALIKE_UNSEEN },
	{ "several", "\u0410n\u200bna", "anna", ALIKE_CYRILLIC | ALIKE_UNSEEN },
	{ "bytes that are no character", "Ann\xff", NULL, 0 },
};

static void a_name_is_read_as_its_shapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *read_as = NULL;
		unsigned alike = text_alike(rows[i].written, &read_as);

		if (alike != rows[i].alike || g_strcmp0(read_as, rows[i].read_as) != 0)
			fail_msg("%s: %u, '%s'", rows[i].name, alike, read_as ? read_as : "-");
	}
}

static void it_is_said_in_words(void **state)
{
	g_autofree char *words = alike_words(ALIKE_CYRILLIC | ALIKE_UNSEEN);

	(void)state;
	assert_string_equal(words, "Cyrillic letters, signs that cannot be seen");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_read_as_its_shapes),
		cmocka_unit_test(it_is_said_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
