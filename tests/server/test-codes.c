/* Access codes asked for and looked at over the API: what an object says, PINs, lists and their
 * pages. */
#include "config.h"

#include "tests/server/codes.h"

#define DOORS                                                                                      \
	"[lock Door]\ntype = august_lock\nlengths = 4-8\n"                                         \
	"[lock Other]\ntype = august_lock\nlengths = 4-8\n"                                        \
	"[lock Six]\ntype = yale_lock\nlengths = 6\n"                                              \
	"[lock Low]\ntype = ttlock_lock\nconstraints = cannot_contain_0789\n"                      \
	"[lock Salto]\ntype = salto_lock\n"                                                        \
	"[lock Simple]\ntype = smartthings_lock\n"

#define SOON  "2026-01-06T15:00:00Z"
#define LATER "2026-01-08T10:00:00Z"

#define CREATE "POST /access_codes/create"

/* ---- the object ---- */

static const struct member_row {
	const char *path, *is;
} fresh[] = {
	{ "workspace_id", RIG_WORKSPACE },
	{ "is_managed", "true" },
	{ "type", "ongoing" },
	{ "status", "setting" },
	{ "display_status", "being set" },
	{ "name", "Anna" },
	{ "code", "2468" },
	{ "starts_at", "null" },
	{ "ends_at", "null" },
	{ "created_at", "2026-01-05T12:00:00.000Z" },
	{ "common_code_key", "null" },
	{ "is_scheduled_on_device", "false" },
	{ "is_waiting_for_code_assignment", "false" },
	{ "is_external_modification_allowed", "false" },
	{ "is_offline_access_code", "false" },
	{ "is_one_time_use", "false" },
	{ "is_backup", "false" },
	{ "is_backup_access_code_available", "false" },
	{ "pulled_backup_access_code_id", "null" },
	{ "errors", "[]" },
	{ "warnings", "[]" },
	{ "pending_mutations.0.mutation_code", "creating" },
	{ "pending_mutations.0.created_at", "2026-01-05T12:00:00.000Z" },
	{ "appearance", "null" },
	{ "keyrackd.reason", "ongoing" },
	{ "keyrackd.proof", "none" },
	{ "keyrackd.next.step", "write" },
	{ "keyrackd.next.at", "2026-01-05T12:00:00.000Z" },
}, settled[] = {
	{ "status", "set" },
	{ "display_status", "set" },
	{ "pending_mutations", "[]" },
	{ "appearance.name", "Anna" },
	{ "keyrackd.reason", "proven" },
	{ "keyrackd.words", "read back and equal" },
	{ "keyrackd.proof", "proven" },
	{ "keyrackd.next.step", "wait" },
	{ "keyrackd.next.words", "Nothing, until somebody changes or deletes it." },
};

static void see_members(const json_t *a, const struct member_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_autofree char *path = g_strconcat("access_code.", rows[i].path, NULL);

		ROW_TEXT(rows[i].path, rig_text(a, path), rows[i].is);
	}
}

static void an_ongoing_code_starts_right_away(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, CREATE, "{'device_id':'%s','code':'2468','name':'Anna'}",
				 rig_device(r, "Door"));
	const char *id = rig_text(a, "access_code.access_code_id");

	(void)state;
	assert_text(rig_text(a, "access_code.device_id"), rig_device(r, "Door"));
	see_members(a, fresh, G_N_ELEMENTS(fresh));
	assert_text(rig_text(a, "action_attempt.action_type"), "CREATE_ACCESS_CODE");
	assert_text(rig_text(a, "action_attempt.status"), "pending");
	rig_advance(r, 30 * SECOND_MS);
	see_members(codes_get(r, id), settled, G_N_ELEMENTS(settled));
	assert_text(codes_story(r, id), "created set_on_device");
	assert_true(codes_opens(r, "Door", "2468"));
	a = rig_ok(r, "POST /action_attempts/get", "{'action_attempt_id':'%s'}",
		   rig_text(a, "action_attempt.action_attempt_id"));
	assert_text(rig_text(a, "action_attempt.status"), "success");
	assert_text(rig_text(a, "action_attempt.result.access_code.access_code_id"), id);
}

static void times_are_answered_in_utc(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, CREATE,
				 "{'device_id':'%s','starts_at':'2026-01-06T08:00:00-07:00',"
				 "'ends_at':'2026-01-08T11:00:00+01:00'}",
				 rig_device(r, "Door"));

	(void)state;
	assert_text(rig_text(a, "access_code.type"), "time_bound");
	assert_text(rig_text(a, "access_code.status"), "unset");
	assert_text(rig_text(a, "access_code.starts_at"), "2026-01-06T15:00:00.000Z");
	assert_text(rig_text(a, "access_code.ends_at"), "2026-01-08T10:00:00.000Z");
}

