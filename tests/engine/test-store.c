/* Codes that are put into a store come out of it: by filters, in pages, when due, and as history. */
#include "tests/engine/store-fixture.h"

#include <string.h>

static void same_belief(const struct attempt_record *a, const struct attempt_record *b)
{
	assert_int_equal(a->belief, b->belief);
	same_text(a->last.pin, b->last.pin);
	same_text(a->last.name, b->last.name);
	same_time(a->last.starts_at, b->last.starts_at);
	same_time(a->last.ends_at, b->last.ends_at);
	assert_int_equal(a->last.enabled, b->last.enabled);
	assert_int_equal(a->looked, b->looked);
	assert_int_equal(a->tries, b->tries);
	assert_int_equal(a->tried, b->tried);
	same_time(a->last_try_at, b->last_try_at);
	same_time(a->first_try_at, b->first_try_at);
	assert_int_equal(a->fights, b->fights);
	assert_int_equal(a->unseen, b->unseen);
	assert_int_equal(a->refused, b->refused);
	assert_int_equal(a->dice, b->dice);
}

static void same_code(const struct store_code *a, const struct store_code *b)
{
	same_text(a->access_code_id, b->access_code_id);
	same_text(a->device_id, b->device_id);
	same_text(a->name, b->name);
	same_text(a->pin, b->pin);
	assert_int_equal(a->managed, b->managed);
	same_time(a->starts_at, b->starts_at);
	same_time(a->ends_at, b->ends_at);
	same_time(a->created_at, b->created_at);
	assert_int_equal(a->external_ok, b->external_ok);
	assert_int_equal(a->prefer_native, b->prefer_native);
	assert_int_equal(a->offline, b->offline);
	assert_int_equal(a->one_time, b->one_time);
	same_text(a->common_code_key, b->common_code_key);
	assert_int_equal(a->backup, b->backup);
	same_text(a->pulled_backup_id, b->pulled_backup_id);
	same_time(a->removal_asked_at, b->removal_asked_at);
	same_time(a->asked_at, b->asked_at);
	same_belief(&a->done, &b->done);
	same_text(a->handle, b->handle);
	same_text(a->shown_name, b->shown_name);
	same_text(a->shown_first, b->shown_first);
	same_text(a->shown_last, b->shown_last);
	same_text(a->status, b->status);
	assert_int_equal(a->scheduled_on_device, b->scheduled_on_device);
	assert_int_equal(a->problems, b->problems);
	same_text(a->problem_since, b->problem_since);
	same_text(a->rival_id, b->rival_id);
	assert_int_equal(a->reason, b->reason);
	same_time(a->next_look, b->next_look);
	same_time(a->next_try_text, b->next_try_text);
	assert_int_equal(a->ever_set, b->ever_set);
	same_text(a->changing, b->changing);
	same_time(a->closed_at, b->closed_at);
}

/* Every member has a value of its own, so that two columns cannot be exchanged. */
static const struct store_code whole = {
	.access_code_id = "id",
	.device_id = "device",
	.name = "Müller, Jörg ☕",
	.pin = "004711",
	.managed = true,
	.starts_at = AT(1),
	.ends_at = AT(2),
	.created_at = AT(3),
	.external_ok = true,
	.prefer_native = false,
	.offline = true,
	.one_time = false,
	.common_code_key = "key",
	.backup = BACKUP_PULLED,
	.pulled_backup_id = "backup",
	.removal_asked_at = AT(4),
	.asked_at = AT(44),
	.done = {
		.belief = BELIEF_UNCERTAIN,
		.last = { .pin = "1", .name = "last", .starts_at = AT(5), .ends_at = AT(6),
			  .enabled = true },
		.looked = true,
		.tries = 7,
		.tried = STEP_REMOVE,
		.last_try_at = AT(8),
		.first_try_at = AT(9),
		.fights = 10,
		.unseen = 12,
		.refused = true,
		.dice = 0xfedcba98,
	},
	.handle = "slot 11",
	.shown_name = "shown",
	.shown_first = "first",
	.shown_last = "surname",
	.status = "setting",
	.scheduled_on_device = true,
	.problems = PROBLEM_DUPLICATE | PROBLEM_BEING_DELETED,
	.problem_since = "{\"8\":0}",
	.rival_id = "rival",
	.changing = "{\"name\":\"before\"}",
	.reason = REASON_ACCOUNT_LOST,
	.next_look = AT(12),
	.next_try_text = AT(13),
	.ever_set = true,
	.closed_at = { INT64_MIN },
};

