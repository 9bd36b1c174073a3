/* The outbox as it is looked at: what is shown of it and in which order, from any place to either side; and what
 * was refused, asked for anew exactly once. */
#include "config.h"

#include "tests/cache/fixture.h"

#include <stdlib.h>
#include <string.h>

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)

/* 'q' queued, 's' sending, 'a' accepted, 'r' refused, 'd' refused and put aside, 'w' withdrawn: number 1 first. */
static void make(struct cache *c, const char *states)
{
	put_lock(c, a_lock("d1", "Garden"));
	put_lock(c, a_lock("d2", "Höfe"));
	for (const char *p = states; *p; p++) {
		g_autofree char *name = g_strdup_printf("Guest%c", 'A' + (int)(p - states) % 26);
		int64_t no = add_intent(c, (struct intent){ .kind = INTENT_DELETE,
							    .device_id = (p - states) % 2 ? "d2" : "d1",
							    .access_code_id = (p - states) % 3 ? "code-1" : "code-2",
							    .made_by = "mk",
							    .name = name,
							    .params = "{}" });

		if (*p == 'w')
			assert_true(outbox_withdraw(c, no, NULL));
		if (strchr("sard", *p))
			assert_true(outbox_sending(c, no, NOW, NOW, NULL));
		if (*p == 'a')
			assert_true(outbox_accepted(c, no, "code-1", 200, NULL));
		if (strchr("rd", *p))
			assert_true(outbox_refused(c, no, 400, "x", "No", NULL, NULL));
		if (*p == 'd')
			assert_true(outbox_dismiss(c, no, NULL));
	}
}

/* "3 1 5": in the order in which they came. All of them, in as many steps as it takes. */
static char *walk(struct cache *c, struct outbox_query q, struct outbox_place from, bool up, int limit, int look)
{
	GString *s = g_string_new(NULL);
	struct outbox_found found = { from, false };

	q.up = up;
	q.limit = limit;
	q.look = look;
	for (int step = 0; !found.end; step++) {
		g_autoptr(GError) err = NULL;
		OWN(cache_list) struct cache_list *list = NULL;

		assert_true(step < 1000);
		q.from = found.next;
		list = outbox_find(c, &q, &found, &err);
		assert_no_error(err);
		assert_true((int)list->rows->len <= limit);
		for (guint i = 0; i < list->rows->len; i++)
			g_string_append_printf(s, "%s%d", s->len ? " " : "",
					       (int)cache_list_at(list, struct intent, i)->intent_no);
	}
	return g_string_free(s, FALSE);
}

static char *reversed(const char *words)
{
	g_auto(GStrv) all = g_strsplit(words, " ", -1);
	guint n = g_strv_length(all);

	for (guint i = 0; i < n / 2; i++) {
		char *t = all[i];

		all[i] = all[n - 1 - i];
		all[n - 1 - i] = t;
	}
	return g_strjoinv(" ", all);
}

#define STATES "qarwsdrqa"

static void each_show_has_its_own_in_its_order_both_ways(void **state)
{
	static const struct {
		struct outbox_query q;
		const char *numbers;
	} rows[] = {
		{ { .show = OUTBOX_ALL }, "7 3 9 8 6 5 4 2 1" },
		{ { .show = OUTBOX_WAITING }, "5 8 1" },
		{ { .show = OUTBOX_REFUSED }, "7 3" },
		{ { .show = OUTBOX_ACCEPTED }, "9 2" },
		{ { .show = OUTBOX_ASIDE }, "4 6" },
		{ { .find = "hofe" }, "8 6 4 2" },
		{ { .find = "GUESTC" }, "3" },
		{ { .find = "garden refused" }, "7 3" },
		{ { .show = OUTBOX_WAITING, .find = "garden" }, "5 1" },
		{ { .find = "nobody" }, "" },
		{ { .access_code_id = "code-2" }, "7 4 1" },
		{ { .show = OUTBOX_REFUSED, .access_code_id = "code-2" }, "7" },
		{ { .intent_no = 3 }, "3" },
	};
	struct fixture *f = *state;

	make(f->sync, STATES);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int limit = 1; limit < 12; limit += 3)
			for (int look = 0; look < 4; look += 3) {
				g_autofree char *down =
					walk(f->sync, rows[i].q, (struct outbox_place){ 0 }, false, limit, look);
				g_autofree char *up =
					walk(f->sync, rows[i].q, outbox_end(rows[i].q.show), true, limit, look);
				g_autofree char *other = reversed(up);

				if (strcmp(down, rows[i].numbers) != 0 || strcmp(other, rows[i].numbers) != 0)
					fail_msg("row %zu, %d at once: down %s, up %s, not %s", i, limit, down, up,
						 rows[i].numbers);
			}
}

