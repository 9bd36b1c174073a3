/* What each kind of event says: exactly these members, beside those that every event has. */
#include "config.h"

#include "tests/server/rig.h"

#include <stdlib.h>

#define EVERY "created_at event_id event_type occurred_at workspace_id"

static const char HOUSE[] =
	"[lock Door]\ntype = august_lock\nbattery = 80\n" /* names the code in an unlock */
	"[lock Gate]\ntype = wyze_lock\n";		  /* does not */

/* The newest event of this type on the lock (NULL: on any). */
static const json_t *event(struct rig *r, const char *type, const char *lock)
{
	if (!lock)
		return rig_ok(r, "POST /events/get", "{'event_type':'%s'}", type);
	return rig_ok(r, "POST /events/get", "{'event_type':'%s','device_id':'%s'}", type,
		      rig_device(r, lock));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of its members, sorted, but for those of every event. */
static char *members(const json_t *answer)
{
	json_t *e = json_object_get(answer, "event");
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_auto(GStrv) every = g_strsplit(EVERY, " ", -1);
	const char *name;
	json_t *value;

	json_object_foreach(e, name, value)
	{
		if (!g_strv_contains((const char *const *)every, name))
			g_ptr_array_add(names, (char *)(uintptr_t)name);
	}
	for (int i = 0; every[i]; i++)
		ROW_INT(every[i], json_is_string(json_object_get(e, every[i])), 1);
	if (names->len)
		qsort(names->pdata, names->len, sizeof(char *), by_name);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(" ", (char **)names->pdata);
}

static void assert_says(struct rig *r, const char *type, const char *lock, const char *want)
{
	g_autofree char *got = members(event(r, type, lock));

	ROW_TEXT(type, got, want);
}

#define OF_DEVICE "connected_account_id device_id"
#define OF_CODE	  "access_code_id connected_account_id device_id"

static const char *code_on(struct rig *r, const char *lock, const char *pin)
{
	const char *id =
		rig_text(rig_ok(r, "POST /access_codes/create", "{'device_id':'%s','code':'%s'}",
				rig_device(r, lock), pin),
			 "access_code.access_code_id");

	rig_advance(r, 5 * MINUTE_MS);
	return g_intern_string(id);
}

static void enter(struct rig *r, const char *lock, const char *pin)
{
	rig_ok(r, "POST /keyrackd/simulate/enter", "{'device_id':'%s','code':'%s'}",
	       rig_device(r, lock), pin);
	rig_advance(r, MINUTE_MS);
}

static void fault(struct rig *r, const char *lock, const char *which, bool on)
{
	rig_ok(r, "POST /keyrackd/simulate/fault", "{'device_id':'%s','fault':'%s','on':%s}",
	       rig_device(r, lock), which, on ? "true" : "false");
	rig_advance(r, 5 * MINUTE_MS);
}

static void an_unlock_by_code_names_it_where_the_brand_does(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *id = code_on(r, "Door", "4821");
	const json_t *e;

	(void)state;
	code_on(r, "Gate", "4821");
	enter(r, "Door", "4821");
	enter(r, "Gate", "4821");
	e = event(r, "lock.unlocked", "Door");
	assert_text(rig_text(e, "event.method"), "keycode");
	assert_text(rig_text(e, "event.access_code_id"), id);
	assert_text(rig_text(e, "event.access_code_is_managed"), "true");
	assert_text(rig_text(e, "event.code"), "4821");
	assert_says(r, "lock.unlocked", "Door",
		    "access_code_id access_code_is_managed code connected_account_id device_id "
		    "method");
	assert_text(rig_text(event(r, "lock.unlocked", "Gate"), "event.method"), "keycode");
	assert_null(rig_text(event(r, "lock.unlocked", "Gate"), "event.access_code_id"));
	assert_null(rig_text(event(r, "lock.unlocked", "Gate"), "event.access_code_is_managed"));
}

static void an_unlock_by_an_unmanaged_code_says_so(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const json_t *e;

	(void)state;
	rig_ok(r, "POST /keyrackd/simulate/app",
	       "{'device_id':'%s','add':{'code':'7395','name':'Cleaner'}}", rig_device(r, "Door"));
	rig_advance(r, 15 * MINUTE_MS);
	enter(r, "Door", "7395");
	e = event(r, "lock.unlocked", "Door");
	assert_text(rig_text(e, "event.access_code_is_managed"), "false");
	assert_text(rig_text(e, "event.access_code_id"),
		    rig_text(event(r, "access_code.unmanaged.created", "Door"),
			     "event.access_code_id"));
	assert_says(r, "access_code.unmanaged.created", "Door", OF_CODE);
}

static void a_door_turned_from_here_names_the_attempt(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *id = rig_text(
		rig_ok(r, "POST /locks/unlock_door", "{'device_id':'%s'}", rig_device(r, "Door")),
		"action_attempt.action_attempt_id");
	const json_t *e;

	(void)state;
	rig_advance(r, MINUTE_MS);
	e = event(r, "lock.unlocked", "Door");
	assert_text(rig_text(e, "event.method"), "remote");
	assert_text(rig_text(e, "event.action_attempt_id"), id);
	assert_says(r, "lock.unlocked", "Door",
		    "action_attempt_id connected_account_id device_id method");
	e = event(r, "action_attempt.unlock_door.succeeded", "Door");
	assert_text(rig_text(e, "event.action_attempt_id"), id);
	assert_text(rig_text(e, "event.action_type"), "UNLOCK_DOOR");
	assert_text(rig_text(e, "event.status"), "success");
	assert_says(r, "action_attempt.unlock_door.succeeded", "Door",
		    "action_attempt_id action_type connected_account_id device_id status");
	fault(r, "Door", "jammed", true);
	rig_ok(r, "POST /locks/lock_door", "{'device_id':'%s'}", rig_device(r, "Door"));
	rig_advance(r, MINUTE_MS);
	e = event(r, "action_attempt.lock_door.failed", "Door");
	assert_text(rig_text(e, "event.status"), "error");
}

static void an_attempt_that_a_kill_left_open_is_told_as_failed(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *id = rig_text(
		rig_ok(r, "POST /locks/unlock_door", "{'device_id':'%s'}", rig_device(r, "Door")),
		"action_attempt.action_attempt_id");

	(void)state;
	rig_kill(r);
	rig_reopen(r);
	assert_text(
		rig_text(rig_ok(r, "POST /action_attempts/get", "{'action_attempt_id':'%s'}", id),
			 "action_attempt.error.type"),
		"action_attempt_expired");
	assert_text(rig_text(event(r, "action_attempt.unlock_door.failed", "Door"),
			     "event.action_attempt_id"),
		    id);
}

static void a_refused_entry_says_why(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);

	(void)state;
	for (int i = 0; i < 10; i++)
		enter(r, "Door", "1357");
	assert_non_null(rig_text(event(r, "lock.access_denied", NULL), "event.reason.reason_code"));
	assert_non_null(rig_text(event(r, "lock.access_denied", NULL), "event.reason.message"));
}

