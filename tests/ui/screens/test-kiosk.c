/* test-kiosk - the whole console on a terminal: a desk that is not left by any key or signal but the one,
 * and a configuration that is read again. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "tests/ui/vt.h"

enum { SOON_MS = 20000 };

#define HERE "LC_ALL=C.UTF-8", "TERM=xterm-256color", "NO_COLOR", "TMUX", "COLORFGBG", "DBUS_SESSION_BUS_ADDRESS"

static struct vt *begin(const char *how, const char *config)
{
	const char *argv[] = { "tests/ui/screens/frame", "--live", how, NULL };
	const char *env[] = { HERE, config, NULL };
	struct vt *vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 100 });

	assert_true(vt_wait_text(vt, "101 Garden", SOON_MS));
	return vt;
}

static void a_desk_is_ended_by_sigterm_alone(void **state)
{
	static const char *const keys[] = { "q", "\003", "\032", "\034" };
	static const int signals[] = { SIGINT, SIGTSTP, SIGQUIT };
	g_autofree char *config = g_dir_make_tmp("config-XXXXXX", NULL);
	g_autofree char *home = g_strconcat("XDG_CONFIG_HOME=", config, NULL);
	struct vt *vt = begin("desk", home);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		vt_send(vt, keys[i]);
		vt_send(vt, "?"); /* it still answers */
		assert_true(vt_wait_text(vt, "Help", SOON_MS));
		vt_send(vt, "\033");
		assert_true(vt_wait_gone(vt, "Help", SOON_MS));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
		kill(vt_pid(vt), signals[i]);
		vt_send(vt, "?");
		assert_true(vt_wait_text(vt, "Help", SOON_MS));
		vt_send(vt, "\033");
		assert_true(vt_wait_gone(vt, "Help", SOON_MS));
	}
	kill(vt_pid(vt), SIGTERM);
	assert_int_equal(vt_wait_end(vt, SOON_MS), 0);
	assert_true(vt_cooked(vt));
	assert_false(vt_mode(vt, 1049));
	vt_free(vt);
	g_rmdir(config);
}

/* What a row of the rack is painted on, by the theme. */
static bool is_paper(struct vt *vt, const void *wanted)
{
	return vt_cell(vt, 4, 1).bg == *(const int *)wanted;
}

static void a_signal_reads_the_configuration_again(void **state)
{
	static const int own = -1, paper = 230; /* of 'light' among 256 */
	g_autofree char *config = g_dir_make_tmp("config-XXXXXX", NULL);
	g_autofree char *folder = g_build_filename(config, "keyrack", NULL);
	g_autofree char *file = g_build_filename(folder, "keyrack.conf", NULL);
	g_autofree char *home = g_strconcat("XDG_CONFIG_HOME=", config, NULL);
	struct vt *vt = begin(NULL, home);

	(void)state;
	assert_true(vt_wait(vt, is_paper, &own, SOON_MS));
	kill(vt_pid(vt), SIGUSR1); /* there is none */
	assert_true(vt_wait_text(vt, "Not read again", SOON_MS));
	assert_int_equal(g_mkdir(folder, 0700), 0);
	assert_true(g_file_set_contents(file, "[profile harbour]\nname = Other House\nendpoint = http://127.0.0.1:9\n"
					"[screen]\ntheme = light\n", -1, NULL));
	kill(vt_pid(vt), SIGUSR1);
	assert_true(vt_wait_text(vt, "Other House", SOON_MS));
	assert_true(vt_wait(vt, is_paper, &paper, SOON_MS));
	vt_send(vt, "q");
	assert_int_equal(vt_wait_end(vt, SOON_MS), 0);
	vt_free(vt);
	g_unlink(file);
	g_rmdir(folder);
	g_rmdir(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_desk_is_ended_by_sigterm_alone),
		cmocka_unit_test(a_signal_reads_the_configuration_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
