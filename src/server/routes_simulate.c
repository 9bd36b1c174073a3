/* routes_simulate - the simulate endpoints: the API's own are here, ours in simulate_ours.c.
 *
 * The API's own look a device up in the store first: what the API does not know it cannot
 * simulate. None of them touches the engine's tables: they do something to a lock, and the engine
 * learns of it as of everything else that happens at a door. */
#include "config.h"

#include "server/simulate.h"

#include <string.h>

static const struct {
	enum keyrack_error code;
	int status;
	const char *type;
} refusals[] = {
	{ KEYRACK_ERROR_NOT_FOUND, 404, "device_not_found" },
	{ KEYRACK_ERROR_USAGE, 400, "invalid_input" },
	{ KEYRACK_ERROR_REFUSED, 409, "refused_by_lock" },
};

enum call_end simulate_refused(struct call *c, GError *err)
{
	g_autoptr(GError) why = err;

	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
		if (g_error_matches(why, KEYRACK_ERROR, (int)refusals[i].code))
			return call_refuse(c, refusals[i].status, refusals[i].type, "%s",
					   why->message);
	}
	return call_refuse(c, 500, "internal_server_error", "%s",
			   why ? why->message : "The simulated lock failed.");
}

/* ---- devices ---- */

/* These reach their service by themselves: by Wi-Fi, by cable, or not at all. */
bool simulate_has_hub(const char *device_type)
{
	static const char *const alone[] = { "two_n_intercom", "kwikset_lock", "schlage_lock",
					     "dormakaba_oracode_door" };

	for (size_t i = 0; i < G_N_ELEMENTS(alone); i++) {
		if (g_strcmp0(device_type, alone[i]) == 0)
			return false;
	}
	return true;
}

/* NULL: refused. */
static struct store_list *known_device(struct call *c)
{
	struct store_list *l =
		store_device(c->server->store, params_text(c->params, "device_id"), NULL);

	if (!l)
		call_refuse(c, 404, "device_not_found", "There is no device with this id.");
	return l;
}

static enum call_end set_fault(struct call *c, const char *device_id, const char *fault, bool on)
{
	GError *err = NULL;

	if (simulated_fault(c->server->simulated, device_id, fault, on, &err))
		return CALL_DONE;
	return simulate_refused(c, err);
}

static enum call_end fault_of_device(struct call *c, const char *fault, bool on)
{
	OWN(store_list) struct store_list *l = known_device(c);

	if (!l)
		return CALL_REFUSED;
	return set_fault(c, store_at(l, struct store_device, 0)->device_id, fault, on);
}

static enum call_end connect_device(struct call *c)
{
	return fault_of_device(c, "offline", false);
}

static enum call_end disconnect_device(struct call *c)
{
	return fault_of_device(c, "offline", true);
}

static enum call_end remove_device(struct call *c)
{
	return fault_of_device(c, "removed", true);
}

/* A lock whose hub has gone is a lock that is out of reach. */
static enum call_end fault_of_hub(struct call *c, bool on)
{
	OWN(store_list) struct store_list *l = known_device(c);
	const struct store_device *d;

	if (!l)
		return CALL_REFUSED;
	d = store_at(l, struct store_device, 0);
	if (!simulate_has_hub(d->device_type))
		return call_refuse(c, 400, "device_type_not_supported",
				   "This device has no hub: it connects by itself.");
	return set_fault(c, d->device_id, "offline", on);
}

static enum call_end connect_to_hub(struct call *c)
{
	return fault_of_hub(c, false);
}

static enum call_end disconnect_from_hub(struct call *c)
{
	return fault_of_hub(c, true);
}

/* Without its plan Nuki's service does not pass anything on to the lock. */
static enum call_end paid_subscription(struct call *c)
{
	OWN(store_list) struct store_list *l = known_device(c);
	const struct store_device *d;

	if (!l)
		return CALL_REFUSED;
	d = store_at(l, struct store_device, 0);
	if (g_strcmp0(d->device_type, "nuki_lock") != 0)
		return call_refuse(c, 400, "device_type_not_supported",
				   "Only Nuki locks need a paid subscription.");
	return set_fault(c, d->device_id, "offline", params_is_true(c->params, "is_expired"));
}

/* ---- accounts ---- */

enum call_end simulate_connect_account(struct call *c, const char *account_id, bool connected)
{
	OWN(store_list) struct store_list *l = store_devices(c->server->store, NULL, NULL);

	/* The fault of one lock's account is that of all its locks. */
	for (guint i = 0; l && i < l->rows->len; i++) {
		const struct store_device *d = store_at(l, struct store_device, i);

		if (g_strcmp0(d->account_id, account_id) == 0)
			return set_fault(c, d->device_id, "account_lost", !connected);
	}
	return call_refuse(c, 404, "connected_account_not_found",
			   "There is no connected account with this id.");
}

static enum call_end disconnect_account(struct call *c)
{
	return simulate_connect_account(c, params_text(c->params, "connected_account_id"), false);
}

/* ---- locks: with an action attempt that has ended when it is answered ---- */

static enum call_end attempt_made(struct call *c, const char *type, const char *failure)
{
	struct server *s = c->server;
	g_autofree char *id = NULL;
	struct store_page page = { .after_created_at = INSTANT_NONE, .limit = 1 };

