/* follow - see the header. */
#include "cli/follow.h"

#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

/* After sync has gone, and a new one could not be started: tried again, ever slower. */
enum { AGAIN_FIRST_MS = 1000, AGAIN_MAX_MS = 60000 };

struct follow {
	struct cli *cli;
	const struct follow_ops *ops;
	void *ctx;
	const char *greeting;
	struct poke_client *client;
	GMainLoop *loop;
	enum follow_end end;
	guint timeout, again, reader;
	int again_ms;
};

static void stop(struct follow *f, enum follow_end end)
{
	f->end = end;
	g_main_loop_quit(f->loop);
}

static void on_changed(unsigned mask, void *ctx)
{
	struct follow *f = ctx;

	if (!f->ops->changed(mask, f->ctx))
		stop(f, FOLLOW_DONE);
}

static void on_status(const struct poke_status *s, void *ctx)
{
	struct follow *f = ctx;

	if (f->ops->status && !f->ops->status(s, f->ctx))
		stop(f, FOLLOW_DONE);
}

/* Connects to the sync that runs, else to one that is started now. */
static bool connect_or_start(struct follow *f, GError **err)
{
	if (!poke_client_connect(f->client, NULL)) {
		if (!f->cli->start_sync) {
			g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
					    "sync is not running: start it with 'keyrack sync'");
			return false;
		}
		if (!f->cli->start_sync(f->cli->profile, err) ||
		    !poke_client_connect(f->client, err))
			return false;
	}
	if (f->greeting)
		poke_client_send(f->client, f->greeting);
	f->again_ms = AGAIN_FIRST_MS;
	return true;
}

static gboolean on_again(void *ctx)
{
	struct follow *f = ctx;

	f->again = 0;
	if (connect_or_start(f, NULL)) {
		on_changed(POKE_ALL, f);
		return G_SOURCE_REMOVE;
	}
	f->again_ms = MIN(f->again_ms * 2, AGAIN_MAX_MS);
	f->again = g_timeout_add((guint)f->again_ms, on_again, f);
	return G_SOURCE_REMOVE;
}

static void on_gone(void *ctx)
{
	struct follow *f = ctx;

	if (!f->again)
		f->again = g_timeout_add((guint)f->again_ms, on_again, f);
}

static gboolean on_timeout(void *ctx)
{
	struct follow *f = ctx;

	f->timeout = 0;
	stop(f, FOLLOW_TIMEOUT);
	return G_SOURCE_REMOVE;
}

/* Who reads the output has gone ("| head"): nothing more is wanted. */
static gboolean on_reader_gone(gint fd, GIOCondition condition, void *ctx)
{
	struct follow *f = ctx;

	(void)fd;
	(void)condition;
	f->reader = 0;
	stop(f, FOLLOW_DONE);
	return G_SOURCE_REMOVE;
}

static void run(struct follow *f, int timeout_ms)
{
	int fd = fileno(f->cli->out);

	if (timeout_ms)
		f->timeout = g_timeout_add((guint)timeout_ms, on_timeout, f);
	if (fd >= 0)
		f->reader = g_unix_fd_add(fd, G_IO_ERR | G_IO_HUP, on_reader_gone, f);
	g_main_loop_run(f->loop);
}

static void drop_source(guint id)
{
	if (id)
		g_source_remove(id);
}

enum follow_end follow_sync(struct cli *cli, const struct follow_ops *ops, void *ctx,
			    const char *greeting, int timeout_ms, GError **err)
{
	static const struct poke_callbacks callbacks = { on_changed, on_status, on_gone };
	struct follow f = { .cli = cli,
			    .ops = ops,
			    .ctx = ctx,
			    .greeting = greeting,
			    .end = FOLLOW_FAILED,
			    .again_ms = AGAIN_FIRST_MS };

	f.loop = g_main_loop_new(NULL, FALSE);
	f.client = poke_client_new(cli->profile->folder, &callbacks, &f);
	if (connect_or_start(&f, err)) {
		/* What happened before the connection stood is told by nobody. */
		f.end = FOLLOW_DONE;
		if (ops->changed(POKE_ALL, ctx))
			run(&f, timeout_ms);
	}
	drop_source(f.timeout);
	drop_source(f.again);
	drop_source(f.reader);
	poke_client_free(f.client);
	g_main_loop_unref(f.loop);
	return f.end;
}

bool follow_nudge(struct cli *cli, const char *line, GError **err)
{
	g_autoptr(GSocket) socket = poke_connect(cli->profile->folder, NULL);

	if (!socket) {
		if (cli->start_sync)
			return cli->start_sync(cli->profile, err);
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
				    "sync is not running");
		return false;
	}
	g_autofree char *text = g_strdup_printf("hello %d\n%s\n", (int)getpid(), line);
	return g_socket_send(socket, text, strlen(text), NULL, err) >= 0;
}
