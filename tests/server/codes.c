/* codes - see codes.h. */
#include "config.h"

#include "tests/server/codes.h"

const char *codes_make(struct rig *r, const char *lock, const char *members, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, members);
	text = g_strdup_vprintf(members, args);
	va_end(args);
	return rig_text(rig_ok(r, "POST /access_codes/create", "{'device_id':'%s',%s}",
			       rig_device(r, lock), text),
			"access_code.access_code_id");
}

const json_t *codes_get(struct rig *r, const char *id)
{
	return rig_ok(r, "POST /access_codes/get", "{'access_code_id':'%s'}", id);
}

void codes_remove(struct rig *r, const char *id)
{
	g_autofree char *what =
		g_strconcat("DELETE /access_codes/delete?_strict=true&access_code_id=", id, NULL);

	rig_ok(r, what, NULL);
}

bool codes_opens(struct rig *r, const char *lock, const char *pin)
{
	bool opened = false;

	assert_true(simulated_enter(r->driver, rig_device(r, lock), pin, &opened, NULL));
	return opened;
}

void codes_fault(struct rig *r, const char *lock, const char *fault, bool on)
{
	assert_true(simulated_fault(r->driver, rig_device(r, lock), fault, on, NULL));
	rig_advance(r, 0);
}

void codes_app(struct rig *r, const char *lock, const char *id, const char *change)
{
	rig_ok(r, "POST /keyrackd/simulate/app", "{'device_id':'%s','access_code_id':'%s',%s}",
	       rig_device(r, lock), id, change);
}

const char *codes_story(struct rig *r, const char *id)
{
	const char *const ids[] = { id, NULL };
	struct store_event_filter filter = { .since = INSTANT_NONE,
					     .until = INSTANT_NONE,
					     .access_code_ids = ids,
					     .oldest_first = true };
	OWN(store_list) struct store_list *l = store_events(r->store, &filter, NULL);
	g_autoptr(GString) story = g_string_new(NULL);

	assert_non_null(l);
	for (guint i = 0; i < l->rows->len; i++) {
		const char *type = store_at(l, struct store_event, i)->event_type;
		const char *dot = strstr(type, "access_code.");

		g_string_append_printf(story, "%s%s", i ? " " : "", dot ? dot + 12 : type);
	}
	return g_intern_string(story->str);
}

const char *codes_problem(const json_t *a, const char *errors, const char *code,
			  const char *member)
{
	const char *kind = strcmp(errors, "errors") == 0 ? "error_code" : "warning_code";
	g_autofree char *array = g_strconcat("access_code.", errors, NULL);

	for (int i = 0; i < rig_count(a, array); i++) {
		g_autofree char *of = g_strdup_printf("%s.%d.%s", array, i, kind);
		g_autofree char *path = g_strdup_printf("%s.%d.%s", array, i, member);

		if (strcmp(rig_text(a, of), code) == 0)
			return rig_text(a, path);
	}
	return NULL;
}
