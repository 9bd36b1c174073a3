/* devices - what the driver tells without being asked: locks found and gone, online or not,
 * accounts lost and back, doors that open. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

/* A remote door event this soon after a lock or unlock of ours belongs to it. */
#define TURNED_BY_US_MS (10 * SECOND_MS)

/* ---- accounts ---- */

static char *account_fact(const char *account_id)
{
	return g_strconcat("account.", account_id, NULL);
}

static void set_account(struct engine *e, const char *account_id, const char *value)
{
	g_autofree char *fact = account_fact(account_id);
	GError *err = NULL;

	if (!store_fact_set(e->store, fact, value, &err))
		work_failed(e, err);
}

static bool account_is(struct engine *e, const char *account_id, const char *value)
{
	g_autofree char *fact = account_fact(account_id);
	g_autofree char *is = store_fact_get(e->store, fact);

	return g_strcmp0(is, value) == 0;
}

static void account_seen(struct engine *e, const char *account_id)
{
	g_autofree char *fact = account_fact(account_id);
	g_autofree char *is = store_fact_get(e->store, fact);

	if (is && *is)
		return;
	set_account(e, account_id, "connected");
	journal_account(e, "connected_account.created", account_id);
	journal_account(e, "connected_account.connected", account_id);
	g_hash_table_insert(e->first_syncs, g_strdup(account_id), GINT_TO_POINTER(0));
}

static void count_first_sync(struct engine *e, const char *account_id, int by)
{
	void *left;

	if (!account_id || !g_hash_table_lookup_extended(e->first_syncs, account_id, NULL, &left))
		return;
	int now = GPOINTER_TO_INT(left) + by;
	g_hash_table_insert(e->first_syncs, g_strdup(account_id), GINT_TO_POINTER(now));
	if (now > 0)
		return;
	g_hash_table_remove(e->first_syncs, account_id);
	journal_account(e, "connected_account.completed_first_sync", account_id);
}

/* ---- first contact ---- */

void first_read_over(struct engine *e, struct lane *l)
{
	OWN(store_list) struct store_list *rows = store_device(e->store, l->device_id, NULL);

	if (!rows_in(rows))
		return;
	struct store_device d = *first_device(rows);
	bool first = !d.first_read_done;
	d.read_at = engine_now(e);
	d.first_read_done = true;
	put_device(e, &d);
	if (!first)
		return;
	count_first_sync(e, d.account_id, -1);
	wake_device(e, d.device_id);
	pool_fill(e, l);
}

/* ---- one lock ---- */

/* The API's words for a battery, and where each begins. */
static const struct {
	int from_pct;
	const char *status;
	bool low;
} batteries[] = {
	{ 75, "full", false },
	{ 25, "good", false },
	{ 10, "low", true },
	{ 0, "critical", true },
};

static size_t battery_row(int pct)
{
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(batteries) && pct < batteries[i].from_pct)
		i++;
	return i;
}

const char *engine_battery_word(int pct)
{
	return pct < 0 ? NULL : batteries[battery_row(pct)].status;
}

static void tell_battery(struct engine *e, const struct store_device *was,
			 const struct store_device *is)
{
	size_t row = battery_row(is->battery_pct), row_was = battery_row(was->battery_pct);
	bool low = batteries[row].low && !batteries[row_was].low;
	struct note n;

	if (is->battery_pct < 0 || was->battery_pct < 0 || row == row_was)
		return;
	note_begin(e, &n, "device.battery_status_changed", is->device_id, NULL, is->account_id,
		   INSTANT_NONE);
	jsonout_string(n.body, "battery_status", batteries[row].status);
	g_string_append_printf(n.body, ",\"battery_level\":%d.%02d", is->battery_pct / 100,
			       is->battery_pct % 100);
	note_end(e, &n);
	if (!low)
		return;
	note_begin(e, &n, "device.low_battery", is->device_id, NULL, is->account_id, INSTANT_NONE);
	g_string_append_printf(n.body, ",\"battery_level\":%d.%02d", is->battery_pct / 100,
			       is->battery_pct % 100);
	jsonout_string(n.body, "battery_source", "lock");
	note_end(e, &n);
}

static void tell_connection(struct engine *e, const struct store_device *d, bool connected)
{
	const char *type = d->managed  ? connected ? "device.connected" : "device.disconnected"
			   : connected ? "device.unmanaged.connected"
				       : "device.unmanaged.disconnected";
	struct note n;

	note_begin(e, &n, type, d->device_id, NULL, d->account_id, INSTANT_NONE);
	if (!connected) {
		jsonout_string(n.body, "error_code",
			       d->account_lost ? "account_disconnected" : "device_disconnected");
		note_issues(&n, NULL, lane_of(e, d->device_id));
	}
	note_end(e, &n);
}

