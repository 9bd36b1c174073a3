/* What arrives and departs within a span: which codes, with which facts, and as many as there are. */
#include "tests/cache/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define MINUTES(n) AFTER((n) * MINUTE_MS)
/* The night of the test's moment: 05:00 to 05:00 in Berlin. */
#define FROM	   ((struct instant){ INT64_C(1795320000000) })
#define UNTIL	   ((struct instant){ INT64_C(1795406400000) })

static struct access_code stay(const char *id, struct instant from, struct instant until)
{
	struct access_code ac = a_code(id, "d1", id, "1234");

	ac.type = "time_bound";
	ac.time_bound = true;
	ac.starts_at = from;
	ac.ends_at = until;
	return ac;
}

static struct cache_list *night(struct fixture *f, bool overdue)
{
	struct night_query q = {
		.from = FROM,
		.until = UNTIL,
		.arrivals = true,
		.departures = true,
		.overdue_from = overdue ? instant_add_ms(FROM, -30 * DAY_MS) : INSTANT_NONE,
	};
	g_autoptr(GError) err = NULL;
	struct cache_list *list = cache_night(f->sync, &q, NOW, &err);

	assert_no_error(err);
	return list;
}

static const struct night_row *find(struct cache_list *list, const char *id, bool departs)
{
	for (guint i = 0; i < list->rows->len; i++) {
		const struct night_row *row = cache_list_at(list, struct night_row, i);

		if (g_strcmp0(row->facts.code.access_code_id, id) == 0 && row->facts.departs == departs)
			return row;
	}
	return NULL;
}

static void a_night_has_what_begins_and_what_ends_in_it(void **state)
{
	static const struct {
		const char *id;
		int64_t from, until; /* ms after FROM; INT64_MIN none */
		bool arrives, departs, overdue;
	} row[] = {
		{ "begins with it", 0, 3 * DAY_MS, true, false, false },
		{ "begins a moment before", -1, 3 * DAY_MS, false, false, false },
		{ "begins in its last moment", DAY_MS - 1, 3 * DAY_MS, true, false, false },
		{ "begins after it", DAY_MS, 3 * DAY_MS, false, false, false },
		{ "ends with its beginning", -DAY_MS, 0, false, true, false },
		{ "ended before", -DAY_MS, -1, false, false, true },
		{ "ended long before", -60 * DAY_MS, -40 * DAY_MS, false, false, false },
		{ "ends in its last moment", -DAY_MS, DAY_MS - 1, false, true, false },
		{ "ends after it", -DAY_MS, DAY_MS, false, false, false },
		{ "comes and goes", HOUR_MS, 3 * HOUR_MS, true, true, false },
		{ "has no end", HOUR_MS, INT64_MIN, true, false, false },
		{ "has no start", INT64_MIN, HOUR_MS, false, true, false },
		{ "is ongoing", INT64_MIN, INT64_MIN, false, false, false },
	};
	struct fixture *f = *state;

	put_lock(f->sync, a_lock("d1", "101 Garden"));
	for (size_t i = 0; i < G_N_ELEMENTS(row); i++)
		put_code(f->sync,
			 stay(row[i].id,
			      row[i].from == INT64_MIN ? INSTANT_NONE : instant_add_ms(FROM, row[i].from),
			      row[i].until == INT64_MIN ? INSTANT_NONE : instant_add_ms(FROM, row[i].until)));

	OWN(cache_list) struct cache_list *day = night(f, false), *today = night(f, true);

	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		if ((find(day, row[i].id, false) != NULL) != row[i].arrives ||
		    (find(day, row[i].id, true) != NULL) != row[i].departs ||
		    (find(today, row[i].id, true) != NULL) != (row[i].departs || row[i].overdue))
			fail_msg("what %s is not where it should be", row[i].id);
	}
}

static void codes_of_nobody_who_comes_are_left_out(void **state)
{
	struct fixture *f = *state;
	struct access_code foreign = stay("foreign", MINUTES(10), MINUTES(900)),
			   spare = stay("spare", MINUTES(10), MINUTES(900)),
			   gone = stay("gone", MINUTES(10), MINUTES(900));

	put_lock(f->sync, a_lock("d1", "101 Garden"));
	foreign.managed = false;
	spare.is_backup = TRI_YES;
	put_code(f->sync, foreign);
	put_code(f->sync, spare);
	put_code(f->sync, gone);
	assert_true(cache_delete_code(f->sync, "gone", NOW, NULL));

	OWN(cache_list) struct cache_list *list = night(f, false);

	assert_int_equal(list->rows->len, 0);
}

