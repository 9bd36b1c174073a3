/* Access codes changed over the API and outside it: edits, deletion, groups, the maker's app, a
 * lost account; and the timeline of it all. */
#include "config.h"

#include "tests/server/codes.h"

#define DOORS                                                                                      \
	"[lock Door]\ntype = ttlock_lock\n"                                                        \
	"[lock Other]\ntype = ttlock_lock\n"                                                       \
	"[lock Four]\ntype = yale_lock\nlengths = 4\n"                                             \
	"[lock Six]\ntype = yale_lock\nlengths = 6\n"

#define SOON  "2026-01-05T15:00:00Z"
#define LATER "2026-01-08T10:00:00Z"
#define STAY  "'starts_at':'" SOON "','ends_at':'" LATER "'"

#define UPDATE "PATCH /access_codes/update"
#define GET    "POST /access_codes/get"

/* A code that has reached its lock. */
static const char *settled(struct rig *r, const char *lock, const char *members)
{
	const char *id = codes_make(r, lock, "%s", members);

	rig_advance(r, MINUTE_MS);
	return id;
}

/* ---- edits ---- */

static const struct edit_row {
	const char *edit, *mutation, *from, *to; /* paths of the mutation, what is there */
	const char *from_is, *to_is, *event;
} edits[] = {
	{ "'code':'8642'", "updating_code", "from.code", "to.code", "2468", "8642", "code_changed" },
	{ "'name':'Berta'", "updating_name", "from.name", "to.name", "Anna", "Berta",
	  "name_changed" },
	{ "'ends_at':'2026-01-09T10:00:00Z'", "updating_time_frame", "from.ends_at", "to.ends_at",
	  "2026-01-08T10:00:00.000Z", "2026-01-09T10:00:00.000Z", "time_frame_changed" },
};

static void an_edit_is_pending_until_the_lock_has_it(void **state)
{
	(void)state;
	FOR_ROWS (i, edits) {
		const struct edit_row *row = &edits[i];
		OWN(rig) struct rig *r = rig_new(DOORS);
		const char *id = settled(r, "Door", "'code':'2468','name':'Anna'," STAY);
		g_autofree char *from = g_strconcat("access_code.pending_mutations.0.", row->from,
						    NULL);
		g_autofree char *to =
			g_strconcat("access_code.pending_mutations.0.", row->to, NULL);
		const json_t *a = rig_ok(r, UPDATE, "{'access_code_id':'%s',%s}", id, row->edit);

		ROW_TEXT(row->edit, rig_text(a, "action_attempt.action_type"),
			 "UPDATE_ACCESS_CODE");
		ROW_TEXT(row->edit, rig_text(a, "action_attempt.status"), "pending");
		a = codes_get(r, id);
		ROW_INT(row->edit, rig_count(a, "access_code.pending_mutations"), 1);
		ROW_TEXT(row->edit, rig_text(a, "access_code.pending_mutations.0.mutation_code"),
			 row->mutation);
		ROW_TEXT(row->edit, rig_text(a, from), row->from_is);
		ROW_TEXT(row->edit, rig_text(a, to), row->to_is);
		rig_advance(r, MINUTE_MS);
		a = codes_get(r, id);
		ROW_TEXT(row->edit, rig_text(a, "access_code.pending_mutations"), "[]");
		ROW_TEXT(row->edit, rig_text(a, "access_code.is_scheduled_on_device"), "true");
		if (!strstr(codes_story(r, id), row->event))
			fail_msg("%s: %s", row->edit, codes_story(r, id));
	}
}

static void a_new_pin_takes_the_place_of_the_old(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468'");

	(void)state;
	assert_true(codes_opens(r, "Door", "2468"));
	rig_ok(r, UPDATE, "{'access_code_id':'%s','code':'8642'}", id);
	assert_true(codes_opens(r, "Door", "2468"));
	rig_advance(r, MINUTE_MS);
	assert_false(codes_opens(r, "Door", "2468"));
	assert_true(codes_opens(r, "Door", "8642"));
}

