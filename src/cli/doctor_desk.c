/* doctor_desk - the checks of what the operator sits at: terminal and notifications. */
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "core/locale.h"
#include "ui/app.h"

enum { ROWS_MIN = 24, COLS_MIN = 80, BUS_MS = 1000 };

static const char *colours_of(const char *term)
{
	const char *colorterm = getenv("COLORTERM");

	if (colorterm && (strcmp(colorterm, "truecolor") == 0 || strcmp(colorterm, "24bit") == 0))
		return "16 million colours";
	if (strstr(term, "direct"))
		return "16 million colours";
	return strstr(term, "256") ? "256 colours" : "colours as its entry says";
}

static void say_size(struct doctor *d)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col)
		return;
	bool small = size.ws_row < ROWS_MIN || size.ws_col < COLS_MIN;
	doctor_say(d, small ? DOCTOR_WARN : DOCTOR_OK,
		   small ? "Make the window at least 80 by 24" : NULL, "%d columns, %d rows",
		   size.ws_col, size.ws_row);
}

void doctor_terminal(struct doctor *d)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	g_autofree char *locale = locale_complaint();

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		doctor_say(d, DOCTOR_OK, NULL, "not looked at: this is no terminal");
	else if (!term || !*term || strcmp(term, "dumb") == 0)
		doctor_say(d, DOCTOR_BAD, "Set TERM to what the terminal is: xterm-256color",
			   "TERM is %s", term && *term ? term : "not set");
	else
		doctor_say(d, DOCTOR_OK, NULL, "%s, %s", term,
			   no_color && *no_color ? "NO_COLOR" : colours_of(term));
	if (locale)
		doctor_say(d, DOCTOR_WARN, "Install that locale, or set LANG=C.UTF-8", "%s", locale);
	else if (d->cli->ascii)
		doctor_say(d, DOCTOR_WARN, "Set LANG to a UTF-8 locale: LANG=C.UTF-8",
			   "ASCII alone: the locale is not UTF-8, or the configuration says so");
	say_size(d);
}

void doctor_keys(struct doctor *d)
{
	g_autofree char *path = NULL;
	g_autoptr(GPtrArray) warnings = app_check_keys(&path);

	for (guint i = 0; i < warnings->len; i++)
		doctor_say(d, DOCTOR_WARN, "The built-in key is used there: keyrack --print-keys lists all",
			   "%s: %s", path, (const char *)warnings->pdata[i]);
	if (!warnings->len)
		doctor_say(d, DOCTOR_OK, NULL, access(path, R_OK) == 0 ? "as %s says" : "built in: there is no %s",
			   path);
}

static bool bus_has(GDBusConnection *bus, const char *list, const char *name)
{
	g_autoptr(GVariant) answer = g_dbus_connection_call_sync(
		bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", list,
		NULL, G_VARIANT_TYPE("(as)"), G_DBUS_CALL_FLAGS_NONE, BUS_MS, NULL, NULL);

	if (!answer)
		return false;
	g_autofree const char **names = NULL;
	g_variant_get(answer, "(^a&s)", &names);
	return names && g_strv_contains(names, name);
}

void doctor_notifications(struct doctor *d)
{
	static const char name[] = "org.freedesktop.Notifications";
	g_autoptr(GDBusConnection) bus = NULL;

	/* Without the variable GLib would start a bus of its own. */
	g_autofree char *socket = g_build_filename(g_get_user_runtime_dir(), "bus", NULL);
	if (getenv("DBUS_SESSION_BUS_ADDRESS") || access(socket, R_OK) == 0)
		bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (!bus)
		doctor_say(
			d, DOCTOR_OK, NULL,
			"no session bus here: the terminal's own notification or its bell is used");
	else if (bus_has(bus, "ListNames", name) || bus_has(bus, "ListActivatableNames", name))
		doctor_say(d, DOCTOR_OK, NULL, "the desktop shows them");
	else
		doctor_say(d, DOCTOR_OK, NULL,
			   "nobody on the session bus shows them: the terminal's own are used");
}
