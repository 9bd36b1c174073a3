/* profile - reading the configuration, and the environment over it.
 *
 * Every key is a row of a table: its name, the field it fills, and the function that judges its value. A
 * message says file, group and key; it never quotes a line, as that may be an API key in the wrong place. */
#include "config.h"

#include "core/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/plain_file.h"
#include "core/profile_feed.h"
#include "core/profile_named.h"
#include "core/profile_value.h"

#define GROUP_PREFIX	 "profile "
#define DEFAULT_ENDPOINT "https://connect.getseam.com"
#define DEFAULT_ID	 "default"

struct key {
	const char *name;
	bool (*set)(void *field, const char *value, const char *base, const char **why);
	size_t offset;
};

#define FIELD(f) offsetof(struct profile, f)

static const struct key profile_keys[] = {
	{ "name", value_text, FIELD(name) },
	{ "endpoint", value_endpoint, FIELD(endpoint) },
	{ "api-key-file", value_path, FIELD(api_key_file) },
	{ "ca-file", value_path, FIELD(ca_file) },
	{ "workspace", value_text, FIELD(workspace) },
	{ "zone", value_zone, FIELD(zone) },
	{ "folder", value_path, FIELD(folder) },
	{ "group", value_bool, FIELD(group) },
	{ "poll-interval", value_seconds, FIELD(poll_interval_ms) },
	{ "answer-timeout", value_seconds, FIELD(answer_timeout_ms) },
	{ "check-in", value_minutes, FIELD(check_in) },
	{ "check-out", value_minutes, FIELD(check_out) },
	{ "move-overlap", value_overlap, FIELD(move_overlap) },
	{ NULL, NULL, 0 },
};
static const struct key screen_keys[] = {
	{ "theme", value_text, FIELD(theme) },
	{ "ascii", value_bool, FIELD(ascii) },
	{ "mouse", value_bool, FIELD(mouse) },
	{ "copy-pins", value_bool, FIELD(copy_pins) },
	{ NULL, NULL, 0 },
};
static const struct key rack_keys[] = {
	{ "columns", value_text, FIELD(rack_columns) },
	{ NULL, NULL, 0 },
};
static const struct key desk_keys[] = {
	{ "idle-lock", value_span, FIELD(idle_lock_ms) },
	{ "kiosk-print", value_bool, FIELD(kiosk_print) },
	{ NULL, NULL, 0 },
};
static const struct key notify_keys[] = {
	{ "code-failed", value_bool, FIELD(notify_code_failed) },
	{ "lock-offline", value_bool, FIELD(notify_lock_offline) },
	{ "sync-stopped", value_bool, FIELD(notify_sync_stopped) },
	{ "refused", value_bool, FIELD(notify_refused) },
	{ "arrival-not-ready", value_bool, FIELD(notify_arrival) },
	{ "bell", value_bool, FIELD(bell) },
	{ NULL, NULL, 0 },
};
/* Read before there is a profile to fill: known, and nothing to set. */
static const struct key main_keys[] = {
	{ "profile", NULL, 0 },
	{ NULL, NULL, 0 },
};

static const struct {
	const char *name;
	const struct key *keys;
} groups[] = {
	{ "keyrack", main_keys },
	{ "screen", screen_keys },
	{ "rack", rack_keys },
	{ "desk", desk_keys },
	{ "notify", notify_keys },
};

static const struct {
	const char *variable;
	const char *key; /* of profile_keys */
} overrides[] = {
	{ "KEYRACK_ENDPOINT", "endpoint" },
	{ "KEYRACK_WORKSPACE", "workspace" },
	{ "KEYRACK_CA_FILE", "ca-file" },
	{ "KEYRACK_CACHE", "folder" },
};

static const struct key *key_find(const struct key *keys, const char *name)
{
	for (; keys->name; keys++) {
		if (strcmp(keys->name, name) == 0)
			return keys;
	}
	return NULL;
}

