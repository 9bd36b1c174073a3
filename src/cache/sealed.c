/* sealed - see the header. */
#include "config.h"

#include "cache/sealed.h"

#include <stdlib.h>
#include <string.h>

#include "cache/db.h"
#include "core/jsonout.h"
#include "core/profile.h"

#define CREDENTIAL "keyrack.vault"
#define SCOPE	   "pin"

struct sealing {
	sqlite3 *db;
	struct vault *vault;
	sqlite3_stmt *asks;  /* which key the cache says */
	uint32_t key, given; /* in use; given: within a transaction */
	uint32_t missing;    /* looked for in the file in vain: not read again for each row */
	bool lost;
};

/* ---- which key ---- */

char *sealing_place(const char *path, bool group)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *beside = g_build_filename(folder, "vault.key", NULL);
	g_autofree char *own = profile_state_file("vault.key");

	/* Users who share a cache have no other folder in common. */
	return vault_place(CREDENTIAL, group ? beside : own);
}

static bool has_key(struct sealing *s, uint32_t key)
{
	if (vault_has(s->vault, key))
		return true;
	if (s->missing == key || !vault_reload(s->vault, NULL) || !vault_has(s->vault, key)) {
		s->missing = key;
		return false;
	}
	return true;
}

/* 0: it does not say. A file of an earlier version has no such fact, and a new one no such table. */
static uint32_t recorded(struct sealing *s)
{
	uint32_t key = 0;

	if (!s->asks && sqlite3_prepare_v2(s->db, "SELECT value FROM fact WHERE key = 'vault.key'", -1, &s->asks,
					   NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_step(s->asks) == SQLITE_ROW)
		key = (uint32_t)strtoul((const char *)sqlite3_column_text(s->asks, 0), NULL, 16);
	sqlite3_reset(s->asks);
	return key;
}

uint32_t sealing_key(struct sealing *s)
{
	uint32_t key = s->given ? s->given : recorded(s);

	if (key && has_key(s, key))
		s->key = key;
	return s->key;
}

void sealing_begin(struct sealing *s, uint32_t key)
{
	s->given = 0;
	s->given = key ? key : sealing_key(s);
}

void sealing_end(struct sealing *s)
{
	s->given = 0;
}

bool sealing_is_lost(const struct sealing *s)
{
	return s->lost;
}

struct vault *sealing_vault(struct sealing *s)
{
	return s->vault;
}

/* ---- one value ---- */

struct context {
	char room[256], *text;
};

static void context_of(struct context *c, sqlite3_value **arg)
{
	const char *what = (const char *)sqlite3_value_text(arg[1]), *id = (const char *)sqlite3_value_text(arg[2]);

	c->text = c->room;
	if ((size_t)g_snprintf(c->room, sizeof c->room, "%s/%s", what, id ? id : "") >= sizeof c->room)
		c->text = g_strdup_printf("%s/%s", what, id);
}

static void context_done(struct context *c)
{
	if (c->text != c->room)
		g_free(c->text);
}

static char *open_word(struct sealing *s, const char *context, const char *word)
{
	uint32_t key = vault_key_of(word);

	return key && has_key(s, key) ? vault_unseal(s->vault, context, word, NULL) : NULL;
}

static char *seal_word(struct sealing *s, const char *context, const char *pin)
{
	return vault_seal(s->vault, sealing_key(s), context, pin);
}

static char *reseal_word(struct sealing *s, const char *context, const char *word)
{
	char *pin = vault_is_sealed(word) ? open_word(s, context, word) : g_strdup(word);
	char *anew = pin ? seal_word(s, context, pin) : g_strdup(word); /* what does not open stays for a better key */

	vault_forget(pin);
	return anew;
}

/* ---- PINs in JSON ---- */

struct json_work;
/* What stands for it, JSON itself and newly allocated; NULL: it stays. */
typedef char *json_fn(struct json_work *w, const char *pin, bool quoted);
struct json_work {
	struct sealing *s;
	const char *context;
	json_fn *fn;
};

/* A number keeps being one: it is sealed with a sign before it. */
static char *json_seal(struct json_work *w, const char *pin, bool quoted)
{
	char *number = quoted ? NULL : g_strconcat("#", pin, NULL);
	g_autofree char *word = vault_is_sealed(pin) ? NULL : seal_word(w->s, w->context, number ? number : pin);

	vault_forget(number);
	return word ? g_strdup_printf("\"%s\"", word) : NULL;
}

static char *json_open(struct json_work *w, const char *word, bool quoted)
{
	char *pin, *out;

	(void)quoted;
	if (!vault_is_sealed(word))
		return NULL;
	pin = open_word(w->s, w->context, word);
	out = !pin ? g_strdup("\"" PIN_LOST "\"") :
	      *pin == '#' ? g_strdup(pin + 1) : g_strdup_printf("\"%s\"", pin);
	vault_forget(pin);
	return out;
}

static char *json_reseal(struct json_work *w, const char *word, bool quoted)
{
	g_autofree char *anew = NULL;

	if (!vault_is_sealed(word))
		return json_seal(w, word, quoted);
	anew = reseal_word(w->s, w->context, word);
	return g_strdup_printf("\"%s\"", anew);
}

static bool map_pin(GString *out, const char *begin, const char *end, void *ctx)
{
	struct json_work *w = ctx;
	bool quoted = *begin == '"';
	char *pin, *instead;

	if (!json_is_pin(begin, end) && !(quoted && begin[1] == '~'))
		return false;
	pin = g_strndup(begin + quoted, (size_t)(end - begin) - 2 * (size_t)quoted);
	instead = w->fn(w, pin, quoted);
	if (instead)
		g_string_append(out, instead);
	vault_forget(pin);
	if (!instead)
		return false;
	vault_forget(instead);
	return true;
}

/* Most JSON has no place for one. */
static bool may_have_pins(const char *json)
{
	return strstr(json, "\"code\"") || strstr(json, "\"from\"") || strstr(json, "\"to\"");
}

/* ---- what SQL calls ---- */

static const char *text_of(sqlite3_value *v)
{
	return (const char *)sqlite3_value_text(v);
}

static void give(sqlite3_context *q, char *text)
{
	if (text)
		sqlite3_result_text(q, text, -1, vault_forget);
	else
		sqlite3_result_null(q);
}

typedef char *word_fn(struct sealing *s, const char *context, const char *word);

static void with_word(sqlite3_context *q, sqlite3_value **arg, word_fn *fn)
{
	const char *word = text_of(arg[0]);
	struct context c;

	if (!word) {
		sqlite3_result_null(q);
		return;
	}
	context_of(&c, arg);
	give(q, fn(sqlite3_user_data(q), c.text, word));
	context_done(&c);
}

static void sql_seal(sqlite3_context *q, int n, sqlite3_value **arg)
{
	(void)n;
	with_word(q, arg, seal_word);
}

static void sql_unseal(sqlite3_context *q, int n, sqlite3_value **arg)
{
	(void)n;
	with_word(q, arg, open_word);
}

static void sql_reseal(sqlite3_context *q, int n, sqlite3_value **arg)
{
	(void)n;
	with_word(q, arg, reseal_word);
}

static void with_json(sqlite3_context *q, sqlite3_value **arg, json_fn *fn)
{
	const char *json = text_of(arg[0]);
	struct json_work w = { .s = sqlite3_user_data(q), .fn = fn };
	struct context c;

	if (!json || !may_have_pins(json)) {
		sqlite3_result_value(q, arg[0]);
		return;
	}
	context_of(&c, arg);
	w.context = c.text;
	give(q, json_map_pins(json, map_pin, &w));
	context_done(&c);
}

static void sql_seal_json(sqlite3_context *q, int n, sqlite3_value **arg)
{
	(void)n;
	with_json(q, arg, json_seal);
}

static void sql_unseal_json(sqlite3_context *q, int n, sqlite3_value **arg)
{
	(void)n;
	with_json(q, arg, json_open);
}

static void sql_reseal_json(sqlite3_context *q, int n, sqlite3_value **arg)
{
	(void)n;
	with_json(q, arg, json_reseal);
}

static void give_mark(sqlite3_context *q, struct sealing *s, const char *pin)
{
	unsigned char mark[VAULT_MARK_BYTES];

	if (!pin) {
		sqlite3_result_null(q);
		return;
	}
	vault_mark(s->vault, sealing_key(s), SCOPE, pin, mark);
	sqlite3_result_blob(q, mark, sizeof mark, SQLITE_TRANSIENT);
}

static void sql_mark(sqlite3_context *q, int n, sqlite3_value **arg)
{
	(void)n;
	give_mark(q, sqlite3_user_data(q), text_of(arg[0]));
}

static void sql_remark(sqlite3_context *q, int n, sqlite3_value **arg)
{
	const char *word = text_of(arg[0]);
	char *pin = NULL;
	struct context c;

	(void)n;
	context_of(&c, arg);
	if (word)
		pin = vault_is_sealed(word) ? open_word(sqlite3_user_data(q), c.text, word) : g_strdup(word);
	give_mark(q, sqlite3_user_data(q), pin);
	vault_forget(pin);
	context_done(&c);
}

static void sql_key(sqlite3_context *q, int n, sqlite3_value **arg)
{
	struct sealing *s = sqlite3_user_data(q);
	char text[9];

	(void)n;
	(void)arg;
	g_snprintf(text, sizeof text, "%08x", sealing_key(s));
	sqlite3_result_text(q, text, -1, SQLITE_TRANSIENT);
}

/* STEADY: the same within one statement, so that a search makes its mark once. */
#define STEADY SQLITE_DETERMINISTIC

static const struct {
	const char *name;
	int arguments, flags;
	void (*fn)(sqlite3_context *q, int n, sqlite3_value **arg);
} functions[] = {
	{ "seal", 3, 0, sql_seal },
	{ "unseal", 3, STEADY, sql_unseal },
	{ "reseal", 3, 0, sql_reseal },
	{ "seal_json", 3, 0, sql_seal_json },
	{ "unseal_json", 3, STEADY, sql_unseal_json },
	{ "reseal_json", 3, 0, sql_reseal_json },
	{ "pin_mark", 1, STEADY, sql_mark },
	{ "remark", 3, STEADY, sql_remark },
	{ "vault_key", 0, 0, sql_key },
};

static bool teach(struct sealing *s, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
		/* Only statements of this program may call them: nothing that a file's schema says. */
		int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY | functions[i].flags;

		if (sqlite3_create_function_v2(s->db, functions[i].name, functions[i].arguments, flags, s,
					       functions[i].fn, NULL, NULL, NULL) == SQLITE_OK)
			continue;
		db_error(s->db, err);
		return false;
	}
	return true;
}

