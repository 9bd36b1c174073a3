/* test-tonight - the readiness board: keys pressed, words looked for. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "desk.h"
#include "ui/night_watch.h"
#include "ui/notify.h"
#include "ui/screens/tonight.h"

static struct tonight *board_of(struct desk *d)
{
	struct screen *s = g_ptr_array_index(d->app->stack, d->app->stack->len - 1);

	assert_int_equal(s->ops->view, VIEW_TONIGHT);
	return (struct tonight *)s;
}

/* The lock and the guest that the cursor is on. */
static void assert_on(struct desk *d, const char *door, const char *id)
{
	struct tonight *t = board_of(d);
	const struct board_door *on = board_door(&t->board, t->at);

	assert_non_null(on);
	assert_string_equal(on->row->lock_name, door);
	if (id)
		assert_string_equal(on->row->facts.code.access_code_id, id);
}

/* Row 20 of the tasks of a day: one key, and n for the next at risk. Either key will do. */
static void the_arrivals_check_is_one_key(void **state)
{
	static const char *const keys[] = { "F2", "A" };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		press(d, keys[i]);
		assert_true(shows(d, "4 arrivals: 2 at risk, 2 ready"));
		assert_true(shows(d, "1 departure: 1 to leave, 0 removed, 0 still on the lock"));
		/* The cursor stands on who is at risk first, and the words say why. */
		assert_on(d, "104 Sea", "code-haddad");
		assert_true(shows(d, "Still not on the lock, and its hour is here"));
		press(d, "n");
		assert_on(d, "201 Sea", "code-dubois");
		assert_true(shows(d, "The code could not be set"));
		press(d, "n");
		assert_on(d, "104 Sea", "code-haddad");
		press(d, "Esc");
	}
}

/* The day of the board ends at five; the shift does not. */
static void whoever_comes_in_the_next_hours_is_of_this_night(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 60, 120);
	press(d, "/ =laundry Enter n =Early_Bird Tab Ctrl-U =tomorrow_05:30 Tab Ctrl-U =+1n Enter");
	press(d, "Esc Esc");
	d->app->world.now = instant_add_ms(HOUSE_NOW, 2 * HOUR_MS); /* 23:18 */
	press(d, "F2");
	assert_true(hides(d, "Early Bird"));
	d->app->world.now = instant_add_ms(HOUSE_NOW, 3 * HOUR_MS); /* 0:18 */
	app_changed(d->app, 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Tonight Sun 22 Nov"));
	assert_true(shows(d, "Early Bird"));
	d->app->world.now = instant_add_ms(HOUSE_NOW, 8 * HOUR_MS); /* 5:18 */
	app_changed(d->app, 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Tonight Mon 23 Nov"));
}

static void the_key_of_where_one_is_already_changes_nothing(void **state)
{
	struct desk *d = *state;

	press(d, "F2 F2 A");
	assert_int_equal(d->app->stack->len, 2);
	press(d, "? F2");
	assert_int_equal(d->app->stack->len, 2);
}

static void a_guest_of_several_doors_is_one_line_until_unfolded(void **state)
{
	static const char *const opens[] = { "Enter", "Right", "l", "z" };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(opens); i++) {
		press(d, "A");
		assert_true(shows(d, "104 Sea +1"));
		press(d, opens[i]);
		assert_true(shows(d, "2 doors"));
		assert_true(hides(d, "104 Sea +1"));
		press(d, "Down Down");
		assert_on(d, "Gym", "code-haddad-gym");
		press(d, "Left");
		assert_true(shows(d, "104 Sea +1"));
		assert_on(d, "104 Sea", "code-haddad");
		press(d, "Esc");
	}
	/* Of an unfolded guest the doors are gone to, one by one. */
	press(d, "A Right n");
	assert_on(d, "104 Sea", "code-haddad");
	press(d, "n");
	assert_on(d, "Gym", "code-haddad-gym");
	press(d, "Enter");
	assert_true(shows(d, "Tonight › Code"));
}

