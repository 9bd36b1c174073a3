/* test-console - the console with keys pressed and the grid and the outbox looked at; no terminal.
 *
 * The property is Harbour House (house.c) at a fixed moment. What is expected of an intent is the
 * server's own format, not what the form happens to write. */
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

/* ---- changing ---- */

static struct cache *as_sync(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	return cache_open(path, CACHE_SYNC, false, NULL);
}

/* Gives 101 and Berg other properties, as a poll would. */
static void put_berg(struct desk *d, const char *pulled)
{
	OWN(cache) struct cache *sync = as_sync(d);
	struct access_code ac = {
		.access_code_id = "code-berg", .device_id = "lock-101", .workspace_id = "w1",
		.managed = true, .time_bound = true, .type = "time_bound", .status = "set",
		.name = "Anna Berg", .code = "4821",
		.starts_at = { HOUSE_NOW.ms - 1818 * MINUTE_MS }, .ends_at = { HOUSE_NOW.ms + 2262 * MINUTE_MS },
		.created_at = HOUSE_NOW, .is_scheduled_on_device = TRI_YES, .is_backup = TRI_NO,
		.is_backup_access_code_available = TRI_YES, .pulled_backup_access_code_id = pulled,
	};

	assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
	ac.access_code_id = pulled;
	ac.pulled_backup_access_code_id = NULL;
	ac.is_backup = TRI_YES;
	ac.code = "6630";
	if (pulled)
		assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
	app_changed(d->app, POKE_CODES);
}

static void a_backup_promises_no_more_than_is_known(void **state)
{
	struct desk *d = *state;

	put_berg(d, NULL);
	press(d, "/ =berg Enter b");
	assert_true(shows(d, "Read its times"));
	assert_true(hides(d, "at once"));
}

/* What would be refused is not asked for: nothing to say yes to, and no refusal in the title. */
static void where_none_is_ready_there_is_no_question(void **state)
{
	struct desk *d = *state;

	press(d, "/ =berg Enter b");
	assert_true(shows(d, "No backup code is ready for Anna Berg, the server says. r makes a new PIN."));
	press(d, "Enter y");
	cache_list_free(outbox(d, 0));
}

static void a_pulled_backup_keeps_its_times_and_says_so(void **state)
{
	struct desk *d = *state;

	put_berg(d, "code-spare");
	press(d, "/ =4821 Enter b");
	assert_true(shows(d, "Its backup was pulled already: set, Sat 21 Nov 2026 15:00 CET"));
	press(d, "e Tab Tab Ctrl-U =+1n");
	assert_true(shows(d, "! Its backup code keeps its own times: set, Sat 21 Nov 2026 15:00 CET"));
}

static void revoking_says_that_the_backup_goes_on(void **state)
{
	struct desk *d = *state;

	put_berg(d, "code-spare");
	press(d, "/ =4821 Enter x");
	assert_true(shows(d, "Its backup code goes on opening until"));
	press(d, "n Esc / =6630 Enter x");
	assert_true(shows(d, "Revoke Anna Berg"));
	assert_true(hides(d, "goes on opening until"));
}

/* The original's PIN is no use to whoever asks for it now. */
static void what_is_shown_of_a_code_with_a_pulled_backup_is_the_backups_pin(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 24, 80);
	put_berg(d, "code-spare");
	press(d, "/ =4821 Enter");
	assert_true(shows(d, "on the lock, but its backup stands in"));
	press(d, "p");
	assert_true(shows(d, "backup 6630"));
	assert_true(hides(d, "PIN 4821"));
	press(d, "Esc / =6630 Enter");
	assert_true(shows(d, "Anna Berg (backup)"));
}

