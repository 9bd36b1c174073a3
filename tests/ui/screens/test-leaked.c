/* A PIN that was seen: what it opens is shown, and three keys and the PIN put an end to it. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cache/rotas.h"
#include "core/jsonin.h"
#include "desk.h"

static struct cache *sync_of(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	return cache_open(path, CACHE_SYNC, false, NULL);
}

/* Of another at that door, with the same PIN. */
static void put_code(struct desk *d, const char *id, const char *lock, const char *name, const char *pin, bool managed,
		     bool offline)
{
	OWN(cache) struct cache *sync = sync_of(d);
	struct access_code ac = {
		.access_code_id = id, .device_id = lock, .managed = managed, .type = "ongoing", .status = "set",
		.name = name, .code = pin, .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE, .created_at = HOUSE_NOW,
		.is_scheduled_on_device = TRI_UNKNOWN, .is_waiting_for_code_assignment = TRI_NO,
		.is_external_modification_allowed = TRI_NO, .is_offline_access_code = offline ? TRI_YES : TRI_NO,
		.is_one_time_use = TRI_NO, .is_backup = TRI_NO, .is_backup_access_code_available = TRI_NO,
		.cannot_be_managed = TRI_UNKNOWN, .cannot_delete = TRI_UNKNOWN,
	};

	assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
	app_changed(d->app, POKE_CODES);
}

