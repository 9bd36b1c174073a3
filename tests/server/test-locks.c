/* Locking, unlocking and auto-lock: attempts, what they do at the door, and who cannot. */
#include "config.h"

#include "tests/server/rig.h"

static const char house[] = "[lock Door]\ntype = yale_lock\n"
			    "[lock Relay]\ntype = two_n_intercom\n"
			    "[lock Suite]\ntype = salto_lock\n";

static const char *said(struct rig *r, const char *name, const char *member)
{
	g_autofree char *path = g_strconcat("device.properties.", member, NULL);

	return rig_text(rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", rig_device(r, name)),
			path);
}

/* The attempt's status after the lock has had its time; its error's message, if it has one. */
static const char *ended(struct rig *r, const json_t *begun, const char *member)
{
	g_autofree char *path = g_strconcat("action_attempt.", member, NULL);
	const char *id = rig_text(begun, "action_attempt.action_attempt_id");

	assert_text(rig_text(begun, "action_attempt.status"), "pending");
	rig_advance(r, 10000);
	return rig_text(rig_ok(r, "POST /action_attempts/get", "{'action_attempt_id':'%s'}", id),
			path);
}

static void a_door_is_unlocked_and_locked(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *door = rig_device(r, "Door");
	const json_t *a = rig_ok(r, "POST /locks/unlock_door", "{'device_id':'%s'}", door);
	const char *id = rig_text(a, "action_attempt.action_attempt_id");

	(void)state;
	assert_text(rig_text(a, "action_attempt.action_type"), "UNLOCK_DOOR");
	assert_text(said(r, "Door", "locked"), "true");
	assert_text(ended(r, a, "status"), "success");
	assert_text(said(r, "Door", "locked"), "false");
	a = rig_ok(r, "POST /events/list",
		   "{'since':'2026-01-05T12:00:00Z','event_type':'lock.unlocked'}");
	assert_text(rig_text(a, "events.0.action_attempt_id"), id);
	assert_text(rig_text(a, "events.0.method"), "remote");
	a = rig_ok(r, "POST /locks/lock_door", "{'device_id':'%s','sync':true}", door);
	assert_text(rig_text(a, "action_attempt.action_type"), "LOCK_DOOR");
	assert_text(ended(r, a, "status"), "success");
	assert_text(said(r, "Door", "locked"), "true");
}

static void a_jammed_bolt_ends_the_attempt_in_error(void **state)
{
	OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = yale_lock\nfaults = jammed\n");
	const json_t *a =
		rig_ok(r, "POST /locks/unlock_door", "{'device_id':'%s'}", rig_device(r, "Door"));

	(void)state;
	assert_text(ended(r, a, "error.type"), "uncategorized_error");
	assert_text(said(r, "Door", "locked"), "true");
}

static void what_a_lock_cannot_do_is_refused(void **state)
{
	static const struct {
		const char *what, *name, *more, *type;
		int status;
	} rows[] = {
		{ "POST /locks/lock_door", "Relay", "", "device_type_not_supported", 400 },
		{ "POST /locks/lock_door", "Suite", "", "device_type_not_supported", 400 },
		{ "POST /locks/configure_auto_lock", "Relay", ",'auto_lock_enabled':true",
		  "device_type_not_supported", 400 },
		{ "POST /locks/configure_auto_lock", "Door", "", "invalid_input", 400 },
		{ "POST /locks/configure_auto_lock", "Door",
		  ",'auto_lock_enabled':true,'auto_lock_delay_seconds':0", "invalid_input", 400 },
		{ "POST /locks/configure_auto_lock", "Door",
		  ",'auto_lock_enabled':true,'auto_lock_delay_seconds':61", "invalid_input", 400 },
		{ "POST /locks/unlock_door", NULL, "", "device_not_found", 404 },
		{ "POST /locks/lock_door", NULL, "", "device_not_found", 404 },
		{ "POST /locks/configure_auto_lock", NULL, ",'auto_lock_enabled':true",
		  "device_not_found", 404 },
		{ "GET /locks/unlock_door", "Door", "", "method_not_allowed", 405 },
	};
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	FOR_ROWS(i, rows)
	rig_refused(r, rows[i].status, rows[i].type, rows[i].what, "{'device_id':'%s'%s}",
		    rows[i].name ? rig_device(r, rows[i].name) : "no-such-device", rows[i].more);
	rig_refused(r, 400, "invalid_input", "POST /locks/unlock_door", "{}");
}

