/* routes_events - /events and /action_attempts.
 *
 * Events come out of the journal as they were written: the same bytes that a webhook delivers.
 *
 * Where the sources leave a choice:
 *  - an event without the key that is asked for does not pass the filter;
 *  - of 'since' and 'between' exactly one; both leave out the moments they name;
 *  - a word that is no event type is 400 invalid_input at its parameter, as any word that is not of
 *    a closed set; one about things that are not here (cameras, spaces) fits nothing;
 *  - a filter by things that are not here fits nothing;
 *  - attempts asked for by id: those that are there; 404 when none of them is. */
#include "config.h"

#include "server/device.h"
#include "server/event_types.h"
#include "server/inside.h"

#include <string.h>

#define EVENTS_AT_ONCE	 500
#define EVENTS_MAX	 100000
#define OFFSET_MAX	 100000000
#define ATTEMPTS_AT_ONCE 500
#define WRONG_TYPES_MAX	 10 /* so many are told one by one */

/* ---- events ---- */

/* A filter in its two forms, and the list of the store's filter that both narrow. */
static const struct {
	const char *one, *many;
	size_t list;
} narrowing[] = {
	{ "event_type", "event_types", offsetof(struct store_event_filter, types) },
	{ "event_id", "event_ids", offsetof(struct store_event_filter, event_ids) },
	{ "device_id", "device_ids", offsetof(struct store_event_filter, device_ids) },
	{ "access_code_id", "access_code_ids",
	  offsetof(struct store_event_filter, access_code_ids) },
	{ "connected_account_id", "connected_account_ids",
	  offsetof(struct store_event_filter, account_ids) },
};

/* What keyrackd has none of: no event has such a key. */
#define NOTHING_HERE(X)                                                                            \
	X("access_grant_id", PARAM_UUID)                                                           \
	X("access_grant_ids", PARAM_TEXTS)                                                         \
	X("access_method_id", PARAM_UUID)                                                          \
	X("access_method_ids", PARAM_TEXTS)                                                        \
	X("acs_access_group_id", PARAM_UUID)                                                       \
	X("acs_credential_id", PARAM_UUID)                                                         \
	X("acs_encoder_id", PARAM_UUID)                                                            \
	X("acs_entrance_id", PARAM_UUID)                                                           \
	X("acs_system_id", PARAM_UUID)                                                             \
	X("acs_system_ids", PARAM_TEXTS)                                                           \
	X("acs_user_id", PARAM_UUID)                                                               \
	X("connect_webview_id", PARAM_UUID)                                                        \
	X("customer_key", PARAM_TEXT)                                                              \
	X("space_id", PARAM_UUID)                                                                  \
	X("space_ids", PARAM_TEXTS)                                                                \
	X("user_identity_id", PARAM_UUID)
#define ONLY_NAME(id, what) id,
#define AS_PARAM(id, what)  { .name = id, .kind = what },
static const char *const nothing_here[] = { NOTHING_HERE(ONLY_NAME) };

static bool is_among(const char *text, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(text, list[i]) == 0)
			return true;
	}
	return false;
}

/* Both forms together: what is in both. NULL: neither is given. The array is the caller's, the
 * texts are the call's. */
static const char **both_forms(const struct params *p, const char *one, const char *many)
{
	const char *single = params_text(p, one);
	size_t n = 0;
	const char *const *several = params_given(p, many) ? params_texts(p, many, &n) : NULL;
	const char **both = g_new0(const char *, n + 2);

	if (!single && !params_given(p, many))
		g_clear_pointer(&both, g_free);
	for (size_t i = 0; !single && i < n; i++)
		both[i] = several[i];
	if (single && (!params_given(p, many) || is_among(single, several, n)))
		both[0] = single;
	return both;
}

