/* vault_keys - the key file of a vault: made, read, and given a new head. */
#include "config.h"

#include "core/vault_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/error.h"
#include "core/key_file.h"

#define WHAT "the vault's key"
#define HEAD "keyrack vault 1\n"

enum {
	HEX = 2 * crypto_kdf_KEYBYTES,
	LINE = HEX + 1,
	TEXT_MAX = sizeof HEAD + VAULT_KEYS_MAX * LINE,
};
enum subkey { SUBKEY_SEAL = 1, SUBKEY_MARK, SUBKEY_NUMBER };
static const char kdf_context[crypto_kdf_CONTEXTBYTES + 1] = "kr-vault";

static bool vault_error(GError **err, enum keyrack_error code, const char *path, const char *why)
{
	g_set_error(err, KEYRACK_ERROR, code, WHAT " %s: %s", path, why);
	return false;
}

char *vault_place(const char *credential, const char *path)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *brought = folder && *folder && credential ? g_build_filename(folder, credential, NULL) : NULL;

	if (brought && g_file_test(brought, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&brought);
	return g_strdup(path);
}

static void derive(struct vault_key *k)
{
	unsigned char number[crypto_kdf_BYTES_MIN];

	crypto_kdf_derive_from_key(k->seal, sizeof k->seal, SUBKEY_SEAL, kdf_context, k->master);
	crypto_kdf_derive_from_key(k->mark, sizeof k->mark, SUBKEY_MARK, kdf_context, k->master);
	crypto_kdf_derive_from_key(number, sizeof number, SUBKEY_NUMBER, kdf_context, k->master);
	memcpy(&k->number, number, sizeof k->number);
	if (k->number == 0)
		k->number = 1; /* 0 says 'the newest' */
}

/* One key a line, nothing else: a file that was cut or edited is refused, not half read. */
static bool parse(const char *text, size_t len, struct vault_keys *keys)
{
	const size_t head = strlen(HEAD);

	keys->n = 0;
	if (len < head + LINE || memcmp(text, HEAD, head) != 0 || (len - head) % LINE != 0)
		return false;
	for (const char *line = text + head; line < text + len && keys->n < VAULT_KEYS_MAX; line += LINE) {
		struct vault_key *k = &keys->key[keys->n];

		if (line[HEX] != '\n' ||
		    sodium_hex2bin(k->master, sizeof k->master, line, HEX, NULL, NULL, NULL) != 0)
			return false;
		derive(k);
		keys->n++;
	}
	return true;
}

static ssize_t read_whole(int fd, char *text, size_t room)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, text + len, room - len)) > 0)
		len += (size_t)n;
	return n < 0 ? -1 : (ssize_t)len;
}

static struct vault_keys *keys_new(const char *path, GError **err)
{
	struct vault_keys *keys = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *keys);

	if (!keys)
		vault_error(err, KEYRACK_ERROR_FAILED, path, "there is no memory that stays in memory");
	return keys;
}

static struct vault_keys *keys_read(const char *path, int fd, GError **err)
{
	struct vault_keys *keys = keys_new(path, err);
	char *text = keys ? sodium_malloc(TEXT_MAX) : NULL;
	ssize_t len = text ? read_whole(fd, text, TEXT_MAX) : -1;
	bool ok = len >= 0 && parse(text, (size_t)len, keys);

	if (keys && len < 0)
		vault_error(err, KEYRACK_ERROR_IO, path, g_strerror(errno));
	else if (keys && !ok)
		vault_error(err, KEYRACK_ERROR_CONFIG, path,
			    "it is no key, or was cut or edited: put it back from its backup");
	sodium_free(text);
	if (ok) {
		sodium_mprotect_readonly(keys);
		return keys;
	}
	sodium_free(keys);
	return NULL;
}

static struct vault_keys *keys_load(const char *path, bool group, GError **err)
{
	int fd = key_file_open(WHAT, path, group, err);
	struct vault_keys *keys = fd < 0 ? NULL : keys_read(path, fd, err);