static void a_battery_says_how_full_it_is(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const json_t *e;

	(void)state;
	fault(r, "Door", "low_battery", true);
	e = event(r, "device.low_battery", "Door");
	assert_non_null(strstr(r->text, "\"battery_level\":0.04"));
	assert_text(rig_text(e, "event.battery_source"), "lock");
	assert_says(r, "device.low_battery", "Door",
		    "battery_level battery_source connected_account_id device_id");
	e = event(r, "device.battery_status_changed", "Door");
	assert_text(rig_text(e, "event.battery_status"), "critical");
	assert_non_null(strstr(r->text, "\"battery_level\":0.04"));
	assert_says(r, "device.battery_status_changed", "Door",
		    "battery_level battery_status connected_account_id device_id");
}

static void a_lost_connection_says_which_and_what_else_is_wrong(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const json_t *e;

	(void)state;
	fault(r, "Door", "offline", true);
	e = event(r, "device.disconnected", "Door");
	assert_text(rig_text(e, "event.error_code"), "device_disconnected");
	assert_text(rig_text(e, "event.device_errors.0.error_code"), "device_disconnected");
	assert_says(r, "device.disconnected", "Door",
		    "connected_account_errors connected_account_id connected_account_warnings "
		    "device_errors device_id device_warnings error_code");
	fault(r, "Door", "offline", false);
	assert_says(r, "device.connected", "Door", OF_DEVICE);
	fault(r, "Door", "account_lost", true);
	e = event(r, "device.disconnected", "Door");
	assert_text(rig_text(e, "event.error_code"), "account_disconnected");
	assert_text(rig_text(e, "event.connected_account_errors.0.error_code"),
		    "account_disconnected");
	assert_says(r, "connected_account.disconnected", NULL, "connected_account_id");
}

