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

/* ---- the form ---- */

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

static void empty_times_make_an_ongoing_code(void **state)
{
	struct desk *d = *state;

	press(d, "n =cleaner Enter");
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

static void several_doors_share_one_pin_and_one_key(void **state)
{
	struct desk *d = *state;

	/* 101 takes 4 to 6 digits, the Gym 6 only: what fits both has 6. */
	press(d, "n =Ana Shift-Tab =gym Enter Tab Enter");
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
	press(d, "/ =104_Sea Enter n =Ana Tab =tomorrow_15:00 Tab =+1n Ctrl-O Down Down Space Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_string_equal(in->device_id, "lock-104");
	assert_param(in, "is_offline_access_code", "true");
	assert_param(in, "code", NULL);
}

/* What must be refused in the form, and the words that say why. */
static const struct {
	const char *keys, *words;
} refused[] = {
	{ "n Enter", "A name is needed" },
	{ "n =Ana Tab =blursday Enter", "blursday" },
	{ "n =Ana Tab =fri_11am Enter", "An end is needed" },
	{ "n =Ana Tab =fri_11am Tab =24.11.2026_10:00 Enter", "! The end must come after the start" },
	{ "n =Ana Tab Tab Tab =4821 Enter", "Anna Berg has this PIN" },
	{ "n =Ana Tab Tab Tab =12 Enter", "more digits" },
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

/* ---- changing ---- */

static void edit_sends_only_what_changed(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter Down e End =_Senior Enter");
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

	press(d, "/ =Mueller Enter Down e Tab Ctrl-U Tab Ctrl-U Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_param(in, "type", "ongoing");
	assert_param(in, "ends_at", NULL);
}

static void a_later_end_keeps_the_start(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter Down e Tab Tab Ctrl-U =tomorrow_14:00 Enter");
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_param(in, "starts_at", "2026-11-21T14:00:00.000Z");
	assert_param(in, "ends_at", "2026-11-23T13:00:00.000Z");
	assert_param(in, "name", NULL);
}

static void revoke_asks_and_enter_means_no(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter Down x");
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
		assert_true(shows(d, "Read-only"));
		assert_int_equal(d->app->stack->len, 1);
	}
	cache_list_free(outbox(d, 0));
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
	assert_true(outbox_sending(sync, no, HOUSE_NOW, NULL));
	assert_true(outbox_refused(sync, no, 400, "invalid_input", "The stay is too long",
				   "{\"_errors\":[],\"ends_at\":{\"_errors\":[\"At most one night\"]}}", NULL));
	app_changed(d->app, POKE_OUTBOX);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "1 refused"));
	press(d, "o Enter");
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

/* ---- looking ---- */

static void pins_are_dots_until_asked_for(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter Down");
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
	static const char *const screens[] = { NULL, "n", "n Shift-Tab", "n Ctrl-O", "Down Enter", "v", "o", "?", "/ =a", "x" };
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(one_window_typed_becomes_one_create),
		on_a_desk(empty_times_make_an_ongoing_code),
		on_a_desk(several_doors_share_one_pin_and_one_key),
		on_a_desk(offline_code_sends_no_pin),
		on_a_desk(what_cannot_be_is_said_and_not_queued),
		on_a_desk(a_draft_is_not_lost_by_a_stray_escape),
		on_a_desk(edit_sends_only_what_changed),
		on_a_desk(emptied_times_make_it_ongoing),
		on_a_desk(a_later_end_keeps_the_start),
		on_a_desk(revoke_asks_and_enter_means_no),
		on_a_desk(unlock_expires_within_a_minute),
		on_a_desk(read_only_refuses_with_a_reason),
		on_a_desk(refusal_comes_back_beside_its_field),
		on_a_desk(pins_are_dots_until_asked_for),
		on_a_desk(search_finds_by_name_without_its_accents_and_by_pin),
		on_a_desk(cursor_stays_on_its_code_when_rows_come_in_above),
		on_a_desk(every_size_is_drawn_without_a_fault),
		on_a_desk(too_small_says_so),
		on_a_desk(help_runs_what_it_finds),
		on_a_desk(freshness_is_words),
		on_a_desk(notices_are_those_that_need_a_person),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
