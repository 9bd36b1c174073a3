/* test-alike - a name that only looks like another's bears a mark wherever it is read, and its detail says why. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>

#include "desk.h"
#include "ui/screens/words.h"

#define CYRILLIC "Ann\u0430 Berg" /* of which there is an Anna Berg in 101 */

static struct cache *sync_of(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	return cache_open(path, CACHE_SYNC, false, NULL);
}

static void put(struct desk *d, const char *id, const char *name)
{
	OWN(cache) struct cache *sync = sync_of(d);
	struct access_code ac = {
		.access_code_id = id, .device_id = "lock-gym", .managed = true, .type = "time_bound", .status = "set", .name = name,
		.code = "730915", .starts_at = { HOUSE_NOW.ms - HOUR_MS }, .ends_at = { HOUSE_NOW.ms + DAY_MS },
		.created_at = { HOUSE_NOW.ms - DAY_MS }, .time_bound = true, .is_offline_access_code = TRI_NO,
		.cannot_be_managed = TRI_UNKNOWN, .cannot_delete = TRI_UNKNOWN,
	};

	assert_int_equal(cache_put_code(sync, &ac, 0, NULL), CACHE_PUT_NEW);
	app_changed(d->app, POKE_CODES);
	app_draw(d->app, &d->grid);
}

static void it_bears_a_mark_on_every_screen(void **state)
{
	static const struct {
		const char *keys, *shows;
	} rows[] = {
		{ "/ =gym Enter", "≈" CYRILLIC },
		{ "/ =730915 Enter", "Looks like Anna Berg, who is somebody else: Cyrillic letters" },
		{ "/ =730915 Enter Enter", "Looks like Anna Berg, who is somebody else: Cyrillic letters" },
		{ "/ =730915 Enter w", "≈" CYRILLIC },
		{ "/ =730915 Enter t", "≈" CYRILLIC },
		{ "/ =730915 Enter i", "Looks like Anna Berg, who is somebody else" },
		{ "A", "≈" CYRILLIC },
		{ "/ =gym Enter Left O", "≈" CYRILLIC },
		{ "! =730915 Enter", "≈" CYRILLIC },
		{ "n =Ann\u0430_Berg Tab", "Looks like Anna Berg" },
	};
	struct desk *d = *state;

	grid_resize(&d->grid, 60, 120);
	put(d, "twin", CYRILLIC);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		if (!shows(d, rows[i].shows))
			fail_msg("%s", rows[i].keys);
		press(d, "Esc y Esc y F3 Esc Esc Esc Home");
	}
	assert_true(hides(d, "≈Anna"));
	press(d, "n =Anna_Berg Tab");
	assert_true(hides(d, "Looks like"));
}

static void a_code_of_the_pool_is_called_by_the_beginning_of_its_id(void **state)
{
	static const struct {
		const char *name, *shown;
	} rows[] = {
		{ "Backup 4c2a1a7a-a85c-4f0e-9d52-0b6c1e7f3a11 (Seam)", "backup code 4c2a" },
		{ "Backup 4c2a1a7a-a85c-4f0e-9d52-0b6c1e7f3a11", "backup code 4c2a" },
		{ "Backup 4c2a1a7a", "Backup 4c2a1a7a" },
		{ "Backup", "Backup" },
		{ "Anna Berg", "Anna Berg" },
	};
	char shown[NAME_SHOWN_MAX];

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_string_equal(name_shown(rows[i].name, "4c2a1a7a", NULL, false, shown), rows[i].shown);
}

/* Nobody is accused who is the only one of their name, nor the one whom another looks like. */
static void nobody_is_marked_without_another(void **state)
{
	struct desk *d = *state;

	put(d, "vera", "\u0412\u0435\u0440\u0430");
	put(d, "olga", "\u041e\u043b\u044c\u0433\u0430");
	press(d, "/ =gym Enter");
	assert_true(shows(d, "\u0412\u0435\u0440\u0430"));
	assert_true(hides(d, "≈"));
}

static void a_lock_that_looks_like_another_is_marked_too(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = sync_of(d);
	struct lock lock = {
		.device_id = "lock-twin", .device_type = "schlage_lock", .name = "101 G\u0430rden", .zone = "Europe/Berlin",
		.created_at = { HOUSE_NOW.ms - DAY_MS }, .managed = TRI_YES, .online = TRI_YES, .locked = TRI_YES,
		.door_open = TRI_UNKNOWN, .battery_pct = 80, .can_lock = TRI_YES, .can_unlock = TRI_YES,
		.can_program_online = TRI_YES, .can_program_offline = TRI_NO, .supports_backup_pool = TRI_NO,
		.max_active_codes = -1, .object = "{}",
	};

	assert_int_equal(cache_put_lock(sync, &lock, 0, NULL), CACHE_PUT_NEW);
	app_changed(d->app, POKE_LOCKS);
	grid_resize(&d->grid, 40, 120);
	press(d, "F3");
	assert_true(shows(d, "≈101 G\u0430rden"));
	press(d, "/ =\u0430rden Enter");
	assert_true(shows(d, "Looks like 101 Garden, which is another door: Cyrillic letters"));
	press(d, "Enter");
	assert_true(shows(d, "Looks like 101 Garden, which is another door: Cyrillic letters"));
	d->grid.ascii = true;
	press(d, "F3");
	assert_true(shows(d, "=?101 G?rden"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(it_bears_a_mark_on_every_screen),
		on_a_desk(a_code_of_the_pool_is_called_by_the_beginning_of_its_id),
		on_a_desk(nobody_is_marked_without_another),
		on_a_desk(a_lock_that_looks_like_another_is_marked_too),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
