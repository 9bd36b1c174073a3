/* A batch: exactly what was shown, all of it or nothing, and nothing of a world that has moved. */
#include "config.h"

#include "tests/cache/fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache/batch.h"

static struct code_row *row_of(struct cache *c, const char *id, struct cache_list **list)
{
	*list = cache_code(c, cache_code_no(c, id), NOW, NULL);
	assert_non_null(*list);
	return cache_list_at(*list, struct code_row, 0);
}

/* A row that revokes that code, as the cache has it. */
static struct batch_row *put_revoke(struct cache *c, struct batch *b, const char *id)
{
	OWN(cache_list) struct cache_list *list = NULL;
	struct batch_row *r = batch_add_code(b, BATCH_REVOKE, row_of(c, id, &list));

	r->kind = INTENT_DELETE;
	r->params = g_strdup_printf("{\"access_code_id\":\"%s\"}", id);
	return r;
}

static struct batch_row *put_create(struct batch *b, int64_t lock_no, const char *name)
{
	struct batch_row *r = batch_add(b, BATCH_ISSUE);

	r->kind = INTENT_CREATE;
	r->lock_no = lock_no;
	r->name = g_strdup(name);
	r->params = g_strdup_printf("{\"name\":\"%s\",\"code\":\"4711\"}", name);
	r->common_code_key = g_strdup("key");
	return r;
}

static struct code_row a_row(void)
{
	return (struct code_row){ .code_no = 1, .lock_no = 1, .code = a_code("c1", "d1", "Berg", "4821"),
				  .deleted_at = INSTANT_NONE };
}

struct change {
	const char *what;
	void (*change)(struct code_row *r);
	bool differs;
};
static void new_pin(struct code_row *r) { r->code.code = "4822"; }
static void no_pin(struct code_row *r) { r->code.code = NULL; }
static void new_name(struct code_row *r) { r->code.name = "Bergh"; }
static void new_start(struct code_row *r) { r->code.starts_at = NOW; }
static void new_end(struct code_row *r) { r->code.ends_at = NOW; }
static void unmanage(struct code_row *r) { r->code.managed = false; }
static void gone(struct code_row *r) { r->deleted_at = NOW; }
static void queued(struct code_row *r) { r->intent_no = 7; r->intent_state = INTENT_QUEUED; }
static void refused(struct code_row *r) { r->intent_no = 7; r->intent_state = INTENT_REFUSED; }
static void errors(struct code_row *r) { r->errors_own = 2; r->code.errors = "[{}]"; }
static void status(struct code_row *r) { r->code.status = "setting"; r->state = CODE_SETTING; }

static void a_fingerprint_tells_what_must_not_have_changed(void **state)
{
	static const struct change changes[] = {
		{ "PIN", new_pin, true },	 { "no PIN", no_pin, true },
		{ "name", new_name, true },	 { "start", new_start, true },
		{ "end", new_end, true },	 { "management", unmanage, true },
		{ "deleted", gone, true },	 { "somebody's change", queued, true },
		{ "a refusal", refused, false }, { "errors", errors, false },
		{ "status", status, false },
	};
	struct code_row before = a_row();
	g_autofree char *was = batch_fingerprint(&before);

	(void)state;
	assert_null(strstr(was, "4821"));
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		struct code_row after = a_row();
		g_autofree char *is = NULL;

		changes[i].change(&after);
		is = batch_fingerprint(&after);
		if ((strcmp(was, is) != 0) != changes[i].differs)
			fail_msg("%s: %s", changes[i].what, changes[i].differs ? "not seen" : "seen");
	}
}

/* The locks d1 and d2, and a code on each. */
static void house(struct fixture *f, int64_t lock_no[2])
{
	lock_no[0] = put_lock(f->sync, a_lock("d1", "Garden"));
	lock_no[1] = put_lock(f->sync, a_lock("d2", "Sea"));
	put_code(f->sync, a_code("c1", "d1", "Berg", "4821"));
	put_code(f->sync, a_code("c2", "d2", "Ito", "9034"));
}

static struct cache_list *all(struct cache *c, guint expected)
{
	struct cache_list *list = outbox_list(c, 0, 1000, NULL);

	assert_int_equal(list->rows->len, expected);
	return list;
}

