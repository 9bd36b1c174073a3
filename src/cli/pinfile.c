/* pinfile - see the header. What was read is wiped, and no message holds any of it. */
#include "config.h"

#include "cli/pinfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"

static bool take_digits(char *line, char out[static PIN_MAX + 1])
{
	char *digits = g_strstrip(line);
	size_t len = strlen(digits);

	if (len == 0 || len > PIN_MAX || strspn(digits, "0123456789") != len)
		return false;
	memcpy(out, digits, len + 1);
	return true;
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
