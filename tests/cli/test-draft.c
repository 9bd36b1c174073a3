/* What is wrong with a new code and in which field, and the parameters it becomes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/draft.h"

#define NOW_MS INT64_C(1795378680000) /* 2026-11-22T20:18:00Z */
#define NOW ((struct instant){ NOW_MS })
/* Initializers: a compound literal may not stand in a static table. */
#define IN(ms_) { NOW_MS + (ms_) }
#define NONE { INT64_MIN }
#define ONGOING .from = NONE, .until = NONE
#define STAY .from = IN(HOUR_MS), .until = IN(DAY_MS)

static struct lock a_lock(const char *lengths, const char *constraints)
{
	return (struct lock){
		.device_id = "dev",
		.device_type = "unheard_of_lock",
		.code_lengths = lengths,
		.code_constraints = constraints,
		.can_program_online = TRI_YES,
		.can_program_offline = TRI_NO,
		.supports_backup_pool = TRI_NO,
		.battery_pct = -1,
		.max_active_codes = -1,
	};
}

static const struct {
	const char *lengths, *constraints;
	struct draft draft;
	enum draft_field field;
} check_row[] = {
	{ NULL, NULL, { .name = "A", ONGOING }, DRAFT_FINE },
	{ NULL, NULL, { .name = "A", STAY }, DRAFT_FINE },
	{ NULL, NULL, { .name = NULL, ONGOING }, DRAFT_NAME },
	{ NULL, NULL, { .name = " \t", ONGOING }, DRAFT_NAME },
	/* The server keeps a long name whole and cuts it on the lock. */
	{ NULL, "[{\"constraint_type\":\"name_length\",\"max_length\":3}]",
	  { .name = "Anna", ONGOING }, DRAFT_FINE },
	{ NULL, "[{\"constraint_type\":\"name_length\",\"min_length\":3}]",
	  { .name = "Än", ONGOING }, DRAFT_NAME },
	{ NULL, NULL, { .name = "A", .from = IN(0), .until = NONE }, DRAFT_UNTIL },
	{ NULL, NULL, { .name = "A", .from = NONE, .until = IN(9) }, DRAFT_FROM },
	{ NULL, NULL, { .name = "A", .from = IN(9), .until = IN(9) }, DRAFT_UNTIL },
	{ NULL, NULL, { .name = "A", .from = IN(-9), .until = IN(0) }, DRAFT_UNTIL },
	{ NULL, NULL, { .name = "A", .from = IN(-9), .until = IN(1) }, DRAFT_FINE },
	{ NULL, "[{\"constraint_type\":\"start_date_in_future\"}]",
	  { .name = "A", .from = IN(0), .until = IN(DAY_MS) }, DRAFT_FROM },
	{ "[4]", NULL, { .name = "A", .pin = "7391", ONGOING }, DRAFT_FINE },
	{ "[4]", NULL, { .name = "A", .pin = "73918", ONGOING }, DRAFT_PIN },
	{ "[6]", NULL, { .name = "A", .pin = "7391", ONGOING }, DRAFT_PIN },
	{ "[4]", "[{\"constraint_type\":\"no_zeros\"}]", { .name = "A", .pin = "7091", ONGOING },
	  DRAFT_PIN },
	{ NULL, "[{\"constraint_type\":\"cannot_specify_pin_code\"}]",
	  { .name = "A", .pin = "7391", ONGOING }, DRAFT_PIN },
	{ NULL, "[{\"constraint_type\":\"cannot_specify_pin_code\"}]", { .name = "A", ONGOING },
	  DRAFT_FINE },
	{ NULL, NULL, { .name = "A", STAY, .offline = true }, DRAFT_OPTIONS },
	{ NULL, NULL, { .name = "A", STAY, .one_time = true }, DRAFT_OPTIONS },
	{ NULL, NULL, { .name = "A", ONGOING, .backup_pool = true }, DRAFT_OPTIONS },
	{ NULL, NULL, { .name = "A", STAY, .backup_pool = true }, DRAFT_OPTIONS },
};

static void the_field_that_is_wrong_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(check_row); i++) {
		struct lock lock = a_lock(check_row[i].lengths, check_row[i].constraints);
		const char *problem = "untouched";
		enum draft_field got = draft_check(&check_row[i].draft, &lock, NOW, &problem);
		if (got != check_row[i].field)
			fail_msg("row %zu: field %d (%s), not %d", i, (int)got,
				 problem ? problem : "fine", (int)check_row[i].field);
		assert_true((problem == NULL) == (got == DRAFT_FINE));
		if (problem && check_row[i].draft.pin)
			assert_null(strstr(problem, check_row[i].draft.pin));
	}
}

