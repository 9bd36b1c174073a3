/* main - the process around keyrackd: rights of files, no core dumps, the words of its command
 * line, and how it ends. */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#if defined __linux__
#include <sys/prctl.h>
#endif

#include "core/error.h"
#include "core/exit.h"
#include "daemon/audit.h"
#include "daemon/help.h"
#include "daemon/keys.h"
#include "daemon/life.h"
#include "daemon/log.h"
#include "daemon/rekey.h"

/* A core file would hold PINs. A limit alone does not hold back a core that goes into a pipe. */
static void no_core_dumps(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#if defined __linux__ && !defined __SANITIZE_ADDRESS__ /* whose leak check traces the process */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static bool usage(GError **err, const char *why)
{
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, why);
	return false;
}

static const struct {
	const char *word;
	int (*run)(const struct daemon_options *o, const struct args *args, GError **err);
} commands[] = { { "key", keys_run }, { "audit", audit_run }, { "rekey", rekey_run } };

static int (*command_of(const GPtrArray *words))(const struct daemon_options *, const struct args *, GError **)
{
	for (size_t i = 0; words->len > 0 && i < G_N_ELEMENTS(commands); i++) {
		if (strcmp(words->pdata[0], commands[i].word) == 0)
			return commands[i].run;
	}
	return NULL;
}

static bool check_words(const struct args *args, GError **err)
{
	const GPtrArray *words = args->words;

	if (words->len > 0 && !command_of(words)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "There is no command '%s': only 'key', 'audit' and 'rekey'", (char *)words->pdata[0]);
		return false;
	}
	if (command_of(words) == keys_run)
		return true;
	for (const struct option_row *row = daemon_key_option; row->name; row++) {
		if (args_has(args, row->name))
			return usage(err, "--role, --name and --expires belong to 'keyrackd key create'");
	}
	return true;
}

static int serve(const struct args *args, GError **err)
{
	int64_t ready_fd = args_number(args, "ready-fd", -1);
	struct daemon_options *o;

	if (ready_fd > INT_MAX || (ready_fd >= 0 && fcntl((int)ready_fd, F_GETFD) < 0)) {
		usage(err, "--ready-fd names a descriptor that is not open");
		return EXIT_USAGE;
	}
	o = daemon_options_read(args, false, err);
	return o ? life_run(o, args, (int)ready_fd, err) : EXIT_CONFIG;
}

static int run(char *const *argv, GError **err)
{
	static const struct option_row *const tables[] = { daemon_setting_option, daemon_option,
							   daemon_key_option, NULL };
	OWN(args) struct args *args = args_parse(argv, tables, err);
	OWN(daemon_options) struct daemon_options *o = NULL;

	if (!args || !check_words(args, err))
		return EXIT_USAGE;
	if (args_has(args, "help")) {
		help_print();
		return EXIT_OK;
	}
	if (args_has(args, "version")) {
		printf("keyrackd %s\n", PACKAGE_VERSION);
		return EXIT_OK;
	}
	if (args->words->len == 0)
		return serve(args, err);
	o = daemon_options_read(args, true, err);
	return o ? command_of(args->words)(o, args, err) : EXIT_CONFIG;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	int code;

	setlocale(LC_ALL, "");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a write that fails, like a full disk */
	umask(0077);
	no_core_dumps();
	log_begin();
	code = run(argc > 0 ? argv + 1 : argv, &err);
	if (err) {
		code = (int)exit_code_of(err);
		g_critical("%s", err->message);
		if (code == EXIT_USAGE)
			fputs("'keyrackd --help' lists the options.\n", stderr);
	}
	return fflush(stdout) != 0 && code == EXIT_OK ? EXIT_FAILED : code;
}
