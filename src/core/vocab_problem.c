/* vocab_problem - every error and warning of the API, in words, with what to do about it.
 *
 * One row a code; some codes have been an error in one year and a warning in another. The
 * remedies are for whoever sits at the desk at night. How the guest comes in meanwhile depends on
 * the lock and the hour: way_in_words says it. */
#include "core/i18n.h"
#include "core/vocab.h"

enum { NOTE, WARNING, ERROR, ACT_NOW };

#define FREE_SPACE                                                                                 \
	N_("Delete codes that have ended or are not needed on this lock; it is set by itself then.")
#define CHANGE_PIN N_("Give this code another PIN.")
#define SEE_RIVAL                                                                                  \
	N_("Look for the other code among this lock's foreign codes: adopt or delete it, or change "  \
	"this PIN.")
#define WAIT_RETRY N_("It is tried again by itself.")
#define WAKE_LOCK                                                                                  \
	N_("Lock and unlock from here to see whether the lock answers; it is tried again by itself.")
#define LOG_IN                                                                                     \
	N_("Whoever owns the account must log in again; until then nothing can be changed on its "    \
	"locks.")
#define SEE_MESSAGE N_("Read the message below; it is the maker's own.")
#define ADMIN_RIGHT N_("Whoever owns the account must give it the right to manage this lock.")
#define SET_ZONE    N_("Have the lock's time zone set; until then the hours of its codes may be off.")
#define PIN_RULES   N_("Change the PIN or the name so that they suit this lock.")