static const struct key *group_keys(const char *group)
{
	for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
		if (strcmp(groups[i].name, group) == 0)
			return groups[i].keys;
	}
	return g_str_has_prefix(group, GROUP_PREFIX) ? profile_keys : NULL;
}

/* The environment is asked each time: GLib's own answer is that of the program's start. */
static char *base_folder(const char *variable, const char *below_home)
{
	const char *named = g_getenv(variable);

	if (named && g_path_is_absolute(named))
		return g_build_filename(named, "keyrack", NULL);

	g_autofree char *home = profile_home();

	return g_build_filename(home, below_home, "keyrack", NULL);
}

char *profile_config_path(void)
{
	g_autofree char *folder = base_folder("XDG_CONFIG_HOME", ".config");

	return g_build_filename(folder, "keyrack.conf", NULL);
}

char *profile_file(const struct profile *p, const char *name)
{
	return g_build_filename(p->folder, name, NULL);
}

/* The number of the first line that is none of a key file's, 0 when each looks right. */
static unsigned bad_line(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (unsigned i = 0; lines[i]; i++) {
		const char *line = g_strstrip(lines[i]);

		if (line[0] && line[0] != '#' && line[0] != '[' &&
		    (line[0] == '=' || !strchr(line, '=')))
			return i + 1;
	}
	return 0;
}

/* An empty key file when there is none; NULL with err when it cannot be read. */
static GKeyFile *config_read(const char *path, GError **err)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) why = NULL;
	g_autofree char *text = plain_file_read(path, &why);

	if (!text) {
		if (g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
		    g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
			return g_steal_pointer(&file);
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "The configuration %s", why->message);
		return NULL;
	}
	if (text[0] && !g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, &why)) {
		unsigned line = bad_line(text);
		g_autofree char *where = line ? g_strdup_printf(", line %u", line) : g_strdup("");

		g_set_error(
			err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
			"%s%s: every line must be [a group], key = value or # a comment, and the "
			"first one that counts a [group]",
			path, where);
		return NULL;
	}
	return g_steal_pointer(&file);
}

static char **names_in(GKeyFile *file)
{
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();
	g_auto(GStrv) all = g_key_file_get_groups(file, NULL);

	for (char **group = all; *group; group++) {
		if (g_str_has_prefix(*group, GROUP_PREFIX)) {
			g_autofree char *id = g_strdup(*group + strlen(GROUP_PREFIX));

			g_strv_builder_add(names, g_strstrip(id));
		}
	}
	return g_strv_builder_end(names);
}

char **profile_names(GError **err)
{
	g_autofree char *path = profile_config_path();
	g_autoptr(GKeyFile) file = config_read(path, err);

	return file ? names_in(file) : NULL;
}

static bool config_error(GError **err, const char *form, ...) G_GNUC_PRINTF(2, 3);

static bool config_error(GError **err, const char *form, ...)
{
	va_list args;

	va_start(args, form);
	if (err)
		*err = g_error_new_valist(KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, form, args);
	va_end(args);
	return false;
}

/* The group's name as it stands in the file, which may hold more blanks than ours. */
static char *group_of(GKeyFile *file, const char *id)
{
	g_auto(GStrv) all = g_key_file_get_groups(file, NULL);

	for (char **group = all; *group; group++) {
		if (g_str_has_prefix(*group, GROUP_PREFIX)) {
			g_autofree char *name = g_strdup(*group + strlen(GROUP_PREFIX));

			if (strcmp(g_strstrip(name), id) == 0)
				return g_strdup(*group);
		}
	}
	return NULL;
}

static void warn(struct profile *p, const char *form, ...) G_GNUC_PRINTF(2, 3);

static void warn(struct profile *p, const char *form, ...)
{
	va_list args;

	va_start(args, form);
	g_ptr_array_add(p->warnings, g_strdup_vprintf(form, args));
	va_end(args);
}

