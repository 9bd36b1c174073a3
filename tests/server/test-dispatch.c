/* What happens to a request before and after its handler: routes, methods, keys, bodies, envelopes,
 * calls that wait. Routes of the test's own, so that no endpoint's rules are in the way. */
#include "config.h"

#include "tests/server/rig.h"

#include "server/inside.h"

static enum call_end echo(struct call *c)
{
	jsonout_string(c->out, "said", params_text(c->params, "say"));
	return CALL_DONE;
}

static enum call_end refuse(struct call *c)
{
	jsonout_string(c->out, "half", "an answer");
	return call_refuse(c, 409, "duplicate_access_code", "Taken by %s", "Anna");
}

static enum call_end plain(struct call *c)
{
	g_string_append(c->out, "up 1\n");
	return CALL_DONE;
}

static enum call_end engine_refuses(struct call *c)
{
	c->no = (struct refusal){ .status = 400,
				  .type = "invalid_input",
				  .message = g_strdup("Too short"),
				  .param = "code" };
	return CALL_REFUSED;
}

static int unhooked;
static struct call *waiting;

static void on_cancelled(struct call *c)
{
	assert_ptr_equal(c, waiting);
	waiting = NULL;
	unhooked++;
}

static enum call_end wait(struct call *c)
{
	waiting = c;
	c->cancelled = on_cancelled;
	return CALL_LATER;
}

static void on_due(void *ctx)
{
	(*(int *)ctx)++;
}

static int ran;
static enum call_end due_now(struct call *c)
{
	clock_at(c->server->clock, clock_now(c->server->clock), on_due, &ran);
	return CALL_DONE;
}

static const struct route own[] = {
	{ .path = "/t/read", .methods = METHODS_READ, .role = KEY_READ, .handle = echo,
	  PARAMS({ .name = "say", .kind = PARAM_TEXT }) },
	{ .path = "/t/desk", .methods = METHODS_UPDATE, .role = KEY_DESK, .handle = echo },
	{ .path = "/t/admin", .methods = METHODS_DELETE, .role = KEY_ADMIN, .handle = echo },
	{ .path = "/t/refuse", .methods = METHODS_READ, .role = KEY_READ, .handle = refuse },
	{ .path = "/t/engine", .methods = METHODS_READ, .role = KEY_READ, .handle = engine_refuses },
	{ .path = "/t/wait", .methods = METHODS_READ, .role = KEY_READ, .handle = wait },
	{ .path = "/t/due", .methods = METHODS_READ, .role = KEY_READ, .handle = due_now },
	{ .path = "/t/open", .methods = METHOD_GET, .handle = plain, .flags = ROUTE_OPEN | ROUTE_PLAIN },
	{ .path = "/t/sim", .methods = METHODS_READ, .role = KEY_READ, .handle = echo,
	  .flags = ROUTE_SIMULATED },
};

static struct rig *rig_own(bool real)
{
	struct rig *r = rig_new_with("[lock Door]\ntype = august_lock\n",
				     &(struct rig_options){ .real = real });

	FOR_ROWS (i, own)
		g_hash_table_insert(r->server->routes, (char *)(uintptr_t)own[i].path,
				    (void *)(uintptr_t)&own[i]);
	return r;
}

static void an_answer_says_ok(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	rig_ok(r, "POST /t/read", "{'say':'hello'}");
	assert_text(r->text, "{\"said\":\"hello\",\"ok\":true}");
	assert_text(r->content_type, "application/json; charset=utf-8");
	rig_ok(r, "POST /t/due", NULL);
	assert_text(r->text, "{\"ok\":true}");
}

static const struct refused_row {
	const char *what, *body;
	int status;
	const char *type, *allow;
} refused[] = {
	{ "POST /nowhere", NULL, 404, "not_found", NULL },
	{ "GET /", NULL, 404, "not_found", NULL },
	{ "POST /t/read/", NULL, 404, "not_found", NULL },
	{ "DELETE /t/read", NULL, 405, "method_not_allowed", "GET, HEAD, POST" },
	{ "get /t/read", NULL, 405, "method_not_allowed", "GET, HEAD, POST" },
	{ "POST /t/open", NULL, 405, "method_not_allowed", "GET, HEAD" },
	{ "GET /t/desk", NULL, 405, "method_not_allowed", "POST, PUT, PATCH" },
	{ "GET /t/admin", NULL, 405, "method_not_allowed", "POST, DELETE" },
	{ "POST /t/refuse", NULL, 409, "duplicate_access_code", NULL },
	{ "POST /t/read", "{", 400, "invalid_input", NULL },
	{ "POST /t/read", "[]", 400, "invalid_input", NULL },
	{ "POST /t/read", "3", 400, "invalid_input", NULL },
	{ "POST /t/read", "{'say':'a','say':'b'}", 400, "invalid_input", NULL },
	{ "GET /t/read?say=%zz", NULL, 400, "invalid_query_params", NULL },
	{ "GET /t/read?say=%00", NULL, 400, "invalid_query_params", NULL },
	{ "GET /t/read?say=%ff", NULL, 400, "invalid_query_params", NULL },
};

