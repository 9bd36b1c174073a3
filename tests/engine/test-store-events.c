/* The journal: numbers without a gap, every filter, bounds that are strict; and API keys. */
#include "config.h" /* memmem */

#include "tests/engine/store-fixture.h"

#include <sqlite3.h>
#include <string.h>

#include "engine/store_sqlite.h"
#include "tests/core/rows.h"

static void numbers_have_no_gap(void **state)
{
	struct fixture *f = *state;
	struct store_event e = an_event("lost", "device.connected", AT(0));

	assert_int_equal(store_last_seq(f->s), 0);
	assert_int_equal(add_event(f->s, an_event("e1", "device.connected", AT(0))), 1);
	assert_true(store_begin(f->s, NULL));
	assert_int_equal(add_event(f->s, an_event("e2", "device.connected", AT(0))), 2);
	assert_int_equal(add_event(f->s, e), 3);
	assert_int_equal(store_last_seq(f->s), 3);
	store_rollback(f->s);
	assert_int_equal(store_last_seq(f->s), 1);
	assert_true(store_begin(f->s, NULL));
	assert_int_equal(add_event(f->s, an_event("e2", "device.connected", AT(0))), 2);
	assert_true(store_commit(f->s, NULL));
	/* Refused as a double: takes no number. */
	e = an_event("e2", "device.connected", AT(0));
	assert_false(store_add_event(f->s, &e, NULL));
	assert_int_equal(e.seq, 0);
	assert_int_equal(add_event(f->s, an_event("e3", "device.connected", AT(0))), 3);
	/* And after the store was closed. */
	store_close(f->s);
	f->s = store_open(f->url, NULL);
	assert_int_equal(add_event(f->s, an_event("e4", "device.connected", AT(0))), 4);
}

static void the_journal_cannot_be_rewritten(void **state)
{
	struct fixture *f = *state;
	static const char *const rows[] = {
		"UPDATE event SET body = '{}'",
		"UPDATE event SET body = replace(body, 'A B', 'A C')",
		"UPDATE event SET created_at = 0",
		"UPDATE event SET event_id = 'e2'",
		"UPDATE event SET occurred_at = NULL",
		"DELETE FROM event",
	};
	struct store_event e = an_event("e1", "device.connected", AT(0));
	sqlite3 *db;

	e.body = "{\"code\":\"1234\",\"name\":\"A B\"}";
	add_event(f->s, e);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int own = sqlite3_exec(sq_of(f->s)->db, rows[i], NULL, NULL, NULL);

		ROW_INT(rows[i], own & 0xff, SQLITE_CONSTRAINT);
		/* Another program's SQLite does not know how to look into a body. */
		ROW_INT(rows[i], sqlite3_exec(db, rows[i], NULL, NULL, NULL) != SQLITE_OK, true);
	}
	sqlite3_close(db);
}

static void an_event_comes_out_as_it_was_put(void **state)
{
	struct fixture *f = *state;
	struct store_event e = { 0, "e", "lock.unlocked", "d", "c", "a", AT(1), AT(2),
				 "{\"event_id\":\"e\"}" };
	struct store_event_filter all = { .since = INSTANT_NONE, .until = INSTANT_NONE };
	OWN(store_list) struct store_list *list = NULL;
	const struct store_event *got;

	add_event(f->s, e);
	list = store_events(f->s, &all, NULL);
	assert_int_equal(list->rows->len, 1);
	got = store_at(list, struct store_event, 0);
	assert_int_equal(got->seq, 1);
	assert_string_equal(got->event_id, "e");
	assert_string_equal(got->event_type, "lock.unlocked");
	assert_string_equal(got->device_id, "d");
	assert_string_equal(got->access_code_id, "c");
	assert_string_equal(got->account_id, "a");
	assert_int_equal(got->created_at.ms, AT(1).ms);
	assert_int_equal(got->occurred_at.ms, AT(2).ms);
	assert_string_equal(got->body, e.body);
}

