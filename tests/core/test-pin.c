/* pin: the rules of devices, checking while typing, and PINs that are really random. */
#include "tests/core/rows.h"

#include "core/pin.h"

#define L(n) (UINT32_C(1) << (n))
#define ALL  UINT32_C(0x1ff0)

static void rules_are_read_from_the_device(void **state)
{
	static const struct {
		const char *name, *type, *lengths, *constraints;
		struct pin_rules want;
	} row[] = {
		{ "nothing known", "x_lock", NULL, NULL, { .lengths = ALL } },
		{ "the traits of its type", "nuki_lock", NULL, NULL, { .lengths = L(6) } },
		{ "the device overrides them",
		  "nuki_lock",
		  "[4, 8]",
		  NULL,
		  { .lengths = L(4) | L(8) } },
		{ "the provider chooses",
		  "salto_lock",
		  "[6]",
		  NULL,
		  { .lengths = L(6), .rules = PIN_CHOSEN_BY_PROVIDER } },
		{ "unless the device states other rules",
		  "salto_lock",
		  "[6]",
		  "[{\"constraint_type\":\"no_zeros\"}]",
		  { .lengths = L(6), .rules = PIN_NO_ZEROS } },
		{ "out of the API's range",
		  "x_lock",
		  "[3,4,20,-5,4000000000]",
		  NULL,
		  { .lengths = L(4) } },
		{ "no length that fits", "nuki_lock", "[20]", NULL, { .lengths = 0 } },
		{ "an empty list says nothing", "nuki_lock", "[]", NULL, { .lengths = L(6) } },
		{ "Nuki",
		  "nuki_lock",
		  "[6]",
		  "[{\"constraint_type\":\"no_zeros\"},{\"constraint_type\":\"cannot_start_with_"
		  "12\"},"
		  "{\"constraint_type\":\"name_length\",\"max_length\":20}]",
		  { .lengths = L(6),
		    .rules = PIN_NO_ZEROS | PIN_NOT_STARTING_12,
		    .name_max = 20 } },
		{ "numbers before the type, blanks",
		  "x_lock",
		  NULL,
		  " [ { \"min_length\" : 2 , \"max_length\" : 14 , \"constraint_type\" : "
		  "\"name_length\" } ] ",
		  { .lengths = ALL, .name_min = 2, .name_max = 14 } },
		{ "all of them",
		  "x_lock",
		  NULL,
		  "[{\"constraint_type\":\"no_triple_consecutive_ints\"},"
		  "{\"constraint_type\":\"cannot_specify_pin_code\"},"
		  "{\"constraint_type\":\"pin_code_matches_existing_set\"},"
		  "{\"constraint_type\":\"start_date_in_future\"},"
		  "{\"constraint_type\":\"no_ascending_or_descending_sequence\"},"
		  "{\"constraint_type\":\"at_least_three_unique_digits\"},"
		  "{\"constraint_type\":\"no_all_same_digits\"},"
		  "{\"constraint_type\":\"unique_first_four_digits\"},"
		  "{\"constraint_type\":\"cannot_contain_089\"},"
		  "{\"constraint_type\":\"cannot_contain_0789\"},"
		  "{\"constraint_type\":\"name_must_be_unique\"}]",
		  { .lengths = ALL,
		    .rules = 0x1fff & ~(unsigned)(PIN_NO_ZEROS | PIN_NOT_STARTING_12) } },
		{ "of the future",
		  "x_lock",
		  NULL,
		  "[{\"constraint_type\":\"prime_numbers\",\"of\":[1,{\"min_length\":3}]},"
		  "{\"constraint_type\":\"no_zeros\"},{\"constraint_type\":\"more\"}]",
		  { .lengths = ALL, .rules = PIN_NO_ZEROS, .unknown = 2 } },
		{ "garbage", "x_lock", "]][[{\"4", "{\"constraint_type\":", { .lengths = ALL } },
		{ "broken off",
		  "x_lock",
		  "[4,5,",
		  "[{\"constraint_type\":\"no_zeros\"},{\"constr",
		  { .lengths = L(4) | L(5), .rules = PIN_NO_ZEROS } },
		{ "strings for numbers, null",
		  "x_lock",
		  "[\"x\",null,6]",
		  "[null,3,\"no_zeros\",{}]",
		  { .lengths = L(6) } },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct lock lock = { .device_type = row[i].type,
				     .code_lengths = row[i].lengths,
				     .code_constraints = row[i].constraints };
		struct pin_rules got = pin_rules_of(&lock);

		ROW_INT(row[i].name, got.lengths, row[i].want.lengths);
		ROW_INT(row[i].name, got.rules, row[i].want.rules);
		ROW_INT(row[i].name, got.name_min, row[i].want.name_min);
		ROW_INT(row[i].name, got.name_max, row[i].want.name_max);
		ROW_INT(row[i].name, got.unknown, row[i].want.unknown);
	}
}

