/* options - see the header. */
#include "config.h"

#include "daemon/options.h"

#include <gio/gio.h>
#include <stddef.h>
#include <string.h>

#include "core/error.h"
#include "core/plain_file.h"
#include "core/profile_value.h"
#include "core/shipped.h"
#include "core/vault.h"

#define GROUP "keyrackd"
#define FILE_NAME "keyrackd.conf"
#define STORE_PREFIX "sqlite:"
#define SOCKET_PREFIX "unix:"
#define CLOCK_RATE_MAX 86400
#define PEOPLE_MAX 1000
#define HISTORY_DAYS_MAX 36500
#define ACCOUNT_LIMIT_MAX 100000

/* ---- kinds of value: as those of core/profile_value.h ---- */

static bool put(void *field, char *text)
{
	char **at = field;

	g_free(*at);
	*at = text;
	return true;
}

static bool set_store(void *field, const char *value, const char *base, const char **why)
{
	const char *path = value + strlen(STORE_PREFIX);
	g_autofree char *whole = NULL;

	*why = "must be sqlite: and the path of a file, like sqlite:/var/lib/keyrack/keyrackd.db";
	if (!g_str_has_prefix(value, STORE_PREFIX) || !*path ||
	    !value_path(&whole, path, base, why))
		return false;
	return put(field, g_strconcat(STORE_PREFIX, whole, NULL));
}

static bool set_listen(void *field, const char *value, const char *base, const char **why)
{
	const char *path = value + strlen(SOCKET_PREFIX), *colon = strrchr(value, ':');
	g_autofree char *whole = NULL;
	guint64 port;

	*why = "must be unix: and a path, or HOST:PORT, like 127.0.0.1:7171";
	if (g_str_has_prefix(value, SOCKET_PREFIX)) {
		if (!*path || !value_path(&whole, path, base, why))
			return false;
		return put(field, g_strconcat(SOCKET_PREFIX, whole, NULL));
	}
	if (!colon || colon == value ||
	    !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL))
		return false;
	return put(field, g_strdup(value));
}

/* A bare name is one of the properties that come with the program. */
static bool set_property(void *field, const char *value, const char *base, const char **why)
{
	if (!*value)
		*why = "must name a property, like harbour-house, or the path of a property file";
	else if (!strchr(value, '/') && !g_str_has_suffix(value, ".ini"))
		return put(field, shipped_property(value));
	return *value && value_path(field, value, base, why);
}

static bool set_clock(void *field, const char *value, const char *base, const char **why)
{
	(void)base;
	*why = "must be an instant, like 2026-01-05T12:00:00Z";
	return instant_parse(value, -1, field);
}

static bool set_rate(void *field, const char *value, const char *base, const char **why)
{
	(void)base;
	*why = "must be 1 to 86400 simulated seconds a second";
	return g_ascii_string_to_signed(value, 10, 1, CLOCK_RATE_MAX, field, NULL);
}

static bool set_seed(void *field, const char *value, const char *base, const char **why)
{
	(void)base;
	*why = "must be a whole number; 0 is the system's randomness";
	return g_ascii_string_to_unsigned(value, 10, 0, UINT64_MAX, field, NULL);
}

static bool set_switch(void *field, const char *value, const char *base, const char **why)
{
	bool on = false;

	if (!value_bool(&on, value, base, why)) {
		*why = "must be on or off";
		return false;
	}
	*(int *)field = on;
	return true;
}

static bool set_account_limit(void *field, const char *value, const char *base, const char **why)
{
	(void)base;
	*why = "must be off, or 1 to 100000 times what one device may have";
	if (strcmp(value, "off") == 0) {
		*(gint64 *)field = -1;
		return true;
	}
	return g_ascii_string_to_signed(value, 10, 1, ACCOUNT_LIMIT_MAX, field, NULL);
}

static bool set_poll(void *field, const char *value, const char *base, const char **why)
{
	gint64 minutes;

	(void)base;
	*why = "must be off, or 1 to 1440 minutes";
	if (strcmp(value, "off") == 0) {
		*(gint64 *)field = -1;
		return true;
	}
	if (!g_ascii_string_to_signed(value, 10, 1, DAY_MS / MINUTE_MS, &minutes, NULL))
		return false;
	*(gint64 *)field = minutes * MINUTE_MS;
	return true;
}

static bool set_people(void *field, const char *value, const char *base, const char **why)
{
	gint64 times;

	if (g_ascii_string_to_signed(value, 10, 0, PEOPLE_MAX, &times, NULL)) {
		*(int *)field = (int)times;
		return true;
	}
	if (set_switch(field, value, base, why))
		return true;
	*why = "must be on, off, or how many times as many as the property file says (up to 1000)";
	return false;
}