/* It is there again, or for the first time: what does it hold? Its backlog follows the answer. */
static void returned(struct engine *e, struct lane *l)
{
	if (l->system.online_codes)
		lane_read(e, l);
	l->not_before = INSTANT_MIN;
	l->read_tries = 0;
	wake_cut_off(e, l->device_id);
}

static struct store_device row_of(struct engine *e, const struct driver_device *d,
				  const struct store_device *was)
{
	struct store_device is = was ? *was
				     : (struct store_device){ .device_id = d->device_id,
							      .created_at = engine_now(e),
							      .read_at = INSTANT_NONE,
							      .managed =
								      engine_account_manages(e, d->account_id),
							      .auto_lock = TRI_UNKNOWN };

	is.device_type = d->device_type;
	is.name = d->name;
	is.place = d->place;
	is.room = d->room;
	is.zone = is.zone_reported ? is.zone_reported : d->zone;
	is.model = d->model;
	is.serial = d->serial;
	is.account_id = d->account_id;
	is.account_name = d->account_name;
	is.online = d->online;
	is.locked = d->locked;
	is.battery_pct = d->battery_pct;
	is.can_lock = d->can_lock;
	is.can_unlock = d->can_unlock;
	is.has_keypad = d->has_keypad;
	is.auto_lock = e->driver->ops->auto_lock ? d->auto_lock : TRI_UNKNOWN;
	is.auto_lock_delay_s = is.auto_lock == TRI_UNKNOWN ? 0 : d->auto_lock_delay_s;
	is.removed = false;
	return is;
}

static void tell_device(struct engine *e, const struct store_device *was,
			const struct store_device *is)
{
	bool back = was && was->removed, was_there = was && was->online && !was->removed;

	if (!was || back)
		journal_device(e, "device.added", is);
	if (is->online && !was_there && !is->account_lost)
		tell_connection(e, is, true);
	else if (!is->online && was_there && !is->account_lost)
		tell_connection(e, is, false);
	/* Of one that is let go only the connection is told. */
	if (!was || !is->managed)
		return;
	if (!is->nickname && g_strcmp0(was->name, is->name) != 0)
		journal_device(e, "device.name_changed", is);
	if (is->online)
		tell_battery(e, was, is);
}

static void take_device(struct engine *e, const struct driver_device *d)
{
	OWN(store_list) struct store_list *rows = store_device(e->store, d->device_id, NULL);
	const struct store_device *was = first_device(rows);
	struct store_device is = row_of(e, d, was);
	bool known = g_hash_table_contains(e->lanes, d->device_id);
	struct lane *l;

	if (d->account_id) {
		if (account_is(e, d->account_id, "deleted"))
			return;
		account_seen(e, d->account_id);
		is.account_lost = account_is(e, d->account_id, "lost");
	}
	/* Nothing to read where nothing is ever written. */
	if (d->system && !d->system->online_codes)
		is.first_read_done = true;
	else if (!was)
		count_first_sync(e, d->account_id, 1);
	l = lane_of(e, d->device_id);
	lane_system(l, d->system, d->device_type, is.code_lengths);
	put_device(e, &is);
	tell_device(e, was, &is);
	/* The program's own first sight of it counts as a return: much may have happened meanwhile.
	 */
	if (is.online && !is.account_lost && (!known || !was || !was->online || was->removed))
		returned(e, l);
	else if (was && was->online && !is.online)
		wake_device(e, d->device_id);
	if (was && was->removed)
		pool_fill(e, l); /* nothing takes a member's place while it is gone */
}

/* What the driver says of a lock it says once: where the store would not have it, it is asked to say
 * all of it again. */
static void missed(struct engine *e)
{
	e->missed = true;
	arm(e, instant_add_ms(engine_now(e), RETRY_STORE_MS));
}

static void keep_told(struct engine *e)
{
	if (!work_end(e, true))
		missed(e);
}

static void on_device(const struct driver_device *d, void *ctx)
{
	struct engine *e = ctx;

	if (e->starting)
		g_hash_table_add(e->told_at_start, g_strdup(d->device_id));
	if (!work_begin(e)) {
		missed(e);
		return;
	}
	take_device(e, d);
	keep_told(e);
}

static void gone(struct engine *e, const struct store_device *was)
{
	struct store_device d = *was;

	if (was->removed)
		return;
	d.removed = true;
	d.online = false;
	put_device(e, &d);
	journal_device(e, "device.removed", &d);
	wake_device(e, d.device_id);
}

