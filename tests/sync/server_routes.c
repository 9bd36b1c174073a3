/* The routes: lists, changes, and keyrackd's live call. */
#include "config.h"

#include <string.h>

#include "tests/sync/server_inside.h"

#define LIVE_MAX 1000

/* ---- lists ---- */

static bool among(const json_t *ids, const char *id)
{
	size_t i;
	json_t *v;

	json_array_foreach(ids, i, v) {
		if (g_strcmp0(json_string_value(v), id) == 0)
			return true;
	}
	return false;
}

/* Cuts a page out of all; the cursor is the number of the next one. */
static struct answer page_of(struct server *s, const char *key, json_t *all, const json_t *params)
{
	size_t n = json_array_size(all);
	size_t limit = (size_t)json_integer_value(json_object_get(params, "limit"));
	const char *cursor = server_text(params, "page_cursor");
	size_t from = cursor ? (size_t)atoi(cursor) : 0;
	json_t *page = json_array();
	struct answer a;
	size_t i;

	if (limit == 0)
		limit = 500;
	if (s->page_max > 0)
		limit = MIN(limit, (size_t)s->page_max);
	for (i = from; i < n && i < from + limit; i++)
		json_array_append(page, json_array_get(all, i));
	a = server_good(key, page);
	if (i < n) {
		g_autofree char *next = g_strdup_printf("%zu", i);

		json_object_set_new(a.body, "pagination",
				    json_pack("{s:b, s:s}", "has_next_page", 1, "next_page_cursor",
					      next));
	} else {
		json_object_set_new(a.body, "pagination",
				    json_pack("{s:b, s:n}", "has_next_page", 0,
					      "next_page_cursor"));
	}
	json_decref(all);
	return a;
}

static struct answer list_devices(struct server *s, const json_t *params)
{
	const json_t *ids = json_object_get(params, "device_ids");
	json_t *all = json_array(), *o;
	size_t i;

	json_array_foreach(s->devices, i, o) {
		if (!ids || among(ids, server_text(o, "device_id")))
			json_array_append(all, o);
	}
	return page_of(s, "devices", all, params);
}

static struct answer list_codes_of(struct server *s, const json_t *params, bool managed)
{
	const json_t *ids = json_object_get(params, "access_code_ids");
	const char *device_id = server_text(params, "device_id");
	json_t *all = json_array(), *o;
	size_t i;

	if (device_id && server_find(s->devices, "device_id", device_id) == SIZE_MAX) {
		json_decref(all);
		return server_fail(404, "device_not_found", "no such device");
	}
	json_array_foreach(s->codes, i, o) {
		bool fits = json_is_true(json_object_get(o, "is_managed")) == managed &&
			    !json_is_true(json_object_get(o, "is_backup"));

		if (device_id)
			fits = fits && g_strcmp0(server_text(o, "device_id"), device_id) == 0;
		if (ids)
			fits = fits && among(ids, server_text(o, "access_code_id"));
		if (fits || s->ignore_filters)
			json_array_append(all, o);
	}
	return page_of(s, "access_codes", all, params);
}

static struct answer list_codes(struct server *s, const json_t *params)
{
	return list_codes_of(s, params, true);
}

static struct answer list_unmanaged(struct server *s, const json_t *params)
{
	return list_codes_of(s, params, false);
}

static struct answer get_code_of(struct server *s, const json_t *params, bool managed)
{
	size_t i = server_find(s->codes, "access_code_id", server_text(params, "access_code_id"));
	json_t *o = i == SIZE_MAX ? NULL : json_array_get(s->codes, i);

	if (!o || json_is_true(json_object_get(o, "is_managed")) != managed)
		return server_fail(404, "access_code_not_found", "no such code here");
	return server_good("access_code", json_incref(o));
}

static struct answer get_code(struct server *s, const json_t *params)
{
	return get_code_of(s, params, true);
}

static struct answer get_unmanaged(struct server *s, const json_t *params)
{
	return get_code_of(s, params, false);
}

static struct answer list_events(struct server *s, const json_t *params)
{
	const json_t *between = json_object_get(params, "between");
	size_t limit = (size_t)json_integer_value(json_object_get(params, "limit"));
	size_t offset = (size_t)json_integer_value(json_object_get(params, "unstable_offset"));
	struct instant from = server_when(params, "since"), until = INSTANT_NONE;
	json_t *found = json_array();
	size_t n = json_array_size(s->events);