/* Numbers 1 to 8; 5 is stored with a clock that had been set back. */
static void put_a_day(struct store *s)
{
	static const struct {
		const char *type, *device, *code, *account;
		int second;
	} rows[] = {
		{ "lock.unlocked", "d1", "c1", "a1", 1 },
		{ "lock.locked", "d1", NULL, "a1", 2 },
		{ "lock.unlocked", "d2", "c2", "a1", 3 },
		{ "device.connected", "d2", NULL, "a2", 4 },
		{ "lock.unlocked", "d1", "c1", "a1", 2 },
		{ "access_code.created", "d1", "c1", "a1", 5 },
		{ "connected_account.connected", NULL, NULL, "a2", 6 },
		{ "lock.unlocked", "d3", NULL, "a1", 7 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *id = g_strdup_printf("e%zu", i + 1);
		struct store_event e = an_event(id, rows[i].type, AT(rows[i].second));

		e.device_id = rows[i].device;
		e.access_code_id = rows[i].code;
		e.account_id = rows[i].account;
		add_event(s, e);
	}
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NONE      { INT64_MIN }

static void events_are_found_by_every_filter(void **state)
{
	static const char *const nothing[] = { NULL };
	const struct {
		struct store_event_filter f;
		const char *seqs;
	} rows[] = {
		{ { .since = NONE, .until = NONE }, "87643521" },
		{ { .since = NONE, .until = NONE, .oldest_first = true }, "12345678" },
		{ { .limit = 2 }, "87" },
		{ { .after_seq = 3, .limit = 2, .oldest_first = true }, "45" },
		/* strictly after, strictly before */
		{ { .since = AT(2), .until = NONE }, "87643" },
		{ { .since = { NOON + 2 * SECOND_MS - 1 }, .until = NONE }, "8764352" },
		{ { .since = AT(2), .until = AT(5) }, "43" },
		{ { .since = AT(1), .until = AT(5), .oldest_first = true }, "2534" },
		{ { .since = AT(2), .until = AT(3) }, "" },
		{ { .since = AT(5), .until = AT(1) }, "" },
		{ { .since = AT(0), .until = NONE, .limit = 3 }, "876" },
		{ { .since = AT(0), .until = NONE, .limit = 3, .offset = 2 }, "643" },
		{ { .since = AT(0), .until = NONE, .limit = 3, .offset = 7 }, "1" },
		{ { .since = AT(0), .until = NONE, .limit = 3, .offset = 8 }, "" },
		/* The journal's own order, whatever the clock said. */
		{ { .since = NONE, .until = NONE, .after_seq = 3, .oldest_first = true }, "45678" },
		{ { .since = NONE, .until = NONE, .after_seq = 8, .oldest_first = true }, "" },
		{ { .since = NONE, .until = NONE, .after_seq = 3, .limit = 2,
		    .oldest_first = true }, "45" },
		{ { .since = NONE, .until = NONE, .after_seq = 4, .types = LIST("lock.unlocked"),
		    .oldest_first = true }, "58" },
		{ { .since = AT(1), .until = NONE, .after_seq = 3, .oldest_first = true }, "45678" },
		{ { .since = AT(2), .until = NONE, .after_seq = 3, .oldest_first = true }, "4678" },
		{ { .since = NONE, .until = NONE, .after_seq = 6 }, "87" },
		{ { .since = AT(0), .until = NONE, .types = LIST("lock.unlocked") }, "8351" },
		{ { .since = AT(0), .until = NONE, .types = LIST("lock.unlocked", "lock.locked") },
		  "83521" },
		{ { .since = AT(0), .until = NONE, .types = LIST("lock.unlocked"), .limit = 2,
		    .offset = 1 }, "35" },
		{ { .since = AT(0), .until = NONE, .types = LIST("lock") }, "" },
		{ { .since = AT(0), .until = NONE, .types = nothing }, "" },
		{ { .since = AT(0), .until = NONE, .device_ids = LIST("d1") }, "6521" },
		{ { .since = AT(0), .until = NONE, .device_ids = LIST("d1"),
		    .oldest_first = true }, "1256" },
		{ { .since = AT(0), .until = NONE, .device_ids = LIST("d3", "d2", "d1", "d2"),
		    .limit = 4 }, "8643" },
		{ { .since = AT(0), .until = NONE, .device_ids = LIST("d1"),
		    .types = LIST("lock.unlocked") }, "51" },
		{ { .since = AT(1), .until = NONE, .access_code_ids = LIST("c1", "c2") }, "635" },
		{ { .since = AT(0), .until = NONE, .access_code_ids = LIST("c1"),
		    .device_ids = LIST("d2") }, "" },
		{ { .since = AT(0), .until = NONE, .account_ids = LIST("a2") }, "74" },
		{ { .since = AT(0), .until = NONE, .account_ids = LIST("a1"),
		    .device_ids = LIST("d2") }, "3" },
		{ { .since = AT(0), .until = NONE, .event_ids = LIST("e3", "e1", "e9") }, "31" },
		{ { .since = AT(1), .until = NONE, .event_ids = LIST("e3", "e1") }, "3" },
		{ { .since = AT(0), .until = NONE, .event_ids = LIST("e3", "e1"),
		    .types = LIST("lock.locked") }, "" },
	};
	struct fixture *f = *state;

	put_a_day(f->s);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;
		OWN(store_list) struct store_list *list = store_events(f->s, &rows[i].f, &err);
		char seqs[16] = "";

		assert_no_error(err);
		for (guint n = 0; n < list->rows->len; n++)
			seqs[n] = (char)('0' + store_at(list, struct store_event, n)->seq);
		if (strcmp(seqs, rows[i].seqs) != 0)
			fail_msg("row %zu: %s instead of %s", i, seqs, rows[i].seqs);
	}
}

static void a_reader_that_goes_on_after_the_last_misses_none(void **state)
{
	struct fixture *f = *state;
	struct store_event_filter next = { .since = NONE, .until = NONE, .limit = 3,
					   .oldest_first = true };
	int64_t expected = 1;

	put_a_day(f->s);
	for (;;) {
		OWN(store_list) struct store_list *list = store_events(f->s, &next, NULL);

		if (list->rows->len == 0)
			break;
		for (guint i = 0; i < list->rows->len; i++)
			assert_int_equal(store_at(list, struct store_event, i)->seq, expected++);
		next.after_seq = expected - 1;
	}
	assert_int_equal(expected, 9);
}

/* ---- keys ---- */

static void a_key_has_its_form_and_opens_with_its_role(void **state)
{
	struct fixture *f = *state;

	for (enum key_role role = KEY_READ; role <= KEY_ADMIN; role++) {
		g_autofree char *key = store_key_create(f->s, role, "front desk", NULL);

		assert_true(g_regex_match_simple("^seam_[1-9A-HJ-NP-Za-km-z]{8}_"
						 "[1-9A-HJ-NP-Za-km-z]{24}$",
						 key, 0, 0));
		assert_int_equal(store_key_role(f->s, key, NULL), role);
	}
	assert_null(store_key_create(f->s, KEY_NONE, NULL, NULL));
}

static void a_wrong_key_has_no_role(void **state)
{
	struct fixture *f = *state;
	g_autofree char *key = store_key_create(f->s, KEY_ADMIN, NULL, NULL);
	g_autofree char *other = store_key_create(f->s, KEY_ADMIN, NULL, NULL);
	g_autofree char *longer = g_strconcat(key, "1", NULL);
	g_autofree char *shorter = g_strndup(key, strlen(key) - 1);
	g_autofree char *mixed = g_strdup(key);
	const char *const wrong[] = { longer, shorter, mixed, "", "seam_", "seam_12345678_", NULL };

	memcpy(mixed + 14, other + 14, 24);
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		assert_int_equal(store_key_role(f->s, wrong[i], NULL), KEY_NONE);
	/* Each character counts. */
	for (size_t i = 0; i < strlen(key); i++) {
		g_autofree char *bent = g_strdup(key);

		bent[i] = bent[i] == '2' ? '3' : '2';
		assert_int_equal(store_key_role(f->s, bent, NULL), KEY_NONE);
	}
	assert_int_equal(store_key_role(f->s, key, NULL), KEY_ADMIN);
}

static void a_revoked_key_has_no_role(void **state)
{
	struct fixture *f = *state;
	g_autofree char *key = store_key_create(f->s, KEY_DESK, "night", NULL);
	g_autofree char *short_id = g_strndup(key + 5, 8);

	{
		OWN(store_list) struct store_list *list = store_keys(f->s, NULL);
		const struct store_key *k = store_at(list, struct store_key, 0);

		assert_int_equal(list->rows->len, 1);
		assert_string_equal(k->short_id, short_id);
		assert_string_equal(k->name, "night");
		assert_int_equal(k->role, KEY_DESK);
	}
	assert_true(store_key_revoke(f->s, short_id, NULL));
	assert_int_equal(store_key_role(f->s, key, NULL), KEY_NONE);
}

static bool file_holds(const char *path, const char *text)
{
	g_autofree char *data = NULL;
	gsize len;

	if (!g_file_get_contents(path, &data, &len, NULL))
		return false;
	return memmem(data, len, text, strlen(text)) != NULL;
}

static void a_key_is_not_in_the_file(void **state)
{
	struct fixture *f = *state;
	g_autofree char *key = store_key_create(f->s, KEY_ADMIN, "a name", NULL);
	g_autofree char *wal = g_strconcat(f->path, "-wal", NULL);

	assert_true(file_holds(wal, "a name"));
	assert_false(file_holds(wal, key + 14));
	assert_false(file_holds(f->path, key + 14));
}

static void a_key_is_made_beside_a_running_keyrackd(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GError) err = NULL;
	OWN(store) struct store *beside = store_open_beside(f->url, &err);
	g_autofree char *key = store_key_create(beside, KEY_ADMIN, "first", &err);

	assert_no_error(err);
	assert_int_equal(store_key_role(f->s, key, NULL), KEY_ADMIN);
}

