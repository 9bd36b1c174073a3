/* routes_devices - /devices and unmanaged devices: lists, one of them, changes. */
#include "config.h"

#include "server/device.h"

#include <string.h>

#define BATCH	       500 /* rows read at a time */
#define LIST_LIMIT     500
#define UNMANAGED_MAX  22900
#define NAME_MAX_CHARS 255

/* ---- lists ---- */

struct walk {
	struct device_filter filter;
	struct store_page *page; /* NULL: all of them */
	GString *out;
	int shown;
	struct instant last_created_at;
	char *last_id;
};

typedef void show_fn(struct server *s, GString *out, const char *key, const struct store_device *d);

/* True: the page is full, and there are more. */
static bool walk_rows(struct server *s, struct walk *w, const struct store_list *l, show_fn *show)
{
	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_device *d = store_at(l, struct store_device, i);

		if (!device_fits(s, &w->filter, d))
			continue;
		if (w->shown == w->page->limit)
			return true;
		show(s, w->out, NULL, d);
		w->shown++;
		w->last_created_at = d->created_at;
		g_free(w->last_id);
		w->last_id = g_strdup(d->device_id);
	}
	return false;
}

/* false: the store failed. What fits is looked for until the page is full. */
static bool walk(struct server *s, struct walk *w, show_fn *show)
{
	struct store_page from = *w->page;
	g_autofree char *at = NULL;

	from.limit = BATCH;
	for (;;) {
		OWN(store_list) struct store_list *l = store_devices(s->store, &from, NULL);

		if (!l)
			return false;
		w->page->has_more = walk_rows(s, w, l, show);
		if (w->page->has_more || !from.has_more || l->rows->len == 0)
			return true;
		const struct store_device *last =
			store_at(l, struct store_device, l->rows->len - 1);
		g_free(at);
		at = g_strdup(last->device_id);
		from.after_created_at = last->created_at;
		from.after_id = at;
	}
}

static enum call_end list(struct call *c, bool managed, int fallback)
{
	struct store_page page;
	struct walk w = { .page = &page, .out = c->out, .last_created_at = INSTANT_NONE };
	bool ok;

	if (!page_begin(c, &page, fallback))
		return CALL_REFUSED;
	device_filter_init(c, managed, &w.filter);
	jsonout_array(c->out, "devices");
	ok = walk(c->server, &w, managed ? show_device : show_unmanaged_device);
	jsonout_array_end(c->out);
	page_end(c, &page, w.last_created_at, w.last_id);
	device_filter_done(&w.filter);
	g_free(w.last_id);
	return ok ? CALL_DONE : refuse_no_store(c);
}

static enum call_end list_managed(struct call *c)
{
	return list(c, true, LIST_LIMIT);
}

static enum call_end list_unmanaged(struct call *c)
{
	return list(c, false, UNMANAGED_MAX);
}

static enum call_end get(struct call *c, bool managed, show_fn *show)
{
	OWN(store_list) struct store_list *l = NULL;
	struct store_device *d;

	if (!find_device_asked(c, managed, &l, &d))
		return CALL_REFUSED;
	show(c->server, c->out, "device", d);
	return CALL_DONE;
}

static enum call_end get_managed(struct call *c)
{
	return get(c, true, show_device);
}

static enum call_end get_unmanaged(struct call *c)
{
	return get(c, false, show_unmanaged_device);
}

/* ---- changes ---- */

struct change {
	const char *device_id, *name;
	bool has_name;
	enum tri managed, pool;
	char *metadata; /* NULL: unchanged */
};

/* The name may stand among the properties, as it once did. */
static bool read_name(struct call *c, struct change *to)
{
	const json_t *properties = params_json(c->params, "properties");
	const json_t *old = json_object_get(properties, "name");

	to->has_name = params_given(c->params, "name");
	to->name = params_text(c->params, "name");
	if (!to->has_name && old) {
		if (!json_is_string(old) && !json_is_null(old))
			return call_invalid(c, "properties", "name must be a string") !=
			       CALL_REFUSED;
		to->has_name = true;
		to->name = json_string_value(old);
	}
	if (to->name && g_utf8_strlen(to->name, -1) > NAME_MAX_CHARS)
		return call_invalid(c, "name", "Must have at most %d characters", NAME_MAX_CHARS) !=
		       CALL_REFUSED;
	return true;
}

static bool read_metadata(struct call *c, const struct store_device *d, struct change *to)
{
	const json_t *change = params_json(c->params, "custom_metadata");
	const char *why;

	if (!change)
		return true;
	to->metadata = metadata_change(d->metadata, change, &why);
	if (!to->metadata)
		call_invalid(c, "custom_metadata", "%s", why);
	return to->metadata;
}

