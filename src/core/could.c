/* could - see the header. */
#include "core/could.h"

#include <string.h>

#include "core/i18n.h"

/* An answer, and the event that tells of the same change, are this near each other. */
#define SAME_CHANGE_MS (10 * MINUTE_MS)

static const struct {
	const char *type;
	enum could_trace what;
} traces[] = {
	{ "access_code.set_on_device", TRACE_SET },
	{ "access_code.scheduled_on_device", TRACE_SET },
	{ "access_code.failed_to_set_on_device", TRACE_NOT_SET },
	{ "access_code.removed_from_device", TRACE_REMOVED },
	{ "access_code.deleted_external_to_seam", TRACE_REMOVED },
	{ "access_code.deleted", TRACE_DELETED },
	{ "access_code.time_frame_changed", TRACE_TIMES },
	{ "access_code.changed", TRACE_CHANGED },
	{ "access_code.modified_external_to_seam", TRACE_CHANGED },
};

enum could_trace could_trace_of(const char *type, enum attribution how)
{
	if (g_strcmp0(type, "lock.unlocked") == 0)
		return how == WHO_REPORTED || how == WHO_BY_PIN ? TRACE_USED
		       : how == WHO_INFERRED ? TRACE_USED_PERHAPS : TRACE_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(traces); i++)
		if (g_strcmp0(type, traces[i].type) == 0)
			return traces[i].what;
	return TRACE_NONE;
}

static bool is_after(struct instant a, struct instant b)
{
	return instant_known(a) && instant_before(b, a);
}

/* Known, and not later than t. */
static bool by(struct instant a, struct instant t)
{
	return instant_known(a) && !instant_before(t, a);
}

/* The last such in (from, until]; NONE: there is none. from NONE: any before. */
static struct instant last(const struct could_facts *f, enum could_trace what, struct instant from,
			   struct instant until)
{
	for (size_t i = f->n_events; i-- > 0;)
		if (f->event[i].what == what && by(f->event[i].at, until) &&
		    (!instant_known(from) || instant_before(from, f->event[i].at)))
			return f->event[i].at;
	return INSTANT_NONE;
}

/* The first such after from. */
static struct instant first(const struct could_facts *f, enum could_trace what, struct instant from)
{
	for (size_t i = 0; i < f->n_events; i++)
		if (f->event[i].what == what && instant_before(from, f->event[i].at))
			return f->event[i].at;
	return INSTANT_NONE;
}

/* ---- the window then ---- */

/* When that version ended: an event says it better than the comparison that noticed. */
static struct instant version_end(const struct could_facts *f, size_t i)
{
	struct instant from = i ? f->was[i - 1].until : INSTANT_NONE, until = f->was[i].until;
	struct instant times = last(f, TRACE_TIMES, from, until), changed = last(f, TRACE_CHANGED, from, until);

	if (instant_known(times))
		return times;
	return instant_known(changed) ? changed : until;
}

/* Changed at another time than this desk's own request. */
static bool changed_since(const struct could_facts *f, struct instant told, struct instant t)
{
	struct instant from = instant_add_ms(told, SAME_CHANGE_MS);

	return instant_known(last(f, TRACE_TIMES, from, t)) || instant_known(last(f, TRACE_CHANGED, from, t));
}

static void find_window(const struct could_facts *f, struct instant t, struct could *c, struct instant *gone)
{
	struct instant changed = first(f, TRACE_TIMES, t);

	c->starts_at = f->code.starts_at;
	c->ends_at = f->code.ends_at;
	c->times_known = true;
	*gone = f->deleted_at;
	for (size_t i = 0; i < f->n_was; i++) {
		if (!is_after(version_end(f, i), t) && !is_after(f->was[i].gone_at, t))
			continue;
		c->starts_at = f->was[i].starts_at;
		c->ends_at = f->was[i].ends_at;
		*gone = f->was[i].gone_at;
		return;
	}
	/* Deleted, and back before t: that it had gone is history. */
	if (!instant_known(changed))
		changed = first(f, TRACE_CHANGED, t);
	if (!instant_known(changed))
		return;
	for (size_t i = f->n_told; i-- > 0;) {
		if (!by(f->told[i].at, t))
			continue;
		c->times_known = !changed_since(f, f->told[i].at, t);
		c->starts_at = f->told[i].starts_at;
		c->ends_at = f->told[i].ends_at;
		if (c->times_known)
			return;
		break;
	}
	c->times_known = false;
	c->at = changed;
}

