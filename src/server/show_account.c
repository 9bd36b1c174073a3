/* show_account - a connected account as the API's object. */
#include "config.h"

#include "server/device.h"

static struct instant lost_since(struct server *s, const struct account *a)
{
	const char *const types[] = { "connected_account.disconnected", NULL };
	const char *const ids[] = { a->account_id, NULL };
	const struct store_event_filter f = { .since = INSTANT_NONE,
					      .until = INSTANT_NONE,
					      .types = types,
					      .account_ids = ids,
					      .limit = 1 };
	OWN(store_list) struct store_list *l = store_events(s->store, &f, NULL);

	return l && l->rows->len ? store_at(l, struct store_event, 0)->created_at : a->created_at;
}

static void show_errors(struct server *s, GString *out, const struct account *a)
{
	jsonout_array(out, "errors");
	if (a->lost) {
		jsonout_object(out, NULL);
		jsonout_string(out, "error_code", "account_disconnected");
		jsonout_string(out, "message",
			       "The account is disconnected: its locks cannot be "
			       "reached until somebody logs in again.");
		jsonout_bool(out, "is_connected_account_error", true);
		jsonout_bool(out, "is_bridge_error", false);
		jsonout_instant(out, "created_at", lost_since(s, a));
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
	jsonout_array(out, "warnings");
	jsonout_array_end(out);
}

static void show_settings(struct server *s, GString *out, const struct account *a)
{
	struct account_settings set;
	const json_t *capabilities;
	const char *name;

	account_settings_read(s, a->account_id, &set);
	capabilities = json_object_get(set.object, "accepted_capabilities");
	name = account_settings_text(&set, "display_name");
	jsonout_string(out, "display_name",
		       name	 ? name
		       : a->name ? a->name
				 : brand_of(a->device_type, NULL));
	if (account_settings_text(&set, "customer_key"))
		jsonout_string(out, "customer_key", account_settings_text(&set, "customer_key"));
	jsonout_array(out, "accepted_capabilities");
	for (size_t i = 0; i < json_array_size(capabilities); i++)
		jsonout_string(out, NULL, json_string_value(json_array_get(capabilities, i)));
	if (!capabilities)
		jsonout_string(out, NULL, "lock");
	jsonout_array_end(out);
	jsonout_bool(out, "automatically_manage_new_devices", set.manages_new);
	g_autofree char *metadata = account_settings_metadata(&set);
	jsonout_raw(out, "custom_metadata", metadata);
	account_settings_clear(&set);
}

void show_account_row(struct server *s, GString *out, const char *key, const struct account *a)
{
	const struct lock_system *ls = lock_system_of(a->device_type);

	jsonout_object(out, key);
	jsonout_string(out, "connected_account_id", a->account_id);
	jsonout_string(out, "account_type", ls ? ls->provider : "unknown");
	jsonout_string(out, "account_type_display_name", brand_of(a->device_type, NULL));
	jsonout_instant(out, "created_at", a->created_at);
	show_settings(s, out, a);
	show_errors(s, out, a);
	jsonout_object_end(out);
}

void show_account(struct server *s, GString *out, const char *key, const char *account_id)
{
	struct accounts all;
	const struct account *a = accounts_read(s, &all) ? accounts_find(&all, account_id) : NULL;

	if (a)
		show_account_row(s, out, key, a);
	else
		jsonout_null(out, key);
	accounts_clear(&all);
}
