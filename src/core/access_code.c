/* access_code - where a code stands, from what the server says of it and the time. */
#include "core/access_code.h"

bool access_code_in_window(const struct access_code *ac, struct instant t)
{
	if (instant_known(ac->starts_at) && instant_before(t, ac->starts_at))
		return false;
	return !instant_known(ac->ends_at) || instant_before(t, ac->ends_at);
}

static bool starts_later(const struct access_code *ac, struct instant now)
{
	return instant_known(ac->starts_at) && instant_before(now, ac->starts_at);
}

static bool has_ended(const struct access_code *ac, struct instant now)
{
	return instant_known(ac->ends_at) && !instant_before(now, ac->ends_at);
}

static enum code_state state_of_set(const struct access_code *ac, struct instant now)
{
	/* Without a schedule in the lock the PIN opens as soon as it is written. */
	if (starts_later(ac, now) && ac->is_scheduled_on_device == TRI_YES)
		return CODE_STORED;
	return CODE_SET;
}

static enum code_state state_of_setting(const struct access_code *ac, struct instant now)
{
	(void)ac;
	(void)now;
	return CODE_SETTING;
}

static enum code_state state_of_unset(const struct access_code *ac, struct instant now)
{
	if (starts_later(ac, now))
		return ac->is_scheduled_on_device == TRI_YES ? CODE_STORED : CODE_WAITING;
	/* Nobody is writing an unmanaged code: it exists, and the lock does not take it. */
	return ac->managed ? CODE_SETTING : CODE_UNKNOWN;
}

static const struct {
	const char *status;
	enum code_state (*state)(const struct access_code *ac, struct instant now);
	bool on_lock; /* an error matters even after the window: the PIN may still open */
} statuses[] = {
	{ "set", state_of_set, true },
	{ "setting", state_of_setting, false },
	{ "unset", state_of_unset, false },
	{ "removing", NULL, true },
};

enum code_state access_code_state(const struct access_code *ac, bool has_error, struct instant now)
{
	bool ended = has_ended(ac, now);
	size_t row = 0;

	while (row < G_N_ELEMENTS(statuses) && g_strcmp0(statuses[row].status, ac->status) != 0)
		row++;

	bool known = row < G_N_ELEMENTS(statuses);

	if (has_error && (!ended || (known && statuses[row].on_lock)))
		return CODE_TROUBLE;
	if (known && !statuses[row].state)
		return CODE_REMOVING;
	if (ended)
		return CODE_ENDED;
	/* The lock knows an offline code by arithmetic: once there is a PIN, nothing is pending. */
	if (ac->is_offline_access_code == TRI_YES && ac->code)
		return starts_later(ac, now) ? CODE_STORED : CODE_SET;
	return known ? statuses[row].state(ac, now) : CODE_UNKNOWN;
}

const char *code_state_word(enum code_state s)
{
	static const char *const words[CODE_STATE_COUNT] = {
		[CODE_TROUBLE] = "trouble", [CODE_REMOVING] = "being removed",
		[CODE_QUEUED] = "queued",   [CODE_SETTING] = "being set",
		[CODE_SET] = "set",	    [CODE_STORED] = "stored in lock",
		[CODE_WAITING] = "to come", [CODE_UNKNOWN] = "unknown",
		[CODE_ENDED] = "ended",
	};

	return (unsigned)s < CODE_STATE_COUNT ? words[s] : "unknown";
}

/* Interned: there are no more of these than guests who needed a spare. */
const char *access_code_called(const struct access_code *ac)
{
	g_autofree char *spare = NULL;

	if (!ac->name || !*ac->name)
		return ac->is_backup == TRI_YES ? "(backup code)" : "(no name)";
	if (ac->is_backup != TRI_YES)
		return ac->name;
	spare = g_strdup_printf("%s (backup)", ac->name);
	return g_intern_string(spare);
}
