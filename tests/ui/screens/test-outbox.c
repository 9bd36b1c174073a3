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
			assert_true(outbox_sending(d->cache, in[0].intent_no, instant_now(), instant_now(), NULL));
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

/* ---- the screen ---- */

static struct cache *as_sync(struct desk *d)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	return cache_open(path, CACHE_SYNC, false, NULL);
}

static void tell(struct desk *d)
{
	app_changed(d->app, POKE_OUTBOX | POKE_CODES);
	app_draw(d->app, &d->grid);
}

static int64_t refused(struct desk *d, struct intent in, const char *message)
{
	OWN(cache) struct cache *sync = as_sync(d);
	int64_t no = outbox_add(d->cache, &in, NULL);

	assert_true(no > 0);
	assert_true(outbox_sending(sync, no, HOUSE_NOW, HOUSE_NOW, NULL));
	assert_true(outbox_refused(sync, no, 400, "invalid_input", message, NULL, NULL));
	tell(d);
	return no;
}

#define A_CREATE                                                                                   \
	{ .kind = INTENT_CREATE, .device_id = "lock-101", .name = "Ana", .common_code_key = "feed-1.2", \
	  .params = "{\"device_id\":\"lock-101\",\"name\":\"Ana\",\"code\":\"4822\",\"common_code_key\":\"feed-1.2\"," \
		    "\"starts_at\":\"2026-11-24T14:00:00.000Z\",\"ends_at\":\"2026-11-25T10:00:00.000Z\"}" }

static void what_is_shown_is_chosen_by_tab(void **state)
{
	static const struct {
		const char *keys, *chosen, *has, *has_not;
	} rows[] = {
		{ "", "[all 11]", "change Anna Berg", "Nothing of that" },
		{ "Tab", "[waiting 4]", "change Priya N.", "backup code Dubois" },
		{ "Tab Tab", "[refused 3]", "backup code Dubois", "change Priya N." },
		{ "Tab Tab Tab", "[accepted 2]", "change Anna Berg", "backup code Dubois" },
		{ "Tab Tab Tab Tab", "[aside 2]", "unlock", "change Anna Berg" },
		{ "Tab Tab Tab Tab Tab", "[all 11]", "change Anna Berg", "Nothing of that" },
		{ "Tab Esc", "[all 11]", "change Anna Berg", "Nothing of that" },
		{ "/ =priya", "1 found", "change Priya N.", "change Anna Berg" },
		{ "/ =gym", "2 found", "change Priya N.", "change Anna Berg" },
		{ "/ =refused_dub", "1 found", "backup code Dubois", "Mueller" },
		{ "/ =nobody", "0 found", "Nothing of that. Esc shows all again.", "Priya" },
		{ "/ =mueller Enter Esc", "[all 11]", "change Anna Berg", "found" },
	};
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	house_make_outbox(path);
	tell(d);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, "F8");
		if (*rows[i].keys)
			press(d, rows[i].keys);
		assert_true(shows(d, rows[i].chosen));
		assert_true(shows(d, rows[i].has));
		assert_true(hides(d, rows[i].has_not));
		press(d, "Esc Esc Esc");
		app_pop(d->app);
		app_turn_done(d->app);
		if (!d->app->stack->len)
			app_push(d->app, rack_new(d->app, &d->app->world));
		app_draw(d->app, &d->grid);
	}
}

/* The same parameters, the same key: and only once. */
static void a_refused_one_is_asked_for_again_as_it_was(void **state)
{
	struct desk *d = *state;
	int64_t no = refused(d, (struct intent)A_CREATE, "The bridge was restarting");

	press(d, "F8 r");
	assert_true(shows(d, "Asked for again: new code Ana on 101 Garden"));
	OWN(cache_list) struct cache_list *list = outbox_list(d->cache, 1u << INTENT_QUEUED, 10, NULL);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_int_equal(list->rows->len, 1);
	assert_param(in, "code", "4822");
	assert_string_equal(in->common_code_key, "feed-1.2");
	assert_int_equal(in->again_no, no);
	assert_int_equal(cache_counts(d->cache, HOUSE_NOW).outbox_refused, 0);
	press(d, "Tab Tab Tab Tab");
	assert_true(shows(d, "[aside 1]"));
	press(d, "r");
	assert_true(shows(d, "Not sent again: it was put aside, or asked for again already"));
	press(d, "Enter");
	assert_true(shows(d, "asked again as"));
}