/* By profile_feed.c and profile_named.c. */
static bool is_read_elsewhere(const char *group)
{
	return g_str_has_prefix(group, FEED_GROUP_PREFIX) || profile_is_named_group(group);
}

static void warn_unknown(struct profile *p, GKeyFile *file, const char *path)
{
	g_auto(GStrv) all = g_key_file_get_groups(file, NULL);

	for (char **group = all; *group; group++) {
		const struct key *known = group_keys(*group);
		g_auto(GStrv) keys = g_key_file_get_keys(file, *group, NULL, NULL);

		if (!known && is_read_elsewhere(*group))
			continue;
		if (!known) {
			warn(p, "%s: the group [%s] is not known and was left out", path, *group);
			continue;
		}
		for (char **key = keys; key && *key; key++) {
			if (strcmp(*key, "api-key") == 0)
				warn(p,
				     "%s: [%s] holds an api-key, which was left out. Move it to a "
				     "file that only you can read, and name that as api-key-file",
				     path, *group);
			else if (!key_find(known, *key))
				warn(p, "%s: the key '%s' of [%s] is not known and was left out",
				     path, *key, *group);
		}
	}
}

static bool set_field(struct profile *p, const struct key *key, const char *value, const char *base,
		      const char *where, GError **err)
{
	const char *why = NULL;

	if (key->set((char *)p + key->offset, value, base, &why))
		return true;
	return config_error(err, "%s: %s %s", where, key->name, why);
}

static bool read_group(struct profile *p, GKeyFile *file, const char *path, const char *group,
		       const struct key *keys, GError **err)
{
	g_autofree char *base = g_path_get_dirname(path);
	g_autofree char *where = g_strdup_printf("%s, [%s]", path, group);

	for (const struct key *key = keys; key->name; key++) {
		g_autoptr(GError) why = NULL;
		g_autofree char *value = NULL;

		if (!key->set || !g_key_file_has_key(file, group, key->name, NULL))
			continue;
		value = g_key_file_get_string(file, group, key->name, &why);
		if (!value)
			return config_error(err, "%s: %s is not valid text", where, key->name);
		if (!set_field(p, key, g_strstrip(value), base, where, err))
			return false;
	}
	return true;
}

static bool has_value(const char *variable)
{
	const char *value = g_getenv(variable);

	return value && value[0];
}

static bool environment_makes_profile(void)
{
	return has_value("KEYRACK_ENDPOINT") || has_value("KEYRACK_API_KEY");
}

/* The first group that means nothing; NULL: none. Most often a profile without the word before. */
static char *stray_group(GKeyFile *file)
{
	g_auto(GStrv) all = g_key_file_get_groups(file, NULL);

	for (char **group = all; *group; group++) {
		if (!group_keys(*group) && !is_read_elsewhere(*group))
			return g_strdup(*group);
	}
	return NULL;
}

/* Which profile is meant. NULL with err when nobody can tell. */
static char *choose(GKeyFile *file, const char *path, const char *id, GError **err)
{
	g_auto(GStrv) names = names_in(file);
	g_autofree char *list = g_strjoinv(", ", names);
	g_autofree char *stray = stray_group(file);
	g_autofree char *chosen = id && id[0]
					  ? g_strdup(id)
					  : g_key_file_get_string(file, "keyrack", "profile", NULL);

	if (chosen && g_strstrip(chosen)[0]) {
		if (g_strv_contains((const char *const *)names, chosen))
			return g_steal_pointer(&chosen);
		if (strcmp(chosen, DEFAULT_ID) == 0 && environment_makes_profile())
			return g_steal_pointer(&chosen);
		config_error(err, "There is no profile '%s' in %s. %s%s", chosen, path,
			     names[0] ? "It has: " : "Write a group [profile ...] there",
			     names[0] ? list : "");
		return NULL;
	}
	if (environment_makes_profile())
		return g_strdup(DEFAULT_ID);
	if (names[0] && !names[1])
		return g_strdup(names[0]);
	if (names[0])
		config_error(err,
			     "%s has several profiles (%s). Choose one with --profile, or write "
			     "'profile = %s' below [keyrack]",
			     path, list, names[0]);
	else if (stray)
		config_error(err,
			     "%s has a group [%s], which is not known, and no [profile ...]. If it "
			     "is a server's, call it [profile %s]",
			     path, stray, stray);
	else
		config_error(err,
			     "No server is configured. Write this to %s:\n\n[profile home]\n"
			     "endpoint = %s\napi-key-file = ~/.config/keyrack/home.key\n\n"
			     "or set KEYRACK_ENDPOINT and KEYRACK_API_KEY",
			     path, DEFAULT_ENDPOINT);
	return NULL;
}

