/* Requests that are answered together, the action attempts about codes, and what is foreseen of
 * one. */
#include "config.h"

#include <inttypes.h>

#include "engine/store_sqlite.h"
#include "house.h"

static struct house *with(void **state, const char *device_type)
{
	struct house *h = *state;

	fake_add(h->fake, "d1", device_type);
	house_open(h);
	house_run(h, 2 * SECOND_MS);
	return h;
}

/* ---- groups ---- */

static void count_calls(int64_t seq, void *ctx)
{
	(void)seq;
	++*(int *)ctx;
}

static void a_group_is_one_commit(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *one, *other;
	int told = 0;

	engine_on_events(h->engine, count_calls, &told);
	assert_true(engine_group_begin(h->engine, &h->no));
	one = house_code(h, "d1", "246813", 0, 0);
	other = house_code(h, "d1", "357924", 0, 0);
	assert_int_equal(told, 0);
	assert_true(engine_group_end(h->engine, true, &h->no));
	assert_int_equal(told, 1);
	engine_on_events(h->engine, NULL, &told);
	house_run(h, 30 * SECOND_MS);
	assert_status(h, one, "set");
	assert_status(h, other, "set");
}

static void a_group_that_is_not_kept_never_was(void **state)
{
	struct house *h = with(state, "nuki_lock");
	g_autofree char *attempt = NULL;
	const char *id;

	assert_true(engine_group_begin(h->engine, &h->no));
	id = house_code(h, "d1", "246813", 0, 0);
	assert_true(engine_device_update(h->engine, "d1", "Gate", true, TRI_UNKNOWN, TRI_YES,
					 &h->no));
	assert_true(engine_turn(h->engine, "d1", true, &attempt, &h->no));
	assert_true(engine_group_end(h->engine, false, &h->no));
	house_run(h, HOUR_MS);
	assert_status(h, id, "404");
	assert_events(h, id, "");
	assert_null(strstr(h->fake->log->str, "unlock"));
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0); /* no pool was begun either */
}

static void a_program_that_dies_within_a_group_has_done_nothing_of_it(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id;

	assert_true(engine_group_begin(h->engine, &h->no));
	id = house_code(h, "d1", "246813", 0, 0);
	house_kill(h);
	house_open(h);
	house_run(h, MINUTE_MS);
	assert_status(h, id, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 0);
}

static void a_request_refused_in_a_group_leaves_the_others(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct code_request r = house_request("d1");
	const char *first, *second, *id;
	bool changed;

	/* Of a group of two codes the first can be renamed and given this window, the second has
	 * ended its life: the rename of the first must be undone with it. */
	r.common_code_key = "stay";
	r.code = "246813";
	assert_true(house_make(h, r, &first));
	fake_add(h->fake, "d2", "nuki_lock");
	fake_tell(h->fake, fake_lock(h->fake, "d2"));
	house_run(h, 30 * SECOND_MS);
	r.device_id = "d2";
	assert_true(house_make(h, r, &second));
	house_run(h, 30 * SECOND_MS);
	fake_online(h->fake, "d2", false);
	assert_true(engine_delete(h->engine, second, &h->no));

	assert_true(engine_group_begin(h->engine, &h->no));
	id = house_code(h, "d1", "357924", 0, 0);
	r = house_request(NULL);
	r.common_code_key = "stay";
	r.has_name = true;
	r.name = "Berta";
	assert_false(engine_update_multiple(h->engine, &r, &h->no));
	assert_int_equal(h->no.status, 400);
	refusal_clear(&h->no);
	r.access_code_id = id;
	r.name = "Clara";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_true(engine_group_end(h->engine, true, &h->no));
	house_run(h, MINUTE_MS);
	assert_status(h, id, "set");
	assert_string_equal(house_row(h, id).name, "Clara");
	assert_string_equal(house_row(h, first).name, "Anna");
}