static void check_code(struct store *s, const struct store_code *c)
{
	g_autoptr(GError) err = NULL;
	OWN(store_list) struct store_list *list = store_code(s, c->access_code_id, &err);

	assert_no_error(err);
	assert_int_equal(list->rows->len, 1);
	same_code(store_at(list, struct store_code, 0), c);
}

/* What the planner keeps of a code must outlive the process: a member that was added needs a column,
 * a line in same_belief and a new number here. */
static void nothing_of_the_planners_record_is_left_out(void **state)
{
	(void)state;
	if (sizeof(void *) != 8)
		skip();
	assert_int_equal(sizeof(struct on_lock), 40);
	assert_int_equal(sizeof(struct attempt_record), 96);
}

static void a_code_comes_out_as_it_was_put(void **state)
{
	struct fixture *f = *state;
	struct store_code bare = a_code("bare", "device"), c = whole;

	put_code(f->s, whole);
	check_code(f->s, &whole);
	put_code(f->s, bare);
	check_code(f->s, &bare);
	check_code(f->s, &whole);
	/* Along its life: nothing of what indexes hold changes. */
	c.status = "set";
	c.name = NULL;
	c.done.belief = BELIEF_PROVEN;
	c.next_look = INSTANT_NONE;
	c.reason = REASON_PROVEN;
	put_code(f->s, c);
	check_code(f->s, &c);
	/* And what they hold, one after the other. */
	c.pin = NULL;
	put_code(f->s, c);
	check_code(f->s, &c);
	c.pin = "12345";
	put_code(f->s, c);
	check_code(f->s, &c);
	c.device_id = "other";
	put_code(f->s, c);
	check_code(f->s, &c);
	c.common_code_key = NULL;
	put_code(f->s, c);
	check_code(f->s, &c);
	c.created_at = AT(99);
	put_code(f->s, c);
	check_code(f->s, &c);
	check_code(f->s, &bare);
}

static void what_is_not_there_is_not_found(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GError) err = NULL;

#define NOT_THERE(call)                                                                            \
	do {                                                                                       \
		assert_false(call);                                                                \
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND));         \
		g_clear_error(&err);                                                               \
	} while (0)
	NOT_THERE(store_code(f->s, "none", &err));
	NOT_THERE(store_device(f->s, "none", &err));
	NOT_THERE(store_delete_device(f->s, "none", &err));
	NOT_THERE(store_close_code(f->s, "none", "set", REASON_ENDED, AT(0), &err));
	NOT_THERE(store_delete_webhook(f->s, "none", &err));
	NOT_THERE(store_key_revoke(f->s, "none", &err));
}

static char *ids_of(struct store_list *list)
{
	GString *ids = g_string_new(NULL);

	assert_non_null(list);
	for (guint i = 0; i < list->rows->len; i++)
		g_string_append_printf(ids, "%s%s", i ? " " : "",
				       store_at(list, struct store_code, i)->access_code_id);
	return g_string_free(ids, FALSE);
}