/* All of it or nothing. */
static bool carry_out(struct call *c, const struct change *to)
{
	struct engine *e = c->server->engine;
	bool ok;

	if (!engine_group_begin(e, &c->no))
		return false;
	ok = (!to->metadata || engine_device_metadata(e, to->device_id, to->metadata, &c->no)) &&
	     engine_device_update(e, to->device_id, to->name, to->has_name, to->managed, to->pool,
				  &c->no);
	return engine_group_end(e, ok, &c->no) && ok;
}

static enum call_end update(struct call *c)
{
	struct change to = { .device_id = params_text(c->params, "device_id"),
			     .managed = params_tri(c->params, "is_managed"),
			     .pool = params_tri(c->params, "backup_access_code_pool_enabled") };
	OWN(store_list) struct store_list *l = NULL;
	struct store_device *d;
	bool ok;

	if (!find_device_for(c, to.device_id, true, &l, &d))
		return CALL_REFUSED;
	ok = read_name(c, &to) && read_metadata(c, d, &to) && carry_out(c, &to);
	g_free(to.metadata);
	return ok ? CALL_DONE : CALL_REFUSED;
}

static enum call_end update_unmanaged(struct call *c)
{
	struct change to = { .device_id = params_text(c->params, "device_id"),
			     .managed = params_tri(c->params, "is_managed"),
			     .pool = TRI_UNKNOWN };
	OWN(store_list) struct store_list *l = NULL;
	struct store_device *d;
	bool ok;

	if (to.managed == TRI_NO)
		return call_invalid(c, "is_managed",
				    "Must be true: the device is unmanaged already");
	if (!find_device_for(c, to.device_id, false, &l, &d))
		return CALL_REFUSED;
	ok = read_metadata(c, d, &to) && carry_out(c, &to);
	g_free(to.metadata);
	return ok ? CALL_DONE : CALL_REFUSED;
}

/* ---- providers ---- */

static void show_row(GString *out, const struct lock_system *ls, const struct store_list *devices)
{
	bool lock = false, unlock = false;

	/* What can be done from afar hangs on the model: those that are here say it. */
	for (guint i = 0; i < devices->rows->len; i++) {
		const struct store_device *d = store_at(devices, struct store_device, i);
		bool theirs = g_strcmp0(d->device_type, ls->device_type) == 0;

		lock = lock || (theirs && d->can_lock);
		unlock = unlock || (theirs && d->can_unlock);
	}
	jsonout_object(out, NULL);
	jsonout_string(out, "device_provider_name", ls->provider);
	jsonout_string(out, "display_name", brand_of(ls->device_type, NULL));
	jsonout_array(out, "provider_categories");
	jsonout_string(out, NULL, "stable");
	jsonout_array_end(out);
	if (ls->online_codes)
		jsonout_bool(out, "can_program_online_access_codes", true);
	if (ls->offline_codes)
		jsonout_bool(out, "can_program_offline_access_codes", true);
	if (lock)
		jsonout_bool(out, "can_remotely_lock", true);
	if (unlock)
		jsonout_bool(out, "can_remotely_unlock", true);
	jsonout_object_end(out);
}

static enum call_end list_providers(struct call *c)
{
	const char *category = params_text(c->params, "provider_category");
	bool fits = !category || strcmp(category, "stable") == 0;
	OWN(store_list) struct store_list *devices = store_devices(c->server->store, NULL, NULL);
	size_t n;
	const struct lock_system *table = lock_system_table(&n);

	if (!devices)
		return refuse_no_store(c);
	jsonout_array(c->out, "device_providers");
	for (size_t i = 0; fits && i < n; i++)
		show_row(c->out, &table[i], devices);
	jsonout_array_end(c->out);
	return CALL_DONE;
}

/* ---- time zones that providers do not tell ---- */

static const struct {
	const char *metadata, *device_type;
} reported[] = {
	{ "omnitec_metadata", "omnitec_lock" },
	{ "schlage_metadata", "schlage_lock" },
	{ "ultraloq_metadata", "ultraloq_lock" },
};