	if (!engine_attempt_done(s->engine, type, params_text(c->params, "device_id"), failure, &id,
				 &c->no))
		return CALL_REFUSED;

	const char *ids[] = { id, NULL };
	OWN(store_list) struct store_list *l = store_attempts(s->store, ids, NULL, &page, NULL);

	if (!l || l->rows->len == 0)
		return call_refuse(c, 500, "internal_server_error", "The store did not answer.");
	show_attempt(s, c->out, "action_attempt", store_at(l, struct store_attempt, 0));
	return CALL_DONE;
}

/* The attempt is to type it, and it was typed: whether the door opened is told by the lock's own
 * events, and by /keyrackd/simulate/enter. */
static enum call_end keypad_code_entry(struct call *c)
{
	OWN(store_list) struct store_list *l = known_device(c);
	GError *err = NULL;
	bool opened;

	if (!l)
		return CALL_REFUSED;
	if (!simulated_enter(c->server->simulated, store_at(l, struct store_device, 0)->device_id,
			     params_text(c->params, "code"), &opened, &err))
		return simulate_refused(c, err);
	return attempt_made(c, "SIMULATE_KEYPAD_CODE_ENTRY", NULL);
}

static enum call_end manual_lock(struct call *c)
{
	OWN(store_list) struct store_list *l = known_device(c);
	g_autoptr(GError) err = NULL;

	if (!l)
		return CALL_REFUSED;
	if (!simulated_turn_by_hand(c->server->simulated,
				    store_at(l, struct store_device, 0)->device_id, false, &err) &&
	    !g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_REFUSED))
		return simulate_refused(c, g_steal_pointer(&err));
	return attempt_made(c, "SIMULATE_MANUAL_LOCK_VIA_KEYPAD", err ? err->message : NULL);
}

/* ---- the rows ---- */

#define ADVANCE_MAX_S (400 * DAY_MS / SECOND_MS)

static const char *const fault_words[] = {
#define AS_WORD(id, name) name,
	SIMULATED_FAULTS(AS_WORD)
#undef AS_WORD
		NULL
};

#define NEEDS(name_, kind_, ...)                                                                   \
	{ .name = name_, .kind = kind_, .flags = PARAM_REQUIRED, __VA_ARGS__ }
#define TAKES(name_, kind_, ...) { .name = name_, .kind = kind_, __VA_ARGS__ }
#define DEVICE			 NEEDS("device_id", PARAM_UUID)
#define ACCOUNT			 NEEDS("connected_account_id", PARAM_UUID)
#define PIN_TYPED		 NEEDS("code", PARAM_DIGITS, .min = 1, .max = PIN_MAX)

#define SIMULATE(path_, methods_, handle_, ...)                                                    \
	{ .path = path_, .methods = methods_, .role = KEY_ADMIN, .handle = handle_,                \
	  .flags = ROUTE_SIMULATED, __VA_ARGS__ }
#define THEIRS(path_, handle_, ...) SIMULATE(path_, METHOD_POST, handle_, PARAMS(__VA_ARGS__))
#define OURS(path_, methods_, handle_, ...)                                                        \
	SIMULATE("/keyrackd/simulate/" path_, methods_, handle_, __VA_ARGS__)

static const struct route rows[] = {
	THEIRS("/devices/simulate/connect", connect_device, DEVICE),
	THEIRS("/devices/simulate/disconnect", disconnect_device, DEVICE),
	THEIRS("/devices/simulate/connect_to_hub", connect_to_hub, DEVICE),
	THEIRS("/devices/simulate/disconnect_from_hub", disconnect_from_hub, DEVICE),
	THEIRS("/devices/simulate/remove", remove_device, DEVICE),
	THEIRS("/devices/simulate/paid_subscription", paid_subscription, DEVICE,
	       NEEDS("is_expired", PARAM_BOOL)),
	THEIRS("/connected_accounts/simulate/disconnect", disconnect_account, ACCOUNT),
	THEIRS("/locks/simulate/keypad_code_entry", keypad_code_entry, DEVICE, PIN_TYPED),
	THEIRS("/locks/simulate/manual_lock_via_keypad", manual_lock, DEVICE),

	OURS("now", METHODS_READ, simulate_now, ),
	OURS("advance", METHOD_POST, simulate_advance,
	     PARAMS(NEEDS("seconds", PARAM_INT, .min = 0, .max = ADVANCE_MAX_S))),
	OURS("app", METHOD_POST, simulate_app,
	     PARAMS(DEVICE, TAKES("code", PARAM_DIGITS, .min = 1, .max = PIN_MAX),
		    TAKES("access_code_id", PARAM_UUID), TAKES("change", PARAM_OBJECT),
		    TAKES("remove", PARAM_BOOL), TAKES("add", PARAM_OBJECT))),
	OURS("enter", METHOD_POST, simulate_enter, PARAMS(DEVICE, PIN_TYPED)),
	OURS("lock", METHODS_READ, simulate_lock, PARAMS(DEVICE)),
	OURS("fault", METHOD_POST, simulate_fault,
	     PARAMS(DEVICE, NEEDS("fault", PARAM_WORD, .words = fault_words),
		    NEEDS("on", PARAM_BOOL))),
	OURS("account", METHOD_POST, simulate_account,
	     PARAMS(ACCOUNT, NEEDS("connected", PARAM_BOOL))),
};

const struct route_table routes_simulate = { rows, G_N_ELEMENTS(rows) };
