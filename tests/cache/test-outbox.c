/* The outbox: who may move an intent, in which order they go, and that nothing committed is lost. */
#include "config.h"

#include "tests/cache/fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct intent create_on(const char *device_id)
{
	return (struct intent){ .kind = INTENT_CREATE,
				.device_id = device_id,
				.params = "{\"name\":\"Ito\",\"code\":\"4711\"}" };
}

static struct intent delete_of(const char *device_id, const char *code_id)
{
	return (struct intent){ .kind = INTENT_DELETE,
				.device_id = device_id,
				.access_code_id = code_id,
				.params = "{\"access_code_id\":\"c1\"}" };
}

static enum intent_state state_of(struct cache *c, int64_t no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(c, no, NULL);

	assert_non_null(list);
	return cache_list_at(list, struct intent, 0)->state;
}

static int due(struct cache *c, int64_t *first)
{
	g_autoptr(GError) err = NULL;
	OWN(cache_list) struct cache_list *list = outbox_due(c, instant_now(), 0, &err);

	assert_no_error(err);
	if (first)
		*first = list->rows->len ? cache_list_at(list, struct intent, 0)->intent_no : 0;
	return (int)list->rows->len;
}

enum act { WITHDRAW, SENDING, ACCEPTED, REFUSED, AGAIN, DOUBT, DISMISS };
static bool act(struct cache *c, enum act a, int64_t no, GError **err)
{
	switch (a) {
	case WITHDRAW: return outbox_withdraw(c, no, err);
	case SENDING: return outbox_sending(c, no, instant_now(), instant_now(), err);
	case ACCEPTED: return outbox_accepted(c, no, "new", 200, err);
	case REFUSED: return outbox_refused(c, no, 400, "invalid_input", "no", NULL, err);
	case AGAIN: return outbox_again(c, no, INSTANT_NONE, "away", err);
	case DOUBT: return outbox_doubt(c, no, INSTANT_NONE, "lost", err);
	case DISMISS: return outbox_dismiss(c, no, err);
	}
	return false;
}

static void each_state_allows_its_moves_and_no_others(void **state)
{
	static const struct {
		enum intent_state from;
		enum act a;
		int then; /* -1: not allowed */
	} moves[] = {
		{ INTENT_QUEUED, WITHDRAW, INTENT_WITHDRAWN },
		{ INTENT_QUEUED, SENDING, INTENT_SENDING },
		{ INTENT_QUEUED, ACCEPTED, -1 },
		{ INTENT_QUEUED, REFUSED, INTENT_REFUSED }, /* too late */
		{ INTENT_QUEUED, AGAIN, -1 },
		{ INTENT_QUEUED, DOUBT, -1 },
		{ INTENT_QUEUED, DISMISS, -1 },
		{ INTENT_SENDING, WITHDRAW, -1 },
		{ INTENT_SENDING, SENDING, -1 },
		{ INTENT_SENDING, ACCEPTED, INTENT_ACCEPTED },
		{ INTENT_SENDING, REFUSED, INTENT_REFUSED },
		{ INTENT_SENDING, AGAIN, INTENT_QUEUED },
		{ INTENT_SENDING, DOUBT, INTENT_SENDING },
		{ INTENT_SENDING, DISMISS, -1 },
		{ INTENT_ACCEPTED, WITHDRAW, -1 },
		{ INTENT_ACCEPTED, SENDING, -1 },
		{ INTENT_ACCEPTED, ACCEPTED, -1 },
		{ INTENT_ACCEPTED, REFUSED, -1 },
		{ INTENT_ACCEPTED, AGAIN, -1 },
		{ INTENT_ACCEPTED, DOUBT, -1 },
		{ INTENT_REFUSED, WITHDRAW, -1 },
		{ INTENT_REFUSED, SENDING, -1 },
		{ INTENT_REFUSED, ACCEPTED, -1 },
		{ INTENT_REFUSED, DISMISS, INTENT_REFUSED },
		{ INTENT_WITHDRAWN, SENDING, -1 },
		{ INTENT_WITHDRAWN, WITHDRAW, -1 },
		{ INTENT_WITHDRAWN, ACCEPTED, -1 },
	};
	struct fixture *f = *state;

	put_lock(f->sync, a_lock("d1", "Garden"));
	for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
		int64_t no = add_intent(f->sync, create_on("d1"));
		g_autoptr(GError) err = NULL;
		bool ok;

		if (moves[i].from == INTENT_WITHDRAWN)
			assert_true(act(f->sync, WITHDRAW, no, NULL));
		else if (moves[i].from != INTENT_QUEUED)
			assert_true(act(f->sync, SENDING, no, NULL));
		if (moves[i].from == INTENT_ACCEPTED)
			assert_true(act(f->sync, ACCEPTED, no, NULL));
		if (moves[i].from == INTENT_REFUSED)
			assert_true(act(f->sync, REFUSED, no, NULL));
		ok = act(f->sync, moves[i].a, no, &err);
		if (ok != (moves[i].then >= 0))
			fail_msg("from %s, act %d: %s", intent_state_word(moves[i].from),
				 moves[i].a, ok ? "allowed" : err->message);
		if (!ok)
			assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
		assert_int_equal(state_of(f->sync, no), ok ? moves[i].then : (int)moves[i].from);
	}
	{
		g_autoptr(GError) err = NULL;

		assert_false(outbox_withdraw(f->sync, 999999, &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND));
	}
}

