/* keyrack setup on a terminal, against a server that says yes, no, something else, nothing, or is another: what is
 * said, that nothing is written before somebody has chosen it, and that the key is never seen. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sync/server.h"
#include "tests/ui/vt.h"

#define DEADLINE_MS 20000
#define RIGHT_KEY   "seam_test_key"

struct place {
	char *home, *config;
	struct vt *vt;
};

static struct place begin(void)
{
	struct place p = { .home = g_dir_make_tmp("keyrack-setup-XXXXXX", NULL) };
	g_autofree char *program = g_canonicalize_filename("keyrack", NULL);
	g_autofree char *home = g_strconcat("HOME=", p.home, NULL),
			*xdg = g_strconcat("XDG_CONFIG_HOME=", p.home, NULL);
	const char *argv[] = { program, "setup", NULL };
	const char *env[] = { home, xdg, "KEYRACK_ENDPOINT", "KEYRACK_API_KEY", "TZ=Europe/Berlin", "LC_ALL=C.UTF-8",
			      NULL };

	p.config = g_build_filename(p.home, "keyrack", "keyrack.conf", NULL);
	p.vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 40, .cols = 120 });
	assert_true(vt_wait_text(p.vt, "Endpoint [", DEADLINE_MS));
	return p;
}

static void remove_all(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			remove_all(path);
		else
			g_unlink(path);
	}
	g_rmdir(folder);
}

static void end(struct place *p)
{
	/* Whatever came of it: what was typed as a key was on no screen. */
	assert_null(strstr(vt_output(p->vt)->str, RIGHT_KEY));
	vt_free(p->vt);
	remove_all(p->home);
	g_free(p->home);
	g_free(p->config);
}

static bool written(const struct place *p)
{
	return g_file_test(p->config, G_FILE_TEST_EXISTS);
}

static void see(const struct place *p, const char *words)
{
	if (!vt_wait_text(p->vt, words, DEADLINE_MS)) {
		g_autofree char *text = vt_text(p->vt);

		fail_msg("looked for \"%s\" in:\n%s", words, text);
	}
}

/* The words that ask, then the answer: a pair for each, as many as are given. */
static void answer(const struct place *p, const char *asks, const char *says)
{
	see(p, asks);
	vt_send(p->vt, says);
	vt_send(p->vt, "\r");
}

static void asks_endpoint_and_key(const struct place *p, const char *endpoint, const char *key)
{
	answer(p, "Endpoint [", endpoint);
	answer(p, "not shown):", key);
}

