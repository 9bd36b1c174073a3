/* made - codes asked of the engine directly, for tests about what comes after. */
#ifndef KEYRACK_TESTS_SERVER_MADE_H
#define KEYRACK_TESTS_SERVER_MADE_H

#include "tests/server/rig.h"

/* from and until: ISO, NULL for an ongoing code. The id lives as long as the program. */
static inline const char *made_with(struct rig *r, struct code_request q, const char *door,
				    const char *from, const char *until)
{
	struct refusal no = { 0 };
	g_autofree char *id = NULL;

	q.device_id = rig_device(r, door);
	q.starts_at = from ? at(from) : INSTANT_NONE;
	q.ends_at = until ? at(until) : INSTANT_NONE;
	q.name = q.name ? q.name : "Guest";
	q.has_name = true;
	q.attempt_for_offline_device = true;
	if (!engine_create(r->engine, &q, &id, &no))
		fail_msg("%s: %s", door, no.message);
	return g_intern_string(id);
}

/* A request that asks for nothing in particular: zeros would. */
static inline struct code_request asked(const char *pin)
{
	return (struct code_request){ .code = pin,
				      .external_ok = TRI_UNKNOWN,
				      .prefer_native = TRI_UNKNOWN,
				      .use_backup_pool = TRI_UNKNOWN,
				      .offline = TRI_UNKNOWN,
				      .one_time = TRI_UNKNOWN,
				      .managed = TRI_UNKNOWN };
}

static inline const char *made(struct rig *r, const char *door, const char *pin, const char *from,
			       const char *until)
{
	return made_with(r, asked(pin), door, from, until);
}

/* What /keyrackd/access_codes/explain says at this path of the explanation. */
static inline const char *explained(struct rig *r, const char *id, const char *path)
{
	g_autofree char *whole = g_strconcat("explanation.", path, NULL);

	return rig_text(rig_ok(r, "POST /keyrackd/access_codes/explain", "{'access_code_id':'%s'}",
			       id),
			whole);
}

/* Was there ever a decision for this reason? */
static inline bool decided(struct rig *r, const char *id, const char *reason)
{
	const json_t *a = rig_ok(r, "POST /keyrackd/access_codes/explain",
				 "{'access_code_id':'%s'}", id);

	for (int i = 0; i < rig_count(a, "explanation.decisions"); i++) {
		g_autofree char *path = g_strdup_printf("explanation.decisions.%d.reason", i);

		if (strcmp(rig_text(a, path), reason) == 0)
			return true;
	}
	return false;
}

static inline void fault(struct rig *r, const char *door, const char *name, bool on)
{
	rig_ok(r, "POST /keyrackd/simulate/fault", "{'device_id':'%s','fault':'%s','on':%s}",
	       rig_device(r, door), name, on ? "true" : "false");
}

#endif
