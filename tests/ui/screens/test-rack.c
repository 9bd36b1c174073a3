/* The rack under the hand of a desk: few keys from a room's number to what is to be done there. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"
#include "ui/screens/rack.h"

static struct rack *the_rack(struct desk *d)
{
	return rack_of(g_ptr_array_index(d->app->stack, 0));
}

/* Of the code under the cursor; "lock" where there is none. */
static const char *chosen(struct desk *d)
{
	const struct code_row *c = rack_code(the_rack(d));

	return c ? c->code.access_code_id : "lock";
}

static const char *on_lock(struct desk *d)
{
	struct rack_lock *l = rack_lock(the_rack(d));

	return l && l->row ? l->row->lock.device_id : "none";
}

/* ---- by number ---- */

static void a_number_finds_the_lock_and_the_guest_who_matters(void **state)
{
	static const struct {
		const char *keys, *lock, *code;
	} rows[] = {
		{ "=101 Enter", "lock-101", "code-berg" },
		{ "=102 Enter", "lock-102", "code-mueller" }, /* in the house, not who comes next */
		{ "=104 Enter", "lock-104", "code-haddad" },  /* next to arrive */
		{ "=0104 Enter", "lock-104", "code-haddad" },
		{ "=20 Enter", "lock-201", "code-dubois" },   /* nobody has the whole number */
		{ "=1 Enter", "lock-101", "code-berg" },
		{ "=1 Enter f", "lock-102", "code-mueller" },
		{ "=1 Enter f f F", "lock-102", "code-mueller" },
		{ "=1 Enter F", "lock-104", "code-haddad" },  /* round */
		{ "A =103 Enter", "lock-103", "code-rossi" }, /* from another screen */
		{ "=102 Enter Enter =201 Enter", "lock-201", "code-dubois" },
		{ "/ =gym Enter =101 Enter", "lock-101", "code-berg" },
		{ "=1029 Backspace Enter", "lock-102", "code-mueller" },
	};
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 } }; /* folded, and a row for each code */
	struct desk *d = *state;

	for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
		grid_resize(&d->grid, sizes[s][0], sizes[s][1]);
		press(d, "z");
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			press(d, "Home");
			press(d, rows[i].keys);
			if (g_strcmp0(on_lock(d), rows[i].lock) != 0 || g_strcmp0(chosen(d), rows[i].code) != 0)
				fail_msg("%s goes to %s, %s", rows[i].keys, on_lock(d), chosen(d));
			assert_int_equal(d->app->stack->len, 1);
		}
	}
}

static void a_number_that_no_lock_has_moves_nothing(void **state)
{
	struct desk *d = *state;

	press(d, "=102 Enter A =999 Enter");
	assert_true(shows(d, "No lock has the number 999"));
	assert_int_equal(d->app->stack->len, 2);
	press(d, "Esc");
	assert_string_equal(chosen(d), "code-mueller");
}

static void digits_before_another_key_are_a_count(void **state)
{
	struct desk *d = *state;

	press(d, "z Home =2 Down");
	assert_string_equal(on_lock(d), "lock-103");
	press(d, "=1 Esc Down");
	assert_string_equal(on_lock(d), "lock-104");
	press(d, "=102 Esc Enter");
	assert_true(shows(d, "Lock"));
}

static void several_locks_with_a_number_are_said(void **state)
{
	struct desk *d = *state;

	press(d, "=10 Enter");
	assert_true(shows(d, "3 more locks with 10: f goes on, F back."));
}

/* The verb after a jump or a search is about the guest. */
static void the_next_key_acts_on_the_guest(void **state)
{
	static const struct {
		const char *keys, *said;
	} rows[] = {
		{ "=102 Enter x", "Revoke Mueller, J. on 102 Garden?" },
		{ "=101 Enter e", "Anna Berg" },
		{ "/ =muelle Enter x", "Revoke Mueller, J. on 102 Garden?" },
		{ "/ =sakura Esc =102 Enter w", "Why" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "Esc Esc Home");
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].said));
		while (d->app->stack->len > 1) {
			app_pop(d->app);
			app_turn_done(d->app);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(a_number_finds_the_lock_and_the_guest_who_matters),
		on_a_desk(a_number_that_no_lock_has_moves_nothing),
		on_a_desk(digits_before_another_key_are_a_count),
		on_a_desk(several_locks_with_a_number_are_said),
		on_a_desk(the_next_key_acts_on_the_guest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
