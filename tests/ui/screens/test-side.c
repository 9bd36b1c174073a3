/* The pane beside a list: there from 160 columns on, about what the cursor is on, read anew only when that
 * or the cache has changed, and no part of the list to the mouse. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "desk.h"
#include "ui/screens/rack.h"
#include "ui/screens/tonight.h"

static void wide(struct desk *d, int rows, int cols)
{
	grid_resize(&d->grid, rows, cols);
	app_draw(d->app, &d->grid);
}

static struct rack *the_rack(struct desk *d)
{
	return rack_of(g_ptr_array_index(d->app->stack, 0));
}

static void a_pane_needs_the_width(void **state)
{
	static const struct {
		int cols, pane;
	} rows[] = { { 80, 0 }, { 120, 0 }, { 159, 0 }, { 160, 50 }, { 170, 51 }, { 200, 60 }, { 400, 60 } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_int_equal(side_cols(rows[i].cols), rows[i].pane);
}

static void a_narrow_screen_reads_nothing_for_it(void **state)
{
	struct desk *d = *state;

	wide(d, 40, 159);
	press(d, "Down Down");
	app_draw(d->app, &d->grid);
	assert_true(the_rack(d)->side.stale);
	assert_int_equal(the_rack(d)->side.page.lines->len, 0);
}

/* What must stand there, and the keys before. */
static const struct {
	const char *keys, *words, *not;
} told[] = {
	{ "", "│ 101 Garden", "in its window" },
	{ "Down", "│ Anna Berg on 101 Garden", NULL },
	{ "/ =dubois Enter Down", "│  lock says       nothing: it is offline", NULL },
	{ "/ =dubois Enter Down", "How it came to this", "551203" },
	{ "/ =dubois Enter Down p", "│  PIN             ••••", NULL },
	{ "/ =rossi Enter Down", "unlocked, Rossi family, keypad", NULL },
	{ "A", "│  same stay       Gym", NULL },
	{ "A", "AT RISK: Still not on the lock", NULL },
};

static void it_is_about_the_cursors_row(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
		struct desk *d;

		assert_int_equal(desk_up(state), 0);
		d = *state;
		wide(d, 50, 200);
		press(d, told[i].keys);
		app_draw(d->app, &d->grid);
		assert_true(shows(d, told[i].words));
		assert_true(!told[i].not || hides(d, told[i].not));
		desk_down(state);
	}
}

static void it_is_read_once_until_something_changes(void **state)
{
	struct desk *d = *state;
	struct rack *r = the_rack(d);
	void *first;

	wide(d, 50, 200);
	first = g_ptr_array_index(r->side.page.lines, 0);
	app_draw(d->app, &d->grid);
	app_draw(d->app, &d->grid);
	assert_ptr_equal(g_ptr_array_index(r->side.page.lines, 0), first);
	assert_false(r->side.stale);
	r->base.ops->changed(&r->base, POKE_EVENTS);
	assert_true(r->side.stale);
	app_draw(d->app, &d->grid);
	assert_false(r->side.stale);
	/* A pane that holds another code than the cursor's is read again, its own is not. */
	press(d, "Down");
	app_draw(d->app, &d->grid);
	assert_int_equal(r->side.code_no, r->code_no);
	assert_true(r->code_no > 0);
}

static void the_mouse_finds_rows_in_the_list_alone(void **state)
{
	struct desk *d = *state;
	struct rack *r = the_rack(d);
	struct key in = { .code = KEYCODE_MOUSE_PRESS, .row = 4, .col = 10 };
	struct key out = { .code = KEYCODE_MOUSE_PRESS, .row = 8, .col = 150 };
	struct tonight *t;

	wide(d, 50, 200);
	app_key(d->app, &in);
	app_draw(d->app, &d->grid);
	assert_int_equal(d->grid.cursor_row, 4);
	app_key(d->app, &out);
	app_draw(d->app, &d->grid);
	assert_int_equal(d->grid.cursor_row, 4);
	assert_ptr_equal(g_ptr_array_index(d->app->stack, d->app->stack->len - 1), r);
	press(d, "A");
	app_draw(d->app, &d->grid);
	t = g_ptr_array_index(d->app->stack, 1);
	app_key(d->app, &(struct key){ .code = KEYCODE_MOUSE_PRESS, .row = 3, .col = 10 });
	assert_int_equal(t->at, 0);
	app_key(d->app, &(struct key){ .code = KEYCODE_MOUSE_PRESS, .row = 4, .col = 150 });
	assert_int_equal(t->at, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pane_needs_the_width),
		on_a_desk(a_narrow_screen_reads_nothing_for_it),
		cmocka_unit_test(it_is_about_the_cursors_row),
		on_a_desk(it_is_read_once_until_something_changes),
		on_a_desk(the_mouse_finds_rows_in_the_list_alone),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
