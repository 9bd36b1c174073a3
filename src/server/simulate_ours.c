/* simulate_ours - what only a simulation can be asked: the clock moved, a PIN typed, somebody with
 * the maker's app, a fault. What is answered comes from the locks, never from the engine. */
#include "config.h"

#include "server/device.h"
#include "server/simulate.h"

#include <stddef.h>
#include <string.h>

/* ---- the clock ---- */

enum call_end simulate_now(struct call *c)
{
	const struct clock *clock = c->server->clock;

	jsonout_instant(c->out, "now", clock_now(clock));
	jsonout_bool(c->out, "standing", clock_is_standing(clock));
	return CALL_DONE;
}

enum call_end simulate_advance(struct call *c)
{
	struct clock *clock = c->server->clock;

	if (!clock_is_standing(clock))
		return call_refuse(c, 400, "clock_is_running",
				   "This clock runs by itself. Start keyrackd with --clock "
				   "2026-01-05T12:00:00Z for one that stands until it is told to "
				   "move.");
	if (!clock_advance(clock, params_int(c->params, "seconds", 0) * SECOND_MS))
		return store_fails(c->server->store)
			       ? refuse_no_store(c)
			       : call_refuse(c, 503, "service_unavailable",
					     "The clock was stopped on the way: the server is ending, "
					     "or its store failed.");
	jsonout_instant(c->out, "now", clock_now(clock));
	return CALL_DONE;
}

/* ---- what a lock holds ---- */

static enum call_end show_lock(struct call *c, const char *device_id)
{
	GError *err = NULL;
	g_autofree char *json = simulated_lock_json(c->server->simulated, device_id, &err);

	if (!json)
		return simulate_refused(c, err);
	jsonout_raw(c->out, "lock", json);
	return CALL_DONE;
}

enum call_end simulate_lock(struct call *c)
{
	return show_lock(c, params_text(c->params, "device_id"));
}

enum call_end simulate_fault(struct call *c)
{
	const char *device_id = params_text(c->params, "device_id");
	GError *err = NULL;

	if (!simulated_fault(c->server->simulated, device_id, params_text(c->params, "fault"),
			     params_is_true(c->params, "on"), &err))
		return simulate_refused(c, err);
	return show_lock(c, device_id);
}

enum call_end simulate_account(struct call *c)
{
	return simulate_connect_account(c, params_text(c->params, "connected_account_id"),
					params_is_true(c->params, "connected"));
}

/* Typed at the keypad: the answer is the bolt's. */
enum call_end simulate_enter(struct call *c)
{
	GError *err = NULL;
	bool opened = false;

	if (!simulated_enter(c->server->simulated, params_text(c->params, "device_id"),
			     params_text(c->params, "code"), &opened, &err))
		return simulate_refused(c, err);
	jsonout_bool(c->out, "opened", opened);
	return CALL_DONE;
}

/* ---- somebody with the maker's app ---- */

#define MEMBER_MAX 1000 /* bytes */

static const struct member {
	const char *name;
	bool is_instant;
	size_t at;
} members[] = {
	{ "code", false, offsetof(struct simulated_change, code) },
	{ "name", false, offsetof(struct simulated_change, name) },
	{ "starts_at", true, offsetof(struct simulated_change, starts_at) },
	{ "ends_at", true, offsetof(struct simulated_change, ends_at) },
};

static bool take_member(struct simulated_change *w, const struct member *m, const json_t *value)
{
	char *to = (char *)w + m->at;
	const char *text = json_string_value(value);

	if (!text || json_string_length(value) > MEMBER_MAX)
		return false;
	if (m->is_instant)
		return instant_parse(text, -1, (struct instant *)(void *)to);
	*(const char **)(void *)to = text;
	return true;
}

static bool read_wish(struct call *c, const char *param, struct simulated_change *w)
{
	const json_t *object = params_json(c->params, param);
	const char *key;
	json_t *value;
	bool ok = true;

	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		size_t i = 0;

		while (i < G_N_ELEMENTS(members) && strcmp(members[i].name, key) != 0)
			i++;
		if (i == G_N_ELEMENTS(members)) {
			call_invalid(c, param,
				     "Unrecognized key: %s. A code has code, name, starts_at and "
				     "ends_at",
				     key);
			ok = false;
		} else if (!take_member(w, &members[i], value)) {
			call_invalid(c, param, "Expected %s in %s",
				     members[i].is_instant ? "an ISO 8601 time with its offset"
							   : "a string",
				     key);
			ok = false;
		}
	}
	if (ok && json_object_size(object) == 0) {
		call_invalid(c, param, "Expected at least one of code, name, starts_at, ends_at");
		ok = false;
	}
	return ok;
}

static enum call_end add_code(struct call *c, const char *device_id)
{
	struct simulated_change w = { .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE };
	GError *err = NULL;

	if (!read_wish(c, "add", &w))
		return CALL_REFUSED;
	if (!w.code)
		return call_invalid(c, "add", "A code made in the maker's app needs a code");

	struct on_lock made = { .pin = w.code,
				.name = w.name ? w.name : "Code",
				.starts_at = w.starts_at,
				.ends_at = w.ends_at,
				.enabled = true };

	if (!simulated_app_add(c->server->simulated, device_id, &made, &err))
		return simulate_refused(c, err);
	return show_lock(c, device_id);
}

/* The lock's own name for the code with that id; NULL: refused. */
static char *handle_of(struct call *c, const char *device_id, const char *id)
{
	const struct store_code *code;
	OWN(store_list) struct store_list *l = store_code(c->server->store, id, NULL);

	code = l && l->rows->len ? store_at(l, struct store_code, 0) : NULL;
	if (!code || strcmp(code->device_id, device_id) != 0)
		call_refuse(c, 404, "access_code_not_found",
			    "There is no code with this id on this device.");
	else if (!code->handle)
		call_refuse(c, 404, "access_code_not_found", "This code is not on the lock.");
	else
		return g_strdup(code->handle);
	return NULL;
}

static enum call_end change_code(struct call *c, const char *device_id)
{
	struct simulated_change w = { .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE };
	const char *pin = params_text(c->params, "code");
	const char *id = params_text(c->params, "access_code_id");
	GError *err = NULL;

	w.remove = params_is_true(c->params, "remove");
	if (!pin == !id)
		return call_invalid(c, NULL, "Give either code or access_code_id");
	if (!w.remove && !read_wish(c, "change", &w))
		return CALL_REFUSED;

	g_autofree char *handle = id ? handle_of(c, device_id, id) : NULL;

	if (id && !handle)
		return CALL_REFUSED;
	if (simulated_app(c->server->simulated, device_id, handle, pin, &w, &err))
		return show_lock(c, device_id);
	if (g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND)) {
		g_autoptr(GError) why = err;

		return call_refuse(c, 404, "access_code_not_found", "%s", why->message);
	}
	return simulate_refused(c, err);
}

enum call_end simulate_app(struct call *c)
{
	const char *device_id = params_text(c->params, "device_id");
	bool add = params_json(c->params, "add"), change = params_json(c->params, "change");
	bool remove = params_is_true(c->params, "remove");
	GError *err = NULL;
	g_autofree char *there = simulated_lock_json(c->server->simulated, device_id, &err);

	if (!there)
		return simulate_refused(c, err);
	if (add + change + remove != 1)
		return call_invalid(c, NULL, "Give exactly one of change, remove and add");
	return add ? add_code(c, device_id) : change_code(c, device_id);
}
