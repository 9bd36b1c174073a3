/* routes_codes - /access_codes, managed ones: the table, and what only reads. */
#include "config.h"

#include "server/routes_codes.h"

#include <string.h>

/* ---- answers ---- */

enum call_end end_of(bool ok)
{
	return ok ? CALL_DONE : CALL_REFUSED;
}

static guint rows_in(const struct store_list *l)
{
	return l ? l->rows->len : 0;
}

bool answer_code(struct call *c, const char *key, const char *access_code_id)
{
	OWN(store_list) struct store_list *rows = store_code(c->server->store, access_code_id, NULL);

	if (!rows_in(rows)) {
		refuse_no_store(c);
		return false;
	}
	show_code(c->server, c->out, key, store_at(rows, struct store_code, 0));
	return true;
}

enum call_end answer_list(struct call *c, const struct store_code_filter *filter, int limit)
{
	struct store_page page = { .after_created_at = INSTANT_NONE };
	const struct store_code *last = NULL;

	if (!page_begin(c, &page, limit))
		return CALL_REFUSED;
	OWN(code_shower) struct code_shower *w = code_shower_new(c->server);
	OWN(store_list)
	struct store_list *rows =
		filter ? store_codes(c->server->store, filter, &page, NULL) : NULL;
	if (filter && !rows)
		return refuse_no_store(c);
	jsonout_array(c->out, "access_codes");
	for (guint i = 0; i < rows_in(rows); i++) {
		last = store_at(rows, struct store_code, i);
		code_shower_show(w, c->out, NULL, last);
	}
	jsonout_array_end(c->out);
	if (filter && filter->device_id && !page.after_id && !page.has_more)
		call_keep(c, filter->device_id, code_shower_until(w));
	page_end(c, &page, last ? last->created_at : INSTANT_NONE,
		 last ? last->access_code_id : NULL);
	return CALL_DONE;
}

/* ---- one code, by its id or by its PIN on a lock ---- */

static bool refuse_missing(struct call *c, bool there, bool managed)
{
	call_refuse(c, 404, "access_code_not_found", "%s",
		    !there    ? "There is no such access code"
		    : managed ? "This access code is unmanaged: use /access_codes/unmanaged"
			      : "This access code is managed: use /access_codes");
	return false;
}

/* Which of the rows is meant? *there: one is, in whatever collection. */
static struct store_code *choose(struct store_list *rows, bool managed, const char *device_id,
				 const char *pin, bool *there)
{
	struct store_code *found = NULL;

	for (guint i = 0; i < rows_in(rows) && !found; i++) {
		struct store_code *code = store_at(rows, struct store_code, i);

		if ((device_id && strcmp(code->device_id, device_id) != 0) ||
		    (pin && g_strcmp0(code->pin, pin) != 0))
			continue;
		*there = true;
		if (code->managed == managed)
			found = code;
	}
	return found;
}

bool find_code_for(struct call *c, bool managed, struct store_list **list, struct store_code **code)
{
	const char *id = params_text(c->params, "access_code_id");
	const char *device_id = params_text(c->params, "device_id");
	const char *pin = params_text(c->params, "code");
	bool there = false;

	*list = NULL;
	*code = NULL;
	if (!id && !(device_id && pin)) {
		call_invalid(c, NULL, "access_code_id, or device_id and code, must be given");
		return false;
	}
	*list = id ? store_code(c->server->store, id, NULL)
		   : store_code_by_pin(c->server->store, device_id, pin, NULL);
	*code = choose(*list, managed, device_id, pin, &there);
	if (*code)
		return true;
	g_clear_pointer(list, store_list_free);
	return refuse_missing(c, there, managed);
}

static enum call_end get(struct call *c)
{
	OWN(store_list) struct store_list *rows = NULL;
	struct store_code *code;

	if (!find_code_for(c, true, &rows, &code))
		return CALL_REFUSED;
	OWN(code_shower) struct code_shower *w = code_shower_new(c->server);

	code_shower_show(w, c->out, "access_code", code);
	call_keep(c, code->device_id, code_shower_until(w));
	return CALL_DONE;
}

/* ---- lists ---- */

/* There is no such thing here, so no code belongs to one. */
static const char *const elsewhere[] = { "access_grant_id", "access_grant_key", "access_method_id",
					 "customer_key", "user_identifier_key" };

static bool asks_elsewhere(const struct params *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(elsewhere); i++) {
		if (params_text(p, elsewhere[i]))
			return true;
	}
	return false;
}

static enum call_end list(struct call *c)
{
	const struct params *p = c->params;
	struct store_code_filter filter = { .device_id = params_text(p, "device_id"),
					    .ids = params_texts(p, "access_code_ids", NULL),
					    .search = params_text(p, "search"),
					    .managed = 1 };
	bool none = asks_elsewhere(p);

