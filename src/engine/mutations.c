/* mutations - what was asked of a code and is not on its lock yet, and the events at both ends of it.
 *
 * While an edit of a code that was set is under way, its row keeps what the lock was last known to
 * have of it ('changing'). Once the lock has the new, what differs is told and the row forgets. */
#include "config.h"

#include "core/jsonin.h"
#include "engine/inside.h"

#include <string.h>

/* ---- both sides ---- */

static struct mutation_side declared_side(const struct store_code *c)
{
	return (struct mutation_side){ c->pin, c->name, c->starts_at, c->ends_at };
}

static struct instant instant_at(const char *json, const char *key)
{
	g_autofree char *text = jsonin_text(json, key);
	struct instant t;

	return text && instant_parse(text, -1, &t) ? t : INSTANT_NONE;
}

static const char *text_at(struct engine *e, const char *json, const char *key)
{
	g_autofree char *text = jsonin_text(json, key);

	return keep(e, text);
}

static struct mutation_side confirmed_side(struct engine *e, const struct store_code *c)
{
	return (struct mutation_side){ text_at(e, c->changing, "code"),
				       text_at(e, c->changing, "name"),
				       instant_at(c->changing, "starts_at"),
				       instant_at(c->changing, "ends_at") };
}

static bool code_differs(const struct mutation_side *a, const struct mutation_side *b)
{
	return g_strcmp0(a->code, b->code) != 0;
}

static bool name_differs(const struct mutation_side *a, const struct mutation_side *b)
{
	return g_strcmp0(a->name, b->name) != 0;
}

static bool frame_differs(const struct mutation_side *a, const struct mutation_side *b)
{
	return !instant_eq(a->starts_at, b->starts_at) || !instant_eq(a->ends_at, b->ends_at);
}

static void write_code(GString *b, const struct mutation_side *s)
{
	jsonout_string(b, "code", s->code);
}

static void write_name(GString *b, const struct mutation_side *s)
{
	jsonout_string(b, "name", s->name);
}

static void write_frame(GString *b, const struct mutation_side *s)
{
	jsonout_instant(b, "starts_at", s->starts_at);
	jsonout_instant(b, "ends_at", s->ends_at);
}

static const struct part {
	bool (*differs)(const struct mutation_side *a, const struct mutation_side *b);
	void (*write)(GString *b, const struct mutation_side *s);
	const char *mutation, *message;
	const char *event, *description;
} parts[] = {
	{ code_differs, write_code, "updating_code", "The new PIN is being set on the lock.",
	  "access_code.code_changed", "The lock has the new PIN." },
	{ name_differs, write_name, "updating_name", "The new name is being set on the lock.",
	  "access_code.name_changed", "The lock has the new name." },
	{ frame_differs, write_frame, "updating_time_frame",
	  "The new time frame is being set on the lock.", "access_code.time_frame_changed",
	  "The lock has the new time frame." },
};

static void write_sides(GString *b, const struct part *p, const struct mutation_side *from,
			const struct mutation_side *to)
{
	jsonout_object(b, "from");
	p->write(b, from);
	jsonout_object_end(b);
	jsonout_object(b, "to");
	p->write(b, to);
	jsonout_object_end(b);
}

const char *pin_before(struct engine *e, const struct store_code *c)
{
	const char *pin = c->changing ? confirmed_side(e, c).code : NULL;

	return pin && g_strcmp0(pin, c->pin) != 0 ? pin : NULL;
}

/* ---- an edit begins ---- */

static const char *remembered(struct engine *e, const struct mutation_side *s)
{
	g_autoptr(GString) json = g_string_new(NULL);

	jsonout_object(json, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		parts[i].write(json, s);
	jsonout_instant(json, "at", engine_now(e));
	jsonout_object_end(json);
	return keep(e, json->str);
}

static void tell_requested(struct engine *e, const struct store_code *c,
			   const struct mutation_side *from, const struct mutation_side *to)
{
	struct note n;

	note_begin(e, &n, "access_code.mutations_requested", c->device_id, c->access_code_id, NULL,
		   INSTANT_NONE);
	jsonout_array(n.body, "requested_mutations");
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!parts[i].differs(from, to))
			continue;
		jsonout_object(n.body, NULL);
		jsonout_string(n.body, "mutation_code", parts[i].mutation);
		write_sides(n.body, &parts[i], from, to);
		jsonout_object_end(n.body);
	}
	jsonout_array_end(n.body);
	note_end(e, &n);
}