static void put_a_house(struct store *s)
{
	static const struct {
		const char *id, *device, *pin, *key, *name;
		bool managed;
		enum backup_role backup;
		int created;
	} rows[] = {
		{ "c1", "d1", "1111", "stay-1", "Ørsted, Åse", true, BACKUP_NO, 1 },
		{ "c2", "d2", "1111", "stay-1", "Ørsted, Åse", true, BACKUP_NO, 1 },
		{ "c3", "d1", "2222", NULL, "cleaner 100%", true, BACKUP_NO, 3 },
		{ "c4", "d1", "1111", NULL, NULL, false, BACKUP_NO, 2 },
		{ "c5", "d1", "5555", NULL, "backup", true, BACKUP_POOL, 5 },
		{ "c6", "d1", NULL, NULL, "backup", true, BACKUP_PULLED, 6 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct store_code c = a_code(rows[i].id, rows[i].device);

		c.pin = rows[i].pin;
		c.common_code_key = rows[i].key;
		c.name = rows[i].name;
		c.managed = rows[i].managed;
		c.backup = rows[i].backup;
		c.created_at = AT(rows[i].created);
		put_code(s, c);
	}
}

static void codes_are_found_by_every_filter(void **state)
{
	static const char *const two[] = { "c6", "c1", NULL }, *const none[] = { NULL };
	static const struct {
		struct store_code_filter f;
		const char *ids; /* in order of creation */
	} rows[] = {
		{ { .managed = -1, .with_pool = true }, "c1 c2 c4 c3 c5 c6" },
		{ { .managed = -1 }, "c1 c2 c4 c3 c6" },
		{ { .managed = 1 }, "c1 c2 c3 c6" },
		{ { .managed = 0 }, "c4" },
		{ { .managed = -1, .device_id = "d1" }, "c1 c4 c3 c6" },
		{ { .managed = 1, .device_id = "d1", .with_pool = true }, "c1 c3 c5 c6" },
		{ { .managed = -1, .device_id = "d3" }, "" },
		{ { .managed = -1, .ids = two }, "c1 c6" },
		{ { .managed = -1, .ids = none }, "" },
		{ { .managed = -1, .ids = two, .device_id = "d2" }, "" },
		{ { .managed = -1, .common_code_key = "stay-1" }, "c1 c2" },
		{ { .managed = -1, .common_code_key = "stay-1", .device_id = "d2" }, "c2" },
		{ { .managed = -1, .common_code_key = "stay" }, "" },
		{ { .managed = -1, .search = "orsted" }, "c1 c2" },
		{ { .managed = -1, .search = "ØRSTED" }, "c1 c2" },
		{ { .managed = -1, .search = "100%" }, "c3" },
		{ { .managed = -1, .search = "_" }, "" },
		{ { .managed = -1, .search = "222" }, "c3" },
		{ { .managed = -1, .search = "c4" }, "c4" },
		{ { .managed = -1, .search = "" }, "c1 c2 c4 c3 c6" },
	};
	struct fixture *f = *state;

	put_a_house(f->s);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		OWN(store_list) struct store_list *list = store_codes(f->s, &rows[i].f, NULL, NULL);
		g_autofree char *ids = ids_of(list);

		if (strcmp(ids, rows[i].ids) != 0)
			fail_msg("row %zu: %s instead of %s", i, ids, rows[i].ids);
	}
}

static void holders_of_a_pin_are_found(void **state)
{
	static const struct {
		const char *device, *pin, *ids;
	} rows[] = {
		{ "d1", "1111", "c1 c4" }, { "d2", "1111", "c2" }, { "d1", "5555", "c5" },
		{ "d2", "5555", "" },	   { "d1", "111", "" },	   { "d3", "1111", "" },
	};
	struct fixture *f = *state;

	put_a_house(f->s);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		OWN(store_list) struct store_list *list =
			store_code_by_pin(f->s, rows[i].device, rows[i].pin, NULL);
		g_autofree char *ids = ids_of(list);

		assert_string_equal(ids, rows[i].ids);
	}
}

