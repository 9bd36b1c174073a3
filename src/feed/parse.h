/* parse - reservations out of a file or a feed's answer: CSV or iCalendar.
 *
 * Pure. What comes in is a stranger's: it is bounded in bytes, rows, lines and depth before anything
 * looks at it closely. A file that is cut off, is no UTF-8, or does not say what its columns are is
 * refused whole; a row that makes no sense is a row with a reason, and its line. */
#ifndef KEYRACK_FEED_PARSE_H
#define KEYRACK_FEED_PARSE_H

#include "core/own.h"
#include "core/reservation.h"
#include "core/zone.h"

#define FEED_BYTES_MAX (10 << 20)
#define FEED_ROWS_MAX  50000
#define FEED_LINE_MAX  65536

struct parse_context {
	const struct zone *zone;  /* the property's: of times without one of their own */
	struct instant now;
	int check_in, check_out;  /* minutes after midnight: of days without a time */
};

struct reservations {
	GArray *rows;         /* of struct reservation */
	GStringChunk *chunk;  /* their strings */
};
void reservations_free(struct reservations *r);
DEFINE_OWN(struct reservations, reservations, reservations_free)
#define reservations_at(r, i) (&g_array_index((r)->rows, struct reservation, (i)))

/* KEYRACK_ERROR_USAGE with what is wrong with the whole of it, and what to do. */
struct reservations *feed_parse(const char *data, size_t len, const struct parse_context *ctx, GError **err);
bool feed_is_ical(const char *data, size_t len);
/* False: built without libical, and feed_parse says so when it is given a calendar. */
bool feed_knows_ical(void);

#endif
