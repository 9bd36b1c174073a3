/* One function per place a key can come from, asked in order. Each says: found, not there, or
 * there but wrong (which ends the search: a bad file must not be passed over in silence). */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_LIBSECRET
#include <libsecret/secret.h>
#endif

#include "core/error.h"
#include "sync/credential.h"

#define KEY_BYTES_MAX 4096

/* memset may be left out by a compiler that sees no later read; a volatile pointer to it not. */
static void *(*const volatile wipe)(void *, int, size_t) = memset;

void credential_wipe(char *key)
{
	if (!key)
		return;
	wipe(key, 0, strlen(key));
	g_free(key);
}

/* What may stand in an Authorization header: visible ASCII. Never says what was found instead. */
static bool key_is_sound(const char *key, const char *where, GError **err)
{
	size_t i;

	for (i = 0; key[i]; i++) {
		if (key[i] <= ' ' || key[i] > '~')
			break;
	}
	if (key[i] == '\0' && i > 0)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
		    key[0] ? "%s does not hold an API key: one line of letters, digits and "
			     "signs is expected, without spaces"
			   : "%s is empty: put the API key there, alone on one line",
		    where);
	return false;
}

/* The key in fd as text; NULL with err. */
static char *read_key(int fd, const char *where, GError **err)
{
	char *key = g_malloc0(KEY_BYTES_MAX + 1);
	size_t n = 0;

	while (n < KEY_BYTES_MAX) {
		ssize_t got = read(fd, key + n, KEY_BYTES_MAX - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
				    "%s cannot be read: %s", where, g_strerror(errno));
			wipe(key, 0, KEY_BYTES_MAX);
			g_free(key);
			return NULL;
		}
		if (got == 0)
			break;
		n += (size_t)got;
	}
	g_strstrip(key);
	if (key_is_sound(key, where, err))
		return key;
	credential_wipe(key);
	return NULL;
}

static char *from_environment(const struct profile *p, char **where, GError **err)
{
	const char *text = g_getenv("KEYRACK_API_KEY");
	char *key;

	(void)p;
	if (!text || !*text)
		return NULL;
	*where = g_strdup("KEYRACK_API_KEY");
	key = g_strdup(text);
	g_strstrip(key);
	if (key_is_sound(key, *where, err))
		return key;
	credential_wipe(key);
	return NULL;
}

static char *from_file(const struct profile *p, char **where, GError **err)
{
	struct stat st;
	char *key = NULL;
	mode_t closed = p->group ? 0037 : 0077; /* a shared profile: its group may read */
	int fd;

	if (!p->api_key_file)
		return NULL;
	*where = g_strdup(p->api_key_file);
	fd = open(p->api_key_file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
			    "the API key file %s cannot be opened: %s", p->api_key_file,
			    g_strerror(errno));
	else if (!S_ISREG(st.st_mode))
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
			    "the API key file %s is not a file", p->api_key_file);
	else if (st.st_mode & closed)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
			    "others can read the API key file %s; run: chmod %s %s",
			    p->api_key_file, p->group ? "640" : "600", p->api_key_file);
	else
		key = read_key(fd, p->api_key_file, err);
	if (fd >= 0)
		close(fd);
	return key;
}

/* systemd hands a service its credentials as files in a folder only it can read. */
static char *from_systemd(const struct profile *p, char **where, GError **err)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *own = g_strdup_printf("keyrack-api-key-%s", p->id ? p->id : "default");
	const char *names[] = { own, "keyrack-api-key" };

	if (!folder || !*folder)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		char *key;

		if (fd < 0)
			continue;
		*where = g_strdup_printf("the systemd credential %s", names[i]);
		key = read_key(fd, *where, err);
		close(fd);
		return key;
	}
	return NULL;
}

#ifdef HAVE_LIBSECRET
static const SecretSchema key_schema = {
	.name = "org.keyrack.ApiKey",
	.flags = SECRET_SCHEMA_NONE,
	.attributes = { { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

/* No session bus, no keyring service, a locked one that nobody unlocks: the key is not there. */
static char *from_keyring(const struct profile *p, char **where, GError **err)
{
	const char *id = p->id ? p->id : "default";
	char *secret, *key;

	if (!g_getenv("DBUS_SESSION_BUS_ADDRESS"))
		return NULL;
	secret = secret_password_lookup_sync(&key_schema, NULL, NULL, "profile", id, NULL);
	if (!secret)
		return NULL;
	*where = g_strdup_printf("the keyring (profile %s)", id);
	key = g_strdup(secret);
	secret_password_wipe(secret);
	g_free(secret);
	g_strstrip(key);
	if (key_is_sound(key, *where, err))
		return key;
	credential_wipe(key);
	return NULL;
}
#endif

typedef char *place_fn(const struct profile *p, char **where, GError **err);

static place_fn *const places[] = {
	from_environment,
	from_file,
	from_systemd,
#ifdef HAVE_LIBSECRET
	from_keyring,
#endif
};

char *credential_load(const struct profile *p, char **where, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *found_in = NULL;
		GError *wrong = NULL;
		char *key = places[i](p, &found_in, &wrong);

		if (key) {
			if (where)
				*where = g_steal_pointer(&found_in);
			return key;
		}
		if (wrong) {
			g_propagate_error(err, wrong);
			return NULL;
		}
	}
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
		    "no API key for profile %s: name a file with api-key-file in keyrack.conf, or "
		    "set KEYRACK_API_KEY",
		    p->id ? p->id : "default");
	return NULL;
}
