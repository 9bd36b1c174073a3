/* What a device's object says: for each of the fourteen lock systems, and for a lock that is out of
 * reach, without its keypad, full, gone, or not managed. */
#include "config.h"

#include "tests/server/rig.h"

#include "core/traits.h"
#include "engine/lock_system.h"

/* ---- the fourteen ---- */

static const char fourteen[] = "[lock two_n_intercom]\ntype = two_n_intercom\n"
			       "[lock august_lock]\ntype = august_lock\nbattery = 82\n"
			       "[lock dormakaba_oracode_door]\ntype = dormakaba_oracode_door\n"
			       "[lock igloohome_lock]\ntype = igloohome_lock\n"
			       "[lock kwikset_lock]\ntype = kwikset_lock\n"
			       "[lock lockly_lock]\ntype = lockly_lock\n"
			       "[lock nuki_lock]\ntype = nuki_lock\n"
			       "[lock salto_lock]\ntype = salto_lock\n"
			       "[lock schlage_lock]\ntype = schlage_lock\n"
			       "[lock smartthings_lock]\ntype = smartthings_lock\n"
			       "[lock tedee_lock]\ntype = tedee_lock\n"
			       "[lock ttlock_lock]\ntype = ttlock_lock\n"
			       "[lock wyze_lock]\ntype = wyze_lock\n"
			       "[lock yale_lock]\ntype = yale_lock\n";

/* What the makers' guides say. Lengths and slots where they are silent: see lock_system.c. */
static const struct said {
	const char *type, *provider, *maker, *brand;
	const char *lengths;
	const char *slots;	 /* NULL: not said */
	const char *constraints; /* with spaces between them */
	const char *metadata;	 /* a path in the properties, and what is there */
	const char *metadata_is;
	int offline_options; /* -1: none */
	bool online, offline, pool, lock;
} systems[] = {
	{ "two_n_intercom", "my_2n", "two_n", "2N", "[4,5,6,7,8]", "1000", "",
	  "two_n_metadata.device_name", "two_n_intercom", -1, true, false, true, false },
	{ "august_lock", "august", "august", "August", "[4,5,6,7,8]", "250", "",
	  "august_metadata.model", "Wi-Fi Smart Lock", -1, true, false, true, true },
	{ "dormakaba_oracode_door", "dormakaba_oracode", "dormakaba_oracode", "dormakaba Oracode",
	  "[6]", NULL, "cannot_specify_pin_code",
	  "dormakaba_oracode_metadata.predefined_time_slots.0.check_in_time",
	  "12:00:00[Europe/Berlin]", 1, false, true, false, false },
	{ "igloohome_lock", "igloohome", "igloohome", "igloohome", "[4,5,6,7,8,9]", "199",
	  "start_date_in_future", "igloohome_metadata.device_name", "igloohome_lock", 2, true, true,
	  true, true },
	{ "kwikset_lock", "kwikset", "kwikset", "Kwikset", "[4,5,6,7,8]", "25",
	  "start_date_in_future name_length(2,14)", "kwikset_metadata.model_number", "Halo Touch",
	  -1, true, false, true, true },
	{ "lockly_lock", "lockly", "lockly", "Lockly", "[6,7,8]", "50", "", "lockly_metadata.model",
	  "Secure Plus", 1, true, true, true, true },
	{ "nuki_lock", "nuki", "nuki", "Nuki", "[6]", "100",
	  "no_zeros cannot_start_with_12 name_length(-,20)", "nuki_metadata.keypad_paired", "true",
	  -1, true, false, true, true },
	{ "salto_lock", "salto_ks", "salto", "Salto KS", "[6,7,8,9,10]", "100",
	  "cannot_specify_pin_code", "salto_ks_metadata.site_name", "Test", -1, true, false, false,
	  false },
	{ "schlage_lock", "schlage", "schlage", "Schlage", "[4,5,6,7,8]", "100",
	  "unique_first_four_digits name_length(-,9)", "schlage_metadata.model", "Encode Plus", -1,
	  true, false, true, true },
	{ "smartthings_lock", "smartthings", "smartthings", "SmartThings", "[4,5,6,7,8]", "30", "",
	  "smartthings_metadata.device_name", "smartthings_lock", -1, true, false, true, true },
	{ "tedee_lock", "tedee", "tedee", "Tedee", "[5,6,7,8]", "100",
	  "no_ascending_or_descending_sequence at_least_three_unique_digits",
	  "tedee_metadata.device_model", "PRO with keypad", -1, true, false, true, true },
	{ "ttlock_lock", "ttlock", "ttlock", "TTLock", "[4,5,6,7,8,9]", "250", "",
	  "ttlock_metadata.lock_alias", "ttlock_lock", -1, true, false, true, true },
	{ "wyze_lock", "wyze", "wyze", "Wyze", "[4,5,6,7,8]", "20", "",
	  "wyze_metadata.product_model", "Lock with keypad", -1, true, false, true, true },
	{ "yale_lock", "yale", "yale", "Yale", "[4,5,6,7,8]", "250", "",
	  "august_metadata.has_keypad", "true", -1, true, false, true, true },
};

