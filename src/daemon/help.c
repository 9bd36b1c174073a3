/* help - see the header. */
#include "daemon/help.h"

#include <stdio.h>

#include "daemon/options.h"

static void print_rows(const char *title, const struct option_row *row)
{
	printf("\n%s:\n", title);
	for (; row->name; row++) {
		g_autofree char *letter = row->letter ? g_strdup_printf("-%c, ", row->letter)
						      : g_strdup("");
		g_autofree char *left = g_strdup_printf("%s--%s%s%s", letter, row->name,
							row->value ? " " : "",
							row->value ? row->value : "");

		printf("  %-30s %s\n", left, row->help);
	}
}

void help_print(void)
{
	fputs("keyrackd - programs the access codes of one's own locks, and serves Seam's API\n\n"
	      "Usage: keyrackd [options]\n"
	      "       keyrackd key create --role admin|desk|read [--name TEXT]\n"
	      "       keyrackd key list\n"
	      "       keyrackd key revoke SHORT_ID\n"
	      "       keyrackd audit export [NUMBER]\n"
	      "       keyrackd audit head\n"
	      "       keyrackd rekey\n",
	      stdout);
	print_rows("Options, and keys of the configuration", daemon_setting_option);
	print_rows("Options only here", daemon_option);
	print_rows("Options of 'key create'", daemon_key_option);
	fputs("\nA command takes --store and --config too, and works while keyrackd runs; not rekey.\n"
	      "Files, signals and exit codes: man keyrackd.\n",
	      stdout);
}