static void joined_rules_suit_both(void **state)
{
	struct pin_rules a = { .lengths = L(4) | L(6), .rules = PIN_NO_ZEROS, .name_max = 20 };
	struct pin_rules b = { .lengths = L(6) | L(8),
			       .rules = PIN_NO_089,
			       .name_min = 2,
			       .name_max = 14,
			       .unknown = 1 };
	struct pin_rules c = { .lengths = L(4) };
	struct pin_rules ab = pin_rules_join(a, b), abc = pin_rules_join(ab, c);

	(void)state;
	assert_int_equal(ab.lengths, L(6));
	assert_int_equal(ab.rules, PIN_NO_ZEROS | PIN_NO_089);
	assert_int_equal(ab.name_min, 2);
	assert_int_equal(ab.name_max, 14);
	assert_int_equal(ab.unknown, 1);
	assert_int_equal(abc.lengths, 0);
	assert_int_equal(abc.name_max, 14);
	assert_non_null(pin_check("1357", &abc));
}

static void a_pin_is_checked_while_it_is_typed(void **state)
{
	static const struct {
		const char *pin;
		uint32_t lengths;
		unsigned rules;
		const char *says; /* a part of the sentence, NULL: fits */
	} row[] = {
		{ "2468", L(4), 0, NULL },
		{ "", L(4), 0, PIN_INCOMPLETE },
		{ "24", L(4), 0, PIN_INCOMPLETE },
		{ "24681", L(4) | L(6), 0, PIN_INCOMPLETE },
		{ "24681", L(4), 0, "takes 4 digits" },
		{ "246813", L(4) | L(5), 0, "4 or 5 digits" },
		{ "1234567890123", ALL, 0, "4 to 12 digits" },
		{ "12345678901234567890123456789012345", ALL, 0, "4 to 12 digits" },
		{ "24a8", L(4), 0, "digits only" },
		{ "24 8", L(4), 0, "digits only" },
		{ "\u0661\u0662\u0663\u0664", L(4), 0, "digits of another script" },
		{ "2468", 0, 0, "no length" },
		{ "2468", L(4), PIN_CHOSEN_BY_PROVIDER, "leave it empty" },
		{ "", L(4), PIN_CHOSEN_BY_PROVIDER, NULL },
		/* What more digits cannot mend is said at once. */
		{ "20", L(4), PIN_NO_ZEROS, "no 0" },
		{ "2222", L(4), PIN_NO_ZEROS, NULL },
		{ "12", L(6), PIN_NOT_STARTING_12, "begins with 12" },
		{ "1", L(6), PIN_NOT_STARTING_12, PIN_INCOMPLETE },
		{ "312000", L(6), PIN_NOT_STARTING_12, NULL },
		{ "123", L(6), PIN_NO_TRIPLE_RUN, PIN_INCOMPLETE },
		{ "1234", L(6), PIN_NO_TRIPLE_RUN, "in a row" },
		{ "907777", L(6), PIN_NO_TRIPLE_RUN, "in a row" },
		{ "904321", L(6), PIN_NO_TRIPLE_RUN, "in a row" },
		{ "912333", L(6), PIN_NO_TRIPLE_RUN, NULL },
		{ "22", L(6), PIN_FIRST_FOUR_UNIQUE, "first four" },
		{ "1231", L(6), PIN_FIRST_FOUR_UNIQUE, "first four" },
		{ "123444", L(6), PIN_FIRST_FOUR_UNIQUE, NULL },
		{ "18", L(4), PIN_NO_089, "1 to 7" },
		{ "1762", L(4), PIN_NO_089, NULL },
		{ "17", L(4), PIN_NO_0789, "1 to 6" },
		{ "1662", L(4), PIN_NO_0789, NULL },
		/* These only when it is complete. */
		{ "123", L(4), PIN_NO_SEQUENCE, PIN_INCOMPLETE },
		{ "1234", L(4), PIN_NO_SEQUENCE, "up or down" },
		{ "9876", L(4), PIN_NO_SEQUENCE, "up or down" },
		{ "1235", L(4), PIN_NO_SEQUENCE, NULL },
		{ "1111", L(4), PIN_NO_SEQUENCE, NULL }, /* another rule's matter */
		{ "1122", L(4), PIN_THREE_UNIQUE, "three different" },
		{ "1123", L(4), PIN_THREE_UNIQUE, NULL },
		{ "1111", L(4), PIN_NOT_ALL_SAME, "more than one" },
		{ "1112", L(4), PIN_NOT_ALL_SAME, NULL },
		/* About the window and the name, not the PIN. */
		{ "2468", L(4), PIN_START_IN_FUTURE | PIN_NAME_UNIQUE | PIN_FROM_EXISTING_SET,
		  NULL },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct pin_rules rules = { .lengths = row[i].lengths, .rules = row[i].rules };
		const char *says = pin_check(row[i].pin, &rules);
		g_autofree char *name = g_strdup_printf("row %zu, %s", i, row[i].pin);

		if (!row[i].says && says)
			fail_msg("%s: %s", name, says);
		if (row[i].says && !(says && strstr(says, row[i].says)))
			fail_msg("%s: says '%s'", name, says ? says : "it fits");
		/* A message may be logged: the PIN is not in it. */
		if (says && strlen(row[i].pin) >= 4 && strlen(row[i].pin) < 12)
			ROW_INT(name, strstr(says, row[i].pin) != NULL, false);
	}
}

