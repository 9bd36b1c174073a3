/* docs - the manual page's part on options, from keyrackd's own tables.
 *
 * Not installed: the build runs it and puts its output into data/keyrackd.1. */
#include <stdio.h>

#include "core/roff.h"
#include "daemon/options.h"

int main(void)
{
	fputs(".SS Options, and keys of the configuration\n", stdout);
	roff_options(stdout, daemon_setting_option);
	fputs(".SS Options only on the command line\n", stdout);
	roff_options(stdout, daemon_option);
	fputs(".SS Options of \\fBkeyrackd key create\\fR\n", stdout);
	roff_options(stdout, daemon_key_option);
	return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
