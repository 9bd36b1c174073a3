/* codec_code - the API's access_code, managed and unmanaged, as struct access_code. */
#include "wire/codec.h"

#include <stddef.h>
#include <string.h>

#include "wire/json_get.h"

#define ROW(name, kind) { #name, kind, offsetof(struct access_code, name) }

/* Sorted by name. is_managed and cannot_delete_unmanaged_access_code differ from their members'
 * names; all the others are the same word in both. */
static const struct field FIELDS[] = {
	ROW(access_code_id, FIELD_TEXT),
	ROW(appearance, FIELD_OBJECT),
	ROW(cannot_be_managed, FIELD_TRI),
	{ "cannot_delete_unmanaged_access_code", FIELD_TRI,
	  offsetof(struct access_code, cannot_delete) },
	ROW(code, FIELD_TEXT),
	ROW(common_code_key, FIELD_TEXT),
	ROW(created_at, FIELD_INSTANT),
	ROW(device_id, FIELD_TEXT),
	ROW(ends_at, FIELD_INSTANT),
	ROW(errors, FIELD_ARRAY),
	ROW(is_backup, FIELD_TRI),
	ROW(is_backup_access_code_available, FIELD_TRI),
	ROW(is_external_modification_allowed, FIELD_TRI),
	{ "is_managed", FIELD_BOOL, offsetof(struct access_code, managed) },
	ROW(is_offline_access_code, FIELD_TRI),
	ROW(is_one_time_use, FIELD_TRI),
	ROW(is_scheduled_on_device, FIELD_TRI),
	ROW(is_waiting_for_code_assignment, FIELD_TRI),
	ROW(name, FIELD_TEXT),
	ROW(pending_mutations, FIELD_ARRAY),
	ROW(pulled_backup_access_code_id, FIELD_TEXT),
	ROW(starts_at, FIELD_INSTANT),
	ROW(status, FIELD_TEXT),
	ROW(type, FIELD_TEXT),
	ROW(warnings, FIELD_ARRAY),
	ROW(workspace_id, FIELD_TEXT),
};

static const struct access_code NOTHING = {
	.managed = true, /* what the managed list shows; unmanaged ones say so */
	.starts_at = { INT64_MIN },
	.ends_at = { INT64_MIN },
	.created_at = { INT64_MIN },
	.is_scheduled_on_device = TRI_UNKNOWN,
	.is_waiting_for_code_assignment = TRI_UNKNOWN,
	.is_external_modification_allowed = TRI_UNKNOWN,
	.is_offline_access_code = TRI_UNKNOWN,
	.is_one_time_use = TRI_UNKNOWN,
	.is_backup = TRI_UNKNOWN,
	.is_backup_access_code_available = TRI_UNKNOWN,
	.cannot_be_managed = TRI_UNKNOWN,
	.cannot_delete = TRI_UNKNOWN,
};

static bool is_time_bound(const struct access_code *ac)
{
	if (g_strcmp0(ac->type, "time_bound") == 0)
		return true;
	if (g_strcmp0(ac->type, "ongoing") == 0)
		return false;
	return instant_known(ac->starts_at) || instant_known(ac->ends_at);
}

bool wire_decode_code(const json_t *object, struct wire_scratch *s, struct access_code *out)
{
	*out = NOTHING;
	if (!json_is_object(object))
		return false;
	json_decode(object, FIELDS, G_N_ELEMENTS(FIELDS), s, out, &out->rest);

	out->name = json_to_label(out->name, s);
	if (out->code && !*out->code)
		out->code = NULL;
	out->time_bound = is_time_bound(out);

	/* A code of no lock has no place to be shown or kept. */
	return out->access_code_id && *out->access_code_id && out->device_id && *out->device_id;
}
