/* console_signals - what the system tells the running console: end, a new size, another configuration, stop. */
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "ui/console.h"

static gboolean on_reload_signal(gpointer p)
{
	struct console *c = p;

	console_turn_begin(c);
	console_reload(c);
	console_turn_end(c);
	return G_SOURCE_CONTINUE;
}

static gboolean on_end_signal(gpointer p)
{
	struct console *c = p;

	c->app->quit = true;
	console_turn_end(c);
	return G_SOURCE_CONTINUE;
}

static gboolean on_resize(gpointer p)
{
	struct console *c = p;

	if (term_resized(c->term))
		console_want_frame(c);
	return G_SOURCE_CONTINUE;
}

/* GLib has no source for SIGTSTP; a byte through a pipe brings it into the loop. */
static int stop_pipe[2] = { -1, -1 };

static void on_stop_signal(int sig)
{
	int saved = errno;

	(void)sig;
	if (write(stop_pipe[1], "z", 1) < 0)
		errno = 0; /* full: a stop is on its way already */
	errno = saved;
}

static gboolean on_stop_byte(gint fd, GIOCondition what, gpointer p)
{
	char drop[16];

	(void)what;
	while (read(fd, drop, sizeof drop) > 0)
		;
	console_suspend(p);
	return G_SOURCE_CONTINUE;
}

void console_watch_signals(struct console *c, GArray *sources)
{
	const int end[] = { SIGTERM, SIGHUP, SIGINT };
	size_t ends = c->opt->kiosk ? 2 : G_N_ELEMENTS(end);
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP }; /* a desk is not left by them */
	struct sigaction stop = { .sa_handler = on_stop_signal, .sa_flags = SA_RESTART };
	unsigned id;

	for (size_t i = 0; i < ends; i++) {
		id = g_unix_signal_add(end[i], on_end_signal, c);
		g_array_append_val(sources, id);
	}
	id = g_unix_signal_add(SIGWINCH, on_resize, c);
	g_array_append_val(sources, id);
	id = g_unix_signal_add(SIGUSR1, on_reload_signal, c);
	g_array_append_val(sources, id);
	for (size_t i = 0; c->opt->kiosk && i < G_N_ELEMENTS(ignored); i++)
		signal(ignored[i], SIG_IGN);
	if (c->opt->kiosk)
		return;
	if (!g_unix_open_pipe(stop_pipe, FD_CLOEXEC, NULL))
		return;
	g_unix_set_fd_nonblocking(stop_pipe[0], TRUE, NULL);
	g_unix_set_fd_nonblocking(stop_pipe[1], TRUE, NULL);
	sigaction(SIGTSTP, &stop, NULL);
	id = g_unix_fd_add(stop_pipe[0], G_IO_IN, on_stop_byte, c);
	g_array_append_val(sources, id);
}

void console_forget_signals(GArray *sources)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction(SIGTSTP, &usual, NULL);
	for (guint i = 0; i < sources->len; i++)
		g_source_remove(g_array_index(sources, unsigned, i));
	for (int i = 0; i < 2; i++)
		if (stop_pipe[i] >= 0)
			close(stop_pipe[i]);
	stop_pipe[0] = stop_pipe[1] = -1;
}
