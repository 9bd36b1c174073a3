/* What somebody else does at the lock: codes found there, codes changed and removed. */
#include "config.h"

#include "house.h"

#include "engine/store_ops.h"

static struct house *with(void **state, const char *device_type)
{
	struct house *h = *state;

	fake_add(h->fake, "d1", device_type);
	house_open(h);
	house_run(h, 2 * SECOND_MS);
	return h;
}

static const char *unmanaged_id(struct house *h, const char *pin)
{
	OWN(store_list) struct store_list *l = store_code_by_pin(h->store, "d1", pin, NULL);

	for (guint i = 0; l && i < l->rows->len; i++) {
		if (!store_at(l, struct store_code, i)->managed)
			return g_intern_string(store_at(l, struct store_code, i)->access_code_id);
	}
	return NULL;
}

static void first_contact_only_reads(void **state)
{
	struct house *h = *state;
	const char *id;

	fake_add(h->fake, "d1", "nuki_lock")->latency_ms = 10 * SECOND_MS;
	fake_app_add(h->fake, "d1", "999888", "Cleaner");
	house_open(h);
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, 9 * SECOND_MS);
	assert_string_equal(h->fake->log->str, "read d1\n");
	house_run(h, 40 * SECOND_MS);
	assert_true(g_str_has_prefix(h->fake->log->str, "read d1\nset d1 246813\n"));
	assert_status(h, id, "set");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 2);
	assert_events(h, unmanaged_id(h, "999888"), "unmanaged.created");
}

static void a_lock_that_could_not_be_read_yet_is_not_written(void **state)
{
	struct house *h = *state;
	const char *id;

	fake_add(h->fake, "d1", "nuki_lock")->reads_that_fail = 2;
	house_open(h);
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, 10 * SECOND_MS);
	assert_string_equal(h->fake->log->str, "read d1\nread d1\n");
	house_run(h, MINUTE_MS);
	assert_status(h, id, "set");
	assert_string_equal(h->fake->log->str,
			    "read d1\nread d1\nread d1\nset d1 246813\nread d1\n");
}

static void a_changed_pin_is_said_and_put_back(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, 5 * SECOND_MS);
	fake_app_pin(h->fake, "d1", "246813", "111999");
	house_run(h, 400);
	assert_true(house_problems(h, id) & PROBLEM_MODIFIED_ERROR);
	house_run(h, 5 * SECOND_MS);
	assert_int_equal(house_problems(h, id), 0);
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "246813"));
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 1);
	assert_events(h, id, "created set_on_device modified_external_to_seam set_on_device");
}

static void a_removed_code_is_said_and_put_back_until_its_end(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, HOUR_MS);

	house_run(h, 5 * SECOND_MS);
	fake_app_remove(h->fake, "d1", "246813");
	house_run(h, 5 * SECOND_MS);
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "246813"));
	house_run(h, HOUR_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0);
	assert_events(h, id,
		      "created set_on_device deleted_external_to_seam set_on_device "
		      "removed_from_device deleted");
}

static void where_it_is_allowed_the_outside_state_stands(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct code_request r = house_request("d1");
	const char *id;

	r.code = "246813";
	r.external_ok = TRI_YES;
	assert_true(house_make(h, r, &id));
	house_run(h, 5 * SECOND_MS);
	fake_app_pin(h->fake, "d1", "246813", "111999");
	house_run(h, HOUR_MS);
	assert_int_equal(house_problems(h, id), PROBLEM_MODIFIED_WARNING);
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 1);
	assert_status(h, id, "set");
	assert_events(h, id, "created set_on_device modified_external_to_seam");
}

static void a_fight_is_stopped(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, 5 * SECOND_MS);
	for (int i = 0; i < PLAN_FIGHTS_MAX + 3; i++) {
		if (fake_code(fake_lock(h->fake, "d1"), "246813"))
			fake_app_remove(h->fake, "d1", "246813");
		house_run(h, MINUTE_MS);
	}
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 1 + PLAN_FIGHTS_MAX);
	assert_true(house_problems(h, id) & PROBLEM_FAILED_TO_SET);
	assert_int_equal(house_row(h, id).reason, REASON_FIGHT);
}

