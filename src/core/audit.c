/* audit - lines, links and seals of the chain; see the header. */
#include "config.h"

#include "core/audit.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "core/audit_seal.h"
#include "core/error.h"
#include "core/jsonout.h"
#include "core/key_file.h"

void audit_line(GString *line, const struct audit_record *r)
{
	jsonout_object(line, NULL);
	jsonout_int(line, "no", r->no);
	jsonout_instant(line, "at", r->at);
	jsonout_string(line, "kind", r->kind);
	jsonout_string(line, "who", r->who);
	jsonout_raw(line, "body", r->body);
}

void audit_link(struct audit_head *head, const char *line, size_t len)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, AUDIT_HASH_BYTES);
	crypto_generichash_update(&state, head->hash, AUDIT_HASH_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)line, len);
	crypto_generichash_final(&state, head->hash, AUDIT_HASH_BYTES);
	head->no++;
}

void audit_hex(const unsigned char hash[static AUDIT_HASH_BYTES], char hex[static AUDIT_HEX])
{
	sodium_bin2hex(hex, AUDIT_HEX, hash, AUDIT_HASH_BYTES);
}

void audit_whole(GString *out, const char *line, const unsigned char hash[static AUDIT_HASH_BYTES])
{
	char hex[AUDIT_HEX];

	audit_hex(hash, hex);
	g_string_append(out, line);
	g_string_append_printf(out, ",\"hash\":\"%s\"}", hex);
}

/* ---- the key ---- */

#define WHAT "the audit's key"

struct audit_signer {
	unsigned char secret[crypto_sign_SECRETKEYBYTES], open[crypto_sign_PUBLICKEYBYTES];
};

static bool key_error(GError **err, enum keyrack_error code, const char *path, const char *what)
{
	g_set_error(err, KEYRACK_ERROR, code, WHAT " %s: %s", path, what);
	return false;
}

static struct audit_signer *signer_new(void)
{
	return sodium_init() < 0 ? NULL : sodium_malloc(sizeof(struct audit_signer));
}

static bool make_key(const char *path, GError **err)
{
	unsigned char open_half[crypto_sign_PUBLICKEYBYTES];
	unsigned char *secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
	enum { TEXT = 2 * crypto_sign_SEEDBYTES + 2 };
	char *text = sodium_malloc(TEXT);
	bool ok = secret && text;

	if (ok) {
		crypto_sign_keypair(open_half, secret);
		sodium_bin2hex(text, TEXT, secret, crypto_sign_SEEDBYTES);
		memcpy(text + TEXT - 2, "\n", 2);
		ok = key_file_put(WHAT, path, text, 0600, false, err);
	} else {
		key_error(err, KEYRACK_ERROR_FAILED, path, "no memory that stays in memory");
	}
	sodium_free(secret);
	sodium_free(text);
	return ok;
}

static bool read_seed(const char *path, int fd, unsigned char seed[static crypto_sign_SEEDBYTES], GError **err)
{
	enum { HEX = 2 * crypto_sign_SEEDBYTES };
	char text[HEX];
	bool ok = read(fd, text, HEX) == HEX &&
		  sodium_hex2bin(seed, crypto_sign_SEEDBYTES, text, HEX, NULL, NULL, NULL) == 0;

	sodium_memzero(text, sizeof text);
	return ok || key_error(err, KEYRACK_ERROR_CONFIG, path,
			       "it is no key; put it aside, and a new one is made");
}

/* The public half lies open beside it, for whoever verifies. */
static bool put_open_half(const char *path, const struct audit_signer *s, GError **err)
{
	g_autofree char *beside = g_strconcat(path, ".pub", NULL);
	char hex[AUDIT_HEX + 1];

	audit_hex(s->open, hex);
	memcpy(hex + AUDIT_HEX - 1, "\n", 2);
	return key_file_put(WHAT, beside, hex, 0644, true, err);
}

struct audit_signer *audit_signer_open(const char *path, GError **err)
{
	OWN(audit_signer) struct audit_signer *s = signer_new();
	unsigned char seed[crypto_sign_SEEDBYTES];
	g_autoptr(GError) why = NULL;
	int fd = s ? key_file_open(WHAT, path, false, &why) : -1;
	bool ok;

	if (g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND) && make_key(path, err)) {
		g_clear_error(&why);
		fd = key_file_open(WHAT, path, false, &why);
	}
	if (fd < 0) {
		if (why && err && !*err)
			g_propagate_error(err, g_steal_pointer(&why));
		return NULL;
	}
	ok = read_seed(path, fd, seed, err);
	close(fd);
	if (ok)
		crypto_sign_seed_keypair(s->open, s->secret, seed);
	sodium_memzero(seed, sizeof seed);
	return ok && put_open_half(path, s, err) ? g_steal_pointer(&s) : NULL;
}

void audit_signer_free(struct audit_signer *s)
{
	sodium_free(s);
}

/* ---- seals ---- */

char *audit_seal_text(const char *kind, int64_t no, const char *hex)
{
	return g_strdup_printf("keyrack audit %s %" G_GINT64_FORMAT " %s", kind, no, hex);
}

static char *signed_body(const struct audit_signer *s, const char *kind, const struct audit_head *head)
{
	unsigned char signature[crypto_sign_BYTES];
	char hex[AUDIT_HEX], key[AUDIT_HEX], signed_hex[AUDIT_SIGNATURE_HEX];
	g_autofree char *text = NULL;
	g_autoptr(GString) body = g_string_new(NULL);

	audit_hex(head->hash, hex);
	audit_hex(s->open, key);
	text = audit_seal_text(kind, head->no, hex);
	crypto_sign_detached(signature, NULL, (const unsigned char *)text, strlen(text), s->secret);
	sodium_bin2hex(signed_hex, sizeof signed_hex, signature, sizeof signature);
	jsonout_object(body, NULL);
	jsonout_int(body, "up_to", head->no);
	jsonout_string(body, "hash", hex);
	jsonout_string(body, "key", key);
	jsonout_string(body, "signature", signed_hex);
	jsonout_object_end(body);
	return g_string_free(g_steal_pointer(&body), FALSE);
}

char *audit_seal(const struct audit_signer *s, const struct audit_head *head)
{
	return signed_body(s, "seal", head);
}

char *audit_cut(const struct audit_signer *s, const struct audit_head *head)
{
	return signed_body(s, "cut", head);
}
