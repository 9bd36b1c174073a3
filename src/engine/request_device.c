/* request_device - locks and accounts as the API's callers change them; locking and unlocking. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

/* ---- lock and unlock ---- */

/* Those that nobody will answer when the program dies are ended at its next start. */
void remember_turn(struct engine *e, const char *attempt_id)
{
	g_autoptr(GString) ids = g_string_new(attempt_id);
	GHashTableIter it;
	void *lane;
	GError *err = NULL;

	g_hash_table_iter_init(&it, e->lanes);
	while (g_hash_table_iter_next(&it, NULL, &lane)) {
		struct lane *l = lane;

		if (l->flight && l->flight->attempt_id)
			g_string_append_printf(ids, ",%s", l->flight->attempt_id);
		for (GList *f = l->turns.head; f; f = f->next)
			g_string_append_printf(ids, ",%s", ((struct flight *)f->data)->attempt_id);
	}
	for (GList *f = e->held_turns.head; f; f = f->next)
		g_string_append_printf(ids, ",%s", ((struct flight *)f->data)->attempt_id);
	if (!store_fact_set(e->store, TURNS_FACT, ids->str, &err))
		work_failed(e, err);
}

static bool begin_turn(struct engine *e, const struct store_device *d, bool unlock,
		       char **attempt_id, struct refusal *no)
{
	struct store_attempt a = { .action_type = unlock ? "UNLOCK_DOOR" : "LOCK_DOOR",
				   .status = "pending",
				   .device_id = d->device_id,
				   .created_at = engine_now(e) };
	GError *err = NULL;

	if (!d->managed)
		return refuse(no, 404, "device_not_found", "device_id", "This device is unmanaged");
	if (unlock ? !d->can_unlock : !d->can_lock)
		return refuse(no, 400, "device_type_not_supported", "device_id",
			      "This device cannot be %s remotely", unlock ? "unlocked" : "locked");
	if (!within_limit(e, d->device_id, unlock ? LIMIT_UNLOCK : LIMIT_LOCK, no))
		return false;
	*attempt_id = chance_id(e);
	a.action_attempt_id = *attempt_id;
	if (!store_put_attempt(e->store, &a, &err))
		work_failed(e, err);
	remember_turn(e, *attempt_id);
	return true;
}

void let_turn(struct engine *e, struct flight *f)
{
	if (e->grouped) { /* the lock turns once it is said for good */
		g_queue_push_tail(&e->held_turns, f);
		return;
	}
	g_queue_push_tail(&f->lane->turns, f);
	ready_add(e, f->lane);
	arm_now(e);
}

bool engine_turn(struct engine *e, const char *device_id, bool unlock, char **attempt_id,
		 struct refusal *no)
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
	ok = begin_turn(e, first_device(rows), unlock, attempt_id, no);
	if (!work_end(e, ok)) {
		g_clear_pointer(attempt_id, g_free);
		return ok ? refuse_store(no) : false;
	}
	l = lane_of(e, device_id);
	f = flight_new(e, l, FLIGHT_TURN);
	f->attempt_id = flight_word(f, *attempt_id);
	f->unlock = unlock;
	let_turn(e, f);
	return true;
}

/* ---- devices ---- */

/* What is on the lock stays there and is nobody's; what is not there yet has no life any more. */
static void let_go_of_codes(struct engine *e, struct lane *l)
{
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, 1);

	for (guint i = 0; i < rows_in(codes); i++) {
		struct store_code c = *store_at(codes, struct store_code, i);

		if (c.backup == BACKUP_POOL || instant_known(c.removal_asked_at))
			continue;
		if (c.offline || !is_on_lock(&c.done)) {
			lane_leave(l, c.access_code_id);
			journal_code(e, "access_code.deleted", &c);
			close_row(e, &c, "unset", REASON_REVOKED);
			continue;
		}
		release(e, &c);
	}
}

static void set_managed(struct engine *e, struct store_device *d, bool managed)
{
	struct lane *l = lane_of(e, d->device_id);

	if (d->managed == managed)
		return;
	if (!managed) {
		pool_switch(e, d, false);
		let_go_of_codes(e, l);
	}
	d->managed = managed;
	put_device(e, d);
	journal_device(e,
		       managed ? "device.unmanaged.converted_to_managed"
			       : "device.converted_to_unmanaged",
		       d);
	if (managed && l->system.online_codes)
		lane_read(e, l);
}