/* From an intent's own place: itself and what follows downwards, what is before it upwards. */
static void a_place_parts_what_is_shown(void **state)
{
	struct fixture *f = *state;

	make(f->sync, STATES);
	for (int no = 1; no <= 9; no++) {
		OWN(cache_list) struct cache_list *list = outbox_get(f->sync, no, NULL);
		struct outbox_query q = { .show = OUTBOX_ALL };
		struct outbox_place at;

		assert_true(outbox_place_of(&q, cache_list_at(list, struct intent, 0), &at));
		g_autofree char *down = walk(f->sync, q, at, false, 4, 0), *up = walk(f->sync, q, at, true, 4, 0);
		g_autofree char *before = reversed(up),
				*whole = g_strdup_printf("%s%s%s", before, *before ? " " : "", down);

		assert_string_equal(whole, "7 3 9 8 6 5 4 2 1");
		assert_int_equal(atoi(down), no);
		q.show = OUTBOX_REFUSED;
		assert_int_equal(outbox_place_of(&q, cache_list_at(list, struct intent, 0), &at), no == 3 || no == 7);
	}
}

static void each_is_counted_once(void **state)
{
	static const int expected[OUTBOX_SHOW_COUNT] = { 9, 3, 2, 2, 2 };
	struct fixture *f = *state;
	int64_t n[OUTBOX_SHOW_COUNT];

	make(f->sync, STATES);
	assert_true(outbox_count(f->sync, n, NULL));
	for (int i = 0; i < OUTBOX_SHOW_COUNT; i++)
		assert_int_equal(n[i], expected[i]);
}

/* ---- again ---- */

static int64_t a_refused(struct cache *c, struct intent in)
{
	int64_t no = add_intent(c, in);

	assert_true(outbox_sending(c, no, NOW, NOW, NULL));
	assert_true(outbox_refused(c, no, 400, "x", "No", NULL, NULL));
	return no;
}

static void what_was_refused_is_asked_for_anew_once(void **state)
{
	struct fixture *f = *state;
	int64_t old, no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	old = a_refused(f->sync, (struct intent){ .kind = INTENT_CREATE,
						  .device_id = "d1",
						  .common_code_key = "feed-1.2",
						  .name = "Ana",
						  .made_by = "ab",
						  .params = "{\"code\":\"4711\"}" });
	no = outbox_resend(f->sync, old, "mk", NOW, NULL);
	assert_true(no > old);
	OWN(cache_list) struct cache_list *list = outbox_get(f->sync, no, NULL), *was = outbox_get(f->sync, old, NULL);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_int_equal(in->state, INTENT_QUEUED);
	assert_int_equal(in->again_no, old);
	assert_int_equal(in->tries, 0);
	assert_string_equal(in->params, "{\"code\":\"4711\"}");
	assert_string_equal(in->common_code_key, "feed-1.2");
	assert_string_equal(in->made_by, "mk");
	assert_true(cache_list_at(was, struct intent, 0)->dismissed);
	assert_int_equal(outbox_again_as(f->sync, old), no);
	/* Not by the same desk, nor by another's form that was open. */
	assert_int_equal(outbox_resend(f->sync, old, "mk", NOW, NULL), 0);
	g_autoptr(GError) err = NULL;
	struct intent corrected = { .kind = INTENT_CREATE, .device_id = "d1", .params = "{}", .again_no = old };
	assert_int_equal(outbox_add(f->sync, &corrected, &err), 0);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
}

