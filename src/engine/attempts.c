/* attempts - action attempts about codes: begun with a request, ended by what the lock does.
 *
 * Those that are pending are also kept in memory by their code, so that a code without one costs
 * nothing. Each ends in the transaction that made its end true. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

struct pending {
	char *attempt_id, *device_id;
	const struct kind *kind;
	struct instant created_at;
};

/* by_removal: it ends well when the code is gone; the others when it is as it was asked for. */
static const struct kind {
	const char *action_type;
	bool by_removal;
	unsigned failures; /* enum plan_problem that end it in error */
} kinds[] = {
#define NOT_SET (PROBLEM_FAILED_TO_SET | PROBLEM_DUPLICATE | PROBLEM_NO_SPACE | PROBLEM_CONSTRAINTS)
	{ "CREATE_ACCESS_CODE", false, NOT_SET },
	{ "UPDATE_ACCESS_CODE", false, NOT_SET },
	{ "CONVERT_ACCESS_CODE_TO_MANAGED", false, NOT_SET },
	{ "DELETE_ACCESS_CODE", true, PROBLEM_FAILED_TO_REMOVE },
	{ "DELETE_UNMANAGED_ACCESS_CODE", true, PROBLEM_FAILED_TO_REMOVE },
};

static const struct kind *kind_of(const char *action_type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (g_strcmp0(kinds[i].action_type, action_type) == 0)
			return &kinds[i];
	}
	return NULL;
}

/* ---- those that are pending ---- */

static void free_pending(void *data)
{
	struct pending *p = data;

	g_free(p->attempt_id);
	g_free(p->device_id);
	g_free(p);
}

static void remember(struct engine *e, const struct store_attempt *a)
{
	GPtrArray *of_code = g_hash_table_lookup(e->attempts, a->access_code_id);
	struct pending *p;

	if (!kind_of(a->action_type))
		return;
	if (!of_code) {
		of_code = g_ptr_array_new_with_free_func(free_pending);
		g_hash_table_insert(e->attempts, g_strdup(a->access_code_id), of_code);
	}
	p = g_new(struct pending, 1);
	*p = (struct pending){ .attempt_id = g_strdup(a->action_attempt_id),
			       .device_id = g_strdup(a->device_id),
			       .kind = kind_of(a->action_type),
			       .created_at = a->created_at };
	g_ptr_array_add(of_code, p);
}

void attempts_load(struct engine *e)
{
	OWN(store_list) struct store_list *l = store_attempts_pending(e->store, NULL);

	e->attempts_moved = false;
	if (e->attempts)
		g_hash_table_destroy(e->attempts);
	e->attempts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					    (GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < rows_in(l); i++)
		remember(e, store_at(l, struct store_attempt, i));
}

/* ---- ends ---- */

static void put_attempt(struct engine *e, const struct store_attempt *a)
{
	GError *err = NULL;

	if (!store_put_attempt(e->store, a, &err))
		work_failed(e, err);
	e->attempts_moved = true;
}

/* type NULL: it ended well. */
static void end_attempt(struct engine *e, const struct pending *p, const char *access_code_id,
			const char *type, const char *message)
{
	g_autoptr(GString) json = g_string_new(NULL);
	struct store_attempt a = { .action_attempt_id = p->attempt_id,
				   .action_type = p->kind->action_type,
				   .status = type ? "error" : "success",
				   .device_id = p->device_id,
				   .result = type ? NULL : "{}",
				   .created_at = p->created_at,
				   .access_code_id = access_code_id };

	if (type) {
		jsonout_object(json, NULL);
		jsonout_string(json, "type", type);
		jsonout_string(json, "message", message);
		jsonout_object_end(json);
		a.error = json->str;
	}
	put_attempt(e, &a);
}

static void end_gone(struct engine *e, const struct pending *p, const char *access_code_id)
{
	if (p->kind->by_removal)
		end_attempt(e, p, access_code_id, NULL, NULL);
	else
		end_attempt(e, p, access_code_id, "uncategorized_error",
			    "The access code was removed before the lock had it as asked for.");
}

/* What the lock has, or is to have later: waiting for one of these is waiting for nothing. */
static const enum plan_reason held_reasons[] = {
	REASON_NOT_DUE, REASON_OFFLINE_CODE, REASON_OUTSIDE_OK,
	REASON_PROVEN, /* also of a code that is held disabled until its start */
	REASON_ACKNOWLEDGED,
};

