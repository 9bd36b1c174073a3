/* Codes of one lock that a guest may take for each other. */
#include "rows.h"

#include "core/pin_rival.h"

#define H(n) { INT64_C(3600000) * (n) }
#define OPEN { INT64_MIN }

static void two_pins_are_like_each_other_in_one_way(void **state)
{
	static const struct {
		const char *a, *b;
		enum pin_likeness like;
	} table[] = {
		{ "4812", "4812", PIN_EQUAL },	  { "4812", "4813", PIN_ONE_DIGIT }, { "4812", "4821", PIN_SWAPPED },
		{ "4812", "481234", PIN_BEGINS }, { "481234", "4812", PIN_BEGINS },  { "4812", "2184", PIN_UNLIKE },
		{ "4812", "4831", PIN_UNLIKE },	  { "4812", "8412", PIN_SWAPPED },   { "4812", "048120", PIN_UNLIKE },
		{ "", "4812", PIN_UNLIKE },	  { "", "", PIN_UNLIKE },	     { "1122", "1212", PIN_SWAPPED },
	};

	(void)state;
	FOR_ROWS(i, table)
	{
		ROW_INT(table[i].b, pin_likeness(table[i].a, table[i].b), table[i].like);
		ROW_INT(table[i].b, pin_likeness(table[i].b, table[i].a), table[i].like);
		ROW_INT(table[i].b, pin_confusable(table[i].a, table[i].b), table[i].like != PIN_UNLIKE);
	}
}

static void it_matters_where_both_are_in_force(void **state)
{
	static const struct {
		const char *name;
		struct pin_use use[3]; /* asked of the first */
		size_t n;
		int rival;
		enum pin_likeness how;
	} table[] = {
		{ "alone", { { "4812", H(1), H(5) } }, 1, -1, PIN_UNLIKE },
		{ "one digit, at once", { { "4812", H(1), H(5) }, { "4813", H(4), H(9) } }, 2, 1, PIN_ONE_DIGIT },
		{ "one ends as the other begins", { { "4812", H(1), H(5) }, { "4813", H(5), H(9) } }, 2, -1,
		  PIN_UNLIKE },
		{ "and the other way round", { { "4812", H(5), H(9) }, { "4813", H(1), H(5) } }, 2, -1, PIN_UNLIKE },
		{ "one of them for ever", { { "4812", H(1), H(5) }, { "4821", OPEN, OPEN } }, 2, 1, PIN_SWAPPED },
		{ "both for ever", { { "4812", OPEN, OPEN }, { "48127", OPEN, OPEN } }, 2, 1, PIN_BEGINS },
		{ "of two the likest", { { "4812", OPEN, OPEN }, { "4813", OPEN, OPEN }, { "4812", H(1), OPEN } },
		  3, 2, PIN_EQUAL },
		{ "a PIN that nobody knows", { { NULL, OPEN, OPEN }, { "4813", OPEN, OPEN } }, 2, -1, PIN_UNLIKE },
		{ "the other's is not known", { { "4812", OPEN, OPEN }, { NULL, OPEN, OPEN } }, 2, -1, PIN_UNLIKE },
		{ "not alike", { { "4812", OPEN, OPEN }, { "9370", OPEN, OPEN } }, 2, -1, PIN_UNLIKE },
	};

	(void)state;
	FOR_ROWS(i, table)
	{
		enum pin_likeness how = PIN_EQUAL;

		ROW_INT(table[i].name, pin_rival(table[i].use, table[i].n, 0, &how), table[i].rival);
		ROW_INT(table[i].name, how, table[i].how);
		assert_non_null(pin_likeness_words(how));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_pins_are_like_each_other_in_one_way),
		cmocka_unit_test(it_matters_where_both_are_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
