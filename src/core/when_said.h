/* when_said - what a typed time says, before anybody asks what it means; core's own.
 *
 * when_read.c turns text into this without knowing any clock, when.c turns this into an instant. */
#ifndef KEYRACK_CORE_WHEN_SAID_H
#define KEYRACK_CORE_WHEN_SAID_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum said_day {
	SAID_NO_DAY,
	SAID_NOW,
	SAID_RELATIVE, /* today, tomorrow, yesterday: days from now */
	SAID_TONIGHT,
	SAID_WEEKDAY,
	SAID_DATE,
};

struct when_said {
	enum said_day day;
	int days_from_now;
	int weekday;          /* 1 Monday .. 7 Sunday */
	int year, month, dom; /* year 0: not said */

	bool has_time;
	int time_s; /* after midnight; 86400 is the midnight that ends the day */

	bool has_length;
	bool ago;
	bool has_nights;
	int64_t days; /* nights too */
	int64_t ms;
};

/* language: as in struct when_context. KEYRACK_ERROR_USAGE with the part that is not understood. */
bool when_read(const char *text, const char *language, struct when_said *said, GError **err);

#endif
