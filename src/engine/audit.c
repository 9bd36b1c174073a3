/* audit - what of the engine's work goes into the chain of core/audit.h.
 *
 * Each record is written in the transaction that made it true. Not in it: PINs, guests' names (the
 * chain cannot forget them; ids lead to them while the store keeps them), and the lock's own words.
 * A day's records are sealed when the next day begins, or at its first record after a pause. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

#include "core/jsonin.h"

struct act {
	char *who, *body; /* body without its last brace */
	bool written;
};

static int64_t day_of(struct instant t)
{
	return t.ms / DAY_MS - (t.ms % DAY_MS < 0);
}

static bool seal_is_due(const struct engine *e)
{
	return e->signer && e->audit_open && day_of(engine_now(e)) > e->audit_day;
}

struct instant audit_next(const struct engine *e)
{
	if (!e->signer || !e->audit_open)
		return INSTANT_NONE;
	return (struct instant){ (e->audit_day + 1) * DAY_MS };
}

static void seal(struct engine *e)
{
	GError *err = NULL;

	if (store_seal_audit(e->store, e->signer, engine_now(e), &err))
		e->audit_open = false;
	else
		work_failed(e, err);
}

static void note_text(struct engine *e, const char *kind, const char *who, const char *body)
{
	struct audit_record r = { .at = engine_now(e), .kind = kind, .who = who, .body = body };
	GError *err = NULL;

	if (seal_is_due(e))
		seal(e);
	if (!store_add_audit(e->store, &r, &err)) {
		work_failed(e, err);
		return;
	}
	e->audit_day = day_of(r.at);
	e->audit_open = true;
	if (e->signer)
		arm(e, audit_next(e));
}

static void note(struct engine *e, const char *kind, GString *body)
{
	jsonout_object_end(body);
	note_text(e, kind, AUDIT_WHO_SELF, body->str);
}

void audit_decision(struct engine *e, const char *access_code_id, const struct store_decision *d)
{
	g_autoptr(GString) body = g_string_sized_new(160);

	jsonout_object(body, NULL);
	jsonout_string(body, "access_code_id", access_code_id);
	jsonout_string(body, "reason", plan_reason_name(d->reason));
	jsonout_string(body, "step", plan_step_name(d->step));
	note(e, AUDIT_DECISION, body);
}

void audit_event(struct engine *e, const struct store_event *v)
{
	g_autoptr(GString) body = g_string_sized_new(320);

	jsonout_object(body, NULL);
	jsonout_int(body, "seq", v->seq);
	jsonout_string(body, "event_id", v->event_id);
	jsonout_string(body, "event_type", v->event_type);
	if (v->device_id)
		jsonout_string(body, "device_id", v->device_id);
	if (v->access_code_id)
		jsonout_string(body, "access_code_id", v->access_code_id);
	jsonout_instant(body, "occurred_at", v->occurred_at);
	note(e, AUDIT_EVENT, body);
}

/* ---- people's acts ---- */

void engine_act_begin(struct engine *e, const char *who, const char *what)
{
	e->act = g_new0(struct act, 1);
	e->act->who = g_strdup(who);
	e->act->body = g_strdup(what);
}

static void write_act(struct engine *e, const char *refused)
{
	g_autoptr(GString) body = g_string_new(NULL);

	jsonout_object(body, NULL);
	jsonout_members(body, e->act->body);
	if (refused)
		jsonout_string(body, "refused", refused);
	jsonout_object_end(body);
	note_text(e, AUDIT_ACT, e->act->who, body->str);
}

void audit_before_commit(struct engine *e)
{
	if (e->act && !e->act->written)
		write_act(e, NULL);
}

void audit_committed(struct engine *e)
{
	if (e->act)
		e->act->written = true;
}

bool engine_act_note(struct engine *e)
{
	return !e->act || e->act->written || (work_begin(e) && work_end(e, true));
}

void engine_act_end(struct engine *e, const char *refused)
{
	struct act *act = e->act;

	if (!act)
		return;
	if (refused && work_begin(e)) {
		write_act(e, refused);
		act->written = true; /* not once more at the commit */
		work_end(e, true);
	} else if (!refused) {
		engine_act_note(e);
	}
	e->act = NULL;
	g_free(act->who);
	g_free(act->body);
	g_free(act);
}

/* ---- beginning, and the change of days ---- */

/* Takes up one record that is there already, from the last one back. false: those before it are of no interest. */
static bool take_up(struct engine *e, const struct store_audit *a)
{
	g_autofree char *whole = g_strconcat(a->line, "}", NULL);
	g_autofree char *at = jsonin_text(whole, "at"), *kind = jsonin_text(whole, "kind");
	struct instant t;

	if (g_strcmp0(kind, AUDIT_SEAL) == 0)
		return false;
	e->audit_open = true;
	if (at && instant_parse(at, -1, &t))
		e->audit_day = day_of(t);
	return g_strcmp0(kind, AUDIT_KEY) == 0;
}

/* The day that is to be sealed is that of the first record after the last seal. All records of ours since then are of
 * one day; but a key may have been made while nobody was here to seal, days later. */
void audit_load(struct engine *e)
{
	struct audit_head head;

	e->audit_open = false;
	if (!store_audit_head(e->store, &head, NULL))
		return;
	for (int64_t no = head.no; no > 0; no--) {
		OWN(store_list) struct store_list *one = store_audit_lines(e->store, no - 1, 1, NULL);

		if (!rows_in(one) || !take_up(e, store_at(one, struct store_audit, 0)))
			return;
	}
}

void audit_start(struct engine *e)
{
	g_autoptr(GString) body = g_string_new(NULL);

	jsonout_object(body, NULL);
	jsonout_string(body, "version", PACKAGE_VERSION);
	note(e, AUDIT_START, body);
}

void audit_turn(struct engine *e)
{
	if (!seal_is_due(e) || !work_begin(e))
		return;
	seal(e);
	work_end(e, true);
}