static void what_the_store_fails_in_a_group_fails_all_of_it(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct code_request r = house_request("d1");
	sqlite3 *db = sq_of(h->store)->db;
	const char *id, *other;

	assert_true(engine_group_begin(h->engine, &h->no));
	id = house_code(h, "d1", "246813", 0, 0);
	sqlite3_exec(db, "PRAGMA query_only = 1", NULL, NULL, NULL);
	assert_false(house_make(h, r, &other));
	assert_int_equal(h->no.status, 503);
	sqlite3_exec(db, "PRAGMA query_only = 0", NULL, NULL, NULL);
	refusal_clear(&h->no);
	assert_false(engine_group_end(h->engine, true, &h->no));
	assert_int_equal(h->no.status, 503);
	assert_status(h, id, "404");
	id = house_code(h, "d1", "246813", 0, 0); /* and the next one finds all well */
	house_run(h, MINUTE_MS);
	assert_status(h, id, "set");
}

static int say_no(void *unused)
{
	(void)unused;
	return 1;
}

/* A store that fails is tried again every few seconds, not as fast as the processor can. */
static void a_turn_that_cannot_be_kept_is_not_repeated_at_once(void **state)
{
	struct house *h = with(state, "nuki_lock");
	sqlite3 *db = sq_of(h->store)->db;
	const char *id = house_code(h, "d1", "246813", 0, 0);
	int halted = 0;

	sqlite3_commit_hook(db, say_no, NULL);
	for (int i = 0; i < 100; i++)
		halted += !clock_advance(h->clock, 300);
	assert_in_range(halted, 1, 10);
	sqlite3_commit_hook(db, NULL, NULL);
	house_run(h, MINUTE_MS);
	assert_status(h, id, "set");
}

static void what_was_read_and_could_not_be_kept_is_read_again(void **state)
{
	struct house *h = *state;
	sqlite3 *db;
	const char *id;
	int sets;

	h->options.poll_ms = 15 * MINUTE_MS;
	h = with(state, "nuki_lock");
	db = sq_of(h->store)->db;
	id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, MINUTE_MS);
	assert_status(h, id, "set");
	sets = fake_lock(h->fake, "d1")->sets;
	sqlite3_commit_hook(db, say_no, NULL);
	fake_app_remove(h->fake, "d1", "246813");
	for (int i = 0; i < 30; i++)
		clock_advance(h->clock, SECOND_MS);
	sqlite3_commit_hook(db, NULL, NULL);
	house_run(h, 3 * MINUTE_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, sets + 1);
}

/* An account is said to be back once. */
static void what_the_driver_says_while_the_store_fails_is_heard_later(void **state)
{
	struct house *h = with(state, "nuki_lock");
	sqlite3 *db = sq_of(h->store)->db;
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, MINUTE_MS);
	h->fake->driver.events.account("acc", false, h->fake->driver.events_ctx);
	house_run(h, SECOND_MS);
	assert_status(h, id, "unknown");
	sqlite3_commit_hook(db, say_no, NULL);
	h->fake->driver.events.account("acc", true, h->fake->driver.events_ctx);
	for (int i = 0; i < 30; i++)
		clock_advance(h->clock, SECOND_MS);
	sqlite3_commit_hook(db, NULL, NULL);
	house_run(h, MINUTE_MS);
	assert_status(h, id, "set");
}

/* ---- attempts ---- */

/* "success", "pending", "error failed_to_set_on_device"; with " of nothing" where no code is shown
 * with it. Interned. */
static const char *attempt(struct house *h, const char *attempt_id)
{
	const char *ids[] = { attempt_id, NULL };
	OWN(store_list) struct store_list *l = store_attempts(h->store, ids, NULL, NULL, NULL);
	const struct store_attempt *a;
	g_autofree char *text = NULL;

	if (!l || !l->rows->len)
		return "404";
	a = store_at(l, struct store_attempt, 0);
	assert_true(!a->result == (strcmp(a->status, "success") != 0));
	assert_true(!a->error == (strcmp(a->status, "error") != 0));
	assert_string_equal(a->device_id, "d1");
	if (a->error) {
		const char *type = strstr(a->error, "\"type\":\"") + strlen("\"type\":\"");

		text = g_strdup_printf("error %.*s", (int)strcspn(type, "\""), type);
	} else {
		text = g_strconcat(a->status, a->access_code_id ? "" : " of nothing", NULL);
	}
	return g_intern_string(text);
}

static const char *begin(struct house *h, const char *type, const char *id)
{
	g_autofree char *made = NULL;

	if (!engine_attempt(h->engine, type, id, &made, &h->no))
		fail_msg("%s", h->no.message);
	return g_intern_string(made);
}

