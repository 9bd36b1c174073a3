/* vocab - looking words up in the tables of vocab_problem.c and vocab_event.c. */
#include "core/i18n.h"
#include "core/vocab.h"

const struct problem_info *problem_lookup(const char *code)
{
	size_t n;
	const struct problem_info *row = problem_table(&n);

	for (; n > 0; row++, n--) {
		if (g_strcmp0(row->code, code) == 0)
			return row;
	}
	return NULL;
}

static const char *const keeping_out[] = {
	"failed_to_set_on_device",
	"failed_to_issue",
	"smartthings_failed_to_set_access_code",
	"smartthings_failed_to_set_after_multiple_retries",
	"delay_in_setting_on_device",
	"delay_in_issuing",
	"no_space_for_access_code_on_device",
	"duplicate_code_on_device",
	"access_code_inactive",
	"code_constraints_violated",
	"failed_to_update",
};

bool problem_keeps_out(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keeping_out); i++)
		if (g_strcmp0(keeping_out[i], code) == 0)
			return true;
	return false;
}

struct way_in way_in_of(const struct access_code *ac, const struct lock *lock, struct instant now)
{
	return (struct way_in){
		.not_begun = instant_known(ac->starts_at) && instant_before(now, ac->starts_at),
		.ended = instant_known(ac->ends_at) && !instant_before(now, ac->ends_at),
		.offline = lock && lock->online == TRI_NO,
		.no_unlock = lock && lock->can_unlock == TRI_NO,
		.backup_ready = ac->is_backup_access_code_available == TRI_YES,
		.backup_pulled = ac->pulled_backup_access_code_id != NULL,
	};
}

const char *way_in_words(const struct way_in *w)
{
	if (w->ended)
		return _("Its time is over: whoever may still come in needs a new code.");
	if (w->not_begun && w->offline)
		return _("Bring the lock back before its window begins, else plan a key or another room.");
	if (w->not_begun)
		return _("There is time: its window has not begun.");
	if (w->backup_pulled)
		return _("Give the guest the PIN of its backup code.");
	if (w->offline && w->backup_ready)
		return _("Only what lies on the lock opens it now: pull the backup code, else use a key.");
	if (w->offline)
		return _("The lock does not answer: let the guest in with a key, or at another door.");
	if (w->no_unlock)
		return w->backup_ready ? _("Give the guest a backup code.")
				       : _("Make another code, or let the guest in with a key.");
	return w->backup_ready ? _("Unlock from here, or give the guest a backup code.")
			       : _("Unlock from here, or make another code.");
}

/* For types that the table does not have: what their first part says. Longest first. */
static const struct event_info guesses[] = {
	{ "access_code.unmanaged.", EVENT_OTHER, NULL, REFETCH_UNMANAGED },
	{ "access_code.", EVENT_OTHER, NULL, REFETCH_CODE },
	{ "lock.", EVENT_OTHER, NULL, REFETCH_DEVICE },
	{ "device.unmanaged.", EVENT_OTHER, NULL, REFETCH_DEVICES },
	{ "device.", EVENT_OTHER, NULL, REFETCH_DEVICE },
	{ "connected_account.", EVENT_OTHER, NULL, REFETCH_DEVICES },
	{ "", EVENT_OTHER, NULL, 0 }, /* fits everything */
};

const struct event_info *event_lookup(const char *type)
{
	size_t n;
	const struct event_info *row = event_table(&n);

	for (; n > 0; row++, n--) {
		if (g_strcmp0(row->type, type) == 0)
			return row;
	}
	for (row = guesses; !g_str_has_prefix(type ? type : "", row->type); row++)
		;
	return row;
}

static const struct {
	const char *method, *words;
} methods[] = {
	{ "keycode", N_("keypad") },  { "manual", N_("by hand") },   { "automatic", N_("by itself") },
	{ "remote", N_("remotely") }, { "seamapi", N_("remotely") }, { "card", N_("card") },
	{ "unknown", N_("unknown") },
};

const char *method_words(const char *method)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (g_strcmp0(methods[i].method, method) == 0)
			return _(methods[i].words);
	}
	return method ? method : "";
}