static void what_came_first_is_sent_again_first(void **state)
{
	struct desk *d = *state;
	OWN(cache) struct cache *sync = as_sync(d);
	struct intent in[] = {
		A_CREATE,
		{ .kind = INTENT_DELETE,
		  .device_id = "lock-102",
		  .access_code_id = "code-mueller",
		  .name = "Mueller, J.",
		  .params = "{\"access_code_id\":\"code-mueller\"}" },
	};
	int64_t first = outbox_add(d->cache, &in[0], NULL);

	in[1].after_no = first;
	assert_true(outbox_add(d->cache, &in[1], NULL) > 0);
	assert_true(outbox_sending(sync, first, HOUSE_NOW, HOUSE_NOW, NULL));
	assert_true(outbox_refused(sync, first, 400, "x", "No", NULL, NULL));
	tell(d);
	press(d, "F8");
	assert_true(shows(d, "refused   revoke Mueller, J."));
	press(d, "r");
	assert_true(shows(d, "Not sent again: it comes after number 1, which was refused or withdrawn"));
	/* Both at once: the first one first. */
	press(d, "* r");
	assert_true(shows(d, "Ask again for 2 that were refused?"));
	press(d, "n");
	assert_true(shows(d, "[all 2]"));
	press(d, "r y");
	OWN(cache_list) struct cache_list *list = outbox_list(d->cache, 1u << INTENT_QUEUED, 10, NULL);
	const struct intent *revoke = cache_list_at(list, struct intent, 0),
			    *create = cache_list_at(list, struct intent, 1);

	assert_int_equal(list->rows->len, 2);
	assert_int_equal(revoke->kind, INTENT_DELETE);
	assert_int_equal(revoke->after_no, create->intent_no);
	assert_true(intent_is_held(revoke));
}

static void several_are_withdrawn_or_put_aside_at_once(void **state)
{
	struct desk *d = *state;
	struct intent waits = A_CREATE;
	int64_t no[3];

	no[0] = refused(d, (struct intent)A_CREATE, "No");
	no[1] = outbox_add(d->cache, &waits, NULL);
	waits.name = "Bo";
	no[2] = outbox_add(d->cache, &waits, NULL);
	tell(d);
	press(d, "F8 Space Space x");
	assert_true(shows(d, "Withdraw or put aside 2?"));
	press(d, "y");
	assert_int_equal(state_of(d, no[1]), INTENT_QUEUED);
	assert_int_equal(state_of(d, no[2]), INTENT_WITHDRAWN);
	assert_int_equal(cache_counts(d->cache, HOUSE_NOW).outbox_refused, 0);
	assert_true(hides(d, "marked"));
	(void)no[0];
}

static void a_mended_refusal_keeps_the_mark_of_its_feed(void **state)
{
	static const struct {
		const char *key;
		bool kept;
	} rows[] = { { "feed-1.2", true }, { "keyrack-77", false } };
	struct desk *d = *state;

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct intent in = A_CREATE;
		int64_t no;

		in.common_code_key = rows[i].key;
		no = refused(d, in, "Too long a stay");
		press(d, "F8 Enter e Tab Tab Ctrl-U =+1n Enter");
		OWN(cache_list) struct cache_list *list = outbox_list(d->cache, 1u << INTENT_QUEUED, 1, NULL);
		const struct intent *again = cache_list_at(list, struct intent, 0);

		assert_int_equal(again->again_no, no);
		assert_int_equal(g_strcmp0(again->common_code_key, rows[i].key) == 0, rows[i].kept);
		press(d, "Esc Esc");
	}
}

/* A door is asked about, and a stay that is over is not asked for again. */
static void what_cannot_or_must_not_go_at_once(void **state)
{
	static const struct {
		struct intent in;
		const char *said;
	} rows[] = {
		{ { .kind = INTENT_UNLOCK, .device_id = "lock-101", .params = "{\"device_id\":\"lock-101\"}" },
		  "Ask again now: unlock on 101 Garden?" },
		{ { .kind = INTENT_CREATE, .device_id = "lock-101", .name = "Bo",
		    .params = "{\"device_id\":\"lock-101\",\"name\":\"Bo\",\"ends_at\":\"2026-11-20T10:00:00.000Z\"}" },
		  "Not sent again: its end has passed: e changes it first" },
	};
	struct desk *d = *state;

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		refused(d, rows[i].in, "No");
		press(d, "F8 Home r");
		assert_true(shows(d, rows[i].said));
		press(d, "Esc");
	}
	assert_int_equal(cache_counts(d->cache, HOUSE_NOW).outbox_waiting, 0);
}

