/* find_device - a device by what a request says of it, with the API's 404s. */
#include "config.h"

#include "server/device.h"

enum call_end refuse_no_store(struct call *c)
{
	call_refuse(c, 503, "store_failed", "The store does not answer, or cannot be written to.");
	c->no.retry_after_s = STORE_RETRY_AFTER_S;
	return CALL_REFUSED;
}

static bool wrong_collection(struct call *c, bool managed)
{
	call_refuse(c, 404, "device_not_found",
		    managed ? "This device is unmanaged: use /devices/unmanaged."
			    : "This device is managed: use /devices.");
	return false;
}

bool find_device_for(struct call *c, const char *device_id, bool managed, struct store_list **list,
		     struct store_device **d)
{
	struct store_list *l = device_id ? store_device(c->server->store, device_id, NULL) : NULL;

	*list = NULL;
	if (!l || l->rows->len == 0) {
		if (l)
			store_list_free(l);
		call_refuse(c, 404, "device_not_found", "There is no device with this id.");
		return false;
	}
	*d = store_at(l, struct store_device, 0);
	if ((*d)->managed == managed) {
		*list = l;
		return true;
	}
	store_list_free(l);
	return wrong_collection(c, managed);
}

/* The oldest of this name. */
static bool find_by_name(struct call *c, const char *name, bool managed, struct store_list **list,
			 struct store_device **d)
{
	struct store_list *l = store_devices(c->server->store, NULL, NULL);

	for (guint i = 0; l && i < l->rows->len; i++) {
		*d = store_at(l, struct store_device, i);
		if ((*d)->managed == managed &&
		    (g_strcmp0(device_name(*d), name) == 0 || g_strcmp0((*d)->name, name) == 0)) {
			*list = l;
			return true;
		}
	}
	if (l)
		store_list_free(l);
	call_refuse(c, 404, "device_not_found", "There is no device with this name.");
	return false;
}

bool find_device_asked(struct call *c, bool managed, struct store_list **list,
		       struct store_device **d)
{
	const char *id = params_text(c->params, "device_id");
	const char *name = params_text(c->params, "name");

	*list = NULL;
	if (id)
		return find_device_for(c, id, managed, list, d);
	if (name)
		return find_by_name(c, name, managed, list, d);
	call_invalid(c, NULL, "Either device_id or name is required");
	return false;
}

enum call_end answer_attempt(struct call *c, char *id)
{
	g_autofree char *mine = id;
	const char *ids[] = { mine, NULL };
	OWN(store_list)
	struct store_list *l = store_attempts(c->server->store, ids, NULL, NULL, NULL);

	if (!l || l->rows->len == 0)
		return refuse_no_store(c);
	show_attempt(c->server, c->out, "action_attempt", store_at(l, struct store_attempt, 0));
	return CALL_DONE;
}
