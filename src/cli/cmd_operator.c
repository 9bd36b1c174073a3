/* keyrack operator - who can unlock a desk that has locked itself. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/operators.h"

enum { LINE_MAX_BYTES = 256 };

static struct operators *load(GError **err)
{
	g_autofree char *path = operators_path();

	return operators_load(path, err);
}

/* One line from standard input; a terminal does not show it. False: there was none. */
static bool read_hidden(struct cli *cli, const char *prompt, char line[static LINE_MAX_BYTES])
{
	struct termios shown, hidden;
	bool tty = tcgetattr(STDIN_FILENO, &shown) == 0, got;

	if (tty) {
		fputs(prompt, cli->err);
		fflush(cli->err);
		hidden = shown;
		hidden.c_lflag &= (tcflag_t) ~ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	got = fgets(line, LINE_MAX_BYTES, stdin) != NULL;
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', cli->err);
	}
	if (got)
		line[strcspn(line, "\r\n")] = '\0';
	return got;
}

/* Twice where a person types blindly. */
static bool ask_pin(struct cli *cli, const char *name, char pin[static LINE_MAX_BYTES], GError **err)
{
	g_autofree char *prompt = g_strdup_printf("PIN for %s: ", name);
	char again[LINE_MAX_BYTES] = "";
	bool ok = read_hidden(cli, prompt, pin);

	if (ok && isatty(STDIN_FILENO))
		ok = read_hidden(cli, "Again: ", again) && strcmp(pin, again) == 0;
	explicit_bzero(again, sizeof again);
	if (!ok)
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "The PIN was not typed twice alike");
	return ok;
}

int cmd_operator_add(struct cli *cli, const struct args *args, GError **err)
{
	const char *name = args->words->pdata[0];
	OWN(operators) struct operators *o = load(err);
	const char *word = args_text(args, "role");
	enum operator_role role = OPERATOR_ADMIN;
	char pin[LINE_MAX_BYTES] = "";
	bool ok;

	if (word && !operator_role_of(word, &role)) {
		g_clear_error(err);
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--role must be admin, desk or read");
		return EXIT_USAGE;
	}
	ok = o && ask_pin(cli, name, pin, err) && operators_add(o, name, pin, &operators_cost_usual, err) &&
	     (!word || operators_set_role(o, name, role, err));
	explicit_bzero(pin, sizeof pin);
	if (!ok)
		return EXIT_FAILED;
	cli_say(cli->out, "%s can unlock this desk (%s).", name, operator_role_word(operators_role(o, name)));
	return EXIT_OK;
}

int cmd_operator_remove(struct cli *cli, const struct args *args, GError **err)
{
	OWN(operators) struct operators *o = load(err);

	if (!o || !operators_remove(o, args->words->pdata[0], err))
		return EXIT_FAILED;
	cli_say(cli->out, "%s can no longer unlock this desk.", (const char *)args->words->pdata[0]);
	return EXIT_OK;
}

int cmd_operator_list(struct cli *cli, const struct args *args, GError **err)
{
	OWN(operators) struct operators *o = load(err);
	g_auto(GStrv) names = o ? operators_names(o) : NULL;

	(void)args;
	for (char **n = names; n && *n; n++)
		cli_say(cli->out, "%-5s  %s", operator_role_word(operators_role(o, *n)), *n);
	if (names && !names[0])
		fputs("Nobody can unlock this desk yet: keyrack operator add NAME\n", cli->err);
	return o ? EXIT_OK : EXIT_FAILED;
}
