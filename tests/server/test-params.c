/* Parameters: out of a body or a query, against their rows, and what is said when they are wrong;
 * pages. The rows are the test's own. */
#include "config.h"

#include "tests/server/rig.h"

#include "server/inside.h"

static const char *const kinds[] = { "one", "two", NULL };

#define ROWS                                                                                       \
	{ .name = "text", .kind = PARAM_TEXT, .max = 5 },                                          \
	{ .name = "label", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE },                          \
	{ .name = "id", .kind = PARAM_UUID },                                                      \
	{ .name = "other_id", .kind = PARAM_UUID, .same_as = "id" },                               \
	{ .name = "pin", .kind = PARAM_DIGITS, .min = 4, .max = 8 },                               \
	{ .name = "yes", .kind = PARAM_BOOL },                                                     \
	{ .name = "n", .kind = PARAM_INT, .min = 1, .max = 9 },                                    \
	{ .name = "at", .kind = PARAM_INSTANT, .flags = PARAM_NULLABLE },                          \
	{ .name = "word", .kind = PARAM_WORD, .words = kinds },                                    \
	{ .name = "texts", .kind = PARAM_TEXTS, .max = 3 },                                        \
	{ .name = "ints", .kind = PARAM_INTS, .min = 4, .max = 8 },                                \
	{ .name = "between", .kind = PARAM_INSTANTS, .min = 2, .max = 2 },                         \
	{ .name = "object", .kind = PARAM_OBJECT },                                                \
	{ .name = "objects", .kind = PARAM_OBJECTS },                                              \
	{ .name = "limit", .kind = PARAM_INT, .min = 1, .max = 1000 },                             \
	{ .name = "page_cursor", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE }

static void show(struct call *c, const struct param *row)
{
	const struct params *p = c->params;
	const char *const *texts;
	size_t n;
	char *json;

	if (!params_given(p, row->name))
		return;
	if (params_is_null(p, row->name)) {
		jsonout_null(c->out, row->name);
		return;
	}
	switch (row->kind) {
	case PARAM_TEXTS:
		texts = params_texts(p, row->name, &n);
		jsonout_array(c->out, row->name);
		for (size_t i = 0; i < n; i++)
			jsonout_string(c->out, NULL, texts[i]);
		assert_null(texts[n]);
		jsonout_array_end(c->out);
		break;
	case PARAM_INSTANT:
		jsonout_instant(c->out, row->name, params_instant(p, row->name));
		break;
	default:
		json = json_dumps(params_json(p, row->name), JSON_ENCODE_ANY | JSON_COMPACT);
		jsonout_raw(c->out, row->name, json);
		free(json);
	}
}

static enum call_end echo(struct call *c)
{
	for (size_t i = 0; i < c->route->n_params; i++)
		show(c, &c->route->params[i]);
	return CALL_DONE;
}

static enum call_end by_getter(struct call *c)
{
	const struct params *p = c->params;

	assert_null(params_text(p, "text"));
	assert_null(params_text(p, "no such row"));
	assert_false(instant_known(params_instant(p, "at")));
	assert_int_equal(params_tri(p, "yes"), TRI_UNKNOWN);
	assert_false(params_is_true(p, "yes"));
	assert_int_equal(params_int(p, "n", 7), 7);
	assert_null(params_texts(p, "texts", NULL));
	assert_null(params_json(p, "object"));
	assert_false(params_given(p, "text"));
	return CALL_DONE;
}

/* Twelve rows, "1" to "12", two of them of the same moment. */
static enum call_end list(struct call *c)
{
	struct store_page page;
	char last[8] = "";
	struct instant last_at = INSTANT_NONE;
	int shown = 0;

	if (!page_begin(c, &page, 5))
		return CALL_REFUSED;
	jsonout_array(c->out, "rows");
	for (int i = 1; i <= 12; i++) {
		struct instant at = { (i / 2) * 1000 };
		int after = page.after_id ? atoi(page.after_id) : 0;

		if (page.after_id && i <= after)
			continue;
		if (shown == page.limit) {
			page.has_more = true;
			break;
		}
		shown++;
		jsonout_int(c->out, NULL, i);
		g_snprintf(last, sizeof last, "%d", i);
		last_at = at;
	}
	jsonout_array_end(c->out);
	page_end(c, &page, last_at, shown ? last : NULL);
	return CALL_DONE;
}