	if (!none && !filter.device_id && !params_given(p, "access_code_ids") && !filter.search)
		return call_invalid(c, NULL,
				    "One of device_id, access_code_ids, search must be given");
	if (filter.device_id) {
		OWN(store_list)
		struct store_list *d = store_device(c->server->store, filter.device_id, NULL);

		if (!rows_in(d))
			return call_refuse(c, 404, "device_not_found",
					   "There is no device with this id");
	}
	return answer_list(c, none ? NULL : &filter, 55000);
}

/* ---- PINs ---- */

static enum call_end generate(struct call *c)
{
	const char *device_id = params_text(c->params, "device_id");
	char pin[PIN_MAX + 1];

	if (!engine_generate_code(c->server->engine, device_id, pin, &c->no))
		return CALL_REFUSED;
	jsonout_object(c->out, "generated_code");
	jsonout_string(c->out, "device_id", device_id);
	jsonout_string(c->out, "code", pin);
	jsonout_object_end(c->out);
	return CALL_DONE;
}

static uint32_t bits_from(int64_t low, int64_t high)
{
	uint32_t bits = 0;

	for (int64_t n = low; n <= high && n < 32; n++)
		bits |= UINT32_C(1) << n;
	return bits;
}

static uint32_t bits_listed(const json_t *lengths)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < json_array_size(lengths); i++) {
		json_int_t n = json_integer_value(json_array_get(lengths, i));

		bits |= bits_from(n, n);
	}
	return bits;
}

static enum call_end report_constraints(struct call *c)
{
	const struct params *p = c->params;
	bool list = params_given(p, "supported_code_lengths");
	bool low = params_given(p, "min_code_length"), high = params_given(p, "max_code_length");
	uint32_t bits;

	if (list == (low || high))
		return call_invalid(c, NULL,
				    "Either supported_code_lengths, or min_code_length and "
				    "max_code_length, must be given");
	if (low != high)
		return call_invalid(c, low ? "max_code_length" : "min_code_length", "Required");
	bits = list ? bits_listed(params_json(p, "supported_code_lengths"))
		    : bits_from(params_int(p, "min_code_length", 0),
				params_int(p, "max_code_length", 0));
	if (bits == 0)
		return call_invalid(c, list ? "supported_code_lengths" : "max_code_length",
				    list ? "must not be empty"
					 : "must not be below min_code_length");
	return end_of(engine_report_lengths(c->server->engine, params_text(p, "device_id"), bits,
					    &c->no));
}

/* ---- the table ---- */

static const char *const roundings[] = { "1hour", "1day", "1h", "1d", NULL };
static const char *const types[] = { "ongoing", "time_bound", NULL };
static const char *const behaviors[] = { "throw", "create_random_code", NULL };

#define PARAM_CODE_ID  { .name = "access_code_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED }
#define PARAM_DEVICE   { .name = "device_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED }
#define KEY_MAX_CHARS 255
#define PARAM_TEXT_OF(n) { .name = (n), .kind = PARAM_TEXT }
#define PARAM_BOOL_OF(n) { .name = (n), .kind = PARAM_BOOL }
#define PARAM_PIN_OF   { .name = "code", .kind = PARAM_DIGITS, .min = PIN_MIN, .max = PIN_MAX }
#define PARAM_WINDOW                                                                               \
	{ .name = "starts_at", .kind = PARAM_INSTANT }, { .name = "ends_at", .kind = PARAM_INSTANT }
#define PARAM_PAGE                                                                                 \
	{ .name = "limit", .kind = PARAM_INT, .min = 1, .max = 1000000 },                          \
	{ .name = "page_cursor", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE }
#define PARAM_LENGTH_OF(n) { .name = (n), .kind = PARAM_INT, .min = 4, .max = 20 }
#define PARAM_PREFERRED_LENGTH                                                                     \
	{ .name = "preferred_code_length", .kind = PARAM_INT, .min = 1, .max = 100 }

