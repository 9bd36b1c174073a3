/* request_change - access codes changed, deleted, adopted and released on the API. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

/* ---- what differs ---- */

struct change {
	const char *property, *from, *to;
};

static void add_change(GArray *to, const char *property, const char *from, const char *is)
{
	struct change c = { property, from, is };

	if (g_strcmp0(from, is) != 0)
		g_array_append_val(to, c);
}

static const char *time_text(struct engine *e, struct instant t)
{
	char text[INSTANT_TEXT_MAX];

	return instant_known(t) ? keep(e, instant_format(t, text)) : NULL;
}

static GArray *changes_between(struct engine *e, const struct store_code *was,
			       const struct store_code *is)
{
	GArray *c = g_array_new(FALSE, FALSE, sizeof(struct change));

	add_change(c, "name", was->name, is->name);
	add_change(c, "code", was->pin, is->pin);
	add_change(c, "starts_at", time_text(e, was->starts_at), time_text(e, is->starts_at));
	add_change(c, "ends_at", time_text(e, was->ends_at), time_text(e, is->ends_at));
	add_change(c, "is_external_modification_allowed", was->external_ok ? "true" : "false",
		   is->external_ok ? "true" : "false");
	add_change(c, "is_managed", was->managed ? "true" : "false",
		   is->managed ? "true" : "false");
	return c;
}

static void journal_changes(struct engine *e, const struct store_code *c, const GArray *changes)
{
	struct note n;

	note_begin(e, &n, "access_code.changed", c->device_id, c->access_code_id, NULL,
		   INSTANT_NONE);
	jsonout_string(n.body, "change_reason", "updated_by_request");
	jsonout_array(n.body, "changed_properties");
	for (guint i = 0; i < changes->len; i++) {
		const struct change *ch = &g_array_index(changes, struct change, i);

		jsonout_object(n.body, NULL);
		jsonout_string(n.body, "property", ch->property);
		jsonout_string(n.body, "from", ch->from);
		jsonout_string(n.body, "to", ch->to);
		jsonout_object_end(n.body);
	}
	jsonout_array_end(n.body);
	note_end(e, &n);
}

/* ---- update ---- */

static bool change_window(struct engine *e, struct lane *l, const struct code_request *r,
			  struct store_code *c, struct refusal *no)
{
	bool given = instant_known(r->starts_at) || instant_known(r->ends_at);

	if (g_strcmp0(r->type, "ongoing") == 0) {
		if (given)
			return refuse(no, 400, "invalid_input", "type",
				      "An ongoing access code has neither starts_at nor ends_at");
		c->starts_at = c->ends_at = INSTANT_NONE;
		return true;
	}
	if (instant_known(r->starts_at))
		c->starts_at = r->starts_at;
	if (instant_known(r->ends_at))
		c->ends_at = r->ends_at;
	if (g_strcmp0(r->type, "time_bound") == 0 && !instant_known(c->starts_at))
		return refuse(no, 400, "invalid_input", "starts_at",
			      "A time-bound access code needs starts_at and ends_at");
	return !given || check_window(e, &l->system, c->starts_at, c->ends_at,
				      instant_known(r->starts_at), no);
}

static bool change_pin(struct engine *e, struct lane *l, const struct code_request *r,
		       struct store_code *c, struct refusal *no)
{
	if (!r->code || g_strcmp0(r->code, c->pin) == 0)
		return true;
	if (!check_pin(&l->system, r->code, no) ||
	    !pin_is_free(e, c->device_id, r->code, c->access_code_id, no))
		return false;
	c->pin = r->code;
	return true;
}

static bool may_change(struct engine *e, struct lane *l, const struct store_code *c,
		       const struct code_request *r, struct refusal *no)
{
	if (c->backup == BACKUP_POOL)
		return refuse(no, 400, "invalid_input", "access_code_id",
			      "A backup access code that was not pulled cannot be changed");
	if (c->offline)
		return refuse(no, 400, "invalid_input", "access_code_id",
			      "An offline access code cannot be changed");
	if (is_ending(e, c))
		return refuse(no, 400, "invalid_input", "access_code_id",
			      "This access code is being removed");
	if (!r->attempt_for_offline_device && !l->online)
		return refuse(no, 400, "device_disconnected", "device_id",
			      "The device cannot be reached now, and attempt_for_offline_device is "
			      "false");
	if (r->managed == TRI_NO && !is_on_lock(&c->done))
		return refuse(no, 400, "invalid_input", "is_managed",
			      "This access code is not on the device yet");
	return true;
}

/* The code stays on the lock and is ours no longer. */
void release(struct engine *e, struct store_code *c)
{
	c->managed = false;
	c->problems = 0;
	c->problem_since = NULL;
	c->status = "set";
	c->scheduled_on_device = false;
	c->changing = NULL;
	c->next_look = INSTANT_NONE;
	lane_leave(lane_of(e, c->device_id), c->access_code_id);
	attempts_closed(e, c->access_code_id);
	put_code(e, c);
}

