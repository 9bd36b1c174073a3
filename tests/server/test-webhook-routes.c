/* /webhooks: what may be asked for, by whom, and what is answered. */
#include "config.h"

#include "tests/server/rig.h"

static const char ONE_LOCK[] = "[lock Door]\ntype = august_lock\n";

static const char *make(struct rig *r)
{
	return g_intern_string(rig_text(rig_ok(r, "POST /webhooks/create",
					       "{'url':'https://desk.example/hook',"
					       "'event_types':['lock.unlocked']}"),
					"webhook.webhook_id"));
}

static void a_webhook_is_made_shown_listed_changed_and_deleted(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);
	const char *id = make(r), *other = make(r), *secret;
	const json_t *a;
	g_autofree char *delete = g_strconcat("DELETE /webhooks/delete?webhook_id=", id, NULL);

	(void)state;
	assert_string_not_equal(id, other);
	a = rig_ok(r, "POST /webhooks/get", "{'webhook_id':'%s'}", id);
	secret = rig_text(a, "webhook.secret");
	assert_text(rig_text(a, "webhook.url"), "https://desk.example/hook");
	assert_text(rig_text(a, "webhook.event_types"), "[\"lock.unlocked\"]");
	assert_text(rig_text(a, "webhook.is_disabled"), "false");

	/* The URL is for ever. */
	rig_ok(r, "PUT /webhooks/update",
	       "{'webhook_id':'%s','event_types':['lock.locked','device.connected'],"
	       "'url':'https://else.example/'}",
	       id);
	a = rig_ok(r, "GET /webhooks/list", NULL);
	assert_int_equal(rig_count(a, "webhooks"), 2);
	assert_text(rig_text(a, "webhooks.0.webhook_id"), id);
	assert_text(rig_text(a, "webhooks.0.url"), "https://desk.example/hook");
	assert_text(rig_text(a, "webhooks.0.event_types"),
		    "[\"lock.locked\",\"device.connected\"]");
	assert_text(rig_text(a, "webhooks.0.secret"), secret);
	assert_text(rig_text(a, "webhooks.1.webhook_id"), other);

	rig_kill(r);
	rig_reopen(r);
	rig_ok(r, delete, NULL);
	a = rig_ok(r, "POST /webhooks/list", "{}");
	assert_int_equal(rig_count(a, "webhooks"), 1);
	assert_text(rig_text(a, "webhooks.0.webhook_id"), other);
}

static void what_is_no_webhook_is_refused(void **state)
{
	static const struct {
		const char *what, *body, *type;
		int status;
	} rows[] = {
		{ "POST /webhooks/create", "{}", "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':''}", "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':'desk.example/hook'}", "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':'ftp://desk.example/'}", "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':'file:///etc/passwd'}", "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':'https://'}", "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':'https://a b/'}", "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':5}", "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':'https://a.example','event_types':'*'}",
		  "invalid_input", 400 },
		{ "POST /webhooks/create", "{'url':'https://a.example','event_types':['lock.no']}",
		  "invalid_event_types", 400 },
		{ "POST /webhooks/get", "{}", "invalid_input", 400 },
		{ "POST /webhooks/get", "{'webhook_id':'x'}", "webhook_not_found", 404 },
		{ "POST /webhooks/update", "{'webhook_id':'x'}", "invalid_input", 400 },
		{ "POST /webhooks/update", "{'webhook_id':'x','event_types':['*']}",
		  "webhook_not_found", 404 },
		{ "POST /webhooks/delete", "{'webhook_id':'x'}", "webhook_not_found", 404 },
	};
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);

	(void)state;
	FOR_ROWS(i, rows)
	rig_refused(r, rows[i].status, rows[i].type, rows[i].what, "%s", rows[i].body);
	assert_int_equal(rig_count(rig_ok(r, "GET /webhooks/list", NULL), "webhooks"), 0);
}

static void types_of_things_that_are_not_here_can_be_asked_for(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);

	(void)state;
	rig_ok(r, "POST /webhooks/create",
	       "{'url':'http://a.example','event_types':['lock.unlocked','camera.activated',"
	       "'acs_user.deleted','access_code.failed_to_remove']}");
}

static void only_an_admin_has_to_do_with_webhooks(void **state)
{
	static const char *const paths[] = {
		"POST /webhooks/create", "POST /webhooks/get",	  "POST /webhooks/list",
		"POST /webhooks/update", "POST /webhooks/delete", "POST /keyrackd/webhooks/replay",
	};
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);

	(void)state;
	FOR_ROWS(i, paths)
	{
		r->as = r->desk_key;
		rig_call(r, paths[i], "{}");
		ROW_INT(paths[i], r->status == 401 || r->status == 403, 1);
		r->as = r->read_key;
		rig_call(r, paths[i], "{}");
		ROW_INT(paths[i], r->status == 401 || r->status == 403, 1);
	}
}

static void there_are_fifty_at_most(void **state)
{
	OWN(rig) struct rig *r = rig_new(ONE_LOCK);

	(void)state;
	for (int i = 0; i < 50; i++)
		make(r);
	rig_refused(r, 400, "too_many_webhooks", "POST /webhooks/create",
		    "{'url':'https://desk.example/'}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_webhook_is_made_shown_listed_changed_and_deleted),
		cmocka_unit_test(what_is_no_webhook_is_refused),
		cmocka_unit_test(types_of_things_that_are_not_here_can_be_asked_for),
		cmocka_unit_test(only_an_admin_has_to_do_with_webhooks),
		cmocka_unit_test(there_are_fifty_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