	if (fd >= 0)
		close(fd);
	return keys;
}

/* The file with a new key before those there are. */
static bool write_keys(const char *path, bool group, const struct vault_keys *old, GError **err)
{
	char *text = sodium_init() < 0 ? NULL : sodium_malloc(TEXT_MAX);
	unsigned char *master = text ? sodium_malloc(crypto_kdf_KEYBYTES) : NULL;
	bool ok = master != NULL;

	if (ok) {
		char *p = text + sizeof HEAD - 1;

		memcpy(text, HEAD, sizeof HEAD - 1);
		crypto_kdf_keygen(master);
		for (int i = -1; i < (old ? old->n : 0); i++, p += LINE) {
			sodium_bin2hex(p, LINE, i < 0 ? master : old->key[i].master, crypto_kdf_KEYBYTES);
			p[HEX] = '\n';
		}
		*p = '\0';
		ok = key_file_put(WHAT, path, text, group ? 0640 : 0600, old != NULL, err);
	} else {
		vault_error(err, KEYRACK_ERROR_FAILED, path, "there is no memory that stays in memory");
	}
	sodium_free(master);
	sodium_free(text);
	return ok;
}

static bool make_first(const char *path, bool group, GError **err)
{
	g_autofree char *folder = g_path_get_dirname(path);

	if (g_mkdir_with_parents(folder, 0700) != 0)
		return vault_error(err, KEYRACK_ERROR_IO, path, g_strerror(errno));
	return write_keys(path, group, NULL, err);
}

struct vault *vault_open(const char *path, int how, GError **err)
{
	bool group = how & VAULT_GROUP;
	g_autoptr(GError) why = NULL;
	struct vault_keys *keys = keys_load(path, group, &why);
	struct vault *v;

	if (!keys && (how & VAULT_MAKE) && g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND)) {
		g_clear_error(&why);
		keys = make_first(path, group, &why) ? keys_load(path, group, &why) : NULL;
	}
	if (!keys) {
		g_propagate_error(err, g_steal_pointer(&why));
		return NULL;
	}
	v = g_new0(struct vault, 1);
	v->path = g_strdup(path);
	v->group = group;
	v->keys = keys;
	return v;
}

bool vault_reload(struct vault *v, GError **err)
{
	struct vault_keys *keys = keys_load(v->path, v->group, err);

	if (!keys)
		return false;
	sodium_free(v->keys);
	v->keys = keys;
	return true;
}

void vault_free(struct vault *v)
{
	if (!v)
		return;
	sodium_free(v->keys);
	g_free(v->path);
	g_free(v);
}

/* Of two that rotate at once the second waits for the first, and then begins with its file. */
uint32_t vault_rotate(struct vault *v, GError **err)
{
	g_autofree char *folder = g_path_get_dirname(v->path);
	int lock;
	bool ok;

	if (key_file_is_brought(v->path)) {
		vault_error(err, KEYRACK_ERROR_CONFIG, v->path,
			    "systemd brings it: put a new line of 64 hexadecimal digits (openssl rand -hex 32) before "
			    "the first key in the credential's source, keep the others, and start the service anew");
		return 0;
	}
	lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0 || flock(lock, LOCK_EX) != 0)
		ok = vault_error(err, KEYRACK_ERROR_IO, v->path, g_strerror(errno));
	else
		ok = vault_reload(v, err);
	if (ok && v->keys->n == VAULT_KEYS_MAX)
		ok = vault_error(err, KEYRACK_ERROR_CONFIG, v->path,
				 "it is full: take its last lines away, which nothing has been sealed with for long");
	ok = ok && write_keys(v->path, v->group, v->keys, err) && vault_reload(v, err);
	if (lock >= 0)
		close(lock);
	return ok ? vault_newest(v) : 0;
}
