/* The other kinds of access code over the API: backups, unmanaged and offline ones. */
#include "config.h"

#include "tests/server/codes.h"

#define DOORS                                                                                      \
	"[lock Door]\ntype = ttlock_lock\n"                                                        \
	"[lock Igloo]\ntype = igloohome_lock\n"                                                    \
	"[lock Kwik]\ntype = kwikset_lock\n"                                                       \
	"[lock Simple]\ntype = smartthings_lock\n"

#define SOON  "2026-01-05T15:00:00Z"
#define LATER "2026-01-08T10:00:00Z"
#define STAY  "'starts_at':'" SOON "','ends_at':'" LATER "'"

#define UPDATE "PATCH /access_codes/update"
#define GET    "POST /access_codes/get"

/* ---- backups ---- */

static const json_t *list_of(struct rig *r, const char *lock)
{
	return rig_ok(r, "POST /access_codes/list", "{'device_id':'%s'}", rig_device(r, lock));
}

static void a_backup_stands_in_for_a_code(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = codes_make(r, "Door", "'use_backup_access_code_pool':true," STAY);
	const json_t *a;
	const char *backup, *pin;

	(void)state;
	assert_text(rig_text(codes_get(r, id), "access_code.is_backup_access_code_available"),
		    "false");
	rig_refused(r, 404, "backup_access_code_not_found",
		    "POST /access_codes/pull_backup_access_code", "{'access_code_id':'%s'}", id);
	rig_advance(r, 2 * MINUTE_MS);
	assert_text(rig_text(codes_get(r, id), "access_code.is_backup_access_code_available"),
		    "true");
	assert_int_equal(rig_count(list_of(r, "Door"), "access_codes"), 1); /* none un-pulled */
	a = rig_ok(r, "POST /access_codes/pull_backup_access_code", "{'access_code_id':'%s'}", id);
	backup = rig_text(a, "access_code.access_code_id");
	pin = rig_text(a, "access_code.code");
	assert_text(rig_text(a, "backup_access_code.access_code_id"), backup);
	assert_text(rig_text(a, "backup_access_code.is_backup"), "true");
	assert_text(rig_text(a, "backup_access_code.status"), "set");
	assert_text(rig_text(a, "backup_access_code.ends_at"), "2026-01-08T10:00:00.000Z");
	assert_text(rig_text(a, "backup_access_code.is_backup_access_code_available"), "false");
	assert_true(g_str_has_prefix(rig_text(a, "backup_access_code.name"), "Backup "));
	assert_true(codes_opens(r, "Door", pin));
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.pulled_backup_access_code_id"), backup);
	assert_non_null(codes_problem(a, "warnings", "using_backup_access_code", "message"));
	assert_non_null(strstr(codes_story(r, id), "backup_access_code_pulled"));
	a = rig_ok(r, "POST /access_codes/pull_backup_access_code", "{'access_code_id':'%s'}", id);
	assert_text(rig_text(a, "backup_access_code.access_code_id"), backup);
	assert_int_equal(rig_count(list_of(r, "Door"), "access_codes"), 2);
	rig_until(r, "2026-01-08T10:05:00Z");
	assert_false(codes_opens(r, "Door", pin));
}

static void a_member_of_the_pool_is_found_but_not_listed(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	struct store_code_filter filter = { .device_id = rig_device(r, "Door"),
					    .managed = 1,
					    .with_pool = true };
	OWN(store_list) struct store_list *all = NULL;
	int members = 0;

	(void)state;
	codes_make(r, "Door", "'use_backup_access_code_pool':true," STAY);
	rig_advance(r, MINUTE_MS);
	all = store_codes(r->store, &filter, NULL, NULL);
	for (guint i = 0; i < all->rows->len; i++) {
		const struct store_code *c = store_at(all, struct store_code, i);
		const json_t *a;

		if (c->backup != BACKUP_POOL)
			continue;
		a = codes_get(r, c->access_code_id);
		assert_text(rig_text(a, "access_code.is_backup"), "true");
		rig_refused(r, 400, "invalid_input", UPDATE, "{'access_code_id':'%s','name':'x'}",
			    c->access_code_id);
		members++;
	}
	assert_int_equal(members, 2);
	assert_int_equal(rig_count(list_of(r, "Door"), "access_codes"), 1);
}

