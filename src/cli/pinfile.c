/* pinfile - see the header. What was read is wiped, and no message holds any of it. */
#include "config.h"

#include "cli/pinfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"

static bool take_digits(char *line, char out[static PIN_MAX + 1])
{
	const char *p = g_strstrip(line);
	size_t len = 0;

	if (!g_utf8_validate(p, -1, NULL))
		return false;
	for (; *p; p += g_utf8_skip[(guchar)*p]) {
		char digit = pin_digit(g_utf8_get_char(p));

		if (!digit || len == PIN_MAX)
			return false;
		out[len++] = digit;
	}
	out[len] = '\0';
	return len > 0;
}

bool pinfile_read(const char *path, char out[static PIN_MAX + 1], GError **err)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	char line[256];

	if (!in) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s: %s", path,
			    g_strerror(errno));
		return false;
	}
	bool ok = fgets(line, sizeof(line), in) && take_digits(line, out);
	explicit_bzero(line, sizeof(line));
	if (!standard)
		fclose(in);
	if (!ok)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "%s: the first line must be a PIN, up to %d digits and nothing else",
			    standard ? "standard input" : path, PIN_MAX);
	return ok;
}