static void what_was_removed_is_still_told_as_a_departure(void **state)
{
	struct fixture *f = *state;

	put_lock(f->sync, a_lock("d1", "101 Garden"));
	put_code(f->sync, stay("left", AFTER(-3 * DAY_MS), MINUTES(-60)));
	assert_true(cache_delete_code(f->sync, "left", MINUTES(-58), NULL));

	OWN(cache_list) struct cache_list *list = night(f, true);
	const struct night_row *row = find(list, "left", true);

	assert_int_equal(list->rows->len, 1);
	assert_non_null(row);
	assert_true(instant_eq(row->facts.deleted_at, MINUTES(-58)));
}

static void the_facts_are_those_of_lock_code_and_server(void **state)
{
	struct fixture *f = *state;
	struct lock lock = a_lock("d1", "101 Garden");
	struct access_code ac = stay("guest", MINUTES(42), MINUTES(900)),
			   other = stay("other", MINUTES(42), MINUTES(900)),
			   spare = a_code("spare", "d1", "spare", "9876");

	lock.online = TRI_NO;
	lock.errors = "[{\"error_code\":\"device_disconnected\",\"message\":\"\",\"is_device_error\":true,"
		      "\"created_at\":\"2026-11-22T18:20:00Z\"}]";
	ac.rest = "{\"keyrackd\":{\"proof\":\"acknowledged\"}}";
	ac.common_code_key = "key";
	ac.pulled_backup_access_code_id = "spare";
	ac.errors = "[{\"error_code\":\"failed_to_set_on_device\",\"message\":\"\","
		    "\"is_access_code_error\":true,\"created_at\":\"2026-11-22T19:00:00Z\"}]";
	spare.is_backup = TRI_YES;
	put_lock(f->sync, lock);
	put_code(f->sync, spare);
	put_code(f->sync, ac);
	put_code(f->sync, other);

	OWN(cache_list) struct cache_list *list = night(f, false);
	const struct night_row *row = find(list, "guest", false), *plain = find(list, "other", false);
	struct instant at;

	assert_non_null(row);
	assert_string_equal(row->lock_name, "101 Garden");
	assert_string_equal(row->facts.code.common_code_key, "key");
	assert_int_equal(row->facts.proof, PROOF_ACKNOWLEDGED);
	assert_int_equal(row->facts.backup, BACKUP_SET);
	assert_int_equal(row->facts.online, TRI_NO);
	assert_int_equal(row->facts.errors_own, 1);
	assert_string_equal(row->facts.worst, "failed_to_set_on_device");
	assert_true(instant_parse("2026-11-22T18:20:00Z", -1, &at));
	assert_true(instant_eq(row->facts.offline_since, at));
	assert_true(instant_parse("2026-11-22T19:00:00Z", -1, &at));
	assert_true(instant_eq(row->facts.error_at, at));
	assert_true(row->facts.native);
	assert_true(row->facts.has_pin);
	assert_string_equal(row->facts.code.code, ""); /* the PIN itself is not here */
	assert_int_equal(plain->facts.proof, PROOF_NOT_SAID);
	assert_int_equal(plain->facts.backup, BACKUP_NONE);
	assert_false(instant_known(plain->facts.used_at));
}

static void use_is_told_with_how_sure_it_is(void **state)
{
	struct fixture *f = *state;
	struct event first = an_event("e1", "lock.unlocked", "d1", MINUTES(-50)),
		     locked = an_event("e2", "lock.locked", "d1", MINUTES(-49)),
		     last = an_event("e3", "lock.unlocked", "d1", MINUTES(-5));

	put_lock(f->sync, a_lock("d1", "101 Garden"));
	put_code(f->sync, stay("guest", MINUTES(-60), MINUTES(900)));
	first.access_code_id = last.access_code_id = locked.access_code_id = "guest";
	first.method = last.method = "keycode";
	assert_int_equal(cache_put_event(f->sync, &first, NULL), CACHE_PUT_NEW);
	assert_int_equal(cache_put_event(f->sync, &locked, NULL), CACHE_PUT_NEW);
	assert_int_equal(cache_put_event(f->sync, &last, NULL), CACHE_PUT_NEW);

	OWN(cache_list) struct cache_list *list = night(f, false);
	const struct night_row *row = find(list, "guest", false);

	assert_true(instant_eq(row->facts.used_at, MINUTES(-50)));
	assert_true(instant_eq(row->facts.last_used_at, MINUTES(-5)));
	assert_false(row->facts.used_inferred);
}