static void a_pin_that_an_unmanaged_code_holds_is_a_duplicate_on_the_device(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id;

	fake_app_add(h->fake, "d1", "246813", "Cleaner");
	house_run(h, SECOND_MS);
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, MINUTE_MS);
	assert_int_equal(house_problems(h, id) & PROBLEM_DUPLICATE, PROBLEM_DUPLICATE);
	assert_string_equal(house_row(h, id).rival_id, unmanaged_id(h, "246813"));
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 0);
	assert_true(engine_delete_unmanaged(h->engine, unmanaged_id(h, "246813"), &h->no));
	house_run(h, 10 * SECOND_MS);
	assert_status(h, id, "set");
	assert_int_equal(house_problems(h, id), 0);
}

static void a_duplicate_that_only_the_lock_knows_is_read_and_named(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct fake_lock *l = fake_lock(h->fake, "d1");
	const char *id;

	/* Made in the app, and nobody told us. */
	struct driver_events events = h->fake->driver.events;
	h->fake->driver.events = (struct driver_events){ 0 };
	fake_app_add(h->fake, "d1", "246813", "Cleaner");
	h->fake->driver.events = events;
	id = house_code(h, "d1", "246813", 0, 0);
	house_run(h, 5 * SECOND_MS);
	assert_true(house_problems(h, id) & PROBLEM_DUPLICATE);
	assert_non_null(unmanaged_id(h, "246813"));
	assert_int_equal(l->n_codes, 1);
}

static void an_unmanaged_code_is_adopted_under_its_id(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id;

	fake_app_add(h->fake, "d1", "246813", "Cleaner");
	house_run(h, SECOND_MS);
	id = unmanaged_id(h, "246813");
	assert_true(engine_convert(h->engine, id, TRI_UNKNOWN, &h->no));
	house_run(h, HOUR_MS);
	assert_true(house_row(h, id).managed);
	assert_status(h, id, "set");
	assert_int_equal(fake_lock(h->fake, "d1")->sets, 0);
	assert_events(h, id, "unmanaged.created unmanaged.converted_to_managed");
	assert_true(engine_delete(h->engine, id, &h->no));
	house_run(h, 5 * SECOND_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0);
}

static void what_a_lock_hides_cannot_be_adopted(void **state)
{
	struct house *h = with(state, "smartthings_lock");
	OWN(store_list) struct store_list *l = NULL;
	struct store_code_filter f = { .device_id = "d1", .managed = 0 };

	fake_app_add(h->fake, "d1", "2468", "Cleaner");
	house_run(h, SECOND_MS);
	l = store_codes(h->store, &f, NULL, NULL);
	assert_int_equal(l->rows->len, 1);
	const char *id = store_at(l, struct store_code, 0)->access_code_id;
	assert_false(engine_convert(h->engine, id, TRI_UNKNOWN, &h->no));
	assert_int_equal(h->no.status, 400);
	assert_events(h, id, "unmanaged.created unmanaged.failed_to_convert_to_managed");
}

static void a_pin_that_is_hidden_is_never_proven_and_the_rest_is_looked_at(void **state)
{
	struct house *h = with(state, "smartthings_lock");
	struct fake_lock *l = fake_lock(h->fake, "d1");
	const char *id = house_code(h, "d1", "2468", 0, 0);
	struct code_request r = house_request(NULL);
	struct store_code row;
	bool changed;

	house_run(h, 5 * SECOND_MS);
	assert_int_equal(house_row(h, id).done.belief, BELIEF_WRITTEN);
	/* An edit whose answer is lost, and which was not done: its code is there, and looks the
	 * same. */
	r.access_code_id = id;
	r.code = "3579";
	fake_fail(h->fake, "d1", DRIVER_LOST, 1);
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_run(h, HOUR_MS);
	assert_non_null(fake_code(l, "3579"));
	assert_null(fake_code(l, "2468"));
	/* Lost and done; then an edit, after which it has yet another. */
	l->lost_but_done = true;
	r.code = "4681";
	fake_fail(h->fake, "d1", DRIVER_LOST, 1);
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_run(h, HOUR_MS);
	r.code = "5792";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_run(h, HOUR_MS);
	assert_non_null(fake_code(l, "5792"));
	/* A PIN that somebody changed cannot be seen: nothing is proven by looking. */
	fake_app_pin(h->fake, "d1", "5792", "6813");
	house_run(h, MINUTE_MS);
	fake_app_add(h->fake, "d1", "7913", "Cleaner");
	house_run(h, MINUTE_MS);
	row = house_row(h, id);
	assert_int_equal(row.done.belief, BELIEF_WRITTEN);
	assert_int_equal(engine_outlook(h->engine, &row).belief, BELIEF_WRITTEN);
	/* That it is gone can be, and comes from outside. */
	fake_app_remove(h->fake, "d1", "6813");
	house_run(h, 10 * SECOND_MS);
	assert_non_null(strstr(house_events(h, id), "deleted_external_to_seam"));
	assert_non_null(fake_code(l, "5792"));
	assert_status(h, id, "set");
}