static const json_t *device(struct rig *r, const char *name)
{
	return rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", rig_device(r, name));
}

/* NULL where the member is not there at all. */
static const char *said(const json_t *answer, const char *member)
{
	g_autofree char *path = g_strconcat("device.", member, NULL);

	return rig_text(answer, path);
}

static void is_flag(const char *row, const json_t *a, const char *flag, bool there)
{
	const char *got = said(a, flag);

	if (!there && got)
		fail_msg("%s: %s is there: %s", row, flag, got);
	if (there)
		ROW_TEXT(row, got, "true");
}

static char *constraints_of(const json_t *a)
{
	GString *s = g_string_new(NULL);
	int n = rig_count(a, "device.properties.code_constraints");

	for (int i = 0; i < n; i++) {
		g_autofree char *at = g_strdup_printf("properties.code_constraints.%d", i);
		g_autofree char *type = g_strconcat(at, ".constraint_type", NULL);
		g_autofree char *min = g_strconcat(at, ".min_length", NULL);
		g_autofree char *max = g_strconcat(at, ".max_length", NULL);

		g_string_append_printf(s, "%s%s", i ? " " : "", said(a, type));
		if (said(a, max))
			g_string_append_printf(s, "(%s,%s)", said(a, min) ? said(a, min) : "-",
					       said(a, max));
	}
	return g_string_free(s, FALSE);
}

static void a_device_says_what_its_maker_says_of_it(void **state)
{
	OWN(rig) struct rig *r = rig_new(fourteen);

	(void)state;
	FOR_ROWS(i, systems)
	{
		const struct said *s = &systems[i];
		const json_t *a = device(r, s->type);
		g_autofree char *constraints = constraints_of(a);
		g_autofree char *metadata = g_strconcat("properties.", s->metadata, NULL);

		ROW_TEXT(s->type, said(a, "device_type"), s->type);
		ROW_TEXT(s->type, said(a, "device_provider.device_provider_name"), s->provider);
		ROW_TEXT(s->type, said(a, "device_provider.display_name"), s->brand);
		ROW_TEXT(s->type, said(a, "device_manufacturer.manufacturer"), s->maker);
		ROW_TEXT(s->type, said(a, "properties.manufacturer"), s->maker);
		ROW_TEXT(s->type, said(a, "properties.model.manufacturer_display_name"), s->brand);
		ROW_TEXT(s->type, said(a, "properties.supported_code_lengths"), s->lengths);
		ROW_TEXT(s->type, constraints, s->constraints);
		ROW_TEXT(s->type, said(a, metadata), s->metadata_is);
		ROW_INT(s->type, rig_count(a, "device.properties.offline_time_frame_options"),
			s->offline_options);
		if (s->slots)
			ROW_TEXT(s->type, said(a, "properties.max_active_codes_supported"),
				 s->slots);
		else
			assert_null(said(a, "properties.max_active_codes_supported"));
		is_flag(s->type, a, "can_program_online_access_codes", s->online);
		is_flag(s->type, a, "can_program_offline_access_codes", s->offline);
		is_flag(s->type, a, "can_unlock_with_code", true);
		is_flag(s->type, a, "can_remotely_lock", s->lock);
		is_flag(s->type, a, "can_remotely_unlock", true);
		is_flag(s->type, a, "can_configure_auto_lock", s->lock);
		ROW_TEXT(s->type, said(a, "properties.supports_backup_access_code_pool"),
			 s->pool ? "true" : "false");
		ROW_INT(s->type, said(a, "properties.backup_access_code_pool_enabled") != NULL,
			s->pool);
	}
}