static const char *const no_edits[] = {
	"'name':'Anna'",
	"'code':'2468'",
	STAY,
	"'type':'time_bound'",
	"'is_managed':true",
	"'attempt_for_offline_device':true",
};

static void an_edit_that_changes_nothing_succeeds_at_once(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468','name':'Anna'," STAY);
	const char *story = codes_story(r, id);

	(void)state;
	FOR_ROWS (i, no_edits) {
		const json_t *a = rig_ok(r, UPDATE, "{'access_code_id':'%s',%s}", id, no_edits[i]);

		ROW_TEXT(no_edits[i], rig_text(a, "action_attempt.status"), "success");
		ROW_TEXT(no_edits[i], rig_text(a, "action_attempt.result"), "{}");
		ROW_TEXT(no_edits[i], codes_story(r, id), story);
	}
}

static const struct bad_edit_row {
	const char *edit;
	int status;
	const char *type;
} bad_edits[] = {
	{ "'type':'ongoing','starts_at':'" SOON "'", 400, "invalid_input" },
	{ "'ends_at':'2026-01-05T14:00:00Z'", 400, "invalid_input" },
	{ "'ends_at':'2026-01-05T11:00:00Z'", 400, "invalid_input" },
	{ "'starts_at':'2026-01-09T10:00:00Z'", 400, "invalid_input" },
	{ "'code':'1357'", 409, "duplicate_access_code" },
	{ "'device_id':'nobody'", 404, "access_code_not_found" },
};

static void an_edit_that_cannot_be_changes_nothing(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468'," STAY);
	const char *story = codes_story(r, id);

	(void)state;
	codes_make(r, "Door", "'code':'1357'");
	FOR_ROWS (i, bad_edits) {
		rig_refused(r, bad_edits[i].status, bad_edits[i].type, UPDATE,
			    "{'access_code_id':'%s','name':'Berta',%s}", id, bad_edits[i].edit);
		ROW_TEXT(bad_edits[i].edit, codes_story(r, id), story);
		ROW_TEXT(bad_edits[i].edit, rig_text(codes_get(r, id), "access_code.code"), "2468");
	}
	/* A code that is ongoing does not become time-bound by its name. */
	id = codes_make(r, "Door", "'name':'Cleaner'");
	rig_refused(r, 400, "invalid_input", UPDATE, "{'access_code_id':'%s','type':'time_bound'}",
		    id);
}

static void a_released_code_stays_on_the_lock_unmanaged(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468'");
	const json_t *a;

	(void)state;
	rig_ok(r, UPDATE, "{'access_code_id':'%s','is_managed':false}", id);
	a = rig_refused(r, 404, "access_code_not_found", GET, "{'access_code_id':'%s'}", id);
	assert_non_null(strstr(rig_text(a, "error.message"), "/access_codes/unmanaged"));
	a = rig_ok(r, "GET /access_codes/unmanaged/get", "{'access_code_id':'%s'}", id);
	assert_text(rig_text(a, "access_code.is_managed"), "false");
	rig_advance(r, HOUR_MS);
	assert_true(codes_opens(r, "Door", "2468"));
}

/* ---- deletion ---- */