void mutation_begin(struct engine *e, const struct store_code *was, struct store_code *is)
{
	struct mutation_side from = declared_side(was), to = declared_side(is);
	bool known = was->ever_set || was->scheduled_on_device;

	/* What is not on the lock yet is simply created as it is now. */
	if (!known || !is_on_lock(&was->done) || was->offline ||
	    (!code_differs(&from, &to) && !name_differs(&from, &to) && !frame_differs(&from, &to)))
		return;
	if (!was->changing)
		is->changing = remembered(e, &from);
	tell_requested(e, is, &from, &to);
}

/* ---- and ends ---- */

void mutation_end(struct engine *e, struct store_code *c)
{
	struct mutation_side from = confirmed_side(e, c), to = declared_side(c);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		struct note n;

		if (!parts[i].differs(&from, &to))
			continue;
		note_begin(e, &n, parts[i].event, c->device_id, c->access_code_id, NULL,
			   INSTANT_NONE);
		write_sides(n.body, &parts[i], &from, &to);
		jsonout_string(n.body, "description", parts[i].description);
		note_end(e, &n);
	}
	c->changing = NULL;
}

/* ---- what is under way ---- */

static int one(struct engine_mutation *m, const char *code, const char *message, struct instant at)
{
	*m = (struct engine_mutation){ .code = code,
				       .message = message,
				       .created_at = at,
				       .scheduled_at = INSTANT_NONE };
	return 1;
}

static int updates(const struct mutation_side *from, const struct mutation_side *to,
		   struct instant at, struct engine_mutation *out)
{
	int n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!parts[i].differs(from, to))
			continue;
		n += one(&out[n], parts[i].mutation, parts[i].message, at);
		out[n - 1].from = *from;
		out[n - 1].to = *to;
	}
	return n;
}

/* What somebody changed at the lock is on its way back. */
static int put_back(const struct store_code *c, struct engine_mutation *out)
{
	const struct on_lock *last = &c->done.last;
	struct mutation_side to = declared_side(c), from = to;
	bool renamed = last->name && c->shown_name && strcmp(last->name, c->shown_name) != 0;

	if (last->pin)
		from.code = last->pin;
	if (renamed)
		from.name = last->name;
	if (instant_known(last->ends_at)) {
		from.starts_at = last->starts_at;
		from.ends_at = last->ends_at;
	}
	return updates(&from, &to, c->done.first_try_at, out);
}

static int creations(struct engine *e, const struct store_code *c, struct engine_mutation *out)
{
	struct instant asked = c->asked_at.ms > 0 ? c->asked_at : c->created_at;
	const struct declared want = { .starts_at = c->starts_at,
				       .ends_at = c->ends_at,
				       .prefer_native = c->prefer_native };

	if (c->reason != REASON_NOT_DUE)
		return one(out, "creating", "The code is being set on the lock.", asked);
	one(out, "deferring_creation", "The code is set on the lock when its time is near.", asked);
	out->scheduled_at = plan_due(&want, &lane_of(e, c->device_id)->system);
	return 1;
}

int engine_mutations(struct engine *e, const struct store_code *c,
		     struct engine_mutation out[static ENGINE_MUTATIONS_MAX])
{
	/* The reasons are also those of a code that is held disabled until its start. */
	bool is_as_declared = g_strcmp0(c->status, "set") == 0 || c->scheduled_on_device ||
			      c->reason == REASON_PROVEN || c->reason == REASON_ACKNOWLEDGED;

	if (instant_known(c->closed_at) || c->offline)
		return 0;
	if (instant_known(c->removal_asked_at) || (c->managed && is_ending(e, c)))
		return one(out, "deleting", "The code is being removed from the lock.",
			   instant_known(c->removal_asked_at) ? c->removal_asked_at : c->ends_at);
	if (!c->managed)
		return 0;
	if (c->changing) {
		struct mutation_side from = confirmed_side(e, c), to = declared_side(c);

		return updates(&from, &to, instant_at(c->changing, "at"), out);
	}
	if (is_as_declared || c->reason == REASON_OUTSIDE_OK)
		return 0;
	if (c->done.belief == BELIEF_DIFFERENT)
		return put_back(c, out);
	/* An account that is lost hides what is there. */
	if (c->ever_set && is_on_lock(&c->done))
		return 0;
	return creations(e, c, out);
}