static void what_cannot_be_served_is_refused_in_the_envelope(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	FOR_ROWS (i, refused) {
		const struct refused_row *row = &refused[i];
		const json_t *a = row->body ? rig_refused(r, row->status, row->type, row->what, "%s",
							  row->body)
					    : rig_refused(r, row->status, row->type, row->what, NULL);

		assert_text(rig_text(a, "ok"), "false");
		assert_non_null(rig_text(a, "error.message"));
		if (row->allow)
			assert_text(r->allow, row->allow);
		else
			assert_null(r->allow);
	}
	rig_refused(r, 409, "duplicate_access_code", "POST /t/refuse", NULL);
	assert_text(r->text, "{\"error\":{\"type\":\"duplicate_access_code\",\"message\":"
			     "\"Taken by Anna\"},\"ok\":false}");
}

static void an_engines_refusal_of_a_parameter_is_in_the_tree(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);
	const json_t *a = rig_refused(r, 400, "invalid_input", "POST /t/engine", NULL);

	(void)state;
	assert_text(rig_text(a, "error.message"), "Too short");
	assert_text(rig_text(a, "error.validation_errors._errors"), "[]");
	assert_text(rig_text(a, "error.validation_errors.code._errors.0"), "Too short");
}

static const struct type_row {
	const char *type;
	bool fine;
} types[] = {
	{ "application/json", true },
	{ "Application/JSON", true },
	{ "application/json; charset=utf-8", true },
	{ "application/json ;charset=utf-8", true },
	{ "application/jsonp", false },
	{ "text/plain", false },
	{ "application/x-www-form-urlencoded", false },
	{ "", false },
	{ NULL, false },
};

static void a_body_must_say_that_it_is_json(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	FOR_ROWS (i, types) {
		const json_t *a = rig_raw(r, "POST /t/read", types[i].type, "{}", 2);

		ROW_INT(types[i].type ? types[i].type : "none", r->status, types[i].fine ? 200 : 400);
		if (!types[i].fine)
			assert_text(rig_text(a, "error.type"), "invalid_content_type");
		rig_raw(r, "POST /t/read", types[i].type, "", 0);
		ROW_INT("no body", r->status, 200);
	}
}

static const struct key_row {
	const char *as, *says;
	int status;
	const char *type;
} keys[] = {
	{ "seam_at1_key", "Personal access token", 401, "unauthorized" },
	{ "seam_cst1_key", "Client session", 401, "unauthorized" },
	{ "seam_pk1_key", "Publishable", 401, "unauthorized" },
	{ "eyJhbGciOi.x.y", "Console session", 401, "unauthorized" },
	{ "seam_12345678_123456789012345678901234", "not found", 401, "unauthorized" },
	{ "", "not found", 401, "unauthorized" },
	{ NULL, "Authorization: Bearer", 401, "unauthorized" },
};

static void only_a_key_of_this_store_opens(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	FOR_ROWS (i, keys) {
		const json_t *a;

		r->as = keys[i].as;
		a = rig_refused(r, keys[i].status, keys[i].type, "POST /t/read", NULL);
		if (!strstr(rig_text(a, "error.message"), keys[i].says))
			fail_msg("%s: %s", keys[i].as, rig_text(a, "error.message"));
		rig_call(r, "GET /t/open", NULL);
		assert_int_equal(r->status, 200);
		assert_text(r->text, "up 1\n");
		assert_text(r->content_type, "text/plain; charset=utf-8");
	}
}

static void who_guesses_keys_is_told_to_wait(void **state)
{
	static const char wrong[] = "seam_12345678_ABCDEFGHJKLMNPQRSTUVWXYZ";
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	for (int i = 0; i < 20; i++) {
		r->as = wrong;
		rig_refused(r, 401, "unauthorized", "POST /t/read", NULL);
		rig_advance(r, SECOND_MS);
	}
	rig_refused(r, 429, "too_many_requests", "POST /t/read", NULL);
	assert_int_equal(r->retry_after_s, 40);
	r->as = NULL; /* no key is no guess */
	rig_refused(r, 401, "unauthorized", "POST /t/read", NULL);
	r->as = r->read_key; /* whoever has a key is not held up */
	rig_ok(r, "POST /t/read", NULL);
	r->as = wrong;
	r->peer = "192.0.2.7"; /* nor is anybody else */
	rig_refused(r, 401, "unauthorized", "POST /t/read", NULL);
	r->peer = "unix";
	rig_advance(r, 40 * SECOND_MS - 1);
	rig_refused(r, 429, "too_many_requests", "POST /t/read", NULL);
	assert_int_equal(r->retry_after_s, 1);
	rig_advance(r, 1);
	rig_refused(r, 401, "unauthorized", "POST /t/read", NULL);
}