static void only_what_was_refused_and_can_still_be_is_asked_for_anew(void **state)
{
	static const struct {
		enum intent_kind kind;
		enum intent_state state;
		bool dismissed;
		const char *params, *why;
	} rows[] = {
		{ INTENT_CREATE, INTENT_REFUSED, false, "{}", NULL },
		{ INTENT_CREATE, INTENT_REFUSED, false, "{\"ends_at\":\"2026-11-23T10:00:00Z\"}", NULL },
		{ INTENT_CREATE, INTENT_REFUSED, false, "{\"ends_at\":\"2026-11-22T10:00:00Z\"}",
		  "its end has passed" },
		{ INTENT_UPDATE, INTENT_REFUSED, false, "{\"ends_at\":\"2026-11-22T10:00:00Z\"}",
		  "its end has passed" },
		{ INTENT_DELETE, INTENT_REFUSED, true, "{}", "put aside" },
		{ INTENT_DELETE, INTENT_ACCEPTED, false, "{}", "only what was refused" },
		{ INTENT_DELETE, INTENT_QUEUED, false, "{}", "only what was refused" },
		{ INTENT_DELETE, INTENT_SENDING, false, "{}", "only what was refused" },
		{ INTENT_DELETE, INTENT_WITHDRAWN, false, "{}", "only what was refused" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct intent in = { .kind = rows[i].kind, .state = rows[i].state, .dismissed = rows[i].dismissed,
				     .params = rows[i].params };
		const char *why = outbox_why_not_resend(&in, NOW);

		if (!why != !rows[i].why || (why && !strstr(why, rows[i].why)))
			fail_msg("row %zu: %s", i, why ? why : "nothing");
	}
}

/* A revoke that waited for its replacement waits for the replacement's repetition; without one it does not go. */
static void what_came_first_comes_first_again(void **state)
{
	struct fixture *f = *state;
	struct intent create = { .kind = INTENT_CREATE, .device_id = "d1", .params = "{\"code\":\"4711\"}" };
	struct intent change = { .kind = INTENT_UPDATE, .device_id = "d1", .params = "{\"name\":\"Bo\"}" };
	struct intent revoke = { .kind = INTENT_DELETE, .device_id = "d1", .access_code_id = "c1", .params = "{}" };
	int64_t first, again, no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	first = add_intent(f->sync, create);
	change.after_no = revoke.after_no = first;
	int64_t changed = add_intent(f->sync, change), revoked = add_intent(f->sync, revoke);
	assert_true(outbox_sending(f->sync, first, NOW, NOW, NULL));
	assert_true(outbox_refused(f->sync, first, 400, "x", "No", NULL, NULL));
	g_autoptr(GError) err = NULL;
	assert_int_equal(outbox_resend(f->sync, revoked, "mk", NOW, &err), 0);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE));
	again = outbox_resend(f->sync, first, "mk", NOW, NULL);
	assert_true(again > 0);
	no = outbox_resend(f->sync, revoked, "mk", NOW, NULL);
	OWN(cache_list) struct cache_list *list = outbox_get(f->sync, no, NULL);
	assert_int_equal(cache_list_at(list, struct intent, 0)->after_no, again);
	assert_true(intent_is_held(cache_list_at(list, struct intent, 0)));
	/* Of a create that was accepted meanwhile the change takes the new code's id. */
	assert_true(outbox_sending(f->sync, again, NOW, NOW, NULL));
	assert_true(outbox_accepted(f->sync, again, "new-code", 200, NULL));
	no = outbox_resend(f->sync, changed, "mk", NOW, NULL);
	OWN(cache_list) struct cache_list *late = outbox_get(f->sync, no, NULL);
	assert_string_equal(cache_list_at(late, struct intent, 0)->access_code_id, "new-code");
	OWN(cache_list) struct cache_list *after = outbox_after(f->sync, again, 0, NULL);
	assert_int_equal(after->rows->len, 2);
}

static void what_an_answer_is_called_is_kept(void **state)
{
	struct fixture *f = *state;
	int64_t no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	no = add_intent(f->sync, (struct intent){ .kind = INTENT_CREATE, .device_id = "d1", .params = "{}" });
	assert_true(outbox_heard(f->sync, no, "too early", INTENT_BY_ANSWER, NULL));
	assert_true(outbox_sending(f->sync, no, NOW, NOW, NULL));
	assert_true(outbox_heard(f->sync, no, "req-7", INTENT_BY_READING_BACK, NULL));
	assert_true(outbox_accepted(f->sync, no, "c1", 200, NULL));
	assert_true(outbox_heard(f->sync, no, "too late", INTENT_BY_ANSWER, NULL));
	OWN(cache_list) struct cache_list *list = outbox_get(f->sync, no, NULL);
	const struct intent *in = cache_list_at(list, struct intent, 0);

	assert_string_equal(in->request_id, "req-7");
	assert_int_equal(in->settled_how, INTENT_BY_READING_BACK);
	assert_true(instant_known(in->settled_at));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_CACHE(each_show_has_its_own_in_its_order_both_ways),
		WITH_CACHE(a_place_parts_what_is_shown),
		WITH_CACHE(each_is_counted_once),
		WITH_CACHE(what_was_refused_is_asked_for_anew_once),
		WITH_CACHE(only_what_was_refused_and_can_still_be_is_asked_for_anew),
		WITH_CACHE(what_came_first_comes_first_again),
		WITH_CACHE(what_an_answer_is_called_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
