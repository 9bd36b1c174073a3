/* journal - what happened, as the API's event objects.
 *
 * Each is written whole into the journal, in the transaction that made it true; so what a webhook
 * delivers next month is what was so on the day. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

/* What a bit of store_code.problems is called on the API. */
static const struct engine_problem problems_table[] = {
	{ PROBLEM_DELAY_IN_SETTING, false, "delay_in_setting_on_device",
	  "Writing this code to the lock is taking unusually long." },
	{ PROBLEM_FAILED_TO_SET, true, "failed_to_set_on_device",
	  "The code could not be written to the lock. It is being tried again." },
	{ PROBLEM_FAILED_TO_REMOVE, true, "failed_to_remove_from_device",
	  "The code could not be removed from the lock. It is being tried again." },
	{ PROBLEM_DUPLICATE, true, "duplicate_code_on_device",
	  "Another code on the lock has the same PIN." },
	{ PROBLEM_NO_SPACE, true, "no_space_for_access_code_on_device",
	  "The lock's memory is full." },
	{ PROBLEM_MODIFIED_ERROR, true, "code_modified_external_to_seam",
	  "The code was changed or removed outside this system. It is being set again." },
	{ PROBLEM_MODIFIED_WARNING, false, "code_modified_external_to_seam",
	  "The code was changed or removed outside this system, which is allowed for it." },
	{ PROBLEM_CONSTRAINTS, true, "code_constraints_violated",
	  "The lock refuses this code. Change its PIN or its name." },
	{ PROBLEM_BEING_DELETED, false, "being_deleted", "The code is being deleted." },
};

const struct engine_problem *engine_problem_table(size_t *n)
{
	*n = G_N_ELEMENTS(problems_table);
	return problems_table;
}

/* Whatever is given may be NULL; the account is that of the device where it is not. */
void note_begin(struct engine *e, struct note *n, const char *type, const char *device_id,
		const char *access_code_id, const char *account_id, struct instant occurred_at)
{
	struct instant now = engine_now(e);
	const struct lane *l = device_id ? lane_of(e, device_id) : NULL;
	GString *b = g_string_new(NULL);

	if (!account_id && l)
		account_id = l->account_id;
	*n = (struct note){ .body = b, .event_id = chance_id(e) };
	n->event = (struct store_event){
		.event_id = n->event_id,
		.event_type = type,
		.device_id = device_id,
		.access_code_id = access_code_id,
		.account_id = account_id,
		.created_at = now,
		.occurred_at = instant_known(occurred_at) ? occurred_at : now,
	};
	jsonout_object(b, NULL);
	jsonout_string(b, "event_id", n->event_id);
	jsonout_string(b, "event_type", type);
	jsonout_string(b, "workspace_id", e->workspace_id);
	if (device_id)
		jsonout_string(b, "device_id", device_id);
	if (access_code_id)
		jsonout_string(b, "access_code_id", access_code_id);
	if (account_id)
		jsonout_string(b, "connected_account_id", account_id);
	if (l && l->metadata)
		jsonout_raw(b, "device_custom_metadata", l->metadata);
	jsonout_instant(b, "created_at", now);
	jsonout_instant(b, "occurred_at", n->event.occurred_at);
}

void note_end(struct engine *e, struct note *n)
{
	GError *err = NULL;

	jsonout_object_end(n->body);
	n->event.body = n->body->str;
	if (!store_add_event(e->store, &n->event, &err))
		work_failed(e, err);
	else
		audit_event(e, &n->event);
	g_string_free(n->body, TRUE);
	g_free(n->event_id);
}

static void write_problems(GString *b, const char *key, const char *name, unsigned problems,
			   bool errors, struct instant at)
{
	jsonout_array(b, key);
	for (size_t i = 0; i < G_N_ELEMENTS(problems_table); i++) {
		const struct engine_problem *p = &problems_table[i];

		if (p->is_error != errors || !(problems & p->bit))
			continue;
		jsonout_object(b, NULL);
		jsonout_string(b, name, p->code);
		jsonout_string(b, "message", p->message);
		jsonout_instant(b, "created_at", at);
		jsonout_object_end(b);
	}
	jsonout_array_end(b);
}