/* The same against the tables that planning goes by: nobody may say what the engine does not do. */
static void a_device_says_what_the_engine_goes_by(void **state)
{
	OWN(rig) struct rig *r = rig_new(fourteen);
	size_t n;
	const struct lock_system *table = lock_system_table(&n);

	(void)state;
	ROW_INT("systems", n, G_N_ELEMENTS(systems));
	for (size_t i = 0; i < n; i++) {
		const struct lock_system *ls = &table[i];
		const struct traits *t = traits_of(ls->device_type);
		const json_t *a = device(r, ls->device_type);
		g_autoptr(GString) lengths = g_string_new(NULL);

		pin_lengths_json(lengths, NULL, ls->pins.lengths);
		ROW_TEXT(ls->device_type, said(a, "properties.supported_code_lengths"),
			 lengths->str);
		ROW_TEXT(ls->device_type, said(a, "device_provider.device_provider_name"),
			 t->provider);
		is_flag(ls->device_type, a, "can_program_online_access_codes", t->online_codes);
		is_flag(ls->device_type, a, "can_program_offline_access_codes", t->offline_codes);
		ROW_TEXT(ls->device_type, said(a, "properties.supports_backup_access_code_pool"),
			 t->backup_pool ? "true" : "false");
	}
}

static void offline_options_say_how_a_code_is_built(void **state)
{
	static const struct {
		const char *name, *path, *is;
	} rows[] = {
		{ "igloohome_lock", "0.min_duration", "PT1H" },
		{ "igloohome_lock", "0.max_duration", "PT672H" },
		{ "igloohome_lock", "1.min_duration", "P29D" },
		{ "igloohome_lock", "1.max_duration", "P367D" },
		{ "igloohome_lock", "1.matching_start_end_time", "true" },
		{ "lockly_lock", "0.min_duration", "PT1H" },
		{ "dormakaba_oracode_door", "0.max_duration", "P31D" },
		{ "dormakaba_oracode_door", "0.time_zone", "Europe/Berlin" },
		{ "dormakaba_oracode_door", "0.time_pairs.2.start_time", "16:00" },
		{ "dormakaba_oracode_door", "0.time_pairs.2.end_time", "10:00" },
	};
	OWN(rig) struct rig *r = rig_new(fourteen);

	(void)state;
	FOR_ROWS(i, rows)
	{
		g_autofree char *path =
			g_strconcat("properties.offline_time_frame_options.", rows[i].path, NULL);

		ROW_TEXT(rows[i].path, said(device(r, rows[i].name), path), rows[i].is);
	}
}

/* ---- one lock ---- */

static const char one[] = "[lock Door]\ntype = august_lock\nbattery = 82\nroom = Sea\n";

static void the_object_has_every_field_that_is_always_there(void **state)
{
	static const struct {
		const char *path, *is;
	} rows[] = {
		{ "workspace_id", RIG_WORKSPACE },
		{ "display_name", "Door" },
		{ "is_managed", "true" },
		{ "created_at", "2026-01-05T11:59:00.000Z" },
		{ "space_ids", "[]" },
		{ "custom_metadata", "{}" },
		{ "capabilities_supported", "[\"access_code\",\"lock\",\"battery\"]" },
		{ "errors", "[]" },
		{ "warnings", "[]" },
		{ "location.location_name", "Test" },
		{ "location.room_name", "Sea" },
		{ "location.time_zone", "Europe/Berlin" },
		{ "location.timezone", "Europe/Berlin" },
		{ "properties.name", "Door" },
		{ "properties.appearance.name", "Door" },
		{ "properties.online", "true" },
		{ "properties.locked", "true" },
		{ "properties.battery.status", "full" },
		{ "properties.model.display_name", "Wi-Fi Smart Lock" },
		{ "properties.has_native_entry_events", "true" },
		{ "properties.auto_lock_enabled", "true" },
		{ "properties.auto_lock_delay_seconds", "30" },
		{ "can_simulate_removal", "true" },
	};
	OWN(rig) struct rig *r = rig_new(one);
	const json_t *a = device(r, "Door");

	(void)state;
	FOR_ROWS(i, rows)
	ROW_TEXT(rows[i].path, said(a, rows[i].path), rows[i].is);
	assert_null(said(a, "nickname"));
	assert_non_null(said(a, "properties.serial_number"));
	assert_non_null(said(a, "connected_account_id"));
	assert_true(json_real_value(json_object_get(
			    json_object_get(json_object_get(a, "device"), "properties"),
			    "battery_level")) == 0.82);
}

