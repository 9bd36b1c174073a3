/* ready_words - what ready_judge found, in a clerk's words; and the day that a board shows. */
#include "core/i18n.h"
#include "core/ready.h"
#include "core/traits.h"
#include "core/vocab.h"

static const char *const declared_words[DECLARED_COUNT] = {
	[DECLARED_QUEUED] = N_("queued"),
	[DECLARED_SENDING] = N_("sending"),
	[DECLARED_YES] = N_("yes"),
	[DECLARED_REFUSED] = N_("refused"),
};
static const char *const window_words[WINDOW_COUNT] = {
	[WINDOW_LATER] = N_("later"),
	[WINDOW_SOON] = N_("soon"),
	[WINDOW_OPEN] = N_("open"),
	[WINDOW_OVER] = N_("over"),
};
static const char *const provider_words[PROVIDER_COUNT] = {
	[PROVIDER_NOTHING] = "-",	  [PROVIDER_TO_COME] = N_("to come"),
	[PROVIDER_SETTING] = N_("setting"),	  [PROVIDER_SET] = N_("set"),
	[PROVIDER_STORED] = N_("stored"),	  [PROVIDER_FAILED] = N_("failed"),
	[PROVIDER_REMOVING] = N_("removing"), [PROVIDER_UNKNOWN] = N_("unknown"),
	[PROVIDER_GONE] = N_("gone"),
};
static const char *const verdict_words[READY_COUNT] = {
	[READY_REMOVED] = N_("removed"), [READY_REVOKED] = N_("revoked"),   [READY_STAYING] = N_("stays"),
	[READY_YES] = N_("READY"),	     [READY_WAITING] = N_("WAITING"),   [READY_LEAVING] = N_("leaving"),
	[READY_UNPROVEN] = N_("UNPROVEN"), [READY_DOUBLE] = N_("DOUBLE"), [READY_AT_RISK] = N_("AT RISK"),
};
static const struct {
	const char *brief, *whole;
} lock_words[ON_LOCK_COUNT] = {
	[ON_LOCK_PROVEN] = { N_("proven"), N_("proven") },
	[ON_LOCK_ACKNOWLEDGED] = { N_("acknowl."), N_("acknowledged") },
	[ON_LOCK_USED] = { N_("used"), N_("used") },
	[ON_LOCK_COMPUTED] = { N_("computed"), N_("computed") },
	[ON_LOCK_STORED] = { N_("stored"), N_("stored in lock") },
	[ON_LOCK_ACCEPTED] = { N_("accepted"), N_("accepted") },
	[ON_LOCK_UNKNOWN] = { N_("not known"), N_("nothing known") },
	[ON_LOCK_NOT_THERE] = { N_("not there"), N_("not there") },
	[ON_LOCK_OFFLINE] = { N_("offline"), N_("offline") },
	[ON_LOCK_REMOVED] = { N_("removed"), N_("removed") },
};

const char *ready_declared_word(enum ready_declared d)
{
	return _(declared_words[d]);
}

const char *ready_window_word(enum ready_window w)
{
	return _(window_words[w]);
}

const char *ready_provider_word(enum ready_provider p)
{
	return _(provider_words[p]);
}

const char *ready_verdict_word(enum ready_verdict v)
{
	return _(verdict_words[v]);
}

/* "2h", "3d": one unit; what is not a minute yet is none. */
static const char *short_span(int64_t ms, char buf[static CIVIL_TEXT_MAX])
{
	static const struct {
		int64_t ms;
		char sign;
	} units[] = { { DAY_MS, 'd' }, { HOUR_MS, 'h' }, { MINUTE_MS, 'm' } };

	buf[0] = '\0';
	for (size_t i = 0; !buf[0] && i < G_N_ELEMENTS(units); i++)
		if (ms >= units[i].ms)
			g_snprintf(buf, CIVIL_TEXT_MAX, " %" G_GINT64_FORMAT "%c", ms / units[i].ms,
				   units[i].sign);
	return buf;
}