static void a_name_too_long_for_the_lock_is_a_note(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = as_sync(d);
	struct lock lock = { .device_id = "lock-101", .name = "101 Garden", .managed = TRI_YES, .online = TRI_YES,
			     .battery_pct = -1, .max_active_codes = -1, .device_type = "august_lock",
			     .code_constraints = "[{\"constraint_type\":\"name_length\",\"max_length\":9}]",
			     .object = "{}", .can_unlock = TRI_YES, .can_lock = TRI_UNKNOWN,
			     .can_program_online = TRI_YES, .zone = "Europe/Berlin" };

	assert_true(cache_put_lock(sync, &lock, 0, NULL) >= 0);
	app_changed(d->app, POKE_LOCKS);
	press(d, "n =Mueller,_Johanna");
	assert_true(shows(d, "the lock shows 9 letters: “Mueller, ”"));
	press(d, "Enter Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_param(cache_list_at(list, struct intent, 0), "name", "Mueller, Johanna");
	/* It tells that it can be unlocked from afar and nothing of locking: it cannot. */
	press(d, "Up Up Up Up L");
	assert_true(shows(d, "101 Garden cannot be locked from afar, only unlocked."));
}

/* ---- what became of it ---- */

static void the_outcome_is_told_on_whatever_screen(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = as_sync(d);

	press(d, "n =Ana Enter Enter y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	int64_t no = cache_list_at(list, struct intent, 0)->intent_no;

	assert_true(shows(d, "Queued: new code Ana (p shows the PIN)"));
	press(d, "v");
	assert_true(hides(d, "Queued: new code Ana"));
	assert_true(outbox_sending(sync, no, HOUSE_NOW, HOUSE_NOW, NULL));
	assert_true(outbox_accepted(sync, no, "code-ana", 200, NULL));
	app_changed(d->app, POKE_OUTBOX);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Done: new code Ana on 101 Garden (p shows the PIN)"));
	press(d, "Esc u y");
	OWN(cache_list) struct cache_list *queued = outbox_list(d->cache, 1u << INTENT_QUEUED, 10, NULL);

	no = cache_list_at(queued, struct intent, 0)->intent_no;
	assert_true(outbox_sending(sync, no, HOUSE_NOW, HOUSE_NOW, NULL));
	assert_true(outbox_refused(sync, no, 400, "x", "This device is asleep", NULL, NULL));
	app_changed(d->app, POKE_OUTBOX);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Refused: unlock 101 Garden: This device is asleep (o: outbox)"));
	press(d, "Up");
	assert_true(hides(d, "asleep (o"));
}

/* A PIN that is read out over the counter and does not open brings its guest back. */
static void a_new_code_says_when_it_opens(void **state)
{
	static const struct {
		const char *keys, *rest, *said;
	} rows[] = {
		{ "Enter", NULL, "Done: new code Ana on Laundry (p" },
		{ "Up =15_min Enter", NULL, "Done: new code Ana on Laundry: opens from 21:33 (p" },
		{ "Up =tomorrow_15:00 Enter", NULL, "Done: new code Ana on Laundry: opens from tomorrow 15:00 (p" },
		{ "Enter", "{\"keyrackd\":{\"next\":{\"step\":\"write\",\"at\":\"2026-11-22T20:48:00Z\"}}}",
		  "Done: new code Ana on Laundry: on the lock from 21:48 (p" },
		{ "Enter", "{\"keyrackd\":{\"next\":{\"step\":\"remove\",\"at\":\"2026-11-22T20:48:00Z\"}}}",
		  "Done: new code Ana on Laundry (p" },
	};

	desk_down(state);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct desk *d;

		desk_up(state);
		d = *state;
		OWN(cache) struct cache *sync = as_sync(d);
		struct access_code ac = { .access_code_id = "code-ana",
					  .device_id = "lock-laundry",
					  .workspace_id = "w1",
					  .managed = true,
					  .time_bound = true,
					  .status = "unset",
					  .name = "Ana",
					  .starts_at = HOUSE_NOW,
					  .ends_at = instant_add_ms(HOUSE_NOW, 9 * HOUR_MS),
					  .created_at = HOUSE_NOW,
					  .rest = rows[i].rest };

		press(d, "/ =laundry Enter n =Ana Enter");
		press(d, rows[i].keys);
		OWN(cache_list) struct cache_list *list = outbox(d, 1);
		int64_t no = cache_list_at(list, struct intent, 0)->intent_no;

		assert_true(outbox_sending(sync, no, HOUSE_NOW, HOUSE_NOW, NULL));
		assert_true(outbox_accepted(sync, no, "code-ana", 200, NULL));
		assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
		app_changed(d->app, POKE_OUTBOX | POKE_CODES);
		app_draw(d->app, &d->grid);
		if (!shows(d, rows[i].said))
			fail_msg("row %zu", i);
		if (i + 1 < G_N_ELEMENTS(rows))
			desk_down(state);
	}
}

/* The search would hide the new code: it gives way. */
static void the_cursor_goes_to_the_code_just_made(void **state)
{
	struct desk *d = *state;

	press(d, "/ =rossi Enter n =Ana Enter Enter y p");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	g_autofree char *pin = jsonin_text(cache_list_at(list, struct intent, 0)->params, "code");
	g_autofree char *shown = g_strdup_printf("103 Sea · Ana · PIN %s", pin);

	assert_true(shows(d, shown));
	assert_true(shows(d, "101 Garden"));
}

/* ---- finding ---- */

static void a_search_ends_on_the_guest(void **state)
{
	struct desk *d = *state;

	press(d, "/ =mueller,_j Enter");
	assert_true(shows(d, "102 Garden · Mueller, J."));
	press(d, "Esc");
	/* Every code folds away but those of the lock that is being acted on. */
	assert_true(shows(d, "102 Garden · Mueller, J."));
	assert_true(shows(d, "伊藤 さくら  "));
	press(d, "x");
	assert_true(shows(d, "Revoke Mueller, J. on 102 Garden?"));
	press(d, "n / =laundry Enter");
	assert_true(hides(d, "staff · PIN")); /* a lock found by its own name */
}

static void revoking_says_which_other_doors_stay_open(void **state)
{
	struct desk *d = *state;

	press(d, "/ =104_Sea Enter Right Down x");
	assert_true(shows(d, "the same PIN goes on opening Gym."));
	press(d, "n Esc / =Rossi Enter x");
	assert_true(shows(d, "Revoke Rossi family on 103 Sea?"));
	assert_true(hides(d, "goes on opening"));
}

/* What was never given out here cannot be revoked here. */
static void a_code_that_is_not_ours_is_deleted(void **state)
{
	struct desk *d = *state;

	press(d, "/ =left_over Enter x");
	assert_true(shows(d, "Delete left over from "));
	assert_true(hides(d, "Revoke left"));
}

static void control_c_is_out_of_a_question_and_a_search(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller");
	assert_true(shows(d, "Find"));
	press(d, "Ctrl-C");
	assert_true(hides(d, "Find"));
	press(d, "/ =Mueller Enter x");
	assert_true(shows(d, "Revoke Mueller, J."));
	press(d, "Ctrl-C");
	assert_true(hides(d, "Revoke Mueller, J."));
	OWN(cache_list) struct cache_list *nothing = outbox(d, 0);

	assert_int_equal(nothing->rows->len, 0);
}

static void revoke_asks_and_enter_means_no(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter x");
	assert_true(shows(d, "Revoke Mueller, J. on 102 Garden?"));
	press(d, "Enter");
	cache_list_free(outbox(d, 0));
	press(d, "x y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_int_equal(in->kind, INTENT_DELETE);
	assert_param(in, "access_code_id", "code-mueller");
}

static void unlock_expires_within_a_minute(void **state)
{
	struct desk *d = *state;

	press(d, "u y");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_int_equal(in->kind, INTENT_UNLOCK);
	assert_true(in->expires_at.ms == HOUSE_NOW.ms + INTENT_DOOR_LIFE_MS);
	assert_param(in, "device_id", in->device_id);
}

static void read_only_refuses_with_a_reason(void **state)
{
	struct desk *d = *state;
	static const char *const keys[] = { "n", "u", "x", "b" };

	d->app->world.read_only = true;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		press(d, keys[i]);
		assert_true(shows(d, "is off: this console is read-only."));
		assert_int_equal(d->app->stack->len, 1);
	}
	cache_list_free(outbox(d, 0));
}

/* ---- looking ---- */

static void pins_are_dots_until_asked_for(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter");
	assert_true(hides(d, "9034"));
	press(d, "p");
	assert_true(shows(d, "9034"));
	press(d, "Up");
	assert_true(hides(d, "9034"));
	press(d, "Down Enter");
	assert_true(shows(d, "p shows it"));
	assert_true(hides(d, "9034"));
}

static void search_finds_by_name_without_its_accents_and_by_pin(void **state)
{
	static const struct {
		const char *typed, *found, *not_found;
	} rows[] = {
		{ "/ =rossi", "Rossi family", "102 Garden               locked" },
		{ "/ =zoe", "Gym", "101 Garden               locked" },
		{ "/ =4821", "Anna Berg", "103 Sea                  unlocked" },
		{ "/ =laundry", "Laundry", "101 Garden               locked" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].typed);
		assert_true(shows(d, rows[i].found));
		assert_true(hides(d, rows[i].not_found));
		press(d, "Esc");
		assert_true(shows(d, "101 Garden"));
	}
}

