/* show_device_trouble - the errors and warnings of a lock and its account.
 *
 * They stand in the device's arrays and again in those of each of its codes; so what was found out
 * of a lock is kept for as long as the call lasts. Since when something is so is read from the
 * journal: it is the one that cannot be wrong about it. */
#include "config.h"

#include "server/device.h"

/* So many pulled at a time say that programming this lock goes wrong. Own choice. */
#define MANY_PULLED 3

struct trouble {
	char *errors, *warnings; /* JSON objects with commas between them */
};

static void trouble_free(void *data)
{
	struct trouble *t = data;

	g_free(t->errors);
	g_free(t->warnings);
	g_free(t);
}

void show_trouble_forget(struct server *s)
{
	g_clear_pointer(&s->trouble, g_hash_table_unref);
}

/* ---- since when ---- */

/* The newest of these events; where there is none it was so from the beginning. */
static struct instant since(struct server *s, const struct store_device *d,
			    const char *const *types)
{
	const char *const devices[] = { d->device_id, NULL };
	const struct store_event_filter f = { .since = INSTANT_NONE,
					      .until = INSTANT_NONE,
					      .types = types,
					      .device_ids = devices,
					      .limit = 1 };
	OWN(store_list) struct store_list *l = store_events(s->store, &f, NULL);

	return l && l->rows->len ? store_at(l, struct store_event, 0)->created_at : d->created_at;
}

static struct instant account_since(struct server *s, const struct store_device *d)
{
	static const char *const types[] = { "connected_account.disconnected", NULL };
	const char *const accounts[] = { d->account_id, NULL };
	const struct store_event_filter f = { .since = INSTANT_NONE,
					      .until = INSTANT_NONE,
					      .types = types,
					      .account_ids = accounts,
					      .limit = 1 };
	OWN(store_list)
	struct store_list *l = d->account_id ? store_events(s->store, &f, NULL) : NULL;

	return l && l->rows->len ? store_at(l, struct store_event, 0)->created_at : d->created_at;
}

static const char *const gone_events[] = { "device.disconnected", "device.unmanaged.disconnected",
					   NULL };
static const char *const removed_events[] = { "device.removed", NULL };
static const char *const filled_events[] = { "access_code.set_on_device",
					     "access_code.scheduled_on_device",
					     "access_code.unmanaged.created", NULL };

/* ---- errors ---- */

static void begin_error(GString *out, const char *code, const char *message, bool of_account,
			struct instant at)
{
	jsonout_object(out, NULL);
	jsonout_string(out, "error_code", code);
	jsonout_string(out, "message", message);
	if (of_account) {
		jsonout_bool(out, "is_connected_account_error", true);
		jsonout_bool(out, "is_bridge_error", false);
	}
	jsonout_bool(out, "is_device_error", !of_account);
	jsonout_instant(out, "created_at", at);
	jsonout_object_end(out);
}

static void find_errors(struct server *s, GString *out, const struct store_device *d,
			const struct engine_load *load)
{
	if (d->account_lost)
		begin_error(out, "account_disconnected",
			    "The account is disconnected: its locks cannot be reached until "
			    "somebody logs in again.",
			    true, account_since(s, d));
	if (d->removed)
		begin_error(out, "device_removed", "The lock is gone from its account.", false,
			    since(s, d, removed_events));
	else if (!d->online)
		begin_error(out, "device_disconnected", "The lock cannot be reached.", false,
			    since(s, d, gone_events));
	if (d->managed && d->backup_pool && load->pool_ready == 0)
		begin_error(out, "empty_backup_access_code_pool",
			    "No backup access code is ready on the lock.", false,
			    instant_known(load->short_last)    ? load->short_last
			    : instant_known(load->pulled_last) ? load->pulled_last
							       : d->created_at);
}

/* ---- warnings ---- */

static void begin_warning(GString *out, const char *code, const char *message, struct instant at)
{
	jsonout_object(out, NULL);
	jsonout_string(out, "warning_code", code);
	jsonout_string(out, "message", message);
	jsonout_instant(out, "created_at", at);
}

static void warn_of_full(struct server *s, GString *out, const struct store_device *d,
			 const struct engine_load *load)
{
	int slots = engine_system_of(s->engine, d)->slots;

	begin_warning(out, "max_access_codes_reached",
		      "The lock's memory is full: no further code can be set on it.",
		      since(s, d, filled_events));
	jsonout_int(out, "active_access_code_count", load->held);
	if (slots > 0)
		jsonout_int(out, "max_active_access_code_count", slots);
	jsonout_object_end(out);
}

static void find_warnings(struct server *s, GString *out, const struct store_device *d,
			  const struct engine_load *load)
{
	if (!d->managed)
		return;
	if (d->backup_pool && load->pool_ready > 0 && load->pool_ready < load->pool_size) {
		begin_warning(out, "partial_backup_access_code_pool",
			      "Fewer backup access codes are ready on the lock than should be.",
			      instant_known(load->short_first) ? load->short_first : d->created_at);
		jsonout_object_end(out);
	}
	if (load->pool_pulled >= MANY_PULLED) {
		begin_warning(out, "many_active_backup_codes",
			      "Many backup access codes are in use: setting codes on this lock "
			      "seems to go wrong.",
			      load->pulled_last);
		jsonout_object_end(out);
	}
	if (load->full)
		warn_of_full(s, out, d, load);
}

/* ---- both ---- */

static const struct trouble *trouble_of(struct server *s, const struct store_device *d)
{
	struct trouble *t;
	struct engine_load load;
	GString *errors, *warnings;

	if (!s->trouble)
		s->trouble = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, trouble_free);
	t = g_hash_table_lookup(s->trouble, d->device_id);
	if (t)
		return t;
	load = engine_load_of(s->engine, d);
	errors = g_string_new(NULL);
	warnings = g_string_new(NULL);
	find_errors(s, errors, d, &load);
	find_warnings(s, warnings, d, &load);
	t = g_new(struct trouble, 1);
	t->errors = g_string_free(errors, FALSE);
	t->warnings = g_string_free(warnings, FALSE);
	g_hash_table_insert(s->trouble, g_strdup(d->device_id), t);
	return t;
}

void show_device_errors(struct server *s, GString *out, const struct store_device *d)
{
	const char *errors = trouble_of(s, d)->errors;

	if (*errors)
		jsonout_raw(out, NULL, errors);
}

void show_device_warnings(struct server *s, GString *out, const struct store_device *d)
{
	const char *warnings = trouble_of(s, d)->warnings;

	if (*warnings)
		jsonout_raw(out, NULL, warnings);
}
