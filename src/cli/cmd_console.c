/* keyrack without a command - the console. */
#include "cli/cli.h"
#include "cli/spawn.h"
#include "ui/app.h"

int cmd_console(struct cli *cli, const struct args *args, GError **err)
{
	if (!cli_load_profile(cli, err))
		return EXIT_CONFIG;
	struct app_options opt = {
		.read_only = cli->read_only,
		.ascii = cli->ascii,
		.no_color = cli->no_color,
		.no_mouse = args_has(args, "no-mouse"),
		.theme = cli->theme,
		.start_sync = spawn_sync,
	};

	return app_run(cli->profile, &opt, err);
}
