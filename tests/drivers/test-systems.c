/* The fourteen lock systems through driver.h: what each takes, shows, opens for and tells. */
#include "tests/drivers/house.h"

#include "engine/offline.h"

#define YES true
#define NO  false

static const struct system_row {
	const char *type;
	const char *pin, *wrong_pin; /* NULL: the provider chooses */
	bool native, names_code, can_lock;
	int lock_names_it;	    /* characters of a name that it shows; 0: all */
	const char *long_name_text; /* NULL: it cuts */
} systems[] = {
	{ "two_n_intercom", "4826", "482", YES, NO, NO, 0, NULL },
	{ "august_lock", "4826", NULL, YES, YES, YES, 0, NULL },
	{ "igloohome_lock", "482615", "482", YES, NO, YES, 0, NULL },
	{ "kwikset_lock", "48261537", "482", YES, YES, YES, 14, NULL },
	{ "lockly_lock", "482615", "4826", NO, NO, YES, 0, NULL },
	{ "nuki_lock", "482615", "128654", YES, NO, YES, 20, "too long" },
	{ "salto_lock", NULL, NULL, YES, YES, NO, 0, NULL },
	{ "schlage_lock", "4826", "4866", YES, YES, YES, 9, "too long" },
	{ "smartthings_lock", "4826", NULL, NO, NO, YES, 0, NULL },
	{ "tedee_lock", "48261", "48484", YES, YES, YES, 0, NULL },
	{ "ttlock_lock", "4826", NULL, YES, YES, YES, 0, NULL },
	{ "wyze_lock", "4826", NULL, YES, NO, YES, 0, NULL },
	{ "yale_lock", "4826", NULL, YES, YES, YES, 0, NULL },
};

static struct house *house_of(const char *type, const char *more)
{
	g_autofree char *text = g_strdup_printf("[lock Door]\ntype = %s\n%s", type, more);

	return house_new(text, 7);
}

static struct on_lock stay(const char *pin, const char *name)
{
	return (struct on_lock){ .pin = pin,
				 .name = name,
				 .starts_at = at("2026-01-05T13:00:00Z"),
				 .ends_at = at("2026-01-05T15:00:00Z"),
				 .enabled = true };
}

static struct on_lock always(const char *pin)
{
	return (struct on_lock){ .pin = pin,
				 .name = "Guest",
				 .starts_at = INSTANT_NONE,
				 .ends_at = INSTANT_NONE,
				 .enabled = true };
}

static void a_code_lives_its_life(const struct system_row *row)
{
	OWN(house) struct house *h = house_of(row->type, "");
	struct on_lock code = stay(row->pin, "Guest");
	struct house_answer set = house_set(h, "Door", NULL, &code);
	g_autofree char *expected = NULL;
	const char *told, *pin = row->pin ? row->pin : set.pin;

	ROW_INT(row->type, set.result, DRIVER_OK);
	assert_true(set.handle[0]);
	ROW_INT(row->type, set.pin[0] != '\0', row->pin == NULL);

	/* Just before and at the start; a lock without a schedule has opened all the time. */
	house_until(h, "2026-01-05T12:59:59Z");
	ROW_INT(row->type, house_opens(h, "Door", pin), !row->native);
	house_until(h, "2026-01-05T13:00:00Z");
	house_told(h);
	ROW_INT(row->type, house_opens(h, "Door", pin), true);
	told = house_told(h);
	expected =
		g_strdup_printf("unlocked Door keycode %s", row->names_code ? set.handle : "- -");
	if (!g_str_has_prefix(told, expected))
		fail_msg("%s: told '%s', not '%s'", row->type, told, expected);

	house_until(h, "2026-01-05T14:59:59Z");
	ROW_INT(row->type, house_opens(h, "Door", pin), true);
	house_until(h, "2026-01-05T15:00:00Z");
	ROW_INT(row->type, house_opens(h, "Door", pin), !row->native);

	struct house_answer gone = house_remove(h, "Door", set.handle);
	struct house_answer again = house_remove(h, "Door", set.handle);

	ROW_INT(row->type, gone.result, DRIVER_OK);
	ROW_INT(row->type, again.result, DRIVER_NOT_THERE);
	ROW_INT(row->type, house_opens(h, "Door", pin), false);
	house_answer_clear(&set);
	house_answer_clear(&gone);
	house_answer_clear(&again);
}