static void real_locks_cannot_be_simulated(void **state)
{
	struct rig_options opt = { .real = true };
	OWN(rig) struct rig *r = rig_new_with(one, &opt);
	const json_t *a = device(r, "Door");

	(void)state;
	assert_null(said(a, "can_simulate_removal"));
	assert_null(said(a, "can_simulate_connection"));
}

static void fault(struct rig *r, const char *name, const char *what, bool on)
{
	g_autoptr(GError) err = NULL;

	if (!simulated_fault(r->driver, rig_device(r, name), what, on, &err))
		fail_msg("%s", err->message);
	rig_advance(r, 0);
}

static void a_lock_out_of_reach_hides_its_state_and_keeps_its_flags(void **state)
{
	OWN(rig) struct rig *r = rig_new(one);
	const json_t *a;

	(void)state;
	rig_advance(r, 5000);
	fault(r, "Door", "offline", true);
	rig_advance(r, 5000);
	a = device(r, "Door");
	assert_text(said(a, "properties.online"), "false");
	assert_null(said(a, "properties.locked"));
	assert_null(said(a, "properties.battery"));
	assert_null(said(a, "properties.battery_level"));
	assert_text(said(a, "can_program_online_access_codes"), "true");
	assert_text(said(a, "errors.0.error_code"), "device_disconnected");
	assert_text(said(a, "errors.0.is_device_error"), "true");
	assert_text(said(a, "errors.0.created_at"), "2026-01-05T12:00:05.000Z");
	fault(r, "Door", "offline", false);
	a = device(r, "Door");
	assert_text(said(a, "properties.locked"), "true");
	assert_text(said(a, "errors"), "[]");
}

static void without_its_keypad_a_lock_could_take_codes_and_cannot_now(void **state)
{
	OWN(rig)
	struct rig *r = rig_new("[lock Bare]\ntype = yale_lock\nkeypad = no\n"
				"[lock Door]\ntype = yale_lock\n");
	const json_t *a = device(r, "Bare");

	(void)state;
	assert_text(said(a, "can_program_online_access_codes"), "false");
	assert_text(said(a, "can_unlock_with_code"), "false");
	assert_text(said(a, "properties.online_access_codes_enabled"), "false");
	assert_null(said(a, "can_program_offline_access_codes"));
	assert_text(said(a, "can_remotely_unlock"), "true");
	assert_text(said(device(r, "Door"), "can_unlock_with_code"), "true");
}

static void a_lock_that_is_gone_says_so(void **state)
{
	OWN(rig) struct rig *r = rig_new(one);
	const json_t *a;

	(void)state;
	fault(r, "Door", "removed", true);
	a = device(r, "Door");
	assert_int_equal(rig_count(a, "device.errors"), 1);
	assert_text(said(a, "errors.0.error_code"), "device_removed");
	assert_text(said(a, "properties.online"), "false");
}

static void a_full_lock_warns_with_its_counts(void **state)
{
	OWN(rig)
	struct rig *r = rig_new("[lock Door]\ntype = yale_lock\nslots = 2\n"
				"[unmanaged A]\ndoor = Door\npin = 4821\n"
				"[unmanaged B]\ndoor = Door\npin = 9173\n");
	const json_t *a = device(r, "Door");

	(void)state;
	assert_text(said(a, "properties.max_active_codes_supported"), "2");
	assert_text(said(a, "warnings.0.warning_code"), "max_access_codes_reached");
	assert_text(said(a, "warnings.0.active_access_code_count"), "2");
	assert_text(said(a, "warnings.0.max_active_access_code_count"), "2");
}

/* ---- the backup pool ---- */

