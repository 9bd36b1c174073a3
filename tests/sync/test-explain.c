/* A console asks why a code is as it is: sync asks the server, where that can say, and keeps what it
 * says; nobody else is asked, and nothing piles up. */
#include "config.h"

#include <string.h>

#include "core/jsonin.h"
#include "rig.h"

#define EXPLAIN "/keyrackd/access_codes/explain"

static void start_with_keyrackd(void)
{
	server_live(t.server, true);
	start_sync();
	wait_for(t.status_known && t.status.explains && t.status.phase == SYNC_FOLLOWING);
}

static void ask_about(const char *id)
{
	g_autofree char *line = g_strdup_printf("explain %s\n", id);

	say(line);
}

/* What the cache has of it: "answer 3", "refused: ...", or "". To be freed. */
static char *kept(const char *id)
{
	int64_t no = cache_code_no(t.desk, id);
	OWN(cache_list) struct cache_list *list = no ? cache_explanation(t.desk, no, NULL) : NULL;
	const struct explanation *e;

	if (!list || !list->rows->len)
		return g_strdup("");
	e = cache_list_at(list, struct explanation, 0);
	assert_true(instant_known(e->at));
	return e->body ? jsonin_text(e->body, "words") : g_strdup_printf("refused: %s", e->refused);
}

static bool says(const char *id, const char *words)
{
	g_autofree char *is = kept(id);

	return strcmp(is, words) == 0;
}

static void an_answer_is_kept_and_a_newer_one_replaces_it(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);

	(void)state;
	start_with_keyrackd();
	wait_for(cached_named("Anna") == 1);
	assert_true(says(id, ""));
	ask_about(id);
	wait_for(says(id, "answer 1"));
	ask_about(id);
	wait_for(says(id, "answer 2"));
	assert_int_equal(server_requests(t.server, EXPLAIN), 2);
	stop_sync();
}

static void a_refusal_is_kept_in_the_servers_words(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);

	(void)state;
	start_with_keyrackd();
	wait_for(cached_named("Anna") == 1);
	server_delete_code(t.server, id, false); /* and nobody has told */
	ask_about(id);
	wait_for(says(id, "refused: There is no code with this id."));
	stop_sync();
}

static void another_server_is_never_asked(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);
	int polls;

	(void)state;
	start_and_follow();
	wait_for(cached_named("Anna") == 1);
	assert_false(t.status.explains);
	ask_about(id);
	/* What was said before has been heard by the time that this is. */
	polls = server_requests(t.server, "/events/list");
	say("hello\n");
	wait_for(server_requests(t.server, "/events/list") > polls);
	assert_int_equal(server_requests(t.server, EXPLAIN), 0);
	assert_true(says(id, ""));
	stop_sync();
}

static void of_many_wishes_few_are_asked_and_the_last_is_answered(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);
	g_autoptr(GString) lines = g_string_new(NULL);

	(void)state;
	start_with_keyrackd();
	wait_for(cached_named("Anna") == 1);
	for (int i = 0; i < 200; i++)
		g_string_append_printf(lines, "explain code-nowhere-%d\n", i);
	say(lines->str);
	ask_about(id);
	wait_for(says(id, "answer 1"));
	assert_true(server_requests(t.server, EXPLAIN) < 40);
	stop_sync();
}

/* The client itself repeats a read twice, and that is all. */
static void a_call_that_fails_ends_and_the_next_is_answered(void **state)
{
	static const enum fault faults[] = { FAULT_500, FAULT_503, FAULT_RESET_BEFORE };
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);

	(void)state;
	start_with_keyrackd();
	wait_for(cached_named("Anna") == 1);
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
		int before = server_requests(t.server, EXPLAIN);
		g_autofree char *was = kept(id);

		server_fault(t.server, EXPLAIN, faults[i], -1);
		ask_about(id);
		wait_for(server_requests(t.server, EXPLAIN) > before);
		server_fault(t.server, EXPLAIN, FAULT_NONE, 0);
		ask_about(id);
		wait_for(!says(id, was));
		/* The one that failed, what the client made of it, and the second wish. */
		wait_for(server_requests(t.server, EXPLAIN) - before >= 3);
		/* With what the wish before left behind; but nothing is asked again and again. */
		assert_in_range(server_requests(t.server, EXPLAIN) - before, 3, 8);
	}
	assert_int_equal(t.status.phase, SYNC_FOLLOWING);
	stop_sync();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_is_kept_and_a_newer_one_replaces_it),
		TEST(a_refusal_is_kept_in_the_servers_words),
		TEST(another_server_is_never_asked),
		TEST(of_many_wishes_few_are_asked_and_the_last_is_answered),
		TEST(a_call_that_fails_ends_and_the_next_is_answered),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
