/* /events: which of them, in which order, and what each of them says. */
#include "config.h"

#include "tests/server/rig.h"

static const char HOUSE[] = "[lock Door]\ntype = august_lock\n"
			    "[lock Gate]\ntype = yale_lock\n"
			    "[lock Shed]\ntype = nuki_lock\n";
#define LONG_AGO "'since':'2020-01-01T00:00:00Z'"

static void rename_lock(struct rig *r, const char *lock, const char *name)
{
	struct refusal no = { 0 };

	if (!engine_device_update(r->engine, rig_device(r, lock), name, true, TRI_UNKNOWN,
				  TRI_UNKNOWN, &no))
		fail_msg("%s", no.message);
}

/* Three names, a minute between them: at noon, 12:01 and 12:02. */
static struct rig *house_with_names(void)
{
	struct rig *r = rig_new(HOUSE);

	rename_lock(r, "Door", "one");
	rig_advance(r, MINUTE_MS);
	rename_lock(r, "Gate", "two");
	rig_advance(r, MINUTE_MS);
	rename_lock(r, "Door", "three");
	return r;
}

/* "three two one": the names that the answer's events tell, in its order. */
static const char *names(const json_t *answer)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (int i = 0; i < rig_count(answer, "events"); i++) {
		g_autofree char *path = g_strdup_printf("events.%d.device_name", i);
		const char *name = rig_text(answer, path);

		g_string_append_printf(s, "%s%s", s->len ? " " : "", name ? name : "-");
	}
	return g_intern_string(s->str);
}

static void the_window_is_open_at_both_ends_and_the_newest_comes_first(void **state)
{
	static const struct {
		const char *name, *body, *want;
	} rows[] = {
		{ "all", "'since':'2026-01-05T11:59:59Z'", "three two one" },
		{ "since is left out", "'since':'2026-01-05T12:00:00Z'", "three two" },
		{ "a millisecond before it", "'since':'2026-01-05T11:59:59.999Z'",
		  "three two one" },
		{ "of another offset", "'since':'2026-01-05T14:00:00+02:00'", "three two" },
		{ "later than all", "'since':'2026-01-05T12:02:00Z'", "" },
		{ "between leaves out both",
		  "'between':['2026-01-05T12:00:00Z',"
		  "'2026-01-05T12:02:00Z']",
		  "two" },
		{ "between by a millisecond more",
		  "'between':['2026-01-05T11:59:59.999Z','2026-01-05T12:02:00.001Z']",
		  "three two one" },
		{ "the wrong way round",
		  "'between':['2026-01-05T12:02:00Z',"
		  "'2026-01-05T12:00:00Z']",
		  "" },
		{ "before 1970", "'between':['1960-01-01T00:00:00Z','1965-01-01T00:00:00Z']", "" },
		{ "from before 1970", "'since':'1960-01-01T00:00:00Z'", "three two one" },
	};
	OWN(rig) struct rig *r = house_with_names();

	(void)state;
	FOR_ROWS(i, rows)
	ROW_TEXT(rows[i].name,
		 names(rig_ok(r, "POST /events/list", "{%s,'event_type':'device.name_changed'}",
			      rows[i].body)),
		 rows[i].want);
}

