/* rota - which days of the week, from when until when: 'mon-fri 8-14', and the windows that it means.
 *
 * Hours are those of the wall beside a lock, so one rota is another span of instants at each zone. A
 * window is [from, until). An hour that comes twice in a night begins with the first and ends with the
 * second; one that is skipped is the first moment after the gap. Pure. */
#ifndef KEYRACK_CORE_ROTA_H
#define KEYRACK_CORE_ROTA_H

#include "core/zone.h"

#define ROTA_DAY_MIN   (24 * 60)
#define ROTA_NO_END    INT64_MAX /* as a last day */

struct rota_hours {
	unsigned days;             /* bits: 1 Monday .. 64 Sunday */
	int begins_min, ends_min;  /* minutes of the day; an end past ROTA_DAY_MIN lies on the next one */
};
struct rota_window {
	struct instant from, until;
};

/* 'mon-fri 8-14', 'tue sat 22:00-06:00', 'weekend 9-12', 'mo-fr 8-14': days first or last, an end that
 * is not after the start lies on the next day. KEYRACK_ERROR_USAGE with an example. */
bool rota_hours_parse(const char *text, struct rota_hours *out, GError **err);
/* "Mon-Fri 08:00-14:00", which rota_hours_parse reads in English. Newly allocated. */
char *rota_hours_text(const struct rota_hours *h);

/* Days are counted from 1970-01-01, whatever the zone. */
int64_t rota_day(const struct zone *z, struct instant t);
struct instant rota_day_start(const struct zone *z, int64_t day);

/* The first window that ends after t, of those that begin on first_day .. last_day. Days that follow each
 * other without a pause are one window. False: there is none. */
bool rota_window_after(const struct rota_hours *h, int64_t first_day, int64_t last_day, const struct zone *z,
		       struct instant t, struct rota_window *out);

#endif