char *ready_lock_word(const struct ready_facts *f, const struct ready *r, bool brief,
		      const struct zone *z, struct instant now)
{
	const char *word = _(brief ? lock_words[r->lock].brief : lock_words[r->lock].whole);
	char at[CIVIL_TEXT_MAX];

	if (r->lock == ON_LOCK_USED && f->departs && instant_diff_ms(now, f->last_used_at) >= DAY_MS)
		return g_strdup_printf(_("used%s"), short_span(instant_diff_ms(now, f->last_used_at), at));
	if (r->lock == ON_LOCK_USED)
		return g_strdup_printf(_("used %s"), civil_clock(z, f->departs ? f->last_used_at : f->used_at, at));
	if (r->lock == ON_LOCK_OFFLINE && instant_known(f->offline_since) && brief)
		return g_strdup_printf(_("offline%s"), short_span(instant_diff_ms(now, f->offline_since), at));
	if (r->lock == ON_LOCK_OFFLINE && instant_known(f->offline_since))
		return g_strdup_printf(_("offline since %s"), civil_clock(z, f->offline_since, at));
	return g_strdup(word);
}

/* A name that was concluded, because the brand names no code, has a question mark. */
char *ready_verdict_text(const struct ready_facts *f, const struct ready *r, bool brief,
			 const struct zone *z, struct instant now)
{
	const char *sure = f->used_inferred ? "?" : "";
	char at[CIVIL_TEXT_MAX];

	if (!f->departs && r->verdict == READY_YES && instant_known(f->used_at))
		return brief ? g_strdup_printf(_("arrived%s"), sure)
			     : g_strdup_printf(_("arrived %s%s"), civil_clock(z, f->used_at, at), sure);
	if (r->reason == BECAUSE_MOVED)
		return brief ? g_strdup(_("moved")) : g_strdup_printf(_("moved to %s"), f->moved_to);
	if (r->reason == BECAUSE_OVER || r->reason == BECAUSE_NOT_BEGUN)
		return g_strdup(r->reason == BECAUSE_OVER ? _("over") : _("to come"));
	if (r->reason == BECAUSE_STILL_THERE && !brief)
		return g_strdup_printf("%s%s", _(verdict_words[r->verdict]),
				       short_span(instant_diff_ms(now, r->at), at));
	return g_strdup(_(verdict_words[r->verdict]));
}

/* ---- sentences ---- */

/* %s is the moment of the reason, where a row has one. */
static const struct {
	const char *words, *with_moment;
} reasons[BECAUSE_COUNT] = {
	[BECAUSE_PROVEN] = { N_("Proven: the lock was read back and has it"), NULL },
	[BECAUSE_ACKNOWLEDGED] = { N_("The lock has acknowledged it; it was not read back"), NULL },
	[BECAUSE_USED] = { N_("It has opened this door"), N_("Proven by use: it opened this door at %s") },
	[BECAUSE_COMPUTED] = { N_("The lock knows this offline code by arithmetic"), NULL },
	[BECAUSE_STORED] = { N_("In the lock's memory until its hour: the provider's word"), NULL },
	[BECAUSE_ACCEPTED] = { N_("On the lock: the provider's word, nobody has read it back"), NULL },
	[BECAUSE_BACKUP] = { N_("Its backup code is set and stands in for it"), NULL },
	[BECAUSE_NOT_DUE] = { N_("Not due yet"), N_("Not due yet: it is loaded %s") },
	[BECAUSE_QUEUED] = { N_("Queued here: the server has not been told"), NULL },
	[BECAUSE_CHANGE] = { N_("A change is on its way: the lock still has what was before"), NULL },
	[BECAUSE_SETTING] = { N_("Being written; the lock has not confirmed it"), NULL },
	[BECAUSE_SILENT] = { N_("Set, says the server, but nothing is known of the lock"), NULL },
	[BECAUSE_UNKNOWN] = { N_("The provider cannot tell whether it is on the lock"), NULL },
	[BECAUSE_NO_PIN] = { N_("The provider has not given it a PIN yet"), NULL },
	[BECAUSE_REFUSED] = { N_("The server refused it: nothing is on the lock"), NULL },
	[BECAUSE_CHANGE_REFUSED] = { N_("The server refused a change: the lock has what was before"), NULL },
	[BECAUSE_PROBLEM] = { N_("It is in trouble"), NULL },
	[BECAUSE_OFFLINE] = { N_("Not on the lock, which is offline"),
			      N_("Not on the lock, which is offline since %s") },
	[BECAUSE_LOCK_PROBLEM] = { N_("Not on the lock, which is in trouble"), NULL },
	[BECAUSE_LATE] = { N_("Still not on the lock, and its hour is here"), NULL },
	[BECAUSE_REVOKED] = { N_("Revoked: nobody should come with it"), NULL },
	[BECAUSE_OVER] = { N_("Its window is over: it is among the departures"), NULL },
	[BECAUSE_NOT_BEGUN] = { N_("Has not begun"), N_("Has not begun: it comes %s") },
	[BECAUSE_STAYING] = { N_("Opens the door until its end"), N_("Opens the door until %s") },
	[BECAUSE_REMOVED] = { N_("Removed from the lock"), N_("Removed from the lock %s") },
	[BECAUSE_EXPIRED] = { N_("Over; there is nothing on the lock to remove"), NULL },
	[BECAUSE_LEAVING] = { N_("Has just ended, being removed from the lock"), NULL },
	[BECAUSE_STILL_THERE] = { N_("Still on the lock"), NULL },
	[BECAUSE_DOUBLE] = { N_("Double booking"), NULL },
	[BECAUSE_MOVED] = { N_("The guest has moved"), NULL },
};