/* The id becomes the name of a folder. */
static bool id_is_plain(const char *id)
{
	if (!g_ascii_isalnum(id[0]) || strlen(id) > 64)
		return false;
	for (; *id; id++) {
		if (!g_ascii_isalnum(*id) && !strchr("._-", *id))
			return false;
	}
	return true;
}

static struct profile *profile_new(const char *id)
{
	struct profile *p = g_new0(struct profile, 1);

	p->id = g_strdup(id);
	p->poll_interval_ms = 2000;
	p->check_in = 15 * 60;
	p->check_out = 11 * 60;
	p->move_overlap = 30;
	p->mouse = true;
	p->notify_code_failed = p->notify_lock_offline = p->notify_sync_stopped = true;
	p->notify_refused = p->notify_arrival = p->bell = true;
	p->warnings = g_ptr_array_new_with_free_func(g_free);
	return p;
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	g_free(p->id);
	g_free(p->name);
	g_free(p->endpoint);
	g_free(p->api_key_file);
	g_free(p->ca_file);
	g_free(p->workspace);
	g_free(p->zone);
	g_free(p->folder);
	g_free(p->theme);
	g_free(p->rack_columns);
	g_free(p->state_folder);
	g_ptr_array_unref(p->warnings);
	g_clear_pointer(&p->feeds, g_ptr_array_unref);
	g_clear_pointer(&p->door_sets, g_ptr_array_unref);
	g_clear_pointer(&p->patterns, g_ptr_array_unref);
	g_free(p);
}

char *profile_state_file(const char *name)
{
	g_autofree char *base = base_folder("XDG_STATE_HOME", ".local/state");

	return g_build_filename(base, name, NULL);
}

static char *default_folder(const struct profile *p, bool endpoint_replaced)
{
	g_autofree char *base = base_folder("XDG_CACHE_HOME", ".cache");

	if (!endpoint_replaced)
		return g_build_filename(base, p->id, NULL);

	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, p->endpoint, -1);
	g_autofree char *name = g_strdup_printf("%s@%.12s", p->id, sum);

	return g_build_filename(base, name, NULL);
}

static bool read_environment(struct profile *p, GError **err)
{
	g_autofree char *here = g_get_current_dir();
	g_autofree char *endpoint = g_strdup(p->endpoint);
	bool replaced;

	for (size_t i = 0; i < G_N_ELEMENTS(overrides); i++) {
		const struct key *key = key_find(profile_keys, overrides[i].key);
		const char *why = NULL;

		if (has_value(overrides[i].variable) &&
		    !key->set((char *)p + key->offset, g_getenv(overrides[i].variable), here, &why))
			return config_error(err, "%s %s", overrides[i].variable, why);
	}
	replaced = endpoint && strcmp(endpoint, p->endpoint) != 0;
	if (replaced && !has_value("KEYRACK_CACHE"))
		g_clear_pointer(&p->folder, g_free);
	if (!p->endpoint && has_value("KEYRACK_API_KEY"))
		p->endpoint = g_strdup(DEFAULT_ENDPOINT);
	if (p->endpoint && !p->folder)
		p->folder = default_folder(p, replaced);
	return true;
}

