/* Decoding: every field of every generation, and fields that are missing, null or of a wrong type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "wire/codec.h"

static void same(const char *got, const char *want)
{
	assert_int_equal(!!got, !!want);
	if (want)
		assert_string_equal(got, want);
}

static json_t *parse(const char *text)
{
	json_error_t err;
	json_t *json = json_loads(text, 0, &err);

	if (!json)
		fail_msg("%s: %s", err.text, text);
	return json;
}

struct decoded {
	json_t *json;
	struct wire_scratch *scratch;
	struct access_code ac;
	struct lock lock;
	struct event ev;
	bool ok;
};

enum what { CODE, LOCK, EVENT };

static struct decoded decode(enum what what, const char *text)
{
	struct decoded d = { .json = parse(text), .scratch = wire_scratch_new() };

	if (what == CODE)
		d.ok = wire_decode_code(d.json, d.scratch, &d.ac);
	else if (what == LOCK)
		d.ok = wire_decode_lock(d.json, d.scratch, &d.lock);
	else
		d.ok = wire_decode_event(d.json, d.scratch, &d.ev);
	return d;
}

static void decoded_done(struct decoded *d)
{
	wire_scratch_free(d->scratch);
	json_decref(d->json);
}

/* ---- codes ---- */

static const char MANAGED_G3[] =
	"{\"access_code_id\":\"c1\",\"device_id\":\"d1\",\"workspace_id\":\"w1\",\"is_managed\":true,"
	"\"type\":\"time_bound\",\"status\":\"setting\",\"name\":\"Zoë\",\"code\":\"0412\","
	"\"starts_at\":\"2026-11-22T15:00:00.000Z\",\"ends_at\":\"2026-11-24T11:00:00+01:00\","
	"\"created_at\":\"2026-11-01T08:00:00.946242Z\",\"common_code_key\":\"k1\","
	"\"is_scheduled_on_device\":false,\"is_waiting_for_code_assignment\":true,"
	"\"is_external_modification_allowed\":true,\"is_offline_access_code\":false,"
	"\"is_one_time_use\":true,\"is_backup\":false,\"is_backup_access_code_available\":true,"
	"\"pulled_backup_access_code_id\":\"c9\",\"cannot_be_managed\":true,"
	"\"cannot_delete_unmanaged_access_code\":true,"
	"\"errors\":[{\"error_code\":\"failed_to_set_on_device\",\"is_access_code_error\":true}],"
	"\"warnings\":[{\"warning_code\":\"a_word_of_next_year\"}],"
	"\"pending_mutations\":[{\"mutation_code\":\"creating\"}],"
	"\"appearance\":{\"name\":\"Zoe\"},"
	"\"display_status\":\"being set\",\"dormakaba_oracode_metadata\":null,\"odd key\\n\":[1,{}]}";

static void a_code_keeps_every_field(void **state)
{
	struct decoded d = decode(CODE, MANAGED_G3);
	const struct access_code *ac = &d.ac;

	(void)state;
	assert_true(d.ok);
	same(ac->access_code_id, "c1");
	same(ac->device_id, "d1");
	same(ac->workspace_id, "w1");
	assert_true(ac->managed);
	assert_true(ac->time_bound);
	same(ac->type, "time_bound");
	same(ac->status, "setting");
	same(ac->name, "Zoë");
	same(ac->code, "0412");
	assert_int_equal(ac->starts_at.ms, INT64_C(1795359600000));
	assert_int_equal(ac->ends_at.ms, INT64_C(1795514400000));
	assert_int_equal(ac->created_at.ms, INT64_C(1793520000946));
	same(ac->common_code_key, "k1");
	assert_int_equal(ac->is_scheduled_on_device, TRI_NO);
	assert_int_equal(ac->is_waiting_for_code_assignment, TRI_YES);
	assert_int_equal(ac->is_external_modification_allowed, TRI_YES);
	assert_int_equal(ac->is_offline_access_code, TRI_NO);
	assert_int_equal(ac->is_one_time_use, TRI_YES);
	assert_int_equal(ac->is_backup, TRI_NO);
	assert_int_equal(ac->is_backup_access_code_available, TRI_YES);
	same(ac->pulled_backup_access_code_id, "c9");
	assert_int_equal(ac->cannot_be_managed, TRI_YES);
	assert_int_equal(ac->cannot_delete, TRI_YES);
	same(ac->errors,
	     "[{\"error_code\":\"failed_to_set_on_device\",\"is_access_code_error\":true}]");
	same(ac->warnings, "[{\"warning_code\":\"a_word_of_next_year\"}]");
	same(ac->pending_mutations, "[{\"mutation_code\":\"creating\"}]");
	same(ac->appearance, "{\"name\":\"Zoe\"}");
	same(ac->rest, "{\"display_status\":\"being set\",\"dormakaba_oracode_metadata\":null,"
	     "\"odd key\\n\":[1,{}]}");
	decoded_done(&d);
}

