/* show_code - access codes as objects of the API. */
#include "config.h"

#include "server/keyrackd.h"
#include "server/show_code.h"

#include <string.h>

/* ---- what the codes of one lock share ---- */

struct shown_device {
	const struct lock_system *system;
	const char *place;
	bool managed;
	GString *errors; /* of the device and its account: JSON objects with commas between */
	struct store_list *rows;
	struct matter door; /* its name and zone, for each of its codes */
};

struct code_shower {
	struct server *server;
	GHashTable *devices; /* device_id -> struct shown_device */
	struct instant now;
	struct instant until; /* what was shown holds */
};

static void free_device(void *p)
{
	struct shown_device *d = p;

	if (d->errors)
		g_string_free(d->errors, TRUE);
	if (d->rows)
		store_list_free(d->rows);
	g_free(d);
}

struct code_shower *code_shower_new(struct server *s)
{
	struct code_shower *w = g_new0(struct code_shower, 1);

	w->server = s;
	w->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_device);
	w->now = clock_now(s->clock);
	w->until = INSTANT_MAX;
	return w;
}

struct instant code_shower_until(const struct code_shower *w)
{
	return w->until;
}

static void holds_until(struct code_shower *w, struct instant t)
{
	if (instant_known(t) && instant_before(w->now, t) && instant_before(t, w->until))
		w->until = t;
}

void code_shower_free(struct code_shower *w)
{
	g_hash_table_unref(w->devices);
	g_free(w);
}

static struct shown_device *device_of(struct code_shower *w, const char *device_id)
{
	struct shown_device *is = g_hash_table_lookup(w->devices, device_id);
	const struct store_device *d;

	if (is)
		return is;
	is = g_new0(struct shown_device, 1);
	is->errors = g_string_new("[");
	is->rows = store_device(w->server->store, device_id, NULL);
	if (is->rows && is->rows->rows->len) {
		d = store_at(is->rows, struct store_device, 0);
		is->system = engine_system_of(w->server->engine, d);
		is->place = d->place;
		is->managed = d->managed;
		show_device_errors(w->server, is->errors, d);
	}
	g_string_erase(is->errors, 0, 1);
	keyrackd_find_door(&is->door, is->rows);
	/* Times are told by the day: "tomorrow 09:00". */
	holds_until(w, zone_day_start(is->door.zone, w->now, 1));
	g_hash_table_insert(w->devices, g_strdup(device_id), is);
	return is;
}

static void put_errors(struct code_shower *w, GString *out, const struct store_code *c,
		       const struct shown_device *d)
{
	jsonout_array(out, "errors");
	show_code_errors(w->server, out, c);
	if (d->errors->len) {
		if (out->str[out->len - 1] != '[')
			g_string_append_c(out, ',');
		g_string_append_len(out, d->errors->str, (gssize)d->errors->len);
	}
	jsonout_array_end(out);
	jsonout_array(out, "warnings");
	show_code_warnings(w->server, out, c);
	jsonout_array_end(out);
}

/* ---- for people ---- */

static bool has_own_error(const struct store_code *c)
{
	const struct engine_problem *table;
	size_t n;

	table = engine_problem_table(&n);
	for (size_t i = 0; i < n; i++) {
		if (table[i].is_error && c->problems & table[i].bit)
			return true;
	}
	return false;
}

/* The words of the console: one vocabulary for both. */
static const char *display_status(const struct code_shower *w, const struct store_code *c)
{
	const struct access_code is = {
		.managed = c->managed,
		.time_bound = instant_known(c->ends_at),
		.type = instant_known(c->ends_at) ? "time_bound" : "ongoing",
		.status = c->status,
		.code = c->pin,
		.starts_at = c->starts_at,
		.ends_at = c->ends_at,
		.created_at = c->created_at,
		.is_scheduled_on_device = c->scheduled_on_device ? TRI_YES : TRI_NO,
		.is_offline_access_code = c->offline ? TRI_YES : TRI_NO,
	};

	return code_state_word(access_code_state(&is, has_own_error(c), w->now));
}

/* What the engine knows of it beyond the API. */
static void put_outlook(struct code_shower *w, GString *out, const struct store_code *c,
			const struct shown_device *d)
{
	struct outlook o = engine_outlook(w->server->engine, c);
	struct matter m = d->door;

	m.code = c;
	m.outlook = o;
	m.now = w->now;
	if (instant_before(o.holds_until, w->until))
		w->until = o.holds_until;
	jsonout_object(out, "keyrackd");
	jsonout_string(out, "reason", plan_reason_name(o.reason));
	jsonout_string(out, "words", plan_reason_words(o.reason));
	jsonout_string(out, "proof",
		       o.belief == BELIEF_PROVEN    ? "proven"
		       : o.belief == BELIEF_WRITTEN ? "acknowledged"
						    : "none");
	jsonout_instant(out, "next_at", o.next_at);
	jsonout_instant(out, "early_from", o.early_from);
	keyrackd_put_next(out, &m);
	jsonout_object_end(out);
}

