/* test-outbox - what the desk has decided: taking it back in its ten seconds, and the screen on which
 * all of it stands. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "desk.h"
#include "ui/undo.h"

static enum intent_state state_of(struct desk *d, int64_t no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(d->cache, no, NULL);

	assert_non_null(list);
	return cache_list_at(list, struct intent, 0)->state;
}

static void a_second_passes(struct desk *d, int n)
{
	while (n-- > 0)
		undo_tick(d->app->undo);
	app_draw(d->app, &d->grid);
}

/* ---- taking back ---- */

static void a_revocation_and_an_eviction_can_be_taken_back_from_anywhere(void **state)
{
	static const struct {
		const char *revoke, *go, *line;
	} rows[] = {
		{ "/ =Mueller Enter x y", "", "Revoking Mueller, J. on 102 Garden in 10 s: Z undoes" },
		{ "/ =Mueller Enter x y", "Esc Esc F2", "Revoking Mueller, J. on 102 Garden in 10 s: Z undoes" },
		{ "F5 e y", "", "Revoking left over on Großer Veranstaltungssaal im Untergeschoss in 10 s: Z undoes" },
		{ "/ =rossi Enter Down Enter x y", "Esc", "Revoking Rossi family on 103 Sea in 10 s: Z undoes" },
	};
	struct desk *d = *state;

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].revoke);
		if (*rows[i].go)
			press(d, rows[i].go);
		assert_true(shows(d, rows[i].line));
		OWN(cache_list) struct cache_list *list = outbox(d, i + 1);
		const struct intent *in = cache_list_at(list, struct intent, 0);

		assert_true(intent_is_held(in));
		assert_true(in->next_try_at.ms == in->made_at.ms + INTENT_UNDO_MS);
		press(d, "Z");
		assert_true(shows(d, "Undone: "));
		assert_int_equal(state_of(d, in->intent_no), INTENT_WITHDRAWN);
		press(d, "Esc Esc Esc Z");
		assert_true(shows(d, "Nothing to undo"));
	}
}

static void the_line_goes_when_the_revocation_does(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter x y");
	a_second_passes(d, 3);
	assert_true(shows(d, "in 7 s: Z undoes"));
	a_second_passes(d, 6);
	assert_true(shows(d, "in 1 s: Z undoes"));
	a_second_passes(d, 1);
	assert_true(hides(d, "Z undoes"));
	press(d, "Z");
	assert_true(shows(d, "Nothing to undo"));
	OWN(cache_list) struct cache_list *list = outbox(d, 1);
	assert_int_equal(cache_list_at(list, struct intent, 0)->state, INTENT_QUEUED);
}

static void the_last_act_first_then_the_one_before(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter x y");
	a_second_passes(d, 4);
	press(d, "F5 e y");
	assert_true(shows(d, "Revoking left over"));
	press(d, "Z");
	assert_true(shows(d, "Undone: left over"));
	press(d, "Esc Z");
	assert_true(shows(d, "Undone: Mueller, J. on 102 Garden stays as it was."));
}

/* One act of several: all of them, or as many as have not left. */
static void an_act_of_several_is_taken_back_whole(void **state)
{
	for (int left = 0; left < 2; left++) {
		struct desk *d = *state;
		struct intent in[] = {
			{ .kind = INTENT_DELETE, .device_id = "lock-102", .access_code_id = "code-mueller",
			  .params = "{}", .name = "Mueller, J.", .undo_ms = INTENT_UNDO_MS },
			{ .kind = INTENT_DELETE, .device_id = "lock-103", .access_code_id = "code-rossi",
			  .params = "{}", .name = "Rossi family", .undo_ms = INTENT_UNDO_MS },
			{ .kind = INTENT_UPDATE, .device_id = "lock-101", .access_code_id = "code-berg",
			  .params = "{}", .name = "Anna Berg" },
		};

		assert_true(app_intend_all(d->app, in, 3));
		app_draw(d->app, &d->grid);
		assert_true(shows(d, "Revoking Mueller, J. on 102 Garden and 1 more in 10 s: Z undoes"));
		if (left)
			assert_true(outbox_sending(d->cache, in[0].intent_no, instant_now(), NULL));
		press(d, "Z");
		assert_true(shows(d, left ? "Undone: 1 of 2; the others had left" : "Undone: 2 codes stay"));
		assert_int_equal(state_of(d, in[0].intent_no), left ? INTENT_SENDING : INTENT_WITHDRAWN);
		assert_int_equal(state_of(d, in[1].intent_no), INTENT_WITHDRAWN);
		assert_int_equal(state_of(d, in[2].intent_no), INTENT_QUEUED);
	}
}

static void what_must_not_wait_cannot_be_taken_back_by_that_key(void **state)
{
	struct desk *d = *state;
	struct intent in = { .kind = INTENT_DELETE, .device_id = "lock-102", .access_code_id = "code-mueller",
			     .params = "{}", .name = "Mueller, J." };

	assert_true(app_intend(d->app, &in) > 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "Queued: revoke Mueller, J."));
	press(d, "Z");
	assert_true(shows(d, "Nothing to undo"));
	assert_int_equal(state_of(d, in.intent_no), INTENT_QUEUED);
}

/* A question's and a form's keys are more than the line. */
static void the_line_covers_no_keys_that_are_typed(void **state)
{
	struct desk *d = *state;

	press(d, "/ =Mueller Enter x y n =Z");
	assert_true(hides(d, "Z undoes"));
	cache_list_free(outbox(d, 1));
	press(d, "Esc y");
	assert_true(shows(d, "Z undoes"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_a_desk(a_revocation_and_an_eviction_can_be_taken_back_from_anywhere),
		on_a_desk(the_line_goes_when_the_revocation_does),
		on_a_desk(the_last_act_first_then_the_one_before),
		on_a_desk(an_act_of_several_is_taken_back_whole),
		on_a_desk(what_must_not_wait_cannot_be_taken_back_by_that_key),
		on_a_desk(the_line_covers_no_keys_that_are_typed),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
