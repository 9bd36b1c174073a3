/* The whole console in a terminal that nobody here wrote: every golden frame, at three sizes, in
 * UTF-8 and ASCII, in colour and without, must stand in libvterm's cells as it stands in the file.
 *
 * The golden files were drawn without a terminal (frame.c), so this compares what ncurses and the
 * escape sequences make of a frame with what the frame is; the names in it are long, wide,
 * right-to-left, combining and hostile. The title line is left out: it tells of a sync that does not run
 * here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "tests/ui/vt.h"

#define DEADLINE_MS 20000

static const struct {
	const char *name;
	const char *keys; /* as a terminal sends them */
} screens[] = {
	{ "rack", "" },
	{ "rack-bar", "\033[B\033[B\033[B\033[B\t" },
	{ "form", "nHaddad, Leila\tfri 11am\t+2n" },
	{ "help", "?next-bar" },
};
static const struct {
	int rows, cols;
} sizes[] = { { 24, 80 }, { 40, 120 }, { 60, 200 } };

struct wanted {
	char **lines;
	int rows;
};

/* All rows but the title; lines after the screen's last are the roles of some golden files. */
static bool stands_there(struct vt *vt, const void *ctx)
{
	const struct wanted *w = ctx;
	g_autofree char *text = vt_text(vt);
	g_auto(GStrv) got = g_strsplit(text, "\n", -1);
	guint n = g_strv_length(got);

	for (int row = 1; row < w->rows; row++)
		if (g_strcmp0((guint)row < n ? got[row] : "", w->lines[row]) != 0)
			return false;
	return true;
}

static void say_difference(struct vt *vt, const struct wanted *w)
{
	g_autofree char *text = vt_text(vt);
	g_auto(GStrv) got = g_strsplit(text, "\n", -1);
	guint n = g_strv_length(got);

	for (int row = 1; row < w->rows; row++) {
		const char *is = (guint)row < n ? got[row] : "";

		if (strcmp(is, w->lines[row]) != 0)
			print_error("row %d is\n%s\nand should be\n%s\n", row, is, w->lines[row]);
	}
}

static void check_frame(const char *name, const char *keys, int rows, int cols, bool ascii, bool mono)
{
	const char *src = g_getenv("srcdir");
	g_autofree char *program = g_canonicalize_filename("tests/ui/screens/frame", NULL);
	g_autofree char *file = g_strdup_printf("%s/tests/golden/%s-%dx%d-%s.txt", src ? src : ".", name,
						rows, cols, ascii ? "ascii" : "utf8");
	g_autofree char *golden = NULL;

	if (!g_file_get_contents(file, &golden, NULL, NULL))
		fail_msg("%s is missing", file);
	g_auto(GStrv) lines = g_strsplit(golden, "\n", -1);
	assert_true((int)g_strv_length(lines) > rows);
	struct wanted want = { lines, rows };
	const char *argv[] = { program, "--live", NULL };
	const char *env[] = { ascii ? "LC_ALL=C" : "LC_ALL=C.UTF-8", mono ? "NO_COLOR=1" : "NO_COLOR",
			      "TERM=xterm-256color", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent",
			      NULL };
	struct vt *vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = rows, .cols = cols });

	assert_true(vt_wait_text(vt, "101 Garden", DEADLINE_MS));
	vt_send(vt, keys);
	if (!vt_wait(vt, stands_there, &want, DEADLINE_MS)) {
		say_difference(vt, &want);
		fail_msg("%s at %dx%d %s%s does not stand on the terminal as drawn", name, cols, rows,
			 ascii ? "ASCII" : "UTF-8", mono ? " without colour" : "");
	}
	assert_int_equal(vt_any_colour(vt), !mono);
	assert_true(vt_any_attribute(vt)); /* the cursor's row is seen without colour too */
	vt_free(vt);
}

static void every_frame_stands_on_the_terminal_as_drawn(void **state)
{
	(void)state;
	for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++)
		for (size_t i = 0; i < G_N_ELEMENTS(screens); i++)
			for (int how = 0; how < 4; how++)
				check_frame(screens[i].name, screens[i].keys, sizes[s].rows, sizes[s].cols,
					    how & 1, how & 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_stands_on_the_terminal_as_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