static void three_keys_and_the_pin_give_one_new_pin_to_all_the_guests_doors(void **state)
{
	struct desk *d = *state;

	/* The key cost of this task is four at most, the PIN's digits aside. */
	press(d, "! =551203 Enter a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);
	const struct intent *a = cache_list_at(list, struct intent, 0), *b = cache_list_at(list, struct intent, 1);
	g_autofree char *pin = jsonin_text(a->params, "code");

	assert_int_equal(a->kind, INTENT_UPDATE);
	assert_int_equal(b->kind, INTENT_UPDATE);
	assert_string_not_equal(a->device_id, b->device_id);
	assert_int_equal(strlen(pin), 6);
	assert_string_not_equal(pin, "551203");
	assert_param(b, "code", pin);
	assert_param(a, "starts_at", NULL);
}

static char *pin_of_rota(struct desk *d, int64_t rota_no)
{
	OWN(cache_list) struct cache_list *l = cache_rota(d->cache, rota_no, NULL);

	return g_strdup(cache_list_at(l, struct rota, 0)->pin);
}

/* One that codes have now, and one that is between two shifts and on no lock. */
static void no_rota_uses_it_again(void **state)
{
	static const char *const pins[] = { "551203", "908172" };
	struct desk *d = *state;
	g_autoptr(GArray) locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	int64_t lock_no = cache_lock_find(d->cache, "101 Garden", NULL);

	g_array_append_val(locks, lock_no);
	for (size_t i = 0; i < G_N_ELEMENTS(pins); i++) {
		struct rota r = { .name = "Ines", .pin = pins[i], .last_day = ROTA_NO_END };
		g_autofree char *keys = g_strdup_printf(i ? "! =%s Enter" : "! =%s Enter a", pins[i]);
		g_autofree char *before = NULL, *after = NULL;
		int64_t no;

		assert_true(rota_hours_parse("mon-fri 8-14", &r.hours, NULL));
		no = cache_rota_add(d->cache, &r, locks, "mk", HOUSE_NOW, NULL);
		assert_true(no > 0);
		before = pin_of_rota(d, no);
		press(d, keys);
		after = pin_of_rota(d, no);
		assert_string_equal(before, pins[i]);
		assert_null(after);
	}
}

static void what_it_opens_is_shown_first(void **state)
{
	struct desk *d = *state;

	press(d, "! =331 Esc");
	cache_list_free(outbox(d, 0));
	press(d, "! =3316 Enter");
	assert_true(shows(d, "~1 change"));
	assert_true(shows(d, "It opens 1 door now or later, for: Rossi family."));
	assert_true(shows(d, "Used in 7 days: 103 Sea 1."));
	assert_true(shows(d, "At each door the old PIN stops when"));
	assert_true(shows(d, "used 1 time in 7 days"));
	cache_list_free(outbox(d, 0));
}

static void the_pin_is_never_readable(void **state)
{
	struct desk *d = *state;

	press(d, "! =3316");
	assert_true(hides(d, "3316"));
	press(d, "Enter");
	assert_true(hides(d, "3316"));
	press(d, "a");
	assert_true(hides(d, "3316"));
	press(d, "! =12 Enter");
	assert_true(shows(d, "A PIN has 4 digits or more."));
	press(d, "=398 Enter");
	assert_true(shows(d, "No code has this PIN"));
	assert_true(hides(d, "12398"));
}

static void strays_are_evicted_and_offline_codes_are_blocked_with_why(void **state)
{
	struct desk *d = *state;

	put_code(d, "code-off", "lock-104", "Offline guest", "147099", true, true);
	put_code(d, "code-stray2", "lock-gym", "left behind", "147099", false, false);
	put_code(d, "code-two", "lock-101", "Somebody", "147099", true, false);
	press(d, "! =147099 Enter");
	assert_true(shows(d, "~1 change  -1 revoke  !1 blocked"));
	assert_true(shows(d, "Offline guest"));
	assert_true(shows(d, "an offline code opens until its end"));
	assert_true(shows(d, "a stray with the same PIN"));
	assert_true(shows(d, "It opens 3 doors now or later, for: Offline guest, left behind, Somebody."));
	press(d, "a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);
	int evicted = 0;

	for (guint i = 0; i < 2; i++)
		evicted += cache_list_at(list, struct intent, i)->kind == INTENT_DELETE_UNMANAGED;
	assert_int_equal(evicted, 1);
}

static void two_people_get_two_pins(void **state)
{
	struct desk *d = *state;
	g_autofree char *a = NULL, *b = NULL;

	put_code(d, "code-one", "lock-101", "One", "147099", true, false);
	put_code(d, "code-two", "lock-101", "Two", "147099", true, false);
	press(d, "! =147099 Enter a");
	OWN(cache_list) struct cache_list *list = outbox(d, 2);

	a = jsonin_text(cache_list_at(list, struct intent, 0)->params, "code");
	b = jsonin_text(cache_list_at(list, struct intent, 1)->params, "code");
	assert_false(pin_confusable(a, b));
}

static struct access_code stay(const char *id, const char *lock, const char *name, const char *pin, int from_h,
			       int until_h)
{
	return (struct access_code){
		.access_code_id = id, .device_id = lock, .managed = true, .time_bound = true, .type = "time_bound",
		.status = "set", .name = name, .code = pin, .starts_at = instant_add_ms(HOUSE_NOW, from_h * HOUR_MS),
		.ends_at = instant_add_ms(HOUSE_NOW, until_h * HOUR_MS), .created_at = HOUSE_NOW,
		.is_scheduled_on_device = TRI_UNKNOWN, .is_waiting_for_code_assignment = TRI_NO,
		.is_external_modification_allowed = TRI_NO, .is_offline_access_code = TRI_NO, .is_one_time_use = TRI_NO,
		.is_backup = TRI_NO, .is_backup_access_code_available = TRI_NO, .cannot_be_managed = TRI_UNKNOWN,
		.cannot_delete = TRI_UNKNOWN,
	};
}

/* By their stays: a name is no identity. */
static void two_guests_of_one_name_are_two_people(void **state)
{
	static const struct {
		const char *lock;
		int from, until, people;
	} rows[] = {
		{ "lock-gym", -2, 40, 1 },   /* the same stay at another door */
		{ "lock-103", -2, 64, 1 },   /* a night longer there */
		{ "lock-102", 100, 148, 2 }, /* another, next week */
		{ "lock-104", 10, 50, 2 },
	};
	struct desk *d = *state;
	OWN(cache) struct cache *sync = sync_of(d);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct access_code own = stay("code-one", "lock-101", "Maria Schmidt", "147099", -2, 40),
				   other = stay("code-two", rows[i].lock, "maria schmidt", "147099", rows[i].from,
						rows[i].until);
		g_autofree char *a = NULL, *b = NULL;

		assert_true(cache_put_code(sync, &own, 0, NULL) >= 0 && cache_put_code(sync, &other, 0, NULL) >= 0);
		app_changed(d->app, POKE_CODES);
		press(d, "! =147099 Enter");
		assert_true(rows[i].people == 2 ? shows(d, "(2 of that name)") : hides(d, "of that name"));
		press(d, "a");
		OWN(cache_list) struct cache_list *list = outbox(d, (guint)i * 2 + 2);

		a = jsonin_text(cache_list_at(list, struct intent, 0)->params, "code");
		b = jsonin_text(cache_list_at(list, struct intent, 1)->params, "code");
		if ((strcmp(a, b) == 0) != (rows[i].people == 1))
			fail_msg("row %zu: %s PINs", i, rows[i].people == 1 ? "two" : "one");
		assert_true(cache_delete_code(sync, "code-two", HOUSE_NOW, NULL));
		assert_true(cache_delete_code(sync, "code-one", HOUSE_NOW, NULL));
	}
}

static void a_pin_like_it_at_the_same_door_is_told(void **state)
{
	struct desk *d = *state;

	put_code(d, "code-one", "lock-101", "One", "147099", true, false);
	put_code(d, "code-near", "lock-101", "Nearly", "147098", true, false);
	put_code(d, "code-far", "lock-102", "Elsewhere", "147098", true, false);
	press(d, "! =147099 Enter");
	assert_true(shows(d, "1 PIN there is like it."));
	assert_true(shows(d, "Nearly"));
	assert_true(shows(d, "a PIN like it (one digit differs): not changed"));
	assert_true(hides(d, "Elsewhere"));
	press(d, "a");
	cache_list_free(outbox(d, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(three_keys_and_the_pin_give_one_new_pin_to_all_the_guests_doors),
		on_a_desk(what_it_opens_is_shown_first),
		on_a_desk(no_rota_uses_it_again),
		on_a_desk(the_pin_is_never_readable),
		on_a_desk(strays_are_evicted_and_offline_codes_are_blocked_with_why),
		on_a_desk(two_people_get_two_pins),
		on_a_desk(two_guests_of_one_name_are_two_people),
		on_a_desk(a_pin_like_it_at_the_same_door_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