static void days_are_turned_and_typed(void **state)
{
	static const struct {
		const char *keys, *words;
	} rows[] = {
		{ "]", " Mon 23 Nov " },
		{ "[", " Sat 21 Nov " },
		{ "3 ]", " Wed 25 Nov " },
		{ "] ] [ [", "Tonight Sun 22 Nov" },
		{ "3 ] .", "Tonight Sun 22 Nov" },
		{ "d =fri Enter", " Fri 27 Nov " },
		{ "d =24.12. Enter", " Thu 24 Dec " },
		{ "d =tonight Enter", "Tonight Sun 22 Nov" },
		{ "d =yesterday Enter", " Sat 21 Nov " },
		{ "d =fri Esc", "Tonight Sun 22 Nov" },
		{ "d Enter", "Tonight Sun 22 Nov" },
		{ "d =nonsense Enter", "'nonsense' is not understood" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "A");
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].words));
		/* Bad news is taken note of by a key. */
		press(d, "Left Esc");
		if (d->app->stack->len > 1)
			press(d, "Esc");
	}
	press(d, "A ]");
	assert_true(shows(d, "1 arrival: 1 ready"));
	assert_true(shows(d, "In the lock's memory until its hour: the provider's word"));
}

static void what_helps_is_done_from_here(void **state)
{
	static const struct {
		const char *keys, *words;
	} rows[] = {
		{ "b", "Pull a backup code for Dubois on 201 Sea?" },
		{ "u", "Unlock 201 Sea now?" },
		{ "x", "Revoke Dubois on 201 Sea?" },
		{ "e", "Change" },
		{ "p", "PIN 6417" },
		{ "w", "Tonight › Why" },
		{ "v", "Tonight › Events" },
		{ "Enter", "Tonight › Code" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "A n");
		assert_on(d, "201 Sea", "code-dubois");
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].words));
		while (d->app->stack->len > 1) {
			app_pop(d->app);
			app_turn_done(d->app);
		}
	}
}

static void read_only_offers_nothing_that_writes(void **state)
{
	struct desk *d = *state;

	d->app->world.read_only = true;
	press(d, "A");
	assert_true(hides(d, "b backup"));
	assert_true(shows(d, "p PIN"));
	press(d, "x");
	assert_true(shows(d, "this console is read-only"));
}

static void tab_goes_between_those_who_come_and_those_who_go(void **state)
{
	struct desk *d = *state;

	press(d, "A Tab");
	assert_on(d, "102 Garden", "code-mueller");
	assert_true(shows(d, "Opens the door until tomorrow 04:00"));
	press(d, "Tab");
	assert_on(d, "103 Sea", "code-rossi");
	/* The head between them is no place to stand. */
	press(d, "End Up");
	assert_on(d, "201 Sea", "code-dubois");
	press(d, "Down");
	assert_on(d, "102 Garden", "code-mueller");
}

static void arrived_is_who_has_opened_the_door(void **state)
{
	struct desk *d = *state;

	press(d, "A g");
	assert_true(shows(d, "arrived 21:17"));
	assert_true(shows(d, "Proven by use: it opened this door at 21:17"));
}

static struct cache *writer(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	struct cache *c = cache_open(path, CACHE_SYNC, false, NULL);

	assert_non_null(c);
	return c;
}

static struct access_code code(const char *id, const char *lock, const char *name, int from, int until)
{
	return (struct access_code){
		.access_code_id = id,
		.device_id = lock,
		.managed = true,
		.time_bound = true,
		.type = "time_bound",
		.status = "set",
		.name = name,
		.code = "1357",
		.starts_at = { HOUSE_NOW.ms + from * MINUTE_MS },
		.ends_at = { HOUSE_NOW.ms + until * MINUTE_MS },
		.created_at = { HOUSE_NOW.ms - DAY_MS },
		.is_scheduled_on_device = TRI_NO,
		.is_waiting_for_code_assignment = TRI_NO,
		.is_offline_access_code = TRI_NO,
		.is_one_time_use = TRI_NO,
		.is_backup = TRI_NO,
	};
}

