/* main - the process around a command line: locale, signals, the terminal's width. */
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/spawn.h"
#include "cli/table.h"
#include "core/locale.h"

static bool locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int main(int argc, char **argv)
{
	locale_take();
	/* A reader that has gone is seen when writing (EPIPE), and a console that has gone must not
	 * end sync. */
	signal(SIGPIPE, SIG_IGN);
	const char *no_color = getenv("NO_COLOR");
	struct cli cli = {
		.out = stdout,
		.err = stderr,
		.now = instant_now(),
		.ascii = !locale_is_utf8(),
		.no_color = no_color && *no_color,
		.asks = isatty(STDIN_FILENO) && isatty(STDERR_FILENO),
		.cells = table_cells(stdout),
		.start_sync = spawn_sync,
	};
	int code = cli_run(&cli, argc > 0 ? argv + 1 : argv);

	cli_done(&cli);
	return code;
}