static bool set_history(void *field, const char *value, const char *base, const char **why)
{
	gint64 days;

	(void)base;
	*why = "must be 1 to 36500 days";
	if (!g_ascii_string_to_signed(value, 10, 1, HISTORY_DAYS_MAX, &days, NULL))
		return false;
	*(int64_t *)field = days * DAY_MS;
	return true;
}

static bool set_level(void *field, const char *value, const char *base, const char **why)
{
	static const struct {
		const char *word;
		int level;
	} levels[] = { { "error", G_LOG_LEVEL_CRITICAL },
		       { "warning", G_LOG_LEVEL_WARNING },
		       { "info", G_LOG_LEVEL_INFO },
		       { "debug", G_LOG_LEVEL_DEBUG } };

	(void)base;
	for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
		if (strcmp(levels[i].word, value) == 0) {
			*(int *)field = levels[i].level;
			return true;
		}
	}
	*why = "must be error, warning, info or debug";
	return false;
}

/* ---- the table ---- */

enum when { AT_START, ANY_TIME, SIMULATED };
enum same { SAME_TEXT, SAME_64, SAME_INT };

/* name, value in help, help, setter, field, how two are compared, when it may change */
#define SETTINGS(X)                                                                                \
	X("store", "sqlite:PATH", "The file that holds codes, devices, events and hashed keys",    \
	  set_store, store, SAME_TEXT, AT_START)                                                   \
	X("listen", "unix:PATH|HOST:PORT", "Where the API is served; beyond this computer with "   \
	  "TLS only", set_listen, listen, SAME_TEXT, AT_START)                                     \
	X("audit-key", "FILE", "The key that seals the audit, made where there is none; better "   \
	  "on another disk than the store (PATH.audit.key)", value_path, audit_key, SAME_TEXT,     \
	  AT_START)                                                                                \
	X("seal-key", "FILE", "The key that seals the PINs in the store, made with the store; "     \
	  "better on another disk (systemd's credential keyrackd.seal-key, else PATH.seal.key)",   \
	  value_path, seal_key, SAME_TEXT, AT_START)                                               \
	X("tls-cert", "FILE", "Certificate with its chain, in PEM", value_path, tls_cert,          \
	  SAME_TEXT, AT_START)                                                                     \
	X("tls-key", "FILE", "Private key of the certificate, in PEM", value_path, tls_key,        \
	  SAME_TEXT, AT_START)                                                                     \
	X("simulate", "FILE", "Simulated locks: a property file, or the name of one that is "      \
	  "installed: harbour-house", set_property, simulate, SAME_TEXT, AT_START)                 \
	X("clock", "INSTANT", "Simulation: a clock that stands still here until it is told to "    \
	  "move", set_clock, clock, SAME_64, SIMULATED)                                            \
	X("clock-rate", "N", "Simulation: a clock that runs N times as fast", set_rate,            \
	  clock_rate, SAME_64, SIMULATED)                                                          \
	X("seed", "N", "Simulation: the same chance each time; 0 is the system's randomness",      \
	  set_seed, seed, SAME_64, SIMULATED)                                                      \
	X("people", "on|off|N", "Simulation: people open doors, N times as many as the property "  \
	  "file says (on, and off where the clock stands)", set_people, people, SAME_INT,          \
	  SIMULATED)                                                                               \
	X("rate-limits", "on|off", "10 creates, 10 updates, 20 deletes, 15 locks and 15 unlocks "  \
	  "a minute and device (on, and off in simulation)", set_switch, rate_limits, SAME_INT,    \
	  ANY_TIME)                                                                                \
	X("account-limit", "N|off", "Rate limits of an account: N times those of one device (60)", \
	  set_account_limit, account_limit, SAME_64, ANY_TIME)                                     \
	X("poll", "MINUTES|off", "Each lock that can be read is read so often, also when it "      \
	  "tells nothing (15)", set_poll, poll_ms, SAME_64, AT_START)                              \
	X("history", "DAYS", "Closed codes are kept so long (400)", set_history, history_ms,       \
	  SAME_64, ANY_TIME)                                                                       \
	X("seccomp", "on|off", "Gives up the system calls that it does not need before it serves " \
	  "(on, where this program was built with it)", set_switch, seccomp, SAME_INT, AT_START)   \
	X("landlock", "on|off", "Gives up the files that it does not need before it serves (on, "   \
	  "where this program was built with it and the kernel has it)", set_switch, landlock,     \
	  SAME_INT, AT_START)                                                                      \
	X("log-level", "LEVEL", "error, warning, info or debug (info)", set_level, log_level,      \
	  SAME_INT, ANY_TIME)

#define AS_OPTION(name, value, help, set, field, same, when) { name, 0, OPTION_TEXT, value, help },
const struct option_row daemon_setting_option[] = { SETTINGS(AS_OPTION) OPTION_END };