/* ---- the judgement ---- */

struct judging {
	const struct could_facts *f;
	struct instant t;
	struct could *c;
};

static bool say(struct judging *j, enum could_verdict v, enum could_reason r, struct instant at)
{
	j->c->verdict = v;
	j->c->reason = r;
	j->c->at = at;
	return true;
}

static bool of_its_life(struct judging *j, struct instant gone)
{
	const struct access_code *ac = &j->f->code;
	struct instant told = last(j->f, TRACE_DELETED, INSTANT_NONE, j->t);
	struct instant set_after = instant_known(told) ? last(j->f, TRACE_SET, told, j->t) : INSTANT_NONE;
	struct instant removed;

	if (is_after(ac->created_at, j->t))
		return say(j, COULD_NO, COULD_MADE_LATER, ac->created_at);
	if (by(told, j->t) && !instant_known(set_after))
		gone = told;
	if (!by(gone, j->t))
		return false;
	if (ac->is_offline_access_code == TRI_YES)
		return say(j, COULD_UNSURE, COULD_NO_REVOKING, gone);
	removed = first(j->f, TRACE_REMOVED, j->t);
	if (!instant_known(removed) || instant_known(last(j->f, TRACE_REMOVED, instant_add_ms(gone, -1), j->t)))
		return say(j, COULD_NO, COULD_DELETED, gone);
	j->c->other = gone;
	return say(j, COULD_UNSURE, COULD_REMOVAL_LATE, removed);
}

/* Its use proves that it was on the lock then: at any time between a use and the next change of that. */
static struct instant proof(const struct judging *j)
{
	struct instant before = last(j->f, TRACE_USED, INSTANT_NONE, j->t), after = first(j->f, TRACE_USED, j->t);

	if (instant_known(before) && !instant_known(last(j->f, TRACE_REMOVED, before, j->t)))
		return before;
	if (instant_known(after) && !instant_known(last(j->f, TRACE_SET, j->t, after)))
		return after;
	return INSTANT_NONE;
}

static bool before_its_start(struct judging *j)
{
	struct could *c = j->c;
	struct instant proven = last(j->f, TRACE_USED, instant_add_ms(j->t, -COULD_AROUND_MS), j->t);

	if (!is_after(c->starts_at, j->t))
		return false;
	c->other = c->starts_at;
	if (instant_known(proven))
		return say(j, COULD_YES, COULD_USED, proven);
	if (by(j->f->early_from, j->t) && !j->f->native && instant_known(last(j->f, TRACE_SET, INSTANT_NONE, j->t)))
		return say(j, COULD_YES, COULD_EARLY, j->f->early_from);
	return say(j, COULD_NO, COULD_NOT_BEGUN, c->starts_at);
}

static bool is_there_now(const struct access_code *ac)
{
	return g_strcmp0(ac->status, "set") == 0 || g_strcmp0(ac->status, "removing") == 0;
}

static bool after_its_end(struct judging *j, struct instant gone)
{
	const struct could_facts *f = j->f;
	struct could *c = j->c;
	struct instant used, removed;

	if (!by(c->ends_at, j->t))
		return false;
	c->other = c->ends_at;
	used = first(f, TRACE_USED, instant_add_ms(j->t, -1));
	removed = first(f, TRACE_REMOVED, instant_add_ms(c->ends_at, -1));
	if (instant_known(used) && !instant_known(last(f, TRACE_SET, j->t, used)))
		return say(j, COULD_YES, COULD_USED_AFTER, used);
	if (f->native || f->code.is_offline_access_code == TRI_YES)
		return say(j, COULD_NO, COULD_ENDED, c->ends_at);
	if (by(removed, j->t))
		return say(j, COULD_NO, COULD_REMOVED, removed);
	if (instant_known(removed))
		return say(j, COULD_UNSURE, COULD_REMOVAL_LATE, removed);
	if (is_after(gone, j->t))
		return say(j, COULD_UNSURE, COULD_REMOVAL_LATE, gone);
	if (!instant_known(gone) && is_there_now(&f->code))
		return say(j, COULD_UNSURE, COULD_STILL_THERE, c->ends_at);
	return say(j, COULD_NO, COULD_ENDED, c->ends_at);
}

