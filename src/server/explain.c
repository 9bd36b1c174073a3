/* explain - why is this code in this state, and what happens next, when? And codes that are
 * closed, with how they ended. No PIN in any of it. */
#include "config.h"

#include "core/jsonin.h"
#include "server/device.h"
#include "server/keyrackd.h"
#include "server/show_code.h"

#include <string.h>

/* What the engine believes of the lock; and whether that is proof. */
static const struct {
	const char *name, *proof;
} beliefs[] = {
	[BELIEF_ABSENT] = { "absent", NULL },
	[BELIEF_WRITTEN] = { "written", "acknowledged" },
	[BELIEF_PROVEN] = { "proven", "proven" },
	[BELIEF_DIFFERENT] = { "different", NULL },
	[BELIEF_GONE] = { "gone", NULL },
	[BELIEF_UNCERTAIN] = { "uncertain", NULL },
};

static void put_on_lock(GString *out, const struct attempt_record *done)
{
	bool there = done->belief != BELIEF_ABSENT && done->belief != BELIEF_GONE;

	jsonout_object(out, "on_lock");
	jsonout_string(out, "belief", beliefs[done->belief].name);
	if (there) {
		jsonout_string(out, "name", done->last.name);
		jsonout_instant(out, "starts_at", done->last.starts_at);
		jsonout_instant(out, "ends_at", done->last.ends_at);
		jsonout_bool(out, "enabled", done->last.enabled);
	}
	jsonout_object_end(out);
}

