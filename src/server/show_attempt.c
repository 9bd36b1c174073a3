/* show_attempt - an action attempt as the API shows it. */
#include "config.h"

#include "server/inside.h"

void show_attempt(struct server *s, GString *out, const char *key, const struct store_attempt *a)
{
	bool success = g_strcmp0(a->status, "success") == 0;

	jsonout_object(out, key);
	jsonout_string(out, "action_attempt_id", a->action_attempt_id);
	jsonout_string(out, "action_type", a->action_type);
	jsonout_string(out, "status", a->status);
	(void)s;
	jsonout_raw(out, "result", !success ? NULL : a->result ? a->result : "{}");
	jsonout_raw(out, "error", g_strcmp0(a->status, "error") == 0 ? a->error : NULL);
	jsonout_object_end(out);
}
