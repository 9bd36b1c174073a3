/* ready_words - what ready_judge found, in a clerk's words; and the day that a board shows. */
#include "core/ready.h"
#include "core/traits.h"
#include "core/vocab.h"

static const char *const declared_words[DECLARED_COUNT] = {
	[DECLARED_QUEUED] = "queued",
	[DECLARED_SENDING] = "sending",
	[DECLARED_YES] = "yes",
	[DECLARED_REFUSED] = "refused",
};
static const char *const window_words[WINDOW_COUNT] = {
	[WINDOW_LATER] = "later",
	[WINDOW_SOON] = "soon",
	[WINDOW_OPEN] = "open",
	[WINDOW_OVER] = "over",
};
static const char *const provider_words[PROVIDER_COUNT] = {
	[PROVIDER_NOTHING] = "-",	  [PROVIDER_TO_COME] = "to come",
	[PROVIDER_SETTING] = "setting",	  [PROVIDER_SET] = "set",
	[PROVIDER_STORED] = "stored",	  [PROVIDER_FAILED] = "failed",
	[PROVIDER_REMOVING] = "removing", [PROVIDER_UNKNOWN] = "unknown",
	[PROVIDER_GONE] = "gone",
};
static const char *const verdict_words[READY_COUNT] = {
	[READY_REMOVED] = "removed", [READY_REVOKED] = "revoked",   [READY_STAYING] = "stays",
	[READY_YES] = "READY",	     [READY_WAITING] = "WAITING",   [READY_LEAVING] = "leaving",
	[READY_UNPROVEN] = "UNPROVEN", [READY_AT_RISK] = "AT RISK",
};
static const struct {
	const char *brief, *whole;
} lock_words[ON_LOCK_COUNT] = {
	[ON_LOCK_PROVEN] = { "proven", "proven" },
	[ON_LOCK_ACKNOWLEDGED] = { "acknowl.", "acknowledged" },
	[ON_LOCK_USED] = { "used", "used" },
	[ON_LOCK_COMPUTED] = { "computed", "computed" },
	[ON_LOCK_STORED] = { "stored", "stored in lock" },
	[ON_LOCK_ACCEPTED] = { "accepted", "accepted" },
	[ON_LOCK_UNKNOWN] = { "not known", "nothing known" },
	[ON_LOCK_NOT_THERE] = { "not there", "not there" },
	[ON_LOCK_OFFLINE] = { "offline", "offline" },
	[ON_LOCK_REMOVED] = { "removed", "removed" },
};

const char *ready_declared_word(enum ready_declared d)
{
	return declared_words[d];
}

const char *ready_window_word(enum ready_window w)
{
	return window_words[w];
}

const char *ready_provider_word(enum ready_provider p)
{
	return provider_words[p];
}

const char *ready_verdict_word(enum ready_verdict v)
{
	return verdict_words[v];
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
	const char *word = brief ? lock_words[r->lock].brief : lock_words[r->lock].whole;
	char at[CIVIL_TEXT_MAX];

	if (r->lock == ON_LOCK_USED && f->departs && instant_diff_ms(now, f->last_used_at) >= DAY_MS)
		return g_strdup_printf("used%s", short_span(instant_diff_ms(now, f->last_used_at), at));
	if (r->lock == ON_LOCK_USED)
		return g_strdup_printf("used %s", civil_clock(z, f->departs ? f->last_used_at : f->used_at, at));
	if (r->lock == ON_LOCK_OFFLINE && instant_known(f->offline_since) && brief)
		return g_strdup_printf("offline%s", short_span(instant_diff_ms(now, f->offline_since), at));
	if (r->lock == ON_LOCK_OFFLINE && instant_known(f->offline_since))
		return g_strdup_printf("offline since %s", civil_clock(z, f->offline_since, at));
	return g_strdup(word);
}

/* A name that was concluded, because the brand names no code, has a question mark. */
char *ready_verdict_text(const struct ready_facts *f, const struct ready *r, bool brief,
			 const struct zone *z, struct instant now)
{
	const char *sure = f->used_inferred ? "?" : "";
	char at[CIVIL_TEXT_MAX];

	if (!f->departs && r->verdict == READY_YES && instant_known(f->used_at))
		return brief ? g_strdup_printf("arrived%s", sure)
			     : g_strdup_printf("arrived %s%s", civil_clock(z, f->used_at, at), sure);
	if (r->reason == BECAUSE_OVER || r->reason == BECAUSE_NOT_BEGUN)
		return g_strdup(r->reason == BECAUSE_OVER ? "over" : "to come");
	if (r->reason == BECAUSE_STILL_THERE && !brief)
		return g_strdup_printf("%s%s", verdict_words[r->verdict],
				       short_span(instant_diff_ms(now, r->at), at));
	return g_strdup(verdict_words[r->verdict]);
}