static void each_system_keeps_a_code_from_writing_to_removal(void **state)
{
	(void)state;
	FOR_ROWS(i, systems)
	a_code_lives_its_life(&systems[i]);
}

static void each_system_shows_its_codes_as_far_as_it_can(void **state)
{
	(void)state;
	FOR_ROWS(i, systems)
	{
		const struct system_row *row = &systems[i];
		OWN(house) struct house *h = house_of(row->type, "");
		struct on_lock code = stay(row->pin, "Guest");
		struct house_answer set = house_set(h, "Door", NULL, &code);
		struct house_answer read = house_read(h, "Door");
		const char *pin =
			h->system->read_back == READ_ALL ? row->pin ? row->pin : set.pin : "****";
		g_autofree char *line = g_strdup_printf(
			"%s %s 'Guest' %s on\n", set.handle, pin,
			row->native ? "2026-01-05T13:00:00..2026-01-05T15:00:00" : "..");

		if (h->system->read_back == READ_NOTHING) {
			ROW_INT(row->type, read.result, DRIVER_REFUSED);
		} else {
			ROW_INT(row->type, read.result, DRIVER_OK);
			ROW_TEXT(row->type, read.codes->str, line);
		}
		house_answer_clear(&set);
		house_answer_clear(&read);
	}
}

static void each_system_refuses_what_breaks_its_rules(void **state)
{
	(void)state;
	FOR_ROWS(i, systems)
	{
		const struct system_row *row = &systems[i];
		OWN(house) struct house *h = house_of(row->type, "");
		struct on_lock first = stay(row->pin, "Guest"), second = stay(row->pin, "Other");
		struct on_lock wrong = stay(row->wrong_pin ? row->wrong_pin : "999x", "Wrong");
		struct house_answer a = house_set(h, "Door", NULL, &first);
		struct house_answer b = house_set(h, "Door", NULL, &wrong);
		struct house_answer c = house_set(h, "Door", NULL, &second);

		ROW_INT(row->type, a.result, DRIVER_OK);
		ROW_INT(row->type, b.result, DRIVER_REFUSED);
		ROW_INT(row->type, c.result, row->pin ? DRIVER_DUPLICATE : DRIVER_OK);
		house_answer_clear(&a);
		house_answer_clear(&b);
		house_answer_clear(&c);
	}
}

static void a_long_name_is_cut_or_refused(void **state)
{
	const char *name = "Bartholomew Featherstonehaugh";

	(void)state;
	FOR_ROWS(i, systems)
	{
		const struct system_row *row = &systems[i];
		OWN(house) struct house *h = house_of(row->type, "");
		struct on_lock code = stay(row->pin, name);
		struct house_answer a;
		g_autofree char *shown = NULL;

		if (row->lock_names_it == 0)
			continue;
		a = house_set(h, "Door", NULL, &code);
		shown = house_json(h, "Door", "codes.0.name");
		if (row->long_name_text) {
			ROW_INT(row->type, a.result, DRIVER_REFUSED);
			assert_non_null(strstr(a.text, row->long_name_text));
			assert_null(shown);
		} else {
			g_autofree char *cut = g_strndup(name, (size_t)row->lock_names_it);

			ROW_INT(row->type, a.result, DRIVER_OK);
			ROW_TEXT(row->type, shown, cut);
		}
		house_answer_clear(&a);
	}
}

static void a_door_is_turned_from_afar_where_it_can_be(void **state)
{
	(void)state;
	FOR_ROWS(i, systems)
	{
		const struct system_row *row = &systems[i];
		OWN(house) struct house *h = house_of(row->type, "");
		struct house_answer open = house_turn(h, "Door", true);
		struct house_answer shut = house_turn(h, "Door", false);

		ROW_INT(row->type, open.result, DRIVER_OK);
		ROW_INT(row->type, shut.result, row->can_lock ? DRIVER_OK : DRIVER_REFUSED);
		assert_true(g_str_has_prefix(house_told(h), "unlocked Door remote - -"));
		house_answer_clear(&open);
		house_answer_clear(&shut);
	}
}

