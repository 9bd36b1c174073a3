/* help - the table of commands, for people. */
#include <string.h>

#include "cli/cli.h"
#include "cli/table.h"

static const struct table_column two_columns[] = { { "a", false, 0 },
						   { "b", false, 0 },
						   { NULL, false, 0 } };

static void add_option(struct table *t, const struct option_row *row)
{
	g_autoptr(GString) left = g_string_new("  ");

	if (row->kind == OPTION_REFUSED || row->kind == OPTION_HIDDEN)
		return;
	if (row->letter)
		g_string_append_printf(left, "-%c, ", row->letter);
	g_string_append_printf(left, "--%s", row->name);
	if (row->value)
		g_string_append_printf(left, " %s", row->value);
	table_add(t, left->str);
	table_add(t, row->help);
}

static void print_options(FILE *out, const char *title, const struct option_row *rows)
{
	OWN(table) struct table *t = table_new(two_columns);

	if (!rows->name)
		return;
	for (; rows->name; rows++)
		add_option(t, rows);
	fprintf(out, "\n%s:\n", title);
	table_print(t, out, 0, false, false);
}

/* Words filled into lines of 80. */
static void print_filled(FILE *out, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	size_t column = 0;

	for (char **w = words; *w; w++) {
		size_t len = strlen(*w);
		if (column && column + 1 + len > 78) {
			fputc('\n', out);
			column = 0;
		}
		fprintf(out, "%s%s", column ? " " : "", *w);
		column += len + (column ? 1 : 0);
	}
	fputc('\n', out);
}

static void print_program(FILE *out)
{
	OWN(table) struct table *t = table_new(two_columns);

	fputs("keyrack - the key rack behind the front desk: access codes of smart locks\n\n"
	      "Usage: keyrack [options]             open the console\n"
	      "       keyrack [options] COMMAND ...\n\nCommands:\n",
	      out);
	for (const struct cli_command *c = cli_command; c->words; c++) {
		table_addf(t, "  %s", c->words);
		table_add(t, c->summary);
	}
	table_print(t, out, 0, false, false);
	print_options(out, "Options", cli_global_option);
	fputs("\n'keyrack help COMMAND' says more. Exit codes and files: man keyrack.\n", out);
}

void cli_print_help(FILE *out, const struct cli_command *c)
{
	if (!c) {
		print_program(out);
		return;
	}
	fprintf(out, "Usage: keyrack %s %s\n\n%s.\n", c->words, c->usage, c->summary);
	if (c->text)
		print_filled(out, c->text);
	print_options(out, "Options", c->options);
	print_options(out, "Options of every command", cli_global_option);
}

int cmd_help(struct cli *cli, const struct args *args, GError **err)
{
	const struct cli_command *c = NULL;
	unsigned used;

	if (args->words->len) {
		c = cli_find((char *const *)args->words->pdata, args->words->len, &used);
		if (!c) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "There is no command '%s': see 'keyrack help'",
				    (char *)args->words->pdata[0]);
			return EXIT_USAGE;
		}
	}
	cli_print_help(cli->out, c);
	return EXIT_OK;
}
