/* profile_named - the groups [doors NAME] and [pattern NAME]; see the header. */
#include "core/profile_named.h"

#include <string.h>

#include "core/error.h"
#include "core/profile.h"

#define NAME_MAX_    40
#define DAY_LETTERS  "mtdwfs"

bool profile_is_named_group(const char *group)
{
	return g_str_has_prefix(group, DOORS_GROUP_PREFIX) || g_str_has_prefix(group, PATTERN_GROUP_PREFIX);
}

static void door_set_free(void *data)
{
	struct door_set *s = data;

	g_free(s->name);
	g_free(s->locks);
	g_free(s->place);
	g_free(s);
}

static void pattern_free(void *data)
{
	struct named_pattern *p = data;

	g_free(p->name);
	g_free(p);
}

/* ---- values ---- */

static bool set_locks(void *row, const char *value, char **why)
{
	(void)why;
	g_free(((struct door_set *)row)->locks);
	((struct door_set *)row)->locks = g_strdup(value);
	return true;
}

static bool set_place(void *row, const char *value, char **why)
{
	(void)why;
	g_free(((struct door_set *)row)->place);
	((struct door_set *)row)->place = g_strdup(value);
	return true;
}

static bool set_hours(void *row, const char *value, char **why)
{
	g_autoptr(GError) wrong = NULL;

	if (rota_hours_parse(value, &((struct named_pattern *)row)->hours, &wrong))
		return true;
	*why = g_strdup_printf("cannot be read: %s", wrong->message);
	return false;
}

static bool letter_of(const char *value, const char *without, char *letter, char **why)
{
	*letter = g_ascii_tolower(value[0]);
	if (g_ascii_islower(*letter) && !value[1] && !strchr(without, *letter))
		return true;
	*why = *without ? g_strdup("must be one letter, and none that a day of the week begins with (m, t, d, w, f, s)")
			: g_strdup("must be one letter, a to z");
	return false;
}

static bool set_doors_letter(void *row, const char *value, char **why)
{
	return letter_of(value, "", &((struct door_set *)row)->letter, why);
}

static bool set_pattern_letter(void *row, const char *value, char **why)
{
	return letter_of(value, DAY_LETTERS, &((struct named_pattern *)row)->letter, why);
}

struct named_key {
	const char *name;
	bool (*set)(void *row, const char *value, char **why); /* NULL: read before */
};
static const struct named_key doors_keys[] = {
	{ "locks", set_locks }, { "place", set_place }, { "letter", set_doors_letter },
	{ "profile", NULL },	{ NULL, NULL },
};
static const struct named_key pattern_keys[] = {
	{ "hours", set_hours }, { "letter", set_pattern_letter }, { "profile", NULL }, { NULL, NULL },
};

/* ---- groups ---- */

static bool fail(GError **err, const char *path, const char *group, const char *key, const char *why)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "%s, [%s]: %s %s", path, group, key, why);
	return false;
}

static bool read_keys(void *row, const struct named_key *keys, GKeyFile *file, const char *path, const char *group,
		      GPtrArray *warnings, GError **err)
{
	g_auto(GStrv) named = g_key_file_get_keys(file, group, NULL, NULL);

	for (char **name = named; name && *name; name++) {
		g_autofree char *value = g_key_file_get_string(file, group, *name, NULL), *why = NULL;
		const struct named_key *key = keys;

		while (key->name && strcmp(key->name, *name) != 0)
			key++;
		if (!key->name)
			g_ptr_array_add(warnings,
					g_strdup_printf("%s: the key '%s' of [%s] is not known and was left out",
							path, *name, group));
		else if (!value)
			return fail(err, path, group, *name, "is not valid text");
		else if (key->set && !key->set(row, g_strstrip(value), &why))
			return fail(err, path, group, *name, why);
	}
	return true;
}

static bool is_name(const char *name)
{
	return *name && g_utf8_strlen(name, -1) <= NAME_MAX_;
}