static void put(struct desk *d, struct access_code ac)
{
	struct cache *c = writer(d);

	assert_true(cache_put_code(c, &ac, 0, NULL) > 0);
	cache_close(c);
	app_changed(d->app, POKE_CODES);
	app_draw(d->app, &d->grid);
}

static void the_cursor_stays_on_its_guest(void **state)
{
	struct desk *d = *state;

	press(d, "A n");
	put(d, code("code-new", "lock-101", "Ana", 30, 150));
	assert_true(shows(d, "5 arrivals: 2 at risk, 3 ready"));
	assert_on(d, "201 Sea", "code-dubois");
}

/* Doors belong to one guest by the desk's key, or by name and window; else each is its own. */
static void whose_doors_belong_together(void **state)
{
	struct desk *d = *state;
	struct access_code a = code("k1", "lock-101", "Ana", 30, 900), b = code("k2", "lock-103", "Anna", 35, 960),
			   c = code("n1", "lock-101", "Bo", 30, 900), e = code("n2", "lock-103", "Bo", 30, 900),
			   f = code("n3", "lock-102", "Bo", 30, 901), g = code("x1", "lock-101", NULL, 30, 900),
			   h = code("x2", "lock-103", "", 30, 900);
	struct access_code all[7];
	struct tonight *t;
	int guests = 0, doors = 0;

	a.common_code_key = b.common_code_key = "together";
	memcpy(all, (struct access_code[]){ a, b, c, e, f, g, h }, sizeof all);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		put(d, all[i]);
	press(d, "A");
	t = board_of(d);
	for (guint i = 0; i < t->board.guests->len; i++) {
		const struct board_guest *one = board_guest(&t->board, (int)i);

		guests += !one->departs;
		doors += one->departs ? 0 : (int)one->n;
	}
	assert_int_equal(guests, 4 + 5); /* the house's, then Ana, Bo, Bo till later, and two without a name */
	assert_int_equal(doors, 5 + 7);
}

static void what_is_still_there_after_its_end_is_red_with_its_age(void **state)
{
	struct desk *d = *state;
	struct access_code ac = code("code-late", "lock-101", "Late", -3000, -130), old = code("code-old", "lock-103", "Old", -9000, -4400);

	ac.status = old.status = "removing";
	put(d, ac);
	put(d, old);
	press(d, "A Tab");
	assert_true(shows(d, "3 departures: 1 to leave, 0 removed, 2 still on the lock"));
	assert_true(shows(d, "AT RISK 2h"));
	assert_true(shows(d, "AT RISK 3d"));
	/* Yesterday's board is about yesterday. */
	press(d, "]");
	assert_true(hides(d, "AT RISK"));
}

