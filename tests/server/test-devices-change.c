/* Changing devices: names, custom metadata, managed or not, the backup pool, reported zones and
 * lengths. */
#include "config.h"

#include "tests/server/rig.h"

static const char house[] = "[lock Door]\ntype = yale_lock\n"
			    "[lock Ufer]\ntype = schlage_lock\n"
			    "[lock Laundry]\ntype = smartthings_lock\n"
			    "[lock Suite]\ntype = salto_lock\n";

static const char *said(struct rig *r, const char *name, const char *member)
{
	g_autofree char *path = g_strconcat("device.", member, NULL);

	return rig_text(rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", rig_device(r, name)),
			path);
}

static void a_name_is_set_and_taken_back(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	g_autofree char *id = g_strdup(rig_device(r, "Door"));
	const json_t *a;

	(void)state;
	a = rig_ok(r, "PATCH /devices/update", "{'device_id':'%s','name':'Front'}", id);
	assert_text(rig_text(a, "ok"), "true");
	a = rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", id);
	assert_text(rig_text(a, "device.display_name"), "Front");
	assert_text(rig_text(a, "device.nickname"), "Front");
	assert_text(rig_text(a, "device.properties.appearance.name"), "Door");
	rig_ok(r, "POST /devices/update", "{'device_id':'%s','custom_metadata':{'a':'b'}}", id);
	a = rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", id);
	assert_text(rig_text(a, "device.display_name"), "Front");
	rig_ok(r, "PUT /devices/update", "{'device_id':'%s','name':null}", id);
	a = rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", id);
	assert_text(rig_text(a, "device.display_name"), "Door");
	assert_null(rig_text(a, "device.nickname"));
	rig_ok(r, "POST /devices/update", "{'device_id':'%s','properties':{'name':'Old way'}}", id);
	a = rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", id);
	assert_text(rig_text(a, "device.display_name"), "Old way");
}

static void metadata_is_added_changed_and_deleted(void **state)
{
	static const struct {
		const char *change, *is;
	} rows[] = {
		{ "{'floor':'2','lift':true}", "{\"floor\":\"2\",\"lift\":true}" },
		{ "{'floor':'3'}", "{\"floor\":\"3\",\"lift\":true}" },
		{ "{'lift':null}", "{\"floor\":\"3\"}" },
		{ "{'lift':null}", "{\"floor\":\"3\"}" },
		{ "{'floor':''}", "{}" },
		{ "{}", "{}" },
	};
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	FOR_ROWS(i, rows)
	{
		rig_ok(r, "PATCH /devices/update", "{'device_id':'%s','custom_metadata':%s}",
		       rig_device(r, "Door"), rows[i].change);
		ROW_TEXT(rows[i].change, said(r, "Door", "custom_metadata"), rows[i].is);
	}
	rig_ok(r, "PATCH /devices/update", "{'device_id':'%s','custom_metadata':{'a':'b'}}",
	       rig_device(r, "Door"));
	rig_kill(r);
	rig_reopen(r);
	assert_text(said(r, "Door", "custom_metadata"), "{\"a\":\"b\"}");
}

static char *many_keys(int n)
{
	GString *s = g_string_new("{");

	for (int i = 0; i < n; i++)
		g_string_append_printf(s, "%s'key%d':'x'", i ? "," : "", i);
	g_string_append_c(s, '}');
	return g_string_free(s, FALSE);
}

