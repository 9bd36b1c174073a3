/* The batch screen: what stands there is what is queued, after a number where it is guarded, or not at
 * all when the world has moved. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "desk.h"
#include "ui/screens/batch.h"

static struct batch_row *add(struct cache *c, struct batch *b, enum batch_sign sign, const char *id, const char *words)
{
	OWN(cache_list) struct cache_list *list = cache_code(c, cache_code_no(c, id), HOUSE_NOW, NULL);
	struct batch_row *r = batch_add_code(b, sign, cache_list_at(list, struct code_row, 0));

	r->kind = INTENT_DELETE;
	r->params = g_strdup_printf("{\"access_code_id\":\"%s\"}", id);
	r->words = g_strdup(words);
	return r;
}

/* Two revokes, and something of each other kind. */
static struct batch *make(void *ctx)
{
	struct cache *c = ctx;
	struct batch *b = batch_new("Clear out", "list.csv");

	add(c, b, BATCH_REVOKE, "code-berg", "leaves now");
	add(c, b, BATCH_REVOKE, "code-mueller", "leaves now");
	add(c, b, BATCH_SAME, "code-rossi", "stays");
	add(c, b, BATCH_BLOCKED, "code-haddad", "offline codes cannot be revoked");
	return b;
}

static struct batch *put(struct desk *d, bool again)
{
	struct batch *b = make(d->cache);

	if (again) {
		b->again = make;
		b->again_ctx = d->cache;
	}
	app_push(d->app, batch_screen_new(d->app, &d->app->world, b));
	app_draw(d->app, &d->grid);
	return b;
}

static void what_is_blocked_stands_first_with_its_reason(void **state)
{
	struct desk *d = *state;

	put(d, false);
	assert_true(shows(d, "Clear out  list.csv"));
	assert_true(shows(d, "-2 revoke  !1 blocked  =1 already so"));
	assert_true(shows(d, "2 doors are written to."));
	assert_true(shows(d, "! 104 Sea"));
	assert_true(shows(d, "offline codes cannot be revoked"));
	press(d, "x");
	assert_true(shows(d, "Nothing is done about this row anyway."));
}

static void exactly_what_is_shown_is_queued(void **state)
{
	struct desk *d = *state;

	put(d, false);
	press(d, "Down x");
	assert_true(shows(d, "left out: leaves now"));
	assert_true(shows(d, "-1 revoke"));
	assert_true(shows(d, "1 door is written to."));
	press(d, "x Space a");
	assert_true(shows(d, "in 10 s: Z undoes"));
	assert_int_equal(d->app->stack->len, 1);
	OWN(cache_list) struct cache_list *list = outbox(d, 1);

	assert_string_equal(cache_list_at(list, struct intent, 0)->access_code_id, "code-mueller");
}

static void enter_opens_the_code(void **state)
{
	struct desk *d = *state;

	put(d, false);
	press(d, "Down Enter");
	assert_true(shows(d, "Anna Berg"));
	assert_int_equal(d->app->stack->len, 3);
}

static void a_guard_wants_the_number_of_codes_revoked(void **state)
{
	struct desk *d = *state;
	struct batch *b = put(d, false);

	b->guard = g_strdup("2 of 3 stays have vanished.");
	press(d, "a");
	assert_true(shows(d, "Type 2 to revoke that many codes"));
	press(d, "=4 Enter");
	assert_true(shows(d, "Nothing was changed"));
	cache_list_free(outbox(d, 0));
	press(d, "a Esc");
	cache_list_free(outbox(d, 0));
	press(d, "a =2 Enter");
	cache_list_free(outbox(d, 2));
	assert_int_equal(d->app->stack->len, 1);
}

static void move_world(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);

	assert_true(cache_delete_code(sync, "code-berg", HOUSE_NOW, NULL));
}

static void a_world_that_moved_is_shown_again_or_named(void **state)
{
	struct desk *d = *state;

	put(d, true);
	press(d, "Down Down x Up");
	move_world(d);
	press(d, "a");
	assert_true(shows(d, "Anna Berg on 101 Garden is no longer as it was"));
	assert_true(shows(d, "This is how it would be now."));
	assert_true(shows(d, "left out: leaves now"));
	cache_list_free(outbox(d, 0));
}

static void a_world_that_moved_is_named_where_nobody_makes_it_again(void **state)
{
	struct desk *d = *state;

	put(d, false);
	move_world(d);
	press(d, "a");
	assert_true(shows(d, "Not queued: Anna Berg on 101 Garden"));
	assert_int_equal(d->app->stack->len, 2);
	cache_list_free(outbox(d, 0));
}

static void settle(struct desk *d, struct cache *sync, const char *id, bool accept)
{
	OWN(cache_list) struct cache_list *list = outbox_of_code(d->cache, id, 1, NULL);
	int64_t no = cache_list_at(list, struct intent, 0)->intent_no;

	assert_true(outbox_sending(sync, no, HOUSE_NOW, HOUSE_NOW, NULL));
	if (accept)
		assert_true(outbox_accepted(sync, no, id, 200, NULL));
	else
		assert_true(outbox_refused(sync, no, 400, "invalid_input", "the lock is gone", NULL, NULL));
	app_changed(d->app, POKE_OUTBOX);
	app_draw(d->app, &d->grid);
}

static void the_outcome_is_told_when_all_are_answered(void **state)
{
	static const struct {
		bool first, second;
		const char *words;
	} outcomes[] = {
		{ true, true, "Done: Clear out, all 2 accepted" },
		{ true, false, "1 accepted, 1 refused, first Mueller, J. on 102 Garden: the lock is gone (F8: outbox)" },
	};
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
		put(d, false);
		press(d, "a");
		settle(d, sync, "code-berg", outcomes[i].first);
		assert_true(hides(d, "accepted"));
		settle(d, sync, "code-mueller", outcomes[i].second);
		assert_true(shows(d, outcomes[i].words));
	}
}

static void a_console_that_only_reads_applies_nothing(void **state)
{
	struct desk *d = *state;

	d->app->world.read_only = true;
	put(d, false);
	press(d, "a");
	assert_true(shows(d, "this console is read-only"));
	cache_list_free(outbox(d, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(what_is_blocked_stands_first_with_its_reason),
		on_a_desk(exactly_what_is_shown_is_queued),
		on_a_desk(enter_opens_the_code),
		on_a_desk(a_guard_wants_the_number_of_codes_revoked),
		on_a_desk(a_world_that_moved_is_shown_again_or_named),
		on_a_desk(a_world_that_moved_is_named_where_nobody_makes_it_again),
		on_a_desk(the_outcome_is_told_when_all_are_answered),
		on_a_desk(a_console_that_only_reads_applies_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