/* While rows are added before and after the place where the walker stands. */
static void pages_show_each_row_once_under_inserts(void **state)
{
	enum { ROWS = 40, PER_PAGE = 7 };
	struct fixture *f = *state;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct store_code_filter any = { .managed = -1 };
	struct store_page page = { .after_created_at = INSTANT_NONE, .limit = PER_PAGE };
	g_autofree char *after = NULL;
	int pages = 0;

	/* Three share each second, so that a page ends amid equals. */
	for (int i = 0; i < ROWS; i++) {
		g_autofree char *id = g_strdup_printf("old-%02d", i * 7 % ROWS);
		struct store_code c = a_code(id, "d");

		c.created_at = AT(i / 3);
		put_code(f->s, c);
	}
	do {
		OWN(store_list) struct store_list *list = store_codes(f->s, &any, &page, NULL);
		g_autofree char *early = g_strdup_printf("early-%d", pages);
		g_autofree char *late = g_strdup_printf("late-%d", pages);
		struct store_code before = a_code(early, "d"), behind = a_code(late, "d");
		const struct store_code *last;

		assert_true(page.has_more ? list->rows->len == PER_PAGE : list->rows->len > 0);
		for (guint i = 0; i < list->rows->len; i++) {
			const char *id = store_at(list, struct store_code, i)->access_code_id;

			assert_true(g_hash_table_add(seen, g_strdup(id)));
		}
		last = store_at(list, struct store_code, list->rows->len - 1);
		g_free(after);
		after = g_strdup(last->access_code_id);
		page.after_id = after;
		page.after_created_at = last->created_at;
		before.created_at = AT(-100);
		behind.created_at = AT(50 + pages);
		put_code(f->s, before);
		if (++pages <= 3) /* else the walk never ends */
			put_code(f->s, behind);
	} while (page.has_more);
	for (int i = 0; i < ROWS; i++) {
		g_autofree char *id = g_strdup_printf("old-%02d", i);

		assert_true(g_hash_table_contains(seen, id));
	}
	assert_int_equal(g_hash_table_size(seen), ROWS + 3);
}

static void a_page_of_exactly_all_has_no_more(void **state)
{
	static const struct {
		int limit;
		guint rows;
		bool more;
	} rows[] = { { 4, 4, true }, { 5, 5, false }, { 6, 5, false }, { 0, 5, false } };
	struct fixture *f = *state;
	struct store_code_filter any = { .managed = -1 };

	put_a_house(f->s);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct store_page page = { .limit = rows[i].limit, .has_more = !rows[i].more };
		OWN(store_list) struct store_list *list = store_codes(f->s, &any, &page, NULL);

		assert_int_equal(list->rows->len, rows[i].rows);
		assert_int_equal(page.has_more, rows[i].more);
	}
}

static void what_is_due_comes_in_order_and_no_sooner(void **state)
{
	static const struct {
		const char *id;
		struct instant next_look, starts_at;
	} codes[] = {
		{ "c", AT(10), AT(7) },	       { "d", AT(10), AT(8) },
		{ "a", AT(5), AT(9) },	       { "b", AT(10), { INT64_MIN } },
		{ "e", AT(11), AT(1) },	       { "never", { INT64_MIN }, AT(0) },
	};
	static const struct {
		struct instant now;
		int limit;
		const char *ids;
	} rows[] = {
		{ { NOON + 5 * SECOND_MS - 1 }, 0, "" },
		{ AT(5), 0, "a" },
		{ AT(10), 0, "a b c d" },
		{ AT(10), 2, "a b" },
		{ AT(11), 100, "a b c d e" },
	};
	struct fixture *f = *state;
	struct store_code changed;

	assert_false(instant_known(store_next_look(f->s)));
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		struct store_code c = a_code(codes[i].id, "d");

		c.next_look = codes[i].next_look;
		c.starts_at = codes[i].starts_at;
		put_code(f->s, c);
	}
	same_time(store_next_look(f->s), AT(5));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		OWN(store_list) struct store_list *list =
			store_codes_due(f->s, rows[i].now, rows[i].limit, NULL);
		g_autofree char *ids = ids_of(list);

		assert_string_equal(ids, rows[i].ids);
	}
	changed = a_code("a", "d");
	put_code(f->s, changed);
	same_time(store_next_look(f->s), AT(10));
}

