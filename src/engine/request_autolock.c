/* request_autolock - telling a lock to lock itself; and how an attempt ends that a lock answers. */
#include "config.h"

#include "engine/inside.h"

static bool begin(struct engine *e, const struct store_device *d, char **attempt_id,
		  struct refusal *no)
{
	struct store_attempt a = { .action_type = "CONFIGURE_AUTO_LOCK",
				   .status = "pending",
				   .device_id = d->device_id,
				   .created_at = engine_now(e) };
	GError *err = NULL;

	if (!d->managed)
		return refuse(no, 404, "device_not_found", "device_id", "This device is unmanaged");
	if (d->auto_lock == TRI_UNKNOWN || !e->driver->ops->auto_lock)
		return refuse(no, 400, "device_type_not_supported", "device_id",
			      "This device cannot be told to lock itself");
	*attempt_id = chance_id(e);
	a.action_attempt_id = *attempt_id;
	if (!store_put_attempt(e->store, &a, &err))
		work_failed(e, err);
	remember_turn(e, *attempt_id);
	return true;
}

bool engine_auto_lock(struct engine *e, const char *device_id, bool enabled, int delay_s,
		      char **attempt_id, struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_device(e, device_id, no);
	struct lane *l;
	struct flight *f;
	bool ok;

	*attempt_id = NULL;
	if (!rows)
		return false;
	if (!work_begin(e))
		return refuse_store(no);
	ok = begin(e, first_device(rows), attempt_id, no);
	if (!work_end(e, ok)) {
		g_clear_pointer(attempt_id, g_free);
		return ok ? refuse_store(no) : false;
	}
	l = lane_of(e, device_id);
	f = flight_new(e, l, FLIGHT_AUTO_LOCK);
	f->attempt_id = flight_word(f, *attempt_id);
	f->enabled = enabled;
	f->delay_s = delay_s;
	let_turn(e, f);
	return true;
}

/* What the attempt's error says where the lock gave no words. */
static const char *const results[] = {
	[DRIVER_JAMMED] = "The bolt did not move.",
	[DRIVER_BUSY] = "The lock is busy.",
};

static const char *words_of(const struct driver_answer *a)
{
	const char *words = (size_t)a->result < G_N_ELEMENTS(results) ? results[a->result] : NULL;

	return a->text ? a->text : words ? words : "The lock did not answer.";
}

bool attempt_end(struct engine *e, const char *attempt_id, const struct driver_answer *a,
		 const char *result)
{
	const char *ids[] = { attempt_id, NULL };
	struct store_page page = { .after_created_at = INSTANT_NONE, .limit = 1 };
	OWN(store_list) struct store_list *rows = store_attempts(e->store, ids, NULL, &page, NULL);
	g_autoptr(GString) json = g_string_new(NULL);
	GError *err = NULL;

	if (!rows_in(rows))
		return false;
	struct store_attempt at = *store_at(rows, struct store_attempt, 0);
	if (a->result == DRIVER_OK) {
		at.status = "success";
		at.result = result;
	} else {
		jsonout_object(json, NULL);
		jsonout_string(json, "type", "uncategorized_error");
		jsonout_string(json, "message", words_of(a));
		jsonout_object_end(json);
		at.status = "error";
		at.error = json->str;
	}
	if (!store_put_attempt(e->store, &at, &err))
		work_failed(e, err);
	return true;
}

/* That it is so now the driver tells of its device, as it would after the maker's app. */
void settle_auto_lock(struct engine *e, struct flight *f)
{
	attempt_end(e, f->attempt_id, &f->answer, "{}");
}
