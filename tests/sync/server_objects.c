/* What routes and script read and make of JSON. */
#include "config.h"

#include "tests/sync/server_inside.h"

void server_count(GHashTable *t, const char *path)
{
	int n = GPOINTER_TO_INT(g_hash_table_lookup(t, path));

	g_hash_table_insert(t, g_strdup(path), GINT_TO_POINTER(n + 1));
}

int server_counted(GHashTable *t, const char *path)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(t, path ? path : ""));
}

/* The whole answer as text: made under the mutex, as it borrows from the state. */
json_t *server_now_text(void)
{
	char buf[INSTANT_TEXT_MAX];

	return json_string(instant_format(instant_now(), buf));
}

const char *server_text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

struct instant server_when(const json_t *o, const char *key)
{
	struct instant t = INSTANT_NONE;

	if (server_text(o, key))
		instant_parse(server_text(o, key), -1, &t);
	return t;
}

size_t server_find(const json_t *array, const char *key, const char *value)
{
	size_t i;
	json_t *o;

	json_array_foreach(array, i, o) {
		if (g_strcmp0(server_text(o, key), value) == 0)
			return i;
	}
	return SIZE_MAX;
}

struct answer server_fail(int status, const char *type, const char *message)
{
	return (struct answer){ status, json_pack("{s:{s:s,s:s},s:b}", "error", "type", type,
						  "message", message, "ok", 0) };
}

struct answer server_good(const char *key, json_t *value)
{
	json_t *body = json_pack("{s:b}", "ok", 1);

	if (key)
		json_object_set_new(body, key, value);
	return (struct answer){ 200, body };
}

json_t *server_event_at(struct server *s, const char *type, const char *device_id,
			const char *code_id, json_t *at)
{
	json_t *event = json_pack("{s:s, s:s, s:O, s:O}", "event_type", type, "workspace_id", "w",
				  "created_at", at, "occurred_at", at);
	char id[32];

	g_snprintf(id, sizeof id, "event-%d", ++s->next_id);
	json_object_set_new(event, "event_id", json_string(id));
	if (device_id)
		json_object_set_new(event, "device_id", json_string(device_id));
	if (code_id)
		json_object_set_new(event, "access_code_id", json_string(code_id));
	json_decref(at);
	json_array_append_new(s->events, event);
	g_cond_broadcast(&s->news);
	return event;
}
