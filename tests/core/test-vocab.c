/* vocab: every word of every generation of the API, listed here by hand from its documentation. */
#include "tests/core/rows.h"

#include "core/vocab.h"

static const char *const problems[] = {
	/* errors of a code, current */
	"failed_to_set_on_device",
	"failed_to_remove_from_device",
	"duplicate_code_on_device",
	"no_space_for_access_code_on_device",
	"conflicting_external_modification",
	"access_code_inactive",
	"code_constraints_violated",
	"provider_issue",
	"failed_to_issue",
	"failed_to_update",
	"failed_to_expire",
	/* retired */
	"code_modified_external_to_seam",
	"duplicate_code_attempt_prevented",
	"access_code_state_unconfirmed",
	"insufficient_permissions",
	"replaced_by_newer_access_code",
	"salto_ks_user_not_subscribed",
	"salto_site_user_not_subscribed",
	"august_device_programming_delay",
	"hubitat_device_programming_delay",
	"august_device_slots_full",
	"hubitat_no_free_positions_available",
	"smartthings_no_free_slots_available",
	"schlage_lock_exceeds_maximum_number_of_access_codes",
	"august_lock_invalid_code_length",
	"august_lock_bad_access_code_format",
	"august_lock_missing_keypad",
	"august_lock_temporarily_offline",
	"kwikset_unable_to_confirm_code",
	"kwikset_unable_to_confirm_deletion",
	"kwikset_insufficient_permissions",
	"keynest_unsupported_third_party_locker",
	"dormakaba_oracode_invalid_time_range",
	"dormakaba_oracode_no_valid_user_level",
	"smartthings_failed_to_set_access_code",
	"smartthings_failed_to_set_after_multiple_retries",
	"wyze_duplicate_code_name",
	"wyze_potential_duplicate_code",
	"igloohome_bridge_offline",
	"igloohome_bridge_too_many_pending_jobs",
	"igloohome_offline_access_code_no_variance_available",
	"conflicting_unmanaged_access_code_id",
	/* warnings of a code */
	"external_modification_in_effect",
	"delay_in_setting_on_device",
	"delay_in_issuing",
	"being_deleted",
	"using_backup_access_code",
	"management_transferred",
	"code_rotates_periodically",
	"time_frame_adjusted_for_unknown_time_zone",
	"third_party_integration_detected",
	"igloo_algopin_must_be_used_within_24_hours",
	"unknown_issue_with_access_code",
	"delay_in_removing_from_device",
	"schlage_detected_duplicate",
	"schlage_detected_duplicate_code_name",
	"schlage_creation_outage",
	"schlage_access_code_ambiguous_timezone_dst_risk",
	"ultraloq_access_code_disabled",
	"salto_office_mode",
	/* of a device */
	"device_disconnected",
	"device_offline",
	"hub_disconnected",
	"august_lock_missing_bridge",
	"ttlock_lock_not_paired_to_gateway",
	"lockly_missing_wifi_bridge",
	"wyze_device_missing_gateway",
	"device_removed",
	"account_disconnected",
	"empty_backup_access_code_pool",
	"subscription_required",
	"missing_device_credentials",
	"august_lock_not_authorized",
	"auxiliary_heat_running",
	"salto_ks_subscription_limit_exceeded",
	"dormakaba_sites_disconnected",
	"partial_backup_access_code_pool",
	"many_active_backup_codes",
	"max_access_codes_reached",
	"device_has_flaky_connection",
	"device_communication_degraded",
	"unreliable_online_status",
	"scheduled_maintenance_window",
	"power_saving_mode",
	"privacy_mode",
	"salto_ks_privacy_mode",
	"salto_ks_office_mode",
	"salto_ks_subscription_limit_almost_reached",
	"salto_ks_lock_access_code_support_removed",
	"ttlock_lock_gateway_unlocking_not_enabled",
	"ttlock_weak_gateway_signal",
	"lockly_time_zone_not_configured",
	"ultraloq_time_zone_unknown",
	"time_zone_unknown",
	"time_zone_mismatch",
	"two_n_device_missing_timezone",
	"hub_required_for_additional_capabilities",
	"hub_required_for_addtional_capabilities",
	"functional_offline_device",
	"accessory_keypad_setup_required",
	"accessory_keypad_low_battery",
	"keynest_unsupported_locker",
	"temperature_threshold_exceeded",
	"unknown_issue_with_phone",
	/* of an account */
	"invalid_credentials",
	"bridge_disconnected",
	"unknown_issue_with_connected_account",
	"account_reauthorization_requested",
	"provider_service_unavailable",
	"setup_required",
	"dormakaba_sites_unapproved",
};

