/* keyrack without a command - the console. */
#include "cli/cli.h"
#include "cli/spawn.h"
#include "ui/app.h"

/* The first start of all: nothing says where a server is. */
static bool is_first_start(const struct cli *cli)
{
	g_autofree char *path = profile_config_path();

	return cli->asks && !cli->profile_id && !g_getenv("KEYRACK_ENDPOINT") &&
	       !g_file_test(path, G_FILE_TEST_EXISTS);
}

int cmd_console(struct cli *cli, const struct args *args, GError **err)
{
	if (is_first_start(cli)) {
		int code = cmd_setup(cli, args, err);

		if (code != EXIT_OK || is_first_start(cli))
			return code;
	}
	if (!cli_load_profile(cli, err))
		return EXIT_CONFIG;
	struct app_options opt = {
		.read_only = cli->read_only,
		.ascii = cli->ascii,
		.no_color = cli->no_color,
		.no_mouse = args_has(args, "no-mouse"),
		.theme = cli->theme,
		.kiosk = cli->desk,
		.line = cli->line,
		.demo = cli->demo,
		.tour = args_has(args, "tour"),
		.start_sync = spawn_sync,
	};

	return app_run(cli->profile, &opt, err);
}