static const struct route routes[] = {
	{ .path = "/access_codes/create",
	  .methods = METHOD_POST,
	  .role = KEY_DESK,
	  .handle = codes_create,
	  PARAMS(PARAM_DEVICE, PARAM_PIN_OF, PARAM_TEXT_OF("name"), PARAM_WINDOW, PARAM_EXTERNAL,
		 PARAM_BOOL_OF("prefer_native_scheduling"), PARAM_PREFERRED_LENGTH,
		 PARAM_BOOL_OF("use_backup_access_code_pool"),
		 PARAM_BOOL_OF("is_offline_access_code"),
		 { .name = "use_offline_access_code",
		   .kind = PARAM_BOOL,
		   .same_as = "is_offline_access_code" },
		 PARAM_BOOL_OF("is_one_time_use"),
		 { .name = "max_time_rounding", .kind = PARAM_WORD, .words = roundings },
		 { .name = "common_code_key", .kind = PARAM_TEXT, .min = 1, .max = KEY_MAX_CHARS },
		 PARAM_BOOL_OF("attempt_for_offline_device"), PARAM_BOOL_OF("sync")) },
	{ .path = "/access_codes/create_multiple",
	  .methods = METHOD_POST | METHOD_PUT,
	  .role = KEY_DESK,
	  .handle = codes_create_multiple,
	  PARAMS({ .name = "device_ids", .kind = PARAM_TEXTS, .flags = PARAM_REQUIRED },
		 { .name = "behavior_when_code_cannot_be_shared",
		   .kind = PARAM_WORD,
		   .words = behaviors },
		 PARAM_PIN_OF, PARAM_TEXT_OF("name"), PARAM_WINDOW, PARAM_EXTERNAL,
		 PARAM_BOOL_OF("prefer_native_scheduling"), PARAM_PREFERRED_LENGTH,
		 PARAM_BOOL_OF("use_backup_access_code_pool"),
		 PARAM_BOOL_OF("attempt_for_offline_device")) },
	{ .path = "/access_codes/get",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .flags = ROUTE_KEEPS,
	  .handle = get,
	  PARAMS({ .name = "access_code_id", .kind = PARAM_UUID },
		 { .name = "device_id", .kind = PARAM_UUID }, PARAM_TEXT_OF("code")) },
	{ .path = "/access_codes/list",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .flags = ROUTE_KEEPS,
	  .handle = list,
	  PARAMS({ .name = "device_id", .kind = PARAM_UUID },
		 { .name = "access_code_ids", .kind = PARAM_TEXTS }, PARAM_TEXT_OF("search"),
		 PARAM_TEXT_OF("access_grant_id"), PARAM_TEXT_OF("access_grant_key"),
		 PARAM_TEXT_OF("access_method_id"), PARAM_TEXT_OF("customer_key"),
		 PARAM_TEXT_OF("user_identifier_key"), PARAM_PAGE) },
	{ .path = "/access_codes/update",
	  .methods = METHODS_UPDATE,
	  .role = KEY_DESK,
	  .handle = codes_update,
	  PARAMS(PARAM_CODE_ID, { .name = "device_id", .kind = PARAM_UUID }, PARAM_PIN_OF,
		 PARAM_TEXT_OF("name"), PARAM_WINDOW,
		 { .name = "type", .kind = PARAM_WORD, .words = types }, PARAM_EXTERNAL,
		 PARAM_BOOL_OF("is_managed"), PARAM_BOOL_OF("attempt_for_offline_device"),
		 PARAM_BOOL_OF("sync")) },
	{ .path = "/access_codes/update_multiple",
	  .methods = METHOD_POST | METHOD_PATCH,
	  .role = KEY_DESK,
	  .handle = codes_update_multiple,
	  PARAMS({ .name = "common_code_key",
		   .kind = PARAM_TEXT,
		   .flags = PARAM_REQUIRED,
		   .min = 1,
		   .max = KEY_MAX_CHARS },
		 PARAM_TEXT_OF("name"), PARAM_WINDOW) },
	{ .path = "/access_codes/delete",
	  .methods = METHODS_DELETE,
	  .role = KEY_DESK,
	  .handle = codes_delete,
	  PARAMS(PARAM_CODE_ID, { .name = "device_id", .kind = PARAM_UUID },
		 PARAM_BOOL_OF("sync")) },
	{ .path = "/access_codes/generate_code",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .handle = generate,
	  PARAMS(PARAM_DEVICE) },
	{ .path = "/access_codes/pull_backup_access_code",
	  .methods = METHOD_POST,
	  .role = KEY_DESK,
	  .handle = codes_pull_backup,
	  PARAMS(PARAM_CODE_ID) },
	{ .path = "/access_codes/report_device_constraints",
	  .methods = METHOD_POST,
	  .role = KEY_ADMIN,
	  .handle = report_constraints,
	  PARAMS(PARAM_DEVICE,
		 { .name = "supported_code_lengths", .kind = PARAM_INTS, .min = 4, .max = 20 },
		 PARAM_LENGTH_OF("min_code_length"), PARAM_LENGTH_OF("max_code_length")) },
	{ .path = "/access_codes/get_timeline",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .handle = codes_timeline,
	  PARAMS(PARAM_CODE_ID, PARAM_TEXT_OF("after"), PARAM_TEXT_OF("before"),
		 { .name = "event_types", .kind = PARAM_TEXTS },
		 { .name = "limit", .kind = PARAM_INT, .min = 1, .max = 200 }) },
	{ .path = "/access_codes/simulate/create_unmanaged_access_code",
	  .methods = METHOD_POST,
	  .role = KEY_ADMIN,
	  .flags = ROUTE_SIMULATED,
	  .handle = codes_simulate_unmanaged,
	  PARAMS(PARAM_DEVICE,
		 { .name = "name", .kind = PARAM_TEXT, .flags = PARAM_REQUIRED, .min = 1, .max = 1000 },
		 { .name = "code",
		   .kind = PARAM_DIGITS,
		   .flags = PARAM_REQUIRED,
		   .min = PIN_MIN,
		   .max = 8 }) },
};

const struct route_table routes_access_codes = { routes, G_N_ELEMENTS(routes) };
