/* The rack's columns: chosen, moved, narrow and wide, and found again the next day. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "desk.h"
#include "ui/screens/rack.h"

static void columns_are_read_as_they_are_written(void **state)
{
	static const struct {
		const char *text, *again, *unknown;
	} rows[] = {
		{ "state, battery, now, next", "state, battery, now, next", NULL },
		{ "Next:7;state", "next:7, state", NULL },
		{ "state, state:4, now", "state, now", NULL },
		{ "", "", NULL },
		{ "opened:900", "opened:40", NULL },
		{ "state, colour", NULL, "colour" },
		{ "name", NULL, "name" }, /* it is always there */
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct columns c;
		g_autofree char *unknown = NULL, *again = NULL;
		bool ok = columns_parse(rows[i].text, &c, &unknown);

		assert_int_equal(ok, rows[i].again != NULL);
		if (!ok) {
			assert_string_equal(unknown, rows[i].unknown);
			continue;
		}
		again = columns_format(&c);
		assert_string_equal(again, rows[i].again);
	}
}

/* Which are shown at a width; the lane has what is left. */
static void a_column_falls_away_before_the_lane_does(void **state)
{
	static const struct {
		const char *text; /* NULL: nobody's choice */
		int cols;
		const char *shown;
	} rows[] = {
		{ NULL, 60, "state" },
		{ NULL, 80, "state now" },
		{ NULL, 120, "state place battery now next" },
		{ NULL, 160, "state place brand battery now next codes" },
		{ NULL, 200, "state place brand battery now next codes opened" },
		{ "battery, problem, state", 80, "battery problem" },
		{ "battery, state, problem", 80, "battery state" },
		{ "battery, problem, state", 120, "battery problem state" },
		{ "", 200, "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct columns c;
		struct columns_layout l;
		g_autoptr(GString) shown = g_string_new(NULL);
		int end = 0;

		columns_standard(&c);
		if (rows[i].text)
			assert_true(columns_parse(rows[i].text, &c, NULL));
		columns_lay(&c, rows[i].cols, 2, false, &l);
		for (int k = 0; k < COLUMN_COUNT; k++) {
			enum column what = k < 2 ? (enum column)k : c.order[k - 2];

			if (!l.width[what])
				continue;
			assert_true(l.col[what] >= end); /* side by side, in order */
			end = l.col[what] + l.width[what] + 1;
			if (k >= 2)
				g_string_append_printf(shown, "%s%s", shown->len ? " " : "", column_info(what)->name);
		}
		assert_int_equal(l.lane, end);
		assert_int_equal(l.lane + l.lane_cells, rows[i].cols);
		assert_true(l.lane_cells >= LANE_CELLS_MIN);
		if (strcmp(shown->str, rows[i].shown) != 0)
			fail_msg("%d columns, '%s': %s", rows[i].cols, rows[i].text ? rows[i].text : "", shown->str);
	}
}

static void the_picker_shows_at_once_what_is_chosen(void **state)
{
	struct desk *d = *state;
	g_autofree char *columns = NULL;

	grid_resize(&d->grid, 24, 100);
	press(d, "Home");
	assert_true(hides(d, "ROOM"));
	press(d, "| End Up Space"); /* room */
	assert_true(shows(d, "ROOM"));
	assert_true(shows(d, "[x] room"));
	press(d, "Esc");
	assert_true(shows(d, "ROOM"));
	press(d, "| Space Esc");
	assert_true(hides(d, "STATE"));
	press(d, "| =0 Esc");
	assert_true(shows(d, "STATE"));
	assert_true(hides(d, "ROOM"));
	/* Moved and made wider. */
	press(d, "| =J =>>> Esc");
	columns = columns_format(&rack_of(g_ptr_array_index(d->app->stack, 0))->columns);
	assert_true(g_str_has_prefix(columns, "battery, state:15, now"));
}

static struct rack *rack_again(struct desk *d)
{
	app_push(d->app, rack_new(d->app, &d->app->world));
	app_draw(d->app, &d->grid);
	return rack_of(g_ptr_array_index(d->app->stack, d->app->stack->len - 1));
}

static void the_rack_is_found_as_it_was_left(void **state)
{
	struct desk *d = *state;
	struct rack *r;
	g_autofree char *file = g_build_filename(d->folder, "view.conf", NULL), *columns = NULL;

	d->profile->rack_columns = g_strdup("now, battery");
	r = rack_again(d);
	columns = columns_format(&r->columns);
	assert_string_equal(columns, "now, battery"); /* as configured */
	d->profile->state_folder = g_strdup(d->folder);
	press(d, "s s s ~ - | Space Esc");
	r = rack_again(d);
	assert_int_equal(r->rows.sort, LOCKS_BY_BATTERY);
	assert_true(r->rows.reversed);
	assert_int_equal(r->zoom, ZOOM_WEEK);
	g_free(columns);
	columns = columns_format(&r->columns);
	assert_string_equal(columns, "battery"); /* what was chosen here comes before the configuration */
	/* Nonsense is no reason not to start. */
	assert_true(g_file_set_contents(file, "[rack]\nsort=colour\ncolumns=x\nzoom=", -1, NULL));
	r = rack_again(d);
	assert_int_equal(r->rows.sort, LOCKS_BY_NAME);
	assert_int_equal(r->zoom, ZOOM_DAY);
}

static void a_click_on_a_heading_sorts_by_it(void **state)
{
	struct desk *d = *state;
	struct rack *r = rack_of(g_ptr_array_index(d->app->stack, 0));
	struct key k = { .code = KEYCODE_MOUSE_PRESS, .row = 1, .col = r->lay.col[COLUMN_BATTERY] + 1 };

	app_key(d->app, &k);
	app_draw(d->app, &d->grid);
	assert_int_equal(r->rows.sort, LOCKS_BY_BATTERY);
	assert_true(shows(d, "▾BAT"));
	app_key(d->app, &k);
	app_draw(d->app, &d->grid);
	assert_true(r->rows.reversed);
	assert_true(shows(d, "▴BAT"));
	k.col = r->lay.col[COLUMN_NOW];
	app_key(d->app, &k);
	assert_int_equal(r->rows.sort, LOCKS_BY_BATTERY);
}

/* ---- groups ---- */

static void locks_stand_under_the_heading_of_their_place(void **state)
{
	static const struct {
		const char *keys, *has[3], *has_not[2];
	} rows[] = {
		{ "P", { "Grouped by place." }, { NULL } },
		{ "P Home", { "Basement, 2 locks", "Sea wing, 3 locks" }, { "Grouped by place." } },
		{ "P Home Left", { "▸ Basement, 2 locks", "101 Garden" }, { "▾ Laundry" } },
		{ "P Home Enter Enter", { "▾ Basement, 2 locks", "Laundry" }, { NULL } },
		{ "P Home Left =101 Enter", { "▸ Basement", "Revoke", NULL }, { NULL } },
		{ "P P Home", { "August, 3 locks", "igloohome, 1 lock" }, { "Basement, 2" } },
		{ "P P P", { "101 Garden" }, { "August, 3 locks" } },
		{ "P Home Left / =staff Enter", { "Laundry", "staff" }, { NULL } },
	};
	struct desk *d = *state;
	struct rack *r = rack_of(g_ptr_array_index(d->app->stack, 0));

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "Esc Esc");
		press(d, rows[i].keys);
		if (strstr(rows[i].keys, "=101"))
			press(d, "x");
		for (size_t k = 0; k < 3 && rows[i].has[k]; k++)
			assert_true(shows(d, rows[i].has[k]));
		for (size_t k = 0; k < 2 && rows[i].has_not[k]; k++)
			assert_true(hides(d, rows[i].has_not[k]));
		press(d, "Esc Esc");
		while (r->rows.group != GROUP_NONE)
			press(d, "P");
	}
}

