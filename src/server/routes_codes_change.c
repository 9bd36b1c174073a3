/* routes_codes_change - access codes made, changed, deleted and replaced by a backup. */
#include "config.h"

#include "server/routes_codes.h"

#include <string.h>

/* ---- shared ---- */

bool ask_with_attempt(struct call *c, code_ask *ask, void *ctx, const char *action_type,
		      char **attempt_id)
{
	struct engine *e = c->server->engine;
	struct refusal at_end = { 0 };
	const char *about = NULL;
	bool ok, kept;

	*attempt_id = NULL;
	if (!engine_group_begin(e, &c->no))
		return false;
	ok = ask(c, ctx, &about) && engine_attempt(e, action_type, about, attempt_id, &c->no);
	kept = engine_group_end(e, ok, &at_end);
	if (ok && !kept) {
		refusal_clear(&c->no);
		c->no = at_end;
	} else {
		refusal_clear(&at_end);
	}
	return ok && kept;
}

/* The members that every change may have. */
static struct code_request request_of(const struct params *p)
{
	return (struct code_request){
		.device_id = params_text(p, "device_id"),
		.access_code_id = params_text(p, "access_code_id"),
		.code = params_text(p, "code"),
		.name = params_text(p, "name"),
		.has_name = params_given(p, "name"),
		.common_code_key = params_text(p, "common_code_key"),
		.starts_at = params_instant(p, "starts_at"),
		.ends_at = params_instant(p, "ends_at"),
		.type = params_text(p, "type"),
		.external_ok = params_tri(p, "is_external_modification_allowed"),
		.prefer_native = params_tri(p, "prefer_native_scheduling"),
		.use_backup_pool = params_tri(p, "use_backup_access_code_pool"),
		.offline = TRI_UNKNOWN,
		.one_time = TRI_UNKNOWN,
		.managed = params_tri(p, "is_managed"),
		.preferred_code_length = (int)params_int(p, "preferred_code_length", 0),
		.attempt_for_offline_device =
			params_tri(p, "attempt_for_offline_device") != TRI_NO,
	};
}

/* ---- create ---- */

struct creation {
	struct code_request request;
	char *id;
};

static bool ask_create(struct call *c, void *ctx, const char **about)
{
	struct creation *new = ctx;

	if (!engine_create(c->server->engine, &new->request, &new->id, &c->no))
		return false;
	*about = new->id;
	return true;
}

static struct code_request creation_of(const struct params *p)
{
	struct code_request r = request_of(p);
	const char *rounding = params_text(p, "max_time_rounding");

	r.offline = params_tri(p, "is_offline_access_code");
	r.one_time = params_tri(p, "is_one_time_use");
	r.max_rounding_ms = rounding && rounding[1] == 'd' ? DAY_MS : HOUR_MS;
	return r;
}

enum call_end codes_create(struct call *c)
{
	struct creation new = { .request = creation_of(c->params) };
	g_autofree char *attempt_id = NULL;
	bool ok = ask_with_attempt(c, ask_create, &new, "CREATE_ACCESS_CODE", &attempt_id);
	g_autofree char *id = new.id;

	if (!ok || !answer_code(c, "access_code", id))
		return CALL_REFUSED;
	return answer_attempt(c, g_steal_pointer(&attempt_id));
}

enum call_end codes_create_multiple(struct call *c)
{
	struct code_request r = request_of(c->params);
	const char *behavior = params_text(c->params, "behavior_when_code_cannot_be_shared");
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	bool ok = true;

	r.share_or_random = g_strcmp0(behavior, "create_random_code") == 0;
	if (!engine_create_multiple(c->server->engine, params_texts(c->params, "device_ids", NULL),
				    &r, ids, &c->no))
		return CALL_REFUSED;
	jsonout_array(c->out, "access_codes");
	for (guint i = 0; ok && i < ids->len; i++)
		ok = answer_code(c, NULL, g_ptr_array_index(ids, i));
	jsonout_array_end(c->out);
	return end_of(ok);
}

/* ---- update ---- */

static bool ask_update(struct call *c, void *ctx, const char **about)
{
	const struct code_request *r = ctx;
	bool changed;

	*about = r->access_code_id;
	return engine_update(c->server->engine, r, &changed, &c->no);
}

enum call_end codes_update(struct call *c)
{
	struct code_request r = request_of(c->params);
	g_autofree char *attempt_id = NULL;

	if (!ask_with_attempt(c, ask_update, &r, "UPDATE_ACCESS_CODE", &attempt_id))
		return CALL_REFUSED;
	return answer_attempt(c, g_steal_pointer(&attempt_id));
}

enum call_end codes_update_multiple(struct call *c)
{
	struct code_request r = request_of(c->params);

	return end_of(engine_update_multiple(c->server->engine, &r, &c->no));
}

/* ---- delete ---- */

static bool ask_delete(struct call *c, void *ctx, const char **about)
{
	const char *const *id = ctx;

	*about = *id;
	return engine_delete(c->server->engine, *id, &c->no);
}

enum call_end codes_delete(struct call *c)
{
	OWN(store_list) struct store_list *rows = NULL;
	struct store_code *code;
	g_autofree char *attempt_id = NULL;

	if (!find_code_for(c, true, &rows, &code)) /* device_id, if given, must be its own */
		return CALL_REFUSED;
	if (!ask_with_attempt(c, ask_delete, &code->access_code_id, "DELETE_ACCESS_CODE",
			      &attempt_id))
		return CALL_REFUSED;
	return answer_attempt(c, g_steal_pointer(&attempt_id));
}

/* ---- a backup ---- */

/* The backup is what the caller wants to hand out: under both names that clients read. */
enum call_end codes_pull_backup(struct call *c)
{
	g_autofree char *id = NULL;

	return end_of(engine_pull_backup(c->server->engine,
					 params_text(c->params, "access_code_id"), &id, &c->no) &&
		      answer_code(c, "access_code", id) &&
		      answer_code(c, "backup_access_code", id));
}