static void a_long_name_is_cut_on_the_lock(void **state)
{
	static const struct {
		const char *name, *shown;
	} row[] = { { "Änna", NULL }, { "Änna B", "Änna" }, { "", NULL }, { NULL, NULL } };
	struct lock lock = a_lock(NULL, "[{\"constraint_type\":\"name_length\",\"max_length\":4}]");
	struct lock roomy = a_lock(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		g_autofree char *got = draft_name_on_lock(row[i].name, &lock);
		if (g_strcmp0(got, row[i].shown) != 0)
			fail_msg("row %zu: %s", i, got ? got : "fits");
	}
	assert_null(draft_name_on_lock("Maximiliane von und zu", &roomy));
}

static void a_rule_of_what_is_not_touched_is_not_told(void **state)
{
	struct lock lock = a_lock(NULL, "[{\"constraint_type\":\"start_date_in_future\"}]");
	struct draft d = { .name = "A", .from = IN(-9), .until = IN(-10) };
	const char *problem = NULL;

	(void)state;
	assert_int_equal(draft_check(&d, &lock, NOW, &problem), DRAFT_FROM);
	/* What comes after the excused one is still looked at. */
	assert_int_equal(draft_check_but(&d, &lock, NOW, 1u << DRAFT_FROM, &problem), DRAFT_UNTIL);
}

static void a_moved_end_says_which_way(void **state)
{
	struct instant a = NOW, b = IN(DAY_MS);

	(void)state;
	g_autofree char *longer = draft_end_moved(a, b);
	g_autofree char *shorter = draft_end_moved(b, a);
	assert_string_equal(longer, "1 d longer");
	assert_string_equal(shorter, "1 d shorter");
	assert_null(draft_end_moved(a, a));
	assert_null(draft_end_moved(INSTANT_NONE, a));
}

static void a_new_code_names_only_what_was_chosen(void **state)
{
	struct draft plain = { .name = "A \"B\"", ONGOING };
	struct draft full = { .name = "A",
			      .pin = "7391",
			      STAY,
			      .external_ok = true,
			      .just_in_time = true,
			      .backup_pool = true,
			      .offline = true,
			      .one_time = true,
			      .common_code_key = "k" };

	(void)state;
	g_autofree char *a = draft_create_params(&plain, "dev");
	assert_string_equal(a, "{\"device_id\":\"dev\",\"name\":\"A \\\"B\\\"\"}");
	g_autofree char *b = draft_create_params(&full, "dev");
	assert_string_equal(b, "{\"device_id\":\"dev\",\"name\":\"A\",\"code\":\"7391\","
			       "\"starts_at\":\"2026-11-22T21:18:00.000Z\","
			       "\"ends_at\":\"2026-11-23T20:18:00.000Z\","
			       "\"is_external_modification_allowed\":true,"
			       "\"prefer_native_scheduling\":false,"
			       "\"use_backup_access_code_pool\":true,"
			       "\"is_offline_access_code\":true,\"is_one_time_use\":true,"
			       "\"common_code_key\":\"k\"}");
}

static const struct {
	struct draft_change change;
	const char *params;
} update_row[] = {
	{ { .name = "B", ONGOING }, "{\"access_code_id\":\"c\",\"name\":\"B\"}" },
	{ { .pin = "7391", ONGOING }, "{\"access_code_id\":\"c\",\"code\":\"7391\"}" },
	{ { ONGOING, .ongoing = true }, "{\"access_code_id\":\"c\",\"type\":\"ongoing\"}" },
	{ { .from = NONE, .until = IN(2 * DAY_MS) },
	  "{\"access_code_id\":\"c\",\"starts_at\":\"2026-11-22T20:18:00.000Z\","
	  "\"ends_at\":\"2026-11-24T20:18:00.000Z\"}" },
	{ { .from = IN(HOUR_MS), .until = NONE },
	  "{\"access_code_id\":\"c\",\"starts_at\":\"2026-11-22T21:18:00.000Z\","
	  "\"ends_at\":\"2026-11-23T20:18:00.000Z\"}" },
};

static void a_change_names_both_ends_of_a_window_or_none(void **state)
{
	struct access_code code = { .access_code_id = "c",
				    .name = "A",
				    .time_bound = true,
				    .starts_at = IN(0),
				    .ends_at = IN(DAY_MS) };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(update_row); i++) {
		g_autofree char *params = draft_update_params(&update_row[i].change, &code);
		assert_string_equal(params, update_row[i].params);
	}
	struct draft after = draft_changed(&update_row[2].change, &code);
	assert_false(instant_known(after.from) || instant_known(after.until));
	assert_string_equal(after.name, "A");
}

int main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(the_field_that_is_wrong_is_named),
		cmocka_unit_test(a_long_name_is_cut_on_the_lock),
		cmocka_unit_test(a_rule_of_what_is_not_touched_is_not_told),
		cmocka_unit_test(a_moved_end_says_which_way),
		cmocka_unit_test(a_new_code_names_only_what_was_chosen),
		cmocka_unit_test(a_change_names_both_ends_of_a_window_or_none),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
