/* test-paper - what goes to the printer: that nobody waits for it, what is said of it, and that the desk's
 * journal knows. lp is a script in a folder of its own. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/stat.h>

#include "cache/shift.h"
#include "core/printer.h"
#include "desk.h"

struct bench {
	char *folder, *path_before;
};

static struct bench bench;

static void fake_lp(const char *script)
{
	g_autofree char *file = g_build_filename(bench.folder, "lp", NULL);
	g_autofree char *text = g_strdup_printf("#!/bin/sh\n%s\n", script);

	assert_true(g_file_set_contents_full(file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0700, NULL));
}

static int bench_up(void **state)
{
	g_autofree char *path = NULL;

	(void)state;
	bench.folder = g_dir_make_tmp("lp-XXXXXX", NULL);
	bench.path_before = g_strdup(g_getenv("PATH"));
	path = g_strdup_printf("%s:%s", bench.folder, bench.path_before);
	g_setenv("PATH", path, TRUE);
	g_setenv("PRINTED", bench.folder, TRUE);
	return 0;
}

static int bench_down(void **state)
{
	static const char *const files[] = { "lp", "out" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file = g_build_filename(bench.folder, files[i], NULL);

		g_unlink(file);
	}
	g_rmdir(bench.folder);
	g_setenv("PATH", bench.path_before, TRUE);
	g_free(bench.folder);
	g_free(bench.path_before);
	return 0;
}

/* ---- lp itself ---- */

struct told {
	int times;
	char *words;
};

static void tell(const GError *err, void *ctx)
{
	struct told *t = ctx;

	t->times++;
	t->words = g_strdup(err ? err->message : "");
}

static void what_lp_does_is_told_once(void **state)
{
	static const struct {
		const char *script, *words;
		int wait_ms;
	} rows[] = {
		{ "cat >\"$PRINTED/out\"", "", 10000 },
		{ "exit 0", "", 10000 }, /* it need not read all of it */
		{ "echo 'lp: Error - No default destination.' >&2; exit 1", "no printer is chosen", 10000 },
		{ "echo 'lp: Destination \"hp\" is not accepting jobs.' >&2; exit 1", "its queue takes nothing",
		  10000 },
		{ "echo 'lp: something\033[2J else' >&2; exit 3", "something", 10000 },
		{ "exit 1", "gave no reason", 10000 },
		{ "exec sleep 600", "does not answer", 200 },
		{ "sleep 60 & echo $! >\"$PRINTED/out\"; wait", "does not answer",
		  200 }, /* and its child has the pipe */
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct told t = { 0 };
		g_autoptr(GError) err = NULL;

		fake_lp(rows[i].script);
		assert_true(printer_send("a page\n", rows[i].wait_ms, tell, &t, &err));
		assert_int_equal(t.times, 0);
		while (!t.times)
			g_main_context_iteration(NULL, TRUE);
		if (*rows[i].words ? !strstr(t.words, rows[i].words) : *t.words)
			fail_msg("row %zu: said '%s'", i, t.words);
		assert_null(strchr(t.words, '\033'));
		g_free(t.words);
	}
}

/* The pipe is at its end when nobody holds it any more. */
static void what_lp_has_started_ends_with_it(void **state)
{
	g_autofree char *fifo = g_build_filename(bench.folder, "out", NULL);
	struct pollfd end = { .events = POLLIN };
	g_autoptr(GError) err = NULL;
	struct told t = { 0 };

	(void)state;
	g_unlink(fifo);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	end.fd = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(end.fd >= 0);
	fake_lp("(echo; exec sleep 600) >\"$PRINTED/out\" & wait");
	assert_true(printer_send("a page\n", 1000, tell, &t, &err));
	while (!t.times)
		g_main_context_iteration(NULL, TRUE);
	for (char byte; poll(&end, 1, 20000) == 1 && !(end.revents & POLLHUP && !(end.revents & POLLIN));)
		assert_int_equal(read(end.fd, &byte, 1), 1);
	assert_true(end.revents & POLLHUP);
	close(end.fd);
	g_unlink(fifo);
	g_free(t.words);
}

static void without_lp_it_is_said_at_once(void **state)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *path = g_strdup(g_getenv("PATH"));
	struct told t = { 0 };

	(void)state;
	g_setenv("PATH", "/nonexistent", TRUE);
	assert_false(printer_send("a page\n", 1000, tell, &t, &err));
	g_setenv("PATH", path, TRUE);
	assert_int_equal(err->code, KEYRACK_ERROR_NOT_FOUND);
	assert_int_equal(t.times, 0);
}