static bool report_one(struct call *c, const json_t *row)
{
	const char *id = json_string_value(json_object_get(row, "device_id")), *zone = NULL;
	OWN(store_list) struct store_list *l = NULL;
	struct store_device *d;
	const char *type = NULL;

	if (!id)
		return call_invalid(c, "devices", "device_id is required") != CALL_REFUSED;
	for (size_t i = 0; !type && i < G_N_ELEMENTS(reported); i++) {
		const json_t *metadata = json_object_get(row, reported[i].metadata);

		type = metadata ? reported[i].device_type : NULL;
		zone = json_string_value(json_object_get(metadata, "time_zone"));
	}
	if (!zone || !zone_is_known(zone_get(zone)))
		return call_invalid(c, "devices",
				    "time_zone must be an IANA time zone, like "
				    "Europe/Berlin, in omnitec_metadata, "
				    "schlage_metadata or ultraloq_metadata") != CALL_REFUSED;
	if (!find_device_for(c, id, true, &l, &d))
		return false;
	if (g_strcmp0(d->device_type, type) != 0)
		return call_refuse(c, 400, "device_type_not_supported",
				   "This metadata is for a device of type %s.",
				   type) != CALL_REFUSED;
	return engine_report_zone(c->server->engine, id, zone, &c->no);
}

static enum call_end report_metadata(struct call *c)
{
	const json_t *rows = params_json(c->params, "devices");
	struct engine *e = c->server->engine;
	bool ok = true;

	if (!engine_group_begin(e, &c->no))
		return CALL_REFUSED;
	for (size_t i = 0; ok && i < json_array_size(rows); i++)
		ok = report_one(c, json_array_get(rows, i));
	return engine_group_end(e, ok, &c->no) && ok ? CALL_DONE : CALL_REFUSED;
}

/* ---- the table ---- */

#define LIST_PARAMS                                                                                \
	{ .name = "connected_account_id", .kind = PARAM_UUID },                                    \
		{ .name = "connected_account_ids", .kind = PARAM_TEXTS },                          \
		{ .name = "connect_webview_id", .kind = PARAM_UUID },                              \
		{ .name = "device_ids", .kind = PARAM_TEXTS },                                     \
		{ .name = "device_type", .kind = PARAM_TEXT },                                     \
		{ .name = "device_types", .kind = PARAM_TEXTS },                                   \
		{ .name = "manufacturer", .kind = PARAM_TEXT },                                    \
		{ .name = "created_before", .kind = PARAM_INSTANT },                               \
		{ .name = "custom_metadata_has", .kind = PARAM_OBJECT },                           \
		{ .name = "customer_key", .kind = PARAM_TEXT },                                    \
		{ .name = "space_id", .kind = PARAM_UUID },                                        \
		{ .name = "user_identifier_key", .kind = PARAM_TEXT },                             \
		{ .name = "search", .kind = PARAM_TEXT },                                          \
		{ .name = "limit", .kind = PARAM_INT, .min = 1, .max = G_MAXINT32 },               \
	{                                                                                          \
		.name = "page_cursor", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE                 \
	}

static const struct route rows[] = {
	{ "/devices/list", METHODS_READ, KEY_READ, PARAMS(LIST_PARAMS), .handle = list_managed },
	{ "/devices/get", METHODS_READ, KEY_READ,
	  PARAMS({ .name = "device_id", .kind = PARAM_UUID },
		 { .name = "name", .kind = PARAM_TEXT }),
	  .handle = get_managed },
	{ "/devices/update", METHODS_UPDATE, KEY_ADMIN,
	  PARAMS({ .name = "device_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "name", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE },
		 { .name = "custom_metadata", .kind = PARAM_OBJECT },
		 { .name = "is_managed", .kind = PARAM_BOOL },
		 { .name = "backup_access_code_pool_enabled", .kind = PARAM_BOOL },
		 { .name = "properties", .kind = PARAM_OBJECT }),
	  .handle = update },
	{ "/devices/unmanaged/list", METHODS_READ, KEY_READ, PARAMS(LIST_PARAMS),
	  .handle = list_unmanaged },
	{ "/devices/unmanaged/get", METHODS_READ, KEY_READ,
	  PARAMS({ .name = "device_id", .kind = PARAM_UUID },
		 { .name = "name", .kind = PARAM_TEXT }),
	  .handle = get_unmanaged },
	{ "/devices/unmanaged/update", METHODS_UPDATE, KEY_ADMIN,
	  PARAMS({ .name = "device_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED },
		 { .name = "is_managed", .kind = PARAM_BOOL },
		 { .name = "custom_metadata", .kind = PARAM_OBJECT }),
	  .handle = update_unmanaged },
	{ "/devices/list_device_providers", METHODS_READ, KEY_READ,
	  PARAMS({ .name = "provider_category", .kind = PARAM_TEXT }), .handle = list_providers },
	{ "/devices/report_provider_metadata", METHOD_POST, KEY_ADMIN,
	  PARAMS({ .name = "devices", .kind = PARAM_OBJECTS, .flags = PARAM_REQUIRED }),
	  .handle = report_metadata },
};

const struct route_table routes_devices = { rows, G_N_ELEMENTS(rows) };
