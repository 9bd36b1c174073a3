/* store_seal - see the header. */
#include "engine/store_seal.h"

#include <string.h>

#include "core/error.h"
#include "core/jsonout.h"

/* A name may begin with the same byte as what is sealed: one of our keys' numbers must follow. */
#define SEALED_IN_JSON "\"~"

static bool has_key(const struct vault *v, GError **err)
{
	if (!v)
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
				    "the store was opened without the key that its PINs are sealed with");
	return v != NULL;
}

static char *context_of(const struct seal_place *at)
{
	return g_strconcat(at->kind, "/", at->id, "/", at->column, NULL);
}

char *seal_pin(const struct seal_place *at, const char *pin, GError **err)
{
	g_autofree char *context = NULL;

	if (!pin || !has_key(at->vault, err))
		return NULL;
	context = context_of(at);
	return vault_seal(at->vault, 0, context, pin);
}

char *unseal_pin(const struct seal_place *at, const char *sealed, GError **err)
{
	g_autofree char *context = NULL;
	GError *why = NULL;
	char *pin;

	if (!sealed || !has_key(at->vault, err))
		return NULL;
	context = context_of(at);
	pin = vault_unseal(at->vault, context, sealed, &why);
	if (why)
		g_propagate_prefixed_error(err, why, "%s %s: ", at->kind, at->id);
	return pin;
}

/* ---- in JSON ---- */

struct in_json {
	const struct seal_place *at;
	GError *err;
};

static bool seal_here(GString *out, const char *begin, const char *end, void *ctx)
{
	struct in_json *j = ctx;
	char *pin;
	g_autofree char *sealed = NULL;

	if (*begin != '"' || !json_is_pin(begin, end) || j->err)
		return false;
	pin = g_strndup(begin + 1, (size_t)(end - begin) - 2);
	sealed = seal_pin(j->at, pin, &j->err);
	vault_forget(pin);
	jsonout_string(out, NULL, sealed);
	return true;
}

static bool unseal_here(GString *out, const char *begin, const char *end, void *ctx)
{
	struct in_json *j = ctx;
	g_autofree char *sealed = NULL;
	char *pin;

	if (!g_str_has_prefix(begin, SEALED_IN_JSON) || j->err)
		return false;
	sealed = g_strndup(begin + 1, (size_t)(end - begin) - 2);
	if (j->at->vault && !vault_has(j->at->vault, vault_key_of(sealed)))
		return false;
	pin = unseal_pin(j->at, sealed, &j->err);
	jsonout_string(out, NULL, pin);
	vault_forget(pin);
	return true;
}

static char *mapped(const struct seal_place *at, const char *json, json_pin_map *map, GError **err)
{
	struct in_json j = { .at = at };
	char *out = json_map_pins(json, map, &j);

	if (!j.err)
		return out;
	g_propagate_error(err, j.err);
	vault_forget(out);
	return NULL;
}

char *seal_pins_in(const struct seal_place *at, const char *json, GError **err)
{
	return mapped(at, json, seal_here, err);
}

bool seal_pins_found(const char *json)
{
	return json && strstr(json, SEALED_IN_JSON);
}

char *unseal_pins_in(const struct seal_place *at, const char *json, GError **err)
{
	return mapped(at, json, unseal_here, err);
}

bool seal_mark(const struct vault *v, const char *device_id, const char *pin,
	       unsigned char mark[static VAULT_MARK_BYTES], GError **err)
{
	g_autofree char *scope = g_strconcat("pin/", device_id, NULL);

	if (!has_key(v, err))
		return false;
	vault_mark(v, 0, scope, pin, mark);
	return true;
}