static char *code(struct rig *r)
{
	struct code_request q = { .device_id = rig_device(r, "Door"),
				  .name = "Anna",
				  .starts_at = at("2026-01-05T12:01:00Z"),
				  .ends_at = at("2026-01-06T12:00:00Z"),
				  .external_ok = TRI_UNKNOWN,
				  .prefer_native = TRI_UNKNOWN,
				  .use_backup_pool = TRI_YES,
				  .offline = TRI_UNKNOWN,
				  .one_time = TRI_UNKNOWN,
				  .managed = TRI_UNKNOWN,
				  .attempt_for_offline_device = true };
	struct refusal no = { 0 };
	char *id;

	if (!engine_create(r->engine, &q, &id, &no))
		fail_msg("%s", no.message);
	return id;
}

static void pull(struct rig *r, const char *id)
{
	struct refusal no = { 0 };
	g_autofree char *backup = NULL;

	if (!engine_pull_backup(r->engine, id, &backup, &no))
		fail_msg("%s", no.message);
}

static void the_pool_is_empty_then_partial_then_good(void **state)
{
	OWN(rig) struct rig *r = rig_new(one);
	g_autofree char *first = code(r), *second = code(r), *third = code(r);
	const json_t *a = device(r, "Door");

	(void)state;
	assert_text(said(a, "properties.backup_access_code_pool_enabled"), "true");
	assert_text(said(a, "errors.0.error_code"), "empty_backup_access_code_pool");
	assert_text(said(a, "errors.0.created_at"), "2026-01-05T12:00:00.000Z");
	rig_advance(r, 10 * MINUTE_MS);
	a = device(r, "Door");
	assert_text(said(a, "errors"), "[]");
	assert_text(said(a, "warnings"), "[]");
	fault(r, "Door", "offline", true);
	pull(r, first);
	a = device(r, "Door");
	assert_text(said(a, "warnings.0.warning_code"), "partial_backup_access_code_pool");
	assert_text(said(a, "warnings.0.created_at"), "2026-01-05T12:10:00.000Z");
	rig_advance(r, MINUTE_MS);
	pull(r, second);
	a = device(r, "Door");
	assert_text(said(a, "errors.0.error_code"), "device_disconnected");
	assert_text(said(a, "errors.1.error_code"), "empty_backup_access_code_pool");
	assert_text(said(a, "errors.1.created_at"), "2026-01-05T12:11:00.000Z");
	fault(r, "Door", "offline", false);
	rig_advance(r, HOUR_MS);
	pull(r, third);
	rig_advance(r, 10 * MINUTE_MS);
	a = device(r, "Door");
	assert_text(said(a, "errors"), "[]");
	assert_text(said(a, "warnings.0.warning_code"), "many_active_backup_codes");
}

static void an_account_error_is_no_device_error(void **state)
{
	OWN(rig) struct rig *r = rig_new(one);
	const json_t *a;

	(void)state;
	fault(r, "Door", "account_lost", true);
	a = device(r, "Door");
	assert_int_equal(rig_count(a, "device.errors"), 1);
	assert_text(said(a, "errors.0.error_code"), "account_disconnected");
	assert_text(said(a, "errors.0.is_connected_account_error"), "true");
	assert_text(said(a, "errors.0.is_device_error"), "false");
	assert_text(said(a, "properties.online"), "false");
	fault(r, "Door", "account_lost", false);
	assert_text(said(device(r, "Door"), "errors"), "[]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_says_what_its_maker_says_of_it),
		cmocka_unit_test(a_device_says_what_the_engine_goes_by),
		cmocka_unit_test(offline_options_say_how_a_code_is_built),
		cmocka_unit_test(the_object_has_every_field_that_is_always_there),
		cmocka_unit_test(real_locks_cannot_be_simulated),
		cmocka_unit_test(a_lock_out_of_reach_hides_its_state_and_keeps_its_flags),
		cmocka_unit_test(without_its_keypad_a_lock_could_take_codes_and_cannot_now),
		cmocka_unit_test(a_lock_that_is_gone_says_so),
		cmocka_unit_test(a_full_lock_warns_with_its_counts),
		cmocka_unit_test(the_pool_is_empty_then_partial_then_good),
		cmocka_unit_test(an_account_error_is_no_device_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
