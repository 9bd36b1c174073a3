/* demo_config - see the header. */
#include "config.h"

#include "cli/demo_config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "core/error.h"
#include "core/plain_file.h"
#include "core/profile.h"

#define PROFILE "demo"

/* Of keyrack.conf what is about a console, not about a server, a desk or a list of guests. */
static const char *const groups[] = { "screen", "rack", "notify" };
/* Beside keyrack.conf; linked, so that reading them again finds what was written meanwhile. */
static const char *const files[] = { "keys.conf", "themes" };

static void copy_groups(GKeyFile *from, GKeyFile *to)
{
	for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
		g_auto(GStrv) keys = g_key_file_get_keys(from, groups[i], NULL, NULL);

		for (char **key = keys; key && *key; key++) {
			g_autofree char *value = g_key_file_get_value(from, groups[i], *key, NULL);

			g_key_file_set_value(to, groups[i], *key, value ? value : "");
		}
	}
}

static void link_files(const char *own, const char *below)
{
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *target = g_build_filename(own, files[i], NULL);
		g_autofree char *name = g_build_filename(below, files[i], NULL);

		/* Without them the demo has the keys and themes that everybody has. */
		if (g_file_test(target, G_FILE_TEST_EXISTS) && symlink(target, name) != 0)
			g_unlink(name);
	}
}

/* The rack as it was left on the operator's own profile. */
static void copy_view(const char *folder)
{
	OWN(profile) struct profile *p = profile_load(NULL, NULL);
	g_autofree char *from = p ? g_build_filename(p->state_folder, "view.conf", NULL) : NULL;
	g_autofree char *below = g_build_filename(folder, "state", "keyrack", PROFILE, NULL);
	g_autofree char *to = g_build_filename(below, "view.conf", NULL);
	g_autofree char *text = NULL;

	if (from && (text = plain_file_read(from, NULL)) && g_mkdir_with_parents(below, 0700) == 0)
		g_file_set_contents_full(to, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

void demo_live_in(const char *folder)
{
	static const char *const others[] = { "KEYRACK_ENDPOINT", "KEYRACK_API_KEY", "KEYRACK_WORKSPACE",
					      "KEYRACK_CA_FILE", "KEYRACK_CACHE" };
	g_autofree char *state = g_build_filename(folder, "state", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		g_unsetenv(others[i]);
	g_setenv("XDG_CONFIG_HOME", folder, TRUE);
	g_setenv("XDG_STATE_HOME", state, TRUE);
}

/* The operator's file; an empty one where there is none that can be read. */
static GKeyFile *own_file(const char *path)
{
	GKeyFile *file = g_key_file_new();

	plain_file_keys(file, path, NULL);
	return file;
}

static bool write_file(const struct demo_server *d, GKeyFile *own, const char *path)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *cache = g_build_filename(d->folder, "cache", NULL);

	g_key_file_set_string(file, "keyrack", "profile", PROFILE);
	g_key_file_set_string(file, "profile " PROFILE, "name", d->title);
	g_key_file_set_string(file, "profile " PROFILE, "endpoint", d->listen);
	g_key_file_set_string(file, "profile " PROFILE, "api-key-file", d->key_file);
	g_key_file_set_string(file, "profile " PROFILE, "folder", cache);
	if (own)
		copy_groups(own, file);
	return g_key_file_save_to_file(file, path, NULL);
}

static bool is_good(void)
{
	OWN(profile) struct profile *p = profile_load(PROFILE, NULL);

	return p != NULL;
}

bool demo_config_write(const struct demo_server *d, GError **err)
{
	g_autofree char *own_path = profile_config_path(), *own = g_path_get_dirname(own_path);
	g_autofree char *below = g_build_filename(d->folder, "keyrack", NULL);
	g_autofree char *path = g_build_filename(below, "keyrack.conf", NULL);
	g_autoptr(GKeyFile) file = own_file(own_path);
	bool ok = g_mkdir(below, 0700) == 0 && write_file(d, file, path);

	copy_view(d->folder);
	link_files(own, below);
	demo_live_in(d->folder);
	/* A value that makes no sense is for doctor to tell; here it would only keep the demo from starting. */
	if (ok && (is_good() || write_file(d, NULL, path)))
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s cannot be written", path);
	return false;
}
