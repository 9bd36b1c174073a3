/* What goes wrong on the way to a lock, and what comes of it: no answer, no connection, no room, no
 * account, and a program that dies in the middle. */
#include "config.h"

#include "house.h"

#include "core/jsonin.h"

static struct house *with(void **state, const char *device_type)
{
	struct house *h = *state;

	fake_add(h->fake, "d1", device_type);
	house_open(h);
	house_run(h, 2 * SECOND_MS);
	return h;
}

static void a_lost_answer_is_read_before_anything_is_written_again(void **state)
{
	for (int done = 0; done <= 1; done++) {
		void *own = NULL;
		struct house *h;
		const char *id;

		(void)state;
		house_up(&own);
		h = with(&own, "nuki_lock");
		fake_lock(h->fake, "d1")->lost_but_done = done;
		fake_fail(h->fake, "d1", DRIVER_LOST, 1);
		id = house_code(h, "d1", "246813", 0, 0);
		g_string_truncate(h->fake->log, 0);
		house_run(h, MINUTE_MS);
		assert_status(h, id, "set");
		assert_events(h, id, "created set_on_device");
		assert_string_equal(h->fake->log->str,
				    done ? "set d1 246813\nread d1\n"
					 : "set d1 246813\nread d1\nset d1 246813\nread d1\n");
		assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 1);
		house_down(&own);
	}
}

static void a_lost_answer_of_a_masked_lock_causes_no_second_write(void **state)
{
	struct house *h = with(state, "smartthings_lock");
	const char *id;

	fake_lock(h->fake, "d1")->lost_but_done = true;
	fake_fail(h->fake, "d1", DRIVER_LOST, 1);
	id = house_code(h, "d1", "2468", 0, 0);
	house_run(h, HOUR_MS);
	assert_status(h, id, "set");
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 1);
	assert_true(engine_delete(h->engine, id, &h->no));
	house_run(h, HOUR_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0);
}

static void a_pin_that_the_maker_chose_is_read_where_its_answer_was_lost(void **state)
{
	struct house *h = with(state, "salto_lock");
	const char *id;

	fake_lock(h->fake, "d1")->lost_but_done = true;
	fake_fail(h->fake, "d1", DRIVER_LOST, 1);
	id = house_code(h, "d1", NULL, 0, 0);
	house_run(h, MINUTE_MS);
	assert_status(h, id, "set");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 1);
	assert_string_equal(house_row(h, id).pin, fake_lock(h->fake, "d1")->code[0].pin);
	assert_events(h, id, "created changed set_on_device");
}

static void a_pin_that_the_maker_chose_for_a_deleted_code_is_not_told(void **state)
{
	struct house *h = with(state, "salto_lock");
	const char *id;

	fake_lock(h->fake, "d1")->latency_ms = 5 * SECOND_MS;
	id = house_code(h, "d1", NULL, 0, 0);
	house_run(h, SECOND_MS);
	assert_true(engine_delete(h->engine, id, &h->no));
	house_run(h, MINUTE_MS);
	assert_status(h, id, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0);
	assert_events(h, id, "created deleted removed_from_device");
}

static void a_changed_pin_that_a_stranger_holds_is_a_duplicate(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	struct code_request r = house_request(NULL);
	bool changed;

	house_run(h, MINUTE_MS);
	fake_app_add(h->fake, "d1", "483573", "Plumber");
	house_run(h, MINUTE_MS);
	r.access_code_id = id;
	r.code = "483573";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_run(h, MINUTE_MS);
	assert_int_equal(house_problems(h, id) & PROBLEM_DUPLICATE, PROBLEM_DUPLICATE);
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "246813"));
	fake_app_remove(h->fake, "d1", "483573");
	house_run(h, HOUR_MS);
	assert_status(h, id, "set");
	assert_int_equal(house_problems(h, id), 0);
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "483573"));
	assert_null(fake_code(fake_lock(h->fake, "d1"), "246813"));
}

