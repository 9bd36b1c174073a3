/* operators - a key file and Argon2id; see the header. */
#include "config.h"

#include "core/operators.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/plain_file.h"
#include "core/profile.h"
#include "core/text.h"

#define PREFIX "operator "
#define TRIES  "tries"
#define WAIT_MAX_S 60

const struct operators_cost operators_cost_usual = { crypto_pwhash_OPSLIMIT_MODERATE,
						     crypto_pwhash_MEMLIMIT_MODERATE };

struct operators {
	char *path;
	GKeyFile *file;
};

char *operators_path(void)
{
	g_autofree char *config = profile_config_path();
	g_autofree char *folder = g_path_get_dirname(config);

	return g_build_filename(folder, "operators.conf", NULL);
}

static bool config_error(GError **err, const char *path, const char *what)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, "%s: %s", path, what);
	return false;
}

static bool read_file(struct operators *o, GError **err)
{
	g_autoptr(GError) why = NULL;
	struct stat st;

	if (stat(o->path, &st) != 0)
		return errno == ENOENT || errno == ENOTDIR || config_error(err, o->path, g_strerror(errno));
	if (!S_ISREG(st.st_mode) || (st.st_mode & 077) || st.st_uid != geteuid())
		return config_error(err, o->path, "others can read or change it: make it yours alone (chmod 600)");
	if (!plain_file_keys(o->file, o->path, &why))
		return config_error(err, o->path, "it cannot be read; add the operators again");
	return true;
}

struct operators *operators_load(const char *path, GError **err)
{
	OWN(operators) struct operators *o = g_new0(struct operators, 1);

	o->path = g_strdup(path);
	o->file = g_key_file_new();
	return read_file(o, err) ? g_steal_pointer(&o) : NULL;
}

void operators_free(struct operators *o)
{
	if (!o)
		return;
	g_key_file_unref(o->file);
	g_free(o->path);
	g_free(o);
}

static bool write_file(struct operators *o, GError **err)
{
	g_autofree char *folder = g_path_get_dirname(o->path);
	g_autoptr(GError) why = NULL;
	gsize n;
	g_autofree char *text = g_key_file_to_data(o->file, &n, NULL);

	if (g_mkdir_with_parents(folder, 0700) == 0 &&
	    g_file_set_contents_full(o->path, text, (gssize)n, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &why))
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s cannot be written: %s", o->path,
		    why ? why->message : g_strerror(errno));
	return false;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return g_utf8_collate(*(char *const *)a, *(char *const *)b);
}

char **operators_names(const struct operators *o)
{
	g_auto(GStrv) groups = g_key_file_get_groups(o->file, NULL);
	GPtrArray *names = g_ptr_array_new();

	for (char **g = groups; *g; g++)
		if (g_str_has_prefix(*g, PREFIX))
			g_ptr_array_add(names, g_strdup(*g + strlen(PREFIX)));
	g_ptr_array_sort(names, by_name);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

static char *group_of(const char *name)
{
	return g_strconcat(PREFIX, name, NULL);
}

/* It becomes a group's name in the file, and stands in the journal. */
static bool name_is_plain(const char *name)
{
	g_autofree char *safe = text_safe(name);

	return *name && strcmp(safe, name) == 0 && !strpbrk(name, "[]") &&
	       g_utf8_strlen(name, -1) <= OPERATOR_NAME_MAX && !g_ascii_isspace(name[0]) &&
	       !g_ascii_isspace(name[strlen(name) - 1]);
}

bool operators_add(struct operators *o, const char *name, const char *pin, const struct operators_cost *cost,
		   GError **err)
{
	char hash[crypto_pwhash_STRBYTES];
	size_t n = strlen(pin);
	g_autofree char *group = group_of(name);

	if (!name_is_plain(name)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "An operator's name has 1 to %d characters, without brackets", OPERATOR_NAME_MAX);
		return false;
	}
	if (n < OPERATOR_PIN_MIN || n > OPERATOR_PIN_MAX) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "An operator's PIN has %d to %d characters",
			    OPERATOR_PIN_MIN, OPERATOR_PIN_MAX);
		return false;
	}
	if (sodium_init() < 0 || crypto_pwhash_str(hash, pin, n, cost->operations, cost->memory) != 0) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
				    "There is not memory enough to guard a PIN: 256 MB are needed");
		return false;
	}
	g_key_file_set_string(o->file, group, "argon2id", hash);
	return write_file(o, err);
}