static void filters_narrow_each_other(void **state)
{
	OWN(rig) struct rig *r = house_with_names();
	const char *door = rig_device(r, "Door"), *gate = rig_device(r, "Gate");
	const json_t *one = rig_ok(r, "POST /events/list",
				   "{" LONG_AGO ",'event_type':'device.name_changed','limit':1}");
	const char *three = rig_text(one, "events.0.event_id");
	const char *account = rig_text(one, "events.0.connected_account_id");
	const struct {
		const char *name, *filter, *want;
	} rows[] = {
		{ "a lock", g_strdup_printf("'device_id':'%s'", door), "three one" },
		{ "locks", g_strdup_printf("'device_ids':['%s','%s']", door, gate),
		  "three two one" },
		{ "a lock among locks",
		  g_strdup_printf("'device_id':'%s','device_ids':['%s','%s']", gate, door, gate),
		  "two" },
		{ "a lock that is not among them",
		  g_strdup_printf("'device_id':'%s','device_ids':['%s']", gate, door), "" },
		{ "no lock", g_strdup("'device_ids':[]"), "" },
		{ "an event", g_strdup_printf("'event_ids':['%s']", three), "three" },
		{ "an event of another lock",
		  g_strdup_printf("'event_ids':['%s'],'device_id':'%s'", three, gate), "" },
		{ "an account", g_strdup_printf("'connected_account_id':'%s'", account), NULL },
		{ "an unknown account", g_strdup("'connected_account_id':'x'"), "" },
		{ "events have no code here", g_strdup("'access_code_id':'x'"), "" },
		{ "a limit", g_strdup("'limit':2"), "three two" },
		{ "an offset", g_strdup("'unstable_offset':1"), "two one" },
		{ "both", g_strdup("'limit':1,'unstable_offset':2"), "one" },
		{ "past the end", g_strdup("'unstable_offset':3"), "" },
		{ "types", g_strdup("'event_types':['lock.unlocked','device.name_changed']"),
		  "three two one" },
		{ "another type", g_strdup("'event_types':['lock.unlocked']"), "" },
	};

	(void)state;
	FOR_ROWS(i, rows)
	{
		const json_t *a = rig_ok(r, "POST /events/list",
					 "{" LONG_AGO ",'event_type':'device.name_changed',%s}",
					 rows[i].filter);

		if (rows[i].want)
			ROW_TEXT(rows[i].name, names(a), rows[i].want);
		else
			ROW_INT(rows[i].name, rig_count(a, "events") > 0, 1);
		g_free((char *)(uintptr_t)rows[i].filter);
	}
}

static void what_is_not_here_fits_nothing(void **state)
{
	static const char *const filters[] = {
		"'access_grant_id':'x'",
		"'access_grant_ids':['x']",
		"'access_method_id':'x'",
		"'access_method_ids':['x']",
		"'acs_access_group_id':'x'",
		"'acs_credential_id':'x'",
		"'acs_encoder_id':'x'",
		"'acs_entrance_id':'x'",
		"'acs_system_id':'x'",
		"'acs_system_ids':['x']",
		"'acs_user_id':'x'",
		"'connect_webview_id':'x'",
		"'customer_key':'x'",
		"'space_id':'x'",
		"'space_ids':['x']",
		"'user_identity_id':'x'",
		"'event_type':'camera.activated'",
	};
	OWN(rig) struct rig *r = house_with_names();

	(void)state;
	assert_true(rig_count(rig_ok(r, "POST /events/list", "{" LONG_AGO "}"), "events") > 3);
	FOR_ROWS(i, filters)
	ROW_INT(filters[i],
		rig_count(rig_ok(r, "POST /events/list", "{" LONG_AGO ",%s}", filters[i]),
			  "events"),
		0);
}

static void what_makes_no_sense_is_refused_at_its_parameter(void **state)
{
	static const struct {
		const char *body, *errors;
	} rows[] = {
		{ "{}", "_errors.0" },
		{ "{'device_id':'x'}", "_errors.0" },
		{ "{" LONG_AGO ",'between':['2026-01-01T00:00:00Z','2026-01-02T00:00:00Z']}",
		  "_errors.0" },
		{ "{'since':'yesterday'}", "since._errors.0" },
		{ "{'since':'2026-01-05T12:00:00'}", "since._errors.0" },
		{ "{'between':['2026-01-01T00:00:00Z']}", "between._errors.0" },
		{ "{" LONG_AGO ",'event_type':'lock.unlockd'}", "event_type._errors.0" },
		{ "{" LONG_AGO ",'event_types':['lock.unlocked','thing']}",
		  "event_types._errors.0" },
		{ "{" LONG_AGO ",'limit':0}", "limit._errors.0" },
		{ "{" LONG_AGO ",'limit':100001}", "limit._errors.0" },
		{ "{" LONG_AGO ",'unstable_offset':-1}", "unstable_offset._errors.0" },
		{ "{" LONG_AGO ",'device_ids':'x'}", "device_ids._errors.0" },
	};
	OWN(rig) struct rig *r = rig_new(HOUSE);

	(void)state;
	FOR_ROWS(i, rows)
	{
		g_autofree char *path =
			g_strconcat("error.validation_errors.", rows[i].errors, NULL);
		const json_t *a = rig_refused(r, 400, "invalid_input", "POST /events/list", "%s",
					      rows[i].body);

		ROW_INT(rows[i].body, rig_text(a, path) != NULL, 1);
	}
}