/* Every row once, down and up again, with a group folded away in the middle. */
static void every_row_is_passed_in_both_directions(void **state)
{
	struct desk *d = *state;
	struct rack *r = rack_of(g_ptr_array_index(d->app->stack, 0));
	struct place p = { 0, PLACE_HEAD };
	int down, up;

	press(d, "P");
	rack_rows_fold_group(&r->rows, 2, true);
	down = rack_rows_move(&r->rows, &p, 1000);
	assert_int_equal(rack_rows_distance(&r->rows, (struct place){ 0, PLACE_HEAD }, p, 1000), down);
	assert_true(p.lock == rack_rows_last(&r->rows).lock && p.code == rack_rows_last(&r->rows).code);
	up = rack_rows_move(&r->rows, &p, -1000);
	assert_int_equal(up, -down);
	assert_int_equal(p.code, PLACE_HEAD);
	assert_true(down > 8);
}

static void the_cursor_stays_on_a_heading_and_on_a_lock(void **state)
{
	struct desk *d = *state;
	struct rack *r = rack_of(g_ptr_array_index(d->app->stack, 0));
	int64_t lock_no;

	press(d, "P Home");
	app_changed(d->app, POKE_LOCKS);
	app_draw(d->app, &d->grid);
	assert_int_equal(r->at.code, PLACE_HEAD);
	press(d, "=103 Enter");
	lock_no = r->lock_no;
	press(d, "P s ~");
	assert_int_equal(r->lock_no, lock_no);
	/* What is on no lock acts on none. */
	press(d, "P P Home u");
	assert_true(hides(d, "Unlock "));
}

static void a_day_is_brought_into_the_lanes(void **state)
{
	struct desk *d = *state;

	press(d, "d =24_dec Enter");
	assert_true(shows(d, "Thu 24 Dec"));
	press(d, ".");
	assert_true(hides(d, "Thu 24 Dec"));
	press(d, "d =blursday Enter");
	assert_true(shows(d, "blursday"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_read_as_they_are_written),
		cmocka_unit_test(a_column_falls_away_before_the_lane_does),
		on_a_desk(the_picker_shows_at_once_what_is_chosen),
		on_a_desk(the_rack_is_found_as_it_was_left),
		on_a_desk(a_click_on_a_heading_sorts_by_it),
		on_a_desk(locks_stand_under_the_heading_of_their_place),
		on_a_desk(every_row_is_passed_in_both_directions),
		on_a_desk(the_cursor_stays_on_a_heading_and_on_a_lock),
		on_a_desk(a_day_is_brought_into_the_lanes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