static void an_unsent_code_is_queued_and_can_be_taken_back(void **state)
{
	struct desk *d = *state;
	struct intent in = {
		.kind = INTENT_CREATE,
		.lock_no = cache_lock_no(d->cache, "lock-101"),
		.device_id = "lock-101",
		.name = "Walk-in",
		.params = "{\"device_id\":\"lock-101\",\"name\":\"Walk-in\",\"code\":\"2468\","
			  "\"starts_at\":\"2026-11-22T20:48:00Z\",\"ends_at\":\"2026-11-22T22:30:00Z\"}",
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
	};

	press(d, "A");
	assert_true(app_intend(d->app, &in) > 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Walk-in"));
	press(d, "g Down Down"); /* before Haddad by an hour: 21:48 */
	assert_true(shows(d, "Queued here: the server has not been told"));
	assert_true(hides(d, "2468"));
	press(d, "p");
	assert_true(shows(d, "PIN 2468"));
	press(d, "x");
	assert_true(shows(d, "Withdraw: new code Walk-in?"));
}

/* Until five it is last night, however late it is; then the board turns its page by itself. */
static void the_morning_turns_the_page(void **state)
{
	struct desk *d = *state;
	struct instant five;

	assert_true(instant_parse("2026-11-23T04:00:00Z", -1, &five));
	press(d, "A");
	d->app->world.now = instant_add_ms(five, -MINUTE_MS);
	app_changed(d->app, 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Tonight Sun 22 Nov"));
	d->app->world.now = five;
	app_changed(d->app, 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Tonight Mon 23 Nov"));
	/* A day that was chosen stays. */
	press(d, "[");
	d->app->world.now = instant_add_ms(five, DAY_MS);
	app_changed(d->app, 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, " Sun 22 Nov "));
}

static void guests_are_marked_and_dealt_with_together(void **state)
{
	struct desk *d = *state;

	press(d, "A g Space");
	assert_true(shows(d, "1 code marked"));
	press(d, "Up Space");
	assert_true(hides(d, "marked"));
	press(d, "*"); /* who arrives: four guests, one of them with two doors */
	assert_true(shows(d, "5 codes marked"));
	assert_true(shows(d, "◆22:00"));
	press(d, "x");
	assert_true(shows(d, "Revoke what is marked"));
	press(d, "Esc");
	assert_true(shows(d, "5 codes marked"));
	press(d, "Esc");
	assert_true(hides(d, "marked"));
	assert_int_equal(d->app->stack->len, 2);
	cache_list_free(outbox(d, 0));
}

/* However well the lock knows its code: another sleeps there. */
static void a_room_given_twice_is_no_ready_one(void **state)
{
	struct desk *d = *state;
	struct access_code ac = code("code-twice", "lock-101", "Zweig", 42, 900);

	put(d, ac);
	app_look_ahead(d->app, 0);
	press(d, "A");
	assert_true(shows(d, "2 at risk, 1 double"));
	assert_true(shows(d, "DOUBLE"));
	assert_true(shows(d, "!1 double"));
	assert_on(d, "101 Garden", "code-twice"); /* at risk first */
	assert_true(shows(d, "Double booking: Anna Berg has it too, until tomorrow 12:18"));
	press(d, "t");
	assert_true(shows(d, "the room is given twice"));
	press(d, "Esc Esc H");
	assert_true(shows(d, "Anna Berg and Zweig both have it from 22:00 until tomorrow 12:18"));
	/* And on the rack: the room's row, and each of its codes. */
	press(d, "Esc z =101 Enter");
	assert_true(shows(d, "101 Garden             ╪ locked"));
	assert_true(shows(d, "Double booking: Zweig has this room too"));
	d->grid.ascii = true;
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "&&&&"));
}

/* Two things to say of one code: the first where the rack is low, both where it is tall. */
static void a_tall_rack_says_all_of_a_code(void **state)
{
	struct desk *d = *state;
	struct access_code ac = code("code-twice", "lock-101", "Zweig", 42, 900);

	ac.code = "4822"; /* Anna Berg has 4821 */
	put(d, ac);
	press(d, "/ =zweig Enter Down");
	assert_true(shows(d, "Double booking: Anna Berg"));
	assert_true(hides(d, "easily confused"));
	grid_resize(&d->grid, 55, 120);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Double booking: Anna Berg"));
	assert_true(shows(d, "easily confused"));
}

/* Handed over and counted a week ahead; tonight's board is of tonight. */
static void a_room_given_twice_this_week_is_handed_over(void **state)
{
	static const struct {
		int begins; /* minutes from now */
		bool told;
	} rows[] = { { 45 * 60, true }, { 6 * 1440 + 23 * 60, true }, { 7 * 1440 + 60, false } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *fresh = NULL;

		assert_int_equal(desk_up(&fresh), 0);
		struct desk *d = fresh;
		struct access_code other = code("code-two", "lock-101", "Ahorn", rows[i].begins, rows[i].begins + 2000);

		put(d, code("code-one", "lock-101", "Zweig", rows[i].begins, rows[i].begins + 2880));
		other.code = "2468";
		put(d, other);
		app_look_ahead(d->app, 0);
		press(d, "A");
		assert_true(hides(d, "DOUBLE"));
		assert_true(rows[i].told ? shows(d, "!1 double") : hides(d, " double"));
		press(d, "H");
		assert_true(rows[i].told ? shows(d, "both have it from") : hides(d, "both have it from"));
		desk_down(&fresh);
	}
	(void)state;
}