static void cursor_stays_on_its_code_when_rows_come_in_above(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct lock lock = { .device_id = "lock-000", .name = "000 First", .managed = TRI_YES,
			     .online = TRI_YES, .locked = TRI_YES, .battery_pct = -1,
			     .max_active_codes = -1, .device_type = "august_lock", .object = "{}",
			     .created_at = HOUSE_NOW };

	press(d, "4 Down");
	assert_true(shows(d, "102 Garden · 伊藤"));
	assert_int_equal(cache_put_lock(sync, &lock, 0, NULL), CACHE_PUT_NEW);
	app_changed(d->app, POKE_LOCKS);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "000 First"));
	assert_true(shows(d, "102 Garden · 伊藤"));
}

static void every_size_is_drawn_without_a_fault(void **state)
{
	static const char *const screens[] = { NULL, "n", "n Shift-Tab", "n Ctrl-O", "Down Enter",
					       "v",  "o", "?",		 "/ =a",     "x" };
	static const int sizes[] = { 1, 2, 3, 5, 9, 11, 12, 13, 17, 24, 40, 60 };
	struct desk *d = *state;

	for (size_t s = 0; s < G_N_ELEMENTS(screens); s++) {
		if (screens[s])
			press(d, screens[s]);
		for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
			for (int cols = 1; cols <= 200; cols += cols < 20 || (cols > 55 && cols < 85) ? 1 : 13) {
				grid_resize(&d->grid, sizes[i], cols);
				d->grid.ascii = cols % 2;
				app_draw(d->app, &d->grid);
				assert_true(d->grid.cursor_row < sizes[i]);
				assert_true(d->grid.cursor_col < cols);
			}
		grid_resize(&d->grid, 40, 120);
		d->grid.ascii = false;
		while (d->app->stack->len > 1) {
			app_pop(d->app);
			app_turn_done(d->app);
		}
		press(d, "Esc");
	}
}