static void check_types(struct call *c)
{
	const char *one = params_text(c->params, "event_type");
	size_t n = 0;
	const char *const *many = params_texts(c->params, "event_types", &n);

	if (one && !event_type_known(one))
		call_invalid(c, "event_type", "'%s' is no event type", one);
	for (size_t i = 0, wrong = 0; i < n && wrong < WRONG_TYPES_MAX; i++) {
		if (event_type_known(many[i]))
			continue;
		call_invalid(c, "event_types", "'%s' is no event type", many[i]);
		if (++wrong == WRONG_TYPES_MAX && i + 1 < n)
			call_invalid(c, "event_types", "%zu more were not looked at", n - i - 1);
	}
}

/* false: nothing can fit. */
static bool check_times(struct call *c, struct store_event_filter *f)
{
	const json_t *between = params_json(c->params, "between");
	bool since = params_given(c->params, "since");

	if (since == (between != NULL)) {
		call_invalid(c, NULL,
			     since ? "Give since or between, not both"
				   : "Must provide either since or between");
		return true;
	}
	if (since) {
		f->since = params_instant(c->params, "since");
		return true;
	}
	instant_parse(json_string_value(json_array_get(between, 0)), -1, &f->since);
	instant_parse(json_string_value(json_array_get(between, 1)), -1, &f->until);
	/* To the store a moment before 1970 is no bound; here it is one before every event. */
	return f->until.ms > 0;
}

struct narrowed {
	const char **lists[G_N_ELEMENTS(narrowing)];
};

static void narrow(struct call *c, struct store_event_filter *f, struct narrowed *to)
{
	for (size_t i = 0; i < G_N_ELEMENTS(narrowing); i++) {
		to->lists[i] = both_forms(c->params, narrowing[i].one, narrowing[i].many);
		*(const char *const **)((char *)f + narrowing[i].list) = to->lists[i];
	}
}

static void narrowed_clear(struct narrowed *n)
{
	for (size_t i = 0; i < G_N_ELEMENTS(narrowing); i++)
		g_free(n->lists[i]);
}

static enum call_end write_events(struct call *c, const struct store_event_filter *f, bool any)
{
	OWN(store_list)
	struct store_list *events = any ? store_events(c->server->store, f, NULL) : NULL;

	if (any && !events)
		return refuse_no_store(c);
	jsonout_array(c->out, "events");
	for (guint i = 0; events && i < events->rows->len; i++)
		jsonout_raw(c->out, NULL, store_at(events, struct store_event, i)->body);
	jsonout_array_end(c->out);
	return CALL_DONE;
}

static enum call_end events_list(struct call *c)
{
	struct store_event_filter f = {
		.limit = (int)params_int(c->params, "limit", EVENTS_AT_ONCE),
		.offset = (int)params_int(c->params, "unstable_offset", 0),
	};
	__attribute__((cleanup(narrowed_clear))) struct narrowed lists = { 0 };
	bool any = check_times(c, &f);

	check_types(c);
	if (c->invalid)
		return CALL_REFUSED;
	for (size_t i = 0; i < G_N_ELEMENTS(nothing_here); i++) {
		if (params_given(c->params, nothing_here[i]))
			any = false;
	}
	narrow(c, &f, &lists);
	return write_events(c, &f, any);
}

static enum call_end events_get(struct call *c)
{
	struct store_event_filter f = { .limit = 1 };
	__attribute__((cleanup(narrowed_clear))) struct narrowed lists = { 0 };
	OWN(store_list) struct store_list *events = NULL;

	check_types(c);
	narrow(c, &f, &lists);
	if (!f.event_ids && !f.types && !f.device_ids)
		call_invalid(c, NULL, "Must provide event_id, or event_type");
	if (c->invalid)
		return CALL_REFUSED;
	events = store_events(c->server->store, &f, NULL);
	if (!events)
		return refuse_no_store(c);
	if (!events->rows->len)
		return call_refuse(c, 404, "event_not_found", "There is no such event.");
	jsonout_raw(c->out, "event", store_at(events, struct store_event, 0)->body);
	return CALL_DONE;
}

