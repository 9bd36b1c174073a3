/* show_attempt - an action attempt as the API shows it. */
#include "config.h"

#include "server/inside.h"

/* The code that a create or an update was about, as it is now: what the attempt once led to is in
 * the journal. One that is gone by now is not shown. */
static void show_result(struct server *s, GString *out, const struct store_attempt *a)
{
	OWN(store_list)
	struct store_list *codes =
		a->access_code_id ? store_code(s->store, a->access_code_id, NULL) : NULL;

	if (!codes || !codes->rows->len) {
		jsonout_raw(out, "result", a->result ? a->result : "{}");
		return;
	}
	jsonout_object(out, "result");
	show_code(s, out, "access_code", store_at(codes, struct store_code, 0));
	jsonout_object_end(out);
}

/* Those whose result has a code in it. */
static bool shows_code(const struct store_attempt *a)
{
	return g_strcmp0(a->action_type, "CREATE_ACCESS_CODE") == 0 ||
	       g_strcmp0(a->action_type, "UPDATE_ACCESS_CODE") == 0;
}

void show_attempt(struct server *s, GString *out, const char *key, const struct store_attempt *a)
{
	bool success = g_strcmp0(a->status, "success") == 0;

	jsonout_object(out, key);
	jsonout_string(out, "action_attempt_id", a->action_attempt_id);
	jsonout_string(out, "action_type", a->action_type);
	jsonout_string(out, "status", a->status);
	if (success && shows_code(a))
		show_result(s, out, a);
	else
		jsonout_raw(out, "result", !success ? NULL : a->result ? a->result : "{}");
	jsonout_raw(out, "error", g_strcmp0(a->status, "error") == 0 ? a->error : NULL);
	jsonout_object_end(out);
}