static void a_synonym_is_the_same_wish(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = codes_make(r, "Door", "'allow_external_modification':true");

	(void)state;
	assert_text(rig_text(codes_get(r, id), "access_code.is_external_modification_allowed"),
		    "true");
}

/* Split where the lock's app splits, cut where it cuts; the name itself stays whole. */
static const struct name_row {
	const char *type, *name, *shown, *first, *last;
} names[] = {
	{ "august_lock", "Anna Smith", "Anna Smith", "Anna", "Smith" },
	{ "kwikset_lock", "Anna Smith, Reservation-12345", "Anna Smith, Re", NULL, NULL },
	{ "tedee_lock", "Anna", "Anna", NULL, NULL },
};

static void appearance_is_what_the_lock_shows(void **state)
{
	(void)state;
	FOR_ROWS (i, names) {
		g_autofree char *house = g_strdup_printf("[lock Door]\ntype = %s\n", names[i].type);
		OWN(rig) struct rig *r = rig_new(house);
		const char *id = codes_make(r, "Door", "'name':'%s'", names[i].name);
		const json_t *a;

		rig_advance(r, MINUTE_MS);
		a = codes_get(r, id);
		ROW_TEXT(names[i].type, rig_text(a, "access_code.name"), names[i].name);
		ROW_TEXT(names[i].type, rig_text(a, "access_code.appearance.name"), names[i].shown);
		if (names[i].first) {
			ROW_TEXT(names[i].type, rig_text(a, "access_code.appearance.first_name"),
				 names[i].first);
			ROW_TEXT(names[i].type, rig_text(a, "access_code.appearance.last_name"),
				 names[i].last);
		} else {
			assert_null(rig_text(a, "access_code.appearance.first_name"));
		}
	}
}

/* ---- PINs ---- */

static const struct length_row {
	const char *lock, *members;
	size_t digits;
} lengths[] = {
	{ "Door", "'name':'x'", 4 },
	{ "Door", "'preferred_code_length':6", 6 },
	{ "Door", "'preferred_code_length':9", 4 },
	{ "Six", "'name':'x'", 6 },
	{ "Six", "'preferred_code_length':4", 6 },
};

static void a_pin_is_as_long_as_was_preferred(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	FOR_ROWS (i, lengths) {
		const char *id = codes_make(r, lengths[i].lock, "%s", lengths[i].members);

		ROW_INT(lengths[i].members, strlen(rig_text(codes_get(r, id), "access_code.code")),
			lengths[i].digits);
	}
}

static void a_generated_pin_is_no_code(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *low = rig_device(r, "Low");
	g_autofree char *what =
		g_strdup_printf("GET /access_codes/generate_code?_strict=true&device_id=%s", low);
	const json_t *a = rig_ok(r, what, NULL);
	const char *pin = rig_text(a, "generated_code.code");

	(void)state;
	assert_text(rig_text(a, "generated_code.device_id"), low);
	assert_int_equal(strspn(pin, "123456"), strlen(pin));
	assert_int_equal(rig_count(rig_ok(r, "POST /access_codes/list", "{'device_id':'%s'}", low),
				   "access_codes"),
			 0);
}

static void reported_lengths_count_from_the_next_pin_on(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id;

	(void)state;
	rig_ok(r, "POST /access_codes/report_device_constraints",
	       "{'device_id':'%s','min_code_length':7,'max_code_length':8}",
	       rig_device(r, "Simple"));
	id = codes_make(r, "Simple", "'name':'x'");
	assert_int_equal(strlen(rig_text(codes_get(r, id), "access_code.code")), 7);
}

static void a_pin_of_the_makers_choice_comes_later(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = codes_make(r, "Salto", "'name':'Anna'");
	const json_t *a = codes_get(r, id);

	(void)state;
	assert_text(rig_text(a, "access_code.code"), "null");
	assert_text(rig_text(a, "access_code.is_waiting_for_code_assignment"), "true");
	rig_advance(r, 30 * SECOND_MS);
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.is_waiting_for_code_assignment"), "false");
	assert_true(codes_opens(r, "Salto", rig_text(a, "access_code.code")));
}

