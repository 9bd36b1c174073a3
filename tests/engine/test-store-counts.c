/* How many codes there are of each kind, as they come, change, go, and do none of that because a
 * transaction was rolled back. */
#include "tests/engine/store-fixture.h"

#include <string.h>

static int64_t codes_of(struct fixture *f, bool managed, const char *status, unsigned problems)
{
	OWN(store_list) struct store_list *l = store_tally(f->s, NULL);
	int64_t n = 0;

	assert_non_null(l);
	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_tally *t = store_at(l, struct store_tally, i);

		assert_true(t->codes > 0);
		if (t->managed == managed && strcmp(t->status, status) == 0 &&
		    t->problems == problems)
			n += t->codes;
	}
	return n;
}

static struct store_code code_in(const char *id, const char *status, unsigned problems)
{
	struct store_code c = a_code(id, "d");

	c.managed = true;
	c.status = status;
	c.problems = problems;
	return c;
}

static void codes_are_counted_as_they_change(void **state)
{
	struct fixture *f = *state;

	put_code(f->s, code_in("1", "unset", 0));
	put_code(f->s, code_in("2", "unset", 0));
	assert_int_equal(codes_of(f, true, "unset", 0), 2);
	put_code(f->s, code_in("1", "set", 0));
	put_code(f->s, code_in("1", "set", 0));
	assert_int_equal(codes_of(f, true, "unset", 0), 1);
	assert_int_equal(codes_of(f, true, "set", 0), 1);
	put_code(f->s, code_in("1", "set", PROBLEM_DUPLICATE));
	assert_int_equal(codes_of(f, true, "set", 0), 0);
	assert_int_equal(codes_of(f, true, "set", PROBLEM_DUPLICATE), 1);
	assert_true(store_close_code(f->s, "2", "unset", REASON_REVOKED, AT(0), NULL));
	assert_int_equal(codes_of(f, true, "unset", 0), 0);
	struct store_code c = code_in("1", "set", 0);
	c.managed = false;
	put_code(f->s, c);
	assert_int_equal(codes_of(f, true, "set", PROBLEM_DUPLICATE), 0);
	assert_int_equal(codes_of(f, false, "set", 0), 1);
}

static void what_is_rolled_back_is_not_counted(void **state)
{
	struct fixture *f = *state;

	put_code(f->s, code_in("1", "set", 0));
	assert_true(store_begin(f->s, NULL));
	put_code(f->s, code_in("2", "set", 0));
	put_code(f->s, code_in("1", "removing", 0));
	assert_int_equal(codes_of(f, true, "set", 0), 1);
	store_rollback(f->s);
	assert_int_equal(codes_of(f, true, "set", 0), 1);
	assert_int_equal(codes_of(f, true, "removing", 0), 0);
}

static void devices_away_are_those_that_cannot_be_reached(void **state)
{
	static const struct {
		const char *id;
		bool online, lost, removed;
	} rows[] = {
		{ "here", true, false, false },	 { "offline", false, false, false },
		{ "lost", true, true, false },	 { "removed", true, false, true },
		{ "here too", true, false, false },
	};
	struct fixture *f = *state;
	struct store_sizes sizes;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct store_device d = { .device_id = rows[i].id,
					  .created_at = AT((int)i),
					  .read_at = INSTANT_NONE,
					  .online = rows[i].online,
					  .account_lost = rows[i].lost,
					  .removed = rows[i].removed };

		assert_true(store_put_device(f->s, &d, NULL));
	}
	assert_true(store_sizes(f->s, &sizes, NULL));
	assert_int_equal(sizes.devices, 5);
	assert_int_equal(sizes.devices_away, 3);
	assert_true(sizes.bytes > 4096);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_STORE(codes_are_counted_as_they_change),
		WITH_STORE(what_is_rolled_back_is_not_counted),
		WITH_STORE(devices_away_are_those_that_cannot_be_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