static const struct problem_info table[] = {
	/* Of a code. */
	{ "failed_to_set_on_device", N_("The code could not be set"),
	  N_("It is tried again by itself."), ERROR },
	{ "failed_to_remove_from_device", N_("The code could not be removed and may still open"),
	  N_("Check in the maker's app whether it is gone; delete it there if it is not."), ACT_NOW },
	{ "duplicate_code_on_device", N_("Another code on this lock has the same PIN or name"),
	  SEE_RIVAL, ACT_NOW },
	{ "no_space_for_access_code_on_device", N_("The lock's memory is full"), FREE_SPACE, ACT_NOW },
	{ "conflicting_external_modification", N_("Somebody changed this code outside keyrack"),
	  N_("It is set back by itself. If it keeps happening, find the other program or person."),
	  ERROR },
	{ "access_code_inactive", N_("The code is on the lock, but switched off there"),
	  N_("The lock's owner must switch it on in the maker's app; meanwhile create another code."),
	  ACT_NOW },
	{ "code_constraints_violated", N_("The lock does not take this PIN"), CHANGE_PIN, ACT_NOW },
	{ "provider_issue", N_("The maker's service reports a problem"), SEE_MESSAGE, ERROR },
	{ "failed_to_issue", N_("The code was not ready at its start"),
	  N_("It is tried again by itself."), ACT_NOW },
	{ "failed_to_update", N_("The change did not reach the lock"), WAIT_RETRY, ERROR },
	{ "failed_to_expire", N_("The code still works after its end"),
	  N_("Its removal is tried again by itself. If that must not wait, delete it in the maker's "
	  "app."),
	  ACT_NOW },

	/* Of a code, no longer sent. */
	{ "code_modified_external_to_seam", N_("Somebody changed this code outside keyrack"),
	  N_("It is set back by itself unless changes from outside are allowed. If it keeps "
	  "happening, find the other program or person."),
	  ERROR },
	{ "duplicate_code_attempt_prevented", N_("A change that would have doubled a PIN was stopped"),
	  CHANGE_PIN, ERROR },
	{ "access_code_state_unconfirmed", N_("Nobody can confirm that the code is on the lock"),
	  N_("Try it at the door, or give the guest a backup code."), ERROR },
	{ "insufficient_permissions", N_("The account lacks rights on this lock"), ADMIN_RIGHT,
	  ACT_NOW },
	{ "replaced_by_newer_access_code", N_("A newer code has taken this one's place on the lock"),
	  N_("Delete this code, or create it again."), ERROR },
	{ "salto_ks_user_not_subscribed", N_("The site has no free user for this code"),
	  N_("Delete codes of this site, or have its number of users raised."), ACT_NOW },
	{ "salto_site_user_not_subscribed", N_("The site has no free user for this code"),
	  N_("Delete codes of this site, or have its number of users raised."), ACT_NOW },
	{ "august_device_programming_delay", N_("The lock has not loaded the code yet"), WAKE_LOCK,
	  WARNING },
	{ "hubitat_device_programming_delay", N_("The lock has not loaded the code yet"), WAKE_LOCK,
	  WARNING },
	{ "august_device_slots_full", N_("The lock's memory is full"), FREE_SPACE, ACT_NOW },
	{ "hubitat_no_free_positions_available", N_("The lock's memory is full"), FREE_SPACE, ACT_NOW },
	{ "smartthings_no_free_slots_available", N_("The lock's memory is full"), FREE_SPACE, ACT_NOW },
	{ "schlage_lock_exceeds_maximum_number_of_access_codes", N_("The lock's memory is full"),
	  FREE_SPACE, ACT_NOW },
	{ "august_lock_invalid_code_length", N_("The lock does not take PINs of this length"),
	  CHANGE_PIN, ACT_NOW },
	{ "august_lock_bad_access_code_format", N_("The lock does not take this PIN or name"),
	  PIN_RULES, ACT_NOW },
	{ "august_lock_missing_keypad", N_("The lock has no keypad"),
	  N_("Pair its keypad in the maker's app. No code works until then."), ACT_NOW },
	{ "august_lock_temporarily_offline", N_("The lock does not answer at the moment"), WAKE_LOCK,
	  ERROR },
	{ "kwikset_unable_to_confirm_code", N_("Nobody can confirm that the code is on the lock"),
	  N_("Mostly another code has this PIN: give this one another."), ERROR },
	{ "kwikset_unable_to_confirm_deletion", N_("Nobody can confirm that the code is gone"),
	  N_("Stand beside the lock and look in the maker's app."), ERROR },
	{ "kwikset_insufficient_permissions", N_("The account lacks rights on this lock"), ADMIN_RIGHT,
	  ACT_NOW },
	{ "keynest_unsupported_third_party_locker", N_("This kind of locker takes no codes"),
	  N_("Hand the key over in another way."), ERROR },
	{ "dormakaba_oracode_invalid_time_range", N_("The lock has no time slot for these hours"),
	  N_("Choose the arrival and departure hours of one of the lock's time slots."), ACT_NOW },
	{ "dormakaba_oracode_no_valid_user_level", N_("The lock has no user level for these hours"),
	  N_("Choose the arrival and departure hours of one of the lock's time slots."), ACT_NOW },
	{ "smartthings_failed_to_set_access_code", N_("The code could not be set"),
	  N_("It is tried again by itself."), ERROR },
	{ "smartthings_failed_to_set_after_multiple_retries",
	  N_("The code could not be set, tried many times"),
	  N_("Then switch off any other program that manages this lock's codes."),
	  ACT_NOW },
	{ "wyze_duplicate_code_name", N_("Another code on this lock has the same name"),
	  N_("Give this code another name."), ACT_NOW },
	{ "wyze_potential_duplicate_code", N_("Another code on this lock may have the same PIN"),
	  SEE_RIVAL, ERROR },
	{ "igloohome_bridge_offline", N_("The lock's bridge is offline"),
	  N_("Check the bridge's power and Wi-Fi. An offline code works meanwhile."), ERROR },
	{ "igloohome_bridge_too_many_pending_jobs", N_("The lock's bridge has too much to do"),
	  N_("Wait a few minutes; it is tried again by itself."), WARNING },
	{ "igloohome_offline_access_code_no_variance_available",
	  N_("No more offline codes can be had for this start"),
	  N_("Choose a start an hour earlier or later."), ACT_NOW },
	{ "conflicting_unmanaged_access_code_id", N_("A foreign code on this lock has the same PIN"),
	  SEE_RIVAL, ACT_NOW },

	/* Warnings of a code. */
	{ "external_modification_in_effect", N_("Changed outside keyrack, and left so"),
	  N_("What the lock shows is what counts. Edit the code here to overrule it."), NOTE },
	{ "delay_in_setting_on_device", N_("Setting the code takes unusually long"),
	  N_("Wait; it clears by itself."), WARNING },
	{ "delay_in_removing_from_device", N_("Removing the code takes unusually long"),
	  N_("Check in the maker's app whether it is gone."), WARNING },
	{ "delay_in_issuing", N_("The start is near and the code is not ready"),
	  N_("Wait; it clears by itself."), WARNING },
	{ "being_deleted", N_("Being deleted"), N_("Nothing to do."), NOTE },
	{ "using_backup_access_code", N_("A backup code stands in for this one"),
	  N_("The guest must use the backup code's PIN."), NOTE },
	{ "management_transferred", N_("Another workspace manages this code now"), N_("Change it there."),
	  WARNING },
	{ "code_rotates_periodically", N_("The PIN changes from time to time"),
	  N_("Look it up here right before you tell it to the guest."), WARNING },
	{ "time_frame_adjusted_for_unknown_time_zone",
	  N_("An hour was added because the lock's time zone is not known"), SET_ZONE, NOTE },
	{ "third_party_integration_detected", N_("Another program manages this lock too"),
	  N_("Switch it off, or its codes and these will undo each other."), WARNING },
	{ "igloo_algopin_must_be_used_within_24_hours",
	  N_("The code dies unless it is used within a day of its start"),
	  N_("Tell the guest to type it once on the first day."), WARNING },
	{ "unknown_issue_with_access_code", N_("Something is wrong with this code"), SEE_MESSAGE,
	  WARNING },
	{ "schlage_detected_duplicate", N_("Another code on this lock has the same PIN"), SEE_RIVAL,
	  WARNING },
	{ "schlage_detected_duplicate_code_name", N_("Another code on this lock has the same name"),
	  N_("Give this code another name."), WARNING },
	{ "schlage_creation_outage", N_("The maker's service takes no new codes at the moment"),
	  WAIT_RETRY, WARNING },
	{ "schlage_access_code_ambiguous_timezone_dst_risk",
	  N_("The clocks change during this code: its hours may be off by one"), SET_ZONE, WARNING },
	{ "ultraloq_access_code_disabled", N_("The code is on the lock, but switched off there"),
	  N_("The lock's owner must switch it on in the maker's app; meanwhile create another code."),
	  ACT_NOW },
	{ "salto_office_mode", N_("Office mode: the door stays open and codes do nothing"),
	  N_("End office mode at the lock or in the maker's app."), WARNING },

	/* Errors of a lock. */
	{ "device_disconnected", N_("The lock is offline"),
	  N_("Check its batteries and Wi-Fi. Codes already set still open; new ones must wait."),
	  ACT_NOW },
	{ "device_offline", N_("The lock is offline"),
	  N_("Check its batteries and Wi-Fi. Codes already set still open; new ones must wait."),
	  ACT_NOW },
	{ "hub_disconnected", N_("The lock's bridge is offline"),
	  N_("Check the bridge's power and network. Codes already set still open; new ones must wait."),
	  ACT_NOW },
	{ "august_lock_missing_bridge", N_("The lock's bridge is missing"),
	  N_("Plug the bridge in, or pair it in the maker's app."), ACT_NOW },
	{ "ttlock_lock_not_paired_to_gateway", N_("The lock is not paired with a gateway"),
	  N_("Pair it in the maker's app."), ACT_NOW },
	{ "lockly_missing_wifi_bridge", N_("The lock's bridge is missing"),
	  N_("Plug the bridge in, or pair it in the maker's app."), ACT_NOW },
	{ "wyze_device_missing_gateway", N_("The lock's gateway is missing"),
	  N_("Plug the gateway in, or pair it in the maker's app."), ACT_NOW },
	{ "device_removed", N_("The lock is gone from its maker's account"),
	  N_("Add it again in the maker's app. Its codes cannot be changed until then."), ACT_NOW },
	{ "account_disconnected", N_("The login to the maker's account is lost"), LOG_IN, ACT_NOW },
	{ "invalid_credentials", N_("The login to the maker's account is lost"), LOG_IN, ACT_NOW },
	{ "empty_backup_access_code_pool", N_("No backup code is ready"),
	  N_("It is filled by itself, unless the lock is full or offline."), WARNING },
	{ "subscription_required", N_("A paid plan of the lock's maker is missing"),
	  N_("Whoever owns the account must subscribe; no code can be set until then."), ACT_NOW },
	{ "missing_device_credentials", N_("The lock's own login is missing"),
	  N_("Enter the lock's login where it was connected."), ACT_NOW },
	{ "august_lock_not_authorized", N_("The account may not manage this lock"), ADMIN_RIGHT,
	  ACT_NOW },
	{ "auxiliary_heat_running", N_("Auxiliary heating is on"), N_("It does not concern any door."),
	  NOTE },
	{ "salto_ks_subscription_limit_exceeded", N_("The site has no users left"),
	  N_("Delete codes of this site, or have its number of users raised."), ACT_NOW },
	{ "dormakaba_sites_disconnected", N_("The maker has unlinked the site"),
	  N_("Ask the maker's support to link it again."), ACT_NOW },

	/* Warnings of a lock. */
	{ "partial_backup_access_code_pool", N_("Fewer backup codes are ready than should be"),
	  N_("It is filled by itself, unless the lock is full or offline."), NOTE },
	{ "many_active_backup_codes", N_("Many backup codes are in use"),
	  N_("Setting codes on this lock often fails: look into its connection."), WARNING },
	{ "max_access_codes_reached", N_("The lock's memory is full"), FREE_SPACE, ERROR },
	{ "device_has_flaky_connection", N_("The lock's connection comes and goes"),
	  N_("Move its bridge or Wi-Fi closer."), WARNING },
	{ "device_communication_degraded", N_("The lock answers slowly or not always"),
	  N_("Check its batteries and the distance to its bridge."), WARNING },
	{ "unreliable_online_status", N_("Whether the lock is online is not certain"),
	  N_("Lock and unlock from here to see whether it answers."), NOTE },
	{ "scheduled_maintenance_window", N_("The maker's service will be down for maintenance"),
	  N_("Create codes for that time beforehand."), WARNING },
	{ "power_saving_mode", N_("The lock saves power and cannot be reached"),
	  N_("Wake it at its keypad; codes already set still open."), WARNING },
	{ "privacy_mode", N_("Privacy mode: codes and unlocking from here are blocked"),
	  N_("Whoever is inside must end it."), WARNING },
	{ "salto_ks_privacy_mode", N_("Privacy mode: codes and unlocking from here are blocked"),
	  N_("Whoever is inside must end it."), WARNING },
	{ "salto_ks_office_mode", N_("Office mode: the door stays open and codes do nothing"),
	  N_("End office mode at the lock or in the maker's app."), WARNING },
	{ "salto_ks_subscription_limit_almost_reached", N_("The site has few users left"),
	  N_("Delete codes that are not needed, or have the number of users raised."), WARNING },
	{ "salto_ks_lock_access_code_support_removed", N_("The lock takes no codes any more"),
	  N_("Use another lock."), ERROR },
	{ "ttlock_lock_gateway_unlocking_not_enabled", N_("Unlocking from here is switched off"),
	  N_("Switch on remote unlocking in the maker's app, standing beside the lock."), WARNING },
	{ "ttlock_weak_gateway_signal", N_("The gateway hardly reaches the lock"),
	  N_("Move the gateway closer."), WARNING },
	{ "lockly_time_zone_not_configured", N_("The lock's time zone is not set"), SET_ZONE, WARNING },
	{ "ultraloq_time_zone_unknown", N_("The lock's time zone is not known"), SET_ZONE, WARNING },
	{ "time_zone_unknown", N_("The lock's time zone is not known"), SET_ZONE, WARNING },
	{ "time_zone_mismatch", N_("The lock's clock is in another time zone"), SET_ZONE, WARNING },
	{ "two_n_device_missing_timezone", N_("The lock's time zone is not set"), SET_ZONE, WARNING },
	{ "hub_required_for_additional_capabilities", N_("Without a bridge only offline codes work"),
	  N_("Create an offline code, or add a bridge."), NOTE },
	{ "hub_required_for_addtional_capabilities", N_("Without a bridge only offline codes work"),
	  N_("Create an offline code, or add a bridge."), NOTE },
	{ "functional_offline_device", N_("Without a bridge only offline codes work"),
	  N_("Create an offline code, or add a bridge."), NOTE },
	{ "accessory_keypad_setup_required", N_("The keypad is not linked to the bridge"),
	  N_("Link it in the maker's app; codes cannot be set until then."), ERROR },
	{ "accessory_keypad_low_battery", N_("The keypad's battery is low"), N_("Change it soon."),
	  WARNING },
	{ "keynest_unsupported_locker", N_("This kind of locker takes no codes"),
	  N_("Hand the key over in another way."), WARNING },
	{ "temperature_threshold_exceeded", N_("A temperature limit is passed"),
	  N_("It does not concern any door."), NOTE },
	{ "unknown_issue_with_phone", N_("Something is wrong with a phone"), SEE_MESSAGE, NOTE },

	/* Of an account. */
	{ "bridge_disconnected", N_("The account's bridge is offline"),
	  N_("Check the computer or box that runs the bridge."), ACT_NOW },
	{ "unknown_issue_with_connected_account", N_("Something is wrong with the account"),
	  SEE_MESSAGE, WARNING },
	{ "account_reauthorization_requested", N_("The account asks for a new login soon"), LOG_IN,
	  WARNING },
	{ "provider_service_unavailable", N_("The maker's service is down"),
	  N_("Wait. Codes already set still open; new ones must wait."), ERROR },
	{ "setup_required", N_("The account is not fully set up"),
	  N_("Whoever owns it must finish its setup."), WARNING },
	{ "dormakaba_sites_unapproved", N_("The maker has not approved the site yet"),
	  N_("Ask the maker's support to approve it."), WARNING },
};

/* The table in the operator's language. */
const struct problem_info *problem_table(size_t *n)
{
	static struct problem_info shown[G_N_ELEMENTS(table)];
	static gsize done;

	*n = G_N_ELEMENTS(table);
	if (g_once_init_enter(&done)) {
		for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
			shown[i] = table[i];
			shown[i].words = _(table[i].words);
			shown[i].remedy = table[i].remedy ? _(table[i].remedy) : NULL;
		}
		g_once_init_leave(&done, 1);
	}
	return shown;
}