static void on_removed(const char *device_id, void *ctx)
{
	struct engine *e = ctx;

	if (!work_begin(e)) {
		missed(e);
		return;
	}
	OWN(store_list) struct store_list *rows = store_device(e->store, device_id, NULL);
	if (rows_in(rows))
		gone(e, first_device(rows));
	keep_told(e);
}

/* ---- account lost and back ---- */

static void account_to_device(struct engine *e, const struct store_device *was, bool connected)
{
	struct store_device d = *was;

	d.account_lost = !connected;
	put_device(e, &d);
	if (d.online && !d.removed)
		tell_connection(e, &d, connected);
	if (connected && d.online && !d.removed)
		returned(e, lane_of(e, d.device_id));
	else
		wake_device(e, d.device_id);
}

static void on_account(const char *account_id, bool connected, void *ctx)
{
	struct engine *e = ctx;

	if (!work_begin(e)) {
		missed(e);
		return;
	}
	if (e->starting && !connected)
		g_hash_table_add(e->lost_at_start, g_strdup(account_id));
	if (account_is(e, account_id, "deleted") ||
	    connected != account_is(e, account_id, "lost")) { /* nothing new */
		keep_told(e);
		return;
	}
	set_account(e, account_id, connected ? "connected" : "lost");
	journal_account(
		e, connected ? "connected_account.connected" : "connected_account.disconnected",
		account_id);
	OWN(store_list) struct store_list *devices = store_devices(e->store, NULL, NULL);
	for (guint i = 0; i < rows_in(devices); i++) {
		const struct store_device *d = store_at(devices, struct store_device, i);

		if (g_strcmp0(d->account_id, account_id) == 0 && d->account_lost == connected)
			account_to_device(e, d, connected);
	}
	if (connected)
		journal_account(e, "connected_account.completed_first_sync_after_reconnection",
				account_id);
	keep_told(e);
}

static void accounts_back_unseen(struct engine *e)
{
	OWN(store_list) struct store_list *devices = store_devices(e->store, NULL, NULL);

	for (guint i = 0; i < rows_in(devices); i++) {
		const struct store_device *d = store_at(devices, struct store_device, i);

		if (d->account_id && d->account_lost &&
		    !g_hash_table_contains(e->lost_at_start, d->account_id))
			on_account(d->account_id, true,
				   e); /* the second of an account is no news */
	}
}

/* The driver has told of every lock that there is, and a lost account's cannot be known. */
static void locks_gone_unseen(struct engine *e)
{
	OWN(store_list) struct store_list *devices = store_devices(e->store, NULL, NULL);

	for (guint i = 0; i < rows_in(devices); i++) {
		const struct store_device *d = store_at(devices, struct store_device, i);

		if (!g_hash_table_contains(e->told_at_start, d->device_id) &&
		    !(d->account_id && g_hash_table_contains(e->lost_at_start, d->account_id)))
			gone(e, d);
	}
}

void accounts_started(struct engine *e)
{
	GHashTableIter it;
	void *account, *left;

	accounts_back_unseen(e);
	locks_gone_unseen(e);
	g_hash_table_remove_all(e->lost_at_start);
	g_hash_table_remove_all(e->told_at_start);
	g_hash_table_iter_init(&it, e->first_syncs);
	while (g_hash_table_iter_next(&it, &account, &left)) {
		if (GPOINTER_TO_INT(left) > 0)
			continue;
		journal_account(e, "connected_account.completed_first_sync", account);
		g_hash_table_iter_remove(&it);
	}
}

/* Which locks a lost account has, nobody could say: now its list can be had. */
static void on_account_told(const char *account_id, bool connected, void *ctx)
{
	struct engine *e = ctx;

	on_account(account_id, connected, ctx);
	if (connected && !e->starting)
		missed(e);
}

bool listen_again(struct engine *e)
{
	if (!e->missed)
		return true;
	if (!work_begin(e))
		return false;
	e->starting = true;
	e->driver->ops->start(e->driver);
	e->starting = false;
	accounts_started(e);
	e->missed = !work_end(e, true);
	return !e->missed;
}

/* ---- doors ---- */

/* The code that was used: by the lock's own name for it, or by its PIN. */
static bool code_used(struct engine *e, const char *device_id, const char *handle, const char *pin,
		      struct store_code *out)
{
	OWN(store_list) struct store_list *l = NULL;

