/* parse_parts - what the parsers of this folder share. */
#ifndef KEYRACK_FEED_PARSE_PARTS_H
#define KEYRACK_FEED_PARSE_PARTS_H

#include "feed/parse.h"

struct reservations *reservations_new(void);
/* Refuses it when its window makes no sense or it is there already, then keeps it. */
void reservations_add(struct reservations *r, GHashTable *seen, struct reservation *one);
GHashTable *reservations_seen_new(void);
const char *reservations_keep(struct reservations *r, const char *text);   /* NULL stays NULL */
const char *reservations_keepf(struct reservations *r, const char *form, ...) G_GNUC_PRINTF(2, 3);

bool parse_fail(GError **err, const char *form, ...) G_GNUC_PRINTF(2, 3);

/* A name or a label without control characters, on one line, of sensible length. NULL where nothing is
 * left. Newly allocated. */
char *parse_label(const char *text);

struct reservations *csv_parse(const char *data, size_t len, const struct parse_context *ctx, GError **err);
struct reservations *ical_parse(const char *data, size_t len, const struct parse_context *ctx, GError **err);

/* ---- csv_read.c: records of RFC 4180 ---- */
struct csv_record {
	GPtrArray *fields; /* of char *, in the chunk */
	int line;
	const char *broken; /* static: why this record is none; NULL */
};
/* GArray of struct csv_record, the blank ones left out; NULL with err. */
GArray *csv_read(const char *data, size_t len, GStringChunk *chunk, GError **err);

/* ---- csv_columns.c ---- */
enum csv_column {
	CSV_KEY, CSV_GUEST, CSV_FIRST_NAME, CSV_LAST_NAME, CSV_ROOM, CSV_ARRIVAL, CSV_DEPARTURE, CSV_ARRIVAL_TIME,
	CSV_DEPARTURE_TIME, CSV_NIGHTS, CSV_PHONE, CSV_STATUS, CSV_COLUMN_COUNT,
};
/* Which field each is; -1: none. False with err when they do not make a reservation. */
bool csv_columns(const struct csv_record *head, int at[CSV_COLUMN_COUNT], GError **err);

/* ---- dates.c ---- */
enum day_order { ORDER_UNKNOWN, ORDER_DAY_FIRST, ORDER_MONTH_FIRST, ORDER_MIXED };
/* What one more date with '/' tells about all of them. */
enum day_order dates_order(enum day_order so_far, const char *text);
struct date_context {
	const struct parse_context *parse;
	enum day_order order;
	bool is_end;
};
/* A day that is said whole (with its year), with or without a time. */
bool dates_read(const char *day, const char *time, const struct date_context *ctx, struct instant *out, GError **err);
/* n nights after a start, at the hour of check-out. */
struct instant dates_after_nights(struct instant start, int nights, const struct parse_context *ctx);

/* ---- dialect.c: how channels say it ---- */
/* A calendar's summary. said_more: a phone or a reservation's page stands beside it, so somebody comes.
 * *guest: newly allocated, NULL where no name is said. */
enum reservation_status dialect_summary(const char *summary, bool said_more, char **guest);
/* A status column or STATUS. False: neither sure nor cancelled yet ("pending"). */
bool dialect_status(const char *words, enum reservation_status *status);
/* The digits of a phone number; NULL when they are fewer than four. Newly allocated. */
char *dialect_digits(const char *text);
/* What stands behind one of these labels ("Phone", "Room") in a description. Newly allocated; NULL. */
char *dialect_phone(const char *description);
char *dialect_room(const char *description);
char *dialect_guest(const char *description);
bool dialect_tells_of_a_guest(const char *description);

#endif
