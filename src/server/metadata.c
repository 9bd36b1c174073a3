/* metadata - custom_metadata of devices and accounts: up to 50 keys of texts and booleans. */
#include "config.h"

#include "server/device.h"

#include <string.h>

#define KEYS_MAX 50
#define KEY_MAX	 40
#define TEXT_MAX 500

static json_t *object_of(const char *text)
{
	json_t *object = text ? json_loads(text, 0, NULL) : NULL;

	if (json_is_object(object))
		return object;
	json_decref(object);
	return json_object();
}

static const char *wrong_key(const char *key)
{
	if (!*key)
		return "A key must not be empty";
	if (g_utf8_strlen(key, -1) > KEY_MAX)
		return "A key has at most 40 characters";
	return strchr(key, '.') ? "A key must not contain a dot" : NULL;
}

static const char *wrong_value(const json_t *value)
{
	if (json_is_boolean(value) || json_is_null(value))
		return NULL;
	if (!json_is_string(value))
		return "A value must be a string, a boolean or null";
	return g_utf8_strlen(json_string_value(value), -1) > TEXT_MAX
		       ? "A string has at most 500 characters"
		       : NULL;
}

static bool is_gone(const json_t *value)
{
	return json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
}

char *metadata_change(const char *was, const json_t *change, const char **why)
{
	json_t *object = object_of(was);
	char *text = NULL;
	const char *key;
	json_t *value;

	*why = NULL;
	json_object_foreach((json_t *)(uintptr_t)change, key, value)
	{
		*why = wrong_key(key);
		if (!*why)
			*why = wrong_value(value);
		if (*why)
			break;
		if (is_gone(value))
			json_object_del(object, key);
		else
			json_object_set(object, key, value);
	}
	if (!*why && json_object_size(object) > KEYS_MAX)
		*why = "There can be at most 50 keys";
	if (!*why) {
		char *dumped = json_dumps(object, JSON_COMPACT);

		text = g_strdup(dumped);
		free(dumped);
	}
	json_decref(object);
	return text;
}

static const char *text_of(const json_t *value)
{
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	return json_string_value(value);
}

bool metadata_has(const char *metadata, const json_t *has)
{
	json_t *object = object_of(metadata);
	bool fits = true;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)has, key, value)
	{
		const char *text = text_of(json_object_get(object, key));

		fits = fits && text && g_strcmp0(text, text_of(value)) == 0;
	}
	json_decref(object);
	return fits;
}

bool metadata_says(const char *metadata, const char *folded)
{
	json_t *object = object_of(metadata);
	bool says = false;
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		const char *const texts[] = { key, text_of(value) };

		says = says || texts_hold(folded, texts, G_N_ELEMENTS(texts));
	}
	json_decref(object);
	return says;
}