static void guesses_from_many_addresses_take_no_more_room(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	r->as = "seam_12345678_ABCDEFGHJKLMNPQRSTUVWXYZ";
	for (int i = 0; i < 5000; i++) {
		g_autofree char *peer = g_strdup_printf("192.0.2.%d", i);

		r->peer = peer;
		rig_call(r, "POST /t/read", NULL);
		assert_int_equal(r->status, i < 4096 ? 401 : 429);
	}
	assert_int_equal(g_hash_table_size(r->server->guesses), 4096);
	rig_advance(r, MINUTE_MS);
	r->peer = "198.51.100.1";
	rig_refused(r, 401, "unauthorized", "POST /t/read", NULL);
	assert_int_equal(g_hash_table_size(r->server->guesses), 1);
}

/* Whose guesses are counted together. */
static void guesses_are_counted_by_who_could_make_them(void **state)
{
	static const struct {
		const char *name, *peer, *user, *other_peer, *other_user;
		bool together;
	} rows[] = {
		{ "one address", "192.0.2.7", NULL, "192.0.2.7", NULL, true },
		{ "two addresses", "192.0.2.7", NULL, "192.0.2.8", NULL, false },
		{ "a network of IPv6", "2001:db8:1:2::1", NULL, "2001:db8:1:2:ffff::9", NULL, true },
		{ "two networks of IPv6", "2001:db8:1:2::1", NULL, "2001:db8:1:3::1", NULL, false },
		{ "IPv4 within IPv6", "::ffff:192.0.2.7", NULL, "::ffff:192.0.2.8", NULL, false },
		{ "a user of this machine", "unix", "1000 anna", "unix", "1000 anna", true },
		{ "two users of this machine", "unix", "1000 anna", "unix", "1001 ben", false },
	};

	(void)state;
	FOR_ROWS (i, rows) {
		OWN(rig) struct rig *r = rig_own(false);

		r->as = "seam_12345678_ABCDEFGHJKLMNPQRSTUVWXYZ";
		r->peer = rows[i].peer;
		r->user = rows[i].user;
		for (int k = 0; k < 20; k++)
			rig_refused(r, 401, "unauthorized", "POST /t/read", NULL);
		r->peer = rows[i].other_peer;
		r->user = rows[i].other_user;
		rig_call(r, "POST /t/read", NULL);
		ROW_INT(rows[i].name, r->status, rows[i].together ? 429 : 401);
		r->as = r->read_key; /* an honest one beside whoever guesses */
		rig_ok(r, "POST /t/read", NULL);
	}
}

static void a_key_opens_until_its_time_is_over(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);
	g_autofree char *key = store_key_create_until(r->store, KEY_READ, NULL,
						      instant_add_ms(at(RIG_NOON), HOUR_MS), NULL);

	(void)state;
	r->as = key;
	rig_ok(r, "POST /t/read", NULL);
	rig_advance(r, HOUR_MS - 1);
	rig_ok(r, "POST /t/read", NULL);
	rig_advance(r, 1);
	assert_text(rig_text(rig_refused(r, 401, "unauthorized", "POST /t/read", NULL), "error.message"),
		    "The time of this API key is over");
}

static struct instant used_at(struct rig *r, const char *key)
{
	OWN(store_list) struct store_list *all = store_keys(r->store, NULL);

	for (guint i = 0; i < all->rows->len; i++)
		if (strncmp(store_at(all, struct store_key, i)->short_id, key + strlen("seam_"), 8) == 0)
			return store_at(all, struct store_key, i)->used_at;
	return INSTANT_NONE;
}

static void the_hour_of_a_keys_last_use_is_kept(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);
	struct instant first = clock_now(r->clock);

	(void)state;
	r->as = r->read_key;
	assert_false(instant_known(used_at(r, r->read_key)));
	rig_refused(r, 403, "insufficient_permissions", "POST /t/desk", NULL);
	assert_false(instant_known(used_at(r, r->read_key)));
	rig_ok(r, "POST /t/read", NULL);
	assert_true(instant_eq(used_at(r, r->read_key), first));
	rig_advance(r, MINUTE_MS); /* the same hour: no row is written */
	rig_ok(r, "POST /t/read", NULL);
	assert_true(instant_eq(used_at(r, r->read_key), first));
	rig_advance(r, HOUR_MS);
	rig_ok(r, "POST /t/read", NULL);
	assert_true(instant_eq(used_at(r, r->read_key), clock_now(r->clock)));
}

