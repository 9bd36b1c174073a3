/* keyrack sync - the process that keeps the cache in step; --once for scripts and first steps. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/notify.h"
#include "sync/sync.h"

struct progress {
	struct cli *cli;
	bool once;
	bool tty;          /* one line that is written over; else a line for each phase */
	bool line_open;
	enum sync_phase phase;
	bool told;
};

/* For people; sync_phase_word is for programs. */
static const char *const phase_words[] = {
	[SYNC_STARTING] = "starting",	  [SYNC_PULLING] = "fetching",
	[SYNC_FOLLOWING] = "following",	  [SYNC_COMPARING] = "comparing",
	[SYNC_WAITING] = "waiting",	  [SYNC_NO_ACCESS] = "no access",
	[SYNC_STOPPED] = "stopped",
};

static void close_line(struct progress *p)
{
	if (p->line_open)
		fputc('\n', p->cli->err);
	p->line_open = false;
}

static void print_pulling(struct progress *p, const struct poke_status *s)
{
	if (!p->tty)
		return;
	fprintf(p->cli->err, "\r\033[K%s", phase_words[s->phase]);
	if (s->total > 0)
		fprintf(p->cli->err, " %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, s->done,
			s->total);
	fflush(p->cli->err);
	p->line_open = true;
}

/* Phases that a person wants to know of: each once, when it begins. */
static void on_status(const struct poke_status *s, void *ctx)
{
	struct progress *p = ctx;

	if (s->phase == SYNC_PULLING || (s->phase == SYNC_COMPARING && s->total > 0)) {
		print_pulling(p, s);
		p->phase = s->phase;
		return;
	}
	/* With --once these end the run, which tells why by itself. */
	if (p->once && (s->phase == SYNC_NO_ACCESS || s->phase == SYNC_STOPPED))
		return;
	if (p->told && p->phase == s->phase)
		return;
	close_line(p);
	p->told = true;
	p->phase = s->phase;
	if (s->text && *s->text)
		cli_say(p->cli->err, "keyrack: %s: %s", phase_words[s->phase], s->text);
	else if (p->tty)
		fprintf(p->cli->err, "%s\n", phase_words[s->phase]);
}

static void print_summary(struct cli *cli)
{
	if (!cli_open_cache(cli, NULL))
		return;
	struct cache_counts n = cache_counts(cli->cache, cli->now);

	fprintf(cli->out,
		"%" G_GINT64_FORMAT " locks (%" G_GINT64_FORMAT " offline), %" G_GINT64_FORMAT
		" codes (%" G_GINT64_FORMAT " unmanaged, %" G_GINT64_FORMAT
		" with trouble), %" G_GINT64_FORMAT " events; outbox: %" G_GINT64_FORMAT
		" waiting, %" G_GINT64_FORMAT " refused\n",
		n.locks, n.locks_offline, n.codes, n.codes_unmanaged, n.codes_trouble, n.events,
		n.outbox_waiting, n.outbox_refused);
}

int cmd_sync(struct cli *cli, const struct args *args, GError **err)
{
	struct progress progress = { .cli = cli,
				     .once = args_has(args, "once"),
				     .tty = isatty(STDERR_FILENO) };
	struct sync_options opt = {
		.once = args_has(args, "once"),
		.service = args_has(args, "service"),
		.on_status = on_status,
		.ctx = &progress,
	};
	int ready_fd = (int)args_number(args, "ready-fd", -1);

	if (cli->read_only) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "sync writes the cache, and --read-only was given");
		return EXIT_USAGE;
	}
	if (ready_fd >= 0 && fcntl(ready_fd, F_GETFD) < 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "--ready-fd: the descriptor %d is not open", ready_fd);
		return EXIT_USAGE;
	}
	struct sync *sync = sync_new(cli->profile, &opt, err);
	if (!sync) {
		g_prefix_error(err, "profile %s: ", cli->profile->id);
		return EXIT_FAILED;
	}
	if (ready_fd >= 0)
		notify_parent(ready_fd);
	int code = sync_run(sync, err);
	sync_free(sync);
	close_line(&progress);
	if (opt.once && code == EXIT_OK)
		print_summary(cli);
	return code;
}
