/* docs - the manual page's part on commands and options, from the program's own table.
 *
 * Not installed: the build runs it and puts its output into data/keyrack.1. */
#include <stdio.h>

#include "cli/cli.h"

/* Text with what roff would take for its own made plain, and all beyond ASCII by number. */
static void put(const char *text)
{
	for (; *text; text += g_utf8_skip[(unsigned char)*text]) {
		gunichar ch = g_utf8_get_char(text);
		switch (ch) {
		case '\\':
			fputs("\\e", stdout);
			break;
		case '-':
			fputs("\\-", stdout);
			break;
		case '\'':
			fputs("\\(aq", stdout);
			break;
		case '"':
			fputs("\\(dq", stdout);
			break;
		default:
			if (ch < 0x80)
				putchar((int)ch);
			else
				printf("\\[u%04X]", ch);
		}
	}
}

static void put_line(const char *before, const char *text, const char *after)
{
	fputs(before, stdout);
	put(text);
	fputs(after, stdout);
}

static void put_options(const struct option_row *row)
{
	for (; row->name; row++) {
		if (row->kind == OPTION_REFUSED || row->kind == OPTION_HIDDEN)
			continue;
		fputs(".TP\n", stdout);
		if (row->letter)
			printf("\\fB\\-%c\\fR, ", row->letter);
		put_line("\\fB\\-\\-", row->name, "\\fR");
		if (row->value)
			put_line(" \\fI", row->value, "\\fR");
		put_line("\n", row->help, ".\n");
	}
}

int main(void)
{
	fputs(".SS Options of every command and of the console\n", stdout);
	put_options(cli_global_option);
	for (const struct cli_command *c = cli_command; c->words; c++) {
		put_line(".SS \\fBkeyrack ", c->words, "\\fR ");
		put_line("\\fI", c->usage, "\\fR\n");
		put_line("", c->summary, ".\n");
		if (c->text)
			put_line("", c->text, "\n");
		put_options(c->options);
	}
	return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
