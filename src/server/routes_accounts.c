/* routes_accounts - connected accounts and the workspace. */
#include "config.h"

#include "core/text.h"
#include "server/device.h"

#include <string.h>

#define LIST_LIMIT     11000
#define NAME_MAX_CHARS 255

/* ---- lists ---- */

static bool search_fits(const char *folded, const struct account *a,
			const struct account_settings *set)
{
	g_autofree char *metadata = account_settings_metadata(set);
	const struct lock_system *ls = lock_system_of(a->device_type);
	const char *const texts[] = { a->account_id, a->name, ls ? ls->provider : NULL,
				      account_settings_text(set, "display_name"),
				      account_settings_text(set, "customer_key") };

	return texts_hold(folded, texts, G_N_ELEMENTS(texts)) || metadata_says(metadata, folded);
}

static bool is_asked_for(struct call *c, const struct account *a)
{
	const char *key = params_text(c->params, "customer_key");
	const char *search = params_text(c->params, "search");
	const json_t *has = params_json(c->params, "custom_metadata_has");
	g_autofree char *folded = search && *search ? text_fold(search) : NULL;
	struct account_settings set;
	bool fits;

	if (params_text(c->params, "space_id") || params_text(c->params, "user_identifier_key"))
		return false; /* there are none here */
	account_settings_read(c->server, a->account_id, &set);
	g_autofree char *metadata = account_settings_metadata(&set);
	fits = (!key || g_strcmp0(account_settings_text(&set, "customer_key"), key) == 0) &&
	       (!has || metadata_has(metadata, has)) && (!folded || search_fits(folded, a, &set));
	account_settings_clear(&set);
	return fits;
}

static bool is_after(const struct store_page *page, const struct account *a)
{
	if (!page->after_id)
		return true;
	if (a->created_at.ms != page->after_created_at.ms)
		return a->created_at.ms > page->after_created_at.ms;
	return strcmp(a->account_id, page->after_id) > 0;
}

static enum call_end list(struct call *c)
{
	const struct account *last = NULL;
	struct store_page page;
	struct accounts all;
	int shown = 0;

	if (!page_begin(c, &page, LIST_LIMIT))
		return CALL_REFUSED;
	if (!accounts_read(c->server, &all)) {
		accounts_clear(&all);
		return refuse_no_store(c);
	}
	jsonout_array(c->out, "connected_accounts");
	for (guint i = 0; i < all.rows->len && !page.has_more; i++) {
		const struct account *a = &g_array_index(all.rows, struct account, i);

		if (!is_after(&page, a) || !is_asked_for(c, a))
			continue;
		page.has_more = shown == page.limit;
		if (page.has_more)
			break;
		show_account_row(c->server, c->out, NULL, a);
		shown++;
		last = a;
	}
	jsonout_array_end(c->out);
	page_end(c, &page, last ? last->created_at : INSTANT_NONE, last ? last->account_id : NULL);
	accounts_clear(&all);
	return CALL_DONE;
}

/* ---- one ---- */

static bool find(struct call *c, const char *id, struct accounts *all, const struct account **a)
{
	bool ok = accounts_read(c->server, all);

	*a = ok ? accounts_find(all, id) : NULL;
	if (*a)
		return true;
	accounts_clear(all);
	if (ok)
		call_refuse(c, 404, "connected_account_not_found",
			    "There is no connected account with this id.");
	else
		refuse_no_store(c);
	return false;
}

/* An account here is logged in to elsewhere: nobody's address is known of it. */
static enum call_end get(struct call *c)
{
	const char *id = params_text(c->params, "connected_account_id");
	const struct account *a;
	struct accounts all;

	if (!id && params_text(c->params, "email"))
		return call_refuse(c, 404, "connected_account_not_found",
				   "There is no connected account with this email.");
	if (!id)
		return call_invalid(c, NULL, "Either connected_account_id or email is required");
	if (!find(c, id, &all, &a))
		return CALL_REFUSED;
	show_account_row(c->server, c->out, "connected_account", a);
	accounts_clear(&all);
	return CALL_DONE;
}