const struct option_row daemon_option[] = {
	{ "config", 'c', OPTION_TEXT, "FILE", "Read this configuration, which has the same words" },
	{ "ready-fd", 0, OPTION_NUMBER, "N", "Write a byte to this descriptor once it serves" },
	{ "version", 'V', OPTION_FLAG, NULL, "Print the version" },
	{ "help", 'h', OPTION_FLAG, NULL, "Print help" },
	OPTION_END,
};

const struct option_row daemon_key_option[] = {
	{ "role", 0, OPTION_TEXT, "admin|desk|read", "What the key may do" },
	{ "name", 0, OPTION_TEXT, "TEXT", "Whose it is, for 'keyrackd key list'" },
	{ "expires", 0, OPTION_NUMBER, "DAYS", "After so many days the key opens nothing (else: never)" },
	OPTION_END,
};

#define AS_SETTING(name, value, help, set, field, same, when)                                      \
	{ name, set, offsetof(struct daemon_options, field), same, when },
static const struct setting {
	const char *name;
	bool (*set)(void *field, const char *value, const char *base, const char **why);
	size_t offset;
	enum same same;
	enum when when;
} settings[] = { SETTINGS(AS_SETTING) };

/* ---- reading ---- */

static bool config_error(GError **err, const char *path, const char *why)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "%s: %s", path, why);
	return false;
}

static bool take_file(struct daemon_options *o, GKeyFile *file, const char *path, GError **err)
{
	g_autofree char *base = g_path_get_dirname(path);

	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
		const struct setting *s = &settings[i];
		g_autofree char *value = g_key_file_get_string(file, GROUP, s->name, NULL);
		const char *why = "is not understood";

		if (value && !s->set((char *)o + s->offset, g_strstrip(value), base, &why)) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
				    "%s, [" GROUP "]: %s %s", path, s->name, why);
			return false;
		}
	}
	return true;
}

static bool setting_known(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
		if (strcmp(settings[i].name, name) == 0)
			return true;
	}
	return false;
}

static void warn_unknown(struct daemon_options *o, GKeyFile *file, const char *path)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (char **group = groups; *group; group++) {
		g_auto(GStrv) keys = g_key_file_get_keys(file, *group, NULL, NULL);

		if (strcmp(*group, GROUP) != 0) {
			g_ptr_array_add(o->warnings,
					g_strdup_printf("%s: the group [%s] is not known and was "
							"left out", path, *group));
			continue;
		}
		for (char **key = keys; key && *key; key++) {
			if (!setting_known(*key))
				g_ptr_array_add(o->warnings,
						g_strdup_printf("%s: the key '%s' is not known and "
								"was left out", path, *key));
		}
	}
}

/* asked: by name, so it must be there. */
static bool read_file(struct daemon_options *o, const char *path, bool asked, GError **err)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) why = NULL;

	o->config = g_strdup(path);
	if (!plain_file_keys(file, path, &why)) {
		if (!asked && g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			return true;
		/* GLib's words may quote a line. */
		return config_error(err, path,
				    why->domain == G_FILE_ERROR
					    ? "the configuration cannot be read: is it there, and "
					      "may it be read?"
					    : "every line must be [a group], key = value or # a "
					      "comment, and the first one that counts [" GROUP "]");
	}
	warn_unknown(o, file, path);
	return take_file(o, file, path, err);
}

static bool take_args(struct daemon_options *o, const struct args *args, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
		const struct setting *s = &settings[i];
		const char *value = args_text(args, s->name), *why = "is not understood";

		if (value && !s->set((char *)o + s->offset, value, NULL, &why)) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--%s %s", s->name,
				    why);
			return false;
		}
	}
	return true;
}

/* ---- defaults ---- */

/* systemd may name several folders: the first is ours. */
static char *from_systemd(const char *variable, const char *name)
{
	const char *folders = g_getenv(variable);
	g_autofree char *first = folders ? g_strndup(folders, strcspn(folders, ":")) : NULL;

	return first && g_path_is_absolute(first) ? g_build_filename(first, name, NULL) : NULL;
}

static char *from_xdg(const char *variable, const char *below_home, const char *name)
{
	const char *folder = g_getenv(variable);
	g_autofree char *home = profile_home();

	if (folder && g_path_is_absolute(folder))
		return g_build_filename(folder, "keyrack", name, NULL);
	return below_home ? g_build_filename(home, below_home, "keyrack", name, NULL) : NULL;
}

static char *default_config(void)
{
	char *path = from_systemd("CONFIGURATION_DIRECTORY", FILE_NAME);

	return path ? path : from_xdg("XDG_CONFIG_HOME", ".config", FILE_NAME);
}

static void default_store(struct daemon_options *o)
{
	g_autofree char *path = from_systemd("STATE_DIRECTORY", "keyrackd.db");

	if (!path)
		path = from_xdg("XDG_STATE_HOME", ".local/state", "keyrackd.db");
	o->store = g_strconcat(STORE_PREFIX, path, NULL);
}