/* ---- unmanaged ones ---- */

#define OUTSIDE "POST /access_codes/simulate/create_unmanaged_access_code"

static const struct member_row {
	const char *path, *is;
} outside[] = {
	{ "workspace_id", RIG_WORKSPACE },
	{ "is_managed", "false" },
	{ "type", "ongoing" },
	{ "status", "set" },
	{ "display_status", "set" },
	{ "name", "Old cleaner" },
	{ "code", "4711" },
	{ "created_at", "2026-01-05T12:00:00.000Z" },
	{ "errors", "[]" },
	{ "warnings", "[]" },
};
static const char *const managed_only[] = { "common_code_key", "is_backup", "appearance",
					    "is_offline_access_code", "pending_mutations",
					    "cannot_be_managed" };

static void a_code_from_outside_is_seen_and_adopted(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *door = rig_device(r, "Door");
	const json_t *a =
		rig_ok(r, OUTSIDE, "{'device_id':'%s','name':'Old cleaner','code':'4711'}", door);
	const char *id = rig_text(a, "access_code.access_code_id");

	(void)state;
	FOR_ROWS (i, outside) {
		g_autofree char *path = g_strconcat("access_code.", outside[i].path, NULL);

		ROW_TEXT(outside[i].path, rig_text(a, path), outside[i].is);
	}
	FOR_ROWS (i, managed_only) {
		g_autofree char *path = g_strconcat("access_code.", managed_only[i], NULL);

		if (rig_text(a, path))
			fail_msg("%s", managed_only[i]);
	}
	/* The lock's own list says the same, with the same id. */
	rig_advance(r, MINUTE_MS);
	a = rig_ok(r, "POST /access_codes/unmanaged/list", "{'device_id':'%s'}", door);
	assert_int_equal(rig_count(a, "access_codes"), 1);
	assert_text(rig_text(a, "access_codes.0.access_code_id"), id);
	assert_int_equal(rig_count(list_of(r, "Door"), "access_codes"), 0);
	a = rig_refused(r, 404, "access_code_not_found", GET, "{'access_code_id':'%s'}", id);
	assert_non_null(strstr(rig_text(a, "error.message"), "/access_codes/unmanaged"));
	a = rig_ok(r, "PATCH /access_codes/unmanaged/convert_to_managed",
		   "{'access_code_id':'%s','allow_external_modification':true}", id);
	assert_text(rig_text(a, "action_attempt.action_type"), "CONVERT_ACCESS_CODE_TO_MANAGED");
	a = codes_get(r, id);
	assert_text(rig_text(a, "access_code.is_managed"), "true");
	assert_text(rig_text(a, "access_code.status"), "set");
	assert_text(rig_text(a, "access_code.is_external_modification_allowed"), "true");
	assert_text(codes_story(r, id), "unmanaged.created unmanaged.converted_to_managed");
	a = rig_refused(r, 404, "access_code_not_found", "POST /access_codes/unmanaged/get",
			"{'device_id':'%s','code':'4711'}", door);
	assert_non_null(strstr(rig_text(a, "error.message"), "use /access_codes"));
}

static void an_unmanaged_code_is_deleted_from_its_lock(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *door = rig_device(r, "Door");
	const json_t *a =
		rig_ok(r, OUTSIDE, "{'device_id':'%s','name':'Old cleaner','code':'4711'}", door);
	const char *id = rig_text(a, "access_code.access_code_id");
	g_autofree char *what =
		g_strconcat("DELETE /access_codes/unmanaged/delete?access_code_id=", id, NULL);

	(void)state;
	rig_advance(r, MINUTE_MS);
	assert_true(codes_opens(r, "Door", "4711"));
	a = rig_ok(r, what, NULL);
	assert_text(rig_text(a, "action_attempt.status"), "pending");
	rig_advance(r, MINUTE_MS);
	assert_false(codes_opens(r, "Door", "4711"));
	assert_text(codes_story(r, id), "unmanaged.created lock.unlocked unmanaged.removed");
	a = rig_ok(r, "POST /action_attempts/get", "{'action_attempt_id':'%s'}",
		   rig_text(a, "action_attempt.action_attempt_id"));
	assert_text(rig_text(a, "action_attempt.status"), "success");
}