static void a_lost_removal_is_found_out_by_reading(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, 5 * SECOND_MS);
	fake_lock(h->fake, "d1")->lost_but_done = true;
	fake_fail(h->fake, "d1", DRIVER_LOST, 1);
	assert_true(engine_delete(h->engine, id, &h->no));
	house_run(h, MINUTE_MS);
	assert_status(h, id, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->removes, 1);
	assert_events(h, id, "created set_on_device deleted removed_from_device");
}

static void a_lock_that_returns_gets_its_backlog_but_nothing_that_has_ended(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *late, *missed;

	fake_online(h->fake, "d1", false);
	missed = house_code(h, "d1", "246813", HOUR_MS, 2 * HOUR_MS);
	late = house_code(h, "d1", "357924", HOUR_MS, 9 * HOUR_MS);
	house_run(h, 3 * HOUR_MS);
	assert_status(h, missed, "404");
	assert_events(h, missed, "created delay_in_setting_on_device deleted");
	assert_status(h, late, "setting");
	assert_true(house_problems(h, late) & PROBLEM_DELAY_IN_SETTING);
	fake_online(h->fake, "d1", true);
	house_run(h, 5 * SECOND_MS);
	assert_status(h, late, "set");
	assert_int_equal(house_problems(h, late), 0);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 1);
	assert_events(h, late, "created delay_in_setting_on_device set_on_device");
	assert_string_equal(house_device_events(h, "d1") + strlen(house_device_events(h, "d1")) -
				    strlen("connected access_code.set_on_device"),
			    "connected access_code.set_on_device");
}

static void failures_are_said_once_and_taken_back(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id;

	fake_fail(h->fake, "d1", DRIVER_UNREACHABLE, 6);
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, MINUTE_MS);
	assert_true(house_problems(h, id) & PROBLEM_FAILED_TO_SET);
	house_run(h, 2 * HOUR_MS);
	assert_status(h, id, "set");
	assert_int_equal(house_problems(h, id), 0);
	assert_events(h, id, "created failed_to_set_on_device set_on_device");
}

static void a_removal_that_fails_stays_visible(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, HOUR_MS);

	house_run(h, HOUR_MS - 3 * SECOND_MS);
	fake_fail(h->fake, "d1", DRIVER_UNREACHABLE, 5);
	house_run(h, 2 * MINUTE_MS);
	assert_status(h, id, "removing");
	assert_true(house_problems(h, id) & PROBLEM_FAILED_TO_REMOVE);
	house_run(h, HOUR_MS);
	assert_status(h, id, "404");
	assert_events(h, id,
		      "created set_on_device failed_to_remove_from_device removed_from_device "
		      "deleted");
}

static void a_lock_that_takes_a_code_and_never_shows_it_has_failed(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id;
	int sets;

	fake_lock(h->fake, "d1")->forgets = true;
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, HOUR_MS);
	assert_status(h, id, "setting");
	assert_true(house_problems(h, id) & PROBLEM_FAILED_TO_SET);
	assert_events(h, id, "created set_on_device failed_to_set_on_device");
	/* 5, 10, 20, 40 s...: ten in the first hour and a half, then two an hour. */
	assert_in_range(fake_lock(h->fake, "d1")->sets, 8, 11);
	sets = fake_lock(h->fake, "d1")->sets;
	house_run(h, DAY_MS);
	assert_in_range(fake_lock(h->fake, "d1")->sets - sets, 40, 62);
	assert_events(h, id, "created set_on_device failed_to_set_on_device");
	fake_lock(h->fake, "d1")->forgets = false;
	house_run(h, HOUR_MS);
	assert_status(h, id, "set");
	assert_int_equal(house_problems(h, id), 0);
	assert_events(h, id, "created set_on_device failed_to_set_on_device set_on_device");
}

static void what_the_lock_refuses_is_not_tried_again_until_it_is_changed(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct code_request r = house_request(NULL);
	const char *id;
	bool changed;

	fake_fail(h->fake, "d1", DRIVER_REFUSED, 1);
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, DAY_MS);
	assert_true(house_problems(h, id) & PROBLEM_CONSTRAINTS);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 1);
	r.access_code_id = id;
	r.code = "357924";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_run(h, 5 * SECOND_MS);
	assert_status(h, id, "set");
}