/* What the move leaves at the old room until the suitcases are fetched. */
static void who_has_moved_does_not_stay(void **state)
{
	struct desk *d = *state;
	struct access_code old = code("code-old", "lock-103", "Wander", -1000, 25), new = code("code-new", "lock-201", "Wander", -5, 3000);

	put(d, old);
	put(d, new);
	press(d, "A");
	assert_true(shows(d, "moved to 201"));
	grid_resize(&d->grid, 90, 90);
	press(d, "Esc N");
	assert_true(shows(d, "Moved to 201"));
}

/* Paper says it of both, at risk or not. */
static void the_sheet_says_who_else_has_the_room(void **state)
{
	struct desk *d = *state;

	put(d, code("code-twice", "lock-101", "Zweig", 42, 900));
	grid_resize(&d->grid, 90, 90);
	press(d, "N");
	assert_true(shows(d, "DOUBLE: also Zweig"));
	assert_true(shows(d, "DOUBLE: also Anna Berg"));
}

/* Time alone puts a guest at risk, without the cache being read again. */
static void a_minute_judges_anew(void **state)
{
	struct desk *d = *state;
	struct access_code ac = code("code-soon", "lock-gym", "Soon", 61, 150);

	ac.status = "unset";
	put(d, ac);
	press(d, "A");
	assert_true(shows(d, "2 at risk, 1 unproven"));
	d->app->world.now = instant_add_ms(HOUSE_NOW, MINUTE_MS);
	app_changed(d->app, 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "arrivals: 3 at risk, "));
}

static void an_empty_day_says_so(void **state)
{
	struct desk *d = *state;

	press(d, "A d =2027-03-01 Enter");
	assert_true(shows(d, "Nobody arrives and nobody leaves on this day"));
	press(d, "n Tab Enter Right b x Down"); /* and no key stumbles */
	assert_true(shows(d, " Mon 1 Mar "));
}

static void every_size_is_drawn_without_a_fault(void **state)
{
	static const int sizes[] = { 1, 5, 12, 13, 17, 20, 24, 60 };
	struct desk *d = *state;

	press(d, "A Right");
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
		for (int cols = 1; cols <= 210; cols += cols < 55 ? 13 : 1) {
			grid_resize(&d->grid, sizes[i], cols);
			d->grid.ascii = cols % 2;
			app_draw(d->app, &d->grid);
			assert_true(d->grid.cursor_row < sizes[i] && d->grid.cursor_col < cols);
		}
}

/* Sixty rooms: who is counted is who is listed, and the last line can be reached. */
static void sixty_rooms_fit_on_a_board(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "sixty.db", NULL);
	g_autofree char *line = g_strdup_printf("tests/cache/make-cache --locks=60 --codes=3000 --events=2000"
						" --now=2026-11-22T20:18:00Z %s", path);
	struct tonight *t;
	int status = -1, sum = 0;

	assert_true(g_spawn_command_line_sync(line, NULL, NULL, &status, NULL));
	assert_int_equal(status, 0);
	OWN(cache) struct cache *c = cache_open(path, CACHE_DESK, false, NULL);
	OWN(app) struct app *app = app_new(c, d->profile, HOUSE_NOW, NULL);

	app_push(app, tonight_new(app, &app->world));
	app_draw(app, &d->grid);
	t = (struct tonight *)g_ptr_array_index(app->stack, 0);
	for (int v = 0; v < READY_COUNT; v++)
		sum += v == READY_REVOKED ? 0 : t->board.counts.of[0][v];
	assert_true(t->board.counts.arrivals > 20);
	assert_int_equal(sum, t->board.counts.arrivals);
	for (int i = 1; i < board_lines(&t->board); i++) {
		const struct board_line *a = board_line(&t->board, i - 1), *b = board_line(&t->board, i);

		if (a->guest < 0 || b->guest < 0)
			continue;
		assert_false(instant_before(board_guest(&t->board, b->guest)->at,
					    board_guest(&t->board, a->guest)->at));
	}
	app_key(app, &(struct key){ .code = KEYCODE_END });
	app_turn_done(app);
	app_draw(app, &d->grid);
	assert_int_equal(t->at, board_lines(&t->board) - 1);
	assert_true(d->grid.cursor_row > 20);
}