/* ---- action attempts ---- */

static enum call_end attempts_get(struct call *c)
{
	const char *ids[] = { params_text(c->params, "action_attempt_id"), NULL };
	OWN(store_list)
	struct store_list *found = store_attempts(c->server->store, ids, NULL, NULL, NULL);

	if (!found)
		return refuse_no_store(c);
	if (!found->rows->len)
		return call_refuse(c, 404, "action_attempt_not_found",
				   "There is no action attempt of this id.");
	show_attempt(c->server, c->out, "action_attempt", store_at(found, struct store_attempt, 0));
	return CALL_DONE;
}

static enum call_end attempts_list(struct call *c)
{
	struct store_page page;
	OWN(store_list) struct store_list *found = NULL;
	const struct store_attempt *last = NULL;
	g_autofree const char **ids =
		both_forms(c->params, "action_attempt_id", "action_attempt_ids");

	if (!page_begin(c, &page, ATTEMPTS_AT_ONCE))
		return CALL_REFUSED;
	found = store_attempts(c->server->store, ids, params_text(c->params, "device_id"), &page,
			       NULL);
	if (!found)
		return refuse_no_store(c);
	if (ids && !found->rows->len && !page.after_id)
		return call_refuse(c, 404, "action_attempts_not_found",
				   "There is no action attempt of any of these ids.");
	jsonout_array(c->out, "action_attempts");
	for (guint i = 0; i < found->rows->len; i++) {
		last = store_at(found, struct store_attempt, i);
		show_attempt(c->server, c->out, NULL, last);
	}
	jsonout_array_end(c->out);
	page_end(c, &page, last ? last->created_at : INSTANT_NONE,
		 last ? last->action_attempt_id : NULL);
	return CALL_DONE;
}

static const struct route rows[] = {
	{ .path = "/events/list",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  PARAMS({ .name = "since", .kind = PARAM_INSTANT },
		 { .name = "between", .kind = PARAM_INSTANTS, .min = 2, .max = 2 },
		 { .name = "event_type", .kind = PARAM_TEXT },
		 { .name = "event_types", .kind = PARAM_TEXTS },
		 { .name = "event_id", .kind = PARAM_UUID },
		 { .name = "event_ids", .kind = PARAM_TEXTS },
		 { .name = "device_id", .kind = PARAM_UUID },
		 { .name = "device_ids", .kind = PARAM_TEXTS },
		 { .name = "access_code_id", .kind = PARAM_UUID },
		 { .name = "access_code_ids", .kind = PARAM_TEXTS },
		 { .name = "connected_account_id", .kind = PARAM_UUID },
		 { .name = "connected_account_ids", .kind = PARAM_TEXTS },
		 { .name = "limit", .kind = PARAM_INT, .min = 1, .max = EVENTS_MAX },
		 { .name = "unstable_offset", .kind = PARAM_INT, .min = 0, .max = OFFSET_MAX },
		 NOTHING_HERE(AS_PARAM)),
	  .handle = events_list },
	{ .path = "/events/get",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  PARAMS({ .name = "event_id", .kind = PARAM_UUID },
		 { .name = "event_type", .kind = PARAM_TEXT },
		 { .name = "device_id", .kind = PARAM_UUID }),
	  .handle = events_get },
	{ .path = "/action_attempts/get",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  PARAMS({ .name = "action_attempt_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED }),
	  .handle = attempts_get },
	{ .path = "/action_attempts/list",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  PARAMS({ .name = "action_attempt_ids", .kind = PARAM_TEXTS },
		 { .name = "device_id", .kind = PARAM_UUID },
		 { .name = "limit", .kind = PARAM_INT, .min = 1, .max = G_MAXINT },
		 { .name = "page_cursor", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE }),
	  .handle = attempts_list },
};
const struct route_table routes_events = { rows, G_N_ELEMENTS(rows) };