static void slots_taken_are_counted(void **state)
{
	static const struct {
		enum belief belief;
		bool held;
	} rows[] = {
		{ BELIEF_ABSENT, false },   { BELIEF_WRITTEN, true }, { BELIEF_PROVEN, true },
		{ BELIEF_DIFFERENT, true }, { BELIEF_GONE, false },   { BELIEF_UNCERTAIN, true },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct store_code c = a_code("moving", "d");

		c.done.belief = rows[i].belief;
		put_code(f->s, c);
		assert_int_equal(store_count_on_lock(f->s, "d"), rows[i].held);
		assert_int_equal(store_count_on_lock(f->s, "e"), 0);
	}
}

static void a_closed_code_is_history(void **state)
{
	struct fixture *f = *state;
	struct store_code expected = whole;
	struct store_decision d = { AT(1), REASON_ENDED, STEP_REMOVE, "jammed" };
	g_autoptr(GError) err = NULL;

	put_code(f->s, whole);
	assert_true(store_add_decision(f->s, "id", &d, NULL));
	assert_true(store_close_code(f->s, "id", "unset", REASON_ENDED, AT(50), &err));
	assert_no_error(err);
	assert_null(store_code(f->s, "id", NULL));
	assert_int_equal(store_count_on_lock(f->s, "device"), 0);
	assert_false(instant_known(store_next_look(f->s)));
	expected.status = "unset";
	expected.reason = REASON_ENDED;
	expected.next_look = INSTANT_NONE;
	expected.next_try_text = INSTANT_NONE;
	expected.closed_at = AT(50);
	for (int way = 0; way < 4; way++) {
		OWN(store_list) struct store_list *list =
			store_history(f->s, way & 1 ? "device" : NULL, way & 2 ? "id" : NULL, NULL,
				      NULL);

		assert_int_equal(list->rows->len, 1);
		same_code(store_at(list, struct store_code, 0), &expected);
	}
	{
		OWN(store_list) struct store_list *list =
			store_history(f->s, "other", NULL, NULL, NULL);

		assert_int_equal(list->rows->len, 0);
	}
	assert_int_equal(store_forget_history(f->s, AT(50), NULL), 0);
	{
		OWN(store_list) struct store_list *list = store_decisions(f->s, "id", NULL);

		assert_int_equal(list->rows->len, 1);
	}
	assert_int_equal(store_forget_history(f->s, AT(51), NULL), 1);
	{
		OWN(store_list) struct store_list *list = store_decisions(f->s, "id", NULL);
		OWN(store_list) struct store_list *gone = store_history(f->s, NULL, "id", NULL, NULL);

		assert_int_equal(list->rows->len, 0);
		assert_int_equal(gone->rows->len, 0);
	}
}

static void history_has_pages(void **state)
{
	struct fixture *f = *state;
	struct store_page page = { .limit = 2 };
	g_autofree char *ids = NULL;

	put_a_house(f->s);
	for (int i = 1; i <= 3; i++) {
		g_autofree char *id = g_strdup_printf("c%d", i);

		assert_true(store_close_code(f->s, id, "unset", REASON_REVOKED, AT(i), NULL));
	}
	{
		OWN(store_list) struct store_list *list =
			store_history(f->s, NULL, NULL, &page, NULL);

		ids = ids_of(list);
		assert_string_equal(ids, "c1 c2");
		assert_true(page.has_more);
	}
	page.after_created_at = AT(1);
	page.after_id = "c2";
	{
		OWN(store_list) struct store_list *list =
			store_history(f->s, NULL, NULL, &page, NULL);
		g_autofree char *rest = ids_of(list);

		assert_string_equal(rest, "c3");
		assert_false(page.has_more);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_of_the_planners_record_is_left_out),
		WITH_STORE(a_code_comes_out_as_it_was_put),
		WITH_STORE(what_is_not_there_is_not_found),
		WITH_STORE(codes_are_found_by_every_filter),
		WITH_STORE(holders_of_a_pin_are_found),
		WITH_STORE(pages_show_each_row_once_under_inserts),
		WITH_STORE(a_page_of_exactly_all_has_no_more),
		WITH_STORE(what_is_due_comes_in_order_and_no_sooner),
		WITH_STORE(slots_taken_are_counted),
		WITH_STORE(a_closed_code_is_history),
		WITH_STORE(history_has_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
