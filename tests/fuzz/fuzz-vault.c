/* fuzz-vault: a secret that is sealed opens in its own place as it was, and nothing else opens; any text is a
 * key file or is refused.
 *
 * 'k' and a key file; 'u' and what claims to be sealed; else two bytes that say what is altered where, a
 * context in a line, and the secret. */
#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/vault.h"
#include "tests/fuzz/fuzz.h"

static char *folder, *path, *other;
static struct vault *vault;

static void at_exit(void)
{
	vault_free(vault);
	g_unlink(path);
	g_unlink(other);
	g_rmdir(folder);
	g_free(path);
	g_free(other);
	g_free(folder);
}

static void build(void)
{
	g_autoptr(GError) err = NULL;

	if (vault)
		return;
	folder = g_dir_make_tmp("fuzz-XXXXXX", NULL);
	path = g_build_filename(folder, "key", NULL);
	other = g_build_filename(folder, "other", NULL);
	vault = vault_open(path, VAULT_MAKE, &err);
	if (!vault)
		g_error("%s", err->message);
	atexit(at_exit);
}

static void key_file(const char *text, size_t len)
{
	g_autoptr(GError) err = NULL;
	OWN(vault) struct vault *v = NULL;

	if (!g_file_set_contents_full(other, text, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
		g_error("%s cannot be written", other);
	v = vault_open(other, VAULT_FIND, &err);
	g_assert_true((v != NULL) != (err != NULL));
	if (v) {
		g_assert_cmpint(vault_count(v), >=, 1);
		g_assert_cmpint(vault_count(v), <=, VAULT_KEYS_MAX);
		g_assert_true(vault_has(v, vault_newest(v)));
	}
}

static void unseal(const char *text)
{
	g_autoptr(GError) err = NULL;
	char *secret = vault_unseal(vault, "code.pin.1", text, &err);

	if (secret)
		g_error("somebody guessed a seal: %s", text);
	g_assert_nonnull(err);
	vault_key_of(text);
}

static void must_not_open(const char *context, const char *sealed, const char *why)
{
	g_autoptr(GError) err = NULL;
	char *secret = vault_unseal(vault, context, sealed, &err);

	if (secret)
		g_error("%s opens: %s", why, sealed);
	g_assert_true(err->code == KEYRACK_ERROR_CORRUPT || err->code == KEYRACK_ERROR_NOT_FOUND);
}

static void round_trip(const uint8_t where[2], const char *context, const char *secret)
{
	g_autofree char *sealed = vault_seal(vault, 0, context, secret), *elsewhere = g_strconcat(context, "x", NULL);
	char *opened = vault_unseal(vault, context, sealed, NULL);
	size_t at = (where[0] * 256u + where[1]) % strlen(sealed);
	uint8_t flip = (uint8_t)(1 + where[1] % 127);

	g_assert_true(vault_is_sealed(sealed));
	g_assert_cmpuint(vault_key_of(sealed), ==, vault_newest(vault));
	g_assert_cmpstr(opened, ==, secret);
	vault_forget(opened);
	must_not_open(elsewhere, sealed, "in another place it");
	if ((char)(sealed[at] ^ flip) != '\0') {
		sealed[at] = (char)(sealed[at] ^ flip);
		must_not_open(context, sealed, "altered it");
	}
	sealed[at] = '\0';
	must_not_open(context, sealed, "cut short it");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = NULL, *context = NULL;
	char *end;

	if (size < 3)
		return 0;
	build();
	text = g_strndup((const char *)data + 1, size - 1);
	if (data[0] == 'k') {
		key_file((const char *)data + 1, size - 1);
		return 0;
	}
	if (data[0] == 'u') {
		unseal(text);
		return 0;
	}
	end = strchr(text, '\n');
	context = g_strndup(text + 1, end && end > text ? (size_t)(end - text - 1) : 0);
	round_trip(data, context, end ? end + 1 : "");
	return 0;
}