static void weak_pins_are_known(void **state)
{
	static const char *const weak[] = {
		"0000",	  "7777",     "1234",	  "4321",   "6789",   "7890",	"0123",	  "1212",
		"2580",	  "1122",     "1221",	  "1357",   "2468",   "1999",	"2026",	  "0007",
		"123456", "654321",   "111111",	  "121212", "123123", "112233", "123321", "147258",
		"159753", "12345678", "11223344", "1",	    "",
	};
	static const char *const strong[] = { "4927", "8305", "719304", "60384917" };

	(void)state;
	FOR_ROWS(i, weak)
	ROW_INT(weak[i], pin_is_weak(weak[i]), true);
	FOR_ROWS(i, strong)
	ROW_INT(strong[i], pin_is_weak(strong[i]), false);
}

/* Weak must not mean most: people have to find one too. */
static void few_pins_are_weak(void **state)
{
	int weak = 0;
	char pin[8];

	(void)state;
	for (int n = 0; n < 10000; n++) {
		g_snprintf(pin, sizeof pin, "%04d", n);
		weak += pin_is_weak(pin);
	}
	assert_in_range(weak, 200, 800);
}

static void confusable_pins_are_one_slip_apart(void **state)
{
	static const struct {
		const char *a, *b;
		bool confusable;
	} row[] = {
		{ "2468", "2469", true },   { "2468", "9468", true },  { "2468", "2648", true },
		{ "2468", "4268", true },   { "2468", "2486", true },  { "2468", "24681", true },
		{ "246", "2468", true },    { "2468", "2468", true },  { "2468", "2479", false },
		{ "2468", "8642", false },  { "2468", "6428", false }, { "2468", "12468", false },
		{ "2468", "2496", false },  { "", "2468", false },     { "2468", "", false },
		{ "2468", "24791", false },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		ROW_INT(row[i].b, pin_confusable(row[i].a, row[i].b), row[i].confusable);
		ROW_INT(row[i].b, pin_confusable(row[i].b, row[i].a), row[i].confusable);
	}
}

static void made_pins_obey_every_rule(void **state)
{
	(void)state;
	for (unsigned rule = 0; rule <= 12; rule++) {
		for (int length = PIN_MIN; length <= PIN_MAX; length++) {
			struct pin_rules rules = { .lengths = L(length), .rules = 1u << rule };
			bool theirs =
				rules.rules & (PIN_CHOSEN_BY_PROVIDER | PIN_FROM_EXISTING_SET);
			g_autofree char *name = g_strdup_printf("rule %u, %d digits", rule, length);
			char pin[PIN_MAX + 1];

			ROW_INT(name, pin_generate(&rules, 0, NULL, NULL, pin), !theirs);
			if (theirs) {
				ROW_TEXT(name, pin, "");
				continue;
			}
			ROW_INT(name, strlen(pin), length);
			ROW_INT(name, pin_check(pin, &rules) == NULL, true);
			ROW_INT(name, pin_is_weak(pin), false);
		}
	}
}