static void metadata_keeps_its_rules(void **state)
{
	g_autofree char *fifty = many_keys(50), *fifty_one = many_keys(51);
	g_autofree char *key_40 = g_strdup_printf("{'%040d':'x'}", 0);
	g_autofree char *key_41 = g_strdup_printf("{'%041d':'x'}", 0);
	g_autofree char *text_500 = g_strdup_printf("{'a':'%0500d'}", 0);
	g_autofree char *text_501 = g_strdup_printf("{'a':'%0501d'}", 0);
	const struct {
		const char *name, *change;
		bool ok;
	} rows[] = {
		{ "fifty keys", fifty, true },
		{ "fifty-one keys", fifty_one, false },
		{ "a key of 40", key_40, true },
		{ "a key of 41", key_41, false },
		{ "a key with a dot", "{'a.b':'x'}", false },
		{ "no key", "{'':'x'}", false },
		{ "a text of 500", text_500, true },
		{ "a text of 501", text_501, false },
		{ "a boolean", "{'a':false}", true },
		{ "a number", "{'a':7}", false },
		{ "an object", "{'a':{'b':'c'}}", false },
		{ "an array", "{'a':[]}", false },
	};

	(void)state;
	FOR_ROWS(i, rows)
	{
		OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = yale_lock\n");
		const json_t *a = rig_call(r, "POST /devices/update",
					   "{'device_id':'%s','name':'X','custom_metadata':%s}",
					   rig_device(r, "Door"), rows[i].change);

		ROW_INT(rows[i].name, r->status, rows[i].ok ? 200 : 400);
		if (rows[i].ok)
			continue;
		ROW_INT(rows[i].name,
			rig_count(a, "error.validation_errors.custom_metadata._errors"), 1);
		ROW_TEXT(rows[i].name, said(r, "Door", "custom_metadata"), "{}");
		ROW_TEXT(rows[i].name, said(r, "Door", "display_name"), "Door");
	}
}

static const char *code_on(struct rig *r, const char *name, bool pool)
{
	const json_t *a =
		rig_ok(r, "POST /access_codes/create",
		       "{'device_id':'%s','name':'Anna','starts_at':'2026-01-05T12:01:00Z',"
		       "'ends_at':'2026-01-07T12:00:00Z','use_backup_access_code_pool':%s}",
		       rig_device(r, name), pool ? "true" : "false");

	return rig_text(a, "access_code.access_code_id");
}

static void the_codes_of_an_unmanaged_device_are_unmanaged(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	g_autofree char *id = g_strdup(rig_device(r, "Door"));
	g_autofree char *code = g_strdup(code_on(r, "Door", true));
	const json_t *a;

	(void)state;
	rig_advance(r, 10 * MINUTE_MS);
	a = rig_ok(r, "POST /access_codes/get", "{'access_code_id':'%s'}", code);
	assert_text(rig_text(a, "access_code.status"), "set");
	rig_ok(r, "PATCH /devices/update", "{'device_id':'%s','is_managed':false}", id);
	rig_advance(r, 10 * MINUTE_MS);
	rig_refused(r, 404, "access_code_not_found", "POST /access_codes/get",
		    "{'access_code_id':'%s'}", code);
	a = rig_ok(r, "POST /access_codes/unmanaged/list", "{'device_id':'%s'}", id);
	assert_int_equal(rig_count(a, "access_codes"), 1); /* and no backup code */
	assert_text(rig_text(a, "access_codes.0.access_code_id"), code);
	rig_ok(r, "PATCH /devices/unmanaged/update", "{'device_id':'%s','is_managed':true}", id);
	rig_refused(r, 404, "access_code_not_found", "POST /access_codes/get",
		    "{'access_code_id':'%s'}", code);
	rig_refused(r, 400, "invalid_input", "PATCH /devices/unmanaged/update",
		    "{'device_id':'%s','is_managed':false}", id);
}

static void the_pool_is_switched_on_and_off(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	rig_ok(r, "POST /devices/update",
	       "{'device_id':'%s','backup_access_code_pool_enabled':true}", rig_device(r, "Door"));
	assert_text(said(r, "Door", "properties.backup_access_code_pool_enabled"), "true");
	rig_ok(r, "POST /devices/update",
	       "{'device_id':'%s','backup_access_code_pool_enabled':false}", rig_device(r, "Door"));
	assert_text(said(r, "Door", "properties.backup_access_code_pool_enabled"), "false");
	rig_refused(r, 400, "invalid_input", "POST /devices/update",
		    "{'device_id':'%s','backup_access_code_pool_enabled':true}",
		    rig_device(r, "Suite"));
	assert_null(said(r, "Suite", "properties.backup_access_code_pool_enabled"));
}

static void a_reported_zone_goes_before_the_makers(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	rig_ok(r, "POST /devices/report_provider_metadata",
	       "{'devices':[{'device_id':'%s','schlage_metadata':{'time_zone':'Europe/Lisbon'}}]}",
	       rig_device(r, "Ufer"));
	assert_text(said(r, "Ufer", "location.time_zone"), "Europe/Lisbon");
	assert_text(said(r, "Ufer", "location.timezone"), "Europe/Lisbon");
	rig_kill(r);
	rig_reopen(r);
	assert_text(said(r, "Ufer", "location.time_zone"), "Europe/Lisbon");
}