static void a_deleted_code_is_removed_and_gone(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468'");
	const json_t *a =
		rig_ok(r, "POST /access_codes/delete", "{'access_code_id':'%s'}", id);
	const char *attempt = rig_text(a, "action_attempt.action_attempt_id");

	(void)state;
	assert_text(rig_text(a, "action_attempt.action_type"), "DELETE_ACCESS_CODE");
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.status"), "removing");
	assert_text(rig_text(a, "access_code.pending_mutations.0.mutation_code"), "deleting");
	assert_non_null(codes_problem(a, "warnings", "being_deleted", "message"));
	rig_refused(r, 400, "invalid_input", UPDATE, "{'access_code_id':'%s','name':'x'}", id);
	rig_advance(r, MINUTE_MS);
	rig_refused(r, 404, "access_code_not_found", GET, "{'access_code_id':'%s'}", id);
	assert_false(codes_opens(r, "Door", "2468"));
	assert_text(codes_story(r, id), "created set_on_device deleted removed_from_device");
	a = rig_ok(r, "POST /action_attempts/get", "{'action_attempt_id':'%s'}", attempt);
	assert_text(rig_text(a, "action_attempt.status"), "success");
}

static void a_code_that_cannot_be_removed_stays_visible(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468'");
	const json_t *a;

	(void)state;
	codes_fault(r, "Door", "offline", true);
	codes_remove(r, id);
	rig_advance(r, HOUR_MS);
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.status"), "removing");
	assert_non_null(codes_problem(a, "errors", "failed_to_remove_from_device", "message"));
	assert_non_null(codes_problem(a, "errors", "failed_to_remove_from_device", "created_at"));
	codes_fault(r, "Door", "offline", false);
	rig_advance(r, HOUR_MS);
	rig_refused(r, 404, "access_code_not_found", GET, "{'access_code_id':'%s'}", id);
	assert_false(codes_opens(r, "Door", "2468"));
}

/* ---- groups ---- */

#define MULTIPLE "PUT /access_codes/create_multiple"

static void codes_of_a_group_share_pin_and_key(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, MULTIPLE, "{'device_ids':['%s','%s']," STAY "}",
				 rig_device(r, "Door"), rig_device(r, "Other"));
	const char *key = rig_text(a, "access_codes.0.common_code_key");

	(void)state;
	assert_int_equal(rig_count(a, "access_codes"), 2);
	assert_text(rig_text(a, "access_codes.1.code"), rig_text(a, "access_codes.0.code"));
	assert_text(rig_text(a, "access_codes.1.common_code_key"), key);
	assert_true(g_str_has_prefix(key, "auto_set_by_create_multiple_"));
	rig_ok(r, "PATCH /access_codes/update_multiple",
	       "{'common_code_key':'%s','name':'Anna','ends_at':'2026-01-09T10:00:00Z'}", key);
	assert_text(r->text, "{\"ok\":true}");
	for (int i = 0; i < 2; i++) {
		g_autofree char *id = g_strdup_printf("access_codes.%d.access_code_id", i);
		const json_t *now = codes_get(r, rig_text(a, id));

		assert_text(rig_text(now, "access_code.name"), "Anna");
		assert_text(rig_text(now, "access_code.ends_at"), "2026-01-09T10:00:00.000Z");
	}
}

static void a_pin_of_the_callers_own_makes_no_group(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, MULTIPLE, "{'device_ids':['%s','%s'],'code':'2468'}",
				 rig_device(r, "Door"), rig_device(r, "Other"));

	(void)state;
	assert_text(rig_text(a, "access_codes.0.code"), "2468");
	assert_text(rig_text(a, "access_codes.1.code"), "2468");
	assert_text(rig_text(a, "access_codes.0.common_code_key"), "null");
	assert_text(rig_text(a, "access_codes.1.common_code_key"), "null");
}

static void locks_that_cannot_share_are_refused_or_get_their_own(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *four = rig_device(r, "Four"), *six = rig_device(r, "Six");
	const json_t *a;

	(void)state;
	rig_refused(r, 400, "invalid_input", MULTIPLE, "{'device_ids':['%s','%s']}", four, six);
	a = rig_ok(r, "POST /access_codes/list", "{'device_id':'%s'}", four);
	assert_int_equal(rig_count(a, "access_codes"), 0);
	a = rig_ok(r, MULTIPLE,
		   "{'device_ids':['%s','%s'],"
		   "'behavior_when_code_cannot_be_shared':'create_random_code'}",
		   four, six);
	assert_int_equal(strlen(rig_text(a, "access_codes.0.code")), 4);
	assert_int_equal(strlen(rig_text(a, "access_codes.1.code")), 6);
	rig_refused(r, 404, "device_not_found", MULTIPLE, "{'device_ids':['%s','nobody']}", four);
}