/* ---- changes ---- */

static bool set_metadata(struct call *c, struct account_settings *set)
{
	const json_t *given = params_json(c->params, "custom_metadata");
	const char *why;
	g_autofree char *text = given ? metadata_change(NULL, given, &why) : NULL;

	if (!given)
		return true;
	if (!text)
		return call_invalid(c, "custom_metadata", "%s", why) != CALL_REFUSED;
	json_object_set_new(set->object, "custom_metadata", json_loads(text, 0, NULL));
	return true;
}

static bool set_capabilities(struct call *c, struct account_settings *set)
{
	static const char *const known[] = { "lock",	       "thermostat", "noise_sensor",
					     "access_control", "camera",     NULL };
	size_t n;
	const char *const *given = params_texts(c->params, "accepted_capabilities", &n);
	json_t *all;

	for (size_t i = 0; given && i < n; i++) {
		if (!g_strv_contains(known, given[i]))
			return call_invalid(c, "accepted_capabilities",
					    "Must be of lock, thermostat, noise_sensor, "
					    "access_control, camera") != CALL_REFUSED;
	}
	if (!given)
		return true;
	all = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(all, json_string(given[i]));
	json_object_set_new(set->object, "accepted_capabilities", all);
	return true;
}

static bool set_texts(struct call *c, struct account_settings *set)
{
	const char *name = params_text(c->params, "display_name");
	const char *key = params_text(c->params, "customer_key");
	const char *has = account_settings_text(set, "customer_key");

	if (key && has && strcmp(key, has) != 0)
		return call_invalid(c, "customer_key", "The account has a customer_key already") !=
		       CALL_REFUSED;
	if (key)
		json_object_set_new(set->object, "customer_key", json_string(key));
	if (name)
		json_object_set_new(set->object, "display_name", json_string(name));
	return true;
}

static bool save(struct call *c, const char *id, const struct account_settings *set)
{
	char *text = json_dumps(set->object, JSON_COMPACT);
	bool ok = text && engine_account_set(c->server->engine, id, text, set->manages_new, &c->no);

	free(text);
	return ok;
}

static enum call_end update(struct call *c)
{
	const char *id = params_text(c->params, "connected_account_id");
	enum tri manages = params_tri(c->params, "automatically_manage_new_devices");
	struct account_settings set;
	const struct account *a;
	struct accounts all;
	bool ok;

	if (!find(c, id, &all, &a))
		return CALL_REFUSED;
	account_settings_read(c->server, id, &set);
	if (manages != TRI_UNKNOWN)
		set.manages_new = manages == TRI_YES;
	ok = set_metadata(c, &set) && set_capabilities(c, &set) && set_texts(c, &set) &&
	     save(c, id, &set);
	account_settings_clear(&set);
	if (ok)
		show_account_row(c->server, c->out, "connected_account", a);
	accounts_clear(&all);
	return ok ? CALL_DONE : CALL_REFUSED;
}

static enum call_end sync_now(struct call *c)
{
	const char *id = params_text(c->params, "connected_account_id");

	return engine_sync_account(c->server->engine, id, &c->no) ? CALL_DONE : CALL_REFUSED;
}

static enum call_end delete (struct call *c) {
	struct engine *e = c->server->engine;
	const char *id = params_text(c->params, "connected_account_id");
	bool ok;

	if (!engine_group_begin(e, &c->no)) return CALL_REFUSED;
	ok = engine_account_delete(e, id, &c->no) && engine_account_set(e, id, NULL, true, &c->no);
	return engine_group_end(e, ok, &c->no) && ok ? CALL_DONE : CALL_REFUSED;
}

/* ---- the workspace ---- */

static enum call_end get_workspace(struct call *c)
{
	show_workspace(c->server, c->out, "workspace");
	return CALL_DONE;
}

