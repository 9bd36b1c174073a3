/* account_settings - what callers of the API have set of a connected account. */
#include "config.h"

#include "server/device.h"

void account_settings_read(struct server *s, const char *account_id, struct account_settings *to)
{
	g_autofree char *text = engine_account_settings(s->engine, account_id);

	to->object = text ? json_loads(text, 0, NULL) : NULL;
	if (!json_is_object(to->object)) {
		json_decref(to->object);
		to->object = json_object();
	}
	to->manages_new = engine_account_manages(s->engine, account_id);
}

void account_settings_clear(struct account_settings *a)
{
	json_decref(a->object);
	a->object = NULL;
}

const char *account_settings_text(const struct account_settings *a, const char *key)
{
	return json_string_value(json_object_get(a->object, key));
}

char *account_settings_metadata(const struct account_settings *a)
{
	char *dumped = json_dumps(json_object_get(a->object, "custom_metadata"), JSON_COMPACT);
	char *text = g_strdup(dumped ? dumped : "{}");

	free(dumped);
	return text;
}

bool account_has_customer_key(struct server *s, const char *account_id, const char *key)
{
	struct account_settings set;
	bool has;

	if (!account_id)
		return false;
	account_settings_read(s, account_id, &set);
	has = g_strcmp0(account_settings_text(&set, "customer_key"), key) == 0;
	account_settings_clear(&set);
	return has;
}
