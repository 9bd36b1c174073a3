/* traits: the table against the lists of the founding document, written down here once more. */
#include "tests/core/rows.h"

#include "core/traits.h"

static const char *const all[] = {
	"two_n_intercom", "august_lock",      "dormakaba_oracode_door",
	"igloohome_lock", "kwikset_lock",     "lockly_lock",
	"nuki_lock",	  "salto_lock",	      "schlage_lock",
	"tedee_lock",	  "smartthings_lock", "ttlock_lock",
	"wyze_lock",	  "yale_lock",
};
static const char *const not_native[] = { "dormakaba_oracode_door", "lockly_lock",
					  "smartthings_lock", NULL };
static const char *const names_code[] = { "august_lock", "kwikset_lock",
					  "salto_lock",	 "schlage_lock",
					  "tedee_lock",	 "ttlock_lock",
					  "yale_lock",	 NULL };
static const char *const offline[] = { "igloohome_lock", "dormakaba_oracode_door", "lockly_lock",
				       NULL };
static const char *const their_pin[] = { "salto_lock", "dormakaba_oracode_door", NULL };

static void the_table_says_what_the_founding_document_says(void **state)
{
	size_t n;

	(void)state;
	traits_table(&n);
	assert_int_equal(n, G_N_ELEMENTS(all));
	FOR_ROWS(i, all)
	{
		const struct traits *t = traits_of(all[i]);

		assert_non_null(t);
		ROW_TEXT(all[i], t->device_type, all[i]);
		ROW_INT(all[i], t->native_schedule, !g_strv_contains(not_native, all[i]));
		ROW_INT(all[i], t->names_code_in_unlock, g_strv_contains(names_code, all[i]));
		ROW_INT(all[i], t->offline_codes, g_strv_contains(offline, all[i]));
		ROW_INT(all[i], t->online_codes, strcmp(all[i], "dormakaba_oracode_door") != 0);
		ROW_INT(all[i], t->chooses_pin, g_strv_contains(their_pin, all[i]));
		ROW_INT(all[i], t->backup_pool, !g_strv_contains(their_pin, all[i]));
		/* Only lengths that the API takes: 4 to 12. */
		ROW_INT(all[i], t->pin_lengths & ~UINT32_C(0x1ff0), 0);
		assert_true(t->brand && t->brand[0] && t->provider && t->provider[0]);
	}
}

static void lengths_and_names_are_those_of_the_maker(void **state)
{
	static const struct {
		const char *type;
		int from, to, name_max;
	} row[] = {
		{ "two_n_intercom", 4, 8, 0 }, { "kwikset_lock", 4, 8, 14 },
		{ "salto_lock", 6, 10, 0 },    { "schlage_lock", 4, 8, 9 },
		{ "tedee_lock", 5, 8, 0 },     { "nuki_lock", 6, 6, 20 },
		{ "lockly_lock", 6, 8, 0 },    { "dormakaba_oracode_door", 6, 6, 0 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		const struct traits *t = traits_of(row[i].type);

		for (int n = 0; n < 32; n++)
			ROW_INT(row[i].type, t->pin_lengths >> n & 1,
				n >= row[i].from && n <= row[i].to);
		ROW_INT(row[i].type, t->name_max, row[i].name_max);
	}
}

static void an_unknown_type_has_no_traits_but_a_name(void **state)
{
	(void)state;
	assert_null(traits_of("shiny_new_lock"));
	assert_null(traits_of(NULL));
	assert_null(traits_of(""));
	assert_ptr_equal(traits_of("igloo_lock"), traits_of("igloohome_lock"));

	assert_string_equal(brand_of("august_lock", NULL), "August");
	assert_string_equal(brand_of("august_lock", "Yale"), "August");
	assert_string_equal(brand_of("two_n_intercom", NULL), "2N");
	assert_string_equal(brand_of("igloo_lock", NULL), "igloohome");
	assert_string_equal(brand_of("ultraloq_lock", NULL), "Ultraloq");
	assert_string_equal(brand_of("shiny_new_lock", NULL), "shiny_new");
	assert_string_equal(brand_of("shiny_new_lock", "Shiny"), "Shiny");
	assert_string_equal(brand_of("shiny_panel", ""), "shiny_panel");
	assert_string_equal(brand_of("_lock", NULL), "_lock");
	assert_string_equal(brand_of(NULL, NULL), "unknown");
	assert_string_equal(brand_of("", NULL), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_says_what_the_founding_document_says),
		cmocka_unit_test(lengths_and_names_are_those_of_the_maker),
		cmocka_unit_test(an_unknown_type_has_no_traits_but_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
