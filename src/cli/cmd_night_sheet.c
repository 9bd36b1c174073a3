/* keyrack night-sheet - the page for a power cut, to standard output, a file or the printer. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cache/night_sheet.h"
#include "cli/cli.h"
#include "core/printer.h"
#include "core/when.h"

/* The hour does not matter: noon lies in the day that was meant. */
static bool day_of(struct cli *cli, const char *text, struct instant *day, GError **err)
{
	struct when_context ctx = {
		.zone = cli_zone(cli, NULL), .now = cli->now, .base = cli->now, .default_minutes = 12 * 60
	};

	*day = INSTANT_NONE;
	return !text || when_parse(text, &ctx, day, NULL, err);
}

static struct sheet *make(struct cli *cli, const struct args *args, GError **err)
{
	const struct profile *p = cli->profile;
	struct night_sheet_query q = {
		.property = p->name ? p->name : cli->property.place ? cli->property.place : p->id,
		.made_by = g_get_user_name(),
		.zone = cli_zone(cli, NULL),
		.now = cli->now,
		.as_of = cli_last_ok(cli),
		.check_out = p->check_out,
		.pins = cli->pins,
	};

	return day_of(cli, args_text(args, "day"), &q.day, err) ? night_sheet(cli->cache, &q, err) : NULL;
}

/* A new file, for its owner alone. */
static bool save(const char *path, const char *text, GError **err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t left = strlen(text);
	bool ok = fd >= 0;

	if (!ok)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, errno == EEXIST
			    ? "%s is there already: name another file, or remove it" : "%s cannot be written", path);
	while (ok && left) {
		ssize_t n = write(fd, text, left);

		ok = n > 0 || (n < 0 && errno == EINTR);
		text += MAX(n, 0);
		left -= (size_t)MAX(n, 0);
	}
	if (fd >= 0 && (fsync(fd) != 0 || close(fd) != 0 || !ok)) {
		unlink(path);
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s could not be written: %s", path,
			    g_strerror(errno));
		return false;
	}
	return ok;
}

struct waiting {
	GMainLoop *loop;
	GError *err;
};

static void printed(const GError *err, void *ctx)
{
	struct waiting *w = ctx;

	w->err = err ? g_error_copy(err) : NULL;
	g_main_loop_quit(w->loop);
}

static bool print(const char *text, GError **err)
{
	struct waiting w = { g_main_loop_new(NULL, FALSE), NULL };
	bool sent = printer_send(text, PRINTER_WAIT_MS, printed, &w, err);

	if (sent)
		g_main_loop_run(w.loop);
	g_main_loop_unref(w.loop);
	if (w.err)
		g_propagate_prefixed_error(err, w.err, "Not printed: ");
	return sent && !w.err;
}

static bool leave(struct cli *cli, const struct args *args, const char *text, GError **err)
{
	const char *path = args_text(args, "output");

	if (args_has(args, "print"))
		return print(text, err);
	if (path && strcmp(path, "-") != 0)
		return save(path, text, err);
	if (fputs(text, cli->out) >= 0 && fflush(cli->out) == 0)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "The sheet could not be written: %s", g_strerror(errno));
	return false;
}

int cmd_night_sheet(struct cli *cli, const struct args *args, GError **err)
{
	const char *path = args_text(args, "output");
	bool to_printer = args_has(args, "print");
	OWN(sheet) struct sheet *sheet = NULL;
	g_autofree char *text = NULL, *about = NULL;
	bool ok;

	if (path && !*path) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "--output names no file: give a name, or - for standard output");
		return EXIT_USAGE;
	}
	if (to_printer && path) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--print and --output: one or the other");
		return EXIT_USAGE;
	}
	sheet = make(cli, args, err);
	if (!sheet)
		return (int)exit_code_of(err ? *err : NULL);
	text = sheet_text(sheet);
	about = g_strdup_printf("%u stays, %d PINs%s%s", sheet->stays->len, sheet->n_pins, to_printer ? "" : ", ",
				to_printer ? "" : path ? path : "standard output");
	/* Who took PINs out of the house is known before they are out. */
	ok = cache_note_act(cli->cache, to_printer ? "night sheet printed" : "night sheet to a file", about,
			    g_get_user_name(), cli->now, err) &&
	     leave(cli, args, text, err);
	explicit_bzero(text, strlen(text));
	if (!ok)
		cache_note_act(cli->cache, to_printer ? "night sheet not printed" : "night sheet not written", about,
			       g_get_user_name(), cli->now, NULL);
	cli_note_age(cli);
	return ok ? EXIT_OK : (int)exit_code_of(err ? *err : NULL);
}