	if (between) {
		instant_parse(json_string_value(json_array_get(between, 0)), -1, &from);
		instant_parse(json_string_value(json_array_get(between, 1)), -1, &until);
	}
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_array_get(s->events, s->oldest_first ? i : n - 1 - i);
		struct instant t = server_when(o, "created_at");

		if (t.ms <= from.ms || (instant_known(until) && t.ms >= until.ms))
			continue;
		if (offset > 0) {
			offset--;
			continue;
		}
		if (s->oldest_first || json_array_size(found) < limit)
			json_array_append(found, o);
	}
	return server_good("events", found);
}

/* ---- changes ---- */

json_t *server_make_code(struct server *s, const char *device_id, const char *name,
			 const char *pin, bool managed)
{
	char id[32], made_pin[8];
	json_t *o;

	g_snprintf(id, sizeof id, "code-%d", ++s->next_id);
	g_snprintf(made_pin, sizeof made_pin, "%04d", 7000 + s->next_id);
	o = json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:o, s:[], s:[], s:n, s:b}",
		      "access_code_id", id, "device_id", device_id, "name", name, "code",
		      pin ? pin : made_pin, "is_managed", managed, "type", "ongoing", "status",
		      "set", "created_at", server_now_text(), "errors", "warnings", "common_code_key",
		      "is_backup", 0);
	json_array_append(s->codes, o);
	return o;
}

static struct answer create(struct server *s, const json_t *params)
{
	static const char *const kept[] = { "starts_at", "ends_at", "common_code_key" };
	const char *device_id = server_text(params, "device_id"), *pin = server_text(params, "code");
	json_t *o;
	size_t i;

	if (server_find(s->devices, "device_id", device_id) == SIZE_MAX)
		return server_fail(404, "device_not_found", "no such device");
	if (pin && strlen(pin) > 8) { /* a server that repeats what it was told */
		g_autofree char *words = g_strdup_printf("%s is too long", pin);
		struct answer a = server_fail(400, "invalid_input", words);

		json_object_set_new(json_object_get(a.body, "error"), "validation_errors",
				    json_pack("{s:{s:[s]}}", "code", "_errors", words));
		return a;
	}
	if (pin && strspn(pin, "0123456789") != strlen(pin)) {
		struct answer a = server_fail(400, "invalid_input", "digits only");

		json_object_set_new(json_object_get(a.body, "error"), "validation_errors",
				    json_pack("{s:[], s:{s:[s]}}", "_errors", "code", "_errors",
					      "digits only"));
		return a;
	}
	json_array_foreach(s->codes, i, o) {
		if (pin && g_strcmp0(server_text(o, "device_id"), device_id) == 0 &&
		    g_strcmp0(server_text(o, "code"), pin) == 0)
			return server_fail(409, "duplicate_access_code", "this PIN is in use");
	}
	o = server_make_code(s, device_id, server_text(params, "name"), pin, true);
	for (i = 0; i < G_N_ELEMENTS(kept); i++) {
		if (json_object_get(params, kept[i]))
			json_object_set(o, kept[i], json_object_get(params, kept[i]));
	}
	if (server_text(params, "ends_at"))
		json_object_set_new(o, "type", json_string("time_bound"));
	server_event_at(s, "access_code.created", device_id, server_text(o, "access_code_id"), server_now_text());
	return server_good("access_code", o);
}

static struct answer attempt(struct server *s, const char *type)
{
	char id[32];
	json_t *a;

	g_snprintf(id, sizeof id, "attempt-%d", ++s->next_id);
	a = json_pack("{s:s, s:s, s:s, s:n, s:n}", "action_attempt_id", id, "action_type", type,
		      "status", "pending", "result", "error");
	json_array_append(s->attempts, a);
	return server_good("action_attempt", a);
}

static struct answer get_attempt(struct server *s, const json_t *params)
{
	size_t i = server_find(s->attempts, "action_attempt_id", server_text(params, "action_attempt_id"));
	json_t *a;

	if (i == SIZE_MAX)
		return server_fail(404, "action_attempt_not_found", "no such attempt");
	a = json_array_get(s->attempts, i);
	json_object_set_new(a, "status", json_string(s->attempt_status));
	json_object_set_new(a, "result", json_pack("{s:b}", "was_confirmed_by_device",
						   s->confirmed));
	if (strcmp(s->attempt_status, "error") == 0)
		json_object_set_new(a, "error",
				    json_pack("{s:s,s:s}", "type", "jammed", "message",
					      "the bolt is jammed"));
	return server_good("action_attempt", json_incref(a));
}