static void a_change_leaves_only_the_new_pin(void **state)
{
	(void)state;
	FOR_ROWS(i, systems)
	{
		const struct system_row *row = &systems[i];
		OWN(house) struct house *h = house_of(row->type, "");
		struct on_lock code = always(row->pin);
		struct house_answer a, b;
		g_autofree char *used = NULL, *other = NULL;

		if (!row->pin)
			continue;
		other = g_strreverse(g_strdup(row->pin));
		a = house_set(h, "Door", NULL, &code);
		code.pin = other;
		b = house_set(h, "Door", a.handle, &code);
		ROW_INT(row->type, b.result, DRIVER_OK);
		/* Whether it was changed or written anew shows in the handle. */
		ROW_INT(row->type, strcmp(a.handle, b.handle) == 0, h->system->edit_in_place);
		ROW_INT(row->type, house_opens(h, "Door", other), true);
		ROW_INT(row->type, house_opens(h, "Door", row->pin), false);
		used = house_json(h, "Door", "slots.used");
		ROW_TEXT(row->type, used, "1");
		house_answer_clear(&a);
		house_answer_clear(&b);
	}
}

/* ---- offline codes ---- */

static const char *token_of(struct house *h)
{
	return h->driver->ops->offline_token(h->driver, house_id(h, "Door"));
}

static struct offline_code offline(struct house *h, const char *type, const char *from,
				   const char *until, bool once, char pin[static PIN_MAX + 1])
{
	struct offline_request r = { .device_type = type,
				     .zone = zone_get("Europe/Berlin"),
				     .starts_at = at(from),
				     .ends_at = until ? at(until) : INSTANT_NONE,
				     .one_time = once,
				     .max_rounding_ms = HOUR_MS,
				     .now = clock_now(h->clock) };
	struct offline_code code;
	const char *why = NULL;

	if (!offline_fit(&r, &code, &why))
		fail_msg("%s: %s", type, why);
	offline_pin(token_of(h), &code, 0, offline_digits(type), pin);
	return code;
}