static void a_create_ends_with_the_lock(void **state)
{
	static const struct {
		const char *what, *system;
		int64_t from, until;
		enum driver_result fails;
		int times;
		const char *at_once, *later; /* after ten minutes */
	} rows[] = {
		{ "ongoing", "nuki_lock", 0, 0, 0, 0, "pending", "success" },
		{ "scheduled", "nuki_lock", HOUR_MS, 2 * HOUR_MS, 0, 0, "pending", "success" },
		{ "not due, native", "nuki_lock", 80 * HOUR_MS, 90 * HOUR_MS, 0, 0, "success",
		  "success" },
		{ "not due, in time", "smartthings_lock", 2 * HOUR_MS, 3 * HOUR_MS, 0, 0, "success",
		  "success" },
		{ "refused", "nuki_lock", 0, 0, DRIVER_REFUSED, 1, "pending",
		  "error code_constraints_violated" },
		{ "full", "nuki_lock", 0, 0, DRIVER_FULL, 1, "pending",
		  "error no_space_for_access_code_on_device" },
		{ "rival", "nuki_lock", 0, 0, DRIVER_DUPLICATE, 1, "pending",
		  "error duplicate_code_on_device" },
		{ "unreachable", "nuki_lock", 0, 0, DRIVER_UNREACHABLE, 3, "pending",
		  "error failed_to_set_on_device" },
		{ "tried again", "nuki_lock", 0, 0, DRIVER_UNREACHABLE, 2, "pending", "success" },
		{ "lost", "nuki_lock", 0, 0, DRIVER_LOST, 1, "pending", "success" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *own = NULL;
		struct house *h;
		const char *id, *a;

		house_up(&own);
		h = with(&own, rows[i].system);
		if (rows[i].times)
			fake_fail(h->fake, "d1", rows[i].fails, rows[i].times);
		assert_true(engine_group_begin(h->engine, &h->no));
		id = house_code(h, "d1", "246813", rows[i].from, rows[i].until);
		a = begin(h, "CREATE_ACCESS_CODE", id);
		assert_true(engine_group_end(h->engine, true, &h->no));
		if (strcmp(attempt(h, a), rows[i].at_once) != 0)
			fail_msg("%s: at once %s", rows[i].what, attempt(h, a));
		house_run(h, 10 * MINUTE_MS);
		if (strcmp(attempt(h, a), rows[i].later) != 0)
			fail_msg("%s: later %s", rows[i].what, attempt(h, a));
		house_down(&own);
	}
}

static void an_update_ends_when_the_lock_holds_it(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0), *a;
	struct code_request r = house_request(NULL);
	bool changed;

	house_run(h, 30 * SECOND_MS);
	r.access_code_id = id;
	r.code = "246813";
	r.has_name = false;
	r.name = NULL;
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_string_equal(attempt(h, begin(h, "UPDATE_ACCESS_CODE", id)), "success of nothing");
	r.code = "357924";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	a = begin(h, "UPDATE_ACCESS_CODE", id);
	assert_string_equal(attempt(h, a), "pending");
	house_run(h, 30 * SECOND_MS);
	assert_string_equal(attempt(h, a), "success");
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "357924"));

	/* No longer ours: nothing is left to wait for. */
	r.code = NULL;
	r.managed = TRI_NO;
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_string_equal(attempt(h, begin(h, "UPDATE_ACCESS_CODE", id)), "success");
}

static void a_delete_ends_when_it_is_gone(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0), *create, *a;

	house_run(h, 30 * SECOND_MS);
	assert_true(engine_delete(h->engine, id, &h->no));
	a = begin(h, "DELETE_ACCESS_CODE", id);
	assert_string_equal(attempt(h, a), "pending");
	house_run(h, 30 * SECOND_MS);
	assert_string_equal(attempt(h, a), "success");

	id = house_code(h, "d1", "246813", 80 * HOUR_MS, 90 * HOUR_MS); /* not there yet */
	assert_true(engine_delete(h->engine, id, &h->no));
	assert_string_equal(attempt(h, begin(h, "DELETE_ACCESS_CODE", id)), "success");

	fake_online(h->fake, "d1", false);
	id = house_code(h, "d1", "246813", 0, 0);
	create = begin(h, "CREATE_ACCESS_CODE", id);
	assert_string_equal(attempt(h, create), "pending");
	assert_true(engine_delete(h->engine, id, &h->no));
	assert_string_equal(attempt(h, create), "error uncategorized_error");
}

