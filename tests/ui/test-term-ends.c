/* test-term-ends - the shell gets its terminal back whatever happens, and a terminal that can little, or says
 * nothing, is told so or done without. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "tests/ui/term-rig.h"

static void every_way_out_gives_the_terminal_back(void **state)
{
	static const struct {
		const char *how, *keys;
		int signal, dies_of; /* 0: exits with 0 */
	} rows[] = {
		{ "q", "q", 0, 0 },
		{ "SIGTERM", NULL, SIGTERM, 0 },
		{ "SIGHUP", NULL, SIGHUP, 0 },
		{ "SIGINT, which the loop has not taken", NULL, SIGINT, SIGINT },
		{ "SIGQUIT", NULL, SIGQUIT, SIGQUIT },
		{ "SIGUSR1", NULL, SIGUSR1, SIGUSR1 },
		{ "SIGALRM", NULL, SIGALRM, SIGALRM },
		{ "SIGXCPU", NULL, SIGXCPU, SIGXCPU },
		{ "a crash", "c", 0, SIGSEGV },
		{ "SIGABRT", NULL, SIGABRT, SIGABRT },
		{ "SIGBUS", NULL, SIGBUS, SIGBUS },
	};
	static const char *const env[] = { UTF8, "ASAN_OPTIONS=handle_segv=0:handle_sigbus=0", NULL };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct vt *vt = begin_with(&(struct vt_options){ .env = env });
		int status;

		assert_true(vt_wait_text(vt, "key: -", SOON_MS));
		assert_screen_is_ours(vt);
		vt_send(vt, "t");
		assert_true(vt_wait_text(vt, "key: t", SOON_MS));
		if (rows[i].keys)
			vt_send(vt, rows[i].keys);
		else
			kill(vt_pid(vt), rows[i].signal);
		status = vt_wait_end(vt, SOON_MS);
		print_message("after %s\n", rows[i].how);
		assert_int_not_equal(status, -1);
		if (rows[i].dies_of)
			assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, rows[i].dies_of);
		else
			assert_int_equal(status, 0);
		assert_shell_has_its_terminal(vt);
		vt_free(vt);
	}
}

static void ends_when_the_terminal_is_gone(void **state)
{
	(void)state;
	for (int ignored = 0; ignored < 2; ignored++) {
		struct vt *vt = begin_with(&(struct vt_options){ .ignore_hup = ignored });

		assert_true(vt_wait_text(vt, "key: -", SOON_MS));
		vt_hang_up(vt);
		assert_int_equal(vt_wait_end(vt, 2000), 0);
		vt_free(vt);
	}
}

/* --- poor terminals -------------------------------------------------------------------------- */

static void a_silent_terminal_is_not_waited_for(void **state)
{
	struct vt *vt = begin_with(&(struct vt_options){ .silent = true });

	(void)state;
	assert_true(vt_wait_text(vt, "key: -", SOON_MS));
	cost_of(vt, "x", "key: x");
	vt_free(vt);
}

static void an_unknown_terminal_gets_a_note(void **state)
{
	static const char *const env[] = { "LC_ALL=C.UTF-8", "TERM=no-such-terminal", "NO_COLOR",
					   NULL };
	struct vt *vt = begin_with(&(struct vt_options){ .env = env });

	(void)state;
	assert_true(vt_wait_text(vt, "'no-such-terminal' is not known here", SOON_MS));
	vt_send(vt, "q");
	assert_int_equal(vt_wait_end(vt, SOON_MS), 0);
	assert_shell_has_its_terminal(vt);
	vt_free(vt);
}

static void a_dumb_terminal_gets_a_sentence(void **state)
{
	static const char *const env[] = { "LC_ALL=C.UTF-8", "TERM=dumb", NULL };
	struct vt *vt = begin_with(&(struct vt_options){ .env = env });
	int status = vt_wait_end(vt, SOON_MS);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_non_null(strstr(vt_output(vt)->str, "work without a screen"));
	assert_null(strchr(vt_output(vt)->str, 0x1b));
	vt_free(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_out_gives_the_terminal_back),
		cmocka_unit_test(ends_when_the_terminal_is_gone),
		cmocka_unit_test(a_silent_terminal_is_not_waited_for),
		cmocka_unit_test(an_unknown_terminal_gets_a_note),
		cmocka_unit_test(a_dumb_terminal_gets_a_sentence),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