static void a_query_says_the_same_as_a_body(void **state)
{
	OWN(rig) struct rig *r = house_with_names();
	g_autofree char *what = g_strdup_printf(
		"GET /events/list?_strict=true&between=2026-01-05T11%%3A59%%3A00Z"
		"&between=2026-01-05T12%%3A01%%3A30Z&device_ids=%s&event_types=device.name_changed"
		"&limit=5",
		rig_device(r, "Door"));

	(void)state;
	assert_text(names(rig_ok(r, what, NULL)), "one");
}

static void five_hundred_come_where_nobody_says_how_many(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	struct refusal no = { 0 };
	const json_t *a;

	(void)state;
	assert_true(engine_group_begin(r->engine, &no));
	for (int i = 1; i <= 501; i++) {
		g_autofree char *name = g_strdup_printf("n%d", i);

		rename_lock(r, "Door", name);
	}
	assert_true(engine_group_end(r->engine, true, &no));
	a = rig_ok(r, "POST /events/list", "{" LONG_AGO "}");
	assert_int_equal(rig_count(a, "events"), 500);
	assert_text(rig_text(a, "events.0.device_name"), "n501");
	assert_text(rig_text(a, "events.499.device_name"), "n2");
}

static void one_event_is_found_by_its_id_or_as_the_newest_of_its_type(void **state)
{
	OWN(rig) struct rig *r = house_with_names();
	const char *gate = rig_device(r, "Gate");
	const json_t *all =
		rig_ok(r, "POST /events/list", "{" LONG_AGO ",'event_type':'device.name_changed'}");
	const char *id = rig_text(all, "events.2.event_id");
	g_autofree char *what = g_strconcat("GET /events/get?event_id=", id, NULL);

	(void)state;
	assert_text(rig_text(rig_ok(r, what, NULL), "event.device_name"), "one");
	assert_text(rig_text(rig_ok(r, "POST /events/get", "{'event_type':'device.name_changed'}"),
			     "event.device_name"),
		    "three");
	assert_text(rig_text(rig_ok(r, "POST /events/get",
				    "{'event_type':'device.name_changed','device_id':'%s'}", gate),
			     "event.device_name"),
		    "two");
	rig_refused(r, 404, "event_not_found", "POST /events/get", "{'event_id':'x'}");
	rig_refused(r, 404, "event_not_found", "POST /events/get",
		    "{'event_id':'%s','device_id':'%s'}", id, gate);
	rig_refused(r, 404, "event_not_found", "POST /events/get",
		    "{'event_type':'lock.unlocked'}");
	rig_refused(r, 400, "invalid_input", "POST /events/get", "{}");
	rig_refused(r, 400, "invalid_input", "POST /events/get", "{'event_type':'nothing'}");
}