static bool read_doors(struct profile *p, GKeyFile *file, const char *path, const char *group, GError **err)
{
	struct door_set *s = g_new0(struct door_set, 1);

	g_ptr_array_add(p->door_sets, s);
	s->name = g_strstrip(g_strdup(group + strlen(DOORS_GROUP_PREFIX)));
	if (!is_name(s->name))
		return fail(err, path, group, "its name", "is 1 to 40 letters");
	if (!read_keys(s, doors_keys, file, path, group, p->warnings, err))
		return false;
	return s->locks || s->place || fail(err, path, group, "locks", "is missing: names of locks, or 'place = ...'");
}

static bool read_pattern(struct profile *p, GKeyFile *file, const char *path, const char *group, GError **err)
{
	struct named_pattern *n = g_new0(struct named_pattern, 1);

	g_ptr_array_add(p->patterns, n);
	n->name = g_strstrip(g_strdup(group + strlen(PATTERN_GROUP_PREFIX)));
	if (!is_name(n->name))
		return fail(err, path, group, "its name", "is 1 to 40 letters");
	if (!read_keys(n, pattern_keys, file, path, group, p->warnings, err))
		return false;
	return n->hours.days || fail(err, path, group, "hours", "is missing: mon-fri 8-14");
}

/* ---- letters ---- */

/* Written ones come first; the others get the first of their name that is left. */
static char free_letter(const char *name, const char *without, unsigned taken)
{
	for (const char *p = name; *p; p++) {
		char letter = g_ascii_tolower(*p);

		if (g_ascii_islower(letter) && !strchr(without, letter) && !(taken & 1u << (letter - 'a')))
			return letter;
	}
	for (int letter = 'a'; letter <= 'z'; letter++)
		if (!strchr(without, letter) && !(taken & 1u << (letter - 'a')))
			return (char)letter;
	return 0;
}

static void give_letters(struct profile *p)
{
	unsigned taken[2] = { 0, 0 };

	for (int round = 0; round < 2; round++) {
		for (guint i = 0; i < p->door_sets->len; i++) {
			struct door_set *s = p->door_sets->pdata[i];

			if (round && !s->letter)
				s->letter = free_letter(s->name, "", taken[0]);
			taken[0] |= s->letter ? 1u << (s->letter - 'a') : 0;
		}
		for (guint i = 0; i < p->patterns->len; i++) {
			struct named_pattern *n = p->patterns->pdata[i];

			if (round && !n->letter)
				n->letter = free_letter(n->name, DAY_LETTERS, taken[1]);
			taken[1] |= n->letter ? 1u << (n->letter - 'a') : 0;
		}
	}
}

bool profile_named_read(struct profile *p, GKeyFile *file, const char *path, bool others, GError **err)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	p->door_sets = g_ptr_array_new_with_free_func(door_set_free);
	p->patterns = g_ptr_array_new_with_free_func(pattern_free);
	for (char **group = groups; *group; group++) {
		g_autofree char *whose = NULL;
		bool doors = g_str_has_prefix(*group, DOORS_GROUP_PREFIX);

		if (!profile_is_named_group(*group))
			continue;
		whose = g_key_file_get_string(file, *group, "profile", NULL);
		if (whose ? strcmp(g_strstrip(whose), p->id) != 0 : !others)
			continue;
		if (!(doors ? read_doors(p, file, path, *group, err) : read_pattern(p, file, path, *group, err)))
			return false;
	}
	give_letters(p);
	return true;
}

const struct door_set *profile_door_set(const struct profile *p, const char *name)
{
	for (guint i = 0; p->door_sets && i < p->door_sets->len; i++)
		if (g_ascii_strcasecmp(((struct door_set *)p->door_sets->pdata[i])->name, name) == 0)
			return p->door_sets->pdata[i];
	return NULL;
}

const struct named_pattern *profile_pattern(const struct profile *p, const char *name)
{
	for (guint i = 0; p->patterns && i < p->patterns->len; i++)
		if (g_ascii_strcasecmp(((struct named_pattern *)p->patterns->pdata[i])->name, name) == 0)
			return p->patterns->pdata[i];
	return NULL;
}
