/* when - times as people at a desk type them, turned into instants.
 *
 * Used by the New code form and by --from and --until. Pure: 'now', the zone and the start of
 * the stay are parameters. */
#ifndef KEYRACK_CORE_WHEN_H
#define KEYRACK_CORE_WHEN_H

#include "core/zone.h"

struct when_context {
	const struct zone *zone; /* of the lock (or the property) */
	struct instant now;
	/* What a length ("3h", "+2n", "+1d") counts from: now for a start, the start for an end. */
	struct instant base;
	/* Used when a day is typed without an hour, and for the end of nights: minutes after
	 * midnight; 15:00 and 11:00 are the usual arrival and departure. */
	int default_minutes;
	bool is_end; /* a bare time that lies before base means the next day */
	/* The end that a stay has already, when it is this that is being changed; NULL: none. */
	const struct instant *present;
	const char *language; /* whose words are known besides English: "de"; NULL: the operator's */
};

/* Understands, case and spaces aside, day and time in either order, here in English (core/when_words.h has
 * the words of other languages, "morgen 15 Uhr", "vor 2 Stunden"):
 *   now                     this moment
 *   15:00  3pm  11am  11:30pm  1500  15h   that time today; for an end, the next such time
 *   today|tonight|tomorrow|yesterday [TIME], noon (midday), midnight
 *   mon..sun [TIME]         the next such day, today counts while its TIME is still to come
 *   24 dec [2026] [TIME], dec 24 [TIME], 24.12. [TIME], 24.12.2026 [TIME], 2026-12-24 [TIME]
 *   +2n, 2n, 2 nights       that many nights after base's day, at the default time; for the end of a
 *                           new stay also 2 alone
 *   +3n 11:00               or at TIME
 *   +3h 3h 90m 1h30 2d 1w   that long after base ("d" and "w" in civil days, hours elapsed)
 *   3h ago, 2 days ago      that long before base
 *   an ISO 8601 instant     exactly that
 * "13h" to "23h" are times of day and other hours are lengths; "+15h" is a length, and after a
 * day ("fri 9h") any hour is a time. Midnight is the end of the day it is said of. "tonight"
 * without a TIME is not before 18:00, and tonight's 2:00 is after midnight. A date without a
 * year is the next one, or one of the last 30 days. For an end, "next" is counted from base, or
 * from now when the stay has begun.
 * Until five in the morning it is still the night that began yesterday: one night from 02:46 is
 * over the same morning, and "tonight" without a TIME has begun: it is now.
 * A present end is what people have in mind who move it: lengths count from it ("+1n" is a night
 * longer, at the same hour), and a bare time is on its day.
 * Returns false with err (KEYRACK_ERROR_USAGE) naming the part not understood and an example.
 * A time that daylight saving skips gives the first moment after the gap, and one that comes
 * twice the earlier one; *note (may be NULL) then gets a static sentence that says so, and NULL
 * otherwise. */
bool when_parse(const char *text, const struct when_context *ctx, struct instant *out,
		const char **note, GError **err);

/* The nights that a stay lasts, by the same count; 0 when it is over before five, or has less than five
 * hours: whoever repairs a heating from three to seven has not slept there. */
int when_nights(const struct zone *zone, struct instant from, struct instant until);

#endif