static void a_key_is_of_one_workspace(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	r->workspace = RIG_WORKSPACE;
	rig_ok(r, "POST /t/read", NULL);
	r->workspace = "7f9d3a52-0000-4000-8000-000000000002";
	rig_refused(r, 401, "workspace_not_found", "POST /t/read", NULL);
}

static void a_role_may_what_its_route_says(void **state)
{
	static const char *const paths[] = { "POST /t/read", "POST /t/desk", "POST /t/admin" };
	OWN(rig) struct rig *r = rig_own(false);
	const char *const as[] = { r->read_key, r->desk_key, r->key };

	(void)state;
	FOR_ROWS (role, as) {
		r->as = as[role];
		FOR_ROWS (i, paths) {
			if (i <= role)
				rig_ok(r, paths[i], NULL);
			else
				rig_refused(r, 403, "insufficient_permissions", paths[i], NULL);
		}
	}
}

static void simulate_endpoints_are_there_in_simulation_only(void **state)
{
	OWN(rig) struct rig *simulated = rig_own(false);
	OWN(rig) struct rig *real = rig_own(true);

	(void)state;
	rig_ok(simulated, "POST /t/sim", NULL);
	rig_refused(real, 404, "not_found", "POST /t/sim", NULL);
}

static void what_a_request_makes_due_is_done_before_its_answer(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	ran = 0;
	rig_ok(r, "POST /t/due", NULL);
	assert_int_equal(ran, 1);
}

static void a_call_that_waits_is_answered_once(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	assert_null(rig_call(r, "POST /t/wait", NULL));
	assert_non_null(r->call);
	assert_false(r->answered);
	jsonout_int(waiting->out, "n", 1);
	call_finish(waiting, CALL_DONE);
	assert_non_null(rig_later(r));
	assert_text(r->text, "{\"n\":1,\"ok\":true}");
}

static void a_call_that_waits_is_unhooked_when_its_client_goes(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	unhooked = 0;
	rig_call(r, "POST /t/wait", NULL);
	server_cancel(r->call);
	assert_int_equal(unhooked, 1);
	assert_null(rig_later(r));
}

static void the_end_of_the_server_answers_who_waits(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);

	(void)state;
	unhooked = 0;
	rig_call(r, "POST /t/wait", NULL);
	rig_kill(r);
	assert_int_equal(unhooked, 1);
	assert_text(rig_text(rig_later(r), "error.type"), "service_unavailable");
	assert_int_equal(r->status, 503);
}

static void keys_and_locks_are_there_again_after_a_kill(void **state)
{
	OWN(rig) struct rig *r = rig_own(false);
	const char *door = rig_device(r, "Door");

	(void)state;
	rig_kill(r);
	rig_reopen(r);
	FOR_ROWS (i, own)
		g_hash_table_insert(r->server->routes, (char *)(uintptr_t)own[i].path,
				    (void *)(uintptr_t)&own[i]);
	rig_ok(r, "POST /t/read", NULL);
	assert_text(rig_device(r, "Door"), door);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_says_ok),
		cmocka_unit_test(what_cannot_be_served_is_refused_in_the_envelope),
		cmocka_unit_test(an_engines_refusal_of_a_parameter_is_in_the_tree),
		cmocka_unit_test(a_body_must_say_that_it_is_json),
		cmocka_unit_test(only_a_key_of_this_store_opens),
		cmocka_unit_test(who_guesses_keys_is_told_to_wait),
		cmocka_unit_test(guesses_from_many_addresses_take_no_more_room),
		cmocka_unit_test(guesses_are_counted_by_who_could_make_them),
		cmocka_unit_test(a_key_opens_until_its_time_is_over),
		cmocka_unit_test(the_hour_of_a_keys_last_use_is_kept),
		cmocka_unit_test(a_key_is_of_one_workspace),
		cmocka_unit_test(a_role_may_what_its_route_says),
		cmocka_unit_test(simulate_endpoints_are_there_in_simulation_only),
		cmocka_unit_test(what_a_request_makes_due_is_done_before_its_answer),
		cmocka_unit_test(a_call_that_waits_is_answered_once),
		cmocka_unit_test(a_call_that_waits_is_unhooked_when_its_client_goes),
		cmocka_unit_test(the_end_of_the_server_answers_who_waits),
		cmocka_unit_test(keys_and_locks_are_there_again_after_a_kill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