static struct answer update(struct server *s, const json_t *params)
{
	size_t i = server_find(s->codes, "access_code_id", server_text(params, "access_code_id"));
	const char *key;
	json_t *o, *v;

	if (i == SIZE_MAX)
		return server_fail(404, "access_code_not_found", "no such code");
	o = json_array_get(s->codes, i);
	json_object_foreach((json_t *)(uintptr_t)params, key, v)
		json_object_set(o, key, v);
	server_event_at(s, "access_code.changed", server_text(o, "device_id"), server_text(o, "access_code_id"),
		 server_now_text());
	return attempt(s, "UPDATE_ACCESS_CODE");
}

static struct answer delete_from(struct server *s, const json_t *params, bool managed)
{
	size_t i = server_find(s->codes, "access_code_id", server_text(params, "access_code_id"));
	json_t *o = i == SIZE_MAX ? NULL : json_array_get(s->codes, i);

	if (!o || json_is_true(json_object_get(o, "is_managed")) != managed)
		return server_fail(404, "access_code_not_found", "no such code in this collection");
	server_event_at(s, managed ? "access_code.deleted" : "access_code.unmanaged.removed",
		 server_text(o, "device_id"), server_text(o, "access_code_id"), server_now_text());
	json_array_append(s->closed, o);
	json_array_remove(s->codes, i);
	return attempt(s, "DELETE_ACCESS_CODE");
}

static struct answer delete_code(struct server *s, const json_t *params)
{
	return delete_from(s, params, true);
}

static struct answer delete_unmanaged(struct server *s, const json_t *params)
{
	return delete_from(s, params, false);
}

static struct answer pull_backup(struct server *s, const json_t *params)
{
	size_t i = server_find(s->codes, "access_code_id", server_text(params, "access_code_id"));
	json_t *o, *backup;
	const char *had;

	if (i == SIZE_MAX)
		return server_fail(404, "access_code_not_found", "no such code");
	o = json_array_get(s->codes, i);
	had = server_text(o, "pulled_backup_access_code_id");
	if (had) {
		backup = json_incref(
			json_array_get(s->codes, server_find(s->codes, "access_code_id", had)));
	} else {
		backup = server_make_code(s, server_text(o, "device_id"), "Backup", NULL, true);
		json_object_set_new(backup, "is_backup", json_true());
		json_object_set(o, "pulled_backup_access_code_id",
				json_object_get(backup, "access_code_id"));
		json_object_set(server_event_at(s, "access_code.backup_access_code_pulled",
					 server_text(o, "device_id"), server_text(o, "access_code_id"),
					 server_now_text()),
				"backup_access_code_id", json_object_get(backup, "access_code_id"));
	}
	return server_good("backup_access_code", backup);
}

static struct answer adopt(struct server *s, const json_t *params)
{
	size_t i = server_find(s->codes, "access_code_id", server_text(params, "access_code_id"));
	json_t *o = i == SIZE_MAX ? NULL : json_array_get(s->codes, i);

	if (!o || json_is_true(json_object_get(o, "is_managed")))
		return server_fail(404, "access_code_not_found", "not among the unmanaged codes");
	json_object_set_new(o, "is_managed", json_true());
	server_event_at(s, "access_code.unmanaged.converted_to_managed", server_text(o, "device_id"),
		 server_text(o, "access_code_id"), server_now_text());
	return server_good(NULL, NULL);
}

static struct answer move_door(struct server *s, const json_t *params, bool locked)
{
	size_t i = server_find(s->devices, "device_id", server_text(params, "device_id"));

	if (i == SIZE_MAX)
		return server_fail(404, "device_not_found", "no such device");
	json_object_set_new(json_object_get(json_array_get(s->devices, i), "properties"), "locked",
			    json_boolean(locked));
	server_event_at(s, locked ? "lock.locked" : "lock.unlocked", server_text(params, "device_id"), NULL,
		 server_now_text());
	return attempt(s, locked ? "LOCK_DOOR" : "UNLOCK_DOOR");
}

static struct answer lock_door(struct server *s, const json_t *params)
{
	return move_door(s, params, true);
}

static struct answer unlock_door(struct server *s, const json_t *params)
{
	return move_door(s, params, false);
}