static void codes_of_one_key_have_one_pin(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *one = codes_make(r, "Door", "'common_code_key':'stay-1','code':'2468'");
	const char *two = codes_make(r, "Other", "'common_code_key':'stay-1'");

	(void)state;
	assert_text(rig_text(codes_get(r, two), "access_code.code"),
		    rig_text(codes_get(r, one), "access_code.code"));
}

/* ---- the maker's app ---- */

static void an_outside_change_is_put_back(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468'");
	const json_t *a;

	(void)state;
	/* Seen, and on the way to be put back. */
	codes_app(r, "Door", id, "'change':{'code':'9999'}");
	for (int i = 0; i < 40 && !strstr(codes_story(r, id), "modified_external_to_seam"); i++)
		rig_advance(r, 250);
	a = codes_get(r, id);
	assert_text(codes_problem(a, "errors", "code_modified_external_to_seam", "change_type"),
		    "modified");
	assert_text(codes_problem(a, "errors", "code_modified_external_to_seam",
				  "modified_fields.0.field"),
		    "code");
	assert_text(codes_problem(a, "errors", "code_modified_external_to_seam",
				  "modified_fields.0.from"),
		    "2468");
	assert_text(codes_problem(a, "errors", "code_modified_external_to_seam",
				  "modified_fields.0.to"),
		    "9999");
	rig_advance(r, MINUTE_MS);
	assert_text(rig_text(codes_get(r, id), "access_code.errors"), "[]");
	assert_true(codes_opens(r, "Door", "2468"));
	assert_false(codes_opens(r, "Door", "9999"));
}

static void an_outside_removal_is_undone_until_the_end(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468','starts_at':'2026-01-05T12:00:00Z',"
					    "'ends_at':'" LATER "'");

	(void)state;
	codes_app(r, "Door", id, "'remove':true");
	rig_advance(r, MINUTE_MS);
	assert_true(codes_opens(r, "Door", "2468"));
	assert_non_null(strstr(codes_story(r, id), "deleted_external_to_seam"));
	rig_until(r, "2026-01-08T10:01:00Z");
	assert_false(codes_opens(r, "Door", "2468"));
}

static void an_outside_change_that_is_allowed_stands(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id =
		settled(r, "Door", "'code':'2468','is_external_modification_allowed':true");
	const json_t *a;

	(void)state;
	codes_app(r, "Door", id, "'change':{'code':'9999'}");
	rig_advance(r, HOUR_MS);
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.errors"), "[]");
	assert_text(codes_problem(a, "warnings", "code_modified_external_to_seam",
				  "modified_fields.0.to"),
		    "9999");
	assert_non_null(strstr(codes_story(r, id), "modified_external_to_seam"));
	assert_true(codes_opens(r, "Door", "9999"));
	assert_false(codes_opens(r, "Door", "2468"));
}

/* ---- an account that is lost ---- */

static void the_codes_of_a_lost_account_are_unknown(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468'");
	const json_t *a;

	(void)state;
	codes_fault(r, "Door", "account_lost", true);
	rig_advance(r, MINUTE_MS);
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.status"), "unknown");
	assert_text(codes_problem(a, "errors", "account_disconnected", "is_connected_account_error"),
		    "true");
	assert_text(codes_problem(a, "errors", "account_disconnected", "is_device_error"), "false");
	codes_fault(r, "Door", "account_lost", false);
	rig_advance(r, MINUTE_MS);
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.status"), "set");
	assert_text(rig_text(a, "access_code.errors"), "[]");
}

/* ---- its timeline ---- */

