/* docs - the manual page's part on commands and options, from the program's own table.
 *
 * Not installed: the build runs it and puts its output into data/keyrack.1. */
#include <stdio.h>

#include "cli/cli.h"
#include "core/roff.h"

int main(void)
{
	fputs(".SS Options of every command and of the console\n", stdout);
	roff_options(stdout, cli_global_option);
	for (const struct cli_command *c = cli_command; c->words; c++) {
		roff_line(stdout, ".SS \\fBkeyrack ", c->words, "\\fR ");
		roff_line(stdout, "\\fI", c->usage, "\\fR\n");
		roff_line(stdout, "", c->summary, ".\n");
		if (c->text)
			roff_line(stdout, "", c->text, "\n");
		roff_options(stdout, c->options);
	}
	return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
