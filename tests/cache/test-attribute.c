/* Who an event is about: every rule as a row, and the look-ups behind them. */
#include "tests/cache/fixture.h"

#include <string.h>

#include "cache/attribute.h"

static const struct traits silent = { .device_type = "nuki_lock" };
static const struct traits naming = { .device_type = "august_lock", .names_code_in_unlock = true };

struct row {
	const char *what;
	struct event event;
	enum event_kind kind;
	const struct traits *traits;
	int64_t named;
	int pin_holders, valid;
	enum attribution how;
	const char *name;
	const char *why;
};
static const struct row rows[] = {
	{ "named", { .access_code_id = "a" }, EVENT_UNLOCK, &naming, 7, 0, 0, WHO_REPORTED, "Named", "" },
	{ "named on a silent brand",
	  { .access_code_id = "a" },
	  EVENT_UNLOCK,
	  &silent,
	  7,
	  0,
	  1,
	  WHO_REPORTED,
	  "Named",
	  "" },
	{ "a code event keeps its name",
	  { .access_code_id = "a" },
	  EVENT_CODE_GOOD,
	  &silent,
	  7,
	  0,
	  0,
	  WHO_REPORTED,
	  "Named",
	  "" },
	{ "a code event of an unknown code",
	  { .access_code_id = "a" },
	  EVENT_CODE_GOOD,
	  &silent,
	  0,
	  0,
	  0,
	  WHO_NOT_ASKED,
	  NULL,
	  "" },
	{ "named, unknown here",
	  { .access_code_id = "a" },
	  EVENT_UNLOCK,
	  &naming,
	  0,
	  0,
	  0,
	  WHO_UNKNOWN,
	  NULL,
	  "the lock named a code that is not known here" },
	{ "PIN of one", { .code = "1" }, EVENT_UNLOCK, &silent, 0, 1, 3, WHO_BY_PIN, "Pin", "" },
	{ "PIN of one, refused", { .code = "1" }, EVENT_DENIED, &silent, 0, 1, 0, WHO_BY_PIN, "Pin", "" },
	{ "PIN of two",
	  { .code = "1" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  2,
	  2,
	  WHO_UNKNOWN,
	  NULL,
	  "several codes have the PIN that was used" },
	{ "PIN of none",
	  { .code = "1" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  1,
	  WHO_UNKNOWN,
	  NULL,
	  "no code known here has the PIN that was used" },
	{ "by hand", { .method = "manual" }, EVENT_UNLOCK, &silent, 0, 0, 1, WHO_BY_METHOD, NULL, "" },
	{ "remotely", { .method = "remote" }, EVENT_UNLOCK, &silent, 0, 0, 1, WHO_BY_METHOD, NULL, "" },
	{ "by the API, older word",
	  { .method = "seamapi" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  1,
	  WHO_BY_METHOD,
	  NULL,
	  "" },
	{ "card", { .method = "card" }, EVENT_UNLOCK, &naming, 0, 0, 1, WHO_BY_METHOD, NULL, "" },
	{ "asked for by an attempt",
	  { .action_attempt_id = "x" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  1,
	  WHO_BY_METHOD,
	  NULL,
	  "" },
	{ "locked by itself", { .method = "automatic" }, EVENT_LOCK, &silent, 0, 0, 1, WHO_BY_METHOD, NULL, "" },
	{ "locked, not said how", { .method = NULL }, EVENT_LOCK, &silent, 0, 0, 1, WHO_NOT_ASKED, NULL, "" },
	{ "keypad, one valid",
	  { .method = "keycode" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  1,
	  WHO_INFERRED,
	  "Only",
	  "only code valid then; this brand does not report codes" },
	{ "no method, one valid",
	  { .method = NULL },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  1,
	  WHO_INFERRED,
	  "Only",
	  "only code valid then; this brand does not report codes" },
	{ "keypad, five valid",
	  { .method = "keycode" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  5,
	  WHO_UNKNOWN,
	  NULL,
	  "this brand does not report the code; 5 were valid" },
	{ "keypad, very many",
	  { .method = "keycode" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  51,
	  WHO_UNKNOWN,
	  NULL,
	  "this brand does not report the code; over 50 were valid" },
	{ "keypad, none valid",
	  { .method = "keycode" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  0,
	  WHO_UNKNOWN,
	  NULL,
	  "this brand does not report the code; none was valid" },
	{ "a brand that should have said",
	  { .method = "keycode" },
	  EVENT_UNLOCK,
	  &naming,
	  0,
	  0,
	  1,
	  WHO_UNKNOWN,
	  NULL,
	  "the lock did not say which code" },
	{ "a brand not known",
	  { .method = "keycode" },
	  EVENT_UNLOCK,
	  NULL,
	  0,
	  0,
	  1,
	  WHO_UNKNOWN,
	  NULL,
	  "the lock did not say which code" },
	{ "method not known",
	  { .method = "unknown" },
	  EVENT_UNLOCK,
	  &silent,
	  0,
	  0,
	  1,
	  WHO_UNKNOWN,
	  NULL,
	  "the lock did not say how it was opened" },
	{ "not about a person", { .method = NULL }, EVENT_DEVICE_TROUBLE, &silent, 0, 0, 1, WHO_NOT_ASKED, NULL, "" },
};

static void each_event_gets_the_name_its_rule_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *r = &rows[i];
		struct who_facts facts = { .event = &r->event,
					   .kind = r->kind,
					   .traits = r->traits,
					   .named = { r->named, "Named" },
					   .pin_holders = r->pin_holders,
					   .of_pin = { 8, "Pin" },
					   .valid = r->valid,
					   .only_valid = { 9, "Only" } };
		struct who who = attribute(&facts);

		if (who.how != r->how || g_strcmp0(who.name, r->name) != 0 ||
		    strcmp(who.why, r->why) != 0)
			fail_msg("%s: how %d, who %s, why %s", r->what, who.how,
				 who.name ? who.name : "-", who.why);
	}
}

/* Berg's code ends at 0 h, Miller's begins at 12 h; Former was removed at 30 h, and has no end. */
static void a_refused_entry_says_what_can_be_concluded(void **state)
{
	struct fixture *f = *state;
	struct access_code berg = a_code("c1", "d1", "Berg", "1111"), miller = a_code("c2", "d1", "Miller", "2222"),
			   former = a_code("c3", "d1", "Former", "3333");
	static const struct {
		int64_t at;
		const char *reason, *who, *why; /* who NULL: unknown */
	} cases[] = {
		{ -1, "unknown_code", NULL, "PIN not known to the lock, this brand does not say which PIN was typed" },
		{ 1, "expired_code", "Berg", "a code of theirs ended 21:18, expired code" },
		{ 7, "unknown_code", "Miller", "a code of theirs starts 09:18, PIN not known to the lock" },
		{ 7, "expired_code", NULL, "expired code, this brand does not say which PIN was typed" },
		{ 7, "blocked_by_privacy_mode", NULL,
		  "privacy mode is on, this brand does not say which PIN was typed" },
		{ 11, NULL, "Miller", "a code of theirs starts 09:18" },
		{ 13, NULL, NULL, "this brand does not say which PIN was typed" },
		{ 31, "too_many_attempts", "Former", "a code of theirs was removed 03:18, too many attempts" },
	};

	put_lock(f->sync, a_lock("d1", "Garden"));
	berg.ends_at = NOW;
	miller.starts_at = AFTER(12 * HOUR_MS);
	put_code(f->sync, berg);
	put_code(f->sync, miller);
	put_code(f->sync, former);
	assert_true(cache_delete_code(f->sync, "c3", AFTER(30 * HOUR_MS), NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *id = g_strdup_printf("e%zu", i);
		g_autofree char *object = g_strdup_printf("{\"reason\":{\"reason_code\":\"%s\"}}",
							  cases[i].reason ? cases[i].reason : "");
		OWN(cache_list) struct cache_list *list = NULL;
		struct event ev = an_event(id, "lock.access_denied", "d1", AFTER(cases[i].at * HOUR_MS));

		ev.object = object;
		assert_int_equal(cache_put_event(f->sync, &ev, NULL), CACHE_PUT_NEW);
		list = cache_events(f->sync, &(struct event_query){ .from = INSTANT_NONE, .until = INSTANT_NONE,
								    .after_no = (int64_t)i }, NULL);
		const struct event_row *row = cache_list_at(list, struct event_row, 0);

		if (g_strcmp0(row->who, cases[i].who) != 0 || g_strcmp0(row->why, cases[i].why) != 0 ||
		    row->how != (cases[i].who ? WHO_INFERRED : WHO_UNKNOWN))
			fail_msg("row %zu: %s, %s", i, row->who ? row->who : "-", row->why ? row->why : "-");
	}
}

static struct event_row put_and_read(struct cache *c, struct event ev, struct cache_list **list)
{
	g_autoptr(GError) err = NULL;

	assert_int_equal(cache_put_event(c, &ev, &err), CACHE_PUT_NEW);
	assert_no_error(err);
	assert_int_equal(cache_put_event(c, &ev, &err), CACHE_PUT_SAME);
	*list = cache_events(c, &(struct event_query){ .limit = 1 }, &err);
	assert_no_error(err);
	return *cache_list_at(*list, struct event_row, 0);
}

static void a_name_outlives_its_code_and_its_renaming(void **state)
{
	struct fixture *f = *state;
	OWN(cache_list) struct cache_list *before = NULL, *after = NULL;
	struct access_code ac = a_code("c1", "d1", "Anna Berg", "1111");
	struct event ev = an_event("e1", "lock.unlocked", "d1", NOW);
	int64_t code_no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	code_no = put_code(f->sync, ac);
	ev.access_code_id = "c1";
	assert_string_equal(put_and_read(f->sync, ev, &before).who, "Anna Berg");
	ac.name = "Somebody else";
	put_code(f->sync, ac);
	assert_true(cache_delete_code(f->sync, "c1", NOW, NULL));
	after = cache_events(f->sync, &(struct event_query){ .code_no = code_no }, NULL);
	assert_int_equal(after->rows->len, 1);
	assert_string_equal(cache_list_at(after, struct event_row, 0)->who, "Anna Berg");
}

static void a_code_that_arrives_later_names_its_events(void **state)
{
	struct fixture *f = *state;
	OWN(cache_list) struct cache_list *before = NULL, *after = NULL;
	struct event ev = an_event("e1", "lock.unlocked", "d1", NOW);
	struct event_row row;

	put_lock(f->sync, a_lock("d1", "Garden"));
	ev.access_code_id = "c1";
	row = put_and_read(f->sync, ev, &before);
	assert_int_equal(row.how, WHO_UNKNOWN);
	put_code(f->sync, a_code("c1", "d1", NULL, "1111"));
	after = cache_events(f->sync, &(struct event_query){ .limit = 1 }, NULL);
	row = *cache_list_at(after, struct event_row, 0);
	assert_int_equal(row.how, WHO_REPORTED);
	assert_string_equal(row.who, "unnamed code");
	assert_null(row.why);
}

static void a_silent_brand_is_inferred_from_what_was_valid_then(void **state)
{
	struct fixture *f = *state;
	struct lock lock = a_lock("d1", "Garden");
	struct access_code now = a_code("c1", "d1", "Now", "1111");
	struct access_code past = a_code("c2", "d1", "Past", "2222");
	struct access_code gone = a_code("c3", "d1", "Gone", "3333");
	static const struct {
		int64_t at;
		enum attribution how;
		const char *who;
	} cases[] = {
		{ -20 * HOUR_MS, WHO_UNKNOWN, NULL },  /* Past and Gone */
		{ -10 * HOUR_MS, WHO_INFERRED, "Gone" },
		{ -2 * HOUR_MS, WHO_UNKNOWN, NULL },   /* Gone was deleted, Now has not begun */
		{ 0, WHO_INFERRED, "Now" },
	};

	lock.device_type = "nuki_lock";
	put_lock(f->sync, lock);
	now.starts_at = AFTER(-HOUR_MS);
	past.ends_at = AFTER(-12 * HOUR_MS);
	put_code(f->sync, now);
	put_code(f->sync, past);
	put_code(f->sync, gone);
	cache_delete_code(f->sync, "c3", AFTER(-5 * HOUR_MS), NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *id = g_strdup_printf("e%zu", i);
		OWN(cache_list) struct cache_list *list = NULL;
		struct event ev = an_event(id, "lock.unlocked", "d1", AFTER(cases[i].at));
		struct event_row row = put_and_read(f->sync, ev, &list);

		assert_int_equal(row.how, cases[i].how);
		assert_int_equal(g_strcmp0(row.who, cases[i].who), 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_event_gets_the_name_its_rule_says),
		cmocka_unit_test_setup_teardown(a_refused_entry_says_what_can_be_concluded, fixture_up, fixture_down),
		cmocka_unit_test_setup_teardown(a_name_outlives_its_code_and_its_renaming, fixture_up, fixture_down),
		cmocka_unit_test_setup_teardown(a_code_that_arrives_later_names_its_events, fixture_up, fixture_down),
		cmocka_unit_test_setup_teardown(a_silent_brand_is_inferred_from_what_was_valid_then, fixture_up,
						fixture_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
