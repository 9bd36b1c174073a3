/* test-staff - who has codes without an end; suspended on all doors by one key, and let in again. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cache/staff.h"
#include "core/jsonin.h"
#include "desk.h"

static struct cache *as_sync(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	return cache_open(path, CACHE_SYNC, false, NULL);
}

static void tell(struct desk *d)
{
	app_changed(d->app, POKE_CODES | POKE_OUTBOX);
	app_draw(d->app, &d->grid);
}

/* Priya has the laundry too, so that a person has two doors. */
static void two_doors(struct desk *d, struct cache *sync)
{
	struct access_code ac = { .access_code_id = "code-priya-2",
				  .device_id = "lock-laundry",
				  .workspace_id = "w1",
				  .managed = true,
				  .type = "ongoing",
				  .status = "set",
				  .name = "Priya N.",
				  .code = "118264",
				  .starts_at = INSTANT_NONE,
				  .ends_at = INSTANT_NONE,
				  .created_at = { HOUSE_NOW.ms - DAY_MS } };

	assert_true(cache_put_code(sync, &ac, 0, NULL) > 0);
	tell(d);
}

/* As sync does when the server has taken the deletions. */
static void all_deleted(struct desk *d, struct cache *sync)
{
	OWN(cache_list) struct cache_list *list = outbox_list(d->cache, 1u << INTENT_QUEUED, 20, NULL);

	for (guint i = 0; i < list->rows->len; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);

		assert_true(outbox_sending(sync, in->intent_no, HOUSE_NOW, HOUSE_NOW, NULL));
		assert_true(outbox_accepted(sync, in->intent_no, in->access_code_id, 200, NULL));
		assert_true(cache_delete_code(sync, in->access_code_id, HOUSE_NOW, NULL));
	}
	tell(d);
}

static const struct intent *on_door(const struct cache_list *list, enum intent_kind kind, const char *device_id)
{
	for (guint i = 0; i < list->rows->len; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);

		if (in->kind == kind && g_strcmp0(in->device_id, device_id) == 0)
			return in;
	}
	fail_msg("nothing of that kind on %s", device_id);
	return NULL;
}

static void staff_are_people_with_their_doors(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = as_sync(d);

	two_doors(d, sync);
	press(d, "S");
	assert_true(shows(d, "Codes without an end: 4 people"));
	assert_true(shows(d, "Priya N.                 Gym: set, not used yet"));
	assert_true(shows(d, "                         Laundry: set, not used yet"));
	assert_true(hides(d, "Anna Berg")); /* her code has an end */
	assert_true(hides(d, "left over")); /* nobody manages it from here */
}

/* Three with the person chosen: S, z, y. */
static void suspending_is_one_question_for_all_doors_and_the_same_pin_afterwards(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = as_sync(d);

	two_doors(d, sync);
	press(d, "S z");
	assert_true(shows(d, "Suspend Priya N. on Gym, Laundry?"));
	press(d, "n");
	cache_list_free(outbox(d, 0));

	press(d, "z y");
	OWN(cache_list) struct cache_list *two = outbox(d, 2);

	assert_param(on_door(two, INTENT_DELETE, "lock-gym"), "access_code_id", "code-priya");
	assert_param(on_door(two, INTENT_DELETE, "lock-laundry"), "access_code_id", "code-priya-2");
	assert_true(hides(d, "suspended Sun")); /* nothing is gone yet */
	all_deleted(d, sync);
	assert_true(shows(d, "Gym: suspended 21:18 by "));
	assert_true(shows(d, "4 people; doors suspended: 2"));
	press(d, "z");
	assert_true(shows(d, "Let Priya N. in again?"));
	assert_true(shows(d, "The same PIN: Gym, Laundry"));
	press(d, "y");
	OWN(cache_list) struct cache_list *four = outbox(d, 4);

	assert_param(on_door(four, INTENT_CREATE, "lock-gym"), "code", "118264");
	assert_param(on_door(four, INTENT_CREATE, "lock-laundry"), "code", "118264");
	assert_param(on_door(four, INTENT_CREATE, "lock-gym"), "ends_at", NULL);
	assert_true(shows(d, "Gym: new code queued"));
	assert_true(hides(d, "suspended 21:18"));
}