/* ---- the objects ---- */

static void put_common(struct code_shower *w, GString *out, const struct store_code *c)
{
	bool bound = instant_known(c->starts_at) || instant_known(c->ends_at);

	jsonout_string(out, "access_code_id", c->access_code_id);
	jsonout_string(out, "workspace_id", w->server->workspace_id);
	jsonout_string(out, "device_id", c->device_id);
	jsonout_bool(out, "is_managed", c->managed);
	jsonout_string(out, "type", bound ? "time_bound" : "ongoing");
	jsonout_string(out, "status", c->status);
	jsonout_string(out, "display_status", display_status(w, c));
	jsonout_string(out, "name", c->name);
	jsonout_string(out, "code", c->pin);
	jsonout_instant(out, "starts_at", c->starts_at);
	jsonout_instant(out, "ends_at", c->ends_at);
	jsonout_instant(out, "created_at", c->created_at);
}

void show_code_appearance(GString *out, const struct store_code *c)
{
	if (!c->shown_name) {
		jsonout_null(out, "appearance");
		return;
	}
	jsonout_object(out, "appearance");
	jsonout_string(out, "name", c->shown_name);
	if (c->shown_first)
		jsonout_string(out, "first_name", c->shown_first);
	if (c->shown_last)
		jsonout_string(out, "last_name", c->shown_last);
	jsonout_object_end(out);
}

/* Its PINs are computed here, and none can be taken back: no more than that is known of a stay. */
static void put_oracode(GString *out, const struct shown_device *d)
{
	if (!d->system || g_strcmp0(d->system->device_type, "dormakaba_oracode_door") != 0)
		return;
	jsonout_object(out, "dormakaba_oracode_metadata");
	if (d->place)
		jsonout_string(out, "site_name", d->place);
	jsonout_bool(out, "is_cancellable", false);
	jsonout_bool(out, "is_extendable", false);
	jsonout_bool(out, "is_overridable", false);
	jsonout_object_end(out);
}

static void put_managed(struct code_shower *w, GString *out, const struct store_code *c,
			const struct shown_device *d)
{
	jsonout_string(out, "common_code_key", c->common_code_key);
	jsonout_bool(out, "is_scheduled_on_device", c->scheduled_on_device);
	jsonout_bool(out, "is_waiting_for_code_assignment", !c->pin);
	jsonout_bool(out, "is_external_modification_allowed", c->external_ok);
	jsonout_bool(out, "is_offline_access_code", c->offline);
	jsonout_bool(out, "is_one_time_use", c->one_time);
	jsonout_bool(out, "is_backup", c->backup != BACKUP_NO);
	jsonout_bool(out, "is_backup_access_code_available",
		     engine_backup_ready(w->server->engine, c));
	jsonout_string(out, "pulled_backup_access_code_id", c->pulled_backup_id);
	put_errors(w, out, c, d);
	show_code_pending(w->server, out, c);
	show_code_appearance(out, c);
	put_oracode(out, d);
	put_outlook(w, out, c, d);
}

/* The rule of engine_convert: a lock that shows the whole of it, and a whole window or none. */
static bool can_be_managed(const struct store_code *c, const struct shown_device *d)
{
	return d->system && d->system->unmanaged_convertible && c->pin &&
	       instant_known(c->starts_at) == instant_known(c->ends_at);
}

void code_shower_show(struct code_shower *w, GString *out, const char *key,
		      const struct store_code *c)
{
	const struct shown_device *d = device_of(w, c->device_id);

	holds_until(w, c->starts_at);
	holds_until(w, c->ends_at);
	jsonout_object(out, key);
	put_common(w, out, c);
	if (c->managed) {
		put_managed(w, out, c, d);
	} else {
		put_errors(w, out, c, d);
		if (!can_be_managed(c, d))
			jsonout_bool(out, "cannot_be_managed", true);
	}
	jsonout_object_end(out);
}

void show_code(struct server *s, GString *out, const char *key, const struct store_code *c)
{
	OWN(code_shower) struct code_shower *w = code_shower_new(s);

	code_shower_show(w, out, key, c);
}