/* ---- at the desk ---- */

static void assert_act(struct desk *d, guint back, const char *act, const char *about)
{
	OWN(cache_list) struct cache_list *acts = desk_acts(d->cache, 100, NULL);
	const struct desk_act *a;

	assert_true(acts->rows->len > back);
	a = cache_list_at(acts, struct desk_act, back);
	assert_string_equal(a->act, act);
	assert_string_equal(a->by, g_get_user_name());
	if (!strstr(a->about, about))
		fail_msg("'%s' is not in '%s'", about, a->about);
}

static void until_it_says(struct desk *d, const char *words)
{
	while (!d->app->message || !strstr(d->app->message, words))
		g_main_context_iteration(NULL, TRUE);
}

static void a_slip_is_printed_and_noted(void **state)
{
	struct desk *d = *state;
	g_autofree char *out = g_build_filename(bench.folder, "out", NULL), *page = NULL;

	fake_lp("cat >\"$PRINTED/out\"");
	press(d, "/ =551203 Enter i P");
	assert_act(d, 0, "slip printed", "1 PIN");
	until_it_says(d, "With the printer");
	assert_true(g_file_get_contents(out, &page, NULL, NULL));
	assert_non_null(strstr(page, "551 203"));
	OWN(cache_list) struct cache_list *acts = desk_acts(d->cache, 100, NULL);

	assert_null(strstr(cache_list_at(acts, struct desk_act, 0)->about, "551"));
}

static void a_printer_that_says_no_is_noted_too(void **state)
{
	struct desk *d = *state;

	fake_lp("echo 'lp: Error - No default destination.' >&2; exit 1");
	press(d, "/ =551203 Enter i P");
	until_it_says(d, "no printer is chosen");
	assert_act(d, 0, "slip not printed", "no printer is chosen");
	assert_act(d, 1, "slip printed", "1 PIN");
}

static void nobody_waits_for_a_printer_that_hangs(void **state)
{
	struct desk *d = *state;

	fake_lp("exec sleep 600");
	press(d, "/ =551203 Enter i P");
	assert_true(shows(d, "Goes to the printer"));
	press(d, "Esc F4");
	assert_true(shows(d, "Laundry"));
}

static void a_kiosk_prints_where_that_is_allowed(void **state)
{
	struct desk *d = *state;

	fake_lp("cat >\"$PRINTED/out\"");
	d->app->world.kiosk = true;
	press(d, "/ =551203 Enter i P");
	assert_true(shows(d, "is off: this desk is a kiosk"));
	d->profile->kiosk_print = true;
	press(d, "P");
	assert_act(d, 0, "slip printed", "1 PIN");
	until_it_says(d, "With the printer");
	press(d, "Esc F4 p"); /* a list goes to the printer as well: a kiosk has no files */
	assert_act(d, 0, "walk list printed", "locks");
	until_it_says(d, "With the printer: walk list");
}

static void a_file_is_asked_for_before_it_is_replaced(void **state)
{
	struct desk *d = *state;
	g_autofree char *file = g_build_filename(bench.folder, "out", NULL), *keys = NULL;
	struct stat st;

	g_unlink(file);
	keys = g_strdup_printf("F4 p Ctrl-U =%s Enter", file);
	press(d, keys);
	assert_act(d, 0, "walk list to a file", file);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(shows(d, file));
	assert_true(g_file_set_contents(file, "mine", -1, NULL));
	press(d, keys + 3);
	assert_true(shows(d, "Replace"));
	press(d, "Esc");
	g_autofree char *text = NULL;

	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	assert_string_equal(text, "mine");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_lp_does_is_told_once),
		cmocka_unit_test(what_lp_has_started_ends_with_it),
		cmocka_unit_test(without_lp_it_is_said_at_once),
		on_a_desk(a_slip_is_printed_and_noted),
		on_a_desk(a_printer_that_says_no_is_noted_too),
		on_a_desk(nobody_waits_for_a_printer_that_hangs),
		on_a_desk(a_kiosk_prints_where_that_is_allowed),
		on_a_desk(a_file_is_asked_for_before_it_is_replaced),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, bench_up, bench_down);
}