static void a_pin_that_is_taken_meanwhile_becomes_another(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = as_sync(d);
	struct access_code rival = { .access_code_id = "code-rival",
				     .device_id = "lock-laundry",
				     .workspace_id = "w1",
				     .managed = true,
				     .type = "ongoing",
				     .status = "set",
				     .name = "Zara",
				     .code = "2580",
				     .starts_at = INSTANT_NONE,
				     .ends_at = INSTANT_NONE,
				     .created_at = { HOUSE_NOW.ms - DAY_MS } };

	press(d, "S Down z y");
	all_deleted(d, sync);
	assert_true(cache_put_code(sync, &rival, 0, NULL) > 0);
	tell(d);
	assert_true(shows(d, "staff                    Laundry: suspended"));
	press(d, "z");
	assert_true(shows(d, "Another PIN"));
	press(d, "y");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);
	g_autofree char *pin = jsonin_text(on_door(list, INTENT_CREATE, "lock-laundry")->params, "code");

	assert_string_not_equal(pin, "2580");
	assert_int_equal(strlen(pin), 4);
}

static void who_has_left_for_good_is_forgotten(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = as_sync(d);

	press(d, "S z y");
	all_deleted(d, sync);
	press(d, "x");
	assert_true(shows(d, "Forget that Priya N. had Gym?"));
	press(d, "y");
	assert_true(hides(d, "Gym: suspended"));
	assert_null(cache_staff_pin(d->cache, cache_lock_no(d->cache, "lock-gym"), "priya n."));
}

/* What was kept is not shown while the code is there: a revocation that was taken back leaves it. */
static void a_suspension_that_was_taken_back_is_none(void **state)
{
	struct desk *d = *state;

	press(d, "S z y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_true(outbox_withdraw(d->cache, cache_list_at(list, struct intent, 0)->intent_no, NULL));
	tell(d);
	assert_true(shows(d, "Priya N.                 Gym: set"));
	assert_true(hides(d, "Gym: suspended"));
}

static void a_new_code_of_staff_has_no_end(void **state)
{
	struct desk *d = *state;

	press(d, "S n =Lea Enter Enter =gym Enter Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "ends_at", NULL);
	assert_true(shows(d, "Lea                      Gym: new code queued"));
}

static void somebody_works_in_the_mornings(void **state)
{
	struct desk *d = *state;

	press(d, "S n =Ines Enter e h");
	assert_true(shows(d, "101 Garden, 102 Garden, Gym"));
	press(d, "Enter");
	OWN(cache_list) struct cache_list *made = outbox(d, 3);

	assert_param(on_door(made, INTENT_CREATE, "lock-gym"), "starts_at", "2026-11-23T07:00:00.000Z");
	assert_param(on_door(made, INTENT_CREATE, "lock-101"), "ends_at", "2026-11-23T13:00:00.000Z");
	assert_true(shows(d, "Ines  Mon-Fri 08:00-14:00"));
	assert_true(shows(d, "Gym: its code is on its way, tomorrow 08:00 to 14:00"));
	press(d, "End z");
	assert_true(shows(d, "Suspend the rota of Ines?"));
	press(d, "y");
	assert_true(shows(d, "Gym: suspended"));
	press(d, "End z y End x");
	assert_true(shows(d, "End the rota of Ines?"));
	press(d, "y");
	assert_true(hides(d, "Ines  Mon-Fri"));
}

static void hours_that_are_none_are_said(void **state)
{
	struct desk *d = *state;

	press(d, "S n =Ines Enter =mon_8-25");
	assert_true(shows(d, "'8-25' is no day of the week and no hours"));
	press(d, "Enter");
	assert_true(shows(d, "Staff: a new code"));
	OWN(cache_list) struct cache_list *none = outbox(d, 0);
	assert_non_null(none);
}

/* Nobody should have to make a rota to learn how its hours were read. */
static void what_is_typed_is_said_back(void **state)
{
	static const struct {
		const char *keys, *says;
	} rows[] = {
		{ "=mon-fri_8-14", "Mon-Fri 08:00-14:00" },
		{ "Down Down =24.12.", "Thu 24 Dec 2026" },
	};
	struct desk *d = *state;

	press(d, "S n =Ines Enter");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(what_is_typed_is_said_back),
		on_a_desk(staff_are_people_with_their_doors),
		on_a_desk(suspending_is_one_question_for_all_doors_and_the_same_pin_afterwards),
		on_a_desk(a_pin_that_is_taken_meanwhile_becomes_another),
		on_a_desk(who_has_left_for_good_is_forgotten),
		on_a_desk(a_suspension_that_was_taken_back_is_none),
		on_a_desk(a_new_code_of_staff_has_no_end),
		on_a_desk(somebody_works_in_the_mornings),
		on_a_desk(hours_that_are_none_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
