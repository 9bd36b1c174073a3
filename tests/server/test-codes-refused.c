/* What is refused of requests about access codes, in which words, and to whom. */
#include "config.h"

#include "tests/server/codes.h"

#define DOORS                                                                                      \
	"[lock Door]\ntype = august_lock\nlengths = 4-8\n"                                         \
	"[lock Six]\ntype = yale_lock\nlengths = 6\n"                                              \
	"[lock Low]\ntype = ttlock_lock\nconstraints = cannot_contain_0789\n"                      \
	"[lock Salto]\ntype = salto_lock\n"                                                        \
	"[lock Igloo]\ntype = igloohome_lock\n"                                                    \
	"[lock Simple]\ntype = smartthings_lock\n"

#define SOON  "2026-01-06T15:00:00Z"
#define LATER "2026-01-08T10:00:00Z"

/* ---- refusals ---- */

#define CREATE "POST /access_codes/create"
static const struct refused_row {
	const char *name, *what;
	const char *lock; /* whose id stands for %s; NULL: nobody's */
	const char *body;
	int status;
	const char *type, *param; /* param: of the validation tree, "" its root; NULL: none */
} refused[] = {
	{ "nothing given", CREATE, NULL, "{}", 400, "invalid_input", "device_id" },
	{ "unknown device", CREATE, NULL, "{'device_id':'%s'}", 404, "device_not_found", NULL },
	{ "PIN not digits", CREATE, "Door", "{'device_id':'%s','code':'12a4'}", 400,
	  "invalid_input", "code" },
	{ "PIN a number", CREATE, "Door", "{'device_id':'%s','code':2468}", 400, "invalid_input",
	  "code" },
	{ "PIN too short", CREATE, "Door", "{'device_id':'%s','code':'123'}", 400, "invalid_input",
	  "code" },
	{ "PIN too long", CREATE, "Door", "{'device_id':'%s','code':'1234567890123'}", 400,
	  "invalid_input", "code" },
	{ "PIN of a length that the lock does not take", CREATE, "Six",
	  "{'device_id':'%s','code':'24681357'}", 400, "invalid_input", "code" },
	{ "PIN with digits that the lock has not", CREATE, "Low",
	  "{'device_id':'%s','code':'9821'}", 400, "invalid_input", "code" },
	{ "PIN where the maker chooses", CREATE, "Salto", "{'device_id':'%s','code':'246813'}", 400,
	  "invalid_input", "code" },
	{ "start alone", CREATE, "Door", "{'device_id':'%s','starts_at':'" SOON "'}", 400,
	  "invalid_input", "ends_at" },
	{ "end alone", CREATE, "Door", "{'device_id':'%s','ends_at':'" SOON "'}", 400,
	  "invalid_input", "starts_at" },
	{ "reversed window", CREATE, "Door",
	  "{'device_id':'%s','starts_at':'" LATER "','ends_at':'" SOON "'}", 400, "invalid_input",
	  "ends_at" },
	{ "empty window", CREATE, "Door",
	  "{'device_id':'%s','starts_at':'" SOON "','ends_at':'" SOON "'}", 400, "invalid_input",
	  "ends_at" },
	{ "end past", CREATE, "Door",
	  "{'device_id':'%s','starts_at':'2026-01-03T12:00:00Z','ends_at':'2026-01-04T12:00:00Z'}",
	  400, "invalid_input", "ends_at" },
	{ "a time without an offset", CREATE, "Door",
	  "{'device_id':'%s','starts_at':'2026-01-06T15:00:00','ends_at':'" LATER "'}", 400,
	  "invalid_input", "starts_at" },
	{ "start past where it must not be", CREATE, "Igloo",
	  "{'device_id':'%s','starts_at':'2026-01-05T11:00:00Z','ends_at':'" SOON "'}", 400,
	  "invalid_input", "starts_at" },
	{ "pool for an ongoing code", CREATE, "Door",
	  "{'device_id':'%s','use_backup_access_code_pool':true}", 400,
	  "access_code_not_time_bound", NULL },
	{ "pool where there is none", CREATE, "Salto",
	  "{'device_id':'%s','use_backup_access_code_pool':true,'starts_at':'" SOON
	  "','ends_at':'" LATER "'}",
	  400, "invalid_input", "use_backup_access_code_pool" },
	{ "one time, online", CREATE, "Door", "{'device_id':'%s','is_one_time_use':true}", 400,
	  "invalid_input", "is_one_time_use" },
	{ "offline where there is none", CREATE, "Door",
	  "{'device_id':'%s','is_offline_access_code':true,'starts_at':'" SOON "','ends_at':'" LATER
	  "'}",
	  400, "device_type_not_supported", NULL },
	{ "two spellings, two wishes", CREATE, "Door",
	  "{'device_id':'%s','allow_external_modification':true,"
	  "'is_external_modification_allowed':false}",
	  400, "invalid_input", "allow_external_modification" },
	{ "unknown rounding", CREATE, "Igloo", "{'device_id':'%s','max_time_rounding':'2h'}", 400,
	  "invalid_input", "max_time_rounding" },
	{ "get nothing", "POST /access_codes/get", NULL, "{}", 400, "invalid_input", "" },
	{ "get half a pair", "POST /access_codes/get", "Door", "{'device_id':'%s'}", 400,
	  "invalid_input", "" },
	{ "get the other half", "POST /access_codes/get", NULL, "{'code':'2468'}", 400,
	  "invalid_input", "" },
	{ "get unknown", "POST /access_codes/get", NULL, "{'access_code_id':'%s'}", 404,
	  "access_code_not_found", NULL },
	{ "get unknown PIN", "POST /access_codes/get", "Door", "{'device_id':'%s','code':'2468'}",
	  404, "access_code_not_found", NULL },
	{ "list without a filter", "POST /access_codes/list", NULL, "{}", 400, "invalid_input",
	  "" },
	{ "list of an unknown device", "POST /access_codes/list", NULL, "{'device_id':'%s'}", 404,
	  "device_not_found", NULL },
	{ "list with a limit of none", "POST /access_codes/list", "Door",
	  "{'device_id':'%s','limit':0}", 400, "invalid_input", "limit" },
	{ "update nothing", "POST /access_codes/update", NULL, "{}", 400, "invalid_input",
	  "access_code_id" },
	{ "update unknown", "POST /access_codes/update", NULL, "{'access_code_id':'%s'}", 404,
	  "access_code_not_found", NULL },
	{ "update to an unknown type", "POST /access_codes/update", NULL,
	  "{'access_code_id':'%s','type':'weekly'}", 400, "invalid_input", "type" },
	{ "update a name to null", "POST /access_codes/update", NULL,
	  "{'access_code_id':'%s','name':null}", 400, "invalid_input", "name" },
	{ "update an unknown group", "POST /access_codes/update_multiple", NULL,
	  "{'common_code_key':'%s','name':'x'}", 404, "access_code_not_found", NULL },
	{ "delete nothing", "POST /access_codes/delete", NULL, "{}", 400, "invalid_input",
	  "access_code_id" },
	{ "delete unknown", "POST /access_codes/delete", NULL, "{'access_code_id':'%s'}", 404,
	  "access_code_not_found", NULL },
	{ "generate for nobody", "GET /access_codes/generate_code", NULL, NULL, 400,
	  "invalid_input", "device_id" },
	{ "generate where the maker chooses", "POST /access_codes/generate_code", "Salto",
	  "{'device_id':'%s'}", 400, "invalid_input", "device_id" },
	{ "create on no device", "PUT /access_codes/create_multiple", NULL, "{'device_ids':[]}",
	  400, "invalid_input", "device_ids" },
	{ "pull for nobody", "POST /access_codes/pull_backup_access_code", NULL, "{}", 400,
	  "invalid_input", "access_code_id" },
	{ "constraints both ways", "POST /access_codes/report_device_constraints", "Simple",
	  "{'device_id':'%s','supported_code_lengths':[5],'min_code_length':4,"
	  "'max_code_length':6}",
	  400, "invalid_input", "" },
	{ "constraints neither way", "POST /access_codes/report_device_constraints", "Simple",
	  "{'device_id':'%s'}", 400, "invalid_input", "" },
	{ "half a range", "POST /access_codes/report_device_constraints", "Simple",
	  "{'device_id':'%s','min_code_length':4}", 400, "invalid_input", "max_code_length" },
	{ "a range upside down", "POST /access_codes/report_device_constraints", "Simple",
	  "{'device_id':'%s','min_code_length':6,'max_code_length':5}", 400, "invalid_input",
	  "max_code_length" },
	{ "no lengths", "POST /access_codes/report_device_constraints", "Simple",
	  "{'device_id':'%s','supported_code_lengths':[]}", 400, "invalid_input",
	  "supported_code_lengths" },
	{ "constraints of another brand", "POST /access_codes/report_device_constraints", "Door",
	  "{'device_id':'%s','supported_code_lengths':[5]}", 400, "device_type_not_supported",
	  NULL },
	{ "timeline of nobody", "POST /access_codes/get_timeline", NULL, "{'access_code_id':'%s'}",
	  404, "access_code_not_found", NULL },
	{ "timeline too long", "POST /access_codes/get_timeline", NULL,
	  "{'access_code_id':'%s','limit':201}", 400, "invalid_input", "limit" },
	{ "timeline from nowhere", "POST /access_codes/get_timeline", NULL,
	  "{'access_code_id':'%s','after':'x'}", 400, "invalid_input", "after" },
	{ "unmanaged of nobody", "GET /access_codes/unmanaged/list", NULL, NULL, 400,
	  "invalid_input", "device_id" },
	{ "adopt backwards", "PATCH /access_codes/unmanaged/update", NULL,
	  "{'access_code_id':'%s','is_managed':false}", 400, "invalid_input", "is_managed" },
	{ "adopt nobody", "PATCH /access_codes/unmanaged/convert_to_managed", NULL,
	  "{'access_code_id':'%s'}", 404, "access_code_not_found", NULL },
	{ "a GET that would change", "GET /access_codes/create", NULL, NULL, 405,
	  "method_not_allowed", NULL },
};

