/* attempt_done - an action attempt that has ended when it is made: something was done to a lock
 * that no driver had to be asked for. */
#include "config.h"

#include "engine/inside.h"

bool engine_attempt_done(struct engine *e, const char *action_type, const char *device_id,
			 const char *failure, char **attempt_id, struct refusal *no)
{
	g_autofree char *id = chance_id(e);
	g_autoptr(GString) json = g_string_new(NULL);
	struct store_attempt a = { .action_attempt_id = id,
				   .action_type = action_type,
				   .device_id = device_id,
				   .status = failure ? "error" : "success",
				   .created_at = engine_now(e) };
	GError *err = NULL;

	jsonout_object(json, NULL);
	if (failure) {
		jsonout_string(json, "type", "uncategorized_error");
		jsonout_string(json, "message", failure);
	}
	jsonout_object_end(json);
	a.result = failure ? NULL : json->str;
	a.error = failure ? json->str : NULL;
	*attempt_id = NULL;
	if (!work_begin(e))
		return refuse_store(no);
	if (!store_put_attempt(e->store, &a, &err))
		work_failed(e, err);
	journal_attempt(e, &a);
	if (!work_end(e, true))
		return refuse_store(no);
	*attempt_id = g_steal_pointer(&id);
	return true;
}