static void a_pin_is_one_codes_only_whatever_the_windows(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = codes_make(r, "Door",
				    "'code':'2468','name':'Anna','starts_at':'" SOON
				    "','ends_at':'" LATER "'");
	const json_t *a = rig_refused(r, 409, "duplicate_access_code", CREATE,
				      "{'device_id':'%s','code':'2468','starts_at':"
				      "'2026-02-01T12:00:00Z','ends_at':'2026-02-02T12:00:00Z'}",
				      rig_device(r, "Door"));
	const char *words = rig_text(a, "error.message");

	(void)state;
	if (!strstr(words, id) || !strstr(words, "Anna") || !strstr(words, "2026-01-06T15:00") ||
	    strstr(words, "2468"))
		fail_msg("%s", words);
	codes_make(r, "Other", "'code':'2468'");
}

static void the_pin_of_an_unmanaged_code_shows_as_a_duplicate(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, "POST /access_codes/simulate/create_unmanaged_access_code",
				 "{'device_id':'%s','name':'Cleaner','code':'2468'}",
				 rig_device(r, "Door"));
	const char *rival = rig_text(a, "access_code.access_code_id");
	const char *id;

	(void)state;
	rig_advance(r, MINUTE_MS);
	id = codes_make(r, "Door", "'code':'2468'");
	rig_advance(r, MINUTE_MS);
	a = codes_get(r, id);
	assert_text(codes_problem(a, "errors", "duplicate_code_on_device",
				  "unmanaged_access_code_id"),
		    rival);
	assert_text(codes_problem(a, "errors", "duplicate_code_on_device", "is_access_code_error"),
		    "true");
	assert_text(codes_problem(a, "errors", "duplicate_code_on_device", "created_at"),
		    "2026-01-05T12:01:00.000Z");
	/* The remedy. */
	rig_ok(r, "POST /access_codes/unmanaged/delete", "{'access_code_id':'%s'}", rival);
	rig_advance(r, MINUTE_MS);
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.errors"), "[]");
	assert_text(rig_text(a, "access_code.status"), "set");
}

static void a_full_lock_says_so(void **state)
{
	OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = august_lock\nslots = 2\n");
	const char *id;

	(void)state;
	codes_make(r, "Door", "'name':'1'");
	codes_make(r, "Door", "'name':'2','starts_at':'" SOON "','ends_at':'" LATER "'");
	rig_advance(r, MINUTE_MS);
	id = codes_make(r, "Door", "'name':'3'");
	rig_advance(r, MINUTE_MS);
	assert_text(codes_problem(codes_get(r, id), "errors", "no_space_for_access_code_on_device",
				  "is_access_code_error"),
		    "true");
}

/* ---- getting and listing ---- */

static void a_code_is_found_by_its_lock_and_pin(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = codes_make(r, "Door", "'code':'2468'"), *door = rig_device(r, "Door");
	g_autofree char *query =
		g_strdup_printf("GET /access_codes/get?code=2468&device_id=%s", door);

	(void)state;
	assert_text(rig_text(rig_ok(r, query, NULL), "access_code.access_code_id"), id);
	/* Both must agree. */
	rig_refused(r, 404, "access_code_not_found", "POST /access_codes/get",
		    "{'access_code_id':'%s','device_id':'%s'}", id, rig_device(r, "Other"));
}

static const struct list_row {
	const char *name, *body; /* %d: Door; %1, %2: its codes */
	int n;
} lists[] = {
	{ "of a lock", "{'device_id':'%d'}", 2 },
	{ "by ids", "{'access_code_ids':['%1','%2']}", 2 },
	{ "by one id", "{'access_code_ids':['%1']}", 1 },
	{ "by none", "{'access_code_ids':[]}", 0 },
	{ "by ids that there are not", "{'access_code_ids':['nobody']}", 0 },
	{ "by part of a name", "{'search':'ann'}", 1 },
	{ "by part of a PIN", "{'search':'246'}", 1 },
	{ "by what nobody has", "{'search':'zebra'}", 0 },
	{ "by two at once", "{'device_id':'%d','search':'berta'}", 1 },
	{ "of a customer", "{'customer_key':'x'}", 0 },
	{ "of a customer on a lock", "{'device_id':'%d','customer_key':'x'}", 0 },
	{ "of a user", "{'user_identifier_key':'x'}", 0 },
	{ "of a grant", "{'access_grant_id':'x'}", 0 },
};