#define IDS "\"access_code_id\":\"c\",\"device_id\":\"d\""

static const struct code_row {
	const char *name, *json;
	bool ok, managed, time_bound;
	const char *code, *errors, *rest;
} CODES[] = {
	{ "nothing but ids", "{" IDS "}", true, true, false, NULL, NULL, NULL },
	{ "G1 without pending_mutations, code not assigned",
	  "{" IDS ",\"type\":\"ongoing\",\"code\":null,\"starts_at\":null,\"ends_at\":null,\"errors\":"
	  "[{\"error_code\":\"code_modified_external_to_seam\"}],\"appearance\":null}", true, true, false,
	  NULL, "[{\"error_code\":\"code_modified_external_to_seam\"}]", NULL },
	{ "unmanaged", "{" IDS ",\"is_managed\":false,\"code\":\"77\"}", true, false, false, "77", NULL,
	  NULL },
	{ "a window without a type", "{" IDS ",\"ends_at\":\"2026-01-01T00:00:00Z\"}", true, true, true,
	  NULL, NULL, NULL },
	{ "a type of next year with a window",
	  "{" IDS ",\"type\":\"recurring\",\"starts_at\":\"2026-01-01T00:00:00Z\"}", true, true, true,
	  NULL, NULL, NULL },
	{ "ongoing with a start stays ongoing",
	  "{" IDS ",\"type\":\"ongoing\",\"starts_at\":\"2026-01-01T00:00:00Z\"}", true, true, false,
	  NULL, NULL, NULL },
	{ "empty lists", "{" IDS ",\"errors\":[],\"warnings\":[],\"pending_mutations\":[],"
	  "\"appearance\":{}}", true, true, false, NULL, NULL, NULL },
	{ "a PIN that is a number has lost its zeros", "{" IDS ",\"code\":412}", true, true, false, NULL,
	  NULL, NULL },
	{ "an empty PIN is none", "{" IDS ",\"code\":\"\"}", true, true, false, NULL, NULL, NULL },
	{ "wrong types everywhere",
	  "{" IDS ",\"is_managed\":\"yes\",\"type\":1,\"status\":[],\"name\":{},\"starts_at\":5,"
	  "\"ends_at\":\"soon\",\"created_at\":true,\"errors\":{\"a\":1},\"warnings\":\"w\","
	  "\"pending_mutations\":7,\"appearance\":[1],\"is_backup\":0,\"common_code_key\":false}",
	  true, true, false, NULL, NULL, NULL },
	{ "no id", "{\"device_id\":\"d\"}", false, true, false, NULL, NULL, NULL },
	{ "id is null", "{\"access_code_id\":null,\"device_id\":\"d\"}", false, true, false, NULL, NULL,
	  NULL },
	{ "id is empty", "{\"access_code_id\":\"\",\"device_id\":\"d\"}", false, true, false, NULL, NULL,
	  NULL },
	{ "of no lock", "{\"access_code_id\":\"c\"}", false, true, false, NULL, NULL, NULL },
	{ "no object", "[]", false, true, false, NULL, NULL, NULL },
};