static void the_length_asked_for_is_made_where_it_is_taken(void **state)
{
	static const struct {
		uint32_t lengths;
		int asked;
		size_t made; /* 0: none can be */
	} row[] = {
		{ L(4) | L(6) | L(8), 0, 4 }, { L(4) | L(6) | L(8), 6, 6 }, { L(4) | L(6), 5, 4 },
		{ L(6) | L(7), 99, 6 },	      { L(6) | L(7), -1, 6 },	    { 0, 6, 0 },
		{ L(3) | L(20), 3, 0 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct pin_rules rules = { .lengths = row[i].lengths };
		g_autofree char *name = g_strdup_printf("row %zu", i);
		char pin[PIN_MAX + 1];

		ROW_INT(name, pin_generate(&rules, row[i].asked, NULL, NULL, pin), row[i].made > 0);
		ROW_INT(name, strlen(pin), row[i].made);
	}
}

static bool is_taken_but_last(const char *pin, const void *data)
{
	return strcmp(pin, data) != 0;
}

static bool begins_with_5(const char *pin, const void *data)
{
	(void)data;
	return pin[0] == '5';
}

static void taken_pins_are_not_made(void **state)
{
	struct pin_rules rules = { .lengths = L(4) };
	char pin[PIN_MAX + 1];

	(void)state;
	for (int i = 0; i < 200; i++) {
		assert_true(pin_generate(&rules, 4, begins_with_5, NULL, pin));
		assert_int_not_equal(pin[0], '5');
	}
	/* All are taken (this one is weak, so it is never even asked about). */
	assert_false(pin_generate(&rules, 4, is_taken_but_last, "1234", pin));
	assert_string_equal(pin, "");
}

static double chi_square(const double count[10], const char *digits, double total)
{
	double expected = total / (double)strlen(digits), chi = 0;

	for (; *digits; digits++)
		chi += (count[*digits - '0'] - expected) * (count[*digits - '0'] - expected) /
		       expected;
	return chi;
}

/* Every digit equally often in every place, over what the rules allow, with the bound that chance
 * passes once in a thousand million runs. Weak PINs are left out by shape, which treats no digit
 * unlike another. All places together are enough draws to see a byte taken modulo ten. */
static void digits_are_drawn_without_bias(void **state)
{
	static const struct {
		unsigned rules;
		const char *digits;
		double bound;
	} row[] = {
		{ 0, "0123456789", 62 },
		{ PIN_NO_ZEROS, "123456789", 59 },
		{ PIN_NO_089, "1234567", 54 },
		{ PIN_NO_0789, "123456", 51 },
	};
	enum { DRAWS = 100000, PLACES = 8 };

	(void)state;
	FOR_ROWS(i, row)
	{
		struct pin_rules rules = { .lengths = L(PLACES), .rules = row[i].rules };
		double count[PLACES][10] = { { 0 } }, all[10] = { 0 };
		char pin[PIN_MAX + 1];

		for (int n = 0; n < DRAWS; n++) {
			assert_true(pin_generate(&rules, PLACES, NULL, NULL, pin));
			ROW_INT(pin, strspn(pin, row[i].digits), PLACES);
			for (int place = 0; place < PLACES; place++) {
				count[place][pin[place] - '0']++;
				all[pin[place] - '0']++;
			}
		}
		for (int place = 0; place < PLACES; place++) {
			double chi = chi_square(count[place], row[i].digits, DRAWS);

			if (chi > row[i].bound)
				fail_msg("%s: place %d has chi-square %.1f", row[i].digits, place,
					 chi);
		}
		if (chi_square(all, row[i].digits, (double)DRAWS * PLACES) > row[i].bound)
			fail_msg("%s: all places together are biased", row[i].digits);
	}
}

static void rules_in_words(void **state)
{
	static const struct {
		struct pin_rules rules;
		const char *words;
	} row[] = {
		{ { .lengths = L(6) }, "6 digits" },
		{ { .lengths = L(4) | L(5) | L(6), .rules = PIN_NO_ZEROS }, "4 to 6 digits, no 0" },
		{ { .lengths = L(4) | L(5) }, "4 or 5 digits" },
		{ { .lengths = L(4) | L(6) | L(8) }, "4, 6 or 8 digits" },
		{ { .lengths = L(5), .rules = PIN_THREE_UNIQUE | PIN_NO_SEQUENCE },
		  "5 digits, not counting up or down, at least three different digits" },
		{ { .lengths = L(6), .rules = PIN_CHOSEN_BY_PROVIDER },
		  "chosen by the lock's maker" },
		{ { .lengths = 0 }, "no length suits all of these locks" },
		{ { .lengths = L(6), .unknown = 1 }, "6 digits, and rules only the server knows" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		g_autofree char *words = pin_rules_words(&row[i].rules);

		ROW_TEXT(row[i].words, words, row[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_read_from_the_device),
		cmocka_unit_test(joined_rules_suit_both),
		cmocka_unit_test(a_pin_is_checked_while_it_is_typed),
		cmocka_unit_test(weak_pins_are_known),
		cmocka_unit_test(few_pins_are_weak),
		cmocka_unit_test(confusable_pins_are_one_slip_apart),
		cmocka_unit_test(made_pins_obey_every_rule),
		cmocka_unit_test(the_length_asked_for_is_made_where_it_is_taken),
		cmocka_unit_test(taken_pins_are_not_made),
		cmocka_unit_test(digits_are_drawn_without_bias),
		cmocka_unit_test(rules_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
