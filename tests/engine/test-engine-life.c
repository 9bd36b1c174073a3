/* A code's life, from create to removal: what is written when, and what is said of it, once. */
#include "config.h"

#include "house.h"

static struct house *with(void **state, const char *device_type)
{
	struct house *h = *state;

	fake_add(h->fake, "d1", device_type);
	house_open(h);
	house_run(h, 2 * SECOND_MS);
	return h;
}

static void an_ongoing_code_is_written_at_once_and_proven(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	assert_status(h, id, "setting");
	assert_events(h, id, "created");
	house_run(h, 5 * SECOND_MS);
	assert_status(h, id, "set");
	assert_int_equal(house_row(h, id).done.belief, BELIEF_PROVEN);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 1);
	assert_events(h, id, "created set_on_device");
	house_run(h, 7 * DAY_MS);
	assert_events(h, id, "created set_on_device");
}

static void a_native_code_is_loaded_72_hours_ahead(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct fake_lock *l = fake_lock(h->fake, "d1");
	const char *id = house_code(h, "d1", "246813", 80 * HOUR_MS, 90 * HOUR_MS);

	assert_status(h, id, "unset");
	house_run(h, 8 * HOUR_MS - 3 * SECOND_MS);
	assert_int_equal(l->sets, 0);
	house_run(h, 3 * SECOND_MS);
	assert_int_equal(l->sets, 1);
	assert_status(h, id, "unset");
	house_run(h, 5 * SECOND_MS);
	assert_true(house_row(h, id).scheduled_on_device);
	assert_events(h, id, "created scheduled_on_device");
	assert_true(instant_eq(fake_code(l, "246813")->starts_at, AT(80 * HOUR_MS)));
	house_run(h, 72 * HOUR_MS - 8 * SECOND_MS);
	assert_status(h, id, "unset");
	house_run(h, 8 * SECOND_MS);
	assert_status(h, id, "set");
	assert_int_equal(l->sets, 1); /* the lock switched it on itself */
	assert_events(h, id, "created scheduled_on_device set_on_device");
	house_run(h, 11 * HOUR_MS);
	assert_status(h, id, "404");
	assert_null(fake_code(l, "246813"));
	assert_events(h, id,
		      "created scheduled_on_device set_on_device removed_from_device deleted");
}

static void a_just_in_time_code_is_written_60_minutes_ahead(void **state)
{
	struct house *h = with(state, "smartthings_lock");
	struct fake_lock *l = fake_lock(h->fake, "d1");
	const char *id = house_code(h, "d1", "2468", 3 * HOUR_MS, 5 * HOUR_MS);

	house_run(h, 2 * HOUR_MS - 3 * SECOND_MS);
	assert_int_equal(l->sets, 0);
	house_run(h, 3 * SECOND_MS);
	assert_int_equal(l->sets, 1);
	house_run(h, 5 * SECOND_MS);
	assert_status(h, id, "set");
	assert_false(instant_known(fake_code(l, "2468")->ends_at));
	house_run(h, 3 * HOUR_MS - 5 * SECOND_MS - 3 * SECOND_MS);
	assert_non_null(fake_code(l, "2468"));
	house_run(h, 10 * SECOND_MS);
	assert_null(fake_code(l, "2468"));
	assert_events(h, id, "created set_on_device removed_from_device deleted");
}

static void a_code_that_can_be_held_disabled_opens_at_its_start(void **state)
{
	struct house *h = with(state, "lockly_lock");
	struct fake_lock *l = fake_lock(h->fake, "d1");
	const char *id = house_code(h, "d1", "246813", 2 * HOUR_MS, 5 * HOUR_MS);

	house_run(h, HOUR_MS + 5 * SECOND_MS);
	assert_false(fake_code(l, "246813")->enabled);
	assert_status(h, id, "unset");
	house_run(h, HOUR_MS);
	assert_true(fake_code(l, "246813")->enabled);
	assert_status(h, id, "set");
	assert_int_equal(l->sets, 2);
}

static void a_masked_lock_is_written_once_and_read_once(void **state)
{
	struct house *h = with(state, "smartthings_lock");
	struct fake_lock *l = fake_lock(h->fake, "d1");
	int reads = l->reads;
	const char *id = house_code(h, "d1", "2468", 0, 0);

	house_run(h, DAY_MS);
	assert_status(h, id, "set");
	assert_int_equal(house_row(h, id).done.belief, BELIEF_WRITTEN);
	assert_int_equal(l->sets, 1);
	assert_int_equal(l->reads - reads, 1);
}

static void deleted_before_it_was_written_it_was_never_there(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 100 * HOUR_MS, 110 * HOUR_MS);

	assert_true(engine_delete(h->engine, id, &h->no));
	assert_status(h, id, "404");
	assert_events(h, id, "created deleted");
	house_run(h, HOUR_MS);
	assert_events(h, id, "created deleted");
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 0);
}

static void deleted_it_is_removed_and_then_gone(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, 5 * SECOND_MS);
	assert_true(engine_delete(h->engine, id, &h->no));
	assert_status(h, id, "removing");
	assert_int_equal(house_problems(h, id), PROBLEM_BEING_DELETED);
	assert_true(engine_delete(h->engine, id, &h->no)); /* once is enough */
	house_run(h, 5 * SECOND_MS);
	assert_status(h, id, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0);
	assert_events(h, id, "created set_on_device deleted removed_from_device");
	refusal_clear(&h->no);
	assert_false(engine_delete(h->engine, id, &h->no));
	assert_int_equal(h->no.status, 404);
}