bool operators_remove(struct operators *o, const char *name, GError **err)
{
	g_autofree char *group = group_of(name);

	if (!g_key_file_remove_group(o->file, group, NULL)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "There is no operator '%s'", name);
		return false;
	}
	return write_file(o, err);
}

/* ---- roles ---- */

static const char *const role_words[OPERATOR_ROLE_COUNT] = {
	[OPERATOR_READ] = "read",
	[OPERATOR_DESK] = "desk",
	[OPERATOR_ADMIN] = "admin",
};

const char *operator_role_word(enum operator_role role)
{
	g_return_val_if_fail((unsigned)role < OPERATOR_ROLE_COUNT, "");
	return role_words[role];
}

bool operator_role_of(const char *word, enum operator_role *role)
{
	for (int i = 0; i < OPERATOR_ROLE_COUNT; i++) {
		if (g_strcmp0(word, role_words[i]) != 0)
			continue;
		*role = (enum operator_role)i;
		return true;
	}
	return false;
}

enum operator_role operators_role(const struct operators *o, const char *name)
{
	g_autofree char *group = group_of(name), *word = g_key_file_get_string(o->file, group, "role", NULL);
	enum operator_role role = OPERATOR_READ;

	return !word ? OPERATOR_ADMIN : operator_role_of(word, &role) ? role : OPERATOR_READ;
}

bool operators_have_roles(const struct operators *o)
{
	g_auto(GStrv) groups = g_key_file_get_groups(o->file, NULL);
	bool any = false;

	for (char **g = groups; *g && !any; g++)
		any = g_str_has_prefix(*g, PREFIX) && g_key_file_has_key(o->file, *g, "role", NULL);
	return any;
}

bool operators_set_role(struct operators *o, const char *name, enum operator_role role, GError **err)
{
	g_autofree char *group = group_of(name);

	if (!g_key_file_has_group(o->file, group)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "There is no operator '%s'", name);
		return false;
	}
	g_key_file_set_string(o->file, group, "role", operator_role_word(role));
	return write_file(o, err);
}

char *operators_hash(const struct operators *o, const char *name)
{
	g_autofree char *group = group_of(name);

	return g_key_file_get_string(o->file, group, "argon2id", NULL);
}

bool operators_right(const char *hash, const char *pin)
{
	return sodium_init() >= 0 && strlen(hash) < crypto_pwhash_STRBYTES &&
	       crypto_pwhash_str_verify(hash, pin, strlen(pin)) == 0;
}

int operators_wait_ms(const struct operators *o, struct instant now)
{
	int wrong = g_key_file_get_integer(o->file, TRIES, "wrong", NULL);
	gint64 last = g_key_file_get_int64(o->file, TRIES, "last", NULL);
	gint64 wait = wrong <= 0 ? 0 : wrong > 6 ? WAIT_MAX_S : MIN(1 << (wrong - 1), WAIT_MAX_S);
	gint64 gone = now.ms - last;

	/* A clock that was set back does not lengthen it beyond itself. */
	return (int)(gone < 0 ? wait * 1000 : MAX(wait * 1000 - gone, 0));
}

bool operators_note_try(struct operators *o, struct instant now, GError **err)
{
	int wrong = g_key_file_get_integer(o->file, TRIES, "wrong", NULL);

	g_key_file_set_integer(o->file, TRIES, "wrong", CLAMP(wrong, 0, 1000) + 1);
	g_key_file_set_int64(o->file, TRIES, "last", now.ms);
	return write_file(o, err);
}

bool operators_note_right(struct operators *o, GError **err)
{
	g_key_file_remove_group(o->file, TRIES, NULL);
	return write_file(o, err);
}