static bool finish(struct profile *p, const char *path, GError **err)
{
	if (!p->endpoint)
		return config_error(err,
				    "%s, [profile %s]: there is no endpoint. Write for example: "
				    "endpoint = %s",
				    path, p->id, DEFAULT_ENDPOINT);
	if (!p->name || !p->name[0]) {
		g_free(p->name);
		p->name = g_strdup(p->id);
	}
	if (endpoint_is_in_clear(p->endpoint))
		warn(p,
		     "%s has no encryption: others on the network can read the API key and the "
		     "PINs",
		     p->endpoint);
	return true;
}

/* What names no profile is of the only one, or of the one used without --profile. */
static bool read_named(struct profile *p, GKeyFile *file, const char *path, GError **err)
{
	g_auto(GStrv) names = names_in(file);
	g_autofree char *main_one = g_key_file_get_string(file, "keyrack", "profile", NULL);
	bool others = g_strv_length(names) <= 1 || (main_one && strcmp(g_strstrip(main_one), p->id) == 0);

	p->feeds = profile_feeds_read(file, path, p->id, others, p->warnings, err);
	return p->feeds != NULL && profile_named_read(p, file, path, others, err);
}

struct profile *profile_load(const char *id, GError **err)
{
	g_autofree char *path = profile_config_path();
	g_autoptr(GKeyFile) file = config_read(path, err);
	g_autofree char *chosen = file ? choose(file, path, id, err) : NULL;

	if (!chosen)
		return NULL;
	if (!id_is_plain(chosen)) {
		config_error(err,
			     "%s: a profile's name is made of letters, digits, '.', '-' and '_', "
			     "not '%s'",
			     path, chosen);
		return NULL;
	}

	OWN(profile) struct profile *p = profile_new(chosen);
	g_autofree char *group = group_of(file, chosen);

	warn_unknown(p, file, path);
	if ((group && !read_group(p, file, path, group, profile_keys, err)) ||
	    !read_group(p, file, path, "screen", screen_keys, err) ||
	    !read_group(p, file, path, "rack", rack_keys, err) ||
	    !read_group(p, file, path, "desk", desk_keys, err) ||
	    !read_group(p, file, path, "notify", notify_keys, err) || !read_environment(p, err) ||
	    !read_named(p, file, path, err) || !finish(p, path, err))
		return NULL;
	p->state_folder = profile_state_file(p->id);
	return g_steal_pointer(&p);
}

bool profile_make_folder(const struct profile *p, GError **err)
{
	g_autofree char *above = g_path_get_dirname(p->folder);
	struct stat st;

	/* What lies above must be passable for the group; the folder itself keeps others out. */
	if (g_mkdir_with_parents(above, p->group ? 0755 : 0700) < 0 ||
	    (mkdir(p->folder, 0700) < 0 && errno != EEXIST) || stat(p->folder, &st) < 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "The folder %s cannot be made: %s. Make it, or name another one as "
			    "'folder' of [profile %s]",
			    p->folder, g_strerror(errno), p->id);
		return false;
	}
	if (!S_ISDIR(st.st_mode)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s is not a folder", p->folder);
		return false;
	}
	if (st.st_uid != geteuid() && (st.st_mode & S_IWOTH))
		return config_error(err,
				    "Everybody can write to the folder %s, and its owner is another "
				    "user: name another one as 'folder' of [profile %s]",
				    p->folder, p->id);

	/* The umask took from mkdir's mode, and an older folder may be open to others. Only its owner can mend it. */
	mode_t mode = p->group ? 02770 : st.st_mode & 07700;

	if (st.st_uid == geteuid() && (st.st_mode & 07777) != mode && chmod(p->folder, mode) < 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "The rights of the folder %s cannot be set: %s", p->folder,
			    g_strerror(errno));
		return false;
	}
	return true;
}