static void a_code_is_decoded_from_what_there_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(CODES); i++) {
		const struct code_row *row = &CODES[i];
		struct decoded d = decode(CODE, row->json);

		print_message("  %s\n", row->name);
		assert_int_equal(d.ok, row->ok);
		assert_int_equal(d.ac.managed, row->managed);
		assert_int_equal(d.ac.time_bound, row->time_bound);
		same(d.ac.code, row->code);
		same(d.ac.errors, row->errors);
		same(d.ac.rest, row->rest);
		assert_null(d.ac.warnings);
		assert_null(d.ac.pending_mutations);
		assert_null(d.ac.appearance);
		assert_int_equal(d.ac.is_backup, TRI_UNKNOWN);
		decoded_done(&d);
	}
}

/* ---- locks ---- */

static const char DEVICE[] =
	"{\"device_id\":\"d1\",\"workspace_id\":\"w1\",\"connected_account_id\":\"a1\","
	"\"device_type\":\"yale_lock\",\"display_name\":\"Harbour door\",\"is_managed\":true,"
	"\"created_at\":\"2025-01-01T16:00:00Z\",\"can_remotely_lock\":true,"
	"\"can_remotely_unlock\":false,\"can_program_online_access_codes\":true,"
	"\"location\":{\"location_name\":\"Harbour House\",\"room_name\":\"12\","
	"\"time_zone\":\"Europe/Berlin\",\"timezone\":\"UTC\"},"
	"\"device_manufacturer\":{\"display_name\":\"Yale\"},"
	"\"errors\":[{\"error_code\":\"device_disconnected\"}],\"warnings\":[],"
	"\"properties\":{\"online\":true,\"locked\":false,\"door_open\":true,\"name\":\"old\","
	"\"appearance\":{\"name\":\"app\"},\"model\":{\"display_name\":\"Linus\","
	"\"manufacturer_display_name\":\"Yale Home\"},\"battery\":{\"level\":0.126,"
	"\"status\":\"low\"},\"battery_level\":0.5,\"supported_code_lengths\":[4,5,6],"
	"\"code_constraints\":[{\"constraint_type\":\"no_zeros\"}],"
	"\"max_active_codes_supported\":30,\"supports_backup_access_code_pool\":true,"
	"\"nuki_metadata\":null}}";

static void a_lock_keeps_every_field(void **state)
{
	struct decoded d = decode(LOCK, DEVICE);
	const struct lock *l = &d.lock;

	(void)state;
	assert_true(d.ok);
	same(l->device_id, "d1");
	same(l->workspace_id, "w1");
	same(l->connected_account_id, "a1");
	same(l->device_type, "yale_lock");
	same(l->name, "Harbour door");
	same(l->place, "Harbour House");
	same(l->room, "12");
	same(l->zone, "Europe/Berlin");
	same(l->manufacturer, "Yale");
	same(l->model, "Linus");
	assert_int_equal(l->created_at.ms, INT64_C(1735747200000));
	assert_int_equal(l->managed, TRI_YES);
	assert_int_equal(l->online, TRI_YES);
	assert_int_equal(l->locked, TRI_NO);
	assert_int_equal(l->door_open, TRI_YES);
	assert_int_equal(l->battery_pct, 13);
	same(l->battery_status, "low");
	assert_int_equal(l->can_lock, TRI_YES);
	assert_int_equal(l->can_unlock, TRI_NO);
	assert_int_equal(l->can_program_online, TRI_YES);
	assert_int_equal(l->can_program_offline, TRI_UNKNOWN);
	assert_int_equal(l->supports_backup_pool, TRI_YES);
	same(l->code_lengths, "[4,5,6]");
	same(l->code_constraints, "[{\"constraint_type\":\"no_zeros\"}]");
	assert_int_equal(l->max_active_codes, 30);
	same(l->errors, "[{\"error_code\":\"device_disconnected\"}]");
	assert_null(l->warnings);
	same(l->object, DEVICE);
	decoded_done(&d);
}