static char *problem_words(const struct ready *r)
{
	const struct problem_info *p = r->problem ? problem_lookup(r->problem) : NULL;

	return g_strdup(p ? p->words : r->problem ? r->problem : _(reasons[r->reason].words));
}

static char *still_there(const struct ready_facts *f, const struct ready *r, struct instant now)
{
	char span[CIVIL_TEXT_MAX];

	return g_strdup_printf(_("Still on the lock %s after its end%s"),
			       duration_text(instant_diff_ms(now, r->at), span),
			       f->online == TRI_NO ? _(", which is offline")
			       : f->native	   ? _("; the lock keeps the end itself, but has not freed its place")
						   : _(": it may still open the door"));
}

char *ready_words(const struct ready_facts *f, const struct ready *r, const struct zone *z,
		  struct instant now)
{
	char at[CIVIL_TEXT_MAX];

	if (r->reason == BECAUSE_STILL_THERE)
		return still_there(f, r, now);
	if (r->reason == BECAUSE_DOUBLE)
		return g_strdup_printf(_("Double booking: %1$s has it too, until %2$s"), f->other,
				       civil_near(z, r->at, now, at));
	if (r->reason == BECAUSE_MOVED)
		return g_strdup_printf(_("Moved to %1$s; this door still opens until %2$s"), f->moved_to,
				       civil_near(z, r->at, now, at));
	if (r->reason == BECAUSE_PROBLEM)
		return problem_words(r);
	if (r->reason == BECAUSE_LOCK_PROBLEM) {
		g_autofree char *words = problem_words(r);

		return g_strdup_printf(_("Not on the lock: %s"), words);
	}
	if (r->reason == BECAUSE_NOT_DUE)
		return g_strdup_printf(_("Not due yet: it is loaded %s, %s before its start"),
				       civil_near(z, r->at, now, at), f->native ? _("72 hours") : _("60 minutes"));
	if (instant_known(r->at) && reasons[r->reason].with_moment) {
		civil_near(z, r->at, now, at);
		g_autoptr(GString) s = g_string_new(_(reasons[r->reason].with_moment));

		g_string_replace(s, "%s", at, 1);
		return g_string_free(g_steal_pointer(&s), FALSE);
	}
	return g_strdup(_(reasons[r->reason].words));
}

/* ---- the day ---- */

void ready_day(const struct zone *z, struct instant t, int days, struct instant *from,
	       struct instant *until)
{
	struct civil c = civil_at(z, t);
	struct civil day = { .year = c.year, .month = c.month, .hour = READY_DAY_BEGINS };

	day.day = c.day + days - (c.hour < READY_DAY_BEGINS ? 1 : 0);
	civil_resolve(z, day, from);
	day.day++;
	civil_resolve(z, day, until);
}
