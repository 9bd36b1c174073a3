/* outbox_words - what is said of an intent, the same on its row and on its page; see outbox.h. */
#include "ui/screens/outbox.h"

#include "cache/alike.h"
#include "core/i18n.h"
#include "core/text.h"
#include "ui/screens/words.h"

bool intent_is_door(const struct intent *in)
{
	return in->kind == INTENT_LOCK || in->kind == INTENT_UNLOCK;
}

bool intent_has_form(const struct intent *in)
{
	return in->kind == INTENT_CREATE || in->kind == INTENT_UPDATE;
}

static bool is_aside(const struct intent *in)
{
	return in->state == INTENT_REFUSED && in->dismissed;
}

static bool is_open_refusal(const struct intent *in)
{
	return in->state == INTENT_REFUSED && !in->dismissed;
}

const char *intent_state_said(const struct intent *in)
{
	return is_aside(in) ? _("aside") : _(intent_state_word(in->state));
}

enum role intent_role(const struct intent *in)
{
	static const enum role roles[INTENT_STATE_COUNT] = {
		[INTENT_QUEUED] = ROLE_PENDING,
		[INTENT_SENDING] = ROLE_PENDING,
		[INTENT_ACCEPTED] = ROLE_GOOD,
		[INTENT_REFUSED] = ROLE_ALARM,
		[INTENT_WITHDRAWN] = ROLE_ENDED,
	};

	return is_aside(in) ? ROLE_ENDED : roles[in->state];
}

char *intent_what(const struct world *w, const struct intent *in, bool ascii)
{
	const char *words = _(intent_kind_info(in->kind)->words);
	g_autofree char *alike = NULL;
	char shown[NAME_SHOWN_MAX];

	/* Of a door the name is that of the lock. */
	if (!in->name || intent_is_door(in))
		return g_strdup(words);
	alike = cache_alike_code(w->cache, in->name, NULL);
	return g_strdup_printf("%s %s", words, name_shown(in->name, in->access_code_id, alike, ascii, shown));
}

char *intent_outcome(const struct world *w, const struct intent *in)
{
	bool later = instant_known(in->next_try_at) && instant_before(w->now, in->next_try_at);
	char at[CIVIL_TEXT_MAX];

	/* Held, not tried: a revocation that can still be taken back. */
	if (in->state == INTENT_QUEUED && !in->tries && later)
		return g_strdup(_("leaves in a moment: Z takes it back"));
	if (in->state == INTENT_QUEUED && in->after_no)
		return g_strdup_printf(_("waits for number %ld"), (long)in->after_no);
	if (in->state == INTENT_QUEUED && later)
		return g_strdup_printf(P_("%1$s; tried %2$d time, next %3$s", "%1$s; tried %2$d times, next %3$s", in->tries),
				       in->message ? in->message : _("not sent yet"), in->tries, civil_near(w->zone, in->next_try_at, w->now, at));
	if (in->message && *in->message)
		return g_strdup(in->message);
	if (in->state == INTENT_QUEUED)
		return g_strdup(w->sync_connected ? "" : _("waits for sync"));
	return g_strdup("");
}

const char *intent_advice(const struct intent *in)
{
	switch (in->state) {
	case INTENT_QUEUED:
		return _("Not sent yet: x withdraws it.");
	case INTENT_SENDING:
		return _("On its way: if the answer is lost, sync reads back before it does anything.");
	case INTENT_ACCEPTED:
		return _("The server has taken it. Whether the lock has it is on the code's own row.");
	case INTENT_WITHDRAWN:
		return _("Taken back before it was sent.");
	case INTENT_REFUSED:
		if (in->dismissed)
			return _("Refused, and dealt with: put aside, or asked for again.");
		return intent_has_form(in) ? _("e corrects it and sends it again, r sends it again as it is, x puts it aside.")
					   : _("r sends it again as it is, x puts it aside.");
	case INTENT_STATE_COUNT:
		break;
	}
	return "";
}

const char *intent_hint(const struct intent *in, enum command c)
{
	switch ((int)c) {
	case COMMAND_REVOKE:
		return !in ? "" : in->state == INTENT_QUEUED ? _("withdraw") : is_open_refusal(in) ? _("put aside") : "";
	case COMMAND_RESEND:
		return in && is_open_refusal(in) ? NULL : "";
	case COMMAND_EDIT:
		return in && is_open_refusal(in) && intent_has_form(in) ? _("correct") : "";
	case COMMAND_REVEAL: {
		g_autofree char *pin = in ? intent_pin(in) : NULL;

		return pin ? NULL : "";
	}
	case COMMAND_OPEN:
	case COMMAND_MARK:
		return in ? NULL : "";
	default:
		return NULL;
	}
}
