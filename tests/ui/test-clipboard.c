/* test-clipboard - which way a text is copied, with programs that only pretend, and that a secret does
 * not stay. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "ui/clipboard.h"

enum { SOON_MS = 5000 };

/* ---- the choice ---- */

static const char *const *variables;
static const char *const *programs;

static const char *get(const char *name)
{
	size_t n = strlen(name);

	for (const char *const *v = variables; *v; v++)
		if (strncmp(*v, name, n) == 0 && (*v)[n] == '=')
			return *v + n + 1;
	return NULL;
}

static bool has(const char *program)
{
	return g_strv_contains(programs, program);
}

static void the_way_is_one_that_reaches_the_person(void **state)
{
	static const struct {
		const char *variables[5], *programs[5], *first;
	} rows[] = {
		{ { "WAYLAND_DISPLAY=wayland-0", "DISPLAY=:0" }, { "wl-copy", "xclip" }, "wl-copy" },
		{ { "WAYLAND_DISPLAY=wayland-0", "DISPLAY=:0" }, { "xsel" }, "xsel" },
		{ { "DISPLAY=:0" }, { "wl-copy", "xclip", "tmux" }, "xclip" },
		{ { "DISPLAY=" }, { "xclip" }, "the terminal" },
		{ { NULL }, { "wl-copy", "xclip", "xsel" }, "the terminal" },
		{ { "SSH_TTY=/dev/pts/1", "DISPLAY=:0", "WAYLAND_DISPLAY=w" }, { "wl-copy", "xclip" }, "the terminal" },
		{ { "SSH_CONNECTION=1", "DISPLAY=localhost:10.0" }, { "xclip" }, "xclip" },
		{ { "SSH_CONNECTION=1" }, { "pbcopy" }, "the terminal" },
		{ { NULL }, { "pbcopy" }, "pbcopy" },
		{ { "TMUX=/tmp/x", "SSH_TTY=/dev/pts/1" }, { "tmux", "xclip" }, "tmux" },
		{ { "TMUX=/tmp/x" }, { NULL }, "the terminal" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct clipboard_way *ways[8];
		size_t n;

		variables = rows[i].variables;
		programs = rows[i].programs;
		n = clipboard_ways(get, has, ways, G_N_ELEMENTS(ways));
		assert_true(n >= 1);
		assert_null(ways[n - 1]->name); /* the terminal is always the last resort */
		assert_string_equal(ways[0]->name ? ways[0]->name : "the terminal", rows[i].first);
	}
}

/* ---- copying ---- */

struct desk {
	char *folder, *path, *file;
	struct clipboard *clipboard;
	GString *told, *terminal;
	bool bad, has_terminal;
};

static bool by_terminal(const char *text, void *ctx)
{
	struct desk *d = ctx;

	if (d->has_terminal)
		g_string_append_printf(d->terminal, "<%s>", text);
	return d->has_terminal;
}

static void tell(bool bad, const char *message, void *ctx)
{
	struct desk *d = ctx;

	d->bad = bad;
	g_string_append_printf(d->told, "%s\n", message);
}

static void put_program(struct desk *d, const char *name, const char *does)
{
	g_autofree char *path = g_build_filename(d->folder, name, NULL);
	g_autofree char *text = g_strdup_printf("#!/bin/sh\nPATH=/usr/bin:/bin\n%s\n", does);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	assert_int_equal(g_chmod(path, 0700), 0);
}

static int up(void **state)
{
	struct desk *d = g_new0(struct desk, 1);
	static const char *const unset[] = { "TMUX", "SSH_TTY", "SSH_CONNECTION", "DISPLAY" };
	const struct clipboard_host host = { by_terminal, tell, d, 40 };

	for (size_t i = 0; i < G_N_ELEMENTS(unset); i++)
		g_unsetenv(unset[i]);
	g_setenv("WAYLAND_DISPLAY", "wayland-0", TRUE);
	d->folder = g_dir_make_tmp("clipboard-XXXXXX", NULL);
	d->file = g_build_filename(d->folder, "lies-there", NULL);
	d->path = g_strdup(g_getenv("PATH"));
	g_setenv("PATH", d->folder, TRUE);
	g_setenv("LIES_THERE", d->file, TRUE);
	d->told = g_string_new(NULL);
	d->terminal = g_string_new(NULL);
	d->has_terminal = true;
	put_program(d, "wl-copy", "cat >\"$LIES_THERE\"; echo \"$*\" >>\"$LIES_THERE.args\"");
	put_program(d, "wl-paste", "cat \"$LIES_THERE\"");
	d->clipboard = clipboard_new(&host);
	*state = d;
	return 0;
}

static int down(void **state)
{
	struct desk *d = *state;
	g_autoptr(GDir) dir = g_dir_open(d->folder, 0, NULL);
	const char *name;

	clipboard_free(d->clipboard);
	g_setenv("PATH", d->path, TRUE);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(d->folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(d->folder);
	g_string_free(d->told, TRUE);
	g_string_free(d->terminal, TRUE);
	g_free(d->folder);
	g_free(d->path);
	g_free(d->file);
	g_free(d);
	return 0;
}

static char *lies_there(struct desk *d)
{
	char *text = NULL;

	g_file_get_contents(d->file, &text, NULL, NULL);
	return text ? text : g_strdup("");
}

static gboolean wake(gpointer p)
{
	(void)p;
	return G_SOURCE_CONTINUE;
}

/* Runs the loop until that was told. */
static void wait_told(struct desk *d, const char *words)
{
	gint64 deadline = g_get_monotonic_time() + SOON_MS * 1000;
	unsigned source = g_timeout_add(50, wake, NULL);

	while (!strstr(d->told->str, words) && g_get_monotonic_time() < deadline)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(source);
	if (!strstr(d->told->str, words))
		fail_msg("not told '%s', but '%s'", words, d->told->str);
}

static void a_program_gets_the_text_and_no_argument(void **state)
{
	struct desk *d = *state;
	g_autofree char *args = NULL, *args_file = g_strconcat(d->file, ".args", NULL), *text = NULL;

	clipboard_copy(d->clipboard, "Anna Berg, 101 Garden", false);
	wait_told(d, "Copied with wl-copy.");
	text = lies_there(d);
	assert_string_equal(text, "Anna Berg, 101 Garden");
	assert_true(g_file_get_contents(args_file, &args, NULL, NULL));
	assert_null(strstr(args, "Anna"));
	assert_string_equal(d->terminal->str, "");
}

static void what_fails_gives_way_to_the_terminal_and_then_to_words(void **state)
{
	struct desk *d = *state;

	put_program(d, "wl-copy", "exit 1");
	clipboard_copy(d->clipboard, "one", false);
	wait_told(d, "Handed to the terminal");
	assert_string_equal(d->terminal->str, "<one>");
	d->has_terminal = false;
	clipboard_copy(d->clipboard, "two", false);
	wait_told(d, "Not copied");
	assert_true(d->bad);
}

static void a_secret_is_taken_back(void **state)
{
	struct desk *d = *state;
	g_autofree char *text = NULL;

	clipboard_copy(d->clipboard, "4821", true);
	wait_told(d, "taken back in 30 s");
	wait_told(d, "taken out of the clipboard");
	for (gint64 until = g_get_monotonic_time() + SOON_MS * 1000; g_get_monotonic_time() < until;) {
		g_free(text);
		text = lies_there(d);
		if (!strstr(text, "4821"))
			break;
		g_main_context_iteration(NULL, FALSE);
	}
	assert_null(strstr(text, "4821"));
	assert_null(strstr(d->told->str, "4821"));
}

static void what_was_copied_since_stays(void **state)
{
	struct desk *d = *state;
	g_autofree char *text = NULL;
	gint64 until;

	clipboard_copy(d->clipboard, "4821", true);
	wait_told(d, "taken back in 30 s");
	g_file_set_contents(d->file, "somebody's letter", -1, NULL);
	put_program(d, "wl-paste", "cat \"$LIES_THERE\"; : >\"$LIES_THERE.looked\"");
	g_autofree char *looked = g_strconcat(d->file, ".looked", NULL);

	for (until = g_get_monotonic_time() + SOON_MS * 1000;
	     !g_file_test(looked, G_FILE_TEST_EXISTS) && g_get_monotonic_time() < until;)
		g_main_context_iteration(NULL, FALSE);
	for (int i = 0; i < 50; i++)
		g_main_context_iteration(NULL, FALSE);
	text = lies_there(d);
	assert_string_equal(text, "somebody's letter");
}

static void a_terminal_loses_the_secret_whatever_lies_there(void **state)
{
	struct desk *d = *state;

	put_program(d, "wl-copy", "exit 1");
	clipboard_copy(d->clipboard, "4821", true);
	wait_told(d, "taken out of the clipboard");
	assert_string_equal(d->terminal->str, "<4821>< >");
}

static void the_end_leaves_no_secret(void **state)
{
	struct desk *d = *state;

	put_program(d, "wl-copy", "exit 1");
	clipboard_copy(d->clipboard, "4821", true);
	wait_told(d, "taken back in 30 s");
	clipboard_free(d->clipboard);
	d->clipboard = NULL;
	assert_string_equal(d->terminal->str, "<4821>< >");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_way_is_one_that_reaches_the_person),
		cmocka_unit_test_setup_teardown(a_program_gets_the_text_and_no_argument, up, down),
		cmocka_unit_test_setup_teardown(what_fails_gives_way_to_the_terminal_and_then_to_words, up, down),
		cmocka_unit_test_setup_teardown(a_secret_is_taken_back, up, down),
		cmocka_unit_test_setup_teardown(what_was_copied_since_stays, up, down),
		cmocka_unit_test_setup_teardown(a_terminal_loses_the_secret_whatever_lies_there, up, down),
		cmocka_unit_test_setup_teardown(the_end_leaves_no_secret, up, down),
	};

	signal(SIGPIPE, SIG_IGN); /* as in keyrack */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
