/* json - see the header. */
#include "cli/json.h"

#include <string.h>

#include "core/jsonout.h"

/* ---- rows ---- */

static void add_tri(GString *out, const char *key, enum tri t)
{
	if (t != TRI_UNKNOWN)
		jsonout_tri(out, key, t);
}

static void add_text(GString *out, const char *key, const char *text)
{
	if (text)
		jsonout_string(out, key, text);
}

static void add_json(GString *out, const char *key, const char *json, bool pins)
{
	g_autofree char *masked = pins ? NULL : json_without_pins(json);

	jsonout_raw(out, key, pins ? json : masked);
}

void json_lock(GString *out, const struct lock_row *row)
{
	jsonout_object(out, NULL);
	jsonout_members(out, row->lock.object);
	jsonout_object(out, "keyrack");
	jsonout_string(out, "name", row->lock.name);
	jsonout_string(out, "place", row->lock.place);
	jsonout_int(out, "codes_now", row->codes_now);
	jsonout_int(out, "codes_to_come", row->codes_to_come);
	jsonout_int(out, "codes_unmanaged", row->codes_unmanaged);
	jsonout_int(out, "codes_trouble", row->codes_trouble);
	jsonout_instant(out, "next_start", row->next_start);
	jsonout_string(out, "worst", row->worst);
	jsonout_object_end(out);
	jsonout_object_end(out);
}

static void add_code_flags(GString *out, const struct access_code *c)
{
	add_tri(out, "is_scheduled_on_device", c->is_scheduled_on_device);
	add_tri(out, "is_waiting_for_code_assignment", c->is_waiting_for_code_assignment);
	add_tri(out, "is_external_modification_allowed", c->is_external_modification_allowed);
	add_tri(out, "is_offline_access_code", c->is_offline_access_code);
	add_tri(out, "is_one_time_use", c->is_one_time_use);
	add_tri(out, "is_backup", c->is_backup);
	add_tri(out, "is_backup_access_code_available", c->is_backup_access_code_available);
	add_tri(out, "cannot_be_managed", c->cannot_be_managed);
	add_tri(out, "cannot_delete_unmanaged_access_code", c->cannot_delete);
}

void json_code(GString *out, const struct code_row *row, bool pins)
{
	const struct access_code *c = &row->code;

	jsonout_object(out, NULL);
	jsonout_string(out, "access_code_id", c->access_code_id);
	jsonout_string(out, "device_id", c->device_id);
	add_text(out, "workspace_id", c->workspace_id);
	jsonout_bool(out, "is_managed", c->managed);
	jsonout_string(out, "type", c->type ? c->type : c->time_bound ? "time_bound" : "ongoing");
	jsonout_string(out, "status", c->status);
	jsonout_string(out, "name", c->name);
	jsonout_string(out, "code", pins ? c->code : NULL);
	if (instant_known(c->starts_at))
		jsonout_instant(out, "starts_at", c->starts_at);
	if (instant_known(c->ends_at))
		jsonout_instant(out, "ends_at", c->ends_at);
	jsonout_instant(out, "created_at", c->created_at);
	if (c->managed)
		jsonout_string(out, "common_code_key", c->common_code_key);
	add_text(out, "pulled_backup_access_code_id", c->pulled_backup_access_code_id);
	add_code_flags(out, c);
	add_json(out, "errors", c->errors ? c->errors : "[]", pins);
	add_json(out, "warnings", c->warnings ? c->warnings : "[]", pins);
	add_json(out, "pending_mutations", c->pending_mutations ? c->pending_mutations : "[]",
		 pins);
	if (c->appearance)
		jsonout_raw(out, "appearance", c->appearance);
	g_autofree char *rest = pins ? g_strdup(c->rest) : json_without_pins(c->rest);
	jsonout_members(out, rest);
	jsonout_object(out, "keyrack");
	jsonout_string(out, "lock_name", row->lock_name);
	jsonout_string(out, "state", code_state_word(row->state));
	if (row->intent_no) {
		jsonout_int(out, "intent_no", row->intent_no);
		jsonout_string(out, "intent_kind", row->intent_kind);
		jsonout_string(out, "intent_state",
			       intent_state_word((enum intent_state)row->intent_state));
	}
	if (instant_known(row->deleted_at))
		jsonout_instant(out, "deleted_at", row->deleted_at);
	jsonout_object_end(out);
	jsonout_object_end(out);
}

static void add_error(GString *out, const struct intent *in)
{
	if (in->state != INTENT_REFUSED)
		return;
	jsonout_object(out, "error");
	jsonout_string(out, "type", in->error_type);
	jsonout_string(out, "message", in->message);
	if (in->validation_errors)
		jsonout_raw(out, "validation_errors", in->validation_errors);
	jsonout_object_end(out);
}

void json_intent(GString *out, const struct intent *in, bool pins)
{
	jsonout_object(out, NULL);
	jsonout_int(out, "intent_no", in->intent_no);
	jsonout_string(out, "kind", intent_kind_info(in->kind)->name);
	jsonout_string(out, "state", intent_state_word(in->state));
	jsonout_string(out, "device_id", in->device_id);
	jsonout_string(out, "lock_name", in->lock_name);
	jsonout_string(out, "access_code_id", in->access_code_id);
	jsonout_string(out, "name", in->name);
	add_json(out, "params", in->params, pins);
	jsonout_string(out, "made_by", in->made_by);
	jsonout_instant(out, "made_at", in->made_at);
	jsonout_int(out, "tries", in->tries);
	if (in->again_no)
		jsonout_int(out, "again_no", in->again_no);
	if (in->request_id)
		jsonout_string(out, "request_id", in->request_id);
	if (in->status)
		jsonout_int(out, "status", in->status);
	if (in->state != INTENT_REFUSED)
		add_text(out, "message", in->message);
	add_error(out, in);
	jsonout_object_end(out);
}