static void an_unmanaged_code_vanishes_or_is_deleted(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id, *other;

	fake_app_add(h->fake, "d1", "246813", "Cleaner");
	fake_app_add(h->fake, "d1", "357924", "Gardener");
	house_run(h, SECOND_MS);
	id = unmanaged_id(h, "246813");
	other = unmanaged_id(h, "357924");
	fake_app_remove(h->fake, "d1", "246813");
	house_run(h, SECOND_MS);
	assert_status(h, id, "404");
	assert_true(engine_delete_unmanaged(h->engine, other, &h->no));
	house_run(h, SECOND_MS);
	assert_status(h, other, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0);
	assert_events(h, id, "unmanaged.created unmanaged.removed");
	assert_events(h, other, "unmanaged.created unmanaged.removed");
}

static void an_unlock_names_its_code_where_the_lock_system_does(void **state)
{
	static const struct {
		const char *type;
		bool names;
	} rows[] = { { "august_lock", true }, { "nuki_lock", false } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *own = NULL;
		struct house *h;
		const char *id;

		house_up(&own);
		h = with(&own, rows[i].type);
		id = house_code(h, "d1", "246813", 0, 0);
		house_run(h, 5 * SECOND_MS);
		h->fake->driver.events.door("d1", true, "keycode", "h1", "246813", AT(0),
					    h->fake->driver.events_ctx);
		assert_events(h, id,
			      rows[i].names ? "created set_on_device lock.unlocked"
					    : "created set_on_device");
		house_down(&own);
	}
}

/* ---- locks that do not tell ---- */

/* Somebody at the lock, which says nothing of it. */
static void silently_set_pin(struct house *h, const char *pin, const char *other)
{
	struct fake_code *c = fake_code(fake_lock(h->fake, "d1"), pin);

	g_free(c->pin);
	c->pin = g_strdup(other);
}

static struct house *polled(void **state, const char *device_type)
{
	((struct house *)*state)->options.poll_ms = 0;
	return with(state, device_type);
}

static void a_lock_that_does_not_tell_is_read_every_quarter_of_an_hour(void **state)
{
	struct house *h = polled(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	int reads;

	house_run(h, MINUTE_MS);
	reads = fake_lock(h->fake, "d1")->reads;
	silently_set_pin(h, "246813", "999000");
	house_run(h, 15 * MINUTE_MS);
	assert_events(h, id, "created set_on_device modified_external_to_seam set_on_device");
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "246813"));
	assert_in_range(fake_lock(h->fake, "d1")->reads - reads, 2, 3); /* one of them verifies */
	reads = fake_lock(h->fake, "d1")->reads;
	house_run(h, 12 * HOUR_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->reads - reads, 48);
	assert_int_equal(fake_lock(h->fake, "d1")->in_flight_most, 1);
}

static const struct store_ops *real_ops;
static int transactions;

static bool count_begin(struct store *s, GError **err)
{
	transactions++;
	return real_ops->begin(s, err);
}

