/* told - what was said of a code, so that each change of it is said once.
 *
 * The row keeps status, problems and 'scheduled' as they were last told. A plan that says something
 * else is told by events here, and then the row says the same. */
#include "config.h"

#include "core/jsonin.h"
#include "engine/inside.h"

#include <string.h>

/* Problems whose beginning is an event; the others are told by what raised them. */
static const struct {
	unsigned bit;
	const char *type;
} raised_events[] = {
	{ PROBLEM_DELAY_IN_SETTING, "access_code.delay_in_setting_on_device" },
	{ PROBLEM_FAILED_TO_SET, "access_code.failed_to_set_on_device" },
	{ PROBLEM_FAILED_TO_REMOVE, "access_code.failed_to_remove_from_device" },
};

bool is_ending(const struct engine *e, const struct store_code *c)
{
	return instant_known(c->removal_asked_at) ||
	       (instant_known(c->ends_at) && !instant_before(engine_now(e), c->ends_at));
}

bool is_on_lock(const struct attempt_record *done)
{
	return done->belief != BELIEF_ABSENT && done->belief != BELIEF_GONE;
}

void decide(struct engine *e, const char *access_code_id, enum plan_reason reason,
	    enum step_kind step, const char *text)
{
	struct store_decision d = {
		.at = engine_now(e), .reason = reason, .step = step, .text = text
	};
	GError *err = NULL;

	if (!store_add_decision(e->store, access_code_id, &d, &err))
		work_failed(e, err);
	else
		audit_decision(e, access_code_id, &d);
}

void close_row(struct engine *e, const struct store_code *c, const char *final_status,
	       enum plan_reason why)
{
	GError *err = NULL;

	e->puts++;
	lane_moved(e, c->device_id);
	attempts_closed(e, c->access_code_id);
	/* Its deletion may have been told while it was still being removed; no event says that it is over. */
	g_hash_table_add(e->quiet, (char *)(uintptr_t)keep(e, c->access_code_id));
	if (!store_close_code(e->store, c->access_code_id, final_status, why, engine_now(e), &err))
		work_failed(e, err);
}

/* {"1":"2026-…"}: a problem that goes on keeps its beginning. */
static const char *since_json(struct engine *e, const struct store_code *c, unsigned problems,
			      struct instant now)
{
	g_autoptr(GString) out = g_string_new(NULL);
	char bit[12];

	if (problems == 0)
		return NULL;
	jsonout_object(out, NULL);
	for (unsigned i = 0; i < 32; i++) {
		if (!(problems & 1u << i))
			continue;
		g_snprintf(bit, sizeof bit, "%u", 1u << i);
		g_autofree char *was =
			c->problems & 1u << i ? jsonin_text(c->problem_since, bit) : NULL;
		if (was)
			jsonout_string(out, bit, was);
		else
			jsonout_instant(out, bit, now);
	}
	jsonout_object_end(out);
	return keep(e, out->str);
}

/* What shows of a code and no event has to tell. */
static void note_quiet(struct engine *e, const struct store_code *c, const struct plan *p)
{
	bool moved = p->step == STEP_WAIT && !instant_eq(c->next_try_text, p->next_look);

	if (e->code_listeners->len > 0 &&
	    (moved || c->reason != p->reason || c->problems != p->problems ||
	     g_strcmp0(c->status, p->status) != 0))
		g_hash_table_add(e->quiet, (char *)(uintptr_t)keep(e, c->access_code_id));
}

/* A lock that was full is asked again: until it takes the code, it is as full as it was. */
static unsigned problems_told(const struct store_code *c, const struct plan *p)
{
	return p->problems | (p->step == STEP_WRITE ? c->problems & PROBLEM_NO_SPACE : 0);
}

void take_assigned_pin(struct engine *e, struct store_code *c, const char *pin)
{
	struct note n;

	if (g_strcmp0(pin, c->pin) == 0)
		return;
	/* Of a code that is deleted already nobody wants to hear. */
	if (is_ending(e, c)) {
		c->pin = pin;
		return;
	}

	note_begin(e, &n, "access_code.changed", c->device_id, c->access_code_id, NULL,
		   INSTANT_NONE);
	jsonout_string(n.body, "change_reason", "assigned_by_provider");
	jsonout_array(n.body, "changed_properties");
	jsonout_object(n.body, NULL);
	jsonout_string(n.body, "property", "code");
	jsonout_string(n.body, "from", c->pin);
	jsonout_string(n.body, "to", pin);
	jsonout_object_end(n.body);
	jsonout_array_end(n.body);
	note_end(e, &n);
	c->pin = pin;
}

void tell(struct engine *e, struct store_code *c, const struct plan *p)
{
	const char *was = c->status ? c->status : "unset";
	bool unknown = strcmp(p->status, "unknown") == 0;
	bool is_set = strcmp(p->status, "set") == 0;
	unsigned problems = problems_told(c, p), raised = problems & ~c->problems;

	note_quiet(e, c, p);
	/* A step on the lock is noted when it is taken. */
	if (c->reason != p->reason && (p->step == STEP_WAIT || p->step == STEP_READ))
		decide(e, c->access_code_id, p->reason, p->step, NULL);
	c->problem_since = since_json(e, c, problems, engine_now(e));
	c->problems = problems;
	c->status = p->status;
	c->reason = p->reason;
	if (!(p->problems & PROBLEM_DUPLICATE))
		c->rival_id = NULL;
	/* An account that comes back finds the codes as it left them: nothing to tell. */
	if (!unknown && p->scheduled_on_device && !c->scheduled_on_device)
		journal_code(e, "access_code.scheduled_on_device", c);
	if (!unknown)
		c->scheduled_on_device = p->scheduled_on_device;
	if (is_set && strcmp(was, "set") != 0 && !(strcmp(was, "unknown") == 0 && c->ever_set)) {
		journal_code(e, "access_code.set_on_device", c);
		c->ever_set = true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(raised_events); i++) {
		if (raised & raised_events[i].bit)
			journal_code(e, raised_events[i].type, c);
	}
}