static void each_lock_gives_its_oldest_first(void **state)
{
	struct fixture *f = *state;
	int64_t a1, a2, first;

	put_lock(f->sync, a_lock("d1", "Garden"));
	put_lock(f->sync, a_lock("d2", "Sea"));
	a1 = add_intent(f->sync, create_on("d1"));
	a2 = add_intent(f->sync, create_on("d1"));
	assert_int_equal(due(f->sync, &first), 1);
	assert_int_equal(first, a1);
	add_intent(f->sync, create_on("d2"));
	assert_int_equal(due(f->sync, NULL), 2);
	assert_true(outbox_sending(f->sync, a1, instant_now(), instant_now(), NULL));
	assert_int_equal(due(f->sync, &first), 1); /* d2's: a1 is under way, a2 waits for it */
	assert_true(outbox_again(f->sync, a1, instant_add_ms(instant_now(), HOUR_MS), "away", NULL));
	assert_int_equal(due(f->sync, &first), 1); /* a1 waits; a2 may not pass it */
	assert_true(outbox_hurry(f->sync, NULL));
	assert_int_equal(due(f->sync, &first), 2); /* what was to be tried at an hour is tried at once */
	assert_int_equal(first, a1);
	assert_true(outbox_sending(f->sync, a1, instant_now(), instant_now(), NULL));
	assert_true(outbox_again(f->sync, a1, instant_add_ms(instant_now(), HOUR_MS), "away", NULL));
	assert_true(instant_known(outbox_next_due(f->sync, instant_now())));
	assert_true(outbox_withdraw(f->sync, a1, NULL));
	assert_int_equal(due(f->sync, &first), 2);
	assert_int_equal(first, a2);
}

/* A revocation leaves ten seconds after it was decided; nobody's door waits for it, nor for the new
 * code behind it, that no longer than those ten seconds, and a clock that was set back holds it no longer either. By
 * such a clock nobody knows how old the wish for a door is, and it is refused. */
