/* routes_timeline - the life of one access code, from the journal; a closed code's too.
 *
 * Newest first. A code has dozens of events, seldom thousands: all are read, and the page is cut
 * out of them. after and before take a moment or a cursor of an earlier answer, which is an event's
 * number in the journal. */
#include "config.h"

#include "core/vocab.h"
#include "server/routes_codes.h"

#include <string.h>

#define LIMIT_DEFAULT 50

/* ---- what is asked for ---- */

struct bounds {
	int64_t after_seq, before_seq; /* 0: open */
	struct instant after, before;
};

static bool take_bound(struct call *c, const char *name, int64_t *seq, struct instant *at)
{
	const char *text = params_text(c->params, name);

	*at = INSTANT_NONE;
	if (!text)
		return true;
	if (*text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 19) {
		*seq = g_ascii_strtoll(text, NULL, 10);
		return true;
	}
	if (instant_parse(text, -1, at))
		return true;
	call_invalid(c, name, "must be a date, or a cursor of an earlier answer");
	return false;
}

static bool within(const struct bounds *b, const struct store_event *e)
{
	return (!b->after_seq || e->seq > b->after_seq) &&
	       (!b->before_seq || e->seq < b->before_seq) &&
	       (!instant_known(b->after) || instant_before(b->after, e->occurred_at)) &&
	       (!instant_known(b->before) || instant_before(e->occurred_at, b->before));
}

/* ---- one entry ---- */

/* Whose doing a type of event is. The journal does not keep which key asked. */
static const struct actor {
	const char *event_type, *type, *display_name;
} actors[] = {
	{ "access_code.created", "api_key", "API" },
	{ "access_code.changed", "api_key", "API" },
	{ "access_code.deleted", "api_key", "API" },
	{ "access_code.backup_access_code_pulled", "api_key", "API" },
	{ "access_code.unmanaged.converted_to_managed", "api_key", "API" },
	{ "access_code.unmanaged.failed_to_convert_to_managed", "api_key", "API" },
	{ "access_code.modified_external_to_seam", "external", "The lock or its maker's app" },
	{ "access_code.deleted_external_to_seam", "external", "The lock or its maker's app" },
	{ "access_code.unmanaged.created", "external", "The lock or its maker's app" },
	{ "access_code.unmanaged.removed", "external", "The lock or its maker's app" },
	{ "lock.unlocked", "external", "Somebody at the door" },
	{ "lock.locked", "external", "Somebody at the door" },
	{ "lock.access_denied", "external", "Somebody at the door" },
};

static void put_actor(GString *out, const struct store_event *e, bool by_itself)
{
	struct actor who = { .type = "system", .display_name = "keyrackd" };

	for (size_t i = 0; !by_itself && i < G_N_ELEMENTS(actors); i++) {
		if (strcmp(actors[i].event_type, e->event_type) == 0)
			who = actors[i];
	}
	jsonout_object(out, "actor");
	jsonout_string(out, "type", who.type);
	jsonout_null(out, "id");
	jsonout_string(out, "display_name", who.display_name);
	jsonout_object_end(out);
}

/* A code that ended is deleted by nobody. */
static bool ended_by_then(const struct store_code *code, const struct store_event *e)
{
	return strcmp(e->event_type, "access_code.deleted") == 0 && instant_known(code->ends_at) &&
	       !instant_before(e->occurred_at, code->ends_at);
}

static void put_entry(GString *out, const struct store_code *code, const struct store_event *e)
{
	const char *words = event_lookup(e->event_type)->words;

	jsonout_object(out, NULL);
	jsonout_string(out, "timeline_event_id", e->event_id);
	jsonout_string(out, "event_type", e->event_type);
	jsonout_instant(out, "occurred_at", e->occurred_at);
	jsonout_string(out, "description", words ? words : e->event_type);
	put_actor(out, e, ended_by_then(code, e));
	jsonout_raw(out, "details", e->body);
	jsonout_array(out, "related_resource_ids");
	if (e->device_id)
		jsonout_string(out, NULL, e->device_id);
	if (e->account_id)
		jsonout_string(out, NULL, e->account_id);
	jsonout_array_end(out);
	jsonout_object_end(out);
}

/* ---- the page ---- */

static void put_cursor(GString *out, const char *key, bool there, int64_t seq)
{
	char text[24];

	g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, seq);
	jsonout_string(out, key, there ? text : NULL);
}

static void put_page(struct call *c, const struct store_code *code, const struct store_list *events,
		     const struct bounds *b)
{
	int64_t limit = params_int(c->params, "limit", LIMIT_DEFAULT), shown = 0;
	int64_t newest = 0, oldest = 0;
	bool more = false, newer = false;

	jsonout_array(c->out, "timeline_events");
	for (guint i = 0; i < events->rows->len && !more; i++) {
		const struct store_event *e = store_at(events, struct store_event, i);

		if (!within(b, e)) {
			newer = newer || shown == 0;
			continue;
		}
		more = shown == limit;
		if (more)
			break;
		put_entry(c->out, code, e);
		newest = shown++ ? newest : e->seq;
		oldest = e->seq;
	}
	jsonout_array_end(c->out);
	jsonout_object(c->out, "pagination");
	jsonout_bool(c->out, "has_more", more);
	put_cursor(c->out, "next_cursor", more, oldest);
	put_cursor(c->out, "prev_cursor", newer && shown > 0, newest);
	jsonout_object_end(c->out);
}

/* As it is, or as it was when it closed. */
static struct store_list *find_ever(struct store *s, const char *id)
{
	struct store_list *rows = store_code(s, id, NULL);

	if (rows && rows->rows->len)
		return rows;
	if (rows)
		store_list_free(rows);
	rows = store_history(s, NULL, id, NULL, NULL);
	if (rows && rows->rows->len)
		return rows;
	if (rows)
		store_list_free(rows);
	return NULL;
}

enum call_end codes_timeline(struct call *c)
{
	const char *id = params_text(c->params, "access_code_id");
	const char *const ids[] = { id, NULL };
	struct store_event_filter filter = {
		.since = INSTANT_NONE,
		.until = INSTANT_NONE,
		.access_code_ids = ids,
		.types = params_texts(c->params, "event_types", NULL),
	};
	struct bounds b = { 0 };
	bool fine = take_bound(c, "after", &b.after_seq, &b.after);

	if (!take_bound(c, "before", &b.before_seq, &b.before) || !fine)
		return CALL_REFUSED;
	OWN(store_list) struct store_list *code = find_ever(c->server->store, id);
	if (!code)
		return call_refuse(c, 404, "access_code_not_found",
				   "There is no such access code");
	OWN(store_list) struct store_list *events = store_events(c->server->store, &filter, NULL);
	if (!events)
		return refuse_no_store(c);
	put_page(c, store_at(code, struct store_code, 0), events, &b);
	return CALL_DONE;
}
