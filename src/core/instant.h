/* instant - a moment, the same everywhere: milliseconds since 1970-01-01T00:00:00Z.
 *
 * What a clock on a wall shows is another type (struct civil in core/zone.h), so that the
 * compiler keeps the two apart. Day arithmetic belongs there, never here. */
#ifndef KEYRACK_CORE_INSTANT_H
#define KEYRACK_CORE_INSTANT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct instant {
	int64_t ms;
};

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS) /* of elapsed time; a civil day has 23 to 25 hours */

/* NONE: not known, not given. MIN and MAX: before and after everything. */
#define INSTANT_NONE ((struct instant){ INT64_MIN })
#define INSTANT_MIN  ((struct instant){ INT64_MIN + 1 })
#define INSTANT_MAX  ((struct instant){ INT64_MAX })

static inline bool instant_known(struct instant t)
{
	return t.ms != INT64_MIN;
}

static inline bool instant_eq(struct instant a, struct instant b)
{
	return a.ms == b.ms;
}

static inline bool instant_before(struct instant a, struct instant b)
{
	return a.ms < b.ms;
}

/* Saturates at MIN and MAX; NONE stays NONE. */
struct instant instant_add_ms(struct instant t, int64_t ms);

/* a - b, saturating. Both must be known. */
int64_t instant_diff_ms(struct instant a, struct instant b);

/* The system's clock. The only place that reads it. */
struct instant instant_now(void);

/* ISO 8601 with an offset: "2025-01-01T16:00:00Z", 0 to 9 digits of fraction (cut to ms),
 * any offset ("+02:00", "-0700", "-00:00"), "T" or a space between date and time.
 * len -1: up to the NUL. Returns false, *out untouched, for anything else. */
bool instant_parse(const char *text, gssize len, struct instant *out);

#define INSTANT_TEXT_MAX 40
/* "2025-01-01T16:00:00.000Z"; "" for NONE. Returns buf. */
const char *instant_format(struct instant t, char buf[static INSTANT_TEXT_MAX]);

#endif