static void deleted_while_its_write_is_in_flight_it_is_removed_after(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, 100); /* the write has left */
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 1);
	assert_true(engine_delete(h->engine, id, &h->no));
	assert_status(h, id, "removing");
	house_run(h, 5 * SECOND_MS);
	assert_status(h, id, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0);
	assert_events(h, id, "created deleted removed_from_device");
}

static void a_change_is_written_and_said_once(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	struct code_request r = house_request(NULL);
	bool changed;

	house_run(h, 5 * SECOND_MS);
	r.access_code_id = id;
	r.name = NULL;
	r.code = "579135";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_true(changed);
	house_run(h, 5 * SECOND_MS);
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "579135"));
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 1);
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_false(changed);
	house_run(h, 5 * SECOND_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 2);
	assert_events(h, id, "created set_on_device changed mutations_requested set_on_device "
		      "code_changed");
}

static void a_lock_that_cannot_change_a_code_gets_it_anew(void **state)
{
	struct house *h = with(state, "august_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	struct code_request r = house_request(NULL);
	bool changed;

	house_run(h, 5 * SECOND_MS);
	r.access_code_id = id;
	r.code = "579135";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_run(h, 10 * SECOND_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->removes, 1);
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "579135"));
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 1);
	assert_events(h, id, "created set_on_device changed mutations_requested set_on_device "
		      "code_changed");
}

static void ongoing_becomes_time_bound_and_back(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct fake_lock *l = fake_lock(h->fake, "d1");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	struct code_request r = house_request(NULL);
	bool changed;

	house_run(h, 5 * SECOND_MS);
	r.access_code_id = id;
	r.name = NULL;
	r.starts_at = AT(HOUR_MS);
	r.ends_at = AT(2 * HOUR_MS);
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_run(h, 5 * SECOND_MS);
	assert_true(instant_eq(fake_code(l, "246813")->starts_at, AT(HOUR_MS)));
	r = house_request(NULL);
	r.access_code_id = id;
	r.name = NULL;
	r.type = "ongoing";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_run(h, 3 * HOUR_MS);
	assert_false(instant_known(fake_code(l, "246813")->starts_at));
	assert_status(h, id, "set");
}

static void a_maker_s_pin_is_told_when_it_is_known(void **state)
{
	struct house *h = with(state, "salto_lock");
	const char *id = house_code(h, "d1", NULL, 0, 0);

	assert_null(house_row(h, id).pin);
	house_run(h, 5 * SECOND_MS);
	assert_non_null(house_row(h, id).pin);
	assert_status(h, id, "set");
	assert_events(h, id, "created changed set_on_device");
}

static void steps_are_one_at_a_time_and_by_start(void **state)
{
	struct house *h = with(state, "nuki_lock");

	house_code(h, "d1", "246813", 50 * HOUR_MS, 60 * HOUR_MS);
	house_code(h, "d1", "357924", 30 * HOUR_MS, 60 * HOUR_MS);
	house_code(h, "d1", "579135", 40 * HOUR_MS, 60 * HOUR_MS);
	g_string_truncate(h->fake->log, 0);
	house_run(h, 100);
	house_code(h, "d1", "681357", 20 * HOUR_MS, 60 * HOUR_MS);
	fake_tell(h->fake, fake_add(h->fake, "d2", "nuki_lock")); /* a turn while d1 is busy */
	house_run(h, 20 * SECOND_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->in_flight_most, 1);
	g_autofree char *order = g_strdup(h->fake->log->str);
	char *a = strstr(order, "357924"), *b = strstr(order, "579135"),
	     *c = strstr(order, "246813");
	assert_true(a && b && c && a < b && b < c);
}

static void the_same_seed_tells_the_same_story(void **state)
{
	struct house *h = with(state, "nuki_lock");
	void *other_state = NULL;
	struct house *other;

	house_up(&other_state);
	other = with(&other_state, "nuki_lock");
	for (int i = 0; i < 5; i++) {
		const char *one = house_code(h, "d1", NULL, 0, 0);
		const char *two = house_code(other, "d1", NULL, 0, 0);

		assert_string_equal(one, two);
		assert_string_equal(house_row(h, one).pin, house_row(other, two).pin);
	}
	house_down(&other_state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, house_up, house_down)
		T(an_ongoing_code_is_written_at_once_and_proven),
		T(a_native_code_is_loaded_72_hours_ahead),
		T(a_just_in_time_code_is_written_60_minutes_ahead),
		T(a_code_that_can_be_held_disabled_opens_at_its_start),
		T(a_masked_lock_is_written_once_and_read_once),
		T(deleted_before_it_was_written_it_was_never_there),
		T(deleted_it_is_removed_and_then_gone),
		T(deleted_while_its_write_is_in_flight_it_is_removed_after),
		T(a_change_is_written_and_said_once),
		T(a_lock_that_cannot_change_a_code_gets_it_anew),
		T(ongoing_becomes_time_bound_and_back),
		T(a_maker_s_pin_is_told_when_it_is_known),
		T(steps_are_one_at_a_time_and_by_start),
		T(the_same_seed_tells_the_same_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