/* ---- the live call: the number of an event is its place ---- */

/* The words are a number that grows: a newer answer can be told from an older one. */
static struct answer explain(struct server *s, const json_t *params)
{
	const char *id = server_text(params, "access_code_id");

	if (server_find(s->codes, "access_code_id", id ? id : "") == SIZE_MAX)
		return server_fail(404, "access_code_not_found", "There is no code with this id.");
	return server_good("explanation", json_pack("{s:s, s:o}", "access_code_id", id, "words",
					     json_sprintf("answer %d", ++s->explained)));
}

/* Closed codes, of which nobody can say the PIN any more. */
static struct answer history(struct server *s, const json_t *params)
{
	struct instant since = server_when(params, "created_after");
	json_t *found = json_array(), *o;
	size_t i;

	json_array_foreach(s->closed, i, o) {
		json_t *shown;

		if (g_strcmp0(server_text(o, "device_id"), server_text(params, "device_id")) != 0 ||
		    !instant_before(since, server_when(o, "created_at")))
			continue;
		shown = json_deep_copy(o);
		json_object_del(shown, "code");
		json_array_append_new(found, shown);
	}
	return server_good("access_codes", found);
}

static struct answer live_answer(struct server *s, size_t after)
{
	json_t *events = json_array();
	struct answer a;

	for (size_t i = after; i < json_array_size(s->events) && i < after + LIVE_MAX; i++)
		json_array_append(events, json_array_get(s->events, i));
	a = server_good("events", events);
	json_object_set_new(a.body, "seq",
			    json_integer((json_int_t)(after + json_array_size(events))));
	json_object_set_new(a.body, "changed", s->changed);
	json_object_set_new(a.body, "journal", json_string(s->journal));
	s->changed = json_array();
	return a;
}

static struct answer live(struct server *s, const json_t *params)
{
	const json_t *after = json_object_get(params, "after");
	const char *journal = server_text(params, "journal");
	json_int_t wait_s = json_integer_value(json_object_get(params, "wait_s"));
	gint64 until = g_get_monotonic_time() + wait_s * G_USEC_PER_SEC;
	size_t seq = (size_t)json_integer_value(after);

	if (!json_is_integer(after)) {
		s->asked_where++;
		return live_answer(s, json_array_size(s->events));
	}
	s->asked_after = json_integer_value(after);
	if (seq > json_array_size(s->events) || (journal && strcmp(journal, s->journal) != 0))
		return server_fail(400, "unknown_seq", "not of this journal");
	while (seq == json_array_size(s->events) && json_array_size(s->changed) == 0 &&
	       !s->draining && !s->stopping && g_cond_wait_until(&s->news, &s->mutex, until))
		continue;
	return live_answer(s, seq);
}

static const struct route {
	const char *path;
	struct answer (*fn)(struct server *s, const json_t *params);
	bool change;
} routes[] = {
	{ "/devices/list", list_devices, false },
	{ "/access_codes/list", list_codes, false },
	{ "/access_codes/unmanaged/list", list_unmanaged, false },
	{ "/access_codes/get", get_code, false },
	{ "/access_codes/unmanaged/get", get_unmanaged, false },
	{ "/events/list", list_events, false },
	{ "/action_attempts/get", get_attempt, false },
	{ LIVE_PATH, live, false },
	{ "/keyrackd/access_codes/explain", explain, false },
	{ "/keyrackd/access_codes/history", history, false },
	{ "/access_codes/create", create, true },
	{ "/access_codes/update", update, true },
	{ "/access_codes/delete", delete_code, true },
	{ "/access_codes/unmanaged/delete", delete_unmanaged, true },
	{ "/access_codes/unmanaged/convert_to_managed", adopt, true },
	{ "/access_codes/unmanaged/update", adopt, true },
	{ "/access_codes/pull_backup_access_code", pull_backup, true },
	{ "/locks/lock_door", lock_door, true },
	{ "/locks/unlock_door", unlock_door, true },
};

struct answer server_carry_out(struct server *s, const char *path, const char *body)
{
	json_t *params = json_loads(body, 0, NULL);
	struct answer a = { 404, NULL };

	for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (strcmp(routes[i].path, path) != 0)
			continue;
		a = routes[i].fn(s, params);
		if (routes[i].change && a.status == 200)
			server_count(s->carried_out, path);
	}
	json_decref(params);
	return a;
}
