/* Connected accounts, which are what the locks name, and the one workspace. */
#include "config.h"

#include "tests/server/rig.h"

static const char house[] = "[lock Anker]\ntype = yale_lock\n"
			    "[lock Boje]\ntype = yale_lock\n"
			    "[lock Ufer]\ntype = schlage_lock\n"
			    "[lock Deich]\ntype = two_n_intercom\n";

/* The account of a lock; interned. */
static const char *account(struct rig *r, const char *name)
{
	const json_t *a = rig_ok(r, "POST /devices/get", "{'device_id':'%s'}", rig_device(r, name));

	return g_intern_string(rig_text(a, "device.connected_account_id"));
}

static const char *said(struct rig *r, const char *id, const char *member)
{
	g_autofree char *path = g_strconcat("connected_account.", member, NULL);

	return rig_text(
		rig_ok(r, "POST /connected_accounts/get", "{'connected_account_id':'%s'}", id),
		path);
}

static void an_account_is_what_its_locks_name(void **state)
{
	static const struct {
		const char *member, *is;
	} rows[] = {
		{ "account_type", "yale" },
		{ "account_type_display_name", "Yale" },
		{ "display_name", "Yale at Test" },
		{ "created_at", "2026-01-05T11:59:00.000Z" },
		{ "accepted_capabilities", "[\"lock\"]" },
		{ "automatically_manage_new_devices", "true" },
		{ "custom_metadata", "{}" },
		{ "errors", "[]" },
		{ "warnings", "[]" },
	};
	OWN(rig) struct rig *r = rig_new(house);
	const char *yale = account(r, "Anker");

	(void)state;
	assert_text(account(r, "Boje"), yale);
	assert_text(said(r, yale, "connected_account_id"), yale);
	FOR_ROWS(i, rows)
	ROW_TEXT(rows[i].member, said(r, yale, rows[i].member), rows[i].is);
	rig_refused(r, 404, "connected_account_not_found", "POST /connected_accounts/get",
		    "{'connected_account_id':'none'}");
	rig_refused(r, 404, "connected_account_not_found", "POST /connected_accounts/get",
		    "{'email':'anna@example.com'}");
	rig_refused(r, 400, "invalid_input", "POST /connected_accounts/get", "{}");
}

static void pages_show_each_account_once(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *cursor = NULL;

	(void)state;
	for (int page = 0; page < 3; page++) {
		g_autofree char *body =
			cursor ? g_strdup_printf("{'limit':1,'page_cursor':'%s'}", cursor)
			       : g_strdup("{'limit':1}");
		const json_t *a = rig_ok(r, "POST /connected_accounts/list", "%s", body);

		assert_int_equal(rig_count(a, "connected_accounts"), 1);
		assert_true(g_hash_table_add(
			seen, (void *)(uintptr_t)rig_text(
				      a, "connected_accounts.0.connected_account_id")));
		assert_text(rig_text(a, "pagination.has_next_page"), page < 2 ? "true" : "false");
		g_free(cursor);
		cursor = g_strdup(rig_text(a, "pagination.next_page_cursor"));
	}
}

static void settings_are_kept_and_found(void **state)
{
	static const struct {
		const char *query;
		int n;
	} rows[] = {
		{ "", 3 },
		{ "?customer_key=h1", 1 },
		{ "?customer_key=h2", 0 },
		{ "?search=harbour", 1 },
		{ "?search=schlage", 1 },
		{ "?search=nobody", 0 },
		{ "?custom_metadata_has.house=1", 1 },
		{ "?custom_metadata_has.house=2", 0 },
		{ "?space_id=x", 0 },
		{ "?user_identifier_key=x", 0 },
	};
	OWN(rig) struct rig *r = rig_new(house);
	const char *yale = account(r, "Anker");
	const json_t *a = rig_ok(r, "PATCH /connected_accounts/update",
				 "{'connected_account_id':'%s','display_name':'Harbour',"
				 "'custom_metadata':{'house':'1'},'customer_key':'h1',"
				 "'accepted_capabilities':['lock','access_control']}",
				 yale);

	(void)state;
	assert_text(rig_text(a, "connected_account.display_name"), "Harbour");
	rig_kill(r);
	rig_reopen(r);
	assert_text(said(r, yale, "display_name"), "Harbour");
	assert_text(said(r, yale, "custom_metadata"), "{\"house\":\"1\"}");
	assert_text(said(r, yale, "customer_key"), "h1");
	assert_text(said(r, yale, "accepted_capabilities"), "[\"lock\",\"access_control\"]");
	FOR_ROWS(i, rows)
	{
		g_autofree char *what =
			g_strconcat("GET /connected_accounts/list", rows[i].query, NULL);

		ROW_INT(what, rig_count(rig_ok(r, what, NULL), "connected_accounts"), rows[i].n);
	}
	a = rig_ok(r, "GET /devices/list?customer_key=h1", NULL);
	assert_int_equal(rig_count(a, "devices"), 2);
	/* The whole object is replaced; what is not given stays. */
	rig_ok(r, "PATCH /connected_accounts/update",
	       "{'connected_account_id':'%s','custom_metadata':{'floor':'2'}}", yale);
	assert_text(said(r, yale, "custom_metadata"), "{\"floor\":\"2\"}");
	assert_text(said(r, yale, "display_name"), "Harbour");
}