static void what_can_be_taken_back_waits_ten_seconds_and_holds_no_door(void **state)
{
	enum { REVOKE, CREATE, UNLOCK };
	static const struct {
		int64_t after_ms;
		const char *due;
	} looks[] = {
		{ 0, "u" },
		{ INTENT_UNDO_MS - SECOND_MS, "u" },
		{ INTENT_UNDO_MS + SECOND_MS, "ru" },
		{ -HOUR_MS, "r" },
	};
	static const struct intent unlock = { .kind = INTENT_UNLOCK, .device_id = "d1",
					      .params = "{\"device_id\":\"d1\"}" };
	struct fixture *f = *state;
	struct intent revoke = delete_of("d1", "c1");
	struct instant now;
	int64_t no[3];

	put_lock(f->sync, a_lock("d1", "Garden"));
	revoke.undo_ms = INTENT_UNDO_MS;
	assert_false(instant_known(outbox_held_until(f->sync, instant_now())));
	no[REVOKE] = add_intent(f->sync, revoke);
	no[CREATE] = add_intent(f->sync, create_on("d1"));
	no[UNLOCK] = add_intent(f->sync, unlock);
	now = instant_now();
	assert_in_range(instant_diff_ms(outbox_held_until(f->sync, now), now), 1, INTENT_UNDO_MS);
	assert_in_range(instant_diff_ms(outbox_next_due(f->sync, now), now), 1, INTENT_UNDO_MS);
	for (size_t i = 0; i < G_N_ELEMENTS(looks); i++) {
		OWN(cache_list) struct cache_list *list =
			outbox_due(f->sync, instant_add_ms(now, looks[i].after_ms), 0, NULL);
		g_autoptr(GString) found = g_string_new(NULL);

		for (guint j = 0; j < list->rows->len; j++) {
			int64_t one = cache_list_at(list, struct intent, j)->intent_no;

			g_string_append_c(found, one == no[REVOKE] ? 'r' : one == no[CREATE] ? 'c' : 'u');
		}
		if (strcmp(found->str, looks[i].due) != 0)
			fail_msg("look %zu: due is '%s', not '%s'", i, found->str, looks[i].due);
	}
	assert_true(outbox_withdraw(f->sync, no[REVOKE], NULL));
	assert_int_equal(due(f->sync, NULL), 1);
	assert_false(instant_known(outbox_held_until(f->sync, now)));
}

static void a_revocation_that_was_tried_is_held_no_more(void **state)
{
	struct fixture *f = *state;
	struct intent revoke = delete_of("d1", "c1");
	OWN(cache_list) struct cache_list *held = NULL, *tried = NULL;
	int64_t no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	revoke.undo_ms = INTENT_UNDO_MS;
	no = add_intent(f->sync, revoke);
	held = outbox_get(f->sync, no, NULL);
	assert_true(intent_is_held(cache_list_at(held, struct intent, 0)));
	assert_true(outbox_sending(f->sync, no, instant_now(), instant_now(), NULL));
	assert_true(outbox_again(f->sync, no, instant_add_ms(instant_now(), SECOND_MS), "away", NULL));
	tried = outbox_get(f->sync, no, NULL);
	assert_false(intent_is_held(cache_list_at(tried, struct intent, 0)));
	assert_false(instant_known(outbox_held_until(f->sync, instant_now())));
}

static void what_another_process_was_sending_comes_to_be_settled(void **state)
{
	struct fixture *f = *state;
	int64_t no, first;

	put_lock(f->sync, a_lock("d1", "Garden"));
	no = add_intent(f->sync, create_on("d1"));
	assert_true(outbox_sending(f->sync, no, instant_now(), instant_now(), NULL));
	assert_int_equal(due(f->sync, NULL), 0);
	cache_close(f->sync);
	f->sync = cache_open(f->path, CACHE_SYNC, false, NULL);
	assert_int_equal(due(f->sync, &first), 1);
	assert_int_equal(first, no);
	outbox_settling(f->sync, no);
	assert_int_equal(due(f->sync, NULL), 0);
	assert_true(outbox_doubt(f->sync, no, INSTANT_NONE, "no answer", NULL));
	assert_int_equal(due(f->sync, NULL), 1);
	assert_int_equal(state_of(f->sync, no), INTENT_SENDING);
}