static void a_full_lock_takes_the_next_when_one_has_left(void **state)
{
	struct house *h = *state;
	const char *first, *third;

	fake_add(h->fake, "d1", "nuki_lock")->system.slots = 2;
	house_open(h);
	house_run(h, SECOND_MS);
	first = house_code(h, "d1", "246813", 0, 0);
	house_code(h, "d1", "357924", 0, 0);
	house_run(h, 5 * SECOND_MS);
	third = house_code(h, "d1", "579135", 0, 0);
	house_run(h, MINUTE_MS);
	assert_int_equal(house_problems(h, third), PROBLEM_NO_SPACE);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 2);
	assert_true(engine_delete(h->engine, first, &h->no));
	house_run(h, 10 * SECOND_MS);
	assert_status(h, third, "set");
}

/* Whatever the lock said to it. One whose start is days away would have waited until then. */
static void what_was_to_take_the_last_place_does_not_call_it_taken(void **state)
{
	static const enum driver_result answers[] = { DRIVER_BUSY, DRIVER_LOST, DRIVER_UNREACHABLE,
						      DRIVER_JAMMED };
	struct house *h = *state;

	h->options.poll_ms = -1;
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autofree char *device_id = g_strdup_printf("d%zu", i);

		fake_add(h->fake, device_id, "nuki_lock")->system.slots = 2;
	}
	house_open(h);
	house_run(h, SECOND_MS);
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autofree char *device_id = g_strdup_printf("d%zu", i);
		const char *last;

		house_code(h, device_id, "246813", 0, 0);
		house_run(h, 5 * SECOND_MS);
		fake_fail(h->fake, device_id, answers[i], 1);
		last = house_code(h, device_id, "357924", 0, 0);
		house_run(h, 5 * SECOND_MS);
		assert_false(house_problems(h, last) & PROBLEM_NO_SPACE);
		house_run(h, 30 * MINUTE_MS);
		assert_status(h, last, "set");
	}
}

/* Who waits is in the store alone: a start must not forget it. */
static void a_full_lock_takes_the_next_also_after_a_start(void **state)
{
	struct house *h = *state;
	const char *first, *third;

	h->options.poll_ms = -1;
	fake_add(h->fake, "d1", "nuki_lock")->system.slots = 2;
	house_open(h);
	house_run(h, SECOND_MS);
	first = house_code(h, "d1", "246813", 0, 0);
	house_code(h, "d1", "357924", 0, 0);
	house_run(h, 5 * SECOND_MS);
	third = house_code(h, "d1", "579135", 0, 0);
	house_run(h, 60 * MINUTE_MS); /* nothing more is due of it */
	house_kill(h);
	house_open(h);
	house_run(h, MINUTE_MS);
	assert_true(house_problems(h, third) & PROBLEM_NO_SPACE);
	assert_true(engine_delete(h->engine, first, &h->no));
	house_run(h, 10 * SECOND_MS);
	assert_status(h, third, "set");
}

/* Reading goes on, and nothing is written for it: that would be each lock's whole day. */
static void who_waits_for_room_is_not_looked_at_with_each_read(void **state)
{
	struct house *h = *state;
	struct instant read_at;
	int reads;

	h->options.poll_ms = 15 * MINUTE_MS;
	fake_add(h->fake, "d1", "nuki_lock")->system.slots = 1;
	house_open(h);
	house_run(h, SECOND_MS);
	house_code(h, "d1", "246813", 0, 0);
	house_run(h, 5 * SECOND_MS);
	house_code(h, "d1", "357924", 0, 0);
	house_run(h, 120 * MINUTE_MS);
	OWN(store_list) struct store_list *was = store_device(h->store, "d1", NULL);
	read_at = store_at(was, struct store_device, 0)->read_at;
	reads = fake_lock(h->fake, "d1")->reads;
	house_run(h, 120 * MINUTE_MS);
	OWN(store_list) struct store_list *is = store_device(h->store, "d1", NULL);
	assert_true(fake_lock(h->fake, "d1")->reads >= reads + 8);
	assert_int_equal(store_at(is, struct store_device, 0)->read_at.ms, read_at.ms);
}