static void wrong_settings_change_nothing(void **state)
{
	static const struct {
		const char *more, *param;
	} rows[] = {
		{ "'display_name':''", "display_name" },
		{ "'accepted_capabilities':['teleport']", "accepted_capabilities" },
		{ "'custom_metadata':{'a':1}", "custom_metadata" },
		{ "'customer_key':'other'", "customer_key" },
		{ "'automatically_manage_new_devices':'perhaps'",
		  "automatically_manage_new_devices" },
	};
	OWN(rig) struct rig *r = rig_new(house);
	const char *yale = account(r, "Anker");

	(void)state;
	rig_ok(r, "PATCH /connected_accounts/update",
	       "{'connected_account_id':'%s','customer_key':'h1'}", yale);
	FOR_ROWS(i, rows)
	{
		const json_t *a =
			rig_refused(r, 400, "invalid_input", "PATCH /connected_accounts/update",
				    "{'connected_account_id':'%s',%s}", yale, rows[i].more);
		g_autofree char *path =
			g_strdup_printf("error.validation_errors.%s._errors", rows[i].param);

		ROW_INT(rows[i].param, rig_count(a, path), 1);
	}
	assert_text(said(r, yale, "display_name"), "Yale at Test");
	assert_text(said(r, yale, "customer_key"), "h1");
}

static void a_lost_account_says_so_and_recovers(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *yale = account(r, "Anker");
	g_autoptr(GError) err = NULL;

	(void)state;
	rig_advance(r, 5000);
	assert_true(simulated_fault(r->driver, rig_device(r, "Boje"), "account_lost", true, &err));
	assert_text(said(r, yale, "errors.0.error_code"), "account_disconnected");
	assert_text(said(r, yale, "errors.0.is_connected_account_error"), "true");
	assert_text(said(r, yale, "errors.0.created_at"), "2026-01-05T12:00:05.000Z");
	assert_text(said(r, account(r, "Ufer"), "errors"), "[]");
	assert_true(simulated_fault(r->driver, rig_device(r, "Boje"), "account_lost", false, &err));
	assert_text(said(r, yale, "errors"), "[]");
}

static void a_deleted_account_takes_its_devices_and_leaves_the_door_alone(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *yale = account(r, "Anker"), *anker = rig_device(r, "Anker");
	const json_t *a = rig_ok(r, "POST /access_codes/create",
				 "{'device_id':'%s','name':'Anna','code':'482913'}", anker);
	g_autofree char *code = g_strdup(rig_text(a, "access_code.access_code_id"));
	g_autofree char *path =
		g_strconcat("DELETE /connected_accounts/delete?connected_account_id=", yale, NULL);
	bool opened = false;

	(void)state;
	rig_advance(r, 10 * MINUTE_MS);
	rig_ok(r, path, NULL);
	rig_advance(r, 10 * MINUTE_MS);
	rig_refused(r, 404, "connected_account_not_found", "POST /connected_accounts/get",
		    "{'connected_account_id':'%s'}", yale);
	rig_refused(r, 404, "device_not_found", "POST /devices/get", "{'device_id':'%s'}", anker);
	rig_refused(r, 404, "access_code_not_found", "POST /access_codes/get",
		    "{'access_code_id':'%s'}", code);
	assert_int_equal(
		rig_count(rig_ok(r, "GET /connected_accounts/list", NULL), "connected_accounts"),
		2);
	assert_true(simulated_enter(r->driver, anker, "482913", &opened, NULL));
	assert_true(opened);
	rig_refused(r, 404, "connected_account_not_found", path, NULL);
}

static void an_account_is_synced(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	struct on_lock foreign = { .pin = "739164",
				   .name = "Cleaner",
				   .starts_at = INSTANT_NONE,
				   .ends_at = INSTANT_NONE,
				   .enabled = true };
	const json_t *a;

	(void)state;
	assert_true(simulated_app_add(r->driver, rig_device(r, "Anker"), &foreign, NULL));
	rig_ok(r, "POST /connected_accounts/sync", "{'connected_account_id':'%s'}",
	       account(r, "Anker"));
	rig_advance(r, MINUTE_MS);
	a = rig_ok(r, "POST /access_codes/unmanaged/list", "{'device_id':'%s'}",
		   rig_device(r, "Anker"));
	assert_int_equal(rig_count(a, "access_codes"), 1);
	rig_refused(r, 404, "connected_account_not_found", "POST /connected_accounts/sync",
		    "{'connected_account_id':'none'}");
}

