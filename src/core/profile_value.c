/* profile_value - the kinds of value in the configuration. */
#include "core/profile_value.h"

#include <gio/gio.h>
#include <string.h>

#include "core/zone.h"

static bool put_text(void *field, char *text)
{
	char **at = field;

	g_free(*at);
	*at = text;
	return true;
}

bool value_text(void *field, const char *value, const char *base, const char **why)
{
	(void)base;
	(void)why;
	return put_text(field, value[0] ? g_strdup(value) : NULL);
}

char *profile_home(void)
{
	const char *home = g_getenv("HOME");

	return g_strdup(home && home[0] ? home : g_get_home_dir());
}

bool value_path(void *field, const char *value, const char *base, const char **why)
{
	if (!value[0])
		return put_text(field, NULL);
	if (value[0] != '~')
		return put_text(field, g_canonicalize_filename(value, base));
	if (value[1] != '/' && value[1] != '\0') {
		*why = "may begin with ~/ for your own folder, but not with another user's name";
		return false;
	}

	g_autofree char *home = profile_home();

	return put_text(field, g_canonicalize_filename(value + 1 + strspn(value + 1, "/"), home));
}

/* unix:/path, or a URL with a host and nothing behind it but a path. */
bool value_endpoint(void *field, const char *value, const char *base, const char **why)
{
	(void)base;
	if (g_str_has_prefix(value, "unix:")) {
		*why = "must name a socket by its whole path: unix:/run/keyrackd.sock";
		return value[5] == '/' && value[6] ? put_text(field, g_strdup(value)) : false;
	}

	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_NONE, NULL);
	const char *scheme = uri ? g_uri_get_scheme(uri) : "";

	*why = "must begin with https://, http:// or unix:/ and name a server";
	if ((strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0) || !g_uri_get_host(uri) ||
	    !g_uri_get_host(uri)[0])
		return false;
	*why = "must be a plain address: no user, password, '?' or '#'";
	if (g_uri_get_userinfo(uri) || g_uri_get_query(uri) || g_uri_get_fragment(uri))
		return false;

	char *text = g_strdup(value);

	while (g_str_has_suffix(text, "/"))
		text[strlen(text) - 1] = '\0';
	return put_text(field, text);
}

bool endpoint_is_in_clear(const char *endpoint)
{
	if (g_ascii_strncasecmp(endpoint, "http:", 5) != 0)
		return false;

	g_autoptr(GUri) uri = g_uri_parse(endpoint, G_URI_FLAGS_NONE, NULL);
	const char *host = uri ? g_uri_get_host(uri) : "";
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

	return address ? !g_inet_address_get_is_loopback(address) : strcmp(host, "localhost") != 0;
}

bool value_zone(void *field, const char *value, const char *base, const char **why)
{
	(void)base;
	if (!zone_is_known(zone_get(value))) {
		*why = "must be a time zone like Europe/Berlin";
		return false;
	}
	return put_text(field, value[0] ? g_strdup(value) : NULL);
}

bool value_bool(void *field, const char *value, const char *base, const char **why)
{
	static const char *const yes[] = { "yes", "true", "on", "1", NULL };
	static const char *const no[] = { "no", "false", "off", "0", NULL };
	g_autofree char *lower = g_ascii_strdown(value, -1);
	bool is_yes = g_strv_contains(yes, lower);

	(void)base;
	if (!is_yes && !g_strv_contains(no, lower)) {
		*why = "must be yes or no";
		return false;
	}
	*(bool *)field = is_yes;
	return true;
}

bool value_seconds(void *field, const char *value, const char *base, const char **why)
{
	char *end;
	double seconds = g_ascii_strtod(value, &end);

	(void)base;
	/* Written so that NaN fails. */
	if (!g_ascii_isdigit(value[0]) || *end || !(seconds >= 1 && seconds <= 3600)) {
		*why = "must be 1 to 3600 seconds";
		return false;
	}
	*(int *)field = (int)(seconds * 1000 + 0.5);
	return true;
}

bool value_overlap(void *field, const char *value, const char *base, const char **why)
{
	char *end;
	gint64 minutes = g_ascii_strtoll(value, &end, 10);

	(void)base;
	if (!g_ascii_isdigit(value[0]) || *end || minutes > 240) {
		*why = "must be 0 to 240 minutes";
		return false;
	}
	*(int *)field = (int)minutes;
	return true;
}

/* "90s", "5m", "1h", and off. */
bool value_span(void *field, const char *value, const char *base, const char **why)
{
	static const struct {
		const char *unit;
		int ms;
	} units[] = { { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
	char *unit;
	gint64 n = g_ascii_strtoll(value, &unit, 10);
	bool off = strcmp(value, "off") == 0 || strcmp(value, "no") == 0 || strcmp(value, "0") == 0;

	(void)base;
	*why = "must be off, or 10s to 24h, as in 5m";
	if (off)
		*(int *)field = 0;
	for (size_t i = 0; !off && i < G_N_ELEMENTS(units); i++) {
		if (strcmp(unit, units[i].unit) != 0 || !g_ascii_isdigit(value[0]) || n > 86400)
			continue;
		*(int *)field = (int)MIN(n * units[i].ms, G_MAXINT);
		return *(int *)field >= 10000 && *(int *)field <= 86400000;
	}
	return off;
}

bool value_minutes(void *field, const char *value, const char *base, const char **why)
{
	const char *colon = strchr(value, ':');
	size_t digits = strspn(value, "0123456789");

	(void)base;
	*why = "must be a time like 15:00";
	if (!colon || colon != value + digits || digits < 1 || digits > 2 || strlen(colon) != 3 ||
	    !g_ascii_isdigit(colon[1]) || !g_ascii_isdigit(colon[2]))
		return false;

	int hour = (int)g_ascii_strtoll(value, NULL, 10);
	int minute = (int)g_ascii_strtoll(colon + 1, NULL, 10);

	if (hour > 23 || minute > 59)
		return false;
	*(int *)field = hour * 60 + minute;
	return true;
}
