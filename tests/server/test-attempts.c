/* /action_attempts: what came of what was asked for. */
#include "config.h"

#include "tests/server/rig.h"

static const char HOUSE[] = "[lock Door]\ntype = august_lock\n[lock Gate]\ntype = yale_lock\n";

static const char *unlock(struct rig *r, const char *lock)
{
	return g_intern_string(rig_text(
		rig_ok(r, "POST /locks/unlock_door", "{'device_id':'%s'}", rig_device(r, lock)),
		"action_attempt.action_attempt_id"));
}

static const json_t *get(struct rig *r, const char *id)
{
	return rig_ok(r, "POST /action_attempts/get", "{'action_attempt_id':'%s'}", id);
}

static void an_attempt_is_pending_and_then_says_what_came_of_it(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *id = unlock(r, "Door");
	const json_t *a = get(r, id);

	(void)state;
	assert_text(rig_text(a, "action_attempt.action_attempt_id"), id);
	assert_text(rig_text(a, "action_attempt.action_type"), "UNLOCK_DOOR");
	assert_text(rig_text(a, "action_attempt.status"), "pending");
	assert_text(rig_text(a, "action_attempt.result"), "null");
	assert_text(rig_text(a, "action_attempt.error"), "null");
	rig_advance(r, MINUTE_MS);
	a = get(r, id);
	assert_text(rig_text(a, "action_attempt.status"), "success");
	assert_text(rig_text(a, "action_attempt.result.was_confirmed_by_device"), "true");
	assert_text(rig_text(a, "action_attempt.error"), "null");
}

static void a_failed_attempt_says_why(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const json_t *a;
	const char *id;

	(void)state;
	assert_true(simulated_fault(r->driver, rig_device(r, "Door"), "jammed", true, NULL));
	id = unlock(r, "Door");
	rig_advance(r, MINUTE_MS);
	a = get(r, id);
	assert_text(rig_text(a, "action_attempt.status"), "error");
	assert_text(rig_text(a, "action_attempt.result"), "null");
	assert_non_null(rig_text(a, "action_attempt.error.type"));
	assert_non_null(rig_text(a, "action_attempt.error.message"));
}

static void an_attempt_about_a_code_shows_it_as_it_is_now(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const json_t *a = rig_ok(r, "POST /access_codes/create", "{'device_id':'%s','name':'Anna'}",
				 rig_device(r, "Door"));
	const char *code = rig_text(a, "access_code.access_code_id"), *id, *update;

	(void)state;
	id = rig_text(a, "action_attempt.action_attempt_id");
	assert_text(rig_text(get(r, id), "action_attempt.action_type"), "CREATE_ACCESS_CODE");
	assert_text(rig_text(get(r, id), "action_attempt.result"), "null");
	rig_advance(r, 5 * MINUTE_MS);
	a = get(r, id);
	assert_text(rig_text(a, "action_attempt.status"), "success");
	assert_text(rig_text(a, "action_attempt.result.access_code.access_code_id"), code);
	assert_text(rig_text(a, "action_attempt.result.access_code.status"), "set");
	update = rig_text(rig_ok(r, "POST /access_codes/update",
				 "{'access_code_id':'%s','name':'Berta'}", code),
			  "action_attempt.action_attempt_id");
	rig_advance(r, 5 * MINUTE_MS);
	assert_text(rig_text(get(r, update), "action_attempt.result.access_code.name"), "Berta");
	assert_text(rig_text(get(r, id), "action_attempt.result.access_code.name"), "Berta");

	/* What changed nothing has no code to show; one that is gone has none either. */
	update = rig_text(rig_ok(r, "POST /access_codes/update",
				 "{'access_code_id':'%s','name':'Berta'}", code),
			  "action_attempt.action_attempt_id");
	assert_text(rig_text(get(r, update), "action_attempt.status"), "success");
	assert_text(rig_text(get(r, update), "action_attempt.result"), "{}");
	rig_ok(r, "POST /access_codes/delete", "{'access_code_id':'%s'}", code);
	rig_advance(r, 5 * MINUTE_MS);
	assert_text(rig_text(get(r, id), "action_attempt.result"), "{}");
}

static void attempts_are_listed_by_lock_or_id_in_pages(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *one = unlock(r, "Door"), *two, *three, *cursor;
	const json_t *a;

	(void)state;
	rig_advance(r, MINUTE_MS);
	two = unlock(r, "Gate");
	rig_advance(r, MINUTE_MS);
	three = unlock(r, "Door");
	a = rig_ok(r, "GET /action_attempts/list", NULL);
	assert_int_equal(rig_count(a, "action_attempts"), 3);
	assert_text(rig_text(a, "action_attempts.0.action_attempt_id"), one);
	assert_text(rig_text(a, "pagination.has_next_page"), "false");
	a = rig_ok(r, "POST /action_attempts/list", "{'device_id':'%s','limit':1}",
		   rig_device(r, "Door"));
	assert_int_equal(rig_count(a, "action_attempts"), 1);
	cursor = rig_text(a, "pagination.next_page_cursor");
	a = rig_ok(r, "POST /action_attempts/list",
		   "{'device_id':'%s','limit':1,'page_cursor':'%s'}", rig_device(r, "Door"),
		   cursor);
	assert_int_equal(rig_count(a, "action_attempts"), 1);
	assert_text(rig_text(a, "action_attempts.0.action_attempt_id"), three);
	assert_text(rig_text(a, "pagination.next_page_cursor"), "null");
	rig_refused(r, 400, "mismatched_page_parameters", "POST /action_attempts/list",
		    "{'device_id':'%s','limit':1,'page_cursor':'%s'}", rig_device(r, "Gate"),
		    cursor);
	a = rig_ok(r, "POST /action_attempts/list", "{'action_attempt_ids':['%s','x']}", two);
	assert_int_equal(rig_count(a, "action_attempts"), 1);
	assert_text(rig_text(a, "action_attempts.0.action_attempt_id"), two);
}

static void what_is_not_there_is_404(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);

	(void)state;
	unlock(r, "Door");
	rig_refused(r, 404, "action_attempt_not_found", "POST /action_attempts/get",
		    "{'action_attempt_id':'x'}");
	rig_refused(r, 404, "action_attempts_not_found", "POST /action_attempts/list",
		    "{'action_attempt_ids':['x','y']}");
	rig_refused(r, 404, "action_attempts_not_found",
		    "GET /action_attempts/list"
		    "?action_attempt_ids=",
		    NULL);
	rig_refused(r, 400, "invalid_input", "POST /action_attempts/get", "{}");
	assert_int_equal(rig_count(rig_ok(r, "POST /action_attempts/list", "{'device_id':'x'}"),
				   "action_attempts"),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attempt_is_pending_and_then_says_what_came_of_it),
		cmocka_unit_test(a_failed_attempt_says_why),
		cmocka_unit_test(an_attempt_about_a_code_shows_it_as_it_is_now),
		cmocka_unit_test(attempts_are_listed_by_lock_or_id_in_pages),
		cmocka_unit_test(what_is_not_there_is_404),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
