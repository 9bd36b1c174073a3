/* Lists of devices: pages, filters, search, and who is in which collection. */
#include "config.h"

#include "tests/server/rig.h"

#include "core/lock.h"

static const char house[] = "[lock Anker]\ntype = yale_lock\nroom = Sea\n"
			    "[lock Boje]\ntype = yale_lock\n"
			    "[lock Ufer]\ntype = schlage_lock\nmodel = Encode\n"
			    "[lock Deich]\ntype = two_n_intercom\n"
			    "[lock Ebbe]\ntype = igloohome_lock\n";

static int by_text(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The names in the answer, sorted, with spaces between them. */
static char *names(const json_t *a, const char *list)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	int n = rig_count(a, list);

	for (int i = 0; i < n; i++) {
		g_autofree char *path = g_strdup_printf("%s.%d.display_name", list, i);

		g_ptr_array_add(all, (void *)(uintptr_t)rig_text(a, path));
	}
	g_ptr_array_sort(all, by_text);
	g_ptr_array_add(all, NULL);
	return g_strjoinv(" ", (char **)all->pdata);
}

static void pages_show_each_device_once(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *cursor = NULL;

	(void)state;
	for (int page = 0; page < 5; page++) {
		g_autofree char *body =
			cursor ? g_strdup_printf("{'limit':1,'page_cursor':'%s'}", cursor)
			       : g_strdup("{'limit':1}");
		const json_t *a = rig_ok(r, "POST /devices/list", "%s", body);

		assert_int_equal(rig_count(a, "devices"), 1);
		assert_true(g_hash_table_add(
			seen, (void *)(uintptr_t)rig_text(a, "devices.0.device_id")));
		assert_text(rig_text(a, "pagination.has_next_page"), page < 4 ? "true" : "false");
		g_free(cursor);
		cursor = g_strdup(rig_text(a, "pagination.next_page_cursor"));
	}
	assert_text(cursor, "null");
}

static void a_cursor_is_for_its_own_question(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const json_t *a = rig_ok(r, "POST /devices/list", "{'limit':1}");
	const char *cursor = rig_text(a, "pagination.next_page_cursor");

	(void)state;
	rig_refused(r, 400, "mismatched_page_parameters", "POST /devices/list",
		    "{'limit':1,'device_type':'yale_lock','page_cursor':'%s'}", cursor);
	rig_ok(r, "POST /devices/list", "{'limit':3,'page_cursor':'%s'}", cursor);
}

static void pages_hold_what_fits_the_filter(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const json_t *a = rig_ok(r, "POST /devices/list", "{'limit':1,'device_type':'yale_lock'}");
	g_autofree char *first = names(a, "devices");
	g_autofree char *second = NULL;

	(void)state;
	assert_text(rig_text(a, "pagination.has_next_page"), "true");
	a = rig_ok(r, "POST /devices/list",
		   "{'limit':1,'device_type':'yale_lock','page_cursor':'%s'}",
		   rig_text(a, "pagination.next_page_cursor"));
	second = names(a, "devices");
	assert_text(rig_text(a, "pagination.has_next_page"), "false");
	assert_true(strcmp(first, second) != 0);
	assert_non_null(strstr("Anker Boje", second));
}