static void a_delete_that_fails_is_said(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0), *a;

	house_run(h, 30 * SECOND_MS);
	fake_fail(h->fake, "d1", DRIVER_UNREACHABLE, 3);
	assert_true(engine_delete(h->engine, id, &h->no));
	a = begin(h, "DELETE_ACCESS_CODE", id);
	house_run(h, HOUR_MS);
	assert_string_equal(attempt(h, a), "error failed_to_remove_from_device");
	assert_status(h, id, "404");
}

static const char *unmanaged(struct house *h)
{
	struct store_code_filter f = { .device_id = "d1", .managed = 0 };
	OWN(store_list) struct store_list *l = store_codes(h->store, &f, NULL, NULL);

	assert_int_equal(l->rows->len, 1);
	return g_intern_string(store_at(l, struct store_code, 0)->access_code_id);
}

static void what_was_found_is_adopted_or_deleted(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id, *a;

	fake_app_add(h->fake, "d1", "246813", "Found");
	house_run(h, 30 * SECOND_MS);
	id = unmanaged(h);
	assert_true(engine_convert(h->engine, id, TRI_NO, &h->no));
	assert_string_equal(attempt(h, begin(h, "CONVERT_ACCESS_CODE_TO_MANAGED", id)), "success");

	fake_app_add(h->fake, "d1", "357924", "Other");
	house_run(h, 30 * SECOND_MS);
	id = unmanaged(h);
	assert_true(engine_delete_unmanaged(h->engine, id, &h->no));
	a = begin(h, "DELETE_UNMANAGED_ACCESS_CODE", id);
	assert_string_equal(attempt(h, a), "pending");
	house_run(h, MINUTE_MS);
	assert_string_equal(attempt(h, a), "success");
	assert_null(fake_code(fake_lock(h->fake, "d1"), "357924"));
}

static void an_attempt_outlives_the_program(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	const char *a = begin(h, "CREATE_ACCESS_CODE", id);

	house_kill(h);
	house_open(h);
	assert_string_equal(attempt(h, a), "pending");
	house_run(h, 5 * MINUTE_MS);
	assert_string_equal(attempt(h, a), "success");
}

static void an_attempt_that_was_not_kept_is_never_ended(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0), *a;

	assert_true(engine_group_begin(h->engine, &h->no));
	a = begin(h, "CREATE_ACCESS_CODE", id);
	assert_true(engine_group_end(h->engine, false, &h->no));
	house_run(h, MINUTE_MS);
	assert_string_equal(attempt(h, a), "404");
}

static void an_attempt_is_about_a_code(void **state)
{
	struct house *h = with(state, "nuki_lock");
	char *a;

	assert_false(engine_attempt(h->engine, "CREATE_ACCESS_CODE", "none", &a, &h->no));
	assert_int_equal(h->no.status, 404);
	assert_null(a);
}

/* ---- outlook ---- */

#define NEVER INT64_MIN
static int64_t offset(struct instant t)
{
	return instant_known(t) ? instant_diff_ms(t, AT(0)) : NEVER;
}