static bool apply_update(struct engine *e, const struct store_code *was,
			 const struct code_request *r, bool *changed, struct refusal *no)
{
	struct lane *l = lane_of(e, was->device_id);
	struct store_code is = *was;

	if (!may_change(e, l, was, r, no) || !change_window(e, l, r, &is, no) ||
	    !change_pin(e, l, r, &is, no))
		return false;
	if (r->has_name || r->name)
		is.name = r->name;
	if (r->external_ok != TRI_UNKNOWN)
		is.external_ok = r->external_ok == TRI_YES;
	if (r->managed == TRI_NO)
		is.managed = false;

	g_autoptr(GArray) changes = changes_between(e, was, &is);
	*changed = changes->len > 0;
	if (!*changed)
		return true;
	journal_changes(e, &is, changes);
	if (!is.managed) {
		release(e, &is);
		return true;
	}
	mutation_begin(e, was, &is);
	/* What the lock does now is late from now on. */
	plan_note_edited(&is.done);
	if (lane_flies(l, is.access_code_id))
		plan_note_edited(&l->flight->before);
	is.done.first_try_at = is.asked_at = engine_now(e);
	lane_leave(l, is.access_code_id); /* its place in the line goes by its start */
	consider(e, &is);
	return true;
}

/* ---- one PIN for all codes of a common_code_key ---- */

static const char *lock_name(struct engine *e, const char *device_id)
{
	OWN(store_list) struct store_list *rows = store_device(e->store, device_id, NULL);
	const struct store_device *d = first_device(rows);

	return d ? keep(e, d->nickname ? d->nickname : d->name) : NULL;
}

/* Its words, and before them the lock that they are about. */
static bool name_the_lock(struct engine *e, const struct store_code *c, struct refusal *no)
{
	g_autofree char *why = g_steal_pointer(&no->message);
	const char *name = lock_name(e, c->device_id);

	return refuse(no, no->status, no->type, "code",
		      "The codes with this common_code_key share one code, and %s does not take "
		      "it: %s",
		      name ? name : "another lock", why);
}

/* Would its lock take the new PIN? Nothing is changed: all are asked before the first one is. */
static bool takes_pin(struct engine *e, const struct store_code *c, const struct code_request *r,
		      struct refusal *no)
{
	struct lane *l = lane_of(e, c->device_id);
	struct store_code is = *c;

	return may_change(e, l, c, r, no) && change_pin(e, l, r, &is, no);
}

/* Only the PIN is common; what is being removed is no member any more. */
static bool change_others(struct engine *e, const struct store_code *first,
			  const struct code_request *r, struct refusal *no)
{
	struct store_code_filter filter = { .common_code_key = first->common_code_key,
					    .managed = 1 };
	struct code_request one = { .code = r->code,
				    .starts_at = INSTANT_NONE,
				    .ends_at = INSTANT_NONE,
				    .external_ok = TRI_UNKNOWN,
				    .managed = TRI_UNKNOWN,
				    .attempt_for_offline_device = r->attempt_for_offline_device };
	OWN(store_list) struct store_list *l = store_codes(e->store, &filter, NULL, NULL);
	bool changed;

	for (int round = 0; round < 2; round++) {
		for (guint i = 0; i < rows_in(l); i++) {
			const struct store_code *c = store_at(l, struct store_code, i);
			bool member = strcmp(c->access_code_id, first->access_code_id) != 0 &&
				      !is_ending(e, c) && g_strcmp0(c->pin, r->code) != 0;

			if (member && round == 0 &&
			    !(within_limit(e, c->device_id, LIMIT_UPDATE, no) &&
			      takes_pin(e, c, &one, no)))
				return name_the_lock(e, c, no);
			if (member && round == 1 && !apply_update(e, c, &one, &changed, no))
				return name_the_lock(e, c, no);
		}
	}
	return true;
}

static bool update_one(struct engine *e, const struct code_request *r, bool *changed,
		       struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_managed(e, r->access_code_id, no);
	const struct store_code *c;

	if (!rows)
		return false;
	if (r->device_id && strcmp(r->device_id, first_code(rows)->device_id) != 0)
		return refuse(no, 404, "access_code_not_found", "device_id",
			      "This access code is on another device");
	c = first_code(rows);
	if (!within_limit(e, c->device_id, LIMIT_UPDATE, no))
		return false;
	if (c->common_code_key && r->code && g_strcmp0(r->code, c->pin) != 0 &&
	    !(takes_pin(e, c, r, no) && change_others(e, c, r, no)))
		return false;
	return apply_update(e, c, r, changed, no);
}

bool engine_update(struct engine *e, const struct code_request *r, bool *changed,
		   struct refusal *no)
{
	bool ok, differs = false;

	if (!work_begin(e))
		return refuse_store(no);
	ok = update_one(e, r, &differs, no);
	if (!work_end(e, ok))
		return ok ? refuse_store(no) : false;
	g_free(e->unchanged);
	e->unchanged = differs ? NULL : g_strdup(r->access_code_id);
	if (changed)
		*changed = differs;
	return true;
}