static const struct lock_row {
	const char *json; /* beside the id */
	const char *name, *zone, *model;
	int battery_pct, max;
	enum tri online;
} LOCKS[] = {
	{ "", NULL, NULL, NULL, -1, -1, TRI_UNKNOWN },
	{ ",\"properties\":null,\"location\":null", NULL, NULL, NULL, -1, -1, TRI_UNKNOWN },
	{ ",\"properties\":[],\"location\":\"x\",\"errors\":0", NULL, NULL, NULL, -1, -1, TRI_UNKNOWN },
	{ ",\"display_name\":\"\",\"properties\":{\"appearance\":{\"name\":\"app\"},\"name\":\"n\"}",
	  "app", NULL, NULL, -1, -1, TRI_UNKNOWN },
	{ ",\"display_name\":3,\"properties\":{\"appearance\":null,\"name\":\"n\",\"online\":\"x\"}",
	  "n", NULL, NULL, -1, -1, TRI_UNKNOWN },
	{ ",\"location\":{\"time_zone\":null,\"timezone\":\"Asia/Tokyo\"}", NULL, "Asia/Tokyo", NULL,
	  -1, -1, TRI_UNKNOWN },
	{ ",\"properties\":{\"battery_level\":1,\"model\":\"Old\",\"online\":false}", NULL, NULL, "Old",
	  100, -1, TRI_NO },
	{ ",\"properties\":{\"battery\":{\"level\":null},\"battery_level\":0.0}", NULL, NULL, NULL, 0, -1,
	  TRI_UNKNOWN },
	{ ",\"properties\":{\"battery\":{\"level\":1e300},\"max_active_codes_supported\":1e300}", NULL,
	  NULL, NULL, -1, -1, TRI_UNKNOWN },
	{ ",\"properties\":{\"battery\":{\"level\":-1},\"max_active_codes_supported\":-5,"
	  "\"supported_code_lengths\":[],\"code_constraints\":{}}", NULL, NULL, NULL, -1, -1,
	  TRI_UNKNOWN },
};

/* What a script reads from --json is what the server wrote. */
static void numbers_are_kept_as_they_were_written(void **state)
{
	static const char text[] = "{\"device_id\":\"d1\",\"properties\":{\"battery\":{\"level\":0.82},"
				   "\"other\":[0.1,0.29,17.05]}}";
	struct decoded d = decode(LOCK, text);

	(void)state;
	assert_true(d.ok);
	same(d.lock.object, text);
	decoded_done(&d);
}

static void a_lock_is_decoded_from_what_there_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(LOCKS); i++) {
		const struct lock_row *row = &LOCKS[i];
		g_autofree char *text = g_strdup_printf("{\"device_id\":\"d\"%s}", row->json);
		struct decoded d = decode(LOCK, text);

		print_message("  %s\n", text);
		assert_true(d.ok);
		same(d.lock.name, row->name);
		same(d.lock.zone, row->zone);
		same(d.lock.model, row->model);
		assert_int_equal(d.lock.battery_pct, row->battery_pct);
		assert_int_equal(d.lock.max_active_codes, row->max);
		assert_int_equal(d.lock.online, row->online);
		assert_null(d.lock.code_lengths);
		assert_null(d.lock.code_constraints);
		assert_null(d.lock.errors);
		decoded_done(&d);
	}
}