static void what_is_foreseen(void **state)
{
	static const struct {
		const char *what, *system;
		int64_t from, until;
		int64_t look_at;
		enum plan_reason reason;
		enum step_kind next;
		enum plan_reason next_reason;
		int64_t next_at, due_at, early_from;
	} rows[] = {
		/* made at noon + 2 s */
		{ "native, not due", "nuki_lock", 80 * HOUR_MS, 90 * HOUR_MS, HOUR_MS,
		  REASON_NOT_DUE, STEP_WRITE, REASON_PRELOAD, 8 * HOUR_MS, 8 * HOUR_MS, NEVER },
		{ "native, loaded", "nuki_lock", HOUR_MS, 3 * HOUR_MS, MINUTE_MS, REASON_PROVEN,
		  STEP_REMOVE, REASON_ENDED, 3 * HOUR_MS, -71 * HOUR_MS, NEVER },
		{ "ongoing, set", "nuki_lock", 0, 0, MINUTE_MS, REASON_PROVEN, STEP_WAIT,
		  REASON_PROVEN, NEVER, 2 * SECOND_MS, NEVER },
		{ "no schedule, not due", "smartthings_lock", 3 * HOUR_MS, 9 * HOUR_MS, MINUTE_MS,
		  REASON_NOT_DUE, STEP_WRITE, REASON_JUST_IN_TIME, 2 * HOUR_MS, 2 * HOUR_MS,
		  2 * HOUR_MS },
		{ "no schedule, made late", "smartthings_lock", HOUR_MS / 2, 9 * HOUR_MS, 0,
		  REASON_JUST_IN_TIME, STEP_WRITE, REASON_JUST_IN_TIME, 2 * SECOND_MS,
		  -HOUR_MS / 2, 2 * SECOND_MS },
		{ "no schedule, open already", "smartthings_lock", -HOUR_MS, 9 * HOUR_MS, 0,
		  REASON_LATE, STEP_WRITE, REASON_LATE, 2 * SECOND_MS, -2 * HOUR_MS, NEVER },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *own = NULL;
		struct house *h;
		const char *id;
		struct outlook o;

		house_up(&own);
		h = with(&own, rows[i].system);
		id = house_code(h, "d1", "246813", rows[i].from, rows[i].until);
		if (rows[i].look_at)
			house_run(h, rows[i].look_at);
		OWN(store_list) struct store_list *l = store_code(h->store, id, NULL);
		o = engine_outlook(h->engine, store_at(l, struct store_code, 0));
		if (o.reason != rows[i].reason || o.next_step != rows[i].next ||
		    o.next_reason != rows[i].next_reason)
			fail_msg("%s: %s, then %d %s", rows[i].what, plan_reason_name(o.reason),
				 o.next_step, plan_reason_name(o.next_reason));
		if (offset(o.next_at) != rows[i].next_at || offset(o.due_at) != rows[i].due_at ||
		    offset(o.early_from) != rows[i].early_from)
			fail_msg("%s: next %" PRId64 " due %" PRId64 " early %" PRId64,
				 rows[i].what, offset(o.next_at), offset(o.due_at),
				 offset(o.early_from));
		house_down(&own);
	}
}

static void proven_is_told_from_acknowledged(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	struct store_list *l = store_code(h->store, id, NULL);

	assert_int_equal(engine_outlook(h->engine, store_at(l, struct store_code, 0)).belief,
			 BELIEF_ABSENT);
	store_list_free(l);
	house_run(h, MINUTE_MS);
	l = store_code(h->store, id, NULL);
	assert_int_equal(engine_outlook(h->engine, store_at(l, struct store_code, 0)).belief,
			 BELIEF_PROVEN);
	store_list_free(l);
}

static void ids_are_new_each_time(void **state)
{
	struct house *h = with(state, "nuki_lock");
	g_autofree char *a = engine_new_id(h->engine);
	g_autofree char *b = engine_new_id(h->engine);

	assert_true(g_uuid_string_is_valid(a) && g_uuid_string_is_valid(b));
	assert_string_not_equal(a, b);
}

#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_up, house_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_HOUSE(a_group_is_one_commit),
		IN_HOUSE(a_group_that_is_not_kept_never_was),
		IN_HOUSE(a_program_that_dies_within_a_group_has_done_nothing_of_it),
		IN_HOUSE(a_request_refused_in_a_group_leaves_the_others),
		IN_HOUSE(what_the_store_fails_in_a_group_fails_all_of_it),
		IN_HOUSE(a_turn_that_cannot_be_kept_is_not_repeated_at_once),
		IN_HOUSE(what_was_read_and_could_not_be_kept_is_read_again),
		IN_HOUSE(what_the_driver_says_while_the_store_fails_is_heard_later),
		cmocka_unit_test(a_create_ends_with_the_lock),
		IN_HOUSE(an_update_ends_when_the_lock_holds_it),
		IN_HOUSE(a_delete_ends_when_it_is_gone),
		IN_HOUSE(a_delete_that_fails_is_said),
		IN_HOUSE(what_was_found_is_adopted_or_deleted),
		IN_HOUSE(an_attempt_outlives_the_program),
		IN_HOUSE(an_attempt_that_was_not_kept_is_never_ended),
		IN_HOUSE(an_attempt_is_about_a_code),
		cmocka_unit_test(what_is_foreseen),
		IN_HOUSE(proven_is_told_from_acknowledged),
		IN_HOUSE(ids_are_new_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
