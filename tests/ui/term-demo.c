/* term-demo - a program that only shows term-frame's picture, for test-term to look at through a
 * pseudo-terminal. Its loop is built like the console's. Keys: j and k scroll, q ends, s suspends,
 * c crashes, r draws everything, t sets a title, b rings.
 *
 * i says what the terminal has said and which theme fits that, y copies.
 *
 *   term-demo [THEME] */
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/ui/term-frame.h"
#include "ui/term/term.h"

struct demo {
	GMainLoop *loop;
	struct term *term;
	struct grid grid;
	int top;
	char key[128];
};

static void show(struct demo *d, bool whole)
{
	int rows, cols;

	term_size(d->term, &rows, &cols);
	if (rows != d->grid.rows || cols != d->grid.cols)
		grid_resize(&d->grid, rows, cols);
	frame_draw(&d->grid, d->top, d->key);
	term_show(d->term, &d->grid, whole);
}

static void act(struct demo *d, const struct key *k)
{
	char name[KEY_NAME_MAX];

	if (k->code == KEYCODE_PASTE)
		g_snprintf(d->key, sizeof d->key, "Paste %s", k->text);
	else if (k->code == KEYCODE_MOUSE_PRESS)
		g_snprintf(d->key, sizeof d->key, "Click %d %d", k->row, k->col);
	else
		g_strlcpy(d->key, key_label(k, name), sizeof d->key);
	if (k->code == KEYCODE_EOF)
		g_main_loop_quit(d->loop);
	if (k->code != KEYCODE_CHAR || k->ctrl || k->alt)
		return;
	switch (k->ch) {
	case 'j':
		d->top++;
		break;
	case 'k':
		d->top--;
		break;
	case 'q':
		g_main_loop_quit(d->loop);
		break;
	case 's':
		term_suspend(d->term);
		break;
	case 'c':
		raise(SIGSEGV);
		break;
	case 't':
		term_title(d->term, "two locks\033]0;offline");
		break;
	case 'i':
		g_snprintf(d->key, sizeof d->key, "theme %s, background %06x",
			   theme_for(term_background(d->term), g_getenv("COLORFGBG")),
			   (unsigned)term_background(d->term) & 0xffffff);
		break;
	case 'y':
		if (!term_copy(d->term, "Rossi family"))
			g_strlcpy(d->key, "no clipboard", sizeof d->key);
		break;
	case 'b':
		term_notify(d->term, "title", "text", true);
		break;
	default:
		break;
	}
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
	struct demo *d = data;
	struct key k;

	(void)fd;
	(void)condition;
	while (term_key(d->term, &k)) {
		act(d, &k);
		show(d, k.code == KEYCODE_CHAR && k.ch == 'r');
		g_free(k.text);
		if (k.code == KEYCODE_EOF)
			return G_SOURCE_REMOVE;
	}
	return G_SOURCE_CONTINUE;
}

static gboolean on_resize(gpointer data)
{
	struct demo *d = data;

	if (term_resized(d->term))
		show(d, false);
	return G_SOURCE_CONTINUE;
}

static gboolean on_end(gpointer data)
{
	struct demo *d = data;

	g_main_loop_quit(d->loop);
	return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
	struct demo d = { .loop = g_main_loop_new(NULL, FALSE), .key = "-" };
	struct theme *theme = theme_load(argc > 1 ? argv[1] : NULL);
	struct term_options opt = { .theme = theme, .mouse = true };
	g_autoptr(GError) err = NULL;

	d.term = term_open(&opt, &err);
	if (!d.term) {
		fprintf(stderr, "term-demo: %s\n", err->message);
		theme_free(theme);
		g_main_loop_unref(d.loop);
		return 2;
	}
	if (term_note(d.term))
		g_strlcpy(d.key, term_note(d.term), sizeof d.key);
	grid_init(&d.grid);
	d.grid.ascii = term_is_ascii(d.term);
	g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, &d);
	g_unix_signal_add(SIGWINCH, on_resize, &d);
	g_unix_signal_add(SIGTERM, on_end, &d);
	g_unix_signal_add(SIGHUP, on_end, &d);
	term_heed(d.term);
	show(&d, false);
	on_input(STDIN_FILENO, G_IO_IN, &d); /* what came before anybody looked */
	g_main_loop_run(d.loop);
	term_close(d.term);
	grid_done(&d.grid);
	theme_free(theme);
	g_main_loop_unref(d.loop);
	return 0;
}