/* Nothing is left to do now for what was asked. */
bool plan_holds(const struct plan *p)
{
	bool holds = strcmp(p->status, "set") == 0 || p->scheduled_on_device;

	for (size_t i = 0; i < G_N_ELEMENTS(held_reasons); i++)
		holds = holds || (p->step == STEP_WAIT && p->reason == held_reasons[i]);
	return holds;
}

static bool is_ended_by(struct engine *e, const struct pending *a, const struct store_code *c,
			const struct plan *p)
{
	unsigned failed = p->problems & a->kind->failures;
	size_t n;
	const struct engine_problem *table = engine_problem_table(&n);

	if (!a->kind->by_removal && is_ending(e, c)) {
		end_gone(e, a, c->access_code_id);
		return true;
	}
	if (!a->kind->by_removal && plan_holds(p)) {
		end_attempt(e, a, c->access_code_id, NULL, NULL);
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		if (!(failed & table[i].bit))
			continue;
		end_attempt(e, a, c->access_code_id, table[i].code, table[i].message);
		return true;
	}
	return false;
}

void attempts_look(struct engine *e, const struct store_code *c, const struct plan *p)
{
	GPtrArray *of_code = g_hash_table_lookup(e->attempts, c->access_code_id);

	for (guint i = of_code ? of_code->len : 0; i-- > 0;) {
		if (is_ended_by(e, g_ptr_array_index(of_code, i), c, p))
			g_ptr_array_remove_index(of_code, i);
	}
	if (of_code && of_code->len == 0)
		g_hash_table_remove(e->attempts, c->access_code_id);
}

void attempts_closed(struct engine *e, const char *access_code_id)
{
	GPtrArray *of_code = g_hash_table_lookup(e->attempts, access_code_id);

	for (guint i = 0; of_code && i < of_code->len; i++)
		end_gone(e, g_ptr_array_index(of_code, i), access_code_id);
	g_hash_table_remove(e->attempts, access_code_id);
}

/* ---- beginnings ---- */

/* Of a code that is there: pending, and at once what its plan makes of it. */
static void begin_on(struct engine *e, struct store_attempt *a, const struct store_code *c)
{
	struct lane *l = lane_of(e, c->device_id);

	a->device_id = c->device_id;
	if (strcmp(a->action_type, "UPDATE_ACCESS_CODE") == 0 &&
	    (!c->managed || g_strcmp0(e->unchanged, c->access_code_id) == 0)) {
		a->status = "success";
		a->result = "{}";
		if (c->managed)
			a->access_code_id = NULL;
		put_attempt(e, a);
		return;
	}
	put_attempt(e, a);
	remember(e, a);
	if (c->managed && !lane_flies(l, c->access_code_id)) {
		struct thought t = think(e, l, c, &c->done);

		attempts_look(e, c, &t.plan);
		appearance_clear(&t.shown);
	}
}

static bool begin_attempt(struct engine *e, struct store_attempt *a, struct refusal *no)
{
	const char *id = a->access_code_id;
	OWN(store_list) struct store_list *rows = store_code(e->store, id, NULL);
	OWN(store_list) struct store_list *closed = NULL;

	if (rows_in(rows)) {
		begin_on(e, a, first_code(rows));
		return true;
	}
	closed = store_history(e->store, NULL, id, NULL, NULL);
	if (!rows_in(closed))
		return refuse(no, 404, "access_code_not_found", "access_code_id",
			      "There is no access code with this id");
	a->device_id = first_code(closed)->device_id;
	put_attempt(e, a);
	remember(e, a);
	attempts_closed(e, id);
	return true;
}

bool engine_attempt(struct engine *e, const char *action_type, const char *access_code_id,
		    char **attempt_id, struct refusal *no)
{
	struct store_attempt a = { .action_type = action_type,
				   .status = "pending",
				   .access_code_id = access_code_id,
				   .created_at = engine_now(e) };
	bool ok;

	*attempt_id = NULL;
	g_return_val_if_fail(kind_of(action_type) && access_code_id, refuse_store(no));
	if (!work_begin(e))
		return refuse_store(no);
	*attempt_id = chance_id(e);
	a.action_attempt_id = *attempt_id;
	ok = begin_attempt(e, &a, no);
	if (work_end(e, ok))
		return true;
	g_clear_pointer(attempt_id, g_free);
	return ok ? refuse_store(no) : false;
}