static void too_small_says_so(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 8, 50);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "keyrack needs 60 by 12"));
}

static void help_runs_what_it_finds(void **state)
{
	struct desk *d = *state;

	press(d, "? =new_access Enter");
	assert_true(shows(d, "New code"));
	assert_true(shows(d, "Doors"));
}

static void freshness_is_words(void **state)
{
	static const struct {
		struct poke_status status;
		bool connected;
		const char *words;
	} rows[] = {
		{ { .phase = SYNC_FOLLOWING, .interval_ms = 2000 }, true, "● live 2 s" },
		{ { .phase = SYNC_FOLLOWING, .interval_ms = 2500 }, true, "● live 2.5 s" },
		{ { .phase = SYNC_FOLLOWING, .live = true, .interval_ms = 2000, .lag_ms = 3 }, true,
		  "● live 3 ms" },
		{ { .phase = SYNC_COMPARING, .live = true, .interval_ms = 2000 }, true,
		  "● live 1 ms, comparing" },
		{ { .phase = SYNC_FOLLOWING, .live = true, .interval_ms = 2000, .lag_ms = 1500 }, true,
		  "● live 1.5 s" },
		{ { .phase = SYNC_PULLING, .done = 1240, .total = 5000 }, true, "◐ pulling 1,240 of 5,000 codes" },
		{ { .phase = SYNC_WAITING, .ok_at = { INT64_C(1795378680000) - 7 * 3600000 },
		    .next_at = { INT64_C(1795378680000) + 60000 } }, true, "○ offline since 14:18 · retry 21:19:00" },
		{ { .phase = SYNC_NO_ACCESS }, true, "✗ key refused" },
		{ { .phase = SYNC_FOLLOWING }, false, "○ sync not running" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		d->app->world.sync = &rows[i].status;
		d->app->world.sync_connected = rows[i].connected;
		app_draw(d->app, &d->grid);
		assert_true(shows(d, rows[i].words));
	}
}

static bool has_cause(GPtrArray *all, const char *key)
{
	for (guint i = 0; i < all->len; i++)
		if (g_str_has_prefix(((struct notice *)g_ptr_array_index(all, i))->key, key))
			return true;
	return false;
}

static void notices_are_those_that_need_a_person(void **state)
{
	struct desk *d = *state;
	g_autoptr(GPtrArray) all = notify_causes(&d->app->world);

	assert_true(has_cause(all, "code-failed code-dubois"));
	assert_true(has_cause(all, "lock-offline lock-201"));
	assert_int_equal(all->len, 2);
	d->profile->notify_lock_offline = false;
	g_autoptr(GPtrArray) fewer = notify_causes(&d->app->world);

	assert_int_equal(fewer->len, 1);
}

static void the_rack_is_one_key_away_but_nothing_typed_is_lost(void **state)
{
	struct desk *d = *state;

	press(d, "F2 F4 F5 F3");
	assert_int_equal(d->app->stack->len, 1);
	press(d, "F2 F3 n =Haddad F3");
	assert_true(shows(d, "Haddad"));
	press(d, "Esc y F4 F3");
	assert_int_equal(d->app->stack->len, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(a_backup_promises_no_more_than_is_known),
		on_a_desk(where_none_is_ready_there_is_no_question),
		on_a_desk(a_pulled_backup_keeps_its_times_and_says_so),
		on_a_desk(revoking_says_that_the_backup_goes_on),
		on_a_desk(what_is_shown_of_a_code_with_a_pulled_backup_is_the_backups_pin),
		on_a_desk(a_name_too_long_for_the_lock_is_a_note),
		on_a_desk(the_outcome_is_told_on_whatever_screen),
		on_a_desk(a_new_code_says_when_it_opens),
		on_a_desk(the_cursor_goes_to_the_code_just_made),
		on_a_desk(a_search_ends_on_the_guest),
		on_a_desk(revoking_says_which_other_doors_stay_open),
		on_a_desk(a_code_that_is_not_ours_is_deleted),
		on_a_desk(control_c_is_out_of_a_question_and_a_search),
		on_a_desk(revoke_asks_and_enter_means_no),
		on_a_desk(unlock_expires_within_a_minute),
		on_a_desk(read_only_refuses_with_a_reason),
		on_a_desk(pins_are_dots_until_asked_for),
		on_a_desk(search_finds_by_name_without_its_accents_and_by_pin),
		on_a_desk(cursor_stays_on_its_code_when_rows_come_in_above),
		on_a_desk(every_size_is_drawn_without_a_fault),
		on_a_desk(too_small_says_so),
		on_a_desk(help_runs_what_it_finds),
		on_a_desk(freshness_is_words),
		on_a_desk(notices_are_those_that_need_a_person),
		on_a_desk(the_rack_is_one_key_away_but_nothing_typed_is_lost),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