static bool update_group(struct engine *e, const struct code_request *r, struct refusal *no)
{
	struct store_code_filter filter = { .common_code_key = r->common_code_key, .managed = 1 };
	OWN(store_list)
	struct store_list *l =
		r->common_code_key ? store_codes(e->store, &filter, NULL, NULL) : NULL;
	bool changed;

	if (!rows_in(l))
		return refuse(no, 404, "access_code_not_found", "common_code_key",
			      "There is no access code with this common_code_key");
	if (r->code)
		return refuse(no, 400, "invalid_input", "code",
			      "The code of a group cannot be changed");
	for (guint i = 0; i < rows_in(l); i++) {
		struct code_request one = *r;

		one.device_id = NULL;
		one.access_code_id = store_at(l, struct store_code, i)->access_code_id;
		if (!update_one(e, &one, &changed, no))
			return false;
	}
	return true;
}

bool engine_update_multiple(struct engine *e, const struct code_request *r, struct refusal *no)
{
	bool ok;

	if (!work_begin(e))
		return refuse_store(no);
	ok = update_group(e, r, no);
	if (!work_end(e, ok))
		return ok ? refuse_store(no) : false;
	return true;
}

/* ---- delete ---- */

static bool delete_one(struct engine *e, const char *id, struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_managed(e, id, no);

	if (!rows)
		return false;
	struct store_code c = *first_code(rows);
	if (c.offline && !is_ending(e, &c))
		return refuse(no, 400, "invalid_input", "access_code_id",
			      "An offline access code cannot be revoked before its end");
	if (!within_limit(e, c.device_id, LIMIT_DELETE, no))
		return false;
	if (instant_known(c.removal_asked_at)) /* once is enough */
		return true;
	c.removal_asked_at = engine_now(e);
	journal_code(e, "access_code.deleted", &c);
	consider(e, &c);
	return true;
}

bool engine_delete(struct engine *e, const char *access_code_id, struct refusal *no)
{
	bool ok;

	if (!work_begin(e))
		return refuse_store(no);
	ok = delete_one(e, access_code_id, no);
	if (!work_end(e, ok))
		return ok ? refuse_store(no) : false;
	return true;
}

/* ---- unmanaged codes ---- */

static void adopt(struct engine *e, struct store_code *c, enum tri external_ok)
{
	struct instant now = engine_now(e);
	bool to_come = instant_known(c->starts_at) && instant_before(now, c->starts_at);

	c->managed = true;
	c->prefer_native = true;
	c->external_ok = external_ok == TRI_YES;
	c->done.belief = c->done.last.pin ? BELIEF_PROVEN : BELIEF_WRITTEN;
	c->done.looked = true;
	c->shown_name = c->done.last.name;
	c->scheduled_on_device = to_come;
	c->ever_set = !to_come;
	c->status = to_come ? "unset" : "set";
	journal_code(e, "access_code.unmanaged.converted_to_managed", c);
	consider(e, c);
}

static bool convert_one(struct engine *e, struct store_code *c, enum tri external_ok,
			struct refusal *no)
{
	struct lane *l = lane_of(e, c->device_id);
	struct refusal taken = { 0 };
	bool can = l->system.unmanaged_convertible && c->pin && l->managed;

	if (instant_known(c->removal_asked_at))
		return refuse(no, 400, "invalid_input", "access_code_id",
			      "This access code is being removed");
	/* Half of a window is none that we could keep. */
	can = can && instant_known(c->starts_at) == instant_known(c->ends_at);
	if (can && pin_is_free(e, c->device_id, c->pin, c->access_code_id, &taken)) {
		adopt(e, c, external_ok);
		return true;
	}
	refusal_clear(&taken);
	journal_code(e, "access_code.unmanaged.failed_to_convert_to_managed", c);
	return refuse(
		no, can ? 409 : 400, can ? "duplicate_access_code" : "invalid_input",
		"access_code_id",
		can ? "A managed access code on this device has the same code"
		    : "This access code cannot be managed: its lock does not show enough of it");
}

bool engine_convert(struct engine *e, const char *access_code_id, enum tri external_ok,
		    struct refusal *no)
{
	bool ok;

	if (!work_begin(e))
		return refuse_store(no);
	OWN(store_list) struct store_list *rows = find_unmanaged(e, access_code_id, no);
	if (!rows) {
		work_end(e, false);
		return false;
	}
	struct store_code c = *first_code(rows);
	ok = convert_one(e, &c, external_ok, no);
	/* That it could not be is an event, too. */
	if (!work_end(e, true))
		return refuse_store(no);
	return ok;
}

bool engine_delete_unmanaged(struct engine *e, const char *access_code_id, struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_unmanaged(e, access_code_id, no);

	if (!rows)
		return false;
	struct store_code c = *first_code(rows);
	if (!within_limit(e, c.device_id, LIMIT_DELETE, no))
		return false;
	if (instant_known(c.removal_asked_at))
		return true;
	if (!work_begin(e))
		return refuse_store(no);
	c.removal_asked_at = engine_now(e);
	c.done.tries = 0;
	consider(e, &c);
	return work_end(e, true) ? true : refuse_store(no);
}