/* It says so although it has slots: nobody knows when it will take one, so it is asked. */
static void a_lock_stays_full_since_when_it_was_while_it_is_asked_again(void **state)
{
	struct house *h = *state;
	g_autofree char *since = NULL;
	g_autofree char *since_then = NULL;
	const char *id;

	h->options.poll_ms = 15 * MINUTE_MS;
	fake_add(h->fake, "d1", "nuki_lock");
	house_open(h);
	house_run(h, SECOND_MS);
	fake_fail(h->fake, "d1", DRIVER_FULL, 6);
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, MINUTE_MS);
	assert_int_equal(house_problems(h, id), PROBLEM_NO_SPACE);
	since = jsonin_text(house_row(h, id).problem_since, "16");
	house_run(h, 15 * MINUTE_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 2);
	since_then = jsonin_text(house_row(h, id).problem_since, "16");
	assert_string_equal(since_then, since);
	/* However often it says so: it lacks room, and has not failed. */
	house_run(h, 60 * MINUTE_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 6);
	assert_int_equal(house_problems(h, id) & PROBLEM_FAILED_TO_SET, 0);
	assert_true(house_problems(h, id) & PROBLEM_NO_SPACE);
	house_run(h, 15 * MINUTE_MS);
	assert_status(h, id, "set");
	assert_int_equal(house_problems(h, id), 0);
}

static void busy_is_waited_for_and_is_no_failure(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id;

	fake_fail(h->fake, "d1", DRIVER_BUSY, 5);
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, 30 * SECOND_MS);
	assert_int_equal(house_row(h, id).done.tries, 0);
	house_run(h, 30 * SECOND_MS);
	assert_status(h, id, "set");
	assert_events(h, id, "created set_on_device");
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 6);
}

static void an_account_that_is_lost_leaves_codes_unknown_until_it_is_back(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	const char *ended = house_code(h, "d1", "357924", 0, HOUR_MS);

	house_run(h, 5 * SECOND_MS);
	h->fake->driver.events.account("acc", false, h->fake->driver.events_ctx);
	house_run(h, 2 * HOUR_MS);
	assert_status(h, id, "unknown");
	h->fake->driver.events.account("acc", true, h->fake->driver.events_ctx);
	house_run(h, 10 * SECOND_MS);
	assert_status(h, id, "set");
	assert_events(h, id, "created set_on_device");
	assert_status(h, ended, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 1);
}

static void an_account_that_came_back_unseen_is_found_at_the_next_start(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, 5 * SECOND_MS);
	h->fake->driver.events.account("acc", false, h->fake->driver.events_ctx);
	house_run(h, SECOND_MS);
	assert_status(h, id, "unknown");
	house_kill(h);
	house_open(h);
	house_run(h, 5 * SECOND_MS);
	assert_status(h, id, "set");
}

/* The program dies at every quarter of a second of a life that writes, changes and removes; each
 * time the lock ends up as declared, and nothing is told twice. */
static void killed_at_any_moment_it_ends_as_declared(void **state)
{
	(void)state;
	for (int64_t at = 0; at < 4000; at += 250) {
		void *own = NULL;
		struct house *h;
		struct fake_lock *l;
		const char *stays, *goes;

		house_up(&own);
		h = with(&own, "nuki_lock");
		l = fake_lock(h->fake, "d1");
		stays = house_code(h, "d1", "246813", 0, 0);
		goes = house_code(h, "d1", "357924", 0, 3 * SECOND_MS + HOUR_MS);
		house_run(h, at);
		house_kill(h);
		house_run(h, SECOND_MS);
		house_open(h);
		house_run(h, 2 * MINUTE_MS);
		assert_status(h, stays, "set");
		assert_status(h, goes, "set");
		assert_int_equal(l->n_codes, 2);
		house_run(h, HOUR_MS - 2 * MINUTE_MS - at);
		house_kill(h);
		house_open(h);
		house_run(h, 2 * MINUTE_MS);
		assert_status(h, goes, "404");
		assert_int_equal(l->n_codes, 1);
		assert_events(h, stays, "created set_on_device");
		assert_events(h, goes, "created set_on_device removed_from_device deleted");
		house_down(&own);
	}
}