static void what_was_shown_is_put_and_nothing_else(void **state)
{
	struct fixture *f = *state;
	OWN(batch) struct batch *b = batch_new("Several", NULL);
	g_autoptr(GArray) intents = g_array_new(FALSE, FALSE, sizeof(int64_t));
	OWN(cache_list) struct cache_list *list = NULL;
	g_autoptr(GError) err = NULL;
	int64_t lock_no[2];

	house(f, lock_no);
	put_create(b, lock_no[1], "Rossi");
	put_revoke(f->sync, b, "c1");
	put_revoke(f->sync, b, "c2")->left_out = true;
	batch_add(b, BATCH_BLOCKED)->words = g_strdup("an offline code");
	batch_add(b, BATCH_SAME);
	assert_int_equal(batch_count(b, BATCH_ISSUE), 1);
	assert_int_equal(batch_count(b, BATCH_REVOKE), 1);
	assert_int_equal(batch_count(b, BATCH_BLOCKED), 1);
	assert_int_equal(batch_count(b, BATCH_SAME), 1);
	assert_int_equal(batch_doors(b), 2);
	assert_int_equal(batch_guard_number(b), 1);
	assert_true(batch_apply(f->sync, b, "sato", NOW, intents, &err));
	assert_no_error(err);
	list = all(f->sync, 2);
	const struct intent *made = cache_list_at(list, struct intent, 1),
			    *gone = cache_list_at(list, struct intent, 0);

	assert_int_equal(intents->len, 2);
	assert_int_equal(g_array_index(intents, int64_t, 0), made->intent_no);
	assert_int_equal(made->kind, INTENT_CREATE);
	assert_string_equal(made->device_id, "d2");
	assert_string_equal(made->made_by, "sato");
	assert_string_equal(made->common_code_key, "key");
	assert_int_equal(gone->kind, INTENT_DELETE);
	assert_string_equal(gone->access_code_id, "c1");
}

static void nothing_to_apply_is_an_error(void **state)
{
	struct fixture *f = *state;
	OWN(batch) struct batch *b = batch_new("Nothing", NULL);
	g_autoptr(GError) err = NULL;

	batch_add(b, BATCH_SAME);
	batch_add(b, BATCH_BLOCKED);
	assert_false(batch_apply(f->sync, b, "sato", NOW, NULL, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE));
}

enum world { RENAMED, DELETED, TAKEN_OUT };
static void move_world(struct cache *c, enum world how)
{
	struct access_code ac = a_code("c2", "d2", "Ito, K.", "9034");

	if (how == RENAMED)
		put_code(c, ac);
	else if (how == DELETED)
		assert_true(cache_delete_code(c, "c2", NOW, NULL));
	else
		add_intent(c, (struct intent){ .kind = INTENT_DELETE, .device_id = "d2", .access_code_id = "c2",
					       .params = "{\"access_code_id\":\"c2\"}" });
}