/* ---- sentences ---- */

/* %s is the moment of the reason, where a row has one. */
static const struct {
	const char *words, *with_moment;
} reasons[BECAUSE_COUNT] = {
	[BECAUSE_PROVEN] = { "Proven: the lock was read back and has it", NULL },
	[BECAUSE_ACKNOWLEDGED] = { "The lock has acknowledged it; it was not read back", NULL },
	[BECAUSE_USED] = { "It has opened this door", "Proven by use: it opened this door at %s" },
	[BECAUSE_COMPUTED] = { "The lock knows this offline code by arithmetic", NULL },
	[BECAUSE_STORED] = { "In the lock's memory until its hour: the provider's word", NULL },
	[BECAUSE_ACCEPTED] = { "On the lock: the provider's word, nobody has read it back", NULL },
	[BECAUSE_BACKUP] = { "Its backup code is set and stands in for it", NULL },
	[BECAUSE_NOT_DUE] = { "Not due yet", "Not due yet: it is loaded %s" },
	[BECAUSE_QUEUED] = { "Queued here: the server has not been told", NULL },
	[BECAUSE_CHANGE] = { "A change is on its way: the lock still has what was before", NULL },
	[BECAUSE_SETTING] = { "Being written; the lock has not confirmed it", NULL },
	[BECAUSE_SILENT] = { "Set, says the server, but nothing is known of the lock", NULL },
	[BECAUSE_UNKNOWN] = { "The provider cannot tell whether it is on the lock", NULL },
	[BECAUSE_NO_PIN] = { "The provider has not given it a PIN yet", NULL },
	[BECAUSE_REFUSED] = { "The server refused it: nothing is on the lock", NULL },
	[BECAUSE_CHANGE_REFUSED] = { "The server refused a change: the lock has what was before", NULL },
	[BECAUSE_PROBLEM] = { "It is in trouble", NULL },
	[BECAUSE_OFFLINE] = { "Not on the lock, which is offline", "Not on the lock, which is offline since %s" },
	[BECAUSE_LOCK_PROBLEM] = { "Not on the lock, which is in trouble", NULL },
	[BECAUSE_LATE] = { "Still not on the lock, and its hour is here", NULL },
	[BECAUSE_REVOKED] = { "Revoked: nobody should come with it", NULL },
	[BECAUSE_OVER] = { "Its window is over: it is among the departures", NULL },
	[BECAUSE_NOT_BEGUN] = { "Has not begun", "Has not begun: it comes %s" },
	[BECAUSE_STAYING] = { "Opens the door until its end", "Opens the door until %s" },
	[BECAUSE_REMOVED] = { "Removed from the lock", "Removed from the lock %s" },
	[BECAUSE_EXPIRED] = { "Over; there is nothing on the lock to remove", NULL },
	[BECAUSE_LEAVING] = { "Has just ended, being removed from the lock", NULL },
	[BECAUSE_STILL_THERE] = { "Still on the lock", NULL },
};

static char *problem_words(const struct ready *r)
{
	const struct problem_info *p = r->problem ? problem_lookup(r->problem) : NULL;

	return g_strdup(p ? p->words : r->problem ? r->problem : reasons[r->reason].words);
}

static char *still_there(const struct ready_facts *f, const struct ready *r, struct instant now)
{
	char span[CIVIL_TEXT_MAX];

	return g_strdup_printf("Still on the lock %s after its end%s",
			       duration_text(instant_diff_ms(now, r->at), span),
			       f->online == TRI_NO ? ", which is offline"
			       : f->native	   ? "; the lock keeps the end itself, but has not freed its place"
						   : ": it may still open the door");
}

char *ready_words(const struct ready_facts *f, const struct ready *r, const struct zone *z,
		  struct instant now)
{
	char at[CIVIL_TEXT_MAX];

	if (r->reason == BECAUSE_STILL_THERE)
		return still_there(f, r, now);
	if (r->reason == BECAUSE_PROBLEM)
		return problem_words(r);
	if (r->reason == BECAUSE_LOCK_PROBLEM) {
		g_autofree char *words = problem_words(r);

		return g_strdup_printf("Not on the lock: %s", words);
	}
	if (r->reason == BECAUSE_NOT_DUE)
		return g_strdup_printf("Not due yet: it is loaded %s, %s before its start",
				       civil_near(z, r->at, now, at), f->native ? "72 hours" : "60 minutes");
	if (instant_known(r->at) && reasons[r->reason].with_moment) {
		civil_near(z, r->at, now, at);
		g_autoptr(GString) s = g_string_new(reasons[r->reason].with_moment);

		g_string_replace(s, "%s", at, 1);
		return g_string_free(g_steal_pointer(&s), FALSE);
	}
	return g_strdup(reasons[r->reason].words);
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