static void draining_starts_nothing_and_says_when_all_is_answered(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, 100);
	assert_false(engine_drain(h->engine));
	house_run(h, SECOND_MS);
	assert_true(engine_drain(h->engine));
	assert_int_equal(house_row(h, id).done.belief, BELIEF_WRITTEN);
}

static void a_lock_or_unlock_is_answered_and_linked_to_its_door_event(void **state)
{
	struct house *h = with(state, "nuki_lock");
	g_autofree char *id = NULL;
	const char *ids[2] = { NULL, NULL };
	struct store_page page = { .after_created_at = INSTANT_NONE, .limit = 1 };

	assert_true(engine_turn(h->engine, "d1", true, &id, &h->no));
	ids[0] = id;
	house_run(h, SECOND_MS);
	OWN(store_list) struct store_list *l = store_attempts(h->store, ids, NULL, &page, NULL);
	assert_string_equal(store_at(l, struct store_attempt, 0)->status, "success");
	const char *types[] = { "lock.unlocked", NULL };
	const struct store_event_filter f = { .since = INSTANT_NONE,
					      .until = INSTANT_NONE,
					      .types = types };
	OWN(store_list) struct store_list *e = store_events(h->store, &f, NULL);
	assert_int_equal(e->rows->len, 1);
	assert_non_null(strstr(store_at(e, struct store_event, 0)->body, id));
	g_autofree char *pending = NULL;
	assert_true(engine_turn(h->engine, "d1", false, &pending, &h->no));
	house_run(h, 10);
	house_kill(h);
	house_open(h);
	ids[0] = pending;
	OWN(store_list) struct store_list *again = store_attempts(h->store, ids, NULL, &page, NULL);
	assert_string_equal(store_at(again, struct store_attempt, 0)->status, "error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, house_up, house_down)
		cmocka_unit_test(a_lost_answer_is_read_before_anything_is_written_again),
		T(a_lost_answer_of_a_masked_lock_causes_no_second_write),
		T(a_pin_that_the_maker_chose_is_read_where_its_answer_was_lost),
		T(a_pin_that_the_maker_chose_for_a_deleted_code_is_not_told),
		T(a_changed_pin_that_a_stranger_holds_is_a_duplicate),
		T(a_lost_removal_is_found_out_by_reading),
		T(a_lock_that_returns_gets_its_backlog_but_nothing_that_has_ended),
		T(failures_are_said_once_and_taken_back),
		T(a_removal_that_fails_stays_visible),
		T(a_lock_that_takes_a_code_and_never_shows_it_has_failed),
		T(what_the_lock_refuses_is_not_tried_again_until_it_is_changed),
		T(what_was_to_take_the_last_place_does_not_call_it_taken),
		T(a_full_lock_takes_the_next_when_one_has_left),
		T(a_full_lock_takes_the_next_also_after_a_start),
		T(who_waits_for_room_is_not_looked_at_with_each_read),
		T(a_lock_stays_full_since_when_it_was_while_it_is_asked_again),
		T(busy_is_waited_for_and_is_no_failure),
		T(an_account_that_is_lost_leaves_codes_unknown_until_it_is_back),
		T(an_account_that_came_back_unseen_is_found_at_the_next_start),
		cmocka_unit_test(killed_at_any_moment_it_ends_as_declared),
		T(draining_starts_nothing_and_says_when_all_is_answered),
		T(a_lock_or_unlock_is_answered_and_linked_to_its_door_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
