/* plan_compare - is what was found on the lock what was put there?
 *
 * Instants are compared, never what a wall clock shows. Where a lock keeps wall clock times, a
 * change of the clocks moves what it reports by an hour: that is no modification. */
#include "engine/plan_view.h"

#include <string.h>

/* No lock system's limit is below it: a shorter name is no cut, somebody typed it. */
#define SHORTEST_CUT 9

/* ---- names ---- */

/* The next character in the form in which names are compared: small letters, blanks as one. */
static gunichar next_plain(const char **s)
{
	gunichar ch = g_utf8_get_char_validated(*s, -1);

	if (ch == (gunichar)-1 || ch == (gunichar)-2) {
		ch = (unsigned char)**s; /* not UTF-8: byte by byte */
		(*s)++;
	} else if (ch) {
		*s += g_utf8_skip[(unsigned char)**s];
	}
	if (!ch || !g_unichar_isspace(ch))
		return g_unichar_tolower(ch);
	while (**s && g_ascii_isspace(**s))
		(*s)++;
	return **s ? ' ' : 0; /* blanks at the end are none */
}

static bool names_same(const char *wanted, const char *found, int name_max)
{
	int n = 0, limit = name_max > 0 ? name_max : SHORTEST_CUT;

	while (g_ascii_isspace(*wanted))
		wanted++;
	while (g_ascii_isspace(*found))
		found++;
	for (;; n++) {
		gunichar a = next_plain(&wanted), b = next_plain(&found);

		if (!b)
			return !a || n >= limit || (n == limit - 1 && a == ' ');
		if (a != b)
			return false;
	}
}

/* ---- windows ---- */

static bool about(int64_t a, int64_t b, int64_t granularity_ms)
{
	int64_t apart = a > b ? a - b : b - a;

	return apart == 0 || apart < granularity_ms;
}

/* Does the lock's clock change between the loading and a day after the end? Steps of six hours
 * are fine enough: no zone changes its clocks and back within a day. */
static bool clocks_change(const struct zone *z, struct instant from, struct instant to)
{
	int first;

	if (!z)
		return true; /* zone not known: it may */
	first = civil_at(z, from).offset_s;
	if (civil_at(z, to).offset_s != first)
		return true;
	for (struct instant t = from; instant_before(t, to) && to.ms - from.ms < 400 * DAY_MS;
	     t = instant_add_ms(t, 6 * HOUR_MS)) {
		if (civil_at(z, t).offset_s != first)
			return true;
	}
	return to.ms - from.ms >= 400 * DAY_MS;
}

static bool windows_same(const struct on_lock *w, const struct on_lock *f,
			 const struct lock_system *ls)
{
	int64_t start_ms, end_ms, g = ls->granularity_ms;

	if (given(w->starts_at) != given(f->starts_at) || given(w->ends_at) != given(f->ends_at))
		return false;
	start_ms = given(w->starts_at) ? f->starts_at.ms - w->starts_at.ms : 0;
	end_ms = given(w->ends_at) ? f->ends_at.ms - w->ends_at.ms : 0;
	if (about(start_ms, 0, g) && about(end_ms, 0, g))
		return true;
	if (ls->schedule != SCHEDULE_NATIVE || !given(w->starts_at) || !given(w->ends_at))
		return false;

	/* Both ends by the same hour: read under another offset than it was written under. */
	struct instant loaded = instant_add_ms(w->starts_at, -PRELOAD_LEAD_MS);

	if ((about(start_ms, HOUR_MS, g) && about(end_ms, HOUR_MS, g)) ||
	    (about(start_ms, -HOUR_MS, g) && about(end_ms, -HOUR_MS, g)))
		return clocks_change(ls->zone, loaded, instant_add_ms(w->ends_at, DAY_MS));

	/* One end: the window holds the night itself. Only where the zone is known to say so. */
	if ((about(start_ms, 0, g) && about(ABS(end_ms), HOUR_MS, g)) ||
	    (about(end_ms, 0, g) && about(ABS(start_ms), HOUR_MS, g)))
		return ls->zone && civil_at(ls->zone, w->starts_at).offset_s !=
					   civil_at(ls->zone, w->ends_at).offset_s;
	return false;
}

enum same plan_compare(const struct on_lock *wanted, const struct on_lock *found,
		       const struct lock_system *ls)
{
	if (wanted->pin && found->pin && strcmp(wanted->pin, found->pin) != 0)
		return DIFFERENT;
	if (wanted->name && found->name && !names_same(wanted->name, found->name, ls->name_max))
		return DIFFERENT;
	if (wanted->enabled != found->enabled || !windows_same(wanted, found, ls))
		return DIFFERENT;
	return wanted->pin && !found->pin ? UNKNOWABLE : SAME;
}
