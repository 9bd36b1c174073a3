/* test-screens - what the screens besides the form say: keys pressed, words looked for. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>

#include "desk.h"

static void the_search_line_counts_as_people_do(void **state)
{
	static const struct {
		const char *keys, *words;
	} rows[] = {
		{ "/ =dubois", "1 lock, 1 code " },
		{ "/ =garden", "2 locks, 0 codes " },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].words));
		press(d, "Esc");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(the_search_line_counts_as_people_do),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