static bool update_device(struct engine *e, struct store_device *d, const char *name, bool has_name,
			  enum tri managed, enum tri backup_pool, struct refusal *no)
{
	if (backup_pool == TRI_YES && !lane_of(e, d->device_id)->system.backup_pool)
		return refuse(no, 400, "invalid_input", "backup_access_code_pool_enabled",
			      "This device supports no backup access code pool");
	if (has_name && g_strcmp0(d->nickname, name) != 0) {
		d->nickname = name && *name ? name : NULL;
		put_device(e, d);
		journal_device(e, "device.name_changed", d);
	}
	if (backup_pool != TRI_UNKNOWN)
		pool_switch(e, d, backup_pool == TRI_YES);
	if (managed != TRI_UNKNOWN)
		set_managed(e, d, managed == TRI_YES);
	return true;
}

bool engine_device_update(struct engine *e, const char *device_id, const char *name, bool has_name,
			  enum tri managed, enum tri backup_pool, struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_device(e, device_id, no);
	bool ok;

	if (!rows)
		return false;
	if (!work_begin(e))
		return refuse_store(no);
	ok = update_device(e, first_device(rows), name, has_name, managed, backup_pool, no);
	if (!work_end(e, ok))
		return ok ? refuse_store(no) : false;
	return true;
}

bool engine_report_lengths(struct engine *e, const char *device_id, uint32_t lengths,
			   struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_device(e, device_id, no);
	g_autoptr(GString) json = g_string_new(NULL);

	if (!rows)
		return false;
	if (g_strcmp0(first_device(rows)->device_type, "smartthings_lock") != 0)
		return refuse(no, 400, "device_type_not_supported", "device_id",
			      "Only SmartThings locks need their code lengths reported");
	pin_lengths_json(json, NULL, lengths);
	if (!work_begin(e))
		return refuse_store(no);
	struct store_device d = *first_device(rows);
	d.code_lengths = json->str;
	put_device(e, &d);
	return work_end(e, true) ? true : refuse_store(no);
}

/* ---- accounts ---- */

static void delete_device(struct engine *e, const struct store_device *d)
{
	OWN(store_list) struct store_list *codes = codes_of(e, d->device_id, -1);
	struct lane *l = lane_of(e, d->device_id);
	GError *err = NULL;

	journal_device(e, "device.deleted", d);
	for (guint i = 0; i < rows_in(codes); i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);

		if (c->managed && !instant_known(c->removal_asked_at))
			journal_code(e, "access_code.deleted", c);
		lane_leave(l, c->access_code_id);
		close_row(e, c, "unknown", REASON_REVOKED);
	}
	l->read_wanted = false;
	l->removed = true;
	l->version++;
	poll_plan(e, l);
	if (!store_delete_device(e->store, d->device_id, &err))
		work_failed(e, err);
}

bool engine_account_delete(struct engine *e, const char *account_id, struct refusal *no)
{
	g_autofree char *fact = g_strconcat("account.", account_id, NULL);
	g_autofree char *is = store_fact_get(e->store, fact);
	GError *err = NULL;

	if (!is || strcmp(is, "deleted") == 0)
		return refuse(no, 404, "connected_account_not_found", "connected_account_id",
			      "There is no connected account with this id");
	if (!work_begin(e))
		return refuse_store(no);
	if (!store_fact_set(e->store, fact, "deleted", &err))
		work_failed(e, err);
	journal_account(e, "connected_account.deleted", account_id);
	OWN(store_list) struct store_list *devices = store_devices(e->store, NULL, NULL);
	for (guint i = 0; i < rows_in(devices); i++) {
		const struct store_device *d = store_at(devices, struct store_device, i);

		if (g_strcmp0(d->account_id, account_id) == 0)
			delete_device(e, d);
	}
	return work_end(e, true) ? true : refuse_store(no);
}

bool engine_sync_account(struct engine *e, const char *account_id, struct refusal *no)
{
	OWN(store_list) struct store_list *devices = store_devices(e->store, NULL, NULL);
	bool any = false;

	for (guint i = 0; i < rows_in(devices); i++) {
		const struct store_device *d = store_at(devices, struct store_device, i);
		struct lane *l;

		if (g_strcmp0(d->account_id, account_id) != 0)
			continue;
		any = true;
		l = lane_of(e, d->device_id);
		if (l->managed && l->system.online_codes)
			lane_read(e, l);
	}
	return any ? true
		   : refuse(no, 404, "connected_account_not_found", "connected_account_id",
			    "There is no connected account with this id");
}
