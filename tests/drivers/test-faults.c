/* Every fault that can be asked for, somebody with the maker's app, a clock that is late. */
#include "tests/drivers/house.h"

#include "core/error.h"

#define TWO_DOORS                                                                                  \
	"[lock Door]\ntype = yale_lock\nbattery = 80\nslots = 3\n"                                 \
	"[lock Twin]\ntype = yale_lock\n[lock Nuki]\ntype = nuki_lock\n"

static const struct on_lock guest = { .pin = "4826",
				      .name = "Guest",
				      .starts_at = { INT64_MIN },
				      .ends_at = { INT64_MIN },
				      .enabled = true };

static void fault(struct house *h, const char *name, const char *which, bool on)
{
	assert_true(simulated_fault(h->driver, house_id(h, name), which, on, NULL));
}

static char *codes_held(struct house *h)
{
	return house_json(h, "Door", "slots.used");
}

static void a_fault_is_answered_as_what_it_is_and_passes(void **state)
{
	static const struct {
		const char *fault;
		enum driver_result set, read;
		const char *held; /* codes in the lock after the set */
		int64_t took_at_least;
	} row[] = {
		{ "offline", DRIVER_UNREACHABLE, DRIVER_UNREACHABLE, "0", 2000 },
		{ "slow", DRIVER_OK, DRIVER_OK, "1", 20000 },
		{ "lost_answer", DRIVER_LOST, DRIVER_OK, "1", 10000 },
		{ "refused", DRIVER_REFUSED, DRIVER_OK, "0", 100 },
		{ "jammed", DRIVER_OK, DRIVER_OK, "1", 100 },
		{ "full_memory", DRIVER_FULL, DRIVER_OK, "0", 100 },
		{ "clock_drift", DRIVER_OK, DRIVER_OK, "1", 100 },
		{ "low_battery", DRIVER_OK, DRIVER_OK, "1", 100 },
		{ "account_lost", DRIVER_UNREACHABLE, DRIVER_UNREACHABLE, "0", 2000 },
		{ "removed", DRIVER_UNREACHABLE, DRIVER_UNREACHABLE, "0", 2000 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		OWN(house) struct house *h = house_new(TWO_DOORS, 7);
		struct house_answer set, read, after;
		g_autofree char *held = NULL;
		struct on_lock other = guest;

		other.pin = "9137";
		other.name = "Other";
		fault(h, "Door", row[i].fault, true);
		set = house_set(h, "Door", NULL, &guest);
		read = house_read(h, "Door");
		held = codes_held(h);
		ROW_INT(row[i].fault, set.result, row[i].set);
		ROW_INT(row[i].fault, read.result, row[i].read);
		ROW_TEXT(row[i].fault, held, row[i].held);
		ROW_INT(row[i].fault, set.took_ms >= row[i].took_at_least, true);
		fault(h, "Door", row[i].fault, false);
		after = house_set(h, "Door", NULL, &other);
		ROW_INT(row[i].fault, after.result, DRIVER_OK);
		house_answer_clear(&set);
		house_answer_clear(&read);
		house_answer_clear(&after);
	}
}

static void faults_are_told_when_they_come_and_when_they_go(void **state)
{
	static const struct {
		const char *fault, *on, *off;
	} row[] = {
		{ "offline", "device Door offline locked 80\n", "device Door online locked 80\n" },
		{ "low_battery", "device Door online locked 4\n",
		  "device Door online locked 80\n" },
		{ "removed", "removed Door\n", "device Door online locked 80\n" },
		/* One account for every lock of the maker. */
		{ "account_lost", "account lost\n", "account connected\n" },
		{ "slow", "", "" },
		{ "refused", "", "" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		OWN(house) struct house *h = house_new(TWO_DOORS, 7);

		fault(h, "Door", row[i].fault, true);
		ROW_TEXT(row[i].fault, house_told(h), row[i].on);
		fault(h, "Door", row[i].fault, true);
		ROW_TEXT(row[i].fault, house_told(h), "");
		fault(h, "Door", row[i].fault, false);
		ROW_TEXT(row[i].fault, house_told(h), row[i].off);
	}
}

static void a_lost_account_is_that_of_every_lock_of_the_maker(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	struct house_answer twin, nuki;

	(void)state;
	fault(h, "Door", "account_lost", true);
	twin = house_read(h, "Twin");
	nuki = house_read(h, "Nuki");
	assert_int_equal(twin.result, DRIVER_UNREACHABLE);
	assert_int_not_equal(nuki.result, DRIVER_UNREACHABLE);
	house_answer_clear(&twin);
	house_answer_clear(&nuki);
}

static void what_happens_at_the_door_meanwhile_is_told_on_return(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	struct house_answer a = house_set(h, "Door", NULL, &guest);
	struct simulated_change rename = { .name = "Somebody",
					   .starts_at = INSTANT_NONE,
					   .ends_at = INSTANT_NONE };

	(void)state;
	house_until(h, "2026-01-05T13:00:00Z");
	fault(h, "Door", "offline", true);
	house_told(h);
	assert_true(house_opens(h, "Door", "4826"));
	assert_true(simulated_app(h->driver, house_id(h, "Door"), NULL, "4826", &rename, NULL));
	house_until(h, "2026-01-05T14:00:00Z");
	assert_text(house_told(h), "");
	fault(h, "Door", "offline", false);
	assert_text(house_told(h), "device Door online locked 80\n"
				   "unlocked Door keycode 1 4826 2026-01-05T13:00:00\n"
				   "locked Door automatic - - 2026-01-05T13:00:30\n"
				   "codes Door\n");
	house_answer_clear(&a);
}

static void connection_goes(void *ctx)
{
	fault(ctx, "Door", "offline", true);
}

static void going_offline_before_the_answer_leaves_the_asker_in_doubt(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	struct house_answer set;
	g_autofree char *held = NULL;

	(void)state;
	fault(h, "Door", "slow", true);
	/* Carried out after 13.3 s, answered after 20. */
	clock_at(h->clock, instant_add_ms(clock_now(h->clock), 15000), connection_goes, h);
	set = house_set(h, "Door", NULL, &guest);
	held = codes_held(h);
	assert_int_equal(set.result, DRIVER_LOST);
	assert_string_equal(held, "1");
	house_answer_clear(&set);
}

static void a_full_lock_says_so(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	static const char *const pins[] = { "4826", "9137", "7351", "6082" };

	(void)state;
	FOR_ROWS(i, pins)
	{
		struct on_lock code = { .pin = pins[i],
					.name = pins[i],
					.starts_at = INSTANT_NONE,
					.ends_at = INSTANT_NONE,
					.enabled = true };
		struct house_answer a = house_set(h, "Door", NULL, &code);

		ROW_INT(pins[i], a.result, i < 3 ? DRIVER_OK : DRIVER_FULL);
		house_answer_clear(&a);
	}
}

static void a_jammed_bolt_moves_for_nobody(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	struct house_answer set = house_set(h, "Door", NULL, &guest), turn;

	(void)state;
	fault(h, "Door", "jammed", true);
	turn = house_turn(h, "Door", true);
	assert_int_equal(turn.result, DRIVER_JAMMED);
	assert_false(house_opens(h, "Door", "4826"));
	assert_false(simulated_turn_by_hand(h->driver, house_id(h, "Door"), true, NULL));
	assert_text(house_told(h), "");
	house_answer_clear(&set);
	house_answer_clear(&turn);
}

static void a_late_clock_opens_late_and_closes_late(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	struct on_lock code = guest;
	struct house_answer a;

	(void)state;
	code.starts_at = at("2026-01-05T13:00:00Z");
	code.ends_at = at("2026-01-05T15:00:00Z");
	a = house_set(h, "Door", NULL, &code);
	fault(h, "Door", "clock_drift", true);
	house_until(h, "2026-01-05T13:09:59Z");
	assert_false(house_opens(h, "Door", "4826"));
	house_until(h, "2026-01-05T13:10:00Z");
	assert_true(house_opens(h, "Door", "4826"));
	house_until(h, "2026-01-05T15:09:59Z");
	assert_true(house_opens(h, "Door", "4826"));
	house_until(h, "2026-01-05T15:10:00Z");
	assert_false(house_opens(h, "Door", "4826"));
	house_answer_clear(&a);
}

static void the_app_changes_one_thing_and_the_lock_tells(void **state)
{
	static const struct {
		const char *what;
		struct simulated_change change;
		const char *line; /* of a read; the whole window is fixed below */
	} row[] = {
		{ "PIN",
		  { .code = "7351" },
		  "1 7351 'Guest' 2026-01-05T13:00:00..2026-01-05T15:00:00 on\n" },
		{ "name",
		  { .name = "Else" },
		  "1 4826 'Else' 2026-01-05T13:00:00..2026-01-05T15:00:00 on\n" },
		{ "end",
		  { .ends_at = { INT64_C(1767631500000) } },
		  "1 4826 'Guest' 2026-01-05T13:00:00..2026-01-05T16:45:00 on\n" },
		{ "removal", { .remove = true }, "" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		OWN(house) struct house *h = house_new(TWO_DOORS, 7);
		struct on_lock code = guest;
		struct simulated_change change = row[i].change;
		struct house_answer set, read;

		code.starts_at = at("2026-01-05T13:00:00Z");
		code.ends_at = at("2026-01-05T15:00:00Z");
		set = house_set(h, "Door", NULL, &code);
		change.starts_at = INSTANT_NONE;
		if (change.ends_at.ms == 0)
			change.ends_at = INSTANT_NONE;
		assert_true(
			simulated_app(h->driver, house_id(h, "Door"), set.handle, NULL, &change, NULL));
		ROW_TEXT(row[i].what, house_told(h), "codes Door\n");
		read = house_read(h, "Door");
		ROW_TEXT(row[i].what, read.codes->str, row[i].line);
		house_answer_clear(&set);
		house_answer_clear(&read);
	}
}

static void codes_made_in_the_app_are_shown_as_far_as_each_maker_shows_them(void **state)
{
	static const struct {
		const char *type, *line;
	} row[] = {
		{ "yale_lock", "1 482615 'By hand' .. on\n" },
		{ "kwikset_lock", "" },
		{ "smartthings_lock", "1 **** 'By hand' .. on\n" },
		{ "wyze_lock", "1 **** 'By hand' .. on\n" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		g_autofree char *text = g_strdup_printf("[lock Door]\ntype = %s\n", row[i].type);
		OWN(house) struct house *h = house_new(text, 7);
		struct on_lock code = guest;
		struct house_answer read;

		code.pin = "482615";
		code.name = "By hand";
		assert_true(simulated_app_add(h->driver, house_id(h, "Door"), &code, NULL));
		read = house_read(h, "Door");
		ROW_TEXT(row[i].type, read.codes->str, row[i].line);
		assert_true(house_opens(h, "Door", "482615"));
		house_answer_clear(&read);
	}
}

static void a_provider_puts_back_a_pin_that_it_chose_itself(void **state)
{
	OWN(house) struct house *h = house_new("[lock Door]\ntype = salto_lock\n", 7);
	struct on_lock code = guest;
	struct simulated_change removal = { .remove = true };
	struct house_answer first, again, own;

	(void)state;
	code.pin = "482615";
	own = house_set(h, "Door", NULL, &code);
	assert_int_equal(own.result, DRIVER_REFUSED);
	code.pin = NULL;
	first = house_set(h, "Door", NULL, &code);
	assert_int_equal(first.result, DRIVER_OK);
	assert_true(simulated_app(h->driver, house_id(h, "Door"), NULL, first.pin, &removal, NULL));
	assert_false(house_opens(h, "Door", first.pin));
	house_restart(h);
	code.pin = first.pin;
	again = house_set(h, "Door", NULL, &code);
	assert_int_equal(again.result, DRIVER_OK);
	assert_true(house_opens(h, "Door", first.pin));
	house_answer_clear(&first);
	house_answer_clear(&again);
	house_answer_clear(&own);
}

/* A lock's own names of its codes are digits, as PINs are. */
static void a_pin_is_not_taken_for_a_handle(void **state)
{
	OWN(house) struct house *h = house_new("[lock Door]\ntype = nuki_lock\n", 7);
	struct on_lock code = guest;
	struct simulated_change removal = { .remove = true };
	struct house_answer a;
	const char *door = house_id(h, "Door");

	(void)state;
	code.pin = "482615";
	a = house_set(h, "Door", NULL, &code);
	assert_false(simulated_app(h->driver, door, NULL, a.handle, &removal, NULL));
	assert_false(simulated_app(h->driver, door, "482615", NULL, &removal, NULL));
	assert_true(simulated_app(h->driver, door, a.handle, NULL, &removal, NULL));
	assert_false(house_opens(h, "Door", "482615"));
	house_answer_clear(&a);
}

static void what_is_asked_for_wrongly_is_said(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	g_autoptr(GError) no_fault = NULL;
	g_autoptr(GError) no_lock = NULL;
	g_autoptr(GError) no_code = NULL;
	struct simulated_change removal = { .remove = true };

	(void)state;
	assert_false(simulated_fault(h->driver, house_id(h, "Door"), "on_fire", true, &no_fault));
	assert_true(g_error_matches(no_fault, KEYRACK_ERROR, KEYRACK_ERROR_USAGE));
	assert_false(simulated_fault(h->driver, "nobody", "offline", true, &no_lock));
	assert_true(g_error_matches(no_lock, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND));
	assert_false(simulated_app(h->driver, house_id(h, "Door"), NULL, "1234", &removal, &no_code));
	assert_true(g_error_matches(no_code, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_is_answered_as_what_it_is_and_passes),
		cmocka_unit_test(faults_are_told_when_they_come_and_when_they_go),
		cmocka_unit_test(a_lost_account_is_that_of_every_lock_of_the_maker),
		cmocka_unit_test(what_happens_at_the_door_meanwhile_is_told_on_return),
		cmocka_unit_test(going_offline_before_the_answer_leaves_the_asker_in_doubt),
		cmocka_unit_test(a_full_lock_says_so),
		cmocka_unit_test(a_jammed_bolt_moves_for_nobody),
		cmocka_unit_test(a_late_clock_opens_late_and_closes_late),
		cmocka_unit_test(the_app_changes_one_thing_and_the_lock_tells),
		cmocka_unit_test(codes_made_in_the_app_are_shown_as_far_as_each_maker_shows_them),
		cmocka_unit_test(a_provider_puts_back_a_pin_that_it_chose_itself),
		cmocka_unit_test(a_pin_is_not_taken_for_a_handle),
		cmocka_unit_test(what_is_asked_for_wrongly_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
