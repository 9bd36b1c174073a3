/* show_workspace - the one workspace there is. */
#include "config.h"

#include "server/inside.h"

void show_workspace(struct server *s, GString *out, const char *key)
{
	g_autofree char *said = store_fact_get(s->store, WORKSPACE_NAME_FACT);
	const char *name = said ? said : s->workspace_name;

	jsonout_object(out, key);
	jsonout_string(out, "workspace_id", s->workspace_id);
	jsonout_string(out, "name", name);
	jsonout_string(out, "company_name", name);
	jsonout_null(out, "connect_partner_name");
	jsonout_bool(out, "is_sandbox", s->sandbox);
	jsonout_bool(out, "is_suspended", false);
	jsonout_object(out, "connect_webview_customization");
	jsonout_object_end(out);
	jsonout_bool(out, "is_publishable_key_auth_enabled", false);
	jsonout_null(out, "organization_id");
	jsonout_object(out, "keyrackd");
	jsonout_string(out, "version", s->version);
	jsonout_string(out, "live", "/keyrackd/live");
	jsonout_bool(out, "simulated", s->simulated != NULL);
	jsonout_object_end(out);
	jsonout_object_end(out);
}