static void what_cannot_be_reported_is_refused_as_a_whole(void **state)
{
	static const struct {
		const char *second; /* after a good one */
		int status;
		const char *type;
	} rows[] = {
		{ "{'schlage_metadata':{'time_zone':'Europe/Rome'}}", 400, "invalid_input" },
		{ "{'device_id':'%s','schlage_metadata':{'time_zone':'Nowhere'}}", 400,
		  "invalid_input" },
		{ "{'device_id':'%s','schlage_metadata':{}}", 400, "invalid_input" },
		{ "{'device_id':'%s'}", 400, "invalid_input" },
		{ "{'device_id':'%s','ultraloq_metadata':{'time_zone':'Europe/Rome'}}", 400,
		  "device_type_not_supported" },
		{ "{'device_id':'none','schlage_metadata':{'time_zone':'Europe/Rome'}}", 404,
		  "device_not_found" },
	};
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	FOR_ROWS(i, rows)
	{
		g_auto(GStrv) part = g_strsplit(rows[i].second, "%s", 2);
		g_autofree char *bad =
			part[1] ? g_strconcat(part[0], rig_device(r, "Ufer"), part[1], NULL)
				: g_strdup(part[0]);

		rig_refused(r, rows[i].status, rows[i].type,
			    "POST /devices/report_provider_metadata",
			    "{'devices':[{'device_id':'%s','schlage_metadata':"
			    "{'time_zone':'Europe/Lisbon'}},%s]}",
			    rig_device(r, "Ufer"), bad);
		ROW_TEXT(rows[i].second, said(r, "Ufer", "location.time_zone"), "Europe/Berlin");
	}
}

static void reported_lengths_are_the_devices(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const json_t *a;

	(void)state;
	rig_ok(r, "POST /access_codes/report_device_constraints",
	       "{'device_id':'%s','supported_code_lengths':[5]}", rig_device(r, "Laundry"));
	assert_text(said(r, "Laundry", "properties.supported_code_lengths"), "[5]");
	a = rig_ok(r, "POST /access_codes/generate_code", "{'device_id':'%s'}",
		   rig_device(r, "Laundry"));
	assert_int_equal(strlen(rig_text(a, "generated_code.code")), 5);
}

static void only_an_admin_changes_devices(void **state)
{
	static const struct {
		const char *what, *body;
	} rows[] = {
		{ "PATCH /devices/update", "{'device_id':'%s','name':'X'}" },
		{ "PATCH /devices/unmanaged/update", "{'device_id':'%s','is_managed':true}" },
		{ "POST /devices/report_provider_metadata",
		  "{'devices':[{'device_id':'%s','schlage_metadata':{'time_zone':'Etc/UTC'}}]}" },
		{ "POST /locks/configure_auto_lock",
		  "{'device_id':'%s','auto_lock_enabled':true}" },
	};
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	FOR_ROWS(i, rows)
	{
		g_auto(GStrv) part = g_strsplit(rows[i].body, "%s", 2);
		const char *const keys[] = { r->read_key, r->desk_key };

		FOR_ROWS(k, keys)
		{
			r->as = keys[k];
			rig_call(r, rows[i].what, "%s%s%s", part[0], rig_device(r, "Door"),
				 part[1]);
			ROW_INT(rows[i].what, r->status == 401 || r->status == 403, true);
		}
		r->as = r->read_key;
		rig_ok(r, "GET /devices/list", NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_set_and_taken_back),
		cmocka_unit_test(metadata_is_added_changed_and_deleted),
		cmocka_unit_test(metadata_keeps_its_rules),
		cmocka_unit_test(the_codes_of_an_unmanaged_device_are_unmanaged),
		cmocka_unit_test(the_pool_is_switched_on_and_off),
		cmocka_unit_test(a_reported_zone_goes_before_the_makers),
		cmocka_unit_test(what_cannot_be_reported_is_refused_as_a_whole),
		cmocka_unit_test(reported_lengths_are_the_devices),
		cmocka_unit_test(only_an_admin_changes_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