static bool never_reached(struct judging *j, struct instant set_later, struct instant failed)
{
	const struct could_facts *f = j->f;

	/* It was made, or was to be loaded, while nobody could reach the lock. */
	if (instant_known(f->offline_from) && !instant_before(f->code.created_at, f->offline_from))
		return say(j, COULD_NO, COULD_OFFLINE, f->offline_from);
	if (instant_known(failed))
		return say(j, COULD_NO, COULD_NOT_SET, failed);
	if (instant_known(set_later))
		return say(j, COULD_NO, COULD_SET_LATER, set_later);
	return false;
}

static void within_its_window(struct judging *j)
{
	const struct could_facts *f = j->f;
	const struct access_code *ac = &f->code;
	struct instant set = last(f, TRACE_SET, INSTANT_NONE, j->t), removed = last(f, TRACE_REMOVED, set, j->t);
	struct instant failed = last(f, TRACE_NOT_SET, set, j->t), proven = proof(j);
	struct instant perhaps = last(f, TRACE_USED_PERHAPS, INSTANT_NONE, j->t);

	if (ac->is_offline_access_code == TRI_YES)
		say(j, COULD_YES, COULD_COMPUTED, INSTANT_NONE);
	else if (instant_known(proven))
		say(j, COULD_YES, COULD_USED, proven);
	else if (instant_known(removed))
		say(j, COULD_NO, COULD_REMOVED, removed);
	else if (instant_known(set))
		say(j, COULD_YES, COULD_SET, set);
	else if (!ac->managed && is_after(f->first_seen, j->t))
		say(j, COULD_UNSURE, COULD_NOT_SEEN_YET, f->first_seen);
	else if (!ac->managed)
		say(j, COULD_YES, COULD_UNMANAGED, f->first_seen);
	else if (never_reached(j, first(f, TRACE_SET, j->t), failed))
		return;
	else if (g_strcmp0(ac->status, "set") == 0 && !instant_known(f->deleted_at))
		say(j, COULD_YES, COULD_SAID_SET, INSTANT_NONE);
	else if (instant_known(perhaps))
		say(j, COULD_UNSURE, COULD_USED_PERHAPS, perhaps);
	else if (instant_known(f->offline_from))
		say(j, COULD_UNSURE, COULD_OFFLINE, f->offline_from);
	else
		say(j, COULD_UNSURE, COULD_NO_TRACE, INSTANT_NONE);
}

static void find_use(const struct could_facts *f, struct instant t, struct could *c)
{
	c->used_at = INSTANT_NONE;
	for (size_t i = 0; i < f->n_events; i++) {
		const struct could_event *e = &f->event[i];
		int64_t away = ABS(instant_diff_ms(e->at, t));

		if ((e->what != TRACE_USED && e->what != TRACE_USED_PERHAPS) || away > COULD_AROUND_MS ||
		    (instant_known(c->used_at) && away >= ABS(instant_diff_ms(c->used_at, t))))
			continue;
		c->used_at = e->at;
		c->used_perhaps = e->what == TRACE_USED_PERHAPS;
	}
}

struct could could_judge(const struct could_facts *f, struct instant t)
{
	struct could c = { .at = INSTANT_NONE, .other = INSTANT_NONE, .times_known = true };
	struct judging j = { f, t, &c };
	struct instant gone, used_up, used;

	find_window(f, t, &c, &gone);
	find_use(f, t, &c);
	used = last(f, TRACE_USED, INSTANT_NONE, t);
	used_up = last(f, TRACE_USED, INSTANT_NONE, instant_add_ms(t, -COULD_AROUND_MS));
	if (of_its_life(&j, gone))
		return c;
	if (f->code.is_one_time_use == TRI_YES && instant_known(used_up) && instant_eq(used, used_up)) {
		say(&j, COULD_NO, COULD_USED_UP, used_up);
	} else if (!c.times_known) {
		if (instant_known(c.used_at) && !c.used_perhaps)
			say(&j, COULD_YES, COULD_USED, c.used_at);
		else
			say(&j, COULD_UNSURE, COULD_TIMES_CHANGED, c.at);
	} else if (!before_its_start(&j) && !after_its_end(&j, gone)) {
		within_its_window(&j);
	}
	return c;
}

/* ---- words ---- */

const char *could_verdict_words(enum could_verdict v)
{
	static const char *const words[COULD_VERDICT_COUNT] = {
		[COULD_YES] = N_("would have opened"),
		[COULD_UNSURE] = N_("cannot be said"),
		[COULD_NO] = N_("would not"),
	};

	return (unsigned)v < COULD_VERDICT_COUNT ? _(words[v]) : "";
}