static void locks_are_told_from_other_devices(void **state)
{
	static const struct { const char *json; bool lock; } ROWS[] = {
		{ "{\"device_type\":\"august_lock\"}", true },
		{ "{\"device_type\":\"genie_door\"}", true },
		{ "{\"device_type\":\"lock_maker_of_2030_lock\"}", true },
		{ "{\"device_type\":\"two_n_intercom\"}", true },
		{ "{\"device_type\":\"controlbyweb_device\",\"can_remotely_unlock\":false}", true },
		{ "{\"device_type\":\"controlbyweb_device\"}", false },
		{ "{\"device_type\":\"keynest_key\",\"capabilities_supported\":[\"access_code\"]}", true },
		{ "{\"capabilities_supported\":[\"battery\",\"lock\"]}", true },
		{ "{\"capabilities_supported\":[\"thermostat\",3,null]}", false },
		{ "{\"capabilities_supported\":\"lock\"}", false },
		{ "{\"device_type\":\"ecobee_thermostat\",\"capabilities_supported\":[\"lock\"],"
		  "\"can_remotely_lock\":false}", false },
		{ "{\"device_type\":\"minut_sensor\",\"capabilities_supported\":[\"lock\"]}", false },
		{ "{\"device_type\":\"ios_phone\"}", false },
		{ "{\"device_type\":7}", false },
		{ "[]", false },
		{ "{}", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		json_t *json = parse(ROWS[i].json);

		if (wire_is_lock(json) != ROWS[i].lock)
			fail_msg("%s", ROWS[i].json);
		json_decref(json);
	}
	assert_false(wire_is_lock(NULL));
}

/* ---- events ---- */

static void an_event_keeps_every_field(void **state)
{
	static const char UNLOCK[] =
		"{\"event_id\":\"e1\",\"event_type\":\"lock.unlocked\",\"workspace_id\":\"w\","
		"\"device_id\":\"d\",\"access_code_id\":\"c\",\"connected_account_id\":\"a\","
		"\"action_attempt_id\":\"t\",\"method\":\"keycode\",\"code\":\"1234\","
		"\"event_description\":\"in\",\"backup_access_code_id\":\"b\","
		"\"created_at\":\"2026-11-22T20:00:02.000Z\",\"occurred_at\":\"2026-11-22T20:00:00Z\","
		"\"is_via_nfc\":true}";
	struct decoded d = decode(EVENT, UNLOCK);

	(void)state;
	assert_true(d.ok);
	same(d.ev.event_id, "e1");
	same(d.ev.event_type, "lock.unlocked");
	same(d.ev.workspace_id, "w");
	same(d.ev.device_id, "d");
	same(d.ev.access_code_id, "c");
	same(d.ev.connected_account_id, "a");
	same(d.ev.action_attempt_id, "t");
	same(d.ev.method, "keycode");
	same(d.ev.code, "1234");
	same(d.ev.description, "in");
	same(d.ev.backup_access_code_id, "b");
	assert_int_equal(d.ev.created_at.ms, INT64_C(1795377602000));
	assert_int_equal(d.ev.occurred_at.ms, INT64_C(1795377600000));
	same(d.ev.object, UNLOCK);
	decoded_done(&d);
}

static void an_event_is_decoded_from_what_there_is(void **state)
{
	static const struct {
		const char *json;
		bool ok;
		const char *type, *code, *description;
		bool created, occurred;
	} ROWS[] = {
		{ "{\"event_id\":\"e\"}", true, "unknown", NULL, NULL, false, false },
		{ "{\"event_id\":\"e\",\"event_type\":null,\"code\":1234}", true, "unknown", NULL, NULL,
		  false, false },
		{ "{\"event_id\":\"e\",\"event_type\":\"new.word\",\"code\":null,\"description\":\"d\","
		  "\"created_at\":\"2026-11-22T20:00:02Z\"}", true, "new.word", NULL, "d", true, true },
		{ "{\"event_id\":\"e\",\"event_type\":\"x\",\"occurred_at\":\"2026-11-22T20:00:02Z\"}",
		  true, "x", NULL, NULL, true, true },
		{ "{\"event_id\":5}", false, NULL, NULL, NULL, false, false },
		{ "\"e\"", false, NULL, NULL, NULL, false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		json_t *json = json_loads(ROWS[i].json, JSON_DECODE_ANY, NULL);
		struct wire_scratch *s = wire_scratch_new();
		struct event ev;

		assert_int_equal(wire_decode_event(json, s, &ev), ROWS[i].ok);
		if (ROWS[i].ok) {
			same(ev.event_type, ROWS[i].type);
			same(ev.code, ROWS[i].code);
			same(ev.description, ROWS[i].description);
			assert_int_equal(instant_known(ev.created_at), ROWS[i].created);
			assert_int_equal(instant_known(ev.occurred_at), ROWS[i].occurred);
		}
		wire_scratch_free(s);
		json_decref(json);
	}
}

/* ---- scratch ---- */

static void a_name_is_one_that_can_be_read(void **state)
{
	g_autofree char *huge = g_strnfill(10 << 20, 'x'), *cut = g_strdup_printf("%.1023s…", huge);
	g_autofree char *far = g_strdup_printf("%2000sAnna", "");
	const struct {
		const char *said, *name;
	} ROWS[] = {
		{ "Anna", "Anna" },
		{ " Anna ", " Anna " },
		{ "", NULL },
		{ "   ", NULL },
		{ "\xc2\xa0\xe2\x80\x83\xe3\x80\x80", NULL },		  /* blanks of other widths */
		{ "\xe3\x85\xa4\xe1\x85\x9f\xe2\xa0\x80", NULL },		  /* letters without ink */
		{ "\xe2\x80\x8b", "\xe2\x80\x8b" },				  /* shown as a mark */
		{ huge, cut },
		{ far, NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		json_t *code =
			json_pack("{s:s, s:s, s:s}", "access_code_id", "c", "device_id", "d", "name", ROWS[i].said);
		json_t *lock = json_pack("{s:s, s:s, s:{s:s}}", "device_id", "d", "display_name", ROWS[i].said,
					 "properties", "name", "Front");
		struct wire_scratch *s = wire_scratch_new();
		struct access_code ac;
		struct lock l;

		assert_true(wire_decode_code(code, s, &ac) && wire_decode_lock(lock, s, &l));
		same(ac.name, ROWS[i].name);
		same(l.name, ROWS[i].name ? ROWS[i].name : "Front");
		wire_scratch_free(s);
		json_decref(code);
		json_decref(lock);
	}
}

static void texts_live_until_the_reset_however_many(void **state)
{
	json_t *json = parse(MANAGED_G3);
	struct wire_scratch *s = wire_scratch_new();
	struct access_code first, ac;
	char *big = g_strnfill(600 * 1024, 'x');
	json_t *large = json_pack("{s:s,s:s,s:s}", "access_code_id", "c", "device_id", "d", "new", big);

	(void)state;
	for (int round = 0; round < 3; round++) {
		assert_true(wire_decode_code(json, s, &first));
		assert_true(wire_decode_code(large, s, &ac));
		assert_int_equal(strlen(ac.rest), strlen(big) + strlen("{\"new\":\"\"}"));
		for (int i = 0; i < 3000; i++)
			assert_true(wire_decode_code(json, s, &ac));
		same(first.appearance, "{\"name\":\"Zoe\"}");
		same(ac.appearance, "{\"name\":\"Zoe\"}");
		wire_scratch_reset(s);
	}
	wire_scratch_free(s);
	wire_scratch_free(NULL);
	json_decref(json);
	json_decref(large);
	g_free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_keeps_every_field),
		cmocka_unit_test(a_code_is_decoded_from_what_there_is),
		cmocka_unit_test(a_lock_keeps_every_field),
		cmocka_unit_test(numbers_are_kept_as_they_were_written),
		cmocka_unit_test(a_lock_is_decoded_from_what_there_is),
		cmocka_unit_test(locks_are_told_from_other_devices),
		cmocka_unit_test(an_event_keeps_every_field),
		cmocka_unit_test(an_event_is_decoded_from_what_there_is),
		cmocka_unit_test(a_name_is_one_that_can_be_read),
		cmocka_unit_test(texts_live_until_the_reset_however_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