static void what_is_only_in_the_outbox_arrives_too(void **state)
{
	struct fixture *f = *state;
	struct intent in = {
		.kind = INTENT_CREATE,
		.device_id = "d1",
		.name = "Walk-in",
		.common_code_key = "key",
		.params = "{\"device_id\":\"d1\",\"name\":\"Walk-in\",\"code\":\"4821\","
			  "\"starts_at\":\"2026-11-22T21:00:00Z\",\"ends_at\":\"2026-11-24T10:00:00Z\"}",
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
	};

	put_lock(f->sync, a_lock("d1", "101 Garden"));
	in.lock_no = cache_lock_no(f->sync, "d1");
	add_intent(f->sync, in);

	OWN(cache_list) struct cache_list *list = night(f, false);
	const struct night_row *row;

	assert_int_equal(list->rows->len, 1);
	row = cache_list_at(list, struct night_row, 0);
	assert_int_equal(row->code_no, 0);
	assert_true(row->intent_no > 0);
	assert_int_equal(row->facts.declared, DECLARED_QUEUED);
	assert_int_equal(ready_judge(&row->facts, NOW).reason, BECAUSE_QUEUED);
	assert_string_equal(row->facts.code.name, "Walk-in");
}

/* Sixty rooms, and every stay of them asked for one by one: neither more nor less. */
static void a_property_of_sixty_rooms_loses_nobody(void **state)
{
	struct fixture *f = *state;
	g_autofree char *path = g_build_filename(f->folder, "sixty.db", NULL);
	g_autofree char *line = g_strdup_printf("tests/cache/make-cache --locks=60 --codes=3000 --events=2000"
						" --now=2026-11-22T20:18:00Z %s", path);
	struct night_query q = { .from = FROM, .until = UNTIL, .arrivals = true, .departures = true,
				 .overdue_from = INSTANT_NONE };
	int status = -1, arrivals = 0, departures = 0;

	assert_true(g_spawn_command_line_sync(line, NULL, NULL, &status, NULL));
	assert_int_equal(status, 0);

	OWN(cache) struct cache *c = cache_open(path, CACHE_DESK, false, NULL);
	OWN(cache_list) struct cache_list *list = cache_night(c, &q, NOW, NULL);
	struct code_query all = { .with_ended = true, .only_managed = true, .limit = 100000 };
	OWN(cache_list) struct cache_list *codes = cache_codes(c, &all, NOW, NULL);

	for (guint i = 0; i < codes->rows->len; i++) {
		const struct access_code *ac = &cache_list_at(codes, struct code_row, i)->code;
		bool arrives = instant_known(ac->starts_at) && !instant_before(ac->starts_at, FROM) &&
			       instant_before(ac->starts_at, UNTIL);
		bool departs = instant_known(ac->ends_at) && !instant_before(ac->ends_at, FROM) &&
			       instant_before(ac->ends_at, UNTIL);

		arrivals += arrives;
		departures += departs;
		if (arrives != (find(list, ac->access_code_id, false) != NULL) ||
		    departs != (find(list, ac->access_code_id, true) != NULL))
			fail_msg("%s is not told as it is", ac->access_code_id);
	}
	assert_true(arrivals > 10 && departures > 10);
	assert_int_equal(list->rows->len, arrivals + departures);
	cache_close(g_steal_pointer(&c));
	g_unlink(path);
	g_autofree char *wal = g_strconcat(path, "-wal", NULL), *shm = g_strconcat(path, "-shm", NULL);
	g_unlink(wal);
	g_unlink(shm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define in_a_cache(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)
		in_a_cache(a_night_has_what_begins_and_what_ends_in_it),
		in_a_cache(codes_of_nobody_who_comes_are_left_out),
		in_a_cache(what_was_removed_is_still_told_as_a_departure),
		in_a_cache(the_facts_are_those_of_lock_code_and_server),
		in_a_cache(use_is_told_with_how_sure_it_is),
		in_a_cache(what_is_only_in_the_outbox_arrives_too),
		in_a_cache(a_property_of_sixty_rooms_loses_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