static void assert_told(struct desk *d, int minutes, const char *const *texts)
{
	g_autoptr(GPtrArray) all = NULL;
	guint n = 0;

	d->app->world.now = instant_add_ms(HOUSE_NOW, minutes * MINUTE_MS);
	all = night_watch(&d->app->world);
	for (; texts[n]; n++) {
		const struct night_alarm *a = n < all->len ? g_ptr_array_index(all, n) : NULL;

		assert_non_null(a);
		if (!strstr(a->text, texts[n]))
			fail_msg("at %d minutes told '%s', not '%s'", minutes, a->text, texts[n]);
	}
	assert_int_equal(all->len, n);
}

/* Haddad comes at 22:00 to two doors, Dubois at 23:15 to a lock without a schedule, Ito tomorrow. */
static void who_is_not_ready_is_told_at_its_minute(void **state)
{
	static const char *const haddad[] = { "حداد، ليلى on 104 Sea and 1 more, 22:00: Still not on the lock", NULL };
	static const char *const both[] = { "on 104 Sea", "Dubois on 201 Sea, 23:15: The code could not be set", NULL };
	struct desk *d = *state;

	assert_told(d, 0, haddad);
	assert_told(d, 117 - 56, haddad);
	assert_told(d, 117 - 55, both);
}

static void an_alarm_is_one_a_guest_and_stage(void **state)
{
	struct desk *d = *state;
	g_autoptr(GPtrArray) at_hour = NULL, later = NULL, quarter = NULL;

	at_hour = night_watch(&d->app->world);
	d->app->world.now = instant_add_ms(HOUSE_NOW, 26 * MINUTE_MS);
	later = night_watch(&d->app->world);
	d->app->world.now = instant_add_ms(HOUSE_NOW, 27 * MINUTE_MS);
	quarter = night_watch(&d->app->world);
	assert_int_equal(at_hour->len, 1);
	assert_string_equal(((struct night_alarm *)at_hour->pdata[0])->key,
			    ((struct night_alarm *)later->pdata[0])->key);
	assert_string_not_equal(((struct night_alarm *)later->pdata[0])->key,
				((struct night_alarm *)quarter->pdata[0])->key);
	/* A file remembers what was told: no name is in it. */
	assert_null(strstr(((struct night_alarm *)at_hour->pdata[0])->key, "حداد"));
}