/* ---- opening ---- */

static bool open_vault(struct sealing *s, const char *path, bool group, GError **err)
{
	g_autofree char *place = sealing_place(path, group);
	int flags = group ? VAULT_GROUP : 0;
	g_autoptr(GError) why = NULL;

	/* Where something is sealed a new key would open none of it. */
	s->vault = vault_open(place, flags | (s->key && !s->lost ? VAULT_FIND : VAULT_MAKE), &why);
	if (!s->vault && !g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND)) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	if (s->vault && (s->key == 0 || vault_has(s->vault, s->key))) {
		s->lost = false;
		return true;
	}
	if (s->vault && s->lost)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_KEY_LOST,
		    "the PINs in %s are sealed with the key %08x, which is not in %s: put that file back from its "
		    "backup; where there is none, 'keyrack cache rekey --lost' begins with a new key",
		    path, s->key, place);
	return false;
}

struct sealing *sealing_open(sqlite3 *db, const char *path, bool group, bool lost, GError **err)
{
	struct sealing *s = g_new0(struct sealing, 1);

	s->db = db;
	s->lost = lost;
	s->key = recorded(s);
	if (!open_vault(s, path, group, err) || !teach(s, err)) {
		sealing_free(s);
		return NULL;
	}
	if (s->key == 0 || s->lost)
		s->key = vault_newest(s->vault);
	return s;
}

void sealing_free(struct sealing *s)
{
	if (!s)
		return;
	sqlite3_finalize(s->asks);
	vault_free(s->vault);
	g_free(s);
}