static void every_problem_has_words_and_a_remedy(void **state)
{
	size_t n;
	const struct problem_info *table = problem_table(&n);

	(void)state;
	assert_int_equal(n, G_N_ELEMENTS(problems));
	FOR_ROWS(i, problems)
	{
		const struct problem_info *p = problem_lookup(problems[i]);

		if (!p)
			fail_msg("%s is not in the table", problems[i]);
		/* Words go into a line, a remedy is sentences; neither speaks the API's language.
		 */
		ROW_INT(problems[i], strlen(p->words) > 5 && strlen(p->words) <= 70, true);
		ROW_INT(problems[i], g_ascii_isupper(p->words[0]), true);
		ROW_INT(problems[i], g_str_has_suffix(p->words, "."), false);
		ROW_INT(problems[i], g_str_has_suffix(p->remedy, "."), true);
		ROW_INT(problems[i], strchr(p->words, '_') || strchr(p->remedy, '_'), false);
		ROW_INT(problems[i], p->severity >= 0 && p->severity <= 3, true);
	}
	for (size_t i = 0; i < n; i++)
		ROW_INT(table[i].code, problem_lookup(table[i].code) == &table[i], true);
	assert_null(problem_lookup("brand_new_problem"));
	assert_null(problem_lookup(NULL));
}

static void problems_that_bring_somebody_to_the_door_come_first(void **state)
{
	static const struct {
		const char *code;
		int severity;
	} row[] = {
		{ "being_deleted", 0 },
		{ "external_modification_in_effect", 0 },
		{ "delay_in_setting_on_device", 1 },
		{ "failed_to_set_on_device", 2 },
		{ "failed_to_remove_from_device", 3 },
		{ "code_constraints_violated", 3 }, /* never tried again by itself */
		{ "no_space_for_access_code_on_device", 3 },
		{ "account_disconnected", 3 },
		{ "device_disconnected", 3 },
	};

	(void)state;
	FOR_ROWS(i, row)
	ROW_INT(row[i].code, problem_lookup(row[i].code)->severity, row[i].severity);
}

#define ALL_OF_LOCK (REFETCH_DEVICE | REFETCH_CODES)