static void a_code_that_comes_and_goes_tells_its_pin_where_the_api_does(void **state)
{
	static const struct {
		const char *type, *want;
	} rows[] = {
		{ "access_code.created", OF_CODE },
		{ "access_code.set_on_device",
		  "access_code_id code connected_account_id device_id" },
		{ "access_code.deleted", "access_code_id code connected_account_id device_id" },
		{ "access_code.removed_from_device", OF_CODE },
	};
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *id = code_on(r, "Door", "4821");

	(void)state;
	rig_ok(r, "POST /access_codes/delete", "{'access_code_id':'%s'}", id);
	rig_advance(r, 5 * MINUTE_MS);
	FOR_ROWS(i, rows)
	{
		assert_says(r, rows[i].type, "Door", rows[i].want);
		ROW_TEXT(rows[i].type,
			 rig_text(event(r, rows[i].type, "Door"), "event.access_code_id"), id);
	}
	assert_text(rig_text(event(r, "access_code.deleted", "Door"), "event.code"), "4821");
}

static void a_code_that_is_loaded_ahead_tells_its_pin(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);

	(void)state;
	rig_ok(r, "POST /access_codes/create",
	       "{'device_id':'%s','code':'4821','starts_at':'2026-01-06T12:00:00Z',"
	       "'ends_at':'2026-01-07T12:00:00Z'}",
	       rig_device(r, "Door"));
	rig_advance(r, 5 * MINUTE_MS);
	assert_says(r, "access_code.scheduled_on_device", "Door",
		    "access_code_id code connected_account_id device_id");
}

static void a_code_in_trouble_tells_all_that_is_wrong(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const json_t *e;

	(void)state;
	fault(r, "Door", "offline", true);
	rig_ok(r, "POST /access_codes/create", "{'device_id':'%s'}", rig_device(r, "Door"));
	rig_advance(r, DAY_MS);
	e = event(r, "access_code.delay_in_setting_on_device", "Door");
	assert_text(rig_text(e, "event.device_errors.0.error_code"), "device_disconnected");
	assert_text(rig_text(e, "event.access_code_warnings.0.warning_code"),
		    "delay_in_setting_on_device");
	assert_says(r, "access_code.delay_in_setting_on_device", "Door",
		    "access_code_errors access_code_id access_code_warnings "
		    "connected_account_errors connected_account_id connected_account_warnings "
		    "device_errors device_id device_warnings");
}

static void what_was_kept_with_a_lock_is_in_its_events(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *door = rig_device(r, "Door");

	(void)state;
	rig_ok(r, "POST /devices/update", "{'device_id':'%s','custom_metadata':{'floor':'2'}}",
	       door);
	rig_ok(r, "POST /devices/update", "{'device_id':'%s','name':'Front'}", door);
	assert_text(rig_text(rig_ok(r, "POST /events/get",
				    "{'event_type':'device.name_changed','device_id':'%s'}", door),
			     "event.device_name"),
		    "Front");
	rig_kill(r);
	rig_reopen(r);
	rig_ok(r, "POST /access_codes/create", "{'device_id':'%s'}", door);
	assert_text(rig_text(event(r, "access_code.created", NULL),
			     "event.device_custom_metadata.floor"),
		    "2");
	assert_text(rig_text(event(r, "device.name_changed", NULL),
			     "event.device_custom_metadata.floor"),
		    "2");
}

static void of_a_lock_that_was_let_go_only_the_connection_is_told(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *door = rig_device(r, "Door");

	(void)state;
	rig_ok(r, "POST /devices/update", "{'device_id':'%s','is_managed':false}", door);
	assert_says(r, "device.converted_to_unmanaged", "Door", OF_DEVICE);
	fault(r, "Door", "low_battery", true);
	fault(r, "Door", "offline", true);
	assert_says(r, "device.unmanaged.disconnected", "Door",
		    "connected_account_errors connected_account_id connected_account_warnings "
		    "device_errors device_id device_warnings error_code");
	rig_refused(r, 404, "event_not_found", "POST /events/get",
		    "{'event_type':'device.low_battery'}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unlock_by_code_names_it_where_the_brand_does),
		cmocka_unit_test(an_unlock_by_an_unmanaged_code_says_so),
		cmocka_unit_test(a_door_turned_from_here_names_the_attempt),
		cmocka_unit_test(an_attempt_that_a_kill_left_open_is_told_as_failed),
		cmocka_unit_test(a_refused_entry_says_why),
		cmocka_unit_test(a_battery_says_how_full_it_is),
		cmocka_unit_test(a_lost_connection_says_which_and_what_else_is_wrong),
		cmocka_unit_test(a_code_that_comes_and_goes_tells_its_pin_where_the_api_does),
		cmocka_unit_test(a_code_that_is_loaded_ahead_tells_its_pin),
		cmocka_unit_test(a_code_in_trouble_tells_all_that_is_wrong),
		cmocka_unit_test(what_was_kept_with_a_lock_is_in_its_events),
		cmocka_unit_test(of_a_lock_that_was_let_go_only_the_connection_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