static void a_world_that_has_moved_refuses_all_of_it(void **state)
{
	struct fixture *f = *state;
	int64_t lock_no[2];

	for (int how = RENAMED; how <= TAKEN_OUT; how++) {
		OWN(batch) struct batch *b = batch_new("Several", NULL);
		g_autoptr(GError) err = NULL;
		int64_t before;

		house(f, lock_no);
		put_revoke(f->sync, b, "c1");
		put_create(b, lock_no[0], "Rossi");
		put_revoke(f->sync, b, "c2");
		move_world(f->sync, (enum world)how);
		before = cache_counts(f->sync, NOW).outbox_waiting;
		assert_false(batch_apply(f->sync, b, "sato", NOW, NULL, &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
		assert_non_null(strstr(err->message, "Ito on Sea"));
		assert_null(strstr(err->message, "9034"));
		assert_int_equal(cache_counts(f->sync, NOW).outbox_waiting, before);
		/* What is left out need not be as it was. */
		((struct batch_row *)b->rows->pdata[2])->left_out = true;
		assert_true(batch_apply(f->sync, b, "sato", NOW, NULL, NULL));
	}
}

static void one_row_that_cannot_be_put_takes_back_the_others(void **state)
{
	struct fixture *f = *state;
	OWN(batch) struct batch *b = batch_new("Several", NULL);
	g_autoptr(GError) err = NULL;
	int64_t lock_no[2];

	house(f, lock_no);
	put_create(b, lock_no[0], "Rossi");
	put_create(b, 99, "nowhere");
	assert_false(batch_apply(f->sync, b, "sato", NOW, NULL, &err));
	assert_non_null(err);
	assert_int_equal(cache_counts(f->sync, NOW).outbox_waiting, 0);
}

static const struct intent *due(struct cache *c, struct cache_list **list, guint expected)
{
	*list = outbox_due(c, instant_now(), 0, NULL);
	assert_int_equal((*list)->rows->len, expected);
	return expected ? cache_list_at(*list, struct intent, 0) : NULL;
}

/* A move from d1 to d2: the revoke stands first in the list and waits all the same. */
static void put_move(struct fixture *f, int64_t *made, int64_t *revoked)
{
	OWN(batch) struct batch *b = batch_new("Move", NULL);
	g_autoptr(GArray) intents = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(GError) err = NULL;
	int64_t lock_no[2];

	house(f, lock_no);
	put_revoke(f->sync, b, "c1")->after = 1;
	put_create(b, lock_no[1], "Berg");
	assert_true(batch_apply(f->sync, b, "sato", NOW, intents, &err));
	assert_no_error(err);
	*revoked = g_array_index(intents, int64_t, 0);
	*made = g_array_index(intents, int64_t, 1);
}

static struct cache_list *get(struct cache *c, int64_t no, const struct intent **in)
{
	struct cache_list *list = outbox_get(c, no, NULL);

	*in = cache_list_at(list, struct intent, 0);
	return list;
}

static void a_revoke_waits_until_its_replacement_is_accepted(void **state)
{
	struct fixture *f = *state;
	int64_t made, revoked, unlock;
	const struct intent *in;

	put_move(f, &made, &revoked);
	unlock = add_intent(f->sync, (struct intent){ .kind = INTENT_UNLOCK, .device_id = "d1",
						      .params = "{\"device_id\":\"d1\"}" });
	{
		OWN(cache_list) struct cache_list *list = NULL;

		/* The door does not wait behind it. */
		due(f->sync, &list, 2);
		assert_int_equal(cache_list_at(list, struct intent, 0)->intent_no, made);
		assert_int_equal(cache_list_at(list, struct intent, 1)->intent_no, unlock);
	}
	assert_true(outbox_sending(f->sync, unlock, instant_now(), instant_now(), NULL));
	assert_true(outbox_accepted(f->sync, unlock, NULL, 200, NULL));
	assert_true(outbox_sending(f->sync, made, instant_now(), instant_now(), NULL));
	{
		OWN(cache_list) struct cache_list *list = NULL;

		due(f->sync, &list, 0);
	}
	assert_true(outbox_accepted(f->sync, made, "new", 200, NULL));
	{
		OWN(cache_list) struct cache_list *list = NULL, *one = NULL;

		assert_int_equal(due(f->sync, &list, 1)->intent_no, revoked);
		one = get(f->sync, revoked, &in);
		/* The old code, never the new one. */
		assert_string_equal(in->access_code_id, "c1");
		assert_string_equal(in->params, "{\"access_code_id\":\"c1\"}");
	}
}

static void a_revoke_shares_the_fate_of_its_replacement(void **state)
{
	static const struct {
		bool refused;
		enum intent_state then;
		const char *words;
	} ends[] = { { true, INTENT_REFUSED, "what was to come first was refused" },
		     { false, INTENT_WITHDRAWN, NULL } };
	struct fixture *f = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		OWN(cache_list) struct cache_list *one = NULL, *second = NULL;
		int64_t made, revoked, later;
		const struct intent *in;

		put_move(f, &made, &revoked);
		later = add_intent(f->sync, (struct intent){ .kind = INTENT_DELETE, .device_id = "d2",
							     .access_code_id = "c2", .after_no = revoked,
							     .params = "{\"access_code_id\":\"c2\"}" });
		if (ends[i].refused)
			assert_true(outbox_refused(f->sync, made, 400, "invalid_input", "no", NULL, NULL));
		else
			assert_true(outbox_withdraw(f->sync, made, NULL));
		one = get(f->sync, revoked, &in);
		assert_int_equal(in->state, ends[i].then);
		if (ends[i].words)
			assert_non_null(strstr(in->message, ends[i].words));
		second = get(f->sync, later, &in);
		assert_int_equal(in->state, ends[i].then);
		/* Afterwards nothing can be put behind it. */
		g_autoptr(GError) err = NULL;
		struct intent late = { .kind = INTENT_DELETE, .device_id = "d1", .access_code_id = "c1",
				       .params = "{}", .after_no = made };

		assert_int_equal(outbox_add(f->sync, &late, &err), 0);
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE));
	}
}

static void a_replacement_that_the_server_does_not_name_is_accepted_all_the_same(void **state)
{
	struct fixture *f = *state;
	OWN(cache_list) struct cache_list *one = NULL, *list = NULL;
	int64_t made, revoked;
	const struct intent *in;

	put_move(f, &made, &revoked);
	assert_true(outbox_sending(f->sync, made, instant_now(), instant_now(), NULL));
	assert_true(outbox_accepted(f->sync, made, NULL, 200, NULL));
	one = get(f->sync, revoked, &in);
	assert_int_equal(in->state, INTENT_QUEUED);
	assert_int_equal(due(f->sync, &list, 1)->intent_no, revoked);
}