static void a_lock_without_any_connection_opens_for_a_computed_pin(void **state)
{
	static const struct {
		const char *type, *from, *until;
	} row[] = {
		{ "igloohome_lock", "2026-01-05T14:00:00Z", "2026-01-05T20:00:00Z" },
		{ "dormakaba_oracode_door", "2026-01-05T14:00:00Z", "2026-01-07T10:00:00Z" },
		{ "lockly_lock", "2026-01-05T14:00:00Z", "2026-01-05T20:00:00Z" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		OWN(house) struct house *h = house_of(row[i].type, "faults = offline\n");
		OWN(house)
		struct house *elsewhere = house_new(
			"[lock Door]\ntype = igloohome_lock\n[lock Other]\ntype = lockly_lock\n",
			7);
		char pin[PIN_MAX + 1];
		struct offline_code code =
			offline(h, row[i].type, row[i].from, row[i].until, false, pin);
		struct instant now = clock_now(h->clock);

		clock_advance(h->clock, instant_diff_ms(code.starts_at, now) - SECOND_MS);
		ROW_INT(row[i].type, house_opens(h, "Door", pin), false);
		clock_advance(h->clock, SECOND_MS);
		ROW_INT(row[i].type, house_opens(h, "Door", pin), true);
		clock_advance(h->clock,
			      instant_diff_ms(code.ends_at, clock_now(h->clock)) - SECOND_MS);
		ROW_INT(row[i].type, house_opens(h, "Door", pin), true);
		clock_advance(h->clock, SECOND_MS);
		ROW_INT(row[i].type, house_opens(h, "Door", pin), false);
		/* Another lock has another token. */
		ROW_INT(row[i].type, house_opens(elsewhere, "Other", pin), false);
	}
}

static void a_code_for_one_use_is_dead_after_it_and_stays_so(void **state)
{
	static const char *const types[] = { "igloohome_lock", "lockly_lock" };

	(void)state;
	FOR_ROWS(i, types)
	{
		OWN(house) struct house *h = house_of(types[i], "");
		char pin[PIN_MAX + 1];

		offline(h, types[i], "2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z", true, pin);
		ROW_INT(types[i], house_opens(h, "Door", pin), true);
		ROW_INT(types[i], house_opens(h, "Door", pin), false);
		house_restart(h);
		ROW_INT(types[i], house_opens(h, "Door", pin), false);
	}
}

static void a_long_igloohome_code_dies_unless_it_is_used_on_its_first_day(void **state)
{
	(void)state;
	for (int used = 0; used <= 1; used++) {
		OWN(house) struct house *h = house_of("igloohome_lock", "");
		char pin[PIN_MAX + 1];

		offline(h, "igloohome_lock", "2026-01-05T12:00:00Z", "2026-01-08T12:00:00Z", false,
			pin);
		house_until(h, "2026-01-06T11:59:59Z");
		if (used)
			assert_true(house_opens(h, "Door", pin));
		house_restart(h);
		house_until(h, "2026-01-06T12:00:01Z");
		assert_int_equal(house_opens(h, "Door", pin), used);
	}
}

static void oracode_takes_no_code_that_is_sent(void **state)
{
	OWN(house) struct house *h = house_of("dormakaba_oracode_door", "");
	struct on_lock code = stay("482615", "Guest");
	struct house_answer a = house_set(h, "Door", NULL, &code);

	(void)state;
	assert_int_equal(a.result, DRIVER_REFUSED);
	assert_false(house_opens(h, "Door", "482615"));
	house_answer_clear(&a);
}

/* ---- the keypad ---- */

static void wrong_pins_are_reported_by_those_that_report_them(void **state)
{
	static const struct {
		const char *type;
		int wrong_until_told; /* 0: never */
	} row[] = {
		{ "igloohome_lock", 1 }, { "kwikset_lock", 3 },	    { "salto_lock", 3 },
		{ "schlage_lock", 4 },	 { "august_lock", 5 },	    { "two_n_intercom", 0 },
		{ "nuki_lock", 0 },	 { "smartthings_lock", 0 }, { "lockly_lock", 0 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		OWN(house) struct house *h = house_of(row[i].type, "");
		int told_after = 0;

		for (int n = 1; n <= 5 && !told_after; n++) {
			assert_false(house_opens(h, "Door", "99887766"));
			if (strcmp(house_told(h), "denied Door unknown_code\n") == 0)
				told_after = n;
		}
		ROW_INT(row[i].type, told_after, row[i].wrong_until_told);
	}
}

static void a_blocked_keypad_opens_for_nobody_until_its_time_is_over(void **state)
{
	OWN(house) struct house *h = house_of("kwikset_lock", "");
	struct on_lock code = always("4826");
	struct house_answer a = house_set(h, "Door", NULL, &code);

	(void)state;
	for (int n = 0; n < 3; n++)
		assert_false(house_opens(h, "Door", "1111"));
	assert_false(house_opens(h, "Door", "4826"));
	clock_advance(h->clock, 75 * SECOND_MS - 1);
	assert_false(house_opens(h, "Door", "4826"));
	clock_advance(h->clock, 1);
	assert_true(house_opens(h, "Door", "4826"));
	house_answer_clear(&a);
}

static void a_door_locks_itself_again(void **state)
{
	OWN(house)
	struct house *h = house_new("[lock Door]\ntype = ttlock_lock\n"
				    "[lock Garage]\ntype = nuki_lock\nauto-lock = no\n",
				    7);

	(void)state;
	assert_true(simulated_turn_by_hand(h->driver, house_id(h, "Door"), true, NULL));
	assert_true(simulated_turn_by_hand(h->driver, house_id(h, "Garage"), true, NULL));
	house_told(h);
	clock_advance(h->clock, HOUR_MS);
	assert_text(house_told(h), "locked Door automatic - - 2026-01-05T12:00:05\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_system_keeps_a_code_from_writing_to_removal),
		cmocka_unit_test(each_system_shows_its_codes_as_far_as_it_can),
		cmocka_unit_test(each_system_refuses_what_breaks_its_rules),
		cmocka_unit_test(a_long_name_is_cut_or_refused),
		cmocka_unit_test(a_door_is_turned_from_afar_where_it_can_be),
		cmocka_unit_test(a_change_leaves_only_the_new_pin),
		cmocka_unit_test(a_lock_without_any_connection_opens_for_a_computed_pin),
		cmocka_unit_test(a_code_for_one_use_is_dead_after_it_and_stays_so),
		cmocka_unit_test(a_long_igloohome_code_dies_unless_it_is_used_on_its_first_day),
		cmocka_unit_test(oracode_takes_no_code_that_is_sent),
		cmocka_unit_test(wrong_pins_are_reported_by_those_that_report_them),
		cmocka_unit_test(a_blocked_keypad_opens_for_nobody_until_its_time_is_over),
		cmocka_unit_test(a_door_locks_itself_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
