/* profile_feed - the groups [feed NAME] of the configuration; see the header. */
#include "core/profile_feed.h"

#include <string.h>

#include "core/error.h"
#include "core/profile.h"
#include "core/profile_value.h"

#define INTERVAL_MIN 5
#define INTERVAL_MAX (24 * 60)
#define NAME_MAX_    40

void feed_profile_free(struct feed_profile *f)
{
	g_free(f->name);
	g_free(f->url);
	g_free(f->room);
	g_free(f->doors);
	g_free(f);
}

static bool take_text(char **field, const char *value)
{
	g_free(*field);
	*field = *value ? g_strdup(value) : NULL;
	return true;
}

static bool set_url(struct feed_profile *f, const char *value, const char *base, const char **why)
{
	g_autoptr(GUri) uri = NULL;

	if (!strstr(value, "://"))
		return value_path(&f->url, value, base, why);
	uri = g_uri_parse(value, G_URI_FLAGS_ENCODED, NULL);
	*why = "must be https://..., or a file on this computer";
	if (!uri)
		return false;
	if (strcmp(g_uri_get_scheme(uri), "file") == 0)
		return value_path(&f->url, g_uri_get_path(uri), base, why);
	if ((strcmp(g_uri_get_scheme(uri), "https") != 0 && strcmp(g_uri_get_scheme(uri), "http") != 0) ||
	    !g_uri_get_host(uri) || !*g_uri_get_host(uri))
		return false;
	*why = "must be https://: over http:// everybody on the way reads who comes, and the address itself";
	return !endpoint_is_in_clear(value) && take_text(&f->url, value);
}

static bool set_room(struct feed_profile *f, const char *value, const char *base, const char **why)
{
	(void)base;
	(void)why;
	return take_text(&f->room, value);
}

static bool set_doors(struct feed_profile *f, const char *value, const char *base, const char **why)
{
	(void)base;
	(void)why;
	return take_text(&f->doors, value);
}

static bool one_of(const char *const *words, const char *value, int *out)
{
	for (int i = 0; words[i]; i++)
		if (g_ascii_strcasecmp(words[i], value) == 0) {
			*out = i;
			return true;
		}
	return false;
}

static bool set_kind(struct feed_profile *f, const char *value, const char *base, const char **why)
{
	static const char *const words[] = { "auto", "ical", "csv", NULL };
	int i = 0;

	(void)base;
	*why = "must be ical or csv";
	if (!one_of(words, value, &i))
		return false;
	f->kind = (enum feed_kind)i;
	return true;
}

static bool set_auto(struct feed_profile *f, const char *value, const char *base, const char **why)
{
	static const char *const words[] = { "no", "new", "all", NULL };
	int i = 0;

	(void)base;
	*why = "must be no, new or all";
	if (!one_of(words, value, &i))
		return false;
	f->auto_apply = (enum feed_auto)i;
	return true;
}

static bool set_pin(struct feed_profile *f, const char *value, const char *base, const char **why)
{
	static const char *const words[] = { "random", "phone", NULL };
	int i = 0;

	(void)base;
	*why = "must be random or phone";
	if (!one_of(words, value, &i))
		return false;
	f->pin_from_phone = i == 1;
	return true;
}

static bool set_interval(struct feed_profile *f, const char *value, const char *base, const char **why)
{
	guint64 minutes;

	(void)base;
	*why = "must be 5 to 1440 minutes";
	if (!g_ascii_string_to_unsigned(value, 10, INTERVAL_MIN, INTERVAL_MAX, &minutes, NULL))
		return false;
	f->interval_ms = (int)minutes * 60000;
	return true;
}

static bool set_profile(struct feed_profile *f, const char *value, const char *base, const char **why)
{
	(void)f; /* read before */
	(void)value;
	(void)base;
	(void)why;
	return true;
}

static const struct {
	const char *name;
	bool (*set)(struct feed_profile *f, const char *value, const char *base, const char **why);
} keys[] = {
	{ "url", set_url },   { "profile", set_profile }, { "kind", set_kind }, { "room", set_room },
	{ "doors", set_doors }, { "interval", set_interval }, { "auto", set_auto }, { "pin", set_pin },
};

static bool fail(GError **err, const char *path, const char *group, const char *key, const char *why)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "%s, [%s]: %s %s", path, group, key, why);
	return false;
}

static bool read_keys(struct feed_profile *f, GKeyFile *file, const char *path, const char *group, GPtrArray *warnings,
		      GError **err)
{
	g_auto(GStrv) named = g_key_file_get_keys(file, group, NULL, NULL);
	g_autofree char *base = g_path_get_dirname(path);

	for (char **key = named; key && *key; key++) {
		g_autofree char *value = g_key_file_get_string(file, group, *key, NULL);
		const char *why = "";
		size_t i = 0;

		while (i < G_N_ELEMENTS(keys) && strcmp(keys[i].name, *key) != 0)
			i++;
		if (i == G_N_ELEMENTS(keys)) {
			g_ptr_array_add(warnings,
					g_strdup_printf("%s: the key '%s' of [%s] is not known and was left out",
							path, *key, group));
			continue;
		}
		if (!value)
			return fail(err, path, group, *key, "is not valid text");
		if (!keys[i].set(f, g_strstrip(value), base, &why))
			return fail(err, path, group, *key, why);
	}
	return f->url || fail(err, path, group, "url", "is missing: the address of the feed, or a file");
}

static bool is_name(const char *name)
{
	if (!*name || g_utf8_strlen(name, -1) > NAME_MAX_)
		return false;
	for (const char *p = name; *p; p += g_utf8_skip[(guchar)*p])
		if (!g_unichar_isprint(g_utf8_get_char(p)))
			return false;
	return true;
}

GPtrArray *profile_feeds_read(GKeyFile *file, const char *path, const char *id, bool others, GPtrArray *warnings,
			      GError **err)
{
	g_autoptr(GPtrArray) feeds = g_ptr_array_new_with_free_func((GDestroyNotify)feed_profile_free);
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (char **group = groups; *group; group++) {
		g_autofree char *whose = NULL;
		struct feed_profile *f;

		if (!g_str_has_prefix(*group, FEED_GROUP_PREFIX))
			continue;
		whose = g_key_file_get_string(file, *group, "profile", NULL);
		if (whose ? strcmp(g_strstrip(whose), id) != 0 : !others)
			continue;
		f = g_new0(struct feed_profile, 1);
		f->interval_ms = 15 * 60000;
		f->name = g_strstrip(g_strdup(*group + strlen(FEED_GROUP_PREFIX)));
		g_ptr_array_add(feeds, f);
		if (!is_name(f->name)) {
			fail(err, path, *group, "a feed's name", "is 1 to 40 letters that can be printed");
			return NULL;
		}
		if (!read_keys(f, file, path, *group, warnings, err))
			return NULL;
	}
	return g_steal_pointer(&feeds);
}

char *feed_profile_place(const struct feed_profile *f)
{
	g_autoptr(GUri) uri = strstr(f->url, "://") ? g_uri_parse(f->url, G_URI_FLAGS_ENCODED, NULL) : NULL;

	if (!uri)
		return g_strdup(strstr(f->url, "://") ? "..." : f->url);
	return g_strdup_printf("%s://%s/...", g_uri_get_scheme(uri), g_uri_get_host(uri));
}

const struct feed_profile *profile_feed(const struct profile *p, const char *name)
{
	for (guint i = 0; p->feeds && i < p->feeds->len; i++) {
		const struct feed_profile *f = g_ptr_array_index(p->feeds, i);

		if (strcmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}