static void nothing_is_revoked_whose_replacement_is_left_out(void **state)
{
	static const struct {
		enum batch_sign sign;
		bool left_out;
		bool applies;
	} firsts[] = {
		{ BATCH_ISSUE, false, true },	{ BATCH_ISSUE, true, false },
		{ BATCH_BLOCKED, false, false }, { BATCH_SAME, false, true },
	};
	struct fixture *f = *state;
	int64_t lock_no[2];

	house(f, lock_no);
	for (size_t i = 0; i < G_N_ELEMENTS(firsts); i++) {
		OWN(batch) struct batch *b = batch_new("Move", NULL);
		struct batch_row *first = put_create(b, lock_no[1], "Berg");

		first->sign = firsts[i].sign;
		first->left_out = firsts[i].left_out;
		put_revoke(f->sync, b, "c1")->after = 0;
		assert_int_equal(batch_applies(b, 1), firsts[i].applies);
		assert_int_equal(batch_count(b, BATCH_REVOKE), firsts[i].applies);
	}
	OWN(batch) struct batch *ring = batch_new("Ring", NULL);

	put_revoke(f->sync, ring, "c1")->after = 1;
	put_revoke(f->sync, ring, "c2")->after = 0;
	assert_false(batch_applies(ring, 0));
}

static struct batch *make_two(void *ctx)
{
	struct cache *c = ctx;
	struct batch *b = batch_new("Two", NULL);

	put_revoke(c, b, "c1");
	put_revoke(c, b, "c2");
	return b;
}

static void what_was_left_out_is_left_out_again(void **state)
{
	struct fixture *f = *state;
	int64_t lock_no[2];
	OWN(batch) struct batch *made = NULL;

	house(f, lock_no);
	OWN(batch) struct batch *b = make_two(f->sync);

	assert_null(batch_make_again(b));
	b->again = make_two;
	b->again_ctx = f->sync;
	((struct batch_row *)b->rows->pdata[1])->left_out = true;
	made = batch_make_again(b);
	assert_false(((struct batch_row *)made->rows->pdata[0])->left_out);
	assert_true(((struct batch_row *)made->rows->pdata[1])->left_out);
	assert_true(made->again == make_two && made->again_ctx == f->sync);
}

static void many_that_vanish_at_once_are_guarded(void **state)
{
	static const struct {
		int known, vanished;
		bool guarded;
	} rows[] = {
		{ 0, 0, false },  { 2, 2, false },   { 3, 3, true },    { 14, 3, true },
		{ 15, 3, false }, { 100, 20, false }, { 100, 21, true }, { 10, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *why = batch_guard("summer.ics", rows[i].known, rows[i].vanished);

		if ((why != NULL) != rows[i].guarded)
			fail_msg("%d of %d: %s", rows[i].vanished, rows[i].known, why ? why : "no guard");
		if (why)
			assert_non_null(strstr(why, "summer.ics"));
	}
}

/* A child applies batches of five until it is killed: whole batches are there, and all it told of. */
static void a_batch_survives_kill_9_whole(void **state)
{
	enum { ROWS = 5, ROUNDS = 5 };
	struct fixture *f = *state;
	int64_t lock_no = put_lock(f->sync, a_lock("d1", "Garden"));

	for (int round = 0; round < ROUNDS; round++) {
		int64_t waiting = cache_counts(f->sync, NOW).outbox_waiting, told = 0;
		int fds[2], status;
		char byte;
		pid_t child;

		assert_int_equal(pipe(fds), 0);
		child = fork();
		if (child == 0) {
			struct cache *desk = cache_open(f->path, CACHE_DESK, false, NULL);
			struct batch *b = batch_new("Five", NULL);

			for (int i = 0; i < ROWS; i++)
				put_create(b, lock_no, "Rossi");
			while (desk && batch_apply(desk, b, "sato", NOW, NULL, NULL))
				if (write(fds[1], "q", 1) != 1)
					break;
			_exit(1);
		}
		close(fds[1]);
		for (int i = 0; i < 2 + round * 5; i++, told++)
			assert_int_equal(read(fds[0], &byte, 1), 1);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		while (read(fds[0], &byte, 1) == 1)
			told++;
		close(fds[0]);
		waiting = cache_counts(f->sync, NOW).outbox_waiting - waiting;
		assert_int_equal(waiting % ROWS, 0);
		assert_in_range(waiting / ROWS, told, told + 1);
	}
}

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fingerprint_tells_what_must_not_have_changed),
		WITH_CACHE(what_was_shown_is_put_and_nothing_else),
		WITH_CACHE(nothing_to_apply_is_an_error),
		WITH_CACHE(a_world_that_has_moved_refuses_all_of_it),
		WITH_CACHE(one_row_that_cannot_be_put_takes_back_the_others),
		WITH_CACHE(a_revoke_waits_until_its_replacement_is_accepted),
		WITH_CACHE(a_revoke_shares_the_fate_of_its_replacement),
		WITH_CACHE(a_replacement_that_the_server_does_not_name_is_accepted_all_the_same),
		WITH_CACHE(nothing_is_revoked_whose_replacement_is_left_out),
		WITH_CACHE(what_was_left_out_is_left_out_again),
		cmocka_unit_test(many_that_vanish_at_once_are_guarded),
		WITH_CACHE(a_batch_survives_kill_9_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
