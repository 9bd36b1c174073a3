/* keys - see the header. */
#include "config.h"

#include "daemon/keys.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/exit.h"
#include "core/jsonout.h"
#include "core/text.h"
#include "engine/store.h"

#define NAME_MAX_CHARS 100
#define SHORT_ID 8
#define EXPIRES_MAX 3650 /* days */

static const struct {
	const char *word;
	enum key_role role;
} roles[] = { { "admin", KEY_ADMIN }, { "desk", KEY_DESK }, { "read", KEY_READ } };

static enum key_role role_of(const char *word)
{
	for (size_t i = 0; word && i < G_N_ELEMENTS(roles); i++) {
		if (strcmp(roles[i].word, word) == 0)
			return roles[i].role;
	}
	return KEY_NONE;
}

static const char *role_word(enum key_role role)
{
	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
		if (roles[i].role == role)
			return roles[i].word;
	}
	return "?";
}

/* It is shown in lists: no line ends, no escapes, and not a novel. */
static bool is_name(const char *name)
{
	g_autofree char *safe = text_safe(name);

	return g_utf8_validate(name, -1, NULL) && g_utf8_strlen(name, -1) <= NAME_MAX_CHARS &&
	       strcmp(safe, name) == 0;
}

/* Whose act it was, in the audit: within the transaction that changes the key. */
static bool note_act(struct store *s, const char *act, const char *short_id, const char *role,
		     struct instant expires_at, GError **err)
{
	g_autoptr(GString) body = g_string_new(NULL);
	struct audit_record r = { .at = instant_now(), .kind = AUDIT_KEY, .who = g_get_user_name() };

	jsonout_object(body, NULL);
	jsonout_string(body, "act", act);
	jsonout_string(body, "key", short_id);
	if (role)
		jsonout_string(body, "role", role);
	if (instant_known(expires_at))
		jsonout_instant(body, "expires_at", expires_at);
	jsonout_object_end(body);
	r.body = body->str;
	return store_add_audit(s, &r, err);
}

static char *make(const char *url, enum key_role role, const char *name, struct instant expires_at, GError **err)
{
	OWN(store) struct store *s = store_open_beside(url, err);
	g_autofree char *short_id = NULL;
	char *key;

	if (!s || !store_begin(s, err))
		return NULL;
	key = store_key_create_until(s, role, name, expires_at, err);
	short_id = key ? g_strndup(key + strlen("seam_"), SHORT_ID) : NULL;
	if (key && note_act(s, "create", short_id, role_word(role), expires_at, err) && store_commit(s, err))
		return key;
	store_rollback(s);
	if (key)
		sodium_memzero(key, strlen(key));
	g_free(key);
	return NULL;
}

/* The key and nothing else, so that it can go straight into a file. */
static int create(const char *store, const struct args *args, GError **err)
{
	enum key_role role = role_of(args_text(args, "role"));
	int64_t days = args_number(args, "expires", -1);
	bool ok;
	char *key;

	if (role == KEY_NONE) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    args_has(args, "role")
					    ? "--role must be admin, desk or read"
					    : "What may the key do? --role admin, desk or read");
		return EXIT_USAGE;
	}
	if (args_has(args, "name") && !is_name(args_text(args, "name"))) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "--name must be at most %d characters that can be seen",
			    NAME_MAX_CHARS);
		return EXIT_USAGE;
	}
	if (days == 0 || days > EXPIRES_MAX) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--expires must be 1 to %d days", EXPIRES_MAX);
		return EXIT_USAGE;
	}
	key = make(store, role, args_text(args, "name"),
		   days > 0 ? instant_add_ms(instant_now(), days * DAY_MS) : INSTANT_NONE, err);
	if (!key)
		return EXIT_FAILED;
	setvbuf(stdout, NULL, _IONBF, 0); /* no copy stays in a buffer */
	ok = printf("%s\n", key) > 0;
	sodium_memzero(key, strlen(key));
	g_free(key);
	if (ok)
		return EXIT_OK;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "The key was made and could not be printed: revoke it (keyrackd key "
			    "list) and make another one");
	return EXIT_CACHE;
}

/* "until 2026-12-24T…", "used 2026-11-23T… (or within the hour after)". */
static void print_when(const char *word, struct instant t, const char *otherwise)
{
	char at[INSTANT_TEXT_MAX];

	if (instant_known(t))
		printf("  %s %s", word, instant_format(t, at));
	else
		printf("  %s", otherwise);
}

static int list(const char *url, GError **err)
{
	OWN(store) struct store *store = store_open_beside(url, err);
	OWN(store_list) struct store_list *keys = store ? store_keys(store, err) : NULL;

	for (guint i = 0; keys && i < keys->rows->len; i++) {
		const struct store_key *k = store_at(keys, struct store_key, i);
		g_autofree char *name = text_safe(k->name);
		char at[INSTANT_TEXT_MAX];

		printf("%s  %-5s  %s", k->short_id, role_word(k->role), instant_format(k->created_at, at));
		print_when("until", k->expires_at, "no end");
		print_when("used", k->used_at, "not used");
		printf("  %s\n", name);
	}
	return keys ? EXIT_OK : EXIT_FAILED;
}

/* Also a whole key may be given by mistake: it is not repeated. */
static int revoke_key(const char *url, const char *short_id, GError **err)
{
	OWN(store) struct store *store = NULL;

	if (g_str_has_prefix(short_id, "seam_")) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "A key is named by its short id, the 8 characters that "
				    "'keyrackd key list' shows; a whole key does not belong on a "
				    "command line");
		return EXIT_USAGE;
	}
	store = store_open_beside(url, err);
	if (!store || !store_begin(store, err))
		return EXIT_FAILED;
	if (store_key_revoke(store, short_id, err) && note_act(store, "revoke", short_id, NULL, INSTANT_NONE, err) &&
	    store_commit(store, err))
		return EXIT_OK;
	store_rollback(store);
	return EXIT_FAILED;
}

int keys_run(const struct daemon_options *o, const struct args *args, GError **err)
{
	const char *store = o->store;
	const GPtrArray *words = args->words;
	const char *what = words->len > 1 ? words->pdata[1] : "";
	bool is_create = strcmp(what, "create") == 0;

	if (!is_create && (args_has(args, "role") || args_has(args, "name") || args_has(args, "expires")))
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "--role, --name and --expires belong to 'keyrackd key create'");
	else if (is_create && words->len == 2)
		return create(store, args, err);
	else if (strcmp(what, "list") == 0 && words->len == 2)
		return list(store, err);
	else if (strcmp(what, "revoke") == 0 && words->len == 3)
		return revoke_key(store, words->pdata[2], err);
	else
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "It is 'keyrackd key create --role admin', 'keyrackd key list' "
				    "or 'keyrackd key revoke SHORT_ID'");
	return EXIT_USAGE;
}