static void what_follows_a_create_goes_its_way(void **state)
{
	static const struct {
		enum act a;
		enum intent_state then;
	} ends[] = { { ACCEPTED, INTENT_QUEUED },
		     { REFUSED, INTENT_REFUSED },
		     { WITHDRAW, INTENT_WITHDRAWN } };
	struct fixture *f = *state;

	put_lock(f->sync, a_lock("d1", "Garden"));
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		int64_t create = add_intent(f->sync, create_on("d1"));
		struct intent later = { .kind = INTENT_UPDATE,
					.device_id = "d1",
					.params = "{\"name\":\"Ito, K.\"}",
					.after_no = create };
		int64_t no = add_intent(f->sync, later);
		OWN(cache_list) struct cache_list *list = NULL;

		if (ends[i].a != WITHDRAW)
			assert_true(act(f->sync, SENDING, create, NULL));
		assert_true(act(f->sync, ends[i].a, create, NULL));
		assert_int_equal(state_of(f->sync, no), ends[i].then);
		list = outbox_get(f->sync, no, NULL);
		if (ends[i].a == ACCEPTED) {
			const struct intent *in = cache_list_at(list, struct intent, 0);

			assert_string_equal(in->access_code_id, "new");
			assert_non_null(strstr(in->params, "\"access_code_id\":\"new\""));
			assert_true(outbox_withdraw(f->sync, no, NULL));
		}
	}
}

static void a_door_is_not_opened_late(void **state)
{
	struct fixture *f = *state;
	struct intent open = { .kind = INTENT_UNLOCK, .device_id = "d1",
			       .params = "{\"device_id\":\"d1\"}" };
	/* Set back, a clock does not say how long ago it was. */
	static const int64_t looks_ms[] = { INTENT_DOOR_LIFE_MS + SECOND_MS, -HOUR_MS };

	put_lock(f->sync, a_lock("d1", "Garden"));
	for (size_t i = 0; i < G_N_ELEMENTS(looks_ms); i++) {
		int64_t no = add_intent(f->sync, open);
		OWN(cache_list) struct cache_list *list =
			outbox_due(f->sync, instant_add_ms(instant_now(), looks_ms[i]), 0, NULL);
		OWN(cache_list) struct cache_list *one = outbox_get(f->sync, no, NULL);

		assert_int_equal(list->rows->len, 0);
		assert_int_equal(cache_list_at(one, struct intent, 0)->state, INTENT_REFUSED);
		assert_non_null(strstr(cache_list_at(one, struct intent, 0)->message, "too late: asked at"));
	}
}

static void several_go_together_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	struct intent in[] = { create_on("d1"),
			       create_on("d2"),
			       { .kind = INTENT_DELETE, .device_id = "d1", .params = "{}" } };
	g_autoptr(GError) err = NULL;

	put_lock(f->sync, a_lock("d1", "Garden"));
	assert_false(outbox_add_all(f->sync, in, 3, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE));
	assert_int_equal(cache_counts(f->sync, NOW).outbox_waiting, 0);
	assert_true(outbox_add_all(f->sync, in, 2, NULL));
	assert_int_equal(cache_counts(f->sync, NOW).outbox_waiting, 2);
}

static void an_intent_is_not_moved_within_a_pull(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GError) err = NULL;
	struct intent in = create_on("d1");

	assert_true(cache_begin(f->sync, NULL));
	assert_int_equal(outbox_add(f->sync, &in, &err), 0);
	assert_non_null(err);
	cache_rollback(f->sync);
}

static bool others_see(const struct fixture *f, const char *key)
{
	OWN(cache) struct cache *desk = cache_open(f->path, CACHE_DESK, false, NULL);
	g_autofree char *value = cache_fact_get(desk, key);

	return value != NULL;
}