static void the_page_of_one_has_all_of_it_and_no_pin(void **state)
{
	static const char *const words[] = {
		"Number 5: new code", "! the server: Must be after starts_at", "! the server: Too easily guessed",
		"HTTP status 400, invalid_input", "5f0c2a4e-7d1b-4c1e-9a57-3a9f2f6f0d11", "hopeful", "waits for it",
		"number 6: revoke Mueller, J. on 102 Garden, refused", "Europe/Berlin", "Sun 22 Nov 2026 20:35 CET",
	};
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	house_make_outbox(path);
	tell(d);
	press(d, "F8 Down Down Enter");
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		assert_true(shows(d, words[i]));
	assert_true(hides(d, "1234"));
	press(d, "p");
	assert_true(shows(d, "1234"));
	/* To what waits for it, and back; of what was settled by reading back it is said. */
	press(d, "Enter");
	assert_true(shows(d, "comes after"));
	press(d, "q q / =number Ctrl-U =rossi Enter Enter");
	assert_true(shows(d, "reading back: its own answer was lost"));
}

static void a_code_leads_to_what_was_asked_about_it(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	house_make_outbox(path);
	tell(d);
	press(d, "/ =dubois Enter Down Enter o");
	assert_true(shows(d, "Dubois on 201 Sea"));
	assert_true(shows(d, "[all 1]"));
	assert_true(hides(d, "Priya"));
	press(d, "o");
	assert_true(shows(d, "[all 11]"));
}

/* What the cursor is on, on whatever screen: never an empty list, and F8 is always all. */
static void what_was_asked_for_about_the_cursors_row_is_one_key(void **state)
{
	static const struct {
		const char *keys, *has, *has_not;
	} rows[] = {
		{ "o", "101 Garden  [all]", "Priya" },                     /* a room */
		{ "o", "change Anna Berg", "104 Sea" },
		{ "o o", "[all 11]", "101 Garden  [all" },
		{ "F8", "[all 11]", "this is all" },
		{ "/ =dubois Enter Down o", "Dubois on 201 Sea  [all 1]", "Priya" }, /* a code */
		{ "/ =dubois Enter Down w o", "Dubois on 201 Sea  [all 1]", "Priya" },
		{ "/ =laundry Enter Left o", "this is all", "Laundry  [all" }, /* nothing of it */
		{ "Tab Tab End Home Tab", "Rack", "Outbox" },
	};
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);

	house_make_outbox(path);
	tell(d);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		if (!shows(d, rows[i].has) || !hides(d, rows[i].has_not))
			fail_msg("%s", rows[i].keys);
		press(d, "F3 Esc Esc Esc Home");
	}
}

/* What is seen is all that is read, and the cursor stays on what it was on. */
static void a_long_outbox_is_read_where_it_is_looked_at(void **state)
{
	enum { N = 700 };
	struct desk *d = *state;
	g_autofree struct intent *in = g_new0(struct intent, N);

	for (int i = 0; i < N; i++)
		in[i] = (struct intent)A_CREATE;
	in[0].name = "First";
	assert_true(outbox_add_all(d->cache, in, N, NULL));
	tell(d);
	press(d, "F8");
	assert_true(shows(d, "[all 700]"));
	press(d, "End");
	assert_true(shows(d, "new code First"));
	press(d, "Home Down Down Down");
	struct intent newer = A_CREATE;
	newer.name = "Newest";
	assert_true(outbox_add(d->cache, &newer, NULL) > 0);
	tell(d);
	assert_true(shows(d, "[all 701]"));
	press(d, "x");
	assert_true(shows(d, "Withdraw: new code Ana?"));
	press(d, "y");
	assert_int_equal(state_of(d, N - 3), INTENT_WITHDRAWN);
	press(d, "/ =first");
	assert_true(shows(d, "1 found"));
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
		on_a_desk(what_is_shown_is_chosen_by_tab),
		on_a_desk(a_refused_one_is_asked_for_again_as_it_was),
		on_a_desk(what_came_first_is_sent_again_first),
		on_a_desk(several_are_withdrawn_or_put_aside_at_once),
		on_a_desk(a_mended_refusal_keeps_the_mark_of_its_feed),
		on_a_desk(what_cannot_or_must_not_go_at_once),
		on_a_desk(the_page_of_one_has_all_of_it_and_no_pin),
		on_a_desk(a_code_leads_to_what_was_asked_about_it),
		on_a_desk(what_was_asked_for_about_the_cursors_row_is_one_key),
		on_a_desk(a_long_outbox_is_read_where_it_is_looked_at),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
