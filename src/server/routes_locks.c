/* routes_locks - /locks: lists of old, locking and unlocking, auto-lock. */
#include "config.h"

#include "server/device.h"

#define AUTO_LOCK_DELAY_MAX_S 60

static enum call_end list(struct call *c)
{
	OWN(store_list) struct store_list *l = store_devices(c->server->store, NULL, NULL);
	g_autoptr(GString) locks = g_string_new(NULL);
	struct device_filter f;

	if (!l)
		return refuse_no_store(c);
	device_filter_init(c, true, &f);
	jsonout_array(locks, NULL);
	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_device *d = store_at(l, struct store_device, i);

		if (device_fits(c->server, &f, d))
			show_device(c->server, locks, NULL, d);
	}
	jsonout_array_end(locks);
	device_filter_done(&f);
	jsonout_raw(c->out, "locks", locks->str);
	jsonout_raw(c->out, "devices", locks->str);
	return CALL_DONE;
}

static enum call_end get(struct call *c)
{
	OWN(store_list) struct store_list *l = NULL;
	struct store_device *d;

	if (!find_device_asked(c, true, &l, &d))
		return CALL_REFUSED;
	show_device(c->server, c->out, "lock", d);
	show_device(c->server, c->out, "device", d);
	return CALL_DONE;
}

static enum call_end turn(struct call *c, bool unlock)
{
	const char *device_id = params_text(c->params, "device_id");
	OWN(store_list) struct store_list *l = NULL;
	struct store_device *d;
	char *id;

	if (!find_device_for(c, device_id, true, &l, &d) ||
	    !engine_turn(c->server->engine, device_id, unlock, &id, &c->no))
		return CALL_REFUSED;
	return answer_attempt(c, id);
}

static enum call_end lock_door(struct call *c)
{
	return turn(c, false);
}

static enum call_end unlock_door(struct call *c)
{
	return turn(c, true);
}

static enum call_end configure_auto_lock(struct call *c)
{
	const char *device_id = params_text(c->params, "device_id");
	bool enabled = params_is_true(c->params, "auto_lock_enabled");
	int delay_s = (int)params_int(c->params, "auto_lock_delay_seconds", 0);
	OWN(store_list) struct store_list *l = NULL;
	struct store_device *d;
	char *id;

	if (!find_device_for(c, device_id, true, &l, &d) ||
	    !engine_auto_lock(c->server->engine, device_id, enabled, delay_s, &id, &c->no))
		return CALL_REFUSED;
	return answer_attempt(c, id);
}

/* sync is the vendor's own affair: an attempt is always answered at once, pending. */
#define TURN_PARAMS                                                                                \
	PARAMS({ .name = "device_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },               \
	       { .name = "sync", .kind = PARAM_BOOL })

static const struct route rows[] = {
	{ "/locks/list", METHODS_READ, KEY_READ,
	  PARAMS({ .name = "connect_webview_id", .kind = PARAM_UUID },
		 { .name = "connected_account_id", .kind = PARAM_UUID },
		 { .name = "connected_account_ids", .kind = PARAM_TEXTS },
		 { .name = "device_ids", .kind = PARAM_TEXTS },
		 { .name = "customer_key", .kind = PARAM_TEXT },
		 { .name = "device_type", .kind = PARAM_TEXT },
		 { .name = "device_types", .kind = PARAM_TEXTS },
		 { .name = "manufacturer", .kind = PARAM_TEXT },
		 { .name = "created_before", .kind = PARAM_INSTANT },
		 { .name = "custom_metadata_has", .kind = PARAM_OBJECT },
		 { .name = "space_id", .kind = PARAM_UUID },
		 { .name = "user_identifier_key", .kind = PARAM_TEXT },
		 { .name = "search", .kind = PARAM_TEXT }),
	  .handle = list },
	{ "/locks/get", METHODS_READ, KEY_READ,
	  PARAMS({ .name = "device_id", .kind = PARAM_UUID },
		 { .name = "name", .kind = PARAM_TEXT }),
	  .handle = get },
	{ "/locks/lock_door", METHOD_POST, KEY_DESK, TURN_PARAMS, .handle = lock_door },
	{ "/locks/unlock_door", METHOD_POST, KEY_DESK, TURN_PARAMS, .handle = unlock_door },
	{ "/locks/configure_auto_lock", METHOD_POST, KEY_ADMIN,
	  PARAMS({ .name = "device_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "auto_lock_enabled", .kind = PARAM_BOOL, .flags = PARAM_REQUIRED },
		 { .name = "auto_lock_delay_seconds",
		   .kind = PARAM_INT,
		   .min = 1,
		   .max = AUTO_LOCK_DELAY_MAX_S }),
	  .handle = configure_auto_lock },
};

const struct route_table routes_locks = { rows, G_N_ELEMENTS(rows) };