static void a_timeline_is_the_newest_first_in_pages(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = settled(r, "Door", "'code':'2468'");
	const json_t *a;

	(void)state;
	codes_app(r, "Door", id, "'remove':true");
	rig_advance(r, MINUTE_MS);
	codes_remove(r, id);
	rig_advance(r, MINUTE_MS);
	a = rig_ok(r, "POST /access_codes/get_timeline", "{'access_code_id':'%s'}", id);
	assert_text(rig_text(a, "timeline_events.0.event_type"),
		    "access_code.removed_from_device");
	assert_text(rig_text(a, "timeline_events.0.actor.type"), "system");
	assert_text(rig_text(a, "timeline_events.1.event_type"), "access_code.deleted");
	assert_text(rig_text(a, "timeline_events.1.actor.type"), "api_key");
	assert_text(rig_text(a, "timeline_events.3.event_type"),
		    "access_code.deleted_external_to_seam");
	assert_text(rig_text(a, "timeline_events.3.actor.type"), "external");
	assert_text(rig_text(a, "timeline_events.3.details.change_type"), "removed");
	assert_text(rig_text(a, "timeline_events.3.related_resource_ids.0"), rig_device(r, "Door"));
	assert_text(rig_text(a, "pagination.has_more"), "false");
	assert_text(rig_text(a, "pagination.next_cursor"), "null");
	a = rig_ok(r, "POST /access_codes/get_timeline", "{'access_code_id':'%s','limit':2}", id);
	assert_int_equal(rig_count(a, "timeline_events"), 2);
	assert_text(rig_text(a, "pagination.has_more"), "true");
	a = rig_ok(r, "POST /access_codes/get_timeline",
		   "{'access_code_id':'%s','limit':2,'before':'%s'}", id,
		   rig_text(a, "pagination.next_cursor"));
	assert_text(rig_text(a, "timeline_events.1.event_type"),
		    "access_code.deleted_external_to_seam");
	a = rig_ok(r, "POST /access_codes/get_timeline", "{'access_code_id':'%s','after':'%s'}", id,
		   rig_text(a, "pagination.prev_cursor"));
	assert_int_equal(rig_count(a, "timeline_events"), 2);
	a = rig_ok(r, "POST /access_codes/get_timeline",
		   "{'access_code_id':'%s','event_types':['access_code.created']}", id);
	assert_int_equal(rig_count(a, "timeline_events"), 1);
	a = rig_ok(r, "POST /access_codes/get_timeline",
		   "{'access_code_id':'%s','before':'2026-01-05T12:00:30Z'}", id);
	assert_text(rig_text(a, "timeline_events.1.event_type"), "access_code.created");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edit_is_pending_until_the_lock_has_it),
		cmocka_unit_test(a_new_pin_takes_the_place_of_the_old),
		cmocka_unit_test(an_edit_that_changes_nothing_succeeds_at_once),
		cmocka_unit_test(an_edit_that_cannot_be_changes_nothing),
		cmocka_unit_test(a_released_code_stays_on_the_lock_unmanaged),
		cmocka_unit_test(a_deleted_code_is_removed_and_gone),
		cmocka_unit_test(a_code_that_cannot_be_removed_stays_visible),
		cmocka_unit_test(codes_of_a_group_share_pin_and_key),
		cmocka_unit_test(a_pin_of_the_callers_own_makes_no_group),
		cmocka_unit_test(locks_that_cannot_share_are_refused_or_get_their_own),
		cmocka_unit_test(codes_of_one_key_have_one_pin),
		cmocka_unit_test(an_outside_change_is_put_back),
		cmocka_unit_test(an_outside_removal_is_undone_until_the_end),
		cmocka_unit_test(an_outside_change_that_is_allowed_stands),
		cmocka_unit_test(the_codes_of_a_lost_account_are_unknown),
		cmocka_unit_test(a_timeline_is_the_newest_first_in_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