static void put_problems(GString *out, const struct store_code *c)
{
	size_t n;
	const struct engine_problem *table = engine_problem_table(&n);

	jsonout_array(out, "problems");
	for (size_t i = 0; i < n; i++) {
		char bit[12];

		if (!(c->problems & table[i].bit))
			continue;
		g_snprintf(bit, sizeof bit, "%u", table[i].bit);
		g_autofree char *since = jsonin_text(c->problem_since, bit);

		jsonout_object(out, NULL);
		jsonout_string(out, table[i].is_error ? "error_code" : "warning_code",
			       table[i].code);
		jsonout_string(out, "message", table[i].message);
		jsonout_string(out, "since", since);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}

static void put_decisions(GString *out, const struct store_list *l)
{
	jsonout_array(out, "decisions");
	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_decision *d = store_at(l, struct store_decision, i);

		jsonout_object(out, NULL);
		jsonout_instant(out, "at", d->at);
		jsonout_string(out, "reason", plan_reason_name(d->reason));
		jsonout_string(out, "words", plan_reason_words(d->reason));
		jsonout_string(out, "step", plan_step_name(d->step));
		jsonout_string(out, "text", d->text);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}

void keyrackd_put_next(GString *out, const struct matter *m)
{
	const struct outlook *o = &m->outlook;

	if (m->closed) {
		jsonout_null(out, "next");
		return;
	}
	g_autofree char *words = explain_next(m);

	jsonout_object(out, "next");
	jsonout_instant(out, "at", o->next_at);
	jsonout_string(out, "step", plan_step_name(o->next_step));
	jsonout_string(out, "reason",
		       instant_known(o->next_at) ? plan_reason_name(o->next_reason) : NULL);
	jsonout_string(out, "words", words);
	jsonout_object_end(out);
}

/* A code of a device that is no longer known hangs nowhere. */
void keyrackd_find_door(struct matter *m, const struct store_list *devices)
{
	const struct store_device *d =
		devices && devices->rows->len ? store_at(devices, struct store_device, 0) : NULL;
	const char *zone = d ? d->zone_reported ? d->zone_reported : d->zone : NULL;

	m->door = d ? d->nickname ? d->nickname : d->name : NULL;
	if (!m->door)
		m->door = "the lock";
	m->zone = zone_get(zone ? zone : "UTC");
}

/* The last word of the lock, unless something has gone well since. */
static const char *last_said(const struct store_list *decisions, const struct store_code *c)
{
	const struct store_decision *d;

	if (c->done.tries == 0 && !c->done.refused)
		return NULL;
	for (guint i = decisions->rows->len; i-- > 0;) {
		d = store_at(decisions, struct store_decision, i);
		if (d->text)
			return d->text;
	}
	return NULL;
}

static void put_explanation(struct call *c, struct matter *m, const struct store_list *decisions)
{
	const struct store_code *code = m->code;
	GString *out = c->out;
	g_autofree char *words = explain_words(m);
	enum plan_reason reason = m->closed ? code->reason : m->outlook.reason;

	jsonout_object(out, "explanation");
	jsonout_string(out, "access_code_id", code->access_code_id);
	jsonout_string(out, "device_id", code->device_id);
	jsonout_string(out, "name", code->name);
	jsonout_string(out, "status", code->status);
	jsonout_string(out, "reason", plan_reason_name(reason));
	jsonout_string(out, "words", words);
	jsonout_string(out, "proof", m->closed ? NULL : beliefs[m->outlook.belief].proof);
	show_code_appearance(out, code);
	put_on_lock(out, &code->done);
	keyrackd_put_next(out, m);
	jsonout_instant(out, "due_at", m->closed ? INSTANT_NONE : m->outlook.due_at);
	jsonout_instant(out, "early_from", m->closed ? INSTANT_NONE : m->outlook.early_from);
	jsonout_instant(out, "closed_at", m->closed ? code->closed_at : INSTANT_NONE);
	put_problems(out, code);
	put_decisions(out, decisions);
	jsonout_object_end(out);
}

/* Open or closed; NULL: refused. */
static struct store_list *find_either(struct call *c, const char *id, bool *closed)
{
	struct store_list *l = store_code(c->server->store, id, NULL);

	*closed = !l;
	if (l && store_at(l, struct store_code, 0)->managed)
		return l;
	if (l) {
		store_list_free(l);
		call_refuse(c, 404, "access_code_not_found",
			    "This code is unmanaged: it is not looked after, so there is nothing to "
			    "explain.");
		return NULL;
	}
	l = store_history(c->server->store, NULL, id, NULL, NULL);
	if (l && l->rows->len > 0)
		return l;
	if (l)
		store_list_free(l);
	call_refuse(c, 404, "access_code_not_found", "There is no code with this id.");
	return NULL;
}

enum call_end keyrackd_explain(struct call *c)
{
	struct server *s = c->server;
	const char *id = params_text(c->params, "access_code_id");
	struct matter m = { .now = clock_now(s->clock) };
	OWN(store_list) struct store_list *codes = find_either(c, id, &m.closed);

	if (!codes)
		return CALL_REFUSED;
	m.code = store_at(codes, struct store_code, 0);

	OWN(store_list) struct store_list *devices =
		store_device(s->store, m.code->device_id, NULL);
	OWN(store_list) struct store_list *decisions = store_decisions(s->store, id, NULL);

	if (!decisions)
		return refuse_no_store(c);
	keyrackd_find_door(&m, devices);
	m.lock_said = last_said(decisions, m.code);
	if (!m.closed)
		m.outlook = engine_outlook(s->engine, m.code);
	put_explanation(c, &m, decisions);
	return CALL_DONE;
}

/* ---- history ---- */

static void put_closed(struct call *c, const struct store_code *code)
{
	GString *out = c->out;

	jsonout_object(out, NULL);
	jsonout_string(out, "access_code_id", code->access_code_id);
	jsonout_string(out, "device_id", code->device_id);
	jsonout_string(out, "name", code->name);
	jsonout_bool(out, "is_managed", code->managed);
	jsonout_string(out, "common_code_key", code->common_code_key);
	jsonout_string(out, "type", instant_known(code->starts_at) ? "time_bound" : "ongoing");
	jsonout_instant(out, "starts_at", code->starts_at);
	jsonout_instant(out, "ends_at", code->ends_at);
	jsonout_instant(out, "created_at", code->created_at);
	jsonout_bool(out, "was_set_on_device", code->ever_set);
	jsonout_string(out, "final_status", code->status);
	jsonout_string(out, "reason", plan_reason_name(code->reason));
	jsonout_string(out, "words", plan_reason_words(code->reason));
	jsonout_instant(out, "closed_at", code->closed_at);
	show_code_appearance(out, code);
	jsonout_object_end(out);
}

enum call_end keyrackd_history(struct call *c)
{
	struct store_page page;
	const struct store_code *last = NULL;

	if (!page_begin(c, &page, 500))
		return CALL_REFUSED;
	if (!page.after_id) { /* of that very moment are only those after every id */
		page.after_created_at = params_instant(c->params, "created_after");
		page.after_id = instant_known(page.after_created_at) ? "\x7f" : NULL;
	}

	OWN(store_list) struct store_list *l =
		store_history(c->server->store, params_text(c->params, "device_id"),
			      params_text(c->params, "access_code_id"), &page, NULL);

	if (!l)
		return refuse_no_store(c);
	jsonout_array(c->out, "access_codes");
	for (guint i = 0; i < l->rows->len; i++) {
		last = store_at(l, struct store_code, i);
		put_closed(c, last);
	}
	jsonout_array_end(c->out);
	page_end(c, &page, last ? last->created_at : INSTANT_NONE,
		 last ? last->access_code_id : NULL);
	return CALL_DONE;
}