static void filters_choose_devices(void **state)
{
	static const struct {
		const char *query, *names;
	} rows[] = {
		{ "", "Anker Boje Deich Ebbe Ufer" },
		{ "?device_type=yale_lock", "Anker Boje" },
		{ "?device_types=yale_lock&device_types=two_n_intercom", "Anker Boje Deich" },
		{ "?device_types=", "" },
		{ "?device_type=yale_lock&device_types=schlage_lock", "" },
		{ "?device_type=no_such_lock", "" },
		{ "?manufacturer=two_n", "Deich" },
		{ "?manufacturer=yale&_strict=true", "Anker Boje" },
		{ "?created_before=2026-01-05T11:59:00Z", "" },
		{ "?created_before=2026-01-05T11:59:01Z", "Anker Boje Deich Ebbe Ufer" },
		{ "?connect_webview_id=5f3c", "" },
		{ "?space_id=5f3c", "" },
		{ "?user_identifier_key=anna", "" },
		{ "?customer_key=anna", "" },
		{ "?connected_account_id=no-such", "" },
		{ "?device_ids=no-such", "" },
		{ "?search=anker", "Anker" },
		{ "?search=ANK", "Anker" },
		{ "?search=test", "Anker Boje Deich Ebbe Ufer" },
		{ "?search=zzz", "" },
		{ "?custom_metadata_has.floor=2", "Boje" },
		{ "?custom_metadata_has.step_free=true", "Boje" },
		{ "?custom_metadata_has.floor=2&custom_metadata_has.step_free=false", "" },
		{ "?search=linden", "Boje" },
		{ "?search=step_free", "Boje" },
		{ "?search=%22%3A", "" }, /* nobody wrote that, only JSON */
	};
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	rig_ok(r, "POST /devices/update",
	       "{'device_id':'%s','custom_metadata':{'floor':'2','step_free':true,"
	       "'street':'Lindenweg'}}",
	       rig_device(r, "Boje"));
	FOR_ROWS(i, rows)
	{
		static const char *const lists[][2] = { { "GET /devices/list", "devices" },
							{ "GET /locks/list", "locks" } };

		FOR_ROWS(k, lists)
		{
			g_autofree char *what = g_strconcat(lists[k][0], rows[i].query, NULL);
			g_autofree char *got = names(rig_ok(r, what, NULL), lists[k][1]);

			ROW_TEXT(what, got, rows[i].names);
		}
	}
}

static void devices_are_found_by_their_ids_and_accounts(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *boje = rig_device(r, "Boje"), *deich = rig_device(r, "Deich");
	const json_t *a = rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", boje);
	const char *account = rig_text(a, "device.connected_account_id");
	g_autofree char *of_ids =
		names(rig_ok(r, "POST /devices/list", "{'device_ids':['%s','%s']}", boje, deich),
		      "devices");
	g_autofree char *of_account =
		names(rig_ok(r, "POST /devices/list", "{'connected_account_id':'%s'}", account),
		      "devices");
	g_autofree char *of_accounts =
		names(rig_ok(r, "POST /devices/list", "{'connected_account_ids':['%s']}", account),
		      "devices");
	g_autofree char *of_search =
		names(rig_ok(r, "POST /devices/list", "{'search':'%s'}", account), "devices");
	g_autofree char *of_start =
		names(rig_ok(r, "POST /devices/list", "{'search':'%.8s'}", boje), "devices");
	g_autofree char *of_three =
		names(rig_ok(r, "POST /devices/list", "{'search':'%.3s'}", boje), "devices");

	(void)state;
	assert_text(of_ids, "Boje Deich");
	assert_text(of_account, "Anker Boje");
	assert_text(of_accounts, "Anker Boje");
	assert_text(of_search, "Anker Boje");
	assert_text(of_start, "Boje");
	assert_text(of_three, "");
}

static void one_device_is_found_by_id_or_name(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *ufer = rig_device(r, "Ufer");
	const json_t *a;

	(void)state;
	a = rig_ok(r, "POST /devices/get", "{'name':'Ufer'}");
	assert_text(rig_text(a, "device.device_id"), ufer);
	rig_ok(r, "PATCH /devices/update", "{'device_id':'%s','name':'Quay'}", ufer);
	a = rig_ok(r, "GET /devices/get?name=Quay", NULL);
	assert_text(rig_text(a, "device.device_id"), ufer);
	rig_refused(r, 400, "invalid_input", "POST /devices/get", "{}");
	rig_refused(r, 404, "device_not_found", "POST /devices/get", "{'name':'Nowhere'}");
	rig_refused(r, 404, "device_not_found", "POST /devices/get",
		    "{'device_id':'5f3c0000-0000-4000-8000-000000000000'}");
}