/* History is looked through every hour; nothing else needs the store. */
static void reading_what_was_read_costs_no_transaction(void **state)
{
	struct house *h = polled(state, "nuki_lock");
	struct store_ops counting;
	int reads;

	house_code(h, "d1", "246813", 0, 0);
	house_run(h, MINUTE_MS);
	reads = fake_lock(h->fake, "d1")->reads;
	real_ops = h->store->ops;
	counting = *real_ops;
	counting.begin = count_begin;
	h->store->ops = &counting;
	transactions = 0;
	house_run(h, 12 * HOUR_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->reads - reads, 48);
	assert_in_range(transactions, 1, 12);
	silently_set_pin(h, "246813", "999000");
	house_run(h, 15 * MINUTE_MS);
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "246813"));
	h->store->ops = real_ops;
}

static void strays_are_found_by_polling(void **state)
{
	struct house *h = polled(state, "nuki_lock");
	void (*tells)(const char *, void *) = h->fake->driver.events.codes_changed;

	h->fake->driver.events.codes_changed = NULL;
	fake_app_add(h->fake, "d1", "999888", "Cleaner");
	assert_null(unmanaged_id(h, "999888"));
	house_run(h, 15 * MINUTE_MS);
	assert_non_null(unmanaged_id(h, "999888"));
	h->fake->driver.events.codes_changed = tells;
}

static void only_what_can_be_read_is_polled(void **state)
{
	static const struct {
		const char *type;
		bool online;
		int64_t poll_ms;
		int reads; /* in an hour */
	} rows[] = {
		{ "nuki_lock", true, 0, 4 },
		{ "nuki_lock", true, 30 * MINUTE_MS, 2 },
		{ "nuki_lock", true, -1, 0 },
		{ "nuki_lock", false, 0, 0 },
		{ "smartthings_lock", true, 0, 4 },
		{ "dormakaba_oracode_door", true, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *own = NULL;
		struct house *h;
		int reads;

		house_up(&own);
		((struct house *)own)->options.poll_ms = rows[i].poll_ms;
		h = with(&own, rows[i].type);
		if (!rows[i].online)
			fake_online(h->fake, "d1", false);
		reads = fake_lock(h->fake, "d1")->reads;
		house_run(h, HOUR_MS);
		if (fake_lock(h->fake, "d1")->reads - reads != rows[i].reads)
			fail_msg("%s %d: %d", rows[i].type, (int)i,
				 fake_lock(h->fake, "d1")->reads - reads);
		house_down(&own);
	}
}

static void polls_are_spread_over_their_period(void **state)
{
	struct house *h = *state;
	int most = 0;

	h->options.poll_ms = 0;
	for (int i = 0; i < 60; i++) {
		g_autofree char *id = g_strdup_printf("%d-lock", i * 7919);

		fake_add(h->fake, id, "nuki_lock");
	}
	house_open(h);
	house_run(h, 5 * SECOND_MS);
	for (int minute = 0; minute < 15; minute++) {
		g_string_truncate(h->fake->log, 0);
		house_run(h, MINUTE_MS);
		most = MAX(most, (int)h->fake->log->len);
	}
	assert_in_range(most, 1, 15 * strlen("read 100000-lock\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, house_up, house_down)
		T(first_contact_only_reads),
		T(a_lock_that_could_not_be_read_yet_is_not_written),
		T(a_changed_pin_is_said_and_put_back),
		T(a_removed_code_is_said_and_put_back_until_its_end),
		T(where_it_is_allowed_the_outside_state_stands),
		T(a_fight_is_stopped),
		T(a_pin_that_an_unmanaged_code_holds_is_a_duplicate_on_the_device),
		T(a_duplicate_that_only_the_lock_knows_is_read_and_named),
		T(an_unmanaged_code_is_adopted_under_its_id),
		T(what_a_lock_hides_cannot_be_adopted),
		T(a_pin_that_is_hidden_is_never_proven_and_the_rest_is_looked_at),
		T(an_unmanaged_code_vanishes_or_is_deleted),
		T(a_lock_that_does_not_tell_is_read_every_quarter_of_an_hour),
		T(reading_what_was_read_costs_no_transaction),
		T(strays_are_found_by_polling),
		cmocka_unit_test(only_what_can_be_read_is_polled),
		T(polls_are_spread_over_their_period),
		cmocka_unit_test(an_unlock_names_its_code_where_the_lock_system_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