static void write_trouble(GString *b, const char *key, const char *code, const char *message,
			  struct instant at)
{
	jsonout_array(b, key);
	if (code) {
		jsonout_object(b, NULL);
		jsonout_string(b, "error_code", code);
		jsonout_string(b, "message", message);
		jsonout_instant(b, "created_at", at);
		jsonout_object_end(b);
	}
	jsonout_array_end(b);
}

/* The snapshot that an event about trouble carries. c may be NULL. */
void note_issues(struct note *n, const struct store_code *c, const struct lane *l)
{
	struct instant at = n->event.created_at;

	if (c) {
		write_problems(n->body, "access_code_errors", "error_code", c->problems, true, at);
		write_problems(n->body, "access_code_warnings", "warning_code", c->problems, false,
			       at);
	}
	write_trouble(n->body, "device_errors",
		      l->removed   ? "device_removed"
		      : !l->online ? "device_disconnected"
				   : NULL,
		      l->removed ? "The lock is gone from its account."
				 : "The lock cannot be reached.",
		      at);
	write_trouble(n->body, "device_warnings", NULL, NULL, at);
	write_trouble(n->body, "connected_account_errors", l->lost ? "account_disconnected" : NULL,
		      "The account is disconnected.", at);
	write_trouble(n->body, "connected_account_warnings", NULL, NULL, at);
}

/* Which of a code's events carry more than its ids. */
enum more { MORE_PIN = 1 << 0, MORE_ISSUES = 1 << 1 };
static const struct {
	const char *type;
	unsigned more;
} code_events[] = {
	{ "access_code.scheduled_on_device", MORE_PIN },
	{ "access_code.set_on_device", MORE_PIN },
	{ "access_code.deleted", MORE_PIN },
	{ "access_code.delay_in_setting_on_device", MORE_ISSUES },
	{ "access_code.failed_to_set_on_device", MORE_ISSUES },
	{ "access_code.failed_to_remove_from_device", MORE_ISSUES },
	{ "access_code.unmanaged.failed_to_convert_to_managed", MORE_ISSUES },
};

void journal_code(struct engine *e, const char *type, const struct store_code *c)
{
	struct note n;
	unsigned more = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(code_events); i++) {
		if (strcmp(type, code_events[i].type) == 0)
			more = code_events[i].more;
	}
	note_begin(e, &n, type, c->device_id, c->access_code_id, NULL, INSTANT_NONE);
	if (more & MORE_PIN)
		jsonout_string(n.body, "code", c->pin);
	if (more & MORE_ISSUES)
		note_issues(&n, c, lane_of(e, c->device_id));
	note_end(e, &n);
}

void journal_device(struct engine *e, const char *type, const struct store_device *d)
{
	struct note n;

	note_begin(e, &n, type, d->device_id, NULL, d->account_id, INSTANT_NONE);
	if (strcmp(type, "device.name_changed") == 0 || strcmp(type, "device.deleted") == 0)
		jsonout_string(n.body, "device_name", d->nickname ? d->nickname : d->name);
	note_end(e, &n);
}

void journal_attempt(struct engine *e, const struct store_attempt *a)
{
	bool ok = strcmp(a->status, "success") == 0;
	g_autofree char *word = g_ascii_strdown(a->action_type, -1);
	g_autofree char *type =
		g_strdup_printf("action_attempt.%s.%s", word, ok ? "succeeded" : "failed");
	struct note n;

	note_begin(e, &n, type, a->device_id, NULL, NULL, INSTANT_NONE);
	jsonout_string(n.body, "action_attempt_id", a->action_attempt_id);
	jsonout_string(n.body, "action_type", a->action_type);
	jsonout_string(n.body, "status", a->status);
	note_end(e, &n);
}

void journal_account(struct engine *e, const char *type, const char *account_id)
{
	struct note n;

	note_begin(e, &n, type, NULL, NULL, account_id, INSTANT_NONE);
	note_end(e, &n);
}