static void new_locks_begin_as_the_account_says(void **state)
{
	OWN(rig) struct rig *r = rig_new(house);
	const char *yale = account(r, "Anker");
	g_autofree char *was = NULL, *is = NULL;

	(void)state;
	rig_ok(r, "PATCH /connected_accounts/update",
	       "{'connected_account_id':'%s','automatically_manage_new_devices':false}", yale);
	assert_text(said(r, yale, "automatically_manage_new_devices"), "false");
	rig_kill(r);
	assert_true(g_file_get_contents(r->property, &was, NULL, NULL));
	is = g_strconcat(was, "[lock New]\ntype = yale_lock\n[lock Other]\ntype = nuki_lock\n",
			 NULL);
	assert_true(g_file_set_contents(r->property, is, -1, NULL));
	rig_reopen(r);
	rig_ok(r, "POST /devices/unmanaged/get", "{'name':'New'}");
	rig_ok(r, "POST /devices/get", "{'name':'Other'}");
	rig_ok(r, "POST /devices/get", "{'name':'Anker'}");
}

static void the_workspace_says_what_serves_it(void **state)
{
	static const struct {
		const char *member, *is;
	} rows[] = {
		{ "workspace_id", RIG_WORKSPACE },
		{ "name", "Test" },
		{ "company_name", "Test" },
		{ "is_sandbox", "true" },
		{ "is_suspended", "false" },
		{ "connect_partner_name", "null" },
		{ "organization_id", "null" },
		{ "keyrackd.version", "0.0.0" },
		{ "keyrackd.live", "/keyrackd/live" },
		{ "keyrackd.simulated", "true" },
	};
	OWN(rig) struct rig *r = rig_new(house);
	const json_t *a = rig_ok(r, "GET /workspaces/get", NULL);

	(void)state;
	FOR_ROWS(i, rows)
	{
		g_autofree char *path = g_strconcat("workspace.", rows[i].member, NULL);

		ROW_TEXT(path, rig_text(a, path), rows[i].is);
	}
	a = rig_ok(r, "POST /workspaces/list", NULL);
	assert_int_equal(rig_count(a, "workspaces"), 1);
	rig_ok(r, "PATCH /workspaces/update", "{'name':'Harbour House'}");
	rig_kill(r);
	rig_reopen(r);
	a = rig_ok(r, "GET /workspaces/get", NULL);
	assert_text(rig_text(a, "workspace.name"), "Harbour House");
}

static void what_a_workspace_here_has_not_is_refused(void **state)
{
	static const char *const bodies[] = {
		"{'is_suspended':true}",
		"{'connect_partner_name':'X','name':'Y'}",
		"{'connect_webview_customization':{}}",
		"{'is_publishable_key_auth_enabled':true}",
		"{'organization_id':'x'}",
	};
	static const char *const absent[] = {
		"POST /workspaces/create",	 "POST /workspaces/reset_sandbox",
		"POST /client_sessions/create",	 "POST /client_sessions/list",
		"POST /connect_webviews/create", "GET /connect_webviews/list",
		"POST /devices/delete",
	};
	OWN(rig) struct rig *r = rig_new(house);

	(void)state;
	FOR_ROWS(i, bodies)
	rig_refused(r, 400, "invalid_input", "PATCH /workspaces/update", "%s", bodies[i]);
	assert_text(rig_text(rig_ok(r, "GET /workspaces/get", NULL), "workspace.name"), "Test");
	FOR_ROWS(i, absent)
	rig_refused(r, 404, "not_found", absent[i], NULL);
}

static void only_an_admin_changes_accounts(void **state)
{
	static const char *const whats[] = {
		"PATCH /connected_accounts/update",
		"POST /connected_accounts/sync",
		"POST /connected_accounts/delete",
		"PATCH /workspaces/update",
	};
	OWN(rig) struct rig *r = rig_new(house);
	const char *yale = account(r, "Anker");

	(void)state;
	r->as = r->desk_key;
	FOR_ROWS(i, whats)
	{
		rig_call(r, whats[i], "{'connected_account_id':'%s'}", yale);
		ROW_INT(whats[i], r->status == 401 || r->status == 403, true);
	}
	r->as = r->read_key;
	rig_ok(r, "GET /connected_accounts/list", NULL);
	rig_ok(r, "GET /workspaces/get", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_is_what_its_locks_name),
		cmocka_unit_test(pages_show_each_account_once),
		cmocka_unit_test(settings_are_kept_and_found),
		cmocka_unit_test(wrong_settings_change_nothing),
		cmocka_unit_test(a_lost_account_says_so_and_recovers),
		cmocka_unit_test(a_deleted_account_takes_its_devices_and_leaves_the_door_alone),
		cmocka_unit_test(an_account_is_synced),
		cmocka_unit_test(new_locks_begin_as_the_account_says),
		cmocka_unit_test(the_workspace_says_what_serves_it),
		cmocka_unit_test(what_a_workspace_here_has_not_is_refused),
		cmocka_unit_test(only_an_admin_changes_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
