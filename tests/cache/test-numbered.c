/* A lock by the number that people call it by. */
#include "tests/cache/fixture.h"

static const struct {
	const char *id, *name, *room;
} locks[] = {
	{ "a", "204", NULL },	      { "b", "Room 20", NULL },	       { "c", "Garden 2.204", NULL },
	{ "d", "204B Sea", NULL },    { "e", "Suite", "0207" },	       { "f", "2041 Attic", NULL },
	{ "g", "Pool gate", NULL },   { "h", "\xd9\xa2\xd9\xa0\xd9\xa4 x 9", NULL },
};

static void a_whole_number_comes_before_one_that_only_begins_so(void **state)
{
	static const struct {
		const char *digits, *found; /* ids, by name */
	} rows[] = {
		{ "204", "a d c" },   { "20", "b" },	    { "207", "e" },   { "0207", "e" }, { "2", "c" },
		{ "2041", "f" },      { "00204", "a d c" }, { "999", "" },    { "9", "h" },    { "0", "" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(locks); i++) {
		struct lock l = a_lock(locks[i].id, locks[i].name);

		l.room = locks[i].room;
		put_lock(f->sync, l);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GArray) found = cache_locks_numbered(f->sync, rows[i].digits, NULL);
		g_autoptr(GString) ids = g_string_new(NULL);

		for (guint k = 0; k < found->len; k++) {
			OWN(cache_list) struct cache_list *one =
				cache_lock(f->sync, g_array_index(found, int64_t, k), NOW, NULL);

			g_string_append_printf(ids, "%s%s", k ? " " : "",
					       cache_list_at(one, struct lock_row, 0)->lock.device_id);
		}
		if (g_strcmp0(ids->str, rows[i].found) != 0)
			fail_msg("%s gives '%s', not '%s'", rows[i].digits, ids->str, rows[i].found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_whole_number_comes_before_one_that_only_begins_so, fixture_up,
						fixture_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