/* %1$s: at, %2$s: other */
static const char *const reasons[COULD_REASON_COUNT] = {
	[COULD_USED] = N_("in its window, proven by a use at %1$s"),
	[COULD_SET] = N_("in its window, on the lock since %1$s"),
	[COULD_SAID_SET] = N_("in its window, and the server says it is set; no event says since when"),
	[COULD_COMPUTED] = N_("in its window, computed by the lock itself"),
	[COULD_UNMANAGED] = N_("on the lock, and nobody manages it from here"),
	[COULD_EARLY] = N_("opens from %1$s on, before its start at %2$s"),
	[COULD_USED_AFTER] = N_("ended %2$s, and opened still at %1$s"),
	[COULD_TIMES_CHANGED] = N_("changed %1$s; its times before that are not known"),
	[COULD_NOT_SEEN_YET] = N_("first seen %1$s; since when it was on the lock is not known"),
	[COULD_REMOVAL_LATE] = N_("ended %2$s, removal not proven until %1$s"),
	[COULD_STILL_THERE] = N_("ended %2$s, and its removal is not proven to this day"),
	[COULD_USED_PERHAPS] = N_("in its window, and perhaps used at %1$s: the lock names nobody"),
	[COULD_OFFLINE] = N_("declared, but the lock was offline since %1$s"),
	[COULD_NO_TRACE] = N_("in its window; nothing says whether it was on the lock"),
	[COULD_NO_REVOKING] = N_("deleted %1$s, but the lock computes it until its end"),
	[COULD_MADE_LATER] = N_("made only %1$s"),
	[COULD_DELETED] = N_("deleted %1$s"),
	[COULD_USED_UP] = N_("good for one use, and used %1$s"),
	[COULD_NOT_BEGUN] = N_("starts only %1$s"),
	[COULD_ENDED] = N_("ended %1$s"),
	[COULD_REMOVED] = N_("removed from the lock %1$s"),
	[COULD_SET_LATER] = N_("declared, but on the lock only from %1$s"),
	[COULD_NOT_SET] = N_("declared, but the lock did not take it (%1$s)"),
};

/* The clock alone on the day that is asked about. */
static const char *near_text(const struct zone *z, struct instant at, struct instant t, char buf[static CIVIL_TEXT_MAX])
{
	char day[CIVIL_TEXT_MAX], clock[CIVIL_TEXT_MAX];

	if (!instant_known(at))
		return "?";
	if (instant_eq(zone_day_start(z, at, 0), zone_day_start(z, t, 0)))
		return civil_clock(z, at, buf);
	if (ABS(instant_diff_ms(at, t)) > 180 * DAY_MS)
		return civil_full(z, at, buf);
	g_snprintf(buf, CIVIL_TEXT_MAX, "%s %s", civil_day(z, at, day), civil_clock(z, at, clock));
	return buf;
}

/* Puts texts into a sentence in whatever order its language has them. */
static char *put_places(const char *sentence, const char *at, const char *other)
{
	GString *out = g_string_new(sentence);

	g_string_replace(out, "%1$s", at, 0);
	g_string_replace(out, "%2$s", other, 0);
	return g_string_free(out, FALSE);
}

char *could_words(const struct could *c, const struct zone *z, struct instant t)
{
	char at[CIVIL_TEXT_MAX], other[CIVIL_TEXT_MAX];

	return put_places(_(reasons[c->reason]), near_text(z, c->at, t, at), near_text(z, c->other, t, other));
}

char *could_window(const struct could *c, const struct zone *z)
{
	char from_day[CIVIL_TEXT_MAX], from[CIVIL_TEXT_MAX], until_day[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];

	if (!c->times_known)
		return g_strdup(_("times not known"));
	if (!instant_known(c->starts_at) && !instant_known(c->ends_at))
		return g_strdup(_("ongoing"));
	civil_day(z, c->starts_at, from_day);
	civil_clock(z, c->starts_at, from);
	if (!instant_known(c->ends_at))
		return g_strdup_printf(_("from %1$s %2$s"), from_day, from);
	civil_day(z, c->ends_at, until_day);
	civil_clock(z, c->ends_at, until);
	if (!instant_known(c->starts_at))
		return g_strdup_printf(_("until %1$s %2$s"), until_day, until);
	return g_strdup_printf("%s %s %s %s %s", from_day, from, "\u2013", until_day, until);
}