static void what_lingers_is_committed_by_whatever_comes_next_or_all_taken_back(void **state)
{
	struct fixture *f = *state;
	struct intent in = create_on("d1");

	put_lock(f->sync, a_lock("d1", "Garden"));
	assert_true(cache_begin(f->sync, NULL));
	assert_true(cache_fact_set(f->sync, "moved", "1", NULL));
	cache_linger(f->sync);
	assert_false(others_see(f, "moved"));
	assert_true(outbox_add(f->sync, &in, NULL) > 0);
	assert_true(others_see(f, "moved"));

	assert_true(cache_begin(f->sync, NULL));
	assert_true(cache_fact_set(f->sync, "flushed", "1", NULL));
	cache_linger(f->sync);
	assert_true(cache_flush(f->sync, NULL));
	assert_true(others_see(f, "flushed"));

	assert_true(cache_begin(f->sync, NULL));
	assert_true(cache_fact_set(f->sync, "first", "1", NULL));
	cache_linger(f->sync);
	assert_true(cache_begin(f->sync, NULL));
	assert_true(cache_fact_set(f->sync, "second", "1", NULL));
	cache_rollback(f->sync);
	assert_true(cache_flush(f->sync, NULL));
	assert_false(others_see(f, "first") || others_see(f, "second"));
}

/* A child adds intents and says each number on a pipe once it is told 'queued'; killed at any
 * moment, what it said is there. */
static void what_was_said_to_be_queued_survives_kill_9(void **state)
{
	struct fixture *f = *state;

	put_lock(f->sync, a_lock("d1", "Garden"));
	for (int round = 0; round < 5; round++) {
		int64_t no = 0, said = 0;
		int fds[2], status;
		pid_t child;

		assert_int_equal(pipe(fds), 0);
		child = fork();
		if (child == 0) {
			struct cache *desk = cache_open(f->path, CACHE_DESK, false, NULL);
			struct intent in = delete_of("d1", "c1");

			while (desk && (no = outbox_add(desk, &in, NULL)) != 0)
				if (write(fds[1], &no, sizeof(no)) != sizeof(no))
					break;
			_exit(1);
		}
		close(fds[1]);
		for (int i = 0; i < 3 + round * 7; i++)
			assert_int_equal(read(fds[0], &said, sizeof(said)), sizeof(said));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		while (read(fds[0], &no, sizeof(no)) == (ssize_t)sizeof(no))
			said = no;
		close(fds[0]);
		for (no = 1; no <= said; no++)
			assert_int_equal(state_of(f->sync, no), INTENT_QUEUED);
	}
}

static void two_processes_move_an_intent_once(void **state)
{
	enum { INTENTS = 40 };
	struct fixture *f = *state;
	pid_t children[2];
	int won = 0;

	put_lock(f->sync, a_lock("d1", "Garden"));
	for (int i = 0; i < INTENTS; i++)
		add_intent(f->sync, create_on("d1"));
	for (int k = 0; k < 2; k++) {
		children[k] = fork();
		if (children[k] == 0) {
			struct cache *desk = cache_open(f->path, CACHE_DESK, false, NULL);
			int mine = 0;

			for (int64_t no = 1; desk && no <= INTENTS; no++)
				mine += outbox_withdraw(desk, no, NULL);
			_exit(mine);
		}
	}
	for (int k = 0; k < 2; k++) {
		int status;

		assert_int_equal(waitpid(children[k], &status, 0), children[k]);
		assert_true(WIFEXITED(status));
		won += WEXITSTATUS(status);
	}
	assert_int_equal(won, INTENTS);
}

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_CACHE(each_state_allows_its_moves_and_no_others),
		WITH_CACHE(each_lock_gives_its_oldest_first),
		WITH_CACHE(what_can_be_taken_back_waits_ten_seconds_and_holds_no_door),
		WITH_CACHE(a_revocation_that_was_tried_is_held_no_more),
		WITH_CACHE(what_another_process_was_sending_comes_to_be_settled),
		WITH_CACHE(what_follows_a_create_goes_its_way),
		WITH_CACHE(a_door_is_not_opened_late),
		WITH_CACHE(several_go_together_or_not_at_all),
		WITH_CACHE(an_intent_is_not_moved_within_a_pull),
		WITH_CACHE(what_lingers_is_committed_by_whatever_comes_next_or_all_taken_back),
		WITH_CACHE(what_was_said_to_be_queued_survives_kill_9),
		WITH_CACHE(two_processes_move_an_intent_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