static void a_key_is_made_before_keyrackd_ever_ran(void **state)
{
	struct fixture *f = *state;
	g_autofree char *url = g_strconcat("sqlite:", f->folder, "/new.db", NULL);
	OWN(store) struct store *beside = store_open_beside(url, NULL);
	g_autofree char *key = store_key_create(beside, KEY_READ, NULL, NULL);
	OWN(store) struct store *s = NULL;

	g_clear_pointer(&beside, store_close);
	s = store_open(url, NULL);
	assert_int_equal(store_key_role(s, key, NULL), KEY_READ);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_STORE(numbers_have_no_gap),
		WITH_STORE(the_journal_cannot_be_rewritten),
		WITH_STORE(an_event_comes_out_as_it_was_put),
		WITH_STORE(events_are_found_by_every_filter),
		WITH_STORE(a_reader_that_goes_on_after_the_last_misses_none),
		WITH_STORE(a_key_has_its_form_and_opens_with_its_role),
		WITH_STORE(a_wrong_key_has_no_role),
		WITH_STORE(a_revoked_key_has_no_role),
		WITH_STORE(a_key_is_not_in_the_file),
		WITH_STORE(a_key_is_made_beside_a_running_keyrackd),
		WITH_STORE(a_key_is_made_before_keyrackd_ever_ran),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
