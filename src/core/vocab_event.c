/* vocab_event - every event the API sends: its kind, its words, and what it says has changed. */
#include "core/i18n.h"
#include "core/vocab.h"

/* A lock that comes or goes, or loses its account, changes the errors of all its codes too. */
#define LOCK_AND_CODES (REFETCH_DEVICE | REFETCH_CODES)

static const struct event_info table[] = {
	{ "lock.unlocked", EVENT_UNLOCK, N_("unlocked"), REFETCH_DEVICE },
	{ "lock.locked", EVENT_LOCK, N_("locked"), REFETCH_DEVICE },
	{ "lock.access_denied", EVENT_DENIED, N_("entry refused"), 0 },

	{ "access_code.created", EVENT_CODE_CHANGE, N_("code created"), REFETCH_CODE },
	{ "access_code.changed", EVENT_CODE_CHANGE, N_("code changed"), REFETCH_CODE },
	{ "access_code.name_changed", EVENT_CODE_CHANGE, N_("code renamed"), REFETCH_CODE },
	{ "access_code.code_changed", EVENT_CODE_CHANGE, N_("PIN changed"), REFETCH_CODE },
	{ "access_code.time_frame_changed", EVENT_CODE_CHANGE, N_("times changed"), REFETCH_CODE },
	{ "access_code.mutations_requested", EVENT_CODE_CHANGE, N_("change asked for"), REFETCH_CODE },
	{ "access_code.deleted", EVENT_CODE_CHANGE, N_("deletion asked"), REFETCH_CODE },
	{ "access_code.backup_access_code_pulled", EVENT_CODE_CHANGE, N_("backup code given"),
	  REFETCH_CODE | REFETCH_CODES },
	{ "access_code.scheduled_on_device", EVENT_CODE_GOOD, N_("code stored in lock"), REFETCH_CODE },
	{ "access_code.set_on_device", EVENT_CODE_GOOD, N_("code set"), REFETCH_CODE },
	{ "access_code.removed_from_device", EVENT_CODE_GOOD, N_("code removed"), REFETCH_CODE },
	{ "access_code.issued", EVENT_CODE_GOOD, N_("code issued"), REFETCH_CODE },
	{ "access_code.delay_in_setting_on_device", EVENT_CODE_TROUBLE, N_("code is slow to be set"),
	  REFETCH_CODE },
	{ "access_code.failed_to_set_on_device", EVENT_CODE_TROUBLE, N_("code not set"), REFETCH_CODE },
	{ "access_code.delay_in_removing_from_device", EVENT_CODE_TROUBLE,
	  N_("code is slow to be removed"), REFETCH_CODE },
	{ "access_code.failed_to_remove_from_device", EVENT_CODE_TROUBLE, N_("code not removed"),
	  REFETCH_CODE },
	{ "access_code.delay_in_issuing", EVENT_CODE_TROUBLE, N_("code is late"), REFETCH_CODE },
	{ "access_code.failed_to_issue", EVENT_CODE_TROUBLE, N_("code not issued"), REFETCH_CODE },
	{ "access_code.failed_to_update", EVENT_CODE_TROUBLE, N_("change not made"), REFETCH_CODE },
	{ "access_code.failed_to_expire", EVENT_CODE_TROUBLE, N_("code still works after its end"),
	  REFETCH_CODE },
	{ "access_code.modified_external_to_seam", EVENT_CODE_TROUBLE, N_("code changed from outside"),
	  REFETCH_CODE },
	{ "access_code.deleted_external_to_seam", EVENT_CODE_TROUBLE, N_("code removed from outside"),
	  REFETCH_CODE },
	{ "access_code.unmanaged.created", EVENT_CODE_CHANGE, N_("foreign code appeared"),
	  REFETCH_UNMANAGED },
	{ "access_code.unmanaged.removed", EVENT_CODE_CHANGE, N_("foreign code gone"),
	  REFETCH_UNMANAGED },
	{ "access_code.unmanaged.converted_to_managed", EVENT_CODE_GOOD, N_("foreign code adopted"),
	  REFETCH_CODE | REFETCH_UNMANAGED },
	{ "access_code.unmanaged.failed_to_convert_to_managed", EVENT_CODE_TROUBLE,
	  N_("foreign code not adopted"), REFETCH_UNMANAGED },

	{ "device.connected", EVENT_DEVICE_GOOD, N_("back online"), LOCK_AND_CODES },
	{ "device.disconnected", EVENT_DEVICE_TROUBLE, N_("offline"), LOCK_AND_CODES },
	{ "device.added", EVENT_DEVICE_GOOD, N_("lock added"), REFETCH_DEVICES | LOCK_AND_CODES },
	{ "device.removed", EVENT_DEVICE_TROUBLE, N_("lock gone from its account"),
	  REFETCH_DEVICES | LOCK_AND_CODES },
	{ "device.deleted", EVENT_DEVICE_TROUBLE, N_("lock deleted"), REFETCH_DEVICES },
	{ "device.converted_to_unmanaged", EVENT_DEVICE_TROUBLE, N_("lock no longer managed"),
	  REFETCH_DEVICES | REFETCH_CODES | REFETCH_UNMANAGED },
	{ "device.unmanaged.converted_to_managed", EVENT_DEVICE_GOOD, N_("lock managed again"),
	  REFETCH_DEVICES | REFETCH_CODES | REFETCH_UNMANAGED },
	{ "device.unmanaged.connected", EVENT_DEVICE_GOOD, N_("unmanaged lock online"),
	  REFETCH_DEVICES },
	{ "device.unmanaged.disconnected", EVENT_DEVICE_TROUBLE, N_("unmanaged lock offline"),
	  REFETCH_DEVICES },
	{ "device.low_battery", EVENT_DEVICE_TROUBLE, N_("battery low"), REFETCH_DEVICE },
	/* Never sent, but once documented by this name. */
	{ "device.battery_low", EVENT_DEVICE_TROUBLE, N_("battery low"), REFETCH_DEVICE },
	{ "device.battery_status_changed", EVENT_OTHER, N_("battery"), REFETCH_DEVICE },
	{ "device.tampered", EVENT_DEVICE_TROUBLE, N_("tampered with"), REFETCH_DEVICE },
	{ "device.name_changed", EVENT_OTHER, N_("lock renamed"), REFETCH_DEVICE },
	{ "device.accessory_keypad_connected", EVENT_DEVICE_GOOD, N_("keypad connected"),
	  LOCK_AND_CODES },
	{ "device.accessory_keypad_disconnected", EVENT_DEVICE_TROUBLE, N_("keypad lost"),
	  LOCK_AND_CODES },
	{ "device.connection_became_flaky", EVENT_DEVICE_TROUBLE, N_("connection unsteady"),
	  REFETCH_DEVICE },
	{ "device.connection_stabilized", EVENT_DEVICE_GOOD, N_("connection steady"), REFETCH_DEVICE },
	{ "device.third_party_integration_detected", EVENT_DEVICE_TROUBLE,
	  N_("another program manages this lock"), LOCK_AND_CODES },
	{ "device.third_party_integration_no_longer_detected", EVENT_DEVICE_GOOD,
	  N_("no other program manages this lock"), LOCK_AND_CODES },
	{ "device.error.subscription_required", EVENT_DEVICE_TROUBLE, N_("paid plan missing"),
	  LOCK_AND_CODES },
	{ "device.error.subscription_required.resolved", EVENT_DEVICE_GOOD, N_("paid plan in order"),
	  LOCK_AND_CODES },
	{ "device.salto.privacy_mode_activated", EVENT_DEVICE_TROUBLE, N_("privacy mode on"),
	  REFETCH_DEVICE },
	{ "device.salto.privacy_mode_deactivated", EVENT_DEVICE_GOOD, N_("privacy mode off"),
	  REFETCH_DEVICE },
	{ "device.doorbell_rang", EVENT_OTHER, N_("doorbell"), 0 },

	{ "connected_account.connected", EVENT_ACCOUNT, N_("account connected"), REFETCH_DEVICES },
	{ "connected_account.created", EVENT_ACCOUNT, N_("account added"), REFETCH_DEVICES },
	{ "connected_account.disconnected", EVENT_ACCOUNT, N_("account lost its login"),
	  REFETCH_DEVICES },
	{ "connected_account.completed_first_sync", EVENT_ACCOUNT,
	  N_("account read for the first time"), REFETCH_DEVICES },
	{ "connected_account.completed_first_sync_after_reconnection", EVENT_ACCOUNT,
	  N_("account read again"), REFETCH_DEVICES },
	{ "connected_account.reauthorization_requested", EVENT_ACCOUNT,
	  N_("account asks for a new login"), 0 },
	{ "connected_account.deleted", EVENT_ACCOUNT, N_("account deleted"), REFETCH_DEVICES },
	{ "connected_account.successful_login", EVENT_ACCOUNT, N_("account logged in"),
	  REFETCH_DEVICES },

	{ "action_attempt.lock_door.succeeded", EVENT_OTHER, N_("locking from here done"),
	  REFETCH_DEVICE },
	{ "action_attempt.lock_door.failed", EVENT_DEVICE_TROUBLE, N_("locking from here failed"),
	  REFETCH_DEVICE },
	{ "action_attempt.unlock_door.succeeded", EVENT_OTHER, N_("unlocking from here done"),
	  REFETCH_DEVICE },
	{ "action_attempt.unlock_door.failed", EVENT_DEVICE_TROUBLE, N_("unlocking from here failed"),
	  REFETCH_DEVICE },
	{ "action_attempt.simulate_keypad_code_entry.succeeded", EVENT_OTHER,
	  N_("simulated keypad entry"), 0 },
	{ "action_attempt.simulate_keypad_code_entry.failed", EVENT_OTHER,
	  N_("simulated keypad entry failed"), 0 },
	{ "action_attempt.simulate_manual_lock_via_keypad.succeeded", EVENT_OTHER,
	  N_("simulated locking"), 0 },
	{ "action_attempt.simulate_manual_lock_via_keypad.failed", EVENT_OTHER,
	  N_("simulated locking failed"), 0 },

	{ "client_session.deleted", EVENT_OTHER, N_("client session ended"), 0 },
	{ "connect_webview.login_succeeded", EVENT_ACCOUNT, N_("login page: logged in"), 0 },
	{ "connect_webview.login_failed", EVENT_ACCOUNT, N_("login page: login failed"), 0 },
};

/* The table in the operator's language. */
const struct event_info *event_table(size_t *n)
{
	static struct event_info shown[G_N_ELEMENTS(table)];
	static gsize done;

	*n = G_N_ELEMENTS(table);
	if (g_once_init_enter(&done)) {
		for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
			shown[i] = table[i];
			shown[i].words = _(table[i].words);
		}
		g_once_init_leave(&done, 1);
	}
	return shown;
}