static void the_right_answers_are_saved_for_one_alone(void **state)
{
	struct server *s = server_new();
	g_autofree char *endpoint = server_endpoint(s), *text = NULL, *key = NULL;
	struct place p = begin();
	struct stat st;

	(void)state;
	asks_endpoint_and_key(&p, endpoint, RIGHT_KEY);
	see(&p, "and knows the key.");
	assert_false(written(&p));
	answer(&p, "Name of the property [My house]:", "Harbour House");
	answer(&p, "Time zone [", "Berlin");
	see(&p, "There is no such zone.");
	vt_send(p.vt, "Europe/Berlin\r");
	see(&p, "Saved as ");
	assert_int_equal(WEXITSTATUS(vt_wait_end(p.vt, DEADLINE_MS)), 0);
	assert_true(g_file_get_contents(p.config, &text, NULL, NULL));
	assert_non_null(strstr(text, "zone=Europe/Berlin"));
	assert_null(strstr(text, RIGHT_KEY));
	key = g_build_filename(p.home, "keyrack", "harbour-house.key", NULL);
	assert_int_equal(stat(key, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	end(&p);
	server_free(s);
}

enum trouble { NOBODY_THERE, KEY_REFUSED, NO_SUCH_ROUTE, BROKEN };

/* Each trouble is named with what to do, and q leaves nothing behind. */
static void a_trouble_is_named_and_leaving_leaves_no_trace(void **state)
{
	static const struct {
		enum trouble trouble;
		const char *remedy, *offers;
	} rows[] = {
		{ NOBODY_THERE, "Check the endpoint's name, the network, a firewall", "e: another endpoint" },
		{ KEY_REFUSED, "Ask whoever runs the server for a valid API key", "k: another key, e:" },
		{ NO_SUCH_ROUTE, "is the endpoint right? (404)", "e: another endpoint" },
		{ BROKEN, "The server is in trouble", "e: another endpoint" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct server *s = server_new();
		g_autofree char *endpoint = server_endpoint(s);
		struct place p = begin();

		if (rows[i].trouble == NOBODY_THERE)
			server_stop(s);
		if (rows[i].trouble == NO_SUCH_ROUTE)
			server_fault(s, "/devices/list", FAULT_404, -1);
		if (rows[i].trouble == BROKEN)
			server_fault(s, "/devices/list", FAULT_500, -1);
		asks_endpoint_and_key(&p, endpoint, rows[i].trouble == KEY_REFUSED ? "another_key" : RIGHT_KEY);
		see(&p, rows[i].remedy);
		see(&p, rows[i].offers);
		vt_send(p.vt, "q\r");
		see(&p, "Nothing was written.");
		assert_int_equal(WEXITSTATUS(vt_wait_end(p.vt, DEADLINE_MS)), 0);
		assert_false(written(&p));
		end(&p);
		server_free(s);
	}
}

static void after_a_no_another_key_is_asked_for_and_tried(void **state)
{
	struct server *s = server_new();
	g_autofree char *endpoint = server_endpoint(s);
	struct place p = begin();

	(void)state;
	asks_endpoint_and_key(&p, endpoint, "another_key");
	answer(&p, "q: leave [k]:", "");
	/* The second of its kind on the screen. */
	see(&p, "q: leave [k]:\nAPI key, or the path");
	vt_send(p.vt, RIGHT_KEY "\r");
	see(&p, "and knows the key.");
	/* Ctrl-C in the middle leaves without a trace. */
	see(&p, "Name of the property");
	vt_send(p.vt, "\003");
	assert_true(WIFSIGNALED(vt_wait_end(p.vt, DEADLINE_MS)));
	assert_false(written(&p));
	end(&p);
	server_free(s);
}

static void what_cannot_be_asked_now_is_saved_all_the_same_when_somebody_says_so(void **state)
{
	struct place p = begin();

	(void)state;
	answer(&p, "Endpoint [", "connect.getseam.com");
	see(&p, "It begins with https://");
	vt_send(p.vt, "http://127.0.0.1:1\r");
	answer(&p, "not shown):", "two words");
	see(&p, "it is one word, without blanks.\nAPI key, or the path");
	vt_send(p.vt, RIGHT_KEY "\r");
	answer(&p, "s: save all the same", "s");
	answer(&p, "Name of the property", "");
	answer(&p, "Time zone [", "");
	see(&p, "Saved as ");
	assert_true(written(&p));
	end(&p);
}

/* ---- a certificate that convinces nobody ---- */

static bool run(const char *folder, const char *const *argv)
{
	int status = -1;

	return g_spawn_sync(folder, (char **)(uintptr_t)argv, NULL,
			    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
			    NULL, NULL, &status, NULL) && status == 0;
}

static void a_server_with_a_certificate_of_its_own_is_not_believed(void **state)
{
	const char *src = g_getenv("srcdir");
	g_autofree char *folder = g_dir_make_tmp("keyrack-tls-XXXXXX", NULL);
	g_autofree char *near = g_build_filename(src ? src : ".", "tests/wire/tls-server.mjs", NULL);
	g_autofree char *script = g_canonicalize_filename(near, NULL);
	const char *make[] = { "openssl",
			       "req",
			       "-x509",
			       "-newkey",
			       "ec",
			       "-pkeyopt",
			       "ec_paramgen_curve:prime256v1",
			       "-nodes",
			       "-keyout",
			       "own.key",
			       "-out",
			       "own.pem",
			       "-days",
			       "30",
			       "-subj",
			       "/CN=own",
			       "-addext",
			       "subjectAltName=IP:127.0.0.1",
			       NULL };
	const char *serve[] = { "node", script, "own.key", "own.pem", NULL };
	int in = -1, out = -1;
	char port[16] = "";
	GPid pid = 0;

	(void)state;
	if (!run(folder, make) || !g_spawn_async_with_pipes(folder, (char **)(uintptr_t)serve, NULL,
							    G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL,
							    NULL, &pid, &in, &out, NULL, NULL)) {
		remove_all(folder);
		skip();
	}
	assert_true(read(out, port, sizeof port - 1) > 0);
	g_autofree char *endpoint = g_strdup_printf("https://127.0.0.1:%s", g_strstrip(port));
	struct place p = begin();

	asks_endpoint_and_key(&p, endpoint, RIGHT_KEY);
	see(&p, "Is it the right server? A private certificate needs ca-file = FILE");
	answer(&p, "e: another endpoint", "q");
	see(&p, "Nothing was written.");
	assert_false(written(&p));
	end(&p);
	close(in);
	close(out);
	waitpid(pid, NULL, 0);
	remove_all(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_right_answers_are_saved_for_one_alone),
		cmocka_unit_test(a_trouble_is_named_and_leaving_leaves_no_trace),
		cmocka_unit_test(after_a_no_another_key_is_asked_for_and_tried),
		cmocka_unit_test(what_cannot_be_asked_now_is_saved_all_the_same_when_somebody_says_so),
		cmocka_unit_test(a_server_with_a_certificate_of_its_own_is_not_believed),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
