/* setup - answers checked, and written once and whole; see setup.h. */
#include "config.h"

#include "cli/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/zone.h"
#include "sync/credential.h"

#define KEY_BYTES_MAX 512

void setup_clear(struct setup *s)
{
	g_free(s->endpoint);
	if (s->api_key)
		credential_wipe(s->api_key);
	g_free(s->name);
	g_free(s->zone);
	*s = (struct setup){ 0 };
}

const char *setup_wrong_endpoint(const char *text)
{
	const char *host = strstr(text, "://");

	if (g_str_has_prefix(text, "unix:"))
		return text[5] == '/'
			       ? NULL
			       : "After unix: comes the whole path of the socket, as in unix:/run/keyrackd.sock.";
	if (!g_str_has_prefix(text, "https://") && !g_str_has_prefix(text, "http://"))
		return "It begins with https:// (or http://, or unix:/ for a server on this computer).";
	if (!host[3] || host[3] == '/' || strpbrk(text, " \t"))
		return "The server's name is missing, or there is a blank in it: https://connect.getseam.com";
	return NULL;
}

const char *setup_wrong_key(const char *text)
{
	if (!*text)
		return "The key is missing: whoever runs the server has it.";
	if (strlen(text) > KEY_BYTES_MAX || strpbrk(text, " \t") || !g_str_is_ascii(text))
		return "That is no API key: it is one word, without blanks.";
	return NULL;
}

const char *setup_wrong_zone(const char *text)
{
	if (!*text || zone_is_known(zone_get(text)))
		return NULL;
	return "There is no such zone. It is written like Europe/Berlin; empty is this computer's.";
}

char *setup_key_of_file(const char *path, GError **err)
{
	g_autofree char *whole = g_str_has_prefix(path, "~/") ? g_build_filename(g_get_home_dir(), path + 2, NULL)
							      : g_strdup(path);
	char line[KEY_BYTES_MAX + 2] = "";
	FILE *in = fopen(whole, "re");
	char *key = NULL;

	if (!in) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "%s: %s", path, g_strerror(errno));
		return NULL;
	}
	if (fgets(line, sizeof line, in))
		key = g_strdup(g_strstrip(line));
	fclose(in);
	explicit_bzero(line, sizeof line);
	if (!key)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "%s is empty", path);
	return key;
}

char *setup_id(const char *name)
{
	g_autofree char *ascii = g_str_to_ascii(name, NULL);
	g_autoptr(GString) id = g_string_new(NULL);

	for (const char *p = ascii; *p; p++) {
		if (g_ascii_isalnum(*p) && *p != '?')
			g_string_append_c(id, g_ascii_tolower(*p));
		else if (id->len && id->str[id->len - 1] != '-')
			g_string_append_c(id, '-');
	}
	while (id->len && id->str[id->len - 1] == '-')
		g_string_truncate(id, id->len - 1);
	return g_strdup(id->len ? id->str : "house");
}

static char *config_of(const struct setup *s, const char *id, const char *key_path)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *group = g_strdup_printf("profile %s", id);

	g_key_file_set_string(file, "keyrack", "profile", id);
	g_key_file_set_string(file, group, "name", s->name);
	g_key_file_set_string(file, group, "endpoint", s->endpoint);
	g_key_file_set_string(file, group, "api-key-file", key_path);
	if (s->zone && *s->zone)
		g_key_file_set_string(file, group, "zone", s->zone);
	return g_key_file_to_data(file, NULL, NULL);
}

static bool fail(GError **err, const char *path)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s cannot be written: %s", path, g_strerror(errno));
	return false;
}

/* A new file, 0600, whole or not at all: link() refuses a name that is taken. */
static bool write_new(const char *path, const char *text, GError **err)
{
	g_autofree char *temp = g_strdup_printf("%s.XXXXXX", path);
	int fd = g_mkstemp_full(temp, O_WRONLY | O_CLOEXEC, 0600);
	size_t len = strlen(text);
	bool ok;

	if (fd < 0)
		return fail(err, path);
	ok = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	ok = ok && link(temp, path) == 0;
	if (!ok)
		fail(err, path);
	g_unlink(temp);
	return ok;
}

bool setup_save(const struct setup *s, const char *config_path, GError **err)
{
	g_autofree char *folder = g_path_get_dirname(config_path), *id = setup_id(s->name);
	g_autofree char *key_name = g_strconcat(id, ".key", NULL);
	g_autofree char *key_path = g_build_filename(folder, key_name, NULL);
	g_autofree char *config = config_of(s, id, key_path), *line = g_strconcat(s->api_key, "\n", NULL);
	bool ok;

	if (g_mkdir_with_parents(folder, 0700) != 0)
		ok = fail(err, folder);
	else
		ok = write_new(key_path, line, err);
	explicit_bzero(line, strlen(line));
	if (!ok)
		return false;
	ok = write_new(config_path, config, err);
	if (!ok)
		g_unlink(key_path);
	return ok;
}
