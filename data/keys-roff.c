/* keys-roff - the manual page's list of keys, from the table that the console itself uses.
 *
 * Prints one .TP a command: its keys wherever they hold, and what it does. */
#include <stdio.h>

#include "ui/keymap.h"

enum { KEYS_MAX = 8 };

/* A key's name with what roff would take for its own. */
static void put_key(const char *key)
{
	for (; *key; key++) {
		switch (*key) {
		case '\\':
			fputs("\\e", stdout);
			break;
		case '-':
			fputs("\\-", stdout);
			break;
		case '\'':
			fputs("\\(aq", stdout);
			break;
		case '^':
			fputs("\\(ha", stdout);
			break;
		case '`':
			fputs("\\(ga", stdout);
			break;
		case '"':
			fputs("\\(dq", stdout);
			break;
		default:
			putchar(*key);
		}
	}
}

/* The keys of a command: those that hold everywhere, else those of the first view with any. */
static size_t keys_of(enum command c, const char **keys)
{
	size_t n = 0;
	for (enum view v = VIEW_ANY; n == 0 && v < VIEW_COUNT; v++)
		n = keymap_keys(v, c, keys, KEYS_MAX);
	return n;
}

int main(void)
{
	for (enum command c = 0; c < COMMAND_COUNT; c++) {
		const char *keys[KEYS_MAX];
		size_t n = keys_of(c, keys);
		if (n == 0)
			continue;
		fputs(".TP\n", stdout);
		for (size_t i = 0; i < n; i++) {
			fputs(i ? ", \\fB" : "\\fB", stdout);
			put_key(keys[i]);
			fputs("\\fR", stdout);
		}
		printf("\n%s.\n", command_info(c)->help);
	}
	return ferror(stdout) ? 1 : 0;
}