static enum call_end list_workspaces(struct call *c)
{
	jsonout_array(c->out, "workspaces");
	show_workspace(c->server, c->out, NULL);
	jsonout_array_end(c->out);
	return CALL_DONE;
}

/* Webviews, publishable keys and organizations do not exist here: what cannot be kept is refused,
 * not swallowed. */
static enum call_end update_workspace(struct call *c)
{
	static const char *const vain[] = { "connect_partner_name", "connect_webview_customization",
					    "is_publishable_key_auth_enabled", "is_suspended",
					    "organization_id" };
	const char *name = params_text(c->params, "name");
	g_autoptr(GError) err = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(vain); i++) {
		if (params_given(c->params, vain[i]))
			call_invalid(c, vain[i], "Cannot be changed on keyrackd");
	}
	if (c->invalid)
		return CALL_REFUSED;
	if (name && !store_fact_set(c->server->store, WORKSPACE_NAME_FACT, name, &err))
		return refuse_no_store(c);
	return CALL_DONE;
}

/* ---- the table ---- */

static const struct route rows[] = {
	{ "/connected_accounts/list", METHODS_READ, KEY_READ,
	  PARAMS({ .name = "custom_metadata_has", .kind = PARAM_OBJECT },
		 { .name = "customer_key", .kind = PARAM_TEXT },
		 { .name = "search", .kind = PARAM_TEXT },
		 { .name = "space_id", .kind = PARAM_UUID },
		 { .name = "user_identifier_key", .kind = PARAM_TEXT },
		 { .name = "limit", .kind = PARAM_INT, .min = 1, .max = G_MAXINT32 },
		 { .name = "page_cursor", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE }),
	  .handle = list },
	{ "/connected_accounts/get", METHODS_READ, KEY_READ,
	  PARAMS({ .name = "connected_account_id", .kind = PARAM_UUID },
		 { .name = "email", .kind = PARAM_TEXT }),
	  .handle = get },
	{ "/connected_accounts/update", METHODS_UPDATE, KEY_ADMIN,
	  PARAMS({ .name = "connected_account_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "automatically_manage_new_devices", .kind = PARAM_BOOL },
		 { .name = "custom_metadata", .kind = PARAM_OBJECT },
		 { .name = "accepted_capabilities", .kind = PARAM_TEXTS },
		 { .name = "customer_key", .kind = PARAM_TEXT, .min = 1, .max = NAME_MAX_CHARS },
		 { .name = "display_name", .kind = PARAM_TEXT, .min = 1, .max = NAME_MAX_CHARS }),
	  .handle = update },
	{ "/connected_accounts/sync", METHOD_POST, KEY_ADMIN,
	  PARAMS({ .name = "connected_account_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED }),
	  .handle = sync_now },
	{ "/connected_accounts/delete", METHODS_DELETE, KEY_ADMIN,
	  PARAMS({ .name = "connected_account_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "sync", .kind = PARAM_BOOL }),
	  .handle = delete },
	{ "/workspaces/get", METHODS_READ, KEY_READ, .handle = get_workspace },
	{ "/workspaces/list", METHODS_READ, KEY_READ, .handle = list_workspaces },
	{ "/workspaces/update", METHODS_UPDATE, KEY_ADMIN,
	  PARAMS({ .name = "name", .kind = PARAM_TEXT, .min = 1, .max = NAME_MAX_CHARS },
		 { .name = "connect_partner_name", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE },
		 { .name = "connect_webview_customization", .kind = PARAM_OBJECT },
		 { .name = "is_publishable_key_auth_enabled", .kind = PARAM_BOOL },
		 { .name = "is_suspended", .kind = PARAM_BOOL },
		 { .name = "organization_id", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE }),
	  .handle = update_workspace, .flags = ROUTE_OWN_ROWS },
};

const struct route_table routes_accounts = { rows, G_N_ELEMENTS(rows) };
