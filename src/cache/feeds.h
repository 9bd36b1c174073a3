/* feeds - reservations from outside, as they were last read well, and the desk's own word on them.
 *
 * A row is known by its source, key and door words. What the desk writes over it (a name, a phone, a
 * door) stays when the source is read again. Which codes were made from a row is not kept here but in
 * the outbox: each intent carries the row's mark in its common_code_key, so that the two can never
 * disagree, and a cache made anew finds them again. */
#ifndef KEYRACK_CACHE_FEEDS_H
#define KEYRACK_CACHE_FEEDS_H

#include "cache/outbox.h"
#include "core/reservation.h"

struct feed_state {
	const char *source;
	struct instant tried_at;
	struct instant ok_at;    /* NONE: never read well */
	const char *error;       /* of the last try; NULL: it went well */
	const char *etag, *last_modified;
	int64_t rows;            /* in the last good one */
};
enum feed_fix { FEED_FIX_GUEST, FEED_FIX_PHONE, FEED_FIX_DOOR, FEED_FIX_NONE };
struct feed_row {
	int64_t row_no;          /* 0: not stored yet */
	struct reservation is;   /* as the source has it */
	bool gone;               /* it was in an earlier one, and is no longer */
	const char *fix[FEED_FIX_NONE]; /* by enum feed_fix; NULL: nobody wrote over it */
	const char *fix_by;
	struct instant fix_at;
};
/* One thing that was put into the outbox for a row. */
struct feed_act {
	int64_t intent_no;
	enum intent_kind kind;
	enum intent_state state;
	bool dismissed;
	int64_t code_no, lock_no; /* 0: not in the cache (yet) */
	const char *device_id, *access_code_id, *name, *message, *key;
	const char *pin;          /* that it asked for; NULL: it says nothing of one */
	struct instant starts_at, ends_at;
};

struct cache_list *cache_feeds(struct cache *c, GError **err);                     /* struct feed_state */
/* One struct feed_state, or none. */
struct cache_list *cache_feed(struct cache *c, const char *source, GError **err);
struct cache_list *cache_feed_rows(struct cache *c, const char *source, GError **err); /* struct feed_row, by start */
/* Oldest first. struct feed_act. */
struct cache_list *cache_feed_acts(struct cache *c, const char *mark, GError **err);
/* What an intent made from this row begins its common_code_key with, and a '.' behind it. Newly allocated. */
char *feed_mark(const char *source, const struct reservation *r);

/* A guest whose code a feed made moves to another room: what the code made there is marked with, so that the
 * row goes on meaning this guest. Newly allocated; NULL: no feed made it. */
char *cache_feed_moved_key(struct cache *c, const char *access_code_id, const char *from_device_id);
/* Was what bears this key made because its guest left that door (NULL: any)? */
bool feed_moved_from(const char *key, const char *device_id);

/* Read well: rows (of struct reservation) are what it has now; what it had before is gone, unless
 * partial. All or nothing. */
bool cache_feed_store(struct cache *c, const char *source, const GArray *rows, bool partial, const char *etag,
		      const char *last_modified, struct instant now, GError **err);
/* Tried. error NULL: it has not changed since. What was read before stays. */
bool cache_feed_tried(struct cache *c, const char *source, const char *error, struct instant now, GError **err);
/* text NULL takes the desk's word back. */
bool cache_feed_fix(struct cache *c, int64_t row_no, enum feed_fix fix, const char *text, const char *by,
		    struct instant now, GError **err);

struct feed_lock {
	int64_t lock_no;
	const char *device_id, *name, *place, *room;
};
struct cache_list *cache_feed_locks(struct cache *c, GError **err); /* struct feed_lock: every lock, by name */
/* Every PIN in the property, the outbox's too: a set of text. */
GHashTable *cache_all_pins(struct cache *c, GError **err);

#endif