static void what_its_lock_hides_cannot_be_managed(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, OUTSIDE, "{'device_id':'%s','name':'Old','code':'4711'}",
				 rig_device(r, "Simple"));
	const char *id = rig_text(a, "access_code.access_code_id");

	(void)state;
	assert_text(rig_text(a, "access_code.code"), "null");
	assert_text(rig_text(a, "access_code.cannot_be_managed"), "true");
	rig_refused(r, 400, "invalid_input", "PATCH /access_codes/unmanaged/update",
		    "{'access_code_id':'%s','is_managed':true}", id);
	assert_text(codes_story(r, id), "unmanaged.created unmanaged.failed_to_convert_to_managed");
	rig_advance(r, MINUTE_MS);
	a = rig_ok(r, "POST /access_codes/unmanaged/list", "{'device_id':'%s'}",
		   rig_device(r, "Simple"));
	assert_text(rig_text(a, "access_codes.0.access_code_id"), id);
	/* And where codes cannot even be listed. */
	rig_refused(r, 400, "device_type_not_supported", OUTSIDE,
		    "{'device_id':'%s','name':'Old','code':'4711'}", rig_device(r, "Kwik"));
}

/* ---- offline ones ---- */

#define OFFLINE "'is_offline_access_code':true,"

static void an_offline_code_opens_a_lock_that_is_away(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a;
	const char *id, *pin;

	(void)state;
	codes_fault(r, "Igloo", "offline", true);
	id = codes_make(r, "Igloo", OFFLINE "'starts_at':'2026-01-05T15:20:00Z',"
					    "'ends_at':'2026-01-05T18:10:00Z'");
	a = codes_get(r, id);
	pin = rig_text(a, "access_code.code");
	assert_text(rig_text(a, "access_code.is_offline_access_code"), "true");
	assert_text(rig_text(a, "access_code.pending_mutations"), "[]");
	assert_text(rig_text(a, "access_code.starts_at"), "2026-01-05T15:00:00.000Z");
	rig_until(r, "2026-01-05T15:30:00Z");
	assert_true(codes_opens(r, "Igloo", pin));
	rig_refused(r, 400, "invalid_input", UPDATE, "{'access_code_id':'%s','name':'x'}", id);
	rig_refused(r, 400, "invalid_input", "POST /access_codes/delete",
		    "{'access_code_id':'%s'}", id);
}

static const struct offline_row {
	const char *name, *members;
	bool ok;
} offlines[] = {
	{ "daily, the same time of day",
	  "'starts_at':'2026-01-06T15:00:00Z','ends_at':'2026-02-20T15:00:00Z',"
	  "'max_time_rounding':'1d'",
	  true },
	{ "daily, another time of day, no rounding allowed",
	  "'starts_at':'2026-01-06T15:00:00Z','ends_at':'2026-02-20T08:00:00Z'", false },
	{ "one-time", "'is_one_time_use':true,'starts_at':'2026-01-06T15:00:00Z'", true },
	{ "a PIN of one's own",
	  "'code':'246813','starts_at':'2026-01-06T15:00:00Z','ends_at':'2026-01-06T18:00:00Z'",
	  false },
	{ "no window", "'name':'x'", false },
};

static void an_offline_code_follows_its_makers_rules(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	FOR_ROWS (i, offlines) {
		rig_call(r, "POST /access_codes/create", "{'device_id':'%s'," OFFLINE "%s}",
			 rig_device(r, "Igloo"), offlines[i].members);
		ROW_INT(offlines[i].name, r->status, offlines[i].ok ? 200 : 400);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_backup_stands_in_for_a_code),
		cmocka_unit_test(a_member_of_the_pool_is_found_but_not_listed),
		cmocka_unit_test(a_code_from_outside_is_seen_and_adopted),
		cmocka_unit_test(an_unmanaged_code_is_deleted_from_its_lock),
		cmocka_unit_test(what_its_lock_hides_cannot_be_managed),
		cmocka_unit_test(an_offline_code_opens_a_lock_that_is_away),
		cmocka_unit_test(an_offline_code_follows_its_makers_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
