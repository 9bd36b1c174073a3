/* test-code-form - a code made or changed in the form, with keys pressed and the outbox looked at. What is expected of
 * an intent is the server's own format, not what the form happens to write. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "core/jsonin.h"
#include "desk.h"
#include "ui/notify.h"

static void one_window_typed_becomes_one_create(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Tab =fri_11am Tab =+2n Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_int_equal(in->kind, INTENT_CREATE);
	assert_int_equal(in->state, INTENT_QUEUED);
	assert_string_equal(in->device_id, "lock-101");
	assert_param(in, "device_id", "lock-101");
	assert_param(in, "name", "Ana");
	/* Friday 27 November 11:00 in Berlin is 10:00 UTC; two nights later the house's 11:00. */
	assert_param(in, "starts_at", "2026-11-27T10:00:00.000Z");
	assert_param(in, "ends_at", "2026-11-29T10:00:00.000Z");
	assert_param(in, "common_code_key", in->common_code_key);
	assert_true(g_str_has_prefix(in->common_code_key, "keyrack-"));
	assert_true(shows(d, "Queued: new code Ana"));
}

/* Who is let in at midnight has a name and nothing else: one night, until the house's 11:00. */
static void a_name_alone_is_one_night(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana");
	assert_true(shows(d, "Mon 23 Nov 2026 11:00 CET  1 night"));
	press(d, "Enter Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "starts_at", "2026-11-22T20:18:00.000Z");
	assert_param(cache_list_at(list, struct intent, 0), "ends_at", "2026-11-23T10:00:00.000Z");
}

/* What is offered as the end is replaced by what is typed, and kept by who moves in it. */
static void help_and_outbox_do_not_pile_up(void **state)
{
	struct desk *d = *state;

	press(d, "? ? ?");
	assert_int_equal(d->app->stack->len, 2);
	press(d, "Esc o ? o ? o");
	assert_int_equal(d->app->stack->len, 2);
}

static void the_offered_end_is_replaced_by_typing(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Tab Tab =ongoing");
	assert_true(shows(d, "no end: ongoing"));
	press(d, "Ctrl-U =+1n Home Right Delete =3");
	assert_true(shows(d, "3 nights"));
}

static void an_emptied_end_makes_an_ongoing_code(void **state)
{
	struct desk *d = *state;

	press(d, "n =cleaner Tab Tab Backspace Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);
	g_autofree char *pin = jsonin_text(in->params, "code");

	assert_param(in, "starts_at", NULL);
	assert_param(in, "ends_at", NULL);
	/* 101 Garden takes 4 to 6 digits. */
	assert_non_null(pin);
	assert_int_equal(strspn(pin, "0123456789"), strlen(pin));
	assert_in_range(strlen(pin), 4, 6);
}

/* The words that say now, typed, are no less than the empty field, which shows the same. */
static void now_until_ongoing_is_ongoing(void **state)
{
	static const char *const keys[] = { "=now Tab =ongoing", "=now Tab Backspace" };
	struct desk *d = *state;

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		press(d, "/ =laundry Enter n =cleaner Tab");
		press(d, keys[i]);
		assert_true(shows(d, "no end: ongoing"));
		assert_true(hides(d, "An end is needed"));
		press(d, "Enter");
		OWN(cache_list) struct cache_list *list = outbox(d, i + 1);
		const struct intent *in = cache_list_at(list, struct intent, 0);

		assert_param(in, "starts_at", NULL);
		assert_param(in, "ends_at", NULL);
	}
}

static void tonight_after_midnight_is_as_soon_as_the_lock_takes_it(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct lock lock = { .device_id = "lock-101", .name = "101 Garden", .managed = TRI_YES, .online = TRI_YES,
			     .battery_pct = -1, .max_active_codes = -1, .device_type = "august_lock",
			     .code_constraints = "[{\"constraint_type\":\"start_date_in_future\"}]", .object = "{}",
			     .can_program_online = TRI_YES, .zone = "Europe/Berlin" };

	assert_true(cache_put_lock(sync, &lock, 0, NULL) >= 0);
	assert_true(instant_parse("2026-11-24T02:15:00Z", -1, &d->app->world.now));
	app_changed(d->app, POKE_LOCKS);
	press(d, "n =Ana Tab =tonight");
	assert_true(shows(d, "Tue 24 Nov 2026 03:31 CET  the soonest this lock takes"));
	press(d, "Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "starts_at", "2026-11-24T02:31:00.000Z");
}

static void several_doors_share_one_pin_and_one_key(void **state)
{
	struct desk *d = *state;

	/* 101 takes 4 to 6 digits, the Gym 6 only: what fits both has 6. */
	press(d, "n =Ana Shift-Tab =gym Enter Tab Enter Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);
	const struct intent *a = cache_list_at(list, struct intent, 0), *b = cache_list_at(list, struct intent, 1);
	g_autofree char *pin = jsonin_text(a->params, "code");

	assert_int_equal(strlen(pin), 6);
	assert_param(b, "code", pin);
	assert_string_equal(a->common_code_key, b->common_code_key);
	assert_string_not_equal(a->device_id, b->device_id);
}

static void offline_code_sends_no_pin(void **state)
{
	struct desk *d = *state;

	/* 104 Sea, an igloohome: found by name, so that the test does not count rows. */
	press(d, "/ =104_Sea Enter n =Ana Tab =tomorrow_15:00 Tab =+1n Ctrl-O Down Down Space Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_string_equal(in->device_id, "lock-104");
	assert_param(in, "is_offline_access_code", "true");
	assert_param(in, "code", NULL);
}

static void put_gate(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct lock gate = {
		.device_id = "lock-gate", .device_type = "dormakaba_oracode", .name = "Pool gate", .zone = "Europe/Berlin",
		.created_at = { HOUSE_NOW.ms - DAY_MS }, .managed = TRI_YES, .online = TRI_YES, .locked = TRI_YES,
		.door_open = TRI_UNKNOWN, .battery_pct = 80, .can_program_online = TRI_UNKNOWN, .can_program_offline = TRI_YES, /* as it is said */
		.supports_backup_pool = TRI_NO, .max_active_codes = -1, .object = "{}",
	};

	assert_int_equal(cache_put_lock(sync, &gate, 0, NULL), CACHE_PUT_NEW);
	app_changed(d->app, POKE_LOCKS);
}

/* What the server would refuse after the other doors' codes are made. */
static void a_lock_of_offline_codes_alone_gets_its_code_by_itself(void **state)
{
	struct desk *d = *state;

	put_gate(d);
	press(d, "/ =laundry Enter n =Ana Shift-Tab =pool Enter Tab");
	assert_true(shows(d, "Pool gate takes offline codes only"));
	press(d, "Enter");
	assert_true(shows(d, "! Pool gate: This lock takes offline codes only"));
	OWN(cache_list) struct cache_list *none = outbox(d, 0);

	assert_non_null(none);
	press(d, "Esc y Esc Esc / =pool Enter n =Ana Tab =tomorrow_15:00 Tab =+1n");
	assert_true(hides(d, "takes offline codes only"));
	press(d, "Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_string_equal(in->device_id, "lock-gate");
	assert_param(in, "is_offline_access_code", "true");
	assert_param(in, "code", NULL);
}

/* What must be refused in the form, and the words that say why. */
static const struct {
	const char *keys, *words;
} refused[] = {
	{ "n Enter", "A name is needed" },
	{ "n =Ana Tab =blursday Enter", "blursday" },
	{ "n =Ana Tab =fri_11am Tab Backspace Enter", "An end is needed" },
	{ "n =Ana Tab Tab =+1 Enter", "'+1' of what?" },
	{ "n =Ana Tab =fri_11am Tab =24.11.2026_10:00 Enter", "! The end must come after the start" },
	{ "n =Ana Tab Tab Tab =4821 Enter", "Anna Berg has this PIN" },
	{ "n =Ana Tab Tab Tab =12 Enter", "more digits" },
	/* 101 takes it, the Gym does not. */
	{ "n =Ana Shift-Tab =gym Enter Tab Tab Tab Tab =7391 Enter", "! Gym: " },
	{ "n Shift-Tab =gymx Enter", "No lock is called “gymx”" },
	{ "n Shift-Tab =gymx Tab =Ana Enter", "“gymx” has marked no door" },
	{ "n =Ana Shift-Tab Space Enter", "Choose a door" },
};

static void what_cannot_be_is_said_and_not_queued(void **state)
{
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		press(d, refused[i].keys);
		if (!shows(d, refused[i].words))
			fail_msg("after %s", refused[i].keys);
		cache_list_free(outbox(d, 0));
		assert_true(shows(d, "New code"));
		press(d, "Esc");
		if (d->app->stack->len > 2)
			press(d, "y");
		while (d->app->stack->len > 1) {
			app_pop(d->app);
			app_turn_done(d->app);
		}
	}
}

static void a_draft_is_not_lost_by_a_stray_escape(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Esc");
	assert_true(shows(d, "Throw away what was typed?"));
	press(d, "Enter"); /* the default changes nothing */
	assert_true(shows(d, "New code"));
	assert_true(shows(d, "Ana"));
	press(d, "Esc y");
	assert_true(hides(d, "New code"));
	press(d, "n Esc"); /* nothing typed: nothing asked */
	assert_true(hides(d, "New code"));
}

static void control_c_asks_like_escape(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Ctrl-C");
	assert_true(shows(d, "Throw away what was typed?"));
	assert_false(d->app->quit);
	press(d, "n");
	assert_true(shows(d, "Ana"));
	assert_true(hides(d, "Nothing was changed"));
}

static void what_is_typed_for_doors_goes_once_it_has_marked_one(void **state)
{
	struct desk *d = *state;

	press(d, "n Shift-Tab =gym");
	assert_true(shows(d, "Enter mark"));
	press(d, "Space =laun Enter");
	assert_true(shows(d, "101 Garden, Gym, Laundry"));
	assert_true(shows(d, "Enter create"));
}

/* The room that the cursor stood on is not the room that was meant. */
static void the_last_door_goes_by_backspace_and_all_by_control_u(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Shift-Tab");
	assert_true(shows(d, "Backspace take away"));
	press(d, "=gym Enter =laun Enter");
	assert_true(shows(d, "101 Garden, Gym, Laundry"));
	press(d, "=xy Backspace Backspace"); /* of what is typed first */
	assert_true(shows(d, "101 Garden, Gym, Laundry"));
	press(d, "Backspace");
	assert_true(shows(d, "101 Garden, Gym  "));
	press(d, "Ctrl-U");
	assert_true(hides(d, "101 Garden, Gym"));
	press(d, "=laun Enter Tab Enter Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_string_equal(cache_list_at(list, struct intent, 0)->device_id, "lock-laundry");
}

/* At 80 columns no reason fits beside its field: it goes under it, whole. */
static void a_long_reason_is_not_cut(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 24, 80);
	press(d, "/ =201 Enter n =Ana Tab Tab =blursday Enter");
	assert_true(shows(d, "'blursday' is not understood. Write for example:"));
	assert_true(shows(d, "+2n, 3h"));
	assert_true(shows(d, "201 Sea is offline: set when it returns"));
}

static void a_letter_in_a_pin_is_answered(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Tab Tab Tab =4x");
	assert_true(shows(d, "A PIN is digits only."));
	press(d, "=٣٩１٨٢");
	assert_true(shows(d, "Taken as the digits of a keypad, 0 to 9."));
	assert_true(shows(d, "is easily mistyped") || shows(d, "fits"));
}

/* Berg is in 101 until Tuesday 11:00; Mueller leaves 102 at 04:00, before Ito comes. */
static void another_stay_at_the_same_time_is_told(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana");
	assert_true(shows(d, "Anna Berg has 101 Garden until Tue 11:00"));
	press(d, "Tab =wed_15:00");
	assert_true(hides(d, "Anna Berg has"));
	press(d, "Esc y / =102 Enter n =Bo Tab =tomorrow_12:00 Tab =+2n");
	assert_true(shows(d, "伊藤 さくら has 102 Garden from tomorrow 15:00 until Wed 11:00"));
}

static void the_end_that_is_typed_does_not_change_what_the_start_says(void **state)
{
	struct desk *d = *state;

	press(d, "n =Ana Tab Tab =+2n");
	assert_true(shows(d, "Sun 22 Nov 2026 21:18 CET"));
	press(d, "=x");
	assert_true(shows(d, "Sun 22 Nov 2026 21:18 CET"));
}

/* Berg's stay ends on Tuesday 24 November at 11:00. */
static void a_night_more_is_counted_from_the_present_end(void **state)
{
	struct desk *d = *state;

	press(d, "/ =berg Enter e Tab Tab =+1n"); /* the first letter replaces what stood there */
	assert_true(shows(d, "Wed 25 Nov 2026 11:00 CET  1 d longer"));
	press(d, "Ctrl-U =13:00");
	assert_true(shows(d, "Tue 24 Nov 2026 13:00 CET  2 h longer"));
	press(d, "Ctrl-U =tomorrow");
	assert_true(shows(d, "Mon 23 Nov 2026 11:00 CET  1 d shorter"));
	press(d, "Ctrl-U =ongoing Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "type", "ongoing");
}

static void edit_sends_only_what_changed(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter e End =_Senior Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_int_equal(in->kind, INTENT_UPDATE);
	assert_param(in, "access_code_id", "code-mueller");
	assert_param(in, "name", "Mueller, J. Senior");
	assert_param(in, "code", NULL);
	assert_param(in, "starts_at", NULL);
	assert_param(in, "ends_at", NULL);
	assert_param(in, "type", NULL);
}

static void emptied_times_make_it_ongoing(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter e Tab Ctrl-U Tab Ctrl-U Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_param(in, "type", "ongoing");
	assert_param(in, "ends_at", NULL);
}

static void a_later_end_keeps_the_start(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter e Tab Tab Ctrl-U =tomorrow_14:00 Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_param(in, "starts_at", "2026-11-21T14:00:00.000Z");
	assert_param(in, "ends_at", "2026-11-23T13:00:00.000Z");
	assert_param(in, "name", NULL);
}

/* A server's refusal, put there as sync does. */
static void refusal_comes_back_beside_its_field(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = NULL;

	press(d, "n =Ana Tab =fri_11am Tab =+2n Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	int64_t no = cache_list_at(list, struct intent, 0)->intent_no;

	sync = cache_open(path, CACHE_SYNC, false, NULL);
	assert_true(outbox_sending(sync, no, HOUSE_NOW, HOUSE_NOW, NULL));
	assert_true(outbox_refused(sync, no, 400, "invalid_input", "The stay is too long",
				   "{\"_errors\":[],\"ends_at\":{\"_errors\":[\"At most one night\"]}}", NULL));
	app_changed(d->app, POKE_OUTBOX);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "1 refused"));
	press(d, "o e");
	assert_true(shows(d, "The server said: The stay is too long"));
	assert_true(shows(d, "! At most one night"));
	assert_true(shows(d, "Ana"));
	/* Changed and sent again: the old one has been dealt with. */
	press(d, "Tab Tab Ctrl-U =+1n Enter");
	OWN(cache_list) struct cache_list *after = outbox_list(d->cache, 1u << INTENT_QUEUED, 10, NULL);

	assert_int_equal(after->rows->len, 1);
	assert_param(cache_list_at(after, struct intent, 0), "ends_at", "2026-11-28T10:00:00.000Z");
	assert_int_equal(cache_counts(d->cache, HOUSE_NOW).outbox_refused, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(one_window_typed_becomes_one_create),
		on_a_desk(a_name_alone_is_one_night),
		on_a_desk(help_and_outbox_do_not_pile_up),
		on_a_desk(the_offered_end_is_replaced_by_typing),
		on_a_desk(an_emptied_end_makes_an_ongoing_code),
		on_a_desk(now_until_ongoing_is_ongoing),
		on_a_desk(tonight_after_midnight_is_as_soon_as_the_lock_takes_it),
		on_a_desk(several_doors_share_one_pin_and_one_key),
		on_a_desk(offline_code_sends_no_pin),
		on_a_desk(a_lock_of_offline_codes_alone_gets_its_code_by_itself),
		on_a_desk(what_cannot_be_is_said_and_not_queued),
		on_a_desk(a_draft_is_not_lost_by_a_stray_escape),
		on_a_desk(control_c_asks_like_escape),
		on_a_desk(what_is_typed_for_doors_goes_once_it_has_marked_one),
		on_a_desk(the_last_door_goes_by_backspace_and_all_by_control_u),
		on_a_desk(a_long_reason_is_not_cut),
		on_a_desk(a_letter_in_a_pin_is_answered),
		on_a_desk(another_stay_at_the_same_time_is_told),
		on_a_desk(the_end_that_is_typed_does_not_change_what_the_start_says),
		on_a_desk(a_night_more_is_counted_from_the_present_end),
		on_a_desk(edit_sends_only_what_changed),
		on_a_desk(emptied_times_make_it_ongoing),
		on_a_desk(a_later_end_keeps_the_start),
		on_a_desk(refusal_comes_back_beside_its_field),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
