/* routes_unmanaged - /access_codes/unmanaged: codes that somebody made at the lock or in its
 * maker's app. */
#include "config.h"

#include "drivers/simulated.h"
#include "server/routes_codes.h"

#include <string.h>

/* ---- reading ---- */

static enum call_end get(struct call *c)
{
	OWN(store_list) struct store_list *rows = NULL;
	struct store_code *code;

	if (!find_code_for(c, false, &rows, &code))
		return CALL_REFUSED;
	show_code(c->server, c->out, "access_code", code);
	return CALL_DONE;
}

static enum call_end list(struct call *c)
{
	struct store_code_filter filter = { .device_id = params_text(c->params, "device_id"),
					    .search = params_text(c->params, "search") };
	OWN(store_list)
	struct store_list *d = store_device(c->server->store, filter.device_id, NULL);

	if (!d || !d->rows->len)
		return call_refuse(c, 404, "device_not_found", "There is no device with this id");
	return answer_list(c, params_text(c->params, "user_identifier_key") ? NULL : &filter,
			   300000);
}

/* ---- adopting ---- */

static enum call_end adopt(struct call *c, char **attempt_id)
{
	const char *id = params_text(c->params, "access_code_id");
	enum tri wish = params_tri(c->params, "is_external_modification_allowed");
	struct engine *e = c->server->engine;

	/* Not in a group: that it failed is an event, which must stay. */
	return end_of(engine_convert(e, id, wish, &c->no) &&
		      engine_attempt(e, "CONVERT_ACCESS_CODE_TO_MANAGED", id, attempt_id, &c->no));
}

static enum call_end convert(struct call *c)
{
	g_autofree char *attempt_id = NULL;

	if (adopt(c, &attempt_id) != CALL_DONE)
		return CALL_REFUSED;
	return answer_attempt(c, g_steal_pointer(&attempt_id));
}

static enum call_end update(struct call *c)
{
	g_autofree char *attempt_id = NULL;

	if (!params_is_true(c->params, "is_managed"))
		return call_invalid(c, "is_managed", "must be true: the code becomes a managed one");
	return adopt(c, &attempt_id);
}

/* ---- deleting ---- */

static bool ask_delete(struct call *c, void *ctx, const char **about)
{
	const char *const *id = ctx;

	*about = *id;
	return engine_delete_unmanaged(c->server->engine, *id, &c->no);
}

static enum call_end delete_code(struct call *c)
{
	const char *id = params_text(c->params, "access_code_id");
	g_autofree char *attempt_id = NULL;

	if (!ask_with_attempt(c, ask_delete, &id, "DELETE_UNMANAGED_ACCESS_CODE", &attempt_id))
		return CALL_REFUSED;
	return answer_attempt(c, g_steal_pointer(&attempt_id));
}

/* ---- simulation: a code made in the maker's app ---- */

/* What the lock made of it: its own name for the code, and its cut of the code's. */
static const json_t *find_made(const json_t *lock, const char *pin)
{
	const json_t *codes = json_object_get(lock, "codes");

	for (size_t i = 0; i < json_array_size(codes); i++) {
		const json_t *code = json_array_get(codes, i);

		if (g_strcmp0(json_string_value(json_object_get(code, "code")), pin) == 0)
			return code;
	}
	return NULL;
}

/* The engine learns at once what its next read of the lock would tell, so that there is an object
 * to answer with. */
static bool tell_engine(struct call *c, const struct store_device *d, const char *pin, char **id)
{
	g_autofree char *text = simulated_lock_json(c->server->simulated, d->device_id, NULL);
	json_t *lock = text ? json_loads(text, 0, NULL) : NULL;
	const json_t *made = find_made(lock, pin);
	const struct lock_system *system = engine_system_of(c->server->engine, d);
	struct driver_code found = {
		.handle = json_string_value(json_object_get(made, "handle")),
		.is = { .pin = system->read_back == READ_ALL ? pin : NULL,
			.name = json_string_value(json_object_get(made, "name")),
			.starts_at = INSTANT_NONE,
			.ends_at = INSTANT_NONE,
			.enabled = true },
	};
	bool ok = made && engine_found_unmanaged(c->server->engine, d->device_id, &found, id,
						 &c->no);

	if (!made)
		call_refuse(c, 500, "internal_server_error", "The lock lost the code at once");
	json_decref(lock);
	return ok;
}

enum call_end codes_simulate_unmanaged(struct call *c)
{
	const char *pin = params_text(c->params, "code");
	const struct on_lock code = { .pin = pin,
				      .name = params_text(c->params, "name"),
				      .starts_at = INSTANT_NONE,
				      .ends_at = INSTANT_NONE,
				      .enabled = true };
	OWN(store_list) struct store_list *rows = NULL;
	struct store_device *d;
	g_autoptr(GError) err = NULL;
	g_autofree char *id = NULL;

	if (!find_device_for(c, params_text(c->params, "device_id"), true, &rows, &d))
		return CALL_REFUSED;
	if (!engine_system_of(c->server->engine, d)->unmanaged_listable)
		return call_refuse(c, 400, "device_type_not_supported",
				   "Codes made elsewhere cannot be seen on this device");
	if (!simulated_app_add(c->server->simulated, d->device_id, &code, &err))
		return call_refuse(c, 400, "invalid_input", "%s", err->message);
	return end_of(tell_engine(c, d, pin, &id) && answer_code(c, "access_code", id));
}

/* ---- the table ---- */

#define PARAM_CODE_ID { .name = "access_code_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED }
#define PARAM_BOOL_OF(n) { .name = (n), .kind = PARAM_BOOL }

static const struct route routes[] = {
	{ .path = "/access_codes/unmanaged/list",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .handle = list,
	  PARAMS({ .name = "device_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "search", .kind = PARAM_TEXT },
		 { .name = "user_identifier_key", .kind = PARAM_TEXT },
		 { .name = "limit", .kind = PARAM_INT, .min = 1, .max = 1000000 },
		 { .name = "page_cursor", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE }) },
	{ .path = "/access_codes/unmanaged/get",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .handle = get,
	  PARAMS({ .name = "access_code_id", .kind = PARAM_UUID },
		 { .name = "device_id", .kind = PARAM_UUID },
		 { .name = "code", .kind = PARAM_TEXT }) },
	{ .path = "/access_codes/unmanaged/convert_to_managed",
	  .methods = METHOD_POST | METHOD_PATCH,
	  .role = KEY_DESK,
	  .handle = convert,
	  PARAMS(PARAM_CODE_ID, PARAM_EXTERNAL, PARAM_BOOL_OF("force"), PARAM_BOOL_OF("sync")) },
	{ .path = "/access_codes/unmanaged/update",
	  .methods = METHOD_POST | METHOD_PATCH,
	  .role = KEY_DESK,
	  .handle = update,
	  PARAMS(PARAM_CODE_ID,
		 { .name = "is_managed", .kind = PARAM_BOOL, .flags = PARAM_REQUIRED },
		 PARAM_EXTERNAL, PARAM_BOOL_OF("force")) },
	{ .path = "/access_codes/unmanaged/delete",
	  .methods = METHODS_DELETE,
	  .role = KEY_DESK,
	  .handle = delete_code,
	  PARAMS(PARAM_CODE_ID, PARAM_BOOL_OF("sync")) },
};

const struct route_table routes_unmanaged = { routes, G_N_ELEMENTS(routes) };