/* A guest may have doors in several slices: what is found must not depend on where one ends. */
static void a_look_in_slices_finds_what_one_at_once_does(void **state)
{
	enum { EMPTY_DOORS = 40 };
	static const int minutes[] = { 0, 61, 62, 24 * 60 };
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	int steps = 1;

	for (int i = 0; i < EMPTY_DOORS; i++) {
		g_autofree char *id = g_strdup_printf("lock-empty-%d", i);
		struct lock lock = { .device_id = id, .name = id, .managed = TRI_YES, .online = TRI_YES, .battery_pct = -1,
				     .max_active_codes = -1, .device_type = "august_lock", .object = "{}", .zone = "Europe/Berlin" };

		assert_true(cache_put_lock(sync, &lock, 0, NULL) >= 0);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++) {
		g_autoptr(GPtrArray) at_once = NULL, sliced = NULL;
		struct night_look *look;
		OWN(cache_list) struct cache_list *twice = NULL;
		int doubles;

		d->app->world.now = instant_add_ms(HOUSE_NOW, minutes[i] * MINUTE_MS);
		at_once = night_watch(&d->app->world);
		twice = doubles_ahead(&d->app->world);
		app_look_ahead(d->app, 0);
		look = night_look_new(&d->app->world, true);
		while (!night_look_step(look, 0))
			steps++;
		sliced = night_look_alarms(look);
		assert_int_equal(sliced->len, at_once->len);
		for (guint k = 0; k < sliced->len; k++)
			assert_string_equal(((struct night_alarm *)sliced->pdata[k])->text,
					    ((struct night_alarm *)at_once->pdata[k])->text);
		assert_int_equal(night_look_at_risk(look, &doubles), d->app->at_risk);
		assert_int_equal(doubles, twice->rows->len);
		night_look_free(look);
	}
	assert_in_range(steps, 2 * (int)G_N_ELEMENTS(minutes), 100); /* some each time, never all */
}

static void the_switch_turns_it_off(void **state)
{
	struct desk *d = *state;

	for (int on = 0; on < 2; on++) {
		g_autoptr(GPtrArray) all = NULL;
		bool told = false;

		d->profile->notify_arrival = on;
		all = notify_causes(&d->app->world);
		for (guint i = 0; i < all->len; i++)
			told = told || g_str_has_prefix(((struct notice *)all->pdata[i])->key, "arrival ");
		assert_int_equal(told, on);
	}
}

static void the_title_counts_who_is_at_risk(void **state)
{
	struct desk *d = *state;

	assert_true(hides(d, "at risk"));
	app_look_ahead(d->app, 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "!2 at risk"));
	/* Events alone change nobody's readiness; codes do. */
	d->app->world.now = instant_add_ms(HOUSE_NOW, 10 * DAY_MS);
	app_look_ahead(d->app, POKE_EVENTS);
	assert_int_equal(d->app->at_risk, 2);
	app_look_ahead(d->app, POKE_CODES);
	assert_int_not_equal(d->app->at_risk, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(the_arrivals_check_is_one_key),
		on_a_desk(whoever_comes_in_the_next_hours_is_of_this_night),
		on_a_desk(the_key_of_where_one_is_already_changes_nothing),
		on_a_desk(a_guest_of_several_doors_is_one_line_until_unfolded),
		on_a_desk(days_are_turned_and_typed),
		on_a_desk(what_helps_is_done_from_here),
		on_a_desk(read_only_offers_nothing_that_writes),
		on_a_desk(tab_goes_between_those_who_come_and_those_who_go),
		on_a_desk(arrived_is_who_has_opened_the_door),
		on_a_desk(the_cursor_stays_on_its_guest),
		on_a_desk(whose_doors_belong_together),
		on_a_desk(what_is_still_there_after_its_end_is_red_with_its_age),
		on_a_desk(an_unsent_code_is_queued_and_can_be_taken_back),
		on_a_desk(the_morning_turns_the_page),
		on_a_desk(guests_are_marked_and_dealt_with_together),
		on_a_desk(a_room_given_twice_is_no_ready_one),
		cmocka_unit_test(a_room_given_twice_this_week_is_handed_over),
		on_a_desk(who_has_moved_does_not_stay),
		on_a_desk(the_sheet_says_who_else_has_the_room),
		on_a_desk(a_minute_judges_anew),
		on_a_desk(an_empty_day_says_so),
		on_a_desk(every_size_is_drawn_without_a_fault),
		on_a_desk(a_tall_rack_says_all_of_a_code),
		on_a_desk(sixty_rooms_fit_on_a_board),
		on_a_desk(who_is_not_ready_is_told_at_its_minute),
		on_a_desk(an_alarm_is_one_a_guest_and_stage),
		on_a_desk(a_look_in_slices_finds_what_one_at_once_does),
		on_a_desk(the_switch_turns_it_off),
		on_a_desk(the_title_counts_who_is_at_risk),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
