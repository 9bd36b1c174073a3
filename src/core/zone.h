/* zone - civil time: what the clock on the wall beside a lock shows.
 *
 * Zones are looked up by their IANA name ("Europe/Berlin") and kept for the life of the process;
 * a struct zone is never freed. The zone database of GLib answers, so daylight saving is right
 * on both of its nights. */
#ifndef KEYRACK_CORE_ZONE_H
#define KEYRACK_CORE_ZONE_H

#include "core/instant.h"

struct zone;

struct civil {
	int year;
	int month;   /* 1..12 */
	int day;     /* 1..31 */
	int hour;    /* 0..23 */
	int minute;
	int second;
	int weekday; /* 1 Monday .. 7 Sunday; filled by civil_at, ignored by civil_resolve */
	int offset_s;
	char abbrev[8]; /* "CET"; filled by civil_at */
};

/* NULL or "" gives this computer's own zone. An unknown name gives UTC, and zone_is_known says
 * false for it, so that a screen can say 'zone unknown' and not show a wrong hour as right. */
const struct zone *zone_get(const char *iana);
const char *zone_name(const struct zone *z);
bool zone_is_known(const struct zone *z);

struct civil civil_at(const struct zone *z, struct instant t);

enum civil_fit {
	CIVIL_ONCE,  /* there is exactly one such moment */
	CIVIL_TWICE, /* the clocks went back: *out is the earlier one */
	CIVIL_NEVER, /* the clocks went forward over it: *out is the first moment after the gap */
};

/* The moment at which the wall shows c. Fields out of range are carried over (day 32 is the first
 * of the next month), so days can be added to c.day. */
enum civil_fit civil_resolve(const struct zone *z, struct civil c, struct instant *out);

/* Midnight, or the first moment of the day where midnight does not exist, of the civil day of t
 * moved by days. */
struct instant zone_day_start(const struct zone *z, struct instant t, int days);

/* Length of the civil day that t falls in: 23, 24 or 25 hours (or what the zone has). */
int64_t zone_day_length_ms(const struct zone *z, struct instant t);

#define CIVIL_TEXT_MAX 96
/* Texts in the operator's language and 24 hours; "" for an instant that is not known. In this
 * order: "21:18", "21:18:04", "Sun 22 Nov", "Sun 22 Nov 2026 21:18 CET". */
const char *civil_clock(const struct zone *z, struct instant t, char buf[static CIVIL_TEXT_MAX]);
const char *civil_seconds(const struct zone *z, struct instant t, char buf[static CIVIL_TEXT_MAX]);
const char *civil_day(const struct zone *z, struct instant t, char buf[static CIVIL_TEXT_MAX]);
const char *civil_full(const struct zone *z, struct instant t, char buf[static CIVIL_TEXT_MAX]);
/* Near now, no more than is needed: "21:18", "tomorrow 09:00", "Fri 11:00" (to come), "22 Nov
 * 21:18", and beyond half a year "22 Nov 2027". */
const char *civil_near(const struct zone *z, struct instant t, struct instant now,
		       char buf[static CIVIL_TEXT_MAX]);

/* "Mon" in the operator's language, of 1 Monday .. 7 Sunday; "" else. */
const char *weekday_name(int weekday);

/* "6 h 42 m", "3 d 2 h", "45 s", "0 s"; the sign is dropped. At most two units. */
const char *duration_text(int64_t ms, char buf[static CIVIL_TEXT_MAX]);

#endif
