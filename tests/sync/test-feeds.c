/* A feed of reservations, read by sync: what is allowed becomes codes at the server, what fails leaves
 * what was there, and so much that goes at once is held. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cache/feeds.h"
#include "rig.h"

#define HEAD "id,guest,room,arrival,departure\n"
#define ROWS                                                                                       \
	HEAD "1,Ana,lock-1,2035-11-01,2035-11-03\n2,Ben,lock-1,2035-11-05,2035-11-07\n"            \
	     "3,Cem,lock-1,2035-11-09,2035-11-11\n"

static void source_says(const char *text)
{
	g_autofree char *path = g_build_filename(t.folder, "list.csv", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	g_setenv("KEYRACK_TEST_FEED", path, TRUE);
}

static void read_once(const char *what)
{
	g_setenv("KEYRACK_TEST_AUTO", what, TRUE);
	start_sync_with("once", NULL);
	assert_int_equal(wait_sync(), 0);
	if (!t.desk)
		t.desk = cache_open(t.cache_path, CACHE_DESK, false, NULL);
	assert_non_null(t.desk);
}

static struct cache_list *state_of_feed(void)
{
	struct cache_list *list = cache_feed(t.desk, "list", NULL);

	assert_non_null(list);
	assert_int_equal(list->rows->len, 1);
	return list;
}

static void nothing_is_done_without_leave(void **state)
{
	(void)state;
	source_says(ROWS);
	read_once("no");
	OWN(cache_list) struct cache_list *rows = cache_feed_rows(t.desk, "list", NULL);
	assert_int_equal(rows->rows->len, 3);
	assert_int_equal(server_codes_named(t.server, "Ana"), 0);
}

static void new_stays_get_their_codes_once(void **state)
{
	(void)state;
	source_says(ROWS);
	read_once("new");
	assert_int_equal(server_codes_named(t.server, "Ana"), 1);
	read_once("new");
	assert_int_equal(server_codes(t.server), 3);
	source_says(HEAD "1,Ana,lock-1,2035-11-01,2035-11-03\n2,Ben,lock-1,2035-11-05,2035-11-07\n");
	read_once("new");
	assert_int_equal(server_codes_named(t.server, "Cem"), 1); /* new is not all */
	read_once("all");
	assert_int_equal(server_codes_named(t.server, "Cem"), 0);
	assert_int_equal(server_codes(t.server), 2);
}

static void what_cannot_be_read_leaves_what_was(void **state)
{
	static const char *const broken[] = { HEAD "1,\"Ana", "<html>Please log in</html>", "" };

	(void)state;
	source_says(ROWS);
	read_once("all");
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		source_says(broken[i]);
		read_once("all");
		OWN(cache_list) struct cache_list *feed = state_of_feed();
		const struct feed_state *s = cache_list_at(feed, struct feed_state, 0);

		assert_non_null(s->error);
		assert_true(instant_known(s->ok_at));
		assert_true(instant_before(s->ok_at, s->tried_at));
		assert_int_equal(s->rows, 3);
		assert_int_equal(server_codes(t.server), 3);
	}
	source_says(ROWS);
	read_once("all");
	OWN(cache_list) struct cache_list *feed = state_of_feed();
	assert_null(cache_list_at(feed, struct feed_state, 0)->error);
}

static void so_much_that_goes_at_once_is_held(void **state)
{
	(void)state;
	source_says(ROWS);
	read_once("all");
	source_says(HEAD);
	for (int i = 0; i < 3; i++)
		read_once("all");
	assert_int_equal(server_codes(t.server), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(nothing_is_done_without_leave),
		TEST(new_stays_get_their_codes_once),
		TEST(what_cannot_be_read_leaves_what_was),
		TEST(so_much_that_goes_at_once_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
