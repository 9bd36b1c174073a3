/* record - plays a script of keys to a program on a terminal, and writes what the terminal was sent as
 * an asciinema recording (version 2) to standard output: the tour in the README is made by the build.
 *
 * usage: record SCRIPT ROWS COLS COMMAND [ARGUMENT...]
 *
 *   see WORDS     until they are on the screen (20 seconds at most)
 *   rest MS       so that a reader can look
 *   key NAME      as the help writes it, and what a terminal sends for it: Enter, Esc, F2, Down, w
 *   type WORDS    letter by letter
 * A line that begins with # is for whoever changes the script. */
#include "config.h"

#include <string.h>

#include "core/jsonout.h"
#include "tests/ui/vt.h"

enum { DEADLINE_MS = 20000, LETTER_MS = 90 };

struct recording {
	GString *out;
	size_t taken; /* bytes of the terminal's output that are in it */
	gint64 began;
};

static void print_time(GString *out, const struct recording *r)
{
	gint64 us = g_get_monotonic_time() - r->began;

	g_string_append_printf(out, "%" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT ", ", us / G_USEC_PER_SEC,
			       us % G_USEC_PER_SEC);
}

/* Whole characters only: the rest comes with what follows. */
static void take(struct recording *r, struct vt *vt)
{
	const GString *all = vt_output(vt);
	const char *from = all->str + r->taken, *end = from;

	g_utf8_validate(from, (gssize)(all->len - r->taken), &end);
	if (end == from)
		return;
	g_autofree char *part = g_strndup(from, (gsize)(end - from));

	g_string_append(r->out, "[");
	print_time(r->out, r);
	g_string_append(r->out, "\"o\", ");
	GString *text = g_string_new(NULL);

	jsonout_string(text, NULL, part);
	g_string_append_printf(r->out, "%s]\n", text->str);
	g_string_free(text, TRUE);
	r->taken += (size_t)(end - from);
}

struct wish {
	struct recording *r;
	const char *words; /* NULL: only time */
};

static bool come_true(struct vt *vt, const void *ctx)
{
	const struct wish *w = ctx;

	take(w->r, vt);
	return w->words && vt_has(vt, w->words);
}

static void rest(struct recording *r, struct vt *vt, int ms)
{
	struct wish w = { r, NULL };

	vt_wait(vt, come_true, &w, ms);
}

static const char *bytes_of(const char *name)
{
	static const struct {
		const char *name, *bytes;
	} keys[] = {
		{ "Enter", "\r" },	{ "Esc", "\033" },	{ "Tab", "\t" },	{ "Space", " " },
		{ "Up", "\033[A" },	{ "Down", "\033[B" },	{ "Right", "\033[C" },	{ "Left", "\033[D" },
		{ "Home", "\033[H" },	{ "End", "\033[F" },	{ "PgDn", "\033[6~" },	{ "PgUp", "\033[5~" },
		{ "F2", "\033OQ" },	{ "F3", "\033OR" },	{ "F4", "\033OS" },	{ "F5", "\033[15~" },
		{ "F6", "\033[17~" },	{ "F8", "\033[19~" },	{ "Ctrl-P", "\020" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return keys[i].bytes;
	return name;
}

static void type(struct recording *r, struct vt *vt, const char *words)
{
	for (const char *p = words; *p; p += g_utf8_skip[(guchar)*p]) {
		g_autofree char *letter = g_strndup(p, (gsize)g_utf8_skip[(guchar)*p]);

		vt_send(vt, letter);
		rest(r, vt, LETTER_MS);
	}
}

/* False: what should have been seen was not. */
static bool play(struct recording *r, struct vt *vt, const char *line)
{
	g_auto(GStrv) part = g_strsplit(line, " ", 2);
	const char *what = part[0] ? part[0] : "", *words = part[0] && part[1] ? part[1] : "";
	struct wish w = { r, words };

	if (!*what || *what == '#')
		return true;
	if (strcmp(what, "see") == 0)
		return vt_wait(vt, come_true, &w, DEADLINE_MS);
	if (strcmp(what, "rest") == 0)
		rest(r, vt, atoi(words));
	else if (strcmp(what, "key") == 0)
		vt_send(vt, bytes_of(words));
	else if (strcmp(what, "type") == 0)
		type(r, vt, words);
	else
		return false;
	return true;
}

static int record(char **script, const char *const *argv, int rows, int cols)
{
	const char *env[] = { "LC_ALL=C.UTF-8", "TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR",
			      "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", NULL };
	struct vt *vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = rows, .cols = cols });
	struct recording r = { .out = g_string_new(NULL), .began = g_get_monotonic_time() };
	int code = 0;

	g_string_append_printf(r.out, "{\"version\": 2, \"width\": %d, \"height\": %d, \"title\": \"keyrack\","
			       " \"env\": {\"TERM\": \"xterm-256color\"}}\n", cols, rows);
	for (char **line = script; !code && *line; line++) {
		if (play(&r, vt, g_strstrip(*line)))
			continue;
		g_autofree char *text = vt_text(vt);

		fprintf(stderr, "record: '%s' did not come about; the screen is\n%s", *line, text);
		code = 1;
	}
	if (!code)
		fputs(r.out->str, stdout);
	vt_free(vt);
	g_string_free(r.out, TRUE);
	return code;
}

int main(int argc, char **argv)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) err = NULL;

	if (argc < 5 || !g_file_get_contents(argv[1], &text, NULL, &err)) {
		fprintf(stderr, "%s\n", err ? err->message : "usage: record SCRIPT ROWS COLS COMMAND [ARGUMENT...]");
		return 2;
	}
	g_auto(GStrv) script = g_strsplit(text, "\n", -1);
	return record(script, (const char *const *)argv + 4, atoi(argv[2]), atoi(argv[3]));
}