#define NOBODY "00000000-0000-4000-8000-000000000000"

static void what_cannot_be_is_refused_with_its_parameter(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	FOR_ROWS (i, refused) {
		const struct refused_row *row = &refused[i];
		const char *id = row->lock ? rig_device(r, row->lock) : NOBODY;
		g_autoptr(GString) body = g_string_new(row->body);
		g_autofree char *path = NULL;
		const json_t *a;

		g_string_replace(body, "%s", id, 0);
		a = row->body ? rig_call(r, row->what, "%s", body->str)
			      : rig_call(r, row->what, NULL);
		ROW_INT(row->name, r->status, row->status);
		ROW_TEXT(row->name, rig_text(a, "error.type"), row->type);
		path = row->param && *row->param
			       ? g_strdup_printf("error.validation_errors.%s._errors", row->param)
			       : g_strdup("error.validation_errors._errors");
		if (row->param && rig_count(a, path) < 1)
			fail_msg("%s: %s", row->name, r->text);
	}
}

static void a_refused_pin_is_told_its_digits(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_refused(r, 400, "invalid_input", CREATE,
				      "{'device_id':'%s','code':'9821'}", rig_device(r, "Low"));
	const char *words = rig_text(a, "error.message");

	(void)state;
	if (!strstr(words, "digits 1 to 6"))
		fail_msg("%s", words);
	assert_null(strstr(words, "9821"));
}