	if (!handle && !pin)
		return false;
	l = handle ? codes_of(e, device_id, -1) : store_code_by_pin(e->store, device_id, pin, NULL);
	for (guint i = 0; i < rows_in(l); i++) {
		const struct store_code *c = store_at(l, struct store_code, i);

		if (handle ? g_strcmp0(c->handle, handle) == 0 : true) {
			*out = *c;
			out->access_code_id = keep(e, c->access_code_id);
			out->pin = keep(e, c->pin);
			return true;
		}
	}
	return false;
}

static void tell_door(struct engine *e, struct lane *l, bool unlocked, const char *method,
		      const char *handle, const char *pin, struct instant at)
{
	struct store_code c;
	bool found = code_used(e, l->device_id, handle, pin, &c);
	bool names = found && l->system.names_code_in_unlock;
	struct note n;

	note_begin(e, &n, unlocked ? "lock.unlocked" : "lock.locked", l->device_id,
		   names ? c.access_code_id : NULL, NULL, at);
	jsonout_string(n.body, "method", method ? method : "unknown");
	if (names)
		jsonout_bool(n.body, "access_code_is_managed", c.managed);
	if (pin || (names && c.pin))
		jsonout_string(n.body, "code", pin ? pin : c.pin);
	if (g_strcmp0(method, "remote") == 0 && l->turned_by && l->turned_unlock == unlocked &&
	    (!instant_known(l->turned_at) ||
	     instant_diff_ms(engine_now(e), l->turned_at) <= TURNED_BY_US_MS)) {
		jsonout_string(n.body, "action_attempt_id", l->turned_by);
		g_clear_pointer(&l->turned_by, g_free);
	}
	note_end(e, &n);
}

/* A code for one use has had it. */
static void end_one_time(struct engine *e, const char *device_id, const char *pin)
{
	OWN(store_list)
	struct store_list *l = pin ? store_code_by_pin(e->store, device_id, pin, NULL) : NULL;

	for (guint i = 0; i < rows_in(l); i++) {
		struct store_code c = *store_at(l, struct store_code, i);

		if (!c.managed || !c.one_time)
			continue;
		c.ends_at = engine_now(e);
		consider(e, &c);
	}
}

static void on_door(const char *device_id, bool unlocked, const char *method, const char *handle,
		    const char *pin, struct instant at, void *ctx)
{
	struct engine *e = ctx;

	if (!work_begin(e))
		return;
	OWN(store_list) struct store_list *rows = store_device(e->store, device_id, NULL);
	if (rows_in(rows) && first_device(rows)->managed) {
		struct store_device d = *first_device(rows);

		tell_door(e, lane_of(e, device_id), unlocked, method, handle, pin, at);
		d.locked = !unlocked;
		put_device(e, &d);
		if (unlocked)
			end_one_time(e, device_id, pin);
	}
	work_end(e, true);
}

/* The API's words: an unknown reason is left out, not made up. */
static const struct {
	const char *code, *message;
} denials[] = {
	{ "unknown_code", "The PIN is not known to the lock." },
	{ "expired_code", "The code's time has passed." },
	{ "blocklisted_code", "The code is blocked." },
	{ "too_many_attempts", "Too many wrong PINs were typed." },
	{ "blocked_by_privacy_mode", "The lock is in privacy mode." },
	{ "credential_error", "The lock could not judge what was shown to it." },
};

static void on_denied(const char *device_id, const char *reason_code, struct instant at, void *ctx)
{
	struct engine *e = ctx;
	struct note n;

	if (!work_begin(e))
		return;
	if (!lane_of(e, device_id)->managed) {
		work_end(e, true);
		return;
	}
	note_begin(e, &n, "lock.access_denied", device_id, NULL, NULL, at);
	for (size_t i = 0; i < G_N_ELEMENTS(denials); i++) {
		if (g_strcmp0(reason_code, denials[i].code) != 0)
			continue;
		jsonout_object(n.body, "reason");
		jsonout_string(n.body, "reason_code", denials[i].code);
		jsonout_string(n.body, "message", denials[i].message);
		jsonout_object_end(n.body);
	}
	note_end(e, &n);
	work_end(e, true);
}

static void on_codes_changed(const char *device_id, void *ctx)
{
	struct engine *e = ctx;
	struct lane *l = lane_of(e, device_id);

	/* Read in a turn of the engine's own. */
	if (l->managed && l->system.online_codes)
		lane_read(e, l);
}

const struct driver_events engine_driver_events = {
	.device = on_device,
	.removed = on_removed,
	.account = on_account_told,
	.door = on_door,
	.denied = on_denied,
	.codes_changed = on_codes_changed,
};
