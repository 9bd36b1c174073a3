/* codec_event - the API's event as struct event. */
#include "wire/codec.h"

#include <stddef.h>

#include "wire/json_get.h"

#define ROW(name, kind) { #name, kind, offsetof(struct event, name) }

static const struct field FIELDS[] = {
	ROW(access_code_id, FIELD_TEXT),
	ROW(action_attempt_id, FIELD_TEXT),
	ROW(backup_access_code_id, FIELD_TEXT),
	ROW(code, FIELD_TEXT),
	ROW(connected_account_id, FIELD_TEXT),
	ROW(created_at, FIELD_INSTANT),
	ROW(device_id, FIELD_TEXT),
	{ "event_description", FIELD_TEXT, offsetof(struct event, description) },
	ROW(event_id, FIELD_TEXT),
	ROW(event_type, FIELD_TEXT),
	ROW(method, FIELD_TEXT),
	ROW(occurred_at, FIELD_INSTANT),
	ROW(workspace_id, FIELD_TEXT),
};

bool wire_decode_event(const json_t *object, struct wire_scratch *s, struct event *out)
{
	*out = (struct event){ .created_at = INSTANT_NONE, .occurred_at = INSTANT_NONE };
	if (!json_is_object(object))
		return false;
	json_decode(object, FIELDS, G_N_ELEMENTS(FIELDS), s, out, NULL);
	if (!out->event_id || !*out->event_id)
		return false;

	if (out->code && !*out->code)
		out->code = NULL;
	if (!out->description)
		out->description = json_get_text(object, "description");
	if (!out->event_type || !*out->event_type)
		out->event_type = "unknown"; /* it has happened: shown, whatever it was */
	if (!instant_known(out->occurred_at))
		out->occurred_at = out->created_at;
	if (!instant_known(out->created_at))
		out->created_at = out->occurred_at;
	out->object = json_to_text(object, s);
	return true;
}