static bool default_listen(struct daemon_options *o, GError **err)
{
	g_autofree char *path = from_systemd("RUNTIME_DIRECTORY", "keyrackd.sock");

	if (!path)
		path = from_xdg("XDG_RUNTIME_DIR", NULL, "keyrackd.sock");
	if (path)
		o->listen = g_strconcat(SOCKET_PREFIX, path, NULL);
	else
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
				    "Where shall the API be served? There is no XDG_RUNTIME_DIR: "
				    "give --listen unix:PATH or --listen 127.0.0.1:7171");
	return path != NULL;
}

/* ---- what does not go together ---- */

static bool is_given(const struct daemon_options *o, const struct setting *s)
{
	static const struct daemon_options none = { .clock = { INT64_MIN },
						    .rate_limits = -1,
						    .seccomp = -1,
						    .landlock = -1,
						    .people = -1 };
	const char *a = (const char *)o + s->offset, *b = (const char *)&none + s->offset;
	size_t size = s->same == SAME_INT ? sizeof(int) : sizeof(int64_t);

	return memcmp(a, b, size) != 0;
}

static bool check_together(const struct daemon_options *o, GError **err)
{
	const char *why = NULL;

	if (!o->tls_cert != !o->tls_key)
		why = "TLS needs both --tls-cert and --tls-key";
	else if (instant_known(o->clock) && o->clock_rate)
		why = "--clock stands still: leave out --clock-rate, or --clock";
	if (why) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, why);
		return false;
	}
	for (size_t i = 0; !o->simulate && i < G_N_ELEMENTS(settings); i++) {
		if (settings[i].when == SIMULATED && is_given(o, &settings[i])) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
				    "--%s is for simulated locks: add --simulate harbour-house, or "
				    "leave it out", settings[i].name);
			return false;
		}
	}
	if (o->simulate)
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
			    "This keyrackd has no driver for real locks yet: add --simulate "
			    "harbour-house (or simulate = harbour-house in its configuration) to "
			    "run it on simulated ones");
	return false;
}

struct daemon_options *daemon_options_read(const struct args *args, bool for_key, GError **err)
{
	OWN(daemon_options) struct daemon_options *o = g_new0(struct daemon_options, 1);
	const char *asked = args_text(args, "config");
	g_autofree char *path = asked ? g_canonicalize_filename(asked, NULL) : default_config();
	struct daemon_options *done;

	o->clock = INSTANT_NONE;
	o->rate_limits = o->people = o->seccomp = o->landlock = -1;
	o->warnings = g_ptr_array_new_with_free_func(g_free);
	if (!read_file(o, path, asked != NULL, err) || !take_args(o, args, err))
		return NULL;
	if (!o->store)
		default_store(o);
	if (!o->seal_key)
		o->seal_key = vault_place("keyrackd.seal-key", NULL);
	if (!for_key && ((!o->listen && !default_listen(o, err)) || !check_together(o, err)))
		return NULL;
	done = o;
	o = NULL;
	return done;
}

void daemon_options_free(struct daemon_options *o)
{
	if (!o)
		return;
	g_free(o->config);
	g_free(o->store);
	g_free(o->listen);
	g_free(o->audit_key);
	g_free(o->seal_key);
	g_free(o->tls_cert);
	g_free(o->tls_key);
	g_free(o->simulate);
	if (o->warnings)
		g_ptr_array_unref(o->warnings);
	g_free(o);
}

char *daemon_audit_key(const struct daemon_options *o)
{
	return o->audit_key ? g_strdup(o->audit_key)
			    : g_strconcat(strchr(o->store, ':') + 1, ".audit.key", NULL);
}

static bool is_same(const struct setting *s, const struct daemon_options *a,
		    const struct daemon_options *b)
{
	const void *x = (const char *)a + s->offset, *y = (const char *)b + s->offset;

	if (s->same == SAME_TEXT)
		return g_strcmp0(*(char *const *)x, *(char *const *)y) == 0;
	return memcmp(x, y, s->same == SAME_INT ? sizeof(int) : sizeof(int64_t)) == 0;
}

void daemon_options_compare(const struct daemon_options *was, const struct daemon_options *is,
			    const char ***can, const char ***cannot)
{
	size_t n_can = 0, n_cannot = 0;

	*can = g_new0(const char *, G_N_ELEMENTS(settings) + 1);
	*cannot = g_new0(const char *, G_N_ELEMENTS(settings) + 1);
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
		if (is_same(&settings[i], was, is))
			continue;
		if (settings[i].when == ANY_TIME)
			(*can)[n_can++] = settings[i].name;
		else
			(*cannot)[n_cannot++] = settings[i].name;
	}
}
