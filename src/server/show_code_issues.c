/* show_code_issues - a code's errors, warnings and pending mutations. */
#include "config.h"

#include "core/jsonin.h"
#include "server/show_code.h"

#include <string.h>

/* ---- errors and warnings ---- */

static void begin(GString *out, const char *kind, const char *code, const char *message)
{
	jsonout_object(out, NULL);
	jsonout_string(out, kind, code);
	jsonout_string(out, "message", message);
}

/* {"1":"2026-…"}: since when each bit of problems is so. */
static void put_since(GString *out, const struct store_code *c, unsigned bit)
{
	char key[12];

	g_snprintf(key, sizeof key, "%u", bit);
	g_autofree char *since = jsonin_text(c->problem_since, key);
	if (since)
		jsonout_string(out, "created_at", since);
}

static void put_rival(struct server *s, GString *out, const struct store_code *c)
{
	OWN(store_list)
	struct store_list *rows = c->rival_id ? store_code(s->store, c->rival_id, NULL) : NULL;

	if (!rows || !rows->rows->len)
		return;
	jsonout_string(out,
		       store_at(rows, struct store_code, 0)->managed ? "managed_access_code_id"
								     : "unmanaged_access_code_id",
		       c->rival_id);
}

static void put_field(GString *out, const char *field, const char *from, const char *to)
{
	jsonout_object(out, NULL);
	jsonout_string(out, "field", field);
	jsonout_string(out, "from", from);
	jsonout_string(out, "to", to);
	jsonout_object_end(out);
}

static const char *text_of(struct instant t, char text[static INSTANT_TEXT_MAX])
{
	return instant_known(t) ? instant_format(t, text) : NULL;
}

/* A lock that keeps windows holds the declared one, rounded outwards by less than a minute. */
static struct instant held(struct server *s, const struct store_code *c, struct instant declared)
{
	OWN(store_list) struct store_list *d = store_device(s->store, c->device_id, NULL);
	bool keeps = d && d->rows->len && c->prefer_native &&
		     engine_system_of(s->engine, store_at(d, struct store_device, 0))->schedule ==
			     SCHEDULE_NATIVE;

	return keeps ? declared : INSTANT_NONE;
}

static void put_moment(struct server *s, GString *out, const struct store_code *c,
		       const char *field, struct instant declared, struct instant is)
{
	struct instant was = held(s, c, declared);
	char from[INSTANT_TEXT_MAX], to[INSTANT_TEXT_MAX];

	if (instant_known(was) != instant_known(is) ||
	    (instant_known(is) && ABS(instant_diff_ms(is, was)) >= MINUTE_MS))
		put_field(out, field, text_of(was, from), text_of(is, to));
}

/* What somebody did to it outside. */
static void put_modification(struct server *s, GString *out, const struct store_code *c)
{
	const struct attempt_record *known = engine_known(s->engine, c);
	const struct on_lock *is = &known->last;

	if (known->belief == BELIEF_GONE)
		jsonout_string(out, "change_type", "removed");
	if (known->belief != BELIEF_DIFFERENT)
		return;
	jsonout_string(out, "change_type", "modified");
	jsonout_array(out, "modified_fields");
	if (is->pin && g_strcmp0(is->pin, c->pin) != 0)
		put_field(out, "code", c->pin, is->pin);
	if (is->name && g_strcmp0(is->name, c->shown_name) != 0)
		put_field(out, "name", c->shown_name, is->name);
	put_moment(s, out, c, "starts_at", c->starts_at, is->starts_at);
	put_moment(s, out, c, "ends_at", c->ends_at, is->ends_at);
	jsonout_array_end(out);
}

static const struct {
	unsigned bits;
	void (*put)(struct server *s, GString *out, const struct store_code *c);
} more[] = {
	{ PROBLEM_DUPLICATE, put_rival },
	{ PROBLEM_MODIFIED_ERROR | PROBLEM_MODIFIED_WARNING, put_modification },
};

static void put_problems(struct server *s, GString *out, const struct store_code *c, bool errors)
{
	const struct engine_problem *table;
	size_t n;

	table = engine_problem_table(&n);
	for (size_t i = 0; c->problems && i < n; i++) {
		if (table[i].is_error != errors || !(c->problems & table[i].bit))
			continue;
		begin(out, errors ? "error_code" : "warning_code", table[i].code,
		      table[i].message);
		put_since(out, c, table[i].bit);
		if (errors)
			jsonout_bool(out, "is_access_code_error", true);
		for (size_t k = 0; k < G_N_ELEMENTS(more); k++) {
			if (more[k].bits & table[i].bit)
				more[k].put(s, out, c);
		}
		jsonout_object_end(out);
	}
}

void show_code_errors(struct server *s, GString *out, const struct store_code *c)
{
	put_problems(s, out, c, true);
}

void show_code_warnings(struct server *s, GString *out, const struct store_code *c)
{
	put_problems(s, out, c, false);
	if (c->pulled_backup_id) {
		begin(out, "warning_code", "using_backup_access_code",
		      "A backup access code stands in for this one.");
		jsonout_object_end(out);
	}
	if (!c->managed && instant_known(c->removal_asked_at)) {
		begin(out, "warning_code", "being_deleted", "The code is being deleted.");
		jsonout_instant(out, "created_at", c->removal_asked_at);
		jsonout_object_end(out);
	}
}

/* ---- pending mutations ---- */

/* What the sides of an update are about. */
static const struct side {
	const char *code;
	bool pin, name, window;
} sides[] = {
	{ .code = "updating_code", .pin = true },
	{ .code = "updating_name", .name = true },
	{ .code = "updating_time_frame", .window = true },
};

static void put_side(GString *out, const char *key, const struct side *about,
		     const struct mutation_side *is)
{
	jsonout_object(out, key);
	if (about->pin)
		jsonout_string(out, "code", is->code);
	if (about->name)
		jsonout_string(out, "name", is->name);
	if (about->window) {
		jsonout_instant(out, "starts_at", is->starts_at);
		jsonout_instant(out, "ends_at", is->ends_at);
	}
	jsonout_object_end(out);
}

void show_code_pending(struct server *s, GString *out, const struct store_code *c)
{
	struct engine_mutation all[ENGINE_MUTATIONS_MAX];
	int n = engine_mutations(s->engine, c, all);

	jsonout_array(out, "pending_mutations");
	for (const struct engine_mutation *m = all; m < all + n; m++) {
		begin(out, "mutation_code", m->code, m->message);
		jsonout_instant(out, "created_at", m->created_at);
		if (instant_known(m->scheduled_at))
			jsonout_instant(out, "scheduled_at", m->scheduled_at);
		for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
			if (strcmp(sides[i].code, m->code) != 0)
				continue;
			put_side(out, "from", &sides[i], &m->from);
			put_side(out, "to", &sides[i], &m->to);
		}
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}
