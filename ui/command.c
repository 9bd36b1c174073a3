/* command - the table of commands; see command.h. */
#include "ui/command.h"

#include <glib.h>
#include <string.h>

#include "core/i18n.h"

static const struct command_info commands[COMMAND_COUNT] = {
#define AS_ROW(id, name, hint, help, flags) [COMMAND_##id] = { name, hint, help, flags },
	COMMANDS(AS_ROW)
#undef AS_ROW
};

const struct command_info *command_info(enum command c)
{
	static const struct command_info none = { "", "", "", 0 };
	static struct command_info shown[COMMAND_COUNT]; /* in the operator's language */
	static gsize done;

	if (g_once_init_enter(&done)) {
		for (int i = 0; i < COMMAND_COUNT; i++) {
			shown[i] = commands[i];
			shown[i].hint = _(commands[i].hint);
			shown[i].help = _(commands[i].help);
		}
		g_once_init_leave(&done, 1);
	}
	return c >= 0 && c < COMMAND_COUNT ? &shown[c] : &none;
}

static const char *const also[COMMAND_COUNT] = {
	[COMMAND_NEW] = N_("walk-in, late arrival"),
	[COMMAND_REVOKE] = N_("check-out, checkout, departure, cancel"),
	[COMMAND_EXTEND] = N_("late check-out, checkout, stay on"),
	[COMMAND_END_LATER] = N_("late check-out, checkout"),
	[COMMAND_START_LATER] = N_("late arrival"),
	[COMMAND_CHECK_IN] = N_("check-in, checkin, arrival"),
	[COMMAND_MOVE] = N_("change of room"),
};

const char *command_also(enum command c)
{
	return c >= 0 && c < COMMAND_COUNT && also[c] ? _(also[c]) : "";
}

enum command command_by_name(const char *name)
{
	for (int i = 0; name && i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return (enum command)i;
	return COMMAND_NONE;
}