/* ---- who may ---- */

static const struct role_row {
	const char *what;
	bool read, desk;
} roles[] = {
	{ "POST /access_codes/get", true, true },
	{ "POST /access_codes/list", true, true },
	{ "POST /access_codes/generate_code", true, true },
	{ "POST /access_codes/get_timeline", true, true },
	{ "POST /access_codes/unmanaged/get", true, true },
	{ "POST /access_codes/unmanaged/list", true, true },
	{ "POST /access_codes/create", false, true },
	{ "PUT /access_codes/create_multiple", false, true },
	{ "PATCH /access_codes/update", false, true },
	{ "PATCH /access_codes/update_multiple", false, true },
	{ "DELETE /access_codes/delete", false, true },
	{ "POST /access_codes/pull_backup_access_code", false, true },
	{ "PATCH /access_codes/unmanaged/update", false, true },
	{ "PATCH /access_codes/unmanaged/convert_to_managed", false, true },
	{ "DELETE /access_codes/unmanaged/delete", false, true },
	{ "POST /access_codes/report_device_constraints", false, false },
};

/* What a role may not is 403, before a parameter is looked at; what it may is 400 here. */
static void a_key_may_what_its_role_says(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	FOR_ROWS (i, roles) {
		r->as = r->read_key;
		rig_call(r, roles[i].what, NULL);
		ROW_INT(roles[i].what, r->status, roles[i].read ? 400 : 403);
		r->as = r->desk_key;
		rig_call(r, roles[i].what, NULL);
		ROW_INT(roles[i].what, r->status, roles[i].desk ? 400 : 403);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_is_refused_with_its_parameter),
		cmocka_unit_test(a_refused_pin_is_told_its_digits),
		cmocka_unit_test(a_key_may_what_its_role_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
