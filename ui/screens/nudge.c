/* nudge - what moving one end of a stay would mean; see the header. */
#include "ui/screens/nudge.h"

#include "core/draft.h"
#include "core/i18n.h"
#include "core/traits.h"

#define NEAR_MS (24 * HOUR_MS) /* who comes later than that is no gap to speak of */

static struct instant whole_minute(struct instant t)
{
	return (struct instant){ t.ms - t.ms % MINUTE_MS };
}

bool nudge_move(struct nudge *n, bool start, int steps, struct instant now)
{
	struct instant *end = start ? &n->from : &n->until, before = *end, least;

	*end = instant_add_ms(*end, steps * NUDGE_MS);
	/* Earlier than now is no start, and earlier than the start no end. */
	if (start) {
		least = instant_before(n->was_from, now) ? n->was_from : whole_minute(now);
		if (instant_before(*end, least) && steps < 0)
			*end = least;
		if (!instant_before(*end, n->until) || (steps > 0 && instant_before(*end, now)))
			*end = before;
	} else if (!instant_before(n->from, *end) || !instant_before(now, *end)) {
		*end = before;
	}
	return !instant_eq(*end, before);
}

const char *nudge_limit(const struct nudge *n, bool start, int steps, struct instant now)
{
	bool begun = instant_before(n->was_from, now);

	if (start && steps > 0 && begun && instant_before(instant_add_ms(n->from, steps * NUDGE_MS), now))
		return _("It has begun: a start that is past is not moved. ] and } move the end.");
	if (start && steps < 0)
		return begun ? _("It cannot start earlier: it has begun.") : _("It cannot start earlier than now.");
	return start ? _("No further: the start comes before the end.")
		     : _("No further: the end comes after the start, and after now.");
}

bool nudge_is_change(const struct nudge *n)
{
	return n->code_no && (!instant_eq(n->from, n->was_from) || !instant_eq(n->until, n->was_until));
}

const char *nudge_refused(const struct nudge_ask *a)
{
	struct draft_change change = { .from = a->nudge->from, .until = a->nudge->until };
	struct draft d = draft_changed(&change, &a->code->code);
	const char *problem = NULL;
	unsigned excused = 1u << DRAFT_NAME | 1u << DRAFT_PIN | 1u << DRAFT_OPTIONS;

	if (instant_eq(a->nudge->from, a->nudge->was_from))
		excused |= 1u << DRAFT_FROM;
	if (a->lock)
		draft_check_but(&d, a->lock, a->now, excused, &problem);
	return problem;
}

/* The time that is gained; where both ends give way, all of it. */
static void gained(const struct nudge *n, struct instant *from, struct instant *until)
{
	bool earlier = instant_before(n->from, n->was_from), later = instant_before(n->was_until, n->until);

	*from = later && !earlier ? n->was_until : n->from;
	*until = earlier && !later ? n->was_from : n->until;
	if (!earlier && !later)
		*until = *from;
}

static bool counts(const struct nudge_ask *a, const struct code_row *c)
{
	const struct access_code *ac = &c->code;

	return c->code_no != a->nudge->code_no && ac->time_bound && ac->is_backup != TRI_YES &&
	       c->state != CODE_ENDED && c->state != CODE_REMOVING && instant_known(ac->starts_at) &&
	       instant_known(ac->ends_at) &&
	       g_strcmp0(ac->name, a->code->code.name) != 0; /* the guest's own second code */
}

/* A cleaner's daily hour is no double booking (cache_occupied), but it is what a late guest meets. */
static const struct code_row *visitor(const struct nudge_ask *a, struct instant from, struct instant until)
{
	for (guint i = 0; i < a->codes->rows->len; i++) {
		const struct code_row *c = cache_list_at(a->codes, struct code_row, i);

		if (counts(a, c) && instant_before(c->code.starts_at, until) && instant_before(from, c->code.ends_at))
			return c;
	}
	return NULL;
}

char *nudge_clash(const struct nudge_ask *a)
{
	const char *door = a->lock && a->lock->name ? a->lock->name : _("this door");
	struct occupied_query q = { .now = a->now, .zone = a->zone, .door = door,
				    .but_code_no = a->nudge->code_no };
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];
	const struct code_row *c;
	char *said;

	gained(a->nudge, &q.from, &q.until);
	if (!instant_before(q.from, q.until))
		return NULL;
	said = cache_occupied(NULL, a->codes, &q);
	c = said ? NULL : visitor(a, q.from, q.until);
	if (!c)
		return said;
	return g_strdup_printf(P_("%1$s has %2$s from %3$s until %4$s", "%1$s have %2$s from %3$s until %4$s", 1),
			       access_code_called(&c->code), door,
			       civil_near(a->zone, c->code.starts_at, a->now, from),
			       civil_near(a->zone, c->code.ends_at, a->now, until));
}

/* After the end when that moves, else before the start. */
char *nudge_gap(const struct nudge_ask *a)
{
	bool end = !instant_eq(a->nudge->until, a->nudge->was_until);
	struct instant edge = end ? a->nudge->until : a->nudge->from;
	const struct code_row *near = NULL;
	int64_t least = NEAR_MS;
	char gap[CIVIL_TEXT_MAX], at[CIVIL_TEXT_MAX];

	for (guint i = 0; i < a->codes->rows->len; i++) {
		const struct code_row *c = cache_list_at(a->codes, struct code_row, i);
		int64_t ms = counts(a, c) ? end ? instant_diff_ms(c->code.starts_at, edge)
						: instant_diff_ms(edge, c->code.ends_at)
					  : -1;

		if (ms < 0 || ms > least)
			continue;
		least = ms;
		near = c;
	}
	if (!near)
		return NULL;
	duration_text(least, gap);
	if (end)
		return g_strdup_printf(_("free for %1$s until %2$s, %3$s"), gap, access_code_called(&near->code),
				       civil_near(a->zone, near->code.starts_at, a->now, at));
	return g_strdup_printf(_("%1$s after %2$s, %3$s"), gap, access_code_called(&near->code),
			       civil_near(a->zone, near->code.ends_at, a->now, at));
}

const char *nudge_pin(const struct nudge_ask *a)
{
	const struct traits *t = a->lock ? traits_of(a->lock->device_type) : NULL;

	if (t && t->chooses_pin)
		return _("the maker chooses the PIN and may choose a new one");
	return _("the PIN stays");
}

static char *moved(bool start, struct instant was, struct instant is)
{
	int64_t ms = instant_diff_ms(is, was);
	char length[CIVIL_TEXT_MAX];

	if (!ms)
		return NULL;
	duration_text(ABS(ms), length);
	if (start)
		return g_strdup_printf(ms < 0 ? _("starts %s earlier") : _("starts %s later"), length);
	return g_strdup_printf(ms < 0 ? _("ends %s earlier") : _("ends %s later"), length);
}

char *nudge_by(const struct nudge *n)
{
	g_autofree char *start = moved(true, n->was_from, n->from), *end = moved(false, n->was_until, n->until);

	return g_strdup_printf("%s%s%s", start ? start : "", start && end ? ", " : "", end ? end : "");
}
