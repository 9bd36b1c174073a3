/* run - one command line, from its words to an exit code. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/config_text.h"
#include "core/text.h"
#include "ui/app.h"

/* Options that have been seen so far may stand before the command's words, if they are global. */
static bool first_words(char *const *argv, char **word, unsigned *n)
{
	static const struct option_row *const global[] = { cli_global_option, NULL };

	*n = 0;
	for (; *argv && *n < 2; argv++) {
		if (strcmp(*argv, "--") == 0)
			break;
		if ((*argv)[0] != '-' || !(*argv)[1]) {
			word[(*n)++] = *argv;
			continue;
		}
		const struct option_row *row = args_row(*argv, global);
		if (!row && *n == 0)
			return false; /* not known before a command is: let the parser say it */
		if (!row)
			break;
		if (option_takes_value(row) && !strchr(*argv, '=') && argv[1])
			argv++;
	}
	return true;
}

const struct cli_command *cli_find(char *const *words, unsigned n, unsigned *used)
{
	for (const struct cli_command *c = cli_command; c->words; c++) {
		g_auto(GStrv) need = g_strsplit(c->words, " ", -1);
		unsigned len = g_strv_length(need), i = 0;
		while (i < len && i < n && strcmp(need[i], words[i]) == 0)
			i++;
		if (i == len) {
			*used = len;
			return c;
		}
	}
	return NULL;
}

/* "code" alone, or a word that no command begins with. */
static void fail_no_command(char *const *words, unsigned n, GError **err)
{
	g_autoptr(GString) next = g_string_new(NULL);
	g_autoptr(GPtrArray) first = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *prefix = g_strconcat(words[0], " ", NULL);

	for (const struct cli_command *c = cli_command; c->words; c++) {
		g_ptr_array_add(first, g_strndup(c->words, strcspn(c->words, " ")));
		if (g_str_has_prefix(c->words, prefix))
			g_string_append_printf(next, "%s%s", next->len ? ", " : "",
					       c->words + strlen(prefix));
	}
	g_ptr_array_add(first, NULL);
	if (next->len) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "'%s' %s one of: %s", words[0],
			    n > 1 ? "takes" : "needs", next->str);
		return;
	}
	const char *near = args_nearest(words[0], (const char *const *)first->pdata);
	if (near)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "There is no command '%s'; is '%s' meant?", words[0], near);
	else
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "There is no command '%s': see 'keyrack help'", words[0]);
}

static bool check_words(const struct cli_command *c, const struct args *args, GError **err)
{
	if (args->words->len < c->words_min)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "More is needed: keyrack %s %s", c->words, c->usage);
	else if (args->words->len > c->words_max)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "'%s' is one word too many: keyrack %s %s",
			    (char *)args->words->pdata[c->words_max], c->words, c->usage);
	else
		return true;
	return false;
}

static int run_command(struct cli *cli, const struct cli_command *c, const struct args *args,
		       GError **err)
{
	if (!check_words(c, args, err))
		return EXIT_USAGE;
	if (cli->read_only && (c->flags & CLI_WRITES)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "'%s' changes something, and --read-only was given", c->words);
		return EXIT_USAGE;
	}
	if ((c->flags & CLI_PROFILE) && !cli_load_profile(cli, err))
		return EXIT_CONFIG;
	if ((c->flags & CLI_CACHE) && !cli_open_cache(cli, err))
		return EXIT_CACHE;
	return c->run(cli, args, err);
}

static void take_globals(struct cli *cli, const struct args *args)
{
	cli->profile_id = args_text(args, "profile");
	cli->theme = args_text(args, "theme");
	cli->read_only = args_has(args, "read-only");
	cli->desk = args_has(args, "desk");
	cli->line = args_has(args, "line");
	cli->ascii = cli->ascii || args_has(args, "ascii");
	cli->no_color = cli->no_color || args_has(args, "no-color");
	cli->json = args_has(args, "json");
	cli->pins = args_has(args, "pins");
}

static int run_args(struct cli *cli, const struct cli_command *c, struct args *args, unsigned used,
		    GError **err)
{
	take_globals(cli, args);
	if (used)
		g_ptr_array_remove_range(args->words, 0, used);
	if (args_has(args, "version")) {
		fprintf(cli->out, "keyrack %s\n", PACKAGE_VERSION);
		return EXIT_OK;
	}
	if (args_has(args, "help")) {
		cli_print_help(cli->out, c);
		return EXIT_OK;
	}
	if (args_has(args, "print-config")) {
		fputs(config_text, cli->out);
		return EXIT_OK;
	}
	if (args_has(args, "print-keys")) {
		app_print_keys(cli->out);
		return EXIT_OK;
	}
	if (c)
		return run_command(cli, c, args, err);
	return cmd_console(cli, args, err);
}

/* A write that failed on the way left no errno behind; the pipe itself still says why. */
static bool reader_gone(FILE *out)
{
	struct pollfd p = { .fd = fileno(out), .events = POLLOUT };

	return p.fd >= 0 && poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP));
}

/* Output that did not get out is a failure, but for a reader that has seen enough. */
static int check_output(struct cli *cli, int code)
{
	errno = 0;
	bool bad = fflush(cli->out) != 0;

	bad = ferror(cli->out) || bad;
	if (!bad || errno == EPIPE || (!errno && reader_gone(cli->out)))
		return code;
	fprintf(cli->err, "keyrack: The output could not be written: %s\n",
		g_strerror(errno ? errno : EIO));
	return code == EXIT_OK ? EXIT_FAILED : code;
}

static void print_error(struct cli *cli, const struct cli_command *c, const GError *err)
{
	/* It may quote a file, or a server: nothing of that reaches the terminal as it is. */
	g_auto(GStrv) lines = g_strsplit(err->message, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_autofree char *safe = text_safe(*line);

		fprintf(cli->err, "%s%s\n", line == lines ? "keyrack: " : "", safe);
	}
	if (g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE) && c)
		fprintf(cli->err, "See 'keyrack help %s'.\n", c->words);
	if (g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG) && !cli->profile)
		fputs("'keyrack setup' asks for the server and the key, tries them and writes that file; 'keyrack demo' "
		      "shows a\nhotel without any server. 'keyrack --print-config' prints a whole file, with comments.\n",
		      cli->err);
}

int cli_run(struct cli *cli, char *const *argv)
{
	const struct option_row *tables[3] = { cli_global_option, NULL, NULL };
	const struct cli_command *c = NULL;
	char *words[2];
	unsigned n = 0, used = 0;
	g_autoptr(GError) err = NULL;
	int code = EXIT_USAGE;

	if (first_words(argv, words, &n) && n > 0) {
		c = cli_find(words, n, &used);
		if (!c)
			fail_no_command(words, n, &err);
		else
			tables[1] = c->options;
	}
	OWN(args) struct args *args = err ? NULL : args_parse(argv, tables, &err);
	if (args)
		code = run_args(cli, c, args, used, &err);
	if (err) {
		code = (int)exit_code_of(err);
		print_error(cli, c, err);
	}
	return check_output(cli, code);
}