static void reading_twice_and_either_way_gives_the_same(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *ufer = rig_device(r, "Ufer");
	g_autofree char *get = g_strconcat("GET /devices/get?device_id=", ufer, NULL);
	const json_t *a = rig_ok(r, get, NULL);
	const json_t *b = rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", ufer);

	(void)state;
	assert_true(json_equal(a, b));
	a = rig_ok(r, "GET /locks/list", NULL);
	assert_int_equal(rig_count(a, "locks"), 5);
	assert_true(json_equal(json_object_get(a, "locks"), json_object_get(a, "devices")));
	a = rig_ok(r, "POST /locks/get", "{'device_id':'%s'}", ufer);
	assert_true(json_equal(json_object_get(a, "lock"), json_object_get(a, "device")));
	assert_true(json_equal(json_object_get(b, "device"), json_object_get(a, "device")));
}

static void an_unmanaged_device_is_in_the_other_collection(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *ufer = rig_device(r, "Ufer");
	g_autofree char *managed = NULL, *others = NULL;
	const json_t *a;

	(void)state;
	rig_ok(r, "PATCH /devices/update", "{'device_id':'%s','is_managed':false}", ufer);
	managed = names(rig_ok(r, "GET /devices/list", NULL), "devices");
	assert_text(managed, "Anker Boje Deich Ebbe");
	a = rig_ok(r, "GET /devices/unmanaged/list", NULL);
	others = names(a, "devices");
	assert_text(others, "Ufer");
	assert_text(rig_text(a, "pagination.has_next_page"), "false");
	assert_text(rig_text(a, "devices.0.is_managed"), "false");
	assert_null(rig_text(a, "devices.0.space_ids"));
	assert_null(rig_text(a, "devices.0.properties.supported_code_lengths"));
	assert_text(rig_text(a, "devices.0.properties.model.display_name"), "Encode");
	a = rig_refused(r, 404, "device_not_found", "POST /devices/get", "{'device_id':'%s'}",
			ufer);
	assert_non_null(strstr(rig_text(a, "error.message"), "/devices/unmanaged"));
	rig_ok(r, "POST /devices/unmanaged/get", "{'device_id':'%s'}", ufer);
	rig_ok(r, "POST /devices/unmanaged/get", "{'name':'Ufer'}");
	rig_refused(r, 404, "device_not_found", "POST /devices/unmanaged/get", "{'device_id':'%s'}",
		    rig_device(r, "Boje"));
	rig_ok(r, "PATCH /devices/unmanaged/update", "{'device_id':'%s','is_managed':true}", ufer);
	rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", ufer);
}

static void providers_are_the_fourteen(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const json_t *a = rig_ok(r, "GET /devices/list_device_providers", NULL);

	(void)state;
	assert_int_equal(rig_count(a, "device_providers"), 14);
	assert_text(rig_text(a, "device_providers.0.device_provider_name"), "my_2n");
	assert_text(rig_text(a, "device_providers.0.can_remotely_unlock"), "true");
	assert_null(rig_text(a, "device_providers.0.can_remotely_lock"));
	a = rig_ok(r, "GET /devices/list_device_providers?provider_category=thermostats", NULL);
	assert_int_equal(rig_count(a, "device_providers"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_show_each_device_once),
		cmocka_unit_test(a_cursor_is_for_its_own_question),
		cmocka_unit_test(pages_hold_what_fits_the_filter),
		cmocka_unit_test(filters_choose_devices),
		cmocka_unit_test(devices_are_found_by_their_ids_and_accounts),
		cmocka_unit_test(one_device_is_found_by_id_or_name),
		cmocka_unit_test(reading_twice_and_either_way_gives_the_same),
		cmocka_unit_test(an_unmanaged_device_is_in_the_other_collection),
		cmocka_unit_test(providers_are_the_fourteen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