static void a_list_has_what_all_its_filters_fit(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *one = codes_make(r, "Door", "'code':'2468','name':'Anna'");
	const char *two = codes_make(r, "Door", "'code':'1357','name':'Berta'");

	(void)state;
	codes_make(r, "Other", "'code':'9753','name':'Carla'");
	rig_ok(r, "POST /access_codes/simulate/create_unmanaged_access_code",
	       "{'device_id':'%s','name':'Anna outside','code':'8642'}", rig_device(r, "Door"));
	FOR_ROWS (i, lists) {
		g_autoptr(GString) body = g_string_new(lists[i].body);
		const json_t *a;

		g_string_replace(body, "%d", rig_device(r, "Door"), 0);
		g_string_replace(body, "%1", one, 0);
		g_string_replace(body, "%2", two, 0);
		a = rig_ok(r, "POST /access_codes/list", "%s", body->str);
		ROW_INT(lists[i].name, rig_count(a, "access_codes"), lists[i].n);
		ROW_TEXT(lists[i].name, rig_text(a, "pagination.has_next_page"), "false");
	}
}

static void pages_show_each_code_once(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *door = rig_device(r, "Door"), *cursor = NULL;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	(void)state;
	for (int i = 0; i < 5; i++)
		codes_make(r, "Door", "'name':'%d'", i);
	for (int page = 0; page < 3; page++) {
		const json_t *a =
			cursor ? rig_ok(r, "POST /access_codes/list",
					"{'device_id':'%s','limit':2,'page_cursor':'%s'}", door,
					cursor)
			       : rig_ok(r, "POST /access_codes/list",
					"{'device_id':'%s','limit':2,'page_cursor':null}", door);

		for (int i = 0; i < rig_count(a, "access_codes"); i++) {
			g_autofree char *path =
				g_strdup_printf("access_codes.%d.access_code_id", i);

			assert_true(g_hash_table_add(seen, (char *)(uintptr_t)rig_text(a, path)));
		}
		assert_text(rig_text(a, "pagination.has_next_page"), page < 2 ? "true" : "false");
		cursor = rig_text(a, "pagination.next_page_cursor");
		if (page == 0)
			rig_refused(r, 400, "mismatched_page_parameters", "POST /access_codes/list",
				    "{'device_id':'%s','limit':2,'page_cursor':'%s'}",
				    rig_device(r, "Other"), cursor);
	}
	assert_int_equal(g_hash_table_size(seen), 5);
	assert_text(cursor, "null");
}

/* ---- limits ---- */

static void the_eleventh_create_in_a_minute_has_to_wait(void **state)
{
	OWN(rig) struct rig *r =
		rig_new_with(DOORS, &(struct rig_options){ .rate_limits = true });

	(void)state;
	for (int i = 0; i < 10; i++)
		codes_make(r, "Door", "'name':'%d'", i);
	rig_call(r, CREATE, "{'device_id':'%s'}", rig_device(r, "Door"));
	assert_int_equal(r->status, 429);
	assert_in_range(r->retry_after_s, 1, 60);
	codes_make(r, "Other", "'name':'elsewhere'");
	rig_advance(r, MINUTE_MS);
	codes_make(r, "Door", "'name':'later'");
}

static void a_lock_that_is_away_can_be_left_out(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	codes_fault(r, "Door", "offline", true);
	rig_advance(r, HOUR_MS);
	rig_refused(r, 400, "device_disconnected", CREATE,
		    "{'device_id':'%s','attempt_for_offline_device':false}", rig_device(r, "Door"));
	codes_make(r, "Door", "'name':'patient'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ongoing_code_starts_right_away),
		cmocka_unit_test(times_are_answered_in_utc),
		cmocka_unit_test(a_synonym_is_the_same_wish),
		cmocka_unit_test(appearance_is_what_the_lock_shows),
		cmocka_unit_test(a_pin_is_as_long_as_was_preferred),
		cmocka_unit_test(a_generated_pin_is_no_code),
		cmocka_unit_test(reported_lengths_count_from_the_next_pin_on),
		cmocka_unit_test(a_pin_of_the_makers_choice_comes_later),
		cmocka_unit_test(a_pin_is_one_codes_only_whatever_the_windows),
		cmocka_unit_test(the_pin_of_an_unmanaged_code_shows_as_a_duplicate),
		cmocka_unit_test(a_full_lock_says_so),
		cmocka_unit_test(a_code_is_found_by_its_lock_and_pin),
		cmocka_unit_test(a_list_has_what_all_its_filters_fit),
		cmocka_unit_test(pages_show_each_code_once),
		cmocka_unit_test(the_eleventh_create_in_a_minute_has_to_wait),
		cmocka_unit_test(a_lock_that_is_away_can_be_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