static const struct route own[] = {
	{ .path = "/t/echo", .methods = METHODS_READ | METHODS_DELETE, .role = KEY_READ,
	  .handle = echo, PARAMS(ROWS) },
	{ .path = "/t/absent", .methods = METHODS_READ, .role = KEY_READ, .handle = by_getter,
	  PARAMS(ROWS) },
	{ .path = "/t/list", .methods = METHODS_READ, .role = KEY_READ, .handle = list,
	  PARAMS(ROWS) },
	{ .path = "/t/other", .methods = METHODS_READ, .role = KEY_READ, .handle = list,
	  PARAMS(ROWS) },
	{ .path = "/t/must", .methods = METHODS_READ, .role = KEY_READ, .handle = echo,
	  PARAMS({ .name = "id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "other_id", .kind = PARAM_UUID, .same_as = "id" },
		 { .name = "n", .kind = PARAM_INT, .flags = PARAM_REQUIRED }) },
};

static struct rig *rig_own(void)
{
	struct rig *r = rig_new("[lock Door]\ntype = august_lock\n");

	FOR_ROWS (i, own)
		g_hash_table_insert(r->server->routes, (char *)(uintptr_t)own[i].path,
				    (void *)(uintptr_t)&own[i]);
	return r;
}

/* The query and the body that mean the same; what came of it. NULL: cannot be said that way. */
static const struct fine_row {
	const char *query, *body, *got;
} fine[] = {
	{ "text=a+b", "{'text':'a b'}", "'text':'a b'" },
	{ "text=%C3%A4%20%2B", "{'text':'ä +'}", "'text':'ä +'" },
	{ "text=12345", "{'text':'12345'}", "'text':'12345'" },
	{ NULL, "{'text':'äöüéß'}", "'text':'äöüéß'" },
	{ NULL, "{'text':''}", "'text':''" },
	{ "label=", "{'label':null}", "'label':null" },
	{ "id=x", "{'id':'x'}", "'id':'x'" },
	{ "other_id=x", "{'other_id':'x'}", "'id':'x'" },
	{ "other_id=x&id=x", "{'other_id':'x','id':'x'}", "'id':'x','other_id':'x'" },
	{ "pin=0042", "{'pin':'0042'}", "'pin':'0042'" },
	{ "yes=true", "{'yes':true}", "'yes':true" },
	{ "yes=false", "{'yes':false}", "'yes':false" },
	{ "n=9", "{'n':9}", "'n':9" },
	{ "at=2026-01-05T12:00:00%2B01:00", "{'at':'2026-01-05T12:00:00+01:00'}",
	  "'at':'2026-01-05T11:00:00.000Z'" },
	{ "at=", "{'at':null}", "'at':null" },
	{ "word=two", "{'word':'two'}", "'word':'two'" },
	{ "texts=a", "{'texts':['a']}", "'texts':['a']" },
	{ "texts=a&texts=b", "{'texts':['a','b']}", "'texts':['a','b']" },
	{ "texts=a&text=x&texts=b", NULL, "'text':'x','texts':['a','b']" },
	{ "texts[]=a", NULL, "'texts':['a']" },
	{ "texts%5B%5D=a&texts%5B%5D=b", NULL, "'texts':['a','b']" },
	{ "texts=a,b", NULL, "'texts':['a','b']" },
	{ "texts=a,b&texts=c", NULL, "'texts':['a,b','c']" },
	{ "texts=", "{'texts':[]}", "'texts':[]" },
	{ "ints=4&ints=8", "{'ints':[4,8]}", "'ints':[4,8]" },
	{ "between=2026-01-05T12:00:00Z&between=2026-01-06T12:00:00Z",
	  "{'between':['2026-01-05T12:00:00Z','2026-01-06T12:00:00Z']}",
	  "'between':['2026-01-05T12:00:00Z','2026-01-06T12:00:00Z']" },
	{ "object.a=1&object.b.c=x", "{'object':{'a':'1','b':{'c':'x'}}}",
	  "'object':{'a':'1','b':{'c':'x'}}" },
	{ NULL, "{'objects':[{'a':1},{}]}", "'objects':[{'a':1},{}]" },
	{ "_strict=true", "{'unknown':{'a':1}}", "" },
	{ "", "{}", "" },
	{ "&&text=a&", "{'text':'a'}", "'text':'a'" },
};

static void echoes(struct rig *r, const char *what, const char *body, const char *got)
{
	g_autofree char *want = NULL;

	rig_ok(r, what, body ? "%s" : NULL, body);
	want = g_strconcat("{", got, *got ? "," : "", "'ok':true}", NULL);
	for (char *p = want; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	ROW_TEXT(what, r->text, want);
}

static void body_and_query_mean_the_same(void **state)
{
	OWN(rig) struct rig *r = rig_own();

	(void)state;
	FOR_ROWS (i, fine) {
		if (fine[i].query) {
			g_autofree char *get = g_strconcat("GET /t/echo?", fine[i].query, NULL);
			g_autofree char *post = g_strconcat("POST /t/echo?", fine[i].query, NULL);
			g_autofree char *del = g_strconcat("DELETE /t/echo?", fine[i].query, NULL);

			echoes(r, get, NULL, fine[i].got);
			echoes(r, post, NULL, fine[i].got);
			echoes(r, del, NULL, fine[i].got);
		}
		if (fine[i].body) {
			echoes(r, "POST /t/echo", fine[i].body, fine[i].got);
			echoes(r, "DELETE /t/echo", fine[i].body, fine[i].got);
		}
	}
}

static void the_body_goes_before_the_query(void **state)
{
	OWN(rig) struct rig *r = rig_own();

	(void)state;
	echoes(r, "POST /t/echo?text=q&n=3", "{'text':'b'}", "'text':'b','n':3");
}

/* where: path of the node in the tree. */
static const struct wrong_row {
	const char *query, *body, *where, *says, *message;
} wrong[] = {
	{ NULL, "{'text':1}", "text", "Expected string, received number",
	  "Expected string, received number for \"text\"" },
	{ "text=", "{'text':null}", "text", "Expected string, received null", NULL },
	{ NULL, "{'text':['a']}", "text", "Expected string, received array", NULL },
	{ "text=a&text=b", NULL, "text", "Expected string, received array", NULL },
	{ "text=abcdef", "{'text':'abcdef'}", "text", "String must contain at most 5 character(s)",
	  NULL },
	{ NULL, "{'id':''}", "id", "Invalid uuid", NULL },
	{ "id=a&other_id=b", "{'id':'a','other_id':'b'}", "other_id", "Is not the same as id", NULL },
	{ "pin=12a4", "{'pin':'12a4'}", "pin", "Must be digits only", NULL },
	{ NULL, "{'pin':''}", "pin", "Must be digits only", NULL },
	{ NULL, "{'pin':1234}", "pin", "Expected string, received number", NULL },
	{ "pin=123", "{'pin':'123'}", "pin", "String must contain at least 4 digit(s)", NULL },
	{ "pin=123456789", "{'pin':'123456789'}", "pin", "String must contain at most 8 digit(s)",
	  NULL },
	{ "yes=1", "{'yes':'true'}", "yes", "Expected boolean, received string", NULL },
	{ "yes=", "{'yes':null}", "yes", "Expected boolean, received null", NULL },
	{ "n=x", "{'n':'3'}", "n", "Expected number, received string", NULL },
	{ "n=3x", NULL, "n", "Expected number, received string", NULL },
	{ "n=0", "{'n':0}", "n", "Number must be greater than or equal to 1", NULL },
	{ "n=10", "{'n':10}", "n", "Number must be less than or equal to 9", NULL },
	{ "n=99999999999999999999", NULL, "n", "Expected number, received string", NULL },
	{ NULL, "{'n':2.5}", "n", "Expected integer, received float", NULL },
	{ "at=2026-01-05", "{'at':'tomorrow'}", "at",
	  "Invalid datetime: ISO 8601 with an offset is expected", NULL },
	{ NULL, "{'at':1767614400}", "at", "Expected string, received number", NULL },
	{ "word=three", "{'word':'three'}", "word", "Invalid enum value. Expected 'one' | 'two'",
	  NULL },
	{ "texts=a&texts=b&texts=c&texts=d", "{'texts':['a','b','c','d']}", "texts",
	  "Array must contain at most 3 element(s)", NULL },
	{ NULL, "{'texts':'a'}", "texts", "Expected array, received string", NULL },
	{ NULL, "{'texts':['a',1]}", "texts.1", "Expected string, received number",
	  "Expected string, received number for \"texts.1\"" },
	{ "ints=9", "{'ints':[9]}", "ints.0", "Number must be less than or equal to 8", NULL },
	{ "between=2026-01-05T12:00:00Z", "{'between':['2026-01-05T12:00:00Z']}", "between",
	  "Array must contain at least 2 element(s)", NULL },
	{ "between=x&between=2026-01-05T12:00:00Z", "{'between':['x','2026-01-05T12:00:00Z']}",
	  "between.0", "Invalid datetime: ISO 8601 with an offset is expected", NULL },
	{ "object=x", "{'object':'x'}", "object", "Expected object, received string", NULL },
	{ NULL, "{'objects':[1]}", "objects.0", "Expected object, received number", NULL },
};

static void complains(struct rig *r, const char *what, const char *body, const struct wrong_row *row)
{
	g_autofree char *node = g_strconcat("error.validation_errors.", row->where, "._errors.0",
					    NULL);
	g_autofree char *name = g_strconcat(what, " ", body, NULL);
	const json_t *a = body ? rig_refused(r, 400, "invalid_input", what, "%s", body)
			       : rig_refused(r, 400, "invalid_input", what, NULL);

	ROW_TEXT(name, rig_text(a, node), row->says);
	ROW_TEXT(name, rig_text(a, "error.validation_errors._errors"), "[]");
	if (row->message)
		ROW_TEXT(name, rig_text(a, "error.message"), row->message);
}

static void what_is_wrong_stands_in_the_tree(void **state)
{
	OWN(rig) struct rig *r = rig_own();

	(void)state;
	FOR_ROWS (i, wrong) {
		if (wrong[i].query) {
			g_autofree char *get = g_strconcat("GET /t/echo?", wrong[i].query, NULL);

			complains(r, get, NULL, &wrong[i]);
		}
		if (wrong[i].body)
			complains(r, "POST /t/echo", wrong[i].body, &wrong[i]);
	}
}

static void all_that_is_wrong_is_said_at_once(void **state)
{
	OWN(rig) struct rig *r = rig_own();
	const json_t *a = rig_refused(r, 400, "invalid_input", "POST /t/must", "{'n':'x'}");

	(void)state;
	assert_text(rig_text(a, "error.message"),
		    "2 Input Errors: Expected number, received string for \"n\", id is required");
	a = rig_refused(r, 400, "invalid_input", "POST /t/must", NULL);
	assert_text(rig_text(a, "error.message"), "2 Input Errors: id is required, n is required");
	assert_text(rig_text(a, "error.validation_errors.n._errors.0"), "Required");
	a = rig_refused(r, 400, "invalid_input", "POST /t/must", "{'n':1}");
	assert_text(rig_text(a, "error.message"), "id is required");
	rig_ok(r, "POST /t/must", "{'n':1,'other_id':'a'}");
	a = rig_refused(r, 400, "invalid_input", "POST /t/must", "{'n':1,'other_id':5}");
	assert_text(rig_text(a, "error.message"),
		    "Expected string, received number for \"other_id\"");
}

static void what_was_refused_is_not_repeated(void **state)
{
	static const char *const bodies[] = { "{'pin':'48213x'}", "{'word':'48213x'}",
					      "{'n':'48213x'}", "{'at':'48213x'}",
					      "{'pin':'48213x'", "{'pin':'48213x','pin':'1'}" };
	OWN(rig) struct rig *r = rig_own();

	(void)state;
	FOR_ROWS (i, bodies) {
		rig_refused(r, 400, "invalid_input", "POST /t/echo", "%s", bodies[i]);
		if (strstr(r->text, "48213"))
			fail_msg("%s", r->text);
	}
}

static void what_is_absent_has_its_value(void **state)
{
	OWN(rig) struct rig *r = rig_own();

	(void)state;
	rig_ok(r, "POST /t/absent", "{}");
}

/* ---- pages ---- */

static void pages_follow_each_other_without_gap_or_double(void **state)
{
	static const char *const pages[] = { "[1,2,3,4,5]", "[6,7,8,9,10]", "[11,12]" };
	OWN(rig) struct rig *r = rig_own();
	const char *cursor = "null";

	(void)state;
	FOR_ROWS (i, pages) {
		g_autofree char *quoted = strcmp(cursor, "null") == 0
						  ? g_strdup("null")
						  : g_strconcat("'", cursor, "'", NULL);
		const json_t *a = rig_ok(r, "POST /t/list", "{'text':'a','page_cursor':%s}", quoted);
		bool more = i + 1 < G_N_ELEMENTS(pages);

		assert_text(rig_text(a, "rows"), pages[i]);
		assert_text(rig_text(a, "pagination.has_next_page"), more ? "true" : "false");
		cursor = rig_text(a, "pagination.next_page_cursor");
	}
	assert_text(cursor, "null");
}

static void a_cursor_is_of_its_own_request_only(void **state)
{
	OWN(rig) struct rig *r = rig_own();
	const char *cursor = rig_text(rig_ok(r, "POST /t/list", "{'text':'a','n':1}"),
				      "pagination.next_page_cursor");
	g_autofree char *in_query = g_uri_escape_string(cursor, NULL, false);
	g_autofree char *get = g_strconcat("GET /t/list?n=1&text=a&page_cursor=", in_query, NULL);

	(void)state;
	rig_ok(r, "POST /t/list", "{'n':1,'text':'a','page_cursor':'%s'}", cursor);
	rig_ok(r, "POST /t/list", "{'n':1,'text':'a','limit':2,'page_cursor':'%s'}", cursor);
	assert_text(rig_text(rig_ok(r, get, NULL), "rows"), "[6,7,8,9,10]");
	rig_refused(r, 400, "mismatched_page_parameters", "POST /t/list",
		    "{'n':2,'text':'a','page_cursor':'%s'}", cursor);
	rig_refused(r, 400, "mismatched_page_parameters", "POST /t/list", "{'page_cursor':'%s'}",
		    cursor);
	rig_refused(r, 400, "mismatched_page_parameters", "POST /t/other",
		    "{'n':1,'text':'a','page_cursor':'%s'}", cursor);
}

static void the_url_of_the_next_page_is_the_same_request(void **state)
{
	static const char prefix[] = "https://keyrackd.test:7171/t/list?";
	OWN(rig) struct rig *r = rig_own();
	const json_t *a = rig_ok(r, "POST /t/list",
				 "{'text':'a&b','n':3,'yes':true,'texts':['x','y'],'ints':[],"
				 "'object':{'k':'v w'},'label':null,'limit':5}");
	const char *url = rig_text(a, "pagination.next_page_url");
	g_autofree char *get = NULL;

	(void)state;
	if (!g_str_has_prefix(url, prefix))
		fail_msg("%s", url);
	get = g_strconcat("GET /t/list?", url + strlen(prefix), NULL);
	assert_text(rig_text(rig_ok(r, get, NULL), "rows"), "[6,7,8,9,10]");
}

static void what_is_no_cursor_is_refused(void **state)
{
	static const char *const bad[] = { "x", "????", "MSAyIDM=", "", "MQ==" };
	OWN(rig) struct rig *r = rig_own();

	(void)state;
	FOR_ROWS (i, bad)
		rig_refused(r, 400, "invalid_input", "POST /t/list", "{'page_cursor':'%s'}", bad[i]);
}

/* However much is wrong, what is answered stays readable. */
static void of_many_wrong_elements_a_few_are_told(void **state)
{
	OWN(rig) struct rig *r = rig_own();
	g_autoptr(GString) body = g_string_new("{'ints':[1");

	(void)state;
	for (int i = 1; i < 5000; i++)
		g_string_append(body, ",1");
	g_string_append(body, "]}");
	rig_refused(r, 400, "invalid_input", "POST /t/echo", "%s", body->str);
	if (strlen(r->text) > 4000)
		fail_msg("%zu characters were answered", strlen(r->text));
	assert_non_null(strstr(r->text, "4990 more element(s) were not looked at"));
}

static void a_text_has_a_thousand_characters_at_most(void **state)
{
	OWN(rig) struct rig *r = rig_own();
	g_autofree char *text = g_strnfill(1001, 'x');

	(void)state;
	rig_refused(r, 400, "invalid_input", "POST /t/echo", "{'label':'%s'}", text);
	rig_ok(r, "POST /t/echo", "{'label':'%s'}", text + 1);
}

static void an_array_has_ten_thousand_elements_at_most(void **state)
{
	OWN(rig) struct rig *r = rig_own();
	g_autoptr(GString) body = g_string_new("{'objects':[{}");

	(void)state;
	for (int i = 1; i < 10000; i++)
		g_string_append(body, ",{}");
	g_string_append(body, "]}");
	rig_ok(r, "POST /t/echo", "%s", body->str);
	g_string_insert(body, (gssize)body->len - 2, ",{}");
	rig_refused(r, 400, "invalid_input", "POST /t/echo", "%s", body->str);
	assert_non_null(strstr(r->text, "Array must contain at most 10000 element(s)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(body_and_query_mean_the_same),
		cmocka_unit_test(the_body_goes_before_the_query),
		cmocka_unit_test(what_is_wrong_stands_in_the_tree),
		cmocka_unit_test(all_that_is_wrong_is_said_at_once),
		cmocka_unit_test(of_many_wrong_elements_a_few_are_told),
		cmocka_unit_test(a_text_has_a_thousand_characters_at_most),
		cmocka_unit_test(an_array_has_ten_thousand_elements_at_most),
		cmocka_unit_test(what_was_refused_is_not_repeated),
		cmocka_unit_test(what_is_absent_has_its_value),
		cmocka_unit_test(pages_follow_each_other_without_gap_or_double),
		cmocka_unit_test(a_cursor_is_of_its_own_request_only),
		cmocka_unit_test(the_url_of_the_next_page_is_the_same_request),
		cmocka_unit_test(what_is_no_cursor_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
