/* event_json - see the header. */
#include "cache/event_json.h"

#include "core/jsonout.h"

const char *attribution_word(enum attribution how)
{
	static const char *const word[] = {
		[WHO_NOT_ASKED] = NULL,	       [WHO_REPORTED] = "reported",
		[WHO_BY_PIN] = "by_pin",       [WHO_INFERRED] = "inferred",
		[WHO_BY_METHOD] = "by_method", [WHO_UNKNOWN] = "unknown",
	};

	return (size_t)how < G_N_ELEMENTS(word) ? word[how] : NULL;
}

void json_event(GString *out, const struct event_row *row, bool pins)
{
	g_autofree char *object =
		pins ? g_strdup(row->event.object) : json_without_pins(row->event.object);

	jsonout_object(out, NULL);
	jsonout_members(out, object);
	jsonout_object(out, "keyrack");
	jsonout_string(out, "lock_name", row->lock_name);
	jsonout_string(out, "who", row->who);
	jsonout_string(out, "how", attribution_word(row->how));
	if (row->why)
		jsonout_string(out, "why", row->why);
	jsonout_object_end(out);
	jsonout_object_end(out);
}