static void an_unmanaged_device_is_not_turned(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *door = rig_device(r, "Door");

	(void)state;
	rig_ok(r, "PATCH /devices/update", "{'device_id':'%s','is_managed':false}", door);
	rig_refused(r, 404, "device_not_found", "POST /locks/unlock_door", "{'device_id':'%s'}",
		    door);
	rig_refused(r, 404, "device_not_found", "POST /locks/configure_auto_lock",
		    "{'device_id':'%s','auto_lock_enabled':false}", door);
}

static bool is_locked_after(struct rig *r, int64_t ms)
{
	g_autoptr(GError) err = NULL;

	if (!simulated_turn_by_hand(r->driver, rig_device(r, "Door"), true, &err))
		fail_msg("%s", err->message);
	rig_advance(r, ms);
	return strcmp(said(r, "Door", "locked"), "true") == 0;
}

static void auto_lock_is_configured_and_then_so(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *door = rig_device(r, "Door");
	const json_t *a;

	(void)state;
	assert_false(is_locked_after(r, 29000));
	assert_true(is_locked_after(r, 31000));
	a = rig_ok(r, "POST /locks/configure_auto_lock",
		   "{'device_id':'%s','auto_lock_enabled':true,'auto_lock_delay_seconds':5}", door);
	assert_text(rig_text(a, "action_attempt.action_type"), "CONFIGURE_AUTO_LOCK");
	assert_text(ended(r, a, "status"), "success");
	assert_text(said(r, "Door", "auto_lock_delay_seconds"), "5");
	assert_false(is_locked_after(r, 4000));
	assert_true(is_locked_after(r, 6000));
	a = rig_ok(r, "POST /locks/configure_auto_lock",
		   "{'device_id':'%s','auto_lock_enabled':false}", door);
	assert_text(ended(r, a, "result"), "{}");
	assert_text(said(r, "Door", "auto_lock_enabled"), "false");
	assert_text(said(r, "Door", "auto_lock_delay_seconds"), "5");
	assert_false(is_locked_after(r, HOUR_MS));
}

static void auto_lock_stays_as_it_was_set(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const json_t *a = rig_ok(r, "POST /locks/configure_auto_lock",
				 "{'device_id':'%s','auto_lock_enabled':false,"
				 "'auto_lock_delay_seconds':7}",
				 rig_device(r, "Door"));

	(void)state;
	assert_text(ended(r, a, "status"), "success");
	rig_kill(r);
	rig_reopen(r);
	assert_text(said(r, "Door", "auto_lock_enabled"), "false");
	assert_text(said(r, "Door", "auto_lock_delay_seconds"), "7");
}

static void out_of_reach_it_is_tried_and_fails(void **state)
{
	OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = yale_lock\nfaults = offline\n");
	const json_t *a =
		rig_ok(r, "POST /locks/configure_auto_lock",
		       "{'device_id':'%s','auto_lock_enabled':false}", rig_device(r, "Door"));

	(void)state;
	assert_text(ended(r, a, "error.message"), "the lock cannot be reached");
	assert_text(said(r, "Door", "auto_lock_enabled"), "true");
}

static void an_attempt_that_a_restart_cut_off_has_expired(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const json_t *a =
		rig_ok(r, "POST /locks/configure_auto_lock",
		       "{'device_id':'%s','auto_lock_enabled':false}", rig_device(r, "Door"));

	(void)state;
	rig_kill(r);
	rig_reopen(r);
	assert_text(ended(r, a, "error.type"), "action_attempt_expired");
}

static void the_desk_turns_locks_and_a_reader_does_not(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	r->as = r->desk_key;
	rig_ok(r, "POST /locks/unlock_door", "{'device_id':'%s'}", rig_device(r, "Door"));
	r->as = r->read_key;
	rig_call(r, "POST /locks/unlock_door", "{'device_id':'%s'}", rig_device(r, "Door"));
	assert_true(r->status == 401 || r->status == 403);
	rig_ok(r, "GET /locks/list", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_door_is_unlocked_and_locked),
		cmocka_unit_test(a_jammed_bolt_ends_the_attempt_in_error),
		cmocka_unit_test(what_a_lock_cannot_do_is_refused),
		cmocka_unit_test(an_unmanaged_device_is_not_turned),
		cmocka_unit_test(auto_lock_is_configured_and_then_so),
		cmocka_unit_test(auto_lock_stays_as_it_was_set),
		cmocka_unit_test(out_of_reach_it_is_tried_and_fails),
		cmocka_unit_test(an_attempt_that_a_restart_cut_off_has_expired),
		cmocka_unit_test(the_desk_turns_locks_and_a_reader_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