static const struct {
	const char *type;
	enum event_kind kind;
	unsigned refetch; /* at least */
} events[] = {
	{ "access_code.created", EVENT_CODE_CHANGE, REFETCH_CODE },
	{ "access_code.changed", EVENT_CODE_CHANGE, REFETCH_CODE },
	{ "access_code.name_changed", EVENT_CODE_CHANGE, REFETCH_CODE },
	{ "access_code.code_changed", EVENT_CODE_CHANGE, REFETCH_CODE },
	{ "access_code.time_frame_changed", EVENT_CODE_CHANGE, REFETCH_CODE },
	{ "access_code.mutations_requested", EVENT_CODE_CHANGE, REFETCH_CODE },
	{ "access_code.scheduled_on_device", EVENT_CODE_GOOD, REFETCH_CODE },
	{ "access_code.set_on_device", EVENT_CODE_GOOD, REFETCH_CODE },
	{ "access_code.removed_from_device", EVENT_CODE_GOOD, REFETCH_CODE },
	{ "access_code.deleted", EVENT_CODE_CHANGE, REFETCH_CODE },
	{ "access_code.delay_in_setting_on_device", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.failed_to_set_on_device", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.failed_to_remove_from_device", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.delay_in_removing_from_device", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.issued", EVENT_CODE_GOOD, REFETCH_CODE },
	{ "access_code.delay_in_issuing", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.failed_to_issue", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.failed_to_update", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.failed_to_expire", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.modified_external_to_seam", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.deleted_external_to_seam", EVENT_CODE_TROUBLE, REFETCH_CODE },
	{ "access_code.backup_access_code_pulled", EVENT_CODE_CHANGE, REFETCH_CODES },
	{ "access_code.unmanaged.created", EVENT_CODE_CHANGE, REFETCH_UNMANAGED },
	{ "access_code.unmanaged.removed", EVENT_CODE_CHANGE, REFETCH_UNMANAGED },
	{ "access_code.unmanaged.converted_to_managed", EVENT_CODE_GOOD,
	  REFETCH_UNMANAGED | REFETCH_CODE },
	{ "access_code.unmanaged.failed_to_convert_to_managed", EVENT_CODE_TROUBLE,
	  REFETCH_UNMANAGED },
	{ "lock.locked", EVENT_LOCK, REFETCH_DEVICE },
	{ "lock.unlocked", EVENT_UNLOCK, REFETCH_DEVICE },
	{ "lock.access_denied", EVENT_DENIED, 0 },
	{ "device.connected", EVENT_DEVICE_GOOD, ALL_OF_LOCK },
	{ "device.disconnected", EVENT_DEVICE_TROUBLE, ALL_OF_LOCK },
	{ "device.added", EVENT_DEVICE_GOOD, REFETCH_DEVICES },
	{ "device.removed", EVENT_DEVICE_TROUBLE, REFETCH_DEVICES },
	{ "device.deleted", EVENT_DEVICE_TROUBLE, REFETCH_DEVICES },
	{ "device.converted_to_unmanaged", EVENT_DEVICE_TROUBLE, REFETCH_DEVICES },
	{ "device.unmanaged.converted_to_managed", EVENT_DEVICE_GOOD, REFETCH_DEVICES },
	{ "device.unmanaged.connected", EVENT_DEVICE_GOOD, REFETCH_DEVICES },
	{ "device.unmanaged.disconnected", EVENT_DEVICE_TROUBLE, REFETCH_DEVICES },
	{ "device.low_battery", EVENT_DEVICE_TROUBLE, REFETCH_DEVICE },
	{ "device.battery_low", EVENT_DEVICE_TROUBLE, REFETCH_DEVICE },
	{ "device.battery_status_changed", EVENT_OTHER, REFETCH_DEVICE },
	{ "device.tampered", EVENT_DEVICE_TROUBLE, REFETCH_DEVICE },
	{ "device.name_changed", EVENT_OTHER, REFETCH_DEVICE },
	{ "device.accessory_keypad_connected", EVENT_DEVICE_GOOD, REFETCH_DEVICE },
	{ "device.accessory_keypad_disconnected", EVENT_DEVICE_TROUBLE, REFETCH_DEVICE },
	{ "device.connection_became_flaky", EVENT_DEVICE_TROUBLE, REFETCH_DEVICE },
	{ "device.connection_stabilized", EVENT_DEVICE_GOOD, REFETCH_DEVICE },
	{ "device.third_party_integration_detected", EVENT_DEVICE_TROUBLE, REFETCH_DEVICE },
	{ "device.third_party_integration_no_longer_detected", EVENT_DEVICE_GOOD, REFETCH_DEVICE },
	{ "device.error.subscription_required", EVENT_DEVICE_TROUBLE, REFETCH_DEVICE },
	{ "device.error.subscription_required.resolved", EVENT_DEVICE_GOOD, REFETCH_DEVICE },
	{ "device.salto.privacy_mode_activated", EVENT_DEVICE_TROUBLE, REFETCH_DEVICE },
	{ "device.salto.privacy_mode_deactivated", EVENT_DEVICE_GOOD, REFETCH_DEVICE },
	{ "device.doorbell_rang", EVENT_OTHER, 0 },
	{ "connected_account.connected", EVENT_ACCOUNT, REFETCH_DEVICES },
	{ "connected_account.created", EVENT_ACCOUNT, REFETCH_DEVICES },
	{ "connected_account.disconnected", EVENT_ACCOUNT, REFETCH_DEVICES },
	{ "connected_account.completed_first_sync", EVENT_ACCOUNT, REFETCH_DEVICES },
	{ "connected_account.completed_first_sync_after_reconnection", EVENT_ACCOUNT,
	  REFETCH_DEVICES },
	{ "connected_account.reauthorization_requested", EVENT_ACCOUNT, 0 },
	{ "connected_account.deleted", EVENT_ACCOUNT, REFETCH_DEVICES },
	{ "connected_account.successful_login", EVENT_ACCOUNT, 0 },
	{ "action_attempt.lock_door.succeeded", EVENT_OTHER, REFETCH_DEVICE },
	{ "action_attempt.lock_door.failed", EVENT_DEVICE_TROUBLE, 0 },
	{ "action_attempt.unlock_door.succeeded", EVENT_OTHER, REFETCH_DEVICE },
	{ "action_attempt.unlock_door.failed", EVENT_DEVICE_TROUBLE, 0 },
	{ "action_attempt.simulate_keypad_code_entry.succeeded", EVENT_OTHER, 0 },
	{ "action_attempt.simulate_keypad_code_entry.failed", EVENT_OTHER, 0 },
	{ "action_attempt.simulate_manual_lock_via_keypad.succeeded", EVENT_OTHER, 0 },
	{ "action_attempt.simulate_manual_lock_via_keypad.failed", EVENT_OTHER, 0 },
	{ "client_session.deleted", EVENT_OTHER, 0 },
	{ "connect_webview.login_succeeded", EVENT_ACCOUNT, 0 },
	{ "connect_webview.login_failed", EVENT_ACCOUNT, 0 },
};

static void every_event_has_a_kind_words_and_what_to_fetch(void **state)
{
	size_t n;
	const struct event_info *table = event_table(&n);

	(void)state;
	assert_int_equal(n, G_N_ELEMENTS(events));
	FOR_ROWS(i, events)
	{
		const struct event_info *e = event_lookup(events[i].type);

		ROW_TEXT(events[i].type, e->type, events[i].type);
		ROW_INT(events[i].type, e->kind, events[i].kind);
		ROW_INT(events[i].type, e->refetch & events[i].refetch, events[i].refetch);
		ROW_INT(events[i].type, e->words && strlen(e->words) <= 40, true);
	}
	for (size_t i = 0; i < n; i++)
		ROW_INT(table[i].type, event_lookup(table[i].type) == &table[i], true);
}

static void an_unknown_event_is_guessed_from_its_first_part(void **state)
{
	static const struct {
		const char *type;
		unsigned refetch;
	} row[] = {
		{ "access_code.sang", REFETCH_CODE },
		{ "access_code.unmanaged.sang", REFETCH_UNMANAGED },
		{ "lock.melted", REFETCH_DEVICE },
		{ "device.levitated", REFETCH_DEVICE },
		{ "device.unmanaged.levitated", REFETCH_DEVICES },
		{ "connected_account.retired", REFETCH_DEVICES },
		{ "weather.changed", 0 },
		{ "lock", 0 },
		{ "", 0 },
		{ NULL, 0 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		const char *name = row[i].type ? row[i].type : "NULL";
		const struct event_info *e = event_lookup(row[i].type);

		assert_non_null(e);
		ROW_INT(name, e->kind, EVENT_OTHER);
		ROW_INT(name, e->words == NULL, true);
		ROW_INT(name, e->refetch, row[i].refetch);
	}
}

static void methods_in_words(void **state)
{
	(void)state;
	assert_string_equal(method_words("keycode"), "keypad");
	assert_string_equal(method_words("manual"), "by hand");
	assert_string_equal(method_words("automatic"), "by itself");
	assert_string_equal(method_words("remote"), "remotely");
	assert_string_equal(method_words("seamapi"), "remotely");
	assert_string_equal(method_words("card"), "card");
	assert_string_equal(method_words("telepathy"), "telepathy");
	assert_string_equal(method_words(NULL), "");
}

/* What the desk is told to do can be done. */
static void the_way_in_fits_the_facts(void **state)
{
	static const struct {
		const char *name;
		struct way_in facts;
		const char *has, *has_not;
	} row[] = {
		{ "plain", { 0 }, "Unlock from here", "backup" },
		{ "spare ready", { .backup_ready = true }, "backup code", "key" },
		{ "offline", { .offline = true }, "key", "Unlock from here" },
		{ "offline, spare", { .offline = true, .backup_ready = true }, "backup code", "Unlock" },
		{ "pulled", { .backup_pulled = true, .offline = true }, "PIN of its backup", "Unlock" },
		{ "cannot unlock", { .no_unlock = true }, "another code", "Unlock" },
		{ "not begun", { .not_begun = true }, "There is time", "Unlock" },
		{ "not begun, offline", { .not_begun = true, .offline = true }, "key", "There is time" },
		{ "over", { .ended = true }, "new code", "backup" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		const char *said = way_in_words(&row[i].facts);

		if (!strstr(said, row[i].has) || strstr(said, row[i].has_not))
			fail_msg("%s: %s", row[i].name, said);
	}
	assert_true(problem_keeps_out("failed_to_set_on_device"));
	assert_false(problem_keeps_out("failed_to_expire"));
}

/* A remedy of the table holds whatever the lock and the hour are. */
static void no_remedy_promises_what_the_door_decides(void **state)
{
	size_t n;
	const struct problem_info *row = problem_table(&n);

	(void)state;
	for (; n > 0; row++, n--)
		if (strstr(row->remedy, "Give the guest") || strstr(row->remedy, "unlock from here."))
			fail_msg("%s: %s", row->code, row->remedy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_way_in_fits_the_facts),
		cmocka_unit_test(no_remedy_promises_what_the_door_decides),
		cmocka_unit_test(every_problem_has_words_and_a_remedy),
		cmocka_unit_test(problems_that_bring_somebody_to_the_door_come_first),
		cmocka_unit_test(every_event_has_a_kind_words_and_what_to_fetch),
		cmocka_unit_test(an_unknown_event_is_guessed_from_its_first_part),
		cmocka_unit_test(methods_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