static void the_life_of_a_code_is_there_also_once_it_is_gone(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *code =
		rig_text(rig_ok(r, "POST /access_codes/create", "{'device_id':'%s','code':'4821'}",
				rig_device(r, "Door")),
			 "access_code.access_code_id");
	const json_t *a;
	g_autoptr(GString) life = g_string_new(NULL);

	(void)state;
	rig_advance(r, 5 * MINUTE_MS);
	rig_ok(r, "POST /access_codes/delete", "{'access_code_id':'%s'}", code);
	rig_advance(r, 5 * MINUTE_MS);
	rig_refused(r, 404, "access_code_not_found", "POST /access_codes/get",
		    "{'access_code_id':'%s'}", code);
	a = rig_ok(r, "POST /events/list", "{" LONG_AGO ",'access_code_id':'%s'}", code);
	for (int i = rig_count(a, "events"); i-- > 0;) {
		g_autofree char *path = g_strdup_printf("events.%d.event_type", i);

		g_string_append_printf(life, "%s ", rig_text(a, path) + strlen("access_code."));
	}
	assert_text(life->str, "created set_on_device deleted removed_from_device ");
}

/* Each list alone and all of them at once: the cost grows with what is asked for, not with its
 * square. Before, five thousand took more than ten seconds. */
static void ten_thousand_ids_are_answered_at_once(void **state)
{
	static const char *const names[] = { "device_ids", "access_code_ids", "event_ids",
					     "connected_account_ids" };
	OWN(rig) struct rig *r = rig_new(HOUSE);
	g_autoptr(GString) ids = g_string_new(NULL), all = g_string_new(NULL);
	int64_t began_us = g_get_monotonic_time();

	(void)state;
	for (int i = 0; i < 10000; i++)
		g_string_append_printf(ids, "%s'%08x-0000-4000-8000-%012x'", i ? "," : "", i, i);
	FOR_ROWS (i, names) {
		rig_ok(r, "POST /events/list", "{" LONG_AGO ",'%s':[%s]}", names[i], ids->str);
		g_string_append_printf(all, ",'%s':[%s]", names[i], ids->str);
	}
	rig_ok(r, "POST /events/list", "{" LONG_AGO "%s}", all->str);
	if (g_get_monotonic_time() - began_us > 5 * G_USEC_PER_SEC)
		fail_msg("%" G_GINT64_FORMAT " us", g_get_monotonic_time() - began_us);
}

static void a_value_asked_for_twice_is_answered_once(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	const char *door = rig_device(r, "Door");
	const json_t *a = rig_ok(r, "POST /events/list", "{" LONG_AGO ",'device_id':'%s'}", door);
	int n = rig_count(a, "events");

	(void)state;
	assert_true(n > 0);
	a = rig_ok(r, "POST /events/list", "{" LONG_AGO ",'device_ids':['%s','x','%s']}", door, door);
	assert_int_equal(rig_count(a, "events"), n);
}

static void of_many_wrong_types_a_few_are_told(void **state)
{
	OWN(rig) struct rig *r = rig_new(HOUSE);
	g_autoptr(GString) types = g_string_new("'x'");

	(void)state;
	for (int i = 1; i < 5000; i++)
		g_string_append(types, ",'x'");
	rig_refused(r, 400, "invalid_input", "POST /events/list",
		    "{" LONG_AGO ",'event_types':[%s]}", types->str);
	if (strlen(r->text) > 4000)
		fail_msg("%zu characters were answered", strlen(r->text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_window_is_open_at_both_ends_and_the_newest_comes_first),
		cmocka_unit_test(filters_narrow_each_other),
		cmocka_unit_test(what_is_not_here_fits_nothing),
		cmocka_unit_test(what_makes_no_sense_is_refused_at_its_parameter),
		cmocka_unit_test(a_query_says_the_same_as_a_body),
		cmocka_unit_test(five_hundred_come_where_nobody_says_how_many),
		cmocka_unit_test(one_event_is_found_by_its_id_or_as_the_newest_of_its_type),
		cmocka_unit_test(ten_thousand_ids_are_answered_at_once),
		cmocka_unit_test(a_value_asked_for_twice_is_answered_once),
		cmocka_unit_test(of_many_wrong_types_a_few_are_told),
		cmocka_unit_test(the_life_of_a_code_is_there_also_once_it_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
